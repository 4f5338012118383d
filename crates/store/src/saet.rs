//! The rules of a write set, checked before anything is written.

use crate::{Noegle, StoreFejl, Tilfoejelse};
use adgang::Adgang;

/// A write set in the order in which objects are locked, its rules checked.
///
/// # Errors
/// [`StoreFejl::Fremmed`] when an object is not the caller's to write; [`StoreFejl::Ugyldig`] when a rule is broken.
pub(crate) fn prepare(adgang: &Adgang, saet: Vec<Tilfoejelse>) -> Result<Vec<Tilfoejelse>, StoreFejl> {
    let mut saet = saet;
    saet.sort_by_key(|t| t.objekt);
    if saet.windows(2).any(|pair| pair[0].objekt == pair[1].objekt) {
        return Err(StoreFejl::Ugyldig("et objekt nævnes to gange"));
    }
    for tilfoejelse in &mut saet {
        if !adgang.kan_skrive(tilfoejelse.ejer) {
            return Err(StoreFejl::Fremmed(tilfoejelse.objekt));
        }
        check(tilfoejelse)?;
        keep_what_comes_back(tilfoejelse);
    }
    Ok(saet)
}

fn check(t: &mut Tilfoejelse) -> Result<(), StoreFejl> {
    let Some(sidste) = t.registreringer.last() else {
        return Err(StoreFejl::Ugyldig("der er ingen registrering"));
    };
    if !sidste.livscyklus.is_live() && !t.noegler_til.is_empty() {
        return Err(StoreFejl::Ugyldig("kun objekter i brug har søgenøgler"));
    }
    let tider = t.foer.into_iter().chain(t.registreringer.iter().map(|r| r.tidspunkt));
    if !tider.is_sorted_by(|a, b| a < b) {
        return Err(StoreFejl::Ugyldig("registreringstiderne stiger ikke"));
    }
    t.noegler_til.sort_unstable();
    if t.noegler_til.windows(2).any(|pair| pair[0].identitet() == pair[1].identitet()) {
        return Err(StoreFejl::Ugyldig("en søgenøgle kommer til to gange"));
    }
    Ok(())
}

/// A key whose end moves stands in both lists. Writing it replaces it, so it need not be removed; and on PostgreSQL
/// it must not be, as the parts of one statement do not see each other's work.
fn keep_what_comes_back(t: &mut Tilfoejelse) {
    let til = &t.noegler_til;
    let comes_back =
        |noegle: &Noegle| til.binary_search_by(|n| n.identitet().cmp(&noegle.identitet())).is_ok();
    t.noegler_vaek.retain(|noegle| !comes_back(noegle));
}

#[cfg(test)]
mod tests {
    use super::prepare;
    use crate::{Noegle, NyRegistrering, StoreFejl, Tilfoejelse};
    use adgang::{Aarsag, Adgang};
    use bitemporal::Instant;
    use oio::model::Livscyklus;
    use oio::{Cvr, ObjektId};
    use uuid::Uuid;

    fn adgang() -> Adgang {
        Adgang::system(Aarsag::Seed, Cvr::KOMBIT, Uuid::nil())
    }

    fn noegle(vaerdi: &str, til: i64) -> Noegle {
        Noegle { felt: 1, vaerdi: vaerdi.into(), fra: 0, til }
    }

    fn one(foer: Option<i64>, tider: &[i64]) -> Tilfoejelse {
        let ny = |t: &i64| NyRegistrering {
            tidspunkt: Instant::from_micros(*t),
            livscyklus: Livscyklus::Opstaaet,
            krop: vec![],
        };
        Tilfoejelse {
            objekt: ObjektId(Uuid::from_u128(1)),
            objekttype: "Klasse",
            ejer: Cvr::KOMBIT,
            foer: foer.map(Instant::from_micros),
            registreringer: tider.iter().map(ny).collect(),
            noegler_vaek: vec![],
            noegler_til: vec![],
            handling: "Ret",
        }
    }

    #[track_caller]
    fn check_refused(saet: Vec<Tilfoejelse>) {
        assert!(matches!(prepare(&adgang(), saet), Err(StoreFejl::Ugyldig(_))));
    }

    #[test]
    fn a_key_whose_end_moves_is_replaced_and_not_removed() {
        let mut t = one(Some(1), &[2]);
        t.noegler_vaek = vec![noegle("a", 9), noegle("b", 9)];
        t.noegler_til = vec![noegle("c", 9), noegle("a", 5)];
        let ready = prepare(&adgang(), vec![t]).expect("a valid set").remove(0);
        assert_eq!(ready.noegler_vaek, [noegle("b", 9)]);
        assert_eq!(ready.noegler_til, [noegle("a", 5), noegle("c", 9)]);
    }

    #[test]
    fn broken_sets_are_refused() {
        check_refused(vec![one(None, &[])]);
        check_refused(vec![one(None, &[2, 2])]);
        check_refused(vec![one(Some(2), &[2])]);
        check_refused(vec![one(None, &[1]), one(None, &[1])]);
        let mut twice = one(None, &[1]);
        twice.noegler_til = vec![noegle("a", 1), noegle("a", 2)];
        check_refused(vec![twice]);
        let mut passive = one(Some(1), &[2]);
        passive.registreringer[0].livscyklus = Livscyklus::Passiveret;
        passive.noegler_til = vec![noegle("a", 1)];
        check_refused(vec![passive]);
    }

    #[test]
    fn another_authoritys_object_is_refused() {
        let mut t = one(None, &[1]);
        t.ejer = "11223344".parse().expect("a CVR number");
        assert!(matches!(prepare(&adgang(), vec![t]), Err(StoreFejl::Fremmed(_))));
    }
}
