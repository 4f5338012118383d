use super::*;
use crate::aftale::{Aftaleformaal, Aftaleservice};
use crate::brugersystemrolle::Rolleafgraensning;
use crate::part::Part;
use crate::service::Service;
use crate::{Plan, valider};
use std::collections::BTreeMap;

const KY: Uuid = Uuid::from_u128(0xa1);
const AFTALE: Uuid = Uuid::from_u128(0xa2);

fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number")
}

fn leverandoer() -> Cvr {
    cvr("33445566")
}

fn miljoe() -> Politikdata {
    Politikdata {
        parter: vec![
            Part::ny(cvr("11223344"), "Korsbæk Kommune", Partsart::Myndighed),
            Part::ny(leverandoer(), "Matador Data A/S", Partsart::Leverandoer),
        ],
        services: Service::standard(),
        ..Politikdata::default()
    }
}

fn version(nummer: u32, tilstand: Aftaletilstand) -> Aftaleversion {
    let service = Service::organisation();
    Aftaleversion {
        nummer,
        begrundelse: "KY skal vise, hvilken enhed der har ansvaret.".into(),
        genbekraeftes: None,
        gyldig: Period::ALWAYS,
        myndigheder: vec![
            Aftalepart::ny(cvr("11223344"), tilstand),
            Aftalepart::ny(cvr("22334455"), tilstand),
        ],
        services: vec![Aftaleservice {
            service: service.uuid,
            id: None,
            udstedt_kontekst: None,
            roller: vec![service.rolle_med_navn("Udstil").expect("the role").uri.clone()],
            parametre: BTreeMap::new(),
        }],
        formaal: Aftaleformaal { vilkaar_accepteret_af: Some("Laura".into()), ..Aftaleformaal::default() },
    }
}

/// Test, with KY and an agreement in force.
fn test() -> Politikdata {
    let mut data = miljoe();
    data.parter.push(Part::ny(cvr("22334455"), "Nabokøbing Kommune", Partsart::Myndighed));
    let mut ky = ItSystem::ny(KY, "KY", leverandoer(), Vec::new());
    (ky.can_impersonate, ky.tilstand, ky.spaerret_af) = (true, Systemtilstand::Spaerret, Some(leverandoer()));
    ky.oplysninger.vilkaar_accepteret_af = Some("Laura".into());
    data.systemer.push(ky);
    data.aftaler.push(Serviceaftale {
        uuid: AFTALE,
        navn: "KY læser organisation".into(),
        nummer: Some("SA-2026-0001".into()),
        system: KY,
        provisioneret: false,
        proevetilslutning: false,
        versioner: vec![version(1, Aftaletilstand::Aktiv)],
        standardgodkendelser: Vec::new(),
    });
    data
}

/// KY as it leaves test.
fn fil() -> Politikdata {
    udtag(&test(), KY, Miljoe::Test).expect("KY")
}

fn til(data: &Politikdata, fil: &Politikdata) -> Overfoersel {
    overfoer(data, fil, leverandoer(), Miljoe::Produktion, Instant::from_micros(0)).expect("copied")
}

#[test]
fn a_system_arrives_with_drafts_and_without_what_belongs_to_the_other_environment() {
    let fil = fil();
    let o = til(&miljoe(), &fil);
    let ky = &o.data.systemer[0];
    assert!(o.ny && ky.certifikater.is_empty() && !ky.can_impersonate && ky.spaerret_af.is_none());
    assert_eq!((ky.tilstand, ky.miljoe), (Systemtilstand::Registreret, Miljoe::Produktion));
    assert_eq!(ky.oplysninger.vilkaar_accepteret_af, None, "the terms are accepted here");
    let [aftale] = o.data.aftaler.as_slice() else { panic!("{:?}", o.data.aftaler) };
    let [v] = aftale.versioner.as_slice() else { panic!("{aftale:?}") };
    assert_eq!(v.myndigheder, [kladde(cvr("11223344"))], "the neighbour is not in this environment");
    assert_eq!(v.formaal.vilkaar_accepteret_af, None);
    assert_eq!(o.bemaerkninger.len(), 1, "{:?}", o.bemaerkninger);
    assert!(o.bemaerkninger[0].contains("22334455"));
    assert_eq!(valider(&o.data), valider(&miljoe()));
}

