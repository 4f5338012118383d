//! Whatever arrives as a request for a token is read or refused; nothing panics, nothing hangs.
#![no_main]

use bitemporal::Instant;
use identity::Kartotek;
use libfuzzer_sys::fuzz_target;
use wss::ns::{SAML_V2, SOAP12, WSA};
use wss::rst::{Rst, WSP, WST};
use wss::{Konvolut, Sikkerhed};
use xml::{Ids, Limits, ns, parse};

/// A request with holes for what the fuzzer finds.
fn filled(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let mut holes = text.split('\0');
    let mut hole = || holes.next().unwrap_or_default();
    let auth = "http://docs.oasis-open.org/wsfed/authorization/200706";
    format!(
        "<s:Envelope xmlns:s=\"{SOAP12}\" xmlns:a=\"{WSA}\" xmlns:u=\"{}\" xmlns:o=\"{}\" xmlns:d=\"{}\" xmlns:t=\"{WST}\" \
         xmlns:p=\"{WSP}\" xmlns:c=\"{auth}\" xmlns:m=\"{}\"><s:Header><a:Action>{}</a:Action><a:MessageID>{}</a:MessageID>\
         <a:To>{}</a:To>{}<o:Security><u:Timestamp>{}</u:Timestamp><o:BinarySecurityToken>{}</o:BinarySecurityToken>\
         <d:Signature>{}</d:Signature></o:Security></s:Header><s:Body><t:RequestSecurityToken {}>{}\
         <t:TokenType>{SAML_V2}</t:TokenType><t:RequestType>{WST}/Issue</t:RequestType><t:KeyType>{WST}/PublicKey</t:KeyType>\
         <p:AppliesTo><a:EndpointReference><a:Address>{}</a:Address></a:EndpointReference></p:AppliesTo>\
         <t:Claims Dialect=\"{auth}/authclaims\"><c:ClaimType Uri=\"dk:gov:saml:attribute:CvrNumberIdentifier\">\
         <c:Value>{}</c:Value></c:ClaimType></t:Claims><t:UseKey>{}</t:UseKey><t:OnBehalfOf>{}</t:OnBehalfOf>\
         <t:Lifetime><u:Expires>{}</u:Expires></t:Lifetime></t:RequestSecurityToken></s:Body></s:Envelope>",
        ns::WSU,
        ns::WSSE,
        ns::DS,
        ns::SAML,
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
        hole(),
    )
}

fn check(bytes: &[u8]) {
    let limits = Limits { size_bytes_max: 1 << 16, depth_max: 64, attributes_max: 64, namespaces_max: 64 };
    let Ok(document) = parse(bytes, &limits) else { return };
    let Ok(konvolut) = Konvolut::laes(&document) else { return };
    let _ = (konvolut.kun_tilladt(), konvolut.action(), konvolut.message_id(), konvolut.to_path());
    let _ = (konvolut.svar_hertil(), konvolut.kraevende().count(), Ids::of(&document).is_ok());
    if let Ok(sikkerhed) = Sikkerhed::laes(&konvolut) {
        let _ = sikkerhed.tidsstempel(Instant::from_micros(1_714_557_600_000_000));
        let _ = (sikkerhed.certifikat(&Kartotek::default()), sikkerhed.assertion());
    }
    if let Ok(rst) = Rst::laes(konvolut.indhold, &Kartotek::default()) {
        assert!(!rst.applies_to.is_empty(), "a service is named");
    }
}

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((0, rest)) => check(rest),
        Some((_, rest)) => check(filled(rest).as_bytes()),
        None => {}
    }
});
