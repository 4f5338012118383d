//! PostgreSQL: a pool for reading, a pool for writing, and workers that write many callers' sets in one statement.

mod append;
mod besked;
mod connect;
mod engangs;
mod indeks;
mod indtag;
mod laaner;
mod raekke;
mod read;
mod segl;
mod transaction;
mod writer;

use crate::StoreFejl;
use crate::skema::{self, SKEMA};
use crate::sql::Dialect;
use deadpool_postgres::{Object, Pool, PoolError};
use indtag::Indtag;
use laaner::Livstegn;
use tokio_postgres::error::SqlState;
use writer::Writer;

/// Connections for reading.
const READERS: usize = 16;
/// Connections for writing: the workers', the access log's, and a few for large sets.
const WRITERS: usize = 6;
/// The oldest version served, as PostgreSQL writes it.
const VERSION_MIN: i32 = 150_000;

/// An open PostgreSQL database.
pub(crate) struct Postgres {
    readers: Pool,
    writers: Pool,
    writer: Writer,
    beskeder: Indtag,
    livstegn: Livstegn,
}

impl Postgres {
    /// Connects and brings the schema up to date.
    pub(crate) async fn open(url: &str) -> Result<Self, StoreFejl> {
        let (readers, writers) = (connect::pool(url, READERS)?, connect::pool(url, WRITERS)?);
        let mut client = client(&writers).await.map_err(|cause| {
            StoreFejl::Skema(format!("kan ikke forbinde til PostgreSQL: {}", with_causes(&cause)))
        })?;
        check_server(&client).await?;
        if let Err(cause) = migrate(&mut client).await {
            // Two servers that start at once may both create the first table; the second attempt finds it.
            tracing::info!(%cause, "skemaet forsøges igen");
            migrate(&mut client).await?;
        }
        let writer = Writer::start(&writers);
        let beskeder = Indtag::start(&writers);
        Ok(Self { readers, writers, writer, beskeder, livstegn: Livstegn::default() })
    }

    #[allow(clippy::unused_self, reason = "the same call on both databases")]
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    pub(crate) async fn close(&self) {
        self.ikke_i_live().await;
        self.readers.close();
        self.writers.close();
    }
}

/// A connection from a pool.
async fn client(pool: &Pool) -> Result<Object, StoreFejl> {
    pool.get().await.map_err(|cause| match cause {
        PoolError::Timeout(_) => StoreFejl::Optaget,
        PoolError::Backend(cause) => cause.into(),
        PoolError::Closed => StoreFejl::lukket(),
        other => StoreFejl::database(other),
    })
}

fn with_causes(fejl: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(fejl.source(), |cause| cause.source());
    causes.fold(fejl.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Whether the whole transaction may simply be tried again.
fn is_transient(cause: &tokio_postgres::Error) -> bool {
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED]
        .iter()
        .any(|c| cause.code() == Some(c))
}

async fn check_server(client: &Object) -> Result<(), StoreFejl> {
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::int4, current_setting('server_encoding')",
            &[],
        )
        .await?;
    let (version, encoding): (i32, String) = (row.get(0), row.get(1));
    if version < VERSION_MIN {
        let version = version / 10_000;
        return Err(StoreFejl::Skema(format!("PostgreSQL {version} er for gammel; brug 15 eller nyere")));
    }
    if encoding != "UTF8" {
        return Err(StoreFejl::Skema(format!(
            "databasen er kodet i {encoding}; opret den med ENCODING 'UTF8'"
        )));
    }
    Ok(())
}

async fn migrate(client: &mut Object) -> Result<(), StoreFejl> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(&skema::render(SKEMA, Dialect::Postgres)).await?;
    // One server at a time; the others then find the work done.
    transaction.batch_execute("LOCK TABLE skema IN ACCESS EXCLUSIVE MODE").await?;
    let rows = transaction.query("SELECT nummer, kontrolsum FROM skema ORDER BY nummer", &[]).await?;
    let applied: Vec<(i64, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    for migration in skema::missing(&applied)? {
        transaction.batch_execute(&migration.sql(Dialect::Postgres)).await?;
        let insert = "INSERT INTO skema (nummer, navn, kontrolsum) VALUES ($1, $2, $3)";
        let kontrolsum = migration.kontrolsum();
        transaction.execute(insert, &[&migration.nummer, &migration.navn, &kontrolsum]).await?;
    }
    Ok(transaction.commit().await?)
}
