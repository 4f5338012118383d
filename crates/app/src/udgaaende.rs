//! Calls to receivers outside: the one way in which messages are pushed and notices are posted to webhooks.
//!
//! Who is called follows no redirect, goes past no proxy, and is waited for no longer than the specification says; of the
//! answer no more is read than the caller asks for. An address that somebody else than whoever runs the installation has
//! written is an [`Adresse`], called by a client with the [`Vaern`]: it reaches no machine inside.

mod adresse;
mod vaern;

pub use adresse::{Adresse, Adressefejl};
pub use vaern::{Vaern, er_offentlig};

use reqwest::tls::TlsInfo;
use std::error::Error;
use std::time::{Duration, Instant};
use vaern::InternAdresse;

/// How long a connection may take.
pub const FORBIND_MAX: Duration = Duration::from_secs(10);
/// How long an answer may take.
pub const SVAR_MAX: Duration = Duration::from_secs(30);

/// A client that calls receivers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Udgaaende(reqwest::Client);

/// The client beneath: it follows no redirects and waits for nobody longer than the specification says. The binary adds its
/// certificate and the issuers it trusts.
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
#[derive(Debug, Clone, Default)]
pub struct Udesvar {
    /// The HTTP status; `None` when there was no answer.
    pub http: Option<u16>,
    /// The body, when it was asked for.
    pub krop: Vec<u8>,
    /// The certificate the receiver showed (DER), when the client was made with `tls_info`.
    pub certifikat: Option<Vec<u8>>,
    /// What went wrong, for the log: without the address, which may hold a secret.
    pub fejl: Option<String>,
    /// How long it took.
    pub varighed: Duration,
}

/// What is sent beside the body.
#[derive(Debug, Clone, Copy)]
pub struct Udekald<'k> {
    /// Where to.
    pub adresse: &'k str,
    /// The headers.
    pub hoveder: &'k [(&'static str, String)],
    /// Most bytes that are read of the answer; `None` when it is not read at all.
    pub svar_max: Option<usize>,
    /// How long it may take in all.
    pub hoejst: Duration,
}

impl Udgaaende {
    /// Calls addresses that parties have written: behind the guard, but for the names that may lead inside.
    ///
    /// # Errors
    /// When the client cannot be made as configured.
    pub fn bag_vaern(interne: &[String], bygger: reqwest::ClientBuilder) -> reqwest::Result<Self> {
        klient(bygger.dns_resolver(Vaern::ny(interne))).map(Self)
    }

    /// The same with nothing configured.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn standard() -> reqwest::Result<Self> {
        Self::bag_vaern(&[], reqwest::Client::builder())
    }

    /// Calls with this client, made by [`klient`].
    #[must_use]
    pub fn med(klient: reqwest::Client) -> Self {
        Self(klient)
    }

    /// Posts a body.
    pub async fn post(&self, kald: Udekald<'_>, krop: Vec<u8>) -> Udesvar {
        let fra = Instant::now();
        let svar = match tokio::time::timeout(kald.hoejst, self.udfoer(kald, krop)).await {
            Ok(svar) => svar,
            Err(_) => Udesvar { fejl: Some(FOR_SENT.into()), ..Udesvar::default() },
        };
        Udesvar { varighed: fra.elapsed(), ..svar }
    }

    async fn udfoer(&self, kald: Udekald<'_>, krop: Vec<u8>) -> Udesvar {
        let mut bygger = self.0.post(kald.adresse);
        for (navn, vaerdi) in kald.hoveder {
            bygger = bygger.header(*navn, vaerdi.as_str());
        }
        let mut svar = match bygger.body(krop).send().await {
            Ok(svar) => svar,
            Err(fejl) => return Udesvar { fejl: Some(grund(&fejl)), ..Udesvar::default() },
        };
        let http = Some(svar.status().as_u16());
        let vist = svar.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
        let foerst = Udesvar { http, certifikat: vist.map(<[u8]>::to_vec), ..Udesvar::default() };
        let Some(svar_max) = kald.svar_max else { return foerst };
        let mut krop = Vec::new();
        loop {
            let fejl = match svar.chunk().await {
                Ok(Some(del)) if krop.len() + del.len() <= svar_max => {
                    krop.extend_from_slice(&del);
                    continue;
                }
                Ok(Some(_)) => "svaret er for stort".into(),
                Ok(None) => return Udesvar { krop, ..foerst },
                Err(fejl) => grund(&fejl),
            };
            return Udesvar { fejl: Some(fejl), ..foerst };
        }
    }
}

/// Text that a header can hold.
#[must_use]
pub fn sikker(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(255).collect()
}

const FOR_SENT: &str = "modtageren svarede ikke i tide";

/// Why a call failed, without the address: it may hold a secret.
fn grund(fejl: &reqwest::Error) -> String {
    match fejl {
        f if er_intern(f) => vaern::INTERN.into(),
        f if f.is_timeout() => FOR_SENT.into(),
        f if f.is_connect() => "der kunne ikke skabes forbindelse".into(),
        f if f.is_builder() => "adressen kan ikke bruges".into(),
        _ => "forbindelsen blev afbrudt".into(),
    }
}

/// Whether the guard stopped it.
#[must_use]
pub fn er_intern(fejl: &reqwest::Error) -> bool {
    let mut naeste: Option<&(dyn Error + 'static)> = fejl.source();
    while let Some(led) = naeste {
        if led.is::<InternAdresse>() {
            return true;
        }
        naeste = led.source();
    }
    false
}
