//! One system, its agreements, and the tokens it may come with.

#![allow(dead_code, reason = "each test binary uses its part")]

use adgang::{Caller, Hvordan, PaaVegneAf};
use administration::{
    Certifikat, Dataafgraensninger, Impersonering, ItSystem, ORGANISATION, Part, Partsart, Politik,
    Politikdata, Privilegium, Rolle, Service, Serviceaftale,
};
use bitemporal::{Instant, Period};
use oio::{Cvr, UnikId};
use uuid::Uuid;

pub const SYSTEM: Uuid = Uuid::from_u128(1);
pub const ANDEN: Uuid = Uuid::from_u128(9);
pub const NU: Instant = Instant::from_micros(1_000);
pub const KORSBAEK: &str = "11223344";
pub const NABOKOEBING: &str = "22334455";
pub const AUDIENCE: &str = "http://stoettesystemerne.dk/service/organisation/3";
pub const KLE: &str = "http://sts.kombit.dk/constraints/KLE/1";

pub const INGEN: Dataafgraensninger =
    Dataafgraensninger { se_navn: false, se_cpr: false, anonymiser: false, fysiskslet: false };

pub fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

pub fn aftale_for(
    system: Uuid,
    myndighed: &str,
    service: &Service,
    roller: &[Rolle],
    limits: Dataafgraensninger,
) -> Serviceaftale {
    let uuid = Uuid::new_v5(&system, format!("{myndighed}{}", service.navn).as_bytes());
    Serviceaftale::aktiv(uuid, "A", system, cvr(myndighed), service, roller, limits)
}

pub fn aftale(
    myndighed: &str,
    service: &Service,
    roller: &[Rolle],
    limits: Dataafgraensninger,
) -> Serviceaftale {
    aftale_for(SYSTEM, myndighed, service, roller, limits)
}

pub fn caller(myndighed: Option<&str>) -> Caller {
    Caller {
        system: SYSTEM,
        navn: "KY".into(),
        bruger_ref: UnikId::Urn("CN=KY".into()),
        myndighed: myndighed.map(cvr),
        hvordan: Hvordan::Certifikat,
        paa_vegne_af: None,
        transaktion: Uuid::from_u128(3),
    }
}

pub fn data(aftaler: Vec<Serviceaftale>) -> Politikdata {
    let mut data = Politikdata { aftaler, ..Politikdata::default() };
    data.med_standard();
    data.parter = vec![
        Part::ny(cvr(KORSBAEK), "Korsbæk", Partsart::Myndighed),
        Part::ny(cvr(NABOKOEBING), "Nabokøbing", Partsart::Myndighed),
    ];
    for (uuid, navn) in [(SYSTEM, "KY"), (ANDEN, "KSD")] {
        let certifikat = Certifikat::ny(navn.into(), format!("CN={navn}"), Period::ALWAYS);
        data.systemer.push(ItSystem::ny(uuid, navn, cvr("33445566"), vec![certifikat]));
    }
    data
}

pub fn politik(aftaler: Vec<Serviceaftale>) -> Politik {
    Politik::new(data(aftaler))
}

/// The agreements a system may have, by the name of their row in the matrix.
pub fn aftaler() -> Vec<(&'static str, Vec<Serviceaftale>)> {
    let (org, klas) = (&Service::organisation(), &Service::klassifikation());
    let alle = Dataafgraensninger::ALLE;
    let (udstil, rediger) = (&[Rolle::Udstil], &[Rolle::Rediger]);
    let mut spaerret = aftale(KORSBAEK, org, rediger, alle);
    spaerret.versioner[0].myndigheder[0].tilstand = administration::Aftaletilstand::Spaerret;
    let mut kle = aftale(KORSBAEK, org, rediger, INGEN);
    kle.versioner[0].services[0].parametre.insert(KLE.into(), vec!["32.*".into()]);
    // Writing without names, and reading with them: two rows of one agreement.
    let mut delt = aftale(KORSBAEK, org, rediger, INGEN);
    let navne = Dataafgraensninger { se_navn: true, ..INGEN };
    delt.versioner[0].services.extend(aftale(KORSBAEK, org, udstil, navne).versioner.remove(0).services);
    vec![
        ("ingen", vec![]),
        ("organisation-tom", vec![aftale(KORSBAEK, org, &[], INGEN)]),
        ("organisation-udstil", vec![aftale(KORSBAEK, org, udstil, INGEN)]),
        ("organisation-rediger", vec![aftale(KORSBAEK, org, rediger, INGEN)]),
        ("organisation-rediger-alt", vec![aftale(KORSBAEK, org, rediger, alle)]),
        ("organisation-udstil-alt", vec![aftale(KORSBAEK, org, udstil, alle)]),
        ("organisation-rediger-udstil-navn", vec![delt]),
        ("organisation-rediger-kle", vec![kle]),
        ("organisation-spaerret", vec![spaerret]),
        ("klassifikation-udstil", vec![aftale(KORSBAEK, klas, udstil, INGEN)]),
        ("klassifikation-rediger", vec![aftale(KORSBAEK, klas, rediger, INGEN)]),
        (
            "to-myndigheder",
            vec![aftale(KORSBAEK, org, udstil, INGEN), aftale(NABOKOEBING, org, udstil, INGEN)],
        ),
    ]
}

