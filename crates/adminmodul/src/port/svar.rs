//! What the gate answers by itself: pages of refusals; and what it adds to every answer.

use crate::Tilstand;
use crate::besoeg::{Svar, side_med};
use crate::fejl::Sidefejl;
use crate::ramme::{Band, Ramme, band};
use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use login::Session;
use uuid::Uuid;

/// What a page may load and do: only what is ours, no script or style in the page itself.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "fejl.html")]
struct Fejlside {
    ramme: Ramme,
    fejl: Sidefejl,
    reference: Uuid,
}

#[derive(Template)]
#[template(path = "fejl_alene.html")]
struct FejlAlene {
    titel: String,
    miljoe: Band,
    fejl: Sidefejl,
    reference: Uuid,
    /// The token to log out with, for who is in without roles.
    ud: Option<String>,
}

pub(super) fn fejlside(t: &Tilstand, fejl: Sidefejl, ramme: Option<Ramme>, reference: Uuid) -> Response {
    if let Some(aarsag) = &fejl.aarsag {
        tracing::error!(%reference, %aarsag, "en side kunne ikke vises");
    }
    let status = fejl.status;
    let svar = match ramme {
        Some(ramme) => side_med(status, &Fejlside { ramme, fejl, reference }),
        None => alene(t, fejl, reference, None),
    };
    svar.unwrap_or_else(|_| status.into_response())
}

fn alene(t: &Tilstand, fejl: Sidefejl, reference: Uuid, ud: Option<String>) -> Svar {
    let (status, titel) = (fejl.status, fejl.titel.clone());
    side_med(status, &FejlAlene { titel, miljoe: band(t.miljoe), fejl, reference, ud })
}

pub(super) fn uden_roller(t: &Tilstand, session: &Session, reference: Uuid) -> Response {
    let ud = Some(session.csrf().to_owned());
    alene(t, Sidefejl::uden_roller(), reference, ud).unwrap_or_else(|_| StatusCode::FORBIDDEN.into_response())
}

/// What every page tells the browser.
pub(super) fn sikre(mut svar: Response) -> Response {
    let h = svar.headers_mut();
    for (navn, vaerdi) in [
        ("content-security-policy", CSP),
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("cache-control", "no-store"),
    ] {
        h.insert(HeaderName::from_static(navn), HeaderValue::from_static(vaerdi));
    }
    svar
}
