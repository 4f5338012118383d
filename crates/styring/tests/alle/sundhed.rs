//! How an it-system is doing: what was counted, what runs out, and whether its receivers can be reached.

use crate::hentning::Verden;
use crate::scene::*;
use administration::{Dueslag, Dueslagstilstand, Leveringsmaade, Modulrolle};
use app::Callbackproeve;
use store::{Drift, LogPost};
use styring::{Kald, systemer};
use uuid::Uuid;

const SLAG: Uuid = Uuid::from_u128(0xd1);

async fn med_dueslag(scene: &Scene) {
    let mut data = scene.app.politik().data().clone();
    data.dueslag.push(Dueslag {
        uuid: SLAG,
        navn: "KY modtager".into(),
        system: KY,
        myndighed: None,
        maade: Leveringsmaade::Push,
        url: Some("https://ky.example/modtag?noegle=hemmelig".into()),
        opbevaring_dage: None,
        tilstand: Dueslagstilstand::Aktiv,
    });
    scene.app.saet_politik(&data, false).await.expect("a policy");
}

/// A call of KY that is logged and sealed; gives its reference.
async fn kald(scene: &Scene, nr: u128, myndighed: &str, tilladt: bool) -> Uuid {
    let post = LogPost {
        tid: scene.nu(),
        transaktion: Uuid::from_u128(nr),
        system: Some(KY),
        myndighed: Some(cvr(myndighed)),
        aftale: None,
        operation: "laes",
        objekttype: "Bruger",
        udfald: if tilladt { LogPost::OK } else { LogPost::AFVIST },
        regel: String::new(),
    };
    scene.app.store().log_nu(post).await.expect("stored");
    scene.app.store().forsegl(scene.nu()).await.expect("sealed");
    Uuid::from_u128(nr)
}

async fn ser(scene: &Scene, kald: &Kald) -> systemer::Sundhed {
    systemer::sundhed(&scene.app, kald, KY).await.expect("seen")
}

#[tokio::test]
async fn what_was_counted_and_what_runs_out_is_told() {
    let scene = Scene::ny().await;
    med_dueslag(&scene).await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let tom = ser(&scene, &la).await;
    assert_eq!((tom.sidste_kald, tom.sidste_afvisning.is_none(), tom.dage.len()), (None, true, 14));
    assert!(tom.dage.iter().all(|d| d.kald + d.afvist == 0));
    assert!(tom.certifikat.is_some_and(|(emne, slut)| emne.contains("KY") && slut > scene.nu()));
    assert_eq!(koder(systemer::sundhed(&scene.app, &gk, KY).await), ["A-404"], "others do not see it");
    // Two calls one day, a refusal the next.
    kald(&scene, 1, KORSBAEK, true).await;
    kald(&scene, 2, NABOKOEBING, true).await;
    let foerst = scene.nu();
    scene.gaa(1);
    let reference = kald(&scene, 3, NABOKOEBING, false).await;
    let s = ser(&scene, &la).await;
    assert_eq!(s.sidste_kald, Some(foerst));
    let a = s.sidste_afvisning.clone().expect("refused");
    assert_eq!((a.reference, a.tid, a.myndighed), (reference, scene.nu(), cvr(NABOKOEBING)));
    let [foer, i_dag] = s.dage[12..] else { panic!("two days") };
    assert_eq!(((foer.kald, foer.afvist), (i_dag.kald, i_dag.afvist)), ((2, 0), (0, 1)));
    // After a while the days are others, and what was last is still told.
    scene.gaa(40);
    let s = ser(&scene, &la).await;
    assert_eq!((s.sidste_kald, s.dage.iter().map(|d| d.kald + d.afvist).sum::<u64>()), (Some(foerst), 0));
    scene.gaa(60);
    assert_eq!(ser(&scene, &la).await.sidste_kald, None, "as far as it is looked back");
    // What delivering came to; where is told without what may be a secret.
    let c = &s.callback[0];
    assert_eq!((c.vaert.as_str(), c.forsoeg, c.opgivet), ("ky.example", None, false));
    let drift = Drift { forsoeg: 3, fejl: Some("HTTP 503".into()), ..Drift::ny(SLAG) };
    scene.app.store().gem_drift(&drift).await.expect("stored");
    let c = &ser(&scene, &la).await.callback[0];
    assert_eq!((c.forsoeg, c.fejl.as_deref()), (Some(3), Some("HTTP 503")));
}

#[tokio::test]
async fn a_callback_is_tried_by_who_may_and_for_the_own_system() {
    let scene = Scene::ny().await;
    med_dueslag(&scene).await;
    let verden = Verden::i(&scene);
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let tk = scene.person("Tove", MATADOR, &[Modulrolle::TekniskKontakt]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let proev = async |kald: &Kald, slag| systemer::test_callback(&scene.app, kald, KY, slag).await;
    assert_eq!(koder(proev(&gk, SLAG).await), ["A-001"]);
    assert_eq!(koder(proev(&la, Uuid::from_u128(9)).await), ["A-404"]);
    assert_eq!(koder(proev(&la, SLAG).await), ["K-102"]);
    let svar = Callbackproeve {
        ok: false,
        tekst: "der er ingen forbindelse".into(),
        http: None,
        millisekunder: 7,
        certifikat_udloeber: None,
    };
    verden.svarer(svar.clone());
    assert_eq!(proev(&tk, SLAG).await.expect("tried"), svar);
}
