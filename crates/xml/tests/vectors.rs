//! Real messages of the Danish services: every signature in them must be judged as they judge it.
//!
//! They are read from `$FUNDAMENT_CONTRACTS`, by default beside the repository; they are not ours to ship. Their
//! certificates have expired, which is not this crate's business.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;
use x509_parser::prelude::{FromDer, X509Certificate};
use xml::c14n::{PrefixList, canonicalize_into};
use xml::{Coverage, Document, Ids, Node, Policy, PublicKey, SignaturFejl, Signature, Verified, ns, text_of};

fn vector(name: &str) -> Vec<u8> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts");
    let root = std::env::var_os("FUNDAMENT_CONTRACTS").map_or(default, Into::into);
    let path = root.join("adgangsstyring/vectors").join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn with<T>(name: &str, look: impl FnOnce(&Document<'_>, &Ids<'_, '_>) -> T) -> T {
    let bytes = vector(name);
    let document = xml::parse(&bytes, &xml::Limits::of_size(1 << 20)).expect(name);
    let ids = Ids::of(&document).expect(name);
    look(&document, &ids)
}

fn find<'a, 'd>(within: Node<'a, 'd>, namespace: &str, name: &str) -> Node<'a, 'd> {
    let found = within.descendants().find(|n| n.has_tag_name((namespace, name)));
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn child<'a, 'd>(of: Node<'a, 'd>, name: &str) -> Node<'a, 'd> {
    of.children().find(|n| n.has_tag_name((ns::DS, name))).unwrap_or_else(|| panic!("no {name}"))
}

/// The key of a certificate, as text in an element.
fn key(certificate: Node<'_, '_>) -> PublicKey {
    let text: String = text_of(certificate).split_whitespace().collect();
    let der = STANDARD.decode(text).expect("base64");
    let certificate = X509Certificate::from_der(&der).expect("a certificate").1;
    PublicKey::from_spki(certificate.public_key().raw).expect("a strong key")
}

/// Where the key of a message stands, or of the token in it.
#[derive(Clone, Copy)]
enum Key {
    /// In the `wsse:BinarySecurityToken`.
    Token,
    /// With the assertion's own signature: the STS signs both.
    Sts,
    /// In the assertion's subject confirmation.
    Holder,
}

fn message<'a, 'd>(
    document: &'a Document<'d>,
    ids: &Ids<'a, 'd>,
    from: Key,
) -> Result<Verified<'a, 'd>, SignaturFejl> {
    let root = document.root_element();
    let key = match from {
        Key::Token => key(find(root, ns::WSSE, "BinarySecurityToken")),
        Key::Sts => key(find(find(root, ns::SAML, "Assertion"), ns::DS, "X509Certificate")),
        Key::Holder => key(find(find(root, ns::SAML, "SubjectConfirmationData"), ns::DS, "X509Certificate")),
    };
    let node = child(find(root, ns::WSSE, "Security"), "Signature");
    Signature::parse(node, Policy::WS_SECURITY)?.verify(ids, &key)
}

fn enveloped<'a, 'd>(element: Node<'a, 'd>, ids: &Ids<'a, 'd>) -> Result<Verified<'a, 'd>, SignaturFejl> {
    let node = child(element, "Signature");
    let key = key(find(node, ns::DS, "X509Certificate"));
    Signature::parse(node, Policy::SAML)?.verify(ids, &key)
}

#[track_caller]
fn message_verifies(name: &str, references: usize, from: Key) {
    with(name, |document, ids| {
        let verified = message(document, ids, from).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(verified.covered().len(), references, "{name}");
        let body = document.root_element().last_element_child().expect("a body");
        assert!(verified.covers(body), "{name}");
        assert!(verified.covers(find(document.root_element(), ns::WSU, "Timestamp")), "{name}");
    });
}

#[track_caller]
fn assertion_verifies(name: &str) {
    with(name, |document, ids| {
        let assertion = find(document.root_element(), ns::SAML, "Assertion");
        let verified = enveloped(assertion, ids).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(verified.covers(assertion), "{name}");
        assert_eq!(verified.covered()[0].how, Coverage::Enveloped, "{name}");
    });
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn messages_verify() {
    message_verifies("rst-request-dotnet.xml", 6, Key::Token);
    for name in [
        "rstr-response-sts.xml",
        "rstr-response-sts-2.xml",
        "rstr-wspresponse.xml",
        "rstr-response-other-sts-2022.xml",
    ] {
        message_verifies(name, 4, Key::Sts);
    }
    message_verifies("idws-request-dotnet-strtransform.xml", 8, Key::Holder);
    message_verifies("idws-request-java-wsp.xml", 7, Key::Holder);
    message_verifies("idws-response-java-wsp.xml", 7, Key::Token);
    message_verifies("idws-response-wsp.xml", 8, Key::Token);
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn assertions_verify() {
    for name in [
        "assertion-sts.xml",
        "assertion-bootstrap.xml",
        "rstr-response-sts.xml",
        "rstr-response-sts-2.xml",
        "rstr-wspresponse.xml",
        "rstr-response-other-sts-2022.xml",
        "idws-request-dotnet-strtransform.xml",
        "idws-request-java-wsp.xml",
        "ch2-response-to-sp-oiosaml3.xml",
    ] {
        assertion_verifies(name);
    }
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn tokens_are_covered_through_their_reference() {
    for name in ["idws-request-dotnet-strtransform.xml", "idws-request-java-wsp.xml"] {
        with(name, |document, ids| {
            let verified = message(document, ids, Key::Holder).expect(name);
            let assertion = find(document.root_element(), ns::SAML, "Assertion");
            let covered = verified.covered().iter().find(|c| c.node == assertion).expect(name);
            assert!(
                matches!(covered.how, Coverage::Token(r) if r.has_tag_name((ns::WSSE, "SecurityTokenReference")))
            );
        });
    }
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn another_key_is_refused() {
    with("idws-request-java-wsp.xml", |document, ids| {
        assert_eq!(message(document, ids, Key::Sts).err(), Some(SignaturFejl::Vaerdi));
    });
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn an_edited_message_is_refused_for_its_digest() {
    for (name, element, namespace) in [
        ("negative-digest-idp2-response.xml", "Response", ns::SAMLP),
        ("negative-digest-rst-obo.xml", "Assertion", ns::SAML),
    ] {
        with(name, |document, ids| {
            let signed = find(document.root_element(), namespace, element);
            let id = format!("#{}", signed.attribute("ID").expect("an ID"));
            assert_eq!(enveloped(signed, ids).err(), Some(SignaturFejl::Digest(id)), "{name}");

            // The value alone is right: whoever looks at nothing else is deceived.
            let node = child(signed, "Signature");
            let mut form = String::new();
            canonicalize_into(&mut form, child(node, "SignedInfo"), &PrefixList::EMPTY, None, 1 << 20)
                .expect("small");
            let value: String = text_of(child(node, "SignatureValue")).split_whitespace().collect();
            let value = STANDARD.decode(value).expect("base64");
            let key = key(find(node, ns::DS, "X509Certificate"));
            assert_eq!(
                key.verify(xml::SignatureAlgorithm::RsaSha256, form.as_bytes(), &value),
                Ok(()),
                "{name}"
            );
        });
    }
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn sha1_is_refused_however_right() {
    let sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    for name in ["ch1-response-encrypted.xml", "ch1-logoutresponse-to-sp.xml"] {
        with(name, |document, ids| {
            let root = document.root_element();
            let refused = SignaturFejl::Signaturalgoritme(sha1.to_owned());
            assert_eq!(enveloped(root, ids).err(), Some(refused), "{name}");

            let node = child(root, "Signature");
            let mut form = String::new();
            canonicalize_into(&mut form, root, &PrefixList::EMPTY, Some(node), 1 << 20).expect("small");
            let made = STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, form.as_bytes()));
            assert_eq!(text_of(find(node, ns::DS, "DigestValue")), made, "{name}");
        });
    }
    with("negative-digest-rst-obo.xml", |document, ids| {
        let refused = SignaturFejl::Signaturalgoritme(sha1.to_owned());
        assert_eq!(message(document, ids, Key::Token).err(), Some(refused));
    });
}
