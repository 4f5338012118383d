//! What systems did, counted by day.

use super::Store;
use crate::forbrug::{Forbrug, tilladt};
use crate::raekke::Raekke;
use crate::sql::Value;
use crate::{LogPost, StoreFejl};
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

/// Rows in one answer, at most: a quarter of a year of a system that uses everything there is.
const RAEKKER_MAX: i64 = 20_000;

impl Store {
    /// What a system did for an authority since a day, and what others did for it under one of its agreements; the latest
    /// first. A call is counted a second or two after it came,
    /// when its line of the access log gets its seal.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn forbrug(
        &self,
        (system, aftale): (Uuid, Uuid),
        myndighed: Cvr,
        fra: Instant,
    ) -> Result<Vec<Forbrug>, StoreFejl> {
        let mut sql = self.sql(
            "SELECT dag, aftale, operation, objekttype, udfald, kald, objekter, sidst, transaktion, system FROM forbrug \
             WHERE (system = ",
        );
        sql.bind(Value::Id(system)).push(" OR aftale = ").bind(Value::Id(aftale));
        sql.push(") AND myndighed = ").int(myndighed.number().into());
        sql.push(" AND dag >= ").int(fra.micros());
        sql.push(" ORDER BY dag DESC, system, aftale, operation, objekttype, udfald LIMIT ").int(RAEKKER_MAX);
        self.query(sql).await?.iter().map(forbrug).collect()
    }

    /// The first day on which something was allowed under an agreement for an authority, and when the last time was, as far as
    /// it is not forgotten.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn forbrug_spaend(
        &self,
        aftale: Uuid,
        myndighed: Cvr,
    ) -> Result<Option<(Instant, Instant)>, StoreFejl> {
        let mut sql = self.sql("SELECT min(dag), max(sidst) FROM forbrug WHERE aftale = ");
        sql.bind(Value::Id(aftale)).push(" AND myndighed = ").int(myndighed.number().into());
        sql.push(" AND udfald = ").text_value(LogPost::OK);
        let raekker = self.query(sql).await?;
        let Some(row) = raekker.first() else { return Ok(None) };
        Ok(row.tid_hvis(0)?.zip(row.tid_hvis(1)?))
    }

    /// The first day on which something was counted that is not forgotten.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn forbrug_begyndt(&self) -> Result<Option<Instant>, StoreFejl> {
        let sql = self.sql("SELECT min(dag) FROM forbrug");
        Ok(self.query(sql).await?.first().map(|row| row.tid_hvis(0)).transpose()?.flatten())
    }

    /// Forgets what was counted on days before one.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn glem_forbrug(&self, foer: Instant) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("DELETE FROM forbrug WHERE dag < ");
        sql.int(foer.micros());
        self.run_one(sql).await
    }
}

fn forbrug(row: &Raekke) -> Result<Forbrug, StoreFejl> {
    Ok(Forbrug {
        dag: row.tid(0)?,
        aftale: Some(row.id(1)?).filter(|id| !id.is_nil()),
        operation: row.tekst(2)?,
        objekttype: row.tekst(3)?,
        tilladt: tilladt(&row.tekst(4)?),
        kald: row.lille(5)?,
        objekter: row.lille(6)?,
        sidst: row.tid(7)?,
        transaktion: row.id(8)?,
        system: row.id(9)?,
    })
}
