//! Whether a receiver of push can be reached: one call to its address that carries no message and asks for nothing.
//!
//! The call is an OPTIONS, which HTTP itself says changes nothing: a receiver that takes messages cannot take it for one,
//! and one that knows no OPTIONS answers 405 or 501, which is an answer too. What it tells is whether name, connection, TLS,
//! client certificate and HTTP work; whether the receiver understands a message only a message can tell.

use crate::fordeler::Fordeler;
use administration::Leveringsmaade;
use bitemporal::Instant;
use identity::Certifikat;
use reqwest::{Method, tls::TlsInfo};
use std::error::Error;
use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;
use uuid::Uuid;

/// What came of the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callbacksvar {
    /// What it means.
    pub dom: Callbackdom,
    /// The HTTP status, when there was an answer.
    pub http: Option<u16>,
    /// How long it took.
    pub varighed: Duration,
    /// When the receiver's certificate expires, when it showed one and the client keeps it.
    pub certifikat_udloeber: Option<Instant>,
}

/// What the outcome of the call means. As text it says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Callbackdom {
    /// Everything up to HTTP works.
    Svarer,
    /// It answers, but as somebody who does not let us in.
    Adgang,
    /// It answers that there is nothing at the address.
    Adresse,
    /// It sends us elsewhere, where messages are not posted.
    Viderestilling,
    /// It answers that something is wrong with it.
    Fejler,
    /// The name is not known.
    Navn,
    /// Nobody listens there.
    Lytter,
    /// It takes too long.
    Tid,
    /// Its certificate is from somebody we do not trust.
    Udsteder,
    /// Its certificate has expired, or is not in use yet.
    Udloebet,
    /// Its certificate is for another name.
    Navneskift,
    /// It does not want our certificate.
    Klientcertifikat,
    /// TLS fails for another reason.
    Tls,
    /// The address cannot be used.
    Ugyldig,
    /// The connection ends without an answer.
    Afbrudt,
}

impl Callbackdom {
    /// Whether messages can be expected to get through.
    #[must_use]
    pub const fn ok(self) -> bool {
        matches!(self, Self::Svarer)
    }

    const fn af_http(status: u16) -> Self {
        match status {
            401 | 403 | 407 | 495 | 496 => Self::Adgang,
            404 | 410 => Self::Adresse,
            300..=399 => Self::Viderestilling,
            // 501: it knows no OPTIONS.
            500..=599 if status != 501 => Self::Fejler,
            _ => Self::Svarer,
        }
    }

    /// What stopped the call.
    fn af_fejl(fejl: &reqwest::Error) -> Self {
        if fejl.is_builder() {
            return Self::Ugyldig;
        }
        if fejl.is_timeout() {
            return Self::Tid;
        }
        let kaede = kaede(fejl);
        let siger = |ord: &[&str]| kaede.iter().any(|led| ord.iter().any(|o| led.1.contains(o)));
        let art = |arter: &[ErrorKind]| kaede.iter().any(|led| led.0.is_some_and(|k| arter.contains(&k)));
        // The words are rustls' names of what is wrong with a certificate, and of alerts.
        match () {
            () if siger(&["dns error"]) => Self::Navn,
            () if art(&[ErrorKind::ConnectionRefused]) => Self::Lytter,
            () if art(&[ErrorKind::TimedOut]) => Self::Tid,
            () if siger(&["UnknownIssuer", "CaUsedAsEndEntity", "BadSignature"]) => Self::Udsteder,
            () if siger(&["Expired", "NotValidYet", "certificate expired", "not valid yet"]) => {
                Self::Udloebet
            }
            () if siger(&["NotValidForName", "not valid for name"]) => Self::Navneskift,
            () if siger(&["fatal alert"]) => Self::Klientcertifikat,
            () if siger(&["invalid peer certificate"]) => Self::Udsteder,
            () if siger(&[
                "peer misbehaved",
                "InvalidContentType",
                "corrupt message",
                "handshake",
                "tls",
            ]) =>
            {
                Self::Tls
            }
            () if fejl.is_connect() => Self::Lytter,
            () => Self::Afbrudt,
        }
    }
}

