//! Comments on what waits for an answer: written once, and the authority's own unless the supplier wrote them.

use super::{Aftalevisning, hent};
use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::fejl::Samling;
use crate::opgaver::{self, Opgave};
use crate::skriv;
use crate::{Kald, Styringsfejl};
use administration::{
    Aftalekommentar, Aftaletilstand, Aftaleversion, Bruger, Emne, Entitet, Handling, KOMMENTAR_MAX,
    Modulfejl, Modulrolle, Partsart, Politik, Serviceaftale,
};
use app::App;
use bitemporal::Instant;
use oio::{Cvr, logtekst};
use store::{Aendringslinje, Modulpost, Modulsoegning};
use uuid::Uuid;

/// The roles of an authority that can be asked for a comment.
pub const SPURGTE: [Modulrolle; 2] = [Modulrolle::Dpo, Modulrolle::Systemansvarlig];
/// Days they have.
const FRIST_DAGE: i64 = 5;
/// Comments of one circle on one agreement, at most.
const ANTAL_MAX: u64 = 200;
/// What the task is called.
const OPGAVE: &str = "Kommentér serviceaftale";

/// What was said about an agreement, as the person sees it, and who has been asked and not said anything.
#[derive(Debug, Clone, Default)]
pub struct Kommentarer {
    /// The comments, the oldest first.
    pub alle: Vec<Aftalekommentar>,
    /// Roles of the person's authority that are asked, and until when they should have said something.
    pub spurgt: Vec<(Modulrolle, Option<Instant>)>,
}

/// The version that waits for an authority's answer, or for the supplier's to its questions.
fn afventer<'p>(v: &Aftalevisning<'p>) -> Option<&'p Aftaleversion> {
    let venter = |t| matches!(t, Aftaletilstand::Anmodet | Aftaletilstand::Returneret);
    match v.aendring {
        _ if venter(v.tilstand) => Some(v.version),
        Some((version, t)) if venter(t) => Some(version),
        _ => None,
    }
}

/// Whose a comment would be: the circle it is for, the role it is written in, and the version.
struct Sted {
    myndighed: Option<Cvr>,
    rolle: Modulrolle,
    version: u32,
    til: Vec<Cvr>,
}

