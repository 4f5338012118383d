//! The writer thread: many write sets, one commit.

use super::lock;
use crate::StoreFejl;
use rusqlite::Connection;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How many write sets may wait; more make writers wait.
const QUEUE_MAX: usize = 1_024;
/// How many write sets share a commit.
const BATCH_MAX: usize = 256;
/// How long a writer waits for room in the queue.
const ROOM: Duration = Duration::from_secs(10);

/// One write set: what to do inside the transaction. Its number is the answer (the version of an entity, else 0).
type Work = Box<dyn FnOnce(&Connection) -> Result<i64, StoreFejl> + Send>;
/// Where the answer goes.
type Reply = oneshot::Sender<Result<i64, StoreFejl>>;

/// What happens when a write set fails.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failing {
    /// It is undone, and the others are not.
    Alone,
    /// All are undone: it fails only when the database does, and is spared the savepoint.
    All,
}

enum Job {
    Work(Work, Failing, Reply),
    /// Checkpoint, answer and stop.
    Close(oneshot::Sender<()>),
}

/// The way to the writer thread. The thread ends when this is dropped.
pub(super) struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// Starts the thread, which holds `file_lock` until it ends.
    pub(super) fn start(
        connection: Arc<Mutex<Connection>>,
        file_lock: Option<File>,
    ) -> Result<Self, StoreFejl> {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        let run = move || {
            let closing = run(&connection, receiver);
            checkpoint(&lock(&connection));
            drop(connection);
            drop(file_lock);
            if let Some(done) = closing {
                // Nobody waiting is fine.
                let _ = done.send(());
            }
        };
        std::thread::Builder::new().name("sqlite-writer".into()).spawn(run).map_err(StoreFejl::database)?;
        Ok(Self(sender))
    }

    /// A way that leads nowhere: every write fails.
    pub(super) fn none() -> Self {
        Self(mpsc::channel(1).0)
    }

    /// Has `work` done in a transaction, and returns when it is committed.
    pub(super) async fn write(
        &self,
        work: impl FnOnce(&Connection) -> Result<i64, StoreFejl> + Send + 'static,
    ) -> Result<i64, StoreFejl> {
        self.send(Box::new(work), Failing::Alone).await
    }

    /// The same for what fails only when the database does, never for what it is asked to write: a failure undoes what is
    /// written with it too.
    pub(super) async fn write_sure(
        &self,
        work: impl FnOnce(&Connection) -> Result<i64, StoreFejl> + Send + 'static,
    ) -> Result<i64, StoreFejl> {
        self.send(Box::new(work), Failing::All).await
    }

    async fn send(&self, work: Work, failing: Failing) -> Result<i64, StoreFejl> {
        let (reply, answer) = oneshot::channel();
        // In the order of the calls: cooperative yielding would let later ones pass.
        let room = tokio::task::unconstrained(self.0.reserve());
        let room = tokio::time::timeout(ROOM, room).await.map_err(|_| StoreFejl::Optaget)?;
        room.map_err(|_| StoreFejl::lukket())?.send(Job::Work(work, failing, reply));
        answer.await.map_err(|_| StoreFejl::lukket())?
    }

    /// Writes what is queued, checkpoints and ends the thread.
    pub(super) async fn close(&self) {
        let (done, wait) = oneshot::channel();
        if self.0.send(Job::Close(done)).await.is_ok() {
            // An error means that the thread has ended already.
            let _ = wait.await;
        }
    }

    /// How many write sets wait.
    pub(super) fn depth(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}

/// Serves the queue until it is closed; gives whom to tell.
fn run(connection: &Mutex<Connection>, mut receiver: mpsc::Receiver<Job>) -> Option<oneshot::Sender<()>> {
    while let Some(first) = receiver.blocking_recv() {
        let mut batch = Vec::new();
        await_company(&receiver);
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Work(work, failing, reply) => batch.push((work, failing, reply)),
                Job::Close(done) => {
                    commit(&lock(connection), batch);
                    return Some(done);
                }
            }
            if batch.len() < BATCH_MAX {
                next = receiver.try_recv().ok();
            }
        }
        commit(&lock(connection), batch);
    }
    None
}

/// Lets callers who have just been answered come with their next write, so that they share the commit: gives way for as
/// long as the queue grows.
fn await_company(receiver: &mpsc::Receiver<Job>) {
    let mut waiting = 0;
    for _ in 0..BATCH_MAX {
        std::thread::yield_now();
        if receiver.len() == waiting {
            return;
        }
        waiting = receiver.len();
    }
}

