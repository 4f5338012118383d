//! Føderation: an authority's Identity Provider, what a brugervendt system demands of one, and the agreement between them.

mod forskel;
mod metadata;
#[cfg(test)]
mod tests;
mod tilstand;

use crate::bruger::Modulfejl;
use crate::data::Entitet;
use crate::system::{ItSystem, Systemtilstand, Systemtype};
use crate::tid::{tidspunkt, tidsrum};
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;

pub use forskel::Metadataforskel;
pub use metadata::{Endepunkt, Endepunktsart, METADATA_MAX, Samlmetadata, Samlrolle, laes_metadata};
pub use tilstand::{Foederationshaendelse, Foederationstilstand, foederationsovergang};

/// A level of the Danish standard for assurance of identities (NSIS), the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the standard")]
pub enum Nsisniveau {
    Lav,
    Betydelig,
    #[serde(rename = "Høj", alias = "Hoej")]
    Hoej,
}

impl Nsisniveau {
    /// Every level.
    pub const ALLE: [Self; 3] = [Self::Lav, Self::Betydelig, Self::Hoej];

    /// Its Danish name.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Lav => "Lav",
            Self::Betydelig => "Betydelig",
            Self::Hoej => "Høj",
        }
    }
}

impl fmt::Display for Nsisniveau {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.navn())
    }
}

/// The level an Identity Provider is registered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nsis {
    /// The level.
    pub niveau: Nsisniveau,
    /// The id of its notification to Digitaliseringsstyrelsen.
    pub anmeldelse: String,
    /// When the authority registered it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub registreret: Option<Instant>,
    /// When who runs the installation verified it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub verificeret: Option<Instant>,
}

/// Who asked for something, and who of the same party approved it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Underskrift {
    /// Who had a hand in what is asked for.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub bedt_af: BTreeSet<Uuid>,
    /// Who approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub godkendt_af: Option<Uuid>,
    /// Who countersigned what the first had asked for himself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medunderskrevet_af: Option<Uuid>,
}

/// What is said of an Identity Provider, beside what every it-system has. It is a draft until it is approved for the first
/// time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Idpprofil {
    /// The name people choose it by when they log in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub praesentationsnavn: String,
    /// Its level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nsis: Option<Nsis>,
    /// The domain of the ids of roles it sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domaene: Option<String>,
    /// When it was approved for the first time.
    #[serde(skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub godkendt: Option<Instant>,
    /// Who asked and who approved.
    pub underskrift: Underskrift,
    /// Why it was sent back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aarsag: Option<String>,
}

impl ItSystem {
    /// The level its Identity Provider is registered with.
    #[must_use]
    pub fn nsis(&self) -> Option<&Nsis> {
        self.idp.as_ref().and_then(|i| i.nsis.as_ref())
    }

    /// Whether it is an Identity Provider.
    #[must_use]
    pub fn er_idp(&self) -> bool {
        self.typer.contains(&Systemtype::IdentityProvider)
    }

    /// Whether it is open: registered, neither blocked nor closed.
    #[must_use]
    pub fn er_aabent(&self, nu: Instant) -> bool {
        use Systemtilstand as T;
        !matches!(self.tilstand, T::Kladde | T::Spaerret | T::Lukket) && self.lukkes.is_none_or(|l| l > nu)
    }
}

/// A føderationsaftale: people log in to one brugervendt system by one Identity Provider, for one authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foederationsaftale {
    /// Its UUID.
    pub uuid: Uuid,
    /// What people call it.
    pub navn: String,
    /// The brugervendt system.
    pub system: Uuid,
    /// The Identity Provider; an invitation that is not answered names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idp: Option<Uuid>,
    /// The authority whose people log in.
    pub myndighed: Cvr,
    /// The lowest level that is accepted, when the agreement demands more than the system does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nsis: Option<Nsisniveau>,
    /// What the Identity Provider tells of whoever logs in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub attributter: BTreeSet<String>,
    /// When it holds.
    #[serde(default = "tidsrum::altid", skip_serializing_if = "tidsrum::er_altid", with = "tidsrum")]
    pub gyldig: Period,
    /// The only brugersystemroller that may be used; all of the system when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roller: Option<BTreeSet<Uuid>>,
    /// The state that was decided. What follows from the time is not stored; see [`Foederationsaftale::tilstand`].
    pub tilstand: Foederationstilstand,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub oprettet: Option<Instant>,
    /// Whether the supplier began it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inviteret: bool,
    /// Whether it was ever sent, so that the other side sees it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sendt: bool,
    /// Whether the supplier has said yes: by inviting, by naming the authority in its myndighedsafgrænsning, or by an answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leverandoer_ja: bool,
    /// Whether the authority has said yes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub myndighed_ja: bool,
    /// Who of the authority asked and approved.
    #[serde(default)]
    pub underskrift: Underskrift,
    /// Who blocked it: only that party lifts the block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spaerret_af: Option<Cvr>,
    /// Why it was sent back, blocked or ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aarsag: Option<String>,
    /// When a login of a test person was tried and went well, with the Identity Provider it has now.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub testbruger: Option<Instant>,
}

