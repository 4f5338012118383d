//! What a client's tools read before the first call: the WSDL with its policy, and the schemas.

use app::App;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use wss::ns::{SOAP12, WSA};
use xml::escape_into;

/// Where the description is.
pub const STI: &str = "/runtime/services/kombittrust/mex";
/// The namespace of the service, as the clients' tools know it.
const TNS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice";
const MESSAGE: &str = "http://schemas.microsoft.com/Message";
const MEX: &str = "http://schemas.xmlsoap.org/ws/2004/09/mex";
const TRANSFER_GET: &str = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
const SP: &str = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702";
const XS: &str = "http://www.w3.org/2001/XMLSchema";
const WST: &str = wss::rst::WST;

fn host(request: &Request) -> String {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    let host = host.or(request.uri().host()).unwrap_or("localhost");
    let mut safe = String::new();
    escape_into(&mut safe, host);
    safe
}

/// `?wsdl`, `?singleWsdl`, `?xsd=xsd0`, `?xsd=xsd1`.
pub(crate) async fn get(request: Request) -> Response {
    let host = host(&request);
    let query = request.uri().query().unwrap_or_default().to_ascii_lowercase();
    let document = match query.as_str() {
        "" | "wsdl" | "singlewsdl" => Some(wsdl(&host)),
        "xsd=xsd0" => Some(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", message_schema())),
        "xsd=xsd1" => Some(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", trust_schema())),
        _ => None,
    };
    match document {
        Some(document) => ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], document).into_response(),
        None => {
            (StatusCode::NOT_FOUND, "brug ?wsdl, ?singleWsdl, ?xsd=xsd0 eller ?xsd=xsd1\n").into_response()
        }
    }
}

/// WS-MetadataExchange: the same over SOAP.
pub(crate) async fn post(State(app): State<App>, request: Request) -> Response {
    let host = host(&request);
    let bytes = to_bytes(request.into_body(), 64 * 1024).await.unwrap_or_default();
    let asked = xml::parse(&bytes, &xml::Limits::of_size(64 * 1024)).ok().and_then(|document| {
        let konvolut = wss::Konvolut::laes(&document).ok()?;
        (konvolut.action().ok()? == TRANSFER_GET).then(|| konvolut.message_id().unwrap_or_default())
    });
    let Some(message_id) = asked else {
        return (StatusCode::BAD_REQUEST, "kun WS-MetadataExchange Get\n").into_response();
    };
    let mut relates_to = String::new();
    escape_into(&mut relates_to, &message_id);
    let wsdl = wsdl(&host);
    let wsdl = wsdl.split_once("?>").map_or(wsdl.as_str(), |(_, rest)| rest);
    let besked = format!(
        "<s:Envelope xmlns:s=\"{SOAP12}\" xmlns:a=\"{WSA}\"><s:Header><a:Action>{TRANSFER_GET}Response</a:Action><a:MessageID>urn:uuid:{}</a:MessageID>\
         <a:RelatesTo>{relates_to}</a:RelatesTo></s:Header><s:Body><m:Metadata xmlns:m=\"{MEX}\"><m:MetadataSection Dialect=\"http://schemas.xmlsoap.org/wsdl/\" \
         Identifier=\"{TNS}\">{wsdl}</m:MetadataSection></m:Metadata></s:Body></s:Envelope>",
        app.new_uuid()
    );
    ([(header::CONTENT_TYPE, "application/soap+xml; charset=utf-8")], besked).into_response()
}

fn message_schema() -> String {
    format!(
        "<xs:schema xmlns:xs=\"{XS}\" elementFormDefault=\"qualified\" targetNamespace=\"{MESSAGE}\"><xs:complexType name=\"MessageBody\"><xs:sequence>\
         <xs:any minOccurs=\"0\" maxOccurs=\"unbounded\" namespace=\"##any\"/></xs:sequence></xs:complexType></xs:schema>"
    )
}

/// The elements of WS-Trust that travel, open in their content.
fn trust_schema() -> String {
    let open = |name: &str| {
        format!(
            "<xs:element name=\"{name}\" type=\"t:{name}Type\"/><xs:complexType name=\"{name}Type\"><xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">\
             <xs:any minOccurs=\"0\" maxOccurs=\"unbounded\" namespace=\"##any\" processContents=\"lax\"/></xs:choice>\
             <xs:attribute name=\"Context\" type=\"xs:anyURI\" use=\"optional\"/><xs:anyAttribute namespace=\"##other\" processContents=\"lax\"/></xs:complexType>"
        )
    };
    format!(
        "<xs:schema xmlns:xs=\"{XS}\" xmlns:t=\"{WST}\" elementFormDefault=\"qualified\" targetNamespace=\"{WST}\">{}{}\
         <xs:element name=\"RequestSecurityTokenResponseCollection\" type=\"t:RequestSecurityTokenResponseCollectionType\"/>\
         <xs:complexType name=\"RequestSecurityTokenResponseCollectionType\"><xs:sequence><xs:element minOccurs=\"1\" maxOccurs=\"unbounded\" \
         ref=\"t:RequestSecurityTokenResponse\"/></xs:sequence><xs:anyAttribute namespace=\"##other\" processContents=\"lax\"/></xs:complexType></xs:schema>",
        open("RequestSecurityToken"),
        open("RequestSecurityTokenResponse")
    )
}

