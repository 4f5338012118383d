//! The answer an Identity Provider gives when somebody has logged in: read, and its signature judged, without anybody being
//! let in by it.
//!
//! What a signature does not cover is never taken for covered: every signature must stand in the answer or in its only
//! assertion, and be about just that. Anything else is a document made to be read differently by two readers, and refused.

use super::laes::{blad, tidspunkt};
use super::signatur::Sts;
use super::{SamlFejl, certifikat_i};
use crate::Certifikat;
use bitemporal::Instant;
use xml::{Coverage, DobbeltId, Ids, Limits, Node, Policy, Signature, XmlFejl, ns};

/// Bytes of an answer.
pub const LOGIN_MAX: usize = 256 * 1024;
const ELEMENTER_MAX: usize = 10_000;
const ATTRIBUTTER_MAX: usize = 200;

/// Why an answer is not read. The texts are Danish, for whoever tries it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginFejl {
    /// Not XML, or beyond its limits.
    #[error("{0}")]
    Xml(#[from] XmlFejl),
    /// The same id twice.
    #[error("{0}")]
    Id(#[from] DobbeltId),
    /// Neither an answer nor an assertion.
    #[error("det er hverken et SAML-svar (Response) eller en Assertion")]
    Rod,
    /// Too large.
    #[error("der er over {0} elementer eller attributter")]
    Antal(usize),
    /// None or several assertions.
    #[error("der er {0} Assertion; der skal være netop én")]
    Assertions(usize),
    /// It cannot be read without the key of whoever it is for.
    #[error(
        "billetten er krypteret (EncryptedAssertion). Slå kryptering fra under prøven, eller indsæt rolle-attributten alene"
    )]
    Krypteret,
    /// A signature about something else than what it stands in.
    #[error(
        "der er en signatur, som ikke dækker netop det, den står i. Den slags bruges til at forfalske billetter"
    )]
    Daekning,
    /// Something is missing, or one too many.
    #[error("opbygningen er forkert ved {0}")]
    Opbygning(&'static str),
    /// What is wrong inside it.
    #[error("{0}")]
    Saml(#[from] SamlFejl),
}

/// What is said of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Underskrevet {
    /// It holds, by the key of this certificate.
    Ja(Box<Certifikat>),
    /// There is none.
    Nej,
    /// It does not hold, or is by somebody else.
    Forkert(SamlFejl),
}

/// What an answer says, whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loginsvar {
    /// What is said of its signature.
    pub underskrevet: Underskrevet,
    /// The outermost and the innermost status, when the answer has one.
    pub status: Option<String>,
    /// The issuer of the assertion.
    pub udsteder: String,
    /// The issuer of the answer, when it names one.
    pub svarudsteder: Option<String>,
    /// Who logged in, and in which format that is said.
    pub name_id: (String, String),
    /// From when and until when it holds: the narrowest of what is said.
    pub gyldig: (Option<Instant>, Option<Instant>),
    /// Whom it is for.
    pub audiences: Vec<String>,
    /// How the person logged in.
    pub klasse: Option<String>,
    /// How many confirmations it has by which the bearer is the person.
    pub baerere: usize,
    /// The attributes, in their order, each with its values.
    pub attributter: Vec<(String, Vec<String>)>,
}

impl Loginsvar {
    /// The values of an attribute, in whatever pieces they stand.
    #[must_use]
    pub fn vaerdier(&self, navn: &str) -> Vec<String> {
        let alle = self.attributter.iter().filter(|(n, _)| n == navn);
        alle.flat_map(|(_, v)| v).cloned().collect()
    }
}

