//! A privilege: what a token carries, and what an agreement gives.

use oio::Cvr;

/// A PrivilegeGroup with one privilege.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Privilegium {
    /// The authority on whose data it counts.
    pub scope: Cvr,
    /// The URI of the servicesystemrolle.
    pub rolle: String,
    /// Type and value, one per value: values of one type are alternatives, all types must hold.
    pub afgraensninger: Vec<(String, String)>,
}
