//! It-systems and certificates.

use crate::scene::*;
use administration::{Modulrolle, Service, Systemoplysninger, Systemtilstand, Systemtype};
use base64::Engine;
use bitemporal::Instant;
use std::collections::BTreeSet;
use styring::systemer::{self, Systemfelter};

fn felter(navn: &str) -> Systemfelter {
    Systemfelter {
        navn: navn.into(),
        typer: BTreeSet::from([Systemtype::Anvendersystem]),
        oplysninger: Systemoplysninger {
            email: "drift@matador.example".into(),
            ..Systemoplysninger::default()
        },
        vilkaar: true,
        ..Systemfelter::default()
    }
}

fn pem(der: &[u8]) -> Vec<u8> {
    let krop = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\r\n{krop}\r\n-----END CERTIFICATE-----\r\n").into_bytes()
}

#[tokio::test]
async fn a_system_is_registered_and_gets_a_certificate() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let uden = Systemfelter { vilkaar: false, typer: BTreeSet::new(), ..felter("") };
    assert_eq!(koder(systemer::opret(&scene.app, &la, &uden).await), ["A-006", "A-006", "S-101"]);
    let uuid = systemer::opret(&scene.app, &la, &felter("Omsorg")).await.expect("registered");
    assert_eq!(koder(systemer::opret(&scene.app, &la, &felter("omsorg")).await), ["S-106"]);
    let certifikat = certifikat("Omsorg", MATADOR);
    let foej =
        async |indhold: &[u8]| systemer::tilfoej_certifikat(&scene.app, &la, uuid, indhold, None).await;
    assert_eq!(koder(foej(b"hej").await), ["C-102"]);
    assert_eq!(koder(foej(b"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----").await), ["C-104"]);
    assert_eq!(koder(foej(&crate::scene::certifikat("Fremmed", KORSBAEK)).await), ["C-105"]);
    foej(&pem(&certifikat)).await.expect("registered");
    assert_eq!(koder(foej(&certifikat).await), ["C-107"]);
    let politik = scene.app.politik();
    let frister = systemer::frister(&la, &politik, scene.nu()).expect("certificates");
    assert_eq!(frister.iter().map(|f| f.system.navn.as_str()).collect::<Vec<_>>(), ["KY", "Omsorg"]);
    assert!((364..=366).contains(&frister[0].dage), "{}", frister[0].dage);
    let aftryk = administration::hex(&frister[1].certifikat.tommelfinger);
    assert_eq!(koder(systemer::tilbagekald_certifikat(&scene.app, &la, uuid, &aftryk, "").await), ["A-006"]);
    systemer::tilbagekald_certifikat(&scene.app, &la, uuid, &aftryk, "Nøglen er tabt")
        .await
        .expect("revoked");
    let politik = scene.app.politik();
    assert_eq!(systemer::frister(&la, &politik, scene.nu()).expect("certificates").len(), 1);
    scene.gaa(400);
    assert_eq!(koder(foej(&crate::scene::certifikat("Sen", MATADOR)).await), ["C-101"]);
}

#[tokio::test]
async fn a_form_filled_from_something_older_is_told_so() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let uuid = systemer::opret(&scene.app, &la, &felter("Omsorg")).await.expect("registered");
    let maerke = systemer::maerke(scene.app.politik().system(uuid).expect("there"));
    let mut nye = felter("Omsorg 2");
    nye.typer.insert(Systemtype::Serviceudbyder);
    systemer::ret(&scene.app, &la, uuid, &maerke, &nye).await.expect("changed");
    assert_eq!(koder(systemer::ret(&scene.app, &la, uuid, &maerke, &nye).await), ["A-005"]);
    let maerke = systemer::maerke(scene.app.politik().system(uuid).expect("there"));
    assert_eq!(koder(systemer::ret(&scene.app, &la, uuid, &maerke, &felter("Omsorg 2")).await), ["S-102"]);
    assert_eq!(systemer::advarsler(&felter("x")).len(), 0);
    let mut personlig = felter("x");
    personlig.oplysninger.email = "laura.hansen@matador.example".into();
    assert_eq!(systemer::advarsler(&personlig)[0].kode, "S-103");
}

#[tokio::test]
async fn a_system_with_agreements_closes_with_notice() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let uuid =
        styring::aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    styring::aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    scene.svar(&gk, uuid, 1, &styring::aftaler::Svar::Godkend(None)).await.expect("yes");
    assert!(systemer::list(&gk, &scene.app.politik()).expect("a list").len() == 1, "seen by whom it serves");
    assert_eq!(koder(systemer::luk(&scene.app, &la, KY, None).await), ["S-104"]);
    assert_eq!(koder(systemer::luk(&scene.app, &gk, KY, None).await), ["A-001"]);
    let om = |dage: i64| Some(Instant::from_micros(scene.nu().micros() + dage * DAG));
    assert_eq!(koder(systemer::luk(&scene.app, &la, KY, om(29)).await), ["S-104"]);
    systemer::luk(&scene.app, &la, KY, om(31)).await.expect("announced");
    assert!(scene.ky_kan_laese(KORSBAEK), "until then");
    systemer::spaer(&scene.app, &la, KY, false, "Indbrud").await.expect("blocked");
    assert!(!scene.ky_kan_laese(KORSBAEK));
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    assert_eq!(
        koder(systemer::spaer(&scene.app, &op, KY, true, "mener vi").await),
        ["G-212"],
        "not theirs to lift"
    );
    systemer::spaer(&scene.app, &la, KY, true, "Ryddet op").await.expect("lifted");
    systemer::spaer(&scene.app, &op, KY, false, "Hændelse").await.expect("blocked by who runs it");
    assert_eq!(koder(systemer::spaer(&scene.app, &la, KY, true, "mener vi").await), ["G-212"]);
    let organisation = Service::organisation().uuid;
    assert!(scene.app.politik().lukket(KY, organisation, scene.nu()).is_some());
    assert_eq!(scene.app.politik().system(KY).map(|s| s.tilstand), Some(Systemtilstand::Spaerret));
}

#[tokio::test]
async fn no_supplier_lifts_the_operators_block_by_announcing_that_it_closes() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    let om = |dage: i64| Some(Instant::from_micros(scene.nu().micros() + dage * DAG));
    let lukket = || {
        let system = scene.app.politik().system(KY).cloned().expect("there");
        (system.tilstand, system.lukket(scene.nu()).is_some())
    };
    systemer::spaer(&scene.app, &op, KY, false, "Hændelse").await.expect("blocked");
    assert_eq!(koder(systemer::luk(&scene.app, &la, KY, om(31)).await), ["S-107"]);
    assert_eq!(lukket(), (Systemtilstand::Spaerret, true));
    systemer::spaer(&scene.app, &op, KY, true, "Løst").await.expect("lifted");
    // Who runs it announces that it closes: a block and its lifting do not take that back.
    systemer::luk(&scene.app, &op, KY, om(31)).await.expect("announced");
    systemer::spaer(&scene.app, &la, KY, false, "Fejl").await.expect("blocked");
    systemer::spaer(&scene.app, &la, KY, true, "Rettet").await.expect("lifted");
    assert_eq!(lukket(), (Systemtilstand::UnderLukning, false));
    scene.gaa(31);
    assert_eq!(lukket(), (Systemtilstand::UnderLukning, true), "the day has come");
    assert_eq!(koder(systemer::luk(&scene.app, &la, KY, om(31)).await), ["S-107"], "and is not moved");
    assert!(lukket().1);
}
