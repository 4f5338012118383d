//! What ends by itself: the task of whoever has undertaken a step, when the step is reached.
//!
//! Asked after every write that could have brought it about, and every ten minutes for what time alone brings about. A server
//! that stops in between has ended no task too early, and the next round ends it.

use super::{ART, fakta};
use crate::Styringsfejl;
use crate::opgaver::{self, Opgave};
use crate::skriv::{self, Gemt, Hvem};
use administration::{
    Bruger, Entitet, Igangplan, Igangtrin, ItSystem, Jobfunktionsrolle, Plan, Politikdata, Serviceaftale,
};
use app::App;
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet};
use store::Modulpost;

/// The parties for which a change of the policy could mean that a step is reached.
pub(crate) fn beroerte(data: &Politikdata, plan: &Plan) -> BTreeSet<Cvr> {
    let mut ud = BTreeSet::new();
    for a in &plan.aendringer {
        if a.art == ItSystem::ART {
            ud.extend(data.systemer.iter().find(|s| s.uuid == a.uuid).map(|s| s.leverandoer));
        } else if a.art == Serviceaftale::ART
            && let Some(aftale) = data.aftaler.iter().find(|x| x.uuid == a.uuid)
        {
            ud.extend(aftale.myndigheder());
            ud.extend(data.systemer.iter().find(|s| s.uuid == aftale.system).map(|s| s.leverandoer));
        }
    }
    ud
}

/// Asks after a write of users or jobfunktionsroller.
pub(crate) async fn efter_poster(app: &App, poster: &[Modulpost]) {
    let vores = poster.iter().filter(|p| p.art == Bruger::ART || p.art == Jobfunktionsrolle::ART);
    let noegler = vores.flat_map(|p| &p.noegler).filter(|(navn, _)| *navn == "part");
    let parter = noegler.filter_map(|(_, cvr)| cvr.parse().ok());
    efter(app, parter.collect()).await;
}

/// Asks for some parties. What was written before stands whatever becomes of this: what is not ended now is ended by the next
/// round.
pub(crate) async fn efter(app: &App, parter: BTreeSet<Cvr>) {
    for part in parter {
        let svar = match opgaver::om(app, Igangplan::id(part)).await {
            Ok(aabne) => afslut(app, part, aabne).await,
            Err(fejl) => Err(fejl),
        };
        if let Err(fejl) = svar {
            tracing::warn!(%part, %fejl, "opgaver i Kom i gang kunne ikke afsluttes; det forsøges igen");
        }
    }
}

/// Ends the tasks of steps that are reached, of every party. Gives how many. Done twice, or by two servers, it happens once.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn naaede(app: &App) -> Result<usize, Styringsfejl> {
    let mut efter: BTreeMap<Cvr, Vec<Gemt<Opgave>>> = BTreeMap::new();
    for gemt in opgaver::aabne(app, ART).await? {
        efter.entry(gemt.post.part).or_default().push(gemt);
    }
    let mut antal = 0;
    for (part, aabne) in efter {
        antal += afslut(app, part, aabne).await?;
    }
    Ok(antal)
}

async fn afslut(app: &App, part: Cvr, aabne: Vec<Gemt<Opgave>>) -> Result<usize, Styringsfejl> {
    let (politik, mut poster, mut naaede) = (app.politik(), Vec::new(), Vec::new());
    for gemt in aabne {
        let Some(trin) = Igangtrin::med_navn(&gemt.post.slags) else { continue };
        if let Some(hvad) = fakta::naaet(app, &politik, part, trin).await? {
            poster.push(opgaver::afsluttet(gemt, "trinnet er nået"));
            naaede.push(format!("{}: {hvad}", trin.navn()));
        }
    }
    if poster.is_empty() {
        return Ok(0);
    }
    let hvem = Hvem::Installationen { part, korrelation: app.new_uuid() };
    let mut linje = hvem.linje(app.now(), "trin i Kom i gang nået");
    (linje.art, linje.objekt) = (ART.into(), Some(Igangplan::id(part)));
    linje.objektnavn = "Kom i gang".into();
    linje.detaljer = naaede.join("\n");
    match skriv::skriv_nu(app, &poster, &[linje], &[]).await {
        Ok(()) => Ok(poster.len()),
        // Somebody did something with one of them meanwhile; the next round sees what.
        Err(fejl) if fejl.med_kode("A-005").is_some() => Ok(0),
        Err(fejl) => Err(fejl),
    }
}
