//! The OIO core: identifiers, registreringer, the catalog of object types, and the operations on an object.
//!
//! Pure: no I/O, no clock, no chance. Time and new ids are parameters. Start with [`catalog`], then [`model`].

pub mod catalog;
mod fejl;
mod ids;
pub mod krop;
pub mod laesning;
mod logtekst;
pub mod model;
pub mod noegle;
pub mod operation;
pub mod overgang;
pub mod soegning;
pub mod tid;
pub mod validering;

pub use catalog::{Navn, ObjektType};
pub use fejl::Fejl;
pub use ids::{Cvr, ObjektId, UgyldigtCvr, UnikId};
pub use logtekst::logtekst;
