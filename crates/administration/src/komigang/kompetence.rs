//! What somebody must be able to do who is appointed to a role, and what to ask before.

use crate::bruger::Modulrolle;

/// What a role asks of the person who gets it.
#[derive(Debug, PartialEq, Eq)]
pub struct Kompetence {
    /// What the person does.
    pub opgave: &'static str,
    /// Who it usually is.
    pub hvem: &'static str,
    /// What the person must know or be able to do.
    pub kan: &'static [&'static str],
    /// What to ask before the role is given.
    pub spoergsmaal: &'static [&'static str],
}

/// What a role asks; nothing for those that nobody needs to begin with.
#[must_use]
pub const fn kompetence(rolle: Modulrolle) -> Option<&'static Kompetence> {
    Some(match rolle {
        Modulrolle::Administrator => &ADMINISTRATOR,
        Modulrolle::Brugeradministrator => &BRUGERADMINISTRATOR,
        Modulrolle::Jobfunktionsrolleadministrator => &JOBFUNKTIONSROLLEADMINISTRATOR,
        Modulrolle::Godkender => &GODKENDER,
        Modulrolle::KlassifikationAdministrator => &KLASSIFIKATION,
        Modulrolle::OrganisationAdministrator => &ORGANISATION,
        Modulrolle::Redaktoer => &REDAKTOER,
        Modulrolle::LeverandoerOrganisation => &LEVERANDOER_ORGANISATION,
        Modulrolle::Leverandoeradministrator => &LEVERANDOER,
        _ => return None,
    })
}

static ADMINISTRATOR: Kompetence = Kompetence {
    opgave: "Har det samlede ansvar for kommunens opsætning: opretter brugere, tildeler modulets roller og holder planen for de første uger.",
    hvem: "Projektlederen for støttesystemerne eller it-chefen",
    kan: &[
        "Kender forvaltningerne godt nok til at pege på, hvem der skal have hvilken rolle",
        "Kan træffe beslutninger om adgang, eller ved, hvem der kan",
        "Ved, hvorfor den, der godkender, ikke bør være den, der tildeler roller",
    ],
    spoergsmaal: &[
        "Hvem overtager, når du har ferie?",
        "Hvordan opdager du, at en medarbejder med roller er holdt op?",
        "Hvem skal spørges, før nogen bliver Godkender?",
        "Hvad gør du, hvis du får besked om en ny Administrator, du ikke kender?",
    ],
};

static BRUGERADMINISTRATOR: Kompetence = Kompetence {
    opgave: "Opretter og spærrer brugere og tildeler roller til daglig.",
    hvem: "En medarbejder i it-afdelingen eller sikkerhedskontoret",
    kan: &[
        "Får besked, når medarbejdere begynder, flytter eller holder op",
        "Kan forklare, hvad modulets roller giver ret til",
        "Giver en slutdato, når en rolle kun skal bruges en tid",
    ],
    spoergsmaal: &[
        "Hvem beder dig om en rolle til en medarbejder, og hvor står det skrevet?",
        "Hvilke roller må ikke kombineres hos samme person?",
        "Hvad gør du først, når en konto er misbrugt?",
        "Hvorfor kan du ikke ændre dine egne roller?",
    ],
};

static JOBFUNKTIONSROLLEADMINISTRATOR: Kompetence = Kompetence {
    opgave: "Sammensætter jobfunktionsroller, registrerer kommunens Identity Provider og aftaler rollernes indhold med fagsystemernes leverandører.",
    hvem: "Den, der hidtil har styret adgange til fagsystemer, og som kender reglerne om persondata",
    kan: &[
        "Kender arbejdsgangene i de fagsystemer, rollerne gælder for",
        "Kan afgrænse en rolle til KLE-emner og enheder, så den ikke giver mere end jobbet kræver",
        "Kender databeskyttelsesforordningen og databeskyttelsesloven",
    ],
    spoergsmaal: &[
        "Hvilke KLE-emner behandler en kontanthjælpssagsbehandler hos jer?",
        "Hvornår er en rolle for bred?",
        "Hvad sker der for medarbejderne, når en rolle udfases?",
        "Hvem spørger du, før en rolle giver adgang til følsomme oplysninger?",
    ],
};

