//! The writes that take a transaction of their own: sets of several objects, rewriting, removal, the access log.

use super::append::{append, log};
use super::writer::ATTEMPTS_MAX;
use super::{Postgres, client, is_transient};
use crate::sql::{ejer, texts};
use crate::{EntitetSkrivning, Fjernelse, LogLinje, StoreFejl, Tilfoejelse};
use bitemporal::Instant;
use deadpool_postgres::{Client, Transaction};
use oio::{Cvr, ObjektId};
use std::collections::HashMap;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// How many objects one statement writes.
const CHUNK: usize = 1_000;

/// After a set of this size the planner's statistics are renewed at once: until the server does it by itself, it would
/// believe the tables to be empty and sort where it should walk.
const LARGE: usize = 5_000;

/// What one transaction does. What is empty is not done.
#[derive(Default)]
struct Arbejde {
    saet: Vec<Tilfoejelse>,
    kroppe: Vec<(ObjektId, Instant, Vec<u8>)>,
    fjernelser: Vec<Fjernelse>,
    /// Who removes, and when.
    fjerner: Option<(Cvr, Instant)>,
    linjer: Vec<LogLinje>,
    entiteter: Vec<EntitetSkrivning>,
}

/// Why a transaction ended early. It is rolled back.
pub(super) enum Afbrudt {
    Igen(tokio_postgres::Error),
    Fejl(StoreFejl),
}

impl From<tokio_postgres::Error> for Afbrudt {
    fn from(cause: tokio_postgres::Error) -> Self {
        if is_transient(&cause) { Self::Igen(cause) } else { Self::Fejl(cause.into()) }
    }
}

impl From<StoreFejl> for Afbrudt {
    fn from(fejl: StoreFejl) -> Self {
        Self::Fejl(fejl)
    }
}

impl Postgres {
    pub(crate) async fn append(&self, linje: LogLinje, mut saet: Vec<Tilfoejelse>) -> Result<(), StoreFejl> {
        match saet.len() {
            1 => self.writer.write(linje, saet.remove(0)).await,
            _ => self.transact(Arbejde { saet, linjer: vec![linje], ..Arbejde::default() }).await,
        }
    }

    pub(crate) async fn rewrite(
        &self,
        linje: LogLinje,
        saet: Vec<Tilfoejelse>,
        kroppe: Vec<(ObjektId, Instant, Vec<u8>)>,
    ) -> Result<(), StoreFejl> {
        self.transact(Arbejde { saet, kroppe, linjer: vec![linje], ..Arbejde::default() }).await
    }

    pub(crate) async fn purge(
        &self,
        linje: LogLinje,
        skriver: Cvr,
        fjernelser: Vec<Fjernelse>,
    ) -> Result<(), StoreFejl> {
        let fjerner = Some((skriver, linje.tid));
        self.transact(Arbejde { fjernelser, fjerner, linjer: vec![linje], ..Arbejde::default() }).await
    }

    pub(crate) async fn write_log(&self, linjer: Vec<LogLinje>) -> Result<(), StoreFejl> {
        // One statement is a transaction of its own.
        Ok(log(&client(&self.writers).await?, &linjer).await?)
    }

    pub(crate) async fn put_entities(&self, entiteter: Vec<EntitetSkrivning>) -> Result<(), StoreFejl> {
        self.transact(Arbejde { entiteter, ..Arbejde::default() }).await
    }

    async fn transact(&self, arbejde: Arbejde) -> Result<(), StoreFejl> {
        let mut client = client(&self.writers).await?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let transaction = client.transaction().await?;
            match arbejde.run(transaction).await {
                Ok(()) => {
                    if arbejde.saet.len() >= LARGE {
                        analyze(&client).await;
                    }
                    return Ok(());
                }
                Err(Afbrudt::Igen(cause)) if attempts >= ATTEMPTS_MAX => return Err(cause.into()),
                Err(Afbrudt::Igen(_)) => {}
                Err(Afbrudt::Fejl(fejl)) => return Err(fejl),
            }
        }
    }
}

impl Arbejde {
    /// Does all of it and commits.
    async fn run(&self, transaction: Transaction<'_>) -> Result<(), Afbrudt> {
        for stykke in self.saet.chunks(CHUNK) {
            let stykke: Vec<&Tilfoejelse> = stykke.iter().collect();
            let vindere = append(&transaction, &stykke, &[]).await?;
            if let Some(tabt) = stykke.iter().find(|t| !vindere.contains(&t.objekt.0)) {
                return Err(StoreFejl::Tabt(tabt.objekt).into());
            }
        }
        for stykke in self.kroppe.chunks(CHUNK) {
            rewrite(&transaction, stykke).await?;
        }
        if let Some((skriver, tid)) = self.fjerner {
            for stykke in self.fjernelser.chunks(CHUNK) {
                purge(&transaction, stykke, skriver, tid).await?;
            }
        }
        put_entities(&transaction, &self.entiteter).await?;
        log(&transaction, &self.linjer).await?;
        Ok(transaction.commit().await?)
    }
}

