//! What is stored and read: plain data.

use bitemporal::Instant;
use oio::model::Livscyklus;
use oio::{Cvr, ObjektId};
use uuid::Uuid;

/// An object with its current registrering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gemt {
    /// The object.
    pub objekt: ObjektId,
    /// The authority that owns it.
    pub ejer: Cvr,
    /// Registration time of the current registrering: the guard of the next write.
    pub tidspunkt: Instant,
    /// Life cycle of the current registrering.
    pub livscyklus: Livscyklus,
    /// Body of the current registrering.
    pub krop: Vec<u8>,
}

/// One search key of a live object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Noegle {
    /// What the key is about. A number belongs to one object type.
    pub felt: i64,
    /// The folded value, compared bytewise.
    pub vaerdi: String,
    /// When it begins to hold, in microseconds since 1970; `i64::MIN` is −∞.
    pub fra: i64,
    /// When it no longer holds; `i64::MAX` is +∞.
    pub til: i64,
}

impl Noegle {
    /// What identifies the key within its object.
    pub(crate) fn identitet(&self) -> (i64, &str, i64) {
        (self.felt, &self.vaerdi, self.fra)
    }
}

/// One registrering to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NyRegistrering {
    /// Registration time.
    pub tidspunkt: Instant,
    /// Life cycle from then on.
    pub livscyklus: Livscyklus,
    /// The body.
    pub krop: Vec<u8>,
}

/// One object's part of a write set: new registreringer, guarded by the one they were decided from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tilfoejelse {
    /// The object. A write set names each object once.
    pub objekt: ObjektId,
    /// Its type.
    pub objekttype: &'static str,
    /// Its owner.
    pub ejer: Cvr,
    /// The guard: the current registration time must still be this; `None` demands that the object does not exist.
    pub foer: Option<Instant>,
    /// At least one, registration times rising and after `foer`; the last becomes current.
    pub registreringer: Vec<NyRegistrering>,
    /// Keys that no longer hold.
    pub noegler_vaek: Vec<Noegle>,
    /// Keys that hold now, each `(felt, vaerdi, fra)` once. None when the object goes out of use.
    pub noegler_til: Vec<Noegle>,
    /// What happened, for the haendelse: `Opret`, `Importer`, `Ret`, `Passiver` or `Slet`.
    pub handling: &'static str,
}

impl Tilfoejelse {
    /// The registrering that becomes current.
    pub(crate) fn sidste(&self) -> &NyRegistrering {
        self.registreringer.last().expect("a checked write set has a registrering")
    }
}

/// The rewriting of an object's history, and the registrering that records that it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omskrivning {
    /// Registration times of stored registreringer, and the bodies they get instead.
    pub kroppe: Vec<(Instant, Vec<u8>)>,
    /// What is appended, guarded as ever.
    pub tilfoejelse: Tilfoejelse,
}

/// The removal of an object with its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fjernelse {
    /// The object.
    pub objekt: ObjektId,
    /// Its type.
    pub objekttype: &'static str,
}

/// Something that happened to an object and is not yet distributed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Haendelse {
    /// Its number in the outbox. Numbers are not given in the order of commits.
    pub id: i64,
    /// The object.
    pub objekt: ObjektId,
    /// Its type.
    pub objekttype: String,
    /// Its owner.
    pub ejer: Cvr,
    /// Registration time of what happened.
    pub tidspunkt: Instant,
    /// What happened: `Opret`, `Importer`, `Ret`, `Passiver` or `Slet`; of an index object, what its
    /// [`crate::Indekshaendelse`] says.
    pub handling: String,
    /// Of an index object, its number; see [`crate::Store::indeks_registrering`].
    pub indeks: Option<i64>,
    /// Of an index object, what the envelope of a message says of it.
    pub omslag: Vec<u8>,
}

/// An object with everything derived from it, for an integrity check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scannet {
    /// The object.
    pub gemt: Gemt,
    /// Its type.
    pub objekttype: String,
    /// Its stored keys, ascending.
    pub noegler: Vec<Noegle>,
}

/// Figures for operations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// How many live objects each type has.
    pub levende: Vec<(String, u64)>,
    /// Size of the database in bytes.
    pub size_bytes: u64,
    /// Size of the write-ahead log in bytes (SQLite; 0 on PostgreSQL). It grows while a reader holds a checkpoint back.
    pub wal_bytes: u64,
    /// Haendelser not yet distributed.
    pub haendelser: u64,
    /// Writes waiting.
    pub skrivekoe: usize,
    /// Lines of the access log waiting.
    pub logkoe: usize,
}

/// An administration entity as stored: its UUID, the number of the version in force, and its body.
pub type Entitetsraekke = (Uuid, i64, Vec<u8>);

/// A new version of an administration entity, as part of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitetSkrivning {
    /// Its kind.
    pub art: String,
    /// Its UUID.
    pub id: Uuid,
    /// Its body; `None` removes it. Earlier versions are kept all the same.
    pub krop: Option<Vec<u8>>,
    /// The version it was decided from, 0 when there was none; `None` replaces whatever is there.
    pub foer: Option<i64>,
}