#[test]
fn what_a_supplier_writes_in_the_file_himself_gives_no_rights() {
    let mut fil = fil();
    let ky = &mut fil.systemer[0];
    (ky.can_impersonate, ky.kontekster) = (true, Some([cvr("11223344")].into()));
    ky.eksternt_id = Some("andens".into());
    fil.aftaler[0].provisioneret = true;
    fil.aftaler[0].versioner[0].myndigheder[0].tilstand = Aftaletilstand::Aktiv;
    let o = til(&miljoe(), &fil);
    let (ky, aftale) = (&o.data.systemer[0], &o.data.aftaler[0]);
    assert!(!ky.can_impersonate && ky.kontekster.is_none() && ky.eksternt_id.is_none());
    assert!(!aftale.provisioneret && aftale.versioner[0].myndigheder[0].tilstand == Aftaletilstand::Kladde);
}

#[test]
fn copying_again_changes_nothing_and_a_change_is_a_new_version() {
    let fil = fil();
    let mut her = til(&miljoe(), &fil).data;
    assert!(Plan::ny(&her, &til(&her, &fil).data, false).er_tom());
    // A draft takes the new content.
    let mut fil = fil;
    fil.aftaler[0].versioner[0].begrundelse = "En anden grund.".into();
    let igen = til(&her, &fil).data;
    assert_eq!(igen.aftaler[0].versioner.len(), 1);
    assert_eq!(igen.aftaler[0].versioner[0].begrundelse, "En anden grund.");
    // What is waited for is left alone.
    her.aftaler[0].versioner[0].myndigheder[0].tilstand = Aftaletilstand::Anmodet;
    let o = til(&her, &fil);
    assert_eq!(o.data.aftaler, her.aftaler);
    assert!(o.bemaerkninger.iter().any(|b| b.contains("undervejs")));
    // What is in force stays so, and the change waits beside it.
    her.aftaler[0].versioner[0].myndigheder[0].tilstand = Aftaletilstand::Aktiv;
    let o = til(&her, &fil).data;
    let [gammel, ny] = o.aftaler[0].versioner.as_slice() else { panic!("{o:?}") };
    assert_eq!(gammel, &her.aftaler[0].versioner[0]);
    assert_eq!((ny.nummer, &ny.myndigheder), (2, &vec![kladde(cvr("11223344"))]));
}

#[test]
fn what_cannot_be_copied_is_refused() {
    let fil = fil();
    let koder = |data: &Politikdata, fil: &Politikdata, part: Cvr, miljoe| {
        let fejl = overfoer(data, fil, part, miljoe, Instant::from_micros(0)).expect_err("a refusal");
        fejl.iter().map(|f| f.kode).collect::<Vec<_>>()
    };
    let (her, produktion) = (miljoe(), Miljoe::Produktion);
    assert_eq!(koder(&her, &Politikdata::default(), leverandoer(), produktion), ["T-201"]);
    assert_eq!(koder(&her, &fil, cvr("11223344"), produktion), ["T-202"]);
    assert_eq!(koder(&her, &fil, leverandoer(), Miljoe::Test), ["T-203"]);
    let mut andres = fil.clone();
    andres.aftaler[0].system = Uuid::from_u128(9);
    assert_eq!(koder(&her, &andres, leverandoer(), produktion), ["T-202"]);
    let mut ukendt = fil.clone();
    ukendt.aftaler[0].versioner[0].services[0].service = Uuid::from_u128(9);
    assert_eq!(koder(&her, &ukendt, leverandoer(), produktion), ["T-204"]);
    let mut lukket = til(&her, &fil).data;
    lukket.systemer[0].tilstand = Systemtilstand::Lukket;
    assert_eq!(koder(&lukket, &fil, leverandoer(), produktion), ["S-107"]);
    let mut navn = her.clone();
    navn.systemer.push(ItSystem::ny(Uuid::from_u128(9), "ky", leverandoer(), Vec::new()));
    assert_eq!(koder(&navn, &fil, leverandoer(), produktion), ["S-106"]);
    let mut tyv = her;
    tyv.systemer.push(ItSystem::ny(KY, "KY", cvr("11223344"), Vec::new()));
    assert_eq!(koder(&tyv, &fil, leverandoer(), produktion), ["T-202"]);
}

