//! Seals over the access log: how one is computed, and what is wrong when it does not fit.
//!
//! A seal is a SHA-256 over its number, its time, the seal before it, and its lines; the lines are hashed one by one and
//! taken in the order of their hashes, so that no order in the database matters. Whoever can write in the database can
//! also compute the chain anew: only a seal that was noted somewhere else proves that this has not happened.

use crate::LogLinje;
use crate::kaede::{Led, anker_af};
use crate::log::pack;
use aws_lc_rs::digest::{Context, SHA256, digest};
use bitemporal::Instant;
use oio::Cvr;
use std::fmt;

/// Most lines under one seal.
pub const SEGL_MAX: u64 = 2_000;

/// A seal as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segl {
    pub nr: i64,
    pub tid: i64,
    pub forrige: Vec<u8>,
    pub antal: i64,
    pub hash: Vec<u8>,
}

impl Segl {
    /// The seal after `sidste` over these lines.
    pub(crate) fn naeste(sidste: Option<&Self>, nu: Instant, linjer: &[LogLinje]) -> Self {
        let mut nyt = Self {
            nr: sidste.map_or(1, |s| s.nr + 1),
            tid: nu.micros(),
            forrige: sidste.map_or_else(|| vec![0; 32], |s| s.hash.clone()),
            antal: i64::try_from(linjer.len()).unwrap_or(i64::MAX),
            hash: Vec::new(),
        };
        nyt.hash = nyt.beregn(linjer);
        nyt
    }

    fn beregn(&self, linjer: &[LogLinje]) -> Vec<u8> {
        let mut hashes: Vec<_> = linjer.iter().map(|l| digest(&SHA256, &bytes(l))).collect();
        hashes.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
        let mut context = Context::new(&SHA256);
        context.update(b"fundament adgangslog 1\0");
        for tal in [self.nr, self.tid, self.antal] {
            context.update(&tal.to_be_bytes());
        }
        context.update(&self.forrige);
        hashes.iter().for_each(|hash| context.update(hash.as_ref()));
        context.finish().as_ref().to_vec()
    }
}

/// The content of a line: every field with its length before it, so that no two lines have the same bytes.
fn bytes(linje: &LogLinje) -> Vec<u8> {
    let mut ud = Vec::with_capacity(256);
    let mut felt = |indhold: Option<&[u8]>| {
        let laengde = indhold.map_or(u64::MAX, |b| b.len() as u64);
        ud.extend_from_slice(&laengde.to_be_bytes());
        ud.extend_from_slice(indhold.unwrap_or_default());
    };
    felt(Some(&linje.tid.micros().to_be_bytes()));
    felt(Some(linje.transaktion.as_bytes()));
    felt(linje.system.as_ref().map(|u| u.as_bytes().as_slice()));
    felt(linje.myndighed.map(Cvr::number).map(u32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice));
    felt(linje.aftale.as_ref().map(|u| u.as_bytes().as_slice()));
    felt(Some(linje.operation.as_bytes()));
    felt(Some(linje.objekttype.as_bytes()));
    felt(Some(&pack(&linje.objekter)));
    felt(Some(&linje.antal.to_be_bytes()));
    felt(Some(linje.udfald.as_bytes()));
    felt(Some(linje.regel.as_bytes()));
    ud
}

/// What is wrong at a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uorden {
    /// As many lines as there should be, but not the same; or the seal itself is changed.
    Aendret,
    /// So many lines are gone.
    Mangler(u64),
    /// So many lines have been put in.
    Tilfoejet(u64),
    /// The seal is gone; so many lines claim it.
    SeglMangler(u64),
    /// The seal does not continue the one before it.
    Kaede,
    /// The seal that was noted elsewhere is not, or no longer, here.
    Noteret,
}

/// A seal that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brud {
    /// Its number.
    pub segl: i64,
    /// The time of its first and last line as they are now.
    pub linjer: Option<(Instant, Instant)>,
    /// What is wrong.
    pub uorden: Uorden,
}

