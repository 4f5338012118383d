//! Services as data: who answers to which identifiers, which roles there are, and which limits are understood.

use crate::tid::tidspunkt;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use uuid::Uuid;

/// The value that opens a flag.
pub const JA: &str = "Ja";

/// The `komponent` of the services that the distributor of messages answers.
pub const BESKEDFORDELER: &str = "beskedfordeler";

/// The `komponent` of the Sags- og Dokumentindeks.
pub const SAGDOKUMENTINDEKS: &str = "sagdokumentindeks";
/// The `komponent` of the Ydelsesindeks.
pub const YDELSESINDEKS: &str = "ydelsesindeks";

/// The operations of our own registers and indexes that a role can give, by their names in the standard.
pub const OPERATIONER: [&str; 14] = [
    "opret",
    "importer",
    "ret",
    "passiver",
    "slet",
    "laes",
    "list",
    "soeg",
    "fremsoegobjekthierarki",
    "anonymiser",
    "fysiskslet",
    "opdater",
    "fremsoeg",
    "fjern",
];

/// The two roles of our own registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rolle {
    /// Read and search.
    Udstil,
    /// Also write.
    Rediger,
}

impl Rolle {
    /// The short name in the service.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Udstil => "Udstil",
            Self::Rediger => "Rediger",
        }
    }
}

/// A servicesystemrolle: a privilege of systems in one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Servicesystemrolle {
    /// The URI by which a token names it, compared as an exact string.
    pub uri: String,
    /// Its short name.
    pub navn: String,
    /// What it opens in a register of ours; nothing when another installation answers the service.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub operationer: BTreeSet<String>,
    /// Types of limits that come with this role alone (roles made by the provisioning API).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parametre: Vec<Parametertype>,
}

impl Servicesystemrolle {
    /// The UUID under which a role that belongs to no service is stored.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_URL, self.uri.as_bytes())
    }
}

/// What a limit means, and so how its values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Parameterart {
    /// Flag: names of persons are shown.
    #[serde(rename = "SENAVN")]
    SeNavn,
    /// Flag: CPR numbers are shown.
    #[serde(rename = "SECPR")]
    SeCpr,
    /// Flag: the operation of that name.
    #[serde(rename = "ANONYMISER")]
    Anonymiser,
    /// Flag: the operation of that name; test installations only.
    #[serde(rename = "FYSISKSLET")]
    Fysiskslet,
    /// KLE numbers with wildcards.
    #[serde(rename = "KLE")]
    Kle,
    /// UUIDs of units.
    #[serde(rename = "ORGENHED")]
    Orgenhed,
    /// Kinds of sensitivity.
    #[serde(rename = "FØLSOMHED", alias = "FOELSOMHED")]
    Foelsomhed,
    /// It-systems.
    #[serde(rename = "ITSYSTEM")]
    ItSystem,
    /// One of a list of values.
    #[serde(rename = "SINGLE")]
    Single,
    /// Several of a list of values.
    #[serde(rename = "MULTI")]
    Multi,
    /// Text.
    #[serde(rename = "TEXT")]
    Text,
}

impl Parameterart {
    /// Whether it is a flag: closed unless its value is `Ja`.
    #[must_use]
    pub const fn er_flag(self) -> bool {
        matches!(self, Self::SeNavn | Self::SeCpr | Self::Anonymiser | Self::Fysiskslet)
    }

    /// Whether one value may be a list with commas.
    #[must_use]
    pub const fn er_liste(self) -> bool {
        matches!(self, Self::Kle | Self::Orgenhed | Self::ItSystem | Self::Multi)
    }
}

/// A type of limit (dataafgrænsningstype) that a service understands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parametertype {
    /// The URI by which a token names it, compared as an exact string.
    pub uri: String,
    /// Its name.
    pub navn: String,
    /// What it means.
    pub art: Parameterart,
    /// Whether a privilege without it grants nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kraevet: bool,
    /// The values of SINGLE and MULTI; any when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vaerdier: Vec<String>,
    /// What the provisioning API was told about it besides, kept as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beskrivelse: Option<String>,
}

