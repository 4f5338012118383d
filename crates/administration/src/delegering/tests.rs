//! Every state × every event, what follows from the time, and what a delegering must be.

use super::{
    Delegering, Delegeringshaendelse, Delegeringstilstand as T, Identiteter, overgang, svarer_for,
    valider_delegering,
};
use crate::jobfunktionsrolle::{Jobfunktionsrolle, Jobfunktionsrollestatus};
use crate::{Modulrolle, Part, Partsart};
use bitemporal::{Instant, Period};
use oio::Cvr;
use uuid::Uuid;

/// 15 January 2027, in the morning.
const NU: Instant = Instant::from_micros(1_800_000_000_000_000);

fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

fn dag(text: &str) -> Instant {
    crate::tid::laes(text).expect("a day of the test")
}

fn gyldig(fra: &str, til: &str) -> Period {
    Period { from: dag(fra), to: dag(til) }
}

fn rolle() -> Jobfunktionsrolle {
    Jobfunktionsrolle {
        uuid: Uuid::from_u128(3),
        myndighed: cvr("11223344"),
        navn: "Ydelse".into(),
        entity_id: "http://korsbaek.example/roles/jobrole/ydelse/1".into(),
        beskrivelse: String::new(),
        tilknytninger: Vec::new(),
        status: Jobfunktionsrollestatus::Aktiveret,
        gyldig: Period::ALWAYS,
        foelsom: false,
        delegeret_til: None,
    }
}

fn delegering(tilstand: T) -> Delegering {
    Delegering {
        uuid: Uuid::from_u128(4),
        rolle: Uuid::from_u128(3),
        afgiver: cvr("11223344"),
        modtager: cvr("22334455"),
        formaal: "Fælles ydelsescenter".into(),
        aftalegrundlag: "§ 60-selskab".into(),
        gyldig: gyldig("2027-01-15", "2028-01-01"),
        identiteter: Identiteter::Alle,
        tilstand,
        oprettet: NU.micros(),
        foreslaaet_af: [Uuid::from_u128(5)].into(),
        godkendt_af: None,
        medunderskrevet_af: None,
        sendt: false,
        aarsag: None,
    }
}

#[test]
fn every_state_and_event() {
    let expected = "\
FORESLÅET: Ret=FORESLÅET Godkend=GODKENDT AF AFGIVER AfvisSomAfgiver=AFVIST Tilbagekald=TILBAGEKALDT UdloebNaaet=UDLØBET
GODKENDT AF AFGIVER: Modtag=MODTAGET Accepter=ACCEPTERET AfvisSomModtager=AFVIST Tilbagekald=TILBAGEKALDT UdloebNaaet=UDLØBET
MODTAGET: Accepter=ACCEPTERET AfvisSomModtager=AFVIST Tilbagekald=TILBAGEKALDT UdloebNaaet=UDLØBET
ACCEPTERET: BegyndelseNaaet=AKTIV Tilbagekald=TILBAGEKALDT UdloebNaaet=UDLØBET
AFVIST:
AKTIV: Tilbagekald=TILBAGEKALDT UdloebNaaet=UDLØBET
TILBAGEKALDT:
UDLØBET:";
    let mut rows = Vec::new();
    for fra in T::ALLE {
        let mut row = format!("{fra}:");
        for haendelse in Delegeringshaendelse::ALLE {
            match overgang(fra, haendelse) {
                Ok(til) => row.push_str(&format!(" {haendelse:?}={til}")),
                Err(afslag) => {
                    assert_eq!(afslag.hvem, haendelse.hvem(), "{fra} × {haendelse:?} says who may");
                    assert!(!afslag.hvorfor.is_empty(), "{fra} × {haendelse:?} says why");
                }
            }
        }
        assert_eq!(fra.er_slut(), row.ends_with(':'), "{fra} is final or not");
        rows.push(row);
    }
    assert_eq!(rows.join("\n"), expected);
}

