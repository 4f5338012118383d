//! The table of the life cycle, and registration times.

use super::{NU, adresse_med, live, u};
use crate::catalog::ADRESSE;
use crate::fejl::Fejl;
use crate::ids::ObjektId;
use crate::model::{Livscyklus, Registrering};
use crate::operation::{Aendring, SendtRegistrering};
use crate::overgang::{importer, passiver, ret, slet};
use bitemporal::Instant;
use uuid::Uuid;

fn in_state(livscyklus: Livscyklus) -> Registrering {
    Registrering { livscyklus, ..live(adresse_med(Some("Gågaden 1"))) }
}

fn sendt(tidspunkt: Option<i64>) -> SendtRegistrering {
    let indhold = adresse_med(Some("Gågaden 2"));
    SendtRegistrering {
        tidspunkt: tidspunkt.map(Instant::from_micros),
        indhold,
        ..SendtRegistrering::default()
    }
}

/// What an operation answers, in the words of the table of the module.
fn answer(result: Result<Option<Livscyklus>, Fejl>) -> String {
    match result {
        Ok(Some(livscyklus)) => livscyklus.as_str().into(),
        Ok(None) => "nothing".into(),
        Err(Fejl::Konflikt(_)) => "conflict".into(),
        Err(Fejl::Ukendt(_)) => "unknown".into(),
        Err(other) => format!("{other:?}"),
    }
}

#[test]
fn the_life_cycle_is_the_table() {
    let change =
        Aendring { egenskaber: Some(adresse_med(Some("Gågaden 3")).egenskaber), ..Aendring::default() };
    for (state, expected) in [
        (Livscyklus::Opstaaet, ["conflict", "Opstaaet", "Passiveret", "Slettet"]),
        (Livscyklus::Importeret, ["conflict", "Importeret", "Passiveret", "Slettet"]),
        (Livscyklus::Passiveret, ["Importeret", "conflict", "nothing", "Slettet"]),
        (Livscyklus::Slettet, ["Importeret", "conflict", "conflict", "unknown"]),
    ] {
        let before = in_state(state);
        let actual = [
            answer(importer(&ADRESSE, Some(&before), vec![sendt(None)], &u()).map(|n| Some(n[0].livscyklus))),
            answer(ret(&ADRESSE, &before, &change, &u()).map(|n| n.map(|r| r.livscyklus))),
            answer(passiver(&before, &u()).map(|n| n.map(|r| r.livscyklus))),
            answer(slet(ObjektId(Uuid::nil()), &before, &u()).map(|r| Some(r.livscyklus))),
        ];
        assert_eq!(actual, expected, "{state:?}");
    }
}

#[test]
fn registration_times_rise_even_when_the_clock_stands_still() {
    let before = Registrering { tidspunkt: NU, ..in_state(Livscyklus::Importeret) };
    let next = passiver(&before, &u()).expect("valid").expect("a new registrering");
    assert_eq!(next.tidspunkt, NU.next());
}

#[test]
fn imported_times_may_be_past_but_not_future() {
    let minute = 60 * 1_000_000;
    let import = |before: Option<&Registrering>, times: &[Option<i64>]| {
        importer(&ADRESSE, before, times.iter().map(|t| sendt(*t)).collect(), &u())
            .map(|nye| nye.iter().map(|r| r.tidspunkt.micros()).collect::<Vec<_>>())
    };
    assert_eq!(import(None, &[Some(20), Some(10)]).expect("valid"), [10, 20]);
    assert_eq!(import(None, &[Some(50 + 4 * minute)]).expect("a clock slightly ahead"), [50]);
    assert!(matches!(import(None, &[Some(50 + 6 * minute)]), Err(Fejl::Registreringstid(_))));
    assert!(matches!(import(None, &[Some(20), Some(20)]), Err(Fejl::Ugyldig { .. })));
    assert!(matches!(import(None, &[]), Err(Fejl::Ugyldig { .. })));
    let now = Registrering { tidspunkt: NU, ..in_state(Livscyklus::Passiveret) };
    assert_eq!(import(Some(&now), &[Some(50 + minute)]).expect("a clock slightly ahead"), [51]);
    assert_eq!(import(Some(&now), &[None]).expect("no time"), [51]);
    let passive = in_state(Livscyklus::Passiveret);
    assert!(
        matches!(import(Some(&passive), &[Some(10)]), Err(Fejl::Registreringstid(_))),
        "not after the latest"
    );
    assert_eq!(import(Some(&passive), &[Some(11)]).expect("valid"), [11]);
}

#[test]
fn passiver_keeps_the_content_and_slet_empties_it() {
    let before = in_state(Livscyklus::Opstaaet);
    let passive = passiver(&before, &u()).expect("valid").expect("a new registrering");
    assert_eq!(passive.indhold, before.indhold);
    let deleted = slet(ObjektId(Uuid::nil()), &before, &u()).expect("valid");
    assert_eq!(deleted.indhold, crate::model::Indhold::default());
    assert_eq!(deleted.bruger_ref, Some(u().bruger_ref));
}

#[test]
fn an_imported_state_keeps_who_recorded_it_and_its_note() {
    let other = crate::UnikId::Urn("CN=anden".into());
    let sent =
        SendtRegistrering { bruger_ref: Some(other.clone()), note: Some("flyttet".into()), ..sendt(None) };
    let nye = importer(&ADRESSE, None, vec![sent], &u()).expect("valid");
    assert_eq!((nye[0].bruger_ref.as_ref(), nye[0].note.as_deref()), (Some(&other), Some("flyttet")));
    let nye = importer(&ADRESSE, None, vec![sendt(None)], &u()).expect("valid");
    assert_eq!(nye[0].bruger_ref, Some(u().bruger_ref));
    let bad = SendtRegistrering { note: Some("x".repeat(1025)), ..sendt(None) };
    assert!(matches!(importer(&ADRESSE, None, vec![sendt(Some(10)), bad], &u()), Err(Fejl::Ugyldig { .. })));
}
