//! [`App`] itself.

use crate::politik::{Laest, generation, laes, udregn};
use crate::{
    Config, Egetcertifikat, IngenUdgang, Labels, Metrics, Noegler, Tillidstjek, UdenSpaerring, Udgang,
};
use adgang::{Aarsag, Adgang, Caller, Hvordan, Operation};
use administration::{Certifikatstatus, Entitet, Politik};
use arc_swap::{ArcSwap, ArcSwapOption};
use bitemporal::Instant;
use identity::Kartotek;
use oio::{Cvr, Fejl, ObjektId, ObjektType, UnikId};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{EntitetSkrivning, LogPost, Store, StoreFejl};
use uuid::Uuid;

/// How long after each other the policy is read again when it could not be read after a change. Then the reading that
/// comes every `politik_sekunder` goes on alone.
const LAES_IGEN: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_secs(30),
];

/// SHA-256 of the client certificate of a connection, in DER form. The TLS listener puts it on every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerCertificate(pub [u8; 32]);

/// The address a call came from; the listener puts it on every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Klientadresse(pub std::net::IpAddr);

/// The parts every use case starts from. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    store: Store,
    config: Config,
    politik: ArcSwap<Indlaest>,
    /// How many readings of the policy have begun, and which was the last to be put in force: one at a time, so that an
    /// older one cannot come after a newer.
    laesninger: (AtomicU64, tokio::sync::Mutex<u64>),
    /// Whether the policy is read again until that succeeds.
    laeses_igen: AtomicBool,
    /// Whose turn it is to change the policy.
    tur: tokio::sync::Mutex<()>,
    labels: Labels,
    noegler: ArcSwapOption<Noegler>,
    tillid: ArcSwap<Arc<dyn Tillidstjek>>,
    udgang: ArcSwap<Arc<dyn Udgang>>,
    /// The installation's own certificates, by where they come from.
    egne: Mutex<BTreeMap<&'static str, Vec<Egetcertifikat>>>,
    metrics: Arc<dyn Metrics>,
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
}

/// The policy in force with the certificates registered in it, and when it was read.
struct Indlaest {
    politik: Arc<Politik>,
    kartotek: Arc<Kartotek>,
    hvornaar: Instant,
}

impl Indlaest {
    /// `politik` as it is read now. What it has in common with the one before is not made again.
    fn ny(politik: Politik, foer: Option<&Self>, hvornaar: Instant) -> Self {
        let foer = foer.map(|f| (&f.politik, &f.kartotek));
        let (politik, kartotek) = match foer {
            Some((samme, kartotek)) if samme.version() == politik.version() => {
                (samme.clone(), kartotek.clone())
            }
            andet => {
                let tomt = Kartotek::default();
                let systemer = politik.data().systemer.iter();
                let alle =
                    systemer.flat_map(|s| &s.certifikater).map(|c| (&c.tommelfinger, c.der.as_slice()));
                let kartotek = Kartotek::ny(alle, andet.map_or(&tomt, |(_, kartotek)| kartotek));
                (Arc::new(politik), Arc::new(kartotek))
            }
        };
        Self { politik, kartotek, hvornaar }
    }
}

impl App {
    /// An app on this store, with the machine's clock and the policy as stored.
    ///
    /// # Errors
    /// [`Fejl::Intern`] when the policy cannot be read.
    pub async fn new(store: Store, config: Config, metrics: Arc<dyn Metrics>) -> Result<Self, Fejl> {
        Self::with_clock(store, config, metrics, Box::new(machine_clock)).await
    }

