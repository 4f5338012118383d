//! What tokens cost: issuing them, and calls that carry them, beside what the same processor can sign and verify at all.

mod floor;
mod report;
mod scene;
mod steps;

use crate::server::Server;
use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::path::PathBuf;
use std::process::Command;

const PORT: u16 = 18_743;

/// What to measure.
#[derive(Debug, Clone, Parser)]
pub struct Args {
    /// The server to measure.
    #[arg(long)]
    binary: PathBuf,
    /// Where data is kept while measuring.
    #[arg(long)]
    work: PathBuf,
    /// Where the report goes: between its markers.
    #[arg(long)]
    report: PathBuf,
    /// Seconds per measurement.
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// Live tokens to drive through the server for the figure of memory.
    #[arg(long, default_value_t = 100_000)]
    tokens: usize,
    /// Seconds to spend on them at most; then the figure is that of as many as there were.
    #[arg(long, default_value_t = 240)]
    tokens_seconds: u64,
}

/// How the processors are shared: the server has some to itself, the load has the others.
#[derive(Debug, Clone)]
pub struct Processors {
    /// Those of the server, as `taskset` names them.
    pub server: String,
    /// How many those are.
    pub server_count: usize,
    /// All of them.
    pub all: usize,
}

impl Processors {
    /// One half for the server.
    fn divide() -> Result<Self> {
        let all = std::thread::available_parallelism()?.get();
        ensure!(all > 1, "needs two processors: one for the server and one for the load");
        let server_count = all / 2;
        Ok(Self { server: format!("0-{}", server_count - 1), server_count, all })
    }

    /// Keeps this process off the server's half from now on.
    fn leave_to_server(&self) -> Result<()> {
        let rest = format!("{}-{}", self.server_count, self.all - 1);
        let pid = std::process::id().to_string();
        let output = Command::new("taskset").args(["-a", "-c", "-p", &rest, &pid]).output();
        let output = output.context("taskset is missing (on Debian: apt-get install util-linux)")?;
        ensure!(output.status.success(), "taskset: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }
}

/// Measures everything and puts it into the report.
pub async fn run(args: &Args) -> Result<()> {
    let processors = Processors::divide()?;
    eprintln!("== openssl speed and aws-lc-rs");
    let floor = floor::measure(&processors)?;
    processors.leave_to_server()?;
    let data = args.work.join("tokens");
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data)?;
    // The first start makes the keys and seeds the demo.
    Server::start(&args.binary, &data, None, PORT).await?.stop()?;
    let server = Server::start_on(&processors.server, &args.binary, &data, PORT).await?;
    let scene = scene::Scene::prepare(args, &processors, &server, floor.rsa2048.sign).await?;
    eprintln!("== issuing");
    let (mut figures, tokens) = scene.issue().await?;
    eprintln!("== calls");
    scene.calls(&mut figures, &tokens).await?;
    eprintln!("== each step, in this process");
    let steps = steps::measure(&scene, &tokens, &args.work).await?;
    eprintln!("== many tokens");
    scene.memory(&mut figures, tokens).await?;
    eprintln!("== a service key on P-256");
    let elliptic = scene.with_elliptic_key(server).await?;
    let report = report::Report { processors, floor, figures, steps, elliptic };
    report.write(&args.report)?;
    println!("{}", report.render());
    Ok(())
}
