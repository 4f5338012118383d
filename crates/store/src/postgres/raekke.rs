//! Statements that are the same on both databases.

use super::read::{kind, parameter};
use super::writer::ATTEMPTS_MAX;
use super::{Postgres, client, is_transient};
use crate::StoreFejl;
use crate::raekke::{Felt, Raekke, Trin};
use crate::sql::Sql;
use deadpool_postgres::Transaction;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, ToSql, Type};

impl Postgres {
    /// Rows.
    pub(crate) async fn query(&self, sql: Sql, _heavy: bool) -> Result<Vec<Raekke>, StoreFejl> {
        self.rows(&sql).await?.iter().map(raekke).collect()
    }

    /// All of it or nothing; gives how many rows each statement changed, or the number of the one whose demand was not
    /// met.
    pub(crate) async fn run(&self, trin: Vec<Trin>) -> Result<Result<Vec<u64>, usize>, StoreFejl> {
        let mut client = client(&self.writers).await?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            // Where it stopped: what a statement that fails was to demand.
            let mut naaet = 0;
            match forsoeg(client.transaction().await?, &trin, &mut naaet).await {
                Ok(udfald) => return Ok(udfald),
                // Another transaction was first, and this one waited for it: the demands decide on the next try.
                Err(cause) if overhalet(&cause) && attempts < ATTEMPTS_MAX => {}
                Err(cause) if overhalet(&cause) && trin.get(naaet).is_some_and(|t| t.krav.is_some()) => {
                    return Ok(Err(naaet));
                }
                Err(cause) => return Err(cause.into()),
            }
        }
    }
}

/// Whether it is because of another transaction, which has the row this one was to make or waits for what this one has.
fn overhalet(cause: &tokio_postgres::Error) -> bool {
    is_transient(cause) || cause.code() == Some(&SqlState::UNIQUE_VIOLATION)
}

/// The statements in one transaction, which is taken back when it fails.
async fn forsoeg(
    transaktion: Transaction<'_>,
    trin: &[Trin],
    naaet: &mut usize,
) -> Result<Result<Vec<u64>, usize>, tokio_postgres::Error> {
    let mut antal = Vec::with_capacity(trin.len());
    for (nr, Trin { sql, krav }) in trin.iter().enumerate() {
        *naaet = nr;
        let types: Vec<Type> = sql.values.iter().map(kind).collect();
        let values: Vec<&(dyn ToSql + Sync)> = sql.values.iter().map(parameter).collect();
        let statement = transaktion.prepare_typed_cached(&sql.text, &types).await?;
        let aendret = transaktion.execute(&statement, &values).await?;
        if krav.is_some_and(|krav| krav != aendret) {
            transaktion.rollback().await?;
            return Ok(Err(nr));
        }
        antal.push(aendret);
    }
    transaktion.commit().await?;
    Ok(Ok(antal))
}

fn raekke(row: &Row) -> Result<Raekke, StoreFejl> {
    fn felt<'r, T: FromSql<'r>>(row: &'r Row, nr: usize, af: impl Fn(T) -> Felt) -> Result<Felt, StoreFejl> {
        Ok(row.try_get::<_, Option<T>>(nr)?.map_or(Felt::Intet, af))
    }
    let felter = row.columns().iter().enumerate().map(|(nr, kolonne)| match *kolonne.type_() {
        Type::INT8 => felt(row, nr, Felt::Tal),
        Type::INT4 => felt(row, nr, |tal: i32| Felt::Tal(tal.into())),
        Type::BOOL => felt(row, nr, |ja: bool| Felt::Tal(ja.into())),
        Type::TEXT => felt(row, nr, Felt::Tekst),
        Type::BYTEA => felt(row, nr, Felt::Bytes),
        Type::UUID => felt(row, nr, Felt::Id),
        _ => Err(StoreFejl::database("en kolonne har en ukendt type")),
    });
    felter.collect::<Result<Vec<_>, _>>().map(Raekke)
}
