//! The writes, as they run on the writer thread.

use super::Sqlite;
use crate::log::pack;
use crate::sql::{ejer, kode, texts};
use crate::{EntitetSkrivning, Fjernelse, LogLinje, Noegle, StoreFejl, Tilfoejelse};
use bitemporal::Instant;
use oio::{Cvr, ObjektId};
use rusqlite::{Connection, OptionalExtension, params};

const HAENDELSE: &str =
    "INSERT INTO haendelse (objekt, objekttype, ejer, tidspunkt, handling) VALUES (?1, ?2, ?3, ?4, ?5)";

impl Sqlite {
    pub(crate) async fn append(&self, linje: LogLinje, saet: Vec<Tilfoejelse>) -> Result<(), StoreFejl> {
        let work = move |db: &Connection| {
            append(db, &saet)?;
            log(db, &linje)
        };
        self.writer.write(work).await.map(drop)
    }

    pub(crate) async fn rewrite(
        &self,
        linje: LogLinje,
        saet: Vec<Tilfoejelse>,
        kroppe: Vec<(ObjektId, Instant, Vec<u8>)>,
    ) -> Result<(), StoreFejl> {
        let work = move |db: &Connection| {
            append(db, &saet)?;
            let sql = "UPDATE registrering SET krop = ?1 WHERE objekt = ?2 AND tidspunkt = ?3";
            let mut update = db.prepare_cached(sql)?;
            for (objekt, tidspunkt, krop) in &kroppe {
                if update.execute(params![krop, objekt.0, tidspunkt.micros()])? == 0 {
                    return Err(StoreFejl::Tabt(*objekt));
                }
            }
            log(db, &linje)
        };
        self.writer.write(work).await.map(drop)
    }

    pub(crate) async fn purge(
        &self,
        linje: LogLinje,
        skriver: Cvr,
        fjernelser: Vec<Fjernelse>,
    ) -> Result<(), StoreFejl> {
        let work = move |db: &Connection| {
            for fjernelse in &fjernelser {
                remove(db, fjernelse, skriver, linje.tid)?;
            }
            log(db, &linje)
        };
        self.writer.write(work).await.map(drop)
    }

    pub(crate) async fn write_log(&self, linjer: Vec<LogLinje>) -> Result<(), StoreFejl> {
        let work = move |db: &Connection| linjer.iter().try_fold(0, |_, linje| log(db, linje));
        self.writer.write(work).await.map(drop)
    }

    pub(crate) async fn put_entities(&self, skrivninger: Vec<EntitetSkrivning>) -> Result<(), StoreFejl> {
        let work = move |db: &Connection| {
            let mut put = db.prepare_cached(texts::PUT_ENTITY)?;
            for s in &skrivninger {
                let krop = s.krop.as_deref().unwrap_or_default();
                let values = params![s.art, s.id, krop, s.foer.unwrap_or(-1)];
                let version: Option<i64> = put.query_row(values, |row| row.get(0)).optional()?;
                version.ok_or(StoreFejl::Tabt(ObjektId(s.id)))?;
            }
            Ok(0)
        };
        self.writer.write(work).await.map(drop)
    }
}

