//! The signed messages of real clients and services, taken apart and verified as ours are.

use bitemporal::Instant;
use identity::saml::{Regler, Sts};
use identity::{Certifikat, Kartotek, tid};
use std::path::{Path, PathBuf};
use wss::{Konvolut, Krav, Sikkerhed, Tokenbeskyttelse, WssFejl};
use xml::{Document, Ids, Limits, Node, PublicKey, ns, text_of};

fn vector(navn: &str) -> Vec<u8> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts");
    let folder = std::env::var_os("FUNDAMENT_CONTRACTS").map_or_else(beside, PathBuf::from);
    let path = folder.join("adgangsstyring/vectors").join(navn);
    std::fs::read(&path).unwrap_or_else(|fejl| panic!("{}: {fejl}", path.display()))
}

fn parse(bytes: &[u8]) -> Document<'_> {
    xml::parse(bytes, &Limits::of_size(1 << 20)).expect("well-formed")
}

/// When a message was made.
fn created(sikkerhed: &Sikkerhed<'_, '_>) -> Instant {
    let created = sikkerhed.timestamp.children().find(|c| c.has_tag_name((ns::WSU, "Created")));
    tid::laes(&text_of(created.expect("Created"))).expect("a time")
}

fn key(certifikat: &Certifikat) -> PublicKey {
    PublicKey::from_spki(certifikat.noegle()).expect("a usable key")
}

fn certificate_in(node: Node<'_, '_>) -> Certifikat {
    let found = node.descendants().find(|n| n.has_tag_name((ns::DS, "X509Certificate")));
    Certifikat::af_base64(&text_of(found.expect("a certificate"))).expect("a certificate")
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn a_request_for_a_token() {
    let bytes = vector("rst-request-dotnet.xml");
    let document = parse(&bytes);
    let konvolut = Konvolut::laes(&document).expect("an envelope");
    konvolut.kun_tilladt().expect("nothing strange");
    konvolut.svar_hertil().expect("an anonymous answer");
    assert!(konvolut.action().expect("an action").ends_with("/RST/Issue"));
    konvolut.message_id().expect("an id");
    let sikkerhed = Sikkerhed::laes(&konvolut).expect("a security header");
    let made = created(&sikkerhed);
    sikkerhed.tidsstempel(made).expect("in time");
    let late = Instant::from_micros(made.micros() + 3_600_000_000);
    assert!(matches!(sikkerhed.tidsstempel(late), Err(WssFejl::Udloebet(_))));
    let certifikat = sikkerhed.certifikat(&Kartotek::default()).expect("a certificate");
    let ids = Ids::of(&document).expect("unique ids");
    let verified =
        sikkerhed.verify(&konvolut, &ids, &key(&certifikat), Krav::UdenSvaradresse).expect("signed");
    assert_eq!(verified.covered().len(), 6);
    sikkerhed.peger_paa_certifikat(&verified, &ids, &certifikat).expect("the key is that of the token");
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn an_edited_request_is_refused() {
    let bytes = vector("negative-digest-rst-obo.xml");
    let document = parse(&bytes);
    let konvolut = Konvolut::laes(&document).expect("an envelope");
    let sikkerhed = Sikkerhed::laes(&konvolut).expect("a security header");
    let certifikat = sikkerhed.certifikat(&Kartotek::default()).expect("a certificate");
    let ids = Ids::of(&document).expect("unique ids");
    let refused = sikkerhed.verify(&konvolut, &ids, &key(&certifikat), Krav::UdenSvaradresse);
    assert!(matches!(refused, Err(WssFejl::Signatur(_))), "{refused:?}");
}

/// A message to a service: its token by the STS named in it, the message by the holder of the token.
#[track_caller]
fn check_service_request(navn: &str, references: usize, expected: Tokenbeskyttelse) {
    let bytes = vector(navn);
    let document = parse(&bytes);
    let konvolut = Konvolut::laes(&document).expect("an envelope");
    konvolut.kun_tilladt().expect("nothing strange");
    let sikkerhed = Sikkerhed::laes(&konvolut).expect("a security header");
    let ids = Ids::of(&document).expect("unique ids");
    let assertion = sikkerhed.assertion().expect("an assertion");
    let signature = assertion.children().find(|c| c.has_tag_name((ns::DS, "Signature"))).expect("signed");
    let issuer = assertion.children().find(|c| c.has_tag_name((ns::SAML, "Issuer"))).map(text_of);
    let sts = Sts::ny(issuer.expect("an issuer"), [certificate_in(signature)]).expect("an STS");
    let verificeret = sts.verificer(assertion, &ids).expect("the token is the STS's");
    let regler = Regler { audiences: None, skaevhed: identity::saml::SKAEVHED };
    let token = verificeret.laes(&regler, created(&sikkerhed)).expect("the token holds");
    let verified = sikkerhed.verify(&konvolut, &ids, &key(&token.indehaver), Krav::Alle).expect("signed");
    assert_eq!(verified.covered().len(), references);
    let found = sikkerhed.tokenbeskyttelse(&verified, assertion, &token.id).expect("tied to the token");
    assert_eq!(found, expected);
    let foreign = sikkerhed.tokenbeskyttelse(&verified, assertion, "_another");
    assert_eq!(foreign, Err(WssFejl::NoegleInfo));
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn requests_to_services() {
    check_service_request("idws-request-dotnet-strtransform.xml", 8, Tokenbeskyttelse::Str);
    check_service_request("idws-request-java-wsp.xml", 7, Tokenbeskyttelse::Str);
}
