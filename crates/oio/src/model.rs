//! The OIO object: what one registrering holds.
//!
//! Values are dynamic and named by the catalog; [`crate::catalog`] says which names an object type has.

use crate::catalog::Navn;
use crate::ids::UnikId;
use bitemporal::{Instant, Period, Placed};
use serde::{Deserialize, Serialize};

/// `VirkningType`: when something holds, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Virkning {
    /// `FraTidspunkt` (inclusive) and `TilTidspunkt` (exclusive).
    #[serde(rename = "p")]
    pub period: Period,
    /// `AktoerRef`.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub aktoer_ref: Option<UnikId>,
    /// `AktoerTypeKode`.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub aktoer_type: Option<AktoerTypeKode>,
    /// `NoteTekst`, at most 1024 characters.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Virkning {
    /// A virkning with a period and nothing else.
    #[must_use]
    pub const fn of(period: Period) -> Self {
        Self { period, aktoer_ref: None, aktoer_type: None, note: None }
    }
}

/// `AktoerTypeKode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the standard's own codes")]
pub enum AktoerTypeKode {
    Organisation,
    OrganisationEnhed,
    OrganisationFunktion,
    Bruger,
    ItSystem,
    Interessefaellesskab,
}

impl AktoerTypeKode {
    /// Every code, in the contract's order.
    pub const ALL: [Self; 6] = [
        Self::Organisation,
        Self::OrganisationEnhed,
        Self::OrganisationFunktion,
        Self::Bruger,
        Self::ItSystem,
        Self::Interessefaellesskab,
    ];

    /// The code as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organisation => "Organisation",
            Self::OrganisationEnhed => "OrganisationEnhed",
            Self::OrganisationFunktion => "OrganisationFunktion",
            Self::Bruger => "Bruger",
            Self::ItSystem => "ItSystem",
            Self::Interessefaellesskab => "Interessefaellesskab",
        }
    }

    /// The code written as `text`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kode| kode.as_str() == text)
    }
}

/// `LivscyklusKode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the standard's own codes")]
pub enum Livscyklus {
    Opstaaet,
    Importeret,
    Passiveret,
    Slettet,
}

impl Livscyklus {
    /// Every code, in the contract's order.
    pub const ALL: [Self; 4] = [Self::Opstaaet, Self::Importeret, Self::Passiveret, Self::Slettet];

    /// The code as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opstaaet => "Opstaaet",
            Self::Importeret => "Importeret",
            Self::Passiveret => "Passiveret",
            Self::Slettet => "Slettet",
        }
    }

    /// The code written as `text`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kode| kode.as_str() == text)
    }

    /// Whether the object is in use: found by searches and open for `ret`.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Opstaaet | Self::Importeret)
    }
}

/// The value of one Egenskab field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Vaerdi {
    /// One text.
    Tekst(String),
    /// A text field that may be repeated (`KonfigurationReference`).
    Tekster(Vec<String>),
    /// A group of texts that may be repeated (`Soegeord`).
    Grupper(Vec<Vec<(Navn, String)>>),
}

impl Vaerdi {
    /// The text, when the field holds exactly one.
    #[must_use]
    pub fn tekst(&self) -> Option<&str> {
        match self {
            Self::Tekst(text) => Some(text),
            Self::Tekster(_) | Self::Grupper(_) => None,
        }
    }

    /// Whether there is nothing in it: the same as no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Tekst(text) => text.is_empty(),
            Self::Tekster(texts) => texts.is_empty(),
            Self::Grupper(grupper) => grupper.is_empty(),
        }
    }
}

/// One `Egenskab`: a whole attribute record during a period. Fields follow the catalog's order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Egenskab {
    /// When the record holds.
    #[serde(rename = "v")]
    pub virkning: Virkning,
    /// The fields that have a value.
    #[serde(rename = "f")]
    pub felter: Vec<(Navn, Vaerdi)>,
}

impl Egenskab {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, navn: Navn) -> Option<&Vaerdi> {
        self.felter.iter().find(|(n, _)| *n == navn).map(|(_, v)| v)
    }

    /// The text of a field.
    #[must_use]
    pub fn tekst(&self, navn: Navn) -> Option<&str> {
        self.get(navn).and_then(Vaerdi::tekst)
    }
}

