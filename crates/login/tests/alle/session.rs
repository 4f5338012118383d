//! Sessions through time.

use crate::scene::*;
use login::{Aktoer, LoginFejl, Loginconfig, NySession, Slags, Tilmelder, Trin};

async fn endnu_en(scene: &Scene, hemmelig: &str) -> NySession {
    scene.gaa(30);
    let udfordring = scene.anden_faktor().await;
    scene.login.bekraeft_totp(&udfordring.billet, &scene.kode(hemmelig), &klient()).await.unwrap()
}

#[tokio::test]
async fn a_session_ends_unused_and_at_its_age() {
    let scene = Scene::ny().await;
    let (ny, hemmelig) = scene.grete_med_totp().await;
    for token in ["", "x", &"A".repeat(43), &"å".repeat(43), &"A".repeat(100_000)] {
        assert!(scene.login.session(token).await.unwrap().is_none());
    }
    scene.gaa(30 * 60 - 1);
    assert!(scene.er_inde(&ny).await);
    scene.gaa(30 * 60);
    assert!(!scene.er_inde(&ny).await, "unused");
    let ny = endnu_en(&scene, &hemmelig).await;
    for _ in 0..12 * 3 - 1 {
        scene.gaa(20 * 60);
        assert!(scene.er_inde(&ny).await, "in use");
    }
    scene.gaa(20 * 60);
    assert!(!scene.er_inde(&ny).await, "twelve hours");
    assert!(scene.login.sessioner(GRETE).await.unwrap().is_empty());
    assert_eq!(scene.login.ryd().await.unwrap(), 2);
}

#[tokio::test]
async fn use_is_noted_once_a_minute() {
    let scene = Scene::ny().await;
    let (ny, _) = scene.grete_med_totp().await;
    let sidst = async || scene.login.sessioner(GRETE).await.unwrap()[0].sidst;
    let foer = sidst().await;
    scene.gaa(59);
    assert!(scene.er_inde(&ny).await);
    assert_eq!(sidst().await, foer);
    scene.gaa(1);
    assert!(scene.er_inde(&ny).await);
    assert_eq!(sidst().await, scene.app.now());
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let scene = Scene::ny().await;
    let (en, hemmelig) = scene.grete_med_totp().await;
    let to = endnu_en(&scene, &hemmelig).await;
    let tre = endnu_en(&scene, &hemmelig).await;
    let liste = scene.login.sessioner(GRETE).await.unwrap();
    assert_eq!(liste[0].id, tre.session.post.id, "the last used first");
    assert_eq!(
        (liste.len(), liste[0].adresse.as_str(), liste[0].agent.as_str()),
        (3, "192.0.2.7", "Firefox")
    );
    scene.login.log_ud(&tre.session, &klient()).await.unwrap();
    assert!(!scene.er_inde(&tre).await);
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    scene.login.tilbagekald(GRETE, to.session.post.id, &af).await.unwrap();
    assert!(!scene.er_inde(&to).await && scene.er_inde(&en).await);
    let igen = scene.login.tilbagekald(GRETE, to.session.post.id, &af).await;
    assert!(matches!(igen, Err(LoginFejl::Ukendt)));
    let fire = endnu_en(&scene, &hemmelig).await;
    scene.login.tilbagekald_alle(GRETE, Some(fire.session.post.id), &af).await.unwrap();
    assert!(!scene.er_inde(&en).await && scene.er_inde(&fire).await);
    scene.login.tilbagekald_alle(GRETE, None, &af).await.unwrap();
    assert!(!scene.er_inde(&fire).await);
}

#[tokio::test]
async fn a_session_knows_its_forms_and_whom_it_acts_for() {
    let scene = Scene::ny().await;
    let (ny, hemmelig) = scene.grete_med_totp().await;
    let anden = endnu_en(&scene, &hemmelig).await;
    let session = scene.login.session(&ny.token.0).await.unwrap().unwrap();
    assert_eq!(session.csrf(), ny.session.csrf());
    assert!(
        session.csrf_er(ny.session.csrf()) && !session.csrf_er(anden.session.csrf()) && !session.csrf_er("")
    );
    let korsbaek = "11223344".parse().unwrap();
    scene.login.saet_handler_som(&session, Some(korsbaek), &klient()).await.unwrap();
    let session = scene.login.session(&ny.token.0).await.unwrap().unwrap();
    assert_eq!(session.post.handler_som, Some(korsbaek));
    assert_eq!(scene.sidste().await, (Slags::HandlerSom, "11223344".into()));
    scene.login.log_ud(&session, &klient()).await.unwrap();
    udloebet(scene.login.saet_handler_som(&session, None, &klient()).await);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let scene = Scene::ny().await;
    let (en, hemmelig) = scene.grete_med_totp().await;
    let to = endnu_en(&scene, &hemmelig).await;
    let skift = async |gammel: &str, ny: &str| {
        scene.login.skift_adgangskode(&to.session, gammel, ny, "Grete Holm", &klient()).await
    };
    forkert(skift("forkert hest", "en ny lang sætning").await);
    assert!(matches!(skift(KODE, "kort").await, Err(LoginFejl::Adgangskode(_))));
    skift(KODE, "en ny lang sætning").await.unwrap();
    assert!(!scene.er_inde(&en).await && scene.er_inde(&to).await);
    forkert(scene.log_ind(NAVN, KODE).await);
    assert!(matches!(scene.log_ind(NAVN, "en ny lang sætning").await, Ok(Trin::AndenFaktor(_))));
}

