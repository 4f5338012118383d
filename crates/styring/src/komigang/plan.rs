//! Who undertakes a step until when, and the day the first business system is put in use: chosen by who may change it.

use super::{ART, find, hent, maerke, post};
use crate::adviser::{Advis, Adviseret, Haendelse};
use crate::brugere::{self, Brugersoegning, dato, sidste_dag};
use crate::fejl::Samling;
use crate::opgaver::{self, Opgave};
use crate::skriv::{self, om_dage, overhalet};
use crate::{Kald, Styringsfejl};
use administration::{
    Bruger, Brugertilstand, Emne, Handling, Igangplan, Igangtrin, Modulfejl, Modulrolle, Partsart, Trinplan,
};
use app::App;
use bitemporal::Instant;
use store::{Aendringslinje, Modulpost};
use uuid::Uuid;

/// The latest day that can be chosen, in days from now.
const DAGE_MAX: i64 = 5 * 365;
/// Users to choose among, at most.
const EJERE_MAX: usize = 500;
/// How often a change is decided anew when others change the same at the same time.
const ATTEMPTS_MAX: usize = 5;

/// Who undertakes a step, and the moment it is to be done by; nobody and no day when it is given up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trinvalg {
    /// A user of the party.
    pub ejer: Option<Uuid>,
    /// When the last day ends.
    pub frist: Option<Instant>,
}

/// The users of the party who can undertake a step, by name.
///
/// # Errors
///
pub async fn ejere(app: &App, kald: &Kald) -> Result<Vec<Bruger>, Styringsfejl> {
    kald.kraev(Emne::KomIGang, Handling::Ret)?;
    let mut ud: Vec<Bruger> = Vec::new();
    loop {
        let s =
            Brugersoegning { forbi: ud.len() as u64, antal: brugere::SIDE_MAX, ..Brugersoegning::default() };
        let (fundne, alle) = brugere::list(app, kald, &s).await?;
        let sidste = fundne.is_empty() || (ud.len() + fundne.len()) as u64 >= alle;
        ud.extend(fundne.into_iter().map(|g| g.post));
        if sidste || ud.len() >= EJERE_MAX {
            break;
        }
    }
    ud.retain(er_i_live);
    ud.truncate(EJERE_MAX);
    Ok(ud)
}

fn er_i_live(bruger: &Bruger) -> bool {
    matches!(bruger.tilstand, Brugertilstand::Inviteret | Brugertilstand::Aktiv)
}

/// Chooses who undertakes a step until when. The owner has a task for it, which ends by itself when the step is reached.
///
/// # Errors
/// A-001; A-404; A-005 when the form was filled from another plan; A-006; I-901 for a step that is reached, I-902 for somebody
/// who is no user of the party, I-903 for a day in the past or far away.
pub async fn planlaeg(
    app: &App,
    kald: &Kald,
    kode: &str,
    maerket: &str,
    valg: &Trinvalg,
) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::KomIGang, Handling::Ret)?;
    let (politik, part) = (app.politik(), kald.part());
    let trin = find(&politik, part, kode)?;
    if super::fakta::naaet(app, &politik, part, trin).await?.is_some() {
        let tekst = format!("Trinnet er nået: {}. Der er ikke mere at planlægge.", trin.navn());
        return Err(Modulfejl::ny("I-901", tekst).into());
    }
    for _ in 0..ATTEMPTS_MAX {
        let gemt = hent(app, part).await?;
        let foer = gemt.post.trin.get(&trin).cloned();
        if maerke(&foer) != maerket {
            return Err(overhalet().into());
        }
        let nyt = kontroller(app, kald, valg, foer.as_ref()).await?;
        if nyt == foer {
            return Ok(());
        }
        let mut plan = gemt.post;
        match nyt.clone() {
            Some(nyt) => plan.trin.insert(trin, nyt),
            None => plan.trin.remove(&trin),
        };
        let mut poster = vec![post(&plan, gemt.version)?];
        let (opgave, advis) = opgaver(app, kald, &plan, (trin, rolle), (foer.as_ref(), nyt.as_ref())).await?;
        poster.extend(opgave);
        let linje = Aendringslinje {
            objektnavn: format!("Kom i gang: {}", trin.navn()),
            detaljer: forskel(foer.as_ref(), nyt.as_ref()),
            ..linje(app, kald, rolle, &plan, "planlæg trin i Kom i gang")
        };
        match skriv::gem_med(app, &poster, &[linje], &advis).await {
            // The form is still right, if what it is about is; that is asked anew.
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            svar => return svar,
        }
    }
    Err(overhalet().into())
}

