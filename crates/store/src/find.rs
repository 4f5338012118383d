//! From a [`Soegning`] to SQL.
//!
//! A search runs once per owner the caller sees, each in the order of its results and no longer than the page, so that
//! nothing is sorted that will not be answered. Within an owner it starts from the rarest condition, found by counting
//! some of each (or by what was counted before, see `rarity`), and tests the others on every object found by a look-up
//! that the planner may not reorder.

use crate::sql::{Dialect, Sql, kode};
use crate::{Betingelse, Livsfilter, Moenster, Soegning};
use oio::Cvr;

/// A search for what changed sorts at most this many; with more, walking in the order of results is shorter.
pub(crate) const CHANGED_MAX: i64 = 10_000;

/// Larger pages do not count as light work.
const LIGHT_MAX: u64 = 5_000;

/// How the search goes within one owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub ejer: Cvr,
    /// The conditions, the one to start from first.
    pub order: Vec<usize>,
    /// Without conditions: start from what changed.
    pub changed: bool,
}

impl Part {
    /// The way before anything has been counted.
    pub(crate) fn new(ejer: Cvr, soegning: &Soegning) -> Self {
        Self { ejer, order: (0..soegning.betingelser.len()).collect(), changed: false }
    }
}

/// Counts what each part would have to look through, up to `limit`: one column per condition, or one for what changed.
pub(crate) fn probe(dialect: Dialect, soegning: &Soegning, ejer: Cvr, limit: i64) -> Sql {
    let mut sql = Sql::new(dialect);
    sql.push("SELECT ");
    for (i, betingelse) in soegning.betingelser.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " });
        sql.push("(SELECT count(*) FROM (SELECT 1 FROM noegle n WHERE n.ejer = ").int(ejer.number().into());
        key_matches(&mut sql, "n", betingelse);
        sql.push(" LIMIT ").int(limit).push(") p").push(&i.to_string()).push(")");
    }
    if soegning.betingelser.is_empty() {
        sql.push("(SELECT count(*) FROM (SELECT 1 FROM objekt o").indexed_by("objekt_aendret");
        sql.push(" WHERE o.ejer = ").int(ejer.number().into());
        sql.push(" AND o.objekttype = ").text_value(soegning.objekttype);
        sql.push(" AND o.tidspunkt >= ").int(soegning.aendret_fra.map_or(i64::MIN, |t| t.micros()));
        sql.push(" LIMIT ").int(limit).push(") p)");
    }
    sql
}

/// The search itself: one column, the UUID.
pub(crate) fn search(dialect: Dialect, soegning: &Soegning, parts: &[Part]) -> Sql {
    let mut sql = Sql::new(dialect);
    for (i, part) in parts.iter().enumerate() {
        sql.push(if i == 0 { "" } else { " UNION ALL " });
        sql.push("SELECT id FROM (");
        if part.order.is_empty() {
            without_conditions(&mut sql, soegning, part);
        } else {
            with_conditions(&mut sql, soegning, part);
        }
        let page = soegning.foerste.saturating_add(soegning.antal);
        sql.push(" LIMIT ").int(clamp(page)).push(") d").push(&i.to_string());
    }
    sql.push(" ORDER BY id LIMIT ").int(clamp(soegning.antal)).push(" OFFSET ").int(clamp(soegning.foerste));
    sql
}

