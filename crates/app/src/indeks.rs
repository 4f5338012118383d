//! The settings of the two indexes.

use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Settings of the Sags- og Dokumentindeks and the Ydelsesindeks. The use cases know which rules and roles there are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Indeksconfig {
    /// Levels of rules by their number: `afvis`, `advar` or `fra`.
    pub regler: BTreeMap<String, String>,
    /// Further UUIDs of roles, by relation and role, such as `Sagsaktoer/Ejer`.
    pub roller: BTreeMap<String, Uuid>,
}
