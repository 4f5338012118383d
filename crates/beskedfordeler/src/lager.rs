//! Who keeps the queues: the database, or RabbitMQ beside it.
//!
//! With RabbitMQ the database still knows every message and where it was placed, and keeps the fejlkø.

use crate::fejl::Fejl;
use crate::udgiver::Udgiver;
use app::App;
use identity::tid;
use rabbit::{Ankomst, Rabbit, RabbitFejl, Udloebet};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Fejlaarsag, Koepost, Koestand, Lagt, NyBesked, NyKoepost};
use uuid::Uuid;

/// How long a lease lasts when it is not renewed.
pub(crate) const LAAN: Duration = Duration::from_secs(60);
/// Most messages moved at a time when RabbitMQ takes over.
const PORTION: u32 = 200;

/// The queues.
#[derive(Clone)]
pub(crate) struct Lager {
    app: App,
    /// Who we are among the servers that lease messages; new with every start.
    pub(crate) laaner: Uuid,
    rabbit: Option<Rabbit>,
    /// What RabbitMQ cannot tell of messages.
    hukommelse: Arc<Mutex<HashMap<Uuid, Husket>>>,
    /// The way into RabbitMQ.
    udgiver: Option<Udgiver>,
}

/// The system and the BeskedId of a message.
type Noegle = (Uuid, String);

/// What is remembered of one dueslag in RabbitMQ: that counts, and marks as handed out, also what it only sent ahead.
#[derive(Default)]
struct Husket {
    /// Came back without being handed out.
    uroerte: HashSet<Noegle>,
    /// How often a message came back.
    returer: HashMap<Noegle, u32>,
    /// Moved to the fejlkø while RabbitMQ still has it.
    flyttede: HashSet<Noegle>,
}

/// Most returns remembered for a dueslag: as many as may be handed out at a time.
const RETURER_MAX: usize = 10_000;

fn noegle(post: &Koepost) -> Noegle {
    (post.system, post.besked_id.clone())
}

impl Lager {
    /// The queues in the database, or in RabbitMQ at this address.
    pub(crate) async fn ny(app: App, broker: Option<&str>, ankomst: Ankomst) -> Result<Self, Fejl> {
        let rabbit = match broker {
            Some(url) => Some(Rabbit::forbind(url, ankomst).await?),
            None => None,
        };
        let udgiver = rabbit.clone().map(|rabbit| Udgiver::start(app.clone(), rabbit));
        let lager = Self { laaner: app.new_uuid(), rabbit, app, hukommelse: Arc::default(), udgiver };
        Ok(lager)
    }

    /// What waits in the database goes to RabbitMQ: first it is there, then it is marked.
    pub(crate) async fn overtag(&self) -> Result<(), Fejl> {
        let Some(rabbit) = &self.rabbit else { return Ok(()) };
        let politik = self.app.politik();
        for d in &politik.data().dueslag {
            loop {
                let nu = self.app.now();
                let store = self.app.store();
                let poster = store.laan(d.uuid, PORTION, self.laaner, nu, tid::plus(nu, LAAN)).await?;
                let Some(foerste) = poster.first() else { break };
                tracing::info!(target: "besked", dueslag = %d.uuid, fra = foerste.nr, antal = poster.len(), "RabbitMQ overtager");
                for post in poster {
                    rabbit.laeg(&som_ny(&post, d.uuid), post.tid, |d| self.dage(d)).await?;
                    store.overlad(d.uuid, &[post.nr], nu).await?;
                }
            }
        }
        Ok(())
    }

    /// Whether the database keeps the queues.
    pub(crate) fn er_indlejret(&self) -> bool {
        self.rabbit.is_none()
    }

    fn dage(&self, dueslag: Uuid) -> u32 {
        dage(&self.app, dueslag)
    }

    /// Stores a message and places its copies; it is durable, copies and all, before this returns.
    pub(crate) async fn laeg(&self, ny: NyBesked) -> Result<Lagt, Fejl> {
        match &self.udgiver {
            None => Ok(self.app.store().laeg_besked(ny).await?),
            Some(udgiver) => udgiver.laeg(ny).await,
        }
    }

