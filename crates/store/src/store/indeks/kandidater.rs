//! Which objects may be meant: ways along the indexes, each as long as what it leads to.

use super::super::{Store, limit};
use crate::StoreFejl;
use crate::indeks::Indeksvej;
use crate::sql::{Dialect, Sql, Value};
use bitemporal::Period;
use std::collections::BTreeSet;

/// How many ways one statement takes.
const DELE_MAX: usize = 64;
/// How much further a statement looks that met the same objects too often.
const VIDERE: u64 = 4;

impl Store {
    /// The numbers of the objects of a kind that any of these ways leads to, ascending, each once. When there are more than
    /// `hoejst`, that many of them, whichever were met first.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_kandidater(
        &self,
        art: i64,
        veje: &[Indeksvej],
        hoejst: u64,
    ) -> Result<Vec<i64>, StoreFejl> {
        let mut fundne = BTreeSet::new();
        for veje in samlet(veje).chunks(DELE_MAX) {
            self.foelg(|sql, hoejst| dele(sql, art, veje, hoejst), hoejst, &mut fundne).await?;
        }
        Ok(fundne.into_iter().take(usize::try_from(hoejst).unwrap_or(usize::MAX)).collect())
    }

    /// The numbers of the objects whose newest registrering has one of these keys, whenever it holds: ascending, each once.
    /// When there are more than `hoejst`, that many of them.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn indeks_med_noegle(
        &self,
        felt: i64,
        vaerdier: &[Vec<u8>],
        hoejst: u64,
    ) -> Result<Vec<i64>, StoreFejl> {
        let mut fundne = BTreeSet::new();
        if !vaerdier.is_empty() {
            let vej =
                Vej::Lig { felt, vaerdier: vaerdier.to_vec(), periode: Period::ALWAYS, tidligere: false };
            self.foelg(|sql, hoejst| del(sql, 0, &vej, hoejst), hoejst, &mut fundne).await?;
        }
        Ok(fundne.into_iter().take(usize::try_from(hoejst).unwrap_or(usize::MAX)).collect())
    }

    /// Adds what a statement of these parts leads to, until there are `hoejst`.
    ///
    /// A limit that takes the same object for one cannot be had without looking at all there is, so each statement is limited
    /// in what it looks at, and looks further when that was too little.
    async fn foelg(
        &self,
        dele: impl Fn(&mut Sql, i64),
        hoejst: u64,
        fundne: &mut BTreeSet<i64>,
    ) -> Result<(), StoreFejl> {
        let mut ser_paa = hoejst;
        while (fundne.len() as u64) < hoejst {
            let bygget = |dialect: Dialect| {
                let mut sql = Sql::new(dialect);
                sql.push("SELECT nr FROM (");
                dele(&mut sql, limit(ser_paa));
                sql.push(") d LIMIT ").int(limit(ser_paa));
                sql
            };
            let set = self.ints(bygget, true).await?;
            let alt = (set.len() as u64) < ser_paa;
            fundne.extend(set);
            if alt {
                break;
            }
            ser_paa = ser_paa.saturating_mul(VIDERE);
        }
        Ok(())
    }
}

/// One part of a statement.
#[derive(Debug, Clone, PartialEq)]
enum Vej {
    /// Objects with one of these keys.
    Lig {
        felt: i64,
        vaerdier: Vec<Vec<u8>>,
        periode: Period,
        tidligere: bool,
    },
    Anden(Indeksvej),
}

/// The ways with those together that differ in the value they look up alone.
fn samlet(veje: &[Indeksvej]) -> Vec<Vej> {
    let mut ud: Vec<Vej> = Vec::with_capacity(veje.len());
    for vej in veje {
        let Indeksvej::Noegle { felt, vaerdi, begynder: false, periode, tidligere } = vej else {
            ud.push(Vej::Anden(vej.clone()));
            continue;
        };
        let med = ud.iter_mut().find_map(|v| match v {
            Vej::Lig { felt: f, vaerdier, periode: p, tidligere: t }
                if f == felt && p == periode && t == tidligere =>
            {
                Some(vaerdier)
            }
            _ => None,
        });
        match med {
            Some(vaerdier) => vaerdier.push(vaerdi.clone()),
            None => ud.push(Vej::Lig {
                felt: *felt,
                vaerdier: vec![vaerdi.clone()],
                periode: *periode,
                tidligere: *tidligere,
            }),
        }
    }
    ud
}

