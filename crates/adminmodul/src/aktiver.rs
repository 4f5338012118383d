//! Style sheets, scripts, icons and fonts: built into the binary, cached for ever, sent compressed.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
struct Filer;

/// The style sheet.
pub const CSS: &str = concat!("/admin/ui/", env!("UI_CSS"));
/// The islands.
pub const JS: &str = concat!("/admin/ui/", env!("UI_JS"));
/// The icons.
pub const IKONER: &str = concat!("/admin/ui/", env!("UI_ICONS"));

fn type_af(navn: &str) -> &'static str {
    match navn.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

/// A file by its name, in the smallest form the browser takes.
pub fn svar(navn: &str, hoveder: &HeaderMap) -> Response {
    if navn == "manifest.json" || navn.ends_with(".br") || navn.ends_with(".gz") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let tager = hoveder.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let tager = |kode: &str| {
        tager.split(',').any(|del| {
            let mut led = del.split(';').map(str::trim);
            led.next() == Some(kode) && led.next().is_none_or(|q| !matches!(q, "q=0" | "q=0.0"))
        })
    };
    let pakket = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(kode, ende)| {
        tager(kode).then(|| Filer::get(&format!("{navn}{ende}")).map(|f| (kode, f)))?
    });
    let (kode, fil) = match (pakket, Filer::get(navn)) {
        (Some((kode, fil)), Some(_)) => (Some(kode), fil),
        (None, Some(fil)) => (None, fil),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let mut svar = fil.data.into_owned().into_response();
    let h = svar.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static(type_af(navn)));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    h.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(kode) = kode {
        h.insert(header::CONTENT_ENCODING, HeaderValue::from_static(kode));
    }
    svar
}
