//! The attacks that a signature must withstand, and the differences between senders that it must not mind.

use super::{Coverage, Policy, SignaturFejl, Signature, Verified};
use crate::sign::{Part, Style};
use crate::testing::{EC, RSA, Request};
use crate::{Document, Ids, Node, PublicKey, ns};

mod structure;
mod wrapping;

const POLICY: Policy = Policy::WS_SECURITY;

fn named<'a, 'd>(document: &'a Document<'d>, name: &str) -> Vec<Node<'a, 'd>> {
    document.descendants().filter(|n| n.tag_name().name() == name).collect()
}

/// The message's signature: the one in the header, not the one in the assertion.
fn outer<'a, 'd>(document: &'a Document<'d>) -> Node<'a, 'd> {
    let signatures = named(document, "Signature");
    *signatures
        .iter()
        .find(|s| s.parent().is_none_or(|p| p.tag_name().name() != "Assertion"))
        .unwrap_or(&signatures[0])
}

fn verify<'a, 'd>(
    document: &'a Document<'d>,
    policy: Policy,
    key: &PublicKey,
) -> Result<Verified<'a, 'd>, SignaturFejl> {
    let ids = Ids::of(document).expect("unique ids");
    Signature::parse(outer(document), policy)?.verify(&ids, key)
}

#[track_caller]
fn outcome(text: &str) -> Result<(), SignaturFejl> {
    let document = Document::parse(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    verify(&document, POLICY, RSA.public_key()).map(|_| ())
}

/// A signed message in which something of the signature is replaced by something else.
#[track_caller]
fn changed(from: &str, to: &str) -> Result<(), SignaturFejl> {
    let request = Request::new();
    let text = request.signature(&RSA, Style::Default);
    assert!(text.contains(from), "{from} is not in {text}");
    outcome(&request.message("", &text.replacen(from, to, 1), &request.body))
}

fn alg(uri: &str) -> String {
    format!("Algorithm=\"{uri}\"")
}

#[test]
fn a_signed_request_is_covered_part_by_part() {
    for key in [&*RSA, &*EC] {
        for style in [Style::Default, Style::Prefixed] {
            let request = Request::new();
            let text = request.message("", &request.signature(key, style), &request.body);
            let document = Document::parse(&text).expect("well-formed");
            let verified = verify(&document, POLICY, key.public_key()).expect("signed");
            for name in ["Body", "To", "Timestamp", "Assertion"] {
                assert!(verified.covers(named(&document, name)[0]), "{name}");
            }
            for name in ["SecurityTokenReference", "Security", "Envelope", "Header", "laes", "Subject"] {
                assert!(!verified.covers(named(&document, name)[0]), "{name}");
            }
            assert!(verified.covers_within(named(&document, "UUID")[0]));
            assert!(!verified.covers_within(named(&document, "Security")[0]));
            let reference = named(&document, "SecurityTokenReference")[0];
            assert_eq!(verified.covered()[3].how, Coverage::Token(reference));
            assert_eq!(verified.covered()[0].how, Coverage::Direct);
            assert_eq!(verified.algorithm(), key.algorithm());
            assert_eq!(verified.signature(), outer(&document));
            assert!(verified.value().len() >= 64);
            assert_eq!(
                verify(&document, Policy::SAML, key.public_key()).err(),
                Some(SignaturFejl::Transformation(ns::STR_TRANSFORM.to_owned()))
            );
        }
    }
}

#[test]
fn an_enveloped_signature_covers_the_assertion_but_not_itself() {
    let text = Request::new().assertion;
    let document = Document::parse(&text).expect("well-formed");
    let verified = verify(&document, Policy::SAML, RSA.public_key()).expect("signed");
    assert_eq!(verified.covered()[0].how, Coverage::Enveloped);
    assert!(verified.covers(document.root_element()));
    assert!(verified.covers_within(named(&document, "NameID")[0]));
    assert!(!verified.covers_within(named(&document, "SignatureValue")[0]));

    let key = EC.public_key();
    assert_eq!(verify(&document, Policy::SAML, key).err(), Some(SignaturFejl::Noegle));
}

#[test]
fn another_key_is_refused() {
    let request = Request::new();
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
    let pkcs8 = aws_lc_rs::encoding::AsDer::as_der(&pair).expect("PKCS#8");
    let other = crate::SigningKey::from_pkcs8(pkcs8.as_ref()).expect("a key");
    let text = request.message("", &request.signature(&other, Style::Default), &request.body);
    assert_eq!(outcome(&text), Err(SignaturFejl::Vaerdi));
}

#[test]
fn what_is_changed_is_named() {
    let request = Request::new();
    let signature = request.signature(&RSA, Style::Default);
    let message = request.message("", &signature, &request.body);
    assert_eq!(outcome(&message), Ok(()));
    let digest = |id: &str| Err(SignaturFejl::Digest(format!("#{id}")));
    assert_eq!(outcome(&message.replace("4d1", "4d2")), digest("body"));
    assert_eq!(outcome(&message.replace("service.example", "evil.example")), digest("to"));
    assert_eq!(outcome(&message.replace("08:00:00", "09:00:00")), digest("ts"));
    assert_eq!(outcome(&message.replace("Fagsystem X", "Fagsystem Y")), digest("str"));
    assert_eq!(outcome(&message.replace("<UUID>", "<UUID a=\"1\">")), digest("body"));
    assert_eq!(outcome(&message.replace("urn:x", "urn:y")), digest("body"));
    let order = changed("URI=\"#ts\"", "URI=\"#to\"");
    assert_eq!(order, digest("to"));
}

#[test]
fn a_changed_signed_info_is_refused_though_all_digests_fit() {
    assert_eq!(changed("<SignedInfo>", "<SignedInfo Id=\"x\">"), Err(SignaturFejl::Vaerdi));
    assert_eq!(
        changed("<Reference URI=\"#to\"", "<Reference Type=\"x\" URI=\"#to\""),
        Err(SignaturFejl::Vaerdi)
    );
}

/// WSS4J writes `xmlns=""` on a token whose start tag declares no default namespace; .NET does not.
#[test]
fn both_digests_of_a_prefixed_token_are_accepted() {
    let request = Request::new();
    let prefixed = format!("<saml:Assertion xmlns:saml=\"{}\" ID=\"_token\"></saml:Assertion>", ns::SAML);
    let undeclared = prefixed.replacen("<saml:Assertion", "<saml:Assertion xmlns=\"\"", 1);
    for digested in [&prefixed, &undeclared] {
        let parts = [Part::Token { id: "str", text: digested }];
        let signed_info = crate::sign::unchecked(&parts, "", &RSA, Style::Default).expect("signed");
        let text = Request { assertion: prefixed.clone(), ..Request::new() }.message(
            "",
            &signed_info,
            &request.body,
        );
        let document = Document::parse(&text).expect("well-formed");
        let verified = verify(&document, POLICY, RSA.public_key()).expect("signed");
        assert!(verified.covers(named(&document, "Assertion")[0]));
    }
}

#[test]
fn ids_of_another_document_are_refused() {
    let text = Request::new().assertion;
    let (one, other) =
        (Document::parse(&text).expect("well-formed"), Document::parse(&text).expect("well-formed"));
    let ids = Ids::of(&other).expect("unique");
    let signature = Signature::parse(outer(&one), Policy::SAML).expect("well-formed");
    assert_eq!(signature.verify(&ids, RSA.public_key()).err(), Some(SignaturFejl::FremmedDokument));
    assert_eq!(signature.uris().collect::<Vec<_>>(), ["#_token"]);
}
