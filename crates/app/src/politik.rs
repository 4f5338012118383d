//! The policy in the store: how it is read, and how a change is put in force.

use crate::{App, PolitikFejl};
use administration::provisionering::Fejlsvar;
use administration::{
    Abonnement, Dueslag, Entitet, Fund, ItSystem, Part, Plan, Politik, Politikdata, Service, Serviceaftale,
    Servicesystemrolle, valider,
};
use oio::Fejl;
use std::collections::HashMap;
use store::{Advisrad, Aendringslinje, EntitetSkrivning, Modulpost, Modulskrevet, Store, StoreFejl};
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

/// Reads all entities of one kind.
async fn alle<E: Entitet>(store: &Store, versioner: &mut Versioner) -> Result<Vec<E>, Fejl> {
    let rows = store.entities(E::ART).await.map_err(Fejl::intern)?;
    rows.into_iter()
        .map(|(id, version, krop)| {
            versioner.insert((E::ART, id), version);
            serde_json::from_slice(&krop).map_err(Fejl::intern)
        })
        .collect()
}

/// The policy as it stands in the store now.
pub(crate) async fn laes(store: &Store) -> Result<Laest, Fejl> {
    let mut versioner = Versioner::new();
    let mut data = Politikdata {
        parter: alle::<Part>(store, &mut versioner).await?,
        services: alle::<Service>(store, &mut versioner).await?,
        roller: alle::<Servicesystemrolle>(store, &mut versioner).await?,
        systemer: alle::<ItSystem>(store, &mut versioner).await?,
        aftaler: alle::<Serviceaftale>(store, &mut versioner).await?,
        dueslag: alle::<Dueslag>(store, &mut versioner).await?,
        abonnementer: alle::<Abonnement>(store, &mut versioner).await?,
    };
    data.med_standard();
    data.ordn();
    Ok(Laest { data, versioner })
}

/// The snapshot as it stands in the store now.
pub(crate) async fn snapshot(store: &Store) -> Result<Politik, Fejl> {
    Ok(Politik::new(laes(store).await?.data))
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
        match self.store().put_entities(laest.skrivninger(plan)).await {
            Ok(()) => {}
            Err(StoreFejl::Tabt(_)) => return Err(PolitikFejl::Aendret),
            Err(other) => return Err(PolitikFejl::Intern(Fejl::intern(other))),
        }
        self.reload_politik().await.map_err(PolitikFejl::Intern)
    }

    /// The same together with entities of the Administrationsmodul, lines of its log, and the notices about it.
    ///
    /// # Errors
    /// [`Fejl::Intern`] when it cannot be stored, or the policy not be read again.
    pub async fn anvend_med(
        &self,
        laest: &Laest,
        plan: &Plan,
        poster: &[Modulpost],
        linjer: &[Aendringslinje],
        adviser: &[Advisrad],
    ) -> Result<Modulskrevet, Fejl> {
        let skrivninger = laest.skrivninger(plan);
        let skrevet = self.store().modul_skriv_med(&skrivninger, poster, linjer, adviser).await;
        let skrevet = skrevet.map_err(Fejl::intern)?;
        if skrevet == Modulskrevet::Gemt && !plan.er_tom() {
            self.reload_politik().await?;
        }
        Ok(skrevet)
    }

    /// Puts a whole policy in force after checking it. What it leaves out stays, unless `slet`.
    ///
    /// # Errors
    /// [`PolitikFejl::Ugyldig`] with everything that is wrong; as [`App::anvend_politik`].
    pub async fn saet_politik(&self, vil: &Politikdata, slet: bool) -> Result<Plan, PolitikFejl> {
        let laest = self.laes_politik().await.map_err(PolitikFejl::Intern)?;
        let plan = laest.plan(vil, slet)?;
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
        for _ in 0..ATTEMPTS_MAX {
            let laest = self.laes_politik().await.map_err(|_| utilgaengelig())?;
            let mut vil = laest.data.clone();
            let svar = aendr(&mut vil)?;
            let foer = valider(&laest.data);
            let nye: Vec<Fund> = valider(&vil).into_iter().filter(|f| !foer.contains(f)).collect();
            if !nye.is_empty() {
                return Err(nye.into());
            }
            match self.anvend_politik(&laest, &Plan::ny(&laest.data, &vil, true)).await {
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

fn utilgaengelig() -> Fejlsvar {
    Fejlsvar::ny(503, "politikken kan ikke læses eller gemmes lige nu; prøv igen")
}

impl Laest {
    /// A plan as it is written: each entity guarded by the version it was decided from.
    fn skrivninger(&self, plan: &Plan) -> Vec<EntitetSkrivning> {
        let skrivning = |a: &administration::Aendring| EntitetSkrivning {
            art: a.art.to_owned(),
            id: a.uuid,
            krop: a.krop.clone(),
            foer: Some(self.versioner.get(&(a.art, a.uuid)).copied().unwrap_or(0)),
        };
        plan.aendringer.iter().map(skrivning).collect()
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
    for e in har {
        if !vil.iter().any(|v| v.uuid() == e.uuid()) {
            vil.push(e.clone());
        }
    }
}
