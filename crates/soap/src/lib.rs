//! SOAP 1.1 and 1.2: bytes ⇄ one typed call, for every service and version of Organisation and Klassifikation, for the
//! lists of the distributor, and for the two indexes (`indekstjeneste`).
//!
//! Codecs and descriptions follow the catalog of `oio`; what is hand-written is the envelope, the table of services
//! ([`tabel`]) and the containers of the system services. Nothing is decided here: each call goes to `registers`.
//!
//! Without the feature `server` there is only what reads a message, which takes nothing but pure crates: what the fuzzers build.

#![cfg_attr(not(feature = "server"), allow(dead_code))]

pub mod afkod;
#[cfg(feature = "server")]
pub mod beskedfordeler;
#[cfg(feature = "server")]
pub mod beskrivelse;
mod fejl;
#[cfg(feature = "server")]
pub mod haendelse;
#[cfg(feature = "server")]
mod http;
#[cfg(feature = "server")]
pub mod indekstjeneste;
pub mod kuvert;
pub mod ns;
#[cfg(feature = "server")]
mod sikkerhed;
#[cfg(feature = "server")]
pub mod skriv;
#[cfg(feature = "server")]
mod svar;
pub mod tabel;
mod tid;

pub use fejl::Fault;
#[cfg(feature = "server")]
pub use http::router;

use bitemporal::Instant;

/// Takes a message as far as it can be taken without a server: guard, parse, dispatch, decode.
///
/// # Errors
/// A fault; an error inside a recognised operation is the inner result.
pub fn parse_request(path: &str, bytes: &[u8], nu: Instant) -> Result<Result<afkod::Kald, oio::Fejl>, Fault> {
    let tjeneste = tabel::find(path).ok_or_else(|| Fault::with_status(404, "ukendt service"))?;
    let limits = xml::Limits::of_size(10 * 1024 * 1024);
    let document = xml::parse(bytes, &limits).map_err(|fejl| Fault::sender(fejl.to_string()))?;
    let kuvert = kuvert::open(&document, tjeneste)?;
    Ok(afkod::kald(tjeneste, kuvert.operation, kuvert.input, nu))
}
