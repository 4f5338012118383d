//! The digests, and then the value.

use super::fejl::excerpt;
use super::parse::elements;
use super::{Coverage, Covered, Reference, SignaturFejl, Signature, Transform, Verified};
use crate::c14n::{PrefixList, canonicalize_into, size_bytes_max};
use crate::{Ids, Node, NoegleFejl, PublicKey, ns, text_of};
use aws_lc_rs::digest;

pub(super) fn verify<'a, 'd>(
    signature: &Signature<'a, 'd>,
    ids: &Ids<'a, 'd>,
    key: &PublicKey,
) -> Result<Verified<'a, 'd>, SignaturFejl> {
    if !std::ptr::eq(ids.document(), signature.node.document()) {
        return Err(SignaturFejl::FremmedDokument);
    }
    if !key.fits(signature.algorithm) {
        return Err(SignaturFejl::Noegle);
    }
    let mut canonical = Canonical::of(signature.node);
    let mut covered = Vec::with_capacity(signature.references.len());
    for reference in &signature.references {
        let found = resolve(signature, reference, ids)?;
        canonical.digest(signature, reference, found)?;
        covered.push(found);
    }
    let message = canonical.form(signature.signed_info, &signature.canonicalization, None)?;
    key.verify(signature.algorithm, message.as_bytes(), &signature.value).map_err(|fejl| match fejl {
        NoegleFejl::Algoritme => SignaturFejl::Noegle,
        _ => SignaturFejl::Vaerdi,
    })?;
    Ok(Verified {
        signature: signature.node,
        covered,
        value: signature.value.clone(),
        algorithm: signature.algorithm,
        key_info: signature.key_info,
    })
}

/// The node that a reference is to, in the end.
fn resolve<'a, 'd>(
    signature: &Signature<'a, 'd>,
    reference: &Reference<'a>,
    ids: &Ids<'a, 'd>,
) -> Result<Covered<'a, 'd>, SignaturFejl> {
    let uri = || excerpt(reference.uri);
    let node = match reference.uri.strip_prefix('#') {
        Some(id) => ids.find(id).ok_or_else(|| SignaturFejl::UkendtId(excerpt(id)))?,
        None => ids.document().root_element(),
    };
    match reference.transform {
        Transform::Exclusive(_) => Ok(Covered { node, how: Coverage::Direct }),
        Transform::Enveloped(_) if signature.node.ancestors().skip(1).any(|n| n == node) => {
            Ok(Covered { node, how: Coverage::Enveloped })
        }
        Transform::Enveloped(_) => Err(SignaturFejl::IkkeIndeni(uri())),
        Transform::Token(_) => {
            let token = token_of(node, ids).ok_or_else(|| SignaturFejl::Token(uri()))?;
            Ok(Covered { node: token, how: Coverage::Token(node) })
        }
    }
}

/// The assertion that a `wsse:SecurityTokenReference` names by its ID.
fn token_of<'a, 'd>(reference: Node<'_, '_>, ids: &Ids<'a, 'd>) -> Option<Node<'a, 'd>> {
    if !reference.has_tag_name((ns::WSSE, "SecurityTokenReference")) {
        return None;
    }
    let [identifier] = elements(reference, "SecurityTokenReference").ok()?[..] else { return None };
    let named = identifier.has_tag_name((ns::WSSE, "KeyIdentifier"))
        && identifier.attribute("ValueType") == Some(ns::SAML_ID)
        && identifier.first_element_child().is_none();
    let id = text_of(identifier);
    let id = id.trim_matches([' ', '\t', '\r', '\n']);
    let token = ids.find(id).filter(|_| named)?;
    let right = token.has_tag_name((ns::SAML, "Assertion")) && token.attribute("ID") == Some(id);
    right.then_some(token)
}

/// Makes canonical forms in one buffer, within what they may be together.
struct Canonical {
    text: String,
    left_bytes: usize,
}

impl Canonical {
    fn of(node: Node<'_, '_>) -> Self {
        Self { text: String::new(), left_bytes: size_bytes_max(node.document()) }
    }

    fn form(
        &mut self,
        apex: Node<'_, '_>,
        prefixes: &PrefixList<'_>,
        excluded: Option<Node<'_, '_>>,
    ) -> Result<&str, SignaturFejl> {
        self.text.clear();
        let seen = canonicalize_into(&mut self.text, apex, prefixes, excluded, self.left_bytes)?;
        if seen.instruction {
            return Err(SignaturFejl::Instruktion);
        }
        self.left_bytes -= self.text.len();
        Ok(&self.text)
    }

    fn digest(
        &mut self,
        signature: &Signature<'_, '_>,
        reference: &Reference<'_>,
        covered: Covered<'_, '_>,
    ) -> Result<(), SignaturFejl> {
        let algorithm = reference.digest.implementation();
        let (prefixes, excluded) = match &reference.transform {
            Transform::Exclusive(prefixes) | Transform::Token(prefixes) => (prefixes, None),
            Transform::Enveloped(prefixes) => (prefixes, Some(signature.node)),
        };
        // A reference to the document is also to what stands beside its root element.
        let apex = if reference.uri.is_empty() { covered.node.document().root() } else { covered.node };
        let form = self.form(apex, prefixes, excluded)?;
        let whole = || digest::digest(algorithm, form.as_bytes());
        // Some senders write on the token that it has no default namespace, some do not.
        let undeclared = || {
            let (name, rest) = without_default(form)?;
            let mut context = digest::Context::new(algorithm);
            for part in [name, " xmlns=\"\"", rest] {
                context.update(part.as_bytes());
            }
            Some(context.finish())
        };
        let token = matches!(reference.transform, Transform::Token(_));
        if whole().as_ref() == reference.value
            || token && undeclared().is_some_and(|d| d.as_ref() == reference.value)
        {
            return Ok(());
        }
        Err(SignaturFejl::Digest(excerpt(reference.uri)))
    }
}

/// A canonical element, divided after its name, unless it declares a default namespace: that always stands first.
fn without_default(form: &str) -> Option<(&str, &str)> {
    let (name, rest) = form.split_at(form.find([' ', '>'])?);
    (!rest.starts_with(" xmlns=")).then_some((name, rest))
}
