//! Whatever arrives is answered or refused; the server never falls over.

#![allow(clippy::unwrap_used)]

mod faelles;

use amqp::Graenser;
use faelles::Proevemotor;
use faelles::klient::*;
use proptest::prelude::*;

fn proev(ind: &[u8]) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut klient = Klient::ny(&Proevemotor::ny(3), Graenser::default());
        klient.sig(ind).await;
        drop(klient.stream);
        klient.server.await.unwrap();
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes(ind in prop::collection::vec(any::<u8>(), 0..600)) {
        proev(&ind);
        proev(&[HOVED, &ind].concat());
        proev(&[goddag("<begge/>", 0), aabn(1), ind].concat());
    }

    #[test]
    fn frames_of_random_content(rammer in prop::collection::vec(
        (prop::sample::select(vec![1u8, 2, 3, 8]), 0u16..3, prop::sample::select(vec![10u8, 20, 40, 50, 60, 85, 90]),
         0u8..122, prop::collection::vec(any::<u8>(), 0..40)), 0..12)) {
        let mut ind = [goddag("<begge/>", 0), aabn(1), forbrug(1, amqp::SVARKOE, "s", true)].concat();
        for (slags, kanal, klasse, metode, rest) in rammer {
            ind.extend(raa(slags, kanal, &[&[0, klasse, 0, metode][..], &rest].concat()));
        }
        proev(&ind);
    }
}
