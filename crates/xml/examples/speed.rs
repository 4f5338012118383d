//! How fast signatures are verified and made, on one core: `cargo run --release -p xml --example speed`.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256};
use std::hint::black_box;
use std::time::{Duration, Instant};
use xml::c14n::{PrefixList, canonicalize};
use xml::sign::{Part, Style, after_issuer, enveloped, signature};
use xml::{Ids, Limits, Policy, Signature, SigningKey, ns};

const SOAP: &str = "http://www.w3.org/2003/05/soap-envelope";
const WSA: &str = "http://www.w3.org/2005/08/addressing";

/// Prints how often something can be done in a second.
fn measure(what: &str, mut work: impl FnMut()) -> f64 {
    for _ in 0..20 {
        work();
    }
    let (start, mut count) = (Instant::now(), 0u32);
    while start.elapsed() < Duration::from_secs(2) {
        for _ in 0..10 {
            work();
        }
        count += 10;
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    println!("{what:<58}{rate:>10.0}/s");
    rate
}

/// As large as those the token service issues.
fn assertion() -> String {
    let mut attributes = String::new();
    for name in
        ["CvrNumberIdentifier", "AssuranceLevel", "SpecVer", "KombitSpecVer", "Privileges_intermediate"]
    {
        let value = if name.starts_with("Priv") { "PD94bWwg".repeat(150) } else { "11223344".to_owned() };
        attributes.push_str(&format!(
            "<Attribute Name=\"dk:gov:saml:attribute:{name}\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:basic\">\
             <AttributeValue>{value}</AttributeValue></Attribute>"
        ));
    }
    format!(
        "<Assertion xmlns=\"{}\" ID=\"_1\" Version=\"2.0\"><Issuer>https://sts.example</Issuer><Subject><NameID>X</NameID>\
         <SubjectConfirmation><SubjectConfirmationData><KeyInfo xmlns=\"{}\"><X509Data><X509Certificate>{}</X509Certificate>\
         </X509Data></KeyInfo></SubjectConfirmationData></SubjectConfirmation></Subject>\
         <AttributeStatement>{attributes}</AttributeStatement></Assertion>",
        ns::SAML,
        ns::DS,
        "MIIGEzCC".repeat(260)
    )
}

fn header(name: &str, id: &str, text: &str) -> String {
    let wsu = ns::WSU;
    format!("<a:{name} xmlns:a=\"{WSA}\" xmlns:wsu=\"{wsu}\" wsu:Id=\"{id}\">{text}</a:{name}>")
}

fn main() {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let rsa = SigningKey::from_pkcs8(pair.as_der().expect("PKCS#8").as_ref()).expect("a key");
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    let ec = SigningKey::from_pkcs8(pkcs8.expect("a key").as_ref()).expect("a key");

    let plain = assertion();
    let (head, tail) = after_issuer(&plain).expect("an issuer");
    let key_info =
        format!("<X509Data><X509Certificate>{}</X509Certificate></X509Data>", "MIIGEzCC".repeat(260));
    let signed = enveloped("_1", head, tail, &key_info, &rsa).expect("signed");

    let headers = [
        header("Action", "action", "http://kombit.dk/sts/organisation/bruger/laes"),
        header("MessageID", "msgid", "urn:uuid:18fc4148-87b9-44fd-bb04-0fc69a943f85"),
        header("ReplyTo", "replyto", "<a:Address>http://www.w3.org/2005/08/addressing/anonymous</a:Address>"),
        header("To", "to", "https://organisation.example/organisation/bruger/6"),
    ];
    let timestamp = format!(
        "<u:Timestamp xmlns:u=\"{}\" u:Id=\"ts\"><u:Created>2026-03-02T08:00:00Z</u:Created></u:Timestamp>",
        ns::WSU
    );
    let body = format!(
        "<s:Body xmlns:s=\"{SOAP}\" xmlns:wsu=\"{}\" wsu:Id=\"body\"><b xmlns=\"urn:b\">{}</b></s:Body>",
        ns::WSU,
        "<UUIDIdentifikator>18fc4148-87b9-44fd-bb04-0fc69a943f85</UUIDIdentifikator>".repeat(4)
    );
    let reference = format!(
        "<o:SecurityTokenReference xmlns:o=\"{}\" xmlns:u=\"{}\" u:Id=\"str\"><o:KeyIdentifier ValueType=\"{}\">_1\
         </o:KeyIdentifier></o:SecurityTokenReference>",
        ns::WSSE,
        ns::WSU,
        ns::SAML_ID
    );
    let parts = [
        Part::Element { id: "body", text: &body },
        Part::Element { id: "action", text: &headers[0] },
        Part::Element { id: "msgid", text: &headers[1] },
        Part::Element { id: "replyto", text: &headers[2] },
        Part::Element { id: "to", text: &headers[3] },
        Part::Element { id: "ts", text: &timestamp },
        Part::Token { id: "str", text: &signed },
    ];
    let over_all = signature(&parts, "", &rsa, Style::Default).expect("signed");
    let message = format!(
        "<s:Envelope xmlns:s=\"{SOAP}\"><s:Header>{}<o:Security xmlns:o=\"{}\">{timestamp}{signed}{reference}{over_all}\
         </o:Security></s:Header>{body}</s:Envelope>",
        headers.concat(),
        ns::WSSE
    );
    println!("assertion {} bytes, request {} bytes", signed.len(), message.len());

    let limits = Limits::of_size(1 << 20);
    measure("canonicalize an assertion, parsed", {
        let document = xml::parse(signed.as_bytes(), &limits).expect("XML");
        move || {
            black_box(canonicalize(document.root_element(), &PrefixList::EMPTY).expect("small"));
        }
    });
    measure("parse an assertion", || {
        black_box(xml::parse(signed.as_bytes(), &limits).expect("XML"));
    });
    measure("parse and verify an assertion (RSA-2048)", || {
        let document = xml::parse(signed.as_bytes(), &limits).expect("XML");
        let ids = Ids::of(&document).expect("unique");
        let node = document.descendants().find(|n| n.has_tag_name((ns::DS, "Signature"))).expect("one");
        let verified = Signature::parse(node, Policy::SAML).and_then(|s| s.verify(&ids, rsa.public_key()));
        assert!(verified.expect("valid").covers(document.root_element()));
    });
    measure("parse and verify a request of 7 parts and its assertion", || {
        let document = xml::parse(message.as_bytes(), &limits).expect("XML");
        let ids = Ids::of(&document).expect("unique");
        let mut verified = 0;
        for node in document.descendants().filter(|n| n.has_tag_name((ns::DS, "Signature"))) {
            let signature = Signature::parse(node, Policy::WS_SECURITY).expect("accepted");
            verified += signature.verify(&ids, rsa.public_key()).expect("valid").covered().len();
        }
        assert_eq!(verified, 8);
    });

    let text = plain.as_bytes();
    let mut value = vec![0; 256];
    let raw = measure("sign bytes with RSA-2048, nothing else", || {
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &text[..900], &mut value).expect("signed");
    });
    let whole = measure("sign an assertion with RSA-2048", || {
        black_box(enveloped("_1", head, tail, &key_info, &rsa).expect("signed"));
    });
    println!("{:<58}{:>9.1} %", "more than the key alone", (raw / whole - 1.0) * 100.0);
    measure("sign a request of 7 parts with RSA-2048", || {
        black_box(signature(&parts, "", &rsa, Style::Default).expect("signed"));
    });
    measure("sign an assertion with ECDSA P-256", || {
        black_box(enveloped("_1", head, tail, &key_info, &ec).expect("signed"));
    });
}