/// What stands in a token: the privileges of an agreement like this.
pub fn privilegier(rolle: Rolle, limits: Dataafgraensninger) -> Vec<Privilegium> {
    let aftaler = vec![aftale(KORSBAEK, &Service::organisation(), &[rolle], limits)];
    politik(aftaler).privilegier(SYSTEM, cvr(KORSBAEK), ORGANISATION, NU)
}

pub fn med_token(privilegier: Vec<Privilegium>) -> Caller {
    let hvordan = Hvordan::Token { audience: AUDIENCE.into(), privilegier };
    Caller { hvordan, ..caller(Some(KORSBAEK)) }
}

/// Tokens by the name of their rows in the matrix, each with the policy it meets.
pub fn tokens() -> Vec<(&'static str, Politik, Caller)> {
    let org = &Service::organisation();
    let alle = Dataafgraensninger::ALLE;
    let har = |rolle, limits| politik(vec![aftale(KORSBAEK, org, &[rolle], limits)]);
    let rediger = || privilegier(Rolle::Rediger, alle);
    let mut naboens = rediger();
    naboens[0].scope = cvr(NABOKOEBING);
    let mut kle = rediger();
    kle[0].afgraensninger.push((KLE.into(), "32".into()));
    let mut fremmed = rediger();
    fremmed[0].rolle.push('/');
    let mut nej = rediger();
    nej[0].afgraensninger.iter_mut().for_each(|(_, vaerdi)| *vaerdi = "Nej".into());
    let audience = |audience: &str| {
        let hvordan = Hvordan::Token { audience: audience.into(), privilegier: rediger() };
        Caller { hvordan, ..caller(Some(KORSBAEK)) }
    };
    let mut krav = data(vec![aftale(KORSBAEK, org, &[Rolle::Rediger], alle)]);
    krav.services[0].parametre.iter_mut().find(|p| p.navn == "SeNavn").expect("a flag").kraevet = true;
    let obo = || Caller {
        paa_vegne_af: Some(PaaVegneAf { system: ANDEN, navn: "KSD".into() }),
        ..med_token(rediger())
    };
    let andens = |rolle| vec![aftale_for(ANDEN, KORSBAEK, org, &[rolle], alle)];
    let mut proxy = data(andens(Rolle::Udstil));
    proxy.systemer[0].impersonering.push(Impersonering {
        anvenderkontekst: cvr(KORSBAEK),
        system: ANDEN,
        certifikat: None,
        gyldig: Period::ALWAYS,
    });
    let uden_kontekst = Caller { myndighed: None, ..med_token(rediger()) };
    let full = || har(Rolle::Rediger, alle);
    vec![
        ("token-alt, aftale-alt", full(), med_token(rediger())),
        ("token-udstil, aftale-alt", full(), med_token(privilegier(Rolle::Udstil, INGEN))),
        ("token-alt, aftale-udstil", har(Rolle::Udstil, INGEN), med_token(rediger())),
        ("token-alt, aftale-ophoert", politik(vec![]), med_token(rediger())),
        ("token-tomt", full(), med_token(vec![])),
        ("token-anden-myndigheds", full(), med_token(naboens)),
        ("token-uden-kontekst", full(), uden_kontekst),
        ("token-ukendt-afgraensning", full(), med_token(kle)),
        ("token-ukendt-rolle", full(), med_token(fremmed)),
        ("token-flag-nej", full(), med_token(nej)),
        ("token-mangler-kraevet", Politik::new(krav), med_token(privilegier(Rolle::Rediger, INGEN))),
        ("token-til-klassifikation", full(), audience("http://entityid.kombit.dk/service/klassifikation/7")),
        ("token-til-ukendt", full(), audience("http://stoettesystemerne.dk/service/organisation/3/")),
        ("token-paa-vegne-af, ikke tilladt", politik(andens(Rolle::Rediger)), obo()),
        ("token-paa-vegne-af, tilladt", Politik::new(proxy), obo()),
    ]
}
