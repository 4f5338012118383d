//! The security header: its timestamp, tokens and signature; and what the signature must cover.

use crate::ns::{X509_SHA1, X509_SKI};
use crate::{Konvolut, WssFejl};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use identity::{Certifikat, Kartotek, tid};
use xml::{Coverage, Ids, Node, Policy, PublicKey, Signature, Verified, ns, text_of};

/// How far two clocks may be apart, in microseconds.
pub const SKEW_MICROS: i64 = 5 * 60 * 1_000_000;
/// Longest time between Created and Expires, in microseconds.
const LIFE_MICROS_MAX: i64 = 15 * 60 * 1_000_000;
/// The life of a timestamp that says nothing of it, in microseconds.
const LIFE_MICROS: i64 = 5 * 60 * 1_000_000;

/// The parts of a `wsse:Security` header.
#[derive(Debug, Clone)]
pub struct Sikkerhed<'a, 'd> {
    /// The header itself.
    pub security: Node<'a, 'd>,
    /// The timestamp.
    pub timestamp: Node<'a, 'd>,
    /// The signature of the message.
    pub signature: Node<'a, 'd>,
    /// Certificates.
    pub bst: Vec<Node<'a, 'd>>,
    /// SAML assertions.
    pub assertions: Vec<Node<'a, 'd>>,
}

/// How the token is tied to the signature of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokenbeskyttelse {
    /// (a) Through a reference, by the STR-Transform.
    Str,
    /// (b) Directly.
    Direkte,
    /// (c) Only the reference is signed; the token is tied by its own signature and the key.
    Pegepind,
}

/// Which headers must be signed when they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Krav {
    /// Also `ReplyTo` and the Liberty header.
    Alle,
    /// Not `ReplyTo` (it must be anonymous anyway) nor the Liberty header.
    UdenSvaradresse,
}

