//! Every event that is told of: who is told, when, and in which words.

use administration::Modulrolle;
use store::Advisrytme;

/// Events that are chosen about together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Gruppe {
    Aftaler,
    Systemer,
    Opgaver,
    Brugere,
    Jobfunktionsroller,
    Foederation,
    Overblik,
}

impl Gruppe {
    /// Every group.
    pub const ALLE: [Self; 7] = [
        Self::Aftaler,
        Self::Systemer,
        Self::Opgaver,
        Self::Brugere,
        Self::Jobfunktionsroller,
        Self::Foederation,
        Self::Overblik,
    ];

    /// Those of which something is told to a party's roles, and so to its webhooks: not to one person alone.
    pub fn partens() -> impl Iterator<Item = Self> {
        Self::ALLE.into_iter().filter(|g| *g != Self::Overblik)
    }

    /// What it is stored as.
    #[must_use]
    pub const fn kode(self) -> &'static str {
        match self {
            Self::Aftaler => "aftaler",
            Self::Systemer => "systemer",
            Self::Opgaver => "opgaver",
            Self::Brugere => "brugere",
            Self::Jobfunktionsroller => "jobfunktionsroller",
            Self::Foederation => "foederation",
            Self::Overblik => "overblik",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Aftaler => "Serviceaftaler",
            Self::Systemer => "It-systemer og certifikater",
            Self::Opgaver => "Nye opgaver",
            Self::Brugere => "Brugere og roller",
            Self::Jobfunktionsroller => "Jobfunktionsroller og delegeringer",
            Self::Foederation => "Føderation",
            Self::Overblik => "Mandagsoverblik over det, der venter",
        }
    }

    /// The group stored as this.
    #[must_use]
    pub fn med_kode(kode: &str) -> Option<Self> {
        Self::ALLE.into_iter().find(|g| g.kode() == kode)
    }
}

/// An event and how it is told of.
#[derive(Debug)]
pub struct Regel {
    /// The event.
    pub haendelse: Haendelse,
    /// What it is stored as.
    pub kode: &'static str,
    /// What it is chosen about with.
    pub gruppe: Gruppe,
    /// The roles that are told, of the party it is told to; none when it is told to a person.
    pub roller: &'static [Modulrolle],
    /// Whether the party's mailbox is told.
    pub postkasse: bool,
    /// When mail is sent to who has chosen nothing.
    pub rytme: Advisrytme,
    /// The subject. Words in braces are filled in.
    pub emne: &'static str,
    /// The text. Words in braces are filled in.
    pub tekst: &'static str,
}

macro_rules! tabel {
    ($($haendelse:ident $kode:literal $gruppe:ident [$($rolle:ident),*] $postkasse:ident $rytme:ident $emne:literal $tekst:literal;)*) => {
        /// What can happen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the table says what each is")]
        pub enum Haendelse { $($haendelse),* }

        /// Every event.
        pub static TABEL: &[Regel] = &[$(Regel {
            haendelse: Haendelse::$haendelse,
            kode: $kode,
            gruppe: Gruppe::$gruppe,
            roller: &[$(Modulrolle::$rolle),*],
            postkasse: tabel!(@ $postkasse),
            rytme: Advisrytme::$rytme,
            emne: $emne,
            tekst: $tekst,
        }),*];
    };
    (@ postkasse) => { true };
    (@ ingen) => { false };
}

