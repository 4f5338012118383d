//! An it-system and its agreements from test to production.

use crate::scene::*;
use administration::{Miljoe, Modulrolle};

const STI: &str = "/admin/overfoersel";

/// A certificate as people paste it.
fn pem(navn: &str, firma: &str) -> String {
    use base64::Engine;
    let der = base64::engine::general_purpose::STANDARD.encode(certifikat(navn, firma));
    format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n")
}

/// A part of a page, with what stands for special characters undone.
fn uden_tegn(tekst: &str) -> String {
    tekst
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

#[tokio::test]
async fn a_system_is_taken_from_test_and_put_in_production() {
    let test = Scene::ny().await;
    test.anmodning(&[KORSBAEK, NABOKOEBING]).await;
    let (_, mut la) = test.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let mut data = test.app.politik().data().clone();
    data.systemer[0].oplysninger.email = "ky@matador.example".into();
    let beskrivelse = "Kontanthjælp\nog \"ydelser\"";
    data.systemer[0].oplysninger.beskrivelse = beskrivelse.into();
    test.app.saet_politik(&data, false).await.expect("a policy");
    let (_, mut gk) = test.person("Grete", Modulrolle::Godkender).await;
    let hent = format!("/admin/it-systemer/{KY}/overfoersel.toml");
    la.get(&format!("/admin/it-systemer/{KY}")).await.har("Hent til andet miljø");
    gk.get(&hent).await.er(403);
    let fil = la.get(&hent).await.er(200).tekst.clone();
    assert!(fil.contains("KY læser organisation") && !fil.contains("Laura"), "{fil}");
    // Where it was taken out it cannot be put in.
    la.post(&format!("{STI}/se"), &[("fil", &fil)]).await.er(422).har("T-203");

    let produktion = Scene::ny().await;
    let mut data = produktion.app.politik().data().clone();
    data.systemer.clear();
    produktion.app.saet_politik(&data, true).await.expect("a policy");
    let (bruger, _) = produktion.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let mut la = produktion.inde_i(&bruger, Miljoe::Produktion).await;
    let foer = produktion.aendringer().await;
    la.get(STI).await.er(200).har("Hent til andet miljø");
    la.post(&format!("{STI}/se"), &[("fil", "")]).await.er(422).har("A-006");
    let uden = fil.replace("ky@matador.example", "");
    la.post(&format!("{STI}/se"), &[("fil", &uden)]).await.er(422).har("A-006").har("Ret det i det andet");
    la.post(&format!("{STI}/se"), &[("fil", "<b> = [")]).await.er(422).har("T-200").har("&#60;b&#62;");
    let side = la.post(&format!("{STI}/se"), &[("fil", &fil)]).await;
    side.er(200).har("It-systemet KY").har("KY læser organisation").har("Nyt i Produktion").har("vilkår");
    let indhold = side.tekst.split_once("name=\"fil\"").and_then(|(_, r)| r.split_once('>')).map(|(_, r)| r);
    let indhold = uden_tegn(indhold.and_then(|r| r.split_once("</textarea>")).expect("the file").0);
    assert_eq!(indhold.trim(), fil.trim(), "what is sent on is what was sent");
    let maerke = side.skjult("maerke");
    // As a browser sends on what stands in a form.
    let sendt = fil.replace('\n', "\r\n");
    let felter = [("fil", sendt.as_str()), ("maerke", &maerke), ("certifikat", ""), ("vilkaar", "ja")];
    la.post(STI, &felter[..3]).await.er(422).har("S-101");
    let test_ky = test.app.politik().system(KY).expect("KY").certifikater[0].der.clone();
    use base64::Engine;
    let samme = base64::engine::general_purpose::STANDARD.encode(test_ky);
    let med = |certifikat| [felter[0], felter[1], ("certifikat", certifikat), felter[3]];
    la.post(STI, &med(samme.as_str())).await.er(422).har("C-103");
    let andens = pem("KY", KORSBAEK);
    la.post(STI, &med(andens.as_str())).await.er(422).har("C-105");
    la.post(STI, &[felter[0], ("maerke", "andet"), felter[3]]).await.er(409).har("A-005");
    assert_eq!(produktion.aendringer().await, foer, "nothing that was refused left anything");
    let eget = pem("KY produktion", MATADOR);
    let sted = la.post(STI, &med(eget.as_str())).await.er(303).sted().to_owned();
    assert_eq!(sted, format!("/admin/it-systemer/{KY}?fane=brug"));
    la.get(&sted).await.er(200).har("KY læser organisation").har("Kladde");
    let politik = produktion.app.politik();
    let ky = politik.system(KY).expect("KY");
    assert_eq!((ky.miljoe, ky.certifikater.len()), (Miljoe::Produktion, 1));
    assert_eq!(ky.oplysninger.beskrivelse, beskrivelse);
    // Again: nothing to do.
    la.post(&format!("{STI}/se"), &[("fil", &fil)]).await.er(200).har("Alt i filen er her allerede");
}
