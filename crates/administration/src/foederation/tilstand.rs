//! The states of a føderationsaftale and the one table of what leads where.

use crate::aftale::Afslag;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The state of a føderationsaftale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the specification")]
pub enum Foederationstilstand {
    #[serde(rename = "KLADDE")]
    Kladde,
    #[serde(rename = "ANMODET")]
    Anmodet,
    #[serde(rename = "GODKENDT")]
    Godkendt,
    #[serde(rename = "AKTIV")]
    Aktiv,
    #[serde(rename = "SPÆRRET", alias = "SPAERRET")]
    Spaerret,
    #[serde(rename = "OPHØRT", alias = "OPHOERT")]
    Ophoert,
}

impl Foederationstilstand {
    /// Every state.
    pub const ALLE: [Self; 6] =
        [Self::Kladde, Self::Anmodet, Self::Godkendt, Self::Aktiv, Self::Spaerret, Self::Ophoert];
}

impl fmt::Display for Foederationstilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kladde => "KLADDE",
            Self::Anmodet => "ANMODET",
            Self::Godkendt => "GODKENDT",
            Self::Aktiv => "AKTIV",
            Self::Spaerret => "SPÆRRET",
            Self::Ophoert => "OPHØRT",
        })
    }
}

/// What can happen to a føderationsaftale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Foederationshaendelse {
    /// Correct a draft or an invitation.
    Ret,
    /// Send it to who must answer.
    Send,
    /// The last yes.
    Godkend,
    /// Not like this: back to who asked.
    Returner,
    /// Its time has come, and nothing stands in its way.
    BegyndelseNaaet,
    /// Block it at once.
    Spaer,
    /// Lift the block.
    Ophaev,
    /// End it.
    Afslut,
    /// Its end is reached.
    SlutNaaet,
}

impl Foederationshaendelse {
    /// Every event.
    pub const ALLE: [Self; 9] = [
        Self::Ret,
        Self::Send,
        Self::Godkend,
        Self::Returner,
        Self::BegyndelseNaaet,
        Self::Spaer,
        Self::Ophaev,
        Self::Afslut,
        Self::SlutNaaet,
    ];

    /// Who may bring it about.
    #[must_use]
    pub const fn hvem(self) -> &'static str {
        match self {
            Self::Ret | Self::Send => "myndighedens Jobfunktionsrolleadministrator",
            Self::Godkend | Self::Returner => {
                "myndighedens Godkender og leverandørens Leverandøradministrator"
            }
            Self::Spaer | Self::Ophaev | Self::Afslut => {
                "myndighedens Jobfunktionsrolleadministrator eller Godkender, og leverandørens Leverandøradministrator"
            }
            Self::BegyndelseNaaet | Self::SlutNaaet => "ingen; det sker af sig selv",
        }
    }
}

/// The state an event leads to.
///
/// # Errors
/// [`Afslag`].
pub const fn foederationsovergang(
    fra: Foederationstilstand,
    haendelse: Foederationshaendelse,
) -> Result<Foederationstilstand, Afslag> {
    use Foederationshaendelse as H;
    use Foederationstilstand as T;
    match (fra, haendelse) {
        (T::Kladde, H::Ret) | (T::Anmodet, H::Returner) => Ok(T::Kladde),
        (T::Kladde, H::Send) => Ok(T::Anmodet),
        (T::Anmodet, H::Godkend) | (T::Spaerret, H::Ophaev) => Ok(T::Godkendt),
        (T::Godkendt, H::BegyndelseNaaet) => Ok(T::Aktiv),
        (T::Godkendt | T::Aktiv, H::Spaer) => Ok(T::Spaerret),
        (T::Kladde | T::Anmodet | T::Godkendt | T::Aktiv | T::Spaerret, H::Afslut | H::SlutNaaet) => {
            Ok(T::Ophoert)
        }
        (fra, haendelse) => Err(Afslag { hvem: haendelse.hvem(), hvorfor: hvorfor(fra) }),
    }
}

const fn hvorfor(fra: Foederationstilstand) -> &'static str {
    use Foederationstilstand as T;
    match fra {
        T::Kladde => "aftalen er en kladde og er ikke sendt",
        T::Anmodet => "aftalen venter på svar",
        T::Godkendt => "aftalen er godkendt",
        T::Aktiv => "aftalen er i kraft",
        T::Spaerret => "aftalen er spærret",
        T::Ophoert => "aftalen er ophørt; anmod om en ny",
    }
}
