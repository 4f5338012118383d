//! Entering, leaving, and what is one's own.

use crate::scene::*;
use administration::Modulrolle;
use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use login::Loginconfig;
use testkit::passkey::Passkey;

#[path = "../../../login/tests/alle/udbyder.rs"]
#[allow(dead_code, reason = "the tests of the login use all of it")]
mod udbyder;

/// The code an authenticator shows now for a secret as it is typed in.
fn kode(scene: &Scene, hemmelig: &str) -> String {
    let tegn = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let tal = hemmelig.chars().filter_map(|c| tegn.find(c));
    let bits: Vec<u8> = tal.flat_map(|t| (0..5).rev().map(move |nr| u8::from(t >> nr & 1 == 1))).collect();
    let noegle: Vec<u8> =
        bits.chunks_exact(8).map(|b| b.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    let trin = scene.nu().micros() / (30 * SEKUND);
    let hash = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &noegle), &trin.to_be_bytes());
    let fra = usize::from(hash.as_ref()[19] & 15);
    let tal = u32::from_be_bytes(hash.as_ref()[fra..fra + 4].try_into().unwrap()) & 0x7FFF_FFFF;
    format!("{:06}", tal % 1_000_000)
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_enrols_codes_and_is_in() {
    let scene = Scene::med(Loginconfig::default()).await;
    let grete = scene.bruger("Grete Godkender", KORSBAEK, &[Modulrolle::Godkender]).await;
    let sti = format!("/admin/adgang/{}", scene.inviter(&grete).await);
    let mut b = scene.browser();
    let csrf = b.get(&sti).await.er(200).har("Velkommen").har("grete.godkender@").skjult("csrf");
    b.raa(&sti, &[("csrf", &csrf), ("kode", KODE), ("igen", "noget andet")]).await.er(422).har("L-002");
    b.raa(&sti, &[("csrf", &csrf), ("kode", "kort"), ("igen", "kort")])
        .await
        .er(422)
        .har("Adgangskoden kan ikke bruges");
    let videre = b.raa(&sti, &[("csrf", &csrf), ("kode", KODE), ("igen", KODE)]).await;
    assert!(videre.er(303).sted().starts_with("/admin/login/tilmeld"));
    let side = b.get(videre.sted()).await;
    let hemmelig = side.er(200).har("data:image/svg").tekst.split_once("id=\"noegle\">").unwrap().1;
    let hemmelig = hemmelig.split('<').next().unwrap().to_owned();
    let billet = side.skjult("billet");
    let felter = |kode| [("csrf", side.skjult("csrf")), ("billet", billet.clone()), ("kode", kode)];
    let som = |f: [(&'static str, String); 3]| f;
    let forkert = som(felter("000000".into()));
    let forkert: Vec<_> = forkert.iter().map(|(n, v)| (*n, v.as_str())).collect();
    b.raa("/admin/login/tilmeld", &forkert).await.er(422).har("Koden er forkert");
    let rigtig = felter(kode(&scene, &hemmelig));
    let rigtig: Vec<_> = rigtig.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(b.raa("/admin/login/tilmeld", &rigtig).await.er(303).sted(), "/admin");
    b.get("/admin").await.er(200).har("Goddag, Grete").har("Korsbæk Kommune").har("TEST");
    b.get(&sti).await.er(410).har("Linket er brugt");

    b.post("/admin/log-ud", &[]).await.er(303);
    let til = b.get("/admin/opgaver?fane=mine").await;
    assert_eq!(til.er(303).sted(), "/admin/login?videre=%2Fadmin%2Fopgaver%3Ffane%3Dmine");
    let form = b.get(til.sted()).await;
    let (csrf, videre) = (form.skjult("csrf"), form.skjult("videre"));
    let forkert =
        [("csrf", csrf.as_str()), ("email", grete.email.as_str()), ("adgangskode", "forkert hest batteri")];
    b.raa("/admin/login", &forkert).await.er(422).har("L-001").uden("forkert hest");
    let rigtig =
        [("csrf", csrf.as_str()), ("videre", &videre), ("email", &grete.email), ("adgangskode", KODE)];
    let trin = b.raa("/admin/login", &rigtig).await;
    assert!(trin.er(303).sted().starts_with("/admin/login/kode?videre="));
    scene.gaa(60);
    let side = b.get(trin.sted()).await;
    let (csrf, videre) = (side.skjult("csrf"), side.skjult("videre"));
    b.raa("/admin/login/kode", &[("csrf", &csrf), ("kode", "000000")]).await.er(422).har("Engangskode");
    let kode = kode(&scene, &hemmelig);
    let ind = b.raa("/admin/login/kode", &[("csrf", &csrf), ("videre", &videre), ("kode", &kode)]).await;
    assert_eq!(ind.er(303).sted(), "/admin/opgaver?fane=mine");
    b.get("/admin/mig").await.er(200).har("Engangskoder").har("Denne");
}

#[tokio::test]
async fn sessions_are_seen_and_ended_and_the_password_changed() {
    let scene = Scene::ny().await;
    let (grete, mut her) = scene.person("Grete", Modulrolle::Godkender).await;
    let mut der = scene.browser();
    der.post("/admin/login", &[("email", &grete.email), ("adgangskode", KODE)]).await.er(303);
    der.get("/admin").await.er(200);
    let side = her.get("/admin/mig").await;
    let id = side.tekst.split_once("/admin/mig/sessioner/").unwrap().1;
    assert!(id.starts_with("afslut-andre"));
    let id = id.split_once("/admin/mig/sessioner/").unwrap().1.split('/').next().unwrap();
    her.post(&format!("/admin/mig/sessioner/{id}/afslut"), &[]).await.er(303);
    der.get("/admin").await.er(303);
    her.get("/admin/mig").await.har("Sessionen er afsluttet").uden("Afslut alle andre");
    her.get("/admin/mig").await.uden("Sessionen er afsluttet");
    let ny = "et helt andet kodeord";
    let skift = async |b: &mut crate::browser::Browser, gammel, igen| {
        b.post("/admin/mig/adgangskode", &[("gammel", gammel), ("ny", ny), ("igen", igen)]).await
    };
    skift(&mut her, KODE, "uens").await.er(422).har("L-002");
    skift(&mut her, "forkert", ny).await.er(422).har("L-001");
    skift(&mut her, KODE, ny).await.er(303);
    der.post("/admin/login", &[("email", &grete.email), ("adgangskode", ny)]).await.er(303);
    her.get("/admin/indsigt").await.er(200).har("Adgangskode valgt").har("Godkender hos Korsbæk Kommune");
    her.get("/admin/indsigt.csv").await.er(200).har("\u{feff}Slags;Tidspunkt").har("Stamdata;;Navn;Grete");
    her.get("/admin/indsigt").await.uden("De nyeste 40 vises");
    for _ in 0..40 {
        her.post("/admin/mig/bekraeft", &[("adgangskode", "forkert")]).await;
    }
    her.get("/admin/indsigt").await.er(200).har("De nyeste 40 vises").uden("Adgangskode valgt");
    her.get("/admin/indsigt.csv").await.er(200).har("Adgangskode valgt");
}

#[tokio::test]
async fn a_person_acts_for_the_parties_of_the_roles_and_no_others() {
    let scene = Scene::ny().await;
    let mut grete = scene.bruger("Grete", KORSBAEK, &[Modulrolle::Godkender]).await;
    let hos_matador = administration::Tildeling {
        part: cvr(MATADOR),
        rolle: Modulrolle::LeverandoerLaes,
        ..grete.roller[0].clone()
    };
    grete.uuid = scene.app.new_uuid();
    grete.email = "grete2@korsbaek.example".into();
    grete.roller.push(hos_matador);
    styring::brugere::indsaet(&scene.app, &grete, scene.app.new_uuid()).await.unwrap();
    let mut b = scene.inde(&grete).await;
    b.get("/admin").await.har("<strong>Korsbæk Kommune</strong> (myndighed)");
    b.post("/admin/handler-som", &[("part", MATADOR)]).await.er(303);
    b.get("/admin")
        .await
        .har("<strong>Matador Data A/S</strong> (leverandør)")
        .har("Du handler nu som Matador Data A/S");
    b.post("/admin/handler-som", &[("part", NABOKOEBING)]).await.er(403).har("A-001");
    let uden = scene.bruger("Uden Roller", KORSBAEK, &[]).await;
    let mut b = scene.inde(&uden).await;
    let side = b.get("/admin").await;
    let csrf = side.er(403).har("A-020").skjult("csrf");
    assert_eq!(b.raa("/admin/log-ud", &[("csrf", &csrf)]).await.er(303).sted(), "/admin/login");
}

/// What a page asks a browser with a passkey: the ticket, and the challenge.
fn spoergsmaal(side: &crate::browser::Side) -> (String, Vec<u8>) {
    let rest = side.tekst.split_once("data-options=\"").expect("a question").1;
    let json = rest.split('"').next().unwrap().replace("&#34;", "\"");
    let valg: serde_json::Value = serde_json::from_str(&json).unwrap();
    (side.skjult("billet"), URL_SAFE_NO_PAD.decode(valg["challenge"].as_str().unwrap()).unwrap())
}

#[tokio::test]
async fn a_passkey_is_enough_from_the_invitation_on() {
    const SIDE: &str = "https://localhost:8443";
    let scene = Scene::med(Loginconfig::default()).await;
    let grete = scene.bruger("Grete", KORSBAEK, &[Modulrolle::Godkender]).await;
    let mut b = scene.browser();
    let side = b.get(&format!("/admin/adgang/{}", scene.inviter(&grete).await)).await;
    let (billet, udfordring) = spoergsmaal(&side);
    let mut passkey = Passkey::es256(b"greteIs");
    let csrf = side.skjult("csrf");
    let svar = passkey.opret(&udfordring, SIDE, "localhost");
    b.raa("/admin/login/tilmeld/noegle", &[("csrf", &csrf), ("billet", &billet), ("svar", "{}")])
        .await
        .er(422);
    let side = b.get(&format!("/admin/adgang/{}", scene.nyt_link(&grete).await)).await;
    let (billet, udfordring) = spoergsmaal(&side);
    let ny = passkey.opret(&udfordring, SIDE, "localhost");
    assert_ne!(ny, svar);
    let felter = [("csrf", csrf.as_str()), ("billet", &billet), ("svar", &ny)];
    assert_eq!(b.raa("/admin/login/tilmeld/noegle", &felter).await.er(303).sted(), "/admin");
    b.get("/admin/mig").await.er(200).har("Adgangsnøgle").har("Fjern");
    let faktor = b.get("/admin/mig").await;
    let faktor =
        faktor.tekst.split_once("/admin/mig/faktorer/").unwrap().1.split('/').next().unwrap().to_owned();
    let fjern = format!("/admin/mig/faktorer/{faktor}/fjern");
    b.post(&fjern, &[]).await.er(422).har("Tilmeld en anden");
    scene.gaa(11 * 60);
    b.post(&fjern, &[]).await.er(422).har("Bekræft, at det er dig").har("/admin/mig/bekraeft");
    b.get("/admin/mig?engangskoder=ja").await.er(422).har("/admin/mig/bekraeft").har("<title>Fejl: ");
    let side = b.get("/admin/mig").await;
    let (billet, udfordring) = spoergsmaal(&side);
    let svar = passkey.brug(&udfordring, SIDE, "localhost", grete.uuid.as_bytes());
    b.post("/admin/mig/bekraeft", &[("billet", &billet), ("svar", &svar)]).await.er(303);
    let side = b.get("/admin/mig").await;
    let (billet, udfordring) = spoergsmaal(&side);
    let anden = Passkey::eddsa(b"gretes anden").opret(&udfordring, SIDE, "localhost");
    b.post("/admin/mig/noegle", &[("billet", &billet), ("svar", &anden)]).await.er(303);
    b.post(&fjern, &[]).await.er(303);
    b.post("/admin/log-ud", &[]).await.er(303);
    let side = b.get("/admin/login").await;
    let (billet, udfordring) = spoergsmaal(&side);
    let csrf = side.skjult("csrf");
    let svar = passkey.brug(&udfordring, SIDE, "localhost", grete.uuid.as_bytes());
    let felter = [("csrf", csrf.as_str()), ("billet", &billet), ("svar", &svar)];
    b.raa("/admin/login/noegle", &felter).await.er(422).har("L-001");
}

#[tokio::test]
async fn the_login_of_an_authority_is_offered_where_there_is_one() {
    let udbyder: login::Udbyder = serde_json::from_value(serde_json::json!({
        "id": "korsbaek", "navn": "Korsbæk Kommune", "cvr": KORSBAEK,
        "udsteder": "https://127.0.0.1:9", "klient_id": "fundament",
    }))
    .unwrap();
    let scene = Scene::med(Loginconfig { udbydere: vec![udbyder], ..Loginconfig::default() }).await;
    let grete = scene.bruger("Grete", KORSBAEK, &[Modulrolle::Godkender]).await;
    let mut b = scene.browser();
    b.get("/admin/login")
        .await
        .er(200)
        .har("href=\"/admin/login/udbyder/korsbaek\"")
        .har("Log ind med Korsbæk Kommune");
    let sti = format!("/admin/adgang/{}", scene.inviter(&grete).await);
    b.get(&sti).await.er(200).har(&format!("href=\"{sti}/udbyder/korsbaek\""));
    b.get("/admin/login/udbyder/ukendt").await.er(404);
    b.get("/admin/login/udbyder/korsbaek").await.er(422).har("Login hos Korsbæk Kommune lykkedes ikke");
    b.get(&format!("{}?code=x&state=y", login::OIDC_SVAR)).await.er(410).har("Begynd forfra");
}

#[tokio::test]
async fn the_login_of_an_authority_leads_on_and_confirms_only_when_it_asks_anew() {
    let idp = udbyder::Idp::start().await;
    let udbyder: login::Udbyder = serde_json::from_value(serde_json::json!({
        "id": "korsbaek", "navn": "Korsbæk Kommune", "cvr": KORSBAEK,
        "udsteder": idp.udsteder(), "klient_id": "fundament",
    }))
    .unwrap();
    let udbyder =
        login::Udbyder { hemmelighed: Some(login::Hemmelig(udbyder::HEMMELIGHED.into())), ..udbyder };
    let scene = Scene::med(Loginconfig { udbydere: vec![udbyder], ..Loginconfig::default() }).await;
    let grete = scene.bruger("Grete", KORSBAEK, &[Modulrolle::Godkender]).await;
    let til_og_fra = async |b: &mut crate::browser::Browser, sti: &str| {
        let start = b.get(sti).await;
        let sekund = scene.nu().micros() / SEKUND;
        let (state, kode) = idp.bruger(start.er(303).sted(), "grete-1", sekund, serde_json::json!({}));
        b.get(&format!("{}?code={kode}&state={state}", login::OIDC_SVAR)).await
    };
    let mut b = scene.browser();
    let link = format!("/admin/adgang/{}/udbyder/korsbaek", scene.inviter(&grete).await);
    assert_eq!(til_og_fra(&mut b, &link).await.er(303).sted(), "/admin");
    b.post("/admin/log-ud", &[]).await.er(303);
    let ind = b.get("/admin/login?videre=%2Fadmin%2Fopgaver%3Ffane%3Dmine").await;
    let sti = "/admin/login/udbyder/korsbaek?videre=%2Fadmin%2Fopgaver%3Ffane%3Dmine";
    ind.er(200).har(&format!("href=\"{sti}\""));
    assert_eq!(til_og_fra(&mut b, sti).await.er(303).sted(), "/admin/opgaver?fane=mine");
    for ond in ["https%3A%2F%2Fond.example", "%2F%2Fond.example", "%2Flogin"] {
        let sti = format!("/admin/login/udbyder/korsbaek?videre={ond}");
        assert_eq!(til_og_fra(&mut b, &sti).await.er(303).sted(), "/admin");
    }
    let side = b.get("/admin/mig").await;
    side.er(200)
        .har("Bekræft, at det er dig")
        .har("Bekræft hos Korsbæk Kommune")
        .uden("Tilmeld adgangsnøgle");
    side.uden("Skift adgangskode");
    b.get("/admin/mig?engangskoder=ja")
        .await
        .er(422)
        .har("Bekræft hos Korsbæk Kommune")
        .uden("data:image/svg");
    let sti = "/admin/login/udbyder/korsbaek?igen=ja&videre=%2Fadmin%2Fmig";
    assert_eq!(til_og_fra(&mut b, sti).await.er(303).sted(), "/admin/mig");
    b.get("/admin/mig").await.er(200).har("Tilmeld adgangsnøgle").uden("Bekræft hos");
}

#[tokio::test]
async fn codes_are_enrolled_later_too() {
    let scene = Scene::ny().await;
    let (grete, mut b) = scene.person("Grete", Modulrolle::Godkender).await;
    b.get("/admin/mig").await.er(200).har("href=\"/admin/mig?engangskoder=ja\"");
    let side = b.get("/admin/mig?engangskoder=ja").await;
    let hemmelig = side.er(200).har("data:image/svg").tekst.split_once("id=\"noegle\">").unwrap().1;
    let hemmelig = hemmelig.split('<').next().unwrap().to_owned();
    let billet = side.skjult("billet");
    let felter = |kode: String| [("billet", billet.clone()), ("kode", kode)];
    let tilmeld = async |b: &mut crate::browser::Browser, kode| {
        let felter = felter(kode);
        let felter: Vec<_> = felter.iter().map(|(n, v)| (*n, v.as_str())).collect();
        b.post("/admin/mig/noegle", &felter).await
    };
    tilmeld(&mut b, "000000".into()).await.er(422).har("Koden er forkert").har("vis et nyt");
    // Not in another browser, and not by who is not in.
    let (_, mut anden) = scene.person("Hans", Modulrolle::Godkender).await;
    tilmeld(&mut anden, kode(&scene, &hemmelig)).await.er(422).uden("tilmeldt. ");
    let mut ude = scene.browser();
    let felter = felter(kode(&scene, &hemmelig));
    let felter: Vec<_> = felter.iter().map(|(n, v)| (*n, v.as_str())).collect();
    ude.post("/admin/login/tilmeld", &felter).await.er(410);
    tilmeld(&mut b, kode(&scene, &hemmelig)).await.er(303);
    b.get("/admin/mig").await.har("Engangskoderne er tilmeldt").har("Fjern");
    scene.gaa(30);
    let mut igen = scene.browser();
    let svar = igen.post("/admin/login", &[("email", &grete.email), ("adgangskode", KODE)]).await;
    assert!(svar.er(303).sted().starts_with("/admin/login/kode"), "a code is asked for from now on");
    scene.gaa(11 * 60);
    b.get("/admin/mig?engangskoder=ja").await.er(422).har("/admin/mig/bekraeft").uden("data:image/svg");
}

#[tokio::test]
async fn a_password_has_not_the_persons_name() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Bodil Borgmester", Modulrolle::Godkender).await;
    let ny = "vores borgmester synger";
    let felter = [("gammel", KODE), ("ny", ny), ("igen", ny)];
    b.post("/admin/mig/adgangskode", &felter).await.er(422).har("dit navn");
    let hans = scene.bruger("Hans Havnefoged", KORSBAEK, &[Modulrolle::Godkender]).await;
    let sti = format!("/admin/adgang/{}", scene.inviter(&hans).await);
    let mut b = scene.browser();
    let csrf = b.get(&sti).await.skjult("csrf");
    let kode = "den gamle havnefoged";
    b.raa(&sti, &[("csrf", &csrf), ("kode", kode), ("igen", kode)]).await.er(422).har("dit navn");
}
