//! Lists of the Administrationsmodul in the order of a column, page by page, judged by a naive evaluation.

use super::scene::*;
use store::{
    Kontotilstand, LOGINKOLONNE, Loginskridt, Modulliste, Modulorden, Modulpost, Modulside, Modulskrevet,
    ORD, Store, Ved,
};
use uuid::Uuid;

const ANTAL: u128 = 60;

/// What is known of an entity.
#[derive(Debug, Clone)]
struct En {
    id: Uuid,
    navn: String,
    ord: Vec<&'static str>,
    tilstand: &'static str,
    part: &'static str,
}

fn alle() -> Vec<En> {
    let en = |n: u128| En {
        id: Uuid::from_u128((n * 37) % 1_009),
        navn: format!("navn {:02}", (n * 23) % 17),
        ord: [vec!["anna", "andersen"], vec!["anne", "bo"], vec!["ærlig"]][(n % 3) as usize].clone(),
        tilstand: ["", "aktiv", "åben", "b_%"][(n % 4) as usize],
        part: ["x", "y"][(n % 5 / 4) as usize],
    };
    (1..=ANTAL).map(en).collect()
}

fn post(en: &En, foer: i64) -> Modulpost {
    let mut noegler =
        vec![("alle", String::new()), ("part", en.part.into()), ("tilstand", en.tilstand.into())];
    noegler.extend(en.ord.iter().map(|o| (ORD, (*o).to_owned())));
    Modulpost {
        art: "bruger",
        id: en.id,
        krop: Some(en.navn.as_bytes().to_vec()),
        foer,
        soeg: en.navn.clone(),
        unik: None,
        orden: en.navn.clone(),
        noegler,
        kolonner: vec![Modulorden::ny("bruger", "tilstand", en.tilstand, &en.navn)],
    }
}

async fn lagt(store: &Store) {
    let poster: Vec<_> = alle().iter().map(|e| post(e, 0)).collect();
    assert_eq!(store.modul_skriv(&[], &poster, &[]).await.expect("an answer"), Modulskrevet::Gemt);
}

/// What the list is, all of it.
fn naivt(s: &Modulliste) -> Vec<Uuid> {
    let har = |e: &En, felt: &str, vaerdi: &str| match felt {
        "part" => e.part == vaerdi,
        "tilstand" => e.tilstand == vaerdi,
        _ => true,
    };
    let passer = |e: &En| {
        s.noegler.iter().all(|(felt, vaerdi)| har(e, felt, vaerdi))
            && s.ord.iter().all(|o| e.ord.iter().any(|w| w.starts_with(o.as_str())))
            && s.tekst.as_ref().is_none_or(|t| e.navn.contains(t.as_str()))
    };
    let mut ud: Vec<En> = alle().into_iter().filter(passer).collect();
    ud.sort_by_key(|e| (s.kolonne.map(|_| e.tilstand), e.navn.clone(), e.id));
    if s.omvendt {
        ud.reverse();
    }
    if s.kolonne.is_some() {
        ud.sort_by_key(|e| e.tilstand.is_empty());
    }
    ud.into_iter().map(|e| e.id).collect()
}

fn ider(side: &Modulside) -> Vec<Uuid> {
    side.raekker.iter().map(|(_, r)| r.id).collect()
}

async fn side(store: &Store, s: &Modulliste) -> Modulside {
    store.modul_liste(s).await.expect("a page")
}

