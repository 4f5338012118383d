//! Signatures over certificates, revocation lists and OCSP responses, by the algorithms we trust.

use crate::der;
use rustls_pki_types::SignatureVerificationAlgorithm;
use webpki::aws_lc_rs as alg;

/// RSA with PKCS#1 or PSS, and ECDSA; SHA-2 only. OCES3 certificates are signed with RSASSA-PSS.
pub(crate) static ALGORITMER: &[&dyn SignatureVerificationAlgorithm] = &[
    alg::RSA_PKCS1_2048_8192_SHA256,
    alg::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    alg::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    alg::RSA_PKCS1_2048_8192_SHA384,
    alg::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    alg::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    alg::RSA_PKCS1_2048_8192_SHA512,
    alg::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    alg::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    alg::ECDSA_P256_SHA256,
    alg::ECDSA_P256_SHA384,
    alg::ECDSA_P384_SHA256,
    alg::ECDSA_P384_SHA384,
];

/// Why a signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignaturFejl {
    /// The algorithm is not one of ours, or not one for this key.
    Algoritme,
    /// It was made by another key or over other bytes.
    Forkert,
}

/// Checks a signature with the key of a `SubjectPublicKeyInfo`. `algoritme` is the content of its identifier.
pub(crate) fn kontroller(
    spki: &[u8],
    algoritme: &[u8],
    besked: &[u8],
    signatur: &[u8],
) -> Result<(), SignaturFejl> {
    let (noegletype, bits) = der::noegle(spki).ok_or(SignaturFejl::Algoritme)?;
    let fundet = ALGORITMER
        .iter()
        .find(|a| a.signature_alg_id().as_ref() == algoritme && a.public_key_alg_id().as_ref() == noegletype)
        .ok_or(SignaturFejl::Algoritme)?;
    fundet.verify_signature(bits, besked, signatur).map_err(|_| SignaturFejl::Forkert)
}
