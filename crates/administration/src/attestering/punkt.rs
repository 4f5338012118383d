//! One role in one it-system, to be attested, and the answers about it.

use crate::bruger::Modulfejl;
use crate::data::Entitet;
use crate::jobfunktionsrolle::Tilknytning;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
