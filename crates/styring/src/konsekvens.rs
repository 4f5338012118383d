//! Who gains or loses what: the same rules that decide every call, asked before and after.

use adgang::{Caller, Hvordan, Operation};
use administration::{Politik, Politikdata};
use bitemporal::Instant;
use oio::catalog::{Beskyttelse, Register};
use oio::{Cvr, ObjektType, UnikId, catalog};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What one it-system gains and loses for one authority in one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Konsekvens {
    /// The it-system.
    pub system: Uuid,
    /// Its name.
    pub systemnavn: String,
    /// The authority.
    pub myndighed: Cvr,
    /// Its name.
    pub myndighedsnavn: String,
    /// The service.
    pub service: String,
    /// What it gains, each a few Danish words.
    pub faar: Vec<String>,
    /// What it loses.
    pub mister: Vec<String>,
}

impl Konsekvens {
    /// Whether it can do nothing at all afterwards.
    #[must_use]
    pub fn er_tomt(&self) -> bool {
        self.faar.is_empty() && self.mister.is_empty()
    }
}

/// The consequences of going from one policy to another, for the systems and authorities of these agreements, as of a
/// time. Registers are asked through [`adgang::decide`], operation by operation; other services by their privileges.
#[must_use]
pub fn konsekvenser(foer: &Politik, efter: &Politik, aftaler: &[Uuid], nu: Instant) -> Vec<Konsekvens> {
    let mut beroerte: BTreeSet<(Uuid, Cvr, Uuid)> = BTreeSet::new();
    for politik in [foer, efter] {
        for aftale in aftaler.iter().filter_map(|uuid| politik.aftale(*uuid)) {
            for version in &aftale.versioner {
                for part in &version.myndigheder {
                    let services = version.services.iter();
                    beroerte.extend(services.map(|s| (aftale.system, part.myndighed, s.service)));
                }
            }
        }
    }
    let en = |(system, myndighed, service): (Uuid, Cvr, Uuid)| {
        let (har, kan) =
            (evner(foer, system, myndighed, service, nu), evner(efter, system, myndighed, service, nu));
        Konsekvens {
            system,
            systemnavn: navn(efter, foer, |p| p.system(system).map(|s| s.navn.clone())),
            myndighed,
            myndighedsnavn: navn(efter, foer, |p| p.part(myndighed).map(|s| s.navn.clone())),
            service: navn(efter, foer, |p| p.service(service).map(|s| s.navn.clone())),
            faar: kan.difference(&har).cloned().collect(),
            mister: har.difference(&kan).cloned().collect(),
        }
    };
    beroerte.into_iter().map(en).filter(|k| !k.er_tomt()).collect()
}

/// The same for a change of the data in force. What is changed is a copy with the systems of these agreements and all
/// agreements of those systems: nothing else decides about them.
#[must_use]
pub fn ved(
    politik: &Politik,
    aendr: impl FnOnce(&mut Politikdata),
    aftaler: &[Uuid],
    nu: Instant,
) -> Vec<Konsekvens> {
    let systemer: BTreeSet<Uuid> =
        aftaler.iter().filter_map(|a| politik.aftale(*a)).map(|a| a.system).collect();
    let alle = politik.data();
    let mut data = Politikdata {
        parter: alle.parter.clone(),
        services: alle.services.clone(),
        roller: alle.roller.clone(),
        systemer: systemer.iter().filter_map(|s| politik.system(*s)).cloned().collect(),
        aftaler: systemer.iter().flat_map(|s| politik.aftaler_af(*s)).cloned().collect(),
        ..Politikdata::default()
    };
    let foer = Politik::new(data.clone());
    aendr(&mut data);
    konsekvenser(&foer, &Politik::new(data), aftaler, nu)
}

fn navn(efter: &Politik, foer: &Politik, find: impl Fn(&Politik) -> Option<String>) -> String {
    find(efter).or_else(|| find(foer)).unwrap_or_default()
}

/// What a system can do for an authority in a service, in words.
fn evner(politik: &Politik, system: Uuid, myndighed: Cvr, service: Uuid, nu: Instant) -> BTreeSet<String> {
    let Some(s) = politik.service(service) else { return BTreeSet::new() };
    let register = [Register::Organisation, Register::Klassifikation].into_iter().find(|r| s.er_for(*r));
    match register {
        Some(register) => i_register(politik, system, myndighed, register, nu),
        None => privilegier(politik, system, myndighed, service, nu),
    }
}

fn i_register(
    politik: &Politik,
    system: Uuid,
    myndighed: Cvr,
    register: Register,
    nu: Instant,
) -> BTreeSet<String> {
    let mut ud = BTreeSet::new();
    let Some(typ) = catalog::ALLE.iter().find(|t: &&&ObjektType| t.register == register) else { return ud };
    let caller = Caller {
        system,
        navn: String::new(),
        bruger_ref: UnikId::Urn("fundament:konsekvens".into()),
        myndighed: Some(myndighed),
        hvordan: Hvordan::Certifikat,
        paa_vegne_af: None,
        transaktion: Uuid::nil(),
    };
    for operation in Operation::ALL {
        let Ok(adgang) = adgang::decide(politik, &caller, operation, register, typ.name, nu) else {
            continue;
        };
        ud.insert(format!("{} ({})", ord(operation), operation.as_str()));
        if adgang.kan_se(Beskyttelse::SeNavn) {
            ud.insert("se navne på personer".into());
        }
        if adgang.kan_se(Beskyttelse::SeCpr) {
            ud.insert("se CPR-numre".into());
        }
    }
    ud
}

const fn ord(operation: Operation) -> &'static str {
    match operation {
        Operation::Opret => "oprette",
        Operation::Importer => "importere",
        Operation::Ret | Operation::Opdater => "rette",
        Operation::Passiver => "passivere",
        Operation::Slet => "slette",
        Operation::Laes | Operation::List => "læse",
        Operation::Soeg | Operation::Fremsoeg | Operation::FremsoegIndeks => "søge",
        Operation::Anonymiser => "anonymisere personer",
        Operation::Fysiskslet | Operation::Fjern => "slette for altid",
    }
}

fn privilegier(
    politik: &Politik,
    system: Uuid,
    myndighed: Cvr,
    service: Uuid,
    nu: Instant,
) -> BTreeSet<String> {
    let Some(s) = politik.service(service) else { return BTreeSet::new() };
    let mut ud = BTreeSet::new();
    for privilegium in politik.privilegier(system, myndighed, service, nu) {
        let rolle = s.rolle(&privilegium.rolle).map_or(privilegium.rolle.as_str(), |r| r.navn.as_str());
        ud.insert(rolle.to_owned());
        for (uri, vaerdi) in &privilegium.afgraensninger {
            let typ = s.parametre.iter().find(|p| p.uri == *uri).map_or(uri.as_str(), |p| p.navn.as_str());
            ud.insert(format!("{rolle}: {typ} {vaerdi}"));
        }
    }
    ud
}
