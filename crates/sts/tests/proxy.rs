//! A token as another system, shown by the other's certificate: who may be given one.

use administration::{
    Dataafgraensninger, Impersonering, ItSystem, Part, Partsart, Politik, Politikdata, Rolle, Service,
    Serviceaftale, Systemtilstand,
};
use app::{Noeglepar, Noegler};
use bitemporal::{Instant, Period};
use identity::Certifikat;
use identity::jwt::{Alg, JwtNoegle, Noeglering};
use identity::saml::Sts;
use oio::Cvr;
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use sts::afgoer::{Bestilling, PaaVegneAf, afgoer};
use sts::fejl::StsFejl;
use uuid::Uuid;
use xml::SigningKey;

const SAPA: Uuid = Uuid::from_u128(1);
const KSD: Uuid = Uuid::from_u128(2);
const NU: Instant = Instant::from_micros(1_900_000_000_000_000);

fn cvr(nr: &str) -> Cvr {
    nr.parse().expect("a CVR number")
}

fn par(navn: &str) -> (Vec<u8>, Certifikat) {
    let noegle = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key");
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, navn);
    let certifikat = params.self_signed(&noegle).expect("a certificate");
    (noegle.serialize_der(), Certifikat::af_der(certifikat.der()).expect("a certificate"))
}

fn noegler() -> Noegler {
    let (pkcs8, certifikat) = par("STS");
    let nyt = || Noeglepar {
        noegle: SigningKey::from_pkcs8(&pkcs8).expect("a key"),
        certifikat: certifikat.clone(),
    };
    Noegler {
        iss: "https://adgang.test/runtime/".into(),
        sts: nyt(),
        service: nyt(),
        jwt: JwtNoegle::ny(&pkcs8, certifikat.clone(), Alg::default()).expect("a key"),
        jwt_betroede: Noeglering::ny(Alg::default(), [&certifikat]).expect("a key"),
        sts_betroet: Sts::ny("https://saml.adgang.test/runtime", [certifikat.clone()]).expect("a key"),
        offentlige: vec![certifikat.clone()],
    }
}

/// SAPA may act as KSD, which has an agreement with Korsbæk; SAPA has none.
fn politik(sapa: &Certifikat, ksd: &Certifikat) -> Politikdata {
    let system = |uuid, navn: &str, c: &Certifikat| {
        let certifikat = administration::Certifikat::af_der(c.der().to_vec()).expect("a certificate");
        ItSystem::ny(uuid, navn, cvr("33445566"), vec![certifikat])
    };
    let mut sapa = system(SAPA, "SAPA", sapa);
    sapa.impersonering.push(Impersonering {
        anvenderkontekst: cvr("11223344"),
        system: KSD,
        certifikat: None,
        gyldig: Period::ALWAYS,
    });
    let aftale = Serviceaftale::aktiv(
        Uuid::from_u128(3),
        "KSD",
        KSD,
        cvr("11223344"),
        &Service::organisation(),
        &[Rolle::Udstil],
        Dataafgraensninger::default(),
    );
    let mut data = Politikdata {
        parter: vec![Part::ny(cvr("11223344"), "Korsbæk", Partsart::Myndighed)],
        systemer: vec![sapa, system(KSD, "KSD", ksd)],
        aftaler: vec![aftale],
        ..Politikdata::default()
    };
    data.med_standard();
    data
}

#[test]
fn who_is_blocked_or_closed_gets_no_token_as_another() {
    let ((_, sapa), (_, ksd), noegler) = (par("SAPA"), par("KSD"), noegler());
    let data = politik(&sapa, &ksd);
    let svar = |tilstand, lukkes| {
        let mut data = data.clone();
        let system = data.systemer.iter_mut().find(|s| s.uuid == SAPA).expect("SAPA");
        (system.tilstand, system.lukkes) = (tilstand, lukkes);
        let bestilling = Bestilling {
            kalder: &sapa,
            use_key: None,
            applies_to: "http://stoettesystemerne.dk/service/organisation/3",
            cvr: cvr("11223344"),
            paa_vegne_af: Some(PaaVegneAf::Certifikat(ksd.clone())),
            expires: None,
        };
        afgoer(&Politik::new(data), &bestilling, false, &noegler, NU)
    };
    let efter = Instant::from_micros(NU.micros() + 1);
    for (tilstand, lukkes) in
        [(Systemtilstand::Tilsluttet, None), (Systemtilstand::UnderLukning, Some(efter))]
    {
        let tilladt = svar(tilstand, lukkes).expect("a token as KSD");
        assert_eq!((tilladt.system, tilladt.repraesenteret_id), (SAPA, Some(KSD.to_string())));
    }
    for (tilstand, lukkes) in [
        (Systemtilstand::Spaerret, None),
        (Systemtilstand::UnderLukning, Some(NU)),
        (Systemtilstand::Lukket, None),
    ] {
        match svar(tilstand, lukkes) {
            Err(StsFejl::PaaVegneAf(grund)) => assert!(grund.starts_with("OBO-04: "), "{grund}"),
            andet => panic!("{tilstand}: {andet:?}"),
        }
    }
}