/// What was chosen, when it can be.
async fn kontroller(
    app: &App,
    kald: &Kald,
    valg: &Trinvalg,
    foer: Option<&Trinplan>,
) -> Result<Option<Trinplan>, Styringsfejl> {
    let (ejer, frist) = match (valg.ejer, valg.frist) {
        (None, None) => return Ok(None),
        (Some(ejer), Some(frist)) => (ejer, frist),
        (None, Some(_)) => return Err(Modulfejl::mangler("ejer", "Ejer").into()),
        (Some(_), None) => return Err(Modulfejl::mangler("frist", "Dato").into()),
    };
    let mut samling = Samling::default();
    if foer.is_none_or(|f| f.frist != frist.micros()) {
        samling.dag("frist", frist, app.now());
    }
    let bruger = match brugere::hent(app, kald, ejer).await {
        Ok(gemt) => Some(gemt.post),
        Err(Styringsfejl::Afvist(_)) => None,
        Err(fejl) => return Err(fejl),
    };
    let hos_os = |b: &Bruger| b.cvr == kald.part() || b.roller.iter().any(|t| t.part == kald.part());
    let bruger = bruger.filter(|b| hos_os(b) && er_i_live(b));
    if bruger.is_none() {
        let tekst =
            "Ejeren er ikke bruger hos jer, eller er spærret. Vælg en på listen, eller opret brugeren først.";
        samling.tilfoej(Modulfejl::felt("ejer", "I-902", tekst));
    }
    samling.slut()?;
    Ok(bruger.map(|b| Trinplan { ejer: (b.uuid, b.navn), frist: frist.micros() }))
}

impl Samling {
    /// A day that is over in the future, and not far away.
    fn dag(&mut self, felt: &'static str, slut: Instant, nu: Instant) {
        if slut <= nu {
            self.tilfoej(Modulfejl::felt(felt, "I-903", "Datoen er gået. Vælg i dag eller senere."));
        } else if slut > om_dage(nu, DAGE_MAX) {
            let tekst = "Datoen ligger mere end fem år ude i fremtiden. Vælg en tidligere.";
            self.tilfoej(Modulfejl::felt(felt, "I-903", tekst));
        }
    }
}

