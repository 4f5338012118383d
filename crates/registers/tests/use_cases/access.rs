//! What others may see and do: nothing they have no agreement for.

use crate::scene::{Scene, egenskab, id, sendt};
use oio::Fejl;
use oio::catalog::organisation::{adresse, person};
use oio::catalog::{ADRESSE, PERSON};
use oio::model::Indhold;
use oio::operation::{Aendring, Skabelon, SoegEgenskab, TidsFilter};
use registers::{importer, laes, list, passiver, ret, slet, soeg};

fn adresse() -> Indhold {
    Indhold {
        egenskaber: vec![egenskab("post", &[(adresse::ADRESSETEKST.navn, "Gågaden 1")])],
        ..Indhold::default()
    }
}

#[tokio::test]
async fn another_municipality_sees_nothing_and_changes_nothing() {
    let scene = Scene::new().await;
    let (app, sapa) = (&scene.app, scene.sapa());
    importer(app, &scene.ky(), &ADRESSE, id(1), sendt(adresse())).await.expect("imported");
    let before = laes(app, &scene.ky(), &ADRESSE, id(1), TidsFilter::default()).await.expect("readable");
    let unknown = [
        laes(app, &sapa, &ADRESSE, id(1), TidsFilter::default()).await.map(drop),
        list(app, &sapa, &ADRESSE, vec![id(1)], TidsFilter::default()).await.map(drop),
        ret(app, &sapa, &ADRESSE, id(1), None, Aendring::default()).await,
        passiver(app, &sapa, &ADRESSE, id(1), None).await,
        slet(app, &sapa, &ADRESSE, id(1), None).await,
    ];
    for answer in unknown {
        assert!(matches!(answer, Err(Fejl::Ukendt(_))), "{answer:?}");
    }
    let taken = importer(app, &sapa, &ADRESSE, id(1), sendt(adresse())).await;
    assert!(matches!(taken, Err(Fejl::Afvist(_))), "{taken:?}");
    let found = soeg(app, &sapa, &ADRESSE, Skabelon::default(), None, None).await.expect("a search");
    assert!(found.is_empty(), "{found:?}");
    let after = laes(app, &scene.ky(), &ADRESSE, id(1), TidsFilter::default()).await.expect("readable");
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_reader_may_not_write() {
    let scene = Scene::new().await;
    let refused = importer(&scene.app, &scene.ksd(), &ADRESSE, id(1), sendt(adresse())).await;
    assert!(matches!(&refused, Err(Fejl::Afvist(why)) if why.contains("Rediger")), "{refused:?}");
}

#[tokio::test]
async fn names_and_cpr_numbers_stay_hidden_also_from_searches() {
    let scene = Scene::new().await;
    let (app, ksd) = (&scene.app, scene.ksd());
    let felter = [(person::CPR_NUMMER.navn, "0101700000"), (person::NAVN.navn, "Ida Eksempel")];
    let indhold = Indhold { egenskaber: vec![egenskab("p1", &felter)], ..Indhold::default() };
    importer(app, &scene.ky(), &PERSON, id(1), sendt(indhold)).await.expect("imported");
    let billede = laes(app, &ksd, &PERSON, id(1), TidsFilter::default()).await.expect("readable");
    let egenskab = &billede.registreringer[0].indhold.egenskaber[0];
    assert_eq!(egenskab.felter.len(), 1, "only the key is left: {egenskab:?}");
    for (navn, value) in felter {
        let skabelon = Skabelon {
            egenskaber: vec![SoegEgenskab { felter: vec![(navn, value.into())], ..SoegEgenskab::default() }],
            ..Skabelon::default()
        };
        let refused = soeg(app, &ksd, &PERSON, skabelon.clone(), None, None).await;
        assert!(matches!(refused, Err(Fejl::Afvist(_))), "{refused:?}");
        assert_eq!(soeg(app, &scene.ky(), &PERSON, skabelon, None, None).await.expect("a search"), [id(1)]);
    }
}
