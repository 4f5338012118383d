//! An authority's own identity provider, over HTTP.

use crate::scene::*;
use crate::udbyder::{HEMMELIGHED, Idp, felter};
use login::{
    Aktoer, Hemmelig, Kontotilstand, LoginFejl, Loginconfig, NySession, OidcStart, OidcSvar, Slags,
    Tilmelder, Udbyder,
};
use serde_json::{Value, json};

async fn scene() -> (Scene, Idp) {
    let idp = Idp::start().await;
    let udbyder = Udbyder {
        id: "korsbaek".into(),
        navn: "Korsbæk Kommune".into(),
        cvr: "11223344".parse().unwrap(),
        udsteder: idp.udsteder(),
        klient_id: "fundament".into(),
        hemmelighed_fil: None,
        hemmelighed: Some(Hemmelig(HEMMELIGHED.into())),
        identitet: "sub".into(),
        scope: "openid".into(),
    };
    let config = Loginconfig { udbydere: vec![udbyder], ..Loginconfig::default() };
    (Scene::med(config).await, idp)
}

fn svar((state, kode): (String, String)) -> OidcSvar {
    OidcSvar { state, code: Some(kode), ..OidcSvar::default() }
}

async fn start(scene: &Scene) -> OidcStart {
    scene.login.oidc_start("korsbaek", None, false).await.unwrap()
}

async fn slut(scene: &Scene, start: &OidcStart, svar: &OidcSvar) -> Result<NySession, LoginFejl> {
    scene.login.oidc_slut(&start.billet, svar, &klient()).await
}

/// A person enters there and comes back here; `krop` replaces claims.
async fn ind(scene: &Scene, idp: &Idp, emne: &str, krop: Value) -> Result<NySession, LoginFejl> {
    let start = start(scene).await;
    let svar = svar(idp.bruger(&start.adresse, emne, sekunder(scene), krop));
    slut(scene, &start, &svar).await
}

fn sekunder(scene: &Scene) -> i64 {
    scene.app.now().micros() / 1_000_000
}

/// Grete, invited, becomes who she is at the provider.
async fn knyt(scene: &Scene, idp: &Idp) -> NySession {
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    scene.login.opret_konto(GRETE, NAVN, &af).await.unwrap();
    let token = scene.login.inviter(GRETE, &af).await.unwrap().token;
    let indloest = scene.login.indloes(&token.0, &klient).await.unwrap();
    let hvem = Tilmelder::Billet(&indloest.udfordring.billet);
    let start = scene.login.oidc_start("korsbaek", Some(hvem), false).await.unwrap();
    let svar = svar(idp.bruger(&start.adresse, "grete-1", sekunder(scene), json!({})));
    let ny = slut(scene, &start, &svar).await.unwrap();
    assert!(matches!(scene.login.indloes(&token.0, &klient).await, Err(LoginFejl::Token)), "used");
    ny
}

#[tokio::test]
async fn an_invited_person_enters_by_the_authoritys_own_login() {
    let (scene, idp) = scene().await;
    let ukendt = ind(&scene, &idp, "grete-1", json!({})).await.unwrap_err();
    assert!(matches!(&ukendt, LoginFejl::UkendtPerson(navn) if navn == "Korsbæk Kommune"), "{ukendt:?}");
    assert_eq!(scene.sidste().await, (Slags::Afvist, "korsbaek: ukendt person".into()));
    let ny = knyt(&scene, &idp).await;
    assert_eq!(ny.session.post.amr, "oidc korsbaek");
    assert_eq!(scene.login.konto(GRETE).await.unwrap().unwrap().tilstand, Kontotilstand::Aktiv);
    let igen = ind(&scene, &idp, "grete-1", json!({})).await.unwrap();
    let session = scene.login.session(&igen.token.0).await.unwrap().unwrap();
    assert_eq!((session.bruger(), session.post.handler_som), (GRETE, "11223344".parse().ok()));
    assert!(matches!(ind(&scene, &idp, "hans-2", json!({})).await, Err(LoginFejl::UkendtPerson(_))));
    assert_eq!(idp.med(|i| i.hentet), 1, "the keys are remembered");
    assert_eq!(scene.login.udbydere().collect::<Vec<_>>(), [("korsbaek", "Korsbæk Kommune")]);
    let klient = klient();
    let af = Aktoer { bruger: None, klient: &klient };
    scene.login.spaer(GRETE, &af).await.unwrap();
    forkert(ind(&scene, &idp, "grete-1", json!({})).await);
    assert_eq!(scene.sidste().await.1, "spærret");
}

