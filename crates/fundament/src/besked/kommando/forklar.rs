//! Why a message did, or did not, reach a dueslag.

use super::vis::tid;
use anyhow::Result;
use app::App;
use beskedfordeler::{Fordeler, Forklaring, Udenom};
use std::process::ExitCode;
use store::{Levering, Placeret, Tilstand};
use uuid::Uuid;

/// Prints everything that is known. Fails when nothing is.
pub(super) async fn forklar(app: &App, besked_id: &str, kun: Option<Uuid>) -> Result<ExitCode> {
    let fordeler = Fordeler::kun_se(app.clone(), None).await?;
    let fundne = fordeler.forklar(besked_id).await?;
    if fundne.is_empty() {
        println!(
            "Ingen besked med BeskedId {besked_id} er modtaget.\n\n\
             Den nåede måske aldrig frem, eller den blev afvist: afsenderen fik i så fald svar med det samme, og \
             fundament explain TRANSAKTION (message-id) fortæller hvorfor."
        );
        return Ok(ExitCode::FAILURE);
    }
    for forklaring in &fundne {
        println!("{}", skriv(app, forklaring, kun));
    }
    Ok(ExitCode::SUCCESS)
}

fn skriv(app: &App, f: &Forklaring, kun: Option<Uuid>) -> String {
    let politik = app.politik();
    let b = &f.besked;
    let system = politik.system(b.system).map_or_else(|| b.system.to_string(), |s| s.navn.clone());
    let mut ud = format!(
        "Besked {}\n    Modtaget:         {} fra {system} for {}\n    Beskedtype:       {}\n    Følsomhed:        {}\n    \
         KLE:              {}\n    Transaktion:      {}\n    Størrelse:        {} bytes\n",
        b.besked_id,
        tid(b.modtaget),
        b.cvr,
        b.beskedtype,
        b.foelsomhed.as_deref().unwrap_or("ingen"),
        if b.kle.is_empty() { "ingen" } else { &b.kle },
        b.transaktion,
        b.stoerrelse,
    );
    let navn = |uuid: Uuid| politik.dueslag(uuid).map_or_else(|| uuid.to_string(), |d| d.navn.clone());
    for p in f.placeringer.iter().filter(|p| kun.is_none_or(|k| k == p.dueslag)) {
        ud.push_str(&format!("\n  {}  {}\n    {}\n", p.dueslag, navn(p.dueslag), tilstand(p)));
        for l in f.leveringer.iter().filter(|l| l.dueslag == p.dueslag) {
            ud.push_str(&format!("    {}\n", levering(l)));
        }
    }
    match &f.udenom {
        None => ud.push_str("\n  Beskedens indhold gemmes ikke længere, så det kan ikke siges, hvorfor andre dueslag ikke fik den.\n"),
        Some(udenom) => {
            for u in udenom.iter().filter(|u| kun.is_none_or(|k| k == u.dueslag.uuid)) {
                ud.push_str(&format!("\n  {}  {}\n    {}\n", u.dueslag.uuid, u.dueslag.navn, hvorfor(u, app)));
            }
        }
    }
    ud
}

fn tilstand(p: &Placeret) -> String {
    let aftale = p.aftale;
    match p.tilstand {
        Tilstand::Venter if p.udlaant => format!("er ved at blive leveret (serviceaftale {aftale})"),
        Tilstand::Venter => format!("venter på modtageren (serviceaftale {aftale})"),
        Tilstand::Leveret => format!("leveret {} (serviceaftale {aftale})", tid(p.tid)),
        Tilstand::Fejl => {
            let aarsag = p.aarsag.map_or("ukendt årsag", store::Fejlaarsag::tekst);
            format!("i fejlkøen siden {}: {aarsag}", tid(p.tid))
        }
        Tilstand::Overladt => format!("venter i RabbitMQ, eller er leveret derfra (serviceaftale {aftale})"),
        Tilstand::Slettet => format!("slettet {}", tid(p.tid)),
    }
}

fn levering(l: &Levering) -> String {
    let mut ud = format!("{}  {}", tid(l.tid), l.haendelse);
    if let Some(http) = l.http {
        ud.push_str(&format!(", HTTP {http}"));
    }
    if let Some(kode) = l.statuskode {
        ud.push_str(&format!(", StatusKode {kode}"));
    }
    if let Some(ms) = l.varighed_ms {
        ud.push_str(&format!(", {ms} ms"));
    }
    for tekst in [&l.tekst, &l.hvem].into_iter().flatten() {
        ud.push_str(&format!(", {tekst}"));
    }
    ud
}

fn hvorfor(u: &Udenom, app: &App) -> String {
    if u.ville_nu {
        return "fik den ikke, men ville få den nu: aftaler, filter eller værdilister er ændret siden".into();
    }
    if u.grunde.is_empty() {
        return "fik den ikke: dueslaget har ingen abonnementer i brug".into();
    }
    let politik = app.politik();
    let navn = |uuid: Uuid| {
        politik
            .abonnementer()
            .iter()
            .find(|a| a.uuid == uuid)
            .map_or_else(|| uuid.to_string(), |a| a.navn.clone())
    };
    let grunde: Vec<String> =
        u.grunde.iter().map(|(uuid, grund)| format!("{}: {grund}", navn(*uuid))).collect();
    format!("fik den ikke: {}", grunde.join("; "))
}
