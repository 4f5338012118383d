//! The reads.

use super::Sqlite;
use crate::log::unpack;
use crate::sql::{Sql, Value, ejer, livscyklus, texts};
use crate::{Entitetsraekke, Gemt, Haendelse, LogLinje, Noegle, Scannet, Stats, StoreFejl};
use bitemporal::Instant;
use oio::{Cvr, ObjektId};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, Row, ToSql, params};
use std::rc::Rc;
use std::sync::Arc;
use uuid::Uuid;

/// More objects than this are read on another thread.
const INLINE_MAX: usize = 1_000;

impl Sqlite {
    pub(crate) async fn load(&self, objekttype: &str, objekt: ObjektId) -> Result<Option<Gemt>, StoreFejl> {
        self.read(|db| load(db, objekttype, objekt))
    }

    pub(crate) async fn load_many(
        self: &Arc<Self>,
        objekttype: &str,
        objekter: &[ObjektId],
    ) -> Result<Vec<Gemt>, StoreFejl> {
        if objekter.len() <= INLINE_MAX {
            return self.read(|db| load_all(db, objekttype, objekter));
        }
        let (objekttype, objekter) = (objekttype.to_owned(), objekter.to_vec());
        self.read_heavy(move |db| load_all(db, &objekttype, &objekter)).await
    }

    pub(crate) async fn history(
        &self,
        objekttype: &str,
        objekt: ObjektId,
    ) -> Result<Option<(Cvr, Vec<Vec<u8>>)>, StoreFejl> {
        self.read(|db| {
            let mut statement = db.prepare_cached(texts::HISTORY)?;
            let mut rows = statement.query(params![objekt.0, objekttype])?;
            let mut found: Option<(Cvr, Vec<Vec<u8>>)> = None;
            while let Some(row) = rows.next()? {
                let krop = row.get(1)?;
                match &mut found {
                    Some((_, kroppe)) => kroppe.push(krop),
                    None => found = Some((ejer(row.get(0)?)?, vec![krop])),
                }
            }
            Ok(found)
        })
    }

    pub(crate) async fn ids(self: &Arc<Self>, sql: Sql, heavy: bool) -> Result<Vec<ObjektId>, StoreFejl> {
        let ids = move |db: &Connection| rows(db, &sql, |row| Ok(ObjektId(row.get(0)?)));
        if heavy { self.read_heavy(ids).await } else { self.read(ids) }
    }

    /// The integers of a single row, or of a single column.
    pub(crate) async fn ints(self: &Arc<Self>, sql: Sql, heavy: bool) -> Result<Vec<i64>, StoreFejl> {
        let ints = move |db: &Connection| {
            let width = db.prepare_cached(&sql.text)?.column_count();
            let ints = |row: &Row<'_>| (0..width).map(|i| Ok(row.get(i)?)).collect::<Result<Vec<i64>, _>>();
            Ok(rows(db, &sql, ints)?.into_iter().flatten().collect())
        };
        if heavy { self.read_heavy(ints).await } else { self.read(ints) }
    }

    pub(crate) async fn scan(self: &Arc<Self>, sql: Sql) -> Result<Vec<Scannet>, StoreFejl> {
        self.read_heavy(move |db| {
            // One snapshot for objects and keys. It is only read, so that rolling back at the end is right.
            let snapshot = db.unchecked_transaction()?;
            let mut scannet = rows(&snapshot, &sql, scannet)?;
            let mut keys = snapshot.prepare_cached(
                "SELECT felt, vaerdi, virk_fra, virk_til FROM noegle WHERE objekt = $1 \
                 ORDER BY felt, vaerdi, virk_fra",
            )?;
            for s in &mut scannet {
                let noegler = keys.query_map([s.gemt.objekt.0], |row| {
                    Ok(Noegle { felt: row.get(0)?, vaerdi: row.get(1)?, fra: row.get(2)?, til: row.get(3)? })
                })?;
                s.noegler = noegler.collect::<Result<_, _>>()?;
            }
            Ok(scannet)
        })
        .await
    }

    pub(crate) async fn haendelser(&self, antal: i64) -> Result<Vec<Haendelse>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::HAENDELSER, [Value::Int(antal)]);
        self.read(|db| rows(db, &sql, haendelse))
    }

    pub(crate) async fn adgangslog(
        &self,
        myndighed: Option<Cvr>,
        (fra, til): (Instant, Instant),
        antal: i64,
    ) -> Result<Vec<LogLinje>, StoreFejl> {
        let periode = [fra.micros(), til.micros(), antal].map(Value::Int);
        let ejer = myndighed.map(|cvr| Value::Int(cvr.number().into()));
        let values: Vec<Value> = ejer.into_iter().chain(periode).collect();
        let text = if myndighed.is_some() { texts::ADGANGSLOG_MYNDIGHED } else { texts::ADGANGSLOG };
        let sql = Sql::fixed(self.dialect(), text, values);
        self.read(|db| rows(db, &sql, linje))
    }

    pub(crate) async fn adgangslog_transaktion(
        &self,
        transaktion: Uuid,
        antal: i64,
    ) -> Result<Vec<LogLinje>, StoreFejl> {
        let values = [Value::Id(transaktion), Value::Int(antal)];
        let sql = Sql::fixed(self.dialect(), texts::ADGANGSLOG_TRANSAKTION, values);
        self.read(|db| rows(db, &sql, linje))
    }

    pub(crate) async fn entities(&self, art: &str) -> Result<Vec<Entitetsraekke>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::ENTITIES, [Value::Text(art.to_owned())]);
        self.read(|db| rows(db, &sql, entitet))
    }

    pub(crate) async fn entities_of(
        self: &Arc<Self>,
        arter: &[&str],
    ) -> Result<Vec<Vec<Entitetsraekke>>, StoreFejl> {
        let sql = |art: &&str| Sql::fixed(self.dialect(), texts::ENTITIES, [Value::Text((*art).to_owned())]);
        let arter: Vec<Sql> = arter.iter().map(sql).collect();
        self.read_heavy(move |db| {
            // One snapshot for all kinds, as in a scan.
            let snapshot = db.unchecked_transaction()?;
            arter.iter().map(|sql| rows(&snapshot, sql, entitet)).collect()
        })
        .await
    }
}

