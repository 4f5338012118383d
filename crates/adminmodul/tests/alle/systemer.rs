//! It-systems and certificates.

use crate::scene::*;
use administration::Modulrolle;
use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine;

const FELTER: [(&str, &str); 4] =
    [("navn", "Omsorg"), ("email", "drift@matador.example"), ("typer", "Anvendersystem"), ("miljoe", "Test")];

#[tokio::test]
async fn a_system_is_registered_changed_and_gets_a_certificate() {
    let scene = Scene::ny().await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    la.get("/admin/it-systemer/nyt").await.er(200).har("Korsbæk Kommune");
    la.post("/admin/it-systemer", &FELTER).await.er(422).har("S-101").har("value=\"Omsorg\"");
    let med = |mere: &[(&'static str, &'static str)]| [FELTER.as_slice(), mere].concat();
    let svar = la.post("/admin/it-systemer", &med(&[("vilkaar", "ja"), ("myndigheder", KORSBAEK)])).await;
    let sti = svar.er(303).sted().split('?').next().unwrap().to_owned();
    la.get(&sti)
        .await
        .er(200)
        .har("Omsorg")
        .har("Registreret")
        .har("Korsbæk Kommune")
        .har("har intet gyldigt certifikat");
    let maerke = la.get(&format!("{sti}/ret")).await.er(200).skjult("maerke");
    let ret = [
        ("navn", "Omsorg 2"),
        ("email", "laura.hansen@matador.example"),
        ("typer", "Anvendersystem"),
        ("vilkaar", "ja"),
        ("maerke", &maerke),
    ];
    la.post(&format!("{sti}/ret"), &ret).await.er(303);
    la.get(&sti).await.har("S-103").har("Omsorg 2");
    let igen = la
        .post(
            &format!("{sti}/ret"),
            &[
                ("navn", "Tredje"),
                ("email", "a@b.dk"),
                ("typer", "Anvendersystem"),
                ("vilkaar", "ja"),
                ("maerke", &maerke),
            ],
        )
        .await;
    igen.er(409).har("A-005").har("value=\"Tredje\"").har("laura.hansen@matador.example");
    let der = certifikat("Omsorg", MATADOR);
    let pem = base64::engine::general_purpose::STANDARD.encode(&der);
    let certifikater = format!("{sti}/certifikater");
    la.post(&certifikater, &[("certifikat", "hej")]).await.er(422).har("C-102");
    la.post(&certifikater, &[("certifikat", "-----BEGIN PRIVATE KEY-----")]).await.er(422).har("C-104");
    // As a file, in binary.
    let csrf = la.get("/admin").await.skjult("csrf");
    let mut krop = format!("--x\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--x\r\ncontent-disposition: form-data; name=\"certifikat\"\r\n\r\n\r\n--x\r\ncontent-disposition: form-data; name=\"certifikatfil\"; filename=\"c.der\"\r\n\r\n").into_bytes();
    krop.extend(&der);
    krop.extend(b"\r\n--x--\r\n");
    let request = Request::post(&certifikater)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(krop));
    la.send(request.unwrap()).await.er(303);
    la.post(&certifikater, &[("certifikat", &pem)]).await.er(422).har("C-107");
    let side = la.get(&format!("{sti}?fane=certifikater")).await;
    side.er(200).har("Tilbagekald").har("15-01-2028");
    la.get("/admin/certifikater").await.er(200).har("Omsorg 2").har("KY").har("2 certifikater");
    let tilbagekald =
        side.tekst.split_once(&format!("{certifikater}/")).unwrap().1.split('"').next().unwrap();
    let tilbagekald = format!("{certifikater}/{tilbagekald}");
    la.get(&tilbagekald).await.er(200).har("har intet andet gyldigt");
    la.post(&tilbagekald, &[("aarsag", "")]).await.er(422).har("A-006");
    la.post(&tilbagekald, &[("aarsag", "Tabt")]).await.er(303);
    la.get(&format!("{sti}?fane=historik")).await.er(200).har("Tilbagekald certifikat").har("Tabt");
    la.get(&format!("{sti}/spaer")).await.er(200).har("Ingen adgang ændres");
    la.post(&format!("{sti}/spaer"), &[("aarsag", "Angreb"), ("bekraeft", "ja")]).await.er(303);
    la.get(&sti).await.har("Spærret").har("Ophæv spærring");
    la.post(&format!("{sti}/ophaev"), &[("aarsag", "Ovre"), ("bekraeft", "ja")]).await.er(303);
    la.get("/admin/it-systemer.csv").await.er(200).har("Omsorg 2;Matador Data A/S");
    la.get("/admin/it-systemer?q=omsorg&type=Anvendersystem").await.er(200).har("1 it-system");
}

#[tokio::test]
async fn closing_a_system_takes_a_day_when_agreements_are_in_force() {
    let scene = Scene::ny().await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let aftale = scene.anmodning(&[KORSBAEK]).await;
    gk.svar(&format!("/admin/serviceaftaler/{aftale}/svar"), &[("svar", "godkend")]).await.er(303);
    let sti = format!("/admin/it-systemer/{KY}");
    gk.get(&sti).await.er(200).har("Tilsluttet").uden("Spær nu");
    gk.get(&format!("{sti}?fane=brug")).await.er(200).har("KY læser organisation");
    la.get(&format!("{sti}/luk")).await.er(200).har("KY mister adgang");
    la.post(&format!("{sti}/luk"), &[("dag", ""), ("bekraeft", "ja")]).await.er(422).har("S-104");
    la.post(&format!("{sti}/luk"), &[("dag", "31-02-2027"), ("bekraeft", "ja")]).await.er(422).har("A-018");
    la.post(&format!("{sti}/luk"), &[("dag", "01-12-2027")]).await.er(422).har("A-021");
    la.post(&format!("{sti}/luk"), &[("dag", "01-12-2027"), ("bekraeft", "ja")]).await.er(303);
    la.get(&sti).await.har("Under lukning").har("01-12-2027");
}