#[tokio::test]
async fn what_is_sent_along_is_ours_and_good_once() {
    let (scene, idp) = scene().await;
    knyt(&scene, &idp).await;
    let en = start(&scene).await;
    let spurgt = felter(&en.adresse);
    assert!(en.adresse.contains("/login?tema=groent&response_type=code&"), "{}", en.adresse);
    assert_eq!(spurgt["redirect_uri"], format!("{}{}", scene.login.config().adresse, login::OIDC_SVAR));
    assert_eq!((spurgt["scope"].as_str(), spurgt.contains_key("prompt")), ("openid", false));
    let anden = start(&scene).await;
    for navn in ["state", "nonce", "code_challenge"] {
        assert_ne!(spurgt[navn], felter(&anden.adresse)[navn]);
        assert!(!en.billet.contains(&spurgt[navn]));
    }
    let til_en = svar(idp.bruger(&en.adresse, "grete-1", sekunder(&scene), json!({})));
    udloebet(slut(&scene, &anden, &til_en).await);
    udloebet(scene.login.oidc_slut("x", &til_en, &klient()).await);
    slut(&scene, &en, &til_en).await.unwrap();
    udloebet(slut(&scene, &en, &til_en).await);
    // The code of another login: the provider sees that the proof is of another.
    let (tyv, offer) = (start(&scene).await, start(&scene).await);
    let (_, kode) = idp.bruger(&offer.adresse, "grete-1", sekunder(&scene), json!({}));
    let blandet =
        OidcSvar { state: felter(&tyv.adresse)["state"].clone(), code: Some(kode), ..OidcSvar::default() };
    assert!(matches!(slut(&scene, &tyv, &blandet).await, Err(LoginFejl::Udbyder(_))));
    assert_eq!(scene.sidste().await.1, "korsbaek: svarede 400");
    let gammel = start(&scene).await;
    let til_gammel = svar(idp.bruger(&gammel.adresse, "grete-1", sekunder(&scene), json!({})));
    scene.gaa(601);
    udloebet(slut(&scene, &gammel, &til_gammel).await);
}

#[tokio::test]
async fn tokens_that_are_not_for_this_login_are_refused() {
    let (scene, idp) = scene().await;
    knyt(&scene, &idp).await;
    for (krop, aarsag) in [
        (json!({ "iss": "https://evil.example" }), "tokenet er fra en anden udsteder"),
        (json!({ "aud": "andre" }), "tokenet er til en anden service"),
        (json!({ "nonce": "gammel" }), "tokenet hører til et andet login"),
        (json!({ "exp": 1 }), "tokenet er udløbet"),
        (json!({ "sub": "" }), "sub mangler i tokenet"),
        (json!({ "sub": 7 }), "sub mangler i tokenet"),
        (json!({ "sub": "x".repeat(256) }), "sub mangler i tokenet"),
    ] {
        let udfald = ind(&scene, &idp, "grete-1", krop).await;
        assert!(matches!(udfald, Err(LoginFejl::Udbyder(_))), "{udfald:?}");
        assert_eq!(scene.sidste().await, (Slags::Afvist, format!("korsbaek: {aarsag}")));
    }
    let afbrudt = start(&scene).await;
    let state = felter(&afbrudt.adresse)["state"].clone();
    let fejl = OidcSvar { state, error: Some("access_denied\r\n<script>".into()), ..OidcSvar::default() };
    assert!(matches!(slut(&scene, &afbrudt, &fejl).await, Err(LoginFejl::Udbyder(_))));
    assert_eq!(scene.sidste().await.1, "korsbaek: svarede access_denied<script>");
    let anden = start(&scene).await;
    let mut til = svar(idp.bruger(&anden.adresse, "grete-1", sekunder(&scene), json!({})));
    til.iss = Some("https://evil.example".into());
    assert!(matches!(slut(&scene, &anden, &til).await, Err(LoginFejl::Udbyder(_))), "mixed up");
}

