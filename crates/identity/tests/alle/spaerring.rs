//! Responses and lists made by openssl and by rcgen.

use crate::faelles::{NU, at, efter, efter_fixtures, fil, fra_fil, params};
use identity::Certifikat;
use identity::spaerring::crl::{CrlFejl, Spaerreliste};
use identity::spaerring::ocsp::{OcspFejl, anmodning, laes_svar};
use identity::spaerring::{Kilder, Status};
use rcgen::{
    BasicConstraints, CertificateRevocationListParams, CertifiedIssuer, CrlDistributionPoint,
    CrlIssuingDistributionPoint, CrlScope, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber, date_time_ymd,
};

#[test]
fn the_question_is_the_one_openssl_asks() {
    let bytes = anmodning(&fra_fil("system"), &fra_fil("udstedende"));
    assert_eq!(bytes, fil("ocsp-anmodning.der"));
    assert_eq!(Kilder::af(&fra_fil("system")), Kilder { ocsp: true, crl: true });
    assert_eq!(Kilder::af(&fra_fil("oces2")), Kilder { ocsp: false, crl: false });
}

#[track_caller]
fn svar(navn: &str, certifikat: &str) -> Result<Status, OcspFejl> {
    let (certifikat, udsteder) = (fra_fil(certifikat), fra_fil("udstedende"));
    laes_svar(&fil(navn), &certifikat, &udsteder, efter_fixtures()).map(|s| s.status)
}

#[test]
fn answers_of_the_issuer_and_of_whom_it_appoints_are_believed() {
    assert_eq!(svar("ocsp-god.der", "system"), Ok(Status::God), "RSASSA-PSS");
    assert_eq!(svar("ocsp-god-noegleid.der", "system"), Ok(Status::God), "by key");
    assert_eq!(svar("ocsp-god-af-udsteder.der", "system"), Ok(Status::God), "by the issuer itself");
    let siden = at("2026-01-01T12:00:00Z");
    assert_eq!(svar("ocsp-spaerret.der", "spaerret"), Ok(Status::Spaerret(siden)));
    assert_eq!(svar("ocsp-ukendt.der", "ukendt"), Ok(Status::Ukendt));
}

#[test]
fn answers_of_others_about_others_or_of_another_time_are_not() {
    assert_eq!(svar("ocsp-falsk.der", "system"), Err(OcspFejl::Svarer), "not made for OCSP signing");
    assert_eq!(svar("ocsp-god.der", "spaerret"), Err(OcspFejl::AndetCertifikat), "stapled to another serial");
    let (system, udsteder) = (fra_fil("system"), fra_fil("udstedende"));
    let anden = fra_fil("oces2-ca");
    let god = fil("ocsp-god-af-udsteder.der");
    let laes = |bytes: &[u8], udsteder: &Certifikat, nu| laes_svar(bytes, &system, udsteder, nu);
    assert_eq!(laes(&god, &anden, efter_fixtures()), Err(OcspFejl::Svarer));
    let svar = laes(&god, &udsteder, efter_fixtures()).unwrap();
    let til = svar.til.unwrap();
    assert!(laes(&god, &udsteder, efter(til, 299)).is_ok());
    assert_eq!(laes(&god, &udsteder, efter(til, 300)), Err(OcspFejl::Foraeldet));
    assert_eq!(laes(&god, &udsteder, at("2026-01-01T00:00:00Z")), Err(OcspFejl::ForTidligt));
    let mut aendret = god.clone();
    *aendret.last_mut().unwrap() ^= 1;
    assert_eq!(laes(&aendret, &udsteder, efter_fixtures()), Err(OcspFejl::Signatur));
    assert_eq!(laes(&[0x30, 3, 0x0A, 1, 6], &udsteder, efter_fixtures()), Err(OcspFejl::Afvist(6)));
    assert_eq!(laes(&[0x30, 3, 0x0A, 1, 0], &udsteder, efter_fixtures()), Err(OcspFejl::Form));
    assert_eq!(laes(&vec![0; 65 * 1024], &udsteder, efter_fixtures()), Err(OcspFejl::Stoerrelse));
}

#[test]
fn every_change_of_a_byte_is_noticed_and_none_panics() {
    let (system, udsteder) = (fra_fil("system"), fra_fil("udstedende"));
    let god = fil("ocsp-god-af-udsteder.der");
    let uaendret = laes_svar(&god, &system, &udsteder, efter_fixtures()).unwrap();
    for hvor in 0..god.len() {
        let mut aendret = god.clone();
        aendret[hvor] ^= 0x11;
        let svar = laes_svar(&aendret, &system, &udsteder, efter_fixtures());
        assert!(svar.is_err_and(|f| f != OcspFejl::Stoerrelse), "byte {hvor} of {uaendret:?}");
        assert!(laes_svar(&god[..hvor], &system, &udsteder, efter_fixtures()).is_err());
    }
}

