//! The log of the Administrationsmodul: reading it is logged as well.

use crate::{Kald, Styringsfejl};
use administration::{Emne, Handling};
use app::App;
use store::{Aendringslinje, Loglinjeslags, Logsoegning};
use uuid::Uuid;

/// Lines in one answer, at most.
pub const SIDE_MAX: u64 = 500;

/// Lines of the party's log, or of all parties for who runs the installation, the newest first.
///
/// # Errors
///
pub async fn find(
    app: &App,
    kald: &Kald,
    soegning: &Logsoegning,
) -> Result<Vec<(i64, Aendringslinje)>, Styringsfejl> {
    let rolle = kald.kraev(Emne::Log, Handling::Se)?;
    let part = if kald.aktoer.ser_alle_parter() { soegning.part } else { Some(kald.part()) };
    let antal = soegning.antal.clamp(1, SIDE_MAX);
    let linjer = app.store().aendringslog(&Logsoegning { part, antal, ..soegning.clone() }).await?;
    let laest = Aendringslinje {
        slags: Loglinjeslags::Laest,
        art: "log".into(),
        objektnavn: "loggen".into(),
        detaljer: format!(
            "{} linjer{}",
            linjer.len(),
            soegning.tekst.as_deref().map_or(String::new(), |t| format!(" med {t}"))
        ),
        ..kald.linje(app.now(), Some(rolle), "læs log")
    };
    crate::skriv::gem(app, &[], &[laest]).await?;
    Ok(linjer)
}

/// What was done to an object, the newest first: for whoever sees the object. What was read of it is left out.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn om(app: &App, objekt: Uuid, antal: u64) -> Result<Vec<(i64, Aendringslinje)>, Styringsfejl> {
    let soegning =
        Logsoegning { objekt: Some(objekt), antal: antal.clamp(1, SIDE_MAX), ..Logsoegning::default() };
    let mut linjer = app.store().aendringslog(&soegning).await?;
    linjer.retain(|(_, l)| l.slags != Loglinjeslags::Laest);
    Ok(linjer)
}

/// What the person did, and who read about the person (artikel 15).
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn mine(app: &App, kald: &Kald) -> Result<Vec<(i64, Aendringslinje)>, Styringsfejl> {
    let bruger = Some(kald.aktoer.bruger);
    let mut alle =
        app.store().aendringslog(&Logsoegning { bruger, antal: SIDE_MAX, ..Logsoegning::default() }).await?;
    let om = Logsoegning { objekt: bruger, antal: SIDE_MAX, ..Logsoegning::default() };
    alle.extend(app.store().aendringslog(&om).await?);
    alle.sort_by_key(|(nr, _)| std::cmp::Reverse(*nr));
    alle.dedup_by_key(|(nr, _)| *nr);
    Ok(alle)
}
