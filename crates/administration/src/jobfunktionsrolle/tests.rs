//! Validation and sentences over one system.

use super::{
    Afgraensningsvaerdi, Domaener, Jobfunktionsrolle, Jobfunktionsrollestatus, Jobfunktionsrolletilstand,
    Kendte, Tilknytning, foelsomt_uden_graense, saetninger, udgaaet_indhold, valider_jobfunktionsrolle,
};
use crate::brugersystemrolle::{
    Afgraensningsart, Afgraensningskilde, Brugersystemrolle, Dataafgraensningstype, Rolleafgraensning,
    Valgmulighed,
};
use crate::system::{ItSystem, Systemtilstand, Systemtype};
use bitemporal::{Instant, Period};
use uuid::Uuid;

const NU: Instant = Instant::from_micros(1_800_000_000_000_000);
const KLE: &str = "http://sts.kombit.dk/constraints/KLE/1";
const ENHED: &str = "http://sts.kombit.dk/constraints/orgenhed/1";
const NIVEAU: &str = "http://sapa.example/constraints/niveau/1";
const NUMMER: &str = "http://sapa.example/constraints/nummer/1";

fn typ(entity_id: &str, art: Afgraensningsart) -> Dataafgraensningstype {
    let vaerdier = if art == Afgraensningsart::Single {
        [("Normal", "1"), ("Fortrolig", "2")]
            .map(|(n, v)| Valgmulighed { navn: n.into(), vaerdi: v.into() })
            .to_vec()
    } else {
        Vec::new()
    };
    Dataafgraensningstype {
        uuid: Uuid::nil(),
        navn: "Niveau".into(),
        beskrivelse: String::new(),
        entity_id: entity_id.into(),
        art,
        regulaert_udtryk: (art == Afgraensningsart::Text).then(|| "[0-9]{4}".into()),
        vaerdier,
    }
}

fn sapa() -> ItSystem {
    let mut system =
        ItSystem::ny(Uuid::from_u128(1), "SAPA", "33445566".parse().expect("a CVR number"), vec![]);
    system.typer.insert(Systemtype::BrugervendtSystem);
    system.dataafgraensningstyper =
        vec![typ(NIVEAU, Afgraensningsart::Single), typ(NUMMER, Afgraensningsart::Text)];
    let a = |id: &str, kraevet| Rolleafgraensning { entity_id: id.into(), kraevet };
    system.brugersystemroller = vec![Brugersystemrolle {
        uuid: Uuid::from_u128(2),
        navn: "Se sag".into(),
        beskrivelse: "Se sager og dokumenter.".into(),
        entity_id: "http://sapa.example/roles/usersystemrole/se_sag/1".into(),
        afgraensninger: vec![a(KLE, true), a(ENHED, false), a(NIVEAU, false), a(NUMMER, false)],
        foelsom: false,
        udfases: None,
    }];
    system
}

fn rolle(vaerdier: &[(&str, &str, bool)]) -> Jobfunktionsrolle {
    let vaerdi = |(id, vaerdi, dynamisk): &(&str, &str, bool)| Afgraensningsvaerdi {
        entity_id: (*id).into(),
        navn: String::new(),
        vaerdi: (*vaerdi).into(),
        dynamisk: *dynamisk,
    };
    Jobfunktionsrolle {
        uuid: Uuid::from_u128(3),
        myndighed: "11223344".parse().expect("a CVR number"),
        navn: "SAPA sagsbehandler ydelse".into(),
        entity_id: "http://korsbaek.example/roles/jobrole/sapa_ydelse/1".into(),
        beskrivelse: String::new(),
        tilknytninger: vec![Tilknytning {
            rolle: Uuid::from_u128(2),
            vaerdier: vaerdier.iter().map(vaerdi).collect(),
        }],
        status: Jobfunktionsrollestatus::Aktiveret,
        gyldig: Period::ALWAYS,
        foelsom: false,
        delegeret_til: None,
    }
}

#[track_caller]
fn check(rolle: &Jobfunktionsrolle, forventet: &[&str]) {
    check_med(&sapa(), Some("korsbaek.example"), rolle, forventet);
}

#[track_caller]
fn check_med(system: &ItSystem, eget: Option<&str>, rolle: &Jobfunktionsrolle, forventet: &[&str]) {
    let faelles = Dataafgraensningstype::faelles();
    let kendte = Kendte { systemer: std::slice::from_ref(system), faelles: &faelles };
    let domaener = Domaener { eget, andres: vec!["naboen.example"] };
    let fejl = valider_jobfunktionsrolle(rolle, &kendte, &domaener, NU);
    assert_eq!(fejl.iter().map(|f| f.kode).collect::<Vec<_>>(), forventet, "{fejl:?}");
}

