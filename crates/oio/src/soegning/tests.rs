//! The plan against the meaning, for random objects and templates.

use super::{Betingelse, Moenster, check, joker, matches, plan};
use crate::catalog::organisation::organisationfunktion as of;
use crate::catalog::{BRUGERVENDT_NOEGLE, ORGANISATIONFUNKTION};
use crate::ids::UnikId;
use crate::model::{Dynamik, Egenskab, Indhold, Livscyklus, Registrering, Relation, Tilstand, TilstandKode};
use crate::model::{Vaerdi, Virkning};
use crate::noegle::{Noegle, noegler};
use crate::operation::{Skabelon, SoegEgenskab, SoegRelation, SoegTilstand, SoegVirkning};
use bitemporal::{Instant, Period};
use proptest::prelude::*;
use uuid::Uuid;

#[test]
fn wildcards_stand_for_any_run() {
    for (moenster, text, expected) in [
        ("85*", "85.15.02", true),
        ("85*", "95", false),
        ("*02", "85.15.02", true),
        ("8*1*2", "85.15.02", true),
        ("8*9*2", "85.15.02", false),
        ("*", "", true),
        ("abc", "abc", true),
        ("abc", "abcd", false),
        ("a*a", "a", false),
        ("*02", "02.85", false),
        ("**", "x", true),
    ] {
        assert_eq!(joker(moenster, text), expected, "{moenster} {text}");
    }
}

fn adresse(rolle: u128, reference: UnikId) -> Relation {
    Relation {
        navn: of::ADRESSER.navn,
        virkning: Virkning::of(Period::ALWAYS),
        reference: Some(reference),
        aktoer_type: None,
        dynamik: Some(Box::new(Dynamik {
            rolle: Uuid::from_u128(rolle).into(),
            objekttype: Uuid::from_u128(9).into(),
            indeks: String::new(),
        })),
    }
}

#[track_caller]
fn check_search(skabelon: &Skabelon, registrering: &Registrering, matched: bool, exact: bool) {
    let typ = &ORGANISATIONFUNKTION;
    assert_eq!(matches(typ, skabelon, registrering, Instant::from_micros(5)), matched);
    assert_eq!(plan(typ, skabelon, Instant::from_micros(5)).exact, exact);
}

#[test]
fn role_and_reference_are_demanded_of_one_relation() {
    let urn = |text: &str| UnikId::Urn(text.into());
    let registrering =
        med(Indhold { relationer: vec![adresse(1, urn("a")), adresse(2, urn("b"))], ..Indhold::default() });
    let soeg = |reference: Option<UnikId>, rolle: Option<u128>| {
        let rolle = rolle.map(|r| Uuid::from_u128(r).into());
        let navn = of::ADRESSER.navn;
        let relation =
            SoegRelation { navn, virkning: None, reference, rolle, objekttype: None, indeks: None };
        Skabelon { relationer: vec![relation], ..Skabelon::default() }
    };
    check_search(&soeg(Some(urn("A")), Some(1)), &registrering, true, false);
    check_search(&soeg(Some(urn("a")), Some(2)), &registrering, false, false);
    check_search(&soeg(Some(urn("b")), None), &registrering, true, true);
    check_search(&soeg(None, Some(3)), &registrering, false, true);
    let mut both = soeg(Some(urn("a")), None);
    both.relationer.extend(soeg(Some(urn("c")), None).relationer);
    check_search(&both, &registrering, false, true);
}

#[test]
fn fields_are_demanded_of_one_record() {
    let record = |from, to, key: &str, name: &str| Egenskab {
        virkning: Virkning::of(Period { from: Instant::from_micros(from), to: Instant::from_micros(to) }),
        felter: [(BRUGERVENDT_NOEGLE.navn, key), (of::NAVN.navn, name)]
            .map(|(n, v)| (n, Vaerdi::Tekst(v.into())))
            .into(),
    };
    let egenskaber = vec![record(0, 6, "a", "x"), record(6, 9, "b", "y")];
    let registrering = med(Indhold { egenskaber, ..Indhold::default() });
    let soeg = |key: &str, name: &str, til: Option<i64>| Skabelon {
        virkning: SoegVirkning { til: til.map(Instant::from_micros), ..SoegVirkning::default() },
        egenskaber: vec![SoegEgenskab {
            felter: vec![(BRUGERVENDT_NOEGLE.navn, key.into()), (of::NAVN.navn, name.into())],
            ..SoegEgenskab::default()
        }],
        ..Skabelon::default()
    };
    check_search(&soeg("a", "x", None), &registrering, true, true);
    check_search(&soeg("b", "y", None), &registrering, false, true);
    check_search(&soeg("a", "y", Some(8)), &registrering, false, false);
    check_search(&soeg("b", "y", Some(8)), &registrering, true, false);
}

