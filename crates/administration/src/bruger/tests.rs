//! Roles over time, and the separation of duties.

use super::{
    Aktoer, Andre, Bruger, Brugertilstand, Emne, Handling, Modulfejl, Modulrolle, Omfang, Rolleregler,
    Tildeling, afslut, genaabn, spaer, tildel,
};
use crate::part::{Part, Partsart};
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

const NU: Instant = Instant::from_micros(1_800_000_000_000_000);
const REGLER: Rolleregler =
    Rolleregler { administrator_maa_godkende: false, brugeradministrator_maa_alt: false };

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
        spaerret_af: None,
        foer_spaerring: None,
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
    check(Administrator, &[], Godkender, REGLER, None);
    check(Administrator, &[], Administrator, REGLER, None);
    check(Brugeradministrator, &[], Godkender, REGLER, None);
    check(Brugeradministrator, &[], Administrator, REGLER, Some("A-001"));
    let alt = Rolleregler { brugeradministrator_maa_alt: true, ..REGLER };
    check(Brugeradministrator, &[], Logansvarlig, alt, None);
    check(Godkender, &[], Laeseadgang, alt, Some("A-001"));
    check(Leverandoeradministrator, &[], TekniskKontakt, REGLER, None);
    check(Administrator, &[], Driftsoperatoer, REGLER, Some("A-001"));
    check(Driftsoperatoer, &[], Godkender, REGLER, Some("A-001"));
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
    check(Administrator, &[Administrator], Godkender, REGLER, Some("A-004"));
    let tilladt = Rolleregler { administrator_maa_godkende: true, ..REGLER };
    check(Administrator, &[Godkender], Administrator, tilladt, None);
    check(Administrator, &[Laeseadgang], Logansvarlig, REGLER, None);
    check(Administrator, &[Redaktoer, Jobfunktionsrolleadministrator], Logansvarlig, tilladt, Some("A-004"));
    check(Administrator, &[Logansvarlig], Godkender, tilladt, Some("A-004"));
    check(Administrator, &[Godkender], Godkender, REGLER, Some("A-010"));
}

#[test]
fn a_role_belongs_to_a_kind_of_party() {
    let svar = tildel(
        &som(Modulrolle::Administrator),
        &bruger(2, &[]),
        har(Modulrolle::TekniskKontakt),
        &korsbaek(),
        &REGLER,
    );
    assert_eq!(svar.expect_err("no supplier").kode, "A-010");
}

/// Others have these roles as well.
fn andre(roller: &[Modulrolle]) -> Andre {
    roller.iter().map(|r| (cvr(), *r)).collect()
}

#[test]
fn nobody_changes_his_own_roles_and_the_last_administrator_stays() {
    use Modulrolle::{Administrator, LeverandoerOrganisation, Leverandoeradministrator, Redaktoer};
    let selv = som(Administrator);
    let mig = bruger(1, &[Administrator]);
    assert_eq!(tildel(&selv, &mig, har(Redaktoer), &korsbaek(), &REGLER).expect_err("own").kode, "A-002");
    assert_eq!(spaer(&selv, &mig, NU, &andre(&[Administrator])).expect_err("own").kode, "A-002");
    for (rolle, mens_andre_har, kode) in [
        (Administrator, &[][..], Some("A-003")),
        (Administrator, &[Administrator], None),
        // In a municipality that is its own supplier each is counted by itself, and those that give roles are.
        (Administrator, &[LeverandoerOrganisation], Some("A-003")),
        (LeverandoerOrganisation, &[Administrator, Leverandoeradministrator], Some("A-003")),
        (LeverandoerOrganisation, &[LeverandoerOrganisation], None),
        (Leverandoeradministrator, &[], None),
        (Redaktoer, &[], None),
    ] {
        let anden = bruger(2, &[rolle]);
        let andre = andre(mens_andre_har);
        let afsluttet = afslut(&selv, &anden, anden.roller[0].id, NU, NU, &REGLER, &andre);
        let spaerret = spaer(&selv, &anden, NU, &andre);
        assert_eq!(afsluttet.as_ref().err().map(|f| f.kode), kode, "{rolle}");
        assert_eq!(spaerret.as_ref().err().map(|f| f.kode), kode, "{rolle}");
        if let (Ok(afsluttet), Ok(spaerret)) = (afsluttet, spaerret) {
            assert_eq!(afsluttet.gaeldende(NU).count(), 0);
            assert_eq!(spaerret.tilstand, Brugertilstand::Spaerret);
        }
    }
}

