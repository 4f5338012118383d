//! What shows that a step is reached: looked up in users, roles, policy and consumption, never in the plan.

use crate::Styringsfejl;
use crate::skriv;
use administration::{
    Aftaletilstand as A, Bruger, Entitet, Igangtrin, ItSystem, Jobfunktionsrolle,
    Jobfunktionsrolletilstand as J, Modulrolle, Politik, Serviceaftale,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use serde::de::DeserializeOwned;
use store::Modulsoegning;

/// Entities read at a time: the first one that shows it is enough.
const SKRIDT: u64 = 50;
/// People named as those who have a role; how many more there are is not counted.
const NAVNE: usize = 3;

/// What shows that a party has reached a step; nothing when it has not.
pub(super) async fn naaet(
    app: &App,
    politik: &Politik,
    part: Cvr,
    trin: Igangtrin,
) -> Result<Option<String>, Styringsfejl> {
    if let Some(rolle) = trin.rolle() {
        return med_rolle(app, part, rolle).await;
    }
    let nu = app.now();
    Ok(match trin {
        Igangtrin::IdentityProvider => {
            let verificeret = |s: &&ItSystem| {
                let godkendt = s.idp.as_ref().is_some_and(|i| i.godkendt.is_some());
                s.er_idp() && s.er_aabent(nu) && godkendt && s.nsis().is_some_and(|n| n.verificeret.is_some())
            };
            politik.systemer_hos(part).find(verificeret).map(|s| s.navn.clone())
        }
        Igangtrin::Serviceaftale => {
            let godkendt = |a: &&Serviceaftale| {
                a.gaeldende(part, nu).is_some_and(|g| matches!(g.tilstand, A::Godkendt | A::Aktiv))
            };
            // What is tried on invented data is no agreement of the authority's own making.
            politik.aftaler_med(part).filter(|a| !a.proevetilslutning).find(godkendt).map(|a| a.navn.clone())
        }
        Igangtrin::Jobfunktionsrolle => {
            let i_brug = |r: &Jobfunktionsrolle| matches!(r.tilstand(nu), J::Klar | J::Aktiv | J::Udfases);
            let noegler = vec![("part", part.to_string())];
            find(app, noegler, 1, i_brug).await?.pop().map(|r: Jobfunktionsrolle| r.navn)
        }
        Igangtrin::ItSystem => systemer(politik, part, nu).next().map(|s| s.navn.clone()),
        Igangtrin::Certifikat => {
            let har = |s: &&ItSystem| s.certifikater.iter().any(|c| c.gaelder(nu));
            systemer(politik, part, nu).find(har).map(|s| s.navn.clone())
        }
        Igangtrin::Anmodning => {
            let sendt = |a: &&Serviceaftale| {
                let mut parter = a.versioner.iter().flat_map(|v| &v.myndigheder);
                parter.any(|p| !matches!(p.tilstand, A::Kladde | A::Slettet))
            };
            aftaler(politik, part).find(sendt).map(|a| a.navn.clone())
        }
        Igangtrin::FoersteKald => foerste_kald(app, politik, part).await?,
        _ => None,
    })
}

/// The it-systems of a supplier that are open.
fn systemer(politik: &Politik, part: Cvr, nu: Instant) -> impl Iterator<Item = &ItSystem> {
    politik.systemer_hos(part).filter(move |s| !s.er_idp() && s.er_aabent(nu))
}

/// The agreements of a supplier; a trial is on the way to the first of them.
fn aftaler(politik: &Politik, part: Cvr) -> impl Iterator<Item = &Serviceaftale> {
    politik.systemer_hos(part).flat_map(|s| politik.aftaler_af(s.uuid)).filter(|a| !a.proevetilslutning)
}

/// The first agreement of a supplier under which a call was let through, as far as it is counted: those in force alone, and
/// none is looked up after the first that was used.
async fn foerste_kald(app: &App, politik: &Politik, part: Cvr) -> Result<Option<String>, Styringsfejl> {
    for aftale in aftaler(politik, part) {
        for myndighed in aftale.myndigheder() {
            let i_kraft = aftale.gaeldende(myndighed, app.now()).is_some_and(|g| g.i_kraft());
            if i_kraft && app.store().forbrug_spaend(aftale.uuid, myndighed).await?.is_some() {
                return Ok(Some(aftale.navn.clone()));
            }
        }
    }
    Ok(None)
}

/// Those who have a role for a party now, in words.
async fn med_rolle(app: &App, part: Cvr, rolle: Modulrolle) -> Result<Option<String>, Styringsfejl> {
    let nu = app.now();
    let har = |b: &Bruger| b.gaeldende(nu).any(|t| t.part == part && t.rolle == rolle);
    let noegler = vec![("rolle", format!("{part}:{}", rolle.kode()))];
    let mut navne: Vec<String> =
        find(app, noegler, NAVNE + 1, har).await?.into_iter().map(|b: Bruger| b.navn).collect();
    let flere = navne.len() > NAVNE;
    navne.truncate(NAVNE);
    let navne = navne.join(", ");
    Ok((!navne.is_empty()).then(|| if flere { format!("{navne} og flere") } else { navne }))
}

/// The first so many entities with a key that are looked for.
async fn find<E: Entitet + DeserializeOwned>(
    app: &App,
    noegler: Vec<(&'static str, String)>,
    antal: usize,
    passer: impl Fn(&E) -> bool,
) -> Result<Vec<E>, Styringsfejl> {
    let (mut fundne, mut forbi) = (Vec::new(), 0);
    loop {
        let soegning = Modulsoegning {
            art: E::ART,
            noegler: noegler.clone(),
            forbi,
            antal: SKRIDT,
            ..Modulsoegning::default()
        };
        let (raekker, alle) = app.store().modul_find(&soegning).await?;
        forbi += raekker.len() as u64;
        let sidste = raekker.is_empty() || forbi >= alle;
        for raekke in &raekker {
            let post = skriv::laes::<E>(raekke)?.post;
            if passer(&post) {
                fundne.push(post);
            }
            if fundne.len() >= antal {
                return Ok(fundne);
            }
        }
        if sidste {
            return Ok(fundne);
        }
    }
}
