//! The distributor: accepts messages, places them in dueslag, and hands them out until they are acknowledged.
//!
//! Begin with [`Fordeler::modtag`] (what becomes of a message that is sent) and [`Fordeler::aabn`] (how it is fetched).
//! `koe` is one dueslag as this server hands it out; `abonnementer` is the picture of the policy messages are placed by.

mod abonnementer;
mod adgangskort;
mod aftager;
mod aftaler;
mod beskedtyper;
mod betjening;
mod fejl;
mod fejlkoe;
mod fordeler;
mod forklar;
mod haendelser;
mod kalder;
mod koe;
mod lager;
mod modtag;
mod pasning;
mod proev;
mod push;
mod tal;
mod tjeneste;
mod udgiver;
mod vaerdilager;
mod vaerdilister;

pub use adgangskort::{Afsender, Bevis, Modtager, TokenFejl};
pub use aftager::{Aftager, Haandtag, Hentet};
pub use besked::{DueslagFejl, Kald, Kvittering, Levering, Stop};
pub use fejl::Fejl;
pub use fejlkoe::IkkeDer;
pub use fordeler::Fordeler;
pub use forklar::{Forklaring, Skaebne, Udenom};
pub use haendelser::{Beskeddata, beskedtype, egne_beskedtyper, indeks_beskedtype};
pub use kalder::{Kalderfejl, Tjenestekald};
pub use proev::{Eksempel, HOEJST, Proeve, Proevefejl, Proevet};
pub use push::{Callbackdom, Callbacksvar, IkkeKaldt, klient as push_klient};
pub use tal::{Dueslagstal, Tal};
pub use vaerdilister::Svar;
