//! The Administrationsmodul as web pages: parses, authenticates, asks `styring` and `login`, and renders. It decides nothing.
//!
//! Begin with `ruter.rs`: every address with the right it takes, as data. `port.rs` is the one way in: it judges where a
//! call comes from, who makes it, the token of the form and the right, before a page is asked. A page gets a
//! [`besoeg::Besoeg`] and gives HTML, or a [`fejl::Sidefejl`] that becomes a page with a code and what to do.

mod aendring;
mod aktiver;
mod besoeg;
mod cookie;
mod csv;
mod fejl;
mod felter;
mod fil;
mod formular;
mod liste;
mod meddelelse;
mod port;
mod ramme;
pub mod ruter;
mod sider;
mod vis;

use administration::Miljoe;
use app::{App, Udgaaende};
use axum::Router;
use login::Login;

pub use port::CSP;

/// Where everything of the module is found. All addresses of [`router`] begin with it but [`login::OIDC_SVAR`].
pub const ROD: &str = "/admin";

/// What the foot of every page says.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the pages start from. Cheap to clone.
#[derive(Clone)]
pub struct Tilstand {
    /// Store, policy, clock.
    pub app: App,
    /// Who enters.
    pub login: Login,
    /// What the band on every page says.
    pub miljoe: Miljoe,
    /// Whether notices are sent as mail.
    pub mail: bool,
    /// What tries a webhook.
    pub ud: Udgaaende,
}

/// The address that opens an account once.
#[must_use]
pub fn adgangslink(login: &Login, token: &login::Engangstoken) -> String {
    format!("{}{ROD}/adgang/{}", login.config().adresse, token.token.0)
}

/// Every page, with whole addresses: to be merged with what else the listener serves, not nested.
pub fn router(tilstand: Tilstand) -> Router {
    port::router(tilstand)
}
