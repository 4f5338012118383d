//! Certificates in the forms of OCES2 and OCES3.

use crate::faelles::{SYSTEM, fil, fra_fil, params};
use identity::certifikat::Art;
use identity::{Certifikat, CertifikatFejl};
use rcgen::{CustomExtension, KeyPair, PKCS_ED25519};

#[test]
fn an_oces3_certificate_is_read() {
    let system = fra_fil("system");
    assert_eq!(
        system.emne(),
        "CN=Fagsystem Æble, SERIALNUMBER=UI:DK-O:G:9e2f7e3c-5d0f-4f2a-8a3e-6f3b1d2c4a5b, O=Matador Data A/S, \
         OID.2.5.4.97=NTRDK-33445566, C=DK"
    );
    assert_eq!(system.udsteder(), "CN=Korsbæk udstedende-CA 1, O=Korsbæk Tillid, C=DK");
    assert_eq!((system.art(), system.cvr()), (Art::Oces3, "33445566".parse().ok()));
    assert_eq!(system.emne_uuid().unwrap().to_string(), "9e2f7e3c-5d0f-4f2a-8a3e-6f3b1d2c4a5b");
    assert_eq!(system.serienummer(), [0x00, 0xD1, 0xA2, 0xB3, 0xC4]);
    assert_eq!(system.subject_key_identifier().unwrap().len(), 20);
    assert_eq!(system.ocsp_adresser(), ["http://ocsp.korsbaek.example/ocsp"]);
    assert_eq!(system.crl_adresser(), ["http://crl.korsbaek.example/1.crl"]);
    assert!(system.maa_signere() && !system.maa_spaerre() && !system.er_ca());
    assert_eq!(xml::PublicKey::from_spki(system.noegle()).unwrap().spki(), system.noegle());
    let udstedende = fra_fil("udstedende");
    assert!(udstedende.er_ca() && udstedende.maa_spaerre() && !udstedende.maa_signere());
    assert_eq!(system.udsteder_der(), udstedende.emne_der());
}

#[test]
fn an_oces2_certificate_with_latin1_in_its_policy_is_read() {
    let oces2 = fra_fil("oces2");
    assert!(oces2.der().windows(3).any(|w| w == [0x1A, 1, 0xE6]), "æ as Latin-1 in a VisibleString");
    assert_eq!(
        oces2.emne(),
        "SERIALNUMBER=CVR:33445566-FID:1234 + CN=Fagsystem (funktionscertifikat), \
         O=Matador Data A/S // CVR:33445566, C=DK"
    );
    assert_eq!((oces2.art(), oces2.cvr()), (Art::Oces2, "33445566".parse().ok()));
    assert_eq!(oces2.emne_uuid(), None);
}

#[test]
fn der_pem_and_base64_give_the_same() {
    let system = &SYSTEM.certifikat;
    let base64 = system.base64();
    let (a, b) = base64.split_at(70);
    let pem = format!("tekst\n-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
    for form in [system.der(), base64.as_bytes(), format!("\n {a}\r\n\t{b} ").as_bytes(), pem.as_bytes()] {
        assert_eq!(&Certifikat::laes(form).unwrap(), system);
    }
    assert_eq!(system.thumbprint().len(), 40);
    assert_eq!(system.thumbprint(), system.thumbprint().to_uppercase());
    assert_ne!(system, &fra_fil("system"));
}

#[test]
fn what_is_not_a_certificate_is_refused_by_name() {
    use CertifikatFejl::{Base64, Efterfulgt, Form, Noegletype, PrivatNoegle, Stoerrelse, Udvidelse};
    #[track_caller]
    fn check(bytes: &[u8], fejl: CertifikatFejl) {
        assert_eq!(Certifikat::laes(bytes), Err(fejl));
    }
    let der = SYSTEM.certifikat.der();
    check(b"", Form);
    check(b"ikke base64!", Base64);
    check(&[der, &[0]].concat(), Efterfulgt);
    check(&der[..der.len() - 1], Form);
    check(&SYSTEM.pkcs8, PrivatNoegle);
    check(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", PrivatNoegle);
    check(&[b'A'; 64 * 1024], Stoerrelse);
    check(&[&[0x30, 0x82, 0xFF][..], &[0; 17 * 1024]].concat(), Stoerrelse);
    check(&[fil("system.pem"), fil("rod.pem")].concat(), Efterfulgt);
    let ed25519 = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    check(params("x", "33445566").self_signed(&ed25519).unwrap().der(), Noegletype);
    let mut to_gange = params("x", "33445566");
    let ski = || CustomExtension::from_oid_content(&[2, 5, 29, 14], vec![4, 1, 7]);
    to_gange.custom_extensions = vec![ski(), ski()];
    let noegle = KeyPair::generate().unwrap();
    check(to_gange.self_signed(&noegle).unwrap().der(), Udvidelse("subjectKeyIdentifier"));
}

#[test]
fn two_companies_in_one_certificate_are_refused() {
    let mut modstrid = params("x", "33445566");
    let serie = rcgen::DnType::from_oid(&[2, 5, 4, 5]);
    modstrid.distinguished_name.push(serie, "CVR:11223344-FID:1");
    let der = modstrid.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let fejl = Certifikat::af_der(der.der()).unwrap_err();
    assert_eq!(fejl.to_string(), "certifikatet har to forskellige CVR-numre: 33445566 og 11223344");
}

#[test]
fn no_change_of_a_byte_makes_reading_panic() {
    for navn in ["system", "oces2"] {
        let (der, uaendret) = (fra_fil(navn).der().to_vec(), *fra_fil(navn).sha256());
        for hvor in 0..der.len() {
            for maske in [0x01, 0x80, 0xFF] {
                let mut aendret = der.clone();
                aendret[hvor] ^= maske;
                if let Ok(certifikat) = Certifikat::af_der(&aendret) {
                    assert_ne!(certifikat.sha256(), &uaendret, "another certificate");
                }
            }
            assert!(Certifikat::af_der(&der[..hvor]).is_err());
        }
    }
}
