//! What is on loan from each dueslag. One process has the whole database, so a loan is nothing that must be written: it ends
//! with the process. Only how far messages may have been handed out is, in the table `udlaant`.

use super::lock;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

/// The mark of a dueslag where messages pass often is set ahead, so that it is written rarely: by so many places at first and
/// at most. Otherwise it is exact.
const FORUD: (i64, i64) = (16, 4_096);
/// It is often when the mark was last written less than this ago.
const OFTE: Duration = Duration::from_secs(1);

/// Every dueslag that was lent from or looked into.
#[derive(Default)]
pub(crate) struct Udlaan(Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<Slag>>>>);

/// The loans of one dueslag.
#[derive(Default)]
pub(crate) struct Slag {
    /// By place.
    laan: BTreeMap<i64, Laan>,
    /// The place of each message on loan.
    pladser: HashMap<i64, i64>,
    /// Nothing before this place waits that is not on loan.
    fra: i64,
    /// Who borrowed last.
    laaner: Uuid,
    /// Whether others have too: their loans may run out, so that one must look from the beginning.
    flere: bool,
    /// The place that stands in the table; 0 when none does.
    pub(super) maerke: i64,
    /// When it was written, and how far ahead.
    skrevet: Option<(Instant, i64)>,
}

struct Laan {
    laaner: Uuid,
    til: i64,
}

/// Whether a message may be lent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ledig {
    Ja,
    /// It was lent to another whose time ran out.
    Igen,
    Nej,
}

impl Udlaan {
    /// The loans of one dueslag, kept from all others meanwhile.
    pub(crate) async fn slag(&self, dueslag: Uuid) -> OwnedMutexGuard<Slag> {
        let slag = lock(&self.0).entry(dueslag).or_default().clone();
        slag.lock_owned().await
    }

    /// Every dueslag that was lent from or looked into.
    pub(super) fn alle(&self) -> Vec<Uuid> {
        lock(&self.0).keys().copied().collect()
    }

    /// Rows were deleted: later ones may get their places, also below where one has looked.
    pub(crate) async fn forfra(&self) {
        for dueslag in self.alle() {
            self.slag(dueslag).await.fra = 0;
        }
    }

    /// Every loan ends.
    pub(super) fn glem(&self) {
        lock(&self.0).clear();
    }

    /// These are no longer in their dueslag, or have another place there.
    pub(crate) async fn slut(&self, dueslag: Uuid, numre: &[i64]) {
        let mut slag = self.slag(dueslag).await;
        for nr in numre {
            slag.slut(*nr);
        }
    }
}

impl Slag {
    /// Where to look for what may be lent to this borrower.
    pub(super) fn fra(&mut self, laaner: Uuid) -> i64 {
        self.flere |= !self.laan.is_empty() && self.laaner != laaner;
        self.laaner = laaner;
        if self.flere { 0 } else { self.fra }
    }

    /// Whether the message at this place may be lent to this borrower.
    pub(super) fn ledig(&self, plads: i64, laaner: Uuid, nu: i64) -> Ledig {
        match self.laan.get(&plads) {
            None => Ledig::Ja,
            Some(laan) if laan.laaner == laaner || laan.til > nu => Ledig::Nej,
            Some(_) => Ledig::Igen,
        }
    }

    /// The places that may not be lent to this borrower.
    pub(crate) fn optagne(&self, laaner: Uuid, nu: i64) -> Vec<i64> {
        let pladser = self.laan.keys().copied();
        pladser.filter(|plads| self.ledig(*plads, laaner, nu) == Ledig::Nej).collect()
    }

    /// Lends it: the next one after those lent before, or one that was passed over.
    pub(super) fn laan(&mut self, plads: i64, nr: i64, laaner: Uuid, til: i64) {
        self.laan.insert(plads, Laan { laaner, til });
        self.pladser.insert(nr, plads);
        self.fra = self.fra.max(plads + 1);
    }

    /// How far ahead of what is handed out the mark is to be set.
    pub(super) fn forud(&mut self) -> i64 {
        let ofte = self.skrevet.filter(|(hvornaar, _)| hvornaar.elapsed() < OFTE);
        let forud = ofte.map_or(0, |(_, forud)| (forud * 2).clamp(FORUD.0, FORUD.1));
        self.skrevet = Some((Instant::now(), forud));
        forud
    }

    /// Whether this borrower has it.
    pub(super) fn har(&self, nr: i64, laaner: Uuid) -> bool {
        let laan = self.pladser.get(&nr).and_then(|plads| self.laan.get(plads));
        laan.is_some_and(|laan| laan.laaner == laaner)
    }

    /// Whether somebody has it.
    pub(crate) fn er_udlaant(&self, nr: i64) -> bool {
        self.pladser.contains_key(&nr)
    }

    /// The loan ends. Gives the place.
    fn slut(&mut self, nr: i64) -> Option<i64> {
        let plads = self.pladser.remove(&nr)?;
        self.laan.remove(&plads);
        Some(plads)
    }

    /// The loan ends, and the message may be lent again.
    pub(super) fn giv_tilbage(&mut self, nr: i64) {
        if let Some(plads) = self.slut(nr) {
            self.fra = self.fra.min(plads);
        }
    }

    /// The messages this borrower has.
    pub(super) fn numre(&self, laaner: Uuid) -> Vec<i64> {
        self.pladser.keys().copied().filter(|nr| self.har(*nr, laaner)).collect()
    }

    /// Makes every loan of this borrower last longer. Gives how many there are.
    pub(super) fn forlaeng(&mut self, laaner: Uuid, til: i64) -> usize {
        let egne = self.laan.values_mut().filter(|laan| laan.laaner == laaner);
        egne.map(|laan| laan.til = til).count()
    }

    /// Whether a loan has run out.
    pub(super) fn udloebet(&self, nu: i64) -> bool {
        self.laan.values().any(|laan| laan.til <= nu)
    }

    /// Where to look for what is not on loan to anybody.
    pub(super) fn begyndelse(&self) -> i64 {
        if self.flere { 0 } else { self.fra }
    }

    /// How far messages may have been handed out and are still here; `None` when none is.
    pub(super) fn yderst(&self) -> Option<i64> {
        self.laan.last_key_value().map(|(plads, _)| *plads)
    }
}
