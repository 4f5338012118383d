//! Lists of values.

use super::scene::*;
use store::{Gemtliste, Listeregistrering, Moenster, Store, Vaerdiskift};
use uuid::Uuid;

const LISTE: Uuid = Uuid::from_u128(1);
const EJER: Uuid = Uuid::from_u128(7);
const MAX: u64 = 1_000_000;

fn reg(tid: i64, livscyklus: &str) -> Listeregistrering {
    Listeregistrering {
        liste: LISTE,
        ejer: EJER,
        tidspunkt: at(tid),
        livscyklus: livscyklus.into(),
        navn: "Borgere i Ågade".into(),
        bvn: Some("ågade".into()),
        hoved: format!("hoved {tid}"),
    }
}

fn vaerdier(fra: u32, til: u32) -> Vec<String> {
    (fra..til).map(|n| format!("urn:oio:cpr-nr:{n:010}")).collect()
}

async fn nu(store: &Store, tid: i64) -> Vec<String> {
    store.vaerdier(LISTE, at(tid), None, 1000).await.expect("read")
}

pub async fn a_list_and_its_history(store: &Store) {
    let mut dobbelt = vaerdier(0, 3);
    dobbelt.extend(vaerdier(0, 1));
    let gemt = store.gem_vaerdiliste(reg(1, "Opstaaet"), Vaerdiskift::Erstat(dobbelt), None, MAX).await;
    assert_eq!(gemt.expect("stored"), Gemtliste::Gemt { antal: 3, aendrede: 3 });
    let igen = store.gem_vaerdiliste(reg(2, "Opstaaet"), Vaerdiskift::Uaendret, None, MAX).await;
    assert_eq!(igen.expect("asked"), Gemtliste::Findes);
    let skift = Vaerdiskift::Tilfoej(vaerdier(2, 5));
    let gemt = store.gem_vaerdiliste(reg(2, "Rettet"), skift.clone(), Some(at(1)), MAX).await;
    assert_eq!(gemt.expect("stored"), Gemtliste::Gemt { antal: 5, aendrede: 2 });
    let gemt = store.gem_vaerdiliste(reg(3, "Rettet"), skift.clone(), Some(at(2)), MAX).await;
    assert_eq!(gemt.expect("asked"), Gemtliste::Gemt { antal: 5, aendrede: 0 }, "nothing changes");
    let gemt =
        store.gem_vaerdiliste(reg(3, "Rettet"), Vaerdiskift::Fjern(vaerdier(0, 1)), Some(at(1)), MAX).await;
    assert_eq!(gemt.expect("asked"), Gemtliste::Overhalet);
    let gemt =
        store.gem_vaerdiliste(reg(3, "Rettet"), Vaerdiskift::Fjern(vaerdier(0, 9)), Some(at(2)), MAX).await;
    assert_eq!(gemt.expect("stored"), Gemtliste::Gemt { antal: 0, aendrede: 5 });
    let gemt =
        store.gem_vaerdiliste(reg(4, "Rettet"), Vaerdiskift::Tilfoej(vaerdier(0, 2)), Some(at(3)), MAX).await;
    assert_eq!(gemt.expect("stored"), Gemtliste::Gemt { antal: 2, aendrede: 2 }, "values come back");
    let gemt =
        store.gem_vaerdiliste(reg(5, "Rettet"), Vaerdiskift::Erstat(vaerdier(1, 4)), Some(at(4)), MAX).await;
    assert_eq!(gemt.expect("stored"), Gemtliste::Gemt { antal: 3, aendrede: 3 });
    for (tid, fra, til) in [(0, 0, 0), (1, 0, 3), (2, 0, 5), (3, 0, 0), (4, 0, 2), (5, 1, 4), (9, 1, 4)] {
        assert_eq!(nu(store, tid).await, vaerdier(fra, til), "at {tid}");
    }
    let side = store.vaerdier(LISTE, at(5), Some(&vaerdier(1, 2)[0]), 1).await.expect("read");
    assert_eq!(side, vaerdier(2, 3));
    for (ved, hoved) in [(1, "hoved 1"), (4, "hoved 4"), (99, "hoved 5")] {
        let reg =
            store.vaerdiliste_registrering_ved(LISTE, at(ved)).await.expect("read").expect("it was there");
        assert_eq!(reg.hoved, hoved);
    }
    assert_eq!(store.vaerdiliste_registrering_ved(LISTE, at(0)).await.expect("read"), None);
    let liste = store.vaerdiliste(LISTE).await.expect("read").expect("it is there");
    assert_eq!((liste.reg, liste.antal), (reg(5, "Rettet"), 3));
    assert_eq!(store.vaerdiliste(Uuid::from_u128(2)).await.expect("read"), None);
    assert_eq!(store.vaerdilister_aendret_siden(at(5)).await.expect("read"), [LISTE]);
    assert!(store.vaerdilister_aendret_siden(at(6)).await.expect("read").is_empty());
}

