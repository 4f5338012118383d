//! Login against a store in memory, with the clock turned by hand.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod indgang;
mod konto;
mod oidc;
mod passkey;
mod scene;
mod session;
mod udbyder;
