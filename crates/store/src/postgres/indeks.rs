//! The objects of the indexes: a wave of new registreringer decided in one statement, as in `append`, and what comes with those that
//! won written with their numbers.

mod fjern;

use super::append::log;
use super::transaction::Afbrudt;
use super::writer::ATTEMPTS_MAX;
use super::{Postgres, client};
use crate::indeks::{Indeksfjernelse, Indekshaendelse, Klar, Klarnoegle, Overtagelse, alle_vundet, forskel};
use crate::sql::texts;
use crate::{LogLinje, StoreFejl};
use deadpool_postgres::{GenericClient, Transaction};
use futures_util::future::try_join3;
use oio::{Cvr, ObjektId};
use std::collections::HashMap;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

/// Gives the numbers of those whose guard holds; the body each had is its history now. A sum is no column: an object is looked up by
/// its name, not among all that were registered at the same time.
const SKRIV: &str = r"
WITH saet AS (
    SELECT * FROM unnest($1::int8[], $2::uuid[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::bytea[])
        WITH ORDINALITY AS s (art, id, ejer, foer, tidspunkt, sts, krop, plads)),
ny AS (
    INSERT INTO indeksobjekt (art, id, ejer, tidspunkt, sts, krop)
    SELECT art, id, ejer, tidspunkt, sts, krop FROM saet WHERE foer IS NULL ORDER BY plads
    ON CONFLICT (art, id) DO NOTHING RETURNING nr, art, id),
rettet AS (
    UPDATE indeksobjekt o SET tidspunkt = s.tidspunkt, sts = s.sts, krop = s.krop FROM saet s
    WHERE o.art = s.art AND o.id = s.id AND o.ejer = s.ejer AND o.tidspunkt + 0 = s.foer
    RETURNING o.nr, o.art, o.id),
afloest AS (
    INSERT INTO indekshistorik (objekt, tidspunkt, art, krop)
    SELECT o.nr, o.tidspunkt, o.art, o.krop FROM rettet r JOIN indeksobjekt o ON o.nr = r.nr)
SELECT nr, art, id FROM ny UNION ALL SELECT nr, art, id FROM rettet";

const TIDLIGERE: &str = "INSERT INTO indekshistorik (objekt, tidspunkt, art, krop) \
    SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::bytea[])";

const KENDTE: &str =
    "SELECT objekt, felt, vaerdi, fra, til, nyeste FROM indeksnoegle WHERE objekt = ANY($1::int8[])";

const NOEGLER: &str = "INSERT INTO indeksnoegle (felt, vaerdi, objekt, fra, til, nyeste) \
    SELECT * FROM unnest($1::int8[], $2::bytea[], $3::int8[], $4::int8[], $5::int8[], $6::int8[]) \
    ON CONFLICT (felt, vaerdi, objekt, fra) DO UPDATE SET til = excluded.til, nyeste = excluded.nyeste";

const MELD: &str = "INSERT INTO haendelse (objekt, objekttype, ejer, tidspunkt, handling, indeks, omslag) \
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::int8[], $5::text[], $6::int8[], $7::bytea[])";

impl Postgres {
    /// Gives the places of those that were written.
    pub(crate) async fn indeks_skriv(
        &self,
        linje: LogLinje,
        boelger: Vec<Vec<Klar>>,
        overtaget: Option<Overtagelse>,
    ) -> Result<Vec<usize>, StoreFejl> {
        let mut client = client(&self.writers).await?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            match skriv(client.transaction().await?, &linje, &boelger, overtaget.as_ref()).await {
                Ok(skrevet) => return Ok(skrevet),
                Err(Afbrudt::Igen(cause)) if attempts >= ATTEMPTS_MAX => return Err(cause.into()),
                Err(Afbrudt::Igen(_)) => {}
                Err(Afbrudt::Fejl(fejl)) => return Err(fejl),
            }
        }
    }

    pub(crate) async fn indeks_fjern(
        &self,
        linje: LogLinje,
        skriver: Cvr,
        fjernelser: Vec<Indeksfjernelse>,
    ) -> Result<(), StoreFejl> {
        let mut client = client(&self.writers).await?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            match fjern::fjern(client.transaction().await?, &linje, skriver, &fjernelser).await {
                Ok(()) => return Ok(()),
                Err(Afbrudt::Igen(cause)) if attempts >= ATTEMPTS_MAX => return Err(cause.into()),
                Err(Afbrudt::Igen(_)) => {}
                Err(Afbrudt::Fejl(fejl)) => return Err(fejl),
            }
        }
    }
}

