//! Why a message is not accepted: exactly, for the log; and in the few words that go out.

use identity::CertifikatFejl;
use identity::tid::TidFejl;
use xml::{DobbeltId, SignaturFejl};

/// What is wrong with the security of a message. The texts are Danish and for the owner of the log, never for the sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WssFejl {
    /// Not a SOAP envelope, or one that is put together wrongly.
    #[error("konvolutten er forkert: {0}")]
    Konvolut(&'static str),
    /// A header stands twice.
    #[error("headeren {0} står flere gange")]
    Dobbelt(&'static str),
    /// A header or part is missing.
    #[error("{0} mangler")]
    Mangler(&'static str),
    /// A header does not say what it must.
    #[error("{0} er forkert")]
    Forkert(&'static str),
    /// Parts of the message stand outside it.
    #[error("XOP er ikke tilladt")]
    Xop,
    /// A processing instruction within the message.
    #[error("beskeden indeholder en processing instruction")]
    Instruktion,
    /// The same id twice.
    #[error(transparent)]
    DobbeltId(#[from] DobbeltId),
    /// The signature.
    #[error("signaturen: {0}")]
    Signatur(#[from] SignaturFejl),
    /// A part that must be signed is not.
    #[error("{0} er ikke dækket af signaturen")]
    Udaekket(&'static str),
    /// The signature covers something that is not a part of the message as it is read.
    #[error("signaturen dækker et element, der ikke bruges ({0})")]
    Fremmed(String),
    /// The key information points at another token.
    #[error("KeyInfo peger ikke på det token, der følger med")]
    NoegleInfo,
    /// The certificate of the token.
    #[error("certifikatet: {0}")]
    Certifikat(#[from] CertifikatFejl),
    /// A time that cannot be read.
    #[error("tidsstemplet: {0}")]
    Tid(#[from] TidFejl),
    /// Outside its time.
    #[error("beskeden er uden for sin gyldighedstid ({0})")]
    Udloebet(&'static str),
}

/// What the sender is told: a class, so that it tells nothing about which check failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Udad {
    /// `wsse:InvalidSecurity`.
    Ugyldig,
    /// `wsse:FailedCheck`.
    Fejlet,
    /// `wsu:MessageExpired`.
    Udloebet,
    /// `wsa:…`: an addressing header is missing or there twice.
    Adressering,
}

impl WssFejl {
    /// The class that goes out.
    #[must_use]
    pub const fn udad(&self) -> Udad {
        match self {
            Self::Udloebet(_) => Udad::Udloebet,
            Self::Signatur(_) | Self::Udaekket(_) | Self::Fremmed(_) | Self::DobbeltId(_) => Udad::Fejlet,
            Self::NoegleInfo | Self::Certifikat(_) | Self::Tid(_) | Self::Xop | Self::Instruktion => {
                Udad::Ugyldig
            }
            Self::Konvolut(_) | Self::Dobbelt(_) | Self::Mangler(_) | Self::Forkert(_) => Udad::Ugyldig,
        }
    }
}
