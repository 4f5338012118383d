//! Statements that are the same on both databases.

use super::Sqlite;
use super::read::{parameter, rows};
use crate::StoreFejl;
use crate::raekke::{Felt, Raekke, Trin};
use crate::sql::Sql;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use std::sync::{Arc, Mutex};

impl Sqlite {
    /// Rows; those that take long are read where nobody waits.
    pub(crate) async fn query(self: &Arc<Self>, sql: Sql, heavy: bool) -> Result<Vec<Raekke>, StoreFejl> {
        let read = move |db: &Connection| {
            let width = db.prepare_cached(&sql.text)?.column_count();
            rows(db, &sql, |row| raekke(row, width))
        };
        if heavy { self.read_heavy(read).await } else { self.read(read) }
    }

    /// All of it or nothing; gives how many rows each statement changed, or the number of the one whose demand was not
    /// met.
    pub(crate) async fn run(&self, trin: Vec<Trin>) -> Result<Result<Vec<u64>, usize>, StoreFejl> {
        let udfald = Arc::new(Mutex::new(Ok(Vec::new())));
        let ud = udfald.clone();
        let work = move |db: &Connection| {
            let mut antal = Vec::with_capacity(trin.len());
            for (nr, Trin { sql, krav }) in trin.iter().enumerate() {
                let values: Vec<_> = sql.values.iter().map(parameter).collect();
                let aendret =
                    db.prepare_cached(&sql.text)?.execute(rusqlite::params_from_iter(values))? as u64;
                if krav.is_some_and(|krav| krav != aendret) {
                    *super::lock(&ud) = Err(nr);
                    // An error takes back what this set has done.
                    return Err(StoreFejl::Ugyldig("et krav til sættet er ikke opfyldt"));
                }
                antal.push(aendret);
            }
            *super::lock(&ud) = Ok(antal);
            Ok(0)
        };
        let skrevet = self.writer.write(work).await;
        let udfald = std::mem::replace(&mut *super::lock(&udfald), Ok(Vec::new()));
        match (skrevet, udfald) {
            (_, Err(nr)) => Ok(Err(nr)),
            (Ok(_), Ok(antal)) => Ok(Ok(antal)),
            (Err(fejl), Ok(_)) => Err(fejl),
        }
    }
}

fn raekke(row: &Row<'_>, width: usize) -> Result<Raekke, StoreFejl> {
    let felt = |nr| {
        Ok(match row.get_ref(nr)? {
            ValueRef::Null => Felt::Intet,
            ValueRef::Integer(tal) => Felt::Tal(tal),
            ValueRef::Text(tekst) => {
                Felt::Tekst(String::from_utf8(tekst.to_vec()).map_err(StoreFejl::database)?)
            }
            ValueRef::Blob(bytes) => Felt::Bytes(bytes.to_vec()),
            ValueRef::Real(_) => return Err(StoreFejl::database("et kommatal i databasen")),
        })
    };
    (0..width).map(felt).collect::<Result<Vec<_>, StoreFejl>>().map(Raekke)
}
