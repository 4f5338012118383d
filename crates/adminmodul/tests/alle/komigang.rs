//! Kom i gang: the steps, who does them, and the front page until they are done.

use crate::scene::*;
use administration::{Miljoe, Modulrolle};

const STI: &str = "/admin/kom-i-gang";
const ONDT: &str = "<script>alert(1)</script>";

/// So many days from now, as people write a day.
fn om_dage(scene: &Scene, dage: i64) -> String {
    let tid = bitemporal::Instant::from_micros(scene.nu().micros() + dage * 86_400 * SEKUND);
    oio::tid::zoned(tid).expect("a time").strftime("%d-%m-%Y").to_string()
}

#[tokio::test]
async fn the_front_page_shows_the_way_until_it_is_gone() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    adm.get("/admin").await.er(200).har("1 af 8 trin er nået").har(&format!("{STI}/brugeradministrator"));
    let side = adm.get(STI).await;
    side.er(200)
        .har("<span class=\"sr-only\">, nået</span>")
        .har("aria-current=\"step\"><a href=\"/admin/kom-i-gang/brugeradministrator\"")
        .har("Aktivér den første jobfunktionsrolle")
        .har("Roller, der kan vente")
        .uden("Tilslut det første it-system")
        .uden("Som leverandør");
    assert!(side.tekst.len() < 50 * 1024);
    // What a role asks stands with its step.
    adm.get(&format!("{STI}/godkender"))
        .await
        .er(200)
        .har("Skal kunne")
        .har("Spørg, før rollen gives")
        .har("href=\"/admin/brugere\"");
    for (nr, rolle) in [
        Modulrolle::Brugeradministrator,
        Modulrolle::Jobfunktionsrolleadministrator,
        Modulrolle::Godkender,
        Modulrolle::KlassifikationAdministrator,
    ]
    .into_iter()
    .enumerate()
    {
        scene.bruger(&format!("Person {nr}"), KORSBAEK, &[rolle]).await;
        adm.get("/admin").await.har(&format!("{} af 8 trin er nået", nr + 2));
    }
    adm.get(&format!("{STI}/godkender")).await.er(200).har("Person 2").uden("Gem plan");
    adm.get(STI).await.har("aria-current=\"step\"><a href=\"/admin/kom-i-gang/identity-provider\"");
}

#[tokio::test]
async fn a_supplier_has_its_own_way() {
    let scene = Scene::ny().await;
    let (_, mut lo) = scene.person("Lone", Modulrolle::LeverandoerOrganisation).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    lo.get(STI)
        .await
        .er(200)
        .har("4 af 6 trin er nået")
        .har("Send den første anmodning")
        .uden("Godkender")
        .uden("Første fagsystem i drift")
        .uden("Roller, der kan vente");
    la.get(&format!("{STI}/anmodning")).await.er(200).har("href=\"/admin/serviceaftaler/anmod\"");
    lo.get(&format!("{STI}/anmodning")).await.er(200).uden("href=\"/admin/serviceaftaler/anmod\"");
    la.get(&format!("{STI}/godkender")).await.er(404);
    scene.anmodning(&[KORSBAEK]).await;
    la.get(STI).await.har("5 af 6 trin er nået").har("KY læser organisation");
    // Who runs the installation has none.
    let (_, mut op) = scene.person("Otto", Modulrolle::Driftsoperatoer).await;
    op.get("/admin").await.er(200).uden("Kom i gang");
    op.get(STI).await.er(403);
}

