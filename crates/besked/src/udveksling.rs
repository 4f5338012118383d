//! What passes between whoever speaks a protocol and the distributor: a message in with its answer, a message out, and why
//! there is none.

use crate::standardretur;
use bitemporal::Instant;
use bytes::Bytes;

/// What accompanies a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kald {
    /// The sender's transaction, the same on every attempt: `message-id`.
    pub transaktion: String,
    /// The attempt: `correlation-id`.
    pub korrelation: String,
}

/// The answer to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kvittering {
    /// StatusKode.
    pub kode: u16,
    /// FejlbeskedTekst.
    pub tekst: String,
}

impl Kvittering {
    /// An answer.
    pub fn ny(kode: u16, tekst: impl Into<String>) -> Self {
        Self { kode, tekst: tekst.into() }
    }

    /// The answer to a message that was accepted.
    #[must_use]
    pub fn ok() -> Self {
        Self::ny(20, "OK")
    }

    /// As it is sent: `StandardRetur`.
    #[must_use]
    pub fn xml(&self) -> String {
        standardretur(self.kode, &self.tekst)
    }
}

/// A message handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levering {
    /// What it is settled by.
    pub nr: i64,
    /// The message as this receiver may see it.
    pub krop: Bytes,
    /// Its BeskedId.
    pub besked_id: String,
    /// The sender's transaction.
    pub transaktion: String,
    /// When it was accepted.
    pub modtaget: Instant,
    /// It has been handed out before.
    pub genleveret: bool,
    /// How many times it has come back.
    pub forsoeg: u32,
}

/// Why a dueslag cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DueslagFejl {
    /// There is none, or it is another system's.
    #[error("dueslaget findes ikke")]
    Ukendt,
    /// Its messages are pushed.
    #[error("dueslaget leverer ved kald til modtageren (PUSH)")]
    Push,
    /// It is paused.
    #[error("dueslaget er sat på pause")]
    Pauset,
    /// It is closed down.
    #[error("dueslaget er nedlagt")]
    Nedlagt,
    /// We failed.
    #[error("intern fejl")]
    Fejl,
}

/// Why there is no next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The dueslag is paused, closed, or no longer fetched from.
    #[error("dueslaget er nedlagt")]
    Nedlagt,
    /// We failed.
    #[error("intern fejl")]
    Fejl,
}
