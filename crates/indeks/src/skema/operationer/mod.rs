//! The messages of the nine operations, and of the events.

mod sdi;
mod ydelse;

pub use sdi::*;
pub use ydelse::*;

use super::Indhold::Felter;
use super::Ns::{Bi, Oe, Sag};
use super::faelles::{UUID, kode};
use super::{Element, Indhold, bevilling, dokument, effektuering, el, sag, valg};

const OPERATION: Indhold = kode(&["AND", "OR"]);
const RETNING: Indhold = kode(&["Stigende", "Faldende"]);

/// A choice that may be made any number of times, each part any number of times.
const fn blandet(af: &'static [Element]) -> Element {
    Element { mindst: 0, hoejst: None, ..valg(af) }
}

/// `sag:RegistreringBesked`.
pub static SAG_BESKED: Element = el(Sag, "RegistreringBesked", Felter(&[UUID, sag::REGISTRERING.en()])).en();
/// `bi:RegistreringBesked`.
pub static BI_BESKED: Element =
    el(Bi, "RegistreringBesked", Felter(&[UUID, bevilling::REGISTRERING.en()])).en();
/// `oe:RegistreringBesked`.
pub static OE_BESKED: Element =
    el(Oe, "RegistreringBesked", Felter(&[UUID, effektuering::REGISTRERING.en()])).en();

/// Every message of ours.
pub static ALLE: [&Element; 21] = [
    &SDI_IMPORTER,
    &SDI_IMPORTER_SVAR,
    &SDI_OPDATER,
    &SDI_OPDATER_SVAR,
    &SDI_FREMSOEG,
    &SDI_FREMSOEG_SVAR,
    &SDI_FJERN,
    &SDI_FJERN_SVAR,
    &YI_IMPORTER,
    &YI_IMPORTER_SVAR,
    &YI_OPDATER,
    &YI_OPDATER_SVAR,
    &YI_FREMSOEG,
    &YI_FREMSOEG_SVAR,
    &BI_FJERN,
    &BI_FJERN_SVAR,
    &OE_FJERN,
    &OE_FJERN_SVAR,
    &SAG_BESKED,
    &BI_BESKED,
    &OE_BESKED,
];

/// The extensions that stand in `gd:LokalUdvidelseListe`, which the schemas leave open.
pub static UDVIDELSER: [&Element; 18] = [
    &sag::INDEKS_EGENSKABER,
    &sag::AKTOER_UDV,
    &sag::KLASSE_UDV,
    &sag::PART_UDV,
    &sag::GENSTANDE_UDV,
    &sag::ITSYSTEM,
    &sag::SIKKERHEDSPROFIL,
    &sag::SOEG_EGENSKABER,
    &dokument::AKTOER_UDV,
    &dokument::PART_UDV,
    &dokument::KLASSE_UDV,
    &dokument::ITSYSTEM,
    &dokument::SIKKERHEDSPROFIL,
    &dokument::SOEG_EGENSKABER,
    &bevilling::SOEG_EGENSKABER,
    &bevilling::SOEG_YDELSE,
    &effektuering::SOEG_EGENSKABER,
    &effektuering::SOEG_YDELSE,
];
