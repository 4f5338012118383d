//! Serviceaftaler: an authority's instruction to let one system use some services.

mod gaeldende;
mod kommentar;
mod omfang;
mod proeve;
mod spaerring;
mod standardgodkendelse;
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
pub use kommentar::{Aftalekommentar, KOMMENTAR_MAX};
pub use omfang::udvidelser;
pub use proeve::{PROEVETILSLUTNING_DAGE, PROEVETILSLUTNINGER_MAX};
pub use standardgodkendelse::Standardgodkendelse;
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
    /// The number people know it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nummer: Option<String>,
    /// The system that may call.
    pub system: Uuid,
    /// Whether it was made by the provisioning API, which may change it in place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisioneret: bool,
    /// Whether it is a trial (`Prøvetilslutning`): for a short time, to read the invented data of an authority whose data all
    /// are, and never more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proevetilslutning: bool,
    /// Its versions.
    #[serde(default)]
    pub versioner: Vec<Aftaleversion>,
    /// What authorities approve beforehand, one of each at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standardgodkendelser: Vec<Standardgodkendelse>,
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
    /// What the authority is told before it says yes.
    #[serde(default, skip_serializing_if = "Aftaleformaal::er_tom")]
    pub formaal: Aftaleformaal,
}

/// How data passes under an agreement (`Serviceaftaletype`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Aftaletype {
    /// The authority's own data, to its own supplier.
    #[default]
    #[serde(rename = "UDEN VIDEREGIVELSE")]
    UdenVideregivelse,
    /// Data of one authority to another.
    #[serde(rename = "MED VIDEREGIVELSE")]
    MedVideregivelse,
}

impl Aftaletype {
    /// Every type.
    pub const ALLE: [Self; 2] = [Self::UdenVideregivelse, Self::MedVideregivelse];

    /// Its Danish name.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::UdenVideregivelse => "Uden videregivelse af data",
            Self::MedVideregivelse => "Med videregivelse af data, én dataejer og én datamodtager",
        }
    }
}

/// What an authority is told before it says yes, and what its record of processing (artikel 30) is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Aftaleformaal {
    /// How data passes.
    #[serde(rename = "type")]
    pub aftaletype: Aftaletype,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub formaal: String,
    /// The legal basis.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hjemmel: String,
    /// The categories of personal data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kategorier: Vec<String>,
    /// The reference of the databehandleraftale.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub databehandleraftale: String,
    /// Who else processes the data.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub underdatabehandlere: String,
    /// Where data is processed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub behandlingssted: String,
    /// Who is called when it does not work.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub driftskontakt: String,
    /// Who accepted the terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vilkaar_accepteret_af: Option<String>,
}

impl Aftaleformaal {
    fn er_tom(&self) -> bool {
        *self == Self::default()
    }
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
    /// From when the authority approved it, when that is later than the version begins.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub gyldig_fra: Option<Instant>,
    /// When the authority must confirm it again at the latest; what the version says, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub genbekraeftes: Option<Instant>,
    /// When the notice ends, once it is OPSAGT.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub opsagt_til: Option<Instant>,
    /// Whether it is SPÆRRET as well, once it is OPSAGT: notice does not open it, and a block does not put off its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spaerret: bool,
    /// Who blocked it: only that party lifts the block. Nobody named is the authority itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spaerret_af: Option<Cvr>,
    /// Why it was blocked, refused or returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aarsag: Option<String>,
    /// Why notice was given, while `aarsag` says why it was blocked after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opsigelsesaarsag: Option<String>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anmodet_af: Option<String>,
    /// Who approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub godkendt_af: Option<String>,
    /// Who countersigned what the first had asked for himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medunderskrevet_af: Option<String>,
    /// The rule it was approved by, when no person did: as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub godkendt_efter: Option<Standardgodkendelse>,
}

impl Aftalepart {
    /// An authority in a state.
    #[must_use]
    pub fn ny(myndighed: Cvr, tilstand: Aftaletilstand) -> Self {
        Self {
            myndighed,
            tilstand,
            anmodet: None,
            gyldig_fra: None,
            genbekraeftes: None,
            opsagt_til: None,
            spaerret: false,
            spaerret_af: None,
            aarsag: None,
            opsigelsesaarsag: None,
            anmodet_af: None,
            godkendt_af: None,
            medunderskrevet_af: None,
            godkendt_efter: None,
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
            formaal: Aftaleformaal::default(),
        };
        Self {
            uuid,
            navn: navn.into(),
            nummer: None,
            system,
            provisioneret: false,
            proevetilslutning: false,
            versioner: vec![version],
            standardgodkendelser: Vec::new(),
        }
    }
}
