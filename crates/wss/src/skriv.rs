//! Writing signed answers.
//!
//! Headers are written in their canonical form, so that what is written is what is signed. The body is written as its own
//! writer likes, and made canonical only to be signed.

use crate::ns::{ANONYMOUS, BASE64, SOAP12, WSA, X509_SKI, X509_V3};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use identity::{Certifikat, tid};
use std::borrow::Cow;
use xml::c14n::{PrefixList, canonicalize};
use xml::sign::{Part, Style, signature};
use xml::{Document, NoegleFejl, SigningKey, escape_into, ns};

/// Life of an answer's timestamp, in microseconds.
const LIFE_MICROS: i64 = 5 * 60 * 1_000_000;

/// How the receiver finds the key of the signature.
#[derive(Debug, Clone, Copy)]
pub enum Noeglehenvisning {
    /// The certificate is sent along (services).
    Certifikat,
    /// The certificate is named by its subject key identifier and known beforehand (the STS).
    Ski,
}

/// Why an answer could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SkrivFejl {
    /// The key.
    #[error(transparent)]
    Noegle(#[from] NoegleFejl),
    /// The body is not well-formed.
    #[error("svaret kan ikke kanoniseres: {0}")]
    Krop(String),
}

/// What stands in the headers of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Svarhoved<'t> {
    /// The namespace of the SOAP version.
    pub soap: &'static str,
    /// The action of the answer.
    pub action: &'t str,
    /// The id of the answer; the STS gives none.
    pub message_id: Option<&'t str>,
    /// The message it answers.
    pub relates_to: &'t str,
    /// Whether `To` is written.
    pub to: bool,
    /// Other headers, whole and not signed.
    pub andre: &'t str,
    /// When it is written.
    pub nu: Instant,
}

/// The key of an answer and its certificate.
#[derive(Debug, Clone, Copy)]
pub struct Underskriver<'k> {
    /// The key.
    pub noegle: &'k SigningKey,
    /// Its certificate.
    pub certifikat: &'k Certifikat,
    /// How the receiver finds it.
    pub henvisning: Noeglehenvisning,
}

/// A whole signed envelope around the content of a body.
///
/// # Errors
/// [`SkrivFejl`].
pub fn underskriv(
    hoved: &Svarhoved<'_>,
    indhold: &str,
    underskriver: &Underskriver<'_>,
) -> Result<String, SkrivFejl> {
    let Svarhoved { soap, nu, .. } = *hoved;
    let must = if soap == SOAP12 { "true" } else { "1" };
    let body_start = format!("<soap:Body xmlns:soap=\"{soap}\" xmlns:wsu=\"{}\" wsu:Id=\"_body\">", ns::WSU);
    let body = [&body_start, indhold, "</soap:Body>"].concat();
    let canonical = canonical(&body)?;

    let mut parts: Vec<(&str, String)> = Vec::with_capacity(7);
    let mut header = |id: &'static str, navn: &str, text: &str| {
        let mut out = format!("<wsa:{navn} xmlns:wsa=\"{WSA}\" xmlns:wsu=\"{}\" wsu:Id=\"{id}\">", ns::WSU);
        escape_into(&mut out, text);
        out.push_str(&format!("</wsa:{navn}>"));
        parts.push((id, out));
    };
    header("_action", "Action", hoved.action);
    if let Some(id) = hoved.message_id {
        header("_messageid", "MessageID", id);
    }
    if hoved.to {
        header("_to", "To", ANONYMOUS);
    }
    header("_relatesto", "RelatesTo", hoved.relates_to);
    let headers = parts.len();
    let expires = Instant::from_micros(nu.micros() + LIFE_MICROS);
    let timestamp = format!(
        "<wsu:Timestamp xmlns:wsu=\"{}\" wsu:Id=\"_timestamp\"><wsu:Created>{}</wsu:Created><wsu:Expires>{}</wsu:Expires></wsu:Timestamp>",
        ns::WSU,
        tid::skriv(nu),
        tid::skriv(expires)
    );
    parts.push(("_timestamp", timestamp));
    let key_info = match underskriver.henvisning {
        Noeglehenvisning::Certifikat => {
            let token = format!(
                "<wsse:BinarySecurityToken xmlns:wsse=\"{}\" xmlns:wsu=\"{}\" EncodingType=\"{BASE64}\" ValueType=\"{X509_V3}\" wsu:Id=\"_bst\">{}</wsse:BinarySecurityToken>",
                ns::WSSE,
                ns::WSU,
                underskriver.certifikat.base64()
            );
            parts.push(("_bst", token));
            format!(
                "<wsse:SecurityTokenReference xmlns:wsse=\"{}\"><wsse:Reference URI=\"#_bst\" ValueType=\"{X509_V3}\"></wsse:Reference></wsse:SecurityTokenReference>",
                ns::WSSE
            )
        }
        Noeglehenvisning::Ski => {
            let ski = underskriver.certifikat.subject_key_identifier().unwrap_or_default();
            format!(
                "<wsse:SecurityTokenReference xmlns:wsse=\"{}\"><wsse:KeyIdentifier ValueType=\"{X509_SKI}\">{}</wsse:KeyIdentifier></wsse:SecurityTokenReference>",
                ns::WSSE,
                STANDARD.encode(ski)
            )
        }
    };
    let mut signed: Vec<Part<'_>> = vec![Part::Element { id: "_body", text: &canonical }];
    signed.extend(parts.iter().map(|(id, text)| Part::Element { id, text }));
    let signature = signature(&signed, &key_info, underskriver.noegle, Style::Default)?;

    let mut out = String::with_capacity(body.len() + 8_192);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"");
    out.push_str(soap);
    out.push_str("\"><soap:Header>");
    out.push_str(hoved.andre);
    parts[..headers].iter().for_each(|(_, text)| out.push_str(text));
    out.push_str(&format!("<wsse:Security xmlns:wsse=\"{}\" soap:mustUnderstand=\"{must}\">", ns::WSSE));
    parts[headers..].iter().for_each(|(_, text)| out.push_str(text));
    out.push_str(&signature);
    out.push_str("</wsse:Security></soap:Header>");
    out.push_str(&body);
    out.push_str("</soap:Envelope>");
    Ok(out)
}

/// The canonical form of a body that declares all it uses.
fn canonical(body: &str) -> Result<Cow<'_, str>, SkrivFejl> {
    let document = Document::parse(body).map_err(|fejl| SkrivFejl::Krop(fejl.to_string()))?;
    let text = canonicalize(document.root_element(), &PrefixList::default());
    text.map(Cow::Owned).map_err(|fejl| SkrivFejl::Krop(fejl.to_string()))
}
