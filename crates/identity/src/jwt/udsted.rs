//! Issuing.

use super::{JwtNoegle, NoegleFejl};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use oio::Cvr;
use serde::Serialize;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who issues it, as `https://<host>/runtime/`.
    pub iss: String,
    /// The identifier of the service it is for.
    pub aud: String,
    /// The id of the it-system that gets it; on behalf of another, of that other.
    pub sub: String,
    /// The `client_id` of the request.
    pub client_id: Option<String>,
    /// The authority it acts for.
    pub cvr: Cvr,
    /// Its privileges, as `bpp::skriv_base64` writes them.
    pub bpp: Option<String>,
    /// SHA-256 of the TLS client certificate it is bound to.
    pub certifikat: [u8; 32],
    /// When it is issued, and valid from; whole seconds.
    pub fra: Instant,
    /// When it expires; whole seconds.
    pub til: Instant,
    /// The id of the token.
    pub jti: String,
    /// The it-system that acts, when it acts on behalf of `sub`.
    pub act: Option<String>,
}

#[derive(Serialize)]
struct Skrevet<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    cvr: String,
    spec_ver: &'static str,
    #[serde(rename = "priv", skip_serializing_if = "Option::is_none")]
    bpp: Option<&'a str>,
    cnf: Cnf,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<Act<'a>>,
}

#[derive(Serialize)]
struct Cnf {
    #[serde(rename = "x5t#S256")]
    x5t: String,
}

#[derive(Serialize)]
struct Act<'a> {
    sub: &'a str,
}

/// Issues a token.
///
/// # Errors
/// If the key cannot sign.
pub fn udsted(noegle: &JwtNoegle, claims: &Claims) -> Result<String, NoegleFejl> {
    let sekunder = |i: Instant| i.micros().div_euclid(1_000_000);
    let skrevet = Skrevet {
        iss: &claims.iss,
        aud: &claims.aud,
        sub: &claims.sub,
        client_id: claims.client_id.as_deref(),
        cvr: claims.cvr.to_string(),
        spec_ver: "1.0",
        bpp: claims.bpp.as_deref(),
        cnf: Cnf { x5t: URL_SAFE_NO_PAD.encode(claims.certifikat) },
        iat: sekunder(claims.fra),
        nbf: sekunder(claims.fra),
        exp: sekunder(claims.til),
        jti: &claims.jti,
        act: claims.act.as_deref().map(|sub| Act { sub }),
    };
    let krop = serde_json::to_vec(&skrevet).expect("strings and numbers can be written as JSON");
    let mut ud = String::with_capacity(1024 + krop.len() * 4 / 3);
    ud.push_str(noegle.hoved());
    ud.push('.');
    URL_SAFE_NO_PAD.encode_string(krop, &mut ud);
    let signatur = noegle.signer(ud.as_bytes())?;
    ud.push('.');
    URL_SAFE_NO_PAD.encode_string(signatur, &mut ud);
    Ok(ud)
}
