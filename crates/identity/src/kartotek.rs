//! Certificates that are read once and found again: those registered, for as long as a policy is in force.

use crate::{Certifikat, CertifikatFejl, hash};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::HashMap;

/// Read certificates by the SHA-256 of their DER form, by thumbprint and by subject.
///
/// It holds what is registered and nothing that merely was sent, so nobody can fill it or push anything out of it. That a
/// certificate is here says nothing of whether it may be used.
#[derive(Debug, Default)]
pub struct Kartotek {
    alle: HashMap<[u8; 32], Certifikat>,
    aftryk: HashMap<[u8; 20], [u8; 32]>,
    emner: HashMap<String, [u8; 32]>,
}

impl Kartotek {
    /// Reads these certificates in DER form, each with its SHA-256; what `foer` has read is not read again. One that
    /// cannot be read is left out: then nobody is recognised by it. Of several with one subject the first is found by it.
    #[must_use]
    pub fn ny<'d>(registrerede: impl IntoIterator<Item = (&'d [u8; 32], &'d [u8])>, foer: &Self) -> Self {
        let mut ud = Self::default();
        for (sha256, der) in registrerede {
            let laest = foer.med_sha256(sha256).cloned().or_else(|| Certifikat::af_der(der).ok());
            let Some(certifikat) = laest else { continue };
            ud.aftryk.entry(*certifikat.sha1()).or_insert(*certifikat.sha256());
            ud.emner.entry(certifikat.emne().to_owned()).or_insert(*certifikat.sha256());
            ud.alle.insert(*certifikat.sha256(), certifikat);
        }
        ud
    }

    /// The certificate whose DER form has this SHA-256.
    #[must_use]
    pub fn med_sha256(&self, sha256: &[u8; 32]) -> Option<&Certifikat> {
        self.alle.get(sha256)
    }

    /// The certificate with this thumbprint: SHA-1 in hexadecimal, in any case, with or without separators.
    #[must_use]
    pub fn med_aftryk(&self, aftryk: &str) -> Option<&Certifikat> {
        let mut cifre = aftryk.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8);
        let mut sha1 = [0u8; 20];
        for byte in &mut sha1 {
            *byte = (cifre.next()? << 4) | cifre.next()?;
        }
        if cifre.next().is_some() {
            return None;
        }
        self.med_sha256(self.aftryk.get(&sha1)?)
    }

    /// The first certificate with this subject, written as [`Certifikat::emne`] writes it.
    #[must_use]
    pub fn med_emne(&self, emne: &str) -> Option<&Certifikat> {
        self.med_sha256(self.emner.get(emne)?)
    }

    /// Reads base64 of DER, as XML carries it: the certificate as it is here, else read anew.
    ///
    /// # Errors
    /// Why it is refused, as [`Certifikat::af_base64`].
    pub fn laes_base64(&self, tekst: &str) -> Result<Certifikat, CertifikatFejl> {
        // The common spelling, without white space, is looked up without reading anything.
        let kendt = STANDARD.decode(tekst.trim()).ok().and_then(|der| self.med_sha256(&hash::sha256(&der)));
        kendt.map_or_else(|| Certifikat::af_base64(tekst), |kendt| Ok(kendt.clone()))
    }
}
