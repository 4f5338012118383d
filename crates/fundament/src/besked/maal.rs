//! What is measured of the distributor: every dueslag, and what senders were answered.

use beskedfordeler::Fordeler;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::sync::atomic::Ordering;

/// Nothing is counted further than this: a longer queue is long enough.
const LOFT: u64 = 100_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Svar {
    statuskode: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Slag {
    dueslag: String,
    navn: String,
}

/// The figures.
#[derive(Default)]
pub struct Beskedmaal {
    svar: Family<Svar, Counter>,
    venter: Family<Slag, Gauge>,
    alder: Family<Slag, Gauge>,
    fejlkoe: Family<Slag, Gauge>,
    ind: Family<Slag, Counter>,
    ud: Family<Slag, Counter>,
    retur: Family<Slag, Counter>,
    flyttet: Family<Slag, Counter>,
    forsoeg: Family<Slag, Counter>,
    fejlende: Family<Slag, Gauge>,
}

impl Beskedmaal {
    /// Names them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("besked_svar", "Svar til afsendere efter StatusKode", self.svar.clone());
        registry.register(
            "dueslag_venter",
            "Beskeder, der venter; tælles højst til 100000",
            self.venter.clone(),
        );
        registry.register("dueslag_alder_sekunder", "Alderen af den ældste, der venter", self.alder.clone());
        registry.register(
            "dueslag_fejlkoe",
            "Beskeder i fejlkøen; tælles højst til 100000",
            self.fejlkoe.clone(),
        );
        registry.register("dueslag_ind", "Beskeder lagt i dueslaget", self.ind.clone());
        registry.register("dueslag_ud", "Beskeder, som modtageren har kvitteret for", self.ud.clone());
        registry.register("dueslag_retur", "Beskeder, der kom tilbage", self.retur.clone());
        registry.register("dueslag_til_fejlkoe", "Beskeder flyttet til fejlkøen", self.flyttet.clone());
        registry.register("dueslag_push_forsoeg", "Forsøg på at levere ved PUSH", self.forsoeg.clone());
        registry.register(
            "dueslag_push_fejlende",
            "Forsøg i træk, der er mislykket med den forreste besked; -1 er pause",
            self.fejlende.clone(),
        );
    }

    /// Brings them up to date.
    pub async fn opdater(&self, fordeler: &Fordeler) {
        let (app, tal) = (fordeler.app(), fordeler.tal());
        for (statuskode, antal) in &tal.svar {
            saet(&self.svar.get_or_create(&Svar { statuskode: *statuskode }), *antal);
        }
        let (politik, nu) = (app.politik(), app.now());
        for d in &politik.data().dueslag {
            let slag = Slag { dueslag: d.uuid.to_string(), navn: d.navn.clone() };
            if let Ok(stand) = fordeler.koestand(d.uuid, LOFT).await {
                let alder = stand.aeldste.map_or(0, |t| nu.micros().saturating_sub(t.micros()) / 1_000_000);
                self.venter.get_or_create(&slag).set(stand.venter.cast_signed());
                self.alder.get_or_create(&slag).set(alder);
                self.fejlkoe.get_or_create(&slag).set(stand.fejl.cast_signed());
            }
            if let Ok(Some(drift)) = app.store().drift(d.uuid).await {
                self.fejlende.get_or_create(&slag).set(if drift.pauset { -1 } else { drift.forsoeg.into() });
            }
            let t = tal.dueslag.get(&d.uuid).copied().unwrap_or_default();
            for (familie, antal) in [
                (&self.ind, t.ind),
                (&self.ud, t.ud),
                (&self.retur, t.retur),
                (&self.flyttet, t.fejl),
                (&self.forsoeg, t.forsoeg),
            ] {
                saet(&familie.get_or_create(&slag), antal);
            }
        }
    }
}

fn saet(taeller: &Counter, antal: u64) {
    taeller.inner().store(antal, Ordering::Relaxed);
}
