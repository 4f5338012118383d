//! Public keys out of their parts, as JSON and CBOR carry them.

use crate::der::{INTEGER, SEQUENCE, skriv};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaParameters, VerificationAlgorithm,
};

/// How a signature by P-256 is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ecform {
    /// As JWTs have it: two numbers of 32 bytes.
    Fast,
    /// As DER.
    Der,
}

/// How an RSA key signs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rsaform {
    Pkcs1,
    Pss,
}

/// A key on P-256, to verify with SHA-256.
pub(crate) fn p256(x: &[u8], y: &[u8], form: Ecform) -> Option<ParsedPublicKey> {
    if x.len() != 32 || y.len() != 32 {
        return None;
    }
    let alg: &'static dyn VerificationAlgorithm = match form {
        Ecform::Fast => &ECDSA_P256_SHA256_FIXED,
        Ecform::Der => &ECDSA_P256_SHA256_ASN1,
    };
    ParsedPublicKey::new(alg, [&[4], x, y].concat()).ok()
}

/// A key of Ed25519.
pub(crate) fn ed25519(x: &[u8]) -> Option<ParsedPublicKey> {
    (x.len() == 32).then(|| ParsedPublicKey::new(&ED25519, x).ok())?
}

/// An RSA key of 2048 to 8192 bits, to verify with SHA-256.
pub(crate) fn rsa(n: &[u8], e: &[u8], form: Rsaform) -> Option<ParsedPublicKey> {
    if !(256..=1024).contains(&n.len()) || !(1..=8).contains(&e.len()) || n[0] == 0 || e[0] == 0 {
        return None;
    }
    let tal = |bytes: &[u8]| skriv(INTEGER, &[if bytes[0] >= 0x80 { &[0] } else { &[] }, bytes]);
    let alg: &'static RsaParameters = match form {
        Rsaform::Pkcs1 => &RSA_PKCS1_2048_8192_SHA256,
        Rsaform::Pss => &RSA_PSS_2048_8192_SHA256,
    };
    ParsedPublicKey::new(alg, skriv(SEQUENCE, &[&tal(n), &tal(e)])).ok()
}
