//! What the tests share: fixtures, keys and certificates.

use bitemporal::Instant;
use identity::{Certifikat, tid};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

/// A day during which the certificates below are valid.
pub const NU: &str = "2030-03-02T08:00:00Z";

pub fn at(text: &str) -> Instant {
    tid::laes(text).unwrap()
}

pub fn efter(instant: Instant, sekunder: u64) -> Instant {
    tid::plus(instant, Duration::from_secs(sekunder))
}

/// The bytes of a file made by `fixtures/lav.sh`.
pub fn fil(navn: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(navn);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub fn fra_fil(navn: &str) -> Certifikat {
    Certifikat::laes(&fil(&format!("{navn}.pem"))).unwrap()
}

/// A day after the fixtures were made.
pub fn efter_fixtures() -> Instant {
    efter(fra_fil("system").gyldig().from, 24 * 3600)
}

/// An RSA key and its certificate, such as an STS or a system has.
pub struct Par {
    pub pkcs8: Vec<u8>,
    pub certifikat: Certifikat,
}

/// The parameters of a certificate of this name and company.
pub fn params(cn: &str, cvr: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mut dn = DistinguishedName::new();
    dn.push(DnType::CountryName, "DK");
    dn.push(DnType::from_oid(&[2, 5, 4, 97]), format!("NTRDK-{cvr}"));
    dn.push(DnType::OrganizationName, "Matador Data A/S");
    dn.push(DnType::from_oid(&[2, 5, 4, 5]), "UI:DK-O:G:9e2f7e3c-5d0f-4f2a-8a3e-6f3b1d2c4a5b");
    dn.push(DnType::CommonName, cn);
    params.distinguished_name = dn;
    params
}

fn par(cn: &str, cvr: &str) -> Par {
    let noegle = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let certifikat = params(cn, cvr).self_signed(&noegle).unwrap();
    Par { pkcs8: noegle.serialize_der(), certifikat: Certifikat::af_der(certifikat.der()).unwrap() }
}

pub static STS: LazyLock<Par> = LazyLock::new(|| par("Korsbæk STS", "11223344"));
pub static SYSTEM: LazyLock<Par> = LazyLock::new(|| par("Fagsystem", "33445566"));
pub static FREMMED: LazyLock<Par> = LazyLock::new(|| par("Fremmed", "22334455"));
