//! How long messages are kept.

use crate::scene::{Besked, DAG, Scene, config, id, intet, naeste, nummer, vent};
use store::{Fejlaarsag, Tilstand};

/// One round of clearing up: a message that is too old in a dueslag of its own shows that it has been made.
async fn ryd_op(scene: &Scene) {
    let maerke = id(scene.app.new_uuid().as_u128() >> 64);
    scene
        .politik(|p| {
            let dag = administration::Dueslag::ny(maerke, maerke.to_string(), crate::scene::SAPA);
            p.dueslag.push(administration::Dueslag { opbevaring_dage: Some(1), ..dag });
        })
        .await;
    let ny = store::NyBesked {
        besked_id: maerke.to_string(),
        system: id(0xfff),
        cvr: crate::scene::cvr(crate::scene::KORSBAEK),
        beskedtype: String::new(),
        foelsomhed: None,
        kle: String::new(),
        transaktion: String::new(),
        korrelation: String::new(),
        modtaget: identity::tid::minus(scene.app.now(), std::time::Duration::from_secs(2 * 86_400)),
        sha256: [0; 32],
        krop: bytes::Bytes::new(),
        koeposter: vec![store::NyKoepost { dueslag: maerke, aftale: id(1), tilladte: Vec::new() }],
        overladt: false,
        haendelse: None,
    };
    scene.app.store().laeg_besked(ny).await.expect("the store");
    let pasning = tokio::spawn(scene.fordeler.clone().pas());
    vent("a round", async || scene.fejlkoe(maerke).await.pop()).await;
    // What comes after the fejlkøer in the same round.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    pasning.abort();
    let numre: Vec<i64> = scene.fejlkoe(maerke).await.iter().map(|f| f.nr).collect();
    scene.app.store().slet_fejl(maerke, &numre, scene.app.now()).await.expect("the store");
    scene.politik(|p| p.dueslag.retain(|d| d.uuid != maerke)).await;
}

#[tokio::test]
async fn a_message_waits_as_long_as_its_dueslag_says() {
    let scene = Scene::ny().await;
    let (tredive, en) = (scene.dueslag(0xd1).await, scene.dueslag(0xd2).await);
    scene
        .politik(|p| p.dueslag.iter_mut().filter(|d| d.uuid == en).for_each(|d| d.opbevaring_dage = Some(1)))
        .await;
    scene.laeg_flere(1, 1).await;
    scene.gaar(DAG);
    ryd_op(&scene).await;
    assert!(scene.fejlkoe(en).await.is_empty(), "to the last moment");
    scene.gaar(1);
    scene.laeg_flere(2, 1).await;
    ryd_op(&scene).await;
    let fejl = scene.fejlkoe(en).await;
    assert_eq!((fejl.len(), fejl[0].aarsag, fejl[0].tid), (1, Fejlaarsag::Udloebet, scene.app.now()));
    assert_eq!(fejl[0].besked_id, id(1).to_string());
    assert!(scene.fejlkoe(tredive).await.is_empty());
    scene.gaar(29 * DAG);
    ryd_op(&scene).await;
    assert_eq!(scene.fejlkoe(tredive).await.len(), 1);
    let mut aftager = scene.fordeler.aabn(&scene.modtager().await, tredive).expect("a consumer");
    assert_eq!(nummer(&naeste(&mut aftager).await), 2);
    intet(&mut aftager).await;
}

#[tokio::test]
async fn the_fejlkoe_keeps_messages_for_ninety_days() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 1).await;
    scene.gaar(30 * DAG + 1);
    ryd_op(&scene).await;
    assert_eq!(scene.fejlkoe(slag).await.len(), 1);
    scene.gaar(90 * DAG);
    ryd_op(&scene).await;
    assert_eq!(scene.fejlkoe(slag).await.len(), 1, "to the last moment");
    let nr = scene.fejlkoe(slag).await[0].nr;
    assert!(
        scene.app.store().besked_krop(nr).await.expect("the store").is_some(),
        "it is kept while it is there"
    );
    scene.gaar(1);
    ryd_op(&scene).await;
    ryd_op(&scene).await;
    assert!(scene.fejlkoe(slag).await.is_empty());
    assert_eq!(scene.placering(1, slag).await.map(|p| p.tilstand), Some(Tilstand::Slettet));
    assert!(scene.app.store().besked_krop(nr).await.expect("the store").is_none(), "its content is gone");
}

#[tokio::test]
async fn a_besked_id_is_remembered_for_thirty_days() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg(&Besked::ny(1)).await;
    scene.gaar(30 * DAG);
    ryd_op(&scene).await;
    let anden = Besked { objekt: "urn:oio:cpr-nr:0101010002".into(), ..Besked::ny(1) };
    assert_eq!(scene.send(&anden).await.kode, 49);
    scene.gaar(1);
    ryd_op(&scene).await;
    assert_eq!(scene.send(&anden).await.kode, 20);
    assert_eq!(
        scene.app.store().dybde(slag).await.expect("the store"),
        1,
        "the first is in the fejlkø by now"
    );
    assert_eq!(scene.fordeler.forklar(&id(1).to_string()).await.expect("the store").len(), 2);
}

#[tokio::test]
async fn what_was_received_loses_its_content_and_later_everything() {
    let mut kort = config();
    kort.besked.log_dage = 100;
    let scene = Scene::med(kort).await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 1).await;
    let mut aftager = scene.fordeler.aabn(&scene.modtager().await, slag).expect("a consumer");
    let levering = naeste(&mut aftager).await;
    aftager.haandtag().kvitter(&[levering.nr]).await.expect("received");
    let post = async || scene.app.store().besked_med_id(&id(1).to_string()).await.expect("the store").pop();
    scene.gaar(30 * DAG);
    ryd_op(&scene).await;
    assert!(post().await.expect("known").beholdt, "as long as it could have waited");
    scene.gaar(1);
    ryd_op(&scene).await;
    assert!(!post().await.expect("known").beholdt);
    assert!(
        !scene.fordeler.flyt_til_fejlkoe(crate::scene::SAPA, &id(1).to_string()).await.expect("the store")
    );
    let forklaring = scene.fordeler.forklar(&id(1).to_string()).await.expect("the store").remove(0);
    assert!(
        forklaring.udenom.is_none() && forklaring.placeringer.len() == 1,
        "what became of it is still known"
    );
    scene.gaar(70 * DAG);
    ryd_op(&scene).await;
    assert_eq!(post().await, None);
}

#[tokio::test]
async fn the_longest_dueslag_decides_how_long_content_is_kept() {
    let scene = Scene::ny().await;
    let (en, _lang) = (scene.dueslag(0xd1).await, scene.dueslag(0xd2).await);
    scene
        .politik(|p| p.dueslag.iter_mut().filter(|d| d.uuid != en).for_each(|d| d.opbevaring_dage = Some(90)))
        .await;
    scene.laeg_flere(1, 1).await;
    scene.gaar(31 * DAG);
    ryd_op(&scene).await;
    assert_eq!(scene.fejlkoe(en).await.len(), 1);
    let nr = scene.fejlkoe(en).await[0].nr;
    assert!(scene.app.store().besked_krop(nr).await.expect("the store").is_some());
}
