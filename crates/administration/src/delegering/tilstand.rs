//! The states of a delegering and the one table of what leads where.

use crate::aftale::Afslag;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The state of a delegering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the specification")]
pub enum Delegeringstilstand {
    #[serde(rename = "FORESLÅET")]
    Foreslaaet,
    #[serde(rename = "GODKENDT AF AFGIVER")]
    GodkendtAfAfgiver,
    #[serde(rename = "MODTAGET")]
    Modtaget,
    #[serde(rename = "ACCEPTERET")]
    Accepteret,
    #[serde(rename = "AFVIST")]
    Afvist,
    #[serde(rename = "AKTIV")]
    Aktiv,
    #[serde(rename = "TILBAGEKALDT")]
    Tilbagekaldt,
    #[serde(rename = "UDLØBET")]
    Udloebet,
}

impl Delegeringstilstand {
    /// Every state.
    pub const ALLE: [Self; 8] = [
        Self::Foreslaaet,
        Self::GodkendtAfAfgiver,
        Self::Modtaget,
        Self::Accepteret,
        Self::Afvist,
        Self::Aktiv,
        Self::Tilbagekaldt,
        Self::Udloebet,
    ];

    /// Whether nothing can happen any more.
    #[must_use]
    pub const fn er_slut(self) -> bool {
        matches!(self, Self::Afvist | Self::Tilbagekaldt | Self::Udloebet)
    }

    /// Whether the receiver has it: the giver has approved it, whatever came of it then.
    #[must_use]
    pub const fn venter_paa_modtager(self) -> bool {
        matches!(self, Self::GodkendtAfAfgiver | Self::Modtaget)
    }
}

impl fmt::Display for Delegeringstilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Foreslaaet => "FORESLÅET",
            Self::GodkendtAfAfgiver => "GODKENDT AF AFGIVER",
            Self::Modtaget => "MODTAGET",
            Self::Accepteret => "ACCEPTERET",
            Self::Afvist => "AFVIST",
            Self::Aktiv => "AKTIV",
            Self::Tilbagekaldt => "TILBAGEKALDT",
            Self::Udloebet => "UDLØBET",
        })
    }
}

/// What can happen to a delegering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delegeringshaendelse {
    /// Correct what was proposed.
    Ret,
    /// Approve, for the giver.
    Godkend,
    /// Refuse, for the giver.
    AfvisSomAfgiver,
    /// It reaches the receiver.
    Modtag,
    /// Accept, for the receiver.
    Accepter,
    /// Refuse, for the receiver.
    AfvisSomModtager,
    /// The start is reached, and the role is in use.
    BegyndelseNaaet,
    /// Take it back at once.
    Tilbagekald,
    /// The end is reached, its own or the role's.
    UdloebNaaet,
}

impl Delegeringshaendelse {
    /// Every event.
    pub const ALLE: [Self; 9] = [
        Self::Ret,
        Self::Godkend,
        Self::AfvisSomAfgiver,
        Self::Modtag,
        Self::Accepter,
        Self::AfvisSomModtager,
        Self::BegyndelseNaaet,
        Self::Tilbagekald,
        Self::UdloebNaaet,
    ];

    /// Who may bring it about.
    #[must_use]
    pub const fn hvem(self) -> &'static str {
        match self {
            Self::Ret => "afgiverens Jobfunktionsrolleadministrator",
            Self::Godkend | Self::AfvisSomAfgiver => "afgiverens Godkender",
            Self::Accepter | Self::AfvisSomModtager => {
                "modtagerens Jobfunktionsrolleadministrator, hos en leverandør dens Leverandøradministrator"
            }
            Self::Tilbagekald => "afgiverens Jobfunktionsrolleadministrator eller Godkender",
            Self::Modtag | Self::BegyndelseNaaet | Self::UdloebNaaet => "ingen; det sker af sig selv",
        }
    }
}

/// The state an event leads to.
///
/// # Errors
/// [`Afslag`].
pub const fn overgang(
    fra: Delegeringstilstand,
    haendelse: Delegeringshaendelse,
) -> Result<Delegeringstilstand, Afslag> {
    use Delegeringshaendelse as H;
    use Delegeringstilstand as T;
    match (fra, haendelse) {
        (T::Foreslaaet, H::Ret) => Ok(T::Foreslaaet),
        (T::Foreslaaet, H::Godkend) => Ok(T::GodkendtAfAfgiver),
        (T::GodkendtAfAfgiver, H::Modtag) => Ok(T::Modtaget),
        (T::GodkendtAfAfgiver | T::Modtaget, H::Accepter) => Ok(T::Accepteret),
        (T::Foreslaaet, H::AfvisSomAfgiver) | (T::GodkendtAfAfgiver | T::Modtaget, H::AfvisSomModtager) => {
            Ok(T::Afvist)
        }
        (T::Accepteret, H::BegyndelseNaaet) => Ok(T::Aktiv),
        (fra, H::Tilbagekald) if !fra.er_slut() => Ok(T::Tilbagekaldt),
        (fra, H::UdloebNaaet) if !fra.er_slut() => Ok(T::Udloebet),
        (fra, haendelse) => Err(Afslag { hvem: haendelse.hvem(), hvorfor: hvorfor(fra) }),
    }
}

const fn hvorfor(fra: Delegeringstilstand) -> &'static str {
    use Delegeringstilstand as T;
    match fra {
        T::Foreslaaet => "delegeringen venter på afgiverens Godkender",
        T::GodkendtAfAfgiver | T::Modtaget => "delegeringen er godkendt og venter på modtagerens svar",
        T::Accepteret => "delegeringen er accepteret og træder i kraft af sig selv",
        T::Aktiv => "delegeringen er i kraft",
        T::Afvist => "delegeringen er afvist; foreslå en ny",
        T::Tilbagekaldt => "delegeringen er tilbagekaldt; foreslå en ny",
        T::Udloebet => "delegeringen er udløbet; foreslå en ny",
    }
}