#[test]
fn an_id_is_of_a_domain_that_was_confirmed_as_the_authoritys() {
    use Jobfunktionsrollestatus::{Aktiveret, Kladde};
    for (vaert, eget, status, forventet) in [
        ("korsbaek.example", Some("Korsbaek.example"), Aktiveret, &[][..]),
        ("andet.example", Some("korsbaek.example"), Kladde, &["J-406"]),
        // None was confirmed: it may be drafted, and not used.
        ("korsbaek.example", None, Kladde, &[]),
        ("korsbaek.example", None, Aktiveret, &["J-406"]),
        ("naboen.example", None, Kladde, &["J-406"]),
        ("roller.NABOEN.example", None, Kladde, &["J-406"]),
        ("ogsaanaboen.example", None, Kladde, &[]),
    ] {
        let god = rolle(&[(KLE, "32.*", false)]);
        let r = Jobfunktionsrolle { entity_id: format!("http://{vaert}/roles/jobrole/x/1"), status, ..god };
        check_med(&sapa(), eget, &r, forventet);
    }
}

#[test]
fn a_role_is_made_of_what_the_authority_is_offered() {
    let god = rolle(&[(KLE, "32.*", false)]);
    let mut lukket = sapa();
    lukket.tilstand = Systemtilstand::Lukket;
    let mut andre = sapa();
    andre.myndighedsafgraensning.insert("22334455".parse().expect("a CVR number"));
    let mut ikke_brugervendt = sapa();
    ikke_brugervendt.typer.remove(&Systemtype::BrugervendtSystem);
    for system in [lukket, andre, ikke_brugervendt] {
        check_med(&system, Some("korsbaek.example"), &god, &["J-410"]);
    }
}

#[test]
fn what_a_role_must_be() {
    let god = rolle(&[(KLE, "32.*", false)]);
    check(&god, &[]);
    check(&Jobfunktionsrolle { navn: " ".into(), tilknytninger: vec![], ..god.clone() }, &["A-006", "J-401"]);
    check(&Jobfunktionsrolle { navn: "x".repeat(257), ..god.clone() }, &["A-007"]);
    let med = |id: &str| Jobfunktionsrolle { entity_id: id.into(), ..god.clone() };
    check(&med("http://naboen.example/roles/jobrole/x/1"), &["J-406"]);
    for id in
        ["", "x", "http://korsbaek.example/roles/jobrole//1", "http://korsbaek.example/roles/jobrole/x/y"]
    {
        check(&med(id), &["J-412"]);
    }
    let mut ukendt = god.clone();
    ukendt.tilknytninger[0].rolle = Uuid::nil();
    check(&ukendt, &["J-410"]);
}

#[test]
fn what_a_value_must_be() {
    check(&rolle(&[]), &["J-402"]);
    for (id, vaerdi, dynamisk, ok) in [
        (KLE, "32.24.04", false, true),
        (KLE, "32", false, true),
        (KLE, "*", false, true),
        (KLE, "32.24.04-G01, 27.*", false, true),
        (KLE, "3.2", false, false),
        (KLE, "32.*.04", false, false),
        (KLE, "http://korsbaek.example/kle/1/parametric", true, true),
        (KLE, "to ord", true, false),
    ] {
        check(&rolle(&[(id, vaerdi, dynamisk)]), if ok { &[] } else { &["J-403"] });
    }
    for (id, vaerdi, ok) in [
        (ENHED, "00000000-0000-0000-0000-000000000009", true),
        (ENHED, "Borgerservice", false),
        (NIVEAU, "2", true),
        (NIVEAU, "3", false),
        (NUMMER, "1234", true),
        (NUMMER, "12345", false),
        ("http://andet.example/constraints/x/1", "1", false),
    ] {
        check(&rolle(&[(KLE, "*", false), (id, vaerdi, false)]), if ok { &[] } else { &["J-403"] });
    }
    check(&rolle(&[(KLE, "*", false), (NIVEAU, "1", false), (NIVEAU, "2", false)]), &["J-403"]);
}

#[test]
fn what_it_gives_in_sentences() {
    let (systemer, faelles) = ([sapa()], Dataafgraensningstype::faelles());
    let kendte = Kendte { systemer: &systemer, faelles: &faelles };
    let navn = |kilde, vaerdi: &str| match (kilde, vaerdi) {
        (Afgraensningskilde::Kle, "32.*") => Some("Kontante ydelser".into()),
        (Afgraensningskilde::Enhed, _) => Some("Ydelsescentret".into()),
        _ => None,
    };
    let i_ord = |vaerdier: &[(&str, &str, bool)]| saetninger(&rolle(vaerdier), &kendte, navn).join(" ");
    assert_eq!(
        i_ord(&[
            (KLE, "32.*", false),
            (ENHED, "00000000-0000-0000-0000-000000000009", false),
            (NIVEAU, "2", false)
        ]),
        "Medarbejdere med rollen kan se sager og dokumenter i SAPA, når det handler om 32.* Kontante ydelser og når \
         Ydelsescentret eller en enhed under er ansvarlig og med Niveau Fortrolig."
    );
    assert!(i_ord(&[]).ends_with("i SAPA, uden afgrænsning."));
    assert!(i_ord(&[(ENHED, "http://x/1", true)]).contains("Identity Provider oplyser"));
}

