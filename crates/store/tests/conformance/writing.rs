//! append, rewrite, purge.

use super::scene::*;
use oio::ObjektId;
use oio::model::Livscyklus;
use store::{Fjernelse, Omskrivning, Store, StoreFejl, Tilfoejelse};

#[track_caller]
fn lost(result: Result<(), StoreFejl>, objekt: ObjektId) {
    assert!(matches!(&result, Err(StoreFejl::Tabt(o)) if *o == objekt), "{result:?}");
}

/// What the database holds of an object, in one value to compare.
async fn all_of(store: &Store, n: u128) -> String {
    let historie = store.history(&as_system(), KLASSE, id(n)).await.expect("a read");
    let mut scannet = store.scan(&as_system(), None, 1_000).await.expect("a scan");
    scannet.retain(|s| s.gemt.objekt == id(n));
    let haendelser = store.haendelser(1_000).await.expect("the outbox");
    let log = store.adgangslog(at(i64::MIN), at(i64::MAX), 1_000).await.expect("the log");
    format!("{historie:?} {scannet:?} {haendelser:?} {log:?}")
}

pub async fn a_lost_guard_writes_nothing(store: &Store) {
    must(append(store, vec![ny(1, 10, titler(&["a"]))]).await);
    let before = all_of(store, 1).await;
    lost(append(store, vec![ny(1, 11, titler(&["b"]))]).await, id(1));
    lost(append(store, vec![ret(1, 9, 20, titler(&["a"]), titler(&["b"]))]).await, id(1));
    lost(append(store, vec![ret(2, 10, 20, vec![], vec![])]).await, id(2));
    assert_eq!(all_of(store, 1).await, before);
}

pub async fn a_set_is_all_or_nothing(store: &Store) {
    must(append(store, vec![ny(2, 10, titler(&["a"]))]).await);
    let before = all_of(store, 2).await;
    let saet = vec![ny(1, 10, titler(&["a"])), ret(2, 9, 20, vec![], vec![]), ny(3, 10, titler(&["a"]))];
    lost(append(store, saet).await, id(2));
    assert_eq!(all_of(store, 2).await, before);
    assert_eq!(found(store, &soegning(vec![])).await, [2]);
    must(append(store, vec![ny(3, 10, vec![]), ret(2, 10, 20, vec![], vec![]), ny(1, 10, vec![])]).await);
    assert_eq!(found(store, &soegning(vec![])).await, [1, 2, 3]);
    must(append(store, vec![]).await);
}

pub async fn others_objects_cannot_be_written(store: &Store) {
    must(append(store, vec![owned(nabokoebing(), ny(1, 10, vec![]))]).await);
    let before = all_of(store, 1).await;
    let korsbaek = as_owner(korsbaek());
    let theirs = owned(nabokoebing(), ret(1, 10, 20, vec![], vec![]));
    let refused = store.append(&korsbaek, at(1), vec![theirs.clone()]).await;
    assert!(matches!(refused, Err(StoreFejl::Fremmed(o)) if o == id(1)));
    let refused = store
        .rewrite(&korsbaek, at(1), vec![Omskrivning { kroppe: vec![(at(10), vec![])], tilfoejelse: theirs }])
        .await;
    assert!(matches!(refused, Err(StoreFejl::Fremmed(_))));
    let refused = store.purge(&korsbaek, at(1), vec![Fjernelse { objekt: id(1), objekttype: KLASSE }]).await;
    assert!(matches!(refused, Err(StoreFejl::Fremmed(_))));
    // Claiming it as one's own does not help either.
    lost(store.append(&korsbaek, at(1), vec![ret(1, 10, 20, vec![], vec![])]).await, id(1));
    assert_eq!(all_of(store, 1).await, before);
}

pub async fn type_and_owner_are_guarded(store: &Store) {
    must(append(store, vec![ny(1, 10, vec![])]).await);
    let other = Tilfoejelse { objekttype: "Facet", ..ret(1, 10, 20, vec![], vec![]) };
    lost(append(store, vec![other]).await, id(1));
    let other = Tilfoejelse { objekttype: "Facet", ..ny(1, 20, vec![]) };
    lost(append(store, vec![other]).await, id(1));
    let wrong = vec![Fjernelse { objekt: id(1), objekttype: "Facet" }];
    lost(store.purge(&as_owner(korsbaek()), at(1), wrong).await, id(1));
}

pub async fn several_registreringer_at_once(store: &Store) {
    let mut imported = ny(1, 10, titler(&["a"]));
    imported.registreringer.push(registrering(20, Livscyklus::Passiveret));
    imported.registreringer.push(registrering(30, Livscyklus::Importeret));
    must(append(store, vec![imported]).await);
    let gemt = store.load(&as_system(), KLASSE, id(1)).await.expect("a read").expect("the object");
    assert_eq!((gemt.tidspunkt, gemt.livscyklus), (at(30), Livscyklus::Importeret));
    let historie = store.history(&as_system(), KLASSE, id(1)).await.expect("a read");
    assert_eq!(historie.expect("the object").1, [krop(10), krop(20), krop(30)]);
}

