//! The WSDL of a service.

use super::{prefix, skemaer};
use crate::tabel::{Operation, Tjeneste};
use std::fmt::Write;

/// The WSDL, with `address` as the service's own.
#[must_use]
pub fn wsdl(tjeneste: &Tjeneste, address: &str) -> String {
    let skemaer = skemaer(tjeneste);
    let [service, port, binding] = &tjeneste.wsdl_names;
    let (soap, soap_ns) = match tjeneste.version {
        5 => ("soap", "http://schemas.xmlsoap.org/wsdl/soap/"),
        _ => ("soap12", "http://schemas.xmlsoap.org/wsdl/soap12/"),
    };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wsdl:definitions name=\"{service}\" targetNamespace=\"{ns}\" xmlns:tns=\"{ns}\" \
         xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:{soap}=\"{soap_ns}\"",
        ns = tjeneste.wsdl_ns
    );
    for skema in &skemaer {
        let _ = write!(out, " xmlns:{}=\"{}\"", prefix(&skema.navn), skema.ns);
    }
    out.push_str(">\n  <wsdl:types><xsd:schema xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\n");
    for skema in &skemaer {
        let _ = writeln!(
            out,
            "    <xsd:import namespace=\"{}\" schemaLocation=\"{address}?xsd={}\"/>",
            skema.ns, skema.navn
        );
    }
    out.push_str("  </xsd:schema></wsdl:types>\n");
    let t = tjeneste.navn.to_lowercase();
    for operation in &tjeneste.operationer {
        let (request, response) = elements(operation, &t);
        for (which, part, element) in [("Request", "request", request), ("Response", "response", response)] {
            let _ = writeln!(
                out,
                "  <wsdl:message name=\"{}{which}Message\"><wsdl:part name=\"header\" element=\"header:RequestHeader\"/>\
                 <wsdl:part name=\"{part}\" element=\"{element}\"/></wsdl:message>",
                operation.navn
            );
        }
    }
    let fault = tjeneste.version == 5;
    if fault {
        out.push_str("  <wsdl:message name=\"ServiceplatformFault\"><wsdl:part name=\"error\" element=\"fault:ServiceplatformFault\"/></wsdl:message>\n");
    }
    let _ = writeln!(out, "  <wsdl:portType name=\"{}PortType\">", tjeneste.navn);
    for Operation { navn, .. } in &tjeneste.operationer {
        let fault = if fault {
            "<wsdl:fault name=\"ServiceplatformFault\" message=\"tns:ServiceplatformFault\"/>"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "    <wsdl:operation name=\"{navn}\"><wsdl:input message=\"tns:{navn}RequestMessage\"/>\
             <wsdl:output message=\"tns:{navn}ResponseMessage\"/>{fault}</wsdl:operation>"
        );
    }
    let _ = writeln!(
        out,
        "  </wsdl:portType>\n  <wsdl:binding name=\"{binding}\" type=\"tns:{}PortType\">\n    \
         <{soap}:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>",
        tjeneste.navn
    );
    for Operation { navn, .. } in &tjeneste.operationer {
        let required = if fault { "" } else { " soapActionRequired=\"false\"" };
        let fault = if fault {
            "<wsdl:fault name=\"ServiceplatformFault\"><soap:fault name=\"ServiceplatformFault\" use=\"literal\"/></wsdl:fault>"
        } else {
            ""
        };
        let body = |which: &str, part: &str| {
            format!(
                "<{soap}:header message=\"tns:{navn}{which}Message\" part=\"header\" use=\"literal\"/><{soap}:body parts=\"{part}\" use=\"literal\"/>"
            )
        };
        let _ = writeln!(
            out,
            "    <wsdl:operation name=\"{navn}\"><{soap}:operation soapAction=\"{}{navn}\"{required}/><wsdl:input>{}</wsdl:input>\
             <wsdl:output>{}</wsdl:output>{fault}</wsdl:operation>",
            tjeneste.action,
            body("Request", "request"),
            body("Response", "response")
        );
    }
    let _ = writeln!(
        out,
        "  </wsdl:binding>\n  <wsdl:service name=\"{service}\"><wsdl:port name=\"{port}\" binding=\"tns:{binding}\">\
         <{soap}:address location=\"{address}\"/></wsdl:port></wsdl:service>\n</wsdl:definitions>"
    );
    out
}

/// The elements of an operation's request and response, with their prefixes.
fn elements(operation: &Operation, t: &str) -> (String, String) {
    match &operation.ydre {
        Some((request, response)) => (format!("tns:{request}"), format!("tns:{response}")),
        None => (format!("{t}:{}", operation.input), format!("{t}:{}", operation.output)),
    }
}
