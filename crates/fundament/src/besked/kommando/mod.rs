//! `fundament besked`: seeing what the distributor does, and putting right what went wrong.

mod fejlkoe;
mod forklar;
mod proev;
mod vis;

use crate::cli::Place;
use crate::open;
use anyhow::{Context, Result, bail};
use app::App;
use beskedfordeler::Fordeler;
use clap::Subcommand;
use std::process::ExitCode;
use uuid::Uuid;

/// Who did something, when it was done here.
const DRIFT: &str = "driftsoperatøren";

/// What can be asked.
#[derive(Debug, Subcommand)]
pub enum BeskedCommand {
    /// Hvert dueslag: hvor meget der venter, hvor længe, og hvad der er galt
    Status(Place),
    /// Følg beskederne, efterhånden som de modtages
    Follow {
        #[command(flatten)]
        place: Place,
        /// Vis kun dem, der lægges i dette dueslag
        #[arg(long)]
        dueslag: Option<Uuid>,
        /// Begynd med de seneste så mange
        #[arg(long, default_value_t = 10)]
        seneste: u32,
    },
    /// Hvad blev der af en besked, og hvorfor kom den (ikke) i et dueslag
    Explain {
        /// BeskedId
        besked_id: String,
        #[command(flatten)]
        place: Place,
        /// Vis kun dette dueslag
        #[arg(long)]
        dueslag: Option<Uuid>,
    },
    /// Læg en gemt besked sidst i et dueslag igen; kun hvis aftaler og filtre tillader den nu
    Replay {
        /// BeskedId
        besked_id: String,
        #[command(flatten)]
        place: Place,
        /// Dueslaget
        #[arg(long)]
        dueslag: Uuid,
    },
    /// Prøv et abonnement på de seneste 7 dages beskeder, før det tages i brug: hvor mange ville det have fået
    Proev(proev::Proevevalg),
    /// Kald et PUSH-dueslags modtager uden at sende en besked: virker forbindelse, TLS og HTTP
    ProevCallback {
        /// Dueslaget
        dueslag: Uuid,
        #[command(flatten)]
        place: Place,
    },
    /// Et dueslags fejlkø
    Fejl {
        #[command(subcommand)]
        what: fejlkoe::FejlCommand,
    },
    /// Genoptag levering til et PUSH-dueslag, som er sat på pause efter gentagne fejl
    Resume {
        /// Dueslaget
        dueslag: Uuid,
        #[command(flatten)]
        place: Place,
    },
}

/// Does what is asked.
///
/// # Errors
/// When the store cannot be used.
pub async fn run(command: BeskedCommand) -> Result<ExitCode> {
    match command {
        BeskedCommand::Status(place) => {
            let broker = place.broker.as_deref();
            med(&place, false, async |app| vis::status(app, broker).await).await
        }
        BeskedCommand::Follow { place, dueslag, seneste } => {
            med(&place, false, async |app| vis::foelg(app, dueslag, seneste).await).await
        }
        BeskedCommand::Explain { besked_id, place, dueslag } => {
            med(&place, false, async |app| forklar::forklar(app, &besked_id, dueslag).await).await
        }
        BeskedCommand::Replay { besked_id, place, dueslag } => {
            let broker = place.broker.as_deref();
            med(&place, true, async |app| genspil(app, broker, &besked_id, dueslag).await).await
        }
        BeskedCommand::Proev(valg) => {
            med(&valg.place, false, async |app| proev::proev(app, &valg).await).await
        }
        BeskedCommand::ProevCallback { dueslag, place } => {
            med(&place, false, async |app| proev::callback(app, &place, dueslag).await).await
        }
        BeskedCommand::Fejl { what } => fejlkoe::run(what).await,
        BeskedCommand::Resume { dueslag, place } => {
            med(&place, true, async |app| genoptag(app, dueslag).await).await
        }
    }
}

/// Opens an installation for one command, and closes it.
async fn med(
    place: &Place,
    skriv: bool,
    goer: impl AsyncFnOnce(&App) -> Result<ExitCode>,
) -> Result<ExitCode> {
    let app = if skriv {
        open::app(place, std::sync::Arc::new(crate::metrics::Prometheus::default())).await?
    } else {
        open::kun_laes(place).await?
    };
    let udfald = goer(&app).await;
    app.store().close().await;
    udfald
}

/// The name of a dueslag that exists.
fn navn(app: &App, dueslag: Uuid) -> Result<String> {
    let politik = app.politik();
    let fundet = politik.dueslag(dueslag).map(|d| d.navn.clone());
    fundet.with_context(|| {
        format!("dueslaget {dueslag} findes ikke; fundament besked status viser dem, der gør")
    })
}

async fn genspil(app: &App, broker: Option<&str>, besked_id: &str, dueslag: Uuid) -> Result<ExitCode> {
    let navn = navn(app, dueslag)?;
    let fordeler = Fordeler::kun_se(app.clone(), broker).await?;
    let Some(lagt) = fordeler.genspil(besked_id, dueslag, DRIFT).await? else {
        bail!("{besked_id} kendes ikke, eller dens indhold gemmes ikke længere");
    };
    if lagt == 0 {
        println!(
            "{navn} må ikke få beskeden, eller den venter der allerede; fundament besked explain {besked_id} fortæller hvorfor."
        );
        return Ok(ExitCode::FAILURE);
    }
    println!("Beskeden er lagt sidst i {navn}.");
    Ok(ExitCode::SUCCESS)
}

async fn genoptag(app: &App, dueslag: Uuid) -> Result<ExitCode> {
    let navn = navn(app, dueslag)?;
    let foer = app.store().drift(dueslag).await?.unwrap_or_else(|| store::Drift::ny(dueslag));
    app.store().gem_drift(&foer.forfra()).await?;
    println!(
        "{navn} leveres der til igen. Beskeder, som er i fejlkøen, skal lægges tilbage med fundament besked fejl retry."
    );
    Ok(ExitCode::SUCCESS)
}
