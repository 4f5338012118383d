//! Passkeys, alone and after a password.

use crate::scene::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use login::{Aktoer, LoginFejl, Loginconfig, NySession, PasskeyStart, Slags, Tilmelder, Trin};
use serde_json::Value;
use testkit::passkey::Passkey;

const SIDE: &str = "https://admin.korsbaek.example";
const STED: &str = "admin.korsbaek.example";

async fn scene() -> Scene {
    Scene::med(Loginconfig { adresse: SIDE.into(), ..Loginconfig::default() }).await
}

fn valg(start: &PasskeyStart) -> Value {
    serde_json::from_str(&start.valg).unwrap()
}

fn udfordring(start: &PasskeyStart) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(valg(start)["challenge"].as_str().unwrap()).unwrap()
}

fn brug(passkey: &mut Passkey, start: &PasskeyStart) -> String {
    passkey.brug(&udfordring(start), SIDE, STED, GRETE.as_bytes())
}

async fn tilmeld(
    scene: &Scene,
    hvem: Tilmelder<'_>,
    passkey: &Passkey,
) -> Result<Option<NySession>, LoginFejl> {
    let start = scene.login.passkey_tilmeld_start(hvem, &klient()).await?;
    let svar = passkey.opret(&udfordring(&start), SIDE, STED);
    scene.login.passkey_tilmeld_slut(&start.billet, &svar, "Bærbar", &klient()).await
}

/// Grete with a passkey from her invitation, and no password.
async fn grete(scene: &Scene, passkey: &Passkey) -> NySession {
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    scene.login.opret_konto(GRETE, NAVN, &af).await.unwrap();
    let token = scene.login.inviter(GRETE, &af).await.unwrap().token;
    let indloest = scene.login.indloes(&token.0, &klient).await.unwrap();
    let hvem = Tilmelder::Billet(&indloest.udfordring.billet);
    let ny = tilmeld(scene, hvem, passkey).await.unwrap().expect("she was not in");
    assert!(matches!(scene.login.indloes(&token.0, &klient).await, Err(LoginFejl::Token)), "used");
    ny
}

#[tokio::test]
async fn a_passkey_is_enough_alone() {
    let scene = scene().await;
    let mut passkey = Passkey::es256(b"greteIs");
    let ny = grete(&scene, &passkey).await;
    assert!(scene.er_inde(&ny).await);
    let start = scene.login.passkey_start(None, &klient()).await.unwrap();
    assert_eq!(
        (&valg(&start)["rpId"], &valg(&start)["userVerification"]),
        (&STED.into(), &"required".into())
    );
    assert_eq!(valg(&start)["allowCredentials"].as_array().unwrap().len(), 0, "nobody is asked for");
    let svar = brug(&mut passkey, &start);
    let igen = scene.login.passkey_slut(&start.billet, &svar, &klient()).await.unwrap();
    assert_eq!((igen.session.bruger(), igen.session.post.amr.as_str()), (GRETE, "hwk"));
    udloebet(scene.login.passkey_slut(&start.billet, &svar, &klient()).await);
    forkert(scene.log_ind(NAVN, "").await);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let scene = scene().await;
    let (mut passkey, mut fremmed) = (Passkey::es256(b"gretes"), Passkey::es256(b"fremmed"));
    grete(&scene, &passkey).await;
    let start = async || scene.login.passkey_start(None, &klient()).await.unwrap();
    let proev = async |start: PasskeyStart, svar: String| {
        scene.login.passkey_slut(&start.billet, &svar, &klient()).await
    };
    let s = start().await;
    let svar = brug(&mut fremmed, &s);
    forkert(proev(s, svar).await);
    assert_eq!(scene.sidste().await, (Slags::Afvist, "ukendt adgangsnøgle".into()));
    fremmed.id = b"gretes".to_vec();
    let s = start().await;
    let svar = brug(&mut fremmed, &s);
    forkert(proev(s, svar).await);
    assert_eq!(scene.sidste().await.1, "signaturen er forkert");
    let (en, anden) = (start().await, start().await);
    let svar = brug(&mut passkey, &en);
    forkert(proev(anden, svar).await);
    assert_eq!(scene.sidste().await.1, "svaret er på en anden udfordring");
    let s = start().await;
    let svar = passkey.brug(&udfordring(&s), "https://evil.example", STED, GRETE.as_bytes());
    forkert(proev(s, svar).await);
    for bruger in [ADMIN.as_bytes().as_slice(), b""] {
        let s = start().await;
        let svar = passkey.brug(&udfordring(&s), SIDE, STED, bruger);
        forkert(proev(s, svar).await);
        assert_eq!(scene.sidste().await.1, "adgangsnøglen er en anden brugers");
    }
    passkey.taeller = 0;
    let s = start().await;
    let svar = brug(&mut passkey, &s);
    proev(s, svar).await.unwrap();
    passkey.taeller = 0;
    let s = start().await;
    let svar = brug(&mut passkey, &s);
    forkert(proev(s, svar).await);
    for svar in ["", "{}", "[", "null", &"[".repeat(60_000), &" ".repeat(100_000)] {
        forkert(proev(start().await, svar.to_owned()).await);
    }
    let gammel = start().await;
    scene.gaa(601);
    let svar = brug(&mut passkey, &gammel);
    udloebet(proev(gammel, svar).await);
}

