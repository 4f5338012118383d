//! The access log: what is written beside the registers' own writes, and how it is read.

use super::{Backend, Store, limit};
use crate::log::linje;
use crate::{LogLinje, LogPost, StoreFejl};
use adgang::Adgang;
use bitemporal::Instant;
use oio::{Cvr, ObjektId};
use uuid::Uuid;

/// Most lines given for one transaction.
const TRANSAKTION_MAX: i64 = 1_000;

impl Store {
    /// Queues a line in the access log for what a call read, or for a write that changed nothing. Waits only while the
    /// queue is full; the line is stored at most 100 ms later, and by [`Store::close`].
    pub async fn log(&self, adgang: &Adgang, tid: Instant, objekter: &[ObjektId]) {
        if self.log.add(linje(adgang, tid, objekter.to_vec())).await.is_err() {
            tracing::error!(transaktion = %adgang.transaktion, "adgangsloggen er lukket");
        }
    }

    /// Queues a line in the access log for a refused call.
    ///
    /// # Errors
    /// [`StoreFejl::Database`] when the store is closed.
    pub async fn log_afvist(&self, post: LogPost) -> Result<(), StoreFejl> {
        self.log.add(post.into()).await
    }

    /// Writes a line in the access log, and returns when it is durable: for what must not happen unlogged, as issuing a
    /// token.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`]; the caller must then refuse.
    pub async fn log_nu(&self, post: LogPost) -> Result<(), StoreFejl> {
        self.log_linje(post.into()).await
    }

    /// The same for a line as it stands.
    pub(super) async fn log_linje(&self, linje: LogLinje) -> Result<(), StoreFejl> {
        let linjer = vec![linje];
        on!(&self.backend, db => db.write_log(linjer).await)
    }

    /// The lines of the access log from `fra` until `til`, at most `antal`, by rising time.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn adgangslog(
        &self,
        fra: Instant,
        til: Instant,
        antal: u64,
    ) -> Result<Vec<LogLinje>, StoreFejl> {
        self.linjer_af_adgangslog(None, (fra, til), antal).await
    }

    async fn linjer_af_adgangslog(
        &self,
        myndighed: Option<Cvr>,
        periode: (Instant, Instant),
        antal: u64,
    ) -> Result<Vec<LogLinje>, StoreFejl> {
        on!(&self.backend, db => db.adgangslog(myndighed, periode, limit(antal)).await)
    }

    /// The next page of the lines from `fra` until `til`, of one authority if it is named, by rising time: about `antal` of
    /// them, and where the page after it begins. Lines of the same moment are never parted.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn adgangslog_side(
        &self,
        myndighed: Option<Cvr>,
        (fra, til): (Instant, Instant),
        antal: u64,
    ) -> Result<(Vec<LogLinje>, Option<Instant>), StoreFejl> {
        let mut antal = antal.max(1);
        loop {
            let mut linjer = self.linjer_af_adgangslog(myndighed, (fra, til), antal).await?;
            if (linjer.len() as u64) < antal {
                return Ok((linjer, None));
            }
            let sidste = linjer.last().map_or(til, |linje| linje.tid);
            let hele = linjer.partition_point(|linje| linje.tid < sidste);
            if hele > 0 {
                linjer.truncate(hele);
                return Ok((linjer, Some(sidste)));
            }
            antal = antal.saturating_mul(2);
        }
    }

    /// The lines of one call, by rising time; at most a thousand.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn adgangslog_transaktion(&self, transaktion: Uuid) -> Result<Vec<LogLinje>, StoreFejl> {
        on!(&self.backend, db => db.adgangslog_transaktion(transaktion, TRANSAKTION_MAX).await)
    }
}
