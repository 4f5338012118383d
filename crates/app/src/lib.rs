//! What a use case starts from: the store, the clock, chance, the settings, and [`App::authorize`].
//!
//! The only crate that asks what time it is or makes up identifiers; everything below gets both as parameters.

mod app;
mod config;
mod labels;
mod metrics;
mod politik;

pub use app::{App, PeerCertificate, fejl};
pub use config::Config;
pub use labels::Labels;
pub use metrics::{Metrics, Silent};
pub use politik::Entitet;
