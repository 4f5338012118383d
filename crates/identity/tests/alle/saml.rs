//! The assertion: what we write, and what is accepted.

use crate::faelles::{FREMMED, NU, STS, SYSTEM, at, efter};
use bitemporal::Instant;
use identity::bpp::{Gruppe, Profil, skriv_base64};
use identity::saml::{Paastand, Regler, SamlFejl, Sts, Token};
use std::sync::LazyLock;
use xml::{Ids, Limits, SigningKey, ns, sign};

pub const UDSTEDER: &str = "https://saml.adgang.korsbaek.example/runtime";
pub const SERVICE: &str = "http://korsbaek.example/service/organisation/3";

pub static NOEGLE: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_pkcs8(&STS.pkcs8).unwrap());

pub fn gruppe() -> Gruppe {
    let privilegier = vec!["http://korsbaek.example/roles/servicesystemrole/laes/1".to_owned()];
    Gruppe { scope: "11223344".parse().unwrap(), privilegier, constraints: vec![] }
}

pub fn paastand() -> Paastand {
    Paastand {
        id: "_6f0c2b1e-0000-4000-8000-000000000001".into(),
        udsteder: UDSTEDER.into(),
        fra: at(NU),
        til: efter(at(NU), 480 * 60),
        name_id: SYSTEM.certifikat.emne().into(),
        obo_kalder: None,
        audience: SERVICE.into(),
        cvr: "11223344".parse().unwrap(),
        sikringsniveau: 3,
        bpp: skriv_base64(&[gruppe()], Profil::Itst),
        indehaver: SYSTEM.certifikat.clone(),
    }
}

pub fn signeret() -> String {
    paastand().signer(&NOEGLE, &STS.certifikat).unwrap()
}

/// Signs an assertion anew with the STS's key, after `aendr` has changed it.
pub fn omsigneret(aendr: impl Fn(&str) -> String) -> String {
    let signeret = signeret();
    let (hoved, rest) = signeret.split_once("<Signature ").unwrap();
    let (_, hale) = rest.split_once("</Signature>").unwrap();
    let aendret = aendr(&[hoved, hale].concat());
    let (hoved, hale) = sign::after_issuer(&aendret).unwrap();
    let key_info =
        format!("<X509Data><X509Certificate>{}</X509Certificate></X509Data>", STS.certifikat.base64());
    sign::enveloped(&paastand().id, hoved, hale, &key_info, &NOEGLE).unwrap()
}

/// Reads an assertion as the service would.
pub fn laes_ved(assertion: &str, audiences: Option<&[&str]>, nu: Instant) -> Result<Token, SamlFejl> {
    let document = xml::parse(assertion.as_bytes(), &Limits::of_size(1 << 20)).unwrap();
    let ids = Ids::of(&document).unwrap();
    let node = document.descendants().find(|n| n.has_tag_name((ns::SAML, "Assertion"))).unwrap();
    let sts = Sts::ny(UDSTEDER, [FREMMED.certifikat.clone(), STS.certifikat.clone()]).unwrap();
    let regler = Regler { audiences, ..Regler::til(&[]) };
    sts.verificer(node, &ids)?.laes(&regler, nu)
}

pub fn laes(assertion: &str) -> Result<Token, SamlFejl> {
    laes_ved(assertion, Some(&["x", SERVICE]), at(NU))
}

#[test]
fn what_is_issued_is_read() {
    let token = laes(&signeret()).unwrap();
    assert_eq!(token.id, paastand().id);
    assert_eq!(token.name_id, SYSTEM.certifikat.emne());
    assert_eq!((token.obo_kalder, token.sikringsniveau, token.engangs), (None, 3, false));
    assert_eq!((token.cvr.to_string().as_str(), &token.indehaver), ("11223344", &SYSTEM.certifikat));
    assert_eq!((token.bpp.grupper, token.bpp.udeladte.len()), (vec![gruppe()], 0));
    assert_eq!((token.not_on_or_after, token.audiences), (paastand().til, vec![SERVICE.to_owned()]));
    let obo = Paastand { obo_kalder: Some("C=DK & <x>".into()), bpp: None, ..paastand() };
    let token = laes(&obo.signer(&NOEGLE, &STS.certifikat).unwrap()).unwrap();
    assert_eq!((token.obo_kalder.as_deref(), token.bpp.grupper.len()), (Some("C=DK & <x>"), 0));
}

