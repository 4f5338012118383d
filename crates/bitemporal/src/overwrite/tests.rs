//! Writing over a timeline, against a naive array with one cell per instant.

use super::{Placed, coalesce, overwrite};
use crate::{Instant, Period};
use proptest::prelude::*;

#[derive(Debug, Clone, PartialEq)]
struct Piece(Period, char);

impl Placed for Piece {
    fn period(&self) -> Period {
        self.0
    }
    fn at_period(&self, period: Period) -> Self {
        Self(period, self.1)
    }
}

fn piece(from: i64, to: i64, value: char) -> Piece {
    Piece(Period { from: Instant::from_micros(from), to: Instant::from_micros(to) }, value)
}

fn parse(text: &str) -> Piece {
    let (period, value) = text.split_once('=').expect("from..to=value");
    let (from, to) = period.split_once("..").expect("from..to");
    let value = value.chars().next().expect("a value");
    piece(from.parse().expect("a number"), to.parse().expect("a number"), value)
}

/// Applies each `from..to=value` in turn and compares the pieces left behind, in order of start.
#[track_caller]
fn check(writes: &str, expected: &str) {
    let mut items = Vec::new();
    for write in writes.split_whitespace() {
        overwrite(&mut items, parse(write));
    }
    let shown = items.iter().map(|p| format!("{}..{}={}", p.0.from.micros(), p.0.to.micros(), p.1));
    assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
}

#[test]
fn a_write_splits_the_period_it_lands_in() {
    check("0..90=A 20..30=B", "0..20=A 20..30=B 30..90=A");
}

#[test]
fn a_write_replaces_what_it_covers() {
    check("10..20=A 30..40=B 5..50=C", "5..50=C");
}

#[test]
fn an_empty_write_cuts_nothing_and_stays() {
    check("0..90=A 20..20=B", "0..90=A 20..20=B");
}

#[test]
fn an_empty_period_survives_a_write_over_it() {
    check("20..20=A 0..90=B", "0..90=B 20..20=A");
}

#[test]
fn neighbours_with_equal_values_become_one() {
    let mut items: Vec<Piece> = "0..10=A 10..20=A 20..30=B 30..30=B 40..50=B".split(' ').map(parse).collect();
    coalesce(&mut items, |a, b| a.1 == b.1);
    assert_eq!(items, [piece(0, 20, 'A'), piece(20, 30, 'B'), piece(30, 30, 'B'), piece(40, 50, 'B')]);
}

proptest! {
    #[test]
    fn every_instant_agrees_with_the_naive_array(
        writes in prop::collection::vec((0i64..50, 0i64..20, prop::char::range('A', 'F')), 0..30)
    ) {
        let mut items: Vec<Piece> = Vec::new();
        let mut naive = [None; 80];
        for (from, length, value) in writes {
            overwrite(&mut items, piece(from, from + length, value));
            naive[from as usize..(from + length) as usize].fill(Some(value));
        }
        for (instant, value) in naive.iter().enumerate() {
            let at = Instant::from_micros(instant as i64);
            let holding: Vec<char> = items.iter().filter(|p| p.0.contains(at)).map(|p| p.1).collect();
            prop_assert_eq!(&holding, &value.iter().copied().collect::<Vec<_>>(), "at {}", instant);
        }
        prop_assert!(items.is_sorted_by_key(|p| p.0.from), "sorted by start");
        coalesce(&mut items, |a, b| a.1 == b.1);
        items.retain(|p| !p.0.is_empty());
        let touching = |pair: &[Piece]| pair[0].0.to == pair[1].0.from && pair[0].1 == pair[1].1;
        prop_assert!(!items.windows(2).any(touching), "no equal neighbours are left: {:?}", items);
    }
}
