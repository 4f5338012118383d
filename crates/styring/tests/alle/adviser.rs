//! Notices, from what happens to the letter that tells of it.

use crate::scene::*;
use administration::{Aftaletilstand, Modulrolle as R};
use std::collections::BTreeMap;
use std::time::Duration;
use styring::adviser::{self, Advisliste, Advisrytme, Brev, Gruppe, Svaret};
use styring::aftaler::{self, Svar};
use styring::brugere::{self, NyBruger, NyTildeling};
use styring::opgaver::{self, Opgavehandling};
use styring::{Kald, part, systemer};
use uuid::Uuid;

const LAANER: Uuid = Uuid::from_u128(0xfe);
const HER: &str = "https://korsbaek.example";

impl Scene {
    /// Lays everything that waits, with mail.
    pub(crate) async fn fordel(&self) {
        while adviser::fordel(&self.app, true).await.expect("laid") > 0 {}
    }

    /// The subjects a person has not read, the newest first.
    pub(crate) async fn ulaeste(&self, kald: &Kald) -> Vec<String> {
        self.fordel().await;
        let s = Advisliste { ulaeste: true, antal: 50, ..Advisliste::default() };
        let (mine, alle) = adviser::mine(&self.app, kald, s).await.expect("an inbox");
        assert_eq!(adviser::ulaeste(&self.app, kald).await.expect("a number"), alle);
        mine.into_iter().map(|(a, _)| a.emne).collect()
    }

    async fn naeste(&self) -> Option<Brev> {
        adviser::naeste(&self.app, LAANER, Duration::from_secs(60), HER).await.expect("an answer")
    }

    /// Every letter that is due, sent: address and subject.
    async fn post(&self) -> Vec<(String, String)> {
        self.fordel().await;
        let mut sendt = Vec::new();
        while let Some(brev) = self.naeste().await {
            assert!(adviser::afslut(&self.app, LAANER, &brev, &Svaret::Sendt).await.expect("noted"));
            sendt.push((brev.til, brev.emne));
        }
        sendt.sort();
        sendt
    }

    async fn sendt_anmodning(&self, la: &Kald) -> Uuid {
        let uuid = aftaler::gem_kladde(&self.app, la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
        aftaler::send(&self.app, la, uuid).await.expect("sent");
        uuid
    }

    async fn postkasse(&self, navn: &str, cvr: &str, rolle: R, email: &str) -> Kald {
        let kald = self.person(navn, cvr, &[rolle]).await;
        let politik = self.app.politik();
        let p = part::hent(&kald, &politik).expect("a party");
        let felter = part::Partfelter { email: email.into(), ..part::Partfelter::af(p) };
        part::ret(&self.app, &kald, &systemer::maerke(p), &felter).await.expect("changed");
        kald
    }
}

#[tokio::test]
async fn what_happens_to_an_agreement_is_told_to_whom_it_concerns() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let kollega = scene.person("Lars", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender, R::Systemansvarlig]).await;
    let naboen = scene.person("Nis", NABOKOEBING, &[R::Godkender]).await;
    let uuid = scene.sendt_anmodning(&la).await;
    let navn = "KY læser organisation";
    assert_eq!(scene.ulaeste(&gk).await, [format!("Matador Data A/S anmoder om serviceaftalen {navn}")]);
    assert!(scene.ulaeste(&la).await.is_empty(), "who asks knows");
    let svar = Svar::Returner("Hvorfor også 010203-1234?".into());
    scene.svar(&gk, uuid, 1, &svar).await.expect("returned");
    assert_eq!(
        scene.ulaeste(&la).await,
        [format!("Korsbæk Kommune har spørgsmål til serviceaftalen {navn}")]
    );
    let (mine, _) =
        adviser::mine(&scene.app, &la, Advisliste { antal: 9, ..Advisliste::default() }).await.expect("mine");
    assert!(mine[0].0.tekst.ends_with("Hvorfor også ***?"), "{}", mine[0].0.tekst);
    aftaler::send(&scene.app, &la, uuid).await.expect("sent again");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "Fejl i data").await.expect("blocked");
    aftaler::ophaev(&scene.app, &gk, uuid, cvr(KORSBAEK)).await.expect("lifted");
    aftaler::opsig(&scene.app, &la, uuid, cvr(KORSBAEK), scene.nu(), "Slut").await.expect("given notice");
    let hos = scene.ulaeste(&kollega).await;
    for ord in ["er opsagt", "Spærringen af", "er spærret", "er godkendt", "har spørgsmål"] {
        assert_eq!(hos.iter().filter(|e| e.contains(ord)).count(), 1, "{ord} in {hos:?}");
    }
    assert_eq!(hos.len(), 5);
    let hos = scene.ulaeste(&gk).await;
    assert_eq!(hos.iter().filter(|e| e.contains("er opsagt")).count(), 1);
    assert_eq!(hos.len(), 3, "two requests and the notice; what she did herself she knows: {hos:?}");
    assert!(scene.ulaeste(&naboen).await.is_empty());
}

