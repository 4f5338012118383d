//! Messages: ours beside RabbitMQ, with one client that does the same with both.

mod besked;
mod broker;
mod measure;
mod politik;
mod report;
mod scene;
mod tls;

use anyhow::Result;
use clap::Parser;
use report::Report;
use scene::Scene;
use std::path::PathBuf;

pub use besked::{Beskeder, nummer};
pub use broker::{Broker, Sender};
pub use scene::{beskeder, dueslag};

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
    /// A scratch RabbitMQ (`amqp://…`).
    #[arg(long)]
    rabbitmq: String,
    /// Seconds per measurement.
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// How often each measurement is made, ours and RabbitMQ in turn; the median counts.
    #[arg(long, default_value_t = 3)]
    times: usize,
    /// Messages that wait in the dueslag when it is measured full.
    #[arg(long, default_value_t = 1_000_000)]
    waiting: u64,
    /// Everything once and briefly, with a tenth of the waiting messages.
    #[arg(long)]
    small: bool,
    /// Only what is measured with so many subscriptions (1, 100, 1000, 10000), and no report.
    #[arg(long)]
    only: Option<usize>,
}

impl Args {
    fn settled(&self) -> Self {
        if !self.small {
            return self.clone();
        }
        Self { seconds: self.seconds.min(3), times: 1, waiting: self.waiting / 10, ..self.clone() }
    }
}

/// Measures everything and puts it into the report.
pub async fn run(args: &Args) -> Result<()> {
    let args = args.settled();
    let mut report =
        Report { seconds: args.seconds, times: args.times, waiting: args.waiting, ..Report::default() };
    for subscriptions in [100, 1_000, 10_000, 1] {
        if args.only.is_some_and(|only| only != subscriptions) {
            continue;
        }
        let scene = Scene::start(&args, subscriptions).await?;
        if subscriptions == 1 {
            scene.one_queue(&mut report).await?;
            scene.full_queue(&mut report).await?;
        } else {
            scene.fan_out(&mut report).await?;
        }
        scene.stop().await?;
    }
    if args.only.is_none() {
        report.write(&args.report)?;
        println!("{}", report.render());
    }
    Ok(())
}
