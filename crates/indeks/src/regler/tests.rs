//! Every rule broken alone, and what comes of levels.

use super::*;
use crate::flet::opdateret;
use crate::kald::Opdatering;
use crate::model::{Registrering, Tid};
use crate::roller::Rolleliste;
use crate::testing::{hel, objekt, rel, udv, virkning};
use bitemporal::Instant;
use std::collections::BTreeSet;

mod tilfaelde;

use tilfaelde::{ORG, S, UUID, byt, endt, part, tilfaelde};

/// Answers as a test wants.
#[derive(Default)]
struct Svar(&'static str);

impl Opslag for Svar {
    fn objekt(&self, _: Art, _: Uuid) -> Option<bool> {
        Some(self.0 != "objekt")
    }
    fn klasse(&self, _: Uuid) -> Option<bool> {
        Some(self.0 != "klasse")
    }
    fn kle(&self, _: &str) -> Option<bool> {
        Some(self.0 != "kle")
    }
    fn afgoerelsesklasse(&self, _: Uuid) -> Option<bool> {
        Some(self.0 != "afgørelse")
    }
    fn myndighed(&self, id: &UnikId) -> Option<bool> {
        // The authority is the one that is named by its number.
        Some(self.0 != "myndighed" && matches!(id, UnikId::Urn(_)))
    }
    fn noegle_optaget(&self, _: Art, _: &str, _: &str) -> Option<bool> {
        Some(self.0 == "nøgle")
    }
    fn bevilget_ydelse(&self, _: Uuid, _: &str) -> Option<bool> {
        Some(self.0 != "ydelse")
    }
}

fn nu() -> Instant {
    Tid::laes("2025-03-03T10:05:00+01:00").expect("a time").instant()
}

#[track_caller]
fn brudte(art: Art, xml: &str, svar: &'static str) -> Vec<Brud> {
    let objekt = objekt(art, xml);
    let roller = Rolleliste::default();
    proev(&Proeve::import(art, &objekt.registreringer[0], &roller, &Svar(svar), nu()), &Niveauer::default())
}

fn numre(brud: &[Brud]) -> BTreeSet<&'static str> {
    brud.iter().map(|b| b.regel.nr).collect()
}

#[test]
fn whole_objects_break_nothing() {
    for art in Art::ALLE {
        let brud = brudte(art, &hel(art), "");
        assert!(brud.is_empty(), "{art:?}: {brud:?}");
    }
}

#[test]
fn every_rule_is_broken_alone() {
    let mut set = BTreeSet::new();
    for (nr, art, svar, bryd) in tilfaelde() {
        let brud = brudte(art, &bryd(hel(art)), svar);
        assert_eq!(numre(&brud), BTreeSet::from([nr]), "{nr}: {brud:?}");
        assert!(brud.iter().all(|b| !b.sti.is_empty() && b.niveau == b.regel.niveau), "{brud:?}");
        set.insert(nr);
    }
    let alle: BTreeSet<&str> = alle().map(|r| r.nr).collect();
    assert_eq!(alle.difference(&set).collect::<Vec<_>>(), Vec::<&&str>::new(), "rules that no test breaks");
}

#[test]
fn every_rule_has_a_number_of_its_own_and_says_what_to_do() {
    let mut set = BTreeSet::new();
    for regel in alle() {
        assert!(set.insert(regel.nr) && !regel.arter.is_empty() && regel.tekst.len() > 20, "{regel:?}");
    }
}

