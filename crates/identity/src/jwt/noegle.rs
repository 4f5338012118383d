//! Keys: the one we sign with, and those we verify with, each under its `kid`.

use crate::certifikat::noegle::rsa;
use crate::{Certifikat, der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_SHA256, RsaEncoding, RsaKeyPair, RsaParameters,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use std::fmt;
use std::sync::Arc;

/// The algorithm of an issuer: one, fixed by configuration, never chosen by a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Alg {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[default]
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
}

impl Alg {
    /// The name in `alg`.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    fn signering(self) -> &'static dyn RsaEncoding {
        match self {
            Self::Rs256 => &RSA_PKCS1_SHA256,
            Self::Ps256 => &RSA_PSS_SHA256,
        }
    }

    fn verifikation(self) -> &'static RsaParameters {
        match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Ps256 => &RSA_PSS_2048_8192_SHA256,
        }
    }
}

/// Why a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoegleFejl {
    /// Not an RSA key in PKCS#8.
    #[error("nøglen er ikke en RSA-nøgle i PKCS#8-form")]
    Form,
    /// The certificate is of another key.
    #[error("certifikatet hører ikke til nøglen")]
    AndetCertifikat,
    /// The key could not sign.
    #[error("der kunne ikke signeres med nøglen")]
    Signering,
}

/// A key that tokens are signed with, and its certificate.
#[derive(Clone)]
pub struct JwtNoegle {
    par: Arc<RsaKeyPair>,
    certifikat: Certifikat,
    alg: Alg,
    hoved: Arc<str>,
}

impl JwtNoegle {
    /// The key in `pkcs8`, whose certificate is `certifikat`.
    ///
    /// # Errors
    /// If they do not fit together.
    pub fn ny(pkcs8: &[u8], certifikat: Certifikat, alg: Alg) -> Result<Self, NoegleFejl> {
        let par = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| NoegleFejl::Form)?;
        let bits = der::noegle(certifikat.noegle()).map(|(_, bits)| bits);
        if bits != Some(par.public_key().as_ref()) {
            return Err(NoegleFejl::AndetCertifikat);
        }
        let x5t = URL_SAFE_NO_PAD.encode(certifikat.sha1());
        let hoved = json!({ "alg": alg.navn(), "typ": "JWT", "kid": kid(&certifikat), "x5t": x5t });
        let hoved = URL_SAFE_NO_PAD.encode(hoved.to_string()).into();
        Ok(Self { par: Arc::new(par), certifikat, alg, hoved })
    }

    /// The certificate of the key.
    #[must_use]
    pub fn certifikat(&self) -> &Certifikat {
        &self.certifikat
    }

    /// The name of the key in headers and in the JWKS.
    #[must_use]
    pub fn kid(&self) -> String {
        kid(&self.certifikat)
    }

    /// The encoded header of every token of this key.
    pub(super) fn hoved(&self) -> &str {
        &self.hoved
    }

    pub(super) fn signer(&self, besked: &[u8]) -> Result<Vec<u8>, NoegleFejl> {
        let mut signatur = vec![0; self.par.public_modulus_len()];
        self.par
            .sign(self.alg.signering(), &SystemRandom::new(), besked, &mut signatur)
            .map_err(|_| NoegleFejl::Signering)?;
        Ok(signatur)
    }
}

impl fmt::Debug for JwtNoegle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JwtNoegle(***, {:?}, {:?})", self.alg, self.certifikat)
    }
}

/// The name of a certificate's key: SHA-256 of the certificate, so that it is never reused.
fn kid(certifikat: &Certifikat) -> String {
    URL_SAFE_NO_PAD.encode(certifikat.sha256())
}

/// The keys of one issuer that its tokens are verified with.
#[derive(Clone)]
pub struct Noeglering {
    alg: Alg,
    noegler: Vec<(String, Arc<ParsedPublicKey>)>,
}

impl Noeglering {
    /// The keys of these certificates, under the `kid` we publish them with.
    ///
    /// # Errors
    /// If one of them is not an RSA key.
    pub fn ny<'c>(
        alg: Alg,
        certifikater: impl IntoIterator<Item = &'c Certifikat>,
    ) -> Result<Self, NoegleFejl> {
        let mut ud = Self { alg, noegler: Vec::new() };
        for certifikat in certifikater {
            ud.tilfoej(kid(certifikat), certifikat)?;
        }
        Ok(ud)
    }

    /// Adds a key under the `kid` its issuer gives it.
    ///
    /// # Errors
    /// If it is not an RSA key.
    pub fn tilfoej(&mut self, kid: String, certifikat: &Certifikat) -> Result<(), NoegleFejl> {
        rsa(certifikat.noegle()).ok_or(NoegleFejl::Form)?;
        let noegle = ParsedPublicKey::new(self.alg.verifikation(), certifikat.noegle());
        self.noegler.push((kid, Arc::new(noegle.map_err(|_| NoegleFejl::Form)?)));
        Ok(())
    }

    /// The algorithm of the issuer.
    pub(super) fn alg(&self) -> Alg {
        self.alg
    }

    /// The key of a `kid`, compared as it is.
    pub(super) fn find(&self, kid: &str) -> Option<&ParsedPublicKey> {
        self.noegler.iter().find(|(k, _)| k == kid).map(|(_, noegle)| noegle.as_ref())
    }
}

impl fmt::Debug for Noeglering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kid: Vec<_> = self.noegler.iter().map(|(kid, _)| kid).collect();
        f.debug_struct("Noeglering").field("alg", &self.alg).field("kid", &kid).finish()
    }
}

/// The published keys (JWKS): those signed with now, and those that are next. Keys that are not RSA are left out.
#[must_use]
pub fn jwks<'c>(alg: Alg, certifikater: impl IntoIterator<Item = &'c Certifikat>) -> String {
    let noegler = certifikater.into_iter().filter_map(|certifikat| {
        let (n, e) = rsa(certifikat.noegle())?;
        Some(json!({
            "kty": "RSA",
            "use": "sig",
            "alg": alg.navn(),
            "kid": kid(certifikat),
            "x5t": URL_SAFE_NO_PAD.encode(certifikat.sha1()),
            "x5t#S256": URL_SAFE_NO_PAD.encode(certifikat.sha256()),
            "x5c": [certifikat.base64()],
            "n": URL_SAFE_NO_PAD.encode(n),
            "e": URL_SAFE_NO_PAD.encode(e),
        }))
    });
    json!({ "keys": noegler.collect::<Vec<_>>() }).to_string()
}
