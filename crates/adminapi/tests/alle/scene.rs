//! Korsbæk and its neighbour, a supplier with a system, people with keys, and a server that answers them.

use administration::{
    Bruger, Brugersystemrolle, Brugertilstand, ItSystem, Miljoe, Modulrolle, Omfang, Part, Partsart,
    Politikdata, Rolleafgraensning, Service, Systemtype, Tildeling,
};
use app::{App, Config, Silent};
use bitemporal::{Instant, Period};
use login::{Login, Loginconfig, Loginnoegle};
use oio::Cvr;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Database, Logsoegning, Store};
use styring::Kald;
use styring::apinoegler::{self, NyApinoegle};
use uuid::Uuid;

pub const DAG: i64 = 86_400_000_000;
pub const KORSBAEK: &str = "11223344";
pub const NABOKOEBING: &str = "22334455";
pub const MATADOR: &str = "33445566";
pub const KY: Uuid = Uuid::from_u128(0xa1);
/// What KY offers its users when it is brugervendt.
pub const SE_SAG: Uuid = Uuid::from_u128(0xb1);
pub const KLE: &str = "http://sts.kombit.dk/constraints/KLE/1";

pub fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

/// A certificate of a company, valid for about a year from the beginning, in PEM form.
pub fn pem(navn: &str, firma: &str) -> String {
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2028, 1, 15);
    params.distinguished_name.push(rcgen::DnType::CommonName, navn);
    let organisation = rcgen::DnType::CustomDnType(vec![2, 5, 4, 97]);
    params.distinguished_name.push(organisation, format!("NTRDK-{firma}"));
    let key = rcgen::KeyPair::generate().expect("a key");
    params.self_signed(&key).expect("a certificate").pem()
}

pub struct Scene {
    pub app: App,
    pub login: Login,
    clock: Arc<AtomicI64>,
    adresse: String,
    klient: reqwest::Client,
}

/// An answer.
#[derive(Debug)]
pub struct Svar {
    pub status: StatusCode,
    pub hoveder: reqwest::header::HeaderMap,
    pub krop: Value,
}

impl Svar {
    /// Asserts the status.
    #[track_caller]
    pub fn er(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.krop);
        self
    }

    /// Asserts that it is a problem document with this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, kode: &str) -> Self {
        assert_eq!((self.status.as_u16(), self.krop["kode"].as_str()), (status, Some(kode)), "{}", self.krop);
        assert_eq!(self.hoveder["content-type"], "application/problem+json");
        assert!(self.krop["detail"].as_str().is_some_and(|d| d.len() > 15), "{}", self.krop);
        assert!(self.krop["reference"].as_str().is_some_and(|r| Uuid::try_parse(r).is_ok()), "{}", self.krop);
        assert_eq!(self.krop["status"], status);
        self
    }

    pub fn etag(&self) -> String {
        self.hoveder["etag"].to_str().expect("a text").to_owned()
    }
}

impl Scene {
    pub async fn ny() -> Self {
        Self::i(Miljoe::Test).await
    }

