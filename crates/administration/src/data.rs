//! Everything the policy is made of, as it is stored and written to files.

use crate::aftale::Serviceaftale;
use crate::dueslag::{Abonnement, Dueslag};
use crate::foederation::Foederationsaftale;
use crate::part::Part;
use crate::service::{Service, Servicesystemrolle};
use crate::system::ItSystem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An administration entity: stored as JSON under its kind and UUID.
pub trait Entitet: Serialize + DeserializeOwned + Clone + PartialEq {
    /// The kind in the store.
    const ART: &'static str;
    /// What it is called, with its article.
    const ORD: &'static str;
    /// The UUID.
    fn uuid(&self) -> Uuid;
    /// The name people know it by.
    fn navn(&self) -> String;
}

impl Entitet for Part {
    const ART: &'static str = "part";
    const ORD: &'static str = "parten";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        format!("{} ({})", self.navn, self.cvr)
    }
}

impl Entitet for Service {
    const ART: &'static str = "service";
    const ORD: &'static str = "servicen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Entitet for Servicesystemrolle {
    const ART: &'static str = "servicesystemrolle";
    const ORD: &'static str = "rollen";
    fn uuid(&self) -> Uuid {
        self.uuid()
    }
    fn navn(&self) -> String {
        self.uri.clone()
    }
}

impl Entitet for ItSystem {
    const ART: &'static str = "it-system";
    const ORD: &'static str = "it-systemet";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Entitet for Serviceaftale {
    const ART: &'static str = "aftale";
    const ORD: &'static str = "serviceaftalen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Entitet for Dueslag {
    const ART: &'static str = "dueslag";
    const ORD: &'static str = "dueslaget";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Entitet for Abonnement {
    const ART: &'static str = "abonnement";
    const ORD: &'static str = "abonnementet";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

/// The whole policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Politikdata {
    /// Parties.
    pub parter: Vec<Part>,
    /// Services with their roles and types of limits.
    pub services: Vec<Service>,
    /// Roles that belong to no service of ours (made by the provisioning API).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roller: Vec<Servicesystemrolle>,
    /// It-systems with their certificates.
    pub systemer: Vec<ItSystem>,
    /// Agreements.
    pub aftaler: Vec<Serviceaftale>,
    /// Queues of receiving systems.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dueslag: Vec<Dueslag>,
    /// What is put into them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub abonnementer: Vec<Abonnement>,
    /// By which Identity Provider an authority's people log in to which system.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foederationsaftaler: Vec<Foederationsaftale>,
}

impl Politikdata {
    /// Puts everything in the one order in which it is written.
    pub fn ordn(&mut self) {
        self.parter.sort_by_key(|p| (p.cvr, p.uuid));
        self.services.sort_by(|a, b| (&a.nummer, &a.navn, a.uuid).cmp(&(&b.nummer, &b.navn, b.uuid)));
        self.roller.sort_by(|a, b| a.uri.cmp(&b.uri));
        self.systemer.sort_by(|a, b| (a.leverandoer, &a.navn, a.uuid).cmp(&(b.leverandoer, &b.navn, b.uuid)));
        for system in &mut self.systemer {
            system.certifikater.sort_by_key(|c| (c.gyldig, c.tommelfinger));
        }
        self.aftaler.sort_by(|a, b| (&a.navn, a.uuid).cmp(&(&b.navn, b.uuid)));
        for aftale in &mut self.aftaler {
            aftale.versioner.sort_by_key(|v| v.nummer);
            for version in &mut aftale.versioner {
                version.myndigheder.sort_by_key(|m| m.myndighed);
            }
        }
        self.dueslag.sort_by(|a, b| (&a.navn, a.uuid).cmp(&(&b.navn, b.uuid)));
        self.abonnementer.sort_by(|a, b| (&a.navn, a.uuid).cmp(&(&b.navn, b.uuid)));
        self.foederationsaftaler.sort_by(|a, b| (&a.navn, a.uuid).cmp(&(&b.navn, b.uuid)));
    }

    /// Adds the services every installation begins with, unless one with the same UUID is there.
    pub fn med_standard(&mut self) {
        for service in Service::standard() {
            if !self.services.iter().any(|s| s.uuid == service.uuid) {
                self.services.push(service);
            }
        }
    }

    /// Adds what another file holds.
    pub fn tilfoej(&mut self, andet: Self) {
        self.parter.extend(andet.parter);
        self.services.extend(andet.services);
        self.roller.extend(andet.roller);
        self.systemer.extend(andet.systemer);
        self.aftaler.extend(andet.aftaler);
        self.dueslag.extend(andet.dueslag);
        self.abonnementer.extend(andet.abonnementer);
        self.foederationsaftaler.extend(andet.foederationsaftaler);
    }
}
