//! Klassifikation: a whole classification, such as KLE or a chart of accounts.
//!
//! Contract: Klassifikation.xsd of SF1510, version 6.0.STS-0; version 5 has shorter texts.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const TITEL: Field = text("TitelTekst").max(300).max_v5(100).searched();
pub const BESKRIVELSE: Field = text("BeskrivelseTekst").max(10_000).max_v5(4096);
pub const KALDENAVN: Field = text("KaldenavnTekst").max(50).searched();
pub const OPHAVSRET: Field = text("OphavsretTekst").max(4096);

pub const ANSVARLIG: RelationType = one("Ansvarlig", Target::Aktoer);
pub const EJER: RelationType = one("Ejer", Target::Aktoer);

/// The object type.
pub static KLASSIFIKATION: ObjektType = ObjektType {
    name: "Klassifikation",
    register: Register::Klassifikation,
    base: Base::SagDokObjekt,
    egenskaber: &[BRUGERVENDT_NOEGLE, TITEL, BESKRIVELSE, KALDENAVN, OPHAVSRET],
    tilstand: Some(Tilstandsart::Publiceret),
    relationer: &[ANSVARLIG, EJER],
    lokal_udvidelse: &[5],
    versions: &[5, 6],
    opret_lister_valgfri: false,
    opslag: None,
};
