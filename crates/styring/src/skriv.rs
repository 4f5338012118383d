//! One change: decided from what is stored now, written whole or not at all, and logged.

use crate::adviser::{self, Advis, forskel};
use crate::{Kald, Styringsfejl, komigang, opgaver};
use administration::{Entitet, Fund, Modulfejl, Modulrolle, Plan, Politikdata, Slags};
use app::{App, Laest};
use bitemporal::Instant;
use oio::Cvr;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Aendringslinje, Loglinjeslags, Modulpost, Modulskrevet, Modulsoegning};
use uuid::Uuid;

/// A day, in microseconds.
pub(crate) const DAG: i64 = 86_400_000_000;
/// How often a change is decided anew when others change the same at the same time.
const ATTEMPTS_MAX: usize = 5;
/// Entities read at a time.
const PORTION: u64 = 500;

/// A change under way.
pub(crate) struct Udkast {
    /// The policy as it shall be.
    pub data: Politikdata,
    /// Entities of the module as they shall be.
    pub poster: Vec<Modulpost>,
    /// Notices besides those that are found in what changes.
    pub adviser: Vec<Advis>,
    /// Lines of the log besides those about what changes.
    pub linjer: Vec<Aendringslinje>,
    /// Whose open tasks about what are ended, and what came of them.
    afsluttes: Vec<(Uuid, Cvr, &'static str)>,
    /// When it happens.
    pub nu: Instant,
    /// What the change is called in the log.
    pub handling: String,
    /// Why, as the person said.
    pub begrundelse: String,
    /// What kind of line it becomes.
    pub slags: Loglinjeslags,
    /// The role it takes, when what it is about tells which of the person's it is.
    pub rolle: Option<Modulrolle>,
}

/// Who does it.
pub(crate) enum Hvem<'a> {
    /// A person, in a role.
    Person(&'a Kald, Modulrolle),
    /// The installation by itself, because a time was reached.
    Installationen {
        /// The party it concerns.
        part: Cvr,
        /// What it belongs together with.
        korrelation: Uuid,
    },
}

impl Hvem<'_> {
    pub(crate) fn part(&self) -> Cvr {
        match self {
            Self::Person(kald, _) => kald.part(),
            Self::Installationen { part, .. } => *part,
        }
    }

    pub(crate) fn bruger(&self) -> Option<Uuid> {
        match self {
            Self::Person(kald, _) => Some(kald.aktoer.bruger),
            Self::Installationen { .. } => None,
        }
    }

    pub(crate) fn linje(&self, nu: Instant, handling: &str) -> Aendringslinje {
        match self {
            Self::Person(kald, rolle) => kald.linje(nu, Some(*rolle), handling),
            Self::Installationen { part, korrelation } => Aendringslinje {
                tid: nu,
                slags: Loglinjeslags::Aendret,
                part: *part,
                bruger: None,
                navn: "Installationen".into(),
                rolle: String::new(),
                adresse: String::new(),
                art: String::new(),
                objekt: None,
                objektnavn: String::new(),
                handling: handling.to_owned(),
                detaljer: String::new(),
                begrundelse: String::new(),
                kilde: "tid".into(),
                korrelation: *korrelation,
            },
        }
    }
}

/// Changes the policy and what follows with it: tasks, notices, lines of the log.
///
/// # Errors
/// What `aendr` gives; what is wrong with the policy it leads to; A-005 when others change the same all the time.
pub(crate) async fn politik<T>(
    app: &App,
    kald: &Kald,
    rolle: Modulrolle,
    aendr: impl Fn(&mut Udkast) -> Result<T, Styringsfejl>,
) -> Result<T, Styringsfejl> {
    politik_som(app, &Hvem::Person(kald, rolle), aendr).await
}

/// The same for whoever does it.
///
/// # Errors
/// As [`politik`].
pub(crate) async fn politik_som<T>(
    app: &App,
    hvem: &Hvem<'_>,
    aendr: impl Fn(&mut Udkast) -> Result<T, Styringsfejl>,
) -> Result<T, Styringsfejl> {
    let _tur = app.tur().await;
    for _ in 0..ATTEMPTS_MAX {
        let laest = app.laes_politik().await?;
        let nu = app.now();
        let mut udkast = Udkast::ny(laest.data.clone(), nu);
        let svar = aendr(&mut udkast)?;
        for (objekt, part, udfald) in std::mem::take(&mut udkast.afsluttes) {
            udkast.poster.extend(opgaver::afsluttede(app, objekt, part, udfald).await?);
        }
        let regnet = app::udregn(move || {
            let nye = app::nye_fund(&laest.data, &udkast.data);
            let plan = Plan::ny(&laest.data, &udkast.data, true);
            (laest, udkast, plan, nye)
        });
        let (laest, udkast, plan, nye) = regnet.await?;
        kontroller(&nye)?;
        if matches!(hvem, Hvem::Person(kald, _) if kald.er_proeve()) {
            return Ok(svar);
        }
        let linjer = linjer(hvem, &udkast, &plan);
        let adviser = adviser::rader(&adviser(hvem, &laest, &udkast, &plan));
        match app.anvend_med(&laest, &plan, &udkast.poster, &linjer, &adviser).await? {
            Modulskrevet::Gemt => {
                komigang::efter(app, komigang::beroerte(&udkast.data, &plan)).await;
                return Ok(svar);
            }
            Modulskrevet::Overhalet => {}
            Modulskrevet::Optaget => return Err(optaget().into()),
        }
    }
    Err(overhalet().into())
}

