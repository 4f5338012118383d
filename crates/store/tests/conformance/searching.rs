//! find.

use super::scene::*;
use oio::Cvr;
use oio::model::Livscyklus;
use store::{Betingelse, Livsfilter, Moenster, Ordnet, Soegning, Store};

async fn check(store: &Store, moenster: Moenster, expected: &[u128]) {
    let fundne = found(store, &soegning(vec![hvor(TITEL, moenster.clone(), 0)])).await;
    assert_eq!(fundne, expected, "{moenster:?} as the condition to start from");
    // The same pattern as the second condition on objects found by another.
    let rare = hvor(FACET, lig("alle"), 0);
    let fundne = found(store, &soegning(vec![rare, hvor(TITEL, moenster.clone(), 0)])).await;
    assert_eq!(fundne, expected, "{moenster:?} as a further condition");
}

async fn titled(store: &Store, vaerdier: &[&str]) {
    for (n, vaerdi) in (1..).zip(vaerdier) {
        let mut noegler = titler(&[vaerdi]);
        noegler.push(noegle(FACET, "alle", i64::MIN, i64::MAX));
        must(append(store, vec![ny(n, 10, noegler)]).await);
    }
}

pub async fn patterns(store: &Store) {
    titled(store, &["27.36", "27.36.04", "27.36.05", "28", "æble", "ærø", "å", "Æble", "øl"]).await;
    let praefiks = |p: &str| Moenster::Praefiks(p.into());
    let form = |f: &str| Moenster::Jokertegn(f.into());
    let en_af = |v: &[&str]| Moenster::EnAf(v.iter().map(|v| (*v).to_owned()).collect());
    check(store, lig("27.36"), &[1]).await;
    check(store, lig("27.3"), &[]).await;
    check(store, lig("æble"), &[5]).await;
    check(store, lig(""), &[]).await;
    check(store, en_af(&["28", "å", "findes ikke", "28"]), &[4, 7]).await;
    check(store, en_af(&[]), &[]).await;
    check(store, praefiks("27.36"), &[1, 2, 3]).await;
    check(store, praefiks("æ"), &[5, 6]).await;
    check(store, praefiks(""), &[1, 2, 3, 4, 5, 6, 7, 8, 9]).await;
    check(store, form("27*4"), &[2]).await;
    check(store, form("*ble"), &[5, 8]).await;
    check(store, form("*r*"), &[6]).await;
    check(store, form("*"), &[1, 2, 3, 4, 5, 6, 7, 8, 9]).await;
    check(store, form("27.36"), &[1]).await;
    check(store, form("2*6*"), &[1, 2, 3]).await;
    check(store, form("å*"), &[7]).await;
}

pub async fn only_the_star_is_wild(store: &Store) {
    titled(store, &["a%b", "axb", "a_b", r"a\b", "a?b", "a[x]b", "axxb", "a'b"]).await;
    for (n, text) in (1..).zip(["a%b", "axb", "a_b", r"a\b", "a?b", "a[x]b", "axxb", "a'b"]) {
        check(store, Moenster::Jokertegn(text.into()), &[n]).await;
        check(store, Moenster::Jokertegn(format!("*{text}*")), &[n]).await;
        check(store, Moenster::Jokertegn(format!("{}*", &text[..3])), &[n]).await;
    }
}

pub async fn periods(store: &Store) {
    must(append(store, vec![ny(1, 10, vec![noegle(TITEL, "a", 10, 20), noegle(TITEL, "a", 30, 40)])]).await);
    for (fra, til, hit) in [
        (9, 9, false),
        (10, 10, true),
        (19, 19, true),
        (20, 20, false),
        (20, 29, false),
        (20, 30, true),
        (0, 9, false),
        (0, 10, true),
        (0, 100, true),
        (40, 50, false),
        (39, 50, true),
        (i64::MIN, i64::MAX, true),
    ] {
        let betingelse = Betingelse { felt: TITEL, moenster: lig("a"), fra, til };
        let expected: &[u128] = if hit { &[1] } else { &[] };
        assert_eq!(found(store, &soegning(vec![betingelse])).await, expected, "{fra}..={til}");
    }
}

