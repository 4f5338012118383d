//! What is known of one channel.

use crate::bekraeft::Bekraeft;
use crate::egenskaber::Hoved;
use crate::fejl::{FORUDSAETNING, Fejl};
use bytes::{Bytes, BytesMut};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A message handed out and not settled.
#[derive(Debug)]
pub(crate) struct Udestaaende<H> {
    /// The consumer it went to, or a number of its own when it was fetched.
    pub(crate) ejer: u64,
    pub(crate) nr: i64,
    pub(crate) haandtag: H,
}

/// A publish whose content is arriving.
#[derive(Debug)]
pub(crate) struct Opbygning {
    pub(crate) mandatory: bool,
    pub(crate) hoved: Option<Hoved>,
    /// Bytes of the body that have not come.
    pub(crate) mangler: u64,
    /// The body so far; stays empty when it is too large.
    pub(crate) krop: Krop,
    pub(crate) for_stor: bool,
}

/// A body, copied only when it comes in several frames.
#[derive(Debug, Default)]
pub(crate) struct Krop {
    en: Bytes,
    flere: BytesMut,
}

impl Krop {
    /// Adds a frame of a body of `ialt` bytes.
    pub(crate) fn tilfoej(&mut self, stykke: Bytes, ialt: usize) {
        if self.len() == 0 {
            self.en = stykke;
            return;
        }
        if self.flere.is_empty() {
            self.flere.reserve(ialt);
            self.flere.extend_from_slice(&std::mem::take(&mut self.en));
        }
        self.flere.extend_from_slice(&stykke);
    }

    pub(crate) fn len(&self) -> usize {
        self.en.len() + self.flere.len()
    }

    pub(crate) fn hel(self) -> Bytes {
        if self.flere.is_empty() { self.en } else { self.flere.freeze() }
    }
}

/// A channel.
#[derive(Debug)]
pub(crate) struct Kanal<H> {
    /// Tells this use of a channel number from the next.
    pub(crate) loebenr: u64,
    /// We have closed it and wait for the answer; all else is ignored.
    pub(crate) lukker: bool,
    /// The client takes deliveries.
    pub(crate) flow: bool,
    /// Prefetch of consumers to come, and of the channel as a whole.
    pub(crate) forud: u16,
    pub(crate) forud_ialt: Option<u16>,
    pub(crate) sidste_tag: u64,
    pub(crate) udestaaende: BTreeMap<u64, Udestaaende<H>>,
    pub(crate) forbrugere: Vec<u64>,
    pub(crate) bekraeft: Option<Bekraeft>,
    /// Tag of the consumer of replies.
    pub(crate) svarforbruger: Option<String>,
    pub(crate) opbygning: Option<Opbygning>,
    pub(crate) sidste_koe: Option<String>,
}

impl<H> Kanal<H> {
    pub(crate) fn ny(loebenr: u64) -> Self {
        Self {
            loebenr,
            lukker: false,
            flow: true,
            forud: 1,
            forud_ialt: None,
            sidste_tag: 0,
            udestaaende: BTreeMap::new(),
            forbrugere: Vec::new(),
            bekraeft: None,
            svarforbruger: None,
            opbygning: None,
            sidste_koe: None,
        }
    }

    /// The next delivery tag.
    pub(crate) fn tag(&mut self) -> u64 {
        self.sidste_tag += 1;
        self.sidste_tag
    }

    /// Takes what a settlement names: one, all up to it, or all when the tag is zero.
    pub(crate) fn opgoer(&mut self, tag: u64, flere: bool) -> Result<Vec<Udestaaende<H>>, Fejl> {
        if flere && tag == 0 {
            return Ok(std::mem::take(&mut self.udestaaende).into_values().collect());
        }
        let Some(en) = self.udestaaende.remove(&tag) else {
            return Err(Fejl::bloed(FORUDSAETNING, format!("unknown delivery tag {tag}")));
        };
        if !flere {
            return Ok(vec![en]);
        }
        let senere = self.udestaaende.split_off(&tag);
        let mut ud: Vec<_> = std::mem::replace(&mut self.udestaaende, senere).into_values().collect();
        ud.push(en);
        Ok(ud)
    }

    /// Whether another delivery may be made.
    pub(crate) fn plads(&self, stoerst: usize) -> bool {
        let graense = self.forud_ialt.map_or(stoerst, |f| stoerst.min(f.into()));
        self.flow && !self.lukker && self.udestaaende.len() < graense
    }
}

/// A consumer of a dueslag.
#[derive(Debug)]
pub(crate) struct Forbruger<A: crate::Aftager> {
    pub(crate) kanal: u16,
    pub(crate) tag: String,
    pub(crate) dueslag: Uuid,
    pub(crate) uden_kvittering: bool,
    pub(crate) vindue: u16,
    pub(crate) udestaaende: u16,
    pub(crate) haandtag: A::Haandtag,
    /// The consumer while it does not wait for a message.
    pub(crate) hviler: Option<A>,
    /// A message there is no room for.
    pub(crate) holdt: Option<crate::Levering>,
    pub(crate) afbryd: futures_util::future::AbortHandle,
}
