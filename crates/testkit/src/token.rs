//! Tokens as a client gets and uses them: a signed request to the STS, and signed calls with the assertion it gives back.
//!
//! Messages are written canonically, so that what is written is what is signed ([`xml::sign`]). Message ids are parameters
//! and must be new every time: a server takes each of them once.

use crate::klient::{Demo, Klient};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use identity::tid;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::io;
use std::time::SystemTime;
use uuid::Uuid;
use wss::ns::{ANONYMOUS, BASE64, SAML_V2, SOAP12, WSA, WSSE11, X509_V3};
use xml::sign::{Part, Style, signature};
use xml::{SigningKey, escape_into, ns};

const WST: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
const WSP: &str = "http://schemas.xmlsoap.org/ws/2004/09/policy";
const AUTH: &str = "http://docs.oasis-open.org/wsfed/authorization/200706";
const CVR_CLAIM: &str = "dk:gov:saml:attribute:CvrNumberIdentifier";
/// Life of a message, in microseconds.
const LIFE_MICROS: i64 = 5 * 60 * 1_000_000;

/// An it-system with its key and certificate.
#[derive(Debug)]
pub struct Anvendersystem {
    noegle: SigningKey,
    certifikat: String,
}

/// An assertion, byte for byte as the STS wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its `ID`.
    pub id: String,
    /// All of it.
    pub assertion: String,
}

/// What makes a message the one it is.
#[derive(Debug, Clone, Copy)]
pub struct Besked<'t> {
    /// The address it is sent to.
    pub til: &'t str,
    /// Its id; new every time.
    pub id: Uuid,
    /// When it is written.
    pub nu: Instant,
}

/// The time by this machine's clock.
///
/// # Panics
/// When the clock says it is before 1970.
#[must_use]
pub fn nu() -> Instant {
    #[allow(clippy::disallowed_methods, reason = "a client has a clock of its own")]
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    Instant::from_micros(i64::try_from(since.as_micros()).expect("before year 290000"))
}

impl Token {
    /// The assertion in an answer from the STS; `None` when there is none.
    #[must_use]
    pub fn af_svar(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let from = text.find("<Assertion ")?;
        let end = "</Assertion>";
        let to = from + text[from..].find(end)? + end.len();
        let assertion = &text[from..to];
        let id = assertion.split_once(" ID=\"")?.1.split_once('"')?.0;
        Some(Self { id: id.to_owned(), assertion: assertion.to_owned() })
    }
}

impl Anvendersystem {
    /// A system with this key, and its certificate in DER form.
    #[must_use]
    pub fn ny(noegle: SigningKey, certifikat: &[u8]) -> Self {
        Self { noegle, certifikat: STANDARD.encode(certifikat) }
    }

    /// System number `system` of a running demo.
    ///
    /// # Errors
    /// When its files are missing, or hold no key and certificate in PEM.
    pub fn laes(demo: &Demo, system: usize) -> io::Result<Self> {
        let bad = |e: rustls::pki_types::pem::Error| io::Error::other(e.to_string());
        let system = &demo.json["systems"][system];
        let key = PrivateKeyDer::from_pem_file(demo.path(&system["key"])).map_err(bad)?;
        let certificate = CertificateDer::from_pem_file(demo.path(&system["certificate"])).map_err(bad)?;
        let noegle = SigningKey::from_pkcs8(key.secret_der()).map_err(io::Error::other)?;
        Ok(Self { noegle, certifikat: STANDARD.encode(&certificate) })
    }