pub async fn all_conditions_must_hold(store: &Store) {
    for n in 0..60u128 {
        let noegler = vec![
            noegle(TITEL, &format!("t{}", n % 2), 0, i64::MAX),
            noegle(FACET, &format!("f{}", n % 3), 0, i64::MAX),
            noegle(1, &format!("e{}", n % 5), 0, if n == 30 { 50 } else { i64::MAX }),
        ];
        must(append(store, vec![ny(n + 1, 10, noegler)]).await);
    }
    let all =
        |at| soegning(vec![hvor(TITEL, lig("t0"), at), hvor(FACET, lig("f0"), at), hvor(1, lig("e0"), at)]);
    assert_eq!(found(store, &all(10)).await, [1, 31]);
    assert_eq!(found(store, &all(50)).await, [1]);
    assert_eq!(found(store, &all(-1)).await, [0; 0]);
    let one_field_twice = soegning(vec![hvor(TITEL, lig("t0"), 1), hvor(TITEL, lig("t1"), 1)]);
    assert_eq!(found(store, &one_field_twice).await, [0; 0]);
    let unknown = soegning(vec![hvor(TITEL, lig("t0"), 1), hvor(FACET, lig("nej"), 1)]);
    assert_eq!(found(store, &unknown).await, [0; 0]);
}

pub async fn pages(store: &Store) {
    // UUIDs whose bytes order them otherwise than a signed number would.
    let numbers = [1, 2, 255, 256, 1 << 64, (1 << 127) - 1, 1 << 127, u128::MAX];
    must(append(store, numbers.iter().rev().map(|n| ny(*n, 10, titler(&["a"]))).collect()).await);
    for betingelser in
        [vec![], vec![hvor(TITEL, lig("a"), 0)], vec![hvor(TITEL, Moenster::Praefiks("a".into()), 0)]]
    {
        let alle = soegning(betingelser);
        assert_eq!(found(store, &alle).await, numbers);
        let page = Soegning { foerste: 2, antal: 3, ..alle.clone() };
        assert_eq!(found(store, &page).await, numbers[2..5]);
        let page = Soegning { foerste: 6, antal: u64::MAX, ..alle.clone() };
        assert_eq!(found(store, &page).await, numbers[6..]);
        let page = Soegning { foerste: u64::MAX, ..alle.clone() };
        assert_eq!(found(store, &page).await, [0; 0]);
        let page = Soegning { antal: 0, ..alle.clone() };
        assert_eq!(found(store, &page).await, [0; 0]);
        let page = Soegning { efter: Some(id(1 << 64)), antal: 2, ..alle.clone() };
        assert_eq!(found(store, &page).await, numbers[5..7]);
        let page = Soegning { efter: Some(id(256)), foerste: 1, antal: 2, ..alle };
        assert_eq!(found(store, &page).await, numbers[5..7]);
    }
}

pub async fn owners(store: &Store) {
    let ejere = [korsbaek(), Cvr::KOMBIT, nabokoebing()];
    for n in 0..12u128 {
        let ejer = ejere[(n % 3) as usize];
        must(append(store, vec![owned(ejer, ny(n + 1, 10, titler(&["a"])))]).await);
    }
    for betingelser in [vec![], vec![hvor(TITEL, lig("a"), 0)]] {
        let alle = soegning(betingelser);
        assert_eq!(found(store, &alle).await, [1, 2, 4, 5, 7, 8, 10, 11]);
        let page = Soegning { foerste: 3, antal: 3, ..alle.clone() };
        assert_eq!(found(store, &page).await, [5, 7, 8]);
        let kombit = Soegning { ejer: Some(Cvr::KOMBIT), ..alle.clone() };
        assert_eq!(found(store, &kombit).await, [2, 5, 8, 11]);
        let nabo = Soegning { ejer: Some(nabokoebing()), ..alle };
        assert_eq!(found(store, &nabo).await, [0; 0]);
    }
}

