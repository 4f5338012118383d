//! Systems tried on invented data: at once, for a short time, and never on anybody's own.

use crate::scene::*;
use adgang::{Caller, Hvordan, Operation, decide};
use administration::{
    Aftaletilstand as T, ItSystem, Modulrolle, PROEVETILSLUTNING_DAGE, PROEVETILSLUTNINGER_MAX, Service,
};
use bitemporal::Instant;
use oio::UnikId;
use oio::catalog::Register;
use styring::aftaler::{self, Aftalesoegning, Proeveanmodning, Svar};
use styring::{Kald, adviser};
use uuid::Uuid;

struct Hvem {
    la: Kald,
    gk: Kald,
    op: Kald,
}

/// Korsbæk's data are invented, its neighbour's are not.
async fn scene() -> (Scene, Hvem) {
    let scene = Scene::ny().await;
    aaben(&scene, true).await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    (scene, Hvem { la, gk, op })
}

async fn aaben(scene: &Scene, testdata: bool) {
    let mut data = scene.app.politik().data().clone();
    data.parter.iter_mut().filter(|p| p.cvr == cvr(KORSBAEK)).for_each(|p| p.testdata = testdata);
    scene.app.saet_politik(&data, false).await.expect("a policy");
}

fn om(service: &Service) -> Proeveanmodning {
    Proeveanmodning {
        system: KY,
        service: service.uuid,
        myndighed: cvr(KORSBAEK),
        dage: PROEVETILSLUTNING_DAGE,
        hvad: "Om KY kan finde en enhed".into(),
        vilkaar: true,
    }
}

fn proeve() -> Proeveanmodning {
    om(&Service::organisation())
}

async fn begynd(scene: &Scene, la: &Kald) -> Uuid {
    aftaler::begynd_proeve(&scene.app, la, &proeve()).await.expect("begun")
}

/// What a call of KY with its certificate comes to: `ja`, or the code and the words of the refusal.
fn kald_af_ky(scene: &Scene, myndighed: Option<&str>, operation: Operation) -> String {
    let caller = Caller {
        system: KY,
        navn: "KY".into(),
        bruger_ref: UnikId::Urn("CN=KY".into()),
        myndighed: myndighed.map(cvr),
        hvordan: Hvordan::Certifikat,
        paa_vegne_af: None,
        transaktion: Uuid::from_u128(3),
    };
    let svar =
        decide(&scene.app.politik(), &caller, operation, Register::Organisation, "Organisation", scene.nu());
    svar.map_or_else(|a| format!("{}: {a}", a.kode()), |adgang| format!("ja for {}", adgang.myndighed))
}

fn tilstand(scene: &Scene, la: &Kald, uuid: Uuid) -> T {
    let politik = scene.app.politik();
    aftaler::hent(la, &politik, uuid, scene.nu()).expect("seen")[0].tilstand
}

#[tokio::test]
async fn a_call_is_let_through_from_the_click_to_the_last_day() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    assert!(kald_af_ky(&scene, None, Operation::Soeg).starts_with("AFT-01"));
    let uuid = begynd(&scene, &la).await;
    assert_eq!(kald_af_ky(&scene, None, Operation::Soeg), format!("ja for {KORSBAEK}"));
    assert!(kald_af_ky(&scene, None, Operation::Ret).starts_with("AFT-05"), "it only reads");
    assert!(kald_af_ky(&scene, Some(NABOKOEBING), Operation::Soeg).starts_with("AFT-02"));
    assert_eq!(tilstand(&scene, &la, uuid), T::Aktiv);
    // The log, the list of both sides, and the number.
    assert_eq!(scene.log().await[0], "Laura: begynd prøvetilslutning");
    for kald in [&la, &gk] {
        let politik = scene.app.politik();
        let set = aftaler::list(kald, &politik, &Aftalesoegning::default(), scene.nu()).expect("seen");
        assert!(set[0].aftale.proevetilslutning && set[0].aftale.navn == "Prøve: Organisation");
        assert_eq!(set[0].aftale.nummer.as_deref(), Some("PT-2027-0001"));
    }
    scene.gaa(PROEVETILSLUTNING_DAGE - 1);
    assert!(kald_af_ky(&scene, None, Operation::Soeg).starts_with("ja"), "its last day");
    scene.gaa(1);
    let nej = kald_af_ky(&scene, None, Operation::Soeg);
    // It ended as the day began, in Denmark.
    assert!(
        nej.starts_with("AFT-08")
            && nej.contains("Prøve: Organisation")
            && nej.contains("14-02-2027 kl. 00:00"),
        "{nej}"
    );
    assert_eq!(tilstand(&scene, &la, uuid), T::Udloebet);
    begynd(&scene, &la).await;
    assert!(
        kald_af_ky(&scene, None, Operation::Soeg).starts_with("ja"),
        "another trial is another agreement"
    );
}

