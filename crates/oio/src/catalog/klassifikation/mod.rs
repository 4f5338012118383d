//! The three object types of Klassifikation (SF1510).

pub mod facet;
pub mod klasse;
pub mod klassifikation;

use super::field::{gruppe, text};
use super::relation::{many, one};

pub use facet::FACET;
pub use klasse::KLASSE;
pub use klassifikation::KLASSIFIKATION;