pub async fn life_cycles(store: &Store) {
    use Livscyklus::{Importeret, Opstaaet, Passiveret, Slettet};
    for (n, livscyklus) in (1..).zip([Opstaaet, Importeret, Passiveret, Slettet, Importeret, Passiveret]) {
        let noegler = if livscyklus.is_live() { titler(&["a"]) } else { vec![] };
        must(append(store, vec![became(livscyklus, ny(n, 10, noegler))]).await);
    }
    for (filter, all, keyed) in [
        (Livsfilter::Levende, vec![1, 2, 5], vec![1, 2, 5]),
        (Livsfilter::Kode(Opstaaet), vec![1], vec![1]),
        (Livsfilter::Kode(Importeret), vec![2, 5], vec![2, 5]),
        (Livsfilter::Kode(Passiveret), vec![3, 6], vec![]),
        (Livsfilter::Kode(Slettet), vec![4], vec![]),
    ] {
        let soeg = |betingelser| Soegning { livscyklus: filter, ..soegning(betingelser) };
        assert_eq!(found(store, &soeg(vec![])).await, all, "{filter:?}");
        assert_eq!(found(store, &soeg(vec![hvor(TITEL, lig("a"), 0)])).await, keyed, "{filter:?}");
    }
}

pub async fn changes_since(store: &Store) {
    for n in 1..=6u128 {
        must(append(store, vec![ny(n, (7 - n as i64) * 10, titler(&["a"]))]).await);
    }
    must(append(store, vec![became(Livscyklus::Passiveret, ret(2, 50, 70, titler(&["a"]), vec![]))]).await);
    for betingelser in [vec![], vec![hvor(TITEL, lig("a"), 0)]] {
        let since = |fra| Soegning { aendret_fra: Some(at(fra)), ..soegning(betingelser.clone()) };
        assert_eq!(found(store, &since(40)).await, [1, 3]);
        assert_eq!(found(store, &since(41)).await, [1]);
        assert_eq!(found(store, &since(0)).await, [1, 3, 4, 5, 6]);
        assert_eq!(found(store, &Soegning { antal: 2, foerste: 1, ..since(0) }).await, [3, 4]);
    }
    let passive = Soegning {
        aendret_fra: Some(at(60)),
        livscyklus: Livsfilter::Kode(Livscyklus::Passiveret),
        ..soegning(vec![])
    };
    assert_eq!(found(store, &passive).await, [2]);
}

/// Values so common that counting stops, with a rare one among them, and with none.
pub async fn common_values(store: &Store) {
    let saet = (1..=3_000u128).map(|n| {
        let rare = noegle(1, if n % 1_000 == 0 { "rar" } else { "almindelig" }, 0, i64::MAX);
        let half = noegle(FACET, if n % 2 == 0 { "lige" } else { "ulige" }, 0, i64::MAX);
        ny(n, 10, vec![noegle(TITEL, "alle", 0, i64::MAX), rare, half])
    });
    must(append(store, saet.collect()).await);
    let common = [hvor(TITEL, lig("alle"), 1), hvor(FACET, lig("lige"), 1)];
    let both = Soegning { foerste: 10, antal: 3, ..soegning(common.to_vec()) };
    assert_eq!(found(store, &both).await, [22, 24, 26]);
    let with_rare = soegning([common.to_vec(), vec![hvor(1, lig("rar"), 1)]].concat());
    assert_eq!(found(store, &with_rare).await, [1_000, 2_000, 3_000]);
    let none = soegning(vec![hvor(FACET, lig("ulige"), 1), hvor(1, lig("rar"), 1)]);
    assert_eq!(found(store, &none).await, [0; 0]);
    let changed = Soegning { aendret_fra: Some(at(10)), antal: 2, ..soegning(vec![]) };
    assert_eq!(found(store, &changed).await, [1, 2]);
}

/// One of ten thousand values, as when a filter above leaves that many objects standing.
pub async fn many_values(store: &Store) {
    must(append(store, (1..=50).map(|n| ny(n, 10, titler(&[&format!("v{n}"), "fast"]))).collect()).await);
    let values = Moenster::EnAf((40..10_040).map(|n| format!("v{n}")).collect());
    let one = soegning(vec![hvor(TITEL, values.clone(), 0)]);
    assert_eq!(found(store, &one).await, (40..=50).collect::<Vec<_>>());
    let two = soegning(vec![hvor(TITEL, values, 0), hvor(TITEL, lig("fast"), 0)]);
    assert_eq!(found(store, &two).await, (40..=50).collect::<Vec<_>>());
}

pub async fn everyone_sees_everything(store: &Store) {
    let alle = soegning(vec![hvor(TITEL, lig("a"), 0)]);
    assert_eq!(found_by(&as_system(), store, &alle).await, [0; 0]);
    for (n, ejer) in (1..).zip([nabokoebing(), korsbaek(), Cvr::KOMBIT]) {
        must(append(store, vec![owned(ejer, ny(n, 10, titler(&["a"])))]).await);
    }
    assert_eq!(found_by(&as_system(), store, &alle).await, [1, 2, 3]);
    assert_eq!(found_by(&as_system(), store, &soegning(vec![])).await, [1, 2, 3]);
}

