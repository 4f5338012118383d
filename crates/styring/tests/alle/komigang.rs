//! Kom i gang: steps are reached by what is done, never by a tick; the owner's task ends by itself.

use crate::scene::*;
use administration::{Brugertilstand, Igangtrin, Modulrolle, Partsart};
use bitemporal::Instant;
use styring::aftaler::{self, Svar};
use styring::brugere::{self, NyBruger, NyTildeling};
use styring::komigang::{self, Trinvalg};
use styring::{Kald, opgaver};
use uuid::Uuid;

fn om_dage(scene: &Scene, dage: i64) -> Option<Instant> {
    Some(Instant::from_micros(scene.nu().micros() + dage * DAG))
}

/// Somebody undertakes a step for a number of days.
async fn vaelg(scene: &Scene, kald: &Kald, kode: &str, ejer: Uuid, dage: i64) {
    let (_, maerke) = komigang::trin(&scene.app, kald, kode).await.expect("the step");
    let valg = Trinvalg { ejer: Some(ejer), frist: om_dage(scene, dage) };
    komigang::planlaeg(&scene.app, kald, kode, &maerke, &valg).await.expect("planned");
}

async fn naaede(scene: &Scene, kald: &Kald) -> Vec<&'static str> {
    let stand = komigang::stand(&scene.app, kald).await.expect("the steps");
    let alle = stand.forloeb.into_iter().flat_map(|f| f.trin);
    alle.filter(|t| t.naaet.is_some()).map(|t| t.trin.kode()).collect()
}

async fn opgavetitler(scene: &Scene, kald: &Kald) -> Vec<String> {
    let alle = opgaver::mine(&scene.app, kald).await.expect("tasks");
    alle.into_iter().map(|g| g.post.titel).collect()
}

/// Gives a role as an Administrator does.
async fn tildel(scene: &Scene, adm: &Kald, bruger: Uuid, rolle: Modulrolle) {
    let gemt = brugere::hent(&scene.app, adm, bruger).await.expect("the user");
    let ny =
        NyTildeling { rolle, omfang: Default::default(), fra: None, til: None, sagsnummer: String::new() };
    brugere::tildel(&scene.app, adm, bruger, gemt.version, &ny).await.expect("given");
}

#[tokio::test]
async fn a_task_ends_by_itself_when_the_role_is_given() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let ba = scene.person("Bodil", KORSBAEK, &[Modulrolle::Brugeradministrator]).await;
    let ulla = scene.person("Ulla", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    assert_eq!(naaede(&scene, &adm).await, ["administrator", "brugeradministrator"]);
    vaelg(&scene, &adm, "godkender", ba.aktoer.bruger, 7).await;
    assert_eq!(opgavetitler(&scene, &ba).await, ["Kom i gang: Udpeg en Godkender"]);
    assert!(opgavetitler(&scene, &ulla).await.is_empty(), "it is for one person");
    assert!(opgavetitler(&scene, &adm).await.is_empty());
    // Taken and given back as any task; nobody else can.
    let uuid = opgaver::mine(&scene.app, &ba).await.expect("tasks")[0].post.uuid;
    let tag = opgaver::handl(&scene.app, &adm, uuid, opgaver::Opgavehandling::Overtag).await;
    assert_eq!(koder(tag), ["A-404"]);
    opgaver::handl(&scene.app, &ba, uuid, opgaver::Opgavehandling::Overtag).await.expect("taken");
    // Another step's fact ends nothing; the role does, once it is given.
    tildel(&scene, &adm, ulla.aktoer.bruger, Modulrolle::KlassifikationAdministrator).await;
    assert_eq!(opgavetitler(&scene, &ba).await.len(), 1);
    tildel(&scene, &adm, ulla.aktoer.bruger, Modulrolle::Godkender).await;
    assert!(opgavetitler(&scene, &ba).await.is_empty());
    let log = scene.log().await;
    assert_eq!(log[0], "Installationen: trin i Kom i gang nået");
    assert!(log.contains(&"Agnes: planlæg trin i Kom i gang".to_owned()), "{log:?}");
    // What is reached is not planned; what is lost again, is.
    let (stand, maerke) = komigang::trin(&scene.app, &adm, "godkender").await.expect("the step");
    assert_eq!(stand.naaet.as_deref(), Some("Ulla"));
    let valg = Trinvalg { ejer: Some(ba.aktoer.bruger), frist: om_dage(&scene, 1) };
    let igen = komigang::planlaeg(&scene.app, &adm, "godkender", &maerke, &valg).await;
    assert_eq!(koder(igen), ["I-901"]);
    let gemt = brugere::hent(&scene.app, &adm, ulla.aktoer.bruger).await.expect("Ulla");
    brugere::spaer(&scene.app, &adm, ulla.aktoer.bruger, gemt.version, "Prøve").await.expect("disabled");
    assert!(!naaede(&scene, &adm).await.contains(&"godkender"), "a disabled user approves nothing");
}

