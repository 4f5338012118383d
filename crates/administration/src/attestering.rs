//! Attestering: those who answer for an it-system confirm, from time to time, that the jobfunktionsroller give what they
//! should in it, or ask for a change.
//!
//! A run ([`Attestering`]) has a point ([`Attesteringspunkt`]) for every role and it-system in it. What was attested is kept
//! with the answer, so that a later change shows ([`Rolleattest`]).

#[cfg(test)]
mod tests;

use crate::bruger::Modulfejl;
use crate::data::Entitet;
use crate::jobfunktionsrolle::{Jobfunktionsrolle, Jobfunktionsrolletilstand, Tilknytning};
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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

/// What was answered about a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Attestsvar {
    /// It is as it should be.
    #[serde(rename = "BEKRÆFTET")]
    Bekraeftet,
    /// It is not.
    #[serde(rename = "ÆNDRING ØNSKET")]
    Aendring,
}

/// An answer, with what it was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attest {
    /// The answer.
    pub svar: Attestsvar,
    /// What should be changed, and why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub begrundelse: String,
    /// Who answered, and the name.
    pub af: (Uuid, String),
    /// When, in microseconds.
    pub tid: i64,
    /// The version of the role that was shown.
    pub version: i64,
    /// What the role was made of in the it-system.
    pub tilknytninger: Vec<Tilknytning>,
    /// The same as it was read.
    pub ord: Vec<String>,
}

/// What a point has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Punktstatus {
    /// Nobody has answered.
    Venter,
    /// Confirmed.
    Bekraeftet,
    /// A change was asked for.
    Aendring,
    /// Nobody answered before the run ended.
    UdenSvar,
    /// There was nothing left to attest when the run ended.
    Bortfaldet,
}

impl Punktstatus {
    /// Every one, with what it is stored as and the word for it.
    pub const ALLE: [(Self, &'static str, &'static str); 5] = [
        (Self::Venter, "VENTER", "Venter på svar"),
        (Self::Bekraeftet, "BEKRÆFTET", "Bekræftet"),
        (Self::Aendring, "ÆNDRING", "Ændring ønsket"),
        (Self::UdenSvar, "UDEN SVAR", "Uden svar"),
        (Self::Bortfaldet, "BORTFALDET", "Bortfaldet"),
    ];

    /// What it is stored as.
    #[must_use]
    pub fn kode(self) -> &'static str {
        Self::ALLE.iter().find(|(s, ..)| *s == self).map_or("", |(_, kode, _)| kode)
    }

    /// The word for it.
    #[must_use]
    pub fn ord(self) -> &'static str {
        Self::ALLE.iter().find(|(s, ..)| *s == self).map_or("", |(.., ord)| ord)
    }

    /// The status stored as this.
    #[must_use]
    pub fn med_kode(kode: &str) -> Option<Self> {
        Self::ALLE.iter().find(|(_, k, _)| *k == kode).map(|(s, ..)| *s)
    }
}

/// How a point without an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Punktslut {
    /// Nobody answered.
    #[serde(rename = "UDEN SVAR")]
    UdenSvar,
    /// There was nothing left to attest.
    #[serde(rename = "BORTFALDET")]
    Bortfaldet,
}

/// What one role gives in one it-system, to be attested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attesteringspunkt {
    /// Its UUID: it follows from the run and the number.
    pub uuid: Uuid,
    /// The run.
    pub koersel: Uuid,
    /// Its number in the run, from 1.
    pub nr: u32,
    /// Whose role it is.
    pub part: Cvr,
    /// The role.
    pub rolle: Uuid,
    /// Its name when the run was started.
    pub rollenavn: String,
    /// The it-system.
    pub system: Uuid,
    /// Its name.
    pub systemnavn: String,
    /// Whether the role opens sensitive information.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub foelsom: bool,
    /// When the run was started, in microseconds.
    pub startet: i64,
    /// Every answer, the last one counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub svar: Vec<Attest>,
    /// How it ended without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slut: Option<Punktslut>,
}

impl Entitet for Attesteringspunkt {
    const ART: &'static str = "attesteringspunkt";
    const ORD: &'static str = "punktet i attesteringen";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        format!("{} i {}", self.rollenavn, self.systemnavn)
    }
}

impl Attesteringspunkt {
    /// The UUID of a point.
    #[must_use]
    pub fn id(koersel: Uuid, nr: u32) -> Uuid {
        Uuid::new_v5(&koersel, format!("punkt:{nr}").as_bytes())
    }

    /// The answer that counts.
    #[must_use]
    pub fn sidste(&self) -> Option<&Attest> {
        self.svar.last()
    }

