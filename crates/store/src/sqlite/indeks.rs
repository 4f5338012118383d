//! The objects of the indexes, as they are written on the writer thread.

use super::Sqlite;
use super::write::log;
use crate::indeks::{Indeksfjernelse, Indekshaendelse, Klar, Klarnoegle, Overtagelse, alle_vundet, forskel};
use crate::sql::{ejer, texts};
use crate::{LogLinje, StoreFejl};
use oio::{Cvr, ObjektId};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

impl Sqlite {
    /// Gives the places of those that were written.
    pub(crate) async fn indeks_skriv(
        &self,
        mut linje: LogLinje,
        boelger: Vec<Vec<Klar>>,
        overtaget: Option<Overtagelse>,
    ) -> Result<Vec<usize>, StoreFejl> {
        let skrevet = Arc::new(Mutex::new(Vec::new()));
        let ud = skrevet.clone();
        let work = move |db: &Connection| {
            for boelge in &boelger {
                let vundet = skriv(db, boelge)?;
                noegler(db, &vundet)?;
                linje.objekter.extend(vundet.iter().map(|(_, k)| ObjektId(k.s.id)));
                super::lock(&ud).extend(vundet.iter().map(|(_, k)| k.plads));
            }
            if let Some(o) = overtaget.filter(|_| alle_vundet(&boelger, super::lock(&ud).len())) {
                let mut naaet = db.prepare_cached(texts::OVERTAGELSE)?;
                if naaet.execute(params![o.id, o.version, linje.tid.micros(), o.krop])? == 0 {
                    return Err(StoreFejl::Tabt(ObjektId(o.id)));
                }
            }
            linje.antal = linje.objekter.len() as u64;
            if linje.antal == 0 { Ok(0) } else { log(db, &linje) }
        };
        self.writer.write(work).await?;
        Ok(std::mem::take(&mut *super::lock(&skrevet)))
    }

    pub(crate) async fn indeks_fjern(
        &self,
        linje: LogLinje,
        skriver: Cvr,
        fjernelser: Vec<Indeksfjernelse>,
    ) -> Result<(), StoreFejl> {
        let work = move |db: &Connection| {
            for f in &fjernelser {
                fjern(db, f, skriver, &linje)?;
            }
            log(db, &linje)
        };
        self.writer.write(work).await.map(drop)
    }
}

