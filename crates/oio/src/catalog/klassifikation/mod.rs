//! The three object types of Klassifikation (SF1510).

pub mod facet;
pub mod klasse;
#[allow(clippy::module_inception, reason = "the register and one of its object types share a name")]
pub mod klassifikation;

use super::field::{gruppe, text};
use super::relation::{many, one};

pub use facet::FACET;
pub use klasse::KLASSE;
pub use klassifikation::KLASSIFIKATION;
