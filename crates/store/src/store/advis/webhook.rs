//! The deliveries of webhooks: laid, leased to whoever makes them, and what became of them.

use super::rad;
use crate::StoreFejl;
use crate::advis::Advisrad;
use crate::raekke::{Raekke, Trin};
use crate::sql::{Sql, Value};
use crate::store::{Store, limit};
use crate::webhook::{
    Laantlevering, Leveringstilstand, NyWebhooklevering, Webhooklevering, Webhooktal, Webhookudfald,
};
use bitemporal::Instant;
use uuid::Uuid;

/// Deliveries that are looked at to find one that nobody else takes.
const KANDIDATER: i64 = 20;

impl Store {
    pub(super) fn ny_levering(&self, advis: &Advisrad, ny: &NyWebhooklevering) -> Sql {
        let mut sql = self.sql(
            "INSERT INTO webhooklevering (id, webhook, advis, tid, tilstand, forfald, forsoeg, laaner, laan_til, sidst, \
             http, svar) VALUES (",
        );
        let tid = advis.tid.micros();
        let vaerdier = [
            Value::Id(ny.id),
            Value::Id(ny.webhook),
            Value::Id(advis.id),
            Value::Int(tid),
            Value::Int(if ny.opgivet { 2 } else { 0 }),
            Value::Int(tid),
        ];
        sql.list(vaerdier).push(", 0, NULL, 0, NULL, NULL, '') ON CONFLICT (id) DO NOTHING");
        sql
    }

