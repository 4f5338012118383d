//! Organisation: one organisation, the owner of its units, users and functions.
//!
//! Contract: Organisation.xsd of SF1500, version 6.0.STS-0.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const NAVN: Field = text("OrganisationNavn").max(200).searched();

pub const ADRESSER: RelationType = many("Adresser", Target::Adresse).dynamic();
pub const ANSATTE: RelationType = many("Ansatte", Target::Person);
pub const BRANCHE: RelationType = one("Branche", Target::Klasse);
pub const ORGANISATIONSTYPE: RelationType = one("Organisationstype", Target::Klasse);
pub const MYNDIGHED: RelationType = one("Myndighed", Target::Myndighed);
pub const MYNDIGHEDSTYPE: RelationType = one("Myndighedstype", Target::Klasse);
pub const TILKNYTTEDE_OPGAVER: RelationType = many("TilknyttedeOpgaver", Target::Klasse);
pub const OVERORDNET: RelationType = one("Overordnet", Target::OrganisationEnhed);
pub const PRODUKTIONSENHED: RelationType = one("Produktionsenhed", Target::Virksomhed);
pub const SKATTEENHED: RelationType = one("Skatteenhed", Target::Virksomhed);
pub const TILHOERER: RelationType = one("Tilhoerer", Target::Organisation);
pub const TILKNYTTEDE_BRUGERE: RelationType = many("TilknyttedeBrugere", Target::Bruger);
pub const TILKNYTTEDE_ENHEDER: RelationType = many("TilknyttedeEnheder", Target::OrganisationEnhed);
pub const TILKNYTTEDE_FUNKTIONER: RelationType = many("TilknyttedeFunktioner", Target::OrganisationFunktion);
pub const TILKNYTTEDE_INTERESSEFAELLESSKABER: RelationType =
    many("TilknyttedeInteressefaellesskaber", Target::Interessefaellesskab);
pub const TILKNYTTEDE_ORGANISATIONER: RelationType = many("TilknyttedeOrganisationer", Target::Organisation);
pub const TILKNYTTEDE_PERSONER: RelationType = many("TilknyttedePersoner", Target::Person);
pub const TILKNYTTEDE_ITSYSTEMER: RelationType = many("TilknyttedeItSystemer", Target::ItSystem);
pub const VIRKSOMHED: RelationType = one("Virksomhed", Target::Virksomhed);
pub const VIRKSOMHEDSTYPE: RelationType = one("Virksomhedstype", Target::Klasse);

/// The object type.
pub static ORGANISATION: ObjektType = ObjektType {
    name: "Organisation",
    register: Register::Organisation,
    base: Base::Aktoer,
    egenskaber: &[BRUGERVENDT_NOEGLE.mandatory(), NAVN],
    tilstand: Some(Tilstandsart::Gyldighed),
    relationer: &[
        ADRESSER,
        ANSATTE,
        BRANCHE,
        ORGANISATIONSTYPE,
        MYNDIGHED,
        MYNDIGHEDSTYPE,
        TILKNYTTEDE_OPGAVER,
        OVERORDNET,
        PRODUKTIONSENHED,
        SKATTEENHED,
        TILHOERER,
        TILKNYTTEDE_BRUGERE,
        TILKNYTTEDE_ENHEDER,
        TILKNYTTEDE_FUNKTIONER,
        TILKNYTTEDE_INTERESSEFAELLESSKABER,
        TILKNYTTEDE_ORGANISATIONER,
        TILKNYTTEDE_PERSONER,
        TILKNYTTEDE_ITSYSTEMER,
        VIRKSOMHED,
        VIRKSOMHEDSTYPE,
    ],
    lokal_udvidelse: &[6],
    versions: &[6],
    opret_lister_valgfri: false,
    opslag: None,
};
