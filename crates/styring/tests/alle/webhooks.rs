//! Webhooks: who makes them, what is delivered, signed with which key, and what becomes of a receiver that does not answer.

use crate::scene::*;
use administration::{Emne, Handling, Modulrolle as R, Webhooktilstand, maa};
use app::{Segl, Udesvar};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use std::time::Duration;
use store::Leveringstilstand as L;
use styring::adviser::Gruppe;
use styring::webhooks::{self, Afsending, Fulgt, WEBHOOKS_MAX, Webhookfelter, signatur};
use styring::{Kald, aftaler, opgaver};
use uuid::Uuid;

const LAANER: Uuid = Uuid::from_u128(0xfe);
const HER: &str = "https://korsbaek.example";

/// Seals by writing what it is for beside it: enough to see that it is opened for the same.
struct Proevesegl;

impl Segl for Proevesegl {
    fn forsegl(&self, til: &str, klar: &[u8]) -> Vec<u8> {
        [til.as_bytes(), klar].concat()
    }
    fn aabn(&self, til: &str, forseglet: &[u8]) -> Option<Vec<u8>> {
        forseglet.strip_prefix(til.as_bytes()).map(<[u8]>::to_vec)
    }
}

/// A seal whose key is gone.
struct Tabt;

impl Segl for Tabt {
    fn forsegl(&self, _: &str, klar: &[u8]) -> Vec<u8> {
        klar.to_vec()
    }
    fn aabn(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

fn felter(navn: &str, grupper: &[Gruppe]) -> Webhookfelter {
    let adresse = format!("https://modtager.example/adviser/{}", navn.to_lowercase());
    Webhookfelter { navn: navn.into(), adresse, grupper: grupper.iter().copied().collect() }
}

fn svar(http: u16) -> Udesvar {
    Udesvar { http: Some(http), ..Udesvar::default() }
}

/// A key as it is shown, as bytes.
fn noegle(h: &webhooks::Hemmelighed) -> Vec<u8> {
    STANDARD.decode(h.0.strip_prefix("whsec_").expect("a key of a webhook")).expect("base64")
}

/// The signatures that a delivery has.
fn signaturer(a: &Afsending) -> Vec<String> {
    hoved(a, "webhook-signature").split(' ').map(str::to_owned).collect()
}

fn hoved(a: &Afsending, navn: &str) -> String {
    a.hoveder.iter().find(|(n, _)| *n == navn).expect("the header").1.clone()
}

/// What this key signs of it.
fn underskrevet(a: &Afsending, noegle: &[u8]) -> String {
    let tid = hoved(a, "webhook-timestamp").parse().expect("seconds");
    signatur(noegle, &hoved(a, "webhook-id"), tid, &a.krop)
}

impl Scene {
    async fn webhook(&self, kald: &Kald, navn: &str) -> (Uuid, webhooks::Hemmelighed) {
        let (w, h) = webhooks::opret(&self.app, kald, &Proevesegl, &felter(navn, &[Gruppe::Aftaler]))
            .await
            .expect("made");
        (w.uuid, h)
    }

    async fn naeste_levering(&self) -> Option<Afsending> {
        self.fordel().await;
        let laan = (LAANER, Duration::from_secs(60));
        webhooks::naeste(&self.app, laan, &Proevesegl, HER).await.expect("an answer")
    }

    async fn besvar(&self, a: &Afsending, svar: &Udesvar) -> Fulgt {
        webhooks::afslut(&self.app, LAANER, a, svar).await.expect("noted")
    }

    async fn anmod(&self, la: &Kald) -> Uuid {
        let uuid = aftaler::gem_kladde(&self.app, la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
        aftaler::send(&self.app, la, uuid).await.expect("sent");
        uuid
    }

    async fn tilstande(&self, kald: &Kald, uuid: Uuid) -> Vec<L> {
        let (alle, _) = webhooks::leveringer(&self.app, kald, uuid, (0, 40)).await.expect("a list");
        alle.into_iter().map(|(l, _)| l.tilstand).collect()
    }
}

#[tokio::test]
async fn a_notice_is_delivered_signed_and_says_what_the_mail_says() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let (uuid, hemmelighed) = scene.webhook(&adm, "Chat").await;
    assert_eq!(noegle(&hemmelighed).len(), 32);
    assert!(scene.naeste_levering().await.is_none(), "nothing has happened");
    let aftale = scene.anmod(&la).await;
    let a = scene.naeste_levering().await.expect("a delivery");
    assert_eq!((a.webhook, a.adresse.som_tekst()), (uuid, "https://modtager.example/adviser/chat"));
    assert_eq!(signaturer(&a), [underskrevet(&a, &noegle(&hemmelighed))]);
    let krop: serde_json::Value = serde_json::from_slice(&a.krop).expect("JSON");
    assert_eq!(krop["id"], hoved(&a, "webhook-id"), "repeats are known by it");
    assert_eq!((&krop["slags"], &krop["haendelse"]), (&"advis".into(), &"aftale-anmodet".into()));
    assert_eq!((&krop["gruppe"], &krop["part"]), (&"aftaler".into(), &KORSBAEK.into()));
    assert_eq!(krop["emne"], "Matador Data A/S anmoder om serviceaftalen KY læser organisation");
    assert_eq!(krop["objekt"]["adresse"], format!("{HER}/admin/serviceaftaler/{aftale}"));
    assert!(scene.naeste_levering().await.is_none(), "one at a time");
    assert_eq!(scene.besvar(&a, &svar(204)).await, Fulgt::Leveret);
    assert_eq!(scene.besvar(&a, &svar(204)).await, Fulgt::Andens, "noted once");
    assert!(scene.naeste_levering().await.is_none(), "only what was chosen, and only to the party");
    assert_eq!(scene.tilstande(&adm, uuid).await, [L::Leveret]);
}

#[tokio::test]
async fn what_is_told_one_person_or_was_not_chosen_is_not_delivered() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let (uuid, _) = scene.webhook(&adm, "Chat").await;
    let felter = felter("Brugere", &[Gruppe::Brugere]);
    let brugere = webhooks::opret(&scene.app, &adm, &Proevesegl, &felter).await.expect("made").0.uuid;
    let ny = styring::brugere::NyBruger {
        navn: "Maude".into(),
        email: "maude@korsbaek.example".into(),
        telefon: String::new(),
    };
    let maude = styring::brugere::opret(&scene.app, &adm, &ny).await.expect("invited");
    let rolle = styring::brugere::NyTildeling {
        rolle: R::Administrator,
        omfang: administration::Omfang::default(),
        fra: None,
        til: None,
        sagsnummer: String::new(),
    };
    styring::brugere::tildel(&scene.app, &adm, maude.uuid, 1, &rolle).await.expect("given");
    let a = scene.naeste_levering().await.expect("that there is another Administrator");
    let krop: serde_json::Value = serde_json::from_slice(&a.krop).expect("JSON");
    assert_eq!((a.webhook, &krop["haendelse"]), (brugere, &"administrator-tildelt".into()));
    scene.besvar(&a, &svar(200)).await;
    assert!(scene.naeste_levering().await.is_none(), "the invitation and the role are hers");
    assert!(scene.tilstande(&adm, uuid).await.is_empty());
}

#[tokio::test]
async fn a_receiver_that_fails_is_tried_for_three_days_and_then_no_more() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let (uuid, _) = scene.webhook(&adm, "Chat").await;
    let aftale = scene.anmod(&la).await;
    let begyndt = scene.nu();
    let mut forsoeg = 0;
    let slut = loop {
        let Some(a) = scene.naeste_levering().await else {
            scene.gaa_sekunder(60);
            continue;
        };
        forsoeg += 1;
        match scene.besvar(&a, &svar(500)).await {
            Fulgt::Senere(hvorfor) => assert_eq!(hvorfor, "modtageren svarede 500"),
            fulgt => break fulgt,
        }
    };
    assert_eq!(slut, Fulgt::Afbrudt("modtageren svarede 500".into()));
    let timer = (scene.nu().micros() - begyndt.micros()) / 3_600_000_000;
    assert!((72..80).contains(&timer) && (20..40).contains(&forsoeg), "{forsoeg} attempts in {timer} hours");
    let w = webhooks::hent(&scene.app, &adm, uuid).await.expect("there").post;
    assert_eq!(w.tilstand(), Webhooktilstand::Afbrudt);
    let hos = scene.ulaeste(&adm).await;
    assert_eq!(hos, ["Webhooken Chat er afbrudt"], "and no notice of the task beside it");
    let mine = opgaver::mine(&scene.app, &adm).await.expect("tasks");
    assert_eq!(
        mine.iter().map(|g| g.post.titel.as_str()).collect::<Vec<_>>(),
        ["Få webhooken Chat til at modtage igen"]
    );
    // What happens meanwhile is kept, and not tried.
    aftaler::traek_tilbage(&scene.app, &la, aftale).await.expect("withdrawn");
    assert!(scene.naeste_levering().await.is_none());
    assert_eq!(scene.tilstande(&adm, uuid).await, [L::Opgivet, L::Opgivet]);
    assert_eq!(webhooks::proev_igen(&scene.app, &adm, uuid).await.expect("again"), 2);
    assert!(opgaver::mine(&scene.app, &adm).await.expect("tasks").is_empty());
    for _ in 0..2 {
        let a = scene.naeste_levering().await.expect("a delivery");
        assert_eq!(scene.besvar(&a, &svar(200)).await, Fulgt::Leveret);
    }
    assert_eq!(scene.tilstande(&adm, uuid).await, [L::Leveret, L::Leveret]);
    let log = scene.log().await;
    for linje in ["Installationen: afbryd webhook", "Agnes: prøv webhooken igen", "Agnes: opret webhook"] {
        assert!(log.contains(&linje.to_owned()), "{linje} in {log:?}");
    }
}

