//! The objects of the indexes: written, and what a lost guard leaves.

use super::scene::{as_owner, at, korsbaek, krop, nabokoebing};
use bitemporal::Period;
use std::collections::BTreeSet;
use store::{
    Haendelse, Indekshaendelse, Indeksnoegle, Indeksobjekt, Indeksskrivning, Indeksvej, Overtagelse,
    SKRIVNINGER_MAX, Store, StoreFejl,
};
use uuid::Uuid;

pub const SAG: i64 = 1;
pub const DOKUMENT: i64 = 2;
pub const PART: i64 = 112;
pub const ORD: i64 = 102;

/// A key that always holds.
pub fn altid(felt: i64, vaerdi: &[u8]) -> Indeksnoegle {
    mellem(felt, vaerdi, i64::MIN, i64::MAX)
}

pub fn mellem(felt: i64, vaerdi: &[u8], fra: i64, til: i64) -> Indeksnoegle {
    Indeksnoegle { felt, vaerdi: vaerdi.to_vec(), fra, til }
}

/// A first registrering of a case.
pub fn ny(n: u128, tid: i64, noegler: Vec<Indeksnoegle>) -> Indeksskrivning {
    Indeksskrivning {
        art: SAG,
        id: Uuid::from_u128(n),
        ejer: korsbaek(),
        foer: None,
        tidspunkt: at(tid),
        sts: at(tid + 1_000),
        krop: krop(tid),
        tidligere: vec![],
        noegler,
        tidligere_noegler: vec![],
        haendelse: None,
    }
}

/// A later one.
pub fn opdateret(n: u128, foer: i64, tid: i64, noegler: Vec<Indeksnoegle>) -> Indeksskrivning {
    Indeksskrivning { foer: Some(at(foer)), ..ny(n, tid, noegler) }
}

pub fn haendelse(handling: &'static str) -> Option<Indekshaendelse> {
    Some(Indekshaendelse { objekttype: "SagIndeks", handling, omslag: b"32.24.04".to_vec() })
}

pub async fn forsoeg(store: &Store, alle: Vec<Indeksskrivning>) -> Result<Vec<bool>, StoreFejl> {
    store.indeks_skriv(&as_owner(korsbaek()), at(5), alle).await
}

/// Writes, and says which were.
pub async fn skriv(store: &Store, alle: Vec<Indeksskrivning>) -> Vec<bool> {
    forsoeg(store, alle).await.expect("a good write")
}

pub async fn hent(store: &Store, n: u128) -> Option<Indeksobjekt> {
    let alle = store.indeks_objekter(&[(SAG, Uuid::from_u128(n))]).await.expect("a read");
    assert!(alle.len() <= 1);
    alle.into_iter().next()
}

pub async fn nr(store: &Store, n: u128) -> i64 {
    hent(store, n).await.expect("the object").nr
}

pub fn noegle(felt: i64, vaerdi: &[u8], begynder: bool, tidligere: bool) -> Indeksvej {
    Indeksvej::Noegle { felt, vaerdi: vaerdi.to_vec(), begynder, periode: Period::ALWAYS, tidligere }
}

/// The objects a way leads to, by the last digits of their UUIDs.
pub async fn ad(store: &Store, vej: Indeksvej) -> BTreeSet<u128> {
    ad_flere(store, SAG, &[vej]).await
}

pub async fn ad_flere(store: &Store, art: i64, veje: &[Indeksvej]) -> BTreeSet<u128> {
    let numre = store.indeks_kandidater(art, veje, 100_000).await.expect("a search");
    assert!(numre.is_sorted_by(|a, b| a < b), "{numre:?}");
    let fundne = store.indeks_af_nr(&numre).await.expect("a read");
    assert_eq!(fundne.iter().map(|o| o.nr).collect::<Vec<_>>(), numre, "each is there, in order");
    fundne.iter().map(|o| o.id.as_u128()).collect()
}

/// What is told of objects of the indexes and waits.
async fn fortalt(store: &Store) -> Vec<Haendelse> {
    store.haendelser(1_000).await.expect("the outbox")
}

/// Everything an outsider can see, in one value to compare.
pub async fn alt(store: &Store) -> String {
    let alle = store.indeks_kandidater(SAG, &[Indeksvej::Alle], 10_000).await.expect("a search");
    let objekter = store.indeks_af_nr(&alle).await.expect("a read");
    let historik = store.indeks_historik(&alle).await.expect("a read");
    let nu = store.indeks_kandidater(SAG, &[noegle(PART, b"", true, false)], 10_000).await.expect("a search");
    let foer =
        store.indeks_kandidater(SAG, &[noegle(PART, b"", true, true)], 10_000).await.expect("a search");
    let sletninger = store.indeks_sletninger(None, 1_000).await.expect("a read");
    let log = store.adgangslog(at(i64::MIN), at(i64::MAX), 1_000).await.expect("the log");
    format!("{objekter:?} {historik:?} {nu:?} {foer:?} {sletninger:?} {:?} {log:?}", fortalt(store).await)
}

