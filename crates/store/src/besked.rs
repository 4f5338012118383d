//! What is kept of messages: what goes in, what a dueslag hands out, and why something went wrong.

use crate::StoreFejl;
use bitemporal::Instant;
use bytes::Bytes;
use oio::Cvr;
use uuid::Uuid;

/// A message that was accepted, with its copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NyBesked {
    /// The sender's name of it, normalised. With `system` what makes it the same when it comes again.
    pub besked_id: String,
    /// The sending system.
    pub system: Uuid,
    /// The authority the sender acted for.
    pub cvr: Cvr,
    /// Its beskedtype, normalised.
    pub beskedtype: String,
    /// Its sensitivity, normalised.
    pub foelsomhed: Option<String>,
    /// Its KLE numbers, with commas between.
    pub kle: String,
    /// The sender's transaction.
    pub transaktion: String,
    /// The sender's attempt.
    pub korrelation: String,
    /// When it was accepted.
    pub modtaget: Instant,
    /// SHA-256 of `krop`.
    pub sha256: [u8; 32],
    /// The bytes, untouched.
    pub krop: Bytes,
    /// Where it goes: each dueslag once.
    pub koeposter: Vec<NyKoepost>,
    /// Whether somebody else keeps the queues: then the copies are known here, and wait there.
    pub overladt: bool,
    /// The haendelse of the outbox that this message tells of; it is marked as distributed in the same write.
    pub haendelse: Option<i64>,
}

/// A copy of a message for one dueslag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NyKoepost {
    /// The dueslag.
    pub dueslag: Uuid,
    /// The serviceaftale that lets it be received.
    pub aftale: Uuid,
    /// The receivers the copy names; as the sender wrote them when empty.
    pub tilladte: Vec<Cvr>,
}

/// What became of [`crate::Store::laeg_besked`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lagt {
    /// It was stored, under this number.
    Ny(i64),
    /// The system has sent one with that BeskedId before; nothing was written.
    Gentaget {
        /// Whether the bytes are the same.
        ens: bool,
    },
}

/// A message on loan from its dueslag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Koepost {
    /// Its place in the dueslag: lower comes first.
    pub plads: i64,
    /// The message.
    pub nr: i64,
    /// Its BeskedId.
    pub besked_id: String,
    /// The sending system.
    pub system: Uuid,
    /// The authority the sender acted for.
    pub cvr: Cvr,
    /// The sender's transaction.
    pub transaktion: String,
    /// When it was accepted.
    pub modtaget: Instant,
    /// The bytes as accepted.
    pub krop: Bytes,
    /// When it was placed in the dueslag, the last time.
    pub tid: Instant,
    /// The receivers this copy names; as the sender wrote them when empty.
    pub tilladte: Vec<Cvr>,
    /// The serviceaftale that lets it be received.
    pub aftale: Uuid,
    /// How many times it came back.
    pub forsoeg: u32,
    /// Whether it may have been handed out before.
    pub genleveret: bool,
}

/// Why a message is in the fejlkø.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fejlaarsag {
    /// The receiver refused it.
    AfvistAfModtager,
    /// The receiver asked for it.
    FlyttetAfModtager,
    /// It could not be delivered.
    LeveringOpgivet,
    /// It waited too long.
    Udloebet,
}

impl Fejlaarsag {
    const ALLE: [Self; 4] =
        [Self::AfvistAfModtager, Self::FlyttetAfModtager, Self::LeveringOpgivet, Self::Udloebet];

    /// As it is stored and shown.
    #[must_use]
    pub const fn tekst(self) -> &'static str {
        match self {
            Self::AfvistAfModtager => "AfvistAfModtager",
            Self::FlyttetAfModtager => "FlyttetAfModtager",
            Self::LeveringOpgivet => "LeveringOpgivet",
            Self::Udloebet => "Udløbet",
        }
    }

    pub(crate) fn laes(tekst: &str) -> Result<Self, StoreFejl> {
        let fundet = Self::ALLE.into_iter().find(|a| a.tekst() == tekst);
        fundet.ok_or_else(|| StoreFejl::database("ukendt årsag i fejlkøen"))
    }
}

/// A message in the fejlkø of a dueslag, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fejlpost {
    /// Its place in the dueslag.
    pub plads: i64,
    /// The message.
    pub nr: i64,
    /// Its BeskedId.
    pub besked_id: String,
    /// When it came to the fejlkø.
    pub tid: Instant,
    /// Why.
    pub aarsag: Fejlaarsag,
    /// How many times it came back before.
    pub forsoeg: u32,
    /// The HTTP status of the last delivery, if there was one.
    pub http: Option<u16>,
    /// The StatusKode of the last delivery, if there was one.
    pub statuskode: Option<u16>,
}

/// A message as it is remembered, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beskedpost {
    /// Its number: later messages have higher ones.
    pub nr: i64,
    /// The sending system.
    pub system: Uuid,
    /// Its BeskedId.
    pub besked_id: String,
    /// The authority the sender acted for.
    pub cvr: Cvr,
    /// Its beskedtype.
    pub beskedtype: String,
    /// Its sensitivity.
    pub foelsomhed: Option<String>,
    /// Its KLE numbers, with commas between.
    pub kle: String,
    /// The sender's transaction.
    pub transaktion: String,
    /// The sender's attempt.
    pub korrelation: String,
    /// When it was accepted.
    pub modtaget: Instant,
    /// Its size in bytes.
    pub stoerrelse: u64,
    /// SHA-256 of what was accepted.
    pub sha256: [u8; 32],
    /// Whether its content is kept.
    pub beholdt: bool,
}