#[tokio::test]
async fn a_server_that_dies_is_found_out_and_a_delivery_comes_again_with_its_id() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    scene.webhook(&adm, "Chat").await;
    scene.anmod(&la).await;
    let foerste = scene.naeste_levering().await.expect("a delivery");
    assert!(scene.naeste_levering().await.is_none(), "leased");
    scene.gaa_sekunder(61);
    let anden = scene.naeste_levering().await.expect("the lease has run out");
    assert_eq!((hoved(&foerste, "webhook-id"), &foerste.krop), (hoved(&anden, "webhook-id"), &anden.krop));
    assert_ne!(hoved(&foerste, "webhook-timestamp"), hoved(&anden, "webhook-timestamp"));
    // With SQLite a server that starts is alone.
    webhooks::begynd(&scene.app).await.expect("begun");
    assert!(scene.naeste_levering().await.is_some());
}

#[tokio::test]
async fn a_key_is_changed_with_and_without_overlap() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let (uuid, gammel) = scene.webhook(&adm, "Chat").await;
    let version = async || webhooks::hent(&scene.app, &adm, uuid).await.expect("there").version;
    let skift = async |version, straks| {
        webhooks::skift_noegle(&scene.app, &adm, &Proevesegl, (uuid, version), straks).await.map(|s| s.1)
    };
    let ny = skift(version().await, false).await.expect("changed");
    assert_eq!(koder(skift(version().await - 1, false).await), ["A-005"]);
    scene.anmod(&la).await;
    let a = scene.naeste_levering().await.expect("a delivery");
    let med = |h: &webhooks::Hemmelighed| underskrevet(&a, &noegle(h));
    assert_eq!(signaturer(&a), [med(&ny), med(&gammel)], "whichever the receiver has");
    scene.besvar(&a, &svar(500)).await;
    scene.gaa(7);
    let a = scene.naeste_levering().await.expect("again");
    assert_eq!(signaturer(&a), [underskrevet(&a, &noegle(&ny))]);
    scene.besvar(&a, &svar(500)).await;
    let straks = skift(version().await, true).await.expect("changed");
    scene.gaa(1);
    let a = scene.naeste_levering().await.expect("again");
    assert_eq!(signaturer(&a), [underskrevet(&a, &noegle(&straks))]);
    // Nothing of a key is in the log.
    let alle = store::Logsoegning { antal: 100, ..store::Logsoegning::default() };
    let linjer = format!("{:?}", scene.app.store().aendringslog(&alle).await.expect("the log"));
    assert!(
        !linjer.contains("whsec_")
            && !linjer.contains("/adviser/chat")
            && linjer.contains("modtager.example")
    );
    // A key that cannot be opened stops the webhook, and says what to do.
    scene.besvar(&a, &svar(500)).await;
    scene.gaa(1);
    let laan = (LAANER, Duration::from_secs(60));
    assert!(webhooks::naeste(&scene.app, laan, &Tabt, HER).await.expect("an answer").is_none());
    let (alle, _) = webhooks::leveringer(&scene.app, &adm, uuid, (0, 9)).await.expect("a list");
    assert_eq!(
        (alle[0].0.tilstand, alle[0].0.svar.as_str()),
        (L::Opgivet, "nøglen kan ikke læses; skift den")
    );
}