#[tokio::test]
async fn it_is_ended_early_blocked_and_closed_as_any_agreement_is() {
    let (scene, Hvem { la, gk, op }) = scene().await;
    let uuid = begynd(&scene, &la).await;
    aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "For mange kald").await.expect("blocked");
    assert!(kald_af_ky(&scene, None, Operation::Soeg).starts_with("AFT-03"));
    aftaler::ophaev(&scene.app, &gk, uuid, cvr(KORSBAEK)).await.expect("lifted");
    aftaler::opsig(&scene.app, &la, uuid, cvr(KORSBAEK), scene.nu(), "Prøvet").await.expect("ended");
    assert!(kald_af_ky(&scene, None, Operation::Soeg).starts_with("AFT-08"));
    assert_eq!(tilstand(&scene, &la, uuid), T::Ophoert);
    let anden = begynd(&scene, &la).await;
    aftaler::opsig(&scene.app, &op, anden, cvr(KORSBAEK), scene.nu(), "Misbrug").await.expect("ended");
    assert!(kald_af_ky(&scene, None, Operation::Soeg).starts_with("AFT-08"));
    // The operator takes the authority's mark away: what is under way rests at once.
    begynd(&scene, &la).await;
    aaben(&scene, false).await;
    let nej = kald_af_ky(&scene, None, Operation::Soeg);
    assert!(nej.starts_with("AFT-03") && nej.contains("ikke er åben for prøver"), "{nej}");
}

#[tokio::test]
async fn what_an_authority_has_blocked_is_not_begun_anew_in_its_days() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    let uuid = begynd(&scene, &la).await;
    aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "For mange kald").await.expect("blocked");
    aftaler::opsig(&scene.app, &la, uuid, cvr(KORSBAEK), scene.nu(), "Prøvet").await.expect("ended");
    for service in [Service::organisation(), Service::klassifikation()] {
        let igen = aftaler::begynd_proeve(&scene.app, &la, &om(&service)).await;
        assert_eq!(koder(igen), ["G-221"], "{}", service.navn);
    }
    scene.gaa(PROEVETILSLUTNING_DAGE);
    begynd(&scene, &la).await;
}

#[tokio::test]
async fn nobody_s_own_data_are_tried_on_and_not_everything_is() {
    let (scene, Hvem { la, gk, op }) = scene().await;
    let app = &scene.app;
    for kald in [&gk, &op] {
        assert_eq!(koder(aftaler::begynd_proeve(app, kald, &proeve()).await), ["A-001"]);
    }
    let nabo = Proeveanmodning { myndighed: cvr(NABOKOEBING), ..proeve() };
    assert_eq!(koder(aftaler::begynd_proeve(app, &la, &nabo).await), ["G-221"]);
    for service in [Service::besked_afsend(), Service::besked_modtag()] {
        assert_eq!(koder(aftaler::begynd_proeve(app, &la, &om(&service)).await), ["G-221"]);
    }
    for dage in [0, PROEVETILSLUTNING_DAGE + 1, -1, i64::MAX] {
        let lang = Proeveanmodning { dage, ..proeve() };
        assert_eq!(koder(aftaler::begynd_proeve(app, &la, &lang).await), ["G-223"]);
    }
    let uden_vilkaar = Proeveanmodning { vilkaar: false, ..proeve() };
    assert_eq!(koder(aftaler::begynd_proeve(app, &la, &uden_vilkaar).await), ["G-201"]);
    let fremmed = Proeveanmodning { system: Uuid::from_u128(0xff), ..proeve() };
    assert_eq!(koder(aftaler::begynd_proeve(app, &la, &fremmed).await), ["A-404"]);
    aaben(&scene, false).await;
    assert_eq!(koder(aftaler::begynd_proeve(app, &la, &proeve()).await), ["G-221"], "off until it is set");
    let mut data = app.politik().data().clone();
    data.parter.iter_mut().for_each(|p| p.testdata = p.cvr == cvr(KORSBAEK));
    data.systemer[0].myndighedsafgraensning = [cvr(NABOKOEBING)].into();
    app.saet_politik(&data, false).await.expect("a policy");
    assert_eq!(koder(aftaler::begynd_proeve(app, &la, &proeve()).await), ["S-105"]);
    assert!(app.politik().data().aftaler.is_empty(), "nothing was written");
}

