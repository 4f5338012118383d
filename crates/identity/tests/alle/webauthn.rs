//! Passkeys: what fits is accepted, and what a liar would send is not.

use ciborium::Value;
use identity::webauthn::{ATTESTERING_MAKS, KLIENTDATA_MAKS, Krav, WebauthnFejl, bekraeft, registrer};
use testkit::passkey::{NY, Passkey, SET, attestering, cbor, klientdata};

const SIDE: &str = "https://admin.korsbaek.example";
const STED: &str = "admin.korsbaek.example";
const UDFORDRING: [u8; 32] = [7; 32];
const KRAV: Krav<'_> = Krav { oprindelse: SIDE, sted: STED, udfordring: &UDFORDRING };

fn oprettet() -> Vec<u8> {
    klientdata("webauthn.create", &UDFORDRING, SIDE)
}

fn hentet() -> Vec<u8> {
    klientdata("webauthn.get", &UDFORDRING, SIDE)
}

#[test]
fn every_kind_of_key_is_made_and_used() {
    for mut passkey in [Passkey::es256(b"en"), Passkey::eddsa(&[1; 1023]), Passkey::rs256(b"tre")] {
        passkey.taeller = 41;
        let ny = registrer(&KRAV, &oprettet(), &attestering(passkey.data(STED, SET | NY))).unwrap();
        assert_eq!((&ny.id, &ny.noegle, ny.taeller), (&passkey.id, &cbor(&passkey.cose()), 41));
        passkey.taeller = 42;
        let data = passkey.data(STED, SET);
        let signatur = passkey.signer(&data, &hentet());
        assert_eq!(bekraeft(&KRAV, &ny.noegle, &hentet(), &data, &signatur), Ok(42));
        let anden = Passkey::es256(b"en");
        let fejl = bekraeft(&KRAV, &cbor(&anden.cose()), &hentet(), &data, &signatur);
        assert_eq!(fejl, Err(WebauthnFejl::Signatur), "another key");
        for nr in [0, 32, data.len() - 1] {
            let mut aendret = data.clone();
            aendret[nr] ^= 0x08;
            assert!(bekraeft(&KRAV, &ny.noegle, &hentet(), &aendret, &signatur).is_err(), "byte {nr}");
        }
        for skaaret in
            [&signatur[..0], &signatur[..signatur.len() - 1], &[signatur.clone(), vec![0]].concat()]
        {
            let fejl = bekraeft(&KRAV, &ny.noegle, &hentet(), &data, skaaret);
            assert_eq!(fejl, Err(WebauthnFejl::Signatur));
        }
    }
}

#[test]
fn what_the_browser_says_must_fit() {
    let passkey = Passkey::es256(b"en");
    let (data, noegle) = (passkey.data(STED, SET), cbor(&passkey.cose()));
    let proev = |klient: &[u8]| bekraeft(&KRAV, &noegle, klient, &data, &passkey.signer(&data, klient));
    let god = String::from_utf8(hentet()).unwrap();
    assert_eq!(proev(god.as_bytes()), Ok(0));
    let med = |fra: &str, til: &str| {
        assert!(god.contains(fra), "{god}");
        god.replacen(fra, til, 1)
    };
    for (klient, fejl) in [
        (String::from_utf8(oprettet()).unwrap(), WebauthnFejl::Type),
        (med("\"type\"", "\"typ\""), WebauthnFejl::Type),
        (String::from_utf8(klientdata("webauthn.get", &[8; 32], SIDE)).unwrap(), WebauthnFejl::Udfordring),
        (String::from_utf8(klientdata("webauthn.get", &[7; 31], SIDE)).unwrap(), WebauthnFejl::Udfordring),
        (med("\"challenge\":\"", "\"challenge\":\"="), WebauthnFejl::Udfordring),
        (med(SIDE, "https://admin.korsbaek.example.evil.example"), WebauthnFejl::Oprindelse),
        (med(SIDE, "https://admin.korsbaek.example/"), WebauthnFejl::Oprindelse),
        (med(SIDE, "http://admin.korsbaek.example"), WebauthnFejl::Oprindelse),
        (med("\"crossOrigin\":false", "\"crossOrigin\":true"), WebauthnFejl::Oprindelse),
        (med("\"crossOrigin\":false", "\"crossOrigin\":\"nej\""), WebauthnFejl::Oprindelse),
        (med("\"crossOrigin\"", "\"topOrigin\""), WebauthnFejl::Oprindelse),
        (med("{", "{\"origin\":\"x\","), WebauthnFejl::Form("klientdata")),
        ("[]".into(), WebauthnFejl::Form("klientdata")),
        (String::new(), WebauthnFejl::Form("klientdata")),
        ("[".repeat(4000), WebauthnFejl::Form("klientdata")),
        (" ".repeat(KLIENTDATA_MAKS + 1), WebauthnFejl::Stoerrelse),
    ] {
        assert_eq!(proev(klient.as_bytes()), Err(fejl), "{klient}");
    }
    assert_eq!(proev(med("{", "{\"nyt\":{\"a\":[1]},").as_bytes()), Ok(0), "more may be said");
}

