//! The lists of values receivers keep.

use bitemporal::Instant;
use uuid::Uuid;

/// A list as one registrering made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listeregistrering {
    /// The list.
    pub liste: Uuid,
    /// The it-system it belongs to.
    pub ejer: Uuid,
    /// When it was registered.
    pub tidspunkt: Instant,
    /// LivscyklusKode.
    pub livscyklus: String,
    /// Its name.
    pub navn: String,
    /// Its BrugervendtNoegle.
    pub bvn: Option<String>,
    /// Everything else but the values, as the caller wrote it.
    pub hoved: String,
}

/// What a registrering does to the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vaerdiskift {
    /// Nothing.
    Uaendret,
    /// These and no others.
    Erstat(Vec<String>),
    /// These too.
    Tilfoej(Vec<String>),
    /// Not these.
    Fjern(Vec<String>),
}

/// What became of [`crate::Store::gem_vaerdiliste`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gemtliste {
    /// It is stored; so many values there are now, and so many came or went.
    Gemt {
        /// Values now.
        antal: u64,
        /// Values that came or went.
        aendrede: u64,
    },
    /// The list has changed since; nothing was written.
    Overhalet,
    /// There is such a list already; nothing was written.
    Findes,
    /// There would be too many values; nothing was written.
    ForMange,
}

/// A list as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vaerdiliste {
    /// What made it so.
    pub reg: Listeregistrering,
    /// How many values it has.
    pub antal: u64,
}
