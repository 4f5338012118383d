//! The scene of every test: two municipalities, three systems, one clock.

use adgang::{Caller, Hvordan};
use administration::{
    Certifikat, Dataafgraensninger, ItSystem, Part, Partsart, Rolle, Service, Serviceaftale,
};
use app::{App, Config, Silent};
use bitemporal::{Instant, Period};
use oio::catalog::{BRUGERVENDT_NOEGLE, Navn, RelationType};
use oio::model::{Egenskab, Indhold, Relation, Tilstand, TilstandKode, Vaerdi, Virkning};
use oio::operation::SendtRegistrering;
use oio::{Cvr, ObjektId, UnikId};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Database, Store};
use uuid::Uuid;

pub const KORSBAEK: &str = "11223344";
pub const NABOKOEBING: &str = "22334455";

/// One day in microseconds.
pub const DAY: i64 = 86_400_000_000;
/// 2024-05-01T10:00:00Z, when every scene begins.
pub const START: i64 = 1_714_557_600_000_000;

pub struct Scene {
    pub app: App,
    clock: Arc<AtomicI64>,
}

pub fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

pub fn id(n: u128) -> ObjektId {
    ObjektId(Uuid::from_u128(n))
}

impl Scene {
    pub async fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let hand = clock.clone();
        let tick = Box::new(move || Instant::from_micros(hand.load(Ordering::SeqCst)));
        let app = App::with_clock(store, Config::default(), Arc::new(Silent), tick).await.expect("an app");
        let scene = Self { app, clock };
        let alt = Dataafgraensninger::ALLE;
        scene.agree(1, "KY", KORSBAEK, Rolle::Rediger, alt).await;
        scene.agree(2, "KSD", KORSBAEK, Rolle::Udstil, Dataafgraensninger::default()).await;
        scene.agree(3, "SAPA", NABOKOEBING, Rolle::Rediger, alt).await;
        scene.app.reload_politik().await.expect("the policy");
        scene
    }

    async fn agree(&self, n: u128, navn: &str, myndighed: &str, rolle: Rolle, limits: Dataafgraensninger) {
        let system = Uuid::from_u128(n);
        let part = Part::ny(cvr(myndighed), myndighed, Partsart::Myndighed);
        self.app.put(&part).await.expect("an authority");
        let certifikat = Certifikat::ny(navn.into(), format!("CN={navn}"), Period::ALWAYS);
        let it = ItSystem::ny(system, navn, cvr("33445566"), vec![certifikat]);
        self.app.put(&it).await.expect("a system");
        for (offset, service) in [(100, Service::organisation()), (200, Service::klassifikation())] {
            let uuid = Uuid::from_u128(n + offset);
            let navn = format!("{navn} {service}");
            let aftale = Serviceaftale::aktiv(uuid, navn, system, cvr(myndighed), &service, &[rolle], limits);
            self.app.put(&aftale).await.expect("an agreement");
        }
    }

    /// KY may do everything for Korsbæk.
    pub fn ky(&self) -> Caller {
        caller(1, "KY")
    }

    /// KSD may read for Korsbæk, without names and CPR numbers.
    pub fn ksd(&self) -> Caller {
        caller(2, "KSD")
    }

    /// SAPA may do everything for Nabokøbing.
    pub fn sapa(&self) -> Caller {
        caller(3, "SAPA")
    }

    /// Lets days go by.
    pub fn wait_days(&self, days: i64) {
        self.clock.fetch_add(days * DAY, Ordering::SeqCst);
    }
}

fn caller(system: u128, navn: &str) -> Caller {
    Caller {
        system: Uuid::from_u128(system),
        navn: navn.into(),
        bruger_ref: UnikId::Urn(format!("CN={navn}").into()),
        myndighed: None,
        hvordan: Hvordan::Certifikat,
        paa_vegne_af: None,
        transaktion: Uuid::from_u128(99),
    }
}

/// The instant `days` after the scene began.
pub fn day(days: i64) -> Instant {
    Instant::from_micros(START + days * DAY)
}

/// From `from` days after the start until `to`, or for ever.
pub fn period(from: i64, to: Option<i64>) -> Virkning {
    Virkning::of(Period { from: day(from), to: to.map_or(Instant::POS_INFINITY, day) })
}

/// An Egenskab with a key and further texts, for ever from 100 days before the start.
pub fn egenskab(noegle: &str, felter: &[(Navn, &str)]) -> Egenskab {
    let mut alle = vec![(BRUGERVENDT_NOEGLE.navn, Vaerdi::Tekst(noegle.into()))];
    alle.extend(felter.iter().map(|(navn, text)| (*navn, Vaerdi::Tekst((*text).into()))));
    Egenskab { virkning: period(-100, None), felter: alle }
}

pub fn relation(typ: RelationType, til: ObjektId, virkning: Virkning) -> Relation {
    Relation { navn: typ.navn, virkning, reference: Some(til.0.into()), aktoer_type: None, dynamik: None }
}

pub fn aktiv() -> Vec<Tilstand> {
    vec![Tilstand { virkning: period(-100, None), kode: TilstandKode::Aktiv }]
}

/// Content as `importer` takes it.
pub fn sendt(indhold: Indhold) -> Vec<SendtRegistrering> {
    vec![SendtRegistrering { indhold, ..SendtRegistrering::default() }]
}
