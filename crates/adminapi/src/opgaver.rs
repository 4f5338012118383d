//! Tasks.

use crate::Tilstand;
use crate::ind::{Id, Krop, Valg};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud::{self, Side};
use async_graphql::SimpleObject;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use styring::Gemt;
use styring::opgaver::{self, Opgave, Opgavehandling};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(liste)).routes(routes!(handl))
}

/// Hvor i listen.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sidevalg {
    /// Det, `naeste` på den foregående side sagde.
    pub efter: Option<String>,
    /// Hvor mange, højst 500.
    #[param(minimum = 1, maximum = 500)]
    pub antal: Option<usize>,
}

/// En opgave.
#[derive(Serialize, ToSchema, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[schema(as = Opgave)]
#[graphql(name = "Opgave")]
pub(crate) struct Ud {
    pub uuid: Uuid,
    #[schema(example = "Godkend serviceaftale")]
    pub slags: String,
    pub titel: String,
    /// Koden for den rolle, den er til.
    #[schema(example = "GK")]
    pub rolle: &'static str,
    /// Hvad slags objekt den er om.
    #[schema(example = "aftale")]
    pub objekttype: String,
    pub objekt: Uuid,
    pub oprettet: Option<String>,
    pub frist: Option<String>,
    /// Hvem der har overtaget den.
    pub overtaget_af: Option<String>,
    #[schema(example = "ÅBEN")]
    pub status: String,
}

impl Ud {
    fn af(o: &Opgave) -> Self {
        Self {
            uuid: o.uuid,
            slags: o.slags.clone(),
            titel: o.titel.clone(),
            rolle: o.rolle.kode(),
            objekttype: o.objekt.0.clone(),
            objekt: o.objekt.1,
            oprettet: ud::tid(Instant::from_micros(o.oprettet)),
            frist: o.frist().and_then(ud::tid),
            overtaget_af: o.overtaget_af.as_ref().map(|(_, navn)| navn.clone()),
            status: o.status.to_string(),
        }
    }
}

/// De åbne opgaver for personens roller, de mest presserende først.
#[utoipa::path(get, path = "/opgaver", tag = "opgaver", params(Sidevalg),
    responses((status = 200, body = Side<Ud>), Laesefejl))]
pub(crate) async fn liste(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Valg(s): Valg<Sidevalg>,
) -> Result<Json<Side<Ud>>, Problem> {
    let alle = opgaver::mine(&t.app, kalder.kald()).await?;
    let noegle = |g: &Gemt<Opgave>| {
        let o = &g.post;
        format!("{:020}|{:020}|{}", o.frist.unwrap_or(i64::MAX), o.oprettet, o.uuid)
    };
    Ok(Json(ud::side(alle, noegle, (s.efter.as_deref(), s.antal), |g| Ud::af(&g.post))?))
}

/// Hvad der gøres ved en opgave.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Opgavehandling)]
struct Handling {
    /// OVERTAG, GIV (tilbage til rollen) eller BORTFALD.
    #[schema(example = "OVERTAG")]
    handling: String,
    /// Hvorfor, ved BORTFALD.
    #[serde(default)]
    begrundelse: String,
}

/// Overtag en opgave, giv den tilbage, eller lad den bortfalde.
#[utoipa::path(post, path = "/opgaver/{uuid}/handling", tag = "opgaver",
    params(("uuid" = Uuid, Path, description = "Opgavens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Handling, content_type = "application/json"),
    responses((status = 204, description = "Gjort"), Laesefejl, Skrivefejl))]
async fn handl(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Handling>,
) -> Result<StatusCode, Problem> {
    let handling = match k.handling.as_str() {
        "OVERTAG" => Opgavehandling::Overtag,
        "GIV" => Opgavehandling::Giv,
        "BORTFALD" => Opgavehandling::Bortfald(k.begrundelse),
        _ => return Err(Problem::felt("handling", "handling skal være OVERTAG, GIV eller BORTFALD.")),
    };
    opgaver::handl(&t.app, kalder.kald(), uuid, handling).await?;
    Ok(StatusCode::NO_CONTENT)
}
