//! From a notice to the people it is for.

use super::advis::Advis;
use super::tabel::Regel;
use super::valg::{self, Advisvalg};
use crate::Styringsfejl;
use crate::{skriv, webhooks};
use administration::{Bruger, Entitet, Modulrolle, Part};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeMap;
use store::{Advisrad, Advisrytme, Modulsoegning, NyAdvismail, NyAdvispost};
use uuid::Uuid;

/// Notices laid in one step.
const SKRIDT: u64 = 50;
/// Most people with a role who are told; nobody has that many.
const MODTAGERE_MAX: u64 = 500;
/// Notices forgotten in one step, so that nothing else waits long.
const RENS_SKRIDT: u64 = 500;

/// Somebody a notice is for.
pub(super) struct Modtager {
    /// The person.
    pub bruger: Bruger,
    /// The roles it is for; none when it is for the person.
    pub roller: Vec<&'static str>,
    /// What the person has chosen.
    pub valg: Advisvalg,
}

/// Whether somebody has a role that a notice is for, now.
pub(super) fn har(bruger: &Bruger, rolle: Modulrolle, advis: &Advis, nu: Instant) -> bool {
    bruger.gaeldende(nu).any(|t| {
        let naar = |system: Uuid| t.omfang.systemer.is_empty() || t.omfang.systemer.contains(&system);
        t.rolle == rolle && t.part == advis.part && advis.system.is_none_or(naar)
    })
}

/// The one mail a notice is in for one receiver: made twice, it is the same.
fn mailens_id(advis: Uuid, modtager: Uuid) -> Uuid {
    Uuid::new_v5(&advis, modtager.as_bytes())
}

/// What is laid with whom, and the mails that go out at once. Without mail, everything is read here only.
pub(super) fn laeg(
    advis: &Advis,
    regel: &Regel,
    modtagere: &[Modtager],
    postkasse: Option<(&Part, &Advisvalg)>,
    mail: bool,
) -> (Vec<NyAdvispost>, Vec<NyAdvismail>) {
    let (mut poster, mut mails) = (Vec::new(), Vec::new());
    let mut en =
        |modtager: Uuid, roller: &[&'static str], rytme: Advisrytme, er_postkasse: bool, part: Cvr| {
            let rytme = if mail { rytme } else { Advisrytme::KunHer };
            if er_postkasse && rytme == Advisrytme::KunHer {
                return;
            }
            let id = (rytme == Advisrytme::Straks).then(|| mailens_id(advis.id, modtager));
            poster.push(NyAdvispost {
                modtager,
                roller: roller.to_vec(),
                gruppe: regel.gruppe.kode(),
                ulaest: !er_postkasse,
                rytme,
                mail: id,
            });
            mails.extend(id.map(|id| NyAdvismail {
                id,
                modtager,
                postkasse: er_postkasse,
                part,
                rytme,
                tid: advis.tid(),
            }));
        };
    for m in modtagere {
        en(m.bruger.uuid, &m.roller, m.valg.rytme(regel), false, advis.part);
    }
    if let Some((part, valg)) = postkasse.filter(|(part, _)| !part.email.is_empty()) {
        en(part.uuid, &[], valg.rytme(regel), true, part.cvr);
    }
    (poster, mails)
}

/// Lays notices that lie with nobody yet with those they are for. Gives how many; to be called until there are none.
/// `mail` is whether mail is sent at all: what is laid without is never sent later.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn fordel(app: &App, mail: bool) -> Result<u64, Styringsfejl> {
    let nye = app.store().adviser_nye(SKRIDT).await?;
    for rad in &nye {
        let (poster, mails, webhooks) = match Advis::laes(rad) {
            Ok(advis) => {
                let (poster, mails) = planlaeg(app, &advis, mail).await?;
                (poster, mails, webhooks::planlaeg(app, &advis).await?)
            }
            Err(fejl) => {
                // It would stand in the way of all others for ever.
                tracing::error!(advis = %rad.id, %fejl, "et advis kan ikke læses og fordeles ikke");
                (Vec::new(), Vec::new(), Vec::new())
            }
        };
        app.store().fordel_advis(rad, &poster, &mails, &webhooks).await?;
    }
    Ok(nye.len() as u64)
}

async fn planlaeg(
    app: &App,
    advis: &Advis,
    mail: bool,
) -> Result<(Vec<NyAdvispost>, Vec<NyAdvismail>), Styringsfejl> {
    let Some(regel) = advis.regel() else { return Ok((Vec::new(), Vec::new())) };
    let nu = app.now();
    let mut fundne: BTreeMap<Uuid, (Bruger, Vec<&'static str>)> = BTreeMap::new();
    for rolle in advis.roller() {
        for bruger in med_rolle(app, advis.part, rolle).await? {
            if har(&bruger, rolle, advis, nu) && advis.af != Some(bruger.uuid) {
                fundne.entry(bruger.uuid).or_insert_with(|| (bruger, Vec::new())).1.push(rolle.kode());
            }
        }
    }
    if let Some(person) = advis.person
        && let Some(gemt) = skriv::hent::<Bruger>(app, person).await?
    {
        fundne.insert(person, (gemt.post, Vec::new()));
    }
    let mut modtagere = Vec::new();
    for (bruger, roller) in fundne.into_values() {
        let valg = valg::hent(app, bruger.uuid).await?.post;
        modtagere.push(Modtager { bruger, roller, valg });
    }
    let politik = app.politik();
    let part = politik.part(advis.part).filter(|_| advis.til_postkasse());
    let postkasse = match part {
        Some(part) => Some((part, valg::hent(app, part.uuid).await?.post)),
        None => None,
    };
    Ok(laeg(advis, regel, &modtagere, postkasse.as_ref().map(|(p, v)| (*p, v)), mail))
}

/// Those who have, had or will have a role for a party.
async fn med_rolle(app: &App, part: Cvr, rolle: Modulrolle) -> Result<Vec<Bruger>, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Bruger::ART,
        noegler: vec![("rolle", format!("{part}:{}", rolle.kode()))],
        antal: MODTAGERE_MAX,
        ..Modulsoegning::default()
    };
    let (raekker, _) = app.store().modul_find(&soegning).await?;
    raekker.iter().map(|r| skriv::laes::<Bruger>(r).map(|g| g.post)).collect()
}

/// Forgets what is older than the settings say.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn rens(app: &App) -> Result<(), Styringsfejl> {
    webhooks::rens(app).await?;
    let maaneder = app.config().adviser.opbevaring_maaneder;
    let graense = oio::tid::zoned(app.now()).and_then(|z| {
        let dag = z.checked_sub(jiff::Span::new().months(i64::from(maaneder))).ok()?;
        Some(Instant::from_micros(dag.timestamp().as_microsecond()))
    });
    let Some(graense) = graense else { return Ok(()) };
    while app.store().rens_adviser(graense, RENS_SKRIDT).await? == RENS_SKRIDT {}
    Ok(())
}

/// A notice as it was written.
pub(crate) fn laest(rad: &Advisrad) -> Option<Advis> {
    Advis::laes(rad).ok()
}

#[cfg(test)]
mod tests;
