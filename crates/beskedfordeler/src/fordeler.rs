//! [`Fordeler`] itself.

use crate::abonnementer::{self, Billede};
use crate::adgangskort::{Adgangskort, Bevis, Modtager, TokenFejl};
use crate::beskedtyper::Beskedtyper;
use crate::fejl::Fejl;
use crate::koe::Koe;
use crate::lager::Lager;
use crate::tal::{Taeller, Tal};
use crate::vaerdilager::Vaerdilager;
use administration::{Dueslagstilstand, Leveringsmaade};
use app::{App, PeerCertificate};
use arc_swap::ArcSwap;
use besked::{DueslagFejl, Kuvert, Leverancerute};
use oio::Cvr;
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use store::{Koepost, Koestand};
use tokio::sync::Notify;
use uuid::Uuid;

/// The distributor. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Fordeler(Arc<Dele>);

struct Dele {
    app: App,
    kort: Adgangskort,
    beskedtyper: Beskedtyper,
    billede: ArcSwap<Billede>,
    /// One picture at a time is built.
    bygger: Mutex<()>,
    lister: Vaerdilager,
    /// One subscription at a time is tried: each reads many messages.
    proever: tokio::sync::Mutex<()>,
    koer: Mutex<HashMap<Uuid, Arc<Koe>>>,
    /// There may be something to push.
    push: Notify,
    taeller: Taeller,
    /// Who keeps the queues.
    lager: Lager,
    /// The envelopes of the last messages, by number: most are fetched in a moment.
    kuverter: Cache<i64, Arc<Kuvert>>,
}

/// How many envelopes are kept.
const HUSKES: usize = 1_024;
/// The largest message whose envelope is.
const HUSKES_BYTES: usize = 16 * 1024;

impl Fordeler {
    /// A distributor on this app. `broker` is the RabbitMQ that keeps the queues, if not the database. On a database that
    /// only one process uses, the leases of the process before it are gone.
    ///
    /// # Errors
    /// When the store or RabbitMQ fails.
    pub async fn ny(app: App, broker: Option<&str>) -> Result<Self, Fejl> {
        app.store().glem_laan().await?;
        let fordeler = Self::kun_se(app, broker).await?;
        // Before anything is lent: what a killed server had out comes first.
        fordeler.frigiv_doede(|_| true).await?;
        fordeler.0.lager.overtag().await?;
        abonnementer::sig_hvad_intet_faar(&fordeler.0.app);
        Ok(fordeler)
    }

    /// A distributor that is only asked about messages, beside the one at work.
    ///
    /// # Errors
    /// When the store or RabbitMQ fails.
    pub async fn kun_se(app: App, broker: Option<&str>) -> Result<Self, Fejl> {
        let vaekkes: Arc<OnceLock<Weak<Dele>>> = Arc::default();
        let vaekker = vaekkes.clone();
        let ankomst = move |dueslag| {
            if let Some(dele) = vaekker.get().and_then(Weak::upgrade) {
                Self(dele).vaek([dueslag]);
            }
        };
        let lager = Lager::ny(app.clone(), broker, Arc::new(ankomst)).await?;
        let billede = Billede::nyt(&app.politik(), app.now());
        let dele = Dele {
            lager,
            kort: Adgangskort::default(),
            beskedtyper: Beskedtyper::default(),
            billede: ArcSwap::from_pointee(billede),
            bygger: Mutex::default(),
            lister: Vaerdilager::default(),
            proever: tokio::sync::Mutex::default(),
            koer: Mutex::default(),
            push: Notify::new(),
            taeller: Taeller::default(),
            kuverter: Cache::new(HUSKES),
            app,
        };
        let fordeler = Self(Arc::new(dele));
        let _ = vaekkes.set(Arc::downgrade(&fordeler.0));
        fordeler.0.lister.opdater(&fordeler.0.app, &fordeler.billede().vaerdilister).await?;
        Ok(fordeler)
    }

    /// The app.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// Who showed this token, on a connection with this client certificate. A refusal stands in the access log under
    /// `reference`.
    ///
    /// # Errors
    /// [`TokenFejl`].
    pub async fn adgang(
        &self,
        token: &[u8],
        peer: Option<PeerCertificate>,
        reference: Uuid,
    ) -> Result<Bevis, TokenFejl> {
        self.0.kort.laes(&self.0.app, token, peer, reference).await
    }

