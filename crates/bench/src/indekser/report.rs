//! What is told of the indexes, in Markdown.

use super::measure::{Figures, Page};
use crate::floor::Floor;
use crate::report::{figure, floor, put};
use anyhow::Result;
use std::fmt::Write;
use std::path::Path;

/// All figures.
#[derive(Debug, Default)]
pub struct Report {
    /// The bare figures.
    pub floor: Floor,
    /// Each data set on each database.
    pub runs: Vec<Run>,
}

/// One data set on one database.
#[derive(Debug)]
pub struct Run {
    /// The database.
    pub database: &'static str,
    /// Cases in the data set.
    pub sager: usize,
    /// What was measured.
    pub figures: Figures,
}

type Row = (&'static str, fn(&Figures) -> String);

const ROWS: [Row; 16] = [
    ("Objects taken on", |f| f.objects.to_string()),
    ("Take-on, objects per s (file to durable, process included)", |f| {
        format!("{:.0}", f.objects as f64 / f.import_seconds)
    }),
    ("Updates taken on, per s", |f| format!("{:.0}", f.updates as f64 / f.update_seconds)),
    ("Bytes on disk for each object, keys included", |f| format!("{:.0}", f.bytes as f64 / f.objects as f64)),
    ("Start with data, s", |f| format!("{:.2}", f.start_seconds)),
    ("Idle memory, MiB", |f| format!("{:.0}", f.idle_mib)),
    ("Highest memory, MiB", |f| format!("{:.0}", f.peak_mib)),
    ("`fremsoeg` by person, per s (p50 / p99 ms)", |f| figure(f.person)),
    ("Cases found by each of those", |f| format!("{:.1}", f.person_hits)),
    ("`fremsoeg` by `SagUuid`, per s (p50 / p99 ms)", |f| figure(f.uuid)),
    ("Overview: a person's cases, then grants, per s (p50 / p99 ms)", |f| figure(f.overblik)),
    ("KLE 32.\\*, owner, a year: first page, ms p50 (slowest)", |f| page(&f.year)),
    ("KLE 32.\\*, owner, a month: first page, ms p50 (slowest)", |f| page(&f.month)),
    ("Those in the month, by the answer", |f| f.month.antal.to_string()),
    ("`importer` of one case, durable, per s (p50 / p99 ms)", |f| figure(f.importer)),
    ("`opdater` of one case, durable, per s (p50 / p99 ms)", |f| figure(f.opdater)),
];

type Rate = (&'static str, fn(&Figures) -> f64);

/// What is to be as fast with ten times as much, as something per second.
const RATES: [Rate; 8] = [
    ("Take-on", |f| f.objects as f64 / f.import_seconds),
    ("`fremsoeg` by person", |f| f.person.per_second),
    ("`fremsoeg` by `SagUuid`", |f| f.uuid.per_second),
    ("Overview", |f| f.overblik.per_second),
    ("First page of a year", |f| 1.0 / f.year.p50),
    ("First page of a month", |f| 1.0 / f.month.p50),
    ("`importer`", |f| f.importer.per_second),
    ("`opdater`", |f| f.opdater.per_second),
];

fn page(page: &Page) -> String {
    format!("{:.1} ({:.1})", page.p50, page.slowest)
}

impl Report {
    /// Puts the figures into the file at `path`, between their markers.
    pub fn write(&self, path: &Path) -> Result<()> {
        put(path, "indekser", &self.render())
    }

    /// The figures as Markdown.
    pub fn render(&self) -> String {
        let mut out = floor(&self.floor);
        table(
            &mut out,
            "Measured",
            &self.runs,
            |r| format!("{}, {} cases", r.database, r.sager),
            &ROWS,
            |r, f| f(&r.figures),
        );
        let larger = self.larger();
        if !larger.is_empty() {
            let head =
                |(foer, nu): &(&Run, &Run)| format!("{}, {} of {} cases", nu.database, nu.sager, foer.sager);
            let ratio = |(foer, nu): &(&Run, &Run), rate: &fn(&Figures) -> f64| {
                format!("{:.2}", rate(&nu.figures) / rate(&foer.figures))
            };
            table(&mut out, "How fast, of how fast before", &larger, head, &RATES, ratio);
        }
        out
    }

    /// Each data set with the next smaller one on the same database.
    fn larger(&self) -> Vec<(&Run, &Run)> {
        let foer = |nu: &Run| {
            let mindre = self.runs.iter().filter(|r| r.database == nu.database && r.sager < nu.sager);
            mindre.max_by_key(|r| r.sager)
        };
        self.runs.iter().filter_map(|nu| Some((foer(nu)?, nu))).collect()
    }
}

/// A table with a column for each of `columns`.
fn table<C, V>(
    out: &mut String,
    what: &str,
    columns: &[C],
    head: impl Fn(&C) -> String,
    rows: &[(&str, V)],
    cell: impl Fn(&C, &V) -> String,
) {
    let heads: Vec<String> = columns.iter().map(head).collect();
    let _ = writeln!(out, "\n| {what} | {} |\n|---|{}", heads.join(" | "), "---|".repeat(columns.len()));
    for (name, value) in rows {
        let cells: Vec<String> = columns.iter().map(|c| cell(c, value)).collect();
        let _ = writeln!(out, "| {name} | {} |", cells.join(" | "));
    }
}

#[cfg(test)]
mod tests {
    use super::{Figures, Report, Run};
    use crate::load::Figure;

    #[test]
    fn a_data_set_is_put_beside_the_next_smaller_one_on_the_same_database() {
        let run = |database, sager, per_second| {
            let person = Figure { per_second, ..Figure::default() };
            Run { database, sager, figures: Figures { person, ..Figures::default() } }
        };
        let runs = vec![run("SQLite", 10, 400.0), run("PostgreSQL", 10, 100.0), run("SQLite", 100, 300.0)];
        let text = Report { runs, ..Report::default() }.render();
        assert!(
            text.contains("| How fast, of how fast before | SQLite, 100 of 10 cases |\n|---|---|\n"),
            "{text}"
        );
        assert!(text.contains("| `fremsoeg` by person | 0.75 |"), "{text}");
    }
}
