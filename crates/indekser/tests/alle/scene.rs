//! The scene of every test: two municipalities, their systems, one clock.

use adgang::{Caller, Hvordan};
use administration::{
    Aftaleservice, Certifikat, Dataafgraensninger, ItSystem, Part, Partsart, Rolle, Service, Serviceaftale,
};
use app::{App, Config, Silent};
use bitemporal::{Instant, Period};
use indeks::kald::Kald;
use oio::{Cvr, UnikId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Database, LogLinje, Store};
use uuid::Uuid;

pub const KORSBAEK: &str = "11111111";
pub const NABO: &str = "22222222";
/// The system that is Master and Afsender in most messages: Korsbæk's.
pub const FAG: &str = "7a000000-0000-4000-8000-000000000001";
/// Another of Korsbæk's systems.
pub const ANDET: &str = "7a000000-0000-4000-8000-000000000002";
/// A system of the neighbour's.
pub const NABOS: &str = "7a000000-0000-4000-8000-000000000003";
/// A system that reads for Korsbæk.
pub const LAESER: &str = "7a000000-0000-4000-8000-000000000004";
/// A system without any agreement.
pub const INGEN: &str = "7a000000-0000-4000-8000-000000000009";

/// 2025-04-01T10:00:00Z, when every scene begins.
const START: i64 = 1_743_501_600_000_000;

pub struct Scene {
    pub app: App,
    ur: Arc<AtomicI64>,
    aftaler: AtomicU64,
}

/// A limit: its name in the service, and its values.
pub type Graense<'a> = (&'a str, &'a [&'a str]);

pub fn id(uuid: &str) -> Uuid {
    Uuid::try_parse(uuid).expect("a UUID")
}

pub fn cvr(tekst: &str) -> Cvr {
    tekst.parse().expect("a CVR number")
}

pub fn kalder(system: &str, myndighed: &str) -> Caller {
    Caller {
        system: id(system),
        navn: system.to_owned(),
        bruger_ref: UnikId::Urn(format!("CN={system}").into()),
        myndighed: Some(cvr(myndighed)),
        hvordan: Hvordan::Certifikat,
        paa_vegne_af: None,
        transaktion: Uuid::from_u128(99),
    }
}

/// The call of a message.
#[track_caller]
pub fn kald(xml: &str) -> Kald {
    Kald::laes_bytes(xml.as_bytes()).unwrap_or_else(|fejl| panic!("{fejl}\n{xml}"))
}

impl Scene {
    pub async fn sqlite() -> Self {
        Self::paa(Store::open(&Database::Memory).await.expect("a store in memory"), Config::default()).await
    }

    pub async fn postgres(test: &str) -> Self {
        let url = std::env::var("FUNDAMENT_TEST_POSTGRES").expect("FUNDAMENT_TEST_POSTGRES names a server");
        let skema = format!("indekser_{test}");
        let (klient, forbindelse) =
            tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("a connection");
        let forbindelse = tokio::spawn(forbindelse);
        let ny = format!(
            "SET client_min_messages = warning; DROP SCHEMA IF EXISTS {skema} CASCADE; CREATE SCHEMA {skema}"
        );
        klient.batch_execute(&ny).await.expect("a new schema");
        drop(klient);
        forbindelse.await.expect("the connection's task").expect("it ends in order");
        let saet = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{saet}options=-c%20search_path%3D{skema}");
        Self::paa(Store::open(&Database::Postgres(url)).await.expect("a store"), Config::default()).await
    }

    /// The same data with other settings.
    pub async fn med(&self, config: Config) -> Self {
        Self::paa(self.app.store().clone(), config).await
    }

    async fn paa(store: Store, config: Config) -> Self {
        let ur = Arc::new(AtomicI64::new(START));
        let haand = ur.clone();
        let tid = Box::new(move || Instant::from_micros(haand.load(Ordering::SeqCst)));
        let app = App::with_clock(store, config, Arc::new(Silent), tid).await.expect("an app");
        let scene = Self { app, ur, aftaler: AtomicU64::new(0) };
        for kommune in [KORSBAEK, NABO] {
            let part = Part::ny(cvr(kommune), kommune, Partsart::Myndighed);
            scene.app.put(&part).await.expect("an authority");
        }
        let begge = [Rolle::Udstil, Rolle::Rediger];
        scene.aftale(FAG, KORSBAEK, &begge, &[&[]]).await;
        scene.aftale(ANDET, KORSBAEK, &begge, &[&[]]).await;
        scene.aftale(NABOS, NABO, &begge, &[&[]]).await;
        scene.aftale(LAESER, KORSBAEK, &[Rolle::Udstil], &[&[]]).await;
        scene
    }

