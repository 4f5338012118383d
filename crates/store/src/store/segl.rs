//! Seals over the access log.

use super::{Backend, Store};
use crate::StoreFejl;
use crate::segl::{Efterproever, Efterproevning, SEGL_MAX};
use bitemporal::Instant;

/// How many seals are read at a time.
const SIDE: i64 = 100;

impl Store {
    /// Puts the next seal on the lines of the access log that have none yet, [`SEGL_MAX`] at most. Gives how many lines
    /// it sealed: 0 when there are none, or when another server is sealing.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn forsegl(&self, nu: Instant) -> Result<u64, StoreFejl> {
        if on!(&self.backend, db => db.usegl(1).await)? == 0 {
            return Ok(0);
        }
        on!(&self.backend, db => db.forsegl(nu, SEGL_MAX.cast_signed()).await)
    }

    /// Number and hash of the last seal: noted elsewhere, they prove later that nothing before it was changed.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn sidste_segl(&self) -> Result<Option<(i64, Vec<u8>)>, StoreFejl> {
        Ok(on!(&self.backend, db => db.sidste_segl().await)?.map(|s| (s.nr, s.hash)))
    }

    /// Computes every seal anew and tells what does not fit. Reads the whole access log, a page at a time. `noteret` is
    /// number and hash of a seal that was noted elsewhere, and must still be there.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn efterproev_log(&self, noteret: Option<(i64, Vec<u8>)>) -> Result<Efterproevning, StoreFejl> {
        let mut efterproever = Efterproever::ny(noteret);
        let mut efter = i64::MIN;
        loop {
            let segl = on!(&self.backend, db => db.segl(efter, SIDE).await)?;
            let Some(sidste) = segl.last().map(|s| s.nr) else { break };
            for segl in segl {
                let linjer = on!(&self.backend, db => db.seglets_linjer(segl.nr).await)?;
                efterproever.segl(&segl, &linjer);
            }
            efter = sidste;
        }
        let loese = on!(&self.backend, db => db.uden_for_segl().await)?;
        let venter = on!(&self.backend, db => db.usegl(i64::MAX).await)?;
        Ok(efterproever.slut(&loese, venter))
    }
}