/// Whether a service can be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the standard")]
pub enum Servicestatus {
    #[serde(rename = "KOMMENDE")]
    Kommende,
    #[default]
    #[serde(rename = "I DRIFT")]
    IDrift,
    #[serde(rename = "UDFASES")]
    Udfases,
    #[serde(rename = "LUKKET")]
    Lukket,
}

/// A service that agreements are made about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// Its number in the service catalogue, such as SF1500; empty when it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nummer: String,
    /// Who provides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udbyder: Option<Cvr>,
    /// Its kind in the provisioning API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub servicetype: Option<String>,
    /// Whether it can be used.
    #[serde(default)]
    pub status: Servicestatus,
    /// When it can no longer be used, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub udfases: Option<Instant>,
    /// What of ours answers it: a register by its slug, or `beskedfordeler`; left out when it is somebody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub komponent: Option<String>,
    /// The entity ids it answers to: a token for any of them is for this service. Exact strings.
    pub identifikatorer: BTreeSet<String>,
    /// The id under which the provisioning API knows it; its first identifier when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eksternt_id: Option<String>,
    /// The identifiers by the ids the provisioning API gave them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// Its roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roller: Vec<Servicesystemrolle>,
    /// The types of limits it understands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parametre: Vec<Parametertype>,
}

impl Service {
    /// Whether this register or index of ours answers it.
    #[must_use]
    pub fn er_for(&self, komponent: impl Into<&'static str>) -> bool {
        self.komponent.as_deref() == Some(komponent.into())
    }

    /// The id under which the provisioning API knows it.
    #[must_use]
    pub fn id(&self) -> String {
        let foerste = || self.identifikatorer.first().cloned();
        self.eksternt_id.clone().or_else(foerste).unwrap_or_else(|| self.uuid.to_string())
    }

    /// The role with this URI.
    #[must_use]
    pub fn rolle(&self, uri: &str) -> Option<&Servicesystemrolle> {
        self.roller.iter().find(|r| r.uri == uri)
    }

    /// The role with this short name.
    #[must_use]
    pub fn rolle_med_navn(&self, navn: &str) -> Option<&Servicesystemrolle> {
        self.roller.iter().find(|r| r.navn == navn)
    }

    /// The least role that opens an operation.
    #[must_use]
    pub fn rolle_til(&self, operation: &str) -> Option<&Servicesystemrolle> {
        let aabner = self.roller.iter().filter(|r| r.operationer.contains(operation));
        aabner.min_by_key(|r| r.operationer.len())
    }

    /// Whether the distributor of messages answers it.
    #[must_use]
    pub fn er_beskedfordeler(&self) -> bool {
        self.komponent.as_deref() == Some(BESKEDFORDELER)
    }

    /// Whether one of the two indexes answers it.
    #[must_use]
    pub fn er_indeks(&self) -> bool {
        matches!(self.komponent.as_deref(), Some(SAGDOKUMENTINDEKS | YDELSESINDEKS))
    }

    /// Whether what answers it enforces such limits: a register of ours flags alone, an index topics, sensitivity and it-systems.
    pub(crate) fn haandhaever(&self, art: Parameterart) -> bool {
        use Parameterart::{Foelsomhed, ItSystem, Kle};
        match &self.komponent {
            None => true,
            Some(_) if self.er_indeks() => matches!(art, Kle | Foelsomhed | ItSystem),
            Some(_) => self.er_beskedfordeler() || art.er_flag(),
        }
    }

    /// The type of limit with this URI, if the service understands it. A register or an index of ours understands what it
    /// enforces alone, whatever the catalogue says.
    #[must_use]
    pub fn parameter(&self, uri: &str) -> Option<&Parametertype> {
        self.parametre.iter().find(|p| p.uri == uri).filter(|p| self.haandhaever(p.art))
    }

    /// The type of limit with this name.
    #[must_use]
    pub fn parameter_med_navn(&self, navn: &str) -> Option<&Parametertype> {
        self.parametre.iter().find(|p| p.navn == navn)
    }

    /// The type of limit with this meaning.
    #[must_use]
    pub fn parameter_af(&self, art: Parameterart) -> Option<&Parametertype> {
        self.parametre.iter().find(|p| p.art == art)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.navn)
    }
}
