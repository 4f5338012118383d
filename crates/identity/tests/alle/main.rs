//! The crate against certificates, responses and lists made by others, and against itself.

#![allow(clippy::unwrap_used)]

mod bpp;
mod certifikat;
mod faelles;
mod idtoken;
mod jwt;
mod kartotek;
mod login;
mod saml;
mod saml_afvist;
mod spaerring;
mod tillid;
mod vektorer;
mod webauthn;