/// Guards first, then everything in the order of its index, so that a large set touches each page once.
fn append(db: &Connection, saet: &[Tilfoejelse]) -> Result<(), StoreFejl> {
    guard(db, saet)?;
    let mut registrering = db.prepare_cached(
        "INSERT INTO registrering (objekt, tidspunkt, livscyklus, krop) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut haendelse = db.prepare_cached(HAENDELSE)?;
    for t in saet {
        for ny in &t.registreringer {
            registrering.execute(params![t.objekt.0, ny.tidspunkt.micros(), kode(ny.livscyklus), ny.krop])?;
        }
        let tidspunkt = t.sidste().tidspunkt.micros();
        haendelse.execute(params![t.objekt.0, t.objekttype, t.ejer.number(), tidspunkt, t.handling])?;
    }
    let mut delete = db.prepare_cached(
        "DELETE FROM noegle WHERE ejer = ?1 AND felt = ?2 AND vaerdi = ?3 AND objekt = ?4 AND virk_fra = ?5",
    )?;
    for (ejer, objekt, n) in in_index_order(saet, |t| &t.noegler_vaek) {
        delete.execute(params![ejer.number(), n.felt, n.vaerdi, objekt.0, n.fra])?;
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO noegle (ejer, felt, vaerdi, objekt, virk_fra, virk_til) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (ejer, felt, vaerdi, objekt, virk_fra) DO UPDATE SET virk_til = excluded.virk_til",
    )?;
    for (ejer, objekt, n) in in_index_order(saet, |t| &t.noegler_til) {
        insert.execute(params![ejer.number(), n.felt, n.vaerdi, objekt.0, n.fra, n.til])?;
    }
    Ok(())
}

fn guard(db: &Connection, saet: &[Tilfoejelse]) -> Result<(), StoreFejl> {
    let mut insert = db.prepare_cached(
        "INSERT INTO objekt (id, objekttype, ejer, tidspunkt, livscyklus) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (id) DO NOTHING",
    )?;
    let mut update = db.prepare_cached(
        "UPDATE objekt SET tidspunkt = ?4, livscyklus = ?5 \
         WHERE id = ?1 AND objekttype = ?2 AND ejer = ?3 AND tidspunkt = ?6",
    )?;
    for t in saet {
        let (id, ejer) = (t.objekt.0, t.ejer.number());
        let (tidspunkt, livscyklus) = (t.sidste().tidspunkt.micros(), kode(t.sidste().livscyklus));
        let won = match t.foer {
            None => insert.execute(params![id, t.objekttype, ejer, tidspunkt, livscyklus])?,
            Some(foer) => {
                update.execute(params![id, t.objekttype, ejer, tidspunkt, livscyklus, foer.micros()])?
            }
        };
        if won == 0 {
            return Err(StoreFejl::Tabt(t.objekt));
        }
    }
    Ok(())
}

/// The keys of a set in the order of the primary key.
fn in_index_order(
    saet: &[Tilfoejelse],
    keys: impl Fn(&Tilfoejelse) -> &Vec<Noegle>,
) -> Vec<(Cvr, ObjektId, &Noegle)> {
    let mut alle: Vec<_> = saet.iter().flat_map(|t| keys(t).iter().map(|n| (t.ejer, t.objekt, n))).collect();
    alle.sort_unstable_by(|(e, o, n), (f, p, m)| {
        (e, n.felt, &n.vaerdi, o, n.fra).cmp(&(f, m.felt, &m.vaerdi, p, m.fra))
    });
    alle
}

fn remove(db: &Connection, f: &Fjernelse, skriver: Cvr, tid: Instant) -> Result<(), StoreFejl> {
    let mut find =
        db.prepare_cached("SELECT ejer, tidspunkt FROM objekt WHERE id = ?1 AND objekttype = ?2")?;
    let found: Option<(i64, i64)> =
        find.query_row(params![f.objekt.0, f.objekttype], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (stored, tidspunkt) = found.ok_or(StoreFejl::Tabt(f.objekt))?;
    if ejer(stored)? != skriver {
        return Err(StoreFejl::Fremmed(f.objekt));
    }
    for sql in [
        "DELETE FROM noegle WHERE objekt = ?1",
        "DELETE FROM registrering WHERE objekt = ?1",
        "DELETE FROM objekt WHERE id = ?1",
    ] {
        db.prepare_cached(sql)?.execute([f.objekt.0])?;
    }
    let tidspunkt = tid.micros().max(tidspunkt.saturating_add(1));
    db.prepare_cached(HAENDELSE)?.execute(params![f.objekt.0, f.objekttype, stored, tidspunkt, "Slet"])?;
    Ok(())
}

pub(super) fn log(db: &Connection, l: &LogLinje) -> Result<i64, StoreFejl> {
    let mut insert = db.prepare_cached(
        "INSERT INTO adgangslog (tid, transaktion, system, myndighed, aftale, operation, objekttype, objekter, \
         antal, udfald, regel) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    insert.execute(params![
        l.tid.micros(),
        l.transaktion,
        l.system,
        l.myndighed.map(Cvr::number),
        l.aftale,
        l.operation,
        l.objekttype,
        pack(&l.objekter),
        l.antal.cast_signed(),
        l.udfald,
        l.regel,
    ])?;
    Ok(0)
}