#[tokio::test]
async fn what_time_brings_about_is_found_by_the_round() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let ulla = scene.person("Ulla", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    vaelg(&scene, &adm, "godkender", adm.aktoer.bruger, 7).await;
    let gemt = brugere::hent(&scene.app, &adm, ulla.aktoer.bruger).await.expect("the user");
    let ny = NyTildeling {
        rolle: Modulrolle::Godkender,
        omfang: Default::default(),
        fra: om_dage(&scene, 3),
        til: None,
        sagsnummer: String::new(),
    };
    brugere::tildel(&scene.app, &adm, ulla.aktoer.bruger, gemt.version, &ny).await.expect("given");
    assert_eq!(komigang::naaede(&scene.app).await.expect("a round"), 0);
    assert_eq!(opgavetitler(&scene, &adm).await.len(), 1);
    scene.gaa(3);
    assert_eq!(komigang::naaede(&scene.app).await.expect("a round"), 1);
    assert_eq!(komigang::naaede(&scene.app).await.expect("another"), 0);
    assert!(opgavetitler(&scene, &adm).await.is_empty());
}

#[tokio::test]
async fn an_approved_agreement_is_the_authoritys_step_and_the_request_the_suppliers() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let gk = scene.person("Grete", KORSBAEK, &[Modulrolle::Godkender]).await;
    let lo = scene.person("Lone", MATADOR, &[Modulrolle::LeverandoerOrganisation]).await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let foer = ["organisationsadministrator", "leverandoeradministrator", "it-system", "certifikat"];
    assert_eq!(naaede(&scene, &lo).await, foer);
    vaelg(&scene, &lo, "anmodning", la.aktoer.bruger, 7).await;
    vaelg(&scene, &adm, "serviceaftale", gk.aktoer.bruger, 7).await;
    assert_eq!(opgavetitler(&scene, &la).await, ["Kom i gang: Send den første anmodning"]);
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    assert_eq!(naaede(&scene, &lo).await, foer, "a draft is no request");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    assert!(opgavetitler(&scene, &la).await.is_empty());
    assert_eq!(naaede(&scene, &adm).await, ["administrator", "godkender"]);
    let titler = opgavetitler(&scene, &gk).await;
    assert!(titler.iter().any(|t| t == "Kom i gang: Godkend den første serviceaftale"), "{titler:?}");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    assert!(opgavetitler(&scene, &gk).await.is_empty());
    assert_eq!(naaede(&scene, &adm).await, ["administrator", "godkender", "serviceaftale"]);
    // No call has come, whatever is in force.
    let stand = komigang::stand(&scene.app, &la).await.expect("the steps");
    assert_eq!(stand.forloeb.len(), 1);
    assert_eq!(stand.forloeb[0].naeste().map(|t| t.trin), Some(Igangtrin::FoersteKald));
    assert_eq!((stand.forloeb[0].art, stand.er_naaet()), (Partsart::Leverandoer, false));
}

#[tokio::test]
async fn an_owner_is_a_user_of_the_party_and_a_day_is_to_come() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let app = &scene.app;
    let (_, maerke) = komigang::trin(app, &adm, "godkender").await.expect("the step");
    let mig = Some(adm.aktoer.bruger);
    let foer = scene.log().await;
    for (ejer, frist, ventet) in [
        (Some(nabo.aktoer.bruger), om_dage(&scene, 1), "I-902"),
        (Some(la.aktoer.bruger), om_dage(&scene, 1), "I-902"),
        (Some(Uuid::from_u128(77)), om_dage(&scene, 1), "I-902"),
        (mig, None, "A-006"),
        (None, om_dage(&scene, 1), "A-006"),
        (mig, om_dage(&scene, 0), "I-903"),
        (mig, om_dage(&scene, -1), "I-903"),
        (mig, om_dage(&scene, 2_000), "I-903"),
        (mig, Some(Instant::POS_INFINITY), "I-903"),
    ] {
        let svar = komigang::planlaeg(app, &adm, "godkender", &maerke, &Trinvalg { ejer, frist }).await;
        assert_eq!(koder(svar), [ventet], "{ejer:?} {frist:?}");
    }
    let godt = Trinvalg { ejer: mig, frist: om_dage(&scene, 1) };
    assert_eq!(koder(komigang::planlaeg(app, &jfa, "godkender", &maerke, &godt).await), ["A-001"]);
    assert_eq!(koder(komigang::planlaeg(app, &adm, "it-system", &maerke, &godt).await), ["A-404"]);
    assert_eq!(koder(komigang::planlaeg(app, &adm, "findes-ikke", &maerke, &godt).await), ["A-404"]);
    assert_eq!(koder(komigang::trin(app, &la, "godkender").await), ["A-404"]);
    assert_eq!(scene.log().await, foer, "nothing was written");
    // An invited user can be chosen: the task waits.
    let ny =
        NyBruger { navn: "Inga Ny".into(), email: "inga@korsbaek.example".into(), telefon: String::new() };
    let inga = brugere::opret(app, &adm, &ny).await.expect("invited");
    assert_eq!(inga.tilstand, Brugertilstand::Inviteret);
    vaelg(&scene, &adm, "godkender", inga.uuid, 1).await;
    let (stand, _) = komigang::trin(app, &adm, "godkender").await.expect("the step");
    assert_eq!(stand.plan.expect("a plan").ejer, (inga.uuid, "Inga Ny".into()));
}

