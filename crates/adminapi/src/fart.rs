//! How often a key may call: a bucket for each, in the memory of this server.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Calls at once.
pub(crate) const PAA_EN_GANG: i64 = 100;
/// Calls in a minute in the long run.
pub(crate) const I_MINUTTET: i64 = 600;
/// Keys kept in mind, at most; full buckets are forgotten first.
const NOEGLER_MAX: usize = 20_000;

/// Microseconds in which one call comes back.
const TILBAGE: i64 = 60_000_000 / I_MINUTTET;

/// The buckets: for each key the moment it is full again.
#[derive(Debug, Default)]
pub(crate) struct Fart(Mutex<HashMap<Uuid, i64>>);

impl Fart {
    /// One more call of a key, at a time in microseconds.
    ///
    /// # Errors
    /// Seconds until there is room for one.
    pub(crate) fn kald(&self, noegle: Uuid, nu: i64) -> Result<(), u64> {
        let mut spande = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if spande.len() >= NOEGLER_MAX && !spande.contains_key(&noegle) {
            spande.retain(|_, fuld| *fuld > nu);
        }
        let fuld = spande.entry(noegle).or_insert(nu);
        let naeste = (*fuld).max(nu) + TILBAGE;
        let over = naeste - (nu + PAA_EN_GANG * TILBAGE);
        if over > 0 {
            return Err(u64::try_from(over.div_euclid(1_000_000) + 1).unwrap_or(1));
        }
        *fuld = naeste;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_at_once_and_ten_a_second() {
        let (fart, noegle, anden) = (Fart::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        let kan = |noegle, nu| (0..1_000).take_while(|_| fart.kald(noegle, nu).is_ok()).count();
        assert_eq!(kan(noegle, 0), 100);
        assert_eq!(fart.kald(noegle, 0), Err(1), "worth another try in a second");
        assert_eq!(kan(anden, 0), 100, "each has its own");
        assert_eq!(kan(noegle, 1_000_000), 10);
        assert_eq!(kan(noegle, 3_600_000_000), 100, "no more is saved up than a hundred");
    }
}