/// Runs a statement and reads every row.
pub(super) fn rows<T>(
    db: &Connection,
    sql: &Sql,
    read: impl Fn(&Row<'_>) -> Result<T, StoreFejl>,
) -> Result<Vec<T>, StoreFejl> {
    let mut statement = db.prepare_cached(&sql.text)?;
    let values: Vec<Box<dyn ToSql>> = sql.values.iter().map(parameter).collect();
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

pub(super) fn parameter(value: &Value) -> Box<dyn ToSql> {
    match value {
        Value::Int(int) => Box::new(*int),
        Value::Text(text) => Box::new(text.clone()),
        Value::Id(id) => Box::new(*id),
        Value::MaybeInt(int) => Box::new(*int),
        Value::MaybeId(id) => Box::new(*id),
        Value::Bytes(bytes) => Box::new(bytes.clone()),
        Value::MaybeText(text) => Box::new(text.clone()),
        Value::Texts(texts) => array(texts.iter().cloned().map(SqlValue::Text)),
        Value::Ids(ids) => array(ids.iter().map(|id| SqlValue::Blob(id.as_bytes().to_vec()))),
        Value::Ints(ints) => array(ints.iter().copied().map(SqlValue::Integer)),
        Value::Kroppe(kroppe) => array(kroppe.iter().cloned().map(SqlValue::Blob)),
    }
}

fn array(values: impl Iterator<Item = SqlValue>) -> Box<dyn ToSql> {
    Box::new(Rc::new(values.collect::<Vec<_>>()))
}

fn load_all(db: &Connection, objekttype: &str, objekter: &[ObjektId]) -> Result<Vec<Gemt>, StoreFejl> {
    objekter.iter().filter_map(|objekt| load(db, objekttype, *objekt).transpose()).collect()
}

fn load(db: &Connection, objekttype: &str, objekt: ObjektId) -> Result<Option<Gemt>, StoreFejl> {
    let mut statement = db.prepare_cached(texts::LOAD)?;
    let mut rows = statement.query(params![objekt.0, objekttype])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    gemt(objekt, row, 0).map(Some)
}

/// Reads owner, time, life cycle and body from the column `first` on.
fn gemt(objekt: ObjektId, row: &Row<'_>, first: usize) -> Result<Gemt, StoreFejl> {
    Ok(Gemt {
        objekt,
        ejer: ejer(row.get(first)?)?,
        tidspunkt: Instant::from_micros(row.get(first + 1)?),
        livscyklus: livscyklus(row.get(first + 2)?)?,
        krop: row.get(first + 3)?,
    })
}

fn entitet(row: &Row<'_>) -> Result<Entitetsraekke, StoreFejl> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn scannet(row: &Row<'_>) -> Result<Scannet, StoreFejl> {
    let gemt = gemt(ObjektId(row.get(0)?), row, 2)?;
    Ok(Scannet { gemt, objekttype: row.get(1)?, noegler: Vec::new() })
}

fn haendelse(row: &Row<'_>) -> Result<Haendelse, StoreFejl> {
    Ok(Haendelse {
        id: row.get(0)?,
        objekt: ObjektId(row.get(1)?),
        objekttype: row.get(2)?,
        ejer: ejer(row.get(3)?)?,
        tidspunkt: Instant::from_micros(row.get(4)?),
        handling: row.get(5)?,
        indeks: row.get(6)?,
        omslag: row.get::<_, Option<Vec<u8>>>(7)?.unwrap_or_default(),
    })
}

pub(super) fn linje(row: &Row<'_>) -> Result<LogLinje, StoreFejl> {
    Ok(LogLinje {
        tid: Instant::from_micros(row.get(0)?),
        transaktion: row.get(1)?,
        system: row.get(2)?,
        myndighed: row.get::<_, Option<i64>>(3)?.map(ejer).transpose()?,
        aftale: row.get(4)?,
        operation: row.get(5)?,
        objekttype: row.get(6)?,
        objekter: unpack(&row.get::<_, Vec<u8>>(7)?),
        antal: row.get::<_, i64>(8)?.cast_unsigned(),
        udfald: row.get(9)?,
        regel: row.get(10)?,
    })
}

pub(super) fn stats(db: &Connection) -> Result<Stats, StoreFejl> {
    let mut counts = db.prepare_cached(texts::LEVENDE)?;
    let levende = counts
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))?
        .collect::<Result<_, _>>()?;
    let int = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned);
    Ok(Stats {
        levende,
        size_bytes: int("PRAGMA page_count")? * int("PRAGMA page_size")?,
        haendelser: int(texts::VENTER)?,
        ..Stats::default()
    })
}
