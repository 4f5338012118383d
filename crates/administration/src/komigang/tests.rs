//! Steps and what they ask.

use super::{Igangplan, Igangtrin, kompetence};
use crate::bruger::Modulrolle;
use crate::part::Partsart;
use std::collections::BTreeSet;

#[test]
fn steps_are_told_apart_and_found_again() {
    let koder: BTreeSet<_> = Igangtrin::ALLE.iter().map(|t| t.kode()).collect();
    let navne: BTreeSet<_> = Igangtrin::ALLE.iter().map(|t| t.navn()).collect();
    assert_eq!((koder.len(), navne.len()), (Igangtrin::ALLE.len(), Igangtrin::ALLE.len()));
    let mut sorteret = Igangtrin::ALLE.to_vec();
    sorteret.sort();
    assert_eq!(sorteret, Igangtrin::ALLE, "they are kept in the order in which they are taken");
    for trin in Igangtrin::ALLE {
        assert_eq!(
            (Igangtrin::med_kode(trin.kode()), Igangtrin::med_navn(trin.navn())),
            (Some(trin), Some(trin))
        );
        assert_eq!(serde_json::to_value(trin).expect("a text"), trin.kode());
        assert!(trin.hvorfor().ends_with('.'), "{trin:?}");
        if let Some(rolle) = trin.rolle() {
            assert_eq!(rolle.part(), trin.art(), "{trin:?}");
            assert!(trin.navn().contains(rolle.navn().trim_end_matches(" (leverandør)")), "{trin:?}");
        }
    }
    assert_eq!(Igangtrin::med_kode("findes-ikke"), None);
    assert_eq!(Igangtrin::for_art(Partsart::Operatoer).count(), 0);
}

#[test]
fn every_role_that_is_appointed_says_what_it_asks() {
    let udpeges = Igangtrin::ALLE.into_iter().filter_map(Igangtrin::rolle);
    let andre = [Modulrolle::OrganisationAdministrator, Modulrolle::Redaktoer];
    for rolle in udpeges.chain(andre) {
        let k = kompetence(rolle).unwrap_or_else(|| panic!("{rolle} says nothing"));
        assert!(k.opgave.ends_with('.') && !k.hvem.ends_with('.'), "{rolle}");
        assert!(k.kan.len() >= 3 && k.spoergsmaal.len() >= 3, "{rolle}");
        assert!(k.spoergsmaal.iter().all(|s| s.ends_with('?')), "{rolle}");
    }
    assert_eq!(kompetence(Modulrolle::Support), None);
}

#[test]
fn a_plan_is_kept_as_it_was_written() {
    let part = "11223344".parse().expect("a CVR number");
    let mut plan = Igangplan::ny(part);
    let ejer = (uuid::Uuid::from_u128(1), "Agnes".to_owned());
    plan.trin.insert(Igangtrin::KlassifikationAdministrator, super::Trinplan { ejer, frist: 7 });
    let tekst = serde_json::to_string(&plan).expect("text");
    assert!(tekst.contains("\"klassifikation-administrator\":{\"ejer\""), "{tekst}");
    assert_eq!(serde_json::from_str::<Igangplan>(&tekst).expect("read"), plan);
    assert_eq!(plan.uuid, Igangplan::id(part));
}