/// The list by pages of every kind.
async fn efterproev(store: &Store, s: &Modulliste) {
    let ventet = naivt(s);
    let hele = side(store, &Modulliste { antal: 100, taelles: 100, ..s.clone() }).await;
    assert_eq!(
        (ider(&hele), hele.videre, hele.flere, hele.borte),
        (ventet.clone(), false, false, false),
        "{s:?}"
    );
    assert_eq!(hele.alle, ventet.len() as u64, "{s:?}");
    let talt = side(store, &Modulliste { antal: 1, taelles: 3, ..s.clone() }).await;
    assert_eq!((talt.alle, talt.flere), (ventet.len().min(3) as u64, ventet.len() > 3), "{s:?}");
    for (nr, id) in ventet.iter().enumerate().step_by(7) {
        for forbi in [0, 2] {
            let s = Modulliste { antal: 5, taelles: 100, forbi, ..s.clone() };
            let frem = side(store, &Modulliste { ved: Some(Ved::Fra(*id)), ..s.clone() }).await;
            let fra = nr + forbi as usize;
            let resten = ventet.get(fra..).unwrap_or_default();
            let hoejst = resten.len().min(5);
            assert_eq!(
                (ider(&frem), frem.videre),
                (resten[..hoejst].to_vec(), resten.len() > 5),
                "{s:?} from {nr}"
            );
            let tilbage = side(store, &Modulliste { ved: Some(Ved::Foer(*id)), ..s.clone() }).await;
            let til = nr.saturating_sub(forbi as usize);
            assert_eq!(ider(&tilbage), ventet[til.saturating_sub(5)..til], "{s:?} before {nr}");
        }
    }
}

pub async fn every_list_is_as_a_naive_one_is(store: &Store) {
    lagt(store).await;
    let tekst = |t: &str| Some(t.to_owned());
    let alle = ("alle", String::new());
    let part = |p: &str| ("part", p.to_owned());
    let tilstand = |t: &str| ("tilstand", t.to_owned());
    for noegler in [
        vec![alle.clone()],
        vec![part("x")],
        vec![part("y"), tilstand("aktiv")],
        vec![alle, tilstand("b_%")],
        vec![part("z")],
    ] {
        for (ord, soegt) in [
            (vec![], None),
            (vec!["ann"], None),
            (vec!["an", "andersen"], None),
            (vec!["æ"], tekst("0")),
            (vec!["q"], None),
        ] {
            for (kolonne, omvendt, sorteres) in [
                (None, false, 0),
                (None, true, 1_000),
                (Some("tilstand"), false, 0),
                (Some("tilstand"), true, 0),
                (Some("tilstand"), false, 1_000),
                (Some("tilstand"), true, 15),
            ] {
                let s = Modulliste {
                    art: "bruger",
                    hele: noegler[0].0 == "alle",
                    noegler: noegler.clone(),
                    ord: ord.iter().map(|o: &&str| (*o).to_owned()).collect(),
                    tekst: soegt.clone(),
                    kolonne,
                    omvendt,
                    sorteres,
                    ..Modulliste::default()
                };
                efterproev(store, &s).await;
            }
        }
    }
    let uden = Modulliste { art: "bruger", antal: 1, ..Modulliste::default() };
    assert!(store.modul_liste(&uden).await.is_err(), "a list is made by a key");
    let fremmed = Modulliste {
        noegler: vec![("part", "x".into())],
        ved: Some(Ved::Fra(Uuid::from_u128(5_000))),
        ..uden
    };
    assert!(side(store, &fremmed).await.borte);
    let nabo = alle_i("y")[0];
    assert!(side(store, &Modulliste { ved: Some(Ved::Fra(nabo)), ..fremmed }).await.borte, "another list's");
}

fn alle_i(part: &str) -> Vec<Uuid> {
    alle().into_iter().filter(|e| e.part == part).map(|e| e.id).collect()
}

/// Users by when they were here last.
async fn efter_login(store: &Store) -> Vec<Uuid> {
    let s = Modulliste {
        art: "bruger",
        noegler: vec![("alle", String::new())],
        kolonne: Some(LOGINKOLONNE.1),
        antal: 10,
        taelles: 10,
        ..Modulliste::default()
    };
    ider(&side(store, &s).await)
}

