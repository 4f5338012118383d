//! Answers of an Identity Provider, such as somebody who logs in brings along: written canonically, and signed or not.

use identity::Certifikat;
use std::fmt::Write;
use xml::{SigningKey, ns, sign};

/// An Identity Provider: a key, its certificate, and its entityID.
pub struct Idp {
    noegle: SigningKey,
    /// The certificate.
    pub certifikat: Certifikat,
    /// The entityID.
    pub entity_id: String,
}

/// What an assertion says.
#[derive(Debug, Clone)]
pub struct Billet {
    /// Its ID.
    pub id: String,
    /// `O` and the attribute.
    pub cvr: String,
    /// Whom it is for.
    pub audience: String,
    /// From when.
    pub fra: String,
    /// Until when.
    pub til: String,
    /// How the person logged in.
    pub klasse: String,
    /// The attributes.
    pub attributter: Vec<(String, String)>,
}

impl Idp {
    /// One with a new key, valid for many years.
    ///
    /// # Panics
    /// When no key can be made.
    #[must_use]
    pub fn ny(entity_id: &str) -> Self {
        let par = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048);
        let par = par.expect("a key");
        let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2040, 1, 1);
        params.distinguished_name.push(rcgen::DnType::CommonName, "Korsbæk login");
        let certifikat = params.self_signed(&par).expect("a certificate");
        Self {
            noegle: SigningKey::from_pkcs8(&par.serialize_der()).expect("a key"),
            certifikat: Certifikat::af_der(certifikat.der()).expect("a certificate"),
            entity_id: entity_id.to_owned(),
        }
    }

    /// Metadata that says so.
    #[must_use]
    pub fn metadata(&self) -> String {
        format!(
            "<md:EntityDescriptor xmlns:md=\"{}\" xmlns:ds=\"{}\" entityID=\"{}\"><md:IDPSSODescriptor><md:KeyDescriptor>\
             <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
             </md:KeyDescriptor><md:SingleSignOnService Binding=\"b\" Location=\"{}/sso\"/></md:IDPSSODescriptor>\
             </md:EntityDescriptor>",
            ns::MD,
            ns::DS,
            self.entity_id,
            self.certifikat.base64(),
            self.entity_id
        )
    }

    /// The assertion without a signature.
    #[must_use]
    pub fn usigneret(&self, b: &Billet) -> String {
        let (hoved, hale) = self.dele(b);
        hoved + &hale
    }

    /// The signed assertion.
    ///
    /// # Panics
    /// When the key cannot sign.
    #[must_use]
    pub fn signeret(&self, b: &Billet) -> String {
        let (hoved, hale) = self.dele(b);
        let key_info =
            format!("<X509Data><X509Certificate>{}</X509Certificate></X509Data>", self.certifikat.base64());
        sign::enveloped(&b.id, &hoved, &hale, &key_info, &self.noegle).expect("signed")
    }

    /// An answer around whatever is given.
    #[must_use]
    pub fn svar(&self, indhold: &str, status: &str) -> String {
        format!(
            "<samlp:Response xmlns:samlp=\"{}\" ID=\"_svar\" IssueInstant=\"2027-01-15T08:00:00Z\" Version=\"2.0\">\
             <Issuer xmlns=\"{}\">{}</Issuer><samlp:Status><samlp:StatusCode \
             Value=\"urn:oasis:names:tc:SAML:2.0:status:{status}\"></samlp:StatusCode></samlp:Status>{indhold}</samlp:Response>",
            ns::SAMLP,
            ns::SAML,
            self.entity_id
        )
    }

    fn dele(&self, b: &Billet) -> (String, String) {
        let hoved = format!(
            "<Assertion xmlns=\"{}\" ID=\"{}\" IssueInstant=\"{}\" Version=\"2.0\"><Issuer>{}</Issuer>",
            ns::SAML,
            b.id,
            b.fra,
            self.entity_id
        );
        let mut hale = format!(
            "<Subject><NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName\">C=DK,O={},CN=Mads \
             Skjern,Serial=0b5c1c52-7f4e-4d7e-9d3a-6f1f0c9b1a11</NameID><SubjectConfirmation \
             Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><SubjectConfirmationData \
             NotOnOrAfter=\"{til}\"></SubjectConfirmationData></SubjectConfirmation></Subject><Conditions NotBefore=\"{}\" \
             NotOnOrAfter=\"{til}\"><AudienceRestriction><Audience>{}</Audience></AudienceRestriction></Conditions>\
             <AuthnStatement AuthnInstant=\"{}\"><AuthnContext><AuthnContextClassRef>{}</AuthnContextClassRef>\
             </AuthnContext></AuthnStatement><AttributeStatement>",
            b.cvr,
            b.fra,
            b.audience,
            b.fra,
            b.klasse,
            til = b.til
        );
        for (navn, vaerdi) in &b.attributter {
            let _ = write!(
                hale,
                "<Attribute Name=\"{navn}\"><AttributeValue>{vaerdi}</AttributeValue></Attribute>"
            );
        }
        hale.push_str("</AttributeStatement></Assertion>");
        (hoved, hale)
    }
}