    /// An agreement about both indexes; each set of limits is a way of its own.
    pub async fn aftale(&self, system: &str, myndighed: &str, roller: &[Rolle], veje: &[&[Graense<'_>]]) {
        let certifikat = Certifikat::ny(system.into(), format!("CN={system}"), Period::ALWAYS);
        let it = ItSystem::ny(id(system), system, cvr("33445566"), vec![certifikat]);
        self.app.put(&it).await.expect("a system");
        for service in [Service::sagdokumentindeks(), Service::ydelsesindeks()] {
            let nr = self.aftaler.fetch_add(1, Ordering::SeqCst);
            let uuid = Uuid::new_v5(&id(system), format!("{myndighed}{}{nr}", service.uuid).as_bytes());
            let navn = format!("{system} {service}");
            let flag = Dataafgraensninger::default();
            let mut aftale =
                Serviceaftale::aktiv(uuid, navn, id(system), cvr(myndighed), &service, roller, flag);
            let foerste: Aftaleservice = aftale.versioner[0].services[0].clone();
            aftale.versioner[0].services = veje
                .iter()
                .map(|vej| Aftaleservice { parametre: parametre(&service, vej), ..foerste.clone() })
                .collect();
            self.app.put(&aftale).await.expect("an agreement");
        }
        self.app.reload_politik().await.expect("the policy");
    }

    /// The answer to a message from a system.
    pub async fn udfoer(&self, system: &str, myndighed: &str, xml: &str) -> String {
        indekser::udfoer(&self.app, &kalder(system, myndighed), kald(xml)).await
    }

    /// The answer to Korsbæk's system.
    pub async fn fag(&self, xml: &str) -> String {
        self.udfoer(FAG, KORSBAEK, xml).await
    }

    /// The lines of the access log about a call, once they are written.
    pub async fn log(&self, transaktion: u128) -> Vec<LogLinje> {
        for _ in 0..1_000_000 {
            let linjer = self.app.store().adgangslog_transaktion(Uuid::from_u128(transaktion)).await;
            let linjer = linjer.expect("the access log");
            if !linjer.is_empty() {
                return linjer;
            }
            tokio::task::yield_now().await;
        }
        panic!("the access log says nothing of {transaktion}");
    }

    /// Lets seconds go by.
    pub fn vent(&self, sekunder: i64) {
        self.ur.fetch_add(sekunder * 1_000_000, Ordering::SeqCst);
    }
}

fn parametre(service: &Service, vej: &[Graense<'_>]) -> BTreeMap<String, Vec<String>> {
    let en = |(navn, vaerdier): &Graense<'_>| {
        let typ = service.parameter_med_navn(navn).expect("a limit of the service");
        (typ.uri.clone(), vaerdier.iter().map(|v| (*v).to_owned()).collect())
    };
    vej.iter().map(en).collect()
}

/// The texts of the elements of this name, in order.
pub fn tekster<'x>(xml: &'x str, navn: &str) -> Vec<&'x str> {
    let slut = format!(":{navn}>");
    let dele: Vec<&str> = xml.split(slut.as_str()).collect();
    dele.iter().skip(1).step_by(2).filter_map(|d| d.rsplit_once("</").map(|(tekst, _)| tekst)).collect()
}

/// The StatusKoder of an answer.
pub fn koder(xml: &str) -> Vec<&str> {
    tekster(xml, "StatusKode")
}

/// The UUIDs of the objects in an answer to a search, in order.
pub fn fundne(xml: &str) -> Vec<Uuid> {
    tekster(xml, "ObjektType").iter().map(|t| id(tekster(t, "UUIDIdentifikator")[0])).collect()
}
