//! The keys of signatures, and how strong they must be.

use crate::SignatureAlgorithm;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, KeyPair, ParsedPublicKey, RsaKeyPair, VerificationAlgorithm};
use std::fmt;

/// Bits of an RSA modulus, at least.
pub const RSA_BITS_MIN: usize = 2048;
/// Bits of an RSA modulus, at most: larger keys make every verification slow.
pub const RSA_BITS_MAX: usize = 8192;

/// Why a key is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoegleFejl {
    /// Not a DER-encoded key of a kind we know: RSA, or EC on P-256 or P-384.
    #[error("nøglen er hverken RSA eller EC på P-256 eller P-384 i DER")]
    Form,
    /// RSA of this many bits.
    #[error("RSA-nøglen er på {0} bit; den skal være på {RSA_BITS_MIN}-{RSA_BITS_MAX}")]
    Laengde(usize),
    /// RSA with a public exponent that is even, below 3 or above 33 bits.
    #[error("RSA-nøglens eksponent er ulovlig")]
    Eksponent,
    /// The key cannot be used with this algorithm.
    #[error("nøglen passer ikke til signaturalgoritmen")]
    Algoritme,
    /// The signature is not this key's over this message.
    #[error("signaturværdien passer ikke")]
    Vaerdi,
    /// The key could not sign. Does not happen with a sound key.
    #[error("nøglen kunne ikke signere")]
    Signering,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
}

impl Kind {
    /// The algorithm the parsed key is kept for.
    fn usual(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Rsa => &signature::RSA_PKCS1_2048_8192_SHA256,
            Self::P256 => &signature::ECDSA_P256_SHA256_FIXED,
            Self::P384 => &signature::ECDSA_P384_SHA384_FIXED,
        }
    }
}

/// A public key, strong enough.
#[derive(Clone)]
pub struct PublicKey {
    kind: Kind,
    spki: Box<[u8]>,
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in DER, as it stands in a certificate.
    ///
    /// # Errors
    /// [`NoegleFejl`] for keys of other kinds and for RSA outside [`RSA_BITS_MIN`]..=[`RSA_BITS_MAX`].
    pub fn from_spki(der: &[u8]) -> Result<Self, NoegleFejl> {
        let kind = kind_of(der)?;
        let parsed = ParsedPublicKey::new(kind.usual(), der).map_err(|_| NoegleFejl::Form)?;
        Ok(Self { kind, spki: der.into(), parsed })
    }

    /// The SubjectPublicKeyInfo it was made from.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Checks a signature over bytes. For XML see [`crate::Signature::verify`].
    ///
    /// # Errors
    /// [`NoegleFejl::Algoritme`] and [`NoegleFejl::Vaerdi`].
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        value: &[u8],
    ) -> Result<(), NoegleFejl> {
        use SignatureAlgorithm as A;
        let (implementation, asn1): (&'static dyn VerificationAlgorithm, _) = match (self.kind, algorithm) {
            (Kind::Rsa, A::RsaSha256) | (Kind::P256, A::EcdsaSha256) | (Kind::P384, A::EcdsaSha384) => {
                return self.parsed.verify_sig(message, value).map_err(|_| NoegleFejl::Vaerdi);
            }
            (Kind::Rsa, A::RsaSha384) => (&signature::RSA_PKCS1_2048_8192_SHA384, false),
            (Kind::Rsa, A::RsaSha512) => (&signature::RSA_PKCS1_2048_8192_SHA512, false),
            (Kind::Rsa, A::RsaPssSha256) => (&signature::RSA_PSS_2048_8192_SHA256, false),
            (Kind::P256, A::EcdsaSha384) => (&signature::ECDSA_P256_SHA384_ASN1, true),
            (Kind::P384, A::EcdsaSha256) => (&signature::ECDSA_P384_SHA256_ASN1, true),
            _ => return Err(NoegleFejl::Algoritme),
        };
        let key = ParsedPublicKey::new(implementation, &self.spki).map_err(|_| NoegleFejl::Form)?;
        let asn1 = if asn1 { Some(ecdsa_asn1(value, self.kind)?) } else { None };
        key.verify_sig(message, asn1.as_deref().unwrap_or(value)).map_err(|_| NoegleFejl::Vaerdi)
    }

    /// Whether signatures of this algorithm can be this key's.
    #[must_use]
    pub fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        let elliptic = matches!(algorithm, SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384);
        elliptic == (self.kind != Kind::Rsa)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?}, {} bytes)", self.kind, self.spki.len())
    }
}

/// A private key that signs. Its content appears nowhere, also not in `Debug`.
pub struct SigningKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

