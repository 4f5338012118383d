//! A person's notices, as the module shows them.

use super::advis::Advis;
use super::fordel::laest;
use super::tabel::Gruppe;
use crate::{Kald, Styringsfejl};
use app::App;
use bitemporal::Instant;
use store::Advissoegning;
use uuid::Uuid;

/// How far notices are counted.
pub const TAELLES_MAX: u64 = 1_000;
/// How far they are counted for the bell.
const KLOKKE_MAX: u64 = 100;

/// Which notices, and how many of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Advisliste {
    /// Only those that are not read.
    pub ulaeste: bool,
    /// Those of a group.
    pub gruppe: Option<Gruppe>,
    /// How many are passed over.
    pub forbi: u64,
    /// Most of them to give.
    pub antal: u64,
}

fn soegning(kald: &Kald, s: Advisliste) -> Advissoegning {
    Advissoegning {
        modtager: kald.aktoer.bruger,
        part: kald.part(),
        roller: kald.aktoer.roller().into_iter().map(administration::Modulrolle::kode).collect(),
        ulaeste: s.ulaeste,
        gruppe: s.gruppe.map(|g| g.kode().to_owned()),
    }
}

/// The person's notices for the party, unread ones first, each with whether it is; and how many there are, counted to
/// [`TAELLES_MAX`]. Everybody has notices, and sees no others'.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn mine(app: &App, kald: &Kald, s: Advisliste) -> Result<(Vec<(Advis, bool)>, u64), Styringsfejl> {
    let soeg = soegning(kald, s);
    let poster = app.store().advisposter(&soeg, s.forbi, s.antal).await?;
    let alle = app.store().antal_adviser(&soeg, TAELLES_MAX).await?;
    Ok((poster.iter().filter_map(|p| Some((laest(&p.advis)?, p.ulaest))).collect(), alle))
}

/// How many the person has not read, counted to a hundred: one read by an index.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn ulaeste(app: &App, kald: &Kald) -> Result<u64, Styringsfejl> {
    let s = Advisliste { ulaeste: true, ..Advisliste::default() };
    Ok(app.store().antal_adviser(&soegning(kald, s), KLOKKE_MAX).await?)
}

/// Marks one as read.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn laes(app: &App, kald: &Kald, advis: Uuid) -> Result<(), Styringsfejl> {
    let soeg = soegning(kald, Advisliste::default());
    app.store().laes_adviser(&soeg, Some(advis), Instant::POS_INFINITY).await?;
    Ok(())
}

/// Marks all as read that came no later than then, or all of a group: what the person has seen.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn laes_alle(
    app: &App,
    kald: &Kald,
    gruppe: Option<Gruppe>,
    til: Instant,
) -> Result<(), Styringsfejl> {
    let s = Advisliste { ulaeste: true, gruppe, ..Advisliste::default() };
    app.store().laes_adviser(&soegning(kald, s), None, til).await?;
    Ok(())
}
