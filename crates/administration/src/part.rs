//! Parties: authorities, suppliers, the operator.

use crate::certifikat::Certifikat;
use oio::{Cvr, ObjektId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a party is. A municipality with its own IT is both authority and supplier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Partsart {
    /// Owns data: a municipality, or KOMBIT for what all share.
    #[serde(rename = "MYNDIGHED")]
    Myndighed,
    /// Owns it-systems.
    #[serde(rename = "LEVERANDØR", alias = "LEVERANDOER")]
    Leverandoer,
    /// Runs the installation.
    #[serde(rename = "OPERATØR", alias = "OPERATOER")]
    Operatoer,
}

impl Partsart {
    /// Every kind.
    pub const ALLE: [Self; 3] = [Self::Myndighed, Self::Leverandoer, Self::Operatoer];
}

/// A party: everything belongs to exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// Its CVR number.
    pub cvr: Cvr,
    /// What it is.
    pub arter: BTreeSet<Partsart>,
    /// An authority's object in Organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<ObjektId>,
    /// Whether somebody may approve what he asked for himself (a second Godkender must countersign).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub egen_godkendelse: bool,
    /// SOD-2: whether Administrator and Godkender may be the same person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub administrator_maa_godkende: bool,
    /// Whether Brugeradministrator may assign Administrator and Logansvarlig as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub brugeradministrator_maa_alt: bool,
    /// The mailbox notices go to; one that several people read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// The domain of the authority's ids of roles (`Domæne for rolle-id'er`), when it was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domaene: Option<String>,
    /// Whether everything registered for the authority is invented, so that systems may be tried on it without its saying so
    /// (`Prøvetilslutning`). Whoever runs the installation says it in the policy; nobody else can.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub testdata: bool,
    /// The certificates by which a role catalogue of the authority is recognised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rollecertifikater: Vec<Certifikat>,
}

impl Part {
    /// A party of one kind, with a UUID that follows from its CVR number.
    #[must_use]
    pub fn ny(cvr: Cvr, navn: impl Into<String>, art: Partsart) -> Self {
        Self {
            uuid: Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:fundament:part:{cvr}").as_bytes()),
            navn: navn.into(),
            cvr,
            arter: BTreeSet::from([art]),
            organisation: None,
            egen_godkendelse: false,
            administrator_maa_godkende: false,
            brugeradministrator_maa_alt: false,
            email: String::new(),
            domaene: None,
            testdata: false,
            rollecertifikater: Vec::new(),
        }
    }

    /// Whether it is an authority of which all data are invented.
    #[must_use]
    pub fn kan_proeves(&self) -> bool {
        self.testdata && self.er(Partsart::Myndighed)
    }

    /// Whether it is of this kind.
    #[must_use]
    pub fn er(&self, art: Partsart) -> bool {
        self.arter.contains(&art)
    }
}
