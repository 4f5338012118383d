//! The agreements about messages, as rights.

use crate::tjeneste::Retning;
use administration::{Aftaleservice, Gaeldende, Politik, Service};
use besked::{Afsendelse, Kleled, Modtagelse};
use bitemporal::Instant;
use oio::Cvr;
use std::str::FromStr;
use uuid::Uuid;

/// What a limit is called in the services of the distributor.
mod navne {
    pub(super) const BESKEDTYPE: &str = "Beskedtype";
    pub(super) const FOELSOMHED: &str = "Foelsomhed";
    pub(super) const KLE: &str = "KommunaltForvaltningsomraade";
    pub(super) const AFSENDENDE: &str = "AfsendendeMyndighed";
    pub(super) const TILLADTE: &str = "TilladteMyndigheder";
    pub(super) const VERSION: &str = "Version";
}

/// The limits of one agreement.
struct Graenser<'a> {
    service: &'a Service,
    aftale: &'a Aftaleservice,
}

impl Graenser<'_> {
    /// The values of a limit; commas part them too.
    fn tekster(&self, navn: &str) -> Vec<String> {
        let Some(typ) = self.service.parametre.iter().find(|p| p.navn == navn) else { return Vec::new() };
        let vaerdier = self.aftale.parametre.get(&typ.uri);
        let dele = vaerdier.into_iter().flatten().flat_map(|v| v.split(','));
        dele.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
    }

    /// Those of them that can be understood: one that cannot grants nothing.
    fn alle<T: FromStr>(&self, navn: &str) -> Vec<T> {
        self.tekster(navn).iter().filter_map(|v| v.parse().ok()).collect()
    }

    fn version(&self) -> u8 {
        if self.tekster(navne::VERSION).iter().any(|v| v == "1" || v == "1.0") { 1 } else { 2 }
    }
}

fn graenser<'a>(
    gaeldende: &Gaeldende<'a>,
    service: &'a Service,
) -> impl Iterator<Item = Graenser<'a>> + use<'a> {
    gaeldende.services(service.uuid).map(move |aftale| Graenser { service, aftale })
}

/// What a system may send for an authority now.
pub(crate) fn afsendelser(politik: &Politik, system: Uuid, cvr: Cvr, nu: Instant) -> Vec<(Uuid, Afsendelse)> {
    let Some(service) = Retning::Afsend.service(politik) else { return Vec::new() };
    let aftaler = politik.aftaler(system, cvr, service.uuid, nu);
    let i_kraft = aftaler.iter().filter(|g| g.i_kraft());
    let afsendelse = |g: &Gaeldende<'_>, l: Graenser<'_>| {
        let afsendelse = Afsendelse {
            version: l.version(),
            beskedtyper: l.alle(navne::BESKEDTYPE),
            foelsomheder: l.alle(navne::FOELSOMHED),
            kle: l.alle::<Kleled>(navne::KLE),
            tilladte: l.alle(navne::TILLADTE),
        };
        (g.aftale.uuid, afsendelse)
    };
    i_kraft.flat_map(|g| graenser(g, service).map(|l| afsendelse(g, l)).collect::<Vec<_>>()).collect()
}

/// What a system may receive now, for whichever authority.
pub(crate) fn modtagelser(politik: &Politik, system: Uuid, nu: Instant) -> Vec<Modtagelse> {
    let Some(service) = Retning::Modtag.service(politik) else { return Vec::new() };
    let mut alle = Vec::new();
    for myndighed in politik.kendte_kontekster(system, service.uuid) {
        for g in politik.aftaler(system, myndighed, service.uuid, nu).iter().filter(|g| g.i_kraft()) {
            alle.extend(graenser(g, service).map(|l| Modtagelse {
                version: l.version(),
                myndighed,
                afsendere: l.alle(navne::AFSENDENDE),
                beskedtyper: l.alle(navne::BESKEDTYPE),
                foelsomheder: l.alle(navne::FOELSOMHED),
                kle: l.alle::<Kleled>(navne::KLE),
                aftale: g.aftale.uuid,
            }));
        }
    }
    alle
}
