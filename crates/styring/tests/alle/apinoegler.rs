//! API keys: made, recognised, ended.

use crate::scene::*;
use administration::{Modulrolle, Noegletilstand};
use bitemporal::Instant;
use std::sync::Arc;
use styring::Kald;
use styring::apinoegler::{self, Hemmelighed, NOEGLER_MAX, NyApinoegle};
use uuid::Uuid;

fn om(scene: &Scene, dage: i64) -> Option<Instant> {
    Some(Instant::from_micros(scene.nu().micros() + dage * DAG))
}

async fn ny(scene: &Scene, kald: &Kald, navn: &str, dage: i64) -> (Uuid, String) {
    let ny = NyApinoegle { navn: navn.into(), udloeber: om(scene, dage), kun_laesning: false };
    let (noegle, Hemmelighed(hemmelig)) = apinoegler::opret(&scene.app, kald, &ny).await.expect("a key");
    (noegle.uuid, hemmelig)
}

async fn genkend(scene: &Scene, noegle: &str) -> Option<apinoegler::Noeglekald> {
    apinoegler::genkend(&scene.app, noegle, "192.0.2.7", Uuid::from_u128(9)).await.expect("looked up")
}

#[tokio::test]
async fn a_key_is_random_kept_as_a_digest_and_acts_as_its_person_for_its_party() {
    let scene = Scene::ny().await;
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Godkender]).await;
    let (uuid, noegle) = ny(&scene, &bo, "Natkørsel", 30).await;
    let (_, anden) = ny(&scene, &bo, "Natkørsel", 30).await;
    assert_ne!(noegle, anden);
    assert!(noegle.starts_with("fundament_") && noegle.len() == 53);
    assert_eq!(format!("{:?}", Hemmelighed(noegle.clone())), "(hemmelig)");
    let raekke = scene.app.store().modulpost("api-noegle", uuid).await.expect("read").expect("stored");
    let krop = String::from_utf8(raekke.krop).expect("text");
    assert!(!krop.contains(&noegle[10..]), "nobody can read the key here");
    let kald = genkend(&scene, &noegle).await.expect("known");
    assert_eq!((kald.kald.part(), kald.kald.aktoer.bruger), (cvr(KORSBAEK), bo.aktoer.bruger));
    assert_eq!((kald.kald.kilde, kald.kald.adresse.as_str()), ("API", "192.0.2.7"));
    assert!(kald.kald.aktoer.har(Modulrolle::Godkender));
    let log = scene.log().await;
    assert!(log.contains(&"Bo: opret API-nøgle".to_owned()), "{log:?}");
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let scene = Scene::ny().await;
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    let proev = async |navn: &str, udloeber| {
        let ny = NyApinoegle { navn: navn.into(), udloeber, kun_laesning: true };
        apinoegler::opret(&scene.app, &bo, &ny).await
    };
    for (navn, udloeber, kode) in [
        ("", om(&scene, 1), "A-006"),
        ("x", None, "A-006"),
        ("x", om(&scene, -1), "N-801"),
        ("x", om(&scene, 367), "N-802"),
    ] {
        let fejl = proev(navn, udloeber).await.expect_err("refused");
        assert!(fejl.med_kode(kode).is_some(), "{kode}: {fejl}");
    }
    assert!(proev(&"x".repeat(101), om(&scene, 1)).await.expect_err("refused").med_kode("A-007").is_some());
    assert!(apinoegler::mine(&scene.app, &bo).await.expect("listed").is_empty());
    for _ in 0..NOEGLER_MAX {
        proev("x", om(&scene, 1)).await.expect("a key");
    }
    assert!(proev("x", om(&scene, 1)).await.expect_err("refused").med_kode("N-803").is_some());
    scene.gaa(2);
    proev("x", om(&scene, 1)).await.expect("those that have ended do not count");
}

#[tokio::test]
async fn it_ends_with_its_day_its_person_its_role_or_a_click() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    let eva = scene.person("Eva", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    let (_, kort) = ny(&scene, &bo, "Kort", 1).await;
    let (uuid, lang) = ny(&scene, &bo, "Lang", 300).await;
    let (_, evas) = ny(&scene, &eva, "Evas", 300).await;
    assert!(genkend(&scene, &kort).await.is_some());
    scene.gaa(2);
    assert!(genkend(&scene, &kort).await.is_none());
    assert!(genkend(&scene, &lang).await.is_some());
    // Another's is not there.
    for kald in [&adm, &eva] {
        let fejl = apinoegler::tilbagekald(&scene.app, kald, uuid).await.expect_err("refused");
        assert!(fejl.med_kode("A-404").is_some(), "{fejl}");
    }
    apinoegler::tilbagekald(&scene.app, &bo, uuid).await.expect("revoked");
    assert!(genkend(&scene, &lang).await.is_none());
    let fejl = apinoegler::tilbagekald(&scene.app, &bo, uuid).await.expect_err("refused");
    assert!(fejl.med_kode("N-804").is_some(), "{fejl}");
    let tilstande: Vec<_> = apinoegler::mine(&scene.app, &bo)
        .await
        .expect("listed")
        .iter()
        .map(|g| g.post.tilstand(scene.nu()))
        .collect();
    assert!(
        tilstande.contains(&Noegletilstand::Udloebet) && tilstande.contains(&Noegletilstand::Tilbagekaldt)
    );
    let log = scene.log().await;
    assert!(log.contains(&"Bo: tilbagekald API-nøgle".to_owned()), "{log:?}");
    // Whoever is disabled has no key that works, and has it again when he is opened.
    let bruger = eva.aktoer.bruger;
    let version = async || styring::brugere::hent(&scene.app, &adm, bruger).await.expect("Eva").version;
    styring::brugere::spaer(&scene.app, &adm, bruger, version().await, "Orlov").await.expect("disabled");
    assert!(genkend(&scene, &evas).await.is_none());
    styring::brugere::genaabn(&scene.app, &adm, bruger, version().await).await.expect("opened");
    assert!(genkend(&scene, &evas).await.is_some());
    for forkert in
        ["", "fundament_", &evas[..52], &format!("{evas}A"), &evas.to_uppercase(), "fundament_ææææ"]
    {
        assert!(genkend(&scene, forkert).await.is_none(), "{forkert}");
    }
}

#[tokio::test]
async fn the_day_of_use_is_noted_once_a_day_and_never_undoes_a_revocation() {
    let scene = Arc::new(Scene::ny().await);
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    let (uuid, noegle) = ny(&scene, &bo, "Natkørsel", 300).await;
    let version = async || apinoegler::hent(&scene.app, &bo, uuid).await.expect("a key");
    let foer = version().await;
    assert_eq!(foer.post.sidst_brugt, None);
    for _ in 0..5 {
        assert!(genkend(&scene, &noegle).await.is_some());
    }
    let efter = version().await;
    assert_eq!((efter.version, efter.post.sidst_brugt), (foer.version + 1, Some(scene.nu().micros())));
    scene.gaa(1);
    // Many calls at once on a new day, and a revocation among them.
    let kald: Vec<_> = (0..8)
        .map(|_| {
            let (scene, noegle) = (scene.clone(), noegle.clone());
            tokio::spawn(async move { genkend(&scene, &noegle).await.is_some() })
        })
        .collect();
    apinoegler::tilbagekald(&scene.app, &bo, uuid).await.expect("revoked");
    for k in kald {
        k.await.expect("answered");
    }
    assert!(version().await.post.tilbagekaldt.is_some());
    assert!(genkend(&scene, &noegle).await.is_none());
}
