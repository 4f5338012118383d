//! What time brings about: a delegering is about to end, or nobody answered it before it did.

use super::ACCEPTERET;
use crate::adviser::{Advis, Adviseret, Frist, Haendelse, Tidsrum};
use crate::opgaver::{self, IKKE_BESVARET, Opgave, Opgavestatus};
use crate::skriv::{self, Gemt, Hvem};
use crate::{Kald, Styringsfejl, brugere};
use administration::{Delegering, Entitet, Jobfunktionsrolle};
use app::App;
use bitemporal::Instant;
use store::Loglinjeslags;

/// Days before its end on which both sides are told.
const DAGE: [i64; 3] = [60, 30, 7];

/// Ends the tasks about delegeringer that can no longer be answered, and tells both sides. Gives how many that was. Done
/// twice, or by two servers, it happens once.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn udloeb(app: &App) -> Result<usize, Styringsfejl> {
    let (nu, mut antal) = (app.now(), 0);
    for gemt in opgaver::aabne(app, Delegering::ART).await? {
        let Some(d) = skriv::hent::<Delegering>(app, gemt.post.objekt.1).await?.map(|g| g.post) else {
            continue;
        };
        let rolle = rollen(app, &d).await?;
        if !d.tilstand(rolle.as_ref(), nu).er_slut() {
            continue;
        }
        let objekt = objekt(app, &d, rolle.as_ref());
        let hvem = Hvem::Installationen { part: gemt.post.part, korrelation: app.new_uuid() };
        let mut linje = hvem.linje(nu, "lad opgave bortfalde");
        linje.slags = Loglinjeslags::Besluttet;
        (linje.art, linje.objekt) = (Delegering::ART.into(), Some(d.uuid));
        linje.objektnavn = objekt.navn.clone();
        let felter = [("hvem", "Fristen er nået"), ("hvad", "udløbet uden svar"), ("aarsag", "")];
        let adviser: Vec<Advis> = parter(&d)
            .map(|part| Advis::om(Haendelse::Delegering, part, objekt.clone(), &felter, nu, "ubesvaret"))
            .collect();
        let opgave = Opgave { status: Opgavestatus::Bortfaldet, udfald: IKKE_BESVARET.into(), ..gemt.post };
        match skriv::gem_med(app, &[opgave.post(gemt.version)], &[linje], &adviser).await {
            Ok(()) => antal += 1,
            // Somebody did something with it meanwhile; the next round sees what.
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            Err(fejl) => return Err(fejl),
        }
    }
    Ok(antal)
}

/// The notices of delegeringer in use that end soon.
pub(crate) async fn forfaldne(app: &App, rum: Tidsrum) -> Result<Vec<Advis>, Styringsfejl> {
    let mut ud = Vec::new();
    for Gemt { post: d, .. } in skriv::alle_med::<Delegering>(app, (ACCEPTERET, String::new())).await? {
        if let Some(frist) = rum.foer(d.gyldig.to, &DAGE) {
            ud.extend(udloeber(app, &d, frist, rum.til()).await?);
        }
    }
    Ok(ud)
}

async fn udloeber(app: &App, d: &Delegering, frist: Frist, nu: Instant) -> Result<Vec<Advis>, Styringsfejl> {
    let rolle = rollen(app, d).await?;
    if d.tilstand(rolle.as_ref(), nu).er_slut() {
        return Ok(Vec::new());
    }
    let objekt = objekt(app, d, rolle.as_ref());
    let dag = brugere::sidste_dag(d.gyldig.to);
    let (dage, noegle) = (frist.ord(), frist.naaet.to_string());
    let felter = [("dage", dage.as_str()), ("dato", dag.as_str())];
    let en = |part| Advis::om(Haendelse::DelegeringUdloeber, part, objekt.clone(), &felter, nu, &noegle);
    Ok(parter(d).map(en).collect())
}

/// The giver, and the receiver once it has been sent.
pub(super) fn parter(d: &Delegering) -> impl Iterator<Item = oio::Cvr> {
    [Some(d.afgiver), d.sendt.then_some(d.modtager)].into_iter().flatten()
}

async fn rollen(app: &App, d: &Delegering) -> Result<Option<Jobfunktionsrolle>, Styringsfejl> {
    Ok(skriv::hent::<Jobfunktionsrolle>(app, d.rolle).await?.map(|g| g.post))
}

fn objekt(app: &App, d: &Delegering, rolle: Option<&Jobfunktionsrolle>) -> Adviseret {
    let modtager = Kald::partsnavn(&app.politik(), d.modtager);
    let rolle = rolle.map_or("en rolle, der ikke længere findes", |r| r.navn.as_str());
    Adviseret::ny(Delegering::ART, d.uuid, &format!("{rolle} til {modtager}"))
}
