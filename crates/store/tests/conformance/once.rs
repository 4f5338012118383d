//! What may be used once, what must be logged before anything else happens, and seals over the log.

use super::scene::*;
use oio::Cvr;
use std::collections::HashSet;
use store::{Efterproevning, LogLinje, LogPost, Store, Uorden};
use uuid::Uuid;

fn noegle(n: u8) -> [u8; 32] {
    [n; 32]
}

pub async fn keys_are_used_once(store: &Store) {
    let brug = async |noegler: &[[u8; 32]], til, nu| {
        store.engangs(noegler, at(til), at(nu)).await.expect("an answer")
    };
    assert!(brug(&[noegle(1), noegle(2)], 100, 10).await);
    assert!(!brug(&[noegle(1)], 100, 10).await, "used");
    assert!(!brug(&[noegle(3), noegle(2)], 100, 99).await, "one of them used");
    assert!(brug(&[noegle(3)], 200, 99).await, "nothing was remembered with it");
    assert!(brug(&[noegle(1)], 300, 100).await, "forgotten when its time is over");
    assert!(!brug(&[noegle(1)], 300, 299).await, "and remembered anew");
    assert!(brug(&[], 300, 0).await, "nothing is always new");
    assert!(brug(&[noegle(7), noegle(7)], 300, 0).await, "twice in one call is once");
    assert_eq!(store.glem_udloebne(at(200)).await.expect("a number"), 2, "2 until 100 and 3 until 200");
    assert_eq!(store.glem_udloebne(at(200)).await.expect("a number"), 0);
    assert!(!brug(&[noegle(1)], 400, 200).await, "what still counts is kept");
}

pub async fn a_key_is_won_by_one(store: &Store) {
    let mut alle = Vec::new();
    for n in 0..40_u8 {
        let store = store.clone();
        // All share one key, and every two another.
        let noegler = [noegle(200), noegle(n / 2)];
        alle.push(tokio::spawn(
            async move { store.engangs(&noegler, at(100), at(0)).await.expect("an answer") },
        ));
    }
    let mut vundet = 0;
    for en in alle {
        vundet += u32::from(en.await.expect("no panic"));
    }
    assert_eq!(vundet, 1);
    let mut frie = 0;
    for n in 0..20 {
        frie += u32::from(store.engangs(&[noegle(n)], at(100), at(0)).await.expect("an answer"));
    }
    assert_eq!(frie, 19, "who lost remembered nothing");
}

fn post(tid: i64, transaktion: u128) -> LogPost {
    LogPost {
        tid: at(tid),
        transaktion: Uuid::from_u128(transaktion),
        system: Some(Uuid::from_u128(7)),
        myndighed: Some(korsbaek()),
        aftale: Some(Uuid::from_u128(8)),
        operation: "issue",
        objekttype: "Token",
        udfald: LogPost::OK,
        regel: format!("udstedt _{tid}"),
    }
}

async fn log(store: &Store, post: LogPost) {
    store.log_nu(post).await.expect("stored");
}

pub async fn events_are_logged_before_they_count(store: &Store) {
    log(store, post(5, 1)).await;
    log(store, LogPost { udfald: LogPost::AFVIST, aftale: None, ..post(6, 2) }).await;
    let linjer = store.adgangslog(at(0), at(10), 10).await.expect("the log");
    let expected = LogLinje {
        tid: at(5),
        transaktion: Uuid::from_u128(1),
        system: Some(Uuid::from_u128(7)),
        myndighed: Some(korsbaek()),
        aftale: Some(Uuid::from_u128(8)),
        operation: "issue".into(),
        objekttype: "Token".into(),
        objekter: vec![],
        antal: 0,
        udfald: "ok".into(),
        regel: "udstedt _5".into(),
    };
    assert_eq!(linjer[0], expected);
    assert_eq!((linjer[1].udfald.as_str(), linjer[1].aftale), ("afvist", None));
}

pub async fn the_log_by_transaction_and_in_pages(store: &Store) {
    // Three lines of every moment, so that pages end inside them.
    for tid in 0..30 {
        log(store, post(tid / 3, (tid % 4).unsigned_abs().into())).await;
    }
    let en = store.adgangslog_transaktion(Uuid::from_u128(2)).await.expect("the log");
    assert_eq!(en.iter().map(|l| l.tid).collect::<Vec<_>>(), [0, 2, 3, 4, 6, 7, 8].map(at));
    assert!(store.adgangslog_transaktion(Uuid::from_u128(9)).await.expect("the log").is_empty());
    for antal in [1, 2, 3, 4, 7, 100] {
        let (mut fra, mut tider) = (Some(at(1)), Vec::new());
        while let Some(start) = fra {
            let (linjer, naeste) = store.adgangslog_side(None, (start, at(9)), antal).await.expect("a page");
            tider.extend(linjer.iter().map(|l| l.tid.micros()));
            fra = naeste;
        }
        assert_eq!(tider, (3..27).map(|n| n / 3).collect::<Vec<_>>(), "in pages of {antal}");
    }
    let anden: Cvr = "87654321".parse().expect("a CVR number");
    log(store, LogPost { myndighed: Some(anden), ..post(5, 1) }).await;
    log(store, LogPost { myndighed: None, ..post(5, 1) }).await;
    for (myndighed, ventet) in [(anden, 1), (post(0, 0).myndighed.expect("an authority"), 24)] {
        let (linjer, naeste) =
            store.adgangslog_side(Some(myndighed), (at(1), at(9)), 100).await.expect("a page");
        assert!(naeste.is_none() && linjer.iter().all(|l| l.myndighed == Some(myndighed)));
        assert_eq!(linjer.len(), ventet);
    }
}

