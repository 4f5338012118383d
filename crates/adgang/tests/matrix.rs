//! The policy as a text that is reviewed like code: every agreement × operation × register → verdict, and the same for
//! tokens.
//!
//! `matrix.txt` is written by hand when the policy changes on purpose; this test shows what changed by accident.

mod scene;

use adgang::{Adgang, Afvist, Caller, Operation, REGLER, decide};
use administration::Politik;
use oio::catalog::{Beskyttelse, Register};
use scene::*;
use std::fmt::Write;

/// `ja` with the fields that are open, or the code of the rule that refuses.
fn verdict(result: &Result<Adgang, Afvist>) -> String {
    match result {
        Ok(adgang) => {
            let navn = if adgang.kan_se(Beskyttelse::SeNavn) { " + navn" } else { "" };
            let cpr = if adgang.kan_se(Beskyttelse::SeCpr) { " + cpr" } else { "" };
            assert!(adgang.graenser.iter().all(adgang::Graense::er_alt), "registers have no row limits");
            format!("ja{navn}{cpr}")
        }
        Err(afvist) => {
            let kode = afvist.kode();
            assert!(REGLER.iter().any(|r| r.kode == kode), "{kode} is explained");
            format!("nej: {kode}")
        }
    }
}

fn rows(out: &mut String, navn: &str, politik: &Politik, caller: &Caller, register: Register) {
    for operation in Operation::ALL {
        let result = decide(politik, caller, operation, register, "Bruger", NU);
        let (register, operation) = (register.slug(), operation.as_str());
        let _ = writeln!(out, "{navn:<34} {register:<15} {operation:<24} {}", verdict(&result));
    }
}

fn matrix() -> String {
    let mut out = String::new();
    for (navn, aftaler) in aftaler() {
        let politik = politik(aftaler);
        for register in [Register::Organisation, Register::Klassifikation] {
            rows(&mut out, navn, &politik, &caller(None), register);
        }
    }
    for (navn, politik, caller) in tokens() {
        rows(&mut out, navn, &politik, &caller, Register::Organisation);
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
