use crate::service::{Parameterart, Parametertype};
use crate::{
    Aftaletilstand as T, Certifikat, Dataafgraensninger, ItSystem, Part, Partsart, Politik, Politikdata,
    Rolle, Service, Serviceaftale, valider,
};
use bitemporal::{Instant, Period};
use oio::Cvr;
use uuid::Uuid;

const DAG: i64 = 86_400_000_000;
const SYSTEM: Uuid = Uuid::from_u128(7);

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros)
}

fn kommune() -> Cvr {
    "11223344".parse().expect("a CVR number")
}

/// A trial as the use case makes one, of these roles and flags.
fn proeve(service: &Service, roller: &[Rolle], flag: Dataafgraensninger) -> Serviceaftale {
    let mut a = Serviceaftale::aktiv(Uuid::from_u128(9), "Prøve", SYSTEM, kommune(), service, roller, flag);
    a.proevetilslutning = true;
    a.versioner[0].gyldig = Period { from: at(DAG), to: at(31 * DAG) };
    a.versioner[0].myndigheder[0].tilstand = T::Godkendt;
    a
}

fn data(aftale: Serviceaftale, testdata: bool) -> Politikdata {
    let leverandoer = "33445566".parse().expect("a CVR number");
    let part = Part { testdata, ..Part::ny(kommune(), "Korsbæk", Partsart::Myndighed) };
    let certifikat = Certifikat::ny(vec![1], "KY", Period::ALWAYS);
    Politikdata {
        parter: vec![part, Part::ny(leverandoer, "Matador", Partsart::Leverandoer)],
        services: Service::standard(),
        systemer: vec![ItSystem::ny(SYSTEM, "KY", leverandoer, vec![certifikat])],
        aftaler: vec![aftale],
        ..Politikdata::default()
    }
}

fn roller(data: &Politikdata, service: &Service, nu: i64) -> Vec<String> {
    let politik = Politik::new(data.clone());
    politik.privilegier(SYSTEM, kommune(), service.uuid, at(nu)).into_iter().map(|p| p.rolle).collect()
}

#[test]
fn only_reading_in_our_registers_can_be_tried() {
    for (service, roller) in [
        (Service::organisation(), vec!["Udstil"]),
        (Service::klassifikation(), vec!["Udstil"]),
        (Service::besked_afsend(), vec![]),
        (Service::besked_modtag(), vec![]),
    ] {
        let navne: Vec<&str> = service.proeveroller().iter().map(|r| r.navn.as_str()).collect();
        assert_eq!(navne, roller, "{}", service.navn);
        assert_eq!(service.kan_proeves(), !roller.is_empty());
    }
    let mut kraever = Service::organisation();
    kraever.parametre.push(Parametertype {
        uri: "http://a.example/constraints/x/1".into(),
        navn: "X".into(),
        art: Parameterart::Text,
        kraevet: true,
        vaerdier: Vec::new(),
        beskrivelse: None,
    });
    assert!(kraever.proeveroller().is_empty(), "what needs a limit has none in a trial");
    let mut ekstern = Service::organisation();
    ekstern.komponent = None;
    assert!(ekstern.proeveroller().is_empty(), "another installation's data are not known to be invented");
    let lukkes = Service { udfases: Some(at(0)), ..Service::organisation() };
    assert!(!lukkes.kan_proeves());
}

#[test]
fn it_opens_in_its_days_and_nowhere_but_at_invented_data() {
    let service = Service::organisation();
    let a = proeve(&service, &[Rolle::Udstil], Dataafgraensninger::default());
    let aaben = data(a.clone(), true);
    let antal = |d: &Politikdata, nu| roller(d, &service, nu).len();
    assert_eq!((antal(&aaben, DAG - 1), antal(&aaben, DAG), antal(&aaben, 31 * DAG - 1)), (0, 1, 1));
    assert_eq!(antal(&aaben, 31 * DAG), 0, "it has ended");
    let lukket = data(a, false);
    assert_eq!(antal(&lukket, DAG), 0, "the data are somebody's");
    let politik = Politik::new(lukket);
    let aftaler = politik.aftaler(SYSTEM, kommune(), service.uuid, at(DAG));
    assert_eq!(aftaler[0].tilstand, T::Hvilende);
    assert!(politik.uden_testdata(aftaler[0].aftale, kommune()).is_some());
    // The mark is on the authority: being a supplier with invented data opens nothing.
    let mut leverandoer = data(proeve(&service, &[Rolle::Udstil], Dataafgraensninger::default()), true);
    leverandoer.parter[0].arter = [Partsart::Leverandoer].into();
    assert_eq!(antal(&leverandoer, DAG), 0);
}

