//! `fundament explain`: what happened in a call, for whoever asks why it was refused.

mod regler;
#[cfg(test)]
mod tests;

use crate::cli::Place;
use crate::open;
use adgang::{REGLER, Regel};
use administration::Politik;
use anyhow::Result;
use bitemporal::Instant;
use regler::{BFO, STS, WSP};
use std::process::ExitCode;
use store::{LogLinje, LogPost};

/// Prints every line of the access log about one call. Fails when there is none.
pub async fn run(place: &Place, navn: &str) -> Result<ExitCode> {
    let app = open::kun_laes(place).await?;
    let transaktion = app::reference(navn);
    let linjer = app.store().adgangslog_transaktion(transaktion).await;
    let politik = app.politik();
    app.store().close().await;
    let linjer = linjer?;
    if linjer.is_empty() {
        println!(
            "Adgangsloggen har ingen linjer om {transaktion}.\n\n\
             Kaldet nåede måske aldrig frem, eller det blev sendt med en anden reference. Brug TransaktionsUUID'et fra \
             svaret, eller MessageID fra anmodningen. Serverens log har alle kald.\n\
             Er det en besked, der blev modtaget, så brug: fundament besked explain BESKEDID"
        );
        return Ok(ExitCode::FAILURE);
    }
    println!("Transaktion {transaktion}");
    for linje in &linjer {
        println!("\n{}", forklar(linje, &politik));
    }
    Ok(ExitCode::SUCCESS)
}

/// One line in words.
fn forklar(linje: &LogLinje, politik: &Politik) -> String {
    let ok = linje.udfald == LogPost::OK;
    let dom = if ok { "TILLADT" } else { "AFVIST" };
    let mut ud = format!("{}  {dom}  {} {}", tid(linje.tid), linje.operation, linje.objekttype);
    let mut felt = |navn: &str, vaerdi: &str| {
        ud.push_str(&format!("\n    {:<18}{vaerdi}", format!("{navn}:")));
    };
    felt("Hvem", &hvem(linje, politik));
    felt("For", &for_hvem(linje, politik));
    if let Some(aftale) = linje.aftale {
        felt("Efter aftale", &aftale.to_string());
    }
    if ok {
        if linje.antal > 0 {
            felt("Objekter", &linje.antal.to_string());
        }
        if !linje.regel.is_empty() {
            felt("Udstedt", &linje.regel);
        }
        return ud;
    }
    let Some((regel, mangler)) = regel(&linje.regel) else {
        felt("Fordi", &linje.regel);
        return ud;
    };
    felt("Regel", &format!("{} {}", regel.kode, regel.regel));
    felt("Mangler", mangler);
    felt("Gør sådan", regel.goer);
    ud
}

/// Danish time, to the second.
fn tid(instant: Instant) -> String {
    let zoned = oio::tid::zoned(instant);
    zoned.map_or_else(|| "(ukendt tid)".into(), |z| z.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn hvem(linje: &LogLinje, politik: &Politik) -> String {
    let Some(uuid) = linje.system else { return "ukendt, eller installationen selv".into() };
    match politik.system(uuid) {
        Some(system) => format!("{} ({uuid})", system.navn),
        None => format!("et it-system, der ikke længere er registreret ({uuid})"),
    }
}

fn for_hvem(linje: &LogLinje, politik: &Politik) -> String {
    let Some(cvr) = linje.myndighed else { return "ingen myndighed nævnt".into() };
    politik.part(cvr).map_or_else(|| cvr.to_string(), |part| format!("{} ({cvr})", part.navn))
}

/// The rule a text begins with or names, and the rest of it.
fn regel(tekst: &str) -> Option<(&'static Regel, &str)> {
    let (kode, rest) = tekst.split_once(": ").unwrap_or((tekst, ""));
    // A refused token may stand on a rule about agreements: "STS-5050: på vegne af: OBO-03: …".
    let indre = REGLER.iter().find(|r| rest.contains(&format!("{}: ", r.kode)));
    indre
        .or_else(|| REGLER.iter().chain(&STS).chain(&WSP).chain(&BFO).find(|r| r.kode == kode))
        .map(|r| (r, rest))
}
