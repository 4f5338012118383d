//! The index against trying everything.

use super::{Placering, Post, Register, proev};
use crate::testing::{Besked, FORTROLIG, Lister, TYPE1, cvr};
use crate::{FOELSOMHEDER, Filter, Grund, Kleled, Kuvert, Mangel, Modtagelse};
use bitemporal::Instant;
use oio::Cvr;
use proptest::prelude::*;
use uuid::Uuid;

const TYPE2: &str = "832d0676-d0a0-4522-8f57-ac126dc8270e";
const F: &str = "Beskedkuvert.Filtreringsdata";

fn filter(nr: usize) -> Filter {
    let r = format!("{F}.ObjektRegistrering");
    let objekt = |n: usize| format!("{r}.ObjektId.URNIdentifikator = 'urn:oio:cpr-nr:010101000{n}'");
    let tekst = match nr {
        0 => String::new(),
        1..=3 => objekt(nr),
        4 => format!(
            "{} AND {r}.ObjektAnsvarligMyndighed.URNIdentifikator = 'urn:oio:cvr-nr:00000001'",
            objekt(1)
        ),
        5 => format!("{} OR {}", objekt(1), objekt(2)),
        6 => format!("{} OR NOT ({})", objekt(1), objekt(2)),
        7 => format!("{r}.ObjektId.URNIdentifikator IN VAERDILISTE '{}'", crate::testing::LISTE),
        8 => format!(
            "ANY {r} (ObjektId.URNIdentifikator IN ('urn:oio:cpr-nr:0101010001', 'x') AND OpgaveEmne.URNIdentifikator LIKE '%32.%')"
        ),
        9 => format!("{F}.TilladtModtager.URNIdentifikator = 'urn:oio:cvr-nr:00000001'"),
        10 => format!("{F}.TilladtModtager.URNIdentifikator != 'urn:oio:cvr-nr:00000001'"),
        _ => format!("{F}.Beskedtype.UUIDIdentifikator = '{TYPE1}' AND {}", objekt(3)),
    };
    Filter::laes(&tekst).expect("a filter")
}

fn modtagelse() -> impl Strategy<Value = Modtagelse> {
    (1u8..3, 1u32..4, prop::collection::vec(5u32..7, 0..3), 0usize..4, any::<bool>(), 0usize..3, 0u128..5)
        .prop_map(|(version, myndighed, afsendere, typer, alle, kle, aftale)| Modtagelse {
            version,
            myndighed: cvr(myndighed),
            afsendere: afsendere.into_iter().map(cvr).collect(),
            beskedtyper: typer_af(typer),
            foelsomheder: if alle { FOELSOMHEDER.into() } else { vec![FOELSOMHEDER[0]] },
            kle: Kleled::laes_liste(["*", "32.*", "32.*,27.*"][kle]).expect("KLE"),
            aftale: Uuid::from_u128(aftale),
        })
}

fn typer_af(nr: usize) -> Vec<Uuid> {
    let alle = [TYPE1, TYPE2].map(|t| t.parse().expect("a UUID"));
    alle.into_iter().enumerate().filter(|(i, _)| nr & (1 << i) != 0).map(|(_, t)| t).collect()
}

fn post() -> impl Strategy<Value = Post> {
    (0u128..40, 0u128..6, 0usize..4, 0usize..12, prop::collection::vec(modtagelse(), 0..4), 0i64..3).prop_map(
        |(abonnement, dueslag, typer, nr, modtagelser, fra)| Post {
            ejer: Uuid::nil(),
            abonnement: Uuid::from_u128(abonnement),
            dueslag: Uuid::from_u128(dueslag),
            beskedtyper: typer_af(typer),
            filter: filter(nr),
            modtagelser,
            fra: Instant::from_micros(fra),
        },
    )
}

fn besked() -> impl Strategy<Value = Kuvert> {
    let registrering = (0u32..5, 1u32..3, 0usize..2).prop_map(|(o, m, k)| {
        (format!("urn:oio:cpr-nr:010101000{o}"), m, ["32.24.04", "27.03.01"][k].to_owned())
    });
    (
        any::<bool>(),
        prop::collection::vec(1u32..5, 0..4),
        prop::collection::vec(registrering, 0..4),
        any::<bool>(),
    )
        .prop_map(|(en, tilladte, registreringer, fortrolig)| {
            let besked = Besked {
                beskedtype: if en { TYPE1 } else { TYPE2 }.into(),
                tilladte: tilladte.iter().map(|n| format!("urn:oio:cvr-nr:{n:08}")).collect(),
                registreringer,
                foelsomhed: fortrolig.then(|| FORTROLIG.into()),
                leverance: String::new(),
            };
            besked.kuvert()
        })
}

