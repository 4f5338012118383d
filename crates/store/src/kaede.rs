//! The chain of the change log: what is wrong when it does not fit, and how its end is anchored.
//!
//! Every line is hashed with the one before, so that a line that is changed, or removed between others, shows by itself.
//! That the newest are removed shows only against an end that was kept: each is written as a line of the access log,
//! where a seal stands over it, and it can be noted elsewhere as a seal can. Whoever can write in the database can also
//! compute all of it anew, seals and all: only what was noted elsewhere proves that this has not happened.

use crate::LogLinje;
use crate::log::LogPost;
use bitemporal::Instant;
use oio::ObjektId;
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

/// The operation and the object type of a line of the access log that anchors the chain.
const FORANKRING: (&str, &str) = ("forankring", "Aendringslog");

/// The number of a line of the change log, and its hash.
pub type Led = (i64, Vec<u8>);

/// What does not fit in the change log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kaedebrud {
    /// The line is not as it was written, or its hash is not.
    Aendret(i64),
    /// The line is gone, and there are later ones.
    Fjernet(i64),
    /// The lines from the first number to at least the second, which was the last when it was anchored, are gone.
    Afkortet(i64, i64),
    /// The line fits, but is not the one that was anchored.
    Forankret(i64),
}

impl fmt::Display for Kaedebrud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aendret(nr) => write!(f, "linje {nr}: linjen er ændret"),
            Self::Fjernet(nr) => write!(f, "linje {nr}: linjen er fjernet"),
            Self::Afkortet(fra, til) => write!(f, "linje {fra}: linjerne til og med mindst {til} er fjernet"),
            Self::Forankret(nr) => {
                write!(f, "linje {nr}: linjen er ikke den, der blev forankret eller noteret")
            }
        }
    }
}

/// What following the chain has shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kaedeproeve {
    /// How many lines fit.
    pub linjer: u64,
    /// The last of them.
    pub hoved: Option<Led>,
    /// The first that does not fit.
    pub brud: Option<Kaedebrud>,
}

/// Follows the chain line by line.
pub(crate) struct Kaede {
    nr: i64,
    hash: Vec<u8>,
    ankre: BTreeMap<i64, Vec<Vec<u8>>>,
}

impl Kaede {
    pub(crate) fn ny(ankre: impl IntoIterator<Item = Led>) -> Self {
        let mut efter_nr: BTreeMap<i64, Vec<Vec<u8>>> = BTreeMap::new();
        for (nr, hash) in ankre {
            efter_nr.entry(nr).or_default().push(hash);
        }
        Self { nr: 0, hash: vec![0; 32], ankre: efter_nr }
    }

    /// The number of the last line that fitted.
    pub(crate) fn nr(&self) -> i64 {
        self.nr
    }

    /// The next line there is: its number, its hash as stored, and as it is computed after the one before; nothing when
    /// the line cannot be read.
    pub(crate) fn led(
        &mut self,
        nr: i64,
        gemt: &[u8],
        beregn: impl FnOnce(&[u8], i64) -> Option<Vec<u8>>,
    ) -> Result<(), Kaedebrud> {
        let naeste = self.nr + 1;
        if nr != naeste {
            return Err(Kaedebrud::Fjernet(naeste));
        }
        if beregn(&self.hash, nr).is_none_or(|beregnet| beregnet != gemt) {
            return Err(Kaedebrud::Aendret(nr));
        }
        if self.ankre.get(&nr).is_some_and(|ankre| ankre.iter().any(|anker| anker != gemt)) {
            return Err(Kaedebrud::Forankret(nr));
        }
        (self.nr, self.hash) = (nr, gemt.to_vec());
        Ok(())
    }

    /// There are no more lines, or one did not fit.
    pub(crate) fn slut(self, brud: Option<Kaedebrud>) -> Kaedeproeve {
        let sidste = self.ankre.keys().next_back().copied().unwrap_or(0);
        let afkortet = (sidste > self.nr).then(|| Kaedebrud::Afkortet(self.nr + 1, sidste));
        Kaedeproeve {
            linjer: self.nr.unsigned_abs(),
            hoved: (self.nr > 0).then_some((self.nr, self.hash)),
            brud: brud.or(afkortet),
        }
    }
}

/// A line of the access log that keeps the end of the chain: the number as how many there are, the hash as what they are.
pub(crate) fn anker((nr, hash): &Led, tid: Instant) -> LogLinje {
    LogLinje {
        tid,
        transaktion: Uuid::nil(),
        system: None,
        myndighed: None,
        aftale: None,
        operation: FORANKRING.0.into(),
        objekttype: FORANKRING.1.into(),
        objekter: crate::log::unpack(hash),
        antal: nr.unsigned_abs(),
        udfald: LogPost::OK.into(),
        regel: String::new(),
    }
}

/// The end of the chain that a line of the access log keeps, if it does.
pub(crate) fn anker_af(linje: &LogLinje) -> Option<Led> {
    let er_anker = (linje.operation.as_str(), linje.objekttype.as_str()) == FORANKRING;
    let hash: Vec<u8> = linje.objekter.iter().flat_map(|ObjektId(del)| del.into_bytes()).collect();
    (er_anker && hash.len() == 32).then_some((linje.antal.cast_signed(), hash))
}