    /// Takes at most `antal` messages of a dueslag, the first in order. [`Laan::Forfra`] when everything taken before is
    /// no longer ours and comes again. `forbrug` says that somebody consumes it, and does not just fetch one message.
    pub(crate) async fn laan(&self, dueslag: Uuid, antal: u32, forbrug: bool) -> Result<Laan, Fejl> {
        let Some(rabbit) = &self.rabbit else {
            let nu = self.app.now();
            let til = tid::plus(nu, LAAN);
            return Ok(Laan::Poster(self.app.store().laan(dueslag, antal, self.laaner, nu, til).await?));
        };
        match rabbit.laan(dueslag, antal, forbrug, self.dage(dueslag)).await {
            Ok(mut poster) => {
                let flyttede: Vec<i64> = self.med_husket(dueslag, |husket| {
                    for post in &mut poster {
                        let noegle = noegle(post);
                        post.genleveret &= !husket.uroerte.remove(&noegle);
                        post.forsoeg = husket.returer.get(&noegle).copied().unwrap_or(0);
                    }
                    let flyttet = |post: &&Koepost| husket.flyttede.contains(&noegle(post));
                    poster.iter().filter(flyttet).map(|p| p.nr).collect()
                });
                let foer = poster.len();
                for nr in flyttede {
                    let i_fejlkoe = match poster.iter().find(|p| p.nr == nr) {
                        Some(post) => self.er_i_fejlkoe(dueslag, post).await?,
                        None => false,
                    };
                    if i_fejlkoe {
                        rabbit.kvitter(dueslag, &[nr]).await?;
                        poster.retain(|post| post.nr != nr);
                    }
                }
                Ok(if foer > 0 && poster.is_empty() { Laan::Igen } else { Laan::Poster(poster) })
            }
            Err(RabbitFejl::Brudt) => Ok(Laan::Forfra),
            Err(fejl) => Err(fejl.into()),
        }
    }

    /// Gives back what may be on loan to us without our knowing: everything in a dueslag but these.
    pub(crate) async fn frigiv_oevrige(&self, dueslag: Uuid, undtagen: &[i64]) -> Result<(), Fejl> {
        if self.er_indlejret() {
            self.app.store().frigiv_oevrige(self.laaner, dueslag, undtagen).await?;
        }
        Ok(())
    }

    /// These are received.
    pub(crate) async fn kvitter(&self, dueslag: Uuid, poster: &[Arc<Koepost>]) -> Result<(), Fejl> {
        let numre: Vec<i64> = poster.iter().map(|p| p.nr).collect();
        match &self.rabbit {
            None => self.app.store().kvitter(dueslag, &numre, self.app.now()).await.map(drop)?,
            Some(rabbit) => {
                self.glem(dueslag, poster);
                rabbit.kvitter(dueslag, &numre).await?;
            }
        }
        Ok(())
    }

    fn med_husket<T>(&self, dueslag: Uuid, goer: impl FnOnce(&mut Husket) -> T) -> T {
        let mut alle = self.hukommelse.lock().unwrap_or_else(PoisonError::into_inner);
        goer(alle.entry(dueslag).or_default())
    }

    fn glem(&self, dueslag: Uuid, poster: &[Arc<Koepost>]) {
        self.med_husket(dueslag, |husket| {
            for post in poster {
                husket.returer.remove(&noegle(post));
            }
        });
    }

    /// A message was moved to the fejlkø that RabbitMQ has not sent yet.
    pub(crate) fn flyttet(&self, dueslag: Uuid, system: Uuid, besked_id: &str) {
        if !self.er_indlejret() {
            self.med_husket(dueslag, |husket| {
                if husket.flyttede.len() < RETURER_MAX {
                    husket.flyttede.insert((system, besked_id.to_owned()));
                }
            });
        }
    }

    /// Whether a message is in the fejlkø, and was not put back since.
    async fn er_i_fejlkoe(&self, dueslag: Uuid, post: &Koepost) -> Result<bool, Fejl> {
        let nr = self.nummer(dueslag, post).await?;
        let placeret = self.app.store().placeringer(nr).await?;
        let i_fejlkoe = placeret.iter().any(|p| p.dueslag == dueslag && p.tilstand == store::Tilstand::Fejl);
        self.med_husket(dueslag, |husket| husket.flyttede.remove(&noegle(post)));
        Ok(i_fejlkoe)
    }

    /// A message came back after it was handed out.
    pub(crate) fn retur(&self, dueslag: Uuid, post: &Koepost, forsoeg: u32) {
        if self.er_indlejret() {
            return;
        }
        self.med_husket(dueslag, |husket| {
            if husket.returer.len() < RETURER_MAX {
                husket.returer.insert(noegle(post), forsoeg);
            }
        });
    }

    /// These go to the fejlkø.
    pub(crate) async fn til_fejlkoe(
        &self,
        dueslag: Uuid,
        poster: &[Arc<Koepost>],
        aarsag: Fejlaarsag,
        svar: (Option<u16>, Option<u16>),
    ) -> Result<(), Fejl> {
        let (store, nu) = (self.app.store(), self.app.now());
        let (http, statuskode) = svar;
        let Some(rabbit) = &self.rabbit else {
            let numre: Vec<i64> = poster.iter().map(|p| p.nr).collect();
            store.til_fejlkoe(dueslag, &numre, aarsag, http, statuskode, nu).await?;
            return Ok(());
        };
        for post in poster {
            let nr = self.nummer(dueslag, post).await?;
            store.til_fejlkoe(dueslag, &[nr], aarsag, http, statuskode, nu).await?;
            rabbit.kvitter(dueslag, &[post.nr]).await?;
        }
        self.glem(dueslag, poster);
        Ok(())
    }

