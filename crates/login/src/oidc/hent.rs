//! What is fetched from identity providers: how they are used, their keys, and tokens. Soon, not much, and from nowhere else
//! than they said.

use super::Udbyder;
use crate::totp::procent;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use identity::jwt::Udbydernoegler;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, ClientBuilder, RequestBuilder};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a provider may take for one answer.
const TAALMOD: Duration = Duration::from_secs(8);
/// Bytes of an answer.
const SVAR_MAX: usize = 256 * 1024;
/// How long what was fetched is used.
const GEMT: i64 = 3600 * 1_000_000;
/// How soon it may be fetched again because a key is unknown.
const IGEN: i64 = 60 * 1_000_000;

/// How long it is remembered that a provider failed: who keeps asking us does not make us keep asking it.
const FEJL_GEMT: i64 = 10 * 1_000_000;

/// What is known of a provider.
pub(crate) struct Opslag {
    pub autorisation: String,
    token: String,
    /// Whether our secret goes into the body, because the provider takes it nowhere else.
    i_kroppen: bool,
    pub noegler: Udbydernoegler,
    hentet: Instant,
}

#[derive(Deserialize)]
struct Dokument {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Tokensvar {
    id_token: String,
}

/// Asks providers.
pub(crate) struct Oidc {
    klient: Client,
    kendt: Mutex<HashMap<String, Arc<Opslag>>>,
    fejlet: Mutex<HashMap<String, (Instant, String)>>,
}

/// Whether an address may be used: with TLS, or on this machine.
pub(crate) fn sikker(adresse: &str) -> bool {
    let vaert = |rest: &str| rest.split([':', '/', '?']).next().unwrap_or_default().to_owned();
    match adresse.split_once("://") {
        Some(("https", rest)) => !vaert(rest).is_empty() && !adresse.contains(['#', ' ']),
        Some(("http", rest)) => matches!(vaert(rest).as_str(), "localhost" | "127.0.0.1"),
        _ => false,
    }
}

impl Oidc {
    /// No redirects and no proxy: the settings and the provider's document say where.
    pub(crate) fn ny(bygger: ClientBuilder) -> reqwest::Result<Self> {
        let bygger = bygger.redirect(reqwest::redirect::Policy::none()).no_proxy();
        let klient = bygger.connect_timeout(TAALMOD).timeout(TAALMOD).user_agent("fundament").build()?;
        Ok(Self { klient, kendt: Mutex::default(), fejlet: Mutex::default() })
    }

