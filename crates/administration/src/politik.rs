//! The snapshot that access is decided by.

use crate::aftale::{Aftaletilstand, Gaeldende, Serviceaftale};
use crate::certifikat::{Certifikat, Tommelfinger, hex, tommelfinger};
use crate::data::Politikdata;
use crate::dueslag::{Abonnement, Dueslag};
use crate::foederation::{Foederationsaftale, Foederationstilstand};
use crate::part::Part;
use crate::privilegium::Privilegium;
use crate::service::{Service, Servicestatus};
use crate::system::ItSystem;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Why a system may not act for another: a stable code, and what is missing and who can grant it, in Danish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Afvisning {
    /// The code.
    pub kode: &'static str,
    /// The text.
    pub tekst: String,
}

/// Everything access is decided by, at one moment. Looking up takes no longer with a thousand systems than with one.
#[derive(Debug, Default)]
pub struct Politik {
    data: Politikdata,
    version: String,
    parter: HashMap<Cvr, usize>,
    systemer: HashMap<Uuid, usize>,
    eksterne: HashMap<String, usize>,
    certifikater: HashMap<Tommelfinger, (usize, usize)>,
    services: HashMap<Uuid, usize>,
    identifikatorer: HashMap<String, usize>,
    aftaler: HashMap<(Uuid, Cvr, Uuid), Vec<usize>>,
    kontekster: HashMap<(Uuid, Uuid), BTreeSet<Cvr>>,
    dueslag: HashMap<Uuid, usize>,
    /// Agreements by UUID, by their system, and by the authorities in any of their versions.
    aftale: HashMap<Uuid, usize>,
    aftaler_af: HashMap<Uuid, Vec<usize>>,
    aftaler_med: HashMap<Cvr, Vec<usize>>,
    /// Systems by their supplier, and føderationsaftaler by UUID, system, Identity Provider and authority.
    systemer_hos: HashMap<Cvr, Vec<usize>>,
    foederation: HashMap<Uuid, usize>,
    foederation_af: HashMap<Uuid, Vec<usize>>,
    foederation_med: HashMap<Cvr, Vec<usize>>,
}

impl Politik {
    /// Indexes the entities for deciding.
    #[must_use]
    pub fn new(mut data: Politikdata) -> Self {
        data.ordn();
        let mut politik = Self { version: version(&data), ..Self::default() };
        for (i, part) in data.parter.iter().enumerate() {
            politik.parter.insert(part.cvr, i);
        }
        for (i, system) in data.systemer.iter().enumerate() {
            politik.systemer.insert(system.uuid, i);
            politik.eksterne.entry(system.id()).or_insert(i);
            politik.systemer_hos.entry(system.leverandoer).or_default().push(i);
            for (j, certifikat) in system.certifikater.iter().enumerate() {
                politik.certifikater.insert(certifikat.tommelfinger, (i, j));
            }
        }
        for (i, service) in data.services.iter().enumerate() {
            politik.services.insert(service.uuid, i);
            for identifikator in &service.identifikatorer {
                politik.identifikatorer.insert(identifikator.clone(), i);
            }
        }
        for (i, aftale) in data.aftaler.iter().enumerate() {
            politik.aftale.insert(aftale.uuid, i);
            politik.aftaler_af.entry(aftale.system).or_default().push(i);
            for myndighed in aftale.myndigheder() {
                politik.aftaler_med.entry(myndighed).or_default().push(i);
            }
            for service in aftale.versioner.iter().flat_map(|v| &v.services).map(|s| s.service) {
                for myndighed in aftale.myndigheder() {
                    let plads = politik.aftaler.entry((aftale.system, myndighed, service)).or_default();
                    if plads.last() != Some(&i) {
                        plads.push(i);
                    }
                    politik.kontekster.entry((aftale.system, service)).or_default().insert(myndighed);
                }
            }
        }
        for (i, dueslag) in data.dueslag.iter().enumerate() {
            politik.dueslag.insert(dueslag.uuid, i);
        }
        for (i, f) in data.foederationsaftaler.iter().enumerate() {
            politik.foederation.insert(f.uuid, i);
            politik.foederation_med.entry(f.myndighed).or_default().push(i);
            for system in [Some(f.system), f.idp].into_iter().flatten() {
                politik.foederation_af.entry(system).or_default().push(i);
            }
        }
        politik.data = data;
        politik
    }

    /// What it was made of.
    #[must_use]
    pub fn data(&self) -> &Politikdata {
        &self.data
    }

