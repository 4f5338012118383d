//! Identifiers as types, so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The UUID of one object in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjektId(pub Uuid);

impl fmt::Display for ObjektId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `UnikIdType`: a reference by UUID or by URN, kept in the form it was sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UnikId {
    /// `UUIDIdentifikator`.
    #[serde(rename = "u")]
    Uuid(Uuid),
    /// `URNIdentifikator`, at most 255 characters.
    #[serde(rename = "n")]
    Urn(Box<str>),
}

impl UnikId {
    /// The UUID this reference means: a URN that holds a UUID (bare or `urn:uuid:…`) means that UUID.
    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        match self {
            Self::Uuid(uuid) => Some(*uuid),
            Self::Urn(urn) => {
                let text = urn.trim();
                let bare = text
                    .get(..9)
                    .filter(|p| p.eq_ignore_ascii_case("urn:uuid:"))
                    .map_or(text, |_| &text[9..]);
                (bare.len() == 36).then(|| Uuid::try_parse(bare).ok()).flatten()
            }
        }
    }

    /// Whether both mean the same thing, whichever form each has.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        match (self.uuid(), other.uuid()) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self == other,
            _ => false,
        }
    }

    /// Whether this is a URN without text: a reference to nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Urn(urn) if urn.trim().is_empty())
    }

    /// The form under which references are compared and searched: the lower-case UUID, else the URN itself.
    #[must_use]
    pub fn search_text(&self) -> String {
        match (self.uuid(), self) {
            (Some(uuid), _) => uuid.to_string(),
            (None, Self::Urn(urn)) => urn.to_string(),
            (None, Self::Uuid(uuid)) => uuid.to_string(),
        }
    }
}

impl From<Uuid> for UnikId {
    fn from(uuid: Uuid) -> Self {
        Self::Uuid(uuid)
    }
}

impl fmt::Display for UnikId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uuid(uuid) => uuid.fmt(f),
            Self::Urn(urn) => urn.fmt(f),
        }
    }
}

/// A CVR number: eight digits. Modulus 11 is not demanded, as official test numbers fail it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cvr(u32);

impl Cvr {
    /// KOMBIT A/S, owner of the objects that all authorities share.
    pub const KOMBIT: Self = Self(19_435_075);

    /// The number, at most eight digits.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The CVR with this number, or `None` when it has more than eight digits.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        (number <= 99_999_999).then_some(Self(number))
    }
}

impl fmt::Display for Cvr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}", self.0)
    }
}

/// The text is not eight digits.
#[derive(Debug, thiserror::Error)]
#[error("et CVR-nummer er otte cifre")]
pub struct UgyldigtCvr;

impl FromStr for Cvr {
    type Err = UgyldigtCvr;
    fn from_str(text: &str) -> Result<Self, UgyldigtCvr> {
        let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        if !digits {
            return Err(UgyldigtCvr);
        }
        text.parse().map(Self).map_err(|_| UgyldigtCvr)
    }
}

impl TryFrom<String> for Cvr {
    type Error = UgyldigtCvr;
    fn try_from(text: String) -> Result<Self, UgyldigtCvr> {
        text.parse()
    }
}

impl From<Cvr> for String {
    fn from(cvr: Cvr) -> Self {
        cvr.to_string()
    }
}
