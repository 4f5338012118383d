//! The end of a run: what is not answered then stays so, and what the run says is final.

use super::{
    ATTEMPTS_MAX, LISTE_MAX, af_system, delpost, find, hent, kontrolsum, linje, post, punktpost, rapport,
};
use crate::opgaver;
use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl};
use administration::{
    Attesteringsdel, Attesteringspunkt, Attesteringsslut, Attesteringstal, Emne, Handling, Jobfunktionsrolle,
    Modulrolle, Punktslut, Punktstatus, i_brug,
};
use app::App;
use std::collections::HashMap;
use store::{Aendringslinje, Loglinjeslags};
use uuid::Uuid;

/// Ends a run. The line in the log holds the checksum of all it says, so that nothing of it can be changed unseen.
///
/// # Errors
/// A-001; A-404; T-201; T-204 while answers are missing and there is time to get them; A-005 when answers come all the time.
pub async fn afslut(app: &App, kald: &Kald, uuid: Uuid) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Attestering, Handling::Afslut)?;
    for forsoeg in 1.. {
        match en_gang(app, kald, rolle, uuid).await {
            Err(fejl) if fejl.med_kode("A-005").is_some() && forsoeg < ATTEMPTS_MAX => {}
            svar => return svar,
        }
    }
    Err(skriv::overhalet().into())
}

async fn en_gang(app: &App, kald: &Kald, rolle: Modulrolle, uuid: Uuid) -> Result<(), Styringsfejl> {
    let nu = app.now();
    // What is guarded first: every it-system of the run, one of which is written by every answer.
    let i_koerslen = || vec![("koersel", uuid.to_string())];
    let (dele, _) = find::<Attesteringsdel>(app, i_koerslen(), None, false, (0, LISTE_MAX)).await?;
    let koersel = hent(app, kald, uuid).await?;
    let mut attestering = koersel.post;
    let mut venter = i_koerslen();
    venter.push(("status", Punktstatus::Venter.kode().to_owned()));
    let (aabne, _) = find::<Attesteringspunkt>(app, venter, None, false, (0, LISTE_MAX)).await?;
    let lukkes = luk(app, aabne).await?;
    let dele = taelt(dele, &lukkes);
    let mangler = lukkes.iter().filter(|g| g.post.status() == Punktstatus::UdenSvar).count();
    let mut tal = Attesteringstal::default();
    dele.iter().for_each(|d| tal += d.post.tal);
    let af = (kald.aktoer.bruger, kald.aktoer.navn.clone());
    attestering.afslut(Attesteringsslut { af, tid: nu.micros(), tal }, mangler)?;
    let mut poster = vec![post(&attestering, koersel.version)?];
    for del in &dele {
        poster.push(delpost(&del.post, del.version)?);
    }
    for punkt in &lukkes {
        poster.push(punktpost(&punkt.post, punkt.version)?);
    }
    poster.extend(opgaver::afsluttede(app, uuid, attestering.part, "attesteringen er afsluttet").await?);
    let mut punkter = rapport::punkter(app, uuid).await?;
    let nye: HashMap<u32, Attesteringspunkt> = lukkes.into_iter().map(|g| (g.post.nr, g.post)).collect();
    for p in &mut punkter {
        if let Some(ny) = nye.get(&p.nr) {
            p.clone_from(ny);
        }
    }
    let linje = Aendringslinje {
        slags: Loglinjeslags::Besluttet,
        detaljer: format!(
            "{} bekræftet, {} ønsket ændret, {} uden svar, {} bortfaldet\nkontrolsum {}",
            tal.bekraeftet,
            tal.aendring,
            tal.uden_svar,
            tal.bortfaldet,
            kontrolsum(&attestering, &punkter)?
        ),
        ..linje(kald, nu, rolle, &attestering, "afslut attestering")
    };
    skriv::gem(app, &poster, &[linje]).await
}

/// The points without an answer as they end: what a role no longer gives needs none.
async fn luk(
    app: &App,
    aabne: Vec<Gemt<Attesteringspunkt>>,
) -> Result<Vec<Gemt<Attesteringspunkt>>, Styringsfejl> {
    let (politik, nu) = (app.politik(), app.now());
    let mut ud = Vec::new();
    for mut gemt in aabne {
        let rolle = skriv::hent::<Jobfunktionsrolle>(app, gemt.post.rolle).await?;
        let lever = rolle.is_some_and(|g| {
            i_brug(&g.post, nu) && !af_system(&politik, &g.post, gemt.post.system).is_empty()
        });
        gemt.post.slut = Some(if lever { Punktslut::UdenSvar } else { Punktslut::Bortfaldet });
        ud.push(gemt);
    }
    Ok(ud)
}

fn taelt(
    mut dele: Vec<Gemt<Attesteringsdel>>,
    lukkes: &[Gemt<Attesteringspunkt>],
) -> Vec<Gemt<Attesteringsdel>> {
    for del in &mut dele {
        for punkt in lukkes.iter().filter(|g| g.post.system == del.post.system) {
            del.post.tal.flyt(Punktstatus::Venter, punkt.post.status());
        }
    }
    dele
}
