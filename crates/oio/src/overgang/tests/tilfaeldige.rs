//! The merge rules against their own words, for random objects and changes. Now is 50.

use super::{NU, egenskaber, enhed, live, u};
use crate::catalog::organisation::organisationenhed as oe;
use crate::catalog::{ORGANISATIONENHED, RelationType};
use crate::ids::UnikId;
use crate::model::{Dynamik, Indhold, Relation, Tilstand, TilstandKode, Virkning};
use crate::operation::Aendring;
use crate::overgang::{opret, ret};
use crate::validering::{key, normaliser};
use bitemporal::{Instant, Period, Placed};
use proptest::prelude::*;
use uuid::Uuid;

const END: i64 = 100;

fn period(from: i64, length: i64) -> Period {
    let to = if from + length >= END { Instant::POS_INFINITY } else { Instant::from_micros(from + length) };
    Period { from: Instant::from_micros(from), to }
}

/// Periods that do not overlap, with gaps and empty ones among them.
fn timeline() -> impl Strategy<Value = Vec<Period>> {
    prop::collection::vec((prop_oneof![Just(0i64), 1..30i64], 0i64..40), 0..5).prop_map(|steps| {
        let mut at = 0;
        let mut periods = Vec::new();
        for (gap, length) in steps {
            at += gap;
            if at < END {
                periods.push(period(at, length));
            }
            at += length.max(1);
        }
        periods
    })
}

fn relation(typ: RelationType, period: Period, reference: u128) -> Relation {
    let uuid = Uuid::from_u128(reference);
    Relation {
        navn: typ.navn,
        virkning: Virkning::of(period),
        reference: Some(if reference == 1 { UnikId::Urn(uuid.to_string().into()) } else { uuid.into() }),
        aktoer_type: None,
        dynamik: None,
    }
}

/// Relations of which no two with one key overlap: the later ones give way.
fn without_clashes(relationer: Vec<Relation>) -> Vec<Relation> {
    let mut kept: Vec<Relation> = Vec::new();
    for relation in relationer {
        if !kept.iter().any(|k| key(k) == key(&relation) && k.period().is_hit_by(relation.period())) {
            kept.push(relation);
        }
    }
    kept
}

/// The lists of a valid registrering or change.
fn indhold() -> impl Strategy<Value = Indhold> {
    let egenskab = timeline().prop_flat_map(|periods| {
        let values = prop::collection::vec("[abc]", periods.len());
        (Just(periods), values).prop_map(|(periods, values)| {
            let mut items = egenskaber(&vec!["0..1 x"; periods.len()].join(","));
            for ((item, period), value) in items.iter_mut().zip(periods).zip(values) {
                item.virkning.period = period;
                item.felter[0].1 = crate::model::Vaerdi::Tekst(value);
            }
            items
        })
    });
    let tilstand = (timeline(), prop::collection::vec(any::<bool>(), 5)).prop_map(|(periods, aktiv)| {
        let kode = |aktiv| if aktiv { TilstandKode::Aktiv } else { TilstandKode::Inaktiv };
        let one = |(period, aktiv)| Tilstand { virkning: Virkning::of(period), kode: kode(aktiv) };
        periods.into_iter().zip(aktiv).map(one).collect::<Vec<_>>()
    });
    let overordnet = (timeline(), prop::collection::vec(0u128..3, 5)).prop_map(|(periods, references)| {
        let pairs = periods.into_iter().zip(references);
        pairs.map(|(period, reference)| relation(oe::OVERORDNET, period, reference)).collect::<Vec<_>>()
    });
    let enheder = prop::collection::vec((0i64..END, 0i64..60, 0u128..4), 0..6).prop_map(|all| {
        let one =
            |(from, length, reference)| relation(oe::TILKNYTTEDE_ENHEDER, period(from, length), reference);
        without_clashes(all.into_iter().map(one).collect())
    });
    let adresser =
        prop::collection::vec((0i64..END, 0i64..60, 0u128..3, 0u128..2, "[12]?"), 0..6).prop_map(|all| {
            let one = |(from, length, reference, rolle, indeks)| Relation {
                dynamik: Some(Box::new(Dynamik {
                    rolle: Uuid::from_u128(rolle).into(),
                    objekttype: Uuid::from_u128(9).into(),
                    indeks,
                })),
                ..relation(oe::ADRESSER, period(from, length), reference)
            };
            without_clashes(all.into_iter().map(one).collect())
        });
    (egenskab, tilstand, overordnet, enheder, adresser).prop_map(|(egenskaber, tilstande, mut a, b, c)| {
        a.extend(b.into_iter().chain(c));
        Indhold { egenskaber, tilstande, relationer: a, ..Indhold::default() }
    })
}

fn change(indhold: Indhold) -> Aendring {
    Aendring {
        egenskaber: Some(indhold.egenskaber),
        tilstande: Some(indhold.tilstande),
        relationer: Some(indhold.relationer),
        lokal: indhold.lokal,
    }
}

fn at<T: Placed>(items: &[T], instant: i64) -> Vec<&T> {
    items.iter().filter(|i| i.period().contains(Instant::from_micros(instant))).collect()
}

