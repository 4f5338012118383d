//! Row limits of a privilege, as data, and how their values are compared.
//!
//! Organisation and Klassifikation understand none of them: there, a privilege that has one grants nothing. The indexes do.

use administration::Parameterart;
use uuid::Uuid;

/// One limit: a row must match one of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Krav {
    /// What it is about.
    pub art: Parameterart,
    /// The values, lists already split.
    pub vaerdier: Vec<String>,
}

/// What one way to access is limited to: every [`Krav`] must hold. Without any, all rows of the authority.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graense {
    /// The limits.
    pub krav: Vec<Krav>,
    /// Whether names of persons are shown in these rows.
    pub se_navn: bool,
    /// Whether CPR numbers are shown in these rows.
    pub se_cpr: bool,
}

impl Graense {
    /// Whether all rows are inside.
    #[must_use]
    pub fn er_alt(&self) -> bool {
        self.krav.is_empty()
    }

    /// Whether the row is inside, given its values of one kind. A limit on what the row has no value of excludes it.
    #[must_use]
    pub fn daekker(&self, raekke: impl Fn(Parameterart) -> Vec<String>) -> bool {
        self.krav.iter().all(|krav| {
            let har = raekke(krav.art);
            let passer = |vaerdi: &String| har.iter().any(|h| passer(krav.art, vaerdi, h));
            krav.vaerdier.iter().any(passer)
        })
    }

    /// Both limits at once.
    pub(crate) fn og(&self, anden: &Self) -> Self {
        let krav = self.krav.iter().chain(&anden.krav).cloned().collect();
        Self { krav, se_navn: self.se_navn && anden.se_navn, se_cpr: self.se_cpr && anden.se_cpr }
    }
}

fn passer(art: Parameterart, vaerdi: &str, har: &str) -> bool {
    match art {
        Parameterart::Kle => kle_daekker(vaerdi, har),
        Parameterart::Orgenhed => enhed_daekker(vaerdi, har),
        _ => vaerdi == har,
    }
}

/// Whether a KLE limit (`32`, `32.30`, `32.*`, `32.30.04-G01`) covers a KLE number: a prefix at a dot, `*` last only, and
/// the handlingsfacet by itself.
#[must_use]
pub fn kle_daekker(graense: &str, emne: &str) -> bool {
    let (graense, facet) = del(graense);
    let (emne, emnets_facet) = del(emne);
    let facet_ok = facet.is_none_or(|f| emnets_facet == Some(f));
    let (stamme, stjerne) = match graense.strip_suffix(".*") {
        Some(stamme) => (stamme, true),
        None => (graense, false),
    };
    let led = |text: &str| {
        let mut led = text.split('.');
        let ok = |l: &str| l.len() == 2 && l.bytes().all(|b| b.is_ascii_digit());
        (1..=3).contains(&text.split('.').count()) && led.all(ok)
    };
    if !led(stamme) || !led(emne) || !facet_ok {
        return false;
    }
    match emne.strip_prefix(stamme) {
        Some("") => !stjerne,
        Some(rest) => rest.starts_with('.'),
        None => false,
    }
}

/// A KLE number and its handlingsfacet.
fn del(text: &str) -> (&str, Option<&str>) {
    match text.trim().split_once('-') {
        Some((emne, facet)) => (emne, Some(facet)),
        None => (text.trim(), None),
    }
}

/// Whether a limit to a unit covers a unit: the same UUID, however it is written. Units below it are not covered.
#[must_use]
pub fn enhed_daekker(graense: &str, enhed: &str) -> bool {
    match (Uuid::try_parse(graense.trim()), Uuid::try_parse(enhed.trim())) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Graense, Krav, enhed_daekker, kle_daekker};
    use administration::Parameterart;

    #[test]
    fn kle_is_compared_at_dots() {
        for (graense, emne, daekker) in [
            ("32", "32.30.04", true),
            ("32.30", "32.30.04", true),
            ("32.30.04", "32.30.04", true),
            ("32.3", "32.30", false),
            ("32", "3", false),
            ("3", "32", false),
            ("32.*", "32.30", true),
            ("32.*", "32", false),
            ("25.*", "32.30", false),
            ("*", "32", false),
            ("*.30", "32.30", false),
            ("32.*.04", "32.30.04", false),
            ("32.30.04-G01", "32.30.04-G01", true),
            ("32.30.04-G01", "32.30.04-P19", false),
            ("32.30.04-G01", "32.30.04", false),
            ("32.30.04", "32.30.04-G01", true),
            ("", "32", false),
        ] {
            assert_eq!(kle_daekker(graense, emne), daekker, "{graense} over {emne}");
        }
        let uuid = "0F0E0D0C-0000-4000-8000-000000000001";
        assert!(enhed_daekker(uuid, &uuid.to_lowercase()) && !enhed_daekker("x", "x"));
    }

    #[test]
    fn all_kinds_must_hold_and_one_value_of_each() {
        let krav = |art, vaerdier: &[&str]| Krav {
            art,
            vaerdier: vaerdier.iter().map(|v| (*v).to_owned()).collect(),
        };
        let graense = Graense {
            krav: vec![
                krav(Parameterart::Kle, &["25", "32"]),
                krav(Parameterart::Foelsomhed, &["VIP_SAGER"]),
            ],
            ..Graense::default()
        };
        let raekke = |kle: &'static str, foelsom: &'static str| {
            move |art| match art {
                Parameterart::Kle => vec![kle.to_owned()],
                Parameterart::Foelsomhed => vec![foelsom.to_owned()],
                _ => vec![],
            }
        };
        assert!(graense.daekker(raekke("32.30", "VIP_SAGER")));
        assert!(!graense.daekker(raekke("33", "VIP_SAGER")));
        assert!(!graense.daekker(raekke("32.30", "UKENDT")));
        assert!(!graense.daekker(|_| vec![]), "a row without values is outside");
        assert!(Graense::default().daekker(|_| vec![]) && Graense::default().er_alt());
    }
}
