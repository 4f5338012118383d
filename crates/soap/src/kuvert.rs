//! The envelope: what is around a call and around an answer.

use crate::fejl::Fault;
use crate::ns::{AUTHORITY_CONTEXT, CALL_CONTEXT, HDR, SOAP11, SOAP12, SP_FAULT};
use crate::tabel::{Operation, Tjeneste};
use oio::Cvr;
use xml::{Document, Node, escape_into};

/// Headers we understand, by namespace, even when they insist on it.
const UNDERSTOOD: [&str; 6] =
    [HDR, wss::ns::WSA, xml::ns::WSSE, "urn:liberty:sb", wss::ns::SBF, "urn:liberty:sb:profile"];
/// Longest transaction id taken from a caller.
const TRANSACTION_CHARS_MAX: usize = 100;

/// Which SOAP a message speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soap {
    /// SOAP 1.1.
    V11,
    /// SOAP 1.2.
    V12,
}

impl Soap {
    pub(crate) const fn ns(self) -> &'static str {
        match self {
            Self::V11 => SOAP11,
            Self::V12 => SOAP12,
        }
    }

    /// The content type of its messages.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::V11 => "text/xml; charset=utf-8",
            Self::V12 => "application/soap+xml; charset=utf-8",
        }
    }
}

/// A request, as far as it is the same for every operation.
pub struct Kuvert<'a, 'd> {
    /// The SOAP it speaks, and so the answer.
    pub soap: Soap,
    /// The caller's transaction id.
    pub transaktion: Option<String>,
    /// The authority named in version 5's context.
    pub myndighed: Option<Cvr>,
    /// The operation, found by the name of the body's content.
    pub operation: &'static Operation,
    /// Its input element.
    pub input: Node<'a, 'd>,
}

/// Which SOAP a document speaks; 1.2 when it is neither.
#[must_use]
pub fn soap_of(document: &Document<'_>) -> Soap {
    match document.root_element().tag_name().namespace() {
        Some(SOAP11) => Soap::V11,
        _ => Soap::V12,
    }
}

fn child<'a, 'd: 'a>(node: Node<'a, 'd>, ns: &str, name: &str) -> Option<Node<'a, 'd>> {
    node.children().find(|c| c.tag_name().name() == name && c.tag_name().namespace() == Some(ns))
}

/// Opens the envelope.
///
/// # Errors
/// When it is no envelope, a header insists on something unknown, or the body holds no operation of this service.
pub fn open<'a, 'd: 'a>(
    document: &'a Document<'d>,
    tjeneste: &'static Tjeneste,
) -> Result<Kuvert<'a, 'd>, Fault> {
    let (soap, content) = indhold(document)?;
    let (operation, input, myndighed) = dispatch(tjeneste, content)?;
    Ok(Kuvert { soap, transaktion: transaktion(document), myndighed, operation, input })
}

/// The SOAP an envelope speaks, and the one element of its body.
///
/// # Errors
/// When it is no envelope, a header insists on something unknown, or the body does not hold one element.
pub(crate) fn indhold<'a, 'd: 'a>(document: &'a Document<'d>) -> Result<(Soap, Node<'a, 'd>), Fault> {
    let soap = soap_of(document);
    let root = document.root_element();
    if root.tag_name().name() != "Envelope" || root.tag_name().namespace() != Some(soap.ns()) {
        return Err(Fault::sender("beskeden er ikke en SOAP-konvolut (1.1 eller 1.2)"));
    }
    let header = child(root, soap.ns(), "Header");
    if let Some(header) = header {
        must_understand(soap, header)?;
    }
    let body = child(root, soap.ns(), "Body").ok_or_else(|| Fault::sender("konvolutten har ingen Body"))?;
    let mut contents = body.children().filter(Node::is_element);
    let content = contents.next().ok_or_else(|| Fault::sender("Body er tom"))?;
    if contents.next().is_some() {
        return Err(Fault::sender("Body har flere elementer; send én operation ad gangen"));
    }
    Ok((soap, content))
}

