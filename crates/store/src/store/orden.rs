//! Search keys in their order: the levels of a tree and lists by number, a page at a time, however long they are.

use super::{Store, limit};
use crate::find::after_all_with;
use crate::raekke::Trin;
use crate::sql::{Sql, Value};
use crate::{Noegle, Ordnet, StoreFejl};
use adgang::Adgang;
use bitemporal::Instant;
use oio::{Cvr, ObjektId};

impl Store {
    /// The keys of a field that begin with something, by value and then by object, each with its object: a walk along the
    /// index that is as long as the page.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn i_orden(
        &self,
        adgang: &Adgang,
        s: &Ordnet<'_>,
    ) -> Result<Vec<(String, ObjektId)>, StoreFejl> {
        let ejere = self.ejere(adgang, s.ejer).await?;
        if ejere.is_empty() || s.antal == 0 {
            return Ok(Vec::new());
        }
        let mut sql = self.sql("");
        for (nr, ejer) in ejere.iter().enumerate() {
            sql.push(if nr == 0 { "" } else { " UNION ALL " });
            sql.push("SELECT vaerdi, objekt FROM (SELECT n.vaerdi AS vaerdi, n.objekt AS objekt");
            let fra = s.efter.as_ref().map_or(s.praefiks, |(vaerdi, _)| s.praefiks.max(vaerdi));
            noeglerne(&mut sql, *ejer, s, (s.praefiks, fra));
            if let Some((vaerdi, objekt)) = &s.efter {
                sql.push(" AND (n.vaerdi > ")
                    .text_value(vaerdi)
                    .push(" OR n.objekt > ")
                    .id(*objekt)
                    .push(")");
            }
            sql.push(" ORDER BY n.vaerdi, n.objekt LIMIT ").int(limit(s.antal)).push(") d");
            sql.push(&nr.to_string());
        }
        sql.push(" ORDER BY vaerdi, objekt LIMIT ").int(limit(s.antal));
        let raekker = self.query(sql).await?;
        raekker.iter().map(|r| Ok((r.tekst(0)?, ObjektId(r.id(1)?)))).collect()
    }

    /// How many keys of a field begin with each of these, counted to `s.antal`. What `s` says of a beginning and of where to
    /// go on counts for nothing.
    ///
    /// # Errors
    /// [`StoreFejl::Database`].
    pub async fn tael(
        &self,
        adgang: &Adgang,
        s: &Ordnet<'_>,
        praefikser: &[String],
    ) -> Result<Vec<u64>, StoreFejl> {
        let ejere = self.ejere(adgang, s.ejer).await?;
        if ejere.is_empty() || praefikser.is_empty() {
            return Ok(vec![0; praefikser.len()]);
        }
        let antal = self
            .ints(
                |dialect| {
                    let mut sql = Sql::new(dialect);
                    for (nr, praefiks) in praefikser.iter().enumerate() {
                        sql.push(if nr == 0 { "SELECT " } else { ", " });
                        for (e, ejer) in ejere.iter().enumerate() {
                            sql.push(if e == 0 { "" } else { " + " });
                            sql.push("(SELECT count(*) FROM (SELECT 1");
                            noeglerne(&mut sql, *ejer, s, (praefiks, praefiks));
                            sql.push(" LIMIT ").int(limit(s.antal)).push(") p").push(&format!("{nr}_{e})"));
                        }
                    }
                    sql
                },
                true,
            )
            .await?;
        Ok(antal.into_iter().map(|a| u64::try_from(a).unwrap_or(0).min(s.antal)).collect())
    }

    /// Adds keys that a later program derives from objects stored by an earlier one, to those that still have the
    /// registrering they were derived from. Nothing happens to the objects, so nothing is told of it.
    ///
    /// # Errors
    /// [`StoreFejl::Optaget`], [`StoreFejl::Database`].
    pub async fn suppler_noegler(
        &self,
        noegler: &[(ObjektId, Instant, Vec<Noegle>)],
    ) -> Result<(), StoreFejl> {
        let mut trin = Vec::new();
        for (objekt, tidspunkt, alle) in noegler {
            for n in alle {
                let mut sql = self.sql(
                    "INSERT INTO noegle (ejer, felt, vaerdi, objekt, virk_fra, virk_til) SELECT o.ejer, CAST(",
                );
                sql.int(n.felt).push(" AS int8), CAST(").bind(Value::Text(n.vaerdi.clone()));
                sql.push(" AS text), o.id, CAST(").int(n.fra).push(" AS int8), CAST(").int(n.til);
                sql.push(" AS int8) FROM objekt o WHERE o.id = ").id(*objekt);
                sql.push(" AND o.tidspunkt = ").int(tidspunkt.micros());
                sql.push(" ON CONFLICT (ejer, felt, vaerdi, objekt, virk_fra) DO NOTHING");
                trin.push(Trin { sql, krav: None });
            }
        }
        if !trin.is_empty() {
            // No step demands anything, so none can be lost.
            let _ = self.run(trin).await?;
        }
        Ok(())
    }
}

/// The keys of one owner that begin with something and hold at the moment asked about. Where the walk begins is said once: of
/// two lower bounds the planner may take the lower.
fn noeglerne(sql: &mut Sql, ejer: Cvr, s: &Ordnet<'_>, (praefiks, fra): (&str, &str)) {
    sql.push(" FROM noegle n WHERE n.ejer = ").int(ejer.number().into());
    sql.push(" AND n.felt = ").int(s.felt);
    sql.push(" AND n.vaerdi >= ").text_value(fra);
    if let Some(end) = after_all_with(praefiks) {
        sql.push(" AND n.vaerdi < ").text_value(&end);
    }
    sql.push(" AND n.virk_fra <= ").int(s.tid.micros());
    sql.push(" AND n.virk_til > ").int(s.tid.micros());
}
