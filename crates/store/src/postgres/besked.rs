//! Messages and the queues of dueslag. What is taken in goes through [`super::indtag`]; every other call is one statement,
//! and so a transaction of its own.

use super::{Postgres, client};
use crate::StoreFejl;
use crate::besked::{Fejlaarsag, Fejlpost, Koepost, Lagt, NyBesked, laes_tilladte, lille};
use crate::sql::ejer;
use bitemporal::Instant;
use bytes::Bytes;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// A range of one dueslag, in the order of its index: of an equality the planner would rather walk all places there are.
const LAAN: &str = "WITH v AS MATERIALIZED (SELECT plads FROM koepost WHERE dueslag >= $1 AND dueslag <= $1 AND tilstand = 0 \
    AND (laan_til IS NULL OR (laan_til <= $2 AND laan_af <> $4)) ORDER BY dueslag, plads LIMIT $3 FOR UPDATE SKIP LOCKED) \
    UPDATE koepost k SET laan_af = $4, laan_til = $5, genleveret = CASE WHEN k.laan_til IS NULL THEN k.genleveret ELSE 1 END \
    FROM v, besked b WHERE k.plads = v.plads AND b.nr = k.nr RETURNING k.plads, k.nr, k.tilladte, k.aftale, k.forsoeg, \
    k.genleveret, b.besked_id, b.system, b.cvr, b.transaktion, b.modtaget, b.krop, k.tid";

const FRIGIV: &str = "UPDATE koepost k SET laan_af = NULL, laan_til = NULL, genleveret = CASE WHEN p.forsoeg < 0 THEN k.genleveret ELSE 1 END, \
    forsoeg = greatest(k.forsoeg, p.forsoeg) FROM unnest($1, $2, $3) AS p (dueslag, nr, forsoeg) \
    WHERE k.nr = p.nr AND k.dueslag = p.dueslag AND k.laan_af = $4";

const KVITTER: &str = "UPDATE koepost SET tilstand = 2, laan_af = NULL, laan_til = NULL, tid = $1 \
    WHERE nr = ANY($2) AND dueslag = $3 AND tilstand < 1";

const TIL_FEJLKOE: &str = "UPDATE koepost SET tilstand = 1, laan_af = NULL, laan_til = NULL, tid = $1, aarsag = $2, \
    http = $3, statuskode = $4 WHERE nr = ANY($5) AND dueslag = $6 AND tilstand <> 1";

const FEJLKOE: &str = "SELECT k.plads, k.nr, b.besked_id, k.tid, k.aarsag, k.forsoeg, k.http, k.statuskode \
    FROM koepost k JOIN besked b ON b.nr = k.nr WHERE k.dueslag >= $1 AND k.dueslag <= $1 AND k.tilstand = 1 AND k.plads > $2 \
    ORDER BY k.dueslag, k.plads LIMIT $3";

/// The same row gets a new place, behind all others, from the numbers of the table.
const FRA_FEJLKOE: &str = "UPDATE koepost k SET plads = DEFAULT, tilstand = 0, forsoeg = 0, genleveret = 1, tid = $1, \
    aarsag = NULL, http = NULL, statuskode = NULL WHERE nr = ANY($2) AND dueslag = $3 AND tilstand = 1";

const DYBDE: &str =
    "SELECT count(*) FROM (SELECT 1 FROM koepost WHERE dueslag = $1 AND tilstand = 0 LIMIT $2) AS v";

impl Postgres {
    pub(crate) async fn laeg_besked(&self, ny: NyBesked) -> Result<Lagt, StoreFejl> {
        self.beskeder.laeg(ny).await
    }

    pub(crate) async fn laan(
        &self,
        dueslag: Uuid,
        antal: i64,
        laaner: Uuid,
        nu: i64,
        til: i64,
    ) -> Result<Vec<Koepost>, StoreFejl> {
        let client = client(&self.writers).await?;
        let statement = client.prepare_cached(LAAN).await?;
        let rows = client.query(&statement, &[&dueslag, &nu, &antal, &laaner, &til]).await?;
        let mut poster = rows.iter().map(koepost).collect::<Result<Vec<_>, _>>()?;
        poster.sort_unstable_by_key(|post| post.plads);
        Ok(poster)
    }