/// The value of a tilstand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are the standard's own codes")]
pub enum TilstandKode {
    /// `GyldighedStatusKode` Aktiv.
    Aktiv,
    /// `GyldighedStatusKode` Inaktiv.
    Inaktiv,
    /// `ErPubliceretIndikator` true.
    Publiceret,
    /// `ErPubliceretIndikator` false.
    IkkePubliceret,
}

impl TilstandKode {
    /// The code as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aktiv => "Aktiv",
            Self::Inaktiv => "Inaktiv",
            Self::Publiceret => "true",
            Self::IkkePubliceret => "false",
        }
    }
}

/// One `Gyldighed` or `PubliceretStatus`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tilstand {
    /// When it holds.
    #[serde(rename = "v")]
    pub virkning: Virkning,
    /// What holds.
    #[serde(rename = "k")]
    pub kode: TilstandKode,
}

/// What a dynamic relation adds to a plain one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dynamik {
    /// `Rolle`, a Klasse.
    #[serde(rename = "r")]
    pub rolle: UnikId,
    /// `Type`, a Klasse.
    #[serde(rename = "t")]
    pub objekttype: UnikId,
    /// `Indeks`, free text (a UUID or nothing in Klasse version 7).
    #[serde(rename = "i", default, skip_serializing_if = "String::is_empty")]
    pub indeks: String,
}

/// One relation from this object to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Relation {
    /// The relation element, such as `Overordnet`.
    #[serde(rename = "n")]
    pub navn: Navn,
    /// When it holds.
    #[serde(rename = "v")]
    pub virkning: Virkning,
    /// `ReferenceID`.
    #[serde(rename = "id", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<UnikId>,
    /// `AktoerTypeKode` of an actor relation; on the wire in version 5 only.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub aktoer_type: Option<AktoerTypeKode>,
    /// Role, type and index of a dynamic relation.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub dynamik: Option<Box<Dynamik>>,
}

impl Relation {
    /// The UUID the relation points to.
    #[must_use]
    pub fn uuid(&self) -> Option<uuid::Uuid> {
        self.reference.as_ref().and_then(UnikId::uuid)
    }
}

macro_rules! placed {
    ($($type:ty),*) => {$(
        impl Placed for $type {
            fn period(&self) -> Period {
                self.virkning.period
            }
            fn at_period(&self, period: Period) -> Self {
                let mut moved = self.clone();
                moved.virkning.period = period;
                moved
            }
        }
    )*};
}
placed!(Egenskab, Tilstand, Relation);

/// `LokalUdvidelse` of the three lists: the inner XML exactly as sent, with the namespaces it needs declared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LokalUdvidelse {
    /// In `AttributListe`.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub attributter: Option<String>,
    /// In `TilstandListe`.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub tilstande: Option<String>,
    /// In `RelationListe`.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub relationer: Option<String>,
}

impl LokalUdvidelse {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Everything the three lists of a registrering hold.
///
/// Egenskaber and tilstande are sorted by start; relations by catalog order, then start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Indhold {
    /// `AttributListe`.
    #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
    pub egenskaber: Vec<Egenskab>,
    /// `TilstandListe`.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub tilstande: Vec<Tilstand>,
    /// `RelationListe`.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub relationer: Vec<Relation>,
    /// `LokalUdvidelse` of each list.
    #[serde(rename = "l", default, skip_serializing_if = "LokalUdvidelse::is_empty")]
    pub lokal: LokalUdvidelse,
}

impl Indhold {
    /// The relations of one kind, in order of start.
    pub fn relationer(&self, navn: Navn) -> impl Iterator<Item = &Relation> {
        self.relationer.iter().filter(move |r| r.navn == navn)
    }

    /// The Egenskab in effect at `at`.
    #[must_use]
    pub fn egenskab_at(&self, at: Instant) -> Option<&Egenskab> {
        self.egenskaber.iter().find(|e| e.virkning.period.contains(at))
    }
}

/// `RegistreringType`: the whole state of an object, as recorded at one time. Never changed afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrering {
    /// `Tidspunkt`: when it was recorded. Strictly increasing per object.
    #[serde(rename = "tid")]
    pub tidspunkt: Instant,
    /// `LivscyklusKode`.
    #[serde(rename = "liv")]
    pub livscyklus: Livscyklus,
    /// `BrugerRef`: who recorded it.
    #[serde(rename = "bruger", default, skip_serializing_if = "Option::is_none")]
    pub bruger_ref: Option<UnikId>,
    /// `NoteTekst`.
    #[serde(rename = "note", default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The three lists.
    pub indhold: Indhold,
}
