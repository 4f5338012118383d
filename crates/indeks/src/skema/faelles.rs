//! What the schemas share: identifiers, times, virkning, relations, answers, intervals.

use super::Indhold::{Felter, Tekst};
use super::{Element, Form, Indhold, Ns, Simpel, el, valg};
use Ns::{Gd, Go, Sd};

pub(crate) const fn tekst(min: usize, max: usize) -> Indhold {
    Tekst(Simpel { form: Form::Tekst, min, max: Some(max) })
}
const fn form(form: Form) -> Indhold {
    Tekst(Simpel::af(form))
}
pub(crate) const fn kode(koder: &'static [&'static str]) -> Indhold {
    form(Form::Kode(koder))
}

pub(crate) const STRENG: Indhold = form(Form::Tekst);
pub(crate) const DATO_TID: Indhold = form(Form::DatoTid);
pub(crate) const DATO: Indhold = form(Form::Dato);
pub(crate) const BOOLSK: Indhold = form(Form::Boolsk);
pub(crate) const HELTAL: Indhold = form(Form::Heltal);
pub(crate) const BASE64: Indhold = form(Form::Base64);
pub(crate) const BELOEB: Indhold = form(Form::Beloeb);
pub(crate) const CVR: Indhold = form(Form::Cvr);
pub(crate) const NOEGLE: Indhold = tekst(0, 50);
pub(crate) const FOELSOMHED: Indhold = kode(&[
    "IKKE_FORTROLIGE_DATA",
    "FORTROLIGE_PERSONOPLYSNINGER",
    "FOELSOMME_PERSONOPLYSNINGER",
    "VIP_SAGER",
]);

pub(crate) const UUID: Element = el(Sd, "UUIDIdentifikator", form(Form::Uuid)).en();
pub(crate) const UNIK_ID: Indhold = Felter(&[valg(&[UUID, el(Sd, "URNIdentifikator", tekst(0, 255)).en()])]);
pub(crate) const TIDSPUNKT: Indhold = Felter(&[valg(&[
    el(Sd, "TidsstempelDatoTid", DATO_TID).en(),
    el(Sd, "GraenseIndikator", form(Form::Sand)).en(),
])]);
pub(crate) const NOTE: Element = el(Sd, "NoteTekst", tekst(0, 1024));
const BRUGER_REF: Element = el(Sd, "BrugerRef", UNIK_ID);
const LIVSCYKLUS: Element =
    el(Sd, "LivscyklusKode", kode(&["Opstaaet", "Importeret", "Passiveret", "Slettet"]));
const FRA: Element = el(Sd, "FraTidspunkt", TIDSPUNKT);
const TIL: Element = el(Sd, "TilTidspunkt", TIDSPUNKT);

/// `sd:VirkningType`, and `sd:SoegVirkningType`, which is alike.
pub(crate) const VIRKNING: Indhold = Felter(&[
    FRA,
    TIL,
    el(Sd, "AktoerRef", UNIK_ID),
    el(
        Sd,
        "AktoerTypeKode",
        kode(&[
            "Organisation",
            "OrganisationEnhed",
            "OrganisationFunktion",
            "Bruger",
            "ItSystem",
            "Interessefaellesskab",
        ]),
    ),
    NOTE,
]);

/// The fields of a registrering before its lists.
pub(crate) const REG_NOTE: Element = NOTE;
pub(crate) const REG_TIDSPUNKT: Element = el(Sd, "Tidspunkt", DATO_TID);
pub(crate) const REG_LIVSCYKLUS: Element = LIVSCYKLUS;
pub(crate) const REG_BRUGER: Element = BRUGER_REF;
pub(crate) const REG_STS: Element = el(Gd, "StsTidspunkt", DATO_TID);

/// `gd:SenestAendretTidspunkt`, the end of every extension.
pub const SENEST_AENDRET: Element = el(Gd, "SenestAendretTidspunkt", DATO_TID);

/// `gd:LokalUdvidelseListe` of a list or a relation.
pub(crate) const fn udvidelse(af: &'static [Element]) -> Element {
    el(Gd, "LokalUdvidelseListe", Indhold::Udvidelse(af))
}

/// The fields of `gd:RelationType` before its extension.
pub(crate) const R_VIRKNING: Element = el(Gd, "Virkning", VIRKNING);
pub(crate) const R_ROLLE: Element = el(Gd, "Rolle", UNIK_ID);
pub(crate) const R_TYPE: Element = el(Gd, "Type", UNIK_ID);
pub(crate) const R_INDEKS: Element = el(Gd, "Indeks", tekst(0, 36));
pub(crate) const R_REFERENCE: Element = el(Gd, "ReferenceID", UNIK_ID);