/// The policy: the caller's certificate sent along, ours known beforehand, and what is signed.
fn policy() -> String {
    let token = |who: &str, include: &str, reference: &str| {
        format!(
            "<sp:{who}><p:Policy><sp:X509Token sp:IncludeToken=\"{SP}/IncludeToken/{include}\"><p:Policy><sp:WssX509V3Token10/>{reference}</p:Policy></sp:X509Token>\
             </p:Policy></sp:{who}>"
        )
    };
    let headers: String = ["To", "From", "FaultTo", "ReplyTo", "MessageID", "RelatesTo", "Action"]
        .iter()
        .map(|name| format!("<sp:Header Name=\"{name}\" Namespace=\"{WSA}\"/>"))
        .collect();
    format!(
        "<p:Policy u:Id=\"binding\"><p:ExactlyOne><p:All><sp:AsymmetricBinding><p:Policy>{}{}<sp:AlgorithmSuite><p:Policy><sp:Basic256Sha256/></p:Policy>\
         </sp:AlgorithmSuite><sp:Layout><p:Policy><sp:Lax/></p:Policy></sp:Layout><sp:ProtectTokens/><sp:IncludeTimestamp/><sp:OnlySignEntireHeadersAndBody/>\
         </p:Policy></sp:AsymmetricBinding><sp:Wss11><p:Policy><sp:MustSupportRefThumbprint/></p:Policy></sp:Wss11><sp:Trust13><p:Policy><sp:MustSupportIssuedTokens/>\
         </p:Policy></sp:Trust13><w:UsingAddressing/></p:All></p:ExactlyOne></p:Policy>\
         <p:Policy u:Id=\"signed\"><p:ExactlyOne><p:All><sp:SignedParts><sp:Body/>{headers}</sp:SignedParts></p:All></p:ExactlyOne></p:Policy>",
        token("InitiatorToken", "AlwaysToRecipient", ""),
        token("RecipientToken", "Never", "<sp:RequireKeyIdentifierReference/>")
    )
}

/// One binding of the port and where it answers.
fn binding(name: &str, soap: &str) -> String {
    format!(
        "<d:binding name=\"{name}\" type=\"s:IWSTrust13Sync\"><p:PolicyReference URI=\"#binding\"/><{soap}:binding transport=\"http://schemas.xmlsoap.org/soap/http\"/>\
         <d:operation name=\"Trust13Issue\"><{soap}:operation soapAction=\"{WST}/RST/Issue\" style=\"document\"/><d:input><p:PolicyReference URI=\"#signed\"/>\
         <{soap}:body use=\"literal\"/></d:input><d:output><{soap}:body use=\"literal\"/></d:output></d:operation></d:binding>"
    )
}

fn wsdl(host: &str) -> String {
    let address = format!("https://{host}{}", crate::wstrust::STI);
    let port = |name: &str, soap: &str| {
        format!(
            "<d:port name=\"{name}\" binding=\"s:{name}\"><{soap}:address location=\"{address}\"/><a:EndpointReference><a:Address>{address}</a:Address>\
             </a:EndpointReference></d:port>"
        )
    };
    const V12: &str = "CertificateWSTrustBinding_IWSTrust13Sync";
    const V11: &str = "CertificateWSTrustBinding_IWSTrust13Sync1";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><d:definitions name=\"SecurityTokenService\" targetNamespace=\"{TNS}\" xmlns:d=\"http://schemas.xmlsoap.org/wsdl/\" \
         xmlns:s=\"{TNS}\" xmlns:t=\"{WST}\" xmlns:p=\"{}\" xmlns:sp=\"{SP}\" xmlns:u=\"{}\" xmlns:a=\"{WSA}\" xmlns:w=\"http://www.w3.org/2006/05/addressing/wsdl\" \
         xmlns:soap11=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:soap12=\"http://schemas.xmlsoap.org/wsdl/soap12/\">{}<d:types>{}{}</d:types>\
         <d:message name=\"IWSTrust13Sync_Trust13Issue_InputMessage\"><d:part name=\"message\" element=\"t:RequestSecurityToken\"/></d:message>\
         <d:message name=\"IWSTrust13Sync_Trust13Issue_OutputMessage\"><d:part name=\"Trust13IssueResult\" element=\"t:RequestSecurityTokenResponseCollection\"/></d:message>\
         <d:portType name=\"IWSTrust13Sync\"><d:operation name=\"Trust13Issue\"><d:input w:Action=\"{WST}/RST/Issue\" message=\"s:IWSTrust13Sync_Trust13Issue_InputMessage\"/>\
         <d:output w:Action=\"{WST}/RSTRC/IssueFinal\" message=\"s:IWSTrust13Sync_Trust13Issue_OutputMessage\"/></d:operation></d:portType>{}{}\
         <d:service name=\"SecurityTokenService\">{}{}</d:service></d:definitions>",
        wss::rst::WSP,
        xml::ns::WSU,
        policy(),
        message_schema(),
        trust_schema(),
        binding(V12, "soap12"),
        binding(V11, "soap11"),
        port(V12, "soap12"),
        port(V11, "soap11"),
    )
}

#[cfg(test)]
mod tests {
    use super::{message_schema, trust_schema, wsdl};

    #[test]
    fn the_description_is_well_formed_and_says_where() {
        for text in [wsdl("localhost:8443"), message_schema(), trust_schema()] {
            xml::parse(text.as_bytes(), &xml::Limits::of_size(64 * 1024)).expect("well-formed");
        }
        assert_eq!(
            wsdl("h:1").matches("https://h:1/runtime/services/kombittrust/14/certificatemixed").count(),
            4
        );
        // The SOAP namespaces themselves are only those of the bindings.
        assert!(!wsdl("h").contains(wss::ns::SOAP11));
    }
}
