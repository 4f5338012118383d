//! The objects of ways that are long, in the order they came: portion by portion, each as long as itself.

use super::super::{Store, limit};
use super::kandidater::{efter_alle, gaelder};
use crate::StoreFejl;
use crate::sql::Value;
use bitemporal::Period;

/// How many values one statement looks up.
const DELE_MAX: usize = 64;

/// Keys of some values of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indeksnoegler {
    /// What they are about.
    pub felt: i64,
    /// Their values.
    pub vaerdier: Vec<Vec<u8>>,
    /// When they hold, at least for a moment.
    pub periode: Period,
    /// Whether keys of earlier registreringer count too.
    pub tidligere: bool,
}

impl Store {
    /// The values there are of keys of a field that begin so, ascending: at most `hoejst`. One look-up for each.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_vaerdier(
        &self,
        felt: i64,
        begynder: &[u8],
        hoejst: u64,
    ) -> Result<Vec<Vec<u8>>, StoreFejl> {
        let foer = efter_alle(begynder);
        let mut sql = self
            .sql("WITH RECURSIVE d (vaerdi) AS (SELECT f.vaerdi FROM (SELECT n.vaerdi FROM indeksnoegle n ");
        sql.push("WHERE n.felt = ").int(felt).push(" AND n.vaerdi >= ").bind(Value::Bytes(begynder.to_vec()));
        if let Some(foer) = &foer {
            sql.push(" AND n.vaerdi < ").bind(Value::Bytes(foer.clone()));
        }
        sql.push(" ORDER BY n.vaerdi LIMIT 1) f UNION ALL SELECT (SELECT n.vaerdi FROM indeksnoegle n WHERE n.felt = ");
        sql.int(felt).push(" AND n.vaerdi > d.vaerdi");
        if let Some(foer) = foer {
            sql.push(" AND n.vaerdi < ").bind(Value::Bytes(foer));
        }
        sql.push(" ORDER BY n.vaerdi LIMIT 1) FROM d WHERE d.vaerdi IS NOT NULL) ");
        sql.push("SELECT d.vaerdi FROM d WHERE d.vaerdi IS NOT NULL LIMIT ").int(limit(hoejst));
        self.query(sql).await?.into_iter().map(|mut row| row.tag_bytes(0)).collect()
    }

    /// Numbers of the objects that have one of these keys, ascending from after `efter`, each once; and whether those are all
    /// there are. At most `hver` keys of each value are looked at.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_i_orden(
        &self,
        noegler: &Indeksnoegler,
        efter: i64,
        hver: u64,
    ) -> Result<(Vec<i64>, bool), StoreFejl> {
        let mut fundne: Vec<i64> = Vec::new();
        // Where the first value goes on beyond what was looked at.
        let mut til = i64::MAX;
        for vaerdier in noegler.vaerdier.chunks(DELE_MAX) {
            let mut sql = self.sql("");
            for (nr, vaerdi) in vaerdier.iter().enumerate() {
                sql.push(if nr == 0 { "SELECT f.nr, " } else { " UNION ALL SELECT f.nr, " });
                sql.push(&nr.to_string())
                    .push(" FROM (SELECT n.objekt AS nr FROM indeksnoegle n WHERE n.felt = ");
                sql.int(noegler.felt).push(" AND n.vaerdi = ").bind(Value::Bytes(vaerdi.clone()));
                sql.push(" AND n.objekt > ").int(efter);
                gaelder(&mut sql, noegler.periode, noegler.tidligere);
                sql.push(" ORDER BY n.objekt LIMIT ").int(limit(hver)).push(") f");
            }
            let mut sete = vec![(0_u64, i64::MIN); vaerdier.len()];
            for row in self.query_heavy(sql).await? {
                let (nr, vaerdi) = (row.tal(0)?, row.lille::<usize>(1)?);
                fundne.push(nr);
                if let Some((antal, sidste)) = sete.get_mut(vaerdi) {
                    (*antal, *sidste) = (*antal + 1, nr.max(*sidste));
                }
            }
            let flere = sete.into_iter().filter(|(antal, _)| *antal >= hver);
            til = flere.map(|(_, sidste)| sidste).fold(til, i64::min);
        }
        fundne.retain(|nr| *nr <= til);
        fundne.sort_unstable();
        fundne.dedup();
        Ok((fundne, til == i64::MAX))
    }
}