#[test]
fn only_the_code_asked_for_is_found() {
    let live = med(Indhold::default());
    let passive = Registrering { livscyklus: Livscyklus::Passiveret, ..live.clone() };
    let mut skabelon = Skabelon::default();
    check_search(&skabelon, &live, true, true);
    check_search(&skabelon, &passive, false, true);
    skabelon.registrering.livscyklus = Some(Livscyklus::Passiveret);
    check_search(&skabelon, &live, false, true);
    check_search(&skabelon, &passive, true, true);
}

#[test]
fn a_long_text_is_compared_to_its_end() {
    let text = format!("{}slut", "x".repeat(400));
    let felter = vec![(of::NAVN.navn, Vaerdi::Tekst(text.clone()))];
    let egenskab = Egenskab { virkning: Virkning::of(Period::ALWAYS), felter };
    let registrering = med(Indhold { egenskaber: vec![egenskab], ..Indhold::default() });
    let soeg = |moenster: &str| Skabelon {
        egenskaber: vec![SoegEgenskab {
            felter: vec![(of::NAVN.navn, moenster.into())],
            ..SoegEgenskab::default()
        }],
        ..Skabelon::default()
    };
    check_search(&soeg("*SLUT"), &registrering, true, true);
    check_search(&soeg(&text), &registrering, true, true);
    check_search(&soeg(&text[..402]), &registrering, false, true);
}

fn med(indhold: Indhold) -> Registrering {
    Registrering {
        tidspunkt: Instant::from_micros(0),
        livscyklus: Livscyklus::Importeret,
        bruger_ref: None,
        note: None,
        indhold,
    }
}

fn time() -> impl Strategy<Value = Instant> {
    (0i64..10).prop_map(Instant::from_micros)
}

fn virkning() -> impl Strategy<Value = Virkning> {
    (0i64..10, 0i64..6, any::<bool>()).prop_map(|(from, length, note)| Virkning {
        note: note.then(|| "Flytning".to_owned()),
        ..Virkning::of(Period { from: Instant::from_micros(from), to: Instant::from_micros(from + length) })
    })
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["ab", "AB", " abc ", "b", "bc", "ØB", " "]).prop_map(str::to_owned)
}

fn id() -> impl Strategy<Value = UnikId> {
    (0u128..3, 0..5).prop_map(|(n, form)| {
        let uuid = Uuid::from_u128(n);
        match form {
            0 => UnikId::Urn(uuid.to_string().into()),
            1 => UnikId::Urn(format!("URN:UUID:{uuid}").into()),
            2 => UnikId::Urn(format!(" Cn={n}").into()),
            3 => UnikId::Urn(format!("cn={n}").into()),
            _ => UnikId::Uuid(uuid),
        }
    })
}

fn egenskaber() -> impl Strategy<Value = Vec<Egenskab>> {
    // Neighbouring periods: records of one registrering do not overlap.
    prop::collection::vec((word(), word(), 1i64..5), 0..4).prop_map(|records| {
        let mut at = 0;
        records
            .into_iter()
            .map(|(key, name, length)| {
                let from = at;
                at += length;
                let period = Period { from: Instant::from_micros(from), to: Instant::from_micros(at) };
                let felter =
                    vec![(BRUGERVENDT_NOEGLE.navn, Vaerdi::Tekst(key)), (of::NAVN.navn, Vaerdi::Tekst(name))];
                Egenskab { virkning: Virkning::of(period), felter }
            })
            .collect()
    })
}

