//! The section on messages, in Markdown.

use super::measure::{IN_FLIGHT, STEADY};
use super::politik::TRAEFFER;
use crate::report::put;
use anyhow::Result;
use std::fmt::{self, Write};
use std::path::Path;

/// What was measured of both, as often as it was measured.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    pub ours: Vec<f64>,
    pub rabbitmq: Vec<f64>,
}

fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

impl Pair {
    fn ours(&self) -> f64 {
        median(&self.ours)
    }

    fn rabbitmq(&self) -> f64 {
        median(&self.rabbitmq)
    }

    fn ratio(&self) -> f64 {
        self.ours() / self.rabbitmq()
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1?} beside {:.1?}", self.ours, self.rabbitmq)
    }
}

/// All figures of one run.
#[derive(Debug, Default)]
pub struct Report {
    pub seconds: u64,
    pub times: usize,
    pub waiting: u64,
    /// Publishing to one dueslag.
    pub publish: Pair,
    /// Publishing and consuming one dueslag with prefetch 1.
    pub through_1: Pair,
    /// The same with prefetch 100.
    pub through_100: Pair,
    /// Microseconds of the server's processors for each message of those.
    pub through_micros: f64,
    /// The same of the client's.
    pub client_micros: Pair,
    /// Milliseconds from publish to delivery.
    pub p50: Pair,
    pub p99: Pair,
    /// By number of subscriptions: publishing, and microseconds of the server's processors for each message.
    pub fan_out: Vec<(usize, Pair, f64)>,
    /// Messages a second while filling.
    pub filling: Pair,
    /// Prefetch 100, with many messages waiting.
    pub through_full: Pair,
    /// As `through_micros`, with them.
    pub through_full_micros: f64,
    /// Resident memory of ours after all that was measured with one dueslag, and the most there was until the end.
    pub memory: f64,
    pub memory_full: f64,
}

fn met(yes: bool) -> &'static str {
    if yes { "yes" } else { "**no**" }
}

impl Report {
    /// Puts the section into the file at `path`.
    pub fn write(&self, path: &Path) -> Result<()> {
        put(path, "beskeder", &self.render())
    }

    /// The section.
    pub fn render(&self) -> String {
        let mut out = format!(
            "Each figure is the median of {} measurements of {} s, ours and RabbitMQ in turn.\n\n\
             | Measured | Fundament | RabbitMQ | Ratio | Aim | Met |\n|---|---|---|---|---|---|\n",
            self.times, self.seconds
        );
        let _ = self.beside(&mut out);
        let _ = self.alone(&mut out);
        out
    }

    fn beside(&self, out: &mut String) -> fmt::Result {
        let thousand = self.fan_out.iter().find(|(subscriptions, ..)| *subscriptions == 1_000);
        let thousand = thousand.map(|(_, rate, _)| rate.clone()).unwrap_or_default();
        let waiting = self.waiting;
        for (name, pair, aim) in [
            (format!("Published and confirmed, {IN_FLIGHT} in flight, per s"), &self.publish, None),
            ("Through one dueslag, prefetch 1, per s".into(), &self.through_1, Some(1.0)),
            ("Through one dueslag, prefetch 100, per s".into(), &self.through_100, Some(1.0)),
            ("The client's processor for each of those, µs".into(), &self.client_micros, None),
            (format!("Published to {TRAEFFER} of 1,000 subscriptions, per s"), &thousand, Some(5.0)),
            (format!("Filling one dueslag with {waiting}, per s"), &self.filling, None),
            (format!("Through it with {waiting} waiting, prefetch 100, per s"), &self.through_full, None),
        ] {
            let (ours, rabbitmq, ratio) = (pair.ours(), pair.rabbitmq(), pair.ratio());
            let (aim, met) = match aim {
                Some(aim) => (format!("ratio ≥ {aim:.1}"), met(ratio >= aim)),
                None => (String::new(), ""),
            };
            writeln!(out, "| {name} | {ours:.0} | {rabbitmq:.0} | {ratio:.2} | {aim} | {met} |")?;
        }
        for (name, pair, aim, met) in
            [("p50", &self.p50, "< 5 ms", met(self.p50.ours() < 5.0)), ("p99", &self.p99, "", "")]
        {
            let (ours, rabbitmq, ratio) = (pair.ours(), pair.rabbitmq(), pair.ratio());
            writeln!(
                out,
                "| Publish to delivery at {STEADY} per s, {name}, ms | {ours:.2} | {rabbitmq:.2} | {ratio:.2} | {aim} | {met} |"
            )?;
        }
        Ok(())
    }

    fn alone(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "\n| Fundament alone | | Aim | Met |\n|---|---|---|---|")?;
        for (subscriptions, rate, micros) in &self.fan_out {
            let rate = rate.ours();
            writeln!(
                out,
                "| Published to {TRAEFFER} of {subscriptions} subscriptions, per s (µs of processor for each) | {rate:.0} \
                 ({micros:.0}) | | |"
            )?;
        }
        if let [(few, _, first), .., (many, _, last)] = self.fan_out.as_slice() {
            let cost = last / first;
            writeln!(
                out,
                "| Processor for a message with {many} subscriptions, of that with {few} | {cost:.2} | ≤ 1.3 | {} |",
                met(cost <= 1.3)
            )?;
        }
        writeln!(
            out,
            "| Processor for a message through one dueslag, prefetch 100, µs | {:.0} | | |",
            self.through_micros
        )?;
        writeln!(
            out,
            "| The same with {} messages waiting, µs | {:.0} | | |",
            self.waiting, self.through_full_micros
        )?;
        let change = self.through_full.ours() / self.through_100.ours() - 1.0;
        writeln!(
            out,
            "| Change of throughput with {} messages waiting | {:+.0} % | < 20 % slower | {} |",
            self.waiting,
            change * 100.0,
            met(change > -0.2)
        )?;
        writeln!(out, "| Resident memory with few messages waiting, MiB | {:.0} | | |", self.memory)?;
        writeln!(
            out,
            "| Highest resident memory with {} messages waiting, MiB | {:.0} | < 300 | {} |",
            self.waiting,
            self.memory_full,
            met(self.memory_full < 300.0)
        )
    }
}
