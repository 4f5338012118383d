//! An envelope with its security and addressing headers found, each where it must stand and no more than once.

use crate::WssFejl;
use crate::ns::{ANONYMOUS, SBF, SOAP11, SOAP12, WSA, XOP};
use xml::{Document, Node, ns, text_of};

/// Longest `MessageID` taken, in bytes.
const MESSAGE_ID_BYTES_MAX: usize = 1_024;

/// The WS-Addressing headers of a message.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "the names are those of WS-Addressing")]
pub struct Adressering<'a, 'd> {
    pub action: Option<Node<'a, 'd>>,
    pub message_id: Option<Node<'a, 'd>>,
    pub to: Option<Node<'a, 'd>>,
    pub reply_to: Option<Node<'a, 'd>>,
    pub from: Option<Node<'a, 'd>>,
    pub fault_to: Option<Node<'a, 'd>>,
    pub relates_to: Option<Node<'a, 'd>>,
}

/// An envelope whose parts are found. Nothing is verified yet.
#[derive(Debug, Clone)]
pub struct Konvolut<'a, 'd> {
    /// The namespace of its SOAP version.
    pub soap: &'static str,
    /// The header.
    pub header: Option<Node<'a, 'd>>,
    /// The body.
    pub body: Node<'a, 'd>,
    /// The only element in the body.
    pub indhold: Node<'a, 'd>,
    /// The addressing headers.
    pub adressering: Adressering<'a, 'd>,
    /// The Liberty framework header.
    pub framework: Option<Node<'a, 'd>>,
    /// The security header.
    pub security: Option<Node<'a, 'd>>,
}

