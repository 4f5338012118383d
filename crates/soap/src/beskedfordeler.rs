//! The distributor's SOAP service: lists of values, and moving a message to the fejlkø. SOAP 1.1.
//!
//! What is wrong with a call is told in its StandardRetur. A fault says that there was no call: no envelope, no operation,
//! nobody who may call.

use crate::fejl::Fault;
use crate::kuvert::{self, Soap};
use crate::ns::SOAP11;
use app::{App, PeerCertificate};
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use besked::vaerdiliste::{self, Kald, Ret};
use beskedfordeler::{Fordeler, Kalderfejl};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use uuid::Uuid;
use xml::{Document, Limits, Node};

/// Where it answers.
pub const STI: &str = "/sts-bf-soap/StsbeskedfordelerImpl";
/// What the measurements call it.
const NAVN: &str = "Beskedfordeler";
/// Calls that may be read at the same time: a list may be long.
const SAMTIDIGE: usize = 4;

/// Most tags of a call: a million values, and some.
const TEGN_MAX: usize = 2_200_000;

#[derive(Clone)]
struct Tjeneste {
    fordeler: Fordeler,
    plads: Arc<Semaphore>,
}

/// The service.
pub fn router(fordeler: Fordeler) -> Router {
    let tjeneste = Tjeneste { fordeler, plads: Arc::new(Semaphore::new(SAMTIDIGE)) };
    Router::new().route(STI, post(kald).get(vejled)).with_state(tjeneste)
}

/// For those who look instead of calling.
async fn vejled() -> Response {
    let tekst = "her svarer Beskedfordelerens SOAP 1.1-tjeneste: brug POST; WSDL'en er den, der hører til VærdilisteRediger";
    (StatusCode::NOT_FOUND, kuvert::fault(Soap::V11, &Fault::with_status(404, tekst), 6)).into_response()
}

async fn kald(State(tjeneste): State<Tjeneste>, request: Request) -> Response {
    let begun = Instant::now();
    let app = tjeneste.fordeler.app().clone();
    let transaktion = app.new_uuid();
    let (operation, udfald) = besvar(&tjeneste, &app, transaktion, request).await;
    let seconds = begun.elapsed().as_secs_f64();
    match udfald {
        Ok((kode, svar)) => {
            tracing::info!(target: "soap", %transaktion, service = NAVN, operation, status = kode, ms = seconds * 1000.0);
            app.metrics().request(NAVN, operation, if kode == 20 { "ok" } else { "afvist" }, seconds);
            let konvolut = format!(
                "<soap:Envelope xmlns:soap=\"{SOAP11}\"><soap:Body>{svar}</soap:Body></soap:Envelope>"
            );
            ([(header::CONTENT_TYPE, Soap::V11.content_type())], konvolut).into_response()
        }
        Err(fault) => {
            tracing::info!(target: "soap", %transaktion, service = NAVN, operation, fault = %oio::logtekst(&fault.reason));
            app.metrics().request(NAVN, operation, "fault", seconds);
            // SOAP 1.1 over HTTP: a fault comes with 500, except when it is about the call being let in at all.
            let status = if matches!(fault.status, 400) { 500 } else { fault.status };
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let kind = [(header::CONTENT_TYPE, Soap::V11.content_type())];
            (status, kind, kuvert::fault(Soap::V11, &fault, 6)).into_response()
        }
    }
}

type Udfald = (&'static str, Result<(u16, String), Fault>);

async fn besvar(tjeneste: &Tjeneste, app: &App, transaktion: Uuid, request: Request) -> Udfald {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<PeerCertificate>().copied();
    let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()?.split_once(' '));
    // Who calls is asked before anything is read.
    let token = bearer.map(|(_, token)| token.trim());
    let hvem = match tjeneste.fordeler.kalder(peer, token, transaktion).await {
        Ok(hvem) => hvem,
        Err(Kalderfejl::Token(tekst)) => return ("", Err(Fault { status: 401, ..Fault::security(tekst) })),
        Err(Kalderfejl::Afvist(tekst)) => return ("", Err(Fault::security(tekst))),
        Err(Kalderfejl::Intern) => return ("", Err(Fault::with_status(500, "intern fejl"))),
    };
    let max = app.config().besked.vaerdiliste_max_bytes;
    let Ok(body) = to_bytes(body, max).await else {
        let reason = format!("kaldet er over {max} bytes eller blev afbrudt; tilføj værdierne i flere kald");
        return ("", Err(Fault::with_status(413, reason)));
    };
    if body.iter().filter(|b| **b == b'<').count() > TEGN_MAX {
        return (
            "",
            Err(Fault::with_status(413, "kaldet har for mange elementer; tilføj værdierne i flere kald")),
        );
    }
    let Ok(_plads) = tjeneste.plads.acquire().await else { return ("", Err(travlt())) };
    let (operation, kald) = match laes(app, body).await {
        Ok(laest) => laest,
        Err(fault) => return ("", Err(fault)),
    };
    let (kode, tekst, ret) = match kald {
        Err(fejl) => (fejl.kode, fejl.tekst, Ret::Intet),
        Ok(kald) => match tjeneste.fordeler.betjen(&hvem, kald).await {
            Ok(ret) => (20, "OK".to_owned(), ret),
            Err((kode, tekst)) => (kode, tekst, Ret::Intet),
        },
    };
    (operation, Ok((kode, vaerdiliste::skriv(operation, kode, &tekst, &ret))))
}

fn travlt() -> Fault {
    Fault::with_status(503, "der er for travlt; prøv igen om lidt")
}

/// Reads the call; what is wrong inside a recognised operation is the inner result.
async fn laes(app: &App, body: Bytes) -> Result<(&'static str, Result<Kald, besked::BeskedFejl>), Fault> {
    let nu = app.now().micros();
    // A long list takes its time: not where others wait.
    let laest = tokio::task::spawn_blocking(move || {
        let document = xml::parse(&body, &Limits::of_size(body.len()))
            .map_err(|fejl| Fault::sender(fejl.to_string()))?;
        let input = input(&document)?;
        let operation = Kald::operation(input).ok_or_else(|| {
            Fault::sender(format!("{} er ikke en operation i denne tjeneste", input.tag_name().name()))
        })?;
        Ok((operation, Kald::laes(input, nu)))
    });
    laest.await.map_err(|_| Fault::with_status(500, "intern fejl"))?
}

/// The one element of the body of a SOAP 1.1 envelope.
fn input<'a, 'd: 'a>(document: &'a Document<'d>) -> Result<Node<'a, 'd>, Fault> {
    let rod = document.root_element();
    if !rod.has_tag_name((SOAP11, "Envelope")) {
        return Err(Fault::sender("send en SOAP 1.1-konvolut"));
    }
    let body = rod.children().find(|n| n.has_tag_name((SOAP11, "Body")));
    let mut elementer = body.into_iter().flat_map(|b| b.children()).filter(Node::is_element);
    match (elementer.next(), elementer.next()) {
        (Some(input), None) => Ok(input),
        _ => Err(Fault::sender("soap:Body skal indeholde netop ét element")),
    }
}