/// A `gd:RelationType` with this extension and these fields after it.
macro_rules! relation {
    ($ns:expr, $navn:literal, [$($udv:expr),*] $(, $felt:expr)* $(,)?) => {
        el($ns, $navn, Felter(&[
            faelles::R_VIRKNING,
            faelles::R_ROLLE,
            faelles::R_TYPE,
            faelles::R_INDEKS,
            faelles::R_REFERENCE,
            faelles::udvidelse(&[$($udv),*])
            $(, $felt)*
        ])).flere()
    };
}
pub(crate) use relation;

/// A `Registrering` in this namespace, of these three lists.
macro_rules! registrering {
    ($ns:expr, $attributter:expr, $tilstande:expr, $relationer:expr) => {
        el(
            $ns,
            "Registrering",
            Felter(&[
                faelles::REG_NOTE,
                faelles::REG_TIDSPUNKT,
                faelles::REG_LIVSCYKLUS,
                faelles::REG_BRUGER,
                faelles::REG_STS,
                $attributter.en(),
                $tilstande.en(),
                $relationer.en(),
            ]),
        )
    };
}
pub(crate) use registrering;

/// A `SoegInput` in this namespace, of these three lists.
macro_rules! soeg_input {
    ($attributter:expr, $tilstande:expr, $relationer:expr) => {
        Felter(&[
            faelles::FOERSTE,
            faelles::MAKSIMAL,
            faelles::SOEG_REGISTRERING,
            faelles::SOEG_VIRKNING,
            faelles::SOEG_STS_FRA,
            faelles::SOEG_STS_TIL,
            $attributter.en(),
            $tilstande.en(),
            $relationer.en(),
        ])
    };
}
pub(crate) use soeg_input;

pub(crate) const FOERSTE: Element = el(Sd, "FoersteResultatReference", HELTAL);
pub(crate) const MAKSIMAL: Element = el(Sd, "MaksimalAntalKvantitet", HELTAL);
pub(crate) const SOEG_REGISTRERING: Element =
    el(Sd, "SoegRegistrering", Felter(&[FRA, TIL, LIVSCYKLUS, BRUGER_REF]));
pub(crate) const SOEG_VIRKNING: Element = el(Sd, "SoegVirkning", VIRKNING);
pub(crate) const SOEG_STS_FRA: Element = el(Go, "SoegStsFraTidspunkt", TIDSPUNKT);
pub(crate) const SOEG_STS_TIL: Element = el(Go, "SoegStsTilTidspunkt", TIDSPUNKT);
pub(crate) const PAGINERING: Indhold = Felter(&[FOERSTE, MAKSIMAL]);

/// `go:SoegTidIntervalType`: both ends.
pub(crate) const TID_INTERVAL: Indhold =
    Felter(&[el(Go, "FraTidspunkt", TIDSPUNKT).en(), el(Go, "TilTidspunkt", TIDSPUNKT).en()]);
/// `go:OprettetTidspunktIntervalType` and `go:SenestAendretIntervalType`: either end.
pub(crate) const AABENT_INTERVAL: Indhold =
    Felter(&[el(Go, "FraTidspunkt", TIDSPUNKT), el(Go, "TilTidspunkt", TIDSPUNKT)]);
/// `go:SoegBeloebIntervalType`.
pub(crate) const BELOEB_INTERVAL: Indhold =
    Felter(&[el(Go, "FraBeloeb", BELOEB).en(), el(Go, "TilBeloeb", BELOEB).en()]);

const STATUS: Element = el(Sd, "StatusKode", HELTAL).en();
const FEJLBESKED: Element = el(Sd, "FejlbeskedTekst", STRENG);
const DETALJERET: Element = el(Sd, "DetaljeretFejlbesked", STRENG);

/// `sd:StandardRetur`, once.
pub(crate) const STANDARD_RETUR: Element =
    el(Sd, "StandardRetur", Felter(&[STATUS, FEJLBESKED, DETALJERET])).en();
/// `sd:BasicOutputType`.
pub(crate) const BASIC_OUTPUT: Indhold = Felter(&[STANDARD_RETUR]);
/// `sd:MultipleOutputType`.
pub(crate) const MULTIPLE_OUTPUT: Indhold = Felter(&[valg(&[
    el(Sd, "UnikRetur", Felter(&[STATUS, FEJLBESKED, DETALJERET, el(Sd, "Type", STRENG).en(), UUID])).flere(),
    Element { mindst: 0, hoejst: None, ..STANDARD_RETUR },
])]);
/// `sd:UuidNoteInputType`.
pub(crate) const UUID_NOTE: Indhold = Felter(&[UUID, NOTE]);
/// `sd:OffentlighedUndtagetType`.
pub(crate) const OFFENTLIGHED: Indhold = Felter(&[
    el(Sd, "TitelAlternativTekst", tekst(0, 255)).en(),
    el(Sd, "OffentlighedUndtagetHjemmelTekst", tekst(0, 1024)).en(),
]);
/// `ObjektType` of a filtered snapshot.
pub(crate) const OBJEKT_TYPE: Indhold = Felter(&[UUID]);
