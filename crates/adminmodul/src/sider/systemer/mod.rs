//! `It-systemer`: the list, and the time line of certificates.

pub mod certifikater;
pub mod drift;
pub mod felter;
pub mod roller;
pub mod sundhed;
pub mod system;

use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::{Felt, Valg};
use crate::liste::Sider;
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Certifikatstatus, Emne, Handling, ItSystem, Systemtype};
use askama::Template;
use styring::systemer;

/// A system in a list.
pub struct Systemrad {
    /// Where it is.
    pub sti: String,
    /// Its name.
    pub navn: String,
    /// Its supplier.
    pub leverandoer: String,
    /// What it is used as.
    pub typer: Vec<&'static str>,
    /// Where it runs.
    pub miljoe: &'static str,
    /// Its state.
    pub tag: Tag,
    /// When its last certificate runs out.
    pub udloeber: Dato,
    /// How far away that is.
    pub om: String,
    /// Agreements in force.
    pub aftaler: usize,
}

/// The agreements in force of a system that the person sees.
pub fn i_kraft(k: &Besoeg, system: &ItSystem) -> usize {
    systemer::aftaler_i_kraft(&k.kald, &k.politik, system.uuid, k.nu())
}

impl Systemrad {
    /// A system as the person sees it.
    pub fn af(k: &Besoeg, s: &ItSystem) -> Self {
        let gyldige = s.certifikater.iter().filter(|c| c.status != Certifikatstatus::Tilbagekaldt);
        let udloeber = gyldige.map(|c| c.gyldig.to).max();
        let aftaler = i_kraft(k, s);
        Self {
            sti: format!("/admin/it-systemer/{}", s.uuid),
            navn: s.navn.clone(),
            leverandoer: k.partsnavn(s.leverandoer),
            typer: s.typer.iter().map(|t| t.navn()).collect(),
            miljoe: s.miljoe.navn(),
            tag: vis::systemtag(systemer::tilstand(s, aftaler)),
            udloeber: vis::maaske(udloeber),
            om: udloeber.map_or_else(|| "Mangler".to_owned(), |u| vis::om_dage(k.nu(), u)),
            aftaler,
        }
    }
}

#[derive(Template)]
#[template(path = "systemer/liste.html")]
struct Side {
    ramme: Ramme,
    rader: Vec<Systemrad>,
    sider: Sider,
    q: Felt,
    slags: Felt,
    opret: bool,
    csv: String,
}

fn find(k: &Besoeg) -> Result<Vec<Systemrad>, crate::fejl::Sidefejl> {
    let q = &k.f.query;
    let tekst = q.tekst("q").trim().to_lowercase();
    let slags = Systemtype::ALLE.into_iter().find(|t| t.navn() == q.tekst("type"));
    let alle = systemer::list(&k.kald, &k.politik)?;
    let passer = |s: &&&ItSystem| {
        (s.navn.to_lowercase().contains(&tekst)
            || s.uuid.to_string() == tekst
            || k.partsnavn(s.leverandoer).to_lowercase().contains(&tekst))
            && slags.is_none_or(|t| s.typer.contains(&t))
    };
    Ok(alle.iter().filter(passer).map(|s| Systemrad::af(k, s)).collect())
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let rader = find(&k)?;
    let sider = Sider::ny(q, rader.len());
    let mut typer = vec![Valg::ny("", "Alle", q.tekst("type").is_empty())];
    typer.extend(
        Systemtype::ALLE.into_iter().map(|t| Valg::ny(t.navn(), t.navn(), t.navn() == q.tekst("type"))),
    );
    side(&Side {
        ramme: k.ramme("It-systemer", "/admin/it-systemer").await,
        rader: sider.af(rader),
        sider,
        q: Felt::ny("q", "Navn eller leverandør", q.tekst("q")),
        slags: Felt::valg("type", "Type", typer),
        opret: k.kald.aktoer.kan(Emne::ItSystem, Handling::Opret),
        csv: q.query_med("side", ""),
    })
}

/// The list as a file.
pub async fn csv(k: Besoeg) -> Svar {
    let raekke = |r: Systemrad| {
        vec![
            r.navn,
            r.leverandoer,
            r.typer.join(", "),
            r.miljoe.to_owned(),
            r.tag.navn,
            r.udloeber.tekst,
            r.aftaler.to_string(),
        ]
    };
    let hoved = ["Navn", "Leverandør", "Type", "Miljø", "Tilstand", "Certifikat udløber", "Aftaler i kraft"];
    Ok(crate::csv::svar("it-systemer", &hoved, find(&k)?.into_iter().map(raekke)))
}
