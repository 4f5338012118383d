//! What the distributor looks after while it runs: its leases, what other servers have placed, the lists, and what has
//! been kept long enough.

use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::lager::LAAN;
use bitemporal::Instant;
use identity::tid;
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

/// How often other servers' messages are asked for.
const ANDRE: Duration = Duration::from_millis(200);
/// How often what could not be written is tried again.
const SEKUND: Duration = Duration::from_secs(1);
/// How often leases are renewed: some times before they run out.
const FORNY: Duration = Duration::from_secs(LAAN.as_secs() / 4);
/// How often lists are read again; a change counts within a minute.
const LISTER: Duration = Duration::from_secs(20);
/// How often what is too old is looked for.
const RENS: Duration = Duration::from_secs(60);
/// How often servers that are gone are looked for; one is gone that is so twice in a row.
const LIVSTEGN: Duration = Duration::from_secs(3);
/// Most rows changed at a time, so that nothing else waits long.
const SKRIDT: u64 = 500;

impl Fordeler {
    /// Runs until it is dropped. One is enough for a server, and every server has one.
    pub async fn pas(self) {
        let hver = |varighed| {
            let mut tick = interval(varighed);
            tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
            tick
        };
        let (mut andre, mut sekund, mut forny) = (hver(ANDRE), hver(SEKUND), hver(FORNY));
        let (mut lister, mut rens, mut livstegn) = (hver(LISTER), hver(RENS), hver(LIVSTEGN));
        // Never two looks in a row without the time between them.
        livstegn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut savnede = HashSet::new();
        let mut renser = tokio::task::JoinSet::new();
        let udloebne = self.lager().clone();
        let mut udloebne = std::pin::pin!(async move { udloebne.pas_udloebne().await });
        loop {
            let udfald = tokio::select! {
                _ = andre.tick() => self.andres_beskeder().await,
                _ = sekund.tick() => self.koer_pas().await,
                _ = forny.tick() => self.forny().await,
                _ = livstegn.tick() => {
                    let foer = std::mem::take(&mut savnede);
                    self.frigiv_doede(|doed| foer.contains(&doed)).await.map(|set| savnede = set)
                }
                _ = lister.tick() => self.lister().opdater(self.app(), &self.billede().vaerdilister).await,
                _ = rens.tick(), if renser.is_empty() => {
                    let fordeler = self.clone();
                    renser.spawn(async move { fordeler.rens().await });
                    Ok(())
                }
                () = &mut udloebne => Ok(()),
                Some(renset) = renser.join_next() => renset.unwrap_or(Ok(())),
            };
            if let Err(fejl) = udfald {
                tracing::error!(target: "besked", %fejl, "beskedfordelerens pasning lykkedes ikke; den forsøges igen");
            }
        }
    }

    /// Another server, or somebody at the command line, may have placed messages in the dueslag fetched from here.
    async fn andres_beskeder(&self) -> Result<(), Fejl> {
        let aftagne: Vec<Uuid> =
            self.koer().iter().filter(|koe| koe.er_toem()).map(|koe| koe.dueslag).collect();
        // RabbitMQ tells by itself.
        if !aftagne.is_empty() && self.lager().er_indlejret() {
            let nye = self.app().store().venter_i(&aftagne, self.app().now()).await?;
            self.vaek(nye);
        }
        Ok(())
    }

    async fn koer_pas(&self) -> Result<(), Fejl> {
        // Builds it anew if it must be, so that consumers hear of pauses within a second.
        let _ = self.billede();
        for koe in self.koer() {
            koe.pas();
        }
        self.ryd_koer().await;
        Ok(())
    }

    /// Leases that are not renewed in time belong to whoever takes them next.
    async fn forny(&self) -> Result<(), Fejl> {
        if self.lager().er_indlejret() && !self.koer().is_empty() {
            let til = tid::plus(self.app().now(), LAAN);
            self.app().store().forlaeng(self.lager().laaner, til).await?;
        }
        Ok(())
    }

    /// Shows that we are alive, and gives back what those had out who are `doed`. Gives the others that seem to be gone:
    /// they may just have lost their connection.
    pub(crate) async fn frigiv_doede(&self, doed: impl Fn(Uuid) -> bool) -> Result<HashSet<Uuid>, Fejl> {
        let (store, laaner) = (self.app().store(), self.lager().laaner);
        store.er_i_live(laaner).await?;
        let (doede, savnede): (Vec<Uuid>, Vec<Uuid>) =
            store.doede_laanere(laaner).await?.into_iter().partition(|uuid| doed(*uuid));
        for doed in doede {
            let antal = store.frigiv_doed(doed).await?;
            tracing::info!(target: "besked", %doed, antal, "beskeder er givet tilbage, som en stoppet server havde ude");
        }
        Ok(savnede.into_iter().collect())
    }

    /// Moves what waited too long to the fejlkø, and forgets what has been kept long enough.
    async fn rens(&self) -> Result<(), Fejl> {
        let (store, config) = (self.app().store(), &self.app().config().besked);
        let nu = self.app().now();
        let foer = |dage: u32| dage_foer(nu, dage);
        let billede = self.billede();
        let mut laengst = config.opbevaring_dage;
        for slag in billede.dueslag.values() {
            let dueslag = slag.dueslag.uuid;
            let dage = crate::lager::dage(self.app(), dueslag);
            laengst = laengst.max(dage);
            let holdt = self.koe(dueslag).map_or(0, |koe| koe.ryd_gamle(foer(dage)));
            if holdt > 0 {
                tracing::warn!(target: "besked", %dueslag, holdt, "beskeder har ventet for længe og er i fejlkøen");
            }
            loop {
                let udloebne = store.udloeb(dueslag, foer(dage), self.lager().laaner, nu, SKRIDT).await?;
                if udloebne == 0 {
                    break;
                }
                let navn = slag.dueslag.navn.as_str();
                tracing::warn!(target: "besked", %dueslag, navn, udloebne, "beskeder har ventet for længe og er i fejlkøen");
            }
        }
        while store.rens_fejlkoe(foer(config.fejlkoe_dage), nu, SKRIDT).await? > 0 {}
        while store.rens_noegler(foer(config.gentagelse_dage), SKRIDT).await? > 0 {}
        let mut efter = 0;
        loop {
            let (_, naaet) = store.rens_kroppe(foer(laengst), efter, SKRIDT).await?;
            if naaet == efter {
                break;
            }
            efter = naaet;
        }
        while store.rens_log(foer(config.log_dage), SKRIDT).await? > 0 {}
        Ok(())
    }
}

/// So many days earlier.
fn dage_foer(nu: Instant, dage: u32) -> Instant {
    tid::minus(nu, Duration::from_secs(u64::from(dage) * 24 * 3_600))
}
