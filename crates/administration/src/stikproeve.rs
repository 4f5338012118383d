//! Stikprøver: some of what was read in a period, drawn by lot, and whether each reading was for work.

mod lodtraekning;
#[cfg(test)]
mod tests;

use crate::bruger::Modulfejl;
use crate::data::Entitet;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use lodtraekning::Lodtraekning;

/// Readings in one stikprøve, at most.
pub const PROEVER_MAX: usize = 200;
/// How much likelier a reading of sensitive information is to be drawn than another.
pub const FOELSOM_VAEGT: u32 = 3;

/// Whether a reading was for work, as the leader of whoever read says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Arbejdsbetinget {
    /// It was.
    #[serde(rename = "JA")]
    Ja,
    /// It was not.
    #[serde(rename = "NEJ")]
    Nej,
    /// It cannot be said.
    #[serde(rename = "VED IKKE")]
    VedIkke,
}

impl Arbejdsbetinget {
    /// Every answer, with the word for it.
    pub const ALLE: [(Self, &'static str); 3] =
        [(Self::Ja, "Ja"), (Self::Nej, "Nej"), (Self::VedIkke, "Ved ikke")];

    /// The word for it.
    #[must_use]
    pub fn ord(self) -> &'static str {
        Self::ALLE.iter().find(|(svar, _)| *svar == self).map_or("", |(_, ord)| ord)
    }
}

/// Whose readings are drawn from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Laesere {
    /// Persons', in the module, and systems', in the registers.
    #[default]
    #[serde(rename = "ALLE")]
    Alle,
    /// Persons'.
    #[serde(rename = "PERSONER")]
    Personer,
    /// Systems'.
    #[serde(rename = "SYSTEMER")]
    Systemer,
}

impl Laesere {
    /// What they read, in words that fit after "blandt".
    #[must_use]
    pub const fn ord(self) -> &'static str {
        match self {
            Self::Alle => {
                "personers læsninger i Administrationsmodulet og it-systemers læsninger i registrene"
            }
            Self::Personer => "personers læsninger i Administrationsmodulet",
            Self::Systemer => "it-systemers læsninger i registrene",
        }
    }
}

/// What was answered about a reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proevesvar {
    /// The answer.
    pub svar: Arbejdsbetinget,
    /// Who at the workplace was asked and answered.
    pub spurgt: String,
    /// What else was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bemaerkning: String,
    /// Who wrote it down, and the name.
    pub noteret_af: (Uuid, String),
    /// When, in microseconds.
    pub tid: i64,
}

/// A reading that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proeve {
    /// Its number in the stikprøve, from 1.
    pub nr: u32,
    /// When it was read, in microseconds.
    pub tid: i64,
    /// Who read: a person, or a system under its agreement.
    pub hvem: String,
    /// The person, when it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bruger: Option<Uuid>,
    /// What was read.
    pub hvad: String,
    /// Where in which log it stands.
    pub kilde: String,
    /// Whether it was sensitive information.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub foelsom: bool,
    /// What was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svar: Option<Proevesvar>,
}

/// How a stikprøve ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stikproeveslut {
    /// What it showed, and what is done about it.
    pub konklusion: String,
    /// Who ended it, and the name.
    pub af: (Uuid, String),
    /// When, in microseconds.
    pub tid: i64,
}

/// The state of a stikprøve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stikproevetilstand {
    /// Answers are awaited.
    Aaben,
    /// They are, and should have been there.
    Overskredet,
    /// It is ended, and what it says is final.
    Afsluttet,
}

