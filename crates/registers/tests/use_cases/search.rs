//! Searching, also at an earlier time and page by page.

use crate::scene::{Scene, day, egenskab, id, period, relation, sendt};
use oio::ObjektId;
use oio::catalog::organisation::{organisationfunktion, virksomhed};
use oio::catalog::{ORGANISATIONFUNKTION, VIRKSOMHED};
use oio::model::{Indhold, Livscyklus};
use oio::operation::{Aendring, Skabelon, SoegEgenskab, SoegRegistrering, SoegRelation, SoegVirkning};
use registers::{importer, passiver, ret, soeg};

fn funktion(navn: &str, enhed: ObjektId) -> Indhold {
    Indhold {
        egenskaber: vec![egenskab(navn, &[(organisationfunktion::NAVN.navn, navn)])],
        relationer: vec![relation(organisationfunktion::TILKNYTTEDE_ENHEDER, enhed, period(-100, None))],
        ..Indhold::default()
    }
}

fn ved_navn(navn: &str) -> Skabelon {
    Skabelon {
        egenskaber: vec![SoegEgenskab {
            felter: vec![(organisationfunktion::NAVN.navn, navn.into())],
            ..SoegEgenskab::default()
        }],
        ..Skabelon::default()
    }
}

fn i_enhed(enhed: ObjektId) -> SoegRelation {
    SoegRelation {
        navn: organisationfunktion::TILKNYTTEDE_ENHEDER.navn,
        virkning: None,
        reference: Some(enhed.0.into()),
        rolle: None,
        objekttype: None,
        indeks: None,
    }
}

async fn find(scene: &Scene, skabelon: Skabelon) -> Vec<ObjektId> {
    soeg(&scene.app, &scene.ky(), &ORGANISATIONFUNKTION, skabelon, None, None).await.expect("a search")
}

#[tokio::test]
async fn templates_find_what_they_describe() {
    let scene = Scene::new().await;
    let (a, b) = (id(100), id(101));
    for (n, navn, enhed) in [(1, "Sagsbehandler", a), (2, "sagsbehandler", b), (3, "Leder", a)] {
        let indhold = sendt(funktion(navn, enhed));
        importer(&scene.app, &scene.ky(), &ORGANISATIONFUNKTION, id(n), indhold).await.expect("imported");
    }
    assert_eq!(find(&scene, Skabelon::default()).await, [id(1), id(2), id(3)]);
    assert_eq!(find(&scene, ved_navn("SAGSBEHANDLER")).await, [id(1), id(2)]);
    assert_eq!(find(&scene, ved_navn("*behand*")).await, [id(1), id(2)]);
    assert_eq!(find(&scene, Skabelon { relationer: vec![i_enhed(a)], ..ved_navn("s*") }).await, [id(1)]);
    let either = Skabelon {
        egenskaber: [ved_navn("leder").egenskaber, ved_navn("sags*").egenskaber].concat(),
        relationer: vec![i_enhed(a)],
        ..Skabelon::default()
    };
    assert_eq!(find(&scene, either).await, [id(1), id(3)]);
}

