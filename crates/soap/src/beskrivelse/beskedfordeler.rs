//! The description of the distributor's SOAP service: `?wsdl`, and `?xsd=NAME` with NAME from [`SKEMAER`].
//!
//! Its `urn:oio:sagdok:3.0.0` is edition 1.1, another than that of Organisation and Klassifikation, so nothing is shared
//! with them. The schemas are written as lines, one for each element; the envelope is described by the table it is read by.

use std::fmt::Write;

/// The namespace of the WSDL.
const NS: &str = "urn:dk:kombit:vl:beskedfordeler:wsdl:1.0.0";
/// What actions begin with.
const ACTION: &str = "http://kombit.dk/sts/beskedfordeler/";
/// Every schema document: its name in `?xsd=`, its prefix and its namespace.
pub const SKEMAER: [(&str, &str, &str); 5] = [
    ("sagdok", "sd", "urn:oio:sagdok:3.0.0"),
    ("xmldsig", "ds", "http://www.w3.org/2000/09/xmldsig#"),
    ("kuvert", "besked", besked::KUVERT_NS),
    ("vaerdiliste", "vl", "urn:oio:sts:beskedfordeler:vaerdiliste:1.0.0"),
    ("beskedfordeler", "bf", "urn:oio:sts:beskedfordeler:1.0.0"),
];
/// Operation, what its action ends with, prefix and beginning of its elements.
const OPERATIONER: [(&str, &str, &str); 11] = [
    ("opretvaerdiliste", "vaerdiliste/opret", "vl:Opret"),
    ("importvaerdiliste", "vaerdiliste/import", "vl:Import"),
    ("retvaerdiliste", "vaerdiliste/ret", "vl:Ret"),
    ("laesvaerdiliste", "vaerdiliste/laes", "vl:Laes"),
    ("sletvaerdiliste", "vaerdiliste/slet", "vl:Slet"),
    ("passivervaerdiliste", "vaerdiliste/passiver", "vl:Passiver"),
    ("listvaerdiliste", "vaerdiliste/list", "vl:List"),
    ("soegvaerdiliste", "vaerdiliste/soeg", "vl:Soeg"),
    ("tilfoejvaerdier", "vaerdiliste/tilfoejvaerdier", "vl:TilfoejVaerdier"),
    ("fjernvaerdier", "vaerdiliste/fjernvaerdier", "vl:FjernVaerdier"),
    ("flytbeskedtilfejlkoe", "flytbeskedtilfejlkoe", "bf:FlytBeskedTilFejlkoe"),
];

// A line is an element: `:` a text of a type, `#` one of some words, `|` one of some elements, `=` elements in order, and
// `:=` a type of that kind. An element has `?`, `*` or `+` after it when it need not be there once, and `(type)` when it is
// the line's own; `@other` is anything of another namespace.

const SAGDOK: &str = "\
UUIDIdentifikator : string
URNIdentifikator : string
TidsstempelDatoTid : dateTime
GraenseIndikator : boolean
NoteTekst : string
BrugervendtNoegleTekst : string
StatusKode : integer
FejlbeskedTekst : string
FoersteResultatReference : integer
MaksimalAntalKvantitet : integer
LivscyklusKode # Opstaaet Importeret Passiveret Slettet Rettet
AktoerTypeKode # Organisation OrganisationEnhed OrganisationFunktion Bruger ItSystem Interessefaellesskab
FraTidspunkt | sd:TidsstempelDatoTid sd:GraenseIndikator
TilTidspunkt | sd:TidsstempelDatoTid sd:GraenseIndikator
VirkningFraFilter | sd:TidsstempelDatoTid sd:GraenseIndikator
VirkningTilFilter | sd:TidsstempelDatoTid sd:GraenseIndikator
RegistreringFraFilter | sd:TidsstempelDatoTid sd:GraenseIndikator
RegistreringTilFilter | sd:TidsstempelDatoTid sd:GraenseIndikator
BrugerRef | sd:UUIDIdentifikator sd:URNIdentifikator
AktoerRef | sd:UUIDIdentifikator sd:URNIdentifikator
LokalUdvidelse = @other
StandardRetur = sd:StatusKode sd:FejlbeskedTekst?
IdListe = sd:UUIDIdentifikator*
Virkning = sd:FraTidspunkt? sd:TilTidspunkt? sd:AktoerRef sd:AktoerTypeKode sd:NoteTekst?
SoegVirkning = sd:FraTidspunkt? sd:TilTidspunkt? sd:AktoerRef? sd:AktoerTypeKode? sd:NoteTekst?
SoegRegistrering = sd:FraTidspunkt? sd:LivscyklusKode? sd:BrugerRef?
";

