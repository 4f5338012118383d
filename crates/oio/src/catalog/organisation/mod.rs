//! The ten object types of Organisation (SF1500).

pub mod adresse;
pub mod bruger;
pub mod interessefaellesskab;
pub mod itsystem;
pub mod myndighed;
#[allow(clippy::module_inception, reason = "the register and one of its object types share a name")]
pub mod organisation;
pub mod organisationenhed;
pub mod organisationfunktion;
pub mod person;
pub mod virksomhed;

use super::field::{Beskyttelse, text};
use super::relation::{many, one};

pub use adresse::ADRESSE;
pub use bruger::BRUGER;
pub use interessefaellesskab::INTERESSEFAELLESSKAB;
pub use itsystem::ITSYSTEM;
pub use myndighed::MYNDIGHED;
pub use organisation::ORGANISATION;
pub use organisationenhed::ORGANISATIONENHED;
pub use organisationfunktion::ORGANISATIONFUNKTION;
pub use person::PERSON;
pub use virksomhed::VIRKSOMHED;
