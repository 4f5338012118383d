//! Users and roles.

use crate::scene::*;
use administration::{Brugertilstand, Modulrolle, Omfang};
use bitemporal::Instant;
use styring::brugere::{self, Brugersoegning, NyBruger, NyTildeling};

fn ny(navn: &str) -> NyBruger {
    NyBruger {
        navn: navn.into(),
        email: format!("{}@Korsbaek.example", navn.to_lowercase()),
        telefon: String::new(),
    }
}

fn rolle(rolle: Modulrolle) -> NyTildeling {
    NyTildeling { rolle, omfang: Omfang::default(), fra: None, til: None, sagsnummer: "2026-17".into() }
}

#[tokio::test]
async fn a_user_is_invited_given_roles_and_disabled() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let maude = brugere::opret(&scene.app, &adm, &ny("Maude")).await.expect("invited");
    let samme = brugere::opret(&scene.app, &adm, &ny("maude")).await;
    assert!(
        samme.as_ref().is_err_and(|f| f.to_string().contains("Maude")),
        "the same address, and whose it is"
    );
    assert_eq!(koder(samme), ["A-014"]);
    brugere::tildel(&scene.app, &adm, maude.uuid, 1, &rolle(Modulrolle::Godkender)).await.expect("assigned");
    let fejl = brugere::tildel(&scene.app, &adm, maude.uuid, 1, &rolle(Modulrolle::Redaktoer)).await;
    assert_eq!(koder(fejl), ["A-005"], "somebody was first");
    let gemt = brugere::hent(&scene.app, &adm, maude.uuid).await.expect("seen");
    assert!(gemt.post.handler_som(cvr(KORSBAEK), scene.nu()).is_none(), "invited only");
    brugere::aktiver(&scene.app, maude.uuid, "192.0.2.9", scene.app.new_uuid()).await.expect("active");
    let gemt = brugere::hent(&scene.app, &adm, maude.uuid).await.expect("seen");
    assert_eq!((gemt.post.tilstand, gemt.version), (Brugertilstand::Aktiv, 3));
    assert!(scene.som(&gemt.post, KORSBAEK).aktoer.har(Modulrolle::Godkender));
    let godkendere = Brugersoegning { rolle: Some(Modulrolle::Godkender), ..Brugersoegning::default() };
    assert_eq!(brugere::list(&scene.app, &adm, &godkendere).await.expect("a list").1, 1);
    let tekst = Brugersoegning { tekst: Some("MAU".into()), antal: 10, ..Brugersoegning::default() };
    let (fundet, alle) = brugere::list(&scene.app, &adm, &tekst).await.expect("a list");
    assert_eq!((fundet[0].post.navn.as_str(), alle), ("Maude", 1));
    let id = gemt.post.roller[0].id;
    let om_lidt = Instant::from_micros(scene.nu().micros() + DAG);
    brugere::afslut(&scene.app, &adm, maude.uuid, 3, id, Some(om_lidt)).await.expect("ended");
    brugere::spaer(&scene.app, &adm, maude.uuid, 4, "Orlov").await.expect("disabled");
    brugere::genaabn(&scene.app, &adm, maude.uuid, 5).await.expect("open");
    assert_eq!(koder(brugere::genaabn(&scene.app, &adm, maude.uuid, 6).await), ["A-016"]);
    scene.gaa(1);
    let gemt = brugere::hent(&scene.app, &adm, maude.uuid).await.expect("seen");
    assert!(gemt.post.handler_som(cvr(KORSBAEK), scene.nu()).is_none(), "the role has ended");
    let log = scene.log().await;
    let forventet = ["genåbn bruger", "spær bruger", "fjern rolle"].map(|h| format!("Agnes: {h}"));
    assert_eq!(log[..3], forventet);
}