const VAERDILISTE: &str = "\
VaerdierType := Navn(string) Vaerdi(string)*
Egenskab = sd:BrugervendtNoegleTekst? Vaerdiliste(vl:VaerdierType) sd:Virkning
AttributListe = vl:Egenskab* sd:LokalUdvidelse?
TilstandListe = sd:LokalUdvidelse?
RelationListe = sd:LokalUdvidelse?
Registrering = sd:FraTidspunkt sd:LivscyklusKode sd:BrugerRef? vl:AttributListe vl:TilstandListe vl:RelationListe
Vaerdiliste = sd:UUIDIdentifikator vl:Registrering+
FiltreretOejebliksbillede = sd:UUIDIdentifikator vl:AttributListe vl:TilstandListe vl:RelationListe
LaesResultat | vl:Registrering vl:FiltreretOejebliksbillede
SoegEgenskab = sd:BrugervendtNoegleTekst? Vaerdiliste(vl:VaerdierType)? sd:SoegVirkning?
SoegAttributListe = vl:SoegEgenskab* sd:LokalUdvidelse?
SoegTilstandListe = sd:LokalUdvidelse?
SoegRelationListe =
SoegObjekt = sd:UUIDIdentifikator? sd:SoegRegistrering? sd:SoegVirkning? vl:SoegAttributListe? vl:SoegTilstandListe? vl:SoegRelationListe?
OpretInput = sd:NoteTekst? vl:AttributListe vl:TilstandListe vl:RelationListe
OpretOutput = sd:StandardRetur vl:Vaerdiliste?
ImportInput = sd:NoteTekst? vl:Vaerdiliste
ImportOutput = sd:StandardRetur vl:Registrering?
RetInput = sd:UUIDIdentifikator sd:NoteTekst? vl:AttributListe? vl:TilstandListe? vl:RelationListe?
RetOutput = sd:StandardRetur vl:Registrering?
PassiverInput = sd:UUIDIdentifikator sd:NoteTekst?
PassiverOutput = sd:StandardRetur vl:Registrering?
SletInput = sd:UUIDIdentifikator sd:NoteTekst?
SletOutput = sd:StandardRetur vl:Registrering?
LaesInput = sd:UUIDIdentifikator sd:VirkningFraFilter? sd:VirkningTilFilter? sd:RegistreringFraFilter? sd:RegistreringTilFilter?
LaesOutput = sd:StandardRetur vl:LaesResultat?
ListInput = sd:UUIDIdentifikator+ sd:VirkningFraFilter? sd:VirkningTilFilter? sd:RegistreringFraFilter? sd:RegistreringTilFilter?
ListOutput = sd:StandardRetur vl:LaesResultat*
SoegInput = sd:FoersteResultatReference? sd:MaksimalAntalKvantitet? vl:SoegObjekt?
SoegOutput = sd:StandardRetur sd:IdListe?
TilfoejVaerdierInput = sd:UUIDIdentifikator Vaerdier(string)*
TilfoejVaerdierOutput = sd:StandardRetur
FjernVaerdierInput = sd:UUIDIdentifikator Vaerdier(string)*
FjernVaerdierOutput = sd:StandardRetur
";

const FEJLKOE: &str = "\
FlytBeskedTilFejlkoeInput = besked:Haendelsesbesked
FlytBeskedTilFejlkoeOutput = sd:StandardRetur
";

/// Signatures are the W3C's to describe: here they are only said to be there.
const SIGNATUR: &str = "<element name=\"Signature\"><complexType><sequence><any namespace=\"##any\" processContents=\"skip\" \
    minOccurs=\"0\" maxOccurs=\"unbounded\"/></sequence><anyAttribute processContents=\"skip\"/></complexType></element>";

/// The schema document called `navn`, or `None` when there is none of that name.
#[must_use]
pub fn xsd(navn: &str, base: &str) -> Option<String> {
    let (_, _, ns) = SKEMAER.iter().find(|s| s.0 == navn)?;
    let indhold = match navn {
        "sagdok" => skema(SAGDOK),
        "xmldsig" => SIGNATUR.to_owned(),
        "kuvert" => besked::kuvert_xsd(),
        "vaerdiliste" => skema(VAERDILISTE),
        _ => skema(FEJLKOE),
    };
    let mut ud =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<schema xmlns=\"http://www.w3.org/2001/XMLSchema\""
            .to_owned();
    praefikser(&mut ud);
    let _ = writeln!(ud, " targetNamespace=\"{ns}\" elementFormDefault=\"qualified\">");
    for (anden, praefiks, anden_ns) in SKEMAER {
        if anden_ns != *ns && indhold.contains(&format!("\"{praefiks}:")) {
            let _ = writeln!(ud, "<import namespace=\"{anden_ns}\" schemaLocation=\"{base}?xsd={anden}\"/>");
        }
    }
    ud.push_str(&indhold);
    ud.push_str("</schema>\n");
    Some(ud)
}

