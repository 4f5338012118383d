//! Answers over SOAP: the token, signed; and faults, not signed.

use crate::afgoer::Bestilling;
use crate::fejl::StsFejl;
use crate::udsted::Udstedt;
use crate::wstrust::{Kald, REQUEST_TYPE};
use app::Noegler;
use bitemporal::Instant;
use identity::tid;
use wss::ns::{SAML_V2, SOAP11, WSA, WSSE11};
use wss::rst::{PUBLIC_KEY, WSP, WST};
use wss::{Noeglehenvisning, Svarhoved, Underskriver, underskriv};
use xml::{escape_into, ns};

/// The action of an answer.
const ISSUE_FINAL: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RSTRC/IssueFinal";
/// The action of a fault in answer to a request for a token.
const RST_FAULT: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Fault";
/// The action of other faults.
const WSA_FAULT: &str = "http://www.w3.org/2005/08/addressing/fault";

/// The signed answer with the token.
///
/// # Errors
/// When it cannot be signed.
pub(crate) fn rstr(
    kald: &Kald,
    bestilling: &Bestilling<'_>,
    udstedt: &Udstedt,
    context: Option<&str>,
    noegler: &Noegler,
    nu: Instant,
) -> Result<String, StsFejl> {
    let mut out = String::with_capacity(udstedt.assertion.len() + 4_096);
    out.push_str(&format!(
        "<trust:RequestSecurityTokenResponseCollection xmlns:trust=\"{WST}\"><trust:RequestSecurityTokenResponse"
    ));
    if let Some(context) = context {
        out.push_str(" Context=\"");
        escape_into(&mut out, context);
        out.push('"');
    }
    out.push_str(&format!(
        "><trust:Lifetime><wsu:Created xmlns:wsu=\"{wsu}\">{}</wsu:Created><wsu:Expires xmlns:wsu=\"{wsu}\">{}</wsu:Expires></trust:Lifetime>",
        tid::skriv(udstedt.fra),
        tid::skriv(udstedt.til),
        wsu = ns::WSU,
    ));
    out.push_str(&format!(
        "<wsp:AppliesTo xmlns:wsp=\"{WSP}\"><wsa:EndpointReference xmlns:wsa=\"{WSA}\"><wsa:Address>"
    ));
    escape_into(&mut out, bestilling.applies_to);
    out.push_str("</wsa:Address></wsa:EndpointReference></wsp:AppliesTo><trust:RequestedSecurityToken>");
    out.push_str(&udstedt.assertion);
    out.push_str("</trust:RequestedSecurityToken>");
    let reference = format!(
        "<o:SecurityTokenReference xmlns:b=\"{WSSE11}\" xmlns:o=\"{}\" b:TokenType=\"{SAML_V2}\"><o:KeyIdentifier ValueType=\"{}\">{}</o:KeyIdentifier></o:SecurityTokenReference>",
        ns::WSSE,
        ns::SAML_ID,
        udstedt.id
    );
    for name in ["RequestedAttachedReference", "RequestedUnattachedReference"] {
        out.push_str(&format!("<trust:{name}>{reference}</trust:{name}>"));
    }
    out.push_str(&format!(
        "<trust:TokenType>{SAML_V2}</trust:TokenType><trust:RequestType>{REQUEST_TYPE}</trust:RequestType><trust:KeyType>{PUBLIC_KEY}</trust:KeyType>\
         </trust:RequestSecurityTokenResponse></trust:RequestSecurityTokenResponseCollection>"
    ));
    let hoved = Svarhoved {
        soap: kald.soap,
        action: ISSUE_FINAL,
        message_id: None,
        relates_to: kald.message_id.as_deref().unwrap_or_default(),
        to: false,
        andre: "",
        nu,
    };
    let underskriver = Underskriver {
        noegle: &noegler.sts.noegle,
        certifikat: &noegler.sts.certifikat,
        henvisning: Noeglehenvisning::Ski,
    };
    underskriv(&hoved, &out, &underskriver).map_err(StsFejl::intern)
}

/// A fault. What concerns security it tells in one neutral sentence.
pub(crate) fn fault(kald: &Kald, fejl: &StsFejl, numeric: bool) -> String {
    let ud = fejl.ud();
    let (prefix, name) = ud.subcode;
    let space = match prefix {
        "wst" => WST,
        "wsu" => ns::WSU,
        _ => ns::WSSE,
    };
    let soap = kald.soap;
    let action = if kald.er_rst { RST_FAULT } else { WSA_FAULT };
    let mut text = String::new();
    let numbered = ud.event.map_or_else(|| ud.text.clone(), |event| format!("{event}: {}", ud.text));
    escape_into(&mut text, &numbered);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope xmlns:s=\"{soap}\"><s:Header><a:Action xmlns:a=\"{WSA}\" s:mustUnderstand=\"1\">{action}</a:Action>"
    );
    if let Some(id) = &kald.message_id {
        out.push_str(&format!("<a:RelatesTo xmlns:a=\"{WSA}\">"));
        escape_into(&mut out, id);
        out.push_str("</a:RelatesTo>");
    }
    out.push_str("</s:Header><s:Body><s:Fault>");
    let detail = ud.event.map(|event| {
        let mut message = String::new();
        escape_into(&mut message, &ud.text);
        format!(
            "<StsFaultDetail xmlns=\"https://sts.kombit.dk/fault\"><EventId>{event}</EventId><Message>{message}</Message></StsFaultDetail>"
        )
    });
    let must_understand = matches!(fejl, StsFejl::Uforstaaet(_));
    if soap == SOAP11 {
        let code = match ud.event.filter(|_| numeric) {
            _ if must_understand => "s:MustUnderstand".to_owned(),
            Some(event) => event.to_string(),
            None => format!("{prefix}:{name}"),
        };
        let declared = if prefix.is_empty() { String::new() } else { format!(" xmlns:{prefix}=\"{space}\"") };
        out.push_str(&format!(
            "<faultcode{declared}>{code}</faultcode><faultstring xml:lang=\"en\">{text}</faultstring>"
        ));
        if let Some(detail) = detail {
            out.push_str(&format!("<detail>{detail}</detail>"));
        }
    } else {
        let top = match (must_understand, ud.receiver) {
            (true, _) => "s:MustUnderstand",
            (_, true) => "s:Receiver",
            (_, false) => "s:Sender",
        };
        out.push_str(&format!("<s:Code><s:Value>{top}</s:Value>"));
        let sub = match ud.event.filter(|_| numeric) {
            Some(event) => Some(event.to_string()),
            None if must_understand => None,
            None => Some(format!("{prefix}:{name}")),
        };
        if let Some(sub) = sub {
            out.push_str(&format!(
                "<s:Subcode><s:Value xmlns:{prefix}=\"{space}\">{sub}</s:Value></s:Subcode>"
            ));
        }
        out.push_str(&format!("</s:Code><s:Reason><s:Text xml:lang=\"en\">{text}</s:Text></s:Reason>"));
        if let Some(detail) = detail {
            out.push_str(&format!("<s:Detail>{detail}</s:Detail>"));
        }
    }
    out.push_str("</s:Fault></s:Body></s:Envelope>");
    out
}
