//! Rolleeksempler: what others have made of the same jobs, as a table. An example grants nothing; see `eksempler.toml`.

use serde::Deserialize;
use std::sync::LazyLock;

/// A role of a business system in an example, as its supplier calls it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eksempeldel {
    /// The name of the system.
    pub system: String,
    /// The name of its role.
    pub rolle: String,
    /// What it must be limited to in KLE.
    #[serde(default)]
    pub kle: Option<String>,
}

/// An example of a jobfunktionsrolle.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rolleeksempel {
    /// What addresses call it.
    pub noegle: String,
    /// The name of the job.
    pub navn: String,
    /// Its tasks.
    pub beskrivelse: String,
    /// What it is made of.
    pub roller: Vec<Eksempeldel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fil {
    eksempler: Vec<Rolleeksempel>,
}

static ALLE: LazyLock<Vec<Rolleeksempel>> = LazyLock::new(|| {
    let fil: Fil = toml::from_str(include_str!("eksempler.toml")).expect("a test reads the examples");
    fil.eksempler
});

impl Rolleeksempel {
    /// Every example, in the order of the table.
    #[must_use]
    pub fn alle() -> &'static [Self] {
        &ALLE
    }

    /// The example that addresses call this.
    #[must_use]
    pub fn med_noegle(noegle: &str) -> Option<&'static Self> {
        ALLE.iter().find(|e| e.noegle == noegle)
    }
}

#[cfg(test)]
mod tests {
    use super::Rolleeksempel;
    use std::collections::BTreeSet;

    #[test]
    fn every_example_is_whole_and_limited() {
        let alle = Rolleeksempel::alle();
        let noegler: BTreeSet<_> = alle.iter().map(|e| e.noegle.as_str()).collect();
        let navne: BTreeSet<_> = alle.iter().map(|e| e.navn.to_lowercase()).collect();
        assert!(alle.len() >= 5 && noegler.len() == alle.len() && navne.len() == alle.len());
        for e in alle {
            assert!(e.noegle.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", e.noegle);
            assert!(e.beskrivelse.ends_with('.') && !e.roller.is_empty(), "{}", e.noegle);
            let dele: BTreeSet<_> = e.roller.iter().map(|d| (&d.system, &d.rolle)).collect();
            assert_eq!(dele.len(), e.roller.len(), "{}: a role twice", e.noegle);
            assert!(e.roller.iter().all(|d| d.kle.is_some()), "{}: no example gives everything", e.noegle);
            assert_eq!(Rolleeksempel::med_noegle(&e.noegle), Some(e));
        }
        assert_eq!(Rolleeksempel::med_noegle("findes-ikke"), None);
    }
}
