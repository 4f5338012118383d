//! The codes of refusals before authorization, each with its rule and what to do. Those after it stand in `adgang`.

use adgang::Regel;

const fn regel(kode: &'static str, regel: &'static str, goer: &'static str) -> Regel {
    Regel { kode, regel, goer }
}

/// The rules of the STS: every code a refusal of its can begin with.
pub const STS: [Regel; 13] = [
    regel(
        "STS-01",
        "Anmodningen skal være underskrevet og adresseret, som profilen kræver.",
        "Leverandøren retter klienten; teksten siger præcis, hvad der er forkert.",
    ),
    regel(
        "STS-02",
        "En anmodning kan kun bruges én gang.",
        "Lav en ny anmodning med nyt MessageID og nyt tidsstempel.",
    ),
    regel(
        "STS-03",
        "Certifikatet skal være gyldigt, udstedt af en betroet udsteder efter en tilladt politik og ikke spærret.",
        "Leverandøren skaffer og registrerer et nyt certifikat. Kan ingen oplyse spærring, så prøv igen senere.",
    ),
    regel("STS-04", "En header, der skal forstås, skal være kendt her.", "Leverandøren fjerner headeren."),
    regel(
        "STS-05",
        "Et token udstedes kun til kalderens egne certifikater.",
        "Brug det certifikat i UseKey, som anmodningen er underskrevet med.",
    ),
    regel("STS-100", "Intern fejl.", "Driftsoperatøren ser i serverens log."),
    regel("STS-103", "Anmodningen skal følge WS-Trust-profilen.", "Leverandøren retter klienten."),
    regel(
        "STS-106",
        "Intet udstedes, uden at det står i adgangsloggen.",
        "Driftsoperatøren ser, hvorfor databasen ikke kan skrives.",
    ),
    regel(
        "STS-110",
        "Kun Issue af SAML 2.0-tokens til en offentlig nøgle understøttes.",
        "Leverandøren retter klienten.",
    ),
    regel(
        "STS-5002",
        "AppliesTo skal være en registreret services identifikator.",
        "Ret AppliesTo, eller bed driftsoperatøren registrere servicen.",
    ),
    regel(
        "STS-5015",
        "It-systemet skal have en gældende serviceaftale med den myndighed, anmodningen nævner.",
        "Leverandøren anmoder myndigheden om en serviceaftale; myndighedens Godkender godkender den.",
    ),
    regel(
        "STS-5050",
        "At handle på vegne af et andet it-system skal være udtrykkeligt tilladt.",
        "Driftsoperatøren retter it-systemets impersonering.",
    ),
    regel(
        "STS-5607",
        "Certifikatet skal være registreret og aktivt på et it-system.",
        "Leverandøren registrerer certifikatet.",
    ),
];

/// The rules of the services for messages and tokens: every code a refusal before authorization can begin with.
pub const WSP: [Regel; 21] = [
    regel(
        "WSP-01",
        "Et kald skal være en SOAP-konvolut med én operation, som tjenesten har, og den rette Content-Type.",
        "Leverandøren retter klienten efter tjenestens WSDL (?wsdl); teksten siger, hvad der er forkert.",
    ),
    regel(
        "WSP-02",
        "Et kald skal have et token; klientcertifikat alene er kun nok, hvor installationen siger det.",
        "Leverandøren henter et token fra STS; eller driftsoperatøren føjer tjenesten til kun_certifikat.",
    ),
    regel(
        "WSP-03",
        "Installationen skal have nøgler, før den kan genkende tokens.",
        "Driftsoperatøren laver dem med fundament keys create.",
    ),
    regel(
        "WSP-04",
        "Et JWT gælder kun over en forbindelse med det klientcertifikat, det er bundet til.",
        "Leverandøren sætter klienten op til at vise sit klientcertifikat i TLS.",
    ),
    regel(
        "WSP-05",
        "Et JWT skal være udstedt af denne installations STS, være gyldigt nu, gælde tjenesten og være bundet til \
         forbindelsens certifikat.",
        "Hent et nyt JWT hos denne installations STS til tjenesten, med samme klientcertifikat som kaldet; teksten \
         siger, hvad der er galt.",
    ),
    regel(
        "WSP-06",
        "Forbindelsens klientcertifikat skal være registreret og i brug på et it-system.",
        "Leverandøren registrerer certifikatet, eller skifter til et, der er i brug.",
    ),
    regel(
        "WSP-07",
        "Det it-system, et JWT handler på vegne af, skal være registreret.",
        "Leverandøren af det repræsenterede it-system registrerer det; hent så et nyt token.",
    ),
    regel(
        "WSP-08",
        "En header, der skal forstås (mustUnderstand), skal være kendt her.",
        "Leverandøren fjerner headeren eller dens mustUnderstand.",
    ),
    regel(
        "WSP-10",
        "Beskeden skal være underskrevet, adresseret og tidsstemplet, som profilen kræver.",
        "Leverandøren retter klienten; teksten siger præcis, hvad der er forkert.",
    ),
    regel(
        "WSP-11",
        "wsa:To skal være den tjeneste, der kaldes.",
        "Leverandøren retter wsa:To til tjenestens adresse; en proxy må ikke ændre stien.",
    ),
    regel(
        "WSP-12",
        "Tokenet skal være udstedt af denne installations STS, være gyldigt nu og gælde tjenesten.",
        "Hent et nyt token til tjenesten; teksten siger, hvad der er galt.",
    ),
    regel(
        "WSP-13",
        "Tokenet skal have det sikringsniveau, der kræves.",
        "Hent tokenet hos denne installations STS, som udsteder på det rette niveau.",
    ),
    regel(
        "WSP-14",
        "Tokenets nøgle skal være RSA eller ECDSA af en tilladt størrelse.",
        "Leverandøren skaffer og registrerer et certifikat med en sådan nøgle.",
    ),
    regel(
        "WSP-15",
        "Beskedens signatur skal dække tokenet, ikke kun nævne det.",
        "Leverandøren lader klienten underskrive tokenet (STR-Transform); ellers kan driftsoperatøren sætte \
         token_uden_str.",
    ),
    regel(
        "WSP-16",
        "Vises et klientcertifikat på forbindelsen, skal det være tokenets.",
        "Leverandøren bruger samme certifikat i TLS og til tokenet, eller intet i TLS.",
    ),
    regel(
        "WSP-17",
        "Tokenets certifikat skal stadig være registreret og i brug på et it-system.",
        "Leverandøren registrerer certifikatet, eller henter et token med et, der er i brug.",
    ),
    regel(
        "WSP-18",
        "Det it-system, et token handler på vegne af, skal være registreret.",
        "Leverandøren af det repræsenterede it-system registrerer det; hent så et nyt token.",
    ),
    regel(
        "WSP-19",
        "Certifikatet skal være gyldigt, udstedt af en betroet udsteder efter en tilladt politik og ikke spærret.",
        "Leverandøren skaffer og registrerer et nyt certifikat. Kan ingen oplyse spærring, så prøv igen senere.",
    ),
    regel(
        "WSP-20",
        "En besked kan kun bruges én gang.",
        "Send en ny besked med nyt MessageID, nyt tidsstempel og ny signatur; gentag ikke den gamle.",
    ),
    regel(
        "WSP-21",
        "Nævner kaldet en anvenderkontekst, skal den være tokenets.",
        "Udelad X-Anvenderkontekst og MunicipalityCVR, eller hent et token for den myndighed.",
    ),
    regel("WSP-50", "Intern fejl.", "Driftsoperatøren ser i serverens log."),
];

