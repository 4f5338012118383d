//! OIO Basic Privilege Profile 1.0.1 to 1.2: who may do what for which authority, in a token.
//!
//! [`laes`] never fails a login for one strange group: the group is left out, and named. [`adgang`] decides what the
//! groups allow.

mod adgang;
mod laes;
mod skriv;

pub use adgang::{Afslag, Begraensning, Dimension, Krav, adgang};
pub use laes::{BppFejl, Grund, Laest, Udeladt, laes, laes_xml};
pub use skriv::{Profil, skriv, skriv_base64};

use oio::Cvr;

/// A limit on a privilege: the identifier of its type, and a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Constraint {
    /// The identifier of the type, compared as it is.
    pub navn: String,
    /// One value, or several with commas between, as the type has it.
    pub vaerdi: String,
}

/// Privileges for one authority, with their limits (`PrivilegeGroup`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gruppe {
    /// The authority whose objects it is about: the CVR number of `Scope`.
    pub scope: Cvr,
    /// Identifiers of roles, at least one.
    pub privilegier: Vec<String>,
    /// The limits.
    pub constraints: Vec<Constraint>,
}

/// What stands before the CVR number in `Scope`.
pub(crate) const CVR_SCOPE: &str = "urn:dk:gov:saml:cvrNumberIdentifier:";
