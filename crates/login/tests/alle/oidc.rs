//! An authority's own identity provider, over HTTP.

use crate::scene::*;
use crate::udbyder::{HEMMELIGHED, Idp, felter};
use login::{
    Aerinde, Aktoer, Hemmelig, Kontotilstand, LoginFejl, Loginconfig, NySession, OidcStart, OidcSvar,
    Session, Slags, Udbyder,
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
    scene.login.oidc_start("korsbaek", Aerinde::Ind, &klient()).await.unwrap()
}

async fn slut(scene: &Scene, start: &OidcStart, svar: &OidcSvar) -> Result<NySession, LoginFejl> {
    Ok(scene.login.oidc_slut(&start.billet, svar, None, &klient()).await?.expect("a session"))
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

/// Grete goes to the provider with a link.
async fn med_link(scene: &Scene, token: &str) -> OidcStart {
    let indloest = scene.login.indloes(token, &klient()).await.unwrap();
    let aerinde = Aerinde::Knyt(&indloest.udfordring.billet);
    scene.login.oidc_start("korsbaek", aerinde, &klient()).await.unwrap()
}

/// Grete's account, and the link to it.
async fn inviteret(scene: &Scene) -> String {
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    scene.login.opret_konto(GRETE, NAVN, &af).await.unwrap();
    scene.login.inviter(GRETE, &af).await.unwrap().token.0
}

/// Grete, invited, becomes who she is at the provider.
async fn knyt(scene: &Scene, idp: &Idp) -> NySession {
    let token = inviteret(scene).await;
    let start = med_link(scene, &token).await;
    let svar = svar(idp.bruger(&start.adresse, "grete-1", sekunder(scene), json!({})));
    let ny = slut(scene, &start, &svar).await.unwrap();
    assert!(matches!(scene.login.indloes(&token, &klient()).await, Err(LoginFejl::Token)), "used");
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
    udloebet(scene.login.oidc_slut("x", &til_en, None, &klient()).await);
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
        let nej = scene.login.oidc_start("korsbaek", Aerinde::Ind, &klient()).await;
        assert!(matches!(nej, Err(LoginFejl::Udbyder(_))), "{nej:?}");
        let hentet = idp.med(|i| i.dokument_hentet);
        let igen = scene.login.oidc_start("korsbaek", Aerinde::Ind, &klient()).await;
        assert!(matches!(igen, Err(LoginFejl::Udbyder(_))), "{igen:?}");
        assert_eq!(idp.med(|i| i.dokument_hentet), hentet, "it is not asked again at once");
        scene.gaa(10);
    }
    assert!(matches!(scene.login.oidc_start("andre", Aerinde::Ind, &klient()).await, Err(LoginFejl::Ukendt)));
    idp.med(|i| i.dokument = json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }));
    knyt(&scene, &idp).await;
    for (status, krop) in [(500, "x".to_owned()), (302, String::new()), (200, "ikke et token".into())] {
        idp.med(|i| i.tokensvar = Some((status, krop)));
        assert!(matches!(ind(&scene, &idp, "grete-1", json!({})).await, Err(LoginFejl::Udbyder(_))));
    }
}

/// Grete shows again who she is, as `emne`; `krop` replaces claims.
async fn igen(
    scene: &Scene,
    idp: &Idp,
    session: &Session,
    (emne, krop): (&str, Value),
) -> Result<bool, LoginFejl> {
    let start = scene.login.oidc_start("korsbaek", Aerinde::Igen(session), &klient()).await.unwrap();
    let spurgt = felter(&start.adresse);
    assert_eq!((spurgt["prompt"].as_str(), spurgt["max_age"].as_str()), ("login", "0"));
    let til = svar(idp.bruger(&start.adresse, emne, sekunder(scene), krop));
    let ny = scene.login.oidc_slut(&start.billet, &til, Some(session), &klient()).await?;
    assert!(ny.is_none(), "she is in");
    let sessioner = scene.login.sessioner(session.bruger()).await.unwrap();
    let post = sessioner.into_iter().find(|s| s.id == session.post.id).unwrap();
    Ok(post.bekraeftet == scene.app.now())
}

#[tokio::test]
async fn only_who_is_asked_anew_has_shown_lately_who_he_is() {
    let (scene, idp) = scene().await;
    let ny = knyt(&scene, &idp).await;
    assert!(!scene.login.nylig_bekraeftet(&ny.session), "the provider may have asked her this morning");
    let ny = ind(&scene, &idp, "grete-1", json!({})).await.unwrap();
    let session = scene.login.session(&ny.token.0).await.unwrap().unwrap();
    assert!(!scene.login.nylig_bekraeftet(&session));
    for gammel in [json!({ "auth_time": sekunder(&scene) - 600 }), json!({ "auth_time": null })] {
        let nej = igen(&scene, &idp, &session, ("grete-1", gammel)).await;
        assert!(matches!(nej, Err(LoginFejl::Udbyder(_))), "not asked anew");
    }
    let nej = igen(&scene, &idp, &session, ("hans-2", json!({}))).await;
    assert!(matches!(nej, Err(LoginFejl::AndenPerson(_))), "another, who has no account");
    assert_eq!(scene.sidste().await, (Slags::Afvist, "korsbaek: en anden person".into()));
    assert!(igen(&scene, &idp, &session, ("grete-1", json!({}))).await.unwrap());
    assert_eq!(scene.sidste().await, (Slags::Bekraeftet, "oidc korsbaek".into()));
    // In no other session than the one it was asked for in.
    let anden = ind(&scene, &idp, "grete-1", json!({})).await.unwrap();
    let start = scene.login.oidc_start("korsbaek", Aerinde::Igen(&session), &klient()).await.unwrap();
    let til = svar(idp.bruger(&start.adresse, "grete-1", sekunder(&scene), json!({})));
    for i in [None, Some(&anden.session)] {
        udloebet(scene.login.oidc_slut(&start.billet, &til, i, &klient()).await);
    }
    scene.login.log_ud(&session, &klient()).await.unwrap();
    udloebet(scene.login.oidc_slut(&start.billet, &til, Some(&session), &klient()).await);
}

