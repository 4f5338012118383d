//! What an authorised call may see and do.

use crate::{Caller, Graense, Operation};
use oio::catalog::Beskyttelse;
use oio::{Cvr, UnikId};
use std::sync::Arc;
use uuid::Uuid;

/// Why the system itself acts, without a caller. Each value has one place that uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Aarsag {
    ImportKle,
    ImportOrganisation,
    ImportIndeks,
    Seed,
    Check,
    Labels,
    Noegler,
    Adviser,
}

impl Aarsag {
    /// The name under which it stands in the access log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ImportKle => "import kle",
            Self::ImportOrganisation => "import organisation",
            Self::ImportIndeks => "import indeks",
            Self::Seed => "seed",
            Self::Check => "check",
            Self::Labels => "labels",
            Self::Noegler => "noegler",
            Self::Adviser => "adviser",
        }
    }
}

/// The rows and fields one authorised call may touch. The store enforces it.
#[derive(Debug, Clone)]
pub struct Adgang {
    /// The authority acted for: owner of what is created, and the only owner whose objects may be changed.
    pub myndighed: Cvr,
    /// The owners whose objects may be read, ascending. Empty means all owners (the system itself only).
    pub laeser: Arc<[Cvr]>,
    /// Who acts, for `BrugerRef`.
    pub bruger_ref: UnikId,
    /// The calling system; `None` when the system itself acts.
    pub system: Option<Uuid>,
    /// The agreement that opened it; `None` when the system itself acts.
    pub aftale: Option<Uuid>,
    /// The operation, for the access log.
    pub operation: &'static str,
    /// The object type, for the access log.
    pub objekttype: &'static str,
    /// The transaction, for the access log.
    pub transaktion: Uuid,
    /// The ways in which rows may be reached, any of which will do. For a service that understands row limits; the
    /// registers here grant nothing to a privilege that has one, so theirs never have any.
    pub graenser: Arc<[Graense]>,
    /// The user of the Administrationsmodul who reads, when it is one; see [`crate::person`].
    pub(crate) person: Option<Uuid>,
    pub(crate) se_navn: bool,
    pub(crate) se_cpr: bool,
}

impl Adgang {
    pub(crate) fn granted(
        caller: &Caller,
        operation: Operation,
        objekttype: &'static str,
        myndighed: Cvr,
        aftale: Option<Uuid>,
        graenser: Vec<Graense>,
    ) -> Self {
        let mut laeser = [myndighed, Cvr::KOMBIT];
        laeser.sort_unstable();
        let distinct = if laeser[0] == laeser[1] { &laeser[..1] } else { &laeser[..] };
        Self {
            myndighed,
            laeser: distinct.into(),
            bruger_ref: caller.bruger_ref.clone(),
            system: Some(caller.system),
            aftale,
            operation: operation.as_str(),
            objekttype,
            transaktion: caller.transaktion,
            person: None,
            // What is shown in some rows only is decided row by row, by whoever understands the limit.
            se_navn: graenser.iter().any(|g| g.er_alt() && g.se_navn),
            se_cpr: graenser.iter().any(|g| g.er_alt() && g.se_cpr),
            graenser: graenser.into(),
        }
    }

    /// Access for work the system does itself, on behalf of `myndighed`. Sees everything.
    #[must_use]
    pub fn system(aarsag: Aarsag, myndighed: Cvr, transaktion: Uuid) -> Self {
        Self {
            myndighed,
            laeser: Arc::from([]),
            bruger_ref: UnikId::Urn(format!("fundament:{}", aarsag.as_str()).into()),
            system: None,
            aftale: None,
            operation: aarsag.as_str(),
            objekttype: "",
            transaktion,
            person: None,
            graenser: Arc::from([Graense { se_navn: true, se_cpr: true, ..Graense::default() }]),
            se_navn: true,
            se_cpr: true,
        }
    }

    /// The user of the Administrationsmodul who reads, for the access log.
    #[must_use]
    pub const fn person(&self) -> Option<Uuid> {
        self.person
    }

    /// Whether objects of this owner are visible.
    #[must_use]
    pub fn kan_laese(&self, ejer: Cvr) -> bool {
        self.laeser.is_empty() || self.laeser.contains(&ejer)
    }

    /// Whether objects of this owner may be changed.
    #[must_use]
    pub fn kan_skrive(&self, ejer: Cvr) -> bool {
        self.myndighed == ejer
    }

    /// Whether fields under this protection may be seen.
    #[must_use]
    pub const fn kan_se(&self, beskyttelse: Beskyttelse) -> bool {
        match beskyttelse {
            Beskyttelse::SeNavn => self.se_navn,
            Beskyttelse::SeCpr => self.se_cpr,
        }
    }
}
