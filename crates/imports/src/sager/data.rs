//! What the invented cases are about.

/// A topic.
#[derive(Debug)]
pub(super) struct Emne {
    /// A number in the form of KLE's.
    pub kle: &'static str,
    /// What it is called here.
    pub titel: &'static str,
    /// What is granted in such cases, if anything.
    pub ydelse: Option<&'static str>,
    /// Whether such a case is about a property.
    pub ejendom: bool,
    /// The unit that answers for it, by its place in [`ENHEDER`].
    pub enhed: usize,
}

const fn emne(kle: &'static str, titel: &'static str, enhed: usize) -> Emne {
    Emne { kle, titel, ydelse: None, ejendom: false, enhed }
}

const fn ydelse(kle: &'static str, titel: &'static str, enhed: usize, navn: &'static str) -> Emne {
    Emne { ydelse: Some(navn), ..emne(kle, titel, enhed) }
}

const fn ejendom(kle: &'static str, titel: &'static str) -> Emne {
    Emne { ejendom: true, ..emne(kle, titel, 4) }
}

/// The units of the municipality.
pub(super) const ENHEDER: [&str; 10] = [
    "Ydelsescenter",
    "Jobcenter",
    "Familieafdelingen",
    "Borgerservice",
    "Byg og Miljø",
    "Sundhed og Omsorg",
    "Skoleafdelingen",
    "Vej og Park",
    "Kultur og Fritid",
    "Økonomi og Løn",
];

/// The topics.
pub(super) static EMNER: [Emne; 40] = [
    ydelse("32.24.04", "Hjælp til forsørgelse", 0, "Kontanthjælp"),
    ydelse("32.24.08", "Hjælp til enkeltudgifter", 0, "Enkeltydelse"),
    ydelse("32.24.12", "Hjælp til unge under uddannelse", 0, "Uddannelseshjælp"),
    ydelse("32.30.04", "Dagpenge under sygdom", 0, "Sygedagpenge"),
    ydelse("32.30.08", "Forløb efter sygdom", 0, "Ressourceforløbsydelse"),
    ydelse("32.39.04", "Støtte til boligudgift", 0, "Særlig støtte"),
    ydelse("32.45.04", "Tilskud til børnepasning", 6, "Fripladstilskud"),
    ydelse("32.18.04", "Tillæg til pension", 3, "Helbredstillæg"),
    ydelse("32.18.08", "Varmehjælp til pensionister", 3, "Varmetillæg"),
    ydelse("27.60.04", "Merudgifter ved nedsat funktionsevne", 5, "Merudgiftsydelse"),
    ydelse("27.60.08", "Tabt arbejdsfortjeneste", 2, "Tabt arbejdsfortjeneste"),
    ydelse("15.20.04", "Hjælp under jobsøgning", 1, "Befordringsgodtgørelse"),
    emne("27.24.04", "Støtte til børn og unge", 2),
    emne("27.24.08", "Aflastning af familier", 2),
    emne("27.24.12", "Anbringelse uden for hjemmet", 2),
    emne("27.36.04", "Hjælp i hjemmet", 5),
    emne("27.36.08", "Træning efter sygehusophold", 5),
    emne("27.36.12", "Plejebolig", 5),
    emne("27.45.04", "Hjælpemidler", 5),
    emne("27.45.08", "Boligindretning", 5),
    emne("15.20.08", "Aktivering og opkvalificering", 1),
    emne("15.20.12", "Fleksjob", 1),
    emne("17.03.04", "Optagelse i skole", 6),
    emne("17.03.08", "Specialundervisning", 6),
    emne("17.13.04", "Befordring af elever", 6),
    emne("23.05.04", "Folkeregistrering", 3),
    emne("23.05.08", "Navneændring", 3),
    emne("23.25.04", "Pas og legitimation", 3),
    emne("23.40.04", "Vielse", 3),
    ejendom("02.34.04", "Byggetilladelse"),
    ejendom("02.34.08", "Nedrivning"),
    ejendom("01.02.04", "Lokalplan"),
    ejendom("09.17.04", "Spildevand fra ejendom"),
    ejendom("13.02.04", "Beskatning af ejendom"),
    emne("05.01.04", "Råden over vej", 7),
    emne("05.13.04", "Trafiksikkerhed", 7),
    emne("18.20.04", "Tilskud til foreninger", 8),
    emne("20.15.04", "Lån af lokaler", 8),
    emne("00.16.04", "Aktindsigt", 3),
    emne("81.08.04", "Personalesag", 9),
];