fn registrering() -> impl Strategy<Value = Registrering> {
    let tilstand = (virkning(), any::<bool>()).prop_map(|(virkning, aktiv)| Tilstand {
        virkning,
        kode: if aktiv { TilstandKode::Aktiv } else { TilstandKode::Inaktiv },
    });
    let relation =
        (virkning(), id(), id(), any::<bool>()).prop_map(|(virkning, til, rolle, adresse)| Relation {
            navn: if adresse { of::ADRESSER.navn } else { of::TILKNYTTEDE_ENHEDER.navn },
            virkning,
            reference: Some(til),
            aktoer_type: None,
            dynamik: adresse
                .then(|| Box::new(Dynamik { objekttype: rolle.clone(), rolle, indeks: String::new() })),
        });
    let lists = (egenskaber(), prop::collection::vec(tilstand, 0..2), prop::collection::vec(relation, 0..4));
    lists.prop_map(|(egenskaber, tilstande, relationer)| {
        med(Indhold { egenskaber, tilstande, relationer, ..Indhold::default() })
    })
}

fn soegt_virkning() -> impl Strategy<Value = Option<SoegVirkning>> {
    let note = prop::option::weighted(0.1, Just("flyt*".to_owned()));
    let soegt = (prop::option::of(time()), prop::option::of(time()), note);
    prop::option::of(soegt.prop_map(|(fra, til, note)| SoegVirkning {
        fra,
        til,
        note,
        ..SoegVirkning::default()
    }))
}

fn pattern() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["ab", "a*", " *B", "*", "b*c", "zz", "øb", "", "**"]).prop_map(str::to_owned)
}

fn skabelon() -> impl Strategy<Value = Skabelon> {
    let egenskab = (soegt_virkning(), prop::option::of(pattern()), prop::option::of(pattern())).prop_map(
        |(virkning, key, name)| {
            let felter = [(BRUGERVENDT_NOEGLE.navn, key), (of::NAVN.navn, name)];
            let felter = felter.into_iter().filter_map(|(navn, p)| Some((navn, p?))).collect();
            SoegEgenskab { virkning, felter, grupper: vec![] }
        },
    );
    let tilstand =
        soegt_virkning().prop_map(|virkning| SoegTilstand { virkning, kode: Some(TilstandKode::Aktiv) });
    let blank = || Just(UnikId::Urn(" ".into()));
    let demanded = move || prop::option::of(prop_oneof![4 => id(), 1 => blank()]);
    let relation = (soegt_virkning(), demanded(), demanded(), demanded(), any::<bool>(), any::<bool>())
        .prop_map(|(virkning, reference, rolle, objekttype, adresse, indeks)| SoegRelation {
            navn: if adresse { of::ADRESSER.navn } else { of::TILKNYTTEDE_ENHEDER.navn },
            virkning,
            reference,
            rolle: rolle.filter(|_| adresse),
            objekttype: objekttype.filter(|_| adresse),
            indeks: indeks.then(String::new),
        });
    let lists = (
        soegt_virkning(),
        prop::collection::vec(egenskab, 0..3),
        prop::collection::vec(tilstand, 0..2),
        prop::collection::vec(relation, 0..3),
    );
    lists.prop_map(|(virkning, egenskaber, tilstande, relationer)| Skabelon {
        virkning: virkning.unwrap_or_default(),
        egenskaber,
        tilstande,
        relationer,
        ..Skabelon::default()
    })
}

/// What the store does with a condition.
fn meets(betingelse: &Betingelse, noegler: &[Noegle]) -> bool {
    noegler.iter().any(|n| {
        let fits = match &betingelse.moenster {
            Moenster::Lig(text) => n.vaerdi == *text,
            Moenster::Praefiks(text) => n.vaerdi.starts_with(text),
            Moenster::Jokertegn(text) => joker(text, &n.vaerdi),
        };
        n.felt == betingelse.felt && fits && n.fra <= betingelse.til && n.til > betingelse.fra
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_plan_finds_every_match_and_an_exact_one_nothing_else(
        registrering in registrering(),
        skabelon in skabelon(),
        nu in time(),
    ) {
        if check(&skabelon, nu).is_err() {
            return Ok(()); // such a template is refused before it is searched with
        }
        let typ = &ORGANISATIONFUNKTION;
        let keys = noegler(typ, &registrering.indhold);
        let plan = plan(typ, &skabelon, nu);
        let found = plan.alternativer.iter().any(|a| a.iter().all(|b| meets(b, &keys)));
        let matched = matches(typ, &skabelon, &registrering, nu);
        prop_assert!(found || !matched, "a match the plan does not find: {plan:?}");
        if plan.exact {
            prop_assert_eq!(found, matched, "an exact plan that is not: {:?}", plan);
        }
    }
}
