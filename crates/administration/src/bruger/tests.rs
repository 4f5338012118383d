//! Roles over time, and the separation of duties.

use super::{
    Aktoer, Bruger, Brugertilstand, Emne, Handling, Modulrolle, Omfang, Rolleregler, Tildeling, afslut,
    spaer, tildel,
};
use crate::part::{Part, Partsart};
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

const NU: Instant = Instant::from_micros(1_800_000_000_000_000);
const MANGE: Rolleregler = Rolleregler {
    administrator_maa_godkende: false,
    brugeradministrator_maa_alt: false,
    andre_administratorer: 1,
};

fn cvr() -> Cvr {
    "11223344".parse().expect("a CVR number")
}

fn korsbaek() -> Part {
    Part::ny(cvr(), "Korsbæk Kommune", Partsart::Myndighed)
}

fn har(rolle: Modulrolle) -> Tildeling {
    let id = Uuid::from_u128(rolle as u128 + 1);
    Tildeling {
        id,
        rolle,
        part: cvr(),
        omfang: Omfang::default(),
        gyldig: Period::since(NU),
        sagsnummer: None,
        tildelt_af: None,
    }
}

fn bruger(nr: u128, roller: &[Modulrolle]) -> Bruger {
    Bruger {
        uuid: Uuid::from_u128(nr),
        navn: format!("Bruger {nr}"),
        email: format!("bruger{nr}@korsbaek.example"),
        cvr: cvr(),
        telefon: None,
        tilstand: Brugertilstand::Aktiv,
        stedfortraeder: None,
        roller: roller.iter().map(|r| har(*r)).collect(),
    }
}

fn som(rolle: Modulrolle) -> Aktoer {
    bruger(1, &[rolle]).handler_som(cvr(), NU).expect("a role")
}

/// Who assigns what to somebody with these roles; gives the code of the refusal.
#[track_caller]
fn check(
    aktoer: Modulrolle,
    har: &[Modulrolle],
    faar: Modulrolle,
    regler: Rolleregler,
    forventet: Option<&str>,
) {
    let mut part = korsbaek();
    part.arter.insert(Partsart::Leverandoer);
    let svar = tildel(&som(aktoer), &bruger(2, har), self::har(faar), &part, &regler);
    assert_eq!(svar.err().map(|f| f.kode), forventet);
}

#[test]
fn who_may_assign_what() {
    use Modulrolle::*;
    check(Administrator, &[], Godkender, MANGE, None);
    check(Administrator, &[], Administrator, MANGE, None);
    check(Brugeradministrator, &[], Godkender, MANGE, None);
    check(Brugeradministrator, &[], Administrator, MANGE, Some("A-001"));
    let alt = Rolleregler { brugeradministrator_maa_alt: true, ..MANGE };
    check(Brugeradministrator, &[], Logansvarlig, alt, None);
    check(Godkender, &[], Laeseadgang, alt, Some("A-001"));
    check(Leverandoeradministrator, &[], TekniskKontakt, MANGE, None);
    check(Administrator, &[], Driftsoperatoer, MANGE, Some("A-001"));
    check(Driftsoperatoer, &[], Godkender, MANGE, Some("A-001"));
}

#[test]
fn a_new_way_in_takes_the_right_to_give_every_role() {
    use Modulrolle::*;
    let giver = |hvem, har: &[Modulrolle]| {
        let svar = super::maa_give_login(&som(hvem), &bruger(2, har), NU, false);
        svar.err().map(|f| f.kode)
    };
    assert_eq!(giver(Administrator, &[Godkender]), None);
    assert_eq!(giver(Brugeradministrator, &[Godkender, Redaktoer]), None);
    assert_eq!(giver(Brugeradministrator, &[Godkender, Administrator]), Some("A-001"));
    assert_eq!(giver(Brugeradministrator, &[Logansvarlig]), Some("A-001"));
    assert_eq!(giver(Driftsoperatoer, &[Administrator]), None, "the last one may be locked out");
    assert_eq!(giver(Driftsoperatoer, &[Godkender]), Some("A-001"), "not everybody's way in");
    assert_eq!(giver(Laeseadgang, &[]), Some("A-001"));
    assert_eq!(
        super::maa_give_login(&som(Administrator), &bruger(1, &[]), NU, false).map_err(|f| f.kode),
        Err("A-002")
    );
    let mut andetsteds = bruger(2, &[Redaktoer]);
    andetsteds.roller[0].part = "55667788".parse().expect("a CVR number");
    let svar = super::maa_give_login(&som(Administrator), &andetsteds, NU, false);
    assert_eq!(svar.map_err(|f| f.kode), Err("A-018"));
}

