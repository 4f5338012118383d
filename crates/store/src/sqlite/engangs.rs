//! What may be used once only.

use super::Sqlite;
use crate::StoreFejl;
use rusqlite::{Connection, OptionalExtension, params};

impl Sqlite {
    pub(crate) async fn engangs(&self, noegler: Vec<[u8; 32]>, til: i64, nu: i64) -> Result<bool, StoreFejl> {
        let work = move |db: &Connection| {
            let mut find = db.prepare_cached("SELECT 1 FROM engangs WHERE noegle = ?1 AND til > ?2")?;
            for noegle in &noegler {
                if find.query_row(params![noegle, nu], |_| Ok(())).optional()?.is_some() {
                    return Ok(0);
                }
            }
            let mut insert = db.prepare_cached(
                "INSERT INTO engangs (noegle, til) VALUES (?1, ?2) ON CONFLICT (noegle) DO UPDATE SET til = excluded.til",
            )?;
            for noegle in &noegler {
                insert.execute(params![noegle, til])?;
            }
            Ok(1)
        };
        Ok(self.writer.write(work).await? == 1)
    }

    pub(crate) async fn glem(&self, nu: i64, antal: i64) -> Result<u64, StoreFejl> {
        let work = move |db: &Connection| {
            let mut delete = db.prepare_cached(
                "DELETE FROM engangs WHERE noegle IN (SELECT noegle FROM engangs WHERE til <= ?1 LIMIT ?2)",
            )?;
            Ok(i64::try_from(delete.execute(params![nu, antal])?).unwrap_or(i64::MAX))
        };
        Ok(self.writer.write(work).await?.unsigned_abs())
    }
}
