//! SAML metadata: what is kept of the document, and how it is read.
//!
//! The document itself is not kept: everything trust is made of is here, small enough for a policy file, and read the same
//! by everybody. Nobody's signature on it is trusted; who may register it is decided by who he is.

use crate::bruger::Modulfejl;
use crate::certifikat::Certifikat;
use crate::tid::tidspunkt;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use xml::{Limits, Node, XmlFejl, ns, text_of};

/// The largest metadata that is read, in bytes.
pub const METADATA_MAX: usize = 256 * 1024;
/// Most endpoints, and most certificates, of one system.
const ANTAL_MAX: usize = 50;

/// What an endpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the standard")]
pub enum Endepunktsart {
    SingleSignOnService,
    SingleLogoutService,
    AssertionConsumerService,
    ArtifactResolutionService,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endepunkt {
    /// What it is for.
    pub art: Endepunktsart,
    /// The binding, as the standard names it.
    pub binding: String,
    /// Where it is.
    pub url: String,
    /// Where answers go, when that is another place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svar_url: Option<String>,
    /// Its number, for those that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indeks: Option<u16>,
}

/// What is known of a system's SAML.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Samlmetadata {
    /// Its name in SAML; nobody else's.
    pub entity_id: String,
    /// Until when the document said it holds.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub gyldig_til: Option<Instant>,
    /// The address it was fetched from, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hentet_fra: Option<String>,
    /// Its endpoints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endepunkter: Vec<Endepunkt>,
    /// The certificates it signs with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certifikater: Vec<Certifikat>,
}

/// As what a system is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samlrolle {
    /// It logs people in.
    IdentityProvider,
    /// People log in to it.
    Tjeneste,
}

impl Samlrolle {
    const fn element(self) -> &'static str {
        match self {
            Self::IdentityProvider => "IDPSSODescriptor",
            Self::Tjeneste => "SPSSODescriptor",
        }
    }

    const fn endepunkter(self) -> &'static [(Endepunktsart, &'static str)] {
        use Endepunktsart as E;
        const IDP: &[(Endepunktsart, &str)] = &[
            (E::SingleSignOnService, "SingleSignOnService"),
            (E::SingleLogoutService, "SingleLogoutService"),
            (E::ArtifactResolutionService, "ArtifactResolutionService"),
        ];
        const SP: &[(Endepunktsart, &str)] = &[
            (E::AssertionConsumerService, "AssertionConsumerService"),
            (E::SingleLogoutService, "SingleLogoutService"),
            (E::ArtifactResolutionService, "ArtifactResolutionService"),
        ];
        match self {
            Self::IdentityProvider => IDP,
            Self::Tjeneste => SP,
        }
    }
}

impl Samlmetadata {
    /// The last moment one of its signing certificates counts; `None` when it has none.
    #[must_use]
    pub fn udloeber(&self) -> Option<Instant> {
        self.certifikater.iter().map(|c| c.gyldig.to).max()
    }

    /// The first endpoint that does not use HTTPS.
    #[must_use]
    pub fn uden_https(&self) -> Option<&str> {
        let alle = self.endepunkter.iter().flat_map(|e| [Some(&e.url), e.svar_url.as_ref()]);
        alle.flatten().find(|url| !er_https(url)).map(String::as_str)
    }
}

fn er_https(url: &str) -> bool {
    url.get(..8).is_some_and(|skema| skema.eq_ignore_ascii_case("https://"))
        && url.len() > 8
        && !url.contains(char::is_whitespace)
}

/// Reads metadata.
///
/// # Errors
/// M-101 with the line and the reason; M-102; C-101 when every certificate has run out; C-104 for a private key.
pub fn laes_metadata(indhold: &[u8], rolle: Samlrolle, nu: Instant) -> Result<Samlmetadata, Modulfejl> {
    if indhold.windows(11).any(|w| w == b"PRIVATE KEY") {
        let tekst = "Filen indeholder en privat nøgle. Upload kun den offentlige del. Filen er ikke gemt.";
        return Err(Modulfejl::felt("metadata", "C-104", tekst));
    }
    if indhold.iter().all(u8::is_ascii_whitespace) {
        return Err(Modulfejl::mangler("metadata", "SAML-metadata"));
    }
    let dokument = xml::parse(indhold, &Limits::of_size(METADATA_MAX)).map_err(|fejl| ulaeselig(&fejl))?;
    let laeser = Laeser { dokument: &dokument };
    let metadata = laeser.entitet(rolle, nu)?;
    if let Some(url) = metadata.uden_https() {
        let tekst = format!("Alle endepunkter i metadata skal bruge HTTPS ({url}).");
        return Err(Modulfejl::felt("metadata", "M-102", tekst));
    }
    if let Some(slut) = metadata.udloeber().filter(|slut| *slut <= nu) {
        let dag = oio::tid::zoned(slut).map_or_else(String::new, |z| z.strftime("%d-%m-%Y").to_string());
        return Err(Modulfejl::felt("metadata", "C-101", format!("Certifikatet er udløbet ({dag}).")));
    }
    Ok(metadata)
}

fn m101(linje: Option<u32>, hvorfor: &str) -> Modulfejl {
    let linje = linje.map_or_else(String::new, |l| format!("linje {l}, "));
    Modulfejl::felt("metadata", "M-101", format!("Metadata kunne ikke læses: {linje}{hvorfor}."))
}

fn ulaeselig(fejl: &XmlFejl) -> Modulfejl {
    match fejl {
        // The parser says where, as `at row:column`.
        XmlFejl::Form(tekst) => {
            let sted = tekst.rsplit(" at ").next().and_then(|s| s.split(':').next());
            let linje = sted.and_then(|l| l.trim().parse().ok());
            m101(linje, "dokumentet er ikke velformet XML")
        }
        anden => m101(None, &anden.to_string()),
    }
}