/// A stikprøve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stikproeve {
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose readings they are.
    pub part: Cvr,
    /// What it is called.
    pub navn: String,
    /// The first moment of the period, and the first after it, in microseconds.
    pub periode: (i64, i64),
    /// Whose readings were drawn from.
    #[serde(default)]
    pub laesere: Laesere,
    /// How many readings of theirs there were in the period, and how many of them were of sensitive information.
    pub grundlag: (u64, u64),
    /// Who drew it, and the name.
    pub udtrukket_af: (Uuid, String),
    /// When, in microseconds.
    pub udtrukket: i64,
    /// When every answer should be there, in microseconds.
    pub frist: i64,
    /// The readings, the oldest first.
    pub proever: Vec<Proeve>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slut: Option<Stikproeveslut>,
}

impl Entitet for Stikproeve {
    const ART: &'static str = "stikproeve";
    const ORD: &'static str = "stikprøven";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Stikproeve {
    /// The state at a moment.
    #[must_use]
    pub fn tilstand(&self, nu: Instant) -> Stikproevetilstand {
        match &self.slut {
            Some(_) => Stikproevetilstand::Afsluttet,
            None if self.frist <= nu.micros() => Stikproevetilstand::Overskredet,
            None => Stikproevetilstand::Aaben,
        }
    }

    /// How many readings were answered so; `None` counts those without an answer.
    #[must_use]
    pub fn antal(&self, svar: Option<Arbejdsbetinget>) -> usize {
        self.proever.iter().filter(|p| p.svar.as_ref().map(|s| s.svar) == svar).count()
    }

    /// The reading with this number, when somebody may note an answer about it.
    ///
    /// # Errors
    /// T-101 when the stikprøve is ended; T-102 about one's own reading; A-404 when there is no such reading.
    pub fn kan_besvares(&self, nr: u32, af: Uuid) -> Result<&Proeve, Modulfejl> {
        let proeve = self.proever.iter().find(|p| p.nr == nr);
        let proeve = proeve.ok_or_else(|| Modulfejl::findes_ikke("Læsningen"))?;
        if self.slut.is_some() {
            let tekst = "Stikprøven er afsluttet. Træk en ny, hvis der er mere at undersøge.";
            return Err(Modulfejl::ny("T-101", tekst));
        }
        if proeve.bruger == Some(af) {
            let tekst = "Det er din egen læsning. Bed en anden Logansvarlig om at notere svaret.";
            return Err(Modulfejl::ny("T-102", tekst));
        }
        Ok(proeve)
    }

    /// Notes an answer. What was answered can be corrected until the stikprøve is ended.
    ///
    /// # Errors
    /// As [`Self::kan_besvares`]; A-006 without the name of whoever was asked.
    pub fn besvar(&mut self, nr: u32, svar: Proevesvar) -> Result<(), Modulfejl> {
        self.kan_besvares(nr, svar.noteret_af.0)?;
        if svar.spurgt.trim().is_empty() {
            return Err(Modulfejl::mangler("spurgt", "Hvem har svaret"));
        }
        self.proever.iter_mut().filter(|p| p.nr == nr).for_each(|p| p.svar = Some(svar.clone()));
        Ok(())
    }

    /// Ends it. Nothing of it changes afterwards.
    ///
    /// # Errors
    /// T-101 when it is ended already; T-103 while answers are missing and there is time to get them; A-006 without a
    /// conclusion.
    pub fn afslut(&mut self, slut: Stikproeveslut) -> Result<(), Modulfejl> {
        if self.slut.is_some() {
            return Err(Modulfejl::ny("T-101", "Stikprøven er allerede afsluttet."));
        }
        if slut.konklusion.trim().is_empty() {
            return Err(Modulfejl::mangler("konklusion", "Konklusion"));
        }
        let mangler = self.antal(None);
        if mangler > 0 && slut.tid < self.frist {
            let mangler = if mangler == 1 { "1 svar".to_owned() } else { format!("{mangler} svar") };
            return Err(Modulfejl::ny(
                "T-103",
                format!(
                    "Der mangler {mangler}. Notér dem, eller vent til fristen er gået; så afsluttes stikprøven uden dem."
                ),
            ));
        }
        self.slut = Some(slut);
        Ok(())
    }
}
