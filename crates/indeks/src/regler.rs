//! The anvisninger: what must be true of what is sent, and of an object after it.
//!
//! Each rule is one entry in a table: number, level, object types, what it says in Danish, and a function that finds where it is
//! broken. Levels are configurable; a rule that must ask about something outside the object does so through [`Opslag`].

mod dokument;
mod faelles;
mod sag;
mod sted;
mod ydelse;

pub use sag::{NOTAT_BYTES_MAX, er_kle};
pub use sted::Proeve;
pub use ydelse::kle_af;

use crate::kald::Retur;
use crate::skema::Art;
use oio::UnikId;
use std::collections::HashMap;
use uuid::Uuid;

/// Breaches one registrering is told of at most.
pub const BRUD_MAX: usize = 1000;

/// What a breach leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Niveau {
    /// Nothing: the rule is off.
    Fra,
    /// Accepted, and shown to sender and authority.
    Advar,
    /// Refused.
    Afvis,
}

impl Niveau {
    /// The level written so in settings.
    #[must_use]
    pub fn laes(tekst: &str) -> Option<Self> {
        match tekst {
            "afvis" => Some(Self::Afvis),
            "advar" => Some(Self::Advar),
            "fra" => Some(Self::Fra),
            _ => None,
        }
    }
}

/// One rule.
#[derive(Debug)]
pub struct Regel {
    /// Its number in the anvisninger, with a letter where its parts have levels of their own.
    pub nr: &'static str,
    /// Its level where nothing else is set.
    pub niveau: Niveau,
    /// The StatusKode of a refusal.
    pub kode: u16,
    /// The object types it is about.
    pub arter: &'static [Art],
    /// What it says, for the sender.
    pub tekst: &'static str,
    /// Where it is broken: paths from the object's lists.
    proev: fn(&Proeve<'_>) -> Vec<String>,
}

const ALLE_ARTER: &[Art] = &Art::ALLE;
const SAG: &[Art] = &[Art::Sag];
const DOKUMENT: &[Art] = &[Art::Dokument];
const SAG_DOKUMENT: &[Art] = &[Art::Sag, Art::Dokument];
const BEVILLING: &[Art] = &[Art::Bevilling];
const EFFEKTUERING: &[Art] = &[Art::Effektuering];
const MED_SYSTEM: &[Art] = &[Art::Sag, Art::Dokument, Art::Effektuering];

const fn afvis(
    nr: &'static str,
    arter: &'static [Art],
    tekst: &'static str,
    proev: fn(&Proeve<'_>) -> Vec<String>,
) -> Regel {
    Regel { nr, niveau: Niveau::Afvis, kode: 40, arter, tekst, proev }
}

const fn advar(
    nr: &'static str,
    arter: &'static [Art],
    tekst: &'static str,
    proev: fn(&Proeve<'_>) -> Vec<String>,
) -> Regel {
    Regel { niveau: Niveau::Advar, ..afvis(nr, arter, tekst, proev) }
}

/// Every rule, in the order of the anvisninger.
pub fn alle() -> impl Iterator<Item = &'static Regel> {
    faelles::REGLER.iter().chain(&sag::REGLER).chain(&dokument::REGLER).chain(&ydelse::REGLER)
}

/// Questions about what lies outside the object. `None`: nobody knows, and the rule says nothing.
pub trait Opslag {
    /// Whether the index holds such an object.
    fn objekt(&self, _art: Art, _uuid: Uuid) -> Option<bool> {
        None
    }
    /// Whether Klassifikation has the class.
    fn klasse(&self, _uuid: Uuid) -> Option<bool> {
        None
    }
    /// Whether KLE has the number.
    fn kle(&self, _nummer: &str) -> Option<bool> {
        None
    }
    /// Whether the class is one of the second level of `Indekser/Sagsafgørelse`.
    fn afgoerelsesklasse(&self, _uuid: Uuid) -> Option<bool> {
        None
    }
    /// Whether the organisation is an authority.
    fn myndighed(&self, _id: &UnikId) -> Option<bool> {
        None
    }
    /// Whether another object of this kind and owner has the key.
    fn noegle_optaget(&self, _art: Art, _ejer: &str, _noegle: &str) -> Option<bool> {
        None
    }
    /// Whether the grant has a BevilgetYdelse with this `Id`.
    fn bevilget_ydelse(&self, _bevilling: Uuid, _id: &str) -> Option<bool> {
        None
    }
}

/// Nobody to ask.
#[derive(Debug, Clone, Copy, Default)]
pub struct IntetOpslag;

impl Opslag for IntetOpslag {}

/// The levels of an installation.
#[derive(Debug, Clone, Default)]
pub struct Niveauer {
    saerlige: HashMap<&'static str, Niveau>,
    alt_afvises: bool,
}

impl Niveauer {
    /// Every rule that is not off refuses: for validation, which stores nothing.
    #[must_use]
    pub fn skaerpet(mut self) -> Self {
        self.alt_afvises = true;
        self
    }

    /// Sets the level of a rule. `false` when there is no such rule.
    pub fn saet(&mut self, nr: &str, niveau: Niveau) -> bool {
        let regel = alle().find(|r| r.nr == nr);
        regel.map(|r| self.saerlige.insert(r.nr, niveau)).is_some()
    }

    /// The level of a rule.
    #[must_use]
    pub fn af(&self, regel: &Regel) -> Niveau {
        match self.saerlige.get(regel.nr).copied().unwrap_or(regel.niveau) {
            Niveau::Advar if self.alt_afvises => Niveau::Afvis,
            niveau => niveau,
        }
    }
}

/// One place where a rule is broken.
#[derive(Debug, Clone)]
pub struct Brud {
    /// Which rule.
    pub regel: &'static Regel,
    /// What it leads to here.
    pub niveau: Niveau,
    /// Where.
    pub sti: String,
}

impl Brud {
    /// The refusal of the object for this breach.
    #[must_use]
    pub fn retur(&self) -> Retur {
        let detalje = format!("{}: {} ({})", self.regel.nr, self.regel.tekst, self.sti);
        let tekst = if self.regel.kode == 43 { "Ikke tilladt" } else { "Ugyldigt input" };
        Retur { kode: self.regel.kode, tekst: tekst.to_owned(), detalje: Some(detalje) }
    }
}

/// Every breach, those that refuse first.
#[must_use]
pub fn proev(p: &Proeve<'_>, niveauer: &Niveauer) -> Vec<Brud> {
    let mut brud = Vec::new();
    for regel in alle().filter(|r| r.arter.contains(&p.art)) {
        let niveau = niveauer.af(regel);
        if niveau != Niveau::Fra {
            brud.extend((regel.proev)(p).into_iter().map(|sti| Brud { regel, niveau, sti }));
        }
    }
    brud.sort_by_key(|b| std::cmp::Reverse(b.niveau));
    brud.truncate(BRUD_MAX);
    brud
}

#[cfg(test)]
mod tests;
