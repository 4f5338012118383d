//! Danish local time: the zone of every date on the wire.

use bitemporal::Instant;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, Zoned};
use std::sync::LazyLock;

static DANMARK: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZoneDatabase::bundled().get("Europe/Copenhagen").expect("the bundled database has Europe/Copenhagen")
});

/// The zone Europe/Copenhagen, from the bundled database, so that no machine setting changes an answer.
#[must_use]
pub fn danmark() -> TimeZone {
    DANMARK.clone()
}

/// `instant` in Danish time; `None` for the infinities and for years outside ±9999.
#[must_use]
pub fn zoned(instant: Instant) -> Option<Zoned> {
    let timestamp =
        instant.is_finite().then(|| Timestamp::from_microsecond(instant.micros()).ok()).flatten()?;
    Some(timestamp.to_zoned(danmark()))
}

/// 00:00 Danish time on `date`.
#[must_use]
pub fn midnight(date: Date) -> Option<Instant> {
    let zoned = date.to_zoned(danmark()).ok()?;
    Some(Instant::from_micros(zoned.timestamp().as_microsecond()))
}

/// 00:00 Danish time on the day of `instant`.
#[must_use]
pub fn day_of(instant: Instant) -> Instant {
    zoned(instant).and_then(|z| midnight(z.date())).unwrap_or(instant)
}