pub async fn keys_follow_the_change(store: &Store) {
    let a = |til| noegle(TITEL, "a", 0, til);
    must(append(store, vec![ny(1, 10, vec![a(i64::MAX), noegle(FACET, "f", 0, 9)])]).await);
    // The end of one key moves, another goes, a third comes.
    let (vaek, til) = (vec![a(i64::MAX), noegle(FACET, "f", 0, 9)], vec![a(50), noegle(TITEL, "b", 50, 60)]);
    must(append(store, vec![ret(1, 10, 20, vaek, til.clone())]).await);
    let scannet = store.scan(&as_system(), None, 10).await.expect("a scan");
    assert_eq!(scannet[0].noegler, til);
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("a"), 49)])).await, [1]);
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("a"), 50)])).await, [0; 0]);
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("b"), 50)])).await, [1]);
    assert_eq!(found(store, &soegning(vec![hvor(FACET, lig("f"), 5)])).await, [0; 0]);
    must(append(store, vec![became(Livscyklus::Passiveret, ret(1, 20, 30, til, vec![]))]).await);
    assert!(store.scan(&as_system(), None, 10).await.expect("a scan")[0].noegler.is_empty());
}

/// More objects than one statement of any database takes.
pub async fn a_large_set(store: &Store) {
    let saet = |foer: Option<i64>, tid| {
        let one = move |n| Tilfoejelse { foer: foer.map(at), ..ny(n, tid, titler(&["stor"])) };
        (1..=2_500).map(one).collect::<Vec<_>>()
    };
    must(append(store, saet(None, 10)).await);
    let alle = soegning(vec![hvor(TITEL, lig("stor"), 0)]);
    assert_eq!(found(store, &alle).await, (1..=2_500).collect::<Vec<_>>());
    must(append(store, vec![ret(2_400, 10, 11, vec![], vec![])]).await);
    lost(append(store, saet(Some(10), 20)).await, id(2_400));
    let first = store.load(&as_system(), KLASSE, id(1)).await.expect("a read").expect("the object");
    assert_eq!(first.tidspunkt, at(10));
}

pub async fn history_can_be_rewritten(store: &Store) {
    must(append(store, vec![ny(1, 10, titler(&["navn"]))]).await);
    must(append(store, vec![ret(1, 10, 20, vec![], vec![])]).await);
    let kroppe = vec![(at(10), b"x".to_vec()), (at(20), b"y".to_vec())];
    let tilfoejelse = ret(1, 20, 30, titler(&["navn"]), titler(&["anonym"]));
    let adgang = as_owner(korsbaek());
    let late = Tilfoejelse { foer: Some(at(10)), ..tilfoejelse.clone() };
    let too_late = Omskrivning { kroppe: kroppe.clone(), tilfoejelse: late };
    lost(store.rewrite(&adgang, at(1), vec![too_late]).await, id(1));
    let unknown = Omskrivning { kroppe: vec![(at(11), vec![])], tilfoejelse: tilfoejelse.clone() };
    lost(store.rewrite(&adgang, at(1), vec![unknown]).await, id(1));
    must(store.rewrite(&adgang, at(1), vec![Omskrivning { kroppe, tilfoejelse }]).await);
    let historie = store.history(&adgang, KLASSE, id(1)).await.expect("a read").expect("the object");
    assert_eq!(historie.1, [b"x".to_vec(), b"y".to_vec(), krop(30)]);
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("navn"), 0)])).await, [0; 0]);
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("anonym"), 0)])).await, [1]);
}

pub async fn objects_can_be_removed(store: &Store) {
    must(append(store, (1..=3).map(|n| ny(n, 10, titler(&["a"]))).collect()).await);
    let adgang = as_owner(korsbaek());
    let remove = |ns: &[u128]| ns.iter().map(|n| Fjernelse { objekt: id(*n), objekttype: KLASSE }).collect();
    lost(store.purge(&adgang, at(10), remove(&[1, 4])).await, id(4));
    must(store.purge(&adgang, at(10), remove(&[2, 1, 2])).await);
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("a"), 0)])).await, [3]);
    assert_eq!(found(store, &soegning(vec![])).await, [3]);
    assert_eq!(store.history(&as_system(), KLASSE, id(1)).await.expect("a read"), None);
    let haendelser = store.haendelser(100).await.expect("the outbox");
    let removed: Vec<_> =
        haendelser.iter().filter(|h| h.handling == "Slet").map(|h| (h.objekt, h.tidspunkt)).collect();
    assert_eq!(removed, [(id(1), at(11)), (id(2), at(11))]);
    // The UUID is free again, even for the same registration time.
    must(append(store, vec![ny(1, 10, titler(&["a"]))]).await);
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("a"), 0)])).await, [1, 3]);
}

/// Sets that share a commit do not share their failures.
pub async fn a_failing_set_harms_no_other(store: &Store) {
    must(append(store, (1..=20).map(|n| ny(n, 10, vec![])).collect()).await);
    let mut tasks = Vec::new();
    for n in 1..=20 {
        let store = store.clone();
        // The two odd ones out lose their guard; the third breaks a rule.
        let t = match n {
            7 | 13 => ret(n, 9, 20, vec![], titler(&["b"])),
            5 => ret(n, 10, 10, vec![], vec![]),
            _ => ret(n, 10, 20, vec![], titler(&["b"])),
        };
        tasks.push(tokio::spawn(async move { append(&store, vec![t]).await.is_ok() }));
    }
    for (n, task) in (1..=20).zip(tasks) {
        assert_eq!(task.await.expect("the task"), ![5, 7, 13].contains(&n), "{n}");
    }
    let expected: Vec<u128> = (1..=20).filter(|n| ![5, 7, 13].contains(n)).collect();
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("b"), 0)])).await, expected);
}
