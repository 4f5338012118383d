//! How far files have been taken on, written with what was taken on.

use super::Store;
use crate::StoreFejl;
use crate::indeks::{Indeksskrivning, Overtagelse, prepare};
use crate::log::linje;
use crate::raekke::Trin;
use crate::sql::{Value, texts};
use crate::store::Backend;
use adgang::Adgang;
use bitemporal::Instant;
use oio::ObjektId;
use std::collections::HashSet;
use uuid::Uuid;

impl Store {
    /// As [`Store::indeks_skriv`], and in the same durable write how far that is, when all of them were written.
    ///
    /// # Errors
    /// As [`Store::indeks_skriv`]; [`StoreFejl::Tabt`] when another load of the file came first.
    pub async fn indeks_overtag(
        &self,
        adgang: &Adgang,
        tid: Instant,
        skrivninger: Vec<Indeksskrivning>,
        naaet: Overtagelse,
    ) -> Result<Vec<bool>, StoreFejl> {
        let antal = skrivninger.len();
        let boelger = prepare(adgang, skrivninger)?;
        let linje = linje(adgang, tid, Vec::new());
        let skrevet = on!(&self.backend, db => db.indeks_skriv(linje, boelger, Some(naaet)).await)?;
        let skrevet: HashSet<usize> = skrevet.into_iter().collect();
        Ok((0..antal).map(|plads| skrevet.contains(&plads)).collect())
    }

    /// How far a file has been taken on; `None` when it has not been begun.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn overtagelse(&self, id: Uuid) -> Result<Option<Overtagelse>, StoreFejl> {
        let mut sql = self.sql("SELECT version, krop FROM overtagelse WHERE id = ");
        sql.bind(Value::Id(id));
        let raekke = self.query(sql).await?.into_iter().next();
        raekke.map(|mut r| Ok(Overtagelse { id, version: r.tal(0)?, krop: r.tag_bytes(1)? })).transpose()
    }

    /// Writes how far a file has been taken on.
    ///
    /// # Errors
    /// [`StoreFejl::Tabt`] when another load of the file came first; [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn saet_overtagelse(&self, tid: Instant, naaet: Overtagelse) -> Result<(), StoreFejl> {
        let mut sql = self.sql(texts::OVERTAGELSE);
        let Overtagelse { id, version, krop } = naaet;
        sql.values = vec![Value::Id(id), Value::Int(version), Value::Int(tid.micros()), Value::Bytes(krop)];
        let skrevet = self.run(vec![Trin { sql, krav: Some(1) }]).await?;
        skrevet.map(drop).map_err(|_| StoreFejl::Tabt(ObjektId(id)))
    }
}
