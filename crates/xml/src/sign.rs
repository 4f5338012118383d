//! Signing what is already canonical.
//!
//! The writer of a message writes what will be signed canonically from the start: each signed element declares the
//! namespaces it uses (and nothing else), sorts its declarations by prefix and its attributes by namespace and name, has
//! end tags instead of empty-element tags, and escapes as [`crate::c14n`] does. Then what is written is what is hashed,
//! there is nothing to parse, and signing costs what the key costs. A debug build checks it.

use crate::writer::escape_into;
use crate::{NoegleFejl, SigningKey, c14n, ns};
use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A part of a message to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// An element.
    Element {
        /// Its id, without `#`.
        id: &'t str,
        /// All of it, canonical, as it will stand in the document.
        text: &'t str,
    },
    /// The element that the signature is put into.
    Enveloped {
        /// Its id, without `#`.
        id: &'t str,
        /// It up to where the signature is put.
        head: &'t str,
        /// The rest of it.
        tail: &'t str,
    },
    /// An assertion, through a `wsse:SecurityTokenReference` that names it.
    Token {
        /// The id of the `wsse:SecurityTokenReference`, without `#`.
        id: &'t str,
        /// The assertion, canonical, with a default namespace: then all implementations agree on its digest.
        text: &'t str,
    },
}

impl Part<'_> {
    fn id(&self) -> &str {
        match self {
            Self::Element { id, .. } | Self::Enveloped { id, .. } | Self::Token { id, .. } => id,
        }
    }

    fn text(&self) -> (&str, &str) {
        match *self {
            Self::Element { text, .. } | Self::Token { text, .. } => (text, ""),
            Self::Enveloped { head, tail, .. } => (head, tail),
        }
    }

    fn digest(&self) -> impl AsRef<[u8]> {
        let (head, tail) = self.text();
        let mut context = Context::new(&SHA256);
        context.update(head.as_bytes());
        context.update(tail.as_bytes());
        context.finish()
    }
}

/// How the elements of the signature are written. The key info must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// `<Signature xmlns="…">`.
    #[default]
    Default,
    /// `<ds:Signature xmlns:ds="…">`.
    Prefixed,
}

/// A `ds:Signature` over these parts, with SHA-256.
///
/// `key_info` is what stands in `KeyInfo`, canonical; when empty there is none.
///
/// # Errors
/// [`NoegleFejl::Signering`].
///
/// # Panics
/// In a debug build, when a part is not canonical.
pub fn signature(
    parts: &[Part<'_>],
    key_info: &str,
    key: &SigningKey,
    style: Style,
) -> Result<String, NoegleFejl> {
    for (head, tail) in parts.iter().map(Part::text) {
        debug_assert!(c14n::is_canonical(&[head, tail].concat()), "not canonical: {head}{tail}");
    }
    unchecked(parts, key_info, key, style)
}

/// Signs digests of whatever is given.
pub(crate) fn unchecked(
    parts: &[Part<'_>],
    key_info: &str,
    key: &SigningKey,
    style: Style,
) -> Result<String, NoegleFejl> {
    let (p, declaration) = match style {
        Style::Default => ("", " xmlns=\""),
        Style::Prefixed => ("ds:", " xmlns:ds=\""),
    };
    // As it is signed, SignedInfo declares its namespace; as it stands in the document, Signature has done so.
    let declaration = [declaration, ns::DS, "\""].concat();
    let signed_info = signed_info(parts, key, p, &declaration);
    let value = STANDARD.encode(key.sign(signed_info.as_bytes())?);
    let (start, rest) = signed_info.split_at("<SignedInfo".len() + p.len());
    let rest = &rest[declaration.len()..];

    let mut out = String::with_capacity(signed_info.len() + value.len() + key_info.len() + 256);
    let mut write = |pieces: &[&str]| pieces.iter().for_each(|piece| out.push_str(piece));
    write(&["<", p, "Signature", &declaration, ">", start, rest]);
    write(&["<", p, "SignatureValue>", &value, "</", p, "SignatureValue>"]);
    if !key_info.is_empty() {
        write(&["<", p, "KeyInfo>", key_info, "</", p, "KeyInfo>"]);
    }
    write(&["</", p, "Signature>"]);
    Ok(out)
}

/// An element with its signature put between `head` and `tail`: for SAML, after `Issuer`.
///
/// # Errors
/// [`NoegleFejl::Signering`].
///
/// # Panics
/// In a debug build, when the element is not canonical.
pub fn enveloped(
    id: &str,
    head: &str,
    tail: &str,
    key_info: &str,
    key: &SigningKey,
) -> Result<String, NoegleFejl> {
    let signature = signature(&[Part::Enveloped { id, head, tail }], key_info, key, Style::Default)?;
    Ok([head, &signature, tail].concat())
}

/// Divides a SAML assertion or message after its `Issuer`, where its signature belongs.
///
/// Finds the first end tag of that name, so `Issuer` must be the first child, as SAML demands.
#[must_use]
pub fn after_issuer(element: &str) -> Option<(&str, &str)> {
    let end = element.match_indices("</").find_map(|(at, _)| {
        let end = at + element[at..].find('>')?;
        let name = &element[at + 2..end];
        (name == "Issuer" || name.ends_with(":Issuer")).then_some(end + 1)
    })?;
    Some(element.split_at(end))
}

fn signed_info(parts: &[Part<'_>], key: &SigningKey, p: &str, declaration: &str) -> String {
    let mut out = String::with_capacity(512 + parts.len() * 512);
    let text = |out: &mut String, pieces: &[&str]| pieces.iter().for_each(|piece| out.push_str(piece));
    let algorithm = |out: &mut String, name: &str, uri: &str| {
        for piece in ["<", p, name, " Algorithm=\"", uri, "\"></", p, name, ">"] {
            out.push_str(piece);
        }
    };
    text(&mut out, &["<", p, "SignedInfo", declaration, ">"]);
    algorithm(&mut out, "CanonicalizationMethod", ns::EXC_C14N);
    algorithm(&mut out, "SignatureMethod", key.algorithm().uri());
    for part in parts {
        text(&mut out, &["<", p, "Reference URI=\"#"]);
        escape_into(&mut out, part.id());
        text(&mut out, &["\"><", p, "Transforms>"]);
        match part {
            Part::Element { .. } => algorithm(&mut out, "Transform", ns::EXC_C14N),
            Part::Enveloped { .. } => {
                algorithm(&mut out, "Transform", ns::ENVELOPED);
                algorithm(&mut out, "Transform", ns::EXC_C14N);
            }
            Part::Token { .. } => {
                text(&mut out, &["<", p, "Transform Algorithm=\"", ns::STR_TRANSFORM, "\">"]);
                text(&mut out, &["<wsse:TransformationParameters xmlns:wsse=\"", ns::WSSE, "\">"]);
                algorithm(&mut out, "CanonicalizationMethod", ns::EXC_C14N);
                text(&mut out, &["</wsse:TransformationParameters></", p, "Transform>"]);
            }
        }
        text(&mut out, &["</", p, "Transforms>"]);
        algorithm(&mut out, "DigestMethod", crate::signature::DigestAlgorithm::Sha256.uri());
        text(&mut out, &["<", p, "DigestValue>"]);
        STANDARD.encode_string(part.digest(), &mut out);
        text(&mut out, &["</", p, "DigestValue></", p, "Reference>"]);
    }
    text(&mut out, &["</", p, "SignedInfo>"]);
    out
}

#[cfg(test)]
mod tests;