    /// A signed `RequestSecurityToken` for a service, acting for an authority.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn rst(&self, besked: &Besked<'_>, applies_to: &str, cvr: &str) -> io::Result<String> {
        let mut service = String::new();
        escape_into(&mut service, applies_to);
        let bst = |id: &str| {
            format!(
                "<wsse:BinarySecurityToken xmlns:wsse=\"{}\"{id} EncodingType=\"{BASE64}\" ValueType=\"{X509_V3}\"",
                ns::WSSE
            )
        };
        let indhold = format!(
            "<wst:RequestSecurityToken xmlns:wst=\"{WST}\"><wst:TokenType>{SAML_V2}</wst:TokenType>\
             <wst:RequestType>{WST}/Issue</wst:RequestType><wst:KeyType>{WST}/PublicKey</wst:KeyType>\
             <wsp:AppliesTo xmlns:wsp=\"{WSP}\"><wsa:EndpointReference xmlns:wsa=\"{WSA}\"><wsa:Address>{service}</wsa:Address>\
             </wsa:EndpointReference></wsp:AppliesTo><wst:Claims Dialect=\"{AUTH}/authclaims\"><auth:ClaimType \
             xmlns:auth=\"{AUTH}\" Optional=\"false\" Uri=\"{CVR_CLAIM}\"><auth:Value>{cvr}</auth:Value></auth:ClaimType>\
             </wst:Claims><wst:UseKey>{}>{}</wsse:BinarySecurityToken></wst:UseKey></wst:RequestSecurityToken>",
            bst(""),
            self.certifikat
        );
        let token = format!(
            "{} wsu:Id=\"bst\">{}</wsse:BinarySecurityToken>",
            bst(&format!(" xmlns:wsu=\"{}\"", ns::WSU)),
            self.certifikat
        );
        let key_info = format!(
            "<wsse:SecurityTokenReference xmlns:wsse=\"{}\"><wsse:Reference URI=\"#bst\" ValueType=\"{X509_V3}\">\
             </wsse:Reference></wsse:SecurityTokenReference>",
            ns::WSSE
        );
        let part = Part::Element { id: "bst", text: &token };
        self.underskriv(besked, &format!("{WST}/RST/Issue"), "", &indhold, (&token, part), &key_info)
    }

    /// A signed call with a token. `indhold` is what stands in `Body`: one element, canonical, that declares what it uses.
    /// `hoveder` are other headers, not signed.
    ///
    /// # Errors
    /// When the key cannot sign.
    ///
    /// # Panics
    /// In a debug build, when `indhold` is not canonical.
    pub fn kald(
        &self,
        besked: &Besked<'_>,
        token: &Token,
        action: &str,
        hoveder: &str,
        indhold: &str,
    ) -> io::Result<String> {
        let identifier = format!(
            "<wsse:KeyIdentifier ValueType=\"{}\">{}</wsse:KeyIdentifier></wsse:SecurityTokenReference>",
            ns::SAML_ID,
            token.id
        );
        let tokens = format!(
            "{}<wsse:SecurityTokenReference xmlns:wsse=\"{}\" xmlns:wsse11=\"{WSSE11}\" xmlns:wsu=\"{}\" \
             wsse11:TokenType=\"{SAML_V2}\" wsu:Id=\"str\">{identifier}",
            token.assertion,
            ns::WSSE,
            ns::WSU
        );
        let key_info = format!("<wsse:SecurityTokenReference xmlns:wsse=\"{}\">{identifier}", ns::WSSE);
        let part = Part::Token { id: "str", text: &token.assertion };
        self.underskriv(besked, action, hoveder, indhold, (&tokens, part), &key_info)
    }

    /// Gets a token.
    ///
    /// # Errors
    /// When the STS cannot be reached or refuses; then the error holds its answer.
    pub async fn hent(
        &self,
        klient: &mut Klient,
        besked: &Besked<'_>,
        applies_to: &str,
        cvr: &str,
    ) -> io::Result<Token> {
        let (_, sti) = crate::klient::adskil(besked.til);
        let svar = klient.post(&sti, &self.rst(besked, applies_to, cvr)?).await?;
        let afvist = || {
            let text = String::from_utf8_lossy(&svar.body).into_owned();
            io::Error::other(format!("HTTP {}: {text}", svar.status))
        };
        Token::af_svar(&svar.body).filter(|_| svar.status == 200).ok_or_else(afvist)
    }

    /// An envelope around `indhold`, with body, addressing, timestamp and `part` of the tokens signed.
    fn underskriv(
        &self,
        besked: &Besked<'_>,
        action: &str,
        hoveder: &str,
        indhold: &str,
        (tokens, part): (&str, Part<'_>),
        key_info: &str,
    ) -> io::Result<String> {
        let wsu = ns::WSU;
        let header = |id: &str, navn: &str, text: &str| {
            format!("<wsa:{navn} xmlns:wsa=\"{WSA}\" xmlns:wsu=\"{wsu}\" wsu:Id=\"{id}\">{text}</wsa:{navn}>")
        };
        let mut til = String::new();
        escape_into(&mut til, besked.til);
        let parts = [
            ("action", header("action", "Action", action)),
            ("messageid", header("messageid", "MessageID", &format!("urn:uuid:{}", besked.id))),
            ("replyto", header("replyto", "ReplyTo", &format!("<wsa:Address>{ANONYMOUS}</wsa:Address>"))),
            ("to", header("to", "To", &til)),
        ];
        let expires = Instant::from_micros(besked.nu.micros() + LIFE_MICROS);
        let timestamp = format!(
            "<wsu:Timestamp xmlns:wsu=\"{wsu}\" wsu:Id=\"ts\"><wsu:Created>{}</wsu:Created><wsu:Expires>{}</wsu:Expires>\
             </wsu:Timestamp>",
            tid::skriv(besked.nu),
            tid::skriv(expires)
        );
        let body =
            format!("<s:Body xmlns:s=\"{SOAP12}\" xmlns:wsu=\"{wsu}\" wsu:Id=\"body\">{indhold}</s:Body>");
        let mut signed: Vec<Part<'_>> = parts.iter().map(|(id, text)| Part::Element { id, text }).collect();
        signed.extend([
            Part::Element { id: "ts", text: &timestamp },
            Part::Element { id: "body", text: &body },
            part,
        ]);
        let signature =
            signature(&signed, key_info, &self.noegle, Style::Default).map_err(io::Error::other)?;
        let headers: String = parts.iter().map(|(_, text)| text.as_str()).collect();
        Ok(format!(
            "<s:Envelope xmlns:s=\"{SOAP12}\"><s:Header>{headers}{hoveder}<wsse:Security xmlns:wsse=\"{}\" \
             s:mustUnderstand=\"1\">{timestamp}{tokens}{signature}</wsse:Security></s:Header>{body}</s:Envelope>",
            ns::WSSE
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{Anvendersystem, Besked, Token};
    use bitemporal::Instant;
    use uuid::Uuid;
    use wss::{Konvolut, Krav, Sikkerhed, Tokenbeskyttelse};
    use xml::{Ids, SigningKey};

    fn system() -> Anvendersystem {
        let pair = rcgen::KeyPair::generate().expect("a key");
        let noegle = SigningKey::from_pkcs8(pair.serialized_der()).expect("PKCS#8");
        Anvendersystem { noegle, certifikat: "QUJD".into() }
    }

    const BESKED: Besked<'_> = Besked {
        til: "https://localhost:1/sti?a&b",
        id: Uuid::nil(),
        nu: Instant::from_micros(1_700_000_000_000_000),
    };

    #[test]
    fn a_request_for_a_token_is_signed_as_the_sts_demands() {
        let system = system();
        let text = system.rst(&BESKED, "http://a.example/?x=<1>", "11223344").expect("signed");
        let document = xml::Document::parse(&text).expect("XML");
        let ids = Ids::of(&document).expect("once each");
        let konvolut = Konvolut::laes(&document).expect("an envelope");
        let sikkerhed = Sikkerhed::laes(&konvolut).expect("a security header");
        let key = system.noegle.public_key();
        let verified = sikkerhed.verify(&konvolut, &ids, key, Krav::Alle).expect("signed");
        assert!(verified.covers(sikkerhed.bst[0]));
    }

    #[test]
    fn a_call_covers_its_token() {
        let system = system();
        let assertion =
            format!("<Assertion xmlns=\"{}\" ID=\"_1\"><Issuer>x</Issuer></Assertion>", xml::ns::SAML);
        let token = Token { id: "_1".into(), assertion };
        let text = system.kald(&BESKED, &token, "urn:a", "", "<a xmlns=\"urn:b\"></a>").expect("signed");
        let document = xml::Document::parse(&text).expect("XML");
        let ids = Ids::of(&document).expect("once each");
        let konvolut = Konvolut::laes(&document).expect("an envelope");
        let sikkerhed = Sikkerhed::laes(&konvolut).expect("a security header");
        let verified =
            sikkerhed.verify(&konvolut, &ids, system.noegle.public_key(), Krav::Alle).expect("signed");
        let assertion = sikkerhed.assertion().expect("one");
        let how = sikkerhed.tokenbeskyttelse(&verified, assertion, "_1").expect("protected");
        assert_eq!(how, Tokenbeskyttelse::Str);
    }

    #[test]
    fn an_assertion_is_taken_out_as_it_is() {
        let assertion = "<Assertion xmlns=\"a\" ID=\"_7\"><b></b></Assertion>";
        let svar = format!("<x>{assertion}</x>");
        let token = Token { id: "_7".into(), assertion: assertion.into() };
        assert_eq!(Token::af_svar(svar.as_bytes()), Some(token));
        assert_eq!(Token::af_svar(b"<Fault/>"), None);
    }
}
