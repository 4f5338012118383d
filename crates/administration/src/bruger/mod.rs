//! The people who use the Administrationsmodul: who they are, which roles they have, and what the roles let them do.

mod adskillelse;
mod fejl;
mod ret;
mod rolle;

use crate::data::Entitet;
use crate::part::Partsart;
use crate::tid::tidsrum;
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;

pub use adskillelse::{
    Andre, Rolleregler, afslut, er_administrator, genaabn, maa_give_login, maa_tildele, spaer, tildel,
};
pub use fejl::Modulfejl;
pub use ret::{Emne, Handling, RETTIGHEDER, aendrer, maa, roller_til};
pub use rolle::{Modulrolle, Tildelingsart};

/// The state of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the specification")]
pub enum Brugertilstand {
    #[serde(rename = "INVITERET")]
    Inviteret,
    #[serde(rename = "AKTIV")]
    Aktiv,
    #[serde(rename = "SPÆRRET")]
    Spaerret,
    #[serde(rename = "OPHØRT")]
    Ophoert,
}

impl fmt::Display for Brugertilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inviteret => "INVITERET",
            Self::Aktiv => "AKTIV",
            Self::Spaerret => "SPÆRRET",
            Self::Ophoert => "OPHØRT",
        })
    }
}

/// What a role reaches: everything of the party when both are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Omfang {
    /// Only these it-systems.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub systemer: BTreeSet<Uuid>,
    /// Only these units and those under them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub enheder: BTreeSet<Uuid>,
}

impl Omfang {
    /// Whether it reaches an it-system.
    #[must_use]
    pub fn naar(&self, system: Uuid) -> bool {
        self.systemer.is_empty() || self.systemer.contains(&system)
    }
}

/// A role given to a user for a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tildeling {
    /// Tells the assignments of a user apart.
    pub id: Uuid,
    /// The role.
    pub rolle: Modulrolle,
    /// The party it is exercised for.
    pub part: Cvr,
    /// What it reaches.
    #[serde(default)]
    pub omfang: Omfang,
    /// When it holds.
    #[serde(default = "tidsrum::altid", skip_serializing_if = "tidsrum::er_altid", with = "tidsrum")]
    pub gyldig: Period,
    /// The case it was decided in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sagsnummer: Option<String>,
    /// Who gave it; nobody when the installation itself did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tildelt_af: Option<Uuid>,
}

/// A user of the Administrationsmodul.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bruger {
    /// Its UUID.
    pub uuid: Uuid,
    /// The name of the person.
    pub navn: String,
    /// The address notices go to; also the name to log in with.
    pub email: String,
    /// The party the person works for.
    pub cvr: Cvr,
    /// The telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telefon: Option<String>,
    /// The state.
    pub tilstand: Brugertilstand,
    /// Who disabled the user: only that party, or who runs the installation, opens it again. Nobody named is the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spaerret_af: Option<Cvr>,
    /// The state before, to which opening leads back: who has never logged in is invited still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foer_spaerring: Option<Brugertilstand>,
    /// Who takes over tasks meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stedfortraeder: Option<Uuid>,
    /// The roles, those that have ended included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roller: Vec<Tildeling>,
}

impl Entitet for Bruger {
    const ART: &'static str = "bruger";
    const ORD: &'static str = "brugeren";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Bruger {
    /// The assignments that hold now.
    pub fn gaeldende(&self, nu: Instant) -> impl Iterator<Item = &Tildeling> {
        let aktiv = self.tilstand == Brugertilstand::Aktiv;
        self.roller.iter().filter(move |t| aktiv && t.gyldig.contains(nu))
    }

    /// The parties the person may act for now, ascending.
    #[must_use]
    pub fn parter(&self, nu: Instant) -> BTreeSet<Cvr> {
        self.gaeldende(nu).map(|t| t.part).collect()
    }

