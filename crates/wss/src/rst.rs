//! `RequestSecurityToken` of WS-Trust 1.3: what is asked for.

use crate::ns::{SAML_V2, WSA};
use bitemporal::Instant;
use identity::{Certifikat, Kartotek, tid};
use oio::Cvr;
use xml::{Node, ns, text_of};

/// WS-Trust 1.3.
pub const WST: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
/// WS-Trust 1.4, for `ActAs`.
const WST14: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200802";
/// WS-Policy, for `AppliesTo`.
pub const WSP: &str = "http://schemas.xmlsoap.org/ws/2004/09/policy";
/// The claims dialect.
const AUTH: &str = "http://docs.oasis-open.org/wsfed/authorization/200706";
const AUTHCLAIMS: &str = "http://docs.oasis-open.org/wsfed/authorization/200706/authclaims";
/// The claim that names the authority.
pub const CVR_CLAIM: &str = "dk:gov:saml:attribute:CvrNumberIdentifier";
/// The request for issuing.
pub const ISSUE: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue";
/// Issuing to a public key.
pub const PUBLIC_KEY: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/PublicKey";
/// Issuing to a shared key: nobody is, but some ask for it.
const SYMMETRIC_KEY: &str = "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Symmetric";
/// Longest `Context` echoed, in bytes.
const CONTEXT_BYTES_MAX: usize = 1_024;

/// Why a request is not read. The texts are Danish and for the access log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RstFejl {
    /// The request is put together wrongly.
    #[error("{0}")]
    Form(String),
    /// Something else is asked for than a SAML 2.0 token to a public key; this is what says so.
    #[error("{0} understøttes ikke")]
    Ikke(String),
    /// No claim, or not one CVR number.
    #[error("anmodningen nævner ikke netop ét CVR-nummer")]
    Kontekst,
    /// What stands in OnBehalfOf cannot be read.
    #[error("på vegne af: {0}")]
    PaaVegneAf(String),
}

/// Whom the token is asked for, when not for the sender.
#[derive(Debug, Clone)]
pub enum Obo<'a, 'd> {
    /// A token of theirs (normal).
    Assertion(Node<'a, 'd>),
    /// Their certificate (proxy).
    Certifikat(Certifikat),
}

/// The key that the token is to be bound to.
#[derive(Debug, Clone)]
pub enum UseKey {
    /// The key of this certificate.
    Certifikat(Certifikat),
    /// A bare key, as modulus and exponent in base64: must be the sender's own.
    Noegle(String, String),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Rst<'a, 'd> {
    /// `Context`, to be echoed.
    pub context: Option<&'a str>,
    /// The service.
    pub applies_to: String,
    /// The authority.
    pub cvr: Cvr,
    /// The key.
    pub use_key: Option<UseKey>,
    /// When the token should expire at the latest.
    pub expires: Option<Instant>,
    /// Whom it is for.
    pub obo: Option<Obo<'a, 'd>>,
    /// Whether it asks for a symmetric key, as a template in circulation makes some clients do.
    pub symmetrisk: bool,
}

fn form(text: impl Into<String>) -> RstFejl {
    RstFejl::Form(text.into())
}

fn only<'a, 'd>(
    parent: Node<'a, 'd>,
    space: &str,
    name: &'static str,
) -> Result<Option<Node<'a, 'd>>, RstFejl> {
    let mut found = parent.children().filter(|c| c.has_tag_name((space, name)));
    let first = found.next();
    if found.next().is_some() {
        return Err(form(format!("{name} står flere gange")));
    }
    Ok(first)
}

fn text(node: Node<'_, '_>) -> String {
    text_of(node).trim().to_owned()
}

/// Demands that an element says one of `allowed`; it may be left out when `optional`.
fn says(rst: Node<'_, '_>, name: &'static str, allowed: &[&str], optional: bool) -> Result<(), RstFejl> {
    match only(rst, WST, name)?.map(text) {
        None if optional => Ok(()),
        None => Err(form(format!("{name} mangler"))),
        Some(value) if allowed.contains(&value.as_str()) => Ok(()),
        Some(_) => Err(RstFejl::Ikke(name.to_owned())),
    }
}

impl<'a, 'd: 'a> Rst<'a, 'd> {
    /// Reads the request. Elements may come in any order; what is not known is left alone. Certificates are found in
    /// `kartotek`, or read.
    ///
    /// # Errors
    /// What is missing, wrong or not supported.
    pub fn laes(rst: Node<'a, 'd>, kartotek: &Kartotek) -> Result<Self, RstFejl> {
        match (rst.tag_name().namespace(), rst.tag_name().name()) {
            (Some(WST), "RequestSecurityToken") => {}
            (Some(_), "RequestSecurityToken") => return Err(RstFejl::Ikke("WS-Trust version".into())),
            _ => return Err(form("Body skal indeholde RequestSecurityToken")),
        }
        says(rst, "TokenType", &[SAML_V2], true)?;
        says(rst, "RequestType", &[ISSUE], false)?;
        says(rst, "KeyType", &[PUBLIC_KEY, SYMMETRIC_KEY], false)?;
        let context = rst.attribute("Context").filter(|c| c.len() <= CONTEXT_BYTES_MAX);
        Ok(Self {
            context,
            applies_to: applies_to(rst)?,
            cvr: cvr(rst)?,
            use_key: use_key(rst, kartotek)?,
            expires: expires(rst)?,
            obo: obo(rst, kartotek)?,
            symmetrisk: says(rst, "KeyType", &[SYMMETRIC_KEY], false).is_ok(),
        })
    }
}