impl fmt::Display for Brud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segl {}: ", self.segl)?;
        match &self.uorden {
            Uorden::Aendret => f.write_str("en eller flere linjer, eller seglet selv, er ændret"),
            Uorden::Mangler(n) => write!(f, "{n} linje(r) er fjernet"),
            Uorden::Tilfoejet(n) => write!(f, "{n} linje(r) er føjet til"),
            Uorden::SeglMangler(n) => write!(f, "seglet er fjernet; {n} linje(r) hører til det"),
            Uorden::Noteret => f.write_str("seglet er ikke det, der blev noteret"),
            Uorden::Kaede => f.write_str("seglet bygger ikke på det foregående"),
        }
    }
}

/// What computing every seal anew has shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Efterproevning {
    /// How many seals were computed.
    pub segl: u64,
    /// How many lines stand under them.
    pub linjer: u64,
    /// How many lines wait for a seal.
    pub venter: u64,
    /// Number and hash of the last seal. Noted elsewhere, it proves later that nothing before it was changed.
    pub hoved: Option<(i64, Vec<u8>)>,
    /// The ends of the change log that lines under seals keep.
    pub ankre: Vec<Led>,
    /// Everything that does not fit, by rising seal; at most a thousand.
    pub brud: Vec<Brud>,
}

/// Most faults told.
const BRUD_MAX: usize = 1_000;

/// Computes seal after seal.
#[derive(Debug)]
pub(crate) struct Efterproever {
    fundet: Efterproevning,
    /// A seal noted elsewhere, until it is met.
    noteret: Option<(i64, Vec<u8>)>,
}

impl Efterproever {
    pub(crate) fn ny(noteret: Option<(i64, Vec<u8>)>) -> Self {
        Self { fundet: Efterproevning::default(), noteret }
    }

    /// The next seal and the lines that claim it.
    pub(crate) fn segl(&mut self, segl: &Segl, linjer: &[LogLinje]) {
        let (naeste, forrige) = match &self.fundet.hoved {
            Some((nr, hash)) => (nr + 1, hash.clone()),
            None => (1, vec![0; 32]),
        };
        for nr in (naeste..segl.nr).take(BRUD_MAX) {
            self.brud(nr, &[], Uorden::SeglMangler(0));
        }
        if segl.nr == naeste && segl.forrige != forrige {
            self.brud(segl.nr, linjer, Uorden::Kaede);
        }
        let antal = segl.antal.unsigned_abs();
        let fundet = linjer.len() as u64;
        if fundet < antal {
            self.brud(segl.nr, linjer, Uorden::Mangler(antal - fundet));
        } else if fundet > antal {
            self.brud(segl.nr, linjer, Uorden::Tilfoejet(fundet - antal));
        } else if segl.beregn(linjer) != segl.hash {
            self.brud(segl.nr, linjer, Uorden::Aendret);
        }
        self.fundet.segl += 1;
        self.fundet.linjer += fundet;
        self.fundet.ankre.extend(linjer.iter().filter_map(anker_af));
        if self.noteret.as_ref().is_some_and(|(nr, hash)| *nr == segl.nr && *hash == segl.hash) {
            self.noteret = None;
        }
        self.fundet.hoved = Some((segl.nr, segl.hash.clone()));
    }

    /// All seals have been given; `loese` are the seals that lines claim and there are not.
    pub(crate) fn slut(mut self, loese: &[(i64, i64)], venter: u64) -> Efterproevning {
        for (nr, antal) in loese {
            let antal = antal.unsigned_abs();
            match self.fundet.brud.iter_mut().find(|b| b.segl == *nr && b.uorden == Uorden::SeglMangler(0)) {
                Some(brud) => brud.uorden = Uorden::SeglMangler(antal),
                None => self.brud(*nr, &[], Uorden::SeglMangler(antal)),
            }
        }
        if let Some((nr, _)) = self.noteret.take() {
            self.brud(nr, &[], Uorden::Noteret);
        }
        self.fundet.brud.sort_by_key(|b| b.segl);
        self.fundet.venter = venter;
        self.fundet
    }

    fn brud(&mut self, segl: i64, linjer: &[LogLinje], uorden: Uorden) {
        if self.fundet.brud.len() < BRUD_MAX {
            let tider = || linjer.iter().map(|l| l.tid);
            let linjer = tider().min().zip(tider().max());
            self.fundet.brud.push(Brud { segl, linjer, uorden });
        }
    }
}
