//! Files of the indexes: read object by object, packed or not, and written by `fundament generate indeks`.

mod laes;
mod parallel;
mod skriv;

pub use laes::{Kilde, Laesefejl};
pub use parallel::i_orden;
pub use skriv::{Filskriver, generer};
