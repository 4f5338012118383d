//! Seals over the access log.

use super::Sqlite;
use super::read::{linje, parameter, rows};
use crate::forbrug::lagt_til;
use crate::segl::Segl;
use crate::sql::{Dialect, Sql, Value, texts};
use crate::{LogLinje, StoreFejl};
use bitemporal::Instant;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::sync::Arc;

const TAG: &str = "UPDATE adgangslog SET segl = $1 WHERE rowid IN (SELECT rowid FROM adgangslog WHERE segl IS NULL \
    LIMIT $2) RETURNING tid, transaktion, system, myndighed, aftale, operation, objekttype, objekter, antal, udfald, \
    regel";

impl Sqlite {
    pub(crate) async fn forsegl(&self, nu: Instant, antal: i64) -> Result<u64, StoreFejl> {
        let work = move |db: &Connection| {
            let sidste = db.prepare_cached(texts::SEGL_SIDSTE)?.query_row([], segl).optional()?;
            let nr = sidste.as_ref().map_or(1, |s| s.nr + 1);
            let tag = Sql::fixed(Dialect::Sqlite, TAG, [nr, antal].map(Value::Int));
            let linjer = rows(db, &tag, linje)?;
            if linjer.is_empty() {
                return Ok(0);
            }
            let nyt = Segl::naeste(sidste.as_ref(), nu, &linjer);
            db.prepare_cached(texts::SEGL_NYT)?.execute(params![
                nyt.nr,
                nyt.tid,
                nyt.forrige,
                nyt.antal,
                nyt.hash
            ])?;
            for sql in lagt_til(&linjer, Dialect::Sqlite) {
                let values: Vec<_> = sql.values.iter().map(parameter).collect();
                db.prepare_cached(&sql.text)?.execute(rusqlite::params_from_iter(values))?;
            }
            Ok(nyt.antal)
        };
        Ok(self.writer.write(work).await?.unsigned_abs())
    }

    pub(crate) async fn sidste_segl(self: &Arc<Self>) -> Result<Option<Segl>, StoreFejl> {
        self.read(|db| Ok(db.prepare_cached(texts::SEGL_SIDSTE)?.query_row([], segl).optional()?))
    }

    pub(crate) async fn segl(self: &Arc<Self>, efter: i64, antal: i64) -> Result<Vec<Segl>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::SEGL, [efter, antal].map(Value::Int));
        self.read_heavy(move |db| rows(db, &sql, |row| Ok(segl(row)?))).await
    }

    pub(crate) async fn seglets_linjer(self: &Arc<Self>, nr: i64) -> Result<Vec<LogLinje>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::SEGL_LINJER, [Value::Int(nr)]);
        self.read_heavy(move |db| rows(db, &sql, linje)).await
    }

    /// How many lines have no seal, counted no further than `antal`.
    pub(crate) async fn usegl(self: &Arc<Self>, antal: i64) -> Result<u64, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::USEGL, [Value::Int(antal)]);
        let ints = self.ints(sql, antal > 1).await?;
        Ok(ints.first().copied().unwrap_or(0).unsigned_abs())
    }

    /// Seals that lines claim and there are not, and how many lines claim each.
    pub(crate) async fn uden_for_segl(self: &Arc<Self>) -> Result<Vec<(i64, i64)>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::UDEN_FOR_SEGL, []);
        self.read_heavy(move |db| rows(db, &sql, |row| Ok((row.get(0)?, row.get(1)?)))).await
    }
}

fn segl(row: &Row<'_>) -> Result<Segl, rusqlite::Error> {
    Ok(Segl {
        nr: row.get(0)?,
        tid: row.get(1)?,
        forrige: row.get(2)?,
        antal: row.get(3)?,
        hash: row.get(4)?,
    })
}