    fn kendt(&self, id: &str) -> Option<Arc<Opslag>> {
        self.kendt.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// What is known of a provider, fetched when it is old.
    pub(crate) async fn opslag(&self, udbyder: &Udbyder, nu: Instant) -> Result<Arc<Opslag>, String> {
        match self.kendt(&udbyder.id) {
            Some(kendt) if nu.micros() - kendt.hentet.micros() < GEMT => return Ok(kendt),
            _ => {}
        }
        let fejlet = || self.fejlet.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((hvornaar, aarsag)) = fejlet().get(&udbyder.id)
            && nu.micros() - hvornaar.micros() < FEJL_GEMT
        {
            return Err(aarsag.clone());
        }
        let hentet = self.hent(udbyder, nu).await;
        if let Err(aarsag) = &hentet {
            fejlet().insert(udbyder.id.clone(), (nu, aarsag.clone()));
        }
        hentet
    }

    /// The same, fetched again unless that was just done.
    pub(crate) async fn igen(&self, udbyder: &Udbyder, nu: Instant) -> Result<Arc<Opslag>, String> {
        match self.kendt(&udbyder.id) {
            Some(kendt) if nu.micros() - kendt.hentet.micros() < IGEN => Ok(kendt),
            _ => self.hent(udbyder, nu).await,
        }
    }

    async fn hent(&self, udbyder: &Udbyder, nu: Instant) -> Result<Arc<Opslag>, String> {
        let adresse = format!("{}/.well-known/openid-configuration", udbyder.udsteder.trim_end_matches('/'));
        let dokument = self.bytes(self.klient.get(adresse)).await?;
        let dokument: Dokument =
            serde_json::from_slice(&dokument).map_err(|_| "dokumentet om udbyderen kan ikke læses")?;
        if dokument.issuer != udbyder.udsteder {
            return Err("dokumentet er om en anden udsteder".to_owned());
        }
        let adresser = [&dokument.authorization_endpoint, &dokument.token_endpoint, &dokument.jwks_uri];
        if !adresser.iter().all(|adresse| sikker(adresse)) {
            return Err("dokumentet har en adresse uden https".to_owned());
        }
        let noegler = self.bytes(self.klient.get(&dokument.jwks_uri)).await?;
        let noegler = Udbydernoegler::laes(&noegler).ok_or("udbyderen har ingen nøgler, der kan bruges")?;
        let maader = dokument.token_endpoint_auth_methods_supported;
        let i_kroppen = maader.is_some_and(|m| {
            !m.iter().any(|m| m == "client_secret_basic") && m.iter().any(|m| m == "client_secret_post")
        });
        let opslag = Arc::new(Opslag {
            autorisation: dokument.authorization_endpoint,
            token: dokument.token_endpoint,
            i_kroppen,
            noegler,
            hentet: nu,
        });
        let mut kendt = self.kendt.lock().unwrap_or_else(PoisonError::into_inner);
        kendt.insert(udbyder.id.clone(), opslag.clone());
        Ok(opslag)
    }

    /// Gets the id token for a code.
    pub(crate) async fn token(
        &self,
        udbyder: &Udbyder,
        opslag: &Opslag,
        kode: &str,
        bevis: &str,
        svar_til: &str,
    ) -> Result<String, String> {
        let mut felter = vec![
            ("grant_type", "authorization_code"),
            ("code", kode),
            ("redirect_uri", svar_til),
            ("code_verifier", bevis),
        ];
        let mut kald = self.klient.post(&opslag.token);
        match &udbyder.hemmelighed {
            Some(hemmelig) if !opslag.i_kroppen => {
                let par = format!("{}:{}", procent(&udbyder.klient_id), procent(&hemmelig.0));
                kald = kald.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(par)));
            }
            hemmelig => {
                felter.push(("client_id", &udbyder.klient_id));
                felter.extend(hemmelig.as_ref().map(|h| ("client_secret", h.0.as_str())));
            }
        }
        let krop: Vec<_> =
            felter.iter().map(|(navn, vaerdi)| format!("{navn}={}", procent(vaerdi))).collect();
        let kald = kald.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(krop.join("&"));
        let svar: Tokensvar = serde_json::from_slice(&self.bytes(kald).await?)
            .map_err(|_| "svaret om tokenet kan ikke læses")?;
        Ok(svar.id_token)
    }

    async fn bytes(&self, kald: RequestBuilder) -> Result<Vec<u8>, String> {
        let fejl = |fejl: reqwest::Error| {
            let hvad = if fejl.is_timeout() { "svarede ikke i tide" } else { "kunne ikke nås" };
            tracing::info!(fejl = %fejl.without_url(), "en udbyder af login {hvad}");
            hvad.to_owned()
        };
        let mut svar = kald.header(ACCEPT, "application/json").send().await.map_err(fejl)?;
        if svar.status().as_u16() != 200 {
            return Err(format!("svarede {}", svar.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(del) = svar.chunk().await.map_err(fejl)? {
            if bytes.len() + del.len() > SVAR_MAX {
                return Err("svaret er for stort".to_owned());
            }
            bytes.extend_from_slice(&del);
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::sikker;

    #[test]
    fn addresses_have_tls_or_are_here() {
        for god in ["https://login.x.dk/a?b", "http://localhost:8080/a", "http://127.0.0.1:1"] {
            assert!(sikker(god), "{god}");
        }
        for daarlig in [
            "http://login.x.dk",
            "http://localhost.x.dk",
            "http://127.0.0.1.x.dk/",
            "ftp://x",
            "https://",
            "x",
            "https://x/#y",
        ] {
            assert!(!sikker(daarlig), "{daarlig}");
        }
    }
}
