//! Consumption: what an it-system does under a serviceaftale, beside what the agreement gives it.
//!
//! It is counted from the access log, so what is shown here is what the log has, and nothing is counted twice.

use crate::adviser::{bedoemt_fra, er_ubrugt, graense};
use crate::aftaler::{self, Aftalevisning};
use crate::{Kald, Styringsfejl};
use administration::{
    Aftalepart, Aftaleservice, Aftaletilstand, Aftaleversion, Emne, Handling, Modulfejl, Politik, Service,
    Serviceaftale,
};
use app::App;
use bitemporal::Instant;
use jiff::Span;
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::Forbrug;
use uuid::Uuid;

/// Days that are looked back on, today among them. What was not used in these is said to be unused.
pub const DAGE: i64 = 90;
/// Refusals that are shown.
const AFVIST_MAX: usize = 20;

/// Calls on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forbrugsdag {
    /// Its first moment.
    pub dag: Instant,
    /// Calls the agreement opened.
    pub kald: u64,
    /// Calls of the system for the authority that were refused, by whatever agreement.
    pub afvist: u64,
}

/// What was done with a service of the agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Servicebrug {
    /// The service.
    pub service: Uuid,
    /// Its name.
    pub navn: String,
    /// Whether its calls stand in the access log here. Those of others' services do not, nor do messages, which are their own
    /// log.
    pub her: bool,
    /// How many calls.
    pub kald: u64,
    /// How many objects they wrote or were given.
    pub objekter: u64,
    /// When the last one came.
    pub sidst: Option<Instant>,
    /// Roles the agreement gives, of which nothing was used that no lesser role gives.
    pub ubrugte_roller: Vec<String>,
}

impl Servicebrug {
    /// Whether nothing at all was used, as far as it can be seen here.
    #[must_use]
    pub fn er_ubrugt(&self) -> bool {
        self.her && self.kald == 0
    }
}

/// What was refused on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Afvisning {
    /// What the system wanted.
    pub operation: String,
    /// To what.
    pub objekttype: String,
    /// How often that day.
    pub kald: u64,
    /// When the last time.
    pub sidst: Instant,
    /// The reference of the last one, by which it can be explained.
    pub transaktion: Uuid,
}

/// The consumption under an agreement with one authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aftaleforbrug {
    /// The authority.
    pub myndighed: Cvr,
    /// The last [`DAGE`] days, the earliest first.
    pub dage: Vec<Forbrugsdag>,
    /// The services of the version in force, as the agreement has them.
    pub services: Vec<Servicebrug>,
    /// Tokens that were issued to the system for the authority, under whatever agreement.
    pub tokens: u64,
    /// The latest refusals, the latest first.
    pub afvist: Vec<Afvisning>,
    /// When the agreement was used last.
    pub sidst: Option<Instant>,
    /// The first day it was used, as far as it is counted.
    pub foerste: Option<Instant>,
    /// Whether it was in force and counted all of the time, so that what was not used is not needed.
    pub hele: bool,
}

impl Aftaleforbrug {
    /// Calls the agreement opened.
    #[must_use]
    pub fn kald(&self) -> u64 {
        self.dage.iter().map(|d| d.kald).sum()
    }

    /// Calls that were refused.
    #[must_use]
    pub fn afvist_i_alt(&self) -> u64 {
        self.dage.iter().map(|d| d.afvist).sum()
    }

    /// Whether anything of it can be counted.
    #[must_use]
    pub fn kan_taelles(&self) -> bool {
        self.services.iter().any(|s| s.her)
    }
}

