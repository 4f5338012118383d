//! The certificates the installation itself shows others, so that who runs it can be told before they expire.

use bitemporal::Instant;
use identity::Certifikat;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Egetcertifikat {
    /// What it is used for, in Danish.
    pub hvad: String,
    /// When it expires.
    pub udloeber: Instant,
    /// What tells it from the one before and the one after.
    pub aftryk: String,
    /// What to do, in Danish.
    pub raad: String,
}

impl Egetcertifikat {
    /// Where those come from that are read from files when a server starts.
    pub const FILER: &'static str = "filer";
    /// Where those of the keys that sign come from.
    pub const NOEGLER: &'static str = "noegler";

    /// A certificate, what it is used for, and what to do before it expires.
    #[must_use]
    pub fn af(certifikat: &Certifikat, hvad: &str, raad: &str) -> Self {
        Self {
            hvad: hvad.to_owned(),
            udloeber: certifikat.gyldig().to,
            aftryk: certifikat.thumbprint().to_owned(),
            raad: raad.to_owned(),
        }
    }
}
