//! Blocks, notices and days of approval across the versions of an agreement, and on whose behalf somebody acts.

use crate::scene::*;
use administration::{Aftaletilstand, Bruger, ItSystem, Modulrolle, Omfang, Part, Partsart, Tildeling};
use bitemporal::{Instant, Period};
use std::collections::BTreeSet;
use styring::aftaler::{self, Anmodning, Svar};
use styring::part::{self, Partfelter};
use styring::{Kald, opgaver, systemer};
use uuid::Uuid;

const OPERATOER: &str = "19435075";
const ANDEN: &str = "44556677";
const DERES: Uuid = Uuid::from_u128(0xa9);

struct Hvem {
    la: Kald,
    gk: Kald,
    op: Kald,
}

async fn scene() -> (Scene, Hvem) {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let op = scene.person("Ole", OPERATOER, &[Modulrolle::Driftsoperatoer]).await;
    (scene, Hvem { la, gk, op })
}

fn om(scene: &Scene, dage: i64) -> Instant {
    Instant::from_micros(scene.nu().micros() + dage * DAG)
}

/// An agreement that the authority has approved.
async fn godkendt(scene: &Scene, la: &Kald, gk: &Kald, anmodning: &Anmodning) -> Uuid {
    let uuid = aftaler::gem_kladde(&scene.app, la, None, anmodning).await.expect("a draft");
    aftaler::send(&scene.app, la, uuid).await.expect("sent");
    scene.svar(gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    uuid
}

/// A change that is asked for; gives the number of its version.
async fn aendring(scene: &Scene, la: &Kald, uuid: Uuid, gyldig: Period) -> u32 {
    let nummer = aftaler::ny_version(&scene.app, la, uuid).await.expect("a change");
    let anmodning = Anmodning { gyldig, ..anmodning(&[KORSBAEK]) };
    aftaler::gem_kladde(&scene.app, la, Some(uuid), &anmodning).await.expect("a draft");
    aftaler::send(&scene.app, la, uuid).await.expect("sent");
    nummer
}

/// The version that decides for Korsbæk at a time, and whether it opens anything.
fn gaelder(scene: &Scene, naar: Instant) -> (u32, bool) {
    let politik = scene.app.politik();
    let g = politik.data().aftaler[0].gaeldende(cvr(KORSBAEK), naar).expect("one");
    (g.version.nummer, g.i_kraft())
}

#[tokio::test]
async fn a_block_stands_whatever_version_comes_into_force() {
    let (scene, Hvem { la, gk, op }) = scene().await;
    let uuid = godkendt(&scene, &la, &gk, &anmodning(&[KORSBAEK])).await;
    let to = aendring(&scene, &la, uuid, Period::ALWAYS).await;
    scene.svar(&gk, uuid, to, &Svar::Godkend(Some(om(&scene, 1)))).await.expect("from tomorrow");
    aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "Mistanke").await.expect("blocked");
    scene.gaa(2);
    assert!(!scene.ky_kan_laese(KORSBAEK), "the day of the next version has come");
    aftaler::ophaev(&scene.app, &gk, uuid, cvr(KORSBAEK)).await.expect("lifted");
    assert!(scene.ky_kan_laese(KORSBAEK));
    assert_eq!(gaelder(&scene, scene.nu()), (2, true));
    // The operator's block, and a version that is approved meanwhile.
    let tre = aendring(&scene, &la, uuid, Period::ALWAYS).await;
    aftaler::spaer(&scene.app, &op, uuid, cvr(KORSBAEK), "Hændelse").await.expect("blocked");
    scene.svar(&gk, uuid, tre, &Svar::Godkend(None)).await.expect("approved");
    assert!(!scene.ky_kan_laese(KORSBAEK), "approving lifts nothing");
    assert_eq!(koder(aftaler::ophaev(&scene.app, &gk, uuid, cvr(KORSBAEK)).await), ["G-212"]);
    aftaler::ophaev(&scene.app, &op, uuid, cvr(KORSBAEK)).await.expect("lifted");
    assert_eq!(gaelder(&scene, scene.nu()), (3, true));
}

