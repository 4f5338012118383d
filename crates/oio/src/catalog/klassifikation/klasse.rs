//! Klasse: one class in a classification, such as KLE 27.36.04.
//!
//! Contract: Klasse.xsd of SF1510, version 6.0.STS-0 and 7; version 5 has shorter texts.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const BESKRIVELSE: Field = text("BeskrivelseTekst").max(10_000).max_v5(4096);
pub const EKSEMPEL: Field = text("EksempelTekst").max(4096);
pub const OMFANG: Field = text("OmfangTekst").max(1024);
pub const TITEL: Field = text("TitelTekst").max(300).max_v5(100).searched();
pub const RETSKILDE: Field = text("RetskildeTekst").max(4096);
pub const SORTERING: Field = text("Sortering").pattern(r"100|[1-9]\d?").since(7);
pub const AENDRINGSNOTAT: Field = text("AendringsnotatTekst").max(1024);
pub const SOEGEORD: Field = gruppe("Soegeord", &[SOEGEORD_ORD, BESKRIVELSE, SOEGEORD_KATEGORI]);
pub const SOEGEORD_ORD: Field = text("SoegeordIdentifikator").max(50);
pub const SOEGEORD_KATEGORI: Field = text("SoegeordKategoriTekst").max(1024);

pub const ANSVARLIG: RelationType = one("Ansvarlig", Target::Aktoer);
pub const EJER: RelationType = one("Ejer", Target::Aktoer);
pub const ERSTATTER: RelationType = many("Erstatter", Target::Klasse).until(6);
pub const FACET: RelationType = one("Facet", Target::Facet);
pub const LOVLIGE_KOMBINATIONER: RelationType = many("LovligeKombinationer", Target::Klasse).until(6);
pub const MAPNINGER: RelationType = many("Mapninger", Target::Klasse).dynamic_since(7);
pub const OVERORDNET_KLASSE: RelationType = one("OverordnetKlasse", Target::Klasse);
pub const REDAKTOERER: RelationType = many("Redaktoerer", Target::Aktoer);
pub const SIDEORDNEDE: RelationType = many("Sideordnede", Target::Klasse).until(6);
pub const TILFOEJELSER: RelationType = many("Tilfoejelser", Target::Klasse).until(6);

/// The object type.
pub static KLASSE: ObjektType = ObjektType {
    name: "Klasse",
    register: Register::Klassifikation,
    base: Base::SagDokObjekt,
    egenskaber: &[
        BRUGERVENDT_NOEGLE,
        BESKRIVELSE,
        EKSEMPEL,
        OMFANG,
        TITEL,
        RETSKILDE,
        SORTERING,
        AENDRINGSNOTAT,
        SOEGEORD,
    ],
    tilstand: Some(Tilstandsart::Publiceret),
    relationer: &[
        ANSVARLIG,
        EJER,
        ERSTATTER,
        FACET,
        LOVLIGE_KOMBINATIONER,
        MAPNINGER,
        OVERORDNET_KLASSE,
        REDAKTOERER,
        SIDEORDNEDE,
        TILFOEJELSER,
    ],
    lokal_udvidelse: &[5],
    versions: &[5, 6, 7],
    opret_lister_valgfri: false,
    opslag: Some(Opslag { under: &[FACET, OVERORDNET_KLASSE], efter: BRUGERVENDT_NOEGLE, ord: TITEL }),
};
