//! OrganisationEnhed: one unit in the organisation's tree.
//!
//! Contract: OrganisationEnhed.xsd of SF1500, version 6.0.STS-0.

#![allow(missing_docs, reason = "every constant is named after the element it describes")]

use super::super::*;
use super::*;

pub const NAVN: Field = text("EnhedNavn").max(200).searched();

pub const ADRESSER: RelationType = many("Adresser", Target::Adresse).dynamic();
pub const ANSATTE: RelationType = many("Ansatte", Target::Person);
pub const BRANCHE: RelationType = one("Branche", Target::Klasse);
pub const ENHEDSTYPE: RelationType = one("Enhedstype", Target::Klasse);
pub const OPGAVER: RelationType = many("Opgaver", Target::Klasse).dynamic();
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

/// The object type.
pub static ORGANISATIONENHED: ObjektType = ObjektType {
    name: "OrganisationEnhed",
    register: Register::Organisation,
    base: Base::Aktoer,
    egenskaber: &[BRUGERVENDT_NOEGLE.mandatory(), NAVN],
    tilstand: Some(Tilstandsart::Gyldighed),
    relationer: &[
        ADRESSER,
        ANSATTE,
        BRANCHE,
        ENHEDSTYPE,
        OPGAVER,
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
    ],
    lokal_udvidelse: &[6],
    versions: &[6],
    opret_lister_valgfri: false,
    opslag: Some(Opslag { under: &[OVERORDNET], efter: NAVN, ord: NAVN }),
};
