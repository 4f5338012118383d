//! It-systems and their states.

use crate::brugersystemrolle::{Brugersystemrolle, Dataafgraensningstype};
use crate::certifikat::Certifikat;
use crate::foederation::{Idpprofil, Nsisniveau, Samlmetadata};
use crate::tid::{tidspunkt, tidsrum};
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;

/// What an it-system is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the standard")]
pub enum Systemtype {
    Anvendersystem,
    #[serde(rename = "Brugervendt system")]
    BrugervendtSystem,
    #[serde(rename = "Identity Provider")]
    IdentityProvider,
    Serviceudbyder,
    Attributservice,
}

/// Where an it-system runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Miljoe {
    #[default]
    Test,
    Produktion,
    #[serde(rename = "Øvemiljø", alias = "Oevemiljoe")]
    Oevemiljoe,
}

/// The state of an it-system. TILSLUTTET is REGISTRERET with an agreement in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the standard")]
pub enum Systemtilstand {
    #[serde(rename = "KLADDE")]
    Kladde,
    #[default]
    #[serde(rename = "REGISTRERET")]
    Registreret,
    #[serde(rename = "TILSLUTTET")]
    Tilsluttet,
    #[serde(rename = "SPÆRRET", alias = "SPAERRET")]
    Spaerret,
    #[serde(rename = "UNDER LUKNING")]
    UnderLukning,
    #[serde(rename = "LUKKET")]
    Lukket,
}

impl Systemtype {
    /// Every type.
    pub const ALLE: [Self; 5] = [
        Self::Anvendersystem,
        Self::BrugervendtSystem,
        Self::IdentityProvider,
        Self::Serviceudbyder,
        Self::Attributservice,
    ];

    /// Its Danish name.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Anvendersystem => "Anvendersystem",
            Self::BrugervendtSystem => "Brugervendt system",
            Self::IdentityProvider => "Identity Provider",
            Self::Serviceudbyder => "Serviceudbyder",
            Self::Attributservice => "Attributservice",
        }
    }
}

impl Miljoe {
    /// Every environment.
    pub const ALLE: [Self; 3] = [Self::Test, Self::Produktion, Self::Oevemiljoe];

    /// Its Danish name.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Test => "Test",
            Self::Produktion => "Produktion",
            Self::Oevemiljoe => "Øvemiljø",
        }
    }
}

impl Systemtilstand {
    /// Every state.
    pub const ALLE: [Self; 6] =
        [Self::Kladde, Self::Registreret, Self::Tilsluttet, Self::Spaerret, Self::UnderLukning, Self::Lukket];
}

impl fmt::Display for Systemtilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kladde => "KLADDE",
            Self::Registreret => "REGISTRERET",
            Self::Tilsluttet => "TILSLUTTET",
            Self::Spaerret => "SPÆRRET",
            Self::UnderLukning => "UNDER LUKNING",
            Self::Lukket => "LUKKET",
        })
    }
}

/// What can happen to an it-system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Systemhaendelse {
    Registrer,
    Tilslut,
    Spaer,
    Ophaev,
    VarslLukning,
    Luk,
}

impl Systemhaendelse {
    /// Every event.
    pub const ALLE: [Self; 6] =
        [Self::Registrer, Self::Tilslut, Self::Spaer, Self::Ophaev, Self::VarslLukning, Self::Luk];
}

/// Why nothing happens to what is closed.
const LUKKET: &str = "it-systemet er lukket; registrér et nyt";

