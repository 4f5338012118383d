//! Agreements in force and whether they are used: the first call, none in the first month, none in three months, less than
//! they give in three months.
//!
//! Only agreements of which every call is counted here are judged. Each is looked up when its day has come, and while it is
//! new: one short look in an index, whatever was called.

use super::advis::{Advis, Adviseret};
use super::forskel::partsnavn;
use super::frister::Tidsrum;
use super::tabel::Haendelse;
use crate::Styringsfejl;
use crate::forbrug::{begyndt, taelles, ubrugt_omfang};
use crate::skriv::{DAG, om_dage};
use administration::{Aftaleservice, Aftaletilstand, Entitet, ItSystem, Politik, Serviceaftale};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

/// Days in which a first call is waited for.
const FOERSTE: i64 = 30;
/// Days without a call after which an agreement is unused.
pub const UBRUGT: i64 = 90;
/// Days between two notices of that.
const IGEN: i64 = 30;
/// How much of what is not used is named in a notice.
const NAEVNES: usize = 5;

/// An agreement in force with an authority, and since when it is and is counted.
struct Taelt<'p> {
    aftale: &'p Serviceaftale,
    system: &'p ItSystem,
    myndighed: Cvr,
    fra: Instant,
}

/// What is to be told of the use of agreements in a span of time.
pub(super) async fn forfaldne(app: &App, rum: Tidsrum) -> Result<Vec<Advis>, Styringsfejl> {
    let mut ud = Vec::new();
    // Where nothing was ever counted, nothing can be said to be unused.
    let Some(talt_fra) = app.store().forbrug_begyndt().await? else { return Ok(ud) };
    let politik = app.politik();
    for t in i_kraft(&politik, talt_fra, rum.til()) {
        let ny = rum.til() <= om_dage(t.fra, FOERSTE);
        let uden = rum.har(om_dage(t.fra, FOERSTE));
        let igen = naaet(t.fra, rum);
        if !(ny || uden || igen.is_some()) {
            continue;
        }
        let spaend = app.store().forbrug_spaend(t.aftale.uuid, t.myndighed).await?;
        let begge = [t.myndighed, t.system.leverandoer];
        let mut sig =
            |haendelse, noegle: i64| ud.extend(t.adviser(&politik, haendelse, &begge, (rum, noegle), ""));
        match (spaend, igen) {
            // Its name says that it is told once, however often it is looked for.
            (Some((foerste, _)), _) if ny && foerste.micros() > t.fra.micros() - DAG => {
                sig(Haendelse::AftaleFoersteKald, 0);
            }
            (None, _) if uden => sig(Haendelse::AftaleUdenKald, 0),
            (spaend, Some(dag)) if er_ubrugt(t.fra, spaend.map(|(_, sidst)| sidst), rum.til()) => {
                sig(Haendelse::AftaleUbrugt, dag.micros());
            }
            (Some(_), Some(dag)) => {
                let ubrugt = ubrugt_omfang(app, &politik, t.aftale, t.myndighed, rum.til()).await?;
                let (om, til) = ((rum, dag.micros()), [t.myndighed]);
                if let Some(hvad) = naevn(&ubrugt) {
                    ud.extend(t.adviser(&politik, Haendelse::AftaleGiverMere, &til, om, &hvad));
                }
            }
            _ => {}
        }
    }
    Ok(ud)
}

/// The first of these in words; nothing when there are none.
fn naevn(ubrugt: &[String]) -> Option<String> {
    let flere = ubrugt.len().saturating_sub(NAEVNES);
    let navne = ubrugt.iter().take(NAEVNES).map(String::as_str).collect::<Vec<_>>().join("; ");
    match (ubrugt.len(), flere) {
        (0, _) => None,
        (_, 0) => Some(navne),
        _ => Some(format!("{navne} og {flere} til")),
    }
}

/// The agreements that are judged.
fn i_kraft(politik: &Politik, talt_fra: Instant, nu: Instant) -> Vec<Taelt<'_>> {
    let mut ud = Vec::new();
    for aftale in &politik.data().aftaler {
        let Some(system) = politik.system(aftale.system) else { continue };
        for myndighed in aftale.myndigheder() {
            let fra = bedoemt_fra(politik, aftale, myndighed, talt_fra, nu);
            ud.extend(fra.map(|fra| Taelt { aftale, system, myndighed, fra }));
        }
    }
    ud
}

/// Since when an agreement with an authority is in force and every call under it counted; nothing when it is not, and so is
/// not judged.
pub(crate) fn bedoemt_fra(
    politik: &Politik,
    aftale: &Serviceaftale,
    myndighed: Cvr,
    talt_fra: Instant,
    nu: Instant,
) -> Option<Instant> {
    let kan = |uuid: Uuid| politik.service(uuid).is_some_and(taelles);
    let alle = |s: &[Aftaleservice]| !s.is_empty() && s.iter().all(|s| kan(s.service));
    let g = aftale.gaeldende(myndighed, nu).filter(|g| g.tilstand == Aftaletilstand::Aktiv);
    let g = g.filter(|g| alle(&g.version.services))?;
    Some(begyndt(g.version, g.part).unwrap_or(Instant::NEG_INFINITY).max(talt_fra))
}

/// Whether an agreement that is judged from a moment on, and was called last then, is unused.
pub(crate) fn er_ubrugt(fra: Instant, sidst: Option<Instant>, nu: Instant) -> bool {
    let laenge_siden = |tid| tid <= graense(nu);
    laenge_siden(fra) && sidst.is_none_or(laenge_siden)
}

/// A call after this moment keeps an agreement used.
pub(crate) fn graense(nu: Instant) -> Instant {
    om_dage(nu, -UBRUGT)
}

/// The last of the days that were reached on which an unused agreement is told of: after three months, and every month.
fn naaet(fra: Instant, rum: Tidsrum) -> Option<Instant> {
    let dage = (rum.til().micros() - fra.micros()) / DAG;
    let trin = dage.checked_sub(UBRUGT).filter(|d| *d >= 0)? / IGEN;
    Some(om_dage(fra, UBRUGT + trin * IGEN)).filter(|dag| rum.har(*dag))
}

impl Taelt<'_> {
    /// The same to each of these sides, which may be one party.
    fn adviser(
        &self,
        politik: &Politik,
        haendelse: Haendelse,
        sider: &[Cvr],
        (rum, noegle): (Tidsrum, i64),
        hvad: &str,
    ) -> Vec<Advis> {
        let myndighed = partsnavn(politik.data(), self.myndighed);
        let mut sider = sider.to_vec();
        sider.dedup();
        let en = |part| {
            let felter =
                [("myndighed", myndighed.as_str()), ("system", self.system.navn.as_str()), ("hvad", hvad)];
            let objekt = Adviseret::ny(Serviceaftale::ART, self.aftale.uuid, &self.aftale.navn);
            let noegle = format!("{}:{noegle}", self.myndighed);
            Advis::om(haendelse, part, objekt, &felter, rum.til(), &noegle).ved_system(self.system.uuid)
        };
        sider.into_iter().map(en).collect()
    }
}