    /// Who showed this JWT. As [`Fordeler::adgang`].
    ///
    /// # Errors
    /// [`TokenFejl`].
    pub async fn adgang_jwt(
        &self,
        token: &str,
        peer: Option<PeerCertificate>,
        reference: Uuid,
    ) -> Result<Bevis, TokenFejl> {
        Adgangskort::laes_jwt(&self.0.app, token, peer, reference).await
    }

    /// What has happened since the start.
    #[must_use]
    pub fn tal(&self) -> Tal {
        self.0.taeller.nu()
    }

    /// How a dueslag is. Nothing in the database is counted beyond `loft`.
    ///
    /// # Errors
    /// When the store or RabbitMQ fails.
    pub async fn koestand(&self, dueslag: Uuid, loft: u64) -> Result<Koestand, Fejl> {
        let mut stand = self.0.lager.koestand(dueslag, loft).await?;
        if !self.0.lager.er_indlejret() {
            stand.venter += self.koe(dueslag).map_or(0, |koe| koe.forud());
        }
        Ok(stand)
    }

    pub(crate) fn taeller(&self) -> &Taeller {
        &self.0.taeller
    }

    pub(crate) fn lager(&self) -> &Lager {
        &self.0.lager
    }

    pub(crate) fn beskedtyper(&self) -> &Beskedtyper {
        &self.0.beskedtyper
    }

    pub(crate) fn lister(&self) -> &Vaerdilager {
        &self.0.lister
    }

    /// Waits until nobody tries a subscription.
    pub(crate) async fn en_proeve(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.proever.lock().await
    }

    pub(crate) fn udleveringer_max(&self) -> u32 {
        self.0.app.config().besked.udleveringer_max
    }

    /// The subscriptions as they are now.
    pub(crate) fn billede(&self) -> Arc<Billede> {
        let (politik, nu) = (self.0.app.politik(), self.0.app.now());
        let billede = self.0.billede.load_full();
        if billede.er_frisk(&politik, nu) {
            return billede;
        }
        let _foran = self.0.bygger.lock().unwrap_or_else(PoisonError::into_inner);
        let billede = self.0.billede.load_full();
        if billede.er_frisk(&politik, nu) {
            return billede;
        }
        let nyt = Arc::new(Billede::nyt(&politik, nu));
        for (abonnement, fejl) in &nyt.fejl {
            tracing::warn!(target: "besked", %abonnement, fejl, "abonnementets filter kan ikke læses");
        }
        self.0.billede.store(nyt.clone());
        for koe in self.koer() {
            koe.politik_aendret();
        }
        nyt
    }

    pub(crate) fn koer(&self) -> Vec<Arc<Koe>> {
        self.laas_koer().values().cloned().collect()
    }

    /// A dueslag that is fetched from here.
    pub(crate) fn koe(&self, dueslag: Uuid) -> Option<Arc<Koe>> {
        self.laas_koer().get(&dueslag).cloned()
    }

