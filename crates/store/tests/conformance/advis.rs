//! Notices: written with what they are about, laid with those they are for, gathered in mails that one server sends.

use super::scene::*;
use bitemporal::Instant;
use store::{
    Advisrad, Advisrytme, Advissoegning, Mailudfald, Modulpost, Modulskrevet, NyAdvismail, NyAdvispost, Store,
};
use uuid::Uuid;

const MAUDE: Uuid = Uuid::from_u128(0x11);
const POSTKASSE: Uuid = Uuid::from_u128(0x12);

fn advis(nr: u128, tid: i64) -> Advisrad {
    Advisrad {
        id: Uuid::from_u128(nr),
        tid: at(tid),
        part: korsbaek(),
        krop: vec![u8::try_from(nr).expect("small")],
    }
}

fn post(modtager: Uuid, roller: &[&'static str], rytme: Advisrytme, mail: Option<u128>) -> NyAdvispost {
    let (gruppe, mail) = ("aftaler", mail.map(Uuid::from_u128));
    NyAdvispost { modtager, roller: roller.to_vec(), gruppe, ulaest: true, rytme, mail }
}

fn mail(nr: u128, modtager: Uuid, rytme: Advisrytme, tid: i64) -> NyAdvismail {
    let id = Uuid::from_u128(nr);
    NyAdvismail { id, modtager, postkasse: modtager == POSTKASSE, part: korsbaek(), rytme, tid: at(tid) }
}

fn maude(roller: &[&'static str]) -> Advissoegning {
    let roller = roller.to_vec();
    Advissoegning { modtager: MAUDE, part: korsbaek(), roller, ulaeste: false, gruppe: None }
}

async fn numre(store: &Store, s: &Advissoegning) -> Vec<(u8, bool)> {
    let poster = store.advisposter(s, 0, 10).await.expect("an answer");
    poster.into_iter().map(|p| (p.advis.krop[0], p.ulaest)).collect()
}

async fn nye(store: &Store) -> Vec<u8> {
    store.adviser_nye(10).await.expect("an answer").into_iter().map(|a| a.krop[0]).collect()
}

pub async fn a_notice_is_in_the_write_of_what_it_is_about(store: &Store) {
    let bruger = |foer| Modulpost {
        art: "bruger",
        id: MAUDE,
        krop: Some(vec![1]),
        foer,
        soeg: "Maude".into(),
        unik: None,
        orden: "Maude".into(),
        noegler: Vec::new(),
        kolonner: Vec::new(),
    };
    let skriv = async |foer, nr| {
        let adviser = [advis(nr, 1)];
        store.modul_skriv_med(&[], &[bruger(foer)], &[], &adviser).await.expect("an answer")
    };
    assert_eq!(skriv(0, 1).await, Modulskrevet::Gemt);
    assert_eq!(skriv(7, 2).await, Modulskrevet::Overhalet);
    assert_eq!(nye(store).await, [1], "what was not written leaves no notice");
    assert_eq!(skriv(1, 1).await, Modulskrevet::Gemt, "a notice that is there is not written again");
    store.skriv_adviser(&[advis(1, 5), advis(3, 9)]).await.expect("stored");
    assert_eq!(nye(store).await, [1, 3]);
}

pub async fn notices_are_laid_once_read_and_forgotten(store: &Store) {
    store.skriv_adviser(&[advis(1, 1), advis(2, 2), advis(3, 3)]).await.expect("stored");
    let til = [post(MAUDE, &["GK", "SA"], Advisrytme::KunHer, None)];
    for nr in 1..=2 {
        assert!(store.fordel_advis(&advis(nr, 0), &til, &[], &[]).await.expect("an answer"));
        assert!(!store.fordel_advis(&advis(nr, 0), &til, &[], &[]).await.expect("an answer"), "once");
    }
    let selv = [post(MAUDE, &[], Advisrytme::KunHer, None)];
    assert!(store.fordel_advis(&advis(3, 3), &selv, &[], &[]).await.expect("an answer"));
    assert_eq!(nye(store).await, [0; 0]);
    // fordel_advis keeps the time it is given.
    assert_eq!(numre(store, &maude(&["GK"])).await.len(), 3);
    assert_eq!(numre(store, &maude(&["ADM", "S"])).await, [(3, true)], "a role that was lost shows nothing");
    let s = Advissoegning { ulaeste: true, ..maude(&["SA"]) };
    assert_eq!(store.antal_adviser(&s, 2).await.expect("an answer"), 2, "counted no further");
    assert_eq!(store.laes_adviser(&maude(&["SA"]), Some(Uuid::from_u128(3)), at(9)).await.expect("read"), 1);
    assert_eq!(numre(store, &maude(&["SA"])).await.last(), Some(&(3, false)), "unread first");
    assert_eq!(store.laes_adviser(&s, None, at(9)).await.expect("read"), 2);
    assert_eq!(store.antal_adviser(&s, 9).await.expect("an answer"), 0);
    let gruppe = Advissoegning { gruppe: Some("andet".into()), ..maude(&["SA"]) };
    assert!(numre(store, &gruppe).await.is_empty());
    assert_eq!(store.rens_adviser(at(3), 1).await.expect("forgotten"), 1, "in steps");
    assert_eq!(store.rens_adviser(at(3), 5).await.expect("forgotten"), 1);
    assert_eq!(numre(store, &maude(&["SA"])).await, [(3, false)]);
}

pub async fn mails_are_gathered_and_sent_by_one(store: &Store) {
    store.skriv_adviser(&[advis(1, 1), advis(2, 2), advis(3, 8)]).await.expect("stored");
    let til =
        [post(MAUDE, &["GK"], Advisrytme::Dagligt, None), post(POSTKASSE, &[], Advisrytme::Straks, Some(50))];
    let straks = [mail(50, POSTKASSE, Advisrytme::Straks, 1)];
    assert!(store.fordel_advis(&advis(1, 1), &til, &straks, &[]).await.expect("an answer"));
    for nr in [(2, 2), (3, 8)] {
        assert!(store.fordel_advis(&advis(nr.0, nr.1), &til[..1], &[], &[]).await.expect("an answer"));
    }
    let venter = async |rytme| store.adviser_samles(rytme, Uuid::nil(), 5).await.expect("an answer");
    assert_eq!(
        (venter(Advisrytme::Dagligt).await, venter(Advisrytme::Ugentligt).await),
        (vec![MAUDE], vec![])
    );
    let dagens = mail(60, MAUDE, Advisrytme::Dagligt, 7);
    assert!(store.saml_adviser(&dagens, at(7)).await.expect("an answer"));
    assert!(!store.saml_adviser(&dagens, at(9)).await.expect("an answer"), "one mail of a day");
    let i = store.mailens_adviser(dagens.id, 9).await.expect("an answer");
    assert_eq!(i.iter().map(|a| a.krop[0]).collect::<Vec<_>>(), [1, 2], "what came later waits");
    assert_eq!(venter(Advisrytme::Dagligt).await, [MAUDE]);

    let (a, b) = (Uuid::from_u128(0xa), Uuid::from_u128(0xb));
    let laan = async |hvem, nu: i64| {
        let laant = store.laan_mail(hvem, at(nu), at(nu + 10)).await.expect("an answer");
        laant.map(|m| (m.mail.id.as_u128(), m.forsoeg))
    };
    let slut = async |nr: u128, hvem, nu: i64, udfald: Mailudfald| {
        store.afslut_mail(Uuid::from_u128(nr), hvem, at(nu), &udfald).await.expect("an answer")
    };
    assert_eq!(laan(a, 0).await, None, "not due");
    assert_eq!(
        (laan(a, 20).await, laan(b, 20).await, laan(a, 20).await),
        (Some((50, 0)), Some((60, 0)), None)
    );
    assert!(!slut(60, a, 21, Mailudfald::Sendt).await, "the lease is another's");
    assert!(slut(50, a, 21, Mailudfald::Senere(at(40), "450".into(), true)).await);
    assert_eq!(store.mails_venter(9).await.expect("an answer"), (2, 1));
    assert_eq!(laan(a, 31).await, Some((60, 0)), "who died has lost it");
    assert!(slut(60, a, 32, Mailudfald::Sendt).await);
    assert_eq!((laan(a, 39).await, laan(a, 40).await), (None, Some((50, 1))));
    assert!(slut(50, a, 41, Mailudfald::Opgivet("550 ukendt".into())).await);
    assert_eq!(laan(a, 90).await, None);
    let sendt = async |part, siden: i64| store.mails_sendt(part, at(siden), 9).await.expect("an answer");
    assert_eq!((sendt(None, 31).await, sendt(Some(korsbaek()), 31).await, sendt(None, 32).await), (1, 1, 0));
    let opgivne = store.opgivne_mails(Some(korsbaek()), 9).await.expect("an answer");
    assert_eq!(opgivne.len(), 1);
    assert_eq!((opgivne[0].svar.as_str(), opgivne[0].mail.postkasse), ("550 ukendt", true));
    store.glem_maillaan().await.expect("forgotten");
    store.rens_adviser(at(60), 9).await.expect("forgotten");
    assert!(store.opgivne_mails(None, 9).await.expect("an answer").is_empty());
}

/// Many who send: what one has put off is not due to another who saw it before.
pub async fn what_was_put_off_is_not_taken_at_once(store: &Store) {
    const MAILS: u128 = 60;
    let straks: Vec<_> = (1..=MAILS).map(|nr| mail(nr, MAUDE, Advisrytme::Straks, 1)).collect();
    store.skriv_adviser(&[advis(1, 1)]).await.expect("stored");
    assert!(store.fordel_advis(&advis(1, 1), &[], &straks, &[]).await.expect("an answer"));
    let send = |hvem: u128| {
        let (store, hvem) = (store.clone(), Uuid::from_u128(0x100 + hvem));
        tokio::spawn(async move {
            let mut taget = Vec::new();
            while store.mails_venter(100).await.expect("an answer").1 < MAILS as u64 {
                if let Some(m) = store.laan_mail(hvem, at(20), at(30)).await.expect("an answer") {
                    taget.push(m.mail.id);
                    let senere = Mailudfald::Senere(at(40), "450".into(), true);
                    assert!(store.afslut_mail(m.mail.id, hvem, at(20), &senere).await.expect("an answer"));
                } else {
                    // Whoever loses every race looks again, and first lets go on who has won.
                    tokio::task::yield_now().await;
                }
            }
            taget
        })
    };
    let mut alle = Vec::new();
    for en in (0..8).map(send).collect::<Vec<_>>() {
        alle.extend(en.await.expect("no panic"));
    }
    alle.sort_unstable();
    assert_eq!(alle, (1..=MAILS).map(Uuid::from_u128).collect::<Vec<_>>(), "each once");
}

pub async fn rounds_never_go_back(store: &Store) {
    let til = async || store.advisrunde("tid").await.expect("an answer").map(Instant::micros);
    assert_eq!(til().await, None);
    for (saet, er) in [(5, 5), (9, 9), (7, 9)] {
        store.saet_advisrunde("tid", at(saet)).await.expect("stored");
        assert_eq!(til().await, Some(at(er).micros()));
    }
}