    /// The same with another clock, so that a test can decide what time it is.
    ///
    /// # Errors
    /// [`Fejl::Intern`] when the policy cannot be read.
    pub async fn with_clock(
        store: Store,
        config: Config,
        metrics: Arc<dyn Metrics>,
        clock: Box<dyn Fn() -> Instant + Send + Sync>,
    ) -> Result<Self, Fejl> {
        let politik = laes(&store).await?;
        let hvornaar = clock();
        let politik = udregn(move || Indlaest::ny(Politik::new(politik.data), None, hvornaar)).await?;
        let politik = ArcSwap::from_pointee(politik);
        let (labels, noegler) = (Labels::default(), ArcSwapOption::empty());
        let tillid: Arc<dyn Tillidstjek> = Arc::new(UdenSpaerring::default());
        let tillid = ArcSwap::from_pointee(tillid);
        let udgang: Arc<dyn Udgang> = Arc::new(IngenUdgang);
        let udgang = ArcSwap::from_pointee(udgang);
        let (laesninger, laeses_igen, tur, egne) = Default::default();
        Ok(Self(Arc::new(Parts {
            store,
            config,
            politik,
            laesninger,
            laeses_igen,
            tur,
            labels,
            noegler,
            tillid,
            udgang,
            egne,
            metrics,
            clock,
        })))
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Where measurements go.
    #[must_use]
    pub fn metrics(&self) -> &dyn Metrics {
        &*self.0.metrics
    }

    /// The remembered class labels.
    #[must_use]
    pub fn labels(&self) -> &Labels {
        &self.0.labels
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Instant {
        (self.0.clock)()
    }

    /// A new random UUID (version 4, as the standard asks of object ids).
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the one place that makes up identifiers")]
    pub fn new_uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    /// Random bytes, fit for keys and tokens.
    #[must_use]
    pub fn tilfaeldige<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }

    /// The keys in force; `None` where nothing is issued or answered, as in an import.
    #[must_use]
    pub fn noegler(&self) -> Option<Arc<Noegler>> {
        self.0.noegler.load_full()
    }

    /// Puts keys in force.
    pub fn saet_noegler(&self, noegler: Noegler) {
        self.0.noegler.store(Some(Arc::new(noegler)));
    }

    /// Who decides whether certificates are trusted: validity alone, until somebody else is put in place.
    #[must_use]
    pub fn tillid(&self) -> Arc<dyn Tillidstjek> {
        Arc::clone(&self.0.tillid.load())
    }

    /// Puts somebody in place to decide whether certificates are trusted.
    pub fn saet_tillid(&self, tillid: Arc<dyn Tillidstjek>) {
        self.0.tillid.store(Arc::new(tillid));
    }

    /// Who calls addresses that people wrote: nobody, until somebody is put in place.
    #[must_use]
    pub fn udgang(&self) -> Arc<dyn Udgang> {
        Arc::clone(&self.0.udgang.load())
    }

    /// Puts somebody in place to call addresses that people wrote.
    pub fn saet_udgang(&self, udgang: Arc<dyn Udgang>) {
        self.0.udgang.store(Arc::new(udgang));
    }

    /// The policy in force.
    #[must_use]
    pub fn politik(&self) -> Arc<Politik> {
        self.0.politik.load().politik.clone()
    }

    /// The certificates registered in the policy in force, read. Whether one may be used, the policy and
    /// [`App::tillid`] say.
    #[must_use]
    pub fn kartotek(&self) -> Arc<Kartotek> {
        self.0.politik.load().kartotek.clone()
    }

    /// When the policy in force was last read from the store. Its number is [`Politik::version`].
    #[must_use]
    pub fn politik_laest(&self) -> Instant {
        self.0.politik.load().hvornaar
    }

    /// Reads the policy from the store again.
    ///
    /// # Errors
    /// [`Fejl::Intern`] when it cannot be read; the one in force stays.
    pub async fn reload_politik(&self) -> Result<(), Fejl> {
        self.reload_med(laes(&self.0.store)).await
    }

    /// The same, read so.
    async fn reload_med(&self, laes: impl Future<Output = Result<Laest, Fejl>>) -> Result<(), Fejl> {
        let (begyndte, i_kraft) = &self.0.laesninger;
        let foer = begyndte.load(Ordering::SeqCst);
        let mut i_kraft = i_kraft.lock().await;
        if *i_kraft > foer {
            // Somebody else's reading began after this was asked for, and has been put in force.
            return Ok(());
        }
        let nr = begyndte.fetch_add(1, Ordering::SeqCst) + 1;
        let politik = laes.await?;
        let (foer, nu) = (self.0.politik.load_full(), self.now());
        let indlaest = udregn(move || {
            let ny = Indlaest::ny(Politik::new(politik.data), Some(&foer), nu);
            (foer, ny)
        });
        let (foer, ny) = indlaest.await?;
        if foer.politik.version() != ny.politik.version() {
            tracing::info!(fra = foer.politik.version(), til = ny.politik.version(), "politikken er ændret");
        }
        self.0.politik.store(Arc::new(ny));
        *i_kraft = nr;
        Ok(())
    }

    /// Puts what was just stored in force here. It is stored whatever comes of this: what cannot be read now is read
    /// again until it can.
    pub(crate) async fn efter_skrivning(&self) {
        let Err(fejl) = self.reload_politik().await else { return };
        tracing::error!(%fejl, "ændringen er gemt, men politikken kunne ikke læses igen; det forsøges igen");
        if self.0.laeses_igen.swap(true, Ordering::SeqCst) {
            return;
        }
        let app = self.clone();
        tokio::spawn(async move {
            for vent in LAES_IGEN {
                tokio::time::sleep(vent).await;
                match app.reload_politik().await {
                    Ok(()) => break,
                    Err(fejl) => tracing::error!(%fejl, "politikken kunne stadig ikke læses igen"),
                }
            }
            app.0.laeses_igen.store(false, Ordering::SeqCst);
        });
    }

    /// The turn to change the policy, until it is dropped. Only one of those who have read the same policy can change it:
    /// whoever takes the turn before reading is not overtaken by others on this server.
    pub async fn tur(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.tur.lock().await
    }

    /// Stores an administration entity, replacing the one with the same kind and UUID.
    ///
    /// # Errors
    /// [`Fejl::Intern`] when it cannot be stored.
    pub async fn put<E: Entitet>(&self, entitet: &E) -> Result<(), Fejl> {
        let krop = serde_json::to_vec(entitet).map_err(Fejl::intern)?;
        let (art, id) = (E::ART.to_owned(), entitet.uuid());
        let skrivning = EntitetSkrivning { art, id, krop: Some(krop), foer: None };
        self.0.store.put_entities(vec![skrivning, generation(None)]).await.map_err(Fejl::intern)
    }

    /// The caller behind a client certificate, acting for `myndighed`.
    ///
    /// # Errors
    /// [`Fejl::Afvist`] when the certificate is not registered or not valid now.
    pub fn caller(
        &self,
        cert: &PeerCertificate,
        myndighed: Option<Cvr>,
        transaktion: Uuid,
    ) -> Result<Caller, Fejl> {
        let politik = self.politik();
        let Some((system, certifikat)) = politik.certifikat(&cert.0) else {
            return Err(Fejl::Afvist(
                "certifikatet er ikke registreret på et it-system; registrér det først".into(),
            ));
        };
        let navn = &system.navn;
        if certifikat.status == Certifikatstatus::Tilbagekaldt {
            return Err(Fejl::Afvist(format!("certifikatet for {navn} er tilbagekaldt; registrér et nyt")));
        }
        if !certifikat.gaelder(self.now()) {
            return Err(Fejl::Afvist(format!(
                "certifikatet for {navn} er ikke gyldigt nu; registrér et nyt"
            )));
        }
        Ok(Caller {
            system: system.uuid,
            navn: system.navn.clone(),
            bruger_ref: UnikId::Urn(certifikat.emne.as_str().into()),
            myndighed,
            hvordan: Hvordan::Certifikat,
            paa_vegne_af: None,
            transaktion,
        })
    }

    /// Decides whether the caller may do this, and writes a refusal to the access log.
    ///
    /// # Errors
    /// [`Fejl::Afvist`] with the rule that refuses it; [`Fejl::Intern`] when the refusal cannot be logged.
    pub async fn authorize(
        &self,
        caller: &Caller,
        operation: Operation,
        objekttype: &'static ObjektType,
    ) -> Result<Adgang, Fejl> {
        self.authorize_i(caller, operation, objekttype.register, objekttype.name).await
    }

    /// The same in a register or an index of ours.
    ///
    /// # Errors
    /// As [`App::authorize`].
    pub async fn authorize_i(
        &self,
        caller: &Caller,
        operation: Operation,
        komponent: impl Into<&'static str> + Send,
        objekttype: &'static str,
    ) -> Result<Adgang, Fejl> {
        let nu = self.now();
        let politik = self.politik();
        match adgang::decide(&politik, caller, operation, komponent, objekttype, nu) {
            Ok(adgang) => Ok(adgang),
            Err(afvist) => {
                let regel = format!("{}: {afvist}", afvist.kode());
                self.0
                    .store
                    .log_afvist(LogPost {
                        tid: nu,
                        transaktion: caller.transaktion,
                        system: Some(caller.system),
                        myndighed: caller.myndighed.or(afvist.myndighed()),
                        aftale: None,
                        operation: operation.as_str(),
                        objekttype,
                        udfald: LogPost::AFVIST,
                        regel,
                    })
                    .await
                    .map_err(Fejl::intern)?;
                Err(Fejl::Afvist(format!("{afvist} [{}]", afvist.kode())))
            }
        }
    }

    /// The certificates the installation shows others.
    #[must_use]
    pub fn egne_certifikater(&self) -> Vec<Egetcertifikat> {
        let egne = self.0.egne.lock().unwrap_or_else(PoisonError::into_inner);
        egne.values().flatten().cloned().collect()
    }

    /// Says which they are, of those that come from one place.
    pub fn saet_egne_certifikater(&self, kilde: &'static str, certifikater: Vec<Egetcertifikat>) {
        self.0.egne.lock().unwrap_or_else(PoisonError::into_inner).insert(kilde, certifikater);
    }

    /// Access for work the system does itself.
    #[must_use]
    pub fn system_adgang(&self, aarsag: Aarsag, myndighed: Cvr) -> Adgang {
        Adgang::system(aarsag, myndighed, self.new_uuid())
    }

    /// Writes what an authorised call read to the access log.
    pub async fn log(&self, adgang: &Adgang, ids: &[ObjektId]) {
        self.0.store.log(adgang, self.now(), ids).await;
    }
}

/// What a failure of the store means to a caller.
#[must_use]
pub fn fejl(cause: StoreFejl) -> Fejl {
    match cause {
        StoreFejl::Fremmed(_) => Fejl::Afvist("objektet ejes af en anden myndighed".into()),
        StoreFejl::Tabt(_) => Fejl::Konflikt("Objektet ændres af andre lige nu; prøv igen".into()),
        other => Fejl::intern(other),
    }
}

/// What time the machine says it is: for commands that need no [`App`].
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place that asks what time it is")]
pub fn machine_clock() -> Instant {
    Instant::from_micros(jiff::Timestamp::now().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::{App, laes};
    use crate::{Config, Silent};
    use administration::{Entitet, Part, Partsart};
    use oio::Cvr;
    use std::sync::Arc;
    use std::sync::atomic::Ordering;
    use store::{Database, EntitetSkrivning, Store};
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn an_older_reading_never_comes_after_a_newer() {
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let app = App::new(store, Config::default(), Arc::new(Silent)).await.expect("an app");
        let ((er_laest, laest), (gaa, maa_gaa)) = (oneshot::channel(), oneshot::channel());
        let langsom = app.clone();
        let langsom = tokio::spawn(async move {
            let laesning = async {
                let laest = laes(langsom.store()).await;
                er_laest.send(()).expect("somebody waits");
                maa_gaa.await.expect("it may go on");
                laest
            };
            langsom.reload_med(laesning).await
        });
        laest.await.expect("it is read");
        app.put(&Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer)).await.expect("stored");
        let hurtig = app.clone();
        let hurtig = tokio::spawn(async move { hurtig.reload_politik().await });
        // It gets as far as it can, which is to wait for the other.
        tokio::task::yield_now().await;
        assert_eq!(app.0.laesninger.0.load(Ordering::SeqCst), 1, "one reading at a time");
        gaa.send(()).expect("it waits");
        langsom.await.expect("no panic").expect("read");
        hurtig.await.expect("no panic").expect("read");
        assert!(app.politik().part(Cvr::KOMBIT).is_some(), "what was stored last is in force");
    }

    #[tokio::test]
    async fn what_is_stored_is_not_refused_because_it_cannot_be_read_again() {
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let app = App::new(store, Config::default(), Arc::new(Silent)).await.expect("an app");
        let kombit = Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer);
        let laest = app.laes_politik().await.expect("the policy");
        let mut vil = laest.data.clone();
        vil.parter.push(kombit);
        let plan = laest.plan(&vil, false).expect("a plan");
        let id = app.new_uuid();
        let ulaeselig = |krop: Option<Vec<u8>>| {
            vec![EntitetSkrivning { art: Part::ART.to_owned(), id, krop, foer: None }]
        };
        app.store().put_entities(ulaeselig(Some(b"?".to_vec()))).await.expect("behind its back");
        app.anvend_politik(&laest, &plan).await.expect("it is stored");
        assert!(app.politik().part(Cvr::KOMBIT).is_none());
        app.store().put_entities(ulaeselig(None)).await.expect("behind its back");
        for _ in 0..100 {
            if app.politik().part(Cvr::KOMBIT).is_some() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("it was not read again");
    }
}