#[tokio::test]
async fn a_person_there_is_one_account_here_and_a_link_is_used_by_the_right_one() {
    let (scene, idp) = scene().await;
    knyt(&scene, &idp).await;
    let klient = klient();
    let af = Aktoer { bruger: None, klient: &klient };
    scene.login.opret_konto(ADMIN, "hans@korsbaek.example", &af).await.unwrap();
    let token = scene.login.inviter(ADMIN, &af).await.unwrap().token.0;
    let start = med_link(&scene, &token).await;
    let til = svar(idp.bruger(&start.adresse, "grete-1", sekunder(&scene), json!({})));
    let nej = slut(&scene, &start, &til).await;
    assert!(matches!(nej, Err(LoginFejl::AndenPerson(_))), "{nej:?}");
    let h = scene.haendelser().await.pop().unwrap();
    assert_eq!((h.bruger, h.resultat.as_str()), (Some(ADMIN), "korsbaek: en anden person"));
    // Two of the same person at the same moment: one wins.
    let (en, to) = (med_link(&scene, &token).await, med_link(&scene, &token).await);
    let [til_en, til_to] =
        [&en, &to].map(|start| svar(idp.bruger(&start.adresse, "hans-2", sekunder(&scene), json!({}))));
    let begge = tokio::join!(slut(&scene, &en, &til_en), slut(&scene, &to, &til_to));
    assert_eq!(u8::from(begge.0.is_ok()) + u8::from(begge.1.is_ok()), 1, "{begge:?}");
    assert!(matches!(scene.login.indloes(&token, &klient).await, Err(LoginFejl::Token)), "used");
    // Who is known already uses the link up by entering with it.
    let token = scene.login.inviter(ADMIN, &af).await.unwrap().token.0;
    let start = med_link(&scene, &token).await;
    let til = svar(idp.bruger(&start.adresse, "hans-2", sekunder(&scene), json!({})));
    slut(&scene, &start, &til).await.unwrap();
    assert!(matches!(scene.login.indloes(&token, &klient).await, Err(LoginFejl::Token)), "used");
}

#[tokio::test]
async fn a_reset_makes_nobody_of_who_was_somebody_there() {
    let (scene, idp) = scene().await;
    knyt(&scene, &idp).await;
    assert_eq!(scene.login.egne_udbydere(GRETE).await.unwrap(), [("korsbaek", "Korsbæk Kommune")]);
    let klient = klient();
    let af = Aktoer { bruger: Some(ADMIN), klient: &klient };
    let begyndt = start(&scene).await;
    let til = svar(idp.bruger(&begyndt.adresse, "grete-1", sekunder(&scene), json!({})));
    let token = scene.login.nulstil(GRETE, &af).await.unwrap().token.0;
    assert!(matches!(slut(&scene, &begyndt, &til).await, Err(LoginFejl::UkendtPerson(_))));
    assert!(matches!(ind(&scene, &idp, "grete-1", json!({})).await, Err(LoginFejl::UkendtPerson(_))));
    assert!(scene.login.egne_udbydere(GRETE).await.unwrap().is_empty());
    let start = med_link(&scene, &token).await;
    let til = svar(idp.bruger(&start.adresse, "grete-1", sekunder(&scene), json!({})));
    slut(&scene, &start, &til).await.unwrap();
}

#[tokio::test]
async fn what_others_have_begun_binds_nobody() {
    let (scene, idp) = scene().await;
    scene.grete_med_totp().await;
    let udfordring = scene.anden_faktor().await;
    let aerinde = Aerinde::Knyt(&udfordring.billet);
    udloebet(scene.login.oidc_start("korsbaek", aerinde, &klient()).await);
    let start = start(&scene).await;
    let til = svar(idp.bruger(&start.adresse, "grete-1", sekunder(&scene), json!({})));
    let anden = klient().i_browser("en anden");
    udloebet(scene.login.oidc_slut(&start.billet, &til, None, &anden).await);
}

#[tokio::test]
async fn an_address_that_has_failed_too_often_goes_to_no_provider() {
    let (scene, idp) = scene().await;
    let begyndt = start(&scene).await;
    let til = svar(idp.bruger(&begyndt.adresse, "grete-1", sekunder(&scene), json!({})));
    for _ in 0..30 {
        let nej = ind(&scene, &idp, "hans-2", json!({})).await;
        assert!(matches!(nej, Err(LoginFejl::UkendtPerson(_))), "{nej:?}");
    }
    let nej = scene.login.oidc_start("korsbaek", Aerinde::Ind, &klient()).await;
    assert!(matches!(nej, Err(LoginFejl::ForMange)), "{nej:?}");
    assert!(matches!(slut(&scene, &begyndt, &til).await, Err(LoginFejl::ForMange)));
    scene.login.oidc_start("korsbaek", Aerinde::Ind, &fra(8)).await.unwrap();
}