static GODKENDER: Kompetence = Kompetence {
    opgave: "Godkender, returnerer eller afviser leverandørernes anmodninger om serviceaftaler og genbekræfter dem hvert år.",
    hvem: "It-sikkerhedschefen sammen med den, der styrer kontrakterne",
    kan: &[
        "Kan vurdere, om formål og hjemmel bærer de oplysninger, der bedes om",
        "Ved, hvilke databehandleraftaler kommunen har",
        "Kan sige nej, og kan spærre med det samme, når noget er galt",
    ],
    spoergsmaal: &[
        "En leverandør beder om CPR-numre til et system, der viser åbningstider. Hvad svarer du?",
        "Hvor finder du databehandleraftalen, før du godkender?",
        "Hvornår beder du databeskyttelsesrådgiveren om at kommentere?",
        "Hvad må du ikke godkende alene?",
    ],
};

static KLASSIFIKATION: Kompetence = Kompetence {
    opgave: "Står for brugen af KLE og følger med i, hvad en ny udgave betyder for roller og aftaler.",
    hvem: "Den, der har ansvaret for kommunens ESDH, sammen med en økonomikonsulent",
    kan: &[
        "Kender opbygningen af KLE: hovedgruppe, gruppe, emne og handlingsfacet",
        "Læser, hvad KL skriver om en ny udgave",
        "Ved, hvem der bruger et emne, når det skal erstattes",
    ],
    spoergsmaal: &[
        "Hvad gør du, når et emne, I bruger, udgår om et halvt år?",
        "Hvad betyder 32.*, når en rolle er afgrænset til det?",
        "Hvem hos jer skal høres, før et emne erstattes?",
    ],
};

static ORGANISATION: Kompetence = Kompetence {
    opgave: "Indlæser og publicerer kommunens organisation og står for importer og nøgletal.",
    hvem: "En superbruger fra HR sammen med den, der vedligeholder lønorganisationen",
    kan: &[
        "Arbejder struktureret og nøje",
        "Ved, hvilke kilder der er rigtige for hvilke oplysninger",
        "Kan se konsekvensen af at lukke eller flytte en enhed, før det sker",
    ],
    spoergsmaal: &[
        "Hvilket system bestemmer hos jer, hvem der er leder for en enhed?",
        "Hvad gør du, hvis en import vil lukke hver tiende enhed?",
        "Hvem skal vide besked, før organisationen ændres?",
    ],
};

static REDAKTOER: Kompetence = Kompetence {
    opgave: "Har ansvaret for, at organisationens oplysninger er nødvendige og korrekte, og retter dem.",
    hvem: "En eller flere medarbejdere, der har erfaring med at beskrive organisationer",
    kan: &[
        "Kender sin del af organisationen og dens opgaver",
        "Kan skelne mellem enhed, funktion og stilling",
        "Opdager og retter fejl, før andre systemer læser dem",
    ],
    spoergsmaal: &[
        "Hvor retter du et forkert telefonnummer, så det ikke kommer tilbage?",
        "Hvilke KLE-emner har din enhed ansvaret for?",
        "Hvem siger til, når en leder fratræder?",
    ],
};

static LEVERANDOER_ORGANISATION: Kompetence = Kompetence {
    opgave: "Opretter leverandørens egne brugere og vedligeholder kontaktoplysninger og certifikat.",
    hvem: "Den hos leverandøren, der svarer for, hvem der må handle på firmaets vegne",
    kan: &[
        "Ved, hvem i firmaet der arbejder med hvilke it-systemer",
        "Sørger for en fælles postkasse, som flere læser",
        "Spærrer brugere, når medarbejdere holder op",
    ],
    spoergsmaal: &[
        "Hvem læser den fælles postkasse, når du har ferie?",
        "Hvem må anmode om adgang til kommuners data på firmaets vegne?",
        "Hvad gør du, hvis en medarbejders konto er misbrugt?",
    ],
};

static LEVERANDOER: Kompetence = Kompetence {
    opgave: "Registrerer it-systemer og certifikater, anmoder om serviceaftaler og følger forbruget.",
    hvem: "Den, der har ansvaret for et it-systems integrationer",
    kan: &[
        "Ved, hvilke oplysninger systemet har brug for, og til hvad",
        "Kan skrive formål og hjemmel, så en kommune forstår dem",
        "Skifter certifikater, før de udløber",
    ],
    spoergsmaal: &[
        "Hvad er det mindste, systemet kan nøjes med at få adgang til?",
        "Hvor lang tid før udløb skifter I certifikat?",
        "Hvordan finder du ud af, hvorfor et kald blev afvist?",
    ],
};
