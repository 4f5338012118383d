//! The objects of the indexes: found, and removed.

use super::indeks::*;
use super::scene::{as_owner, at, korsbaek, krop, nabokoebing};
use bitemporal::Period;
use std::collections::BTreeSet;
use store::{Indeksfjernelse, Indeksnoegle, Indeksskrivning, Indekssletning, Indeksvej, Store, StoreFejl};
use uuid::Uuid;

fn periode(fra: i64, til: i64) -> Period {
    Period { from: at(fra), to: at(til) }
}

fn i_periode(vaerdi: &[u8], fra: i64, til: i64) -> Indeksvej {
    Indeksvej::Noegle {
        felt: PART,
        vaerdi: vaerdi.to_vec(),
        begynder: false,
        periode: periode(fra, til),
        tidligere: false,
    }
}

pub async fn index_keys_hold_in_periods(store: &Store) {
    let alle = vec![
        ny(1, 1, vec![mellem(PART, b"a", 10, 20)]),
        ny(2, 1, vec![mellem(PART, b"a", 20, i64::MAX)]),
        ny(3, 1, vec![mellem(PART, b"a", i64::MIN, 10), mellem(PART, b"a", 30, 40)]),
        ny(4, 1, vec![altid(ORD, b"a")]),
    ];
    skriv(store, alle).await;
    for (fra, til, forventet) in [
        (10, 11, vec![1]),
        (19, 20, vec![1]),
        (20, 21, vec![2]),
        (9, 10, vec![3]),
        (9, 11, vec![1, 3]),
        (5, 35, vec![1, 2, 3]),
        (i64::MIN, i64::MIN + 1, vec![3]),
        (40, i64::MAX, vec![2]),
        (i64::MIN, i64::MAX, vec![1, 2, 3]),
    ] {
        assert_eq!(
            ad(store, i_periode(b"a", fra, til)).await,
            forventet.into_iter().collect(),
            "{fra} {til}"
        );
    }
}

pub async fn index_keys_are_found_by_how_they_begin(store: &Store) {
    let vaerdier: [&[u8]; 9] = [b"", b"a", b"ab", b"abc", b"ac", b"b", &[255], &[255, 255], &[255, 255, 7]];
    let alle = (1..).zip(vaerdier).map(|(n, v)| ny(n, 1, vec![altid(PART, v)])).collect();
    skriv(store, alle).await;
    skriv(store, vec![ny(100, 1, vec![altid(PART - 1, b"ab"), altid(PART + 1, b"ab")])]).await;
    skriv(store, vec![ny(101, 1, vec![altid(PART + 1, &[255, 255])])]).await;
    for begyndelse in [&b""[..], b"a", b"ab", b"abc", b"abcd", &[254], &[255], &[255, 255], &[255, 255, 255]]
    {
        let passer = (1..).zip(vaerdier).filter(|(_, v)| v.starts_with(begyndelse)).map(|(n, _)| n);
        let fundne = ad(store, noegle(PART, begyndelse, true, false)).await;
        assert_eq!(fundne, passer.collect::<BTreeSet<u128>>(), "{begyndelse:?}");
        let ens = (1..).zip(vaerdier).filter(|(_, v)| *v == begyndelse).map(|(n, _)| n);
        let fundne = ad(store, noegle(PART, begyndelse, false, false)).await;
        assert_eq!(fundne, ens.collect::<BTreeSet<u128>>(), "{begyndelse:?}");
    }
}

