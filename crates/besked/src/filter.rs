//! Filters: a boolean expression over the fields of the envelope.

mod laeser;
mod noedvendig;
mod proev;
#[cfg(test)]
mod tests;

use crate::Kuvert;
use crate::skema::Sted;
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Longest filter, in characters.
pub const FILTER_TEGN_MAX: usize = 32_768;
/// How deep parentheses, `NOT` and `ANY` stand inside each other.
const DYBDE_MAX: usize = 32;

/// Why a filter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("tegn {}: {tekst}", position + 1)]
pub struct FilterFejl {
    /// How many characters stand before the fault.
    pub position: usize,
    /// What is wrong and what to do, in Danish.
    pub tekst: String,
}

/// The value lists a filter may ask for.
pub trait Vaerdilister {
    /// Whether the list is active and holds the value. `vaerdi` has the form of [`crate::normaliser`], which the values of
    /// the list must have too.
    fn har(&self, ejer: Uuid, liste: Uuid, vaerdi: &str) -> bool;
}

/// A filter that has been read. It cannot fail on a message that has been.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    udtryk: Udtryk,
}

#[derive(Debug, Clone, PartialEq)]
enum Udtryk {
    Sand,
    Og(Vec<Udtryk>),
    Eller(Vec<Udtryk>),
    Ikke(Box<Udtryk>),
    Nogen(Vej, Box<Udtryk>),
    Proev(Vej, Proeve),
}

/// A path, and which `ANY` around it binds it: 0 for none, 1 for the outermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Vej {
    sted: Sted,
    bundet: usize,
}

#[derive(Debug, Clone, PartialEq)]
enum Proeve {
    /// `=` and `IN`.
    En(BTreeSet<Box<str>>),
    /// `!=` and `NOT IN`.
    Ingen(BTreeSet<Box<str>>),
    /// The same of times: moments, not texts.
    EnTid(BTreeSet<i128>),
    IngenTid(BTreeSet<i128>),
    Liste {
        liste: Uuid,
        ikke: bool,
    },
    Som {
        moenster: Box<str>,
        ikke: bool,
    },
    Tid {
        tegn: Tegn,
        til: i128,
    },
    Findes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tegn {
    Foer,
    FoerEllerLig,
    Efter,
    EfterEllerLig,
}

impl Filter {
    /// Reads a filter. An empty one lets everything pass.
    ///
    /// # Errors
    /// The first fault, and where it stands.
    pub fn laes(tekst: &str) -> Result<Self, FilterFejl> {
        laeser::laes(tekst).map(|udtryk| Self { udtryk })
    }

    /// Whether a message passes.
    #[must_use]
    pub fn svarer(&self, kuvert: &Kuvert, ejer: Uuid, lister: &dyn Vaerdilister) -> bool {
        self.svarer_for(kuvert, ejer, lister, None)
    }

    /// The same for a receiver that sees only these of the tilladte modtagere.
    pub(crate) fn svarer_for(
        &self,
        kuvert: &Kuvert,
        ejer: Uuid,
        lister: &dyn Vaerdilister,
        ser: Option<&[Cvr]>,
    ) -> bool {
        proev::svarer(&self.udtryk, kuvert, ejer, lister, ser)
    }

    /// The value lists it asks for, each once, ascending.
    #[must_use]
    pub fn vaerdilister(&self) -> Vec<Uuid> {
        let mut alle = BTreeSet::new();
        self.udtryk.lister(&mut alle);
        alle.into_iter().collect()
    }

    /// Sets of equalities, of each of which one must hold for a message to pass.
    pub(crate) fn noedvendige(&self) -> Vec<Vec<(Sted, Box<str>)>> {
        noedvendig::af(&self.udtryk)
    }
}

impl Udtryk {
    fn lister(&self, alle: &mut BTreeSet<Uuid>) {
        match self {
            Self::Og(dele) | Self::Eller(dele) => dele.iter().for_each(|del| del.lister(alle)),
            Self::Ikke(inde) | Self::Nogen(_, inde) => inde.lister(alle),
            Self::Proev(_, Proeve::Liste { liste, .. }) => {
                alle.insert(*liste);
            }
            Self::Sand | Self::Proev(..) => {}
        }
    }
}
