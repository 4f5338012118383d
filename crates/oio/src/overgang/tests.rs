//! The test vectors of the merge rules and of the checks. Now is 50, `-` is open.

mod livscyklus;
mod tilfaeldige;

use super::{opret, ret};
use crate::catalog::organisation::{adresse, organisationenhed, organisationfunktion};
use crate::catalog::{
    ADRESSE, BRUGERVENDT_NOEGLE, ORGANISATIONENHED, ORGANISATIONFUNKTION, ObjektType, RelationType,
};
use crate::fejl::Fejl;
use crate::ids::UnikId;
use crate::model::{
    Egenskab, Indhold, Livscyklus, Registrering, Relation, Tilstand, TilstandKode, Vaerdi, Virkning,
};
use crate::operation::{Aendring, Udfoerelse};
use crate::validering::Krav;
use bitemporal::{Instant, Period, Placed};
use uuid::Uuid;

const NU: Instant = Instant::from_micros(50);

fn u() -> Udfoerelse {
    Udfoerelse { nu: NU, bruger_ref: UnikId::Urn("CN=test".into()), note: None, krav: Krav::Streng }
}

/// `from..to value`, with `-` for an open end.
fn parse(text: &str) -> Vec<(Period, String)> {
    let one = |piece: &str| {
        let (period, value) = piece.trim().split_once(' ').expect("a period and a value");
        let (from, to) = period.split_once("..").expect("from..to");
        let instant = |t: &str| match t {
            "-" => Instant::POS_INFINITY,
            t => Instant::from_micros(t.parse().expect("a number")),
        };
        (Period { from: instant(from), to: instant(to) }, value.to_owned())
    };
    text.split(',').filter(|piece| !piece.trim().is_empty()).map(one).collect()
}

fn egenskaber(text: &str) -> Vec<Egenskab> {
    let felter = |value: String| vec![(BRUGERVENDT_NOEGLE.navn, Vaerdi::Tekst(value))];
    parse(text).into_iter().map(|(p, v)| Egenskab { virkning: Virkning::of(p), felter: felter(v) }).collect()
}

fn tilstande(text: &str) -> Vec<Tilstand> {
    let kode = |v: &str| if v == "Aktiv" { TilstandKode::Aktiv } else { TilstandKode::Inaktiv };
    parse(text).into_iter().map(|(p, v)| Tilstand { virkning: Virkning::of(p), kode: kode(&v) }).collect()
}

fn relationer(typ: RelationType, text: &str) -> Vec<Relation> {
    let one = |(period, value): (Period, String)| Relation {
        navn: typ.navn,
        virkning: Virkning::of(period),
        reference: Some(UnikId::Urn(value.into())),
        aktoer_type: None,
        dynamik: None,
    };
    parse(text).into_iter().map(one).collect()
}

