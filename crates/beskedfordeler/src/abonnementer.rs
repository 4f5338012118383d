//! The subscriptions as they are now, indexed: built anew when the policy changes, and now and then, as agreements begin
//! and end with time.

use crate::aftaler;
use crate::haendelser::forladt;
use administration::{Dueslag, Dueslagstilstand, Politik};
use app::App;
use besked::{Filter, Modtagelse, Post, Register};
use bitemporal::Instant;
use identity::tid;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long a picture is used when nothing changes.
const FRISK: Duration = Duration::from_secs(30);

/// A dueslag, and what its system may receive.
#[derive(Debug)]
pub(crate) struct Slag {
    pub(crate) dueslag: Dueslag,
    pub(crate) modtagelser: Arc<[Modtagelse]>,
}

impl Slag {
    /// A subscription on it, as messages are placed by it.
    pub(crate) fn post(
        &self,
        abonnement: Uuid,
        beskedtyper: Vec<Uuid>,
        filter: Filter,
        fra: Instant,
    ) -> Post {
        Post {
            abonnement,
            ejer: self.dueslag.system,
            dueslag: self.dueslag.uuid,
            beskedtyper,
            filter,
            modtagelser: self.modtagelser.to_vec(),
            fra,
        }
    }
}

/// Everything messages are placed by, at one moment.
pub(crate) struct Billede {
    version: String,
    bygget: Instant,
    pub(crate) register: Register,
    pub(crate) dueslag: HashMap<Uuid, Slag>,
    /// The lists the filters name.
    pub(crate) vaerdilister: HashSet<Uuid>,
    /// The same, each with the system whose filter names it.
    pub(crate) i_brug: HashSet<(Uuid, Uuid)>,
    /// Subscriptions that place nothing, as their filter cannot be read.
    pub(crate) fejl: Vec<(Uuid, String)>,
}

impl Billede {
    /// The picture of a policy.
    pub(crate) fn nyt(politik: &Politik, nu: Instant) -> Self {
        let mut modtagelser: HashMap<Uuid, Arc<[Modtagelse]>> = HashMap::new();
        let mut dueslag = HashMap::new();
        for d in &politik.data().dueslag {
            let alle = modtagelser
                .entry(d.system)
                .or_insert_with(|| aftaler::modtagelser(politik, d.system, nu).into())
                .clone();
            let modtagelser = match d.myndighed {
                None => alle,
                Some(myndighed) => alle.iter().filter(|m| m.myndighed == myndighed).cloned().collect(),
            };
            dueslag.insert(d.uuid, Slag { dueslag: d.clone(), modtagelser });
        }
        let (mut poster, mut fejl) = (Vec::new(), Vec::new());
        let (mut vaerdilister, mut i_brug) = (HashSet::new(), HashSet::new());
        for a in &politik.data().abonnementer {
            let Some(slag) =
                dueslag.get(&a.dueslag).filter(|s| s.dueslag.tilstand != Dueslagstilstand::Nedlagt)
            else {
                continue;
            };
            match Filter::laes(&a.filter) {
                Ok(filter) => {
                    vaerdilister.extend(filter.vaerdilister());
                    i_brug.extend(filter.vaerdilister().into_iter().map(|l| (slag.dueslag.system, l)));
                    let fra = a.aktiveret.unwrap_or(Instant::NEG_INFINITY);
                    poster.push(slag.post(a.uuid, a.beskedtyper.clone(), filter, fra));
                }
                Err(grund) => fejl.push((a.uuid, grund.to_string())),
            }
        }
        let register = Register::byg(poster);
        Self {
            version: politik.version().to_owned(),
            bygget: nu,
            register,
            dueslag,
            vaerdilister,
            i_brug,
            fejl,
        }
    }

    /// Whether it is still what the policy says.
    pub(crate) fn er_frisk(&self, politik: &Politik, nu: Instant) -> bool {
        self.version == politik.version() && nu >= self.bygget && nu < tid::plus(self.bygget, FRISK)
    }
}

/// Tells of abonnementer on beskedtyper that the settings have given another UUID: they get nothing any more.
pub(crate) fn sig_hvad_intet_faar(app: &App) {
    let politik = app.politik();
    for a in politik.abonnementer() {
        for beskedtype in &a.beskedtyper {
            if let Some(navn) = forladt(&app.config().besked, *beskedtype) {
                tracing::warn!(target: "besked", abonnement = %a.uuid, %beskedtype, navn, "beskedtypen har fået et andet UUID i besked.faste_klasser: ret abonnementet og aftalen");
            }
        }
    }
}
