//! Accounts, what they are entered with, and sessions.

use super::scene::*;
use std::collections::HashSet;
use store::{
    Faktor, Faktorart, Konto, Kontotilstand, Loginhaendelse, Loginsession, Loginskridt, Logintoken,
    SESSIONER_MAX, Store, Tokenformaal,
};
use uuid::Uuid;

const GRETE: Uuid = Uuid::from_u128(0xA1);
const HANS: Uuid = Uuid::from_u128(0xA2);

async fn gjort(store: &Store, skridt: Vec<Loginskridt>) -> bool {
    store.skriv_login(skridt, vec![]).await.expect("written or refused")
}

fn opret(bruger: Uuid, loginnavn: &str) -> Loginskridt {
    Loginskridt::Opret { bruger, loginnavn: loginnavn.into(), nu: at(1) }
}

async fn konto(store: &Store, bruger: Uuid) -> Konto {
    store.konto(bruger).await.expect("read").expect("it is there")
}

async fn grete(store: &Store) {
    assert!(gjort(store, vec![opret(GRETE, "grete@korsbaek.example")]).await);
}

pub async fn an_account_is_one_users(store: &Store) {
    grete(store).await;
    assert!(!gjort(store, vec![opret(GRETE, "anden@korsbaek.example")]).await, "the user has one");
    assert!(!gjort(store, vec![opret(HANS, "grete@korsbaek.example")]).await, "the name is taken");
    let saet = vec![opret(HANS, "hans@korsbaek.example"), Loginskridt::Spaer(Uuid::from_u128(9))];
    assert!(!gjort(store, saet).await);
    assert_eq!(store.konto(HANS).await.expect("read"), None, "all or nothing");
    assert!(gjort(store, vec![opret(HANS, "hans@korsbaek.example")]).await);
    let fundet = store.konto_ved_loginnavn("grete@korsbaek.example").await.expect("read").expect("there");
    assert_eq!(fundet, konto(store, GRETE).await);
    assert_eq!((fundet.tilstand, fundet.generation, fundet.fejl), (Kontotilstand::Inviteret, 1, 0));
    assert_eq!(fundet.oprettet, at(1));
    let begge = store.konti(&[HANS, GRETE, Uuid::from_u128(9)]).await.expect("read");
    assert_eq!(begge.iter().map(|k| k.bruger).collect::<Vec<_>>(), [GRETE, HANS]);
    let omdoeb = |navn: &str| vec![Loginskridt::Omdoeb { bruger: GRETE, loginnavn: navn.into() }];
    assert!(!gjort(store, omdoeb("hans@korsbaek.example")).await);
    assert!(gjort(store, omdoeb("grete@korsbaek.example")).await, "the name it has");
    assert!(gjort(store, omdoeb("g@korsbaek.example")).await);
    assert_eq!(store.konto_ved_loginnavn("grete@korsbaek.example").await.expect("read"), None);
}

pub async fn attempts_are_counted(store: &Store) {
    grete(store).await;
    let forsoeg = |foer, laast_til: Option<i64>, nu| {
        vec![Loginskridt::Forsoeg { bruger: GRETE, foer, laast_til: laast_til.map(at), nu: at(nu) }]
    };
    assert!(gjort(store, forsoeg(0, None, 10)).await);
    assert!(!gjort(store, forsoeg(0, None, 10)).await, "another came first");
    assert!(gjort(store, forsoeg(1, Some(100), 10)).await);
    assert!(!gjort(store, forsoeg(2, Some(200), 99)).await, "not heard");
    assert_eq!((konto(store, GRETE).await.fejl, konto(store, GRETE).await.laast_til), (2, Some(at(100))));
    assert!(gjort(store, forsoeg(2, Some(200), 100)).await, "heard again");
    assert!(gjort(store, vec![Loginskridt::Fortryd { bruger: GRETE, foer: 7 }]).await);
    assert_eq!(konto(store, GRETE).await.fejl, 3, "another came since");
    assert!(gjort(store, vec![Loginskridt::Fortryd { bruger: GRETE, foer: 2 }]).await);
    assert_eq!((konto(store, GRETE).await.fejl, konto(store, GRETE).await.laast_til), (2, None));
    // Of many at the same moment, each counts.
    let mut alle = Vec::new();
    for _ in 0..20 {
        let store = store.clone();
        alle.push(tokio::spawn(async move {
            gjort(&store, vec![Loginskridt::Forsoeg { bruger: GRETE, foer: 2, laast_til: None, nu: at(300) }])
                .await
        }));
    }
    let mut vundet = 0;
    for en in alle {
        vundet += u32::from(en.await.expect("no panic"));
    }
    assert_eq!((vundet, konto(store, GRETE).await.fejl), (1, 3));
}

