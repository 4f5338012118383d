//! The mails of notices: gathered, leased to whoever sends them, and what became of them.

use super::rad;
use crate::StoreFejl;
use crate::advis::{Advismail, Advisrad, Advisrytme, Mailudfald, NyAdvismail, Opgivetmail};
use crate::raekke::{Raekke, Trin};
use crate::sql::{Sql, Value};
use crate::store::{Store, limit};
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

/// Mails that are looked at to find one that nobody else takes.
const KANDIDATER: i64 = 20;
const MAIL: &str =
    "SELECT id, modtager, postkasse, part, rytme, tid, forsoeg, svar, afsluttet FROM advismail WHERE ";

impl Store {
    pub(super) fn ny_mail(&self, m: &NyAdvismail) -> Sql {
        let mut sql = self.sql(
            "INSERT INTO advismail (id, modtager, postkasse, part, rytme, tid, tilstand, forfald, forsoeg, laaner, \
             laan_til, afsluttet, svar) VALUES (",
        );
        let vaerdier = [
            Value::Id(m.id),
            Value::Id(m.modtager),
            Value::Int(m.postkasse.into()),
            Value::Int(m.part.number().into()),
            Value::Int(m.rytme.kode()),
            Value::Int(m.tid.micros()),
        ];
        sql.list(vaerdier).push(", 0, ").int(m.tid.micros());
        sql.push(", 0, NULL, 0, NULL, '') ON CONFLICT (id) DO NOTHING");
        sql
    }