/// The facets of what is done: number and title.
pub(super) const HANDLINGER: [(&str, &str); 4] =
    [("G01", "Generelle sager"), ("G02", "Oplysning af sagen"), ("P19", "Forvaltning"), ("K08", "Kontrol")];

/// What documents are called, and their type.
pub(super) const DOKUMENTER: [(&str, &str); 14] = [
    ("Ansøgning", "Brev, indgaaende"),
    ("Kvittering for modtagelse", "Brev, udgaaende"),
    ("Partshøring", "Brev, udgaaende"),
    ("Svar på partshøring", "Brev, indgaaende"),
    ("Afgørelse", "Brev, udgaaende"),
    ("Klage", "Brev, indgaaende"),
    ("Notat om sagens oplysninger", "Internt Notat"),
    ("Notat til samarbejdspart", "Eksternt Notat"),
    ("Lægelig erklæring", "Brev, indgaaende"),
    ("Undersøgelse af forholdene", "Rapport"),
    ("Punkter til møde", "Dagsorden"),
    ("Handleplan", "Plan"),
    ("Faktura fra leverandør", "Faktura"),
    ("Bilag", "Andet"),
];

/// What stands in journal notes: title and text.
pub(super) const NOTATER: [(&str, &str); 6] = [
    ("Telefonnotat", "Borgeren har ringet og spurgt, hvor langt sagen er."),
    ("Samtale", "Der er holdt samtale på kontoret. Borgeren sender flere oplysninger i næste uge."),
    ("Opfølgning", "Der er fulgt op på planen. Intet er ændret siden sidst."),
    ("Intern vurdering", "Sagen er drøftet på teammøde og kan afgøres på det foreliggende grundlag."),
    ("Kontakt til leverandør", "Leverandøren har bekræftet aftalen og begynder den første i næste måned."),
    ("Rykker", "De manglende oplysninger er efterlyst."),
];

/// Middle names.
pub(super) const MELLEMNAVNE: [&str; 8] = ["Birk", "Eng", "Fjeld", "Hede", "Kær", "Lund", "Mose", "Vang"];

/// What companies are called.
pub(super) const FIRMAER: [&str; 8] = [
    "Opdigtet Tømrer og Snedker A/S",
    "Eksempel Transport ApS",
    "Papfabrikken Prøve A/S",
    "Mønster Maskinværksted",
    "Attrap Ejendomme ApS",
    "Demo Catering I/S",
    "Fiktiv VVS og Blik ApS",
    "Skabelon Rådgivning A/S",
];

/// How sensitive a case or document is, rising, with how many of a hundred cases are.
pub(super) const FOELSOMHED: [(&str, usize); 4] = [
    ("IKKE_FORTROLIGE_DATA", 15),
    ("FORTROLIGE_PERSONOPLYSNINGER", 60),
    ("FOELSOMME_PERSONOPLYSNINGER", 23),
    ("VIP_SAGER", 2),
];

/// The states of a case, with what the municipality calls them.
pub(super) const FREMDRIFT: [(&str, &str); 4] = [
    ("Opstaaet", "Modtaget"),
    ("Oplyst", "Under behandling"),
    ("Afgjort", "Afgørelse sendt"),
    ("Afsluttet", "Lukket"),
];
