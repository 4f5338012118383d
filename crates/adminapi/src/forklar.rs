//! Why a call was allowed or refused.

use crate::Tilstand;
use crate::ind::Del;
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem};
use crate::ud;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use styring::forklar::{self, Forklaring};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(forklar))
}

/// Hvad der skete med et kald, og hvorfor.
#[derive(Serialize, ToSchema)]
#[schema(as = Forklaring)]
struct Ud {
    tid: Option<String>,
    tilladt: bool,
    #[schema(example = "laes")]
    operation: String,
    #[schema(example = "Organisation")]
    objekttype: String,
    /// Hvem der kaldte.
    hvem: String,
    /// For hvilken myndighed.
    #[serde(rename = "for")]
    for_hvem: String,
    /// Aftalen, der åbnede for det.
    aftale: Option<Uuid>,
    /// Hvor mange objekter der blev skrevet eller givet.
    antal: u64,
    /// Reglens kode.
    #[schema(example = "AFT-02")]
    regel: Option<&'static str>,
    /// Hvad reglen siger.
    regeltekst: Option<&'static str>,
    /// Hvad der manglede.
    mangler: Option<String>,
    /// Hvad der kan gøres.
    #[serde(rename = "goerSaadan")]
    goer: Option<&'static str>,
    /// Hvad loggen ellers siger.
    tekst: Option<String>,
    /// Hvad der blev ændret før, det nyeste først.
    aendringer: Vec<String>,
}

impl Ud {
    fn af(f: &Forklaring) -> Self {
        let regel = f.regel.as_ref();
        Self {
            tid: ud::tid(f.tid),
            tilladt: f.tilladt,
            operation: f.operation.clone(),
            objekttype: f.objekttype.clone(),
            hvem: f.hvem.clone(),
            for_hvem: f.for_hvem.clone(),
            aftale: f.aftale,
            antal: f.antal,
            regel: regel.map(|(r, _)| r.kode),
            regeltekst: regel.map(|(r, _)| r.regel),
            mangler: regel.map(|(_, mangler)| mangler.clone()),
            goer: regel.map(|(r, _)| r.goer),
            tekst: ud::tekst(&f.tekst),
            aendringer: f.aendringer.iter().map(forklar::aendring_i_ord).collect(),
        }
    }
}

/// Forklar et kald til registrene, fx en afvisning, for dem det angår.
#[utoipa::path(get, path = "/forklar/{del}", tag = "log",
    params(("del" = String, Path, description = "TransaktionsUUID'et fra svaret, eller MessageID fra anmodningen")),
    responses((status = 200, body = Vec<Ud>), Laesefejl))]
async fn forklar(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Del(reference): Del,
) -> Result<Json<Vec<Ud>>, Problem> {
    let alle = forklar::forklar(&t.app, kalder.kald(), &reference).await?;
    Ok(Json(alle.iter().map(Ud::af).collect()))
}
