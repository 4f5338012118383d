//! Attestering: a run is started, those who answer for an it-system confirm what roles give in it or ask for a change, and the
//! run is ended with a report. Nothing is taken from anybody because nobody answered.
//!
//! A run, each it-system in it and each of its points are entities of their own: two people who answer about different it-systems do
//! not meet, and how far an it-system has come is counted in the write that answers.

mod frister;
mod laes;
mod rapport;
mod sidst;
mod slut;
mod start;
mod svar;

use crate::skriv::{self, Gemt};
use crate::{Kald, Styringsfejl, jobfunktionsroller};
use administration::{
    Afgraensningskilde, Attestering, Attesteringsdel, Attesteringspunkt, Bruger, Emne, Entitet, Handling,
    ItSystem, Jobfunktionsrolle, Modulrolle, Politik, Tilknytning,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::{BTreeMap, HashMap};
use store::{Aendringslinje, Modulpost, Modulsoegning};
use uuid::Uuid;

pub(crate) use frister::forfaldne;
pub use frister::udpegede;
use laes::hent_punkt;
pub use laes::{Koersel, Punktsoegning, Punktvisning, dele, hent, list, punkt, punkter, senest_startet};
pub use rapport::{kontrolsum, rapport};
pub use sidst::{aendrede, daekning, er_aendret, for_rolle, sidst};
pub(crate) use sidst::{ikke_attesteret, sidst_af};
pub use slut::afslut;
pub use start::{Start, start};
pub use svar::svar;

/// Entities in one answer, at most.
pub const LISTE_MAX: u64 = 5_000;
/// How often a change is decided anew when others change the same at the same time.
const ATTEMPTS_MAX: usize = 5;
/// The kind of task of who attests.
const ATTESTER: &str = "Attestér roller";
/// The kind of task of who finds somebody to attest.
const UDPEG: &str = "Udpeg systemansvarlig";

/// What each brugersystemrolle belongs to.
struct Ejere<'p>(HashMap<Uuid, (&'p ItSystem, bool)>);

impl<'p> Ejere<'p> {
    fn ny(politik: &'p Politik) -> Self {
        let af = |s: &'p ItSystem| s.brugersystemroller.iter().map(move |b| (b.uuid, (s, b.foelsom)));
        Self(politik.data().systemer.iter().flat_map(af).collect())
    }

    /// What a role is made of, by it-system. What no it-system offers any more gives nothing, and is left out.
    fn dele(&self, rolle: &Jobfunktionsrolle) -> BTreeMap<Uuid, Vec<Tilknytning>> {
        let mut ud: BTreeMap<Uuid, Vec<Tilknytning>> = BTreeMap::new();
        for t in &rolle.tilknytninger {
            if let Some((system, _)) = self.0.get(&t.rolle) {
                ud.entry(system.uuid).or_default().push(t.clone());
            }
        }
        ud
    }

    /// Whether a role opens sensitive information, by its own word or by what it is made of.
    fn foelsom(&self, rolle: &Jobfunktionsrolle) -> bool {
        let foelsom = |t: &Tilknytning| self.0.get(&t.rolle).is_some_and(|(_, foelsom)| *foelsom);
        rolle.foelsom || rolle.tilknytninger.iter().any(foelsom)
    }
}

/// What a role is made of in one it-system.
fn af_system(politik: &Politik, rolle: &Jobfunktionsrolle, system: Uuid) -> Vec<Tilknytning> {
    let Some(system) = politik.system(system) else { return Vec::new() };
    let deres = |t: &&Tilknytning| system.brugersystemroller.iter().any(|b| b.uuid == t.rolle);
    rolle.tilknytninger.iter().filter(deres).cloned().collect()
}

/// What some of a role gives access to, in sentences.
fn saetninger(politik: &Politik, rolle: &Jobfunktionsrolle, dele: &[Tilknytning]) -> Vec<String> {
    let rolle = Jobfunktionsrolle { tilknytninger: dele.to_vec(), ..rolle.clone() };
    jobfunktionsroller::i_saetninger(politik, &rolle, |kilde, vaerdi| {
        let uuid = vaerdi.parse().ok().filter(|_| kilde == Afgraensningskilde::ItSystem)?;
        politik.system(uuid).map(|s| s.navn.clone())
    })
}

