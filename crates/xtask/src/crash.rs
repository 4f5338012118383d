//! `cargo xtask crash`: kill the server again and again, and look for what it lost.

use crate::postgres::Postgres;
use crate::rabbitmq::RabbitMq;
use crate::run::{cargo, run, target};
use anyhow::{Result, bail};
use std::process::Command;

/// What is written while the server is killed, as people and as the crashing program name it.
const WHAT: [(&str, &str); 2] = [("registers", "crash"), ("beskeder", "crash-beskeder")];

/// What messages are kept in, and its own to be killed as well.
pub enum Ground {
    /// The server's own file.
    Sqlite,
    /// A throw-away database.
    Postgresql(Postgres),
    /// RabbitMQ beside the server's own file.
    RabbitMq(RabbitMq),
}

impl Ground {
    /// What the crashing program is told of it.
    fn args(&self) -> Result<Vec<String>> {
        let (flag, url, killer) = match self {
            Self::Sqlite => return Ok(Vec::new()),
            Self::Postgresql(server) => ("--postgres", server.database("crash")?, server.killer()),
            Self::RabbitMq(server) => ("--broker", server.url.clone(), server.killer()),
        };
        Ok(vec![flag.into(), url, "--ground".into(), killer.display().to_string()])
    }
}

/// Builds, and crashes what the first argument names. With `--postgresql` or `--rabbitmq` messages are kept in a throw-away
/// one, which is killed too.
pub fn crash(args: &[String]) -> Result<()> {
    let Some((what, rest)) = args.split_first() else { bail!("say what to crash: registers or beskeder") };
    run(&mut cargo(&["build", "-p", "fundament", "-p", "bench"]))?;
    let (grounds, rest): (Vec<&str>, Vec<&str>) =
        rest.iter().map(String::as_str).partition(|arg| ["--postgresql", "--rabbitmq"].contains(arg));
    let ground = match grounds.first() {
        None => Ground::Sqlite,
        Some(&"--postgresql") => Ground::Postgresql(Postgres::start(false)?),
        Some(_) => Ground::RabbitMq(RabbitMq::start()?),
    };
    rounds_on(&ground, what, &rest)
}

/// Crashes what has been built already.
pub fn rounds(what: &str, args: &[&str]) -> Result<()> {
    rounds_on(&Ground::Sqlite, what, args)
}

/// The same with what is given to keep messages in.
pub fn rounds_on(ground: &Ground, what: &str, args: &[&str]) -> Result<()> {
    let Some((_, command)) = WHAT.iter().find(|(name, _)| *name == what) else {
        bail!("unknown '{what}': registers or beskeder");
    };
    let target = target();
    let mut program = Command::new(target.join("debug/bench"));
    program.arg(command).arg("--binary").arg(target.join("debug/fundament"));
    run(program.arg("--work").arg(target.join("crash")).args(ground.args()?).args(args))
}
