//! Who enters the Administrationsmodul: accounts, passwords, second factors and sessions. No pages.
//!
//! Nobody is in before two things were shown: a password and a code, or a passkey that knows its user by itself. A
//! [`Login`] holds what that takes. Begin with `indgang.rs`: each [`Trin`] is a session, or a [`Udfordring`] that says
//! what is still missing. What lies between two steps lies sealed with the browser, not in the database.
//!
//! To strangers every refusal is the same and takes as long; the exact reason is in the events.

mod adgangskode;
mod begraenser;
mod billet;
mod config;
mod fejl;
mod forsoeg;
mod haendelse;
mod hvile;
mod indgang;
mod klient;
mod konto;
mod krypt;
mod login;
mod oidc;
mod passkey;
mod regler;
mod session;
mod tilmelding;
mod totp;

pub use config::Loginconfig;
pub use fejl::LoginFejl;
pub use haendelse::Slags;
pub use indgang::{Trin, Udfordring};
pub use klient::{Aktoer, Klient};
pub use konto::{Engangstoken, Indloest};
pub use krypt::{Hemmelig, Loginnoegle};
pub use login::Login;
pub use oidc::{Aerinde, OIDC_SVAR, OidcStart, OidcSvar, Udbyder};
pub use passkey::PasskeyStart;
pub use session::{NySession, Session};
pub use store::{Konto, Kontotilstand, Loginhaendelse, Loginsession, Tokenformaal};
pub use tilmelding::{FaktorVisning, Tilmelder, TotpTilmelding};
