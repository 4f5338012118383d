//! The gate before every operation: the key, how often it calls, and whether it may change anything.

use crate::Tilstand;
use crate::problem::Problem;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use styring::apinoegler::{self, Noeglekald};
use uuid::Uuid;

/// The parameter of a trial.
pub(crate) const PROEVE: &str = "proeve";

/// Where questions of GraphQL are sent.
const GRAPHQL: &str = "/api/v1/graphql";

/// Lets a call in, or not; writes what was wrong, and what every answer has.
pub(crate) async fn port(State(t): State<Tilstand>, request: Request, next: Next) -> Response {
    let reference = t.app.new_uuid();
    let (mut dele, krop) = request.into_parts();
    let mut svar = match ind(&t, &dele, reference).await {
        Ok(kald) => {
            dele.extensions.insert(Arc::new(kald));
            next.run(Request::from_parts(dele, krop)).await
        }
        Err(problem) => problem.into_response(),
    };
    if let Some(problem) = svar.extensions_mut().remove::<Problem>() {
        svar = problem.svar(reference);
    }
    faste(&mut svar);
    svar
}

/// What every answer has: it is of a person, and for nobody to keep.
pub(crate) fn faste(svar: &mut Response) {
    let hoveder = svar.headers_mut();
    hoveder.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    hoveder.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

async fn ind(t: &Tilstand, dele: &Parts, reference: Uuid) -> Result<Noeglekald, Problem> {
    let noegle = dele.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let noegle = noegle.and_then(|v| v.split_once(' ')).filter(|(art, _)| art.eq_ignore_ascii_case("bearer"));
    let noegle = noegle.map(|(_, noegle)| noegle.trim()).ok_or_else(Problem::uden_noegle)?;
    let adresse = dele.extensions.get::<app::Klientadresse>();
    let adresse = adresse.map_or_else(|| "ukendt".to_owned(), |a| a.0.to_canonical().to_string());
    let kald = apinoegler::genkend(&t.app, noegle, &adresse, reference).await?;
    let mut kald = kald.ok_or_else(Problem::uden_noegle)?;
    t.fart.kald(kald.noegle.uuid, t.app.now().micros()).map_err(Problem::for_hurtigt)?;
    // A question of GraphQL is sent in a body, and changes nothing.
    let laeser = matches!(dele.method, Method::GET | Method::HEAD) || dele.uri.path() == GRAPHQL;
    if kald.noegle.kun_laesning && !laeser {
        return Err(Problem::kun_laesning());
    }
    if !laeser && proeve(dele.uri.query().unwrap_or_default())? {
        kald.kald = kald.kald.som_proeve();
    }
    Ok(kald)
}

/// Whether it is a trial: whoever writes it another way must not have his change made.
fn proeve(query: &str) -> Result<bool, Problem> {
    let mut valgt = query.split('&').filter_map(|p| {
        let (navn, vaerdi) = p.split_once('=').unwrap_or((p, ""));
        (navn == PROEVE).then_some(vaerdi)
    });
    match valgt.next() {
        None => Ok(false),
        Some("true") if valgt.all(|v| v == "true") => Ok(true),
        Some("false") if valgt.all(|v| v == "false") => Ok(false),
        Some(_) => Err(Problem::felt(PROEVE, "proeve skal være true eller false.")),
    }
}

/// The call, as the gate let it in.
#[derive(Clone)]
pub(crate) struct Kalder(pub Arc<Noeglekald>);

impl Kalder {
    pub(crate) fn kald(&self) -> &styring::Kald {
        &self.0.kald
    }
}

impl FromRequestParts<Tilstand> for Kalder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Tilstand) -> Result<Self, Problem> {
        parts.extensions.get::<Arc<Noeglekald>>().cloned().map(Self).ok_or_else(Problem::uden_noegle)
    }
}