impl Udkast {
    fn ny(data: Politikdata, nu: Instant) -> Self {
        Self {
            data,
            poster: Vec::new(),
            adviser: Vec::new(),
            linjer: Vec::new(),
            afsluttes: Vec::new(),
            nu,
            handling: String::new(),
            begrundelse: String::new(),
            slags: Loglinjeslags::Aendret,
            rolle: None,
        }
    }

    /// Ends the open tasks of a party about an object.
    pub(crate) fn afslut(&mut self, objekt: Uuid, part: Cvr, udfald: &'static str) {
        self.afsluttes.push((objekt, part, udfald));
    }
}

/// What is wrong with a policy that was not wrong before.
fn kontroller(nye: &[Fund]) -> Result<(), Styringsfejl> {
    let nye: Vec<Modulfejl> = nye.iter().map(|f| Modulfejl::ny("V-001", f.to_string())).collect();
    if nye.is_empty() { Ok(()) } else { Err(Styringsfejl::Afvist(nye)) }
}

/// What others are told of it.
fn adviser(hvem: &Hvem<'_>, laest: &Laest, udkast: &Udkast, plan: &Plan) -> Vec<Advis> {
    let version = |art, uuid| laest.version(art, uuid);
    let ved = forskel::Ved { hvem, nu: udkast.nu, begrundelse: &udkast.begrundelse, version: &version };
    let mut adviser = forskel::af_politik(&laest.data, &udkast.data, plan, &ved);
    adviser.extend(forskel::af_opgaver(&udkast.poster, &udkast.data, udkast.nu, hvem.bruger()));
    adviser.extend(udkast.adviser.iter().cloned());
    adviser
}

/// One line for every entity that changes.
fn linjer(hvem: &Hvem<'_>, udkast: &Udkast, plan: &Plan) -> Vec<Aendringslinje> {
    let mut fra = hvem.linje(udkast.nu, &udkast.handling);
    if let Some(rolle) = udkast.rolle {
        fra.rolle = rolle.navn().to_owned();
    }
    let linje = |a: &administration::Aendring| Aendringslinje {
        art: a.art.to_owned(),
        objekt: Some(a.uuid),
        objektnavn: a.navn.clone(),
        slags: udkast.slags,
        begrundelse: udkast.begrundelse.clone(),
        detaljer: match &a.slags {
            Slags::Tilfoej => "oprettet".to_owned(),
            Slags::Fjern => "fjernet".to_owned(),
            Slags::Ret(hvad) => hvad.join("\n"),
        },
        ..fra.clone()
    };
    plan.aendringer.iter().map(linje).chain(udkast.linjer.iter().cloned()).collect()
}

/// So many days later.
pub(crate) fn om_dage(nu: Instant, dage: i64) -> Instant {
    Instant::from_micros(nu.micros().saturating_add(dage * DAG))
}

/// When the day began, in Denmark.
pub(crate) fn i_dag(nu: Instant) -> Instant {
    oio::tid::zoned(nu).and_then(|z| oio::tid::midnight(z.date())).unwrap_or(nu)
}

/// somebody else was first.
pub(crate) fn overhalet() -> Modulfejl {
    Modulfejl::ny(
        "A-005",
        "En anden har ændret det samme, siden du åbnede siden. Se forskellene, før du gemmer.",
    )
}

/// it is there.
pub(crate) fn optaget() -> Modulfejl {
    Modulfejl::ny("A-013", "Det findes allerede. Brug det, der er, eller vælg et andet navn.")
}

/// An entity of the module, and the number of its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gemt<E> {
    /// The entity.
    pub post: E,
    /// The number.
    pub version: i64,
}

/// An entity of the module as it is now.
pub(crate) async fn hent<E: Entitet>(app: &App, id: Uuid) -> Result<Option<Gemt<E>>, Styringsfejl> {
    app.store().modulpost(E::ART, id).await?.map(|r| laes(&r)).transpose()
}

