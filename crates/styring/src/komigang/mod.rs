//! `Kom i gang`: how far a party has come with its first steps, who has undertaken which, and what ends by itself.
//!
//! Nobody ticks a step. Whether it is reached is looked up in what there is ([`fakta`]); what is stored is only who has
//! undertaken it until when, and the day the first business system is put in use.

mod fakta;
mod plan;
mod slut;

use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{
    Emne, Entitet, Handling, Igangplan, Igangtrin, Partsart, Politik, Trinplan, hex, tommelfinger,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use serde::Serialize;
use store::Modulpost;
use uuid::Uuid;

pub use plan::{Trinvalg, ejere, planlaeg, saet_drift};
pub use slut::naaede;
pub(crate) use slut::{beroerte, efter, efter_poster};

/// The kind of object a task of it is about.
pub(crate) const ART: &str = Igangplan::ART;

/// A step as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trinstand {
    /// The step.
    pub trin: Igangtrin,
    /// What shows that it is reached; nothing when it is not.
    pub naaet: Option<String>,
    /// Who has undertaken it until when.
    pub plan: Option<Trinplan>,
}

/// The steps of one kind of party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forloeb {
    /// The kind.
    pub art: Partsart,
    /// The steps, in their order.
    pub trin: Vec<Trinstand>,
}

impl Forloeb {
    /// How many are reached.
    #[must_use]
    pub fn naaede(&self) -> usize {
        self.trin.iter().filter(|t| t.naaet.is_some()).count()
    }

    /// The first that is not reached.
    #[must_use]
    pub fn naeste(&self) -> Option<&Trinstand> {
        self.trin.iter().find(|t| t.naaet.is_none())
    }
}

/// How far a party has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Igangstand {
    /// Its steps: those of an authority, those of a supplier, or both.
    pub forloeb: Vec<Forloeb>,
    /// The day the first business system is put in use.
    pub drift: Option<Instant>,
    /// What a form about that day is filled from.
    pub driftsmaerke: String,
}

impl Igangstand {
    /// Whether every step is reached.
    #[must_use]
    pub fn er_naaet(&self) -> bool {
        self.forloeb.iter().all(|f| f.naeste().is_none())
    }
}

/// The kinds of steps a party has.
fn arter(politik: &Politik, part: Cvr) -> Vec<Partsart> {
    let arter = [Partsart::Myndighed, Partsart::Leverandoer];
    arter.into_iter().filter(|art| politik.part(part).is_some_and(|p| p.er(*art))).collect()
}

/// A mark of a part of the plan: a form that was filled from another is told so.
fn maerke(del: &impl Serialize) -> String {
    hex(&tommelfinger(&serde_json::to_vec(del).unwrap_or_default())[..8])
}

/// The plan of a party; an empty one when nothing was decided.
async fn hent(app: &App, part: Cvr) -> Result<Gemt<Igangplan>, Styringsfejl> {
    let gemt = skriv::hent::<Igangplan>(app, Igangplan::id(part)).await?;
    Ok(gemt.unwrap_or_else(|| Gemt { post: Igangplan::ny(part), version: 0 }))
}

/// How far the party acted for has come.
///
/// # Errors
///
pub async fn stand(app: &App, kald: &Kald) -> Result<Igangstand, Styringsfejl> {
    kald.kraev(Emne::KomIGang, Handling::Se)?;
    let (politik, part) = (app.politik(), kald.part());
    let plan = hent(app, part).await?.post;
    let mut forloeb = Vec::new();
    for art in arter(&politik, part) {
        let mut trin = Vec::new();
        for t in Igangtrin::for_art(art) {
            let naaet = fakta::naaet(app, &politik, part, t).await?;
            trin.push(Trinstand { trin: t, naaet, plan: plan.trin.get(&t).cloned() });
        }
        forloeb.push(Forloeb { art, trin });
    }
    Ok(Igangstand { forloeb, driftsmaerke: maerke(&plan.drift), drift: plan.drift.map(Instant::from_micros) })
}

/// One step of the party acted for, and what a form about it is filled from.
///
/// # Errors
/// A-001; A-404 when the party has no such step.
pub async fn trin(app: &App, kald: &Kald, kode: &str) -> Result<(Trinstand, String), Styringsfejl> {
    kald.kraev(Emne::KomIGang, Handling::Se)?;
    let politik = app.politik();
    let trin = find(&politik, kald.part(), kode)?;
    let plan = hent(app, kald.part()).await?.post.trin.remove(&trin);
    let maerke = maerke(&plan);
    Ok((Trinstand { trin, naaet: fakta::naaet(app, &politik, kald.part(), trin).await?, plan }, maerke))
}

/// A step the party has.
fn find(politik: &Politik, part: Cvr, kode: &str) -> Result<Igangtrin, administration::Modulfejl> {
    let fundet = Igangtrin::med_kode(kode).filter(|t| arter(politik, part).contains(&t.art()));
    fundet.ok_or_else(|| administration::Modulfejl::findes_ikke("Trinnet"))
}

fn post(plan: &Igangplan, foer: i64) -> Result<Modulpost, Styringsfejl> {
    let krop = Some(serde_json::to_vec(plan).map_err(oio::Fejl::intern)?);
    let noegler = vec![("part", plan.part.to_string())];
    let (id, soeg, orden): (Uuid, _, _) = (plan.uuid, plan.navn(), plan.part.to_string());
    Ok(Modulpost {
        art: Igangplan::ART,
        id,
        krop,
        foer,
        soeg,
        unik: None,
        orden,
        noegler,
        kolonner: Vec::new(),
    })
}
