//! One stikprøve: its readings, their answers, the end, and the evidence.

use super::{Rad, STI};
use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt, Valg};
use crate::fil;
use crate::liste::{PR_SIDE, Sider};
use crate::ramme::Ramme;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato};
use administration::{Arbejdsbetinget, Emne, Handling, Modulfejl, Proeve, Stikproeve};
use askama::Template;
use bitemporal::Instant;
use styring::stikproever;

/// Changes shown of one.
const HISTORIK: u64 = 50;

/// A reading as it is shown.
struct Laesning {
    nr: u32,
    tid: Dato,
    hvem: String,
    hvad: String,
    kilde: String,
    foelsom: bool,
    /// The answer, who gave it, what was remarked, and who noted it.
    svar: Option<(&'static str, String, String, String)>,
    /// Whether it is the reader's own.
    egen: bool,
}

impl Laesning {
    fn af(k: &Besoeg, p: &Proeve) -> Self {
        Self {
            egen: p.bruger == Some(k.kald.aktoer.bruger),
            nr: p.nr,
            tid: vis::tid(Instant::from_micros(p.tid)),
            hvem: p.hvem.clone(),
            hvad: vis::begynd_stort(&p.hvad),
            kilde: p.kilde.clone(),
            foelsom: p.foelsom,
            svar: p
                .svar
                .as_ref()
                .map(|s| (s.svar.ord(), s.spurgt.clone(), s.bemaerkning.clone(), s.noteret_af.1.clone())),
        }
    }
}

#[derive(Template)]
#[template(path = "stikproever/en.html")]
struct Side {
    ramme: Ramme,
    rad: Rad,
    laesere: String,
    i_alt: u64,
    foelsomme: u64,
    udtrukket: Dato,
    udtrukket_af: String,
    resultat: Vec<(&'static str, usize)>,
    konklusion: Option<(String, Dato, String)>,
    laesninger: Vec<Laesning>,
    sider: Sider,
    historik: Vec<Lograd>,
    maa: bool,
}

async fn hent(k: &Besoeg) -> Result<Stikproeve, Sidefejl> {
    Ok(stikproever::hent(&k.t().app, &k.kald, k.f.uuid("id")?).await?.post)
}

/// The stikprøve.
pub async fn vis(k: Besoeg) -> Svar {
    let s = hent(&k).await?;
    let historik = styring::log::om(&k.t().app, &k.kald, ("stikproeve", s.uuid), s.part, HISTORIK).await?;
    let mut resultat: Vec<_> =
        Arbejdsbetinget::ALLE.iter().map(|(svar, ord)| (*ord, s.antal(Some(*svar)))).collect();
    resultat.push(("Ikke besvaret", s.antal(None)));
    let tid = |micros| vis::tid(Instant::from_micros(micros));
    let sider = Sider::ny(&k.f.query, s.proever.len());
    side(&Side {
        ramme: k.ramme(&s.navn, STI).await.under(STI, "Stikprøver"),
        rad: Rad::af(&s, k.nu()),
        laesere: vis::begynd_stort(s.laesere.ord()),
        i_alt: s.grundlag.0,
        foelsomme: s.grundlag.1,
        udtrukket: tid(s.udtrukket),
        udtrukket_af: s.udtrukket_af.1.clone(),
        resultat,
        konklusion: s.slut.as_ref().map(|slut| (slut.konklusion.clone(), tid(slut.tid), slut.af.1.clone())),
        laesninger: sider.af(s.proever.iter().collect()).into_iter().map(|p| Laesning::af(&k, p)).collect(),
        sider,
        historik: historik.into_iter().map(|(nr, l)| Lograd::af(&k, nr, l)).collect(),
        maa: s.slut.is_none() && k.kald.aktoer.kan(Emne::Stikproeve, Handling::Ret),
    })
}

#[derive(Template)]
#[template(path = "stikproever/svar.html")]
struct Svarside {
    ramme: Ramme,
    sti: String,
    laesning: Laesning,
    svar: Felt,
    spurgt: Felt,
    bemaerkning: Felt,
    fejl: Fejl,
}

/// Which reading: they are numbered from 1.
fn nr(k: &Besoeg) -> u32 {
    k.f.led("nr").parse().unwrap_or(0)
}

async fn svarside(k: &Besoeg, fejl: Fejl) -> Result<Svarside, Sidefejl> {
    let s = hent(k).await?;
    let proeve = s.proever.iter().find(|p| p.nr == nr(k));
    let proeve = proeve.ok_or_else(|| Modulfejl::findes_ikke("Læsningen"))?;
    let sti = format!("{STI}/{}", s.uuid);
    let f = &k.f.krop;
    let (givet, sendt) = (proeve.svar.as_ref(), f.har("spurgt"));
    let valgt = if sendt { f.tekst("svar") } else { givet.map_or("", |g| g.svar.ord()) };
    let svar = Arbejdsbetinget::ALLE.iter().map(|(_, ord)| Valg::ny(*ord, *ord, *ord == valgt)).collect();
    let felt = |id: &str, navn: &str, gemt: &str| {
        Felt::ny(id, navn, if sendt { f.tekst(id) } else { gemt }).fejl(&fejl)
    };
    Ok(Svarside {
        ramme: k.ramme("Notér svar", STI).await.under(STI, "Stikprøver").under(&sti, &s.navn),
        laesning: Laesning::af(k, proeve),
        svar: Felt::valg("svar", "Var læsningen arbejdsbetinget?", svar).fejl(&fejl),
        spurgt: felt("spurgt", "Hvem har svaret", givet.map_or("", |g| &g.spurgt))
            .hjaelp("Den, der leder arbejdet: navn og stilling"),
        bemaerkning: felt("bemaerkning", "Bemærkning", givet.map_or("", |g| &g.bemaerkning)).valgfri(),
        sti,
        fejl,
    })
}

/// The form for an answer.
pub async fn vis_svar(k: Besoeg) -> Svar {
    hent(&k).await?.kan_besvares(nr(&k), k.kald.aktoer.bruger)?;
    side(&svarside(&k, Fejl::default()).await?)
}

/// Notes an answer.
pub async fn besvar(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let svar = stikproever::Svar {
        svar: Arbejdsbetinget::ALLE.iter().find(|(_, ord)| *ord == f.tekst("svar")).map(|(svar, _)| *svar),
        spurgt: f.tekst("spurgt").to_owned(),
        bemaerkning: f.tekst("bemaerkning").to_owned(),
    };
    let (id, nr) = (k.f.uuid("id")?, nr(&k));
    match stikproever::besvar(&k.t().app, &k.kald, id, nr, &svar).await {
        Ok(()) => {
            // Back to where the reading stands.
            let side = (nr.max(1) as usize - 1) / PR_SIDE;
            let sti = if side == 0 { format!("{STI}/{id}") } else { format!("{STI}/{id}?side={}", side + 1) };
            k.videre(&sti, format!("Svaret om læsning {nr} er noteret."))
        }
        Err(fejl) => side_igen(&svarside(&k, Fejl::af(fejl)?).await?),
    }
}

#[derive(Template)]
#[template(path = "stikproever/afslut.html")]
struct Afslut {
    ramme: Ramme,
    sti: String,
    rad: Rad,
    mangler: usize,
    konklusion: Felt,
    fejl: Fejl,
}

async fn afslut_side(k: &Besoeg, fejl: Fejl) -> Result<Afslut, Sidefejl> {
    let s = hent(k).await?;
    let sti = format!("{STI}/{}", s.uuid);
    Ok(Afslut {
        ramme: k.ramme("Afslut stikprøve", STI).await.under(STI, "Stikprøver").under(&sti, &s.navn),
        rad: Rad::af(&s, k.nu()),
        mangler: s.antal(None),
        konklusion: Felt::ny("konklusion", "Konklusion", k.f.krop.tekst("konklusion"))
            .hjaelp("Hvad viste stikprøven, og hvad gøres der?")
            .fejl(&fejl),
        sti,
        fejl,
    })
}

/// The form to end it.
pub async fn vis_afslut(k: Besoeg) -> Svar {
    side(&afslut_side(&k, Fejl::default()).await?)
}

/// Ends it.
pub async fn afslut(k: Besoeg) -> Svar {
    let id = k.f.uuid("id")?;
    match stikproever::afslut(&k.t().app, &k.kald, id, k.f.krop.tekst("konklusion")).await {
        Ok(()) => k.videre(
            &format!("{STI}/{id}"),
            "Stikprøven er afsluttet. Hent beviset som PDF, og gem det i jeres ESDH.",
        ),
        Err(fejl) => side_igen(&afslut_side(&k, Fejl::af(fejl)?).await?),
    }
}

/// The evidence, as PDF.
pub async fn bevis(k: Besoeg) -> Svar {
    let pdf = stikproever::bevis(&k.t().app, &k.kald, k.f.uuid("id")?).await?;
    Ok(fil::hentes("stikproeve.pdf", "application/pdf", pdf))
}
