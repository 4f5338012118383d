//! The Sags- og Dokumentindeks and the Ydelsesindeks: a first load of invented cases, then searches and writes over it.

mod data;
mod measure;
mod message;
mod report;
mod scene;

use crate::floor;
use anyhow::Result;
use clap::Parser;
use report::{Report, Run};
use std::path::PathBuf;

/// What to measure.
#[derive(Debug, Parser)]
pub struct Args {
    /// The server to measure.
    #[arg(long)]
    binary: PathBuf,
    /// Where data is kept while measuring.
    #[arg(long)]
    work: PathBuf,
    /// A scratch PostgreSQL (`postgres://…`); without it only SQLite is measured.
    #[arg(long)]
    postgres: Option<String>,
    /// Where the report goes: between its markers.
    #[arg(long)]
    report: PathBuf,
    /// Seconds per measurement.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Cases in the smaller data set; the larger one has ten times as many.
    #[arg(long, default_value_t = 10_000)]
    sager: usize,
    /// Cases of one more data set, such as 1000000.
    #[arg(long)]
    stor: Option<usize>,
    /// Leave out the ten times larger data set.
    #[arg(long)]
    small: bool,
    /// Print the figures, and leave the report as it is.
    #[arg(long)]
    print: bool,
}

/// Measures everything, and puts what is known into the report after each data set.
pub async fn run(args: &Args) -> Result<()> {
    let mut report = Report {
        floor: floor::measure(&args.work, args.postgres.as_deref(), args.seconds).await?,
        runs: vec![],
    };
    let mut databases = vec![("SQLite", None)];
    databases.extend(args.postgres.as_deref().map(|url| ("PostgreSQL", Some(url))));
    let ten_times = (!args.small).then_some(args.sager * 10);
    let sizes: Vec<usize> = [Some(args.sager), ten_times, args.stor].into_iter().flatten().collect();
    for sager in &sizes {
        let sample = data::generate(args, *sager)?;
        for (database, url) in &databases {
            eprintln!("== {database}, {sager} cases");
            let figures = scene::run(args, &sample, database, *url).await?;
            report.runs.push(Run { database, sager: *sager, figures });
            if !args.print {
                report.write(&args.report)?;
            }
        }
        std::fs::remove_dir_all(&sample.folder)?;
    }
    println!("{}", report.render());
    Ok(())
}
