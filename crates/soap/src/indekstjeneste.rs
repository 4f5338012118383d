//! The doors of the Sags- og Dokumentindeks and of the Ydelsesindeks: bytes ⇄ one [`Kald`], and who is calling.
//!
//! The SOAP of a message is what its envelope says, whatever its Content-Type: deployed clients of SOAP 1.1 send that of
//! 1.2. What is wrong with the envelope, the security or the schema is a fault; all else is told by `indekser` in the answer.

mod laes;
pub mod tabel;

use crate::beskrivelse::indeks as beskrivelse;
use crate::fejl::Fault;
use crate::http::{self, udfald};
use crate::kuvert::{self, Soap};
use crate::sikkerhed::{self, Bevis, Omstaendigheder, Tokenlager, log_ikke_modtaget};
use app::{App, PeerCertificate};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use indeks::BYTES_MAX;
use indeks::kald::{Kald, Retur, skriv_standard};
use laes::{Ikke, Laeser, Laest};
use std::sync::Arc;
use std::time::Instant;
use tabel::{Operation, Sted, TJENESTER, VALIDERING};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Megabytes of messages that are read at the same time, each begun one counted whole: a tree is many times its text.
const MEGABYTES: usize = 80;
const MEGABYTE: usize = 1 << 20;

#[derive(Clone)]
struct Tilstand {
    app: App,
    lager: Arc<Tokenlager>,
    plads: Arc<Semaphore>,
}

/// Every service of the two indexes, and beside each where messages are judged and stored nowhere.
pub fn router(app: App) -> Router {
    let tilstand = Tilstand { app, lager: Arc::default(), plads: Arc::new(Semaphore::new(MEGABYTES)) };
    let mut router = Router::new();
    for path in TJENESTER.iter().flat_map(|t| t.paths) {
        for ende in ["", VALIDERING] {
            let path = format!("{path}{ende}");
            router = router.route(&path, any(handle)).route(&format!("{path}/"), any(handle));
        }
    }
    router.with_state(tilstand)
}

async fn handle(State(tilstand): State<Tilstand>, request: Request) -> Response {
    let Some(sted) = tabel::find(request.uri().path()) else {
        return afvis(Soap::V12, &Fault::with_status(404, "ingen service svarer her"));
    };
    match *request.method() {
        Method::GET => beskriv(sted, &request),
        Method::POST => kald(&tilstand, sted, request).await,
        _ => {
            let tekst = "brug POST til kald og GET ?wsdl til beskrivelsen";
            afvis(sted.tjeneste.soap, &Fault::with_status(405, tekst))
        }
    }
}

fn beskriv(sted: Sted, request: &Request) -> Response {
    let wsdl = |base: &str| beskrivelse::wsdl(sted.tjeneste, base);
    let xsd = |navn: &str, base: &str| beskrivelse::xsd(sted.tjeneste, navn, base);
    http::beskrivelse(request, wsdl, xsd).unwrap_or_else(|| {
        let tekst = "her svarer en SOAP-service: brug POST, eller hent beskrivelsen med ?wsdl";
        afvis(sted.tjeneste.soap, &Fault::with_status(404, tekst))
    })
}

/// A fault as SOAP over HTTP has it: with 500 in version 1.1, whoever is to blame.
fn afvis(soap: Soap, fault: &Fault) -> Response {
    let status = if soap == Soap::V11 && fault.status == 400 { 500 } else { fault.status };
    http::med_fault(soap, status, kuvert::fault(soap, fault, 6))
}