#[tokio::test]
async fn a_write_that_fails_leaves_no_notice() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    let uuid = scene.sendt_anmodning(&la).await;
    assert_eq!(scene.ulaeste(&gk).await.len(), 1);
    assert!(aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "x").await.is_err());
    assert!(scene.svar(&gk, uuid, 7, &Svar::Godkend(None)).await.is_err());
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let ny =
        NyBruger { navn: "Maude".into(), email: "maude@korsbaek.example".into(), telefon: String::new() };
    let maude = brugere::opret(&scene.app, &adm, &ny).await.expect("invited");
    assert!(brugere::opret(&scene.app, &adm, &ny).await.is_err());
    let rolle = NyTildeling {
        rolle: R::Administrator,
        omfang: administration::Omfang::default(),
        fra: None,
        til: None,
        sagsnummer: String::new(),
    };
    assert_eq!(koder(brugere::tildel(&scene.app, &adm, maude.uuid, 9, &rolle).await), ["A-005"]);
    assert_eq!(scene.app.store().adviser_nye(50).await.expect("notices").len(), 1, "the invitation alone");
}

#[tokio::test]
async fn an_invitation_is_a_letter_without_a_secret() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let anden = scene.person("Ulrik", KORSBAEK, &[R::Administrator]).await;
    let ny =
        NyBruger { navn: "Maude".into(), email: "maude@korsbaek.example".into(), telefon: String::new() };
    let maude = brugere::opret(&scene.app, &adm, &ny).await.expect("invited");
    scene.fordel().await;
    let brev = scene.naeste().await.expect("a letter");
    assert_eq!((brev.til.as_str(), brev.id == maude.uuid), ("maude@korsbaek.example", false));
    assert!(brev.emne.ends_with("Du er inviteret til Administrationsmodulet for Korsbæk Kommune"));
    assert!(!brev.tekst.contains("/adgang/"), "{}", brev.tekst);
    assert!(scene.naeste().await.is_none(), "leased");
    adviser::afslut(&scene.app, LAANER, &brev, &Svaret::Sendt).await.expect("noted");
    let rolle = NyTildeling {
        rolle: R::Administrator,
        omfang: administration::Omfang::default(),
        fra: None,
        til: None,
        sagsnummer: String::new(),
    };
    brugere::tildel(&scene.app, &adm, maude.uuid, 1, &rolle).await.expect("given");
    assert_eq!(scene.ulaeste(&anden).await, ["Rollen Administrator er tildelt Maude"]);
    let post = scene.post().await;
    assert_eq!(post.len(), 2, "to the other administrator and to her: {post:?}");
}