impl<'a, 'd: 'a> Sikkerhed<'a, 'd> {
    /// Finds the parts of the security header.
    ///
    /// # Errors
    /// When there is none, or it has not one timestamp and one signature.
    pub fn laes(konvolut: &Konvolut<'a, 'd>) -> Result<Self, WssFejl> {
        let security = konvolut.security.ok_or(WssFejl::Mangler("wsse:Security"))?;
        let (mut timestamp, mut signature) = (None, None);
        let (mut bst, mut assertions) = (Vec::new(), Vec::new());
        for part in security.children().filter(Node::is_element) {
            let (place, navn) = match (part.tag_name().namespace(), part.tag_name().name()) {
                (Some(ns::WSU), "Timestamp") => (&mut timestamp, "wsu:Timestamp"),
                (Some(ns::DS), "Signature") => (&mut signature, "ds:Signature"),
                (Some(ns::WSSE), "BinarySecurityToken") => {
                    bst.push(part);
                    continue;
                }
                (Some(ns::SAML), "Assertion") => {
                    assertions.push(part);
                    continue;
                }
                _ => continue,
            };
            if place.replace(part).is_some() {
                return Err(WssFejl::Dobbelt(navn));
            }
        }
        let timestamp = timestamp.ok_or(WssFejl::Mangler("wsu:Timestamp"))?;
        let signature = signature.ok_or(WssFejl::Mangler("ds:Signature"))?;
        Ok(Self { security, timestamp, signature, bst, assertions })
    }

    /// The only certificate sent along, found in `kartotek` or read.
    ///
    /// # Errors
    /// When there is not exactly one, or it cannot be read.
    pub fn certifikat(&self, kartotek: &Kartotek) -> Result<Certifikat, WssFejl> {
        match self.bst.as_slice() {
            [one] => Ok(kartotek.laes_base64(&text_of(*one))?),
            [] => Err(WssFejl::Mangler("wsse:BinarySecurityToken")),
            _ => Err(WssFejl::Dobbelt("wsse:BinarySecurityToken")),
        }
    }

    /// The only assertion sent along.
    ///
    /// # Errors
    /// When there is not exactly one.
    pub fn assertion(&self) -> Result<Node<'a, 'd>, WssFejl> {
        match self.assertions.as_slice() {
            [one] => Ok(*one),
            [] => Err(WssFejl::Mangler("saml:Assertion")),
            _ => Err(WssFejl::Dobbelt("saml:Assertion")),
        }
    }

    /// Checks that the message is within its time, and tells until when it can be sent again.
    ///
    /// # Errors
    /// When a time cannot be read, or the message is outside its time.
    pub fn tidsstempel(&self, nu: Instant) -> Result<Instant, WssFejl> {
        let time = |name: &'static str| -> Result<Option<i64>, WssFejl> {
            let mut found = self.timestamp.children().filter(|c| c.has_tag_name((ns::WSU, name)));
            let first = found.next();
            if found.next().is_some() {
                return Err(WssFejl::Dobbelt("wsu:Created eller wsu:Expires"));
            }
            first.map(|n| Ok(tid::laes(&text_of(n))?.micros())).transpose()
        };
        let created = time("Created")?.ok_or(WssFejl::Mangler("wsu:Created"))?;
        let expires = time("Expires")?.unwrap_or(created.saturating_add(LIFE_MICROS));
        let life = expires.saturating_sub(created);
        if life <= 0 || life > LIFE_MICROS_MAX {
            return Err(WssFejl::Udloebet("Expires ligger før Created eller for langt efter"));
        }
        let nu = nu.micros();
        if nu < created.saturating_sub(SKEW_MICROS) {
            return Err(WssFejl::Udloebet("den er fra fremtiden"));
        }
        let last = expires.saturating_add(SKEW_MICROS);
        if nu >= last {
            return Err(WssFejl::Udloebet("den er udløbet"));
        }
        Ok(Instant::from_micros(last))
    }

    /// Verifies the signature of the message, and that it covers what it must and nothing that is not read.
    ///
    /// # Errors
    /// What does not fit.
    pub fn verify(
        &self,
        konvolut: &Konvolut<'a, 'd>,
        ids: &Ids<'a, 'd>,
        key: &PublicKey,
        krav: Krav,
    ) -> Result<Verified<'a, 'd>, WssFejl> {
        let signature = Signature::parse(self.signature, Policy::WS_SECURITY)?;
        let verified = signature.verify(ids, key)?;
        for covered in verified.covered() {
            let parent = covered.node.parent_element();
            let here = |parent: Option<Node<'_, '_>>| parent == Some(self.security);
            let in_use = match covered.how {
                Coverage::Token(reference) => here(parent) && here(reference.parent_element()),
                Coverage::Direct => {
                    covered.node == konvolut.body
                        || here(parent)
                        || (parent.is_some() && parent == konvolut.header)
                }
                Coverage::Enveloped => false,
            };
            if !in_use {
                return Err(WssFejl::Fremmed(covered.node.tag_name().name().chars().take(60).collect()));
            }
        }
        let a = &konvolut.adressering;
        let all = krav == Krav::Alle;
        let demanded = [
            (Some(konvolut.body), "Body", true),
            (Some(self.timestamp), "wsu:Timestamp", true),
            (a.action, "wsa:Action", true),
            (a.message_id, "wsa:MessageID", true),
            (a.to, "wsa:To", true),
            (a.reply_to, "wsa:ReplyTo", all),
            (a.fault_to, "wsa:FaultTo", true),
            (a.from, "wsa:From", true),
            (a.relates_to, "wsa:RelatesTo", true),
            (konvolut.framework, "sbf:Framework", all),
        ];
        for (node, navn, must) in demanded {
            if must && node.is_some_and(|n| !verified.covers(n)) {
                return Err(WssFejl::Udaekket(navn));
            }
        }
        Ok(verified)
    }

    /// Checks that the key information points at the certificate sent along.
    ///
    /// # Errors
    /// [`WssFejl::NoegleInfo`].
    pub fn peger_paa_certifikat(
        &self,
        verified: &Verified<'a, 'd>,
        ids: &Ids<'a, 'd>,
        certifikat: &Certifikat,
    ) -> Result<(), WssFejl> {
        let inner = reference(verified.key_info()).ok_or(WssFejl::NoegleInfo)?;
        let text = || text_of(inner).trim().to_owned();
        let same = match (inner.tag_name().namespace(), inner.tag_name().name()) {
            (Some(ns::WSSE), "Reference") => {
                let id = inner.attribute("URI").and_then(|u| u.strip_prefix('#'));
                let target = id.and_then(|id| ids.find(id));
                target.is_some() && target == self.bst.first().copied()
            }
            (Some(ns::WSSE), "KeyIdentifier") => match inner.attribute("ValueType") {
                Some(X509_SHA1) => text() == STANDARD.encode(certifikat.sha1()),
                Some(X509_SKI) => {
                    certifikat.subject_key_identifier().is_some_and(|ski| text() == STANDARD.encode(ski))
                }
                _ => false,
            },
            (Some(ns::DS), "X509Data") => issuer_serial(inner, certifikat),
            _ => false,
        };
        same.then_some(()).ok_or(WssFejl::NoegleInfo)
    }

    /// Checks that the key information points at the assertion with this id, and tells how the token is tied.
    ///
    /// # Errors
    /// [`WssFejl::NoegleInfo`], or that the token is not covered.
    pub fn tokenbeskyttelse(
        &self,
        verified: &Verified<'a, 'd>,
        assertion: Node<'a, 'd>,
        assertion_id: &str,
    ) -> Result<Tokenbeskyttelse, WssFejl> {
        let inner = reference(verified.key_info()).ok_or(WssFejl::NoegleInfo)?;
        let named = inner.has_tag_name((ns::WSSE, "KeyIdentifier"))
            && inner.attribute("ValueType") == Some(ns::SAML_ID)
            && text_of(inner).trim() == assertion_id;
        if !named {
            return Err(WssFejl::NoegleInfo);
        }
        let of_token = verified.covered().iter().find(|c| c.node == assertion);
        match of_token.map(|c| c.how) {
            Some(Coverage::Token(_)) => Ok(Tokenbeskyttelse::Str),
            Some(_) => Ok(Tokenbeskyttelse::Direkte),
            None => {
                let pointed = verified.covered().iter().any(|c| {
                    c.node.has_tag_name((ns::WSSE, "SecurityTokenReference"))
                        && c.node.first_element_child().is_some_and(|k| text_of(k).trim() == assertion_id)
                });
                pointed.then_some(Tokenbeskyttelse::Pegepind).ok_or(WssFejl::Udaekket("tokenet"))
            }
        }
    }
}