#[test]
fn it_has_exactly_the_form_of_the_sts() {
    let signeret = signeret();
    let (hoved, rest) = signeret.split_once("<Signature ").unwrap();
    let (signatur, hale) = rest.split_once("</Signature>").unwrap();
    assert_eq!(
        hoved,
        format!(
            "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{}\" \
             IssueInstant=\"2030-03-02T08:00:00.000Z\" Version=\"2.0\">\
             <Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">{UDSTEDER}</Issuer>",
            paastand().id
        )
    );
    assert!(signatur.starts_with("xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo>"));
    let x509 = format!("<KeyInfo><X509Data><X509Certificate>{}<", STS.certifikat.base64());
    assert!(signatur.contains(&x509));
    let basic = "NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:basic\"";
    let attribut = |navn: &str, vaerdi: &str| {
        format!(
            "<Attribute Name=\"dk:gov:saml:attribute:{navn}\" {basic}>\
             <AttributeValue>{vaerdi}</AttributeValue></Attribute>"
        )
    };
    let attributter = [
        attribut("CvrNumberIdentifier", "11223344"),
        attribut("AssuranceLevel", "3"),
        attribut("SpecVer", "DK-SAML-2.0"),
        attribut("KombitSpecVer", "1.0"),
        attribut("Privileges_intermediate", &paastand().bpp.unwrap()),
    ]
    .concat();
    let tider = "NotBefore=\"2030-03-02T08:00:00.000Z\" NotOnOrAfter=\"2030-03-02T16:00:00.000Z\"";
    assert_eq!(
        hale,
        format!(
            "<Subject><NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName\">{}</NameID>\
             <SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:holder-of-key\">\
             <SubjectConfirmationData xmlns:a=\"http://www.w3.org/2001/XMLSchema-instance\" {tider} \
             Recipient=\"{SERVICE}\" a:type=\"KeyInfoConfirmationDataType\">\
             <KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{}\
             </X509Certificate></X509Data></KeyInfo></SubjectConfirmationData></SubjectConfirmation></Subject>\
             <Conditions {tider}><AudienceRestriction><Audience>{SERVICE}</Audience></AudienceRestriction>\
             </Conditions><AttributeStatement>{attributter}</AttributeStatement>\
             <AuthnStatement AuthnInstant=\"2030-03-02T08:00:00.000Z\"><AuthnContext><AuthnContextClassRef>\
             urn:oasis:names:tc:SAML:2.0:ac:classes:X509</AuthnContextClassRef></AuthnContext>\
             </AuthnStatement></Assertion>",
            SYSTEM.certifikat.emne(),
            SYSTEM.certifikat.base64()
        )
    );
}

#[test]
fn names_with_any_characters_are_canonical() {
    // Signing checks in a debug build that what is signed is canonical.
    let sjov = "O=\"Hansen & Søn, \"\"A/S\"\"\" <x>\r\n\t\u{1}";
    let paastand = Paastand {
        name_id: sjov.into(),
        obo_kalder: Some(sjov.into()),
        udsteder: UDSTEDER.into(),
        audience: format!("http://x.example/?a&b=\"<>\"\t{}", "æ"),
        ..paastand()
    };
    let signeret = paastand.signer(&NOEGLE, &STS.certifikat).unwrap();
    let token = laes_ved(&signeret, Some(&[&paastand.audience]), at(NU)).unwrap();
    assert_eq!(token.name_id, sjov.replace('\u{1}', ""));
}

#[test]
fn it_is_read_inside_another_document_and_in_another_order() {
    let konvolut = format!("<a:e xmlns:a='urn:a' xmlns='urn:b'><a:h/>{}</a:e>", signeret());
    assert!(laes(&konvolut).is_ok());
    let byttet = omsigneret(|a| {
        let (foer, rest) = a.split_once("<AttributeStatement>").unwrap();
        let (attributter, rest) = rest.split_once("</AttributeStatement>").unwrap();
        let (login, efter) = rest.split_once("</AuthnStatement>").unwrap();
        format!("{foer}{login}</AuthnStatement><AttributeStatement>{attributter}</AttributeStatement>{efter}")
    });
    assert!(laes(&byttet).is_ok());
    let engangs =
        omsigneret(|a| a.replace("<AudienceRestriction>", "<OneTimeUse></OneTimeUse><AudienceRestriction>"));
    assert!(laes(&engangs).unwrap().engangs, "to be remembered");
    let uden_type = omsigneret(|a| {
        a.replace(" a:type=\"KeyInfoConfirmationDataType\"", "")
            .replace(" xmlns:a=\"http://www.w3.org/2001/XMLSchema-instance\"", "")
    });
    assert!(laes(&uden_type).is_ok());
}

#[test]
fn times_hold_to_the_microsecond_of_the_skew() {
    let signeret = signeret();
    let ved = |micros: i64| laes_ved(&signeret, Some(&[SERVICE]), Instant::from_micros(micros)).map(|_| ());
    const FEM: i64 = 300_000_000;
    let (fra, til) = (paastand().fra.micros(), paastand().til.micros());
    assert_eq!(ved(fra - FEM), Ok(()));
    assert_eq!(ved(fra - FEM - 1), Err(SamlFejl::IkkeEndnu("Conditions")));
    assert_eq!(ved(fra - FEM - 60_000_000), Err(SamlFejl::IkkeEndnu("Conditions")));
    assert_eq!(ved(til + FEM - 1), Ok(()));
    assert_eq!(ved(til + FEM), Err(SamlFejl::Udloebet("Conditions")));
    assert_eq!(ved(til + FEM + 60_000_000), Err(SamlFejl::Udloebet("Conditions")));
}