pub async fn index_objects_are_found_by_names_and_times(store: &Store) {
    let mut med_historie = ny(1, 30, vec![]);
    med_historie.tidligere = vec![(at(10), krop(10))];
    let dokument = Indeksskrivning { art: DOKUMENT, ..ny(3, 20, vec![]) };
    skriv(store, vec![med_historie, ny(2, 20, vec![]), dokument]).await;
    skriv(store, vec![opdateret(2, 20, 40, vec![])]).await;
    let navne = |n: &[u128]| Indeksvej::Navne(n.iter().map(|n| Uuid::from_u128(*n)).collect());
    assert_eq!(ad(store, navne(&[2, 3, 9, 2])).await, [2].into());
    assert_eq!(ad(store, navne(&[])).await, [].into());
    for (fra, til, forventet) in
        [(10, 11, vec![1]), (20, 21, vec![2]), (0, 20, vec![1]), (30, 41, vec![1, 2]), (41, i64::MAX, vec![])]
    {
        let fundne = ad(store, Indeksvej::Tidspunkt(periode(fra, til))).await;
        assert_eq!(fundne, forventet.into_iter().collect(), "{fra} {til}");
    }
    // Of when they came, that of the newest counts.
    for (fra, til, forventet) in
        [(1_020, 1_030, vec![]), (1_030, 1_031, vec![1]), (1_040, 1_041, vec![2]), (0, i64::MAX, vec![1, 2])]
    {
        let fundne = ad(store, Indeksvej::Sts(periode(fra, til))).await;
        assert_eq!(fundne, forventet.into_iter().collect(), "{fra} {til}");
    }
    assert_eq!(ad(store, Indeksvej::Alle).await, [1, 2].into());
    assert_eq!(ad_flere(store, DOKUMENT, &[Indeksvej::Alle]).await, [3].into());
    let flere = [navne(&[1]), Indeksvej::Tidspunkt(periode(0, 11)), Indeksvej::Sts(periode(1_040, 1_041))];
    assert_eq!(ad_flere(store, SAG, &flere).await, [1, 2].into());
    assert_eq!(ad_flere(store, SAG, &[]).await, [].into());
}

pub async fn as_many_ways_as_anybody_asks(store: &Store) {
    let vaerdi = |n: u128| format!("{n:04}").into_bytes();
    skriv(store, (0..600).map(|n| ny(n, 1, vec![altid(PART, &vaerdi(n))])).collect()).await;
    for begynder in [false, true] {
        let veje: Vec<_> = (100..600).map(|n| noegle(PART, &vaerdi(n), begynder, false)).collect();
        assert_eq!(ad_flere(store, SAG, &veje).await, (100..600).collect(), "{begynder}");
        let fundne = store.indeks_kandidater(SAG, &veje, 30).await.expect("a search");
        assert_eq!(fundne.len(), 30);
    }
}

pub async fn more_than_asked_for_is_not_given(store: &Store) {
    // Objects that are met again and again by the same way.
    let mange = |n: u128| (0..50).map(|k| altid(PART, format!("m{k:02} {n}").as_bytes())).collect();
    skriv(store, (1..=20).map(|n| ny(n, 1, mange(n))).collect()).await;
    let ens: Vec<Indeksnoegle> = (0..50).map(|k| mellem(ORD, b"samme", k, k + 1)).collect();
    skriv(store, (21..=40).map(|n| ny(n, 1, ens.clone())).collect()).await;
    for vej in [noegle(PART, b"m", true, false), noegle(ORD, b"samme", false, false), Indeksvej::Alle] {
        let alle = if vej == Indeksvej::Alle { 40 } else { 20 };
        for hoejst in [0, 1, 3, 19, 20, 21, 40, 41, u64::MAX] {
            let fundne = store.indeks_kandidater(SAG, std::slice::from_ref(&vej), hoejst).await;
            let fundne = fundne.expect("a search");
            assert_eq!(fundne.len() as u64, hoejst.min(alle), "{vej:?} {hoejst}");
            assert!(fundne.is_sorted_by(|a, b| a < b), "ascending, each once");
        }
    }
    for (hoejst, forventet) in [(0, 0), (1, 1), (20, 20), (99, 20)] {
        let fundne = store.indeks_med_noegle(ORD, &[b"samme".to_vec()], hoejst).await.expect("a search");
        assert_eq!(fundne.len(), forventet);
    }
}

pub async fn neighbours_are_found(store: &Store) {
    let alle = vec![
        ny(1, 1, vec![altid(PART, b"a"), altid(PART, b"b")]),
        ny(2, 1, vec![mellem(PART, b"b", 0, 1)]),
        ny(3, 1, vec![altid(ORD, b"a")]),
        ny(4, 1, vec![altid(PART, b"a")]),
    ];
    skriv(store, alle).await;
    skriv(store, vec![opdateret(4, 1, 2, vec![])]).await;
    let vaerdier = |v: &[&str]| v.iter().map(|v| v.as_bytes().to_vec()).collect::<Vec<_>>();
    for (v, forventet) in [
        (vaerdier(&["a", "b", "c", "a"]), vec![1, 2]),
        (vaerdier(&["a"]), vec![1]),
        (vaerdier(&["c"]), vec![]),
        (vec![], vec![]),
    ] {
        let numre = store.indeks_med_noegle(PART, &v, 100).await.expect("a search");
        let fundne = store.indeks_af_nr(&numre).await.expect("a read");
        assert_eq!(fundne.iter().map(|o| o.id.as_u128()).collect::<Vec<_>>(), forventet, "{v:?}");
    }
}

