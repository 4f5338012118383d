//! Adresse: one postal address, phone number, e-mail or other way to reach somebody.
//!
//! Contract: Adresse.xsd of SF1500, version 6.0.STS-0.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const ADRESSETEKST: Field = text("AdresseTekst").max(200).ns(Ns::Sts).mandatory().searched();

/// The object type.
pub static ADRESSE: ObjektType = ObjektType {
    name: "Adresse",
    register: Register::Organisation,
    base: Base::SagDokObjekt,
    egenskaber: &[BRUGERVENDT_NOEGLE.mandatory(), ADRESSETEKST],
    tilstand: None,
    relationer: &[],
    lokal_udvidelse: &[],
    versions: &[6],
    opret_lister_valgfri: true,
    opslag: None,
};