/// An entity from its row.
pub(crate) fn laes<E: DeserializeOwned>(r: &store::Modulraekke) -> Result<Gemt<E>, Styringsfejl> {
    let post = serde_json::from_slice(&r.krop).map_err(oio::Fejl::intern)?;
    Ok(Gemt { post, version: r.version })
}

/// Every entity of a kind that has a key, in the order of its keys.
pub(crate) async fn alle_med<E: Entitet + DeserializeOwned>(
    app: &App,
    noegle: (&'static str, String),
) -> Result<Vec<Gemt<E>>, Styringsfejl> {
    let mut ud = Vec::new();
    loop {
        let soegning = Modulsoegning {
            art: E::ART,
            noegler: vec![noegle.clone()],
            forbi: ud.len() as u64,
            antal: PORTION,
            ..Modulsoegning::default()
        };
        let (raekker, alle) = app.store().modul_find(&soegning).await?;
        for raekke in &raekker {
            ud.push(laes(raekke)?);
        }
        if raekker.is_empty() || ud.len() as u64 >= alle {
            return Ok(ud);
        }
    }
}

/// An entity as it is stored: found by its UUID, and by a key when there is one.
pub(crate) fn post<E: Entitet + Serialize>(
    entitet: &E,
    foer: i64,
    noegle: Option<(&'static str, String)>,
) -> Result<Modulpost, Styringsfejl> {
    Ok(Modulpost {
        art: E::ART,
        id: entitet.uuid(),
        krop: Some(serde_json::to_vec(entitet).map_err(oio::Fejl::intern)?),
        foer,
        soeg: String::new(),
        unik: None,
        orden: String::new(),
        kolonner: Vec::new(),
        noegler: noegle.into_iter().collect(),
    })
}

/// A page of a list that the store finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side<E> {
    /// What is on it.
    pub poster: Vec<Gemt<E>>,
    /// Whether there is more after it.
    pub videre: bool,
    /// How many there are, as far as they are counted.
    pub alle: u64,
    /// Whether there are more than that.
    pub flere: bool,
    /// Whether what it was counted from is no longer in the list; then it is empty.
    pub borte: bool,
}

impl<E> Default for Side<E> {
    fn default() -> Self {
        Self { poster: Vec::new(), videre: false, alle: 0, flere: false, borte: false }
    }
}

/// A page as the store has it.
pub(crate) fn side<E: DeserializeOwned>(s: store::Modulside) -> Result<Side<E>, Styringsfejl> {
    let poster = s.raekker.iter().map(|(_, r)| laes(r)).collect::<Result<_, _>>()?;
    Ok(Side { poster, videre: s.videre, alle: s.alle, flere: s.flere, borte: s.borte })
}

/// Writes entities of the module with the lines about them.
///
/// # Errors
///
pub(crate) async fn gem(
    app: &App,
    poster: &[Modulpost],
    linjer: &[Aendringslinje],
) -> Result<(), Styringsfejl> {
    gem_med(app, poster, linjer, &[]).await
}

/// The same with the notices about it; [`Advis::om`] makes one. Those of new tasks come by themselves.
///
/// # Errors
/// As [`gem`].
pub(crate) async fn gem_med(
    app: &App,
    poster: &[Modulpost],
    linjer: &[Aendringslinje],
    adviser: &[Advis],
) -> Result<(), Styringsfejl> {
    // A trial is known by its lines, which say where they come from.
    if linjer.iter().any(|l| l.kilde == Kald::PROEVE) {
        return Ok(());
    }
    skriv_nu(app, poster, linjer, adviser).await?;
    komigang::efter_poster(app, poster).await;
    Ok(())
}

/// The same, and nothing that follows from it.
///
/// # Errors
/// As [`gem`].
pub(crate) async fn skriv_nu(
    app: &App,
    poster: &[Modulpost],
    linjer: &[Aendringslinje],
    adviser: &[Advis],
) -> Result<(), Styringsfejl> {
    let af = linjer.first().and_then(|l| l.bruger);
    let mut adviser = adviser.to_vec();
    adviser.extend(forskel::af_opgaver(poster, app.politik().data(), app.now(), af));
    match app.store().modul_skriv_med(&[], poster, linjer, &adviser::rader(&adviser)).await? {
        Modulskrevet::Gemt => Ok(()),
        Modulskrevet::Overhalet => Err(overhalet().into()),
        Modulskrevet::Optaget => Err(optaget().into()),
    }
}

/// A number that is not negative, such that texts sort as numbers do.
pub(crate) fn i_orden(tal: i64) -> String {
    format!("{tal:020}")
}
