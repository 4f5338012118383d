//! The workers: concurrent callers' single-object sets, together in one statement.

use super::append::append;
use super::{client, is_transient};
use crate::{LogLinje, StoreFejl, Tilfoejelse};
use deadpool_postgres::Pool;
use oio::ObjektId;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot};
use uuid::Uuid;

/// How many sets may wait; more make writers wait.
const QUEUE_MAX: usize = 1_024;
/// How many sets share a statement.
const BATCH_MAX: usize = 128;
/// How many statements are under way at a time.
const WORKERS: usize = 2;
/// How long a writer waits for room in the queue.
const ROOM: Duration = Duration::from_secs(10);
/// How often a statement that lost to another transaction is tried.
pub(super) const ATTEMPTS_MAX: usize = 10;

/// One caller's set, and where the answer goes.
struct Enkelt {
    linje: LogLinje,
    tilfoejelse: Tilfoejelse,
    reply: oneshot::Sender<Result<(), StoreFejl>>,
}

impl Enkelt {
    fn answer(self, result: Result<(), StoreFejl>) {
        // The caller may have gone; what is written stays written.
        let _ = self.reply.send(result);
    }
}

type Queue = Arc<Mutex<mpsc::Receiver<Enkelt>>>;

/// The way to the workers, which end when this is dropped.
pub(super) struct Writer(mpsc::Sender<Enkelt>);

impl Writer {
    pub(super) fn start(pool: &Pool) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        let queue = Arc::new(Mutex::new(receiver));
        for _ in 0..WORKERS {
            tokio::spawn(serve(queue.clone(), pool.clone()));
        }
        Self(sender)
    }

    /// Writes one object's registreringer, and returns when they are committed.
    pub(super) async fn write(&self, linje: LogLinje, tilfoejelse: Tilfoejelse) -> Result<(), StoreFejl> {
        let (reply, answer) = oneshot::channel();
        let room = tokio::time::timeout(ROOM, self.0.reserve()).await.map_err(|_| StoreFejl::Optaget)?;
        room.map_err(|_| StoreFejl::lukket())?.send(Enkelt { linje, tilfoejelse, reply });
        answer.await.map_err(|_| StoreFejl::lukket())?
    }

    /// How many sets wait.
    pub(super) fn depth(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}

async fn serve(queue: Queue, pool: Pool) {
    let mut deferred = VecDeque::new();
    loop {
        let batch = gather(&queue, &mut deferred).await;
        if batch.is_empty() {
            return;
        }
        write(&pool, batch).await;
    }
}

/// The sets of the next statement, ascending by object; none when the queue is closed. A second set for the same
/// object waits for the next statement, whose guard then sees the first.
async fn gather(queue: &Queue, deferred: &mut VecDeque<Enkelt>) -> Vec<Enkelt> {
    let mut batch = Batch::default();
    for enkelt in std::mem::take(deferred) {
        batch.add(enkelt, deferred);
    }
    // With work in hand, do not wait for the other worker, which holds the queue while it is empty.
    let receiver = if batch.sets.is_empty() { Some(queue.lock().await) } else { queue.try_lock().ok() };
    if let Some(mut receiver) = receiver {
        if batch.sets.is_empty()
            && let Some(first) = receiver.recv().await
        {
            batch.add(first, deferred);
        }
        while batch.sets.len() < BATCH_MAX
            && deferred.len() < BATCH_MAX
            && let Ok(next) = receiver.try_recv()
        {
            batch.add(next, deferred);
        }
    }
    batch.sets.sort_unstable_by_key(|e| e.tilfoejelse.objekt);
    batch.sets
}

#[derive(Default)]
struct Batch {
    sets: Vec<Enkelt>,
    objekter: HashSet<ObjektId>,
}

impl Batch {
    fn add(&mut self, enkelt: Enkelt, deferred: &mut VecDeque<Enkelt>) {
        if self.objekter.insert(enkelt.tilfoejelse.objekt) {
            self.sets.push(enkelt);
        } else {
            deferred.push_back(enkelt);
        }
    }
}

async fn write(pool: &Pool, batch: Vec<Enkelt>) {
    match attempt(pool, &batch).await {
        Ok(vindere) => {
            for enkelt in batch {
                let objekt = enkelt.tilfoejelse.objekt;
                let won = vindere.contains(&objekt.0);
                enkelt.answer(if won { Ok(()) } else { Err(StoreFejl::Tabt(objekt)) });
            }
        }
        // The database refused something in one of them: nothing is written, and the others shall not suffer.
        Err(Afbrudt::Afvist(_)) if batch.len() > 1 => {
            for enkelt in batch {
                Box::pin(write(pool, vec![enkelt])).await;
            }
        }
        Err(Afbrudt::Optaget) => batch.into_iter().for_each(|enkelt| enkelt.answer(Err(StoreFejl::Optaget))),
        Err(Afbrudt::Afvist(cause) | Afbrudt::Mistet(cause)) => {
            batch.into_iter().for_each(|enkelt| enkelt.answer(Err(StoreFejl::database(cause.clone()))));
        }
    }
}

/// Why a statement gave no answer.
enum Afbrudt {
    /// The database refused it.
    Afvist(String),
    /// The connection failed; what was written is unknown.
    Mistet(String),
    /// No connection came free.
    Optaget,
}

async fn attempt(pool: &Pool, batch: &[Enkelt]) -> Result<HashSet<Uuid>, Afbrudt> {
    let client = client(pool).await.map_err(|cause| match cause {
        StoreFejl::Optaget => Afbrudt::Optaget,
        other => Afbrudt::Mistet(other.to_string()),
    })?;
    let saet: Vec<&Tilfoejelse> = batch.iter().map(|e| &e.tilfoejelse).collect();
    let linjer: Vec<(Uuid, &LogLinje)> = batch.iter().map(|e| (e.tilfoejelse.objekt.0, &e.linje)).collect();
    let mut attempts = 0;
    loop {
        attempts += 1;
        match append(&client, &saet, &linjer).await {
            Ok(vindere) => return Ok(vindere),
            Err(cause) if is_transient(&cause) && attempts < ATTEMPTS_MAX => {}
            Err(cause) => {
                let refused = cause.as_db_error().is_some();
                let cause = StoreFejl::from(cause).to_string();
                return Err(if refused { Afbrudt::Afvist(cause) } else { Afbrudt::Mistet(cause) });
            }
        }
    }
}
