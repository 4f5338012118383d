//! Publisher confirms of one channel.

use std::collections::BTreeSet;

/// A confirmation to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bekraeftelse {
    pub(crate) nr: u64,
    /// Everything up to and with `nr`.
    pub(crate) flere: bool,
    pub(crate) ok: bool,
}

/// What is published and not confirmed.
#[derive(Debug, Default)]
pub(crate) struct Bekraeft {
    sidste: u64,
    venter: BTreeSet<u64>,
    modtaget: Vec<u64>,
    fejlet: Vec<u64>,
}

impl Bekraeft {
    /// The number of the next message published.
    pub(crate) fn naeste(&mut self) -> u64 {
        self.sidste += 1;
        self.venter.insert(self.sidste);
        self.sidste
    }

    /// A message is done.
    pub(crate) fn faerdig(&mut self, nr: u64, ok: bool) {
        if self.venter.remove(&nr) {
            if ok { self.modtaget.push(nr) } else { self.fejlet.push(nr) }
        }
    }

    /// What to tell since last time: failures first, then everything before the first still waiting in one, then the
    /// rest one by one.
    pub(crate) fn tag(&mut self) -> Vec<Bekraeftelse> {
        if self.modtaget.is_empty() && self.fejlet.is_empty() {
            return Vec::new();
        }
        let enkelt = |ok| move |nr| Bekraeftelse { nr, flere: false, ok };
        let mut ud: Vec<_> = self.fejlet.drain(..).map(enkelt(false)).collect();
        self.modtaget.sort_unstable();
        let foerste_ventende = self.venter.first().copied().unwrap_or(u64::MAX);
        let samlet = self.modtaget.partition_point(|nr| *nr < foerste_ventende);
        match self.modtaget[..samlet] {
            [] => {}
            [nr] => ud.push(enkelt(true)(nr)),
            [.., nr] => ud.push(Bekraeftelse { nr, flere: true, ok: true }),
        }
        ud.extend(self.modtaget.drain(..).skip(samlet).map(enkelt(true)));
        ud
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tekst(alle: &[Bekraeftelse]) -> String {
        let en = |b: &Bekraeftelse| {
            format!("{}{}{}", if b.ok { "" } else { "!" }, b.nr, if b.flere { "+" } else { "" })
        };
        alle.iter().map(en).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn confirms_are_gathered_up_to_the_first_that_waits() {
        for (antal, runder, ventet) in [
            (3, vec![vec![1, 2, 3]], "3+"),
            (3, vec![vec![3, 1, 2]], "3+"),
            (3, vec![vec![3], vec![1], vec![2]], "3|1|2"),
            (5, vec![vec![1, 2, 4], vec![3, 5]], "2+ 4|5+"),
            (4, vec![vec![1, -2, 3], vec![4]], "!2 3+|4"),
            (1, vec![vec![1, 1]], "1"),
        ] {
            let mut bekraeft = Bekraeft::default();
            for _ in 0..antal {
                bekraeft.naeste();
            }
            let mut set = Vec::new();
            for runde in runder {
                runde.iter().for_each(|n: &i64| bekraeft.faerdig(n.unsigned_abs(), *n > 0));
                set.push(tekst(&bekraeft.tag()));
            }
            assert_eq!(set.join("|"), ventet);
        }
    }
}
