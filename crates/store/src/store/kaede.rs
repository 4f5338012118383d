//! The chain of the change log: following it, and anchoring its end.

use super::Store;
use super::modul::{LINJER, linje};
use crate::StoreFejl;
use crate::kaede::{Kaede, Kaedeproeve, Led, anker};
use bitemporal::Instant;

/// Lines looked at in one step of following the chain.
const SIDE: u64 = 5_000;

impl Store {
    /// Follows the chain of the change log from its first line, a page at a time. `ankre` are ends it has had, which must
    /// still be there: those of [`crate::Efterproevning::ankre`], and what was noted elsewhere.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn efterproev_aendringslog(
        &self,
        ankre: impl IntoIterator<Item = Led>,
    ) -> Result<Kaedeproeve, StoreFejl> {
        let mut kaede = Kaede::ny(ankre);
        loop {
            let mut sql = self.sql(LINJER);
            sql.push(" WHERE nr > ").int(kaede.nr()).push(" ORDER BY nr LIMIT ").int(super::limit(SIDE));
            let rows = self.query_heavy(sql).await?;
            if rows.is_empty() {
                return Ok(kaede.slut(None));
            }
            for row in &rows {
                let (nr, gemt) = (row.tal(0)?, row.bytes(16)?);
                // A line somebody has made unreadable is changed, too.
                let beregn = |forrige: &[u8], nr| linje(row).ok().map(|(_, l, _)| l.hash(forrige, nr));
                if let Err(brud) = kaede.led(nr, gemt, beregn) {
                    return Ok(kaede.slut(Some(brud)));
                }
            }
        }
    }

    /// Number and hash of the last line of the change log: noted elsewhere, they prove later that no line up to it was
    /// changed or removed.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn sidste_aendring(&self) -> Result<Option<Led>, StoreFejl> {
        let sidste =
            self.query(self.sql("SELECT nr, hash FROM aendringslog ORDER BY nr DESC LIMIT 1")).await?;
        sidste.first().map(|row| Ok((row.tal(0)?, row.bytes(1)?.to_vec()))).transpose()
    }

    /// Writes the end of the change log in the access log, where a seal will stand over it, when it is another than
    /// `foer`. Gives what it is.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn foranker(&self, nu: Instant, foer: Option<&Led>) -> Result<Option<Led>, StoreFejl> {
        let sidste = self.sidste_aendring().await?;
        if let Some(led) = sidste.as_ref().filter(|led| Some(*led) != foer) {
            self.log_linje(anker(led, nu)).await?;
        }
        Ok(sidste)
    }
}
