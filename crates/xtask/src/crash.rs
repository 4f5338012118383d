//! `cargo xtask crash`: kill the server again and again, and look for what it lost.

use crate::postgres::Postgres;
use crate::run::{cargo, run, target};
use anyhow::{Result, bail};
use std::process::Command;

/// What is written while the server is killed, as people and as the crashing program name it.
const WHAT: [(&str, &str); 2] = [("registers", "crash"), ("beskeder", "crash-beskeder")];

/// Builds, and crashes what the first argument names. With `--postgresql` messages are kept in a throw-away PostgreSQL.
pub fn crash(args: &[String]) -> Result<()> {
    let Some((what, rest)) = args.split_first() else { bail!("say what to crash: registers or beskeder") };
    run(&mut cargo(&["build", "-p", "fundament", "-p", "bench"]))?;
    let mut rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let wanted = rest.len();
    rest.retain(|arg| *arg != "--postgresql");
    let postgres = if rest.len() < wanted { Some(Postgres::start(false)?) } else { None };
    let url = postgres.as_ref().map(|p| p.database("crash")).transpose()?;
    if let Some(url) = &url {
        rest.extend(["--postgres", url]);
    }
    rounds(what, &rest)
}

/// Crashes what has been built already.
pub fn rounds(what: &str, args: &[&str]) -> Result<()> {
    let Some((_, command)) = WHAT.iter().find(|(name, _)| *name == what) else {
        bail!("unknown '{what}': registers or beskeder");
    };
    let target = target();
    let mut program = Command::new(target.join("debug/bench"));
    program.arg(command).arg("--binary").arg(target.join("debug/fundament"));
    run(program.arg("--work").arg(target.join("crash")).args(args))
}
