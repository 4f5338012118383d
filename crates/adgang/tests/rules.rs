//! What the matrix does not show: who is acted for, when, and what a refusal says.

mod scene;

use adgang::{Adgang, Afvist, Caller, Operation, PaaVegneAf, decide};
use administration::{Impersonering, Politik, Rolle, Service, Systemtilstand};
use bitemporal::{Instant, Period};
use oio::Cvr;
use oio::catalog::Register;
use scene::*;

fn laes(politik: &Politik, caller: &Caller, nu: Instant) -> Result<Adgang, Afvist> {
    decide(politik, caller, Operation::Laes, Register::Organisation, "Bruger", nu)
}

fn kode(result: Result<Adgang, Afvist>) -> &'static str {
    result.map_or_else(|afvist| afvist.kode(), |_| "ja")
}

#[test]
fn the_authority_named_decides_which_agreement() {
    let (_, aftaler) = aftaler().pop().expect("the last row has two authorities");
    let politik = politik(aftaler);
    let adgang = laes(&politik, &caller(Some(NABOKOEBING)), NU).expect("there is an agreement");
    assert_eq!(adgang.myndighed, cvr(NABOKOEBING));
    assert!(adgang.aftale.is_some());
    assert!(adgang.kan_laese(cvr(NABOKOEBING)) && adgang.kan_laese(Cvr::KOMBIT));
    assert!(!adgang.kan_laese(cvr(KORSBAEK)), "another authority's data stays closed");
    assert!(adgang.kan_skrive(cvr(NABOKOEBING)) && !adgang.kan_skrive(Cvr::KOMBIT));
    assert_eq!(kode(laes(&politik, &caller(Some("33445566")), NU)), "AFT-02");
}

#[test]
fn an_agreement_that_does_not_hold_now_opens_nothing() {
    let (_, mut aftaler) = aftaler().remove(2);
    let (from, to) = (Instant::from_micros(0), Instant::from_micros(2_000));
    aftaler[0].versioner[0].gyldig = Period { from, to };
    let politik = politik(aftaler);
    for (at, expected) in [(-1, "AFT-03"), (0, "ja"), (1_999, "ja"), (2_000, "AFT-03")] {
        let nu = Instant::from_micros(at);
        let named = kode(laes(&politik, &caller(Some(KORSBAEK)), nu));
        assert_eq!(named, expected, "at {at}");
        let token = kode(laes(&politik, &med_token(privilegier(Rolle::Udstil, INGEN)), nu));
        assert_eq!(token, expected, "a token does not outlive its agreement, at {at}");
    }
}

#[test]
fn every_refusal_names_who_can_grant_it() {
    let (_, aftaler) = aftaler().remove(2);
    let politik = politik(aftaler);
    let refusal =
        decide(&politik, &caller(None), Operation::Ret, Register::Organisation, "Bruger", NU).unwrap_err();
    assert!(refusal.to_string().contains(KORSBAEK) && refusal.to_string().contains("Rediger"), "{refusal}");
    let spaerret = scene::aftaler().remove(8).1;
    let refusal = laes(&scene::politik(spaerret), &caller(Some(KORSBAEK)), NU).unwrap_err();
    assert!(refusal.to_string().contains("er SPÆRRET"), "{refusal}");
    let mut data = data(scene::aftaler().remove(2).1);
    data.systemer[0].certifikater.clear();
    let refusal = laes(&Politik::new(data), &caller(Some(KORSBAEK)), NU).unwrap_err().to_string();
    assert!(refusal.contains("HVILENDE") && refusal.contains("KY har intet gyldigt certifikat"), "{refusal}");
}

#[test]
fn the_represented_party_s_agreement_decides() {
    let org = Service::organisation();
    let aftaler = vec![
        aftale(KORSBAEK, &org, &[Rolle::Udstil], INGEN),
        aftale_for(ANDEN, KORSBAEK, &org, &[Rolle::Rediger], INGEN),
    ];
    let mut data = data(aftaler);
    let for_ksd = Caller {
        paa_vegne_af: Some(PaaVegneAf { system: ANDEN, navn: "KSD".into() }),
        ..med_token(privilegier(Rolle::Rediger, INGEN))
    };
    let ret = |data: &administration::Politikdata| {
        let politik = Politik::new(data.clone());
        kode(decide(&politik, &for_ksd, Operation::Ret, Register::Organisation, "Bruger", NU))
    };
    assert_eq!(ret(&data), "OBO-03");
    data.systemer[0].can_impersonate = true;
    assert_eq!(ret(&data), "ja");
    data.aftaler.remove(0);
    assert_eq!(ret(&data), "OBO-02", "the caller needs an agreement of its own");
}

