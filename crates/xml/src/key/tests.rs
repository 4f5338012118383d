use super::{NoegleFejl, PublicKey, SigningKey};
use crate::SignatureAlgorithm as A;
use crate::testing::{EC, RSA};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair,
};

#[test]
fn a_key_verifies_what_it_signed_and_nothing_else() {
    for (key, other, algorithm) in [(&*RSA, &*EC, A::RsaSha256), (&*EC, &*RSA, A::EcdsaSha256)] {
        assert_eq!(key.algorithm(), algorithm);
        let value = key.sign(b"message").expect("signed");
        let public = PublicKey::from_spki(key.public_key().spki()).expect("a key");
        assert_eq!(&public, key.public_key());
        assert_eq!(public.verify(algorithm, b"message", &value), Ok(()));
        assert_eq!(public.verify(algorithm, b"massage", &value), Err(NoegleFejl::Vaerdi));
        assert_eq!(public.verify(algorithm, b"message", &value[1..]), Err(NoegleFejl::Vaerdi));
        assert_eq!(public.verify(algorithm, b"message", &[]), Err(NoegleFejl::Vaerdi));
        assert_eq!(other.public_key().verify(algorithm, b"message", &value), Err(NoegleFejl::Algoritme));
        assert_eq!(format!("{key:?}"), "SigningKey(***)");
    }
}

#[test]
fn every_rsa_algorithm_verifies() {
    let pair = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
    let spki = pair.public_key().as_der().expect("a key");
    let public = PublicKey::from_spki(spki.as_ref()).expect("a key");
    let encodings: [(_, &'static dyn signature::RsaEncoding); 4] = [
        (A::RsaSha256, &signature::RSA_PKCS1_SHA256),
        (A::RsaSha384, &signature::RSA_PKCS1_SHA384),
        (A::RsaSha512, &signature::RSA_PKCS1_SHA512),
        (A::RsaPssSha256, &signature::RSA_PSS_SHA256),
    ];
    for (algorithm, encoding) in encodings {
        let mut value = vec![0; 256];
        pair.sign(encoding, &SystemRandom::new(), b"message", &mut value).expect("signed");
        assert_eq!(public.verify(algorithm, b"message", &value), Ok(()), "{algorithm:?}");
        assert_eq!(public.verify(algorithm, b"massage", &value), Err(NoegleFejl::Vaerdi), "{algorithm:?}");
    }
    assert_eq!(public.verify(A::EcdsaSha256, b"message", &[0; 64]), Err(NoegleFejl::Algoritme));
}

#[test]
fn both_curves_verify() {
    for curve in [&signature::ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P384_SHA384_FIXED_SIGNING] {
        let pair = EcdsaKeyPair::generate(curve).expect("a key");
        let spki = pair.public_key().as_der().expect("a key");
        let public = PublicKey::from_spki(spki.as_ref()).expect("a key");
        let own = if std::ptr::eq(curve, &ECDSA_P384_SHA384_FIXED_SIGNING) {
            A::EcdsaSha384
        } else {
            A::EcdsaSha256
        };
        for _ in 0..50 {
            let value = pair.sign(&SystemRandom::new(), b"message").expect("signed");
            assert_eq!(public.verify(own, b"message", value.as_ref()), Ok(()));
        }
        // The other digest is not this signature's, but its value is well-formed for it.
        let other = if own == A::EcdsaSha256 { A::EcdsaSha384 } else { A::EcdsaSha256 };
        let value = pair.sign(&SystemRandom::new(), b"message").expect("signed");
        assert_eq!(public.verify(other, b"message", value.as_ref()), Err(NoegleFejl::Vaerdi));
        assert_eq!(public.verify(other, b"message", &[0; 3]), Err(NoegleFejl::Vaerdi));
    }
}

#[test]
fn the_integers_of_a_signature_are_as_short_as_they_can_be() {
    let mut value = [0u8; 64];
    value[31] = 0x80;
    value[63] = 0x7F;
    let der = super::ecdsa_asn1(&value, super::Kind::P256).expect("64 bytes");
    assert_eq!(der, [0x30, 7, 2, 2, 0, 0x80, 2, 1, 0x7F]);
    let der = super::ecdsa_asn1(&[0; 96], super::Kind::P384).expect("96 bytes");
    assert_eq!(der, [0x30, 6, 2, 1, 0, 2, 1, 0]);
}

/// An RSA SubjectPublicKeyInfo of a modulus with so many bits.
fn rsa_spki(bits: usize, exponent: &[u8]) -> Vec<u8> {
    let tlv = |tag: u8, body: &[u8]| {
        let length = (body.len() as u32).to_be_bytes();
        [&[tag, 0x83], &length[1..], body].concat()
    };
    let mut modulus = vec![0xFF; bits.div_ceil(8)];
    modulus[0] >>= (8 - bits % 8) % 8;
    modulus.insert(0, 0);
    let key = tlv(0x30, &[tlv(2, &modulus), tlv(2, exponent)].concat());
    let oid = [0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0];
    tlv(0x30, &[&oid[..], &tlv(3, &[&[0], &key[..]].concat())].concat())
}

#[test]
fn weak_keys_and_slow_keys_are_refused() {
    let strength = |bits, exponent: &[u8]| super::kind_of(&rsa_spki(bits, exponent)).map(|_| ());
    assert_eq!(strength(2047, &[1, 0, 1]), Err(NoegleFejl::Laengde(2047)));
    assert_eq!(strength(1024, &[1, 0, 1]), Err(NoegleFejl::Laengde(1024)));
    assert_eq!(strength(2048, &[1, 0, 1]), Ok(()));
    assert_eq!(strength(8192, &[1, 0, 1]), Ok(()));
    assert_eq!(strength(8193, &[1, 0, 1]), Err(NoegleFejl::Laengde(8193)));
    for exponent in [&[1][..], &[0], &[], &[1, 0, 0], &[4, 0, 0, 0, 1]] {
        assert_eq!(strength(2048, exponent), Err(NoegleFejl::Eksponent), "{exponent:?}");
    }
}

#[test]
fn other_keys_are_refused() {
    let pair = Ed25519KeyPair::generate().expect("a key");
    let ed25519 = pair.public_key().as_der().expect("a key");
    let spki = RSA.public_key().spki();
    let bare = spki[24..].to_vec();
    for der in [&[][..], &[0x30], &[0x30, 0x80, 0, 0], ed25519.as_ref(), &spki[..spki.len() - 1], &bare] {
        assert_eq!(PublicKey::from_spki(der).err(), Some(NoegleFejl::Form), "{der:x?}");
        assert_eq!(SigningKey::from_pkcs8(der).err(), Some(NoegleFejl::Form), "{der:x?}");
    }
    let longer = [spki, &[0]].concat();
    assert_eq!(PublicKey::from_spki(&longer).err(), Some(NoegleFejl::Form));
}