#[tokio::test]
async fn fields_are_checked_and_there_is_a_limit() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let opret = async |f: &Webhookfelter| webhooks::opret(&scene.app, &adm, &Proevesegl, f).await;
    let god = felter("Chat", &[Gruppe::Aftaler]);
    let tom = Webhookfelter::default();
    assert_eq!(koder(opret(&tom).await), ["A-006", "A-006", "A-006"]);
    for adresse in [
        "http://modtager.example/",
        "https://10.0.0.1/",
        "https://a:b@modtager.example/",
        "javascript:alert(1)",
    ] {
        let f = Webhookfelter { adresse: adresse.into(), ..god.clone() };
        assert_eq!(koder(opret(&f).await), ["N-832"], "{adresse}");
    }
    let lang = Webhookfelter {
        navn: "x".repeat(101),
        adresse: format!("https://a.dk/{}", "x".repeat(500)),
        ..god.clone()
    };
    assert_eq!(koder(opret(&lang).await), ["A-007", "A-007", "N-832"]);
    let en_persons = felter("Overblik", &[Gruppe::Aftaler, Gruppe::Overblik]);
    assert_eq!(koder(opret(&en_persons).await), ["N-835"], "what is told to each person is no party's");
    assert_eq!(koder(opret(&Webhookfelter { navn: "a\u{202e}b".into(), ..god.clone() }).await), ["A-011"]);
    for nr in 0..WEBHOOKS_MAX {
        opret(&felter(&format!("Nr{nr}"), &[Gruppe::Aftaler])).await.expect("made");
    }
    assert_eq!(koder(opret(&god).await), ["N-831"]);
    let alle = webhooks::liste(&scene.app, &adm).await.expect("a list");
    assert_eq!(alle.len() as u64, WEBHOOKS_MAX);
    let foerste = alle[0].clone();
    let ret = async |version, f: &Webhookfelter| {
        webhooks::ret(&scene.app, &adm, foerste.post.uuid, version, f).await
    };
    let grupper: BTreeSet<Gruppe> = [Gruppe::Brugere, Gruppe::Opgaver].into();
    let ny = Webhookfelter { navn: "Andet".into(), grupper: grupper.clone(), ..god.clone() };
    ret(foerste.version, &ny).await.expect("changed");
    assert_eq!(koder(ret(foerste.version, &god).await), ["A-005"]);
    let nu = webhooks::hent(&scene.app, &adm, foerste.post.uuid).await.expect("there");
    assert_eq!(Webhookfelter::af(&nu.post), ny);
    ret(nu.version, &ny).await.expect("nothing to change");
    assert_eq!(koder(webhooks::fjern(&scene.app, &adm, nu.post.uuid, foerste.version).await), ["A-005"]);
    webhooks::fjern(&scene.app, &adm, nu.post.uuid, nu.version).await.expect("gone");
    assert_eq!(koder(webhooks::hent(&scene.app, &adm, nu.post.uuid).await), ["A-404"]);
    opret(&god).await.expect("there is room again");
}

