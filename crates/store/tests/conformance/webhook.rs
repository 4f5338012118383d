//! Deliveries of webhooks: laid with the notice, made by one at a time, put off together, given up and taken up again.

use super::scene::*;
use store::{Advisrad, Leveringstilstand as T, NyWebhooklevering, Store, Webhooktal, Webhookudfald as U};
use uuid::Uuid;

const ET: Uuid = Uuid::from_u128(0x71);
const TO: Uuid = Uuid::from_u128(0x72);
const A: Uuid = Uuid::from_u128(0xa);
const B: Uuid = Uuid::from_u128(0xb);

/// Lays a notice with a webhook; the delivery has its number.
async fn laeg(store: &Store, nr: u128, webhook: Uuid, opgivet: bool) {
    let tid = at(i64::try_from(nr).expect("small"));
    let advis = Advisrad { id: Uuid::from_u128(nr), tid, part: korsbaek(), krop: vec![7] };
    store.skriv_adviser(std::slice::from_ref(&advis)).await.expect("stored");
    let ny = [NyWebhooklevering { id: Uuid::from_u128(nr), webhook, opgivet }];
    assert!(store.fordel_advis(&advis, &[], &[], &ny).await.expect("an answer"));
    assert!(!store.fordel_advis(&advis, &[], &[], &ny).await.expect("an answer"), "once");
}

async fn laan(store: &Store, hvem: Uuid, nu: i64) -> Option<(u128, u32)> {
    let laant = store.laan_levering(hvem, at(nu), at(nu + 10)).await.expect("an answer");
    laant.map(|l| {
        assert_eq!(l.advis.expect("the notice").krop, [7]);
        (l.id.as_u128(), l.forsoeg)
    })
}

async fn slut(store: &Store, (nr, webhook): (u128, Uuid), hvem: Uuid, nu: i64, udfald: U) -> bool {
    let (http, svar) = if udfald == U::Leveret { (Some(204), "") } else { (None, "nej") };
    let om = (Uuid::from_u128(nr), webhook);
    store.afslut_levering(om, hvem, at(nu), &udfald, (http, svar)).await.expect("an answer")
}

async fn tilstande(store: &Store, webhook: Uuid) -> Vec<(i64, T, u32)> {
    let alle = store.webhookleveringer(webhook, 0, 9).await.expect("an answer");
    let mikro = |tid: bitemporal::Instant| (0..100).find(|s| at(*s) == tid).expect("a time of the test");
    alle.into_iter().map(|l| (mikro(l.tid), l.tilstand, l.forsoeg)).collect()
}

pub async fn one_delivery_at_a_time_is_made_to_a_webhook(store: &Store) {
    for (nr, webhook) in [(1, ET), (2, ET), (3, TO)] {
        laeg(store, nr, webhook, false).await;
    }
    assert_eq!(laan(store, A, 0).await, None, "not due");
    assert_eq!((laan(store, A, 20).await, laan(store, B, 20).await), (Some((1, 0)), Some((3, 0))));
    assert_eq!(laan(store, B, 21).await, None, "one is being made to each");
    assert!(!slut(store, (1, ET), B, 21, U::Leveret).await, "the lease is another's");
    assert!(slut(store, (1, ET), A, 21, U::Leveret).await);
    assert!(!slut(store, (1, ET), A, 21, U::Leveret).await, "done");
    assert_eq!(laan(store, B, 22).await, Some((2, 0)), "the next one");
    assert_eq!(laan(store, A, 31).await, Some((3, 0)), "who died has lost it");
    assert!(!slut(store, (3, TO), B, 31, U::Leveret).await);
    assert!(slut(store, (3, TO), A, 31, U::Bortfaldet).await);
    assert_eq!(tilstande(store, TO).await, [(3, T::Bortfaldet, 0)]);
    let alle = store.webhookleveringer(ET, 0, 9).await.expect("an answer");
    assert_eq!((alle[1].http, alle[1].sidst, alle[0].http), (Some(204), Some(at(21)), None));
    store.glem_leveringslaan().await.expect("forgotten");
}

pub async fn what_fails_is_put_off_with_all_that_waits_and_taken_up_again(store: &Store) {
    for nr in [1, 2] {
        laeg(store, nr, ET, false).await;
    }
    assert_eq!(laan(store, A, 5).await, Some((1, 0)));
    assert!(slut(store, (1, ET), A, 6, U::Senere(at(40))).await);
    assert_eq!(laan(store, A, 39).await, None, "nothing else is tried at a receiver that fails");
    assert_eq!(laan(store, A, 40).await, Some((1, 1)));
    assert!(slut(store, (1, ET), A, 41, U::Leveret).await);
    assert_eq!(laan(store, A, 41).await, Some((2, 0)), "it takes again");
    laeg(store, 3, ET, false).await;
    laeg(store, 4, TO, false).await;
    assert!(slut(store, (2, ET), A, 42, U::Opgivet).await);
    let efter = [(3, T::Opgivet, 0), (2, T::Opgivet, 1), (1, T::Leveret, 2)];
    assert_eq!(tilstande(store, ET).await, efter, "what waits is given up with it");
    assert_eq!(tilstande(store, TO).await, [(4, T::Venter, 0)], "others are not");
    laeg(store, 5, ET, true).await;
    let tal = async |hoejst| store.webhooktal(ET, hoejst).await.expect("an answer");
    assert_eq!((tal(9).await, tal(2).await.opgivne), (Webhooktal { venter: 0, opgivne: 3 }, 2));
    assert_eq!(store.genoptag_leveringer(ET, at(50)).await.expect("an answer"), 3);
    assert_eq!((tal(9).await.venter, store.antal_leveringer(ET, 9).await.expect("an answer")), (3, 4));
    assert_eq!(laan(store, A, 50).await.map(|l| l.1), Some(0), "counted anew");
}

pub async fn old_deliveries_are_forgotten_and_those_of_a_webhook_that_is_gone(store: &Store) {
    for (nr, webhook) in [(1, ET), (2, ET), (3, TO), (9, ET)] {
        laeg(store, nr, webhook, nr < 3).await;
    }
    assert_eq!(store.rens_leveringer(at(5), 1).await.expect("forgotten"), 1, "in steps");
    assert_eq!(store.rens_leveringer(at(5), 9).await.expect("forgotten"), 1, "what waits is kept");
    assert_eq!(tilstande(store, ET).await, [(9, T::Venter, 0)]);
    store.glem_leveringer(ET).await.expect("forgotten");
    assert!(tilstande(store, ET).await.is_empty() && !tilstande(store, TO).await.is_empty());
    // The notice is forgotten; what is left of the delivery says so.
    store.rens_adviser(at(90), 9).await.expect("forgotten");
    let laant = store.laan_levering(A, at(90), at(99)).await.expect("an answer").expect("it waits");
    assert_eq!(laant.advis, None);
}
