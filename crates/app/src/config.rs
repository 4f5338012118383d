//! The settings of one installation, and every limit it keeps.

use crate::{Adviserconfig, Beskedconfig, Indeksconfig};
use oio::laesning::UdenFilter;
use oio::validering::Krav;
use serde::Deserialize;
use std::path::PathBuf;
use uuid::Uuid;

/// How much is asked about whether certificates are revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spaerring {
    /// A certificate must name somebody who can be asked.
    Kraev,
    /// A certificate that names nobody is let through; whoever is named is asked.
    #[default]
    NaarMuligt,
    /// Nobody is asked.
    Fra,
}

/// Settings from `fundament.toml` or the environment. The defaults are those of the specification.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What `laes` and `list` return when no virkning filter is sent: what is in effect now, or every period.
    pub laes_uden_filter: UdenFilter,
    /// Whether mandatory attributes are demanded; `false` while data of a less strict system is moved in.
    pub streng: bool,
    /// Largest request body in bytes.
    pub krop_max_bytes: usize,
    /// Longest time one request may take, in seconds.
    pub svartid_max_sekunder: u64,
    /// Most UUIDs in one `list`.
    pub list_max: usize,
    /// Page size of `soeg`, both default and maximum.
    pub soeg_max: usize,
    /// Page size of `fremsoegobjekthierarki`, both default and maximum, per list.
    pub fremsoeg_max: usize,
    /// Most objects in one `import` of a system service.
    pub import_max: usize,
    /// Most open connections.
    pub forbindelser_max: usize,
    /// How often the policy is read again, in seconds, so that a change on one node reaches the others.
    pub politik_sekunder: u64,
    /// The host name in our own identifiers.
    pub vaert: String,
    /// The name of the STS, in the assertions it issues and accepts; from `vaert` when it is not set.
    pub sts_entity_id: Option<String>,
    /// The issuer in JWTs; from `vaert` when it is not set.
    pub jwt_iss: Option<String>,
    /// Longest life of an assertion, in minutes.
    pub token_minutter_max: u32,
    /// Life of a JWT, in seconds.
    pub jwt_sekunder: u32,
    /// Whether a JWT must say which service it is for.
    pub kraev_aud: bool,
    /// Paths of services where a client certificate is enough, without a token; `*` is all of them.
    pub kun_certifikat: Vec<String>,
    /// Whether the signature of a message may only name its token without covering it.
    pub token_uden_str: bool,
    /// Whether the certificate sent in a request for a token must itself be signed.
    pub kraev_signeret_bst: bool,
    /// Whether a token shown in `OnBehalfOf` may be for any service.
    pub obo_any_audience: bool,
    /// Services whose requests for tokens may ask for a symmetric key and get an asymmetric one.
    pub symmetrisk_noegletype: Vec<String>,
    /// Whether faults of the STS have a number as code in SOAP 1.2, as old clients expect.
    pub legacy_numeric_faultcode_soap12: bool,
    /// The same in SOAP 1.1.
    pub legacy_numeric_faultcode_soap11: bool,
    /// Files in PEM form with the issuers of certificates that are trusted; none is any issuer.
    pub tillidsankre: Vec<PathBuf>,
    /// The policies of certificates that are trusted, as object identifiers; none is every policy.
    pub certifikatpolitikker: Vec<String>,
    /// How much is asked about revocation.
    pub spaerring: Spaerring,
    /// Which environment this installation is; every page of the Administrationsmodul says so.
    pub miljoe: administration::Miljoe,
    /// The hosts people may write addresses of although they are not on the internet: an Identity Provider or a receiver of
    /// webhooks on the same network.
    pub interne_vaerter: Vec<String>,
    /// The distributor of messages.
    pub besked: Beskedconfig,
    /// Notices.
    pub adviser: Adviserconfig,
    /// The indexes of cases, documents and benefits.
    pub indeks: Indeksconfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            laes_uden_filter: UdenFilter::Nu,
            streng: true,
            krop_max_bytes: 10 * 1024 * 1024,
            svartid_max_sekunder: 60,
            list_max: 500,
            soeg_max: 500,
            fremsoeg_max: 5_000,
            import_max: 10_000,
            forbindelser_max: 10_000,
            politik_sekunder: 30,
            vaert: "fundament.localhost".into(),
            sts_entity_id: None,
            jwt_iss: None,
            token_minutter_max: 480,
            jwt_sekunder: 3_600,
            kraev_aud: true,
            kun_certifikat: Vec::new(),
            token_uden_str: false,
            kraev_signeret_bst: false,
            obo_any_audience: false,
            symmetrisk_noegletype: Vec::new(),
            legacy_numeric_faultcode_soap12: false,
            legacy_numeric_faultcode_soap11: true,
            tillidsankre: Vec::new(),
            certifikatpolitikker: Vec::new(),
            spaerring: Spaerring::default(),
            miljoe: administration::Miljoe::default(),
            interne_vaerter: Vec::new(),
            besked: Beskedconfig::default(),
            adviser: Adviserconfig::default(),
            indeks: Indeksconfig::default(),
        }
    }
}

