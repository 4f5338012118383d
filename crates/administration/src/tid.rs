//! Times as people write them: a Danish date when it is midnight, else RFC 3339. What is endless is left out.

use bitemporal::{Instant, Period};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text of a finite instant.
#[must_use]
pub fn skriv(instant: Instant) -> String {
    match oio::tid::zoned(instant) {
        Some(zoned) if oio::tid::midnight(zoned.date()) == Some(instant) => zoned.date().to_string(),
        Some(zoned) => zoned.timestamp().to_string(),
        None => instant.micros().to_string(),
    }
}

/// The instant a text means.
///
/// # Errors
/// What the text should have been, in Danish.
pub fn laes(text: &str) -> Result<Instant, String> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(Instant::from_micros(timestamp.as_microsecond()));
    }
    let date = text.parse::<Date>().ok().filter(|_| text.len() == 10).and_then(oio::tid::midnight);
    date.ok_or_else(|| {
        format!("{text} er ikke en tid; skriv åååå-mm-dd eller et tidspunkt som 2026-01-01T12:00:00Z")
    })
}

/// An instant that may be absent.
pub(crate) mod tidspunkt {
    use super::{Deserialize, Deserializer, Instant, Serialize, Serializer, laes, skriv};

    pub(crate) fn serialize<S: Serializer>(tid: &Option<Instant>, to: S) -> Result<S::Ok, S::Error> {
        tid.map(skriv).serialize(to)
    }

    pub(crate) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Instant>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|t| laes(&t).map_err(serde::de::Error::custom)).transpose()
    }
}

/// An instant that is always there.
pub(crate) mod oejeblik {
    use super::{Deserialize, Deserializer, Instant, Serialize, Serializer, laes, skriv};

    pub(crate) fn serialize<S: Serializer>(tid: &Instant, to: S) -> Result<S::Ok, S::Error> {
        skriv(*tid).serialize(to)
    }

    pub(crate) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Instant, D::Error> {
        laes(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// A period as `fra` and `til`; an end that is left out is infinite.
pub(crate) mod tidsrum {
    use super::{Deserialize, Deserializer, Instant, Period, Serialize, Serializer, laes, skriv};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rum {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fra: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        til: Option<String>,
    }

    pub(crate) fn serialize<S: Serializer>(period: &Period, to: S) -> Result<S::Ok, S::Error> {
        let text = |i: Instant| i.is_finite().then(|| skriv(i));
        Rum { fra: text(period.from), til: text(period.to) }.serialize(to)
    }

    pub(crate) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Period, D::Error> {
        let rum = Rum::deserialize(from)?;
        let end = |text: Option<String>, infinite| {
            text.map_or(Ok(infinite), |t| laes(&t).map_err(serde::de::Error::custom))
        };
        let (fra, til) = (end(rum.fra, Instant::NEG_INFINITY)?, end(rum.til, Instant::POS_INFINITY)?);
        Period::new(fra, til).ok_or_else(|| serde::de::Error::custom("til ligger før fra"))
    }

    pub(crate) fn altid() -> Period {
        Period::ALWAYS
    }

    pub(crate) fn er_altid(period: &Period) -> bool {
        *period == Period::ALWAYS
    }
}

#[cfg(test)]
mod tests {
    use super::{laes, skriv};

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for text in ["2026-01-01", "2026-07-01", "2026-07-01T12:30:00Z", "2026-07-01T12:30:00.000001Z"] {
            assert_eq!(skriv(laes(text).expect("a time")), text);
        }
        assert_eq!(skriv(laes("2026-06-30T22:00:00Z").expect("a time")), "2026-07-01", "Danish midnight");
        assert!(laes("1. juli").unwrap_err().contains("åååå-mm-dd"));
    }
}
