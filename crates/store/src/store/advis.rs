//! Notices: laid with those they are for, read, and forgotten.

use super::{Store, limit};
use crate::StoreFejl;
use crate::advis::{Advispost, Advisrad, Advissoegning, NyAdvismail, NyAdvispost};
use crate::raekke::{Raekke, Trin};
use crate::sql::{Sql, Value};
use crate::webhook::NyWebhooklevering;
use bitemporal::Instant;
use uuid::Uuid;

mod mail;
mod webhook;

impl Store {
    /// Notices as steps of a set; one that is there already stays as it is.
    pub(super) fn nye_adviser(&self, adviser: &[Advisrad]) -> Vec<Trin> {
        let et = |a: &Advisrad| {
            let mut sql = self.sql("INSERT INTO advis (id, tid, part, fordelt, krop) VALUES (");
            sql.bind(Value::Id(a.id)).push(", ").int(a.tid.micros()).push(", ").int(a.part.number().into());
            sql.push(", 0, ").bind(Value::Bytes(a.krop.clone())).push(") ON CONFLICT DO NOTHING");
            Trin { sql, krav: None }
        };
        adviser.iter().map(et).collect()
    }

    /// Stores notices that follow from the time.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn skriv_adviser(&self, adviser: &[Advisrad]) -> Result<(), StoreFejl> {
        let trin = self.nye_adviser(adviser);
        if !trin.is_empty() {
            let _ = self.run(trin).await?;
        }
        Ok(())
    }

    /// Notices that lie with nobody yet, the oldest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn adviser_nye(&self, antal: u64) -> Result<Vec<Advisrad>, StoreFejl> {
        let mut sql =
            self.sql("SELECT id, tid, part, krop FROM advis WHERE fordelt = 0 ORDER BY tid, id LIMIT ");
        sql.int(limit(antal));
        self.query(sql).await?.iter().map(|row| rad(row, 0)).collect()
    }

    /// Lays a notice with those it is for, with the mails that go out at once and the webhooks it is delivered to. `false`
    /// when somebody did before.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn fordel_advis(
        &self,
        advis: &Advisrad,
        poster: &[NyAdvispost],
        mails: &[NyAdvismail],
        webhooks: &[NyWebhooklevering],
    ) -> Result<bool, StoreFejl> {
        let mut sql = self.sql("UPDATE advis SET fordelt = 1 WHERE fordelt = 0 AND id = ");
        sql.bind(Value::Id(advis.id));
        let mut trin = vec![Trin { sql, krav: Some(1) }];
        for p in poster {
            let mut sql = self.sql(
                "INSERT INTO advispost (advis, modtager, part, tid, roller, gruppe, ulaest, rytme, mail) VALUES (",
            );
            let roller =
                if p.roller.is_empty() { String::new() } else { format!(",{},", p.roller.join(",")) };
            let vaerdier = [
                Value::Id(advis.id),
                Value::Id(p.modtager),
                Value::Int(advis.part.number().into()),
                Value::Int(advis.tid.micros()),
                Value::Text(roller),
                Value::Text(p.gruppe.to_owned()),
                Value::Int(p.ulaest.into()),
                Value::Int(p.rytme.kode()),
                Value::MaybeId(p.mail),
            ];
            sql.list(vaerdier).push(") ON CONFLICT DO NOTHING");
            trin.push(Trin { sql, krav: None });
        }
        trin.extend(mails.iter().map(|m| Trin { sql: self.ny_mail(m), krav: None }));
        trin.extend(webhooks.iter().map(|w| Trin { sql: self.ny_levering(advis, w), krav: None }));
        Ok(self.run(trin).await?.is_ok())
    }

    /// A person's notices: what is not read first, the newest first in each.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn advisposter(
        &self,
        s: &Advissoegning,
        forbi: u64,
        antal: u64,
    ) -> Result<Vec<Advispost>, StoreFejl> {
        let mut sql = self.sql("SELECT a.id, a.tid, a.part, a.krop, p.ulaest");
        sql.push(" FROM advispost p JOIN advis a ON a.id = p.advis");
        hvis(&mut sql, s);
        sql.push(" ORDER BY p.ulaest DESC, p.tid DESC, p.advis DESC LIMIT ").int(limit(antal));
        sql.push(" OFFSET ").int(limit(forbi));
        let post = |row: &Raekke| Ok(Advispost { advis: rad(row, 0)?, ulaest: row.ja(4)? });
        self.query(sql).await?.iter().map(post).collect()
    }

    /// How many there are, counted no further than `hoejst`.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn antal_adviser(&self, s: &Advissoegning, hoejst: u64) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("SELECT count(*) FROM (SELECT 1 FROM advispost p");
        hvis(&mut sql, s);
        sql.push(" LIMIT ").int(limit(hoejst)).push(") AS talte");
        self.query(sql).await?.first().map_or(Ok(0), |row| row.lille(0))
    }

    /// Marks a person's notice as read, or all that came until then.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn laes_adviser(
        &self,
        s: &Advissoegning,
        advis: Option<Uuid>,
        til: Instant,
    ) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("UPDATE advispost SET ulaest = 0");
        hvis_i(&mut sql, s, "");
        sql.push(" AND tid <= ").int(til.micros());
        if let Some(advis) = advis {
            sql.push(" AND advis = ").bind(Value::Id(advis));
        }
        self.run_one(sql).await
    }

    /// How far what follows from the time has been looked for.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn advisrunde(&self, navn: &str) -> Result<Option<Instant>, StoreFejl> {
        let mut sql = self.sql("SELECT til FROM advisrunde WHERE navn = ");
        sql.text_value(navn);
        self.query(sql).await?.first().map(|row| row.tid(0)).transpose()
    }

    /// It has been looked for until then. Never earlier than before.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn saet_advisrunde(&self, navn: &str, til: Instant) -> Result<(), StoreFejl> {
        let mut sql = self.sql("INSERT INTO advisrunde (navn, til) VALUES (");
        sql.text_value(navn).push(", ").int(til.micros());
        sql.push(") ON CONFLICT (navn) DO UPDATE SET til = excluded.til WHERE advisrunde.til < excluded.til");
        self.run_one(sql).await.map(drop)
    }

    /// Forgets notices from before then, and the mails they were in. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn rens_adviser(&self, foer: Instant, antal: u64) -> Result<u64, StoreFejl> {
        let mut gamle = self.sql("SELECT id FROM advis WHERE tid < ");
        gamle.int(foer.micros()).push(" ORDER BY tid LIMIT ").int(limit(antal));
        let ider: Vec<Uuid> =
            self.query(gamle).await?.iter().map(|row| row.id(0)).collect::<Result<_, _>>()?;
        let slet = |tabel: &str, felt: &str| {
            let mut sql = self.sql("DELETE FROM ");
            sql.push(tabel).push(" WHERE ").push(felt).push(" IN (SELECT value FROM ");
            sql.table(Value::Ids(ider.clone())).push(")");
            Trin { sql, krav: None }
        };
        let mut mails = self.sql("DELETE FROM advismail WHERE tilstand > 0 AND afsluttet < ");
        mails.int(foer.micros());
        let trin = vec![slet("advispost", "advis"), slet("advis", "id"), Trin { sql: mails, krav: None }];
        let _ = self.run(trin).await?;
        Ok(ider.len() as u64)
    }
}

fn rad(row: &Raekke, fra: usize) -> Result<Advisrad, StoreFejl> {
    Ok(Advisrad {
        id: row.id(fra)?,
        tid: row.tid(fra + 1)?,
        part: row.cvr(fra + 2)?,
        krop: row.bytes(fra + 3)?.to_vec(),
    })
}

fn hvis(sql: &mut Sql, s: &Advissoegning) {
    hvis_i(sql, s, "p.");
}

/// The rows of a person that the roles now let through.
fn hvis_i(sql: &mut Sql, s: &Advissoegning, p: &str) {
    sql.push(" WHERE ").push(p).push("modtager = ").bind(Value::Id(s.modtager));
    sql.push(" AND ").push(p).push("part = ").int(s.part.number().into());
    if s.ulaeste {
        sql.push(" AND ").push(p).push("ulaest = 1");
    }
    if let Some(gruppe) = &s.gruppe {
        sql.push(" AND ").push(p).push("gruppe = ").text_value(gruppe);
    }
    sql.push(" AND (").push(p).push("roller = ''");
    for rolle in &s.roller {
        sql.push(" OR ").push(p).push("roller").like(&format!("*,{rolle},*"));
    }
    sql.push(")");
}
