//! The keys of this installation, and whose tokens it trusts.

use identity::Certifikat;
use identity::jwt::{self, JwtNoegle, Noeglering};
use identity::saml::Sts;
use std::fmt;
use xml::SigningKey;

/// A private key and its certificate.
pub struct Noeglepar {
    /// The key.
    pub noegle: SigningKey,
    /// Its certificate.
    pub certifikat: Certifikat,
}

impl fmt::Debug for Noeglepar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Noeglepar(***, {:?})", self.certifikat)
    }
}

/// Separate keys for separate uses, as they are in force now. Replaced as a whole when keys change.
#[derive(Debug)]
pub struct Noegler {
    /// The issuer of JWTs, as `https://<host>/runtime/`. The issuer of assertions is in `sts_betroet`.
    pub iss: String,
    /// Signs assertions and the answers of the STS.
    pub sts: Noeglepar,
    /// Signs the answers of services.
    pub service: Noeglepar,
    /// Signs JWTs.
    pub jwt: JwtNoegle,
    /// Verifies JWTs: those of the key in force, the one before and the next.
    pub jwt_betroede: Noeglering,
    /// Verifies assertions: the issuer's name, and its certificates in force, before and next.
    pub sts_betroet: Sts,
    /// The certificates published as JWKS: next, in force, and before for as long as they are trusted.
    pub offentlige: Vec<Certifikat>,
}

impl Noegler {
    /// The published keys.
    #[must_use]
    pub fn jwks(&self) -> String {
        jwt::jwks(jwt::Alg::default(), &self.offentlige)
    }
}
