//! Files, validation, plans and look-ups over one small world.

use crate::provisionering::tests::der;
use crate::*;
use bitemporal::Instant;
use oio::Cvr;
use uuid::Uuid;

const KY: Uuid = Uuid::from_u128(1);
const SAPA: Uuid = Uuid::from_u128(2);
/// Where the services of the registers begin, in the order of their numbers.
const SF1500: usize = 4;
const NU: Instant = Instant::from_micros(1_800_000_000_000_000);

fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

fn korsbaek() -> Cvr {
    cvr("11223344")
}

fn system(uuid: Uuid, navn: &str) -> ItSystem {
    let certifikat = Certifikat::af_der(der(navn, "33445566")).expect("a certificate");
    ItSystem::ny(uuid, navn, cvr("33445566"), vec![certifikat])
}

/// KY may do everything for Korsbæk, SAPA may read there.
fn verden() -> Politikdata {
    let mut data = Politikdata::default();
    data.med_standard();
    data.parter = vec![
        Part::ny(korsbaek(), "Korsbæk", Partsart::Myndighed),
        Part::ny(cvr("33445566"), "Matador Data", Partsart::Leverandoer),
    ];
    data.systemer = vec![system(KY, "KY"), system(SAPA, "SAPA")];
    let (service, alle) = (Service::organisation(), Dataafgraensninger::ALLE);
    let rows = [(10, "KY", KY, Rolle::Rediger, alle), (11, "SAPA", SAPA, Rolle::Udstil, Default::default())];
    for (n, navn, system, rolle, limits) in rows {
        let uuid = Uuid::from_u128(n);
        data.aftaler.push(Serviceaftale::aktiv(uuid, navn, system, korsbaek(), &service, &[rolle], limits));
    }
    data.aftaler[0].versioner[0].gyldig.from = tid::laes("2026-01-01").expect("a date");
    data.ordn();
    data
}

#[test]
fn a_policy_is_the_same_after_writing_and_reading() {
    let data = verden();
    for format in [Format::Toml, Format::Json] {
        let text = skriv(&data, format);
        let read = laes("politik", &text, format).expect("our own text");
        assert_eq!(read, data, "{text}");
        assert_eq!(skriv(&read, format), text);
    }
    let toml = skriv(&data, Format::Toml);
    assert!(toml.contains("fra = \"2026-01-01\"") && toml.contains("emne = \"organizationIdentifier=NTRDK"));
    assert_eq!(valider(&data), []);
}

#[track_caller]
fn invalid(change: impl FnOnce(&mut Politikdata), sted: &str, expected: &str) {
    let mut data = verden();
    change(&mut data);
    let fund = valider(&data);
    let found = fund.iter().any(|f| f.sted.contains(sted) && f.fejl.contains(expected));
    assert!(found, "{sted} / {expected} is not among {fund:#?}");
}

#[test]
fn mistakes_are_found() {
    let same = |d: &mut Politikdata| d.systemer[1].certifikater = d.systemer[0].certifikater.clone();
    invalid(same, "SAPA: certifikater", "registreret på et andet it-system");
    invalid(|d| d.systemer[0].leverandoer = korsbaek(), "KY: certifikater", "tilhører 33445566");
    invalid(|d| d.systemer[0].certifikater[0].der = vec![1], "KY: certifikater", "ikke et X.509-certifikat");
    invalid(|d| d.systemer[0].certifikater[0].der = vec![0x30, 3, 2, 1, 0], "KY", "C-104");
    invalid(|d| d.parter.clear(), "serviceaftalen KY", "ikke en kendt myndighed");
    invalid(|d| d.systemer[0].miljoe = Miljoe::Produktion, "serviceaftalen KY", "fysiskslet kan ikke");
    invalid(|d| d.systemer.clear(), "serviceaftalen KY: system", "findes ikke");
    let whitelist = |d: &mut Politikdata| d.systemer[0].myndighedsafgraensning = [Cvr::KOMBIT].into();
    invalid(whitelist, "serviceaftalen KY", "er ikke for myndigheden 11223344");
    let kle = |d: &mut Politikdata| {
        let kle = ("http://sts.kombit.dk/constraints/KLE/1".to_owned(), vec!["32".to_owned()]);
        d.aftaler[0].versioner[0].services[0].parametre.extend([kle]);
    };
    invalid(kle, "serviceaftalen KY: version 1", "kender ikke dataafgrænsningen");
    let kle_type = |d: &mut Politikdata| d.services[SF1500].parametre[0].art = Parameterart::Kle;
    invalid(kle_type, "servicen Organisation", "håndhæver kun flag");
    let identifier = |d: &mut Politikdata| {
        let taken = d.services[SF1500].identifikatorer.clone();
        d.services[SF1500 + 1].identifikatorer.extend(taken);
    };
    invalid(identifier, "servicen Klassifikation", "tilhører allerede servicen Organisation");
    let krav = |d: &mut Politikdata| d.services[SF1500].parametre[0].kraevet = true;
    invalid(krav, "serviceaftalen SAPA", "SeNavn er krævet");
    let rolle = |d: &mut Politikdata| d.aftaler[0].versioner[0].services[0].roller = vec!["http://x".into()];
    invalid(rolle, "serviceaftalen KY", "har ikke rollen http://x");
}

