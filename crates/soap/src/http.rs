//! HTTP: one handler for every path.

use crate::afkod::kald;
use crate::beskrivelse;
use crate::fejl::Fault;
use crate::kuvert::{self, Soap};
use crate::sikkerhed::{self, Bevis, Omstaendigheder, Tokenlager};
use crate::svar::{Ramme, Svar, udfoer};
use crate::tabel::{self, Tjeneste};
use app::{App, PeerCertificate};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use oio::Cvr;
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;
use xml::{Document, Limits};

/// Names the authority a system with several agreements acts for.
const ANVENDERKONTEKST: &str = "x-anvenderkontekst";

/// Every SOAP service of the installation.
pub fn router(app: App) -> Router {
    Router::new().fallback(handle).with_state((app, Arc::default()))
}

type Tilstand = (App, Arc<Tokenlager>);

async fn handle(State((app, lager)): State<Tilstand>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let Some(tjeneste) = tabel::find(&path) else {
        let reason = format!("ingen service svarer på {path}; se adresserne på forsiden");
        return refuse(Soap::V12, &Fault::with_status(404, reason), 6);
    };
    match *request.method() {
        Method::GET => describe(tjeneste, &request),
        Method::POST => call(app, &lager, tjeneste, request).await,
        _ => refuse(
            Soap::V12,
            &Fault::with_status(405, "brug POST til kald og GET ?wsdl til beskrivelsen"),
            tjeneste.version,
        ),
    }
}

fn refuse(soap: Soap, fault: &Fault, version: u8) -> Response {
    med_fault(soap, fault.status, kuvert::fault(soap, fault, version))
}

/// An HTTP answer that is a fault.
pub(crate) fn med_fault(soap: Soap, status: u16, fault: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, soap.content_type())];
    let mut response = (status, kind, fault).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let value = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

/// A description, when the request asks for one: `?wsdl` or `?xsd=NAME`.
pub(crate) fn beskrivelse(
    request: &Request,
    wsdl: impl Fn(&str) -> String,
    xsd: impl Fn(&str, &str) -> Option<String>,
) -> Option<Response> {
    let query = request.uri().query().unwrap_or_default();
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    let host = host.or(request.uri().host()).unwrap_or("localhost");
    let base = format!("https://{host}{}", request.uri().path());
    let document = match query.split_once('=') {
        None if query.eq_ignore_ascii_case("wsdl") => wsdl(&base),
        Some((key, name)) if key.eq_ignore_ascii_case("xsd") => xsd(name, &base)?,
        _ => return None,
    };
    Some(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], document).into_response())
}

fn describe(tjeneste: &'static Tjeneste, request: &Request) -> Response {
    let wsdl = |base: &str| beskrivelse::wsdl(tjeneste, base);
    let xsd = |navn: &str, base: &str| beskrivelse::xsd(tjeneste, navn, base);
    beskrivelse(request, wsdl, xsd).unwrap_or_else(|| {
        let reason = "her svarer en SOAP-service: brug POST, eller hent beskrivelsen med ?wsdl";
        refuse(Soap::V12, &Fault::with_status(404, reason), tjeneste.version)
    })
}

async fn call(app: App, lager: &Tokenlager, tjeneste: &'static Tjeneste, request: Request) -> Response {
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    let max = app.config().krop_max_bytes;
    let Ok(body) = to_bytes(body, max).await else {
        let reason = format!("beskeden er over {max} bytes eller blev afbrudt; del den op");
        let mut response = refuse(Soap::V12, &Fault::with_status(413, reason), tjeneste.version);
        // The rest of the body is not read, so the connection cannot carry another call.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        return response;
    };
    let peer = parts.extensions.get::<PeerCertificate>().copied();
    let om = Omstaendigheder {
        path: parts.uri.path(),
        headers: &parts.headers,
        peer,
        myndighed: None,
        transaktion: Uuid::nil(),
    };
    let (response, operation, udfald) = answer(&app, lager, tjeneste, om, &body).await;
    let seconds = begun.elapsed().as_secs_f64();
    app.metrics().request(tjeneste.navn, operation, udfald, seconds);
    response
}

