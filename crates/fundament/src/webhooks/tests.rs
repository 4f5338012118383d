//! Against receivers that speak HTTPS.

use super::Webhooks;
use administration::{Bruger, Brugertilstand, Modulrolle, Omfang, Part, Partsart, Politikdata, Tildeling};
use app::{App, Config, Silent, Udgaaende};
use bitemporal::{Instant, Period};
use login::{Login, Loginconfig, Loginnoegle};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use store::{Database, Leveringstilstand, Store};
use styring::adviser::{self, Gruppe};
use styring::webhooks::{self, Webhookfelter, signatur};
use styring::{Kald, brugere};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

const KORSBAEK: &str = "11223344";

/// What a receiver was sent.
#[derive(Debug, Clone)]
struct Faaet {
    hoved: String,
    krop: Vec<u8>,
}

impl Faaet {
    fn hoved(&self, navn: &str) -> &str {
        let linjer = self.hoved.lines().filter_map(|linje| linje.split_once(": "));
        linjer.filter(|(n, _)| n.eq_ignore_ascii_case(navn)).map(|(_, v)| v).next().unwrap_or_default()
    }
}

/// A receiver with a certificate of its own for `localhost`; it gives one answer to all, or none at all.
struct Modtager {
    port: u16,
    certifikat: CertificateDer<'static>,
    faaet: Arc<Mutex<Vec<Faaet>>>,
    server: JoinHandle<()>,
}

impl Modtager {
    async fn ny(svar: Option<&'static str>) -> Self {
        let rcgen::CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(vec!["localhost".into()]).expect("a certificate");
        let noegle = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ));
        let config = config.with_safe_default_protocol_versions().expect("TLS").with_no_client_auth();
        let config = config.with_single_cert(vec![cert.der().clone()], noegle).expect("it fits");
        let tls = TlsAcceptor::from(Arc::new(config));
        let lytter = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = lytter.local_addr().expect("an address").port();
        let faaet: Arc<Mutex<Vec<Faaet>>> = Arc::default();
        let delt = faaet.clone();
        let server = tokio::spawn(async move {
            while let Ok((tcp, _)) = lytter.accept().await {
                let (tls, delt) = (tls.clone(), delt.clone());
                tokio::spawn(async move {
                    let Ok(mut linje) = tls.accept(tcp).await else { return };
                    let mut laest = Vec::new();
                    let faaet = loop {
                        let mut del = [0; 4096];
                        match linje.read(&mut del).await {
                            Ok(0) | Err(_) => return,
                            Ok(antal) => laest.extend_from_slice(&del[..antal]),
                        }
                        if let Some(faaet) = hel(&laest) {
                            break faaet;
                        }
                    };
                    delt.lock().expect("nobody panicked with it").push(faaet);
                    match svar {
                        Some(svar) => drop(linje.write_all(svar.as_bytes()).await),
                        None => std::future::pending().await,
                    }
                    let _ = linje.shutdown().await;
                });
            }
        });
        Self { port, certifikat: cert.der().clone(), faaet, server }
    }

    fn faaet(&self) -> Vec<Faaet> {
        self.faaet.lock().expect("nobody panicked with it").clone()
    }
}

impl Drop for Modtager {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A call, when all of it is there.
fn hel(laest: &[u8]) -> Option<Faaet> {
    let ende = laest.windows(4).position(|fire| fire == b"\r\n\r\n")? + 4;
    let hoved = String::from_utf8_lossy(&laest[..ende]).into_owned();
    let faaet = Faaet { hoved, krop: laest[ende..].to_vec() };
    let laengde: usize = faaet.hoved("content-length").parse().unwrap_or(0);
    (faaet.krop.len() == laengde).then_some(faaet)
}

struct Scene {
    app: App,
    login: Login,
    adm: Kald,
    ur: Arc<AtomicI64>,
}

impl Scene {
    async fn ny() -> Self {
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let ur = Arc::new(AtomicI64::new(1_800_000_000_000_000));
        let hand = ur.clone();
        let tick = Box::new(move || Instant::from_micros(hand.load(Ordering::SeqCst)));
        let app = App::with_clock(store, Config::default(), Arc::new(Silent), tick).await.expect("an app");
        let config = Loginconfig { kun_adgangskode: true, ..Loginconfig::default() };
        let login = Login::new(app.clone(), Loginnoegle::ny(&[7; 32], &[]), config).expect("a login");
        let cvr = KORSBAEK.parse().expect("a CVR number");
        let parter = vec![Part::ny(cvr, "Korsbæk Kommune", Partsart::Myndighed)];
        app.saet_politik(&Politikdata { parter, ..Politikdata::default() }, false).await.expect("a policy");
        let rolle = Tildeling {
            id: app.new_uuid(),
            rolle: Modulrolle::Administrator,
            part: cvr,
            omfang: Omfang::default(),
            gyldig: Period::since(app.now()),
            sagsnummer: None,
            tildelt_af: None,
        };
        let agnes = Bruger {
            uuid: app.new_uuid(),
            navn: "Agnes".into(),
            email: "agnes@korsbaek.example".into(),
            cvr,
            telefon: None,
            tilstand: Brugertilstand::Aktiv,
            spaerret_af: None,
            foer_spaerring: None,
            stedfortraeder: None,
            roller: vec![rolle],
        };
        brugere::indsaet(&app, &agnes, app.new_uuid()).await.expect("stored");
        let adm = Kald {
            aktoer: agnes.handler_som(cvr, app.now()).expect("a role now"),
            adresse: "192.0.2.1".into(),
            kilde: "test",
            korrelation: app.new_uuid(),
        };
        Self { app, login, adm, ur }
    }

