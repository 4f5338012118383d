//! What time, and suppliers, do to others: receivers that do not answer, queues nobody empties, roles that are withdrawn,
//! systems that are new, stikprøver that are due.

use crate::scene::*;
use crate::{jobfunktionsroller as jfr, stikproever as proever};
use administration::{Dueslag, Leveringsmaade, Modulrolle as R, Systemtype};
use bitemporal::Instant;
use store::{Drift, NyBesked, NyKoepost};
use styring::systemer::{self, Rollefelter, rollemaerke};
use styring::{Kald, adviser, jobfunktionsroller, stikproever};
use uuid::Uuid;

const PUSH: Uuid = Uuid::from_u128(0xd1);
const PULL: Uuid = Uuid::from_u128(0xd2);
const MINUT: i64 = 60;

async fn frister(scene: &Scene) {
    adviser::frister(&scene.app).await.expect("looked");
}

/// The subjects with these words that a person has been told of.
async fn om(scene: &Scene, kald: &Kald, ord: &str) -> Vec<String> {
    scene.ulaeste(kald).await.into_iter().filter(|e| e.contains(ord)).collect()
}

async fn med_dueslag() -> Scene {
    let scene = Scene::ny().await;
    let mut data = scene.app.politik().data().clone();
    let url = Some("https://modtager.example/beskeder".to_owned());
    data.dueslag.push(Dueslag { maade: Leveringsmaade::Push, url, ..Dueslag::ny(PUSH, "KY push", KY) });
    data.dueslag.push(Dueslag::ny(PULL, "KY hent", KY));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    scene
}

#[tokio::test]
async fn a_receiver_that_cannot_be_reached_is_told_to_its_supplier() {
    let scene = med_dueslag().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let tk = scene.person("Tove", MATADOR, &[R::TekniskKontakt]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    frister(&scene).await;
    let siden = scene.nu();
    let drift = Drift { siden: Some(siden), fejl: Some("modtageren svarede ikke".into()), ..Drift::ny(PUSH) };
    scene.app.store().gem_drift(&drift).await.expect("stored");
    let mut set = Vec::new();
    for minutter in [10, 10, 10, 40, 60, 24 * 60 - 130, 24 * 60] {
        scene.gaa_sekunder(minutter * MINUT);
        frister(&scene).await;
        let nye = om(&scene, &la, "KY har ikke kunnet modtage").await;
        assert_eq!(nye, om(&scene, &tk, "KY har ikke kunnet modtage").await);
        set.push(nye.len());
    }
    assert_eq!(set, [0, 1, 1, 2, 2, 3, 4], "a quarter of an hour, an hour, and each day");
    let alle = om(&scene, &la, "KY har ikke kunnet modtage").await;
    assert!(alle[0].ends_with("i 2 døgn") && alle[3].ends_with("i 15 minutter"), "{alle:?}");
    assert!(scene.ulaeste(&gk).await.is_empty(), "others have no part in it");
    // It is given up: told each day, until somebody says go on.
    scene.app.store().gem_drift(&Drift { pauset: true, ..drift }).await.expect("stored");
    scene.gaa(1);
    frister(&scene).await;
    assert_eq!(om(&scene, &la, "Leveringen af beskeder til KY er stoppet").await.len(), 1);
    scene.app.store().gem_drift(&Drift::ny(PUSH)).await.expect("stored");
    scene.gaa(1);
    frister(&scene).await;
    assert_eq!(scene.ulaeste(&la).await.len(), 5, "it goes well again");
}

#[tokio::test]
async fn a_receivers_certificate_is_told_before_it_expires_and_near_the_end_to_all() {
    let scene = med_dueslag().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let op = scene.person("Ole", &oio::Cvr::KOMBIT.to_string(), &[R::Driftsoperatoer]).await;
    frister(&scene).await;
    let slut = Instant::from_micros(scene.nu().micros() + 100 * DAG);
    for dueslag in [PUSH, PULL] {
        let drift = Drift { certifikat: Some(slut), ..Drift::ny(dueslag) };
        scene.app.store().gem_drift(&drift).await.expect("stored");
    }
    let ord = "Certifikatet hos modtageren af beskeder til KY udløber 25-04-2027";
    let mut set = Vec::new();
    for dage in [9, 2, 60, 16, 7, 5, 2] {
        scene.gaa(dage);
        for _ in 0..2 {
            frister(&scene).await;
        }
        set.push((om(&scene, &la, ord).await.len(), om(&scene, &op, ord).await.len()));
    }
    let ventet = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 1), (5, 2), (5, 2)];
    assert_eq!(set, ventet, "90, 30, 14, 7 and 1 days, each once; the others from 7 on");
}

