//! How rare the values searched for are, remembered between searches.
//!
//! A search starts from its rarest condition. Counting tells which that is, and costs a round trip; what was counted a
//! moment ago tells nearly as well and costs nothing. A wrong guess makes a search slower, never wrong.

use crate::{Betingelse, Moenster, Soegning};
use oio::Cvr;
use quick_cache::sync::Cache;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

/// How far a condition is counted. As many or more count as common.
pub(crate) const COMMON: i64 = 1_000;
/// Fewer than this need no comparison with others.
const FEW: i64 = 32;
/// How long a count is trusted.
const TRUSTED_FOR: Duration = Duration::from_secs(60);
/// Most counts remembered.
const COUNTS_MAX: usize = 20_000;

/// An owner, and a condition without its time.
type Key = (Cvr, i64, u64);

/// Counts by owner and condition.
#[derive(Debug)]
pub(crate) struct Rarity(Cache<Key, (Instant, i64)>);

impl Default for Rarity {
    fn default() -> Self {
        Self(Cache::new(COUNTS_MAX))
    }
}

impl Rarity {
    /// The conditions in the order to test them, if what is remembered tells where to start.
    pub(crate) fn order(&self, ejer: Cvr, soegning: &Soegning) -> Option<Vec<usize>> {
        let counts: Vec<Option<i64>> = soegning.betingelser.iter().map(|b| self.count(ejer, b)).collect();
        let unknown = counts.iter().filter(|c| c.is_none()).count();
        let has_few = counts.iter().flatten().any(|count| *count < FEW);
        let others_common = counts.iter().flatten().all(|count| *count >= COMMON);
        let told = has_few || unknown == 0 || (unknown == 1 && others_common);
        // One that is not known is before the common ones, and after the few.
        told.then(|| sorted(counts.len(), |i| counts[i].unwrap_or(FEW)))
    }

    /// Remembers what was counted, and gives the order it tells.
    pub(crate) fn remember(&self, ejer: Cvr, soegning: &Soegning, counts: &[i64]) -> Vec<usize> {
        for (betingelse, count) in soegning.betingelser.iter().zip(counts) {
            self.0.insert(key(ejer, betingelse), (Instant::now(), *count));
        }
        sorted(soegning.betingelser.len(), |i| counts.get(i).copied().unwrap_or(COMMON))
    }

    fn count(&self, ejer: Cvr, betingelse: &Betingelse) -> Option<i64> {
        let (counted, count) = self.0.get(&key(ejer, betingelse))?;
        (counted.elapsed() < TRUSTED_FOR).then_some(count)
    }
}

fn sorted(len: usize, count: impl Fn(usize) -> i64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by_key(|i| count(*i));
    order
}

fn key(ejer: Cvr, betingelse: &Betingelse) -> Key {
    let mut hasher = DefaultHasher::new();
    match &betingelse.moenster {
        Moenster::Lig(vaerdi) => (0, vaerdi).hash(&mut hasher),
        Moenster::EnAf(vaerdier) => (1, vaerdier).hash(&mut hasher),
        Moenster::Praefiks(praefiks) => (2, praefiks).hash(&mut hasher),
        Moenster::Jokertegn(moenster) => (3, moenster).hash(&mut hasher),
    }
    (ejer, betingelse.felt, hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::{COMMON, Rarity};
    use crate::{Betingelse, Livsfilter, Moenster, Soegning};
    use oio::Cvr;

    fn soegning(values: &[&str]) -> Soegning {
        let betingelse =
            |v: &&str| Betingelse { felt: 1, moenster: Moenster::Lig((*v).into()), fra: 0, til: 0 };
        Soegning {
            objekttype: "Bruger",
            betingelser: values.iter().map(betingelse).collect(),
            livscyklus: Livsfilter::Levende,
            aendret_fra: None,
            ejer: None,
            efter: None,
            foerste: 0,
            antal: 500,
        }
    }

    /// What each value was counted to be, the values of a search, and the order it gets.
    #[track_caller]
    fn check(counted: &[(&str, i64)], search: &[&str], order: Option<&[usize]>) {
        let rarity = Rarity::default();
        for (value, count) in counted {
            rarity.remember(Cvr::KOMBIT, &soegning(&[value]), &[*count]);
        }
        assert_eq!(rarity.order(Cvr::KOMBIT, &soegning(search)).as_deref(), order);
    }

    #[test]
    fn what_was_counted_tells_where_to_start() {
        check(&[], &["a", "b"], None);
        check(&[("a", COMMON)], &["a", "b"], Some(&[1, 0]));
        check(&[("a", 500)], &["a", "b"], None);
        check(&[("a", COMMON)], &["a", "b", "c"], None);
        check(&[("a", COMMON), ("b", 500)], &["a", "b"], Some(&[1, 0]));
        check(&[("b", 0)], &["a", "b"], Some(&[1, 0]));
        check(&[("a", 0)], &["a", "b"], Some(&[0, 1]));
    }

    #[test]
    fn owners_are_apart() {
        let rarity = Rarity::default();
        rarity.remember(Cvr::KOMBIT, &soegning(&["a", "b"]), &[COMMON, 3]);
        let other = "11223344".parse().expect("a CVR number");
        assert_eq!(rarity.order(other, &soegning(&["a", "b"])), None);
    }
}