struct Laeser<'a, 'd> {
    dokument: &'a xml::Document<'d>,
}

impl Laeser<'_, '_> {
    fn fejl(&self, node: Node<'_, '_>, hvorfor: &str) -> Modulfejl {
        m101(Some(self.dokument.text_pos_at(node.range().start).row), hvorfor)
    }

    fn entitet(&self, rolle: Samlrolle, nu: Instant) -> Result<Samlmetadata, Modulfejl> {
        let rod = self.dokument.root_element();
        if !rod.has_tag_name((ns::MD, "EntityDescriptor")) {
            let hvorfor = if rod.has_tag_name((ns::MD, "EntitiesDescriptor")) {
                "filen beskriver flere; den skal begynde med ét EntityDescriptor"
            } else {
                "det er ikke SAML 2.0-metadata; den skal begynde med EntityDescriptor"
            };
            return Err(self.fejl(rod, hvorfor));
        }
        let entity_id = rod.attribute("entityID").unwrap_or_default().trim();
        if entity_id.is_empty() || entity_id.chars().count() > 1024 {
            return Err(self.fejl(rod, "entityID mangler eller er over 1024 tegn"));
        }
        let mut roller = rod.children().filter(|n| n.has_tag_name((ns::MD, rolle.element())));
        let beskrevet = match (roller.next(), roller.next()) {
            (Some(en), None) => en,
            (None, _) => return Err(self.fejl(rod, &format!("{} mangler", rolle.element()))),
            (_, Some(to)) => return Err(self.fejl(to, &format!("der er to {}", rolle.element()))),
        };
        let gyldig_til = [rod, beskrevet]
            .into_iter()
            .filter_map(|n| Some((n, n.attribute("validUntil")?)))
            .map(|(n, tekst)| {
                tidspunkt_i(tekst).ok_or_else(|| self.fejl(n, "validUntil er ikke et tidspunkt"))
            })
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .min();
        if gyldig_til.is_some_and(|til| til <= nu) {
            return Err(self.fejl(rod, "metadata er udløbet (validUntil)"));
        }
        let endepunkter = self.endepunkter(beskrevet, rolle)?;
        let certifikater = self.certifikater(beskrevet)?;
        if rolle == Samlrolle::IdentityProvider && certifikater.is_empty() {
            return Err(self.fejl(beskrevet, "der er intet certifikat til signering (KeyDescriptor)"));
        }
        let entity_id = entity_id.to_owned();
        Ok(Samlmetadata { entity_id, gyldig_til, hentet_fra: None, endepunkter, certifikater })
    }

    fn endepunkter(&self, beskrevet: Node<'_, '_>, rolle: Samlrolle) -> Result<Vec<Endepunkt>, Modulfejl> {
        let mut ud = Vec::new();
        for node in beskrevet.children().filter(Node::is_element) {
            let fundet = rolle.endepunkter().iter().find(|(_, navn)| node.has_tag_name((ns::MD, *navn)));
            let Some((art, navn)) = fundet else { continue };
            let attribut = |a: &str| {
                let vaerdi = node.attribute(a).map(str::trim).filter(|v| !v.is_empty());
                vaerdi.map(str::to_owned)
            };
            let (Some(url), Some(binding)) = (attribut("Location"), attribut("Binding")) else {
                return Err(self.fejl(node, &format!("{navn} mangler Location eller Binding")));
            };
            let svar_url = attribut("ResponseLocation");
            let indeks = node.attribute("index").and_then(|i| i.parse().ok());
            ud.push(Endepunkt { art: *art, binding, url, svar_url, indeks });
        }
        let (art, navn) = rolle.endepunkter()[0];
        if !ud.iter().any(|e| e.art == art) {
            return Err(self.fejl(beskrevet, &format!("{navn} mangler")));
        }
        if ud.len() > ANTAL_MAX {
            return Err(self.fejl(beskrevet, &format!("der er over {ANTAL_MAX} endepunkter")));
        }
        Ok(ud)
    }

    /// Those of a key that is for signing, or for everything.
    fn certifikater(&self, beskrevet: Node<'_, '_>) -> Result<Vec<Certifikat>, Modulfejl> {
        let mut ud: Vec<Certifikat> = Vec::new();
        let noegler = beskrevet.children().filter(|n| n.has_tag_name((ns::MD, "KeyDescriptor")));
        for noegle in noegler.filter(|n| n.attribute("use").is_none_or(|u| u == "signing")) {
            for node in noegle.descendants().filter(|n| n.has_tag_name((ns::DS, "X509Certificate"))) {
                let tekst: String = text_of(node).split_whitespace().collect();
                let der = STANDARD.decode(tekst).map_err(|_| "certifikatet er ikke base64".to_owned());
                let certifikat =
                    der.and_then(Certifikat::af_der).map_err(|hvorfor| self.fejl(node, &hvorfor))?;
                if !ud.iter().any(|c| c.tommelfinger == certifikat.tommelfinger) {
                    ud.push(certifikat);
                }
            }
        }
        if ud.len() > ANTAL_MAX {
            return Err(self.fejl(beskrevet, &format!("der er over {ANTAL_MAX} certifikater")));
        }
        Ok(ud)
    }
}

fn tidspunkt_i(tekst: &str) -> Option<Instant> {
    let tid: jiff::Timestamp = tekst.trim().parse().ok()?;
    Some(Instant::from_micros(tid.as_microsecond()))
}