#[tokio::test]
async fn our_own_certificates_are_told_to_who_runs_the_installation() {
    let scene = Scene::ny().await;
    let op = scene.person("Ole", &oio::Cvr::KOMBIT.to_string(), &[R::Driftsoperatoer]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    frister(&scene).await;
    let om_dage = |dage: i64| Instant::from_micros(scene.nu().micros() + dage * DAG);
    let et = |hvad: &str, udloeber| app::Egetcertifikat {
        hvad: hvad.into(),
        udloeber,
        aftryk: "a1".into(),
        raad: "Læg et nyt i pki/server.pem.".into(),
    };
    scene.app.saet_egne_certifikater("filer", vec![et("TLS", om_dage(35)), et("push", om_dage(400))]);
    scene.app.saet_egne_certifikater("noegler", vec![et("signering (sts)", om_dage(35))]);
    let mut set = Vec::new();
    for dage in [4, 2, 10, 12, 6, 2] {
        scene.gaa(dage);
        for _ in 0..2 {
            frister(&scene).await;
        }
        set.push(om(&scene, &op, "Installationens eget certifikat til TLS udløber").await.len());
    }
    assert_eq!(set, [0, 1, 1, 2, 3, 3], "30, 14, 7 and 1 days");
    assert_eq!(om(&scene, &op, "signering (sts)").await.len(), *set.last().expect("some"));
    assert!(om(&scene, &op, "push").await.is_empty());
    assert!(scene.ulaeste(&gk).await.is_empty());
    // Another one: its days are counted anew.
    scene.app.saet_egne_certifikater("filer", vec![et("TLS", om_dage(400))]);
    scene.gaa(1);
    frister(&scene).await;
    assert_eq!(om(&scene, &op, "certifikat til TLS").await.len(), 3);
}

#[tokio::test]
async fn a_queue_that_nobody_empties_is_told_each_day() {
    let scene = med_dueslag().await;
    let tk = scene.person("Tove", MATADOR, &[R::TekniskKontakt]).await;
    frister(&scene).await;
    let kopi = NyKoepost { dueslag: PULL, aftale: Uuid::from_u128(5), tilladte: vec![cvr(KORSBAEK)] };
    let besked = NyBesked {
        besked_id: "1".into(),
        system: KY,
        cvr: cvr(KORSBAEK),
        beskedtype: "type".into(),
        foelsomhed: None,
        kle: String::new(),
        transaktion: "t".into(),
        korrelation: "k".into(),
        modtaget: scene.nu(),
        sha256: [1; 32],
        krop: vec![1].into(),
        koeposter: vec![kopi],
        overladt: false,
        haendelse: None,
    };
    scene.app.store().laeg_besked(besked).await.expect("stored");
    scene.gaa_sekunder(23 * 60 * MINUT);
    frister(&scene).await;
    assert!(scene.ulaeste(&tk).await.is_empty(), "it may be fetched once a day");
    scene.gaa_sekunder(2 * 60 * MINUT);
    frister(&scene).await;
    assert_eq!(scene.ulaeste(&tk).await, ["KY har ikke hentet beskeder i et døgn"]);
    scene.gaa_sekunder(60 * MINUT);
    frister(&scene).await;
    assert_eq!(scene.ulaeste(&tk).await.len(), 1, "once");
}

#[tokio::test]
async fn who_uses_a_role_is_told_when_it_is_changed_and_withdrawn() {
    let scene = jfr::scene().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let jfa = scene.person("Jens", KORSBAEK, &[R::Jobfunktionsrolleadministrator]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Jobfunktionsrolleadministrator]).await;
    for navn in ["Ydelse", "Sagsbehandler"] {
        let ny = jfr::rolle(&scene, navn, Some("32.*"));
        jobfunktionsroller::gem(&scene.app, &jfa, &ny, None).await.expect("a draft");
    }
    frister(&scene).await;
    let rolle = || scene.app.politik().system(KY).expect("KY").brugersystemroller[0].clone();
    let ved = |beskrivelse: &str| {
        let r = rolle();
        let beskrivelse = beskrivelse.to_owned();
        let (navn, entity_id, foelsom) = (r.navn, r.entity_id, r.foelsom);
        Rollefelter { navn, beskrivelse, entity_id, afgraensninger: r.afgraensninger, foelsom }
    };
    let om_rollen = (KY, rolle().uuid);
    for beskrivelse in ["Se sager", "Se og rette sager"] {
        let maerket = rollemaerke(&rolle());
        let f = ved(beskrivelse);
        systemer::ret_rolle(&scene.app, &la, om_rollen, &maerket, &f).await.expect("changed");
    }
    assert_eq!(
        scene.ulaeste(&jfa).await,
        ["Brugersystemrollen Se sag i KY er ændret"],
        "what is as it was is not told"
    );
    let dag = Instant::from_micros(scene.nu().micros() + 60 * DAG);
    let maerket = rollemaerke(&rolle());
    let for_naer = Some(Instant::from_micros(scene.nu().micros() + 29 * DAG));
    assert_eq!(koder(systemer::udfas_rolle(&scene.app, &la, om_rollen, &maerket, for_naer).await), ["S-111"]);
    systemer::udfas_rolle(&scene.app, &la, om_rollen, &maerket, Some(dag)).await.expect("withdrawn");
    let udfases = async |kald| om(&scene, kald, "i KY udfases ").await.len();
    assert_eq!(udfases(&jfa).await, 1);
    for (dage, ventet) in [(29, 1), (2, 2), (21, 2), (2, 3), (7, 3)] {
        scene.gaa(dage);
        frister(&scene).await;
        assert_eq!(udfases(&jfa).await, ventet, "after {dage} more days");
    }
    assert!(scene.ulaeste(&nabo).await.is_empty(), "who does not use it is told nothing");
    assert!(scene.ulaeste(&la).await.is_empty(), "who did it knows");
}

