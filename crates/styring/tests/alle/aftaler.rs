//! An agreement from draft to its end.

use crate::scene::*;
use administration::{Aftaletilstand, Modulrolle, Part};
use app::{App, Config, Silent};
use bitemporal::Instant;
use std::collections::BTreeSet;
use std::sync::Arc;
use styring::aftaler::{self, Aftalesoegning, Svar};
use styring::{Kald, opgaver};
use uuid::Uuid;

async fn anmodet(scene: &Scene, la: &Kald, myndigheder: &[&str]) -> Uuid {
    let uuid = aftaler::gem_kladde(&scene.app, la, None, &anmodning(myndigheder)).await.expect("a draft");
    aftaler::send(&scene.app, la, uuid).await.expect("sent");
    uuid
}

fn tilstand(scene: &Scene, kald: &Kald, uuid: Uuid) -> Aftaletilstand {
    aftaler::hent(kald, &scene.app.politik(), uuid, scene.nu()).expect("seen")[0].tilstand
}

#[tokio::test]
async fn a_supplier_asks_and_a_godkender_approves() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    assert!(
        koder(aftaler::hent(&gk, &scene.app.politik(), uuid, scene.nu())) == ["A-404"],
        "a draft is the supplier's"
    );
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    assert_eq!(tilstand(&scene, &gk, uuid), Aftaletilstand::Anmodet);
    let opgave = opgaver::mine(&scene.app, &gk).await.expect("tasks").remove(0).post;
    assert_eq!(
        (opgave.titel.as_str(), opgave.objekt.1),
        ("KY anmoder om serviceaftale: KY læser organisation", uuid)
    );
    assert!(!scene.ky_kan_laese(KORSBAEK));
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    assert!(scene.ky_kan_laese(KORSBAEK), "at once");
    assert_eq!(tilstand(&scene, &la, uuid), Aftaletilstand::Aktiv);
    assert!(opgaver::mine(&scene.app, &gk).await.expect("tasks").is_empty(), "the task is done");
    let nummer = scene.app.politik().data().aftaler[0].nummer.clone();
    assert!(nummer.is_some_and(|n| n.starts_with("SA-20") && n.ends_with("-0001")));
    let log = scene.log().await;
    assert_eq!(log[..2], ["Gunnar: godkend serviceaftale", "Laura: send anmodning om serviceaftale"]);
    assert_eq!(scene.app.store().efterproev_aendringslog([]).await.expect("the chain").brud, None);
}

#[tokio::test]
async fn drafts_saved_at_once_on_two_servers_have_each_their_number() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let nu = scene.nu();
    let anden =
        App::with_clock(scene.app.store().clone(), Config::default(), Arc::new(Silent), Box::new(move || nu));
    let anden = anden.await.expect("another server");
    let hver = anmodning(&[KORSBAEK]);
    for _ in 0..10 {
        let (a, b) = tokio::join!(
            aftaler::gem_kladde(&scene.app, &la, None, &hver),
            aftaler::gem_kladde(&anden, &la, None, &hver),
        );
        assert_ne!(a.expect("a draft"), b.expect("a draft"));
    }
    let data = scene.app.laes_politik().await.expect("the policy").data;
    let numre: BTreeSet<_> = data.aftaler.iter().filter_map(|a| a.nummer.clone()).collect();
    assert_eq!((data.aftaler.len(), numre.len()), (20, 20), "{numre:?}");
}

#[tokio::test]
async fn what_is_missing_is_said_all_at_once() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let mut tom = anmodning(&[]);
    tom.begrundelse = "kort".into();
    tom.services.clear();
    tom.formaal = administration::Aftaleformaal::default();
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &tom).await.expect("little is demanded of a draft");
    let fejl = aftaler::send(&scene.app, &la, uuid).await.expect_err("much is missing").to_string();
    for mangler in
        ["begrundelse", "myndighed", "service", "formål", "hjemmel", "databehandleraftale", "drift", "vilkår"]
    {
        assert!(fejl.contains(mangler), "{mangler}: {fejl}");
    }
    scene.gaa(350);
    let hel = anmodning(&[KORSBAEK]);
    aftaler::gem_kladde(&scene.app, &la, Some(uuid), &hel).await.expect("corrected");
    let fejl = aftaler::send(&scene.app, &la, uuid).await.expect_err("the certificate ends").to_string();
    assert!(fejl.contains("certifikat på KY"), "{fejl}");
    assert_eq!(tilstand(&scene, &la, uuid), Aftaletilstand::Kladde, "nothing changed");
}

