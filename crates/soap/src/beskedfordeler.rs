//! The distributor's SOAP service: lists of values, and moving a message to the fejlkø. SOAP 1.1.
//!
//! What is wrong with a call is told in its StandardRetur. A fault says that there was no call: no envelope, no operation,
//! nobody who may call. Who calls is the client certificate, a JWT, or a message signed with the key of its SAML token; the
//! answer to the last is signed.

use crate::beskrivelse;
use crate::fejl::Fault;
use crate::http;
use crate::kuvert::{self, Soap};
use crate::ns::SOAP11;
use crate::sikkerhed::{self, Maal, Omstaendigheder, Sikret, Svarkrav, Tokenlager, laes_sikret};
use app::{App, PeerCertificate};
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use besked::vaerdiliste::{self, Kald, Ret};
use beskedfordeler::{Fordeler, Kalderfejl, Tjenestekald};
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
/// The same of those whose certificate is not known.
const FREMMEDE: usize = 2;

/// Most tags of a call: a million values, and some.
const TEGN_MAX: usize = 2_200_000;

#[derive(Clone)]
struct Tjeneste {
    fordeler: Fordeler,
    plads: Arc<Semaphore>,
    fremmede: Arc<Semaphore>,
    lager: Arc<Tokenlager>,
}

/// The service.
pub fn router(fordeler: Fordeler) -> Router {
    let plads = |antal| Arc::new(Semaphore::new(antal));
    let (plads, fremmede) = (plads(SAMTIDIGE), plads(FREMMEDE));
    let tjeneste = Tjeneste { fordeler, plads, fremmede, lager: Arc::default() };
    Router::new().route(STI, post(kald).get(vejled)).with_state(tjeneste)
}

/// The service's description, for those who look instead of calling.
async fn vejled(request: Request) -> Response {
    match http::beskrivelse(&request, beskrivelse::beskedfordeler::wsdl, beskrivelse::beskedfordeler::xsd) {
        Some(svar) => svar,
        None => {
            let tekst = "her svarer Beskedfordelerens SOAP 1.1-tjeneste: brug POST, eller hent beskrivelsen med ?wsdl";
            (StatusCode::NOT_FOUND, kuvert::fault(Soap::V11, &Fault::with_status(404, tekst), 6))
                .into_response()
        }
    }
}

async fn kald(State(tjeneste): State<Tjeneste>, request: Request) -> Response {
    let begun = Instant::now();
    let app = tjeneste.fordeler.app().clone();
    let transaktion = app.new_uuid();
    let (operation, udfald) = besvar(&tjeneste, &app, transaktion, request).await;
    let seconds = begun.elapsed().as_secs_f64();
    match udfald {
        Ok(Besvaret { kode, svar, krav }) => {
            tracing::info!(target: "soap", %transaktion, service = NAVN, operation, status = kode, ms = seconds * 1000.0);
            app.metrics().request(NAVN, operation, if kode == 20 { "ok" } else { "afvist" }, seconds);
            let konvolut = format!(
                "<soap:Envelope xmlns:soap=\"{SOAP11}\"><soap:Body>{svar}</soap:Body></soap:Envelope>"
            );
            let konvolut = match krav {
                None => konvolut,
                Some(krav) => match sikkerhed::underskrevet(&app, &konvolut, SOAP11, &krav) {
                    Ok(konvolut) => konvolut,
                    Err(cause) => {
                        tracing::error!(target: "soap", %transaktion, cause, "svaret kunne ikke underskrives");
                        return fejl(&Fault::with_status(500, "intern fejl"));
                    }
                },
            };
            ([(header::CONTENT_TYPE, Soap::V11.content_type())], konvolut).into_response()
        }
        Err(fault) => {
            tracing::info!(target: "soap", %transaktion, service = NAVN, operation, fault = %oio::logtekst(&fault.reason));
            app.metrics().request(NAVN, operation, "fault", seconds);
            fejl(&fault)
        }
    }
}

fn fejl(fault: &Fault) -> Response {
    // SOAP 1.1 over HTTP: a fault comes with 500, except when it is about the call being let in at all.
    let status = if matches!(fault.status, 400) { 500 } else { fault.status };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, Soap::V11.content_type())];
    (status, kind, kuvert::fault(Soap::V11, fault, 6)).into_response()
}

/// What is answered: a StatusKode, the output, and how it must be signed.
struct Besvaret {
    kode: u16,
    svar: String,
    krav: Option<Svarkrav>,
}