impl SigningKey {
    /// Reads an unencrypted PKCS#8 key in DER: RSA, or EC on P-256.
    ///
    /// # Errors
    /// [`NoegleFejl::Form`] for other keys, and what [`PublicKey::from_spki`] refuses.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, NoegleFejl> {
        let refused = |_| NoegleFejl::Form;
        if let Ok(pair) = RsaKeyPair::from_pkcs8(der) {
            let spki = pair.public_key().as_der().map_err(|_| NoegleFejl::Form)?;
            let public = PublicKey::from_spki(spki.as_ref())?;
            return Ok(Self { pair: Pair::Rsa(pair), public });
        }
        let pair =
            EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, der).map_err(refused)?;
        let spki = pair.public_key().as_der().map_err(|_| NoegleFejl::Form)?;
        let public = PublicKey::from_spki(spki.as_ref())?;
        Ok(Self { pair: Pair::P256(pair), public })
    }

    /// What it signs with: RSA PKCS#1 v1.5 with SHA-256, or ECDSA with SHA-256.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        match self.pair {
            Pair::Rsa(_) => SignatureAlgorithm::RsaSha256,
            Pair::P256(_) => SignatureAlgorithm::EcdsaSha256,
        }
    }

    /// The key that verifies what this one signs.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Signs bytes. For XML see [`crate::sign`].
    ///
    /// # Errors
    /// [`NoegleFejl::Signering`].
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, NoegleFejl> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut value = vec![0; pair.public_modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &random, message, &mut value)
                    .map_err(|_| NoegleFejl::Signering)?;
                Ok(value)
            }
            Pair::P256(pair) => {
                let value = pair.sign(&random, message).map_err(|_| NoegleFejl::Signering)?;
                Ok(value.as_ref().to_vec())
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

/// Reads so much of a SubjectPublicKeyInfo that the key's kind and strength are known.
fn kind_of(der: &[u8]) -> Result<Kind, NoegleFejl> {
    const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
    const EC: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
    const P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    const P384: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x22];
    let read = || -> Option<(&[u8], &[u8], &[u8])> {
        let (outer, []) = tlv(der, 0x30)? else { return None };
        let (algorithm, rest) = tlv(outer, 0x30)?;
        let (bits, []) = tlv(rest, 0x03)? else { return None };
        let (oid, parameters) = tlv(algorithm, 0x06)?;
        Some((oid, parameters, bits.strip_prefix(&[0])?))
    };
    let (oid, parameters, key) = read().ok_or(NoegleFejl::Form)?;
    match oid {
        RSA => rsa_strength(key).map(|()| Kind::Rsa),
        EC => match tlv(parameters, 0x06) {
            Some((P256, [])) => Ok(Kind::P256),
            Some((P384, [])) => Ok(Kind::P384),
            _ => Err(NoegleFejl::Form),
        },
        _ => Err(NoegleFejl::Form),
    }
}

/// Checks an RSAPublicKey (RFC 8017, A.1.1).
fn rsa_strength(key: &[u8]) -> Result<(), NoegleFejl> {
    let read = || -> Option<(&[u8], &[u8])> {
        let (outer, []) = tlv(key, 0x30)? else { return None };
        let (modulus, rest) = tlv(outer, 0x02)?;
        let (exponent, []) = tlv(rest, 0x02)? else { return None };
        Some((modulus, exponent))
    };
    let (modulus, exponent) = read().ok_or(NoegleFejl::Form)?;
    let bits = bits(modulus);
    if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
        return Err(NoegleFejl::Laengde(bits));
    }
    let odd = exponent.last().is_some_and(|b| b & 1 == 1);
    if !odd || !(2..=33).contains(&self::bits(exponent)) {
        return Err(NoegleFejl::Eksponent);
    }
    Ok(())
}

/// The bits of an unsigned number.
fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|b| **b == 0).count();
    let number = &number[zeros..];
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

/// The content of the value with this tag at the front, and what follows it. Definite lengths only (X.690, 8.1.3).
fn tlv(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let count = usize::from(first & 0x7F);
    let (length, rest) = match first {
        0..=0x7F => (usize::from(first), rest),
        0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(count)?;
            (bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b)), rest)
        }
        _ => return None,
    };
    if found == tag { rest.split_at_checked(length) } else { None }
}

/// r and s, side by side, as the SEQUENCE of two INTEGERs some implementations want.
fn ecdsa_asn1(value: &[u8], kind: Kind) -> Result<Vec<u8>, NoegleFejl> {
    let half = if kind == Kind::P256 { 32 } else { 48 };
    if value.len() != 2 * half {
        return Err(NoegleFejl::Vaerdi);
    }
    let mut body = Vec::with_capacity(2 * half + 8);
    for number in value.chunks(half) {
        let zeros = number.iter().take_while(|b| **b == 0).count().min(half - 1);
        let number = &number[zeros..];
        let sign = u8::from(number[0] >= 0x80);
        // At most 49 and 102 bytes: lengths of one byte.
        body.extend([0x02, number.len() as u8 + sign]);
        body.extend(std::iter::repeat_n(0, usize::from(sign)));
        body.extend(number);
    }
    let mut der = vec![0x30, body.len() as u8];
    der.append(&mut body);
    Ok(der)
}

#[cfg(test)]
mod tests;