// Event, what it is stored as, group, roles of the party, mailbox or not, when, subject, text.
tabel! {
    AftaleAnmodet "aftale-anmodet" Aftaler [Godkender] postkasse Straks
        "{hvem} anmoder om serviceaftalen {objekt}"
        "{hvem} anmoder {part} om serviceaftalen {objekt} for it-systemet {system}. En Godkender skal svare: godkende, returnere med spørgsmål eller afvise.";
    AftalePaamindelse "aftale-paamindelse" Aftaler [Godkender] postkasse Straks
        "Serviceaftalen {objekt} har ventet på svar i {dage}"
        "{hvem} har anmodet {part} om serviceaftalen {objekt} for it-systemet {system}. Anmodningen bortfalder {dato}, hvis ingen svarer.";
    AftaleReturneret "aftale-returneret" Aftaler [Leverandoeradministrator] postkasse Straks
        "{hvem} har spørgsmål til serviceaftalen {objekt}"
        "{hvem} har returneret anmodningen om serviceaftalen {objekt}: {aarsag}";
    AftaleGodkendt "aftale-godkendt" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig] postkasse Straks
        "Serviceaftalen {objekt} er godkendt"
        "{hvem} har godkendt serviceaftalen {objekt} for it-systemet {system}. Den gælder fra {dato}. På aftalens side står, hvad kald skal indeholde.";
    AftaleStandardgodkendt "aftale-standardgodkendt" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig] postkasse Straks
        "Version {version} af serviceaftalen {objekt} er godkendt efter standardgodkendelse"
        "{hvem} har anmodet {myndighed} om version {version} af serviceaftalen {objekt}, der ikke giver mere end før. Den er godkendt efter standardgodkendelsen givet af {giver} og gælder fra {dato}. En Godkender hos {myndighed} kan trække standardgodkendelsen tilbage på aftalens side.";
    AftaleKommenteret "aftale-kommenteret" Aftaler [Godkender] ingen Straks
        "{hvem} har kommenteret anmodningen om serviceaftalen {objekt}"
        "{hvem} ({rolle}) har kommenteret anmodningen om serviceaftalen {objekt}. Kommentaren står på anmodningens side.";
    AftaleAfvist "aftale-afvist" Aftaler [Leverandoeradministrator] postkasse Straks
        "{hvem} har afvist serviceaftalen {objekt}"
        "{hvem} har afvist serviceaftalen {objekt}: {aarsag}";
    AftaleTrukketTilbage "aftale-trukket-tilbage" Aftaler [Godkender] postkasse Straks
        "Anmodningen om serviceaftalen {objekt} er trukket tilbage"
        "{hvem} har trukket anmodningen om serviceaftalen {objekt} tilbage. {part} skal ikke svare.";
    AftaleBortfaldet "aftale-bortfaldet" Aftaler [Leverandoeradministrator, Godkender] postkasse Straks
        "Anmodningen om serviceaftalen {objekt} er bortfaldet"
        "Anmodningen til {myndighed} om serviceaftalen {objekt} er bortfaldet, fordi ingen har svaret i 90 dage. Leverandøren kan anmode igen.";
    AftaleSpaerret "aftale-spaerret" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig] postkasse Straks
        "Serviceaftalen {objekt} er spærret"
        "{hvem} har spærret serviceaftalen {objekt} for {myndighed}: {aarsag} Kald fra it-systemet {system} afvises fra nu.";
    AftaleOphaevet "aftale-ophaevet" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig] postkasse Straks
        "Spærringen af serviceaftalen {objekt} er ophævet"
        "{hvem} har ophævet spærringen af serviceaftalen {objekt} for {myndighed}. Kald fra it-systemet {system} afgøres igen efter aftalen.";
    AftaleOpsagt "aftale-opsagt" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig] postkasse Straks
        "Serviceaftalen {objekt} er opsagt"
        "{hvem} har opsagt serviceaftalen {objekt} for {myndighed}. Sidste dag er {dato}. Årsag: {aarsag}";
    AftaleOphoert "aftale-ophoert" Aftaler [Leverandoeradministrator, Godkender, Systemansvarlig] postkasse Straks
        "Serviceaftalen {objekt} er ophørt"
        "Opsigelsen af serviceaftalen {objekt} for {myndighed} er trådt i kraft. Kald fra it-systemet {system} afvises.";
    AftaleGenbekraeft "aftale-genbekraeft" Aftaler [Godkender, Systemansvarlig] postkasse Straks
        "Serviceaftalen {objekt} skal genbekræftes senest {dato}"
        "{part} skal genbekræfte serviceaftalen {objekt} for it-systemet {system} inden {dage}. Bliver den ikke genbekræftet, udløber den 30 dage efter {dato}.";
    AftaleUdloeber "aftale-udloeber" Aftaler [Leverandoeradministrator, Godkender, Systemansvarlig] postkasse Straks
        "Serviceaftalen {objekt} gælder til og med {dato}"
        "Serviceaftalen {objekt} mellem {myndighed} og it-systemet {system} udløber om {dage}. Sidste dag er {dato}. Skal den fortsætte, må leverandøren anmode om en ændring.";
    AftaleUdloebet "aftale-udloebet" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig] postkasse Straks
        "Serviceaftalen {objekt} er udløbet"
        "Serviceaftalen {objekt} mellem {myndighed} og it-systemet {system} er udløbet. Kald fra it-systemet afvises.";
    ProeveBegyndt "proeve-begyndt" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender] postkasse Dagligt
        "It-systemet {system} prøves på testdata hos {myndighed}"
        "{hvem} prøver it-systemet {system} på opdigtede data hos {myndighed} (prøvetilslutningen {objekt}). Sidste dag er {dato}; derefter afvises kald.";
    ProeveSlutter "proeve-slutter" Aftaler [Leverandoeradministrator, TekniskKontakt] postkasse Straks
        "Prøven {objekt} for it-systemet {system} gælder til og med {dato}"
        "Prøvetilslutningen {objekt} for it-systemet {system} slutter om {dage}. Sidste dag er {dato}; derefter afvises kald. Den kan ikke forlænges: skal systemet bruges, så anmod en myndighed om en serviceaftale.";
    ProeveSluttet "proeve-sluttet" Aftaler [Leverandoeradministrator, TekniskKontakt] postkasse Straks
        "Prøven {objekt} for it-systemet {system} er slut"
        "Prøvetilslutningen {objekt} for it-systemet {system} på testdata hos {myndighed} er slut. Kald efter den afvises. Skal systemet bruges, så anmod en myndighed om en serviceaftale.";

    SystemSpaerret "system-spaerret" Systemer [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig, Jobfunktionsrolleadministrator] postkasse Straks
        "It-systemet {objekt} er spærret"
        "{hvem} har spærret it-systemet {objekt}: {aarsag} Alle dets kald afvises fra nu.";
    SystemOphaevet "system-ophaevet" Systemer [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig, Jobfunktionsrolleadministrator] postkasse Straks
        "Spærringen af it-systemet {objekt} er ophævet"
        "{hvem} har ophævet spærringen af it-systemet {objekt}. Dets kald afgøres igen efter aftalerne.";
    SystemLukkes "system-lukkes" Systemer [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig, Jobfunktionsrolleadministrator] postkasse Straks
        "It-systemet {objekt} lukkes {dato}"
        "{hvem} har varslet, at it-systemet {objekt} lukkes {dato}. Aftalerne med det hviler derefter.";
    AftaleFoersteKald "aftale-foerste-kald" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig] ingen Dagligt
        "Første kald efter serviceaftalen {objekt} er modtaget"
        "It-systemet {system} har kaldt for {myndighed} efter serviceaftalen {objekt} for første gang. Forbruget står på aftalens side.";
    AftaleUdenKald "aftale-uden-kald" Aftaler [Leverandoeradministrator, TekniskKontakt, Godkender, Systemansvarlig] ingen Straks
        "Serviceaftalen {objekt} er ikke brugt i 30 dage"
        "It-systemet {system} har ikke kaldt for {myndighed} efter serviceaftalen {objekt} i de 30 dage, den har været i kraft. Er der brug for hjælp til at komme i gang, eller skal aftalen opsiges?";
    AftaleUbrugt "aftale-ubrugt" Aftaler [Leverandoeradministrator, Godkender, Systemansvarlig] ingen Straks
        "Serviceaftalen {objekt} er ikke brugt i 90 dage"
        "It-systemet {system} har ikke kaldt for {myndighed} efter serviceaftalen {objekt} i de seneste 90 dage. Er der ikke længere brug for den, kan den opsiges på aftalens side.";
    AftaleGiverMere "aftale-giver-mere" Aftaler [Godkender, Systemansvarlig] ingen Straks
        "Serviceaftalen {objekt} giver mere, end der bruges"
        "It-systemet {system} har i de seneste 90 dage kaldt for {myndighed} efter serviceaftalen {objekt}, men uden at bruge: {hvad}. Er der ikke brug for det, så bed leverandøren anmode om en ændring, der giver mindre.";
    CertifikatUdloeber "certifikat-udloeber" Systemer [TekniskKontakt, Leverandoeradministrator, Godkender, Systemansvarlig, Driftsoperatoer, Jobfunktionsrolleadministrator, Administrator] postkasse Straks
        "Certifikatet for {objekt} udløber {dato}"
        "Certifikatet {emne} for {objekt} udløber om {dage}. Derefter afvises kald med det. Et nyt skal være registreret, før det gamle udløber.";
    CertifikatUdloebet "certifikat-udloebet" Systemer [TekniskKontakt, Leverandoeradministrator, Godkender, Systemansvarlig, Driftsoperatoer, Jobfunktionsrolleadministrator, Administrator] postkasse Straks
        "Certifikatet for {objekt} er udløbet"
        "Certifikatet {emne} for {objekt} udløb {dato}. Kald med det afvises.";

    CallbackCertifikat "callback-certifikat" Systemer [TekniskKontakt, Leverandoeradministrator, Godkender, Systemansvarlig, Driftsoperatoer] postkasse Straks
        "Certifikatet hos modtageren af beskeder til {objekt} udløber {dato}"
        "Modtageren, som beskeder fra dueslaget {dueslag} leveres til for it-systemet {objekt}, viser et certifikat, der udløber om {dage}. Derefter kan beskeder ikke leveres. Der skal et nyt på modtageren inden da.";
    EgetCertifikat "eget-certifikat" Systemer [Driftsoperatoer] postkasse Straks
        "Installationens eget certifikat til {objekt} udløber {dato}"
        "Installationens eget certifikat til {objekt} udløber om {dage}. Derefter kan ingen stole på det. {raad}";

    ServiceUdfases "service-udfases" Aftaler [Leverandoeradministrator, Godkender] postkasse Straks
        "Servicen {objekt} udfases {dato}"
        "Servicen {objekt} udfases {dato}, om {maaneder}, og kan derefter ikke bruges. {part} har {antal}, der bruger den. Leverandøren skal skifte til en anden service og anmode om en ny aftale inden da.";
    CallbackFejler "callback-fejler" Systemer [TekniskKontakt, Leverandoeradministrator] postkasse Straks
        "{objekt} har ikke kunnet modtage beskeder i {tid}"
        "Beskeder i dueslaget {dueslag} kan ikke leveres til it-systemet {objekt}: {aarsag}. De venter og leveres i rækkefølge, når modtageren svarer; efter tre døgn stopper leveringen.";
    CallbackPause "callback-pause" Systemer [TekniskKontakt, Leverandoeradministrator] postkasse Straks
        "Leveringen af beskeder til {objekt} er stoppet"
        "It-systemet {objekt} har ikke kunnet modtage fra dueslaget {dueslag} i {tid}: {aarsag}. Den første besked ligger i fejlkøen, og der sendes ikke mere. Få modtageren til at svare, og bed driften genoptage leveringen.";
    DueslagVenter "dueslag-venter" Systemer [TekniskKontakt, Leverandoeradministrator] postkasse Straks
        "{objekt} har ikke hentet beskeder i {tid}"
        "I dueslaget {dueslag} har en besked ventet i {tid} på, at it-systemet {objekt} henter den. Efter dueslagets opbevaringstid lægges den i fejlkøen.";
    WebhookAfbrudt "webhook-afbrudt" Systemer [Administrator, Leverandoeradministrator, LeverandoerOrganisation, Driftsoperatoer] postkasse Straks
        "Webhooken {objekt} er afbrudt"
        "Adviser kan ikke leveres til webhooken {objekt}, og efter forsøg i tre døgn sendes der ikke mere: {aarsag}. Få modtageren til at svare, og vælg Prøv igen på webhookens side. Imens kan adviserne læses her.";

    OpgaveNy "opgave-ny" Opgaver [] ingen Straks
        "Ny opgave: {objekt}"
        "Der er en ny opgave til rollen {rolle} hos {part}: {objekt}. Overtag den, så kolleger kan se, at du er i gang.";
    OpgaveTilPerson "opgave-til-person" Opgaver [] ingen Straks
        "Du har fået en opgave: {objekt}"
        "{part} har valgt dig til {objekt}. Det skal være gjort senest {dato}. Opgaven slutter af sig selv, når trinnet er nået.";

    AdministratorTildelt "administrator-tildelt" Brugere [Administrator, Logansvarlig, Dpo, LeverandoerOrganisation] ingen Straks
        "Rollen {rolle} er tildelt {objekt}"
        "{hvem} har tildelt {objekt} rollen {rolle} hos {part}, {periode}. Kender du ikke til det, så spær brugeren, og se i loggen.";
    AdministratorFjernet "administrator-fjernet" Brugere [Administrator, Logansvarlig, Dpo, LeverandoerOrganisation] ingen Straks
        "Rollen {rolle} er fjernet fra {objekt}"
        "{hvem} har afsluttet rollen {rolle} for {objekt} hos {part}. Sidste dag er {dato}. Kender du ikke til det, så se i loggen.";
    RolleTildelt "rolle-tildelt" Brugere [] ingen Straks
        "Du har fået rollen {rolle} hos {part}"
        "{hvem} har tildelt dig rollen {rolle} hos {part}, {periode}.";
    RolleFjernet "rolle-fjernet" Brugere [] ingen Straks
        "Du har ikke længere rollen {rolle} hos {part}"
        "{hvem} har afsluttet din rolle {rolle} hos {part}. Sidste dag er {dato}.";
    BrugerInviteret "bruger-inviteret" Brugere [] ingen Straks
        "Du er inviteret til Administrationsmodulet for {part}"
        "{hvem} har oprettet dig som bruger af Administrationsmodulet for {part}. Linket, der åbner din konto, står ikke i denne mail: du får det af den, der har oprettet dig. Kender du ikke til det, så se bort fra mailen.";

    JobfunktionsrolleAktiveret "jobfunktionsrolle-aktiveret" Jobfunktionsroller [Jobfunktionsrolleadministrator, Systemansvarlig] ingen Dagligt
        "Jobfunktionsrollen {objekt} er aktiveret"
        "{hvem} har aktiveret jobfunktionsrollen {objekt} hos {part} fra {dato}.";
    JobfunktionsrolleAfsluttet "jobfunktionsrolle-afsluttet" Jobfunktionsroller [Jobfunktionsrolleadministrator, Systemansvarlig] ingen Dagligt
        "Jobfunktionsrollen {objekt} er afsluttet"
        "{hvem} har afsluttet jobfunktionsrollen {objekt} hos {part}. Den gælder til og med {dato}.";
    BrugersystemrolleUdfases "brugersystemrolle-udfases" Jobfunktionsroller [Jobfunktionsrolleadministrator] ingen Straks
        "Brugersystemrollen {rolle} i {objekt} udfases {dato}"
        "{hvem} udfaser brugersystemrollen {rolle} i it-systemet {objekt} {dato}. {part} bruger den i {antal}. Ret dem inden da: derefter giver de den ikke.";
    BrugersystemrolleAendret "brugersystemrolle-aendret" Jobfunktionsroller [Jobfunktionsrolleadministrator] ingen Straks
        "Brugersystemrollen {rolle} i {objekt} er ændret"
        "{hvem} har ændret brugersystemrollen {rolle} i it-systemet {objekt}. {part} bruger den i {antal}. Se efter, om de stadig giver det, de skal.";
    GraenseAendret "graense-aendret" Jobfunktionsroller [Jobfunktionsrolleadministrator] ingen Straks
        "Dataafgrænsningen {graense} i {objekt} er ændret"
        "{hvem} har ændret dataafgrænsningen {graense} i it-systemet {objekt}: {hvad}. {part} bruger den i {antal}: {roller}. Se efter, om de stadig giver det, de skal.";
    GraenseUdgaaet "graense-udgaaet" Jobfunktionsroller [Jobfunktionsrolleadministrator] ingen Straks
        "Udgået i {objekt}: {hvad}"
        "{hvem} har fjernet {hvad} i it-systemet {objekt}. {part} bruger det i {antal}: {roller}. Ret dem, så de ikke peger på noget, systemet ikke længere tilbyder.";
    JobfunktionsrolleKraeverHandling "jobfunktionsrolle-kraever-handling" Jobfunktionsroller [Jobfunktionsrolleadministrator, Systemansvarlig] ingen Straks
        "Jobfunktionsrollen {objekt} kræver handling"
        "Noget, som jobfunktionsrollen {objekt} hos {part} består af, er udgået. {hvad} Ret rollen; så er den aktiv igen af sig selv.";
    JobfunktionsrolleFoelsom "jobfunktionsrolle-foelsom" Jobfunktionsroller [Jobfunktionsrolleadministrator, Systemansvarlig] ingen Straks
        "Jobfunktionsrollen {objekt} er følsom og uden afgrænsning"
        "I jobfunktionsrollen {objekt} hos {part} kan noget følsomt afgrænses, men er det ikke. {hvad} Er det tilsigtet, skal der ikke gøres noget.";
    Delegering "delegering" Jobfunktionsroller [Jobfunktionsrolleadministrator, Godkender, Leverandoeradministrator] postkasse Straks
        "Delegering af {objekt}: {hvad}"
        "{hvem}: {hvad} (delegering af {objekt}). {aarsag}";
    DelegeringUdloeber "delegering-udloeber" Jobfunktionsroller [Jobfunktionsrolleadministrator, Godkender, Leverandoeradministrator] postkasse Straks
        "Delegeringen af {objekt} gælder til og med {dato}"
        "Delegeringen af {objekt} udløber om {dage}. Derefter kan modtageren ikke bruge rollen. Skal den fortsætte, må afgiveren foreslå en ny.";

    AttesteringStartet "attestering-startet" Jobfunktionsroller [Systemansvarlig] ingen Straks
        "Attestér {antal} senest {dato}: {objekt}"
        "{hvem} har startet attesteringen {objekt} hos {part}. Du skal svare om {antal} i {system}: bekræft hver rolle, eller bed om en ændring. Fristen er {dato}.";
    AttesteringUdenAnsvarlig "attestering-uden-ansvarlig" Jobfunktionsroller [Jobfunktionsrolleadministrator] ingen Straks
        "Attesteringen {objekt} mangler en systemansvarlig"
        "{part} har ingen Systemansvarlig for {system}, så ingen kan svare i attesteringen {objekt}. Bed jeres Administrator om at udpege en.";
    AttesteringPaamindelse "attestering-paamindelse" Jobfunktionsroller [Systemansvarlig] ingen Straks
        "Du mangler at svare om {antal}: {objekt}"
        "I attesteringen {objekt} mangler du at svare om {antal} i {system}. Fristen er {dato}, om {dage}.";
    AttesteringOverskredet "attestering-overskredet" Jobfunktionsroller [Systemansvarlig] ingen Straks
        "Fristen er gået for attesteringen {objekt}"
        "Fristen var {dato}. I attesteringen {objekt} mangler der svar om {antal} i {system}. Rollerne gælder stadig, til nogen ændrer dem.";
    StikproeveMangler "stikproeve-mangler" Opgaver [Logansvarlig, Administrator, Dpo] ingen Straks
        "Halvårets stikprøve af loggen mangler"
        "Ingen har udtrukket en stikprøve af loggen hos {part} i dette halvår, der slutter {dato}, om {dage}. Der skal være mindst én hvert halvår. En Logansvarlig trækker den under Log, Stikprøver.";
    StikproeveFrist "stikproeve-frist" Opgaver [Logansvarlig] ingen Straks
        "Stikprøven {objekt} skal være besvaret senest {dato}"
        "Stikprøven {objekt} er ikke afsluttet, og fristen for svar er {dato}, om {dage}. Notér svarene, og afslut den med en konklusion.";
    Idp "idp" Foederation [Jobfunktionsrolleadministrator, Godkender] postkasse Straks
        "Identity Provideren {objekt}: {hvad}"
        "{hvem}: {hvad} (Identity Provideren {objekt}). {aarsag}";
    IdpCertifikat "idp-certifikat" Foederation [Jobfunktionsrolleadministrator, Godkender, Leverandoeradministrator, TekniskKontakt, Driftsoperatoer] postkasse Straks
        "Signeringscertifikatet for {objekt} udløber {dato}"
        "IdP'ens signeringscertifikat udløber {dato}, om {dage}. Derefter afvises logins fra {objekt}. Registrér metadata med et nyt certifikat, før det gamle udløber.";
    Metadatacertifikat "metadata-certifikat" Foederation [TekniskKontakt, Leverandoeradministrator] postkasse Straks
        "Signeringscertifikatet i metadata for {objekt} udløber {dato}"
        "Signeringscertifikatet i SAML-metadata for {objekt} udløber {dato}, om {dage}. Registrér metadata med et nyt certifikat på it-systemets side, før det gamle udløber.";
    Foederationsaftale "foederationsaftale" Foederation [Jobfunktionsrolleadministrator, Godkender, Systemansvarlig, Leverandoeradministrator] postkasse Straks
        "Føderationsaftalen {objekt}: {hvad}"
        "{hvem}: {hvad} (føderationsaftalen {objekt}). {aarsag}";
    FoederationUdloeber "foederation-udloeber" Foederation [Jobfunktionsrolleadministrator, Godkender, Systemansvarlig, Leverandoeradministrator] postkasse Straks
        "Føderationsaftalen {objekt} gælder til og med {dato}"
        "Føderationsaftalen {objekt} udløber om {dage}. Derefter kan medarbejderne ikke logge ind i systemet. Skal den fortsætte, må der anmodes om en ny.";
    BrugervendtNyt "brugervendt-nyt" Foederation [Jobfunktionsrolleadministrator] ingen Ugentligt
        "Nyt brugervendt system: {objekt}"
        "{hvem} tilbyder nu it-systemet {objekt} med brugersystemroller til myndigheder som {part}. Skal I bruge det, så anmod om en føderationsaftale, og sammensæt jobfunktionsroller af dets roller.";
    UgensOverblik "ugens-overblik" Overblik [] ingen Ugentligt
        "Ugens overblik for {objekt}: {hvad}"
        "{tekst} Se dine opgaver og adviser hos {objekt}.";
}

/// How an event is told of.
#[must_use]
pub fn regel(haendelse: Haendelse) -> &'static Regel {
    TABEL.iter().find(|r| r.haendelse == haendelse).unwrap_or(&TABEL[0])
}

/// How the event stored as this is told of.
pub(crate) fn regel_med_kode(kode: &str) -> Option<&'static Regel> {
    TABEL.iter().find(|r| r.kode == kode)
}

#[cfg(test)]
mod tests {
    use super::TABEL;
    use std::collections::HashSet;

    #[test]
    fn every_event_has_a_row_of_its_own_with_whole_sentences() {
        let koder: HashSet<_> = TABEL.iter().map(|r| r.kode).collect();
        assert_eq!(koder.len(), TABEL.len());
        for r in TABEL {
            let hele = [".", "?", "{aarsag}", "{raad}"].iter().any(|slut| r.tekst.ends_with(slut));
            assert!(hele, "{}", r.kode);
            assert!(!r.emne.ends_with('.') && r.emne.chars().count() < 100, "{}", r.kode);
            let roller: HashSet<_> = r.roller.iter().collect();
            assert_eq!(roller.len(), r.roller.len(), "{}", r.kode);
        }
    }
}
