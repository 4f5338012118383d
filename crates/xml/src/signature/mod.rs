//! Verifying XML signatures (<https://www.w3.org/TR/xmldsig-core/>), as strictly as the profiles allow.
//!
//! Verification says *which nodes* of the tree at hand are signed, and callers read only those: never the document's bytes
//! again, never a node found by name. That is what stops a signed element from being moved aside for another one.

mod algorithm;
mod fejl;
mod parse;
mod verify;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use fejl::SignaturFejl;

use crate::c14n::PrefixList;
use crate::{Ids, Node, PublicKey};

/// References in one signature at most.
pub const REFERENCES_MAX: usize = 16;
/// Transforms of one reference at most.
pub const TRANSFORMS_MAX: usize = 2;

/// What a signature may do, by where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    token_references: bool,
    whole_document: bool,
}

impl Policy {
    /// In a WS-Security header: parts by id, tokens also through a reference to them.
    pub const WS_SECURITY: Self = Self { token_references: true, whole_document: false };
    /// In a SAML assertion or message: the element around it, by id.
    pub const SAML: Self = Self { token_references: false, whole_document: false };
    /// In a document of its own, such as metadata: by id, or all of it by `URI=""`.
    pub const DOCUMENT: Self = Self { token_references: false, whole_document: true };
}

#[derive(Debug, Clone)]
enum Transform<'a> {
    /// The canonical form.
    Exclusive(PrefixList<'a>),
    /// The canonical form without the signature in it.
    Enveloped(PrefixList<'a>),
    /// The canonical form of the token that the element refers to.
    Token(PrefixList<'a>),
}

#[derive(Debug, Clone)]
struct Reference<'a> {
    uri: &'a str,
    transform: Transform<'a>,
    digest: DigestAlgorithm,
    value: Vec<u8>,
}

/// A `ds:Signature` whose structure and algorithms are accepted. Nothing is verified yet.
#[derive(Debug, Clone)]
pub struct Signature<'a, 'd> {
    node: Node<'a, 'd>,
    signed_info: Node<'a, 'd>,
    canonicalization: PrefixList<'a>,
    algorithm: SignatureAlgorithm,
    references: Vec<Reference<'a>>,
    value: Vec<u8>,
    key_info: Option<Node<'a, 'd>>,
}

impl<'a, 'd> Signature<'a, 'd> {
    /// Reads a `ds:Signature` element.
    ///
    /// # Errors
    /// The first thing in it that is not allowed.
    pub fn parse(node: Node<'a, 'd>, policy: Policy) -> Result<Self, SignaturFejl> {
        parse::signature(node, policy)
    }

    /// The `ds:KeyInfo`: a hint at the key, by whoever sent the message. It makes no key trusted.
    #[must_use]
    pub fn key_info(&self) -> Option<Node<'a, 'd>> {
        self.key_info
    }

    /// The `URI` of each reference, in order: `#id`, or empty for the whole document.
    pub fn uris(&self) -> impl ExactSizeIterator<Item = &'a str> {
        self.references.iter().map(|r| r.uri)
    }

    /// The signature algorithm.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Verifies with a key that the caller trusts: first every digest, then the signature value.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn verify(&self, ids: &Ids<'a, 'd>, key: &PublicKey) -> Result<Verified<'a, 'd>, SignaturFejl> {
        verify::verify(self, ids, key)
    }
}

/// How a node is covered by a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage<'a, 'd> {
    /// All of it.
    Direct,
    /// All of it but the signature in it.
    Enveloped,
    /// All of it, through this `wsse:SecurityTokenReference`, which is itself not covered.
    Token(Node<'a, 'd>),
}

/// A node that a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered<'a, 'd> {
    /// The node; the document's root element when the reference was to all of the document.
    pub node: Node<'a, 'd>,
    /// How.
    pub how: Coverage<'a, 'd>,
}

/// A signature that was verified. There is no other way to get one.
#[derive(Debug, Clone)]
pub struct Verified<'a, 'd> {
    signature: Node<'a, 'd>,
    covered: Vec<Covered<'a, 'd>>,
    value: Vec<u8>,
    algorithm: SignatureAlgorithm,
    key_info: Option<Node<'a, 'd>>,
}

impl<'a, 'd> Verified<'a, 'd> {
    /// Whether this very node is covered. An equal one elsewhere is not.
    #[must_use]
    pub fn covers(&self, node: Node<'_, '_>) -> bool {
        self.covered.iter().any(|c| c.node == node)
    }

    /// Whether the node, or one it lies in, is covered; what lies in an enveloped signature is not.
    #[must_use]
    pub fn covers_within(&self, node: Node<'_, '_>) -> bool {
        let in_signature = node.ancestors().any(|n| n == self.signature);
        self.covered
            .iter()
            .any(|c| node.ancestors().any(|n| n == c.node) && !(in_signature && c.how == Coverage::Enveloped))
    }

    /// The covered nodes, one for each reference, in order.
    #[must_use]
    pub fn covered(&self) -> &[Covered<'a, 'd>] {
        &self.covered
    }

    /// The `ds:Signature` element.
    #[must_use]
    pub fn signature(&self) -> Node<'a, 'd> {
        self.signature
    }

    /// The bytes of the signature value: the same message again has the same.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The signature algorithm.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The `ds:KeyInfo`. Not covered by the signature.
    #[must_use]
    pub fn key_info(&self) -> Option<Node<'a, 'd>> {
        self.key_info
    }
}

#[cfg(test)]
mod tests;