#[test]
fn levels_can_be_set_and_sharpened() {
    let uden_titel = byt(&hel(S), "<sag:Titel>Kontanthjælp</sag:Titel>", "");
    let xml = byt(&uden_titel, "<sag:Sagsnummer>2025-0042", "<sag:Sagsnummer>2025-0043");
    let registrering = objekt(S, &xml).registreringer.remove(0);
    let roller = Rolleliste::default();
    let af = |niveauer: &Niveauer| {
        let p = Proeve::import(S, &registrering, &roller, &IntetOpslag, nu());
        proev(&p, niveauer).iter().map(|b| (b.regel.nr, b.niveau)).collect::<Vec<_>>()
    };
    let mut niveauer = Niveauer::default();
    assert_eq!(af(&niveauer), [("S-01", Niveau::Afvis), ("S-02", Niveau::Advar)]);
    assert_eq!(af(&niveauer.clone().skaerpet()), [("S-01", Niveau::Afvis), ("S-02", Niveau::Afvis)]);
    assert!(niveauer.saet("S-01", Niveau::Fra) && niveauer.saet("S-02", Niveau::Afvis));
    assert!(!niveauer.saet("S-99", Niveau::Fra));
    assert_eq!(af(&niveauer), [("S-02", Niveau::Afvis)]);
    assert_eq!(
        ["afvis", "advar", "fra", "x"].map(Niveau::laes),
        [Some(Niveau::Afvis), Some(Niveau::Advar), Some(Niveau::Fra), None]
    );
    let p = Proeve::import(S, &registrering, &roller, &IntetOpslag, nu());
    let retur = proev(&p, &niveauer)[0].retur();
    assert_eq!((retur.kode, retur.tekst.as_str()), (40, "Ugyldigt input"));
    assert!(
        retur
            .detalje
            .is_some_and(|d| d.starts_with("S-02: ") && d.contains("sag:AttributListe/sag:Egenskaber[1]"))
    );
}

/// What an update with this content breaks.
fn opdatering(sendt: &str) -> Vec<Brud> {
    let foer = objekt(S, &hel(S)).registreringer.remove(0);
    let sendt = crate::testing::registrering("sag", "", "", sendt);
    let o = Opdatering {
        art: S,
        uuid: Uuid::nil(),
        note: None,
        tidspunkt: Tid::laes("2025-03-03T10:01:00+01:00").expect("a time"),
        indhold: objekt(S, &sendt).registreringer.remove(0).indhold,
        uden_notifikation: false,
    };
    let efter: Registrering = opdateret(&foer, &o, nu());
    let roller = Rolleliste::default();
    proev(&Proeve::opdatering(&foer, &o, &efter, &roller, &Svar(""), nu()), &Niveauer::default())
}

#[test]
fn an_update_is_judged_by_what_it_sends_and_what_it_leads_to() {
    assert!(opdatering("").is_empty(), "what was sent before is not judged again");
    let ejer = |til: &str| {
        let e = rel(
            S,
            "Sagsaktoer",
            "Ejer",
            ORG,
            "",
            crate::testing::EJER,
            &udv(
                "si:SagsaktoerLokalUdvidelse",
                "<si:FuldtNavn>Eksempel Kommune</si:FuldtNavn><si:CVR-Nummer>11111111</si:CVR-Nummer>",
            ),
        );
        byt(&e, &virkning("gd", "2025-02-01", ""), &virkning("gd", "2025-03-01", til))
    };
    assert!(opdatering(&ejer("")).is_empty());
    // AM-02: what is mandatory is replaced, never ended.
    assert_eq!(numre(&opdatering(&ejer("2025-04-01"))), BTreeSet::from(["G-14A"]));
    assert!(
        opdatering(&format!("{}{}", ejer("2025-04-01"), byt(&ejer(""), "2025-03-01T", "2025-04-01T")))
            .is_empty()
    );
    // What is optional may end.
    assert!(opdatering(&endt(&part("Primær part", "", crate::testing::PERSON_URN), "gd")).is_empty());
    let master = rel(S, "SagsitsystemRelation", "Master", UUID, "", UUID, "<si:SystemNavn>Y</si:SystemNavn>");
    let brud = opdatering(&format!("<gd:LokalUdvidelseListe>{master}</gd:LokalUdvidelseListe>"));
    assert_eq!((numre(&brud), brud[0].retur().kode), (BTreeSet::from(["G-03"]), 43));
}