#[tokio::test]
async fn a_passkey_is_a_second_factor_too_and_shows_again_who_one_is() {
    let scene = scene().await;
    let (ny, _) = scene.grete_med_totp().await;
    let mut passkey = Passkey::eddsa(b"gretes");
    let til = tilmeld(&scene, Tilmelder::Session(&ny.session), &passkey).await.unwrap();
    assert!(til.is_none(), "she is in");
    let igen = tilmeld(&scene, Tilmelder::Session(&ny.session), &passkey).await;
    udloebet(igen);
    let Ok(Trin::AndenFaktor(anden)) = scene.log_ind(NAVN, KODE).await else { panic!("she has two") };
    assert!(anden.totp && anden.passkey);
    let start = scene.login.passkey_start(Some(&anden.billet), &klient()).await.unwrap();
    assert_eq!(valg(&start)["allowCredentials"][0]["id"], URL_SAFE_NO_PAD.encode(b"gretes"));
    let svar = passkey.brug(&udfordring(&start), SIDE, STED, b"");
    let to = scene.login.passkey_slut(&start.billet, &svar, &klient()).await.unwrap();
    assert_eq!(to.session.post.amr, "pwd hwk");
    scene.gaa(600);
    let session = scene.login.session(&to.token.0).await.unwrap().unwrap();
    assert!(!scene.login.nylig_bekraeftet(&session));
    let start = scene.login.passkey_igen_start(&session, &klient()).await.unwrap();
    let svar = brug(&mut passkey, &start);
    udloebet(scene.login.passkey_slut(&start.billet, &svar, &klient()).await);
    udloebet(scene.login.passkey_igen_slut(&ny.session, &start.billet, &svar, &klient()).await);
    scene.login.passkey_igen_slut(&session, &start.billet, &svar, &klient()).await.unwrap();
    let session = scene.login.session(&to.token.0).await.unwrap().unwrap();
    assert!(scene.login.nylig_bekraeftet(&session));
}

#[tokio::test]
async fn failures_of_others_do_not_keep_its_owner_out_but_an_administrator_does() {
    let scene = scene().await;
    let mut passkey = Passkey::es256(b"gretes");
    let (ny, _) = scene.grete_med_totp().await;
    tilmeld(&scene, Tilmelder::Session(&ny.session), &passkey).await.unwrap();
    for nr in 0..9 {
        forkert(scene.login.log_ind(NAVN, "forkert hest", &fra(nr)).await);
    }
    assert!(scene.login.venter(GRETE).await.unwrap().is_some());
    let start = scene.login.passkey_start(None, &klient()).await.unwrap();
    let svar = brug(&mut passkey, &start);
    scene.login.passkey_slut(&start.billet, &svar, &klient()).await.unwrap();
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    scene.login.spaer(GRETE, &af).await.unwrap();
    let start = scene.login.passkey_start(None, &klient).await.unwrap();
    let svar = brug(&mut passkey, &start);
    forkert(scene.login.passkey_slut(&start.billet, &svar, &klient).await);
    assert_eq!(scene.sidste().await, (Slags::Afvist, "spærret".into()));
}

#[tokio::test]
async fn a_reset_takes_passkeys_and_what_was_begun() {
    let scene = scene().await;
    let mut passkey = Passkey::es256(b"gretes");
    let ny = grete(&scene, &passkey).await;
    let klient = klient();
    let begyndt = scene.login.passkey_tilmeld_start(Tilmelder::Session(&ny.session), &klient).await.unwrap();
    let start = scene.login.passkey_start(None, &klient).await.unwrap();
    let svar = brug(&mut passkey, &start);
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    scene.login.nulstil(GRETE, &af).await.unwrap();
    forkert(scene.login.passkey_slut(&start.billet, &svar, &klient).await);
    let ny = Passkey::es256(b"tyvens").opret(&udfordring(&begyndt), SIDE, STED);
    udloebet(scene.login.passkey_tilmeld_slut(&begyndt.billet, &ny, "", &klient).await);
    assert!(scene.login.faktorer(GRETE).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_address_that_has_failed_too_often_tries_no_passkeys_and_no_links() {
    let scene = scene().await;
    let mut passkey = Passkey::es256(b"gretes");
    grete(&scene, &passkey).await;
    for nr in 1..30 {
        let nej = scene.login.indloes(&format!("{nr:A>43}"), &klient()).await;
        assert!(matches!(nej, Err(LoginFejl::Token)), "{nej:?}");
    }
    let start = scene.login.passkey_start(None, &klient()).await.unwrap();
    let svar = brug(&mut passkey, &start);
    let nej = scene.login.passkey_slut(&start.billet, &svar, &klient()).await;
    assert!(matches!(nej, Err(LoginFejl::ForMange)), "{nej:?}");
    let af = fra(8);
    let token = scene.login.inviter(GRETE, &Aktoer { bruger: None, klient: &af }).await.unwrap().token.0;
    assert!(matches!(scene.login.indloes(&token, &klient()).await, Err(LoginFejl::ForMange)));
    scene.login.passkey_slut(&start.billet, &svar, &af).await.unwrap();
    scene.login.indloes(&token, &af).await.unwrap();
}