#[tokio::test]
async fn each_authority_answers_for_itself() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Godkender]).await;
    let uuid = anmodet(&scene, &la, &[KORSBAEK, NABOKOEBING]).await;
    assert_eq!(koder(scene.svar(&gk, uuid, 1, &Svar::Afvis(" ".into())).await), ["G-206"]);
    let senere = Instant::from_micros(scene.nu().micros() + 5 * DAG);
    scene.svar(&gk, uuid, 1, &Svar::Godkend(Some(senere))).await.expect("from a day on");
    scene.svar(&anden, uuid, 1, &Svar::Returner("Hvorfor navne?".into())).await.expect("returned");
    assert_eq!((scene.ky_kan_laese(KORSBAEK), scene.ky_kan_laese(NABOKOEBING)), (false, false));
    let spurgt = opgaver::mine(&scene.app, &la).await.expect("tasks");
    assert_eq!(spurgt[0].post.titel, "Nabokøbing Kommune har spørgsmål til KY læser organisation");
    let hos = aftaler::hent(&anden, &scene.app.politik(), uuid, scene.nu()).expect("seen").len();
    assert_eq!(hos, 1, "an authority sees its own part only");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent again");
    assert!(opgaver::mine(&scene.app, &la).await.expect("tasks").is_empty());
    scene.svar(&anden, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    assert_eq!((scene.ky_kan_laese(KORSBAEK), scene.ky_kan_laese(NABOKOEBING)), (false, true));
    scene.gaa(5);
    assert!(scene.ky_kan_laese(KORSBAEK), "the day has come, for that authority");
}

#[tokio::test]
async fn nobody_approves_alone_what_he_asked_for_himself() {
    let scene = Scene::ny().await;
    let mut data = scene.app.politik().data().clone();
    let egen = data.parter.iter_mut().find(|p| p.cvr == cvr(MATADOR)).expect("the supplier");
    egen.arter.insert(administration::Partsart::Myndighed);
    egen.egen_godkendelse = true;
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let begge = [Modulrolle::Leverandoeradministrator, Modulrolle::Godkender];
    let selv = scene.person("Selma", MATADOR, &begge).await;
    let anden = scene.person("Axel", MATADOR, &[Modulrolle::Godkender]).await;
    let uuid = anmodet(&scene, &selv, &[MATADOR]).await;
    scene.svar(&selv, uuid, 1, &Svar::Godkend(None)).await.expect("the first signature");
    assert_eq!(tilstand(&scene, &selv, uuid), Aftaletilstand::Anmodet, "one is not enough");
    assert_eq!(koder(scene.svar(&selv, uuid, 1, &Svar::Godkend(None)).await), ["G-205"]);
    scene.svar(&anden, uuid, 1, &Svar::Godkend(None)).await.expect("the second");
    assert!(scene.ky_kan_laese(MATADOR));
    let mut uden = scene.app.politik().data().clone();
    let part: &mut Part = uden.parter.iter_mut().find(|p| p.cvr == cvr(MATADOR)).expect("the supplier");
    part.egen_godkendelse = false;
    scene.app.saet_politik(&uden, false).await.expect("a policy");
    aftaler::ny_version(&scene.app, &selv, uuid).await.expect("a change");
    let mut a = anmodning(&[MATADOR]);
    a.navn = "Igen".into();
    aftaler::gem_kladde(&scene.app, &selv, Some(uuid), &a).await.expect("a draft");
    aftaler::send(&scene.app, &selv, uuid).await.expect("sent");
    assert_eq!(koder(scene.svar(&selv, uuid, 2, &Svar::Godkend(None)).await), ["G-205"]);
}

