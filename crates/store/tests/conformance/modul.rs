//! The entities of the Administrationsmodul, and its log.

use super::scene::*;
use store::{
    Aendringslinje, EntitetSkrivning, Kaedebrud, Loglinjeslags, Logsoegning, Modulpost, Modulskrevet,
    Modulsoegning, Store,
};
use uuid::Uuid;

fn post(nr: u128, navn: &str, foer: i64) -> Modulpost {
    Modulpost {
        art: "bruger",
        id: Uuid::from_u128(nr),
        krop: Some(navn.as_bytes().to_vec()),
        foer,
        soeg: format!("{navn} {navn}@korsbaek.example"),
        unik: Some(format!("{navn}@korsbaek.example")),
        orden: navn.into(),
        noegler: vec![("part", "11223344".into()), ("rolle", format!("{}", nr % 2))],
        kolonner: Vec::new(),
    }
}

fn linje(navn: &str, part: oio::Cvr, slags: Loglinjeslags) -> Aendringslinje {
    Aendringslinje {
        tid: at(navn.len() as i64),
        slags,
        part,
        bruger: Some(Uuid::from_u128(1)),
        navn: navn.into(),
        rolle: "Administrator".into(),
        adresse: "192.0.2.1".into(),
        art: "bruger".into(),
        objekt: Some(Uuid::from_u128(2)),
        objektnavn: "Maude".into(),
        handling: "tildel rolle".into(),
        detaljer: "rolle: Godkender".into(),
        begrundelse: String::new(),
        kilde: "skærm".into(),
        korrelation: Uuid::from_u128(3),
    }
}

async fn skriv(store: &Store, poster: &[Modulpost]) -> Modulskrevet {
    store.modul_skriv(&[], poster, &[]).await.expect("an answer")
}

async fn fundet(store: &Store, s: Modulsoegning) -> (Vec<String>, u64) {
    let s = Modulsoegning { art: "bruger", antal: if s.antal == 0 { 10 } else { s.antal }, ..s };
    let (rows, alle) = store.modul_find(&s).await.expect("an answer");
    (rows.into_iter().map(|r| String::from_utf8(r.krop).expect("text")).collect(), alle)
}

pub async fn module_entities_are_found_by_keys_and_text(store: &Store) {
    let navne = ["Ærtholm", "agnes", "Maude", "Ingeborg"];
    let poster: Vec<_> = navne.iter().zip(1..).map(|(navn, nr)| post(nr, navn, 0)).collect();
    assert_eq!(skriv(store, &poster).await, Modulskrevet::Gemt);
    let part = || vec![("part", "11223344".to_owned())];
    let alle = fundet(store, Modulsoegning { noegler: part(), ..Default::default() }).await;
    assert_eq!(alle, (["agnes", "Ingeborg", "Maude", "Ærtholm"].map(str::to_owned).to_vec(), 4));
    let side = Modulsoegning { noegler: part(), omvendt: true, forbi: 1, antal: 2, ..Default::default() };
    assert_eq!(fundet(store, side).await, (["Maude", "Ingeborg"].map(str::to_owned).to_vec(), 4));
    let begge = vec![("part", "11223344".to_owned()), ("rolle", "0".to_owned())];
    assert_eq!(fundet(store, Modulsoegning { noegler: begge, ..Default::default() }).await.1, 2);
    for (tekst, antal) in [("ÆRT", 1), ("korsbaek", 4), ("*", 4), ("%", 0), ("[a-z]", 0), ("", 4)] {
        let s = Modulsoegning { noegler: part(), tekst: Some(tekst.into()), ..Default::default() };
        assert_eq!(fundet(store, s).await.1, antal, "{tekst}");
    }
    let andre = Modulsoegning { noegler: vec![("part", "55667788".into())], ..Default::default() };
    assert_eq!(fundet(store, andre).await, (vec![], 0));
    let en = store.modulpost_unik("bruger", "Maude@korsbaek.example").await.expect("an answer");
    assert_eq!(en.map(|r| (r.id, r.version)), Some((Uuid::from_u128(3), 1)));
}

