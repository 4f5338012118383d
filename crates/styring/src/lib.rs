//! Use cases of the Administrationsmodul: who does what to users, it-systems, certificates and serviceaftaler.
//!
//! Every function takes a [`Kald`], which says who acts, for which party and in which roles, and asks the permission
//! matrix before anything else. What it changes is one write: the entities, the tasks that follow, and the lines of the
//! log. Nothing here knows HTML, and nothing decides access to registers: that is `adgang`, which [`konsekvens`] asks.

pub mod adviser;
pub mod aftaler;
pub mod ajour;
pub mod apinoegler;
pub mod attesteringer;
pub mod brugere;
pub mod delegeringer;
mod fejl;
pub mod foederation;
pub mod forbrug;
pub mod forklar;
pub mod jobfunktionsroller;
mod kald;
pub mod klassifikation;
pub mod komigang;
pub mod konsekvens;
pub mod log;
pub mod opgaver;
pub mod opslag;
pub mod overfoersel;
pub mod part;
pub mod rollecertifikater;
pub mod rollekrav;
mod skriv;
pub mod stikproever;
pub mod systemer;
pub mod vaerdier;
pub mod visninger;
pub mod webhooks;

pub use fejl::Styringsfejl;
pub use kald::Kald;
pub use skriv::{Gemt, Side};
