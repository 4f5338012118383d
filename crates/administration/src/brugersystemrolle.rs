//! What a brugervendt system offers its users, and how it can be limited. Owned by the supplier.

use crate::tid::tidspunkt;
use bitemporal::Instant;
use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

/// How the values of a limit look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the role interface")]
pub enum Afgraensningsart {
    #[serde(rename = "SINGLE")]
    Single,
    #[serde(rename = "MULTI")]
    Multi,
    #[serde(rename = "TEXT")]
    Text,
    #[serde(rename = "ITSYSTEM")]
    ItSystem,
    #[serde(rename = "ITSYSTEM_MULTI")]
    ItSystemMulti,
}

impl Afgraensningsart {
    /// Its name in the role interface.
    #[must_use]
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Single => "SINGLE",
            Self::Multi => "MULTI",
            Self::Text => "TEXT",
            Self::ItSystem => "ITSYSTEM",
            Self::ItSystemMulti => "ITSYSTEM_MULTI",
        }
    }
}

/// What the values of a limit are taken from, when it is something we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Afgraensningskilde {
    /// KLE numbers with wildcards.
    Kle,
    /// Units of the organisation.
    Enhed,
    /// It-systems.
    ItSystem,
    /// Whatever the type says.
    Andet,
}

/// A name and a value that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Valgmulighed {
    /// What the user sees.
    pub navn: String,
    /// What stands in the token.
    pub vaerdi: String,
}

/// A type of limit on what a user sees (dataafgrænsningstype).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataafgraensningstype {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub beskrivelse: String,
    /// The URI by which a token names it.
    pub entity_id: String,
    /// How its values look.
    pub art: Afgraensningsart,
    /// What a value must match, when it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regulaert_udtryk: Option<String>,
    /// The values that may be chosen; any when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vaerdier: Vec<Valgmulighed>,
}

/// The limits every system can use.
const FAELLES: [(Uuid, &str, &str, &str, Afgraensningsart); 3] = [
    (
        uuid!("f0da3e27-0001-4c0e-8f6b-6b6c65000000"),
        "KLE",
        "Emner efter KL's emnesystematik, fx 32.* eller 32.24.04",
        "http://sts.kombit.dk/constraints/KLE/1",
        Afgraensningsart::Text,
    ),
    (
        uuid!("f0da3e27-0001-4c0e-8f6b-6f7267656e68"),
        "Organisation",
        "Enheder i organisationen, med alt under dem",
        "http://sts.kombit.dk/constraints/orgenhed/1",
        Afgraensningsart::Text,
    ),
    (
        uuid!("f0da3e27-0001-4c0e-8f6b-697473797374"),
        "It-system",
        "Et eller flere it-systemer",
        "http://sts.kombit.dk/constraints/itsystem/1",
        Afgraensningsart::ItSystemMulti,
    ),
];

impl Dataafgraensningstype {
    /// The types every system can use (`isCommon`).
    #[must_use]
    pub fn faelles() -> Vec<Self> {
        let en =
            |(uuid, navn, beskrivelse, entity_id, art): &(Uuid, &str, &str, &str, Afgraensningsart)| Self {
                uuid: *uuid,
                navn: (*navn).to_owned(),
                beskrivelse: (*beskrivelse).to_owned(),
                entity_id: (*entity_id).to_owned(),
                art: *art,
                regulaert_udtryk: None,
                vaerdier: Vec::new(),
            };
        FAELLES.iter().map(en).collect()
    }

    /// Whether every system can use it.
    #[must_use]
    pub fn er_faelles(&self) -> bool {
        FAELLES.iter().any(|f| f.3 == self.entity_id)
    }

    /// What its values are taken from.
    #[must_use]
    pub fn kilde(&self) -> Afgraensningskilde {
        match (self.entity_id.as_str(), self.art) {
            (id, _) if id.contains("/constraints/KLE/") => Afgraensningskilde::Kle,
            (id, _) if id.contains("/constraints/orgenhed/") => Afgraensningskilde::Enhed,
            (_, Afgraensningsart::ItSystem | Afgraensningsart::ItSystemMulti) => Afgraensningskilde::ItSystem,
            _ => Afgraensningskilde::Andet,
        }
    }
}

/// A limit a role can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolleafgraensning {
    /// The URI of its type.
    pub entity_id: String,
    /// Whether the role gives nothing without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kraevet: bool,
}

/// A role in a brugervendt system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brugersystemrolle {
    /// Its UUID.
    pub uuid: Uuid,
    /// Its name.
    pub navn: String,
    /// What it lets a user do, as a sentence about "medarbejdere".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub beskrivelse: String,
    /// The URI by which a token names it.
    pub entity_id: String,
    /// The limits it can have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub afgraensninger: Vec<Rolleafgraensning>,
    /// Whether it opens sensitive information.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub foelsom: bool,
    /// When it can no longer be used.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "tidspunkt")]
    pub udfases: Option<Instant>,
}
