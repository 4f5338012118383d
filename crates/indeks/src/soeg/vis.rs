//! What is shown of what was found, and what is shown with it.

use crate::kald::Filter;
use crate::knude::{Knude, Vaerdi};
use crate::model::{Forekomst, Indhold};
use crate::roller::Rolleliste;
use crate::skema::{Art, Liste};
use crate::verden::{Navn, Verden};
use std::collections::BTreeSet;

/// Leaves out of the lists what the filter does not show. The lists themselves stay.
pub(super) fn afgraens(roller: &Rolleliste, filter: &Filter, art: Art, indhold: &mut Indhold) {
    let vises = |vis: &str| filter.vis.contains(&(art, vis));
    indhold.forekomster.retain(|f| match (art, f.afsnit.vis) {
        (Art::Bevilling, "aktoer") => {
            (vises("aktoer-ejer") && roller.er(art, f, "Ejer"))
                || (vises("aktoer-ansvarlig") && roller.er(art, f, "Ansvarlig"))
        }
        (Art::Sag, "journalpost") => vises("journalpost") || vises("journalpost-journalnote"),
        (_, vis) => vises(vis),
    });
    if art == Art::Sag && !vises("journalpost-journalnote") {
        let poster = indhold.forekomster.iter_mut().filter(|f| f.afsnit.navn() == "Journalpost");
        poster.flat_map(|f| &mut f.felter).for_each(uden_notat);
    }
    let attributter =
        if art == Art::Bevilling { vises("egenskaberlokaludvidelse") } else { vises("egenskaber") };
    let noget = |liste| indhold.forekomster.iter().any(|f| f.afsnit.liste == liste);
    let beholdt = [attributter, noget(Liste::TilstandListe), noget(Liste::RelationListe)];
    for (tid, beholdt) in indhold.senest_aendret.iter_mut().zip(beholdt) {
        if !beholdt {
            *tid = None;
        }
    }
}

/// Takes the bytes of journal notes out.
fn uden_notat(knude: &mut Knude) {
    if let Vaerdi::Knuder(boern) = &mut knude.vaerdi {
        boern.retain(|k| k.navn() != "Notat");
        boern.iter_mut().for_each(uden_notat);
    }
}

/// The objects to be returned with one.
pub(super) fn inkluderet<'v>(
    verden: &Verden<'v>,
    objekt: &'v crate::model::Objekt,
    hvad: &str,
) -> BTreeSet<Navn> {
    let peger = |afsnit, art: Art| -> BTreeSet<Navn> {
        verden.nu_i(objekt, afsnit).filter_map(Forekomst::uuid).map(|u| (art, u)).collect()
    };
    match (objekt.art, hvad) {
        (Art::Sag, "sagsrelation") => peger("Sagsrelation", Art::Sag),
        (Art::Sag, "journalpost") => peger("Journalpost", Art::Dokument),
        (Art::Dokument, _) => peger("Dokumentrelation", Art::Dokument),
        (Art::Effektuering, _) => {
            verden.bevillinger(objekt).into_iter().map(|u| (Art::Bevilling, u)).collect()
        }
        (Art::Bevilling, _) => {
            verden.fra((Art::Bevilling, objekt.uuid)).map(|e| (Art::Effektuering, e.uuid)).collect()
        }
        (Art::Sag, _) => BTreeSet::new(),
    }
}