/// The WSDL, with `address` as the service's own.
#[must_use]
pub fn wsdl(address: &str) -> String {
    let mut ud = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wsdl:definitions name=\"BeskedfordelerService\" targetNamespace=\"{NS}\" \
         xmlns:tns=\"{NS}\" xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\""
    );
    praefikser(&mut ud);
    ud.push_str(">\n<wsdl:types><xsd:schema xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">");
    for (navn, praefiks, ns) in SKEMAER {
        if ["vl", "bf"].contains(&praefiks) {
            let _ = write!(ud, "<xsd:import namespace=\"{ns}\" schemaLocation=\"{address}?xsd={navn}\"/>");
        }
    }
    ud.push_str("</xsd:schema></wsdl:types>\n");
    let (mut port, mut binding) = (String::new(), String::new());
    for (navn, action, element) in OPERATIONER {
        for (besked, del, ende) in [("Request", "request", "Input"), ("Response", "response", "Output")] {
            let _ = writeln!(
                ud,
                "<wsdl:message name=\"{navn}{besked}\"><wsdl:part name=\"{del}\" element=\"{element}{ende}\"/></wsdl:message>"
            );
        }
        let _ = writeln!(
            port,
            "<wsdl:operation name=\"{navn}\"><wsdl:input message=\"tns:{navn}Request\"/>\
             <wsdl:output message=\"tns:{navn}Response\"/></wsdl:operation>"
        );
        let _ = writeln!(
            binding,
            "<wsdl:operation name=\"{navn}\"><soap:operation soapAction=\"{ACTION}{action}\"/><wsdl:input>\
             <soap:body use=\"literal\"/></wsdl:input><wsdl:output><soap:body use=\"literal\"/></wsdl:output></wsdl:operation>"
        );
    }
    let _ = write!(
        ud,
        "<wsdl:portType name=\"BeskedfordelerPortType\">\n{port}</wsdl:portType>\n\
         <wsdl:binding name=\"Beskedfordeler\" type=\"tns:BeskedfordelerPortType\">\
         <soap:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n{binding}</wsdl:binding>\n\
         <wsdl:service name=\"Beskedfordeler\"><wsdl:port name=\"stsbeskedfordeler\" binding=\"tns:Beskedfordeler\">\
         <soap:address location=\"{address}\"/></wsdl:port></wsdl:service>\n</wsdl:definitions>\n"
    );
    ud
}

fn praefikser(ud: &mut String) {
    for (_, praefiks, ns) in SKEMAER {
        let _ = write!(ud, " xmlns:{praefiks}=\"{ns}\"");
    }
}

/// The declarations of lines.
fn skema(linjer: &str) -> String {
    let mut ud = String::new();
    for linje in linjer.lines() {
        let mut ord = linje.split_ascii_whitespace();
        let (navn, art) = (ord.next().unwrap_or_default(), ord.next().unwrap_or_default());
        let _ = match art {
            ":" => writeln!(ud, "<element name=\"{navn}\" type=\"{}\"/>", ord.next().unwrap_or_default()),
            "#" => {
                let ord: String = ord.map(|o| format!("<enumeration value=\"{o}\"/>")).collect();
                writeln!(
                    ud,
                    "<element name=\"{navn}\"><simpleType><restriction base=\"string\">{ord}</restriction></simpleType></element>"
                )
            }
            ":=" => {
                let dele: String = ord.map(del).collect();
                writeln!(ud, "<complexType name=\"{navn}\"><sequence>{dele}</sequence></complexType>")
            }
            _ => {
                let (gruppe, dele) = (if art == "|" { "choice" } else { "sequence" }, ord.map(del));
                let dele: String = dele.collect();
                writeln!(
                    ud,
                    "<element name=\"{navn}\"><complexType><{gruppe}>{dele}</{gruppe}></complexType></element>"
                )
            }
        };
    }
    ud
}

/// One element where it stands.
fn del(ord: &str) -> String {
    let (navn, antal) = match ord.as_bytes().last() {
        Some(b'?') => (&ord[..ord.len() - 1], " minOccurs=\"0\""),
        Some(b'*') => (&ord[..ord.len() - 1], " minOccurs=\"0\" maxOccurs=\"unbounded\""),
        Some(b'+') => (&ord[..ord.len() - 1], " maxOccurs=\"unbounded\""),
        _ => (ord, ""),
    };
    match navn.strip_suffix(')').and_then(|egen| egen.split_once('(')) {
        Some((navn, typ)) => format!("<element name=\"{navn}\" type=\"{typ}\"{antal}/>"),
        None if navn == "@other" => {
            "<any namespace=\"##other\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>".to_owned()
        }
        None => format!("<element ref=\"{navn}\"{antal}/>"),
    }
}
