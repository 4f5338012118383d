//! The role interface (`/stsadmin/xapi`): jobfunktionsroller, kept by an authority's own role catalogue.
//!
//! A client is recognised by a certificate registered on the authority, and may do what its
//! Jobfunktionsrolleadministrator may. Paths, fields and statuses are those role catalogues use; what the interface says
//! beside them, as problem documents, they may leave unread. Begin with `dto.rs`, which is what goes over the wire.

mod dto;
mod klient;
mod problem;

use app::{App, PeerCertificate};
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use dto::{BrugervendtSystem, Rolle, Systemrolle, Typenavne};
use oio::Fejl;
use problem::Problem;
use styring::jobfunktionsroller;
use styring::{Gemt, Kald, delegeringer};
use uuid::Uuid;

/// Where it is.
pub const BASE: &str = "/stsadmin/xapi";
/// Largest request, in bytes.
const BYTES_MAX: usize = 1024 * 1024;

/// The routes, for the listener that asks for client certificates.
pub fn router(app: App) -> Router {
    let ruter = Router::new()
        .route("/jobfunktionsroller", get(alle).post(opret))
        .route("/jobfunktionsroller/brugervendtesystemer", get(systemer))
        .route("/jobfunktionsroller/brugervendtesystemer/{uuid}/roller", get(systemroller))
        .route("/jobfunktionsroller/{uuid}", get(en).put(ret).delete(slet));
    Router::new().nest(BASE, ruter.layer(DefaultBodyLimit::max(BYTES_MAX))).with_state(app)
}

/// The caller, recognised before anything is read.
struct Kalder(Kald);

impl FromRequestParts<App> for Kalder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        klient::kald(app, parts.extensions.get::<PeerCertificate>().copied()).await.map(Self)
    }
}

async fn alle(State(app): State<App>, Kalder(kald): Kalder) -> Result<Json<Vec<Rolle>>, Problem> {
    let mut roller = jobfunktionsroller::alle(&app, &kald).await?;
    let nu = app.now();
    roller.retain(|g| dto::i_brug(&g.post, nu));
    ud(&app, &kald, &roller).await.map(Json)
}

/// Roles as they are sent.
async fn ud(
    app: &App,
    kald: &Kald,
    roller: &[Gemt<administration::Jobfunktionsrolle>],
) -> Result<Vec<Rolle>, Problem> {
    let politik = app.politik();
    let poster: Vec<_> = roller.iter().map(|g| &g.post).collect();
    let til = delegeringer::delegeret_til(app, kald, &poster).await?;
    let typer = Typenavne::af(&politik);
    let rolle = |g: &Gemt<_>| Rolle::af(&g.post, g.version, til.get(&g.post.uuid).copied(), &typer);
    Ok(roller.iter().map(rolle).collect())
}

/// One role as it is sent.
async fn ud_en(
    app: &App,
    kald: &Kald,
    rolle: &administration::Jobfunktionsrolle,
    version: i64,
) -> Result<Rolle, Problem> {
    let til = delegeringer::delegeret_til(app, kald, &[rolle]).await?;
    let politik = app.politik();
    Ok(Rolle::af(rolle, version, til.get(&rolle.uuid).copied(), &Typenavne::af(&politik)))
}

async fn en(
    State(app): State<App>,
    Kalder(kald): Kalder,
    Path(uuid): Path<String>,
) -> Result<Json<Rolle>, Problem> {
    let gemt = find(&app, &kald, &uuid).await?;
    ud_en(&app, &kald, &gemt.post, gemt.version).await.map(Json)
}

/// A role in use. One that has ended is gone: 404.
async fn find(
    app: &App,
    kald: &Kald,
    uuid: &str,
) -> Result<Gemt<administration::Jobfunktionsrolle>, Problem> {
    let uuid = Uuid::try_parse(uuid).map_err(|_| Problem::findes_ikke())?;
    let gemt = jobfunktionsroller::hent(app, kald, uuid).await?;
    if dto::i_brug(&gemt.post, app.now()) { Ok(gemt) } else { Err(Problem::findes_ikke()) }
}

