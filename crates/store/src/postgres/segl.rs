//! Seals over the access log.

use super::read::{kind, linje, parameter, rows};
use super::{Postgres, client};
use crate::forbrug::lagt_til;
use crate::segl::Segl;
use crate::sql::{Dialect, Sql, Value, texts};
use crate::{LogLinje, StoreFejl};
use bitemporal::Instant;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

/// A line that another server is sealing is left to it.
const TAG: &str = "WITH v AS (SELECT ctid FROM adgangslog WHERE segl IS NULL LIMIT $2 FOR UPDATE SKIP LOCKED) \
    UPDATE adgangslog a SET segl = $1 FROM v WHERE a.ctid = v.ctid RETURNING a.tid, a.transaktion, a.system, \
    a.myndighed, a.aftale, a.operation, a.objekttype, a.objekter, a.antal, a.udfald, a.regel";

impl Postgres {
    pub(crate) async fn forsegl(&self, nu: Instant, antal: i64) -> Result<u64, StoreFejl> {
        let mut client = client(&self.writers).await?;
        // Rolled back when dropped: lines that found no seal wait for the next.
        let transaction = client.transaction().await?;
        let sidste = rows(&transaction, &Sql::fixed(Dialect::Postgres, texts::SEGL_SIDSTE, [])).await?;
        let sidste = sidste.first().map(segl);
        let nr = sidste.as_ref().map_or(1, |s| s.nr + 1);
        let tag = Sql::fixed(Dialect::Postgres, TAG, [nr, antal].map(Value::Int));
        let linjer = rows(&transaction, &tag).await?;
        let linjer = linjer.iter().map(linje).collect::<Result<Vec<_>, _>>()?;
        if linjer.is_empty() {
            return Ok(0);
        }
        let nyt = Segl::naeste(sidste.as_ref(), nu, &linjer);
        let insert = transaction.prepare_cached(texts::SEGL_NYT).await?;
        let values: [&(dyn ToSql + Sync); 5] = [&nyt.nr, &nyt.tid, &nyt.forrige, &nyt.antal, &nyt.hash];
        match transaction.execute(&insert, &values).await {
            Ok(_) => {}
            // Another server took the number.
            Err(cause) if cause.code() == Some(&SqlState::UNIQUE_VIOLATION) => return Ok(0),
            Err(cause) => return Err(cause.into()),
        }
        for sql in lagt_til(&linjer, Dialect::Postgres) {
            let types: Vec<Type> = sql.values.iter().map(kind).collect();
            let values: Vec<&(dyn ToSql + Sync)> = sql.values.iter().map(parameter).collect();
            let statement = transaction.prepare_typed_cached(&sql.text, &types).await?;
            transaction.execute(&statement, &values).await?;
        }
        transaction.commit().await?;
        Ok(nyt.antal.unsigned_abs())
    }

    pub(crate) async fn sidste_segl(&self) -> Result<Option<Segl>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::SEGL_SIDSTE, []);
        Ok(self.rows(&sql).await?.first().map(segl))
    }

    pub(crate) async fn segl(&self, efter: i64, antal: i64) -> Result<Vec<Segl>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::SEGL, [efter, antal].map(Value::Int));
        Ok(self.rows(&sql).await?.iter().map(segl).collect())
    }

    pub(crate) async fn seglets_linjer(&self, nr: i64) -> Result<Vec<LogLinje>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::SEGL_LINJER, [Value::Int(nr)]);
        self.rows(&sql).await?.iter().map(linje).collect()
    }

    /// How many lines have no seal, counted no further than `antal`.
    pub(crate) async fn usegl(&self, antal: i64) -> Result<u64, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::USEGL, [Value::Int(antal)]);
        Ok(self.ints(sql, true).await?.first().copied().unwrap_or(0).unsigned_abs())
    }

    /// Seals that lines claim and there are not, and how many lines claim each.
    pub(crate) async fn uden_for_segl(&self) -> Result<Vec<(i64, i64)>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::UDEN_FOR_SEGL, []);
        Ok(self.rows(&sql).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
    }
}

fn segl(row: &Row) -> Segl {
    Segl { nr: row.get(0), tid: row.get(1), forrige: row.get(2), antal: row.get(3), hash: row.get(4) }
}