#[tokio::test]
async fn the_other_administrator_is_told_and_other_steps_do_not_stand_in_the_way() {
    let scene = Scene::ny().await;
    let (app, adm) = (&scene.app, scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await);
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Administrator]).await;
    let (_, maerke) = komigang::trin(app, &bo, "godkender").await.expect("the step");
    vaelg(&scene, &adm, "identity-provider", bo.aktoer.bruger, 5).await;
    let valg = |ejer, dage| Trinvalg { ejer, frist: dage };
    let (mig, anden) = (Some(adm.aktoer.bruger), Some(bo.aktoer.bruger));
    let syv = om_dage(&scene, 7);
    komigang::planlaeg(app, &bo, "godkender", &maerke, &valg(anden, syv)).await.expect("another step");
    let sent = komigang::planlaeg(app, &adm, "godkender", &maerke, &valg(mig, syv)).await;
    assert_eq!(koder(sent), ["A-005"]);
    // Moved: the same task. To another: that one has it. Given up: nobody has.
    let frister = async |k: &Kald| -> Vec<Option<Instant>> {
        let mut alle = opgaver::mine(app, k).await.expect("tasks");
        alle.retain(|g| g.post.slags == "Udpeg en Godkender");
        alle.iter().map(|g| g.post.frist()).collect()
    };
    let foer = opgaver::mine(app, &bo).await.expect("tasks");
    vaelg(&scene, &adm, "godkender", bo.aktoer.bruger, 9).await;
    let sidste = |dage| om_dage(&scene, dage).map(|t| Instant::from_micros(t.micros() - 1));
    assert_eq!(frister(&bo).await, [sidste(9)]);
    let efter = opgaver::mine(app, &bo).await.expect("tasks");
    assert!(efter.iter().all(|e| foer.iter().any(|f| f.post.uuid == e.post.uuid)), "moved, not made anew");
    vaelg(&scene, &adm, "godkender", adm.aktoer.bruger, 9).await;
    assert_eq!((frister(&bo).await, frister(&adm).await), (vec![], vec![sidste(9)]));
    let (_, maerke) = komigang::trin(app, &adm, "godkender").await.expect("the step");
    komigang::planlaeg(app, &adm, "godkender", &maerke, &Trinvalg::default()).await.expect("given up");
    assert!(frister(&adm).await.is_empty());
    let log = scene.log().await;
    assert_eq!(log.iter().filter(|l| l.ends_with("planlæg trin i Kom i gang")).count(), 5, "{log:?}");
}

#[tokio::test]
async fn the_day_of_the_first_system_is_the_authoritys() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let lo = scene.person("Lone", MATADOR, &[Modulrolle::LeverandoerOrganisation]).await;
    let stand = komigang::stand(app, &adm).await.expect("the steps");
    assert_eq!((stand.drift, stand.er_naaet()), (None, false));
    let dag = om_dage(&scene, 42);
    assert_eq!(koder(komigang::saet_drift(app, &adm, "gammelt", dag).await), ["A-005"]);
    let maerke = stand.driftsmaerke;
    assert_eq!(koder(komigang::saet_drift(app, &adm, &maerke, om_dage(&scene, -2)).await), ["I-903"]);
    assert_eq!(koder(komigang::saet_drift(app, &adm, &maerke, om_dage(&scene, 5_000)).await), ["I-903"]);
    assert_eq!(koder(komigang::saet_drift(app, &lo, &maerke, dag).await), ["A-404"]);
    komigang::saet_drift(app, &adm, &maerke, dag).await.expect("set");
    assert_eq!(komigang::stand(app, &adm).await.expect("the steps").drift, dag);
    assert_eq!(koder(komigang::saet_drift(app, &adm, &maerke, None).await), ["A-005"]);
}

#[tokio::test]
async fn whoever_is_chosen_by_another_is_told() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    vaelg(&scene, &adm, "godkender", adm.aktoer.bruger, 3).await;
    vaelg(&scene, &adm, "identity-provider", bo.aktoer.bruger, 3).await;
    while styring::adviser::fordel(&scene.app, false).await.expect("laid") > 0 {}
    assert_eq!(styring::adviser::ulaeste(&scene.app, &bo).await.expect("counted"), 1);
    assert_eq!(styring::adviser::ulaeste(&scene.app, &adm).await.expect("counted"), 0);
}
