//! The settings of one installation, and every limit it keeps.

use oio::laesning::UdenFilter;
use oio::validering::Krav;
use serde::Deserialize;

/// Settings from `fundament.toml` or the environment. The defaults are those of the specification.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What `laes` and `list` return when no virkning filter is sent: what is in effect now, or every period.
    pub laes_uden_filter: UdenFilter,
    /// Whether mandatory attributes are demanded; `false` while data of a less strict system is moved in.
    pub streng: bool,
    /// Largest request body in bytes.
    pub krop_max_bytes: usize,
    /// Longest time one request may take, in seconds.
    pub svartid_max_sekunder: u64,
    /// Most UUIDs in one `list`.
    pub list_max: usize,
    /// Page size of `soeg`, both default and maximum.
    pub soeg_max: usize,
    /// Page size of `fremsoegobjekthierarki`, both default and maximum, per list.
    pub fremsoeg_max: usize,
    /// Most objects in one `import` of a system service.
    pub import_max: usize,
    /// Most open connections.
    pub forbindelser_max: usize,
    /// How often the policy is read again, in seconds, so that a change on one node reaches the others.
    pub politik_sekunder: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            laes_uden_filter: UdenFilter::Nu,
            streng: true,
            krop_max_bytes: 10 * 1024 * 1024,
            svartid_max_sekunder: 60,
            list_max: 500,
            soeg_max: 500,
            fremsoeg_max: 5_000,
            import_max: 10_000,
            forbindelser_max: 10_000,
            politik_sekunder: 30,
        }
    }
}

impl Config {
    /// How strict the usage rules are kept.
    #[must_use]
    pub const fn krav(&self) -> Krav {
        if self.streng { Krav::Streng } else { Krav::Lempelig }
    }
}
