//! The order of what was found.

use crate::kald::Sortering;
use crate::model::{Forekomst, Objekt};
use crate::skema::{Art, Form, Indhold};
use crate::synlighed::foelsomhed;
use crate::verden::Verden;
use std::cmp::Ordering;

/// A value to sort by; what has none comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Noegle {
    Tal(i64),
    Tekst(String),
}

/// Sorts objects of one kind by what was asked for, and at last by UUID, so that pages are stable. Where nothing was asked for, they
/// stay in the order they came, so that what is new comes last.
pub(super) fn sorter<'v>(
    verden: &Verden<'v>,
    efter: &[Sortering],
    objekter: &mut [&'v Objekt],
    ses: &dyn Fn(&'v Objekt, &Forekomst) -> bool,
) {
    let efter: Vec<&Sortering> =
        efter.iter().filter(|s| objekter.first().is_some_and(|o| o.art == s.art)).collect();
    if efter.is_empty() {
        return;
    }
    objekter.sort_by(|a, b| {
        let forskel = efter.iter().map(|s| {
            let orden = noegle(verden, a, s.element, ses).cmp(&noegle(verden, b, s.element, ses));
            if s.faldende { orden.reverse() } else { orden }
        });
        forskel.fold(Ordering::Equal, Ordering::then).then(a.uuid.cmp(&b.uuid))
    });
}

fn noegle<'v>(
    verden: &Verden<'v>,
    objekt: &'v Objekt,
    element: &str,
    ses: &dyn Fn(&'v Objekt, &Forekomst) -> bool,
) -> Option<Noegle> {
    let tekst = |t: &str| Some(Noegle::Tekst(t.to_lowercase()));
    let tal = |t: i64| Some(Noegle::Tal(t));
    let egenskab = |felt: &str| verden.nu_i(objekt, "Egenskaber").find_map(|f| f.felt(felt));
    let r = objekt.nyeste()?;
    match element {
        "Bruger" => tekst(&r.bruger_ref.as_ref()?.search_text()),
        "StsRegistreringstidspunkt" => tal(r.sts_tidspunkt.as_ref()?.instant().micros()),
        "Registreringstidspunkt" => tal(r.tidspunkt.as_ref()?.instant().micros()),
        "Livscyklus" => tekst(r.livscyklus?.as_str()),
        "Foelsomhed" => tal(foelsomhed(verden, objekt)? as i64),
        "ItSystem-Systemnavn" => {
            let afsnit =
                if objekt.art == Art::Sag { "SagsitsystemRelation" } else { "DokumentitsystemRelation" };
            tekst(verden.rolle(objekt, afsnit, "Master")?.felt("SystemNavn")?)
        }
        "Fremdrift" => tal(trin(verden.nu_i(objekt, "Fremdrift").next()?)?),
        "Sagklasse-BrugervendtNoegle" => {
            tekst(verden.rolle(objekt, "Sagsklasse", "Primær klasse")?.felt("BrugervendtNoegle")?)
        }
        "Major" => tal(egenskab("VersionIdentifikator")?.parse().ok()?),
        "Minor" => tal(egenskab("UnderversionIdentifikator")?.parse().ok()?),
        "FuldtNavn" => tekst(verden.nu_i(objekt, "Bevillingspart").find_map(|f| f.felt("FuldtNavn"))?),
        "Ydelsesnavn" => {
            let navn = |f: &'v Forekomst| f.knude("Ydelse")?.tekst_af("Ydelsesnavn");
            tekst(verden.nu_i(objekt, "BevilgetYdelse").filter(|f| ses(objekt, f)).find_map(navn)?)
        }
        "Dispositionsdato" => tal(crate::form::tid(egenskab("Dispositionsdato")?)?.micros()),
        // `BrugervendtNoegle` and `Titel`.
        felt => tekst(egenskab(felt)?),
    }
}

/// The place of a state among those of the schema.
fn trin(fremdrift: &Forekomst) -> Option<i64> {
    let kode = fremdrift.felter.iter().find(|k| k.navn() == "FremdriftStatusKode")?;
    let Indhold::Tekst(simpel) = kode.element.indhold else { return None };
    let Form::Kode(koder) = simpel.form else { return None };
    koder.iter().position(|k| *k == kode.tekst()).and_then(|p| i64::try_from(p).ok())
}