pub async fn what_was_begun_before_a_change_does_not_count(store: &Store) {
    grete(store).await;
    let indlogget = |generation| vec![Loginskridt::Indlogget { bruger: GRETE, generation, nu: at(50) }];
    let kode = |generation, hash: &str| {
        vec![Loginskridt::Adgangskode { bruger: GRETE, generation, hash: hash.into() }]
    };
    assert!(gjort(store, kode(1, "en")).await);
    assert!(!gjort(store, kode(1, "to")).await);
    assert!(!gjort(store, indlogget(1)).await);
    assert!(gjort(store, indlogget(2)).await);
    let k = konto(store, GRETE).await;
    assert_eq!((k.tilstand, k.sidste_login), (Kontotilstand::Aktiv, Some(at(50))));
    assert!(!format!("{k:?}").contains("en\""), "the hash is not printed");
    let rehash =
        |foer: &str| vec![Loginskridt::Rehash { bruger: GRETE, foer: foer.into(), hash: "ny".into() }];
    assert!(gjort(store, rehash("to")).await);
    assert_eq!(konto(store, GRETE).await.adgangskode.as_deref(), Some("en"));
    assert!(gjort(store, rehash("en")).await);
    assert_eq!(konto(store, GRETE).await.adgangskode.as_deref(), Some("ny"));
    assert_eq!(konto(store, GRETE).await.generation, 2, "it is the same password");
    assert!(gjort(store, vec![Loginskridt::Spaer(GRETE)]).await);
    assert!(!gjort(store, vec![Loginskridt::Spaer(GRETE)]).await, "it is blocked");
    assert!(!gjort(store, indlogget(3)).await);
    assert!(!gjort(store, kode(3, "x")).await);
    assert!(!gjort(store, vec![Loginskridt::Uaendret { bruger: GRETE, generation: 3 }]).await);
    assert!(gjort(store, vec![Loginskridt::Genaabn(GRETE)]).await);
    assert!(!gjort(store, vec![Loginskridt::Genaabn(GRETE)]).await);
    assert!(gjort(store, vec![Loginskridt::Uaendret { bruger: GRETE, generation: 3 }]).await);
    assert_eq!(konto(store, GRETE).await.tilstand, Kontotilstand::Aktiv);
    let ny = |generation| vec![Loginskridt::NyGeneration { bruger: GRETE, generation }];
    assert!(!gjort(store, ny(2)).await);
    assert!(gjort(store, ny(3)).await);
    assert!(!gjort(store, ny(3)).await, "once");
    assert!(gjort(store, vec![Loginskridt::Nulstil(GRETE)]).await);
    let k = konto(store, GRETE).await;
    assert_eq!((k.tilstand, k.adgangskode, k.generation), (Kontotilstand::Inviteret, None, 5));
    assert!(!gjort(store, vec![Loginskridt::Nulstil(HANS)]).await, "there is none");
}

fn faktor(n: u128, art: Faktorart, taeller: i64) -> Faktor {
    Faktor {
        id: Uuid::from_u128(n),
        bruger: GRETE,
        art,
        navn: "Telefon".into(),
        noegle: n.to_be_bytes().to_vec(),
        data: vec![1, 2, 3],
        taeller,
        oprettet: at(n.try_into().expect("small")),
        brugt: None,
    }
}

