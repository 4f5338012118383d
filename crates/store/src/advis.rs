//! Notices as they are kept: what is told, with whom it lies, and the mails it goes out in.

use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

/// A notice: something happened to an object, for one party. The body is opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisrad {
    /// Its UUID; a notice that is there already is not written again.
    pub id: Uuid,
    /// When it happened.
    pub tid: Instant,
    /// The party.
    pub part: Cvr,
    /// What is told.
    pub krop: Vec<u8>,
}

/// When a notice goes out as mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Advisrytme {
    /// Never: it is read in the module.
    KunHer,
    /// At once.
    Straks,
    /// In the mail of the day.
    Dagligt,
    /// In the mail of the week.
    Ugentligt,
}

impl Advisrytme {
    /// Every one.
    pub const ALLE: [Self; 4] = [Self::KunHer, Self::Straks, Self::Dagligt, Self::Ugentligt];

    pub(crate) const fn kode(self) -> i64 {
        match self {
            Self::KunHer => 0,
            Self::Straks => 1,
            Self::Dagligt => 2,
            Self::Ugentligt => 3,
        }
    }

    pub(crate) fn af(kode: i64) -> Option<Self> {
        Self::ALLE.into_iter().find(|r| r.kode() == kode)
    }
}

/// A notice to be laid with somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NyAdvispost {
    /// The person, or the party whose mailbox it is.
    pub modtager: Uuid,
    /// The codes of the roles it is for; none when it is for the person alone.
    pub roller: Vec<&'static str>,
    /// The group of events.
    pub gruppe: &'static str,
    /// Whether a page shows it, as none shows what lies in a mailbox.
    pub ulaest: bool,
    /// When it goes out.
    pub rytme: Advisrytme,
    /// The mail it goes out in, when that is made now.
    pub mail: Option<Uuid>,
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NyAdvismail {
    /// Its UUID; one that is there already is not made again.
    pub id: Uuid,
    /// The person, or the party whose mailbox it is.
    pub modtager: Uuid,
    /// Whether it is for a mailbox.
    pub postkasse: bool,
    /// The party whose limit it counts in.
    pub part: Cvr,
    /// What it gathers.
    pub rytme: Advisrytme,
    /// When it was made.
    pub tid: Instant,
}

/// A mail somebody is about to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advismail {
    /// The mail.
    pub mail: NyAdvismail,
    /// How often it has been tried.
    pub forsoeg: u32,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailudfald {
    /// It was taken.
    Sendt,
    /// It is tried again then; the answer of the server, and whether it counts as an attempt.
    Senere(Instant, String, bool),
    /// It is not tried again; the answer of the server.
    Opgivet(String),
    /// Nothing was left to tell.
    Tom,
}

/// A mail that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opgivetmail {
    /// The mail.
    pub mail: NyAdvismail,
    /// When it was given up.
    pub hvornaar: Instant,
    /// What the server said.
    pub svar: String,
}

/// Which notices of a person.
#[derive(Debug, Clone)]
pub struct Advissoegning {
    /// The person.
    pub modtager: Uuid,
    /// The party acted for.
    pub part: Cvr,
    /// The codes of the person's roles for it now: what a role that was lost was told is not shown.
    pub roller: Vec<&'static str>,
    /// Only those that are not read.
    pub ulaeste: bool,
    /// Those of this group.
    pub gruppe: Option<String>,
}

/// A notice of a person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advispost {
    /// The notice.
    pub advis: Advisrad,
    /// Whether it is not read.
    pub ulaest: bool,
}
