//! What an object of the indexes is: registreringer with instances of the sections of their type.
//!
//! Fields beyond virkning and the head of a relation stay elements of the tables, so that nothing sent is lost.

mod omsaet;

pub use omsaet::{forekomst, indhold_af, indhold_knude, registrering_af, registrering_knude};
pub(crate) use omsaet::{plads, tidspunkt, unik_id, virkning};

use crate::knude::Knude;
use crate::skema::{Afsnit, Art, Liste};
use bitemporal::{Instant, Period, Placed};
use oio::UnikId;
use oio::model::{AktoerTypeKode, Livscyklus};
use uuid::Uuid;

/// Instances one registrering may hold.
pub const FOREKOMSTER_MAX: usize = 10_000;

/// A point in time as it was written, so that its offset is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tid {
    tekst: Box<str>,
    instant: Instant,
}

impl Tid {
    /// The time a text means.
    #[must_use]
    pub fn laes(tekst: &str) -> Option<Self> {
        Some(Self { tekst: tekst.into(), instant: crate::form::tid(tekst)? })
    }

    /// An instant in Danish time; `None` for the infinities.
    #[must_use]
    pub fn af(instant: Instant) -> Option<Self> {
        // What is finer than a millisecond would not stand in the text.
        Self::laes(&crate::form::skriv_tid(instant)?)
    }

    /// As it was written.
    #[must_use]
    pub fn tekst(&self) -> &str {
        &self.tekst
    }

    /// What it means.
    #[must_use]
    pub const fn instant(&self) -> Instant {
        self.instant
    }
}

/// `sd:TidspunktType`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tidspunkt {
    /// `TidsstempelDatoTid`.
    Tid(Tid),
    /// `GraenseIndikator`.
    Graense,
}

impl Tidspunkt {
    /// The instant, or this one when it is without bound.
    #[must_use]
    pub const fn eller(&self, graense: Instant) -> Instant {
        match self {
            Self::Tid(tid) => tid.instant(),
            Self::Graense => graense,
        }
    }
}

/// `sd:VirkningType`, with what was left out left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Virkning {
    /// `FraTidspunkt`.
    pub fra: Option<Tidspunkt>,
    /// `TilTidspunkt`.
    pub til: Option<Tidspunkt>,
    /// `AktoerRef`.
    pub aktoer_ref: Option<UnikId>,
    /// `AktoerTypeKode`.
    pub aktoer_type: Option<AktoerTypeKode>,
    /// `NoteTekst`.
    pub note: Option<Box<str>>,
}

impl Virkning {
    /// When it holds: from the start, until but without the end; what is absent is without bound.
    #[must_use]
    pub fn periode(&self) -> Period {
        Period {
            from: self.fra.as_ref().map_or(Instant::NEG_INFINITY, |t| t.eller(Instant::NEG_INFINITY)),
            to: self.til.as_ref().map_or(Instant::POS_INFINITY, |t| t.eller(Instant::POS_INFINITY)),
        }
    }

    /// The same during another period. A bound that does not move keeps the text it was written in.
    fn i(&self, periode: Period) -> Self {
        let nu = self.periode();
        let bound = |instant| Tid::af(instant).map_or(Tidspunkt::Graense, Tidspunkt::Tid);
        let mut flyttet = self.clone();
        if periode.from != nu.from {
            flyttet.fra = Some(bound(periode.from));
        }
        if periode.to != nu.to {
            flyttet.til = Some(bound(periode.to));
        }
        flyttet
    }
}

/// What a relation has before its own fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hoved {
    /// `Rolle`.
    pub rolle: Option<UnikId>,
    /// `Type`.
    pub objekttype: Option<UnikId>,
    /// `Indeks`.
    pub indeks: Option<Box<str>>,
    /// `ReferenceID`.
    pub reference: Option<UnikId>,
}

/// One instance of a section: an attribute group, a state or a relation during a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forekomst {
    /// Which section.
    pub afsnit: &'static Afsnit,
    /// When it holds.
    pub virkning: Option<Virkning>,
    /// The head, of relations.
    pub hoved: Hoved,
    /// The other fields, extensions included, in the order of the schema.
    pub felter: Vec<Knude>,
}

