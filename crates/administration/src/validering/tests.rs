//! Dueslag, subscriptions and the services of the distributor.

use crate::*;
use oio::Cvr;
use uuid::Uuid;

const SYSTEM: Uuid = Uuid::from_u128(1);

fn myndighed() -> Cvr {
    "11223344".parse().expect("a CVR number of the test")
}

fn verden() -> Politikdata {
    let mut data = Politikdata::default();
    data.med_standard();
    data.parter = vec![
        Part::ny(myndighed(), "Korsbæk", Partsart::Myndighed),
        Part::ny("33445566".parse().expect("a CVR number"), "Matador Data", Partsart::Leverandoer),
    ];
    data.systemer =
        vec![ItSystem::ny(SYSTEM, "Fagsystem", "33445566".parse().expect("a CVR number"), Vec::new())];
    data.dueslag = vec![
        Dueslag::ny(Uuid::from_u128(2), "A", SYSTEM),
        Dueslag {
            maade: Leveringsmaade::Push,
            url: Some("https://modtager.example/push".into()),
            myndighed: Some(myndighed()),
            ..Dueslag::ny(Uuid::from_u128(3), "B", SYSTEM)
        },
    ];
    let mut abonnement =
        Abonnement::ny(Uuid::from_u128(4), "C", Uuid::from_u128(2), vec![Uuid::from_u128(9)]);
    abonnement.aktiveret = tid::laes("2026-01-01").ok();
    abonnement.filter = "Beskedkuvert EXISTS".into();
    data.abonnementer = vec![abonnement];
    let service = Service::besked_modtag();
    let mut aftale = Serviceaftale::aktiv(
        Uuid::from_u128(5),
        "D",
        SYSTEM,
        myndighed(),
        &service,
        &[],
        Dataafgraensninger::default(),
    );
    let valgt = &mut aftale.versioner[0].services[0];
    valgt.roller = vec![service.roller[0].uri.clone()];
    for (navn, vaerdi) in [
        ("Beskedtype", "7654895c-a3f3-4c77-8afd-4c77330f963c"),
        ("Foelsomhed", "44f4108b-26d4-46de-a90f-35e35b55b8d8"),
        ("KommunaltForvaltningsomraade", "32.*,27.24.04"),
        ("AfsendendeMyndighed", "11223344, 19435075"),
        ("Version", "2"),
    ] {
        let typ = service.parameter_med_navn(navn).expect("a limit of the service");
        assert!(service.parameter(&typ.uri).is_some(), "{navn} is understood");
        valgt.parametre.insert(typ.uri.clone(), vec![vaerdi.into()]);
    }
    data.aftaler = vec![aftale];
    data.ordn();
    data
}

#[track_caller]
fn invalid(change: impl FnOnce(&mut Politikdata), sted: &str, expected: &str) {
    let mut data = verden();
    change(&mut data);
    let fund = valider(&data);
    assert!(fund.iter().any(|f| f.sted.contains(sted) && f.fejl.contains(expected)), "{sted}: {fund:#?}");
}

/// The limit is many times what it takes when nothing is searched for in all there is, and far from enough when it is.
/// A register with so many of each, one tied to the next.
fn register(antal: u32) -> Politikdata {
    let mut data = verden();
    let cvr = |n: u32| Cvr::from_number(20_000_000 + n).expect("a CVR number");
    let service = Service::organisation();
    let ingen = Dataafgraensninger::default();
    let forlaeg =
        Serviceaftale::aktiv(Uuid::nil(), "A", SYSTEM, myndighed(), &service, &[Rolle::Udstil], ingen);
    for n in 0..antal {
        let uuid = Uuid::from_u128(u128::from(n) + 1_000);
        data.parter.push(Part::ny(cvr(n), format!("Part {n}"), Partsart::Myndighed));
        data.systemer.push(ItSystem::ny(uuid, format!("System {n}"), cvr(n), Vec::new()));
        let mut aftale = Serviceaftale { uuid, system: uuid, ..forlaeg.clone() };
        aftale.versioner[0].myndigheder[0].myndighed = cvr(n);
        data.aftaler.push(aftale);
        data.dueslag.push(Dueslag { myndighed: Some(cvr(n)), ..Dueslag::ny(uuid, "D", uuid) });
    }
    data
}

/// Ten times as many take about ten times as long in one walk, and a hundred times in a walk for each: compared within one run,
/// as no time by itself holds on a busy machine.
#[test]
fn a_large_register_is_checked_in_one_walk() {
    let tid = |antal| {
        let data = register(antal);
        let proev = || {
            let foer = std::time::Instant::now();
            assert_eq!(valider(&data), []);
            foer.elapsed()
        };
        proev().min(proev())
    };
    let (lille, stor) = (tid(5_000), tid(50_000));
    assert!(stor < lille * 40, "{lille:?} for 5,000 of each, {stor:?} for 50,000");
}

