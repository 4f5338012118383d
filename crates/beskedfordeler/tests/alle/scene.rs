//! The scene of every test: one system that sends, two that receive, one clock.

use crate::noegler::{self, AFSENDER, ANDEN, MODTAGER, Par};
use adgang::{Caller, Hvordan};
use administration::{
    Abonnement, Aftaletilstand, Certifikat, Dataafgraensninger, Dueslag, Dueslagstilstand, Impersonering,
    ItSystem, Part, Partsart, Politikdata, Rolle, Service, Serviceaftale,
};
use app::{App, Config, Silent};
use beskedfordeler::{Afsender, Aftager, Bevis, Fordeler, Kald, Kvittering, Levering, Modtager, Stop};
use bitemporal::{Instant, Period};
use bytes::Bytes;
use identity::tid;
use oio::{Cvr, UnikId};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::{Database, Fejlpost, Placeret, Store};
use uuid::{Uuid, uuid};

pub const KORSBAEK: &str = "11223344";
pub const NABOKOEBING: &str = "22334455";
pub const LEVERANDOER: &str = "33445566";

pub const AFSEND: &str = "http://entityid.kombit.dk/service/bfo_afsend/2";
pub const MODTAG: &str = "http://entityid.kombit.dk/service/bfo_modtag/2";

pub const TEST1: Uuid = uuid!("7654895c-a3f3-4c77-8afd-4c77330f963c");
pub const TEST2: Uuid = uuid!("832d0676-d0a0-4522-8f57-ac126dc8270e");
/// Known to the settings, but in no agreement.
pub const TEST3: Uuid = uuid!("b677c97e-aa5e-430e-9f60-9bbbbdb4ea1b");
pub const FORTROLIG: Uuid = uuid!("44f4108b-26d4-46de-a90f-35e35b55b8d8");
pub const IKKE_FORTROLIG: Uuid = uuid!("1d81c472-0808-44cc-963d-f5ef0170ae1d");
pub const FORDELINGSSYSTEM: Uuid = uuid!("5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c2001");

/// The sending system.
pub const KY: Uuid = Uuid::from_u128(0x10);
/// The same as text: it is Master and Afsender of what is in the indexes.
pub const FAG: &str = "00000000-0000-0000-0000-000000000010";
/// The receiving system.
pub const SAPA: Uuid = Uuid::from_u128(0x20);
/// The other receiving system.
pub const KSD: Uuid = Uuid::from_u128(0x30);

/// One minute, hour, day in microseconds.
pub const MINUT: i64 = 60_000_000;
pub const TIME: i64 = 60 * MINUT;
pub const DAG: i64 = 24 * TIME;

/// How long anything may take before a test fails.
const TAALMOD: Duration = Duration::from_secs(10);

pub fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

pub fn cvr_urn(text: &str) -> String {
    format!("urn:oio:cvr-nr:{text}")
}

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// When every scene begins.
pub fn start() -> Instant {
    tid::laes("2030-03-02T08:00:00Z").expect("a time")
}

pub struct Scene {
    pub app: App,
    pub fordeler: Fordeler,
    ur: Arc<AtomicI64>,
}

/// The settings of the scene.
pub fn config() -> Config {
    let mut config = Config::default();
    config.besked.beskedtyper = vec![TEST1, TEST2, TEST3];
    config.besked.fordelingssystem = Some(FORDELINGSSYSTEM);
    config
}

impl Scene {
    pub async fn ny() -> Self {
        Self::med(config()).await
    }

    pub async fn med(config: Config) -> Self {
        Self::paa(Store::open(&Database::Memory).await.expect("a store in memory"), config).await
    }

    /// On PostgreSQL, in a schema of its own.
    pub async fn postgres(test: &str) -> Self {
        let url = std::env::var("FUNDAMENT_TEST_POSTGRES").expect("FUNDAMENT_TEST_POSTGRES names a server");
        let skema = format!("beskedfordeler_{test}");
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
        Self::paa(Store::open(&Database::Postgres(url)).await.expect("a store"), config()).await
    }

    async fn paa(store: Store, config: Config) -> Self {
        let ur = Arc::new(AtomicI64::new(start().micros()));
        let app = app_paa(store, config, &ur).await;
        app.saet_politik(&politik(), true).await.expect("a valid policy");
        let fordeler = Fordeler::ny(app.clone(), None).await.expect("a distributor");
        Self { app, fordeler, ur }
    }

