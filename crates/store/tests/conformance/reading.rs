//! load, load_many, history, scan.

use super::scene::*;
use oio::Cvr;
use oio::model::Livscyklus;
use store::Store;

pub async fn a_new_object_can_be_read(store: &Store) {
    must(append(store, vec![ny(1, 10, titler(&["a"]))]).await);
    let gemt = store.load(&as_owner(korsbaek()), KLASSE, id(1)).await.expect("a read").expect("the object");
    assert_eq!((gemt.objekt, gemt.ejer, gemt.tidspunkt), (id(1), korsbaek(), at(10)));
    assert_eq!((gemt.livscyklus, gemt.krop), (Livscyklus::Opstaaet, krop(10)));
    for (objekttype, objekt) in [("Facet", id(1)), (KLASSE, id(2))] {
        assert_eq!(store.load(&as_system(), objekttype, objekt).await.expect("a read"), None);
        assert_eq!(store.history(&as_system(), objekttype, objekt).await.expect("a read"), None);
    }
}

pub async fn many_are_read_in_the_order_asked(store: &Store) {
    must(append(store, (1..=5).map(|n| ny(n, 10, vec![])).collect()).await);
    must(append(store, vec![owned(nabokoebing(), ny(6, 10, vec![]))]).await);
    let asked = [4, 9, 1, 6, 4, 2].map(id);
    let gemte = store.load_many(&as_owner(korsbaek()), KLASSE, &asked).await.expect("a read");
    let order: Vec<_> = gemte.iter().map(|g| g.objekt).collect();
    assert_eq!(order, [4, 1, 4, 2].map(id));
    assert!(store.load_many(&as_system(), KLASSE, &[]).await.expect("a read").is_empty());
}

pub async fn history_is_ascending(store: &Store) {
    must(append(store, vec![ny(1, 10, vec![])]).await);
    must(append(store, vec![ret(1, 10, 20, vec![], vec![])]).await);
    must(append(store, vec![became(Livscyklus::Slettet, ret(1, 20, 30, vec![], vec![]))]).await);
    let historie = store.history(&as_owner(korsbaek()), KLASSE, id(1)).await.expect("a read");
    assert_eq!(historie, Some((korsbaek(), vec![krop(10), krop(20), krop(30)])));
    let gemt = store.load(&as_system(), KLASSE, id(1)).await.expect("a read").expect("the object");
    assert_eq!((gemt.livscyklus, gemt.tidspunkt), (Livscyklus::Slettet, at(30)));
}

pub async fn others_objects_do_not_exist(store: &Store) {
    must(append(store, vec![ny(1, 10, titler(&["a"]))]).await);
    must(append(store, vec![owned(Cvr::KOMBIT, ny(2, 10, titler(&["a"])))]).await);
    let nabo = as_owner(nabokoebing());
    assert_eq!(store.load(&nabo, KLASSE, id(1)).await.expect("a read"), None);
    assert_eq!(store.history(&nabo, KLASSE, id(1)).await.expect("a read"), None);
    let both = store.load_many(&nabo, KLASSE, &[id(1), id(2)]).await.expect("a read");
    assert_eq!(both.iter().map(|g| g.objekt).collect::<Vec<_>>(), [id(2)]);
    assert_eq!(found_by(&nabo, store, &soegning(vec![hvor(TITEL, lig("a"), 0)])).await, [2]);
    assert_eq!(found_by(&nabo, store, &soegning(vec![])).await, [2]);
    let seen = store.scan(&nabo, None, 10).await.expect("a scan");
    assert_eq!(seen.iter().map(|s| s.gemt.objekt).collect::<Vec<_>>(), [id(2)]);
}

pub async fn a_scan_gives_objects_with_keys(store: &Store) {
    for n in 1..=5 {
        must(append(store, vec![ny(n, 10, titler(&["b", "a"]))]).await);
    }
    must(
        append(store, vec![became(Livscyklus::Passiveret, ret(2, 10, 20, titler(&["a", "b"]), vec![]))])
            .await,
    );
    let first = store.scan(&as_system(), None, 3).await.expect("a scan");
    assert_eq!(first.iter().map(|s| s.gemt.objekt).collect::<Vec<_>>(), [1, 2, 3].map(id));
    assert_eq!((first[0].objekttype.as_str(), &first[0].noegler), (KLASSE, &titler(&["a", "b"])));
    assert_eq!((first[1].noegler.len(), &first[1].gemt.krop), (0, &krop(20)));
    let rest = store.scan(&as_system(), Some(id(3)), 3).await.expect("a scan");
    assert_eq!(rest.iter().map(|s| s.gemt.objekt).collect::<Vec<_>>(), [4, 5].map(id));
}
