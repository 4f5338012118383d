//! The workbook of an organisation: units, people, posts, leaders, tasks and contact places as tabs of an XLSX file or
//! as CSV files of the same names.
//!
//! | Written | Means |
//! |---|---|
//! | an empty cell | unknown: what is stored stays |
//! | `#SLET` in a cell of `enheder` or `brugere` | the value is removed; in `gyldig_til`: there is no end |
//! | `#SLET` in a cell of another tab, not of its key | the row's fact ends (in `adresser` also in `værdi`) |
//! | `gyldig_fra`, `gyldig_til` | the first and the last day; without a first day: from the date of the import |
//! | a row that is left out | nothing; but the rows of one unit's KLE aspect, or one role of address, stand together: if some are given, those are all |
//!
//! [`laes`] checks a workbook and reports everything wrong in it; [`forslag`] says what Organisation should hold.

mod ark;
mod celle;
mod forslag;
mod kontrol;
mod skema;
mod skriv;

#[cfg(test)]
mod tests;

pub(crate) use celle::ean_ciffer;
pub use forslag::{MyndighedInfo, OrganisationInfo, forslag};
pub use skriv::{skriv_csv, skriv_xlsx};

use jiff::civil::Date;
use skema::{FANER, Fane};
use std::fmt;

/// Most rows of a workbook.
pub const RAEKKER_MAX: usize = 1_000_000;
/// Most errors reported.
pub const FEJL_MAX: usize = 1_000;
/// The cell that removes.
pub const SLET: &str = "#SLET";

/// Something wrong in a row of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raekkefejl {
    /// The tab or file.
    pub ark: String,
    /// The row, from 1, the header being the first; 0 means the tab as a whole.
    pub raekke: u32,
    /// The column; empty when it is the row as a whole.
    pub kolonne: String,
    /// What stands there. Never a CPR number.
    pub vaerdi: String,
    /// What is wrong, in Danish.
    pub grund: String,
}

impl fmt::Display for Raekkefejl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.ark)?;
        if self.raekke > 0 {
            write!(f, " række {}", self.raekke)?;
        }
        if !self.kolonne.is_empty() {
            write!(f, ", {}", self.kolonne)?;
        }
        if !self.vaerdi.is_empty() {
            write!(f, " \"{}\"", self.vaerdi)?;
        }
        write!(f, ": {}", self.grund)
    }
}

/// A row in canonical form: dates as åååå-mm-dd, codes as we write them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raekke {
    /// Where it stood.
    pub(crate) nr: u32,
    /// One text per column of its tab, in the schema's order.
    pub(crate) celler: Box<[Box<str>]>,
}

/// A workbook that was read and found right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arbejdsbog {
    faner: [Vec<Raekke>; 11],
    /// What is worth a look, although it stops nothing.
    pub advarsler: Vec<Raekkefejl>,
}

/// Reads a workbook: files by name, each an XLSX workbook or the CSV file of one tab.
///
/// # Errors
/// Everything wrong in it, at most [`FEJL_MAX`]; then nothing of it is used.
pub fn laes(filer: &[(String, Vec<u8>)]) -> Result<Arbejdsbog, Vec<Raekkefejl>> {
    laes_tillaeg(&Arbejdsbog::default(), filer)
}

/// Reads the rows that change an earlier workbook, and gives the whole: a new row takes the place of those it replaces.
///
/// # Errors
/// Everything wrong in the whole, at most [`FEJL_MAX`].
pub fn laes_tillaeg(
    tidligere: &Arbejdsbog,
    filer: &[(String, Vec<u8>)],
) -> Result<Arbejdsbog, Vec<Raekkefejl>> {
    let mut fejl = Fejlliste::default();
    let mut nye = Arbejdsbog::default();
    for raa in ark::ark(filer, &mut fejl) {
        celle::ind(&raa, &mut nye, &mut fejl);
    }
    let mut bog = if tidligere.antal_raekker() == 0 { nye } else { tidligere.med(&nye) };
    if bog.antal_raekker() > RAEKKER_MAX {
        fejl.ark("arbejdsbogen", format!("har {} rækker; højst {RAEKKER_MAX}", bog.antal_raekker()));
    }
    if fejl.alle.is_empty() {
        kontrol::kontroller(&bog, &mut fejl);
    }
    bog.advarsler = std::mem::take(&mut fejl.advarsler);
    fejl.resultat(bog)
}

impl Arbejdsbog {
    /// How many rows it has, in all tabs.
    #[must_use]
    pub fn antal_raekker(&self) -> usize {
        self.faner.iter().map(Vec::len).sum()
    }

