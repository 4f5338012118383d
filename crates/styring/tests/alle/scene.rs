//! Korsbæk and its neighbour, a supplier with a system, and people in every role.

use administration::{
    Aftaleformaal, Aftaleservice, Bruger, Brugertilstand, ItSystem, Modulrolle, Omfang, Part, Partsart,
    Politikdata, Service, Tildeling,
};
use app::{App, Config, Silent};
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Database, Logsoegning, Store};
use styring::aftaler::{self, Anmodning, Svar};
use styring::{Kald, Styringsfejl};
use uuid::Uuid;

pub const DAG: i64 = 86_400_000_000;
pub const KORSBAEK: &str = "11223344";
pub const NABOKOEBING: &str = "22334455";
pub const MATADOR: &str = "33445566";
pub const KY: Uuid = Uuid::from_u128(0xa1);

pub fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

/// When everything begins.
const BEGYNDELSE: i64 = 1_800_000_000_000_000;

/// A certificate of a company, valid for a year from the beginning.
pub fn certifikat(navn: &str, firma: &str) -> Vec<u8> {
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2028, 1, 15);
    params.distinguished_name.push(rcgen::DnType::CommonName, navn);
    let organisation = rcgen::DnType::CustomDnType(vec![2, 5, 4, 97]);
    params.distinguished_name.push(organisation, format!("NTRDK-{firma}"));
    let key = rcgen::KeyPair::generate().expect("a key");
    params.self_signed(&key).expect("a certificate").der().to_vec()
}

pub struct Scene {
    pub app: App,
    clock: Arc<AtomicI64>,
}

impl Scene {
    pub async fn ny() -> Self {
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let clock = Arc::new(AtomicI64::new(BEGYNDELSE));
        let hand = clock.clone();
        let tick = Box::new(move || Instant::from_micros(hand.load(Ordering::SeqCst)));
        let app = App::with_clock(store, Config::default(), Arc::new(Silent), tick).await.expect("an app");
        let scene = Self { app, clock };
        let ky = administration::Certifikat::af_der(certifikat("KY", MATADOR)).expect("a certificate");
        let data = Politikdata {
            parter: vec![
                Part::ny(cvr(KORSBAEK), "Korsbæk Kommune", Partsart::Myndighed),
                Part::ny(cvr(NABOKOEBING), "Nabokøbing Kommune", Partsart::Myndighed),
                Part::ny(cvr(MATADOR), "Matador Data A/S", Partsart::Leverandoer),
                Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer),
            ],
            systemer: vec![ItSystem::ny(KY, "KY", cvr(MATADOR), vec![ky])],
            ..Politikdata::default()
        };
        scene.app.saet_politik(&data, false).await.expect("a policy");
        scene
    }

    pub fn nu(&self) -> Instant {
        self.app.now()
    }

    /// Lets time pass.
    pub fn gaa(&self, dage: i64) {
        self.clock.fetch_add(dage * DAG, Ordering::SeqCst);
    }

    /// Lets seconds pass.
    pub fn gaa_sekunder(&self, sekunder: i64) {
        self.clock.fetch_add(sekunder * 1_000_000, Ordering::SeqCst);
    }

    /// A person with these roles for a party, who exists and acts.
    pub async fn person(&self, navn: &str, part: &str, roller: &[Modulrolle]) -> Kald {
        let roller = roller.iter().map(|rolle| Tildeling {
            id: self.app.new_uuid(),
            rolle: *rolle,
            part: cvr(part),
            omfang: Omfang::default(),
            gyldig: Period::since(self.nu()),
            sagsnummer: None,
            tildelt_af: None,
        });
        let bruger = Bruger {
            uuid: self.app.new_uuid(),
            navn: navn.into(),
            email: format!("{}@{part}.example", navn.to_lowercase()),
            cvr: cvr(part),
            telefon: None,
            tilstand: Brugertilstand::Aktiv,
            spaerret_af: None,
            foer_spaerring: None,
            stedfortraeder: None,
            roller: roller.collect(),
        };
        styring::brugere::indsaet(&self.app, &bruger, self.app.new_uuid()).await.expect("stored");
        self.som(&bruger, part)
    }

    pub fn som(&self, bruger: &Bruger, part: &str) -> Kald {
        Kald {
            aktoer: bruger.handler_som(cvr(part), self.nu()).expect("a role now"),
            adresse: "192.0.2.1".into(),
            kilde: "test",
            korrelation: self.app.new_uuid(),
        }
    }

    /// Answers what stands in a version now.
    pub async fn svar(&self, kald: &Kald, uuid: Uuid, nummer: u32, svar: &Svar) -> Result<(), Styringsfejl> {
        let politik = self.app.politik();
        let version = politik.aftale(uuid).and_then(|a| a.versioner.iter().find(|v| v.nummer == nummer));
        let vist = version.map(aftaler::indholdsmaerke).unwrap_or_default();
        aftaler::svar(&self.app, kald, uuid, (nummer, &vist), svar).await
    }

    /// What the log says was done, the newest first.
    pub async fn log(&self) -> Vec<String> {
        let alle = Logsoegning { antal: 100, ..Logsoegning::default() };
        let linjer = self.app.store().aendringslog(&alle).await.expect("the log");
        linjer.into_iter().map(|(_, l)| format!("{}: {}", l.navn, l.handling)).collect()
    }

    /// Whether KY may read Organisation for an authority now.
    pub fn ky_kan_laese(&self, myndighed: &str) -> bool {
        let organisation = Service::organisation().uuid;
        self.app.politik().har_aftale(KY, cvr(myndighed), organisation, self.nu())
    }
}

/// A request that lacks nothing.
pub fn anmodning(myndigheder: &[&str]) -> Anmodning {
    let service = Service::organisation();
    Anmodning {
        navn: "KY læser organisation".into(),
        begrundelse: "KY skal vise, hvilken enhed i kommunen der har ansvaret for en sag.".into(),
        system: KY,
        myndigheder: myndigheder.iter().map(|c| cvr(c)).collect::<BTreeSet<_>>(),
        services: vec![Aftaleservice {
            service: service.uuid,
            id: None,
            udstedt_kontekst: None,
            roller: vec![service.rolle_med_navn("Udstil").expect("the role").uri.clone()],
            parametre: BTreeMap::new(),
        }],
        formaal: Aftaleformaal {
            formaal: "Udbetaling af ydelser".into(),
            hjemmel: "Lov om aktiv socialpolitik".into(),
            databehandleraftale: "DBA-2026-7".into(),
            driftskontakt: "drift@matador.example".into(),
            vilkaar_accepteret_af: Some("Laura".into()),
            ..Aftaleformaal::default()
        },
        gyldig: Period::ALWAYS,
    }
}

/// The codes of what is wrong.
#[track_caller]
pub fn koder<T: std::fmt::Debug>(svar: Result<T, Styringsfejl>) -> Vec<&'static str> {
    match svar.expect_err("refused") {
        Styringsfejl::Afvist(fejl) => fejl.into_iter().map(|f| f.kode).collect(),
        Styringsfejl::Intern(fejl) => panic!("{fejl}"),
    }
}
