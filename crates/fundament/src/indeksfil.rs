//! Files of the indexes: read object by object, packed or not, with what is refused put aside; and written by
//! `fundament generate indeks`.

mod afviste;
mod fremdrift;
mod laes;
mod parallel;
mod skriv;

pub use afviste::Afviste;
pub use fremdrift::Fremdrift;
pub use laes::{BESKADIGET, Kilde, Laesefejl, beskadiget};
pub use parallel::i_orden;
pub use skriv::generer;
