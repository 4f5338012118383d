//! The life of an object: what each operation answers, and what is recorded.

use crate::scene::{Scene, aktiv, egenskab, id, period, relation, sendt};
use oio::catalog::organisation::{adresse, organisationenhed};
use oio::catalog::{ADRESSE, ORGANISATIONENHED};
use oio::model::{Indhold, Livscyklus};
use oio::operation::{Aendring, TidsFilter};
use oio::{Fejl, ObjektId};
use registers::{importer, laes, opret, passiver, ret, slet};

fn adresse(tekst: &str) -> Indhold {
    Indhold {
        egenskaber: vec![egenskab("post", &[(adresse::ADRESSETEKST.navn, tekst)])],
        ..Indhold::default()
    }
}

async fn livscyklus(scene: &Scene, objekt: ObjektId) -> Livscyklus {
    let billede =
        laes(&scene.app, &scene.ky(), &ADRESSE, objekt, TidsFilter::default()).await.expect("readable");
    billede.registreringer[0].livscyklus
}

#[tokio::test]
async fn an_object_goes_through_its_life() {
    let scene = Scene::new().await;
    let (app, ky) = (&scene.app, scene.ky());
    let objekt = opret(app, &ky, &ADRESSE, None, adresse("Gågaden 1")).await.expect("created");
    assert_eq!(livscyklus(&scene, objekt).await, Livscyklus::Opstaaet);
    let again = importer(app, &ky, &ADRESSE, objekt, sendt(adresse("Gågaden 2"))).await;
    assert!(matches!(again, Err(Fejl::Konflikt(_))), "a live object cannot be imported over: {again:?}");
    passiver(app, &ky, &ADRESSE, objekt, None).await.expect("passivated");
    assert_eq!(livscyklus(&scene, objekt).await, Livscyklus::Passiveret);
    passiver(app, &ky, &ADRESSE, objekt, None).await.expect("passivating twice is fine");
    let change = ret(app, &ky, &ADRESSE, objekt, None, Aendring::default()).await;
    assert!(matches!(change, Err(Fejl::Konflikt(_))), "{change:?}");
    importer(app, &ky, &ADRESSE, objekt, sendt(adresse("Gågaden 3"))).await.expect("a new life");
    assert_eq!(livscyklus(&scene, objekt).await, Livscyklus::Importeret);
    slet(app, &ky, &ADRESSE, objekt, None).await.expect("deleted");
    let gone = laes(app, &ky, &ADRESSE, objekt, TidsFilter::default()).await;
    assert!(matches!(gone, Err(Fejl::Ukendt(_))), "{gone:?}");
    let twice = slet(app, &ky, &ADRESSE, objekt, None).await;
    assert!(matches!(twice, Err(Fejl::Ukendt(_))), "{twice:?}");
}

#[tokio::test]
async fn a_change_that_changes_nothing_records_nothing() {
    let scene = Scene::new().await;
    let (app, ky) = (&scene.app, scene.ky());
    importer(app, &ky, &ADRESSE, id(1), sendt(adresse("Gågaden 1"))).await.expect("imported");
    scene.wait_days(1);
    let same = Aendring { egenskaber: Some(adresse("Gågaden 1").egenskaber), ..Aendring::default() };
    ret(app, &ky, &ADRESSE, id(1), None, same).await.expect("accepted");
    let alt = TidsFilter {
        registrering_fra: Some(bitemporal::Instant::NEG_INFINITY),
        registrering_til: Some(bitemporal::Instant::POS_INFINITY),
        ..TidsFilter::default()
    };
    let billede = laes(app, &ky, &ADRESSE, id(1), alt).await.expect("readable");
    assert_eq!(billede.registreringer.len(), 1);
}

#[tokio::test]
async fn a_moved_unit_is_read_at_both_times() {
    let scene = Scene::new().await;
    let (app, ky) = (&scene.app, scene.ky());
    let (enhed, foer, efter) = (id(10), id(11), id(12));
    let indhold = Indhold {
        egenskaber: vec![egenskab("Park og Vej", &[(organisationenhed::NAVN.navn, "Park og Vej")])],
        tilstande: aktiv(),
        relationer: vec![relation(organisationenhed::OVERORDNET, foer, period(-100, None))],
        ..Indhold::default()
    };
    importer(app, &ky, &ORGANISATIONENHED, enhed, sendt(indhold)).await.expect("imported");
    scene.wait_days(10);
    let move_it = Aendring {
        relationer: Some(vec![relation(organisationenhed::OVERORDNET, efter, period(5, None))]),
        ..Aendring::default()
    };
    ret(app, &ky, &ORGANISATIONENHED, enhed, Some("flyttet".into()), move_it).await.expect("moved");
    // (virkning, registrering) in days after the start → where the unit belonged, as was known then.
    for (virkning, registrering, expected) in [(7, 10, efter), (3, 10, foer), (7, 9, foer)] {
        let (virkning, registrering) = (crate::scene::day(virkning), crate::scene::day(registrering));
        let filter = TidsFilter {
            virkning_fra: Some(virkning),
            virkning_til: Some(virkning),
            registrering_fra: Some(registrering),
            registrering_til: Some(registrering),
        };
        let billede = laes(app, &ky, &ORGANISATIONENHED, enhed, filter).await.expect("readable");
        let relationer = &billede.registreringer[0].indhold.relationer;
        assert_eq!(relationer[0].uuid(), Some(expected.0), "{filter:?}");
    }
}

#[tokio::test]
async fn writers_that_meet_all_get_their_say() {
    let scene = Scene::new().await;
    let (app, ky) = (&scene.app, scene.ky());
    importer(app, &ky, &ADRESSE, id(1), sendt(adresse("Gågaden 1"))).await.expect("imported");
    let mut tasks = Vec::new();
    for n in 0..8i64 {
        let (app, ky) = (app.clone(), ky.clone());
        tasks.push(tokio::spawn(async move {
            let mut ny = egenskab("post", &[(adresse::ADRESSETEKST.navn, &format!("Gågaden {n}"))]);
            ny.virkning = period(n, Some(n + 1));
            let aendring = Aendring { egenskaber: Some(vec![ny]), ..Aendring::default() };
            ret(&app, &ky, &ADRESSE, id(1), None, aendring).await
        }));
    }
    for task in tasks {
        task.await.expect("no panic").expect("every change is recorded");
    }
    let alt = TidsFilter {
        virkning_fra: Some(bitemporal::Instant::NEG_INFINITY),
        virkning_til: Some(bitemporal::Instant::POS_INFINITY),
        ..TidsFilter::default()
    };
    let billede = laes(app, &ky, &ADRESSE, id(1), alt).await.expect("readable");
    let egenskaber = &billede.registreringer[0].indhold.egenskaber;
    for n in 0..8 {
        let at = egenskaber.iter().find(|e| e.virkning.period.contains(crate::scene::day(n)));
        let tekst = at.and_then(|e| e.tekst(adresse::ADRESSETEKST.navn));
        assert_eq!(tekst, Some(format!("Gågaden {n}").as_str()), "on day {n}");
    }
}