#[tokio::test]
async fn mail_goes_as_chosen_at_once_daily_weekly_or_not_at_all() {
    let scene = Scene::ny().await;
    let la = scene.postkasse("Laura", MATADOR, R::Leverandoeradministrator, "drift@matador.example").await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    let (daglig, ugens, kun_her) = (
        scene.person("Dorte", KORSBAEK, &[R::Godkender]).await,
        scene.person("Ugo", KORSBAEK, &[R::Godkender]).await,
        scene.person("Kaj", KORSBAEK, &[R::Godkender]).await,
    );
    for (kald, rytme) in
        [(&daglig, Advisrytme::Dagligt), (&ugens, Advisrytme::Ugentligt), (&kun_her, Advisrytme::KunHer)]
    {
        let valg = BTreeMap::from([(Gruppe::Aftaler, rytme), (Gruppe::Overblik, Advisrytme::KunHer)]);
        adviser::gem_mine(&scene.app, kald, &valg).await.expect("chosen");
    }
    let uden = BTreeMap::from([(Gruppe::Overblik, Advisrytme::KunHer)]);
    for kald in [&gk, &la] {
        adviser::gem_mine(&scene.app, kald, &uden).await.expect("chosen");
    }
    adviser::saml(&scene.app).await.expect("gathered");
    let uuid = scene.sendt_anmodning(&la).await;
    let adresser = |post: Vec<(String, String)>| post.into_iter().map(|(til, _)| til).collect::<Vec<_>>();
    let grethe = format!("grethe@{KORSBAEK}.example");
    assert_eq!(adresser(scene.post().await), [grethe.as_str()]);
    for kald in [&gk, &daglig, &ugens, &kun_her] {
        assert_eq!(scene.ulaeste(kald).await.len(), 1, "everybody reads it here");
    }
    aftaler::traek_tilbage(&scene.app, &la, uuid).await.expect("withdrawn");
    assert_eq!(adresser(scene.post().await), [grethe]);
    // The scene begins on a Friday at 9.
    for (dag, ventet) in [(1, vec!["dorte"]), (2, vec![]), (3, vec!["ugo"]), (4, vec![]), (10, vec![])] {
        scene.gaa(if dag == 10 { 6 } else { 1 });
        for _ in 0..2 {
            adviser::saml(&scene.app).await.expect("gathered");
        }
        let post = scene.post().await;
        let navne: Vec<&str> = post.iter().filter_map(|(til, _)| til.split('@').next()).collect();
        assert_eq!(navne, ventet, "day {dag}");
        assert!(post.iter().all(|(_, emne)| emne.contains("2 adviser")), "{post:?}");
    }
    scene.svar(&gk, uuid, 1, &Svar::Afvis("Nej".into())).await.expect_err("withdrawn");
    let valg = BTreeMap::from([(Gruppe::Aftaler, Advisrytme::Straks)]);
    assert_eq!(koder(adviser::gem_postkassens(&scene.app, &gk, &valg).await), ["A-001"]);
    adviser::gem_postkassens(&scene.app, &la, &valg).await.expect("chosen");
}

#[tokio::test]
async fn the_mailbox_is_told_and_limits_hold_mail_back() {
    let scene = Scene::ny().await;
    let la = scene.postkasse("Laura", MATADOR, R::Leverandoeradministrator, "drift@matador.example").await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    let uuid = scene.sendt_anmodning(&la).await;
    scene.svar(&gk, uuid, 1, &Svar::Afvis("Nej".into())).await.expect("refused");
    let post = scene.post().await;
    let hos = post.iter().filter(|(til, _)| til == "drift@matador.example").count();
    assert_eq!(hos, 1, "{post:?}");
}

#[tokio::test]
async fn a_letter_is_tried_again_or_given_up_and_shown() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let op = scene.person("Ole", &oio::Cvr::KOMBIT.to_string(), &[R::Driftsoperatoer]).await;
    scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    scene.sendt_anmodning(&la).await;
    scene.fordel().await;
    let foerste = scene.naeste().await.expect("a letter");
    let svar = Svaret::Senere("450 optaget".into());
    assert!(adviser::afslut(&scene.app, LAANER, &foerste, &svar).await.expect("noted"));
    assert!(scene.naeste().await.is_none(), "not at once");
    scene.gaa(1);
    let igen = scene.naeste().await.expect("again");
    assert_eq!(igen.id, foerste.id, "the same letter");
    assert!(
        adviser::afslut(&scene.app, LAANER, &igen, &Svaret::Server("intet svar".into()))
            .await
            .expect("noted")
    );
    scene.gaa(3);
    let igen = scene.naeste().await.expect("again");
    assert!(
        !adviser::afslut(&scene.app, Uuid::nil(), &igen, &Svaret::Sendt).await.expect("noted"),
        "another's"
    );
    let svar = Svaret::Aldrig("550 ukendt\r\n010203-1234".into());
    assert!(adviser::afslut(&scene.app, LAANER, &igen, &svar).await.expect("noted"));
    assert!(scene.naeste().await.is_none());
    let set = adviser::opgivne(&scene.app, &adm).await.expect("shown");
    assert_eq!((set.len(), set[0].hvem.as_str(), set[0].emner.len()), (1, "Grethe", 1));
    assert!(set[0].svar.starts_with("550 ukendt") && !set[0].svar.contains("1234"), "{}", set[0].svar);
    assert_eq!(adviser::opgivne(&scene.app, &op).await.expect("shown").len(), 1, "to who runs it as well");
    assert!(adviser::opgivne(&scene.app, &la).await.expect("shown").is_empty());
}

