//! Verifying.

use super::Noeglering;
use super::json::objekt;
use crate::bpp::{self, BppFejl, Laest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use oio::Cvr;
use serde_json::{Map, Value};

/// Characters a token may have: a full privilege list, encoded twice, and some more.
pub const STOERRELSE_MAKS: usize = 128 * 1024;
/// Seconds by which clocks may differ.
pub(super) const SKAEVHED: i64 = 60;

/// Why a token is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwtFejl {
    /// Longer than [`STOERRELSE_MAKS`].
    #[error("tokenet er for stort")]
    Stoerrelse,
    /// Not three parts of base64url with JSON objects in the first two; or a name stands twice in one.
    #[error("tokenet har ikke formen af en JWT, eller et navn står to gange")]
    Form,
    /// The algorithm is not the issuer's.
    #[error("tokenets alg er ikke den, udstederen bruger")]
    Alg,
    /// The token is not of the type `JWT`.
    #[error("tokenets typ er ukendt")]
    Typ,
    /// A header that would have us fetch, trust or understand something.
    #[error("tokenets hoved har {0}, som ikke accepteres")]
    Hoved(&'static str),
    /// No key of the issuer has this `kid`.
    #[error("tokenets kid er ikke en af udstederens nøgler")]
    Kid,
    /// The signature is wrong.
    #[error("tokenets signatur er forkert")]
    Signatur,
    /// A claim is missing or of the wrong type.
    #[error("{0} mangler eller har forkert form")]
    Claim(&'static str),
    /// Another issuer.
    #[error("tokenet er fra en anden udsteder")]
    Iss,
    /// For another service.
    #[error("tokenet er til en anden service")]
    Aud,
    /// Not valid yet.
    #[error("tokenet gælder ikke endnu")]
    Nbf,
    /// Expired.
    #[error("tokenet er udløbet")]
    Exp,
    /// For another login than the one that was begun.
    #[error("tokenet hører til et andet login")]
    Nonce,
    /// Bound to another certificate than that of the connection.
    #[error("tokenet er bundet til et andet certifikat end forbindelsens")]
    Cnf,
    /// The privileges cannot be read.
    #[error("priv kan ikke læses: {0}")]
    Bpp(#[from] BppFejl),
}

/// What is demanded of tokens.
#[derive(Debug, Clone, Copy)]
pub struct Regler<'a> {
    /// The issuer, compared as it is.
    pub iss: &'a str,
    /// The issuer's keys and algorithm.
    pub noegler: &'a Noeglering,
    /// The identifiers of the service; the token must be for one of them.
    pub aud: &'a [&'a str],
    /// Whether a token without `aud` is refused. Old tokens may lack it.
    pub kraev_aud: bool,
}

/// What a verified token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The it-system, if it is said.
    pub sub: Option<String>,
    /// The `client_id`, if it is said.
    pub client_id: Option<String>,
    /// The it-system that acts on behalf of `sub`, if it is said.
    pub act: Option<String>,
    /// The one of the accepted identifiers it is for; `None` when it does not say.
    pub aud: Option<String>,
    /// The authority it acts for.
    pub cvr: Cvr,
    /// Its privileges.
    pub bpp: Laest,
    /// When it expires.
    pub exp: Instant,
    /// The id of the token, if it has one.
    pub jti: Option<String>,
}

/// Verifies a token that came over a connection with the client certificate of this SHA-256.
///
/// # Errors
/// The first reason to refuse it.
pub fn verificer(
    token: &str,
    regler: &Regler<'_>,
    tls_certifikat: &[u8; 32],
    nu: Instant,
) -> Result<Token, JwtFejl> {
    if token.len() > STOERRELSE_MAKS {
        return Err(JwtFejl::Stoerrelse);
    }
    let (underskrevet, signatur) = token.rsplit_once('.').ok_or(JwtFejl::Form)?;
    let (hoved, krop) = underskrevet.split_once('.').ok_or(JwtFejl::Form)?;
    let afkod = |del: &str| URL_SAFE_NO_PAD.decode(del).map_err(|_| JwtFejl::Form);
    let hoved = objekt(&afkod(hoved)?).ok_or(JwtFejl::Form)?;
    let signatur = afkod(signatur)?;
    let noegle = regler.noegler.find(kid(&hoved, regler)?).ok_or(JwtFejl::Kid)?;
    noegle.verify_sig(underskrevet.as_bytes(), &signatur).map_err(|_| JwtFejl::Signatur)?;
    let claims = objekt(&afkod(krop)?).ok_or(JwtFejl::Form)?;
    if tekst(&claims, "iss")? != Some(regler.iss) {
        return Err(JwtFejl::Iss);
    }
    let aud = aud(&claims, regler)?;
    let exp = tider(&claims, nu)?;
    cnf(&claims, tls_certifikat)?;
    let cvr = tekst(&claims, "cvr")?.and_then(|c| c.parse().ok()).ok_or(JwtFejl::Claim("cvr"))?;
    let bpp = tekst(&claims, "priv")?.map_or(Ok(Laest::default()), bpp::laes)?;
    let act = match claims.get("act") {
        None => None,
        Some(Value::Object(act)) => Some(tekst(act, "sub")?.ok_or(JwtFejl::Claim("act"))?),
        Some(_) => return Err(JwtFejl::Claim("act")),
    };
    Ok(Token {
        sub: tekst(&claims, "sub")?.map(str::to_owned),
        client_id: tekst(&claims, "client_id")?.map(str::to_owned),
        act: act.map(str::to_owned),
        aud: aud.map(str::to_owned),
        cvr,
        bpp,
        exp: Instant::from_micros(exp.saturating_mul(1_000_000)),
        jti: tekst(&claims, "jti")?.map(str::to_owned),
    })
}

