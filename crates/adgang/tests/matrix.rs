//! The policy as a text that is reviewed like code: every agreement × operation × register → verdict.
//!
//! `matrix.txt` is written by hand when the policy changes on purpose; this test shows what changed by accident.

use adgang::{Afvist, Caller, Operation, decide};
use administration::{Dataafgraensninger, Politik, Rolle, Service, Serviceaftale};
use bitemporal::{Instant, Period};
use oio::catalog::Register;
use oio::{Cvr, UnikId};
use std::fmt::Write;
use uuid::Uuid;

const SYSTEM: Uuid = Uuid::from_u128(1);
const NU: Instant = Instant::from_micros(1_000);

fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

fn aftale(
    myndighed: &str,
    service: Service,
    roller: &[Rolle],
    dataafgraensninger: Dataafgraensninger,
) -> Serviceaftale {
    Serviceaftale {
        uuid: Uuid::from_u128(2),
        navn: "A".into(),
        myndighed: cvr(myndighed),
        system: SYSTEM,
        service,
        roller: roller.to_vec(),
        dataafgraensninger,
        gyldig: Period { from: Instant::from_micros(0), to: Instant::from_micros(2_000) },
    }
}

fn caller(myndighed: Option<&str>) -> Caller {
    Caller {
        system: SYSTEM,
        navn: "KY".into(),
        bruger_ref: UnikId::Urn("CN=KY".into()),
        myndighed: myndighed.map(cvr),
        transaktion: Uuid::from_u128(3),
    }
}

/// The agreements a system may have, by the name of their row in the matrix.
fn aftaler() -> Vec<(&'static str, Vec<Serviceaftale>)> {
    let (org, klas) = (Service::Organisation, Service::Klassifikation);
    let korsbaek = "11223344";
    let ingen = Dataafgraensninger::default();
    let alle = Dataafgraensninger { se_navn: true, se_cpr: true, anonymiser: true, fysiskslet: true };
    vec![
        ("ingen", vec![]),
        ("organisation-tom", vec![aftale(korsbaek, org, &[], ingen)]),
        ("organisation-udstil", vec![aftale(korsbaek, org, &[Rolle::Udstil], ingen)]),
        ("organisation-rediger", vec![aftale(korsbaek, org, &[Rolle::Rediger], ingen)]),
        ("organisation-rediger-alt", vec![aftale(korsbaek, org, &[Rolle::Rediger], alle)]),
        ("organisation-udstil-alt", vec![aftale(korsbaek, org, &[Rolle::Udstil], alle)]),
        ("klassifikation-udstil", vec![aftale(korsbaek, klas, &[Rolle::Udstil], ingen)]),
        ("klassifikation-rediger", vec![aftale(korsbaek, klas, &[Rolle::Rediger], ingen)]),
        (
            "to-myndigheder",
            vec![
                aftale(korsbaek, org, &[Rolle::Udstil], ingen),
                aftale("22334455", org, &[Rolle::Udstil], ingen),
            ],
        ),
    ]
}

fn verdict(result: &Result<adgang::Adgang, Afvist>) -> &'static str {
    match result {
        Ok(_) => "ja",
        Err(Afvist::IngenAftale { .. }) => "nej: ingen aftale",
        Err(Afvist::IngenAftaleMed { .. }) => "nej: ingen aftale med myndigheden",
        Err(Afvist::FlereMyndigheder { .. }) => "nej: flere myndigheder",
        Err(Afvist::ManglerRolle { .. }) => "nej: mangler rolle",
        Err(Afvist::ManglerAfgraensning { .. }) => "nej: mangler dataafgraensning",
    }
}

fn matrix() -> String {
    let mut out = String::new();
    for (navn, aftaler) in aftaler() {
        let politik = Politik::new(vec![], vec![], aftaler);
        for register in [Register::Organisation, Register::Klassifikation] {
            for operation in Operation::ALL {
                let result = decide(&politik, &caller(None), operation, register, "Bruger", NU);
                let (register, operation) = (register.slug(), operation.as_str());
                let _ = writeln!(out, "{navn:<26} {register:<15} {operation:<24} {}", verdict(&result));
            }
        }
    }
    out
}

#[test]
fn the_policy_is_the_one_that_was_reviewed() {
    let reviewed = include_str!("matrix.txt");
    let actual = matrix();
    for (line, (reviewed, actual)) in reviewed.lines().zip(actual.lines()).enumerate() {
        assert_eq!(reviewed, actual, "matrix.txt, line {}", line + 1);
    }
    assert_eq!(reviewed.lines().count(), actual.lines().count(), "the number of rows");
}

#[test]
fn the_authority_named_decides_which_agreement() {
    let (_, aftaler) = aftaler().pop().expect("the last row has two authorities");
    let politik = Politik::new(vec![], vec![], aftaler);
    let decide = |myndighed| {
        decide(&politik, &caller(Some(myndighed)), Operation::Laes, Register::Organisation, "Bruger", NU)
    };
    let adgang = decide("22334455").expect("there is an agreement");
    assert_eq!(adgang.myndighed, cvr("22334455"));
    assert!(adgang.kan_laese(cvr("22334455")) && adgang.kan_laese(Cvr::KOMBIT));
    assert!(!adgang.kan_laese(cvr("11223344")), "another authority's data stays closed");
    assert!(adgang.kan_skrive(cvr("22334455")) && !adgang.kan_skrive(Cvr::KOMBIT));
    assert_eq!(verdict(&decide("33445566")), "nej: ingen aftale med myndigheden");
}

#[test]
fn an_agreement_that_does_not_hold_now_opens_nothing() {
    let (_, aftaler) = aftaler().remove(2);
    let politik = Politik::new(vec![], vec![], aftaler);
    for (at, expected) in [(-1, "nej: ingen aftale"), (0, "ja"), (1_999, "ja"), (2_000, "nej: ingen aftale")]
    {
        let nu = Instant::from_micros(at);
        let result = decide(&politik, &caller(None), Operation::Laes, Register::Organisation, "Bruger", nu);
        assert_eq!(verdict(&result), expected, "at {at}");
    }
}

#[test]
fn every_refusal_names_who_can_grant_it() {
    let (_, aftaler) = aftaler().remove(2);
    let politik = Politik::new(vec![], vec![], aftaler);
    let refusal =
        decide(&politik, &caller(None), Operation::Ret, Register::Organisation, "Bruger", NU).unwrap_err();
    assert!(refusal.to_string().contains("11223344") && refusal.to_string().contains("Rediger"), "{refusal}");
}
