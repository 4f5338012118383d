//! Sag: `Sag.xsd` and `SagIndeks.xsd`, and what `SagIndeksOperationer.xsd` adds for searches.

use super::Indhold::Felter;
use super::Liste::{AttributListe, TilstandListe};
use super::Ns::{Sag, Sd, Si};
use super::faelles::{self, *};
use super::{Afsnit, Art, Element, Objekttype, el};

const EGENSKABER: Element = el(
    Sag,
    "Egenskaber",
    Felter(&[
        el(Sag, "Virkning", VIRKNING),
        el(Sag, "BrugervendtNoegle", NOEGLE),
        el(Sag, "AfleveretIndikator", BOOLSK),
        el(Sag, "Beskrivelse", tekst(0, 4096)),
        el(Sag, "HjemmelSpecifikation", tekst(0, 1024)),
        el(Sag, "Kassationskode", tekst(0, 50)),
        el(Sag, "OffentlighedUndtaget", OFFENTLIGHED),
        el(Sag, "PrincipielIndikator", BOOLSK),
        el(Sag, "Sagsnummer", tekst(1, 50)),
        el(Sag, "Titel", tekst(1, 255)),
    ]),
)
.flere();

/// `si:SagIndeksEgenskaber`.
pub(crate) const INDEKS_EGENSKABER: Element = el(
    Si,
    "SagIndeksEgenskaber",
    Felter(&[
        R_VIRKNING,
        el(Si, "Sagsstatus", tekst(0, 255)),
        el(Si, "Sagskategori", tekst(0, 255)),
        el(Si, "Foelsomhed", FOELSOMHED),
        el(Si, "Lokation", tekst(0, 255)),
        el(Si, "OprettetTidspunkt", DATO_TID),
    ]),
)
.flere();

const FREMDRIFT: Element = el(
    Sag,
    "Fremdrift",
    Felter(&[
        el(Sag, "Virkning", VIRKNING),
        el(Sag, "FremdriftStatusKode", kode(&["Opstaaet", "Oplyst", "Afgjort", "Afsluttet"])),
    ]),
)
.flere();

const SOEGEORD: Element = el(
    Si,
    "Soegeord",
    Felter(&[
        el(Si, "SoegeordIdentifikator", STRENG),
        el(Sd, "BeskrivelseTekst", tekst(0, 4096)),
        el(Si, "SoegeordKategoriTekst", STRENG),
    ]),
)
.flere();

/// The extensions of relations.
pub(crate) const AKTOER_UDV: Element = el(
    Si,
    "SagsaktoerLokalUdvidelse",
    Felter(&[
        el(Si, "BrugervendtNoegle", NOEGLE),
        el(Si, "FuldtNavn", tekst(0, 255)),
        el(Si, "CVR-Nummer", CVR),
    ]),
);
pub(crate) const KLASSE_UDV: Element = el(
    Si,
    "SagsklasseLokalUdvidelse",
    Felter(&[
        el(Si, "Facettitel", tekst(0, 255)),
        el(Si, "Klassetitel", tekst(0, 255)),
        el(Si, "BrugervendtNoegle", NOEGLE),
        SOEGEORD,
    ]),
);
pub(crate) const PART_UDV: Element = el(
    Si,
    "SagspartLokalUdvidelse",
    Felter(&[el(Si, "BrugervendtNoegle", NOEGLE), el(Si, "FuldtNavn", tekst(0, 255))]),
);
pub(crate) const GENSTANDE_UDV: Element =
    el(Si, "SagsgenstandeLokalUdvidelse", Felter(&[el(Si, "Tekstfelt", tekst(0, 1024))]));

