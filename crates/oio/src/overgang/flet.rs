//! The merge rules of `ret`, one function per kind of item.
//!
//! `stored` holds the items of the current registrering, `sent` those of the change; a period is half-open, and "hit"
//! means overlapping or beginning at the same instant ([`Period::is_hit_by`](bitemporal::Period::is_hit_by)).

use crate::catalog::ObjektType;
use crate::model::{Egenskab, Relation, Tilstand};
use crate::validering::key;
use bitemporal::{Instant, Placed, coalesce, overwrite};
use std::collections::HashSet;

/// Whole records: inside its period, the record sent *is* the record; what it leaves out becomes empty.
pub(super) fn egenskaber(stored: &[Egenskab], sent: &[Egenskab]) -> Vec<Egenskab> {
    let mut merged = stored.to_vec();
    for item in sent {
        merged.retain(|s| s.period().from != item.period().from);
        overwrite(&mut merged, item.clone());
    }
    merged
}

/// Codes: one per instant. A full list and a bare change give the same result.
pub(super) fn tilstande(stored: &[Tilstand], sent: &[Tilstand]) -> Vec<Tilstand> {
    let mut merged = stored.to_vec();
    for item in sent {
        merged.retain(|s| s.kode != item.kode || !s.period().is_hit_by(item.period()));
        overwrite(&mut merged, item.clone());
    }
    coalesce(&mut merged, |a, b| a.kode == b.kode);
    merged
}

/// Relations, each kind by its own rule. Kinds that were not sent stay as they are.
pub(super) fn relationer(
    typ: &'static ObjektType,
    stored: &[Relation],
    sent: &[Relation],
    nu: Instant,
) -> Vec<Relation> {
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
    let keys: HashSet<_> = sent.iter().map(key).collect();
    let resent = |s: &Relation| {
        keys.contains(&key(s)) && sent.iter().any(|i| key(i) == key(s) && s.period().is_hit_by(i.period()))
    };
    let mut merged: Vec<Relation> =
        stored.into_iter().filter(|s| !s.period().contains(nu) && !resent(s)).collect();
    merged.extend(sent.iter().cloned());
    merged
}
