//! Documents people keep: a title, fields, paragraphs and tables, as PDF that archives take (PDF/A-2a) and screen readers
//! read (PDF/UA-1).
//!
//! What a document says is decided elsewhere; here is how it looks. The same document gives the same bytes.

mod opsaet;
mod skrift;
mod tegn;

use jiff::Zoned;
use std::num::NonZeroU16;

/// Most rows of all tables of a document together.
pub const RAEKKER_MAX: usize = 20_000;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Udskrift {
    /// Its title.
    pub titel: String,
    /// Who it is from.
    pub udsteder: String,
    /// What stands at the foot of every page, before the number of the page.
    pub sidefod: String,
    /// When it was made.
    pub oprettet: Zoned,
    /// What it says.
    pub dele: Vec<Del>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Del {
    /// A heading.
    Overskrift(String),
    /// A paragraph.
    Afsnit(String),
    /// Names and values, one pair on a line.
    Felter(Vec<(String, String)>),
    /// A table.
    Tabel(Tabel),
}

/// A table. Its head is repeated on every page it goes on to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabel {
    /// The heads of the columns, and how wide each is beside the others.
    pub kolonner: Vec<(String, NonZeroU16)>,
    /// The rows, each with a text for every column.
    pub raekker: Vec<Vec<String>>,
}

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Udskriftsfejl {
    /// More rows than [`RAEKKER_MAX`].
    #[error("dokumentet har mere end {RAEKKER_MAX} rækker")]
    ForStort,
    /// A row without a text for every column, or a table without columns.
    #[error("en tabel har rækker, der ikke passer til dens kolonner")]
    Skaev,
    /// The library refused; what it said.
    #[error("dokumentet kunne ikke skrives: {0}")]
    Skrivning(String),
}

impl Udskrift {
    /// The document as PDF.
    ///
    /// # Errors
    /// [`Udskriftsfejl`].
    pub fn pdf(&self) -> Result<Vec<u8>, Udskriftsfejl> {
        let tabeller = self.dele.iter().filter_map(|del| match del {
            Del::Tabel(tabel) => Some(tabel),
            _ => None,
        });
        let mut raekker = 0;
        for tabel in tabeller {
            let bredde = tabel.kolonner.len();
            if bredde == 0 || tabel.raekker.iter().any(|raekke| raekke.len() != bredde) {
                return Err(Udskriftsfejl::Skaev);
            }
            raekker += tabel.raekker.len();
        }
        if raekker > RAEKKER_MAX {
            return Err(Udskriftsfejl::ForStort);
        }
        tegn::tegn(self, opsaet::opsaet(self))
    }
}

#[cfg(test)]
mod tests;