    fn laas_koer(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Koe>>> {
        self.0.koer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody begins to take messages from a dueslag.
    pub(crate) fn begynd(&self, dueslag: Uuid, aftager: bool) -> (Arc<Koe>, u64) {
        let mut koer = self.laas_koer();
        let ny = || Arc::new(Koe::ny(self.0.lager.clone(), dueslag, self.0.taeller.dueslag(dueslag)));
        let koe = koer.entry(dueslag).or_insert_with(ny).clone();
        let hvem = koe.begynd(aftager);
        (koe, hvem)
    }

    /// Forgets the dueslag that nobody takes messages from.
    pub(crate) async fn ryd_koer(&self) {
        let ledige: Vec<Arc<Koe>> =
            self.laas_koer().extract_if(|_, koe| koe.er_ledig()).map(|(_, koe)| koe).collect();
        for koe in ledige {
            koe.slip().await;
        }
    }

    /// There may be new messages in these dueslag.
    pub(crate) fn vaek(&self, dueslag: impl IntoIterator<Item = Uuid>) {
        let koer = self.laas_koer();
        for d in dueslag {
            match koer.get(&d) {
                Some(koe) => koe.ny_besked(),
                None => self.0.push.notify_one(),
            }
        }
    }

    /// Something was placed where nobody fetches.
    pub(crate) async fn push_vaekket(&self) {
        self.0.push.notified().await;
    }

    /// How many consumers a dueslag has here.
    pub(crate) fn aftagere(&self, dueslag: Uuid) -> u32 {
        self.laas_koer().get(&dueslag).map_or(0, |koe| koe.aftagere().0)
    }

    /// Whether a system may fetch from a dueslag.
    pub(crate) fn maa_hente(&self, modtager: &Modtager, dueslag: Uuid) -> Result<(), DueslagFejl> {
        if !modtager.handler(&self.app().politik(), self.app().now()) {
            return Err(DueslagFejl::Ukendt);
        }
        let billede = self.billede();
        let slag = billede.dueslag.get(&dueslag).filter(|s| s.dueslag.system == modtager.system());
        let dueslag = &slag.ok_or(DueslagFejl::Ukendt)?.dueslag;
        match () {
            () if dueslag.tilstand == Dueslagstilstand::Nedlagt => Err(DueslagFejl::Nedlagt),
            () if dueslag.maade == Leveringsmaade::Push => Err(DueslagFejl::Push),
            () if dueslag.tilstand == Dueslagstilstand::Pauset => Err(DueslagFejl::Pauset),
            () => Ok(()),
        }
    }

    /// How many messages wait in a dueslag and are not handed out from here.
    pub(crate) async fn dybde(&self, dueslag: Uuid) -> Result<u64, Fejl> {
        let koe = self.koe(dueslag);
        if let Some(koe) = &koe {
            koe.skrevet().await;
        }
        let alle = self.0.lager.dybde(dueslag).await?;
        Ok(match self.0.lager.er_indlejret() {
            true => alle.saturating_sub(koe.map_or(0, |koe| koe.ude())),
            false => alle + koe.map_or(0, |koe| koe.forud()),
        })
    }

    /// Keeps the envelope of a message for those who fetch it in a moment.
    pub(crate) fn husk(&self, nr: i64, kuvert: Kuvert, bytes: usize) {
        if bytes <= HUSKES_BYTES && self.0.lager.er_indlejret() {
            self.0.kuverter.insert(nr, Arc::new(kuvert));
        } else {
            self.0.kuverter.remove(&nr);
        }
    }

    fn husket(&self, post: &Koepost) -> Option<Arc<Kuvert>> {
        // What comes from RabbitMQ has other numbers.
        self.0.lager.er_indlejret().then(|| self.0.kuverter.get(&post.nr)).flatten()
    }

    /// A message as a dueslag's receiver may see it now; `None` when no agreement lets it out any more.
    pub(crate) fn kopi(&self, dueslag: Uuid, post: &Koepost, forsoeg: u32) -> Option<Vec<u8>> {
        let billede = self.billede();
        let slag = billede.dueslag.get(&dueslag)?;
        let kuvert = match self.husket(post).map_or_else(|| Kuvert::laes(&post.krop).map(Arc::new), Ok) {
            Ok(kuvert) => kuvert,
            Err(fejl) => {
                tracing::error!(target: "besked", nr = post.nr, tekst = fejl.tekst, "en gemt besked kan ikke læses");
                return None;
            }
        };
        let mut gaelder = slag.modtagelser.iter().filter(|m| m.proev(&kuvert, post.cvr).is_ok());
        let tilladte: Option<Vec<Cvr>> = if post.tilladte.is_empty() {
            gaelder.next()?;
            None
        } else {
            let nu: Vec<Cvr> = gaelder.map(|m| m.myndighed).collect();
            let dem: Vec<Cvr> = post.tilladte.iter().copied().filter(|c| nu.contains(c)).collect();
            (!dem.is_empty()).then_some(())?;
            Some(dem)
        };
        let rute = Leverancerute {
            fordelingssystem: self.0.app.config().fordelingssystem(),
            modtaget: post.modtaget,
            leveret: self.0.app.now(),
            fra_system: post.system,
            aftale: post.aftale,
            forsoeg: forsoeg.saturating_add(1),
        };
        Some(besked::kopi(&post.krop, &kuvert, tilladte.as_deref(), Some(&rute)))
    }
}