    /// The configuration version: changes with every change, and is the same on every node.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The system and certificate registered with this thumbprint.
    #[must_use]
    pub fn certifikat(&self, tommelfinger: &Tommelfinger) -> Option<(&ItSystem, &Certifikat)> {
        let (i, j) = self.certifikater.get(tommelfinger)?;
        let system = self.data.systemer.get(*i)?;
        Some((system, system.certifikater.get(*j)?))
    }

    /// The system the provisioning API, and so a token, knows by this id.
    #[must_use]
    pub fn system_med_id(&self, id: &str) -> Option<&ItSystem> {
        self.data.systemer.get(*self.eksterne.get(id)?)
    }

    /// The system with this UUID.
    #[must_use]
    pub fn system(&self, uuid: Uuid) -> Option<&ItSystem> {
        self.data.systemer.get(*self.systemer.get(&uuid)?)
    }

    /// The party with this CVR number.
    #[must_use]
    pub fn part(&self, cvr: Cvr) -> Option<&Part> {
        self.data.parter.get(*self.parter.get(&cvr)?)
    }

    /// The service with this UUID.
    #[must_use]
    pub fn service(&self, uuid: Uuid) -> Option<&Service> {
        self.data.services.get(*self.services.get(&uuid)?)
    }

    /// The service that answers to this entity id, compared as an exact string.
    #[must_use]
    pub fn service_med(&self, identifikator: &str) -> Option<&Service> {
        self.data.services.get(*self.identifikatorer.get(identifikator)?)
    }

    /// The services a register or an index of ours answers.
    pub fn services_for(&self, komponent: impl Into<&'static str>) -> impl Iterator<Item = &Service> {
        let komponent = komponent.into();
        self.data.services.iter().filter(move |s| s.er_for(komponent))
    }

    /// The agreement with this UUID.
    #[must_use]
    pub fn aftale(&self, uuid: Uuid) -> Option<&Serviceaftale> {
        self.data.aftaler.get(*self.aftale.get(&uuid)?)
    }

    /// The agreements of a system, in the order of all of them.
    pub fn aftaler_af(&self, system: Uuid) -> impl Iterator<Item = &Serviceaftale> {
        self.aftaler_af.get(&system).into_iter().flatten().filter_map(|i| self.data.aftaler.get(*i))
    }

    /// The agreements with an authority in any of their versions, in the order of all of them.
    pub fn aftaler_med(&self, myndighed: Cvr) -> impl Iterator<Item = &Serviceaftale> {
        self.aftaler_med.get(&myndighed).into_iter().flatten().filter_map(|i| self.data.aftaler.get(*i))
    }

    /// The it-systems of a supplier, by name.
    pub fn systemer_hos(&self, leverandoer: Cvr) -> impl Iterator<Item = &ItSystem> {
        self.systemer_hos.get(&leverandoer).into_iter().flatten().filter_map(|i| self.data.systemer.get(*i))
    }

    /// The føderationsaftale with this UUID.
    #[must_use]
    pub fn foederationsaftale(&self, uuid: Uuid) -> Option<&Foederationsaftale> {
        self.data.foederationsaftaler.get(*self.foederation.get(&uuid)?)
    }

    /// The føderationsaftaler of a brugervendt system or an Identity Provider.
    pub fn foederationsaftaler_af(&self, system: Uuid) -> impl Iterator<Item = &Foederationsaftale> {
        let plads = self.foederation_af.get(&system).into_iter().flatten();
        plads.filter_map(|i| self.data.foederationsaftaler.get(*i))
    }

    /// The føderationsaftaler of an authority.
    pub fn foederationsaftaler_med(&self, myndighed: Cvr) -> impl Iterator<Item = &Foederationsaftale> {
        let plads = self.foederation_med.get(&myndighed).into_iter().flatten();
        plads.filter_map(|i| self.data.foederationsaftaler.get(*i))
    }

    /// The state of a føderationsaftale now.
    #[must_use]
    pub fn foederationstilstand(&self, f: &Foederationsaftale, nu: Instant) -> Foederationstilstand {
        f.tilstand(self.system(f.system), f.idp.and_then(|i| self.system(i)), nu)
    }

    /// The dueslag with this UUID.
    #[must_use]
    pub fn dueslag(&self, uuid: Uuid) -> Option<&Dueslag> {
        self.data.dueslag.get(*self.dueslag.get(&uuid)?)
    }