/// Instant by instant: what is sent holds where it was sent; elsewhere what was stored, unless `replaced` took it away.
fn agrees<T: Placed, V: PartialEq + std::fmt::Debug>(
    stored: &[T],
    sent: &[T],
    merged: &[T],
    value: impl Fn(&T) -> V,
    replaced: impl Fn(&T, &T) -> bool,
) -> Result<(), TestCaseError> {
    for instant in 0..END + 10 {
        let holding: Vec<V> = at(merged, instant).into_iter().map(&value).collect();
        let new: Vec<V> = at(sent, instant).into_iter().map(&value).collect();
        let old = at(stored, instant);
        // An empty item may also replace what another item left of a stored one, where that begins with it.
        let within = |s: &T, i: &T| i.period().is_empty() && s.period().contains(i.period().from);
        let untouched = !old.iter().any(|s| sent.iter().any(|i| replaced(s, i) || within(s, i)));
        let old: Vec<V> = old.into_iter().map(&value).collect();
        if !new.is_empty() {
            prop_assert_eq!(&holding, &new, "sent at {}", instant);
        } else if untouched {
            prop_assert_eq!(&holding, &old, "stored at {}", instant);
        } else {
            prop_assert!(holding.is_empty() || holding == old, "nothing new at {}: {:?}", instant, holding);
        }
    }
    Ok(())
}

/// Rule for 0..n relations, word by word; only `Indeks` may differ.
fn replaced_where_in_effect(stored: &[Relation], sent: &[Relation]) -> Vec<Relation> {
    let kind_is_sent = |s: &Relation| sent.iter().any(|i| i.navn == s.navn);
    let hit = |s: &Relation| sent.iter().any(|i| key(i) == key(s) && s.period().is_hit_by(i.period()));
    let stays = |s: &&Relation| !kind_is_sent(s) || (!s.period().contains(NU) && !hit(s));
    stored.iter().filter(stays).chain(sent).cloned().collect()
}

/// As a set: sorted, and without the indexes, which the server may change.
fn plain(relationer: impl IntoIterator<Item = Relation>) -> Vec<String> {
    let mut shown: Vec<String> = relationer
        .into_iter()
        .filter(|r| r.navn != oe::OVERORDNET.navn)
        .map(|mut r| {
            if let Some(dynamik) = &mut r.dynamik {
                dynamik.indeks.clear();
            }
            format!("{r:?}")
        })
        .collect();
    shown.sort();
    shown
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn the_merge_is_what_the_rules_say(stored in indhold(), sent in indhold()) {
        let typ = &ORGANISATIONENHED;
        let before = live(opret(typ, enhed(stored), &u()).expect("a valid object").indhold);
        let result = ret(typ, &before, &change(sent.clone()), &u()).expect("a valid change to a valid object");
        let after = result.map_or_else(|| before.indhold.clone(), |r| r.indhold);

        let old = &before.indhold;
        agrees(&old.egenskaber, &sent.egenskaber, &after.egenskaber, |e| e.felter.clone(), |s, i| {
            s.period().from == i.period().from
        })?;
        agrees(&old.tilstande, &sent.tilstande, &after.tilstande, |t| t.kode, |s, i| {
            s.kode == i.kode && s.period().is_hit_by(i.period())
        })?;
        let single = |i: &Indhold| i.relationer(oe::OVERORDNET.navn).cloned().collect::<Vec<_>>();
        agrees(&single(old), &single(&sent), &single(&after), |r| r.reference.clone(), |s, i| {
            key(s) == key(i) && s.period().is_hit_by(i.period())
        })?;
        let expected = replaced_where_in_effect(&old.relationer, &sent.relationer);
        prop_assert_eq!(plain(after.relationer.clone()), plain(expected));
    }

    #[test]
    fn the_same_change_again_changes_nothing(stored in indhold(), sent in indhold()) {
        let typ = &ORGANISATIONENHED;
        let before = live(opret(typ, enhed(stored), &u()).expect("a valid object").indhold);
        let change = change(sent.clone());
        if let Some(first) = ret(typ, &before, &change, &u()).expect("valid") {
            prop_assert!(first.tidspunkt > before.tidspunkt);
            prop_assert_eq!(&normaliser(typ, first.indhold.clone()).expect("valid"), &first.indhold, "canonical");
            // A code joined with a neighbour no longer has the period that was sent: see the comment in `flet`.
            if sent.tilstande.iter().all(|t| first.indhold.tilstande.contains(t)) {
                prop_assert_eq!(ret(typ, &first, &change, &u()).expect("valid"), None);
            }
        }
    }

    #[test]
    fn the_order_of_sending_does_not_matter(
        stored in indhold(),
        (sent, shuffled) in indhold().prop_flat_map(|sent| {
            let lists = (Just(sent.egenskaber.clone()).prop_shuffle(), Just(sent.tilstande.clone()).prop_shuffle(),
                Just(sent.relationer.clone()).prop_shuffle());
            (Just(sent), lists)
        }),
    ) {
        let typ = &ORGANISATIONENHED;
        let before = live(opret(typ, enhed(stored), &u()).expect("a valid object").indhold);
        let (egenskaber, tilstande, relationer) = shuffled;
        let shuffled = Indhold { egenskaber, tilstande, relationer, ..Indhold::default() };
        let one = ret(typ, &before, &change(sent), &u()).expect("valid");
        prop_assert_eq!(one, ret(typ, &before, &change(shuffled), &u()).expect("valid"));
    }

    #[test]
    fn indexes_are_unique_at_every_instant(stored in indhold(), sent in indhold()) {
        let typ = &ORGANISATIONENHED;
        let before = live(opret(typ, enhed(stored), &u()).expect("a valid object").indhold);
        let Some(after) = ret(typ, &before, &change(sent), &u()).expect("valid") else { return Ok(()) };
        let adresser: Vec<Relation> = after.indhold.relationer(oe::ADRESSER.navn).cloned().collect();
        for instant in 0..END + 10 {
            let mut seen = std::collections::HashSet::new();
            for adresse in at(&adresser, instant) {
                let indeks = adresse.dynamik.as_ref().map(|d| d.indeks.clone());
                prop_assert!(seen.insert(indeks.clone()), "{:?} twice at {}", indeks, instant);
            }
        }
    }
}