#[test]
fn a_plan_says_in_words_what_changes() {
    let fra = verden();
    assert!(Plan::ny(&fra, &fra, true).er_tom());
    let mut til = fra.clone();
    til.systemer[0].tilstand = Systemtilstand::Spaerret;
    til.systemer[0].certifikater.push(Certifikat::af_der(der("KY2", "33445566")).expect("a certificate"));
    til.aftaler[0].versioner[0].myndigheder[0].tilstand = Aftaletilstand::Spaerret;
    til.aftaler.pop();
    til.parter.push(Part::ny(cvr("22334455"), "Nabokøbing", Partsart::Myndighed));
    let plan = Plan::ny(&fra, &til, false).to_string();
    for line in [
        "+ parten Nabokøbing (22334455) tilføjes",
        "~ it-systemet KY ændres",
        "tilstand ændres fra REGISTRERET til SPÆRRET",
        "CN=KY2 tilføjes",
        "~ serviceaftalen KY ændres",
        "versioner nummer 1, myndigheder myndighed 11223344, tilstand ændres fra AKTIV til SPÆRRET",
        "Beholdes, selv om filen ikke nævner det (--slet fjerner det):\n    serviceaftalen SAPA",
    ] {
        assert!(plan.contains(line), "{line} is not in\n{plan}");
    }
    til.services.clear();
    let plan = Plan::ny(&fra, &til, true);
    assert!(plan.to_string().contains("- serviceaftalen SAPA fjernes"));
    assert!(!plan.to_string().contains("servicen Organisation"), "the built-in services stay");
}

#[test]
fn closing_a_system_a_certificate_or_a_service_makes_its_agreements_dormant() {
    let tilstand = |data: Politikdata| {
        let politik = Politik::new(data);
        assert_eq!(politik.privilegier(KY, korsbaek(), ORGANISATION, NU).is_empty(), {
            !politik.har_aftale(KY, korsbaek(), ORGANISATION, NU)
        });
        politik.aftaler(KY, korsbaek(), ORGANISATION, NU)[0].tilstand
    };
    assert_eq!(tilstand(verden()), Aftaletilstand::Aktiv);
    let closing: [fn(&mut Politikdata); 6] = [
        |d| d.systemer[0].tilstand = Systemtilstand::Spaerret,
        |d| d.systemer[0].certifikater.clear(),
        |d| d.systemer[0].certifikater[0].status = Certifikatstatus::Tilbagekaldt,
        |d| d.systemer[0].certifikater[0].aktivering.to = NU,
        |d| d.services[SF1500].status = Servicestatus::Lukket,
        |d| d.systemer[0].kontekster = Some([Cvr::KOMBIT].into()),
    ];
    for (i, close) in closing.iter().enumerate() {
        let mut data = verden();
        close(&mut data);
        assert_eq!(tilstand(data), Aftaletilstand::Hvilende, "case {i}");
    }
}

#[test]
fn what_stands_in_a_token() {
    let politik = Politik::new(verden());
    let privilegier = politik.privilegier(KY, korsbaek(), ORGANISATION, NU);
    assert_eq!(privilegier.len(), 1);
    assert_eq!(privilegier[0].scope, korsbaek());
    assert_eq!(
        privilegier[0].rolle,
        "http://stoettesystemerne.dk/roles/servicesystemrolle/organisation_rediger/1"
    );
    let senavn = "http://stoettesystemerne.dk/constraints/senavn/1";
    assert!(privilegier[0].afgraensninger.contains(&(senavn.into(), "Ja".into())));
    assert_eq!(politik.kontekster(KY, ORGANISATION, NU), [korsbaek()]);
    assert!(politik.kontekster(KY, KLASSIFIKATION, NU).is_empty());
    let by_id = |id| politik.service_med(id).map(|s| s.uuid);
    assert_eq!(by_id("http://stoettesystemerne.dk/service/organisation/3"), Some(ORGANISATION));
    assert_eq!(by_id("http://stoettesystemerne.dk/service/organisation/3/"), None, "exact strings");
    let mut changed = verden();
    changed.systemer[0].can_impersonate = true;
    assert_ne!(politik.version(), Politik::new(changed).version());
    assert_eq!(politik.version(), Politik::new(verden_with_the_same_certificates(&politik)).version());
}

