//! What happens in our own registers and indexes, as messages: the outbox is emptied into the dueslag.
//!
//! A haendelse is marked as distributed in the same write that places its message, so a crash in between repeats nothing.

mod indeks;
mod kuvert;
mod skriv;
mod typer;

pub(crate) use typer::forladt;
pub use typer::{beskedtype, egne_beskedtyper, indeks_beskedtype};

use crate::adgangskort::Afsender;
use crate::fejl::Fejl;
use crate::fordeler::Fordeler;
use crate::modtag::Udsendelse;
use adgang::Aarsag;
use administration::{KLASSIFIKATION, ORGANISATION, Partsart};
use app::App;
use besked::Kuvert;
use kuvert::Omslag;
use oio::catalog::{self, ObjektType, Register};
use oio::model::Registrering;
use oio::{Cvr, krop};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use store::Haendelse;
use tokio::time::{MissedTickBehavior, interval};
use uuid::{Uuid, uuid};

/// How often the outbox is looked at.
const HVERT: Duration = Duration::from_millis(500);
/// Most haendelser taken at a time.
const ANTAL: u64 = 200;
/// The outbox is emptied by one server at a time, which leases it as if it were a dueslag.
const UDBAKKE: Uuid = uuid!("f0da3e27-0b0f-4c0e-8f6b-756462616b6b");
/// How long it has the outbox when it says nothing more.
const LAAN: Duration = Duration::from_secs(30);

/// Who writes a registrering as `RegistreringBesked`, the content of a message.
pub trait Beskeddata: Send + Sync + 'static {
    /// The element, with its namespaces declared.
    fn skriv<'a>(
        &'a self,
        app: &'a App,
        typ: &'static ObjektType,
        objekt: oio::ObjektId,
        registrering: &'a Registrering,
    ) -> Pin<Box<dyn Future<Output = Result<String, oio::Fejl>> + Send + 'a>>;
}

impl Fordeler {
    /// Empties the outbox as it fills. Runs until it is dropped.
    pub async fn udsend(self, data: impl Beskeddata) {
        let mut tick = interval(HVERT);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tick.tick().await;
            if let Err(fejl) = self.toem_udbakken(&data).await {
                tracing::error!(target: "besked", %fejl, "hændelser kunne ikke udsendes; det forsøges igen");
            }
        }
    }

    async fn toem_udbakken(&self, data: &impl Beskeddata) -> Result<(), Fejl> {
        let store = self.app().store();
        loop {
            let nu = self.app().now();
            if !store.tag_dueslag(UDBAKKE, self.lager().laaner, nu, identity::tid::plus(nu, LAAN)).await? {
                return Ok(());
            }
            let haendelser = store.haendelser(ANTAL).await?;
            if haendelser.is_empty() {
                return Ok(());
            }
            let mut uden_modtagere = Vec::new();
            for haendelse in haendelser {
                if !self.udsend_en(data, &haendelse).await? {
                    uden_modtagere.push(haendelse.id);
                }
            }
            store.haendelser_fordelt(&uden_modtagere, nu).await?;
        }
    }

    /// Sends one; `false` when nobody can receive it, and it is to be marked.
    async fn udsend_en(&self, data: &impl Beskeddata, haendelse: &Haendelse) -> Result<bool, Fejl> {
        if let Some(nr) = haendelse.indeks {
            return self.udsend_indeks(haendelse, nr).await;
        }
        let Some(typ) = catalog::ALLE.into_iter().find(|t| t.name == haendelse.objekttype) else {
            tracing::error!(target: "besked", id = haendelse.id, "en hændelse er om en ukendt objekttype og udsendes ikke");
            return Ok(false);
        };
        if !self.billede().register.har_beskedtype(beskedtype(&self.app().config().besked, typ)) {
            return Ok(false);
        }
        let registrering = self.registrering(typ, haendelse).await?;
        let mut indhold = String::new();
        // Persons have fields that not every receiver may see: they are read where the reader's rights are known.
        if let Some(registrering) = registrering.as_ref().filter(|_| !har_beskyttede(typ)) {
            let skrevet = data.skriv(self.app(), typ, haendelse.objekt, registrering).await;
            indhold = skrevet.map_err(|fejl| Fejl::Intern(fejl.to_string()))?;
        }
        let (modtagere, nu) = (self.modtagere(typ, haendelse.ejer), self.app().now());
        let emner: Vec<String> = match (&registrering, typ.name) {
            (Some(r), "Klasse") => kuvert::kle(r).map(ToOwned::to_owned).into_iter().collect(),
            _ => Vec::new(),
        };
        let ansvarlig = match typ.register {
            Register::Organisation => ORGANISATION,
            Register::Klassifikation => KLASSIFIKATION,
        };
        let livscyklus = match (&registrering, haendelse.handling.as_str()) {
            (None, _) | (_, "Slet") => "Slettet",
            (_, "Opret") => "Opstaaet",
            (_, "Importer") => "Importeret",
            (_, "Passiver") => "Passiveret",
            (Some(_), _) => "Rettet",
        };
        let omslag = Omslag {
            config: &self.app().config().besked,
            typ,
            objekt: haendelse.objekt,
            ejer: haendelse.ejer,
            ansvarlig,
            tidspunkt: haendelse.tidspunkt,
            livscyklus,
            modtagere: &modtagere,
            emner: &emner,
            nu,
        };
        let krop = omslag.besked(registrering.as_ref(), &indhold);
        let kuvert = Kuvert::laes(krop.as_bytes()).map_err(|fejl| Fejl::Intern(fejl.tekst))?;
        let afsender = Afsender::os_selv(ansvarlig, haendelse.ejer);
        let udsendelse = Udsendelse { haendelse: haendelse.id, sket: haendelse.tidspunkt };
        self.udsend_besked(&afsender, kuvert, krop.into(), udsendelse).await
    }

    /// The registrering a haendelse tells of; `None` when the object has been removed with its history.
    async fn registrering(
        &self,
        typ: &'static ObjektType,
        haendelse: &Haendelse,
    ) -> Result<Option<Registrering>, Fejl> {
        let adgang = self.app().system_adgang(Aarsag::Labels, haendelse.ejer);
        let historie = self.app().store().history(&adgang, typ.name, haendelse.objekt).await?;
        // The last ones are what is asked for, as a rule.
        for krop in historie.into_iter().flat_map(|(_, kroppe)| kroppe.into_iter().rev()) {
            let registrering = krop::decode(&krop).map_err(|fejl| Fejl::Intern(fejl.to_string()))?;
            if registrering.tidspunkt == haendelse.tidspunkt {
                return Ok(Some(registrering));
            }
        }
        Ok(None)
    }

    /// Whom it concerns: the owner. What is shared by all concerns every authority.
    fn modtagere(&self, typ: &ObjektType, ejer: Cvr) -> Vec<Cvr> {
        let faelles = typ.register == Register::Klassifikation && ejer == Cvr::KOMBIT;
        if !faelles {
            return vec![ejer];
        }
        let politik = self.app().politik();
        let parter = politik.data().parter.iter().filter(|p| p.arter.contains(&Partsart::Myndighed));
        parter.map(|p| p.cvr).collect()
    }
}

fn har_beskyttede(typ: &ObjektType) -> bool {
    typ.egenskaber.iter().any(|felt| felt.beskyttelse.is_some())
}