pub async fn module_entities_are_guarded(store: &Store) {
    assert_eq!(skriv(store, &[post(1, "Maude", 0)]).await, Modulskrevet::Gemt);
    assert_eq!(skriv(store, &[post(1, "Maude", 0)]).await, Modulskrevet::Overhalet);
    let sammen = [post(1, "Agnes", 1), post(2, "Ingeborg", 7)];
    assert_eq!(skriv(store, &sammen).await, Modulskrevet::Overhalet, "all or nothing");
    assert_eq!(skriv(store, &[post(2, "Maude", 0)]).await, Modulskrevet::Optaget, "the same address");
    assert_eq!(skriv(store, &[post(1, "Agnes", 1)]).await, Modulskrevet::Gemt);
    assert_eq!(skriv(store, &[post(2, "Maude", 0)]).await, Modulskrevet::Gemt, "free again");
    let nu = store.modulpost("bruger", Uuid::from_u128(1)).await.expect("an answer").expect("there");
    assert_eq!((nu.version, nu.krop.as_slice()), (2, "Agnes".as_bytes()));
    let fjern = Modulpost { krop: None, ..post(1, "Agnes", 2) };
    assert_eq!(skriv(store, &[fjern]).await, Modulskrevet::Gemt);
    assert_eq!(store.modulpost("bruger", Uuid::from_u128(1)).await.expect("an answer"), None);
    let historie = store.entitet_historie("bruger", Uuid::from_u128(1)).await.expect("an answer");
    let kroppe: Vec<_> = historie.iter().map(|(v, krop)| (*v, krop.as_slice())).collect();
    assert_eq!(kroppe, [(1, "Maude".as_bytes()), (2, "Agnes".as_bytes()), (3, "".as_bytes())]);
}

/// What becomes of writes that are made at the same time: how many were stored, and what the others were told.
async fn samtidig(store: &Store, poster: Vec<Modulpost>) -> (usize, Vec<Modulskrevet>) {
    let skriv = |post: Modulpost| {
        let store = store.clone();
        tokio::spawn(async move { store.modul_skriv(&[], &[post], &[]).await.expect("an answer") })
    };
    let mut svar = Vec::new();
    for skrivning in poster.into_iter().map(skriv).collect::<Vec<_>>() {
        svar.push(skrivning.await.expect("no panic"));
    }
    let antal = svar.len();
    svar.retain(|s| *s != Modulskrevet::Gemt);
    (antal - svar.len(), svar)
}

pub async fn of_those_who_write_the_same_one_is_first(store: &Store) {
    for foer in 0..10 {
        let alle = (0..8).map(|n| post(1, &format!("Maude{n}"), foer)).collect();
        assert_eq!(samtidig(store, alle).await, (1, vec![Modulskrevet::Overhalet; 7]));
    }
}

pub async fn of_those_who_want_the_same_one_gets_it(store: &Store) {
    for runde in 0..10 {
        let alle = (0..8).map(|n| post(runde * 100 + n, &format!("Maude{runde}"), 0)).collect();
        assert_eq!(samtidig(store, alle).await, (1, vec![Modulskrevet::Optaget; 7]));
    }
}

/// Six lines, of which the fourth and the last are anchored.
pub async fn anchored(store: &Store) {
    let skriv = async |navn: &str| {
        let linje = linje(navn, korsbaek(), Loglinjeslags::Aendret);
        store.modul_skriv(&[], &[], &[linje]).await.expect("an answer");
    };
    assert_eq!(store.foranker(at(1), None).await.expect("an answer"), None, "nothing to anchor");
    for navn in ["Maude", "Agnes", "Ingeborg", "Laura"] {
        skriv(navn).await;
    }
    let fjerde = store.foranker(at(1), None).await.expect("an answer");
    assert_eq!(store.foranker(at(2), fjerde.as_ref()).await.expect("an answer"), fjerde);
    skriv("Gunnar").await;
    skriv("Holger").await;
    store.foranker(at(3), fjerde.as_ref()).await.expect("an answer");
    assert_eq!(store.forsegl(at(4)).await.expect("sealed"), 2, "each end once");
    skriv("Grete").await;
    found_broken(store, "", None).await;
}

/// What somebody does to the change log behind the program's back, and where it shows first.
pub const TAMPERINGS: [(&str, Option<Kaedebrud>); 10] = [
    ("UPDATE aendringslog SET begrundelse = 'andet' WHERE nr = 3", Some(Kaedebrud::Aendret(3))),
    ("UPDATE aendringslog SET bruger = NULL WHERE nr = 1", Some(Kaedebrud::Aendret(1))),
    ("UPDATE aendringslog SET slags = 'X' WHERE nr = 7", Some(Kaedebrud::Aendret(7))),
    (
        "UPDATE aendringslog SET hash = (SELECT hash FROM aendringslog WHERE nr = 1) WHERE nr = 2",
        Some(Kaedebrud::Aendret(2)),
    ),
    ("DELETE FROM aendringslog WHERE nr = 3", Some(Kaedebrud::Fjernet(3))),
    ("DELETE FROM aendringslog WHERE nr = 1", Some(Kaedebrud::Fjernet(1))),
    ("UPDATE aendringslog SET nr = 8 WHERE nr = 5", Some(Kaedebrud::Fjernet(5))),
    ("DELETE FROM aendringslog WHERE nr > 4", Some(Kaedebrud::Afkortet(5, 6))),
    ("DELETE FROM aendringslog", Some(Kaedebrud::Afkortet(1, 6))),
    // It was written after the last anchor.
    ("DELETE FROM aendringslog WHERE nr = 7", None),
];

