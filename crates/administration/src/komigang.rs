//! `Kom i gang`: what a party does first, in order, and who has undertaken which step until when.
//!
//! Whether a step is reached is not written here, nor anywhere: it is found in what there is.

mod kompetence;
#[cfg(test)]
mod tests;

use crate::bruger::Modulrolle;
use crate::data::Entitet;
use crate::part::Partsart;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

pub use kompetence::{Kompetence, kompetence};

/// What is said about a step.
struct Om {
    kode: &'static str,
    kort: &'static str,
    navn: &'static str,
    hvorfor: &'static str,
    rolle: Option<Modulrolle>,
    art: Partsart,
}

/// A step, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "what each is, `Igangtrin::navn` says")]
pub enum Igangtrin {
    Administrator,
    Brugeradministrator,
    Jobfunktionsrolleadministrator,
    Godkender,
    KlassifikationAdministrator,
    IdentityProvider,
    Serviceaftale,
    Jobfunktionsrolle,
    Organisationsadministrator,
    Leverandoeradministrator,
    ItSystem,
    Certifikat,
    Anmodning,
    FoersteKald,
}

impl Igangtrin {
    /// Every step: an authority's, then a supplier's.
    pub const ALLE: [Self; 14] = [
        Self::Administrator,
        Self::Brugeradministrator,
        Self::Jobfunktionsrolleadministrator,
        Self::Godkender,
        Self::KlassifikationAdministrator,
        Self::IdentityProvider,
        Self::Serviceaftale,
        Self::Jobfunktionsrolle,
        Self::Organisationsadministrator,
        Self::Leverandoeradministrator,
        Self::ItSystem,
        Self::Certifikat,
        Self::Anmodning,
        Self::FoersteKald,
    ];

    const fn om(self) -> Om {
        use Modulrolle as R;
        use Partsart::{Leverandoer as L, Myndighed as M};
        let (kode, kort, navn, hvorfor, rolle, art) = match self {
            Self::Administrator => (
                "administrator",
                "Administrator",
                "Udpeg en Administrator",
                "Uden en Administrator kan ingen oprette kolleger eller give dem roller.",
                Some(R::Administrator),
                M,
            ),
            Self::Brugeradministrator => (
                "brugeradministrator",
                "Brugeradministrator",
                "Udpeg en Brugeradministrator",
                "Så kan brugere og roller passes til daglig, uden at det kræver en Administrator.",
                Some(R::Brugeradministrator),
                M,
            ),
            Self::Jobfunktionsrolleadministrator => (
                "jobfunktionsrolleadministrator",
                "Jobfunktionsrolleadministrator",
                "Udpeg en Jobfunktionsrolleadministrator",
                "Jobfunktionsroller og jeres Identity Provider registreres af en, der har denne rolle.",
                Some(R::Jobfunktionsrolleadministrator),
                M,
            ),
            Self::Godkender => (
                "godkender",
                "Godkender",
                "Udpeg en Godkender",
                "Uden en Godkender venter leverandørernes anmodninger, og ingen fagsystemer får adgang.",
                Some(R::Godkender),
                M,
            ),
            Self::KlassifikationAdministrator => (
                "klassifikation-administrator",
                "Klassifikation",
                "Udpeg en Klassifikation-administrator",
                "KLE ændrer sig. Nogen skal følge med i, hvilke numre der udgår, og hvor de er brugt.",
                Some(R::KlassifikationAdministrator),
                M,
            ),
            Self::IdentityProvider => (
                "identity-provider",
                "Identity Provider",
                "Få jeres Identity Provider verificeret",
                "Medarbejderne logger ind i fagsystemerne gennem jeres egen Identity Provider.",
                None,
                M,
            ),
            Self::Serviceaftale => (
                "serviceaftale",
                "Serviceaftale",
                "Godkend den første serviceaftale",
                "Et fagsystem må først læse og skrive jeres data, når I har godkendt en serviceaftale.",
                None,
                M,
            ),
            Self::Jobfunktionsrolle => (
                "jobfunktionsrolle",
                "Jobfunktionsrolle",
                "Aktivér den første jobfunktionsrolle",
                "Medarbejdere får adgang i et fagsystem gennem en jobfunktionsrolle.",
                None,
                M,
            ),
            Self::Organisationsadministrator => (
                "organisationsadministrator",
                "Organisationsadministrator",
                "Udpeg en Organisationsadministrator",
                "Uden en Organisationsadministrator kan ingen oprette kolleger eller give dem roller.",
                Some(R::LeverandoerOrganisation),
                L,
            ),
            Self::Leverandoeradministrator => (
                "leverandoeradministrator",
                "Leverandøradministrator",
                "Udpeg en Leverandøradministrator",
                "It-systemer registreres og serviceaftaler anmodes af en, der har denne rolle.",
                Some(R::Leverandoeradministrator),
                L,
            ),
            Self::ItSystem => (
                "it-system",
                "It-system",
                "Tilslut det første it-system",
                "Alt andet hænger på it-systemet: certifikater, aftaler og roller.",
                None,
                L,
            ),
            Self::Certifikat => (
                "certifikat",
                "Certifikat",
                "Registrér et certifikat",
                "Et it-system kendes på sit certifikat. Uden det afvises alle kald.",
                None,
                L,
            ),
            Self::Anmodning => (
                "anmodning",
                "Anmodning",
                "Send den første anmodning",
                "En myndighed skal godkende en serviceaftale, før it-systemet må kalde for den.",
                None,
                L,
            ),
            Self::FoersteKald => (
                "foerste-kald",
                "Første kald",
                "Få det første kald igennem",
                "Først når et kald er tilladt, ved I, at certifikat, aftale og opsætning passer sammen.",
                None,
                L,
            ),
        };
        Om { kode, kort, navn, hvorfor, rolle, art }
    }

