//! A trial (`Prøvetilslutning`): what can be tried, and one begun.

use super::nu;
use super::vis::Aftale;
use crate::Tilstand;
use crate::ind::{Krop, cvr};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use administration::{PROEVETILSLUTNING_DAGE, PROEVETILSLUTNINGER_MAX};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use styring::aftaler::{self, Proeveanmodning};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new().routes(routes!(muligheder, begynd))
}

/// Noget, der kan vælges.
#[derive(Serialize, ToSchema)]
struct Proevevalg {
    uuid: Uuid,
    #[schema(example = "Organisation")]
    navn: String,
}

/// En myndighed, hvis data alle er opdigtede.
#[derive(Serialize, ToSchema)]
struct Testmyndighed {
    #[schema(example = "11223344")]
    cvr: String,
    #[schema(example = "Korsbæk Kommune")]
    navn: String,
}

/// Hvad leverandøren kan prøve.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Proevemuligheder {
    systemer: Vec<Proevevalg>,
    services: Vec<Proevevalg>,
    /// Tom, når ingen myndighed i installationen er åben for prøver.
    myndigheder: Vec<Testmyndighed>,
    /// Hvor mange dage en prøve højst varer, i dag medregnet.
    #[schema(example = 30)]
    hoejst_dage: i64,
    /// Hvor mange prøver leverandøren højst har i gang.
    #[schema(example = 5)]
    hoejst_i_gang: usize,
    i_gang: usize,
}

/// Hvad der kan prøves: egne it-systemer, services, der læser i installationens registre, og myndigheder med testdata.
#[utoipa::path(get, path = "/serviceaftaler/proevetilslutning", tag = "serviceaftaler",
    responses((status = 200, body = Proevemuligheder), Laesefejl))]
async fn muligheder(State(t): State<Tilstand>, kalder: Kalder) -> Result<Json<Proevemuligheder>, Problem> {
    let politik = t.app.politik();
    let m = aftaler::proevemuligheder(kalder.kald(), &politik, t.app.now())?;
    let valg = |uuid: Uuid, navn: &str| Proevevalg { uuid, navn: navn.to_owned() };
    Ok(Json(Proevemuligheder {
        systemer: m.systemer.iter().map(|s| valg(s.uuid, &s.navn)).collect(),
        services: m.services.iter().map(|s| valg(s.uuid, &s.navn)).collect(),
        myndigheder: m
            .myndigheder
            .iter()
            .map(|p| Testmyndighed { cvr: p.cvr.to_string(), navn: p.navn.clone() })
            .collect(),
        hoejst_dage: PROEVETILSLUTNING_DAGE,
        hoejst_i_gang: PROEVETILSLUTNINGER_MAX,
        i_gang: m.i_gang,
    }))
}

/// Hvad der prøves.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Proeveanmodning)]
struct Felter {
    /// It-systemets UUID.
    system: Uuid,
    /// Servicens UUID.
    service: Uuid,
    /// CVR-nummeret på en myndighed med testdata.
    #[schema(example = "11223344")]
    myndighed: String,
    /// Antal dage, i dag medregnet.
    #[schema(example = 30, minimum = 1, maximum = 30)]
    dage: i64,
    /// Hvad der skal prøves.
    #[serde(default)]
    #[schema(max_length = 1000)]
    hvad: String,
    /// Om vilkår og betingelser er accepteret.
    #[serde(default)]
    vilkaar_accepteret: bool,
}

/// Begynd en prøvetilslutning: den gælder straks, uden godkendelse, og slutter af sig selv.
///
/// Den afsluttes før tiden som andre aftaler, med `/serviceaftaler/{uuid}/opsig`.
#[utoipa::path(post, path = "/serviceaftaler/proevetilslutning", tag = "serviceaftaler",
    params(("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 201, body = Aftale, description = "Begyndt"),
        (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn begynd(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Krop(f): Krop<Felter>,
) -> Result<Response, Problem> {
    let anmodning = Proeveanmodning {
        system: f.system,
        service: f.service,
        myndighed: cvr(&f.myndighed)?,
        dage: f.dage,
        hvad: f.hvad,
        vilkaar: f.vilkaar_accepteret,
    };
    let uuid = aftaler::begynd_proeve(&t.app, kalder.kald(), &anmodning).await?;
    nu(&t, &kalder, uuid, StatusCode::CREATED)
}