async fn skriv(
    transaction: Transaction<'_>,
    linje: &LogLinje,
    boelger: &[Vec<Klar>],
    overtaget: Option<&Overtagelse>,
) -> Result<Vec<usize>, Afbrudt> {
    let mut skrevet = Vec::new();
    let mut linje = linje.clone();
    for boelge in boelger {
        let vundet = vind(&transaction, boelge).await?;
        let noegler = aendrede(&transaction, &vundet).await?;
        // Together: none of them depends on another.
        let resten = try_join3(
            tidligere(&transaction, &vundet),
            noter(&transaction, &noegler),
            meldt(&transaction, &vundet),
        );
        resten.await?;
        linje.objekter.extend(vundet.iter().map(|(_, k)| ObjektId(k.s.id)));
        skrevet.extend(vundet.iter().map(|(_, k)| k.plads));
    }
    let overtaget = overtaget.filter(|_| alle_vundet(boelger, skrevet.len()));
    if let Some(o) = overtaget {
        let statement = transaction.prepare_cached(texts::OVERTAGELSE).await?;
        let naaet: [&(dyn ToSql + Sync); 4] = [&o.id, &o.version, &linje.tid.micros(), &o.krop];
        if transaction.execute(&statement, &naaet).await? == 0 {
            return Err(Afbrudt::Fejl(StoreFejl::Tabt(ObjektId(o.id))));
        }
    }
    if skrevet.is_empty() && overtaget.is_none() {
        return Ok(skrevet);
    }
    linje.antal = linje.objekter.len() as u64;
    if linje.antal > 0 {
        log(&transaction, &[linje]).await?;
    }
    transaction.commit().await?;
    Ok(skrevet)
}

/// Those whose guard holds, with their numbers, in the order of the call.
async fn vind<'k>(client: &impl GenericClient, boelge: &'k [Klar]) -> Result<Vec<(i64, &'k Klar)>, Error> {
    let af = |f: fn(&Klar) -> i64| boelge.iter().map(f).collect::<Vec<i64>>();
    let arter = af(|k| k.s.art);
    let ider: Vec<Uuid> = boelge.iter().map(|k| k.s.id).collect();
    let ejere = af(|k| k.s.ejer.number().into());
    let foer: Vec<Option<i64>> = boelge.iter().map(|k| k.s.foer.map(|f| f.micros())).collect();
    let (tider, sts) = (af(|k| k.s.tidspunkt.micros()), af(|k| k.s.sts.micros()));
    let kroppe: Vec<&[u8]> = boelge.iter().map(|k| k.s.krop.as_slice()).collect();
    let statement = client.prepare_cached(SKRIV).await?;
    let rows = client.query(&statement, &[&arter, &ider, &ejere, &foer, &tider, &sts, &kroppe]).await?;
    let numre: HashMap<(i64, Uuid), i64> =
        rows.iter().map(|row| ((row.get(1), row.get(2)), row.get(0))).collect();
    Ok(boelge.iter().filter_map(|k| Some((*numre.get(&(k.s.art, k.s.id))?, k))).collect())
}

/// The keys of what was won that change, in the order of the primary key. Nobody else changes them meanwhile: the rows of the objects
/// are this transaction's.
async fn aendrede(
    client: &impl GenericClient,
    vundet: &[(i64, &Klar)],
) -> Result<Vec<(i64, Klarnoegle)>, Error> {
    let rettede: Vec<i64> = vundet.iter().filter(|(_, k)| k.s.foer.is_some()).map(|(nr, _)| *nr).collect();
    let mut kendte: HashMap<i64, Vec<Klarnoegle>> = HashMap::new();
    if !rettede.is_empty() {
        let statement = client.prepare_cached(KENDTE).await?;
        for row in client.query(&statement, &[&rettede]).await? {
            kendte.entry(row.get(0)).or_default().push(noegle(&row));
        }
    }
    Ok(forskel(vundet, |nr| kendte.remove(&nr).unwrap_or_default()))
}