#[tokio::test]
async fn the_last_administrator_stays_and_nobody_helps_himself() {
    let scene = Scene::ny().await;
    let en = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let fejl = brugere::tildel(&scene.app, &en, en.aktoer.bruger, 1, &rolle(Modulrolle::Redaktoer)).await;
    assert_eq!(koder(fejl), ["A-002"]);
    let to = scene.person("Ingeborg", KORSBAEK, &[Modulrolle::Administrator]).await;
    brugere::spaer(&scene.app, &to, en.aktoer.bruger, 1, "rejst").await.expect("the other one is left");
    let tre = scene.person("Ulla", KORSBAEK, &[Modulrolle::Brugeradministrator]).await;
    assert_eq!(koder(brugere::spaer(&scene.app, &tre, to.aktoer.bruger, 1, "rejst").await), ["A-003"]);
}

#[tokio::test]
async fn other_parties_users_do_not_exist() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    assert_eq!(koder(brugere::hent(&scene.app, &adm, anden.aktoer.bruger).await), ["A-404"]);
    assert_eq!(koder(brugere::spaer(&scene.app, &adm, anden.aktoer.bruger, 1, "x").await), ["A-404"]);
    assert!(brugere::hent(&scene.app, &op, anden.aktoer.bruger).await.is_ok(), "the operator sees all");
    let alle = Brugersoegning { antal: 50, ..Brugersoegning::default() };
    assert_eq!(brugere::list(&scene.app, &adm, &alle).await.expect("a list").1, 1);
    assert_eq!(brugere::list(&scene.app, &op, &alle).await.expect("a list").1, 3);
}

#[tokio::test]
async fn hostile_fields_are_refused_or_kept_as_text() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let med =
        |navn: &str, email: &str| NyBruger { navn: navn.into(), email: email.into(), telefon: String::new() };
    for (navn, email, kode) in [
        ("", "a@b.dk", "A-006"),
        ("Maude", "", "A-006"),
        ("Maude", "maude", "A-012"),
        ("Maude", "maude@b", "A-012"),
        ("Maude", "\"x\"@b.dk", "A-012"),
        ("Maude", "a b@c.dk", "A-012"),
        ("Ma\u{202e}edu", "a@b.dk", "A-011"),
        ("Ma\u{0}ude", "a@b.dk", "A-011"),
    ] {
        assert_eq!(
            koder(brugere::opret(&scene.app, &adm, &med(navn, email)).await)[0],
            kode,
            "{navn} {email}"
        );
    }
    let lang = "x".repeat(201);
    assert_eq!(koder(brugere::opret(&scene.app, &adm, &med(&lang, "a@b.dk")).await), ["A-007"]);
    let html =
        brugere::opret(&scene.app, &adm, &med("<b>'; DROP TABLE bruger;--", "x@b.dk")).await.expect("text");
    assert_eq!(html.navn, "<b>'; DROP TABLE bruger;--");
}

#[tokio::test]
async fn a_new_login_takes_the_right_to_every_role_and_is_logged() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let ba = scene.person("Ulrik", KORSBAEK, &[Modulrolle::Brugeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let giv = async |hvem: &styring::Kald, hvis: &styring::Kald| {
        brugere::nyt_login(&scene.app, hvem, hvis.aktoer.bruger).await
    };
    assert_eq!(koder(giv(&ba, &adm).await), ["A-001"], "that would be the Administrator's power");
    assert_eq!(koder(giv(&ba, &ba).await), ["A-002"]);
    assert_eq!(koder(giv(&anden, &gk).await), ["A-404"]);
    giv(&ba, &gk).await.expect("a role he may give");
    giv(&adm, &ba).await.expect("hers to give");
    assert_eq!(scene.log().await[..2], ["Agnes: giv nyt login", "Ulrik: giv nyt login"]);
}

/// Nanna of Nabokøbing, who has a role for Korsbæk as well.
async fn laant(scene: &Scene, rolle: Modulrolle) -> administration::Bruger {
    let nanna = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Godkender]).await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let mut bruger = brugere::ved_login(&scene.app, nanna.aktoer.bruger).await.expect("read").expect("there");
    let mut her = bruger.roller[0].clone();
    (her.id, her.part, her.rolle) = (scene.app.new_uuid(), cvr(KORSBAEK), rolle);
    bruger.roller.push(her);
    bruger.uuid = scene.app.new_uuid();
    bruger.email = "nanna@laant.example".into();
    brugere::indsaet(&scene.app, &bruger, scene.app.new_uuid()).await.expect("stored");
    assert!(brugere::hent(&scene.app, &adm, bruger.uuid).await.is_ok(), "seen by whom she works for");
    bruger
}