#[test]
fn whatever_is_written_in_it_it_gives_reading_without_flags() {
    let service = Service::organisation();
    let bred = proeve(&service, &[Rolle::Udstil, Rolle::Rediger], Dataafgraensninger::default());
    let udstil = service.rolle_med_navn("Udstil").expect("a role").uri.clone();
    assert_eq!(roller(&data(bred.clone(), true), &service, DAG), [udstil], "no writing");
    let flag = Dataafgraensninger { se_cpr: true, ..Dataafgraensninger::default() };
    let cpr = proeve(&service, &[Rolle::Udstil], flag);
    assert!(roller(&data(cpr, true), &service, DAG).is_empty(), "no CPR numbers");
    let mut anden = proeve(&service, &[Rolle::Udstil], Dataafgraensninger::default());
    anden.versioner[0].services[0].udstedt_kontekst = Some(Cvr::KOMBIT);
    assert!(roller(&data(anden, true), &service, DAG).is_empty(), "no other authority's token");
    // The same in an agreement that somebody approved gives it all.
    let rigtig = Serviceaftale { proevetilslutning: false, ..bred };
    assert_eq!(roller(&data(rigtig, false), &service, DAG).len(), 2);
}

#[test]
fn it_has_one_version_and_an_end() {
    let service = Service::organisation();
    let a = proeve(&service, &[Rolle::Udstil], Dataafgraensninger::default());
    let fund = |a: &Serviceaftale| {
        let fund = valider(&data(a.clone(), true));
        fund.iter().filter(|f| f.sted.contains("proevetilslutning")).count()
    };
    assert_eq!(fund(&a), 0);
    let mut evig = a.clone();
    evig.versioner[0].gyldig.to = Instant::POS_INFINITY;
    let mut lang = a.clone();
    lang.versioner[0].gyldig.to = at(32 * DAG);
    let mut uden_start = a.clone();
    uden_start.versioner[0].gyldig.from = Instant::NEG_INFINITY;
    let mut to = a.clone();
    to.versioner.push(crate::Aftaleversion { nummer: 2, ..a.versioner[0].clone() });
    let provisioneret = Serviceaftale { provisioneret: true, ..a.clone() };
    for forkert in [&evig, &lang, &uden_start, &to, &provisioneret] {
        assert_eq!(fund(forkert), 1);
        assert_eq!(fund(&Serviceaftale { proevetilslutning: false, ..forkert.clone() }), 0);
    }
}

#[test]
fn its_end_is_told() {
    let service = Service::organisation();
    let mut a = proeve(&service, &[Rolle::Udstil], Dataafgraensninger::default());
    let slut = |a: &Serviceaftale, nu| a.gaeldende(kommune(), at(nu)).expect("it is there").proeve_slut();
    assert_eq!(slut(&a, 30 * DAG), None);
    assert_eq!(slut(&a, 31 * DAG), Some(at(31 * DAG)));
    a.versioner[0].myndigheder[0].tilstand = T::Opsagt;
    a.versioner[0].myndigheder[0].opsagt_til = Some(at(9 * DAG));
    assert_eq!((slut(&a, 8 * DAG), slut(&a, 9 * DAG)), (None, Some(at(9 * DAG))));
    a.proevetilslutning = false;
    assert_eq!(slut(&a, 31 * DAG), None);
}

#[test]
fn only_a_trial_is_only_a_trial() {
    let service = Service::organisation();
    let mut d = data(proeve(&service, &[Rolle::Udstil], Dataafgraensninger::default()), true);
    let kun =
        |d: &Politikdata, nu| Politik::new(d.clone()).kun_proeve(SYSTEM, kommune(), service.uuid, at(nu));
    assert!(kun(&d, DAG) && !kun(&d, 31 * DAG));
    let ingen = Dataafgraensninger::default();
    let (uuid, roller) = (Uuid::from_u128(10), [Rolle::Udstil]);
    d.aftaler.push(Serviceaftale::aktiv(uuid, "Aftale", SYSTEM, kommune(), &service, &roller, ingen));
    assert!(!kun(&d, DAG));
}
