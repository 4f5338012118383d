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
use tokio::sync::{Semaphore, SemaphorePermit};

/// How long a provider may take for one answer.
const TAALMOD: Duration = Duration::from_secs(8);
/// The longest it takes to fetch how a provider is used: two answers.
const HENTNING: i64 = 2 * TAALMOD.as_micros() as i64;
/// Bytes of an answer.
const SVAR_MAX: usize = 256 * 1024;
/// How long what was fetched is used.
const GEMT: i64 = 3600 * 1_000_000;
/// How soon it may be fetched again because a key is unknown.
const IGEN: i64 = 60 * 1_000_000;

/// How long it is remembered that a provider failed: who keeps asking us does not make us keep asking it.
const FEJL_GEMT: i64 = 10 * 1_000_000;

/// How many may wait for a provider at a time; others are told at once. One that hangs holds so many calls, and no more.
const VENTER_MAX: usize = 64;

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
    koer: Mutex<HashMap<String, Arc<Koe>>>,
}

/// Those who wait for a provider.
struct Koe {
    pladser: Semaphore,
    /// Whose turn it is to fetch how it is used: the others wait for what comes of it.
    henter: tokio::sync::Mutex<()>,
}

impl Default for Koe {
    fn default() -> Self {
        Self { pladser: Semaphore::new(VENTER_MAX), henter: Default::default() }
    }
}

impl Koe {
    fn plads(&self) -> Result<SemaphorePermit<'_>, String> {
        self.pladser.try_acquire().map_err(|_| "for mange venter på udbyderen".to_owned())
    }
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
        Ok(Self { klient, kendt: Mutex::default(), fejlet: Mutex::default(), koer: Mutex::default() })
    }

    fn kendt(&self, id: &str) -> Option<Arc<Opslag>> {
        self.kendt.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn koe(&self, id: &str) -> Arc<Koe> {
        self.koer.lock().unwrap_or_else(PoisonError::into_inner).entry(id.to_owned()).or_default().clone()
    }

    /// What is known of a provider, fetched when it is old.
    pub(crate) async fn opslag(&self, udbyder: &Udbyder, nu: Instant) -> Result<Arc<Opslag>, String> {
        self.yngre(udbyder, nu, GEMT).await
    }

    /// The same, fetched again unless that was just done.
    pub(crate) async fn igen(&self, udbyder: &Udbyder, nu: Instant) -> Result<Arc<Opslag>, String> {
        self.yngre(udbyder, nu, IGEN).await
    }

    /// What is known of a provider, not older than so; fetched by one, whoever waits for it.
    async fn yngre(&self, udbyder: &Udbyder, nu: Instant, alder: i64) -> Result<Arc<Opslag>, String> {
        let kendt = || self.kendt(&udbyder.id).filter(|kendt| nu.micros() - kendt.hentet.micros() < alder);
        if let Some(kendt) = kendt() {
            return Ok(kendt);
        }
        let koe = self.koe(&udbyder.id);
        let _plads = koe.plads()?;
        let _tur = koe.henter.lock().await;
        if let Some(kendt) = kendt() {
            return Ok(kendt);
        }
        let fejlet = || self.fejlet.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((hvornaar, aarsag)) = fejlet().get(&udbyder.id)
            // It was noted with the time at which it began, and took as long as it may at most.
            && nu.micros() - hvornaar.micros() < FEJL_GEMT + HENTNING
        {
            return Err(aarsag.clone());
        }
        let hentet = self.hent(udbyder, nu).await;
        match &hentet {
            Ok(_) => fejlet().remove(&udbyder.id),
            Err(aarsag) => fejlet().insert(udbyder.id.clone(), (nu, aarsag.clone())),
        };
        hentet
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
        let koe = self.koe(&udbyder.id);
        let _plads = koe.plads()?;
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
    use super::{Oidc, VENTER_MAX, sikker};
    use crate::Udbyder;
    use bitemporal::Instant;
    use oio::Cvr;
    use reqwest::Client;
    use std::future::poll_fn;
    use std::sync::Arc;
    use std::task::Poll;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_provider_that_hangs_holds_so_many_and_no_more() {
        let lytter = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let udbyder = Udbyder {
            id: "korsbaek".into(),
            navn: "Korsbæk".into(),
            cvr: Cvr::KOMBIT,
            udsteder: format!("http://{}", lytter.local_addr().expect("an address")),
            klient_id: "fundament".into(),
            hemmelighed_fil: None,
            hemmelighed: None,
            identitet: "sub".into(),
            scope: "openid".into(),
        };
        let oidc = Arc::new(Oidc::ny(Client::builder()).expect("a client"));
        let nu = Instant::from_micros(1);
        let spoerg = || {
            let (oidc, udbyder) = (oidc.clone(), udbyder.clone());
            tokio::spawn(async move { oidc.opslag(&udbyder, nu).await.err() })
        };
        let venter: Vec<_> = (0..VENTER_MAX).map(|_| spoerg()).collect();
        // It is met, and says nothing.
        let (linje, _) = lytter.accept().await.expect("somebody");
        while oidc.koe(&udbyder.id).pladser.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let en_for_meget = spoerg().await.expect("no panic").expect("no place");
        assert_eq!(en_for_meget, "for mange venter på udbyderen", "told at once");
        let ingen = async || poll_fn(|cx| Poll::Ready(lytter.poll_accept(cx).is_pending())).await;
        assert!(ingen().await, "one asks for all");
        drop(linje);
        for en in venter {
            assert_eq!(en.await.expect("no panic").as_deref(), Some("kunne ikke nås"));
        }
        assert!(ingen().await, "and all have its answer");
        assert_eq!(oidc.koe(&udbyder.id).pladser.available_permits(), VENTER_MAX, "there is room again");
    }

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
