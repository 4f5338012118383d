//! JWTs: OAuth 2.0 client credentials bound to the client certificate (RFC 8705), and the exchange of an assertion for one
//! (OIO-IDWS-REST).

use crate::afgoer::{Bestilling, PaaVegneAf, afgoer, noegler};
use crate::fejl::StsFejl;
use crate::rest::{BYTES_MAX, axum_json, laes_assertion, reference, tls_kalder};
use crate::udsted::{log_afvist, log_udstedt};
use app::{App, PeerCertificate};
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use identity::bpp::{Profil, skriv_base64};
use identity::jwt::{self, Claims};
use oio::Cvr;
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Where a JWT is asked for.
pub const STI: &str = "/runtime/api/rest/oauth/v1/issue";
/// Where an assertion is exchanged.
pub const BYT_STI: &str = "/token";
/// Life of an exchanged token, in seconds: less than an hour.
const BYT_SEKUNDER: i64 = 3_599;

/// Why a request for a JWT is refused, as OAuth 2.0 tells it.
enum OauthFejl {
    /// One of the errors of RFC 6749 with its description.
    Oauth(&'static str, String),
    /// A refusal of the STS.
    Sts(StsFejl),
}

impl From<StsFejl> for OauthFejl {
    fn from(fejl: StsFejl) -> Self {
        Self::Sts(fejl)
    }
}

impl OauthFejl {
    /// Status, error and description.
    fn ud(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::Oauth(error, text) => (StatusCode::BAD_REQUEST, error, text.clone()),
            Self::Sts(fejl) => {
                let (status, error) = match fejl {
                    StsFejl::UkendtCertifikat { .. } | StsFejl::Certifikat { .. } => {
                        (StatusCode::UNAUTHORIZED, "invalid_client")
                    }
                    StsFejl::UkendtService(_) | StsFejl::Kontekst => {
                        (StatusCode::BAD_REQUEST, "invalid_scope")
                    }
                    StsFejl::IngenAftale { .. } | StsFejl::PaaVegneAf(_) => {
                        (StatusCode::BAD_REQUEST, "unauthorized_client")
                    }
                    StsFejl::Intern(_) | StsFejl::Log => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
                    _ => (StatusCode::BAD_REQUEST, "invalid_request"),
                };
                (status, error, fejl.ud().text)
            }
        }
    }

    fn log(self) -> StsFejl {
        match self {
            Self::Oauth(error, text) => StsFejl::Form(format!("{error}: {text}")),
            Self::Sts(fejl) => fejl,
        }
    }
}

fn invalid(text: &str) -> OauthFejl {
    OauthFejl::Oauth("invalid_request", text.to_owned())
}

/// Answers a request for a JWT.
pub(crate) async fn post(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<PeerCertificate>().copied();
    let reference = reference(&app, &parts.headers);
    let (mut system, mut cvr) = (None, None);
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let result = match to_bytes(body, BYTES_MAX).await {
        Ok(bytes) => match parametre(&query, &parts.headers, &bytes) {
            Ok(parametre) => svar(&app, peer, &parametre, reference, &mut system, &mut cvr).await,
            Err(fejl) => Err(fejl),
        },
        Err(_) => Err(invalid("the request is too large")),
    };
    besvar(&app, result, system, cvr, reference).await
}

