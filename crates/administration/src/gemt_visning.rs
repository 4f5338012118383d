//! Gemte visninger: the filters and the order of a list, kept under a name by a person for himself.

use crate::bruger::Modulfejl;
use crate::data::Entitet;
use oio::Cvr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Views of one list that a person keeps for a party, at most (V-101).
pub const VISNINGER_MAX: usize = 20;
/// Characters of a name, at most.
pub const VISNINGSNAVN_MAX: usize = 60;
/// Fields of a view, at most.
pub const VISNINGSFELTER_MAX: usize = 16;
/// Characters of what stands in a field of a view, at most.
pub const VISNINGSVAERDI_MAX: usize = 200;

/// One view: what stood in the filters, and the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gemtvisning {
    /// Its UUID.
    pub uuid: Uuid,
    /// How often it was changed: what a change of it is made from.
    pub version: u32,
    /// What the person calls it.
    pub navn: String,
    /// The fields of the list's address, and what stood in them.
    pub felter: Vec<(String, String)>,
}

/// The views of one list that a person keeps for a party: one entity, so that their number and names are judged together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gemtevisninger {
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose they are.
    pub bruger: Uuid,
    /// The party acted for.
    pub part: Cvr,
    /// The list.
    pub liste: String,
    /// The views, by name.
    pub visninger: Vec<Gemtvisning>,
}

impl Entitet for Gemtevisninger {
    const ART: &'static str = "gemte-visninger";
    const ORD: &'static str = "de gemte visninger";
    fn uuid(&self) -> Uuid {
        self.uuid
    }
    fn navn(&self) -> String {
        self.liste.clone()
    }
}

/// What is done with a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visningsaendring {
    /// It is called something else.
    Omdoeb(String),
    /// It shows something else.
    Erstat(Vec<(String, String)>),
    /// It is no more.
    Slet,
}

impl Gemtevisninger {
    /// Keeps another view.
    ///
    /// # Errors
    /// A-013 when the name is taken; V-101 when there are too many.
    pub fn gem(&mut self, ny: Gemtvisning) -> Result<(), Modulfejl> {
        self.ledigt(&ny.navn, None)?;
        if self.visninger.len() >= VISNINGER_MAX {
            let tekst = format!(
                "Du kan højst gemme {VISNINGER_MAX} visninger af en liste. Slet eller erstat en, du ikke bruger."
            );
            return Err(Modulfejl::felt("navn", "V-101", tekst));
        }
        self.visninger.push(ny);
        self.ordn();
        Ok(())
    }

    /// Changes the view that was shown as this version; gives what it was called.
    ///
    /// # Errors
    /// A-404; A-005 when it was changed since; A-013.
    pub fn aendr(
        &mut self,
        (uuid, version): (Uuid, u32),
        aendring: &Visningsaendring,
    ) -> Result<String, Modulfejl> {
        let plads = self.visninger.iter().position(|v| v.uuid == uuid);
        let plads = plads.ok_or_else(|| Modulfejl::findes_ikke("Visningen"))?;
        let hed = self.visninger[plads].navn.clone();
        if self.visninger[plads].version != version {
            let tekst =
                "Visningen er ændret, siden du åbnede siden. Se den, som den er nu, før du ændrer den.";
            return Err(Modulfejl::ny("A-005", tekst));
        }
        match aendring {
            Visningsaendring::Slet => {
                self.visninger.remove(plads);
                return Ok(hed);
            }
            Visningsaendring::Omdoeb(navn) => {
                self.ledigt(navn, Some(uuid))?;
                navn.clone_into(&mut self.visninger[plads].navn);
            }
            Visningsaendring::Erstat(felter) => felter.clone_into(&mut self.visninger[plads].felter),
        }
        self.visninger[plads].version = version.saturating_add(1);
        self.ordn();
        Ok(hed)
    }

    /// That no other view has the name, however it is written.
    fn ledigt(&self, navn: &str, undtagen: Option<Uuid>) -> Result<(), Modulfejl> {
        let ens = |v: &&Gemtvisning| v.navn.to_lowercase() == navn.to_lowercase() && Some(v.uuid) != undtagen;
        match self.visninger.iter().find(ens) {
            None => Ok(()),
            Some(v) => {
                let tekst = format!(
                    "Du har allerede en visning, der hedder »{}«. Vælg Erstat ved den, eller brug et andet navn.",
                    v.navn
                );
                Err(Modulfejl::felt("navn", "A-013", tekst))
            }
        }
    }

    fn ordn(&mut self) {
        self.visninger.sort_by_cached_key(|v| (v.navn.to_lowercase(), v.uuid));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visning(nr: u128, navn: &str) -> Gemtvisning {
        Gemtvisning { uuid: Uuid::from_u128(nr), version: 1, navn: navn.into(), felter: Vec::new() }
    }

    fn mine(navne: &[&str]) -> Gemtevisninger {
        let mut ud = Gemtevisninger {
            uuid: Uuid::nil(),
            bruger: Uuid::nil(),
            part: Cvr::KOMBIT,
            liste: "opgaver".into(),
            visninger: Vec::new(),
        };
        for (nr, navn) in navne.iter().enumerate() {
            ud.gem(visning(nr as u128, navn)).expect("kept");
        }
        ud
    }

    fn navne(g: &Gemtevisninger) -> Vec<&str> {
        g.visninger.iter().map(|v| v.navn.as_str()).collect()
    }

    #[test]
    fn names_are_taken_once_and_their_number_is_limited() {
        let mut g = mine(&["beta", "Alfa"]);
        assert_eq!(navne(&g), ["Alfa", "beta"]);
        assert_eq!(g.gem(visning(9, "ALFA")).expect_err("taken").kode, "A-013");
        for nr in 2..VISNINGER_MAX {
            g.gem(visning(nr as u128, &format!("nr {nr}"))).expect("kept");
        }
        assert_eq!(g.gem(visning(99, "en til")).expect_err("too many").kode, "V-101");
        assert_eq!(g.visninger.len(), VISNINGER_MAX);
    }

    #[test]
    fn a_view_is_changed_from_what_was_shown() {
        let mut g = mine(&["Alfa", "Beta"]);
        let alfa = Uuid::from_u128(0);
        let omdoeb = |navn: &str| Visningsaendring::Omdoeb(navn.into());
        assert_eq!(g.aendr((alfa, 1), &omdoeb("beta")).expect_err("taken").kode, "A-013");
        assert_eq!(g.aendr((alfa, 1), &omdoeb("ALFA")).expect("itself"), "Alfa");
        assert_eq!(g.aendr((alfa, 1), &omdoeb("Gamma")).expect_err("older").kode, "A-005");
        assert_eq!(g.aendr((alfa, 2), &omdoeb("Gamma")).expect("renamed"), "ALFA");
        assert_eq!(navne(&g), ["Beta", "Gamma"]);
        let felter = vec![("q".to_owned(), "x".to_owned())];
        g.aendr((alfa, 3), &Visningsaendring::Erstat(felter.clone())).expect("replaced");
        assert_eq!(g.visninger[1].felter, felter);
        assert_eq!(g.aendr((alfa, 3), &Visningsaendring::Slet).expect_err("older").kode, "A-005");
        g.aendr((alfa, 4), &Visningsaendring::Slet).expect("deleted");
        assert_eq!(g.aendr((alfa, 4), &Visningsaendring::Slet).expect_err("gone").kode, "A-404");
        assert_eq!(navne(&g), ["Beta"]);
    }
}
