//! The reads.

use super::{Postgres, client};
use crate::log::unpack;
use crate::sql::{Sql, Value, ejer, livscyklus, texts};
use crate::{Entitetsraekke, Gemt, Haendelse, LogLinje, Noegle, Scannet, Stats, StoreFejl};
use bitemporal::Instant;
use deadpool_postgres::GenericClient;
use oio::{Cvr, ObjektId};
use std::collections::HashMap;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

const LOAD_MANY: &str = "SELECT o.id, o.ejer, o.tidspunkt, o.livscyklus, r.krop FROM objekt o \
    JOIN registrering r ON r.objekt = o.id AND r.tidspunkt = o.tidspunkt \
    WHERE o.id = ANY($1) AND o.objekttype = $2";

const KEYS: &str = "SELECT objekt, felt, vaerdi, virk_fra, virk_til FROM noegle WHERE objekt = ANY($1) \
    ORDER BY objekt, felt, vaerdi, virk_fra";

impl Postgres {
    pub(crate) async fn load(&self, objekttype: &str, objekt: ObjektId) -> Result<Option<Gemt>, StoreFejl> {
        let client = client(&self.readers).await?;
        let statement = client.prepare_cached(texts::LOAD).await?;
        let row = client.query_opt(&statement, &[&objekt.0, &objekttype]).await?;
        row.map(|row| gemt(objekt, &row, 0)).transpose()
    }

    pub(crate) async fn load_many(
        &self,
        objekttype: &str,
        objekter: &[ObjektId],
    ) -> Result<Vec<Gemt>, StoreFejl> {
        let client = client(&self.readers).await?;
        let ids: Vec<Uuid> = objekter.iter().map(|o| o.0).collect();
        let statement = client.prepare_cached(LOAD_MANY).await?;
        let rows = client.query(&statement, &[&ids, &objekttype]).await?;
        let found = rows.iter().map(|row| Ok((row.get(0), gemt(ObjektId(row.get(0)), row, 1)?)));
        let found = found.collect::<Result<HashMap<Uuid, Gemt>, StoreFejl>>()?;
        Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
    }

    pub(crate) async fn history(
        &self,
        objekttype: &str,
        objekt: ObjektId,
    ) -> Result<Option<(Cvr, Vec<Vec<u8>>)>, StoreFejl> {
        let client = client(&self.readers).await?;
        let statement = client.prepare_cached(texts::HISTORY).await?;
        let rows = client.query(&statement, &[&objekt.0, &objekttype]).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        Ok(Some((ejer(first.get(0))?, rows.iter().map(|row| row.get(1)).collect())))
    }

    pub(crate) async fn ids(&self, sql: Sql, _heavy: bool) -> Result<Vec<ObjektId>, StoreFejl> {
        Ok(self.rows(&sql).await?.iter().map(|row| ObjektId(row.get(0))).collect())
    }

    /// The integers of a single row, or of a single column.
    pub(crate) async fn ints(&self, sql: Sql, _heavy: bool) -> Result<Vec<i64>, StoreFejl> {
        let rows = self.rows(&sql).await?;
        Ok(rows.iter().flat_map(|row| (0..row.len()).map(|i| row.get(i))).collect())
    }

    pub(crate) async fn scan(&self, sql: Sql) -> Result<Vec<Scannet>, StoreFejl> {
        let mut client = client(&self.readers).await?;
        // One snapshot for objects and keys.
        let builder =
            client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let snapshot = builder.start().await?;
        let objekter = rows(&snapshot, &sql).await?;
        let ids: Vec<Uuid> = objekter.iter().map(|row| row.get(0)).collect();
        let mut noegler: HashMap<Uuid, Vec<Noegle>> = HashMap::new();
        for row in snapshot.query(&snapshot.prepare_cached(KEYS).await?, &[&ids]).await? {
            let noegle = Noegle { felt: row.get(1), vaerdi: row.get(2), fra: row.get(3), til: row.get(4) };
            noegler.entry(row.get(0)).or_default().push(noegle);
        }
        snapshot.commit().await?;
        let scannet = objekter.iter().map(|row| {
            let gemt = gemt(ObjektId(row.get(0)), row, 2)?;
            let noegler = noegler.remove(&gemt.objekt.0).unwrap_or_default();
            Ok(Scannet { gemt, objekttype: row.get(1), noegler })
        });
        scannet.collect()
    }

