//! Facet: one dimension of a classification, such as the topics of KLE.
//!
//! Contract: Facet.xsd of SF1510, version 6.0.STS-0; version 5 has shorter texts.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const TITEL: Field = text("TitelTekst").max(300).max_v5(100).searched();
pub const BESKRIVELSE: Field = text("BeskrivelseTekst").max(10_000).max_v5(4096);
pub const OPBYGNING: Field = text("OpbygningTekst").max(1024);
pub const OPHAVSRET: Field = text("OphavsretTekst").max(4096);
pub const PLAN: Field = text("PlanIdentifikator").pattern(r"(100)|[1-9]\d?");
pub const SUPPLEMENT: Field = text("SupplementTekst").max(1024);
pub const RETSKILDE: Field = text("RetskildeTekst").max(4096);

pub const ANSVARLIG: RelationType = one("Ansvarlig", Target::Aktoer);
pub const EJER: RelationType = one("Ejer", Target::Aktoer);
pub const FACET_TILHOERER: RelationType = one("FacetTilhoerer", Target::Klassifikation);
pub const REDAKTOERER: RelationType = many("Redaktoerer", Target::Aktoer);

/// The object type.
pub static FACET: ObjektType = ObjektType {
    name: "Facet",
    register: Register::Klassifikation,
    base: Base::SagDokObjekt,
    egenskaber: &[BRUGERVENDT_NOEGLE, TITEL, BESKRIVELSE, OPBYGNING, OPHAVSRET, PLAN, SUPPLEMENT, RETSKILDE],
    tilstand: Some(Tilstandsart::Publiceret),
    relationer: &[ANSVARLIG, EJER, FACET_TILHOERER, REDAKTOERER],
    lokal_udvidelse: &[5],
    versions: &[5, 6],
    opret_lister_valgfri: false,
    opslag: None,
};
