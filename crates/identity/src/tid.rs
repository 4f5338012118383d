//! `xs:dateTime` as tokens and messages carry it: UTC, or with a zone; never without one.

use bitemporal::Instant;
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, datetime};
use std::time::Duration;

const EPOKE: DateTime = datetime(1970, 1, 1, 0, 0, 0, 0);
/// The first and the last microsecond of the years 1 to 9999.
const AAR_1_TIL_9999: (i64, i64) = (-62_135_596_800_000_000, 253_402_300_799_999_999);

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TidFejl {
    /// Not of the form of `xs:dateTime`, or a year that does not have four digits.
    #[error("tidspunktet har ikke formen ÅÅÅÅ-MM-DDThh:mm:ssZ")]
    Form,
    /// No `Z` and no offset.
    #[error("tidspunktet mangler tidszone")]
    Zone,
    /// A fraction of no digits, or of more than seven.
    #[error("sekunderne skal have 1-7 decimaler eller ingen")]
    Decimaler,
    /// No such day.
    #[error("datoen findes ikke")]
    Dato,
    /// 24:00:00, a leap second, or no such time of day.
    #[error("klokkeslættet findes ikke; 24:00:00 og skudsekunder bruges ikke")]
    Klokkeslaet,
}

/// The instant a text means: `Z` or an offset is required, and 0 to 7 digits of fraction are read (to microseconds).
///
/// # Errors
/// What is wrong with it.
pub fn laes(text: &str) -> Result<Instant, TidFejl> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let b = text.as_bytes();
    let tal = |fra: usize, til: usize| -> Result<i16, TidFejl> {
        let cifre = b.get(fra..til).ok_or(TidFejl::Form)?;
        cifre.iter().try_fold(0i16, |sum, c| {
            c.is_ascii_digit().then(|| sum * 10 + i16::from(c - b'0')).ok_or(TidFejl::Form)
        })
    };
    let tegn = |hvor: usize, c: u8| if b.get(hvor) == Some(&c) { Ok(()) } else { Err(TidFejl::Form) };
    for (hvor, c) in [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')] {
        tegn(hvor, c)?;
    }
    let (aar, maaned, dag) = (tal(0, 4)?, tal(5, 7)?, tal(8, 10)?);
    let (time, minut, sekund) = (tal(11, 13)?, tal(14, 16)?, tal(17, 19)?);
    let (nano, zone) = decimaler(&text[19..])?;
    let forskydning = forskydning(zone)?;
    let i8 = |v: i16| i8::try_from(v).unwrap_or(i8::MAX);
    if aar == 0 {
        return Err(TidFejl::Form);
    }
    let dato = Date::new(aar, i8(maaned), i8(dag)).map_err(|_| TidFejl::Dato)?;
    if sekund > 59 {
        return Err(TidFejl::Klokkeslaet);
    }
    let klokken = Time::new(i8(time), i8(minut), i8(sekund), nano).map_err(|_| TidFejl::Klokkeslaet)?;
    let lokal = DateTime::from_parts(dato, klokken).duration_since(EPOKE).as_micros();
    let micros = i64::try_from(lokal).unwrap_or(i64::MAX) - forskydning * 1_000_000;
    let (foerste, sidste) = AAR_1_TIL_9999;
    if (foerste..=sidste).contains(&micros) { Ok(Instant::from_micros(micros)) } else { Err(TidFejl::Dato) }
}

/// Reads `.f…` and gives what follows it.
fn decimaler(rest: &str) -> Result<(i32, &str), TidFejl> {
    let Some(broek) = rest.strip_prefix('.') else { return Ok((0, rest)) };
    let antal = broek.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=7).contains(&antal) {
        return Err(TidFejl::Decimaler);
    }
    let cifre = broek.bytes().take(antal).fold(0, |sum, c| sum * 10 + i32::from(c - b'0'));
    Ok((cifre * 10i32.pow(9 - antal as u32), &broek[antal..]))
}

/// The offset of `Z`, `+hh:mm` or `-hh:mm`, in seconds.
fn forskydning(zone: &str) -> Result<i64, TidFejl> {
    let [fortegn @ (b'+' | b'-'), a, b, b':', c, d] = zone.as_bytes() else {
        return match zone {
            "Z" => Ok(0),
            "" => Err(TidFejl::Zone),
            _ => Err(TidFejl::Form),
        };
    };
    if ![a, b, c, d].into_iter().all(u8::is_ascii_digit) {
        return Err(TidFejl::Form);
    }
    let to = |x: &u8, y: &u8| i64::from(x - b'0') * 10 + i64::from(y - b'0');
    let (timer, minutter) = (to(a, b), to(c, d));
    let sekunder = timer * 3600 + minutter * 60;
    if minutter > 59 || sekunder > 14 * 3600 {
        return Err(TidFejl::Zone);
    }
    Ok(if *fortegn == b'-' { -sekunder } else { sekunder })
}

