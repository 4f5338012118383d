//! What became of messages.

use super::{Backend, Store};
use crate::StoreFejl;
use crate::besked::{
    Beskedpost, Fejlaarsag, Koestand, Levering, NyKoepost, Placeret, Tilstand, laes_tilladte, skriv_tilladte,
};
use crate::raekke::{Raekke, Trin};
use crate::sql::{Sql, Value};
use bitemporal::Instant;
use bytes::Bytes;
use uuid::Uuid;

/// The columns of [`Beskedpost`].
const POST: &str = "SELECT nr, system, besked_id, cvr, beskedtype, foelsomhed, kle, transaktion, korrelation, modtaget, \
    stoerrelse, sha256, beholdt FROM besked ";
/// Most messages with the same BeskedId that are told of.
const SAMME_MAX: u64 = 100;

impl Store {
    /// The messages with this BeskedId, the newest first; at most a hundred.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn besked_med_id(&self, besked_id: &str) -> Result<Vec<Beskedpost>, StoreFejl> {
        let mut sql = self.sql(POST);
        sql.push("WHERE besked_id = ")
            .text_value(besked_id)
            .push(" ORDER BY nr DESC LIMIT ")
            .int(super::limit(SAMME_MAX));
        self.query(sql).await?.iter().map(post).collect()
    }

    /// SHA-256 of the message that a system has sent under this BeskedId, as long as that is remembered.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn kendt_besked(
        &self,
        system: Uuid,
        besked_id: &str,
    ) -> Result<Option<(i64, [u8; 32])>, StoreFejl> {
        let mut sql = self.sql("SELECT nr, sha256 FROM besked WHERE frigjort = 0 AND besked_id = ");
        sql.text_value(besked_id).push(" AND system = ").bind(Value::Id(system));
        let rows = self.query(sql).await?;
        rows.first()
            .map(|row| Ok((row.tal(0)?, row.bytes(1)?.try_into().map_err(StoreFejl::database)?)))
            .transpose()
    }

    /// Messages of a dueslag are kept by somebody else from now on. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn overlad(&self, dueslag: Uuid, numre: &[i64], nu: Instant) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("UPDATE koepost SET tilstand = 4, laan_af = NULL, laan_til = NULL, tid = ");
        sql.int(nu.micros()).push(" WHERE dueslag = ").bind(Value::Id(dueslag));
        sql.push(" AND nr IN (SELECT value FROM ").table(Value::Ints(numre.to_vec())).push(")");
        let antal = self.run_one(sql).await?;
        if let Backend::Sqlite(db) = &self.backend {
            db.udlaan.slut(dueslag, numre).await;
        }
        Ok(antal)
    }

    /// Messages after a number, in order.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn beskeder(&self, efter: i64, antal: u64) -> Result<Vec<Beskedpost>, StoreFejl> {
        let mut sql = self.sql(POST);
        sql.push("WHERE nr > ").int(efter).push(" ORDER BY nr LIMIT ").int(super::limit(antal));
        self.query(sql).await?.iter().map(post).collect()
    }

    /// Messages before a number, the newest first; the newest of all without one.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn beskeder_foer(&self, foer: Option<i64>, antal: u64) -> Result<Vec<Beskedpost>, StoreFejl> {
        let mut sql = self.sql(POST);
        if let Some(foer) = foer {
            sql.push("WHERE nr < ").int(foer);
        }
        sql.push(" ORDER BY nr DESC LIMIT ").int(super::limit(antal));
        self.query(sql).await?.iter().map(post).collect()
    }

    /// The number of the newest message.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn sidste_besked(&self) -> Result<Option<i64>, StoreFejl> {
        let rows = self.query(self.sql("SELECT nr FROM besked ORDER BY nr DESC LIMIT 1")).await?;
        rows.first().map(|row| row.tal(0)).transpose()
    }

    /// The bytes of a message as accepted; `None` when they are no longer kept.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn besked_krop(&self, nr: i64) -> Result<Option<Bytes>, StoreFejl> {
        let mut sql = self.sql("SELECT krop FROM besked WHERE beholdt = 1 AND nr = ");
        sql.int(nr);
        let rows = self.query(sql).await?;
        rows.first().map(|row| Ok(Bytes::copy_from_slice(row.bytes(0)?))).transpose()
    }

    /// Where a message was placed, and how it is there.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn placeringer(&self, nr: i64) -> Result<Vec<Placeret>, StoreFejl> {
        let mut sql = self.sql(
            "SELECT dueslag, plads, tilstand, aftale, tilladte, forsoeg, tid, aarsag, http, statuskode, laan_til \
             FROM koepost WHERE nr = ",
        );
        sql.int(nr).push(" ORDER BY dueslag");
        let mut placeringer: Vec<_> =
            self.query(sql).await?.iter().map(placeret).collect::<Result<_, _>>()?;
        if let Backend::Sqlite(db) = &self.backend {
            for placeret in &mut placeringer {
                placeret.udlaant = db.udlaan.slag(placeret.dueslag).await.er_udlaant(nr);
            }
        }
        Ok(placeringer)
    }

    /// The copies of kept messages with this BeskedId in these dueslag, whatever became of them.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn placerede(&self, dueslag: &[Uuid], besked_id: &str) -> Result<Vec<(Uuid, i64)>, StoreFejl> {
        let mut sql = self.sql("SELECT k.dueslag, k.nr FROM besked b JOIN koepost k ON k.nr = b.nr JOIN ");
        sql.table(Value::Ids(dueslag.to_vec()))
            .push(" ON v.value = k.dueslag WHERE b.beholdt = 1 AND b.besked_id = ");
        sql.text_value(besked_id);
        self.query(sql).await?.iter().map(|row| Ok((row.id(0)?, row.tal(1)?))).collect()
    }

    /// Writes down what happened to messages.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn noter_leveringer(&self, leveringer: Vec<Levering>) -> Result<(), StoreFejl> {
        let trin = leveringer.into_iter().map(|l| {
            let mut sql = self.sql(
                "INSERT INTO levering (dueslag, nr, tid, haendelse, varighed_ms, http, statuskode, hvem, tekst) VALUES (",
            );
            let varighed = l.varighed_ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX));
            values(
                &mut sql,
                [
                    Value::Id(l.dueslag),
                    Value::Int(l.nr),
                    Value::Int(l.tid.micros()),
                    Value::Text(l.haendelse),
                    Value::MaybeInt(varighed),
                    Value::MaybeInt(l.http.map(i64::from)),
                    Value::MaybeInt(l.statuskode.map(i64::from)),
                    Value::MaybeText(l.hvem),
                    Value::MaybeText(l.tekst),
                ],
            );
            Trin { sql, krav: None }
        });
        self.run(trin.collect()).await.map(drop)
    }

    /// What happened to a message, the oldest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn leveringer(&self, nr: i64, antal: u64) -> Result<Vec<Levering>, StoreFejl> {
        let mut sql = self.sql(
            "SELECT dueslag, nr, tid, haendelse, varighed_ms, http, statuskode, hvem, tekst FROM levering WHERE nr = ",
        );
        sql.int(nr).push(" ORDER BY id LIMIT ").int(super::limit(antal));
        self.query(sql).await?.iter().map(levering).collect()
    }

    /// Deletes messages from the fejlkø of a dueslag; that they were there stays known. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn slet_fejl(&self, dueslag: Uuid, numre: &[i64], nu: Instant) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("UPDATE koepost SET tilstand = 3, tid = ");
        sql.int(nu.micros()).push(" WHERE tilstand = 1 AND dueslag = ").bind(Value::Id(dueslag));
        sql.push(" AND nr IN (SELECT value FROM ").table(Value::Ints(numre.to_vec())).push(")");
        self.run_one(sql).await
    }

    /// Places a kept message last in dueslag where it does not wait already. Gives in how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn genplacer(&self, nr: i64, poster: Vec<NyKoepost>, nu: Instant) -> Result<u64, StoreFejl> {
        let mut trin = Vec::new();
        for post in &poster {
            let mut fjern = self.sql("DELETE FROM koepost WHERE tilstand <> 0 AND nr = ");
            fjern.int(nr).push(" AND dueslag = ").bind(Value::Id(post.dueslag));
            let mut laeg = self.sql(
                "INSERT INTO koepost (dueslag, nr, tilstand, aftale, tilladte, forsoeg, genleveret, tid) SELECT ",
            );
            laeg.bind(Value::Id(post.dueslag)).push(", b.nr, 0, ").bind(Value::Id(post.aftale)).push(", ");
            laeg.text_value(&skriv_tilladte(&post.tilladte)).push(", 0, 1, ").int(nu.micros());
            laeg.push(" FROM besked b WHERE b.beholdt = 1 AND b.nr = ").int(nr);
            laeg.push(" AND NOT EXISTS (SELECT 1 FROM koepost k WHERE k.nr = b.nr AND k.dueslag = ");
            laeg.bind(Value::Id(post.dueslag)).push(")");
            trin.extend([fjern, laeg].map(|sql| Trin { sql, krav: None }));
        }
        let antal = self.run(trin).await?.unwrap_or_default();
        if let Backend::Sqlite(db) = &self.backend {
            db.udlaan.forfra().await;
        }
        Ok(antal.iter().skip(1).step_by(2).sum())
    }

    /// How a dueslag is. Nothing is counted beyond `loft`.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn koestand(&self, dueslag: Uuid, loft: u64) -> Result<Koestand, StoreFejl> {
        let mut foerste =
            self.sql("SELECT b.modtaget FROM koepost k JOIN besked b ON b.nr = k.nr WHERE k.tilstand = 0 AND k.dueslag >= ");
        foerste.bind(Value::Id(dueslag)).push(" AND k.dueslag <= ").bind(Value::Id(dueslag));
        foerste.push(" ORDER BY k.dueslag, k.plads LIMIT 1");
        let mut antal = [0; 2];
        for (tilstand, antal) in ["0", "1"].into_iter().zip(&mut antal) {
            let mut sql = self.sql("SELECT count(*) FROM (SELECT 1 FROM koepost WHERE tilstand = ");
            sql.push(tilstand).push(" AND dueslag = ").bind(Value::Id(dueslag));
            sql.push(" LIMIT ").int(super::limit(loft)).push(") AS v");
            let rows = self.query_heavy(sql).await?;
            *antal = rows.first().map_or(Ok(0), |row| row.tal(0))?.unsigned_abs();
        }
        let aeldste = self.query(foerste).await?.first().map(|row| row.tid(0)).transpose()?;
        let [venter, fejl] = antal;
        Ok(Koestand { venter, aeldste, fejl })
    }

    /// Those of these dueslag where something waits that is not on loan at `nu`.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn venter_i(&self, dueslag: &[Uuid], nu: Instant) -> Result<Vec<Uuid>, StoreFejl> {
        if let Backend::Sqlite(db) = &self.backend {
            let mut fundne = Vec::new();
            for d in dueslag {
                if db.venter_i(*d, nu.micros()).await? {
                    fundne.push(*d);
                }
            }
            return Ok(fundne);
        }
        let mut sql = self.sql("SELECT v.value FROM ");
        sql.table(Value::Ids(dueslag.to_vec()));
        sql.push(
            " WHERE (SELECT k.plads FROM koepost k WHERE k.dueslag >= v.value AND k.dueslag <= v.value \
             AND k.tilstand = 0 AND (k.laan_til IS NULL OR k.laan_til <= ",
        );
        sql.int(nu.micros()).push(") ORDER BY k.dueslag, k.plads LIMIT 1) IS NOT NULL");
        self.query(sql).await?.iter().map(|row| row.id(0)).collect()
    }

    /// Marks haendelser as distributed that nobody receives.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn haendelser_fordelt(&self, numre: &[i64], nu: Instant) -> Result<(), StoreFejl> {
        if numre.is_empty() {
            return Ok(());
        }
        let mut sql = self.sql("UPDATE haendelse SET fordelt = ");
        sql.int(nu.micros());
        sql.push(", omslag = NULL WHERE fordelt IS NULL AND id IN (SELECT value FROM ");
        sql.table(Value::Ints(numre.to_vec())).push(")");
        self.run_one(sql).await.map(drop)
    }
}