fn fjernelse(n: u128, tidspunkt: i64) -> Indeksfjernelse {
    Indeksfjernelse { art: SAG, id: Uuid::from_u128(n), tidspunkt: at(tidspunkt), haendelse: None }
}

async fn fjern(store: &Store, alle: Vec<Indeksfjernelse>) -> Result<(), StoreFejl> {
    store.indeks_fjern(&as_owner(korsbaek()), at(77), alle).await
}

/// Where nothing of a removed object may be left.
pub const INDHOLD: [&str; 4] = [
    "SELECT count(*) FROM indeksobjekt",
    "SELECT count(*) FROM indekshistorik",
    "SELECT count(*) FROM indeksnoegle",
    "SELECT count(*) FROM haendelse WHERE omslag IS NOT NULL",
];

/// Objects with history and earlier keys are removed, and what was told of them has been distributed.
pub async fn removed(store: &Store) {
    let mut alle = vec![ny(1, 10, vec![altid(PART, b"a")]), ny(2, 10, vec![altid(PART, b"a")])];
    alle.iter_mut().for_each(|s| s.haendelse = haendelse("Importer"));
    skriv(store, alle).await;
    skriv(store, vec![opdateret(1, 10, 20, vec![altid(PART, b"b")])]).await;
    let fortalt = store.haendelser(10).await.expect("the outbox");
    store.haendelser_fordelt(&[fortalt[0].id], at(21)).await.expect("marked");
    let mut besked = super::besked::besked(1, &[super::besked::DUESLAG]);
    besked.haendelse = Some(fortalt[1].id);
    store.laeg_besked(besked).await.expect("stored");
    assert!(store.haendelser(10).await.expect("the outbox").is_empty());
    fjern(store, vec![fjernelse(2, 10), fjernelse(1, 20)]).await.expect("removed");
}

pub async fn index_objects_can_be_removed(store: &Store) {
    let mut foerst = ny(1, 10, vec![altid(PART, b"a")]);
    foerst.haendelse = haendelse("Importer");
    skriv(store, vec![foerst, ny(2, 10, vec![altid(PART, b"a")]), ny(3, 10, vec![])]).await;
    skriv(store, vec![opdateret(1, 10, 20, vec![altid(PART, b"b")])]).await;
    let gammelt = nr(store, 1).await;
    let foer = alt(store).await;
    for alle in [
        vec![fjernelse(2, 10), fjernelse(1, 10)],
        vec![fjernelse(2, 10), fjernelse(9, 10)],
        vec![fjernelse(2, 10), Indeksfjernelse { art: DOKUMENT, ..fjernelse(3, 10) }],
    ] {
        let udfald = fjern(store, alle.clone()).await;
        let tabt = alle[1].id;
        assert!(matches!(&udfald, Err(StoreFejl::Tabt(o)) if o.0 == tabt), "{udfald:?}");
    }
    let naboen = as_owner(nabokoebing());
    let udfald = store.indeks_fjern(&naboen, at(77), vec![fjernelse(2, 10)]).await;
    assert!(matches!(udfald, Err(StoreFejl::Fremmed(_))));
    let to_gange = fjern(store, vec![fjernelse(2, 10), fjernelse(2, 10)]).await;
    assert!(matches!(to_gange, Err(StoreFejl::Ugyldig(_))));
    assert_eq!(alt(store).await, foer, "all or none");
    let for_mange = fjern(store, (0..=10_000).map(|n| fjernelse(n, 10)).collect()).await;
    assert!(matches!(for_mange, Err(StoreFejl::Ugyldig(_))));
    fjern(store, vec![]).await.expect("nothing");
    let sidst = Indeksfjernelse { haendelse: haendelse("Slet"), ..fjernelse(1, 20) };
    fjern(store, vec![fjernelse(2, 10), sidst]).await.expect("removed");
    assert_eq!(ad(store, Indeksvej::Alle).await, [3].into());
    assert_eq!(ad(store, Indeksvej::Tidspunkt(Period::ALWAYS)).await, [3].into());
    for felt in [PART, ORD] {
        assert_eq!(ad(store, noegle(felt, b"", true, true)).await, [].into());
    }
    assert!(store.indeks_historik(&[gammelt]).await.expect("a read").is_empty());
    let fortalt = store.haendelser(10).await.expect("the outbox");
    let set: Vec<_> = fortalt.iter().map(|h| (h.handling.as_str(), h.tidspunkt, h.indeks)).collect();
    assert_eq!(set, [("Importer", at(10), Some(gammelt)), ("Slet", at(77), Some(gammelt))]);
    for h in &fortalt {
        let fundet = store.indeks_registrering(gammelt, h.tidspunkt).await.expect("a read");
        assert_eq!(fundet, None, "what is removed is told to nobody");
    }
    // It may come again, and is another object then.
    let genkomst = vec![ny(1, 10, vec![altid(PART, b"igen")]), ny(2, 5, vec![])];
    assert_eq!(skriv(store, genkomst).await, [true; 2]);
    assert!(nr(store, 1).await > gammelt.max(nr(store, 3).await), "a number is never given again");
    assert_eq!(ad(store, noegle(PART, b"", true, true)).await, [1].into());
    assert!(store.indeks_registrering(gammelt, at(10)).await.expect("a read").is_none());
}

