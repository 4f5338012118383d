//! Moments of the Danish calendar.

use bitemporal::Instant;
use jiff::Zoned;
use jiff::civil::Weekday;

/// When the mails of the day and of the week are gathered.
const KLOKKEN: i8 = 7;

fn klokken(dag: &Zoned) -> Option<Instant> {
    let kl = dag.date().at(KLOKKEN, 0, 0, 0).to_zoned(oio::tid::danmark()).ok()?;
    Some(Instant::from_micros(kl.timestamp().as_microsecond()))
}

/// The last 07:00 that has been.
pub(super) fn sidste_morgen(nu: Instant) -> Option<Instant> {
    let idag = oio::tid::zoned(nu)?;
    let morgen = klokken(&idag)?;
    if morgen <= nu { Some(morgen) } else { klokken(&idag.yesterday().ok()?) }
}

/// The last Monday 07:00 that has been.
pub(super) fn sidste_mandag(nu: Instant) -> Option<Instant> {
    let mut dag = oio::tid::zoned(sidste_morgen(nu)?)?;
    while dag.weekday() != Weekday::Monday {
        dag = dag.yesterday().ok()?;
    }
    klokken(&dag)
}

#[cfg(test)]
mod tests {
    use super::{sidste_mandag, sidste_morgen};
    use bitemporal::Instant;

    fn at(tekst: &str) -> Instant {
        let t: jiff::Timestamp = tekst.parse().expect("a moment");
        Instant::from_micros(t.as_microsecond())
    }

    #[test]
    fn mornings_are_danish_in_summer_and_winter() {
        for (nu, morgen, mandag) in [
            ("2026-11-25T05:59:59Z", "2026-11-24T06:00:00Z", "2026-11-23T06:00:00Z"),
            ("2026-11-25T06:00:00Z", "2026-11-25T06:00:00Z", "2026-11-23T06:00:00Z"),
            ("2026-11-23T06:00:00Z", "2026-11-23T06:00:00Z", "2026-11-23T06:00:00Z"),
            ("2026-11-23T05:00:00Z", "2026-11-22T06:00:00Z", "2026-11-16T06:00:00Z"),
            ("2026-07-01T05:00:00Z", "2026-07-01T05:00:00Z", "2026-06-29T05:00:00Z"),
            // The night the clock goes back.
            ("2026-10-25T05:59:00Z", "2026-10-24T05:00:00Z", "2026-10-19T05:00:00Z"),
            ("2026-10-26T06:00:00Z", "2026-10-26T06:00:00Z", "2026-10-26T06:00:00Z"),
        ] {
            assert_eq!(sidste_morgen(at(nu)), Some(at(morgen)), "{nu}");
            assert_eq!(sidste_mandag(at(nu)), Some(at(mandag)), "{nu}");
        }
    }
}
