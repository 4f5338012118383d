//! The merge, against a model so simple that it can be seen to be right.

use super::*;
use crate::model::{Tidspunkt, Virkning};
use crate::testing::{bevilling_xml, objekt, sag_xml};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

const DAG: i64 = 86_400_000_000;

fn dag(nr: i64) -> Instant {
    // 2025-01-01 in UTC.
    Instant::from_micros(1_735_689_600_000_000 + nr * DAG)
}

/// An instance of one of a few keys, marked so that it can be told from any other.
fn forekomst(noegle: usize, fra: Option<i64>, laengde: Option<i64>, maerke: u32) -> Forekomst {
    let typ = Art::Sag.typ();
    let (navn, rolle, indeks) = [
        ("Egenskaber", None, None),
        ("Fremdrift", None, None),
        ("Sagsaktoer", Some(1), None),
        ("Sagsaktoer", Some(1), Some("1")),
        ("Sagsaktoer", Some(2), Some("1")),
        ("Sikkerhedsprofil", None, None),
    ][noegle];
    let bound = |nr: i64| Tid::af(dag(nr)).map(Tidspunkt::Tid);
    let virkning = Virkning {
        fra: fra.and_then(bound),
        til: laengde.and_then(|l| bound(fra.unwrap_or(0) + l)),
        note: Some(maerke.to_string().into()),
        ..Virkning::default()
    };
    let mut f = Forekomst {
        afsnit: typ.afsnit(navn).expect("a section"),
        virkning: Some(virkning),
        hoved: Default::default(),
        felter: Vec::new(),
    };
    f.hoved.rolle = rolle.map(|r| UnikId::Uuid(Uuid::from_u128(r)));
    f.hoved.indeks = indeks.map(Into::into);
    f
}

fn maerke(f: &Forekomst) -> String {
    f.virkning.as_ref().and_then(|v| v.note.clone()).map(String::from).unwrap_or_default()
}

/// What holds of a key at an instant, by its marks.
fn holder(indhold: &Indhold, n: &Noegle<'_>, tid: Instant) -> BTreeSet<String> {
    indhold.forekomster.iter().filter(|f| noegle(f) == *n && f.gaelder(tid)).map(maerke).collect()
}

/// The rule said plainly: before the first instant sent, what was; from it on, what is sent.
fn naivt(foer: &Indhold, sendt: &Indhold, n: &Noegle<'_>, tid: Instant) -> BTreeSet<String> {
    let foerste = sendt.forekomster.iter().filter(|f| noegle(f) == *n).map(|f| f.periode().from).min();
    match foerste {
        Some(foerste) if tid >= foerste => holder(sendt, n, tid),
        _ => holder(foer, n, tid),
    }
}

