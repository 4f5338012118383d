//! SQLite: one writer thread that groups commits, and a pool of read connections used where the caller runs.

mod besked;
mod engangs;
mod indeks;
mod open;
mod raekke;
mod read;
mod segl;
mod udlaan;
mod write;
mod writer;

use crate::sql::Dialect;
use crate::{Stats, StoreFejl};
use open::Source;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use udlaan::Udlaan;
use writer::Writer;

/// How many idle read connections are kept.
const IDLE_MAX: usize = 16;

/// An open SQLite database.
pub(crate) struct Sqlite {
    source: Source,
    idle: Mutex<Vec<Connection>>,
    /// The writer's connection; in memory, the only one there is.
    main: Arc<Mutex<Connection>>,
    writer: Writer,
    pub(crate) udlaan: Udlaan,
    closed: AtomicBool,
}

/// Locks, also after a panic elsewhere: a connection is in order whenever it is not in use.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sqlite {
    /// A database that lives as long as the store.
    pub(crate) fn memory() -> Result<Self, StoreFejl> {
        Self::start(Source::Memory)
    }

    /// The database in this file, which no other process may have open.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreFejl> {
        Self::start(Source::File(path.to_owned()))
    }

    /// The database in this file for looking only, beside the process that has it open.
    pub(crate) fn readonly(path: &Path) -> Result<Self, StoreFejl> {
        let main = open::reader_checked(path)?;
        Ok(Self {
            source: Source::File(path.to_owned()),
            idle: Mutex::default(),
            main: Arc::new(Mutex::new(main)),
            writer: Writer::none(),
            udlaan: Udlaan::default(),
            closed: AtomicBool::new(false),
        })
    }

    fn start(source: Source) -> Result<Self, StoreFejl> {
        let file_lock = source.lock()?;
        let main = Arc::new(Mutex::new(source.writer()?));
        let writer = Writer::start(main.clone(), file_lock)?;
        let (idle, udlaan) = (Mutex::default(), Udlaan::default());
        Ok(Self { source, idle, main, writer, udlaan, closed: AtomicBool::new(false) })
    }

    #[allow(clippy::unused_self, reason = "the same call on both databases")]
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    /// Runs `read` here and now on a connection of its own.
    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreFejl>) -> Result<T, StoreFejl> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StoreFejl::lukket());
        }
        let Source::File(path) = &self.source else { return read(&lock(&self.main)) };
        let idle = lock(&self.idle).pop();
        let connection = idle.map_or_else(|| open::reader(path), Ok)?;
        let result = read(&connection);
        let mut idle = lock(&self.idle);
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
        result
    }

    /// Runs `read` on a thread that may be blocked for long.
    async fn read_heavy<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> Result<T, StoreFejl> + Send + 'static,
    ) -> Result<T, StoreFejl> {
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || this.read(read)).await;
        done.map_err(StoreFejl::database)?
    }

    pub(crate) async fn stats(self: &Arc<Self>) -> Result<Stats, StoreFejl> {
        let stats = self.read_heavy(read::stats).await?;
        let wal_bytes = match &self.source {
            Source::Memory => 0,
            Source::File(path) => std::fs::metadata(beside(path, "-wal")).map_or(0, |m| m.len()),
        };
        Ok(Stats { wal_bytes, skrivekoe: self.writer.depth(), ..stats })
    }

    pub(crate) async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if let Err(fejl) = self.maerk().await {
            tracing::warn!(%fejl, "beskeder, der ikke har været udleveret, kan blive meldt som genleveret");
        }
        lock(&self.idle).clear();
        self.writer.close().await;
    }
}

/// The path with `suffix` after the file name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
