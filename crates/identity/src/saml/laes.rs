//! What a verified assertion says, and whether it holds here and now (§5.2 steps 4 to 6).

use super::{SKAEVHED, SamlFejl, Verificeret, certifikat_i, navne};
use crate::bpp::{self, Laest};
use crate::{Certifikat, tid};
use bitemporal::Instant;
use oio::Cvr;
use std::time::Duration;
use xml::{Node, ns, text_of};

/// What is demanded of assertions here.
#[derive(Debug, Clone, Copy)]
pub struct Regler<'a> {
    /// Our identifiers, compared as they are. `None` accepts any: for an assertion that is only carried onwards.
    pub audiences: Option<&'a [&'a str]>,
    /// By how much clocks may differ.
    pub skaevhed: Duration,
}

impl<'a> Regler<'a> {
    /// For a service of these identifiers, with the usual [`SKAEVHED`].
    #[must_use]
    pub const fn til(audiences: &'a [&'a str]) -> Self {
        Self { audiences: Some(audiences), skaevhed: SKAEVHED }
    }

    fn er_vores(&self, identifier: &str) -> bool {
        self.audiences.is_none_or(|vores| vores.contains(&identifier))
    }
}

/// What an assertion says, when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its `ID`.
    pub id: String,
    /// The system it is about. Not to be interpreted: identity is the key.
    pub name_id: String,
    /// The calling system, when it acts on behalf of another.
    pub obo_kalder: Option<String>,
    /// The authority that is acted for.
    pub cvr: Cvr,
    /// `AssuranceLevel`.
    pub sikringsniveau: u8,
    /// Its privileges.
    pub bpp: Laest,
    /// The certificate whose key the holder must prove to have. Whether it is still valid is asked elsewhere.
    pub indehaver: Certifikat,
    /// When it is no longer valid.
    pub not_on_or_after: Instant,
    /// The services it is for.
    pub audiences: Vec<String>,
    /// Whether it may be used once only: then its `ID` must be remembered.
    pub engangs: bool,
}

impl Verificeret<'_, '_> {
    /// Reads it, if it is for us and valid at `nu`.
    ///
    /// # Errors
    /// The first reason to refuse it.
    pub fn laes(&self, regler: &Regler<'_>, nu: Instant) -> Result<Token, SamlFejl> {
        let assertion = self.assertion;
        kun_attributter(assertion, "Assertion", &["ID", "IssueInstant", "Version"])?;
        let boern = Boern::af(assertion)?;
        if blad(boern.issuer, "Issuer")? != self.udsteder {
            return Err(SamlFejl::Udsteder);
        }
        if !self.certifikat.gyldig().contains(nu) {
            return Err(SamlFejl::StsCertifikat);
        }
        let vindue = Vindue { nu, skaevhed: regler.skaevhed };
        tidspunkt(assertion, "IssueInstant")?.ok_or(SamlFejl::Opbygning("Assertion"))?;
        let (til, audiences, engangs) = betingelser(boern.conditions, regler, vindue)?;
        let subject = subject(boern.subject, regler, vindue)?;
        if let Some(login) = boern.authn_statement {
            vindue.kontroller(login, "AuthnStatement", ("", "SessionNotOnOrAfter"))?;
        }
        let vaerdi = |navn| attribut(boern.attribute_statement, navn);
        let cvr = vaerdi(navne::CVR)?.and_then(|cvr| cvr.parse().ok()).ok_or(SamlFejl::Cvr)?;
        let niveau = vaerdi(navne::SIKRINGSNIVEAU)?.and_then(|n| n.parse().ok());
        let bpp = vaerdi(navne::PRIVILEGIER)?.map_or(Ok(Laest::default()), |b| bpp::laes(&b))?;
        Ok(Token {
            id: assertion.attribute("ID").unwrap_or_default().to_owned(),
            name_id: subject.name_id,
            obo_kalder: subject.obo_kalder,
            cvr,
            sikringsniveau: niveau.filter(|n| (1..=4).contains(n)).ok_or(SamlFejl::Sikringsniveau)?,
            bpp,
            indehaver: subject.indehaver,
            not_on_or_after: til.min(subject.til),
            audiences,
            engangs,
        })
    }
}

