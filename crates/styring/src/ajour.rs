//! What lists are found and sorted by, for what an earlier program stored, and for what is another without being written: a
//! party with another name, a role whose day has come.

use crate::brugere;
use crate::jobfunktionsroller;
use crate::{Styringsfejl, attesteringer, skriv};
use administration::{Bruger, Entitet, Jobfunktionsrolle};
use app::App;
use bitemporal::Instant;
use oio::Fejl;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use store::{EntitetSkrivning, Modulraekke, Modulsoegning};
use uuid::Uuid;

/// What remembers that it was done, and by what.
const ART: &str = "modulnoegler";
/// What this program derives.
const UDGAVE: &str = "ord og kolonner";
/// Entities at a time.
const SKRIDT: u64 = 500;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Gjort {
    udgave: String,
    /// The name each party's users were sorted by.
    parter: BTreeMap<String, String>,
}

/// Once when a program starts, before it answers: what an earlier one stored is found and sorted as what is stored now. `naaet`
/// hears how many were, every 500.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn begynd(app: &App, naaet: &(dyn Fn(u64) + Sync)) -> Result<(), Styringsfejl> {
    if gjort(app).await?.udgave == UDGAVE {
        return gaa(app).await;
    }
    let nye = Gjort { udgave: UDGAVE.to_owned(), parter: navne(app) };
    let mut antal = 0;
    for art in [Bruger::ART, Jobfunktionsrolle::ART] {
        let mut efter = None;
        loop {
            let raekker = app.store().modulposter(art, efter, SKRIDT).await?;
            let Some(sidste) = raekker.last() else { break };
            efter = Some(sidste.id);
            antal += raekker.len() as u64;
            if art == Bruger::ART {
                brugerne(app, &raekker).await?;
            } else {
                rollerne(app, &raekker).await?;
            }
            naaet(antal);
        }
    }
    husk(app, &nye).await
}

/// From time to time.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn gaa(app: &App) -> Result<(), Styringsfejl> {
    jobfunktionsroller::ajourfoer(app).await?;
    let (foer, nu) = (gjort(app).await?, navne(app));
    let omdoebte: Vec<&String> =
        nu.iter().filter(|(cvr, navn)| foer.parter.get(*cvr) != Some(*navn)).map(|(cvr, _)| cvr).collect();
    if omdoebte.is_empty() {
        return Ok(());
    }
    for cvr in omdoebte {
        let mut forbi = 0;
        loop {
            let soegning = Modulsoegning {
                art: Bruger::ART,
                noegler: vec![("part", cvr.clone())],
                forbi,
                antal: SKRIDT,
                ..Modulsoegning::default()
            };
            let (raekker, _) = app.store().modul_find(&soegning).await?;
            if raekker.is_empty() {
                break;
            }
            forbi += raekker.len() as u64;
            brugerne(app, &raekker).await?;
        }
    }
    husk(app, &Gjort { udgave: UDGAVE.to_owned(), parter: nu }).await
}

/// The names of parties, by CVR number.
fn navne(app: &App) -> BTreeMap<String, String> {
    app.politik().data().parter.iter().map(|p| (p.cvr.to_string(), p.navn.clone())).collect()
}

async fn gjort(app: &App) -> Result<Gjort, Styringsfejl> {
    let alle = app.store().entities(ART).await?;
    Ok(alle.iter().find_map(|(_, _, krop)| serde_json::from_slice(krop).ok()).unwrap_or_default())
}

async fn husk(app: &App, gjort: &Gjort) -> Result<(), Styringsfejl> {
    let krop = Some(serde_json::to_vec(gjort).map_err(Fejl::intern)?);
    let skrivning = EntitetSkrivning { art: ART.into(), id: Uuid::nil(), krop, foer: None };
    Ok(app.store().put_entities(vec![skrivning]).await?)
}

/// Users, with when they were here last, which an earlier program kept with their accounts alone.
async fn brugerne(app: &App, raekker: &[Modulraekke]) -> Result<(), Styringsfejl> {
    let ids: Vec<Uuid> = raekker.iter().map(|r| r.id).collect();
    let konti = app.store().konti(&ids).await?;
    let sidst: HashMap<Uuid, Instant> =
        konti.into_iter().filter_map(|k| Some((k.bruger, k.sidste_login?))).collect();
    let mut poster = Vec::with_capacity(raekker.len());
    for raekke in raekker {
        let gemt = skriv::laes::<Bruger>(raekke)?;
        poster.push(brugere::post_med(app, &gemt.post, gemt.version, sidst.get(&raekke.id).copied()));
    }
    Ok(app.store().modul_noegler(&poster).await?)
}

async fn rollerne(app: &App, raekker: &[Modulraekke]) -> Result<(), Styringsfejl> {
    let mut poster = Vec::with_capacity(raekker.len());
    for raekke in raekker {
        let gemt = skriv::laes::<Jobfunktionsrolle>(raekke)?;
        let sidst = attesteringer::sidst_af(app, &gemt.post).await?;
        poster.push(jobfunktionsroller::post(app, &gemt.post, gemt.version, sidst));
    }
    Ok(app.store().modul_noegler(&poster).await?)
}
