//! OrganisationFunktion: what somebody or something does: a post, a leader role, a paying unit, a contact place.
//!
//! Contract: OrganisationFunktion.xsd of SF1500, version 6.0.STS-0.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const NAVN: Field = text("FunktionNavn").max(200).searched();

pub const ADRESSER: RelationType = many("Adresser", Target::Adresse).dynamic();
pub const FUNKTIONSTYPE: RelationType = one("Funktionstype", Target::Klasse);
pub const TILKNYTTEDE_OPGAVER: RelationType = many("TilknyttedeOpgaver", Target::Klasse);
pub const TILKNYTTEDE_BRUGERE: RelationType = many("TilknyttedeBrugere", Target::Bruger);
pub const TILKNYTTEDE_ENHEDER: RelationType = many("TilknyttedeEnheder", Target::OrganisationEnhed);
pub const TILKNYTTEDE_INTERESSEFAELLESSKABER: RelationType =
    many("TilknyttedeInteressefaellesskaber", Target::Interessefaellesskab);
pub const TILKNYTTEDE_ORGANISATIONER: RelationType = many("TilknyttedeOrganisationer", Target::Organisation);
pub const TILKNYTTEDE_PERSONER: RelationType = many("TilknyttedePersoner", Target::Person);
pub const TILKNYTTEDE_ITSYSTEMER: RelationType = many("TilknyttedeItSystemer", Target::ItSystem);

/// The object type.
pub static ORGANISATIONFUNKTION: ObjektType = ObjektType {
    name: "OrganisationFunktion",
    register: Register::Organisation,
    base: Base::Aktoer,
    egenskaber: &[BRUGERVENDT_NOEGLE.mandatory(), NAVN],
    tilstand: Some(Tilstandsart::Gyldighed),
    relationer: &[
        ADRESSER,
        FUNKTIONSTYPE,
        TILKNYTTEDE_OPGAVER,
        TILKNYTTEDE_BRUGERE,
        TILKNYTTEDE_ENHEDER,
        TILKNYTTEDE_INTERESSEFAELLESSKABER,
        TILKNYTTEDE_ORGANISATIONER,
        TILKNYTTEDE_PERSONER,
        TILKNYTTEDE_ITSYSTEMER,
    ],
    lokal_udvidelse: &[6],
    versions: &[6],
    opret_lister_valgfri: false,
    opslag: None,
};
