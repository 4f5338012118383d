//! Why no token is issued: exactly, for the access log; and as the sender is told it.

use administration::Afvisning;
use wss::rst::RstFejl;
use wss::{Udad, WssFejl};

/// What is said when the security of a message fails, whatever it was that failed.
pub const NEUTRAL: &str = "An error occurred when verifying security for the message.";

/// Why a request is refused. `Display` is Danish, exact, and for the access log.
#[derive(Debug, thiserror::Error)]
pub enum StsFejl {
    /// The message's security, addressing or envelope.
    #[error("STS-01: {0}")]
    Sikkerhed(#[from] WssFejl),
    /// The message was sent before.
    #[error("STS-02: beskeden er sendt før (genafspilning)")]
    Genafspillet,
    /// The certificate may not be used: expired, revoked, without a chain.
    #[error("STS-03: certifikatet {thumbprint} må ikke bruges: {grund}")]
    Certifikat {
        /// SHA-1 of the certificate.
        thumbprint: String,
        /// Why.
        grund: String,
    },
    /// A header insists on being understood.
    #[error("STS-04: headeren {0} forstås ikke")]
    Uforstaaet(String),
    /// The request is put together wrongly.
    #[error("STS-103: anmodningen er forkert: {0}")]
    Form(String),
    /// Something this service does not do.
    #[error("STS-110: {0} understøttes ikke; kun Issue af SAML 2.0 til en offentlig nøgle")]
    Ikke(String),
    /// The certificate is not registered, or not in use.
    #[error(
        "STS-5607: certifikatet {thumbprint} er ikke registreret og aktivt på et it-system; leverandøren skal registrere det"
    )]
    UkendtCertifikat {
        /// SHA-1 of the certificate.
        thumbprint: String,
    },
    /// No service has this identifier.
    #[error("STS-5002: ingen service hedder {0}; ret AppliesTo til servicens identifikator, tegn for tegn")]
    UkendtService(String),
    /// No claim, or not one CVR number.
    #[error("STS-5015: anmodningen skal nævne netop ét CVR-nummer som anvenderkontekst")]
    Kontekst,
    /// The system may not act for this authority in this service.
    #[error("STS-5015: {tekst}")]
    IngenAftale {
        /// The authority it named.
        cvr: String,
        /// What is missing and who can grant it.
        tekst: String,
    },
    /// OnBehalfOf cannot be read or is refused.
    #[error("STS-5050: på vegne af: {0}")]
    PaaVegneAf(String),
    /// The key to issue to is not one of the caller's.
    #[error(
        "STS-05: UseKey er ikke det certifikat, anmodningen er underskrevet med, eller et andet af samme it-system"
    )]
    AndenNoegle,
    /// Our own failure.
    #[error("STS-100: intern fejl")]
    Intern(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The access log could not be written; nothing is issued.
    #[error("STS-106: adgangsloggen kan ikke skrives")]
    Log,
}

impl From<Afvisning> for StsFejl {
    fn from(afvisning: Afvisning) -> Self {
        Self::PaaVegneAf(format!("{}: {}", afvisning.kode, afvisning.tekst))
    }
}

impl From<RstFejl> for StsFejl {
    fn from(fejl: RstFejl) -> Self {
        match fejl {
            RstFejl::Form(hvad) => Self::Form(hvad),
            RstFejl::Ikke(hvad) => Self::Ikke(hvad),
            RstFejl::Kontekst => Self::Kontekst,
            RstFejl::PaaVegneAf(hvad) => Self::PaaVegneAf(hvad),
        }
    }
}

/// What goes out: prefix and name of the subcode, the number of the event, and an English text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ud {
    /// The subcode.
    pub subcode: (&'static str, &'static str),
    /// The number, when the event has one.
    pub event: Option<u16>,
    /// The text.
    pub text: String,
    /// Whether it is our fault.
    pub receiver: bool,
}

impl StsFejl {
    /// A failure of ours.
    pub fn intern(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Intern(cause.into())
    }

    /// What the sender is told. What concerns security is told in one neutral sentence.
    #[must_use]
    pub fn ud(&self) -> Ud {
        let event = |subcode: (&'static str, &'static str), event: u16, text: String| Ud {
            subcode,
            event: Some(event),
            text,
            receiver: false,
        };
        let neutral = |prefix, name| Ud {
            subcode: (prefix, name),
            event: None,
            text: NEUTRAL.to_owned(),
            receiver: false,
        };
        match self {
            Self::Sikkerhed(fejl) => match fejl.udad() {
                Udad::Udloebet => neutral("wsu", "MessageExpired"),
                Udad::Fejlet => neutral("wsse", "FailedCheck"),
                Udad::Ugyldig | Udad::Adressering => neutral("wsse", "InvalidSecurity"),
            },
            Self::Genafspillet => neutral("wsse", "FailedCheck"),
            Self::Certifikat { .. } => neutral("wsse", "InvalidSecurityToken"),
            Self::Uforstaaet(_) => Ud { text: "A header was not understood.".into(), ..neutral("", "MustUnderstand") },
            Self::Form(_) => event(("wst", "InvalidRequest"), 103, "The request is malformed.".into()),
            Self::AndenNoegle => {
                event(("wst", "InvalidRequest"), 103, "UseKey must hold the certificate that signed the request.".into())
            }
            Self::Ikke(what) => event(("wst", "InvalidRequest"), 110, format!("{what} is not supported.")),
            Self::UkendtCertifikat { thumbprint } => event(
                ("wst", "FailedAuthentication"),
                5607,
                format!("No mapped user exists for thumbprint '{thumbprint}'"),
            ),
            Self::UkendtService(navn) => {
                event(("wst", "InvalidScope"), 5002, format!("Path resolution: no connection '{navn}' found"))
            }
            Self::Kontekst => event(
                ("wst", "BadRequest"),
                5015,
                "It is expected that the received STR must contain a CVR claim. Please check to make sure it includes the CVR claim."
                    .into(),
            ),
            Self::IngenAftale { cvr, .. } => event(
                ("wst", "BadRequest"),
                5015,
                format!("The user context '{cvr}' does not exist on the using system for this service."),
            ),
            Self::PaaVegneAf(_) => event(
                ("wst", "InvalidSecurityToken"),
                5050,
                "Cannot read the onbehalfof token, or it may not be used here.".into(),
            ),
            Self::Intern(_) => Ud {
                receiver: true,
                ..event(("wst", "RequestFailed"), 100, "An internal error occurred.".into())
            },
            Self::Log => Ud {
                receiver: true,
                ..event(("wst", "RequestFailed"), 106, "The audit log could not be written.".into())
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RstFejl, StsFejl};

    #[test]
    fn a_request_that_is_not_read_is_told_by_its_number() {
        let event = |fejl: RstFejl| {
            let fejl = StsFejl::from(fejl);
            (fejl.to_string(), fejl.ud().event)
        };
        let hvad = || "RequestType".to_owned();
        for (fejl, text, number) in [
            (RstFejl::Form(hvad()), "STS-103: anmodningen er forkert: RequestType", 103),
            (RstFejl::Ikke(hvad()), "STS-110: RequestType understøttes ikke", 110),
            (RstFejl::Kontekst, "STS-5015: ", 5015),
            (RstFejl::PaaVegneAf(hvad()), "STS-5050: på vegne af: RequestType", 5050),
        ] {
            let (told, sent) = event(fejl);
            assert!(told.starts_with(text), "{told}");
            assert_eq!(sent, Some(number));
        }
    }
}