/// Appends values and the parenthesis that ends them.
pub(super) fn values(sql: &mut Sql, values: impl IntoIterator<Item = Value>) {
    for (nr, value) in values.into_iter().enumerate() {
        sql.push(if nr == 0 { "" } else { ", " }).bind(value);
    }
    sql.push(")");
}

fn post(row: &Raekke) -> Result<Beskedpost, StoreFejl> {
    Ok(Beskedpost {
        nr: row.tal(0)?,
        system: row.id(1)?,
        besked_id: row.tekst(2)?,
        cvr: row.cvr(3)?,
        beskedtype: row.tekst(4)?,
        foelsomhed: row.tekst_hvis(5)?,
        kle: row.tekst(6)?,
        transaktion: row.tekst(7)?,
        korrelation: row.tekst(8)?,
        modtaget: row.tid(9)?,
        stoerrelse: row.lille(10)?,
        sha256: row.bytes(11)?.try_into().map_err(StoreFejl::database)?,
        beholdt: row.ja(12)?,
    })
}

fn placeret(row: &Raekke) -> Result<Placeret, StoreFejl> {
    Ok(Placeret {
        dueslag: row.id(0)?,
        plads: row.tal(1)?,
        tilstand: Tilstand::laes(row.tal(2)?)?,
        aftale: row.id(3)?,
        tilladte: laes_tilladte(&row.tekst(4)?)?,
        forsoeg: row.lille(5)?,
        tid: row.tid(6)?,
        aarsag: row.tekst_hvis(7)?.map(|tekst| Fejlaarsag::laes(&tekst)).transpose()?,
        http: row.lille_hvis(8)?,
        statuskode: row.lille_hvis(9)?,
        udlaant: row.tal_hvis(10)?.is_some(),
    })
}

fn levering(row: &Raekke) -> Result<Levering, StoreFejl> {
    Ok(Levering {
        dueslag: row.id(0)?,
        nr: row.tal(1)?,
        tid: row.tid(2)?,
        haendelse: row.tekst(3)?,
        varighed_ms: row.lille_hvis(4)?,
        http: row.lille_hvis(5)?,
        statuskode: row.lille_hvis(6)?,
        hvem: row.tekst_hvis(7)?,
        tekst: row.tekst_hvis(8)?,
    })
}
