//! What goes out: lists by pages, and objects with the mark of their version.

use crate::problem::Problem;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use serde::Serialize;
use utoipa::ToSchema;

/// Objects in one answer, at most.
pub(crate) const ANTAL_MAX: usize = 500;
/// Objects in one answer when nothing is said.
pub(crate) const ANTAL: usize = 100;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Side<T> {
    /// The objects.
    pub poster: Vec<T>,
    /// What the next page is asked for with (`efter`); absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "S1kgbMOmc2VyfDEx")]
    pub naeste: Option<String>,
}

/// How much is asked for.
pub(crate) fn antal(antal: Option<usize>) -> Result<usize, Problem> {
    match antal {
        None => Ok(ANTAL),
        Some(n) if (1..=ANTAL_MAX).contains(&n) => Ok(n),
        Some(_) => Err(Problem::felt("antal", format!("antal skal være mellem 1 og {ANTAL_MAX}."))),
    }
}

/// What a cursor says. It is ours alone to read.
pub(crate) fn efter(cursor: Option<&str>) -> Result<Option<String>, Problem> {
    let forkert = || Problem::felt("efter", "efter skal være næste fra den foregående side.");
    let Some(cursor) = cursor.filter(|c| !c.is_empty()) else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| forkert())?;
    String::from_utf8(bytes).map(Some).map_err(|_| forkert())
}

/// A cursor that is the number of objects before it.
pub(crate) fn efter_antal(cursor: Option<&str>) -> Result<u64, Problem> {
    let tal = efter(cursor)?.map(|t| t.parse());
    tal.transpose()
        .map(Option::unwrap_or_default)
        .map_err(|_| Problem::felt("efter", "efter skal være næste fra den foregående side."))
}

/// A cursor that is the UUID of the object before it.
pub(crate) fn efter_uuid(cursor: Option<&str>) -> Result<Option<uuid::Uuid>, Problem> {
    let id = efter(cursor)?.map(|t| t.parse());
    id.transpose().map_err(|_| Problem::felt("efter", "efter skal være næste fra den foregående side."))
}

pub(crate) fn cursor(tekst: &str) -> String {
    URL_SAFE_NO_PAD.encode(tekst)
}

/// The page after a cursor, of a list in the order of its keys: what is added or removed meanwhile moves nothing.
pub(crate) fn side<T, U>(
    mut alle: Vec<T>,
    noegle: impl Fn(&T) -> String,
    (fra, hvor_mange): (Option<&str>, Option<usize>),
    som: impl Fn(T) -> U,
) -> Result<Side<U>, Problem> {
    let (efter, antal) = (efter(fra)?, antal(hvor_mange)?);
    alle.sort_by_cached_key(&noegle);
    if let Some(efter) = efter {
        alle.retain(|t| noegle(t) > efter);
    }
    let flere = alle.len() > antal;
    alle.truncate(antal);
    let naeste = alle.last().filter(|_| flere).map(|t| cursor(&noegle(t)));
    Ok(Side { poster: alle.into_iter().map(som).collect(), naeste })
}

/// The page of a list that the store has counted.
pub(crate) fn talt_side<T>(poster: Vec<T>, forbi: u64, alle: u64) -> Side<T> {
    let naaet = forbi + poster.len() as u64;
    let naeste = (naaet < alle && !poster.is_empty()).then(|| cursor(&naaet.to_string()));
    Side { poster, naeste }
}

/// An object with the mark of its version (`ETag`).
pub(crate) fn med_maerke(status: StatusCode, maerke: &str, krop: impl Serialize) -> Response {
    let mut hoveder = HeaderMap::new();
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{maerke}\"")) {
        hoveder.insert(header::ETAG, etag);
    }
    (status, hoveder, Json(krop)).into_response()
}

/// A time as it is written; what is endless is left out.
pub(crate) fn tid(tid: Instant) -> Option<String> {
    tid.is_finite().then(|| administration::tid::skriv(tid))
}

/// A text, or nothing when it is empty.
pub(crate) fn tekst(tekst: &str) -> Option<String> {
    (!tekst.is_empty()).then(|| tekst.to_owned())
}

/// The answer to a trial that went well.
pub(crate) fn proevet() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A document.
pub(crate) fn pdf(indhold: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/pdf")], indhold).into_response()
}
