//! Whatever is called a signature is refused without the key; nothing panics, nothing hangs.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use xml::{Ids, Limits, Policy, PublicKey, Signature, ns, parse};

/// Two keys nobody signs with: 2^2048 - 1, and the generator of P-256.
static KEYS: LazyLock<[PublicKey; 2]> = LazyLock::new(|| {
    let mut rsa =
        vec![0x30, 0x82, 0x01, 0x22, 0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0];
    rsa.extend([3, 0x82, 1, 0x0F, 0, 0x30, 0x82, 1, 0x0A, 2, 0x82, 1, 1, 0]);
    rsa.extend([0xFF; 256]);
    rsa.extend([2, 3, 1, 0, 1]);
    let mut ec = vec![0x30, 0x59, 0x30, 0x13, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
    ec.extend([6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7, 3, 0x42, 0, 4]);
    for word in [
        0x6B17D1F2E12C4247u64,
        0xF8BCE6E563A440F2,
        0x77037D812DEB33A0,
        0xF4A13945D898C296,
        0x4FE342E2FE1A7F9B,
        0x8EE7EB4A7C0F9E16,
        0x2BCE33576B315ECE,
        0xCBB6406837BF51F5,
    ] {
        ec.extend(word.to_be_bytes());
    }
    [rsa, ec].map(|der| PublicKey::from_spki(&der).expect("a key"))
});

/// A signature with holes for what the fuzzer finds.
fn filled(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let mut holes = text.split('\0');
    let mut hole = || holes.next().unwrap_or_default();
    let (ds, exc) = (ns::DS, ns::EXC_C14N);
    format!(
        "<r xmlns:ds=\"{ds}\" xmlns:ec=\"{exc}\" xmlns:o=\"{}\" xmlns:u=\"{}\" xmlns:s=\"{}\" {}><ds:Signature><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"{exc}\">{}</ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#{}\"/>\
         <ds:Reference URI=\"{}\"><ds:Transforms><ds:Transform Algorithm=\"{exc}\">{}</ds:Transform>{}</ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue>{}</ds:DigestValue>\
         </ds:Reference>{}</ds:SignedInfo><ds:SignatureValue>{}</ds:SignatureValue>{}</ds:Signature>\
         <o:SecurityTokenReference u:Id=\"a\">{}</o:SecurityTokenReference><s:Assertion ID=\"b\">{}</s:Assertion></r>",
        ns::WSSE,
        ns::WSU,
        ns::SAML,
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
    )
}

fn check(bytes: &[u8]) {
    let Ok(document) = parse(bytes, &Limits::of_size(1 << 16)) else { return };
    let Ok(ids) = Ids::of(&document) else { return };
    for node in document.descendants() {
        for policy in [Policy::WS_SECURITY, Policy::SAML, Policy::DOCUMENT] {
            let Ok(signature) = Signature::parse(node, policy) else { continue };
            for key in KEYS.iter() {
                assert!(signature.verify(&ids, key).is_err(), "nobody signed this");
            }
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((0, rest)) => check(rest),
        Some((_, rest)) => check(filled(rest).as_bytes()),
        None => {}
    }
});