/// Everything an error says of its causes, outermost first.
fn kaede(fejl: &reqwest::Error) -> Vec<(Option<ErrorKind>, String)> {
    let mut alle = Vec::new();
    let mut naeste: Option<&(dyn Error + 'static)> = fejl.source();
    while let Some(led) = naeste {
        let io = led.downcast_ref::<std::io::Error>();
        alle.push((io.map(std::io::Error::kind), led.to_string()));
        // An error of I/O that holds another says what that says, but names its cause's cause.
        naeste = match io.and_then(std::io::Error::get_ref) {
            Some(inde) => Some(inde),
            None => led.source(),
        };
    }
    alle
}

impl fmt::Display for Callbackdom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Svarer => "modtageren svarer: forbindelse, TLS og HTTP virker",
            Self::Adgang => {
                "modtageren svarer, men vil ikke lukke os ind; modtageren skal godkende vores klientcertifikat"
            }
            Self::Adresse => "modtageren svarer, at der ikke er noget på adressen; ret dueslagets url",
            Self::Viderestilling => {
                "modtageren sender os videre, og det følges ikke; sæt dueslagets url til den endelige adresse"
            }
            Self::Fejler => "modtageren svarer, at den har en fejl; bed leverandøren se efter",
            Self::Navn => "navnet i adressen kendes ikke; ret dueslagets url, eller få navnet ind i DNS",
            Self::Lytter => "der er ingen forbindelse; er modtageren startet, og er firewallen åben?",
            Self::Tid => "modtageren svarede ikke i tide; er firewallen åben, og er modtageren belastet?",
            Self::Udsteder => {
                "modtagerens certifikat er udstedt af nogen, vi ikke stoler på; sæt udstederen i besked.push_ankre"
            }
            Self::Udloebet => "modtagerens certifikat er udløbet eller ikke i brug endnu; leverandøren skal skifte det",
            Self::Navneskift => "modtagerens certifikat er til et andet navn end det i adressen",
            Self::Klientcertifikat => {
                "modtageren afviste TLS-forbindelsen; den skal stole på udstederen af vores klientcertifikat"
            }
            Self::Tls => "TLS-forbindelsen kunne ikke oprettes; taler modtageren TLS 1.2 eller nyere på porten?",
            Self::Ugyldig => "adressen kan ikke bruges; ret dueslagets url",
            Self::Afbrudt => "modtageren afbrød forbindelsen uden at svare",
        })
    }
}

/// Why nothing was called. The text is for whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum IkkeKaldt {
    /// There is no such dueslag.
    #[error("dueslaget findes ikke")]
    Ukendt,
    /// It is fetched from.
    #[error("dueslaget er ikke et PUSH-dueslag, så der er ingen adresse at prøve")]
    Hentes,
}

impl Fordeler {
    /// Calls the receiver of a PUSH dueslag without a message, whatever state the dueslag is in. With
    /// `ClientBuilder::tls_info` the client also tells when the receiver's certificate expires.
    ///
    /// # Errors
    /// [`IkkeKaldt`].
    pub async fn proev_callback(
        &self,
        klient: &reqwest::Client,
        dueslag: Uuid,
    ) -> Result<Callbacksvar, IkkeKaldt> {
        let politik = self.app().politik();
        let dueslag = politik.dueslag(dueslag).ok_or(IkkeKaldt::Ukendt)?;
        let adresse = match (dueslag.maade, &dueslag.url) {
            (Leveringsmaade::Push, Some(url)) => url.as_str(),
            _ => return Err(IkkeKaldt::Hentes),
        };
        let fra = std::time::Instant::now();
        let svar = klient.request(Method::OPTIONS, adresse).send().await;
        let varighed = fra.elapsed();
        Ok(match svar {
            Err(fejl) => Callbacksvar {
                dom: Callbackdom::af_fejl(&fejl),
                http: None,
                varighed,
                certifikat_udloeber: None,
            },
            Ok(svar) => {
                let http = svar.status().as_u16();
                let der = svar.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
                let certifikat = der.and_then(|der| Certifikat::af_der(der).ok());
                Callbacksvar {
                    dom: Callbackdom::af_http(http),
                    http: Some(http),
                    varighed,
                    certifikat_udloeber: certifikat.map(|c| c.gyldig().to),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Callbackdom;

    #[test]
    fn an_answer_means_what_its_status_says() {
        for (status, dom) in [
            (200, Callbackdom::Svarer),
            (204, Callbackdom::Svarer),
            (302, Callbackdom::Viderestilling),
            (400, Callbackdom::Svarer),
            (403, Callbackdom::Adgang),
            (404, Callbackdom::Adresse),
            (405, Callbackdom::Svarer),
            (410, Callbackdom::Adresse),
            (500, Callbackdom::Fejler),
            (501, Callbackdom::Svarer),
            (503, Callbackdom::Fejler),
        ] {
            assert_eq!(Callbackdom::af_http(status), dom, "{status}");
        }
    }
}
