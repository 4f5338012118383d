//! Why a policy is not put in force.

use administration::Fund;
use oio::Fejl;
use std::fmt;

/// Why a policy is not put in force. Nothing was changed.
#[derive(Debug)]
pub enum PolitikFejl {
    /// It does not hold together.
    Ugyldig(Vec<Fund>),
    /// Somebody else changed it meanwhile.
    Aendret,
    /// Our own failure.
    Intern(Fejl),
}

impl fmt::Display for PolitikFejl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ugyldig(fund) => {
                write!(f, "politikken kan ikke anvendes, og intet er ændret:")?;
                fund.iter().try_for_each(|fund| write!(f, "\n    {fund}"))
            }
            Self::Aendret => f.write_str("politikken er ændret af andre imens; se ændringerne igen"),
            Self::Intern(fejl) => fejl.fmt(f),
        }
    }
}

impl std::error::Error for PolitikFejl {}