const AKTOER: Element = relation!(Sag, "Sagsaktoer", [AKTOER_UDV]);
const KLASSE: Element = relation!(Sag, "Sagsklasse", [KLASSE_UDV]);
const PART: Element = relation!(Sag, "Sagspart", [PART_UDV]);
const RELATION: Element = relation!(Sag, "Sagsrelation", []);
const GENSTANDE: Element = relation!(Sag, "Sagsgenstande", [GENSTANDE_UDV]);
const JOURNALPOST: Element = relation!(
    Sag,
    "Journalpost",
    [],
    el(
        Sag,
        "JournalpostEgenskaber",
        Felter(&[
            el(Sag, "Dokumenttitel", tekst(0, 255)),
            el(Sd, "OffentlighedUndtaget", OFFENTLIGHED),
            el(
                Sag,
                "JournalnotatEgenskaber",
                Felter(&[
                    el(Sag, "Titel", tekst(1, 255)),
                    el(Sag, "Notat", BASE64),
                    el(Sag, "Format", tekst(0, 50)),
                ]),
            ),
        ]),
    ),
);
/// `si:SagsitsystemRelation`, an extension that is a relation.
pub(crate) const ITSYSTEM: Element = relation!(
    Si,
    "SagsitsystemRelation",
    [],
    el(Si, "SystemNavn", tekst(1, 255)),
    el(Si, "SystemURI", tekst(0, 255)),
);
/// `si:Sikkerhedsprofil`, an extension that is a relation.
pub(crate) const SIKKERHEDSPROFIL: Element = relation!(Si, "Sikkerhedsprofil", []);

/// `si:SoegEgenskaberLokalUdvidelse`.
pub(crate) const SOEG_EGENSKABER: Element = el(
    Si,
    "SoegEgenskaberLokalUdvidelse",
    Felter(&[
        el(Si, "OprettetTidspunktInterval", AABENT_INTERVAL),
        el(Si, "SenestAendretInterval", AABENT_INTERVAL),
    ]),
);

pub(crate) const ATTRIBUTTER: Element =
    el(Sag, "AttributListe", Felter(&[EGENSKABER, udvidelse(&[INDEKS_EGENSKABER])]));
const SOEG_ATTRIBUTTER: Element =
    el(Sag, "AttributListe", Felter(&[EGENSKABER, udvidelse(&[INDEKS_EGENSKABER, SOEG_EGENSKABER])]));
pub(crate) const TILSTANDE: Element = el(Sag, "TilstandListe", Felter(&[FREMDRIFT, udvidelse(&[])]));
pub(crate) const RELATIONER: Element = el(
    Sag,
    "RelationListe",
    Felter(&[
        AKTOER,
        KLASSE,
        PART,
        RELATION,
        GENSTANDE,
        JOURNALPOST,
        udvidelse(&[ITSYSTEM, SIKKERHEDSPROFIL]),
    ]),
);

/// `sag:Registrering`.
pub(crate) const REGISTRERING: Element = registrering!(Sag, ATTRIBUTTER, TILSTANDE, RELATIONER);
/// `sag:SoegInputType`.
pub(crate) const SOEG: super::Indhold = soeg_input!(SOEG_ATTRIBUTTER, TILSTANDE, RELATIONER);

/// The object type.
pub static SAG: Objekttype = Objekttype {
    art: Art::Sag,
    navn: "SagIndeks",
    ord: "Sagen",
    ns: Sag,
    registrering: REGISTRERING,
    afsnit: &[
        Afsnit::gruppe(EGENSKABER, AttributListe, "egenskaber"),
        Afsnit::gruppe(INDEKS_EGENSKABER, AttributListe, "egenskaber").i_udvidelsen(),
        Afsnit::gruppe(FREMDRIFT, TilstandListe, "fremdrift"),
        Afsnit::relation(AKTOER, "sagsaktoer"),
        Afsnit::relation(KLASSE, "sagsklasse"),
        Afsnit::relation(PART, "sagspart"),
        Afsnit::relation(RELATION, "sagsrelation"),
        Afsnit::relation(GENSTANDE, "sagsgenstand"),
        Afsnit::relation(JOURNALPOST, "journalpost"),
        Afsnit::relation(ITSYSTEM, "itsystem").i_udvidelsen(),
        Afsnit::relation(SIKKERHEDSPROFIL, "sikkerhedsprofil").i_udvidelsen(),
    ],
};