#[tokio::test]
async fn one_of_each_and_five_at_once() {
    let (scene, Hvem { la, .. }) = scene().await;
    let mut data = scene.app.politik().data().clone();
    let systemer: Vec<Uuid> =
        (0..PROEVETILSLUTNINGER_MAX as u128).map(|n| Uuid::from_u128(0xb0 + n)).collect();
    for (nr, uuid) in systemer.iter().enumerate() {
        let navn = format!("S{nr}");
        let certifikat =
            administration::Certifikat::af_der(certifikat(&navn, MATADOR)).expect("a certificate");
        data.systemer.push(ItSystem::ny(*uuid, navn, cvr(MATADOR), vec![certifikat]));
    }
    scene.app.saet_politik(&data, false).await.expect("a policy");
    begynd(&scene, &la).await;
    assert_eq!(koder(aftaler::begynd_proeve(&scene.app, &la, &proeve()).await), ["G-204"]);
    let paa = |system| Proeveanmodning { system, dage: 10, ..proeve() };
    for system in &systemer[..PROEVETILSLUTNINGER_MAX - 1] {
        aftaler::begynd_proeve(&scene.app, &la, &paa(*system)).await.expect("begun");
    }
    let sidste = paa(systemer[PROEVETILSLUTNINGER_MAX - 1]);
    assert_eq!(koder(aftaler::begynd_proeve(&scene.app, &la, &sidste).await), ["G-222"]);
    let muligt = aftaler::proevemuligheder(&la, &scene.app.politik(), scene.nu()).expect("seen").i_gang;
    assert_eq!(muligt, PROEVETILSLUTNINGER_MAX);
    scene.gaa(10);
    aftaler::begynd_proeve(&scene.app, &la, &sidste).await.expect("the others have ended");
}

#[tokio::test]
async fn it_becomes_nothing_else_and_is_in_no_agreement_s_way() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    let app = &scene.app;
    let uuid = begynd(&scene, &la).await;
    assert_eq!(koder(aftaler::ny_version(app, &la, uuid).await), ["G-224"]);
    assert_eq!(koder(aftaler::kopier(app, &la, uuid).await), ["G-224"]);
    assert_eq!(koder(aftaler::genbekraeft(app, &gk, uuid).await), ["G-224"]);
    assert_eq!(koder(aftaler::giv_standard(app, &gk, uuid).await), ["G-224"]);
    let ret = aftaler::gem_kladde(app, &la, Some(uuid), &anmodning(&[KORSBAEK])).await;
    assert_eq!(koder(ret), ["G-207"]);
    // The agreement it was a trial for, and one with an authority of its own.
    for myndighed in [KORSBAEK, NABOKOEBING] {
        let rigtig = aftaler::gem_kladde(app, &la, None, &anmodning(&[myndighed])).await.expect("a draft");
        aftaler::send(app, &la, rigtig).await.expect("the trial is not in its way");
        if myndighed == NABOKOEBING {
            let nanna = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Godkender]).await;
            scene.svar(&nanna, rigtig, 1, &Svar::Godkend(None)).await.expect("approved");
            let svar = kald_af_ky(&scene, None, Operation::Soeg);
            assert_eq!(svar, format!("ja for {NABOKOEBING}"), "a trial makes nothing unclear");
            assert!(
                kald_af_ky(&scene, Some(KORSBAEK), Operation::Soeg).starts_with("ja"),
                "and still can be named"
            );
        } else {
            scene.svar(&gk, rigtig, 1, &Svar::Afvis("Ikke nu".into())).await.expect("refused");
        }
    }
}

