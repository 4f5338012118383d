//! A person's keys on his page, and the certificates of the role catalogue.

use crate::scene::*;
use administration::Modulrolle;
use axum::body::Body;
use axum::http::Request;
use base64::Engine;

const STI: &str = "/admin/api-noegler";

/// The key on the page that shows it.
fn vist(tekst: &str) -> String {
    let fra = tekst.split("id=\"noegle\">").nth(1).expect("the key");
    fra.split('<').next().expect("an end").to_owned()
}

#[tokio::test]
async fn a_key_is_shown_once_and_revoked() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Agnes", Modulrolle::Administrator).await;
    b.get(STI).await.er(200).har("Du har ingen nøgler");
    b.post(STI, &[("navn", ""), ("udloeber", "i morgen")]).await.er(422).har("A-018");
    b.post(STI, &[("navn", ""), ("udloeber", "01-01-2199")]).await.er(422).har("A-006").har("N-802");
    let side = b.post(STI, &[("navn", "Nat <b>"), ("udloeber", "01-02-2027"), ("kun_laesning", "ja")]).await;
    side.er(200).har("Nøglen vises kun nu").har("Nat &#60;b&#62;").har("01-02-2027");
    let noegle = vist(&side.tekst);
    assert!(noegle.starts_with("fundament_") && noegle.len() == 53, "{noegle}");
    let side = b.get(STI).await;
    side.er(200).uden(&noegle).har("Nat &#60;b&#62;").har("Læser").har("Aktiv");
    // It opens no page.
    let mut fremmed = scene.browser();
    let request = Request::get("/admin").header("authorization", format!("Bearer {noegle}"));
    fremmed.send(request.body(Body::empty()).expect("a request")).await.er(303);
    let link = side.tekst.split(&format!("href=\"{STI}/")).nth(1).expect("a link");
    let sti = format!("{STI}/{}", link.split('"').next().expect("an end"));
    b.get(&sti).await.er(200).har("Kald med nøglen afvises straks");
    let (_, mut anden) = scene.person("Bo", Modulrolle::Administrator).await;
    anden.get(&sti).await.er(404);
    anden.post(STI, &[("navn", "x"), ("udloeber", "01-02-2027")]).await.er(200);
    anden.get(STI).await.uden("Nat &#60;b&#62;");
    b.get(STI).await;
    b.post(&sti, &[]).await.er(303);
    b.get(STI).await.har("Tilbagekaldt").uden("/tilbagekald\"");
    b.get("/admin/log?q=API-n%C3%B8gle")
        .await
        .har("Opret API-nøgle")
        .har("Tilbagekald API-nøgle")
        .uden(&noegle);
}

#[tokio::test]
async fn who_has_not_shown_lately_who_he_is_makes_none() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Agnes", Modulrolle::Administrator).await;
    b.get(STI).await.er(200).har("Opret nøgle</button>");
    scene.gaa(20 * 60);
    b.get(STI).await.er(200).uden("Opret nøgle</button>").har("Bekræft under Login og sessioner");
    b.get("/admin").await;
    b.post(STI, &[("navn", "x"), ("udloeber", "01-02-2027")])
        .await
        .er(422)
        .har("L-001")
        .uden("id=\"noegle\"");
}

#[tokio::test]
async fn the_role_catalogues_certificate_is_added_and_revoked() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    let (_, mut laes) = scene.person("Leo", Modulrolle::Laeseadgang).await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let sti = "/admin/rollekatalog";
    let pem = |firma: &str| base64::engine::general_purpose::STANDARD.encode(certifikat("Katalog", firma));
    laes.get(sti).await.er(200).har("Der er ingen certifikater").uden("Tilføj certifikat</button>");
    jfa.get(sti).await.er(200).uden("Tilføj certifikat</button>");
    adm.get(sti).await.er(200).har("Tilføj certifikat</button>");
    let ny = format!("{sti}/certifikater");
    adm.post(&ny, &[("certifikat", "x"), ("fra", "")]).await.er(422).har("C-102");
    let privat = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    adm.post(&ny, &[("certifikat", privat), ("fra", "")]).await.er(422).har("C-104").uden("AAAA");
    adm.post(&ny, &[("certifikat", &pem(MATADOR)), ("fra", "")]).await.er(422).har("C-105");
    adm.post(&ny, &[("certifikat", &pem(KORSBAEK)), ("fra", "32-01-2027")]).await.er(422).har("A-018");
    adm.post(&ny, &[("certifikat", &pem(KORSBAEK)), ("fra", "")]).await.er(303);
    let side = adm.get(sti).await;
    side.er(200).har("Katalog").har("/tilbagekald\"");
    laes.get(sti).await.er(200).har("Katalog").uden("/tilbagekald\"");
    jfa.get(sti).await.er(200).har("Tilføj certifikat</button>").uden("/tilbagekald\"");
    let link = side.tekst.split("/admin/rollekatalog/certifikater/").nth(1).expect("a link");
    let tilbagekald = format!("{ny}/{}", link.split('"').next().expect("an end"));
    adm.get(&tilbagekald).await.er(200).har("Der er intet andet gyldigt certifikat");
    adm.post(&tilbagekald, &[("aarsag", "")]).await.er(422).har("A-006");
    adm.post(&tilbagekald, &[("aarsag", "Skiftet")]).await.er(303);
    adm.get(sti).await.har("Tilbagekaldt").uden("/tilbagekald\"");
}
