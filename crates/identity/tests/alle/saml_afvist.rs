//! Assertions that are refused, each for its own reason.

use crate::faelles::{FREMMED, NU, STS, SYSTEM, at};
use crate::saml::{NOEGLE, SERVICE, UDSTEDER, laes, laes_ved, omsigneret, paastand, signeret};
use identity::saml::{Paastand, SamlFejl, Sts};
use identity::tid::TidFejl;
use xml::{Ids, Limits, SignaturFejl, SigningKey, sign};

#[track_caller]
fn afvist(assertion: &str, fejl: SamlFejl) {
    assert_eq!(laes(assertion).map(|_| ()), Err(fejl));
}

/// Replaces something that must be there, and signs anew.
#[track_caller]
fn med(fra: &str, til: &str) -> String {
    omsigneret(|a| {
        assert!(a.contains(fra), "{fra}");
        a.replacen(fra, til, 1)
    })
}

const RESTRIKTION: &str = "<AudienceRestriction><Audience>http://korsbaek.example/service/organisation/3</Audience></AudienceRestriction>";

#[test]
fn tokens_for_others_are_refused() {
    let anden =
        Paastand { audience: "http://korsbaek.example/service/klassifikation/7".into(), ..paastand() };
    afvist(&anden.signer(&NOEGLE, &STS.certifikat).unwrap(), SamlFejl::Audience);
    for lignende in [
        "http://korsbaek.example/service/organisation/3/",
        " http://korsbaek.example/service/organisation/3",
        "http://Korsbaek.example/service/organisation/3",
        "http://korsbaek.example/service/organisation/%33",
        "http://k\u{43E}rsbaek.example/service/organisation/3",
        "http://korsbaek.example/service/organisation/3\u{200B}",
    ] {
        let lignende = Paastand { audience: lignende.into(), ..paastand() };
        afvist(&lignende.signer(&NOEGLE, &STS.certifikat).unwrap(), SamlFejl::Audience);
    }
    let recipient = format!("Recipient=\"{SERVICE}\"");
    afvist(&med(&recipient, "Recipient=\"http://korsbaek.example/x\""), SamlFejl::Recipient);
    afvist(&med(&format!(" {recipient}"), ""), SamlFejl::Recipient);
    let to = format!("{RESTRIKTION}<AudienceRestriction><Audience>x2</Audience></AudienceRestriction>");
    afvist(&med(RESTRIKTION, &to), SamlFejl::Audience);
    afvist(&med(RESTRIKTION, "<AudienceRestriction></AudienceRestriction>"), SamlFejl::Audience);
    afvist(&med(RESTRIKTION, ""), SamlFejl::Audience);
    let flere = RESTRIKTION.replace("<Audience>", "<Audience>y</Audience><Audience>");
    assert!(laes(&med(RESTRIKTION, &flere)).is_ok());
    assert!(laes_ved(&signeret(), None, at(NU)).is_ok(), "only carried onwards");
}

#[test]
fn conditions_that_nobody_understands_are_refused() {
    for ukendt in ["Condition", "ProxyRestriction", "Noget"] {
        let element = format!("<{ukendt}></{ukendt}>");
        let assertion = med("<AudienceRestriction>", &format!("{element}<AudienceRestriction>"));
        afvist(&assertion, SamlFejl::UkendtBetingelse(ukendt.into()));
    }
    afvist(&med("<Conditions ", "<Advice></Advice><Conditions "), SamlFejl::Opbygning("Assertion"));
    let to =
        format!("<Conditions NotOnOrAfter=\"2099-01-01T00:00:00Z\">{RESTRIKTION}</Conditions><Conditions ");
    afvist(&med("<Conditions ", &to), SamlFejl::Opbygning("Conditions"));
}

#[test]
fn only_one_holder_of_a_key_is_accepted() {
    let hok = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key";
    for metode in ["bearer", "sender-vouches", "holder-of-key "] {
        afvist(&med(hok, &format!("urn:oasis:names:tc:SAML:2.0:cm:{metode}")), SamlFejl::Metode);
    }
    let bearer =
        "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"></SubjectConfirmation>";
    afvist(&med("</Subject>", &format!("{bearer}</Subject>")), SamlFejl::Bekraeftelser(2));
    afvist(
        &med("<SubjectConfirmation ", &format!("{bearer}<SubjectConfirmation ")),
        SamlFejl::Bekraeftelser(2),
    );
    let uden = omsigneret(|a| {
        let (foer, rest) = a.split_once("<SubjectConfirmation ").unwrap();
        let (_, efter) = rest.split_once("</SubjectConfirmation>").unwrap();
        foer.to_owned() + efter
    });
    afvist(&uden, SamlFejl::Bekraeftelser(0));
    let certifikat = format!("<X509Certificate>{}</X509Certificate>", SYSTEM.certifikat.base64());
    let andet = format!("<X509Certificate>{}</X509Certificate>", FREMMED.certifikat.base64());
    let x509 = format!("<X509Data>{certifikat}</X509Data>");
    afvist(&med(&certifikat, &format!("{certifikat}{andet}")), SamlFejl::Opbygning("KeyInfo"));
    afvist(&med(&x509, &format!("{x509}<X509Data>{andet}</X509Data>")), SamlFejl::Indehaver);
    afvist(&med(&x509, "<KeyName>x</KeyName>"), SamlFejl::Indehaver);
    afvist(&med(&x509, ""), SamlFejl::Indehaver);
    afvist(
        &med(&certifikat, "<X509Certificate>AAAA</X509Certificate>"),
        SamlFejl::Certifikat(identity::CertifikatFejl::Form),
    );
    afvist(&med("<NameID ", "<NameID></NameID><NameID "), SamlFejl::Opbygning("Subject"));
}

