//! A message in its SOAP envelope, as it would be sent: the same objects, with the namespaces that the envelope declares.

use super::klip::{Klip, navn_i};
use super::rod::{Rod, skema};
use indeks::kald::{Kald, OBJEKTER_MAX};
use indeks::{BYTES_MAX, Fejl};
use xml::Node;

const SOAP: [&str; 2] =
    ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"];
/// What an envelope may be beside its message.
const HOVED_BYTES_MAX: usize = 1 << 20;

/// Whether a file that begins so is an envelope.
#[must_use]
pub fn er_konvolut(start: &[u8]) -> bool {
    let mut rest = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    loop {
        let slut: &[u8] = match rest {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            _ => return navn_i(rest).rsplit(|b| *b == b':').next() == Some(b"Envelope"),
        };
        let Some(sted) = rest.windows(slut.len()).position(|w| w == slut) else { return false };
        rest = rest[sted + slut.len()..].trim_ascii_start();
    }
}

/// The root and the objects of the import or update in an envelope.
///
/// # Errors
/// It is no envelope, or what is in it is no import and no update, or more than one call may bring.
pub fn konvolut(bytes: &[u8]) -> Result<(Rod, Vec<Klip>), Fejl> {
    let dokument = xml::parse(bytes, &xml::Limits::of_size(BYTES_MAX + HOVED_BYTES_MAX))
        .map_err(|fejl| skema("/", fejl.to_string()))?;
    let i_soap = |node: &Node<'_, '_>| node.tag_name().namespace().is_some_and(|ns| SOAP.contains(&ns));
    let rod = Some(dokument.root_element()).filter(|r| i_soap(r) && r.tag_name().name() == "Envelope");
    let body = rod.and_then(|r| r.children().find(|n| i_soap(n) && n.tag_name().name() == "Body"));
    let besked = body.and_then(|b| b.first_element_child());
    let besked = besked.ok_or_else(|| skema("/", "er ikke en SOAP-konvolut med en besked i"))?;
    if besked.attributes().next().is_some() {
        Kald::laes(besked)?;
    }
    let tekst = dokument.input_text();
    let rod = Rod::laes(aaben(besked, tekst).as_bytes())?;
    let layout = |n: &Node<'_, '_>| n.text().is_none_or(|t| t.trim().is_empty());
    if besked.children().any(|n| n.is_text() && !layout(&n)) {
        return Err(skema("/", "mellem objekterne må der ikke stå tekst"));
    }
    let foran = bytes.len() - tekst.len();
    let objekter = besked.children().filter(Node::is_element).zip(1..);
    let klip = |(node, nr): (Node<'_, '_>, u64)| {
        let xml = tekst[node.range()].as_bytes().to_vec();
        Klip {
            byte: (foran + node.range().start) as u64,
            laengde: xml.len() as u64,
            nr,
            xml,
            for_stor: false,
        }
    };
    let klip: Vec<Klip> = objekter.map(klip).collect();
    if klip.len() > OBJEKTER_MAX {
        return Err(skema("/", format!("højst {OBJEKTER_MAX} objekter i et kald; del det op")));
    }
    Ok((rod, klip))
}

/// The start tag of the message, with every namespace that holds there.
fn aaben(besked: Node<'_, '_>, tekst: &str) -> String {
    let navn = navn_i(&tekst.as_bytes()[besked.range()]);
    let mut ud = format!("<{}", String::from_utf8_lossy(navn));
    for ns in besked.namespaces().filter(|ns| ns.name() != Some("xml")) {
        match ns.name() {
            Some(praefiks) => ud.extend([" xmlns:", praefiks, "=\""]),
            None => ud.push_str(" xmlns=\""),
        }
        xml::escape_into(&mut ud, ns.uri());
        ud.push('"');
    }
    ud.push('>');
    ud
}
