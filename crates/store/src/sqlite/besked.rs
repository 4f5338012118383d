//! Messages and the queues of dueslag.

use super::Sqlite;
use super::udlaan::Ledig;
use crate::StoreFejl;
use crate::besked::{Fejlaarsag, Fejlpost, Koepost, Lagt, NyBesked, laes_tilladte, lille, skriv_tilladte};
use crate::sql::ejer;
use bitemporal::Instant;
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const VENTENDE: &str = "SELECT plads FROM koepost INDEXED BY koepost_venter WHERE dueslag = ?1 AND tilstand = 0 AND plads >= ?2 \
    ORDER BY plads";

const EN: &str = "SELECT k.plads, k.nr, k.tilladte, k.aftale, k.forsoeg, k.genleveret, \
    b.besked_id, b.system, b.cvr, b.transaktion, b.modtaget, b.krop, k.tid \
    FROM koepost k JOIN besked b ON b.nr = k.nr WHERE k.plads = ?1 AND k.tilstand = 0";

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
        let mut slag = self.udlaan.slag(dueslag).await;
        let fra = slag.fra(laaner);
        let antal = usize::try_from(antal).unwrap_or(usize::MAX);
        let poster = self.read(|db| {
            let (mut find, mut en) = (db.prepare_cached(VENTENDE)?, db.prepare_cached(EN)?);
            let mut pladser = find.query(params![dueslag, fra])?;
            let mut poster = Vec::new();
            while poster.len() < antal
                && let Some(row) = pladser.next()?
            {
                let plads: i64 = row.get(0)?;
                let ledig = slag.ledig(plads, laaner, nu);
                let post = match ledig {
                    Ledig::Nej => None,
                    Ledig::Ja | Ledig::Igen => en.query_row([plads], |row| Ok(koepost(row))).optional()?,
                };
                if let Some(post) = post.transpose()? {
                    poster.push(Koepost { genleveret: post.genleveret || ledig == Ledig::Igen, ..post });
                }
            }
            Ok(poster)
        })?;
        let yderst = poster.last().map_or(0, |post| post.plads);
        if yderst > slag.maerke {
            let maerke = yderst.saturating_add(slag.forud());
            let sql = "INSERT INTO udlaant (dueslag, plads) VALUES (?1, ?2) \
                ON CONFLICT (dueslag) DO UPDATE SET plads = excluded.plads";
            self.changing(move |db| Ok(db.prepare_cached(sql)?.execute(params![dueslag, maerke])?)).await?;
            slag.maerke = maerke;
        }
        for post in &poster {
            slag.laan(post.plads, post.nr, laaner, til);
        }
        Ok(poster)
    }

    pub(crate) async fn forlaeng(&self, laaner: Uuid, til: i64) -> Result<u64, StoreFejl> {
        let mut antal = 0;
        for dueslag in self.udlaan.alle() {
            antal += self.udlaan.slag(dueslag).await.forlaeng(laaner, til);
        }
        Ok(antal as u64)
    }

    pub(crate) async fn frigiv(
        &self,
        laaner: Uuid,
        poster: Vec<(Uuid, i64, Option<u32>)>,
    ) -> Result<u64, StoreFejl> {
        let mut egne = Vec::new();
        for (dueslag, nr, forsoeg) in poster {
            if self.udlaan.slag(dueslag).await.har(nr, laaner) {
                egne.push((dueslag, nr, forsoeg));
            }
        }
        let leverede = egne.iter().filter_map(|(dueslag, nr, forsoeg)| Some((*dueslag, *nr, (*forsoeg)?)));
        let leverede: Vec<_> = leverede.collect();
        if !leverede.is_empty() {
            let sql = "UPDATE koepost SET genleveret = 1, forsoeg = max(forsoeg, ?1) WHERE nr = ?2 AND dueslag = ?3";
            self.changing(move |db| {
                let mut update = db.prepare_cached(sql)?;
                leverede.iter().try_fold(0, |antal, (dueslag, nr, forsoeg)| {
                    Ok(antal + update.execute(params![forsoeg, nr, dueslag])?)
                })
            })
            .await?;
        }
        for (dueslag, nr, _) in &egne {
            self.udlaan.slag(*dueslag).await.giv_tilbage(*nr);
        }
        Ok(egne.len() as u64)
    }

    pub(crate) async fn frigiv_oevrige(
        &self,
        laaner: Uuid,
        dueslag: Uuid,
        numre: Vec<i64>,
    ) -> Result<u64, StoreFejl> {
        let mut slag = self.udlaan.slag(dueslag).await;
        let numre: HashSet<i64> = numre.into_iter().collect();
        let oevrige: Vec<i64> = slag.numre(laaner).into_iter().filter(|nr| !numre.contains(nr)).collect();
        oevrige.iter().for_each(|nr| slag.giv_tilbage(*nr));
        Ok(oevrige.len() as u64)
    }

    pub(crate) async fn glem_laan(&self) -> Result<(), StoreFejl> {
        let sql = "UPDATE koepost SET genleveret = 1 WHERE genleveret = 0 AND plads IN (SELECT k.plads FROM udlaant u \
            CROSS JOIN koepost k INDEXED BY koepost_venter ON k.dueslag = u.dueslag AND k.tilstand = 0 AND k.plads <= u.plads)";
        let dueslag = "UPDATE dueslag_drift SET laan_af = NULL, laan_til = NULL WHERE laan_af IS NOT NULL";
        let glem = move |db: &Connection| {
            db.prepare_cached(dueslag)?.execute([])?;
            let antal = db.prepare_cached(sql)?.execute([])?;
            db.prepare_cached("DELETE FROM udlaant")?.execute([])?;
            Ok(antal)
        };
        self.changing(glem).await?;
        self.udlaan.glem();
        Ok(())
    }

    /// Whether something waits in a dueslag that is not on loan.
    pub(crate) async fn venter_i(&self, dueslag: Uuid, nu: i64) -> Result<bool, StoreFejl> {
        let slag = self.udlaan.slag(dueslag).await;
        if slag.udloebet(nu) {
            return Ok(true);
        }
        self.read(|db| {
            let mut find = db.prepare_cached(VENTENDE)?;
            let mut pladser = find.query(params![dueslag, slag.begyndelse()])?;
            while let Some(row) = pladser.next()? {
                if slag.ledig(row.get(0)?, Uuid::nil(), nu) != Ledig::Nej {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Before the end: says exactly how far messages were handed out, or that every loan was given back.
    pub(super) async fn maerk(&self) -> Result<(), StoreFejl> {
        let mut yderst = Vec::new();
        for dueslag in self.udlaan.alle() {
            let slag = self.udlaan.slag(dueslag).await;
            if slag.maerke > 0 {
                yderst.push((dueslag, slag.yderst()));
            }
        }
        if yderst.is_empty() {
            return Ok(());
        }
        let saet = move |db: &Connection| {
            for (dueslag, plads) in yderst {
                match plads {
                    Some(plads) => db.execute(
                        "UPDATE udlaant SET plads = ?2 WHERE dueslag = ?1",
                        params![dueslag, plads],
                    )?,
                    None => db.execute("DELETE FROM udlaant WHERE dueslag = ?1", params![dueslag])?,
                };
            }
            Ok(0)
        };
        self.changing(saet).await.map(drop)
    }

    pub(crate) async fn kvitter(&self, dueslag: Uuid, numre: Vec<i64>, nu: i64) -> Result<u64, StoreFejl> {
        let sql = "UPDATE koepost SET tilstand = 2, tid = ?1 WHERE nr = ?2 AND dueslag = ?3 AND tilstand = 0";
        let skrives = numre.clone();
        let work = move |db: &Connection| {
            let mut update = db.prepare_cached(sql)?;
            skrives.iter().try_fold(0, |antal, nr| Ok(antal + update.execute(params![nu, nr, dueslag])?))
        };
        let antal = self.changing(work).await?;
        self.udlaan.slut(dueslag, &numre).await;
        Ok(antal)
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
        let sql = "UPDATE koepost SET tilstand = 1, tid = ?1, aarsag = ?2, http = ?3, statuskode = ?4 \
            WHERE nr = ?5 AND dueslag = ?6 AND tilstand <> 1";
        let skrives = numre.clone();
        let work = move |db: &Connection| {
            let mut update = db.prepare_cached(sql)?;
            skrives.iter().try_fold(0, |antal, nr| {
                Ok(antal + update.execute(params![nu, aarsag, http, statuskode, nr, dueslag])?)
            })
        };
        let antal = self.changing(work).await?;
        self.udlaan.slut(dueslag, &numre).await;
        Ok(antal)
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
        let work = move |db: &Connection| {
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
        };
        let antal = self.changing(work).await?;
        self.udlaan.forfra().await;
        Ok(antal)
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
        Ok(self.writer.write_sure(work).await?.unsigned_abs())
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
        self.writer.write_sure(work).await?;
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
        let sql = "UPDATE haendelse SET fordelt = ?1, omslag = NULL WHERE id = ?2 AND fordelt IS NULL";
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
