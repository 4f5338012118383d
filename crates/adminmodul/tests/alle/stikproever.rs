//! Stikprøver of the log, from the draw to the evidence.

use crate::scene::*;
use administration::Modulrolle;

const STI: &str = "/admin/stikproever";

#[tokio::test]
async fn a_stikproeve_is_drawn_answered_ended_and_fetched() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Maude", Modulrolle::Administrator).await;
    let (_, mut log) = scene.person("Lauritz", Modulrolle::Logansvarlig).await;
    log.get(STI).await.er(200).har("Ingen stikprøver").har("Træk stikprøve");
    adm.get(STI).await.er(200).uden("Træk stikprøve");
    adm.get("/admin/log?q=%3Cb%3E").await.er(200);
    scene.gaa(60);

    // What is wrong is said, what was typed is kept, and nothing is stored.
    let foer = scene.aendringer().await;
    log.get(&format!("{STI}/ny")).await.er(200).har("value=\"25\"");
    let forkert =
        [("navn", "<i>"), ("fra", "i går"), ("til", ""), ("antal", "mange"), ("frist", "01-01-2020")];
    log.post(STI, &forkert).await.er(422).har("A-018").har("value=\"i går\"").har("value=\"&#60;i&#62;\"");
    let forkert =
        [("navn", ""), ("fra", "01-01-2027"), ("til", ""), ("antal", "mange"), ("frist", "01-01-2020")];
    log.post(STI, &forkert).await.er(422).har("A-006").har("T-107").har("T-108").har("href=\"#antal\"");
    assert_eq!(scene.aendringer().await, foer);
    adm.post(STI, &[("navn", "x")]).await.er(403);

    let felter = [
        ("navn", "Halvår <b>"),
        ("fra", "01-12-2026"),
        ("til", "31-12-2027"),
        ("antal", "25"),
        ("frist", "01-03-2027"),
        ("laesere", "personer"),
    ];
    let sti = log.post(STI, &felter).await.er(303).sted().to_owned();
    log.get(&sti)
        .await
        .er(200)
        .har("Halvår &#60;b&#62;")
        .har("0 af 1 besvaret")
        .har("Læs log: loggen")
        .har("&#60;b&#62;")
        .har("Notér svar");
    adm.get(&sti).await.er(200).uden("Notér svar").uden("Afslut stikprøven");
    log.get("/admin/opgaver").await.har("Få svar på stikprøven Halvår").har(&sti);

    let svar = format!("{sti}/svar/1");
    log.get(&svar).await.er(200).har("Var læsningen arbejdsbetinget?");
    log.get(&format!("{sti}/svar/2")).await.er(404);
    log.post(&svar, &[("spurgt", ""), ("bemaerkning", "æ\"<")]).await.er(422).har("A-006").har("æ&#34;&#60;");
    adm.post(&svar, &[("svar", "Ja"), ("spurgt", "Chef")]).await.er(403);
    log.get(&format!("{sti}/bevis.pdf")).await.er(422);
    log.post(&format!("{sti}/afslut"), &[("konklusion", "For tidligt")])
        .await
        .er(422)
        .har("T-103")
        .har("For tidligt");
    log.post(&svar, &[("svar", "Ja"), ("spurgt", "Ulrik, IT-chef"), ("bemaerkning", "Sag 12")]).await.er(303);
    log.get(&svar).await.har("value=\"Ulrik, IT-chef\"").har("checked");
    log.get(&format!("{sti}/afslut")).await.er(200).har("1 af 1 læsninger er besvaret");
    log.post(&format!("{sti}/afslut"), &[("konklusion", "")]).await.er(422).har("href=\"#konklusion\"");
    log.post(&format!("{sti}/afslut"), &[("konklusion", "Intet at bemærke.")]).await.er(303);
    log.get(&sti).await.har("Intet at bemærke.").har("Hent bevis som PDF").uden("Ret svar");
    log.post(&svar, &[("svar", "Nej"), ("spurgt", "Ulrik")]).await.er(422).har("T-101");
    log.get(&svar).await.er(422).har("T-101");
    let bevis = adm.get(&format!("{sti}/bevis.pdf")).await;
    bevis.er(200);
    assert_eq!(bevis.hoveder["content-type"], "application/pdf");
    log.get(STI).await.har("Halvår &#60;b&#62;").har("Næste stikprøve bør trækkes senest");
}

#[tokio::test]
async fn another_authority_has_no_part_in_it() {
    let scene = Scene::ny().await;
    let (_, mut log) = scene.person("Lauritz", Modulrolle::Logansvarlig).await;
    let nabo = scene.bruger("Nanna", NABOKOEBING, &[Modulrolle::Logansvarlig]).await;
    let mut nabo = scene.inde(&nabo).await;
    log.get("/admin/log").await.er(200);
    scene.gaa(60);
    let felter = [
        ("navn", "Egen"),
        ("fra", "01-12-2026"),
        ("til", "31-12-2027"),
        ("antal", "5"),
        ("frist", "01-03-2027"),
    ];
    let sti = log.post(STI, &felter).await.er(303).sted().to_owned();
    for sted in [sti.clone(), format!("{sti}/svar/1"), format!("{sti}/afslut"), format!("{sti}/bevis.pdf")] {
        nabo.get(&sted).await.er(404);
    }
    // What was drawn is the drawer's own reading.
    log.get(&sti).await.er(200).har("Din egen").uden("Notér svar<");
    log.get(&format!("{sti}/svar/1")).await.er(422).har("T-102");
    nabo.get(STI).await.uden("Egen");
}

#[tokio::test]
async fn many_readings_are_on_pages_and_an_answer_leads_back_to_its_own() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Maude", Modulrolle::Administrator).await;
    let (_, mut log) = scene.person("Lauritz", Modulrolle::Logansvarlig).await;
    for nr in 0..45 {
        adm.get(&format!("/admin/log?q=l%C3%A6sning{nr}")).await.er(200);
    }
    scene.gaa(60);
    let felter = [
        ("navn", "Mange"),
        ("fra", "01-12-2026"),
        ("til", "31-12-2027"),
        ("antal", "45"),
        ("frist", "01-03-2027"),
        ("laesere", "personer"),
    ];
    let sti = log.post(STI, &felter).await.er(303).sted().to_owned();
    log.get(&sti).await.er(200).har("1–40 af 45").har("/svar/40\"").uden("/svar/41\"");
    let anden = format!("{sti}?side=2");
    log.get(&anden).await.er(200).har("41–45 af 45").har("/svar/45\"").uden("/svar/40\"");
    let svar = [("svar", "Ja"), ("spurgt", "Ulrik, IT-chef"), ("bemaerkning", "")];
    assert_eq!(log.post(&format!("{sti}/svar/41"), &svar).await.er(303).sted(), anden);
    assert_eq!(log.post(&format!("{sti}/svar/40"), &svar).await.er(303).sted(), sti);
}
