//! Why an assertion is refused.

use crate::CertifikatFejl;
use crate::bpp::BppFejl;
use crate::tid::TidFejl;
use xml::SignaturFejl;

/// Why an assertion is refused, exactly: for the log. The sender gets one neutral text for all of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SamlFejl {
    /// An element or attribute is missing, one too many, or does not belong there.
    #[error("assertionens opbygning er forkert ved {0}")]
    Opbygning(&'static str),
    /// Not SAML 2.0.
    #[error("assertionen er ikke SAML 2.0")]
    Version,
    /// There is no signature directly in the assertion, or there are several.
    #[error("assertionen har ikke netop én signatur")]
    Usigneret,
    /// The signature covers something else than this assertion.
    #[error("signaturen dækker ikke netop assertionen")]
    Daekning,
    /// The signature does not hold.
    #[error(transparent)]
    Signatur(#[from] SignaturFejl),
    /// It says that it is signed with a certificate which is not one of the STS.
    #[error("assertionen er signeret med et certifikat, der ikke er STS'ens")]
    FremmedCertifikat,
    /// The certificate of the STS is not valid now.
    #[error("STS'ens certifikat er udløbet eller gælder ikke endnu")]
    StsCertifikat,
    /// Another issuer.
    #[error("assertionen er fra en anden udsteder")]
    Udsteder,
    /// A time is missing or malformed.
    #[error("{0} er ikke et tidspunkt: {1}")]
    Tid(&'static str, TidFejl),
    /// Not valid yet, by that element.
    #[error("assertionen gælder ikke endnu ({0})")]
    IkkeEndnu(&'static str),
    /// Expired, by that element.
    #[error("assertionen er udløbet ({0})")]
    Udloebet(&'static str),
    /// A condition that nobody here understands.
    #[error("assertionen har en betingelse, der ikke kendes: {0}")]
    UkendtBetingelse(String),
    /// For another service.
    #[error("assertionen er til en anden service (Audience)")]
    Audience,
    /// For another service.
    #[error("assertionen er til en anden service (Recipient)")]
    Recipient,
    /// None or several `SubjectConfirmation`.
    #[error("assertionen har {0} SubjectConfirmation; der skal være én")]
    Bekraeftelser(usize),
    /// Another method than holder-of-key, such as bearer.
    #[error("assertionens SubjectConfirmation er ikke holder-of-key")]
    Metode,
    /// The holder's key is not given by one certificate.
    #[error("assertionen har ikke netop ét certifikat for indehaveren")]
    Indehaver,
    /// A certificate in it cannot be used.
    #[error(transparent)]
    Certifikat(#[from] CertifikatFejl),
    /// An attribute is there twice, or does not have exactly one value.
    #[error("attributten {0} har ikke netop én værdi")]
    Flertydig(&'static str),
    /// The CVR number is missing or is not eight digits.
    #[error("CvrNumberIdentifier mangler eller er ikke otte cifre")]
    Cvr,
    /// The assurance level is missing or is not 1 to 4.
    #[error("AssuranceLevel mangler eller er ikke 1-4")]
    Sikringsniveau,
    /// The privileges cannot be read.
    #[error("Privileges_intermediate kan ikke læses: {0}")]
    Bpp(#[from] BppFejl),
}
