//! `xs:dateTime` in and out.

use bitemporal::Instant;
use jiff::Timestamp;
use jiff::civil::DateTime;
use oio::tid::{danmark, zoned};
use std::cell::RefCell;

/// Instants each thread remembers in written form.
const REMEMBERED: usize = 256;
/// Midnights lie days apart; a prime factor spreads them over all places.
const SPREAD: usize = 31;
const HOUR: i64 = 3_600_000_000;

/// The instant written as `text`. Without an offset, Danish time is meant.
#[must_use]
pub fn parse(text: &str) -> Option<Instant> {
    let text = text.trim();
    let (date, time) = text.split_once('T')?;
    let year: i32 = date.split('-').next()?.parse().ok()?;
    // Four-digit years: a longer or negative one is a mistake, and some clients could not read it back.
    if date.len() != 10 || !(1..=9999).contains(&year) {
        return None;
    }
    let with_offset = time.ends_with('Z') || time.contains(['+', '-']);
    let timestamp = if with_offset {
        text.parse::<Timestamp>().ok()?
    } else {
        text.parse::<DateTime>().ok()?.to_zoned(danmark()).ok()?.timestamp()
    };
    Some(Instant::from_micros(timestamp.as_microsecond()))
}

/// Appends `instant` in Danish time with milliseconds and offset, such as `1988-01-01T00:00:00.000+01:00`.
///
/// An infinity, or a year of more than four digits, has no such form: nothing is appended and `false` returned.
pub fn write(out: &mut String, instant: Instant) -> bool {
    // Answers repeat the same few instants, mostly midnights, and asking the time zone is what takes time.
    thread_local! {
        static WRITTEN: RefCell<[(Instant, String); REMEMBERED]> = const { RefCell::new([NEVER; REMEMBERED]) };
    }
    const NEVER: (Instant, String) = (Instant::NEG_INFINITY, String::new());
    if !instant.is_finite() {
        return false;
    }
    let hours = (instant.micros() / HOUR).unsigned_abs() as usize;
    let place = hours.wrapping_mul(SPREAD) % REMEMBERED;
    WRITTEN.with_borrow_mut(|written| {
        let (known, text) = &mut written[place];
        if *known != instant {
            text.clear();
            if !write_anew(text, instant) {
                *known = Instant::NEG_INFINITY;
                return false;
            }
            *known = instant;
        }
        out.push_str(text);
        true
    })
}

fn write_anew(out: &mut String, instant: Instant) -> bool {
    let Some(zoned) = zoned(instant).filter(|z| z.year() > 0) else { return false };
    let offset = zoned.offset().seconds() / 60;
    let sign = if offset < 0 { '-' } else { '+' };
    digits(out, zoned.year().unsigned_abs().into(), 4);
    for (separator, value) in [
        ('-', zoned.month()),
        ('-', zoned.day()),
        ('T', zoned.hour()),
        (':', zoned.minute()),
        (':', zoned.second()),
    ] {
        out.push(separator);
        digits(out, value.unsigned_abs().into(), 2);
    }
    out.push('.');
    digits(out, zoned.millisecond().unsigned_abs().into(), 3);
    out.push(sign);
    digits(out, offset.unsigned_abs() / 60, 2);
    out.push(':');
    digits(out, offset.unsigned_abs() % 60, 2);
    true
}

fn digits(out: &mut String, value: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10u32.pow(place) % 10;
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, write};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let written = parse(text).map(|instant| {
            let mut out = String::new();
            assert!(write(&mut out, instant));
            out
        });
        assert_eq!(written.as_deref(), expected, "{text}");
    }

    #[test]
    fn times_are_danish_on_the_way_out() {
        check("1988-01-01T00:00:00.000+01:00", Some("1988-01-01T00:00:00.000+01:00"));
        check("2024-05-02T10:11:12.345Z", Some("2024-05-02T12:11:12.345+02:00"));
        check(" 2024-07-01T00:00:00 ", Some("2024-07-01T00:00:00.000+02:00"));
        check("2023-10-10T17:10:11.3441152+02:00", Some("2023-10-10T17:10:11.344+02:00"));
        check("2024-01-01T00:00:00-05:30", Some("2024-01-01T06:30:00.000+01:00"));
    }

    #[test]
    fn nonsense_is_no_time() {
        for text in [
            "",
            "2024-13-45T00:00:00Z",
            "99999-01-01T00:00:00Z",
            "-2024-01-01T00:00:00Z",
            "2024-01-01",
            "i morgen",
        ] {
            check(text, None);
        }
    }
}
