//! Everything that can go wrong in a register, in one closed list.

use crate::ids::ObjektId;

/// A refusal or failure. The text is Danish, for the caller, and says what to do.
///
/// Every protocol has exactly one function from this list to its wire; none has a wildcard arm.
#[derive(Debug, thiserror::Error)]
pub enum Fejl {
    /// The input breaks a rule of the contract or of the usage guide (StatusKode 40).
    #[error("Ugyldigt input: {felt}: {regel}")]
    Ugyldig {
        /// The element or column at fault.
        felt: String,
        /// What it must be, in Danish.
        regel: String,
    },
    /// A registration time in the future, or not after the latest one (StatusKode 45).
    #[error("{0}")]
    Registreringstid(String),
    /// A virkning that ends before it begins, or two that overlap where they may not (StatusKode 47).
    #[error("Ugyldigt virkningsinterval: {0}")]
    Virkning(String),
    /// No such object, as far as this caller can see (StatusKode 44).
    #[error("Objektet findes ikke")]
    Ukendt(ObjektId),
    /// The object's life cycle forbids it (StatusKode 49).
    #[error("{0}")]
    Konflikt(String),
    /// Not authorised; the text names what is missing and who can grant it (StatusKode 41).
    #[error("Ikke autoriseret: {0}")]
    Afvist(String),
    /// More than one call may hold (StatusKode 40).
    #[error("Ugyldigt input: {0}")]
    Graense(String),
    /// Our own failure; the caller sees only the transaction id (StatusKode 50).
    #[error("Intern fejl")]
    Intern(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Fejl {
    /// An [`Fejl::Ugyldig`].
    pub fn ugyldig(felt: impl Into<String>, regel: impl Into<String>) -> Self {
        Self::Ugyldig { felt: felt.into(), regel: regel.into() }
    }

    /// An [`Fejl::Intern`].
    pub fn intern(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Intern(cause.into())
    }
}
