//! The report, in Markdown.

use crate::floor::Floor;
use crate::load::Figure;
use crate::scenario::Figures;
use anyhow::Result;
use std::fmt::Write;
use std::path::Path;

/// All figures of one run.
#[derive(Debug, Default)]
pub struct Report {
    /// The bare figures.
    pub floor: Floor,
    /// Database, scale and figures.
    pub runs: Vec<(&'static str, usize, Figures)>,
}

type Row = (&'static str, fn(&Figures) -> String);

const ROWS: [Row; 13] = [
    ("Objects read by fremsoegobjekthierarki", |f| f.fremsoegt.to_string()),
    ("Workbook loaded, s (file to durable, process included)", |f| format!("{:.1}", f.workbook_seconds)),
    ("KLE file loaded, s (process included)", |f| {
        f.kle_seconds.map_or("not run".into(), |s| format!("{s:.2}"))
    }),
    ("Start with data, s", |f| format!("{:.2}", f.start_seconds)),
    ("Idle memory, MiB", |f| format!("{:.0}", f.idle_mib)),
    ("Highest memory seen under load, MiB", |f| format!("{:.0}", f.peak_mib)),
    ("`laes` by UUID, per s (p50 / p99 ms)", |f| figure(f.laes)),
    ("`soeg` relation + attribute, per s (p50 / p99 ms)", |f| figure(f.soeg)),
    ("`importer`, durable, per s (p50 / p99 ms)", |f| figure(f.importer)),
    ("`ret`, durable, per s (p50 / p99 ms)", |f| figure(f.ret)),
    ("Units in the `list` measurement", |f| f.listed.to_string()),
    ("`list` of those units in calls of 500, ms in all", |f| format!("{:.0}", f.list_ms)),
    ("`fremsoegobjekthierarki` of everything, objects per s", |f| format!("{:.0}", f.fremsoeg_per_second)),
];

/// Per second, and the median and 99th percentile of latency.
pub fn figure(f: Figure) -> String {
    format!("{:.0} ({:.1} / {:.1})", f.per_second, f.p50, f.p99)
}

/// Puts text into the file at `path` between the markers of this name, which stand in a report that also says what the
/// figures mean. A file without them gets them at its end.
pub fn put(path: &Path, name: &str, text: &str) -> Result<()> {
    let (begin, end) = (format!("<!-- {name} begin -->"), format!("<!-- {name} end -->"));
    let old = std::fs::read_to_string(path).unwrap_or_default();
    let around = old.split_once(&begin).and_then(|(head, rest)| Some((head, rest.split_once(&end)?.1)));
    let (head, tail) = around.unwrap_or((&old, "\n"));
    Ok(std::fs::write(path, format!("{head}{begin}\n{text}\n{end}{tail}"))?)
}

/// The floor as a table.
pub fn floor(floor: &Floor) -> String {
    let mut out = String::from("| Floor | per s |\n|---|---|\n");
    let known = |n: Option<f64>| n.map_or("not run".into(), |n| format!("{n:.0}"));
    for (name, value) in [
        ("SQLite: one row by key, one thread", Some(floor.sqlite_read)),
        ("SQLite: one durable insert per commit, one thread", Some(floor.sqlite_insert)),
        ("PostgreSQL: one row by key, 32 connections", floor.postgres_read),
        ("PostgreSQL: one durable insert per commit, 32 connections", floor.postgres_insert),
        ("The same 2,000 bytes over TLS keep-alive, 32 connections", Some(floor.tls_echo)),
    ] {
        let _ = writeln!(out, "| {name} | {} |", known(value));
    }
    out
}

impl Report {
    /// Puts the figures into the file at `path`, between its markers.
    pub fn write(&self, path: &Path, units: usize) -> Result<()> {
        put(path, "figures", &self.render(units))
    }

    /// The report as Markdown.
    pub fn render(&self, units: usize) -> String {
        let mut out = floor(&self.floor);
        out.push_str("\n| Measured |");
        for (database, scale, _) in &self.runs {
            let _ = write!(out, " {database}, {} units |", units * scale);
        }
        out.push_str("\n|---|");
        out.push_str(&"---|".repeat(self.runs.len()));
        for (name, value) in ROWS {
            let _ = write!(out, "\n| {name} |");
            for (_, _, figures) in &self.runs {
                let _ = write!(out, " {} |", value(figures));
            }
        }
        out.push('\n');
        out
    }
}
