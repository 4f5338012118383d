//! What time brings about: reminders, and somebody who has come to answer for an it-system. Nobody loses anything by it.

use super::start::{hans, objekt, til_personer};
use super::{LISTE_MAX, UDPEG, find, roller, svarer_for, systemansvarlige};
use crate::adviser::{Advis, Haendelse, Tidsrum};
use crate::opgaver::{self, Opgave};
use crate::skriv::{self, Gemt, Hvem};
use crate::{Styringsfejl, brugere};
use administration::{Attestering, Attesteringsdel, Bruger, Entitet, Modulrolle};
use app::App;
use bitemporal::Instant;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Days before the deadline on which those who have not answered are told.
const FOER: [i64; 2] = [7, 1];
/// Days after it on which they are told again.
const EFTER: [i64; 4] = [0, 7, 14, 30];

/// The reminders of runs under way.
pub(crate) async fn forfaldne(app: &App, rum: Tidsrum) -> Result<Vec<Advis>, Styringsfejl> {
    let (mut ud, mut forbi) = (Vec::new(), 0);
    loop {
        let noegler = vec![("aaben", String::new())];
        let (fundne, alle) = find::<Attestering>(app, noegler, None, false, (forbi, LISTE_MAX)).await?;
        forbi += fundne.len() as u64;
        let sidste = fundne.is_empty() || forbi >= alle;
        for gemt in fundne {
            ud.extend(om(app, &gemt.post, rum).await?);
        }
        if sidste {
            return Ok(ud);
        }
    }
}

async fn om(app: &App, a: &Attestering, rum: Tidsrum) -> Result<Vec<Advis>, Styringsfejl> {
    let frist = Instant::from_micros(a.frist);
    let (haendelse, dage, noegle) = match (rum.foer(frist, &FOER), rum.efter(frist, &EFTER)) {
        (Some(f), _) => (Haendelse::AttesteringPaamindelse, f.ord(), format!("foer:{}", f.naaet)),
        (None, Some(dage)) => (Haendelse::AttesteringOverskredet, String::new(), format!("efter:{dage}")),
        (None, None) => return Ok(Vec::new()),
    };
    let dele = dele(app, a.uuid).await?;
    let dato = brugere::sidste_dag(frist);
    let en = |antal: &str, systemer: &str| {
        let felter =
            [("antal", antal), ("system", systemer), ("dato", dato.as_str()), ("dage", dage.as_str())];
        Advis::om(haendelse, a.part, objekt(a), &felter, rum.til(), &noegle)
    };
    let mut ud = Vec::new();
    for b in systemansvarlige(app, a.part).await? {
        ud.extend(hans(&b, a.part, &dele, rum.til()).map(|(antal, i)| en(&antal, &i).til_person(b.uuid)));
    }
    let venter: Vec<&Attesteringsdel> = dele.iter().filter(|d| d.tal.venter() > 0).collect();
    if haendelse == Haendelse::AttesteringOverskredet && !venter.is_empty() {
        let antal = venter.iter().fold(0, |sum: u32, d| sum.saturating_add(d.tal.venter()));
        let navne: Vec<&str> = venter.iter().map(|d| d.systemnavn.as_str()).collect();
        let til = Modulrolle::Jobfunktionsrolleadministrator;
        ud.push(en(&roller(antal), &navne.join(", ")).til_rolle(til));
    }
    Ok(ud)
}

async fn dele(app: &App, koersel: Uuid) -> Result<Vec<Attesteringsdel>, Styringsfejl> {
    let noegler = vec![("koersel", koersel.to_string())];
    let (fundne, _) = find::<Attesteringsdel>(app, noegler, None, false, (0, LISTE_MAX)).await?;
    Ok(fundne.into_iter().map(|g| g.post).collect())
}

/// Ends the tasks to find a Systemansvarlig where there is one now, and tells him what waits for him. Gives how many that was.
/// Done twice, or by two servers, it happens once.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn udpegede(app: &App) -> Result<usize, Styringsfejl> {
    let mut efter: BTreeMap<Uuid, Vec<Gemt<Opgave>>> = BTreeMap::new();
    for gemt in opgaver::aabne(app, Attestering::ART).await? {
        if gemt.post.slags == UDPEG {
            efter.entry(gemt.post.objekt.1).or_default().push(gemt);
        }
    }
    let mut antal = 0;
    for (uuid, opgaver) in efter {
        let Some(a) = skriv::hent::<Attestering>(app, uuid).await?.map(|g| g.post) else { continue };
        match i_en(app, &a, opgaver).await {
            Ok(n) => antal += n,
            // Somebody did something with one of them meanwhile; the next round sees what.
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            Err(fejl) => return Err(fejl),
        }
    }
    Ok(antal)
}

async fn i_en(app: &App, a: &Attestering, mut opgaver: Vec<Gemt<Opgave>>) -> Result<usize, Styringsfejl> {
    let (nu, personer) = (app.now(), systemansvarlige(app, a.part).await?);
    let fundet = |system: Uuid| personer.iter().any(|b: &Bruger| svarer_for(b, a.part, system, nu));
    opgaver.retain(|g| g.post.system.is_some_and(fundet));
    let Some(foerste) = opgaver.iter().map(|g| g.post.uuid).min() else { return Ok(0) };
    let deres = |d: &Attesteringsdel| opgaver.iter().any(|g| g.post.system == Some(d.system));
    let dele: Vec<_> = dele(app, a.uuid).await?.into_iter().filter(deres).collect();
    let adviser = til_personer(app, a, &dele, &personer, &foerste.to_string());
    let hvem = Hvem::Installationen { part: a.part, korrelation: app.new_uuid() };
    let mut linje = hvem.linje(nu, "systemansvarlig udpeget");
    (linje.art, linje.objekt) = (Attestering::ART.into(), Some(a.uuid));
    linje.objektnavn.clone_from(&a.navn);
    linje.detaljer = dele.iter().map(|d| d.systemnavn.as_str()).collect::<Vec<_>>().join("\n");
    let antal = opgaver.len();
    let poster: Vec<_> = opgaver.into_iter().map(|g| opgaver::afsluttet(g, "udpeget")).collect();
    skriv::gem_med(app, &poster, &[linje], &adviser).await?;
    Ok(antal)
}
