//! Every state × every event, and what an announced closing survives.

use super::{ItSystem, Systemhaendelse, Systemtilstand, overgang};
use bitemporal::Instant;
use uuid::Uuid;

#[test]
fn every_state_and_event_of_a_system() {
    let expected = "\
KLADDE: Registrer=REGISTRERET Luk=LUKKET
REGISTRERET: Tilslut=TILSLUTTET Spaer=SPÆRRET VarslLukning=UNDER LUKNING Luk=LUKKET
TILSLUTTET: Spaer=SPÆRRET VarslLukning=UNDER LUKNING
SPÆRRET: Ophaev=TILSLUTTET
UNDER LUKNING: Spaer=SPÆRRET Luk=LUKKET
LUKKET:";
    let actual: Vec<String> = Systemtilstand::ALLE
        .iter()
        .map(|fra| {
            let til: String = Systemhaendelse::ALLE
                .iter()
                .filter_map(|h| overgang(*fra, *h).ok().map(|til| format!(" {h:?}={til}")))
                .collect();
            format!("{fra}:{til}")
        })
        .collect();
    assert_eq!(actual.join("\n"), expected);
}

fn system() -> ItSystem {
    let mut system = ItSystem::ny(Uuid::nil(), "KY", "33445566".parse().expect("a CVR number"), Vec::new());
    system.tilstand = Systemtilstand::Tilsluttet;
    system
}

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros)
}

/// Whether it is closed by its day; without a certificate it may never call.
fn lukket(system: &ItSystem, nu: i64) -> bool {
    system.lukket(at(nu)).is_some_and(|hvorfor| hvorfor.ends_with("er lukket"))
}

#[test]
fn an_announced_closing_outlives_a_block() {
    let mut s = system();
    s.varsl_lukning(at(10), at(0)).expect("announced");
    s.varsl_lukning(at(12), at(1)).expect("another day");
    s.haendelse(Systemhaendelse::Spaer).expect("blocked");
    s.haendelse(Systemhaendelse::Ophaev).expect("lifted");
    assert_eq!((s.tilstand, s.lukkes), (Systemtilstand::UnderLukning, Some(at(12))));
    // Whatever state was written by hand, the day counts.
    for tilstand in [Systemtilstand::Registreret, Systemtilstand::Tilsluttet, Systemtilstand::UnderLukning] {
        s.tilstand = tilstand;
        assert_eq!((lukket(&s, 11), lukket(&s, 12)), (false, true), "{tilstand}");
    }
    assert!(s.varsl_lukning(at(99), at(12)).is_err(), "no new day once it is closed");
    assert_eq!(s.lukkes, Some(at(12)));
}

#[test]
fn announcing_that_it_closes_lifts_no_block() {
    let mut s = system();
    s.haendelse(Systemhaendelse::Spaer).expect("blocked");
    assert!(s.varsl_lukning(at(10), at(0)).is_err());
    assert_eq!((s.tilstand, s.lukkes), (Systemtilstand::Spaerret, None));
}
