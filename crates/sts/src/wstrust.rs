//! WS-Trust over SOAP 1.2 and 1.1: the request is trusted by its signature, whatever connection it came through.

use crate::afgoer::{Bestilling, PaaVegneAf, noegler};
use crate::fejl::StsFejl;
use crate::svar;
use crate::udsted::{Udstedt, log_afvist, udsted};
use app::App;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bitemporal::Instant;
use identity::Certifikat;
use identity::saml::Regler;
use oio::Cvr;
use std::time::Duration;
use uuid::Uuid;
use wss::ns::{SBF, SOAP11, SOAP12, WSA};
use wss::rst::{ISSUE, Obo, Rst, UseKey, WST};
use wss::{Konvolut, Krav, Sikkerhed, WssFejl};
use xml::{Ids, Limits, PublicKey};

/// Where tokens are asked for.
pub const STI: &str = "/runtime/services/kombittrust/14/certificatemixed";
/// The action of a request.
const RST_ISSUE: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue";
/// Largest request, in bytes.
const BYTES_MAX: usize = 256 * 1024;

/// The limits of a request's XML.
const LIMITS: Limits =
    Limits { size_bytes_max: BYTES_MAX, depth_max: 64, attributes_max: 64, namespaces_max: 64 };

/// What is known of a request when it is answered, however it ends.
#[derive(Debug)]
pub(crate) struct Kald {
    /// The namespace of its SOAP version.
    pub soap: &'static str,
    /// Its `MessageID`.
    pub message_id: Option<String>,
    /// Whether its action was that of a request for a token.
    pub er_rst: bool,
    /// The caller, when it was found.
    pub system: Option<Uuid>,
    /// The authority, when it was named.
    pub cvr: Option<Cvr>,
    /// What it is found by in the access log.
    pub reference: Uuid,
}

/// Answers one request.
pub(crate) async fn post(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let begun = std::time::Instant::now();
    let mut kald = Kald {
        soap: SOAP12,
        message_id: None,
        er_rst: false,
        system: None,
        cvr: None,
        reference: app.new_uuid(),
    };
    let result = match to_bytes(body, BYTES_MAX).await {
        Ok(bytes) => svar_paa(&app, &parts.headers, &bytes, &mut kald).await,
        Err(_) => Err(StsFejl::Form(format!("anmodningen fylder over {BYTES_MAX} bytes eller blev afbrudt"))),
    };
    let (udfald, response) = match result {
        Ok(besked) => ("ok", besvar(StatusCode::OK, kald.soap, besked)),
        Err(fejl) => {
            log_afvist(&app, &fejl, kald.system, kald.cvr, kald.reference).await;
            let numeric = match kald.soap {
                SOAP11 => app.config().legacy_numeric_faultcode_soap11,
                _ => app.config().legacy_numeric_faultcode_soap12,
            };
            (
                "afvist",
                besvar(StatusCode::INTERNAL_SERVER_ERROR, kald.soap, svar::fault(&kald, &fejl, numeric)),
            )
        }
    };
    app.metrics().request("STS", "issue", udfald, begun.elapsed().as_secs_f64());
    response
}

fn besvar(status: StatusCode, soap: &str, besked: String) -> Response {
    let kind = if soap == SOAP11 { "text/xml; charset=utf-8" } else { "application/soap+xml; charset=utf-8" };
    (status, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], Body::from(besked))
        .into_response()
}

/// What was read from a request and proven, before it is decided.
struct Anmodning {
    kalder: Certifikat,
    use_key: Option<Certifikat>,
    applies_to: String,
    cvr: Cvr,
    expires: Option<Instant>,
    context: Option<String>,
    paa_vegne_af: Option<PaaVegneAf>,
    /// The keys by which it is recognised if it comes again, and until when.
    engangs: [[u8; 32]; 2],
    husk_til: Instant,
}

async fn svar_paa(app: &App, headers: &HeaderMap, bytes: &[u8], kald: &mut Kald) -> Result<String, StsFejl> {
    let nu = app.now();
    let anmodning = laes(app, headers, bytes, kald, nu)?;
    kald.cvr = Some(anmodning.cvr);
    let politik = app.politik();
    kald.system = Some(crate::afgoer::kalder(&politik, &anmodning.kalder, nu)?.uuid);
    tillid(app, &anmodning.kalder, nu).await?;
    if let Some(PaaVegneAf::Certifikat(certifikat)) = &anmodning.paa_vegne_af {
        let refused =
            |_| StsFejl::PaaVegneAf("det repræsenterede it-systems certifikat må ikke bruges".into());
        tillid(app, certifikat, nu).await.map_err(refused)?;
    }
    let fresh = app.store().engangs(&anmodning.engangs, anmodning.husk_til, nu).await;
    if !fresh.map_err(StsFejl::intern)? {
        return Err(StsFejl::Genafspillet);
    }
    let bestilling = Bestilling {
        kalder: &anmodning.kalder,
        use_key: anmodning.use_key,
        applies_to: &anmodning.applies_to,
        cvr: anmodning.cvr,
        paa_vegne_af: anmodning.paa_vegne_af,
        expires: anmodning.expires,
    };
    let udstedt: Udstedt = udsted(app, &bestilling, kald.reference).await?;
    let noegler = noegler(app)?;
    svar::rstr(kald, &bestilling, &udstedt, anmodning.context.as_deref(), &noegler, nu)
}

