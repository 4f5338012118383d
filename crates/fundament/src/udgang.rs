//! Calling addresses that people wrote: with the client that pushes messages, over HTTPS alone, and on the internet alone, so
//! that nobody can have the server look around in the network it stands in.

#[cfg(test)]
mod tests;

use anyhow::{Context, Result};
use app::{
    Callbackproeve, Callbackproevet, Udgang, Udgangsfejl, Udgangssvar, Vaern, er_intern, er_offentlig,
    udgaaende_klient,
};
use beskedfordeler::Fordeler;
use reqwest::{Certificate, Client, Url};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How long what is fetched may take, all in all.
const TAALMOD: Duration = Duration::from_secs(10);
/// Fetches at a time.
const SAMTIDIGE: usize = 4;
/// The longest address.
const ADRESSE_MAX: usize = 2_000;

/// Calls them.
pub struct Internet {
    klient: Client,
    interne: Arc<[String]>,
    pladser: Semaphore,
    /// Who pushes messages, and the client it is tried with.
    push: Option<(Fordeler, Client)>,
}

impl Internet {
    /// On the internet, and to these hosts wherever they are. Issuers are those of the system, and that of the data folder when
    /// the installation made its own.
    pub fn ny(interne: &[String], data: &Path) -> Result<Self> {
        let mut bygger = Client::builder().user_agent("fundament");
        let udvikling = data.join("pki").join("ca.pem");
        if udvikling.exists() {
            let pem = std::fs::read(&udvikling).with_context(|| format!("{}", udvikling.display()))?;
            bygger = bygger.tls_certs_merge(Certificate::from_pem_bundle(&pem)?);
        }
        Self::med(bygger, interne)
    }

    fn med(bygger: reqwest::ClientBuilder, interne: &[String]) -> Result<Self> {
        let interne: Arc<[String]> = interne.iter().map(|v| v.to_ascii_lowercase()).collect();
        let klient = udgaaende_klient(bygger.https_only(true).dns_resolver(Vaern::ny(&interne)));
        let klient = klient.context("klienten til adresser på internettet kan ikke laves")?;
        Ok(Self { klient, interne, pladser: Semaphore::new(SAMTIDIGE), push: None })
    }

    /// The same, which can also try the receivers of push, as messages are pushed to them.
    pub fn med_push(self, fordeler: Fordeler, klient: Client) -> Self {
        Self { push: Some((fordeler, klient)), ..self }
    }

    /// An address that may be called. A name is looked at once more when it is looked up.
    fn adresse(&self, tekst: &str) -> Result<Url, Udgangsfejl> {
        let tekst = tekst.trim();
        let url = Url::parse(tekst).ok().filter(|_| tekst.len() <= ADRESSE_MAX);
        let url = url.filter(|u| u.scheme() == "https" && u.username().is_empty() && u.password().is_none());
        let url = url.ok_or(Udgangsfejl::Adresse)?;
        let vaert = url.host_str().ok_or(Udgangsfejl::Adresse)?;
        // The parser has made every way to write an address one: 127.1 and 0x7f000001 as well.
        let ip = vaert.trim_matches(['[', ']']).parse().ok();
        if ip.is_some_and(|ip| !er_offentlig(ip)) && !self.interne.iter().any(|i| i == vaert) {
            return Err(Udgangsfejl::Intern);
        }
        Ok(url)
    }

    async fn fra(&self, tekst: &str, max: usize) -> Result<Vec<u8>, Udgangsfejl> {
        let url = self.adresse(tekst)?;
        let _plads = self.pladser.try_acquire().map_err(|_| Udgangsfejl::Optaget)?;
        let kald = self.klient.get(url).timeout(TAALMOD);
        let mut svar = kald.send().await.map_err(|f| grund(&f))?;
        match svar.status().as_u16() {
            200 => {}
            300..=399 => return Err(Udgangsfejl::Viderestilling),
            andet => return Err(Udgangsfejl::Svar(andet)),
        }
        let mut bytes = Vec::new();
        while let Some(del) = svar.chunk().await.map_err(|f| grund(&f))? {
            if bytes.len() + del.len() > max {
                return Err(Udgangsfejl::Stoerrelse(max));
            }
            bytes.extend_from_slice(&del);
        }
        Ok(bytes)
    }
}

impl Internet {
    async fn callback(&self, dueslag: Uuid) -> Result<Callbackproeve, Udgangsfejl> {
        let (fordeler, klient) = self.push.as_ref().ok_or(Udgangsfejl::Ingen)?;
        let _plads = self.pladser.try_acquire().map_err(|_| Udgangsfejl::Optaget)?;
        // Whoever asks has looked the dueslag up; it can only have been changed this moment.
        let svar = fordeler.proev_callback(klient, dueslag).await.map_err(|_| Udgangsfejl::Ingen)?;
        Ok(Callbackproeve {
            ok: svar.dom.ok(),
            tekst: svar.dom.to_string(),
            http: svar.http,
            millisekunder: u64::try_from(svar.varighed.as_millis()).unwrap_or(u64::MAX),
            certifikat_udloeber: svar.certifikat_udloeber,
        })
    }
}

impl Udgang for Internet {
    fn hent<'a>(&'a self, adresse: &'a str, max: usize) -> Udgangssvar<'a> {
        Box::pin(self.fra(adresse, max))
    }

    fn proev_callback(&self, dueslag: Uuid) -> Callbackproevet<'_> {
        Box::pin(self.callback(dueslag))
    }
}

/// Why a call failed.
fn grund(fejl: &reqwest::Error) -> Udgangsfejl {
    let mut led: Option<&dyn Error> = Some(fejl);
    let mut navn = false;
    while let Some(fejl) = led {
        navn |= fejl.to_string().contains("dns error");
        led = fejl.source();
    }
    match fejl {
        f if er_intern(f) => Udgangsfejl::Intern,
        f if f.is_timeout() => Udgangsfejl::Tid,
        _ if navn => Udgangsfejl::Navn,
        _ => Udgangsfejl::Forbindelse,
    }
}
