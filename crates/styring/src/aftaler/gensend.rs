//! `Gensend advis`: the supplier reminds the authorities that have not answered, by hand, besides the reminders that come by
//! themselves. Once a day for each authority: a reminder that comes all the time is read by nobody.

use super::anmod::eget_system;
use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::skriv::{self, DAG, Gemt, om_dage};
use crate::{Kald, Styringsfejl};
use administration::{Aftaletilstand, Emne, Entitet, Handling, Modulfejl, Politik, Serviceaftale};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use store::{Aendringslinje, Modulpost, Modulsoegning};
use uuid::Uuid;

/// Authorities of one agreement that are looked for, at most.
const MYNDIGHEDER_MAX: u64 = 500;

/// That an authority was reminded by hand, the last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gensendt {
    /// Its UUID: one for each agreement and authority.
    pub uuid: Uuid,
    /// The agreement.
    pub aftale: Uuid,
    /// The authority.
    pub myndighed: Cvr,
    /// When, in microseconds.
    pub tid: i64,
    /// Who did it.
    pub hvem: String,
}

impl Entitet for Gensendt {
    const ART: &'static str = "gensendt-advis";
    const ORD: &'static str = "påmindelsen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        "påmindelse".into()
    }
}

impl Gensendt {
    fn id(aftale: Uuid, myndighed: Cvr) -> Uuid {
        Uuid::new_v5(&aftale, format!("gensendt:{myndighed}").as_bytes())
    }

    fn post(&self, foer: i64) -> Result<Modulpost, Styringsfejl> {
        let post = skriv::post(self, foer, Some(("aftale", self.aftale.to_string())))?;
        Ok(Modulpost { orden: self.myndighed.to_string(), ..post })
    }
}

/// An authority that waits to be asked about: the version, and since when.
struct Venter {
    myndighed: Cvr,
    nummer: u32,
    anmodet: Instant,
}

fn ventende(aftale: &Serviceaftale) -> Vec<Venter> {
    let alle = aftale.versioner.iter().flat_map(|v| v.myndigheder.iter().map(move |p| (v.nummer, p)));
    let venter = alle.filter(|(_, p)| p.tilstand == Aftaletilstand::Anmodet);
    venter
        .filter_map(|(nummer, p)| Some(Venter { myndighed: p.myndighed, nummer, anmodet: p.anmodet? }))
        .collect()
}

/// Whether a day in Denmark has begun since then.
fn foer_i_dag(tid: Instant, nu: Instant) -> bool {
    tid < skriv::i_dag(nu)
}

/// When each authority of an agreement was reminded by hand the last time.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn gensendte(app: &App, aftale: Uuid) -> Result<Vec<Gensendt>, Styringsfejl> {
    Ok(hentede(app, aftale).await?.into_iter().map(|g| g.post).collect())
}

async fn hentede(app: &App, aftale: Uuid) -> Result<Vec<Gemt<Gensendt>>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Gensendt::ART,
        noegler: vec![("aftale", aftale.to_string())],
        antal: MYNDIGHEDER_MAX,
        ..Modulsoegning::default()
    };
    app.store().modul_find(&soegning).await?.0.iter().map(skriv::laes).collect()
}

/// Whether the supplier can remind somebody now.
#[must_use]
pub fn kan_gensende(aftale: &Serviceaftale, gensendte: &[Gensendt], nu: Instant) -> bool {
    ventende(aftale).iter().any(|v| maa(v, gensendte.iter().find(|g| g.myndighed == v.myndighed), nu))
}

/// The day it was asked, or reminded, is over.
fn maa(v: &Venter, sidst: Option<&Gensendt>, nu: Instant) -> bool {
    foer_i_dag(v.anmodet, nu) && sidst.is_none_or(|g| foer_i_dag(Instant::from_micros(g.tid), nu))
}

/// Reminds every authority that has not answered and was neither asked nor reminded today. Gives how many.
///
/// # Errors
/// G-210 when nobody is to answer; G-220 when all of them were told today; A-005 when a colleague does it.
pub async fn gensend(app: &App, kald: &Kald, uuid: Uuid) -> Result<usize, Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftale, Handling::Opret)?;
    let (politik, nu) = (app.politik(), app.now());
    let aftale = politik.aftale(uuid).ok_or_else(|| Modulfejl::findes_ikke("Serviceaftalen"))?;
    eget_system(politik.data(), kald, aftale.system).map_err(|fejl| match fejl.kode {
        "A-404" => Modulfejl::findes_ikke("Serviceaftalen"),
        _ => fejl,
    })?;
    let venter = ventende(aftale);
    if venter.is_empty() {
        let tekst = "Ingen myndighed mangler at svare, så der er ingen at minde om det.";
        return Err(Modulfejl::ny("G-210", tekst).into());
    }
    let gamle = hentede(app, uuid).await?;
    let gammel = |cvr: Cvr| gamle.iter().find(|g| g.post.myndighed == cvr);
    let (mut poster, mut adviser, mut navne) = (Vec::new(), Vec::new(), Vec::new());
    for v in venter.iter().filter(|v| maa(v, gammel(v.myndighed).map(|g| &g.post), nu)) {
        let g = Gensendt {
            uuid: Gensendt::id(uuid, v.myndighed),
            aftale: uuid,
            myndighed: v.myndighed,
            tid: nu.micros(),
            hvem: kald.aktoer.navn.clone(),
        };
        poster.push(g.post(gammel(v.myndighed).map_or(0, |g| g.version))?);
        adviser.push(advis(&politik, kald, aftale, v, nu));
        navne.push(Kald::partsnavn(&politik, v.myndighed));
    }
    if poster.is_empty() {
        let tekst = "Godkenderne har fået besked i dag. Der kan gensendes én gang om dagen til hver myndighed. Prøv igen i morgen, eller ring.";
        return Err(Modulfejl::ny("G-220", tekst).into());
    }
    let linje = Aendringslinje {
        art: Serviceaftale::ART.into(),
        objekt: Some(uuid),
        objektnavn: aftale.navn.clone(),
        detaljer: format!("til {}", navne.join(", ")),
        ..kald.linje(nu, Some(rolle), "gensend advis")
    };
    skriv::gem_med(app, &poster, &[linje], &adviser).await?;
    Ok(poster.len())
}

/// The reminder that comes by itself, sent by hand.
fn advis(politik: &Politik, kald: &Kald, aftale: &Serviceaftale, v: &Venter, nu: Instant) -> Advis {
    let dage = nu.micros().saturating_sub(v.anmodet.micros()) / DAG;
    let dage = match dage {
        0 => "under et døgn".to_owned(),
        1 => "1 dag".to_owned(),
        n => format!("{n} dage"),
    };
    let system = politik.system(aftale.system).map_or("", |s| s.navn.as_str());
    let bortfald = crate::brugere::dato(om_dage(v.anmodet, crate::adviser::BORTFALD));
    let (hvem, part) = (Kald::partsnavn(politik, kald.part()), Kald::partsnavn(politik, v.myndighed));
    let felter =
        [("hvem", hvem.as_str()), ("part", &part), ("system", system), ("dage", &dage), ("dato", &bortfald)];
    let objekt = Adviseret::ny(Serviceaftale::ART, aftale.uuid, &aftale.navn);
    let noegle = format!("gensendt:{}:{}", v.nummer, nu.micros());
    let advis = Advis::om(Haendelse::AftalePaamindelse, v.myndighed, objekt, &felter, nu, &noegle);
    advis.undtagen(Some(kald.aktoer.bruger)).ved_system(aftale.system)
}
