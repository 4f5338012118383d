//! `fundament import` and `fundament generate`: files in and out, with progress and a report.

use crate::cli::Place;
use crate::metrics::Prometheus;
use crate::open;
use adgang::Aarsag;
use anyhow::{Context, Result, bail};
use app::App;
use imports::arbejdsbog::{self, Arbejdsbog, OrganisationInfo, Raekkefejl};
use imports::kle::{self, KleGemt, KleRapport};
use imports::{Forslag, Fund, generer};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use oio::catalog::klassifikation::klasse;
use oio::model::{Indhold, TilstandKode};
use oio::{Cvr, ObjektId, catalog, tid};
use registers::import::{Rapport, alle, anvend, gemte};
use std::collections::HashMap;
use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use uuid::Uuid;

/// Told how many of how many objects are prepared.
type Fremskridt<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// A bar on a terminal, nothing elsewhere.
fn bar(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}").expect("the template is right");
    ProgressBar::new(0).with_style(style).with_message(what)
}

fn follow(bar: &ProgressBar) -> impl Fn(usize, usize) + Sync + use<> {
    let bar = bar.clone();
    move |done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    }
}

async fn open(place: &Place) -> Result<App> {
    open::app(place, Arc::new(Prometheus::default())).await
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} kan ikke læses", path.display()))
}

/// Shows what is wrong in a file; nothing of it was used.
fn refuse<F: Display>(path: &Path, fund: &[F]) -> ExitCode {
    for en in fund {
        eprintln!("{en}");
    }
    eprintln!("{}: {} fejl; intet er indlæst. Ret filen, og prøv igen.", path.display(), fund.len());
    ExitCode::FAILURE
}

fn today(app: &App) -> Date {
    tid::zoned(app.now()).map(|z| z.date()).unwrap_or_default()
}

/// `fundament import kle`.
pub async fn kle(place: &Place, file: &Path, uuids: Option<&Path>, force: bool) -> Result<ExitCode> {
    let bytes = read(file)?;
    let officielle = uuids.map(read).transpose()?;
    let app = open(place).await?;
    let bar = bar("KLE");
    let result = kle_ind(&app, &bytes, officielle.as_deref(), force, &follow(&bar)).await;
    bar.finish_and_clear();
    app.store().close().await;
    match result {
        Ok((kle, rapport)) => {
            println!("{kle}");
            print(&rapport);
            Ok(ExitCode::SUCCESS)
        }
        Err(Afvist::Fil(fund)) => Ok(refuse(file, &fund)),
        Err(Afvist::Andet(fejl)) => Err(fejl),
    }
}

