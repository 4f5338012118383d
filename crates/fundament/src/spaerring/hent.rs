//! Bytes from responders: soon, not many, and from nowhere else than asked.

use anyhow::{Context, Result};
use identity::spaerring::{crl, ocsp};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use std::time::Duration;

/// How long a responder may take, all in all.
const PATIENCE: Duration = Duration::from_secs(3);
/// A list may be long.
const PATIENCE_LIST: Duration = Duration::from_secs(10);

/// Fetches over HTTP.
pub struct Henter(Client);

impl Henter {
    /// No redirects and no proxy: the certificate says where.
    pub fn ny() -> Result<Self> {
        let builder = Client::builder().redirect(Policy::none()).no_proxy();
        let client = builder.connect_timeout(PATIENCE).user_agent("fundament").build();
        Ok(Self(client.context("HTTP-klienten kan ikke startes")?))
    }

    /// Asks a responder; `None` when it does not answer.
    pub async fn ocsp(&self, adresse: &str, spoergsmaal: &[u8]) -> Option<Vec<u8>> {
        let request = self.0.post(adresse).header(CONTENT_TYPE, "application/ocsp-request");
        let request = request.body(spoergsmaal.to_vec()).timeout(PATIENCE);
        hent(adresse, request, ocsp::STOERRELSE_MAKS).await
    }

    /// Fetches a list; `None` when it cannot be had.
    pub async fn crl(&self, adresse: &str) -> Option<Vec<u8>> {
        hent(adresse, self.0.get(adresse).timeout(PATIENCE_LIST), crl::STOERRELSE_MAKS).await
    }
}

async fn hent(adresse: &str, request: RequestBuilder, max: usize) -> Option<Vec<u8>> {
    let mut response = match request.send().await {
        Ok(response) if response.status().as_u16() == 200 => response,
        Ok(response) => {
            tracing::warn!(adresse, status = response.status().as_u16(), "spærring kunne ikke hentes");
            return None;
        }
        Err(fejl) => {
            tracing::warn!(adresse, fejl = %fejl.without_url(), "spærring kunne ikke hentes");
            return None;
        }
    };
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= max => bytes.extend_from_slice(&chunk),
            Ok(Some(_)) => {
                tracing::warn!(adresse, max, "svaret fylder for meget");
                return None;
            }
            Ok(None) => return Some(bytes),
            Err(fejl) => {
                tracing::warn!(adresse, fejl = %fejl.without_url(), "svaret blev afbrudt");
                return None;
            }
        }
    }
}
