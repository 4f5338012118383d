//! What the Administrationsmodul keeps: its entities as they are now, and the chained log of who did what.

use crate::Modulorden;
use aws_lc_rs::digest::{Context, SHA256};
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

/// An entity that is looked up rather than held in memory, as part of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modulpost {
    /// Its kind.
    pub art: &'static str,
    /// Its UUID.
    pub id: Uuid,
    /// Its body; `None` removes it. Earlier versions are kept all the same.
    pub krop: Option<Vec<u8>>,
    /// The version it was decided from, 0 when there was none.
    pub foer: i64,
    /// What free text is found in.
    pub soeg: String,
    /// What no two of the kind may share.
    pub unik: Option<String>,
    /// What it sorts by in lists.
    pub orden: String,
    /// What it is found by: names and values of keys.
    pub noegler: Vec<(&'static str, String)>,
    /// What it, or another entity with its UUID, sorts by in columns of lists.
    pub kolonner: Vec<Modulorden>,
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Modulsoegning {
    /// The kind.
    pub art: &'static str,
    /// The keys it must have, the first being the one the list is in the order of.
    pub noegler: Vec<(&'static str, String)>,
    /// Text it must contain, wherever.
    pub tekst: Option<String>,
    /// Whether the last comes first.
    pub omvendt: bool,
    /// How many are passed over.
    pub forbi: u64,
    /// Most of them to give.
    pub antal: u64,
}

/// An entity as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modulraekke {
    /// Its UUID.
    pub id: Uuid,
    /// The number of the version in force.
    pub version: i64,
    /// Its body.
    pub krop: Vec<u8>,
}

/// What came of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modulskrevet {
    /// All of it is stored.
    Gemt,
    /// Another version than the one decided from is in force; nothing is stored.
    Overhalet,
    /// What must be unique is taken; nothing is stored.
    Optaget,
}

/// What kind of thing a line of the log tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Loglinjeslags {
    /// Something changed (`Ændringslog`).
    Aendret,
    /// Something was decided (`Beslutningslog`).
    Besluttet,
    /// Something sensitive was read (`Adgangslog`).
    Laest,
}

impl Loglinjeslags {
    pub(crate) const fn kode(self) -> &'static str {
        match self {
            Self::Aendret => "A",
            Self::Besluttet => "B",
            Self::Laest => "L",
        }
    }

    pub(crate) fn af(kode: &str) -> Option<Self> {
        [Self::Aendret, Self::Besluttet, Self::Laest].into_iter().find(|s| s.kode() == kode)
    }
}

/// A line of the log of the Administrationsmodul.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aendringslinje {
    /// When.
    pub tid: Instant,
    /// What kind of thing it tells of.
    pub slags: Loglinjeslags,
    /// The party it belongs to.
    pub part: Cvr,
    /// The user; nobody when the installation did it by itself.
    pub bruger: Option<Uuid>,
    /// The name of the person, or of what did it.
    pub navn: String,
    /// The role it was done in.
    pub rolle: String,
    /// The address it came from.
    pub adresse: String,
    /// The kind of object.
    pub art: String,
    /// The object.
    pub objekt: Option<Uuid>,
    /// The name of the object then.
    pub objektnavn: String,
    /// What was done.
    pub handling: String,
    /// What changed, a line each.
    pub detaljer: String,
    /// Why, as the person said.
    pub begrundelse: String,
    /// What it was done with: screen, interface, command.
    pub kilde: String,
    /// What it belongs together with.
    pub korrelation: Uuid,
}

impl Aendringslinje {
    /// The link of the chain: SHA-256 over the one before, the number, and every field with its length before it.
    pub(crate) fn hash(&self, forrige: &[u8], nr: i64) -> Vec<u8> {
        let mut context = Context::new(&SHA256);
        let mut felt = |bytes: &[u8]| {
            context.update(&(bytes.len() as u64).to_be_bytes());
            context.update(bytes);
        };
        felt(b"fundament aendringslog 1");
        felt(forrige);
        felt(&nr.to_be_bytes());
        felt(&self.tid.micros().to_be_bytes());
        felt(self.slags.kode().as_bytes());
        felt(&self.part.number().to_be_bytes());
        felt(self.bruger.as_ref().map(|u| u.as_bytes().as_slice()).unwrap_or_default());
        felt(self.objekt.as_ref().map(|u| u.as_bytes().as_slice()).unwrap_or_default());
        felt(self.korrelation.as_bytes());
        let tekster = [
            &self.navn,
            &self.rolle,
            &self.adresse,
            &self.art,
            &self.objektnavn,
            &self.handling,
            &self.detaljer,
            &self.begrundelse,
            &self.kilde,
        ];
        tekster.into_iter().for_each(|tekst| felt(tekst.as_bytes()));
        context.finish().as_ref().to_vec()
    }
}

/// Which lines of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logsoegning {
    /// Those of this party; of all parties without it.
    pub part: Option<Cvr>,
    /// Those about things of this kind.
    pub art: Option<String>,
    /// Those about this object.
    pub objekt: Option<Uuid>,
    /// Those of this user.
    pub bruger: Option<Uuid>,
    /// Those of this kind.
    pub slags: Option<Loglinjeslags>,
    /// From this time on.
    pub fra: Option<Instant>,
    /// Before this time.
    pub til: Option<Instant>,
    /// Those with this text in name, object or what was done.
    pub tekst: Option<String>,
    /// Those before this number.
    pub foer: Option<i64>,
    /// Most of them to give.
    pub antal: u64,
}
