//! Use cases of Organisation and Klassifikation: one function per operation, the same for every protocol.
//!
//! Each authorises in its first line, lets `oio` decide what the new registrering is, and appends it as one guarded
//! write set. Start with [`ret`], the typical write, and [`laes`], the typical read.

mod ajour;
mod anonymiser;
mod fremsoeg;
mod fysiskslet;
pub mod import;
mod labels;
mod laes;
mod nabo;
mod organisation;
mod parallel;
mod skriv;
mod soeg;
mod system;
mod tilfoej;

pub use ajour::ajourfoer_noegler;
pub use anonymiser::anonymiser;
pub use fremsoeg::{Hierarki, fremsoeg};
pub use fysiskslet::fysiskslet;
pub use labels::{Opslag, labels};
pub use laes::{laes, list};
pub use parallel::in_pieces;
pub use skriv::{importer, opret, passiver, ret, slet};
pub use soeg::soeg;
pub use system::importer_system;

pub use oio::catalog::lister;
pub use oio::operation::{Anonymiser, Fremsoegning};
