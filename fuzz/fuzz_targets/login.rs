//! Whatever arrives from somebody else's Identity Provider is read or refused: an answer, its privileges, its metadata. Nobody logs in
//! without the key; nothing panics, nothing hangs.
#![no_main]

use administration::{Samlrolle, laes_metadata};
use bitemporal::Instant;
use identity::saml::{Sts, Underskrevet, laes_login};
use identity::{Certifikat, bpp};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use xml::ns;

const NU: Instant = Instant::from_micros(1_714_557_600_000_000);

/// A certificate whose key nobody kept.
const CERTIFIKAT: &str = "MIIBfTCCASOgAwIBAgIUAIJAEd8joNY1Vx8wF4YW8AgtIsowCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJS29yc2IgSWRQMB4XDTI2MTEy\
    NzIwMzcyNFoXDTQ2MTEyMjIwMzcyNFowFDESMBAGA1UEAwwJS29yc2IgSWRQMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEljo8jhgR\
    E9waedZq10h8O3F5zezbxQWQkIY1XvewJ7dX234eS4ctccSmifZuyXwCgVHZTh9O0jh1jgPrL/ZoZKNTMFEwHQYDVR0OBBYEFBu7DUBi\
    vknRSU5YNWlxd585rHEyMB8GA1UdIwQYMBaAFBu7DUBivknRSU5YNWlxd585rHEyMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID\
    SAAwRQIhAN37aCxjultJIZ7334R9UTRRV970E7amxICsu+/29zC6AiB8KwBRZT8up5wI40bhgQa9VvIyqBe2/MTOKOWMwx+41Q==";

static IDP: LazyLock<Sts> = LazyLock::new(|| {
    let certifikat = Certifikat::laes(CERTIFIKAT.as_bytes()).expect("a certificate");
    Sts::ny("https://idp.example", [certifikat]).expect("a key")
});

/// What the fuzzer found, piece by piece.
struct Huller<'a>(std::str::Split<'a, char>);

impl<'a> Huller<'a> {
    fn et(&mut self) -> &'a str {
        self.0.next().unwrap_or_default()
    }
}

/// An answer with holes.
fn svar(h: &mut Huller<'_>) -> String {
    let ds = format!(
        "<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{exc}\"/><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/><ds:Reference URI=\"#b\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{}\"/><ds:Transform Algorithm=\"{exc}\">{}</ds:Transform>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
         <ds:DigestValue>{}</ds:DigestValue></ds:Reference>{}</ds:SignedInfo><ds:SignatureValue>{}</ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{CERTIFIKAT}{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         </ds:Signature>",
        ns::ENVELOPED,
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        exc = ns::EXC_C14N,
    );
    let ds = if h.et().is_empty() { ds } else { String::new() };
    format!(
        "<p:Response xmlns:p=\"{}\" xmlns=\"{}\" xmlns:ds=\"{}\" ID=\"a\" Version=\"2.0\" {}><Issuer>{}</Issuer>{}<p:Status>\
         <p:StatusCode Value=\"{}\"/></p:Status><Assertion ID=\"b\" Version=\"2.0\" IssueInstant=\"{}\"><Issuer>{}</Issuer>{ds}\
         <Subject><NameID Format=\"{}\">{}</NameID><SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <SubjectConfirmationData NotOnOrAfter=\"{}\"/></SubjectConfirmation></Subject><Conditions NotBefore=\"{}\" \
         NotOnOrAfter=\"{}\"><AudienceRestriction><Audience>{}</Audience></AudienceRestriction></Conditions>\
         <AuthnStatement AuthnInstant=\"{}\"><AuthnContext><AuthnContextClassRef>{}</AuthnContextClassRef></AuthnContext>\
         </AuthnStatement><AttributeStatement><Attribute Name=\"{}\"><AttributeValue>{}</AttributeValue></Attribute>{}\
         </AttributeStatement></Assertion>{}</p:Response>",
        ns::SAMLP,
        ns::SAML,
        ns::DS,
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
    )
}

/// Metadata with holes.
fn metadata(h: &mut Huller<'_>) -> String {
    format!(
        "<m:EntityDescriptor xmlns:m=\"{}\" xmlns:ds=\"{}\" entityID=\"{}\" {}><m:IDPSSODescriptor {}><m:KeyDescriptor {}>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></m:KeyDescriptor>\
         <m:SingleSignOnService Binding=\"b\" Location=\"https://{}\" {}/>{}</m:IDPSSODescriptor>{}</m:EntityDescriptor>",
        ns::MD,
        ns::DS,
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
        h.et(),
    )
}

fn check(bytes: &[u8]) {
    if let Ok(svar) = laes_login(bytes, &IDP) {
        assert!(!matches!(svar.underskrevet, Underskrevet::Ja(_)), "nobody signed this");
        for (navn, vaerdier) in &svar.attributter {
            assert!(svar.vaerdier(navn).len() >= vaerdier.len(), "every value is found by its name");
            for vaerdi in vaerdier {
                let _ = bpp::laes(vaerdi);
            }
        }
    }
    let _ = bpp::laes_xml(bytes);
    if let Ok(metadata) = laes_metadata(bytes, Samlrolle::IdentityProvider, NU) {
        assert!(metadata.uden_https().is_none() && !metadata.certifikater.is_empty(), "metadata that can be used");
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let mut huller = Huller(text.split('\0'));
    match first % 4 {
        0 => check(rest),
        1 => check(metadata(&mut huller).as_bytes()),
        _ => check(svar(&mut huller).as_bytes()),
    }
});