pub async fn deletions_are_proved(store: &Store) {
    removed(store).await;
    let adgang = as_owner(korsbaek());
    let bevis = |nr, n: u128, antal| Indekssletning {
        nr,
        art: SAG,
        id: Uuid::from_u128(n),
        tid: at(77),
        system: adgang.system,
        myndighed: korsbaek(),
        antal,
    };
    let alle = store.indeks_sletninger(None, 10).await.expect("a read");
    assert_eq!(alle, [bevis(alle[0].nr, 1, 2), bevis(alle[1].nr, 2, 1)]);
    assert_eq!(store.indeks_sletninger(None, 1).await.expect("a read"), alle[..1]);
    assert_eq!(store.indeks_sletninger(Some(alle[0].nr), 10).await.expect("a read"), alle[1..]);
    let log = store.adgangslog(at(77), at(78), 10).await.expect("the log");
    assert_eq!(log[0].objekter.iter().map(|o| o.0.as_u128()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(store.glem_indekssletninger(at(77), 10).await.expect("a number"), 0);
    assert_eq!(store.glem_indekssletninger(at(78), 1).await.expect("a number"), 1);
    assert_eq!(store.indeks_sletninger(None, 10).await.expect("a read"), alle[1..]);
    assert_eq!(store.glem_indekssletninger(at(78), 10).await.expect("a number"), 1);
}

/// One removes what others change and import: whoever comes first, no half of an object is left.
pub async fn racing_removals(store: &Store) {
    for runde in 1..=20_u128 {
        skriv(store, vec![ny(runde, 10, vec![altid(PART, b"foerst")])]).await;
        let andre: Vec<_> = (0..3)
            .map(|opgave: i64| {
                let store = store.clone();
                tokio::spawn(async move {
                    let ny_tid = 20 + opgave;
                    let alle = vec![
                        opdateret(runde, 10, ny_tid, vec![altid(PART, b"saa")]),
                        ny(runde, 10, vec![altid(PART, b"igen")]),
                    ];
                    skriv(&store, alle).await
                })
            })
            .collect();
        let fjernet = fjern(store, vec![fjernelse(runde, 10)]).await.is_ok();
        let (mut rettet, mut kom_igen) = (0, 0);
        for opgave in andre {
            let skrevet = opgave.await.expect("the task");
            rettet += usize::from(skrevet[0]);
            kom_igen += usize::from(skrevet[1]);
        }
        assert!(kom_igen <= usize::from(fjernet), "round {runde}");
        // Whoever took it for the first, changed or removed it; what came again may be changed once as well.
        assert!(rettet <= 1 + kom_igen && (fjernet || rettet == 1), "round {runde}: {rettet} {kom_igen}");
        let der = hent(store, runde).await;
        assert_eq!(der.is_some(), !fjernet || kom_igen == 1, "round {runde}");
        let med_noegler = ad(store, noegle(PART, b"", true, true)).await;
        assert_eq!(med_noegler.contains(&runde), der.is_some(), "round {runde}");
        if let Some(objekt) = der {
            let historik = store.indeks_historik(&[objekt.nr]).await.expect("a read").len();
            assert_eq!(historik == 1, objekt.tidspunkt > at(10), "round {runde}");
            fjern(store, vec![Indeksfjernelse { tidspunkt: objekt.tidspunkt, ..fjernelse(runde, 0) }])
                .await
                .expect("removed at last");
        }
    }
}
