//! Pushing: messages of PUSH dueslag are posted to their receivers, one at a time for each dueslag and in order.

mod dom;
mod kald;
mod loeb;
mod proev;

pub use app::udgaaende_klient as klient;
pub use proev::{Callbackdom, Callbacksvar, IkkeKaldt};

use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use administration::{Dueslagstilstand, Leveringsmaade};
use loeb::Loeb;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use store::Drift;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use uuid::Uuid;

/// Least time between two looks for what waits.
const PAUSE: Duration = Duration::from_millis(20);
/// Most time between them: another server may have placed something, or a wait may be over.
const HVERT: Duration = Duration::from_millis(500);
/// How long calls under way may take when it is to stop.
const FARVEL: Duration = Duration::from_secs(20);

/// The runs under way, and of which dueslag each is.
#[derive(Default)]
struct Igang {
    loeb: JoinSet<Result<(), Fejl>>,
    af: HashMap<Id, Uuid>,
    /// Dueslag whose last run went wrong: what it had on loan may be so still.
    usikre: HashSet<Uuid>,
}

impl Fordeler {
    /// Pushes until `stop` changes; then calls under way finish, so that what is answered is not sent again. With
    /// several servers each dueslag is pushed by one of them.
    pub async fn push(self, klient: reqwest::Client, mut stop: watch::Receiver<bool>) {
        let mut i_gang = Igang::default();
        loop {
            let begynd = match self.ventende(&mut i_gang).await {
                Ok(begynd) => begynd,
                Err(fejl) => {
                    tracing::error!(target: "besked", %fejl, "PUSH-dueslag kunne ikke læses; det forsøges igen");
                    Vec::new()
                }
            };
            for dueslag in begynd {
                if i_gang.loeb.len() >= self.app().config().besked.push_samtidige {
                    break;
                }
                let loeb = Loeb::ny(self.clone(), klient.clone(), dueslag, stop.clone());
                let id = i_gang.loeb.spawn(loeb.koer()).id();
                i_gang.af.insert(id, dueslag);
            }
            tokio::time::sleep(PAUSE).await;
            tokio::select! {
                () = tokio::time::sleep(HVERT) => {}
                () = self.push_vaekket() => {}
                true = i_gang.en_faerdig() => {}
                _ = stop.changed() => break,
            }
        }
        let faerdige = async { while i_gang.en_faerdig().await {} };
        if tokio::time::timeout(FARVEL, faerdige).await.is_err() {
            let sekunder = FARVEL.as_secs();
            tracing::warn!(target: "besked", sekunder, "nogle modtagere af push svarede ikke, før serveren stoppede; de får beskeden igen");
        }
    }

    /// The dueslag whose messages are due now, without those that are being pushed.
    async fn ventende(&self, i_gang: &mut Igang) -> Result<Vec<Uuid>, Fejl> {
        for dueslag in i_gang.usikre.clone() {
            self.lager().frigiv_oevrige(dueslag, &[]).await?;
            i_gang.usikre.remove(&dueslag);
        }
        let optagne: HashSet<Uuid> = i_gang.af.values().copied().collect();
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

impl Igang {
    /// Waits until one ends; `false` when none is under way.
    async fn en_faerdig(&mut self) -> bool {
        let Some(endt) = self.loeb.join_next_with_id().await else { return false };
        let (id, fejl) = match endt {
            Ok((id, Ok(()))) => (id, None),
            Ok((id, Err(fejl))) => (id, Some(fejl.to_string())),
            Err(fejl) => (fejl.id(), Some(fejl.to_string())),
        };
        if let (Some(dueslag), Some(fejl)) = (self.af.remove(&id), fejl) {
            tracing::error!(target: "besked", %dueslag, fejl, "push afbrudt; det forsøges igen");
            self.usikre.insert(dueslag);
        }
        true
    }
}