/// The rules of the distributor: every code a refusal of its can begin with.
pub const BFO: [Regel; 18] = [
    regel(
        "BFO-11",
        "En forbindelse og hver besked skal have et token: SAML-assertionen som XML.",
        "Leverandøren sender STS' assertion uændret, som SASL-svar og i headeren token.",
    ),
    regel(
        "BFO-12",
        "Tokenet skal være udstedt af denne installations STS til beskedfordeleren, og være gyldigt nu.",
        "Hent et nyt token til bfo_afsend/2 eller bfo_modtag/2; teksten siger, hvad der er galt.",
    ),
    regel(
        "BFO-13",
        "Tokenets sikringsniveau skal være højt nok.",
        "Hent et nyt token hos denne installations STS.",
    ),
    regel(
        "BFO-14",
        "Et token til beskedfordeleren bruges mange gange, så det må ikke være til engangsbrug.",
        "Hent et almindeligt token.",
    ),
    regel(
        "BFO-16",
        "Viser forbindelsen et klientcertifikat, skal det være tokenets.",
        "Leverandøren bruger samme certifikat til TLS som til at hente tokenet.",
    ),
    regel(
        "BFO-17",
        "Tokenets certifikat skal være registreret og i brug på et it-system.",
        "Leverandøren registrerer certifikatet, eller skifter til et, der er i brug.",
    ),
    regel(
        "BFO-18",
        "Det it-system, et token handler på vegne af, skal være registreret.",
        "Leverandøren af det repræsenterede it-system registrerer det; hent så et nyt token.",
    ),
    regel(
        "BFO-19",
        "Tokenets certifikat skal være udstedt af en betroet udsteder og ikke spærret.",
        "Leverandøren skaffer og registrerer et nyt certifikat. Kan ingen oplyse spærring, så prøv igen senere.",
    ),
    regel(
        "BFO-21",
        "En besked må ikke være større end besked_max_bytes.",
        "Send en henvisning til data i stedet for data, eller bed driftsoperatøren hæve grænsen.",
    ),
    regel(
        "BFO-23",
        "En besked skal overholde Beskedkuvert.xsd, have gyldige UUID'er og URN'er og version 1.0.",
        "Leverandøren retter beskeden; teksten nævner stedet.",
    ),
    regel(
        "BFO-26",
        "Beskedtypen skal være en klasse i brug i Klassifikation.",
        "Brug en kendt beskedtype, eller bed driftsoperatøren oprette den.",
    ),
    regel(
        "BFO-27",
        "BeskedAnsvarligAktoer skal være UUID'et på det it-system, tokenet er udstedt til.",
        "Leverandøren retter beskeden, eller henter tokenet med det rette certifikat.",
    ),
    regel(
        "BFO-28",
        "ObjektAnsvarligMyndighed skal være den myndighed, tokenet er udstedt for.",
        "Hent et token for den myndighed, eller ret beskeden.",
    ),
    regel(
        "BFO-29",
        "En gældende serviceaftale om BeskedAfsend skal dække beskedtype, følsomhed og KLE.",
        "Leverandøren anmoder myndigheden om at udvide serviceaftalen; myndighedens Godkender godkender den.",
    ),
    regel(
        "BFO-30",
        "Efter en serviceaftale i version 1 må ingen TilladtModtager ligge uden for Tilladte myndigheder.",
        "Ret beskedens modtagere, eller bed myndigheden om en aftale i version 2, som beskærer dem.",
    ),
    regel(
        "BFO-31",
        "Et BeskedId bruges én gang; samme besked må gerne sendes igen, en anden må ikke.",
        "Giv den nye besked et nyt BeskedId.",
    ),
    regel(
        "BFO-50",
        "Installationen skal have nøgler, før den kan genkende tokens.",
        "Driftsoperatøren laver dem med fundament keys create.",
    ),
    regel("BFO-32", "Intern fejl.", "Send beskeden igen; driftsoperatøren ser i serverens log."),
];