/// What a system did under an agreement with an authority in the last [`DAGE`] days.
///
/// # Errors
/// A-001; A-404 when the person does not see the agreement for that authority.
pub async fn aftale(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    myndighed: Cvr,
) -> Result<Aftaleforbrug, Styringsfejl> {
    kald.kraev(Emne::Forbrug, Handling::Se)?;
    let (politik, nu) = (app.politik(), app.now());
    let visninger = aftaler::hent(kald, &politik, uuid, nu)?;
    let v = visninger.iter().find(|v| v.myndighed == myndighed);
    let v = v.ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
    let dage = seneste(nu, DAGE);
    let fra = dage.first().copied().unwrap_or(nu);
    let raekker = app.store().forbrug((v.aftale.system, uuid), myndighed, fra).await?;
    let egne: Vec<&Forbrug> = raekker.iter().filter(|r| r.tilladt && r.aftale == Some(uuid)).collect();
    let services = v.version.services.iter().filter_map(|s| service(&politik, s, &egne)).collect();
    let sidst = egne.iter().map(|r| r.sidst).max();
    let systemets: Vec<&Forbrug> = raekker.iter().filter(|r| r.system == v.aftale.system).collect();
    let tokens = systemets.iter().filter(|r| r.tilladt && r.objekttype == "Token").map(|r| r.kald).sum();
    let afviste: Vec<&Forbrug> = systemets.into_iter().filter(|r| !r.tilladt).collect();
    let talt_fra = app.store().forbrug_begyndt().await?;
    let talt = talt_fra.is_some_and(|begyndt| begyndt <= fra);
    let foerste = app.store().forbrug_spaend(uuid, myndighed).await?.map(|(foerste, _)| foerste);
    let hele =
        talt && v.tilstand == Aftaletilstand::Aktiv && begyndt(v.version, v.part).is_some_and(|b| b <= fra);
    Ok(Aftaleforbrug {
        myndighed,
        dage: taelling(&dage, &afviste, &egne),
        services,
        tokens,
        afvist: afvist(&afviste),
        sidst,
        foerste,
        hele,
    })
}

/// What the version in force gives and nobody used in the last [`DAGE`] days: services, and roles of those that were used, as
/// the page of the agreement's consumption has them.
pub(crate) async fn ubrugt_omfang(
    app: &App,
    politik: &Politik,
    aftale: &Serviceaftale,
    myndighed: Cvr,
    nu: Instant,
) -> Result<Vec<String>, Styringsfejl> {
    let Some(g) = aftale.gaeldende(myndighed, nu) else { return Ok(Vec::new()) };
    let fra = seneste(nu, DAGE).first().copied().unwrap_or(nu);
    let raekker = app.store().forbrug((aftale.system, aftale.uuid), myndighed, fra).await?;
    let egne: Vec<&Forbrug> = raekker.iter().filter(|r| r.tilladt && r.aftale == Some(aftale.uuid)).collect();
    let services = g.version.services.iter().filter_map(|s| service(politik, s, &egne));
    Ok(services
        .flat_map(|s| match s.er_ubrugt() {
            true => vec![s.navn],
            false => s.ubrugte_roller.iter().map(|rolle| format!("{rolle} af {}", s.navn)).collect(),
        })
        .collect())
}

/// Which of these agreements with these authorities nobody uses: those the notices of unused agreements are about. One
/// question to the store, however many they are.
///
/// # Errors
///
pub async fn ikke_brugte(
    app: &App,
    kald: &Kald,
    visninger: &[Aftalevisning<'_>],
) -> Result<HashSet<(Uuid, Cvr)>, Styringsfejl> {
    kald.kraev(Emne::Forbrug, Handling::Se)?;
    // Where nothing was ever counted, nothing can be said to be unused.
    let Some(talt_fra) = app.store().forbrug_begyndt().await? else { return Ok(HashSet::new()) };
    let (politik, nu) = (app.politik(), app.now());
    let mulig = |v: &&Aftalevisning<'_>| {
        let fra = bedoemt_fra(&politik, v.aftale, v.myndighed, talt_fra, nu);
        fra.is_some_and(|fra| er_ubrugt(fra, None, nu))
    };
    let mulige: Vec<(Uuid, Cvr)> =
        visninger.iter().filter(mulig).map(|v| (v.aftale.uuid, v.myndighed)).collect();
    let brugte = app.store().forbrug_brugte(&mulige, graense(nu)).await?;
    Ok(mulige.into_iter().filter(|par| !brugte.contains(par)).collect())
}

/// When the version in force began, as far as it says: at its day, or a year before it is to be confirmed again. One that
/// says nothing of it has always been.
pub(crate) fn begyndt(version: &Aftaleversion, part: &Aftalepart) -> Option<Instant> {
    let dage = [Some(version.gyldig.from), part.gyldig_fra, part.anmodet];
    let bekraeftet = version.genbekraeftes(part).and_then(et_aar_foer);
    dage.into_iter().chain([bekraeftet]).flatten().max()
}

