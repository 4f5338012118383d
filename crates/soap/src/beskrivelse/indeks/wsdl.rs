//! The WSDL of a service of an index.

use super::{qname, skemaer};
use crate::indekstjeneste::tabel::Tjeneste;
use crate::kuvert::Soap;
use std::fmt::Write;

/// The WSDL, with `address` as the service's own.
#[must_use]
pub fn wsdl(tjeneste: &Tjeneste, address: &str) -> String {
    let skemaer = skemaer(tjeneste);
    let Tjeneste { wsdl_ns, wsdl_names: [service, port, binding], porttype, .. } = tjeneste;
    let (soap, soap_ns) = match tjeneste.soap {
        Soap::V11 => ("soap", "http://schemas.xmlsoap.org/wsdl/soap/"),
        Soap::V12 => ("soap12", "http://schemas.xmlsoap.org/wsdl/soap12/"),
    };
    let mut ud = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wsdl:definitions name=\"{service}\" targetNamespace=\"{wsdl_ns}\" \
         xmlns:tns=\"{wsdl_ns}\" xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:{soap}=\"{soap_ns}\""
    );
    for (praefiks, ns) in &skemaer {
        let _ = write!(ud, " xmlns:{praefiks}=\"{ns}\"");
    }
    ud.push_str(">\n<wsdl:types><xsd:schema xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">\n");
    for (navn, ns) in &skemaer {
        let _ = writeln!(ud, "<xsd:import namespace=\"{ns}\" schemaLocation=\"{address}?xsd={navn}\"/>");
    }
    ud.push_str("</xsd:schema></wsdl:types>\n");
    let (mut porte, mut bindinger) = (String::new(), String::new());
    for operation in tjeneste.operationer {
        let (navn, besked) = (operation.navn, operation.besked);
        for (art, del, element) in
            [("Request", "request", operation.input), ("Response", "response", operation.output)]
        {
            let _ = writeln!(
                ud,
                "<wsdl:message name=\"{besked}{art}Message\"><wsdl:part name=\"header\" element=\"header:RequestHeader\"/>\
                 <wsdl:part name=\"{del}\" element=\"{}\"/></wsdl:message>",
                qname(element)
            );
        }
        let _ = writeln!(
            porte,
            "<wsdl:operation name=\"{navn}\"><wsdl:input message=\"tns:{besked}RequestMessage\"/>\
             <wsdl:output message=\"tns:{besked}ResponseMessage\"/></wsdl:operation>"
        );
        let krop = |art: &str, del: &str| {
            format!(
                "<{soap}:header message=\"tns:{besked}{art}Message\" part=\"header\" use=\"literal\"/>\
                 <{soap}:body parts=\"{del}\" use=\"literal\"/>"
            )
        };
        let _ = writeln!(
            bindinger,
            "<wsdl:operation name=\"{navn}\"><{soap}:operation soapAction=\"{}\" soapActionRequired=\"true\"/>\
             <wsdl:input>{}</wsdl:input><wsdl:output>{}</wsdl:output></wsdl:operation>",
            operation.action,
            krop("Request", "request"),
            krop("Response", "response")
        );
    }
    let _ = write!(
        ud,
        "<wsdl:portType name=\"{porttype}PortType\">\n{porte}</wsdl:portType>\n\
         <wsdl:binding name=\"{binding}\" type=\"tns:{porttype}PortType\">\
         <{soap}:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n{bindinger}</wsdl:binding>\n\
         <wsdl:service name=\"{service}\"><wsdl:port name=\"{port}\" binding=\"tns:{binding}\">\
         <{soap}:address location=\"{address}\"/></wsdl:port></wsdl:service>\n</wsdl:definitions>\n"
    );
    ud
}
