//! A small world around what a question is about: its objects, and those they hang together with.

use crate::Svar;
use crate::hent::{self, Kendt, lager};
use app::App;
use bitemporal::Instant;
use indeks::kald::Retur;
use indeks::model::{Forekomst, Objekt};
use indeks::noegler::{Felt, uuid_vaerdi};
use indeks::skema::Art;
use indeks::verden::{Navn, bevilling_af};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Objects one question may be judged over.
const OBJEKTER_MAX: usize = 50_000;
/// Bytes of their stored registreringer; in memory they are some times as large.
const BYTES_MAX: usize = 256 << 20;
/// Objects read before their bytes are looked at.
const STYKKE: usize = 200;

/// Which neighbours are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hvilke {
    /// Those that decide whether an object is seen.
    Synlighed,
    /// All of the other kind of its index.
    Alle,
}

/// Objects by their numbers, each once.
#[derive(Default)]
pub(crate) struct Maengde {
    alle: BTreeMap<i64, Kendt>,
    navne: BTreeSet<Navn>,
    bytes: usize,
}

impl Maengde {
    /// Adds objects; the numbers of those that were not there before.
    fn med(&mut self, kendte: Vec<Kendt>) -> Svar<Vec<i64>> {
        let mut nye = Vec::new();
        for kendt in kendte {
            if self.navne.insert(kendt.navn()) {
                nye.push(kendt.nr);
                self.bytes += kendt.bytes;
                self.alle.insert(kendt.nr, kendt);
            }
        }
        if self.alle.len() > OBJEKTER_MAX || self.bytes > BYTES_MAX { Err(for_meget()) } else { Ok(nye) }
    }

    /// Adds the objects of these numbers.
    pub(crate) async fn numre(&mut self, app: &App, numre: &[i64]) -> Svar<Vec<i64>> {
        let ukendte: Vec<i64> = numre.iter().copied().filter(|nr| !self.alle.contains_key(nr)).collect();
        if self.alle.len() + ukendte.len() > OBJEKTER_MAX {
            return Err(for_meget());
        }
        let mut nye = Vec::with_capacity(ukendte.len());
        for stykke in ukendte.chunks(STYKKE) {
            nye.extend(self.med(hent::af_numre(app, stykke).await?)?);
        }
        Ok(nye)
    }

    /// Adds the objects of these names.
    pub(crate) async fn navne(&mut self, app: &App, navne: BTreeSet<Navn>) -> Svar<Vec<i64>> {
        let ukendte: Vec<Navn> = navne.into_iter().filter(|n| !self.navne.contains(n)).collect();
        if self.alle.len() + ukendte.len() > OBJEKTER_MAX {
            return Err(for_meget());
        }
        let mut nye = Vec::with_capacity(ukendte.len());
        for stykke in ukendte.chunks(STYKKE) {
            nye.extend(self.med(hent::navngivne(app, stykke).await?)?);
        }
        Ok(nye)
    }

    /// Adds the neighbours of these objects; the numbers of those that were not there before.
    pub(crate) async fn naboer(
        &mut self,
        app: &App,
        af: &[i64],
        hvilke: Hvilke,
        nu: Instant,
    ) -> Svar<Vec<i64>> {
        let mut navne = BTreeSet::new();
        let (mut dokumenter, mut bevillinger) = (Vec::new(), Vec::new());
        for objekt in af.iter().filter_map(|nr| self.alle.get(nr)).map(|k| &k.objekt) {
            match objekt.art {
                Art::Sag if hvilke == Hvilke::Alle => {
                    navne.extend(peger(objekt, "Journalpost", nu).map(|u| (Art::Dokument, u)));
                }
                Art::Sag => {}
                Art::Dokument => dokumenter.push(uuid_vaerdi(objekt.uuid)),
                Art::Bevilling => bevillinger.push(uuid_vaerdi(objekt.uuid)),
                Art::Effektuering => {
                    let dele = nu_i(objekt, BETALT, nu).filter_map(bevilling_af);
                    navne.extend(dele.map(|u| (Art::Bevilling, u)));
                }
            }
        }
        let mut nye = self.navne(app, navne).await?;
        for (art, afsnit, vaerdier) in
            [(Art::Sag, "Journalpost", dokumenter), (Art::Effektuering, BETALT, bevillinger)]
        {
            if let (Some(felt), false) = (Felt::reference(art, afsnit), vaerdier.is_empty()) {
                let hoejst = (OBJEKTER_MAX + 1) as u64;
                let numre = app.store().indeks_med_noegle(felt.0, &vaerdier, hoejst).await.map_err(lager)?;
                nye.extend(self.numre(app, &numre).await?);
            }
        }
        Ok(nye)
    }