#[tokio::test]
async fn a_notice_ends_the_agreement_whatever_version_was_asked_for() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    let uuid = godkendt(&scene, &la, &gk, &anmodning(&[KORSBAEK])).await;
    let to = aendring(&scene, &la, uuid, Period::ALWAYS).await;
    scene.svar(&gk, uuid, to, &Svar::Godkend(Some(om(&scene, 5)))).await.expect("from a day on");
    let tre = aendring(&scene, &la, uuid, Period::ALWAYS).await;
    aftaler::opsig(&scene.app, &gk, uuid, cvr(KORSBAEK), om(&scene, 30), "Slut").await.expect("notice");
    assert_eq!(koder(scene.svar(&gk, uuid, tre, &Svar::Godkend(None)).await), ["G-213"]);
    scene.svar(&gk, uuid, tre, &Svar::Afvis("Aftalen er opsagt".into())).await.expect("refused");
    aftaler::ny_version(&scene.app, &la, uuid).await.expect("a change for nobody");
    let fire = scene.app.politik().data().aftaler[0].versioner[3].clone();
    assert!(fire.myndigheder.is_empty(), "who has given notice is not asked again");
    aftaler::gem_kladde(&scene.app, &la, Some(uuid), &anmodning(&[KORSBAEK])).await.expect("a draft");
    assert_eq!(koder(aftaler::send(&scene.app, &la, uuid).await), ["G-213"]);
    scene.gaa(29);
    assert!(scene.ky_kan_laese(KORSBAEK), "until the day");
    scene.gaa(1);
    assert!(!scene.ky_kan_laese(KORSBAEK));
    // A new agreement is the way back, and may be asked for before the old one has ended.
    let ny = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    aftaler::send(&scene.app, &la, ny).await.expect("sent");
    scene.svar(&gk, ny, 1, &Svar::Godkend(None)).await.expect("approved");
    assert!(scene.ky_kan_laese(KORSBAEK));
}

#[tokio::test]
async fn the_year_is_counted_from_the_day_it_begins() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    let uuid = godkendt(&scene, &la, &gk, &anmodning(&[KORSBAEK])).await;
    let begynder = om(&scene, 380);
    let to = aendring(&scene, &la, uuid, Period::ALWAYS).await;
    scene.svar(&gk, uuid, to, &Svar::Godkend(Some(begynder))).await.expect("more than a year ahead");
    let efter = |dage: i64| gaelder(&scene, Instant::from_micros(begynder.micros() + dage * DAG));
    assert_eq!([efter(-1), efter(0), efter(394), efter(395)], [(1, true), (2, true), (2, true), (2, false)]);
}

#[tokio::test]
async fn nothing_is_approved_from_a_day_on_which_it_has_ended() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    let uuid = godkendt(&scene, &la, &gk, &anmodning(&[KORSBAEK])).await;
    let til = om(&scene, 10);
    let to = aendring(&scene, &la, uuid, Period { from: Instant::NEG_INFINITY, to: til }).await;
    for dag in [til, om(&scene, 400)] {
        assert_eq!(koder(scene.svar(&gk, uuid, to, &Svar::Godkend(Some(dag))).await), ["A-009"]);
    }
    scene.gaa(10);
    assert_eq!(koder(scene.svar(&gk, uuid, to, &Svar::Godkend(None)).await), ["A-009"], "it has ended");
    assert_eq!(gaelder(&scene, scene.nu()), (1, true), "the one before is still there");
}

/// Matador is an authority as well, and has an agreement with another supplier's system.
async fn begge_dele() -> (Scene, Hvem, Uuid) {
    let (scene, hvem) = scene().await;
    let mut data = scene.app.politik().data().clone();
    data.parter.iter_mut().filter(|p| p.cvr == cvr(MATADOR)).for_each(|p| {
        p.arter.insert(Partsart::Myndighed);
    });
    data.parter.push(Part::ny(cvr(ANDEN), "Anden Leverandør", Partsart::Leverandoer));
    let certifikat = administration::Certifikat::af_der(certifikat("Deres", ANDEN)).expect("a certificate");
    data.systemer.push(ItSystem::ny(DERES, "Deres", cvr(ANDEN), vec![certifikat]));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let fie = scene.person("Fie", ANDEN, &[Modulrolle::Leverandoeradministrator]).await;
    let gerda = scene.person("Gerda", MATADOR, &[Modulrolle::Godkender]).await;
    let uuid = godkendt(&scene, &fie, &gerda, &Anmodning { system: DERES, ..anmodning(&[MATADOR]) }).await;
    let hvem = Hvem { gk: gerda, ..hvem };
    (scene, hvem, uuid)
}