fn applies_to(rst: Node<'_, '_>) -> Result<String, RstFejl> {
    let applies = only(rst, WSP, "AppliesTo")?.ok_or_else(|| form("AppliesTo mangler"))?;
    let epr = only(applies, WSA, "EndpointReference")?;
    let address = match epr {
        Some(epr) => only(epr, WSA, "Address")?,
        None => None,
    };
    let address = address.map(text).filter(|a| !a.is_empty());
    address.ok_or_else(|| form("AppliesTo skal indeholde EndpointReference/Address"))
}

/// The one CVR number among the claims. A client or two leaves the namespace of `Value` out.
fn cvr(rst: Node<'_, '_>) -> Result<Cvr, RstFejl> {
    let claims = only(rst, WST, "Claims")?.ok_or(RstFejl::Kontekst)?;
    if claims.attribute("Dialect").map(str::trim) != Some(AUTHCLAIMS) {
        return Err(RstFejl::Kontekst);
    }
    let types = claims.children().filter(|c| c.has_tag_name((AUTH, "ClaimType")));
    let mut of_cvr = types.filter(|c| c.attribute("Uri").map(str::trim) == Some(CVR_CLAIM));
    let claim = of_cvr.next().ok_or(RstFejl::Kontekst)?;
    if of_cvr.next().is_some() {
        return Err(RstFejl::Kontekst);
    }
    let mut values = claim.children().filter(|c| {
        c.is_element()
            && c.tag_name().name() == "Value"
            && matches!(c.tag_name().namespace(), None | Some(AUTH))
    });
    let value = values.next().map(text).ok_or(RstFejl::Kontekst)?;
    if values.next().is_some() {
        return Err(RstFejl::Kontekst);
    }
    value.parse().map_err(|_| RstFejl::Kontekst)
}

fn use_key(rst: Node<'_, '_>, kartotek: &Kartotek) -> Result<Option<UseKey>, RstFejl> {
    let Some(use_key) = only(rst, WST, "UseKey")? else { return Ok(None) };
    let inner = use_key.first_element_child().ok_or_else(|| form("UseKey er tom"))?;
    let certifikat = |node| kartotek.laes_base64(&text_of(node)).map_err(|fejl| form(fejl.to_string()));
    if inner.has_tag_name((ns::WSSE, "BinarySecurityToken")) {
        return Ok(Some(UseKey::Certifikat(certifikat(inner)?)));
    }
    let find = |name: &str| inner.descendants().find(|n| n.has_tag_name((ns::DS, name)));
    if let Some(x509) = find("X509Certificate") {
        return Ok(Some(UseKey::Certifikat(certifikat(x509)?)));
    }
    match (find("Modulus"), find("Exponent")) {
        (Some(modulus), Some(exponent)) => {
            let dense = |node| text_of(node).split_whitespace().collect::<String>();
            Ok(Some(UseKey::Noegle(dense(modulus), dense(exponent))))
        }
        _ => Err(form("UseKey skal indeholde et certifikat")),
    }
}

fn expires(rst: Node<'_, '_>) -> Result<Option<Instant>, RstFejl> {
    let Some(lifetime) = only(rst, WST, "Lifetime")? else { return Ok(None) };
    let Some(expires) = only(lifetime, ns::WSU, "Expires")? else { return Ok(None) };
    tid::laes(&text_of(expires)).map(Some).map_err(|fejl| form(format!("Lifetime: {fejl}")))
}

