//! Messages and the queues of dueslag.

use super::Sqlite;
use crate::StoreFejl;
use crate::besked::{Fejlaarsag, Fejlpost, Koepost, Lagt, NyBesked, laes_tilladte, lille, skriv_tilladte};
use crate::sql::ejer;
use bitemporal::Instant;
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const VENTENDE: &str = "SELECT k.plads, k.nr, k.tilladte, k.aftale, k.forsoeg, k.genleveret OR k.laan_til IS NOT NULL, \
    b.besked_id, b.system, b.cvr, b.transaktion, b.modtaget, b.krop, k.tid \
    FROM koepost k JOIN besked b ON b.nr = k.nr \
    WHERE k.dueslag = ?1 AND k.tilstand = 0 AND (k.laan_til IS NULL OR (k.laan_til <= ?2 AND k.laan_af <> ?4)) \
    ORDER BY k.plads LIMIT ?3";

const FEJLKOE: &str = "SELECT k.plads, k.nr, b.besked_id, k.tid, k.aarsag, k.forsoeg, k.http, k.statuskode \
    FROM koepost k JOIN besked b ON b.nr = k.nr WHERE k.dueslag = ?1 AND k.tilstand = 1 AND k.plads > ?2 \
    ORDER BY k.plads LIMIT ?3";

impl Sqlite {
    pub(crate) async fn laeg_besked(&self, ny: NyBesked) -> Result<Lagt, StoreFejl> {
        self.write_giving(move |db| laeg(db, &ny)).await
    }

    pub(crate) async fn laan(
        &self,
        dueslag: Uuid,
        antal: i64,
        laaner: Uuid,
        nu: i64,
        til: i64,
    ) -> Result<Vec<Koepost>, StoreFejl> {
        self.write_giving(move |db| {
            let mut find = db.prepare_cached(VENTENDE)?;
            let mut rows = find.query(params![dueslag, nu, antal, laaner])?;
            let mut poster = Vec::new();
            while let Some(row) = rows.next()? {
                poster.push(koepost(row)?);
            }
            let mut update = db.prepare_cached(
                "UPDATE koepost SET laan_af = ?1, laan_til = ?2, genleveret = ?3 WHERE plads = ?4",
            )?;
            for post in &poster {
                update.execute(params![laaner, til, i64::from(post.genleveret), post.plads])?;
            }
            Ok(poster)
        })
        .await
    }

    pub(crate) async fn forlaeng(&self, laaner: Uuid, til: i64) -> Result<u64, StoreFejl> {
        let sql = "UPDATE koepost SET laan_til = ?1 WHERE laan_af = ?2";
        self.changing(move |db| Ok(db.prepare_cached(sql)?.execute(params![til, laaner])?)).await
    }

    pub(crate) async fn frigiv(
        &self,
        laaner: Uuid,
        poster: Vec<(Uuid, i64, Option<u32>)>,
    ) -> Result<u64, StoreFejl> {
        let sql = "UPDATE koepost SET laan_af = NULL, laan_til = NULL, genleveret = max(genleveret, ?1), \
            forsoeg = max(forsoeg, ?5) WHERE nr = ?2 AND dueslag = ?3 AND laan_af = ?4";
        self.changing(move |db| {
            let mut update = db.prepare_cached(sql)?;
            poster.iter().try_fold(0, |antal, (dueslag, nr, forsoeg)| {
                let (leveret, forsoeg) = (i64::from(forsoeg.is_some()), forsoeg.unwrap_or(0));
                Ok(antal + update.execute(params![leveret, nr, dueslag, laaner, forsoeg])?)
            })
        })
        .await
    }

    pub(crate) async fn glem_laan(&self) -> Result<(), StoreFejl> {
        let sql =
            "UPDATE koepost SET laan_af = NULL, laan_til = NULL, genleveret = 1 WHERE laan_af IS NOT NULL";
        let dueslag = "UPDATE dueslag_drift SET laan_af = NULL, laan_til = NULL WHERE laan_af IS NOT NULL";
        let glem = move |db: &Connection| {
            db.prepare_cached(dueslag)?.execute([])?;
            Ok(db.prepare_cached(sql)?.execute([])?)
        };
        self.changing(glem).await.map(drop)
    }

