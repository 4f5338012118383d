//! The states of a serviceaftale and the one table of what leads where.

use crate::part::Part;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The state of an agreement, for one authority in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the standard")]
pub enum Aftaletilstand {
    #[serde(rename = "KLADDE")]
    Kladde,
    #[serde(rename = "SLETTET")]
    Slettet,
    #[serde(rename = "ANMODET")]
    Anmodet,
    #[serde(rename = "RETURNERET")]
    Returneret,
    #[serde(rename = "AFVIST")]
    Afvist,
    #[serde(rename = "TRUKKET TILBAGE")]
    TrukketTilbage,
    #[serde(rename = "BORTFALDET")]
    Bortfaldet,
    #[serde(rename = "GODKENDT")]
    Godkendt,
    #[serde(rename = "AKTIV")]
    Aktiv,
    #[serde(rename = "SPÆRRET", alias = "SPAERRET")]
    Spaerret,
    #[serde(rename = "OPSAGT")]
    Opsagt,
    #[serde(rename = "OPHØRT", alias = "OPHOERT")]
    Ophoert,
    #[serde(rename = "UDLØBET", alias = "UDLOEBET")]
    Udloebet,
    #[serde(rename = "ERSTATTET")]
    Erstattet,
    #[serde(rename = "HVILENDE")]
    Hvilende,
}

impl Aftaletilstand {
    /// Every state.
    pub const ALLE: [Self; 15] = [
        Self::Kladde,
        Self::Slettet,
        Self::Anmodet,
        Self::Returneret,
        Self::Afvist,
        Self::TrukketTilbage,
        Self::Bortfaldet,
        Self::Godkendt,
        Self::Aktiv,
        Self::Spaerret,
        Self::Opsagt,
        Self::Ophoert,
        Self::Udloebet,
        Self::Erstattet,
        Self::Hvilende,
    ];

    /// Whether nothing can happen any more.
    #[must_use]
    pub const fn er_slut(self) -> bool {
        matches!(
            self,
            Self::Slettet
                | Self::Afvist
                | Self::TrukketTilbage
                | Self::Bortfaldet
                | Self::Ophoert
                | Self::Udloebet
                | Self::Erstattet
        )
    }
}

impl fmt::Display for Aftaletilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kladde => "KLADDE",
            Self::Slettet => "SLETTET",
            Self::Anmodet => "ANMODET",
            Self::Returneret => "RETURNERET",
            Self::Afvist => "AFVIST",
            Self::TrukketTilbage => "TRUKKET TILBAGE",
            Self::Bortfaldet => "BORTFALDET",
            Self::Godkendt => "GODKENDT",
            Self::Aktiv => "AKTIV",
            Self::Spaerret => "SPÆRRET",
            Self::Opsagt => "OPSAGT",
            Self::Ophoert => "OPHØRT",
            Self::Udloebet => "UDLØBET",
            Self::Erstattet => "ERSTATTET",
            Self::Hvilende => "HVILENDE",
        })
    }
}

/// What can happen to an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aftalehaendelse {
    /// Ask the authority, the first time or after correcting what it returned.
    Send,
    /// Delete a draft.
    Slet,
    /// Approve.
    Godkend,
    /// Return with questions.
    Returner,
    /// Refuse, with a reason.
    Afvis,
    /// Withdraw.
    TraekTilbage,
    /// 90 days without an answer.
    SvarfristNaaet,
    /// The start is reached, and every service knows it.
    TraedIKraft,
    /// Block at once, with a reason.
    Spaer,
    /// Lift the block.
    Ophaev,
    /// Give notice.
    Opsig,
    /// The notice ends.
    OpsigelseNaaet,
    /// The end is reached, or it was not confirmed again in time.
    UdloebNaaet,
    /// Ask for a new version.
    AnmodNyVersion,
    /// A new version came into force.
    NyVersionGodkendt,
    /// The certificate, the it-system or the service was closed.
    Lukket,
    /// What was closed is open again.
    Rettet,
}

impl Aftalehaendelse {
    /// Every event.
    pub const ALLE: [Self; 17] = [
        Self::Send,
        Self::Slet,
        Self::Godkend,
        Self::Returner,
        Self::Afvis,
        Self::TraekTilbage,
        Self::SvarfristNaaet,
        Self::TraedIKraft,
        Self::Spaer,
        Self::Ophaev,
        Self::Opsig,
        Self::OpsigelseNaaet,
        Self::UdloebNaaet,
        Self::AnmodNyVersion,
        Self::NyVersionGodkendt,
        Self::Lukket,
        Self::Rettet,
    ];