#[test]
fn a_system_that_may_not_call_may_not_call_as_another() {
    let org = Service::organisation();
    let mut data = data(vec![aftale_for(ANDEN, KORSBAEK, &org, &[Rolle::Udstil], INGEN)]);
    data.systemer[0].impersonering.push(Impersonering {
        anvenderkontekst: cvr(KORSBAEK),
        system: ANDEN,
        certifikat: None,
        gyldig: Period::ALWAYS,
    });
    let for_ksd = Caller {
        paa_vegne_af: Some(PaaVegneAf { system: ANDEN, navn: "KSD".into() }),
        ..med_token(privilegier(Rolle::Udstil, INGEN))
    };
    let svar = |tilstand, lukkes| {
        let mut data = data.clone();
        (data.systemer[0].tilstand, data.systemer[0].lukkes) = (tilstand, lukkes);
        laes(&Politik::new(data), &for_ksd, NU)
    };
    assert_eq!(kode(svar(Systemtilstand::Tilsluttet, None)), "ja");
    assert_eq!(kode(svar(Systemtilstand::UnderLukning, Some(Instant::from_micros(1_001)))), "ja");
    assert_eq!(kode(svar(Systemtilstand::UnderLukning, Some(NU))), "OBO-04", "its day has come");
    assert_eq!(kode(svar(Systemtilstand::Lukket, None)), "OBO-04");
    let spaerret = svar(Systemtilstand::Spaerret, None).unwrap_err();
    assert_eq!(spaerret.kode(), "OBO-04");
    assert!(spaerret.to_string().contains("KY er SPÆRRET"), "{spaerret}");
}

#[test]
fn a_trial_opens_its_own_days_and_reading_alone() {
    let org = Service::organisation();
    let mut proeve = aftale(KORSBAEK, &org, &[Rolle::Udstil, Rolle::Rediger], INGEN);
    proeve.proevetilslutning = true;
    proeve.versioner[0].gyldig = Period { from: Instant::from_micros(0), to: Instant::from_micros(2_000) };
    let mut d = data(vec![proeve.clone()]);
    d.parter[0].testdata = true;
    let politik = Politik::new(d.clone());
    let (navngivet, token) = (caller(Some(KORSBAEK)), med_token(privilegier(Rolle::Rediger, INGEN)));
    for (at, ventet) in [(-1, "AFT-03"), (0, "ja"), (1_999, "ja"), (2_000, "AFT-08")] {
        assert_eq!(kode(laes(&politik, &navngivet, Instant::from_micros(at))), ventet, "at {at}");
        assert_eq!(kode(laes(&politik, &token, Instant::from_micros(at))), ventet, "a token, at {at}");
    }
    let skriv = |caller| decide(&politik, caller, Operation::Ret, Register::Organisation, "Bruger", NU);
    assert_eq!(kode(skriv(&navngivet)), "AFT-05", "whatever roles are written in it");
    assert_eq!(kode(skriv(&token)), "AFT-05", "nor by a token that has the role");
    d.parter[0].testdata = false;
    let afvist = laes(&Politik::new(d.clone()), &navngivet, NU).unwrap_err();
    assert!(afvist.kode() == "AFT-03" && afvist.to_string().contains("ikke er åben for prøver"), "{afvist}");
    // Of several trials, the one that has not ended is told of, and else the one that ended last; whatever their order.
    for nr in [1, 200] {
        let mut d = data(vec![proeve.clone()]);
        let mut anden = proeve.clone();
        anden.uuid = uuid::Uuid::from_u128(nr << 120);
        anden.navn = "Sidste".into();
        anden.versioner[0].gyldig = Period { from: Instant::from_micros(0), to: Instant::from_micros(3_000) };
        d.aftaler.push(anden);
        let afvist = laes(&Politik::new(d.clone()), &navngivet, Instant::from_micros(2_500)).unwrap_err();
        assert_eq!(afvist.kode(), "AFT-03", "it rests, and has not ended");
        let afvist = laes(&Politik::new(d), &navngivet, Instant::from_micros(3_500)).unwrap_err();
        assert!(afvist.kode() == "AFT-08" && afvist.to_string().contains("Sidste"), "{afvist}");
    }
    // An agreement that ended is what is told of, not what was tried once.
    let mut gammel = aftale(KORSBAEK, &org, &[Rolle::Udstil], INGEN);
    gammel.uuid = uuid::Uuid::from_u128(77);
    gammel.versioner[0].gyldig.to = Instant::from_micros(1_000);
    d.parter[0].testdata = true;
    d.aftaler.push(gammel);
    assert_eq!(kode(laes(&Politik::new(d), &navngivet, Instant::from_micros(2_000))), "AFT-03");
}
