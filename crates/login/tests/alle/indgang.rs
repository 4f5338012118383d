//! Entering with password and code, and not entering.

use crate::scene::*;
use login::{LoginFejl, Loginconfig, Slags, Tilmelder, Trin};

#[tokio::test]
async fn an_invited_user_gets_a_password_and_a_code_and_is_in() {
    let scene = Scene::ny().await;
    let (ny, hemmelig) = scene.grete_med_totp().await;
    let session = scene.login.session(&ny.token.0).await.unwrap().expect("she is in");
    assert_eq!((session.bruger(), session.post.amr.as_str()), (GRETE, "pwd otp"));
    scene.gaa(30);
    let udfordring = scene.anden_faktor().await;
    assert!(udfordring.totp && !udfordring.passkey);
    let kode = scene.kode(&hemmelig);
    let igen = scene.login.bekraeft_totp(&udfordring.billet, &kode, &klient()).await.unwrap();
    assert_ne!(igen.token, ny.token);
    assert!(scene.er_inde(&igen).await && scene.er_inde(&ny).await);
    let slags: Vec<_> = scene.haendelser().await.into_iter().map(|h| h.slags).collect();
    assert_eq!(slags, ["oprettet", "inviteret", "adgangskode", "tilmeldt", "login", "login"]);
    assert_eq!(scene.haendelser().await[0].af, Some(ADMIN));
    assert_eq!(scene.haendelser().await[4].session, Some(session.post.id));
}

#[tokio::test]
async fn a_password_alone_is_not_enough() {
    let scene = Scene::ny().await;
    let Trin::Tilmeld(udfordring) = scene.grete().await else { panic!("she has no factor") };
    let Ok(Trin::Tilmeld(_)) = scene.log_ind(" GRETE@korsbaek.example ", KODE).await else {
        panic!("she still has none")
    };
    udloebet(scene.login.bekraeft_totp(&udfordring.billet, "000000", &klient()).await);
    let (ny, _) = scene.tilmeld_totp(&udfordring).await;
    assert!(scene.er_inde(&ny).await);
    let igen =
        scene.login.tilmeld_totp_start(Tilmelder::Billet(&udfordring.billet), &klient()).await.unwrap();
    let kode = scene.kode(&igen.hemmelig.0);
    udloebet(scene.login.tilmeld_totp_slut(&igen.billet.0, &kode, "Tyvens", &klient()).await);
    assert_eq!(
        scene.login.faktorer(GRETE).await.unwrap().len(),
        1,
        "the ticket adds nothing to what she has"
    );
    let scene = Scene::med(Loginconfig { kun_adgangskode: true, ..Loginconfig::default() }).await;
    assert!(matches!(scene.grete().await, Trin::Faerdig(_)), "unless the installation is for tests");
}

#[tokio::test]
async fn every_refusal_is_the_same_and_the_reason_is_in_the_log() {
    let scene = Scene::ny().await;
    let (_, hemmelig) = scene.grete_med_totp().await;
    for (navn, kode, aarsag) in [
        (NAVN, "forkert hest batteri", "forkert adgangskode"),
        (NAVN, "", "forkert adgangskode"),
        ("hans@korsbaek.example", KODE, "ukendt bruger"),
        ("ikke et navn", KODE, "ukendt bruger"),
        (&"å".repeat(100_000), KODE, "ukendt bruger"),
    ] {
        forkert(scene.log_ind(navn, kode).await);
        let h = scene.haendelser().await.pop().unwrap();
        assert_eq!((h.slags.as_str(), h.resultat.as_str()), (Slags::Afvist.kode(), aarsag));
        assert_eq!(h.bruger.is_some(), navn == NAVN);
        assert!(!format!("{h:?}").contains("hans@"), "names of strangers are not kept");
    }
    let udfordring = scene.anden_faktor().await;
    for kode in ["", "12345", "abcdef"] {
        forkert(scene.login.bekraeft_totp(&udfordring.billet, kode, &klient()).await);
    }
    // The code of the enrolment was used then.
    scene.gaa(3600);
    let udfordring = scene.anden_faktor().await;
    let kode = scene.kode(&hemmelig);
    scene.login.bekraeft_totp(&udfordring.billet, &kode, &klient()).await.unwrap();
    forkert(scene.login.bekraeft_totp(&udfordring.billet, &kode, &klient()).await);
    assert_eq!(scene.sidste().await, (Slags::Afvist, "forkert kode".into()));
    scene.gaa(601);
    udloebet(scene.login.bekraeft_totp(&udfordring.billet, &scene.kode(&hemmelig), &klient()).await);
    for billet in ["", "AAAA", "å", &udfordring.billet[1..], &"A".repeat(100_000)] {
        udloebet(scene.login.bekraeft_totp(billet, "000000", &klient()).await);
    }
}