#[test]
fn time_and_the_role_begin_it_and_end_it() {
    let accepteret = delegering(T::Accepteret);
    let check = |d: &Delegering, rolle: Option<&Jobfunktionsrolle>, nu: &str, ventet: T| {
        assert_eq!(d.tilstand(rolle, dag(nu)), ventet, "{} on {nu}", d.tilstand);
    };
    let rolle = rolle();
    check(&accepteret, Some(&rolle), "2027-01-14", T::Accepteret);
    check(&accepteret, Some(&rolle), "2027-01-15", T::Aktiv);
    check(&accepteret, Some(&rolle), "2027-12-31", T::Aktiv);
    check(&accepteret, Some(&rolle), "2028-01-01", T::Udloebet);
    for (tilstand, ventet) in [
        (T::Foreslaaet, T::Udloebet),
        (T::GodkendtAfAfgiver, T::Udloebet),
        (T::Afvist, T::Afvist),
        (T::Tilbagekaldt, T::Tilbagekaldt),
    ] {
        check(&delegering(tilstand), Some(&rolle), "2027-01-20", tilstand);
        check(&delegering(tilstand), Some(&rolle), "2028-01-01", ventet);
    }
    // The role is not in use yet, runs out, ends, is gone, is another's.
    let med = |gyldig| Jobfunktionsrolle { gyldig, ..rolle.clone() };
    check(&accepteret, Some(&med(gyldig("2027-03-01", "2029-01-01"))), "2027-02-01", T::Accepteret);
    check(&accepteret, Some(&med(gyldig("2026-03-01", "2027-03-01"))), "2027-02-28", T::Aktiv);
    check(&accepteret, Some(&med(gyldig("2026-03-01", "2027-03-01"))), "2027-03-01", T::Udloebet);
    check(&accepteret, None, "2027-02-01", T::Udloebet);
    let andens = Jobfunktionsrolle { myndighed: cvr("22334455"), ..rolle.clone() };
    check(&accepteret, Some(&andens), "2027-02-01", T::Udloebet);
    let kladde = Jobfunktionsrolle { status: Jobfunktionsrollestatus::Kladde, ..rolle.clone() };
    check(&accepteret, Some(&kladde), "2027-02-01", T::Accepteret);
    assert!(accepteret.virker(&rolle, NU) && !accepteret.virker(&rolle, dag("2028-01-01")));
    let godkendt = delegering(T::GodkendtAfAfgiver);
    assert_eq!(godkendt.tilstand_hos(godkendt.modtager, Some(&rolle), NU), T::Modtaget);
    assert_eq!(godkendt.tilstand_hos(godkendt.afgiver, Some(&rolle), NU), T::GodkendtAfAfgiver);
}

fn nabo() -> Part {
    Part::ny(cvr("22334455"), "Nabokøbing", Partsart::Myndighed)
}

#[track_caller]
fn check(d: &Delegering, rolle: &Jobfunktionsrolle, forventet: &[&str]) {
    let fejl = valider_delegering(d, rolle, Some(&nabo()), NU);
    assert_eq!(fejl.iter().map(|f| f.kode).collect::<Vec<_>>(), forventet, "{fejl:?}");
}