async fn kald(tilstand: &Tilstand, sted: Sted, request: Request) -> Response {
    let begun = Instant::now();
    let mut hvad = "";
    let besvaret = besvar(tilstand, sted, request, &mut hvad).await;
    let seconds = begun.elapsed().as_secs_f64();
    let (app, service) = (&tilstand.app, sted.tjeneste.navn);
    match besvaret {
        Ok(Besvaret { soap, transaktion, system, kode, besked }) => {
            tracing::info!(
                target: "soap",
                %transaktion,
                service,
                version = 6,
                operation = hvad,
                status = kode,
                ms = seconds * 1000.0,
                %system,
            );
            app.metrics().request(service, hvad, udfald(kode), seconds);
            ([(header::CONTENT_TYPE, soap.content_type())], besked).into_response()
        }
        Err(Ikke { soap, fault, .. }) => {
            app.metrics().request(service, hvad, "fault", seconds);
            let mut response = afvis(soap, &fault);
            if fault.status == 413 {
                // The rest of the body is not read, so the connection cannot carry another call.
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            response
        }
    }
}

/// A call that was answered.
struct Besvaret {
    soap: Soap,
    transaktion: Uuid,
    system: String,
    kode: u16,
    besked: String,
}

async fn besvar(
    tilstand: &Tilstand,
    sted: Sted,
    request: Request,
    hvad: &mut &'static str,
) -> Result<Besvaret, Ikke> {
    let app = &tilstand.app;
    let (parts, body) = request.into_parts();
    let parts = Arc::new(parts);
    let body = to_bytes(body, BYTES_MAX).await.map_err(|_| {
        let tekst = format!("beskeden er over {} MB eller blev afbrudt; del den op", BYTES_MAX / MEGABYTE);
        Ikke::ny(sted.tjeneste.soap, Fault::with_status(413, tekst))
    })?;
    let audiences: Vec<String> = {
        let politik = app.politik();
        let services = politik.services_for(sted.tjeneste.komponent);
        services.flat_map(|s| &s.identifikatorer).cloned().collect()
    };
    let laest = {
        let enheder = u32::try_from(body.len() / MEGABYTE + 1).unwrap_or(u32::MAX);
        let plads = tilstand.plads.clone().acquire_many_owned(enheder).await;
        let laeser = Laeser {
            app: app.clone(),
            lager: tilstand.lager.clone(),
            sted,
            parts: parts.clone(),
            audiences: audiences.clone(),
            ny: app.new_uuid(),
        };
        // A large message takes its time: not where others wait.
        // The room is held as long as the work goes on, also when nobody waits for it any more.
        let laest = tokio::task::spawn_blocking(move || {
            let _plads = plads;
            laeser.laes(&body)
        });
        let laest = laest.await;
        laest.map_err(|_| Ikke::ny(sted.tjeneste.soap, Fault::with_status(500, "intern fejl")))?
    };
    let laest = match laest {
        Ok(laest) => laest,
        Err(ikke) => return Err(noter(app, &parts, ikke).await),
    };
    *hvad = if sted.validering { "validering" } else { laest.operation.navn };
    let audiences: Vec<&str> = audiences.iter().map(String::as_str).collect();
    udfoer(app, sted, &parts, laest, &audiences).await
}

/// What is no call is in the access log before it is told.
async fn noter(app: &App, parts: &Parts, ikke: Ikke) -> Ikke {
    let om = omstaendigheder(parts, None, ikke.transaktion);
    let logget = log_ikke_modtaget(app, ikke.navn, &om, &ikke.fault).await;
    Ikke { fault: logget.err().unwrap_or(ikke.fault), ..ikke }
}

fn omstaendigheder(parts: &Parts, myndighed: Option<oio::Cvr>, transaktion: Uuid) -> Omstaendigheder<'_> {
    let peer = parts.extensions.get::<PeerCertificate>().copied();
    Omstaendigheder { path: parts.uri.path(), headers: &parts.headers, peer, myndighed, transaktion }
}

