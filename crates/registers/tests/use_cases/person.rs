//! Taking a person out of all history.

use crate::scene::{Scene, aktiv, egenskab, id, period, relation, sendt};
use bitemporal::Instant;
use oio::catalog::organisation::{bruger, person};
use oio::catalog::{BRUGER, ObjektType, PERSON};
use oio::model::Indhold;
use oio::operation::{Aendring, TidsFilter};
use oio::{Fejl, ObjektId};
use registers::{Anonymiser, anonymiser, importer, laes, ret};

const CPR: &str = "0101700000";

async fn import_person(scene: &Scene, objekt: ObjektId, navn: &str) {
    let felter = [(person::CPR_NUMMER.navn, CPR), (person::NAVN.navn, navn)];
    let indhold = Indhold { egenskaber: vec![egenskab("p", &felter)], ..Indhold::default() };
    importer(&scene.app, &scene.ky(), &PERSON, objekt, sendt(indhold)).await.expect("imported");
}

async fn import_bruger(scene: &Scene, objekt: ObjektId, personer: &[ObjektId]) {
    let links = personer.iter().map(|p| relation(bruger::TILKNYTTEDE_PERSONER, *p, period(-100, None)));
    let indhold = Indhold {
        egenskaber: vec![egenskab("idaeks", &[(bruger::BRUGERNAVN.navn, "idaeks")])],
        tilstande: aktiv(),
        relationer: links.collect(),
        ..Indhold::default()
    };
    importer(&scene.app, &scene.ky(), &BRUGER, objekt, sendt(indhold)).await.expect("imported");
}

/// Everything ever recorded about an object, as text.
async fn everything(scene: &Scene, typ: &'static ObjektType, objekt: ObjektId) -> String {
    let filter = TidsFilter {
        virkning_fra: Some(Instant::NEG_INFINITY),
        virkning_til: Some(Instant::POS_INFINITY),
        registrering_fra: Some(Instant::NEG_INFINITY),
        registrering_til: Some(Instant::POS_INFINITY),
    };
    let billede = laes(&scene.app, &scene.ky(), typ, objekt, filter).await.expect("readable");
    format!("{:?}", billede.registreringer)
}

#[tokio::test]
async fn a_person_disappears_from_every_registrering() {
    let scene = Scene::new().await;
    import_person(&scene, id(1), "Ida Eksempel").await;
    scene.wait_days(1);
    let nyt_navn = egenskab("p", &[(person::CPR_NUMMER.navn, CPR), (person::NAVN.navn, "Ida Prøvesen")]);
    let aendring = Aendring { egenskaber: Some(vec![nyt_navn]), ..Aendring::default() };
    ret(&scene.app, &scene.ky(), &PERSON, id(1), None, aendring).await.expect("changed");
    import_bruger(&scene, id(2), &[id(1)]).await;
    import_bruger(&scene, id(3), &[id(9)]).await;
    anonymiser(&scene.app, &scene.ky(), Anonymiser::Cpr(CPR.into())).await.expect("anonymised");
    let person = everything(&scene, &PERSON, id(1)).await;
    assert_eq!(person.matches("Registrering {").count(), 3, "history stays, and says what was done");
    let bruger = everything(&scene, &BRUGER, id(2)).await;
    for text in ["Ida", CPR, "idaeks"] {
        assert!(!person.contains(text) && !bruger.contains(text), "{text} is still there");
    }
    assert!(
        everything(&scene, &BRUGER, id(3)).await.contains("idaeks"),
        "another person's user is untouched"
    );
    let again = anonymiser(&scene.app, &scene.ky(), Anonymiser::Cpr(CPR.into())).await;
    assert!(matches!(again, Err(Fejl::Ukendt(_))), "nobody has the number now: {again:?}");
}

#[tokio::test]
async fn it_takes_the_data_limit() {
    let scene = Scene::new().await;
    import_person(&scene, id(1), "Ida Eksempel").await;
    let refused = anonymiser(&scene.app, &scene.ksd(), Anonymiser::Uuid(id(1))).await;
    assert!(matches!(refused, Err(Fejl::Afvist(_))), "{refused:?}");
    assert!(everything(&scene, &PERSON, id(1)).await.contains("Ida"));
}
