//! Comments on an agreement that waits for an answer.

use crate::bruger::Modulrolle;
use crate::data::Entitet;
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Characters in one comment, at most.
pub const KOMMENTAR_MAX: usize = 2_000;

/// A comment on a version of an agreement. It is written once and never changed.
///
/// An authority's comments are its own: what it weighs before it answers is no business of the supplier's. What the
/// supplier says is for the authorities that are asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aftalekommentar {
    /// Its UUID.
    pub uuid: Uuid,
    /// The agreement.
    pub aftale: Uuid,
    /// The name of the agreement then.
    pub aftalenavn: String,
    /// The version it is about.
    pub version: u32,
    /// The authority it belongs to; nobody's own when the supplier wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub myndighed: Option<Cvr>,
    /// The party it was written for.
    pub part: Cvr,
    /// Who wrote it, and the name.
    pub af: (Uuid, String),
    /// In which role.
    pub rolle: Modulrolle,
    /// When, in microseconds.
    pub tid: i64,
    /// What was said.
    pub tekst: String,
}

impl Entitet for Aftalekommentar {
    const ART: &'static str = "aftalekommentar";
    const ORD: &'static str = "kommentaren";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.aftalenavn.clone()
    }
}

impl Aftalekommentar {
    /// When it was written.
    #[must_use]
    pub fn tid(&self) -> Instant {
        Instant::from_micros(self.tid)
    }

    /// Who sees the comments of an authority on an agreement, or those for everybody in it: what they are found by.
    #[must_use]
    pub fn kreds(aftale: Uuid, myndighed: Option<Cvr>) -> String {
        myndighed.map_or_else(|| format!("{aftale}:alle"), |cvr| format!("{aftale}:{cvr}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Aftalekommentar;
    use oio::Cvr;
    use uuid::Uuid;

    #[test]
    fn an_authority_and_everybody_are_two_circles() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let kredse = [
            Aftalekommentar::kreds(a, None),
            Aftalekommentar::kreds(a, Some(Cvr::KOMBIT)),
            Aftalekommentar::kreds(b, None),
        ];
        assert_eq!(kredse.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }
}
