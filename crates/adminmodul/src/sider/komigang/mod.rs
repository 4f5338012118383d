//! `Kom i gang`: the first steps of the party, how far it has come, and the day the first business system is put in use. One
//! step has a file of its own.

pub mod trin;

use crate::besoeg::{Besoeg, Svar, side, side_med};
use crate::fejl::Sidefejl;
use crate::felter::{Fejl, Felt};
use crate::ramme::Ramme;
use crate::sider::log::Lograd;
use crate::vis::{self, Dato, Tag};
use administration::{Emne, Handling, Igangplan, Igangtrin, Modulrolle, Partsart, kompetence};
use askama::Template;
use bitemporal::Instant;
use styring::komigang::{self, Forloeb, Igangstand, Trinstand};

/// Where it is.
pub(super) const STI: &str = "/admin/kom-i-gang";
/// Changes that are shown.
const HISTORIK: u64 = 30;
/// Roles nobody needs before an authority works with its organisation.
const SENERE: [Modulrolle; 2] = [Modulrolle::OrganisationAdministrator, Modulrolle::Redaktoer];

/// A step as it is shown.
pub struct Trinrad {
    /// Where it is told of.
    pub sti: String,
    /// Its number, from one.
    pub nr: usize,
    /// Its name in the picture.
    pub kort: &'static str,
    /// What is to be done.
    pub navn: &'static str,
    /// Whether it is reached.
    pub naaet: bool,
    /// Whether it is the next one.
    pub her: bool,
    /// Its state.
    pub tag: Tag,
    /// What shows that it is reached.
    pub hvad: String,
    /// Who has undertaken it.
    pub ejer: String,
    /// The last day.
    pub frist: Dato,
    /// How far away that is.
    pub om: String,
    /// Where it is done, and what that is called.
    pub sted: Option<(String, &'static str)>,
}

/// The steps of one kind of party as they are shown.
pub struct Forloebsvisning {
    /// Whose steps they are.
    pub navn: &'static str,
    /// How many are reached.
    pub naaede: usize,
    /// The steps.
    pub trin: Vec<Trinrad>,
}

/// The state of a step.
fn tag(t: &Trinstand, nu: Instant) -> Tag {
    let (tone, navn) = match (&t.naaet, &t.plan) {
        (Some(_), _) => ("ok", "Nået"),
        (None, Some(p)) if Instant::from_micros(p.frist) <= nu => ("warn", "Frist overskredet"),
        (None, Some(_)) => ("wait", "Planlagt"),
        (None, None) => ("draft", "Mangler"),
    };
    Tag { tone, navn: navn.into() }
}

/// Where a step is done, as far as the person may go there.
fn sted(k: &Besoeg, t: &Trinstand) -> Option<(String, &'static str)> {
    let kan = |emne, handling| k.kald.aktoer.kan(emne, handling);
    // A new one while there is none; afterwards those that are there.
    let ny = |emne, sti: &str, tekst| {
        (t.naaet.is_none() && kan(emne, Handling::Opret)).then(|| (sti.to_owned(), tekst))
    };
    let se = |emne, sti: &str, tekst| kan(emne, Handling::Se).then(|| (sti.to_owned(), tekst));
    match t.trin {
        _ if t.trin.rolle().is_some() => se(Emne::Bruger, "/admin/brugere", "Brugere og roller"),
        Igangtrin::IdentityProvider => se(Emne::Idp, "/admin/foederation", "Føderation"),
        Igangtrin::Serviceaftale => se(Emne::Aftale, "/admin/serviceaftaler", "Serviceaftaler"),
        Igangtrin::Jobfunktionsrolle => {
            se(Emne::Jobfunktionsrolle, "/admin/jobfunktionsroller", "Jobfunktionsroller")
        }
        Igangtrin::ItSystem => ny(Emne::ItSystem, "/admin/it-systemer/nyt", "Tilslut it-system")
            .or_else(|| se(Emne::ItSystem, "/admin/it-systemer", "It-systemer")),
        Igangtrin::Certifikat => se(Emne::ItSystem, "/admin/it-systemer", "It-systemer"),
        Igangtrin::Anmodning => ny(Emne::Aftale, "/admin/serviceaftaler/anmod", "Anmod om serviceaftale")
            .or_else(|| se(Emne::Aftale, "/admin/serviceaftaler", "Serviceaftaler")),
        Igangtrin::FoersteKald => se(Emne::Aftale, "/admin/serviceaftaler?fane=alle", "Serviceaftaler"),
        _ => None,
    }
}

impl Trinrad {
    /// A step as the person sees it.
    fn af(k: &Besoeg, t: &Trinstand, nr: usize, her: bool) -> Self {
        let nu = k.nu();
        // Who had undertaken what is reached is history.
        let plan = t.plan.as_ref().filter(|_| t.naaet.is_none());
        let slut = plan.map(|p| Instant::from_micros(p.frist));
        Self {
            sti: format!("{STI}/{}", t.trin.kode()),
            nr,
            kort: t.trin.kort(),
            navn: t.trin.navn(),
            naaet: t.naaet.is_some(),
            her,
            tag: tag(t, nu),
            hvad: t.naaet.clone().unwrap_or_default(),
            ejer: plan.map_or_else(String::new, |p| p.ejer.1.clone()),
            frist: slut.map_or_else(Dato::default, vis::sidste_dag),
            om: slut.map_or_else(String::new, |s| vis::om_dage(nu, Instant::from_micros(s.micros() - 1))),
            sted: sted(k, t),
        }
    }
}

impl Forloebsvisning {
    fn af(k: &Besoeg, f: &Forloeb) -> Self {
        let naeste = f.naeste().map(|t| t.trin);
        let rad = |(nr, t): (usize, &Trinstand)| Trinrad::af(k, t, nr + 1, naeste == Some(t.trin));
        Self {
            navn: if f.art == Partsart::Myndighed { "Som myndighed" } else { "Som leverandør" },
            naaede: f.naaede(),
            trin: f.trin.iter().enumerate().map(rad).collect(),
        }
    }
}

/// How far it is to the day the first business system is put in use, in words.
fn dage(nu: Instant, drift: Option<Instant>) -> Option<String> {
    let drift = drift?;
    Some(match vis::dage_til(nu, drift) {
        0 => "Første fagsystem går i drift i dag".to_owned(),
        n if n > 0 => format!("Dage til første fagsystem: {n}"),
        _ => format!("Første fagsystem gik i drift {}", vis::dato(drift).tekst),
    })
}

/// What the front page shows until everything is reached.
pub struct Igangkort {
    /// The steps.
    pub forloeb: Vec<Forloebsvisning>,
    /// How far it is to the first business system.
    pub dage: Option<String>,
}

/// What the front page shows; nothing when everything is reached, or the person may not see it.
pub(super) async fn kort(k: &Besoeg) -> Result<Option<Igangkort>, Sidefejl> {
    if !k.kald.aktoer.kan(Emne::KomIGang, Handling::Se) {
        return Ok(None);
    }
    let stand = komigang::stand(&k.t().app, &k.kald).await?;
    let aabne = stand.forloeb.iter().filter(|f| f.naeste().is_some());
    let forloeb: Vec<_> = aabne.map(|f| Forloebsvisning::af(k, f)).collect();
    Ok((!forloeb.is_empty()).then(|| Igangkort { forloeb, dage: dage(k.nu(), stand.drift) }))
}

/// A role, and what it asks.
pub struct Rollekrav {
    /// Its name.
    pub navn: &'static str,
    /// What it asks.
    pub krav: &'static administration::Kompetence,
}

/// What a role asks, when somebody is appointed to it here.
fn rollekrav(rolle: Modulrolle) -> Option<Rollekrav> {
    Some(Rollekrav { navn: rolle.navn(), krav: kompetence(rolle)? })
}

#[derive(Template)]
#[template(path = "komigang/overblik.html")]
struct Side {
    ramme: Ramme,
    forloeb: Vec<Forloebsvisning>,
    faerdig: bool,
    dage: Option<String>,
    drift: Dato,
    /// The form about that day, for who may change it.
    dato: Option<(Felt, String)>,
    senere: Vec<Rollekrav>,
    historik: Vec<Lograd>,
    fejl: Fejl,
}

async fn overblik(k: &Besoeg, fejl: Fejl) -> Result<Side, Sidefejl> {
    let app = &k.t().app;
    let stand: Igangstand = komigang::stand(app, &k.kald).await?;
    let myndighed = stand.forloeb.iter().any(|f| f.art == Partsart::Myndighed);
    let drift = vis::maaske(stand.drift);
    let f = &k.f.krop;
    let skrevet = if f.har("drift") { f.tekst("drift").to_owned() } else { drift.tekst.clone() };
    let felt = Felt::ny("drift", "Første fagsystem i drift", skrevet)
        .valgfri()
        .hjaelp("Den dag, jeres medarbejdere begynder at bruge det første fagsystem")
        .fejl(&fejl);
    let maerke = k.maerke("maerke", &fejl, &stand.driftsmaerke);
    let part = k.kald.part();
    let historik =
        styring::log::om(app, &k.kald, ("kom-i-gang", Igangplan::id(part)), part, HISTORIK).await?;
    let senere = if myndighed { SENERE.into_iter().filter_map(rollekrav).collect() } else { Vec::new() };
    Ok(Side {
        ramme: k.ramme("Kom i gang", STI).await,
        faerdig: stand.er_naaet(),
        forloeb: stand.forloeb.iter().map(|f| Forloebsvisning::af(k, f)).collect(),
        dage: dage(k.nu(), stand.drift),
        drift,
        dato: (myndighed && k.kald.aktoer.kan(Emne::KomIGang, Handling::Ret)).then_some((felt, maerke)),
        senere,
        historik: historik.into_iter().map(|(nr, l)| Lograd::af(k, nr, l)).collect(),
        fejl,
    })
}

/// The page.
pub async fn vis(k: Besoeg) -> Svar {
    side(&overblik(&k, Fejl::default()).await?)
}

/// Chooses the day the first business system is put in use.
pub async fn dato(k: Besoeg) -> Svar {
    let app = &k.t().app;
    let udfald = match k.f.krop.dag("drift") {
        Ok(dag) => komigang::saet_drift(app, &k.kald, k.f.krop.tekst("maerke"), dag).await,
        Err(fejl) => Err(fejl.into()),
    };
    match udfald {
        Ok(()) => k.videre(STI, "Datoen er gemt."),
        Err(fejl) => {
            let (status, fejl) = igen(&k, fejl, "datoen").await?;
            side_med(status, &overblik(&k, fejl).await?)
        }
    }
}

/// What was wrong with a form about the plan, and the status of the page that shows it again.
async fn igen(
    k: &Besoeg,
    fejl: styring::Styringsfejl,
    hvad: &str,
) -> Result<(axum::http::StatusCode, Fejl), Sidefejl> {
    let part = k.kald.part();
    k.igen(fejl, ("kom-i-gang", Igangplan::id(part), hvad), part).await
}