/// The caller's transaction id, whatever else the message is.
#[must_use]
pub fn transaktion(document: &Document<'_>) -> Option<String> {
    let header = child(document.root_element(), soap_of(document).ns(), "Header")?;
    let sendt = child(child(header, HDR, "RequestHeader")?, HDR, "TransactionUUID")?.text()?;
    let sendt: String = sendt.trim().chars().take(TRANSACTION_CHARS_MAX).collect();
    (!sendt.is_empty()).then_some(sendt)
}

fn must_understand(soap: Soap, header: Node<'_, '_>) -> Result<(), Fault> {
    for block in header.children().filter(Node::is_element) {
        let insists =
            block.attribute((soap.ns(), "mustUnderstand")).is_some_and(|v| matches!(v.trim(), "1" | "true"));
        let ns = block.tag_name().namespace().unwrap_or_default();
        if insists && !UNDERSTOOD.contains(&ns) {
            let reason = format!("headeren {} ({ns}) forstås ikke", block.tag_name().name());
            return Err(Fault { status: 500, must_understand: true, ..Fault::sender(reason) });
        }
    }
    Ok(())
}

type Dispatched<'a, 'd> = (&'static Operation, Node<'a, 'd>, Option<Cvr>);

fn dispatch<'a, 'd: 'a>(
    tjeneste: &'static Tjeneste,
    content: Node<'a, 'd>,
) -> Result<Dispatched<'a, 'd>, Fault> {
    let (ns, name) = (content.tag_name().namespace().unwrap_or_default(), content.tag_name().name());
    let ukendt = || {
        let known: Vec<&str> = tjeneste.operationer.iter().map(|o| o.navn).collect();
        let reason = format!(
            "{name} ({ns}) er ikke en operation på {}; her findes {}",
            tjeneste.navn,
            known.join(", ")
        );
        Fault { subcode: Some(("wsa", "ActionNotSupported")), ..Fault::sender(reason) }
    };
    for operation in &tjeneste.operationer {
        match &operation.ydre {
            None if ns == tjeneste.t && name == operation.input => return Ok((operation, content, None)),
            Some((request, _)) if ns == tjeneste.wsdl_ns && name == *request => {
                let mut input = None;
                let mut myndighed = None;
                for part in content.children().filter(Node::is_element) {
                    match (part.tag_name().namespace().unwrap_or_default(), part.tag_name().name()) {
                        (CALL_CONTEXT, "CallContext") => {}
                        (AUTHORITY_CONTEXT, "AuthorityContext") => {
                            let cvr =
                                child(part, AUTHORITY_CONTEXT, "MunicipalityCVR").and_then(|n| n.text());
                            let cvr = cvr.and_then(|text| text.trim().parse().ok());
                            myndighed =
                                Some(cvr.ok_or_else(|| Fault::sender("MunicipalityCVR er ikke otte cifre"))?);
                        }
                        (ns, name) if ns == tjeneste.t && name == operation.input => input = Some(part),
                        (_, name) => return Err(Fault::sender(format!("{name} hører ikke til i {request}"))),
                    }
                }
                let mangler = || Fault::sender(format!("{} mangler i {request}", operation.input));
                return Ok((operation, input.ok_or_else(mangler)?, myndighed));
            }
            _ => {}
        }
    }
    Err(ukendt())
}

/// The beginning of an answer, up to the content of the output element.
#[must_use]
pub fn begin(soap: Soap, tjeneste: &Tjeneste, operation: &Operation, transaktion: &str) -> String {
    let mut out = String::with_capacity(4_096);
    hoved(&mut out, soap, transaktion, "");
    let t = crate::ns::prefixer(tjeneste.version).t;
    match &operation.ydre {
        Some((_, response)) => {
            out.push_str(&format!("<sp:{response} xmlns:sp=\"{}\"", tjeneste.wsdl_ns));
            out.push_str(&crate::ns::declarations(tjeneste));
            out.push_str(&format!("><{t}:{}>", operation.output));
        }
        None => {
            out.push_str(&format!("<{t}:{}", operation.output));
            out.push_str(&crate::ns::declarations(tjeneste));
            out.push('>');
        }
    }
    out
}