#[tokio::test]
async fn a_system_that_begins_to_offer_roles_is_told_once_to_who_may_use_it() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let jfa = scene.person("Jens", KORSBAEK, &[R::Jobfunktionsrolleadministrator]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Jobfunktionsrolleadministrator]).await;
    let mut data = scene.app.politik().data().clone();
    let ky = data.systemer.iter_mut().find(|s| s.uuid == KY).expect("KY");
    ky.typer.insert(Systemtype::BrugervendtSystem);
    ky.myndighedsafgraensning.insert(cvr(KORSBAEK));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    for nr in 1..=2 {
        let f = Rollefelter {
            navn: format!("Se {nr}"),
            beskrivelse: "Se sager".into(),
            entity_id: format!("http://ky.example/roles/usersystemrole/se_{nr}/1"),
            ..Rollefelter::default()
        };
        systemer::opret_rolle(&scene.app, &la, KY, &f).await.expect("offered");
    }
    assert_eq!(scene.ulaeste(&jfa).await, ["Nyt brugervendt system: KY"]);
    assert!(scene.ulaeste(&nabo).await.is_empty(), "it is not for the neighbour");
}

#[tokio::test]
async fn a_half_year_without_a_stikproeve_is_told_and_so_is_one_that_waits_for_answers() {
    let scene = Scene::ny().await;
    let log = scene.person("Lauritz", KORSBAEK, &[R::Logansvarlig]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Logansvarlig]).await;
    let la = scene.person("Laura", MATADOR, &[R::LeverandoerOrganisation]).await;
    // The scene begins on 15 January 2027: the half-year ends 167 days later.
    scene.gaa(100);
    frister(&scene).await;
    scene.gaa(10);
    frister(&scene).await;
    let mangler = "Halvårets stikprøve af loggen mangler";
    for kald in [&log, &nabo] {
        assert_eq!(scene.ulaeste(kald).await, [mangler]);
    }
    assert!(scene.ulaeste(&la).await.is_empty());
    proever::laes_loggen(&scene, &log, 2).await;
    scene.gaa_sekunder(1);
    stikproever::traek(&scene.app, &log, &proever::traek(&scene, administration::Laesere::Personer))
        .await
        .expect("drawn");
    for (dage, frist) in [(22, 0), (2, 1), (4, 1), (1, 2)] {
        scene.gaa(dage);
        frister(&scene).await;
        assert_eq!(
            om(&scene, &log, "skal være besvaret senest").await.len(),
            frist,
            "after {dage} more days"
        );
    }
    scene.gaa(14);
    frister(&scene).await;
    assert_eq!(om(&scene, &log, mangler).await.len(), 1, "one was drawn");
    assert_eq!(om(&scene, &nabo, mangler).await.len(), 2, "two weeks before the end");
}