    /// Who has notices that wait to be gathered, after this one.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn adviser_samles(
        &self,
        rytme: Advisrytme,
        efter: Uuid,
        antal: u64,
    ) -> Result<Vec<Uuid>, StoreFejl> {
        let mut sql =
            self.sql("SELECT DISTINCT modtager FROM advispost WHERE mail IS NULL AND rytme > 1 AND rytme = ");
        sql.int(rytme.kode()).push(" AND modtager > ").bind(Value::Id(efter));
        sql.push(" ORDER BY modtager LIMIT ").int(limit(antal));
        self.query(sql).await?.iter().map(|row| row.id(0)).collect()
    }

    /// Makes a mail of everything that waits for it and came before then. `false` when the mail is there already.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn saml_adviser(&self, mail: &NyAdvismail, til: Instant) -> Result<bool, StoreFejl> {
        let mut sql = self.sql("UPDATE advispost SET mail = ");
        sql.bind(Value::Id(mail.id)).push(" WHERE mail IS NULL AND rytme > 1 AND rytme = ");
        sql.int(mail.rytme.kode()).push(" AND modtager = ").bind(Value::Id(mail.modtager));
        sql.push(" AND tid < ").int(til.micros());
        let trin = vec![Trin { sql: self.ny_mail(mail), krav: Some(1) }, Trin { sql, krav: None }];
        Ok(self.run(trin).await?.is_ok())
    }

    /// Leases the mail that has been due the longest, until then.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn laan_mail(
        &self,
        laaner: Uuid,
        nu: Instant,
        til: Instant,
    ) -> Result<Option<Advismail>, StoreFejl> {
        let mut sql = self.sql(MAIL);
        sql.push("tilstand = 0 AND forfald <= ").int(nu.micros()).push(" AND laan_til <= ").int(nu.micros());
        sql.push(" ORDER BY forfald, id LIMIT ").int(KANDIDATER);
        for row in &self.query(sql).await? {
            let mail = Advismail { mail: mail(row)?, forsoeg: row.lille(6)? };
            let mut sql = self.sql("UPDATE advismail SET laaner = ");
            sql.bind(Value::Id(laaner)).push(", laan_til = ").int(til.micros());
            sql.push(" WHERE tilstand = 0 AND id = ").bind(Value::Id(mail.mail.id));
            // Another may have had it since it was read here, and put it off.
            sql.push(" AND laan_til <= ").int(nu.micros()).push(" AND forfald <= ").int(nu.micros());
            if self.run_one(sql).await? == 1 {
                return Ok(Some(mail));
            }
        }
        Ok(None)
    }

    /// The notices in a mail, the oldest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn mailens_adviser(&self, mail: Uuid, antal: u64) -> Result<Vec<Advisrad>, StoreFejl> {
        let mut sql =
            self.sql("SELECT a.id, a.tid, a.part, a.krop FROM advispost p JOIN advis a ON a.id = p.advis");
        sql.push(" WHERE p.mail = ")
            .bind(Value::Id(mail))
            .push(" ORDER BY a.tid, a.id LIMIT ")
            .int(limit(antal));
        self.query(sql).await?.iter().map(|row| rad(row, 0)).collect()
    }

    /// Notes what became of a mail. `false` when the lease was another's by then.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn afslut_mail(
        &self,
        id: Uuid,
        laaner: Uuid,
        nu: Instant,
        udfald: &Mailudfald,
    ) -> Result<bool, StoreFejl> {
        let mut sql = self.sql("UPDATE advismail SET laan_til = 0, ");
        match udfald {
            Mailudfald::Senere(hvornaar, svar, talt) => {
                sql.push("forfald = ").int(hvornaar.micros()).push(", svar = ").text_value(svar);
                sql.push(", forsoeg = forsoeg + ").int((*talt).into());
            }
            endeligt => {
                let (tilstand, svar) = match endeligt {
                    Mailudfald::Opgivet(svar) => (2, svar.as_str()),
                    Mailudfald::Tom => (3, ""),
                    _ => (1, ""),
                };
                sql.push("tilstand = ").int(tilstand).push(", svar = ").text_value(svar);
                sql.push(", afsluttet = ").int(nu.micros());
            }
        }
        sql.push(" WHERE tilstand = 0 AND id = ").bind(Value::Id(id)).push(" AND laaner = ");
        sql.bind(Value::Id(laaner));
        Ok(self.run_one(sql).await? == 1)
    }

    /// Mails sent since then, for one party or for all, counted no further than `hoejst`.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn mails_sendt(
        &self,
        part: Option<Cvr>,
        siden: Instant,
        hoejst: u64,
    ) -> Result<u64, StoreFejl> {
        let mut sql =
            self.sql("SELECT count(*) FROM (SELECT 1 FROM advismail WHERE tilstand = 1 AND afsluttet > ");
        sql.int(siden.micros());
        if let Some(part) = part {
            sql.push(" AND part = ").int(part.number().into());
        }
        sql.push(" LIMIT ").int(limit(hoejst)).push(") AS talte");
        self.query(sql).await?.first().map_or(Ok(0), |row| row.lille(0))
    }

    /// Mails that were given up, for one party or for all, the latest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn opgivne_mails(&self, part: Option<Cvr>, antal: u64) -> Result<Vec<Opgivetmail>, StoreFejl> {
        let mut sql = self.sql(MAIL);
        sql.push("tilstand = 2");
        if let Some(part) = part {
            sql.push(" AND part = ").int(part.number().into());
        }
        sql.push(" ORDER BY afsluttet DESC, id LIMIT ").int(limit(antal));
        let opgivet =
            |row: &Raekke| Ok(Opgivetmail { mail: mail(row)?, svar: row.tekst(7)?, hvornaar: row.tid(8)? });
        self.query(sql).await?.iter().map(opgivet).collect()
    }

    /// Mails that wait, and those of them whose last attempt failed; counted no further than `hoejst`.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn mails_venter(&self, hoejst: u64) -> Result<(u64, u64), StoreFejl> {
        let mut sql = self.sql(
            "SELECT count(*), coalesce(sum(fejlet), 0) FROM (SELECT CASE WHEN svar = '' THEN 0 ELSE 1 END AS fejlet \
             FROM advismail WHERE tilstand = 0 LIMIT ",
        );
        sql.int(limit(hoejst)).push(") AS talte");
        self.query(sql).await?.first().map_or(Ok((0, 0)), |row| Ok((row.lille(0)?, row.lille(1)?)))
    }

    /// Forgets all leases of mails: with SQLite there is one server, and it has just started.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn glem_maillaan(&self) -> Result<(), StoreFejl> {
        if self.er_delt() {
            return Ok(());
        }
        let sql = self.sql("UPDATE advismail SET laan_til = 0 WHERE tilstand = 0 AND laan_til > 0");
        self.run_one(sql).await.map(drop)
    }
}

fn mail(row: &Raekke) -> Result<NyAdvismail, StoreFejl> {
    let rytme = Advisrytme::af(row.tal(4)?).ok_or_else(|| StoreFejl::database("ukendt rytme af en mail"))?;
    Ok(NyAdvismail {
        id: row.id(0)?,
        modtager: row.id(1)?,
        postkasse: row.ja(2)?,
        part: row.cvr(3)?,
        rytme,
        tid: row.tid(5)?,
    })
}