pub async fn factors_are_used_forward_only(store: &Store) {
    grete(store).await;
    let (totp, passkey) = (faktor(1, Faktorart::Totp, 7), faktor(2, Faktorart::Passkey, 0));
    for ny in [&totp, &passkey] {
        assert!(gjort(store, vec![Loginskridt::NyFaktor(ny.clone(), 2)]).await);
    }
    let samme = Faktor { id: Uuid::from_u128(3), ..passkey.clone() };
    assert!(!gjort(store, vec![Loginskridt::NyFaktor(samme, 9)]).await, "the key is known");
    assert!(!gjort(store, vec![Loginskridt::NyFaktor(faktor(3, Faktorart::Totp, 0), 2)]).await, "enough");
    assert_eq!(store.faktorer(GRETE).await.expect("read"), [totp.clone(), passkey.clone()]);
    assert_eq!(store.faktor_ved_noegle(&passkey.noegle).await.expect("read"), Some(passkey.clone()));
    assert_eq!(store.faktor_ved_noegle(&[9; 2000]).await.expect("read"), None);
    let brugt = |id, taeller| vec![Loginskridt::FaktorBrugt { id, taeller, nu: at(60) }];
    for (id, taeller, expected) in [
        (totp.id, 7, false),
        (totp.id, 6, false),
        (totp.id, 8, true),
        (totp.id, 8, false),
        (totp.id, 0, false),
        (passkey.id, 0, true),
        (passkey.id, 0, true),
        (passkey.id, 5, true),
        (passkey.id, 0, false),
        (passkey.id, 5, false),
    ] {
        assert_eq!(gjort(store, brugt(id, taeller)).await, expected, "{taeller}");
    }
    assert_eq!(store.faktorer(GRETE).await.expect("read")[0].brugt, Some(at(60)));
    assert!(!gjort(store, vec![Loginskridt::FjernFaktor(HANS, totp.id)]).await, "not his");
    assert!(gjort(store, vec![Loginskridt::FjernFaktor(GRETE, totp.id)]).await);
    assert!(gjort(store, vec![Loginskridt::FjernFaktorer(GRETE)]).await);
    assert!(store.faktorer(GRETE).await.expect("read").is_empty());
}

pub async fn tokens_and_identities(store: &Store) {
    grete(store).await;
    let token = |formaal, til| Logintoken { bruger: GRETE, formaal, udloeber: at(til) };
    let invitation = token(Tokenformaal::Invitation, 100);
    assert!(gjort(store, vec![Loginskridt::NytToken([1; 32], invitation)]).await);
    assert_eq!(store.logintoken(&[1; 32]).await.expect("read"), Some(invitation));
    let ny = token(Tokenformaal::Gendannelse, 200);
    assert!(gjort(store, vec![Loginskridt::NytToken([2; 32], ny)]).await);
    assert_eq!(store.logintoken(&[1; 32]).await.expect("read"), None, "replaced");
    assert!(!gjort(store, vec![Loginskridt::BrugToken([2; 32], at(200))]).await, "expired");
    assert!(gjort(store, vec![Loginskridt::BrugToken([2; 32], at(199))]).await);
    assert!(!gjort(store, vec![Loginskridt::BrugToken([2; 32], at(199))]).await, "used");
    let identitet = |bruger, emne: &str| Loginskridt::NyIdentitet {
        bruger,
        udsteder: "https://idp".into(),
        emne: emne.into(),
        nu: at(5),
    };
    assert!(gjort(store, vec![identitet(GRETE, "g")]).await);
    assert!(!gjort(store, vec![identitet(HANS, "g")]).await, "she is somebody");
    let fundet = store.konto_ved_identitet("https://idp", "g").await.expect("read");
    assert_eq!(fundet.map(|k| k.bruger), Some(GRETE));
    assert_eq!(store.konto_ved_identitet("https://idp/", "g").await.expect("read"), None);
    assert_eq!(store.identiteter(GRETE).await.expect("read"), [("https://idp".into(), "g".into())]);
    assert!(gjort(store, vec![Loginskridt::FjernIdentiteter(GRETE)]).await);
    assert_eq!(store.konto_ved_identitet("https://idp", "g").await.expect("read"), None);
}

fn session(n: u128, bruger: Uuid, tid: i64) -> Loginsession {
    Loginsession {
        id: Uuid::from_u128(n),
        bruger,
        oprettet: at(tid),
        sidst: at(tid),
        udloeber: at(tid + 1000),
        bekraeftet: at(tid),
        adresse: "192.0.2.7".into(),
        agent: "Firefox".into(),
        amr: "pwd otp".into(),
        handler_som: None,
    }
}

fn noegle(n: u128) -> [u8; 32] {
    let mut noegle = [0; 32];
    noegle[..16].copy_from_slice(&n.to_be_bytes());
    noegle
}

