//! Pushing: messages of PUSH dueslag are posted to their receivers, one at a time for each dueslag and in order.

mod dom;
mod kald;
mod loeb;

pub use kald::klient;

use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use administration::{Dueslagstilstand, Leveringsmaade};
use loeb::Loeb;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use store::Drift;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Least time between two looks for what waits.
const PAUSE: Duration = Duration::from_millis(20);
/// Most time between them: another server may have placed something, or a wait may be over.
const HVERT: Duration = Duration::from_millis(500);

impl Fordeler {
    /// Pushes until it is dropped. With several servers each dueslag is pushed by one of them.
    pub async fn push(self, klient: reqwest::Client) {
        let mut i_gang: JoinSet<(Uuid, Result<(), Fejl>)> = JoinSet::new();
        let mut optagne = HashSet::new();
        loop {
            let begynd = match self.ventende(&optagne).await {
                Ok(begynd) => begynd,
                Err(fejl) => {
                    tracing::error!(target: "besked", %fejl, "PUSH-dueslag kunne ikke læses; det forsøges igen");
                    Vec::new()
                }
            };
            for dueslag in begynd {
                if i_gang.len() >= self.app().config().besked.push_samtidige {
                    break;
                }
                optagne.insert(dueslag);
                let loeb = Loeb::ny(self.clone(), klient.clone(), dueslag);
                i_gang.spawn(async move { (dueslag, loeb.koer().await) });
            }
            tokio::time::sleep(PAUSE).await;
            let vent = tokio::time::sleep(HVERT);
            tokio::pin!(vent);
            tokio::select! {
                () = &mut vent => {}
                () = self.push_vaekket() => {}
                Some(endt) = i_gang.join_next() => match endt {
                    Ok((dueslag, udfald)) => {
                        optagne.remove(&dueslag);
                        if let Err(fejl) = udfald {
                            tracing::error!(target: "besked", %dueslag, %fejl, "push afbrudt; det forsøges igen");
                        }
                    }
                    // It cannot be told which one it was: those that run have their lease, and it runs out.
                    Err(fejl) => tracing::error!(target: "besked", %fejl, "push afbrudt"),
                }
            }
        }
    }

    /// The dueslag whose messages are due now, without those that are being pushed.
    async fn ventende(&self, optagne: &HashSet<Uuid>) -> Result<Vec<Uuid>, Fejl> {
        let billede = self.billede();
        let push: Vec<Uuid> = billede
            .dueslag
            .values()
            .map(|slag| &slag.dueslag)
            .filter(|d| d.maade == Leveringsmaade::Push && d.tilstand == Dueslagstilstand::Aktiv)
            .map(|d| d.uuid)
            .filter(|uuid| !optagne.contains(uuid))
            .collect();
        if push.is_empty() {
            return Ok(push);
        }
        let nu = self.app().now();
        let ventende = self.lager().venter_i(&push).await?;
        if ventende.is_empty() {
            return Ok(ventende);
        }
        let drifter = self.app().store().drifter().await?;
        let drifter: HashMap<Uuid, Drift> = drifter.into_iter().map(|d| (d.dueslag, d)).collect();
        let er_tid =
            |d: &Uuid| drifter.get(d).is_none_or(|d| !d.pauset && d.naeste.is_none_or(|naeste| naeste <= nu));
        Ok(ventende.into_iter().filter(er_tid).collect())
    }
}