fn sted(kald: &Kald, politik: &Politik, visninger: &[Aftalevisning<'_>]) -> Result<Sted, Modulfejl> {
    let findes_ikke = || Modulfejl::findes_ikke("Serviceaftalen");
    let system = visninger.first().ok_or_else(findes_ikke)?.aftale.system;
    let som = |art| kald.aktoer.kraev_som(&[art], Emne::Aftalekommentar, Handling::Opret, system);
    let ingen = || {
        Modulfejl::ny(
            "G-210",
            "Anmodningen venter ikke på svar, så der kan ikke skrives kommentarer til den.",
        )
    };
    let leverandoer = politik.system(system).is_some_and(|s| s.leverandoer == kald.part());
    let egen = visninger.iter().find(|v| v.myndighed == kald.part());
    if let Some(egen) = egen
        && (!leverandoer || som(Partsart::Myndighed).is_ok())
    {
        let rolle = som(Partsart::Myndighed)?;
        let version = afventer(egen).ok_or_else(ingen)?.nummer;
        return Ok(Sted { myndighed: Some(egen.myndighed), rolle, version, til: vec![egen.myndighed] });
    }
    if !leverandoer {
        return Err(findes_ikke());
    }
    let rolle = som(Partsart::Leverandoer)?;
    let venter: Vec<_> = visninger.iter().filter_map(|v| Some((v.myndighed, afventer(v)?.nummer))).collect();
    let version = venter.iter().map(|v| v.1).max().ok_or_else(ingen)?;
    Ok(Sted { myndighed: None, rolle, version, til: venter.into_iter().map(|v| v.0).collect() })
}

/// Whether the person can write a comment on what waits for an answer now.
#[must_use]
pub fn maa_kommentere(kald: &Kald, politik: &Politik, visninger: &[Aftalevisning<'_>]) -> bool {
    sted(kald, politik, visninger).is_ok()
}

/// Writes a comment on what waits for an answer, and ends the person's task of writing one.
///
/// # Errors
/// ; G-210 when nothing waits; G-217 when there are too many.
pub async fn kommenter(app: &App, kald: &Kald, uuid: Uuid, tekst: &str) -> Result<(), Styringsfejl> {
    kald.kraev(Emne::Aftalekommentar, Handling::Opret)?;
    let (politik, nu) = (app.politik(), app.now());
    let visninger = hent(kald, &politik, uuid, nu)?;
    let sted = sted(kald, &politik, &visninger)?;
    let mut samling = Samling::default();
    samling.tekst("kommentar", "Kommentar", tekst, KOMMENTAR_MAX);
    samling.slut()?;
    let kreds = Aftalekommentar::kreds(uuid, sted.myndighed);
    if i_kreds(app, &kreds).await?.1 >= ANTAL_MAX {
        let tekst = format!("Der er allerede {ANTAL_MAX} kommentarer. Tal sammen på en anden måde.");
        return Err(Modulfejl::felt("kommentar", "G-217", tekst).into());
    }
    let aftale = visninger[0].aftale;
    let kommentar = Aftalekommentar {
        uuid: app.new_uuid(),
        aftale: uuid,
        aftalenavn: aftale.navn.clone(),
        version: sted.version,
        myndighed: sted.myndighed,
        part: kald.part(),
        af: (kald.aktoer.bruger, kald.aktoer.navn.clone()),
        rolle: sted.rolle,
        tid: nu.micros(),
        tekst: tekst.trim().to_owned(),
    };
    let mut poster = vec![post(&kommentar, kreds)];
    for g in opgaver::om(app, uuid).await? {
        if g.post.part == kald.part() && g.post.slags == OPGAVE && kald.aktoer.har(g.post.rolle) {
            poster.push(opgaver::afsluttet(g, "kommenteret"));
        }
    }
    let paa_en_linje = tekst.split_whitespace().collect::<Vec<_>>().join(" ");
    let linje = Aendringslinje {
        detaljer: format!("kommentar til version {}", sted.version),
        begrundelse: logtekst(&paa_en_linje),
        ..linje(kald, nu, sted.rolle, aftale, "kommentér serviceaftale")
    };
    let adviser: Vec<Advis> =
        sted.til.iter().map(|part| advis(kald, nu, &kommentar, *part, aftale)).collect();
    skriv::gem_med(app, &poster, &[linje], &adviser).await
}

fn advis(kald: &Kald, nu: Instant, k: &Aftalekommentar, part: Cvr, aftale: &Serviceaftale) -> Advis {
    let objekt = Adviseret::ny(Serviceaftale::ART, aftale.uuid, &aftale.navn);
    let felter = [("hvem", k.af.1.as_str()), ("rolle", k.rolle.navn())];
    let advis = Advis::om(Haendelse::AftaleKommenteret, part, objekt, &felter, nu, &k.uuid.to_string());
    advis.undtagen(Some(kald.aktoer.bruger)).ved_system(aftale.system)
}

/// A line of the log. It is not about the agreement: what is said inside an authority does not stand in the history its
/// supplier sees.
fn linje(
    kald: &Kald,
    nu: Instant,
    rolle: Modulrolle,
    aftale: &Serviceaftale,
    handling: &str,
) -> Aendringslinje {
    Aendringslinje {
        art: Aftalekommentar::ART.into(),
        objekt: Some(aftale.uuid),
        objektnavn: aftale.navn.clone(),
        ..kald.linje(nu, Some(rolle), handling)
    }
}

fn post(k: &Aftalekommentar, kreds: String) -> Modulpost {
    Modulpost {
        art: Aftalekommentar::ART,
        id: k.uuid,
        krop: serde_json::to_vec(k).ok(),
        foer: 0,
        soeg: k.tekst.clone(),
        unik: None,
        orden: skriv::i_orden(k.tid),
        noegler: vec![("kreds", kreds)],
        kolonner: Vec::new(),
    }
}

async fn i_kreds(app: &App, kreds: &str) -> Result<(Vec<Aftalekommentar>, u64), Styringsfejl> {
    let soegning = Modulsoegning {
        art: Aftalekommentar::ART,
        noegler: vec![("kreds", kreds.to_owned())],
        antal: ANTAL_MAX,
        ..Modulsoegning::default()
    };
    let (raekker, alle) = app.store().modul_find(&soegning).await?;
    let laes = |r| skriv::laes::<Aftalekommentar>(r).map(|g| g.post);
    Ok((raekker.iter().map(laes).collect::<Result<_, _>>()?, alle))
}

/// What was said about an agreement: what its supplier said, and what was said inside the authorities the person sees into.
///
/// # Errors
/// A-001; A-404.
pub async fn kommentarer(app: &App, kald: &Kald, uuid: Uuid) -> Result<Kommentarer, Styringsfejl> {
    kald.kraev(Emne::Aftalekommentar, Handling::Se)?;
    let politik = app.politik();
    let visninger = hent(kald, &politik, uuid, app.now())?;
    let mut alle = i_kreds(app, &Aftalekommentar::kreds(uuid, None)).await?.0;
    for v in visninger.iter().filter(|v| kald.ser(v.myndighed)) {
        alle.extend(i_kreds(app, &Aftalekommentar::kreds(uuid, Some(v.myndighed))).await?.0);
    }
    alle.sort_by_key(|k| (k.tid, k.uuid));
    let spurgt = opgaver::om(app, uuid).await?.into_iter().map(|g| g.post);
    let spurgt = spurgt.filter(|o| o.part == kald.part() && o.slags == OPGAVE);
    Ok(Kommentarer { alle, spurgt: spurgt.map(|o| (o.rolle, o.frist())).collect() })
}

/// Asks a role of the person's authority for a comment: a task of five days. The answer waits for nobody.
///
/// # Errors
/// A-006 for a role that is not asked; G-210 when nothing waits for an answer; G-214 when it is asked already;
/// G-215 when nobody has it.
pub async fn bed_om_kommentar(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    spurgt: Modulrolle,
) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Aftalesvar, Handling::Godkend)?;
    if !SPURGTE.contains(&spurgt) {
        return Err(Modulfejl::mangler("rolle", "Hvem der skal kommentere").into());
    }
    let (politik, nu) = (app.politik(), app.now());
    let visninger = hent(kald, &politik, uuid, nu)?;
    let min = visninger.iter().find(|v| v.myndighed == kald.part());
    let min = min.ok_or_else(|| Modulfejl::findes_ikke("Anmodningen"))?;
    let aftale = min.aftale;
    kald.aktoer.kraev_system(Emne::Aftalesvar, Handling::Godkend, aftale.system)?;
    if min.til_svar().is_none() {
        return Err(Modulfejl::ny("G-210", "Der er ingen anmodning, der venter på jeres svar.").into());
    }
    let aabne = opgaver::om(app, uuid).await?;
    if aabne.iter().any(|g| g.post.part == kald.part() && g.post.slags == OPGAVE && g.post.rolle == spurgt) {
        let tekst = format!("{} er allerede bedt om at kommentere.", spurgt.navn());
        return Err(Modulfejl::felt("rolle", "G-214", tekst).into());
    }
    if !findes(app, kald.part(), spurgt, aftale.system).await? {
        let tekst = format!(
            "Ingen hos jer har rollen {} til dette it-system. En administrator kan tildele den.",
            spurgt.navn()
        );
        return Err(Modulfejl::felt("rolle", "G-215", tekst).into());
    }
    let titel = format!("Kommentér anmodningen om serviceaftalen {}", aftale.navn);
    let opgave = Opgave::ny(app, OPGAVE, titel, (kald.part(), spurgt), (Serviceaftale::ART, uuid))
        .ved(aftale.system)
        .inden(FRIST_DAGE);
    let linje = Aendringslinje {
        detaljer: format!("rollen {}", spurgt.navn()),
        ..linje(kald, nu, rolle, aftale, "bed om kommentar til serviceaftale")
    };
    skriv::gem(app, &[opgave.post(0)], &[linje]).await
}

/// Whether somebody has a role of a party now that reaches a system.
async fn findes(app: &App, part: Cvr, rolle: Modulrolle, system: Uuid) -> Result<bool, Styringsfejl> {
    let nu = app.now();
    let soegning = Modulsoegning {
        art: Bruger::ART,
        noegler: vec![("rolle", format!("{part}:{}", rolle.kode()))],
        antal: crate::brugere::SIDE_MAX,
        ..Modulsoegning::default()
    };
    for raekke in app.store().modul_find(&soegning).await?.0 {
        let bruger = skriv::laes::<Bruger>(&raekke)?.post;
        let naar = |t: &administration::Tildeling| {
            t.part == part
                && t.rolle == rolle
                && (t.omfang.systemer.is_empty() || t.omfang.systemer.contains(&system))
        };
        if bruger.gaeldende(nu).any(naar) {
            return Ok(true);
        }
    }
    Ok(false)
}