#[test]
fn which_roles_go_together() {
    use Modulrolle::*;
    check(Administrator, &[Administrator], Godkender, MANGE, Some("A-004"));
    let tilladt = Rolleregler { administrator_maa_godkende: true, ..MANGE };
    check(Administrator, &[Godkender], Administrator, tilladt, None);
    check(Administrator, &[Laeseadgang], Logansvarlig, MANGE, None);
    check(Administrator, &[Redaktoer, Jobfunktionsrolleadministrator], Logansvarlig, tilladt, Some("A-004"));
    check(Administrator, &[Logansvarlig], Godkender, tilladt, Some("A-004"));
    check(Administrator, &[Godkender], Godkender, MANGE, Some("A-010"));
}

#[test]
fn a_role_belongs_to_a_kind_of_party() {
    let svar = tildel(
        &som(Modulrolle::Administrator),
        &bruger(2, &[]),
        har(Modulrolle::TekniskKontakt),
        &korsbaek(),
        &MANGE,
    );
    assert_eq!(svar.expect_err("no supplier").kode, "A-010");
}

#[test]
fn nobody_changes_his_own_roles_and_the_last_administrator_stays() {
    use Modulrolle::Administrator;
    let (selv, sidste) = (som(Administrator), Rolleregler::default());
    let mig = bruger(1, &[Administrator]);
    assert_eq!(
        tildel(&selv, &mig, har(Modulrolle::Redaktoer), &korsbaek(), &MANGE).expect_err("own").kode,
        "A-002"
    );
    assert_eq!(spaer(&selv, &mig, NU, &MANGE).expect_err("own").kode, "A-002");
    let anden = bruger(2, &[Administrator]);
    let id = anden.roller[0].id;
    assert_eq!(afslut(&selv, &anden, id, NU, NU, &sidste).expect_err("the last").kode, "A-003");
    assert_eq!(spaer(&selv, &anden, NU, &sidste).expect_err("the last").kode, "A-003");
    let uden = afslut(&selv, &anden, id, NU, NU, &MANGE).expect("not the last");
    assert_eq!(uden.gaeldende(NU).count(), 0);
    assert_eq!(spaer(&selv, &anden, NU, &MANGE).expect("not the last").tilstand, Brugertilstand::Spaerret);
}

#[test]
fn a_role_holds_in_its_time_and_for_its_party() {
    let foer = Instant::from_micros(NU.micros() - 1);
    let godkender = bruger(1, &[Modulrolle::Godkender]);
    assert!(godkender.handler_som(cvr(), foer).is_none());
    assert!(godkender.handler_som("55667788".parse().expect("a CVR number"), NU).is_none());
    let spaerret = Bruger { tilstand: Brugertilstand::Spaerret, ..godkender.clone() };
    assert!(spaerret.handler_som(cvr(), NU).is_none());
    let aktoer = godkender.handler_som(cvr(), NU).expect("a role");
    assert_eq!(aktoer.kraev(Emne::Aftalesvar, Handling::Godkend), Ok(Modulrolle::Godkender));
    let fejl = aktoer.kraev(Emne::Jobfunktionsrolle, Handling::Opret).expect_err("another's work");
    assert!(fejl.tekst.contains("Rollen Jobfunktionsrolleadministrator kræves"), "{fejl}");
}

#[test]
fn a_role_may_reach_some_systems_only() {
    let (mit, andet) = (Uuid::from_u128(7), Uuid::from_u128(8));
    let mut kontakt = bruger(1, &[Modulrolle::TekniskKontakt]);
    kontakt.roller[0].omfang.systemer = BTreeSet::from([mit]);
    let aktoer = kontakt.handler_som(cvr(), NU).expect("a role");
    assert!(aktoer.kraev_system(Emne::Certifikat, Handling::Opret, mit).is_ok());
    assert!(aktoer.kraev_system(Emne::Certifikat, Handling::Opret, andet).is_err());
}
