//! Searching over plain values, by the book: over everything in tests, over what the store finds may be meant where it is served.
//!
//! An expression means a set of objects of each kind it mentions. `OR` joins the sets of a kind, `NOT` is all others of the kinds
//! it mentions, `AND` is what is in each set of a kind; and where both kinds of an index are mentioned, only what belongs together
//! is left: documents of the cases found, and cases of the documents found. Only what the caller sees is there at all.

mod orden;
mod passer;
mod vis;

pub use passer::tekst_passer;

use crate::kald::{Antal, Fremsoeg, Indeks, Kriterier, Led, Retur, Soegesvar, Udtryk};
use crate::model::{Forekomst, Objekt, Registrering, Tid};
use crate::skema::Art;
use crate::synlighed::Laeseret;
use crate::verden::{Navn, Verden};
use bitemporal::Period;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use uuid::Uuid;

/// What was found of each kind that was asked about.
pub type Fundne = BTreeMap<Art, BTreeSet<Uuid>>;

/// One caller's view of the world.
pub struct Soegning<'v> {
    verden: &'v Verden<'v>,
    ret: Option<&'v Laeseret>,
    synlige: BTreeSet<Navn>,
}

impl<'v> Soegning<'v> {
    /// Searches for a caller that sees what its agreement says; without one, everything is seen.
    #[must_use]
    pub fn af(verden: &'v Verden<'v>, ret: Option<&'v Laeseret>) -> Self {
        let synlig = |o: &&Objekt| ret.is_none_or(|ret| ret.ser(verden, o));
        let synlige = verden.objekter.iter().filter(synlig).map(|o| (o.art, o.uuid)).collect();
        Self { verden, ret, synlige }
    }

