//! Public keys as COSE has them (RFC 9052, 9053), of the three kinds that are verified.

use super::data::{naeste, opslag};
use super::{NOEGLE_MAKS, WebauthnFejl};
use crate::offentlig::{Ecform, Rsaform, ed25519, p256, rsa};
use aws_lc_rs::signature::ParsedPublicKey;
use ciborium::Value;

pub(super) const ES256: i64 = -7;
pub(super) const EDDSA: i64 = -8;
pub(super) const RS256: i64 = -257;

/// A key that signatures are verified with.
pub(super) struct Noegle(ParsedPublicKey);

impl Noegle {
    pub(super) fn laes(cose: &[u8]) -> Result<Self, WebauthnFejl> {
        if cose.len() > NOEGLE_MAKS {
            return Err(WebauthnFejl::Stoerrelse);
        }
        let mut rest = cose;
        let par = naeste(&mut rest).and_then(|(vaerdi, _)| opslag(vaerdi)).filter(|_| rest.is_empty());
        let par = par.ok_or(WebauthnFejl::Form("nøgle"))?;
        let felt = |nr: i64| par.iter().find(|(navn, _)| *navn == Value::from(nr)).map(|(_, vaerdi)| vaerdi);
        let tal = |nr| felt(nr).and_then(Value::as_integer).and_then(|tal| i64::try_from(tal).ok());
        let bytes = |nr| felt(nr).and_then(Value::as_bytes).map(Vec::as_slice);
        // Type of key (1), algorithm (3), and what belongs to each; -1 is the curve or the modulus.
        let noegle = || match (tal(1)?, tal(3)?) {
            (2, ES256) if tal(-1)? == 1 => p256(bytes(-2)?, bytes(-3)?, Ecform::Der),
            (1, EDDSA) if tal(-1)? == 6 => ed25519(bytes(-2)?),
            (3, RS256) => rsa(bytes(-1)?, bytes(-2)?, Rsaform::Pkcs1),
            _ => None,
        };
        noegle().map(Self).ok_or(WebauthnFejl::Noegle)
    }

    pub(super) fn kontroller(&self, besked: &[u8], signatur: &[u8]) -> Result<(), WebauthnFejl> {
        self.0.verify_sig(besked, signatur).map_err(|_| WebauthnFejl::Signatur)
    }
}
