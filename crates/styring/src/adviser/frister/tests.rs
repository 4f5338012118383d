//! Thresholds: each is told once, however often and by whomever it is looked for.

use super::forfaldne;
use crate::skriv::{DAG, om_dage};
use administration::{
    Aftalepart, Aftaletilstand, Certifikat, Certifikatstatus, Dataafgraensninger, ItSystem, Part, Partsart,
    Politik, Politikdata, Rolle, Service, Serviceaftale,
};
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

const T0: Instant = Instant::from_micros(1_800_000_000_000_000);
const KY: Uuid = Uuid::from_u128(0xa1);

fn cvr(tekst: &str) -> Cvr {
    tekst.parse().expect("a CVR number")
}

fn certifikat(nr: u8, udloeber: i64) -> Certifikat {
    Certifikat {
        der: vec![nr],
        tommelfinger: [nr; 32],
        emne: "CN=KY".into(),
        gyldig: Period { from: Instant::NEG_INFINITY, to: om_dage(T0, udloeber) },
        aktivering: Period::ALWAYS,
        status: Certifikatstatus::Aktiv,
    }
}

fn politik(certifikater: Vec<Certifikat>, ret: impl Fn(&mut Aftalepart, &mut Period)) -> Politik {
    let (korsbaek, matador) = (cvr("11223344"), cvr("33445566"));
    let service = Service::organisation();
    let ingen = Dataafgraensninger::default();
    let mut aftale =
        Serviceaftale::aktiv(Uuid::from_u128(7), "KY", KY, korsbaek, &service, &[Rolle::Udstil], ingen);
    let version = &mut aftale.versioner[0];
    ret(&mut version.myndigheder[0], &mut version.gyldig);
    Politik::new(Politikdata {
        parter: vec![
            Part::ny(korsbaek, "Korsbæk Kommune", Partsart::Myndighed),
            Part::ny(matador, "Matador Data", Partsart::Leverandoer),
            Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer),
        ],
        systemer: vec![ItSystem::ny(KY, "KY", matador, certifikater)],
        aftaler: vec![aftale],
        services: vec![service],
        ..Politikdata::default()
    })
}

#[test]
fn a_service_that_is_phased_out_is_told_a_year_before_and_nearer_and_nearer() {
    let mut data = politik(vec![], |_, _| {}).data().clone();
    // 15 January 2028, 9 o'clock in Denmark: the thresholds are calendar months.
    data.services[0].udfases = Some(om_dage(T0, 365));
    let set = dag_for_dag(&Politik::new(data), 370);
    let dage: Vec<i64> = set
        .iter()
        .filter(|(_, alle)| {
            let til = |part: &str| alle.iter().filter(|a| **a == format!("service-udfases {part}")).count();
            (til("11223344"), til("33445566")) == (1, 1)
        })
        .map(|(dag, _)| *dag)
        .collect();
    assert_eq!(dage, [0, 181, 273, 334]);
}

/// The events of each day, a look a day.
fn dag_for_dag(politik: &Politik, dage: i64) -> BTreeMap<i64, Vec<String>> {
    let mut ud = BTreeMap::new();
    let mut set = HashSet::new();
    for dag in -100..dage {
        for a in forfaldne(politik, om_dage(T0, dag - 1), om_dage(T0, dag)) {
            assert!(set.insert(a.id), "{} twice", a.emne);
            ud.entry(dag).or_insert_with(Vec::new).push(format!("{} {}", a.haendelse, a.part));
        }
    }
    ud
}

fn dage(fundne: &BTreeMap<i64, Vec<String>>, hvad: &str) -> Vec<i64> {
    fundne.iter().filter(|(_, alle)| alle.iter().any(|h| h == hvad)).map(|(dag, _)| *dag).collect()
}

#[test]
fn who_does_not_answer_is_reminded() {
    let p = politik(Vec::new(), |part, _| {
        (part.tilstand, part.anmodet) = (Aftaletilstand::Anmodet, Some(T0));
    });
    let fundne = dag_for_dag(&p, 100);
    assert_eq!(dage(&fundne, "aftale-paamindelse 11223344"), [3, 7, 14, 30]);
    assert_eq!(fundne.len(), 4);
    assert_eq!(super::ubesvarede(&p, om_dage(T0, 90)).len(), 1);
    assert!(super::ubesvarede(&p, Instant::from_micros(T0.micros() + 90 * DAG - 1)).is_empty());
}

#[test]
fn agreements_are_confirmed_or_run_out() {
    let p = politik(Vec::new(), |part, _| part.genbekraeftes = Some(T0));
    let fundne = dag_for_dag(&p, 100);
    assert_eq!(dage(&fundne, "aftale-genbekraeft 11223344"), [-60, -30, -7]);
    assert_eq!(dage(&fundne, "aftale-udloeber 33445566"), [23], "unconfirmed, it has a week left");
    assert_eq!(dage(&fundne, "aftale-udloebet 33445566"), [30]);
    let p = politik(Vec::new(), |_, gyldig| gyldig.to = om_dage(T0, 10));
    let fundne = dag_for_dag(&p, 100);
    for part in ["11223344", "33445566"] {
        assert_eq!(dage(&fundne, &format!("aftale-udloeber {part}")), [-50, -20, 3]);
        assert_eq!(dage(&fundne, &format!("aftale-udloebet {part}")), [10]);
    }
    let p = politik(Vec::new(), |part, _| {
        (part.tilstand, part.opsagt_til) = (Aftaletilstand::Opsagt, Some(om_dage(T0, 5)));
    });
    assert_eq!(dage(&dag_for_dag(&p, 10), "aftale-ophoert 11223344"), [5]);
}

#[test]
fn certificates_run_out_unless_another_takes_over() {
    let p = politik(vec![certifikat(1, 0)], |_, _| {});
    let fundne = dag_for_dag(&p, 10);
    assert_eq!(dage(&fundne, "certifikat-udloeber 33445566"), [-90, -30, -14, -7, -1]);
    assert_eq!(dage(&fundne, "certifikat-udloeber 11223344"), [-7, -1], "those who depend on it");
    assert_eq!(dage(&fundne, &format!("certifikat-udloeber {}", Cvr::KOMBIT)), [-7, -1]);
    assert_eq!(dage(&fundne, "certifikat-udloebet 33445566"), [0]);
    let p = politik(vec![certifikat(1, 0), certifikat(2, 900)], |_, _| {});
    assert!(dag_for_dag(&p, 10).is_empty());
}

#[test]
fn after_a_pause_the_last_threshold_is_enough() {
    let p = politik(vec![certifikat(1, 0)], |_, _| {});
    let fundne = forfaldne(&p, om_dage(T0, -95), om_dage(T0, -10));
    assert_eq!(fundne.len(), 1);
    assert!(fundne[0].tekst.contains("udløber om 10 dage"), "{}", fundne[0].tekst);
    assert!(forfaldne(&p, om_dage(T0, -10), om_dage(T0, -10)).is_empty());
    let p = politik(Vec::new(), |part, _| {
        (part.tilstand, part.anmodet) = (Aftaletilstand::Anmodet, Some(T0));
    });
    assert_eq!(forfaldne(&p, T0, om_dage(T0, 20)).len(), 1);
}
