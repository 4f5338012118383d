//! The values of an envelope by their places.

use crate::skema::{Sted, skema};

/// One element that stands in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Felt {
    pub(crate) sted: Sted,
    /// The number after the last element inside it.
    pub(crate) slut: u32,
    fra: u32,
    til: u32,
}

/// All elements of the envelope in their order, and by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Felter {
    alle: Vec<Felt>,
    tekst: String,
    efter_sted: Vec<u32>,
    start: Vec<u32>,
}

fn u32_af(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Felter {
    /// Adds an element; its end is set by [`Self::luk`].
    pub(crate) fn aabn(&mut self, sted: Sted) -> usize {
        let her = u32_af(self.tekst.len());
        self.alle.push(Felt { sted, slut: 0, fra: her, til: her });
        self.alle.len() - 1
    }

    pub(crate) fn saet(&mut self, nr: usize, tekst: &str) {
        self.alle[nr].fra = u32_af(self.tekst.len());
        self.tekst.push_str(tekst);
        self.alle[nr].til = u32_af(self.tekst.len());
    }

    pub(crate) fn luk(&mut self, nr: usize) {
        self.alle[nr].slut = u32_af(self.alle.len());
    }

    /// Orders by place.
    pub(crate) fn ordn(&mut self) {
        let antal = skema().knuder.len();
        let mut start = vec![0u32; antal + 1];
        for felt in &self.alle {
            start[usize::from(felt.sted) + 1] += 1;
        }
        for i in 0..antal {
            start[i + 1] += start[i];
        }
        let mut plads = start.clone();
        self.efter_sted = vec![0; self.alle.len()];
        for (nr, felt) in self.alle.iter().enumerate() {
            let her = &mut plads[usize::from(felt.sted)];
            self.efter_sted[*her as usize] = u32_af(nr);
            *her += 1;
        }
        self.start = start;
    }

    /// The elements at a place, with their numbers.
    pub(crate) fn af(&self, sted: Sted) -> impl Iterator<Item = (u32, &Felt)> {
        let sted = usize::from(sted);
        let rum = self.start[sted] as usize..self.start[sted + 1] as usize;
        self.efter_sted[rum].iter().map(|nr| (*nr, &self.alle[*nr as usize]))
    }

    /// Those of them numbered within a range: found, not sought, as `ANY` asks for each instance.
    pub(crate) fn af_i(&self, sted: Sted, rum: (u32, u32)) -> impl Iterator<Item = (u32, &Felt)> {
        let sted = usize::from(sted);
        let alle = &self.efter_sted[self.start[sted] as usize..self.start[sted + 1] as usize];
        let fra = alle.partition_point(|nr| *nr < rum.0);
        let antal = alle[fra..].partition_point(|nr| *nr < rum.1);
        alle[fra..fra + antal].iter().map(|nr| (*nr, &self.alle[*nr as usize]))
    }

    /// The text of an element in its compared form.
    pub(crate) fn tekst(&self, nr: u32) -> &str {
        self.alle.get(nr as usize).map_or("", |f| &self.tekst[f.fra as usize..f.til as usize])
    }
}
