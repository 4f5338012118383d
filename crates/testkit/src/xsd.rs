//! Expands XML schemas and WSDLs into plain lines, so that two contracts can be compared by what they say on the wire.
//!
//! Names of types, files and prefixes disappear; what is left is which elements, in which order, how often, and with
//! which values. Knows the parts of XSD 1.0 that the official contracts use, and panics at any other.

use roxmltree::{Document, Node};
use std::collections::{BTreeMap, HashMap, HashSet};

const XS: &str = "http://www.w3.org/2001/XMLSchema";
/// Signatures are described by the W3C; what is in them is not compared.
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
/// Deeper than any message of the contracts.
const DEPTH_MAX: usize = 40;

type QName = (String, String);
type El = Node<'static, 'static>;

/// A WSDL with every schema it reaches.
pub struct Contract {
    elements: HashMap<QName, El>,
    types: HashMap<QName, El>,
    wsdl: El,
}

/// One operation of a WSDL, as it is on the wire.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// Its `soapAction`.
    pub action: String,
    /// Header and body elements of the request.
    pub input: Vec<QName>,
    /// Header and body elements of the answer.
    pub output: Vec<QName>,
}

/// Parses a text that lives as long as the test.
fn parse(text: String) -> El {
    let text: &'static str = Box::leak(text.into_boxed_str());
    let text = text.trim_start_matches('\u{feff}');
    let document: &'static Document<'static> =
        Box::leak(Box::new(Document::parse(text).expect("a contract file is XML")));
    document.root_element()
}

fn children(node: El, ns: &'static str, name: &'static str) -> impl Iterator<Item = El> {
    node.children().filter(move |c| c.tag_name().namespace() == Some(ns) && c.tag_name().name() == name)
}

/// The qualified name an attribute holds.
fn qname(node: El, attribute: &str) -> Option<QName> {
    let text = node.attribute(attribute)?;
    let (prefix, local) = text.split_once(':').map_or((None, text), |(p, l)| (Some(p), l));
    let ns = node.lookup_namespace_uri(prefix).unwrap_or_default();
    Some((ns.to_owned(), local.to_owned()))
}

/// The namespace a schema's own names are in.
fn target(node: El) -> String {
    let schema = node.ancestors().find(|a| a.tag_name().name() == "schema");
    schema.and_then(|s| s.attribute("targetNamespace")).unwrap_or_default().to_owned()
}

impl Contract {
    /// Loads a WSDL and all it imports. `fetch(from, location)` gives the name and text of what `from` refers to.
    pub fn load(name: &str, text: String, fetch: &dyn Fn(&str, &str) -> (String, String)) -> Self {
        let wsdl = parse(text);
        let mut contract = Self { elements: HashMap::new(), types: HashMap::new(), wsdl };
        let mut seen = HashSet::new();
        for schema in children(wsdl, WSDL, "types").flat_map(|t| children(t, XS, "schema")) {
            contract.schema(name, schema, fetch, &mut seen);
        }
        contract
    }

    fn schema(
        &mut self,
        name: &str,
        schema: El,
        fetch: &dyn Fn(&str, &str) -> (String, String),
        seen: &mut HashSet<String>,
    ) {
        let ns = target(schema);
        for child in schema.children().filter(Node::is_element) {
            let own = child.attribute("name").map(|n| (ns.clone(), n.to_owned()));
            match (child.tag_name().name(), own) {
                ("element", Some(own)) => drop(self.elements.insert(own, child)),
                ("complexType" | "simpleType", Some(own)) => drop(self.types.insert(own, child)),
                ("import" | "include", None) => {
                    let Some(location) = child.attribute("schemaLocation") else { continue };
                    let (found, text) = fetch(name, location);
                    if seen.insert(found.clone()) {
                        self.schema(&found, parse(text), fetch, seen);
                    }
                }
                ("annotation", _) => {}
                (other, _) => panic!("{name}: {other} is not known here"),
            }
        }
    }