impl Forekomst {
    /// When it holds; always, when it does not say.
    #[must_use]
    pub fn periode(&self) -> Period {
        self.virkning.as_ref().map_or(Period::ALWAYS, Virkning::periode)
    }

    /// The text of a field, of its own or of its extension.
    #[must_use]
    pub fn felt(&self, navn: &str) -> Option<&str> {
        let eget = self.felter.iter().find(|k| k.navn() == navn).map(Knude::tekst);
        eget.or_else(|| self.udvidelse().find_map(|u| u.tekst_af(navn)))
    }

    /// The field with what stands in it.
    #[must_use]
    pub fn knude(&self, navn: &str) -> Option<&Knude> {
        self.felter.iter().find(|k| k.navn() == navn)
    }

    /// The elements of its `gd:LokalUdvidelseListe`.
    pub fn udvidelse(&self) -> impl Iterator<Item = &Knude> {
        self.felter.iter().filter(|k| k.navn() == "LokalUdvidelseListe").flat_map(Knude::alle)
    }

    /// The CVR number, in whichever of the three spellings the section has it.
    #[must_use]
    pub fn cvr(&self) -> Option<&str> {
        ["CVR-Nummer", "CVR-Nr", "CVR-nr"].into_iter().find_map(|navn| self.felt(navn))
    }

    /// The UUID it points to.
    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        match self.hoved.reference {
            Some(UnikId::Uuid(uuid)) => Some(uuid),
            _ => None,
        }
    }

    /// The URN it points to.
    #[must_use]
    pub fn urn(&self) -> Option<&str> {
        match &self.hoved.reference {
            Some(UnikId::Urn(urn)) => Some(urn),
            _ => None,
        }
    }

    /// Whether it holds at an instant.
    #[must_use]
    pub fn gaelder(&self, tid: Instant) -> bool {
        self.periode().contains(tid)
    }
}

impl Placed for Forekomst {
    fn period(&self) -> Period {
        self.periode()
    }
    fn at_period(&self, period: Period) -> Self {
        let mut flyttet = self.clone();
        flyttet.virkning = Some(self.virkning.clone().unwrap_or_default().i(period));
        flyttet
    }
}

/// What the three lists of a registrering hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indhold {
    /// The instances, by section in the order of the schema.
    pub forekomster: Vec<Forekomst>,
    /// `gd:SenestAendretTidspunkt` of each list, filled by the index.
    pub senest_aendret: [Option<Tid>; 3],
}

impl Indhold {
    /// The instances of a section.
    pub fn af<'i>(&'i self, navn: &'i str) -> impl Iterator<Item = &'i Forekomst> {
        self.forekomster.iter().filter(move |f| f.afsnit.navn() == navn)
    }

    /// The instances of a list.
    pub fn i_liste(&self, liste: Liste) -> impl Iterator<Item = &Forekomst> {
        self.forekomster.iter().filter(move |f| f.afsnit.liste == liste)
    }

    /// The instance of a section that holds at an instant.
    #[must_use]
    pub fn nu<'i>(&'i self, navn: &'i str, tid: Instant) -> Option<&'i Forekomst> {
        self.af(navn).find(|f| f.gaelder(tid))
    }
}

/// `gd:RegistreringType`: the whole state of an object as recorded at one time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registrering {
    /// `NoteTekst`.
    pub note: Option<Box<str>>,
    /// `Tidspunkt`: when it was recorded in the source.
    pub tidspunkt: Option<Tid>,
    /// `LivscyklusKode`.
    pub livscyklus: Option<Livscyklus>,
    /// `BrugerRef`.
    pub bruger_ref: Option<UnikId>,
    /// `StsTidspunkt`: when the index got it.
    pub sts_tidspunkt: Option<Tid>,
    /// The three lists.
    pub indhold: Indhold,
}

/// An object with all its registreringer, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objekt {
    /// Which type.
    pub art: Art,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its registreringer.
    pub registreringer: Vec<Registrering>,
}

impl Objekt {
    /// The newest registrering.
    #[must_use]
    pub fn nyeste(&self) -> Option<&Registrering> {
        self.registreringer.last()
    }
}