pub async fn what_is_imported_is_there(store: &Store) {
    let mut med_historie = ny(1, 30, vec![altid(PART, b"a")]);
    med_historie.tidligere = vec![(at(10), krop(10)), (at(20), krop(20))];
    med_historie.tidligere_noegler = vec![altid(PART, b"b")];
    let samme_uuid = Indeksskrivning { art: DOKUMENT, ..ny(1, 31, vec![]) };
    assert_eq!(skriv(store, vec![med_historie, samme_uuid, ny(2, 32, vec![])]).await, [true; 3]);
    let gemt = hent(store, 1).await.expect("the object");
    let nr = gemt.nr;
    assert_eq!(
        gemt,
        Indeksobjekt {
            nr,
            art: SAG,
            id: Uuid::from_u128(1),
            ejer: korsbaek(),
            tidspunkt: at(30),
            sts: at(1_030),
            krop: krop(30)
        }
    );
    let navne = [(SAG, Uuid::from_u128(2)), (DOKUMENT, Uuid::from_u128(1)), (SAG, Uuid::from_u128(1))];
    let ukendte = [(DOKUMENT, Uuid::from_u128(2)), (SAG, Uuid::from_u128(9)), navne[0]];
    let alle = store.indeks_objekter(&[navne, ukendte].concat()).await.expect("a read");
    assert_eq!(alle.len(), 3, "those there are, each once");
    assert!(alle.is_sorted_by(|a, b| a.nr < b.nr), "in the order they came");
    assert_eq!((alle[0].art, alle[1].art), (SAG, DOKUMENT));
    let historik = store.indeks_historik(&[nr, nr, nr + 1]).await.expect("a read");
    assert_eq!(historik, [(nr, krop(10)), (nr, krop(20))]);
    assert_eq!(ad(store, noegle(PART, b"a", false, false)).await, [1].into());
    assert_eq!(ad(store, noegle(PART, b"b", false, false)).await, [].into());
    assert_eq!(ad(store, noegle(PART, b"b", false, true)).await, [1].into());
    assert_eq!(skriv(store, vec![]).await, [true; 0]);
    assert!(store.indeks_objekter(&[]).await.expect("a read").is_empty());
    assert!(store.indeks_af_nr(&[]).await.expect("a read").is_empty());
    assert!(store.indeks_historik(&[]).await.expect("a read").is_empty());
}

pub async fn an_update_keeps_what_it_takes_the_place_of(store: &Store) {
    let foerst = vec![altid(PART, b"bliver"), altid(PART, b"gaar"), mellem(PART, b"kortere", 0, 90)];
    assert_eq!(skriv(store, vec![ny(1, 10, foerst)]).await, [true]);
    let saa = vec![altid(PART, b"bliver"), altid(PART, b"kommer"), mellem(PART, b"kortere", 0, 50)];
    assert_eq!(skriv(store, vec![opdateret(1, 10, 20, saa)]).await, [true]);
    let gemt = hent(store, 1).await.expect("the object");
    assert_eq!((gemt.tidspunkt, gemt.sts, gemt.krop), (at(20), at(1_020), krop(20)));
    assert_eq!(store.indeks_historik(&[gemt.nr]).await.expect("a read"), [(gemt.nr, krop(10))]);
    for (tid, forventet) in [(10, Some(krop(10))), (20, Some(krop(20))), (15, None)] {
        let fundet = store.indeks_registrering(gemt.nr, at(tid)).await.expect("a read");
        assert_eq!(fundet, forventet, "{tid}");
    }
    for (vaerdi, nu) in [(&b"bliver"[..], true), (b"gaar", false), (b"kommer", true)] {
        let forventet = |der: bool| if der { BTreeSet::from([1]) } else { BTreeSet::new() };
        assert_eq!(ad(store, noegle(PART, vaerdi, false, false)).await, forventet(nu), "{vaerdi:?}");
        assert_eq!(ad(store, noegle(PART, vaerdi, false, true)).await, forventet(true), "{vaerdi:?}");
    }
    // A key holds as long as it ever did: what is found is judged by its registrering.
    let sent = Indeksvej::Noegle {
        felt: PART,
        vaerdi: b"kortere".to_vec(),
        begynder: false,
        periode: Period { from: at(60), to: at(61) },
        tidligere: true,
    };
    assert_eq!(ad(store, sent).await, [1].into());
    // What went comes back.
    assert_eq!(skriv(store, vec![opdateret(1, 20, 30, vec![altid(PART, b"gaar")])]).await, [true]);
    assert_eq!(ad(store, noegle(PART, b"gaar", false, false)).await, [1].into());
    assert_eq!(ad(store, noegle(PART, b"", true, false)).await, [1].into());
    assert_eq!(ad(store, noegle(PART, b"bliver", false, false)).await, [].into());
    assert_eq!(nr(store, 1).await, gemt.nr, "it is the same object");
}

