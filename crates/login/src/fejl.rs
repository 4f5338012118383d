//! Why somebody is not let in, or an account is not changed: what the user is told.

use store::StoreFejl;

/// A refusal. The text is for the user and tells strangers nothing.
#[derive(Debug, thiserror::Error)]
pub enum LoginFejl {
    /// Something of what was shown is wrong, or not heard now; the events say what.
    #[error(
        "Brugernavn, adgangskode eller kode er forkert. Efter flere forsøg skal du vente lidt, før du prøver igen."
    )]
    Forkert,
    /// Too many failures from one address.
    #[error("Der er for mange mislykkede forsøg fra din adresse. Vent et kvarter, og prøv igen.")]
    ForMange,
    /// Too much at a time.
    #[error("Der er for travlt lige nu. Prøv igen om lidt.")]
    Optaget,
    /// A step came too late, or after what it was begun with has changed.
    #[error("Tiden er gået, eller kontoen er ændret imens. Begynd forfra med at logge ind.")]
    Udloebet,
    /// An invitation or recovery that is used, replaced or expired.
    #[error("Linket er brugt eller udløbet. Bed din administrator om et nyt.")]
    Token,
    /// The password breaks a rule.
    #[error("Adgangskoden kan ikke bruges: {0}")]
    Adgangskode(&'static str),
    /// Something else that was written cannot be used.
    #[error("{0}")]
    Ugyldig(&'static str),
    /// There is an account for this user or of this name.
    #[error("Brugeren har allerede en konto, eller loginnavnet er optaget.")]
    Findes,
    /// There is no account, factor or session like that; or it is already as asked.
    #[error("Kontoen eller det, der skulle ændres, findes ikke længere.")]
    Ukendt,
    /// The user must show again who he is.
    #[error("Bekræft, at det er dig, før du fortsætter.")]
    Bekraeft,
    /// The identity provider of an authority did not answer, or not as it should; the events say why.
    #[error("Login hos {0} lykkedes ikke. Prøv igen, eller kontakt dem, der driver jeres login.")]
    Udbyder(String),
    /// A person the identity provider knows, and we do not.
    #[error("Du er logget ind hos {0}, men har ingen adgang her. Bed din administrator om en invitation.")]
    UkendtPerson(String),
    /// Somebody else than the one it is about, at the identity provider.
    #[error(
        "Hos {0} er du logget ind som en anden end den, det gælder. Log ind dér som dig selv, og prøv igen."
    )]
    AndenPerson(String),
    /// Our own failure.
    #[error("Intern fejl")]
    Intern(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl LoginFejl {
    pub(crate) fn intern(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Intern(cause.into())
    }
}

impl From<StoreFejl> for LoginFejl {
    fn from(fejl: StoreFejl) -> Self {
        match fejl {
            StoreFejl::Optaget => Self::Optaget,
            anden => Self::intern(anden),
        }
    }
}