/// Reads an answer or an assertion, and judges its signature by the keys of `idp`.
///
/// # Errors
/// Why it is not read.
pub fn laes_login(bytes: &[u8], idp: &Sts) -> Result<Loginsvar, LoginFejl> {
    let graenser = Limits { depth_max: 64, attributes_max: 64, ..Limits::of_size(LOGIN_MAX) };
    let dokument = xml::parse(bytes, &graenser)?;
    if dokument.descendants().filter(Node::is_element).count() > ELEMENTER_MAX {
        return Err(LoginFejl::Antal(ELEMENTER_MAX));
    }
    let ids = Ids::of(&dokument)?;
    let rod = dokument.root_element();
    let svar = rod.has_tag_name((ns::SAMLP, "Response"));
    if !svar && !rod.has_tag_name((ns::SAML, "Assertion")) {
        return Err(LoginFejl::Rod);
    }
    if dokument.descendants().any(|n| n.has_tag_name((ns::SAML, "EncryptedAssertion"))) {
        return Err(LoginFejl::Krypteret);
    }
    let status = if svar { status(rod) } else { None };
    let alle: Vec<_> = dokument.descendants().filter(|n| n.has_tag_name((ns::SAML, "Assertion"))).collect();
    let [assertion] = alle[..] else { return Err(LoginFejl::Assertions(alle.len())) };
    if svar && assertion.parent() != Some(rod) {
        return Err(LoginFejl::Opbygning("Assertion"));
    }
    if [rod, assertion].iter().any(|n| n.attribute("Version") != Some("2.0")) {
        return Err(SamlFejl::Version.into());
    }
    let underskrevet = underskrevet((rod, assertion), &ids, idp)?;
    laes(rod, assertion, underskrevet, status)
}

fn status(rod: Node<'_, '_>) -> Option<String> {
    let koder = rod.descendants().filter(|n| n.has_tag_name((ns::SAMLP, "StatusCode")));
    let koder: Vec<&str> = koder
        .filter_map(|n| n.attribute("Value"))
        .map(|v| v.rsplit(':').next().unwrap_or(v))
        .take(2)
        .collect();
    (!koder.is_empty()).then(|| koder.join(" / "))
}

/// Judges the signatures of the answer and of the assertion; when both have one, both must hold.
fn underskrevet<'a, 'd>(
    (rod, assertion): (Node<'a, 'd>, Node<'a, 'd>),
    ids: &Ids<'a, 'd>,
    idp: &Sts,
) -> Result<Underskrevet, LoginFejl> {
    let mut alle: Vec<(Node<'_, '_>, Node<'_, '_>)> = Vec::new();
    for node in rod.descendants().filter(|n| n.has_tag_name((ns::DS, "Signature"))) {
        let om = node.parent().filter(|p| *p == rod || *p == assertion).ok_or(LoginFejl::Daekning)?;
        if alle.iter().any(|(_, anden)| *anden == om) {
            return Err(LoginFejl::Daekning);
        }
        alle.push((node, om));
    }
    let mut ud = Underskrevet::Nej;
    for (node, om) in alle {
        match en(node, om, ids, idp)? {
            Underskrevet::Forkert(fejl) => return Ok(Underskrevet::Forkert(fejl)),
            holder => ud = holder,
        }
    }
    Ok(ud)
}

fn en<'a, 'd>(
    node: Node<'a, 'd>,
    om: Node<'a, 'd>,
    ids: &Ids<'a, 'd>,
    idp: &Sts,
) -> Result<Underskrevet, LoginFejl> {
    let id = om.attribute("ID").filter(|id| !id.is_empty()).ok_or(LoginFejl::Opbygning("ID"))?;
    let signatur = match Signature::parse(node, Policy::SAML) {
        Ok(signatur) => signatur,
        Err(fejl) => return Ok(Underskrevet::Forkert(fejl.into())),
    };
    let mut uris = signatur.uris();
    if uris.len() != 1 || uris.next().and_then(|u| u.strip_prefix('#')) != Some(id) {
        return Err(LoginFejl::Daekning);
    }
    let sendt = signatur.key_info().map(certifikat_i).transpose();
    let sendt = match sendt {
        Ok(sendt) => sendt.flatten(),
        Err(fejl) => return Ok(Underskrevet::Forkert(fejl)),
    };
    match idp.med_noegle(&signatur, ids, sendt.as_ref()) {
        Err(fejl) => Ok(Underskrevet::Forkert(fejl)),
        Ok((certifikat, verificeret)) => match verificeret.covered() {
            [en] if en.node == om && en.how == Coverage::Enveloped => {
                Ok(Underskrevet::Ja(Box::new(certifikat)))
            }
            _ => Err(LoginFejl::Daekning),
        },
    }
}