/// The people who are Systemansvarlig for a party now.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub(crate) async fn systemansvarlige(app: &App, part: Cvr) -> Result<Vec<Bruger>, Styringsfejl> {
    let noegler = vec![("rolle", format!("{part}:{}", Modulrolle::Systemansvarlig.kode()))];
    let (fundne, _) = find::<Bruger>(app, noegler, None, false, (0, LISTE_MAX)).await?;
    let er =
        |b: &Bruger| b.gaeldende(app.now()).any(|t| t.part == part && t.rolle == Modulrolle::Systemansvarlig);
    Ok(fundne.into_iter().map(|g| g.post).filter(er).collect())
}

/// Whether somebody is Systemansvarlig for an it-system now.
fn svarer_for(bruger: &Bruger, part: Cvr, system: Uuid, nu: Instant) -> bool {
    let mut roller = bruger.gaeldende(nu);
    roller.any(|t| t.part == part && t.rolle == Modulrolle::Systemansvarlig && t.omfang.naar(system))
}

/// The names of those who are Systemansvarlig for each of some it-systems of the person's party now.
///
/// # Errors
///
pub async fn ansvarlige(
    app: &App,
    kald: &Kald,
    systemer: &[Uuid],
) -> Result<HashMap<Uuid, Vec<String>>, Styringsfejl> {
    kald.kraev(Emne::Attestering, Handling::Se)?;
    let (alle, nu) = (systemansvarlige(app, kald.part()).await?, app.now());
    let deres = |system: &Uuid| {
        let navne = alle.iter().filter(|b| svarer_for(b, kald.part(), *system, nu)).map(|b| b.navn.clone());
        (*system, navne.collect())
    };
    Ok(systemer.iter().map(deres).collect())
}

async fn find<E: Entitet + serde::de::DeserializeOwned>(
    app: &App,
    noegler: Vec<(&'static str, String)>,
    tekst: Option<String>,
    omvendt: bool,
    (forbi, antal): (u64, u64),
) -> Result<(Vec<Gemt<E>>, u64), Styringsfejl> {
    let antal = antal.clamp(1, LISTE_MAX);
    let soegning = Modulsoegning { art: E::ART, noegler, tekst, omvendt, forbi, antal };
    let (raekker, alle) = app.store().modul_find(&soegning).await?;
    Ok((raekker.iter().map(skriv::laes).collect::<Result<_, _>>()?, alle))
}

fn linje(kald: &Kald, nu: Instant, rolle: Modulrolle, a: &Attestering, handling: &str) -> Aendringslinje {
    Aendringslinje {
        art: Attestering::ART.into(),
        objekt: Some(a.uuid),
        objektnavn: a.navn.clone(),
        ..kald.linje(nu, Some(rolle), handling)
    }
}

fn post(a: &Attestering, foer: i64) -> Result<Modulpost, Styringsfejl> {
    let mut noegler = vec![("part", a.part.to_string()), ("omfang", a.omfang.kode().to_owned())];
    if a.slut.is_none() {
        noegler.push(("aaben", String::new()));
    }
    raekke(a, a.navn.clone(), skriv::i_orden(a.startet), noegler, foer)
}

fn delpost(d: &Attesteringsdel, foer: i64) -> Result<Modulpost, Styringsfejl> {
    let orden = d.systemnavn.to_lowercase();
    raekke(d, d.systemnavn.clone(), orden, vec![("koersel", d.koersel.to_string())], foer)
}

fn punktpost(p: &Attesteringspunkt, foer: i64) -> Result<Modulpost, Styringsfejl> {
    let noegler = vec![
        ("koersel", p.koersel.to_string()),
        ("system", p.system.to_string()),
        ("status", p.status().kode().to_owned()),
        ("rolle", p.rolle.to_string()),
    ];
    // Within a run by number; those of one role by time.
    let orden = format!("{}{}", skriv::i_orden(p.startet), skriv::i_orden(p.nr.into()));
    raekke(p, format!("{} {}", p.rollenavn, p.systemnavn), orden, noegler, foer)
}

fn raekke<E: Entitet + serde::Serialize>(
    e: &E,
    soeg: String,
    orden: String,
    noegler: Vec<(&'static str, String)>,
    foer: i64,
) -> Result<Modulpost, Styringsfejl> {
    let krop = Some(serde_json::to_vec(e).map_err(oio::Fejl::intern)?);
    Ok(Modulpost {
        art: E::ART,
        id: e.uuid(),
        krop,
        foer,
        soeg,
        unik: None,
        orden,
        noegler,
        kolonner: Vec::new(),
    })
}

/// So many days later.
#[must_use]
pub fn efter(tid: Instant, dage: i64) -> Instant {
    skriv::om_dage(tid, dage)
}

/// So many roles, in words.
fn roller(antal: u32) -> String {
    if antal == 1 { "1 rolle".to_owned() } else { format!("{antal} roller") }
}
