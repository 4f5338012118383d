//! Attestering: those who answer for an it-system confirm, from time to time, that the jobfunktionsroller give what they
//! should in it, or ask for a change.
//!
//! A run ([`Attestering`]) has a point ([`Attesteringspunkt`]) for every role and it-system in it. What was attested is kept
//! with the answer, so that a later change shows ([`Rolleattest`]).

mod punkt;
mod sidst;
#[cfg(test)]
mod tests;

use crate::bruger::Modulfejl;
use crate::data::Entitet;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

pub use punkt::{Attest, Attesteringspunkt, Attestsvar, Punktslut, Punktstatus};
pub use sidst::{Rolleattest, Sidst, Systemattest, i_brug, samme};

/// Points in one run, at most.
pub const PUNKTER_MAX: usize = 2_000;

/// Which roles a run is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attesteringsomfang {
    /// All in use.
    #[default]
    #[serde(rename = "ALLE")]
    Alle,
    /// Those that open sensitive information.
    #[serde(rename = "FØLSOMME")]
    Foelsomme,
    /// What roles give in these it-systems.
    #[serde(rename = "SYSTEMER")]
    Systemer(BTreeSet<Uuid>),
}

impl Attesteringsomfang {
    /// What it is stored under, to find the latest of its kind.
    #[must_use]
    pub const fn kode(&self) -> &'static str {
        match self {
            Self::Alle => "ALLE",
            Self::Foelsomme => "FØLSOMME",
            Self::Systemer(_) => "SYSTEMER",
        }
    }

    /// In words.
    #[must_use]
    pub const fn ord(&self) -> &'static str {
        match self {
            Self::Alle => "Alle jobfunktionsroller i brug",
            Self::Foelsomme => "Følsomme jobfunktionsroller",
            Self::Systemer(_) => "Udvalgte it-systemer",
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attesteringsslut {
    /// Who ended it, and the name.
    pub af: (Uuid, String),
    /// When, in microseconds.
    pub tid: i64,
    /// What came of its points.
    pub tal: Attesteringstal,
}

/// How many points came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Attesteringstal {
    /// All of them.
    pub alle: u32,
    /// Confirmed.
    pub bekraeftet: u32,
    /// A change was asked for.
    pub aendring: u32,
    /// Nobody answered before the end.
    pub uden_svar: u32,
    /// There was nothing left to attest.
    pub bortfaldet: u32,
}

impl Attesteringstal {
    /// Those that nobody has answered.
    #[must_use]
    pub fn venter(&self) -> u32 {
        self.alle.saturating_sub(self.faerdige())
    }

    /// Those that nothing more is awaited about.
    #[must_use]
    pub fn faerdige(&self) -> u32 {
        [self.bekraeftet, self.aendring, self.uden_svar, self.bortfaldet]
            .into_iter()
            .fold(0, u32::saturating_add)
    }

    /// A point went from one status to another.
    pub fn flyt(&mut self, fra: Punktstatus, til: Punktstatus) {
        if let Some(tal) = self.tal(fra) {
            *tal = tal.saturating_sub(1);
        }
        if let Some(tal) = self.tal(til) {
            *tal = tal.saturating_add(1);
        }
    }

    fn tal(&mut self, status: Punktstatus) -> Option<&mut u32> {
        match status {
            Punktstatus::Venter => None,
            Punktstatus::Bekraeftet => Some(&mut self.bekraeftet),
            Punktstatus::Aendring => Some(&mut self.aendring),
            Punktstatus::UdenSvar => Some(&mut self.uden_svar),
            Punktstatus::Bortfaldet => Some(&mut self.bortfaldet),
        }
    }
}

impl std::ops::AddAssign for Attesteringstal {
    fn add_assign(&mut self, andre: Self) {
        self.alle = self.alle.saturating_add(andre.alle);
        self.bekraeftet = self.bekraeftet.saturating_add(andre.bekraeftet);
        self.aendring = self.aendring.saturating_add(andre.aendring);
        self.uden_svar = self.uden_svar.saturating_add(andre.uden_svar);
        self.bortfaldet = self.bortfaldet.saturating_add(andre.bortfaldet);
    }
}

/// The state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attesteringstilstand {
    /// Answers are awaited.
    Aaben,
    /// They are, and should have been there.
    Overskredet,
    /// It is ended, and what it says is final.
    Afsluttet,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestering {
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose roles they are.
    pub part: Cvr,
    /// What it is called.
    pub navn: String,
    /// Which roles it is about.
    #[serde(default)]
    pub omfang: Attesteringsomfang,
    /// Who started it, and the name.
    pub startet_af: (Uuid, String),
    /// When, in microseconds.
    pub startet: i64,
    /// When every answer should be there, in microseconds.
    pub frist: i64,
    /// How many points it has.
    pub punkter: u32,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slut: Option<Attesteringsslut>,
}

impl Entitet for Attestering {
    const ART: &'static str = "attestering";
    const ORD: &'static str = "attesteringen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.navn.clone()
    }
}

impl Attestering {
    /// The state at a moment.
    #[must_use]
    pub fn tilstand(&self, nu: Instant) -> Attesteringstilstand {
        match &self.slut {
            Some(_) => Attesteringstilstand::Afsluttet,
            None if self.frist <= nu.micros() => Attesteringstilstand::Overskredet,
            None => Attesteringstilstand::Aaben,
        }
    }

    /// Demands that it is not ended.
    ///
    /// # Errors
    /// T-201.
    pub fn er_i_gang(&self) -> Result<(), Modulfejl> {
        if self.slut.is_none() {
            return Ok(());
        }
        Err(Modulfejl::ny("T-201", "Attesteringen er afsluttet. Start en ny, hvis der er mere at attestere."))
    }

    /// Ends it, when so many points still wait for an answer that could be given.
    ///
    /// # Errors
    /// T-201 when it is ended already; T-204 while answers are missing and there is time to get them.
    pub fn afslut(&mut self, slut: Attesteringsslut, venter: usize) -> Result<(), Modulfejl> {
        self.er_i_gang()?;
        if venter > 0 && slut.tid < self.frist {
            let tekst = format!(
                "Der mangler {venter} svar. Vent, til de er der, eller til fristen er gået; så afsluttes attesteringen \
                 uden dem."
            );
            return Err(Modulfejl::ny("T-204", tekst));
        }
        self.slut = Some(slut);
        Ok(())
    }
}

/// One it-system in a run, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attesteringsdel {
    /// Its UUID: it follows from the run and the it-system.
    pub uuid: Uuid,
    /// The run.
    pub koersel: Uuid,
    /// Whose roles they are.
    pub part: Cvr,
    /// The it-system.
    pub system: Uuid,
    /// Its name.
    pub systemnavn: String,
    /// What its points have come to.
    pub tal: Attesteringstal,
}

impl Entitet for Attesteringsdel {
    const ART: &'static str = "attesteringsdel";
    const ORD: &'static str = "it-systemet i attesteringen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.systemnavn.clone()
    }
}

impl Attesteringsdel {
    /// The UUID of an it-system in a run.
    #[must_use]
    pub fn id(koersel: Uuid, system: Uuid) -> Uuid {
        Uuid::new_v5(&koersel, format!("system:{system}").as_bytes())
    }
}
