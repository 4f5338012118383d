//! Moving messages to the fejlkø, and what is done with them there.

use crate::scene::{Besked, KSD, SAPA, Scene, TEST1, id, intet, naeste, nummer};
use crate::vaerdilister::kalder;
use administration::{Abonnement, Dueslag};
use besked::vaerdiliste::{Kald, Ret};
use beskedfordeler::{Aftager, IkkeDer};
use store::{Fejlaarsag, Tilstand};
use uuid::Uuid;

async fn aabn(scene: &Scene, dueslag: Uuid) -> Aftager {
    scene.fordeler.aabn(&scene.modtager().await, dueslag).expect("a consumer")
}

/// SAPA moves the message with this id; the StatusKode.
async fn flyt(scene: &Scene, besked_id: &str) -> u16 {
    let sapa = kalder(scene, SAPA).await;
    match scene.fordeler.betjen(&sapa, Kald::Flyt(besked_id.into())).await {
        Ok(Ret::Intet) => 20,
        Ok(andet) => panic!("{andet:?}"),
        Err((kode, _)) => kode,
    }
}

async fn tilstand(scene: &Scene, besked: u128, dueslag: Uuid) -> Option<Tilstand> {
    scene.placering(besked, dueslag).await.map(|p| p.tilstand)
}

#[tokio::test]
async fn a_message_that_waits_is_moved() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 3).await;
    assert_eq!(flyt(&scene, &id(2).to_string()).await, 20);
    let fejl = scene.fejlkoe(slag).await;
    assert_eq!(
        (fejl.len(), fejl[0].aarsag, fejl[0].tid),
        (1, Fejlaarsag::FlyttetAfModtager, scene.app.now())
    );
    assert_eq!(flyt(&scene, &id(2).to_string().to_uppercase()).await, 20, "once more is the same");
    assert_eq!(scene.fejlkoe(slag).await.len(), 1);
    let mut aftager = aabn(&scene, slag).await;
    assert_eq!((nummer(&naeste(&mut aftager).await), nummer(&naeste(&mut aftager).await)), (1, 3));
    intet(&mut aftager).await;
}

#[tokio::test]
async fn a_message_that_a_consumer_has_not_got_yet_is_moved() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 3).await;
    let mut aftager = aabn(&scene, slag).await;
    naeste(&mut aftager).await;
    assert_eq!(flyt(&scene, &id(2).to_string()).await, 20);
    assert_eq!(nummer(&naeste(&mut aftager).await), 3);
    intet(&mut aftager).await;
    assert_eq!(tilstand(&scene, 2, slag).await, Some(Tilstand::Fejl));
}

#[tokio::test]
async fn a_message_that_is_handed_out_is_moved_and_does_not_come_back() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 4).await;
    let mut aftager = aabn(&scene, slag).await;
    let mut ude = Vec::new();
    for n in 1..=3 {
        ude.push(naeste(&mut aftager).await);
        assert_eq!(flyt(&scene, &id(n).to_string()).await, 20);
    }
    let haandtag = aftager.haandtag();
    haandtag.kvitter(&[ude[0].nr]).await.expect("it may still be acknowledged");
    haandtag.afvis(&[ude[1].nr], true).await.expect("or put back");
    haandtag.afvis(&[ude[2].nr], false).await.expect("or refused");
    assert_eq!(nummer(&naeste(&mut aftager).await), 4);
    intet(&mut aftager).await;
    let fejl = scene.fejlkoe(slag).await;
    assert_eq!(fejl.len(), 3, "all three are there");
    assert!(fejl.iter().all(|f| f.aarsag == Fejlaarsag::FlyttetAfModtager), "for the first reason");
}

#[tokio::test]
async fn a_message_that_was_received_is_moved_as_long_as_it_is_kept() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 1).await;
    let mut aftager = aabn(&scene, slag).await;
    let levering = naeste(&mut aftager).await;
    aftager.haandtag().kvitter(&[levering.nr]).await.expect("received");
    assert_eq!(tilstand(&scene, 1, slag).await, Some(Tilstand::Leveret));
    assert_eq!(flyt(&scene, &id(1).to_string()).await, 20);
    assert_eq!(tilstand(&scene, 1, slag).await, Some(Tilstand::Fejl));
}