#[test]
fn roles_come_along_when_the_forms_would_take_them() {
    let rolle = |nr: u128, navn: &str, graense: Option<&str>| Brugersystemrolle {
        uuid: Uuid::from_u128(nr),
        navn: navn.into(),
        beskrivelse: String::new(),
        entity_id: format!("urn:rolle:{nr}"),
        afgraensninger: graense
            .map(|g| Rolleafgraensning { entity_id: g.to_owned(), kraevet: false })
            .into_iter()
            .collect(),
        foelsom: false,
        udfases: None,
    };
    let mut test = test();
    let kle = Dataafgraensningstype::faelles()[0].entity_id.clone();
    let ky = &mut test.systemer[0];
    ky.dataafgraensningstyper.push(Dataafgraensningstype {
        uuid: Uuid::from_u128(0xb0),
        entity_id: "urn:egen".into(),
        ..Dataafgraensningstype::faelles()[0].clone()
    });
    ky.brugersystemroller = vec![
        rolle(0xb1, "Læs", Some(&kle)),
        rolle(0xb2, "Skriv", Some("urn:egen")),
        rolle(0xb3, "Slet", None),
    ];
    let fil = udtag(&test, KY, Miljoe::Test).expect("KY");
    assert!(
        fil.systemer[0].dataafgraensningstyper.is_empty(),
        "types of limits are the operator's in each place"
    );
    let check = |her: &[Brugersystemrolle], typer: &[Systemtype], ventet: &[&str], bemaerket: &[&str]| {
        let mut data = miljoe();
        let mut ky = ItSystem::ny(KY, "KY", leverandoer(), Vec::new());
        ky.brugersystemroller = her.to_vec();
        data.systemer.push(ky);
        let mut fil = fil.clone();
        fil.aftaler.clear();
        fil.systemer[0].typer = typer.iter().copied().collect();
        data.systemer[0].typer.clear();
        let o = til(&data, &fil);
        let navne: Vec<&str> =
            o.data.systemer[0].brugersystemroller.iter().map(|r| r.navn.as_str()).collect();
        assert_eq!(navne, ventet);
        assert_eq!(o.bemaerkninger.len(), bemaerket.len(), "{:?}", o.bemaerkninger);
        for (b, ord) in o.bemaerkninger.iter().zip(bemaerket) {
            assert!(b.contains(ord), "{b}");
        }
        assert_eq!(o.data.systemer[0].roller_aendret.is_some(), navne.len() > her.len());
    };
    let bruger = [Systemtype::BrugervendtSystem];
    check(&[], &bruger, &["Læs", "Slet"], &["urn:egen"]);
    let egen = rolle(0xb1, "Læs alt", None);
    check(std::slice::from_ref(&egen), &bruger, &["Læs alt", "Slet"], &["anderledes her", "urn:egen"]);
    let optaget = Brugersystemrolle { entity_id: "urn:x".into(), ..rolle(9, "SLET", None) };
    check(&[optaget], &bruger, &["SLET", "Læs"], &["urn:egen", "navnet"]);
    check(&[], &[Systemtype::Anvendersystem], &[], &["brugervendt", "brugervendt", "brugervendt"]);
}

#[test]
fn whom_a_new_version_leaves_out_is_said() {
    let mut her = miljoe();
    her.parter.push(Part::ny(cvr("22334455"), "Nabokøbing Kommune", Partsart::Myndighed));
    let mut her = til(&her, &fil()).data;
    let opsagt = &mut her.aftaler[0].versioner[0].myndigheder;
    opsagt.iter_mut().for_each(|p| p.tilstand = Aftaletilstand::Aktiv);
    (opsagt[1].tilstand, opsagt[1].opsagt_til) = (Aftaletilstand::Opsagt, Some(Instant::from_micros(9)));
    let mut fil = fil();
    fil.aftaler[0].versioner[0].begrundelse = "En anden grund.".into();
    let o = til(&her, &fil);
    let ny = o.data.aftaler[0].versioner.last().expect("a version");
    assert_eq!((ny.nummer, &ny.myndigheder), (2, &vec![kladde(cvr("11223344"))]), "notice was given");
    assert!(
        o.bemaerkninger.iter().any(|b| b.contains("22334455") && b.contains("ikke med")),
        "{:?}",
        o.bemaerkninger
    );
}
