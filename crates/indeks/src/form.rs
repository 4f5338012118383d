//! Values in text: times, dates, amounts, base64.

use bitemporal::Instant;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

/// The instant an `xs:dateTime` means. Without a zone it is Danish time; years have four digits.
#[must_use]
pub fn tid(tekst: &str) -> Option<Instant> {
    let (dag, resten) = (tekst.get(..10)?, tekst.get(10..)?);
    let mut dag = dato_uden_zone(dag)?;
    let resten = resten.strip_prefix('T')?;
    let zone_fra = resten.find(['Z', '+', '-']).unwrap_or(resten.len());
    let (ur, zone) = resten.split_at(zone_fra);
    let (ur, broek) = match ur.split_once('.') {
        Some((ur, broek)) if !broek.is_empty() && broek.bytes().all(|b| b.is_ascii_digit()) => (ur, broek),
        Some(_) => return None,
        None => (ur, ""),
    };
    let [timer, minutter, sekunder] = tal_med(ur, ':')?;
    let nano: i32 = format!("{broek:0<9}").get(..9)?.parse().ok()?;
    let timer = if timer == 24 && minutter == 0 && sekunder == 0 && nano == 0 {
        dag = dag.tomorrow().ok()?;
        0
    } else {
        timer
    };
    let ur = Time::new(timer, minutter, sekunder, nano).ok()?;
    let zone = match zone {
        "" => oio::tid::danmark(),
        "Z" => TimeZone::UTC,
        zone => {
            let fortegn = if zone.starts_with('-') { -1 } else { 1 };
            let [timer, minutter] = tal_med(zone.get(1..)?, ':')?;
            let i_alt = i32::from(timer) * 60 + i32::from(minutter);
            (minutter < 60 && i_alt <= 14 * 60).then_some(())?;
            TimeZone::fixed(Offset::from_seconds(fortegn * i_alt * 60).ok()?)
        }
    };
    let zoned = dag.to_datetime(ur).to_zoned(zone).ok()?;
    Some(Instant::from_micros(zoned.timestamp().as_microsecond()))
}

/// An instant as we write it: Danish time with milliseconds and offset. `None` for the infinities.
#[must_use]
pub fn skriv_tid(instant: Instant) -> Option<String> {
    let zoned = oio::tid::zoned(instant).filter(|z| (1..=9999).contains(&z.year()))?;
    let minutter = zoned.offset().seconds() / 60;
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}:{:02}",
        zoned.year(),
        zoned.month(),
        zoned.day(),
        zoned.hour(),
        zoned.minute(),
        zoned.second(),
        zoned.millisecond(),
        if minutter < 0 { '-' } else { '+' },
        minutter.abs() / 60,
        minutter.abs() % 60,
    ))
}

/// The start of the Danish day an `xs:date` names; a zone is allowed and not asked.
#[must_use]
pub fn dato(tekst: &str) -> Option<Instant> {
    let dag = dato_uden_zone(tekst.get(..10)?)?;
    let zone = tekst.get(10..)?;
    let zone_ok = zone.is_empty()
        || zone == "Z"
        || (zone.len() == 6 && tid(&format!("2000-01-01T00:00:00{zone}")).is_some());
    zone_ok.then(|| oio::tid::midnight(dag)).flatten()
}

fn dato_uden_zone(tekst: &str) -> Option<Date> {
    let (aar, resten) = (tekst.get(..4)?, tekst.get(4..)?);
    let [maaned, dag] = tal_med(resten.strip_prefix('-')?, '-')?;
    let aar: i16 = aar.bytes().all(|b| b.is_ascii_digit()).then(|| aar.parse().ok()).flatten()?;
    (aar > 0).then(|| Date::new(aar, maaned, dag).ok()).flatten()
}

/// Numbers of two digits each with this between them.
fn tal_med<const N: usize>(tekst: &str, mellem: char) -> Option<[i8; N]> {
    let mut tal = [0; N];
    let mut dele = tekst.split(mellem);
    for plads in &mut tal {
        let del = dele.next().filter(|d| d.len() == 2 && d.bytes().all(|b| b.is_ascii_digit()))?;
        *plads = del.parse().ok()?;
    }
    dele.next().is_none().then_some(tal)
}

/// An amount in ten-thousandths of a krone; `None` when it has no such form or is too large to reckon with. What is
/// finer than that is cut off.
#[must_use]
pub fn beloeb(tekst: &str) -> Option<i128> {
    let (minus, tal) = tekst.strip_prefix('-').map_or((false, tekst), |tal| (true, tal));
    let (hele, broek) = match tal.split_once('.') {
        Some((_, "")) => return None,
        Some((hele, broek)) => (hele, broek),
        None => (tal, ""),
    };
    let cifre = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if hele.is_empty() || hele.len() > 30 || !cifre(hele) || !cifre(broek) {
        return None;
    }
    let broek: i128 = format!("{broek:0<4}").get(..4)?.parse().ok()?;
    let vaerdi = hele.parse::<i128>().ok()? * 10_000 + broek;
    Some(if minus { -vaerdi } else { vaerdi })
}

/// How many bytes a base64 text without blanks stands for.
#[must_use]
pub fn base64_bytes(tekst: &str) -> Option<usize> {
    let data = tekst.trim_end_matches('=');
    let fyld = tekst.len() - data.len();
    let tegn = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
    let ok = tekst.len().is_multiple_of(4) && fyld <= 2 && data.bytes().all(tegn);
    ok.then(|| tekst.len() / 4 * 3 - fyld)
}

#[cfg(test)]
mod tests {
    use super::{base64_bytes, beloeb, dato, skriv_tid, tid};

    #[test]
    fn times() {
        let sommer = tid("2025-07-01T12:00:00");
        assert!(sommer.is_some() && sommer == tid("2025-07-01T10:00:00.000Z"));
        assert_eq!(tid("2025-01-31T24:00:00Z"), tid("2025-02-01T01:00:00+01:00"));
        assert_eq!(sommer.and_then(skriv_tid).as_deref(), Some("2025-07-01T12:00:00.000+02:00"));
        for nej in [
            "",
            "2025-07-01",
            "2025-7-01T00:00:00",
            "2025-07-01T00:00",
            "2025-07-01T24:00:01",
            "0000-01-01T00:00:00",
            "2025-07-01T00:00:00+15:00",
            "2025-07-01T00:00:00.",
            "æ",
        ] {
            assert_eq!(tid(nej), None, "{nej}");
        }
        assert_eq!(dato("2025-07-01"), tid("2025-07-01T00:00:00"));
        assert!(
            dato("2025-07-01Z").is_some()
                && dato("2025-07-01+02:00").is_some()
                && dato("2025-07-01x").is_none()
        );
    }

    #[test]
    fn amounts_and_bytes() {
        assert_eq!(
            (beloeb("1000"), beloeb("-0.5"), beloeb("9999.99")),
            (Some(10_000_000), Some(-5000), Some(99_999_900))
        );
        assert_eq!((beloeb(".5"), beloeb("1e3"), beloeb("1.")), (None, None, None));
        assert_eq!(
            (base64_bytes("QUJD"), base64_bytes("QUI="), base64_bytes("Q=I=")),
            (Some(3), Some(2), None)
        );
    }
}
