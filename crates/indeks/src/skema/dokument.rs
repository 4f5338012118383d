//! Dokument: `DokumentIndeks.xsd`, and what `DokumentIndeksOperationer.xsd` adds for searches.

use super::Indhold::Felter;
use super::Liste::{AttributListe, TilstandListe};
use super::Ns::Di;
use super::faelles::{self, *};
use super::{Afsnit, Art, Element, Objekttype, el};

const EGENSKABER: Element = el(
    Di,
    "Egenskaber",
    Felter(&[
        el(Di, "Virkning", VIRKNING),
        el(Di, "BrugervendtNoegle", NOEGLE),
        el(Di, "Titel", tekst(1, 255)),
        el(Di, "Beskrivelse", tekst(0, 4096)),
        el(Di, "BrevDato", DATO),
        el(Di, "OffentlighedUndtaget", OFFENTLIGHED),
        el(Di, "VersionIdentifikator", HELTAL),
        el(Di, "UnderversionIdentifikator", HELTAL),
        el(Di, "Kassationskode", tekst(0, 50)),
        el(Di, "Dokumentnummer", tekst(1, 50)),
        el(Di, "Foelsomhed", FOELSOMHED),
        el(
            Di,
            "Type",
            kode(&[
                "Faktura",
                "Brev, indgaaende",
                "Brev, udgaaende",
                "Brev",
                "Internt Notat",
                "Eksternt Notat",
                "Rapport",
                "Dagsorden",
                "Plan",
                "Andet",
            ]),
        ),
    ]),
)
.flere();

const FREMDRIFT: Element = el(
    Di,
    "Fremdrift",
    Felter(&[
        el(Di, "Virkning", VIRKNING),
        el(
            Di,
            "FremdriftStatusKode",
            kode(&[
                "Modtaget",
                "Fordelt",
                "Underudarbejdelse",
                "Underreview",
                "Publiceret",
                "Endeligt",
                "Afleveret",
            ]),
        ),
    ]),
)
.flere();

const SOEGEORD: Element = el(
    Di,
    "Soegeord",
    Felter(&[
        el(Di, "SoegeordIdentifikator", STRENG),
        el(Di, "Beskrivelse", STRENG),
        el(Di, "SoegeordKategori", STRENG),
    ]),
)
.flere();

/// The extensions of relations.
pub(crate) const AKTOER_UDV: Element = el(
    Di,
    "DokumentaktoerLokalUdvidelse",
    Felter(&[el(Di, "BrugervendtNoegle", NOEGLE), el(Di, "FuldtNavn", tekst(0, 255)), el(Di, "CVR-Nr", CVR)]),
);
pub(crate) const PART_UDV: Element = el(
    Di,
    "DokumentpartLokalUdvidelse",
    Felter(&[el(Di, "BrugervendtNoegle", NOEGLE), el(Di, "FuldtNavn", tekst(0, 255))]),
);
pub(crate) const KLASSE_UDV: Element = el(
    Di,
    "DokumentklasseLokalUdvidelse",
    Felter(&[el(Di, "Klassetitel", tekst(0, 255)), el(Di, "BrugervendtNoegle", NOEGLE), SOEGEORD]),
);

const RELATION: Element = relation!(Di, "Dokumentrelation", []);
const AKTOER: Element = relation!(Di, "Dokumentaktoer", [AKTOER_UDV]);
const PART: Element = relation!(Di, "Dokumentpart", [PART_UDV]);
const KLASSE: Element = relation!(Di, "Dokumentklasse", [KLASSE_UDV]);
/// `di:DokumentitsystemRelation`, an extension that is a relation.
pub(crate) const ITSYSTEM: Element =
    relation!(Di, "DokumentitsystemRelation", [], el(Di, "SystemNavn", STRENG), el(Di, "SystemURI", STRENG),);
/// `di:Sikkerhedsprofil`, an extension that is a relation.
pub(crate) const SIKKERHEDSPROFIL: Element = relation!(Di, "Sikkerhedsprofil", []);

/// `di:SoegEgenskaberLokalUdvidelse`.
pub(crate) const SOEG_EGENSKABER: Element =
    el(Di, "SoegEgenskaberLokalUdvidelse", Felter(&[el(Di, "BrevDatoInterval", TID_INTERVAL)]));

pub(crate) const ATTRIBUTTER: Element = el(Di, "AttributListe", Felter(&[EGENSKABER, udvidelse(&[])]));
const SOEG_ATTRIBUTTER: Element =
    el(Di, "AttributListe", Felter(&[EGENSKABER, udvidelse(&[SOEG_EGENSKABER])]));
pub(crate) const TILSTANDE: Element = el(Di, "TilstandListe", Felter(&[FREMDRIFT, udvidelse(&[])]));
pub(crate) const RELATIONER: Element = el(
    Di,
    "RelationListe",
    Felter(&[RELATION, AKTOER, PART, KLASSE, udvidelse(&[ITSYSTEM, SIKKERHEDSPROFIL])]),
);

/// `di:Registrering`.
pub(crate) const REGISTRERING: Element = registrering!(Di, ATTRIBUTTER, TILSTANDE, RELATIONER);
/// `di:SoegInputType`.
pub(crate) const SOEG: super::Indhold = soeg_input!(SOEG_ATTRIBUTTER, TILSTANDE, RELATIONER);

/// The object type.
pub static DOKUMENT: Objekttype = Objekttype {
    art: Art::Dokument,
    navn: "DokumentIndeks",
    ord: "Dokumentet",
    ns: Di,
    registrering: REGISTRERING,
    afsnit: &[
        Afsnit::gruppe(EGENSKABER, AttributListe, "egenskaber"),
        Afsnit::gruppe(FREMDRIFT, TilstandListe, "fremdrift"),
        Afsnit::relation(RELATION, "dokument"),
        Afsnit::relation(AKTOER, "aktoer"),
        Afsnit::relation(PART, "part"),
        Afsnit::relation(KLASSE, "klasse"),
        Afsnit::relation(ITSYSTEM, "itsystem").i_udvidelsen(),
        Afsnit::relation(SIKKERHEDSPROFIL, "sikkerhedsprofil").i_udvidelsen(),
    ],
};
