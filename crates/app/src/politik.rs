//! The policy in the store: how it is read, and how a change is put in force.

use crate::{App, PolitikFejl};
use administration::provisionering::Fejlsvar;
use administration::{
    Abonnement, Dueslag, Entitet, Foederationsaftale, Fund, ItSystem, Part, Plan, Politikdata, Service,
    Serviceaftale, Servicesystemrolle, valider,
};
use oio::Fejl;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use store::{
    Advisrad, Aendringslinje, EntitetSkrivning, Entitetsraekke, Modulpost, Modulskrevet, Store, StoreFejl,
};
use uuid::Uuid;

/// The version in force of every stored entity: what a change was decided from.
pub type Versioner = HashMap<(&'static str, Uuid), i64>;

/// The policy as it stands in the store, and what it was decided from.
#[derive(Debug, Clone, Default)]
pub struct Laest {
    /// Everything, with the services every installation begins with.
    pub data: Politikdata,
    versioner: Versioner,
}

/// What every change of the policy takes a new version of: two that were decided from the same policy are not both
/// written, however little they have in common.
const GENERATION: (&str, Uuid) = ("politik", Uuid::nil());

/// What a policy is read from.
const ARTER: [&str; 9] = [
    GENERATION.0,
    Part::ART,
    Service::ART,
    Servicesystemrolle::ART,
    ItSystem::ART,
    Serviceaftale::ART,
    Dueslag::ART,
    Abonnement::ART,
    Foederationsaftale::ART,
];

/// The next entities read, as those of one kind.
fn alle<E: Entitet>(
    raekker: &mut impl Iterator<Item = Vec<Entitetsraekke>>,
    versioner: &mut Versioner,
) -> Result<Vec<E>, Fejl> {
    let raekker = raekker.next().unwrap_or_default().into_iter();
    raekker
        .map(|(id, version, krop)| {
            versioner.insert((E::ART, id), version);
            serde_json::from_slice(&krop).map_err(Fejl::intern)
        })
        .collect()
}

/// The policy as it stands in the store now: as it was at one moment.
pub(crate) async fn laes(store: &Store) -> Result<Laest, Fejl> {
    let raekker = store.entities_of(&ARTER).await.map_err(Fejl::intern)?;
    udregn(move || {
        let (mut raekker, mut versioner) = (raekker.into_iter(), Versioner::new());
        for (id, version, _) in raekker.next().unwrap_or_default() {
            versioner.insert((GENERATION.0, id), version);
        }
        let mut data = Politikdata {
            parter: alle::<Part>(&mut raekker, &mut versioner)?,
            services: alle::<Service>(&mut raekker, &mut versioner)?,
            roller: alle::<Servicesystemrolle>(&mut raekker, &mut versioner)?,
            systemer: alle::<ItSystem>(&mut raekker, &mut versioner)?,
            aftaler: alle::<Serviceaftale>(&mut raekker, &mut versioner)?,
            dueslag: alle::<Dueslag>(&mut raekker, &mut versioner)?,
            abonnementer: alle::<Abonnement>(&mut raekker, &mut versioner)?,
            foederationsaftaler: alle::<Foederationsaftale>(&mut raekker, &mut versioner)?,
        };
        data.med_standard();
        data.ordn();
        Ok(Laest { data, versioner })
    })
    .await?
}

/// Works something out where nobody waits for the processor.
///
/// # Errors
/// [`Fejl::Intern`] when it panics.
pub async fn udregn<T: Send + 'static>(regn: impl FnOnce() -> T + Send + 'static) -> Result<T, Fejl> {
    tokio::task::spawn_blocking(regn).await.map_err(Fejl::intern)
}

/// Does something to its end, also when whoever asked for it goes away meanwhile: what is written is put in force.
async fn til_ende<T: Send + 'static>(goer: impl Future<Output = T> + Send + 'static) -> Result<T, Fejl> {
    tokio::spawn(goer).await.map_err(Fejl::intern)
}

/// The generation as a change writes it.
pub(crate) fn generation(foer: Option<i64>) -> EntitetSkrivning {
    let (art, id) = GENERATION;
    EntitetSkrivning { art: art.to_owned(), id, krop: Some(b"{}".to_vec()), foer }
}

