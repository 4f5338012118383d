//! What may be used once only.

use super::{Backend, Store};
use crate::StoreFejl;
use bitemporal::Instant;

/// How many keys are forgotten at a time.
const BATCH: i64 = 5_000;

impl Store {
    /// Remembers every one of these keys until `til`, unless one of them is remembered already at `nu`: then nothing is
    /// remembered, and the answer is `false`. One server remembers for all on PostgreSQL. Returns when it is durable.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`]; the caller must then refuse.
    pub async fn engangs(&self, noegler: &[[u8; 32]], til: Instant, nu: Instant) -> Result<bool, StoreFejl> {
        // One order, so that two callers cannot wait for each other.
        let mut noegler = noegler.to_vec();
        noegler.sort_unstable();
        noegler.dedup();
        if noegler.is_empty() {
            return Ok(true);
        }
        on!(&self.backend, db => db.engangs(noegler, til.micros(), nu.micros()).await)
    }

    /// Forgets the keys that are no longer remembered at `nu`, a few thousand at a time. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn glem_udloebne(&self, nu: Instant) -> Result<u64, StoreFejl> {
        let mut glemt = 0;
        loop {
            let nogle = on!(&self.backend, db => db.glem(nu.micros(), BATCH).await)?;
            glemt += nogle;
            if nogle < BATCH.unsigned_abs() {
                return Ok(glemt);
            }
        }
    }
}
