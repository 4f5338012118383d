use super::{AF_DET_SENDTE, KRAEVER_OPSLAG, anvisning, sektion};
use indeks::regler;

#[test]
fn every_rule_named_here_is_a_rule_and_has_an_anvisning() {
    for nr in KRAEVER_OPSLAG.iter().chain(&AF_DET_SENDTE) {
        assert!(regler::alle().any(|r| r.nr == *nr), "{nr}");
    }
    for regel in regler::alle() {
        let generel = anvisning(regel.nr) == "Generel vejledning";
        assert_eq!(generel, regel.nr.starts_with("G-"), "{}", regel.nr);
    }
}

#[test]
fn a_section_is_found_in_every_form_of_path() {
    for (sti, afsnit) in [
        ("sag:RelationListe/sag:Sagsaktoer[2]", "Sagsaktoer"),
        ("sag:RelationListe/gd:LokalUdvidelseListe/si:SagsitsystemRelation[1]", "SagsitsystemRelation"),
        ("sdi:SagIndeks/sag:Registrering[1]/sag:AttributListe/sag:Egenskaber[1]/sag:Titel", "Egenskaber"),
        ("sd:Tidspunkt", "Tidspunkt"),
        ("sdi:SagIndeks", "SagIndeks"),
        ("sag:AttributListe", "AttributListe"),
        ("", ""),
    ] {
        assert_eq!(sektion(sti), afsnit, "{sti}");
    }
}