    /// Another server on the same store.
    pub async fn anden_server(&self) -> Fordeler {
        let app = app_paa(self.app.store().clone(), config(), &self.ur).await;
        Fordeler::kun_se(app, None).await.expect("a distributor")
    }

    /// The same server after it was started again.
    pub async fn genstart(&self) -> Fordeler {
        let app = app_paa(self.app.store().clone(), config(), &self.ur).await;
        Fordeler::ny(app, None).await.expect("a distributor")
    }

    pub fn stil_uret(&self, til: Instant) {
        self.ur.store(til.micros(), Ordering::SeqCst);
    }

    pub fn gaar(&self, mikrosekunder: i64) {
        self.ur.fetch_add(mikrosekunder, Ordering::SeqCst);
    }

    /// Changes the policy.
    pub async fn politik(&self, aendr: impl FnOnce(&mut Politikdata)) {
        let mut data = self.app.laes_politik().await.expect("the policy").data;
        aendr(&mut data);
        self.app.saet_politik(&data, true).await.expect("a valid policy");
    }

    /// Adds a dueslag of SAPA with one subscription on TEST1.
    pub async fn dueslag(&self, dueslag: u128) -> Uuid {
        self.dueslag_med(dueslag, "").await
    }

    /// The same with a filter.
    pub async fn dueslag_med(&self, dueslag: u128, filter: &str) -> Uuid {
        let uuid = id(dueslag);
        self.politik(|p| {
            p.dueslag.push(Dueslag::ny(uuid, format!("dueslag {dueslag:x}"), SAPA));
            let ny = Abonnement::ny(id(dueslag + 0x1000), format!("a{dueslag:x}"), uuid, vec![TEST1]);
            p.abonnementer.push(Abonnement { filter: filter.into(), ..ny });
        })
        .await;
        uuid
    }

    /// Puts a dueslag in a state.
    pub async fn tilstand(&self, dueslag: Uuid, tilstand: Dueslagstilstand) {
        self.politik(|p| {
            p.dueslag.iter_mut().filter(|d| d.uuid == dueslag).for_each(|d| d.tilstand = tilstand);
        })
        .await;
    }

    /// Lets one system act as another for Korsbæk.
    pub async fn impersonering(&self, system: Uuid, anden: Uuid) {
        self.politik(|p| {
            let tilladt = Impersonering {
                anvenderkontekst: cvr(KORSBAEK),
                system: anden,
                certifikat: None,
                gyldig: Period::ALWAYS,
            };
            let mine = p.systemer.iter_mut().filter(|s| s.uuid == system);
            mine.for_each(|s| s.impersonering.push(tilladt.clone()));
        })
        .await;
    }

    /// Ends or restores everything SAPA has agreed about receiving.
    pub async fn sapas_aftaler(&self, tilstand: Aftaletilstand) {
        self.politik(|p| {
            let mine = p.aftaler.iter_mut().filter(|a| a.system == SAPA);
            let parter = mine.flat_map(|a| &mut a.versioner).flat_map(|v| &mut v.myndigheder);
            parter.for_each(|m| m.tilstand = tilstand);
        })
        .await;
    }

    /// A token, valid for an hour from now.
    pub fn token(&self, indehaver: &Par, audience: &str, myndighed: &str) -> Vec<u8> {
        let nu = self.app.now();
        let til = tid::plus(nu, Duration::from_secs(3_600));
        noegler::signer(&noegler::paastand(indehaver, audience, cvr(myndighed), nu, til))
    }

    pub async fn bevis(&self, indehaver: &Par, audience: &str, myndighed: &str) -> Bevis {
        if self.app.noegler().is_none() {
            self.app.saet_noegler(noegler::noegler());
        }
        let token = self.token(indehaver, audience, myndighed);
        self.fordeler.adgang(&token, None, id(9)).await.expect("a token that is let in")
    }

    /// KY, acting for Korsbæk.
    pub async fn afsender(&self) -> Afsender {
        self.afsender_for(KORSBAEK).await
    }

    pub async fn afsender_for(&self, myndighed: &str) -> Afsender {
        self.bevis(&AFSENDER, AFSEND, myndighed).await.afsender.expect("a sender")
    }

    /// SAPA.
    pub async fn modtager(&self) -> Modtager {
        self.bevis(&MODTAGER, MODTAG, KORSBAEK).await.modtager.expect("a receiver")
    }