    fn synlige(&self, art: Art) -> impl Iterator<Item = &'v Objekt> {
        let synlige = self.synlige.range((art, Uuid::nil())..=(art, Uuid::max()));
        synlige.filter_map(|navn| self.verden.find(*navn))
    }

    /// Whether the caller sees this part of an object it sees.
    fn ses(&self, objekt: &'v Objekt, forekomst: &Forekomst) -> bool {
        self.ret.is_none_or(|ret| ret.viser(self.verden, objekt, forekomst))
    }

    fn find(&self, art: Art, uuid: Uuid) -> Option<&'v Objekt> {
        self.verden.find((art, uuid)).filter(|_| self.synlige.contains(&(art, uuid)))
    }

    /// Everything a search finds, pages aside.
    #[must_use]
    pub fn fundne(&self, soegning: &Fremsoeg) -> Fundne {
        let mut navngivne = Fundne::new();
        for (art, uuid) in &soegning.uuider {
            navngivne.entry(*art).or_default().extend(self.find(*art, *uuid).map(|o| o.uuid));
        }
        match &soegning.udtryk {
            None => navngivne,
            Some(udtryk) if navngivne.is_empty() => self.udtryk(udtryk),
            Some(udtryk) => self.begge(vec![navngivne, self.udtryk(udtryk)]),
        }
    }

    /// What an expression means.
    #[must_use]
    pub fn udtryk(&self, udtryk: &Udtryk) -> Fundne {
        let dele: Vec<Fundne> = udtryk.led.iter().map(|led| self.led(led)).collect();
        if udtryk.en_er_nok {
            let mut alle = Fundne::new();
            for (art, del) in dele.into_iter().flatten() {
                alle.entry(art).or_default().extend(del);
            }
            return alle;
        }
        self.begge(dele)
    }

    fn led(&self, led: &Led) -> Fundne {
        match led {
            Led::Soeg(k) => self.af_slags(k, |_| true),
            Led::Sagsloese(k) => self.af_slags(k, |o| self.verden.sager(o).next().is_none()),
            Led::Udtryk(u) => self.udtryk(u),
            Led::Ikke(u) => {
                let andre = |(art, fundne): (Art, BTreeSet<Uuid>)| {
                    (art, self.synlige(art).map(|o| o.uuid).filter(|u| !fundne.contains(u)).collect())
                };
                self.udtryk(u).into_iter().map(andre).collect()
            }
        }
    }

    fn af_slags(&self, k: &Kriterier, ogsaa: impl Fn(&'v Objekt) -> bool) -> Fundne {
        let passer = |o: &&'v Objekt| {
            let ses = |f: &_| self.ses(o, f);
            passer::passer(k, o, self.verden.nu, &ses) && ogsaa(o)
        };
        Fundne::from([(k.art, self.synlige(k.art).filter(passer).map(|o| o.uuid).collect())])
    }

    /// What is in every part that mentions its kind, and belongs to what is left of the other kind.
    fn begge(&self, dele: Vec<Fundne>) -> Fundne {
        let flere = dele.len() > 1;
        let mut alle = Fundne::new();
        for (art, del) in dele.into_iter().flatten() {
            match alle.get_mut(&art) {
                Some(kendte) => kendte.retain(|u| del.contains(u)),
                None => drop(alle.insert(art, del)),
            }
        }
        if !flere || alle.len() < 2 {
            return alle;
        }
        let hoerer_til = |art: Art, uuid: Uuid| {
            let Some(objekt) = self.find(art, uuid) else { return false };
            let naboer = self.verden.naboer(objekt);
            let mut andre = alle.iter().filter(|(anden, _)| **anden != art);
            andre.all(|(anden, uuider)| naboer.iter().any(|(a, u)| a == anden && uuider.contains(u)))
        };
        let beholdt = |(art, uuider): (&Art, &BTreeSet<Uuid>)| {
            (*art, uuider.iter().copied().filter(|u| hoerer_til(*art, *u)).collect())
        };
        alle.iter().map(beholdt).collect()
    }

    /// What a search finds of one kind, in the order it is shown in.
    #[must_use]
    pub fn ordnet(&self, soegning: &Fremsoeg, art: Art) -> Vec<Navn> {
        self.i_orden(soegning, art, &self.fundne(soegning)).into_iter().map(|o| (o.art, o.uuid)).collect()
    }

    fn i_orden(&self, soegning: &Fremsoeg, art: Art, fundne: &Fundne) -> Vec<&'v Objekt> {
        let uuider = fundne.get(&art).into_iter().flatten();
        let mut pladser: Vec<usize> = uuider.filter_map(|u| self.verden.plads((art, *u))).collect();
        pladser.sort_unstable();
        let mut objekter: Vec<&Objekt> = pladser.into_iter().map(|p| &self.verden.objekter[p]).collect();
        orden::sorter(self.verden, &soegning.sortering, &mut objekter, &|o, f| self.ses(o, f));
        objekter
    }

    /// The whole answer: counts, the page of each kind in order, what is to be shown of it, and what is to be included.
    #[must_use]
    pub fn svar(&self, soegning: &Fremsoeg) -> Soegesvar {
        let fundne = self.fundne(soegning);
        let sider = arter(soegning.indeks).map(|(art, _)| {
            let (side, alle) = (soegning.side(art), self.i_orden(soegning, art, &fundne));
            let paa_siden = alle.iter().skip(side.foerste as usize).take(side.antal as usize);
            (art, alle.len() as u64, paa_siden.map(|o| (o.art, o.uuid)).collect())
        });
        self.siden(soegning, &sider)
    }

    /// The answer with these pages: of each kind how many were found, and what stands on the page.
    #[must_use]
    pub fn siden(&self, soegning: &Fremsoeg, sider: &[(Art, u64, Vec<Navn>)]) -> Soegesvar {
        let mut svar = Soegesvar { retur: Retur::ok(), antal: Vec::new(), objekter: Vec::new() };
        let mut vist: Vec<&'v Objekt> = Vec::new();
        for (art, antal, navne) in sider.iter().filter(|(_, antal, _)| *antal > 0) {
            let element = arter(soegning.indeks).into_iter().find(|(a, _)| a == art).map_or("", |(_, e)| e);
            svar.antal.push(Antal { element, antal: *antal, side: Some(soegning.side(*art)) });
            vist.extend(navne.iter().filter_map(|(art, uuid)| self.find(*art, *uuid)));
        }
        if svar.antal.is_empty() {
            return Soegesvar::intet();
        }
        let mut kendte: HashSet<Navn> = vist.iter().map(|o| (o.art, o.uuid)).collect();
        for (art, hvad) in soegning.filter.iter().flat_map(|f| &f.inkluder) {
            for objekt in vist.clone().into_iter().filter(|o| o.art == *art) {
                for navn in vis::inkluderet(self.verden, objekt, hvad) {
                    vist.extend(self.find(navn.0, navn.1).filter(|_| kendte.insert(navn)));
                }
            }
        }
        // An empty filter shows nothing but the counts.
        if soegning.filter.as_ref().is_none_or(|f| !f.vis.is_empty() || !f.inkluder.is_empty()) {
            svar.objekter = vist.into_iter().map(|o| self.vist(soegning, o)).collect();
        }
        svar
    }

    /// An object as it is shown: what the caller sees, and asked to be shown, of its newest registrering or of those it
    /// asked about.
    fn vist(&self, soegning: &Fremsoeg, objekt: &'v Objekt) -> Objekt {
        let krav = soegning.udtryk.iter().flat_map(Udtryk::kriterier).filter(|k| k.art == objekt.art);
        let perioder: Vec<Period> = krav.filter_map(|k| k.registrering.as_ref()).map(|r| r.periode).collect();
        let spurgt = |r: &&Registrering| {
            let tid = r.tidspunkt.as_ref().map(Tid::instant);
            perioder.iter().any(|p| tid.is_some_and(|t| p.contains(t)))
        };
        let mut registreringer: Vec<_> = objekt.registreringer.iter().filter(spurgt).cloned().collect();
        if perioder.is_empty() {
            registreringer.extend(objekt.nyeste().cloned());
        }
        for r in &mut registreringer {
            r.indhold.forekomster.retain(|f| self.ses(objekt, f));
            if let Some(filter) = &soegning.filter {
                vis::afgraens(self.verden.roller, filter, objekt.art, &mut r.indhold);
            }
        }
        Objekt { art: objekt.art, uuid: objekt.uuid, registreringer }
    }
}

/// The kinds of objects of an index, with what they are called in the counts.
const fn arter(indeks: Indeks) -> [(Art, &'static str); 2] {
    match indeks {
        Indeks::SagDokument => [(Art::Sag, "sager"), (Art::Dokument, "dokumenter")],
        Indeks::Ydelse => [(Art::Bevilling, "bevillinger"), (Art::Effektuering, "effektueringer")],
    }
}

#[cfg(test)]
mod tests;