fn clamp(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Walks an index of `objekt` in the order of results, or reads what changed and sorts it.
fn without_conditions(sql: &mut Sql, soegning: &Soegning, part: &Part) {
    let levende = match soegning.livscyklus {
        Livsfilter::Levende => true,
        Livsfilter::Kode(kode) => kode.is_live(),
    };
    let walk = if levende { "objekt_levende" } else { "objekt_ude" };
    sql.push("SELECT o.id AS id FROM objekt o").indexed_by(if part.changed {
        "objekt_aendret"
    } else {
        walk
    });
    sql.push(" WHERE o.ejer = ").int(part.ejer.number().into());
    // The bound is written out because it is what makes the partial index usable.
    sql.push(if levende { " AND o.livscyklus <= 1" } else { " AND o.livscyklus >= 2" });
    object_matches(sql, soegning);
    if let Some(efter) = soegning.efter {
        sql.push(" AND o.id > ").id(efter);
    }
    sql.push(" ORDER BY o.id");
}

fn with_conditions(sql: &mut Sql, soegning: &Soegning, part: &Part) {
    let mut betingelser = part.order.iter().map(|i| &soegning.betingelser[*i]);
    sql.push("SELECT DISTINCT n.objekt AS id FROM noegle n WHERE n.ejer = ").int(part.ejer.number().into());
    betingelser.next().into_iter().for_each(|first| key_matches(sql, "n", first));
    if let Some(efter) = soegning.efter {
        sql.push(" AND n.objekt > ").id(efter);
    }
    for betingelse in betingelser {
        also(sql, part.ejer, betingelse);
    }
    if soegning.livscyklus != Livsfilter::Levende || soegning.aendret_fra.is_some() {
        sql.push(" AND EXISTS (SELECT 1 FROM objekt o WHERE o.id = n.objekt");
        object_matches(sql, soegning);
        sql.push(AS_A_LOOKUP);
    }
    sql.push(" ORDER BY n.objekt");
}

/// Keeps the planners from turning an EXISTS into a join, which they may then begin with.
const AS_A_LOOKUP: &str = " LIMIT 1 OFFSET 0)";

/// One more condition on an object found. One value is looked up in the primary key; a pattern, among the few keys the
/// object has.
fn also(sql: &mut Sql, ejer: Cvr, betingelse: &Betingelse) {
    sql.push(" AND EXISTS (SELECT 1 FROM noegle k WHERE k.objekt = n.objekt");
    if matches!(betingelse.moenster, Moenster::Lig(_)) {
        sql.push(" AND k.ejer = ").int(ejer.number().into());
    }
    key_matches(sql, "k", betingelse);
    sql.push(AS_A_LOOKUP);
}

fn object_matches(sql: &mut Sql, soegning: &Soegning) {
    sql.push(" AND o.objekttype = ").text_value(soegning.objekttype);
    if let Livsfilter::Kode(livscyklus) = soegning.livscyklus {
        sql.push(" AND o.livscyklus = ").int(kode(livscyklus));
    }
    if let Some(fra) = soegning.aendret_fra {
        sql.push(" AND o.tidspunkt >= ").int(fra.micros());
    }
}

/// Appends what makes the row `alias` of `noegle` satisfy a condition, but for its owner.
fn key_matches(sql: &mut Sql, alias: &str, betingelse: &Betingelse) {
    let column = |sql: &mut Sql, name: &str| {
        sql.push(" AND ").push(alias).push(".").push(name);
    };
    column(sql, "felt");
    sql.push(" = ").int(betingelse.felt);
    match &betingelse.moenster {
        Moenster::Lig(vaerdi) => {
            column(sql, "vaerdi");
            sql.push(" = ").text_value(vaerdi);
        }
        Moenster::EnAf(vaerdier) => {
            column(sql, "vaerdi");
            sql.among(vaerdier);
        }
        Moenster::Praefiks(praefiks) => begins_with(sql, alias, praefiks),
        Moenster::Jokertegn(moenster) => {
            begins_with(sql, alias, moenster.split('*').next().unwrap_or_default());
            column(sql, "vaerdi");
            sql.like(moenster);
        }
    }
    column(sql, "virk_fra");
    sql.push(" <= ").int(betingelse.til);
    column(sql, "virk_til");
    sql.push(" > ").int(betingelse.fra);
}

/// A range of values, so that an index can be used.
fn begins_with(sql: &mut Sql, alias: &str, praefiks: &str) {
    if praefiks.is_empty() {
        return;
    }
    sql.push(" AND ").push(alias).push(".vaerdi >= ").text_value(praefiks);
    if let Some(end) = after_all_with(praefiks) {
        sql.push(" AND ").push(alias).push(".vaerdi < ").text_value(&end);
    }
}

/// The least text above every text that begins with `praefiks`. UTF-8 sorts bytewise as its characters do.
pub(crate) fn after_all_with(praefiks: &str) -> Option<String> {
    let mut end = praefiks.to_owned();
    while let Some(last) = end.pop() {
        // A range over characters steps over the surrogates, which are none.
        if let Some(next) = (last..=char::MAX).nth(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}

/// Whether looking for one condition may take so long that it should not run on a worker of the runtime.
pub(crate) fn has_vague_condition(soegning: &Soegning) -> bool {
    soegning.betingelser.iter().any(is_vague)
}

/// The same of the whole search.
pub(crate) fn is_heavy(soegning: &Soegning) -> bool {
    let all_vague = !soegning.betingelser.is_empty() && soegning.betingelser.iter().all(is_vague);
    let picky_walk = soegning.betingelser.is_empty()
        && (soegning.aendret_fra.is_some() || soegning.livscyklus != Livsfilter::Levende);
    all_vague || picky_walk || soegning.foerste.saturating_add(soegning.antal) > LIGHT_MAX
}

fn is_vague(betingelse: &Betingelse) -> bool {
    match &betingelse.moenster {
        Moenster::Lig(_) => false,
        Moenster::EnAf(vaerdier) => vaerdier.len() > 100,
        Moenster::Praefiks(_) | Moenster::Jokertegn(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::after_all_with;

    #[track_caller]
    fn check(praefiks: &str, end: Option<&str>) {
        assert_eq!(after_all_with(praefiks).as_deref(), end);
    }

    #[test]
    fn the_end_of_a_prefix() {
        check("ab", Some("ac"));
        check("å", Some("æ"));
        check("\u{d7ff}", Some("\u{e000}"));
        check("a\u{10ffff}", Some("b"));
        check("\u{10ffff}", None);
        check("", None);
    }
}