impl App {
    /// The policy as it stands in the store now, to decide a change from.
    ///
    /// # Errors
    /// [`Fejl::Intern`] when it cannot be read.
    pub async fn laes_politik(&self) -> Result<Laest, Fejl> {
        laes(self.store()).await
    }

    /// Puts a plan in force: all of it or nothing, and only if the policy is still the one it was decided from. Takes
    /// effect here at once, and on other nodes when they read the policy again.
    ///
    /// # Errors
    /// [`PolitikFejl::Aendret`] when somebody else changed it meanwhile; [`PolitikFejl::Intern`].
    pub async fn anvend_politik(&self, laest: &Laest, plan: &Plan) -> Result<(), PolitikFejl> {
        let (app, skrivninger) = (self.clone(), laest.skrivninger(plan));
        let gjort = til_ende(async move {
            app.store().put_entities(skrivninger).await?;
            app.efter_skrivning().await;
            Ok(())
        });
        match gjort.await.map_err(PolitikFejl::Intern)? {
            Ok(()) => Ok(()),
            Err(StoreFejl::Tabt(_)) => Err(PolitikFejl::Aendret),
            Err(other) => Err(PolitikFejl::Intern(Fejl::intern(other))),
        }
    }

    /// The same together with entities of the Administrationsmodul, lines of its log, and the notices about it.
    ///
    /// # Errors
    /// [`Fejl::Intern`] when it cannot be stored.
    pub async fn anvend_med(
        &self,
        laest: &Laest,
        plan: &Plan,
        poster: &[Modulpost],
        linjer: &[Aendringslinje],
        adviser: &[Advisrad],
    ) -> Result<Modulskrevet, Fejl> {
        let (app, skrivninger) = (self.clone(), laest.skrivninger(plan));
        let (poster, linjer, adviser) = (poster.to_vec(), linjer.to_vec(), adviser.to_vec());
        let gjort = til_ende(async move {
            let skrevet = app.store().modul_skriv_med(&skrivninger, &poster, &linjer, &adviser).await?;
            if skrevet == Modulskrevet::Gemt && !skrivninger.is_empty() {
                app.efter_skrivning().await;
            }
            Ok::<_, StoreFejl>(skrevet)
        });
        gjort.await?.map_err(Fejl::intern)
    }

    /// Puts a whole policy in force after checking it. What it leaves out stays, unless `slet`.
    ///
    /// # Errors
    /// [`PolitikFejl::Ugyldig`] with everything that is wrong; as [`App::anvend_politik`].
    pub async fn saet_politik(&self, vil: &Politikdata, slet: bool) -> Result<Plan, PolitikFejl> {
        let _tur = self.tur().await;
        let (laest, vil) = (self.laes_politik().await.map_err(PolitikFejl::Intern)?, vil.clone());
        let planlagt = udregn(move || laest.plan(&vil, slet).map(|plan| (laest, plan))).await;
        let (laest, plan) = planlagt.map_err(PolitikFejl::Intern)??;
        self.anvend_politik(&laest, &plan).await?;
        Ok(plan)
    }

    /// Reads the policy for the provisioning API.
    ///
    /// # Errors
    /// What `laes` gives; 503 when the policy cannot be read.
    pub async fn provisionering_laes<T>(
        &self,
        laes: impl FnOnce(&Politikdata) -> Result<T, Fejlsvar>,
    ) -> Result<T, Fejlsvar> {
        laes(&self.laes_politik().await.map_err(|_| utilgaengelig())?.data)
    }