    /// Operations by name.
    #[must_use]
    pub fn operations(&self) -> BTreeMap<String, Operation> {
        let messages: HashMap<&str, El> =
            children(self.wsdl, WSDL, "message").filter_map(|m| Some((m.attribute("name")?, m))).collect();
        let ports = children(self.wsdl, WSDL, "portType").flat_map(|p| children(p, WSDL, "operation"));
        let ports: HashMap<&str, El> = ports.filter_map(|o| Some((o.attribute("name")?, o))).collect();
        let mut operations = BTreeMap::new();
        for bound in children(self.wsdl, WSDL, "binding").flat_map(|b| children(b, WSDL, "operation")) {
            let name = bound.attribute("name").expect("an operation has a name");
            let soap = bound.children().find(|c| c.attribute("soapAction").is_some());
            let parts = |direction: &'static str| {
                let message = children(ports[name], WSDL, direction).next().and_then(|d| qname(d, "message"));
                let (_, message) = message.expect("an operation names its messages");
                let parts =
                    children(messages[message.as_str()], WSDL, "part").filter_map(|p| qname(p, "element"));
                let mut parts: Vec<QName> = parts.collect();
                parts.sort();
                parts
            };
            let action = soap.and_then(|s| s.attribute("soapAction")).unwrap_or_default().to_owned();
            operations.insert(
                name.to_owned(),
                Operation { action, input: parts("input"), output: parts("output") },
            );
        }
        operations
    }

    /// Service, port and binding names.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let service = children(self.wsdl, WSDL, "service").next().expect("a WSDL has a service");
        let port = children(service, WSDL, "port").next().expect("a service has a port");
        let binding = qname(port, "binding").map(|(_, local)| local).unwrap_or_default();
        let name = |node: El| node.attribute("name").unwrap_or_default().to_owned();
        vec![
            self.wsdl.attribute("targetNamespace").unwrap_or_default().to_owned(),
            name(service),
            name(port),
            binding,
        ]
    }

    /// Everything a global element may hold, one line for each element inside it.
    ///
    /// # Panics
    /// When there is no such element, or it uses a part of XSD not known here.
    #[must_use]
    pub fn expand(&self, element: &QName) -> Vec<String> {
        let mut lines = Vec::new();
        self.global(element, "1..1", "", &mut lines);
        lines
    }

    fn global(&self, name: &QName, occurs: &str, path: &str, lines: &mut Vec<String>) {
        if name.0 == DS {
            lines.push(format!("{path}/{{{DS}}}{} {occurs}", name.1));
            return;
        }
        let node =
            *self.elements.get(name).unwrap_or_else(|| panic!("no element {name:?}, wanted at {path}"));
        self.element(node, name, occurs, path, lines);
    }

    fn element(&self, node: El, (ns, local): &QName, occurs: &str, path: &str, lines: &mut Vec<String>) {
        assert!(path.matches('/').count() < DEPTH_MAX * 6, "too deep: {path}");
        let path = format!("{path}/{{{ns}}}{local}");
        let fixed = node.attribute("fixed").map(|f| format!(" fixed={f}")).unwrap_or_default();
        let inline = node.children().find(|c| matches!(c.tag_name().name(), "complexType" | "simpleType"));
        let declared = qname(node, "type").filter(|(ns, _)| ns != XS).map(|name| self.named(&name));
        let simple = match (inline.or(declared), qname(node, "type")) {
            (Some(typ), _) if typ.tag_name().name() == "simpleType" => self.facets(typ),
            (Some(_), _) => "complex".to_owned(),
            (None, Some((_, builtin))) => builtin,
            (None, None) => "any type".to_owned(),
        };
        lines.push(format!("{path} {occurs} {simple}{fixed}"));
        if let Some(typ) = inline.or(declared).filter(|t| t.tag_name().name() == "complexType") {
            // Declared within its own type: what is in it is said already.
            if node.ancestors().any(|a| a == typ) && inline.is_none() {
                lines.push(format!("{path} again"));
            } else {
                self.complex(typ, &path, lines);
            }
        }
    }

    fn named(&self, name: &QName) -> El {
        *self.types.get(name).unwrap_or_else(|| panic!("no type {name:?}"))
    }

    fn complex(&self, typ: El, path: &str, lines: &mut Vec<String>) {
        for child in typ.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "sequence" | "all" | "choice" => self.group(child, path, lines),
                "complexContent" => {
                    let extension =
                        children(child, XS, "extension").next().expect("only extensions are known");
                    let base = qname(extension, "base").expect("an extension has a base");
                    self.complex(self.named(&base), path, lines);
                    self.complex(extension, path, lines);
                }
                "annotation" => {}
                other => panic!("{path}: {other} is not known here"),
            }
        }
    }

    fn group(&self, group: El, path: &str, lines: &mut Vec<String>) {
        let kind = group.tag_name().name();
        let bounds = |node: El| {
            let bound = |name| node.attribute(name).unwrap_or("1").to_owned();
            format!("{}..{}", bound("minOccurs"), bound("maxOccurs"))
        };
        if kind != "sequence" {
            let often = Some(bounds(group)).filter(|b| b != "1..1").map(|b| format!(" {b}"));
            lines.push(format!("{path} {kind} begins{}", often.unwrap_or_default()));
        }
        for child in group.children().filter(Node::is_element) {
            let bound = |name, default| child.attribute(name).unwrap_or(default).to_owned();
            let occurs = bounds(child);
            match (child.tag_name().name(), qname(child, "ref")) {
                ("element", Some(reference)) => self.global(&reference, &occurs, path, lines),
                ("element", None) => {
                    let name = child.attribute("name").expect("a local element has a name").to_owned();
                    self.element(child, &(target(child), name), &occurs, path, lines);
                }
                ("choice", _) => self.group(child, path, lines),
                ("sequence", _) if occurs == "1..1" => self.group(child, path, lines),
                ("any", _) => lines.push(format!("{path}/* {occurs} {}", bound("namespace", "##any"))),
                ("annotation", _) => {}
                (other, _) => panic!("{path}: {other} {occurs} is not known here"),
            }
        }
        if kind != "sequence" {
            lines.push(format!("{path} {kind} ends"));
        }
    }

    /// The base and limits of a simple type, named types followed to the end.
    fn facets(&self, typ: El) -> String {
        let restriction = children(typ, XS, "restriction").next().expect("only restrictions are known");
        let base = qname(restriction, "base").expect("a restriction has a base");
        let mut out = if base.0 == XS { base.1 } else { self.facets(self.named(&base)) };
        for facet in restriction.children().filter(Node::is_element) {
            let value = facet.attribute("value").unwrap_or_default();
            // One contract anchors a pattern, which XSD does by itself and does not know how to write.
            let value = value.strip_prefix("^(?:").and_then(|v| v.strip_suffix(")$")).unwrap_or(value);
            out.push_str(&format!(" {}={value}", facet.tag_name().name()));
        }
        out
    }
}
