//! A point in time with both infinities.

use serde::{Deserialize, Serialize};

/// A point in time in microseconds since 1970-01-01T00:00:00Z, with −∞ and +∞.
///
/// OIO writes the infinities as `GraenseIndikator`; the store writes them as the ends of `int8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// Before every other instant.
    pub const NEG_INFINITY: Self = Self(i64::MIN);
    /// After every other instant.
    pub const POS_INFINITY: Self = Self(i64::MAX);

    /// The instant `micros` microseconds after the Unix epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds after the Unix epoch; the infinities are the ends of `i64`.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whether this is neither −∞ nor +∞.
    #[must_use]
    pub const fn is_finite(self) -> bool {
        self.0 != i64::MIN && self.0 != i64::MAX
    }

    /// The next representable instant; +∞ stays itself.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
