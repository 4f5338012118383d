//! What becomes of messages: what is known of them, how they are put back, and when they are forgotten.

use super::besked::{ANDEN, ANDET, DUESLAG, LAANER, SYSTEM, besked, laan, laeg, numre};
use super::scene::*;
use store::{Drift, Fejlaarsag, Lagt, Levering, NyBesked, NyKoepost, Store, Tilstand};
use uuid::Uuid;

fn levering(nr: i64, haendelse: &str) -> Levering {
    Levering {
        dueslag: DUESLAG,
        nr,
        tid: at(20),
        haendelse: haendelse.into(),
        varighed_ms: Some(7),
        http: Some(503),
        statuskode: None,
        hvem: None,
        tekst: Some("modtageren svarede ikke".into()),
    }
}

pub async fn a_message_leaves_a_trail(store: &Store) {
    assert_eq!(store.sidste_besked().await.expect("read"), None);
    laeg(store, 3).await;
    let fundne = store.besked_med_id("besked-001").await.expect("read");
    let [post] = fundne.as_slice() else { panic!("{fundne:?}") };
    assert_eq!((post.system, post.stoerrelse, post.beholdt), (SYSTEM, 100, true));
    assert_eq!(store.besked_krop(post.nr).await.expect("read").expect("kept")[0], 1);
    assert_eq!(store.beskeder(post.nr, 10).await.expect("read").len(), 1);
    assert_eq!(store.sidste_besked().await.expect("read"), Some(post.nr + 1));
    let foer = async |nr, antal| store.beskeder_foer(nr, antal).await.expect("read");
    let numre: Vec<i64> = foer(None, 10).await.iter().map(|p| p.nr).collect();
    assert_eq!(numre, [post.nr + 1, post.nr, post.nr - 1]);
    assert_eq!(foer(None, 1).await[0].nr, post.nr + 1);
    assert_eq!(foer(Some(post.nr + 1), 1).await, fundne);
    assert_eq!(foer(Some(post.nr - 1), 10).await, []);
    let placeret = store.placeringer(post.nr).await.expect("read");
    assert_eq!(
        (placeret[0].dueslag, placeret[0].tilstand, placeret[0].udlaant),
        (DUESLAG, Tilstand::Venter, false)
    );
    laan(store, 3, LAANER, 11).await;
    assert!(store.placeringer(post.nr).await.expect("read")[0].udlaant);
    store.kvitter(DUESLAG, &[post.nr], at(12)).await.expect("written");
    assert_eq!(store.placeringer(post.nr).await.expect("read")[0].tilstand, Tilstand::Leveret);
    store
        .noter_leveringer(vec![levering(post.nr, "push"), levering(post.nr, "fejlkø")])
        .await
        .expect("written");
    let leveringer = store.leveringer(post.nr, 10).await.expect("read");
    assert_eq!(leveringer, vec![levering(post.nr, "push"), levering(post.nr, "fejlkø")]);
    assert_eq!(
        store.placerede(&[DUESLAG, ANDET], "besked-001").await.expect("read"),
        vec![(DUESLAG, post.nr)]
    );
    assert_eq!(store.placerede(&[ANDET], "besked-001").await.expect("read"), vec![]);
}

pub async fn a_dueslag_has_figures(store: &Store) {
    laeg(store, 5).await;
    let laante = laan(store, 2, LAANER, 11).await;
    let stand = store.koestand(DUESLAG, 100).await.expect("counted");
    assert_eq!((stand.venter, stand.aeldste, stand.fejl), (5, Some(at(10)), 0));
    assert_eq!(store.koestand(DUESLAG, 3).await.expect("counted").venter, 3);
    assert_eq!(store.venter_i(&[ANDET, DUESLAG], at(12)).await.expect("read"), vec![DUESLAG]);
    laan(store, 9, LAANER, 12).await;
    assert!(store.venter_i(&[ANDET, DUESLAG], at(12)).await.expect("read").is_empty());
    assert_eq!(store.venter_i(&[DUESLAG], at(99)).await.expect("read"), vec![DUESLAG], "loans run out");
    store
        .til_fejlkoe(DUESLAG, &numre(&laante), Fejlaarsag::AfvistAfModtager, None, None, at(13))
        .await
        .expect("written");
    assert_eq!(store.koestand(DUESLAG, 100).await.expect("counted").fejl, 2);
}