/// Registreringer and haendelser of those whose guard holds, with their numbers.
fn skriv<'k>(db: &Connection, boelge: &'k [Klar]) -> Result<Vec<(i64, &'k Klar)>, StoreFejl> {
    let mut tidligere = db.prepare_cached(
        "INSERT INTO indekshistorik (objekt, tidspunkt, art, krop) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut vundet = Vec::with_capacity(boelge.len());
    for k in boelge {
        let Some(nr) = vind(db, k)? else { continue };
        for (tidspunkt, krop) in &k.s.tidligere {
            tidligere.execute(params![nr, tidspunkt.micros(), k.s.art, krop])?;
        }
        if let Some(haendelse) = &k.s.haendelse {
            meld(db, haendelse, (nr, k.s.id, k.s.ejer.number().into(), k.s.tidspunkt.micros()))?;
        }
        vundet.push((nr, k));
    }
    Ok(vundet)
}

/// The row of the object, made or renewed; `None` when the guard is lost.
fn vind(db: &Connection, k: &Klar) -> Result<Option<i64>, StoreFejl> {
    let s = &k.s;
    let (ejer, tidspunkt, sts) = (s.ejer.number(), s.tidspunkt.micros(), s.sts.micros());
    let Some(foer) = s.foer else {
        let mut insert = db.prepare_cached(
            "INSERT INTO indeksobjekt (art, id, ejer, tidspunkt, sts, krop) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (art, id) DO NOTHING RETURNING nr",
        )?;
        let values = params![s.art, s.id, ejer, tidspunkt, sts, s.krop];
        return Ok(insert.query_row(values, |row| row.get(0)).optional()?);
    };
    let mut find = db.prepare_cached(
        "SELECT nr FROM indeksobjekt WHERE art = ?1 AND id = ?2 AND ejer = ?3 AND tidspunkt = ?4",
    )?;
    let nr: Option<i64> =
        find.query_row(params![s.art, s.id, ejer, foer.micros()], |row| row.get(0)).optional()?;
    let Some(nr) = nr else { return Ok(None) };
    db.prepare_cached(
        "INSERT INTO indekshistorik (objekt, tidspunkt, art, krop) \
         SELECT nr, tidspunkt, art, krop FROM indeksobjekt WHERE nr = ?1",
    )?
    .execute([nr])?;
    db.prepare_cached("UPDATE indeksobjekt SET tidspunkt = ?2, sts = ?3, krop = ?4 WHERE nr = ?1")?
        .execute(params![nr, tidspunkt, sts, s.krop])?;
    Ok(Some(nr))
}

/// The keys of what was written, those that change alone, in the order of the primary key.
fn noegler(db: &Connection, vundet: &[(i64, &Klar)]) -> Result<(), StoreFejl> {
    let mut gemte = HashMap::new();
    for (nr, _) in vundet.iter().filter(|(_, k)| k.s.foer.is_some()) {
        gemte.insert(*nr, kendte(db, *nr)?);
    }
    let mut put = db.prepare_cached(
        "INSERT INTO indeksnoegle (felt, vaerdi, objekt, fra, til, nyeste) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (felt, vaerdi, objekt, fra) DO UPDATE SET til = excluded.til, nyeste = excluded.nyeste",
    )?;
    for (nr, n) in forskel(vundet, |nr| gemte.remove(&nr).unwrap_or_default()) {
        put.execute(params![n.felt, n.vaerdi, nr, n.fra, n.til, n.nyeste])?;
    }
    Ok(())
}

fn kendte(db: &Connection, nr: i64) -> Result<Vec<Klarnoegle>, StoreFejl> {
    let mut find =
        db.prepare_cached("SELECT felt, vaerdi, fra, til, nyeste FROM indeksnoegle WHERE objekt = ?1")?;
    let noegle = |row: &rusqlite::Row<'_>| {
        Ok(Klarnoegle {
            felt: row.get(0)?,
            vaerdi: row.get(1)?,
            fra: row.get(2)?,
            til: row.get(3)?,
            nyeste: row.get(4)?,
        })
    };
    Ok(find.query_map([nr], noegle)?.collect::<Result<_, _>>()?)
}

fn fjern(db: &Connection, f: &Indeksfjernelse, skriver: Cvr, linje: &LogLinje) -> Result<(), StoreFejl> {
    let mut find =
        db.prepare_cached("SELECT nr, ejer FROM indeksobjekt WHERE art = ?1 AND id = ?2 AND tidspunkt = ?3")?;
    let fundet: Option<(i64, i64)> = find
        .query_row(params![f.art, f.id, f.tidspunkt.micros()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (nr, gemt) = fundet.ok_or(StoreFejl::Tabt(ObjektId(f.id)))?;
    if ejer(gemt)? != skriver {
        return Err(StoreFejl::Fremmed(ObjektId(f.id)));
    }
    db.prepare_cached("DELETE FROM indeksnoegle WHERE objekt = ?1")?.execute([nr])?;
    let tidligere = db.prepare_cached("DELETE FROM indekshistorik WHERE objekt = ?1")?.execute([nr])?;
    db.prepare_cached("DELETE FROM indeksobjekt WHERE nr = ?1")?.execute([nr])?;
    db.prepare_cached(
        "INSERT INTO indekssletning (art, id, tid, system, myndighed, antal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        f.art,
        f.id,
        linje.tid.micros(),
        linje.system,
        skriver.number(),
        tidligere as i64 + 1
    ])?;
    if let Some(haendelse) = &f.haendelse {
        let tidspunkt = linje.tid.micros().max(f.tidspunkt.micros().saturating_add(1));
        meld(db, haendelse, (nr, f.id, gemt, tidspunkt))?;
    }
    Ok(())
}

fn meld(
    db: &Connection,
    h: &Indekshaendelse,
    (nr, id, ejer, tidspunkt): (i64, Uuid, i64, i64),
) -> Result<(), StoreFejl> {
    let sql = "INSERT INTO haendelse (objekt, objekttype, ejer, tidspunkt, handling, indeks, omslag) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    db.prepare_cached(sql)?.execute(params![id, h.objekttype, ejer, tidspunkt, h.handling, nr, h.omslag])?;
    Ok(())
}