async fn besvar(
    app: &App,
    result: Result<(String, i64), OauthFejl>,
    system: Option<Uuid>,
    cvr: Option<Cvr>,
    reference: Uuid,
) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    match result {
        Ok((token, seconds)) => {
            let body = json!({"access_token": token, "token_type": "Holder-of-key", "expires_in": seconds});
            (StatusCode::OK, no_store, axum_json(&body)).into_response()
        }
        Err(fejl) => {
            let (status, error, text) = fejl.ud();
            log_afvist(app, &fejl.log(), system, cvr, reference).await;
            let body = json!({"error": error, "error_description": text, "reference": reference});
            let mut response = (status, no_store, axum_json(&body)).into_response();
            if status == StatusCode::UNAUTHORIZED {
                let value = header::HeaderValue::from_static("Bearer error=\"invalid_token\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            response
        }
    }
}

/// The parameters: in the address, as a form or as JSON. One that stands in two places must say the same in both.
fn parametre(query: &str, headers: &HeaderMap, body: &[u8]) -> Result<HashMap<String, String>, OauthFejl> {
    let form = |text: &[u8]| -> Result<Vec<(String, String)>, OauthFejl> {
        serde_urlencoded::from_bytes(text).map_err(|_| invalid("the parameters are malformed"))
    };
    let mut pairs = form(query.as_bytes())?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let trimmed = body.trim_ascii();
    if kind.starts_with("application/json") || trimmed.starts_with(b"{") {
        if !trimmed.is_empty() {
            let map: HashMap<String, String> =
                serde_json::from_slice(trimmed).map_err(|_| invalid("the JSON is malformed"))?;
            pairs.extend(map);
        }
    } else {
        pairs.extend(form(trimmed)?);
    }
    let mut out: HashMap<String, String> = HashMap::new();
    for (name, value) in pairs {
        if out.get(&name).is_some_and(|earlier| *earlier != value) {
            return Err(invalid("a parameter is given twice with different values"));
        }
        out.insert(name, value);
    }
    Ok(out)
}

/// What `scope` asks for: the service, the authority, and whom it is for.
#[derive(Debug, PartialEq, Eq)]
struct Scope {
    entityid: String,
    cvr: String,
    onbehalfof: Option<String>,
}

fn scope(text: &str) -> Result<Scope, OauthFejl> {
    let bad = |text: String| OauthFejl::Oauth("invalid_scope", text);
    let mut parts: HashMap<String, String> = HashMap::new();
    for part in text.split(',') {
        let (key, value) = part.split_once(':').ok_or_else(|| bad("a part of scope has no ':'".into()))?;
        let key = key.trim().to_ascii_lowercase();
        if !["entityid", "anvenderkontekst", "onbehalfof"].contains(&key.as_str()) {
            return Err(bad(format!("unknown part of scope: {}", key.chars().take(40).collect::<String>())));
        }
        if parts.insert(key, value.trim().to_owned()).is_some() {
            return Err(bad("a part of scope is given twice".into()));
        }
    }
    let mut take = |key: &str| parts.remove(key).filter(|v| !v.is_empty());
    match (take("entityid"), take("anvenderkontekst")) {
        (Some(entityid), Some(cvr)) => Ok(Scope { entityid, cvr, onbehalfof: take("onbehalfof") }),
        _ => Err(invalid("scope must hold entityid and anvenderkontekst")),
    }
}

async fn svar(
    app: &App,
    peer: Option<PeerCertificate>,
    parametre: &HashMap<String, String>,
    reference: Uuid,
    system: &mut Option<Uuid>,
    cvr: &mut Option<Cvr>,
) -> Result<(String, i64), OauthFejl> {
    let (certifikat, fundet) = tls_kalder(app, peer).await?;
    *system = Some(fundet);
    let given = |name: &str| parametre.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
    match given("grant_type") {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(OauthFejl::Oauth(
                "unsupported_grant_type",
                "grant_type must be client_credentials".into(),
            ));
        }
        None => return Err(invalid("grant_type is missing")),
    }
    let client_id = given("client_id").ok_or_else(|| invalid("client_id is missing"))?;
    let scope = scope(given("scope").ok_or_else(|| invalid("scope is missing"))?)?;
    let myndighed: Cvr = scope
        .cvr
        .parse()
        .map_err(|_| OauthFejl::Oauth("invalid_scope", "anvenderkontekst must be a CVR number".into()))?;
    *cvr = Some(myndighed);
    let paa_vegne_af = scope.onbehalfof.map(|thumbprint| repraesenteret(app, &thumbprint)).transpose()?;
    let bestilling = Bestilling {
        kalder: &certifikat,
        use_key: None,
        applies_to: &scope.entityid,
        cvr: myndighed,
        paa_vegne_af,
        expires: None,
    };
    let nu = app.now();
    let noegler = noegler(app)?;
    let tilladt = afgoer(&app.politik(), &bestilling, app.config().obo_any_audience, &noegler, nu)?;
    let seconds = i64::from(app.config().jwt_sekunder);
    let jti = app.new_uuid().to_string();
    let repraesenteret = tilladt.repraesenteret_id.clone();
    let claims = Claims {
        iss: noegler.iss.clone(),
        aud: scope.entityid.clone(),
        sub: repraesenteret.clone().unwrap_or_else(|| tilladt.system_id.clone()),
        client_id: Some(client_id.to_owned()),
        cvr: myndighed,
        bpp: Some(tilladt.bpp.clone()),
        certifikat: *certifikat.sha256(),
        fra: nu,
        til: Instant::from_micros(nu.micros() + seconds * 1_000_000),
        jti: jti.clone(),
        act: repraesenteret.map(|_| tilladt.system_id.clone()),
    };
    let token = jwt::udsted(&noegler.jwt, &claims).map_err(StsFejl::intern)?;
    log_udstedt(app, &tilladt, &bestilling, reference, &jti, nu).await?;
    Ok((token, seconds))
}

/// The system whose certificate has this SHA-1, for proxy OnBehalfOf.
fn repraesenteret(app: &App, thumbprint: &str) -> Result<PaaVegneAf, StsFejl> {
    let found = app.kartotek().med_aftryk(thumbprint).cloned();
    found
        .map(PaaVegneAf::Certifikat)
        .ok_or_else(|| StsFejl::PaaVegneAf("intet registreret certifikat har det aftryk".into()))
}

