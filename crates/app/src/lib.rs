//! What a use case starts from: the store, the clock, chance, the settings, and [`App::authorize`].
//!
//! The only crate that asks what time it is or makes up identifiers; everything below gets both as parameters.

mod adviser;
mod app;
mod besked;
mod config;
mod egne;
mod fejl;
mod indeks;
mod labels;
mod metrics;
mod noegler;
mod politik;
mod reference;
mod segl;
mod tillid;
mod udgaaende;
mod udgang;

pub use administration::Entitet;
pub use adviser::Adviserconfig;
pub use app::{App, Klientadresse, PeerCertificate, fejl, machine_clock};
pub use besked::Beskedconfig;
pub use config::{Config, Spaerring};
pub use egne::Egetcertifikat;
pub use fejl::PolitikFejl;
pub use indeks::Indeksconfig;
pub use labels::Labels;
pub use metrics::{Metrics, Silent};
pub use noegler::{Noeglepar, Noegler};
pub use politik::{Laest, Versioner, nye_fund, udregn};
pub use reference::reference;
pub use segl::Segl;
pub use tillid::{Formaal, Tillidssvar, Tillidstjek, UdenSpaerring, gyldig};
pub use udgaaende::{
    Adresse, Adressefejl, FORBIND_MAX, SVAR_MAX, Udekald, Udesvar, Udgaaende, Vaern, er_intern, er_offentlig,
    klient as udgaaende_klient, sikker as sikkert_hoved,
};
pub use udgang::{Callbackproeve, Callbackproevet, IngenUdgang, Udgang, Udgangsfejl, Udgangssvar};
