//! `xs:dateTime`: its form, and the moment it means.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

/// Whether the text has the form of an `xs:dateTime`.
pub(crate) fn er_tid(tekst: &str) -> bool {
    del(tekst).is_some()
}

/// The moment in nanoseconds since 1970; without a zone it is Danish time. `None` outside what can be reckoned with.
pub(crate) fn nanosekunder(tekst: &str) -> Option<i128> {
    let dele = del(tekst)?;
    let date = Date::new(i16::try_from(dele.aar).ok()?, dele.maaned, dele.dag).ok()?;
    let (date, time) = if dele.time == 24 { (date.tomorrow().ok()?, 0) } else { (date, dele.time) };
    let time = Time::new(time, dele.minut, dele.sekund, dele.nano).ok()?;
    let zone = match dele.zone_minutter {
        Some(minutter) => TimeZone::fixed(Offset::from_seconds(minutter * 60).ok()?),
        None => oio::tid::danmark(),
    };
    Some(date.to_datetime(time).to_zoned(zone).ok()?.timestamp().as_nanosecond())
}

struct Dele {
    aar: i64,
    maaned: i8,
    dag: i8,
    time: i8,
    minut: i8,
    sekund: i8,
    nano: i32,
    zone_minutter: Option<i32>,
}

fn del(tekst: &str) -> Option<Dele> {
    let (minus, rest) = tekst.strip_prefix('-').map_or((false, tekst), |rest| (true, rest));
    let (aar, rest) = rest.split_once('-')?;
    let aar_ok = (4..=9).contains(&aar.len()) && cifre(aar) && (aar.len() == 4 || !aar.starts_with('0'));
    if !aar_ok {
        return None;
    }
    let aar: i64 = aar.parse().ok()?;
    let (maaned, rest) = to_cifre(rest, Some('-'))?;
    let (dag, rest) = to_cifre(rest, Some('T'))?;
    let (time, rest) = to_cifre(rest, Some(':'))?;
    let (minuttal, rest) = to_cifre(rest, Some(':'))?;
    let (sekund, mut rest) = to_cifre(rest, None)?;
    let mut nano = 0;
    let mut broek = "";
    if let Some(efter) = rest.strip_prefix('.') {
        let slut = efter.find(|c: char| !c.is_ascii_digit()).unwrap_or(efter.len());
        (broek, rest) = efter.split_at(slut);
        if broek.is_empty() {
            return None;
        }
        nano = format!("{broek:0<9}").get(..9)?.parse().ok()?;
    }
    let zone_minutter = zone(rest)?;
    let skudaar = aar % 4 == 0 && (aar % 100 != 0 || aar % 400 == 0);
    let dage = match maaned {
        2 => 28 + i8::from(skudaar),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let doegnet_ok =
        time < 24 || (time == 24 && minuttal == 0 && sekund == 0 && broek.bytes().all(|b| b == b'0'));
    let ok = aar != 0
        && (1..=12).contains(&maaned)
        && (1..=dage).contains(&dag)
        && doegnet_ok
        && minuttal < 60
        && sekund < 60;
    ok.then_some(Dele {
        aar: if minus { -aar } else { aar },
        maaned,
        dag,
        time,
        minut: minuttal,
        sekund,
        nano,
        zone_minutter,
    })
}

/// The zone at the end: `Some(None)` when there is none.
#[allow(clippy::option_option, reason = "no zone and no form are two things")]
fn zone(tekst: &str) -> Option<Option<i32>> {
    let fortegn = match tekst.as_bytes().first() {
        None => return Some(None),
        Some(b'Z') if tekst.len() == 1 => return Some(Some(0)),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return None,
    };
    let (timer, rest) = to_cifre(&tekst[1..], Some(':'))?;
    let (minutter, rest) = to_cifre(rest, None)?;
    let minutter_i_alt = i32::from(timer) * 60 + i32::from(minutter);
    (rest.is_empty() && minutter < 60 && minutter_i_alt <= 14 * 60).then_some(Some(fortegn * minutter_i_alt))
}

fn cifre(tekst: &str) -> bool {
    tekst.bytes().all(|b| b.is_ascii_digit())
}

/// Two digits and what must follow them.
fn to_cifre(tekst: &str, efter: Option<char>) -> Option<(i8, &str)> {
    let tal = tekst.get(..2).filter(|t| cifre(t))?.parse().ok()?;
    let rest = &tekst[2..];
    Some((tal, efter.map_or(Some(rest), |c| rest.strip_prefix(c))?))
}

#[cfg(test)]
mod tests {
    use super::{er_tid, nanosekunder};

    #[test]
    fn forms() {
        for ja in [
            "2025-03-03T09:15:00.000+01:00",
            "2022-02-13T08:00:00",
            "2024-02-29T24:00:00Z",
            "-0044-03-15T00:00:00",
            "12025-01-01T00:00:00-14:00",
        ] {
            assert!(er_tid(ja), "{ja}");
        }
        for nej in [
            "",
            "2025-03-03",
            "2025-03-03 09:15:00",
            "2023-02-29T00:00:00",
            "2025-13-01T00:00:00",
            "2025-01-01T24:00:01",
            "2025-01-01T10:00:60",
            "2025-01-01T10:00:00.",
            "2025-01-01T10:00:00+14:01",
            "2025-01-01T10:00:00z",
            "0000-01-01T10:00:00",
            "æ025-01-01T10:00:00",
        ] {
            assert!(!er_tid(nej), "{nej}");
        }
    }

    #[test]
    fn moments() {
        let sommer = nanosekunder("2022-07-13T08:00:00");
        assert!(sommer.is_some() && sommer == nanosekunder("2022-07-13T06:00:00.000Z"));
        assert_eq!(nanosekunder("2022-02-13T24:00:00Z"), nanosekunder("2022-02-14T01:00:00+01:00"));
        assert_eq!(nanosekunder("1970-01-01T00:00:00.000000001Z"), Some(1));
        assert_eq!(nanosekunder("123456-01-01T00:00:00Z"), None);
    }
}
