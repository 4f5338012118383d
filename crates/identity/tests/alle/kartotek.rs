//! Certificates that are read once.

use crate::faelles::{FREMMED, SYSTEM, fra_fil};
use identity::{Certifikat, CertifikatFejl, Kartotek};

fn kartotek(alle: &[&Certifikat], foer: &Kartotek) -> Kartotek {
    Kartotek::ny(alle.iter().map(|c| (c.sha256(), c.der())), foer)
}

#[test]
fn what_is_registered_is_found_by_hash_thumbprint_subject_and_bytes() {
    let (system, oces2) = (&SYSTEM.certifikat, fra_fil("oces2"));
    let kartotek = kartotek(&[system, &oces2], &Kartotek::default());
    assert_eq!(kartotek.med_sha256(oces2.sha256()), Some(&oces2));
    assert_eq!(kartotek.med_emne(oces2.emne()), Some(&oces2));
    let aftryk = oces2.thumbprint();
    let med_kolon: Vec<&str> = (0..20).map(|i| &aftryk[i * 2..i * 2 + 2]).collect();
    for tekst in [aftryk.to_owned(), aftryk.to_lowercase(), med_kolon.join(":")] {
        assert_eq!(kartotek.med_aftryk(&tekst), Some(&oces2), "{tekst}");
    }
    for tekst in ["", &aftryk[1..], &format!("{aftryk}0"), FREMMED.certifikat.thumbprint()] {
        assert_eq!(kartotek.med_aftryk(tekst), None, "{tekst}");
    }
    assert_eq!(kartotek.med_sha256(FREMMED.certifikat.sha256()), None);
    assert_eq!(kartotek.med_emne("CN=Fagsystem"), None);
}

#[test]
fn what_is_sent_is_recognised_and_what_is_not_registered_is_read_and_not_kept() {
    let (system, fremmed) = (&SYSTEM.certifikat, &FREMMED.certifikat);
    let kartotek = kartotek(&[system], &Kartotek::default());
    let kendt = kartotek.laes_base64(&system.base64()).unwrap();
    assert!(std::ptr::eq(kendt.der(), kartotek.med_sha256(system.sha256()).unwrap().der()), "not read again");
    let linjer = format!("\n {} \n{}\n", &system.base64()[..64], &system.base64()[64..]);
    assert_eq!(kartotek.laes_base64(&linjer).unwrap(), *system);
    assert_eq!(kartotek.laes_base64(&fremmed.base64()).unwrap(), *fremmed);
    assert_eq!(kartotek.med_sha256(fremmed.sha256()), None);
    assert_eq!(kartotek.laes_base64("AAAA").err(), Some(CertifikatFejl::Form));
    assert_eq!(kartotek.laes_base64("æ").err(), Some(CertifikatFejl::Base64));
}

#[test]
fn a_new_one_keeps_what_was_read_and_forgets_what_is_gone() {
    let (system, fremmed) = (&SYSTEM.certifikat, &FREMMED.certifikat);
    let foer = kartotek(&[system, fremmed], &Kartotek::default());
    let ulaeselig: (&[u8; 32], &[u8]) = (&[7; 32], b"intet certifikat");
    let efter = Kartotek::ny([(system.sha256(), system.der()), ulaeselig], &foer);
    let samme = |k: &Kartotek| k.med_sha256(system.sha256()).unwrap().der().as_ptr();
    assert_eq!(samme(&foer), samme(&efter));
    assert_eq!((efter.med_sha256(fremmed.sha256()), efter.med_emne(fremmed.emne())), (None, None));
    assert_eq!(efter.med_sha256(&[7; 32]), None);
}