#[tokio::test]
async fn who_lost_the_role_is_sent_nothing_more() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    scene.sendt_anmodning(&la).await;
    scene.fordel().await;
    brugere::spaer(&scene.app, &adm, gk.aktoer.bruger, 1, "Fratrådt").await.expect("disabled");
    assert!(scene.post().await.is_empty());
}

#[tokio::test]
async fn read_is_read_and_what_came_later_is_not() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    let uuid = scene.sendt_anmodning(&la).await;
    let vist = scene.nu();
    assert_eq!(scene.ulaeste(&gk).await.len(), 1);
    scene.gaa(1);
    aftaler::traek_tilbage(&scene.app, &la, uuid).await.expect("withdrawn");
    assert_eq!(scene.ulaeste(&gk).await.len(), 2);
    adviser::laes_alle(&scene.app, &gk, None, vist).await.expect("read");
    assert_eq!(scene.ulaeste(&gk).await.len(), 1, "what was not shown is not read");
    let liste = Advisliste { antal: 9, ..Advisliste::default() };
    let (mine, alle) = adviser::mine(&scene.app, &gk, liste).await.expect("mine");
    assert_eq!((alle, mine[0].1, mine[1].1), (2, true, false));
    adviser::laes(&scene.app, &la, mine[0].0.id).await.expect("nothing");
    assert_eq!(scene.ulaeste(&gk).await.len(), 1, "nobody reads for others");
    adviser::laes(&scene.app, &gk, mine[0].0.id).await.expect("read");
    assert!(scene.ulaeste(&gk).await.is_empty());
    scene.gaa(390);
    adviser::rens(&scene.app).await.expect("kept");
    assert_eq!(adviser::mine(&scene.app, &gk, liste).await.expect("mine").1, 2, "13 months");
    scene.gaa(10);
    adviser::rens(&scene.app).await.expect("forgotten");
    assert_eq!(adviser::mine(&scene.app, &gk, liste).await.expect("mine").1, 0);
}

#[tokio::test]
async fn a_request_nobody_answers_is_reminded_of_and_lapses() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    adviser::frister(&scene.app).await.expect("begun");
    let uuid = scene.sendt_anmodning(&la).await;
    let mut paamindet = 0;
    for dag in 1..=95 {
        scene.gaa(1);
        for _ in 0..2 {
            adviser::frister(&scene.app).await.expect("looked");
            let faldet = adviser::bortfald(&scene.app).await.expect("looked");
            assert!(faldet == 0 || dag == 90, "day {dag}");
        }
        paamindet += scene.ulaeste(&gk).await.iter().filter(|e| e.contains("har ventet på svar")).count();
        adviser::laes_alle(&scene.app, &gk, None, scene.nu()).await.expect("read");
    }
    assert_eq!(paamindet, 4);
    let politik = scene.app.politik();
    let part = &politik.aftale(uuid).expect("there").versioner[0].myndigheder[0];
    assert_eq!(part.tilstand, Aftaletilstand::Bortfaldet);
    assert!(opgaver::mine(&scene.app, &gk).await.expect("tasks").is_empty());
    assert_eq!(scene.ulaeste(&la).await.iter().filter(|e| e.contains("er bortfaldet")).count(), 1);
    assert!(
        scene.log().await.iter().any(|l| l == "Installationen: lad anmodning om serviceaftale bortfalde")
    );
    assert_eq!(scene.app.store().efterproev_aendringslog([]).await.expect("the chain").brud, None);
    aftaler::ny_version(&scene.app, &la, uuid).await.expect("what lapsed stands in nobody's way");
}