pub async fn a_lost_guard_is_that_objects_alone(store: &Store) {
    assert_eq!(skriv(store, vec![ny(1, 10, vec![altid(PART, b"a")]), ny(2, 10, vec![])]).await, [true; 2]);
    let mut tabt = opdateret(1, 9, 20, vec![altid(PART, b"tabt")]);
    tabt.tidligere = vec![(at(15), krop(15))];
    tabt.haendelse = haendelse("Ret");
    let mut findes = ny(2, 11, vec![altid(PART, b"tabt")]);
    findes.haendelse = haendelse("Importer");
    let mut vinder = ny(3, 10, vec![altid(PART, b"c")]);
    vinder.haendelse = haendelse("Importer");
    let ukendt = opdateret(4, 10, 20, vec![]);
    let alle = vec![tabt.clone(), findes, vinder, ukendt.clone(), opdateret(2, 10, 20, vec![])];
    assert_eq!(skriv(store, alle).await, [false, false, true, false, true]);
    assert_eq!(hent(store, 1).await.expect("the object").krop, krop(10));
    assert!(hent(store, 4).await.is_none());
    assert!(store.indeks_historik(&[nr(store, 1).await]).await.expect("a read").is_empty());
    assert_eq!(ad(store, noegle(PART, b"tabt", false, true)).await, [].into());
    assert_eq!(ad(store, noegle(PART, b"", true, false)).await, [1, 3].into());
    let fortalt = fortalt(store).await;
    assert_eq!(fortalt.iter().map(|h| h.objekt.0.as_u128()).collect::<Vec<_>>(), [3]);
    let log = store.adgangslog(at(i64::MIN), at(i64::MAX), 10).await.expect("the log");
    let skrevne: Vec<Vec<u128>> =
        log.iter().map(|l| l.objekter.iter().map(|o| o.0.as_u128()).collect()).collect();
    assert_eq!(skrevne, [vec![1, 2], vec![3, 2]], "the log names what was written");
    assert_eq!(log[1].antal, 2);
    // Nothing won, nothing written, not even a line in the log.
    let foer = alt(store).await;
    assert_eq!(skriv(store, vec![tabt, ukendt]).await, [false; 2]);
    assert_eq!(alt(store).await, foer);
}

pub async fn an_object_twice_in_a_call(store: &Store) {
    let alle = vec![
        ny(1, 10, vec![altid(PART, b"a")]),
        ny(1, 11, vec![altid(PART, b"tabt")]),
        ny(2, 10, vec![]),
        opdateret(1, 10, 20, vec![altid(PART, b"b")]),
        opdateret(1, 10, 21, vec![altid(PART, b"tabt")]),
        opdateret(1, 20, 30, vec![altid(PART, b"c")]),
    ];
    assert_eq!(skriv(store, alle).await, [true, false, true, true, false, true]);
    let gemt = hent(store, 1).await.expect("the object");
    assert_eq!(gemt.krop, krop(30));
    assert_eq!(
        store.indeks_historik(&[gemt.nr]).await.expect("a read"),
        [(gemt.nr, krop(10)), (gemt.nr, krop(20))]
    );
    assert_eq!(ad(store, noegle(PART, b"", true, false)).await, [1].into());
    for (vaerdi, nu, foer) in [(b"a", 0, 1), (b"b", 0, 1), (b"c", 1, 1)] {
        assert_eq!(ad(store, noegle(PART, vaerdi, false, false)).await.len(), nu);
        assert_eq!(ad(store, noegle(PART, vaerdi, false, true)).await.len(), foer);
    }
    assert_eq!(ad(store, noegle(PART, b"tabt", false, true)).await, [].into());
}

