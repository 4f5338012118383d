//! Messages and dueslag: nothing lost, nothing handed to two, and each in its place.

use super::scene::*;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::{Fejlaarsag, Lagt, NyBesked, NyKoepost, Store};
use uuid::Uuid;

pub const SYSTEM: Uuid = Uuid::from_u128(7);
pub const DUESLAG: Uuid = Uuid::from_u128(100);
pub const ANDET: Uuid = Uuid::from_u128(101);
pub const LAANER: Uuid = Uuid::from_u128(1);
pub const ANDEN: Uuid = Uuid::from_u128(2);

pub fn besked(n: u8, dueslag: &[Uuid]) -> NyBesked {
    let kopi = |dueslag: &Uuid| NyKoepost {
        dueslag: *dueslag,
        aftale: Uuid::from_u128(50),
        tilladte: vec![korsbaek()],
    };
    NyBesked {
        besked_id: format!("besked-{n:03}"),
        system: SYSTEM,
        cvr: korsbaek(),
        beskedtype: "type".into(),
        foelsomhed: None,
        kle: String::new(),
        transaktion: format!("transaktion-{n}"),
        korrelation: "forsøg".into(),
        modtaget: at(10),
        sha256: [n; 32],
        krop: vec![n; 100].into(),
        koeposter: dueslag.iter().map(kopi).collect(),
        overladt: false,
        haendelse: None,
    }
}

pub async fn laeg(store: &Store, antal: u8) {
    for n in 0..antal {
        let lagt = store.laeg_besked(besked(n, &[DUESLAG])).await.expect("stored");
        assert!(matches!(lagt, Lagt::Ny(_)), "{lagt:?}");
    }
}

pub async fn laan(store: &Store, antal: u32, laaner: Uuid, nu: i64) -> Vec<store::Koepost> {
    store.laan(DUESLAG, antal, laaner, at(nu), at(nu + 60)).await.expect("a loan")
}

fn ider(poster: &[store::Koepost]) -> Vec<u8> {
    poster.iter().map(|p| p.krop[0]).collect()
}

pub fn numre(poster: &[store::Koepost]) -> Vec<i64> {
    poster.iter().map(|p| p.nr).collect()
}

pub async fn a_message_is_taken_in_once(store: &Store) {
    let ny = besked(1, &[DUESLAG, ANDET]);
    assert!(matches!(store.laeg_besked(ny.clone()).await.expect("stored"), Lagt::Ny(_)));
    let igen = store.laeg_besked(ny.clone()).await.expect("an answer");
    assert_eq!(igen, Lagt::Gentaget { ens: true });
    let andre = NyBesked { sha256: [9; 32], ..ny.clone() };
    assert_eq!(store.laeg_besked(andre).await.expect("an answer"), Lagt::Gentaget { ens: false });
    let andet_system = NyBesked { system: ANDEN, ..ny.clone() };
    assert!(matches!(store.laeg_besked(andet_system).await.expect("stored"), Lagt::Ny(_)));
    assert_eq!(store.dybde(DUESLAG).await.expect("a number"), 2);
    let dobbelt = NyBesked { koeposter: [ny.koeposter.clone(), ny.koeposter].concat(), ..besked(2, &[]) };
    assert!(store.laeg_besked(dobbelt).await.is_err(), "a dueslag twice");
    let poster = laan(store, 10, LAANER, 20).await;
    assert_eq!(poster[0].besked_id, "besked-001");
    assert_eq!(poster[0].transaktion, "transaktion-1");
    assert_eq!((poster[0].system, poster[0].cvr, poster[0].modtaget), (SYSTEM, korsbaek(), at(10)));
    assert_eq!((&poster[0].krop[..], poster[0].tilladte.as_slice()), (&[1; 100][..], &[korsbaek()][..]));
    assert!(!poster[0].genleveret && poster[0].forsoeg == 0);
}

pub async fn a_haendelse_is_distributed_with_its_message(store: &Store) {
    must(append(store, vec![ny(1, 10, vec![])]).await);
    let haendelse = store.haendelser(10).await.expect("the outbox")[0].id;
    let med = |n| NyBesked { haendelse: Some(haendelse), ..besked(n, &[DUESLAG]) };
    store.laeg_besked(med(1)).await.expect("stored");
    assert!(store.haendelser(10).await.expect("the outbox").is_empty());
}

pub async fn loans_keep_order_and_come_back(store: &Store) {
    laeg(store, 6).await;
    let foerste = laan(store, 3, LAANER, 20).await;
    assert_eq!(ider(&foerste), [0, 1, 2]);
    assert_eq!(ider(&laan(store, 10, ANDEN, 20).await), [3, 4, 5], "what is on loan is passed over");
    let n = numre(&foerste);
    let poster = [(DUESLAG, n[1], Some(3)), (DUESLAG, n[2], None)];
    assert_eq!(store.frigiv(ANDEN, &poster).await.expect("a number"), 0, "not its to give back");
    assert_eq!(store.frigiv(LAANER, &poster).await.expect("a number"), 2);
    let igen = laan(store, 10, LAANER, 21).await;
    assert_eq!(ider(&igen), [1, 2], "in their places");
    assert_eq!(igen.iter().map(|p| (p.genleveret, p.forsoeg)).collect::<Vec<_>>(), [(true, 3), (false, 0)]);
    assert_eq!(store.forlaeng(LAANER, at(200)).await.expect("a number"), 3);
    let udloebne = laan(store, 10, Uuid::from_u128(3), 90).await;
    assert_eq!(ider(&udloebne), [3, 4, 5], "the loan that was not renewed ran out");
    assert!(udloebne.iter().all(|p| p.genleveret), "perhaps handed out");
}