    /// In this environment.
    pub async fn i(miljoe: Miljoe) -> Self {
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let clock = Arc::new(AtomicI64::new(1_800_000_000_000_000));
        let hand = clock.clone();
        let tick = Box::new(move || Instant::from_micros(hand.load(Ordering::SeqCst)));
        let opsaetning = Config { miljoe, ..Config::default() };
        let app = App::with_clock(store, opsaetning, Arc::new(Silent), tick).await.expect("an app");
        let config = Loginconfig { kun_adgangskode: true, ..Loginconfig::default() };
        let login = Login::new(app.clone(), Loginnoegle::ny(&[7; 32], &[]), config).expect("a login");
        let der = styring::systemer::laes_certifikat(pem("KY", MATADOR).as_bytes()).expect("a certificate");
        let data = Politikdata {
            parter: vec![
                Part {
                    domaene: Some("korsbaek.example".into()),
                    ..Part::ny(cvr(KORSBAEK), "Korsbæk Kommune", Partsart::Myndighed)
                },
                Part::ny(cvr(NABOKOEBING), "Nabokøbing Kommune", Partsart::Myndighed),
                Part::ny(cvr(MATADOR), "Matador Data A/S", Partsart::Leverandoer),
                Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer),
            ],
            systemer: vec![ItSystem::ny(KY, "KY", cvr(MATADOR), vec![der])],
            ..Politikdata::default()
        };
        app.saet_politik(&data, false).await.expect("a policy");
        let router =
            adminapi::router(app.clone(), login.clone(), app::Udgaaende::standard().expect("a client"));
        let doer = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let adresse = format!("http://{}", doer.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(doer, router).await });
        let klient = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { app, login, clock, adresse, klient }
    }

    /// KY has users, and a role for them, limited by KLE.
    pub async fn brugervendt(&self) {
        let mut data = self.app.politik().data().clone();
        data.systemer[0].typer.insert(Systemtype::BrugervendtSystem);
        data.systemer[0].brugersystemroller.push(Brugersystemrolle {
            uuid: SE_SAG,
            navn: "Se sag".into(),
            beskrivelse: "Se sager".into(),
            entity_id: "http://ky.example/roles/usersystemrole/se_sag/1".into(),
            afgraensninger: vec![Rolleafgraensning { entity_id: KLE.into(), kraevet: true }],
            foelsom: false,
            udfases: None,
        });
        self.app.saet_politik(&data, false).await.expect("a policy");
    }

    /// The sample of KLE.
    pub async fn kle(&self) {
        let udgave = imports::kle::udgave(imports::kle::EKSEMPEL).expect("the sample is good");
        let ingen = std::collections::HashMap::new();
        let foerste = imports::kle::forslag(&udgave, &imports::kle::KleGemt::default(), &ingen, false);
        let objekter = foerste.expect("the first edition").forslag.objekter;
        registers::import::anvend(&self.app, adgang::Aarsag::Seed, Cvr::KOMBIT, &objekter, &|_, _| {})
            .await
            .expect("stored");
    }

    /// Lets time pass.
    pub fn gaa(&self, micros: i64) {
        self.clock.fetch_add(micros, Ordering::SeqCst);
    }

    /// A person with these roles for a party.
    pub async fn person(&self, navn: &str, part: &str, roller: &[Modulrolle]) -> Kald {
        let nu = self.app.now();
        let roller = roller.iter().map(|rolle| Tildeling {
            id: self.app.new_uuid(),
            rolle: *rolle,
            part: cvr(part),
            omfang: Omfang::default(),
            gyldig: Period::since(nu),
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
        Kald {
            aktoer: bruger.handler_som(cvr(part), nu).expect("a role now"),
            adresse: "192.0.2.1".into(),
            kilde: "test",
            korrelation: self.app.new_uuid(),
        }
    }

    /// A key of a person, good for a year.
    pub async fn noegle(&self, kald: &Kald, kun_laesning: bool) -> String {
        let udloeber = Some(Instant::from_micros(self.app.now().micros() + 300 * DAG));
        let ny = NyApinoegle { navn: format!("{}s program", kald.aktoer.navn), udloeber, kun_laesning };
        apinoegler::opret(&self.app, kald, &ny).await.expect("a key").1.0
    }

    /// A key of a new person with a role.
    pub async fn med(&self, navn: &str, rolle: Modulrolle) -> String {
        let part = match rolle.part() {
            Partsart::Myndighed => KORSBAEK.to_owned(),
            Partsart::Leverandoer => MATADOR.to_owned(),
            Partsart::Operatoer => Cvr::KOMBIT.to_string(),
        };
        let kald = self.person(navn, &part, &[rolle]).await;
        self.noegle(&kald, false).await
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Svar {
        let svar = request.send().await.expect("an answer");
        let (status, hoveder) = (svar.status(), svar.headers().clone());
        let tekst = svar.text().await.expect("a body");
        Svar { status, hoveder, krop: serde_json::from_str(&tekst).unwrap_or(Value::String(tekst)) }
    }

    pub fn kald(&self, metode: Method, sti: &str) -> reqwest::RequestBuilder {
        self.klient.request(metode, format!("{}/api/v1{sti}", self.adresse))
    }

    pub async fn get(&self, noegle: &str, sti: &str) -> Svar {
        self.send(self.kald(Method::GET, sti).bearer_auth(noegle)).await
    }

    pub async fn post(&self, noegle: &str, sti: &str, krop: &Value) -> Svar {
        self.send(self.kald(Method::POST, sti).bearer_auth(noegle).json(krop)).await
    }

    /// With the version something was made from.
    pub async fn fra(&self, noegle: &str, metode: Method, sti: &str, etag: &str, krop: &Value) -> Svar {
        let kald = self.kald(metode, sti).bearer_auth(noegle).header("If-Match", etag);
        self.send(kald.json(krop)).await
    }

    /// How much has happened: the version of the policy, and the lines of the log about changes.
    pub async fn aendringer(&self) -> (String, usize) {
        let mut linjer = self.log().await;
        linjer.retain(|l| l.slags != store::Loglinjeslags::Laest);
        (self.app.politik().version().to_owned(), linjer.len())
    }

    /// The log, the newest first.
    pub async fn log(&self) -> Vec<store::Aendringslinje> {
        let alle = Logsoegning { antal: 10_000, ..Logsoegning::default() };
        let linjer = self.app.store().aendringslog(&alle).await.expect("the log");
        linjer.into_iter().map(|(_, l)| l).collect()
    }
}

/// A system that lacks nothing.
pub fn system(navn: &str) -> Value {
    json!({
        "navn": navn,
        "typer": ["Anvendersystem"],
        "miljoe": "Test",
        "email": "drift@matador.example",
        "vilkaarAccepteret": true
    })
}

/// A request that lacks nothing.
pub fn anmodning(system: Uuid, myndigheder: &[&str]) -> Value {
    let service = Service::organisation();
    json!({
        "navn": "KY læser organisation",
        "begrundelse": "KY skal vise, hvilken enhed i kommunen der har ansvaret for en sag.",
        "system": system,
        "myndigheder": myndigheder,
        "services": [{
            "service": service.uuid,
            "roller": [service.rolle_med_navn("Udstil").expect("the role").uri]
        }],
        "formaal": {
            "formaal": "Vise ansvarlig enhed",
            "hjemmel": "Artikel 6, stk. 1, litra e",
            "databehandleraftale": "DBA-1",
            "driftskontakt": "drift@matador.example"
        },
        "vilkaarAccepteret": true
    })
}
