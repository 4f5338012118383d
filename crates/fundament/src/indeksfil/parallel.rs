//! Work on several processors, with results in the order the work came in.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Pieces of work that each processor has waiting.
const VENTER: usize = 2;

/// Gives each piece to a processor, and its result to `modtag`, first come first. Bounded: at most four pieces for each
/// processor are anywhere at a time.
pub fn i_orden<I: Send, O: Send>(
    mut kilde: impl FnMut() -> Option<I>,
    arbejd: impl Fn(I) -> O + Sync,
    mut modtag: impl FnMut(O),
) {
    let antal = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let arbejdere: Vec<(SyncSender<I>, Receiver<O>)> = (0..antal)
            .map(|_| {
                let (ind, arbejde) = sync_channel::<I>(VENTER);
                let (svar, ud) = sync_channel::<O>(VENTER);
                let arbejd = &arbejd;
                scope.spawn(move || arbejde.into_iter().try_for_each(|i| svar.send(arbejd(i))));
                (ind, ud)
            })
            .collect();
        let mut hent = |nr: usize| {
            if let Ok(resultat) = arbejdere[nr % antal].1.recv() {
                modtag(resultat);
            }
        };
        let (mut sendt, mut hentet) = (0, 0);
        while let Some(stykke) = kilde() {
            // Fails only when the work itself panicked, which the scope tells.
            let _ = arbejdere[sendt % antal].0.send(stykke);
            sendt += 1;
            if sendt - hentet == VENTER * antal {
                hent(hentet);
                hentet += 1;
            }
        }
        (hentet..sendt).for_each(&mut hent);
    });
}

#[cfg(test)]
mod tests {
    use super::i_orden;

    #[test]
    fn results_come_in_the_order_of_the_work() {
        for antal in [0, 1, 3, 1_000] {
            let mut tal = 0..antal;
            let mut ud = Vec::new();
            i_orden(|| tal.next(), |n| n * 2, |n| ud.push(n));
            assert_eq!(ud, (0..antal).map(|n| n * 2).collect::<Vec<i32>>());
        }
    }
}
