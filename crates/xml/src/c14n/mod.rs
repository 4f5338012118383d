//! Exclusive canonical XML 1.0 without comments (<https://www.w3.org/TR/xml-exc-c14n/>).
//!
//! Signatures are made over this form, so that a declaration moved or a quote changed breaks nothing. Inclusive canonical
//! XML is absent on purpose: nothing we exchange needs it, and it lets a signature depend on what stands around it.
//!
//! One known limit: the parser leaves a carriage return that stands alone directly beside a character reference as it
//! is, where XML wants a line feed. A signature over such text is refused, never wrongly accepted.

mod walk;

use crate::{Document, Node};

/// Prefixes in one list at most.
pub const PREFIXES_MAX: usize = 20;

/// The prefixes of an `InclusiveNamespaces/@PrefixList`: their declarations are written whether used or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrefixList<'p>(Vec<&'p str>);

impl<'p> PrefixList<'p> {
    /// The empty list.
    pub const EMPTY: PrefixList<'static> = PrefixList(Vec::new());

    /// Reads prefixes separated by white space; `#default` is the default namespace.
    ///
    /// # Errors
    /// [`C14nFejl::Prefikser`] above [`PREFIXES_MAX`].
    pub fn parse(text: &'p str) -> Result<Self, C14nFejl> {
        let mut list = Vec::new();
        for prefix in text.split([' ', '\t', '\r', '\n']).filter(|p| !p.is_empty()) {
            if list.len() == PREFIXES_MAX {
                return Err(C14nFejl::Prefikser);
            }
            // The default namespace has the empty prefix everywhere else.
            list.push(if prefix == "#default" { "" } else { prefix });
        }
        Ok(Self(list))
    }

    fn iter(&self) -> impl Iterator<Item = &'p str> {
        self.0.iter().copied()
    }
}

/// Why there is no canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum C14nFejl {
    /// More prefixes in a list than [`PREFIXES_MAX`].
    #[error("PrefixList har over {PREFIXES_MAX} prefikser")]
    Prefikser,
    /// The canonical form would be much larger than the document: few long declarations, used by many elements.
    #[error("den kanoniske form fylder over {0} bytes")]
    Stoerrelse(usize),
}

/// What the canonical forms made from a document may be together, in bytes.
#[must_use]
pub fn size_bytes_max(document: &Document<'_>) -> usize {
    document.input_text().len().saturating_mul(8).saturating_add(1 << 20)
}

/// The canonical form of an element (or of the whole document, by its root node).
///
/// # Errors
/// [`C14nFejl::Stoerrelse`] above [`size_bytes_max`].
pub fn canonicalize(apex: Node<'_, '_>, prefixes: &PrefixList<'_>) -> Result<String, C14nFejl> {
    let mut out = String::with_capacity(apex.range().len() + 256);
    canonicalize_into(&mut out, apex, prefixes, None, size_bytes_max(apex.document()))?;
    Ok(out)
}

/// What was met on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// There was a processing instruction.
    pub instruction: bool,
}

/// Appends the canonical form of an element without one of its descendants: an enveloped signature.
///
/// Walks without recursion; the time is linear in what is written.
///
/// # Errors
/// [`C14nFejl::Stoerrelse`] when more than `size_bytes_max` would be appended.
pub fn canonicalize_into(
    out: &mut String,
    apex: Node<'_, '_>,
    prefixes: &PrefixList<'_>,
    excluded: Option<Node<'_, '_>>,
    size_bytes_max: usize,
) -> Result<Seen, C14nFejl> {
    let mut walk = walk::Walk::new(out, apex, prefixes, excluded, size_bytes_max);
    if apex.is_root() {
        walk.document(apex)?
    } else {
        walk.node(apex)?
    }
    Ok(walk.seen())
}

/// Whether a text, alone, is its own canonical form. For the assertions of those who write what is to be signed.
#[must_use]
pub fn is_canonical(text: &str) -> bool {
    Document::parse(text).is_ok_and(|document| {
        canonicalize(document.root_element(), &PrefixList::EMPTY).is_ok_and(|form| form == text)
    })
}

#[cfg(test)]
mod tests;
