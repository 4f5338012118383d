//! The one way from a failure to the wire: a status clients know, and a problem document (RFC 9457) in Danish.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use styring::Styringsfejl;

/// Why a call was refused.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    kode: &'static str,
    tekst: String,
}

impl Problem {
    pub(crate) fn ny(status: StatusCode, kode: &'static str, tekst: impl Into<String>) -> Self {
        Self { status, kode, tekst: tekst.into() }
    }

    pub(crate) fn findes_ikke() -> Self {
        Self::ny(StatusCode::NOT_FOUND, "A-404", "Det findes ikke, eller I har ikke adgang til det.")
    }
}

/// The status of a code: gone, overtaken, not allowed; else the content is refused.
const fn status(kode: &str) -> StatusCode {
    match kode.as_bytes() {
        b"A-404" => StatusCode::NOT_FOUND,
        b"A-005" => StatusCode::CONFLICT,
        b"A-001" | b"J-408" => StatusCode::FORBIDDEN,
        _ => StatusCode::NOT_ACCEPTABLE,
    }
}

impl From<Styringsfejl> for Problem {
    fn from(fejl: Styringsfejl) -> Self {
        match fejl {
            Styringsfejl::Afvist(alle) => {
                let kode = alle.first().map_or("A-404", |f| f.kode);
                let tekster: Vec<String> = alle.iter().map(ToString::to_string).collect();
                Self::ny(status(kode), kode, tekster.join(" "))
            }
            Styringsfejl::Intern(fejl) => {
                tracing::error!(%fejl, "rolle-snitfladen kunne ikke svare");
                Self::ny(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "X-500",
                    "Der er en fejl hos os. Prøv igen om lidt.",
                )
            }
        }
    }
}

/// RFC 9457.
#[derive(Serialize)]
struct Dokument<'a> {
    title: &'a str,
    status: u16,
    detail: &'a str,
    kode: &'a str,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or_default();
        let dokument = Dokument { title, status: self.status.as_u16(), detail: &self.tekst, kode: self.kode };
        let mut svar = (self.status, Json(&dokument)).into_response();
        svar.headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        svar
    }
}
