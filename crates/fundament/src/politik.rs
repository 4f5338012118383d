//! `fundament policy`: the policy as files. What they mean is decided in `administration`, what is stored in `app`.

use crate::cli::Place;
use crate::metrics::Prometheus;
use crate::open;
use administration::{Format, Fund, Politikdata, laes, skriv};
use anyhow::{Context, Result, bail, ensure};
use app::{App, PolitikFejl};
use std::fs;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Largest policy file read.
const FIL_MAX: u64 = 64 * 1024 * 1024;

/// Writes the whole policy.
pub async fn export(place: &Place, path: Option<&Path>) -> Result<()> {
    let app = aabn(place).await?;
    let data = app.laes_politik().await?.data;
    app.store().close().await;
    let Some(path) = path else {
        print!("{}", skriv(&data, Format::Toml));
        return Ok(());
    };
    if let Some(format) = format(path).filter(|_| !path.is_dir()) {
        return gem(path, &skriv(&data, format));
    }
    ensure!(
        path.extension().is_none() || path.is_dir(),
        "{} skal ende på .toml eller .json eller være en mappe",
        path.display()
    );
    fs::create_dir_all(path).with_context(|| format!("{} kan ikke oprettes", path.display()))?;
    let tom = Politikdata::default;
    for (navn, del) in [
        ("parter", Politikdata { parter: data.parter, ..tom() }),
        ("services", Politikdata { services: data.services, roller: data.roller, ..tom() }),
        ("systemer", Politikdata { systemer: data.systemer, ..tom() }),
        (
            "aftaler",
            Politikdata { aftaler: data.aftaler, foederationsaftaler: data.foederationsaftaler, ..tom() },
        ),
        ("dueslag", Politikdata { dueslag: data.dueslag, abonnementer: data.abonnementer, ..tom() }),
    ] {
        gem(&path.join(navn).with_extension("toml"), &skriv(&del, Format::Toml))?;
    }
    Ok(())
}

/// Shows what a file would change. Fails when it cannot be applied.
pub async fn diff(place: &Place, path: &Path, slet: bool) -> Result<ExitCode> {
    let Some(vil) = hent(path)? else { return Ok(ExitCode::FAILURE) };
    let app = aabn(place).await?;
    let plan = app.laes_politik().await?.plan(&vil, slet);
    app.store().close().await;
    match plan {
        Ok(plan) => {
            print!("{plan}");
            Ok(ExitCode::SUCCESS)
        }
        Err(fejl) => Ok(nej(&fejl)),
    }
}

/// Puts a file in force, after showing what changes and asking.
pub async fn apply(place: &Place, path: &Path, slet: bool, ja: bool) -> Result<ExitCode> {
    let Some(vil) = hent(path)? else { return Ok(ExitCode::FAILURE) };
    let app = aabn(place).await?;
    let svar = anvend(&app, &vil, slet, ja).await;
    app.store().close().await;
    svar
}

async fn anvend(app: &App, vil: &Politikdata, slet: bool, ja: bool) -> Result<ExitCode> {
    let laest = app.laes_politik().await?;
    let plan = match laest.plan(vil, slet) {
        Ok(plan) => plan,
        Err(fejl) => return Ok(nej(&fejl)),
    };
    print!("{plan}");
    if plan.er_tom() {
        return Ok(ExitCode::SUCCESS);
    }
    if !ja && !spoerg()? {
        println!("Intet er ændret.");
        return Ok(ExitCode::FAILURE);
    }
    if let Err(fejl) = app.anvend_politik(&laest, &plan).await {
        return Ok(nej(&fejl));
    }
    println!(
        "Anvendt. Politikken er nu {}; den gælder på alle servere inden for {} sekunder.",
        app.politik().version(),
        app.config().politik_sekunder
    );
    Ok(ExitCode::SUCCESS)
}

fn nej(fejl: &PolitikFejl) -> ExitCode {
    eprintln!("{fejl}");
    ExitCode::FAILURE
}

async fn aabn(place: &Place) -> Result<App> {
    open::app(place, Arc::new(Prometheus::default())).await
}

/// Asks on the terminal.
fn spoerg() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("sig --ja, når der ikke er nogen at spørge");
    }
    print!("Anvend? [ja/nej] ");
    std::io::stdout().flush()?;
    let mut svar = String::new();
    std::io::stdin().lock().read_line(&mut svar)?;
    Ok(matches!(svar.trim().to_lowercase().as_str(), "ja" | "j"))
}

fn format(path: &Path) -> Option<Format> {
    Format::af_navn(path.file_name()?.to_str()?)
}

fn gem(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("{} kan ikke skrives", path.display()))
}

/// Reads a file, or all policy files of a folder in the order of their names. What is wrong in any of them is printed.
fn hent(path: &Path) -> Result<Option<Politikdata>> {
    let mut filer: Vec<PathBuf> = if path.is_dir() {
        let indhold = fs::read_dir(path).with_context(|| format!("{} kan ikke læses", path.display()))?;
        let alle = indhold.map(|fil| Ok(fil?.path())).collect::<Result<Vec<_>>>()?;
        alle.into_iter().filter(|fil| format(fil).is_some()).collect()
    } else {
        vec![path.to_owned()]
    };
    filer.sort();
    ensure!(!filer.is_empty(), "{} har ingen .toml- eller .json-filer", path.display());
    let (mut samlet, mut fund) = (Politikdata::default(), Vec::<Fund>::new());
    for fil in filer {
        let format =
            format(&fil).with_context(|| format!("{} skal ende på .toml eller .json", fil.display()))?;
        let laeselig = || format!("{} kan ikke læses", fil.display());
        ensure!(fs::metadata(&fil).with_context(laeselig)?.len() <= FIL_MAX, "{} er for stor", fil.display());
        let text = fs::read_to_string(&fil).with_context(laeselig)?;
        match laes(&fil.display().to_string(), &text, format) {
            Ok(data) => samlet.tilfoej(data),
            Err(fejl) => fund.extend(fejl),
        }
    }
    if fund.is_empty() {
        return Ok(Some(samlet));
    }
    eprintln!("politikken kan ikke læses, og intet er ændret:");
    fund.iter().for_each(|fund| eprintln!("    {fund}"));
    Ok(None)
}
