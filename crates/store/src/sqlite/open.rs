//! Opening connections, and the schema.

use super::beside;
use crate::StoreFejl;
use crate::skema::{self, SKEMA};
use crate::sql::Dialect;
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 128;

/// Where the data is.
pub(super) enum Source {
    Memory,
    File(PathBuf),
}

impl Source {
    /// Takes the lock file beside the database, which is held until the writer has stopped.
    pub(super) fn lock(&self) -> Result<Option<File>, StoreFejl> {
        let Self::File(path) = self else { return Ok(None) };
        let lock = beside(path, ".lock");
        let unusable =
            |cause: std::io::Error| StoreFejl::Skema(format!("kan ikke åbne {}: {cause}", lock.display()));
        let file = File::options().create(true).truncate(false).write(true).open(&lock).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Err(StoreFejl::Skema(format!(
                "databasen {} er i brug af en anden proces; stop den først (kun én proces ad gangen på SQLite)",
                path.display()
            ))),
            Err(TryLockError::Error(cause)) => Err(unusable(cause)),
        }
    }

    /// The connection of the writer, with the schema up to date.
    pub(super) fn writer(&self) -> Result<Connection, StoreFejl> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = match self {
            Self::Memory => Connection::open_in_memory()?,
            Self::File(path) => Connection::open_with_flags(path, flags).map_err(|cause| {
                StoreFejl::Skema(format!("kan ikke åbne databasen {}: {cause}", path.display()))
            })?,
        };
        // FULL: a commit that was answered survives a power cut.
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; \
             PRAGMA cache_size = -65536; PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 16000; \
             PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;",
        )?;
        prepare(&connection)?;
        migrate(&mut connection)?;
        Ok(connection)
    }
}

/// A connection for reading.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreFejl> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(
        "PRAGMA busy_timeout = 10000; PRAGMA cache_size = -16384; PRAGMA mmap_size = 0; \
         PRAGMA temp_store = MEMORY;",
    )?;
    prepare(&connection)?;
    Ok(connection)
}

/// A connection for reading a database that another process may have open.
pub(super) fn reader_checked(path: &Path) -> Result<Connection, StoreFejl> {
    let unusable =
        |cause: StoreFejl| StoreFejl::Skema(format!("kan ikke læse databasen {}: {cause}", path.display()));
    if !path.exists() {
        return Err(StoreFejl::Skema(format!("der er ingen database i {}", path.display())));
    }
    let connection = reader(path).map_err(unusable)?;
    if skema::missing(&applied(&connection).map_err(unusable)?)?.is_empty() {
        return Ok(connection);
    }
    Err(StoreFejl::Skema(format!(
        "databasen {} er fra en ældre udgave af programmet; start serveren én gang, så den bringes ajour",
        path.display()
    )))
}

/// The steps of the schema that have been taken.
fn applied(connection: &Connection) -> Result<Vec<(i64, i64)>, StoreFejl> {
    Ok(connection
        .prepare("SELECT nummer, kontrolsum FROM skema ORDER BY nummer")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

fn prepare(connection: &Connection) -> Result<(), StoreFejl> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    rusqlite::vtab::array::load_module(connection)?;
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreFejl> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(&skema::render(SKEMA, Dialect::Sqlite))?;
    for migration in skema::missing(&applied(&transaction)?)? {
        transaction.execute_batch(&migration.sql(Dialect::Sqlite))?;
        transaction.execute(
            "INSERT INTO skema (nummer, navn, kontrolsum) VALUES (?1, ?2, ?3)",
            (migration.nummer, migration.navn, migration.kontrolsum()),
        )?;
    }
    Ok(transaction.commit()?)
}
