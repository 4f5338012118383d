//! Names of fields and relations, interned against the catalog.

use super::{ALLE, Kind};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

/// The name of a field or relation that the catalog knows. Comparing two is comparing two short texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Navn(pub(super) &'static str);

impl Navn {
    /// The name in the catalog spelled `text`, if any object type has it.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
            let fields = ALLE.iter().flat_map(|t| t.egenskaber);
            let inner = fields.clone().flat_map(|f| match f.kind {
                Kind::Grupper(inner) => inner,
                Kind::Tekst | Kind::Tekster => &[],
            });
            let relations = ALLE.iter().flat_map(|t| t.relationer).map(|r| r.navn.0);
            fields.chain(inner).map(|f| f.navn.0).chain(relations).collect()
        });
        KNOWN.get(text).map(|known| Self(known))
    }

    /// The name as written on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl Serialize for Navn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Navn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NavnVisitor)
    }
}

/// Looks the name up in the text as it stands in the input, without copying it first.
struct NavnVisitor;

impl Visitor<'_> for NavnVisitor {
    type Value = Navn;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name in the catalog")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Navn, E> {
        Navn::find(text).ok_or_else(|| E::custom(format_args!("unknown name {text:?}")))
    }
}
