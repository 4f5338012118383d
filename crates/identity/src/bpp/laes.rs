//! Reading a privilege list, whoever wrote it.

use super::{CVR_SCOPE, Constraint, Gruppe, Profil};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use xml::{Limits, Node, XmlFejl};

/// Bytes of XML.
const STOERRELSE_MAKS: usize = 64 * 1024;
const GRUPPER_MAKS: usize = 1_000;
const ELEMENTER_MAKS: usize = 6_000;
const DYBDE_MAKS: usize = 64;

/// Why a whole list is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BppFejl {
    /// Not base64.
    #[error("privilegielisten er ikke base64")]
    Base64,
    /// Not XML, or beyond the limits of XML.
    #[error("privilegielisten kan ikke læses: {0}")]
    Xml(#[from] XmlFejl),
    /// Not `PrivilegeList` of one of the two namespaces.
    #[error("det er ikke en privilegieliste (PrivilegeList)")]
    Rod,
    /// Too many elements.
    #[error("privilegielisten har over {ELEMENTER_MAKS} elementer")]
    Elementer,
    /// Too many groups.
    #[error("privilegielisten har over {GRUPPER_MAKS} grupper")]
    Grupper,
}

/// Why a group is left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Grund {
    /// An element that does not belong there.
    #[error("ukendt element {0}")]
    Element(String),
    /// An attribute that does not belong there.
    #[error("ukendt attribut {0}")]
    Attribut(String),
    /// Text or a processing instruction between the elements.
    #[error("der står andet end elementer i gruppen")]
    Blandet,
    /// No `Scope`, or one that is not a CVR number.
    #[error("Scope er ikke et CVR-nummer")]
    Scope,
    /// No `Privilege`, or an empty one.
    #[error("gruppen mangler et privilegium")]
    Privilegium,
    /// A `Constraint` without a name.
    #[error("en dataafgrænsning mangler navn")]
    Navn,
}

/// A group that was left out: its place in the list, from 1, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Udeladt {
    /// Its place among the elements of the list.
    pub plads: usize,
    /// Why.
    pub grund: Grund,
}

/// A privilege list as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Laest {
    /// The groups that count.
    pub grupper: Vec<Gruppe>,
    /// Those that do not, for the log.
    pub udeladte: Vec<Udeladt>,
}

/// Reads the value of `Privileges_intermediate` or `priv`: base64, in which white space is tolerated.
///
/// # Errors
/// Why the whole list is refused.
pub fn laes(base64: &str) -> Result<Laest, BppFejl> {
    // Four characters for three bytes, and as many again for white space.
    if base64.len() > STOERRELSE_MAKS * 3 {
        return Err(XmlFejl::Stoerrelse(STOERRELSE_MAKS).into());
    }
    let tegn: String = base64.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    laes_xml(&STANDARD.decode(tegn).map_err(|_| BppFejl::Base64)?)
}

/// Reads a privilege list.
///
/// # Errors
/// Why the whole list is refused.
pub fn laes_xml(bytes: &[u8]) -> Result<Laest, BppFejl> {
    let mut limits = Limits::of_size(STOERRELSE_MAKS);
    limits.depth_max = DYBDE_MAKS;
    limits.attributes_max = 64;
    let dokument = xml::parse(bytes, &limits)?;
    let rod = dokument.root_element();
    let navnerum = rod.tag_name().namespace().unwrap_or_default();
    let kendt = [Profil::Itst, Profil::Digst].iter().any(|p| p.navnerum() == navnerum);
    if !kendt || rod.tag_name().name() != "PrivilegeList" {
        return Err(BppFejl::Rod);
    }
    if dokument.descendants().filter(Node::is_element).count() > ELEMENTER_MAKS {
        return Err(BppFejl::Elementer);
    }
    let mut ud = Laest::default();
    for (nummer, node) in rod.children().filter(Node::is_element).enumerate() {
        if nummer >= GRUPPER_MAKS {
            return Err(BppFejl::Grupper);
        }
        match gruppe(node, navnerum) {
            Ok(gruppe) => ud.grupper.push(gruppe),
            Err(grund) => ud.udeladte.push(Udeladt { plads: nummer + 1, grund }),
        }
    }
    Ok(ud)
}

/// Whether `node` is the element `navn`, in no namespace or in the list's.
fn er(node: Node<'_, '_>, navn: &str, navnerum: &str) -> bool {
    node.tag_name().name() == navn && node.tag_name().namespace().is_none_or(|n| n == navnerum)
}

fn gruppe(node: Node<'_, '_>, navnerum: &str) -> Result<Gruppe, Grund> {
    if !er(node, "PrivilegeGroup", navnerum) {
        return Err(Grund::Element(node.tag_name().name().to_owned()));
    }
    let scope = eneste_attribut(node, "Scope")?.ok_or(Grund::Scope)?;
    let scope = scope.strip_prefix(CVR_SCOPE).and_then(|cvr| cvr.parse().ok()).ok_or(Grund::Scope)?;
    let mut ud = Gruppe { scope, privilegier: Vec::new(), constraints: Vec::new() };
    for barn in node.children() {
        if barn.is_element() && er(barn, "Privilege", navnerum) {
            ingen_attributter(barn)?;
            let privilegium = tekst(barn)?.trim().to_owned();
            if privilegium.is_empty() {
                return Err(Grund::Privilegium);
            }
            ud.privilegier.push(privilegium);
        } else if barn.is_element() && er(barn, "Constraint", navnerum) {
            let navn = eneste_attribut(barn, "Name")?.filter(|n| !n.trim().is_empty());
            let navn = navn.ok_or(Grund::Navn)?.to_owned();
            ud.constraints.push(Constraint { navn, vaerdi: tekst(barn)? });
        } else if barn.is_element() {
            return Err(Grund::Element(barn.tag_name().name().to_owned()));
        } else if barn.is_pi() || barn.is_text() && !barn.text().unwrap_or_default().trim().is_empty() {
            return Err(Grund::Blandet);
        }
    }
    if ud.privilegier.is_empty() { Err(Grund::Privilegium) } else { Ok(ud) }
}

/// The attribute `navn`, on an element that may have no other.
fn eneste_attribut<'a>(node: Node<'a, '_>, navn: &str) -> Result<Option<&'a str>, Grund> {
    let anden = node.attributes().find(|a| a.namespace().is_some() || a.name() != navn);
    match anden {
        Some(anden) => Err(Grund::Attribut(anden.name().to_owned())),
        None => Ok(node.attribute(navn)),
    }
}

fn ingen_attributter(node: Node<'_, '_>) -> Result<(), Grund> {
    node.attributes().next().map_or(Ok(()), |a| Err(Grund::Attribut(a.name().to_owned())))
}

/// All text of an element without elements; comments are no part of it.
fn tekst(node: Node<'_, '_>) -> Result<String, Grund> {
    let mut ud = String::new();
    for barn in node.children() {
        if barn.is_element() {
            return Err(Grund::Element(barn.tag_name().name().to_owned()));
        }
        if barn.is_pi() {
            return Err(Grund::Blandet);
        }
        if barn.is_text() {
            ud.push_str(barn.text().unwrap_or_default());
        }
    }
    Ok(ud)
}
