//! An address that a party has written, where notices may be posted to.

use reqwest::Url;
use std::fmt;
use std::net::IpAddr;

/// Most characters of an address.
const TEGN_MAX: usize = 500;

/// Such an address: HTTPS, by a name.
#[derive(Clone, PartialEq, Eq)]
pub struct Adresse(Url);

/// Why a text is no such address. As text it says what to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adressefejl {
    /// It is not HTTPS.
    Skema,
    /// It holds a user name, a password or a fragment.
    Ekstra,
    /// The machine is named by its number, or by a name that only one machine knows.
    Vaert,
    /// It is too long, or holds something an address cannot.
    Form,
}

impl fmt::Display for Adressefejl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Skema => "Adressen skal begynde med https://.",
            Self::Ekstra => "Adressen må ikke indeholde brugernavn, adgangskode eller #.",
            Self::Vaert => "Skriv modtagerens navn i adressen, fx https://modtager.korsbaek.dk/adviser, ikke en IP-adresse.",
            Self::Form => "Adressen forstås ikke. Skriv den som https://modtager.korsbaek.dk/adviser, højst 500 tegn.",
        })
    }
}

impl Adresse {
    /// Reads one.
    ///
    /// # Errors
    /// [`Adressefejl`].
    pub fn laes(tekst: &str) -> Result<Self, Adressefejl> {
        let tekst = tekst.trim();
        if tekst.chars().count() > TEGN_MAX || tekst.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(Adressefejl::Form);
        }
        if !tekst.get(..8).is_some_and(|skema| skema.eq_ignore_ascii_case("https://")) {
            return Err(Adressefejl::Skema);
        }
        let url = Url::parse(tekst).map_err(|_| Adressefejl::Form)?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(Adressefejl::Ekstra);
        }
        let vaert = url.host_str().unwrap_or_default();
        let tal = vaert.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        if tal || vaert.is_empty() || url.port() == Some(0) {
            return Err(Adressefejl::Vaert);
        }
        Ok(Self(url))
    }

    /// The whole of it: it may hold a secret, and is not for a log.
    #[must_use]
    pub fn som_tekst(&self) -> &str {
        self.0.as_str()
    }

    /// The machine: what a log may say of it.
    #[must_use]
    pub fn vaert(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl fmt::Debug for Adresse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Adresse(https://{}/…)", self.vaert())
    }
}

#[cfg(test)]
mod tests {
    use super::{Adresse, Adressefejl as F};

    #[test]
    fn only_https_by_name() {
        for god in [
            "https://modtager.korsbaek.dk",
            "https://modtager.korsbaek.dk:8443/adviser?n=1",
            " HTTPS://Modtager.korsbaek.dk/x ",
            "https://modtager.æble.dk/x",
        ] {
            assert!(Adresse::laes(god).is_ok(), "{god}");
        }
        for (ond, fejl) in [
            ("", F::Skema),
            ("http://modtager.korsbaek.dk", F::Skema),
            ("file:///etc/passwd", F::Skema),
            ("https://", F::Form),
            ("https://grete:kode@modtager.dk/", F::Ekstra),
            ("https://modtager.dk/#x", F::Ekstra),
            ("https://127.0.0.1/", F::Vaert),
            ("https://0x7f000001/", F::Vaert),
            ("https://2130706433/", F::Vaert),
            ("https://127.1/", F::Vaert),
            ("https://[::1]/", F::Vaert),
            ("https://[::ffff:10.0.0.1]:8443/", F::Vaert),
            ("https://modtager.dk:0/", F::Vaert),
            ("https://modtager.dk/\r\nHost: x", F::Form),
            ("https://modtager dk/", F::Form),
        ] {
            assert_eq!(Adresse::laes(ond), Err(fejl), "{ond}");
        }
        assert_eq!(Adresse::laes(&format!("https://a.dk/{}", "x".repeat(500))), Err(F::Form));
        let hemmelig = Adresse::laes("https://a.dk/hemmeligt").expect("an address");
        assert_eq!(format!("{hemmelig:?}"), "Adresse(https://a.dk/…)");
    }
}