fn show<T: Placed>(items: &[T], value: impl Fn(&T) -> String) -> String {
    let end = |i: Instant| if i == Instant::POS_INFINITY { "-".into() } else { i.micros().to_string() };
    let one = |item: &T| format!("{}..{} {}", end(item.period().from), end(item.period().to), value(item));
    items.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn live(indhold: Indhold) -> Registrering {
    Registrering {
        tidspunkt: Instant::from_micros(10),
        livscyklus: Livscyklus::Importeret,
        bruger_ref: None,
        note: None,
        indhold,
    }
}

/// The content of an OrganisationEnhed with a key, and what the case adds.
fn enhed(indhold: Indhold) -> Indhold {
    let egenskaber = if indhold.egenskaber.is_empty() { egenskaber("0..- key") } else { indhold.egenskaber };
    Indhold { egenskaber, ..indhold }
}

/// Applies the change twice: the second time nothing may change.
#[track_caller]
fn after(typ: &'static ObjektType, stored: Indhold, change: &Aendring) -> Indhold {
    let before = live(enhed(stored));
    let Some(first) = ret(typ, &before, change, &u()).expect("a valid change") else { return before.indhold };
    assert!(first.tidspunkt > before.tidspunkt);
    assert_eq!(ret(typ, &first, change, &u()).expect("a valid change"), None, "the same change again");
    first.indhold
}

#[track_caller]
fn check_egenskab(stored: &str, sent: &str, expected: &str) {
    let change = Aendring { egenskaber: Some(egenskaber(sent)), ..Aendring::default() };
    let stored = Indhold { egenskaber: egenskaber(stored), ..Indhold::default() };
    let result = after(&ORGANISATIONENHED, stored, &change).egenskaber;
    assert_eq!(show(&result, |e| e.tekst(BRUGERVENDT_NOEGLE.navn).unwrap_or_default().to_owned()), expected);
}

#[track_caller]
fn check_gyldighed(stored: &str, sent: &str, expected: &str) {
    let change = Aendring { tilstande: Some(tilstande(sent)), ..Aendring::default() };
    let stored = Indhold { tilstande: tilstande(stored), ..Indhold::default() };
    let result = after(&ORGANISATIONENHED, stored, &change).tilstande;
    assert_eq!(show(&result, |t| t.kode.as_str().to_owned()), expected);
}

#[track_caller]
fn check_relation(typ: RelationType, stored: &str, sent: &str, expected: &str) {
    let change = Aendring { relationer: Some(relationer(typ, sent)), ..Aendring::default() };
    let stored = Indhold { relationer: relationer(typ, stored), ..Indhold::default() };
    let result = after(&ORGANISATIONENHED, stored, &change).relationer;
    let mut shown: Vec<String> = result.iter().map(|r| show(std::slice::from_ref(r), reference)).collect();
    let mut expected: Vec<&str> = expected.split(", ").filter(|e| !e.is_empty()).collect();
    shown.sort();
    expected.sort_unstable();
    assert_eq!(shown, expected);
}

fn reference(r: &Relation) -> String {
    r.reference.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[test]
fn egenskab_is_written_over_by_whole_records() {
    check_egenskab("20..- a", "50..- b", "20..50 a, 50..- b");
    check_egenskab("20..50 a, 50..- b", "50..- c", "20..50 a, 50..- c");
    check_egenskab("20..- a", "30..40 b", "20..30 a, 30..40 b, 40..- a");
    check_egenskab("20..- a", "30..40 b, 40..50 c", "20..30 a, 30..40 b, 40..50 c, 50..- a");
    check_egenskab("20..- a", "20..50 b", "20..50 b");
    check_egenskab("20..- a", "60..60 b", "20..- a, 60..60 b");
}

#[test]
fn a_field_left_out_of_a_record_is_empty() {
    let record = |name: Option<&str>| Egenskab {
        virkning: Virkning::of(Period::since(Instant::from_micros(20))),
        felter: [(BRUGERVENDT_NOEGLE.navn, Some("k")), (organisationenhed::NAVN.navn, name)]
            .into_iter()
            .filter_map(|(navn, v)| Some((navn, Vaerdi::Tekst(v?.to_owned()))))
            .collect(),
    };
    let stored = Indhold { egenskaber: vec![record(Some("Borgerservice"))], ..Indhold::default() };
    let change = Aendring { egenskaber: Some(vec![record(None)]), ..Aendring::default() };
    let result = after(&ORGANISATIONENHED, stored, &change);
    assert_eq!(result.egenskaber, [record(None)]);
}

#[test]
fn gyldighed_takes_full_lists_and_bare_changes() {
    check_gyldighed("20..- Aktiv", "20..50 Aktiv, 50..- Inaktiv", "20..50 Aktiv, 50..- Inaktiv");
    check_gyldighed("20..- Aktiv", "50..- Inaktiv", "20..50 Aktiv, 50..- Inaktiv");
    check_gyldighed(
        "20..40 Aktiv, 40..- Inaktiv",
        "40..50 Inaktiv, 50..- Aktiv",
        "20..40 Aktiv, 40..50 Inaktiv, 50..- Aktiv",
    );
}

#[test]
fn touching_periods_with_one_code_become_one() {
    let merged = super::flet::tilstande(&tilstande("20..50 Aktiv"), &tilstande("50..- Aktiv"));
    assert_eq!(show(&merged, |t| t.kode.as_str().to_owned()), "20..- Aktiv");
}

#[test]
fn a_code_that_already_holds_until_then_is_left_as_it_is() {
    check_gyldighed("20..50 Aktiv", "50..- Aktiv", "20..- Aktiv");
    check_gyldighed("20..- Aktiv", "50..- Aktiv", "20..- Aktiv");
}

#[test]
fn periods_that_are_not_sent_are_not_joined_either() {
    let stored = Indhold { tilstande: tilstande("20..50 Aktiv, 50..- Aktiv"), ..Indhold::default() };
    let change = Aendring { egenskaber: Some(egenskaber("50..- b")), ..Aendring::default() };
    assert_eq!(after(&ORGANISATIONENHED, stored.clone(), &change).tilstande, stored.tilstande);
}

#[test]
fn a_single_relation_moves_and_ends() {
    let typ = organisationenhed::OVERORDNET;
    check_relation(typ, "20..- P", "50..- Q", "20..50 P, 50..- Q");
    check_relation(typ, "20..- P", "20..50 P", "20..50 P");
    check_relation(typ, "20..- P", "20..20 P", "20..20 P");
}

#[test]
fn many_relations_are_replaced_where_they_hold_now() {
    let typ = organisationenhed::TILKNYTTEDE_ENHEDER;
    check_relation(typ, "20..- x, 20..30 y, 60..- z", "20..50 x", "20..50 x, 20..30 y, 60..- z");
    check_relation(typ, "60..- z", "60..60 z", "60..60 z");
    check_relation(typ, "20..- x, 20..- w", "20..- x", "20..- x");
    check_relation(typ, "20..40 x", "20..40 x", "20..40 x");
}

#[test]
fn lists_that_are_absent_or_empty_change_nothing() {
    let before = live(enhed(Indhold { tilstande: tilstande("20..- Aktiv"), ..Indhold::default() }));
    let empty = Aendring {
        egenskaber: Some(vec![]),
        tilstande: Some(vec![]),
        relationer: Some(vec![]),
        ..Aendring::default()
    };
    for change in [Aendring::default(), empty] {
        assert_eq!(ret(&ORGANISATIONENHED, &before, &change, &u()).expect("valid"), None);
    }
}

#[test]
fn a_kind_of_relation_that_is_not_sent_stays() {
    let mut stored = relationer(organisationenhed::OVERORDNET, "20..- P");
    stored.extend(relationer(organisationenhed::TILHOERER, "20..- O"));
    let change = Aendring {
        relationer: Some(relationer(organisationenhed::OVERORDNET, "50..- Q")),
        ..Aendring::default()
    };
    let result = after(&ORGANISATIONENHED, Indhold { relationer: stored, ..Indhold::default() }, &change);
    assert_eq!(show(&result.relationer, reference), "20..50 P, 50..- Q, 20..- O");
}

#[test]
fn repetitions_are_dropped_and_contradictions_refused() {
    let typ = organisationenhed::TILKNYTTEDE_ENHEDER;
    let send = |text: &str| Aendring { relationer: Some(relationer(typ, text)), ..Aendring::default() };
    let result = after(&ORGANISATIONENHED, Indhold::default(), &send("20..- x, 20..- x"));
    assert_eq!(result.relationer.len(), 1);
    let before = live(enhed(Indhold::default()));
    let refused = ret(&ORGANISATIONENHED, &before, &send("20..- x, 30..- x"), &u());
    assert!(matches!(&refused, Err(Fejl::Ugyldig { regel, .. }) if regel.contains('x')), "{refused:?}");
}

#[test]
fn periods_that_make_no_sense_are_refused() {
    let before = live(enhed(Indhold::default()));
    for change in [
        Aendring { tilstande: Some(tilstande("20..10 Aktiv")), ..Aendring::default() },
        Aendring { tilstande: Some(tilstande("20..40 Aktiv, 30..- Inaktiv")), ..Aendring::default() },
        Aendring { egenskaber: Some(egenskaber("20..40 a, 30..- b")), ..Aendring::default() },
    ] {
        let refused = ret(&ORGANISATIONENHED, &before, &change, &u());
        assert!(matches!(refused, Err(Fejl::Virkning(_))), "{refused:?}");
    }
}

#[test]
fn a_note_longer_than_the_contract_allows_is_refused() {
    let indhold = enhed(Indhold::default());
    let noted = |length| Udfoerelse { note: Some("æ".repeat(length)), ..u() };
    assert!(opret(&ORGANISATIONENHED, indhold.clone(), &noted(1024)).is_ok());
    let refused = opret(&ORGANISATIONENHED, indhold, &noted(1025));
    assert!(matches!(refused, Err(Fejl::Ugyldig { .. })), "{refused:?}");
}

#[test]
fn a_relation_must_point_to_something() {
    for reference in [None, Some(UnikId::Urn(" ".into())), Some(UnikId::Urn("u".repeat(256).into()))] {
        let mut relationer = relationer(organisationenhed::OVERORDNET, "20..- P");
        relationer[0].reference = reference;
        let refused = opret(&ORGANISATIONENHED, enhed(Indhold { relationer, ..Indhold::default() }), &u());
        assert!(matches!(refused, Err(Fejl::Ugyldig { .. })), "{refused:?}");
    }
}

#[test]
fn names_of_other_types_and_too_many_items_are_refused() {
    let foreign = relationer(organisationfunktion::FUNKTIONSTYPE, "20..- P");
    let refused =
        opret(&ORGANISATIONENHED, enhed(Indhold { relationer: foreign, ..Indhold::default() }), &u());
    assert!(matches!(refused, Err(Fejl::Ugyldig { .. })), "{refused:?}");
    let many = relationer(organisationenhed::TILKNYTTEDE_ENHEDER, &"20..- x,".repeat(10_000));
    let refused = opret(&ORGANISATIONENHED, enhed(Indhold { relationer: many, ..Indhold::default() }), &u());
    assert!(matches!(refused, Err(Fejl::Graense(_))), "{refused:?}");
}

#[test]
fn a_single_relation_holds_once_at_a_time() {
    let send = |text| {
        enhed(Indhold { relationer: relationer(organisationenhed::OVERORDNET, text), ..Indhold::default() })
    };
    assert!(opret(&ORGANISATIONENHED, send("20..50 P, 50..- Q, 60..60 R"), &u()).is_ok());
    let refused = opret(&ORGANISATIONENHED, send("20..60 P, 50..- Q"), &u());
    assert!(matches!(refused, Err(Fejl::Ugyldig { .. })), "{refused:?}");
}

#[test]
fn a_reference_is_the_same_as_uuid_and_as_urn() {
    let uuid = Uuid::from_u128(7);
    let typ = organisationenhed::OVERORDNET;
    let point = |text: &str, id: UnikId| {
        let mut relationer = relationer(typ, text);
        relationer[0].reference = Some(id);
        relationer
    };
    let stored = Indhold { relationer: point("20..- x", uuid.into()), ..Indhold::default() };
    let sent = point("20..50 x", UnikId::Urn(format!("urn:uuid:{uuid}").into()));
    let change = Aendring { relationer: Some(sent.clone()), ..Aendring::default() };
    assert_eq!(after(&ORGANISATIONENHED, stored, &change).relationer, sent, "kept in the form it was sent");
}

#[test]
fn lokal_udvidelse_is_replaced_when_sent() {
    let lokal = |a: Option<&str>, r: Option<&str>| crate::model::LokalUdvidelse {
        attributter: a.map(str::to_owned),
        tilstande: None,
        relationer: r.map(str::to_owned),
    };
    let stored = Indhold { lokal: lokal(Some("<a/>"), Some("<r/>")), ..Indhold::default() };
    let change = Aendring { lokal: lokal(Some("<b/>"), None), ..Aendring::default() };
    assert_eq!(after(&ORGANISATIONENHED, stored, &change).lokal, lokal(Some("<b/>"), Some("<r/>")));
}

fn adresse(reference: u128, indeks: &str) -> Relation {
    Relation {
        navn: organisationfunktion::ADRESSER.navn,
        virkning: Virkning::of(Period::ALWAYS),
        reference: Some(Uuid::from_u128(reference).into()),
        aktoer_type: None,
        dynamik: Some(Box::new(crate::model::Dynamik {
            rolle: Uuid::from_u128(7).into(),
            objekttype: Uuid::from_u128(8).into(),
            indeks: indeks.into(),
        })),
    }
}

#[track_caller]
fn check_indeks(relationer: Vec<Relation>, expected: &[&str]) {
    let indhold = Indhold { egenskaber: egenskaber("0..- k"), relationer, ..Indhold::default() };
    let ny = opret(&ORGANISATIONFUNKTION, indhold, &u()).expect("valid");
    let indeks = ny.indhold.relationer.iter().filter_map(|r| Some(r.dynamik.as_ref()?.indeks.as_str()));
    assert_eq!(indeks.collect::<Vec<_>>(), expected);
}

#[test]
fn indeks_is_made_unique() {
    check_indeks(vec![adresse(1, "1"), adresse(2, "1"), adresse(3, "1")], &["1", "1-2", "1-3"]);
    check_indeks(vec![adresse(1, "1"), adresse(2, "1-2"), adresse(3, "1")], &["1", "1-2", "1-3"]);
}

#[test]
fn indeks_alone_makes_no_second_relation() {
    check_indeks(vec![adresse(1, "2"), adresse(1, "1")], &["1"]);
    check_indeks(vec![adresse(1, "1"), adresse(1, "2")], &["1"]);
}

fn adresse_med(tekst: Option<&str>) -> Indhold {
    let felter = [(BRUGERVENDT_NOEGLE.navn, Some("k")), (adresse::ADRESSETEKST.navn, tekst)];
    let felter = felter.into_iter().filter_map(|(navn, v)| Some((navn, Vaerdi::Tekst(v?.into())))).collect();
    Indhold {
        egenskaber: vec![Egenskab { virkning: Virkning::of(Period::ALWAYS), felter }],
        ..Indhold::default()
    }
}

#[test]
fn fields_are_kept_in_the_order_of_the_catalog_and_once() {
    let record = |felter: &[(crate::Navn, &str)]| {
        let felter = felter.iter().map(|(navn, v)| (*navn, Vaerdi::Tekst((*v).into()))).collect();
        let virkning = Virkning::of(Period::ALWAYS);
        Indhold { egenskaber: vec![Egenskab { virkning, felter }], ..Indhold::default() }
    };
    let (key, name) = (BRUGERVENDT_NOEGLE.navn, organisationenhed::NAVN.navn);
    let stored = record(&[(key, "k"), (name, "n")]);
    let kept = |sent| opret(&ORGANISATIONENHED, sent, &u()).expect("valid").indhold;
    assert_eq!(kept(record(&[(name, "n"), (key, "k")])), stored);
    assert_eq!(kept(record(&[(name, ""), (key, "k")])), record(&[(key, "k")]));
    let refused = opret(&ORGANISATIONENHED, record(&[(key, "k"), (key, "l")]), &u());
    assert!(matches!(refused, Err(Fejl::Ugyldig { .. })), "{refused:?}");
}

#[test]
fn mandatory_attributes_are_asked_for() {
    assert!(opret(&ADRESSE, adresse_med(Some("Gågaden 1")), &u()).is_ok());
    for indhold in [adresse_med(None), adresse_med(Some(" ")), Indhold::default()] {
        let refused = opret(&ADRESSE, indhold.clone(), &u());
        assert!(matches!(refused, Err(Fejl::Ugyldig { .. })), "{refused:?}");
        assert!(opret(&ADRESSE, indhold, &Udfoerelse { krav: Krav::Lempelig, ..u() }).is_ok());
    }
    let long = opret(&ADRESSE, adresse_med(Some(&"å".repeat(201))), &u());
    assert!(matches!(long, Err(Fejl::Ugyldig { .. })), "{long:?}");
    assert!(opret(&ADRESSE, adresse_med(Some(&"å".repeat(200))), &u()).is_ok());
}