#[tokio::test]
async fn new_keys_are_fetched_and_not_too_often() {
    let (scene, idp) = scene().await;
    knyt(&scene, &idp).await;
    idp.skift_noegle("to");
    let nej = ind(&scene, &idp, "grete-1", json!({})).await;
    assert!(matches!(nej, Err(LoginFejl::Udbyder(_))), "fetched just now");
    scene.gaa(60);
    ind(&scene, &idp, "grete-1", json!({})).await.unwrap();
    assert_eq!(idp.med(|i| i.hentet), 2);
    idp.skift_noegle("to");
    scene.gaa(60);
    let nej = ind(&scene, &idp, "grete-1", json!({})).await;
    assert!(matches!(nej, Err(LoginFejl::Udbyder(_))), "another key of the same name");
    scene.gaa(3600);
    ind(&scene, &idp, "grete-1", json!({})).await.unwrap();
}

#[tokio::test]
async fn a_provider_that_is_not_in_order_is_not_used() {
    let (scene, idp) = scene().await;
    for dokument in [
        json!({ "issuer": "https://evil.example" }),
        json!({ "token_endpoint": "http://login.example/token" }),
        json!({ "authorization_endpoint": "javascript:alert(1)" }),
        json!({ "jwks_uri": null }),
        json!({ "jwks_uri": format!("{}/intet", idp.udsteder()) }),
        json!({ "fyld": "x".repeat(300_000) }),
    ] {
        idp.med(|i| i.dokument = dokument.clone());
        let nej = scene.login.oidc_start("korsbaek", None, false).await;
        assert!(matches!(nej, Err(LoginFejl::Udbyder(_))), "{nej:?}");
    }
    assert!(matches!(scene.login.oidc_start("andre", None, false).await, Err(LoginFejl::Ukendt)));
    idp.med(|i| i.dokument = json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }));
    knyt(&scene, &idp).await;
    for (status, krop) in [(500, "x".to_owned()), (302, String::new()), (200, "ikke et token".into())] {
        idp.med(|i| i.tokensvar = Some((status, krop)));
        assert!(matches!(ind(&scene, &idp, "grete-1", json!({})).await, Err(LoginFejl::Udbyder(_))));
    }
}

#[tokio::test]
async fn who_is_in_shows_there_again_who_he_is_or_becomes_somebody_there() {
    let (scene, idp) = scene().await;
    let (ny, _) = scene.grete_med_totp().await;
    let session = scene.login.session(&ny.token.0).await.unwrap().unwrap();
    let knyt = scene.login.oidc_start("korsbaek", Some(Tilmelder::Session(&session)), false).await.unwrap();
    let til = svar(idp.bruger(&knyt.adresse, "grete-1", sekunder(&scene), json!({})));
    slut(&scene, &knyt, &til).await.unwrap();
    assert_eq!(scene.haendelser().await.iter().filter(|h| h.slags == Slags::Knyttet.kode()).count(), 1);
    let udfordring = scene.anden_faktor().await;
    let nej = scene.login.oidc_start("korsbaek", Some(Tilmelder::Billet(&udfordring.billet)), false).await;
    udloebet(nej);
    let igen = scene.login.oidc_start("korsbaek", None, true).await.unwrap();
    let spurgt = felter(&igen.adresse);
    assert_eq!((spurgt["prompt"].as_str(), spurgt["max_age"].as_str()), ("login", "0"));
    let gammel = json!({ "auth_time": sekunder(&scene) - 600 });
    let til = svar(idp.bruger(&igen.adresse, "grete-1", sekunder(&scene), gammel));
    assert!(matches!(slut(&scene, &igen, &til).await, Err(LoginFejl::Udbyder(_))), "not asked anew");
    let igen = scene.login.oidc_start("korsbaek", None, true).await.unwrap();
    let til = svar(idp.bruger(&igen.adresse, "grete-1", sekunder(&scene), json!({})));
    let ny = slut(&scene, &igen, &til).await.unwrap();
    assert!(scene.login.nylig_bekraeftet(&ny.session));
}
