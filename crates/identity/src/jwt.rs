//! The JWT of the STS: issued, verified, and its keys published (RFC 7519, 7515, 7517, 8705).
//!
//! Signing is RSA on bytes made here, and the key is parsed once: a JWT library would parse it for every token, and
//! accepts more than one kind of token than this.

mod idtoken;
pub(crate) mod json;
mod noegle;
mod udsted;
mod verificer;

pub use idtoken::{Idkrav, Udbydernoegler, verificer_idtoken};
pub use noegle::{Alg, JwtNoegle, NoegleFejl, Noeglering, jwks};
pub use udsted::{Claims, udsted};
pub use verificer::{JwtFejl, Regler, Token, verificer};
