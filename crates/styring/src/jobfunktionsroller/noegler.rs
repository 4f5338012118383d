//! What jobfunktionsroller are found and sorted by. Some of it is another as time goes, and is written anew then.

use super::{er_slut, liste::soegetekst, systemer};
use crate::Styringsfejl;
use crate::attesteringer;
use crate::skriv;
use administration::{Entitet, Jobfunktionsrolle, dansk};
use app::App;
use bitemporal::Instant;
use store::{Modulorden, Modulpost};

/// The column of the moment a role is in another state by itself.
const SKIFT: &str = "skift";
/// Roles that are written anew in one step.
const SKRIDT: u64 = 200;

fn orden(rolle: &Jobfunktionsrolle, kolonne: &'static str, vaerdi: &str) -> Modulorden {
    Modulorden::ny(Jobfunktionsrolle::ART, kolonne, vaerdi, &dansk::noegle(&rolle.navn))
}

/// By its state now.
pub(super) fn tilstandsorden(rolle: &Jobfunktionsrolle, nu: Instant) -> Modulorden {
    orden(rolle, "tilstand", &dansk::noegle(&rolle.tilstand(nu).to_string()))
}

/// By when it was attested.
pub(crate) fn attestorden(rolle: &Jobfunktionsrolle, sidst: Option<i64>) -> Modulorden {
    let vaerdi = sidst.map(|tid| Modulorden::tid(Instant::from_micros(tid)));
    orden(rolle, "attest", &vaerdi.unwrap_or_default())
}

/// The next moment at which it is in another state.
fn skift(rolle: &Jobfunktionsrolle, nu: Instant) -> Option<Instant> {
    [rolle.gyldig.from, rolle.gyldig.to].into_iter().filter(|t| *t > nu && t.is_finite()).min()
}

/// A role as stored, with what it is found and sorted by. `sidst` is when it was attested.
pub(crate) fn post(app: &App, rolle: &Jobfunktionsrolle, foer: i64, sidst: Option<i64>) -> Modulpost {
    let (politik, nu) = (app.politik(), app.now());
    let mut noegler = vec![("part", rolle.myndighed.to_string())];
    // What has ended no longer stands in the way of another one.
    let slut = er_slut(app, rolle);
    if !slut {
        noegler.push(("navn", format!("{}:{}", rolle.myndighed, rolle.navn.to_lowercase())));
    }
    for t in &rolle.tilknytninger {
        noegler.push(("rolle", t.rolle.to_string()));
    }
    noegler.extend(systemer(&politik, rolle).map(|uuid| ("system", uuid.to_string())));
    let naeste = skift(rolle, nu).map(Modulorden::tid).unwrap_or_default();
    Modulpost {
        art: Jobfunktionsrolle::ART,
        id: rolle.uuid,
        krop: serde_json::to_vec(rolle).ok(),
        foer,
        soeg: soegetekst(rolle),
        unik: (!slut).then(|| rolle.entity_id.clone()),
        orden: dansk::noegle(&rolle.navn),
        noegler,
        kolonner: vec![tilstandsorden(rolle, nu), attestorden(rolle, sidst), orden(rolle, SKIFT, &naeste)],
    }
}

/// Sorts anew the roles that are in another state by now. Gives how many.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub(crate) async fn ajourfoer(app: &App) -> Result<usize, Styringsfejl> {
    let mut antal = 0;
    loop {
        let til = Modulorden::tid(Instant::from_micros(app.now().micros().saturating_add(1)));
        let fundne = app.store().modul_under((Jobfunktionsrolle::ART, SKIFT), &til, SKRIDT).await?;
        if fundne.is_empty() {
            return Ok(antal);
        }
        for raekke in &fundne {
            let gemt = skriv::laes::<Jobfunktionsrolle>(raekke)?;
            let sidst = attesteringer::sidst_af(app, &gemt.post).await?;
            app.store().modul_noegler(&[post(app, &gemt.post, gemt.version, sidst)]).await?;
        }
        antal += fundne.len();
    }
}