impl<'a, 'd: 'a> Konvolut<'a, 'd> {
    /// Finds the parts of an envelope.
    ///
    /// # Errors
    /// When a part is missing, stands twice or stands where it does not belong.
    pub fn laes(document: &'a Document<'d>) -> Result<Self, WssFejl> {
        let root = document.root_element();
        let soap = match root.tag_name().namespace() {
            Some(SOAP11) => SOAP11,
            Some(SOAP12) => SOAP12,
            _ => return Err(WssFejl::Konvolut("det er hverken SOAP 1.1 eller 1.2")),
        };
        if root.tag_name().name() != "Envelope" {
            return Err(WssFejl::Konvolut("roden er ikke Envelope"));
        }
        let (mut header, mut body) = (None, None);
        for part in root.children().filter(Node::is_element) {
            let place = match (part.tag_name().namespace(), part.tag_name().name()) {
                (Some(n), "Header") if n == soap && body.is_none() => &mut header,
                (Some(n), "Body") if n == soap => &mut body,
                _ => return Err(WssFejl::Konvolut("der står andet end Header og Body i den")),
            };
            if place.replace(part).is_some() {
                return Err(WssFejl::Konvolut("Header eller Body står to gange"));
            }
        }
        let body = body.ok_or(WssFejl::Konvolut("Body mangler"))?;
        let mut contents = body.children().filter(Node::is_element);
        let indhold = contents.next().ok_or(WssFejl::Konvolut("Body er tom"))?;
        if contents.next().is_some() {
            return Err(WssFejl::Konvolut("Body har flere elementer"));
        }
        let mut konvolut = Self {
            soap,
            header,
            body,
            indhold,
            adressering: Adressering::default(),
            framework: None,
            security: None,
        };
        if let Some(header) = header {
            konvolut.headers(header)?;
        }
        Ok(konvolut)
    }

    fn headers(&mut self, header: Node<'a, 'd>) -> Result<(), WssFejl> {
        for block in header.children().filter(Node::is_element) {
            let a = &mut self.adressering;
            let (place, navn) = match (block.tag_name().namespace(), block.tag_name().name()) {
                (Some(WSA), "Action") => (&mut a.action, "wsa:Action"),
                (Some(WSA), "MessageID") => (&mut a.message_id, "wsa:MessageID"),
                (Some(WSA), "To") => (&mut a.to, "wsa:To"),
                (Some(WSA), "ReplyTo") => (&mut a.reply_to, "wsa:ReplyTo"),
                (Some(WSA), "From") => (&mut a.from, "wsa:From"),
                (Some(WSA), "FaultTo") => (&mut a.fault_to, "wsa:FaultTo"),
                (Some(WSA), "RelatesTo") => (&mut a.relates_to, "wsa:RelatesTo"),
                (Some(SBF), "Framework") => (&mut self.framework, "sbf:Framework"),
                (Some(ns::WSSE), "Security") => {
                    let role = block.attribute((self.soap, "role")).or(block.attribute((self.soap, "actor")));
                    if role.is_some_and(|r| !r.is_empty() && !r.ends_with("/role/ultimateReceiver")) {
                        return Err(WssFejl::Konvolut("wsse:Security er til en anden modtager"));
                    }
                    (&mut self.security, "wsse:Security")
                }
                _ => continue,
            };
            if place.replace(block).is_some() {
                return Err(WssFejl::Dobbelt(navn));
            }
        }
        Ok(())
    }

    /// Refuses what may not be in a secured message at all: parts that stand outside it, and instructions.
    ///
    /// # Errors
    /// [`WssFejl::Xop`], [`WssFejl::Instruktion`].
    pub fn kun_tilladt(&self) -> Result<(), WssFejl> {
        let root = self.body.parent_element().unwrap_or(self.body);
        for node in root.descendants() {
            if node.is_pi() {
                return Err(WssFejl::Instruktion);
            }
            if node.is_element() && node.tag_name().namespace() == Some(XOP) {
                return Err(WssFejl::Xop);
            }
        }
        Ok(())
    }

    /// The header blocks that insist on being understood.
    pub fn kraevende(&self) -> impl Iterator<Item = Node<'a, 'd>> {
        let soap = self.soap;
        let blocks = self.header.into_iter().flat_map(|h| h.children()).filter(Node::is_element);
        blocks.filter(move |b| {
            b.attribute((soap, "mustUnderstand")).is_some_and(|v| matches!(v.trim(), "1" | "true"))
        })
    }

    /// The action, trimmed.
    ///
    /// # Errors
    /// When it is missing or empty.
    pub fn action(&self) -> Result<String, WssFejl> {
        tekst(self.adressering.action, "wsa:Action")
    }

    /// The message id, which must be an absolute URI.
    ///
    /// # Errors
    /// When it is missing, too long or none.
    pub fn message_id(&self) -> Result<String, WssFejl> {
        let id = tekst(self.adressering.message_id, "wsa:MessageID")?;
        let scheme = id.split_once(':').is_some_and(|(scheme, rest)| {
            !rest.is_empty()
                && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        });
        let form = scheme && id.len() <= MESSAGE_ID_BYTES_MAX && !id.contains(char::is_whitespace);
        form.then_some(id).ok_or(WssFejl::Forkert("wsa:MessageID"))
    }

    /// The path of the address in `To`. The host is not compared: the call may have come through others.
    ///
    /// # Errors
    /// When it is missing or no address.
    pub fn to_path(&self) -> Result<String, WssFejl> {
        let to = tekst(self.adressering.to, "wsa:To")?;
        let (_, rest) = to.split_once("://").ok_or(WssFejl::Forkert("wsa:To"))?;
        let path = rest.find('/').map_or("/", |at| &rest[at..]);
        Ok(path.split(['?', '#']).next().unwrap_or(path).to_owned())
    }

    /// Demands that an answer may go back the way the message came.
    ///
    /// # Errors
    /// When `ReplyTo` or `FaultTo` names another address.
    pub fn svar_hertil(&self) -> Result<(), WssFejl> {
        for (epr, navn) in
            [(self.adressering.reply_to, "wsa:ReplyTo"), (self.adressering.fault_to, "wsa:FaultTo")]
        {
            let Some(epr) = epr else { continue };
            let address = epr.children().find(|c| c.has_tag_name((WSA, "Address")));
            if address.map(text_of).is_none_or(|a| a.trim() != ANONYMOUS) {
                return Err(WssFejl::Forkert(navn));
            }
        }
        Ok(())
    }
}

/// What a message calls itself, however it is put together: every `MessageID` among its headers. For finding it in a log
/// alone; nothing is decided by it.
#[must_use]
pub fn kaldenavne(document: &Document<'_>) -> Vec<String> {
    let headers = document.root_element().children().filter(|c| c.tag_name().name() == "Header");
    let ids = headers.flat_map(|h| h.children()).filter(|b| b.has_tag_name((WSA, "MessageID")));
    let ids = ids.map(|id| text_of(id).trim().to_owned());
    ids.filter(|id| !id.is_empty() && id.len() <= MESSAGE_ID_BYTES_MAX).collect()
}