/// An answer up to what stands in its body. `flere` are headers beside the RequestHeader.
fn hoved(out: &mut String, soap: Soap, transaktion: &str, flere: &str) {
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"");
    out.push_str(soap.ns());
    out.push_str("\"><soap:Header><RequestHeader xmlns=\"");
    out.push_str(HDR);
    out.push_str("\"><TransactionUUID>");
    escape_into(out, transaktion);
    out.push_str("</TransactionUUID></RequestHeader>");
    out.push_str(flere);
    out.push_str("</soap:Header><soap:Body>");
}

/// A whole answer around what its body holds.
pub(crate) fn svar(soap: Soap, transaktion: &str, flere: &str, indhold: &str) -> String {
    let mut out = String::with_capacity(indhold.len() + 1_024);
    hoved(&mut out, soap, transaktion, flere);
    out.push_str(indhold);
    out.push_str(SLUT);
    out
}

/// WS-Addressing of an answer that is not signed.
pub(crate) fn adressering(action: &str, relates_to: &str) -> String {
    let mut out = String::new();
    for (navn, text) in [("Action", action), ("RelatesTo", relates_to)] {
        out.push_str(&format!("<wsa:{navn} xmlns:wsa=\"{}\">", wss::ns::WSA));
        escape_into(&mut out, text);
        out.push_str(&format!("</wsa:{navn}>"));
    }
    out
}

/// What ends every envelope.
const SLUT: &str = "</soap:Body></soap:Envelope>";

/// The end of an answer.
pub fn end(out: &mut String, tjeneste: &Tjeneste, operation: &Operation) {
    let t = crate::ns::prefixer(tjeneste.version).t;
    out.push_str(&format!("</{t}:{}>", operation.output));
    if let Some((_, response)) = &operation.ydre {
        out.push_str(&format!("</sp:{response}>"));
    }
    out.push_str(SLUT);
}

/// A fault.
#[must_use]
pub fn fault(soap: Soap, fault: &Fault, version: u8) -> String {
    let code = match (fault.must_understand, fault.status >= 500 && fault.subcode.is_none(), soap) {
        (true, ..) => "MustUnderstand",
        (false, true, Soap::V12) => "Receiver",
        (false, true, Soap::V11) => "Server",
        (false, false, Soap::V12) => "Sender",
        (false, false, Soap::V11) => "Client",
    };
    let mut reason = String::new();
    escape_into(&mut reason, &fault.reason);
    let lang = if fault.is_neutral() { "en" } else { "da" };
    let ns = soap.ns();
    let content = match soap {
        Soap::V12 => {
            let subcode = fault.subcode.map_or(String::new(), |(prefix, name)| {
                let ns = match prefix {
                    "wsa" => wss::ns::WSA,
                    "wsu" => xml::ns::WSU,
                    _ => xml::ns::WSSE,
                };
                format!("<soap:Subcode><soap:Value xmlns:{prefix}=\"{ns}\">{prefix}:{name}</soap:Value></soap:Subcode>")
            });
            format!(
                "<soap:Code><soap:Value>soap:{code}</soap:Value>{subcode}</soap:Code>\
                 <soap:Reason><soap:Text xml:lang=\"{lang}\">{reason}</soap:Text></soap:Reason>"
            )
        }
        Soap::V11 => {
            let detail = if version == 5 {
                format!(
                    "<detail><f:ServiceplatformFault xmlns:f=\"{SP_FAULT}\"><f:ErrorList><f:Error>\
                     <f:ErrorCode>{code}</f:ErrorCode><f:ErrorText>{reason}</f:ErrorText></f:Error></f:ErrorList>\
                     </f:ServiceplatformFault></detail>"
                )
            } else {
                String::new()
            };
            format!(
                "<faultcode>soap:{code}</faultcode><faultstring xml:lang=\"{lang}\">{reason}</faultstring>{detail}"
            )
        }
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"{ns}\"><soap:Body><soap:Fault>{content}\
         </soap:Fault></soap:Body></soap:Envelope>"
    )
}
