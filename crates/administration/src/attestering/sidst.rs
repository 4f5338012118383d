//! When a role was attested last, as what, and whether it is so still.

use crate::data::Entitet;
use crate::jobfunktionsrolle::{Jobfunktionsrolle, Jobfunktionsrolletilstand, Tilknytning};
use bitemporal::Instant;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The latest confirmation of what a role gives in one it-system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Systemattest {
    /// When, in microseconds.
    pub tid: i64,
    /// What it was made of.
    pub tilknytninger: Vec<Tilknytning>,
}

/// The latest confirmations of a role, by it-system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolleattest {
    /// The role.
    pub rolle: Uuid,
    /// Whose it is.
    pub part: Cvr,
    /// The confirmations.
    pub systemer: BTreeMap<Uuid, Systemattest>,
}

impl Entitet for Rolleattest {
    const ART: &'static str = "rolleattest";
    const ORD: &'static str = "attesten for rollen";
    fn uuid(&self) -> Uuid {
        self.rolle
    }
    fn navn(&self) -> String {
        String::new()
    }
}

/// When a role as a whole was attested.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sidst {
    /// The day the oldest confirmation of its it-systems is from, in microseconds; none while one of them has none.
    pub tid: Option<i64>,
    /// Whether what was attested has been changed since.
    pub aendret: bool,
}

impl Sidst {
    /// Whether the role as it is was attested no earlier than this.
    #[must_use]
    pub fn siden(self, graense: Instant) -> bool {
        !self.aendret && self.tid.is_some_and(|tid| tid >= graense.micros())
    }
}

impl Rolleattest {
    /// When the role as a whole was attested, of what it is made of now, by it-system.
    #[must_use]
    pub fn sidst(&self, dele: &BTreeMap<Uuid, Vec<Tilknytning>>) -> Sidst {
        let kendte = || dele.iter().map(|(system, nu)| (self.systemer.get(system), nu));
        let tider = kendte().map(|(attest, _)| attest.map(|a| a.tid));
        Sidst {
            tid: tider.collect::<Option<Vec<i64>>>().and_then(|t| t.into_iter().min()),
            aendret: kendte().any(|(attest, nu)| attest.is_some_and(|a| !samme(&a.tilknytninger, nu))),
        }
    }
}

/// Whether two compositions give the same, in whatever order they are written.
#[must_use]
pub fn samme(a: &[Tilknytning], b: &[Tilknytning]) -> bool {
    let i_orden = |alle: &[Tilknytning]| {
        let mut alle: Vec<Tilknytning> = alle.to_vec();
        for t in &mut alle {
            // What a value is called gives nothing.
            t.vaerdier.iter_mut().for_each(|v| v.navn.clear());
            t.vaerdier.sort_by(|x, y| (&x.entity_id, &x.vaerdi).cmp(&(&y.entity_id, &y.vaerdi)));
        }
        alle.sort_by_key(|t| (t.rolle, format!("{:?}", t.vaerdier)));
        alle
    };
    i_orden(a) == i_orden(b)
}

/// Whether employees can have the role now, so that there is something to attest.
#[must_use]
pub fn i_brug(rolle: &Jobfunktionsrolle, nu: Instant) -> bool {
    matches!(rolle.tilstand(nu), Jobfunktionsrolletilstand::Aktiv | Jobfunktionsrolletilstand::Udfases)
}