#[tokio::test]
async fn before_dangerous_acts_the_user_shows_again_who_he_is() {
    let scene = Scene::ny().await;
    let (ny, hemmelig) = scene.grete_med_totp().await;
    let session = async || scene.login.session(&ny.token.0).await.unwrap().unwrap();
    assert!(scene.login.nylig_bekraeftet(&session().await));
    scene.gaa(10 * 60);
    assert!(!scene.login.nylig_bekraeftet(&session().await));
    let tilmeld =
        async || scene.login.tilmeld_totp_start(Tilmelder::Session(&session().await), &klient()).await;
    assert!(matches!(tilmeld().await, Err(LoginFejl::Bekraeft)));
    forkert(scene.login.bekraeft_igen_totp(&session().await, "000000", &klient()).await);
    let kode = scene.kode(&hemmelig);
    let adgangskode = scene.login.bekraeft_igen_adgangskode(&session().await, KODE, &klient()).await;
    assert!(matches!(adgangskode, Err(LoginFejl::Bekraeft)), "a password is not enough");
    scene.login.bekraeft_igen_totp(&session().await, &kode, &klient()).await.unwrap();
    assert!(scene.login.nylig_bekraeftet(&session().await));
    udloebet(scene.login.bekraeft_igen_totp(&session().await, &kode, &klient()).await.map_err(|f| match f {
        LoginFejl::Forkert => LoginFejl::Udloebet,
        andet => andet,
    }));
    let start = tilmeld().await.unwrap();
    let kode = scene.kode(&start.hemmelig.0);
    let til = scene.login.tilmeld_totp_slut(&start.billet.0, &kode, "", &klient()).await.unwrap();
    assert!(til.is_none(), "she is in");
    let navne: Vec<_> = scene.login.faktorer(GRETE).await.unwrap().into_iter().map(|f| f.navn).collect();
    assert_eq!(navne, ["Telefon", "Engangskoder"]);
    let scene = Scene::med(Loginconfig { kun_adgangskode: true, ..Loginconfig::default() }).await;
    let Trin::Faerdig(ny) = scene.grete().await else { panic!("a password is enough") };
    scene.gaa(10 * 60);
    forkert(scene.login.bekraeft_igen_adgangskode(&ny.session, "forkert", &klient()).await);
    scene.login.bekraeft_igen_adgangskode(&ny.session, KODE, &klient()).await.unwrap();
}

#[tokio::test]
async fn what_was_begun_in_a_browser_is_ended_there_and_while_the_session_lasts() {
    let scene = Scene::ny().await;
    let (her, der) = (klient().i_browser("her"), klient().i_browser("der"));
    let (ny, hemmelig) = scene.grete_med_totp().await;
    let start = scene.login.tilmeld_totp_start(Tilmelder::Session(&ny.session), &her).await.unwrap();
    let kode = scene.kode(&start.hemmelig.0);
    udloebet(scene.login.tilmeld_totp_slut(&start.billet.0, &kode, "", &der).await);
    scene.gaa(30);
    let Ok(Trin::AndenFaktor(anden)) = scene.login.log_ind(NAVN, KODE, &her).await else { panic!("a code") };
    udloebet(scene.login.bekraeft_totp(&anden.billet, &scene.kode(&hemmelig), &der).await);
    udloebet(scene.login.passkey_start(Some(&anden.billet), &der).await);
    scene.login.bekraeft_totp(&anden.billet, &scene.kode(&hemmelig), &her).await.unwrap();
    let noegle = scene.login.passkey_start(None, &her).await.unwrap();
    udloebet(scene.login.passkey_slut(&noegle.billet, "{}", &der).await);
    forkert(scene.login.passkey_slut(&noegle.billet, "{}", &her).await);
    scene.login.log_ud(&ny.session, &her).await.unwrap();
    let kode = scene.kode(&start.hemmelig.0);
    udloebet(scene.login.tilmeld_totp_slut(&start.billet.0, &kode, "", &her).await);
    assert_eq!(scene.login.faktorer(GRETE).await.unwrap().len(), 1);
}