fn obo<'a, 'd: 'a>(rst: Node<'a, 'd>, kartotek: &Kartotek) -> Result<Option<Obo<'a, 'd>>, RstFejl> {
    let found = match (only(rst, WST, "OnBehalfOf")?, only(rst, WST14, "ActAs")?) {
        (None, None) => return Ok(None),
        (Some(one), None) | (None, Some(one)) => one,
        (Some(_), Some(_)) => return Err(form("både OnBehalfOf og ActAs")),
    };
    let mut children = found.children().filter(Node::is_element);
    let ulaeselig = |hvad: &str| RstFejl::PaaVegneAf(hvad.to_owned());
    let inner = children.next().ok_or_else(|| ulaeselig("der er intet token"))?;
    if children.next().is_some() {
        return Err(ulaeselig("der er flere tokens"));
    }
    match (inner.tag_name().namespace(), inner.tag_name().name()) {
        (Some(ns::SAML), "Assertion") => Ok(Some(Obo::Assertion(inner))),
        (Some(ns::WSSE), "BinarySecurityToken") => kartotek
            .laes_base64(&text_of(inner))
            .map(|c| Some(Obo::Certifikat(c)))
            .map_err(|fejl| RstFejl::PaaVegneAf(fejl.to_string())),
        _ => Err(ulaeselig("det er hverken et token eller et certifikat")),
    }
}

#[cfg(test)]
mod tests {
    use super::{AUTH, AUTHCLAIMS, CVR_CLAIM, Rst, RstFejl, WSP, WST};
    use identity::Kartotek;

    fn claims(inner: &str) -> String {
        format!("<t:Claims Dialect='{AUTHCLAIMS}' xmlns:a='{AUTH}'>{inner}</t:Claims>")
    }

    fn one(value: &str) -> String {
        claims(&format!("<a:ClaimType Uri='{CVR_CLAIM}'>{value}</a:ClaimType>"))
    }

    fn rst(change: impl Fn(String) -> String) -> String {
        let base = format!(
            "<t:RequestType>{}</t:RequestType><t:KeyType> {} </t:KeyType><p:AppliesTo><w:EndpointReference>\
             <w:Address> urn:service </w:Address></w:EndpointReference></p:AppliesTo>CLAIMS<t:Entropy/>",
            super::ISSUE,
            super::PUBLIC_KEY
        );
        let inner = change(base.replace("CLAIMS", &one("<a:Value>11223344</a:Value>")));
        format!(
            "<t:RequestSecurityToken xmlns:t='{WST}' xmlns:p='{WSP}' xmlns:w='{}'>{inner}</t:RequestSecurityToken>",
            crate::ns::WSA
        )
    }

    #[track_caller]
    fn check(text: &str, expected: Result<(&str, &str), &str>) {
        let document = xml::Document::parse(text).expect("well-formed");
        let read = Rst::laes(document.root_element(), &Kartotek::default());
        let told = read.map(|r| (r.applies_to, r.cvr.to_string())).map_err(|fejl: RstFejl| fejl.to_string());
        match (told, expected) {
            (Ok((applies_to, cvr)), Ok(wanted)) => assert_eq!((applies_to.as_str(), cvr.as_str()), wanted),
            (Err(fejl), Err(part)) => assert!(fejl.contains(part), "{fejl}"),
            (told, expected) => panic!("{told:?}, not {expected:?}: {text}"),
        }
    }

    #[test]
    fn what_clients_send_is_read() {
        check(&rst(|s| s), Ok(("urn:service", "11223344")));
        check(
            &rst(|s| s.replace("<a:Value>", "<Value>").replace("</a:Value>", "</Value>")),
            Ok(("urn:service", "11223344")),
        );
        check(&rst(|s| s.replace("11223344", "1122<!-- -->3344")), Ok(("urn:service", "11223344")));
    }

    #[test]
    fn a_request_for_a_symmetric_key_is_told_apart() {
        for (text, expected) in [(rst(|s| s), false), (rst(|s| s.replace("PublicKey", "Symmetric")), true)] {
            let document = xml::Document::parse(&text).expect("well-formed");
            assert_eq!(
                Rst::laes(document.root_element(), &Kartotek::default()).expect("read").symmetrisk,
                expected
            );
        }
    }

    #[test]
    fn what_is_wrong_is_refused() {
        check(&rst(|s| s.replace("200512/Issue", "200512/Renew")), Err("RequestType understøttes ikke"));
        check(&rst(|s| s.replace("PublicKey", "Bearer")), Err("KeyType understøttes ikke"));
        check(&rst(|s| s.replace("11223344", "1122334")), Err("netop ét CVR-nummer"));
        check(&rst(|s| s.replace("authclaims", "other")), Err("netop ét CVR-nummer"));
        let twice = one("<a:Value>11223344</a:Value><a:Value>22334455</a:Value>");
        check(&rst(|s| s.replace(&one("<a:Value>11223344</a:Value>"), &twice)), Err("netop ét CVR-nummer"));
        check(
            &rst(|s| s.replace("<p:AppliesTo>", "<p:AppliesTo/><p:AppliesTo>")),
            Err("AppliesTo står flere gange"),
        );
        check(&rst(|s| s.replace("<t:Entropy/>", "<t:OnBehalfOf/>")), Err("på vegne af"));
        let old = rst(|s| s).replace(WST, "http://schemas.xmlsoap.org/ws/2005/02/trust");
        check(&old, Err("WS-Trust version understøttes ikke"));
    }
}