    /// The rows of a tab.
    pub(crate) fn raekker(&self, fane: &str) -> impl Iterator<Item = R<'_>> {
        let plads = Fane::plads(fane);
        self.faner[plads].iter().map(move |raekke| R { fane: &FANER[plads], raekke })
    }

    /// Adds a row. Cells are given by column name.
    pub(crate) fn tilfoej(&mut self, fane: &str, celler: &[(&str, &str)]) {
        let plads = Fane::plads(fane);
        let fane = &FANER[plads];
        let mut raekke = vec![Box::<str>::default(); fane.kolonner.len()];
        for (kolonne, vaerdi) in celler {
            raekke[fane.kolonne(kolonne)] = (*vaerdi).into();
        }
        let nr = u32::try_from(self.faner[plads].len() + 2).unwrap_or(u32::MAX);
        self.faner[plads].push(Raekke { nr, celler: raekke.into() });
    }

    /// This workbook with the rows of a later one: a later row takes the place of those it replaces.
    fn med(&self, senere: &Self) -> Self {
        let mut samlet = self.clone();
        for (plads, fane) in FANER.iter().enumerate() {
            let gruppe = |raekke: &Raekke| celle::noegle(fane, fane.gruppe, raekke);
            let nye: std::collections::HashSet<_> = senere.faner[plads].iter().map(gruppe).collect();
            let raekker = &mut samlet.faner[plads];
            raekker.retain(|raekke| !nye.contains(&gruppe(raekke)));
            raekker.extend(senere.faner[plads].iter().cloned());
            for (nr, raekke) in raekker.iter_mut().enumerate() {
                raekke.nr = u32::try_from(nr + 2).unwrap_or(u32::MAX);
            }
        }
        samlet
    }
}

/// A row with its tab.
#[derive(Clone, Copy)]
pub(crate) struct R<'b> {
    fane: &'static Fane,
    raekke: &'b Raekke,
}

impl<'b> R<'b> {
    /// What stands in a column; empty when unknown or removed.
    fn tekst(self, kolonne: &str) -> &'b str {
        let raa = self.raa(kolonne);
        if raa == SLET { "" } else { raa }
    }

    fn raa(self, kolonne: &str) -> &'b str {
        &self.raekke.celler[self.fane.kolonne(kolonne)]
    }

    fn slettet(self, kolonne: &str) -> bool {
        self.raa(kolonne) == SLET
    }

    /// Whether the row's fact is removed.
    fn slet(self) -> bool {
        self.raekke.celler.iter().any(|celle| **celle == *SLET)
    }

    fn dato(self, kolonne: &str) -> Option<Date> {
        crate::tekst::dato(self.tekst(kolonne))
    }

    /// The parts of a list.
    fn liste(self, kolonne: &str) -> impl Iterator<Item = &'b str> {
        celle::liste(self.tekst(kolonne))
    }

    fn fejl(self, kolonne: &str, grund: impl Into<String>) -> Raekkefejl {
        let skjult = |text: &str| kolonne == "cpr" || celle::ligner_cpr(text);
        let vaerdi = Some(kolonne).filter(|k| !k.is_empty()).map_or("", |k| self.raa(k));
        let vaerdi = if skjult(vaerdi) { "" } else { vaerdi };
        Raekkefejl {
            ark: self.fane.navn.into(),
            raekke: self.raekke.nr,
            kolonne: kolonne.into(),
            vaerdi: vaerdi.into(),
            grund: grund.into(),
        }
    }
}

/// What is wrong so far.
#[derive(Default)]
struct Fejlliste {
    alle: Vec<Raekkefejl>,
    advarsler: Vec<Raekkefejl>,
}

impl Fejlliste {
    fn meld(&mut self, fejl: Raekkefejl) {
        if self.alle.len() < FEJL_MAX {
            self.alle.push(fejl);
        }
    }

    fn advar(&mut self, fejl: Raekkefejl) {
        if self.advarsler.len() < FEJL_MAX {
            self.advarsler.push(fejl);
        }
    }

    fn ark(&mut self, ark: &str, grund: String) {
        let (kolonne, vaerdi) = (String::new(), String::new());
        self.meld(Raekkefejl { ark: ark.into(), raekke: 0, kolonne, vaerdi, grund });
    }

    fn resultat<T>(self, godt: T) -> Result<T, Vec<Raekkefejl>> {
        if self.alle.is_empty() { Ok(godt) } else { Err(self.alle) }
    }
}
