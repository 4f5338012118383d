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
        ("**", "x", true),
    ] {
        assert_eq!(joker(moenster, text), expected, "{moenster} {text}");
    }
}

fn time() -> impl Strategy<Value = Instant> {
    (0i64..10).prop_map(Instant::from_micros)
}

fn virkning() -> impl Strategy<Value = Virkning> {
    (0i64..10, 0i64..6).prop_map(|(from, length)| {
        Virkning::of(Period { from: Instant::from_micros(from), to: Instant::from_micros(from + length) })
    })
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["ab", "AB", "abc", "b", "bc"]).prop_map(str::to_owned)
}

fn id() -> impl Strategy<Value = UnikId> {
    (0u128..3, any::<bool>()).prop_map(|(n, urn)| {
        let uuid = Uuid::from_u128(n);
        if urn { UnikId::Urn(uuid.to_string().into()) } else { UnikId::Uuid(uuid) }
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
    lists.prop_map(|(egenskaber, tilstande, relationer)| Registrering {
        tidspunkt: Instant::from_micros(0),
        livscyklus: Livscyklus::Importeret,
        bruger_ref: None,
        note: None,
        indhold: Indhold { egenskaber, tilstande, relationer, ..Indhold::default() },
    })
}

fn soegt_virkning() -> impl Strategy<Value = Option<SoegVirkning>> {
    prop::option::of((prop::option::of(time()), prop::option::of(time())))
        .prop_map(|bounds| bounds.map(|(fra, til)| SoegVirkning { fra, til, ..SoegVirkning::default() }))
}

fn pattern() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["ab", "a*", "*b", "*", "b*c", "zz"]).prop_map(str::to_owned)
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
    let relation = (soegt_virkning(), prop::option::of(id()), prop::option::of(id()), any::<bool>())
        .prop_map(|(virkning, reference, rolle, adresse)| SoegRelation {
            navn: if adresse { of::ADRESSER.navn } else { of::TILKNYTTEDE_ENHEDER.navn },
            virkning,
            reference,
            rolle: rolle.filter(|_| adresse),
            objekttype: None,
            indeks: None,
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