pub async fn others_index_objects_cannot_be_written(store: &Store) {
    let deres = Indeksskrivning { ejer: nabokoebing(), ..ny(1, 10, vec![]) };
    let naboen = as_owner(nabokoebing());
    assert_eq!(store.indeks_skriv(&naboen, at(5), vec![deres.clone()]).await.expect("written"), [true]);
    let foer = alt(store).await;
    let som_deres = Indeksskrivning { foer: Some(at(10)), tidspunkt: at(20), ..deres };
    let afvist = forsoeg(store, vec![ny(2, 10, vec![]), som_deres]).await;
    assert!(matches!(afvist, Err(StoreFejl::Fremmed(o)) if o.0 == Uuid::from_u128(1)));
    // Claiming it as one's own does not help either.
    assert_eq!(skriv(store, vec![opdateret(1, 10, 20, vec![])]).await, [false]);
    assert_eq!(alt(store).await, foer);
}

pub async fn what_happens_to_index_objects_is_told(store: &Store) {
    let mut foerst = ny(1, 10, vec![]);
    foerst.haendelse = haendelse("Importer");
    let mut saa = opdateret(1, 10, 20, vec![]);
    saa.haendelse = haendelse("Fremdrift");
    assert_eq!(skriv(store, vec![foerst, ny(2, 10, vec![]), saa]).await, [true; 3]);
    let alle = fortalt(store).await;
    let nr = nr(store, 1).await;
    let set: Vec<_> = alle.iter().map(|h| (h.objekt.0.as_u128(), h.tidspunkt, h.handling.as_str())).collect();
    assert_eq!(set, [(1, at(10), "Importer"), (1, at(20), "Fremdrift")]);
    for h in &alle {
        assert_eq!((h.objekttype.as_str(), h.ejer, h.indeks), ("SagIndeks", korsbaek(), Some(nr)));
        assert_eq!(h.omslag, b"32.24.04");
        let sket = h.tidspunkt;
        let fundet = store.indeks_registrering(nr, sket).await.expect("a read");
        assert_eq!(fundet, Some(krop(sket.micros())), "as it was then");
    }
    store.haendelser_fordelt(&[alle[0].id], at(30)).await.expect("marked");
    assert_eq!(fortalt(store).await, alle[1..]);
}

/// The same object from the same guard, again and again, within groups of one's own: one wins, and the groups are whole.
pub async fn racing_index_writers(store: &Store) {
    assert_eq!(skriv(store, vec![ny(1, 1, vec![altid(PART, b"vinder 0")])]).await, [true]);
    for runde in 1..=10_i64 {
        let opgaver: Vec<_> = (0..8)
            .map(|opgave| {
                let store = store.clone();
                let vaerdi = format!("vinder {runde} {opgave}");
                let egen = 1_000 * runde as u128 + opgave;
                let alle = vec![
                    ny(egen, 1, vec![altid(ORD, b"egen")]),
                    opdateret(1, runde, runde + 1, vec![altid(PART, vaerdi.as_bytes())]),
                    // Everyone imports the same, too.
                    ny(100_000 + runde as u128, 1, vec![altid(ORD, vaerdi.as_bytes())]),
                ];
                tokio::spawn(async move { skriv(&store, alle).await })
            })
            .collect();
        let (mut vundet, mut faelles) = (0, 0);
        for opgave in opgaver {
            let skrevet = opgave.await.expect("the task");
            assert!(skrevet[0], "what nobody else writes is written");
            vundet += usize::from(skrevet[1]);
            faelles += usize::from(skrevet[2]);
        }
        assert_eq!((vundet, faelles), (1, 1), "round {runde}");
    }
    assert_eq!(store.indeks_historik(&[nr(store, 1).await]).await.expect("a read").len(), 10);
    assert_eq!(ad(store, noegle(ORD, b"egen", false, false)).await.len(), 80);
    assert_eq!(ad(store, noegle(ORD, b"vinder", true, true)).await.len(), 10);
    let mut nu = 0;
    for runde in 1..=10 {
        for opgave in 0..8 {
            let vaerdi = format!("vinder {runde} {opgave}");
            nu += ad(store, noegle(PART, vaerdi.as_bytes(), false, false)).await.len();
        }
    }
    assert_eq!(nu, 1, "the keys of the last winner alone are the newest's");
}

