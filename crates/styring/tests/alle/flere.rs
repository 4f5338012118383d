//! Several requests for the same change approved together, copies of agreements, and those nobody uses.

use crate::scene::*;
use administration::{Aftaletilstand as T, Modulrolle as R, Service};
use bitemporal::Instant;
use store::LogPost;
use styring::aftaler::{self, Godkendt, Svar, Vist};
use styring::{Kald, Styringsfejl, forbrug};
use uuid::Uuid;

async fn sendt(scene: &Scene, la: &Kald, navn: &str, ekstra: &[&str]) -> Uuid {
    let mut vil = anmodning(&[KORSBAEK]);
    vil.navn = navn.into();
    vil.begrundelse = format!("{navn} skal vise, hvilken enhed i kommunen der har ansvaret for en sag.");
    let rolle = |navn: &&str| Service::organisation().rolle_med_navn(navn).expect("the role").uri.clone();
    vil.services[0].roller.extend(ekstra.iter().map(rolle));
    let uuid = aftaler::gem_kladde(&scene.app, la, None, &vil).await.expect("a draft");
    aftaler::send(&scene.app, la, uuid).await.expect("sent");
    uuid
}

fn vist(scene: &Scene, uuid: Uuid) -> Vist {
    let politik = scene.app.politik();
    let version = politik.aftale(uuid).and_then(|a| a.versioner.last()).expect("a version");
    Vist { aftale: uuid, nummer: version.nummer, maerke: aftaler::indholdsmaerke(version) }
}

fn kode(fejl: &Styringsfejl) -> &'static str {
    match fejl {
        Styringsfejl::Afvist(alle) => alle[0].kode,
        Styringsfejl::Intern(fejl) => panic!("{fejl}"),
    }
}

async fn svar(scene: &Scene, hvem: &Kald, viste: &[Vist]) -> Vec<(Uuid, Result<Godkendt, &'static str>)> {
    let udfald = aftaler::godkend_flere(&scene.app, hvem, viste).await.expect("the same");
    udfald.into_iter().map(|u| (u.aftale, u.svar.map_err(|f| kode(&f)))).collect()
}

fn tilstand(scene: &Scene, uuid: Uuid) -> T {
    let politik = scene.app.politik();
    politik.aftale(uuid).expect("there").gaeldende(cvr(KORSBAEK), scene.nu()).expect("asked").tilstand
}

#[tokio::test]
async fn requests_for_the_same_are_approved_together_each_by_itself() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Godkender]).await;
    let (a, b, c) = (
        sendt(&scene, &la, "A", &[]).await,
        sendt(&scene, &la, "B", &[]).await,
        sendt(&scene, &la, "C", &["Rediger"]).await,
    );
    let alle = [vist(&scene, a), vist(&scene, b), vist(&scene, c)];
    let foer = app.politik().version().to_owned();
    assert_eq!(koder(aftaler::godkend_flere(app, &gk, &alle).await), ["G-218"], "not the same change");
    assert_eq!(koder(aftaler::godkend_flere(app, &gk, &[]).await), ["A-006"]);
    let mange = vec![alle[0].clone(); aftaler::FLERE_MAX + 1];
    assert_eq!(koder(aftaler::godkend_flere(app, &gk, &mange).await), ["G-219"]);
    assert_eq!(koder(aftaler::godkend_flere(app, &la, &alle[..2]).await), ["A-001"]);
    let ukendt = Uuid::from_u128(404);
    assert_eq!(
        svar(&scene, &nabo, &[alle[0].clone(), Vist { aftale: ukendt, ..alle[1].clone() }]).await,
        [(a, Err("A-404")), (ukendt, Err("A-404"))]
    );
    assert_eq!(app.politik().version(), foer, "nothing of it was written");

    // One was shown as something else; one is named twice.
    let gammel = Vist { maerke: "andet".into(), ..alle[1].clone() };
    let viste = [alle[0].clone(), gammel.clone(), alle[0].clone()];
    assert_eq!(svar(&scene, &gk, &viste).await, [(a, Ok(Godkendt::Helt)), (b, Err("A-005"))]);
    assert_eq!((tilstand(&scene, a), tilstand(&scene, b)), (T::Aktiv, T::Anmodet));
    // Sent again: what was approved is not approved twice, the rest goes through.
    assert_eq!(svar(&scene, &gk, &alle[..2]).await, [(a, Err("G-210")), (b, Ok(Godkendt::Helt))]);
    let foer = app.politik().version().to_owned();
    assert_eq!(svar(&scene, &gk, &alle[..2]).await, [(a, Err("G-210")), (b, Err("G-210"))]);
    assert_eq!(app.politik().version(), foer);
    let godkendelser = scene.log().await.iter().filter(|l| *l == "Gunnar: godkend serviceaftale").count();
    assert_eq!((godkendelser, tilstand(&scene, c)), (2, T::Anmodet), "a line each, and the third waits");
}