pub async fn what_a_column_says_follows_what_is_written(store: &Store) {
    let mut poster: Vec<Modulpost> = alle().iter().take(3).map(|e| post(e, 0)).collect();
    for (post, navn) in poster.iter_mut().zip(["c", "a", "b"]) {
        post.kolonner = vec![Modulorden::hvis_intet(LOGINKOLONNE.0, LOGINKOLONNE.1, navn)];
    }
    let [c, a, b] = [poster[0].id, poster[1].id, poster[2].id];
    assert_eq!(store.modul_skriv(&[], &poster, &[]).await.expect("an answer"), Modulskrevet::Gemt);
    assert_eq!(efter_login(store).await, [a, b, c], "nobody was here, by name");
    let ind = async |bruger, nu| {
        let opret = Loginskridt::Opret { bruger, loginnavn: bruger.to_string(), nu: at(1) };
        let generation = store.konto(bruger).await.expect("read").map_or(1, |k| k.generation);
        let mut skridt = vec![Loginskridt::Indlogget { bruger, generation, nu: at(nu) }];
        if store.konto(bruger).await.expect("read").is_none() {
            skridt.insert(0, opret);
        }
        assert!(store.skriv_login(skridt, vec![]).await.expect("written"));
        assert_eq!(store.konto(bruger).await.expect("read").map(|k| k.tilstand), Some(Kontotilstand::Aktiv));
    };
    ind(c, 30).await;
    ind(b, 20).await;
    assert_eq!(efter_login(store).await, [b, c, a]);
    ind(b, 40).await;
    // What is written of the user afterwards does not touch it, but where there is none.
    for (post, navn) in poster.iter_mut().zip(["1", "2", "3"]) {
        post.foer = 1;
        post.kolonner = vec![Modulorden::hvis_intet(LOGINKOLONNE.0, LOGINKOLONNE.1, navn)];
    }
    assert_eq!(store.modul_skriv(&[], &poster, &[]).await.expect("an answer"), Modulskrevet::Gemt);
    assert_eq!(efter_login(store).await, [c, b, a]);
    assert!(store.skriv_login(vec![Loginskridt::Nulstil(c)], vec![]).await.expect("written"));
    assert_eq!(efter_login(store).await[0], b, "as if never here");
    let fjern = Modulpost { krop: None, foer: 2, ..poster[2].clone() };
    assert_eq!(store.modul_skriv(&[], &[fjern], &[]).await.expect("an answer"), Modulskrevet::Gemt);
    assert_eq!(efter_login(store).await.len(), 2);
}

pub async fn keys_are_written_anew_only_for_what_was_read(store: &Store) {
    let alle: Vec<En> = alle().into_iter().take(3).collect();
    let gamle = alle.iter().map(|e| Modulpost { kolonner: vec![], noegler: vec![], ..post(e, 0) });
    let gamle: Vec<_> = gamle.collect();
    assert_eq!(store.modul_skriv(&[], &gamle, &[]).await.expect("an answer"), Modulskrevet::Gemt);
    let mut laest = store.modulposter("bruger", None, 2).await.expect("read");
    laest.extend(store.modulposter("bruger", Some(laest[1].id), 2).await.expect("read"));
    assert_eq!(laest.iter().map(|r| r.version).collect::<Vec<_>>(), [1, 1, 1]);
    let s = Modulliste {
        art: "bruger",
        noegler: vec![("alle", String::new())],
        kolonne: Some("tilstand"),
        antal: 10,
        taelles: 10,
        ..Modulliste::default()
    };
    assert_eq!(side(store, &s).await.raekker.len(), 0);
    // One of them was written meanwhile.
    let ny = Modulpost { foer: 1, ..gamle[1].clone() };
    assert_eq!(store.modul_skriv(&[], &[ny], &[]).await.expect("an answer"), Modulskrevet::Gemt);
    let nye: Vec<_> = alle.iter().map(|e| post(e, 1)).collect();
    store.modul_noegler(&nye).await.expect("written");
    assert_eq!(side(store, &s).await.raekker.len(), 2);
    let nu = store.modulpost("bruger", alle[0].id).await.expect("read").expect("there");
    assert_eq!((nu.version, nu.krop.as_slice()), (1, alle[0].navn.as_bytes()), "nothing happened to it");
    // Those below a value, and none without.
    let under = store.modul_under(("bruger", "tilstand"), "b", 10).await.expect("read");
    assert_eq!(under.len(), alle.iter().filter(|e| e.tilstand == "aktiv" && e.id != alle[1].id).count());
}
