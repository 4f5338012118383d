//! Cookies: read from a request, written to an answer. All of ours are bound to the host and closed to script.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

/// The session.
pub const SESSION: &str = "__Host-fundament";
/// The token of the forms of who is not in yet.
pub const FORM: &str = "__Host-fundament-form";
/// What lies between two steps of entering.
pub const TRIN: &str = "__Host-fundament-trin";
/// What lies between leaving for a provider and coming back.
pub const UDBYDER: &str = "__Host-fundament-udbyder";
/// What is told on the next page.
pub const MEDDELELSE: &str = "__Host-fundament-besked";

/// The value of a cookie of a request.
pub fn laes<'h>(hoveder: &'h HeaderMap, navn: &str) -> Option<&'h str> {
    let linjer = hoveder.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut par = linjer.flat_map(|l| l.split(';')).filter_map(|p| p.trim().split_once('='));
    par.find(|(n, _)| *n == navn).map(|(_, v)| v)
}

/// Sets a cookie, for the life of the browser or so many seconds; 0 takes it away.
pub fn saet(svar: &mut Response, navn: &str, vaerdi: &str, sekunder: Option<u32>) {
    let liv = sekunder.map_or_else(String::new, |s| format!("; Max-Age={s}"));
    let linje = format!("{navn}={vaerdi}; Path=/; Secure; HttpOnly; SameSite=Lax{liv}");
    if let Ok(linje) = HeaderValue::from_str(&linje) {
        svar.headers_mut().append(header::SET_COOKIE, linje);
    }
}

/// Takes a cookie away.
pub fn fjern(svar: &mut Response, navn: &str) {
    saet(svar, navn, "", Some(0));
}
