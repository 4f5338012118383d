//! Certificates, SAML assertions, tokens, passkeys and the OIO privilege profile: parse, verify, issue.
//!
//! Nothing here asks the time, the network or chance: instants, fetched bytes and identifiers are parameters. Every
//! refusal names its exact reason, for the log; what is said outwards is the caller's business, and neutral.
//!
//! Start with [`Certifikat`], then [`tillid`] and [`spaerring`] for whether to trust one, [`saml`] and [`jwt`] for the
//! tokens of the STS, and [`bpp`] for what they allow.

pub mod bpp;
pub mod certifikat;
mod der;
mod hash;
pub mod jwt;
mod kartotek;
mod offentlig;
pub mod saml;
mod signatur;
pub mod spaerring;
pub mod tid;
pub mod tillid;
pub mod webauthn;

pub use certifikat::{Certifikat, CertifikatFejl};
pub use kartotek::Kartotek;
