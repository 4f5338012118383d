//! What systems did, counted by day as the lines of the access log come under a seal.

use crate::sql::{Dialect, Sql, Value};
use crate::{LogLinje, LogPost};
use bitemporal::Instant;
use oio::Cvr;
use oio::tid::day_of;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a system did for an authority on a day, in one way and with one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forbrug {
    /// The system that called.
    pub system: Uuid,
    /// The first moment of the day, in Denmark.
    pub dag: Instant,
    /// The agreement that opened it.
    pub aftale: Option<Uuid>,
    /// The operation.
    pub operation: String,
    /// The object type.
    pub objekttype: String,
    /// Whether it was allowed.
    pub tilladt: bool,
    /// How many calls.
    pub kald: u64,
    /// How many objects they wrote or were given.
    pub objekter: u64,
    /// When the last one came.
    pub sidst: Instant,
    /// The transaction of the last one.
    pub transaktion: Uuid,
}

/// What a system did on a day, for whomever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Systemdag {
    /// The first moment of the day, in Denmark.
    pub dag: Instant,
    /// Whether it was allowed.
    pub tilladt: bool,
    /// How many calls.
    pub kald: u64,
    /// When the last one came.
    pub sidst: Instant,
}

/// The last refusal of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sidstafvist {
    /// When.
    pub tid: Instant,
    /// The reference by which it can be explained.
    pub transaktion: Uuid,
    /// What the system wanted.
    pub operation: String,
    /// To what.
    pub objekttype: String,
    /// For whom.
    pub myndighed: Cvr,
}

/// What lines are counted as one by, in the order in which rows are changed: so two servers cannot wait for each other.
type Noegle<'l> = (Uuid, Cvr, i64, Uuid, &'l str, &'l str, &'l str);

#[derive(Clone, Copy)]
struct Taelling {
    kald: u64,
    objekter: u64,
    sidst: Instant,
    transaktion: Uuid,
}

impl Taelling {
    fn objekter(self) -> i64 {
        i64::try_from(self.objekter).unwrap_or(i64::MAX)
    }
}

/// The statements that add these lines to what was counted before. Lines of no known system or authority are not counted.
pub(crate) fn lagt_til(linjer: &[LogLinje], dialect: Dialect) -> Vec<Sql> {
    let mut talt: BTreeMap<Noegle<'_>, Taelling> = BTreeMap::new();
    for l in linjer {
        let (Some(system), Some(myndighed)) = (l.system, l.myndighed) else { continue };
        let aftale = l.aftale.unwrap_or_default();
        let dag = day_of(l.tid).micros();
        let noegle =
            (system, myndighed, dag, aftale, l.operation.as_str(), l.objekttype.as_str(), l.udfald.as_str());
        let ny = Taelling { kald: 0, objekter: 0, sidst: l.tid, transaktion: l.transaktion };
        let t = talt.entry(noegle).or_insert(ny);
        t.kald += 1;
        t.objekter = t.objekter.saturating_add(l.antal);
        if l.tid >= t.sidst {
            (t.sidst, t.transaktion) = (l.tid, l.transaktion);
        }
    }
    if talt.is_empty() {
        return Vec::new();
    }
    match dialect {
        Dialect::Sqlite => talt.into_iter().map(|(noegle, t)| raekke(noegle, t)).collect(),
        Dialect::Postgres => vec![raekker(talt)],
    }
}

/// What a row that is there already becomes.
macro_rules! sammen {
    () => {
        " ON CONFLICT (system, myndighed, dag, aftale, operation, objekttype, udfald) DO UPDATE SET \
         kald = forbrug.kald + excluded.kald, objekter = forbrug.objekter + excluded.objekter, \
         transaktion = CASE WHEN excluded.sidst >= forbrug.sidst THEN excluded.transaktion ELSE forbrug.transaktion END, \
         sidst = CASE WHEN excluded.sidst >= forbrug.sidst THEN excluded.sidst ELSE forbrug.sidst END"
    };
}

/// All of them in one statement, in their order: where every statement is a way to the server and back.
fn raekker(talt: BTreeMap<Noegle<'_>, Taelling>) -> Sql {
    let ider =
        |af: fn(&Noegle<'_>, &Taelling) -> Uuid| Value::Ids(talt.iter().map(|(n, t)| af(n, t)).collect());
    let tal =
        |af: fn(&Noegle<'_>, &Taelling) -> i64| Value::Ints(talt.iter().map(|(n, t)| af(n, t)).collect());
    let tekster = |af: fn(&Noegle<'_>) -> String| Value::Texts(talt.keys().map(af).collect());
    Sql::fixed(
        Dialect::Postgres,
        concat!(
            "INSERT INTO forbrug (system, myndighed, dag, aftale, operation, objekttype, udfald, kald, objekter, sidst, \
             transaktion) SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::uuid[], $5::text[], \
             $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::uuid[])",
            sammen!()
        ),
        [
            ider(|n, _| n.0),
            tal(|n, _| n.1.number().into()),
            tal(|n, _| n.2),
            ider(|n, _| n.3),
            tekster(|n| n.4.to_owned()),
            tekster(|n| n.5.to_owned()),
            tekster(|n| n.6.to_owned()),
            tal(|_, t| t.kald.cast_signed()),
            tal(|_, t| t.objekter()),
            tal(|_, t| t.sidst.micros()),
            ider(|_, t| t.transaktion),
        ],
    )
}

fn raekke(noegle: Noegle<'_>, t: Taelling) -> Sql {
    let (system, myndighed, dag, aftale, operation, objekttype, udfald) = noegle;
    Sql::fixed(
        Dialect::Sqlite,
        concat!(
            "INSERT INTO forbrug (system, myndighed, dag, aftale, operation, objekttype, udfald, kald, objekter, sidst, \
             transaktion) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            sammen!()
        ),
        [
            Value::Id(system),
            Value::Int(myndighed.number().into()),
            Value::Int(dag),
            Value::Id(aftale),
            Value::Text(operation.to_owned()),
            Value::Text(objekttype.to_owned()),
            Value::Text(udfald.to_owned()),
            Value::Int(t.kald.cast_signed()),
            Value::Int(t.objekter()),
            Value::Int(t.sidst.micros()),
            Value::Id(t.transaktion),
        ],
    )
}

/// Whether an outcome is that of an allowed call.
pub(crate) fn tilladt(udfald: &str) -> bool {
    udfald == LogPost::OK
}