#[test]
fn what_a_delegering_must_be() {
    let (god, rolle) = (delegering(T::Foreslaaet), rolle());
    check(&god, &rolle, &[]);
    let med = |d: &dyn Fn(&mut Delegering)| {
        let mut ud = god.clone();
        d(&mut ud);
        ud
    };
    for (fra, til, koder) in [
        ("2027-01-15", "2029-01-15", &[][..]),
        ("2027-01-15", "2029-01-16", &["D-503"]),
        ("2028-02-29", "2030-02-28", &[]),
        ("2027-02-01", "2027-02-01", &["A-009"]),
        ("2026-01-01", "2027-01-15", &["A-009"]),
    ] {
        check(&med(&|d| d.gyldig = gyldig(fra, til)), &rolle, koder);
    }
    check(&med(&|d| d.gyldig = Period::since(NU)), &rolle, &["A-006"]);
    check(&med(&|d| d.gyldig = Period::ALWAYS), &rolle, &["A-006"]);
    // Within the role's own time; on its first day as well.
    let tid = |fra: Instant, til: Instant| Jobfunktionsrolle {
        gyldig: Period { from: fra, to: til },
        ..rolle.clone()
    };
    check(&god, &tid(NU, god.gyldig.to), &[]);
    check(&god, &tid(NU, dag("2027-12-31")), &["D-507"]);
    let senere = tid(dag("2027-01-10"), Instant::POS_INFINITY);
    check(&med(&|d| d.gyldig = gyldig("2027-01-09", "2027-06-01")), &senere, &["D-507"]);
    // The role.
    let kladde = Jobfunktionsrolle { status: Jobfunktionsrollestatus::Kladde, ..rolle.clone() };
    check(&god, &kladde, &["D-505"]);
    check(&god, &tid(dag("2027-01-10"), dag("2027-01-12")), &["D-505", "D-507"]);
    check(&god, &Jobfunktionsrolle { myndighed: cvr("33445566"), ..rolle.clone() }, &["D-504"]);
    // The receiver.
    let fejl = valider_delegering(&god, &rolle, None, NU);
    assert_eq!(fejl[0].tekst, "Modtageren (CVR 22334455) er ikke oprettet.");
    let kombit = Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer);
    assert_eq!(valider_delegering(&god, &rolle, Some(&kombit), NU)[0].kode, "D-506");
    check(&med(&|d| d.modtager = d.afgiver), &rolle, &["D-506"]);
    // The identities.
    for (identiteter, koder) in [
        (Identiteter::Hoejst(1), &[][..]),
        (Identiteter::Hoejst(0), &["D-508"]),
        (Identiteter::Liste(vec!["nanna@nabo.example".into()]), &[]),
        (Identiteter::Liste(vec![]), &["D-508"]),
        (Identiteter::Liste(vec!["x".into(), "010190-1234".into()]), &["D-508"]),
        (Identiteter::Liste(vec!["0101901234".into()]), &["D-508"]),
        (Identiteter::Liste(vec!["x".repeat(257)]), &["D-508"]),
        (Identiteter::Liste(vec!["\u{0}".into()]), &["D-508"]),
        (Identiteter::Liste(vec!["x".into(); 501]), &["D-508"]),
    ] {
        check(&med(&|d| d.identiteter = identiteter.clone()), &rolle, koder);
    }
}

#[test]
fn who_answers_for_a_receiver() {
    let mut part = nabo();
    assert_eq!(svarer_for(&part), Some(Modulrolle::Jobfunktionsrolleadministrator));
    part.arter.insert(Partsart::Leverandoer);
    assert_eq!(svarer_for(&part), Some(Modulrolle::Jobfunktionsrolleadministrator), "its own IT");
    part.arter.remove(&Partsart::Myndighed);
    assert_eq!(svarer_for(&part), Some(Modulrolle::Leverandoeradministrator));
}

#[test]
fn stored_rows_are_read_as_they_were_written() {
    for identiteter in
        [Identiteter::Alle, Identiteter::Hoejst(3), Identiteter::Liste(vec!["a".into(), "b".into()])]
    {
        let d = Delegering { identiteter, ..delegering(T::GodkendtAfAfgiver) };
        let tekst = serde_json::to_string(&d).expect("JSON");
        assert!(tekst.contains("\"GODKENDT AF AFGIVER\""), "{tekst}");
        assert_eq!(serde_json::from_str::<Delegering>(&tekst).expect("read"), d);
    }
    // A role of the time before delegeringer were kept by themselves.
    let mut gammel = serde_json::to_value(rolle()).expect("JSON");
    gammel["delegeret_til"] = "22334455".into();
    let laest: Jobfunktionsrolle = serde_json::from_value(gammel).expect("read");
    let igen = serde_json::to_value(&laest).expect("JSON");
    assert_eq!(igen.get("delegeret_til"), None, "and not written any more");
}
