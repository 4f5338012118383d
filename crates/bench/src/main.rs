//! Proof under load: measurements of a real server over real TLS, and kill -9 in the middle of writing.
//!
//! Run by `cargo xtask bench` and `cargo xtask test`. Server and load share the machine; compare figures of one
//! run, not of two machines.

mod administration;
mod beskeder;
mod crash;
mod floor;
mod indekser;
mod load;
mod message;
mod report;
mod scenario;
mod server;
mod tokens;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;

#[derive(Debug, Parser)]
enum Command {
    /// Measure Organisation and Klassifikation; write a report in Markdown
    Registers(Args),
    /// Measure the token service and what tokens cost a call; write a report in Markdown
    Tokens(tokens::Args),
    /// Measure messages beside RabbitMQ; write a report in Markdown
    Beskeder(beskeder::Args),
    /// Measure the Sags- og Dokumentindeks and the Ydelsesindeks; write a report in Markdown
    Indekser(indekser::Args),
    /// Measure the pages of the Administrationsmodul with a large installation behind them; write a report in Markdown
    Administration(administration::Args),
    /// Kill the server again and again while it writes; look for what is lost or halved
    Crash(crash::Args),
    /// The same while messages are sent and fetched; look for what is lost, doubled or out of order
    CrashBeskeder(crash::beskeder::Args),
}

/// What to measure.
#[derive(Debug, Parser)]
struct Args {
    /// The server to measure.
    #[arg(long)]
    binary: PathBuf,
    /// Where data is kept while measuring.
    #[arg(long)]
    work: PathBuf,
    /// A scratch PostgreSQL (`postgres://…`); without it only SQLite is measured.
    #[arg(long)]
    postgres: Option<String>,
    /// A KLE Emneplan to load.
    #[arg(long)]
    kle: Option<PathBuf>,
    /// Where the report goes: between its markers, or the whole file if it has none.
    #[arg(long)]
    report: PathBuf,
    /// Seconds per measurement.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Units in the smaller data set; users are five times as many, and the larger set is ten times as large.
    #[arg(long, default_value_t = 2_000)]
    units: usize,
    /// Leave out the ten times larger data set.
    #[arg(long)]
    small: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Command::parse() {
        Command::Registers(args) => registers(&args).await,
        Command::Tokens(args) => tokens::run(&args).await,
        Command::Beskeder(args) => beskeder::run(&args).await,
        Command::Indekser(args) => indekser::run(&args).await,
        Command::Administration(args) => administration::run(&args).await,
        Command::Crash(args) => crash::run(&args).await,
        Command::CrashBeskeder(args) => crash::beskeder::run(&args).await,
    }
}

async fn registers(args: &Args) -> Result<()> {
    let mut report = report::Report {
        floor: floor::measure(&args.work, args.postgres.as_deref(), args.seconds).await?,
        runs: vec![],
    };
    let mut databases = vec![("SQLite", None)];
    databases.extend(args.postgres.as_deref().map(|url| ("PostgreSQL", Some(url))));
    let scales: &[usize] = if args.small { &[1] } else { &[1, 10] };
    for (name, url) in databases {
        for scale in scales {
            eprintln!("== {name} ×{scale}");
            let figures = scenario::run(args, name, url, *scale).await?;
            report.runs.push((name, *scale, figures));
            report.write(&args.report, args.units)?;
        }
    }
    println!("{}", report.render(args.units));
    Ok(())
}
