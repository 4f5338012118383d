//! Myndighed: a public authority with its authority code.
//!
//! Contract: Myndighed.xsd of SF1500, version 6.0.STS-0.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const CVR_NUMMER: Field = text("CVR-NummerTekst").pattern("[0-9]{8}").ns(Ns::Sts).searched();
pub const NAVN: Field = text("NavnTekst").max(200).ns(Ns::Sts).searched();
pub const MYNDIGHEDSKODE: Field = text("MyndighedsKode").pattern("[0-9]{3}|[0-9]{4}").ns(Ns::Sts).searched();

/// The object type.
pub static MYNDIGHED: ObjektType = ObjektType {
    name: "Myndighed",
    register: Register::Organisation,
    base: Base::Part,
    egenskaber: &[BRUGERVENDT_NOEGLE, CVR_NUMMER, NAVN, MYNDIGHEDSKODE],
    tilstand: None,
    relationer: &[],
    lokal_udvidelse: &[],
    versions: &[6],
    opret_lister_valgfri: false,
    opslag: None,
};