#[tokio::test]
async fn a_suppliers_role_says_nothing_on_behalf_of_the_authority() {
    let (scene, Hvem { la, gk, .. }, uuid) = begge_dele().await;
    let (app, matador) = (&scene.app, cvr(MATADOR));
    assert_eq!(koder(aftaler::spaer(app, &la, uuid, matador, "nej").await), ["A-001"]);
    aftaler::spaer(app, &gk, uuid, matador, "Mistanke").await.expect("blocked");
    assert_eq!(koder(aftaler::ophaev(app, &la, uuid, matador).await), ["A-001"]);
    let dag = om(&scene, 1);
    assert_eq!(koder(aftaler::opsig(app, &la, uuid, matador, dag, "nej").await), ["A-001"]);
    aftaler::ophaev(app, &gk, uuid, matador).await.expect("lifted");
    // In an agreement with itself what the authority has stopped is the authority's to start.
    let egen = godkendt(&scene, &la, &gk, &anmodning(&[MATADOR])).await;
    aftaler::spaer(app, &gk, egen, matador, "Mistanke").await.expect("blocked");
    assert_eq!(koder(aftaler::ophaev(app, &la, egen, matador).await), ["A-001"]);
    aftaler::ophaev(app, &gk, egen, matador).await.expect("lifted");
    aftaler::spaer(app, &la, egen, matador, "Fejl").await.expect("its own system");
}

#[tokio::test]
async fn what_a_party_decides_about_its_roles_is_its_administrators() {
    let (scene, Hvem { la, .. }, _) = begge_dele().await;
    let adm = scene.person("Agnes", MATADOR, &[Modulrolle::Administrator]).await;
    let ret = async |kald: &Kald, aendr: fn(&mut Partfelter)| {
        let politik = scene.app.politik();
        let nu = part::hent(kald, &politik).expect("the party");
        let mut felter = Partfelter::af(nu);
        aendr(&mut felter);
        part::ret(&scene.app, kald, &systemer::maerke(nu), &felter).await
    };
    let flag: [fn(&mut Partfelter); 3] = [
        |f| f.egen_godkendelse = true,
        |f| f.administrator_maa_godkende = true,
        |f| f.brugeradministrator_maa_alt = true,
    ];
    for aendr in flag {
        assert_eq!(koder(ret(&la, aendr).await), ["A-001"]);
        ret(&adm, aendr).await.expect("hers");
    }
    ret(&la, |f| f.navn = "Matador Data".into()).await.expect("what it is called");
}

/// Somebody whose role reaches these systems only.
async fn begraenset(scene: &Scene, part: &str, rolle: Modulrolle, system: Uuid) -> Kald {
    let tildeling = Tildeling {
        id: scene.app.new_uuid(),
        rolle,
        part: cvr(part),
        omfang: Omfang { systemer: BTreeSet::from([system]), ..Omfang::default() },
        gyldig: Period::ALWAYS,
        sagsnummer: None,
        tildelt_af: None,
    };
    let kald = scene.person(&format!("Bo{system}"), part, &[rolle]).await;
    let bruger = styring::brugere::ved_login(&scene.app, kald.aktoer.bruger).await.expect("read");
    scene.som(&Bruger { roller: vec![tildeling], ..bruger.expect("there") }, part)
}

#[tokio::test]
async fn a_role_for_some_systems_reaches_no_other_agreements() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    let (app, korsbaek) = (&scene.app, cvr(KORSBAEK));
    let felter = systemer::Systemfelter {
        navn: "Omsorg".into(),
        typer: BTreeSet::from([administration::Systemtype::Anvendersystem]),
        oplysninger: administration::Systemoplysninger {
            email: "drift@matador.example".into(),
            ..Default::default()
        },
        vilkaar: true,
        ..Default::default()
    };
    let andet = systemer::opret(app, &la, &felter).await.expect("registered");
    let bo = begraenset(&scene, MATADOR, Modulrolle::Leverandoeradministrator, andet).await;
    let anmodning = anmodning(&[KORSBAEK]);
    assert_eq!(koder(aftaler::gem_kladde(app, &bo, None, &anmodning).await), ["A-001"]);
    let uuid = aftaler::gem_kladde(app, &la, None, &anmodning).await.expect("a draft");
    assert_eq!(koder(aftaler::gem_kladde(app, &bo, Some(uuid), &anmodning).await), ["A-001"]);
    assert_eq!(koder(aftaler::slet_kladde(app, &bo, uuid).await), ["A-001"]);
    assert_eq!(koder(aftaler::send(app, &bo, uuid).await), ["A-001"]);
    aftaler::send(app, &la, uuid).await.expect("sent");
    assert_eq!(koder(aftaler::traek_tilbage(app, &bo, uuid).await), ["A-001"]);
    let hendes = begraenset(&scene, KORSBAEK, Modulrolle::Godkender, andet).await;
    assert_eq!(koder(scene.svar(&hendes, uuid, 1, &Svar::Godkend(None)).await), ["A-001"]);
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    for kald in [&bo, &hendes] {
        assert_eq!(koder(aftaler::spaer(app, kald, uuid, korsbaek, "nej").await), ["A-001"]);
        assert_eq!(koder(aftaler::opsig(app, kald, uuid, korsbaek, om(&scene, 1), "nej").await), ["A-001"]);
    }
    assert_eq!(koder(aftaler::ny_version(app, &bo, uuid).await), ["A-001"]);
    assert_eq!(koder(aftaler::genbekraeft(app, &hendes, uuid).await), ["A-001"]);
    aftaler::spaer(app, &la, uuid, korsbaek, "Fejl").await.expect("blocked");
    assert_eq!(koder(aftaler::ophaev(app, &bo, uuid, korsbaek).await), ["A-001"]);
    let med = begraenset(&scene, MATADOR, Modulrolle::Leverandoeradministrator, KY).await;
    aftaler::ophaev(app, &med, uuid, korsbaek).await.expect("a system it reaches");
    let egen = Anmodning { system: andet, ..anmodning };
    aftaler::gem_kladde(app, &bo, None, &egen).await.expect("a system it reaches");
}

