//! Tokens over REST: the caller is known by the client certificate of its connection.

use crate::afgoer::{Bestilling, PaaVegneAf, kalder, noegler};
use crate::fejl::StsFejl;
use crate::udsted::{log_afvist, udsted};
use crate::wstrust::tillid;
use app::{App, PeerCertificate};
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use identity::saml::{Regler, Token};
use identity::{Certifikat, tid};
use oio::Cvr;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;
use wss::rst::{ISSUE, PUBLIC_KEY};
use xml::{Ids, Limits};

/// Where a SAML assertion is asked for as JSON.
pub const STI: &str = "/runtime/api/rest/wstrust/v1/issue";
/// Largest request, in bytes.
pub(crate) const BYTES_MAX: usize = 256 * 1024;
const ISSUE_MS: &str = "http://schemas.microsoft.com/idfx/requesttype/issue";
const ASYMMETRIC_MS: &str = "http://schemas.microsoft.com/idfx/keytype/asymmetric";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Anmodning {
    token_type: String,
    request_type: String,
    key_type: String,
    applies_to: AppliesTo,
    anvenderkontekst: Option<Anvenderkontekst>,
    use_key: String,
    on_behalf_of: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AppliesTo {
    endpoint_reference: EndpointReference,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EndpointReference {
    address: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Anvenderkontekst {
    cvr: String,
}

/// The reference of a request: the transaction its caller names, or a new one.
pub(crate) fn reference(app: &App, headers: &HeaderMap) -> Uuid {
    let sent = headers.get("transactionid").and_then(|v| v.to_str().ok());
    sent.filter(|s| !s.trim().is_empty()).map_or_else(|| app.new_uuid(), app::reference)
}

/// The registered certificate of the connection.
///
/// # Errors
/// [`StsFejl::UkendtCertifikat`].
pub(crate) async fn tls_kalder(
    app: &App,
    peer: Option<PeerCertificate>,
) -> Result<(Certifikat, Uuid), StsFejl> {
    let ukendt = |thumbprint: String| StsFejl::UkendtCertifikat { thumbprint };
    let peer = peer.ok_or_else(|| ukendt("intet klientcertifikat".into()))?;
    let (politik, kartotek) = (app.politik(), app.kartotek());
    let aftryk = || peer.0.iter().map(|b| format!("{b:02X}")).collect();
    politik.certifikat(&peer.0).ok_or_else(|| ukendt(aftryk()))?;
    let certifikat = kartotek.med_sha256(&peer.0).cloned().ok_or_else(|| StsFejl::Certifikat {
        thumbprint: aftryk(),
        grund: "det kan ikke læses; leverandøren skal registrere et andet".into(),
    })?;
    let nu = app.now();
    let system = kalder(&politik, &certifikat, nu)?.uuid;
    tillid(app, &certifikat, nu).await?;
    Ok((certifikat, system))
}

/// Answers one request.
pub(crate) async fn post(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<PeerCertificate>().copied();
    let reference = reference(&app, &parts.headers);
    let (mut system, mut cvr) = (None, None);
    let result = match to_bytes(body, BYTES_MAX).await {
        Ok(bytes) => svar(&app, peer, &bytes, reference, &mut system, &mut cvr).await,
        Err(_) => Err(StsFejl::Form(format!("anmodningen fylder over {BYTES_MAX} bytes"))),
    };
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err(fejl) => {
            log_afvist(&app, &fejl, system, cvr, reference).await;
            let status = match &fejl {
                StsFejl::UkendtCertifikat { .. } | StsFejl::Certifikat { .. } => StatusCode::UNAUTHORIZED,
                StsFejl::Intern(_) | StsFejl::Log => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            };
            let ud = fejl.ud();
            (status, json!({"code": ud.event.unwrap_or(103), "message": ud.text, "reference": reference}))
        }
    };
    (status, [(header::CACHE_CONTROL, "no-store")], axum_json(&body)).into_response()
}

/// JSON as a body with its content type.
pub(crate) fn axum_json(value: &Value) -> impl IntoResponse + use<> {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string())
}

async fn svar(
    app: &App,
    peer: Option<PeerCertificate>,
    bytes: &[u8],
    reference: Uuid,
    system: &mut Option<Uuid>,
    cvr: &mut Option<Cvr>,
) -> Result<Value, StsFejl> {
    let (certifikat, fundet) = tls_kalder(app, peer).await?;
    *system = Some(fundet);
    let anmodning: Anmodning =
        serde_json::from_slice(bytes).map_err(|fejl| StsFejl::Form(format!("JSON: {fejl}")))?;
    let is = |value: &str, allowed: &[&str], navn: &str| {
        allowed.contains(&value.trim()).then_some(()).ok_or_else(|| StsFejl::Ikke(navn.to_owned()))
    };
    is(&anmodning.token_type, &[wss::ns::SAML_V2], "TokenType")?;
    is(&anmodning.request_type, &[ISSUE, ISSUE_MS], "RequestType")?;
    is(&anmodning.key_type, &[PUBLIC_KEY, ASYMMETRIC_MS], "KeyType")?;
    let use_key =
        app.kartotek().laes_base64(&anmodning.use_key).map_err(|fejl| StsFejl::Form(fejl.to_string()))?;
    if use_key != certifikat {
        return Err(StsFejl::AndenNoegle);
    }
    let kontekst = anmodning.anvenderkontekst.as_ref().ok_or(StsFejl::Kontekst)?;
    let myndighed: Cvr = kontekst.cvr.trim().parse().map_err(|_| StsFejl::Kontekst)?;
    *cvr = Some(myndighed);
    let paa_vegne_af = match &anmodning.on_behalf_of {
        Some(text) if !text.trim().is_empty() => Some(paa_vegne_af(app, text)?),
        _ => None,
    };
    let applies_to = anmodning.applies_to.endpoint_reference.address.trim();
    let bestilling = Bestilling {
        kalder: &certifikat,
        use_key: None,
        applies_to,
        cvr: myndighed,
        paa_vegne_af,
        expires: None,
    };
    let udstedt = udsted(app, &bestilling, reference).await?;
    Ok(json!({
        "TokenType": wss::ns::SAML_V2,
        "RequestType": ISSUE,
        "KeyType": PUBLIC_KEY,
        "AppliesTo": {"EndpointReference": {"Address": applies_to}},
        "Lifetime": tid::skriv(udstedt.til),
        "RequestedSecurityToken": {"Assertion": STANDARD.encode(&udstedt.assertion)},
    }))
}

/// What stands in base64 in `OnBehalfOf`: a certificate, or an assertion.
fn paa_vegne_af(app: &App, text: &str) -> Result<PaaVegneAf, StsFejl> {
    let dense: String = text.split_whitespace().collect();
    let bytes = STANDARD.decode(dense).map_err(|_| StsFejl::PaaVegneAf("det er ikke base64".into()))?;
    if let Ok(certifikat) = Certifikat::af_der(&bytes) {
        return Ok(PaaVegneAf::Certifikat(certifikat));
    }
    Ok(PaaVegneAf::Token(Box::new(laes_assertion(app, &bytes, None)?)))
}

/// Verifies an assertion that came by itself.
///
/// # Errors
/// [`StsFejl::PaaVegneAf`].
pub(crate) fn laes_assertion(app: &App, bytes: &[u8], audiences: Option<&[&str]>) -> Result<Token, StsFejl> {
    let refused = |grund: String| StsFejl::PaaVegneAf(grund);
    let limits = Limits { size_bytes_max: BYTES_MAX, depth_max: 64, attributes_max: 64, namespaces_max: 64 };
    let document = xml::parse(bytes, &limits).map_err(|fejl| refused(fejl.to_string()))?;
    let ids = Ids::of(&document).map_err(|fejl| refused(fejl.to_string()))?;
    let noegler = noegler(app)?;
    let verificeret = noegler
        .sts_betroet
        .verificer(document.root_element(), &ids)
        .map_err(|fejl| refused(fejl.to_string()))?;
    let regler = Regler { audiences, skaevhed: Duration::ZERO };
    verificeret.laes(&regler, app.now()).map_err(|fejl| refused(fejl.to_string()))
}
