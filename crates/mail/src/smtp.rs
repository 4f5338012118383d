//! Which server mail is handed to, and how.

use percent_encoding::percent_decode_str;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;
use url::{Host, Url};

/// How what is sent is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all.
    Ingen,
    /// From the command STARTTLS on; without it nothing is sent.
    Starttls,
    /// From the first byte.
    Straks,
}

/// The server mail is handed to.
#[derive(Clone, PartialEq, Eq)]
pub struct Smtp {
    /// The host.
    pub vaert: String,
    /// The port.
    pub port: u16,
    /// How it is protected.
    pub tls: Tls,
    /// Name and password, when the server wants them.
    pub login: Option<(String, String)>,
    /// The longest a step may take.
    pub svartid: Duration,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = self.login.as_ref().map(|_| "***");
        f.debug_struct("Smtp")
            .field("vaert", &self.vaert)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("login", &login)
            .finish_non_exhaustive()
    }
}

impl Smtp {
    /// From an address: `smtp://` with STARTTLS, or `smtps://`. A server on this machine is met without TLS unless the
    /// address ends in `?starttls`, any other one only when `uden_tls`. A password given beside the address counts before
    /// one in it.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it: it may hold a password.
    pub fn af(
        adresse: &str,
        adgangskode: Option<String>,
        uden_tls: bool,
        svartid: Duration,
    ) -> Result<Self, String> {
        let url = Url::parse(adresse.trim()).map_err(|_| "adressen forstås ikke".to_owned())?;
        let vaert = url.host_str().filter(|v| !v.is_empty()).ok_or("adressen nævner ingen server")?;
        // Of a scheme it does not know, the parser leaves an address as a name.
        let vaert = vaert.trim_start_matches('[').trim_end_matches(']').to_owned();
        let lokal = match Host::parse(&vaert) {
            Ok(Host::Domain(navn)) => navn == "localhost",
            Ok(Host::Ipv4(ip)) => ip.is_loopback(),
            _ => vaert.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        };
        let kraevet = match url.query() {
            None => false,
            Some("starttls") => true,
            Some(_) => return Err("efter ? i adressen kan kun stå starttls".into()),
        };
        let (tls, standard) = match (url.scheme(), kraevet) {
            ("smtps", false) => (Tls::Straks, 465),
            ("smtps", true) => return Err("smtps:// har TLS fra første byte; fjern ?starttls".into()),
            ("smtp", true) if uden_tls => {
                return Err("?starttls kræver TLS, men der er valgt at sende uden; fjern det ene".into());
            }
            ("smtp", false) if uden_tls || lokal => (Tls::Ingen, 25),
            ("smtp", _) => (Tls::Starttls, 587),
            _ => return Err("adressen skal begynde med smtp:// eller smtps://".into()),
        };
        let afkod = |tekst: &str| percent_decode_str(tekst).decode_utf8().map(|t| t.into_owned());
        let forkert = |_| "navn og adgangskode i adressen er ikke UTF-8".to_owned();
        let navn = afkod(url.username()).map_err(forkert)?;
        let i_adressen = url.password().map(afkod).transpose().map_err(forkert)?;
        let login = match (navn.is_empty(), adgangskode.or(i_adressen)) {
            (true, None) => None,
            (false, Some(kode)) => Some((navn, kode)),
            (false, None) => return Err("adressen har et navn, men der er ingen adgangskode".into()),
            (true, Some(_)) => return Err("der er en adgangskode, men adressen har intet navn".into()),
        };
        if tls == Tls::Ingen && login.is_some() && !lokal {
            return Err("en adgangskode sendes ikke uden TLS".into());
        }
        Ok(Self { vaert, port: url.port().unwrap_or(standard), tls, login, svartid })
    }
}

#[cfg(test)]
mod tests {
    use super::{Smtp, Tls};
    use std::time::Duration;

    fn af(adresse: &str, uden_tls: bool) -> Result<Smtp, String> {
        Smtp::af(adresse, None, uden_tls, Duration::from_secs(1))
    }

    #[test]
    fn addresses_say_how() {
        for (adresse, vaert, port, tls) in [
            ("smtp://mail.korsbaek.example", "mail.korsbaek.example", 587, Tls::Starttls),
            ("smtp://mail.korsbaek.example:2525", "mail.korsbaek.example", 2525, Tls::Starttls),
            ("smtps://mail.korsbaek.example", "mail.korsbaek.example", 465, Tls::Straks),
            ("smtp://localhost", "localhost", 25, Tls::Ingen),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Tls::Ingen),
            ("smtp://[::1]:1025", "::1", 1025, Tls::Ingen),
            ("smtp://localhost:1025?starttls", "localhost", 1025, Tls::Starttls),
            ("smtps://127.0.0.1:1025", "127.0.0.1", 1025, Tls::Straks),
        ] {
            let smtp = af(adresse, false).expect(adresse);
            assert_eq!((smtp.vaert.as_str(), smtp.port, smtp.tls), (vaert, port, tls), "{adresse}");
        }
        assert_eq!(af("smtp://mail.example", true).expect("allowed").tls, Tls::Ingen);
        for forkert in ["", "mail.example", "http://mail.example", "smtp://", "smtp://a@mail.example"] {
            assert!(af(forkert, false).is_err(), "{forkert}");
        }
        assert!(af("smtp://a:b@mail.example", true).is_err(), "no password in the clear");
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for vaert in ["localhost:1025", "mail.example"] {
            assert!(af(&format!("smtp://{vaert}?starttls"), true).is_err(), "{vaert}: with TLS and without");
            assert!(af(&format!("smtps://{vaert}?starttls"), false).is_err(), "{vaert}: at once and later");
            assert!(af(&format!("smtp://{vaert}?startls"), false).is_err(), "{vaert}: nothing is guessed");
        }
    }

    #[test]
    fn a_password_is_decoded_and_not_shown() {
        let smtp = af("smtps://post%40k.example:hemme%3Alig@mail.example", false).expect("an address");
        assert_eq!(smtp.login, Some(("post@k.example".into(), "hemme:lig".into())));
        assert!(!format!("{smtp:?}").contains("hemme"));
        let fil = Smtp::af("smtps://a:b@mail.example", Some("c".into()), false, Duration::ZERO);
        assert_eq!(fil.expect("an address").login, Some(("a".into(), "c".into())));
    }
}
