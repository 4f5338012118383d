//! A subscription that is tried before it is put in force.

use crate::scene::{
    Besked, DAG, KORSBAEK, KSD, KY, MINUT, SAPA, Scene, TEST1, TEST2, config, cvr_urn, graens, id, start,
};
use crate::vaerdilister::{indhold, kalder};
use administration::{Abonnement, Dueslag, Dueslagstilstand};
use besked::vaerdiliste::Kald;
use beskedfordeler::{HOEJST, Proeve, Proevefejl, Proevet, beskedtype};
use bitemporal::Instant;
use oio::catalog::BRUGER;
use uuid::Uuid;

const OBJEKT: &str = "Beskedkuvert.Filtreringsdata.ObjektRegistrering.ObjektId.URNIdentifikator";
const TILLADT: &str = "Beskedkuvert.Filtreringsdata.TilladtModtager.URNIdentifikator";

fn proeve(dueslag: Uuid, filter: &str) -> Proeve {
    Proeve { dueslag, beskedtyper: vec![TEST1], filter: filter.into(), eksempler: 10, hoejst: HOEJST }
}

/// A scene with a dueslag of SAPA and no subscription on it.
async fn scene() -> (Scene, Uuid) {
    let (scene, slag) = (Scene::ny().await, id(0xd1));
    scene.politik(|p| p.dueslag.push(Dueslag::ny(slag, "nyt", SAPA))).await;
    (scene, slag)
}

async fn proev(scene: &Scene, proeve: &Proeve) -> Proevet {
    scene.fordeler.afproev(proeve).await.expect("tried")
}

fn om(n: u128, objekt: &str) -> Besked {
    Besked { objekt: format!("urn:oio:cpr-nr:{objekt}"), ..Besked::ny(n) }
}

fn ramte(fundet: &Proevet) -> Vec<u128> {
    fundet.eksempler.iter().map(|e| e.besked_id.as_u128()).collect()
}

#[tokio::test]
async fn what_it_would_have_got_is_what_it_gets() {
    let (scene, slag) = scene().await;
    let filter = format!("{OBJEKT} = 'urn:oio:cpr-nr:0101010002'");
    scene.laeg(&om(1, "0101010001")).await;
    scene.laeg(&om(2, "0101010002")).await;
    scene.laeg(&Besked { beskedtype: TEST2.to_string(), ..om(3, "0101010002") }).await;
    scene.laeg(&om(4, "0101010002")).await;
    let fundet = proev(&scene, &proeve(slag, &filter)).await;
    assert_eq!((fundet.set, fundet.af_typerne, fundet.ramt, fundet.filtreret), (4, 3, 2, 1));
    assert_eq!((fundet.uden_ret, fundet.uden_indhold), (0, 0));
    assert_eq!(ramte(&fundet), [4, 2], "the newest first");
    assert_eq!(fundet.eksempler[0].beskedtype, TEST1.to_string());
    assert!(fundet.hele_perioden);
    assert_eq!(fundet.fra, Instant::from_micros(start().micros() - 7 * DAG));
    assert!(scene.placering(2, slag).await.is_none(), "nothing is placed by trying");
    // The same, put in force, gets the same.
    scene
        .politik(|p| {
            let ny = Abonnement::ny(id(0xa1), "nu", slag, vec![TEST1]);
            p.abonnementer.push(Abonnement { filter, ..ny });
        })
        .await;
    for (n, objekt) in [(11, "0101010001"), (12, "0101010002")] {
        scene.laeg(&om(n, objekt)).await;
        assert_eq!(scene.placering(n, slag).await.is_some(), n == 12);
    }
}

#[tokio::test]
async fn the_agreements_of_the_receiver_decide() {
    let (scene, slag) = scene().await;
    scene.laeg_flere(1, 3).await;
    scene.laeg(&Besked { tilladte: vec![cvr_urn(KORSBAEK)], ..Besked::ny(4) }).await;
    let uden = |p: &Proevet| (p.ramt, p.uden_ret, p.filtreret);
    assert_eq!(uden(&proev(&scene, &proeve(slag, "")).await), (4, 0, 0));
    // A receiver sees its own among the tilladte modtagere, in a try too.
    scene.politik(|p| p.aftaler.retain(|a| a.uuid != id(0x200))).await;
    assert_eq!(uden(&proev(&scene, &proeve(slag, "")).await), (3, 1, 0));
    let filter = format!("{TILLADT} = '{}'", cvr_urn(KORSBAEK));
    assert_eq!(uden(&proev(&scene, &proeve(slag, &filter)).await), (0, 1, 3));
    scene
        .politik(|p| {
            let mine = p.aftaler.iter_mut().filter(|a| a.system == SAPA);
            mine.for_each(|a| graens(a, "KommunaltForvaltningsomraade", &["27.*"]));
        })
        .await;
    assert_eq!(uden(&proev(&scene, &proeve(slag, "")).await), (0, 4, 0));
}