    /// Who may bring it about.
    #[must_use]
    pub const fn hvem(self) -> &'static str {
        match self {
            Self::Send | Self::Slet | Self::TraekTilbage | Self::AnmodNyVersion => {
                "leverandørens administrator"
            }
            Self::Godkend | Self::Returner | Self::Afvis | Self::NyVersionGodkendt => {
                "myndighedens Godkender"
            }
            Self::Spaer => {
                "myndighedens Godkender eller Administrator, leverandøren for sit eget, eller driftsoperatøren"
            }
            Self::Ophaev | Self::Opsig => "myndighedens Godkender, leverandøren eller driftsoperatøren",
            Self::SvarfristNaaet | Self::TraedIKraft | Self::OpsigelseNaaet | Self::UdloebNaaet => {
                "ingen; det sker af sig selv"
            }
            Self::Lukket | Self::Rettet => "ingen; det følger af it-systemet, dets certifikater og servicen",
        }
    }
}

/// Why an event does not happen: who may bring it about, and what stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Afslag {
    /// Who may bring it about, when the state allows it.
    pub hvem: &'static str,
    /// Why it does not happen now, and what to do.
    pub hvorfor: &'static str,
}

impl fmt::Display for Afslag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (det kan {})", self.hvorfor, self.hvem)
    }
}

/// The state an event leads to.
///
/// # Errors
/// [`Afslag`].
pub const fn overgang(fra: Aftaletilstand, haendelse: Aftalehaendelse) -> Result<Aftaletilstand, Afslag> {
    use Aftalehaendelse as H;
    use Aftaletilstand as T;
    match (fra, haendelse) {
        (T::Kladde | T::Returneret, H::Send) => Ok(T::Anmodet),
        (T::Kladde, H::Slet) => Ok(T::Slettet),
        (T::Anmodet, H::Godkend) => Ok(T::Godkendt),
        (T::Anmodet, H::Returner) => Ok(T::Returneret),
        (T::Anmodet, H::Afvis) => Ok(T::Afvist),
        (T::Anmodet | T::Returneret, H::TraekTilbage) => Ok(T::TrukketTilbage),
        (T::Anmodet, H::SvarfristNaaet) => Ok(T::Bortfaldet),
        (T::Godkendt, H::TraedIKraft)
        | (T::Spaerret, H::Ophaev)
        | (T::Aktiv, H::AnmodNyVersion)
        | (T::Hvilende, H::Rettet) => Ok(T::Aktiv),
        (T::Aktiv | T::Opsagt, H::Spaer) => Ok(T::Spaerret),
        (T::Aktiv | T::Spaerret, H::Opsig) => Ok(T::Opsagt),
        (T::Opsagt | T::Spaerret, H::OpsigelseNaaet) => Ok(T::Ophoert),
        (T::Aktiv, H::UdloebNaaet) => Ok(T::Udloebet),
        (T::Aktiv, H::NyVersionGodkendt) => Ok(T::Erstattet),
        (T::Aktiv, H::Lukket) => Ok(T::Hvilende),
        (fra, haendelse) => Err(Afslag { hvem: haendelse.hvem(), hvorfor: hvorfor(fra) }),
    }
}

pub(super) const fn hvorfor(fra: Aftaletilstand) -> &'static str {
    use Aftaletilstand as T;
    match fra {
        T::Kladde => "aftalen er en kladde; send den først, eller slet den",
        T::Anmodet => "aftalen venter på myndighedens svar",
        T::Returneret => {
            "aftalen er returneret med spørgsmål; ret den, og send den igen, eller træk den tilbage"
        }
        T::Godkendt => "aftalen er godkendt og træder i kraft af sig selv",
        T::Aktiv => "aftalen er i kraft",
        T::Spaerret => "aftalen er spærret; ophæv spærringen, eller opsig den",
        T::Opsagt => "aftalen er opsagt og ophører af sig selv",
        T::Hvilende => "aftalen hviler, fordi it-systemet, dets certifikat eller servicen er lukket",
        T::Slettet
        | T::Afvist
        | T::TrukketTilbage
        | T::Bortfaldet
        | T::Ophoert
        | T::Udloebet
        | T::Erstattet => "aftalen er slut; kopiér den, og begynd forfra",
    }
}

/// Whether this person may approve what `anmodet_af` asked for (separation of duties).
///
/// # Errors
/// Why not, in Danish.
pub fn maa_godkende(
    part: &Part,
    anmodet_af: Option<&str>,
    godkender: &str,
    medgodkender: Option<&str>,
) -> Result<(), &'static str> {
    if anmodet_af != Some(godkender) {
        return Ok(());
    }
    match medgodkender {
        _ if !part.egen_godkendelse => {
            Err("ingen godkender det, han selv har anmodet om; en anden Godkender skal gøre det")
        }
        Some(anden) if anden != godkender => Ok(()),
        _ => Err("egen godkendelse skal medunderskrives af en anden Godkender"),
    }
}

#[cfg(test)]
mod tests;
