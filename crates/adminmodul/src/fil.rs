//! Files to keep rather than to look at.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// Something the browser saves under this name.
pub fn hentes(navn: &str, indhold: &'static str, krop: impl Into<Body>) -> Response {
    let mut svar = krop.into().into_response();
    let h = svar.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static(indhold));
    if let Ok(vaerdi) = HeaderValue::from_str(&format!("attachment; filename=\"{navn}\"")) {
        h.insert(header::CONTENT_DISPOSITION, vaerdi);
    }
    svar
}
