//! Every state × every event, and who may approve.

use super::{Aftalehaendelse, Aftaletilstand, maa_godkende, overgang};
use crate::{Part, Partsart};

#[test]
fn every_state_and_event() {
    let expected = "\
KLADDE: Send=ANMODET Slet=SLETTET
SLETTET:
ANMODET: Godkend=GODKENDT Returner=RETURNERET Afvis=AFVIST TraekTilbage=TRUKKET TILBAGE SvarfristNaaet=BORTFALDET
RETURNERET: Send=ANMODET TraekTilbage=TRUKKET TILBAGE
AFVIST:
TRUKKET TILBAGE:
BORTFALDET:
GODKENDT: TraedIKraft=AKTIV
AKTIV: Spaer=SPÆRRET Opsig=OPSAGT UdloebNaaet=UDLØBET AnmodNyVersion=AKTIV NyVersionGodkendt=ERSTATTET Lukket=HVILENDE
SPÆRRET: Ophaev=AKTIV Opsig=OPSAGT OpsigelseNaaet=OPHØRT
OPSAGT: Spaer=SPÆRRET OpsigelseNaaet=OPHØRT
OPHØRT:
UDLØBET:
ERSTATTET:
HVILENDE: Rettet=AKTIV";
    let mut rows = Vec::new();
    for fra in Aftaletilstand::ALLE {
        let mut row = format!("{fra}:");
        for haendelse in Aftalehaendelse::ALLE {
            match overgang(fra, haendelse) {
                Ok(til) => row.push_str(&format!(" {haendelse:?}={til}")),
                Err(afslag) => {
                    assert_eq!(afslag.hvem, haendelse.hvem(), "{fra} × {haendelse:?} says who may");
                    assert!(!afslag.hvorfor.is_empty(), "{fra} × {haendelse:?} says why");
                }
            }
        }
        assert_eq!(fra.er_slut(), row.ends_with(':'), "{fra} is final or not");
        rows.push(row);
    }
    assert_eq!(rows.join("\n"), expected);
}

#[test]
fn nobody_approves_his_own_request() {
    let mut part = Part::ny("11223344".parse().expect("a CVR number"), "Korsbæk", Partsart::Myndighed);
    assert!(maa_godkende(&part, Some("Ulla"), "Mads", None).is_ok());
    assert!(maa_godkende(&part, Some("Mads"), "Mads", Some("Ulla")).is_err(), "not allowed here");
    part.egen_godkendelse = true;
    assert!(maa_godkende(&part, Some("Mads"), "Mads", Some("Ulla")).is_ok());
    assert!(maa_godkende(&part, Some("Mads"), "Mads", Some("Mads")).is_err());
    assert!(maa_godkende(&part, Some("Mads"), "Mads", None).is_err());
}
