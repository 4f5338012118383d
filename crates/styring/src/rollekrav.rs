//! Jobfunktionsroller that need action. Whether one does follows from what is registered of what it is made of, each time it is
//! asked; that somebody was told is remembered, so that the same is told once, and again when it comes back.

use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::opslag::Seer;
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl, vaerdier};
use administration::{
    Dataafgraensningstype, Entitet, Jobfunktionsrolle, Jobfunktionsrolletilstand, Kendte, Rollefund,
    foelsomt_uden_graense, i_brug, udgaaet_indhold,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// How much of what was withdrawn is named in a notice.
const NAEVNES: usize = 4;

/// What was told of a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rollekrav {
    /// The role.
    uuid: Uuid,
    /// Whose it is.
    part: Cvr,
    /// What was found, by the keys of [`Rollefund`]. What is mended is not among them.
    fund: BTreeSet<String>,
}

impl Entitet for Rollekrav {
    const ART: &'static str = "rollekrav";
    const ORD: &'static str = "det, der er sagt om jobfunktionsrollen,";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.uuid.to_string()
    }
}

fn med_kendte<T>(app: &App, goer: impl FnOnce(&Kendte<'_>) -> T) -> T {
    let (politik, faelles) = (app.politik(), Dataafgraensningstype::faelles());
    goer(&Kendte { systemer: &politik.data().systemer, faelles: &faelles })
}

/// What was withdrawn of what some roles are made of, role by role.
async fn udgaaet(
    app: &App,
    seer: Seer<'_>,
    roller: &[&Jobfunktionsrolle],
) -> Result<Vec<Vec<Rollefund>>, Styringsfejl> {
    let mut alle = vaerdier::udgaaet_i(app, seer, roller).await?;
    med_kendte(app, |kendte| {
        for (fund, rolle) in alle.iter_mut().zip(roller) {
            let mut foerst = udgaaet_indhold(rolle, kendte, app.now());
            foerst.append(fund);
            *fund = foerst;
        }
    });
    Ok(alle)
}

fn er_aktiv(rolle: &Jobfunktionsrolle, nu: Instant) -> bool {
    rolle.tilstand(nu) == Jobfunktionsrolletilstand::Aktiv
}

/// The state of each of some roles, with KRÆVER HANDLING where something in one of the party's own was withdrawn. Of those
/// delegated to it the party cannot say, and nothing to do.
///
/// # Errors
///
pub async fn tilstande(
    app: &App,
    kald: &Kald,
    roller: &[&Jobfunktionsrolle],
) -> Result<Vec<Jobfunktionsrolletilstand>, Styringsfejl> {
    let nu = app.now();
    let egne = roller.iter().copied().filter(|r| r.myndighed == kald.part() && er_aktiv(r, nu));
    let egne: Vec<&Jobfunktionsrolle> = egne.collect();
    let fund = udgaaet(app, kald.into(), &egne).await?;
    let fundne = egne.iter().zip(fund).filter(|(_, fund)| !fund.is_empty());
    let kraever: HashSet<Uuid> = fundne.map(|(r, _)| r.uuid).collect();
    Ok(roller.iter().map(|r| r.tilstand(nu).med_fund(kraever.contains(&r.uuid))).collect())
}

/// Those of some roles that are KRÆVER HANDLING.
///
/// # Errors
///
pub(crate) async fn kraever_handling(
    app: &App,
    kald: &Kald,
    roller: Vec<Gemt<Jobfunktionsrolle>>,
) -> Result<Vec<Gemt<Jobfunktionsrolle>>, Styringsfejl> {
    let kun: Vec<&Jobfunktionsrolle> = roller.iter().map(|g| &g.post).collect();
    let tilstande = tilstande(app, kald, &kun).await?;
    let kraever = |t: Jobfunktionsrolletilstand| t == Jobfunktionsrolletilstand::KraeverHandling;
    Ok(roller.into_iter().zip(tilstande).filter(|(_, t)| kraever(*t)).map(|(g, _)| g).collect())
}

/// Tells who answers for the roles in use, of every party, what in them was withdrawn since it was looked last, and what is
/// sensitive and could be limited. Gives how many roles. Done twice, or by two servers, it is told once: what was told is
/// written with the notice.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn sig_til(app: &App) -> Result<usize, Styringsfejl> {
    let parter: Vec<Cvr> = app.politik().data().parter.iter().map(|p| p.cvr).collect();
    let mut antal = 0;
    for part in parter {
        antal += sig_til_part(app, part).await?;
    }
    Ok(antal)
}