pub async fn loans_nobody_knows_of_come_back(store: &Store) {
    laeg(store, 4).await;
    let n = numre(&laan(store, 3, LAANER, 20).await);
    laan(store, 1, ANDEN, 20).await;
    assert_eq!(store.frigiv_oevrige(LAANER, ANDET, &[]).await.expect("a number"), 0, "of that dueslag only");
    assert_eq!(store.frigiv_oevrige(LAANER, DUESLAG, &n[1..2]).await.expect("a number"), 2);
    let igen = laan(store, 9, LAANER, 21).await;
    assert_eq!(ider(&igen), [0, 2], "in their places, and nothing that another has");
    assert!(igen.iter().all(|post| !post.genleveret), "nobody got them");
}

pub async fn what_is_received_is_gone(store: &Store) {
    laeg(store, 4).await;
    let poster = laan(store, 3, LAANER, 20).await;
    let n = numre(&poster);
    assert_eq!(store.kvitter(DUESLAG, &n[..2], at(21)).await.expect("a number"), 2);
    assert_eq!(store.kvitter(DUESLAG, &n[..2], at(22)).await.expect("a number"), 0, "once");
    assert_eq!(store.kvitter(ANDET, &n, at(22)).await.expect("a number"), 0, "of this dueslag only");
    assert_eq!(store.dybde(DUESLAG).await.expect("a number"), 2);
    let rest = laan(store, 10, ANDEN, 200).await;
    assert_eq!(ider(&rest), [2, 3]);
}

pub async fn the_fejlkoe(store: &Store) {
    laeg(store, 4).await;
    let n = numre(&laan(store, 4, LAANER, 20).await);
    store.kvitter(DUESLAG, &n[..1], at(21)).await.expect("a number");
    let flyt = |numre: Vec<i64>, aarsag| {
        let store = store.clone();
        async move {
            store.til_fejlkoe(DUESLAG, &numre, aarsag, Some(400), Some(40), at(30)).await.expect("a number")
        }
    };
    let (foerste, to) = (n[..2].to_vec(), n[1..3].to_vec());
    assert_eq!(flyt(foerste, Fejlaarsag::AfvistAfModtager).await, 2, "also what was received");
    assert_eq!(flyt(to, Fejlaarsag::Udloebet).await, 1, "what is there stays as it is");
    let side = store.fejlkoe(DUESLAG, None, 10).await.expect("a page");
    assert_eq!(side.iter().map(|p| p.nr).collect::<Vec<_>>(), n[..3]);
    assert_eq!((side[1].aarsag, side[2].aarsag), (Fejlaarsag::AfvistAfModtager, Fejlaarsag::Udloebet));
    assert_eq!((side[0].http, side[0].statuskode, side[0].tid), (Some(400), Some(40), at(30)));
    let efter = store.fejlkoe(DUESLAG, Some(side[0].plads), 1).await.expect("a page");
    assert_eq!(efter, side[1..2]);
    assert_eq!(store.fra_fejlkoe(DUESLAG, &n[1..2], at(40)).await.expect("a number"), 1);
    assert_eq!(store.fra_fejlkoe(DUESLAG, &n[1..2], at(40)).await.expect("a number"), 0, "once");
    let rest = laan(store, 10, ANDEN, 200).await;
    assert_eq!(ider(&rest), [3, 1], "last in the dueslag");
    assert!(rest[1].genleveret);
}

pub async fn no_message_is_lent_to_two(store: &Store) {
    let mut laeggere = Vec::new();
    for traad in 0..4_u8 {
        let store = store.clone();
        laeggere.push(tokio::spawn(async move {
            for n in 0..50 {
                let ny = NyBesked { besked_id: format!("{traad}-{n}"), ..besked(n, &[DUESLAG]) };
                store.laeg_besked(ny).await.expect("stored");
            }
        }));
    }
    let i_alt = Arc::new(AtomicUsize::new(0));
    let mut hentere = Vec::new();
    for laaner in 1..=4 {
        let (store, i_alt) = (store.clone(), i_alt.clone());
        hentere.push(tokio::spawn(async move {
            let mut hentet = Vec::new();
            while i_alt.load(Ordering::SeqCst) < 200 {
                let n = numre(&laan(&store, 7, Uuid::from_u128(laaner), 20).await);
                store.kvitter(DUESLAG, &n, at(21)).await.expect("a number");
                i_alt.fetch_add(n.len(), Ordering::SeqCst);
                hentet.extend(n);
                tokio::task::yield_now().await;
            }
            hentet
        }));
    }
    for en in laeggere {
        en.await.expect("no panic");
    }
    let mut alle = Vec::new();
    for en in hentere {
        let hentet = tokio::time::timeout(Duration::from_secs(60), en).await.expect("nothing is lost");
        alle.extend(hentet.expect("no panic"));
    }
    assert_eq!(alle.len(), 200, "nobody got what another had");
    assert_eq!(alle.into_iter().collect::<HashSet<_>>().len(), 200);
    assert!(laan(store, 300, LAANER, 200).await.is_empty());
}
