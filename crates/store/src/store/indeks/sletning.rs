//! Proofs of deletion.

use super::super::{Store, limit};
use crate::StoreFejl;
use crate::indeks::Indekssletning;
use bitemporal::Instant;

impl Store {
    /// At most `antal` proofs of deletion after a number, in order.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_sletninger(
        &self,
        efter: Option<i64>,
        antal: u64,
    ) -> Result<Vec<Indekssletning>, StoreFejl> {
        let mut sql =
            self.sql("SELECT nr, art, id, tid, system, myndighed, antal FROM indekssletning WHERE nr > ");
        sql.int(efter.unwrap_or(i64::MIN)).push(" ORDER BY nr LIMIT ").int(limit(antal));
        let sletning = |row: &crate::raekke::Raekke| {
            Ok(Indekssletning {
                nr: row.tal(0)?,
                art: row.tal(1)?,
                id: row.id(2)?,
                tid: row.tid(3)?,
                system: row.id_hvis(4)?,
                myndighed: row.cvr(5)?,
                antal: row.lille(6)?,
            })
        };
        self.query(sql).await?.iter().map(sletning).collect()
    }

    /// Forgets proofs of deletions before a time, at most `antal`, the oldest first. Gives how many.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn glem_indekssletninger(&self, foer: Instant, antal: u64) -> Result<u64, StoreFejl> {
        let mut sql =
            self.sql("DELETE FROM indekssletning WHERE nr IN (SELECT nr FROM indekssletning WHERE tid < ");
        sql.int(foer.micros()).push(" ORDER BY tid LIMIT ").int(limit(antal)).push(")");
        self.run_one(sql).await
    }
}
