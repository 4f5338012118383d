//! Keys and messages for the tests.

use crate::sign::{Part, Style, signature};
use crate::{SigningKey, ns};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RsaKeyPair};
use std::sync::LazyLock;

pub(crate) static RSA: LazyLock<SigningKey> = LazyLock::new(|| {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    SigningKey::from_pkcs8(pair.as_der().expect("PKCS#8").as_ref()).expect("a key we know")
});

pub(crate) static EC: LazyLock<SigningKey> = LazyLock::new(|| {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    SigningKey::from_pkcs8(pkcs8.expect("a key").as_ref()).expect("a key we know")
});

/// An assertion, canonical and not signed.
pub(crate) fn assertion(id: &str, name: &str) -> String {
    format!(
        "<Assertion xmlns=\"{}\" ID=\"{id}\" Version=\"2.0\"><Issuer>https://sts.example</Issuer>\
         <Subject><NameID>{name}</NameID></Subject></Assertion>",
        ns::SAML
    )
}

/// The parts of a signed request, each canonical.
pub(crate) struct Request {
    pub(crate) to: String,
    pub(crate) timestamp: String,
    pub(crate) assertion: String,
    pub(crate) reference: String,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn new() -> Self {
        let plain = assertion("_token", "Fagsystem X");
        let (head, tail) = crate::sign::after_issuer(&plain).expect("an issuer");
        Self {
            to: element(
                "wsa",
                "http://www.w3.org/2005/08/addressing",
                "To",
                "to",
                "https://service.example/6",
            ),
            timestamp: element(
                "wsu",
                ns::WSU,
                "Timestamp",
                "ts",
                "<wsu:Created>2026-03-02T08:00:00Z</wsu:Created>",
            ),
            assertion: crate::sign::enveloped("_token", head, tail, "", &RSA).expect("signed"),
            reference: element(
                "wsse",
                ns::WSSE,
                "SecurityTokenReference",
                "str",
                &format!("<wsse:KeyIdentifier ValueType=\"{}\">_token</wsse:KeyIdentifier>", ns::SAML_ID),
            ),
            body: element("s", SOAP, "Body", "body", "<laes xmlns=\"urn:x\"><UUID>4d1</UUID></laes>"),
        }
    }

    /// The signature over all of it.
    pub(crate) fn signature(&self, key: &SigningKey, style: Style) -> String {
        let parts = [
            Part::Element { id: "body", text: &self.body },
            Part::Element { id: "to", text: &self.to },
            Part::Element { id: "ts", text: &self.timestamp },
            Part::Token { id: "str", text: &self.assertion },
        ];
        signature(&parts, "", key, style).expect("signed")
    }

    /// The message, with more headers and this signature.
    pub(crate) fn message(&self, headers: &str, signature: &str, body: &str) -> String {
        let Self { to, timestamp, assertion, reference, .. } = self;
        format!(
            "<s:Envelope xmlns:s=\"{SOAP}\" xmlns:x=\"urn:unused\"><s:Header>{to}{headers}\
             <wsse:Security xmlns:wsse=\"{}\">{timestamp}{assertion}{reference}{signature}</wsse:Security>\
             </s:Header>{body}</s:Envelope>",
            ns::WSSE
        )
    }
}

pub(crate) const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";

/// A canonical element with a `wsu:Id`.
pub(crate) fn element(prefix: &str, namespace: &str, name: &str, id: &str, content: &str) -> String {
    let declared = if prefix == "wsu" { String::new() } else { format!(" xmlns:{prefix}=\"{namespace}\"") };
    let wsu = format!(" xmlns:wsu=\"{}\"", ns::WSU);
    // Sorted by prefix.
    let declarations = if prefix < "wsu" { [declared, wsu] } else { [wsu, declared] }.concat();
    format!("<{prefix}:{name}{declarations} wsu:Id=\"{id}\">{content}</{prefix}:{name}>")
}
