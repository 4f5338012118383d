//! A passkey in software: what a browser and an authenticator answer together, or what a liar would.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use serde_json::json;

/// Flags: somebody is there, and was seen to be the user.
pub const SET: u8 = 0x05;
/// Flag: a new key follows.
pub const NY: u8 = 0x40;

enum Par {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// A passkey.
pub struct Passkey {
    par: Par,
    /// Its id.
    pub id: Vec<u8>,
    /// How often it has signed.
    pub taeller: u32,
}

fn tal(nr: i64) -> Value {
    Value::from(nr)
}

/// A CBOR value as bytes.
///
/// # Panics
/// Never: it is written to memory.
#[must_use]
pub fn cbor(vaerdi: &Value) -> Vec<u8> {
    let mut ud = Vec::new();
    ciborium::into_writer(vaerdi, &mut ud).expect("written to memory");
    ud
}

/// What a browser says of a ceremony.
#[must_use]
pub fn klientdata(slags: &str, udfordring: &[u8], oprindelse: &str) -> Vec<u8> {
    let udfordring = URL_SAFE_NO_PAD.encode(udfordring);
    json!({ "type": slags, "challenge": udfordring, "origin": oprindelse, "crossOrigin": false })
        .to_string()
        .into_bytes()
}

/// An attestation object around authenticator data.
#[must_use]
pub fn attestering(data: Vec<u8>) -> Vec<u8> {
    let felt = |navn: &str, vaerdi| (Value::from(navn), vaerdi);
    cbor(&Value::Map(vec![
        felt("fmt", Value::from("none")),
        felt("attStmt", Value::Map(vec![])),
        felt("authData", Value::Bytes(data)),
    ]))
}

impl Passkey {
    /// A key on P-256.
    ///
    /// # Panics
    /// When no key can be made.
    #[must_use]
    pub fn es256(id: &[u8]) -> Self {
        let par = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        Self { par: Par::Ec(par), id: id.to_vec(), taeller: 0 }
    }

    /// A key of Ed25519.
    ///
    /// # Panics
    /// When no key can be made.
    #[must_use]
    pub fn eddsa(id: &[u8]) -> Self {
        Self { par: Par::Ed(Ed25519KeyPair::generate().expect("a key")), id: id.to_vec(), taeller: 0 }
    }

    /// An RSA key.
    ///
    /// # Panics
    /// When no key can be made.
    #[must_use]
    pub fn rs256(id: &[u8]) -> Self {
        let par = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
        Self { par: Par::Rsa(Box::new(par)), id: id.to_vec(), taeller: 0 }
    }

    /// The public key as COSE.
    #[must_use]
    pub fn cose(&self) -> Value {
        let felter = match &self.par {
            Par::Ec(par) => {
                let punkt = par.public_key().as_ref();
                let (x, y) = (punkt[1..33].to_vec(), punkt[33..].to_vec());
                vec![(1, tal(2)), (3, tal(-7)), (-1, tal(1)), (-2, Value::Bytes(x)), (-3, Value::Bytes(y))]
            }
            Par::Ed(par) => {
                let x = Value::Bytes(par.public_key().as_ref().to_vec());
                vec![(1, tal(1)), (3, tal(-8)), (-1, tal(6)), (-2, x)]
            }
            Par::Rsa(par) => {
                // Of 2048 bits: a sequence of a number of 257 bytes, the first 0, and the exponent 65537.
                let n = par.public_key().as_ref()[9..265].to_vec();
                let e = vec![1, 0, 1];
                vec![(1, tal(3)), (3, tal(-257)), (-1, Value::Bytes(n)), (-2, Value::Bytes(e))]
            }
        };
        Value::Map(felter.into_iter().map(|(nr, vaerdi)| (tal(nr), vaerdi)).collect())
    }

    /// Authenticator data for a site, with these flags; with [`NY`] the key follows.
    #[must_use]
    pub fn data(&self, sted: &str, flag: u8) -> Vec<u8> {
        let mut ud = digest(&SHA256, sted.as_bytes()).as_ref().to_vec();
        ud.push(flag);
        ud.extend(self.taeller.to_be_bytes());
        if flag & NY != 0 {
            ud.extend([0; 16]);
            ud.extend(u16::try_from(self.id.len()).unwrap_or(u16::MAX).to_be_bytes());
            ud.extend(&self.id);
            ud.extend(cbor(&self.cose()));
        }
        ud
    }

    /// The signature over authenticator data and what the browser says.
    ///
    /// # Panics
    /// When the key cannot sign.
    #[must_use]
    pub fn signer(&self, data: &[u8], klientdata: &[u8]) -> Vec<u8> {
        let besked = [data, digest(&SHA256, klientdata).as_ref()].concat();
        match &self.par {
            Par::Ec(par) => par.sign(&SystemRandom::new(), &besked).expect("signed").as_ref().to_vec(),
            Par::Ed(par) => par.sign(&besked).as_ref().to_vec(),
            Par::Rsa(par) => {
                let mut ud = vec![0; par.public_modulus_len()];
                par.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &besked, &mut ud).expect("signed");
                ud
            }
        }
    }

    /// The answer of a browser that was asked to make this passkey, as JSON.
    #[must_use]
    pub fn opret(&self, udfordring: &[u8], oprindelse: &str, sted: &str) -> String {
        let klient = klientdata("webauthn.create", udfordring, oprindelse);
        let id = URL_SAFE_NO_PAD.encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(klient),
                "attestationObject": URL_SAFE_NO_PAD.encode(attestering(self.data(sted, SET | NY))),
                "transports": ["internal"],
            },
        })
        .to_string()
    }

    /// The answer of a browser that was asked to use this passkey, as JSON. Counts the signature.
    #[must_use]
    pub fn brug(&mut self, udfordring: &[u8], oprindelse: &str, sted: &str, bruger: &[u8]) -> String {
        self.taeller += 1;
        let klient = klientdata("webauthn.get", udfordring, oprindelse);
        let data = self.data(sted, SET);
        let id = URL_SAFE_NO_PAD.encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(&klient),
                "authenticatorData": URL_SAFE_NO_PAD.encode(&data),
                "signature": URL_SAFE_NO_PAD.encode(self.signer(&data, &klient)),
                "userHandle": URL_SAFE_NO_PAD.encode(bruger),
            },
        })
        .to_string()
    }
}
