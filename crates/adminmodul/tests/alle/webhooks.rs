//! Webhooks on their pages: made, shown once, tried, changed, taken away, and whose they are.

use crate::scene::*;
use administration::Modulrolle as R;
use app::Udesvar;
use std::time::Duration;
use styring::{adviser, webhooks};
use uuid::Uuid;

const STI: &str = "/admin/webhooks";
const LAANER: Uuid = Uuid::from_u128(0xfe);

/// The key on the page that shows it.
fn vist(tekst: &str) -> String {
    let fra = tekst.split("id=\"noegle\">").nth(1).expect("the key");
    fra.split('<').next().expect("an end").to_owned()
}

/// The address of the page of the first one in the list.
fn foerste(tekst: &str) -> String {
    let foer = format!("href=\"{STI}/");
    let mut links = tekst.split(&foer).skip(1).map(|d| d.split('"').next().unwrap_or_default());
    let id = links.find(|l| l.len() == 36).expect("a link to one");
    format!("{STI}/{id}")
}

const FELTER: [(&str, &str); 3] =
    [("navn", "Chat <b>"), ("adresse", "https://localhost:1/hemmelig-sti"), ("grupper", "aftaler")];

#[tokio::test]
async fn a_webhook_is_made_its_key_shown_once_and_it_is_taken_away() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Agnes", R::Administrator).await;
    b.get(STI).await.er(200).har("Ingen webhooks");
    let ny = b.get(&format!("{STI}/ny")).await;
    ny.er(200).har("Opret webhook").har("value=\"brugere\" checked");
    b.post(STI, &[]).await.er(422).har("A-006").har("Vælg mindst én slags adviser");
    let ond = [("navn", "<script>"), ("adresse", "https://10.0.0.1/\"><script>"), ("grupper", "andet")];
    b.post(STI, &ond).await.er(422).har("N-832").uden("<script>").har("&#60;script&#62;");
    let lang = "x".repeat(2_000);
    b.post(STI, &[("navn", &lang), ("adresse", &lang), ("grupper", "aftaler")]).await.er(422).har("A-007");
    let side = b.post(STI, &FELTER).await;
    side.er(200).har("Nøglen vises kun nu").har("Chat &#60;b&#62;");
    let noegle = vist(&side.tekst);
    assert!(noegle.starts_with("whsec_") && noegle.len() == 50, "{noegle}");
    let liste = b.get(STI).await;
    liste
        .er(200)
        .uden(&noegle)
        .har("Chat &#60;b&#62;")
        .har("Aktiv")
        .har("Alt er leveret")
        .uden("hemmelig-sti");
    let sti = foerste(&liste.tekst);
    b.get(&sti).await.er(200).uden(&noegle).har("/hemmelig-sti").har("Der er ikke leveret noget endnu");
    // Another key.
    let skift = b.get(&format!("{sti}/noegle")).await;
    let version = skift.er(200).skjult("version");
    let side = b.post(&format!("{sti}/noegle"), &[("version", &version)]).await;
    side.er(200).har("Den gamle nøgle underskriver også til og med");
    assert_ne!(vist(&side.tekst), noegle);
    b.get(&sti).await.har("Den gamle underskriver også til og med").uden("whsec_");
    b.post(&format!("{sti}/noegle"), &[("version", &version)]).await.er(409).har("A-005").uden("whsec_");
    // Gone, but not by who saw something else.
    b.get(&format!("{sti}/fjern")).await.er(200).har("får ikke flere adviser");
    b.post(&format!("{sti}/fjern"), &[("version", &version)]).await.er(409).har("A-005");
    let version = b.get(&format!("{sti}/fjern")).await.skjult("version");
    b.post(&format!("{sti}/fjern"), &[("version", &version)]).await.er(303);
    b.get(STI).await.har("Ingen webhooks").har("Webhooken er fjernet");
    // What is told of it leads to a page that is there.
    b.get("/admin/log")
        .await
        .er(200)
        .har("Fjern webhook")
        .uden(&format!("href=\"{sti}\""))
        .har(&format!("href=\"{STI}\""));
    b.get(&sti).await.er(404);
    b.get("/admin/log?q=webhook")
        .await
        .er(200)
        .har("Opret webhook")
        .har("Fjern webhook")
        .uden(&noegle)
        .uden("hemmelig-sti");
}

