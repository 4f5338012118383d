//! What importer and opdater make of an object: the merge, and what comes again.
//!
//! An update is merged by key: an attribute group, the states, a relation with its role and `Indeks`, a BevilgetYdelse with its
//! `Id`. Keys that are not sent stay as they are. From the first instant sent for a key, what is sent is all that holds of it.

mod kendetal;
mod udled;

pub use kendetal::{Kendetal, kendetal};
pub use udled::{bevillingsdatoer, senest_aendret};

use crate::kald::Opdatering;
use crate::model::{Forekomst, Indhold, Objekt, Registrering, Tid, plads};
use crate::skema::{Art, Noeglet, Objekttype};
use bitemporal::{Instant, Period, Placed};
use oio::UnikId;
use std::collections::HashMap;

/// What tells the timelines of an object apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Noegle<'f> {
    afsnit: &'static str,
    rolle: Option<UnikId>,
    /// `Indeks` of a relation, `Id` of a BevilgetYdelse.
    nr: Option<&'f str>,
}

/// The key of an instance.
#[must_use]
pub fn noegle(forekomst: &Forekomst) -> Noegle<'_> {
    let (rolle, nr) = match forekomst.afsnit.noeglet {
        Noeglet::Gruppe => (None, None),
        Noeglet::Id => (None, forekomst.felt("Id")),
        Noeglet::Rolle => (forekomst.hoved.rolle.clone(), forekomst.hoved.indeks.as_deref()),
    };
    Noegle { afsnit: forekomst.afsnit.navn(), rolle, nr }
}

/// The content after a change.
#[must_use]
pub fn flet(typ: &'static Objekttype, foer: &Indhold, sendt: &Indhold) -> Indhold {
    let mut fra: HashMap<Noegle<'_>, Instant> = HashMap::new();
    for f in &sendt.forekomster {
        let start = f.periode().from;
        fra.entry(noegle(f)).and_modify(|t| *t = start.min(*t)).or_insert(start);
    }
    // The place of a key among those of its section, so that what is replaced stays where it was.
    let mut orden: HashMap<Noegle<'_>, usize> = HashMap::new();
    let mut ud: Vec<(usize, usize, Forekomst)> = Vec::new();
    let mut med = |f: &Forekomst, periode: Option<Period>, noegle| {
        let antal = orden.len();
        let nr = *orden.entry(noegle).or_insert(antal);
        let forekomst = periode.map_or_else(|| f.clone(), |p| f.at_period(p));
        ud.push((plads(typ, f.afsnit), nr, forekomst));
    };
    for f in &foer.forekomster {
        let (noegle, periode) = (noegle(f), f.periode());
        match fra.get(&noegle) {
            Some(t) if periode.from >= *t => {}
            Some(t) if periode.to > *t => med(f, Some(Period { from: periode.from, to: *t }), noegle),
            _ => med(f, None, noegle),
        }
    }
    for f in &sendt.forekomster {
        med(f, None, noegle(f));
    }
    ud.sort_by_key(|(afsnit, nr, f)| (*afsnit, *nr, f.periode()));
    Indhold {
        forekomster: ud.into_iter().map(|(.., f)| f).collect(),
        senest_aendret: foer.senest_aendret.clone(),
    }
}

/// The next registrering of an object. Who imported it, and that it was, never changes.
#[must_use]
pub fn opdateret(foer: &Registrering, opdatering: &Opdatering, nu: Instant) -> Registrering {
    let art = opdatering.art;
    let mut ny = Registrering {
        note: opdatering.note.clone(),
        tidspunkt: Some(opdatering.tidspunkt.clone()),
        livscyklus: foer.livscyklus,
        bruger_ref: foer.bruger_ref.clone(),
        sts_tidspunkt: Tid::af(nu),
        indhold: flet(art.typ(), &foer.indhold, &opdatering.indhold),
    };
    afled(art, Some(foer), &mut ny);
    ny
}

/// The registreringer of an imported object as they are kept: oldest first, with what the index itself says of them.
#[must_use]
pub fn importeret(mut objekt: Objekt, nu: Instant) -> Objekt {
    objekt.registreringer.sort_by_key(|r| r.tidspunkt.as_ref().map(Tid::instant));
    let mut foer: Option<Registrering> = None;
    for registrering in &mut objekt.registreringer {
        registrering.sts_tidspunkt = Tid::af(nu);
        registrering.indhold.senest_aendret = Default::default();
        afled(objekt.art, foer.as_ref(), registrering);
        foer = Some(registrering.clone());
    }
    objekt
}

/// Fills what the index derives.
fn afled(art: Art, foer: Option<&Registrering>, ny: &mut Registrering) {
    if art == Art::Bevilling {
        bevillingsdatoer(&mut ny.indhold);
    }
    senest_aendret(foer, ny);
}

/// What becomes of an update of a known object, rules and rights aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opdateret {
    /// The next registrering.
    Ny(Box<Registrering>),
    /// The newest registrering came of the same update: nothing is to be done (20).
    Gentaget,
    /// Its Tidspunkt is not later than that of the newest registrering (49).
    ForSent,
}

/// What becomes of an update. `registreringer` are all of the object, oldest first, at least one.
#[must_use]
pub fn opdater(registreringer: &[Registrering], opdatering: &Opdatering, nu: Instant) -> Opdateret {
    let Some((nyeste, foer)) = registreringer.split_last() else { return Opdateret::ForSent };
    let tid = opdatering.tidspunkt.instant();
    let nyeste_tid = nyeste.tidspunkt.as_ref().map_or(Instant::NEG_INFINITY, Tid::instant);
    if tid > nyeste_tid {
        return Opdateret::Ny(Box::new(opdateret(nyeste, opdatering, nu)));
    }
    let samme = |foer: &Registrering| {
        kendetal(opdatering.art, &opdateret(foer, opdatering, nu)) == kendetal(opdatering.art, nyeste)
    };
    if tid == nyeste_tid && foer.last().is_some_and(samme) { Opdateret::Gentaget } else { Opdateret::ForSent }
}

/// Whether an import says what is already there: the same registreringer, at the same times, with the same content.
#[must_use]
pub fn samme_import(kendt: &Objekt, import: &Objekt) -> bool {
    let kendetal_af = |o: &Objekt| -> Vec<(Option<Instant>, Kendetal)> {
        let mut alle: Vec<_> = o
            .registreringer
            .iter()
            .map(|r| (r.tidspunkt.as_ref().map(Tid::instant), kendetal(o.art, r)))
            .collect();
        alle.sort_unstable();
        alle
    };
    kendt.art == import.art && kendt.uuid == import.uuid && kendetal_af(kendt) == kendetal_af(import)
}

#[cfg(test)]
mod tests;