#[test]
fn a_list_of_openssl_is_read() {
    let (udsteder, system) = (fra_fil("udstedende"), fra_fil("system"));
    let nu = efter_fixtures();
    let bytes = fil("crl.der");
    let liste = Spaerreliste::laes(&bytes, &udsteder).unwrap();
    assert_eq!(liste.slaa_op(&system, nu).map(|s| s.status), Ok(Status::God));
    let siden = at("2026-01-01T12:00:00Z");
    assert_eq!(liste.slaa_op(&fra_fil("spaerret"), nu).map(|s| s.status), Ok(Status::Spaerret(siden)));
    assert_eq!(liste.slaa_op(&fra_fil("oces2"), nu), Err(CrlFejl::Udsteder));
    assert_eq!(liste.slaa_op(&system, efter(liste.til(), 300)), Err(CrlFejl::Foraeldet));
    assert_eq!(liste.slaa_op(&system, at("2026-01-01T00:00:00Z")), Err(CrlFejl::ForTidlig));
    assert_eq!(Spaerreliste::laes(&bytes, &fra_fil("oces2-ca")).err(), Some(CrlFejl::Udsteder));
    for hvor in (0..bytes.len()).step_by(3) {
        let mut aendret = bytes.clone();
        aendret[hvor] ^= 0x11;
        assert!(Spaerreliste::laes(&aendret, &udsteder).is_err(), "byte {hvor}");
    }
}

fn ca(brug: &[KeyUsagePurpose]) -> CertifiedIssuer<'static, KeyPair> {
    let mut ca = params("CA", "11223344");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = brug.to_vec();
    CertifiedIssuer::self_signed(ca, KeyPair::generate().unwrap()).unwrap()
}

/// A list of part `idp` that revokes serial number 7.
fn liste(ca: &CertifiedIssuer<'_, KeyPair>, idp: Option<CrlIssuingDistributionPoint>) -> Vec<u8> {
    let spaerret = RevokedCertParams {
        serial_number: SerialNumber::from(7),
        revocation_time: date_time_ymd(2029, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2030, 3, 1),
        next_update: date_time_ymd(2030, 3, 8),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: idp,
        revoked_certs: vec![spaerret],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(ca).unwrap().der().to_vec()
}

/// A certificate of this serial number and distribution point.
fn slut(ca: &CertifiedIssuer<'_, KeyPair>, nummer: u64, punkt: Option<&str>) -> Certifikat {
    let mut slut = params("x", "33445566");
    slut.serial_number = Some(SerialNumber::from(nummer));
    slut.crl_distribution_points =
        punkt.iter().map(|p| CrlDistributionPoint { uris: vec![(*p).to_owned()] }).collect();
    Certifikat::af_der(slut.signed_by(&KeyPair::generate().unwrap(), ca).unwrap().der()).unwrap()
}

#[test]
fn a_part_is_good_only_for_what_it_is_about() {
    const A: &str = "http://crl.korsbaek.example/a.crl";
    let ca = ca(&[KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign]);
    let udsteder = Certifikat::af_der(ca.der()).unwrap();
    let del = |uri: &str, scope| {
        let distribution_point = CrlDistributionPoint { uris: vec![uri.to_owned()] };
        Some(CrlIssuingDistributionPoint { distribution_point, scope })
    };
    let check = |idp, nummer, punkt, expected: Result<Status, CrlFejl>| {
        let liste = Spaerreliste::laes(&liste(&ca, idp), &udsteder).unwrap();
        assert_eq!(liste.slaa_op(&slut(&ca, nummer, punkt), at(NU)).map(|s| s.status), expected);
    };
    let spaerret = Status::Spaerret(at("2029-01-01T00:00:00Z"));
    check(None, 8, None, Ok(Status::God));
    check(None, 7, None, Ok(spaerret));
    check(del(A, None), 8, Some(A), Ok(Status::God));
    check(del(A, Some(CrlScope::UserCertsOnly)), 7, Some(A), Ok(spaerret));
    check(del(A, Some(CrlScope::CaCertsOnly)), 8, Some(A), Err(CrlFejl::DaekkerIkke));
    check(del(A, None), 8, Some("http://crl.korsbaek.example/b.crl"), Err(CrlFejl::DaekkerIkke));
    check(del(A, None), 8, None, Err(CrlFejl::DaekkerIkke));
}
