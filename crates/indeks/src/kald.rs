//! The nine operations as typed calls: from the tree of a message, and from an answer to its tree.

mod fjern;
mod fremsoeg;
mod skriv_ind;
mod svar;

pub use fjern::FjernSager;
pub use fremsoeg::{
    Filter, Fremsoeg, Interval, Kriterier, Kriterium, Led, RegKrav, SIDE_MAX, SIDE_STANDARD, Side, Sortering,
    Udtryk, Vaerdiinterval,
};
pub use skriv_ind::{Import, Opdatering};
pub use svar::{
    Antal, Retur, Soegesvar, UnikRetur, skriv_besked, skriv_retur, skriv_soegesvar, skriv_standard,
};

use crate::fejl::Fejl;
use crate::knude::Knude;
use crate::skema::operationer::{
    BI_FJERN, OE_FJERN, SDI_FJERN, SDI_FREMSOEG, SDI_IMPORTER, SDI_OPDATER, YI_FREMSOEG, YI_IMPORTER,
    YI_OPDATER,
};
use crate::skema::{Art, Element, Ns};
use uuid::Uuid;
use xml::Node;

/// Objects one call may bring.
pub const OBJEKTER_MAX: usize = 1000;
/// UUIDs one search or removal may name.
pub const UUIDER_MAX: usize = 1000;

/// Which of the two indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Indeks {
    /// The Sags- og Dokumentindeks.
    SagDokument,
    /// The Ydelsesindeks.
    Ydelse,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kald {
    /// `importer`.
    Importer(Indeks, Vec<Import>),
    /// `opdater`.
    Opdater(Indeks, Vec<Opdatering>),
    /// `fremsoeg`.
    Fremsoeg(Box<Fremsoeg>),
    /// `fjern` of the Sags- og Dokumentindeks.
    FjernSager(FjernSager),
    /// `fjern` of the services for grants and for payments.
    Fjern {
        /// What kind of object.
        art: Art,
        /// Which.
        uuid: Uuid,
        /// `NoteTekst`.
        note: Option<String>,
    },
}

/// The messages that are calls.
pub static INPUT: [&Element; 9] = [
    &SDI_IMPORTER,
    &SDI_OPDATER,
    &SDI_FREMSOEG,
    &SDI_FJERN,
    &YI_IMPORTER,
    &YI_OPDATER,
    &YI_FREMSOEG,
    &BI_FJERN,
    &OE_FJERN,
];

impl Kald {
    /// Whether this root element is a call of one of the two indexes.
    #[must_use]
    pub fn kender(rod: Node<'_, '_>) -> bool {
        INPUT.iter().any(|e| crate::laes::er(e, rod))
    }

    /// Reads the call below a SOAP body.
    ///
    /// # Errors
    /// What is not as the schema demands, or more than one call may bring.
    pub fn laes(rod: Node<'_, '_>) -> Result<Self, Fejl> {
        match INPUT.iter().find(|e| crate::laes::er(e, rod)) {
            Some(element) => Self::af(&crate::laes::laes(element, rod)?),
            None => Err(Fejl::skema("/", "er ikke en operation i indekset")),
        }
    }

    /// Reads a call that is a document.
    ///
    /// # Errors
    /// As [`Kald::laes`], and what is wrong with the document.
    pub fn laes_bytes(bytes: &[u8]) -> Result<Self, Fejl> {
        Self::af(&crate::laes::laes_bytes(&INPUT, bytes)?)
    }

    /// The call a tree means.
    ///
    /// # Errors
    /// More than one call may bring, or what is no UUID in a field of text.
    pub fn af(knude: &Knude) -> Result<Self, Fejl> {
        match knude.navn() {
            "ImporterSagDokumentIndeksInput" => {
                Ok(Self::Importer(Indeks::SagDokument, skriv_ind::importer(knude)?))
            }
            "ImporterYdelseIndeksInput" => Ok(Self::Importer(Indeks::Ydelse, skriv_ind::importer(knude)?)),
            "OpdaterSagDokumentIndeksInput" => {
                Ok(Self::Opdater(Indeks::SagDokument, skriv_ind::opdater(knude)?))
            }
            "OpdaterYdelseIndeksInput" => Ok(Self::Opdater(Indeks::Ydelse, skriv_ind::opdater(knude)?)),
            "FremsoegSagDokumentIndeksInput" => {
                fremsoeg::laes(Indeks::SagDokument, knude).map(|f| Self::Fremsoeg(Box::new(f)))
            }
            "FremsoegYdelseIndeksInput" => {
                fremsoeg::laes(Indeks::Ydelse, knude).map(|f| Self::Fremsoeg(Box::new(f)))
            }
            "FjernSagDokumentIndeksInput" => fjern::laes(knude).map(Self::FjernSager),
            _ => Ok(Self::Fjern {
                art: if knude.ns() == Ns::Bi { Art::Bevilling } else { Art::Effektuering },
                uuid: uuid(knude).ok_or_else(|| Fejl::regel(sti(knude), "mangler sd:UUIDIdentifikator"))?,
                note: knude.tekst_af("NoteTekst").map(str::to_owned),
            }),
        }
    }
}

/// The path of a message's root.
fn sti(rod: &Knude) -> String {
    format!("/{}:{}", rod.ns().praefiks(), rod.navn())
}

/// `sd:UUIDIdentifikator` in an element.
fn uuid(knude: &Knude) -> Option<Uuid> {
    knude.tekst_af("UUIDIdentifikator").and_then(|t| Uuid::try_parse(t).ok())
}

/// Refuses more than one call may bring.
fn hoejst(rod: &Knude, antal: usize, max: usize, hvad: &str) -> Result<(), Fejl> {
    if antal > max {
        return Err(Fejl::regel(sti(rod), format!("højst {max} {hvad} i et kald; del det op")));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
