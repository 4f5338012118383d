use super::{Fil, Generator, Opsaetning, Ud};
use crate::overtag::{Afkoder, Klipper, Objekt};
use crate::valider::Validering;
use indeks::model::{Forekomst, Registrering};
use indeks::regler::Niveauer;
use indeks::skema::Art;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

fn alle(sager: u64, seed: u64) -> Ud {
    let generator = Generator::ny(Opsaetning::korsbaek(sager, seed));
    let mut ud = Ud::default();
    (0..sager).for_each(|nr| generator.sag(nr, &mut ud));
    ud
}

fn objekter(ud: &Ud, fil: Fil) -> Vec<Objekt> {
    let mut klipper = Klipper::ny();
    klipper.fodr([&fil.hoved(), ud.af(fil), &fil.fod()].concat().as_bytes());
    let mut objekter = Vec::new();
    let mut afkoder: Option<Afkoder> = None;
    while let Some(klip) = klipper.naeste().expect("a right file") {
        let rod = klipper.rod().expect("an object is in a root");
        let afkoder = afkoder.get_or_insert_with(|| Afkoder::ny(rod.clone()));
        objekter.push(afkoder.afkod(&klip).unwrap_or_else(|fejl| panic!("{fejl}")));
    }
    klipper.slut().expect("a whole file");
    objekter
}

fn streng() -> Validering {
    Validering { niveauer: Niveauer::default().skaerpet(), ..Validering::default() }
}

#[test]
fn the_same_numbers_give_the_same_cases_one_by_one_or_together() {
    let ud = alle(30, 7);
    assert_eq!(ud, alle(30, 7));
    assert_ne!(ud, alle(30, 8));
    let generator = Generator::ny(Opsaetning::korsbaek(30, 7));
    let mut en = Ud::default();
    let mut samlet = String::new();
    for nr in 0..30 {
        generator.sag(nr, &mut en);
        samlet.push_str(en.af(Fil::SagDokument));
        en.toem();
    }
    assert_eq!((samlet.as_str(), en.antal), (ud.af(Fil::SagDokument), ud.antal));
}

#[test]
fn there_are_three_documents_a_case_and_payments_for_a_share() {
    let antal = alle(3_000, 1).antal;
    assert!((8_700..9_300).contains(&antal.dokumenter), "{antal:?}");
    assert!((500..1_000).contains(&antal.bevillinger), "{antal:?}");
    assert!((2_000..5_000).contains(&antal.effektueringer), "{antal:?}");
    assert!(antal.journalnotater > 1_000 && antal.opdateringer > 2_000, "{antal:?}");
}

#[test]
fn no_object_breaks_a_rule_though_all_refuse() {
    let ud = alle(400, 3);
    let streng = streng();
    let mut kendte: HashMap<(Art, Uuid), Registrering> = HashMap::new();
    let mut roller = BTreeMap::new();
    for objekt in Fil::ALLE.into_iter().flat_map(|fil| objekter(&ud, fil)) {
        streng.ukendte_roller(&objekt, &mut roller);
        match objekt {
            Objekt::Import(import) => {
                assert_eq!(streng.import(&import), Vec::new());
                let o = import.objekt;
                let nyeste = o.registreringer.into_iter().next_back().expect("one at least");
                assert!(kendte.insert((o.art, o.uuid), nyeste).is_none(), "{}", o.uuid);
            }
            Objekt::Opdatering(o) => {
                let kendt = kendte.get_mut(&(o.art, o.uuid)).expect("what is updated was imported");
                let (brud, ny) = streng.opdatering(Some(kendt), &o);
                assert_eq!(brud, Vec::new());
                assert_eq!(streng.opdatering(None, &o).0, Vec::new());
                assert!(o.tidspunkt.instant() > kendt.tidspunkt.as_ref().expect("a time").instant());
                *kendt = ny.expect("the object after it");
            }
        }
    }
    assert_eq!(roller, BTreeMap::new());
    hanger_sammen(&kendte);
}

/// Everything refers to something that is there.
fn hanger_sammen(kendte: &HashMap<(Art, Uuid), Registrering>) {
    let mut noegler = HashSet::new();
    for ((art, _), r) in kendte {
        let alle = |navn: &'static str| r.indhold.af(navn);
        let noegle = alle("Egenskaber").filter_map(|f| f.felt("BrugervendtNoegle")).next();
        assert!(noegler.insert((*art, noegle.expect("a key").to_owned())), "{noegle:?}");
        for (afsnit, til) in
            [("Journalpost", Art::Dokument), ("Sagsrelation", Art::Sag), ("Bevillingssag", Art::Sag)]
        {
            assert!(
                alle(afsnit).filter_map(Forekomst::uuid).all(|u| kendte.contains_key(&(til, u))),
                "{afsnit}"
            );
        }
        for del in alle("OekonomiskYdelseEffektueringRelation") {
            let bevilling = indeks::verden::bevilling_af(del).expect("a grant");
            let id = del.knude("BevilgetYdelseRef").and_then(|k| k.tekst_af("BevilgetYdelseId"));
            let ydelser = &kendte[&(Art::Bevilling, bevilling)].indhold;
            assert!(ydelser.af("BevilgetYdelse").any(|f| f.felt("Id") == id));
        }
    }
}

#[test]
fn nobody_can_be_meant() {
    let ud = alle(2_000, 5);
    let mut personer = HashSet::new();
    for fil in Fil::ALLE {
        for del in ud.af(fil).split("urn:oio:cpr-nr:").skip(1) {
            let maaned: u32 = del[2..4].parse().expect("two digits");
            assert!((13..=99).contains(&maaned) && del[..10].bytes().all(|b| b.is_ascii_digit()));
            personer.insert(&del[..10]);
        }
        for del in ud.af(fil).split("urn:oio:cvr-nr:").skip(1) {
            assert!(del.starts_with("00") || del.starts_with("11223344"));
        }
    }
    assert!((400..=667).contains(&personer.len()), "{}", personer.len());
}