#[test]
fn attributes_must_be_there_once() {
    let cvr = "<AttributeValue>11223344</AttributeValue>";
    let cvr_navn = "dk:gov:saml:attribute:CvrNumberIdentifier";
    for (til, fejl) in [
        ("<AttributeValue>1122334</AttributeValue>", SamlFejl::Cvr),
        ("<AttributeValue> 11223344</AttributeValue>", SamlFejl::Cvr),
        ("<AttributeValue></AttributeValue>", SamlFejl::Cvr),
        ("", SamlFejl::Flertydig(cvr_navn)),
        (
            "<AttributeValue>1</AttributeValue><AttributeValue>2</AttributeValue>",
            SamlFejl::Flertydig(cvr_navn),
        ),
        ("<AttributeValue><x></x>11223344</AttributeValue>", SamlFejl::Opbygning("AttributeValue")),
    ] {
        afvist(&med(cvr, til), fejl);
    }
    afvist(&med(cvr_navn, "dk:gov:saml:attribute:Cvr"), SamlFejl::Cvr);
    let ekstra =
        format!("<Attribute Name=\"{cvr_navn}\"><AttributeValue>22334455</AttributeValue></Attribute>");
    let to_gange = med("<AttributeStatement>", &format!("<AttributeStatement>{ekstra}"));
    afvist(&to_gange, SamlFejl::Flertydig(cvr_navn));
    for niveau in ["0", "5", "Substantial", ""] {
        let vaerdi = format!("<AttributeValue>{niveau}</AttributeValue>");
        afvist(&med("<AttributeValue>3</AttributeValue>", &vaerdi), SamlFejl::Sikringsniveau);
    }
    let fejl = SamlFejl::Bpp(identity::bpp::BppFejl::Base64);
    afvist(&med(&paastand().bpp.unwrap(), "***"), fejl);
}

#[test]
fn strange_times_and_other_issuers_are_refused() {
    let til = "NotOnOrAfter=\"2030-03-02T16:00:00.000Z\"";
    for (tid, fejl) in [
        ("2030-03-02T16:00:00.000", TidFejl::Zone),
        ("2030-03-02T24:00:00Z", TidFejl::Klokkeslaet),
        ("2030-03-02T15:59:60Z", TidFejl::Klokkeslaet),
        ("12030-03-02T16:00:00Z", TidFejl::Form),
        ("2030-02-30T16:00:00Z", TidFejl::Dato),
    ] {
        let assertion = omsigneret(|a| a.replace(til, &format!("NotOnOrAfter=\"{tid}\"")));
        afvist(&assertion, SamlFejl::Tid("NotOnOrAfter", fejl));
    }
    assert!(laes(&omsigneret(|a| a.replace(til, "NotOnOrAfter=\"9999-12-30T00:00:00.1234567Z\""))).is_ok());
    afvist(&omsigneret(|a| a.replace(&format!(" {til}"), "")), SamlFejl::Opbygning("Conditions"));
    afvist(
        &med(&format!("{til} Recipient"), "NotOnOrAfter=\"2030-03-02T07:00:00Z\" Recipient"),
        SamlFejl::Udloebet("SubjectConfirmationData"),
    );
    let session = "<AuthnStatement AuthnInstant=\"2030-03-02T08:00:00.000Z\"";
    let session_til = format!("{session} SessionNotOnOrAfter=\"2030-03-02T07:00:00Z\"");
    afvist(&med(session, &session_til), SamlFejl::Udloebet("AuthnStatement"));
    let anden = Paastand { udsteder: format!("{UDSTEDER}/"), ..paastand() };
    afvist(&anden.signer(&NOEGLE, &STS.certifikat).unwrap(), SamlFejl::Udsteder);
    afvist(&med("Version=\"2.0\"", "Version=\"1.1\""), SamlFejl::Version);
}

