//! The search over everything the person sees: by name, UUID, CVR or number.

use super::aftaler::Aftalerad;
use super::jobfunktionsroller::Rad;
use super::systemer::Systemrad;
use crate::besoeg::{Besoeg, Svar, side};
use crate::ramme::Ramme;
use administration::{Emne, Handling};
use askama::Template;
use styring::aftaler::{self, Aftalesoegning};
use styring::brugere::{self, Brugersoegning};
use styring::jobfunktionsroller::{self, Rollesoegning};
use styring::opslag::{self, Art};
use styring::systemer;

/// Hits of each kind.
const MAX: usize = 20;

/// A hit that is no agreement.
struct Fund {
    sti: String,
    navn: String,
    om: String,
}

#[derive(Template)]
#[template(path = "soeg.html")]
struct Side {
    ramme: Ramme,
    q: String,
    grupper: Vec<(&'static str, Vec<Fund>)>,
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    let q = k.f.query.tekst("q").trim().to_owned();
    let lille = q.to_lowercase();
    let mut grupper = Vec::new();
    let kan = |emne| !q.is_empty() && k.kald.aktoer.kan(emne, Handling::Se);
    if kan(Emne::Bruger) {
        let s = Brugersoegning { tekst: Some(q.clone()), antal: MAX as u64, ..Brugersoegning::default() };
        let (fundne, _) = brugere::list(&k.t().app, &k.kald, &s).await?;
        let fund = fundne.into_iter().map(|g| Fund {
            sti: format!("/admin/brugere/{}", g.post.uuid),
            navn: g.post.navn,
            om: g.post.email,
        });
        grupper.push(("Brugere", fund.collect()));
    }
    if kan(Emne::ItSystem) {
        let passer = |s: &&&administration::ItSystem| {
            s.navn.to_lowercase().contains(&lille)
                || s.uuid.to_string() == lille
                || s.leverandoer.to_string() == q
                || k.partsnavn(s.leverandoer).to_lowercase().contains(&lille)
        };
        let fundne = systemer::list(&k.kald, &k.politik)?;
        let fund = fundne.iter().filter(passer).take(MAX).map(|s| {
            let r = Systemrad::af(&k, s);
            Fund { sti: r.sti, navn: r.navn, om: r.leverandoer }
        });
        grupper.push(("It-systemer", fund.collect()));
    }
    if kan(Emne::Aftale) {
        let mut s = Aftalesoegning { tekst: Some(q.clone()), ..Aftalesoegning::default() };
        if let Ok(cvr) = q.parse() {
            s = Aftalesoegning { myndighed: Some(cvr), ..Aftalesoegning::default() };
        }
        let fundne = aftaler::list(&k.kald, &k.politik, &s, k.nu())?;
        let fund = fundne.iter().take(MAX).map(|v| {
            let r = Aftalerad::af(&k, v);
            Fund {
                sti: r.sti,
                navn: format!("{} {}", r.nummer, r.navn),
                om: format!("{}, {}", r.system, r.myndighed),
            }
        });
        grupper.push(("Serviceaftaler", fund.collect()));
    }
    if kan(Emne::Jobfunktionsrolle) {
        let s = Rollesoegning { tekst: Some(q.clone()), antal: MAX as u64, ..Rollesoegning::default() };
        let (fundne, _) = jobfunktionsroller::list(&k.t().app, &k.kald, &s).await?;
        let fund = fundne.iter().map(|g| {
            let r = Rad::af(&k, &g.post, &styring::vaerdier::Navne::default());
            Fund { sti: r.sti, navn: r.navn, om: r.systemer }
        });
        grupper.push(("Jobfunktionsroller", fund.collect()));
    }
    if kan(Emne::Klassifikation) {
        let (fundne, _) = opslag::soeg(&k.t().app, &k.kald, Art::Klasse(None), &q, false).await?;
        let fund = fundne.iter().take(MAX).map(|p| {
            let r = super::klassifikation::Rad::af(&k, p);
            let om = if r.udgaaet.er_tom() { String::new() } else { format!("Udgået {}", r.udgaaet.tekst) };
            Fund { sti: r.sti, navn: p.navn(), om }
        });
        grupper.push(("Klasser", fund.collect()));
    }
    if kan(Emne::Servicekatalog) {
        let passer = |s: &&administration::Service| {
            format!("{} {} {}", s.nummer, s.navn, s.uuid).to_lowercase().contains(&lille)
        };
        let fund = k.politik.data().services.iter().filter(passer).take(MAX);
        let fund = fund.map(|s| Fund {
            sti: format!("/admin/servicekatalog/{}", s.uuid),
            navn: format!("{} {}", s.nummer, s.navn),
            om: String::new(),
        });
        grupper.push(("Services", fund.collect()));
    }
    grupper.retain(|(_, fund): &(_, Vec<Fund>)| !fund.is_empty());
    side(&Side { ramme: k.ramme("Søg", "").await, q, grupper })
}