/// The state an event leads to, or why it does not, in Danish.
const fn overgang(fra: Systemtilstand, haendelse: Systemhaendelse) -> Result<Systemtilstand, &'static str> {
    use Systemhaendelse as H;
    use Systemtilstand as T;
    match (fra, haendelse) {
        (T::Kladde, H::Registrer) => Ok(T::Registreret),
        (T::Registreret, H::Tilslut) | (T::Spaerret, H::Ophaev) => Ok(T::Tilsluttet),
        (T::Registreret | T::Tilsluttet | T::UnderLukning, H::Spaer) => Ok(T::Spaerret),
        (T::Registreret | T::Tilsluttet, H::VarslLukning) => Ok(T::UnderLukning),
        (T::Kladde | T::Registreret | T::UnderLukning, H::Luk) => Ok(T::Lukket),
        (T::Tilsluttet, H::Luk) => {
            Err("leverandøren eller driftsoperatøren skal varsle lukningen mindst 30 dage før")
        }
        // What was announced would open it again.
        (T::Spaerret, H::VarslLukning | H::Luk) => {
            Err("it-systemet er spærret; spærringen skal ophæves, før det kan lukkes")
        }
        (T::Lukket, _) => Err(LUKKET),
        (T::Kladde, _) => Err("it-systemet er en kladde; leverandøren skal registrere det først"),
        (_, H::Registrer) => Err("it-systemet er registreret"),
        (_, H::Tilslut) => Err("it-systemet tilsluttes, når en serviceaftale træder i kraft"),
        (_, H::Ophaev) => Err("it-systemet er ikke spærret"),
        (T::Spaerret, H::Spaer) => Err("it-systemet er spærret"),
        (T::UnderLukning, H::VarslLukning) => Err("lukningen er varslet"),
    }
}

/// Permission for one system to act as another (proxy OnBehalfOf).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impersonering {
    /// For which authority.
    pub anvenderkontekst: Cvr,
    /// The represented system.
    pub system: Uuid,
    /// Only by this certificate of it (SHA-256 in hexadecimal); any of them when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certifikat: Option<String>,
    /// When.
    #[serde(default = "tidsrum::altid", skip_serializing_if = "tidsrum::er_altid", with = "tidsrum")]
    pub gyldig: Period,
}

/// What people need to know about an it-system. Nothing is decided by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Systemoplysninger {
    /// The mailbox notices go to; one that several people read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// What it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub beskrivelse: String,
    /// Who answers technical questions.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub teknisk_kontakt: String,
    /// Who answers about security.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sikkerhedskontakt: String,
    /// The reference of the databehandleraftale.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub databehandleraftale: String,
    /// The country it is hosted in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hostingland: String,
    /// Who else processes data for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub underdatabehandlere: String,
    /// Who accepted the terms (`Vilkår og betingelser`); they are accepted before it is saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vilkaar_accepteret_af: Option<String>,
}

/// An it-system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItSystem {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name, unique with its supplier.
    pub navn: String,
    /// The supplier.
    pub leverandoer: Cvr,
    /// The id under which the provisioning API knows it; its UUID when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eksternt_id: Option<String>,
    /// What it is used as.
    pub typer: BTreeSet<Systemtype>,
    /// Where it runs.
    #[serde(default)]
    pub miljoe: Miljoe,
    /// Its state.
    #[serde(default)]
    pub tilstand: Systemtilstand,
    /// Who blocked it: only that party lifts the block. Nobody named is the supplier itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spaerret_af: Option<Cvr>,
    /// When it closes. It counts in every state: a block and its lifting do not take an announced closing back.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub lukkes: Option<Instant>,
    /// The only authorities it may have agreements with; all when empty.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub myndighedsafgraensning: BTreeSet<Cvr>,
    /// The only authorities it may act for; those of its agreements when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kontekster: Option<BTreeSet<Cvr>>,
    /// Whether it may act for whoever sent it a token (normal OnBehalfOf).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub can_impersonate: bool,
    /// The systems it may act as with their certificate alone (proxy OnBehalfOf). Nobody when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impersonering: Vec<Impersonering>,
    /// Its certificates; several may be valid at once, so that one can follow another without a gap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certifikater: Vec<Certifikat>,
    /// What people need to know about it.
    #[serde(default, skip_serializing_if = "Systemoplysninger::er_tom")]
    pub oplysninger: Systemoplysninger,
    /// The roles it offers its users.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub brugersystemroller: Vec<Brugersystemrolle>,
    /// When those were last changed, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub roller_aendret: Option<Instant>,
    /// The limits of its own that its roles can have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dataafgraensningstyper: Vec<Dataafgraensningstype>,
    /// What is said of it as an Identity Provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idp: Option<Box<Idpprofil>>,
    /// The lowest NSIS level a brugervendt system accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nsis_kraevet: Option<Nsisniveau>,
    /// Its SAML metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<Samlmetadata>>,
}

