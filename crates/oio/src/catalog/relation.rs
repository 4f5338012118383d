//! Relations between objects.

use super::Navn;

/// What a relation points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the standard's own object types")]
pub enum Target {
    Adresse,
    Bruger,
    Interessefaellesskab,
    ItSystem,
    Myndighed,
    Organisation,
    OrganisationEnhed,
    OrganisationFunktion,
    Person,
    Virksomhed,
    Klassifikation,
    Facet,
    Klasse,
    /// Any actor: an organisation, unit, function, user, it-system or community of interest.
    Aktoer,
}

impl Target {
    /// The name as it stands in the schema's relation types (`<Target>RelationType`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Adresse => "Adresse",
            Self::Bruger => "Bruger",
            Self::Interessefaellesskab => "Interessefaellesskab",
            Self::ItSystem => "ItSystem",
            Self::Myndighed => "Myndighed",
            Self::Organisation => "Organisation",
            Self::OrganisationEnhed => "OrganisationEnhed",
            Self::OrganisationFunktion => "OrganisationFunktion",
            Self::Person => "Person",
            Self::Virksomhed => "Virksomhed",
            Self::Klassifikation => "Klassifikation",
            Self::Facet => "Facet",
            Self::Klasse => "Klasse",
            Self::Aktoer => "Aktoer",
        }
    }
}

/// How a dynamic relation writes its role, type and index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dynamisk {
    /// `Rolle` and `Type` by UUID or URN, `Indeks` as text (`DynamicFlerRelationType`).
    Fri,
    /// `Rolle` and `Type` by UUID, `Indeks` as a UUID or nothing (`DynamicRoleFlerRelationType`).
    KunUuid,
}

/// One relation an object type may have.
#[derive(Debug, Clone, Copy)]
pub struct RelationType {
    /// The element name.
    pub navn: Navn,
    /// What it points to.
    pub target: Target,
    /// Whether an object may have several at once (0..n) or one (0..1).
    pub many: bool,
    /// Set when the relation carries role, type and index.
    pub dynamisk: Option<Dynamisk>,
    /// First service version in which it is dynamic; before, it is plain on the wire.
    pub dynamisk_fra: u8,
    /// First and last service version that has it.
    versions: (u8, u8),
}

/// A 0..1 relation.
pub(super) const fn one(navn: &'static str, target: Target) -> RelationType {
    RelationType {
        navn: Navn(navn),
        target,
        many: false,
        dynamisk: None,
        dynamisk_fra: 0,
        versions: (0, u8::MAX),
    }
}

/// A 0..n relation.
pub(super) const fn many(navn: &'static str, target: Target) -> RelationType {
    RelationType { many: true, ..one(navn, target) }
}

impl RelationType {
    pub(super) const fn dynamic(self) -> Self {
        Self { dynamisk: Some(Dynamisk::Fri), ..self }
    }
    pub(super) const fn dynamic_since(self, version: u8) -> Self {
        Self { dynamisk: Some(Dynamisk::KunUuid), dynamisk_fra: version, ..self }
    }
    pub(super) const fn until(self, version: u8) -> Self {
        Self { versions: (self.versions.0, version), ..self }
    }

    /// Whether this service version has the relation.
    #[must_use]
    pub const fn i_version(&self, version: u8) -> bool {
        self.versions.0 <= version && version <= self.versions.1
    }

    /// How this service version writes role, type and index, if it does.
    #[must_use]
    pub fn dynamisk_i(&self, version: u8) -> Option<Dynamisk> {
        self.dynamisk.filter(|_| version >= self.dynamisk_fra)
    }
}