    pub(crate) async fn kvitter(&self, dueslag: Uuid, numre: Vec<i64>, nu: i64) -> Result<u64, StoreFejl> {
        let sql = "UPDATE koepost SET tilstand = 2, laan_af = NULL, laan_til = NULL, tid = ?1 \
            WHERE nr = ?2 AND dueslag = ?3 AND tilstand = 0";
        self.changing(move |db| {
            let mut update = db.prepare_cached(sql)?;
            numre.iter().try_fold(0, |antal, nr| Ok(antal + update.execute(params![nu, nr, dueslag])?))
        })
        .await
    }

    pub(crate) async fn til_fejlkoe(
        &self,
        dueslag: Uuid,
        numre: Vec<i64>,
        aarsag: &'static str,
        http: Option<i64>,
        statuskode: Option<i64>,
        nu: i64,
    ) -> Result<u64, StoreFejl> {
        let sql = "UPDATE koepost SET tilstand = 1, laan_af = NULL, laan_til = NULL, tid = ?1, aarsag = ?2, http = ?3, \
            statuskode = ?4 WHERE nr = ?5 AND dueslag = ?6 AND tilstand <> 1";
        self.changing(move |db| {
            let mut update = db.prepare_cached(sql)?;
            numre.iter().try_fold(0, |antal, nr| {
                Ok(antal + update.execute(params![nu, aarsag, http, statuskode, nr, dueslag])?)
            })
        })
        .await
    }

    pub(crate) async fn fejlkoe(
        &self,
        dueslag: Uuid,
        efter: i64,
        antal: i64,
    ) -> Result<Vec<Fejlpost>, StoreFejl> {
        self.read(|db| {
            let mut find = db.prepare_cached(FEJLKOE)?;
            let mut rows = find.query(params![dueslag, efter, antal])?;
            let mut poster = Vec::new();
            while let Some(row) = rows.next()? {
                poster.push(fejlpost(row)?);
            }
            Ok(poster)
        })
    }

    pub(crate) async fn fra_fejlkoe(
        &self,
        dueslag: Uuid,
        numre: Vec<i64>,
        nu: i64,
    ) -> Result<u64, StoreFejl> {
        // A new row is a new place, behind all others.
        let flyt = "INSERT INTO koepost (dueslag, nr, tilstand, aftale, tilladte, forsoeg, genleveret, tid) \
            VALUES (?1, ?2, 0, ?3, ?4, 0, 1, ?5)";
        self.changing(move |db| {
            let mut fjern = db.prepare_cached(
                "DELETE FROM koepost WHERE nr = ?1 AND dueslag = ?2 AND tilstand = 1 RETURNING aftale, tilladte",
            )?;
            let mut flyt = db.prepare_cached(flyt)?;
            let mut antal = 0;
            for nr in &numre {
                let fjernet = fjern.query_row(params![nr, dueslag], |row| {
                    Ok((row.get::<_, Uuid>(0)?, row.get::<_, String>(1)?))
                });
                if let Some((aftale, tilladte)) = fjernet.optional()? {
                    antal += flyt.execute(params![dueslag, nr, aftale, tilladte, nu])?;
                }
            }
            Ok(antal)
        })
        .await
    }

    pub(crate) async fn dybde(self: &Arc<Self>, dueslag: Uuid, loft: i64) -> Result<u64, StoreFejl> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM koepost INDEXED BY koepost_venter \
            WHERE dueslag = ?1 AND tilstand = 0 LIMIT ?2)";
        let taelt = move |db: &Connection| -> Result<i64, StoreFejl> {
            Ok(db.prepare_cached(sql)?.query_row(params![dueslag, loft], |row| row.get(0))?)
        };
        Ok(self.read_heavy(taelt).await?.unsigned_abs())
    }

    /// A write that gives how many rows it changed.
    async fn changing(
        &self,
        work: impl FnOnce(&Connection) -> Result<usize, StoreFejl> + Send + 'static,
    ) -> Result<u64, StoreFejl> {
        let work = move |db: &Connection| Ok(i64::try_from(work(db)?).unwrap_or(i64::MAX));
        Ok(self.writer.write(work).await?.unsigned_abs())
    }

    /// A write that gives something else than a number; it is given when it is durable.
    async fn write_giving<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreFejl> + Send + 'static,
    ) -> Result<T, StoreFejl> {
        let plads = Arc::new(Mutex::new(None));
        let ud = plads.clone();
        let work = move |db: &Connection| {
            *super::lock(&ud) = Some(work(db)?);
            Ok(0)
        };
        self.writer.write(work).await?;
        super::lock(&plads).take().ok_or_else(StoreFejl::lukket)
    }
}