fn tekst(node: Option<Node<'_, '_>>, navn: &'static str) -> Result<String, WssFejl> {
    let text = text_of(node.ok_or(WssFejl::Mangler(navn))?);
    let text = text.trim();
    if text.is_empty() { Err(WssFejl::Mangler(navn)) } else { Ok(text.to_owned()) }
}

/// The action of the transport, when it gives one: the `SOAPAction` header of SOAP 1.1, or the parameter of SOAP 1.2's
/// content type.
#[must_use]
pub fn transport_action(soapaction: Option<&str>, content_type: Option<&str>) -> Option<String> {
    let unquoted = |value: &str| value.trim().trim_matches('"').to_owned();
    if let Some(action) = soapaction.map(unquoted).filter(|a| !a.is_empty()) {
        return Some(action);
    }
    let mut parameters = content_type?.split(';').skip(1);
    let action = parameters.find_map(|p| p.trim().strip_prefix("action="));
    action.map(unquoted).filter(|a| !a.is_empty())
}

/// Whether the transport, when it names a content type, names that of this SOAP version in UTF-8.
#[must_use]
pub fn transport_passer(soap: &str, content_type: Option<&str>) -> bool {
    let Some(content_type) = content_type else { return true };
    let mut parts = content_type.split(';').map(str::trim);
    let wanted = if soap == SOAP11 { "text/xml" } else { "application/soap+xml" };
    let charset = |part: &str| {
        let (name, value) = part.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    };
    parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted))
        && parts.filter_map(charset).all(|c| matches!(c.as_str(), "utf-8" | "utf8" | "us-ascii"))
}

#[cfg(test)]
mod tests {
    use super::{Konvolut, kaldenavne, transport_action, transport_passer};
    use crate::ns::{SOAP11, SOAP12, WSA};
    use xml::Document;

    #[test]
    fn a_message_put_together_wrongly_has_a_name_all_the_same() {
        let id = |id: &str| format!("<a:MessageID xmlns:a='{WSA}'>{id}</a:MessageID>");
        for (header, expected) in [
            (format!("<s:Header/><s:Header>{}</s:Header>", id(" urn:uuid:1 ")), vec!["urn:uuid:1"]),
            (format!("<s:Header>{}{}</s:Header>", id("urn:1"), id("urn:2")), vec!["urn:1", "urn:2"]),
            (format!("<s:Header>{}</s:Header>", id("")), vec![]),
            (format!("<s:Header>{}</s:Header>", id(&"x".repeat(2_000))), vec![]),
            (id("urn:uuid:1"), vec![]),
        ] {
            let text = format!("<s:Envelope xmlns:s='{SOAP12}'>{header}<s:Body/></s:Envelope>");
            let document = Document::parse(&text).expect("well-formed");
            assert!(Konvolut::laes(&document).is_err());
            assert_eq!(kaldenavne(&document), expected, "{header}");
        }
    }

    #[test]
    fn the_transport_names_the_kind_of_message_it_carries() {
        for (soap, kind, expected) in [
            (SOAP12, None, true),
            (SOAP12, Some("application/soap+xml; charset=utf-8; action=\"urn:a\""), true),
            (SOAP12, Some("Application/SOAP+XML;charset=\"UTF-8\""), true),
            (SOAP12, Some("application/soap+xml"), true),
            (SOAP12, Some("application/soap+xml; charset=iso-8859-1"), false),
            (SOAP12, Some("text/xml; charset=utf-8"), false),
            (SOAP12, Some("multipart/related; type=\"application/xop+xml\""), false),
            (SOAP12, Some(""), false),
            (SOAP11, Some("text/xml"), true),
            (SOAP11, Some("application/soap+xml"), false),
        ] {
            assert_eq!(transport_passer(soap, kind), expected, "{kind:?}");
        }
    }

    #[test]
    fn the_transport_may_give_an_action() {
        let kind = "application/soap+xml; charset=utf-8; action=\"urn:a\"";
        assert_eq!(transport_action(None, Some(kind)).as_deref(), Some("urn:a"));
        assert_eq!(transport_action(Some("\"urn:b\""), Some("text/xml")).as_deref(), Some("urn:b"));
        assert_eq!(transport_action(Some("\"\""), Some("text/xml")), None);
        assert_eq!(transport_action(None, None), None);
    }
}