    /// The person acting for a party, with the roles that hold now; `None` when there are none.
    #[must_use]
    pub fn handler_som(&self, part: Cvr, nu: Instant) -> Option<Aktoer> {
        let roller: Vec<Tildeling> = self.gaeldende(nu).filter(|t| t.part == part).cloned().collect();
        let aktoer = Aktoer { bruger: self.uuid, navn: self.navn.clone(), part, roller };
        (!aktoer.roller.is_empty()).then_some(aktoer)
    }
}

/// A person, or a role catalogue, acting for a party. Made by [`Bruger::handler_som`] and [`Aktoer::rollekatalog`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aktoer {
    /// The user.
    pub bruger: Uuid,
    /// The name.
    pub navn: String,
    /// The party.
    pub part: Cvr,
    /// The roles that held when it was made.
    roller: Vec<Tildeling>,
}

impl Aktoer {
    /// An authority's role catalogue, recognised by its certificate: it may do what a Jobfunktionsrolleadministrator may.
    #[must_use]
    pub fn rollekatalog(part: &crate::part::Part) -> Self {
        let tildeling = Tildeling {
            id: part.uuid,
            rolle: Modulrolle::Jobfunktionsrolleadministrator,
            part: part.cvr,
            omfang: Omfang::default(),
            gyldig: Period::ALWAYS,
            sagsnummer: None,
            tildelt_af: None,
        };
        let navn = format!("{}s rollekatalog", part.navn);
        Self { bruger: part.uuid, navn, part: part.cvr, roller: vec![tildeling] }
    }

    /// The roles, ascending, each once.
    #[must_use]
    pub fn roller(&self) -> BTreeSet<Modulrolle> {
        self.roller.iter().map(|t| t.rolle).collect()
    }

    /// Whether the person has this role.
    #[must_use]
    pub fn har(&self, rolle: Modulrolle) -> bool {
        self.roller.iter().any(|t| t.rolle == rolle)
    }

    /// Whether the person has this role for an it-system: a role may reach some of them only.
    #[must_use]
    pub fn har_for(&self, rolle: Modulrolle, system: Uuid) -> bool {
        self.roller.iter().any(|t| t.rolle == rolle && t.omfang.naar(system))
    }

    /// Whether the person runs the installation, and so sees every party.
    #[must_use]
    pub fn ser_alle_parter(&self) -> bool {
        self.roller.iter().any(|t| t.rolle.tildelingsart() == Tildelingsart::Operatoer)
    }

    /// Whether the person may do this with anything at all.
    #[must_use]
    pub fn kan(&self, emne: Emne, handling: Handling) -> bool {
        self.roller.iter().any(|t| maa(t.rolle, emne, handling))
    }

    /// Demands that the person may do this; gives the role that says so.
    ///
    /// # Errors
    /// A-001, with the roles that may.
    pub fn kraev(&self, emne: Emne, handling: Handling) -> Result<Modulrolle, Modulfejl> {
        let rolle = self.roller.iter().map(|t| t.rolle).find(|r| maa(*r, emne, handling));
        rolle.ok_or_else(|| Modulfejl::ikke_ret(emne, handling))
    }

    /// Demands that the person may do this with an it-system: a role may reach some of them only.
    ///
    /// # Errors
    ///
    pub fn kraev_system(
        &self,
        emne: Emne,
        handling: Handling,
        system: Uuid,
    ) -> Result<Modulrolle, Modulfejl> {
        self.kraev_som(&Partsart::ALLE, emne, handling, system)
    }

    /// The same on behalf of a party that is one of these kinds in the matter: a municipality that is its own supplier has
    /// roles of both, and those of one say nothing on behalf of the other.
    ///
    /// # Errors
    ///
    pub fn kraev_som(
        &self,
        som: &[Partsart],
        emne: Emne,
        handling: Handling,
        system: Uuid,
    ) -> Result<Modulrolle, Modulfejl> {
        let omfatter = |t: &&Tildeling| t.omfang.naar(system);
        let mut roller = self.roller.iter().filter(omfatter).map(|t| t.rolle);
        let rolle = roller.find(|r| som.contains(&r.part()) && maa(*r, emne, handling));
        rolle.ok_or_else(|| Modulfejl::ikke_ret_som(som, emne, handling))
    }
}

#[cfg(test)]
mod tests;