/// The children of an assertion, in whatever order. Each is there once, `AuthnStatement` at most once.
struct Boern<'a, 'd> {
    issuer: Node<'a, 'd>,
    subject: Node<'a, 'd>,
    conditions: Node<'a, 'd>,
    attribute_statement: Node<'a, 'd>,
    authn_statement: Option<Node<'a, 'd>>,
}

impl<'a, 'd> Boern<'a, 'd> {
    fn af(assertion: Node<'a, 'd>) -> Result<Self, SamlFejl> {
        const NAVNE: [&str; 5] = ["Issuer", "Subject", "Conditions", "AttributeStatement", "AuthnStatement"];
        let mut fundne = [None; NAVNE.len()];
        for barn in assertion.children().filter(Node::is_element) {
            if barn.has_tag_name((ns::DS, "Signature")) {
                continue;
            }
            let plads = NAVNE.iter().position(|n| barn.has_tag_name((ns::SAML, *n)));
            let plads = plads.ok_or(SamlFejl::Opbygning("Assertion"))?;
            if fundne[plads].replace(barn).is_some() {
                return Err(SamlFejl::Opbygning(NAVNE[plads]));
            }
        }
        let faa = |plads: usize| fundne[plads].ok_or(SamlFejl::Opbygning(NAVNE[plads]));
        Ok(Self {
            issuer: faa(0)?,
            subject: faa(1)?,
            conditions: faa(2)?,
            attribute_statement: faa(3)?,
            authn_statement: fundne[4],
        })
    }
}

/// Now, give or take.
#[derive(Clone, Copy)]
struct Vindue {
    nu: Instant,
    skaevhed: Duration,
}

impl Vindue {
    /// Checks the two times an element may have, and gives the last.
    fn kontroller(
        self,
        node: Node<'_, '_>,
        element: &'static str,
        (fra, til): (&'static str, &'static str),
    ) -> Result<Option<Instant>, SamlFejl> {
        if tidspunkt(node, fra)?.is_some_and(|fra| self.nu < tid::minus(fra, self.skaevhed)) {
            return Err(SamlFejl::IkkeEndnu(element));
        }
        let til = tidspunkt(node, til)?;
        if til.is_some_and(|til| self.nu >= tid::plus(til, self.skaevhed)) {
            return Err(SamlFejl::Udloebet(element));
        }
        Ok(til)
    }
}

const GYLDIG: (&str, &str) = ("NotBefore", "NotOnOrAfter");

/// Checks `Conditions`, and gives its end, its audiences, and whether it is for one use.
fn betingelser(
    node: Node<'_, '_>,
    regler: &Regler<'_>,
    vindue: Vindue,
) -> Result<(Instant, Vec<String>, bool), SamlFejl> {
    kun_attributter(node, "Conditions", &["NotBefore", "NotOnOrAfter"])?;
    let til = vindue.kontroller(node, "Conditions", GYLDIG)?.ok_or(SamlFejl::Opbygning("Conditions"))?;
    let (mut audiences, mut engangs) = (Vec::new(), false);
    for betingelse in node.children().filter(Node::is_element) {
        if betingelse.has_tag_name((ns::SAML, "OneTimeUse")) {
            engangs = true;
        } else if betingelse.has_tag_name((ns::SAML, "AudienceRestriction")) {
            let mut er_vores = false;
            for audience in betingelse.children().filter(Node::is_element) {
                if !audience.has_tag_name((ns::SAML, "Audience")) {
                    return Err(SamlFejl::Opbygning("AudienceRestriction"));
                }
                let audience = blad(audience, "Audience")?;
                er_vores |= regler.er_vores(&audience);
                audiences.push(audience);
            }
            if !er_vores {
                return Err(SamlFejl::Audience);
            }
        } else {
            let navn = betingelse.tag_name().name().chars().take(100).collect();
            return Err(SamlFejl::UkendtBetingelse(navn));
        }
    }
    if audiences.is_empty() { Err(SamlFejl::Audience) } else { Ok((til, audiences, engangs)) }
}

struct Subject {
    name_id: String,
    obo_kalder: Option<String>,
    indehaver: Certifikat,
    til: Instant,
}

