//! Keys and tokens of the tests.

use app::{Noeglepar, Noegler};
use bitemporal::Instant;
use identity::Certifikat;
use identity::jwt::{Alg, Claims, JwtNoegle, Noeglering};
use identity::saml::{Paastand, Sts};
use oio::Cvr;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use std::sync::LazyLock;
use xml::SigningKey;

pub const UDSTEDER: &str = "https://saml.adgang.test/runtime";

/// A key and its certificate.
pub struct Par {
    pub pkcs8: Vec<u8>,
    pub certifikat: Certifikat,
}

fn par(navn: &str) -> Par {
    let noegle = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key");
    let mut params = CertificateParams::default();
    let mut dn = DistinguishedName::new();
    dn.push(DnType::CountryName, "DK");
    dn.push(DnType::from_oid(&[2, 5, 4, 97]), "NTRDK-33445566");
    dn.push(DnType::CommonName, navn);
    params.distinguished_name = dn;
    let certifikat = params.self_signed(&noegle).expect("a certificate");
    Par {
        pkcs8: noegle.serialize_der(),
        certifikat: Certifikat::af_der(certifikat.der()).expect("a certificate"),
    }
}

static STS: LazyLock<Par> = LazyLock::new(|| par("STS"));
pub static ANDEN_STS: LazyLock<Par> = LazyLock::new(|| par("En anden STS"));
pub static AFSENDER: LazyLock<Par> = LazyLock::new(|| par("Afsender"));
pub static MODTAGER: LazyLock<Par> = LazyLock::new(|| par("Modtager"));
pub static ANDEN: LazyLock<Par> = LazyLock::new(|| par("Anden modtager"));
pub static FREMMED: LazyLock<Par> = LazyLock::new(|| par("Fremmed"));

/// The keys of an installation.
pub fn noegler() -> Noegler {
    noegler_af(&STS)
}

/// The keys of an installation with this STS.
pub fn noegler_af(sts: &Par) -> Noegler {
    let nyt = || Noeglepar {
        noegle: SigningKey::from_pkcs8(&sts.pkcs8).expect("a key"),
        certifikat: sts.certifikat.clone(),
    };
    Noegler {
        iss: "https://adgang.test/runtime/".into(),
        sts: nyt(),
        service: nyt(),
        jwt: JwtNoegle::ny(&sts.pkcs8, sts.certifikat.clone(), Alg::default()).expect("a key"),
        jwt_betroede: Noeglering::ny(Alg::default(), [&sts.certifikat]).expect("a key"),
        sts_betroet: Sts::ny(UDSTEDER, [sts.certifikat.clone()]).expect("a key"),
        offentlige: vec![sts.certifikat.clone()],
    }
}

/// A JWT of this installation.
pub fn jwt(claims: &Claims) -> String {
    let noegle = JwtNoegle::ny(&STS.pkcs8, STS.certifikat.clone(), Alg::default()).expect("a key");
    identity::jwt::udsted(&noegle, claims).expect("signed")
}

/// What a token says, before a test changes it.
pub fn paastand(indehaver: &Par, audience: &str, cvr: Cvr, fra: Instant, til: Instant) -> Paastand {
    Paastand {
        id: "_0b9d3c1e-5a77-4c0e-9a51-6f0f4a3d7e01".into(),
        udsteder: UDSTEDER.into(),
        fra,
        til,
        name_id: indehaver.certifikat.emne().into(),
        obo_kalder: None,
        audience: audience.into(),
        cvr,
        sikringsniveau: 3,
        bpp: None,
        indehaver: indehaver.certifikat.clone(),
    }
}

/// The token, signed by our STS.
pub fn signer(paastand: &Paastand) -> Vec<u8> {
    signer_med(&STS, paastand)
}

/// The token, signed by another.
pub fn signer_med(sts: &Par, paastand: &Paastand) -> Vec<u8> {
    let noegle = SigningKey::from_pkcs8(&sts.pkcs8).expect("a key");
    paastand.signer(&noegle, &sts.certifikat).expect("signed").into_bytes()
}
