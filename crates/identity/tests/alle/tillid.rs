//! Chains and policies: real openssl ones with RSASSA-PSS, and invented ones with faults.

use crate::faelles::{NU, at, efter_fixtures, fra_fil, params};
use identity::Certifikat;
use identity::tid::minus;
use identity::tillid::{Tillid, TillidFejl};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use std::time::Duration;

#[test]
fn a_pss_signed_chain_is_trusted() {
    let (rod, udstedende, system) = (fra_fil("rod"), fra_fil("udstedende"), fra_fil("system"));
    let nu = efter_fixtures();
    let tillid = Tillid::ny([rod.clone()], [udstedende.clone()]).unwrap();
    assert_eq!(tillid.kontroller(&system, nu).unwrap(), [udstedende.clone(), rod]);
    // The issuing CA may also be the anchor itself.
    assert_eq!(Tillid::ny([udstedende.clone()], []).unwrap().kontroller(&system, nu).unwrap(), [udstedende]);
    let (oces2, oces2_ca) = (fra_fil("oces2"), fra_fil("oces2-ca"));
    assert_eq!(Tillid::ny([oces2_ca.clone()], []).unwrap().kontroller(&oces2, nu).unwrap(), [oces2_ca]);
}

#[test]
fn what_is_outside_the_chain_or_its_time_is_not() {
    let (rod, udstedende, system) = (fra_fil("rod"), fra_fil("udstedende"), fra_fil("system"));
    let nu = efter_fixtures();
    let check = |ankre: &[&Certifikat], certifikat: &Certifikat, nu, fejl: TillidFejl| {
        let tillid = Tillid::ny(ankre.iter().map(|c| (*c).clone()), []).unwrap();
        assert_eq!(tillid.kontroller(certifikat, nu), Err(fejl));
    };
    let gyldig = system.gyldig();
    let mikro = Duration::from_micros(1);
    check(&[&rod], &system, nu, TillidFejl::UkendtUdsteder);
    check(&[], &system, nu, TillidFejl::UkendtUdsteder);
    check(&[&fra_fil("oces2-ca")], &system, nu, TillidFejl::UkendtUdsteder);
    check(&[&udstedende], &system, minus(gyldig.from, mikro), TillidFejl::IkkeEndnu(gyldig.from));
    check(&[&udstedende], &system, gyldig.to, TillidFejl::Udloebet(gyldig.to));
    check(&[&rod], &udstedende, nu, TillidFejl::ErCa);
    let fejl = Tillid::ny([system.clone()], []).err();
    assert_eq!(fejl, Some(TillidFejl::Udsteder(system.emne().to_owned())));
}

fn ca(cn: &str) -> CertificateParams {
    let mut ud = params(cn, "11223344");
    ud.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ud.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    ud
}

fn udsteder(params: CertificateParams) -> CertifiedIssuer<'static, KeyPair> {
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

#[track_caller]
fn check(ca: &CertifiedIssuer<'_, KeyPair>, slut: CertificateParams, expected: Result<(), TillidFejl>) {
    let slut = slut.signed_by(&KeyPair::generate().unwrap(), ca).unwrap();
    let tillid = Tillid::ny([Certifikat::af_der(ca.der()).unwrap()], []).unwrap();
    let fundet = tillid.kontroller(&Certifikat::af_der(slut.der()).unwrap(), at(NU));
    assert_eq!(fundet.map(|_| ()), expected);
}

#[test]
fn key_usage_and_unknown_critical_extensions_decide() {
    let ca = udsteder(ca("CA"));
    check(&ca, params("intet nævnt", "33445566"), Ok(()));
    let mut signatur = params("signatur", "33445566");
    signatur.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    signatur.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::EmailProtection];
    check(&ca, signatur.clone(), Ok(()));
    signatur.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
    check(&ca, signatur, Err(TillidFejl::Noeglebrug));
    let mut kritisk = params("kritisk", "33445566");
    let mut udvidelse = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
    udvidelse.set_criticality(true);
    kritisk.custom_extensions = vec![udvidelse];
    check(&ca, kritisk, Err(TillidFejl::KritiskUdvidelse));
}

#[test]
fn an_issuer_of_the_same_name_and_an_expired_one_are_not_trusted() {
    let (rigtig, falsk) = (udsteder(ca("CA")), udsteder(ca("CA")));
    let slut = params("x", "33445566").signed_by(&KeyPair::generate().unwrap(), &falsk).unwrap();
    let tillid = Tillid::ny([Certifikat::af_der(rigtig.der()).unwrap()], []).unwrap();
    let fejl = tillid.kontroller(&Certifikat::af_der(slut.der()).unwrap(), at(NU)).unwrap_err();
    assert_eq!(fejl, TillidFejl::Signatur);
    let mut gammel = ca("CA");
    gammel.not_after = date_time_ymd(2029, 1, 1);
    check(&udsteder(gammel), params("x", "33445566"), Err(TillidFejl::UdstederUgyldig));
    let mut kun_lister = ca("CA");
    kun_lister.key_usages = vec![KeyUsagePurpose::CrlSign];
    let kun_lister = Certifikat::af_der(udsteder(kun_lister).der()).unwrap();
    let fejl = || Some(TillidFejl::Udsteder(kun_lister.emne().to_owned()));
    assert_eq!(Tillid::ny([kun_lister.clone()], []).err(), fejl());
    assert_eq!(Tillid::ny([], [kun_lister.clone()]).err(), fejl());
}

