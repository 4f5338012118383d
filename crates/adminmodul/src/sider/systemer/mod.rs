//! `It-systemer`: the list, and the time line of certificates.

pub mod certifikater;
pub mod drift;
pub mod felter;
pub mod roller;
pub mod sundhed;
pub mod system;

use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::{Felt, Valg};
use crate::liste::{self, Hoveder, Kolonne, Noegle, Sider};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Certifikatstatus, Emne, Handling, ItSystem, Systemtype};
use askama::Template;
use bitemporal::Instant;
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

/// When its last certificate runs out.
fn udloeber(s: &ItSystem) -> Option<Instant> {
    let gyldige = s.certifikater.iter().filter(|c| c.status != Certifikatstatus::Tilbagekaldt);
    gyldige.map(|c| c.gyldig.to).max()
}

/// The columns of the list.
fn kolonner<'p>() -> [Kolonne<&'p ItSystem>; 6] {
    let typer = |_: &Besoeg, s: &&'p ItSystem| {
        Noegle::tekst(&s.typer.iter().map(|t| t.navn()).collect::<Vec<_>>().join(", "))
    };
    [
        Kolonne::ny("navn", "Navn", |_, s| Noegle::tekst(&s.navn)),
        Kolonne::ny("type", "Type", typer),
        Kolonne::ny("miljoe", "Miljø", |_, s| Noegle::tekst(s.miljoe.navn())),
        Kolonne::ny("tilstand", "Tilstand", |k, s| {
            Noegle::tekst(&vis::systemtag(systemer::tilstand(s, i_kraft(k, s))).navn)
        }),
        Kolonne::ny("certifikat", "Certifikat udløber", |_, s| Noegle::maaske(udloeber(s))),
        Kolonne::tal("aftaler", "Aftaler", |k, s| Noegle::antal(i_kraft(k, s))),
    ]
}

impl Systemrad {
    /// A system as the person sees it.
    pub fn af(k: &Besoeg, s: &ItSystem) -> Self {
        let udloeber = udloeber(s);
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
    hoveder: Hoveder,
    rader: Vec<Systemrad>,
    sider: Sider,
    q: Felt,
    slags: Felt,
    opret: bool,
    csv: String,
}

/// The systems that are looked for, in the order that is asked for.
fn find(k: &Besoeg) -> Result<Vec<&ItSystem>, crate::fejl::Sidefejl> {
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
    let mut fundne: Vec<&ItSystem> = alle.iter().filter(passer).copied().collect();
    liste::sorter(k, &kolonner(), &mut fundne);
    Ok(fundne)
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let fundne = find(&k)?;
    let sider = Sider::ny(q, fundne.len());
    let mut typer = vec![Valg::ny("", "Alle", q.tekst("type").is_empty())];
    typer.extend(
        Systemtype::ALLE.into_iter().map(|t| Valg::ny(t.navn(), t.navn(), t.navn() == q.tekst("type"))),
    );
    side(&Side {
        ramme: k.ramme("It-systemer", "/admin/it-systemer").await,
        hoveder: liste::hoveder(q, "/admin/it-systemer", &kolonner()),
        rader: sider.af(fundne).into_iter().map(|s| Systemrad::af(&k, s)).collect(),
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
    Ok(crate::csv::svar("it-systemer", &hoved, find(&k)?.into_iter().map(|s| raekke(Systemrad::af(&k, s)))))
}