    /// The number the database knows a message by that came from RabbitMQ.
    pub(crate) async fn nummer(&self, dueslag: Uuid, post: &Koepost) -> Result<i64, Fejl> {
        if self.er_indlejret() {
            return Ok(post.nr);
        }
        let store = self.app.store();
        let kendte = store.besked_med_id(&post.besked_id).await?;
        if let Some(kendt) = kendte.iter().find(|b| b.system == post.system) {
            return Ok(kendt.nr);
        }
        // Its sender was never answered: we ended between placing it and knowing of it.
        match store.laeg_besked(NyBesked { overladt: true, ..som_ny(post, dueslag) }).await? {
            Lagt::Ny(nr) => Ok(nr),
            Lagt::Gentaget { .. } => {
                Err(Fejl::Intern("en besked fra RabbitMQ er kendt og ukendt på samme tid".into()))
            }
        }
    }

    /// These go back to their places; with how often they have come back, when they were handed out meanwhile. With RabbitMQ
    /// it is [`Lager::slip`] that sends them back, all together, so that they keep their order.
    pub(crate) async fn frigiv(
        &self,
        dueslag: Uuid,
        poster: &[(Arc<Koepost>, Option<u32>)],
    ) -> Result<(), Fejl> {
        if self.er_indlejret() {
            let poster: Vec<_> = poster.iter().map(|(p, forsoeg)| (dueslag, p.nr, *forsoeg)).collect();
            self.app.store().frigiv(self.laaner, &poster).await?;
        } else {
            let uroerte = poster.iter().filter(|(post, forsoeg)| forsoeg.is_none() && !post.genleveret);
            self.med_husket(dueslag, |h| h.uroerte.extend(uroerte.map(|(post, _)| noegle(post))));
        }
        Ok(())
    }

    /// Nobody takes messages from a dueslag here any more.
    pub(crate) async fn slip(&self, dueslag: Uuid) {
        let Some(rabbit) = &self.rabbit else { return };
        let uroerte = rabbit.slip(dueslag).await;
        self.med_husket(dueslag, |husket| {
            let kendte = |post: &&Koepost| !post.genleveret || husket.uroerte.contains(&noegle(post));
            let nye: Vec<Noegle> = uroerte.iter().filter(kendte).map(noegle).collect();
            husket.uroerte.extend(nye);
        });
    }

    /// How many messages wait in a dueslag; with RabbitMQ without those taken by us.
    pub(crate) async fn dybde(&self, dueslag: Uuid) -> Result<u64, Fejl> {
        match &self.rabbit {
            None => Ok(self.app.store().dybde(dueslag).await?),
            Some(rabbit) => {
                rabbit.sikr(dueslag, self.dage(dueslag)).await?;
                Ok(rabbit.dybde(dueslag).await? + rabbit.forud(dueslag).await)
            }
        }
    }

    /// How a dueslag is. Nothing in the database is counted beyond `loft`; RabbitMQ does not tell how old its messages are.
    pub(crate) async fn koestand(&self, dueslag: Uuid, loft: u64) -> Result<Koestand, Fejl> {
        let mut stand = self.app.store().koestand(dueslag, loft).await?;
        if !self.er_indlejret() {
            stand.venter += self.dybde(dueslag).await?;
        }
        Ok(stand)
    }

    /// Those of these dueslag where something waits.
    pub(crate) async fn venter_i(&self, dueslag: &[Uuid]) -> Result<Vec<Uuid>, Fejl> {
        if self.er_indlejret() {
            return Ok(self.app.store().venter_i(dueslag, self.app.now()).await?);
        }
        let mut venter = Vec::new();
        for d in dueslag {
            if self.dybde(*d).await? > 0 {
                venter.push(*d);
            }
        }
        Ok(venter)
    }

    /// Puts messages of the fejlkø last in their dueslag again. Gives how many.
    pub(crate) async fn fra_fejlkoe(&self, dueslag: Uuid, numre: &[i64]) -> Result<u64, Fejl> {
        let (store, nu) = (self.app.store(), self.app.now());
        if self.er_indlejret() {
            return Ok(store.fra_fejlkoe(dueslag, numre, nu).await?);
        }
        let mut antal = 0;
        for nr in numre {
            let placeret = store.placeringer(*nr).await?.into_iter().find(|p| p.dueslag == dueslag);
            let fejl = placeret.filter(|p| p.tilstand == store::Tilstand::Fejl);
            let Some(placeret) = fejl else { continue };
            let kopi = NyKoepost { dueslag, aftale: placeret.aftale, tilladte: placeret.tilladte };
            antal += u64::from(self.genudgiv(*nr, kopi).await?);
        }
        Ok(antal)
    }

