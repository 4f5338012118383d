//! Long lists are worked on by all processors, so that one large answer does not take as long as it is long.

use std::sync::LazyLock;
use std::thread;

/// Shorter lists are done before another thread has begun.
const SHARED_FROM: usize = 64;

static PROCESSORS: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));

/// Applies `work` to the list in as many pieces as there are processors; results in the order of the list.
///
/// # Panics
/// When `work` does.
pub fn in_pieces<T: Sync, R: Send>(list: &[T], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    if list.len() < SHARED_FROM || *PROCESSORS == 1 {
        return vec![work(list)];
    }
    let (first, rest) = list.split_at(list.len().div_ceil(*PROCESSORS));
    thread::scope(|scope| {
        let pieces = rest.chunks(first.len());
        let others: Vec<_> = pieces.map(|piece| scope.spawn(|| work(piece))).collect();
        let mut results = vec![work(first)];
        results.extend(others.into_iter().map(|other| match other.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }));
        results
    })
}

#[cfg(test)]
mod tests {
    use super::in_pieces;

    #[test]
    fn the_pieces_are_the_list() {
        for length in [0, 1, 63, 64, 65, 1_000] {
            let list: Vec<usize> = (0..length).collect();
            assert_eq!(in_pieces(&list, <[usize]>::to_vec).concat(), list);
        }
    }
}