/// A role to be changed. One that is delegated to the caller is read only: J-408, whatever was sent.
async fn egen(
    app: &App,
    kald: &Kald,
    uuid: &str,
) -> Result<Gemt<administration::Jobfunktionsrolle>, Problem> {
    let gemt = find(app, kald, uuid).await?;
    jobfunktionsroller::kraev_egen(app, kald, &gemt.post).map_err(styring::Styringsfejl::from)?;
    Ok(gemt)
}

async fn opret(
    State(app): State<App>,
    Kalder(kald): Kalder,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<Response, Problem> {
    let sendt = laes(&headers, &body)?;
    let rolle = sendt.rolle(app.new_uuid(), &kald)?;
    // Whoever got no answer sends again: the same role is made once.
    let ens = jobfunktionsroller::med_entity_id(&app, &kald, &rolle.entity_id).await?;
    if let Some(gemt) = ens.filter(|g| dto::i_brug(&g.post, app.now()) && dto::ens(&g.post, &rolle)) {
        return Ok(Json(ud_en(&app, &kald, &gemt.post, gemt.version).await?).into_response());
    }
    let version = jobfunktionsroller::gem(&app, &kald, &rolle, None).await?;
    Ok((StatusCode::CREATED, Json(ud_en(&app, &kald, &rolle, version).await?)).into_response())
}

async fn ret(
    State(app): State<App>,
    Kalder(kald): Kalder,
    Path(uuid): Path<String>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> Result<Json<Rolle>, Problem> {
    let sendt = laes(&headers, &body)?;
    let gemt = egen(&app, &kald, &uuid).await?;
    let version = sendt.version.map_or(gemt.version, i64::from);
    let ny = sendt.rolle(gemt.post.uuid, &kald)?;
    let rolle =
        administration::Jobfunktionsrolle { gyldig: gemt.post.gyldig, foelsom: gemt.post.foelsom, ..ny };
    if version == gemt.version && dto::ens(&gemt.post, &rolle) {
        return ud_en(&app, &kald, &gemt.post, version).await.map(Json);
    }
    let version = jobfunktionsroller::gem(&app, &kald, &rolle, Some(version)).await?;
    ud_en(&app, &kald, &rolle, version).await.map(Json)
}

async fn slet(
    State(app): State<App>,
    Kalder(kald): Kalder,
    Path(uuid): Path<String>,
) -> Result<StatusCode, Problem> {
    let gemt = egen(&app, &kald, &uuid).await?;
    jobfunktionsroller::afslut(&app, &kald, gemt.post.uuid, gemt.version, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn systemer(
    State(app): State<App>,
    Kalder(kald): Kalder,
) -> Result<Json<Vec<BrugervendtSystem>>, Problem> {
    let politik = app.politik();
    let alle = jobfunktionsroller::brugervendte(&kald, &politik)?;
    Ok(Json(alle.into_iter().map(|s| BrugervendtSystem::af(s, &politik, app.now())).collect()))
}

async fn systemroller(
    State(app): State<App>,
    Kalder(kald): Kalder,
    Path(uuid): Path<String>,
) -> Result<Json<Vec<Systemrolle>>, Problem> {
    let politik = app.politik();
    let alle = jobfunktionsroller::brugervendte(&kald, &politik)?;
    let system = Uuid::try_parse(&uuid).ok().and_then(|u| alle.into_iter().find(|s| s.uuid == u));
    let system = system.ok_or_else(Problem::findes_ikke)?;
    Ok(Json(dto::systemroller(system, app.now())))
}

/// The role in a request.
fn laes(headers: &HeaderMap, body: &[u8]) -> Result<Rolle, Problem> {
    let json =
        headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("json"));
    if !json {
        return Err(Problem::ny(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "X-002",
            "Send rollen som application/json.",
        ));
    }
    serde_json::from_slice(body).map_err(|fejl| {
        Problem::ny(StatusCode::BAD_REQUEST, "X-003", format!("Rollen kan ikke læses som JSON: {fejl}."))
    })
}

impl From<Fejl> for Problem {
    fn from(fejl: Fejl) -> Self {
        styring::Styringsfejl::Intern(fejl).into()
    }
}
