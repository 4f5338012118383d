//! Messages and the queues of dueslag.

use super::{Backend, Store, limit};
use crate::StoreFejl;
use crate::besked::{Fejlaarsag, Fejlpost, Koepost, Lagt, NyBesked};
use bitemporal::Instant;
use std::collections::HashSet;
use uuid::Uuid;

/// Most messages that [`Store::dybde`] counts.
pub const DYBDE_MAX: u64 = 1_000_000;

impl Store {
    /// Stores a message and its copies, and marks the haendelse it tells of as distributed: all of it, or nothing when the
    /// system has sent one with that BeskedId before. Returns when it is durable.
    ///
    /// # Errors
    /// [`StoreFejl::Ugyldig`] when a dueslag stands twice; [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn laeg_besked(&self, ny: NyBesked) -> Result<Lagt, StoreFejl> {
        let mut set = HashSet::new();
        if !ny.koeposter.iter().all(|k| set.insert(k.dueslag)) {
            return Err(StoreFejl::Ugyldig("et dueslag står to gange"));
        }
        on!(&self.backend, db => db.laeg_besked(ny).await)
    }

    /// Lends at most `antal` waiting messages of a dueslag, the first in order, to `laaner` until `til`. What is on loan to
    /// somebody else at `nu` is passed over, and so is what `laaner` has already; a loan of another that ran out counts as
    /// handed out.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn laan(
        &self,
        dueslag: Uuid,
        antal: u32,
        laaner: Uuid,
        nu: Instant,
        til: Instant,
    ) -> Result<Vec<Koepost>, StoreFejl> {
        on!(&self.backend, db => db.laan(dueslag, antal.into(), laaner, nu.micros(), til.micros()).await)
    }

    /// Makes every loan of `laaner` last until `til`. Gives how many there are.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn forlaeng(&self, laaner: Uuid, til: Instant) -> Result<u64, StoreFejl> {
        on!(&self.backend, db => db.forlaeng(laaner, til.micros()).await)
    }

    /// Ends loans: each message is back in its place; with how often it has come back, when it was handed out meanwhile. What is no longer on
    /// loan to `laaner` is left alone. Gives how many went back.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn frigiv(&self, laaner: Uuid, poster: &[(Uuid, i64, Option<u32>)]) -> Result<u64, StoreFejl> {
        if poster.is_empty() {
            return Ok(0);
        }
        on!(&self.backend, db => db.frigiv(laaner, poster.to_vec()).await)
    }

    /// Ends the loans of a borrower in one dueslag but for these messages: what it does not know that it has, since the
    /// answer to [`Store::laan`] was lost. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn frigiv_oevrige(
        &self,
        laaner: Uuid,
        dueslag: Uuid,
        undtagen: &[i64],
    ) -> Result<u64, StoreFejl> {
        on!(&self.backend, db => db.frigiv_oevrige(laaner, dueslag, undtagen.to_vec()).await)
    }

    /// Shows other servers that a borrower is alive, for as long as the store is open; to be called again and again, as a
    /// connection may be lost. Nothing on SQLite, where there are no others.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn er_i_live(&self, laaner: Uuid) -> Result<(), StoreFejl> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(()),
            Backend::Postgres(db) => db.er_i_live(laaner).await,
        }
    }

    /// Other borrowers that have something on loan and are gone.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn doede_laanere(&self, laaner: Uuid) -> Result<Vec<Uuid>, StoreFejl> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(Vec::new()),
            Backend::Postgres(db) => db.doede_laanere(laaner).await,
        }
    }

    /// Ends the loans of a borrower that is gone, as handed out, and lets go of the dueslag it pushed. Does nothing when it
    /// is alive after all. Gives how many messages went back.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn frigiv_doed(&self, doed: Uuid) -> Result<u64, StoreFejl> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(0),
            Backend::Postgres(db) => db.frigiv_doed(doed).await,
        }
    }

    /// Ends every loan, as handed out: when a process that owns the whole database starts, nobody holds any. Does nothing
    /// on PostgreSQL, where other servers may hold theirs; see [`Store::frigiv_doed`].
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn glem_laan(&self) -> Result<(), StoreFejl> {
        match &self.backend {
            Backend::Sqlite(db) => db.glem_laan().await,
            Backend::Postgres(_) => Ok(()),
        }
    }

    /// These messages of a dueslag are received, whoever holds them: a receiver that has one, has it. What does not wait
    /// is left alone. Gives how many. Returns when it is durable.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn kvitter(&self, dueslag: Uuid, numre: &[i64], nu: Instant) -> Result<u64, StoreFejl> {
        if numre.is_empty() {
            return Ok(0);
        }
        on!(&self.backend, db => db.kvitter(dueslag, numre.to_vec(), nu.micros()).await)
    }

    /// Moves messages of a dueslag to its fejlkø, also those that were received and are still kept. Those that are there
    /// already stay as they are. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn til_fejlkoe(
        &self,
        dueslag: Uuid,
        numre: &[i64],
        aarsag: Fejlaarsag,
        http: Option<u16>,
        statuskode: Option<u16>,
        nu: Instant,
    ) -> Result<u64, StoreFejl> {
        if numre.is_empty() {
            return Ok(0);
        }
        let (http, statuskode) = (http.map(i64::from), statuskode.map(i64::from));
        let aarsag = aarsag.tekst();
        on!(&self.backend, db => db.til_fejlkoe(dueslag, numre.to_vec(), aarsag, http, statuskode, nu.micros()).await)
    }

    /// A page of the fejlkø of a dueslag, in order, after a place.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn fejlkoe(
        &self,
        dueslag: Uuid,
        efter: Option<i64>,
        antal: u64,
    ) -> Result<Vec<Fejlpost>, StoreFejl> {
        on!(&self.backend, db => db.fejlkoe(dueslag, efter.unwrap_or(i64::MIN), limit(antal)).await)
    }

    /// Puts messages of the fejlkø last in their dueslag again. What is not there is left alone. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn fra_fejlkoe(&self, dueslag: Uuid, numre: &[i64], nu: Instant) -> Result<u64, StoreFejl> {
        if numre.is_empty() {
            return Ok(0);
        }
        on!(&self.backend, db => db.fra_fejlkoe(dueslag, numre.to_vec(), nu.micros()).await)
    }

    /// How many messages wait in a dueslag, on loan or not; counted to [`DYBDE_MAX`] at most.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn dybde(&self, dueslag: Uuid) -> Result<u64, StoreFejl> {
        on!(&self.backend, db => db.dybde(dueslag, limit(DYBDE_MAX)).await)
    }
}