/// One transaction for all. Nobody is answered before it is durable.
fn commit(connection: &Connection, batch: Vec<(Work, Failing, Reply)>) {
    if batch.is_empty() {
        return;
    }
    let begun = statement(connection, "BEGIN IMMEDIATE").map_err(|cause| cause.to_string());
    let mut state = begun;
    let mut results = Vec::with_capacity(batch.len());
    for (work, failing, reply) in batch {
        let result = match (&state, failing) {
            (Err(cause), _) => Err(StoreFejl::database(cause.clone())),
            (Ok(()), Failing::Alone) => savepoint(connection, work),
            (Ok(()), Failing::All) => guarded(connection, work),
        };
        if let (Err(cause), Failing::All) = (&result, failing) {
            state = Err(cause.to_string());
        }
        results.push((result, reply));
        // Some failures of the disk end the transaction: what came after would be written piece by piece.
        if state.is_ok() && connection.is_autocommit() {
            state = Err("databasen opgav skrivningen".into());
        }
    }
    let committed = state.and_then(|()| statement(connection, "COMMIT").map_err(|cause| cause.to_string()));
    if committed.is_err() && !connection.is_autocommit() {
        // A failure to roll back as well shows as a failure of the next BEGIN.
        let _ = statement(connection, "ROLLBACK");
    }
    for (result, reply) in results {
        answer(reply, committed.clone().map_err(StoreFejl::database).and(result));
    }
}

fn answer(reply: Reply, result: Result<i64, StoreFejl>) {
    // The caller may have gone; what is written stays written.
    let _ = reply.send(result);
}

/// One write set inside the transaction: done, or undone.
fn savepoint(connection: &Connection, work: Work) -> Result<i64, StoreFejl> {
    statement(connection, "SAVEPOINT saet")?;
    let result = guarded(connection, work);
    if result.is_err() {
        statement(connection, "ROLLBACK TO saet")?;
    }
    statement(connection, "RELEASE saet")?;
    result
}

/// A panic is a failure of the write set, not of the thread.
fn guarded(connection: &Connection, work: Work) -> Result<i64, StoreFejl> {
    catch_unwind(AssertUnwindSafe(|| work(connection)))
        .unwrap_or_else(|_| Err(StoreFejl::database("skrivningen gik ned")))
}

fn statement(connection: &Connection, sql: &str) -> Result<(), rusqlite::Error> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

fn checkpoint(connection: &Connection) {
    let done = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    if let Err(cause) = done {
        tracing::warn!(%cause, "WAL-filen kunne ikke foldes ind i databasen; det sker ved næste start");
    }
}

#[cfg(test)]
mod tests {
    use super::{Failing, Reply, StoreFejl, Work, commit};
    use rusqlite::Connection;
    use tokio::sync::oneshot;

    /// What each of these write sets, committed together, is answered, and how many rows there are then.
    fn committed(sets: Vec<(&'static str, Failing)>) -> (Vec<bool>, i64) {
        let db = Connection::open_in_memory().expect("a database");
        db.execute_batch("CREATE TABLE t (n INTEGER NOT NULL)").expect("a table");
        let (mut batch, mut answers) = (Vec::<(Work, Failing, Reply)>::new(), Vec::new());
        for (sql, failing) in sets {
            let (reply, answer) = oneshot::channel();
            let work = move |db: &Connection| {
                db.execute("INSERT INTO t VALUES (0)", []).map_err(StoreFejl::from)?;
                Ok(db.execute(sql, []).map_err(StoreFejl::from)? as i64)
            };
            batch.push((Box::new(work), failing, reply));
            answers.push(answer);
        }
        commit(&db, batch);
        let answers = answers.into_iter().map(|mut a| a.try_recv().expect("an answer").is_ok()).collect();
        (answers, db.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).expect("a number"))
    }

    const OK: &str = "INSERT INTO t VALUES (1)";
    const WRONG: &str = "INSERT INTO t VALUES (NULL)";

    #[test]
    fn a_write_set_fails_alone_or_takes_all_with_it() {
        use Failing::{All, Alone};
        assert_eq!(committed(vec![(OK, Alone), (OK, All)]), (vec![true, true], 4));
        assert_eq!(committed(vec![(OK, All), (WRONG, Alone), (OK, Alone)]), (vec![true, false, true], 4));
        assert_eq!(committed(vec![(OK, Alone), (WRONG, All), (OK, Alone)]), (vec![false; 3], 0));
    }
}