fn dele(sql: &mut Sql, art: i64, veje: &[Vej], hoejst: i64) {
    for (nr, vej) in veje.iter().enumerate() {
        sql.push(if nr == 0 { "" } else { " UNION ALL " });
        del(sql, art, vej, hoejst);
    }
}

/// One way, in the order of an index: without it a planner that expects much may rather read the table until it has met enough.
fn del(sql: &mut Sql, art: i64, vej: &Vej, hoejst: i64) {
    match vej {
        Vej::Lig { felt, vaerdier, periode, tidligere } => {
            sql.push("SELECT n.objekt AS nr FROM ").table(Value::Kroppe(vaerdier.clone()));
            sql.push(" CROSS JOIN ");
            // SQLite begins with what stands first.
            let inden_i = sql.dialect == Dialect::Postgres;
            sql.push(if inden_i { "LATERAL (SELECT n.objekt FROM " } else { "" })
                .push("indeksnoegle n WHERE n.felt = ");
            sql.int(*felt).push(" AND n.vaerdi = v.value");
            gaelder(sql, *periode, *tidligere);
            if inden_i {
                sql.push(" ORDER BY n.objekt LIMIT ").int(hoejst).push(") n");
            }
        }
        Vej::Anden(Indeksvej::Noegle { felt, vaerdi, periode, tidligere, .. }) => {
            sql.push("SELECT nr FROM (SELECT n.objekt AS nr FROM indeksnoegle n WHERE n.felt = ").int(*felt);
            sql.push(" AND n.vaerdi >= ").bind(Value::Bytes(vaerdi.clone()));
            if let Some(foer) = efter_alle(vaerdi) {
                sql.push(" AND n.vaerdi < ").bind(Value::Bytes(foer));
            }
            gaelder(sql, *periode, *tidligere);
            sql.push(" ORDER BY n.vaerdi, n.objekt LIMIT ").int(hoejst).push(") n");
        }
        Vej::Anden(Indeksvej::Navne(navne)) => {
            sql.push("SELECT o.nr AS nr FROM ").table(Value::Ids(navne.clone()));
            sql.push(" CROSS JOIN indeksobjekt o WHERE o.art = ").int(art).push(" AND o.id = v.value");
        }
        Vej::Anden(Indeksvej::Sts(periode)) => {
            i_tid(sql, ("indeksobjekt", "nr", "sts"), art, *periode, hoejst)
        }
        Vej::Anden(Indeksvej::Tidspunkt(periode)) => {
            i_tid(sql, ("indeksobjekt", "nr", "tidspunkt"), art, *periode, hoejst);
            sql.push(" UNION ALL ");
            i_tid(sql, ("indekshistorik", "objekt", "tidspunkt"), art, *periode, hoejst);
        }
        Vej::Anden(Indeksvej::Alle) => {
            i_tid(sql, ("indeksobjekt", "nr", "sts"), art, Period::ALWAYS, hoejst);
        }
    }
}

pub(super) fn gaelder(sql: &mut Sql, periode: Period, tidligere: bool) {
    sql.push(" AND n.fra < ").int(periode.to.micros()).push(" AND n.til > ").int(periode.from.micros());
    sql.push(if tidligere { "" } else { " AND n.nyeste = 1" });
}

/// What has a time in this period: the table, the column of the number, and that of the time.
fn i_tid(sql: &mut Sql, (tabel, nr, tid): (&str, &str, &str), art: i64, periode: Period, hoejst: i64) {
    for del in ["SELECT nr FROM (SELECT o.", nr, " AS nr FROM ", tabel, " o WHERE o.art = "] {
        sql.push(del);
    }
    sql.int(art).push(" AND o.").push(tid).push(" >= ").int(periode.from.micros());
    sql.push(" AND o.").push(tid).push(" < ").int(periode.to.micros());
    sql.push(" ORDER BY o.").push(tid).push(", o.").push(nr).push(" LIMIT ").int(hoejst).push(") o");
}