const LISTER: Lister = Lister("urn:oio:cpr-nr:0101010003");

/// Every subscription, tried in order.
fn naiv(poster: &[Post], kuvert: &Kuvert, afsender: Cvr, ved: Instant) -> Vec<Placering> {
    let mut alle: Vec<&Post> = poster.iter().collect();
    alle.sort_by_key(|p| (p.dueslag, p.abonnement));
    let mut ud: Vec<Placering> = Vec::new();
    for post in alle {
        let svar = proev(post, kuvert, afsender, &LISTER, &kuvert.tilladte_cvr(), Some(ved));
        ud.extend(svar.ok().filter(|p| ud.iter().all(|u| u.dueslag != p.dueslag)));
    }
    ud
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_index_finds_what_trying_everything_finds(
        poster in prop::collection::vec(post(), 0..40),
        beskeder in prop::collection::vec(besked(), 1..6),
        ved in 0i64..3,
    ) {
        let register = Register::byg(poster.clone());
        let ved = Instant::from_micros(ved);
        for kuvert in &beskeder {
            let fundet = register.find_ved(kuvert, cvr(5), &LISTER, ved);
            prop_assert_eq!(&fundet, &naiv(&poster, kuvert, cvr(5), ved));
            let uden_tid = register.find(kuvert, cvr(5), &LISTER);
            for dueslag in (0..6).map(Uuid::from_u128) {
                let forklaret = register.forklar(dueslag, kuvert, cvr(5), &LISTER, Instant::POS_INFINITY).len();
                let i_alt = poster.iter().filter(|p| p.dueslag == dueslag).count();
                let placeret = uden_tid.iter().any(|p| p.dueslag == dueslag);
                prop_assert_eq!(forklaret < i_alt, placeret);
            }
        }
    }
}

#[test]
fn a_receiver_gets_and_filters_only_what_it_may_see() {
    let m = |version, myndighed: u32| Modtagelse {
        version,
        myndighed: cvr(myndighed),
        afsendere: vec![cvr(5)],
        beskedtyper: typer_af(1),
        foelsomheder: FOELSOMHEDER.into(),
        kle: vec![Kleled::Alle],
        aftale: Uuid::from_u128(u128::from(myndighed)),
    };
    let post = |abonnement, nr, modtagelser| Post {
        ejer: Uuid::nil(),
        abonnement: Uuid::from_u128(abonnement),
        dueslag: Uuid::from_u128(1),
        beskedtyper: typer_af(1),
        filter: filter(nr),
        modtagelser,
        fra: Instant::from_micros(0),
    };
    let besked = Besked {
        tilladte: ["urn:oio:cvr-nr:00000001", "urn:oio:cvr-nr:00000002"].map(Into::into).into(),
        ..Besked::default()
    };
    let kuvert = besked.kuvert();
    let find = |poster| Register::byg(poster).find(&kuvert, cvr(5), &LISTER);
    let en = find(vec![post(1, 0, vec![m(2, 2), m(2, 1), m(2, 3)])]);
    assert_eq!((en[0].tilladte.clone(), en[0].aftale), (Some(vec![cvr(1), cvr(2)]), Uuid::from_u128(1)));
    let urort = find(vec![post(1, 0, vec![m(1, 2)])]);
    assert_eq!(urort[0].tilladte, None, "version 1 delivers untouched");
    assert_eq!(find(vec![post(1, 9, vec![m(2, 2)])]), [], "authority 1 is not for it to see");
    assert_eq!(find(vec![post(1, 9, vec![m(1, 2)])]).len(), 1);
    assert_eq!(
        find(vec![post(2, 0, vec![m(2, 2)]), post(1, 0, vec![m(2, 2)])])[0].abonnement,
        Uuid::from_u128(1)
    );
    let register = Register::byg(vec![
        post(1, 9, vec![m(2, 2)]),
        post(2, 0, vec![]),
        post(3, 0, vec![m(2, 9)]),
        Post { beskedtyper: typer_af(2), ..post(4, 0, vec![m(2, 2)]) },
        post(5, 0, vec![m(2, 2)]),
    ]);
    let grunde: Vec<_> = register
        .forklar(Uuid::from_u128(1), &kuvert, cvr(5), &LISTER, Instant::from_micros(9))
        .into_iter()
        .map(|(_, g)| g)
        .collect();
    assert_eq!(
        grunde,
        [Grund::Filter, Grund::Aftale(Mangel::Ingen), Grund::TilladtModtager, Grund::Beskedtype]
    );
    assert_eq!(register.antal(), 5);
}