    /// What it is called in addresses.
    #[must_use]
    pub const fn kode(self) -> &'static str {
        self.om().kode
    }

    /// What it is called in the picture.
    #[must_use]
    pub const fn kort(self) -> &'static str {
        self.om().kort
    }

    /// What is to be done.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        self.om().navn
    }

    /// Why, in a sentence.
    #[must_use]
    pub const fn hvorfor(self) -> &'static str {
        self.om().hvorfor
    }

    /// The role somebody is appointed to by it.
    #[must_use]
    pub const fn rolle(self) -> Option<Modulrolle> {
        self.om().rolle
    }

    /// The kind of party whose step it is.
    #[must_use]
    pub const fn art(self) -> Partsart {
        self.om().art
    }

    /// The step called this in addresses.
    #[must_use]
    pub fn med_kode(kode: &str) -> Option<Self> {
        Self::ALLE.into_iter().find(|t| t.kode() == kode)
    }

    /// The step of which this is what is to be done.
    #[must_use]
    pub fn med_navn(navn: &str) -> Option<Self> {
        Self::ALLE.into_iter().find(|t| t.navn() == navn)
    }

    /// The steps of a kind of party, in their order.
    pub fn for_art(art: Partsart) -> impl Iterator<Item = Self> {
        Self::ALLE.into_iter().filter(move |t| t.art() == art)
    }
}

/// Who has undertaken a step, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trinplan {
    /// The person, and the name then.
    pub ejer: (Uuid, String),
    /// The moment it ends, in microseconds.
    pub frist: i64,
}

/// What a party has decided about its first weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Igangplan {
    /// Its UUID, which follows from the party.
    pub uuid: Uuid,
    /// The party.
    pub part: Cvr,
    /// The day the first business system is put in use, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<i64>,
    /// The steps somebody has undertaken.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub trin: BTreeMap<Igangtrin, Trinplan>,
}

impl Entitet for Igangplan {
    const ART: &'static str = "kom-i-gang";
    const ORD: &'static str = "planen for at komme i gang";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        "Kom i gang".into()
    }
}

impl Igangplan {
    /// The UUID of a party's.
    #[must_use]
    pub fn id(part: Cvr) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:fundament:kom-i-gang:{part}").as_bytes())
    }

    /// Nothing decided yet.
    #[must_use]
    pub fn ny(part: Cvr) -> Self {
        Self { uuid: Self::id(part), part, drift: None, trin: BTreeMap::new() }
    }
}
