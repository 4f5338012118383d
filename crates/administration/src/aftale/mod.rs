//! Serviceaftaler: an authority's instruction to let one system use some services.

mod gaeldende;
mod tilstand;

use crate::privilegium::Privilegium;
use crate::service::{Rolle, Service};
use crate::standard::Dataafgraensninger;
use crate::tid::{tidspunkt, tidsrum};
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

pub use gaeldende::Gaeldende;
pub use tilstand::{Afslag, Aftalehaendelse, Aftaletilstand, maa_godkende, overgang};

/// A serviceaftale. A version that is approved is never changed; a change is a new version, and the one before stays in
/// force until the new one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serviceaftale {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// The system that may call.
    pub system: Uuid,
    /// Whether it was made by the provisioning API, which may change it in place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisioneret: bool,
    /// Its versions.
    #[serde(default)]
    pub versioner: Vec<Aftaleversion>,
}

/// One version of a serviceaftale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aftaleversion {
    /// Its number, rising from 1.
    pub nummer: u32,
    /// Why the system needs it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub begrundelse: String,
    /// When it must be confirmed again at the latest; it runs out 30 days later.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub genbekraeftes: Option<Instant>,
    /// When it holds.
    #[serde(default = "tidsrum::altid", skip_serializing_if = "tidsrum::er_altid", with = "tidsrum")]
    pub gyldig: Period,
    /// The authorities, each with a state of its own.
    pub myndigheder: Vec<Aftalepart>,
    /// What the system may do.
    pub services: Vec<Aftaleservice>,
}

/// One authority in an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aftalepart {
    /// The authority.
    pub myndighed: Cvr,
    /// The state that was decided. What follows from the time is not stored; see [`Aftaleversion::tilstand`].
    pub tilstand: Aftaletilstand,
    /// When it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub anmodet: Option<Instant>,
    /// When the notice ends, once it is OPSAGT.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub opsagt_til: Option<Instant>,
    /// Whether it was SPÆRRET when notice was given: notice does not open it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spaerret: bool,
    /// Why it was blocked, refused or returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aarsag: Option<String>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anmodet_af: Option<String>,
    /// Who approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub godkendt_af: Option<String>,
}

impl Aftalepart {
    /// An authority in a state.
    #[must_use]
    pub fn ny(myndighed: Cvr, tilstand: Aftaletilstand) -> Self {
        Self {
            myndighed,
            tilstand,
            anmodet: None,
            opsagt_til: None,
            spaerret: false,
            aarsag: None,
            anmodet_af: None,
            godkendt_af: None,
        }
    }
}

/// What an agreement gives in one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aftaleservice {
    /// The service.
    pub service: Uuid,
    /// The id under which the provisioning API knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The authority that stands in the token, when it is another than the one acted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub udstedt_kontekst: Option<Cvr>,
    /// The roles by URI.
    pub roller: Vec<String>,
    /// The limits: values by the URI of their type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parametre: BTreeMap<String, Vec<String>>,
}

impl Aftaleservice {
    /// The privileges it gives for one authority.
    pub(crate) fn privilegier(&self, myndighed: Cvr) -> impl Iterator<Item = Privilegium> {
        let afgraensninger = self
            .parametre
            .iter()
            .flat_map(|(uri, vaerdier)| vaerdier.iter().map(move |v| (uri.clone(), v.clone())));
        let afgraensninger: Vec<_> = afgraensninger.collect();
        self.roller.iter().map(move |rolle| Privilegium {
            scope: self.udstedt_kontekst.unwrap_or(myndighed),
            rolle: rolle.clone(),
            afgraensninger: afgraensninger.clone(),
        })
    }
}

impl Serviceaftale {
    /// An agreement in force with one authority about one role in one of our registers.
    #[must_use]
    pub fn aktiv(
        uuid: Uuid,
        navn: impl Into<String>,
        system: Uuid,
        myndighed: Cvr,
        service: &Service,
        roller: &[Rolle],
        dataafgraensninger: Dataafgraensninger,
    ) -> Self {
        let roller = roller.iter().filter_map(|r| service.rolle_med_navn(r.navn()));
        let services = vec![Aftaleservice {
            service: service.uuid,
            id: None,
            udstedt_kontekst: None,
            roller: roller.map(|r| r.uri.clone()).collect(),
            parametre: dataafgraensninger.parametre(service),
        }];
        let version = Aftaleversion {
            nummer: 1,
            begrundelse: String::new(),
            genbekraeftes: None,
            gyldig: Period::ALWAYS,
            myndigheder: vec![Aftalepart::ny(myndighed, Aftaletilstand::Aktiv)],
            services,
        };
        Self { uuid, navn: navn.into(), system, provisioneret: false, versioner: vec![version] }
    }
}