#[test]
fn the_device_must_be_for_us_and_have_seen_the_user() {
    let passkey = Passkey::es256(b"en");
    let noegle = cbor(&passkey.cose());
    let proev = |data: &[u8]| bekraeft(&KRAV, &noegle, &hentet(), data, &passkey.signer(data, &hentet()));
    assert_eq!(proev(&passkey.data("andet.example", SET)), Err(WebauthnFejl::Sted));
    for flag in [0x00, 0x01, 0x04] {
        assert_eq!(proev(&passkey.data(STED, flag)), Err(WebauthnFejl::Bruger), "{flag}");
    }
    assert_eq!(proev(&passkey.data(STED, SET | 0x18)), Ok(0), "one that is copied between devices");
    assert_eq!(proev(&passkey.data(STED, SET | 0x10)), Err(WebauthnFejl::Form("flag")));
    let med_udvidelser = [passkey.data(STED, SET | 0x80), cbor(&Value::Map(vec![]))].concat();
    assert_eq!(proev(&med_udvidelser), Ok(0));
    for daarlig in [
        vec![],
        passkey.data(STED, SET)[..36].to_vec(),
        passkey.data(STED, SET | 0x80),
        [passkey.data(STED, SET), vec![0]].concat(),
        [passkey.data(STED, SET | 0x80), vec![0x80]].concat(),
        vec![0; ATTESTERING_MAKS + 1],
    ] {
        assert!(proev(&daarlig).is_err(), "{daarlig:?}");
    }
}

#[test]
fn new_keys_that_are_not_as_they_should_be_are_refused() {
    let passkey = Passkey::es256(b"en");
    let data = passkey.data(STED, SET | NY);
    let proev = |objekt: &[u8]| registrer(&KRAV, &oprettet(), objekt);
    let god = attestering(data.clone());
    assert!(proev(&god).is_ok());
    assert_eq!(registrer(&KRAV, &hentet(), &god), Err(WebauthnFejl::Type));
    for nr in 0..god.len() {
        assert!(proev(&god[..nr]).is_err(), "cut at {nr}");
    }
    assert!(proev(&[god.clone(), vec![0]].concat()).is_err(), "something follows");
    assert!(proev(&attestering(passkey.data(STED, SET))).is_err(), "no key");
    assert!(proev(&attestering(Passkey::es256(&[]).data(STED, SET | NY))).is_err(), "no id");
    assert!(proev(&attestering(Passkey::es256(&[1; 1024]).data(STED, SET | NY))).is_err(), "a long id");
    let fmt = |v: &str| (Value::from("fmt"), Value::from(v));
    let andre = [fmt("packed"), (Value::from("attStmt"), Value::from("hvad som helst"))];
    let andre = andre.into_iter().chain([(Value::from("authData"), Value::Bytes(data.clone()))]).collect();
    assert!(proev(&cbor(&Value::Map(andre))).is_ok(), "what a device says of itself is not read");
    let to = vec![fmt("none"), fmt("none"), (Value::from("authData"), Value::Bytes(data))];
    assert!(proev(&cbor(&Value::Map(to))).is_err(), "a name twice");
    // Nested deeper than it may be, and lengths that are not there.
    for daarlig in [
        vec![0x81; 20_000],
        vec![0xA1; 20_000],
        vec![0x5B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        vec![0x9B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        vec![0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        vec![0xFF; 100],
        vec![0; ATTESTERING_MAKS + 1],
    ] {
        assert!(proev(&daarlig).is_err());
    }
}

/// The COSE key with one field replaced.
fn med(passkey: &Passkey, nr: i64, nyt: Value) -> Vec<u8> {
    let Value::Map(mut felter) = passkey.cose() else { panic!("a map") };
    felter.retain(|(navn, _)| *navn != Value::from(nr));
    felter.push((Value::from(nr), nyt));
    cbor(&Value::Map(felter))
}

#[test]
fn keys_of_other_kinds_are_refused() {
    let (ec, ed, rsa) = (Passkey::es256(b"a"), Passkey::eddsa(b"b"), Passkey::rs256(b"c"));
    let data = ec.data(STED, SET);
    let proev = |noegle: &[u8]| bekraeft(&KRAV, noegle, &hentet(), &data, b"x");
    for (noegle, fejl) in [
        (med(&ec, 3, Value::from(-35)), WebauthnFejl::Noegle),
        (med(&ec, 1, Value::from(3)), WebauthnFejl::Noegle),
        (med(&ec, -1, Value::from(2)), WebauthnFejl::Noegle),
        (med(&ec, -2, Value::Bytes(vec![0; 32])), WebauthnFejl::Noegle),
        (med(&ec, -2, Value::Bytes(vec![1; 31])), WebauthnFejl::Noegle),
        (med(&ec, -3, Value::Bool(true)), WebauthnFejl::Noegle),
        (med(&ed, 3, Value::from(-7)), WebauthnFejl::Noegle),
        (med(&rsa, -1, Value::Bytes(vec![])), WebauthnFejl::Noegle),
        (med(&rsa, -1, Value::Bytes(vec![0xC5; 128])), WebauthnFejl::Noegle),
        (med(&rsa, -2, Value::Bytes(vec![])), WebauthnFejl::Noegle),
        (med(&rsa, -2, Value::Bytes(vec![0])), WebauthnFejl::Noegle),
        (cbor(&Value::Map(vec![])), WebauthnFejl::Noegle),
        (cbor(&Value::Null), WebauthnFejl::Form("nøgle")),
        (vec![], WebauthnFejl::Form("nøgle")),
        (vec![0; 3000], WebauthnFejl::Stoerrelse),
    ] {
        assert_eq!(proev(&noegle), Err(fejl), "{noegle:?}");
    }
}
