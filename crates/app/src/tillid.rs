//! Whether a certificate is trusted: asked of whoever the binary puts in place.

use bitemporal::Instant;
use identity::Certifikat;
use identity::tillid::{Tillid, TillidFejl};
use std::future::Future;
use std::pin::Pin;

pub use identity::spaerring::Formaal;

/// The answer, when it comes: the exact reason not to trust the certificate, in Danish and for the log only.
pub type Tillidssvar<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;

/// Decides whether a certificate is trusted: issuer, validity, key usage and revocation. That it is *registered* is
/// asked elsewhere.
pub trait Tillidstjek: Send + Sync {
    /// Whether `certifikat` is trusted at `nu`, for this purpose.
    fn kontroller<'a>(&'a self, certifikat: &'a Certifikat, formaal: Formaal, nu: Instant)
    -> Tillidssvar<'a>;
}

/// Validity and, when issuers are named, the chain to one of them. Revocation is not asked about.
#[derive(Default)]
pub struct UdenSpaerring(Option<Tillid>);

impl UdenSpaerring {
    /// Trust in these issuers; `None` is any issuer.
    #[must_use]
    pub fn ny(tillid: Option<Tillid>) -> Self {
        Self(tillid)
    }
}

impl Tillidstjek for UdenSpaerring {
    fn kontroller<'a>(&'a self, certifikat: &'a Certifikat, _: Formaal, nu: Instant) -> Tillidssvar<'a> {
        let svar = match &self.0 {
            Some(tillid) => tillid.kontroller(certifikat, nu).map(drop),
            None => gyldig(certifikat, nu),
        };
        Box::pin(std::future::ready(svar.map_err(|fejl| fejl.to_string())))
    }
}

/// What can be asked of a certificate by itself: that it is valid now, and made for signing.
///
/// # Errors
/// [`TillidFejl::IkkeEndnu`], [`TillidFejl::Udloebet`], [`TillidFejl::Noeglebrug`].
pub fn gyldig(certifikat: &Certifikat, nu: Instant) -> Result<(), TillidFejl> {
    let gyldig = certifikat.gyldig();
    if nu < gyldig.from {
        return Err(TillidFejl::IkkeEndnu(gyldig.from));
    }
    if nu >= gyldig.to {
        return Err(TillidFejl::Udloebet(gyldig.to));
    }
    if !certifikat.maa_signere() {
        return Err(TillidFejl::Noeglebrug);
    }
    Ok(())
}
