//! Reading the children of an element in the order the contract demands.

use super::ugyldig;
use oio::Fejl;
use std::iter::Peekable;
use xml::Node;

/// The child elements still to be read.
pub(crate) struct Sekvens<'a, 'd> {
    parent: Node<'a, 'd>,
    children: Peekable<Box<dyn Iterator<Item = Node<'a, 'd>> + 'a>>,
}

impl<'a, 'd: 'a> Sekvens<'a, 'd> {
    /// The children of `node`.
    pub(crate) fn of(node: Node<'a, 'd>) -> Self {
        let elements: Box<dyn Iterator<Item = Node<'a, 'd>> + 'a> =
            Box::new(node.children().filter(Node::is_element));
        Self { parent: node, children: elements.peekable() }
    }

    fn navn(&self) -> &'a str {
        self.parent.tag_name().name()
    }

    /// The next child, if it is called so.
    pub(crate) fn maybe(&mut self, ns: &str, name: &str) -> Option<Node<'a, 'd>> {
        self.children.next_if(|node| is(*node, ns, name))
    }

    /// The next child, if it is called so in the namespace or in none.
    pub(crate) fn maybe_unqualified(&mut self, ns: &str, name: &str) -> Option<Node<'a, 'd>> {
        self.children.next_if(|node| {
            is(*node, ns, name)
                || (node.tag_name().namespace().is_none_or(str::is_empty) && node.tag_name().name() == name)
        })
    }

    /// The next child, which must be called so.
    pub(crate) fn must(&mut self, ns: &str, name: &str) -> Result<Node<'a, 'd>, Fejl> {
        self.maybe(ns, name).ok_or_else(|| match self.children.peek() {
            Some(other) => {
                ugyldig(other.tag_name().name(), &format!("står på {name}s plads i {}", self.navn()))
            }
            None => ugyldig(name, &format!("mangler i {}", self.navn())),
        })
    }

    /// All further children called so that follow each other.
    pub(crate) fn many(&mut self, ns: &str, name: &str) -> Vec<Node<'a, 'd>> {
        std::iter::from_fn(|| self.maybe(ns, name)).collect()
    }

    /// Nothing may be left.
    pub(crate) fn end(mut self) -> Result<(), Fejl> {
        let blank = |node: &Node<'_, '_>| node.text().is_none_or(|text| text.trim().is_empty());
        match self.children.next() {
            None if self.parent.children().filter(Node::is_text).all(|node| blank(&node)) => Ok(()),
            None => Err(ugyldig(self.navn(), "må kun indeholde elementer")),
            Some(extra) => {
                let ns = extra.tag_name().namespace().unwrap_or("intet navnerum");
                Err(ugyldig(
                    extra.tag_name().name(),
                    &format!("({ns}) er ukendt eller står forkert i {}", self.navn()),
                ))
            }
        }
    }
}

/// Whether an element is called so.
pub(crate) fn is(node: Node<'_, '_>, ns: &str, name: &str) -> bool {
    node.tag_name().name() == name && node.tag_name().namespace() == Some(ns)
}

/// Whether an element says it is nil.
pub(crate) fn is_nil(node: Node<'_, '_>) -> bool {
    let nil = node.attribute(("http://www.w3.org/2001/XMLSchema-instance", "nil"));
    nil.is_some_and(|v| matches!(v.trim(), "true" | "1"))
}

/// The text of an element that may hold nothing else.
pub(crate) fn text(node: Node<'_, '_>) -> Result<String, Fejl> {
    if node.children().any(|c| c.is_element()) {
        return Err(ugyldig(node.tag_name().name(), "må kun indeholde tekst"));
    }
    Ok(node.children().filter_map(|c| c.text()).collect())
}
