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
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use uuid::Uuid;

/// Least time between two looks for what waits.
const PAUSE: Duration = Duration::from_millis(20);
/// Most time between them: another server may have placed something, or a wait may be over.
const HVERT: Duration = Duration::from_millis(500);
/// How long calls under way may take when it is to stop.
const FARVEL: Duration = Duration::from_secs(20);

/// A run that ended, and the dueslag it was of.
type Endt = (Uuid, Result<(), Fejl>);

impl Fordeler {
    /// Pushes until `stop` changes; then calls under way finish, so that what is answered is not sent again. With
    /// several servers each dueslag is pushed by one of them.
    pub async fn push(self, klient: reqwest::Client, mut stop: watch::Receiver<bool>) {
        let mut i_gang: JoinSet<Endt> = JoinSet::new();
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
                let loeb = Loeb::ny(self.clone(), klient.clone(), dueslag, stop.clone());
                i_gang.spawn(async move { (dueslag, loeb.koer().await) });
            }
            tokio::time::sleep(PAUSE).await;
            tokio::select! {
                () = tokio::time::sleep(HVERT) => {}
                () = self.push_vaekket() => {}
                Some(endt) = i_gang.join_next() => {
                    if let Some(dueslag) = endt_loeb(endt) {
                        optagne.remove(&dueslag);
                    }
                }
                _ = stop.changed() => break,
            }
        }
        let faerdige = async { while i_gang.join_next().await.map(endt_loeb).is_some() {} };
        if tokio::time::timeout(FARVEL, faerdige).await.is_err() {
            let sekunder = FARVEL.as_secs();
            tracing::warn!(target: "besked", sekunder, "nogle modtagere af push svarede ikke, før serveren stoppede; de får beskeden igen");
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

/// The dueslag whose run ended, and a word in the log when it went wrong.
fn endt_loeb(endt: Result<Endt, JoinError>) -> Option<Uuid> {
    match endt {
        Ok((dueslag, Ok(()))) => Some(dueslag),
        Ok((dueslag, Err(fejl))) => {
            tracing::error!(target: "besked", %dueslag, %fejl, "push afbrudt; det forsøges igen");
            Some(dueslag)
        }
        // It cannot be told which one it was: those that run have their lease, and it runs out.
        Err(fejl) => {
            tracing::error!(target: "besked", %fejl, "push afbrudt");
            None
        }
    }
}