/// Why a file was not loaded.
#[derive(Debug)]
pub enum Afvist {
    /// What is wrong in it.
    Fil(Vec<Fund>),
    /// Anything else.
    Andet(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Afvist {
    fn from(fejl: E) -> Self {
        Self::Andet(fejl.into())
    }
}

impl Afvist {
    /// As an error with a text of its own.
    pub fn into_error(self) -> anyhow::Error {
        match self {
            Self::Fil(fund) => {
                anyhow::anyhow!(fund.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            }
            Self::Andet(fejl) => fejl,
        }
    }
}

/// Loads an edition of KLE.
pub async fn kle_ind(
    app: &App,
    bytes: &[u8],
    officielle: Option<&[u8]>,
    force: bool,
    fremskridt: &Fremskridt<'_>,
) -> Result<(KleRapport, Rapport), Afvist> {
    let udgave = kle::udgave(bytes).map_err(Afvist::Fil)?;
    let officielle =
        officielle.map(imports::klasser::officielle).transpose().map_err(Afvist::Fil)?.unwrap_or_default();
    let stored = |typ| alle(app, Aarsag::ImportKle, Cvr::KOMBIT, typ);
    let gemt = KleGemt::ny(
        stored(&catalog::KLASSE).await?,
        stored(&catalog::FACET).await?,
        stored(&catalog::KLASSIFIKATION).await?,
    );
    let forslag = kle::forslag(&udgave, &gemt, &officielle, force)?;
    let rapport = anvend(app, Aarsag::ImportKle, Cvr::KOMBIT, &forslag.forslag.objekter, fremskridt).await?;
    Ok((forslag.rapport, rapport))
}

/// `fundament import organisation`.
pub async fn organisation(place: &Place, file: &Path, cvr: Cvr, dato: Option<Date>) -> Result<ExitCode> {
    let filer = workbook_files(file)?;
    let bog = match arbejdsbog::laes(&filer) {
        Ok(bog) => bog,
        Err(fejl) => return Ok(refuse(file, &fejl)),
    };
    for advarsel in &bog.advarsler {
        eprintln!("Bemærk: {advarsel}");
    }
    let app = open(place).await?;
    let dato = dato.unwrap_or_else(|| today(&app));
    let bar = bar("Organisation");
    let result = organisation_ind(&app, cvr, &bog, dato, &follow(&bar)).await;
    bar.finish_and_clear();
    app.store().close().await;
    print(&result?);
    Ok(ExitCode::SUCCESS)
}

fn workbook_files(file: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if !file.is_dir() {
        return Ok(vec![(name(file), read(file)?)]);
    }
    let mut filer = Vec::new();
    for entry in std::fs::read_dir(file).with_context(|| format!("{} kan ikke læses", file.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
            filer.push((name(&path), read(&path)?));
        }
    }
    filer.sort();
    Ok(filer)
}

/// The organisation of an authority, with what is stored about it.
async fn organisation_info(app: &App, cvr: Cvr) -> Result<OrganisationInfo> {
    let politik = app.politik();
    let Some((myndighed, organisation)) = politik.part(cvr).and_then(|p| Some((p, p.organisation?))) else {
        bail!(
            "myndigheden {cvr} kendes ikke eller har ingen organisation; start demoen, eller opret den med \
             fundament policy apply"
        );
    };
    let stored = gemte(app, Aarsag::ImportOrganisation, cvr, &catalog::ORGANISATION, &[organisation]).await?;
    let relation = |navn| {
        let indhold = stored.get(&organisation)?;
        indhold.relationer(navn).last().and_then(|r| r.uuid())
    };
    let uuid = organisation.0;
    let virksomhed = relation(catalog::organisation::organisation::VIRKSOMHED.navn);
    Ok(OrganisationInfo {
        uuid,
        cvr,
        navn: myndighed.navn.clone(),
        virksomhed: virksomhed.unwrap_or_else(|| Uuid::new_v5(&uuid, b"virksomhed")),
        // A workbook says nothing of the Myndighed: what is stored stays.
        myndighed: None,
        kle: officiel_kle(app).await?,
    })
}

/// The published classes of KLE by number, when they have official UUIDs; none when theirs follow from the number.
async fn officiel_kle(app: &App) -> Result<HashMap<String, Uuid>> {
    let nu = app.now();
    let mut klasser = HashMap::new();
    for (objekt, indhold) in alle(app, Aarsag::ImportOrganisation, Cvr::KOMBIT, &catalog::KLASSE).await? {
        let i_kle = indhold.relationer(klasse::FACET.navn).any(|r| r.uuid() == Some(kle::EMNEPLAN));
        let publiceret = indhold
            .tilstande
            .iter()
            .any(|t| t.kode == TilstandKode::Publiceret && t.virkning.period.contains(nu));
        let nr = indhold.egenskab_at(nu).and_then(|e| e.tekst(catalog::BRUGERVENDT_NOEGLE.navn));
        if let (true, true, Some(nr)) = (i_kle, publiceret, nr) {
            klasser.insert(nr.to_owned(), objekt.0);
        }
    }
    let by_number = klasser.iter().all(|(nr, uuid)| *uuid == kle::klasse_uuid(kle::EMNEPLAN, nr));
    Ok(if by_number { HashMap::new() } else { klasser })
}

/// Loads a workbook, effective from `dato`: until then what was recorded, from then on what it says.
async fn organisation_ind(
    app: &App,
    cvr: Cvr,
    bog: &Arbejdsbog,
    dato: Date,
    fremskridt: &Fremskridt<'_>,
) -> Result<Rapport> {
    let info = organisation_info(app, cvr).await?;
    let forslag = arbejdsbog::forslag(bog, &info, dato).map_err(rows)?;
    let stored = stored(app, cvr, &forslag).await?;
    let fra = tid::midnight(dato).context("datoen ligger uden for kalenderen")?;
    let forslag = forslag.flet(&stored, fra);
    Ok(anvend(app, Aarsag::ImportOrganisation, cvr, &forslag.objekter, fremskridt).await?)
}

fn rows(fejl: Vec<Raekkefejl>) -> anyhow::Error {
    let lines: Vec<String> = fejl.iter().map(ToString::to_string).collect();
    anyhow::anyhow!(
        "{}\n{} fejl; intet er indlæst. Ret arbejdsbogen, og prøv igen.",
        lines.join("\n"),
        fejl.len()
    )
}

async fn stored(app: &App, cvr: Cvr, forslag: &Forslag) -> Result<HashMap<ObjektId, Indhold>> {
    let mut alle = HashMap::new();
    for (typ, ids) in forslag.ids() {
        alle.extend(gemte(app, Aarsag::ImportOrganisation, cvr, typ, &ids).await?);
    }
    Ok(alle)
}

fn print(rapport: &Rapport) {
    for (what, counts) in
        [("nye", &rapport.nye), ("ændrede", &rapport.aendrede), ("uændrede", &rapport.uaendrede)]
    {
        let parts: Vec<String> = counts.iter().map(|(typ, n)| format!("{n} {typ}")).collect();
        if !parts.is_empty() {
            println!("{what}: {}", parts.join(", "));
        }
    }
    println!("{} objekter set, {} skrevet", rapport.i_alt(), rapport.skrevet());
}

/// `fundament generate`.
pub fn generate(units: usize, users: usize, seed: u64, out: &Path) -> Result<()> {
    let bog = generer::generer(units, users, seed);
    let write = |path: &Path, bytes: &[u8]| {
        std::fs::write(path, bytes).with_context(|| format!("{} kan ikke skrives", path.display()))
    };
    if out.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        write(out, &arbejdsbog::skriv_xlsx(&bog))?;
    } else {
        std::fs::create_dir_all(out)?;
        for (name, bytes) in arbejdsbog::skriv_csv(&bog) {
            write(&out.join(name), &bytes)?;
        }
    }
    println!("{} rækker skrevet til {}", bog.antal_raekker(), out.display());
    Ok(())
}
