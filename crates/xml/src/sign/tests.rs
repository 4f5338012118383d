use super::{Part, Style, after_issuer, enveloped, signature};
use crate::testing::{EC, RSA, Request, assertion};
use crate::{Document, Ids, Policy, SignaturFejl, Signature, SigningKey, c14n, ns};
use proptest::prelude::*;

fn verify(text: &str, key: &SigningKey) -> Result<(), SignaturFejl> {
    let document = Document::parse(text).map_err(|_| SignaturFejl::Opbygning("XML"))?;
    let Ok(ids) = Ids::of(&document) else { return Err(SignaturFejl::Opbygning("id")) };
    let node = document.descendants().find(|n| n.has_tag_name((ns::DS, "Signature")));
    let node = node.ok_or(SignaturFejl::Opbygning("Signature"))?;
    let verified = Signature::parse(node, Policy::WS_SECURITY)?.verify(&ids, key.public_key())?;
    assert!(verified.covers(ids.find("i").expect("the signed one")));
    Ok(())
}

#[test]
fn what_is_signed_is_canonical_whole() {
    let signed = Request::new().assertion;
    assert!(c14n::is_canonical(&signed), "{signed}");
    for style in [Style::Default, Style::Prefixed] {
        assert!(c14n::is_canonical(&Request::new().signature(&RSA, style)));
    }
}

#[test]
fn the_key_info_is_written_as_given() {
    let parts = [Part::Element { id: "i", text: "<a></a>" }];
    let text = signature(&parts, "<ds:KeyName>x</ds:KeyName>", &EC, Style::Prefixed).expect("signed");
    assert!(
        text.ends_with(
            "</ds:SignatureValue><ds:KeyInfo><ds:KeyName>x</ds:KeyName></ds:KeyInfo></ds:Signature>"
        )
    );
    let text = signature(&parts, "", &EC, Style::Default).expect("signed");
    assert!(text.ends_with("</SignatureValue></Signature>"));
}

#[test]
fn the_place_of_the_signature_is_after_the_issuer() {
    let split = |text: &str| after_issuer(text).map(|(head, _)| head.len());
    assert_eq!(split("<A><Issuer>x</Issuer><b></b></A>"), Some(21));
    assert_eq!(split("<s:A><s:Issuer>x</s:Issuer></s:A>"), Some(27));
    assert_eq!(split("<A><NotIssuer>x</NotIssuer><Subject></Subject></A>"), None);
    assert_eq!(split("<A"), None);
}

#[cfg(debug_assertions)]
#[test]
#[should_panic(expected = "not canonical")]
fn what_is_not_canonical_is_noticed() {
    let _ = signature(&[Part::Element { id: "i", text: "<a/>" }], "", &EC, Style::Default);
}

/// Elements of a random document, not yet canonical.
fn content() -> impl Strategy<Value = String> {
    let text = "[ -~æøåÆ😀\\t\\n]{0,12}".prop_map(|t| {
        let mut out = String::new();
        crate::escape_into(&mut out, &t);
        out
    });
    let name = prop_oneof!["[a-z]{1,4}", "[a-z]{1,4}".prop_map(|n| format!("p:{n}")), Just("q:x".to_owned())];
    let leaf = (name.clone(), text.clone(), text.clone()).prop_map(|(name, value, text)| {
        format!("<{name} q:b='{}' xmlns:r='urn:r' a='1'>{text}</{name}>", value.replace('\'', ""))
    });
    leaf.prop_recursive(4, 24, 4, move |inner| {
        (name.clone(), prop::collection::vec(inner, 0..4), text.clone()).prop_map(|(name, inner, text)| {
            format!("<{name} xmlns='urn:{}'>{text}{}</{name}>", inner.len() % 2, inner.concat())
        })
    })
}

/// A canonical element with the id `i`.
fn canonical(content: &str) -> String {
    let text = format!(
        "<p:r xmlns:p='urn:p' xmlns:q='urn:q' xmlns:u='{}' u:Id='i'><Issuer>x</Issuer>{content}</p:r>",
        ns::WSU
    );
    let document = Document::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    c14n::canonicalize(document.root_element(), &c14n::PrefixList::EMPTY).expect("small")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_signed_verifies(content in content(), prefixed: bool) {
        let text = canonical(&content);
        let style = if prefixed { Style::Prefixed } else { Style::Default };
        let signature = signature(&[Part::Element { id: "i", text: &text }], "", &EC, style).expect("signed");
        let around = |inside: &str| format!("<e xmlns:p='urn:other' xmlns:z='urn:z'>{inside}</e>");
        prop_assert_eq!(verify(&around(&format!("{text}{signature}")), &EC), Ok(()));
        prop_assert_eq!(verify(&around(&format!("{signature}<x/>{text}")), &EC), Ok(()));

        let (head, tail) = after_issuer(&text).expect("an issuer");
        let signed = enveloped("i", head, tail, "", &EC).expect("signed");
        prop_assert_eq!(verify(&signed, &EC), Ok(()));
        prop_assert_eq!(verify(&around(&signed), &EC), Ok(()));
    }

    #[test]
    fn no_byte_can_be_changed(content in content(), at: prop::sample::Index, bit in 0..8u32) {
        let text = canonical(&content);
        let signature = signature(&[Part::Element { id: "i", text: &text }], "", &EC, Style::Default).expect("signed");
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
        let document = format!("<e>{changed}{signature}</e>");
        // Some changes say the same in another way; they must be the only ones accepted.
        if verify(&document, &EC).is_ok() {
            let parsed = Document::parse(&document).expect("it was verified");
            let first = parsed.root_element().first_element_child().expect("an element");
            let form = c14n::canonicalize(first, &c14n::PrefixList::EMPTY).expect("small");
            prop_assert_eq!(form, text);
        }
    }
}

#[test]
fn an_assertion_is_signed_where_saml_wants_it() {
    let plain = assertion("_1", "Fagsystem X");
    let (head, tail) = after_issuer(&plain).expect("an issuer");
    let signed = enveloped("_1", head, tail, "<X509Data></X509Data>", &RSA).expect("signed");
    assert!(
        signed.contains("</Issuer><Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo><Can")
    );
    assert!(signed.contains("<Reference URI=\"#_1\"><Transforms>"));
    assert!(signed.contains("</KeyInfo></Signature><Subject>"));
}
