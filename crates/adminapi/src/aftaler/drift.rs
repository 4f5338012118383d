//! An agreement in force: blocked, opened, given notice of, confirmed; and what it is used for.

use super::nu;
use super::vis::Aftale;
use crate::Tilstand;
use crate::ind::{Id, Krop, Valg, cvr, tid};
use crate::port::Kalder;
use crate::problem::{Laesefejl, Problem, Skrivefejl};
use crate::ud;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use styring::{aftaler, forbrug};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn operationer() -> OpenApiRouter<Tilstand> {
    OpenApiRouter::new()
        .routes(routes!(spaer))
        .routes(routes!(ophaev))
        .routes(routes!(opsig))
        .routes(routes!(genbekraeft))
        .routes(routes!(brug))
}

/// For hvem, hvorfor og hvornår.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Aftalehandling, example = json!({"myndighed": "11223344", "aarsag": "Systemet tages ud af brug", "dag": "2027-06-30"}))]
struct Felter {
    /// Myndighedens CVR-nummer; personens egen part, når den er udeladt.
    myndighed: Option<String>,
    /// Årsagen; kræves ved spærring og opsigelse.
    #[serde(default)]
    aarsag: String,
    /// Kun ved opsigelse, hvor den kræves: øjeblikket, aftalen ophører.
    dag: Option<String>,
}

fn myndighed(kalder: &Kalder, sendt: Option<&str>) -> Result<Cvr, Problem> {
    sendt.map_or_else(|| Ok(kalder.kald().part()), cvr)
}

/// Spær en serviceaftale straks.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/spaer", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 200, body = Aftale), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn spaer(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let myndighed = myndighed(&kalder, k.myndighed.as_deref())?;
    aftaler::spaer(&t.app, kalder.kald(), uuid, myndighed, &k.aarsag).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Ophæv en spærring: den, der satte den, kan.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/ophaev", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 200, body = Aftale), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn ophaev(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let myndighed = myndighed(&kalder, k.myndighed.as_deref())?;
    aftaler::ophaev(&t.app, kalder.kald(), uuid, myndighed).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Opsig en serviceaftale. En opsigelse kan ikke tages tilbage.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/opsig", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    request_body(content = Felter, content_type = "application/json"),
    responses((status = 200, body = Aftale), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn opsig(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Krop(k): Krop<Felter>,
) -> Result<Response, Problem> {
    let myndighed = myndighed(&kalder, k.myndighed.as_deref())?;
    let dag = k.dag.as_deref().ok_or_else(|| administration::Modulfejl::mangler("dag", "Dag"))?;
    aftaler::opsig(&t.app, kalder.kald(), uuid, myndighed, tid("dag", dag)?, &k.aarsag).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// Genbekræft en serviceaftale for et år.
#[utoipa::path(post, path = "/serviceaftaler/{uuid}/genbekraeft", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"),
        ("proeve" = Option<bool>, Query, description = "Bedøm uden at skrive")),
    responses((status = 200, body = Aftale), (status = 204, description = "Prøven gik godt; intet er skrevet"), Laesefejl, Skrivefejl))]
async fn genbekraeft(State(t): State<Tilstand>, kalder: Kalder, Id(uuid): Id) -> Result<Response, Problem> {
    aftaler::genbekraeft(&t.app, kalder.kald(), uuid).await?;
    nu(&t, &kalder, uuid, StatusCode::OK)
}

/// For hvilken myndighed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Hvem {
    /// Myndighedens CVR-nummer; personens egen part, når den er udeladt.
    myndighed: Option<String>,
}

/// Forbruget de sidste 90 dage.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Forbrug {
    /// Myndighedens CVR-nummer.
    myndighed: String,
    /// Kald, aftalen åbnede.
    kald: u64,
    /// Kald, der blev afvist, uanset efter hvilken aftale.
    afvist: u64,
    /// Tokens udstedt til it-systemet for myndigheden.
    tokens: u64,
    /// Hvornår aftalen sidst blev brugt.
    sidst: Option<String>,
    /// Om den var i kraft og talt hele tiden, så det ubrugte er unødvendigt.
    hele: bool,
    services: Vec<Servicebrug>,
    /// De seneste afvisninger.
    seneste_afviste: Vec<Afvist>,
    dage: Vec<Dag>,
}

/// Brugen af en service.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Servicebrug {
    service: Uuid,
    navn: String,
    /// Om dens kald kan tælles her.
    kan_taelles: bool,
    kald: u64,
    objekter: u64,
    sidst: Option<String>,
    ubrugte_roller: Vec<String>,
}

/// Noget, der blev afvist.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Afvist {
    operation: String,
    objekttype: String,
    kald: u64,
    sidst: Option<String>,
    /// Det, `/forklar/{reference}` forklarer.
    reference: Uuid,
}

/// En dag.
#[derive(Serialize, ToSchema)]
struct Dag {
    #[schema(example = "2026-11-26")]
    dag: Option<String>,
    kald: u64,
    afvist: u64,
}

/// Hvad it-systemet har brugt serviceaftalen til de sidste 90 dage.
#[utoipa::path(get, path = "/serviceaftaler/{uuid}/forbrug", tag = "serviceaftaler",
    params(("uuid" = Uuid, Path, description = "Serviceaftalens UUID"), Hvem),
    responses((status = 200, body = Forbrug), Laesefejl))]
async fn brug(
    State(t): State<Tilstand>,
    kalder: Kalder,
    Id(uuid): Id,
    Valg(hvem): Valg<Hvem>,
) -> Result<Json<Forbrug>, Problem> {
    let myndighed = myndighed(&kalder, hvem.myndighed.as_deref())?;
    let f = forbrug::aftale(&t.app, kalder.kald(), uuid, myndighed).await?;
    let service = |s: &forbrug::Servicebrug| Servicebrug {
        service: s.service,
        navn: s.navn.clone(),
        kan_taelles: s.her,
        kald: s.kald,
        objekter: s.objekter,
        sidst: s.sidst.and_then(ud::tid),
        ubrugte_roller: s.ubrugte_roller.clone(),
    };
    let afvist = |a: &forbrug::Afvisning| Afvist {
        operation: a.operation.clone(),
        objekttype: a.objekttype.clone(),
        kald: a.kald,
        sidst: ud::tid(a.sidst),
        reference: a.transaktion,
    };
    Ok(Json(Forbrug {
        myndighed: f.myndighed.to_string(),
        kald: f.kald(),
        afvist: f.afvist_i_alt(),
        tokens: f.tokens,
        sidst: f.sidst.and_then(ud::tid),
        hele: f.hele,
        services: f.services.iter().map(service).collect(),
        seneste_afviste: f.afvist.iter().map(afvist).collect(),
        dage: f.dage.iter().map(|d| Dag { dag: ud::tid(d.dag), kald: d.kald, afvist: d.afvist }).collect(),
    }))
}
