//! [`App`] itself.

use crate::politik::snapshot;
use crate::{Config, Labels, Metrics, Noegler, Tillidstjek, UdenSpaerring};
use adgang::{Aarsag, Adgang, Caller, Hvordan, Operation};
use administration::{Certifikatstatus, Entitet, Politik};
use arc_swap::{ArcSwap, ArcSwapOption};
use bitemporal::Instant;
use identity::Kartotek;
use oio::{Cvr, Fejl, ObjektId, ObjektType, UnikId};
use std::sync::Arc;
use store::{LogPost, Store, StoreFejl};
use uuid::Uuid;

/// SHA-256 of the client certificate of a connection, in DER form. The TLS listener puts it on every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerCertificate(pub [u8; 32]);

/// The parts every use case starts from. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    store: Store,
    config: Config,
    politik: ArcSwap<Indlaest>,
    labels: Labels,
    noegler: ArcSwapOption<Noegler>,
    tillid: ArcSwap<Arc<dyn Tillidstjek>>,
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
        let politik = ArcSwap::from_pointee(Indlaest::ny(snapshot(&store).await?, None, clock()));
        let (labels, noegler) = (Labels::default(), ArcSwapOption::empty());
        let tillid: Arc<dyn Tillidstjek> = Arc::new(UdenSpaerring::default());
        let tillid = ArcSwap::from_pointee(tillid);
        Ok(Self(Arc::new(Parts { store, config, politik, labels, noegler, tillid, metrics, clock })))
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
        let politik = snapshot(&self.0.store).await?;
        let foer = self.0.politik.load_full();
        if foer.politik.version() != politik.version() {
            tracing::info!(fra = foer.politik.version(), til = politik.version(), "politikken er ændret");
        }
        self.0.politik.store(Arc::new(Indlaest::ny(politik, Some(&foer), self.now())));
        Ok(())
    }

    /// Stores an administration entity, replacing the one with the same kind and UUID.
    ///
    /// # Errors
    /// [`Fejl::Intern`] when it cannot be stored.
    pub async fn put<E: Entitet>(&self, entitet: &E) -> Result<(), Fejl> {
        let krop = serde_json::to_vec(entitet).map_err(Fejl::intern)?;
        self.0.store.put_entity(E::ART, entitet.uuid(), krop, None).await.map_err(Fejl::intern)?;
        Ok(())
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
        let nu = self.now();
        let politik = self.politik();
        match adgang::decide(&politik, caller, operation, objekttype.register, objekttype.name, nu) {
            Ok(adgang) => Ok(adgang),
            Err(afvist) => {
                let regel = format!("{}: {afvist}", afvist.kode());
                self.0
                    .store
                    .log_afvist(LogPost {
                        tid: nu,
                        transaktion: caller.transaktion,
                        system: Some(caller.system),
                        myndighed: caller.myndighed,
                        aftale: None,
                        operation: operation.as_str(),
                        objekttype: objekttype.name,
                        udfald: LogPost::AFVIST,
                        regel,
                    })
                    .await
                    .map_err(Fejl::intern)?;
                Err(Fejl::Afvist(format!("{afvist} [{}]", afvist.kode())))
            }
        }
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
