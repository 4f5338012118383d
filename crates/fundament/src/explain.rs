//! `fundament explain`: what happened in a call, for whoever asks why it was refused.

#[cfg(test)]
mod tests;

use crate::cli::Place;
use crate::open;
use anyhow::Result;
use std::process::ExitCode;
use styring::forklar;

/// Prints every line of the access log about one call. Fails when there is none.
pub async fn run(place: &Place, navn: &str) -> Result<ExitCode> {
    let app = open::kun_laes(place).await?;
    let transaktion = app::reference(navn);
    let linjer = forklar::linjer(&app, transaktion).await;
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
        println!("\n{linje}");
    }
    Ok(ExitCode::SUCCESS)
}
