//! What became of a message, and why it did not reach a dueslag.

use crate::adgangskort::Afsender;
use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use administration::Dueslag;
use besked::{Grund, Kuvert, Placering};
use bitemporal::Instant;
use store::{Beskedpost, Levering, Placeret, Tilstand};
use uuid::Uuid;

/// Most deliveries told of one message.
const LEVERINGER_MAX: u64 = 1_000;

/// One message with a BeskedId; several systems may have used the same.
#[derive(Debug, Clone)]
pub struct Forklaring {
    /// The message.
    pub besked: Beskedpost,
    /// Where it was placed, and what became of it there.
    pub placeringer: Vec<Placeret>,
    /// What happened to it that was not ordinary, the oldest first.
    pub leveringer: Vec<Levering>,
    /// The dueslag it was not placed in; `None` when its content is no longer kept, so that nobody can tell.
    pub udenom: Option<Vec<Udenom>>,
}

/// A dueslag that did not get a message.
#[derive(Debug, Clone)]
pub struct Udenom {
    /// The dueslag.
    pub dueslag: Dueslag,
    /// Its subscriptions, each with the reason; empty when it has none. By the agreements, filters and lists of now.
    pub grunde: Vec<(Uuid, Grund)>,
    /// It would get the message if it came now: something was changed since.
    pub ville_nu: bool,
}

/// What a sender is told of a message: figures only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skaebne {
    /// When it was accepted.
    pub modtaget: Instant,
    /// In how many dueslag it was placed.
    pub dueslag: usize,
    /// From how many it was received, as far as that is known: RabbitMQ does not tell.
    pub leveret: usize,
}

impl Fordeler {
    /// What became of a sender's own messages with this BeskedId, sent for the same authority.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn skaebne(&self, afsender: &Afsender, besked_id: &str) -> Result<Vec<Skaebne>, Fejl> {
        let store = self.app().store();
        let mut alle = Vec::new();
        for besked in store.besked_med_id(&besked::normaliser(besked_id)).await? {
            if (besked.system, besked.cvr) != (afsender.system(), afsender.cvr()) {
                continue;
            }
            let placeringer = store.placeringer(besked.nr).await?;
            let leveret = placeringer.iter().filter(|p| p.tilstand == Tilstand::Leveret).count();
            alle.push(Skaebne { modtaget: besked.modtaget, dueslag: placeringer.len(), leveret });
        }
        Ok(alle)
    }

    /// What became of the messages with this BeskedId.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forklar(&self, besked_id: &str) -> Result<Vec<Forklaring>, Fejl> {
        let mut alle = Vec::new();
        for besked in self.app().store().besked_med_id(&besked::normaliser(besked_id)).await? {
            alle.push(self.forklar_en(besked).await?);
        }
        Ok(alle)
    }

    /// Where the kept messages with this BeskedId would be placed in a dueslag now, if at all; `None` when none is kept.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn placer_igen(
        &self,
        besked_id: &str,
        dueslag: Uuid,
    ) -> Result<Option<Vec<(i64, Placering)>>, Fejl> {
        let (billede, lister) = (self.billede(), self.lister().nu());
        let mut fundne = None;
        for besked in self.app().store().besked_med_id(&besked::normaliser(besked_id)).await? {
            let Some(krop) = self.app().store().besked_krop(besked.nr).await? else { continue };
            let Ok(kuvert) = Kuvert::laes(&krop) else { continue };
            let placeringer = billede.register.find(&kuvert, besked.cvr, &*lister);
            let fundet = placeringer.into_iter().find(|p| p.dueslag == dueslag);
            fundne.get_or_insert_with(Vec::new).extend(fundet.map(|p| (besked.nr, p)));
        }
        Ok(fundne)
    }

    async fn forklar_en(&self, besked: Beskedpost) -> Result<Forklaring, Fejl> {
        let store = self.app().store();
        let placeringer = store.placeringer(besked.nr).await?;
        let leveringer = store.leveringer(besked.nr, LEVERINGER_MAX).await?;
        let kuvert = store.besked_krop(besked.nr).await?.and_then(|krop| Kuvert::laes(&krop).ok());
        let udenom = kuvert.map(|kuvert| {
            let (billede, lister) = (self.billede(), self.lister().nu());
            let nu = billede.register.find_ved(&kuvert, besked.cvr, &*lister, besked.modtaget);
            let mut udenom: Vec<Udenom> = billede
                .dueslag
                .values()
                .map(|slag| &slag.dueslag)
                .filter(|d| placeringer.iter().all(|p| p.dueslag != d.uuid))
                .map(|d| Udenom {
                    dueslag: d.clone(),
                    grunde: billede.register.forklar(d.uuid, &kuvert, besked.cvr, &*lister, besked.modtaget),
                    ville_nu: nu.iter().any(|p| p.dueslag == d.uuid),
                })
                .collect();
            udenom.sort_by(|a, b| a.dueslag.navn.cmp(&b.dueslag.navn));
            udenom
        });
        Ok(Forklaring { besked, placeringer, leveringer, udenom })
    }
}
