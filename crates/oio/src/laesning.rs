//! Reading at two times: which registreringer, and what in them, a read sees.

use crate::catalog::{Beskyttelse, ObjektType};
use crate::fejl::Fejl;
use crate::model::{Indhold, Registrering};
use crate::operation::TidsFilter;
use bitemporal::{Instant, Period, Placed};
use serde::Deserialize;

/// What a read without virkning filters shows. The standard's texts and clients differ, so installations choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UdenFilter {
    /// What is in effect now.
    #[default]
    Nu,
    /// Every period.
    Alle,
}

/// Whether a read needs more than the current registrering.
#[must_use]
pub fn needs_history(filter: &TidsFilter) -> bool {
    filter.registrering_fra.is_some() || filter.registrering_til.is_some()
}

/// The registreringer a read sees, each with the items it sees. Items keep their own bounds.
///
/// `historie` is ascending: the whole history, or just the current registrering if [`needs_history`] says no.
///
/// # Errors
/// [`Fejl::Virkning`] when a filter ends before it begins.
pub fn slice(
    typ: &'static ObjektType,
    historie: &[Registrering],
    filter: &TidsFilter,
    nu: Instant,
    uden_filter: UdenFilter,
) -> Result<Vec<Registrering>, Fejl> {
    let (fra, til) = vindue(filter, nu, uden_filter)?;
    let seen = if needs_history(filter) {
        registreret(historie, filter, nu)?
    } else {
        historie.iter().rev().take(1).collect()
    };
    Ok(seen
        .into_iter()
        .map(|r| Registrering { indhold: udsnit(typ, &r.indhold, fra, til), ..uden_indhold(r) })
        .collect())
}

fn uden_indhold(r: &Registrering) -> Registrering {
    Registrering {
        tidspunkt: r.tidspunkt,
        livscyklus: r.livscyklus,
        bruger_ref: r.bruger_ref.clone(),
        note: r.note.clone(),
        indhold: Indhold::default(),
    }
}

/// The virkning window: both bounds inclusive.
fn vindue(filter: &TidsFilter, nu: Instant, uden_filter: UdenFilter) -> Result<(Instant, Instant), Fejl> {
    let (fra, til) = match (filter.virkning_fra, filter.virkning_til) {
        (None, None) if uden_filter == UdenFilter::Alle => (Instant::NEG_INFINITY, Instant::POS_INFINITY),
        (fra, til) => {
            let fra = fra.unwrap_or(nu);
            (fra, til.unwrap_or(fra))
        }
    };
    if fra > til {
        return Err(Fejl::Virkning("VirkningFraFilter ligger efter VirkningTilFilter".into()));
    }
    Ok((fra, til))
}

fn registreret<'r>(
    historie: &'r [Registrering],
    filter: &TidsFilter,
    nu: Instant,
) -> Result<Vec<&'r Registrering>, Fejl> {
    let fra = filter.registrering_fra.unwrap_or(Instant::NEG_INFINITY);
    let til = filter.registrering_til.unwrap_or(nu);
    if fra > til {
        return Err(Fejl::Virkning("RegistreringFraFilter ligger efter RegistreringTilFilter".into()));
    }
    let ends = historie.iter().skip(1).map(|r| r.tidspunkt).chain([Instant::POS_INFINITY]);
    let current = historie.iter().zip(ends);
    Ok(current.filter(|(r, end)| r.tidspunkt <= til && fra < *end).map(|(r, _)| r).collect())
}

/// What of the content is in effect within the window.
fn udsnit(typ: &'static ObjektType, indhold: &Indhold, fra: Instant, til: Instant) -> Indhold {
    let alt = fra == Instant::NEG_INFINITY && til == Instant::POS_INFINITY;
    let seen = |period: Period| alt || period.meets(fra, til);
    fn keep<T: Placed>(items: &[T], seen: impl Fn(Period) -> bool) -> Vec<T> {
        items.iter().filter(|item| seen(item.period())).cloned().collect()
    }
    let mut relationer = keep(&indhold.relationer, seen);
    // The wire holds one element of a 0..1 relation: of several periods, the one that begins last. A period that is
    // never in effect stands back for one that is.
    relationer.dedup_by(|next, last| {
        let single = next.navn == last.navn && typ.relation(next.navn).is_some_and(|r| !r.many);
        if single && (last.period().is_empty() || !next.period().is_empty()) {
            std::mem::swap(next, last);
        }
        single
    });
    Indhold {
        egenskaber: keep(&indhold.egenskaber, seen),
        tilstande: keep(&indhold.tilstande, seen),
        relationer,
        lokal: indhold.lokal.clone(),
    }
}

/// Removes the fields that `kan_se` does not open.
pub fn mask(indhold: &mut Indhold, typ: &'static ObjektType, kan_se: impl Fn(Beskyttelse) -> bool) {
    let lukkede = typ.egenskaber.iter().filter(|f| f.beskyttelse.is_some_and(|b| !kan_se(b)));
    for felt in lukkede {
        for egenskab in &mut indhold.egenskaber {
            egenskab.felter.retain(|(navn, _)| *navn != felt.navn);
        }
    }
}

#[cfg(test)]
mod tests;