type Udfald = (&'static str, Result<Besvaret, Fault>);

async fn besvar(tjeneste: &Tjeneste, app: &App, transaktion: Uuid, request: Request) -> Udfald {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<PeerCertificate>().copied();
    let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()?.split_once(' '));
    // Who calls is asked before anything is read, where it can be.
    let hvem = match bearer.map(|(_, token)| token.trim()) {
        None => None,
        Some(token) => match tjeneste.fordeler.kalder(peer, Some(token), transaktion).await {
            Ok(hvem) => Some(hvem),
            Err(afvist) => return ("", Err(ikke_kalder(afvist))),
        },
    };
    // Whoever is not known yet may not send as much as whoever is.
    let kendt = hvem.is_some() || peer.is_some_and(|peer| app.politik().certifikat(&peer.0).is_some());
    let max = match app.config().besked.vaerdiliste_max_bytes {
        max if kendt => max,
        max => max.min(app.config().krop_max_bytes),
    };
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
    let plads = if kendt { &tjeneste.plads } else { &tjeneste.fremmede };
    let Ok(_plads) = plads.acquire().await else { return ("", Err(travlt())) };
    let laest = match laes(tjeneste, body, parts.headers.clone(), peer, transaktion).await {
        Ok(laest) => laest,
        Err(fault) => return ("", Err(fault)),
    };
    let om = omstaendigheder(&parts.headers, peer, transaktion);
    let (hvem, krav) = match (laest.sikret, hvem) {
        (Some(sikret), _) => match med_besked(tjeneste, sikret, &om).await {
            Ok((hvem, krav)) => (hvem, Some(krav)),
            Err(fault) => return ("", Err(fault)),
        },
        (None, Some(hvem)) => (hvem, None),
        (None, None) => match tjeneste.fordeler.kalder(peer, None, transaktion).await {
            Ok(hvem) => (hvem, None),
            Err(afvist) => return ("", Err(ikke_kalder(afvist))),
        },
    };
    let (operation, kald) = match laest.kald {
        Ok(kald) => kald,
        Err(fault) => return ("", Err(fault)),
    };
    let (kode, tekst, ret) = match kald {
        Err(fejl) => (fejl.kode, fejl.tekst, Ret::Intet),
        Ok(kald) => match tjeneste.fordeler.betjen(&hvem, kald).await {
            Ok(ret) => (20, "OK".to_owned(), ret),
            Err((kode, tekst)) => (kode, tekst, Ret::Intet),
        },
    };
    (operation, Ok(Besvaret { kode, svar: vaerdiliste::skriv(operation, kode, &tekst, &ret), krav }))
}

fn ikke_kalder(fejl: Kalderfejl) -> Fault {
    match fejl {
        Kalderfejl::Token(tekst) => Fault { status: 401, ..Fault::security(tekst) },
        Kalderfejl::Afvist(tekst) => Fault::security(tekst),
        Kalderfejl::Intern => Fault::with_status(500, "intern fejl"),
    }
}

fn omstaendigheder(
    headers: &HeaderMap,
    peer: Option<PeerCertificate>,
    transaktion: Uuid,
) -> Omstaendigheder<'_> {
    Omstaendigheder { path: STI, headers, peer, myndighed: None, transaktion }
}

/// Who sent a secured message, and how the answer must be signed.
async fn med_besked(
    tjeneste: &Tjeneste,
    sikret: Sikret,
    om: &Omstaendigheder<'_>,
) -> Result<(Tjenestekald, Svarkrav), Fault> {
    let bevis = sikret.afgoer(tjeneste.fordeler.app(), om).await?;
    let krav = bevis.svar.ok_or_else(|| Fault::with_status(500, "intern fejl"))?;
    let hvem = tjeneste.fordeler.kalder_bevist(&bevis.caller, krav.reference()).await;
    Ok((hvem.map_err(ikke_kalder)?, krav))
}

fn travlt() -> Fault {
    Fault::with_status(503, "der er for travlt; prøv igen om lidt")
}

/// A call that was read: how it says it is secured, and what it asks. What is wrong inside a recognised operation is the
/// inner result.
struct Laest {
    sikret: Option<Sikret>,
    kald: Result<(&'static str, Result<Kald, besked::BeskedFejl>), Fault>,
}

async fn laes(
    tjeneste: &Tjeneste,
    body: Bytes,
    headers: HeaderMap,
    peer: Option<PeerCertificate>,
    transaktion: Uuid,
) -> Result<Laest, Fault> {
    let (fordeler, lager) = (tjeneste.fordeler.clone(), tjeneste.lager.clone());
    // A long list takes its time: not where others wait.
    let laest = tokio::task::spawn_blocking(move || {
        let app = fordeler.app();
        let document = xml::parse(&body, &Limits::of_size(body.len()))
            .map_err(|fejl| Fault::sender(fejl.to_string()))?;
        // What is no call at all is told as such, before it is asked whether it is secured.
        let input = input(&document)?;
        let identifikatorer = fordeler.modtag_identifikatorer();
        let audiences = identifikatorer.iter().map(String::as_str).collect();
        let maal = Maal { her: &|path| path == STI, audiences };
        let om = omstaendigheder(&headers, peer, transaktion);
        let sikret = laes_sikret(app, &lager, &maal, &document, &om);
        let kald = Kald::operation(input)
            .ok_or_else(|| {
                Fault::sender(format!("{} er ikke en operation i denne tjeneste", input.tag_name().name()))
            })
            .map(|operation| (operation, Kald::laes(input, app.now().micros())));
        Ok(Laest { sikret, kald })
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
