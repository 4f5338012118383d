//! The Sags- og Dokumentindeks (SF1470) and the Ydelsesindeks (SF1490): their messages, rules and searches.
//!
//! Pure: no store, no HTTP, no clock, no chance. Start with [`skema`], which describes everything that stands in a message,
//! then [`model`] and [`kald`].

pub mod besked;
mod fejl;
pub mod fjernelse;
pub mod flet;
pub mod form;
pub mod kald;
pub mod kandidater;
mod knude;
pub mod krop;
mod laes;
pub mod model;
pub mod noegler;
pub mod regler;
pub mod roller;
pub mod skema;
mod skriv;
pub mod skriveret;
pub mod soeg;
pub mod synlighed;
#[cfg(test)]
mod testing;
pub mod verden;

pub use fejl::Fejl;
pub use knude::{Knude, Vaerdi};
pub use laes::{BYTES_MAX, DYBDE_MAX, laes, laes_bytes};
pub use skriv::skriv;
