//! Accounts: invited, blocked, reset.

use crate::scene::*;
use login::{Aktoer, Kontotilstand, LoginFejl, Slags, Tilmelder, Tokenformaal, Trin};
use uuid::Uuid;

#[tokio::test]
async fn an_account_is_made_once_and_of_a_name_that_can_be_one() {
    let scene = Scene::ny().await;
    scene.grete().await;
    let klient = klient();
    let af = Aktoer { bruger: None, klient: &klient };
    for (bruger, navn) in [(GRETE, "ny@korsbaek.example"), (ADMIN, "Grete@Korsbaek.example")] {
        let udfald = scene.login.opret_konto(bruger, navn, &af).await;
        assert!(matches!(udfald, Err(LoginFejl::Findes)), "{udfald:?}");
    }
    let udfald = scene.login.opret_konto(ADMIN, "admin", &af).await;
    assert!(matches!(udfald, Err(LoginFejl::Ugyldig(_))), "{udfald:?}");
    let udfald = scene.login.inviter(ADMIN, &af).await.map(drop);
    assert!(matches!(udfald, Err(LoginFejl::Ukendt)), "{udfald:?}");
    scene.login.omdoeb(GRETE, "G@korsbaek.example", &af).await.unwrap();
    assert!(matches!(scene.log_ind("g@korsbaek.example", KODE).await, Ok(Trin::Tilmeld(_))));
}

#[tokio::test]
async fn an_invitation_is_used_once_and_in_time() {
    let scene = Scene::ny().await;
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    scene.login.opret_konto(GRETE, NAVN, &af).await.unwrap();
    let foerste = scene.login.inviter(GRETE, &af).await.unwrap();
    let anden = scene.login.inviter(GRETE, &af).await.unwrap();
    let god = async |token: &str| scene.login.indloes(token, &klient).await;
    assert!(matches!(god(&foerste.token.0).await, Err(LoginFejl::Token)), "replaced");
    for token in ["", "x", &"A".repeat(43), &"A".repeat(10_000)] {
        assert!(matches!(god(token).await, Err(LoginFejl::Token)), "{token}");
    }
    let en = god(&anden.token.0).await.unwrap();
    let to = god(&anden.token.0).await.unwrap();
    assert_eq!(en.formaal, Tokenformaal::Invitation, "looking does not use it up");
    let saet = async |billet: &str, kode: &str| {
        scene.login.saet_adgangskode(billet, kode, "Grete Holm", &klient).await
    };
    for daarlig in ["kort", "Grete er altid glad", "Kommune 2027!!", "aaaaaaaaaaaaaaa"] {
        let udfald = saet(&en.udfordring.billet, daarlig).await;
        assert!(matches!(udfald, Err(LoginFejl::Adgangskode(_))), "{udfald:?}");
    }
    let foer =
        scene.login.tilmeld_totp_start(Tilmelder::Billet(&en.udfordring.billet), &klient).await.map(drop);
    assert!(matches!(foer, Err(LoginFejl::Ugyldig(_))), "a code goes with a password");
    saet(&en.udfordring.billet, KODE).await.unwrap();
    udloebet(saet(&to.udfordring.billet, "en helt anden sætning").await);
    assert!(matches!(god(&anden.token.0).await, Err(LoginFejl::Token)), "used");
    let tredje = scene.login.inviter(GRETE, &af).await.unwrap();
    scene.gaa(7 * 24 * 3600);
    assert!(matches!(god(&tredje.token.0).await, Err(LoginFejl::Token)), "expired");
    assert_eq!(scene.login.ryd().await.unwrap(), 1);
}

#[tokio::test]
async fn who_is_blocked_is_out_at_once_and_comes_back_as_he_was() {
    let scene = Scene::ny().await;
    let (ny, hemmelig) = scene.grete_med_totp().await;
    scene.gaa(30);
    let begyndt = scene.anden_faktor().await;
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    let invitation = scene.login.inviter(GRETE, &af).await.unwrap();
    scene.login.spaer(GRETE, &af).await.unwrap();
    assert!(!scene.er_inde(&ny).await);
    assert!(matches!(scene.login.indloes(&invitation.token.0, &klient).await, Err(LoginFejl::Token)));
    udloebet(scene.login.bekraeft_totp(&begyndt.billet, &scene.kode(&hemmelig), &klient).await);
    forkert(scene.log_ind(NAVN, KODE).await);
    assert_eq!(scene.sidste().await, (Slags::Afvist, "spærret".into()));
    assert!(matches!(scene.login.inviter(GRETE, &af).await, Err(LoginFejl::Ukendt)));
    assert!(matches!(scene.login.spaer(GRETE, &af).await, Err(LoginFejl::Ukendt)));
    scene.login.genaabn(GRETE, &af).await.unwrap();
    let udfordring = scene.anden_faktor().await;
    udloebet(scene.login.bekraeft_totp(&begyndt.billet, &scene.kode(&hemmelig), &klient).await);
    let ny = scene.login.bekraeft_totp(&udfordring.billet, &scene.kode(&hemmelig), &klient).await.unwrap();
    assert!(scene.er_inde(&ny).await);
}