    pub(crate) async fn forlaeng(&self, laaner: Uuid, til: i64) -> Result<u64, StoreFejl> {
        self.change("UPDATE koepost SET laan_til = $1 WHERE laan_af = $2", &[], &[&til, &laaner]).await
    }

    pub(crate) async fn frigiv(
        &self,
        laaner: Uuid,
        poster: Vec<(Uuid, i64, Option<u32>)>,
    ) -> Result<u64, StoreFejl> {
        let dueslag: Vec<Uuid> = poster.iter().map(|p| p.0).collect();
        let numre: Vec<i64> = poster.iter().map(|p| p.1).collect();
        // Below zero: not handed out.
        let forsoeg: Vec<i64> = poster.iter().map(|p| p.2.map_or(-1, i64::from)).collect();
        let types = [Type::UUID_ARRAY, Type::INT8_ARRAY, Type::INT8_ARRAY, Type::UUID];
        self.change(FRIGIV, &types, &[&dueslag, &numre, &forsoeg, &laaner]).await
    }

    pub(crate) async fn kvitter(&self, dueslag: Uuid, numre: Vec<i64>, nu: i64) -> Result<u64, StoreFejl> {
        self.change(KVITTER, &[], &[&nu, &numre, &dueslag]).await
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
        self.change(TIL_FEJLKOE, &[], &[&nu, &aarsag, &http, &statuskode, &numre, &dueslag]).await
    }

    pub(crate) async fn fejlkoe(
        &self,
        dueslag: Uuid,
        efter: i64,
        antal: i64,
    ) -> Result<Vec<Fejlpost>, StoreFejl> {
        let client = client(&self.readers).await?;
        let rows = client.query(&client.prepare_cached(FEJLKOE).await?, &[&dueslag, &efter, &antal]).await?;
        rows.iter().map(fejlpost).collect()
    }

    pub(crate) async fn fra_fejlkoe(
        &self,
        dueslag: Uuid,
        numre: Vec<i64>,
        nu: i64,
    ) -> Result<u64, StoreFejl> {
        self.change(FRA_FEJLKOE, &[], &[&nu, &numre, &dueslag]).await
    }

    pub(crate) async fn dybde(&self, dueslag: Uuid, loft: i64) -> Result<u64, StoreFejl> {
        let client = client(&self.readers).await?;
        let row = client.query_one(&client.prepare_cached(DYBDE).await?, &[&dueslag, &loft]).await?;
        Ok(row.get::<_, i64>(0).unsigned_abs())
    }

    /// One statement that changes rows; gives how many.
    pub(super) async fn change(
        &self,
        sql: &str,
        types: &[Type],
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, StoreFejl> {
        let client = client(&self.writers).await?;
        let statement = client.prepare_typed_cached(sql, types).await?;
        Ok(client.execute(&statement, values).await?)
    }
}

fn koepost(row: &Row) -> Result<Koepost, StoreFejl> {
    Ok(Koepost {
        plads: row.get(0),
        nr: row.get(1),
        tilladte: laes_tilladte(row.get(2))?,
        aftale: row.get(3),
        forsoeg: lille(row.get(4))?,
        genleveret: row.get::<_, i64>(5) != 0,
        besked_id: row.get(6),
        system: row.get(7),
        cvr: ejer(row.get(8))?,
        transaktion: row.get(9),
        modtaget: Instant::from_micros(row.get(10)),
        krop: Bytes::from(row.get::<_, Vec<u8>>(11)),
        tid: Instant::from_micros(row.get(12)),
    })
}

fn fejlpost(row: &Row) -> Result<Fejlpost, StoreFejl> {
    let kode = |tal: Option<i64>| tal.map(lille).transpose();
    Ok(Fejlpost {
        plads: row.get(0),
        nr: row.get(1),
        besked_id: row.get(2),
        tid: Instant::from_micros(row.get(3)),
        aarsag: Fejlaarsag::laes(row.get(4))?,
        forsoeg: lille(row.get(5))?,
        http: kode(row.get(6))?,
        statuskode: kode(row.get(7))?,
    })
}
