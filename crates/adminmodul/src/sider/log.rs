//! The log of the module.

use crate::besoeg::{Besoeg, Svar, side};
use crate::felter::{Fejl, Felt, Valg};
use crate::formular::Formular;
use crate::ramme::Ramme;
use crate::vis::{self, Dato};
use askama::Template;
use bitemporal::Instant;
use store::{Aendringslinje, Loglinjeslags, Logsoegning};
use styring::Styringsfejl;

/// A line of the log as it is shown.
pub struct Lograd {
    /// Its number.
    pub nr: i64,
    /// When.
    pub tid: Dato,
    /// Who.
    pub hvem: String,
    /// In which role.
    pub rolle: String,
    /// What it is about.
    pub objekt: String,
    /// The kind of it.
    pub art: String,
    /// Where it is.
    pub sti: Option<String>,
    /// What was done.
    pub handling: String,
    /// What changed.
    pub detaljer: Vec<String>,
    /// Why.
    pub begrundelse: String,
    /// With what.
    pub kilde: String,
    /// What kind of line it is.
    pub slags: &'static str,
}

impl Lograd {
    /// A line as it is shown.
    pub fn af(k: &Besoeg, nr: i64, l: Aendringslinje) -> Self {
        let sti = l.objekt.and_then(|id| k.link(&l.art, id));
        Self {
            nr,
            tid: vis::tid(l.tid),
            hvem: l.navn,
            rolle: l.rolle,
            objekt: l.objektnavn,
            art: vis::stort(&l.art),
            sti,
            handling: vis::begynd_stort(&l.handling),
            detaljer: crate::aendring::i_ord(&k.politik, &l.detaljer),
            begrundelse: l.begrundelse,
            kilde: vis::begynd_stort(&l.kilde),
            slags: match l.slags {
                Loglinjeslags::Aendret => "Ændring",
                Loglinjeslags::Besluttet => "Beslutning",
                Loglinjeslags::Laest => "Læsning",
            },
        }
    }
}

#[derive(Template)]
#[template(path = "log.html")]
struct Side {
    ramme: Ramme,
    linjer: Vec<Lograd>,
    q: Felt,
    fra: Felt,
    til: Felt,
    slags: Felt,
    aeldre: Option<String>,
    nyeste: bool,
    csv: String,
    fejl: Fejl,
}

const SLAGS: [(&str, &str, Loglinjeslags); 3] = [
    ("aendringer", "Ændringer", Loglinjeslags::Aendret),
    ("beslutninger", "Beslutninger", Loglinjeslags::Besluttet),
    ("laesninger", "Læsninger", Loglinjeslags::Laest),
];

/// Lines on a page.
const PR_SIDE: u64 = 50;

fn soegning(q: &Formular, antal: u64) -> (Logsoegning, Fejl) {
    let mut fejl = Vec::new();
    let mut dag = |navn| q.dag(navn).map_err(|e| fejl.push(e)).ok().flatten();
    // The day named last is part of what is asked for.
    let (fra, til) = (dag("fra"), dag("til").map(|t| Instant::from_micros(t.micros() + 86_400_000_000)));
    let tekst = q.valgt("q").map(str::to_owned);
    // A UUID is looked up as an object, whose lines do not name it.
    let objekt = tekst.as_deref().and_then(|t| t.parse().ok());
    let slags = SLAGS.iter().find(|(id, ..)| *id == q.tekst("slags")).map(|(.., s)| *s);
    let tekst = if objekt.is_some() { None } else { tekst };
    (
        Logsoegning { objekt, slags, fra, til, tekst, foer: q.som("foer"), antal, ..Logsoegning::default() },
        Fejl(fejl),
    )
}

/// The log, the newest first, by pages that begin before a number.
pub async fn liste(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let (soegning, fejl) = soegning(q, PR_SIDE);
    let linjer = styring::log::find(&k.t().app, &k.kald, &soegning).await?;
    let fuld = linjer.len() as u64 == PR_SIDE;
    let aeldre = linjer.last().filter(|_| fuld).map(|(nr, _)| q.query_med("foer", &nr.to_string()));
    let mut slags = vec![Valg::ny("", "Alle", q.tekst("slags").is_empty())];
    slags.extend(SLAGS.iter().map(|(id, navn, _)| Valg::ny(*id, *navn, *id == q.tekst("slags"))));
    side(&Side {
        ramme: k.ramme("Log", "/admin/log").await,
        linjer: linjer.into_iter().map(|(nr, l)| Lograd::af(&k, nr, l)).collect(),
        q: Felt::ny("q", "Objekt, person, handling eller UUID", q.tekst("q")),
        fra: Felt::ny("fra", "Fra", q.tekst("fra")),
        til: Felt::ny("til", "Til og med", q.tekst("til")),
        slags: Felt::valg("slags", "Slags", slags),
        aeldre,
        nyeste: q.valgt("foer").is_none(),
        csv: q.query_med("foer", ""),
        fejl,
    })
}

/// Rows of a page of the log.
fn raekker(k: &Besoeg, linjer: Vec<(i64, Aendringslinje)>) -> Vec<Vec<String>> {
    let raekke = |(nr, l)| {
        let r = Lograd::af(k, nr, l);
        vec![
            r.nr.to_string(),
            r.tid.tekst,
            r.hvem,
            r.rolle,
            r.slags.to_owned(),
            r.handling,
            r.art,
            r.objekt,
            r.detaljer.join("\n"),
            r.begrundelse,
            r.kilde,
        ]
    };
    linjer.into_iter().map(raekke).collect()
}

/// All lines as a file, read page by page while they are sent. What fails on the way ends the download, so that no file looks
/// whole that is not.
pub async fn csv(k: Besoeg) -> Svar {
    let (foerste, _) = soegning(&k.f.query, styring::log::SIDE_MAX);
    let sider = futures_util::stream::try_unfold((k, Some(foerste)), async |(k, soegning)| {
        let Some(mut soegning) = soegning else { return Ok::<_, Styringsfejl>(None) };
        let linjer = styring::log::find(&k.t().app, &k.kald, &soegning).await?;
        let flere = linjer.len() as u64 == styring::log::SIDE_MAX;
        soegning.foer = linjer.last().map(|(nr, _)| *nr);
        let raekker = raekker(&k, linjer);
        Ok(Some((raekker, (k, flere.then_some(soegning)))))
    });
    let hoved = [
        "Nummer",
        "Tidspunkt",
        "Hvem",
        "Rolle",
        "Slags",
        "Handling",
        "Art",
        "Objekt",
        "Ændringer",
        "Begrundelse",
        "Kilde",
    ];
    Ok(crate::csv::loebende("log", &hoved, sider))
}