pub async fn sessions_begin_and_end(store: &Store) {
    for (n, bruger) in [(1, GRETE), (2, GRETE), (3, HANS)] {
        let ny = session(n, bruger, n.try_into().expect("small"));
        assert!(gjort(store, vec![Loginskridt::NySession(noegle(n), ny)]).await);
    }
    assert_eq!(store.loginsession(&noegle(1)).await.expect("read"), Some(session(1, GRETE, 1)));
    assert_eq!(store.loginsession(&noegle(9)).await.expect("read"), None);
    let id = |n: u128| Uuid::from_u128(n);
    store.loginsession_set(id(1), at(70)).await.expect("written");
    store.loginsession_set(id(1), at(60)).await.expect("not written");
    assert!(gjort(store, vec![Loginskridt::HandlerSom(id(1), Some(korsbaek()))]).await);
    assert!(gjort(store, vec![Loginskridt::Bekraeftet(id(1), at(80))]).await);
    assert!(!gjort(store, vec![Loginskridt::Bekraeftet(id(9), at(80))]).await);
    let s = store.loginsession(&noegle(1)).await.expect("read").expect("there");
    assert_eq!((s.sidst, s.bekraeftet, s.handler_som), (at(70), at(80), Some(korsbaek())));
    let ids = async |bruger| {
        let alle = store.loginsessioner(bruger).await.expect("read");
        alle.iter().map(|s| s.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(ids(GRETE).await, [1, 2], "the last used first");
    assert!(!gjort(store, vec![Loginskridt::FjernSession(GRETE, id(3))]).await, "not hers");
    assert!(!gjort(store, vec![Loginskridt::HarSession(GRETE, id(3))]).await, "not hers");
    assert!(gjort(store, vec![Loginskridt::HarSession(HANS, id(3))]).await);
    assert!(gjort(store, vec![Loginskridt::FjernSessioner(GRETE, Some(id(2)))]).await);
    assert_eq!(ids(GRETE).await, [2]);
    assert!(gjort(store, vec![Loginskridt::FjernSession(GRETE, id(2))]).await);
    let max = u128::from(SESSIONER_MAX);
    for n in 100..105 + max {
        let ny = session(n, GRETE, n.try_into().expect("small"));
        assert!(gjort(store, vec![Loginskridt::NySession(noegle(n), ny)]).await);
    }
    let tilbage: HashSet<_> = ids(GRETE).await.into_iter().collect();
    assert_eq!(tilbage, (105..105 + max).collect(), "the oldest give way");
    let token = Logintoken { bruger: HANS, formaal: Tokenformaal::Invitation, udloeber: at(50) };
    assert!(gjort(store, vec![Loginskridt::NytToken([8; 32], token)]).await);
    assert_eq!(store.ryd_login(at(1003)).await.expect("a number"), 2, "a session and a token");
    assert!(
        gjort(store, vec![Loginskridt::FjernSessioner(GRETE, None), Loginskridt::FjernTokens(GRETE)]).await
    );
    assert!(ids(GRETE).await.is_empty());
}

pub async fn events_are_kept(store: &Store) {
    let h = |tid, bruger, slags: &str| Loginhaendelse {
        tid: at(tid),
        bruger,
        af: bruger.map(|_| HANS),
        slags: slags.into(),
        resultat: "ok".into(),
        adresse: "::1".into(),
        session: None,
        korrelation: Uuid::from_u128(77),
    };
    let (en, to, tre) = (h(1, Some(GRETE), "oprettet"), h(2, None, "afvist"), h(3, Some(GRETE), "login"));
    let saet = vec![opret(GRETE, "grete@korsbaek.example")];
    assert!(store.skriv_login(saet.clone(), vec![en.clone(), to.clone()]).await.expect("written"));
    assert!(!store.skriv_login(saet, vec![tre.clone()]).await.expect("refused"));
    assert!(store.skriv_login(vec![], vec![tre.clone()]).await.expect("written"));
    let laes = async |bruger, fra, til, antal| {
        store.loginhaendelser(bruger, at(fra), at(til), antal).await.expect("read")
    };
    assert_eq!(laes(None, 0, 9, 9).await, [tre.clone(), to.clone(), en.clone()]);
    assert_eq!(laes(Some(GRETE), 0, 9, 9).await, [tre.clone(), en]);
    assert_eq!(laes(None, 2, 3, 9).await, [to]);
    assert_eq!(laes(None, 0, 9, 1).await, std::slice::from_ref(&tre));
    let glem = async |foer, antal| store.glem_loginhaendelser(at(foer), antal).await.expect("a number");
    assert_eq!((glem(3, 1).await, glem(3, 9).await, glem(3, 9).await), (1, 1, 0), "the oldest first");
    assert_eq!(laes(None, 0, 9, 9).await, [tre]);
}