/// The answer, and what the measurements say of it.
async fn answer(
    app: &App,
    lager: &Tokenlager,
    tjeneste: &'static Tjeneste,
    mut om: Omstaendigheder<'_>,
    body: &[u8],
) -> (Response, &'static str, &'static str) {
    let begun = Instant::now();
    om.transaktion = app.new_uuid();
    let document = match xml::parse(body, &Limits::of_size(app.config().krop_max_bytes)) {
        Ok(document) => document,
        Err(fejl) => {
            let fault = ikke_modtaget(app, None, &om, Fault::sender(fejl.to_string())).await;
            return (refuse(Soap::V12, &fault, tjeneste.version), "", "fault");
        }
    };
    let soap = kuvert::soap_of(&document);
    let kind = om.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let fault = |fault: &Fault, operation| (refuse(soap, fault, tjeneste.version), operation, "fault");
    if !wss::transport_passer(sikkerhed::soap_ns(soap), kind) {
        let reason = format!("Content-Type passer ikke til beskeden; send {}", soap.content_type());
        let refused = Fault::with_status(415, reason);
        return fault(&ikke_modtaget(app, Some(&document), &om, refused).await, "");
    }
    let kuvert = match kuvert::open(&document, tjeneste) {
        Ok(kuvert) => kuvert,
        Err(refused) => return fault(&ikke_modtaget(app, Some(&document), &om, refused).await, ""),
    };
    let operation = kuvert.operation;
    let (header, transaktion) = transaktion(om.transaktion, kuvert.transaktion, tjeneste.version);
    om.transaktion = transaktion;
    om.myndighed = match kuvert.myndighed.map_or_else(|| anvenderkontekst(om.headers), |cvr| Ok(Some(cvr))) {
        Ok(myndighed) => myndighed,
        Err(refused) => {
            return fault(&ikke_modtaget(app, Some(&document), &om, refused).await, operation.navn);
        }
    };
    let Bevis { caller, svar } = match sikkerhed::kalder(app, lager, tjeneste, &document, &om).await {
        Ok(bevis) => bevis,
        Err(refused) => return fault(&refused, operation.navn),
    };
    let kald = kald(tjeneste, operation, kuvert.input, app.now());
    drop(document);
    let ramme = Ramme { app: app.clone(), soap, tjeneste, operation, header, transaktion };
    let (kode, body) = match (udfoer(&ramme, &caller, kald).await, svar) {
        (Svar::Helt(kode, besked), None) => (kode, Body::from(besked)),
        (Svar::Stykvis(hierarki), None) => (20, Body::from_stream(ramme.stykker(*hierarki))),
        (udfald, Some(krav)) => {
            // A signature stands before what it covers, so a signed answer cannot leave before it is whole.
            let (kode, besked) = match udfald {
                Svar::Helt(kode, besked) => (kode, besked),
                Svar::Stykvis(hierarki) => match samlet(ramme, *hierarki).await {
                    Ok(besked) => (20, besked),
                    Err(fejl) => return fault(&intern(transaktion, &fejl.to_string()), operation.navn),
                },
            };
            match sikkerhed::underskrevet(app, &besked, sikkerhed::soap_ns(soap), &krav) {
                Ok(besked) => (kode, Body::from(besked)),
                Err(fejl) => return fault(&intern(transaktion, &fejl), operation.navn),
            }
        }
    };
    tracing::info!(
        target: "soap",
        %transaktion,
        service = tjeneste.navn,
        version = tjeneste.version,
        operation = operation.navn,
        status = kode,
        ms = begun.elapsed().as_secs_f64() * 1000.0,
        system = %caller.navn,
    );
    let response = ([(header::CONTENT_TYPE, soap.content_type())], body).into_response();
    (response, operation.navn, udfald(kode))
}

/// The fault of a message that is not a call, when it is in the access log.
async fn ikke_modtaget(
    app: &App,
    document: Option<&Document<'_>>,
    om: &Omstaendigheder<'_>,
    fault: Fault,
) -> Fault {
    let navn = document.and_then(sikkerhed::kaldenavn);
    sikkerhed::log_ikke_modtaget(app, navn, om, &fault).await.err().unwrap_or(fault)
}

/// All of an answer that is written piece by piece.
async fn samlet(ramme: Ramme, hierarki: registers::Hierarki) -> Result<String, std::io::Error> {
    let mut besked = Vec::new();
    let mut stykker = std::pin::pin!(ramme.stykker(hierarki));
    while let Some(stykke) = stykker.next().await {
        besked.extend_from_slice(&stykke?);
    }
    String::from_utf8(besked).map_err(std::io::Error::other)
}

pub(crate) fn intern(transaktion: Uuid, cause: &str) -> Fault {
    tracing::error!(target: "soap", %transaktion, cause, "svaret kunne ikke underskrives");
    Fault { status: 500, ..Fault::sender(format!("Intern fejl ({transaktion})")) }
}

/// The class of a StatusKode, for measurements.
pub(crate) const fn udfald(kode: u16) -> &'static str {
    match kode {
        20 => "ok",
        44 => "ukendt",
        50 => "intern",
        _ => "afvist",
    }
}

/// The transaction as the caller wrote it, and as a UUID: a new one when what was written is none. Version 5 allows
/// nothing but a UUID in its header.
pub(crate) fn transaktion(ny: Uuid, sendt: Option<String>, version: u8) -> (String, Uuid) {
    let parsed = sendt.as_deref().and_then(|text| Uuid::try_parse(text).ok());
    let uuid = parsed.unwrap_or(ny);
    let header = sendt.filter(|_| parsed.is_some() || version > 5);
    (header.unwrap_or_else(|| uuid.hyphenated().to_string()), uuid)
}

pub(crate) fn anvenderkontekst(headers: &HeaderMap) -> Result<Option<Cvr>, Fault> {
    let Some(value) = headers.get(ANVENDERKONTEKST) else { return Ok(None) };
    let cvr = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    cvr.map(Some).ok_or_else(|| Fault::sender("X-Anvenderkontekst skal være et CVR-nummer på otte cifre"))
}