#[tokio::test]
async fn an_owner_is_chosen_gets_the_task_and_is_done_by_the_role() {
    let scene = Scene::ny().await;
    let (agnes, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    let (bodil, mut ba) = scene.person("Bodil", Modulrolle::Brugeradministrator).await;
    let (_, mut laes) = scene.person("Lise", Modulrolle::Laeseadgang).await;
    let sti = format!("{STI}/godkender");
    let (id, dag) = (bodil.uuid.to_string(), om_dage(&scene, 10));
    let maerke = adm.get(&sti).await.er(200).har("Gem plan").skjult("maerke");
    laes.get(&sti).await.er(200).uden("Gem plan").har("Ingen har trinnet endnu");
    laes.post(&sti, &[("maerke", &maerke), ("ejer", &id), ("frist", &dag)]).await.er(403).har("A-001");
    adm.post(&sti, &[("maerke", &maerke), ("ejer", &id), ("frist", &dag)]).await.er(303);
    adm.get(STI)
        .await
        .har("Planlagt")
        .har("Bodil")
        .har(&dag)
        .har("om 10 dage")
        .har("Planlæg trin i Kom i gang");
    laes.get(&sti).await.har(&format!("{dag}</time>"));
    ba.get("/admin/opgaver")
        .await
        .har("Kom i gang: Udpeg en Godkender")
        .har(&format!("href=\"{sti}\""))
        .har("Kun dig")
        .har(&dag);
    laes.get("/admin/opgaver").await.uden("Kom i gang: Udpeg");
    // Another plan in between is told of.
    let sent = adm.post(&sti, &[("maerke", &maerke), ("ejer", &id), ("frist", &om_dage(&scene, 20))]).await;
    sent.er(409).har("A-005").har("Det, der er gemt nu").har(&dag).har(&om_dage(&scene, 20));
    assert_ne!(sent.skjult("maerke"), maerke);
    scene.gaa(11 * 86_400);
    let (mut adm, mut ba) =
        (scene.inde_i(&agnes, Miljoe::Test).await, scene.inde_i(&bodil, Miljoe::Test).await);
    adm.get(STI).await.har("Frist overskredet");
    scene.bruger("Grete", KORSBAEK, &[Modulrolle::Godkender]).await;
    ba.get("/admin/opgaver").await.uden("Kom i gang: Udpeg en Godkender");
    adm.get(STI).await.har("Grete").har("Trin i Kom i gang nået").uden("Frist overskredet");
    adm.post(&sti, &[("maerke", &sent.skjult("maerke")), ("ejer", &id), ("frist", "01-01-2030")])
        .await
        .er(422)
        .har("I-901");
}

#[tokio::test]
async fn faulty_and_hostile_forms_change_nothing() {
    let scene = Scene::ny().await;
    let (agnes, mut adm) = scene.person(ONDT, Modulrolle::Administrator).await;
    let sti = format!("{STI}/identity-provider");
    let maerke = adm.get(&sti).await.er(200).uden("<script>alert").skjult("maerke");
    let (id, dag, lang) = (agnes.uuid.to_string(), om_dage(&scene, 3), "9".repeat(10_000));
    let foer = scene.aendringer().await;
    for (ejer, frist, kode) in [
        (id.as_str(), "", "A-006"),
        ("", dag.as_str(), "A-006"),
        (ONDT, &dag, "A-006"),
        (&lang, &dag, "A-006"),
        (&id, "i morgen", "A-018"),
        (&id, ONDT, "A-018"),
        (&id, &lang, "A-018"),
        (&id, "01-01-2020", "I-903"),
        (&id, "01-01-9999", "I-903"),
        ("0b9d3c1e-0000-4000-8000-000000000000", &dag, "I-902"),
    ] {
        let side = adm.post(&sti, &[("maerke", &maerke), ("ejer", ejer), ("frist", frist)]).await;
        side.er(422).har(kode).har("Fejl: ").uden("<script>alert");
        assert_eq!(side.skjult("maerke"), maerke, "what is sent again is judged by what was seen");
    }
    adm.post(&sti, &[("ejer", &id), ("frist", &dag)]).await.er(409).har("A-005");
    adm.post(&format!("{STI}/findes-ikke"), &[("ejer", &id), ("frist", &dag)]).await.er(404);
    adm.get(&format!("{STI}/%3Cscript%3E")).await.er(404).uden("<script>");
    let dato = format!("{STI}/dato");
    let maerke = adm.get(STI).await.skjult("maerke");
    for (drift, kode) in [("i morgen", "A-018"), (ONDT, "A-018"), (&lang, "A-018"), ("01-01-2020", "I-903")] {
        let side = adm.post(&dato, &[("maerke", &maerke), ("drift", drift)]).await;
        side.er(422).har(kode).uden("<script>alert");
    }
    adm.post(&dato, &[("drift", &dag)]).await.er(409).har("A-005").har("Gemt nu: ingen dato");
    assert_eq!(scene.aendringer().await, foer);
    let maerke = adm.get(&sti).await.skjult("maerke");
    adm.post(&sti, &[("maerke", &maerke), ("ejer", &id), ("frist", &dag)]).await.er(303);
    adm.get(STI).await.har("&#60;script&#62;alert(1)").uden("<script>alert");
}

#[tokio::test]
async fn the_days_to_the_first_system_are_counted() {
    let scene = Scene::ny().await;
    let (agnes, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let maerke = adm.get(STI).await.skjult("maerke");
    gk.get(STI).await.er(200).uden("Gem dato");
    let felter = [("maerke", maerke.as_str()), ("drift", &om_dage(&scene, 42))];
    adm.post(&format!("{STI}/dato"), &felter).await.er(303);
    for b in [&mut adm, &mut gk] {
        b.get("/admin").await.har("Dage til første fagsystem: 42");
        b.get(STI).await.har("Dage til første fagsystem: 42");
    }
    scene.gaa(42 * 86_400);
    let mut adm = scene.inde_i(&agnes, Miljoe::Test).await;
    adm.get("/admin").await.har("Første fagsystem går i drift i dag");
    scene.gaa(86_400);
    let mut adm = scene.inde_i(&agnes, Miljoe::Test).await;
    adm.get("/admin").await.har("Første fagsystem gik i drift");
    // What was chosen may stay, and be taken away.
    let maerke = adm.get(STI).await.skjult("maerke");
    adm.post(&format!("{STI}/dato"), &[("maerke", &maerke), ("drift", "")]).await.er(303);
    adm.get("/admin").await.uden("ørste fagsystem g");
}

#[tokio::test]
async fn empty_lists_lead_to_the_way() {
    let scene = Scene::ny().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    for sti in
        ["/admin/jobfunktionsroller", "/admin/it-systemer", "/admin/serviceaftaler", "/admin/foederation"]
    {
        jfa.get(sti).await.er(200).har("f-empty").har("Kom i gang: se, hvad der mangler");
    }
}