async fn proev(store: &Store) -> Efterproevning {
    store.efterproev_log(None).await.expect("computed")
}

/// Three seals of two lines, and one line waiting.
pub async fn sealed(store: &Store) {
    for nr in 1..=3 {
        log(store, post(nr * 10, 1)).await;
        log(store, LogPost { system: None, myndighed: None, ..post(nr * 10 + 1, 2) }).await;
        assert_eq!(store.forsegl(at(nr * 10 + 5)).await.expect("sealed"), 2);
    }
    assert_eq!(store.forsegl(at(40)).await.expect("nothing to seal"), 0);
    log(store, post(50, 1)).await;
}

pub async fn seals_fit(store: &Store) {
    assert_eq!(proev(store).await, Efterproevning::default());
    sealed(store).await;
    let fundet = proev(store).await;
    assert_eq!((fundet.segl, fundet.linjer, fundet.venter, fundet.brud.len()), (3, 6, 1, 0));
    assert_eq!(store.sidste_segl().await.expect("a read"), fundet.hoved);
    let (nr, hash) = fundet.hoved.expect("a last seal");
    let igen = store.efterproev_log(Some((nr, hash))).await.expect("computed");
    assert!(igen.brud.is_empty(), "a seal that was noted is still there");
    let andet = store.efterproev_log(Some((2, vec![0; 32]))).await.expect("computed");
    assert_eq!(andet.brud.iter().map(|b| (b.segl, &b.uorden)).collect::<Vec<_>>(), [(2, &Uorden::Noteret)]);
}

pub async fn several_servers_seal(store: &Store) {
    for tid in 0..200 {
        log(store, post(tid, 1)).await;
    }
    let servere: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.forsegl(at(500)).await.expect("an answer") })
        })
        .collect();
    let mut forseglet = 0;
    for server in servere {
        forseglet += server.await.expect("no panic");
    }
    while forseglet < 200 {
        forseglet += store.forsegl(at(501)).await.expect("an answer");
    }
    let fundet = proev(store).await;
    assert_eq!((fundet.linjer, fundet.venter, fundet.brud.len()), (200, 0, 0));
}