/// What is found after one of them, with the anchors in the access log.
pub async fn found_broken(store: &Store, sql: &str, expected: Option<Kaedebrud>) {
    let segl = store.efterproev_log(None).await.expect("computed");
    assert_eq!((segl.brud.len(), segl.ankre.len()), (0, 2), "{sql}");
    assert_eq!(store.efterproev_aendringslog(segl.ankre).await.expect("followed").brud, expected, "{sql}");
}

pub async fn what_was_noted_must_still_be_there(store: &Store) {
    anchored(store).await;
    let noteret = store.sidste_aendring().await.expect("an answer").expect("a last line");
    let fulgt = async |noteret| store.efterproev_aendringslog([noteret]).await.expect("followed");
    assert_eq!(fulgt(noteret.clone()).await.brud, None);
    assert_eq!(fulgt((5, noteret.1.clone())).await.brud, Some(Kaedebrud::Forankret(5)), "a chain made anew");
    assert_eq!(fulgt((9, noteret.1)).await.brud, Some(Kaedebrud::Afkortet(8, 9)));
}

pub async fn the_log_of_the_module_is_a_chain(store: &Store) {
    let naboen = "55667788".parse().expect("a CVR number");
    let mange = (0..20).map(|n| {
        let (store, linje) = (store.clone(), linje(&"x".repeat(n + 1), korsbaek(), Loglinjeslags::Aendret));
        let entitet = EntitetSkrivning {
            art: "part".into(),
            id: Uuid::from_u128(n as u128),
            krop: Some(vec![1]),
            foer: Some(0),
        };
        tokio::spawn(async move { store.modul_skriv(&[entitet], &[], &[linje]).await.expect("an answer") })
    });
    for en in mange.collect::<Vec<_>>() {
        assert_eq!(en.await.expect("no panic"), Modulskrevet::Gemt, "whoever comes at the same time waits");
    }
    let to = [linje("Maude", naboen, Loglinjeslags::Laest), linje("Agnes", naboen, Loglinjeslags::Besluttet)];
    store.modul_skriv(&[], &[], &to).await.expect("an answer");
    let taget =
        [EntitetSkrivning { art: "part".into(), id: Uuid::nil(), krop: Some(vec![2]), foer: Some(9) }];
    assert_eq!(store.modul_skriv(&taget, &[], &to).await.expect("an answer"), Modulskrevet::Overhalet);
    let fulgt = store.efterproev_aendringslog([]).await.expect("an answer");
    assert_eq!((fulgt.linjer, fulgt.brud), (22, None), "nothing of what was refused");
    assert_eq!(fulgt.hoved, store.sidste_aendring().await.expect("an answer"));
    let soeg = async |s: Logsoegning| {
        let linjer = store.aendringslog(&Logsoegning { antal: 50, ..s }).await.expect("the log");
        linjer.into_iter().map(|(nr, l)| (nr, l.navn)).collect::<Vec<_>>()
    };
    let deres = soeg(Logsoegning { part: Some(naboen), ..Default::default() }).await;
    assert_eq!(deres, [(22, "Agnes".to_owned()), (21, "Maude".to_owned())]);
    let laest = Logsoegning { slags: Some(Loglinjeslags::Laest), ..Default::default() };
    assert_eq!(soeg(laest).await, [(21, "Maude".to_owned())]);
    let tekst = Logsoegning { tekst: Some("gnes".into()), ..Default::default() };
    assert_eq!(soeg(tekst).await, [(22, "Agnes".to_owned())]);
    assert_eq!(soeg(Logsoegning { foer: Some(3), ..Default::default() }).await.len(), 2);
    let tid = Logsoegning { fra: Some(at(3)), til: Some(at(5)), ..Default::default() };
    assert_eq!(soeg(tid).await.len(), 2);
    let (_, gemt) =
        store.aendringslog(&Logsoegning { antal: 1, ..Default::default() }).await.expect("the log").remove(0);
    assert_eq!(gemt, to[1]);
}