fn laes(
    rod: Node<'_, '_>,
    assertion: Node<'_, '_>,
    underskrevet: Underskrevet,
    status: Option<String>,
) -> Result<Loginsvar, LoginFejl> {
    let barn = |over: Node<'_, '_>, navn: &'static str| -> Result<Option<String>, LoginFejl> {
        let mut fundne = over.children().filter(|n| n.has_tag_name((ns::SAML, navn)));
        match (fundne.next(), fundne.next()) {
            (_, Some(_)) => Err(LoginFejl::Opbygning(navn)),
            (en, None) => Ok(en.map(|n| blad(n, navn)).transpose()?),
        }
    };
    let under = |navn: &'static str| {
        let fundne: Vec<_> = assertion.children().filter(|n| n.has_tag_name((ns::SAML, navn))).collect();
        match fundne[..] {
            [en] => Ok(Some(en)),
            [] => Ok(None),
            _ => Err(LoginFejl::Opbygning(navn)),
        }
    };
    let udsteder = barn(assertion, "Issuer")?.ok_or(LoginFejl::Opbygning("Issuer"))?;
    let svarudsteder = if rod == assertion { None } else { barn(rod, "Issuer")? };
    let subject = under("Subject")?.ok_or(LoginFejl::Opbygning("Subject"))?;
    let navne: Vec<_> = subject.children().filter(|n| n.has_tag_name((ns::SAML, "NameID"))).collect();
    let [navn] = navne[..] else { return Err(LoginFejl::Opbygning("NameID")) };
    let format = navn.attribute("Format").unwrap_or_default().to_owned();
    let mut tider: Vec<Node<'_, '_>> = Vec::new();
    let baerere = bekraeftelser(subject, &mut tider);
    let betingelser = under("Conditions")?;
    tider.extend(betingelser);
    let (mut fra, mut til) = (None, None);
    for node in tider {
        fra = fra.max(tidspunkt(node, "NotBefore")?);
        til = [til, tidspunkt(node, "NotOnOrAfter")?].into_iter().flatten().min();
    }
    let audiences = betingelser.into_iter().flat_map(|b| b.descendants());
    let audiences = audiences.filter(|n| n.has_tag_name((ns::SAML, "Audience")));
    let audiences = audiences.map(|n| blad(n, "Audience")).collect::<Result<_, _>>()?;
    let login = under("AuthnStatement")?;
    let klasse = login.and_then(|l| {
        l.descendants()
            .find(|n| n.has_tag_name((ns::SAML, "AuthnContextClassRef")))
            .map(|n| blad(n, "AuthnContextClassRef"))
    });
    Ok(Loginsvar {
        underskrevet,
        status,
        udsteder,
        svarudsteder,
        name_id: (blad(navn, "NameID")?, format),
        gyldig: (fra, til),
        audiences,
        klasse: klasse.transpose()?,
        baerere,
        attributter: attributter(under("AttributeStatement")?)?,
    })
}

/// How many confirmations are by bearer; gives what says until when.
fn bekraeftelser<'a, 'd>(subject: Node<'a, 'd>, tider: &mut Vec<Node<'a, 'd>>) -> usize {
    let mut antal = 0;
    for b in subject.children().filter(|n| n.has_tag_name((ns::SAML, "SubjectConfirmation"))) {
        if b.attribute("Method") == Some("urn:oasis:names:tc:SAML:2.0:cm:bearer") {
            antal += 1;
            tider.extend(b.children().filter(|n| n.has_tag_name((ns::SAML, "SubjectConfirmationData"))));
        }
    }
    antal
}

fn attributter(statement: Option<Node<'_, '_>>) -> Result<Vec<(String, Vec<String>)>, LoginFejl> {
    let mut ud = Vec::new();
    let alle = statement.into_iter().flat_map(|s| s.children());
    for node in alle.filter(|n| n.has_tag_name((ns::SAML, "Attribute"))) {
        let navn =
            node.attribute("Name").filter(|n| !n.is_empty()).ok_or(LoginFejl::Opbygning("Attribute"))?;
        let vaerdier = node.children().filter(|n| n.has_tag_name((ns::SAML, "AttributeValue")));
        ud.push((navn.to_owned(), vaerdier.map(xml::text_of).collect()));
    }
    if ud.len() > ATTRIBUTTER_MAX {
        return Err(LoginFejl::Antal(ATTRIBUTTER_MAX));
    }
    Ok(ud)
}
