//! The elements of the envelope, their order and how often they stand: what `Beskedkuvert.xsd` says, as a table.

use std::ops::Range;
use std::sync::LazyLock;

/// The namespace of the envelope.
pub(crate) const BESKED: &str = "urn:oio:besked:kuvert:1.0";
/// The namespace of identifiers and times.
pub(crate) const SD: &str = "urn:oio:sagdok:3.0.0";
/// The namespace of signatures.
pub(crate) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

/// What text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Uuid,
    Urn,
    Tid,
    Boolsk,
    Heltal,
    Tekst,
    /// Text no filter may read.
    Hemmelig,
}

/// What stands in an element.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Indhold {
    /// Text.
    Tekst(Form),
    /// These in this order.
    Felter(&'static [Element]),
    /// Exactly one of these.
    Valg(&'static [Element]),
    /// At most one of the first, then anything of other namespaces.
    Udvidelse(&'static [Element]),
    /// Anything at all.
    Data,
    /// One XML Signature.
    Signatur,
}

/// One element where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element {
    pub(crate) navn: &'static str,
    pub(crate) ns: &'static str,
    pub(crate) mindst: bool,
    pub(crate) flere: bool,
    pub(crate) indhold: Indhold,
}

const fn en(navn: &'static str, indhold: Indhold) -> Element {
    Element { navn, ns: BESKED, mindst: true, flere: false, indhold }
}
const fn maaske(navn: &'static str, indhold: Indhold) -> Element {
    Element { mindst: false, ..en(navn, indhold) }
}
const fn flere(navn: &'static str, indhold: Indhold) -> Element {
    Element { flere: true, ..maaske(navn, indhold) }
}
const fn sd(navn: &'static str, form: Form) -> Element {
    Element { ns: SD, ..en(navn, Indhold::Tekst(form)) }
}

const UUID: Element = sd("UUIDIdentifikator", Form::Uuid);
const ID: Indhold = Indhold::Valg(&[UUID, sd("URNIdentifikator", Form::Urn)]);
const AKTOER: Indhold = Indhold::Felter(&[UUID]);
const TIDSPUNKT: Indhold =
    Indhold::Valg(&[sd("TidsstempelDatoTid", Form::Tid), sd("GraenseIndikator", Form::Boolsk)]);
const STRENG: Indhold = Indhold::Tekst(Form::Tekst);

const RELATERET: Indhold =
    Indhold::Felter(&[en("ObjektId", ID), en("ObjektType", ID), maaske("ObjektRolle", ID)]);
const REGISTRERING: Indhold = Indhold::Felter(&[
    maaske("ObjektRegistreringId", ID),
    maaske("RegistreringsAktoer", AKTOER),
    maaske("Registreringstidspunkt", TIDSPUNKT),
    maaske("ObjektAnsvarligMyndighed", ID),
    maaske("ObjektId", ID),
    maaske("ObjektType", ID),
    maaske("ObjektHandling", ID),
    maaske("OpgaveEmne", ID),
    maaske(
        "ObjektRegistreringLokalUdvidelse",
        Indhold::Udvidelse(&[maaske("AfsenderSystemSignatur", Indhold::Signatur)]),
    ),
]);
const FILTRERING: Indhold = Indhold::Felter(&[
    en("Beskedtype", ID),
    maaske("BeskedAnsvarligAktoer", AKTOER),
    flere("TilladtModtager", ID),
    flere("RelateretObjekt", RELATERET),
    flere("ObjektRegistrering", REGISTRERING),
    flere("TvaergaaendeProces", ID),
]);
const RUTE: Indhold = Indhold::Felter(&[
    maaske("Fordelingssystem", ID),
    maaske("ModtagelsesTidspunkt", TIDSPUNKT),
    maaske("LeveranceTidspunkt", TIDSPUNKT),
    maaske("ModtagetFraSystem", AKTOER),
    maaske("ErLeveretIHenholdTil", ID),
    maaske(
        "LeveranceruteLokalUdvidelse",
        Indhold::Udvidelse(&[maaske("AntalLeveranceforsoeg", Indhold::Tekst(Form::Heltal))]),
    ),
]);
const LEVERANCE: Indhold = Indhold::Felter(&[
    maaske("Dannelsestidspunkt", TIDSPUNKT),
    maaske("TransaktionsId", ID),
    maaske("Kildesystem", AKTOER),
    maaske("KildesystemIPAdresse", STRENG),
    maaske("KildesystemAkkreditiver", Indhold::Tekst(Form::Hemmelig)),
    maaske("Sikkerhedsklassificering", ID),
    maaske("Leveranceruter", Indhold::Felter(&[flere("Leverancerute", RUTE)])),
    maaske(
        "LeveranceinformationLokalUdvidelse",
        Indhold::Udvidelse(&[maaske("BeskedfordelerSignatur", Indhold::Signatur)]),
    ),
]);
const KUVERT: Indhold = Indhold::Felter(&[
    en("Filtreringsdata", FILTRERING),
    en("Leveranceinformation", LEVERANCE),
    maaske("Modtagerhandling", Indhold::Felter(&[maaske("Handling", ID), maaske("Responsmodtager", AKTOER)])),
    maaske("GyldighedFra", TIDSPUNKT),
    maaske("GyldighedTil", TIDSPUNKT),
]);
const HAENDELSESBESKED: Element = en(
    "Haendelsesbesked",
    Indhold::Felter(&[
        en("BeskedId", ID),
        en("BeskedVersion", STRENG),
        en("Beskedkuvert", KUVERT),
        flere("Beskeddata", Indhold::Data),
    ]),
);

/// A place in the envelope: what a path of a filter names.
pub(crate) type Sted = u16;

/// One place with what stands under it.
#[derive(Debug)]
pub(crate) struct Knude {
    pub(crate) element: Element,
    pub(crate) forael: Sted,
    pub(crate) boern: Range<Sted>,
}

/// All places; children stand together. The first is the whole message.
#[derive(Debug)]
pub(crate) struct Skema {
    pub(crate) knuder: Vec<Knude>,
    pub(crate) faste: Faste,
}

/// The places code asks for by name.
#[derive(Debug)]
pub(crate) struct Faste {
    pub(crate) besked_id: Sted,
    pub(crate) version: Sted,
    pub(crate) kuvert: Sted,
    pub(crate) filtrering: Sted,
    pub(crate) beskedtype: Sted,
    pub(crate) ansvarlig: Sted,
    pub(crate) tilladt: Sted,
    pub(crate) myndighed: Sted,
    pub(crate) emne: Sted,
    pub(crate) registreringstidspunkt: Sted,
    pub(crate) leverance: Sted,
    pub(crate) transaktion: Sted,
    pub(crate) akkreditiver: Sted,
    pub(crate) foelsomhed: Sted,
    pub(crate) ruter: Sted,
    pub(crate) leverance_udvidelse: Sted,
}

static SKEMA: LazyLock<Skema> = LazyLock::new(byg);

/// The table.
pub(crate) fn skema() -> &'static Skema {
    &SKEMA
}