#[tokio::test]
async fn a_reset_takes_everything_and_gives_a_way_to_begin_anew() {
    let scene = Scene::ny().await;
    let (ny, gammel) = scene.grete_med_totp().await;
    scene.gaa(30);
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    let token = scene.login.nulstil(GRETE, &af).await.unwrap();
    assert!(!scene.er_inde(&ny).await);
    assert_eq!(scene.login.konto(GRETE).await.unwrap().unwrap().tilstand, Kontotilstand::Inviteret);
    forkert(scene.log_ind(NAVN, KODE).await);
    assert_eq!(scene.sidste().await, (Slags::Afvist, "uden adgangskode".into()));
    let indloest = scene.login.indloes(&token.token.0, &klient).await.unwrap();
    assert_eq!(indloest.formaal, Tokenformaal::Gendannelse);
    let trin = scene
        .login
        .saet_adgangskode(&indloest.udfordring.billet, "en ny lang sætning", "Grete Holm", &klient)
        .await;
    let Ok(Trin::Tilmeld(udfordring)) = trin else { panic!("{trin:?}") };
    let (ny, nyt) = scene.tilmeld_totp(&udfordring).await;
    assert!(scene.er_inde(&ny).await);
    assert_ne!(nyt, gammel);
    assert_eq!(scene.login.konto(GRETE).await.unwrap().unwrap().tilstand, Kontotilstand::Aktiv);
    assert!(matches!(scene.login.nulstil(Uuid::nil(), &af).await, Err(LoginFejl::Ukendt)));
}

#[tokio::test]
async fn an_invitation_to_somebody_with_factors_changes_the_password_only() {
    let scene = Scene::ny().await;
    let (ny, hemmelig) = scene.grete_med_totp().await;
    scene.gaa(30);
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    let token = scene.login.inviter(GRETE, &af).await.unwrap();
    let indloest = scene.login.indloes(&token.token.0, &klient).await.unwrap();
    let trin = scene
        .login
        .saet_adgangskode(&indloest.udfordring.billet, "en ny lang sætning", "Grete Holm", &klient)
        .await;
    let Ok(Trin::AndenFaktor(udfordring)) = trin else { panic!("{trin:?}") };
    assert!(!scene.er_inde(&ny).await, "a new password ends sessions");
    scene.login.bekraeft_totp(&udfordring.billet, &scene.kode(&hemmelig), &klient).await.unwrap();
}

#[tokio::test]
async fn the_last_factor_stays() {
    let scene = Scene::ny().await;
    let (ny, _) = scene.grete_med_totp().await;
    let klient = klient();
    let af = Aktoer { bruger: Some(GRETE), klient: &klient };
    let foerste = scene.login.faktorer(GRETE).await.unwrap()[0].clone();
    assert_eq!(foerste.navn, "Telefon");
    let fjern = async |id| scene.login.fjern_faktor(GRETE, id, &af).await;
    assert!(matches!(fjern(foerste.id).await, Err(LoginFejl::Ugyldig(_))));
    let session = scene.login.session(&ny.token.0).await.unwrap().unwrap();
    scene.gaa(600);
    let sent = scene.login.tilmeld_totp_start(Tilmelder::Session(&session), &klient).await.map(drop);
    assert!(matches!(sent, Err(LoginFejl::Bekraeft)), "{sent:?}");
    let session = scene.login.session(&ny.token.0).await.unwrap().unwrap();
    assert!(!scene.login.nylig_bekraeftet(&session));
    let scene_kode = scene.anden_faktor().await;
    assert!(scene_kode.totp);
    assert!(matches!(fjern(Uuid::nil()).await, Err(LoginFejl::Ukendt)));
}

#[tokio::test]
async fn of_two_factors_taken_at_the_same_moment_one_stays() {
    let scene = Scene::ny().await;
    let (ny, _) = scene.grete_med_totp().await;
    let klient = klient();
    let af = Aktoer { bruger: Some(GRETE), klient: &klient };
    for _ in 0..10 {
        let start = scene.login.tilmeld_totp_start(Tilmelder::Session(&ny.session), &klient).await.unwrap();
        let kode = scene.kode(&start.hemmelig.0);
        scene.login.tilmeld_totp_slut(&start.billet.0, &kode, "", &klient).await.unwrap();
        let [en, to] = &scene.login.faktorer(GRETE).await.unwrap()[..] else { panic!("she has two") };
        let fjern = async |id| scene.login.fjern_faktor(GRETE, id, &af).await;
        let _ = tokio::join!(fjern(en.id), fjern(to.id));
        assert_eq!(scene.login.faktorer(GRETE).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_happened_is_remembered_for_thirteen_months() {
    let scene = Scene::ny().await;
    scene.grete().await;
    let antal = scene.haendelser().await.len();
    scene.gaa(395 * 24 * 3600);
    forkert(scene.log_ind(NAVN, "forkert hest").await);
    scene.login.ryd().await.unwrap();
    assert_eq!(scene.haendelser().await.len(), antal + 1);
    scene.gaa(3 * 24 * 3600);
    scene.login.ryd().await.unwrap();
    assert_eq!(scene.haendelser().await.len(), 1);
}