/// Exchanges an assertion for a JWT bound to the same certificate.
pub(crate) async fn byt(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<PeerCertificate>().copied();
    let reference = reference(&app, &parts.headers);
    let (mut system, mut cvr) = (None, None);
    let result = match to_bytes(body, BYTES_MAX * 2).await {
        Ok(bytes) => byt_svar(&app, peer, &bytes, reference, &mut system, &mut cvr).await,
        Err(_) => Err(invalid("the request is too large")),
    };
    let result = match result {
        // Whoever has no right to the assertion is not a caller at all.
        Err(OauthFejl::Sts(StsFejl::PaaVegneAf(grund))) => {
            Err(OauthFejl::Sts(StsFejl::Certifikat { thumbprint: "assertionens indehaver".into(), grund }))
        }
        other => other,
    };
    besvar(&app, result, system, cvr, reference).await
}

async fn byt_svar(
    app: &App,
    peer: Option<PeerCertificate>,
    bytes: &[u8],
    reference: Uuid,
    system: &mut Option<Uuid>,
    cvr: &mut Option<Cvr>,
) -> Result<(String, i64), OauthFejl> {
    let (certifikat, fundet) = tls_kalder(app, peer).await?;
    *system = Some(fundet);
    let form: HashMap<String, String> =
        serde_urlencoded::from_bytes(bytes).map_err(|_| invalid("the form is malformed"))?;
    let sent = form.get("saml-token").ok_or_else(|| invalid("saml-token is missing"))?;
    let dense: String = sent.split_whitespace().collect();
    let assertion = STANDARD.decode(dense).map_err(|_| invalid("saml-token is not base64"))?;
    let token = laes_assertion(app, &assertion, None)?;
    *cvr = Some(token.cvr);
    if token.indehaver != certifikat {
        return Err(StsFejl::PaaVegneAf(
            "assertionen er bundet til et andet certifikat end forbindelsens".into(),
        )
        .into());
    }
    let nu = app.now();
    let noegler = noegler(app)?;
    let til = (nu.micros() + BYT_SEKUNDER * 1_000_000).min(token.not_on_or_after.micros());
    let seconds = (til - nu.micros()) / 1_000_000;
    let aud = token.audiences.first().cloned().unwrap_or_default();
    let politik = app.politik();
    let service = politik.service_med(&aud).ok_or_else(|| StsFejl::UkendtService(aud.clone()))?;
    let kalder = politik.system(fundet).ok_or_else(|| StsFejl::intern("systemet er væk"))?;
    tracing::debug!(target: "sts", service = %service, system = %kalder.navn, "en assertion byttes");
    let jti = app.new_uuid().to_string();
    let claims = Claims {
        iss: noegler.iss.clone(),
        aud: aud.clone(),
        sub: kalder.id(),
        client_id: None,
        cvr: token.cvr,
        bpp: skriv_base64(&token.bpp.grupper, Profil::Itst),
        certifikat: *certifikat.sha256(),
        fra: nu,
        til: Instant::from_micros(til),
        jti: jti.clone(),
        act: None,
    };
    if token.obo_kalder.is_some() {
        return Err(StsFejl::PaaVegneAf("en assertion på vegne af en anden kan ikke byttes".into()).into());
    }
    let jwt = jwt::udsted(&noegler.jwt, &claims).map_err(StsFejl::intern)?;
    let bestilling = Bestilling {
        kalder: &certifikat,
        use_key: None,
        applies_to: &aud,
        cvr: token.cvr,
        paa_vegne_af: None,
        expires: None,
    };
    // The agreement must still hold: an assertion lives for hours.
    let tilladt = afgoer(&politik, &bestilling, false, &noegler, nu)?;
    log_udstedt(app, &tilladt, &bestilling, reference, &jti, nu).await?;
    Ok((jwt, seconds))
}

#[cfg(test)]
mod tests {
    use super::scope;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str, Option<&str>)>) {
        let told = scope(text).ok();
        let told = told.as_ref().map(|s| (s.entityid.as_str(), s.cvr.as_str(), s.onbehalfof.as_deref()));
        assert_eq!(told, expected, "{text}");
    }

    #[test]
    fn scopes() {
        check("entityid:http://a/b,anvenderkontekst:11223344", Some(("http://a/b", "11223344", None)));
        check(
            " EntityId: http://a:1/b , Anvenderkontekst: 11223344,onbehalfof:AB",
            Some(("http://a:1/b", "11223344", Some("AB"))),
        );
        check("entityid:x", None);
        check("entityid:x,anvenderkontekst:1,entityid:y", None);
        check("entityid:x,anvenderkontekst:1,other:y", None);
        check("entityid,anvenderkontekst:1", None);
        check("", None);
    }
}
