//! The fejlkø of a dueslag: look, put back, delete.

use super::vis::tid;
use super::{DRIFT, med, navn};
use crate::cli::Place;
use anyhow::{Result, bail, ensure};
use app::App;
use beskedfordeler::{Fordeler, IkkeDer};
use clap::Subcommand;
use std::process::ExitCode;
use uuid::Uuid;

/// Most entries shown, and most looked through for a BeskedId, at a time.
const SIDE: u64 = 200;

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum FejlCommand {
    /// Vis, hvad der er i fejlkøen, og hvorfor
    List {
        /// Dueslaget
        dueslag: Uuid,
        #[command(flatten)]
        place: Place,
    },
    /// Vis en beskeds indhold; det står i loggen, hvem der har set den
    Show {
        /// Dueslaget
        dueslag: Uuid,
        /// BeskedId
        besked_id: String,
        /// Hvem der ser den
        #[arg(long)]
        hvem: String,
        #[command(flatten)]
        place: Place,
    },
    /// Læg beskeder sidst i dueslaget igen
    Retry {
        /// Dueslaget
        dueslag: Uuid,
        /// BeskedId'er
        besked_id: Vec<String>,
        /// Dem alle
        #[arg(long, conflicts_with = "besked_id")]
        alle: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Slet beskeder
    Discard {
        /// Dueslaget
        dueslag: Uuid,
        /// BeskedId'er
        #[arg(required = true)]
        besked_id: Vec<String>,
        #[command(flatten)]
        place: Place,
    },
}

/// Does it.
pub(super) async fn run(command: FejlCommand) -> Result<ExitCode> {
    match command {
        FejlCommand::List { dueslag, place } => {
            med(&place, false, async |app| list(app, dueslag).await).await
        }
        FejlCommand::Show { dueslag, besked_id, hvem, place } => {
            med(&place, true, async |app| vis(app, dueslag, &besked_id, &hvem).await).await
        }
        FejlCommand::Retry { dueslag, besked_id, alle, place } => {
            ensure!(alle || !besked_id.is_empty(), "nævn beskedernes BeskedId, eller --alle");
            let broker = place.broker.as_deref();
            med(&place, true, async |app| retry(app, broker, dueslag, &besked_id).await).await
        }
        FejlCommand::Discard { dueslag, besked_id, place } => {
            med(&place, true, async |app| slet(app, dueslag, &besked_id).await).await
        }
    }
}

async fn list(app: &App, dueslag: Uuid) -> Result<ExitCode> {
    let navn = navn(app, dueslag)?;
    let mut efter = None;
    let mut antal = 0_u64;
    loop {
        let side = app.store().fejlkoe(dueslag, efter, SIDE).await?;
        for post in &side {
            let http = post.http.map_or_else(String::new, |h| format!(", HTTP {h}"));
            let kode = post.statuskode.map_or_else(String::new, |k| format!(", StatusKode {k}"));
            println!("{}  {}  {}{http}{kode}", tid(post.tid), post.besked_id, post.aarsag.tekst());
        }
        antal += side.len() as u64;
        match side.last() {
            Some(sidste) => efter = Some(sidste.plads),
            None => break,
        }
    }
    println!("{navn}: {antal} i fejlkøen");
    Ok(ExitCode::SUCCESS)
}

/// The messages of these BeskedId; fails when one of them is not there.
async fn find(fordeler: &Fordeler, dueslag: Uuid, besked_id: &[String]) -> Result<Vec<i64>> {
    match fordeler.i_fejlkoe(dueslag, besked_id).await? {
        Ok(numre) => Ok(numre),
        Err(IkkeDer(id)) => bail!("{id} er ikke i fejlkøen"),
    }
}

async fn vis(app: &App, dueslag: Uuid, besked_id: &str, hvem: &str) -> Result<ExitCode> {
    let fordeler = Fordeler::kun_se(app.clone(), None).await?;
    for nr in find(&fordeler, dueslag, &[besked_id.to_owned()]).await? {
        // First the log, then the look.
        fordeler.noter(dueslag, &[nr], "set", hvem).await?;
        let Some(krop) = app.store().besked_krop(nr).await? else {
            bail!("beskedens indhold gemmes ikke længere");
        };
        println!("{}", String::from_utf8_lossy(&krop));
    }
    Ok(ExitCode::SUCCESS)
}

async fn retry(app: &App, broker: Option<&str>, dueslag: Uuid, besked_id: &[String]) -> Result<ExitCode> {
    let navn = navn(app, dueslag)?;
    let fordeler = Fordeler::kun_se(app.clone(), broker).await?;
    let antal = match besked_id {
        [] => fordeler.genkoe_alle(dueslag, DRIFT).await?,
        _ => fordeler.genkoe(dueslag, &find(&fordeler, dueslag, besked_id).await?, DRIFT).await?,
    };
    println!("{antal} beskeder er lagt sidst i {navn}.");
    Ok(ExitCode::SUCCESS)
}

async fn slet(app: &App, dueslag: Uuid, besked_id: &[String]) -> Result<ExitCode> {
    let fordeler = Fordeler::kun_se(app.clone(), None).await?;
    let numre = find(&fordeler, dueslag, besked_id).await?;
    println!("{} beskeder er slettet.", fordeler.slet_fra_fejlkoe(dueslag, &numre, DRIFT).await?);
    Ok(ExitCode::SUCCESS)
}
