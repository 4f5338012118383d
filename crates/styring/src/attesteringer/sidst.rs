//! When roles were attested last, and by what.

use super::{Ejere, LISTE_MAX, af_system, find};
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl, jobfunktionsroller};
use administration::{
    Attesteringspunkt, Emne, Handling, Jobfunktionsrolle, Politik, Rolleattest, Sidst, i_brug,
    samme_sammensaetning,
};
use app::App;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How long an attest is good for, in days: twelve months.
const AAR: i64 = 365;
/// Points of one role in one answer, at most.
const AF_ROLLE_MAX: u64 = 50;

/// Which of some points of a run were changed since they were answered, by number: what the roles give in the it-systems now is
/// another than what was attested.
///
/// # Errors
///
pub async fn aendrede(
    app: &App,
    kald: &Kald,
    punkter: &[Attesteringspunkt],
) -> Result<HashSet<u32>, Styringsfejl> {
    kald.kraev(Emne::Attestering, Handling::Se)?;
    let politik = app.politik();
    let mut ud = HashSet::new();
    for punkt in punkter.iter().filter(|p| !p.svar.is_empty()) {
        let rolle = skriv::hent::<Jobfunktionsrolle>(app, punkt.rolle).await?;
        if rolle.is_none_or(|g| er_aendret(&politik, &g.post, punkt)) {
            ud.insert(punkt.nr);
        }
    }
    Ok(ud)
}

/// Whether a role was changed since a point about it was answered.
#[must_use]
pub fn er_aendret(politik: &Politik, rolle: &Jobfunktionsrolle, punkt: &Attesteringspunkt) -> bool {
    let nu = || af_system(politik, rolle, punkt.system);
    punkt.sidste().is_some_and(|sidste| !samme_sammensaetning(&sidste.tilknytninger, &nu()))
}

/// When each of some roles of the party's own was attested last; nothing for those of others.
///
/// # Errors
///
pub async fn sidst(
    app: &App,
    kald: &Kald,
    roller: &[&Jobfunktionsrolle],
) -> Result<HashMap<Uuid, Sidst>, Styringsfejl> {
    kald.kraev(Emne::Attestering, Handling::Se)?;
    let politik = app.politik();
    let ejere = Ejere::ny(&politik);
    let mut ud = HashMap::new();
    for rolle in roller.iter().filter(|r| kald.ser(r.myndighed)) {
        let attest = skriv::hent::<Rolleattest>(app, rolle.uuid).await?;
        let sidst = attest.map(|g| g.post.sidst(&ejere.dele(rolle))).unwrap_or_default();
        ud.insert(rolle.uuid, sidst);
    }
    Ok(ud)
}

/// The day the oldest confirmation of what a role gives is from, as [`sidst`] has it, whoever asks.
pub(crate) async fn sidst_af(app: &App, rolle: &Jobfunktionsrolle) -> Result<Option<i64>, Styringsfejl> {
    let attest = skriv::hent::<Rolleattest>(app, rolle.uuid).await?;
    Ok(attest.and_then(|g| sidst_ved(&app.politik(), rolle, &g.post)))
}

/// The same by what was attested.
pub(super) fn sidst_ved(politik: &Politik, rolle: &Jobfunktionsrolle, attest: &Rolleattest) -> Option<i64> {
    attest.sidst(&Ejere::ny(politik).dele(rolle)).tid
}

/// Those of some roles that are the party's own, in use, and were not attested as they are for twelve months.
///
/// # Errors
///
pub(crate) async fn ikke_attesteret(
    app: &App,
    kald: &Kald,
    roller: Vec<Gemt<Jobfunktionsrolle>>,
) -> Result<Vec<Gemt<Jobfunktionsrolle>>, Styringsfejl> {
    let egne = i_brug_nu(app, kald, roller).await?;
    Ok(egne.into_iter().filter(|(_, attesteret)| !attesteret).map(|(g, _)| g).collect())
}

/// How many of the party's own roles in use were attested as they are within twelve months, of how many.
///
/// # Errors
///
pub async fn daekning(app: &App, kald: &Kald) -> Result<(usize, usize), Styringsfejl> {
    let roller = i_brug_nu(app, kald, jobfunktionsroller::alle(app, kald).await?).await?;
    Ok((roller.iter().filter(|(_, attesteret)| *attesteret).count(), roller.len()))
}

/// Those of some roles that are the party's own and in use, and whether each was attested as it is within twelve months.
async fn i_brug_nu(
    app: &App,
    kald: &Kald,
    mut roller: Vec<Gemt<Jobfunktionsrolle>>,
) -> Result<Vec<(Gemt<Jobfunktionsrolle>, bool)>, Styringsfejl> {
    kald.kraev(Emne::Attestering, Handling::Se)?;
    let nu = app.now();
    let graense = skriv::om_dage(nu, -AAR);
    let politik = app.politik();
    let ejere = Ejere::ny(&politik);
    let attester = attester(app, kald).await?;
    roller.retain(|g| g.post.myndighed == kald.part() && i_brug(&g.post, nu));
    let attesteret = |g: Gemt<Jobfunktionsrolle>| {
        let attest = attester.get(&g.post.uuid);
        let sidst = attest.map(|a| a.sidst(&ejere.dele(&g.post))).unwrap_or_default();
        (g, sidst.siden(graense))
    };
    Ok(roller.into_iter().map(attesteret).collect())
}

/// What was attested of the party's roles, by role.
async fn attester(app: &App, kald: &Kald) -> Result<HashMap<Uuid, Rolleattest>, Styringsfejl> {
    let (mut ud, mut forbi) = (HashMap::new(), 0);
    loop {
        let noegler = vec![("part", kald.part().to_string())];
        let (fundne, alle) = find::<Rolleattest>(app, noegler, None, false, (forbi, LISTE_MAX)).await?;
        forbi += fundne.len() as u64;
        let sidste = fundne.is_empty() || forbi >= alle;
        ud.extend(fundne.into_iter().map(|g| (g.post.rolle, g.post)));
        if sidste {
            return Ok(ud);
        }
    }
}

/// The points about a role of the party's own, the latest first.
///
/// # Errors
///
pub async fn for_rolle(app: &App, kald: &Kald, rolle: Uuid) -> Result<Vec<Attesteringspunkt>, Styringsfejl> {
    kald.kraev(Emne::Attestering, Handling::Se)?;
    let noegler = vec![("rolle", rolle.to_string())];
    let (fundne, _) = find::<Attesteringspunkt>(app, noegler, None, true, (0, AF_ROLLE_MAX)).await?;
    Ok(fundne.into_iter().map(|g| g.post).filter(|p| p.part == kald.part()).collect())
}