async fn sig_til_part(app: &App, part: Cvr) -> Result<usize, Styringsfejl> {
    let nu = app.now();
    let partens = || ("part", part.to_string());
    let mut roller = skriv::alle_med::<Jobfunktionsrolle>(app, partens()).await?;
    roller.retain(|g| i_brug(&g.post, nu));
    if roller.is_empty() {
        return Ok(0);
    }
    let udestaaende = skriv::alle_med::<Rollekrav>(app, partens()).await?;
    let mut sagt: HashMap<Uuid, Gemt<Rollekrav>> =
        udestaaende.into_iter().map(|g| (g.post.uuid, g)).collect();
    let kun: Vec<&Jobfunktionsrolle> = roller.iter().map(|g| &g.post).collect();
    let fund = udgaaet(app, Seer::Installationen(part), &kun).await?;
    let mut antal = 0;
    for (rolle, udgaaet) in kun.into_iter().zip(fund) {
        let udgaaet = if er_aktiv(rolle, nu) { udgaaet } else { Vec::new() };
        let foelsomt = med_kendte(app, |kendte| foelsomt_uden_graense(rolle, kendte));
        let noegler = udgaaet.iter().chain(&foelsomt).map(|f| f.noegle.clone()).collect();
        let nyt = Rollekrav { uuid: rolle.uuid, part, fund: noegler };
        let har = match sagt.remove(&rolle.uuid) {
            None if nyt.fund.is_empty() => continue,
            // What was mended once has no key to be found by.
            None => skriv::hent::<Rollekrav>(app, rolle.uuid).await?,
            har => har,
        };
        antal += usize::from(skriv_krav(app, rolle, &nyt, har, &[udgaaet, foelsomt]).await?);
    }
    Ok(antal)
}

/// Remembers what a role needs now, with the notices of what is new. Whether anything was written.
async fn skriv_krav(
    app: &App,
    rolle: &Jobfunktionsrolle,
    nyt: &Rollekrav,
    har: Option<Gemt<Rollekrav>>,
    [udgaaet, foelsomt]: &[Vec<Rollefund>; 2],
) -> Result<bool, Styringsfejl> {
    let (gammelt, version) = har.map_or_else(Default::default, |g| (g.post.fund, g.version));
    if nyt.fund == gammelt {
        return Ok(false);
    }
    let mut adviser = Vec::new();
    for (haendelse, fund) in [
        (Haendelse::JobfunktionsrolleKraeverHandling, udgaaet),
        (Haendelse::JobfunktionsrolleFoelsom, foelsomt),
    ] {
        if fund.iter().any(|f| !gammelt.contains(&f.noegle)) {
            let part = Kald::partsnavn(&app.politik(), nyt.part);
            let felter = [("part", part.as_str()), ("hvad", &ord(fund))];
            let objekt = Adviseret::ny(Jobfunktionsrolle::ART, rolle.uuid, &rolle.navn);
            adviser.push(Advis::om(haendelse, nyt.part, objekt, &felter, app.now(), &version.to_string()));
        }
    }
    let udestaar = (!nyt.fund.is_empty()).then(|| ("part", nyt.part.to_string()));
    let post = skriv::post(nyt, version, udestaar)?;
    match skriv::gem_med(app, &[post], &[], &adviser).await {
        Ok(()) => Ok(true),
        // Another server was first; what is left is seen the next time.
        Err(fejl) if fejl.med_kode("A-005").is_some() => Ok(false),
        Err(fejl) => Err(fejl),
    }
}

/// What was found, in sentences: the first ones.
fn ord(fund: &[Rollefund]) -> String {
    let flere = fund.len().saturating_sub(NAEVNES);
    let mut ord: Vec<String> = fund.iter().take(NAEVNES).map(|f| f.fejl.tekst.clone()).collect();
    if flere > 0 {
        ord.push(format!("Og {flere} til; se dem på rollens side."));
    }
    ord.join(" ")
}
