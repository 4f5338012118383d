//! `fundament import indeks`: a first load of an index from files, resumed where it was stopped.

mod job;
mod sted;
#[cfg(test)]
mod tests;

use crate::cli::ImportIndeksArgs;
use crate::indeksfil::{BESKADIGET, Kilde, Laesefejl, beskadiget};
use crate::metrics::Prometheus;
use crate::open;
use anyhow::{Context, Result, bail, ensure};
use app::App;
use job::{Job, Rapport};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code when something kept the files from being loaded.
const IKKE_INDLAEST: u8 = 2;

/// Loads the files and prints what became of them: 0 when nothing was refused, 1 when something was, 2 when it could not be done.
pub async fn run(args: &ImportIndeksArgs) -> ExitCode {
    match indlaes(args).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fejl) => {
            eprintln!("Fejl: {fejl:#}");
            ExitCode::from(IKKE_INDLAEST)
        }
    }
}

async fn indlaes(args: &ImportIndeksArgs) -> Result<bool> {
    // Before anything is opened: what cannot be read is told at once.
    let filer = i_raekkefoelge(&args.filer)?;
    let app = open::app(&args.place, Arc::new(Prometheus::default())).await?;
    let resultat = alle(args, &app, &filer).await;
    app.store().close().await;
    resultat
}

/// The files, imports before updates, so that what is updated is there.
fn i_raekkefoelge(filer: &[PathBuf]) -> Result<Vec<&Path>> {
    let navne: HashSet<_> = filer.iter().map(|f| f.file_name()).collect();
    ensure!(navne.len() == filer.len(), "to af filerne hedder det samme; indlæs dem hver for sig");
    let (mut importer, mut opdateringer) = (Vec::new(), Vec::new());
    for path in filer {
        match Kilde::aabn(path, None) {
            Ok(kilde) if kilde.rod().opdatering() => opdateringer.push(path.as_path()),
            // What is wrong with a file is told in its turn.
            Ok(_) | Err(Laesefejl::Fil(_)) => importer.push(path.as_path()),
            Err(Laesefejl::Io(fejl)) if beskadiget(&fejl) => importer.push(path.as_path()),
            Err(Laesefejl::Io(fejl)) => {
                return Err(fejl).with_context(|| format!("{} kan ikke læses", path.display()));
            }
        }
    }
    importer.extend(opdateringer);
    Ok(importer)
}

/// What is wrong with a file, in words; what keeps it from being read at all is an error.
fn filfejl(path: &Path, fejl: Laesefejl) -> Result<String> {
    match fejl {
        Laesefejl::Fil(fejl) => Ok(fejl.to_string()),
        Laesefejl::Io(fejl) if beskadiget(&fejl) => Ok(BESKADIGET.to_owned()),
        Laesefejl::Io(fejl) => Err(fejl).with_context(|| format!("{} kan ikke læses", path.display())),
    }
}

async fn alle(args: &ImportIndeksArgs, app: &App, filer: &[&Path]) -> Result<bool> {
    ensure!(
        app.politik().part(args.cvr).is_some(),
        "myndigheden {} kendes ikke; opret den med fundament policy apply",
        args.cvr
    );
    if let Err(fejl) = indekser::kontroller(app.config()) {
        bail!("{fejl}");
    }
    let afviste = args.afviste.clone().unwrap_or_else(|| args.place.data.join("afviste"));
    let stoppet = stop_ved_afbrydelse();
    let job = Job {
        app,
        cvr: args.cvr,
        system: args.system,
        haendelser: args.med_haendelser,
        afviste: &afviste,
        forfra: args.forfra,
        portion: indekser::overtag::PORTION_MAX,
        stop: &|_| stoppet.load(Ordering::Relaxed),
    };
    let mut rent = true;
    for path in filer {
        let rapport = job.fil(path).await?;
        print!("{}", rapport.tekst());
        rent &= rapport.rent();
        ensure!(!rapport.stoppet, "indlæsningen er stoppet; den samme kommando går videre, hvor den slap");
    }
    Ok(rent)
}

/// Becomes true when somebody interrupts: what is under way is finished, and the place noted.
fn stop_ved_afbrydelse() -> Arc<AtomicBool> {
    let stoppet = Arc::new(AtomicBool::new(false));
    let saet = stoppet.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            saet.store(true, Ordering::Relaxed);
        }
    });
    stoppet
}

impl Rapport {
    /// Whether nothing was refused.
    const fn rent(&self) -> bool {
        self.fejl.is_none() && self.sted.afvist == 0
    }

    /// What became of a file, for people.
    fn tekst(&self) -> String {
        use std::fmt::Write;
        let mut ud = String::new();
        let s = &self.sted;
        let hvor = if self.allerede {
            "var indlæst (brug --forfra for at indlæse den igen)"
        } else if s.slut {
            "indlæst"
        } else {
            "ikke indlæst til ende"
        };
        let mut linje = |tekst: String| writeln!(ud, "{tekst}").expect("writing to a string cannot fail");
        linje(format!("{}: {hvor}", self.navn));
        linje(format!(
            "  {} objekter: {} nye eller ændrede, {} var der i forvejen, {} afvist",
            s.nr, s.gemt, s.fandtes, s.afvist
        ));
        if self.objekter > 0 {
            let sekunder = self.tid.as_secs_f64().max(0.001);
            let hastighed = (self.objekter as f64 / sekunder) as u64;
            linje(format!(
                "  {} objekter denne gang på {sekunder:.1} s: {hastighed} objekter/s",
                self.objekter
            ));
        }
        for (regel, antal) in &s.regler {
            linje(format!("  afvist af {regel}: {antal}"));
        }
        if let Some(path) = &self.afvist_fil {
            linje(format!("  afviste objekter: {} (ret dem, og indlæs den fil)", path.display()));
        }
        if let Some(fejl) = &self.fejl {
            linje(format!("  fejl i filen: {fejl}; det, der står før, er indlæst"));
        }
        ud
    }
}
