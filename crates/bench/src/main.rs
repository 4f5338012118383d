//! Measures a real server over real TLS, beside the floor below which no server could go.
//!
//! Run by `cargo xtask bench registers`, which builds the server in release mode and starts a PostgreSQL. Writes a
//! report in Markdown. Server and load share the machine; compare figures of one run, not of two machines.

mod floor;
mod load;
mod report;
mod scenario;
mod server;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;

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
    /// Where the report goes.
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
    let args = Args::parse();
    let mut report = report::Report::default();
    report.floor = floor::measure(&args.work, args.postgres.as_deref(), args.seconds).await?;
    let mut databases = vec![("SQLite", None)];
    databases.extend(args.postgres.as_deref().map(|url| ("PostgreSQL", Some(url))));
    for (name, url) in databases {
        let scales: &[usize] = if args.small { &[1] } else { &[1, 10] };
        for scale in scales {
            eprintln!("== {name} ×{scale}");
            let figures = scenario::run(&args, name, url, *scale).await?;
            report.runs.push((name, *scale, figures));
            std::fs::write(&args.report, report.render(args.units))?;
        }
    }
    println!("{}", report.render(args.units));
    Ok(())
}