impl Entitet for Foederationsaftale {
    const ART: &'static str = "foederationsaftale";
    const ORD: &'static str = "føderationsaftalen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Foederationsaftale {
    /// The level it takes: the higher of what the system and the agreement demand.
    #[must_use]
    pub fn kraevet(&self, system: Option<&ItSystem>) -> Option<Nsisniveau> {
        self.nsis.max(system.and_then(|s| s.nsis_kraevet))
    }

    /// Why it may not be sent or approved as it is.
    #[must_use]
    pub fn fejl(&self, system: Option<&ItSystem>, idp: Option<&ItSystem>, nu: Instant) -> Vec<Modulfejl> {
        let mut ud = Vec::new();
        match system.filter(|s| s.typer.contains(&Systemtype::BrugervendtSystem)) {
            Some(s) if s.er_aabent(nu) => {}
            Some(s) => {
                let tekst = format!("{} er ikke åbent nu: det er en kladde, spærret eller lukket.", s.navn);
                ud.push(Modulfejl::felt("system", "F-306", tekst));
            }
            None => ud.push(Modulfejl::mangler("system", "Brugervendt system")),
        }
        if let Some(s) = system.filter(|s| !s.maa_for(self.myndighed)) {
            let tekst = format!(
                "Myndigheden {} er ikke på systemets myndighedsafgrænsning. Bed leverandøren af {} om at føje jer til.",
                self.myndighed, s.navn
            );
            ud.push(Modulfejl::felt("system", "S-105", tekst));
        }
        let Some(idp) = idp.filter(|i| i.er_idp()) else {
            ud.push(Modulfejl::mangler("idp", "Identity Provider"));
            return ud;
        };
        let godkendt = idp.idp.as_ref().is_some_and(|p| p.godkendt.is_some());
        if !idp.er_aabent(nu) || !godkendt || idp.metadata.is_none() {
            let tekst = format!(
                "{} kan ikke bruges nu: den skal være godkendt af jeres Godkender, have metadata og hverken være \
                 spærret eller lukket.",
                idp.navn
            );
            ud.push(Modulfejl::felt("idp", "F-304", tekst));
        }
        if let Some(kraevet) = self.kraevet(system).filter(|k| idp.nsis().map(|n| n.niveau) < Some(*k)) {
            let aktuel = idp.nsis().map_or("uden niveau", |n| n.niveau.navn());
            let tekst = format!("Systemet kræver NSIS {kraevet}; jeres IdP er registreret som {aktuel}.");
            ud.push(Modulfejl::felt("idp", "F-301", tekst));
        }
        ud
    }

    /// Why it is not in force although it is approved, or will not stay so; what must be done about it.
    #[must_use]
    pub fn mangler(&self, system: Option<&ItSystem>, idp: Option<&ItSystem>, nu: Instant) -> Vec<Modulfejl> {
        let mut ud = self.fejl(system, idp, nu);
        if let Some(s) = system.filter(|s| s.metadata.is_none()) {
            let tekst = format!("{} har ingen SAML-metadata. Leverandøren skal registrere den.", s.navn);
            ud.push(Modulfejl::ny("F-307", tekst));
        }
        let uverificeret = idp.and_then(ItSystem::nsis).is_some_and(|n| n.verificeret.is_none());
        if uverificeret && self.kraevet(system).is_some() {
            let tekst = "Driftsoperatøren har ikke verificeret IdP'ens NSIS-niveau endnu.";
            ud.push(Modulfejl::ny("F-305", tekst));
        }
        if let Some(slut) = idp.and_then(|i| i.metadata.as_ref()?.udloeber()).filter(|slut| *slut <= nu) {
            ud.push(f302(slut));
        }
        ud
    }

    /// The state now, with the system and the Identity Provider as they are.
    #[must_use]
    pub fn tilstand(
        &self,
        system: Option<&ItSystem>,
        idp: Option<&ItSystem>,
        nu: Instant,
    ) -> Foederationstilstand {
        use Foederationshaendelse as H;
        let haendelse = if nu >= self.gyldig.to {
            H::SlutNaaet
        } else if self.gyldig.contains(nu) && self.mangler(system, idp, nu).is_empty() {
            H::BegyndelseNaaet
        } else {
            return self.tilstand;
        };
        foederationsovergang(self.tilstand, haendelse).unwrap_or(self.tilstand)
    }
}

/// F-302: the certificate an Identity Provider signs with runs out.
#[must_use]
pub fn f302(slut: Instant) -> Modulfejl {
    let sidst = Instant::from_micros(slut.micros().saturating_sub(1));
    let dag = oio::tid::zoned(sidst).map_or_else(String::new, |z| z.strftime("%d-%m-%Y").to_string());
    Modulfejl::ny("F-302", format!("IdP'ens signeringscertifikat udløber {dag}."))
}
