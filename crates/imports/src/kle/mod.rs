//! KLE, the classification of everything a municipality does, from the files KL publishes.
//!
//! [`udgave`] reads an edition: Emneplan version 2.0, its "REST fuld" variant (with UUIDs and keywords, without
//! retention), or Handlingsfacetter. [`forslag`] says what Klassifikation should hold after it.

mod forslag;
mod gemt;
mod laes;
mod rapport;
mod skema;
mod tekst;

#[cfg(test)]
mod tests;

pub use forslag::{KleForslag, forslag};
pub use gemt::KleGemt;
pub use laes::udgave;
pub use rapport::KleRapport;

use jiff::civil::Date;
use uuid::Uuid;

/// A small classification in KLE's file format, written for trying things out.
pub const EKSEMPEL: &[u8] = include_bytes!("../../samples/kle-eksempel.xml");

/// The Klassifikation KLE.
pub const KLE: Uuid = Uuid::from_u128(0x0000_0c7e_c7a5_4000_8000_0000_0000_0000);
/// The facet KLE Emneplan.
pub const EMNEPLAN: Uuid = Uuid::from_u128(0x0000_0c7e_face_4001_8000_0000_0000_0000);
/// The facet of handlingsfacetter.
pub const HANDLINGSFACET: Uuid = Uuid::from_u128(0x0000_0c7e_face_4002_8000_0000_0000_0000);

/// One published edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KleUdgave {
    /// `UdgivelsesDato`.
    pub dato: Date,
    /// What it is an edition of: [`EMNEPLAN`] or [`HANDLINGSFACET`].
    pub facet: Uuid,
    /// Whether the file has retention codes; one variant does not.
    pub har_bevaring: bool,
    /// Whether the file has keywords.
    pub har_stikord: bool,
    /// Its classes, those above before those below.
    pub noder: Vec<KleNode>,
}

/// A class of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KleNode {
    /// The number: `27`, `27.36`, `27.36.04`, `A`, `A21`.
    pub nr: String,
    /// The class above, as its place in [`KleUdgave::noder`].
    pub over: Option<usize>,
    /// The UUID the file gives.
    pub uuid: Option<Uuid>,
    /// The title, trimmed; a suffix such as ` [udgået]` is kept, as readers search for it.
    pub titel: String,
    /// The guidance as plain text.
    pub vejledning: String,
    /// The sources of law, one per line.
    pub retskilder: String,
    /// `BevaringJaevnfoerArkivloven`.
    pub bevaring: Option<String>,
    /// `SletningJaevnfoerPersondataloven`.
    pub slettefrist: Option<String>,
    /// Keywords.
    pub stikord: Vec<Stikord>,
    /// `OprettetDato`. Numbers are reused: number and this date together name a class.
    pub oprettet: Date,
    /// The latest `RettetDato`.
    pub rettet: Option<Date>,
    /// Since when it is historic.
    pub historisk: Option<Historisk>,
}

/// A keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stikord {
    /// `Orden`, its place in the list.
    pub orden: String,
    /// The word.
    pub tekst: String,
    /// The handlingsfacet it also points to.
    pub handlingsfacet: Option<String>,
}

/// How a class became historic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Historisk {
    /// From when.
    pub dato: Date,
    /// The numbers that took over, when it was moved; `None` when it was retired.
    pub afloest_af: Option<Vec<String>>,
}

/// The UUID of a class that has no official one and is not stored: name-based, by facet and number.
#[must_use]
pub fn klasse_uuid(facet: Uuid, nr: &str) -> Uuid {
    crate::byg::v5(facet, nr)
}

/// Whether `text` is a number of the Emneplan: `NN`, `NN.NN` or `NN.NN.NN`.
#[must_use]
pub fn er_emne(text: &str) -> bool {
    let cifre = |del: &str| del.len() == 2 && del.bytes().all(|b| b.is_ascii_digit());
    (2..=8).contains(&text.len()) && text.split('.').all(cifre)
}