#[tokio::test]
async fn it_is_moved_in_every_dueslag_of_the_system_and_in_no_others() {
    let scene = Scene::ny().await;
    let (en, to, ksds) = (scene.dueslag(0xd1).await, scene.dueslag(0xd2).await, id(0xd3));
    scene
        .politik(|p| {
            p.dueslag.push(Dueslag::ny(ksds, "KSD", KSD));
            p.abonnementer.push(Abonnement::ny(id(0xa3), "KSD", ksds, vec![TEST1]));
        })
        .await;
    scene.laeg(&Besked::ny(1)).await;
    assert_eq!(flyt(&scene, &id(1).to_string()).await, 20);
    for (slag, ventet) in [(en, Tilstand::Fejl), (to, Tilstand::Fejl), (ksds, Tilstand::Venter)] {
        assert_eq!(tilstand(&scene, 1, slag).await, Some(ventet));
    }
}

#[tokio::test]
async fn a_message_the_system_never_had_is_unknown() {
    let scene = Scene::ny().await;
    let ksds = id(0xd3);
    scene
        .politik(|p| {
            p.dueslag.push(Dueslag::ny(ksds, "KSD", KSD));
            p.abonnementer.push(Abonnement::ny(id(0xa3), "KSD", ksds, vec![TEST1]));
        })
        .await;
    scene.laeg(&Besked::ny(1)).await;
    assert_eq!(flyt(&scene, &id(1).to_string()).await, 44);
    assert_eq!(flyt(&scene, &id(2).to_string()).await, 44);
    assert_eq!(tilstand(&scene, 1, ksds).await, Some(Tilstand::Venter));
}

#[tokio::test]
async fn what_is_put_back_while_it_is_handed_out_is_not_taken_for_received() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 1).await;
    let mut gammel = aabn(&scene, slag).await;
    assert_eq!(nummer(&naeste(&mut gammel).await), 1);
    assert_eq!(flyt(&scene, &id(1).to_string()).await, 20);
    assert_eq!(scene.fordeler.genkoe_alle(slag, "Ida").await.expect("the store"), 1);
    drop(gammel);
    let stand = scene.fordeler.findes(&scene.modtager().await, slag).await.expect("a dueslag");
    assert_eq!(stand, (1, 0), "it waits, once what was decided is written");
    let mut ny = aabn(&scene, slag).await;
    let igen = naeste(&mut ny).await;
    assert!(nummer(&igen) == 1 && igen.genleveret);
    assert_eq!(tilstand(&scene, 1, slag).await, Some(Tilstand::Venter));
}

#[tokio::test]
async fn messages_of_the_fejlkoe_are_found_put_back_and_deleted() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 4).await;
    for n in 1..=3 {
        assert_eq!(flyt(&scene, &id(n).to_string()).await, 20);
    }
    let find = async |ider: &[u128]| {
        let ider: Vec<String> = ider.iter().map(|n| id(*n).to_string()).collect();
        scene.fordeler.i_fejlkoe(slag, &ider).await.expect("the store")
    };
    assert_eq!(find(&[4]).await, Err(IkkeDer(id(4).to_string())), "it waits");
    assert_eq!(find(&[1, 9]).await, Err(IkkeDer(id(9).to_string())));
    let en = find(&[1]).await.expect("there");
    assert_eq!(scene.fordeler.slet_fra_fejlkoe(slag, &en, "Ida").await.expect("the store"), 1);
    assert_eq!(tilstand(&scene, 1, slag).await, Some(Tilstand::Slettet));
    assert_eq!(scene.fordeler.genkoe_alle(slag, "Ida").await.expect("the store"), 2);
    assert!(scene.fejlkoe(slag).await.is_empty());
    let mut aftager = aabn(&scene, slag).await;
    let mut numre = Vec::new();
    for _ in 0..3 {
        numre.push(nummer(&naeste(&mut aftager).await));
    }
    assert_eq!(numre, [4, 2, 3]);
    let forklaring = scene.fordeler.forklar(&id(1).to_string()).await.expect("the store").remove(0);
    let haendelser: Vec<_> =
        forklaring.leveringer.iter().map(|l| (l.haendelse.as_str(), l.hvem.as_deref())).collect();
    let sapa = SAPA.to_string();
    assert_eq!(haendelser, [("flyttet", Some(sapa.as_str())), ("slettet", Some("Ida"))]);
}