#[tokio::test]
async fn what_waits_for_a_webhook_that_is_removed_is_not_sent() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let (uuid, _) = scene.webhook(&adm, "Chat").await;
    scene.anmod(&la).await;
    scene.fordel().await;
    let gemt = webhooks::hent(&scene.app, &adm, uuid).await.expect("there");
    webhooks::fjern(&scene.app, &adm, uuid, gemt.version).await.expect("gone");
    assert!(scene.naeste_levering().await.is_none());
}

#[tokio::test]
async fn each_role_does_what_the_matrix_says_and_only_for_its_own_party() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let (uuid, _) = scene.webhook(&adm, "Chat").await;
    let version = webhooks::hent(&scene.app, &adm, uuid).await.expect("there").version;
    for rolle in R::ALLE {
        let part = match rolle.part() {
            administration::Partsart::Myndighed => KORSBAEK.to_owned(),
            administration::Partsart::Leverandoer => MATADOR.to_owned(),
            administration::Partsart::Operatoer => oio::Cvr::KOMBIT.to_string(),
        };
        let kald = scene.person(&format!("P{}", rolle.kode()), &part, &[rolle]).await;
        let ser = maa(rolle, Emne::Webhook, Handling::Se);
        let fremmed = part != KORSBAEK;
        let ventet = |ret: bool| if ret { "A-404" } else { "A-001" };
        let se = webhooks::hent(&scene.app, &kald, uuid).await;
        if ser && !fremmed {
            assert!(se.is_ok(), "{rolle}");
        } else {
            assert_eq!(koder(se), [ventet(ser)], "{rolle}");
        }
        let ret = maa(rolle, Emne::Webhook, Handling::Ret);
        if !ret || fremmed {
            let f = felter("Fremmed", &[Gruppe::Aftaler]);
            assert_eq!(
                koder(webhooks::ret(&scene.app, &kald, uuid, version, &f).await),
                [ventet(ret)],
                "{rolle}"
            );
            assert_eq!(
                koder(webhooks::fjern(&scene.app, &kald, uuid, version).await),
                [ventet(ret)],
                "{rolle}"
            );
            assert_eq!(koder(webhooks::proev_igen(&scene.app, &kald, uuid).await), [ventet(ret)], "{rolle}");
        }
        if !maa(rolle, Emne::Webhook, Handling::Opret) {
            let f = felter("Ny", &[Gruppe::Aftaler]);
            assert_eq!(
                koder(webhooks::opret(&scene.app, &kald, &Proevesegl, &f).await),
                ["A-001"],
                "{rolle}"
            );
        }
        if ser && fremmed {
            assert!(webhooks::liste(&scene.app, &kald).await.expect("a list").is_empty(), "{rolle}");
        }
    }
}
