//! `fundament check`: is the store what it says it is?

use crate::cli::Place;
use crate::metrics::Prometheus;
use crate::open;
use anyhow::Result;
use oio::{Cvr, ObjektId, catalog, krop, noegle};
use std::process::ExitCode;
use std::sync::Arc;

/// Objects read at a time.
const CHUNK: u64 = 500;
/// Most findings shown.
const SHOWN_MAX: usize = 50;

/// Reads every object, rebuilds its search keys and compares. Fails when something is wrong.
pub async fn run(place: &Place) -> Result<ExitCode> {
    let app = open::app(place, Arc::new(Prometheus::default())).await?;
    let adgang = app.system_adgang(adgang::Aarsag::Check, Cvr::KOMBIT);
    let mut efter: Option<ObjektId> = None;
    let (mut objekter, mut fund) = (0usize, Vec::new());
    loop {
        let scannede = app.store().scan(&adgang, efter, CHUNK).await?;
        let Some(sidste) = scannede.last() else { break };
        efter = Some(sidste.gemt.objekt);
        objekter += scannede.len();
        for scannet in &scannede {
            let historie = app.store().history(&adgang, &scannet.objekttype, scannet.gemt.objekt).await?;
            let historie = historie.map(|(_, kroppe)| kroppe).unwrap_or_default();
            let wrong = examine(scannet, &historie);
            fund.extend(
                wrong.into_iter().map(|w| format!("{} {}: {w}", scannet.objekttype, scannet.gemt.objekt)),
            );
        }
    }
    app.store().close().await;
    for line in fund.iter().take(SHOWN_MAX) {
        println!("{line}");
    }
    if fund.is_empty() {
        println!("{objekter} objekter efterprøvet: alt er, som det skal være");
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{objekter} objekter efterprøvet: {} fejl; gendan fra en sikkerhedskopi, eller indlæs objekterne igen",
        fund.len()
    );
    Ok(ExitCode::FAILURE)
}

/// What is wrong with one object.
fn examine(scannet: &store::Scannet, historie: &[Vec<u8>]) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(typ) = catalog::find(&scannet.objekttype) else { return vec!["ukendt objekttype".into()] };
    let mut registreringer = Vec::with_capacity(historie.len());
    for krop in historie {
        match krop::decode(krop) {
            Ok(registrering) => registreringer.push(registrering),
            Err(fejl) => wrong.push(format!("en registrering kan ikke læses: {fejl}")),
        }
    }
    if !registreringer.is_sorted_by(|a, b| a.tidspunkt < b.tidspunkt) {
        wrong.push("registreringstidspunkterne stiger ikke".into());
    }
    let Some(aktuel) = registreringer.last() else {
        wrong.push("der er ingen registrering".into());
        return wrong;
    };
    if aktuel.tidspunkt != scannet.gemt.tidspunkt || aktuel.livscyklus != scannet.gemt.livscyklus {
        wrong.push("den aktuelle registrering er ikke den seneste".into());
    }
    let expected =
        if aktuel.livscyklus.is_live() { noegle::noegler(typ, &aktuel.indhold) } else { Vec::new() };
    let mut expected: Vec<_> =
        expected.into_iter().map(|n| (n.felt.0, n.vaerdi, n.fra.micros(), n.til.micros())).collect();
    let mut stored: Vec<_> =
        scannet.noegler.iter().map(|n| (n.felt, n.vaerdi.clone(), n.fra, n.til)).collect();
    expected.sort_unstable();
    stored.sort_unstable();
    if expected != stored {
        wrong.push(format!(
            "{} søgenøgler er gemt, men {} passer til indholdet",
            stored.len(),
            expected.len()
        ));
    }
    wrong
}
