//! X.509 certificates, read once and then passed around (RFC 5280, OCES2 and OCES3).
//!
//! A certificate is its DER form: two are equal when their bytes are. Policy qualifiers are never looked at, since OCES2
//! certificates carry Latin-1 letters where ASN.1 allows ASCII only.

mod navn;
pub(crate) mod noegle;
pub(crate) mod udvidelser;

use crate::{der, hash, signatur};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use udvidelser::Udvidelser;
use uuid::Uuid;
use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser;

/// Bytes a certificate may fill. Real ones fill two or three thousand.
pub const STOERRELSE_MAKS: usize = 16 * 1024;

/// Which generation of OCES a certificate has the form of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Art {
    /// `serialNumber` is `CVR:…-FID:…`, `-UID:…` or `-RID:…`.
    Oces2,
    /// `organizationIdentifier` is `NTRDK-…`.
    Oces3,
    /// Neither.
    Anden,
}

/// Why a certificate is refused when it is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertifikatFejl {
    /// Not base64.
    #[error("certifikatet er ikke base64 af DER")]
    Base64,
    /// Larger than [`STOERRELSE_MAKS`].
    #[error("certifikatet fylder over {STOERRELSE_MAKS} bytes")]
    Stoerrelse,
    /// A private key was sent.
    #[error("det er en privat nøgle; send kun certifikatet, og lav en ny nøgle")]
    PrivatNoegle,
    /// Not an X.509 certificate.
    #[error("det er ikke et X.509-certifikat i DER-form")]
    Form,
    /// Something follows the certificate.
    #[error("der står noget efter certifikatet")]
    Efterfulgt,
    /// It ends before it begins.
    #[error("certifikatet udløber, før det begynder")]
    Gyldighed,
    /// An extension is malformed or there twice.
    #[error("udvidelsen {0} i certifikatet er ugyldig")]
    Udvidelse(&'static str),
    /// RSA below 2048 or above 8192 bits.
    #[error("RSA-nøglen er på {0} bit; den skal være på 2048-8192 bit")]
    RsaLaengde(usize),
    /// The public exponent is 1, even, or too large.
    #[error("RSA-nøglens eksponent er ikke tilladt")]
    RsaEksponent,
    /// Neither RSA nor ECDSA on P-256 or P-384.
    #[error("nøglen er hverken RSA eller ECDSA på P-256 eller P-384")]
    Noegletype,
    /// `organizationIdentifier` and `serialNumber` name different companies.
    #[error("certifikatet har to forskellige CVR-numre: {0} og {1}")]
    CvrModstrid(Cvr, Cvr),
}

/// A certificate. Cloning it copies a pointer.
#[derive(Clone)]
pub struct Certifikat(Arc<Indhold>);

struct Indhold {
    der: Box<[u8]>,
    sha256: [u8; 32],
    sha1: [u8; 20],
    sha1_tekst: Box<str>,
    noegle: Box<[u8]>,
    emne: Box<str>,
    udsteder: Box<str>,
    emne_der: Box<[u8]>,
    udsteder_der: Box<[u8]>,
    serienummer: Box<[u8]>,
    gyldig: Period,
    udvidelser: Udvidelser,
    cvr: Option<Cvr>,
    emne_uuid: Option<Uuid>,
    art: Art,
}