#[tokio::test]
async fn a_system_is_blocked_for_all_who_use_it_and_a_task_is_told_once() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let tk = scene.person("Tage", MATADOR, &[R::TekniskKontakt]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    let naboen = scene.person("Nis", NABOKOEBING, &[R::Godkender]).await;
    let uuid = scene.sendt_anmodning(&la).await;
    let opgave = opgaver::mine(&scene.app, &gk).await.expect("tasks")[0].post.uuid;
    assert_eq!(scene.ulaeste(&gk).await.len(), 1, "the request, and not its task as well");
    opgaver::handl(&scene.app, &gk, opgave, Opgavehandling::Overtag).await.expect("taken");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    systemer::spaer(&scene.app, &la, KY, false, "Brud").await.expect("blocked");
    for kald in [&tk, &gk] {
        let hos = scene.ulaeste(kald).await;
        assert_eq!(hos.iter().filter(|e| e.as_str() == "It-systemet KY er spærret").count(), 1, "{hos:?}");
    }
    assert!(scene.ulaeste(&naboen).await.is_empty());
}

#[tokio::test]
async fn on_mondays_each_is_told_what_waits_and_mail_of_it_comes_once() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender, R::Systemansvarlig]).await;
    let ugens = scene.person("Ugo", KORSBAEK, &[R::Godkender]).await;
    let kun_her = scene.person("Kaj", KORSBAEK, &[R::Godkender]).await;
    let nabo = scene.person("Nis", NABOKOEBING, &[R::Godkender]).await;
    let valg = BTreeMap::from([(Gruppe::Aftaler, Advisrytme::Ugentligt)]);
    adviser::gem_mine(&scene.app, &ugens, &valg).await.expect("chosen");
    let valg = BTreeMap::from([(Gruppe::Aftaler, Advisrytme::KunHer)]);
    adviser::gem_mine(&scene.app, &kun_her, &valg).await.expect("chosen");
    adviser::overblik(&scene.app).await.expect("begun");
    scene.sendt_anmodning(&la).await;
    assert_eq!(scene.post().await.len(), 1, "at once, to who has chosen nothing");
    // The scene begins on a Friday at 9.
    for dag in 1..=4 {
        scene.gaa(1);
        for _ in 0..2 {
            let skrevet = adviser::overblik(&scene.app).await.expect("looked");
            assert!(skrevet == 0 || dag == 3, "day {dag}");
            adviser::saml(&scene.app).await.expect("gathered");
        }
        let post = scene.post().await;
        let navne: Vec<_> = post.iter().filter_map(|(til, _)| til.split('@').next()).collect();
        if dag == 3 {
            assert_eq!(navne, ["grethe", "ugo"], "each one mail; who wants none has none");
            let emne = "Ugens overblik for Korsbæk Kommune: 1 åben opgave og 1 ulæst advis";
            assert!(
                post[0].1.ends_with(emne) && post[1].1.ends_with("Ugens overblik: 2 adviser"),
                "{post:?}"
            );
        } else {
            assert!(navne.is_empty(), "day {dag}: {post:?}");
        }
    }
    for (kald, antal) in [(&gk, 1), (&ugens, 1), (&kun_her, 1), (&nabo, 0), (&la, 0)] {
        let overblik = scene.ulaeste(kald).await.iter().filter(|e| e.starts_with("Ugens overblik")).count();
        assert_eq!(overblik, antal, "{}", kald.aktoer.navn);
    }
    // A week on, what is read and answered waits no more.
    for kald in [&gk, &ugens] {
        adviser::laes_alle(&scene.app, kald, None, scene.nu()).await.expect("read");
    }
    let opgave = opgaver::mine(&scene.app, &gk).await.expect("tasks")[0].post.uuid;
    opgaver::handl(&scene.app, &gk, opgave, Opgavehandling::Bortfald("Nej".into())).await.expect("dropped");
    scene.gaa(7);
    adviser::saml(&scene.app).await.expect("gathered");
    assert!(scene.post().await.is_empty(), "nothing waits");
}