async fn analyze(client: &Client) {
    if let Err(cause) = client.batch_execute("ANALYZE objekt; ANALYZE registrering; ANALYZE noegle").await {
        tracing::warn!(%cause, "statistikken kunne ikke fornyes; serveren gør det selv lidt senere");
    }
}

async fn rewrite(
    transaction: &Transaction<'_>,
    kroppe: &[(ObjektId, Instant, Vec<u8>)],
) -> Result<(), Afbrudt> {
    let statement = transaction
        .prepare_cached("UPDATE registrering SET krop = $1 WHERE objekt = $2 AND tidspunkt = $3")
        .await?;
    for (objekt, tidspunkt, krop) in kroppe {
        if transaction.execute(&statement, &[krop, &objekt.0, &tidspunkt.micros()]).await? == 0 {
            return Err(StoreFejl::Tabt(*objekt).into());
        }
    }
    Ok(())
}

async fn put_entities(transaction: &Transaction<'_>, entiteter: &[EntitetSkrivning]) -> Result<(), Afbrudt> {
    let types = [Type::TEXT, Type::UUID, Type::BYTEA, Type::INT8];
    let statement = transaction.prepare_typed_cached(texts::PUT_ENTITY, &types).await?;
    for e in entiteter {
        let krop = e.krop.as_deref().unwrap_or_default();
        let row = transaction.query_opt(&statement, &[&e.art, &e.id, &krop, &e.foer.unwrap_or(-1)]).await;
        match row {
            Ok(Some(_)) => {}
            Ok(None) => return Err(StoreFejl::Tabt(ObjektId(e.id)).into()),
            // Another caller took the same number in between: the guard decides on the next try.
            Err(cause) if cause.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
                return Err(Afbrudt::Igen(cause));
            }
            Err(cause) => return Err(cause.into()),
        }
    }
    Ok(())
}

async fn purge(
    transaction: &Transaction<'_>,
    fjernelser: &[Fjernelse],
    skriver: Cvr,
    tid: Instant,
) -> Result<(), Afbrudt> {
    let ids: Vec<Uuid> = fjernelser.iter().map(|f| f.objekt.0).collect();
    let find = "SELECT id, objekttype, ejer, tidspunkt FROM objekt WHERE id = ANY($1) ORDER BY id FOR UPDATE";
    let rows = transaction.query(&transaction.prepare_cached(find).await?, &[&ids]).await?;
    let stored: HashMap<Uuid, (String, i64, i64)> =
        rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2), row.get(3)))).collect();
    let mut tider = Vec::with_capacity(ids.len());
    for f in fjernelser {
        let of_type = stored.get(&f.objekt.0).filter(|(objekttype, _, _)| objekttype == f.objekttype);
        let (_, nummer, tidspunkt) = of_type.ok_or(StoreFejl::Tabt(f.objekt))?;
        if ejer(*nummer)? != skriver {
            return Err(StoreFejl::Fremmed(f.objekt).into());
        }
        tider.push(tid.micros().max(tidspunkt.saturating_add(1)));
    }
    for sql in [
        "DELETE FROM noegle WHERE objekt = ANY($1)",
        "DELETE FROM registrering WHERE objekt = ANY($1)",
        "DELETE FROM objekt WHERE id = ANY($1)",
    ] {
        transaction.execute(&transaction.prepare_cached(sql).await?, &[&ids]).await?;
    }
    let typer: Vec<&str> = fjernelser.iter().map(|f| f.objekttype).collect();
    let meld = "INSERT INTO haendelse (objekt, objekttype, ejer, tidspunkt, handling) \
        SELECT f.objekt, f.objekttype, $1, f.tidspunkt, 'Slet' \
        FROM unnest($2::uuid[], $3::text[], $4::int8[]) AS f (objekt, objekttype, tidspunkt) ORDER BY f.objekt";
    let statement = transaction
        .prepare_typed_cached(meld, &[Type::INT8, Type::UUID_ARRAY, Type::TEXT_ARRAY, Type::INT8_ARRAY]);
    transaction.execute(&statement.await?, &[&i64::from(skriver.number()), &ids, &typer, &tider]).await?;
    Ok(())
}