fn verden_with_the_same_certificates(politik: &Politik) -> Politikdata {
    let mut data = politik.data().clone();
    data.systemer.reverse();
    data
}

#[test]
fn acting_for_another_takes_permission() {
    let mut data = verden();
    let certifikat = data.systemer.iter().find(|s| s.uuid == KY).expect("KY").certifikater[0].tommelfinger;
    let kode = |politik: &Politik, cert: &[u8; 32]| {
        politik.proxy_obo(SAPA, korsbaek(), KY, Some(cert), NU).map_err(|a| a.kode)
    };
    let politik = Politik::new(data.clone());
    assert_eq!(kode(&politik, &certifikat), Err("OBO-03"), "an empty list is nobody");
    assert_eq!(politik.normal_obo(SAPA, korsbaek(), ORGANISATION, NU).map_err(|a| a.kode), Err("OBO-01"));
    let sapa = data.systemer.iter_mut().find(|s| s.uuid == SAPA).expect("SAPA");
    sapa.can_impersonate = true;
    sapa.impersonering.push(Impersonering {
        anvenderkontekst: korsbaek(),
        system: KY,
        certifikat: Some(hex(&certifikat).to_uppercase()),
        gyldig: bitemporal::Period::ALWAYS,
    });
    let politik = Politik::new(data);
    assert_eq!(kode(&politik, &certifikat), Ok(()));
    assert_eq!(kode(&politik, &[0; 32]), Err("OBO-03"), "another certificate");
    assert!(politik.proxy_obo(SAPA, Cvr::KOMBIT, KY, None, NU).is_err(), "another authority");
    assert!(politik.proxy_obo(KY, korsbaek(), SAPA, None, NU).is_err(), "not the other way");
    assert!(politik.normal_obo(SAPA, korsbaek(), ORGANISATION, NU).is_ok());
    assert_eq!(politik.normal_obo(SAPA, korsbaek(), KLASSIFIKATION, NU).map_err(|a| a.kode), Err("OBO-02"));
}

#[test]
fn who_may_not_call_acts_for_nobody() {
    let mut data = verden();
    let plads = data.systemer.iter().position(|s| s.uuid == SAPA).expect("SAPA");
    data.systemer[plads].impersonering.push(Impersonering {
        anvenderkontekst: korsbaek(),
        system: KY,
        certifikat: None,
        gyldig: bitemporal::Period::ALWAYS,
    });
    let kode = |tilstand, lukkes, can_impersonate| {
        let mut data = data.clone();
        let sapa = &mut data.systemer[plads];
        (sapa.tilstand, sapa.lukkes, sapa.can_impersonate) = (tilstand, lukkes, can_impersonate);
        let politik = Politik::new(data);
        let proxy = politik.proxy_obo(SAPA, korsbaek(), KY, None, NU).map_err(|a| a.kode);
        assert_eq!(
            proxy,
            politik.repraesentation(SAPA, korsbaek(), ORGANISATION, KY, NU).map_err(|a| a.kode)
        );
        proxy
    };
    use Systemtilstand::{Kladde, Lukket, Spaerret, Tilsluttet, UnderLukning};
    let (foer, efter) =
        (Some(Instant::from_micros(NU.micros() - 1)), Some(Instant::from_micros(NU.micros() + 1)));
    for can_impersonate in [false, true] {
        assert_eq!(kode(Tilsluttet, None, can_impersonate), Ok(()));
        assert_eq!(kode(UnderLukning, efter, can_impersonate), Ok(()), "the day has not come");
        assert_eq!(kode(UnderLukning, foer, can_impersonate), Err("OBO-04"), "the day has come");
        for tilstand in [Kladde, Spaerret, Lukket] {
            assert_eq!(kode(tilstand, None, can_impersonate), Err("OBO-04"), "{tilstand}");
        }
    }
}

#[test]
fn a_system_is_found_by_the_id_tokens_name_it_by() {
    let cvr = "33445566".parse().expect("a CVR number");
    let uden = ItSystem::ny(Uuid::from_u128(1), "Uden", cvr, vec![]);
    let med =
        ItSystem { eksternt_id: Some("ksd".into()), ..ItSystem::ny(Uuid::from_u128(2), "Med", cvr, vec![]) };
    let politik =
        Politik::new(Politikdata { systemer: vec![uden.clone(), med.clone()], ..Politikdata::default() });
    let fundet = |id: &str| politik.system_med_id(id).map(|s| s.uuid);
    assert_eq!((fundet("ksd"), fundet(&uden.id())), (Some(med.uuid), Some(uden.uuid)));
    assert_eq!((fundet(&med.uuid.to_string()), fundet("")), (None, None));
}
