//! The provisioning API: anvendersystemer, services and roles, kept by the operator's own systems.

use administration::Partsart;
use administration::provisionering::{self as api, Fejlsvar};
use app::{App, PeerCertificate};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Where it is.
pub const BASE: &str = "/admin/api/kmodel";
/// Largest request, in bytes.
const BYTES_MAX: usize = 1024 * 1024;

/// The routes.
pub(crate) fn router() -> Router<App> {
    Router::new().route(&format!("{BASE}/{{*sti}}"), any(handle))
}

async fn handle(State(app): State<App>, Path(sti): Path<String>, request: Request) -> Response {
    let peer = request.extensions().get::<PeerCertificate>().copied();
    let result = match maa(&app, peer) {
        Ok(()) => udfoer(&app, &sti, request).await,
        Err(fejl) => Err(fejl),
    };
    let json = [(header::CONTENT_TYPE, "application/json")];
    match result {
        Ok(None) => StatusCode::OK.into_response(),
        Ok(Some(value)) => (json, value.to_string()).into_response(),
        Err(fejl) => {
            let status = StatusCode::from_u16(fejl.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, json, serde_json::to_string(&fejl).unwrap_or_default()).into_response()
        }
    }
}

/// Only the operator's systems.
fn maa(app: &App, peer: Option<PeerCertificate>) -> Result<(), Fejlsvar> {
    let ukendt = || Fejlsvar::ny(401, "kald kræver et klientcertifikat, der er registreret på et it-system");
    let politik = app.politik();
    let (system, certifikat) = peer.and_then(|p| politik.certifikat(&p.0)).ok_or_else(ukendt)?;
    if !certifikat.gaelder(app.now()) {
        return Err(ukendt());
    }
    let operatoer = politik.part(system.leverandoer).is_some_and(|p| p.er(Partsart::Operatoer));
    let tekst = "kun driftsoperatørens it-systemer må kalde her; driftsoperatøren kan registrere et";
    operatoer.then_some(()).ok_or_else(|| Fejlsvar::ny(403, tekst))
}

fn value(content: impl Serialize) -> Result<Value, Fejlsvar> {
    serde_json::to_value(content).map_err(|_| Fejlsvar::ny(500, "svaret kan ikke skrives"))
}