#[tokio::test]
async fn blocked_at_once_and_given_notice_of() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Godkender]).await;
    let uuid = anmodet(&scene, &la, &[KORSBAEK]).await;
    assert_eq!(
        koder(aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "nu").await),
        ["G-210"],
        "not in force"
    );
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    assert_eq!(koder(aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "").await), ["A-006"]);
    assert_eq!(koder(aftaler::spaer(&scene.app, &anden, uuid, cvr(KORSBAEK), "nej").await), ["A-404"]);
    aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "Mistanke om misbrug").await.expect("blocked");
    assert!(!scene.ky_kan_laese(KORSBAEK));
    assert_eq!(
        koder(aftaler::ophaev(&scene.app, &la, uuid, cvr(KORSBAEK)).await),
        ["G-212"],
        "not the supplier's to lift"
    );
    assert!(!scene.ky_kan_laese(KORSBAEK));
    aftaler::ophaev(&scene.app, &gk, uuid, cvr(KORSBAEK)).await.expect("opened");
    aftaler::spaer(&scene.app, &la, uuid, cvr(KORSBAEK), "Fejl hos os")
        .await
        .expect("blocked by the supplier");
    assert_eq!(koder(aftaler::ophaev(&scene.app, &gk, uuid, cvr(KORSBAEK)).await), ["G-212"]);
    aftaler::ophaev(&scene.app, &la, uuid, cvr(KORSBAEK)).await.expect("opened by the supplier");
    assert!(scene.ky_kan_laese(KORSBAEK));
    let dag = Instant::from_micros(scene.nu().micros() + 30 * DAG);
    aftaler::opsig(&scene.app, &la, uuid, cvr(KORSBAEK), dag, "Systemet lukkes").await.expect("notice");
    assert!(scene.ky_kan_laese(KORSBAEK), "until the day");
    scene.gaa(30);
    assert!(!scene.ky_kan_laese(KORSBAEK));
    assert_eq!(tilstand(&scene, &gk, uuid), Aftaletilstand::Ophoert);
}

#[tokio::test]
async fn a_change_leaves_the_present_version_in_force_until_it_is_approved() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let uuid = anmodet(&scene, &la, &[KORSBAEK]).await;
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    assert_eq!(
        koder(aftaler::gem_kladde(&scene.app, &la, Some(uuid), &anmodning(&[KORSBAEK])).await),
        ["G-207"]
    );
    assert_eq!(aftaler::ny_version(&scene.app, &la, uuid).await.expect("a change"), 2);
    assert_eq!(koder(aftaler::ny_version(&scene.app, &la, uuid).await), ["G-211"]);
    let mut mere = anmodning(&[KORSBAEK]);
    let organisation = administration::Service::organisation();
    mere.services[0].roller.push(organisation.rolle_med_navn("Rediger").expect("the role").uri.clone());
    aftaler::gem_kladde(&scene.app, &la, Some(uuid), &mere).await.expect("a draft");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    assert!(scene.ky_kan_laese(KORSBAEK));
    let politik = scene.app.politik();
    let visning = aftaler::hent(&gk, &politik, uuid, scene.nu()).expect("seen")[0];
    assert_eq!((visning.tilstand, visning.til_svar().map(|v| v.nummer)), (Aftaletilstand::Aktiv, Some(2)));
    let k = styring::konsekvens::ved(
        &politik,
        |data| {
            let part = &mut data.aftaler[0].versioner[1].myndigheder[0];
            part.tilstand = Aftaletilstand::Godkendt;
        },
        &[uuid],
        scene.nu(),
    );
    assert_eq!(
        (k.len(), k[0].systemnavn.as_str(), k[0].myndighedsnavn.as_str()),
        (1, "KY", "Korsbæk Kommune")
    );
    assert!(k[0].faar.contains(&"rette (ret)".to_owned()) && k[0].mister.is_empty(), "{k:?}");
    let venter = Aftalesoegning { til_svar: true, ..Aftalesoegning::default() };
    assert_eq!(aftaler::list(&gk, &politik, &venter, scene.nu()).expect("a list").len(), 1);
    aftaler::traek_tilbage(&scene.app, &la, uuid).await.expect("withdrawn");
    assert!(aftaler::list(&gk, &scene.app.politik(), &venter, scene.nu()).expect("a list").is_empty());
    assert_eq!(koder(scene.svar(&gk, uuid, 2, &Svar::Godkend(None)).await), ["G-210"]);
}

