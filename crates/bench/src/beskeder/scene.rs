//! A server of its own with so many subscriptions, and RabbitMQ with as many bindings.

use super::measure::{self, Subject};
use super::politik::{self, TRAEFFER};
use super::report::{Pair, Report};
use super::{Args, Beskeder, Broker};
use crate::server::{Server, command, cpu_seconds};
use anyhow::{Context, Result, ensure};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use testkit::klient::Demo;

const PORT: u16 = 18_843;
/// Subscriptions that RabbitMQ is measured with as well.
const BESIDE: [usize; 2] = [1, 1_000];

/// Both of them, ready.
pub struct Scene {
    args: Args,
    subscriptions: usize,
    server: Server,
    ours: Subject,
    rabbitmq: Option<Subject>,
}

fn text<'j>(json: &'j serde_json::Value, name: &str) -> Result<&'j str> {
    json.as_str().with_context(|| format!("demo.json does not say {name}"))
}

/// Messages from the demo's sender. `navn` tells them from those of other senders.
pub fn beskeder(demo: &Demo, navn: u64) -> Result<Beskeder> {
    let besked = &demo.json["besked"];
    let beskedtype = text(&besked["beskedtyper"]["TestbeskedType1"], "besked.beskedtyper.TestbeskedType1")?;
    let cvr = text(&demo.json["authorities"][0]["cvr"], "authorities[0].cvr")?;
    Ok(Beskeder::nye(beskedtype, system(demo, &besked["afsender"])?, cvr, navn))
}

/// The UUID of a system by its name.
fn system<'j>(demo: &'j Demo, navn: &serde_json::Value) -> Result<&'j str> {
    let systems = demo.json["systems"].as_array().context("demo.json has no systems")?;
    let found = systems.iter().find(|s| s["name"] == *navn).context("the system is not in demo.json")?;
    text(&found["uuid"], "the system's uuid")
}

/// The demo's dueslag for test messages, which has no filter.
pub fn dueslag(demo: &Demo) -> Result<String> {
    let besked = &demo.json["besked"];
    let alle = besked["dueslag"].as_array().context("demo.json has no dueslag")?;
    let typ = &besked["beskedtyper"]["TestbeskedType1"];
    let mine = |d: &&serde_json::Value| {
        d["system"] == besked["modtager"]
            && d["maade"] == "PULL"
            && d["filter"].is_null()
            && d["beskedtyper"].as_array().is_some_and(|typer| typer.contains(typ))
    };
    let found = alle.iter().find(mine).context("the demo has no dueslag for test messages")?;
    Ok(text(&found["uuid"], "the dueslag's uuid")?.to_owned())
}

impl Scene {
    /// Starts a server on an empty folder. The demo has one subscription already; the others are put in by a policy file.
    pub async fn start(args: &Args, subscriptions: usize) -> Result<Self> {
        eprintln!("== {subscriptions} subscriptions");
        let data = args.work.join("beskeder");
        let _ = std::fs::remove_dir_all(&data);
        std::fs::create_dir_all(&data)?;
        let mut server = Server::start(&args.binary, &data, None, PORT).await?;
        if subscriptions > 1 {
            let besked = &server.demo.json["besked"];
            let modtager = system(&server.demo, &besked["modtager"])?;
            let beskedtype = text(&besked["beskedtyper"]["TestbeskedType1"], "TestbeskedType1")?;
            let file = args.work.join("beskeder.toml");
            std::fs::write(&file, politik::politik(subscriptions, 1, modtager, beskedtype))?;
            server.stop()?;
            let [file, place] = [&file, &data].map(|p| p.to_str().context("a path that is not UTF-8"));
            command(&args.binary, &["policy", "apply", file?, "--data", place?, "--ja"])?;
            server = Server::start(&args.binary, &data, None, PORT).await?;
        }
        let beskeder = Arc::new(beskeder(&server.demo, 1)?);
        let ours = Subject {
            broker: Broker::ours(&server.demo).await?,
            queue: dueslag(&server.demo)?,
            beskeder: beskeder.clone(),
            numre: Arc::new(AtomicU64::new(1)),
        };
        let rabbitmq = if BESIDE.contains(&subscriptions) {
            let broker = Broker::rabbitmq(&args.rabbitmq, super::besked::HANDLING);
            let queue = politik::bindings(&broker, subscriptions).await?;
            Some(Subject { broker, queue, beskeder, numre: Arc::new(AtomicU64::new(1)) })
        } else {
            None
        };
        Ok(Self { args: args.clone(), subscriptions, server, ours, rabbitmq })
    }

    /// Stops ours and empties RabbitMQ.
    pub async fn stop(self) -> Result<()> {
        if let Some(rabbitmq) = &self.rabbitmq {
            politik::slet(&rabbitmq.broker, self.subscriptions).await?;
        }
        self.server.stop()?;
        Ok(std::fs::remove_dir_all(self.args.work.join("beskeder"))?)
    }

