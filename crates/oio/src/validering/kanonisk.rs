//! One way to write the same content, so that equal content compares equal whatever order it was sent in.

use super::{ITEMS_MAX, key};
use crate::catalog::{Dynamisk, ObjektType};
use crate::fejl::Fejl;
use crate::model::{Indhold, Relation};
use bitemporal::{Instant, Placed};
use std::borrow::Cow;
use std::collections::HashMap;

/// Brings content into canonical form: sorted, values that are empty and exact repetitions dropped, every `Indeks`
/// unique.
///
/// # Errors
/// [`Fejl::Ugyldig`] for a relation the object type does not have, [`Fejl::Graense`] for too many items.
pub fn normaliser(typ: &'static ObjektType, mut indhold: Indhold) -> Result<Indhold, Fejl> {
    let items = indhold.egenskaber.len() + indhold.tilstande.len() + indhold.relationer.len();
    if items > ITEMS_MAX {
        return Err(Fejl::Graense(format!("{items} elementer i én registrering; højst {ITEMS_MAX}")));
    }
    for egenskab in &mut indhold.egenskaber {
        egenskab.felter.retain(|(_, vaerdi)| !vaerdi.is_empty());
        egenskab.felter.sort_by_key(|(navn, _)| typ.egenskaber.iter().position(|f| f.navn == *navn));
    }
    indhold.egenskaber.sort_by_key(Placed::period);
    indhold.egenskaber.dedup();
    indhold.tilstande.sort_by_key(Placed::period);
    indhold.tilstande.dedup();
    let place = |r: &Relation| typ.relationer.iter().position(|t| t.navn == r.navn);
    if let Some(ukendt) = indhold.relationer.iter().find(|r| place(r).is_none()) {
        return Err(Fejl::ugyldig(ukendt.navn.as_str(), format!("findes ikke på {}", typ.name)));
    }
    indhold.relationer.sort_by_cached_key(|r| (place(r), r.virkning.period));
    // Relations that begin together are ordered by what they are, so that no order of sending is a change.
    let together = |a: &Relation, b: &Relation| a.navn == b.navn && a.virkning.period == b.virkning.period;
    for run in indhold.relationer.chunk_by_mut(together).filter(|run| run.len() > 1) {
        run.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| indeks(a).cmp(indeks(b))));
    }
    indhold.relationer.dedup_by(|next, last| repeats(last, next));
    unique_indeks(typ, &mut indhold.relationer);
    Ok(indhold)
}

/// The same key and the same virkning; the index does not tell two relations apart.
fn repeats(a: &Relation, b: &Relation) -> bool {
    a.virkning == b.virkning && key(a) == key(b)
}

fn indeks(relation: &Relation) -> &str {
    relation.dynamik.as_ref().map_or("", |d| d.indeks.as_str())
}

/// Gives a second relation with the same `Indeks` in the same period a suffix, as clients rely on it being unique.
///
/// The suffix is the first free one, so that the same content always gets the same. Relations are sorted by start
/// within each kind, so the latest end of an index tells whether it is taken.
fn unique_indeks(typ: &'static ObjektType, relationer: &mut [Relation]) {
    let mut ends: HashMap<(crate::Navn, Cow<'_, str>), Instant> = HashMap::new();
    // Of each index wanted: how many suffixes in a row are taken, and until when they all are.
    let mut taken: HashMap<(crate::Navn, &str), (usize, Instant)> = HashMap::new();
    let mut renamed: Vec<(usize, String)> = Vec::new();
    for (place, relation) in relationer.iter().enumerate() {
        let (navn, period) = (relation.navn, relation.virkning.period);
        let fri = typ.relation(navn).is_some_and(|t| t.dynamisk == Some(Dynamisk::Fri));
        let Some(dynamik) = relation.dynamik.as_deref().filter(|_| fri && !period.is_empty()) else {
            continue;
        };
        let wanted = dynamik.indeks.as_str();
        let (count, until) = taken.entry((navn, wanted)).or_insert((0, Instant::POS_INFINITY));
        if *until <= period.from {
            (*count, *until) = (0, Instant::POS_INFINITY);
        }
        let mut chosen = (navn, suffixed(wanted, *count));
        while let Some(end) = ends.get(&chosen).filter(|end| period.from < **end) {
            (*count, *until) = (*count + 1, *end.min(until));
            chosen.1 = suffixed(wanted, *count);
        }
        if let Cow::Owned(new) = &chosen.1 {
            renamed.push((place, new.clone()));
        }
        let end = ends.entry(chosen).or_insert(period.to);
        *end = period.to.max(*end);
    }
    for (place, indeks) in renamed {
        if let Some(dynamik) = relationer[place].dynamik.as_deref_mut() {
            dynamik.indeks = indeks;
        }
    }
}

/// `1`, `1-2`, `1-3` …
fn suffixed(wanted: &str, count: usize) -> Cow<'_, str> {
    if count == 0 { Cow::Borrowed(wanted) } else { Cow::Owned(format!("{wanted}-{}", count + 1)) }
}