#[tokio::test]
async fn it_is_confirmed_every_year_or_runs_out() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let uuid = anmodet(&scene, &la, &[KORSBAEK]).await;
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    let i_kraft = |dage: i64| {
        let tid = Instant::from_micros(scene.nu().micros() + dage * DAG);
        scene.app.politik().data().aftaler[0].gaeldende(cvr(KORSBAEK), tid).expect("one").i_kraft()
    };
    assert_eq!((i_kraft(394), i_kraft(395)), (true, false), "a year and thirty days");
    aftaler::genbekraeft(&scene.app, &gk, uuid).await.expect("confirmed");
    assert_eq!(koder(aftaler::genbekraeft(&scene.app, &la, uuid).await), ["A-001"]);
}

#[tokio::test]
async fn rights_are_asked_before_anything_else() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let laes = scene.person("Lise", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    let uuid = anmodet(&scene, &la, &[KORSBAEK]).await;
    for kald in [&laes, &la, &op] {
        assert_eq!(koder(scene.svar(kald, uuid, 1, &Svar::Godkend(None)).await), ["A-001"]);
    }
    assert_eq!(koder(aftaler::gem_kladde(&scene.app, &laes, None, &anmodning(&[KORSBAEK])).await), ["A-001"]);
    assert_eq!(tilstand(&scene, &laes, uuid), Aftaletilstand::Anmodet, "but seen");
    let fremmed = scene.person("Fie", "22334455", &[Modulrolle::Godkender]).await;
    assert_eq!(koder(aftaler::hent(&fremmed, &scene.app.politik(), uuid, scene.nu())), ["A-404"]);
    assert_eq!(koder(scene.svar(&fremmed, uuid, 1, &Svar::Godkend(None)).await), ["A-404"]);
}

#[tokio::test]
async fn what_was_answered_keeps_the_content_that_was_shown() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Godkender]).await;
    let uuid = anmodet(&scene, &la, &[KORSBAEK, NABOKOEBING]).await;
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    let vist = aftaler::indholdsmaerke(&scene.app.politik().data().aftaler[0].versioner[0]);
    scene.svar(&anden, uuid, 1, &Svar::Returner("Hvorfor?".into())).await.expect("returned");
    let mut mere = anmodning(&[NABOKOEBING]);
    mere.navn = "Et andet navn".into();
    let organisation = administration::Service::organisation();
    mere.services[0].roller.push(organisation.rolle_med_navn("Rediger").expect("the role").uri.clone());
    aftaler::gem_kladde(&scene.app, &la, Some(uuid), &mere).await.expect("corrected");
    let aftale = scene.app.politik().data().aftaler[0].clone();
    assert_eq!(aftale.versioner.len(), 2, "whoever has answered keeps a version");
    assert_eq!(
        (aftale.versioner[0].services[0].roller.len(), aftale.navn.as_str()),
        (1, "KY læser organisation")
    );
    let parter = |v: usize| aftale.versioner[v].myndigheder.iter().map(|p| p.myndighed).collect::<Vec<_>>();
    assert_eq!((parter(0), parter(1)), (vec![cvr(KORSBAEK)], vec![cvr(NABOKOEBING)]));
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    let gammelt = aftaler::svar(&scene.app, &anden, uuid, (2, &vist), &Svar::Godkend(None)).await;
    assert_eq!(koder(gammelt), ["A-005"], "a page from before the correction");
    scene.svar(&anden, uuid, 2, &Svar::Godkend(None)).await.expect("what is shown now");
    assert_eq!((scene.ky_kan_laese(KORSBAEK), scene.ky_kan_laese(NABOKOEBING)), (true, true));
    aftaler::ny_version(&scene.app, &la, uuid).await.expect("a change");
    let sidste = scene.app.politik().data().aftaler[0].versioner[2].clone();
    assert_eq!(sidste.myndigheder.len(), 2, "a change is for both");
}