/// Finds the caller, carries the call out, and puts the answer into its envelope.
async fn udfoer(
    app: &App,
    sted: Sted,
    parts: &Parts,
    laest: Laest,
    audiences: &[&str],
) -> Result<Besvaret, Ikke> {
    let Laest { soap, operation, transaktion, .. } = laest;
    let fault = |fault| Ikke::ny(soap, fault);
    let om = omstaendigheder(parts, laest.myndighed, transaktion);
    let bevis = match sikkerhed::med_token(app, laest.sikret, audiences, &om).await.map_err(fault)? {
        Some(bevis) => Some(bevis),
        None if sted.validering && !kendt_certifikat(app, &om) => None,
        None => Some(sikkerhed::med_certifikat(app, &om).await.map_err(fault)?),
    };
    let (caller, krav) = match bevis {
        Some(Bevis { caller, svar }) => (Some(caller), svar),
        None => (None, None),
    };
    let indhold = match (laest.kald, &caller) {
        (Err(fejl), _) if fejl.skema => {
            let navn = krav.map(|k| k.reference());
            let ikke = Ikke { navn, transaktion, ..fault(Fault::sender(fejl.to_string())) };
            return Err(noter(app, parts, ikke).await);
        }
        (Err(fejl), _) => skriv_standard(operation.output, &Retur::ny(40, fejl.to_string())),
        (Ok(kald), caller) => svar(app, sted, caller.as_ref(), kald).await,
    };
    let action = sted.tjeneste.svaraction(operation);
    let besked = match krav {
        None => {
            let flere = laest.message_id.map_or(String::new(), |id| kuvert::adressering(&action, &id));
            kuvert::svar(soap, &laest.header, &flere, &indhold)
        }
        Some(krav) => {
            let besked = kuvert::svar(soap, &laest.header, "", &indhold);
            let krav = krav.med_action(action);
            sikkerhed::underskrevet(app, &besked, sikkerhed::soap_ns(soap), &krav)
                .map_err(|fejl| fault(http::intern(transaktion, &fejl)))?
        }
    };
    let system = caller.map_or(String::new(), |c| c.navn);
    Ok(Besvaret { soap, transaktion, system, kode: kode(operation, &indhold), besked })
}

/// Whether a client certificate alone says who calls.
fn kendt_certifikat(app: &App, om: &Omstaendigheder<'_>) -> bool {
    let kendt = om.peer.is_some_and(|peer| app.politik().certifikat(&peer.0).is_some());
    kendt && app.config().certifikat_alene(om.path)
}

/// What stands in the body of the answer.
async fn svar(app: &App, sted: Sted, caller: Option<&adgang::Caller>, kald: Kald) -> String {
    match caller {
        Some(caller) if !sted.validering => indekser::udfoer(app, caller, kald).await,
        caller => indekser::valider(app, caller, kald).await,
    }
}

/// The greatest StatusKode of an answer, for measurements. What was found says nothing of how it went.
fn kode(operation: &Operation, indhold: &str) -> u16 {
    const FRA: &str = "<sd:StatusKode>";
    let koder = indhold.match_indices(FRA).filter_map(|(sted, _)| {
        let rest = &indhold[sted + FRA.len()..];
        rest.split_once('<')?.0.parse::<u16>().ok()
    });
    let en = operation.output.barn("UnikRetur").is_none();
    if en { koder.take(1).max() } else { koder.max() }.unwrap_or(20)
}

#[cfg(test)]
mod tests {
    use super::{Soap, afvis, kode, tabel};
    use crate::fejl::Fault;

    #[test]
    fn an_answer_is_counted_by_its_worst_status() {
        let [sdi, ..] = &tabel::TJENESTER;
        let [importer, _, fremsoeg, _] = sdi.operationer else { panic!("four operations") };
        let unik = |kode| format!("<sd:UnikRetur><sd:StatusKode>{kode}</sd:StatusKode></sd:UnikRetur>");
        assert_eq!(kode(importer, &[unik(20), unik(49), unik(40)].concat()), 49);
        assert_eq!(kode(importer, ""), 20);
        assert_eq!(kode(fremsoeg, &[unik(44), unik(99)].concat()), 44);
    }

    #[test]
    fn a_fault_of_soap_1_1_comes_with_500() {
        let status = |soap, fault: &Fault| afvis(soap, fault).status().as_u16();
        assert_eq!(status(Soap::V11, &Fault::sender("x")), 500);
        assert_eq!(status(Soap::V12, &Fault::sender("x")), 400);
        assert_eq!(status(Soap::V11, &Fault::with_status(413, "x")), 413);
    }
}
