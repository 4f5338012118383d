//! What a use case starts from: the store, the clock, chance, the settings, and [`App::authorize`].
//!
//! The only crate that asks what time it is or makes up identifiers; everything below gets both as parameters.

mod app;
mod config;
mod fejl;
mod labels;
mod metrics;
mod politik;

pub use administration::Entitet;
pub use app::{App, PeerCertificate, fejl};
pub use config::Config;
pub use fejl::PolitikFejl;
pub use labels::Labels;
pub use metrics::{Metrics, Silent};
pub use politik::{Laest, Versioner};