    /// What it has come to.
    #[must_use]
    pub fn status(&self) -> Punktstatus {
        match (self.sidste().map(|a| a.svar), self.slut) {
            (Some(Attestsvar::Bekraeftet), _) => Punktstatus::Bekraeftet,
            (Some(Attestsvar::Aendring), _) => Punktstatus::Aendring,
            (None, Some(Punktslut::UdenSvar)) => Punktstatus::UdenSvar,
            (None, Some(Punktslut::Bortfaldet)) => Punktstatus::Bortfaldet,
            (None, None) => Punktstatus::Venter,
        }
    }

    /// Notes an answer about the role as it is. Until the run is ended it can be answered anew: the earlier answers are kept.
    /// `sammensat_af` is who last changed what the role is made of (SOD-7).
    ///
    /// # Errors
    /// T-202 when whoever confirms made it what it is; T-205 when there is nothing left to attest; A-006 without a reason
    /// for a change.
    pub fn besvar(
        &mut self,
        attest: Attest,
        i_brug: bool,
        sammensat_af: Option<Uuid>,
    ) -> Result<(), Modulfejl> {
        if !i_brug || attest.tilknytninger.is_empty() {
            let tekst = format!(
                "Der er ikke mere at attestere: {} giver ikke længere adgang til {}.",
                self.rollenavn, self.systemnavn
            );
            return Err(Modulfejl::ny("T-205", tekst));
        }
        match attest.svar {
            Attestsvar::Bekraeftet if sammensat_af == Some(attest.af.0) => return Err(self.egen()),
            Attestsvar::Aendring if attest.begrundelse.trim().is_empty() => {
                return Err(Modulfejl::mangler("begrundelse", "Hvad skal ændres, og hvorfor"));
            }
            _ => {}
        }
        self.svar.push(attest);
        Ok(())
    }

    fn egen(&self) -> Modulfejl {
        let tekst = format!(
            "Du har selv sammensat {} sidst og kan ikke bekræfte den. En anden Systemansvarlig for {} skal gøre det. Er der \
             ingen, så bed jeres Administrator om at udpege en.",
            self.rollenavn, self.systemnavn
        );
        Modulfejl::ny("T-202", tekst)
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

/// The latest confirmation of what a role gives in one it-system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Systemattest {
    /// When, in microseconds.
    pub tid: i64,
    /// What it was made of.
    pub tilknytninger: Vec<Tilknytning>,
}

/// The latest confirmations of a role, by it-system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolleattest {
    /// The role.
    pub rolle: Uuid,
    /// Whose it is.
    pub part: Cvr,
    /// The confirmations.
    pub systemer: BTreeMap<Uuid, Systemattest>,
}

impl Entitet for Rolleattest {
    const ART: &'static str = "rolleattest";
    const ORD: &'static str = "attesten for rollen";
    fn uuid(&self) -> Uuid {
        self.rolle
    }
    fn navn(&self) -> String {
        String::new()
    }
}

/// When a role as a whole was attested.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sidst {
    /// The day the oldest confirmation of its it-systems is from, in microseconds; none while one of them has none.
    pub tid: Option<i64>,
    /// Whether what was attested has been changed since.
    pub aendret: bool,
}

impl Sidst {
    /// Whether the role as it is was attested no earlier than this.
    #[must_use]
    pub fn siden(self, graense: Instant) -> bool {
        !self.aendret && self.tid.is_some_and(|tid| tid >= graense.micros())
    }
}

impl Rolleattest {
    /// When the role as a whole was attested, of what it is made of now, by it-system.
    #[must_use]
    pub fn sidst(&self, dele: &BTreeMap<Uuid, Vec<Tilknytning>>) -> Sidst {
        let kendte = || dele.iter().map(|(system, nu)| (self.systemer.get(system), nu));
        let tider = kendte().map(|(attest, _)| attest.map(|a| a.tid));
        Sidst {
            tid: tider.collect::<Option<Vec<i64>>>().and_then(|t| t.into_iter().min()),
            aendret: kendte().any(|(attest, nu)| attest.is_some_and(|a| !samme(&a.tilknytninger, nu))),
        }
    }
}

/// Whether two compositions give the same, in whatever order they are written.
#[must_use]
pub fn samme(a: &[Tilknytning], b: &[Tilknytning]) -> bool {
    let i_orden = |alle: &[Tilknytning]| {
        let mut alle: Vec<Tilknytning> = alle.to_vec();
        for t in &mut alle {
            // What a value is called gives nothing.
            t.vaerdier.iter_mut().for_each(|v| v.navn.clear());
            t.vaerdier.sort_by(|x, y| (&x.entity_id, &x.vaerdi).cmp(&(&y.entity_id, &y.vaerdi)));
        }
        alle.sort_by_key(|t| (t.rolle, format!("{:?}", t.vaerdier)));
        alle
    };
    i_orden(a) == i_orden(b)
}

/// Whether employees can have the role now, so that there is something to attest.
#[must_use]
pub fn i_brug(rolle: &Jobfunktionsrolle, nu: Instant) -> bool {
    matches!(rolle.tilstand(nu), Jobfunktionsrolletilstand::Aktiv | Jobfunktionsrolletilstand::Udfases)
}