    /// The dueslag of a system.
    pub fn dueslag_af(&self, system: Uuid) -> impl Iterator<Item = &Dueslag> {
        self.data.dueslag.iter().filter(move |d| d.system == system)
    }

    /// Every subscription.
    #[must_use]
    pub fn abonnementer(&self) -> &[Abonnement] {
        &self.data.abonnementer
    }

    /// Why nothing can be in force for this system and service, whatever is agreed; `None` when it can.
    #[must_use]
    pub fn lukket(&self, system: Uuid, service: Uuid, nu: Instant) -> Option<String> {
        let Some(system) = self.system(system) else { return Some("it-systemet er ikke registreret".into()) };
        let lukket = |s: &Service| matches!(s.status, Servicestatus::Lukket | Servicestatus::Kommende);
        match self.service(service) {
            Some(s) if lukket(s) => Some(format!("servicen {} er ikke i drift", s.navn)),
            Some(_) => system.lukket(nu),
            None => Some("servicen er ikke registreret".into()),
        }
    }

    /// The agreements of a system with an authority about a service, each with its state now (HVILENDE included).
    #[must_use]
    pub fn aftaler(&self, system: Uuid, myndighed: Cvr, service: Uuid, nu: Instant) -> Vec<Gaeldende<'_>> {
        let Some(plads) = self.aftaler.get(&(system, myndighed, service)) else { return Vec::new() };
        let maa = self.system(system).is_some_and(|s| s.maa_for(myndighed));
        let lukket = !maa || self.lukket(system, service, nu).is_some();
        let aftaler = plads.iter().filter_map(|i| self.data.aftaler.get(*i));
        let gaeldende = aftaler.filter_map(|a: &Serviceaftale| a.gaeldende(myndighed, nu));
        // A later version may leave the service out.
        let mut alle: Vec<_> = gaeldende.filter(|g| g.services(service).next().is_some()).collect();
        for g in alle.iter_mut().filter(|g| g.i_kraft()) {
            if !lukket && self.uden_testdata(g.aftale, myndighed).is_none() {
                continue;
            }
            g.tilstand = Aftaletilstand::Hvilende;
        }
        alle
    }

    /// What a system may do for an authority in a service now, each with the agreement that gives it.
    #[must_use]
    pub fn privilegier_af(
        &self,
        system: Uuid,
        myndighed: Cvr,
        service: Uuid,
        nu: Instant,
    ) -> Vec<(&Serviceaftale, Privilegium)> {
        let aftaler = self.aftaler(system, myndighed, service, nu);
        let i_kraft = aftaler.into_iter().filter(Gaeldende::i_kraft);
        let proeves = |p: &Privilegium| self.service(service).is_some_and(|s| s.giver_i_proeve(myndighed, p));
        i_kraft
            .flat_map(|g| {
                g.services(service).flat_map(move |s| s.privilegier(myndighed)).map(move |p| (g.aftale, p))
            })
            // Whatever a trial says, it gives no more than a trial can.
            .filter(|(aftale, p)| !aftale.proevetilslutning || proeves(p))
            .collect()
    }

    /// Why a trial opens nothing, whatever it says: not all data of the authority are invented. `None` for every other
    /// agreement.
    #[must_use]
    pub fn uden_testdata(&self, aftale: &Serviceaftale, myndighed: Cvr) -> Option<String> {
        let aaben = !aftale.proevetilslutning || self.part(myndighed).is_some_and(Part::kan_proeves);
        (!aaben).then(|| format!("myndigheden {myndighed} ikke er åben for prøver"))
    }

    /// Whether what a system may do for an authority in a service is a trial and nothing else.
    #[must_use]
    pub fn kun_proeve(&self, system: Uuid, myndighed: Cvr, service: Uuid, nu: Instant) -> bool {
        let aftaler = self.aftaler(system, myndighed, service, nu);
        let mut i_kraft = aftaler.iter().filter(|g| g.i_kraft()).peekable();
        i_kraft.peek().is_some() && i_kraft.all(|g| g.aftale.proevetilslutning)
    }

    /// What a system may do for an authority in a service now: the privileges of its token.
    #[must_use]
    pub fn privilegier(&self, system: Uuid, myndighed: Cvr, service: Uuid, nu: Instant) -> Vec<Privilegium> {
        self.privilegier_af(system, myndighed, service, nu).into_iter().map(|(_, p)| p).collect()
    }

    /// The authorities a system has an agreement in force with about a service, ascending.
    #[must_use]
    pub fn kontekster(&self, system: Uuid, service: Uuid, nu: Instant) -> Vec<Cvr> {
        let kendte = self.kendte_kontekster(system, service);
        kendte.filter(|cvr| self.har_aftale(system, *cvr, service, nu)).collect()
    }

    /// The authorities a system has any agreement with about a service, in force or not, ascending.
    pub fn kendte_kontekster(&self, system: Uuid, service: Uuid) -> impl Iterator<Item = Cvr> {
        self.kontekster.get(&(system, service)).into_iter().flatten().copied()
    }

    /// Whether an agreement is in force.
    #[must_use]
    pub fn har_aftale(&self, system: Uuid, myndighed: Cvr, service: Uuid, nu: Instant) -> bool {
        self.aftaler(system, myndighed, service, nu).iter().any(Gaeldende::i_kraft)
    }

    /// Whether a system may act for whoever sent it a token (normal OnBehalfOf).
    ///
    /// # Errors
    /// [`Afvisning`].
    pub fn normal_obo(
        &self,
        system: Uuid,
        myndighed: Cvr,
        service: Uuid,
        nu: Instant,
    ) -> Result<(), Afvisning> {
        let Some(it) = self.system(system) else { return Err(ukendt()) };
        if !it.can_impersonate {
            let tekst = format!(
                "{} må ikke handle på vegne af andre; driftsoperatøren kan give CanImpersonate",
                it.navn
            );
            return Err(Afvisning { kode: "OBO-01", tekst });
        }
        if !self.har_aftale(system, myndighed, service, nu) {
            let tekst = format!(
                "{} har selv ingen gældende serviceaftale om servicen med myndigheden {myndighed}; \
                 myndighedens Godkender kan godkende en",
                it.navn
            );
            return Err(Afvisning { kode: "OBO-02", tekst });
        }
        Ok(())
    }

    /// Whether a system may act as another one, shown by the other's certificate (proxy OnBehalfOf).
    ///
    /// # Errors
    /// [`Afvisning`].
    pub fn proxy_obo(
        &self,
        system: Uuid,
        myndighed: Cvr,
        repraesenteret: Uuid,
        certifikat: Option<&Tommelfinger>,
        nu: Instant,
    ) -> Result<(), Afvisning> {
        let Some(it) = self.system(system) else { return Err(ukendt()) };
        // The agreements are those of the other, so that nothing else asks about this one.
        if let Some(lukket) = it.lukket(nu) {
            return Err(Afvisning {
                kode: "OBO-04", tekst: format!("{lukket} og må ikke handle som andre")
            });
        }
        let tilladt = it.impersonering.iter().any(|i| {
            let samme = certifikat
                .is_none_or(|c| i.certifikat.as_ref().is_none_or(|k| k.eq_ignore_ascii_case(&hex(c))));
            i.anvenderkontekst == myndighed && i.system == repraesenteret && i.gyldig.contains(nu) && samme
        });
        if tilladt {
            return Ok(());
        }
        let hvem = self.system(repraesenteret).map_or("et ukendt it-system", |s| s.navn.as_str());
        let tekst = format!(
            "{} må ikke handle som {hvem} for myndigheden {myndighed}; driftsoperatøren kan føje det til \
             it-systemets impersonering",
            it.navn
        );
        Err(Afvisning { kode: "OBO-03", tekst })
    }

    /// Whether a system may still act for another one in a service, in one of the two ways.
    ///
    /// # Errors
    /// [`Afvisning`].
    pub fn repraesentation(
        &self,
        system: Uuid,
        myndighed: Cvr,
        service: Uuid,
        repraesenteret: Uuid,
        nu: Instant,
    ) -> Result<(), Afvisning> {
        let proxy = self.proxy_obo(system, myndighed, repraesenteret, None, nu);
        match (self.normal_obo(system, myndighed, service, nu), proxy) {
            (Ok(()), _) | (_, Ok(())) => Ok(()),
            (_, Err(lukket)) if lukket.kode == "OBO-04" => Err(lukket),
            (Err(normal), _) if normal.kode == "OBO-02" => Err(normal),
            (_, Err(proxy)) => Err(proxy),
        }
    }
}

fn ukendt() -> Afvisning {
    let tekst = "it-systemet er ikke registreret; leverandøren skal registrere det først".into();
    Afvisning { kode: "SYS-01", tekst }
}

/// The first digits of the SHA-256 of everything.
fn version(data: &Politikdata) -> String {
    let bytes = serde_json::to_vec(data).unwrap_or_default();
    hex(&tommelfinger(&bytes)[..6])
}
