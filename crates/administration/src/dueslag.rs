//! The queues of receiving systems (dueslag), and what is put into them (abonnementer).

use crate::tid::tidspunkt;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// How many days a message stays in a dueslag at most.
pub const OPBEVARING_DAGE_MAX: u32 = 90;

/// How messages leave a dueslag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Leveringsmaade {
    /// The receiver fetches them by AMQP.
    #[default]
    #[serde(rename = "PULL")]
    Pull,
    /// They are posted to the receiver's address.
    #[serde(rename = "PUSH")]
    Push,
}

impl fmt::Display for Leveringsmaade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pull => "PULL",
            Self::Push => "PUSH",
        })
    }
}

/// The state of a dueslag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dueslagstilstand {
    /// Takes messages and delivers them.
    #[default]
    Aktiv,
    /// Takes messages and keeps them.
    Pauset,
    /// Takes nothing more; what it holds is kept until its time is out.
    Nedlagt,
}

impl fmt::Display for Dueslagstilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aktiv => "Aktiv",
            Self::Pauset => "Pauset",
            Self::Nedlagt => "Nedlagt",
        })
    }
}

/// A named, durable queue of one receiving it-system. Its UUID is also the name of the AMQP queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dueslag {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// The it-system that receives.
    pub system: Uuid,
    /// The only authority received for; all the system has agreements with when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub myndighed: Option<Cvr>,
    /// How messages leave it.
    #[serde(default)]
    pub maade: Leveringsmaade,
    /// Where messages are posted (PUSH).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How many days a message stays before it goes to the fejlkø; as the installation says when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opbevaring_dage: Option<u32>,
    /// Its state.
    #[serde(default)]
    pub tilstand: Dueslagstilstand,
}

impl Dueslag {
    /// An active dueslag that a system fetches from.
    #[must_use]
    pub fn ny(uuid: Uuid, navn: impl Into<String>, system: Uuid) -> Self {
        Self {
            uuid,
            navn: navn.into(),
            system,
            myndighed: None,
            maade: Leveringsmaade::Pull,
            url: None,
            opbevaring_dage: None,
            tilstand: Dueslagstilstand::Aktiv,
        }
    }
}

/// Which messages are put into a dueslag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abonnement {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// The dueslag.
    pub dueslag: Uuid,
    /// The beskedtyper, by their classes in Klassifikation.
    pub beskedtyper: Vec<Uuid>,
    /// The filter as text; everything passes when it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub filter: String,
    /// From when: earlier messages are not put into the dueslag. All are when left out.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub aktiveret: Option<Instant>,
}

impl Abonnement {
    /// A subscription without a filter.
    #[must_use]
    pub fn ny(uuid: Uuid, navn: impl Into<String>, dueslag: Uuid, beskedtyper: Vec<Uuid>) -> Self {
        Self { uuid, navn: navn.into(), dueslag, beskedtyper, filter: String::new(), aktiveret: None }
    }
}