    /// Places a kept message last in a dueslag. Gives whether it was.
    pub(crate) async fn genplacer(&self, nr: i64, kopi: NyKoepost) -> Result<bool, Fejl> {
        if self.er_indlejret() {
            return Ok(self.app.store().genplacer(nr, vec![kopi], self.app.now()).await? > 0);
        }
        self.genudgiv(nr, kopi).await
    }

    async fn genudgiv(&self, nr: i64, kopi: NyKoepost) -> Result<bool, Fejl> {
        let (Some(rabbit), store, nu) = (&self.rabbit, self.app.store(), self.app.now()) else {
            return Ok(false);
        };
        let Some(krop) = store.besked_krop(nr).await? else { return Ok(false) };
        let Some(post) = store.beskeder(nr - 1, 1).await?.pop().filter(|p| p.nr == nr) else {
            return Ok(false);
        };
        let dueslag = kopi.dueslag;
        let ny = NyBesked {
            besked_id: post.besked_id,
            system: post.system,
            cvr: post.cvr,
            beskedtype: post.beskedtype,
            foelsomhed: post.foelsomhed,
            kle: post.kle,
            transaktion: post.transaktion,
            korrelation: post.korrelation,
            modtaget: post.modtaget,
            sha256: post.sha256,
            krop,
            koeposter: vec![kopi.clone()],
            overladt: true,
            haendelse: None,
        };
        rabbit.laeg(&ny, nu, |d| self.dage(d)).await?;
        store.genplacer(nr, vec![kopi], nu).await?;
        store.overlad(dueslag, &[nr], nu).await?;
        Ok(true)
    }

    /// Moves what waited too long in RabbitMQ to the fejlkø as it happens. Never ends, and does nothing without RabbitMQ.
    pub(crate) async fn pas_udloebne(&self) {
        let Some(rabbit) = &self.rabbit else { return std::future::pending().await };
        loop {
            let udfald = rabbit.udloebne(|udloebet| self.udloebet(udloebet)).await;
            if let Err(fejl) = udfald {
                tracing::warn!(target: "besked", %fejl, "RabbitMQ er ikke til at få fat i; det forsøges igen");
            }
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }

    async fn udloebet(&self, udloebet: Udloebet) {
        let (store, nu) = (self.app.store(), self.app.now());
        let flyt = async {
            if let Some((nr, _)) = store.kendt_besked(udloebet.system, &udloebet.besked_id).await? {
                store.til_fejlkoe(udloebet.dueslag, &[nr], Fejlaarsag::Udloebet, None, None, nu).await?;
            }
            Ok::<(), store::StoreFejl>(())
        };
        let dueslag = udloebet.dueslag;
        match flyt.await {
            Ok(()) => {
                tracing::warn!(target: "besked", %dueslag, "en besked har ventet for længe og er i fejlkøen");
                let _ = udloebet.kvitter().await;
            }
            Err(fejl) => {
                tracing::error!(target: "besked", %dueslag, %fejl, "en udløben besked kan ikke flyttes")
            }
        }
    }
}

/// How long a message may wait in a dueslag.
pub(crate) fn dage(app: &App, dueslag: Uuid) -> u32 {
    let egne = app.politik().dueslag(dueslag).and_then(|d| d.opbevaring_dage);
    egne.unwrap_or(app.config().besked.opbevaring_dage)
}

/// What [`Lager::laan`] gives.
pub(crate) enum Laan {
    /// Messages.
    Poster(Vec<Koepost>),
    /// What was taken before comes again.
    Forfra,
    /// There was something, but nothing to be handed out: ask again.
    Igen,
}

/// A message as it was taken in, with one copy.
fn som_ny(post: &Koepost, dueslag: Uuid) -> NyBesked {
    let kuvert = besked::Kuvert::laes(&post.krop).ok();
    NyBesked {
        besked_id: post.besked_id.clone(),
        system: post.system,
        cvr: post.cvr,
        beskedtype: kuvert.as_ref().map(|k| k.beskedtype.clone()).unwrap_or_default(),
        foelsomhed: kuvert.as_ref().and_then(|k| k.foelsomhed.clone()),
        kle: kuvert.map(|k| k.emner.join(",")).unwrap_or_default(),
        transaktion: post.transaktion.clone(),
        korrelation: String::new(),
        modtaget: post.modtaget,
        sha256: crate::adgangskort::sha256(&post.krop),
        krop: post.krop.clone(),
        koeposter: vec![NyKoepost { dueslag, aftale: post.aftale, tilladte: post.tilladte.clone() }],
        overladt: false,
        haendelse: None,
    }
}