#[tokio::test]
async fn pages_are_complete_and_do_not_overlap() {
    let scene = Scene::new().await;
    for n in 1..=25 {
        let indhold = sendt(funktion("Post", id(100)));
        importer(&scene.app, &scene.ky(), &ORGANISATIONFUNKTION, id(n), indhold).await.expect("imported");
    }
    for skabelon in [Skabelon::default(), ved_navn("post"), ved_navn("p*")] {
        let mut seen = Vec::new();
        for page in 0..4 {
            let (foerste, antal) = (Some(page * 10), Some(10));
            let typ = &ORGANISATIONFUNKTION;
            seen.extend(
                soeg(&scene.app, &scene.ky(), typ, skabelon.clone(), foerste, antal).await.expect("a page"),
            );
        }
        assert_eq!(seen, (1..=25).map(id).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn objects_out_of_use_are_found_only_when_asked_for() {
    let scene = Scene::new().await;
    let (app, ky) = (&scene.app, scene.ky());
    importer(app, &ky, &ORGANISATIONFUNKTION, id(1), sendt(funktion("Post", id(100))))
        .await
        .expect("imported");
    passiver(app, &ky, &ORGANISATIONFUNKTION, id(1), None).await.expect("passivated");
    assert_eq!(find(&scene, ved_navn("Post")).await, []);
    let passiv = SoegRegistrering { livscyklus: Some(Livscyklus::Passiveret), ..SoegRegistrering::default() };
    assert_eq!(find(&scene, Skabelon { registrering: passiv, ..ved_navn("Post") }).await, [id(1)]);
}

#[tokio::test]
async fn a_search_can_ask_what_was_known_before() {
    let scene = Scene::new().await;
    let (app, ky) = (&scene.app, scene.ky());
    importer(app, &ky, &ORGANISATIONFUNKTION, id(1), sendt(funktion("Post", id(100))))
        .await
        .expect("imported");
    scene.wait_days(10);
    let ny = egenskab("Ny", &[(organisationfunktion::NAVN.navn, "Ny")]);
    let aendring = Aendring { egenskaber: Some(vec![ny]), ..Aendring::default() };
    ret(app, &ky, &ORGANISATIONFUNKTION, id(1), None, aendring).await.expect("changed");
    scene.wait_days(10);
    let til = |days| SoegRegistrering { til: Some(day(days)), ..SoegRegistrering::default() };
    let fra = |days| SoegRegistrering { fra: Some(day(days)), ..SoegRegistrering::default() };
    for (registrering, navn, expected) in [
        (til(5), "Post", true),
        (til(5), "Ny", false),
        (til(15), "Ny", true),
        (fra(5), "Ny", true),
        (fra(15), "Ny", false),
    ] {
        let found = find(&scene, Skabelon { registrering: registrering.clone(), ..ved_navn(navn) }).await;
        assert_eq!(!found.is_empty(), expected, "{registrering:?} {navn}");
    }
}

#[tokio::test]
async fn a_future_post_is_found_when_the_future_is_asked_about() {
    let scene = Scene::new().await;
    let (app, ky) = (&scene.app, scene.ky());
    let mut indhold = funktion("Post", id(100));
    indhold.relationer[0].virkning = period(30, None);
    importer(app, &ky, &ORGANISATIONFUNKTION, id(1), sendt(indhold)).await.expect("imported");
    let now = Skabelon { relationer: vec![i_enhed(id(100))], ..Skabelon::default() };
    assert_eq!(find(&scene, now).await, []);
    let fremtid = SoegVirkning {
        fra: Some(day(0)),
        til: Some(bitemporal::Instant::POS_INFINITY),
        ..SoegVirkning::default()
    };
    let later = SoegRelation { virkning: Some(fremtid), ..i_enhed(id(100)) };
    assert_eq!(find(&scene, Skabelon { relationer: vec![later], ..Skabelon::default() }).await, [id(1)]);
}

#[tokio::test]
async fn a_company_is_found_by_either_number() {
    let scene = Scene::new().await;
    let (app, ky) = (&scene.app, scene.ky());
    let indhold = Indhold { egenskaber: vec![egenskab("11223344", &[])], ..Indhold::default() };
    importer(app, &ky, &VIRKSOMHED, id(1), sendt(indhold)).await.expect("imported");
    let skabelon = Skabelon {
        egenskaber: vec![SoegEgenskab {
            felter: vec![(virksomhed::CVR_NUMMER.navn, "11223344".into())],
            ..SoegEgenskab::default()
        }],
        ..Skabelon::default()
    };
    assert_eq!(soeg(app, &ky, &VIRKSOMHED, skabelon, None, None).await.expect("a search"), [id(1)]);
}
