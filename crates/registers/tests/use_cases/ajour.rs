//! Objects stored by an earlier program get the search keys it did not derive.

use crate::scene::{KORSBAEK, Scene, cvr, egenskab, id};
use adgang::Aarsag;
use oio::catalog::ORGANISATIONENHED;
use oio::catalog::organisation::organisationenhed;
use oio::model::{Indhold, Livscyklus, Registrering};
use oio::{ObjektId, krop, noegle};
use registers::ajourfoer_noegler;
use store::{Noegle, NyRegistrering, Ordnet, Tilfoejelse};

/// Stores a unit as an earlier program did.
async fn som_foer(scene: &Scene, enhed: ObjektId, navn: &str) {
    let (app, ejer) = (&scene.app, cvr(KORSBAEK));
    let indhold = Indhold {
        egenskaber: vec![egenskab(navn, &[(organisationenhed::NAVN.navn, navn)])],
        ..Indhold::default()
    };
    let nye = [noegle::felt_plads(&ORGANISATIONENHED), noegle::felt_ord(&ORGANISATIONENHED)];
    let kendte = noegle::noegler(&ORGANISATIONENHED, &indhold).into_iter().filter(|n| !nye.contains(&n.felt));
    let noegler_til =
        kendte.map(|n| Noegle { felt: n.felt.0, vaerdi: n.vaerdi, fra: n.fra.micros(), til: n.til.micros() });
    let (tidspunkt, livscyklus) = (app.now(), Livscyklus::Opstaaet);
    let registrering = Registrering { tidspunkt, livscyklus, bruger_ref: None, note: None, indhold };
    let tilfoejelse = Tilfoejelse {
        objekt: enhed,
        objekttype: ORGANISATIONENHED.name,
        ejer,
        foer: None,
        registreringer: vec![NyRegistrering { tidspunkt, livscyklus, krop: krop::encode(&registrering) }],
        noegler_vaek: Vec::new(),
        noegler_til: noegler_til.collect(),
        handling: "Opret",
    };
    let adgang = app.system_adgang(Aarsag::Seed, ejer);
    app.store().append(&adgang, tidspunkt, vec![tilfoejelse]).await.expect("stored");
}

async fn fundne(scene: &Scene, felt: noegle::Felt, praefiks: &str) -> Vec<ObjektId> {
    let adgang = scene.app.system_adgang(Aarsag::Check, cvr(KORSBAEK));
    let tid = scene.app.now();
    let ordnet = Ordnet { felt: felt.0, praefiks, tid, ejer: None, efter: None, antal: 1_000 };
    let fundne = scene.app.store().i_orden(&adgang, &ordnet).await.expect("a walk");
    fundne.into_iter().map(|(_, id)| id).collect()
}

#[tokio::test]
async fn what_was_stored_before_is_found_when_the_installation_is_opened() {
    let scene = Scene::new().await;
    for n in 0..501 {
        som_foer(&scene, id(0x1000 + n), &format!("Team {n:03}")).await;
    }
    let (plads, ord) = (noegle::felt_plads(&ORGANISATIONENHED), noegle::felt_ord(&ORGANISATIONENHED));
    let top = noegle::plads(&[None]);
    assert!(fundne(&scene, plads, &top).await.is_empty());
    let hoert = std::sync::Mutex::new(Vec::new());
    for _ in 0..2 {
        ajourfoer_noegler(&scene.app, &|antal| hoert.lock().expect("one test").push(antal))
            .await
            .expect("done");
        let alle: Vec<ObjektId> = (0..501).map(|n| id(0x1000 + n)).collect();
        assert_eq!(fundne(&scene, plads, &top).await, alle);
        assert_eq!(fundne(&scene, ord, "500").await, [id(0x1000 + 500)]);
    }
    // It is done once: what this program stores has its keys from the beginning.
    som_foer(&scene, id(0x2000), "Sent").await;
    ajourfoer_noegler(&scene.app, &|_| ()).await.expect("nothing to do");
    assert_eq!(*hoert.lock().expect("one test"), [500, 501], "told of once");
    assert!(fundne(&scene, ord, "sent").await.is_empty());
}
