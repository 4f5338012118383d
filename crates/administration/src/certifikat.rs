//! Certificates of it-systems.

use crate::tid::tidsrum;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::Write;
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

/// SHA-256 of a certificate in DER form (`Tommelfingeraftryk`).
pub type Tommelfinger = [u8; 32];

/// SHA-256: of a certificate in DER form, or of whatever else is told from others by it.
#[must_use]
pub fn tommelfinger(bytes: &[u8]) -> Tommelfinger {
    digest(&SHA256, bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// What was decided about a certificate. That it has run out follows from the time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Certifikatstatus {
    /// Uploaded, not yet in use.
    #[serde(rename = "UPLOADET")]
    Uploadet,
    /// In use.
    #[default]
    #[serde(rename = "AKTIV")]
    Aktiv,
    /// Revoked, for good.
    #[serde(rename = "TILBAGEKALDT")]
    Tilbagekaldt,
}

/// A certificate by which an it-system is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Skrevet", into = "Skrevet")]
pub struct Certifikat {
    /// The certificate itself.
    pub der: Vec<u8>,
    /// SHA-256 of the DER form.
    pub tommelfinger: Tommelfinger,
    /// The subject as a distinguished name; becomes `BrugerRef` of what the system records.
    pub emne: String,
    /// When it is valid, as it says itself.
    pub gyldig: Period,
    /// When the system uses it; lets one certificate follow another.
    pub aktivering: Period,
    /// What was decided about it.
    pub status: Certifikatstatus,
}

/// The form in the store and in policy files. The subject stands there for the reader.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Skrevet {
    #[serde(default)]
    emne: String,
    #[serde(default)]
    status: Certifikatstatus,
    #[serde(serialize_with = "skriv_base64", deserialize_with = "laes_base64")]
    der: Vec<u8>,
    #[serde(default = "tidsrum::altid", with = "tidsrum")]
    gyldig: Period,
    #[serde(default = "tidsrum::altid", skip_serializing_if = "tidsrum::er_altid", with = "tidsrum")]
    aktivering: Period,
}

impl From<Skrevet> for Certifikat {
    fn from(s: Skrevet) -> Self {
        let Skrevet { emne, status, der, gyldig, aktivering } = s;
        Self { tommelfinger: tommelfinger(&der), der, emne, gyldig, aktivering, status }
    }
}

impl From<Certifikat> for Skrevet {
    fn from(c: Certifikat) -> Self {
        let Certifikat { der, emne, gyldig, aktivering, status, .. } = c;
        Self { emne, status, der, gyldig, aktivering }
    }
}

fn skriv_base64<S: Serializer>(der: &[u8], to: S) -> Result<S::Ok, S::Error> {
    STANDARD.encode(der).serialize(to)
}