/// Where a message is in a dueslag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tilstand {
    /// It waits.
    Venter,
    /// It is in the fejlkø.
    Fejl,
    /// It was received.
    Leveret,
    /// It was deleted from the fejlkø.
    Slettet,
    /// Somebody else keeps it: it waits there, or was received.
    Overladt,
}

/// A message in one dueslag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeret {
    /// The dueslag.
    pub dueslag: Uuid,
    /// Its place there.
    pub plads: i64,
    /// How it is.
    pub tilstand: Tilstand,
    /// The serviceaftale that lets it be received.
    pub aftale: Uuid,
    /// The receivers this copy names; as the sender wrote them when empty.
    pub tilladte: Vec<Cvr>,
    /// How many times it came back.
    pub forsoeg: u32,
    /// Since when it is as it is.
    pub tid: Instant,
    /// Why it came to the fejlkø.
    pub aarsag: Option<Fejlaarsag>,
    /// The HTTP status of the last delivery.
    pub http: Option<u16>,
    /// The StatusKode of the last delivery.
    pub statuskode: Option<u16>,
    /// Whether some server has it out.
    pub udlaant: bool,
}

/// Something that happened to a message in a dueslag and was not just being received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levering {
    /// The dueslag.
    pub dueslag: Uuid,
    /// The message.
    pub nr: i64,
    /// When.
    pub tid: Instant,
    /// What, in a word.
    pub haendelse: String,
    /// How long it took, in milliseconds.
    pub varighed_ms: Option<u64>,
    /// The HTTP status that came back.
    pub http: Option<u16>,
    /// The StatusKode that came back.
    pub statuskode: Option<u16>,
    /// Who did it, if somebody did.
    pub hvem: Option<String>,
    /// More, in words.
    pub tekst: Option<String>,
}

/// How a dueslag is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Koestand {
    /// How many messages wait, on loan or not.
    pub venter: u64,
    /// When the first of them was accepted.
    pub aeldste: Option<Instant>,
    /// How many are in the fejlkø.
    pub fejl: u64,
}

/// How pushing the messages of a dueslag goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The dueslag.
    pub dueslag: Uuid,
    /// Attempts of the message that is first in line.
    pub forsoeg: u32,
    /// When the next is due.
    pub naeste: Option<Instant>,
    /// Since when the message cannot be delivered.
    pub siden: Option<Instant>,
    /// What went wrong the last time.
    pub fejl: Option<String>,
    /// The HTTP status of the last attempt.
    pub http: Option<u16>,
    /// The StatusKode of the last attempt.
    pub statuskode: Option<u16>,
    /// Whether somebody must put something right.
    pub alarm: bool,
    /// Whether nothing is sent until somebody says so.
    pub pauset: bool,
    /// When the certificate expires that the receiver showed the last time, if it showed one.
    pub certifikat: Option<Instant>,
}

impl Drift {
    /// As it is when nothing is wrong.
    #[must_use]
    pub const fn ny(dueslag: Uuid) -> Self {
        Self {
            dueslag,
            forsoeg: 0,
            naeste: None,
            siden: None,
            fejl: None,
            http: None,
            statuskode: None,
            alarm: false,
            pauset: false,
            certifikat: None,
        }
    }

    /// As it is when nothing is wrong any more: what the receiver showed stays known.
    #[must_use]
    pub const fn forfra(&self) -> Self {
        let mut ny = Self::ny(self.dueslag);
        ny.certifikat = self.certifikat;
        ny
    }
}

impl NyBesked {
    /// The tilstand its copies begin with.
    pub(crate) fn tilstand(&self) -> i64 {
        if self.overladt { 4 } else { 0 }
    }
}

impl Tilstand {
    pub(crate) fn laes(kode: i64) -> Result<Self, StoreFejl> {
        Ok(match kode {
            0 => Self::Venter,
            1 => Self::Fejl,
            2 => Self::Leveret,
            3 => Self::Slettet,
            4 => Self::Overladt,
            _ => return Err(StoreFejl::database("ukendt tilstand i køen")),
        })
    }
}

/// The receivers as they are stored.
pub(crate) fn skriv_tilladte(tilladte: &[Cvr]) -> String {
    tilladte.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// The receivers that were stored.
pub(crate) fn laes_tilladte(tekst: &str) -> Result<Vec<Cvr>, StoreFejl> {
    let dele = tekst.split(',').filter(|del| !del.is_empty());
    dele.map(|del| del.parse().map_err(|_| StoreFejl::database("ugyldigt CVR-nummer i køen"))).collect()
}

/// A small number that was stored as a large one.
pub(crate) fn lille<T: TryFrom<i64>>(tal: i64) -> Result<T, StoreFejl> {
    T::try_from(tal).map_err(|_| StoreFejl::database("et tal i køen er for stort"))
}
