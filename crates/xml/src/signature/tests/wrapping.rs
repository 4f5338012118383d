//! Attacks that leave the signature itself intact.

use super::{POLICY, changed, named, outcome, verify};
use crate::sign::Style;
use crate::signature::{Policy, SignaturFejl, Signature};
use crate::testing::{RSA, Request, assertion, element};
use crate::{DobbeltId, Document, Ids, ns, text_of};

#[test]
fn wrapped_parts_are_not_covered() {
    let request = Request::new();
    let signature = request.signature(&RSA, Style::Default);
    // A2: the signed body is moved into a header and another takes its place.
    let evil = element("s", crate::testing::SOAP, "Body", "evil", "<slet xmlns=\"urn:x\"></slet>");
    let text = request.message(&format!("<w>{}</w>", request.body), &signature, &evil);
    let document = Document::parse(&text).expect("well-formed");
    let verified = verify(&document, POLICY, RSA.public_key()).expect("the signature itself is intact");
    let body = document.root_element().last_element_child().expect("a body");
    assert!(!verified.covers(body));
    assert!(!verified.covers_within(body));
    // Without an id it is no better; with the same id there is no message.
    let text = request.message(&format!("<w>{}</w>", request.body), &signature, "<s:Body></s:Body>");
    let document = Document::parse(&text).expect("well-formed");
    let verified = verify(&document, POLICY, RSA.public_key()).expect("intact");
    assert!(!verified.covers(document.root_element().last_element_child().expect("a body")));
    let twice = request.message(&request.body, &signature, &request.body);
    let document = Document::parse(&twice).expect("well-formed");
    assert_eq!(Ids::of(&document).err(), Some(DobbeltId("body".to_owned())));
}

/// A1: the eight places to move a signed assertion to. The evil assertion is never covered.
#[test]
fn wrapped_assertions_are_not_covered() {
    let signed = Request::new().assertion;
    let (start, rest) = signed.split_at(signed.find("<Signature").expect("a signature"));
    let (signature, rest) = rest.split_at(rest.find("<Subject").expect("a subject"));
    let bare = [start, rest].concat();
    let evil = assertion("_evil", "admin");
    let evil_open = evil.trim_end_matches("</Assertion>");
    let (evil_start, evil_rest) = crate::sign::after_issuer(&evil).expect("an issuer");
    let object = signature.replace("</Signature>", &format!("<Object>{bare}</Object></Signature>"));
    let cases = [
        format!("<r>{evil}{signed}</r>"),
        format!("<r>{signed}{evil}</r>"),
        format!("{evil_open}{signed}</Assertion>"),
        format!("<r>{evil_start}{signature}{evil_rest}{bare}</r>"),
        format!("{evil_start}{signature}{evil_rest}").replace("</Assertion>", &format!("{bare}</Assertion>")),
        format!("{evil_start}{object}{evil_rest}"),
        format!("<r><Extensions>{signed}</Extensions>{evil}</r>"),
        format!("<r>{bare}<x>{evil_start}{signature}{evil_rest}</x></r>"),
        format!("{}{bare}{evil_rest}", evil_start.replace("<Issuer", &format!("{signature}<Issuer"))),
    ];
    let mut intact = 0;
    for text in &cases {
        let document = Document::parse(text).unwrap_or_else(|e| panic!("{e}: {text}"));
        let ids = Ids::of(&document).expect("unique");
        let evil = ids.find("_evil").expect("the evil one");
        let signature = named(&document, "Signature")[0];
        let result = Signature::parse(signature, Policy::SAML).and_then(|s| s.verify(&ids, RSA.public_key()));
        if let Ok(verified) = result {
            intact += 1;
            assert!(!verified.covers(evil) && !verified.covers_within(evil), "{text}");
            assert!(verified.covers(ids.find("_token").expect("the signed one")), "{text}");
        }
    }
    // Moving the assertion with its signature breaks nothing; any other move does.
    assert_eq!(intact, 4);
}