/// Chain and revocation.
pub(crate) async fn tillid(app: &App, certifikat: &Certifikat, nu: Instant) -> Result<(), StsFejl> {
    let verdict = app.tillid().kontroller(certifikat, identity::spaerring::Formaal::Udstedelse, nu).await;
    verdict.map_err(|grund| StsFejl::Certifikat { thumbprint: certifikat.thumbprint().to_owned(), grund })
}

/// Steps 1 to 14 of the specification: the message is taken apart and its signature proven.
fn laes(
    app: &App,
    headers: &HeaderMap,
    bytes: &[u8],
    kald: &mut Kald,
    nu: Instant,
) -> Result<Anmodning, StsFejl> {
    let document = xml::parse(bytes, &LIMITS).map_err(|fejl| StsFejl::Form(fejl.to_string()))?;
    if let Some(navn) = wss::kaldenavne(&document).first() {
        kald.reference = app::reference(navn);
    }
    let konvolut = Konvolut::laes(&document).map_err(|fejl| StsFejl::Form(fejl.to_string()))?;
    kald.soap = konvolut.soap;
    let message_id = konvolut.message_id();
    kald.message_id = message_id.as_ref().ok().cloned();
    kald.er_rst = konvolut.action().is_ok_and(|a| a.starts_with(WST));
    if !wss::transport_passer(konvolut.soap, headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()))
    {
        return Err(StsFejl::Form("Content-Type passer ikke til beskedens SOAP-version".into()));
    }
    konvolut.kun_tilladt()?;
    for block in konvolut.kraevende() {
        let known = [WSA, xml::ns::WSSE, SBF].contains(&block.tag_name().namespace().unwrap_or_default());
        if !known {
            return Err(StsFejl::Uforstaaet(block.tag_name().name().chars().take(60).collect()));
        }
    }
    let action = konvolut.action()?;
    if action != RST_ISSUE {
        return Err(StsFejl::Ikke("wsa:Action".into()));
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if wss::transport_action(text("soapaction"), text("content-type")).is_some_and(|sent| sent != action) {
        return Err(WssFejl::Forkert("SOAPAction").into());
    }
    let message_id = message_id?;
    konvolut.svar_hertil()?;
    let to = konvolut.to_path()?;
    if to.trim_end_matches('/') != STI {
        return Err(WssFejl::Forkert("wsa:To").into());
    }
    let sikkerhed = Sikkerhed::laes(&konvolut)?;
    let husk_til = sikkerhed.tidsstempel(nu)?;
    let kartotek = app.kartotek();
    let kalder = sikkerhed.certifikat(&kartotek)?;
    let ids = Ids::of(&document).map_err(WssFejl::from)?;
    let key = PublicKey::from_spki(kalder.noegle()).map_err(|_| WssFejl::NoegleInfo)?;
    let verified = sikkerhed.verify(&konvolut, &ids, &key, Krav::UdenSvaradresse)?;
    if app.config().kraev_signeret_bst && !sikkerhed.bst.first().is_some_and(|b| verified.covers(*b)) {
        return Err(WssFejl::Udaekket("wsse:BinarySecurityToken").into());
    }
    sikkerhed.peger_paa_certifikat(&verified, &ids, &kalder)?;

    // From here on only what the signature covers is read: the body.
    let rst = Rst::laes(konvolut.indhold, &kartotek)?;
    if rst.symmetrisk && !app.config().symmetrisk_noegletype.contains(&rst.applies_to) {
        return Err(StsFejl::Ikke("KeyType".into()));
    }
    let use_key = match rst.use_key {
        None => None,
        Some(UseKey::Certifikat(certifikat)) => Some(certifikat),
        Some(UseKey::Noegle(modulus, exponent)) => {
            let own = kalder.rsa_base64().is_some_and(|own| own == (modulus, exponent));
            if !own {
                return Err(StsFejl::AndenNoegle);
            }
            None
        }
    };
    let paa_vegne_af = match rst.obo {
        None => None,
        Some(Obo::Certifikat(certifikat)) => Some(PaaVegneAf::Certifikat(certifikat)),
        Some(Obo::Assertion(assertion)) => {
            let refused = |fejl: identity::saml::SamlFejl| StsFejl::PaaVegneAf(fejl.to_string());
            let noegler = noegler(app)?;
            let verificeret = noegler.sts_betroet.verificer(assertion, &ids).map_err(refused)?;
            // Its remaining life bounds the new token's, so no skew is given here.
            let regler = Regler { audiences: None, skaevhed: Duration::ZERO };
            Some(PaaVegneAf::Token(Box::new(verificeret.laes(&regler, nu).map_err(refused)?)))
        }
    };
    Ok(Anmodning {
        engangs: wss::engangsnoegler(kalder.sha256(), &message_id, verified.value()),
        husk_til,
        use_key,
        applies_to: rst.applies_to,
        cvr: rst.cvr,
        expires: rst.expires,
        context: rst.context.map(str::to_owned),
        paa_vegne_af,
        kalder,
    })
}

/// The request type, for answers.
pub(crate) const REQUEST_TYPE: &str = ISSUE;
