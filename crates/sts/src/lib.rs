//! The Security Token Service: tokens for systems, over WS-Trust and REST.
//!
//! Every way of asking ends in [`afgoer`], which decides by the agreements, and in one line of the access log that is stored
//! before anything goes out. Over WS-Trust the caller is known by its signature, over REST by its client certificate; the
//! reason for a refusal is told outwards as the interface demands (see [`fejl`]) and kept exactly in the access log.

pub mod afgoer;
pub mod fejl;
mod mex;
mod oauth;
mod provisionering;
mod rest;
mod svar;
mod udsted;
pub mod wstrust;

use app::App;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::collections::HashMap;

/// Where the keys are published.
const CERTS: &str = "/runtime/oauth2/certs.idp";

/// What answers without a client certificate: tokens by signature, descriptions and keys.
pub fn offentlig(app: App) -> Router {
    Router::new()
        .route(wstrust::STI, post(wstrust::post).get(mex::get))
        .route(mex::STI, get(mex::get).post(mex::post))
        .route(CERTS, get(certs))
        .with_state(app)
}

/// What answers by client certificate: tokens over REST, and provisioning.
pub fn med_certifikat(app: App) -> Router {
    Router::new()
        .route(rest::STI, post(rest::post))
        .route(oauth::STI, post(oauth::post))
        .route(oauth::BYT_STI, post(oauth::byt))
        .route(CERTS, get(certs))
        .merge(provisionering::router())
        .with_state(app)
}

/// The published keys: JWKS, or with `?format=pem` the certificates.
async fn certs(State(app): State<App>, Query(query): Query<HashMap<String, String>>) -> Response {
    let Some(noegler) = app.noegler() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "der er ingen nøgler\n").into_response();
    };
    if query.get("format").is_some_and(|f| f == "pem") {
        let pem: String = noegler
            .offentlige
            .iter()
            .chain([&noegler.service.certifikat])
            .map(|c| {
                format!("-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n", lines(&c.base64()))
            })
            .collect();
        return ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response();
    }
    ([(header::CONTENT_TYPE, "application/json")], noegler.jwks()).into_response()
}

/// Text in lines of 64 characters.
fn lines(text: &str) -> String {
    text.as_bytes().chunks(64).fold(String::new(), |mut out, line| {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
        out
    })
}