prop_compose! {
    fn indhold(fra: u32)(dele in prop::collection::vec(
        (0usize..6, prop::option::weighted(0.9, 0i64..12), prop::option::of(0i64..6)), 0..10)
    ) -> Indhold {
        let forekomster = dele.into_iter().zip(fra..).map(|((n, f, l), m)| forekomst(n, f, l, m)).collect();
        Indhold { forekomster, ..Indhold::default() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_merge_is_the_rule(foer in indhold(0), sendt in indhold(100)) {
        let ud = flet(Art::Sag.typ(), &foer, &sendt);
        for f in foer.forekomster.iter().chain(&sendt.forekomster) {
            for nr in -1..20 {
                for tid in [dag(nr), Instant::from_micros(dag(nr).micros() + DAG / 2)] {
                    let n = noegle(f);
                    prop_assert_eq!(holder(&ud, &n, tid), naivt(&foer, &sendt, &n, tid));
                }
            }
        }
        // Everything sent is there as it was sent, and a second time changes nothing.
        prop_assert!(sendt.forekomster.iter().all(|f| ud.forekomster.contains(f)));
        let igen = flet(Art::Sag.typ(), &ud, &sendt);
        prop_assert_eq!(&igen.forekomster, &ud.forekomster);
        // Sections stand in the order of the schema.
        let pladser: Vec<usize> = ud.forekomster.iter().map(|f| plads(Art::Sag.typ(), f.afsnit)).collect();
        prop_assert!(pladser.is_sorted());
    }

    #[test]
    fn the_number_of_a_content_does_not_depend_on_order(mut a in indhold(0), b in indhold(50)) {
        let r = |indhold: &Indhold| Registrering { indhold: indhold.clone(), ..Registrering::default() };
        let foer = kendetal(Art::Sag, &r(&a));
        prop_assert_eq!(a == b, foer == kendetal(Art::Sag, &r(&b)));
        a.forekomster.reverse();
        prop_assert_eq!(foer, kendetal(Art::Sag, &r(&a)));
    }
}

fn opdatering(tid: &str, forekomster: Vec<Forekomst>) -> Opdatering {
    Opdatering {
        art: Art::Sag,
        uuid: Uuid::nil(),
        note: None,
        tidspunkt: Tid::laes(tid).expect("a time"),
        indhold: Indhold { forekomster, ..Indhold::default() },
        uden_notifikation: false,
    }
}

const FOER: &str = "2025-03-03T10:00:00.000+01:00";
const EFTER: &str = "2025-03-04T10:00:00.000+01:00";

#[test]
fn an_update_makes_the_next_registrering_and_its_repetition_none() {
    let sag = importeret(objekt(Art::Sag, &sag_xml()), dag(70));
    let o = opdatering(EFTER, vec![forekomst(1, Some(62), None, 1)]);
    let Opdateret::Ny(ny) = opdater(&sag.registreringer, &o, dag(71)) else { panic!("a new one") };
    assert_eq!(
        (ny.livscyklus, &ny.bruger_ref),
        (sag.registreringer[0].livscyklus, &sag.registreringer[0].bruger_ref)
    );
    assert_eq!(ny.sts_tidspunkt.as_ref().map(Tid::instant), Some(dag(71)));
    let senest = |r: &Registrering| r.indhold.senest_aendret.clone().map(|t| t.map(|t| t.tekst().to_owned()));
    assert_eq!(senest(&ny), [Some(FOER.into()), Some(EFTER.into()), Some(FOER.into())]);
    let begge = [sag.registreringer[0].clone(), *ny];
    assert_eq!(opdater(&begge, &o, dag(75)), Opdateret::Gentaget);
    assert_eq!(opdater(&begge, &opdatering(EFTER, vec![]), dag(75)), Opdateret::ForSent);
    assert_eq!(opdater(&begge[..1], &opdatering(FOER, vec![]), dag(75)), Opdateret::ForSent);
    // The same instant in another offset is the same.
    let sent = opdatering("2025-03-04T09:00:00Z", vec![forekomst(1, Some(62), None, 1)]);
    assert_eq!(opdater(&begge, &sent, dag(75)), Opdateret::Gentaget);
}

#[test]
fn an_import_again_is_known_whatever_the_index_filled_in() {
    let raa = objekt(Art::Bevilling, &bevilling_xml());
    let kendt = importeret(raa.clone(), dag(70));
    assert_ne!(raa, kendt);
    assert!(samme_import(&kendt, &raa));
    let andet = |fra: &str, til: &str| objekt(Art::Bevilling, &bevilling_xml().replace(fra, til));
    assert!(samme_import(&kendt, &andet("6789.50", "6789.5000")));
    assert!(samme_import(&kendt, &andet("2025-03-01T00:00:00+01:00", "2025-02-28T23:00:00Z")));
    assert!(!samme_import(&kendt, &andet("6789.50", "6789.51")));
    assert!(!samme_import(&kendt, &andet("10:00:00.000", "10:00:01.000")));
    assert!(!samme_import(&kendt, &Objekt { uuid: Uuid::nil(), ..raa }));
}

#[test]
fn a_grant_starts_with_its_first_and_ends_after_its_last() {
    let datoer = |xml: &str| {
        let b = importeret(objekt(Art::Bevilling, xml), dag(70));
        let e = b.registreringer[0].indhold.af("Egenskaber").next().expect("attributes");
        ["Bevillingstartdato", "Bevillingslutdato"].map(|f| e.felt(f).map(str::to_owned))
    };
    let start = Some("2025-03-01T00:00:00+01:00".to_owned());
    let xml = bevilling_xml();
    assert_eq!(datoer(&xml), [start.clone(), None]);
    // What the sender says of it does not count.
    let sagt =
        xml.replace("<bi:Foelsomhed>", "<bi:Bevillingslutdato>aldrig</bi:Bevillingslutdato><bi:Foelsomhed>");
    assert_eq!(datoer(&sagt), [start.clone(), None]);
    let slut = "<bi:BevilgetYdelseSlutdato>2025-06-01T00:00:00+02:00</bi:BevilgetYdelseSlutdato>";
    let endt = xml.replace("</bi:BevilgetYdelseStartdato>", &format!("</bi:BevilgetYdelseStartdato>{slut}"));
    assert_eq!(datoer(&endt), [start.clone(), Some("2025-06-01T00:00:00+02:00".to_owned())]);
    let anden = "<bi:BevilgetYdelse><bi:Id>YD-2</bi:Id><bi:BevilgetYdelseStartdato>2025-02-01T00:00:00+01:00</bi:BevilgetYdelseStartdato></bi:BevilgetYdelse></bi:AttributListe>";
    let to = endt.replace("</bi:AttributListe>", anden);
    assert_eq!(datoer(&to), [Some("2025-02-01T00:00:00+01:00".to_owned()), None]);
}

#[test]
fn history_is_kept_oldest_first() {
    let xml = sag_xml();
    let aeldre = xml.replace("2025-03-03T10:00:00.000", "2025-03-01T10:00:00.000");
    let sag = importeret(objekt(Art::Sag, &format!("{xml}{aeldre}")), dag(70));
    let tider: Vec<_> =
        sag.registreringer.iter().filter_map(|r| r.tidspunkt.as_ref().map(Tid::instant)).collect();
    assert!(tider.len() == 2 && tider.is_sorted());
    // The newer changed nothing.
    assert_eq!(sag.registreringer[1].indhold.senest_aendret, sag.registreringer[0].indhold.senest_aendret);
}
