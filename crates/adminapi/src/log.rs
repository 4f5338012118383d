//! The log. Reading it is logged, as on the page.

use crate::Tilstand;
use crate::ind::{Valg, maaske_tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem};
use crate::ud::{self, Side};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::{Aendringslinje, Loglinjeslags, Logsoegning};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(liste))
}

/// Hvilke linjer.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Soegning {
    /// Tekst i person, objekt eller handling, eller et objekts UUID.
    q: Option<String>,
    /// AENDRINGER, BESLUTNINGER eller LAESNINGER.
    slags: Option<String>,
    /// Fra dette øjeblik.
    fra: Option<String>,
    /// Før dette øjeblik.
    til: Option<String>,
    /// Det, `naeste` på den foregående side sagde.
    efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    antal: Option<usize>,
}

/// En linje i loggen.
#[derive(Serialize, ToSchema)]
#[schema(as = Loglinje)]
struct Ud {
    /// Linjens nummer i kæden.
    #[schema(example = 4711)]
    nr: i64,
    tid: Option<String>,
    /// AENDRINGER, BESLUTNINGER eller LAESNINGER.
    slags: &'static str,
    /// Parten, den tilhører (CVR).
    part: String,
    bruger: Option<Uuid>,
    navn: String,
    rolle: String,
    adresse: String,
    objekttype: String,
    objekt: Option<Uuid>,
    objektnavn: String,
    #[schema(example = "godkend serviceaftale")]
    handling: String,
    /// Hvad der blev ændret, en linje for hver ting.
    detaljer: String,
    begrundelse: String,
    /// Hvor det skete: skærm, API …
    #[schema(example = "API")]
    kilde: String,
    /// Hvad der hører sammen; en fejls reference er den samme.
    korrelation: Uuid,
}

const SLAGS: [(&str, Loglinjeslags); 3] = [
    ("AENDRINGER", Loglinjeslags::Aendret),
    ("BESLUTNINGER", Loglinjeslags::Besluttet),
    ("LAESNINGER", Loglinjeslags::Laest),
];

impl Ud {
    fn af(nr: i64, l: Aendringslinje) -> Self {
        Self {
            nr,
            tid: ud::tid(l.tid),
            slags: SLAGS.iter().find(|(_, s)| *s == l.slags).map_or("", |(navn, _)| navn),
            part: l.part.to_string(),
            bruger: l.bruger,
            navn: l.navn,
            rolle: l.rolle,
            adresse: l.adresse,
            objekttype: l.art,
            objekt: l.objekt,
            objektnavn: l.objektnavn,
            handling: l.handling,
            detaljer: l.detaljer,
            begrundelse: l.begrundelse,
            kilde: l.kilde,
            korrelation: l.korrelation,
        }
    }
}

/// Partens log, det nyeste først.
#[utoipa::path(get, path = "/log", tag = "log", params(Soegning),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Soegning>,
) -> Result<Json<Side<Ud>>, Problem> {
    let antal = ud::antal(s.antal)?;
    let slags = s.slags.as_deref().map(|navn| {
        let fundet = SLAGS.iter().find(|(n, _)| *n == navn).map(|(_, s)| *s);
        fundet.ok_or_else(|| {
            Problem::felt("slags", "slags skal være AENDRINGER, BESLUTNINGER eller LAESNINGER.")
        })
    });
    let foer = match ud::efter(s.efter.as_deref())? {
        None => None,
        Some(tal) => {
            let forkert = || Problem::felt("efter", "efter skal være næste fra den foregående side.");
            Some(tal.parse().map_err(|_| forkert())?)
        }
    };
    let tekst = s.q.filter(|q| !q.trim().is_empty());
    let objekt = tekst.as_deref().and_then(|q| q.trim().parse().ok());
    let soegning = Logsoegning {
        objekt,
        slags: slags.transpose()?,
        fra: maaske_tid("fra", s.fra.as_deref())?,
        til: maaske_tid("til", s.til.as_deref())?,
        tekst: tekst.filter(|_| objekt.is_none()),
        foer,
        antal: antal as u64,
        ..Logsoegning::default()
    };
    let linjer = styring::log::find(&t.app, kalder.kald(), &soegning).await?;
    let fuld = linjer.len() == antal;
    let naeste = linjer.last().filter(|_| fuld).map(|(nr, _)| ud::cursor(&nr.to_string()));
    Ok(Json(Side { poster: linjer.into_iter().map(|(nr, l)| Ud::af(nr, l)).collect(), naeste }))
}
