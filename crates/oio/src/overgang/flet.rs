//! The merge rules of `ret`, one function per kind of item.
//!
//! `stored` holds the items of the current registrering, `sent` those of the change; a period is half-open, and "hit"
//! means overlapping or beginning at the same instant ([`Period::is_hit_by`]).

use crate::catalog::ObjektType;
use crate::model::{Egenskab, Relation, Tilstand};
use crate::validering::key;
use bitemporal::{Instant, Period, Placed, coalesce, overwrite};
use std::collections::{HashMap, HashSet};

/// Whole records: inside its period, the record sent *is* the record; what it leaves out becomes empty. A stored record
/// that begins with one sent is replaced by it, whatever its end.
pub(super) fn egenskaber(stored: &[Egenskab], sent: &[Egenskab]) -> Vec<Egenskab> {
    // Only stored records are replaced by their start: not what a record sent earlier in the list split off.
    let starts: HashSet<Instant> = sent.iter().map(|item| item.period().from).collect();
    let mut merged: Vec<Egenskab> =
        stored.iter().filter(|s| !starts.contains(&s.period().from)).cloned().collect();
    for item in sent {
        // Except by an empty record, which cuts nothing: the same change again would find the piece as a stored one.
        if item.period().is_empty() {
            merged.retain(|s| s.period().from != item.period().from);
        }
        overwrite(&mut merged, item.clone());
    }
    merged
}

/// Codes: one per instant. A full list and a bare change give the same result.
///
/// A code that already holds from before the period sent until its very end is left as it is. The rule would cut its
/// beginning off, so that a change sent twice, whose periods were joined the first time, undid itself.
pub(super) fn tilstande(stored: &[Tilstand], sent: &[Tilstand]) -> Vec<Tilstand> {
    let mut merged = stored.to_vec();
    if sent.is_empty() {
        return merged;
    }
    // Those that may already hold come last: another item sent may end what holds.
    let (last, first): (Vec<_>, Vec<_>) = sent.iter().partition(|item| holds(stored, item));
    for item in first.into_iter().chain(last) {
        if !holds(&merged, item) {
            merged.retain(|s| s.kode != item.kode || !s.period().is_hit_by(item.period()));
            overwrite(&mut merged, item.clone());
        }
    }
    coalesce(&mut merged, |a, b| a.kode == b.kode);
    merged
}

/// Whether the code holds from before the item begins until it ends.
fn holds(tilstande: &[Tilstand], item: &Tilstand) -> bool {
    let period = item.period();
    tilstande
        .iter()
        .any(|s| s.kode == item.kode && s.period().from < period.from && s.period().to == period.to)
}

/// Relations, each kind by its own rule. Kinds that were not sent stay as they are.
pub(super) fn relationer(
    typ: &'static ObjektType,
    stored: &[Relation],
    sent: &[Relation],
    nu: Instant,
) -> Vec<Relation> {
    if sent.is_empty() {
        return stored.to_vec();
    }
    let mut merged = Vec::with_capacity(stored.len() + sent.len());
    for relation in typ.relationer {
        let of_kind =
            |all: &[Relation]| all.iter().filter(|r| r.navn == relation.navn).cloned().collect::<Vec<_>>();
        let (old, new) = (of_kind(stored), of_kind(sent));
        merged.extend(match (new.is_empty(), relation.many) {
            (true, _) => old,
            (false, false) => single(old, new),
            (false, true) => many(old, new, nu),
        });
    }
    merged
}

/// 0..1: a list of periods that do not overlap. Sending the same reference with an end ends it.
fn single(mut merged: Vec<Relation>, sent: Vec<Relation>) -> Vec<Relation> {
    for item in sent {
        merged.retain(|s| key(s) != key(&item) || !s.period().is_hit_by(item.period()));
        overwrite(&mut merged, item);
    }
    merged
}

/// 0..n: what holds now is replaced by what is sent; past and future stay unless they are sent anew.
fn many(stored: Vec<Relation>, sent: Vec<Relation>, nu: Instant) -> Vec<Relation> {
    let mut anew: HashMap<_, Vec<Period>> = HashMap::with_capacity(sent.len());
    for item in &sent {
        anew.entry(key(item)).or_default().push(item.period());
    }
    let resent = |s: &Relation| {
        let periods = anew.get(&key(s));
        periods.is_some_and(|all| all.iter().any(|period| s.period().is_hit_by(*period)))
    };
    let mut merged: Vec<Relation> =
        stored.into_iter().filter(|s| !s.period().contains(nu) && !resent(s)).collect();
    merged.extend(sent);
    merged
}
