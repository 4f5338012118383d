//! What has happened since the start, in numbers.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The counters of one dueslag.
#[derive(Debug, Default)]
pub(crate) struct Dueslagstaeller {
    pub(crate) ind: AtomicU64,
    pub(crate) ud: AtomicU64,
    pub(crate) retur: AtomicU64,
    pub(crate) fejl: AtomicU64,
    pub(crate) forsoeg: AtomicU64,
}

impl Dueslagstaeller {
    /// Counts on.
    pub(crate) fn op(tal: &AtomicU64, antal: usize) {
        tal.fetch_add(antal as u64, Ordering::Relaxed);
    }
}

/// All counters.
#[derive(Debug, Default)]
pub(crate) struct Taeller {
    svar: Mutex<BTreeMap<u16, u64>>,
    dueslag: Mutex<HashMap<Uuid, Arc<Dueslagstaeller>>>,
}

impl Taeller {
    /// A sender was answered.
    pub(crate) fn svarede(&self, kode: u16) {
        *laas(&self.svar).entry(kode).or_default() += 1;
    }

    pub(crate) fn dueslag(&self, dueslag: Uuid) -> Arc<Dueslagstaeller> {
        laas(&self.dueslag).entry(dueslag).or_default().clone()
    }

    pub(crate) fn nu(&self) -> Tal {
        let af = |tal: &AtomicU64| tal.load(Ordering::Relaxed);
        let dueslag = laas(&self.dueslag)
            .iter()
            .map(|(uuid, t)| {
                let tal = Dueslagstal {
                    ind: af(&t.ind),
                    ud: af(&t.ud),
                    retur: af(&t.retur),
                    fejl: af(&t.fejl),
                    forsoeg: af(&t.forsoeg),
                };
                (*uuid, tal)
            })
            .collect();
        Tal { svar: laas(&self.svar).clone(), dueslag }
    }
}

fn laas<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What has happened since this server started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tal {
    /// Answers to senders, by StatusKode.
    pub svar: BTreeMap<u16, u64>,
    /// Each dueslag that something happened in.
    pub dueslag: HashMap<Uuid, Dueslagstal>,
}

/// What has happened in one dueslag since this server started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dueslagstal {
    /// Messages placed.
    pub ind: u64,
    /// Messages received.
    pub ud: u64,
    /// Times a message came back.
    pub retur: u64,
    /// Messages moved to the fejlkø.
    pub fejl: u64,
    /// Attempts to push.
    pub forsoeg: u64,
}
