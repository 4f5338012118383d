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

/// Removes `hole` from every item, splitting an item that reaches out on both sides.
pub fn cut_out<T: Placed>(items: &mut Vec<T>, hole: Period) {
    if !items.iter().any(|item| item.period().overlaps(hole)) {
        return;
    }
    *items = items
        .iter()
        .flat_map(|item| item.period().without(hole).map(|piece| item.at_period(piece)).collect::<Vec<_>>())
        .collect();
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
    for item in items.drain(..) {
        let period = item.period();
        let neighbour = joined.iter_mut().rfind(|other| !other.period().is_empty());
        match neighbour.filter(|other| !period.is_empty() && other.period().to == period.from && same(other, &item)) {
            Some(other) => *other = other.at_period(Period { from: other.period().from, to: period.to }),
            None => joined.push(item),
        }
    }
    *items = joined;
}

#[cfg(test)]
mod tests;
