//! Why a signature is refused.

use crate::c14n::C14nFejl;
use crate::signature::{REFERENCES_MAX, TRANSFORMS_MAX};

/// Why a signature is refused, exactly: for the log. The sender is told nothing but that it failed.
///
/// Texts from the document are at most 100 characters and escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignaturFejl {
    /// An element is missing, out of order, one too many, or has content it may not have.
    #[error("signaturens opbygning er forkert ved {0}")]
    Opbygning(&'static str),
    /// A canonicalization we do not accept.
    #[error("kanonisering {0:?} er ikke tilladt")]
    Kanonisering(String),
    /// A signature algorithm we do not accept.
    #[error("signaturalgoritme {0:?} er ikke tilladt")]
    Signaturalgoritme(String),
    /// A digest algorithm we do not accept.
    #[error("digest-algoritme {0:?} er ikke tilladt")]
    Digestalgoritme(String),
    /// A transform we do not accept.
    #[error("transformation {0:?} er ikke tilladt")]
    Transformation(String),
    /// No transforms, too many, or in a combination that has no meaning.
    #[error(
        "en reference har en kombination af transformationer, der ikke er tilladt (højst {TRANSFORMS_MAX})"
    )]
    Transformationer,
    /// No canonical form.
    #[error(transparent)]
    C14n(#[from] C14nFejl),
    /// Signs nothing.
    #[error("signaturen har ingen referencer")]
    IngenReferencer,
    /// Signs more parts than [`REFERENCES_MAX`].
    #[error("signaturen har over {REFERENCES_MAX} referencer")]
    ForMangeReferencer,
    /// A reference to the whole document where that is not allowed.
    #[error("en reference til hele dokumentet er ikke tilladt her")]
    HeleDokumentet,
    /// A reference to something that is not an id in the document.
    #[error("reference {0:?} er ikke et id")]
    Uri(String),
    /// No element has the id.
    #[error("intet element har id {0:?}")]
    UkendtId(String),
    /// The signature does not lie in the element it says it is enveloped by.
    #[error("signaturen ligger ikke i elementet {0:?}, som den siger at ligge i")]
    IkkeIndeni(String),
    /// A reference to a token that is not a `SecurityTokenReference` to an assertion in the document.
    #[error("SecurityTokenReference {0:?} peger ikke på en assertion i dokumentet")]
    Token(String),
    /// Something signed holds a processing instruction.
    #[error("det signerede indeholder en processing instruction")]
    Instruktion,
    /// Not base64, or longer than any such value is.
    #[error("{0} er ikke gyldig base64")]
    Base64(&'static str),
    /// What is referenced is not what was signed.
    #[error("digest passer ikke for {0:?}")]
    Digest(String),
    /// The key is of another kind than the signature.
    #[error("nøglen passer ikke til signaturalgoritmen")]
    Noegle,
    /// The value is not this key's signature over the references.
    #[error("signaturværdien passer ikke til nøglen")]
    Vaerdi,
    /// The ids are those of another document. A mistake in the program.
    #[error("id'erne er fra et andet dokument")]
    FremmedDokument,
}

/// So much of a text from outside that a log can hold it.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(100).collect()
}
