//! One call to a receiver.

use std::time::{Duration, Instant};

/// How long a connection may take.
pub const FORBIND_MAX: Duration = Duration::from_secs(10);
/// How long an answer may take.
pub const SVAR_MAX: Duration = Duration::from_secs(30);

/// The client that calls receivers: it follows no redirects and waits for nobody longer than the specification says.
/// The binary adds its certificate and the issuers it trusts.
///
/// # Errors
/// When it cannot be made as configured.
pub fn klient(bygger: reqwest::ClientBuilder) -> reqwest::Result<reqwest::Client> {
    bygger
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(FORBIND_MAX)
        .timeout(SVAR_MAX)
        .no_proxy()
        .build()
}

/// What came back.
#[derive(Debug, Default)]
pub(super) struct Svar {
    /// The HTTP status; `None` when there was no answer.
    pub(super) http: Option<u16>,
    /// The StatusKode in the answer.
    pub(super) status: Option<u16>,
    /// What went wrong, for the log.
    pub(super) fejl: Option<String>,
    /// How long it took.
    pub(super) varighed: Duration,
}

/// What is sent beside the body.
pub(super) struct Kald<'k> {
    pub(super) adresse: &'k str,
    pub(super) besked_id: &'k str,
    pub(super) transaktion: &'k str,
    pub(super) forsoeg: u32,
    pub(super) svar_max: usize,
}

impl Kald<'_> {
    /// Makes the call.
    pub(super) async fn send(&self, klient: &reqwest::Client, krop: Vec<u8>) -> Svar {
        let fra = Instant::now();
        let svar = match tokio::time::timeout(FORBIND_MAX + SVAR_MAX, self.udfoer(klient, krop)).await {
            Ok(svar) => svar,
            Err(_) => Svar { fejl: Some("modtageren svarede ikke i tide".into()), ..Svar::default() },
        };
        Svar { varighed: fra.elapsed(), ..svar }
    }

    async fn udfoer(&self, klient: &reqwest::Client, krop: Vec<u8>) -> Svar {
        let kald = klient
            .post(self.adresse)
            .header("content-type", "application/xml; charset=UTF-8")
            .header("accept", "application/xml, text/xml")
            .header("x-besked-id", sikker(self.besked_id))
            .header("x-transaktions-id", sikker(self.transaktion))
            .header("x-leveranceforsoeg", self.forsoeg)
            .body(krop);
        let mut svar = match kald.send().await {
            Ok(svar) => svar,
            Err(fejl) => return Svar { fejl: Some(grund(&fejl)), ..Svar::default() },
        };
        let http = Some(svar.status().as_u16());
        let mut krop = Vec::new();
        loop {
            match svar.chunk().await {
                Ok(Some(del)) if krop.len() + del.len() <= self.svar_max => krop.extend_from_slice(&del),
                Ok(Some(_)) => {
                    return Svar { http, fejl: Some("svaret er for stort".into()), ..Svar::default() };
                }
                Ok(None) => break,
                Err(fejl) => return Svar { http, fejl: Some(grund(&fejl)), ..Svar::default() },
            }
        }
        Svar { http, status: besked::laes_kvittering(&krop), ..Svar::default() }
    }
}

/// Text that a header can hold.
fn sikker(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(255).collect()
}

/// Why a call failed, without the address: it may hold a secret.
fn grund(fejl: &reqwest::Error) -> String {
    match fejl {
        f if f.is_timeout() => "modtageren svarede ikke i tide".into(),
        f if f.is_connect() => "der kunne ikke skabes forbindelse".into(),
        f if f.is_builder() => "adressen kan ikke bruges".into(),
        _ => "forbindelsen blev afbrudt".into(),
    }
}
