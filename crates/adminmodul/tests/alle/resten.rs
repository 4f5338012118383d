//! Log, settings, catalogue, search.

use crate::scene::*;
use administration::Modulrolle;

#[tokio::test]
async fn the_log_is_searched_by_pages_and_exported() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    for nr in 0..60 {
        scene.bruger(&format!("Person {nr:02}"), KORSBAEK, &[Modulrolle::Redaktoer]).await;
    }
    let side = adm.get("/admin/log").await;
    side.er(200).har("Opret bruger").har("Ældre").uden("Person 00");
    let aeldre = side
        .tekst
        .split("href=\"")
        .find(|d| d.contains("\">Ældre"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&");
    adm.get(&aeldre).await.er(200).har("Person 00").har("Nyeste");
    adm.get("/admin/log?slags=laesninger").await.er(200).har("Læs log");
    adm.get("/admin/log?fra=31-02-2027").await.er(200).har("A-018");
    adm.get("/admin/log?fra=01-01-2027&til=01-01-2027").await.er(200).har("Ingen linjer");
    adm.get("/admin/log.csv?q=Person+0")
        .await
        .er(200)
        .har("\u{feff}Nummer;Tidspunkt")
        .har("Person 09")
        .uden("Person 10");
}

#[tokio::test]
async fn all_of_a_long_log_is_in_its_file() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    for nr in 0..styring::log::SIDE_MAX * 2 {
        scene.bruger(&format!("Person {nr:04}"), KORSBAEK, &[Modulrolle::Redaktoer]).await;
    }
    let fil = adm.get("/admin/log.csv?slags=aendringer").await;
    assert_eq!(fil.er(200).har("Person 0000").tekst.matches("Person ").count(), 1_000);
}

#[tokio::test]
async fn settings_are_changed_by_who_may_and_not_over_others() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    let (_, mut red) = scene.person("Rita", Modulrolle::Redaktoer).await;
    red.get("/admin/indstillinger").await.er(200).uden("Gem indstillinger").har("Korsbæk Kommune");
    let maerke = adm.get("/admin/indstillinger").await.er(200).skjult("maerke");
    let felter = [
        ("maerke", maerke.as_str()),
        ("navn", "Korsbæk Kommune"),
        ("email", "it@korsbaek.example"),
        ("egen", "ja"),
    ];
    adm.post("/admin/indstillinger", &[("maerke", &maerke), ("navn", "")]).await.er(422).har("A-006");
    adm.post("/admin/indstillinger", &felter).await.er(303);
    // A mistake does not hide that the settings are others now.
    let side = adm.post("/admin/indstillinger", &[("maerke", &maerke), ("navn", "")]).await;
    assert_eq!(side.er(422).skjult("maerke"), maerke);
    let mut andre = felter;
    andre[2] = ("email", "drift@korsbaek.example");
    let side = adm.post("/admin/indstillinger", &andre).await;
    side.er(409)
        .har("Du har selv ændret indstillingerne")
        .har("<dt>E-mail</dt><dd>it@korsbaek.example</dd>")
        .har("value=\"drift@korsbaek.example\"");
    assert_ne!(side.skjult("maerke"), maerke);
    let politik = scene.app.politik();
    let part = politik.part(cvr(KORSBAEK)).unwrap();
    assert_eq!(
        (part.egen_godkendelse, part.administrator_maa_godkende, part.email.as_str()),
        (true, false, "it@korsbaek.example")
    );
    adm.get("/admin/log?q=indstillinger").await.har("Ret indstillinger");
}

#[tokio::test]
async fn the_search_finds_what_one_may_see() {
    let scene = Scene::ny().await;
    let aftale = scene.anmodning(&[KORSBAEK]).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    gk.get("/admin/soeg").await.er(200).har("Hvad leder du efter?");
    for q in ["grete", "SA-2027-0001", &aftale.to_string(), "KY", &KY.to_string(), "organisation"] {
        gk.get(&format!("/admin/soeg?q={q}")).await.er(200).har("f-list");
    }
    gk.get("/admin/soeg?q=findes-ikke").await.er(200).har("Intet fundet");
    let mut nabo = scene.inde(&scene.bruger("Nabo", NABOKOEBING, &[Modulrolle::Godkender]).await).await;
    nabo.get("/admin/soeg?q=SA-2027-0001").await.har("Intet fundet");
    let (_, mut red) = scene.person("Rita", Modulrolle::Redaktoer).await;
    red.get("/admin/soeg?q=SA-2027-0001").await.har("Intet fundet");
    let kort = gk.get("/admin/servicekatalog?q=organisation").await;
    kort.er(200).har("Udstil");
    let sti =
        kort.tekst.split_once("/admin/servicekatalog/").unwrap().1.split('"').next().unwrap().to_owned();
    gk.get(&format!("/admin/servicekatalog/{sti}")).await.er(200).har("EntityID").har("Rediger");
}

#[tokio::test]
async fn what_who_runs_the_installation_looks_at_stands_in_the_others_log() {
    let scene = Scene::ny().await;
    let aftale = scene.anmodning(&[KORSBAEK]).await;
    let offer = scene.bruger("Offer", KORSBAEK, &[Modulrolle::Redaktoer]).await;
    let (_, mut sup) = scene.person("Signe Support", Modulrolle::Support).await;
    let (_, mut log) = scene.person("Lauritz", Modulrolle::Logansvarlig).await;
    let (_, mut la) = scene.person("Leif", Modulrolle::LeverandoerOrganisation).await;
    log.get("/admin/log?slags=laesninger").await.er(200).uden("Signe Support");
    sup.get(&format!("/admin/brugere/{}", offer.uuid)).await.er(200);
    sup.get(&format!("/admin/serviceaftaler/{aftale}")).await.er(200);
    sup.get(&format!("/admin/it-systemer/{KY}")).await.er(200);
    log.get("/admin/log?slags=laesninger")
        .await
        .har("Signe Support")
        .har("Offer")
        .har("KY læser organisation");
    la.get("/admin/log?slags=laesninger")
        .await
        .har("Signe Support")
        .har("<small>It-system</small>")
        .uden("Offer");
    // Looking at one's own leaves no line.
    let foer = log.get("/admin/log?slags=laesninger&q=Offer").await.tekst.matches("Offer").count();
    log.get(&format!("/admin/brugere/{}", offer.uuid)).await.er(200);
    assert_eq!(log.get("/admin/log?slags=laesninger&q=Offer").await.tekst.matches("Offer").count(), foer);
}