pub async fn the_fejlkoe_is_emptied(store: &Store) {
    laeg(store, 6).await;
    let alle = numre(&laan(store, 6, LAANER, 11).await);
    store
        .til_fejlkoe(DUESLAG, &alle, Fejlaarsag::LeveringOpgivet, Some(500), None, at(12))
        .await
        .expect("written");
    assert_eq!(store.slet_fejl(DUESLAG, &alle[..1], at(13)).await.expect("written"), 1);
    assert_eq!(store.placeringer(alle[0]).await.expect("read")[0].tilstand, Tilstand::Slettet);
    assert_eq!(store.fra_fejlkoe(DUESLAG, &alle, at(14)).await.expect("written"), 5, "one is deleted");
    let igen = laan(store, 9, LAANER, 15).await;
    assert_eq!(numre(&igen), alle[1..]);
    assert!(igen.iter().all(|p| p.genleveret && p.tid == at(14)));
}

pub async fn somebody_else_keeps_the_queues(store: &Store) {
    let ny = NyBesked { overladt: true, ..besked(1, &[DUESLAG, ANDET]) };
    assert_eq!(store.kendt_besked(SYSTEM, "besked-001").await.expect("read"), None);
    let Lagt::Ny(nr) = store.laeg_besked(ny).await.expect("stored") else { panic!("it is new") };
    assert_eq!(store.kendt_besked(SYSTEM, "besked-001").await.expect("read"), Some((nr, [1; 32])));
    assert!(laan(store, 9, LAANER, 11).await.is_empty(), "it waits elsewhere");
    assert!(store.placeringer(nr).await.expect("read").iter().all(|p| p.tilstand == Tilstand::Overladt));
    laeg_andre(store).await;
    let numre = numre(&laan(store, 9, LAANER, 12).await);
    assert_eq!(store.overlad(DUESLAG, &numre, at(13)).await.expect("written"), 1);
    assert!(laan(store, 9, LAANER, 99).await.is_empty());
    // The fejlkø is here all the same.
    store.til_fejlkoe(DUESLAG, &[nr], Fejlaarsag::Udloebet, None, None, at(14)).await.expect("written");
    assert_eq!(store.fejlkoe(DUESLAG, None, 9).await.expect("read").len(), 1);
}

async fn laeg_andre(store: &Store) {
    store.laeg_besked(besked(2, &[DUESLAG])).await.expect("stored");
}

pub async fn a_message_is_placed_again(store: &Store) {
    laeg(store, 2).await;
    let nr = numre(&laan(store, 1, LAANER, 11).await)[0];
    store.kvitter(DUESLAG, &[nr], at(12)).await.expect("written");
    let kopi = |dueslag| NyKoepost { dueslag, aftale: Uuid::from_u128(51), tilladte: vec![] };
    assert_eq!(store.genplacer(nr, vec![kopi(DUESLAG), kopi(ANDET)], at(13)).await.expect("written"), 2);
    assert_eq!(
        store.genplacer(nr, vec![kopi(DUESLAG)], at(13)).await.expect("written"),
        0,
        "it waits already"
    );
    assert_eq!(store.genplacer(nr + 99, vec![kopi(DUESLAG)], at(13)).await.expect("written"), 0);
    let igen = laan(store, 9, LAANER, 14).await;
    assert_eq!(igen.last().map(|p| (p.nr, p.aftale)), Some((nr, Uuid::from_u128(51))));
}

