//! Trying before it is put in force: what a subscription would have got, and whether a receiver of push can be reached.

use super::{navn, vis::tid};
use crate::besked::push;
use crate::cli::Place;
use anyhow::{Result, anyhow};
use app::App;
use beskedfordeler::{Fordeler, HOEJST, Proeve, Proevefejl, Proevet};
use clap::Args;
use serde_json::json;
use std::fmt::Write;
use std::process::ExitCode;
use uuid::Uuid;

/// The subscription to try.
#[derive(Debug, Args)]
pub struct Proevevalg {
    #[command(flatten)]
    pub(super) place: Place,
    /// Dueslaget: dets it-systems aftaler og værdilister gælder
    #[arg(long)]
    dueslag: Uuid,
    /// Beskedtyperne
    #[arg(long = "beskedtype", required = true, num_args = 1..)]
    beskedtyper: Vec<Uuid>,
    /// Filteret; uden det kommer alt af beskedtyperne
    #[arg(long, default_value = "", hide_default_value = true)]
    filter: String,
    /// Vis så mange eksempler
    #[arg(long, default_value_t = 10)]
    eksempler: usize,
    /// Se på højst så mange beskeder
    #[arg(long, default_value_t = HOEJST)]
    hoejst: u64,
    /// Skriv JSON
    #[arg(long)]
    json: bool,
}

/// Tries it, and prints what was found.
pub(super) async fn proev(app: &App, valg: &Proevevalg) -> Result<ExitCode> {
    let navn = navn(app, valg.dueslag)?;
    let fordeler = Fordeler::kun_se(app.clone(), None).await?;
    let proeve = Proeve {
        dueslag: valg.dueslag,
        beskedtyper: valg.beskedtyper.clone(),
        filter: valg.filter.clone(),
        eksempler: valg.eksempler,
        hoejst: valg.hoejst,
    };
    let fundet = fordeler.afproev(&proeve).await.map_err(|fejl| match fejl {
        Proevefejl::Intern(fejl) => anyhow!(fejl),
        andet => anyhow!(andet.to_string()),
    })?;
    if valg.json {
        println!("{}", serde_json::to_string_pretty(&som_json(&fundet))?);
    } else {
        print!("{}", skriv(&navn, &fundet));
    }
    Ok(ExitCode::SUCCESS)
}

/// Calls the receiver of a PUSH dueslag, and prints what came of it. Fails when messages would not get through.
pub(super) async fn callback(app: &App, place: &Place, dueslag: Uuid) -> Result<ExitCode> {
    let navn = navn(app, dueslag)?;
    let fordeler = Fordeler::kun_se(app.clone(), None).await?;
    let klient = push::klient(&app.config().besked, &place.data)?;
    let svar = fordeler.proev_callback(&klient, dueslag).await?;
    println!("{navn}: {}", svar.dom);
    let http = svar.http.map_or_else(|| "intet svar".into(), |http| format!("HTTP {http}"));
    println!("    {http} efter {} ms", svar.varighed.as_millis());
    if let Some(udloeber) = svar.certifikat_udloeber {
        println!("    modtagerens certifikat udløber {}", tid(udloeber));
    }
    Ok(if svar.dom.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn som_json(f: &Proevet) -> serde_json::Value {
    let eksempel = |e: &beskedfordeler::Eksempel| {
        json!({
            "besked_id": e.besked_id,
            "beskedtype": e.beskedtype,
            "modtaget": identity::tid::skriv(e.modtaget),
        })
    };
    json!({
        "fra": identity::tid::skriv(f.fra),
        "hele_perioden": f.hele_perioden,
        "set": f.set,
        "af_typerne": f.af_typerne,
        "uden_indhold": f.uden_indhold,
        "uden_ret": f.uden_ret,
        "filtreret": f.filtreret,
        "ramt": f.ramt,
        "eksempler": f.eksempler.iter().map(eksempel).collect::<Vec<_>>(),
        "ikke_gemt": f.ikke_gemt,
    })
}

fn skriv(navn: &str, f: &Proevet) -> String {
    let mut ud = format!(
        "{navn} ville have fået {} af {} beskeder af beskedtyperne siden {}.\n",
        f.ramt,
        f.af_typerne,
        tid(f.fra)
    );
    if !f.hele_perioden {
        let _ = writeln!(
            ud,
            "Det er ikke alle 7 dage: der er set på {} beskeder, og det er det højeste. --hoejst kan hæve det.",
            f.set
        );
    }
    for (antal, hvad) in [
        (f.filtreret, "sagde filteret nej til"),
        (f.uden_ret, "giver ingen serviceaftale lov til"),
        (f.uden_indhold, "gemmes ikke længere og kan ikke prøves"),
    ] {
        if antal > 0 {
            let _ = writeln!(ud, "    {antal} {hvad}");
        }
    }
    for e in &f.eksempler {
        let _ = writeln!(ud, "  {}  {}  {}", tid(e.modtaget), e.besked_id, e.beskedtype);
    }
    for beskedtype in &f.ikke_gemt {
        let _ = writeln!(
            ud,
            "Ingen abonnerer på {beskedtype}, så hændelserne er ikke gemt som beskeder og er ikke talt med."
        );
    }
    ud
}
