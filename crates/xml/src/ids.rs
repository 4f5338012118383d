//! Which element an `#id` means.
//!
//! Ids are `wsu:Id` anywhere, `ID` on the elements of SAML and `Id` on those of XML Signature and XML Encryption; an
//! attribute that happens to be called so elsewhere is not one. A value that stands twice refuses the document, since two
//! readers could choose differently: that is how signed elements are wrapped. `xml:id` finds nothing here, but counts as a
//! second use, because other readers do follow it.

use crate::{Document, Node, ns};
use roxmltree::NodeId;

/// The same id twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("id'et {0:?} står flere gange i dokumentet")]
pub struct DobbeltId(
    /// The id, at most 100 characters of it.
    pub String,
);

/// The ids of a document.
#[derive(Debug, Clone)]
pub struct Ids<'a, 'd> {
    document: &'a Document<'d>,
    /// Sorted by value. A value without an element is an `xml:id`.
    sorted: Vec<(&'a str, Option<NodeId>)>,
}

impl<'a, 'd> Ids<'a, 'd> {
    /// Finds every id, in one pass.
    ///
    /// # Errors
    /// [`DobbeltId`] when a value stands twice, on whichever kinds of id.
    pub fn of(document: &'a Document<'d>) -> Result<Self, DobbeltId> {
        let mut sorted = Vec::new();
        for node in document.descendants().filter(Node::is_element) {
            let own = match node.tag_name().namespace() {
                Some(ns::SAML | ns::SAMLP | ns::MD) => "ID",
                Some(ns::DS | ns::XENC) => "Id",
                _ => "",
            };
            for attribute in node.attributes() {
                match (attribute.namespace(), attribute.name()) {
                    (Some(ns::WSU), "Id") => sorted.push((attribute.value(), Some(node.id()))),
                    (None, name) if name == own => sorted.push((attribute.value(), Some(node.id()))),
                    (Some(ns::XML), "id") => sorted.push((attribute.value(), None)),
                    _ => {}
                }
            }
        }
        sorted.sort_unstable_by_key(|entry| entry.0);
        match sorted.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(DobbeltId(pair[0].0.chars().take(100).collect())),
            None => Ok(Self { document, sorted }),
        }
    }

    /// The element with this id, without `#`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Node<'a, 'd>> {
        let at = self.sorted.binary_search_by_key(&id, |entry| entry.0).ok()?;
        self.document.get_node(self.sorted[at].1?)
    }

    /// The document whose ids these are.
    #[must_use]
    pub fn document(&self) -> &'a Document<'d> {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::{DobbeltId, Ids};
    use crate::{Document, ns};

    fn document(body: &str) -> String {
        format!(
            "<r xmlns:u='{}' xmlns:s='{}' xmlns:p='{}' xmlns:m='{}' xmlns:d='{}' xmlns:x='{}'>{body}</r>",
            ns::WSU,
            ns::SAML,
            ns::SAMLP,
            ns::MD,
            ns::DS,
            ns::XENC
        )
    }

    #[track_caller]
    fn found(body: &str, expected: &[(&str, &str)], absent: &[&str]) {
        let text = document(body);
        let document = Document::parse(&text).expect("well-formed");
        let ids = Ids::of(&document).expect("unique");
        for (id, name) in expected {
            assert_eq!(ids.find(id).expect(id).tag_name().name(), *name);
        }
        for id in absent {
            assert_eq!(ids.find(id), None, "{id}");
        }
    }

    #[track_caller]
    fn refused(body: &str, id: &str) {
        let text = document(body);
        let document = Document::parse(&text).expect("well-formed");
        assert_eq!(Ids::of(&document).err(), Some(DobbeltId(id.to_owned())), "{body}");
    }

    #[test]
    fn only_the_listed_attributes_are_ids() {
        found(
            "<a u:Id='1'/><s:b ID='2'/><p:c ID='3'/><m:d ID='4'/><d:e Id='5'/><x:f Id='6'/>",
            &[("1", "a"), ("2", "b"), ("3", "c"), ("4", "d"), ("5", "e"), ("6", "f")],
            &["7", ""],
        );
        found(
            "<a Id='1'/><a ID='2'/><s:b Id='3'/><d:e ID='4'/><a xml:id='5'/><a u:ID='6'/><s:b s:ID='7'/><a id='8'/>",
            &[],
            &["1", "2", "3", "4", "5", "6", "7", "8"],
        );
        found("<a Id='1'/><a Id='1'/><b u:Id='1'/>", &[("1", "b")], &[]);
    }

    #[test]
    fn a_value_stands_once() {
        refused("<a u:Id='1'/><a u:Id='1'/>", "1");
        refused("<a u:Id='x'/><s:b ID='x'/>", "x");
        refused("<d:e Id='x'/><s:b ID='x'/>", "x");
        refused("<d:e Id='x'><s:b xml:id='x'/></d:e>", "x");
        refused("<s:b ID='x' u:Id='x'/>", "x");
        refused("<s:b ID='&#120;'/><a u:Id='x'/>", "x");
    }
}
