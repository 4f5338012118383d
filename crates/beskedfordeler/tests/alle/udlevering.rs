//! Handing out: consumers, one message at a time, and what comes back.

use crate::scene::{
    Besked, DAG, KORSBAEK, MINUT, NABOKOEBING, Scene, TEST1, cvr_urn, i_tide, id, intet, naeste, nummer,
    stop, tekst, vent,
};
use administration::{Abonnement, Aftaletilstand, Dueslag, Dueslagstilstand, Leveringsmaade};
use beskedfordeler::{Aftager, DueslagFejl, Fordeler, Levering, Stop};
use std::collections::BTreeSet;
use std::time::Duration;
use store::{Fejlaarsag, Tilstand};
use uuid::Uuid;

/// A scene with one dueslag and so many messages in it.
async fn med_beskeder(antal: u128) -> (Scene, Uuid) {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, antal).await;
    (scene, slag)
}

async fn aabn(scene: &Scene, dueslag: Uuid) -> Aftager {
    aabn_paa(scene, &scene.fordeler, dueslag).await
}

async fn aabn_paa(scene: &Scene, fordeler: &Fordeler, dueslag: Uuid) -> Aftager {
    fordeler.aabn(&scene.modtager().await, dueslag).expect("a consumer")
}

async fn kvitter(aftager: &Aftager, levering: &Levering) {
    aftager.haandtag().kvitter(&[levering.nr]).await.expect("written");
}

/// Takes so many without settling them, and gives their numbers.
async fn tag(aftager: &mut Aftager, antal: usize) -> Vec<Levering> {
    let mut ud = Vec::new();
    for _ in 0..antal {
        ud.push(naeste(aftager).await);
    }
    ud
}

fn numre(leveringer: &[Levering]) -> Vec<u128> {
    leveringer.iter().map(nummer).collect()
}

#[tokio::test]
async fn messages_come_in_the_order_they_were_accepted() {
    let (scene, slag) = med_beskeder(300).await;
    let mut aftager = aabn(&scene, slag).await;
    for n in 1..=300 {
        let levering = naeste(&mut aftager).await;
        assert_eq!((nummer(&levering), levering.genleveret, levering.forsoeg), (n, false, 0));
        assert_eq!((levering.transaktion.as_str(), levering.modtaget), ("transaktion", scene.app.now()));
        kvitter(&aftager, &levering).await;
    }
    intet(&mut aftager).await;
    assert_eq!(scene.fordeler.tal().dueslag[&slag].ud, 300);
}

#[tokio::test]
async fn the_caller_decides_how_many_it_has_at_a_time() {
    let (scene, slag) = med_beskeder(5).await;
    let mut aftager = aabn(&scene, slag).await;
    let fem = tag(&mut aftager, 5).await;
    assert_eq!(numre(&fem), [1, 2, 3, 4, 5]);
    let alle: Vec<i64> = fem.iter().map(|l| l.nr).collect();
    aftager.haandtag().kvitter(&alle).await.expect("all at once");
    assert_eq!(scene.app.store().dybde(slag).await.expect("the store"), 0);
}

#[tokio::test]
async fn several_consumers_share_a_dueslag() {
    let (scene, slag) = med_beskeder(60).await;
    let mut opgaver = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let mut aftager = aabn(&scene, slag).await;
        opgaver.spawn(async move {
            let mut mine = Vec::new();
            while let Ok(Ok(levering)) =
                tokio::time::timeout(Duration::from_millis(300), aftager.naeste()).await
            {
                aftager.haandtag().kvitter(&[levering.nr]).await.expect("written");
                mine.push(nummer(&levering));
                tokio::task::yield_now().await;
            }
            mine
        });
    }
    let dele = opgaver.join_all().await;
    assert!(dele.iter().all(|mine| mine.is_sorted()), "each in order: {dele:?}");
    let alle: Vec<u128> = dele.concat();
    assert_eq!(alle.len(), 60, "each message to exactly one");
    assert_eq!(alle.into_iter().collect::<BTreeSet<_>>().len(), 60);
}

