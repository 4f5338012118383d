//! A connection to the server, and what becomes of a letter on it.

use crate::brev::{Afsender, Brev};
use crate::smtp::{Smtp, Tls};
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Udfald {
    /// The server has it.
    Sendt,
    /// Not now; it may be there already when the connection broke at the end.
    Senere(String),
    /// Not ever.
    Aldrig(String),
    /// The server takes nothing from us: nothing is wrong with the letter.
    Server(String),
    /// The connection was gone before the letter was begun: the server cannot have it, and may take it on another.
    Brudt(String),
}

/// A connection on which letters are sent, one after another.
pub struct Forbindelse {
    linje: AsyncSmtpConnection,
    svartid: Duration,
    brudt: bool,
}

/// Where in a letter something went wrong.
enum Sted {
    Afsender,
    Modtager,
}

impl Smtp {
    /// Meets the server, with TLS and login as the address says.
    ///
    /// # Errors
    /// Why not, in words for who runs the installation.
    pub async fn forbind(&self) -> Result<Forbindelse, String> {
        let tls = || TlsParameters::new(self.vaert.clone()).map_err(|fejl| format!("TLS: {fejl}"));
        let hilsen = ClientId::default();
        let fra_start = if self.tls == Tls::Straks { Some(tls()?) } else { None };
        let sted = (self.vaert.as_str(), self.port);
        let aabn = AsyncSmtpConnection::connect_tokio1(sted, Some(self.svartid), &hilsen, fra_start, None);
        let mut linje = i_tide(self.svartid, aabn).await.map_err(|fejl| fejl.tekst)?;
        if self.tls == Tls::Starttls {
            if !linje.can_starttls() {
                return Err("serveren tilbyder ikke STARTTLS, så intet sendes".into());
            }
            i_tide(self.svartid, linje.starttls(tls()?, &hilsen)).await.map_err(|fejl| fejl.tekst)?;
        }
        if let Some((navn, kode)) = &self.login {
            let login = Credentials::new(navn.clone(), kode.clone());
            let ind = linje.auth(&[Mechanism::Plain, Mechanism::Login], &login);
            i_tide(self.svartid, ind).await.map_err(|fejl| format!("login: {}", fejl.tekst))?;
        }
        Ok(Forbindelse { linje, svartid: self.svartid, brudt: false })
    }
}

/// What went wrong with a step.
struct Fejl {
    /// In words.
    tekst: String,
    /// The first digit and the rest of the answer, when the server gave one.
    kode: Option<u16>,
}

impl From<Error> for Fejl {
    fn from(fejl: Error) -> Self {
        let kode = fejl.status().map(u16::from);
        Self { tekst: fejl.to_string(), kode }
    }
}

async fn i_tide<T>(svartid: Duration, skridt: impl Future<Output = Result<T, Error>>) -> Result<T, Fejl> {
    match timeout(svartid, skridt).await {
        Ok(svar) => svar.map_err(Fejl::from),
        Err(_) => Err(Fejl {
            tekst: format!("serveren svarede ikke inden for {} s", svartid.as_secs_f32()),
            kode: None,
        }),
    }
}

impl Forbindelse {
    /// Whether nothing more can be sent on it.
    #[must_use]
    pub fn er_brudt(&self) -> bool {
        self.brudt
    }

    /// Sends a letter.
    pub async fn send(&mut self, fra: &Afsender, brev: &Brev) -> Udfald {
        let (kuvert, bytes) = match brev.besked(fra) {
            Ok(besked) => besked,
            Err(hvorfor) => return Udfald::Aldrig(hvorfor),
        };
        if har_andre_tegn(&kuvert) && !self.linje.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Udfald::Aldrig("adressen har andre tegn end ASCII, og serveren tager dem ikke".into());
        }
        match self.overbring(&kuvert, &bytes).await {
            Ok(()) => Udfald::Sendt,
            Err((sted, fejl)) => {
                let udfald = bedoem(&sted, &fejl);
                // What the server has answered can be followed by another letter; nothing else can.
                self.brudt = fejl.kode.is_none_or(|kode| kode == 421) || !self.forfra().await;
                udfald
            }
        }
    }

    async fn overbring(&mut self, kuvert: &Envelope, bytes: &[u8]) -> Result<(), (Sted, Fejl)> {
        let saerlig = har_andre_tegn(kuvert).then_some(MailParameter::SmtpUtfEight);
        let fra = Mail::new(kuvert.from().cloned(), saerlig.into_iter().collect());
        let svartid = self.svartid;
        i_tide(svartid, self.linje.command(fra)).await.map_err(|f| (Sted::Afsender, f))?;
        for til in kuvert.to() {
            let til = Rcpt::new(til.clone(), Vec::new());
            i_tide(svartid, self.linje.command(til)).await.map_err(|f| (Sted::Modtager, f))?;
        }
        i_tide(svartid, self.linje.command(Data)).await.map_err(|f| (Sted::Modtager, f))?;
        i_tide(svartid, self.linje.message(bytes)).await.map_err(|f| (Sted::Modtager, f))?;
        Ok(())
    }

    /// Forgets what was begun.
    async fn forfra(&mut self) -> bool {
        i_tide(self.svartid, self.linje.command(Rset)).await.is_ok()
    }

    /// Says goodbye.
    pub async fn slut(mut self) {
        if !self.brudt {
            let _ = timeout(Duration::from_secs(2), self.linje.quit()).await;
        }
    }
}

/// Whether an address has more than ASCII in it.
fn har_andre_tegn(kuvert: &Envelope) -> bool {
    kuvert.to().iter().chain(kuvert.from()).any(|adresse| !AsRef::<str>::as_ref(adresse).is_ascii())
}

/// What a failure means for the letter.
fn bedoem(sted: &Sted, fejl: &Fejl) -> Udfald {
    let tekst = fejl.tekst.clone();
    match (fejl.kode, sted) {
        // Login and TLS are demanded of us, whoever it is for.
        (Some(530 | 534 | 535 | 538), _) | (Some(500..), Sted::Afsender) => Udfald::Server(tekst),
        (Some(500..), Sted::Modtager) => Udfald::Aldrig(tekst),
        (None | Some(421), Sted::Afsender) => Udfald::Brudt(tekst),
        _ => Udfald::Senere(tekst),
    }
}