impl Systemoplysninger {
    /// Whether nothing is said.
    #[must_use]
    pub fn er_tom(&self) -> bool {
        *self == Self::default()
    }
}

impl ItSystem {
    /// A registered anvendersystem.
    #[must_use]
    pub fn ny(uuid: Uuid, navn: impl Into<String>, leverandoer: Cvr, certifikater: Vec<Certifikat>) -> Self {
        Self {
            uuid,
            navn: navn.into(),
            leverandoer,
            eksternt_id: None,
            typer: BTreeSet::from([Systemtype::Anvendersystem]),
            miljoe: Miljoe::Test,
            tilstand: Systemtilstand::Registreret,
            spaerret_af: None,
            lukkes: None,
            myndighedsafgraensning: BTreeSet::new(),
            kontekster: None,
            can_impersonate: false,
            impersonering: Vec::new(),
            certifikater,
            oplysninger: Systemoplysninger::default(),
            brugersystemroller: Vec::new(),
            roller_aendret: None,
            dataafgraensningstyper: Vec::new(),
            idp: None,
            nsis_kraevet: None,
            metadata: None,
        }
    }

    /// Lets something happen to it. What was blocked while it was to be closed is still to be closed when the block is lifted.
    ///
    /// # Errors
    /// Why it does not, in Danish.
    pub fn haendelse(&mut self, haendelse: Systemhaendelse) -> Result<(), &'static str> {
        let ny = overgang(self.tilstand, haendelse)?;
        let lukkes = haendelse == Systemhaendelse::Ophaev && self.lukkes.is_some();
        self.tilstand = if lukkes { Systemtilstand::UnderLukning } else { ny };
        Ok(())
    }

    /// Announces that it closes on a day, or another day than was announced.
    ///
    /// # Errors
    /// Why it does not; once the day has passed there is no other.
    pub fn varsl_lukning(&mut self, dag: Instant, nu: Instant) -> Result<(), &'static str> {
        if self.lukkes.is_some_and(|lukkes| lukkes <= nu) {
            return Err(LUKKET);
        }
        if self.tilstand != Systemtilstand::UnderLukning {
            self.haendelse(Systemhaendelse::VarslLukning)?;
        }
        self.lukkes = Some(dag);
        Ok(())
    }

    /// Why it may not call now, in Danish; `None` when it may.
    #[must_use]
    pub fn lukket(&self, nu: Instant) -> Option<String> {
        let luk = self.lukkes.is_some_and(|lukkes| lukkes <= nu);
        match self.tilstand {
            Systemtilstand::Kladde | Systemtilstand::Spaerret | Systemtilstand::Lukket => {
                Some(format!("it-systemet {} er {}", self.navn, self.tilstand))
            }
            _ if luk => Some(format!("it-systemet {} er lukket", self.navn)),
            _ if !self.certifikater.iter().any(|c| c.gaelder(nu)) => {
                Some(format!("it-systemet {} har intet gyldigt certifikat", self.navn))
            }
            _ => None,
        }
    }

    /// Whether it may act for this authority at all, whatever its agreements say.
    #[must_use]
    pub fn maa_for(&self, myndighed: Cvr) -> bool {
        let inden =
            self.myndighedsafgraensning.is_empty() || self.myndighedsafgraensning.contains(&myndighed);
        inden && self.kontekster.as_ref().is_none_or(|k| k.contains(&myndighed))
    }

    /// Whether an authority can make jobfunktionsroller of what it offers its users.
    #[must_use]
    pub fn giver_roller_til(&self, myndighed: Cvr) -> bool {
        self.typer.contains(&Systemtype::BrugervendtSystem)
            && !matches!(self.tilstand, Systemtilstand::Kladde | Systemtilstand::Lukket)
            && self.maa_for(myndighed)
    }

    /// The id under which the provisioning API knows it.
    #[must_use]
    pub fn id(&self) -> String {
        self.eksternt_id.clone().unwrap_or_else(|| self.uuid.to_string())
    }
}

#[cfg(test)]
mod tests;