#[tokio::test]
async fn a_message_can_only_be_settled_by_whoever_has_it() {
    let (scene, slag) = med_beskeder(2).await;
    let (mut en, mut to) = (aabn(&scene, slag).await, aabn(&scene, slag).await);
    let (a, b) = (naeste(&mut en).await, naeste(&mut to).await);
    to.haandtag().kvitter(&[a.nr, 4711]).await.expect("ignored");
    to.haandtag().afvis(&[a.nr], false).await.expect("ignored");
    assert_eq!(scene.placering(1, slag).await.map(|p| p.tilstand), Some(Tilstand::Venter));
    kvitter(&en, &a).await;
    kvitter(&to, &b).await;
    assert_eq!(scene.placering(1, slag).await.map(|p| p.tilstand), Some(Tilstand::Leveret));
    // Once more changes nothing.
    en.haandtag().afvis(&[a.nr], true).await.expect("ignored");
    intet(&mut en).await;
}

#[tokio::test]
async fn an_acknowledgement_is_durable_when_it_is_answered() {
    let (scene, slag) = med_beskeder(2).await;
    let mut aftager = aabn(&scene, slag).await;
    let levering = naeste(&mut aftager).await;
    kvitter(&aftager, &levering).await;
    let igen = scene.genstart().await;
    let mut aftager = aabn_paa(&scene, &igen, slag).await;
    assert_eq!(nummer(&naeste(&mut aftager).await), 2);
}

