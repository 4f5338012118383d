//! Which registreringer and items a read sees. Now is 50, `-` is open, `*` is minus infinity.

use super::{UdenFilter, mask, needs_history, slice};
use crate::catalog::organisation::{organisationenhed as oe, person};
use crate::catalog::{BRUGERVENDT_NOEGLE, Beskyttelse, ORGANISATIONENHED, PERSON, RelationType};
use crate::fejl::Fejl;
use crate::ids::UnikId;
use crate::model::{Egenskab, Indhold, Livscyklus, Registrering, Relation, Vaerdi, Virkning};
use crate::operation::TidsFilter;
use bitemporal::{Instant, Period};

fn instant(text: &str) -> Instant {
    match text {
        "-" => Instant::POS_INFINITY,
        "*" => Instant::NEG_INFINITY,
        text => Instant::from_micros(text.parse().expect("a number")),
    }
}

fn relation(typ: RelationType, text: &str) -> Relation {
    let (period, reference) = text.split_once(' ').expect("a period and a reference");
    let (from, to) = period.split_once("..").expect("from..to");
    Relation {
        navn: typ.navn,
        virkning: Virkning::of(Period { from: instant(from), to: instant(to) }),
        reference: Some(UnikId::Urn(reference.into())),
        aktoer_type: None,
        dynamik: None,
    }
}

fn recorded(at: i64, typ: RelationType, relationer: &str) -> Registrering {
    let relationer = relationer.split(", ").map(|text| relation(typ, text)).collect();
    Registrering {
        tidspunkt: Instant::from_micros(at),
        livscyklus: Livscyklus::Importeret,
        bruger_ref: None,
        note: None,
        indhold: Indhold { relationer, ..Indhold::default() },
    }
}

/// A filter as `virkning fra, virkning til, registrering fra, registrering til`; `_` leaves one out.
fn filter(text: &str) -> TidsFilter {
    let mut bounds = text.split(' ').map(|bound| (bound != "_").then(|| instant(bound)));
    let mut next = || bounds.next().expect("four bounds");
    TidsFilter {
        virkning_fra: next(),
        virkning_til: next(),
        registrering_fra: next(),
        registrering_til: next(),
    }
}

fn shown(seen: &[Registrering]) -> String {
    let reference = |r: &Relation| r.reference.as_ref().map(ToString::to_string).unwrap_or_default();
    let one = |r: &Registrering| {
        let relationer: Vec<String> = r.indhold.relationer.iter().map(reference).collect();
        format!("{}:{}", r.tidspunkt.micros(), relationer.join(""))
    };
    seen.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check_as(typ: RelationType, uden: UdenFilter, historie: &[&str], text: &str, expected: &str) {
    let historie: Vec<Registrering> =
        historie.iter().zip([10, 20, 30]).map(|(relationer, at)| recorded(at, typ, relationer)).collect();
    let seen = slice(&ORGANISATIONENHED, &historie, &filter(text), Instant::from_micros(50), uden);
    assert_eq!(shown(&seen.expect("a legal filter")), expected, "{text}");
}

#[track_caller]
fn check(historie: &[&str], text: &str, expected: &str) {
    check_as(oe::TILKNYTTEDE_ENHEDER, UdenFilter::Nu, historie, text, expected);
}

const TIDER: &str = "*..20 a, 20..50 b, 50..60 c, 55..55 d, 60..- e";

#[test]
fn a_read_without_filters_sees_now_or_everything() {
    check(&["0..- x", TIDER], "_ _ _ _", "20:c");
    check_as(oe::TILKNYTTEDE_ENHEDER, UdenFilter::Alle, &[TIDER], "_ _ _ _", "10:abcde");
}

#[test]
fn a_virkning_filter_sees_what_overlaps_it() {
    check(&[TIDER], "* - _ _", "10:abcde");
    check(&[TIDER], "* _ _ _", "10:a");
    check(&[TIDER], "_ - _ _", "10:ce");
    check(&[TIDER], "20 50 _ _", "10:bc");
    check(&[TIDER], "20 49 _ _", "10:b");
    check(&[TIDER], "55 55 _ _", "10:c");
    check(&[TIDER], "19 _ _ _", "10:a");
    check_as(oe::TILKNYTTEDE_ENHEDER, UdenFilter::Alle, &[TIDER], "55 _ _ _", "10:c");
}

#[test]
fn a_registrering_filter_reaches_back() {
    let historie = ["0..- x", "0..- y", "0..- z"];
    check(&historie, "_ _ * -", "10:x 20:y 30:z");
    check(&historie, "_ _ 15 15", "10:x");
    check(&historie, "_ _ 20 20", "20:y");
    check(&historie, "_ _ 15 20", "10:x 20:y");
    check(&historie, "_ _ 20 _", "20:y 30:z");
    check(&historie, "_ _ _ 19", "10:x");
    check(&historie, "_ _ * 9", "");
    check(&["0..40 x, 40..- y", "0..- z"], "45 45 10 10", "10:y");
    assert!(needs_history(&filter("_ _ _ 1")) && !needs_history(&filter("1 1 _ _")));
}

#[test]
fn the_wire_holds_one_of_a_single_relation() {
    let check = |text, expected| {
        let historie = ["20..40 P, 40..60 Q, 60..- R, 70..70 S"];
        check_as(oe::OVERORDNET, UdenFilter::Nu, &historie, text, expected);
    };
    check("_ _ _ _", "10:Q");
    check("20 50 _ _", "10:Q");
    check("* - _ _", "10:R");
    check_as(oe::OVERORDNET, UdenFilter::Nu, &["70..70 S"], "* - _ _", "10:S");
}

#[test]
fn an_object_with_nothing_in_effect_is_still_there() {
    check(&["60..- x"], "_ _ _ _", "10:");
}

#[test]
fn filters_that_end_before_they_begin_are_refused() {
    for text in ["20 10 _ _", "_ 10 _ _", "_ _ 20 10", "_ _ 60 _"] {
        let historie = [recorded(10, oe::TILKNYTTEDE_ENHEDER, "0..- x")];
        let refused =
            slice(&ORGANISATIONENHED, &historie, &filter(text), Instant::from_micros(50), UdenFilter::Nu);
        assert!(matches!(refused, Err(Fejl::Virkning(_))), "{text}: {refused:?}");
    }
}

#[test]
fn protected_fields_are_removed_unless_opened() {
    let felter = [
        (BRUGERVENDT_NOEGLE.navn, "k"),
        (person::CPR_NUMMER.navn, "0101010000"),
        (person::NAVN.navn, "Maude"),
    ];
    let felter: Vec<_> = felter.into_iter().map(|(navn, v)| (navn, Vaerdi::Tekst(v.into()))).collect();
    let egenskab = Egenskab { virkning: Virkning::of(Period::ALWAYS), felter };
    let whole = Indhold { egenskaber: vec![egenskab.clone(), egenskab], ..Indhold::default() };
    let left = |kan_se: fn(Beskyttelse) -> bool| {
        let mut indhold = whole.clone();
        mask(&mut indhold, &PERSON, kan_se);
        let names =
            indhold.egenskaber.iter().map(|e| e.felter.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>());
        names.collect::<Vec<_>>()
    };
    assert_eq!(left(|_| false), [["BrugervendtNoegleTekst"]; 2]);
    assert_eq!(left(|b| b == Beskyttelse::SeNavn), [["BrugervendtNoegleTekst", "NavnTekst"]; 2]);
    assert_eq!(left(|_| true)[0].len(), 3);
}