/// What stands in the only `SecurityTokenReference` of a `KeyInfo`.
fn reference<'a, 'd>(key_info: Option<Node<'a, 'd>>) -> Option<Node<'a, 'd>> {
    let mut children = key_info?.children().filter(Node::is_element);
    let reference = children.next().filter(|c| c.has_tag_name((ns::WSSE, "SecurityTokenReference")))?;
    let mut inner = reference.children().filter(Node::is_element);
    let only = inner.next()?;
    (children.next().is_none() && inner.next().is_none()).then_some(only)
}

/// Whether an issuer and serial number are those of the certificate. The serial number tells: the name has many spellings.
fn issuer_serial(x509_data: Node<'_, '_>, certifikat: &Certifikat) -> bool {
    let serial = x509_data.descendants().find(|n| n.has_tag_name((ns::DS, "X509SerialNumber")));
    let Some(text) = serial.map(text_of) else { return false };
    decimal(certifikat.serienummer()).is_some_and(|own| own == text.trim())
}

/// A positive big-endian number in decimal; `None` when it is longer than serial numbers are.
fn decimal(bytes: &[u8]) -> Option<String> {
    if bytes.is_empty() || bytes.len() > 21 || bytes[0] & 0x80 != 0 {
        return None;
    }
    // Least significant digit first.
    let mut digits = vec![0u8];
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            let value = u32::from(*digit) * 256 + carry;
            *digit = (value % 10) as u8;
            carry = value / 10;
        }
        while carry > 0 {
            digits.push((carry % 10) as u8);
            carry /= 10;
        }
    }
    Some(digits.iter().rev().map(|d| char::from(b'0' + d)).collect())
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn serial_numbers_in_decimal() {
        assert_eq!(decimal(&[0]).as_deref(), Some("0"));
        assert_eq!(decimal(&[0x01, 0x00]).as_deref(), Some("256"));
        assert_eq!(decimal(&[0x00, 0xff, 0xff, 0xff, 0xff]).as_deref(), Some("4294967295"));
        assert_eq!(decimal(&[0x80]), None);
    }
}
