//! Reading a signature: its structure is fixed and everything it names must be on the list.

use super::fejl::excerpt;
use super::{
    DigestAlgorithm, Policy, REFERENCES_MAX, Reference, SignaturFejl, Signature, SignatureAlgorithm,
    Transform,
};
use crate::c14n::PrefixList;
use crate::{Node, ns, text_of};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Bytes of the longest signature value: RSA of 8192 bits.
const VALUE_BYTES_MAX: usize = 1024;
/// Bytes of the longest digest: SHA-512.
const DIGEST_BYTES_MAX: usize = 64;

type Result<T> = std::result::Result<T, SignaturFejl>;

pub(super) fn signature<'a, 'd>(node: Node<'a, 'd>, policy: Policy) -> Result<Signature<'a, 'd>> {
    expect(node, ns::DS, "Signature")?;
    let children = elements(node, "Signature")?;
    let (signed_info, value, key_info) = match children[..] {
        [signed_info, value] => (signed_info, value, None),
        [signed_info, value, key_info] => (signed_info, value, Some(key_info)),
        _ => return Err(SignaturFejl::Opbygning("Signature")),
    };
    expect(signed_info, ns::DS, "SignedInfo")?;
    expect(value, ns::DS, "SignatureValue")?;
    if let Some(key_info) = key_info {
        expect(key_info, ns::DS, "KeyInfo")?;
    }

    let children = elements(signed_info, "SignedInfo")?;
    let [method, algorithm, ref references @ ..] = children[..] else {
        return Err(SignaturFejl::Opbygning("SignedInfo"));
    };
    let canonicalization = exclusive(method, "CanonicalizationMethod")?;
    let algorithm = {
        expect(algorithm, ns::DS, "SignatureMethod")?;
        let uri = name_of(algorithm)?;
        let known =
            SignatureAlgorithm::of_uri(uri).ok_or_else(|| SignaturFejl::Signaturalgoritme(excerpt(uri)))?;
        // HMACOutputLength and parameters of PSS have no place in what we accept.
        empty(algorithm, "SignatureMethod")?;
        known
    };
    if references.is_empty() {
        return Err(SignaturFejl::IngenReferencer);
    }
    if references.len() > REFERENCES_MAX {
        return Err(SignaturFejl::ForMangeReferencer);
    }
    let references = references.iter().map(|r| reference(*r, policy)).collect::<Result<Vec<_>>>()?;
    let value = base64_of(value, "SignatureValue", VALUE_BYTES_MAX)?;
    Ok(Signature { node, signed_info, canonicalization, algorithm, references, value, key_info })
}

fn reference<'a>(node: Node<'a, '_>, policy: Policy) -> Result<Reference<'a>> {
    expect(node, ns::DS, "Reference")?;
    let children = elements(node, "Reference")?;
    let [transforms, method, value] = children[..] else {
        // Without transforms the canonicalization would be inclusive.
        return Err(match children[..] {
            [_, _] => SignaturFejl::Transformationer,
            _ => SignaturFejl::Opbygning("Reference"),
        });
    };
    let uri = node.attribute("URI").ok_or(SignaturFejl::Opbygning("Reference"))?;
    match uri.strip_prefix('#') {
        Some(id) if !id.is_empty() && !id.contains(['(', ')', '/', '#', ' ']) => {}
        None if uri.is_empty() && policy.whole_document => {}
        None if uri.is_empty() => return Err(SignaturFejl::HeleDokumentet),
        _ => return Err(SignaturFejl::Uri(excerpt(uri))),
    }

    expect(transforms, ns::DS, "Transforms")?;
    let transform = transform(&elements(transforms, "Transforms")?, policy)?;

    expect(method, ns::DS, "DigestMethod")?;
    let name = name_of(method)?;
    let digest = DigestAlgorithm::of_uri(name).ok_or_else(|| SignaturFejl::Digestalgoritme(excerpt(name)))?;
    empty(method, "DigestMethod")?;

    expect(value, ns::DS, "DigestValue")?;
    let value = base64_of(value, "DigestValue", DIGEST_BYTES_MAX)?;
    Ok(Reference { uri, transform, digest, value })
}