/// Checks that a header would not have us fetch, trust or understand something.
pub(super) fn kontroller_hoved(hoved: &Map<String, Value>) -> Result<(), JwtFejl> {
    for navn in ["crit", "jku", "x5u", "jwk", "zip", "b64"] {
        if hoved.contains_key(navn) {
            return Err(JwtFejl::Hoved(navn));
        }
    }
    match hoved.get("typ").map(Value::as_str) {
        None => Ok(()),
        Some(Some(typ)) if typ.eq_ignore_ascii_case("JWT") || typ.eq_ignore_ascii_case("at+jwt") => Ok(()),
        Some(_) => Err(JwtFejl::Typ),
    }
}

/// Checks the header, and gives the name of the key.
fn kid<'h>(hoved: &'h Map<String, Value>, regler: &Regler<'_>) -> Result<&'h str, JwtFejl> {
    kontroller_hoved(hoved)?;
    if hoved.get("alg").and_then(Value::as_str) != Some(regler.noegler.alg().navn()) {
        return Err(JwtFejl::Alg);
    }
    hoved.get("kid").and_then(Value::as_str).ok_or(JwtFejl::Kid)
}

pub(super) fn tekst<'c>(
    claims: &'c Map<String, Value>,
    navn: &'static str,
) -> Result<Option<&'c str>, JwtFejl> {
    match claims.get(navn) {
        None => Ok(None),
        Some(Value::String(tekst)) => Ok(Some(tekst)),
        Some(_) => Err(JwtFejl::Claim(navn)),
    }
}

/// Checks whom the token is for, and gives the identifier of ours that it names.
fn aud<'c>(claims: &'c Map<String, Value>, regler: &Regler<'_>) -> Result<Option<&'c str>, JwtFejl> {
    let vores = |aud: &'c Value| aud.as_str().filter(|a| regler.aud.contains(a));
    match claims.get("aud") {
        None if regler.kraev_aud => Err(JwtFejl::Aud),
        None => Ok(None),
        Some(Value::Array(flere)) => flere.iter().find_map(vores).map(Some).ok_or(JwtFejl::Aud),
        Some(en) => vores(en).map(Some).ok_or(JwtFejl::Aud),
    }
}

/// Checks the times, in whole seconds, and gives the last.
pub(super) fn tider(claims: &Map<String, Value>, nu: Instant) -> Result<i64, JwtFejl> {
    let nu = nu.micros().div_euclid(1_000_000);
    let exp = claims.get("exp").and_then(Value::as_i64).ok_or(JwtFejl::Claim("exp"))?;
    if nu >= exp.saturating_add(SKAEVHED) {
        return Err(JwtFejl::Exp);
    }
    if let Some(nbf) = claims.get("nbf") {
        let nbf = nbf.as_i64().ok_or(JwtFejl::Claim("nbf"))?;
        if nu < nbf.saturating_sub(SKAEVHED) {
            return Err(JwtFejl::Nbf);
        }
    }
    Ok(exp)
}

/// Checks that the token is bound to the certificate of the connection (RFC 8705).
fn cnf(claims: &Map<String, Value>, tls_certifikat: &[u8; 32]) -> Result<(), JwtFejl> {
    let cnf = claims.get("cnf").and_then(Value::as_object).ok_or(JwtFejl::Claim("cnf"))?;
    let bundet = tekst(cnf, "x5t#S256")?.ok_or(JwtFejl::Claim("cnf"))?;
    let bundet = URL_SAFE_NO_PAD.decode(bundet).map_err(|_| JwtFejl::Claim("cnf"))?;
    if bundet == tls_certifikat { Ok(()) } else { Err(JwtFejl::Cnf) }
}