#[tokio::test]
async fn nobody_disables_or_opens_another_partys_people() {
    let scene = Scene::ny().await;
    let nanna = laant(&scene, Modulrolle::Redaktoer).await.uuid;
    let adm = scene.person("Ingeborg", KORSBAEK, &[Modulrolle::Administrator]).await;
    let hjemme = scene.person("Niels", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    let app = &scene.app;
    assert_eq!(koder(brugere::spaer(app, &adm, nanna, 1, "nej").await), ["A-404"]);
    brugere::spaer(app, &hjemme, nanna, 1, "Orlov").await.expect("hers to disable");
    assert_eq!(koder(brugere::genaabn(app, &adm, nanna, 2).await), ["A-404"]);
    brugere::genaabn(app, &hjemme, nanna, 2).await.expect("and to open");
    brugere::spaer(app, &op, nanna, 3, "Hændelse").await.expect("by who runs it");
    assert_eq!(koder(brugere::spaer(app, &hjemme, nanna, 4, "også os").await), ["A-016"]);
    assert_eq!(koder(brugere::genaabn(app, &hjemme, nanna, 4).await), ["A-016"], "not theirs to open");
    brugere::genaabn(app, &op, nanna, 4).await.expect("open");
}

#[tokio::test]
async fn the_last_administrator_of_every_party_stays() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    // The only Organisationsadministrator of the supplier, at home in Nabokøbing; its Leverandøradministrator cannot give
    // anybody the role.
    let mut bruger = laant(&scene, Modulrolle::Redaktoer).await;
    (bruger.uuid, bruger.email) = (app.new_uuid(), "lo@laant.example".into());
    (bruger.roller[1].part, bruger.roller[1].rolle) = (cvr(MATADOR), Modulrolle::LeverandoerOrganisation);
    brugere::indsaet(app, &bruger, app.new_uuid()).await.expect("stored");
    scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let hjemme = scene.person("Niels", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let op = scene.person("Ole", "19435075", &[Modulrolle::Driftsoperatoer]).await;
    for kald in [&hjemme, &op] {
        assert_eq!(koder(brugere::spaer(app, kald, bruger.uuid, 1, "x").await), ["A-003"]);
    }
    scene.person("Lone", MATADOR, &[Modulrolle::LeverandoerOrganisation]).await;
    brugere::spaer(app, &hjemme, bruger.uuid, 1, "x").await.expect("there is another");
}

#[tokio::test]
async fn whoever_stands_in_for_an_administrator_does_so_for_as_long() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let en = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let vikar = brugere::opret(app, &en, &ny("Maude")).await.expect("invited");
    brugere::aktiver(app, vikar.uuid, "192.0.2.9", scene.app.new_uuid()).await.expect("active");
    let om = |dage: i64| Some(Instant::from_micros(scene.nu().micros() + dage * DAG));
    let kort = NyTildeling { til: om(30), ..rolle(Modulrolle::Administrator) };
    brugere::tildel(app, &en, vikar.uuid, 2, &kort).await.expect("for a month");
    let vikar = scene.som(&brugere::hent(app, &en, vikar.uuid).await.expect("seen").post, KORSBAEK);
    let id = brugere::hent(app, &vikar, en.aktoer.bruger).await.expect("seen").post.roller[0].id;
    let svar = brugere::afslut(app, &vikar, en.aktoer.bruger, 1, id, None).await;
    assert_eq!(koder(svar), ["A-003"], "in a month nobody would be left");
    brugere::spaer(app, &vikar, en.aktoer.bruger, 1, "stjålet").await.expect("what can be undone");
}