    /// Leases the delivery that has been due the longest, until then: none for a webhook to which one is seen being made. Two
    /// servers that take at the same instant can make two of them at once; never the same one.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn laan_levering(
        &self,
        laaner: Uuid,
        nu: Instant,
        til: Instant,
    ) -> Result<Option<Laantlevering>, StoreFejl> {
        let mut sql = self
            .sql("SELECT l.id, l.webhook, l.advis, l.forsoeg FROM webhooklevering l WHERE l.tilstand = 0");
        sql.push(" AND l.forfald <= ").int(nu.micros());
        sql.push(
            " AND NOT EXISTS (SELECT 1 FROM webhooklevering o WHERE o.webhook = l.webhook AND o.tilstand = 0",
        );
        sql.push(" AND o.laan_til > ").int(nu.micros());
        sql.push(") ORDER BY l.forfald, l.id LIMIT ").int(KANDIDATER);
        for row in &self.query(sql).await? {
            let (id, webhook, forsoeg) = (row.id(0)?, row.id(1)?, row.lille(3)?);
            let mut sql = self.sql("UPDATE webhooklevering SET laaner = ");
            sql.bind(Value::Id(laaner)).push(", laan_til = ").int(til.micros());
            sql.push(" WHERE tilstand = 0 AND id = ").bind(Value::Id(id));
            // Another may have had it since it was read here, and put it off.
            sql.push(" AND laan_til <= ").int(nu.micros()).push(" AND forfald <= ").int(nu.micros());
            if self.run_one(sql).await? == 1 {
                let advis = self.leveringens_advis(row.id(2)?).await?;
                return Ok(Some(Laantlevering { id, webhook, advis, forsoeg }));
            }
        }
        Ok(None)
    }

    async fn leveringens_advis(&self, advis: Uuid) -> Result<Option<Advisrad>, StoreFejl> {
        let mut sql = self.sql("SELECT id, tid, part, krop FROM advis WHERE id = ");
        sql.bind(Value::Id(advis));
        self.query(sql).await?.first().map(|row| rad(row, 0)).transpose()
    }

    /// Notes what became of an attempt: the HTTP status of the answer, if there was one, and what went wrong. `false` when
    /// the lease was another's by then.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn afslut_levering(
        &self,
        (id, webhook): (Uuid, Uuid),
        laaner: Uuid,
        nu: Instant,
        udfald: &Webhookudfald,
        (http, svar): (Option<u16>, &str),
    ) -> Result<bool, StoreFejl> {
        let mut sql = self.sql("UPDATE webhooklevering SET laan_til = 0, sidst = ");
        sql.int(nu.micros()).push(", http = ").bind(Value::MaybeInt(http.map(i64::from)));
        sql.push(", svar = ").text_value(svar).push(", ");
        let tilstand = match udfald {
            Webhookudfald::Senere(hvornaar) => {
                sql.push("forfald = ").int(hvornaar.micros()).push(", ");
                Leveringstilstand::Venter
            }
            Webhookudfald::Leveret => Leveringstilstand::Leveret,
            Webhookudfald::Opgivet => Leveringstilstand::Opgivet,
            Webhookudfald::Bortfaldet => Leveringstilstand::Bortfaldet,
        };
        let talt = i64::from(*udfald != Webhookudfald::Bortfaldet);
        sql.push("forsoeg = forsoeg + ").int(talt).push(", tilstand = ").int(tilstand as i64);
        sql.push(" WHERE tilstand = 0 AND id = ").bind(Value::Id(id)).push(" AND laaner = ");
        sql.bind(Value::Id(laaner));
        let mut trin = vec![Trin { sql, krav: Some(1) }];
        trin.extend(self.de_andre(webhook, nu, udfald).map(|sql| Trin { sql, krav: None }));
        Ok(self.run(trin).await?.is_ok())
    }

    /// What follows for what else waits for the same webhook.
    fn de_andre(&self, webhook: Uuid, nu: Instant, udfald: &Webhookudfald) -> Option<Sql> {
        let mut sql = self.sql("UPDATE webhooklevering SET ");
        let hvor = match udfald {
            Webhookudfald::Leveret => {
                sql.push("forfald = ").int(nu.micros());
                Some((" AND forfald > ", nu))
            }
            Webhookudfald::Senere(hvornaar) => {
                sql.push("forfald = ").int(hvornaar.micros());
                Some((" AND forfald < ", *hvornaar))
            }
            Webhookudfald::Opgivet => {
                sql.push("tilstand = 2");
                None
            }
            Webhookudfald::Bortfaldet => return None,
        };
        sql.push(" WHERE tilstand = 0 AND webhook = ").bind(Value::Id(webhook));
        if let Some((hvor, tid)) = hvor {
            sql.push(hvor).int(tid.micros());
        }
        Some(sql)
    }

    /// Lets what was given up for a webhook, and what waits, be tried from now on, as often as if it were new.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn genoptag_leveringer(&self, webhook: Uuid, nu: Instant) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("UPDATE webhooklevering SET tilstand = 0, forsoeg = 0, forfald = ");
        sql.int(nu.micros()).push(" WHERE tilstand IN (0, 2) AND webhook = ").bind(Value::Id(webhook));
        self.run_one(sql).await
    }

    /// A webhook's deliveries, the newest first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn webhookleveringer(
        &self,
        webhook: Uuid,
        forbi: u64,
        antal: u64,
    ) -> Result<Vec<Webhooklevering>, StoreFejl> {
        let mut sql = self.sql(
            "SELECT l.tid, l.tilstand, l.forfald, l.forsoeg, l.sidst, l.http, l.svar, a.id, a.tid, a.part, a.krop \
             FROM webhooklevering l LEFT JOIN advis a ON a.id = l.advis WHERE l.webhook = ",
        );
        sql.bind(Value::Id(webhook)).push(" ORDER BY l.tid DESC, l.id DESC LIMIT ").int(limit(antal));
        sql.push(" OFFSET ").int(limit(forbi));
        self.query(sql).await?.iter().map(levering).collect()
    }

    /// How many of a webhook's deliveries there are, counted no further than `hoejst`.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn antal_leveringer(&self, webhook: Uuid, hoejst: u64) -> Result<u64, StoreFejl> {
        self.talt(webhook, None, hoejst).await
    }

    /// How many of them wait, and how many were given up, counted no further than `hoejst`.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn webhooktal(&self, webhook: Uuid, hoejst: u64) -> Result<Webhooktal, StoreFejl> {
        let venter = self.talt(webhook, Some(Leveringstilstand::Venter), hoejst).await?;
        let opgivne = self.talt(webhook, Some(Leveringstilstand::Opgivet), hoejst).await?;
        Ok(Webhooktal { venter, opgivne })
    }

    async fn talt(&self, webhook: Uuid, i: Option<Leveringstilstand>, hoejst: u64) -> Result<u64, StoreFejl> {
        let mut sql = self.sql("SELECT count(*) FROM (SELECT 1 FROM webhooklevering WHERE webhook = ");
        sql.bind(Value::Id(webhook));
        if let Some(tilstand) = i {
            sql.push(" AND tilstand = ").int(tilstand as i64);
        }
        sql.push(" LIMIT ").int(limit(hoejst)).push(") AS talte");
        self.query(sql).await?.first().map_or(Ok(0), |row| row.lille(0))
    }

    /// Forgets the deliveries of a webhook that is gone.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn glem_leveringer(&self, webhook: Uuid) -> Result<(), StoreFejl> {
        let mut sql = self.sql("DELETE FROM webhooklevering WHERE webhook = ");
        sql.bind(Value::Id(webhook));
        self.run_one(sql).await.map(drop)
    }

    /// Forgets deliveries of notices from before then. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn rens_leveringer(&self, foer: Instant, antal: u64) -> Result<u64, StoreFejl> {
        let mut sql = self.sql(
            "DELETE FROM webhooklevering WHERE id IN (SELECT id FROM webhooklevering WHERE tilstand > 0 AND tid < ",
        );
        sql.int(foer.micros()).push(" ORDER BY tid LIMIT ").int(limit(antal)).push(")");
        self.run_one(sql).await
    }

    /// Forgets all leases of deliveries: with SQLite there is one server, and it has just started.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn glem_leveringslaan(&self) -> Result<(), StoreFejl> {
        if self.er_delt() {
            return Ok(());
        }
        let sql = self.sql("UPDATE webhooklevering SET laan_til = 0 WHERE tilstand = 0 AND laan_til > 0");
        self.run_one(sql).await.map(drop)
    }
}

fn levering(row: &Raekke) -> Result<Webhooklevering, StoreFejl> {
    let tilstand = Leveringstilstand::af(row.tal(1)?);
    Ok(Webhooklevering {
        tid: row.tid(0)?,
        tilstand: tilstand.ok_or_else(|| StoreFejl::database("ukendt tilstand af en levering"))?,
        forfald: row.tid(2)?,
        forsoeg: row.lille(3)?,
        sidst: row.tid_hvis(4)?,
        http: row.lille_hvis(5)?,
        svar: row.tekst(6)?,
        advis: if row.tal_hvis(8)?.is_some() { Some(rad(row, 7)?) } else { None },
    })
}
