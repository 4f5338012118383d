//! Approval beforehand: what gives no more comes into force without a click, and nothing else does.

use crate::scene::*;
use administration::{Aftaleservice, Aftaletilstand as T, Modulrolle as R, Service};
use std::collections::BTreeMap;
use store::Logsoegning;
use styring::aftaler::{self, Anmodning, Svar};
use styring::{Kald, brugere, opgaver};
use uuid::Uuid;

/// A request for these roles in Organisation.
fn med(roller: &[&str]) -> Anmodning {
    let service = Service::organisation();
    let uri = |navn: &&str| service.rolle_med_navn(navn).expect("the role").uri.clone();
    let services = vec![Aftaleservice {
        service: service.uuid,
        id: None,
        udstedt_kontekst: None,
        roller: roller.iter().map(uri).collect(),
        parametre: BTreeMap::new(),
    }];
    Anmodning { services, ..anmodning(&[KORSBAEK]) }
}

/// Asked for and approved with a standardgodkendelse.
async fn scene() -> (Scene, Kald, Kald, Uuid) {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let begge = med(&["Udstil", rediger()]);
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &begge).await.expect("a draft");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    let vist = vist(&scene, uuid, 1);
    aftaler::svar_med(&scene.app, &gk, uuid, (1, &vist), &Svar::Godkend(None), true).await.expect("approved");
    (scene, la, gk, uuid)
}

fn rediger() -> &'static str {
    administration::Rolle::Rediger.navn()
}

fn vist(scene: &Scene, uuid: Uuid, nummer: u32) -> String {
    let politik = scene.app.politik();
    let version = politik.aftale(uuid).and_then(|a| a.versioner.iter().find(|v| v.nummer == nummer));
    version.map(aftaler::indholdsmaerke).expect("the version")
}

/// Asks for a new version; gives the state it gets for Korsbæk.
async fn anmod(scene: &Scene, la: &Kald, uuid: Uuid, a: &Anmodning) -> T {
    let nummer = aftaler::ny_version(&scene.app, la, uuid).await.expect("a change");
    aftaler::gem_kladde(&scene.app, la, Some(uuid), a).await.expect("a draft");
    aftaler::send(&scene.app, la, uuid).await.expect("sent");
    let politik = scene.app.politik();
    let version = politik.aftale(uuid).and_then(|a| a.versioner.iter().find(|v| v.nummer == nummer));
    version.expect("it").myndigheder.iter().find(|p| p.myndighed == cvr(KORSBAEK)).expect("asked").tilstand
}

#[tokio::test]
async fn less_is_in_force_without_a_click_and_says_by_whose_rule() {
    let (scene, la, gk, uuid) = scene().await;
    let naar = brugere::dato(scene.nu());
    // A day later, so that what is told last is the newest.
    scene.gaa(1);
    assert_eq!(anmod(&scene, &la, uuid, &med(&["Udstil"])).await, T::Godkendt);
    let politik = scene.app.politik();
    let g = politik.aftale(uuid).and_then(|a| a.gaeldende(cvr(KORSBAEK), scene.nu())).expect("one");
    assert_eq!((g.version.nummer, g.tilstand, g.version.services[0].roller.len()), (2, T::Aktiv, 1));
    assert!(g.part.godkendt_af.is_none() && g.part.genbekraeftes.is_some());
    let regel = g.part.godkendt_efter.as_ref().expect("the rule");
    assert_eq!((regel.navn.as_str(), regel.version), ("Gunnar", 1));
    assert!(opgaver::mine(&scene.app, &gk).await.expect("tasks").is_empty());
    let emne = "Version 2 af serviceaftalen KY læser organisation er godkendt efter standardgodkendelse";
    assert_eq!(scene.ulaeste(&gk).await.first().map(String::as_str), Some(emne));
    let alle = Logsoegning { antal: 100, ..Logsoegning::default() };
    let linjer = scene.app.store().aendringslog(&alle).await.expect("the log");
    let linje = linjer.iter().map(|l| &l.1).find(|l| l.navn == "Standardgodkendelse").expect("a line");
    assert_eq!((linje.part, linje.bruger), (cvr(KORSBAEK), None));
    assert!(linje.detaljer.ends_with(&format!("givet af Gunnar den {naar}")), "{}", linje.detaljer);
    // Back to what it was is more than now.
    assert_eq!(anmod(&scene, &la, uuid, &med(&["Udstil", rediger()])).await, T::Anmodet);
    assert_eq!(opgaver::mine(&scene.app, &gk).await.expect("tasks").len(), 1);
}

