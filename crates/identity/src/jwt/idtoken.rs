//! The id token of somebody else's identity provider (OpenID Connect Core 1.0), and the keys it publishes.
//!
//! The algorithms are ours to choose, never the token's: a key is bound to one when it is read.

use super::JwtFejl;
use super::json::objekt;
use super::verificer::{SKAEVHED, STOERRELSE_MAKS, kontroller_hoved, tekst, tider};
use crate::offentlig::{Ecform, Rsaform, p256, rsa};
use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bitemporal::Instant;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;

/// Most keys that are read of one provider.
const NOEGLER_MAKS: usize = 50;

/// Algorithms an id token may be signed with.
const ALGORITMER: [&str; 3] = ["RS256", "PS256", "ES256"];

/// The published keys of an identity provider.
#[derive(Clone)]
pub struct Udbydernoegler(Vec<Noegle>);

#[derive(Clone)]
struct Noegle {
    kid: Option<String>,
    alg: &'static str,
    noegle: Arc<ParsedPublicKey>,
}

impl fmt::Debug for Udbydernoegler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|n| (&n.kid, n.alg))).finish()
    }
}

impl Udbydernoegler {
    /// The keys of a JWKS that signatures are verified with; others are left out. `None` when it is not one, or has none.
    #[must_use]
    pub fn laes(jwks: &[u8]) -> Option<Self> {
        let jwks = objekt(jwks)?;
        let noegler = jwks.get("keys")?.as_array()?.iter().take(NOEGLER_MAKS).flat_map(noegler);
        let noegler: Vec<_> = noegler.collect();
        (!noegler.is_empty()).then_some(Self(noegler))
    }

    /// The key of a token: by its name, or the only one of its algorithm.
    fn find(&self, kid: Option<&str>, alg: &str) -> Option<&Noegle> {
        let mut alle = self.0.iter().filter(|n| n.alg == alg && (kid.is_none() || n.kid.as_deref() == kid));
        let en = alle.next()?;
        alle.next().is_none().then_some(en)
    }
}

/// The keys of one entry: an RSA key may be of two algorithms.
fn noegler(jwk: &Value) -> Vec<Noegle> {
    let felt = |navn: &str| jwk.get(navn).and_then(Value::as_str);
    let bytes = |navn: &str| felt(navn).and_then(|t| URL_SAFE_NO_PAD.decode(t).ok()).unwrap_or_default();
    if felt("use").is_some_and(|brug| brug != "sig") {
        return Vec::new();
    }
    let mulige = match felt("kty") {
        Some("RSA") => {
            let (n, e) = (bytes("n"), bytes("e"));
            vec![("RS256", rsa(&n, &e, Rsaform::Pkcs1)), ("PS256", rsa(&n, &e, Rsaform::Pss))]
        }
        Some("EC") if felt("crv") == Some("P-256") => {
            vec![("ES256", p256(&bytes("x"), &bytes("y"), Ecform::Fast))]
        }
        _ => Vec::new(),
    };
    let kid = felt("kid").map(str::to_owned);
    let passende = mulige.into_iter().filter(|(alg, _)| felt("alg").is_none_or(|sagt| sagt == *alg));
    passende
        .filter_map(|(alg, noegle)| Some(Noegle { kid: kid.clone(), alg, noegle: Arc::new(noegle?) }))
        .collect()
}

/// What is demanded of an id token.
#[derive(Debug, Clone, Copy)]
pub struct Idkrav<'k> {
    /// The provider, compared as it is.
    pub udsteder: &'k str,
    /// Its keys.
    pub noegler: &'k Udbydernoegler,
    /// Who we are there.
    pub klient_id: &'k str,
    /// What we sent along.
    pub nonce: &'k str,
    /// When the user must have shown who he is, at the earliest; when that was asked for.
    pub vist_efter: Option<Instant>,
}

/// Verifies an id token, and gives its claims.
///
/// # Errors
/// The first reason to refuse it. [`JwtFejl::Kid`] may mean that the keys are new.
pub fn verificer_idtoken(token: &str, krav: &Idkrav<'_>, nu: Instant) -> Result<Map<String, Value>, JwtFejl> {
    if token.len() > STOERRELSE_MAKS {
        return Err(JwtFejl::Stoerrelse);
    }
    let (underskrevet, signatur) = token.rsplit_once('.').ok_or(JwtFejl::Form)?;
    let (hoved, krop) = underskrevet.split_once('.').ok_or(JwtFejl::Form)?;
    let afkod = |del: &str| URL_SAFE_NO_PAD.decode(del).map_err(|_| JwtFejl::Form);
    let hoved = objekt(&afkod(hoved)?).ok_or(JwtFejl::Form)?;
    let signatur = afkod(signatur)?;
    kontroller_hoved(&hoved)?;
    let alg = tekst(&hoved, "alg").ok().flatten().filter(|alg| ALGORITMER.contains(alg));
    let kid = tekst(&hoved, "kid").map_err(|_| JwtFejl::Kid)?;
    let noegle = krav.noegler.find(kid, alg.ok_or(JwtFejl::Alg)?).ok_or(JwtFejl::Kid)?;
    noegle.noegle.verify_sig(underskrevet.as_bytes(), &signatur).map_err(|_| JwtFejl::Signatur)?;
    let claims = objekt(&afkod(krop)?).ok_or(JwtFejl::Form)?;
    if tekst(&claims, "iss")? != Some(krav.udsteder) {
        return Err(JwtFejl::Iss);
    }
    aud(&claims, krav.klient_id)?;
    tider(&claims, nu)?;
    let sekunder = |i: Instant| i.micros().div_euclid(1_000_000);
    let iat = claims.get("iat").and_then(Value::as_i64).ok_or(JwtFejl::Claim("iat"))?;
    if iat > sekunder(nu).saturating_add(SKAEVHED) {
        return Err(JwtFejl::Nbf);
    }
    if tekst(&claims, "nonce")? != Some(krav.nonce) {
        return Err(JwtFejl::Nonce);
    }
    if let Some(efter) = krav.vist_efter {
        let vist = claims.get("auth_time").and_then(Value::as_i64).ok_or(JwtFejl::Claim("auth_time"))?;
        if vist < sekunder(efter).saturating_sub(SKAEVHED) {
            return Err(JwtFejl::Claim("auth_time"));
        }
    }
    Ok(claims)
}

/// Whether the token is for us: alone, or among others and asked for by us.
fn aud(claims: &Map<String, Value>, klient_id: &str) -> Result<(), JwtFejl> {
    let azp = tekst(claims, "azp")?;
    let (vores, flere) = match claims.get("aud") {
        Some(Value::String(en)) => (en == klient_id, false),
        Some(Value::Array(alle)) => (alle.iter().any(|a| a == klient_id), alle.len() > 1),
        _ => return Err(JwtFejl::Claim("aud")),
    };
    let spurgt = azp.map_or(!flere, |azp| azp == klient_id);
    if vores && spurgt { Ok(()) } else { Err(JwtFejl::Aud) }
}
