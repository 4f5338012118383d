//! Bevilling: `BevillingIndeks.xsd`, and what `BevillingIndeksOperationer.xsd` adds for searches.

use super::Indhold::Felter;
use super::Liste::AttributListe;
use super::Ns::Bi;
use super::faelles::{self, *};
use super::{Afsnit, Art, Element, Noeglet, Objekttype, el, valg};

const EGENSKABER: Element = el(
    Bi,
    "Egenskaber",
    Felter(&[
        el(Bi, "Virkning", VIRKNING),
        el(Bi, "BrugervendtNoegle", NOEGLE),
        el(Bi, "Bevillingstartdato", STRENG),
        el(Bi, "Bevillingslutdato", STRENG),
        el(Bi, "Begrundelse", tekst(0, 4096)),
        el(Bi, "Foelsomhed", FOELSOMHED),
    ]),
)
.flere();

const B_ROLLE: Element = el(Bi, "Rolle", UNIK_ID);
const B_TYPE: Element = el(Bi, "Type", UNIK_ID);
const B_INDEKS: Element = el(Bi, "Indeks", STRENG);
const B_REFERENCE: Element = el(Bi, "ReferenceID", UNIK_ID);
const B_UDVIDELSE: Element = el(Bi, "LokalUdvidelseListe", super::Indhold::Udvidelse(&[]));

const YDELSE: Element = el(
    Bi,
    "Ydelse",
    Felter(&[
        B_ROLLE,
        B_TYPE,
        B_INDEKS,
        B_REFERENCE,
        B_UDVIDELSE,
        el(Bi, "Ydelsesnavn", tekst(1, 255)),
        el(
            Bi,
            "Klassifikation",
            Felter(&[
                B_ROLLE,
                B_TYPE,
                B_INDEKS,
                B_REFERENCE,
                B_UDVIDELSE,
                el(Bi, "BrugervendtNoegle", NOEGLE),
                el(Bi, "Klassetitel", tekst(0, 255)),
            ]),
        ),
    ]),
);
const PLAN: Element = el(
    Bi,
    "OekonomiskEffektueringsplan",
    Felter(&[
        el(Bi, "Id", STRENG),
        el(Bi, "EffektueringsplanStartdato", DATO_TID),
        el(Bi, "EffektueringsplanSlutdato", DATO_TID),
        el(Bi, "Beregningsfrekvens", tekst(1, 50)),
        el(Bi, "ForudBagud", kode(&["Forud", "Bagud"])),
        el(Bi, "Dispositionsdag", tekst(0, 50)),
        el(Bi, "Ydelsesbeloeb", BELOEB),
        el(Bi, "ManueltGodkendes", BOOLSK),
    ]),
)
.flere();

const BEVILGET_YDELSE: Element = el(
    Bi,
    "BevilgetYdelse",
    Felter(&[
        el(Bi, "Virkning", VIRKNING),
        el(Bi, "Id", tekst(1, 36)),
        el(Bi, "Navn", STRENG),
        el(Bi, "BevilgetYdelseStartdato", DATO_TID),
        el(Bi, "BevilgetYdelseSlutdato", DATO_TID),
        el(Bi, "Begrundelse", tekst(0, 4096)),
        el(Bi, "Tilbagebetalingspligtig", BOOLSK),
        el(Bi, "Meddelelse", STRENG),
        el(
            Bi,
            "ItSystem",
            Felter(&[
                B_ROLLE,
                B_TYPE,
                B_INDEKS,
                B_REFERENCE,
                B_UDVIDELSE,
                el(Bi, "SystemNavn", STRENG),
                el(Bi, "SystemURI", tekst(0, 255)),
            ]),
        )
        .to(),
        YDELSE,
        valg(&[PLAN]),
    ]),
)
.flere();

const SAG: Element = relation!(
    Bi,
    "Bevillingssag",
    [],
    el(Bi, "BrugervendtNoegle", NOEGLE),
    el(Bi, "FuldtNavn", tekst(0, 255)),
);
const PART: Element = SAG.som("Bevillingspart");
const AKTOER: Element = relation!(
    Bi,
    "Bevillingsaktoer",
    [],
    el(Bi, "BrugervendtNoegle", NOEGLE),
    el(Bi, "FuldtNavn", tekst(0, 255)),
    el(Bi, "CVR-nr", CVR),
);
const SIKKERHEDSPROFIL: Element = relation!(Bi, "Sikkerhedsprofil", []);

/// `bi:SoegEgenskaberLokalUdvidelse`.
pub(crate) const SOEG_EGENSKABER: Element = el(
    Bi,
    "SoegEgenskaberLokalUdvidelse",
    Felter(&[
        el(Bi, "BevillingStartDatoInterval", TID_INTERVAL),
        el(Bi, "BevillingSlutDatoInterval", TID_INTERVAL),
    ]),
);
/// `bi:SoegBevilgetYdelseLokalUdvidelse`.
pub(crate) const SOEG_YDELSE: Element = el(
    Bi,
    "SoegBevilgetYdelseLokalUdvidelse",
    Felter(&[
        el(Bi, "BevilgetYdelseStartDatoInterval", TID_INTERVAL),
        el(Bi, "BevilgetYdelseSlutDatoInterval", TID_INTERVAL),
        el(Bi, "EffektueringsplanStartDatoInterval", TID_INTERVAL),
        el(Bi, "EffektueringsplanSlutDatoInterval", TID_INTERVAL),
        el(Bi, "YdelseBeloebInterval", BELOEB_INTERVAL),
    ]),
);

pub(crate) const ATTRIBUTTER: Element =
    el(Bi, "AttributListe", Felter(&[EGENSKABER, BEVILGET_YDELSE, udvidelse(&[])]));
const SOEG_ATTRIBUTTER: Element = el(
    Bi,
    "AttributListe",
    Felter(&[EGENSKABER, BEVILGET_YDELSE, udvidelse(&[SOEG_EGENSKABER, SOEG_YDELSE])]),
);
pub(crate) const TILSTANDE: Element = el(Bi, "TilstandListe", Felter(&[udvidelse(&[])]));
pub(crate) const RELATIONER: Element =
    el(Bi, "RelationListe", Felter(&[SAG, PART, AKTOER, SIKKERHEDSPROFIL, udvidelse(&[])]));

/// `bi:Registrering`.
pub(crate) const REGISTRERING: Element = registrering!(Bi, ATTRIBUTTER, TILSTANDE, RELATIONER);
/// `bi:SoegInputType`.
pub(crate) const SOEG: super::Indhold = soeg_input!(SOEG_ATTRIBUTTER, TILSTANDE, RELATIONER);

/// The object type.
pub static BEVILLING: Objekttype = Objekttype {
    art: Art::Bevilling,
    navn: "BevillingIndeks",
    ord: "Bevillingen",
    ns: Bi,
    registrering: REGISTRERING,
    afsnit: &[
        Afsnit::gruppe(EGENSKABER, AttributListe, "egenskaber"),
        Afsnit {
            element: BEVILGET_YDELSE,
            liste: AttributListe,
            udvidelse: false,
            noeglet: Noeglet::Id,
            vis: "bevilgetydelse",
        },
        Afsnit::relation(SAG, "sag"),
        Afsnit::relation(PART, "part"),
        Afsnit::relation(AKTOER, "aktoer"),
        Afsnit::relation(SIKKERHEDSPROFIL, "sikkerhedsprofil"),
    ],
};
