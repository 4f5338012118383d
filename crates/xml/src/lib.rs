//! XML in and out: the guard that every document passes before it is parsed, a writer, and XML Signature.
//!
//! The guard is there because a parser's worst case is somebody's attack: it refuses what is too large, too deep or too
//! wide before anything is built, and every DOCTYPE. Start with [`parse`].
//!
//! # Verifying
//!
//! ```
//! # fn holder_key(_: Option<xml::Node>) -> Option<xml::PublicKey> { None }
//! # fn check(bytes: &[u8]) -> Option<()> {
//! use xml::{Ids, Policy, Signature};
//! let document = xml::parse(bytes, &xml::Limits::of_size(1 << 20)).ok()?;
//! let ids = Ids::of(&document).ok()?; // refuses an id that stands twice
//! let node = document.descendants().find(|n| n.has_tag_name((xml::ns::DS, "Signature")))?;
//! let signature = Signature::parse(node, Policy::WS_SECURITY).ok()?; // form and algorithms
//! let key = holder_key(signature.key_info())?; // a hint: the key must be one already trusted
//! let verified = signature.verify(&ids, &key).ok()?;
//! let body = document.root_element().last_element_child()?;
//! assert!(verified.covers(body)); // read nothing that is not covered, from this same tree
//! # Some(()) }
//! ```
//!
//! # Signing
//!
//! What is signed is written canonically from the start ([`sign`]), so signing costs little more than the key's own
//! operation. [`SigningKey`] holds the key and shows it to nobody.

pub mod c14n;
mod guard;
mod ids;
mod key;
pub mod ns;
pub mod sign;
pub mod signature;
#[cfg(test)]
mod testing;
mod writer;

pub use guard::{Limits, XmlFejl, guard};
pub use ids::{DobbeltId, Ids};
pub use key::{NoegleFejl, PublicKey, RSA_BITS_MAX, RSA_BITS_MIN, SigningKey};
pub use roxmltree::{Document, Node};
pub use signature::{Coverage, Covered, Policy, SignaturFejl, Signature, SignatureAlgorithm, Verified};
pub use writer::{escape_into, text_into};

/// Guards and parses a document.
///
/// # Errors
/// What the guard refuses, or that it is not well-formed.
pub fn parse<'d>(bytes: &'d [u8], limits: &Limits) -> Result<Document<'d>, XmlFejl> {
    let text = guard(bytes, limits)?;
    Document::parse(text).map_err(|fejl| XmlFejl::Form(fejl.to_string()))
}

/// The whole text within a node, comments and instructions left out.
///
/// Never the first text node alone: a comment splits text without changing a signature over it.
#[must_use]
pub fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_is_whole_whatever_stands_in_it() {
        let text = "<a>1122<!-- x -->33<![CDATA[4]]><?p i?>&#52;<b>!</b></a>";
        let document = super::Document::parse(text).expect("well-formed");
        assert_eq!(super::text_of(document.root_element()), "11223344!");
    }
}
