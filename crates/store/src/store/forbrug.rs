//! What systems did, counted by day.

use super::Store;
use crate::forbrug::{Forbrug, Sidstafvist, Systemdag, tilladt};
use crate::raekke::Raekke;
use crate::sql::{Dialect, Sql, Value, ejer};
use crate::{LogPost, StoreFejl};
use bitemporal::Instant;
use oio::Cvr;
use std::collections::HashSet;
use uuid::Uuid;

/// Rows in one answer, at most: a quarter of a year of a system that uses everything there is.
const RAEKKER_MAX: i64 = 20_000;
/// Agreements asked about in one statement, at most.
const PAR_MAX: usize = 1_000;

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

    /// Those of these agreements with these authorities under which something was allowed after a moment. One short look in an
    /// index for each, a thousand of them in one statement.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn forbrug_brugte(
        &self,
        par: &[(Uuid, Cvr)],
        efter: Instant,
    ) -> Result<HashSet<(Uuid, Cvr)>, StoreFejl> {
        let mut ud = HashSet::new();
        for par in par.chunks(PAR_MAX) {
            let tal = |cvr: &Cvr| i64::from(cvr.number());
            let mut sql = self.sql("WITH v (aftale, myndighed) AS (");
            match sql.dialect {
                Dialect::Sqlite => {
                    for (nr, (aftale, myndighed)) in par.iter().enumerate() {
                        sql.push(if nr == 0 { "VALUES (" } else { ", (" });
                        sql.list([Value::Id(*aftale), Value::Int(tal(myndighed))]).push(")");
                    }
                }
                Dialect::Postgres => {
                    sql.push("SELECT * FROM unnest(").bind(Value::Ids(par.iter().map(|p| p.0).collect()));
                    sql.push("::uuid[], ").bind(Value::Ints(par.iter().map(|p| tal(&p.1)).collect()));
                    sql.push("::bigint[])");
                }
            }
            // What was called after a moment was counted on its day or later.
            sql.push(
                ") SELECT v.aftale, v.myndighed FROM v WHERE EXISTS (SELECT 1 FROM forbrug f WHERE f.aftale = v.aftale \
                 AND f.myndighed = v.myndighed AND f.dag >= ",
            );
            sql.int(oio::tid::day_of(efter).micros()).push(" AND f.sidst > ").int(efter.micros());
            sql.push(" AND f.udfald = ").text_value(LogPost::OK).push(")");
            for row in self.query(sql).await? {
                ud.insert((row.id(0)?, row.cvr(1)?));
            }
        }
        Ok(ud)
    }

    /// What a system did each day since one, whoever for.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn forbrug_system(&self, system: Uuid, fra: Instant) -> Result<Vec<Systemdag>, StoreFejl> {
        let mut sql = self
            .sql("SELECT dag, udfald, CAST(sum(kald) AS bigint), max(sidst) FROM forbrug WHERE system = ");
        sql.bind(Value::Id(system)).push(" AND dag >= ").int(fra.micros());
        sql.push(" GROUP BY dag, udfald ORDER BY dag, udfald LIMIT ").int(RAEKKER_MAX);
        let en = |row: &Raekke| {
            Ok(Systemdag {
                dag: row.tid(0)?,
                tilladt: tilladt(&row.tekst(1)?),
                kald: row.lille(2)?,
                sidst: row.tid(3)?,
            })
        };
        self.query(sql).await?.iter().map(en).collect()
    }

    /// When a system's last call was that was let through, since a day.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn sidste_kald(&self, system: Uuid, fra: Instant) -> Result<Option<Instant>, StoreFejl> {
        let mut sql = self.sql("SELECT max(sidst) FROM forbrug WHERE ");
        paa_den_sidste_dag(&mut sql, (system, fra), " = ");
        Ok(self.query(sql).await?.first().map(|row| row.tid_hvis(0)).transpose()?.flatten())
    }

    /// The last call of a system that was refused, since a day.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn sidst_afvist(&self, system: Uuid, fra: Instant) -> Result<Option<Sidstafvist>, StoreFejl> {
        let mut sql =
            self.sql("SELECT sidst, transaktion, operation, objekttype, myndighed FROM forbrug WHERE ");
        paa_den_sidste_dag(&mut sql, (system, fra), " <> ");
        sql.push(" ORDER BY sidst DESC, transaktion LIMIT 1");
        let en = |row: &Raekke| {
            let myndighed = ejer(row.tal(4)?)?;
            Ok(Sidstafvist {
                tid: row.tid(0)?,
                transaktion: row.id(1)?,
                operation: row.tekst(2)?,
                objekttype: row.tekst(3)?,
                myndighed,
            })
        };
        self.query(sql).await?.first().map(en).transpose()
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

/// What a system did on the last day it did something of one outcome: a walk along an index from its end.
fn paa_den_sidste_dag(sql: &mut Sql, (system, fra): (Uuid, Instant), udfald: &str) {
    sql.push("system = ").bind(Value::Id(system)).push(" AND udfald").push(udfald).text_value(LogPost::OK);
    sql.push(" AND dag = (SELECT dag FROM forbrug WHERE system = ").bind(Value::Id(system));
    sql.push(" AND udfald").push(udfald).text_value(LogPost::OK).push(" AND dag >= ").int(fra.micros());
    sql.push(" ORDER BY dag DESC LIMIT 1)");
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
