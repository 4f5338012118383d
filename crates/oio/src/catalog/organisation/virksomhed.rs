//! Virksomhed: a company or authority as the CVR register knows it.
//!
//! Contract: Virksomhed.xsd of SF1500, version 6.0.STS-0.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const CVR_NUMMER: Field = text("CVR-NummerTekst").pattern("[0-9]{8}").ns(Ns::Sts).searched();
pub const SE_NUMMER: Field = text("SE-NummerTekst").pattern("[0-9]{8}").ns(Ns::Sts).searched();
pub const P_NUMMER: Field = text("P-NummerTekst").pattern("[0-9]{10}").ns(Ns::Sts).searched();
pub const NAVN: Field = text("NavnTekst").max(200).ns(Ns::Sts).searched();

/// The object type.
pub static VIRKSOMHED: ObjektType = ObjektType {
    name: "Virksomhed",
    register: Register::Organisation,
    base: Base::Part,
    egenskaber: &[BRUGERVENDT_NOEGLE.mandatory(), CVR_NUMMER, SE_NUMMER, P_NUMMER, NAVN],
    tilstand: None,
    relationer: &[],
    lokal_udvidelse: &[],
    versions: &[6],
    opret_lister_valgfri: true,
    opslag: None,
};
