//! The event message: its envelope, the filters over it, and who may send and receive it.
//!
//! Pure: no I/O, no clock, no chance. Start with [`Kuvert::laes`]; [`Register`] says where a message goes, [`kopi`] makes
//! the bytes each receiver gets, and [`udfald`] judges a receiver's answer.

mod beskrivelse;
mod filter;
mod kopi;
mod kuvert;
mod levering;
mod register;
mod ret;
mod skema;
#[cfg(test)]
mod testing;
mod tid;
mod udveksling;
mod vaerdi;
pub mod vaerdiliste;

pub use beskrivelse::{KUVERT_NS, kuvert_xsd};
pub use filter::{FILTER_TEGN_MAX, Filter, FilterFejl, Vaerdilister};
pub use kopi::{Leverancerute, kopi, uden_akkreditiver};
pub use kuvert::{BeskedFejl, Kuvert};
pub use levering::{Udfald, laes_kvittering, modtag_besked_input, naeste_forsoeg, standardretur, udfald};
pub use register::{Placering, Post, Register};
pub use ret::{
    Afsendelse, Afslag, FOELSOMHEDER, FOELSOMME, FORTROLIGE, Grund, IKKE_FORTROLIGE, Kleled, Mangel,
    Modtagelse, SAERLIGT_BESKYTTEDE, UgyldigtKleled,
};
pub use udveksling::{DueslagFejl, Kald, Kvittering, Levering, Stop};
pub use vaerdi::normaliser;