/// The tasks that begin, move or end with a choice, and what the new owner is told.
async fn opgaver(
    app: &App,
    kald: &Kald,
    plan: &Igangplan,
    (trin, som): (Igangtrin, Modulrolle),
    (foer, nyt): (Option<&Trinplan>, Option<&Trinplan>),
) -> Result<(Vec<Modulpost>, Vec<Advis>), Styringsfejl> {
    let mut aabne = opgaver::om(app, plan.uuid).await?;
    aabne.retain(|g| g.post.slags == trin.navn());
    let Some(nyt) = nyt else {
        return Ok((
            aabne.into_iter().map(|g| opgaver::afsluttet(g, "trinnet har ingen ejer")).collect(),
            Vec::new(),
        ));
    };
    // Its last day, as tasks have it.
    let frist = Some(nyt.frist - 1);
    let samme = foer.is_some_and(|f| f.ejer.0 == nyt.ejer.0);
    if samme && !aabne.is_empty() {
        let flyt = |g: skriv::Gemt<Opgave>| Opgave { frist, ..g.post }.post(g.version);
        return Ok((aabne.into_iter().map(flyt).collect(), Vec::new()));
    }
    let mut poster: Vec<Modulpost> =
        aabne.into_iter().map(|g| opgaver::afsluttet(g, "en anden har overtaget trinnet")).collect();
    let titel = format!("Kom i gang: {}", trin.navn());
    let opgave = Opgave::ny(app, trin.navn(), titel.clone(), (kald.part(), som), (ART, plan.uuid));
    let opgave = Opgave { frist, ..opgave.til(nyt.ejer.0) };
    let part = Kald::partsnavn(&app.politik(), kald.part());
    let felter = [("part", part.as_str()), ("dato", &sidste_dag(Instant::from_micros(nyt.frist)))];
    let objekt = Adviseret::ny(ART, plan.uuid, &titel);
    let advis = Advis::om(
        Haendelse::OpgaveTilPerson,
        kald.part(),
        objekt,
        &felter,
        app.now(),
        &opgave.uuid.to_string(),
    );
    poster.push(opgave.post(0));
    let selv = nyt.ejer.0 == kald.aktoer.bruger;
    Ok((poster, if selv { Vec::new() } else { vec![advis.til_person(nyt.ejer.0)] }))
}

fn forskel(foer: Option<&Trinplan>, nyt: Option<&Trinplan>) -> String {
    let ejer = |p: Option<&Trinplan>| p.map_or_else(|| "(ingen)".to_owned(), |p| p.ejer.1.clone());
    let frist = |p: Option<&Trinplan>| {
        p.map_or_else(|| "(ingen)".to_owned(), |p| sidste_dag(Instant::from_micros(p.frist)))
    };
    let linje = |navn: &str, a: String, b: String| (a != b).then(|| format!("{navn} fra {a} til {b}"));
    let linjer = [linje("ejer", ejer(foer), ejer(nyt)), linje("frist", frist(foer), frist(nyt))];
    linjer.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Chooses the day the first business system is put in use; none when it is not known.
///
/// # Errors
/// A-001; A-404 when the party has no first steps; A-005; I-903.
pub async fn saet_drift(
    app: &App,
    kald: &Kald,
    maerket: &str,
    dag: Option<Instant>,
) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::KomIGang, Handling::Ret)?;
    if !super::arter(&app.politik(), kald.part()).contains(&Partsart::Myndighed) {
        return Err(Modulfejl::findes_ikke("Datoen").into());
    }
    for _ in 0..ATTEMPTS_MAX {
        let gemt = hent(app, kald.part()).await?;
        let foer = gemt.post.drift;
        if maerke(&foer) != maerket {
            return Err(overhalet().into());
        }
        if foer == dag.map(|d| d.micros()) {
            return Ok(());
        }
        if let Some(dag) = dag {
            let mut samling = Samling::default();
            // The day itself is not over as it begins.
            samling.dag("drift", om_dage(dag, 1), app.now());
            samling.slut()?;
        }
        let plan = Igangplan { drift: dag.map(|d| d.micros()), ..gemt.post };
        let ord = |d: Option<i64>| d.map_or_else(|| "(ingen)".to_owned(), |d| dato(Instant::from_micros(d)));
        let linje = Aendringslinje {
            detaljer: format!("første fagsystem i drift fra {} til {}", ord(foer), ord(plan.drift)),
            ..linje(app, kald, rolle, &plan, "sæt dato for første fagsystem")
        };
        match skriv::gem(app, &[post(&plan, gemt.version)?], &[linje]).await {
            Err(fejl) if fejl.med_kode("A-005").is_some() => {}
            svar => return svar,
        }
    }
    Err(overhalet().into())
}

fn linje(app: &App, kald: &Kald, rolle: Modulrolle, plan: &Igangplan, handling: &str) -> Aendringslinje {
    Aendringslinje {
        art: ART.into(),
        objekt: Some(plan.uuid),
        objektnavn: "Kom i gang".into(),
        ..kald.linje(app.now(), Some(rolle), handling)
    }
}
