//! Logs on stderr. Callers log ids, codes and times; never bodies, names, CPR numbers or keys.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Starts logging. An unreadable level is told, and `info` used.
pub fn start(level: &str, format: LogFormat) {
    let filter = EnvFilter::try_new(level).unwrap_or_else(|fejl| {
        eprintln!("Logniveauet '{level}' forstås ikke ({fejl}); bruger info");
        EnvFilter::new("info")
    });
    // The client of RabbitMQ would write whole messages that came back.
    let filter = filter.add_directive("lapin=error".parse().expect("a directive"));
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Text => {
            registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).init()
        }
        LogFormat::Json => {
            registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).init()
        }
    }
}