#[tokio::test]
async fn who_was_invited_is_so_still_when_opened_again() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let maude = brugere::opret(app, &adm, &ny("Maude")).await.expect("invited").uuid;
    brugere::spaer(app, &adm, maude, 1, "Fortrudt").await.expect("disabled");
    brugere::genaabn(app, &adm, maude, 2).await.expect("open");
    let gemt = brugere::hent(app, &adm, maude).await.expect("seen").post;
    assert_eq!((gemt.tilstand, gemt.foer_spaerring), (Brugertilstand::Inviteret, None));
}

#[tokio::test]
async fn whoever_has_given_a_role_does_not_rename() {
    let scene = Scene::ny().await;
    let nanna = laant(&scene, Modulrolle::Redaktoer).await;
    let adm = scene.person("Ingeborg", KORSBAEK, &[Modulrolle::Administrator]).await;
    let hjemme = scene.person("Niels", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let nyt = NyBruger { navn: "Nanna N.".into(), email: nanna.email.clone(), telefon: String::new() };
    assert_eq!(koder(brugere::ret(&scene.app, &adm, nanna.uuid, 1, &nyt, None).await), ["A-404"]);
    brugere::ret(&scene.app, &hjemme, nanna.uuid, 1, &nyt, None).await.expect("at home");
}

#[tokio::test]
async fn two_administrators_cannot_remove_each_other_at_once() {
    for afslut in [true, false] {
        let scene = Scene::ny().await;
        let app = &scene.app;
        let en = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
        let to = scene.person("Ingeborg", KORSBAEK, &[Modulrolle::Administrator]).await;
        let fjern = async |hvem: &styring::Kald, hvis: &styring::Kald| {
            let bruger = hvis.aktoer.bruger;
            if afslut {
                let id = brugere::hent(app, hvem, bruger).await.expect("seen").post.roller[0].id;
                brugere::afslut(app, hvem, bruger, 1, id, None).await
            } else {
                brugere::spaer(app, hvem, bruger, 1, "x").await
            }
        };
        let (a, b) = tokio::join!(fjern(&en, &to), fjern(&to, &en));
        assert!(a.is_ok() != b.is_ok(), "one of them stays: {a:?} {b:?}");
        assert_eq!(koder(if a.is_ok() { b } else { a }), ["A-003"]);
    }
}

#[tokio::test]
async fn administrators_do_not_end_each_other_from_the_same_day_on() {
    let scene = Scene::ny().await;
    let en = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let to = scene.person("Ingeborg", KORSBAEK, &[Modulrolle::Administrator]).await;
    let om = |dage: i64| Some(Instant::from_micros(scene.nu().micros() + dage * DAG));
    let slut = async |hvem: &styring::Kald, hvis: &styring::Kald, version, dag| {
        let gemt = brugere::hent(&scene.app, hvem, hvis.aktoer.bruger).await.expect("seen").post;
        brugere::afslut(&scene.app, hvem, gemt.uuid, version, gemt.roller[0].id, dag).await
    };
    slut(&en, &to, 1, om(7)).await.expect("ends in a week");
    assert_eq!(koder(slut(&to, &en, 1, om(8)).await), ["A-003"], "nobody would be left that day");
    assert_eq!(koder(slut(&en, &to, 2, om(9)).await), ["A-009"], "ending does not lengthen");
    slut(&en, &to, 2, om(6)).await.expect("earlier");
}

#[tokio::test]
async fn a_person_gets_the_newest_lines_about_him_or_all_of_them() {
    let scene = Scene::ny().await;
    let lone = scene.person("Lone", KORSBAEK, &[Modulrolle::Logansvarlig]).await;
    let en = store::Logsoegning { antal: 1, ..store::Logsoegning::default() };
    // More than the store gives at a time.
    let gange = 2 * usize::try_from(styring::log::SIDE_MAX).expect("small") + 20;
    for _ in 0..gange {
        styring::log::find(&scene.app, &lone, &en).await.expect("the log");
    }
    let alle = styring::log::mine(&scene.app, &lone, 20_000).await.expect("hers");
    assert!(alle.len() >= gange, "{} lines", alle.len());
    assert!(alle.is_sorted_by(|a, b| a.0 > b.0), "each once, the newest first");
    assert_eq!(styring::log::mine(&scene.app, &lone, 40).await.expect("hers"), alle[..40]);
}