pub async fn a_large_import(store: &Store) {
    let noegler = |n: u128| -> Vec<_> {
        (0..40_u128).map(|k| altid(PART, format!("v{} {k}", n % 100).as_bytes())).collect()
    };
    let alle: Vec<_> = (0..SKRIVNINGER_MAX as u128).map(|n| ny(n, 10, noegler(n))).collect();
    assert_eq!(skriv(store, alle).await, vec![true; SKRIVNINGER_MAX]);
    let forventet: BTreeSet<u128> = (0..SKRIVNINGER_MAX as u128).filter(|n| n % 100 == 7).collect();
    assert_eq!(ad(store, noegle(PART, b"v7 39", false, false)).await, forventet);
    assert_eq!(ad(store, noegle(PART, b"v7 ", true, false)).await, forventet);
    assert_eq!(ad(store, Indeksvej::Alle).await.len(), SKRIVNINGER_MAX);
    let alle = (0..SKRIVNINGER_MAX as u128).map(|n| opdateret(n, 10, 20, noegler(n + 1))).collect();
    assert_eq!(skriv(store, alle).await, vec![true; SKRIVNINGER_MAX]);
    let forventet: BTreeSet<u128> = forventet.iter().map(|n| n - 1).collect();
    assert_eq!(ad(store, noegle(PART, b"v7 ", true, false)).await, forventet);
    let alle: Vec<_> = (0..SKRIVNINGER_MAX as u128).map(|n| (SAG, Uuid::from_u128(n))).collect();
    let alle = store.indeks_objekter(&alle).await.expect("a read");
    assert!(alle.iter().map(|o| o.id.as_u128()).eq(0..SKRIVNINGER_MAX as u128), "in the order of the call");
}

pub async fn index_writes_have_limits(store: &Store) {
    let for_mange = (0..=SKRIVNINGER_MAX as u128).map(|n| ny(n, 10, vec![])).collect();
    let mut synker = ny(1, 10, vec![]);
    synker.tidligere = vec![(at(10), krop(10))];
    let mut foer_vagten = opdateret(1, 10, 30, vec![]);
    foer_vagten.tidligere = vec![(at(10), krop(10))];
    let grunde = [
        for_mange,
        vec![synker],
        vec![foer_vagten],
        vec![opdateret(1, 10, 10, vec![])],
        vec![ny(1, 10, vec![altid(PART, &[0; 256])])],
        vec![ny(1, 10, vec![mellem(PART, b"a", 7, 7)])],
        vec![ny(1, 10, (0..200_001).map(|n| mellem(PART, b"a", n, i64::MAX)).collect())],
    ];
    for (nr, alle) in grunde.into_iter().enumerate() {
        let udfald = forsoeg(store, [vec![ny(9, 10, vec![])], alle].concat()).await;
        assert!(matches!(udfald, Err(StoreFejl::Ugyldig(_))), "{nr}: {udfald:?}");
    }
    assert!(hent(store, 9).await.is_none(), "nothing of what is refused is written");
    assert_eq!(skriv(store, vec![ny(1, 10, vec![altid(PART, &[7; 255])])]).await, [true]);
    assert_eq!(ad(store, noegle(PART, &[7; 255], false, false)).await, [1].into());
}

/// How far a file has come is written with its objects, when all of them were; by one at a time.
pub async fn how_far_a_file_is_taken_on(store: &Store) {
    let adgang = as_owner(korsbaek());
    let fil = Uuid::from_u128(77);
    let naaet = |version: i64| Overtagelse { id: fil, version, krop: krop(version) };
    let overtag = async |alle, version| store.indeks_overtag(&adgang, at(5), alle, naaet(version)).await;
    let sted = async || store.overtagelse(fil).await.expect("a read");
    assert_eq!(sted().await, None);
    assert_eq!(overtag(vec![ny(1, 10, vec![]), ny(2, 10, vec![])], 1).await.expect("written"), [true, true]);
    assert_eq!(sted().await, Some(naaet(1)));
    // One was there: the other is written, and how far it is, is not.
    assert_eq!(overtag(vec![ny(2, 10, vec![]), ny(3, 10, vec![])], 2).await.expect("written"), [false, true]);
    assert!(hent(store, 3).await.is_some());
    assert_eq!(sted().await, Some(naaet(1)));
    store.saet_overtagelse(at(6), naaet(2)).await.expect("noted");
    // Another came first: nothing is written.
    let tabt = overtag(vec![ny(4, 10, vec![])], 2).await;
    assert!(matches!(tabt, Err(StoreFejl::Tabt(id)) if id.0 == fil), "{tabt:?}");
    assert!(hent(store, 4).await.is_none());
    assert!(matches!(store.saet_overtagelse(at(6), naaet(2)).await, Err(StoreFejl::Tabt(_))));
    // With no objects at all.
    assert!(overtag(vec![], 3).await.expect("noted").is_empty());
    assert_eq!(sted().await, Some(naaet(3)));
}