#[tokio::test]
async fn a_task_is_taken_from_nobody() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    let anden = scene.person("Grete", KORSBAEK, &[Modulrolle::Godkender]).await;
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    let opgave = opgaver::mine(&scene.app, &gk).await.expect("tasks").remove(0).post.uuid;
    let goer = async |kald: &Kald, handling| opgaver::handl(&scene.app, kald, opgave, handling).await;
    goer(&gk, opgaver::Opgavehandling::Overtag).await.expect("taken");
    let fejl = goer(&anden, opgaver::Opgavehandling::Overtag).await;
    let fejl = fejl.expect_err("somebody has it");
    assert!(fejl.med_kode("A-017").is_some_and(|f| f.tekst.starts_with("Gunnar har overtaget")), "{fejl}");
    goer(&gk, opgaver::Opgavehandling::Giv).await.expect("given back");
    goer(&anden, opgaver::Opgavehandling::Overtag).await.expect("taken");
    // Whoever has it is no condition for answering.
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    let politik = scene.app.politik();
    let v = aftaler::hent(&gk, &politik, uuid, scene.nu()).expect("seen")[0];
    assert_eq!(v.tilstand, Aftaletilstand::Aktiv);
}

#[tokio::test]
async fn what_notice_was_given_of_is_blocked_and_opened_and_still_ends_on_its_day() {
    let (scene, Hvem { la, gk, op }) = scene().await;
    let (app, korsbaek) = (&scene.app, cvr(KORSBAEK));
    let uuid = godkendt(&scene, &la, &gk, &anmodning(&[KORSBAEK])).await;
    aftaler::opsig(app, &la, uuid, korsbaek, om(&scene, 30), "Skifter system").await.expect("notice");
    assert!(scene.ky_kan_laese(KORSBAEK));
    aftaler::spaer(app, &gk, uuid, korsbaek, "Mistanke").await.expect("blocked at once");
    assert!(!scene.ky_kan_laese(KORSBAEK));
    let fortalt = async |emne: &str| scene.ulaeste(&la).await.iter().any(|e| e == emne);
    assert!(fortalt("Serviceaftalen KY læser organisation er spærret").await);
    let tilstand = |scene: &Scene| {
        let politik = scene.app.politik();
        aftaler::hent(&gk, &politik, uuid, scene.nu()).expect("seen")[0].tilstand
    };
    assert_eq!(tilstand(&scene), Aftaletilstand::Spaerret);
    assert_eq!(koder(aftaler::spaer(app, &la, uuid, korsbaek, "Igen").await), ["G-210"]);
    assert_eq!(koder(aftaler::opsig(app, &gk, uuid, korsbaek, om(&scene, 90), "Senere").await), ["G-210"]);
    for kald in [&la, &op] {
        assert_eq!(
            koder(aftaler::ophaev(app, kald, uuid, korsbaek).await),
            ["G-212"],
            "the authority's block"
        );
    }
    aftaler::ophaev(app, &gk, uuid, korsbaek).await.expect("lifted");
    assert_eq!((tilstand(&scene), scene.ky_kan_laese(KORSBAEK)), (Aftaletilstand::Opsagt, true));
    assert!(fortalt("Spærringen af serviceaftalen KY læser organisation er ophævet").await);
    let part = app.politik().data().aftaler[0].versioner[0].myndigheder[0].clone();
    assert_eq!((part.aarsag.as_deref(), part.opsigelsesaarsag), (Some("Skifter system"), None));
    // Blocked when the day comes, it ends all the same.
    aftaler::spaer(app, &op, uuid, korsbaek, "Hændelse").await.expect("blocked");
    scene.gaa(30);
    assert_eq!((tilstand(&scene), scene.ky_kan_laese(KORSBAEK)), (Aftaletilstand::Ophoert, false));
    assert_eq!(koder(aftaler::ophaev(app, &op, uuid, korsbaek).await), ["G-210"], "it has ended");
}