/// Exclusive canonicalization, alone or after the enveloped signature is taken out; or a token instead of its reference.
fn transform<'a>(transforms: &[Node<'a, '_>], policy: Policy) -> Result<Transform<'a>> {
    for transform in transforms {
        expect(*transform, ns::DS, "Transform")?;
        let name = name_of(*transform)?;
        let known = match name {
            ns::EXC_C14N | ns::ENVELOPED => true,
            ns::STR_TRANSFORM => policy.token_references,
            _ => false,
        };
        if !known {
            return Err(SignaturFejl::Transformation(excerpt(name)));
        }
    }
    match *transforms {
        [one] if name_of(one)? == ns::EXC_C14N => Ok(Transform::Exclusive(exclusive(one, "Transform")?)),
        [one] if name_of(one)? == ns::STR_TRANSFORM => token(one),
        [first, second] if name_of(first)? == ns::ENVELOPED && name_of(second)? == ns::EXC_C14N => {
            empty(first, "Transform")?;
            Ok(Transform::Enveloped(exclusive(second, "Transform")?))
        }
        _ => Err(SignaturFejl::Transformationer),
    }
}

/// The parameters of an STR-Transform (WS-Security 1.1, 8.3).
fn token<'a>(transform: Node<'a, '_>) -> Result<Transform<'a>> {
    let [parameters] = elements(transform, "Transform")?[..] else {
        return Err(SignaturFejl::Opbygning("Transform"));
    };
    expect(parameters, ns::WSSE, "TransformationParameters")?;
    let [method] = elements(parameters, "TransformationParameters")?[..] else {
        return Err(SignaturFejl::Opbygning("TransformationParameters"));
    };
    Ok(Transform::Token(exclusive(method, "CanonicalizationMethod")?))
}

/// The prefixes of an exclusive canonicalization, which it must be.
fn exclusive<'a>(method: Node<'a, '_>, name: &'static str) -> Result<PrefixList<'a>> {
    expect(method, ns::DS, name)?;
    let algorithm = name_of(method)?;
    if algorithm != ns::EXC_C14N {
        return Err(SignaturFejl::Kanonisering(excerpt(algorithm)));
    }
    match elements(method, name)?[..] {
        [] => Ok(PrefixList::EMPTY),
        [prefixes] => {
            expect(prefixes, ns::EXC_C14N, "InclusiveNamespaces")?;
            empty(prefixes, "InclusiveNamespaces")?;
            Ok(PrefixList::parse(prefixes.attribute("PrefixList").unwrap_or_default())?)
        }
        _ => Err(SignaturFejl::Opbygning(name)),
    }
}

fn expect(node: Node<'_, '_>, namespace: &str, name: &'static str) -> Result<()> {
    if node.has_tag_name((namespace, name)) { Ok(()) } else { Err(SignaturFejl::Opbygning(name)) }
}

fn name_of<'a>(node: Node<'a, '_>) -> Result<&'a str> {
    node.attribute("Algorithm").ok_or(SignaturFejl::Opbygning("Algorithm"))
}

fn is_space(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
}

/// The elements in an element that has nothing else but white space and comments.
pub(super) fn elements<'a, 'd>(node: Node<'a, 'd>, name: &'static str) -> Result<Vec<Node<'a, 'd>>> {
    let mut found = Vec::new();
    for child in node.children() {
        if child.is_element() {
            found.push(child);
        } else if child.is_pi() {
            return Err(SignaturFejl::Instruktion);
        } else if child.is_text() && !is_space(child.text().unwrap_or_default()) {
            return Err(SignaturFejl::Opbygning(name));
        }
    }
    Ok(found)
}

fn empty(node: Node<'_, '_>, name: &'static str) -> Result<()> {
    if elements(node, name)?.is_empty() { Ok(()) } else { Err(SignaturFejl::Opbygning(name)) }
}

fn base64_of(node: Node<'_, '_>, name: &'static str, bytes_max: usize) -> Result<Vec<u8>> {
    if node.children().any(|c| c.is_element() || c.is_pi()) {
        return Err(SignaturFejl::Opbygning(name));
    }
    let mut text = text_of(node);
    text.retain(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'));
    if text.len() > bytes_max.div_ceil(3) * 4 {
        return Err(SignaturFejl::Base64(name));
    }
    STANDARD.decode(text).map_err(|_| SignaturFejl::Base64(name))
}
