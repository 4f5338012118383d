//! Økonomisk effektuering: `OekonomiskEffektueringIndeks.xsd`, and what its `…Operationer.xsd` adds for searches.

use super::Indhold::Felter;
use super::Liste::AttributListe;
use super::Ns::Oe;
use super::faelles::{self, *};
use super::{Afsnit, Art, Element, Objekttype, el};

const EGENSKABER: Element = el(
    Oe,
    "Egenskaber",
    Felter(&[
        el(Oe, "Virkning", VIRKNING),
        el(Oe, "BrugervendtNoegle", NOEGLE),
        el(Oe, "Startdato", DATO_TID),
        el(Oe, "Slutdato", DATO_TID),
        el(Oe, "SamletBruttobeloeb", BELOEB),
        el(Oe, "Dispositionsdato", DATO_TID),
        el(Oe, "BeloebEfterSkatATP", BELOEB),
        el(Oe, "BeloebSendtTilUdbetaling", BELOEB),
        el(Oe, "BeloebUdbetalt", BELOEB),
        el(Oe, "Udbetalingsafdeling", tekst(1, 255)),
        el(Oe, "SendtTilUdbetalingTekst", tekst(0, 255)),
        el(Oe, "UdbetaltTekst", tekst(0, 255)),
    ]),
)
.flere();

const P_START: Element = el(Oe, "YdelsesperiodeStartdato", DATO_TID);
const P_SLUT: Element = el(Oe, "YdelsesperiodeSlutdato", DATO_TID);
const P_BELOEB: Element = el(Oe, "Ydelsesbeloeb", BELOEB);
const P_KLE: Element = el(Oe, "Klassifikationsbeskrivelse", tekst(0, 255));
const P_REF: Element = el(Oe, "BevilgetYdelseRef", Felter(&[UUID, el(Oe, "BevilgetYdelseId", STRENG).en()]));

const YDELSE: Element =
    relation!(Oe, "OekonomiskYdelseEffektueringRelation", [], P_START, P_SLUT, P_BELOEB, P_KLE, P_REF);
const SOEG_YDELSE_RELATION: Element = relation!(
    Oe,
    "OekonomiskYdelseEffektueringRelation",
    [SOEG_YDELSE],
    P_START,
    P_SLUT,
    P_BELOEB,
    P_KLE,
    P_REF
);
const AKTOER: Element = relation!(
    Oe,
    "Aktoer",
    [],
    el(Oe, "BrugervendtNoegle", NOEGLE),
    el(Oe, "FuldtNavn", tekst(0, 255)),
    el(Oe, "CVR-nr", CVR),
);
const ITSYSTEM: Element =
    relation!(Oe, "ItSystem", [], el(Oe, "SystemNavn", STRENG), el(Oe, "SystemURI", STRENG));
const PART: Element = relation!(
    Oe,
    "OekonomiskEffektueringPart",
    [],
    el(Oe, "BrugervendtNoegle", NOEGLE),
    el(Oe, "FuldtNavn", tekst(0, 255)),
);

/// `oe:SoegEgenskaberLokalUdvidelse`.
pub(crate) const SOEG_EGENSKABER: Element = el(
    Oe,
    "SoegEgenskaberLokalUdvidelse",
    Felter(&[
        el(Oe, "StartDatoInterval", TID_INTERVAL),
        el(Oe, "SlutDatoInterval", TID_INTERVAL),
        el(Oe, "DispositionsDatoInterval", TID_INTERVAL),
        el(Oe, "SamletBruttoBeloebInterval", BELOEB_INTERVAL),
        el(Oe, "BeloebUdbetaltInterval", BELOEB_INTERVAL),
        el(Oe, "BeloebEfterSkatATPInterval", BELOEB_INTERVAL),
        el(Oe, "BeloebSendtTilUdbetalingInterval", BELOEB_INTERVAL),
    ]),
);
/// `oe:SoegOekonomiskYdelseEffektueringRelationLokalUdvidelse`.
pub(crate) const SOEG_YDELSE: Element = el(
    Oe,
    "SoegOekonomiskYdelseEffektueringRelationLokalUdvidelse",
    Felter(&[
        el(Oe, "YdelsesperiodeStartDatoInterval", TID_INTERVAL),
        el(Oe, "YdelsesperiodeSlutDatoInterval", TID_INTERVAL),
        el(Oe, "YdelsesBeloebInterval", BELOEB_INTERVAL),
    ]),
);

pub(crate) const ATTRIBUTTER: Element = el(Oe, "AttributListe", Felter(&[EGENSKABER, udvidelse(&[])]));
const SOEG_ATTRIBUTTER: Element =
    el(Oe, "AttributListe", Felter(&[EGENSKABER, udvidelse(&[SOEG_EGENSKABER])]));
pub(crate) const TILSTANDE: Element = el(Oe, "TilstandListe", Felter(&[udvidelse(&[])]));
pub(crate) const RELATIONER: Element =
    el(Oe, "RelationListe", Felter(&[YDELSE, AKTOER, ITSYSTEM, PART, udvidelse(&[])]));
const SOEG_RELATIONER: Element =
    el(Oe, "RelationListe", Felter(&[SOEG_YDELSE_RELATION, AKTOER, ITSYSTEM, PART, udvidelse(&[])]));

/// `oe:Registrering`.
pub(crate) const REGISTRERING: Element = registrering!(Oe, ATTRIBUTTER, TILSTANDE, RELATIONER);
/// `oe:SoegInputType`.
pub(crate) const SOEG: super::Indhold = soeg_input!(SOEG_ATTRIBUTTER, TILSTANDE, SOEG_RELATIONER);

/// The object type.
pub static EFFEKTUERING: Objekttype = Objekttype {
    art: Art::Effektuering,
    navn: "OekonomiskEffektueringIndeks",
    ord: "Effektueringen",
    ns: Oe,
    registrering: REGISTRERING,
    afsnit: &[
        Afsnit::gruppe(EGENSKABER, AttributListe, "egenskaber"),
        Afsnit::relation(YDELSE, "oekonomiskeydelseeffektueringer"),
        Afsnit::relation(AKTOER, "aktoer"),
        Afsnit::relation(ITSYSTEM, "itsystem"),
        Afsnit::relation(PART, "part"),
    ],
};
