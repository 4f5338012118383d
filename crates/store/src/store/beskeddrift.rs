//! What the distributor looks after: which server pushes a dueslag, and what has been kept long enough.
//!
//! Every step is bounded and says how much it did: the caller repeats it until that is nothing.

use super::beskedspor::values;
use super::{Backend, Store};
use crate::StoreFejl;
use crate::besked::{Drift, Fejlaarsag};
use crate::raekke::Raekke;
use crate::sql::Value;
use bitemporal::Instant;
use uuid::Uuid;

const DRIFT: &str = "SELECT dueslag, forsoeg, naeste, siden, fejl, http, statuskode, alarm, pauset, certifikat FROM dueslag_drift ";
/// Most dueslag there can be.
const DUESLAG_MAX: u64 = 100_000;

impl Store {
    /// Whether other servers may use the same database.
    #[must_use]
    pub fn er_delt(&self) -> bool {
        matches!(self.backend, Backend::Postgres(_))
    }

    /// Moves messages that were placed in a dueslag before `foer` to its fejlkø, the oldest first. Those on loan stay, and
    /// those `laaner` has.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn udloeb(
        &self,
        dueslag: Uuid,
        foer: Instant,
        laaner: Uuid,
        nu: Instant,
        antal: u64,
    ) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("UPDATE koepost SET tilstand = 1, laan_af = NULL, laan_til = NULL, tid = ");
        sql.int(nu.micros()).push(", aarsag = ").text_value(Fejlaarsag::Udloebet.tekst());
        sql.push(" WHERE plads IN (SELECT plads FROM (SELECT plads, tid FROM koepost WHERE dueslag >= ");
        sql.bind(Value::Id(dueslag)).push(" AND dueslag <= ").bind(Value::Id(dueslag));
        sql.push(" AND tilstand = 0 ORDER BY dueslag, plads LIMIT ").int(super::limit(antal));
        sql.push(") AS v WHERE tid < ").int(foer.micros());
        // Once more for the row itself: it may have been lent or received meanwhile.
        sql.push(") AND tilstand = 0 AND ");
        match &self.backend {
            Backend::Sqlite(db) => {
                // Nothing is lent until it is done.
                let slag = db.udlaan.slag(dueslag).await;
                sql.push("plads NOT IN (SELECT value FROM ");
                sql.table(Value::Ints(slag.optagne(laaner, nu.micros()))).push(")");
                self.run_one(sql).await
            }
            Backend::Postgres(_) => {
                sql.push("(laan_til IS NULL OR (laan_til <= ").int(nu.micros());
                sql.push(" AND laan_af <> ").bind(Value::Id(laaner)).push("))");
                self.run_one(sql).await
            }
        }
    }

    /// Deletes what came to a fejlkø before `foer`; that it was there stays known.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn rens_fejlkoe(&self, foer: Instant, nu: Instant, antal: u64) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("UPDATE koepost SET tilstand = 3, tid = ");
        sql.int(nu.micros()).push(" WHERE plads IN (SELECT plads FROM koepost WHERE tilstand = 1 AND tid < ");
        sql.int(foer.micros()).push(" ORDER BY tid LIMIT ").int(super::limit(antal)).push(")");
        self.run_one(sql).await
    }

    /// Lets the keys of messages from before `foer` be used again.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn rens_noegler(&self, foer: Instant, antal: u64) -> Result<u64, StoreFejl> {
        let mut sql = self.sql(
            "UPDATE besked SET frigjort = nr WHERE nr IN (SELECT nr FROM (SELECT nr, modtaget FROM besked \
             WHERE frigjort = 0 ORDER BY nr LIMIT ",
        );
        sql.int(super::limit(antal)).push(") AS v WHERE modtaget < ").int(foer.micros()).push(")");
        self.run_one(sql).await
    }

    /// Removes the content of messages from before `foer` that nobody waits for and no fejlkø has, among the first
    /// `antal` after the number `efter`. Gives how many, and the number it came to: `efter` itself when it came no
    /// further.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn rens_kroppe(&self, foer: Instant, efter: i64, antal: u64) -> Result<(u64, i64), StoreFejl> {
        let mut side = self.sql("SELECT nr, modtaget FROM besked WHERE beholdt = 1 AND nr > ");
        side.int(efter).push(" ORDER BY nr LIMIT ").int(super::limit(antal));
        let mut numre = Vec::new();
        for row in self.query(side).await? {
            if row.tid(1)? >= foer {
                break;
            }
            numre.push(row.tal(0)?);
        }
        let Some(naaet) = numre.last().copied() else { return Ok((0, efter)) };
        let mut sql = self.sql("UPDATE besked SET beholdt = 0, krop = ");
        sql.push(if self.er_delt() { "''::bytea" } else { "x''" });
        sql.push(" WHERE nr IN (SELECT value FROM ").table(Value::Ints(numre));
        sql.push(
            ") AND NOT EXISTS (SELECT 1 FROM koepost k WHERE k.nr = besked.nr AND k.tilstand IN (0, 1))",
        );
        Ok((self.run_one(sql).await?, naaet))
    }

    /// Forgets messages from before `foer` whose content is removed, with everything that is known of them.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn rens_log(&self, foer: Instant, antal: u64) -> Result<u64, StoreFejl> {
        let mut side = self.sql("SELECT nr, modtaget, beholdt FROM besked ORDER BY nr LIMIT ");
        side.int(super::limit(antal));
        let mut numre = Vec::new();
        for row in self.query(side).await? {
            if row.tid(1)? >= foer {
                break;
            }
            if !row.ja(2)? {
                numre.push(row.tal(0)?);
            }
        }
        if numre.is_empty() {
            return Ok(0);
        }
        let trin = ["koepost", "levering", "besked"].map(|tabel| {
            let mut sql = self.sql("DELETE FROM ");
            sql.push(tabel)
                .push(" WHERE nr IN (SELECT value FROM ")
                .table(Value::Ints(numre.clone()))
                .push(")");
            crate::raekke::Trin { sql, krav: None }
        });
        let antal = self.run(trin.into()).await?.unwrap_or_default();
        if let Backend::Sqlite(db) = &self.backend {
            db.udlaan.forfra().await;
        }
        Ok(antal.last().copied().unwrap_or(0))
    }

    /// How pushing a dueslag goes; `None` when nothing was ever wrong.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn drift(&self, dueslag: Uuid) -> Result<Option<Drift>, StoreFejl> {
        let mut sql = self.sql(DRIFT);
        sql.push("WHERE dueslag = ").bind(Value::Id(dueslag));
        self.query(sql).await?.first().map(drift).transpose()
    }

    /// How pushing goes, of every dueslag that was ever pushed.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn drifter(&self) -> Result<Vec<Drift>, StoreFejl> {
        let mut sql = self.sql(DRIFT);
        sql.push("LIMIT ").int(super::limit(DUESLAG_MAX));
        self.query(sql).await?.iter().map(drift).collect()
    }

    /// Writes how pushing a dueslag goes. Whose it is stays as it is.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn gem_drift(&self, drift: &Drift) -> Result<(), StoreFejl> {
        let mut sql = self.sql(
            "INSERT INTO dueslag_drift (dueslag, forsoeg, naeste, siden, fejl, http, statuskode, alarm, pauset, certifikat) \
             VALUES (",
        );
        values(
            &mut sql,
            [
                Value::Id(drift.dueslag),
                Value::Int(drift.forsoeg.into()),
                Value::MaybeInt(drift.naeste.map(Instant::micros)),
                Value::MaybeInt(drift.siden.map(Instant::micros)),
                Value::MaybeText(drift.fejl.clone()),
                Value::MaybeInt(drift.http.map(i64::from)),
                Value::MaybeInt(drift.statuskode.map(i64::from)),
                Value::Int(drift.alarm.into()),
                Value::Int(drift.pauset.into()),
                Value::MaybeInt(drift.certifikat.map(Instant::micros)),
            ],
        );
        sql.push(
            " ON CONFLICT (dueslag) DO UPDATE SET forsoeg = excluded.forsoeg, naeste = excluded.naeste, \
             siden = excluded.siden, fejl = excluded.fejl, http = excluded.http, statuskode = excluded.statuskode, \
             alarm = excluded.alarm, pauset = excluded.pauset, certifikat = excluded.certifikat",
        );
        self.run_one(sql).await.map(drop)
    }

    /// Takes a whole dueslag until `til`, or keeps it: when nobody has it, who had it ran out of time at `nu`, or it is
    /// the caller's already.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn tag_dueslag(
        &self,
        dueslag: Uuid,
        laaner: Uuid,
        nu: Instant,
        til: Instant,
    ) -> Result<bool, StoreFejl> {
        let mut sql = self
            .sql("INSERT INTO dueslag_drift (dueslag, forsoeg, alarm, pauset, laan_af, laan_til) VALUES (");
        sql.bind(Value::Id(dueslag)).push(", 0, 0, 0, ").bind(Value::Id(laaner)).push(", ").int(til.micros());
        sql.push(
            ") ON CONFLICT (dueslag) DO UPDATE SET laan_af = excluded.laan_af, laan_til = excluded.laan_til \
             WHERE dueslag_drift.laan_af IS NULL OR dueslag_drift.laan_af = excluded.laan_af \
             OR dueslag_drift.laan_til <= ",
        );
        sql.int(nu.micros());
        Ok(self.run_one(sql).await? == 1)
    }

    /// Lets go of a dueslag.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn slip_dueslag(&self, dueslag: Uuid, laaner: Uuid) -> Result<(), StoreFejl> {
        let mut sql = self.sql("UPDATE dueslag_drift SET laan_af = NULL, laan_til = NULL WHERE dueslag = ");
        sql.bind(Value::Id(dueslag)).push(" AND laan_af = ").bind(Value::Id(laaner));
        self.run_one(sql).await.map(drop)
    }
}

fn drift(row: &Raekke) -> Result<Drift, StoreFejl> {
    Ok(Drift {
        dueslag: row.id(0)?,
        forsoeg: row.lille(1)?,
        naeste: row.tid_hvis(2)?,
        siden: row.tid_hvis(3)?,
        fejl: row.tekst_hvis(4)?,
        http: row.lille_hvis(5)?,
        statuskode: row.lille_hvis(6)?,
        alarm: row.ja(7)?,
        pauset: row.ja(8)?,
        certifikat: row.tid_hvis(9)?,
    })
}
