//! Use cases of the Sags- og Dokumentindeks and the Ydelsesindeks: one call in, the message that answers it out.
//!
//! What is decided is decided by the pure crate `indeks` over plain values; here they are fetched, and what is decided is stored.
//! Start with [`udfoer`], then `importer`, the typical write, and `fremsoeg`, the typical read.

mod adgang;
mod fjern;
mod fremsoeg;
mod grundlag;
mod hent;
mod importer;
mod kald;
mod kandidater;
mod naboer;
mod opdater;
mod opslag;
pub mod overtag;
mod skriv;
mod taet;
mod valider;

pub use grundlag::kontroller;
pub use kald::{udfoer, valider};

use indeks::kald::Retur;

/// What a step gives, or the status that ends the call.
pub(crate) type Svar<T> = Result<T, Retur>;