#[test]
fn ending_a_role_never_lengthens_it() {
    use Modulrolle::{Administrator, Godkender};
    let om = |dage: i64| Instant::from_micros(NU.micros() + dage * 86_400_000_000);
    let mut gunnar = bruger(2, &[Godkender]);
    gunnar.roller[0].gyldig = Period { from: NU, to: om(5) };
    let slut = |slut| {
        let svar =
            afslut(&som(Administrator), &gunnar, gunnar.roller[0].id, slut, om(1), &REGLER, &Andre::new());
        svar.map(|b| b.roller[0].gyldig.to).map_err(|f| f.kode)
    };
    assert_eq!(slut(om(4)), Ok(om(4)));
    for senere in [om(5), om(6), Instant::POS_INFINITY, NU] {
        assert_eq!(slut(senere), Err("A-009"));
    }
    // One that has ended stays so: another role may have come in its place.
    gunnar.roller[0].gyldig = Period { from: NU, to: om(1) };
    let svar =
        afslut(&som(Administrator), &gunnar, gunnar.roller[0].id, om(9), om(2), &REGLER, &Andre::new());
    assert_eq!(svar.map_err(|f| f.kode), Err("A-009"));
}

#[test]
fn a_party_disables_and_opens_its_own_people() {
    use Modulrolle::{Administrator, Driftsoperatoer, Redaktoer, Support};
    let naboen = "55667788".parse().expect("a CVR number");
    let (adm, op) =
        (som(Administrator), bruger(9, &[Driftsoperatoer]).handler_som(cvr(), NU).expect("a role"));
    let mut op = op;
    op.part = "19435075".parse().expect("a CVR number");
    let kode = |svar: Result<Bruger, Modulfejl>| svar.map(|b| b.tilstand).map_err(|f| f.kode);
    let ingen = Andre::new();
    // The neighbour's, with a role here.
    let laant = Bruger { cvr: naboen, ..bruger(2, &[Redaktoer]) };
    assert_eq!(kode(spaer(&adm, &laant, NU, &ingen)), Err("A-404"));
    let spaerret = Bruger { tilstand: Brugertilstand::Spaerret, ..laant.clone() };
    assert_eq!(kode(genaabn(&adm, &spaerret)), Err("A-404"));
    let egen = spaer(&adm, &bruger(2, &[Redaktoer]), NU, &ingen).expect("its own");
    assert_eq!(kode(spaer(&adm, &egen, NU, &ingen)), Err("A-016"), "disabled already");
    assert_eq!(kode(genaabn(&adm, &egen)), Ok(Brugertilstand::Aktiv));
    assert_eq!(kode(genaabn(&op, &egen)), Ok(Brugertilstand::Aktiv));
    let af_op = spaer(&op, &bruger(2, &[Redaktoer]), NU, &ingen).expect("anybody's");
    assert_eq!(kode(genaabn(&adm, &af_op)), Err("A-016"), "not theirs to open");
    assert_eq!(kode(genaabn(&op, &af_op)), Ok(Brugertilstand::Aktiv));
    assert_eq!(kode(genaabn(&som(Support), &af_op)), Err("A-001"));
    let ophoert = Bruger { tilstand: Brugertilstand::Ophoert, ..bruger(2, &[]) };
    assert_eq!(kode(spaer(&adm, &ophoert, NU, &ingen)), Err("A-016"));
}

#[test]
fn a_party_of_two_kinds_acts_as_one_of_them_at_a_time() {
    use Modulrolle::{Godkender, Leverandoeradministrator};
    let system = Uuid::from_u128(7);
    let maa = |rolle, art| {
        som(rolle).kraev_som(&[art], Emne::Aftalespaerring, Handling::Ret, system).map_err(|f| f.kode)
    };
    assert_eq!(maa(Leverandoeradministrator, Partsart::Leverandoer), Ok(Leverandoeradministrator));
    assert_eq!(maa(Leverandoeradministrator, Partsart::Myndighed), Err("A-001"));
    assert_eq!(maa(Godkender, Partsart::Myndighed), Ok(Godkender));
    assert_eq!(maa(Godkender, Partsart::Leverandoer), Err("A-001"));
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