pub async fn what_is_old_is_forgotten_in_order(store: &Store) {
    laeg(store, 4).await;
    let mut ny = besked(9, &[DUESLAG]);
    ny.modtaget = at(1000);
    store.laeg_besked(ny).await.expect("stored");
    let foerste = store.beskeder(0, 9).await.expect("read")[0].nr;
    // One received, one on loan, two waiting, one young.
    let to = numre(&laan(store, 2, LAANER, 11).await);
    store.kvitter(DUESLAG, &to[..1], at(12)).await.expect("written");
    assert_eq!(store.udloeb(DUESLAG, at(500), ANDEN, at(20), 100).await.expect("step"), 2);
    assert_eq!(store.udloeb(DUESLAG, at(500), ANDEN, at(20), 100).await.expect("step"), 0);
    assert!(
        store.fejlkoe(DUESLAG, None, 9).await.expect("read").iter().all(|p| p.aarsag == Fejlaarsag::Udloebet)
    );
    // Content goes when nobody needs it.
    assert_eq!(store.rens_kroppe(at(500), 0, 2).await.expect("step"), (1, foerste + 1));
    assert_eq!(store.rens_kroppe(at(500), foerste + 1, 2).await.expect("step"), (0, foerste + 3));
    assert_eq!(
        store.rens_kroppe(at(500), foerste + 3, 2).await.expect("step"),
        (0, foerste + 3),
        "the rest is young"
    );
    assert_eq!(store.besked_krop(foerste).await.expect("read"), None);
    // The fejlkø too, and then the content.
    assert_eq!(store.rens_fejlkoe(at(500), at(600), 1).await.expect("step"), 1);
    assert_eq!(store.rens_fejlkoe(at(500), at(600), 9).await.expect("step"), 1);
    store.kvitter(DUESLAG, &to, at(601)).await.expect("written");
    assert_eq!(store.rens_kroppe(at(500), 0, 9).await.expect("step").0, 3);
    // The key is free later than that, and the rest goes last.
    let mut samme = besked(0, &[DUESLAG]);
    samme.modtaget = at(700);
    assert!(matches!(store.laeg_besked(samme.clone()).await.expect("asked"), Lagt::Gentaget { ens: true }));
    assert_eq!(store.rens_noegler(at(500), 3).await.expect("step"), 3);
    assert_eq!(store.rens_noegler(at(500), 3).await.expect("step"), 1);
    assert_eq!(store.rens_noegler(at(500), 3).await.expect("step"), 0);
    assert!(matches!(store.laeg_besked(samme).await.expect("stored"), Lagt::Ny(_)));
    assert_eq!(store.rens_log(at(500), 3).await.expect("step"), 3);
    assert_eq!(store.rens_log(at(500), 3).await.expect("step"), 1);
    assert_eq!(store.rens_log(at(500), 3).await.expect("step"), 0);
    assert_eq!(store.placeringer(foerste).await.expect("read"), vec![]);
    assert_eq!(laan(store, 9, LAANER, 2000).await.len(), 2);
}

pub async fn a_dueslag_is_pushed_by_one(store: &Store) {
    let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert!(store.tag_dueslag(DUESLAG, a, at(0), at(60)).await.expect("asked"));
    assert!(!store.tag_dueslag(DUESLAG, b, at(30), at(90)).await.expect("asked"));
    assert!(
        store.tag_dueslag(DUESLAG, a, at(30), at(90)).await.expect("asked"),
        "it is the caller's already"
    );
    assert!(
        store.tag_dueslag(DUESLAG, b, at(90), at(150)).await.expect("asked"),
        "the other ran out of time"
    );
    store.slip_dueslag(DUESLAG, a).await.expect("written");
    assert!(!store.tag_dueslag(DUESLAG, a, at(91), at(150)).await.expect("asked"), "only who has it lets go");
    let drift = Drift {
        forsoeg: 3,
        naeste: Some(at(100)),
        siden: Some(at(50)),
        fejl: Some("intet svar".into()),
        http: Some(404),
        alarm: true,
        certifikat: Some(at(900)),
        ..Drift::ny(DUESLAG)
    };
    store.gem_drift(&drift).await.expect("written");
    store.gem_drift(&Drift { pauset: true, ..Drift::ny(ANDET) }).await.expect("written");
    assert_eq!(store.drift(DUESLAG).await.expect("read"), Some(drift));
    assert_eq!(store.drifter().await.expect("read").len(), 2);
    assert!(!store.tag_dueslag(DUESLAG, a, at(92), at(150)).await.expect("asked"), "writing takes nothing");
    store.slip_dueslag(DUESLAG, b).await.expect("written");
    assert!(store.tag_dueslag(DUESLAG, a, at(93), at(150)).await.expect("asked"));
}