fn noegle(row: &Row) -> Klarnoegle {
    Klarnoegle {
        felt: row.get(1),
        vaerdi: row.get(2),
        fra: row.get(3),
        til: row.get(4),
        nyeste: row.get::<_, i64>(5) != 0,
    }
}

async fn noter(client: &impl GenericClient, noegler: &[(i64, Klarnoegle)]) -> Result<(), Error> {
    if noegler.is_empty() {
        return Ok(());
    }
    let af = |f: fn(&(i64, Klarnoegle)) -> i64| noegler.iter().map(f).collect::<Vec<i64>>();
    let vaerdier: Vec<&[u8]> = noegler.iter().map(|(_, n)| n.vaerdi.as_slice()).collect();
    let (felter, numre, fra) = (af(|(_, n)| n.felt), af(|(nr, _)| *nr), af(|(_, n)| n.fra));
    let (til, nyeste) = (af(|(_, n)| n.til), af(|(_, n)| n.nyeste.into()));
    let statement = client.prepare_cached(NOEGLER).await?;
    client.execute(&statement, &[&felter, &vaerdier, &numre, &fra, &til, &nyeste]).await.map(drop)
}

async fn tidligere(client: &impl GenericClient, vundet: &[(i64, &Klar)]) -> Result<(), Error> {
    let (mut numre, mut tider, mut arter, mut kroppe) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (nr, k, (tidspunkt, krop)) in
        vundet.iter().flat_map(|(nr, k)| k.s.tidligere.iter().map(move |t| (nr, k, t)))
    {
        numre.push(*nr);
        tider.push(tidspunkt.micros());
        arter.push(k.s.art);
        kroppe.push(krop.as_slice());
    }
    if numre.is_empty() {
        return Ok(());
    }
    let statement = client.prepare_cached(TIDLIGERE).await?;
    client.execute(&statement, &[&numre, &tider, &arter, &kroppe]).await.map(drop)
}

async fn meldt(client: &impl GenericClient, vundet: &[(i64, &Klar)]) -> Result<(), Error> {
    let haendelser = vundet.iter().filter_map(|(nr, k)| {
        let (ejer, tidspunkt) = (k.s.ejer.number().into(), k.s.tidspunkt.micros());
        Some(Melding { nr: *nr, id: k.s.id, ejer, tidspunkt, haendelse: k.s.haendelse.as_ref()? })
    });
    meld(client, &haendelser.collect::<Vec<_>>()).await
}

/// What is told of one object.
struct Melding<'a> {
    nr: i64,
    id: Uuid,
    ejer: i64,
    tidspunkt: i64,
    haendelse: &'a Indekshaendelse,
}

async fn meld(client: &impl GenericClient, alle: &[Melding<'_>]) -> Result<(), Error> {
    if alle.is_empty() {
        return Ok(());
    }
    let ider: Vec<Uuid> = alle.iter().map(|m| m.id).collect();
    let typer: Vec<&str> = alle.iter().map(|m| m.haendelse.objekttype).collect();
    let (ejere, tider): (Vec<i64>, Vec<i64>) = alle.iter().map(|m| (m.ejer, m.tidspunkt)).unzip();
    let handlinger: Vec<&str> = alle.iter().map(|m| m.haendelse.handling).collect();
    let numre: Vec<i64> = alle.iter().map(|m| m.nr).collect();
    let omslag: Vec<&[u8]> = alle.iter().map(|m| m.haendelse.omslag.as_slice()).collect();
    let parameters: [&(dyn ToSql + Sync); 7] = [&ider, &typer, &ejere, &tider, &handlinger, &numre, &omslag];
    let statement = client.prepare_cached(MELD).await?;
    client.execute(&statement, &parameters).await.map(drop)
}
