//! `cargo xtask bench`: measurements, in release mode, into a report.

use crate::postgres::Postgres;
use crate::run::{cargo, root, run, say, shared, target};
use anyhow::{Result, bail};
use std::process::Command;

/// Measures what the first argument names.
pub fn bench(args: &[String]) -> Result<()> {
    let Some(("registers", rest)) = args.split_first().map(|(what, rest)| (what.as_str(), rest)) else {
        bail!("say what to measure: cargo xtask bench registers");
    };
    say("Building in release mode");
    run(&mut cargo(&["build", "--release", "-p", "fundament", "-p", "bench"]))?;
    let postgres = Postgres::start(true)?;
    let kle = shared("FUNDAMENT_DATA", "data").join("kle/KLE-Emneplan_Version2-0_2015-08-01.xml");
    let mut command = Command::new(target().join("release/bench"));
    command.args(["registers", "--binary"]).arg(target().join("release/fundament"));
    command.arg("--work").arg(target().join("bench")).args(["--postgres", &postgres.url]);
    command.arg("--report").arg(root().join("docs/benchmarks.md"));
    if kle.exists() {
        command.arg("--kle").arg(kle);
    }
    run(command.args(rest))
}
