//! What a signature may consist of, and name.

use super::{alg, changed, named, outcome, verify};
use crate::sign::{Part, Style, signature};
use crate::signature::{Policy, SignaturFejl};
use crate::testing::{RSA, element};
use crate::{Document, ns, text_of};

#[test]
fn weak_and_foreign_algorithms_are_refused() {
    let rsa = alg("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
    for uri in [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "",
    ] {
        assert_eq!(changed(&rsa, &alg(uri)), Err(SignaturFejl::Signaturalgoritme(uri.to_owned())));
    }
    let ecdsa = alg("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256");
    assert_eq!(changed(&rsa, &ecdsa), Err(SignaturFejl::Noegle));

    let sha256 = alg("http://www.w3.org/2001/04/xmlenc#sha256");
    for uri in ["http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmldsig-more#md5", "x"] {
        assert_eq!(changed(&sha256, &alg(uri)), Err(SignaturFejl::Digestalgoritme(uri.to_owned())));
    }
    let sha512 = changed(&sha256, &alg("http://www.w3.org/2001/04/xmlenc#sha512"));
    assert_eq!(sha512, Err(SignaturFejl::Digest("#body".to_owned())));

    let method = format!("CanonicalizationMethod {}", alg(ns::EXC_C14N));
    let transform = format!("Transform {}", alg(ns::EXC_C14N));
    for uri in [
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/2000/09/xmldsig#base64",
    ] {
        let other = format!("CanonicalizationMethod {}", alg(uri));
        assert_eq!(changed(&method, &other), Err(SignaturFejl::Kanonisering(uri.to_owned())));
        let other = format!("Transform {}", alg(uri));
        assert_eq!(changed(&transform, &other), Err(SignaturFejl::Transformation(uri.to_owned())));
    }
}

#[test]
fn transforms_come_in_three_ways() {
    let one = format!("<Transform {}></Transform>", alg(ns::EXC_C14N));
    let enveloped = format!("<Transform {}></Transform>", alg(ns::ENVELOPED));
    for combination in [
        String::new(),
        enveloped.clone(),
        one.repeat(2),
        [&*one, &enveloped].concat(),
        [&enveloped, &*one, &one].concat(),
    ] {
        assert_eq!(changed(&one, &combination), Err(SignaturFejl::Transformationer), "{combination}");
    }
    let none = format!("<Transforms>{one}</Transforms>");
    assert_eq!(changed(&none, ""), Err(SignaturFejl::Transformationer));
    let inside = [enveloped, one.clone()].concat();
    assert_eq!(changed(&one, &inside), Err(SignaturFejl::IkkeIndeni("#body".to_owned())));
    let many = ["p"; 21].join(" ");
    let list = format!("<InclusiveNamespaces xmlns=\"{}\" PrefixList=\"{many}\"/></Transform>", ns::EXC_C14N);
    let result = changed("></Transform>", &format!(">{list}"));
    assert_eq!(result, Err(SignaturFejl::C14n(crate::c14n::C14nFejl::Prefikser)));
}

#[test]
fn the_structure_is_fixed() {
    let form = |name| Err(SignaturFejl::Opbygning(name));
    let length = "rsa-sha256\"><HMACOutputLength>1</HMACOutputLength>";
    assert_eq!(changed("rsa-sha256\">", length), form("SignatureMethod"));
    assert_eq!(changed("</Signature>", "<Object></Object></Signature>"), form("KeyInfo"));
    assert_eq!(changed("</Signature>", "<KeyInfo/><Object/></Signature>"), form("Signature"));
    assert_eq!(changed("</Signature>", "<KeyInfo/><KeyInfo/></Signature>"), form("Signature"));
    assert_eq!(changed("</Signature>", "<KeyInfo/></Signature>"), Ok(()));
    assert_eq!(changed("</Signature>", "x</Signature>"), form("Signature"));
    assert_eq!(changed("<SignedInfo>", "<SignedInfo/><SignedInfo>"), form("SignatureValue"));
    assert_eq!(changed("</SignedInfo>", "<x/></SignedInfo>"), form("Reference"));
    assert_eq!(changed("</SignedInfo>", "x</SignedInfo>"), form("SignedInfo"));
    assert_eq!(changed("</SignedInfo>", "<?x?></SignedInfo>"), Err(SignaturFejl::Instruktion));
    assert_eq!(changed("</Reference>", "<x/></Reference>"), form("Reference"));
    assert_eq!(changed("<DigestValue>", "<DigestValue><x/>"), form("DigestValue"));
    assert_eq!(changed("<DigestValue>", "<DigestValue>!"), Err(SignaturFejl::Base64("DigestValue")));
    let long = format!("<SignatureValue>{}", "A".repeat(2_000));
    assert_eq!(changed("<SignatureValue>", &long), Err(SignaturFejl::Base64("SignatureValue")));
    let without = format!("<SignatureMethod {}></SignatureMethod>", alg(RSA.algorithm().uri()));
    assert_eq!(changed(&without, ""), form("SignatureMethod"));
    let parameters = "<wsse:TransformationParameters";
    assert_eq!(changed(parameters, &format!("<x/>{parameters}")), form("Transform"));
}

#[test]
fn white_space_and_comments_in_the_signature_change_nothing_but_its_value() {
    // Outside SignedInfo they are not signed at all.
    assert_eq!(changed("</SignedInfo>", "</SignedInfo>\n <!-- x --> "), Ok(()));
    assert_eq!(changed("<SignatureValue>", "<SignatureValue>\r\n<!-- x --> "), Ok(()));
    assert_eq!(changed("<DigestValue>", "<DigestValue><!-- x -->"), Ok(()));
    assert_eq!(changed("<DigestValue>", "<DigestValue>\n"), Err(SignaturFejl::Vaerdi));
}

#[test]
fn references_are_by_id() {
    let to = |uri: &str| changed("URI=\"#to\"", &format!("URI=\"{uri}\""));
    assert_eq!(to(""), Err(SignaturFejl::HeleDokumentet));
    assert_eq!(to("#nowhere"), Err(SignaturFejl::UkendtId("nowhere".to_owned())));
    for uri in ["#", "to", "http://evil.example/#to", "#xpointer(/)", "#xpointer(id('to'))", "##to"] {
        assert_eq!(to(uri), Err(SignaturFejl::Uri(uri.to_owned())));
    }
    assert_eq!(changed("URI=\"#to\"", ""), Err(SignaturFejl::Opbygning("Reference")));
    assert_eq!(to("#str"), Err(SignaturFejl::Digest("#str".to_owned())));
}

#[test]
fn a_signature_signs_between_one_and_sixteen_parts() {
    let sign = |count: usize| {
        let texts: Vec<(String, String)> =
            (0..count).map(|i| (format!("i{i}"), element("p", "urn:p", "a", &format!("i{i}"), ""))).collect();
        let parts: Vec<Part<'_>> = texts.iter().map(|(id, text)| Part::Element { id, text }).collect();
        let elements: String = texts.iter().map(|t| t.1.as_str()).collect();
        format!("<r>{elements}{}</r>", signature(&parts, "", &RSA, Style::Default).expect("signed"))
    };
    assert_eq!(outcome(&sign(0)), Err(SignaturFejl::IngenReferencer));
    assert_eq!(outcome(&sign(1)), Ok(()));
    assert_eq!(outcome(&sign(16)), Ok(()));
    assert_eq!(outcome(&sign(17)), Err(SignaturFejl::ForMangeReferencer));
}

#[test]
fn the_whole_document_may_be_signed_where_policy_allows() {
    let md = format!("<EntityDescriptor xmlns=\"{}\"><a></a>", ns::MD);
    let text = crate::sign::enveloped("", &md, "</EntityDescriptor>", "", &RSA).expect("signed");
    // Our signer writes `#`; a signer of whole documents writes nothing.
    assert_eq!(outcome(&text), Err(SignaturFejl::Uri("#".to_owned())));
    let text = text.replace("URI=\"#\"", "URI=\"\"");
    let document = Document::parse(&text).expect("well-formed");
    let result = |policy| verify(&document, policy, RSA.public_key()).map(|_| ());
    assert_eq!(result(Policy::SAML), Err(SignaturFejl::HeleDokumentet));
    assert_eq!(result(Policy::WS_SECURITY), Err(SignaturFejl::HeleDokumentet));
    // The digest fits; the value is over the other URI.
    assert_eq!(result(Policy::DOCUMENT), Err(SignaturFejl::Vaerdi));
    let signed_info = named(&document, "SignedInfo")[0];
    let message = crate::c14n::canonicalize(signed_info, &crate::c14n::PrefixList::EMPTY).expect("small");
    let value = RSA.sign(message.as_bytes()).expect("signed");
    let value = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, value);
    let old = text_of(named(&document, "SignatureValue")[0]);
    let right = text.replace(&old, &value);
    let document = Document::parse(&right).expect("well-formed");
    let verified = verify(&document, Policy::DOCUMENT, RSA.public_key()).expect("signed");
    assert!(verified.covers(document.root_element()));

    let evil = text.replace("<a></a>", "<a>1</a>");
    let document = Document::parse(&evil).expect("well-formed");
    let result = verify(&document, Policy::DOCUMENT, RSA.public_key()).map(|_| ());
    assert_eq!(result, Err(SignaturFejl::Digest(String::new())));
}