/// The instant as `YYYY-MM-DDThh:mm:ss.sssZ`. What lies outside the years 1 to 9999 is written as the nearest inside.
#[must_use]
pub fn skriv(instant: Instant) -> String {
    let (foerste, sidste) = AAR_1_TIL_9999;
    let siden = SignedDuration::from_micros(instant.micros().clamp(foerste, sidste));
    let dt = EPOKE.saturating_add(siden);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        dt.year(),
        dt.month(),
        dt.day(),
        dt.hour(),
        dt.minute(),
        dt.second(),
        dt.millisecond()
    )
}

/// `instant` later by `tid`.
#[must_use]
pub fn plus(instant: Instant, tid: Duration) -> Instant {
    let micros = i64::try_from(tid.as_micros()).unwrap_or(i64::MAX);
    Instant::from_micros(instant.micros().saturating_add(micros))
}

/// `instant` earlier by `tid`.
#[must_use]
pub fn minus(instant: Instant, tid: Duration) -> Instant {
    let micros = i64::try_from(tid.as_micros()).unwrap_or(i64::MAX);
    Instant::from_micros(instant.micros().saturating_sub(micros))
}

#[cfg(test)]
mod tests {
    use super::{TidFejl, laes, skriv};
    use bitemporal::Instant;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, TidFejl>) {
        assert_eq!(laes(text).map(skriv), expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn times_with_a_zone_are_read() {
        check("2026-03-02T08:00:01Z", Ok("2026-03-02T08:00:01.000Z"));
        check("2026-03-02T08:00:01.5Z", Ok("2026-03-02T08:00:01.500Z"));
        check("2026-03-02T08:00:01.123456Z", Ok("2026-03-02T08:00:01.123Z"));
        check("2026-03-02T08:00:01.1234567Z", Ok("2026-03-02T08:00:01.123Z"));
        check("2026-03-02T09:00:01.1234567+01:00", Ok("2026-03-02T08:00:01.123Z"));
        check(" 2026-03-02T00:30:00-05:30\n", Ok("2026-03-02T06:00:00.000Z"));
        check("2028-02-29T00:00:00Z", Ok("2028-02-29T00:00:00.000Z"));
        check("9999-12-31T23:59:59.9999999Z", Ok("9999-12-31T23:59:59.999Z"));
        check("0001-01-01T00:00:00Z", Ok("0001-01-01T00:00:00.000Z"));
        assert_eq!(laes("2026-03-02T08:00:01.1234567Z").map(|i| i.micros() % 1_000_000), Ok(123_456));
    }

    #[test]
    fn what_is_not_exactly_a_time_is_refused() {
        use TidFejl::{Dato, Decimaler, Form, Klokkeslaet, Zone};
        for (text, fejl) in [
            ("", Form),
            ("2026-03-02", Form),
            ("2026-03-02 08:00:01Z", Form),
            ("2026-03-02T08:00Z", Form),
            ("2026-03-02T08:00:01z", Form),
            ("12026-03-02T08:00:01Z", Form),
            ("-2026-03-02T08:00:01Z", Form),
            ("0000-03-02T08:00:01Z", Form),
            ("2026-03-02T08:00:01", Zone),
            ("2026-03-02T08:00:01.000", Zone),
            ("2026-03-02T08:00:01+15:00", Zone),
            ("2026-03-02T08:00:01+01:60", Zone),
            ("2026-03-02T08:00:01+0100", Form),
            ("2026-03-02T08:00:01.Z", Decimaler),
            ("2026-03-02T08:00:01.12345678Z", Decimaler),
            ("2026-02-29T08:00:01Z", Dato),
            ("9999-12-31T23:59:59-01:00", Dato),
            ("2026-13-01T08:00:01Z", Dato),
            ("2026-00-01T08:00:01Z", Dato),
            ("2026-03-02T24:00:00Z", Klokkeslaet),
            ("2026-12-31T23:59:60Z", Klokkeslaet),
            ("2026-03-02T08:60:00Z", Klokkeslaet),
            ("2026-03-02T08:00:01Zæ", Form),
        ] {
            check(text, Err(fejl));
        }
    }

    #[test]
    fn the_infinities_are_written_as_the_ends_of_the_calendar() {
        assert_eq!(skriv(Instant::NEG_INFINITY), "0001-01-01T00:00:00.000Z");
        assert_eq!(skriv(Instant::POS_INFINITY), "9999-12-31T23:59:59.999Z");
    }
}
