//! What an installation says of rules and roles.

use app::Config;
use indeks::regler::{self, Niveau, Niveauer};
use indeks::roller::{ROLLER, Rolleliste};
use std::borrow::Cow;
use std::sync::LazyLock;

static STANDARDROLLER: LazyLock<Rolleliste> = LazyLock::new(Rolleliste::default);

/// The levels of rules and the UUIDs of roles.
pub(crate) struct Grundlag {
    pub(crate) roller: Cow<'static, Rolleliste>,
    pub(crate) niveauer: Niveauer,
}

impl Grundlag {
    /// Those of the settings. What is wrong there, [`kontroller`] has said.
    pub(crate) fn af(config: &Config) -> Self {
        let mut grundlag = Self { roller: Cow::Borrowed(&STANDARDROLLER), niveauer: Niveauer::default() };
        for (nr, niveau) in &config.indeks.regler {
            Niveau::laes(niveau).map(|niveau| grundlag.niveauer.saet(nr, niveau));
        }
        for (navn, uuid) in &config.indeks.roller {
            for rolle in roller(navn) {
                grundlag.roller.to_mut().tilfoej(rolle.art, rolle.afsnit, rolle.navn, *uuid);
            }
        }
        grundlag
    }

    /// Every rule that is not off refuses.
    pub(crate) fn skaerpet(self) -> Self {
        Self { niveauer: self.niveauer.skaerpet(), ..self }
    }

    /// Whether any of these rules refuses: if none does, nothing need be looked up for them.
    pub(crate) fn afviser(&self, numre: &[&str]) -> bool {
        regler::alle().any(|r| numre.contains(&r.nr) && self.niveauer.af(r) == Niveau::Afvis)
    }
}

/// The roles written `Sagsaktoer/Ejer`.
fn roller(navn: &str) -> impl Iterator<Item = &'static indeks::roller::Rolle> {
    ROLLER.iter().filter(move |r| navn.split_once('/') == Some((r.afsnit, r.navn)))
}

/// What is wrong with the settings of the indexes, in words for whoever wrote them.
///
/// # Errors
/// The first thing that is wrong.
pub fn kontroller(config: &Config) -> Result<(), String> {
    for (nr, niveau) in &config.indeks.regler {
        let Some(niveau) = Niveau::laes(niveau) else {
            return Err(format!("indeks.regler: {nr} skal være afvis, advar eller fra, ikke {niveau}"));
        };
        if !Niveauer::default().saet(nr, niveau) {
            return Err(format!("indeks.regler: der er ingen regel {nr}"));
        }
    }
    match config.indeks.roller.keys().find(|navn| roller(navn).next().is_none()) {
        Some(navn) => {
            Err(format!("indeks.roller: der er ingen rolle {navn}; skriv den som \"Sagsaktoer/Ejer\""))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Grundlag, kontroller};
    use app::Config;
    use uuid::Uuid;

    fn config(regler: &[(&str, &str)], roller: &[&str]) -> Config {
        let mut config = Config::default();
        let regler = regler.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        config.indeks.regler = regler.collect();
        config.indeks.roller = roller.iter().map(|r| ((*r).to_owned(), Uuid::nil())).collect();
        config
    }

    #[test]
    fn an_installation_sets_levels_and_further_uuids_of_roles() {
        let egen = config(&[("S-15", "afvis"), ("S-01", "fra")], &["Sagsaktoer/Ejer"]);
        assert_eq!(kontroller(&egen), Ok(()));
        let grundlag = Grundlag::af(&egen);
        assert!(grundlag.afviser(&["S-15"]) && !grundlag.afviser(&["S-01"]));
        assert!(!Grundlag::af(&Config::default()).afviser(&["S-15"]));
        assert!(Grundlag::af(&Config::default()).skaerpet().afviser(&["S-15"]));
        for forkert in [
            config(&[("S-99", "fra")], &[]),
            config(&[("S-01", "måske")], &[]),
            config(&[], &["Sagsaktoer"]),
            config(&[], &["Sagsaktoer/Høvding"]),
        ] {
            assert!(kontroller(&forkert).is_err());
        }
    }
}
