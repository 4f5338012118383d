//! What the index itself fills in.

use crate::knude::Knude;
use crate::model::{Forekomst, Indhold, Registrering, Tid};
use crate::skema::Liste;

const START: &str = "Bevillingstartdato";
const SLUT: &str = "Bevillingslutdato";

/// Whether a field of a grant is filled by the index, whatever the sender wrote.
pub(super) fn er_udledt(forekomst: &Forekomst, felt: &str) -> bool {
    forekomst.afsnit.navn() == "Egenskaber" && (felt == START || felt == SLUT)
}

/// Fills when a grant starts and ends: with the first of its BevilgetYdelser, and after the last. It does not end while one
/// of them does not.
pub fn bevillingsdatoer(indhold: &mut Indhold) {
    let tider = |felt: &str| -> Vec<Option<Tid>> {
        indhold.af("BevilgetYdelse").map(|y| y.felt(felt).and_then(Tid::laes)).collect()
    };
    let start = tider("BevilgetYdelseStartdato").into_iter().flatten().min_by_key(Tid::instant);
    let slut: Option<Vec<Tid>> = tider("BevilgetYdelseSlutdato").into_iter().collect();
    let slut = slut.and_then(|alle| alle.into_iter().max_by_key(Tid::instant));
    for f in indhold.forekomster.iter_mut().filter(|f| f.afsnit.navn() == "Egenskaber") {
        let element = &f.afsnit.element;
        f.felter.retain(|k| k.navn() != START && k.navn() != SLUT);
        for (navn, tid) in [(START, &start), (SLUT, &slut)] {
            if let (Some(tid), Some(felt)) = (tid, element.barn(navn)) {
                f.felter.push(Knude::tekst_i(felt, tid.tekst()));
            }
        }
        let plads = |k: &Knude| element.boern().position(|e| e.navn == k.navn());
        f.felter.sort_by_key(plads);
    }
}

/// Fills when each list changed last: at the Tidspunkt of the registrering that changed it. An empty list says nothing.
pub fn senest_aendret(foer: Option<&Registrering>, ny: &mut Registrering) {
    for (nr, liste) in Liste::ALLE.into_iter().enumerate() {
        let tom = ny.indhold.i_liste(liste).next().is_none();
        let uaendret = foer.is_some_and(|f| f.indhold.i_liste(liste).eq(ny.indhold.i_liste(liste)));
        ny.indhold.senest_aendret[nr] = match foer {
            _ if tom => None,
            Some(foer) if uaendret => foer.indhold.senest_aendret[nr].clone(),
            _ => ny.tidspunkt.clone(),
        };
    }
}
