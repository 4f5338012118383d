//! Half-open periods.

use crate::Instant;
use serde::{Deserialize, Serialize};

/// The instants `t` with `from <= t < to`. `from == to` is the empty period: legal, and never in effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(Instant, Instant)", into = "(Instant, Instant)")]
pub struct Period {
    /// First instant inside.
    pub from: Instant,
    /// First instant after.
    pub to: Instant,
}

impl Period {
    /// From −∞ to +∞.
    pub const ALWAYS: Self = Self { from: Instant::NEG_INFINITY, to: Instant::POS_INFINITY };

    /// The period from `from` until `to`, or `None` when it would end before it begins.
    #[must_use]
    pub fn new(from: Instant, to: Instant) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// From `from` to +∞.
    #[must_use]
    pub const fn since(from: Instant) -> Self {
        Self { from, to: Instant::POS_INFINITY }
    }

    /// Whether no instant lies inside.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.from >= self.to
    }

    /// Whether `at` lies inside.
    #[must_use]
    pub fn contains(self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether some instant lies in both. An empty period overlaps nothing.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.from.max(other.from) < self.to.min(other.to)
    }

    /// Whether a write at `other` addresses this period: they overlap, or begin at the same instant.
    ///
    /// The second half lets a client reach an empty period, and turn an open one into an empty one.
    #[must_use]
    pub fn is_hit_by(self, other: Self) -> bool {
        self.overlaps(other) || self.from == other.from
    }

    /// Whether a read of `from..=to` sees this period: it overlaps, both bounds of the read inclusive.
    #[must_use]
    pub fn meets(self, from: Instant, to: Instant) -> bool {
        !self.is_empty() && self.from <= to && from < self.to
    }

    /// What is left of this period outside `hole`: nothing, one piece, or one on each side.
    pub fn without(self, hole: Self) -> impl Iterator<Item = Self> {
        let pieces = if self.overlaps(hole) {
            [Self { from: self.from, to: hole.from }, Self { from: hole.to, to: self.to }]
        } else {
            [self, Self { from: self.to, to: self.from }]
        };
        let keep_empty = self.is_empty();
        pieces
            .into_iter()
            .enumerate()
            .filter(move |(i, p)| !p.is_empty() || (keep_empty && *i == 0))
            .map(|(_, p)| p)
    }
}

impl From<(Instant, Instant)> for Period {
    fn from((from, to): (Instant, Instant)) -> Self {
        Self { from, to }
    }
}

impl From<Period> for (Instant, Instant) {
    fn from(period: Period) -> Self {
        (period.from, period.to)
    }
}