async fn udfoer(app: &App, sti: &str, request: Request) -> Result<Option<Value>, Fejlsvar> {
    let method = request.method().clone();
    let bytes = to_bytes(request.into_body(), BYTES_MAX).await;
    let bytes = bytes.map_err(|_| Fejlsvar::ny(400, "anmodningen er for stor"))?;
    fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fejlsvar> {
        serde_json::from_slice(bytes).map_err(|fejl| Fejlsvar::ny(400, format!("JSON: {fejl}")))
    }
    let segments: Vec<&str> = sti.split('/').filter(|s| !s.is_empty()).collect();
    let id = |at: usize| api::id_af_sti(segments.get(at).copied().unwrap_or_default());
    let nu = app.now();
    let kind = segments.first().copied().unwrap_or_default();
    let deeper = segments.get(2).copied().unwrap_or_default();
    macro_rules! aendr {
        ($call:expr) => {{
            app.provisionering($call).await?;
            Ok(None)
        }};
    }
    macro_rules! laes {
        ($call:expr) => {
            value(app.provisionering_laes($call).await?).map(Some)
        };
    }
    match (kind, &method, segments.len(), deeper) {
        ("Anvendersystemer", &Method::GET, 1, _) => laes!(|d| Ok(api::anvendersystemer(d))),
        ("Anvendersystemer", &Method::POST, 1, _) => {
            let sent: api::Anvendersystem = body(&bytes)?;
            aendr!(|d| api::opret_anvendersystem(d, &sent, nu))
        }
        ("Anvendersystemer", &Method::GET, 2, _) => {
            let id = id(1)?;
            laes!(|d| api::anvendersystem(d, &id, nu))
        }
        ("Anvendersystemer", &Method::PUT, 2, _) => {
            let (id, sent) = (id(1)?, body::<api::Anvendersystem>(&bytes)?);
            aendr!(|d| api::ret_anvendersystem(d, &id, &sent, nu))
        }
        ("Anvendersystemer", &Method::DELETE, 2, _) => {
            let id = id(1)?;
            aendr!(|d| api::slet_anvendersystem(d, &id))
        }
        ("Anvendersystemer", &Method::PUT, 3, "Anvenderkontekster") => {
            let (id, sent) = (id(1)?, body::<Vec<api::Anvenderkontekst>>(&bytes)?);
            aendr!(|d| api::tilfoej_anvenderkontekster(d, &id, &sent))
        }
        ("Anvendersystemer", &Method::DELETE, 4, "Anvenderkontekster") => {
            let (id, cvr) = (id(1)?, segments[3]);
            aendr!(|d| api::fjern_anvenderkontekst(d, &id, cvr))
        }
        ("Anvendersystemer", &Method::PUT, 4, "CanImpersonate") => {
            let (id, vaerdi) = (id(1)?, segments[3]);
            aendr!(|d| api::saet_can_impersonate(d, &id, vaerdi))
        }
        ("Anvendersystemer", &Method::PUT, 3, "RoleAssignments") => {
            let (id, sent) = (id(1)?, body::<Vec<api::RoleAssignment>>(&bytes)?);
            aendr!(|d| api::tilfoej_rolletildelinger(d, &id, &sent, nu))
        }
        ("Anvendersystemer", &Method::DELETE, 4, "RoleAssignments") => {
            let (system, tildeling) = (id(1)?, id(3)?);
            aendr!(|d| api::fjern_rolletildeling(d, &system, &tildeling, nu))
        }
        ("Anvendersystemer", &Method::PUT, 3, "OcesCertifikater") => {
            let (id, sent) = (id(1)?, body::<Vec<String>>(&bytes)?);
            aendr!(|d| api::tilfoej_certifikater(d, &id, &sent))
        }
        ("Anvendersystemer", &Method::DELETE, 3, "OcesCertifikater") => {
            let (id, sent) = (id(1)?, body::<String>(&bytes)?);
            aendr!(|d| api::fjern_certifikat(d, &id, &sent))
        }
        ("Service", &Method::GET, 1, _) => laes!(|d| Ok(api::services(d))),
        ("Service", &Method::POST, 1, _) => {
            let sent: api::Service = body(&bytes)?;
            aendr!(|d| api::opret_service(d, &sent))
        }
        ("Service", &Method::GET, 2, _) => {
            let id = id(1)?;
            laes!(|d| api::service(d, &id))
        }
        ("Service", &Method::PUT, 2, _) => {
            let (id, sent) = (id(1)?, body::<api::Service>(&bytes)?);
            aendr!(|d| api::ret_service(d, &id, &sent))
        }
        ("Service", &Method::DELETE, 2, _) => {
            let id = id(1)?;
            aendr!(|d| api::slet_service(d, &id))
        }
        ("Service", &Method::PUT, 3, "ServiceMetadata") => {
            let (id, sent) = (id(1)?, body::<Vec<api::ServiceMetadata>>(&bytes)?);
            aendr!(|d| api::tilfoej_metadata(d, &id, &sent))
        }
        ("Service", &Method::DELETE, 4, "ServiceMetadata") => {
            let (service, metadata) = (id(1)?, id(3)?);
            aendr!(|d| api::fjern_metadata(d, &service, &metadata))
        }
        ("Servicesystemroller", &Method::GET, 1, _) => laes!(|d| Ok(api::roller(d))),
        ("Servicesystemroller", &Method::POST, 1, _) => {
            let sent: api::Servicesystemrolle = body(&bytes)?;
            aendr!(|d| api::opret_rolle(d, &sent))
        }
        ("Servicesystemroller", &Method::GET, 2, _) => {
            let id = id(1)?;
            laes!(|d| api::rolle(d, &id))
        }
        ("Servicesystemroller", &Method::PUT, 2, _) => {
            let (id, sent) = (id(1)?, body::<api::Servicesystemrolle>(&bytes)?);
            aendr!(|d| api::ret_rolle(d, &id, &sent))
        }
        ("Servicesystemroller", &Method::DELETE, 2, _) => {
            let id = id(1)?;
            aendr!(|d| api::slet_rolle(d, &id))
        }
        ("Servicesystemroller", &Method::PUT, 3, "Dataafgraensningstyper") => {
            let (id, sent) = (id(1)?, body::<Vec<api::Dataafgraensningstype>>(&bytes)?);
            aendr!(|d| api::tilfoej_dataafgraensningstype(d, &id, &sent))
        }
        ("Servicesystemroller", &Method::DELETE, 4, "Dataafgraensningstyper") => {
            let (rolle, typ) = (id(1)?, id(3)?);
            aendr!(|d| api::fjern_dataafgraensningstype(d, &rolle, &typ))
        }
        _ => Err(Fejlsvar::ny(404, "adressen findes ikke i provisionerings-API'et")),
    }
}
