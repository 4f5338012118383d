//! Answers of an Identity Provider: read as they are signed, and whatever is made to be read differently is refused.

use identity::saml::{LoginFejl, Loginsvar, SamlFejl, Sts, Underskrevet, laes_login};
use std::sync::LazyLock;
use testkit::login::{Billet, Idp};

static IDP: LazyLock<Idp> = LazyLock::new(|| Idp::ny("https://idp.korsbaek.example"));
static ANDEN: LazyLock<Idp> = LazyLock::new(|| Idp::ny("https://idp.korsbaek.example"));

fn billet() -> Billet {
    Billet {
        id: "_billet".into(),
        cvr: "11223344".into(),
        audience: "https://saml.adgang.example/runtime".into(),
        fra: "2027-01-15T07:59:00Z".into(),
        til: "2027-01-15T08:05:00Z".into(),
        klasse: "https://data.gov.dk/concept/core/nsis/loa/Substantial".into(),
        attributter: vec![("a".into(), "1".into()), ("b".into(), "2".into()), ("a".into(), "3".into())],
    }
}

fn laes(tekst: &str) -> Result<Loginsvar, LoginFejl> {
    let idp = Sts::ny("https://idp.korsbaek.example", [IDP.certifikat.clone()]).expect("a key");
    laes_login(tekst.as_bytes(), &idp)
}

#[test]
fn an_answer_is_read_and_its_signature_judged() {
    let signeret = IDP.signeret(&billet());
    for tekst in [signeret.clone(), IDP.svar(&signeret, "Success")] {
        let svar = laes(&tekst).expect("read");
        assert_eq!(svar.underskrevet, Underskrevet::Ja(Box::new(IDP.certifikat.clone())));
        assert_eq!((svar.udsteder.as_str(), svar.baerere), ("https://idp.korsbaek.example", 1));
        assert_eq!(svar.vaerdier("a"), ["1", "3"]);
        assert!(svar.gyldig.0 < svar.gyldig.1 && svar.klasse.is_some_and(|k| k.ends_with("Substantial")));
        assert_eq!(svar.audiences, ["https://saml.adgang.example/runtime"]);
    }
    let usigneret = laes(&IDP.svar(&IDP.usigneret(&billet()), "Responder")).expect("read");
    assert_eq!((usigneret.underskrevet, usigneret.status.as_deref()), (Underskrevet::Nej, Some("Responder")));
    let fremmed = laes(&ANDEN.signeret(&billet())).expect("read");
    assert_eq!(fremmed.underskrevet, Underskrevet::Forkert(SamlFejl::FremmedCertifikat));
    let rettet = signeret.replace("O=11223344", "O=22334455");
    assert!(matches!(
        laes(&rettet).expect("read").underskrevet,
        Underskrevet::Forkert(SamlFejl::Signatur(_))
    ));
    // A comment does not cut a text off; what is signed is the whole of it.
    let kommentar = signeret.replace("O=11223344", "O=1122<!-- x -->3344");
    let svar = laes(&kommentar).expect("read");
    assert!(matches!(svar.underskrevet, Underskrevet::Ja(_)) && svar.name_id.0.contains("O=11223344,"));
}

#[test]
fn wrapping_bombs_and_the_like_are_refused() {
    let god = IDP.signeret(&billet());
    let ond = IDP.usigneret(&Billet { id: "_ond".into(), cvr: "22334455".into(), ..billet() });
    let i_svar = |indhold: &str| laes(&IDP.svar(indhold, "Success"));
    // The signed one stands aside, another where it is looked for: in every order and place.
    let udvidelse = format!("<samlp:Extensions>{god}</samlp:Extensions>");
    assert_eq!(i_svar(&format!("{udvidelse}{ond}")), Err(LoginFejl::Assertions(2)));
    assert_eq!(i_svar(&format!("{ond}{god}")), Err(LoginFejl::Assertions(2)));
    assert_eq!(i_svar(&udvidelse), Err(LoginFejl::Opbygning("Assertion")));
    let inde = ond.replace("<Subject>", &format!("<Advice>{god}</Advice><Subject>"));
    assert_eq!(i_svar(&inde), Err(LoginFejl::Assertions(2)));
    // The signature is taken along to another one.
    let (start, slut) = (god.find("<Signature").expect("one"), god.find("</Signature>").expect("its end"));
    let signatur = &god[start..slut + "</Signature>".len()];
    let lagt_i = ond.replace("</Issuer>", &format!("</Issuer>{signatur}"));
    assert_eq!(laes(&lagt_i), Err(LoginFejl::Daekning));
    let samme_id = lagt_i.replace("_ond", "_billet");
    assert!(matches!(
        laes(&samme_id).expect("read").underskrevet,
        Underskrevet::Forkert(SamlFejl::Signatur(_))
    ));
    let i_subject = god.replace("<NameID", &format!("{signatur}<NameID"));
    assert!(matches!(laes(&i_subject), Err(LoginFejl::Daekning)), "a second one, and not where it belongs");
    assert!(matches!(i_svar(&god.replace("ID=\"_billet\"", "ID=\"_svar\"")), Err(LoginFejl::Id(_))));
    for (tekst, ventet) in [
        ("<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;\">]><a>&d;</a>".to_owned(), "DOCTYPE"),
        ("<a/>".to_owned(), "hverken et SAML-svar"),
        ("<a>".repeat(70), "niveauer"),
        ("hej".to_owned(), "velformet"),
        (format!("<a>{}</a>", "x".repeat(300_000)), "bytes"),
        (format!("<a>{}</a>", "<b/>".repeat(10_001)), "elementer"),
        (god.replace("Version=\"2.0\"", "Version=\"1.1\""), "SAML 2.0"),
        (god.replace("NotBefore=\"2027-01-15T07:59:00Z\"", "NotBefore=\"i dag\""), "NotBefore"),
    ] {
        let fejl = laes(&tekst).expect_err(ventet).to_string();
        assert!(fejl.contains(ventet), "{fejl}");
    }
    let krypteret = "<EncryptedAssertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
    assert_eq!(i_svar(krypteret), Err(LoginFejl::Krypteret));
    assert_eq!(i_svar(""), Err(LoginFejl::Assertions(0)));
}