#[tokio::test]
async fn more_is_asked_about() {
    for (hvad, aendr) in [
        ("purpose", (|a: &mut Anmodning| a.formaal.formaal = "Noget andet".into()) as fn(&mut Anmodning)),
        ("where data is processed", |a| a.formaal.behandlingssted = "USA".into()),
        ("parties", |a| {
            a.myndigheder.insert(cvr(NABOKOEBING));
        }),
    ] {
        let (scene, la, _, uuid) = scene().await;
        let mut a = med(&["Udstil"]);
        aendr(&mut a);
        assert_eq!(anmod(&scene, &la, uuid, &a).await, T::Anmodet, "{hvad}");
    }
}

#[tokio::test]
async fn it_lapses_with_its_giver_and_with_time_and_is_withdrawn() {
    let smal = med(&["Udstil"]);
    // The role ends.
    let (scene, la, gk, uuid) = scene().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let gunnar = brugere::hent(&scene.app, &adm, gk.aktoer.bruger).await.expect("seen");
    brugere::spaer(&scene.app, &adm, gunnar.post.uuid, gunnar.version, "Fratrådt").await.expect("disabled");
    let anden = scene.person("Grete", KORSBAEK, &[R::Godkender]).await;
    let politik = scene.app.politik();
    let v = aftaler::hent(&anden, &politik, uuid, scene.nu()).expect("seen")[0];
    let set = aftaler::standard(&scene.app, &anden, &v).await.expect("read").expect("there");
    assert!(set.bortfaldet.is_some_and(|b| b.contains("ikke længere")));
    assert_eq!(anmod(&scene, &la, uuid, &smal).await, T::Anmodet);
    // A year: the last moment, and the one after it.
    for (tilbage, ventet) in [(1, T::Godkendt), (0, T::Anmodet)] {
        let (scene, la, _, uuid) = self::scene().await;
        let mut data = scene.app.politik().data().clone();
        let regler = data.aftaler.iter_mut().flat_map(|a| &mut a.standardgodkendelser);
        regler.for_each(|r| {
            assert_eq!(r.udloeber.micros() - r.givet.micros(), 365 * DAG);
            r.udloeber = bitemporal::Instant::from_micros(scene.nu().micros() + tilbage);
        });
        scene.app.saet_politik(&data, false).await.expect("a policy");
        assert_eq!(anmod(&scene, &la, uuid, &smal).await, ventet);
    }
    // Withdrawn, by any Godkender.
    let (scene, la, gk, uuid) = self::scene().await;
    let anden = scene.person("Grete", KORSBAEK, &[R::Godkender]).await;
    aftaler::traek_standard(&scene.app, &anden, uuid).await.expect("withdrawn");
    assert_eq!(koder(aftaler::traek_standard(&scene.app, &gk, uuid).await), ["G-210"], "there is none");
    assert_eq!(anmod(&scene, &la, uuid, &smal).await, T::Anmodet);
    assert!(scene.log().await.contains(&"Grete: træk standardgodkendelse tilbage".to_owned()));
}

#[tokio::test]
async fn it_is_given_on_the_agreement_by_the_authority_and_never_for_ones_own_request() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Godkender]).await;
    let uuid = aftaler::gem_kladde(app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    assert_eq!(koder(aftaler::giv_standard(app, &gk, uuid).await), ["A-404"], "a draft");
    aftaler::send(app, &la, uuid).await.expect("sent");
    assert_eq!(koder(aftaler::giv_standard(app, &gk, uuid).await), ["G-210"], "not in force");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    assert_eq!(koder(aftaler::giv_standard(app, &nabo, uuid).await), ["A-404"]);
    assert_eq!(koder(aftaler::traek_standard(app, &nabo, uuid).await), ["A-404"]);
    assert_eq!(koder(aftaler::giv_standard(app, &la, uuid).await), ["A-001"]);
    aftaler::giv_standard(app, &gk, uuid).await.expect("given");
    let politik = app.politik();
    let v = aftaler::hent(&la, &politik, uuid, scene.nu()).expect("seen")[0];
    assert!(aftaler::standard(app, &la, &v).await.expect("read").is_none(), "the authority's own business");
    // Blocked or given notice of, nothing passes by it.
    aftaler::spaer(app, &gk, uuid, cvr(KORSBAEK), "Mistanke").await.expect("blocked");
    assert_eq!(anmod(&scene, &la, uuid, &anmodning(&[KORSBAEK])).await, T::Anmodet);
    assert_eq!(koder(aftaler::giv_standard(app, &gk, uuid).await), ["G-210"], "not in force");
}

#[tokio::test]
async fn whoever_gave_it_does_not_ask_under_it() {
    let (scene, la, _, uuid) = scene().await;
    // Somebody who is both: a Godkender of Korsbæk, and the supplier's administrator.
    let mut data = scene.app.politik().data().clone();
    let hende = la.aktoer.bruger;
    data.aftaler.iter_mut().flat_map(|a| &mut a.standardgodkendelser).for_each(|s| s.givet_af = hende);
    scene.app.saet_politik(&data, false).await.expect("a policy");
    assert_eq!(anmod(&scene, &la, uuid, &med(&["Udstil"])).await, T::Anmodet);
}
