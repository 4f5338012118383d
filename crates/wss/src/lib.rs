//! WS-Security and WS-Addressing as the Danish services use them: finding the parts of an envelope, checking what is
//! signed, and writing signed answers.
//!
//! [`rst`] reads what the token service is asked for. Both that service and the services that rely on its tokens stand on this. It trusts nobody: the caller brings the
//! key that a message must be signed with, and reads from the message only what [`Sikkerhed::verify`] has covered. Begin
//! with [`Konvolut::laes`].

mod fejl;
mod konvolut;
pub mod ns;
pub mod rst;
mod sikkerhed;
mod skriv;

pub use fejl::{Udad, WssFejl};
pub use konvolut::{Adressering, Konvolut, kaldenavne, transport_action, transport_passer};
pub use sikkerhed::{Krav, SKEW_MICROS, Sikkerhed, Tokenbeskyttelse};
pub use skriv::{Noeglehenvisning, SkrivFejl, Svarhoved, Underskriver, underskriv};

use aws_lc_rs::digest::{Context, SHA256};

/// What a message is recognised by when it comes again: its signer with its id, and its signature.
#[must_use]
pub fn engangsnoegler(signer: &[u8; 32], message_id: &str, signature: &[u8]) -> [[u8; 32]; 2] {
    let hash = |parts: [&[u8]; 3]| {
        let mut context = Context::new(&SHA256);
        parts.iter().for_each(|part| context.update(part));
        <[u8; 32]>::try_from(context.finish().as_ref()).expect("SHA-256 has 32 bytes")
    };
    [hash([b"MessageID", signer, message_id.as_bytes()]), hash([b"SignatureValue", signature, b""])]
}