/// What comes right after all that begins so; `None` when nothing does.
pub(super) fn efter_alle(begyndelse: &[u8]) -> Option<Vec<u8>> {
    let sidste = begyndelse.iter().rposition(|b| *b < u8::MAX)?;
    let mut efter = begyndelse[..=sidste].to_vec();
    efter[sidste] += 1;
    Some(efter)
}

#[cfg(test)]
mod tests {
    use super::{Vej, dele, efter_alle, samlet};
    use crate::{Database, Indeksvej, Store};
    use bitemporal::{Instant, Period};
    use uuid::Uuid;

    #[test]
    fn what_begins_so_ends_before_the_next() {
        assert_eq!(efter_alle(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(efter_alle(&[1, 255, 255]), Some(vec![2]));
        assert_eq!(efter_alle(&[0, 254]), Some(vec![0, 255]));
        assert_eq!(efter_alle(&[255, 255]), None);
        assert_eq!(efter_alle(b""), None);
    }

    fn noegle(vaerdi: &str, begynder: bool) -> Indeksvej {
        Indeksvej::Noegle {
            felt: 112,
            vaerdi: vaerdi.into(),
            begynder,
            periode: Period::ALWAYS,
            tidligere: false,
        }
    }

    #[test]
    fn ways_that_differ_in_the_value_alone_are_one() {
        let veje = samlet(&[noegle("a", false), noegle("b", true), noegle("c", false), Indeksvej::Alle]);
        assert_eq!(veje.len(), 3, "{veje:?}");
        assert!(matches!(&veje[0], Vej::Lig { vaerdier, .. } if vaerdier == &[b"a".to_vec(), b"c".to_vec()]));
        let Indeksvej::Noegle { felt, vaerdi, begynder, periode, .. } = noegle("d", false) else { return };
        let andet = Indeksvej::Noegle { felt, vaerdi, begynder, periode, tidligere: true };
        assert_eq!(samlet(&[noegle("a", false), andet]).len(), 2);
    }

    #[tokio::test]
    async fn every_way_goes_along_an_index() {
        let store = Store::open(&Database::Memory).await.expect("a store");
        let periode = Period { from: Instant::from_micros(1), to: Instant::from_micros(2) };
        for (vej, trin) in [
            (
                Indeksvej::Navne(vec![Uuid::nil()]),
                &["o USING COVERING INDEX indeksobjekt_id (art=? AND id=?)"][..],
            ),
            (noegle("a", false), &["n USING PRIMARY KEY (felt=? AND vaerdi=?)"]),
            (noegle("a", true), &["n USING PRIMARY KEY (felt=? AND vaerdi>? AND vaerdi<?)"]),
            (
                Indeksvej::Sts(periode),
                &["o USING COVERING INDEX indeksobjekt_sts (art=? AND sts>? AND sts<?)"],
            ),
            (
                Indeksvej::Tidspunkt(periode),
                &[
                    "o USING COVERING INDEX indeksobjekt_tidspunkt (art=? AND tidspunkt>? AND tidspunkt<?)",
                    "o USING COVERING INDEX indekshistorik_tidspunkt (art=? AND tidspunkt>? AND tidspunkt<?)",
                ],
            ),
            (Indeksvej::Alle, &["o USING COVERING INDEX indeksobjekt_sts (art=? AND sts>? AND sts<?)"]),
        ] {
            let mut sql = store.sql("EXPLAIN QUERY PLAN SELECT nr FROM (");
            dele(&mut sql, 1, &samlet(std::slice::from_ref(&vej)), 9);
            sql.push(") d LIMIT ").int(9);
            let plan = store.query(sql).await.expect("a plan");
            let plan: Vec<String> = plan.iter().map(|row| row.tekst(3).expect("a step")).collect();
            let soegt: Vec<&str> = plan.iter().filter_map(|t| t.strip_prefix("SEARCH ")).collect();
            assert_eq!(soegt, trin, "{vej:?}: {plan:#?}");
            assert!(!plan.iter().any(|t| t.contains("TEMP B-TREE")), "{vej:?} sorts: {plan:#?}");
        }
    }
}