#[tokio::test]
async fn only_the_last_seven_days_and_only_so_many_are_looked_at() {
    let (scene, slag) = scene().await;
    scene.laeg(&Besked::ny(1)).await;
    scene.gaar(MINUT);
    scene.laeg_flere(2, 3).await;
    scene.gaar(7 * DAG);
    assert_eq!(ramte(&proev(&scene, &proeve(slag, "")).await), [4, 3, 2]);
    scene.gaar(1);
    assert_eq!(proev(&scene, &proeve(slag, "")).await.set, 0);
    scene.laeg_flere(10, 250).await;
    let alle = proev(&scene, &proeve(slag, "")).await;
    assert_eq!((alle.ramt, alle.hele_perioden, alle.eksempler.len()), (250, true, 10));
    let nogle = proev(&scene, &Proeve { hoejst: 220, eksempler: 1, ..proeve(slag, "") }).await;
    assert_eq!((nogle.set, nogle.ramt, nogle.hele_perioden, ramte(&nogle)), (220, 220, false, vec![259]));
    assert_eq!(nogle.fra, scene.app.now(), "back to the last that was looked at");
}

#[tokio::test]
async fn a_list_that_no_filter_names_yet_counts_and_only_the_receivers_own() {
    let (scene, slag) = scene().await;
    scene.laeg(&om(1, "0101010001")).await;
    for (uuid, ejer, ramt) in [(id(0xb1), SAPA, 1), (id(0xb2), KSD, 0)] {
        let hvem = kalder(&scene, ejer).await;
        let liste = Kald::Import(uuid, indhold("borgere", &["urn:oio:cpr-nr:0101010001"]));
        scene.fordeler.betjen(&hvem, liste).await.expect("imported");
        let filter = format!("{OBJEKT} IN VAERDILISTE '{uuid}'");
        assert_eq!(proev(&scene, &proeve(slag, &filter)).await.ramt, ramt);
    }
    let ukendt = format!("{OBJEKT} IN VAERDILISTE '{}'", id(0xb3));
    assert_eq!(proev(&scene, &proeve(slag, &ukendt)).await.ramt, 0);
}

#[tokio::test]
async fn examples_are_named_by_uuids_only() {
    let (scene, slag) = scene().await;
    scene.laeg(&Besked { besked_id: "urn:oio:cpr-nr:0101010001".into(), ..Besked::ny(1) }).await;
    let fundet = proev(&scene, &proeve(slag, "")).await;
    assert_eq!((fundet.ramt, fundet.eksempler), (1, vec![]));
}

#[tokio::test]
async fn what_is_not_kept_is_told_of() {
    let mut config = config();
    config.besked.opbevaring_dage = 1;
    let scene = Scene::med(config).await;
    let slag = id(0xd1);
    scene.politik(|p| p.dueslag.push(Dueslag::ny(slag, "nyt", SAPA))).await;
    scene.laeg(&Besked::ny(1)).await;
    scene.gaar(2 * DAG);
    let besked_id = id(1).to_string();
    scene
        .pas_til("a message without content", async || {
            let post = scene.app.store().besked_med_id(&besked_id).await.expect("read").remove(0);
            (!post.beholdt).then_some(())
        })
        .await;
    let fundet = proev(&scene, &proeve(slag, "")).await;
    assert_eq!((fundet.af_typerne, fundet.uden_indhold, fundet.ramt), (1, 1, 0));
    // Our own haendelser are kept only when somebody subscribes to them.
    let egen = beskedtype(&scene.app.config().besked, &BRUGER);
    let om_egen = Proeve { beskedtyper: vec![TEST1, egen], ..proeve(slag, "") };
    assert_eq!(proev(&scene, &om_egen).await.ikke_gemt, [egen]);
    scene.politik(|p| p.abonnementer.push(Abonnement::ny(id(0xa1), "brugere", slag, vec![egen]))).await;
    assert!(proev(&scene, &om_egen).await.ikke_gemt.is_empty());
}

#[tokio::test]
async fn what_cannot_be_tried_is_refused() {
    let (scene, slag) = scene().await;
    let forkert = async |proeve: Proeve| match scene.fordeler.afproev(&proeve).await {
        Err(Proevefejl::Forkert(tekst)) => tekst,
        andet => panic!("{andet:?}"),
    };
    assert!(forkert(proeve(slag, "Beskeddata = 'x'")).await.starts_with("filteret kan ikke læses: tegn 1"));
    assert!(forkert(Proeve { beskedtyper: vec![], ..proeve(slag, "") }).await.contains("beskedtyper"));
    let mange: Vec<String> = (0..21).map(|n| format!("{OBJEKT} IN VAERDILISTE '{}'", id(n))).collect();
    assert!(forkert(proeve(slag, &mange.join(" OR "))).await.contains("20 værdilister"));
    assert!(matches!(scene.fordeler.afproev(&proeve(KY, "")).await, Err(Proevefejl::Ukendt)));
    scene.tilstand(slag, Dueslagstilstand::Nedlagt).await;
    assert!(forkert(proeve(slag, "")).await.contains("nedlagt"));
}