    fn gaa(&self, sekunder: i64) {
        self.ur.fetch_add(sekunder * 1_000_000, Ordering::SeqCst);
    }

    /// A webhook for a receiver, and its key.
    async fn webhook(&self, navn: &str, port: u16) -> (Uuid, Vec<u8>) {
        let felter = Webhookfelter {
            navn: navn.into(),
            adresse: format!("https://localhost:{port}/adviser?n=hemmelig"),
            grupper: [Gruppe::Brugere].into(),
        };
        let (w, h) = webhooks::opret(&self.app, &self.adm, &self.login, &felter).await.expect("made");
        let noegle = base64(h.0.strip_prefix("whsec_").expect("a key"));
        (w.uuid, noegle)
    }

    /// Something happens that the party is told of, and it is laid.
    async fn noget_sker(&self) {
        let navn = format!("Maude {}", self.app.new_uuid());
        let email = format!("{}@korsbaek.example", self.app.new_uuid());
        let ny = brugere::NyBruger { navn, email, telefon: String::new() };
        let maude = brugere::opret(&self.app, &self.adm, &ny).await.expect("invited");
        let rolle = brugere::NyTildeling {
            rolle: Modulrolle::Administrator,
            omfang: Omfang::default(),
            fra: None,
            til: None,
            sagsnummer: String::new(),
        };
        brugere::tildel(&self.app, &self.adm, maude.uuid, 1, &rolle).await.expect("given");
        while adviser::fordel(&self.app, false).await.expect("laid") > 0 {}
    }

    fn webhooks(&self, ud: Udgaaende) -> Webhooks {
        let adresse = "https://korsbaek.example".into();
        Webhooks { app: self.app.clone(), ud, segl: self.login.clone(), adresse, laaner: Uuid::from_u128(1) }
    }