/// A page of keys in their order, as numbers of objects.
async fn orden(store: &Store, s: &Ordnet<'_>) -> Vec<(String, u128)> {
    let fundne = store.i_orden(&as_owner(korsbaek()), s).await.expect("the walk runs");
    fundne.into_iter().map(|(vaerdi, id)| (vaerdi, id.0.as_u128())).collect()
}

pub async fn keys_in_order(store: &Store) {
    let med = |n, noegler| ny(n, 10, noegler);
    must(append(store, vec![med(9, titler(&["27.12"])), med(3, titler(&["27.03"]))]).await);
    must(append(store, vec![owned(Cvr::KOMBIT, med(5, titler(&["27.12"])))]).await);
    must(append(store, vec![owned(Cvr::KOMBIT, med(4, titler(&["æ", "28"])))]).await);
    must(append(store, vec![owned(nabokoebing(), med(6, titler(&["27.01"])))]).await);
    must(
        append(store, vec![med(7, vec![noegle(TITEL, "27.02", 0, 20), noegle(TITEL, "27.99", 20, 30)])])
            .await,
    );
    let alt = Ordnet { felt: TITEL, praefiks: "27", tid: at(5), ejer: None, efter: None, antal: 10 };
    let ventet: Vec<(String, u128)> =
        [("27.02", 7), ("27.03", 3), ("27.12", 5), ("27.12", 9)].map(|(v, n)| (v.to_owned(), n)).into();
    assert_eq!(orden(store, &alt).await, ventet);
    // A page at a time, also between equal values.
    let (mut sider, mut efter) = (Vec::new(), None);
    while let [en] = orden(store, &Ordnet { efter: efter.take(), antal: 1, ..alt.clone() }).await.as_slice() {
        efter = Some((en.0.clone(), id(en.1)));
        sider.push(en.clone());
    }
    assert_eq!(sider, ventet);
    let vaerdier = |r: Vec<(String, u128)>| r.into_iter().map(|(v, _)| v).collect::<Vec<_>>();
    let senere = Ordnet { tid: at(20), ..alt.clone() };
    assert_eq!(vaerdier(orden(store, &senere).await), ["27.03", "27.12", "27.12", "27.99"]);
    let alle = Ordnet { praefiks: "", ejer: Some(Cvr::KOMBIT), ..alt.clone() };
    assert_eq!(vaerdier(orden(store, &alle).await), ["27.12", "28", "æ"]);
    assert!(orden(store, &Ordnet { ejer: Some(nabokoebing()), ..alt.clone() }).await.is_empty());
    let praefikser = ["27".to_owned(), "27.1".to_owned(), "3".to_owned()];
    let tal = |s: Ordnet<'static>| {
        let praefikser = praefikser.clone();
        async move { store.tael(&as_owner(korsbaek()), &s, &praefikser).await.expect("counted") }
    };
    assert_eq!(tal(alt.clone()).await, [4, 2, 0]);
    assert_eq!(tal(Ordnet { antal: 3, ..alt.clone() }).await, [3, 2, 0]);
}

pub async fn keys_are_added_to_what_is_as_it_was(store: &Store) {
    must(append(store, vec![ny(1, 10, titler(&["a"])), ny(2, 10, titler(&["b"]))]).await);
    must(append(store, vec![ret(2, 10, 11, vec![], vec![])]).await);
    let nye = |tid| vec![noegle(FACET, "ny", i64::MIN, tid)];
    let saet = [(id(1), at(10), nye(7)), (id(2), at(10), nye(7))];
    for _ in 0..2 {
        store.suppler_noegler(&saet).await.expect("added");
    }
    let med = soegning(vec![hvor(FACET, lig("ny"), 0)]);
    assert_eq!(found(store, &med).await, [1], "the other was changed meanwhile");
    assert_eq!(found(store, &soegning(vec![hvor(FACET, lig("ny"), 7)])).await, [] as [u128; 0]);
    assert_eq!(found(store, &soegning(vec![hvor(TITEL, lig("a"), 0)])).await, [1]);
}