impl Certifikat {
    /// Reads DER.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn af_der(bytes: &[u8]) -> Result<Self, CertifikatFejl> {
        if bytes.len() > STOERRELSE_MAKS {
            return Err(CertifikatFejl::Stoerrelse);
        }
        let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
        let Ok((rest, x509)) = parser.parse(bytes) else {
            // A PKCS#8, PKCS#1 or SEC1 key is a sequence that begins with an integer; a certificate with a sequence.
            let mut inde = der::Laeser(bytes).felt().map(|f| f.inde());
            let noegle = inde.as_mut().and_then(der::Laeser::felt).is_some_and(|f| f.tag == der::INTEGER);
            return Err(if noegle { CertifikatFejl::PrivatNoegle } else { CertifikatFejl::Form });
        };
        if !rest.is_empty() {
            return Err(CertifikatFejl::Efterfulgt);
        }
        let noegle = x509.public_key().raw;
        noegle::kontroller(noegle)?;
        let validity = x509.validity();
        let micros = |sekunder: i64| Instant::from_micros(sekunder.saturating_mul(1_000_000));
        let fra = micros(validity.not_before.timestamp());
        let til = micros(validity.not_after.timestamp().saturating_add(1));
        let sha1 = hash::sha1(bytes);
        let emne = navn::Navn::laes(x509.subject().as_raw()).ok_or(CertifikatFejl::Form)?;
        let udsteder = navn::Navn::laes(x509.issuer().as_raw()).ok_or(CertifikatFejl::Form)?;
        let (cvr, art) = emne.cvr()?;
        Ok(Self(Arc::new(Indhold {
            der: bytes.into(),
            sha256: hash::sha256(bytes),
            sha1,
            sha1_tekst: hash::hex(&sha1).into(),
            noegle: noegle.into(),
            emne: emne.tekst().into(),
            udsteder: udsteder.tekst().into(),
            emne_der: x509.subject().as_raw().into(),
            udsteder_der: x509.issuer().as_raw().into(),
            serienummer: x509.raw_serial().into(),
            gyldig: Period::new(fra, til).ok_or(CertifikatFejl::Gyldighed)?,
            udvidelser: udvidelser::laes(x509.extensions())?,
            cvr,
            emne_uuid: emne.uuid(),
            art,
        })))
    }

    /// Reads base64 of DER, as XML carries it; white space is ignored.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn af_base64(tekst: &str) -> Result<Self, CertifikatFejl> {
        // Four characters for three bytes, and as many again for white space.
        if tekst.len() > STOERRELSE_MAKS * 3 {
            return Err(CertifikatFejl::Stoerrelse);
        }
        let tegn: String = tekst.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        Self::af_der(&STANDARD.decode(tegn).map_err(|_| CertifikatFejl::Base64)?)
    }

    /// Reads PEM: one certificate between its lines.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn af_pem(tekst: &str) -> Result<Self, CertifikatFejl> {
        if tekst.contains("PRIVATE KEY-----") {
            return Err(CertifikatFejl::PrivatNoegle);
        }
        let (_, rest) = tekst.split_once("-----BEGIN CERTIFICATE-----").ok_or(CertifikatFejl::Form)?;
        let (krop, efter) = rest.split_once("-----END CERTIFICATE-----").ok_or(CertifikatFejl::Form)?;
        if efter.contains("-----BEGIN") {
            return Err(CertifikatFejl::Efterfulgt);
        }
        Self::af_base64(krop)
    }

    /// Reads DER, PEM or base64, whichever it is.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn laes(bytes: &[u8]) -> Result<Self, CertifikatFejl> {
        match std::str::from_utf8(bytes) {
            Ok(tekst) if tekst.contains("-----BEGIN") => Self::af_pem(tekst),
            Ok(tekst) if tekst.is_ascii() => Self::af_base64(tekst),
            _ => Self::af_der(bytes),
        }
    }

    /// The certificate in DER form.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The certificate in base64, as XML and `x5c` carry it.
    #[must_use]
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.0.der)
    }

    /// SHA-256 of the DER form: its identity.
    #[must_use]
    pub fn sha256(&self) -> &[u8; 32] {
        &self.0.sha256
    }

    /// SHA-1 of the DER form, for `x5t`.
    #[must_use]
    pub fn sha1(&self) -> &[u8; 20] {
        &self.0.sha1
    }

    /// SHA-1 of the DER form in upper-case hexadecimal: the label people and interfaces know it by.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.0.sha1_tekst
    }

    /// The `SubjectPublicKeyInfo` in DER form.
    #[must_use]
    pub fn noegle(&self) -> &[u8] {
        &self.0.noegle
    }

    /// The modulus and exponent of an RSA key in base64, as `ds:RSAKeyValue` carries them.
    #[must_use]
    pub fn rsa_base64(&self) -> Option<(String, String)> {
        let (modulus, exponent) = noegle::rsa(&self.0.noegle)?;
        Some((STANDARD.encode(modulus), STANDARD.encode(exponent)))
    }

    /// The subject as the STS writes it in `NameID`.
    #[must_use]
    pub fn emne(&self) -> &str {
        &self.0.emne
    }

    /// The issuer, written as the subject is.
    #[must_use]
    pub fn udsteder(&self) -> &str {
        &self.0.udsteder
    }

    /// The subject in DER form.
    #[must_use]
    pub fn emne_der(&self) -> &[u8] {
        &self.0.emne_der
    }

    /// The issuer in DER form.
    #[must_use]
    pub fn udsteder_der(&self) -> &[u8] {
        &self.0.udsteder_der
    }

    /// The bytes of the serial number, as encoded.
    #[must_use]
    pub fn serienummer(&self) -> &[u8] {
        &self.0.serienummer
    }

    /// When it is valid; the second of `notAfter` is inside.
    #[must_use]
    pub fn gyldig(&self) -> Period {
        self.0.gyldig
    }

    /// `SubjectKeyIdentifier`, by which WS-Security can point at it.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.udvidelser.ski.as_deref()
    }

    /// Whether its key may sign (`digitalSignature`); so it may when nothing is said (RFC 5280 §4.2.1.3).
    #[must_use]
    pub fn maa_signere(&self) -> bool {
        self.0.udvidelser.brug_tillader(udvidelser::DIGITAL_SIGNATURE)
    }

    /// Whether its key may sign revocation lists.
    #[must_use]
    pub fn maa_spaerre(&self) -> bool {
        self.0.udvidelser.brug_tillader(udvidelser::CRL_SIGN)
    }

    /// Whether its key may sign certificates.
    #[must_use]
    pub fn maa_udstede(&self) -> bool {
        self.er_ca() && self.0.udvidelser.brug_tillader(udvidelser::KEY_CERT_SIGN)
    }

    /// Whether it says that it is an issuer's (`basicConstraints`).
    #[must_use]
    pub fn er_ca(&self) -> bool {
        self.0.udvidelser.ca
    }

    /// Whether it is made for signing OCSP responses (`id-kp-OCSPSigning`).
    #[must_use]
    pub fn er_ocsp_svarer(&self) -> bool {
        self.0.udvidelser.ocsp_svarer
    }

    /// Whether it names this policy (`certificatePolicies`), by the object identifier's encoding.
    pub(crate) fn har_politik(&self, oid: &[u8]) -> bool {
        self.0.udvidelser.politikker.iter().any(|p| **p == *oid)
    }

    /// Where to ask for its status (`id-ad-ocsp` of AIA), http and https only.
    #[must_use]
    pub fn ocsp_adresser(&self) -> &[String] {
        &self.0.udvidelser.ocsp
    }

    /// Where the revocation lists are (CDP), http and https only.
    #[must_use]
    pub fn crl_adresser(&self) -> &[String] {
        &self.0.udvidelser.crl
    }

    /// The names of its distribution points in DER form, directory names with them.
    pub(crate) fn crl_navne(&self) -> &[Vec<u8>] {
        &self.0.udvidelser.crl_navne
    }

    /// The company, by the identifier of OCES3 or else of OCES2; never from a name.
    #[must_use]
    pub fn cvr(&self) -> Option<Cvr> {
        self.0.cvr
    }

    /// The UUID in the subject of an OCES3 certificate (`UI:DK-O:G:…`).
    #[must_use]
    pub fn emne_uuid(&self) -> Option<Uuid> {
        self.0.emne_uuid
    }

    /// Which generation of OCES it has the form of.
    #[must_use]
    pub fn art(&self) -> Art {
        self.0.art
    }

    /// Whether `udsteder` is named as its issuer and has signed it.
    pub(crate) fn er_udstedt_af(&self, udsteder: &Self) -> bool {
        let Some(felt) = der::eneste(self.der(), der::SEQUENCE) else { return false };
        let Some((u, _)) = der::underskrevet(&felt) else { return false };
        self.udsteder_der() == udsteder.emne_der()
            && signatur::kontroller(udsteder.noegle(), u.algoritme, u.krop.hele, u.signatur).is_ok()
    }
}

impl PartialEq for Certifikat {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certifikat {}

impl Hash for Certifikat {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.sha256.hash(state);
    }
}

impl fmt::Debug for Certifikat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certifikat({}, {})", self.emne(), self.thumbprint())
    }
}