    /// The newest delivery of a webhook: its state, the status of its answer, and what went wrong.
    async fn levering(&self, uuid: Uuid) -> (Leveringstilstand, Option<u16>, String) {
        let (alle, _) = webhooks::leveringer(&self.app, &self.adm, uuid, (0, 9)).await.expect("a list");
        let l = alle.into_iter().next().expect("a delivery").0;
        (l.tilstand, l.http, l.svar)
    }
}

fn base64(tekst: &str) -> Vec<u8> {
    const TEGN: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut ud = Vec::new();
    let (mut bits, mut antal) = (0_u32, 0);
    for tegn in tekst.bytes().filter(|b| *b != b'=') {
        let vaerdi = TEGN.iter().position(|t| *t == tegn).expect("base64");
        bits = bits << 6 | u32::try_from(vaerdi).expect("small");
        antal += 6;
        if antal >= 8 {
            antal -= 8;
            ud.push(u8::try_from(bits >> antal & 0xff).expect("a byte"));
        }
    }
    ud
}

/// A client that knows these receivers, and lets `localhost` be inside or not.
fn ud(modtagere: &[&Modtager], inde: bool) -> Udgaaende {
    let kendte =
        modtagere.iter().map(|m| reqwest::Certificate::from_der(&m.certifikat).expect("a certificate"));
    let bygger = reqwest::Client::builder().tls_certs_only(kendte.collect::<Vec<_>>());
    let interne = if inde { vec!["localhost".to_owned()] } else { Vec::new() };
    Udgaaende::bag_vaern(&interne, bygger).expect("a client")
}

const OK: Option<&str> = Some("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");

#[tokio::test]
async fn a_notice_reaches_its_receiver_over_https_and_is_verified() {
    let scene = Scene::ny().await;
    let modtager = Modtager::ny(OK).await;
    let (uuid, noegle) = scene.webhook("Chat", modtager.port).await;
    scene.noget_sker().await;
    let w = scene.webhooks(ud(&[&modtager], true));
    let a = w.naeste().await.expect("an answer").expect("a delivery");
    w.clone().lever(a).await;
    let faaet = modtager.faaet();
    assert_eq!(faaet.len(), 1);
    let f = &faaet[0];
    assert!(f.hoved.starts_with("POST /adviser?n=hemmelig HTTP/1.1\r\n"), "{}", f.hoved);
    let (id, tid) = (f.hoved("webhook-id"), f.hoved("webhook-timestamp"));
    assert_eq!((tid, f.hoved("content-type")), ("1800000000", "application/json"));
    assert_eq!(f.hoved("webhook-signature"), signatur(&noegle, id, 1_800_000_000, &f.krop));
    let krop: serde_json::Value = serde_json::from_slice(&f.krop).expect("JSON");
    assert_eq!((krop["id"].as_str(), krop["haendelse"].as_str()), (Some(id), Some("administrator-tildelt")));
    assert_eq!(scene.levering(uuid).await, (Leveringstilstand::Leveret, Some(204), String::new()));
    assert!(w.naeste().await.expect("an answer").is_none());
}

#[tokio::test]
async fn no_machine_inside_is_called_and_no_redirect_followed() {
    let scene = Scene::ny().await;
    let modtager = Modtager::ny(OK).await;
    let videre = Modtager::ny(Some(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: https://localhost:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ))
    .await;
    let (inde, _) = scene.webhook("Inde", modtager.port).await;
    let (andetsteds, _) = scene.webhook("Andetsteds", videre.port).await;
    scene.noget_sker().await;
    let bag_vaern = scene.webhooks(ud(&[&modtager, &videre], false));
    let med_navn = scene.webhooks(ud(&[&modtager, &videre], true));
    while let Some(a) = bag_vaern.naeste().await.expect("an answer") {
        if a.webhook == inde { bag_vaern.clone().lever(a).await } else { med_navn.clone().lever(a).await }
    }
    let (tilstand, http, svar) = scene.levering(inde).await;
    assert_eq!((tilstand, http), (Leveringstilstand::Venter, None));
    assert_eq!(svar, "navnet peger på en intern adresse, og den kaldes ikke");
    assert!(modtager.faaet().is_empty(), "nothing was sent");
    let (_, http, svar) = scene.levering(andetsteds).await;
    assert_eq!(http, Some(307));
    assert!(svar.contains("sender videre (307)"), "{svar}");
    assert_eq!(videre.faaet().len(), 1);
}

#[tokio::test]
async fn who_does_not_answer_or_is_not_believed_holds_nobody_up() {
    let scene = Scene::ny().await;
    let (tavs, ukendt, god) = (Modtager::ny(None).await, Modtager::ny(OK).await, Modtager::ny(OK).await);
    let (hos_tavs, _) = scene.webhook("Tavs", tavs.port).await;
    let (hos_ukendt, _) = scene.webhook("Ukendt", ukendt.port).await;
    let (hos_god, _) = scene.webhook("God", god.port).await;
    scene.noget_sker().await;
    let w = scene.webhooks(ud(&[&tavs, &god], true));
    let mut venter = None;
    while let Some(a) = w.naeste().await.expect("an answer") {
        if a.webhook == hos_tavs {
            venter = Some(tokio::spawn(w.clone().lever(a)));
        } else {
            w.clone().lever(a).await;
        }
    }
    assert_eq!(scene.levering(hos_god).await.0, Leveringstilstand::Leveret);
    let (tilstand, _, svar) = scene.levering(hos_ukendt).await;
    assert_eq!((tilstand, svar.as_str()), (Leveringstilstand::Venter, "der kunne ikke skabes forbindelse"));
    assert!(ukendt.faaet().is_empty(), "nothing is told to who is not believed");
    // A server that dies while it waits for an answer has noted nothing: the delivery comes again.
    venter.expect("under way").abort();
    assert_eq!(scene.levering(hos_tavs).await, (Leveringstilstand::Venter, None, String::new()));
    scene.gaa(91);
    let igen = w.naeste().await.expect("an answer").expect("the lease has run out");
    assert!(igen.webhook == hos_tavs || igen.webhook == hos_ukendt);
}

#[tokio::test]
async fn a_try_tells_what_the_receiver_answered() {
    let scene = Scene::ny().await;
    let nej = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 6\r\nconnection: close\r\n\r\nhemmelig";
    let (god, afviser) = (Modtager::ny(OK).await, Modtager::ny(Some(nej)).await);
    let (hos_god, noegle) = scene.webhook("God", god.port).await;
    let (hos_afviser, _) = scene.webhook("Afviser", afviser.port).await;
    let klient = ud(&[&god, &afviser], true);
    let proev = async |uuid| webhooks::proev(&scene.app, &scene.adm, uuid, &scene.login, &klient).await;
    let svar = proev(hos_god).await.expect("tried");
    assert_eq!((svar.http, svar.fejl), (Some(204), None));
    let f = &god.faaet()[0];
    assert_eq!(
        f.hoved("webhook-signature"),
        signatur(&noegle, f.hoved("webhook-id"), 1_800_000_000, &f.krop)
    );
    let krop: serde_json::Value = serde_json::from_slice(&f.krop).expect("JSON");
    assert_eq!((krop["id"].as_str(), krop["slags"].as_str()), (Some(f.hoved("webhook-id")), Some("proeve")));
    let svar = proev(hos_afviser).await.expect("tried");
    assert_eq!((svar.http, svar.fejl.as_deref()), (Some(401), Some("modtageren svarede 401")));
    assert!(proev(hos_god).await.is_err_and(|f| f.med_kode("N-833").is_some()), "not at once again");
    scene.gaa(60);
    assert!(proev(hos_god).await.is_ok());
    assert!(
        webhooks::leveringer(&scene.app, &scene.adm, hos_god, (0, 9)).await.expect("a list").0.is_empty()
    );
}
