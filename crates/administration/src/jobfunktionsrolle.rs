//! Jobfunktionsroller: what an authority's employees are given, made of the roles of business systems.

mod eksempel;
mod fund;
#[cfg(test)]
mod moenstre;
mod ord;
mod oversaet;
#[cfg(test)]
mod tests;
mod valider;

use crate::data::Entitet;
use crate::tid::tidsrum;
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

pub use eksempel::{Eksempeldel, Rolleeksempel};
pub use fund::{Rollefund, foelsomt_uden_graense, udgaaet_indhold};
pub use ord::saetninger;
pub use oversaet::{Givetrolle, Intetgrund, Modtagersystem, Oversat, Sendtrolle, oversaet};
pub use valider::{Domaener, Kendte, valider_jobfunktionsrolle};

/// What was decided about a jobfunktionsrolle. The rest follows from the time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Jobfunktionsrollestatus {
    /// Being made.
    #[default]
    #[serde(rename = "KLADDE")]
    Kladde,
    /// In use in its time.
    #[serde(rename = "AKTIVERET")]
    Aktiveret,
}

/// The state of a jobfunktionsrolle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the specification")]
pub enum Jobfunktionsrolletilstand {
    Kladde,
    Klar,
    Aktiv,
    /// Follows from what is registered of what the role is made of, not from the role alone: see [`Self::med_fund`].
    KraeverHandling,
    Udfases,
    Ophoert,
}

impl fmt::Display for Jobfunktionsrolletilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kladde => "KLADDE",
            Self::Klar => "KLAR",
            Self::Aktiv => "AKTIV",
            Self::KraeverHandling => "KRÆVER HANDLING",
            Self::Udfases => "UDFASES",
            Self::Ophoert => "OPHØRT",
        })
    }
}

/// The value of a limit in a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Afgraensningsvaerdi {
    /// The URI of its type.
    pub entity_id: String,
    /// What the authority calls it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub navn: String,
    /// The value; the parametric key when it is filled in at login.
    pub vaerdi: String,
    /// Whether the identity provider fills it in at login.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dynamisk: bool,
}

/// One role of a business system in a jobfunktionsrolle, with its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tilknytning {
    /// The brugersystemrolle.
    pub rolle: Uuid,
    /// The limits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vaerdier: Vec<Afgraensningsvaerdi>,
}

/// A jobfunktionsrolle. Its version is that of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobfunktionsrolle {
    /// Its UUID.
    pub uuid: Uuid,
    /// The authority.
    pub myndighed: Cvr,
    /// Its name, unique with the authority.
    pub navn: String,
    /// The URI by which a token names it.
    pub entity_id: String,
    /// The tasks it is for, in plain Danish.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub beskrivelse: String,
    /// The roles of business systems it is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tilknytninger: Vec<Tilknytning>,
    /// What was decided.
    #[serde(default)]
    pub status: Jobfunktionsrollestatus,
    /// When it can be used.
    #[serde(default = "tidsrum::altid", skip_serializing_if = "tidsrum::er_altid", with = "tidsrum")]
    pub gyldig: Period,
    /// Whether it opens sensitive information.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub foelsom: bool,
    /// Read in rows of earlier versions, and not used: delegeringer are kept by themselves.
    #[serde(default, skip_serializing)]
    pub delegeret_til: Option<Cvr>,
}

impl Entitet for Jobfunktionsrolle {
    const ART: &'static str = "jobfunktionsrolle";
    const ORD: &'static str = "jobfunktionsrollen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Jobfunktionsrolle {
    /// The state now.
    #[must_use]
    pub fn tilstand(&self, nu: Instant) -> Jobfunktionsrolletilstand {
        use Jobfunktionsrolletilstand as T;
        match self.status {
            _ if nu >= self.gyldig.to => T::Ophoert,
            Jobfunktionsrollestatus::Kladde => T::Kladde,
            Jobfunktionsrollestatus::Aktiveret if nu < self.gyldig.from => T::Klar,
            Jobfunktionsrollestatus::Aktiveret if self.gyldig.to.is_finite() => T::Udfases,
            Jobfunktionsrollestatus::Aktiveret => T::Aktiv,
        }
    }
}
