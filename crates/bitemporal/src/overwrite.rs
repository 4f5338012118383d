//! Writing one value over the periods it covers.

use crate::Period;

/// A value that holds during a period.
pub trait Placed: Clone {
    /// When the value holds.
    fn period(&self) -> Period;
    /// The same value during another period.
    #[must_use]
    fn at_period(&self, period: Period) -> Self;
}

/// Removes `hole` from every item, splitting an item that reaches out on both sides. The rest keeps its order.
pub fn cut_out<T: Placed>(items: &mut Vec<T>, hole: Period) {
    let touched = |item: &T| item.period().overlaps(hole);
    let (Some(first), Some(last)) = (items.iter().position(touched), items.iter().rposition(touched)) else {
        return;
    };
    let mut pieces = Vec::with_capacity(last - first + 2);
    for item in &items[first..=last] {
        pieces.extend(item.period().without(hole).map(|piece| item.at_period(piece)));
    }
    items.splice(first..=last, pieces);
}

/// Lets `item` hold in its whole period: what stood there before is cut away. Keeps items sorted by start.
pub fn overwrite<T: Placed>(items: &mut Vec<T>, item: T) {
    cut_out(items, item.period());
    items.push(item);
    items.sort_by_key(Placed::period);
}

/// Joins neighbours that `same` says are equal and that touch each other. `items` must be sorted by start. Empty
/// periods stay as they are.
pub fn coalesce<T: Placed>(items: &mut Vec<T>, same: impl Fn(&T, &T) -> bool) {
    let mut joined: Vec<T> = Vec::with_capacity(items.len());
    let mut neighbour = None;
    for item in items.drain(..) {
        let period = item.period();
        if period.is_empty() {
            joined.push(item);
            continue;
        }
        let before = neighbour.map(|at: usize| (at, joined[at].period()));
        match before {
            Some((at, before)) if before.to == period.from && same(&joined[at], &item) => {
                joined[at] = joined[at].at_period(Period { from: before.from, to: period.to });
            }
            _ => {
                neighbour = Some(joined.len());
                joined.push(item);
            }
        }
    }
    *items = joined;
}

#[cfg(test)]
mod tests;