    /// KSD.
    pub async fn anden_modtager(&self) -> Modtager {
        self.bevis(&ANDEN, MODTAG, KORSBAEK).await.modtager.expect("a receiver")
    }

    /// Sends as KY for Korsbæk.
    pub async fn send(&self, besked: &Besked) -> Kvittering {
        self.send_krop(besked.xml()).await
    }

    pub async fn send_krop(&self, krop: impl Into<Bytes>) -> Kvittering {
        let kald = Kald { transaktion: "transaktion".into(), korrelation: "korrelation".into() };
        self.fordeler.modtag(&self.afsender().await, krop.into(), kald).await
    }

    /// Sends, and it must be accepted.
    pub async fn laeg(&self, besked: &Besked) {
        assert_eq!(self.send(besked).await, Kvittering::ok());
    }

    /// Sends so many messages with the ids from `fra`.
    pub async fn laeg_flere(&self, fra: u128, antal: u128) {
        for n in fra..fra + antal {
            self.laeg(&Besked::ny(n)).await;
        }
    }

    /// How the message with this id is in a dueslag; `None` when it was not placed there.
    pub async fn placering(&self, besked: u128, dueslag: Uuid) -> Option<Placeret> {
        let store = self.app.store();
        let post =
            store.besked_med_id(&id(besked).to_string()).await.expect("the store").into_iter().next()?;
        let alle = store.placeringer(post.nr).await.expect("the store");
        alle.into_iter().find(|p| p.dueslag == dueslag)
    }

    pub async fn fejlkoe(&self, dueslag: Uuid) -> Vec<Fejlpost> {
        self.app.store().fejlkoe(dueslag, None, 1_000).await.expect("the store")
    }

    /// KY in the registers, for an authority.
    pub fn i_registrene(&self, myndighed: &str) -> Caller {
        Caller {
            system: KY,
            navn: "KY".into(),
            bruger_ref: UnikId::Uuid(KY),
            myndighed: Some(cvr(myndighed)),
            hvordan: Hvordan::Certifikat,
            paa_vegne_af: None,
            transaktion: id(8),
        }
    }

    /// The rules in the access log under a name.
    pub async fn log(&self, reference: Uuid) -> Vec<String> {
        let store = self.app.store();
        vent("a line in the access log", async || {
            let linjer = store.adgangslog_transaktion(reference).await.expect("the log");
            (!linjer.is_empty()).then(|| linjer.into_iter().map(|l| l.regel).collect())
        })
        .await
    }

    /// Lets the distributor look after things until something is so.
    pub async fn pas_til<T>(&self, hvad: &str, goer: impl AsyncFnMut() -> Option<T>) -> T {
        let pasning = tokio::spawn(self.fordeler.clone().pas());
        let ud = vent(hvad, goer).await;
        pasning.abort();
        ud
    }
}

async fn app_paa(store: Store, config: Config, ur: &Arc<AtomicI64>) -> App {
    let ur = ur.clone();
    let tik = Box::new(move || Instant::from_micros(ur.load(Ordering::SeqCst)));
    App::with_clock(store, config, Arc::new(Silent), tik).await.expect("an app")
}