fn et_aar_foer(dag: Instant) -> Option<Instant> {
    let foer = oio::tid::zoned(dag)?.checked_sub(Span::new().years(1)).ok()?;
    Some(Instant::from_micros(foer.timestamp().as_microsecond()))
}

/// The first moments of the last days, the earliest first: days in Denmark, which are not all of the same length.
pub(crate) fn seneste(nu: Instant, antal: i64) -> Vec<Instant> {
    let Some(i_dag) = oio::tid::zoned(nu).map(|z| z.date()) else { return Vec::new() };
    let dag = |n: i64| oio::tid::midnight(i_dag.checked_sub(Span::new().days(n)).ok()?);
    (0..antal).rev().filter_map(dag).collect()
}

fn taelling(dage: &[Instant], afviste: &[&Forbrug], egne: &[&Forbrug]) -> Vec<Forbrugsdag> {
    let mut dage: BTreeMap<Instant, Forbrugsdag> =
        dage.iter().map(|dag| (*dag, Forbrugsdag { dag: *dag, kald: 0, afvist: 0 })).collect();
    for r in egne {
        if let Some(d) = dage.get_mut(&r.dag) {
            d.kald += r.kald;
        }
    }
    for r in afviste {
        if let Some(d) = dage.get_mut(&r.dag) {
            d.afvist += r.kald;
        }
    }
    dage.into_values().collect()
}

fn service(politik: &Politik, aftalt: &Aftaleservice, egne: &[&Forbrug]) -> Option<Servicebrug> {
    let service = politik.service(aftalt.service)?;
    let brugt: Vec<&&Forbrug> = egne.iter().filter(|r| hoerer_til(service, &r.objekttype)).collect();
    let operationer: BTreeSet<&str> = brugt.iter().map(|r| r.operation.as_str()).collect();
    Some(Servicebrug {
        service: service.uuid,
        navn: service.navn.clone(),
        her: taelles(service),
        kald: brugt.iter().map(|r| r.kald).sum(),
        objekter: brugt.iter().map(|r| r.objekter).sum(),
        sidst: brugt.iter().map(|r| r.sidst).max(),
        ubrugte_roller: ubrugte(service, aftalt, &operationer),
    })
}

/// Whether the calls of a service stand in the access log here.
pub(crate) fn taelles(service: &Service) -> bool {
    service.komponent.is_some() && !service.er_beskedfordeler()
}

/// Whether calls about an object type are answered by a service.
fn hoerer_til(service: &Service, objekttype: &str) -> bool {
    oio::catalog::find(objekttype).is_some_and(|typ| service.er_for(typ.register))
}

/// The roles of an agreement of which nothing was used beyond what a lesser role of it gives.
fn ubrugte(service: &Service, aftalt: &Aftaleservice, brugt: &BTreeSet<&str>) -> Vec<String> {
    let roller = || aftalt.roller.iter().filter_map(|uri| service.rolle(uri));
    let ubrugt = |rolle: &&administration::Servicesystemrolle| {
        let mindre = roller().filter(|r| r.operationer.len() < rolle.operationer.len());
        let mindre: BTreeSet<&String> = mindre.flat_map(|r| &r.operationer).collect();
        let mut egne = rolle.operationer.iter().filter(|o| !mindre.contains(o)).peekable();
        egne.peek().is_some() && !egne.any(|o| brugt.contains(o.as_str()))
    };
    roller().filter(ubrugt).map(|r| r.navn.clone()).collect()
}

fn afvist(afviste: &[&Forbrug]) -> Vec<Afvisning> {
    let mut ud: Vec<Afvisning> = afviste
        .iter()
        .map(|r| Afvisning {
            operation: r.operation.clone(),
            objekttype: r.objekttype.clone(),
            kald: r.kald,
            sidst: r.sidst,
            transaktion: r.transaktion,
        })
        .collect();
    ud.sort_by_key(|a| std::cmp::Reverse(a.sidst));
    ud.truncate(AFVIST_MAX);
    ud
}
