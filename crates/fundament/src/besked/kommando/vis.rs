//! Lists for whoever looks after the distributor.

use anyhow::Result;
use app::App;
use beskedfordeler::Fordeler;
use bitemporal::Instant;
use std::process::ExitCode;
use std::time::Duration;
use store::Beskedpost;
use uuid::Uuid;

/// Nothing is counted further than this.
const LOFT: u64 = 100_000;
/// How often it is looked whether more has come.
const HVERT: Duration = Duration::from_millis(300);
/// Most messages read at a time.
const SIDE: u64 = 200;

/// Danish time, to the second.
pub(super) fn tid(instant: Instant) -> String {
    let zoned = oio::tid::zoned(instant);
    zoned.map_or_else(|| "(ukendt tid)".into(), |z| z.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn antal(tal: u64) -> String {
    if tal >= LOFT { format!("≥ {LOFT}") } else { tal.to_string() }
}

/// Every dueslag, its state and figures.
pub(super) async fn status(app: &App, broker: Option<&str>) -> Result<ExitCode> {
    let fordeler = Fordeler::kun_se(app.clone(), broker).await?;
    let politik = app.politik();
    if politik.data().dueslag.is_empty() {
        println!("Der er ingen dueslag. De oprettes i politikken; se docs/how-to.");
    }
    for d in &politik.data().dueslag {
        let stand = fordeler.koestand(d.uuid, LOFT).await?;
        let system = politik.system(d.system).map_or("(ukendt system)", |s| s.navn.as_str());
        println!("{}  {}  {} {}  {}", d.uuid, d.navn, d.maade, d.tilstand, system);
        let aeldste = stand.aeldste.map_or_else(String::new, |t| format!(", den ældste fra {}", tid(t)));
        println!("    venter: {}{aeldste}; i fejlkøen: {}", antal(stand.venter), antal(stand.fejl));
        if let Some(drift) = app.store().drift(d.uuid).await? {
            if drift.pauset {
                println!(
                    "    PAUSE efter gentagne fejl: {}",
                    drift.fejl.as_deref().unwrap_or("ukendt grund")
                );
            } else if drift.forsoeg > 0 {
                let naeste = drift.naeste.map_or_else(String::new, |t| format!("; næste forsøg {}", tid(t)));
                let fejl = drift.fejl.as_deref().unwrap_or("ukendt grund");
                println!("    {} forsøg mislykket: {fejl}{naeste}", drift.forsoeg);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints messages as they come, until it is stopped.
pub(super) async fn foelg(app: &App, dueslag: Option<Uuid>, seneste: u32) -> Result<ExitCode> {
    let sidste = app.store().sidste_besked().await?.unwrap_or(0);
    let mut efter = sidste.saturating_sub(i64::from(seneste));
    loop {
        let beskeder = app.store().beskeder(efter, SIDE).await?;
        for besked in &beskeder {
            efter = besked.nr;
            linje(app, besked, dueslag).await?;
        }
        if beskeder.is_empty() {
            tokio::select! {
                () = tokio::time::sleep(HVERT) => {}
                _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
            }
        }
    }
}

async fn linje(app: &App, besked: &Beskedpost, dueslag: Option<Uuid>) -> Result<()> {
    let placeringer = app.store().placeringer(besked.nr).await?;
    if dueslag.is_some_and(|d| placeringer.iter().all(|p| p.dueslag != d)) {
        return Ok(());
    }
    let politik = app.politik();
    let afsender =
        politik.system(besked.system).map_or_else(|| besked.system.to_string(), |s| s.navn.clone());
    let navne: Vec<String> = placeringer
        .iter()
        .map(|p| politik.dueslag(p.dueslag).map_or_else(|| p.dueslag.to_string(), |d| d.navn.clone()))
        .collect();
    let hvor = if navne.is_empty() { "ingen dueslag".to_owned() } else { navne.join(", ") };
    println!(
        "{}  {}  fra {afsender} for {}  {}  → {hvor}",
        tid(besked.modtaget),
        besked.besked_id,
        besked.cvr,
        besked.beskedtype
    );
    Ok(())
}