#[tokio::test]
async fn a_call_to_settle_counts_from_when_it_is_made() {
    let (scene, slag) = med_beskeder(1).await;
    let mut aftager = aabn(&scene, slag).await;
    let levering = naeste(&mut aftager).await;
    drop(aftager.haandtag().kvitter(&[levering.nr]));
    drop(aftager);
    vent("the acknowledgement", async || {
        let placeret = scene.placering(1, slag).await.expect("placed");
        (placeret.tilstand == Tilstand::Leveret).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_is_put_back_keeps_its_place() {
    let (scene, slag) = med_beskeder(4).await;
    let mut aftager = aabn(&scene, slag).await;
    let to = tag(&mut aftager, 2).await;
    aftager.haandtag().afvis(&[to[0].nr], true).await.expect("back");
    let igen = naeste(&mut aftager).await;
    assert_eq!((nummer(&igen), igen.genleveret, igen.forsoeg), (1, true, 1));
    assert!(tekst(&igen.krop).contains("<besked:AntalLeveranceforsoeg>2</besked:AntalLeveranceforsoeg>"));
    let tre = naeste(&mut aftager).await;
    assert_eq!((nummer(&tre), tre.genleveret), (3, false));
    aftager.haandtag().afvis(&[tre.nr, igen.nr, to[1].nr], true).await.expect("back");
    assert_eq!(numre(&tag(&mut aftager, 4).await), [1, 2, 3, 4]);
    assert_eq!(scene.fordeler.tal().dueslag[&slag].retur, 4);
}

#[tokio::test]
async fn what_is_refused_goes_to_the_fejlkoe() {
    let (scene, slag) = med_beskeder(2).await;
    let mut aftager = aabn(&scene, slag).await;
    let levering = naeste(&mut aftager).await;
    aftager.haandtag().afvis(&[levering.nr], false).await.expect("written");
    let fejl = scene.fejlkoe(slag).await;
    assert_eq!(fejl.len(), 1);
    assert_eq!((fejl[0].nr, fejl[0].aarsag), (levering.nr, Fejlaarsag::AfvistAfModtager));
    assert_eq!(nummer(&naeste(&mut aftager).await), 2);
    assert_eq!(scene.fordeler.tal().dueslag[&slag].fejl, 1);
}

#[tokio::test]
async fn a_consumer_that_goes_away_gives_back_what_it_had_in_order() {
    let (scene, slag) = med_beskeder(5).await;
    let mut aftager = aabn(&scene, slag).await;
    let tre = tag(&mut aftager, 3).await;
    kvitter(&aftager, &tre[1]).await;
    let haandtag = aftager.haandtag();
    drop(aftager);
    // A handle is still there: what it has, it can settle.
    haandtag.kvitter(&[tre[2].nr]).await.expect("written");
    drop(haandtag);
    let mut naeste_aftager = aabn(&scene, slag).await;
    let igen = tag(&mut naeste_aftager, 3).await;
    assert_eq!(numre(&igen), [1, 4, 5]);
    assert_eq!(igen.iter().map(|l| l.genleveret).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!((igen[0].forsoeg, igen[1].forsoeg), (1, 0));
}

#[tokio::test]
async fn what_one_consumer_gives_back_another_gets_first() {
    let (scene, slag) = med_beskeder(4).await;
    let (mut en, mut to) = (aabn(&scene, slag).await, aabn(&scene, slag).await);
    tag(&mut en, 2).await;
    assert_eq!(nummer(&naeste(&mut to).await), 3);
    drop(en);
    let tre = tag(&mut to, 3).await;
    assert_eq!(numre(&tre), [1, 2, 4]);
    assert_eq!(tre.iter().map(|l| l.genleveret).collect::<Vec<_>>(), [true, true, false]);
}

#[tokio::test]
async fn a_consumer_waits_until_something_comes() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let mut aftager = aabn(&scene, slag).await;
    // A wait that is given up takes nothing with it.
    intet(&mut aftager).await;
    let venter = tokio::spawn(async move { (naeste(&mut aftager).await, aftager) });
    tokio::task::yield_now().await;
    scene.laeg_flere(1, 2).await;
    let (foerst, mut aftager) = i_tide("a message", venter).await.expect("a task");
    assert_eq!((nummer(&foerst), nummer(&naeste(&mut aftager).await)), (1, 2));
}

#[tokio::test]
async fn a_message_that_always_comes_back_goes_to_the_fejlkoe() {
    let (scene, slag) = med_beskeder(2).await;
    let mut aftager = aabn(&scene, slag).await;
    for forsoeg in 0..=20 {
        let levering = naeste(&mut aftager).await;
        assert_eq!((nummer(&levering), levering.forsoeg), (1, forsoeg));
        aftager.haandtag().afvis(&[levering.nr], true).await.expect("back");
    }
    assert_eq!(nummer(&naeste(&mut aftager).await), 2, "the queue goes on");
    let fejl = vent("the fejlkø", async || scene.fejlkoe(slag).await.pop()).await;
    assert_eq!(fejl.aarsag, Fejlaarsag::LeveringOpgivet);
}

#[tokio::test]
async fn coming_back_is_counted_also_when_consumers_come_and_go() {
    let (scene, slag) = med_beskeder(1).await;
    for forsoeg in 0..=20 {
        let mut aftager = aabn(&scene, slag).await;
        let levering = naeste(&mut aftager).await;
        assert_eq!(levering.forsoeg, forsoeg);
        drop(aftager);
    }
    let fejl = vent("the fejlkø", async || scene.fejlkoe(slag).await.pop()).await;
    assert_eq!(fejl.aarsag, Fejlaarsag::LeveringOpgivet);
}

#[tokio::test]
async fn coming_back_is_counted_within_a_connection_and_across_them() {
    let (scene, slag) = med_beskeder(1).await;
    let mut aftager = aabn(&scene, slag).await;
    for _ in 0..4 {
        let levering = naeste(&mut aftager).await;
        aftager.haandtag().afvis(&[levering.nr], true).await.expect("back");
    }
    assert_eq!(naeste(&mut aftager).await.forsoeg, 4);
    drop(aftager);
    let mut aftager = aabn(&scene, slag).await;
    assert_eq!(naeste(&mut aftager).await.forsoeg, 5);
}

#[tokio::test]
async fn a_withdrawn_agreement_holds_messages_back_until_it_is_there_again() {
    let (scene, slag) = med_beskeder(2).await;
    scene.sapas_aftaler(Aftaletilstand::Spaerret).await;
    let mut aftager = aabn(&scene, slag).await;
    intet(&mut aftager).await;
    scene.laeg_flere(3, 1).await;
    assert_eq!(scene.placering(3, slag).await, None, "nothing new is placed");
    scene.sapas_aftaler(Aftaletilstand::Aktiv).await;
    let to = scene
        .pas_til("messages again", async || {
            let en = tokio::time::timeout(Duration::from_millis(50), aftager.naeste()).await.ok()?;
            Some([en.expect("a message"), naeste(&mut aftager).await])
        })
        .await;
    assert_eq!(numre(&to), [1, 2]);
    assert!(to.iter().all(|l| !l.genleveret), "they were never handed out");
}

#[tokio::test]
async fn what_may_not_go_out_does_not_stand_in_the_way() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    for n in 1..=4 {
        let til = if n % 2 == 1 { NABOKOEBING } else { KORSBAEK };
        scene.laeg(&Besked { tilladte: vec![cvr_urn(til)], ..Besked::ny(n) }).await;
    }
    // The agreement with Nabokøbing alone.
    scene.politik(|p| p.aftaler.retain(|a| a.uuid != id(0x201))).await;
    let mut aftager = aabn(&scene, slag).await;
    assert_eq!(numre(&tag(&mut aftager, 2).await), [2, 4]);
    intet(&mut aftager).await;
}

#[tokio::test]
async fn a_copy_names_only_those_who_may_have_it_now() {
    let (scene, slag) = med_beskeder(1).await;
    scene.politik(|p| p.aftaler.retain(|a| a.uuid != id(0x201))).await;
    let levering = naeste(&mut aabn(&scene, slag).await).await;
    let krop = tekst(&levering.krop).to_owned();
    assert!(krop.contains(&cvr_urn(KORSBAEK)) && !krop.contains(NABOKOEBING), "{krop}");
}

#[tokio::test]
async fn what_is_held_back_too_long_goes_to_the_fejlkoe() {
    let (scene, slag) = med_beskeder(1).await;
    scene.sapas_aftaler(Aftaletilstand::Spaerret).await;
    let mut aftager = aabn(&scene, slag).await;
    intet(&mut aftager).await;
    scene.gaar(30 * DAG);
    let ikke_endnu = scene.pas_til("a round", async || Some(scene.fejlkoe(slag).await)).await;
    assert!(ikke_endnu.is_empty());
    scene.gaar(1);
    let fejl = scene.pas_til("the fejlkø", async || scene.fejlkoe(slag).await.pop()).await;
    assert_eq!((fejl.aarsag, fejl.forsoeg), (Fejlaarsag::Udloebet, 0));
    scene.sapas_aftaler(Aftaletilstand::Aktiv).await;
    intet(&mut aftager).await;
}

#[tokio::test]
async fn a_pause_stops_consumers_and_keeps_messages() {
    for tilstand in [Dueslagstilstand::Pauset, Dueslagstilstand::Nedlagt] {
        let (scene, slag) = med_beskeder(2).await;
        let mut aftager = aabn(&scene, slag).await;
        let foerste = naeste(&mut aftager).await;
        kvitter(&aftager, &foerste).await;
        scene.tilstand(slag, tilstand).await;
        assert_eq!(stop(&mut aftager).await, Stop::Nedlagt);
        drop(aftager);
        let fejl = scene.fordeler.aabn(&scene.modtager().await, slag).map(drop);
        let ventet =
            if tilstand == Dueslagstilstand::Pauset { DueslagFejl::Pauset } else { DueslagFejl::Nedlagt };
        assert_eq!(fejl, Err(ventet));
        assert_eq!(scene.fordeler.hent(&scene.modtager().await, slag).await.map(drop), Err(ventet));
        scene.laeg_flere(3, 1).await;
        let nye = scene.placering(3, slag).await;
        assert_eq!(nye.is_some(), tilstand == Dueslagstilstand::Pauset, "a pause takes messages");
        scene.tilstand(slag, Dueslagstilstand::Aktiv).await;
        assert_eq!(nummer(&naeste(&mut aabn(&scene, slag).await).await), 2);
    }
}

#[tokio::test]
async fn a_consumer_that_waits_hears_of_a_pause() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let mut aftager = aabn(&scene, slag).await;
    let venter = tokio::spawn(async move { aftager.naeste().await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    let pasning = tokio::spawn(scene.fordeler.clone().pas());
    scene.tilstand(slag, Dueslagstilstand::Pauset).await;
    assert_eq!(i_tide("the stop", venter).await.expect("a task"), Err(Stop::Nedlagt));
    pasning.abort();
}

#[tokio::test]
async fn a_dueslag_is_its_systems_own_and_of_its_kind() {
    let (scene, slag) = med_beskeder(1).await;
    scene
        .politik(|p| {
            let push = Dueslag::ny(id(0xd2), "push", crate::scene::SAPA);
            let url = Some("http://127.0.0.1:1/".into());
            p.dueslag.push(Dueslag { maade: Leveringsmaade::Push, url, ..push });
        })
        .await;
    let (sapa, ksd) = (scene.modtager().await, scene.anden_modtager().await);
    for (hvem, dueslag, fejl) in [
        (&ksd, slag, DueslagFejl::Ukendt),
        (&sapa, id(0xd9), DueslagFejl::Ukendt),
        (&sapa, id(0xd2), DueslagFejl::Push),
        (&ksd, id(0xd2), DueslagFejl::Ukendt),
    ] {
        assert_eq!(scene.fordeler.aabn(hvem, dueslag).map(drop), Err(fejl));
        assert_eq!(scene.fordeler.hent(hvem, dueslag).await.map(drop), Err(fejl));
        assert_eq!(scene.fordeler.findes(hvem, dueslag).await, Err(fejl));
    }
}

#[tokio::test]
async fn one_message_is_fetched_at_a_time() {
    let (scene, slag) = med_beskeder(3).await;
    let sapa = scene.modtager().await;
    let hent = async || i_tide("an answer", scene.fordeler.hent(&sapa, slag)).await.expect("the dueslag");
    let en = hent().await.expect("a message");
    assert_eq!((nummer(&en.levering), en.tilbage, en.levering.genleveret), (1, 2, false));
    let to = hent().await.expect("a message");
    assert_eq!((nummer(&to.levering), to.tilbage), (2, 1));
    en.haandtag.kvitter(&[en.levering.nr]).await.expect("written");
    drop(to);
    let to = hent().await.expect("it came back");
    assert_eq!(
        (nummer(&to.levering), to.levering.genleveret, to.levering.forsoeg, to.tilbage),
        (2, true, 1, 1)
    );
    to.haandtag.afvis(&[to.levering.nr], false).await.expect("written");
    let tre = hent().await.expect("a message");
    assert_eq!((nummer(&tre.levering), tre.tilbage), (3, 0));
    tre.haandtag.kvitter(&[tre.levering.nr]).await.expect("written");
    assert!(hent().await.is_none(), "nothing is left");
    assert_eq!(scene.fejlkoe(slag).await.len(), 1);
}

#[tokio::test]
async fn fetching_one_takes_from_what_a_consumer_has_not_got_yet() {
    let (scene, slag) = med_beskeder(3).await;
    let sapa = scene.modtager().await;
    let mut aftager = aabn(&scene, slag).await;
    let foerste = naeste(&mut aftager).await;
    let hentet = scene.fordeler.hent(&sapa, slag).await.expect("the dueslag").expect("a message");
    assert_eq!((nummer(&foerste), nummer(&hentet.levering), hentet.tilbage), (1, 2, 1));
    assert_eq!(nummer(&naeste(&mut aftager).await), 3);
    assert!(scene.fordeler.hent(&sapa, slag).await.expect("the dueslag").is_none());
    drop(hentet);
    assert_eq!(nummer(&naeste(&mut aftager).await), 2);
}

#[tokio::test]
async fn it_can_be_asked_how_many_wait_and_how_many_take() {
    let (scene, slag) = med_beskeder(4).await;
    let sapa = scene.modtager().await;
    let findes = async || scene.fordeler.findes(&sapa, slag).await.expect("the dueslag");
    assert_eq!(findes().await, (4, 0));
    let (mut en, to) = (aabn(&scene, slag).await, aabn(&scene, slag).await);
    assert_eq!(findes().await, (4, 2));
    let levering = naeste(&mut en).await;
    assert_eq!(findes().await, (3, 2), "what is handed out waits no more");
    kvitter(&en, &levering).await;
    drop(to);
    assert_eq!(findes().await, (3, 1));
    let hentet = scene.fordeler.hent(&sapa, slag).await.expect("the dueslag").expect("a message");
    assert_eq!(findes().await, (2, 1), "fetching one is no consumer");
    drop((en, hentet));
    vent("everything back", async || (findes().await == (3, 0)).then_some(())).await;
}

#[tokio::test]
async fn a_restart_forgets_who_had_what() {
    let (scene, slag) = med_beskeder(3).await;
    let mut aftager = aabn(&scene, slag).await;
    let _ude = tag(&mut aftager, 1).await;
    let igen = scene.genstart().await;
    let mut efter = aabn_paa(&scene, &igen, slag).await;
    let alle = tag(&mut efter, 3).await;
    assert_eq!(numre(&alle), [1, 2, 3]);
    assert!(alle[0].genleveret, "it may have been handed out");
    std::mem::forget(aftager);
}

#[tokio::test]
async fn a_message_that_another_server_places_reaches_its_consumer() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let her = scene.anden_server().await;
    let mut aftager = aabn_paa(&scene, &her, slag).await;
    intet(&mut aftager).await;
    let pasning = tokio::spawn(her.clone().pas());
    scene.laeg_flere(1, 1).await;
    assert_eq!(nummer(&naeste(&mut aftager).await), 1);
    pasning.abort();
}

#[tokio::test]
async fn two_servers_do_not_hand_out_the_same_message() {
    let (scene, slag) = med_beskeder(3).await;
    let der = scene.anden_server().await;
    let mut her = aabn(&scene, slag).await;
    assert_eq!(nummer(&naeste(&mut her).await), 1);
    // The first has leased what waits.
    let mut anden = aabn_paa(&scene, &der, slag).await;
    intet(&mut anden).await;
    drop(her);
    let pasning = tokio::spawn(der.clone().pas());
    assert_eq!(numre(&tag(&mut anden, 3).await), [1, 2, 3]);
    pasning.abort();
}

#[tokio::test]
async fn a_lease_that_runs_out_belongs_to_whoever_comes_next() {
    let (scene, slag) = med_beskeder(1).await;
    let der = scene.anden_server().await;
    let mut her = aabn(&scene, slag).await;
    let mistet = naeste(&mut her).await;
    scene.gaar(MINUT);
    let mut anden = aabn_paa(&scene, &der, slag).await;
    let igen = naeste(&mut anden).await;
    assert!(nummer(&igen) == 1 && igen.genleveret);
    // Whoever has it, has it: the acknowledgement of the first counts.
    her.haandtag().kvitter(&[mistet.nr]).await.expect("written");
    assert_eq!(scene.placering(1, slag).await.map(|p| p.tilstand), Some(Tilstand::Leveret));
    anden.haandtag().afvis(&[igen.nr], true).await.expect("back");
}

#[tokio::test]
async fn a_receiver_may_take_its_time_without_others_getting_its_message() {
    let (scene, slag) = med_beskeder(1).await;
    let (mut en, mut to) = (aabn(&scene, slag).await, aabn(&scene, slag).await);
    let langsom = naeste(&mut en).await;
    scene.gaar(10 * MINUT);
    scene.laeg_flere(2, 1).await;
    let naeste_besked = naeste(&mut to).await;
    assert_eq!(nummer(&naeste_besked), 2, "the first is still being worked on, on the same server");
    kvitter(&en, &langsom).await;
    intet(&mut to).await;
    intet(&mut en).await;
}

#[tokio::test]
async fn a_message_at_hand_does_not_expire_behind_the_consumers_back() {
    let (scene, slag) = med_beskeder(2).await;
    let mut aftager = aabn(&scene, slag).await;
    let foerste = naeste(&mut aftager).await;
    scene.gaar(31 * DAG);
    // Another message shows that a round has been made.
    scene.dueslag(0xd2).await;
    scene.laeg(&Besked::ny(3)).await;
    scene.gaar(31 * DAG);
    scene.pas_til("a round", async || scene.fejlkoe(id(0xd2)).await.pop()).await;
    kvitter(&aftager, &foerste).await;
    assert_eq!(
        scene.placering(1, slag).await.map(|p| p.tilstand),
        Some(Tilstand::Leveret),
        "it was received"
    );
    let alle: Vec<i64> = scene.fejlkoe(slag).await.iter().map(|f| f.nr).collect();
    while let Ok(Ok(levering)) = tokio::time::timeout(Duration::from_millis(80), aftager.naeste()).await {
        assert!(!alle.contains(&levering.nr), "{} is handed out and in the fejlkø", nummer(&levering));
    }
}

#[tokio::test]
async fn what_is_put_back_from_the_fejlkoe_or_replayed_comes_last() {
    let (scene, slag) = med_beskeder(3).await;
    let mut aftager = aabn(&scene, slag).await;
    let foerste = naeste(&mut aftager).await;
    aftager.haandtag().afvis(&[foerste.nr], false).await.expect("refused");
    assert_eq!(scene.fordeler.genkoe(slag, &[foerste.nr, 4711], "test").await.expect("the store"), 1);
    let tre = tag(&mut aftager, 3).await;
    assert_eq!(numre(&tre), [2, 3, 1]);
    assert_eq!((tre[2].genleveret, tre[2].forsoeg), (true, 0));
    kvitter(&aftager, &tre[2]).await;
    let genspil =
        async |n: u128| scene.fordeler.genspil(&id(n).to_string(), slag, "test").await.expect("the store");
    assert_eq!(genspil(1).await, Some(1));
    assert_eq!(genspil(2).await, Some(0), "it waits already");
    assert_eq!(genspil(99).await, None);
    assert_eq!(nummer(&naeste(&mut aftager).await), 1);
}

#[tokio::test]
async fn nothing_is_replayed_that_the_receiver_may_not_have() {
    let (scene, slag) = med_beskeder(1).await;
    let mut aftager = aabn(&scene, slag).await;
    let levering = naeste(&mut aftager).await;
    kvitter(&aftager, &levering).await;
    scene.sapas_aftaler(Aftaletilstand::Spaerret).await;
    assert_eq!(scene.fordeler.genspil(&id(1).to_string(), slag, "test").await.expect("the store"), Some(0));
}

#[tokio::test]
async fn messages_for_one_dueslag_do_not_wait_for_another() {
    let scene = Scene::ny().await;
    let (en, to) = (scene.dueslag(0xd1).await, scene.dueslag(0xd2).await);
    scene.politik(|p| p.abonnementer.push(Abonnement::ny(id(0xa9), "begge", to, vec![TEST1]))).await;
    scene.laeg_flere(1, 2).await;
    let (mut aftager, mut anden) = (aabn(&scene, en).await, aabn(&scene, to).await);
    assert_eq!(numre(&tag(&mut aftager, 2).await), [1, 2]);
    assert_eq!(numre(&tag(&mut anden, 2).await), [1, 2], "once in each, though two subscriptions match");
    intet(&mut anden).await;
}