#[test]
fn only_the_pinned_key_over_this_very_assertion_counts() {
    let god = signeret();
    afvist(
        &god.replace("11223344<", "22334455<"),
        SamlFejl::Signatur(SignaturFejl::Digest(format!("#{}", paastand().id))),
    );
    let (foer, rest) = god.split_once("<Signature ").unwrap();
    let (signatur, efter) = rest.split_once("</Signature>").unwrap();
    let uden = [foer, efter].concat();
    afvist(&uden, SamlFejl::Usigneret);
    let signatur = format!("<Signature {signatur}</Signature>");
    afvist(&format!("{foer}{signatur}{signatur}{efter}"), SamlFejl::Usigneret);
    afvist(&uden.replace("<Subject>", &format!("<Subject>{signatur}")), SamlFejl::Usigneret);
    // Another key, whose certificate comes along, and a key that is pinned while the certificate is another's.
    let par = SYSTEM.pkcs8.as_slice();
    let egen = SigningKey::from_pkcs8(par).unwrap();
    let fremmed = paastand().signer(&egen, &SYSTEM.certifikat).unwrap();
    afvist(&fremmed, SamlFejl::FremmedCertifikat);
    let (sts, system) = (STS.certifikat.base64(), SYSTEM.certifikat.base64());
    afvist(&fremmed.replacen(&system, &sts, 1), SamlFejl::Signatur(SignaturFejl::Vaerdi));
    afvist(&god.replacen(&sts, &system, 1), SamlFejl::FremmedCertifikat);
    // Without a certificate every pinned key is tried.
    let (hoved, hale) = sign::after_issuer(&uden).unwrap();
    let uden_key_info = sign::enveloped(&paastand().id, hoved, hale, "", &NOEGLE).unwrap();
    assert!(laes(&uden_key_info).is_ok());
    assert!(paastand().signer(&NOEGLE, &SYSTEM.certifikat).is_err(), "another's certificate");
}

#[test]
fn a_signature_over_something_else_does_not_count() {
    let id = paastand().id;
    // The signed assertion is put aside in one that says something else.
    let god = signeret();
    let ond = omsigneret(|a| a.to_owned()).replace(&id, "_ond");
    let (foer, rest) = ond.split_once("<Signature ").unwrap();
    let (_, efter) = rest.split_once("</Signature>").unwrap();
    let (god_foer, god_rest) = god.split_once("<Signature ").unwrap();
    let (god_signatur, god_efter) = god_rest.split_once("</Signature>").unwrap();
    let god_signatur = format!("<Signature {god_signatur}</Signature>");
    let original = [god_foer, god_efter].concat();
    afvist(&format!("{foer}{god_signatur}<Advice>{original}</Advice>{efter}"), SamlFejl::Daekning);
    let i_object = god_signatur.replace("</Signature>", &format!("<Object>{original}</Object></Signature>"));
    let opbygning = SamlFejl::Signatur(SignaturFejl::Opbygning("Signature"));
    afvist(&format!("{foer}{i_object}{efter}"), opbygning);
    // The same id on both is refused before anything is read.
    let dobbelt = format!("<r>{god}{god}</r>");
    let document = xml::parse(dobbelt.as_bytes(), &Limits::of_size(1 << 20)).unwrap();
    assert!(Ids::of(&document).is_err());
}

#[test]
fn comments_do_not_cut_values_short() {
    let god = signeret();
    let kommentar = god.replace(">11223344<", ">1122<!-- x -->3344<");
    assert_eq!(laes(&kommentar).unwrap().cvr.to_string(), "11223344");
    let navn = god
        .replace("<NameID Format", "<!-- y --><NameID Format")
        .replace("C=DK</NameID>", "C=<!---->DK</NameID>");
    assert_eq!(laes(&navn).unwrap().name_id, SYSTEM.certifikat.emne());
    let cdata = god.replace(">11223344<", "><![CDATA[1122]]>33&#52;4<");
    assert_eq!(laes(&cdata).unwrap().cvr.to_string(), "11223344");
}

#[test]
fn an_expired_sts_is_not_believed() {
    let document = signeret();
    let document = xml::parse(document.as_bytes(), &Limits::of_size(1 << 20)).unwrap();
    let ids = Ids::of(&document).unwrap();
    let sts = Sts::ny(UDSTEDER, [STS.certifikat.clone()]).unwrap();
    let verificeret = sts.verificer(document.root_element(), &ids).unwrap();
    assert_eq!(verificeret.sts_certifikat(), &STS.certifikat);
    let regler = identity::saml::Regler::til(&[SERVICE]);
    assert_eq!(verificeret.laes(&regler, STS.certifikat.gyldig().to), Err(SamlFejl::StsCertifikat));
}