/// The arcs of the policy of OCES3 organisation certificates.
const OCES3: &[u64] = &[1, 2, 208, 169, 1, 1, 1, 3, 7];
const ANDEN: &[u64] = &[1, 2, 208, 169, 1, 1, 1, 3, 8];
const ENHVER: &[u64] = &[2, 5, 29, 32, 0];

/// `certificatePolicies` with these policies, the first of them with a qualifier that is no ASN.1 at all.
fn politikker(oider: &[&[u64]]) -> Vec<CustomExtension> {
    fn felt(tag: u8, indhold: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(indhold.len()).unwrap()], indhold].concat()
    }
    if oider.is_empty() {
        return Vec::new();
    }
    let en = |(i, arcs): (usize, &&[u64])| {
        let oid = felt(6, x509_parser::asn1_rs::Oid::from(arcs).unwrap().as_bytes());
        let kvalifikator: &[u8] = if i == 0 { &[0xFF, 0xE6] } else { &[] };
        felt(0x30, &[&oid, kvalifikator].concat())
    };
    let alle: Vec<u8> = oider.iter().enumerate().flat_map(en).collect();
    vec![CustomExtension::from_oid_content(&[2, 5, 29, 32], felt(0x30, &alle))]
}

/// Root, issuer with `mellem` and certificate with `slut`; judged when only the policy of OCES3 is allowed.
fn med_oces3(mellem: &[&[u64]], slut: &[&[u64]]) -> Result<usize, TillidFejl> {
    let mut rod = ca("Rod");
    rod.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let rod = udsteder(rod);
    let mut udstedende = ca("Udstedende");
    udstedende.custom_extensions = politikker(mellem);
    let udstedende = CertifiedIssuer::signed_by(udstedende, KeyPair::generate().unwrap(), &rod).unwrap();
    let mut system = params("system", "33445566");
    system.custom_extensions = politikker(slut);
    let system = system.signed_by(&KeyPair::generate().unwrap(), &udstedende).unwrap();
    let laes = |der: &[u8]| Certifikat::af_der(der).unwrap();
    let tillid = Tillid::ny([laes(rod.der())], [laes(udstedende.der())]).unwrap();
    let system = laes(system.der());
    assert_eq!(
        tillid.kontroller(&system, at(NU)).map(|u| u.len()),
        Ok(2),
        "without the demand it is trusted"
    );
    let kun_oces3 = tillid.med_politikker(["1.2.208.169.1.1.1.3.7", "0.4.0.2042.1.1"]).unwrap();
    kun_oces3.kontroller(&system, at(NU)).map(|u| u.len())
}

#[test]
fn only_allowed_policies_are_trusted_all_the_way_up() {
    let afvist = Err(TillidFejl::Politik);
    assert_eq!(med_oces3(&[OCES3], &[OCES3]), Ok(2));
    assert_eq!(med_oces3(&[ANDEN, ENHVER], &[ANDEN, OCES3]), Ok(2));
    assert_eq!(med_oces3(&[ENHVER], &[]), afvist, "no policy");
    assert_eq!(med_oces3(&[ENHVER], &[ANDEN]), afvist, "another policy");
    assert_eq!(med_oces3(&[ENHVER], &[ENHVER]), afvist, "any policy is an issuer's word");
    assert_eq!(med_oces3(&[ANDEN], &[OCES3]), afvist, "the issuer may not issue under it");
    assert_eq!(med_oces3(&[], &[OCES3]), afvist, "the issuer may issue under none");
}

#[test]
fn the_policy_of_a_real_certificate_is_read_and_one_that_is_none_is_refused() {
    let (udstedende, system) = (fra_fil("udstedende"), fra_fil("system"));
    let med = |oid: &'static str| Tillid::ny([udstedende.clone()], []).unwrap().med_politikker([oid]);
    let nu = efter_fixtures();
    assert!(med("1.2.208.169.1.1.1.3.7").unwrap().kontroller(&system, nu).is_ok());
    assert_eq!(med("1.2.208.169.1.1.1.3.70").unwrap().kontroller(&system, nu), Err(TillidFejl::Politik));
    for oid in ["", "oces3", "1.2.", "1.2.x"] {
        assert_eq!(med(oid).err(), Some(TillidFejl::Oid(oid.to_owned())));
    }
    // A policy whose qualifier holds Latin-1 letters.
    let (oces2, oces2_ca) = (fra_fil("oces2"), fra_fil("oces2-ca"));
    let tillid = Tillid::ny([oces2_ca], []).unwrap().med_politikker(["1.2.3.4"]).unwrap();
    assert!(tillid.kontroller(&oces2, nu).is_ok());
}
