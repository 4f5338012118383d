//! `cargo xtask bench`: measurements, in release mode, into a report.

use crate::install;
use crate::postgres::Postgres;
use crate::rabbitmq::RabbitMq;
use crate::run::{answers, cargo, root, run, say, shared, target};
use anyhow::{Result, bail};
use std::process::Command;

/// Measures what the first argument names.
pub fn bench(args: &[String]) -> Result<()> {
    match args.split_first().map(|(what, rest)| (what.as_str(), rest)) {
        Some(("registers", rest)) => registers(rest),
        Some(("tokens", rest)) => tokens(rest),
        Some(("beskeder", rest)) => beskeder(rest),
        Some(("indekser", rest)) => indekser(rest),
        Some(("administration", rest)) => run(program("administration")?.args(rest)),
        _ => bail!(
            "say what to measure: cargo xtask bench registers, tokens, beskeder, indekser or administration"
        ),
    }
}

/// The measuring program, told what to measure and where.
fn program(what: &str) -> Result<Command> {
    say("Building in release mode");
    run(&mut cargo(&["build", "--release", "-p", "fundament", "-p", "bench"]))?;
    let mut command = Command::new(target().join("release/bench"));
    command.arg(what).arg("--binary").arg(target().join("release/fundament"));
    command.arg("--work").arg(target().join("bench"));
    command.arg("--report").arg(root().join("docs/benchmarks.md"));
    Ok(command)
}

fn registers(rest: &[String]) -> Result<()> {
    let mut command = program("registers")?;
    let postgres = Postgres::start(true)?;
    command.args(["--postgres", &postgres.url]);
    let kle = shared("FUNDAMENT_DATA", "data").join("kle/KLE-Emneplan_Version2-0_2015-08-01.xml");
    if kle.exists() {
        command.arg("--kle").arg(kle);
    }
    run(command.args(rest))
}

fn tokens(rest: &[String]) -> Result<()> {
    install::debian("openssl", &["openssl"], || answers("openssl", &["version"]))?;
    install::debian("taskset", &["util-linux"], || answers("taskset", &["--version"]))?;
    run(program("tokens")?.args(rest))
}

fn beskeder(rest: &[String]) -> Result<()> {
    let mut command = program("beskeder")?;
    let rabbitmq = RabbitMq::start()?;
    run(command.args(["--rabbitmq", &rabbitmq.url]).args(rest))
}

fn indekser(rest: &[String]) -> Result<()> {
    let mut command = program("indekser")?;
    let postgres = Postgres::start(true)?;
    run(command.args(["--postgres", &postgres.url]).args(rest))
}