fn rettet<'a>(navn: &'a str, version: &'a str) -> [(&'a str, &'a str); 4] {
    [("version", version), ("navn", navn), ("adresse", "https://a.dk/"), ("grupper", "brugere")]
}

#[tokio::test]
async fn who_edits_what_another_has_changed_is_shown_it() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Agnes", R::Administrator).await;
    let (_, mut anden) = scene.person("Bo", R::Administrator).await;
    b.post(STI, &FELTER).await.er(200);
    let sti = foerste(&b.get(STI).await.tekst);
    let ret = format!("{sti}/ret");
    let version = b.get(&ret).await.er(200).skjult("version");
    anden.post(&ret, &rettet("Bos", &version)).await.er(303);
    let side = b.post(&ret, &rettet("Agnes'", &version)).await;
    side.er(409).har("A-005").har("Bo").har("Det, der er gemt nu").har("Bos").har("Agnes&#39;");
    let igen = side.skjult("version");
    assert_ne!(igen, version);
    b.post(&ret, &rettet("Vores", &igen)).await.er(303);
    b.get(&sti).await.har("Vores").har("Brugere og roller");
}

#[tokio::test]
async fn a_try_tells_what_happened_and_reaches_nothing_inside() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Agnes", R::Administrator).await;
    b.post(STI, &FELTER).await.er(200);
    let sti = foerste(&b.get(STI).await.tekst);
    b.post(&format!("{sti}/proeve"), &[]).await.er(303);
    b.get(&sti).await.er(200).har("Prøven er ikke leveret: navnet peger på en intern adresse");
    b.post(&format!("{sti}/proeve"), &[]).await.er(422).har("N-833").har("Vent et minut");
    let (_, mut fremmed) = scene.person("Laura", R::Leverandoeradministrator).await;
    for hvad in ["proeve", "igen", "noegle", "ret", "fjern"] {
        fremmed.post(&format!("{sti}/{hvad}"), &[("version", "1")]).await.er(404);
    }
    fremmed.get(&sti).await.er(404);
    let (_, mut laes) = scene.person("Leo", R::Laeseadgang).await;
    laes.get(&sti)
        .await
        .er(200)
        .har("https://localhost/…")
        .uden("hemmelig-sti")
        .uden("Send prøve")
        .uden("Prøv igen");
    laes.get(STI).await.er(200).uden("Opret webhook");
    laes.post(&format!("{sti}/proeve"), &[]).await.er(403);
}

#[tokio::test]
async fn deliveries_are_shown_by_page_and_given_up_ones_are_tried_again() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Agnes", R::Administrator).await;
    b.post(STI, &FELTER).await.er(200);
    let sti = foerste(&b.get(STI).await.tekst);
    scene.anmodning(&[KORSBAEK]).await;
    while adviser::fordel(&scene.app, false).await.expect("laid") > 0 {}
    b.get(&sti).await.er(200).har("Matador Data A/S anmoder om").har("Venter").har("1 levering venter");
    let laan = (LAANER, Duration::from_secs(60));
    for _ in 0..200 {
        while let Some(a) =
            webhooks::naeste(&scene.app, laan, &scene.login, "https://k.example").await.expect("an answer")
        {
            let svar = Udesvar { http: Some(503), ..Udesvar::default() };
            webhooks::afslut(&scene.app, LAANER, &a, &svar).await.expect("noted");
        }
        scene.gaa(3_600);
    }
    let (_, mut b) = scene.person("Anton", R::Administrator).await;
    let side = b.get(&sti).await;
    side.er(200).har("Afbrudt siden").har("Opgivet").har("modtageren svarede 503").har("Prøv igen</button>");
    b.get("/admin/opgaver").await.har("Få webhooken Chat");
    b.post(&format!("{sti}/igen"), &[]).await.er(303);
    b.get(&sti).await.uden("Afbrudt siden").har("1 levering forsøges igen nu").har("Venter");
    b.get("/admin/opgaver").await.uden("Få webhooken Chat");
}
