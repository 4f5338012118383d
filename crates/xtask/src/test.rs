//! `cargo xtask test`: the whole truth.

use crate::fuzz;
use crate::install;
use crate::interop;
use crate::postgres::Postgres;
use crate::run::{answers, cargo, run, say, shared, target};
use anyhow::{Context, Result};
use std::process::Command;

/// Rounds of the crash test.
const CRASHES: &str = "50";
/// Seconds of fuzzing, all targets together.
const FUZZ_SECONDS: u64 = 32;
/// Random documents whose canonical form is compared.
const DOCUMENTS: usize = 100_000;

/// Every test, with everything it needs.
pub fn test() -> Result<()> {
    install::c_compiler()?;
    install::debian("openssl", &["openssl"], || answers("openssl", &["version"]))?;
    let contracts = shared("FUNDAMENT_CONTRACTS", "contracts");
    let contracts = contracts
        .canonicalize()
        .with_context(|| format!("the official contracts are not in {}", contracts.display()))?;
    let data = shared("FUNDAMENT_DATA", "data");
    let data = data.canonicalize().with_context(|| format!("the KLE file is not in {}", data.display()))?;
    let postgres = Postgres::start(false)?;
    say("Building");
    run(&mut cargo(&["build", "--workspace", "--tests", "--bins"]))?;
    say("Every test, those that need PostgreSQL and the official files included");
    run(cargo(&["test", "--workspace", "--", "--include-ignored"])
        .env("FUNDAMENT_CONTRACTS", contracts)
        .env("FUNDAMENT_DATA", data)
        .env("FUNDAMENT_TEST_POSTGRES", &postgres.url))?;
    interop::zeep("sqlite", None)?;
    interop::zeep("postgresql", Some(&postgres.database("interop")?))?;
    interop::adgang("sqlite", None)?;
    interop::adgang("postgresql", Some(&postgres.database("adgang")?))?;
    interop::c14n(DOCUMENTS)?;
    say(&format!("Kill -9 during a load, {CRASHES} times"));
    let binary = target().join("debug/fundament");
    run(Command::new(target().join("debug/bench"))
        .args(["crash", "--rounds", CRASHES, "--binary"])
        .arg(&binary)
        .arg("--work")
        .arg(target().join("crash")))?;
    fuzz::fuzz(FUZZ_SECONDS, None)
}
