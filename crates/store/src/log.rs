//! The access log: lines of reads are collected and written together.

use crate::StoreFejl;
use adgang::Adgang;
use bitemporal::Instant;
use oio::{Cvr, ObjektId};
use std::future::Future;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// How many lines may wait; more make readers wait.
const QUEUE_MAX: usize = 10_000;
/// How many lines are written at a time.
const BATCH_MAX: usize = 1_000;
/// How long a line may wait for company.
const WAIT: Duration = Duration::from_millis(100);
/// How long to pause when the lines cannot be written.
const PAUSE: Duration = Duration::from_secs(1);
/// How often to try when the store is closing.
const LAST_ATTEMPTS: usize = 3;

/// Something for the access log that no [`Adgang`] stands behind: a refused call, or a token issued or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPost {
    /// When it came.
    pub tid: Instant,
    /// Its transaction.
    pub transaktion: Uuid,
    /// The calling system.
    pub system: Option<Uuid>,
    /// The authority it named.
    pub myndighed: Option<Cvr>,
    /// The agreement that opened it.
    pub aftale: Option<Uuid>,
    /// What it wanted to do.
    pub operation: &'static str,
    /// To which object type.
    pub objekttype: &'static str,
    /// How it went: [`LogPost::OK`] or [`LogPost::AFVIST`].
    pub udfald: &'static str,
    /// Which rule refused it, or what was issued; in Danish, without names and CPR numbers.
    pub regel: String,
}

impl LogPost {
    /// It was allowed and done.
    pub const OK: &'static str = "ok";
    /// It was refused.
    pub const AFVIST: &'static str = "afvist";
}

/// One line of the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLinje {
    /// When.
    pub tid: Instant,
    /// The transaction.
    pub transaktion: Uuid,
    /// The calling system; `None` for the system itself.
    pub system: Option<Uuid>,
    /// The authority acted for.
    pub myndighed: Option<Cvr>,
    /// The agreement that opened it.
    pub aftale: Option<Uuid>,
    /// The operation.
    pub operation: String,
    /// The object type.
    pub objekttype: String,
    /// The objects written or returned.
    pub objekter: Vec<ObjektId>,
    /// How many.
    pub antal: u64,
    /// `ok` or `afvist`.
    pub udfald: String,
    /// The rule that refused it, what was issued, or which user of the Administrationsmodul read it; else empty.
    pub regel: String,
}

/// The line of an allowed call.
pub(crate) fn linje(adgang: &Adgang, tid: Instant, objekter: Vec<ObjektId>) -> LogLinje {
    LogLinje {
        tid,
        transaktion: adgang.transaktion,
        system: adgang.system,
        myndighed: Some(adgang.myndighed),
        aftale: adgang.aftale,
        operation: adgang.operation.to_owned(),
        objekttype: adgang.objekttype.to_owned(),
        antal: objekter.len() as u64,
        objekter,
        udfald: LogPost::OK.to_owned(),
        regel: adgang
            .person()
            .map_or_else(String::new, |bruger| format!("bruger {bruger} af Administrationsmodulet")),
    }
}

impl From<LogPost> for LogLinje {
    fn from(post: LogPost) -> Self {
        Self {
            tid: post.tid,
            transaktion: post.transaktion,
            system: post.system,
            myndighed: post.myndighed,
            aftale: post.aftale,
            operation: post.operation.to_owned(),
            objekttype: post.objekttype.to_owned(),
            objekter: Vec::new(),
            antal: 0,
            udfald: post.udfald.to_owned(),
            // Whatever a caller's words bring along, the log has no CPR numbers.
            regel: oio::logtekst(&post.regel),
        }
    }
}

/// UUIDs as stored: 16 bytes each.
pub(crate) fn pack(objekter: &[ObjektId]) -> Vec<u8> {
    objekter.iter().flat_map(|o| o.0.into_bytes()).collect()
}

/// The reverse of [`pack`].
pub(crate) fn unpack(bytes: &[u8]) -> Vec<ObjektId> {
    let (ids, _) = bytes.as_chunks::<16>();
    ids.iter().map(|id| ObjektId(Uuid::from_bytes(*id))).collect()
}

enum Besked {
    Linje(Box<LogLinje>),
    /// Write everything that came before, then answer and stop.
    Luk(oneshot::Sender<()>),
}

/// The way into the queue.
#[derive(Clone)]
pub(crate) struct Log(mpsc::Sender<Besked>);

impl Log {
    /// Starts a task that gives batches of lines to `write`.
    pub(crate) fn start<W, F>(write: W) -> Self
    where
        W: Fn(Vec<LogLinje>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), StoreFejl>> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(run(receiver, write));
        Self(sender)
    }

    /// Queues a line; waits while the queue is full.
    pub(crate) async fn add(&self, linje: LogLinje) -> Result<(), StoreFejl> {
        self.0.send(Besked::Linje(Box::new(linje))).await.map_err(|_| StoreFejl::lukket())
    }

    /// Writes what is queued and stops. Later lines are refused.
    pub(crate) async fn close(&self) {
        let (done, wait) = oneshot::channel();
        if self.0.send(Besked::Luk(done)).await.is_ok() {
            // An error means that the task has stopped already.
            let _ = wait.await;
        }
    }

    /// How many lines wait.
    pub(crate) fn depth(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}

async fn run<W, F>(mut receiver: mpsc::Receiver<Besked>, write: W)
where
    W: Fn(Vec<LogLinje>) -> F,
    F: Future<Output = Result<(), StoreFejl>>,
{
    let mut closing = None;
    while closing.is_none()
        && let Some(first) = receiver.recv().await
    {
        let mut linjer = Vec::new();
        closing = take(first, &mut linjer);
        let collect = async {
            while closing.is_none() && linjer.len() < BATCH_MAX {
                match receiver.recv().await {
                    Some(besked) => closing = take(besked, &mut linjer),
                    None => return,
                }
            }
        };
        // Running out of time is the ordinary end of collecting.
        let _ = tokio::time::timeout(WAIT, collect).await;
        deliver(&linjer, &write, closing.is_some()).await;
    }
    if let Some(done) = closing {
        let _ = done.send(());
    }
}

fn take(besked: Besked, linjer: &mut Vec<LogLinje>) -> Option<oneshot::Sender<()>> {
    match besked {
        Besked::Linje(linje) => {
            linjer.push(*linje);
            None
        }
        Besked::Luk(done) => Some(done),
    }
}

/// Writes the lines, again and again: meanwhile the queue fills and readers wait, so that nothing is seen unlogged.
async fn deliver<W, F>(linjer: &[LogLinje], write: &W, closing: bool)
where
    W: Fn(Vec<LogLinje>) -> F,
    F: Future<Output = Result<(), StoreFejl>>,
{
    let mut attempts = 0;
    while !linjer.is_empty() {
        let Err(cause) = write(linjer.to_vec()).await else { return };
        attempts += 1;
        tracing::error!(%cause, linjer = linjer.len(), "adgangsloggen kan ikke skrives");
        if closing && attempts >= LAST_ATTEMPTS {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