fn subject(node: Node<'_, '_>, regler: &Regler<'_>, vindue: Vindue) -> Result<Subject, SamlFejl> {
    let boern: Vec<_> = node.children().filter(Node::is_element).collect();
    let (navne_, andre): (Vec<_>, Vec<_>) =
        boern.into_iter().partition(|n| n.has_tag_name((ns::SAML, "NameID")));
    let [name_id] = navne_[..] else { return Err(SamlFejl::Opbygning("Subject")) };
    if andre.iter().any(|n| !n.has_tag_name((ns::SAML, "SubjectConfirmation"))) {
        return Err(SamlFejl::Opbygning("Subject"));
    }
    let [bekraeftelse] = andre[..] else { return Err(SamlFejl::Bekraeftelser(andre.len())) };
    if bekraeftelse.attribute("Method") != Some(navne::HOLDER_OF_KEY) {
        return Err(SamlFejl::Metode);
    }
    let dele: Vec<_> = bekraeftelse.children().filter(Node::is_element).collect();
    let (kalder, data) = match dele[..] {
        [data] => (None, data),
        [kalder, data] if kalder.has_tag_name((ns::SAML, "NameID")) => (Some(kalder), data),
        _ => return Err(SamlFejl::Opbygning("SubjectConfirmation")),
    };
    const DATA: &str = "SubjectConfirmationData";
    if !data.has_tag_name((ns::SAML, DATA)) {
        return Err(SamlFejl::Opbygning("SubjectConfirmation"));
    }
    kun_attributter(data, DATA, &["NotBefore", "NotOnOrAfter", "Recipient"])?;
    let til = vindue.kontroller(data, DATA, GYLDIG)?.ok_or(SamlFejl::Opbygning(DATA))?;
    if !data.attribute("Recipient").is_some_and(|r| regler.er_vores(r)) {
        return Err(SamlFejl::Recipient);
    }
    let noegler: Vec<_> = data.children().filter(Node::is_element).collect();
    let [key_info] = noegler[..] else { return Err(SamlFejl::Indehaver) };
    if !key_info.has_tag_name((ns::DS, "KeyInfo"))
        || key_info.children().filter(Node::is_element).count() != 1
    {
        return Err(SamlFejl::Indehaver);
    }
    let indehaver = certifikat_i(key_info)?.ok_or(SamlFejl::Indehaver)?;
    let kalder = kalder.map(|k| blad(k, "NameID")).transpose()?;
    Ok(Subject { name_id: blad(name_id, "NameID")?, obo_kalder: kalder, indehaver, til })
}

/// The only value of the attribute `navn`, if it is there.
fn attribut(statement: Node<'_, '_>, navn: &'static str) -> Result<Option<String>, SamlFejl> {
    let mut fundne = statement
        .children()
        .filter(|n| n.has_tag_name((ns::SAML, "Attribute")) && n.attribute("Name") == Some(navn));
    let Some(fundet) = fundne.next() else { return Ok(None) };
    let vaerdier: Vec<_> = fundet.children().filter(Node::is_element).collect();
    match vaerdier[..] {
        [en] if en.has_tag_name((ns::SAML, "AttributeValue")) && fundne.next().is_none() => {
            blad(en, "AttributeValue").map(Some)
        }
        _ => Err(SamlFejl::Flertydig(navn)),
    }
}

/// The whole text of an element that has no elements in it, comments left out.
pub(super) fn blad(node: Node<'_, '_>, navn: &'static str) -> Result<String, SamlFejl> {
    if node.first_element_child().is_some() {
        return Err(SamlFejl::Opbygning(navn));
    }
    Ok(text_of(node))
}

pub(super) fn tidspunkt(node: Node<'_, '_>, navn: &'static str) -> Result<Option<Instant>, SamlFejl> {
    node.attribute(navn).map(|t| tid::laes(t).map_err(|fejl| SamlFejl::Tid(navn, fejl))).transpose()
}

/// Refuses attributes that would change the meaning of an element; `xsi:type` may say what is known anyway.
fn kun_attributter(node: Node<'_, '_>, navn: &'static str, kendte: &[&str]) -> Result<(), SamlFejl> {
    let ukendt = node.attributes().find(|a| match a.namespace() {
        None => !kendte.contains(&a.name()),
        Some(navne::XSI) if a.name() == "type" => {
            a.value().rsplit(':').next() != Some("KeyInfoConfirmationDataType")
        }
        Some(_) => true,
    });
    if ukendt.is_some() { Err(SamlFejl::Opbygning(navn)) } else { Ok(()) }
}