pub async fn calls_are_counted_once(store: &Store) {
    const DAG: i64 = 86_400_000_000;
    let (mig, aftale) = (post(0, 0).system.expect("a system"), post(0, 0).aftale);
    let afvist = |tid, nr| LogPost { udfald: LogPost::AFVIST, aftale: None, ..post(tid, nr) };
    let anden: Cvr = "87654321".parse().expect("a CVR number");
    let repraesenteret = Uuid::from_u128(55);
    for (nr, p) in [
        post(DAG, 1),
        post(DAG + 2, 2),
        afvist(DAG + 3, 3),
        post(3 * DAG, 4),
        LogPost { myndighed: Some(anden), ..post(DAG, 5) },
        LogPost { system: Some(Uuid::from_u128(99)), aftale: None, ..post(DAG, 6) },
        LogPost { system: None, ..post(DAG, 7) },
        // Told later than it came.
        post(DAG + 1, 8),
        // Under another's agreement, on its behalf.
        LogPost { aftale: Some(repraesenteret), ..post(DAG, 9) },
    ]
    .into_iter()
    .enumerate()
    {
        log(store, p).await;
        if nr % 3 == 2 {
            store.forsegl(at(9 * DAG)).await.expect("sealed");
        }
    }
    assert_eq!(store.forsegl(at(9 * DAG)).await.expect("nothing more"), 0);
    assert_eq!(store.forbrug_begyndt().await.expect("counted"), Some(oio::tid::day_of(at(DAG))));
    let for_anden = store.forbrug((Uuid::nil(), repraesenteret), korsbaek(), at(0)).await.expect("counted");
    assert_eq!(for_anden.iter().map(|f| (f.system, f.kald)).collect::<Vec<_>>(), [(mig, 1)]);
    let talt = async |fra| {
        let raekker = store.forbrug((mig, Uuid::from_u128(8)), korsbaek(), at(fra)).await.expect("counted");
        let en = |f: store::Forbrug| {
            assert_eq!(f.system, mig);
            assert!(f.sidst >= f.dag && f.sidst.micros() < f.dag.micros() + DAG);
            (f.tilladt, f.kald, f.sidst.micros(), f.transaktion.as_u128())
        };
        let egne = raekker.into_iter().filter(|f| f.aftale == if f.tilladt { aftale } else { None });
        egne.map(en).collect::<Vec<_>>()
    };
    let spaend = async |m| store.forbrug_spaend(aftale.expect("one"), m).await.expect("counted");
    let (foerste, sidst) = spaend(korsbaek()).await.expect("used");
    assert_eq!((foerste, sidst), (oio::tid::day_of(at(DAG)), at(3 * DAG)), "refusals are no use of it");
    assert_eq!(spaend(Cvr::KOMBIT).await, None);
    // Which of many are used after a moment: more than one statement asks about, each once, and refusals are no use.
    let min = (aftale.expect("one"), korsbaek());
    let mut par: Vec<(Uuid, Cvr)> = (1_000..2_200).map(|nr| (Uuid::from_u128(nr), korsbaek())).collect();
    par.extend([min, (min.0, anden), (min.0, Cvr::KOMBIT), (repraesenteret, korsbaek()), min]);
    let brugte = async |efter| {
        let fundne = store.forbrug_brugte(&par, at(efter)).await.expect("asked");
        let mut fundne: Vec<_> = fundne.into_iter().collect();
        fundne.sort_unstable();
        fundne
    };
    let mut alle = vec![min, (min.0, anden), (repraesenteret, korsbaek())];
    alle.sort_unstable();
    assert_eq!(brugte(0).await, alle);
    assert_eq!(brugte(DAG).await, [min], "the others were called at that moment, not after it");
    assert_eq!(brugte(3 * DAG - 1).await, [min]);
    assert_eq!(brugte(3 * DAG).await, []);
    assert_eq!(store.forbrug_brugte(&[], at(0)).await.expect("asked").len(), 0);
    let (nyest, foerst) = ((true, 1, 3 * DAG, 4), [(false, 1, DAG + 3, 3), (true, 3, DAG + 2, 2)]);
    assert_eq!(talt(0).await, [nyest, foerst[0], foerst[1]]);
    assert_eq!(talt(2 * DAG).await, [nyest]);
    // Of the system for whomever: by day and outcome, and what was last.
    let dage = store.forbrug_system(mig, at(0)).await.expect("counted");
    let dage: Vec<_> = dage.iter().map(|d| (d.tilladt, d.kald, d.sidst.micros())).collect();
    assert_eq!(dage, [(false, 1, DAG + 3), (true, 5, DAG + 2), (true, 1, 3 * DAG)]);
    let sidste = async |fra| store.sidste_kald(mig, at(fra)).await.expect("looked");
    assert_eq!((sidste(0).await, sidste(4 * DAG).await), (Some(at(3 * DAG)), None));
    let afvist = store.sidst_afvist(mig, at(0)).await.expect("looked").expect("refused");
    assert_eq!((afvist.tid, afvist.transaktion.as_u128(), afvist.myndighed), (at(DAG + 3), 3, korsbaek()));
    assert_eq!(store.sidst_afvist(Uuid::from_u128(99), at(0)).await.expect("looked"), None, "never refused");
    assert_eq!(store.glem_forbrug(at(2 * DAG)).await.expect("forgotten"), 5, "of all systems");
    assert_eq!(talt(0).await, [nyest]);
}

/// What somebody does to the database behind the program's back, and where it shows.
pub const TAMPERINGS: [(&str, &[(i64, Uorden)]); 9] = [
    ("UPDATE adgangslog SET regel = 'andet' WHERE tid = 20", &[(2, Uorden::Aendret)]),
    ("UPDATE adgangslog SET myndighed = NULL WHERE tid = 20", &[(2, Uorden::Aendret)]),
    ("DELETE FROM adgangslog WHERE tid = 21", &[(2, Uorden::Mangler(1))]),
    (
        "INSERT INTO adgangslog (tid, transaktion, operation, objekttype, objekter, antal, udfald, regel, segl) \
         SELECT 22, transaktion, operation, objekttype, objekter, antal, udfald, regel, segl FROM adgangslog \
         WHERE tid = 20",
        &[(2, Uorden::Tilfoejet(1))],
    ),
    ("DELETE FROM segl WHERE nr = 2", &[(2, Uorden::SeglMangler(2))]),
    ("DELETE FROM segl WHERE nr = 3", &[(3, Uorden::SeglMangler(2))]),
    ("UPDATE segl SET hash = forrige WHERE nr = 2", &[(2, Uorden::Aendret), (3, Uorden::Kaede)]),
    ("UPDATE segl SET tid = tid + 1 WHERE nr = 1", &[(1, Uorden::Aendret)]),
    ("UPDATE adgangslog SET segl = 3 WHERE tid = 20", &[(2, Uorden::Mangler(1)), (3, Uorden::Tilfoejet(1))]),
];

/// What is found after one of them.
pub async fn found_out(store: &Store, sql: &str, expected: &[(i64, Uorden)]) {
    let fundet = proev(store).await.brud;
    let fundet: Vec<_> = fundet.into_iter().map(|b| (b.segl, b.uorden)).collect();
    assert_eq!(fundet, expected, "{sql}");
    let segl: HashSet<i64> = fundet.iter().map(|(nr, _)| *nr).collect();
    assert!(!segl.is_empty());
}