    /// Changes the policy for the provisioning API: the change, the check of the whole, and the write. Nothing is
    /// changed when any of them fails. What a change says wrong about what was wrong before does not stand in its way.
    ///
    /// # Errors
    /// What `aendr` gives; 400 for what does not hold together; 409 when others keep changing it; 503 when it cannot be
    /// stored.
    pub async fn provisionering<T>(
        &self,
        aendr: impl Fn(&mut Politikdata) -> Result<T, Fejlsvar>,
    ) -> Result<T, Fejlsvar> {
        let _tur = self.tur().await;
        for _ in 0..ATTEMPTS_MAX {
            let laest = self.laes_politik().await.map_err(|_| utilgaengelig())?;
            let mut vil = laest.data.clone();
            let svar = aendr(&mut vil)?;
            let regnet = udregn(move || {
                let nye = nye_fund(&laest.data, &vil);
                let plan = Plan::ny(&laest.data, &vil, true);
                (laest, plan, nye)
            });
            let (laest, plan, nye) = regnet.await.map_err(|_| utilgaengelig())?;
            if !nye.is_empty() {
                return Err(nye.into());
            }
            match self.anvend_politik(&laest, &plan).await {
                Ok(()) => return Ok(svar),
                Err(PolitikFejl::Aendret) => {}
                Err(_) => return Err(utilgaengelig()),
            }
        }
        Err(Fejlsvar::ny(409, "politikken ændres af andre lige nu; prøv igen"))
    }
}

/// How often a change is decided anew when others change the policy at the same time.
const ATTEMPTS_MAX: usize = 5;

/// What is wrong with a policy that was not wrong before.
#[must_use]
pub fn nye_fund(foer: &Politikdata, vil: &Politikdata) -> Vec<Fund> {
    let mut fund = valider(vil);
    if !fund.is_empty() {
        let foer = valider(foer);
        fund.retain(|f| !foer.contains(f));
    }
    fund
}

fn utilgaengelig() -> Fejlsvar {
    Fejlsvar::ny(503, "politikken kan ikke læses eller gemmes lige nu; prøv igen")
}

impl Laest {
    /// A plan as it is written: each entity guarded by the version it was decided from, and all of it by the policy.
    fn skrivninger(&self, plan: &Plan) -> Vec<EntitetSkrivning> {
        let skrivning = |a: &administration::Aendring| EntitetSkrivning {
            art: a.art.to_owned(),
            id: a.uuid,
            krop: a.krop.clone(),
            foer: Some(self.versioner.get(&(a.art, a.uuid)).copied().unwrap_or(0)),
        };
        let mut alle: Vec<_> = plan.aendringer.iter().map(skrivning).collect();
        if !alle.is_empty() {
            alle.push(generation(Some(self.versioner.get(&GENERATION).copied().unwrap_or(0))));
        }
        alle
    }

    /// The number of the version of an entity; 0 when it is not stored.
    #[must_use]
    pub fn version(&self, art: &'static str, uuid: Uuid) -> i64 {
        self.versioner.get(&(art, uuid)).copied().unwrap_or(0)
    }

    /// What it takes to reach the wanted policy. What it leaves out stays, unless `slet`.
    ///
    /// # Errors
    /// [`PolitikFejl::Ugyldig`] with everything that would be wrong.
    pub fn plan(&self, sendt: &Politikdata, slet: bool) -> Result<Plan, PolitikFejl> {
        let mut vil = sendt.clone();
        if slet {
            vil.med_standard();
        } else {
            behold(&self.data.parter, &mut vil.parter);
            behold(&self.data.services, &mut vil.services);
            behold(&self.data.roller, &mut vil.roller);
            behold(&self.data.systemer, &mut vil.systemer);
            behold(&self.data.aftaler, &mut vil.aftaler);
            behold(&self.data.dueslag, &mut vil.dueslag);
            behold(&self.data.abonnementer, &mut vil.abonnementer);
            behold(&self.data.foederationsaftaler, &mut vil.foederationsaftaler);
        }
        let fund = valider(&vil);
        if !fund.is_empty() {
            return Err(PolitikFejl::Ugyldig(fund));
        }
        let beholdes = Plan::ny(&self.data, sendt, slet).beholdes;
        Ok(Plan { beholdes, ..Plan::ny(&self.data, &vil, slet) })
    }
}

/// Adds what is there and not named.
fn behold<E: Entitet>(har: &[E], vil: &mut Vec<E>) {
    let naevnt: HashSet<Uuid> = vil.iter().map(Entitet::uuid).collect();
    vil.extend(har.iter().filter(|e| !naevnt.contains(&e.uuid())).cloned());
}