fn laes_base64<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<u8>, D::Error> {
    afkod(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

/// The bytes of a certificate as base64, with or without the lines of PEM and white space.
pub(crate) fn afkod(text: &str) -> Result<Vec<u8>, String> {
    if text.contains("PRIVATE KEY") {
        return Err(PRIVAT.into());
    }
    let body: String = text
        .lines()
        .filter(|l| !l.starts_with("-----"))
        .flat_map(|l| l.chars().filter(|c| !c.is_whitespace()))
        .collect();
    STANDARD.decode(body).map_err(|_| "certifikatet er ikke base64 af DER".to_owned())
}

const PRIVAT: &str = "C-104: det er en privat nøgle; send kun certifikatet, og lav en ny nøgle";

impl Certifikat {
    /// A certificate in use, with the subject and validity it is said to have.
    #[must_use]
    pub fn ny(der: Vec<u8>, emne: impl Into<String>, gyldig: Period) -> Self {
        let (aktivering, status) = (Period::ALWAYS, Certifikatstatus::Aktiv);
        Self { tommelfinger: tommelfinger(&der), der, emne: emne.into(), gyldig, aktivering, status }
    }

    /// A certificate in use, read from its DER form.
    ///
    /// # Errors
    /// Why it is none, in Danish.
    pub fn af_der(der: Vec<u8>) -> Result<Self, String> {
        let laest = laes(&der)?;
        Ok(Self::ny(der, laest.emne, laest.gyldig))
    }

    /// The company it was issued to; `None` when it names none, or two.
    #[must_use]
    pub fn cvr(&self) -> Option<Cvr> {
        laes(&self.der).ok()?.cvr
    }

    /// Whether it identifies its system now.
    #[must_use]
    pub fn gaelder(&self, nu: Instant) -> bool {
        self.status == Certifikatstatus::Aktiv && self.gyldig.contains(nu) && self.aktivering.contains(nu)
    }

    /// Whether one of these takes over without a gap: it identifies their system the moment this one has run out.
    #[must_use]
    pub fn er_afloest(&self, alle: &[Self]) -> bool {
        alle.iter().any(|c| c.tommelfinger != self.tommelfinger && c.gaelder(self.gyldig.to))
    }
}

/// What is read out of a certificate.
pub(crate) struct Laest {
    pub emne: String,
    pub gyldig: Period,
    pub cvr: Option<Cvr>,
}

/// Reads a certificate.
pub(crate) fn laes(der: &[u8]) -> Result<Laest, String> {
    let Ok((rest, certifikat)) = X509Certificate::from_der(der) else {
        // A PKCS#8 or PKCS#1 key is a sequence that begins with an integer; a certificate with a sequence.
        let key = der.first() == Some(&0x30) && der.iter().skip(2).take(3).any(|b| *b == 0x02);
        return Err(if key { PRIVAT.into() } else { "det er ikke et X.509-certifikat i DER-form".into() });
    };
    if !rest.is_empty() {
        return Err("der står noget efter certifikatet".into());
    }
    let validity = certifikat.validity();
    let micros = |seconds: i64| Instant::from_micros(seconds.saturating_mul(1_000_000));
    let (fra, til) =
        (micros(validity.not_before.timestamp()), micros(validity.not_after.timestamp().saturating_add(1)));
    let gyldig = Period::new(fra, til).ok_or("certifikatet udløber, før det begynder")?;
    Ok(Laest { emne: emne(certifikat.subject()), gyldig, cvr: cvr(certifikat.subject())? })
}

const ORGANIZATION_IDENTIFIER: &str = "2.5.4.97";
const SERIAL_NUMBER: &str = "2.5.4.5";

/// The values of one attribute type, by its object identifier.
fn vaerdier<'n>(navn: &'n X509Name<'_>, oid: &str) -> Vec<&'n str> {
    navn.iter_attributes()
        .filter(|a| a.attr_type().to_id_string() == oid)
        .filter_map(|a| a.as_str().ok())
        .collect()
}

/// The company, by the identifier of OCES3 or else of OCES2; never from a name.
fn cvr(navn: &X509Name<'_>) -> Result<Option<Cvr>, String> {
    let ny = vaerdier(navn, ORGANIZATION_IDENTIFIER)
        .into_iter()
        .find_map(|v| v.strip_prefix("NTRDK-").and_then(|c| c.parse::<Cvr>().ok()));
    let gammel = vaerdier(navn, SERIAL_NUMBER).into_iter().find_map(|v| {
        let (cvr, rest) = v.strip_prefix("CVR:")?.split_once('-')?;
        let kendt = ["FID:", "UID:", "RID:"].iter().any(|k| rest.starts_with(k));
        cvr.parse::<Cvr>().ok().filter(|_| kendt)
    });
    match (ny, gammel) {
        (Some(ny), Some(gammel)) if ny != gammel => Err("certifikatet har to forskellige CVR-numre".into()),
        (ny, gammel) => Ok(ny.or(gammel)),
    }
}

/// The distinguished name, most specific first.
fn emne(navn: &X509Name<'_>) -> String {
    let mut rdns: Vec<String> = navn
        .iter()
        .map(|rdn| {
            let dele = rdn.iter().map(|a| {
                let oid = a.attr_type().to_id_string();
                let noegle = match oid.as_str() {
                    "2.5.4.3" => "CN",
                    SERIAL_NUMBER => "SERIALNUMBER",
                    "2.5.4.6" => "C",
                    "2.5.4.10" => "O",
                    "2.5.4.11" => "OU",
                    ORGANIZATION_IDENTIFIER => "organizationIdentifier",
                    other => other,
                };
                let vaerdi = a.as_str().map_or_else(|_| format!("#{}", hex(a.as_slice())), undvig);
                format!("{noegle}={vaerdi}")
            });
            dele.collect::<Vec<_>>().join("+")
        })
        .collect();
    rdns.reverse();
    rdns.join(",")
}

/// A value of a distinguished name with its special characters escaped.
fn undvig(vaerdi: &str) -> String {
    let mut ud = String::with_capacity(vaerdi.len());
    for c in vaerdi.chars() {
        if matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';') {
            ud.push('\\');
        }
        ud.push(c);
    }
    ud
}
