//! What is searched for.

use bitemporal::Instant;
use oio::model::Livscyklus;
use oio::{Cvr, ObjektId};

/// A search among the objects the caller sees. Results ascend by UUID, bytewise, and hold each object once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soegning {
    /// The object type.
    pub objekttype: &'static str,
    /// All must hold of the object, each by some key. Only live objects have keys.
    pub betingelser: Vec<Betingelse>,
    /// The life cycles wanted.
    pub livscyklus: Livsfilter,
    /// Only objects whose current registrering is from this time or later.
    pub aendret_fra: Option<Instant>,
    /// Only objects of this owner.
    pub ejer: Option<Cvr>,
    /// Only objects after this one in the order of results.
    pub efter: Option<ObjektId>,
    /// How many results to skip.
    pub foerste: u64,
    /// At most how many results.
    pub antal: u64,
}

/// A demand that some key meets: its value matches, and it holds at some time from `fra` to `til`, both inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Betingelse {
    /// What the key is about; belongs to the object type searched.
    pub felt: i64,
    /// The value.
    pub moenster: Moenster,
    /// Start of the effect period asked about, in microseconds since 1970.
    pub fra: i64,
    /// End of the effect period asked about; equal to `fra` for one instant.
    pub til: i64,
}

/// A pattern for the value of a key. Texts are folded by the caller and compared bytewise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moenster {
    /// This value.
    Lig(String),
    /// One of these values.
    EnAf(Vec<String>),
    /// Values that begin with this.
    Praefiks(String),
    /// Values of this form, `*` being any run of characters.
    Jokertegn(String),
}

/// A list in the order of a search key: by its value, then by object.
#[derive(Debug, Clone)]
pub struct Ordnet<'a> {
    /// What the key is about.
    pub felt: i64,
    /// What its value begins with.
    pub praefiks: &'a str,
    /// The moment at which it holds.
    pub tid: Instant,
    /// Only objects of this owner.
    pub ejer: Option<Cvr>,
    /// Only what comes after this.
    pub efter: Option<(String, ObjektId)>,
    /// At most how many.
    pub antal: u64,
}

/// Which life cycles a search wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Livsfilter {
    /// `Opstaaet` and `Importeret`.
    Levende,
    /// This one.
    Kode(Livscyklus),
}