/// The signature an assertion envelops is no part of what is signed, and its key info holds anything.
#[test]
fn what_hides_in_the_key_info_is_not_covered() {
    let evil = format!("<KeyInfo>{}</KeyInfo></Signature>", assertion("_evil", "admin"));
    let text = Request::new().assertion.replace("</Signature>", &evil);
    let document = Document::parse(&text).expect("well-formed");
    let verified = verify(&document, Policy::SAML, RSA.public_key()).expect("still signed");
    let [signed, evil] = named(&document, "Assertion")[..] else { panic!("two") };
    assert!(verified.covers(signed));
    assert!(!verified.covers(evil) && !verified.covers_within(evil));
}

#[test]
fn an_enveloped_signature_lies_in_what_it_signs() {
    let signed = Request::new().assertion;
    let start = signed.find("<Signature").expect("a signature");
    let end = signed.find("<Subject").expect("a subject");
    let text = format!("<r>{}{}{}</r>", &signed[..start], &signed[end..], &signed[start..end]);
    assert_eq!(outcome(&text), Err(SignaturFejl::IkkeIndeni("#_token".to_owned())));
}

/// A11 and A12: what canonicalization does not see keeps the signature valid, so readers must not see it either.
#[test]
fn comments_and_notation_keep_the_signature_and_the_text() {
    let signed = Request::new().assertion;
    for form in [
        "Fag<!-- @evil -->system X",
        "<![CDATA[Fagsystem]]> X",
        "F&#97;gsystem&#32;X",
        "<!---->Fagsystem X<!---->",
    ] {
        let text = signed.replace("Fagsystem X", form);
        let document = Document::parse(&text).expect("well-formed");
        let verified = verify(&document, Policy::SAML, RSA.public_key()).expect("still signed");
        let name = named(&document, "NameID")[0];
        assert!(verified.covers_within(name));
        assert_eq!(text_of(name), "Fagsystem X", "{form}");
    }
    let text = signed.replace("Fagsystem X", "Fagsystem X<?x?>");
    let document = Document::parse(&text).expect("well-formed");
    let result = verify(&document, Policy::SAML, RSA.public_key()).err();
    assert_eq!(result, Some(SignaturFejl::Instruktion));
}

#[test]
fn token_references_lead_to_an_assertion_or_nowhere() {
    let request = Request::new();
    let signature = request.signature(&RSA, Style::Default);
    let message = request.message("", &signature, &request.body);
    let token = || Err(SignaturFejl::Token("#str".to_owned()));
    assert_eq!(outcome(&message.replace(">_token<", ">_other<")), token());
    assert_eq!(outcome(&message.replace(">_token<", ">body<")), token());
    assert_eq!(outcome(&message.replace(">_token<", "><x/>_token<")), token());
    assert_eq!(outcome(&message.replace(">_token<", ">\n_token <")), Ok(()), "the reference is not signed");
    let issuer = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID";
    assert_eq!(outcome(&message.replace(ns::SAML_ID, issuer)), token());
    let result = changed("URI=\"#str\"", "URI=\"#body\"");
    assert_eq!(result, Err(SignaturFejl::Token("#body".to_owned())));
}

#[test]
fn a_signature_cannot_make_us_write_without_end() {
    // One long name, sixteen references, many elements.
    let uri = "u".repeat(50_000);
    let body = element("s", crate::testing::SOAP, "Body", "body", &"<q:a/>".repeat(500));
    let request = Request::new();
    let text = request
        .message("", &request.signature(&RSA, Style::Default), &body)
        .replace("urn:unused", &uri)
        .replace("xmlns:x", "xmlns:q");
    let document = Document::parse(&text).expect("well-formed");
    let result = verify(&document, POLICY, RSA.public_key()).err();
    assert!(matches!(result, Some(SignaturFejl::C14n(_))), "{result:?}");
}