#[tokio::test]
async fn an_account_waits_longer_and_longer() {
    let scene = Scene::ny().await;
    let (_, hemmelig) = scene.grete_med_totp().await;
    scene.gaa(30);
    for nr in 0..4_u8 {
        forkert(scene.login.log_ind(NAVN, "forkert hest", &fra(nr)).await);
    }
    assert_eq!(scene.login.venter(GRETE).await.unwrap(), None);
    forkert(scene.login.log_ind(NAVN, "forkert hest", &fra(9)).await);
    assert_eq!(scene.sidste().await, (Slags::Laast, "30 sekunder".into()));
    assert!(scene.login.venter(GRETE).await.unwrap().is_some());
    forkert(scene.log_ind(NAVN, KODE).await);
    assert_eq!(scene.sidste().await, (Slags::Afvist, "venter".into()), "the right password is not heard");
    scene.gaa(30);
    let udfordring = scene.anden_faktor().await;
    forkert(scene.login.bekraeft_totp(&udfordring.billet, "000000", &klient()).await);
    assert_eq!(scene.sidste().await, (Slags::Laast, "60 sekunder".into()), "a password forgets no failures");
    scene.gaa(59);
    forkert(scene.login.bekraeft_totp(&udfordring.billet, &scene.kode(&hemmelig), &klient()).await);
    scene.gaa(1);
    scene.login.bekraeft_totp(&udfordring.billet, &scene.kode(&hemmelig), &klient()).await.unwrap();
    for _ in 0..4 {
        forkert(scene.log_ind(NAVN, "forkert hest").await);
    }
    assert_eq!(scene.login.venter(GRETE).await.unwrap(), None, "success forgets them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_attempts_at_the_same_moment_are_each_counted() {
    let scene = Scene::ny().await;
    scene.grete().await;
    let mut alle = Vec::new();
    for nr in 0..20 {
        let login = scene.login.clone();
        alle.push(tokio::spawn(async move { login.log_ind(NAVN, "forkert hest", &fra(nr)).await }));
    }
    for en in alle {
        forkert(en.await.unwrap());
    }
    let doemt = scene.haendelser().await.into_iter().filter(|h| h.resultat == "forkert adgangskode").count();
    assert!(doemt <= 5, "{doemt} passwords were judged");
    assert!(scene.login.venter(GRETE).await.unwrap().is_some());
}

#[tokio::test]
async fn an_address_waits_whoever_it_tries_to_be() {
    let scene = Scene::ny().await;
    for nr in 0..30 {
        forkert(scene.log_ind(&format!("nr{nr}@korsbaek.example"), KODE).await);
    }
    assert_eq!(scene.sidste().await.0, Slags::AdresseLaast);
    let antal = scene.haendelser().await.len();
    let afvist = scene.log_ind(NAVN, KODE).await;
    assert!(matches!(afvist, Err(LoginFejl::ForMange)), "{afvist:?}");
    assert_eq!(scene.haendelser().await.len(), antal, "a flood fills no log");
    forkert(scene.login.log_ind(NAVN, KODE, &fra(8)).await);
    scene.gaa(15 * 60);
    forkert(scene.log_ind(NAVN, KODE).await);
}

#[tokio::test]
async fn secrets_are_not_printed() {
    let scene = Scene::ny().await;
    let (ny, hemmelig) = scene.grete_med_totp().await;
    let udfordring = scene.anden_faktor().await;
    let start = scene.login.tilmeld_totp_start(Tilmelder::Session(&ny.session), &klient()).await.unwrap();
    let trykt = format!("{ny:?} {udfordring:?} {start:?} {:?}", scene.login.konto(GRETE).await.unwrap());
    for skjult in
        [&ny.token.0, &hemmelig, &udfordring.billet, &start.uri.0, &start.hemmelig.0, &"argon2".to_owned()]
    {
        assert!(!trykt.contains(skjult.as_str()), "{trykt}");
    }
    assert!(start.qr.0.starts_with("<svg"));
}