fn byg() -> Skema {
    let mut knuder = vec![Knude { element: HAENDELSESBESKED, forael: 0, boern: 0..0 }];
    let mut naeste = 0;
    while naeste < knuder.len() {
        let boern: &[Element] = match knuder[naeste].element.indhold {
            Indhold::Felter(boern) | Indhold::Valg(boern) | Indhold::Udvidelse(boern) => boern,
            _ => &[],
        };
        let sted = |n: usize| Sted::try_from(n).expect("the schema has under a thousand places");
        knuder[naeste].boern = sted(knuder.len())..sted(knuder.len() + boern.len());
        let forael = sted(naeste);
        knuder.extend(boern.iter().map(|e| Knude { element: *e, forael, boern: 0..0 }));
        naeste += 1;
    }
    let faste = faste(&knuder);
    Skema { knuder, faste }
}

fn faste(knuder: &[Knude]) -> Faste {
    let find = |fra: Sted, navn: &str| {
        let mut boern = knuder[usize::from(fra)].boern.clone();
        boern.find(|b| knuder[usize::from(*b)].element.navn == navn).expect("an element of the schema")
    };
    let kuvert = find(0, "Beskedkuvert");
    let filtrering = find(kuvert, "Filtreringsdata");
    let registrering = find(filtrering, "ObjektRegistrering");
    let leverance = find(kuvert, "Leveranceinformation");
    Faste {
        besked_id: find(0, "BeskedId"),
        version: find(0, "BeskedVersion"),
        kuvert,
        filtrering,
        beskedtype: find(filtrering, "Beskedtype"),
        ansvarlig: find(filtrering, "BeskedAnsvarligAktoer"),
        tilladt: find(filtrering, "TilladtModtager"),
        myndighed: find(registrering, "ObjektAnsvarligMyndighed"),
        emne: find(registrering, "OpgaveEmne"),
        registreringstidspunkt: find(registrering, "Registreringstidspunkt"),
        leverance,
        transaktion: find(leverance, "TransaktionsId"),
        akkreditiver: find(leverance, "KildesystemAkkreditiver"),
        foelsomhed: find(leverance, "Sikkerhedsklassificering"),
        ruter: find(leverance, "Leveranceruter"),
        leverance_udvidelse: find(leverance, "LeveranceinformationLokalUdvidelse"),
    }
}

impl Skema {
    pub(crate) fn knude(&self, sted: Sted) -> &Knude {
        &self.knuder[usize::from(sted)]
    }

    /// The place under another with this name.
    pub(crate) fn barn(&self, sted: Sted, navn: &str) -> Option<Sted> {
        self.knude(sted).boern.clone().find(|b| self.knude(*b).element.navn == navn)
    }

    /// Whether the name is one of the envelope's at all.
    pub(crate) fn kender(&self, navn: &str) -> bool {
        self.knuder.iter().any(|k| k.element.navn == navn)
    }

    /// The names from the envelope down to a place.
    pub(crate) fn sti(&self, sted: Sted) -> String {
        let mut navne = Vec::new();
        let mut her = sted;
        while her != 0 {
            navne.push(self.knude(her).element.navn);
            her = self.knude(her).forael;
        }
        navne.reverse();
        navne.join(".")
    }
}
