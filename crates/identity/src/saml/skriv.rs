//! Writing an assertion, canonical from the first byte, and signing it.

use super::navne;
use crate::{Certifikat, tid};
use bitemporal::Instant;
use oio::Cvr;
use xml::{NoegleFejl, SigningKey, ns, sign};

/// What an assertion of the STS says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paastand {
    /// Its `ID`: an underscore and a UUID.
    pub id: String,
    /// The entityID of the STS.
    pub udsteder: String,
    /// When it is issued, and valid from.
    pub fra: Instant,
    /// When it is no longer valid.
    pub til: Instant,
    /// The system it is about: `Certifikat::emne`, or `NameID` of the party acted for.
    pub name_id: String,
    /// The calling system, when it acts on behalf of another.
    pub obo_kalder: Option<String>,
    /// The identifier of the service it is for.
    pub audience: String,
    /// The authority that is acted for: not the supplier.
    pub cvr: Cvr,
    /// `AssuranceLevel`; systems with an OCES certificate have 3.
    pub sikringsniveau: u8,
    /// The privileges, as `bpp::skriv_base64` writes them.
    pub bpp: Option<String>,
    /// The certificate whose key the holder must prove to have.
    pub indehaver: Certifikat,
}

impl Paastand {
    /// The signed assertion. It must be sent as it is: not a byte may change.
    ///
    /// # Errors
    /// If the key cannot sign.
    pub fn signer(&self, noegle: &SigningKey, certifikat: &Certifikat) -> Result<String, NoegleFejl> {
        if noegle.public_key().spki() != certifikat.noegle() {
            return Err(NoegleFejl::Algoritme);
        }
        let (hoved, hale) = (self.hoved(), self.hale());
        let key_info =
            ["<X509Data><X509Certificate>", &certifikat.base64(), "</X509Certificate></X509Data>"].concat();
        sign::enveloped(&self.id, &hoved, &hale, &key_info, noegle)
    }

    /// Up to where the signature stands.
    fn hoved(&self) -> String {
        let mut ud = Ud(String::with_capacity(512));
        ud.raa("<Assertion xmlns=\"");
        ud.raa(ns::SAML);
        ud.attributter(&[("\" ID", &self.id), (" IssueInstant", &tid::skriv(self.fra)), (" Version", "2.0")]);
        ud.raa("><Issuer");
        ud.attributter(&[(" Format", navne::ENTITY)]);
        ud.raa(">");
        ud.tekst(&self.udsteder);
        ud.raa("</Issuer>");
        ud.0
    }

    /// From where the signature stands.
    fn hale(&self) -> String {
        let mut ud = Ud(String::with_capacity(8 * 1024));
        let (fra, til) = (tid::skriv(self.fra), tid::skriv(self.til));
        self.subject(&mut ud, &fra, &til);
        ud.raa("<Conditions");
        ud.attributter(&[(" NotBefore", &fra), (" NotOnOrAfter", &til)]);
        ud.raa("><AudienceRestriction><Audience>");
        ud.tekst(&self.audience);
        ud.raa("</Audience></AudienceRestriction></Conditions><AttributeStatement>");
        ud.attribut(navne::CVR, &self.cvr.to_string());
        ud.attribut(navne::SIKRINGSNIVEAU, &self.sikringsniveau.to_string());
        ud.attribut(navne::SPEC_VER, "DK-SAML-2.0");
        ud.attribut(navne::KOMBIT_SPEC_VER, "1.0");
        if let Some(bpp) = &self.bpp {
            ud.attribut(navne::PRIVILEGIER, bpp);
        }
        ud.raa("</AttributeStatement><AuthnStatement");
        ud.attributter(&[(" AuthnInstant", &fra)]);
        ud.raa("><AuthnContext><AuthnContextClassRef>");
        ud.raa(navne::X509_LOGIN);
        ud.raa("</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion>");
        ud.0
    }

    fn subject(&self, ud: &mut Ud, fra: &str, til: &str) {
        ud.raa("<Subject>");
        ud.name_id(navne::X509_SUBJECT, &self.name_id);
        ud.raa("<SubjectConfirmation");
        ud.attributter(&[(" Method", navne::HOLDER_OF_KEY)]);
        ud.raa(">");
        if let Some(kalder) = &self.obo_kalder {
            ud.name_id(navne::ENTITY, kalder);
        }
        ud.raa("<SubjectConfirmationData");
        ud.attributter(&[
            (" xmlns:a", navne::XSI),
            (" NotBefore", fra),
            (" NotOnOrAfter", til),
            (" Recipient", &self.audience),
            (" a:type", "KeyInfoConfirmationDataType"),
        ]);
        ud.raa("><KeyInfo");
        ud.attributter(&[(" xmlns", ns::DS)]);
        ud.raa("><X509Data><X509Certificate>");
        ud.raa(&self.indehaver.base64());
        ud.raa("</X509Certificate></X509Data></KeyInfo></SubjectConfirmationData>");
        ud.raa("</SubjectConfirmation></Subject>");
    }
}

/// Text on its way out, escaped as canonical XML is (C14N 1.0 §2.3): a signature covers how, not only what.
struct Ud(String);

impl Ud {
    fn raa(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn tekst(&mut self, tekst: &str) {
        for c in tekst.chars().filter(er_xml) {
            match c {
                '&' => self.raa("&amp;"),
                '<' => self.raa("&lt;"),
                '>' => self.raa("&gt;"),
                '\r' => self.raa("&#xD;"),
                c => self.0.push(c),
            }
        }
    }

    /// Attributes, each name with what stands before it.
    fn attributter(&mut self, par: &[(&str, &str)]) {
        for (navn, vaerdi) in par {
            self.raa(navn);
            self.raa("=\"");
            for c in vaerdi.chars().filter(er_xml) {
                match c {
                    '&' => self.raa("&amp;"),
                    '<' => self.raa("&lt;"),
                    '"' => self.raa("&quot;"),
                    '\t' => self.raa("&#x9;"),
                    '\n' => self.raa("&#xA;"),
                    '\r' => self.raa("&#xD;"),
                    c => self.0.push(c),
                }
            }
            self.raa("\"");
        }
    }

    fn name_id(&mut self, format: &str, navn: &str) {
        self.raa("<NameID");
        self.attributter(&[(" Format", format)]);
        self.raa(">");
        self.tekst(navn);
        self.raa("</NameID>");
    }

    fn attribut(&mut self, navn: &str, vaerdi: &str) {
        self.raa("<Attribute");
        self.attributter(&[(" Name", navn), (" NameFormat", navne::BASIC)]);
        self.raa("><AttributeValue>");
        self.tekst(vaerdi);
        self.raa("</AttributeValue></Attribute>");
    }
}

/// Whether XML 1.0 can hold the character at all.
fn er_xml(c: &char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}