impl Config {
    /// How strict the usage rules are kept.
    #[must_use]
    pub const fn krav(&self) -> Krav {
        if self.streng { Krav::Streng } else { Krav::Lempelig }
    }

    /// The name of the STS.
    #[must_use]
    pub fn sts_entity_id(&self) -> String {
        let navn = || format!("https://saml.adgang.{}/runtime", self.vaert);
        self.sts_entity_id.clone().unwrap_or_else(navn)
    }

    /// The issuer in JWTs.
    #[must_use]
    pub fn jwt_iss(&self) -> String {
        let navn = || format!("https://adgang.{}/runtime/", self.vaert);
        self.jwt_iss.clone().unwrap_or_else(navn)
    }

    /// Whether a client certificate is enough at this path.
    #[must_use]
    pub fn certifikat_alene(&self, sti: &str) -> bool {
        let sti = sti.trim_end_matches('/');
        self.kun_certifikat.iter().any(|s| s == "*" || s.trim_end_matches('/') == sti)
    }

    /// What is wrong with the settings, in words for whoever wrote them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn kontroller(&self) -> Result<(), String> {
        if !(1..=480).contains(&self.token_minutter_max) {
            return Err("token_minutter_max skal være fra 1 til 480".into());
        }
        if !(60..=86_400).contains(&self.jwt_sekunder) {
            return Err("jwt_sekunder skal være fra 60 til 86400".into());
        }
        if let Some(sti) = self.kun_certifikat.iter().find(|s| *s != "*" && !s.starts_with('/')) {
            return Err(format!("kun_certifikat: {sti} er hverken en sti, der begynder med /, eller *"));
        }
        if self.spaerring == Spaerring::Kraev && self.tillidsankre.is_empty() {
            return Err("spaerring = \"kraev\" kræver tillidsankre: uden udstederen kan ingen spørges".into());
        }
        if !self.certifikatpolitikker.is_empty() && self.tillidsankre.is_empty() {
            return Err(
                "certifikatpolitikker kræver tillidsankre: uden udstederen siger en politik intet".into()
            );
        }
        if let Some(navn) = self.interne_vaerter.iter().find(|n| n.is_empty() || n.contains(['/', ':', '*']))
        {
            return Err(format!("interne_vaerter: {navn} er ikke navnet på én maskine"));
        }
        self.adviser.kontroller()?;
        self.besked.kontroller()
    }

    /// Our own UUID as distributor of messages.
    #[must_use]
    pub fn fordelingssystem(&self) -> Uuid {
        let afledt =
            || Uuid::new_v5(&Uuid::NAMESPACE_DNS, format!("beskedfordeler.{}", self.vaert).as_bytes());
        self.besked.fordelingssystem.unwrap_or_else(afledt)
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, Spaerring};

    #[test]
    fn names_follow_from_the_host_unless_given() {
        let config = Config { vaert: "eksempel.dk".into(), ..Config::default() };
        assert_eq!(config.sts_entity_id(), "https://saml.adgang.eksempel.dk/runtime");
        assert_eq!(config.jwt_iss(), "https://adgang.eksempel.dk/runtime/");
        let config = Config { sts_entity_id: Some("urn:a".into()), jwt_iss: Some("urn:b".into()), ..config };
        assert_eq!((config.sts_entity_id(), config.jwt_iss()), ("urn:a".into(), "urn:b".into()));
    }

    #[test]
    fn a_certificate_alone_is_enough_only_where_it_is_said() {
        let with = |stier: &[&str]| Config {
            kun_certifikat: stier.iter().map(|s| (*s).to_owned()).collect(),
            ..Config::default()
        };
        assert!(!Config::default().certifikat_alene("/a"));
        assert!(with(&["*"]).certifikat_alene("/a"));
        assert!(with(&["/b", "/a/"]).certifikat_alene("/a"));
        assert!(with(&["/a"]).certifikat_alene("/a/"));
        assert!(!with(&["/a"]).certifikat_alene("/a/b"));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let ok = Config::default();
        assert_eq!(ok.kontroller(), Ok(()));
        assert!(Config { token_minutter_max: 481, ..ok.clone() }.kontroller().is_err());
        assert!(Config { jwt_sekunder: 0, ..ok.clone() }.kontroller().is_err());
        assert!(Config { kun_certifikat: vec!["a".into()], ..ok.clone() }.kontroller().is_err());
        assert!(Config { spaerring: Spaerring::Kraev, ..ok.clone() }.kontroller().is_err());
        let certifikatpolitikker = vec!["1.2.3".to_owned()];
        let uden = Config { certifikatpolitikker, ..ok };
        assert!(uden.kontroller().is_err());
        assert_eq!(Config { tillidsankre: vec!["ca.pem".into()], ..uden }.kontroller(), Ok(()));
    }
}