#[tokio::test]
async fn who_asked_himself_is_countersigned_among_others_too() {
    let scene = Scene::ny().await;
    let mut data = scene.app.politik().data().clone();
    let egen = data.parter.iter_mut().find(|p| p.cvr == cvr(MATADOR)).expect("the supplier");
    egen.arter.insert(administration::Partsart::Myndighed);
    egen.egen_godkendelse = true;
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let begge = [R::Leverandoeradministrator, R::Godkender];
    let selv = scene.person("Selma", MATADOR, &begge).await;
    let anden = scene.person("Axel", MATADOR, &begge).await;
    let sendt = async |hvem: &Kald| {
        let uuid =
            aftaler::gem_kladde(&scene.app, hvem, None, &anmodning(&[MATADOR])).await.expect("a draft");
        aftaler::send(&scene.app, hvem, uuid).await.expect("sent");
        uuid
    };
    let (min, andens) = (sendt(&selv).await, sendt(&anden).await);
    let viste = [vist(&scene, min), vist(&scene, andens)];
    assert_eq!(
        svar(&scene, &selv, &viste).await,
        [(min, Ok(Godkendt::Medunderskrift)), (andens, Ok(Godkendt::Helt))]
    );
    assert_eq!(svar(&scene, &selv, &viste).await, [(min, Err("G-205")), (andens, Err("G-210"))]);
    assert_eq!(svar(&scene, &anden, &viste[..1]).await, [(min, Ok(Godkendt::Helt))]);
}

#[tokio::test]
async fn what_is_asked_for_is_the_same_by_content_and_not_by_name() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let maerke = |uuid: Uuid| {
        let politik = scene.app.politik();
        let visninger = aftaler::hent(&gk, &politik, uuid, scene.nu()).expect("seen");
        aftaler::aendringsmaerke(&visninger[0])
    };
    let (a, b) = (sendt(&scene, &la, "A", &[]).await, sendt(&scene, &la, "B", &[]).await);
    let c = sendt(&scene, &la, "C", &["Rediger"]).await;
    assert!(maerke(a).is_some() && maerke(a) == maerke(b) && maerke(a) != maerke(c));
    let andre: [fn(&mut aftaler::Anmodning); 3] = [
        |v| v.formaal.hjemmel = "En anden lov".into(),
        |v| v.formaal.databehandleraftale = "DBA-9".into(),
        |v| v.gyldig.to = Instant::from_micros(2_000_000_000_000_000),
    ];
    for ret in andre {
        let mut vil = anmodning(&[KORSBAEK]);
        ret(&mut vil);
        let uuid = aftaler::gem_kladde(&scene.app, &la, None, &vil).await.expect("a draft");
        aftaler::send(&scene.app, &la, uuid).await.expect("sent");
        assert_ne!(maerke(a), maerke(uuid));
    }
    // The same services on top of others are another change.
    scene.svar(&gk, c, 1, &Svar::Godkend(None)).await.expect("approved");
    assert_eq!(maerke(c), None, "nothing is asked any more");
    aftaler::ny_version(&scene.app, &la, c).await.expect("a change");
    aftaler::gem_kladde(&scene.app, &la, Some(c), &anmodning(&[KORSBAEK])).await.expect("corrected");
    aftaler::send(&scene.app, &la, c).await.expect("sent");
    assert!(maerke(c).is_some() && maerke(c) != maerke(a));
}