    pub(crate) async fn haendelser(&self, antal: i64) -> Result<Vec<Haendelse>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::HAENDELSER, [Value::Int(antal)]);
        self.rows(&sql).await?.iter().map(haendelse).collect()
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
        self.rows(&sql).await?.iter().map(linje).collect()
    }

    pub(crate) async fn adgangslog_transaktion(
        &self,
        transaktion: Uuid,
        antal: i64,
    ) -> Result<Vec<LogLinje>, StoreFejl> {
        let values = [Value::Id(transaktion), Value::Int(antal)];
        let sql = Sql::fixed(self.dialect(), texts::ADGANGSLOG_TRANSAKTION, values);
        self.rows(&sql).await?.iter().map(linje).collect()
    }

    pub(crate) async fn entities(&self, art: &str) -> Result<Vec<Entitetsraekke>, StoreFejl> {
        let sql = Sql::fixed(self.dialect(), texts::ENTITIES, [Value::Text(art.to_owned())]);
        Ok(self.rows(&sql).await?.iter().map(entitet).collect())
    }

    pub(crate) async fn entities_of(&self, arter: &[&str]) -> Result<Vec<Vec<Entitetsraekke>>, StoreFejl> {
        let mut client = client(&self.readers).await?;
        // One snapshot for all kinds, as in a scan.
        let builder =
            client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true);
        let snapshot = builder.start().await?;
        let mut alle = Vec::with_capacity(arter.len());
        for art in arter {
            let sql = Sql::fixed(self.dialect(), texts::ENTITIES, [Value::Text((*art).to_owned())]);
            alle.push(rows(&snapshot, &sql).await?.iter().map(entitet).collect());
        }
        snapshot.commit().await?;
        Ok(alle)
    }

    pub(crate) async fn stats(&self) -> Result<Stats, StoreFejl> {
        let counts = self.rows(&Sql::fixed(self.dialect(), texts::LEVENDE, [])).await?;
        let count = |row: &Row, column| row.get::<_, i64>(column).cast_unsigned();
        let size = Sql::fixed(self.dialect(), "SELECT pg_database_size(current_database())", []);
        let waiting = Sql::fixed(self.dialect(), texts::VENTER, []);
        let single = |ints: Vec<i64>| ints.first().copied().unwrap_or(0).cast_unsigned();
        Ok(Stats {
            levende: counts.iter().map(|row| (row.get(0), count(row, 1))).collect(),
            size_bytes: single(self.ints(size, true).await?),
            haendelser: single(self.ints(waiting, true).await?),
            skrivekoe: self.writer.depth(),
            ..Stats::default()
        })
    }

    pub(super) async fn rows(&self, sql: &Sql) -> Result<Vec<Row>, StoreFejl> {
        Ok(rows(&client(&self.readers).await?, sql).await?)
    }
}

/// Runs a statement whose parameters have the types of its values.
pub(super) async fn rows(client: &impl GenericClient, sql: &Sql) -> Result<Vec<Row>, tokio_postgres::Error> {
    let types: Vec<Type> = sql.values.iter().map(kind).collect();
    let values: Vec<&(dyn ToSql + Sync)> = sql.values.iter().map(parameter).collect();
    let statement = client.prepare_typed_cached(&sql.text, &types).await?;
    client.query(&statement, &values).await
}

pub(super) fn kind(value: &Value) -> Type {
    match value {
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Id(_) => Type::UUID,
        Value::MaybeInt(_) => Type::INT8,
        Value::MaybeId(_) => Type::UUID,
        Value::Bytes(_) => Type::BYTEA,
        Value::MaybeText(_) => Type::TEXT,
        Value::Texts(_) => Type::TEXT_ARRAY,
        Value::Ids(_) => Type::UUID_ARRAY,
        Value::Ints(_) => Type::INT8_ARRAY,
        Value::Kroppe(_) => Type::BYTEA_ARRAY,
    }
}

pub(super) fn parameter(value: &Value) -> &(dyn ToSql + Sync) {
    match value {
        Value::Int(int) => int,
        Value::Text(text) => text,
        Value::Id(id) => id,
        Value::MaybeInt(int) => int,
        Value::MaybeId(id) => id,
        Value::Bytes(bytes) => bytes,
        Value::MaybeText(text) => text,
        Value::Texts(texts) => texts,
        Value::Ids(ids) => ids,
        Value::Ints(ints) => ints,
        Value::Kroppe(kroppe) => kroppe,
    }
}

/// Reads owner, time, life cycle and body from the column `first` on.
fn gemt(objekt: ObjektId, row: &Row, first: usize) -> Result<Gemt, StoreFejl> {
    Ok(Gemt {
        objekt,
        ejer: ejer(row.get(first))?,
        tidspunkt: Instant::from_micros(row.get(first + 1)),
        livscyklus: livscyklus(row.get(first + 2))?,
        krop: row.get(first + 3),
    })
}

fn entitet(row: &Row) -> Entitetsraekke {
    (row.get(0), row.get(1), row.get(2))
}

fn haendelse(row: &Row) -> Result<Haendelse, StoreFejl> {
    Ok(Haendelse {
        id: row.get(0),
        objekt: ObjektId(row.get(1)),
        objekttype: row.get(2),
        ejer: ejer(row.get(3))?,
        tidspunkt: Instant::from_micros(row.get(4)),
        handling: row.get(5),
        indeks: row.get(6),
        omslag: row.get::<_, Option<Vec<u8>>>(7).unwrap_or_default(),
    })
}

pub(super) fn linje(row: &Row) -> Result<LogLinje, StoreFejl> {
    Ok(LogLinje {
        tid: Instant::from_micros(row.get(0)),
        transaktion: row.get(1),
        system: row.get(2),
        myndighed: row.get::<_, Option<i64>>(3).map(ejer).transpose()?,
        aftale: row.get(4),
        operation: row.get(5),
        objekttype: row.get(6),
        objekter: unpack(row.get(7)),
        antal: row.get::<_, i64>(8).cast_unsigned(),
        udfald: row.get(9),
        regel: row.get(10),
    })
}