#[tokio::test]
async fn what_came_back_with_questions_can_be_given_up() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let uuid = anmodet(&scene, &la, &[KORSBAEK]).await;
    scene.svar(&gk, uuid, 1, &Svar::Returner("Hvorfor navne?".into())).await.expect("returned");
    // The neighbour is added to the correction, and never asked.
    aftaler::gem_kladde(&scene.app, &la, Some(uuid), &anmodning(&[KORSBAEK, NABOKOEBING]))
        .await
        .expect("corrected");
    aftaler::traek_tilbage(&scene.app, &la, uuid).await.expect("withdrawn");
    let aftale = scene.app.politik().data().aftaler[0].clone();
    let parter: Vec<_> = aftale.versioner[0].myndigheder.iter().map(|p| (p.myndighed, p.tilstand)).collect();
    assert_eq!(parter, [(cvr(KORSBAEK), Aftaletilstand::TrukketTilbage)]);
    assert!(
        styring::opgaver::mine(&scene.app, &la).await.expect("tasks").is_empty(),
        "nothing is left to do"
    );
    assert_eq!(koder(aftaler::traek_tilbage(&scene.app, &la, uuid).await), ["G-210"]);
}

#[tokio::test]
async fn another_suppliers_draft_does_not_exist() {
    let scene = Scene::ny().await;
    let mut data = scene.app.politik().data().clone();
    data.parter.push(Part::ny(cvr("44556677"), "Anden Leverandør", administration::Partsart::Leverandoer));
    let deres = Uuid::from_u128(0xa9);
    data.systemer.push(administration::ItSystem::ny(deres, "Deres", cvr("44556677"), vec![]));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let fremmed = scene.person("Finn", "44556677", &[Modulrolle::Leverandoeradministrator]).await;
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    let mut egen = anmodning(&[KORSBAEK]);
    egen.system = deres;
    assert_eq!(koder(aftaler::gem_kladde(&scene.app, &fremmed, Some(uuid), &egen).await), ["A-404"]);
    assert_eq!(koder(aftaler::slet_kladde(&scene.app, &fremmed, uuid).await), ["A-404"]);
    assert_eq!(koder(aftaler::send(&scene.app, &fremmed, uuid).await), ["A-404"]);
}

#[tokio::test]
async fn an_authority_sees_nothing_of_what_another_one_did() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Godkender]).await;
    let uuid = anmodet(&scene, &la, &[KORSBAEK, NABOKOEBING]).await;
    scene.svar(&gk, uuid, 1, &Svar::Afvis("Vi stoler ikke på dem".into())).await.expect("refused");
    let ser = async |kald: &Kald| {
        let linjer =
            styring::log::om(&scene.app, kald, ("aftale", uuid), cvr(MATADOR), 50).await.expect("the log");
        let tekst =
            |(_, l): (i64, store::Aendringslinje)| format!("{} {} {}", l.navn, l.detaljer, l.begrundelse);
        linjer.into_iter().map(tekst).collect::<Vec<_>>().join("\n")
    };
    let (leverandoer, egen, andres) = (ser(&la).await, ser(&gk).await, ser(&anden).await);
    assert!(leverandoer.contains("Gunnar") && leverandoer.contains(NABOKOEBING), "its owner sees all");
    assert!(egen.contains("stoler ikke") && egen.contains("Laura") && !egen.contains(NABOKOEBING), "{egen}");
    assert!(andres.contains("Laura") && !andres.contains("Gunnar") && !andres.contains(KORSBAEK), "{andres}");
}