    /// Reads the earlier registreringer of every object that has not got them.
    pub(crate) async fn historik(&mut self, app: &App) -> Svar<()> {
        let mut kendte: Vec<&mut Kendt> =
            self.alle.values_mut().filter(|k| k.objekt.registreringer.len() == 1).collect();
        for stykke in kendte.chunks_mut(STYKKE) {
            let foer: usize = stykke.iter().map(|k| k.bytes).sum();
            hent::med_historik(app, stykke).await?;
            self.bytes += stykke.iter().map(|k| k.bytes).sum::<usize>() - foer;
            if self.bytes > BYTES_MAX {
                return Err(for_meget());
            }
        }
        Ok(())
    }

    /// What is stored, by name.
    pub(crate) fn kendte(&self) -> impl Iterator<Item = &Kendt> {
        self.alle.values()
    }

    /// Whether there is such an object.
    pub(crate) fn har(&self, navn: Navn) -> bool {
        self.navne.contains(&navn)
    }

    /// Does something with the objects, in the order they came to the index.
    pub(crate) fn med_objekter<T>(&mut self, hvad: impl FnOnce(&[Objekt]) -> T) -> T {
        let (mut objekter, mut resten) = (Vec::new(), Vec::new());
        for Kendt { nr, ejer, tidspunkt, bytes, objekt } in std::mem::take(&mut self.alle).into_values() {
            objekter.push(objekt);
            resten.push((nr, ejer, tidspunkt, bytes));
        }
        let svar = hvad(&objekter);
        let igen =
            |((nr, ejer, tidspunkt, bytes), objekt)| (nr, Kendt { nr, ejer, tidspunkt, bytes, objekt });
        self.alle = resten.into_iter().zip(objekter).map(igen).collect();
        svar
    }

    /// Leaves only what this is true of.
    pub(crate) fn behold(&mut self, beholdes: impl Fn(&Kendt) -> bool) {
        self.alle.retain(|_, k| beholdes(k));
        self.navne = self.alle.values().map(Kendt::navn).collect();
    }
}

/// The relation from a payment to grants.
pub(crate) const BETALT: &str = "OekonomiskYdelseEffektueringRelation";

fn nu_i<'o>(objekt: &'o Objekt, afsnit: &'o str, nu: Instant) -> impl Iterator<Item = &'o Forekomst> {
    objekt.nyeste().into_iter().flat_map(move |r| r.indhold.af(afsnit)).filter(move |f| f.gaelder(nu))
}

fn peger<'o>(objekt: &'o Objekt, afsnit: &'o str, nu: Instant) -> impl Iterator<Item = Uuid> + 'o {
    nu_i(objekt, afsnit, nu).filter_map(Forekomst::uuid)
}

/// What a search leads to is more than one answer can be made of.
pub(crate) fn for_meget() -> Retur {
    let tekst = "søgningen omfatter for mange objekter; indsnævr den med en part, et sagsnummer, et KLE-nummer og en periode";
    Retur { detalje: Some(tekst.to_owned()), ..Retur::ny(40, "Ugyldigt input") }
}
