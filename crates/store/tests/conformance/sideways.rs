//! The outbox, the access log, administration entities, figures.

use super::scene::*;
use std::time::Duration;
use store::{EntitetSkrivning, LogLinje, LogPost, Modulskrevet, Store, StoreFejl};
use uuid::Uuid;

pub async fn the_outbox(store: &Store) {
    must(append(store, vec![ny(1, 10, vec![])]).await);
    must(append(store, vec![ret(1, 10, 20, vec![], vec![])]).await);
    let haendelser = store.haendelser(10).await.expect("the outbox");
    let seen: Vec<_> = haendelser.iter().map(|h| (h.objekt, h.tidspunkt, h.handling.as_str())).collect();
    assert_eq!(seen, [(id(1), at(10), "Opret"), (id(1), at(20), "Ret")]);
    assert!(haendelser.iter().all(|h| h.objekttype == KLASSE && h.ejer == korsbaek()));
    assert!(haendelser[0].id < haendelser[1].id);
    assert_eq!(store.haendelser(1).await.expect("the outbox").len(), 1);
}

async fn log(store: &Store) -> Vec<LogLinje> {
    store.adgangslog(at(0), at(i64::MAX), 1_000).await.expect("the log")
}

/// The log once it has this many lines; they are queued, so they may take a moment.
async fn log_of(store: &Store, lines: usize) -> Vec<LogLinje> {
    let all = async {
        loop {
            let linjer = log(store).await;
            if linjer.len() >= lines {
                return linjer;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), all).await.expect("queued lines are written")
}

pub async fn the_access_log(store: &Store) {
    let adgang = as_owner(korsbaek());
    must(store.append(&adgang, at(5), vec![ny(2, 10, vec![]), ny(1, 10, vec![])]).await);
    let written = log(store).await;
    let expected = LogLinje {
        tid: at(5),
        transaktion: adgang.transaktion,
        system: adgang.system,
        myndighed: Some(korsbaek()),
        aftale: adgang.aftale,
        operation: adgang.operation.into(),
        objekttype: KLASSE.into(),
        objekter: vec![id(1), id(2)],
        antal: 2,
        udfald: "ok".into(),
        regel: String::new(),
    };
    assert_eq!(written, std::slice::from_ref(&expected));
    store.log(&adgang, at(6), &[id(2)]).await;
    store.log(&adgang, at(7), &[]).await;
    let linjer = log_of(store, 3).await;
    assert_eq!(linjer[1], LogLinje { tid: at(6), objekter: vec![id(2)], antal: 1, ..expected.clone() });
    assert_eq!(linjer[2], LogLinje { tid: at(7), objekter: vec![], antal: 0, ..expected });
    assert_eq!(store.adgangslog(at(6), at(7), 10).await.expect("the log").len(), 1);
    must(append(store, vec![ret(1, 10, 20, vec![], vec![])]).await);
    assert_eq!(log(store).await.len(), 4);
}

pub async fn refusals_are_logged(store: &Store) {
    let post = LogPost {
        tid: at(9),
        transaktion: Uuid::from_u128(5),
        system: None,
        myndighed: None,
        aftale: None,
        operation: "laes",
        objekttype: KLASSE,
        udfald: LogPost::AFVIST,
        regel: "ingen gældende serviceaftale".into(),
    };
    store.log_afvist(post).await.expect("the queue is open");
    let linje = log_of(store, 1).await.remove(0);
    assert_eq!((linje.udfald.as_str(), linje.regel.as_str()), ("afvist", "ingen gældende serviceaftale"));
    assert_eq!((linje.tid, linje.antal, linje.myndighed), (at(9), 0, None));
}

pub async fn entities_have_versions(store: &Store) {
    let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let put = async |art: &str, id, krop: &[u8], foer| {
        let skrivning = EntitetSkrivning { art: art.into(), id, krop: Some(krop.to_vec()), foer };
        store.put_entities(vec![skrivning]).await
    };
    put("aftale", b, b"b1", None).await.expect("a first version");
    put("aftale", a, b"a1", Some(0)).await.expect("a first version");
    put("aftale", a, b"a2", Some(1)).await.expect("a second");
    put("system", a, b"s1", None).await.expect("of another kind");
    for foer in [Some(0), Some(1), Some(3)] {
        assert!(matches!(put("aftale", a, b"nej", foer).await, Err(StoreFejl::Tabt(_))));
    }
    put("aftale", b, b"b2", None).await.expect("whatever was there");
    let aftaler = store.entities("aftale").await.expect("a read");
    assert_eq!(aftaler, [(a, 2, b"a2".to_vec()), (b, 2, b"b2".to_vec())]);
    assert!(store.entities("andet").await.expect("a read").is_empty());
}

pub async fn a_set_of_entities_is_all_or_nothing(store: &Store) {
    let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let skrivning = |art: &str, id, krop: Option<&str>, foer| EntitetSkrivning {
        art: art.into(),
        id,
        krop: krop.map(|k| k.as_bytes().to_vec()),
        foer,
    };
    let all = async || {
        let rows = store.entities("aftale").await.expect("a read");
        rows.into_iter().map(|(id, n, k)| (id, n, String::from_utf8(k).expect("text"))).collect::<Vec<_>>()
    };
    let set = vec![skrivning("aftale", b, Some("b1"), Some(0)), skrivning("aftale", a, Some("a1"), Some(0))];
    store.put_entities(set).await.expect("a first set");
    assert_eq!(all().await, [(a, 1, "a1".into()), (b, 1, "b1".into())]);
    let lost = vec![skrivning("aftale", a, Some("a2"), Some(1)), skrivning("aftale", b, Some("b2"), Some(0))];
    assert!(matches!(store.put_entities(lost).await, Err(StoreFejl::Tabt(id)) if id.0 == b));
    assert_eq!(all().await, [(a, 1, "a1".into()), (b, 1, "b1".into())], "nothing was written");
    let twice = vec![skrivning("aftale", a, Some("x"), None), skrivning("aftale", a, Some("y"), None)];
    assert!(matches!(store.put_entities(twice).await, Err(StoreFejl::Ugyldig(_))));
    let set = vec![skrivning("aftale", a, None, Some(1)), skrivning("aftale", b, Some("b2"), None)];
    store.put_entities(set).await.expect("a removal and a change");
    assert_eq!(all().await, [(b, 2, "b2".into())]);
    assert!(store.put_entities(vec![skrivning("aftale", b, Some("b3"), Some(1))]).await.is_err());
    store.put_entities(vec![skrivning("aftale", a, Some("a3"), Some(0))]).await.expect("it was removed");
    assert_eq!(all().await, [(a, 3, "a3".into()), (b, 2, "b2".into())]);
    store.put_entities(vec![]).await.expect("nothing to do");
}

pub async fn several_kinds_are_read_as_they_were_at_one_moment(store: &Store) {
    let skriver = store.clone();
    let skriver = tokio::spawn(async move {
        for n in 0..200_i64 {
            let begge = ["it-system", "aftale", "part"].map(|art| EntitetSkrivning {
                art: art.into(),
                id: Uuid::from_u128(1),
                krop: Some(n.to_be_bytes().to_vec()),
                foer: Some(n),
            });
            skriver.put_entities(begge.to_vec()).await.expect("nobody else writes");
        }
    });
    while !skriver.is_finished() {
        let alle = store.entities_of(&["aftale", "intet", "it-system", "part"]).await.expect("a read");
        assert!(alle[1].is_empty());
        assert!(alle[0] == alle[2] && alle[2] == alle[3], "{alle:?}");
    }
    skriver.await.expect("no panic");
}

/// Everybody takes the next free number: what they decide from is all the others, and what they write is their own.
pub async fn what_is_decided_from_all_is_decided_by_one(store: &Store) {
    let skrivning = |art: &str, id, krop: Vec<u8>, foer| EntitetSkrivning {
        art: art.into(),
        id: Uuid::from_u128(id),
        krop: Some(krop),
        foer: Some(foer),
    };
    let tag = |n: u128| {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                let alle = store.entities_of(&["faelles", "aftale"]).await.expect("a read");
                let faelles = skrivning("faelles", 0, vec![1], alle[0].first().map_or(0, |(_, v, _)| *v));
                let min = skrivning("aftale", n + 1, vec![alle[1].len() as u8], 0);
                let skrevet = match n % 2 {
                    0 => store.put_entities(vec![faelles, min]).await.map(|()| true),
                    _ => store.modul_skriv(&[faelles, min], &[], &[]).await.map(|s| s == Modulskrevet::Gemt),
                };
                match skrevet {
                    Ok(true) => return,
                    Ok(false) | Err(StoreFejl::Tabt(_)) => {}
                    Err(andet) => panic!("{andet}"),
                }
            }
        })
    };
    for en in (0..12).map(tag).collect::<Vec<_>>() {
        en.await.expect("no panic");
    }
    let mut numre: Vec<u8> =
        store.entities("aftale").await.expect("a read").into_iter().map(|(_, _, krop)| krop[0]).collect();
    numre.sort_unstable();
    assert_eq!(numre, (0..12).collect::<Vec<u8>>());
}

pub async fn figures(store: &Store) {
    store.ping().await.expect("the database answers");
    must(append(store, (1..=3).map(|n| ny(n, 10, vec![])).collect()).await);
    let stats = store.stats().await.expect("figures");
    assert_eq!((stats.levende, stats.haendelser), (vec![(KLASSE.to_owned(), 3)], 3));
    assert!(stats.size_bytes > 0);
}