fn laeg(db: &Connection, ny: &NyBesked) -> Result<Lagt, StoreFejl> {
    let kendt = db
        .prepare_cached("SELECT sha256 FROM besked WHERE besked_id = ?2 AND system = ?1 AND frigjort = 0")?
        .query_row(params![ny.system, ny.besked_id], |row| row.get::<_, Vec<u8>>(0))
        .optional()?;
    if let Some(sha256) = kendt {
        return Ok(Lagt::Gentaget { ens: sha256 == ny.sha256 });
    }
    let sql = "INSERT INTO besked (system, besked_id, cvr, beskedtype, foelsomhed, kle, transaktion, korrelation, \
        modtaget, stoerrelse, sha256, krop) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    db.prepare_cached(sql)?.execute(params![
        ny.system,
        ny.besked_id,
        i64::from(ny.cvr.number()),
        ny.beskedtype,
        ny.foelsomhed,
        ny.kle,
        ny.transaktion,
        ny.korrelation,
        ny.modtaget.micros(),
        i64::try_from(ny.krop.len()).unwrap_or(i64::MAX),
        ny.sha256,
        &ny.krop[..],
    ])?;
    let nr = db.last_insert_rowid();
    let mut kopi = db.prepare_cached(
        "INSERT INTO koepost (dueslag, nr, tilstand, aftale, tilladte, forsoeg, genleveret, tid) \
         VALUES (?1, ?2, ?6, ?3, ?4, 0, 0, ?5)",
    )?;
    for post in &ny.koeposter {
        let tilladte = skriv_tilladte(&post.tilladte);
        let modtaget = ny.modtaget.micros();
        kopi.execute(params![post.dueslag, nr, post.aftale, tilladte, modtaget, ny.tilstand()])?;
    }
    if let Some(haendelse) = ny.haendelse {
        let sql = "UPDATE haendelse SET fordelt = ?1 WHERE id = ?2 AND fordelt IS NULL";
        db.prepare_cached(sql)?.execute(params![ny.modtaget.micros(), haendelse])?;
    }
    Ok(Lagt::Ny(nr))
}

fn koepost(row: &Row<'_>) -> Result<Koepost, StoreFejl> {
    Ok(Koepost {
        plads: row.get(0)?,
        nr: row.get(1)?,
        tilladte: laes_tilladte(row.get_ref(2)?.as_str().map_err(StoreFejl::database)?)?,
        aftale: row.get(3)?,
        forsoeg: lille(row.get(4)?)?,
        genleveret: row.get(5)?,
        besked_id: row.get(6)?,
        system: row.get(7)?,
        cvr: ejer(row.get(8)?)?,
        transaktion: row.get(9)?,
        modtaget: Instant::from_micros(row.get(10)?),
        krop: Bytes::from(row.get::<_, Vec<u8>>(11)?),
        tid: Instant::from_micros(row.get(12)?),
    })
}

fn fejlpost(row: &Row<'_>) -> Result<Fejlpost, StoreFejl> {
    let kode = |tal: Option<i64>| tal.map(lille).transpose();
    Ok(Fejlpost {
        plads: row.get(0)?,
        nr: row.get(1)?,
        besked_id: row.get(2)?,
        tid: Instant::from_micros(row.get(3)?),
        aarsag: Fejlaarsag::laes(row.get_ref(4)?.as_str().map_err(StoreFejl::database)?)?,
        forsoeg: lille(row.get(5)?)?,
        http: kode(row.get(6)?)?,
        statuskode: kode(row.get(7)?)?,
    })
}