pub async fn a_list_has_a_limit_and_writes_nothing_beyond_it(store: &Store) {
    let gemt = store.gem_vaerdiliste(reg(1, "Opstaaet"), Vaerdiskift::Erstat(vaerdier(0, 5)), None, 4).await;
    assert_eq!(gemt.expect("asked"), Gemtliste::ForMange);
    assert_eq!(store.vaerdiliste(LISTE).await.expect("read"), None);
    let gemt = store.gem_vaerdiliste(reg(1, "Opstaaet"), Vaerdiskift::Erstat(vaerdier(0, 4)), None, 4).await;
    assert_eq!(gemt.expect("stored"), Gemtliste::Gemt { antal: 4, aendrede: 4 });
    let gemt =
        store.gem_vaerdiliste(reg(2, "Rettet"), Vaerdiskift::Tilfoej(vaerdier(4, 5)), Some(at(1)), 4).await;
    assert_eq!(gemt.expect("asked"), Gemtliste::ForMange);
    assert_eq!(nu(store, 9).await.len(), 4);
    // A portion and a half.
    let gemt = store
        .gem_vaerdiliste(reg(3, "Rettet"), Vaerdiskift::Erstat(vaerdier(0, 30_000)), Some(at(1)), MAX)
        .await;
    assert_eq!(gemt.expect("stored"), Gemtliste::Gemt { antal: 30_000, aendrede: 29_996 });
}

pub async fn lists_are_found(store: &Store) {
    for (n, navn, bvn) in
        [(1, "Borgere i Ågade", Some("ågade")), (2, "Borgere i Bgade", None), (3, "Andre", Some("x"))]
    {
        let reg = Listeregistrering {
            liste: Uuid::from_u128(n),
            navn: navn.into(),
            bvn: bvn.map(Into::into),
            livscyklus: if n == 3 { "Slettet".into() } else { "Opstaaet".into() },
            ..reg(1, "")
        };
        let n = u32::try_from(n).expect("small");
        store.gem_vaerdiliste(reg, Vaerdiskift::Erstat(vaerdier(n, n + 2)), None, MAX).await.expect("stored");
    }
    let find =
        async |navn: Option<Moenster>, bvn: Option<Moenster>, v: &[String], uden: &[&str], spring, antal| {
            let fundne =
                store.soeg_vaerdilister(EJER, navn, bvn, v, uden, spring, antal).await.expect("found");
            fundne.into_iter().map(|liste| liste.as_u128()).collect::<Vec<_>>()
        };
    assert_eq!(find(None, None, &[], &[], 0, 10).await, [1, 2, 3]);
    assert_eq!(find(None, None, &[], &["Slettet"], 1, 10).await, [2]);
    assert_eq!(find(Some(Moenster::Jokertegn("borgere*".into())), None, &[], &[], 0, 1).await, [1]);
    assert_eq!(find(Some(Moenster::Lig("borgere i ågade".into())), None, &[], &[], 0, 9).await, [1]);
    assert_eq!(find(None, Some(Moenster::Lig("ågade".into())), &[], &[], 0, 9).await, [1]);
    assert_eq!(find(None, None, &vaerdier(2, 3), &[], 0, 9).await, [1, 2]);
    assert_eq!(find(None, None, &vaerdier(2, 4), &[], 0, 9).await, [2]);
    assert!(store.soeg_vaerdilister(LISTE, None, None, &[], &[], 0, 9).await.expect("asked").is_empty());
}
