//! Fields of an Egenskab.

use super::Navn;

/// The namespace an element belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ns {
    /// `urn:oio:sagdok:3.0.0`, shared by all.
    Sagdok,
    /// `urn:oio:sts:<version>`, shared by all object types of one version.
    Sts,
    /// The object type's own namespace.
    Egen,
}

/// The shape of a field's value.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One text.
    Tekst,
    /// A text that may be repeated.
    Tekster,
    /// A group of text fields that may be repeated.
    Grupper(&'static [Field]),
}

/// One field of an Egenskab. On the wire every field may be absent.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The element name.
    pub navn: Navn,
    /// The element's namespace.
    pub ns: Ns,
    /// The shape of the value.
    pub kind: Kind,
    /// Longest value in characters.
    pub max: Option<usize>,
    /// Longest value in version 5, where it differs.
    pub max_v5: Option<usize>,
    /// XSD pattern of the value, without anchors.
    pub pattern: Option<&'static str>,
    /// Whether every period of the object's existence must have it.
    pub mandatory: bool,
    /// Whether it has a search key of its own. Fields without one can still be searched, only more slowly.
    pub searched: bool,
    /// Which data limit of the service agreement opens it.
    pub beskyttelse: Option<Beskyttelse>,
    /// First and last service version that has it.
    versions: (u8, u8),
}

/// The data limits that open protected fields (SF1500: `senavn`, `secpr-nummer`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Beskyttelse {
    /// Names of persons.
    SeNavn,
    /// CPR numbers.
    SeCpr,
}

/// One text field in the sagdok namespace; refine it with the methods of [`Field`].
pub(super) const fn text(navn: &'static str) -> Field {
    Field {
        navn: Navn(navn),
        ns: Ns::Sagdok,
        kind: Kind::Tekst,
        max: None,
        max_v5: None,
        pattern: None,
        mandatory: false,
        searched: false,
        beskyttelse: None,
        versions: (0, u8::MAX),
    }
}

/// A repeatable group of text fields in the object type's own namespace.
pub(super) const fn gruppe(navn: &'static str, inner: &'static [Field]) -> Field {
    Field { kind: Kind::Grupper(inner), ns: Ns::Egen, ..text(navn) }
}

impl Field {
    pub(super) const fn max(self, max: usize) -> Self {
        Self { max: Some(max), ..self }
    }
    pub(super) const fn max_v5(self, max: usize) -> Self {
        Self { max_v5: Some(max), ..self }
    }
    pub(super) const fn pattern(self, pattern: &'static str) -> Self {
        Self { pattern: Some(pattern), ..self }
    }
    pub(super) const fn mandatory(self) -> Self {
        Self { mandatory: true, ..self }
    }
    pub(super) const fn searched(self) -> Self {
        Self { searched: true, ..self }
    }
    pub(super) const fn ns(self, ns: Ns) -> Self {
        Self { ns, ..self }
    }
    pub(super) const fn many(self) -> Self {
        Self { kind: Kind::Tekster, ..self }
    }
    pub(super) const fn since(self, version: u8) -> Self {
        Self { versions: (version, self.versions.1), ..self }
    }
    pub(super) const fn beskyttet(self, beskyttelse: Beskyttelse) -> Self {
        Self { beskyttelse: Some(beskyttelse), ..self }
    }

    /// Whether this service version has the field.
    #[must_use]
    pub const fn i_version(&self, version: u8) -> bool {
        self.versions.0 <= version && version <= self.versions.1
    }

    /// Longest value in characters in this service version.
    #[must_use]
    pub fn max_i(&self, version: u8) -> Option<usize> {
        self.max_v5.filter(|_| version == 5).or(self.max)
    }
}
