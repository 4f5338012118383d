//! Removal: objects, their history and their keys, and the proof of it.

use super::{Melding, meld};
use crate::indeks::Indeksfjernelse;
use crate::postgres::append::log;
use crate::postgres::transaction::Afbrudt;
use crate::sql::ejer;
use crate::{LogLinje, StoreFejl};
use deadpool_postgres::Transaction;
use oio::{Cvr, ObjektId};
use std::collections::HashMap;
use tokio_postgres::Error;
use uuid::Uuid;

const BEVIS: &str = "INSERT INTO indekssletning (art, id, tid, system, myndighed, antal) \
    SELECT s.art, s.id, $1::int8, $2::uuid, $3::int8, s.antal \
    FROM unnest($4::int8[], $5::uuid[], $6::int8[]) AS s (art, id, antal)";

/// All of it, and commits.
pub(super) async fn fjern(
    transaction: Transaction<'_>,
    linje: &LogLinje,
    skriver: Cvr,
    fjernelser: &[Indeksfjernelse],
) -> Result<(), Afbrudt> {
    let gemte = laas(&transaction, fjernelser).await?;
    let mut numre = Vec::with_capacity(fjernelser.len());
    for f in fjernelser {
        let fundet = gemte.get(&(f.art, f.id)).filter(|g| g.tidspunkt == f.tidspunkt.micros());
        let gemt = fundet.ok_or(StoreFejl::Tabt(ObjektId(f.id)))?;
        if ejer(gemt.ejer)? != skriver {
            return Err(StoreFejl::Fremmed(ObjektId(f.id)).into());
        }
        numre.push(gemt.nr);
    }
    let sql = "DELETE FROM indeksnoegle WHERE objekt = ANY($1)";
    transaction.execute(&transaction.prepare_cached(sql).await?, &[&numre]).await?;
    let sql = "WITH vaek AS (DELETE FROM indekshistorik WHERE objekt = ANY($1) RETURNING objekt) \
        SELECT objekt, count(*) FROM vaek GROUP BY objekt";
    let rows = transaction.query(&transaction.prepare_cached(sql).await?, &[&numre]).await?;
    let tidligere: HashMap<i64, i64> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let sql = "DELETE FROM indeksobjekt WHERE nr = ANY($1)";
    transaction.execute(&transaction.prepare_cached(sql).await?, &[&numre]).await?;
    let arter: Vec<i64> = fjernelser.iter().map(|f| f.art).collect();
    let ider: Vec<Uuid> = fjernelser.iter().map(|f| f.id).collect();
    let antal: Vec<i64> = numre.iter().map(|nr| tidligere.get(nr).map_or(1, |antal| antal + 1)).collect();
    let myndighed = i64::from(skriver.number());
    let statement = transaction.prepare_cached(BEVIS).await?;
    let tid = linje.tid.micros();
    transaction.execute(&statement, &[&tid, &linje.system, &myndighed, &arter, &ider, &antal]).await?;
    let haendelser = fjernelser.iter().zip(&numre).filter_map(|(f, nr)| {
        let tidspunkt = tid.max(f.tidspunkt.micros().saturating_add(1));
        Some(Melding { nr: *nr, id: f.id, ejer: myndighed, tidspunkt, haendelse: f.haendelse.as_ref()? })
    });
    meld(&transaction, &haendelser.collect::<Vec<_>>()).await?;
    log(&transaction, std::slice::from_ref(linje)).await?;
    Ok(transaction.commit().await?)
}

struct Gemt {
    nr: i64,
    ejer: i64,
    tidspunkt: i64,
}

/// The rows of these objects, which nobody else changes until the transaction ends.
async fn laas(
    transaction: &Transaction<'_>,
    fjernelser: &[Indeksfjernelse],
) -> Result<HashMap<(i64, Uuid), Gemt>, Error> {
    let (arter, ider): (Vec<i64>, Vec<Uuid>) = fjernelser.iter().map(|f| (f.art, f.id)).unzip();
    let sql = "SELECT o.art, o.id, o.nr, o.ejer, o.tidspunkt FROM unnest($1::int8[], $2::uuid[]) AS f (art, id) \
        JOIN indeksobjekt o ON o.art = f.art AND o.id = f.id ORDER BY o.art, o.id FOR UPDATE OF o";
    let rows = transaction.query(&transaction.prepare_cached(sql).await?, &[&arter, &ider]).await?;
    let gemt = |row: &tokio_postgres::Row| {
        ((row.get(0), row.get(1)), Gemt { nr: row.get(2), ejer: row.get(3), tidspunkt: row.get(4) })
    };
    Ok(rows.iter().map(gemt).collect())
}