#[tokio::test]
async fn its_beginning_and_its_end_are_told() {
    let (scene, Hvem { la, gk, .. }) = scene().await;
    let tk = scene.person("Tove", MATADOR, &[Modulrolle::TekniskKontakt]).await;
    adviser::frister(&scene.app).await.expect("looked");
    begynd(&scene, &la).await;
    let begyndt = "It-systemet KY prøves på testdata hos Korsbæk Kommune";
    assert_eq!(scene.ulaeste(&gk).await, [begyndt]);
    assert_eq!(scene.ulaeste(&tk).await, [begyndt]);
    let mut dage = Vec::new();
    for dag in 1..=PROEVETILSLUTNING_DAGE + 1 {
        scene.gaa(1);
        let foer = scene.ulaeste(&tk).await.len();
        adviser::frister(&scene.app).await.expect("looked");
        let nye = scene.ulaeste(&tk).await;
        dage.extend(nye[..nye.len() - foer].iter().map(|emne| (dag, emne.clone())));
    }
    let slutter = "Prøven Prøve: Organisation for it-systemet KY gælder til og med 13-02-2027".to_owned();
    let slut = "Prøven Prøve: Organisation for it-systemet KY er slut".to_owned();
    assert_eq!(dage, [(23, slutter.clone()), (29, slutter), (30, slut)]);
    assert_eq!(scene.ulaeste(&gk).await, [begyndt], "whose data are invented has nothing to do");
}

#[tokio::test]
async fn what_is_tried_by_a_program_is_judged_and_not_written() {
    let (scene, Hvem { la, .. }) = scene().await;
    let proevet = la.clone().som_proeve();
    aftaler::begynd_proeve(&scene.app, &proevet, &proeve()).await.expect("judged");
    assert!(scene.app.politik().data().aftaler.is_empty());
    let lang = Proeveanmodning { dage: 31, ..proeve() };
    assert_eq!(koder(aftaler::begynd_proeve(&scene.app, &proevet, &lang).await), ["G-223"]);
}

#[tokio::test]
async fn a_step_of_the_plan_is_not_reached_by_a_trial() {
    let (scene, Hvem { la, .. }) = scene().await;
    begynd(&scene, &la).await;
    let (stand, _) = styring::komigang::trin(&scene.app, &la, "anmodning").await.expect("a step");
    assert!(stand.naaet.is_none(), "{:?}", stand.naaet);
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    let (stand, _) = styring::komigang::trin(&scene.app, &la, "anmodning").await.expect("a step");
    assert!(stand.naaet.is_some());
}

/// The days are counted in Denmark, whether the clock is turned in them or not.
#[tokio::test]
async fn it_ends_at_midnight() {
    let (scene, Hvem { la, .. }) = scene().await;
    let proever = [1, 30].map(|dage| Proeveanmodning { dage, ..proeve() });
    // To the end of March, when a day has 23 hours.
    scene.gaa(55);
    for a in proever {
        let uuid = aftaler::begynd_proeve(&scene.app, &la, &a).await.expect("begun");
        let politik = scene.app.politik();
        let til = politik.aftale(uuid).expect("it").versioner[0].gyldig.to;
        let z = oio::tid::zoned(til).expect("a time");
        assert_eq!((z.hour(), z.minute()), (0, 0), "{}", z);
        aftaler::opsig(&scene.app, &la, uuid, cvr(KORSBAEK), scene.nu(), "Prøvet").await.expect("ended");
        assert!(til > scene.nu() && til <= Instant::from_micros(scene.nu().micros() + 30 * DAG));
    }
}
