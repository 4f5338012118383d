//! Bruger: a user account of a person or robot.
//!
//! Contract: Bruger.xsd of SF1500, version 6.0.STS-0.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const BRUGERNAVN: Field = text("BrugerNavn").max(200).searched();
pub const BRUGERTYPE: Field = text("BrugerTypeTekst").max(50);

pub const ADRESSER: RelationType = many("Adresser", Target::Adresse).dynamic();
pub const BRUGER_TYPER: RelationType = many("BrugerTyper", Target::Klasse);
pub const TILKNYTTEDE_OPGAVER: RelationType = many("TilknyttedeOpgaver", Target::Klasse);
pub const TILHOERER: RelationType = one("Tilhoerer", Target::Organisation);
pub const TILKNYTTEDE_ENHEDER: RelationType = many("TilknyttedeEnheder", Target::OrganisationEnhed);
pub const TILKNYTTEDE_FUNKTIONER: RelationType = many("TilknyttedeFunktioner", Target::OrganisationFunktion);
pub const TILKNYTTEDE_INTERESSEFAELLESSKABER: RelationType =
    many("TilknyttedeInteressefaellesskaber", Target::Interessefaellesskab);
pub const TILKNYTTEDE_ORGANISATIONER: RelationType = many("TilknyttedeOrganisationer", Target::Organisation);
pub const TILKNYTTEDE_PERSONER: RelationType = many("TilknyttedePersoner", Target::Person);
pub const TILKNYTTEDE_ITSYSTEMER: RelationType = many("TilknyttedeItSystemer", Target::ItSystem);

/// The object type.
pub static BRUGER: ObjektType = ObjektType {
    name: "Bruger",
    register: Register::Organisation,
    base: Base::Aktoer,
    egenskaber: &[BRUGERVENDT_NOEGLE.mandatory(), BRUGERNAVN, BRUGERTYPE],
    tilstand: Some(Tilstandsart::Gyldighed),
    relationer: &[
        ADRESSER,
        BRUGER_TYPER,
        TILKNYTTEDE_OPGAVER,
        TILHOERER,
        TILKNYTTEDE_ENHEDER,
        TILKNYTTEDE_FUNKTIONER,
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
