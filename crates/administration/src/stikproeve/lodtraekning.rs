//! Drawing lots among readings that come one by one, without holding them all: weighted random sampling with a reservoir
//! (Efraimidis and Spirakis, 2006). Each gets the key ln(u)/w, u being chance and w its weight, and the largest keys win.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Lots under way: at most so many are held.
#[derive(Debug)]
pub struct Lodtraekning<T> {
    antal: usize,
    valgte: BinaryHeap<Lod<T>>,
    set: u64,
}

#[derive(Debug)]
struct Lod<T> {
    noegle: f64,
    /// Which it was of those seen; decides between equal keys, so that an outcome follows from the chance that was given.
    nr: u64,
    hvad: T,
}

impl<T> Lodtraekning<T> {
    /// Draws so many.
    #[must_use]
    pub fn ny(antal: usize) -> Self {
        Self { antal, valgte: BinaryHeap::new(), set: 0 }
    }

    /// One more that may be drawn: with its weight, which is at least 1, and 64 bits of chance.
    pub fn laeg(&mut self, hvad: T, vaegt: u32, tilfaeldig: u64) {
        self.set += 1;
        // Between 0 and 1, and neither: 53 bits are what a number of this kind holds.
        #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
        let u = ((tilfaeldig >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0;
        let noegle = u.ln() / f64::from(vaegt.max(1));
        self.valgte.push(Lod { noegle, nr: self.set, hvad });
        if self.valgte.len() > self.antal {
            self.valgte.pop();
        }
    }

    /// How many there were to draw from.
    #[must_use]
    pub fn set(&self) -> u64 {
        self.set
    }

    /// Those drawn, in the order they came.
    #[must_use]
    pub fn slut(self) -> Vec<T> {
        let mut valgte = self.valgte.into_vec();
        valgte.sort_by_key(|lod| lod.nr);
        valgte.into_iter().map(|lod| lod.hvad).collect()
    }
}

impl<T> Ord for Lod<T> {
    /// The largest is the first to go.
    fn cmp(&self, anden: &Self) -> Ordering {
        anden.noegle.total_cmp(&self.noegle).then(self.nr.cmp(&anden.nr))
    }
}

impl<T> PartialOrd for Lod<T> {
    fn partial_cmp(&self, anden: &Self) -> Option<Ordering> {
        Some(self.cmp(anden))
    }
}

impl<T> PartialEq for Lod<T> {
    fn eq(&self, anden: &Self) -> bool {
        self.cmp(anden) == Ordering::Equal
    }
}

impl<T> Eq for Lod<T> {}
