//! Comments on what waits for an answer, and what an authority has approved beforehand.

use crate::Tilstand;
use crate::ind::{Id, Krop};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use administration::{Aftalekommentar, Modulrolle};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use styring::aftaler::{self, SPURGTE, Standard};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(liste, skriv))
        .routes(routes!(bed))
        .routes(routes!(standarder, giv, traek))
}

/// Hvad der er sagt om en serviceaftale, og hvem der er bedt om det.
#[derive(Serialize, ToSchema)]
#[schema(as = Aftalekommentarer)]
struct Ud {
    /// Kommentarerne, de ældste først.
    kommentarer: Vec<Kommentar>,
    /// Rollerne hos personens myndighed, der er bedt om at kommentere og ikke har gjort det.
    spurgt: Vec<Spurgt>,
}

/// En kommentar.
#[derive(Serialize, ToSchema)]
#[schema(as = Aftalekommentar)]
struct Kommentar {
    uuid: Uuid,
    /// Versionen, den er om.
    version: u32,
    /// Myndigheden, den bliver hos (CVR); leverandørens ses af alle i aftalen.
    myndighed: Option<String>,
    /// Parten, den er skrevet for (CVR).
    part: String,
    af: String,
    /// Koden for rollen, den er skrevet i.
    #[schema(example = "DPO")]
    rolle: &'static str,
    tid: Option<String>,
    tekst: String,
}

/// En rolle, der er bedt om at kommentere.
#[derive(Serialize, ToSchema)]
struct Spurgt {
    #[schema(example = "DPO")]
    rolle: &'static str,
    frist: Option<String>,
}

impl Kommentar {
    fn af(k: &Aftalekommentar) -> Self {
        Self {
            uuid: k.uuid,
            version: k.version,
            myndighed: k.myndighed.map(|c| c.to_string()),
            part: k.part.to_string(),
            af: k.af.1.clone(),
            rolle: k.rolle.kode(),
            tid: ud::tid(Instant::from_micros(k.tid)),
            tekst: k.tekst.clone(),
        }
    }
}

async fn vis(t: &Tilstand, kalder: &Kalder, uuid: Uuid, status: StatusCode) -> Result<Response, Problem> {
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let k = aftaler::kommentarer(&t.app, kalder.kald(), uuid).await?;
    let spurgt = |(rolle, frist): &(Modulrolle, Option<Instant>)| Spurgt {
        rolle: rolle.kode(),
        frist: frist.and_then(ud::tid),
    };
    let ud = Ud {
        kommentarer: k.alle.iter().map(Kommentar::af).collect(),
        spurgt: k.spurgt.iter().map(spurgt).collect(),
    };
    Ok((status, Json(ud)).into_response())
}

/// Kommentarerne til en serviceaftale, som personen kan se.
#[utoipa::path(get, path = "/serviceaftaler/{uuid}/kommentarer", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID")),
    responses((status = 200, body = Ud), Laesefejl))]
async fn liste(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    vis(&t, &kalder, uuid, StatusCode::OK).await
}

/// En ny kommentar.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NyAftalekommentar)]
struct Ny {
    /// Skriv ikke CPR-numre.
    #[schema(example = "Hjemlen dækker også underretninger.", max_length = 4000)]
    tekst: String,
}

/// Skriv en kommentar til det, der venter på svar. Den kan ikke rettes.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/kommentarer", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Ny, content_type = "application/json"),
    responses((status = 201, body = Ud, description = "Skrevet"), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn skriv(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Ny>,
) -> Result<Response, Problem> {
    aftaler::kommenter(&t.app, kalder.kald(), uuid, &k.tekst).await?;
    vis(&t, &kalder, uuid, StatusCode::CREATED).await
}

/// Hvem der skal kommentere.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Kommentaranmodning)]
struct Hvem {
    /// DPO eller SA.
    #[schema(example = "DPO")]
    rolle: String,
}

/// Bed partens DPO eller systemansvarlige om en kommentar: en opgave på fem dage. Svaret venter ikke på den.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/kommentarer/bed", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Hvem, content_type = "application/json"),
    responses((status = 200, body = Ud), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn bed(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Hvem>,
) -> Result<Response, Problem> {
    let rolle = SPURGTE.into_iter().find(|r| r.kode() == k.rolle);
    let rolle = rolle.ok_or_else(|| Problem::felt("rolle", "rolle skal være DPO eller SA."))?;
    aftaler::bed_om_kommentar(&t.app, kalder.kald(), uuid, rolle).await?;
    vis(&t, &kalder, uuid, StatusCode::OK).await
}

/// Hvad en myndighed har godkendt på forhånd.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Standardgodkendelse)]
struct Godkendt {
    /// Myndighedens CVR-nummer.
    myndighed: String,
    /// Versionen, intet må gå ud over.
    version: u32,
    givet_af: String,
    givet: Option<String>,
    udloeber: Option<String>,
    /// Hvorfor den ikke slipper noget igennem mere.
    #[serde(skip_serializing_if = "Option::is_none")]
    bortfaldet: Option<&'static str>,
}

impl From<Standard> for Godkendt {
    fn from(Standard { regel, bortfaldet }: Standard) -> Self {
        Self {
            myndighed: regel.myndighed.to_string(),
            version: regel.version,
            givet_af: regel.navn,
            givet: ud::tid(regel.givet),
            udloeber: ud::tid(regel.udloeber),
            bortfaldet,
        }
    }
}

async fn standardgodkendelser(t: &Tilstand, kalder: &Kalder, uuid: Uuid) -> Result<Response, Problem> {
    if kalder.kald().er_proeve() {
        return Ok(ud::proevet());
    }
    let politik = t.app.politik();
    let mut alle: Vec<Godkendt> = Vec::new();
    for v in &aftaler::hent(kalder.kald(), &politik, uuid, t.app.now())? {
        alle.extend(aftaler::standard(&t.app, kalder.kald(), v).await?.map(Godkendt::from));
    }
    Ok(Json(alle).into_response())
}

/// Standardgodkendelserne af en serviceaftale: myndighedens egen, som personen kan se.
#[utoipa::path(get, path = "/serviceaftaler/{uuid}/standardgodkendelse", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID")),
    responses((status = 200, body = Vec<Godkendt>), Laesefejl))]
async fn standarder(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    standardgodkendelser(&t, &kalder, uuid).await
}

/// Godkend på forhånd kommende versioner, der ikke giver mere end den, der gælder; højst 12 måneder.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/standardgodkendelse", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 200, body = Vec<Godkendt>), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn giv(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    aftaler::giv_standard(&t.app, kalder.kald(), uuid).await?;
    standardgodkendelser(&t, &kalder, uuid).await
}

/// Træk myndighedens standardgodkendelse tilbage.
#[utoipa::path(delete, path = "/serviceaftaler/{uuid}/standardgodkendelse", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 200, body = Vec<Godkendt>), (status = 204, description = "Prøven gik godt; intet er skrevet"),
        Laesefejl, Skrivefejl))]
async fn traek(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    aftaler::traek_standard(&t.app, kalder.kald(), uuid).await?;
    standardgodkendelser(&t, &kalder, uuid).await
}
