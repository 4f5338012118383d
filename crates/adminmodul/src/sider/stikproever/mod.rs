//! Stikprøver of the log: the list, and a new one.

mod en;

use crate::besoeg::{Besoeg, Svar, side, side_igen};
use crate::felter::{Fejl, Felt, Valg};
use crate::liste::{PR_SIDE, Sider, forbi};
use crate::ramme::Ramme;
use crate::vis::{self, Dato, Tag};
use administration::{Emne, Handling, Laesere, PROEVER_MAX, Stikproeve, Stikproevetilstand};
use askama::Template;
use bitemporal::Instant;
use styring::stikproever::{self, Traek};

pub use en::{afslut, besvar, bevis, vis, vis_afslut, vis_svar};

/// Where they are.
const STI: &str = "/admin/stikproever";
/// How long after one the next should be drawn, in days.
const HALVT_AAR: i64 = 183;
/// How many readings are proposed.
const FORSLAG: u32 = 25;

/// A stikprøve as it is shown.
struct Rad {
    sti: String,
    navn: String,
    fra: Dato,
    til: Dato,
    besvaret: usize,
    alle: usize,
    frist: Dato,
    tag: Tag,
}

impl Rad {
    fn af(s: &Stikproeve, nu: Instant) -> Self {
        let tid = Instant::from_micros;
        Self {
            sti: format!("{STI}/{}", s.uuid),
            navn: s.navn.clone(),
            fra: vis::dato(tid(s.periode.0)),
            til: vis::sidste_dag(tid(s.periode.1)),
            besvaret: s.proever.len() - s.antal(None),
            alle: s.proever.len(),
            frist: vis::sidste_dag(tid(s.frist)),
            tag: match s.tilstand(nu) {
                Stikproevetilstand::Aaben => Tag { tone: "wait", navn: "Åben".into() },
                Stikproevetilstand::Overskredet => Tag { tone: "warn", navn: "Frist overskredet".into() },
                Stikproevetilstand::Afsluttet => Tag { tone: "ok", navn: "Afsluttet".into() },
            },
        }
    }
}

#[derive(Template)]
#[template(path = "stikproever/liste.html")]
struct Liste {
    ramme: Ramme,
    rader: Vec<Rad>,
    sider: Sider,
    opret: bool,
    /// When the next should be drawn, and whether that is past.
    naeste: Option<(Dato, bool)>,
}

/// The list.
pub async fn liste(k: Besoeg) -> Svar {
    let (app, nu) = (&k.t().app, k.nu());
    let fra = forbi(&k.f.query) as u64;
    let (alle, antal) = stikproever::list(app, &k.kald, fra, PR_SIDE as u64).await?;
    let seneste = match (fra, alle.first()) {
        (0, foerste) => foerste.map(|g| g.post.udtrukket),
        _ => stikproever::list(app, &k.kald, 0, 1).await?.0.first().map(|g| g.post.udtrukket),
    };
    let naeste = seneste.map(|tid| Instant::from_micros(tid + HALVT_AAR * 86_400_000_000));
    side(&Liste {
        ramme: k.ramme("Stikprøver", STI).await,
        rader: alle.iter().map(|g| Rad::af(&g.post, nu)).collect(),
        sider: Sider::ny(&k.f.query, usize::try_from(antal).unwrap_or(usize::MAX)),
        opret: k.kald.aktoer.kan(Emne::Stikproeve, Handling::Opret),
        naeste: naeste.map(|tid| (vis::dato(tid), tid < nu)),
    })
}

#[derive(Template)]
#[template(path = "stikproever/ny.html")]
struct Ny {
    ramme: Ramme,
    navn: Felt,
    fra: Felt,
    til: Felt,
    antal: Felt,
    frist: Felt,
    laesere: Felt,
    fejl: Fejl,
}

const LAESERE: [(&str, Laesere); 3] =
    [("alle", Laesere::Alle), ("personer", Laesere::Personer), ("systemer", Laesere::Systemer)];

async fn ny_side(k: &Besoeg, fejl: Fejl) -> Ny {
    let f = &k.f.krop;
    let nu = k.nu();
    let sendt = f.har("navn");
    let dag = |dage: i64| vis::dato(Instant::from_micros(nu.micros() + dage * 86_400_000_000)).tekst;
    let felt = |id: &str, navn: &str, forslag: String| {
        Felt::ny(id, navn, if sendt { f.tekst(id).to_owned() } else { forslag }).fejl(&fejl)
    };
    let valgt = if sendt { f.tekst("laesere") } else { "alle" };
    let laesere =
        LAESERE.iter().map(|(id, l)| Valg::ny(*id, vis::begynd_stort(l.ord()), *id == valgt)).collect();
    Ny {
        ramme: k.ramme("Træk stikprøve", STI).await.under(STI, "Stikprøver"),
        navn: felt("navn", "Navn", String::new()).hjaelp("For eksempel: Første halvår 2026"),
        fra: felt("fra", "Fra", dag(-HALVT_AAR)),
        til: felt("til", "Til og med", dag(0)),
        antal: felt("antal", "Antal læsninger", FORSLAG.to_string()).hjaelp(format!(
            "Højst {PROEVER_MAX}. Læsninger af oplysninger om personer trækkes oftere end andre."
        )),
        frist: felt("frist", "Frist for svar", dag(30)).hjaelp("Den sidste dag, der kan svares"),
        laesere: Felt::valg("laesere", "Træk blandt", laesere),
        fejl,
    }
}

/// The form for a new one.
pub async fn vis_ny(k: Besoeg) -> Svar {
    side(&ny_side(&k, Fejl::default()).await)
}

/// Draws one.
pub async fn traek(k: Besoeg) -> Svar {
    let f = &k.f.krop;
    let mut fejl = Vec::new();
    let mut dag = |navn| f.dag(navn).map_err(|e| fejl.push(e)).ok().flatten();
    let traek = Traek {
        navn: f.tekst("navn").to_owned(),
        fra: dag("fra"),
        til: dag("til").map(vis::dagen_efter),
        frist: dag("frist").map(vis::dagen_efter),
        antal: f.som("antal"),
        laesere: LAESERE
            .iter()
            .find(|(id, ..)| *id == f.tekst("laesere"))
            .map_or(Laesere::Alle, |(.., l)| *l),
    };
    if !fejl.is_empty() {
        return side_igen(&ny_side(&k, Fejl(fejl)).await);
    }
    match stikproever::traek(&k.t().app, &k.kald, &traek).await {
        Ok(uuid) => {
            k.videre(&format!("{STI}/{uuid}"), "Stikprøven er trukket. Spørg lederne, og notér deres svar.")
        }
        Err(fejl) => side_igen(&ny_side(&k, Fejl::af(fejl)?).await),
    }
}