/// Waits until something is so.
pub async fn vent<T>(hvad: &str, mut goer: impl AsyncFnMut() -> Option<T>) -> T {
    let loekke = async {
        loop {
            if let Some(ud) = goer().await {
                return ud;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(TAALMOD, loekke).await.unwrap_or_else(|_| panic!("waited in vain: {hvad}"))
}

/// What comes in time.
pub async fn i_tide<T>(hvad: &str, fremtid: impl Future<Output = T>) -> T {
    tokio::time::timeout(TAALMOD, fremtid).await.unwrap_or_else(|_| panic!("waited in vain: {hvad}"))
}

/// The next message of a consumer.
pub async fn naeste(aftager: &mut Aftager) -> Levering {
    i_tide("a message", aftager.naeste()).await.expect("a message")
}

/// Why a consumer gets no more.
pub async fn stop(aftager: &mut Aftager) -> Stop {
    i_tide("a stop", aftager.naeste()).await.expect_err("no more messages")
}

/// A consumer gets nothing.
pub async fn intet(aftager: &mut Aftager) {
    let kommet = tokio::time::timeout(Duration::from_millis(80), aftager.naeste()).await;
    assert!(kommet.is_err(), "nothing was to come: {kommet:?}");
}

/// The number of the message in the test.
pub fn nummer(levering: &Levering) -> u128 {
    Uuid::try_parse(&levering.besked_id).expect("a UUID").as_u128()
}

/// The text of what was delivered.
pub fn tekst(krop: &[u8]) -> &str {
    std::str::from_utf8(krop).expect("UTF-8")
}

/// Parties, systems and agreements, without any dueslag.
fn politik() -> Politikdata {
    let myndighed = |nr: &str, navn: &str| Part::ny(cvr(nr), navn, Partsart::Myndighed);
    let (afsend, modtag) = (Service::besked_afsend(), Service::besked_modtag());
    let begge = [KORSBAEK, NABOKOEBING];
    let kombit = Cvr::KOMBIT.to_string();
    let alle = [KORSBAEK, NABOKOEBING, kombit.as_str()];
    let mut operatoer = Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Myndighed);
    operatoer.arter.insert(Partsart::Operatoer);
    Politikdata {
        parter: vec![
            myndighed(KORSBAEK, "Korsbæk"),
            myndighed(NABOKOEBING, "Nabokøbing"),
            operatoer,
            Part::ny(cvr(LEVERANDOER), "Matador Data", Partsart::Leverandoer),
        ],
        systemer: vec![
            system(KY, "KY", &AFSENDER),
            system(SAPA, "SAPA", &MODTAGER),
            system(KSD, "KSD", &ANDEN),
        ],
        aftaler: vec![
            aftale(0x100, KY, KORSBAEK, &afsend, ("TilladteMyndigheder", &begge)),
            aftale(0x200, SAPA, KORSBAEK, &modtag, ("AfsendendeMyndighed", &alle)),
            aftale(0x201, SAPA, NABOKOEBING, &modtag, ("AfsendendeMyndighed", &alle)),
            aftale(0x300, KSD, KORSBAEK, &modtag, ("AfsendendeMyndighed", &alle)),
            register(0x110, &Service::organisation(), KORSBAEK),
            register(0x111, &Service::klassifikation(), KORSBAEK),
            register(0x112, &Service::klassifikation(), &kombit),
            register(0x113, &Service::sagdokumentindeks(), KORSBAEK),
            register(0x114, &Service::ydelsesindeks(), KORSBAEK),
        ],
        ..Politikdata::default()
    }
}

fn system(uuid: Uuid, navn: &str, par: &Par) -> ItSystem {
    let certifikat = Certifikat::af_der(par.certifikat.der().to_vec()).expect("a certificate");
    ItSystem::ny(uuid, navn, cvr(LEVERANDOER), vec![certifikat])
}

/// KY may do everything in a register.
fn register(uuid: u128, service: &Service, myndighed: &str) -> Serviceaftale {
    let navn = format!("KY {} {myndighed}", service.navn);
    let alt = match service.uuid {
        administration::ORGANISATION => Dataafgraensninger::ALLE,
        _ => Dataafgraensninger::default(),
    };
    Serviceaftale::aktiv(id(uuid), navn, KY, cvr(myndighed), service, &[Rolle::Rediger], alt)
}

/// An agreement about TEST1 and TEST2, whatever they are about.
fn aftale(
    uuid: u128,
    system: Uuid,
    myndighed: &str,
    service: &Service,
    (graense, myndigheder): (&str, &[&str]),
) -> Serviceaftale {
    let navn = format!("{} {myndighed} {uuid:x}", service.navn);
    let ingen = Dataafgraensninger::default();
    let mut aftale = Serviceaftale::aktiv(id(uuid), navn, system, cvr(myndighed), service, &[], ingen);
    for valgt in aftale.versioner.iter_mut().flat_map(|v| &mut v.services) {
        valgt.roller = service.roller.iter().map(|r| r.uri.clone()).collect();
    }
    let foelsomheder: Vec<String> = besked::FOELSOMHEDER.iter().map(Uuid::to_string).collect();
    let foelsomheder: Vec<&str> = foelsomheder.iter().map(String::as_str).collect();
    let typer = [TEST1.to_string(), TEST2.to_string()];
    graens(&mut aftale, "Beskedtype", &[&typer[0], &typer[1]]);
    graens(&mut aftale, "Foelsomhed", &foelsomheder);
    graens(&mut aftale, "KommunaltForvaltningsomraade", &["*"]);
    graens(&mut aftale, graense, myndigheder);
    graens(&mut aftale, "Version", &["2"]);
    aftale
}

/// Sets a limit of an agreement.
pub fn graens(aftale: &mut Serviceaftale, navn: &str, vaerdier: &[&str]) {
    let vaerdier: Vec<String> = vaerdier.iter().map(|v| (*v).to_owned()).collect();
    for valgt in aftale.versioner.iter_mut().flat_map(|v| &mut v.services) {
        let kendte = Service::standard();
        let service = kendte.iter().find(|s| s.uuid == valgt.service).expect("a service");
        if let Some(typ) = service.parameter_med_navn(navn) {
            valgt.parametre.insert(typ.uri.clone(), vaerdier.clone());
        }
    }
}

/// A message, before a test changes it.
pub struct Besked {
    pub besked_id: String,
    pub version: &'static str,
    pub beskedtype: String,
    pub ansvarlig: Option<String>,
    pub tilladte: Vec<String>,
    pub myndighed: Option<String>,
    pub objekt: String,
    pub emner: Vec<String>,
    pub foelsomhed: Option<String>,
    pub akkreditiver: Option<&'static str>,
    pub data: String,
}

impl Besked {
    /// The message with this number: TEST1 from KY to Korsbæk and Nabokøbing.
    pub fn ny(n: u128) -> Self {
        Self {
            besked_id: id(n).to_string(),
            version: "1.0",
            beskedtype: TEST1.to_string(),
            ansvarlig: Some(KY.to_string()),
            tilladte: vec![cvr_urn(KORSBAEK), cvr_urn(NABOKOEBING)],
            myndighed: Some(cvr_urn(KORSBAEK)),
            objekt: "urn:oio:cpr-nr:0101010001".into(),
            emner: vec!["urn:oio:kle:32.01.01".into()],
            foelsomhed: Some(FORTROLIG.to_string()),
            akkreditiver: None,
            data: "<besked:Beskeddata><t:Eksempel xmlns:t=\"urn:example:test\">vilkårligt  indhold</t:Eksempel></besked:Beskeddata>".into(),
        }
    }

    pub fn xml(&self) -> String {
        let unik = |navn: &str, vaerdi: &str| {
            let art = if vaerdi.to_lowercase().starts_with("urn:") { "URN" } else { "UUID" };
            format!("<besked:{navn}><sd:{art}Identifikator>{vaerdi}</sd:{art}Identifikator></besked:{navn}>")
        };
        let mange =
            |navn: &str, vaerdier: &[String]| vaerdier.iter().map(|v| unik(navn, v)).collect::<String>();
        let maaske = |navn: &str, vaerdi: &Option<String>| {
            vaerdi.as_deref().map_or_else(String::new, |v| unik(navn, v))
        };
        let tom = vec![String::new()];
        let emner = if self.emner.is_empty() { &tom } else { &self.emner };
        let registreringer = emner.iter().map(|emne| {
            let emne = if emne.is_empty() { String::new() } else { unik("OpgaveEmne", emne) };
            let (myndighed, objekt) =
                (maaske("ObjektAnsvarligMyndighed", &self.myndighed), unik("ObjektId", &self.objekt));
            format!("<besked:ObjektRegistrering>{myndighed}{objekt}{emne}</besked:ObjektRegistrering>")
        });
        let registreringer: String = registreringer.collect();
        let akkreditiver = self.akkreditiver.map_or_else(String::new, |a| {
            format!("<besked:KildesystemAkkreditiver>{a}</besked:KildesystemAkkreditiver>")
        });
        format!(
            "<besked:Haendelsesbesked xmlns:besked=\"urn:oio:besked:kuvert:1.0\" xmlns:sd=\"urn:oio:sagdok:3.0.0\">{}\
             <besked:BeskedVersion>{}</besked:BeskedVersion><besked:Beskedkuvert><besked:Filtreringsdata>{}{}{}\
             {registreringer}</besked:Filtreringsdata><besked:Leveranceinformation>{akkreditiver}{}\
             </besked:Leveranceinformation></besked:Beskedkuvert>{}</besked:Haendelsesbesked>",
            unik("BeskedId", &self.besked_id),
            self.version,
            unik("Beskedtype", &self.beskedtype),
            maaske("BeskedAnsvarligAktoer", &self.ansvarlig),
            mange("TilladtModtager", &self.tilladte),
            maaske("Sikkerhedsklassificering", &self.foelsomhed),
            self.data,
        )
    }
}
