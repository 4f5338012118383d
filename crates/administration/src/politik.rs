//! The snapshot of parties, it-systems and agreements that access is decided by.

use bitemporal::Period;
use oio::{Cvr, ObjektId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// SHA-256 of a certificate in DER form (`Tommelfingeraftryk`).
pub type Tommelfinger = [u8; 32];

/// An authority that owns data: a municipality, or KOMBIT for what all share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Myndighed {
    /// Its CVR number.
    pub cvr: Cvr,
    /// Its name.
    pub navn: String,
    /// Its Organisation object.
    pub organisation: ObjektId,
}

/// A certificate by which an it-system is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certifikat {
    /// SHA-256 of the DER form.
    pub tommelfinger: Tommelfinger,
    /// The subject as a distinguished name; becomes `BrugerRef` of what the system records.
    pub emne: String,
    /// When it may be used.
    pub gyldig: Period,
}

/// An anvendersystem: a system that calls the services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItSystem {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// The supplier.
    pub leverandoer: Cvr,
    /// Its certificates; several may be valid at once, so that one can follow another without a gap.
    pub certifikater: Vec<Certifikat>,
}

/// A service that agreements are made about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Service {
    /// SF1500 Organisation.
    Organisation,
    /// SF1510 Klassifikation.
    Klassifikation,
}

/// A servicesystemrolle of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rolle {
    /// Read and search.
    Udstil,
    /// Also write.
    Rediger,
}

/// The data limits of an agreement. Everything is closed unless it says `Ja`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dataafgraensninger {
    /// `senavn`: names of persons.
    pub se_navn: bool,
    /// `secpr-nummer`: CPR numbers.
    pub se_cpr: bool,
    /// `anonymiser`: the operation of that name.
    pub anonymiser: bool,
    /// `fysiskslet`: the operation of that name; test installations only.
    pub fysiskslet: bool,
}

/// A serviceaftale: an authority's instruction to pass its data to one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serviceaftale {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// The authority whose data it is about.
    pub myndighed: Cvr,
    /// The system that may call.
    pub system: Uuid,
    /// The service it may call.
    pub service: Service,
    /// What it may do there.
    pub roller: Vec<Rolle>,
    /// What it may see there.
    pub dataafgraensninger: Dataafgraensninger,
    /// When the agreement holds.
    pub gyldig: Period,
}

/// Everything access is decided by, at one moment.
#[derive(Debug, Default)]
pub struct Politik {
    myndigheder: HashMap<Cvr, Myndighed>,
    systemer: HashMap<Uuid, ItSystem>,
    certifikater: HashMap<Tommelfinger, Uuid>,
    aftaler: HashMap<Uuid, Vec<Serviceaftale>>,
}

impl Politik {
    /// Indexes the entities for deciding.
    #[must_use]
    pub fn new(myndigheder: Vec<Myndighed>, systemer: Vec<ItSystem>, aftaler: Vec<Serviceaftale>) -> Self {
        let certifikater =
            systemer.iter().flat_map(|s| s.certifikater.iter().map(|c| (c.tommelfinger, s.uuid))).collect();
        let mut by_system: HashMap<Uuid, Vec<Serviceaftale>> = HashMap::new();
        for aftale in aftaler {
            by_system.entry(aftale.system).or_default().push(aftale);
        }
        Self {
            myndigheder: myndigheder.into_iter().map(|m| (m.cvr, m)).collect(),
            systemer: systemer.into_iter().map(|s| (s.uuid, s)).collect(),
            certifikater,
            aftaler: by_system,
        }
    }

    /// The system and certificate registered with this thumbprint.
    #[must_use]
    pub fn certifikat(&self, tommelfinger: &Tommelfinger) -> Option<(&ItSystem, &Certifikat)> {
        let system = self.systemer.get(self.certifikater.get(tommelfinger)?)?;
        let certifikat = system.certifikater.iter().find(|c| &c.tommelfinger == tommelfinger)?;
        Some((system, certifikat))
    }

    /// The agreements of one system.
    #[must_use]
    pub fn aftaler(&self, system: Uuid) -> &[Serviceaftale] {
        self.aftaler.get(&system).map_or(&[], Vec::as_slice)
    }

    /// The authority with this CVR number.
    #[must_use]
    pub fn myndighed(&self, cvr: Cvr) -> Option<&Myndighed> {
        self.myndigheder.get(&cvr)
    }

    /// All authorities, in no particular order.
    pub fn myndigheder(&self) -> impl Iterator<Item = &Myndighed> {
        self.myndigheder.values()
    }

    /// All it-systems, in no particular order.
    pub fn systemer(&self) -> impl Iterator<Item = &ItSystem> {
        self.systemer.values()
    }
}
