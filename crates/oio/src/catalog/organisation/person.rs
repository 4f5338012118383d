//! Person: a natural person behind one or more users.
//!
//! Contract: Person.xsd of SF1500, version 6.0.STS-0.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const CPR_NUMMER: Field =
    text("CPR-NummerTekst").pattern("[0-9]{10}").ns(Ns::Sts).searched().beskyttet(Beskyttelse::SeCpr);
pub const NAVN: Field =
    text("NavnTekst").max(100).ns(Ns::Egen).mandatory().searched().beskyttet(Beskyttelse::SeNavn);

/// The object type.
pub static PERSON: ObjektType = ObjektType {
    name: "Person",
    register: Register::Organisation,
    base: Base::Part,
    egenskaber: &[BRUGERVENDT_NOEGLE.mandatory(), CPR_NUMMER, NAVN],
    tilstand: None,
    relationer: &[],
    lokal_udvidelse: &[],
    versions: &[6],
    opret_lister_valgfri: false,
    opslag: None,
};