    /// Measures both in turn, as often as is wanted.
    async fn both<const N: usize>(
        &self,
        what: &str,
        measurement: impl AsyncFn(&Subject) -> Result<[f64; N]>,
    ) -> Result<[Pair; N]> {
        let mut pairs: [Pair; N] = std::array::from_fn(|_| Pair::default());
        for _ in 0..self.args.times {
            for (pair, figure) in pairs.iter_mut().zip(measurement(&self.ours).await?) {
                pair.ours.push(figure);
            }
            let Some(rabbitmq) = &self.rabbitmq else { continue };
            for (pair, figure) in pairs.iter_mut().zip(measurement(rabbitmq).await?) {
                pair.rabbitmq.push(figure);
            }
        }
        let figures: Vec<String> = pairs.iter().map(Pair::to_string).collect();
        eprintln!("   {what}: {}", figures.join("; "));
        Ok(pairs)
    }

    /// What the server has worked and how much was sent to it, so far.
    fn work(&self) -> (f64, u64) {
        (cpu_seconds(self.server.pid()), self.ours.numre.load(Ordering::Relaxed))
    }

    /// Microseconds of the server's processors for each message since then, and how many those are.
    fn micros_since(&self, (cpu, sent): (f64, u64)) -> (f64, u64) {
        let now = self.work();
        let sent = now.1 - sent;
        ((now.0 - cpu) * 1e6 / sent as f64, sent)
    }

    /// Publishing, when [`TRAEFFER`] of the subscriptions match.
    pub async fn fan_out(&self, report: &mut Report) -> Result<()> {
        let (seconds, before) = (self.args.seconds, self.work());
        let what = format!("publish to {TRAEFFER} of {}, per s", self.subscriptions);
        let [rate] = self.both(&what, async |s| Ok([measure::publish(s, seconds).await?])).await?;
        let (micros, sent) = self.micros_since(before);
        let depth = self.ours.broker.depth(&self.ours.queue).await?;
        ensure!(u64::from(depth) == sent, "{sent} messages were accepted, and {depth} are in the dueslag");
        eprintln!("   {micros:.0} µs of processor for each of {sent}; {:.0} MiB", self.server.rss_mib());
        report.fan_out.push((self.subscriptions, rate, micros));
        Ok(())
    }

    /// One dueslag, and nothing waiting.
    pub async fn one_queue(&self, report: &mut Report) -> Result<()> {
        let seconds = self.args.seconds;
        let through = |prefetch| {
            async move |s: &Subject| {
                let figures = measure::through(s, prefetch, seconds).await?;
                measure::drain(s).await?;
                Ok(figures)
            }
        };
        [report.through_1, _] = self.both("through, prefetch 1, per s; client µs", through(1)).await?;
        let before = self.work();
        [report.through_100, report.client_micros] =
            self.both("through, prefetch 100, per s; client µs", through(100)).await?;
        report.through_micros = self.micros_since(before).0;
        eprintln!("   {:.0} µs of the server's processors", report.through_micros);
        let latency = async |s: &Subject| measure::latency(s, seconds).await;
        [report.p50, report.p99] = self.both("latency, ms, p50; p99", latency).await?;
        let publish = async |s: &Subject| Ok([measure::publish(s, seconds).await?]);
        [report.publish] = self.both("publish, per s", publish).await?;
        report.memory = self.server.rss_mib();
        Ok(())
    }

    /// The same dueslag with many messages waiting.
    pub async fn full_queue(&self, report: &mut Report) -> Result<()> {
        let seconds = self.args.seconds;
        for (subject, rate) in [
            (Some(&self.ours), &mut report.filling.ours),
            (self.rabbitmq.as_ref(), &mut report.filling.rabbitmq),
        ] {
            let Some(subject) = subject else { continue };
            let begun = Instant::now();
            measure::fill(subject, self.args.waiting).await?;
            rate.push(self.args.waiting as f64 / begun.elapsed().as_secs_f64());
            let depth = u64::from(subject.broker.depth(&subject.queue).await?);
            ensure!(depth >= self.args.waiting, "only {depth} messages wait");
        }
        eprintln!("   filled with {}: {}", self.args.waiting, report.filling);
        let through = async |s: &Subject| measure::through(s, 100, seconds).await;
        let before = self.work();
        [report.through_full, _] = self.both("through, full, per s; client µs", through).await?;
        report.through_full_micros = self.micros_since(before).0;
        report.memory_full = self.server.peak_rss_mib();
        eprintln!("   {:.0} MiB, {:.0} MiB full", report.memory, report.memory_full);
        Ok(())
    }
}