#[tokio::test]
async fn a_copy_is_a_draft_of_the_same_for_those_who_have_not_given_it() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let tk = scene.person("Tage", MATADOR, &[R::TekniskKontakt]).await;
    let mut vil = anmodning(&[KORSBAEK, NABOKOEBING]);
    vil.gyldig.from = Instant::from_micros(scene.nu().micros() + 30 * DAG);
    let original = aftaler::gem_kladde(app, &la, None, &vil).await.expect("a draft");
    assert_eq!(koder(aftaler::kopier(app, &gk, original).await), ["A-404"], "a Godkender of another party");
    assert_eq!(koder(aftaler::kopier(app, &tk, original).await), ["A-001"]);
    assert_eq!(koder(aftaler::kopier(app, &la, Uuid::from_u128(9)).await), ["A-404"]);
    let se = |uuid: Uuid| {
        let politik = app.politik();
        let a = politik.aftale(uuid).expect("there").clone();
        let myndigheder: Vec<_> = a.myndigheder().collect();
        (a, myndigheder)
    };
    let kopi = aftaler::kopier(app, &la, original).await.expect("copied");
    let ((gammel, _), (ny, myndigheder)) = (se(original), se(kopi));
    assert_eq!((&ny.navn, ny.system, myndigheder.len()), (&gammel.navn, gammel.system, 2));
    assert_ne!(ny.nummer, gammel.nummer);
    let (v, w) = (&gammel.versioner[0], &ny.versioner[0]);
    assert_eq!((&v.services, v.gyldig, &v.begrundelse), (&w.services, w.gyldig, &w.begrundelse));
    assert!(w.formaal.vilkaar_accepteret_af.is_none() && w.formaal.hjemmel == v.formaal.hjemmel);
    assert!(koder(aftaler::send(app, &la, kopi).await).contains(&"G-201"), "terms are accepted anew");

    let original =
        aftaler::gem_kladde(app, &la, None, &anmodning(&[KORSBAEK, NABOKOEBING])).await.expect("a draft");
    aftaler::send(app, &la, original).await.expect("sent");
    scene.svar(&gk, original, 1, &Svar::Afvis("Nej tak".into())).await.expect("refused");
    let kopi = aftaler::kopier(app, &la, original).await.expect("what was refused is copied");
    let (ny, myndigheder) = se(kopi);
    assert_eq!(myndigheder, [cvr(KORSBAEK), cvr(NABOKOEBING)]);
    assert!(ny.versioner[0].myndigheder.iter().all(|p| p.tilstand == T::Kladde && p.aarsag.is_none()));
    let original =
        aftaler::gem_kladde(app, &la, None, &anmodning(&[KORSBAEK, NABOKOEBING])).await.expect("a draft");
    aftaler::send(app, &la, original).await.expect("sent");
    scene.svar(&gk, original, 1, &Svar::Godkend(None)).await.expect("approved");
    let kopi = aftaler::kopier(app, &la, original).await.expect("copied");
    assert_eq!(se(kopi).1, [cvr(NABOKOEBING)], "who has given it is not asked for it again");
    assert_eq!(tilstand(&scene, original), T::Aktiv);
}

#[tokio::test]
async fn unused_is_what_the_notices_say_is_unused() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let red = scene.person("Rita", KORSBAEK, &[R::Redaktoer]).await;
    let (a, b) = (sendt(&scene, &la, "A", &[]).await, sendt(&scene, &la, "B", &[]).await);
    for uuid in [a, b] {
        scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    }
    let kald = async |nr: u128, aftale: Uuid| {
        let post = LogPost {
            tid: scene.nu(),
            transaktion: Uuid::from_u128(nr),
            system: Some(KY),
            myndighed: Some(cvr(KORSBAEK)),
            aftale: Some(aftale),
            operation: "laes",
            objekttype: "Bruger",
            udfald: LogPost::OK,
            regel: String::new(),
        };
        app.store().log_nu(post).await.expect("stored");
        app.store().forsegl(scene.nu()).await.expect("sealed");
    };
    let ubrugte = async |hvem: &Kald| {
        let politik = app.politik();
        let alle =
            aftaler::list(hvem, &politik, &aftaler::Aftalesoegning::default(), scene.nu()).expect("a list");
        let mut ud: Vec<Uuid> = forbrug::ikke_brugte(app, hvem, &alle)
            .await
            .expect("asked")
            .into_iter()
            .map(|(u, _)| u)
            .collect();
        ud.sort_unstable();
        ud
    };
    let begge = {
        let mut x = vec![a, b];
        x.sort_unstable();
        x
    };
    assert!(ubrugte(&gk).await.is_empty(), "nothing was ever counted");
    kald(1, a).await;
    scene.gaa(89);
    assert!(ubrugte(&gk).await.is_empty());
    scene.gaa(1);
    for hvem in [&gk, &la] {
        assert_eq!(ubrugte(hvem).await, begge, "both sides see it");
    }
    kald(2, b).await;
    assert_eq!(ubrugte(&gk).await, [a]);
    scene.gaa(89);
    assert_eq!(ubrugte(&gk).await, [a]);
    scene.gaa(1);
    assert_eq!(ubrugte(&gk).await, begge, "long ago is unused again");
    aftaler::spaer(app, &gk, a, cvr(KORSBAEK), "Mistanke").await.expect("blocked");
    assert_eq!(ubrugte(&gk).await, [b], "what nobody can use is not judged");
    aftaler::genbekraeft(app, &gk, b).await.expect("confirmed");
    assert!(ubrugte(&gk).await.is_empty(), "the days begin anew");
    assert_eq!(koder(forbrug::ikke_brugte(app, &red, &[]).await), ["A-001"]);
}
