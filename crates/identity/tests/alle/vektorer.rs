//! Real messages of the present systems. They are read from `$FUNDAMENT_CONTRACTS`, by default beside the repository;
//! they are not ours to ship.

use identity::certifikat::Art;
use identity::saml::{Regler, SamlFejl, Sts, Token};
use identity::{Certifikat, tid};
use std::path::{Path, PathBuf};
use xml::{Document, Ids, Limits, Node, ns};

fn laes_fil(navn: &str) -> Vec<u8> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts");
    let root = std::env::var_os("FUNDAMENT_CONTRACTS").map_or(default, PathBuf::from);
    let path = root.join("adgangsstyring/vectors").join(navn);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn find<'a, 'd>(document: &'a Document<'d>, navnerum: &str, navn: &str) -> Node<'a, 'd> {
    document.descendants().find(|n| n.has_tag_name((navnerum, navn))).unwrap()
}

/// The certificates in a document, in order.
fn certifikater(bytes: &[u8]) -> Vec<Certifikat> {
    let document = xml::parse(bytes, &Limits::of_size(1 << 20)).unwrap();
    let fundne = document.descendants().filter(|n| {
        n.has_tag_name((ns::DS, "X509Certificate")) || n.has_tag_name((ns::WSSE, "BinarySecurityToken"))
    });
    fundne.map(|n| Certifikat::af_base64(&xml::text_of(n)).unwrap()).collect()
}

/// Reads the assertion of a message at the time it was issued, with the certificate in it as the pinned one.
fn laes(bytes: &[u8]) -> Result<Token, SamlFejl> {
    let document = xml::parse(bytes, &Limits::of_size(1 << 20)).unwrap();
    let ids = Ids::of(&document).unwrap();
    let assertion = find(&document, ns::SAML, "Assertion");
    let signatur = assertion.children().find(|n| n.has_tag_name((ns::DS, "Signature"))).unwrap();
    let sts = signatur.descendants().find(|n| n.has_tag_name((ns::DS, "X509Certificate"))).unwrap();
    let sts = Certifikat::af_base64(&xml::text_of(sts)).unwrap();
    let udsteder = xml::text_of(find(&document, ns::SAML, "Issuer"));
    let audience = xml::text_of(find(&document, ns::SAML, "Audience"));
    let nu = tid::laes(assertion.attribute("IssueInstant").unwrap()).unwrap();
    let verificeret = Sts::ny(udsteder, [sts]).unwrap().verificer(assertion, &ids)?;
    verificeret.laes(&Regler::til(&[&audience]), nu)
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn assertions_of_the_present_sts_are_read() {
    for navn in [
        "assertion-sts.xml",
        "assertion-bootstrap.xml",
        "rstr-response-sts.xml",
        "rstr-response-sts-2.xml",
        "rstr-wspresponse.xml",
    ] {
        let token = laes(&laes_fil(navn)).unwrap_or_else(|e| panic!("{navn}: {e}"));
        assert_eq!(token.sikringsniveau, 3, "{navn}");
        assert!(token.bpp.udeladte.is_empty(), "{navn}: {:?}", token.bpp.udeladte);
        assert!(!token.bpp.grupper.is_empty(), "{navn}");
        // The STS writes the subject of the holder's certificate as we do; on behalf of another it is that other's.
        assert!(
            token.obo_kalder.is_some() || token.name_id == token.indehaver.emne(),
            "{navn}: {}",
            token.name_id
        );
        assert_eq!(token.indehaver.art(), Art::Oces2, "{navn}");
        assert!(token.indehaver.cvr().is_some() && token.indehaver.maa_signere(), "{navn}");
        assert!(!token.indehaver.ocsp_adresser().is_empty(), "{navn}");
        assert!(!token.indehaver.crl_adresser().is_empty(), "{navn}");
    }
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn assertions_in_requests_and_of_others_are_read() {
    for navn in [
        "idws-request-dotnet-strtransform.xml",
        "idws-request-java-wsp.xml",
        "rstr-response-other-sts-2022.xml",
    ] {
        let token = laes(&laes_fil(navn)).unwrap_or_else(|e| panic!("{navn}: {e}"));
        assert_eq!(token.name_id, token.indehaver.emne(), "{navn}");
    }
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn edited_messages_are_refused() {
    let text = String::from_utf8(laes_fil("assertion-sts.xml")).unwrap();
    let aendret = text.replace("<AttributeValue>3<", "<AttributeValue>4<");
    assert_ne!(text, aendret);
    assert!(matches!(laes(aendret.as_bytes()), Err(SamlFejl::Signatur(xml::SignaturFejl::Digest(_)))));
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn every_certificate_in_the_messages_is_read() {
    let mut antal = 0;
    for navn in [
        "assertion-bootstrap.xml",
        "assertion-sts.xml",
        "ch2-response-to-sp-oiosaml3.xml",
        "idws-request-dotnet-strtransform.xml",
        "idws-response-java-wsp.xml",
        "idws-response-wsp.xml",
        "rst-request-dotnet.xml",
        "rstr-response-other-sts-2022.xml",
        "rstr-response-sts-2.xml",
        "rstr-response-sts.xml",
    ] {
        for certifikat in certifikater(&laes_fil(navn)) {
            antal += 1;
            assert_eq!(Certifikat::af_base64(&certifikat.base64()).unwrap(), certifikat);
            assert!(!certifikat.gyldig().is_empty(), "{navn}: {certifikat:?}");
        }
    }
    assert!(antal >= 10, "{antal}");
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn the_official_example_of_privileges_is_read() {
    let laest = identity::bpp::laes_xml(&laes_fil("../bpp/bpp.example.itst.xml")).unwrap();
    assert_eq!((laest.grupper.len(), laest.udeladte.len()), (6, 0));
    assert_eq!(laest.grupper[0].constraints.len(), 2);
}