#[test]
fn dueslag_and_subscriptions_are_written_read_and_found() {
    let data = verden();
    assert_eq!(valider(&data), []);
    for format in [Format::Toml, Format::Json] {
        let text = skriv(&data, format);
        assert_eq!(laes("politik", &text, format).expect("our own text"), data, "{text}");
    }
    let plan = Plan::ny(&Politikdata::default(), &data, false).to_string();
    assert!(plan.contains("+ dueslaget A tilføjes") && plan.contains("+ abonnementet C tilføjes"), "{plan}");
    let politik = Politik::new(data);
    assert_eq!(politik.dueslag(Uuid::from_u128(3)).map(|d| d.maade), Some(Leveringsmaade::Push));
    assert_eq!(politik.dueslag_af(SYSTEM).count(), 2);
    assert_eq!(politik.dueslag_af(Uuid::nil()).count(), 0);
    assert_eq!(politik.abonnementer().len(), 1);
    for (id, service) in [
        ("http://entityid.kombit.dk/service/bfo_afsend/2", BESKED_AFSEND),
        ("http://entityid.kombit.dk/service/bfo_modtag/2", BESKED_MODTAG),
        ("http://beskedfordeler.eksterntest-stoettesystemerne.dk/service/afsend/1", BESKED_AFSEND),
        ("http://beskedfordeler.stoettesystemerne.dk/service/afhent/1", BESKED_MODTAG),
    ] {
        assert_eq!(politik.service_med(id).map(|s| s.uuid), Some(service), "{id}");
    }
}

#[test]
fn mistakes_are_found() {
    invalid(|d| d.dueslag[0].system = Uuid::nil(), "dueslaget A: system", "findes ikke");
    invalid(|d| d.dueslag[0].myndighed = Some(Cvr::KOMBIT), "dueslaget A: myndighed", "ikke en kendt");
    invalid(|d| d.dueslag[0].opbevaring_dage = Some(0), "opbevaring_dage", "fra 1 til 90");
    invalid(|d| d.dueslag[0].opbevaring_dage = Some(91), "opbevaring_dage", "fra 1 til 90");
    invalid(|d| d.dueslag[0].url = Some("https://x".into()), "dueslaget A: url", "udelad den");
    invalid(|d| d.dueslag[1].url = None, "dueslaget B: url", "skal have");
    for (url, expected) in [
        ("modtager", "begynder med https"),
        ("ftp://x", "begynder med https"),
        ("https://a:b@x", "brugernavn"),
    ] {
        invalid(|d| d.dueslag[1].url = Some(url.into()), "dueslaget B: url", expected);
    }
    let http = |d: &mut Politikdata| {
        d.systemer[0].miljoe = Miljoe::Produktion;
        d.dueslag[1].url = Some("http://x".into());
    };
    invalid(http, "dueslaget B: url", "i produktion");
    invalid(|d| d.dueslag[1].uuid = d.dueslag[0].uuid, "dueslaget B: uuid", "to gange");
    invalid(|d| d.dueslag[1].navn.clear(), "dueslaget", "navnet mangler");
    invalid(|d| d.abonnementer[0].dueslag = Uuid::nil(), "abonnementet C: dueslag", "findes ikke");
    invalid(|d| d.abonnementer[0].beskedtyper.clear(), "beskedtyper", "mindst én");
    invalid(|d| d.abonnementer[0].beskedtyper.push(Uuid::from_u128(9)), "beskedtyper", "to gange");
    invalid(|d| d.abonnementer[0].filter = "Beskedkuvert.Ukendt = 'x'".into(), "filter", "Ukendt");
    for (navn, vaerdi) in [
        ("Beskedtype", "TestbeskedType1"),
        ("KommunaltForvaltningsomraade", "32"),
        ("AfsendendeMyndighed", "11223344,x"),
        ("Version", "3"),
    ] {
        let uri = Service::besked_modtag().parameter_med_navn(navn).expect("a limit").uri.clone();
        let change = |d: &mut Politikdata| {
            d.aftaler[0].versioner[0].services[0].parametre.insert(uri, vec![vaerdi.into()]);
        };
        invalid(change, "serviceaftalen D", "ikke en gyldig værdi");
    }
    let ukendt = |d: &mut Politikdata| d.services[0].komponent = Some("x".into());
    invalid(ukendt, "komponent", "beskedfordeler");
}