#[test]
fn the_state_follows_from_the_time() {
    use Jobfunktionsrolletilstand as T;
    let om = |dage: i64| Instant::from_micros(NU.micros() + dage * 86_400_000_000);
    let mut r = rolle(&[]);
    assert_eq!(r.tilstand(NU), T::Aktiv);
    r.gyldig = Period { from: om(1), to: om(3) };
    assert_eq!([0, 1, 3].map(|d| r.tilstand(om(d))), [T::Klar, T::Udfases, T::Ophoert]);
    r.status = Jobfunktionsrollestatus::Kladde;
    assert_eq!(r.tilstand(om(2)), T::Kladde);
}

/// What was withdrawn of the role in a system, by code.
fn udgaaet(system: &ItSystem, rolle: &Jobfunktionsrolle) -> Vec<(String, &'static str)> {
    let faelles = Dataafgraensningstype::faelles();
    let kendte = Kendte { systemer: std::slice::from_ref(system), faelles: &faelles };
    udgaaet_indhold(rolle, &kendte, NU).into_iter().map(|f| (f.noegle, f.fejl.kode)).collect()
}

#[test]
fn what_a_supplier_withdraws_of_a_role_in_use_needs_action_until_it_is_mended() {
    let god = rolle(&[(KLE, "32.*", false), (NIVEAU, "2", false)]);
    let koder = |system: &ItSystem| -> Vec<&str> { udgaaet(system, &god).into_iter().map(|f| f.1).collect() };
    assert!(koder(&sapa()).is_empty());
    let med = |aendr: &dyn Fn(&mut ItSystem)| {
        let mut system = sapa();
        aendr(&mut system);
        koder(&system)
    };
    assert_eq!(med(&|s| s.brugersystemroller[0].udfases = Some(NU)), ["J-410"]);
    let senere = Instant::from_micros(NU.micros() + 1);
    assert!(med(&|s| s.brugersystemroller[0].udfases = Some(senere)).is_empty(), "not yet");
    assert_eq!(med(&|s| s.brugersystemroller.clear()), ["J-410"]);
    assert_eq!(med(&|s| s.tilstand = Systemtilstand::Lukket), ["J-410"]);
    assert_eq!(med(&|s| drop(s.dataafgraensningstyper[0].vaerdier.pop())), ["J-403"], "the value");
    assert_eq!(med(&|s| drop(s.dataafgraensningstyper.remove(0))), ["J-403"], "the type");
    assert_eq!(med(&|s| s.brugersystemroller[0].afgraensninger[1].kraevet = true), ["J-402"]);
    // It is known again by what it is about, whatever else the supplier changes.
    let noegle = |vaerdi: &str| {
        let mut system = sapa();
        system.dataafgraensningstyper[0].vaerdier.retain(|v| v.vaerdi != "2");
        system.dataafgraensningstyper[0]
            .vaerdier
            .push(Valgmulighed { navn: "Ny".into(), vaerdi: vaerdi.into() });
        udgaaet(&system, &god)
    };
    assert_eq!(noegle("3"), noegle("4"));
    use Jobfunktionsrolletilstand as T;
    for (foer, fund, efter) in [
        (T::Aktiv, true, T::KraeverHandling),
        (T::Aktiv, false, T::Aktiv),
        (T::Udfases, true, T::Udfases),
        (T::Klar, true, T::Klar),
        (T::Kladde, true, T::Kladde),
    ] {
        assert_eq!(foer.med_fund(fund), efter, "{foer} {fund}");
    }
}

#[test]
fn what_is_sensitive_and_could_be_limited_should_be() {
    let fundet = |rolle: &Jobfunktionsrolle, system: &ItSystem| {
        let faelles = Dataafgraensningstype::faelles();
        let kendte = Kendte { systemer: std::slice::from_ref(system), faelles: &faelles };
        foelsomt_uden_graense(rolle, &kendte).len()
    };
    let mut foelsom = sapa();
    foelsom.brugersystemroller[0].foelsom = true;
    for (vaerdier, antal) in [
        (&[][..], 1),
        (&[(KLE, "*", false)], 1),
        (&[(KLE, "32.*", false)], 0),
        (&[(KLE, "*", false), (NIVEAU, "1", false)], 0),
        (&[(ENHED, "enhed", true)], 0),
    ] {
        let r = rolle(vaerdier);
        assert_eq!(fundet(&r, &foelsom), antal, "{vaerdier:?}");
        assert_eq!(fundet(&r, &sapa()), 0, "not sensitive");
        let egen = Jobfunktionsrolle { foelsom: true, ..r };
        assert_eq!(fundet(&egen, &sapa()), antal, "by the authority's own word: {vaerdier:?}");
    }
    foelsom.brugersystemroller[0].afgraensninger.clear();
    assert_eq!(fundet(&rolle(&[]), &foelsom), 0, "nothing to limit it with");
}
