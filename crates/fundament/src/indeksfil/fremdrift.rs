//! How far a file has come: a bar for whoever waits at a terminal, a line now and then for everybody else.

use super::Kilde;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Between two lines, where there is no terminal.
const LINJE: Duration = Duration::from_secs(15);

/// The progress of one file.
pub struct Fremdrift {
    bar: ProgressBar,
    navn: String,
    bytes: u64,
    laest: Arc<AtomicU64>,
    /// Bytes that were read by an earlier load.
    foer: u64,
    objekter: u64,
    afviste: u64,
    begyndt: Instant,
    sagt: Option<Instant>,
}

impl Fremdrift {
    /// Of a file that is about to be read; shown on a terminal alone.
    pub fn ny(path: &Path, kilde: &Kilde) -> Self {
        let bytes = std::fs::metadata(path).map_or(0, |m| m.len());
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {percent}% {msg}")
            .expect("the template is right");
        let navn = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let bar = ProgressBar::new(bytes).with_style(style).with_prefix(navn.clone());
        let laest = kilde.laest();
        let foer = laest.load(Ordering::Relaxed);
        let begyndt = Instant::now();
        Self { bar, navn, bytes, laest, foer, objekter: 0, afviste: 0, begyndt, sagt: None }
    }

    /// The same, with lines where there is no terminal.
    pub fn med_linjer(self) -> Self {
        let sagt = (!std::io::stderr().is_terminal()).then_some(self.begyndt);
        Self { sagt, ..self }
    }

    /// So many more are done.
    pub fn objekter(&mut self, antal: u64) {
        self.objekter += antal;
        self.vis();
    }

    /// So many were refused.
    pub fn afviste(&mut self, antal: u64) {
        self.afviste += antal;
    }

    fn vis(&mut self) {
        let laest = self.laest.load(Ordering::Relaxed).min(self.bytes);
        self.bar.set_position(laest);
        let brugt = self.begyndt.elapsed();
        let tekst = self.tekst(laest, brugt);
        if self.sagt.is_some_and(|sagt| sagt.elapsed() >= LINJE) {
            self.sagt = Some(Instant::now());
            eprintln!("{}: {} % {tekst}", self.navn, 100 * laest / self.bytes.max(1));
        }
        self.bar.set_message(tekst);
    }

    fn tekst(&self, laest: u64, brugt: Duration) -> String {
        let hastighed = self.objekter as f64 / brugt.as_secs_f64().max(0.001);
        let nye = laest.saturating_sub(self.foer).max(1);
        let rest = brugt.mul_f64(self.bytes.saturating_sub(laest) as f64 / nye as f64);
        format!(
            "{} objekter, {}/s, {} afvist, {} tilbage",
            HumanCount(self.objekter),
            HumanCount(hastighed as u64),
            HumanCount(self.afviste),
            kort(rest)
        )
    }

    /// Takes the bar away; how long it took.
    pub fn slut(&self) -> Duration {
        self.bar.finish_and_clear();
        self.begyndt.elapsed()
    }
}

/// Hours and minutes, or seconds when they are few.
fn kort(tid: Duration) -> String {
    let sekunder = tid.as_secs();
    match (sekunder / 3600, sekunder / 60 % 60) {
        (0, 0) => format!("{sekunder} s"),
        (0, minutter) => format!("{minutter} min"),
        (timer, minutter) => format!("{timer} t {minutter} min"),
    }
}
