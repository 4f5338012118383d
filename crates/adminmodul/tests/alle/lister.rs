//! Lists: their order, the person's own views of them, and what is approved together.

use crate::browser::{Browser, Side};
use crate::scene::*;
use administration::{Bruger, ItSystem, Modulrolle, Service};
use uuid::Uuid;

/// In which order words stand in a page.
#[track_caller]
fn orden(side: &Side, ord: &[&str]) -> Vec<usize> {
    let mut pladser: Vec<(usize, usize)> = ord
        .iter()
        .enumerate()
        .map(|(nr, o)| {
            let rad = format!(">{o}</a>");
            (
                side.tekst
                    .find(&rad)
                    .or_else(|| side.tekst.find(&format!("\n{o};")))
                    .unwrap_or_else(|| panic!("{o} is missing in {}", side.tekst)),
                nr,
            )
        })
        .collect();
    pladser.sort_unstable();
    pladser.into_iter().map(|(_, nr)| nr).collect()
}

async fn med_systemer(scene: &Scene, navne: &[&str]) {
    let mut data = scene.app.politik().data().clone();
    for (nr, navn) in navne.iter().enumerate() {
        data.systemer.push(ItSystem::ny(Uuid::from_u128(0xb00 + nr as u128), *navn, cvr(MATADOR), vec![]));
    }
    scene.app.saet_politik(&data, false).await.expect("a policy");
}

#[tokio::test]
async fn a_list_is_sorted_by_its_heads_as_danes_sort() {
    let scene = Scene::ny().await;
    let navne = ["abe", "Zebra", "Ærø", "Ørsted", "Aabenraa"];
    med_systemer(&scene, &["Ørsted", "Zebra", "Aabenraa", "abe", "Ærø"]).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let side = la.get("/admin/it-systemer?q=e&sorter=navn&side=1").await;
    side.er(200).har("<th scope=\"col\" aria-sort=\"ascending\"><a class=\"f-sort\" href=\"/admin/it-systemer?q=e&#38;side=1&#38;sorter=-navn\">Navn");
    side.har("href=\"/admin/it-systemer?q=e&#38;side=1&#38;sorter=certifikat\"")
        .har("<input type=\"hidden\" name=\"sorter\" value=\"navn\">")
        .har("/admin/it-systemer.csv?q=e&#38;sorter=navn")
        .har("<th scope=\"col\" class=\"f-num\"><a");
    assert_eq!(side.tekst.matches("aria-sort").count(), 1);
    let side = la.get("/admin/it-systemer?sorter=navn").await;
    assert_eq!(orden(&side, &navne), [0, 1, 2, 3, 4]);
    let fil = la.get("/admin/it-systemer.csv?sorter=navn").await;
    assert_eq!(orden(&fil, &navne), [0, 1, 2, 3, 4]);
    for sti in ["/admin/it-systemer?sorter=-navn", "/admin/it-systemer.csv?sorter=-navn"] {
        assert_eq!(orden(&la.get(sti).await, &navne), [4, 3, 2, 1, 0], "{sti}");
    }
    la.get("/admin/it-systemer?sorter=-navn").await.har("aria-sort=\"descending\"");
    // What has no date is last, both ways.
    for sorter in ["certifikat", "-certifikat"] {
        let side = la.get(&format!("/admin/it-systemer?sorter={sorter}")).await;
        assert_eq!(orden(&side, &["KY", "abe"]), [0, 1]);
    }
    for ond in
        ["%3Cscript%3Ealert(1)%3C/script%3E", "navn%27--", "-", &"x".repeat(3_000), "navn&sorter=-navn"]
    {
        la.get(&format!("/admin/it-systemer?sorter={ond}")).await.er(200).uden("<script>alert");
        la.get(&format!("/admin/it-systemer.csv?sorter={ond}")).await.er(200);
    }
}

#[tokio::test]
async fn pages_of_a_sorted_list_are_of_all_of_it() {
    let scene = Scene::ny().await;
    let navne: Vec<String> = (0..90).map(|nr| format!("System {:02}", (nr * 37) % 90)).collect();
    med_systemer(&scene, &navne.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let side = la.get("/admin/it-systemer?q=System&sorter=-navn&side=2").await;
    assert_eq!(orden(&side, &["System 49", "System 30", "System 10"]), [0, 1, 2]);
    side.uden(">System 50</a>").uden(">System 09</a>").har("?q=System&#38;sorter=-navn&#38;side=3");
    assert!(side.tekst.len() < 50 * 1024, "{} bytes", side.tekst.len());
}

/// Every list that can be sorted, by each of its heads, both ways: shown, no larger than it may be, and its file with it.
#[tokio::test]
async fn every_head_of_every_list_sorts_it() {
    let scene = Scene::ny().await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let la = scene.bruger("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    for nr in 0..45 {
        sendt(&scene, &la, &format!("Aftale {nr:02}")).await;
    }
    let mut set = std::collections::BTreeSet::new();
    for (sti, hoveder) in [
        ("/admin/it-systemer", 6),
        ("/admin/certifikater", 3),
        ("/admin/serviceaftaler", 7),
        ("/admin/serviceaftaler?fane=alle", 7),
        ("/admin/opgaver", 6),
    ] {
        let side = gk.get(sti).await;
        let links: Vec<String> = side
            .tekst
            .split("class=\"f-sort\" href=\"")
            .skip(1)
            .map(|d| d.split('"').next().unwrap().replace("&#38;", "&"))
            .collect();
        assert_eq!(links.len(), hoveder, "{sti}");
        for link in links {
            for link in [link.clone(), link.replace("sorter=", "sorter=-")] {
                let side = gk.get(&link).await;
                side.er(200).har("aria-sort=");
                assert!(side.tekst.len() < 50 * 1024, "{link}: {} bytes", side.tekst.len());
                set.insert(link);
            }
        }
    }
    assert!(set.len() > 50);
    let (_, mut la) = scene.person("Leif", Modulrolle::Leverandoeradministrator).await;
    la.get("/admin/serviceaftaler?fane=kladder").await.er(200);
    let (_, mut jfa) = scene.person("Jonna", Modulrolle::Jobfunktionsrolleadministrator).await;
    for sti in [
        "/admin/delegeringer",
        "/admin/foederationsaftaler",
        "/admin/foederation",
        "/admin/rollekatalog",
        "/admin/api-noegler",
    ] {
        for sorter in ["navn", "-tilstand", "rolle", "udloeber"] {
            jfa.get(&format!("{sti}?sorter={sorter}")).await.er(200);
        }
    }
}

async fn sendt(scene: &Scene, la: &Bruger, navn: &str) -> Uuid {
    let kald = scene.kald(la);
    let mut vil = anmodning(&[KORSBAEK]);
    vil.navn = navn.into();
    let uuid = styring::aftaler::gem_kladde(&scene.app, &kald, None, &vil).await.expect("a draft");
    styring::aftaler::send(&scene.app, &kald, uuid).await.expect("sent");
    uuid
}

const VISNINGER: &str = "/admin/visninger/serviceaftaler";

#[tokio::test]
async fn what_is_shown_of_a_list_is_kept_under_a_name() {
    let scene = Scene::ny().await;
    scene.anmodning(&[KORSBAEK]).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut anden) = scene.person("Gunnar", Modulrolle::Godkender).await;
    let vist =
        "fane=alle&q=K%C3%A6ld+%26+co&tilstand=ANMODET&myndighed=11223344&sorter=-navn&side=3&ukendt=x";
    let liste = gk.get(&format!("/admin/serviceaftaler?{vist}")).await;
    liste.er(200).har("Gem som visning");
    let gemt = "fane=alle&q=K%C3%A6ld+%26+co&tilstand=ANMODET&myndighed=11223344&sorter=-navn";
    let side = gk.get(&format!("{VISNINGER}?{vist}")).await;
    side.er(200)
        .har("Faneblad: Alle · Søgning: Kæld &#38; co · Tilstand: Anmodet · Myndighed: Korsbæk Kommune · Sorteret efter: navn, faldende")
        .har("name=\"q\" value=\"Kæld &#38; co\"")
        .uden("name=\"side\"")
        .uden("ukendt");
    let felter = [
        ("fane", "alle"),
        ("q", "Kæld & co"),
        ("tilstand", "ANMODET"),
        ("myndighed", KORSBAEK),
        ("sorter", "-navn"),
        ("side", "3"),
    ];
    let med = |ekstra: &[(&'static str, &'static str)]| [felter.as_slice(), ekstra].concat();
    gk.post(VISNINGER, &med(&[("navn", "")]))
        .await
        .er(422)
        .har("A-006")
        .har("name=\"q\" value=\"Kæld &#38; co\"");
    let svar = gk.post(VISNINGER, &med(&[("navn", "<b>Mine</b> \"egne\"")])).await;
    assert_eq!(svar.er(303).sted(), format!("/admin/serviceaftaler?{gemt}"));
    let liste = gk.get(&format!("/admin/serviceaftaler?{gemt}")).await;
    liste
        .har(&format!("href=\"/admin/serviceaftaler?{}\" aria-current=\"page\">&#60;b&#62;Mine&#60;/b&#62; &#34;egne&#34;</a>", gemt.replace('&', "&#38;")))
        .har("Visningen er gemt")
        .uden("<b>Mine");
    gk.get("/admin/serviceaftaler").await.har("&#60;b&#62;Mine").uden("aria-current=\"page\">&#60;b");
    gk.get("/admin/opgaver").await.uden("Mine&#60;/b");
    anden.get("/admin/serviceaftaler").await.uden("Mine&#60;/b");
    gk.post(VISNINGER, &[("navn", "<B>MINE</B> \"EGNE\"")]).await.er(422).har("A-013");

    let side = gk.get(&format!("{VISNINGER}?q=andet")).await;
    let version = side.skjult("version");
    let id = side
        .tekst
        .split_once(&format!("action=\"{VISNINGER}/"))
        .unwrap()
        .1
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let sti = format!("{VISNINGER}/{id}");
    let goer = async |b: &mut Browser, handling: &str, version: &str, navn: &str| {
        b.post(&sti, &[("handling", handling), ("version", version), ("navn", navn), ("q", "andet")]).await
    };
    goer(&mut anden, "slet", &version, "x").await.er(404).har("A-404");
    goer(&mut gk, "omdoeb", &version, "").await.er(422).har("A-006").har(&format!("id=\"navn-{id}-f\""));
    goer(&mut gk, "omdoeb", "x", "Nyt").await.er(409).har("A-005");
    assert_eq!(goer(&mut gk, "omdoeb", &version, "Nyt").await.er(303).sted(), format!("{VISNINGER}?q=andet"));
    goer(&mut gk, "slet", &version, "Nyt").await.er(409).har("A-005").har(">Nyt</a>");
    goer(&mut gk, "erstat", "2", "Nyt").await.er(303);
    gk.get("/admin/serviceaftaler?q=andet")
        .await
        .har("href=\"/admin/serviceaftaler?q=andet\" aria-current=\"page\">Nyt</a>");
    gk.get("/admin/indsigt.csv")
        .await
        .er(200)
        .har("Gemt visning;;\"Nyt (serviceaftaler, Korsbæk Kommune)\";q: andet");
    anden.get("/admin/indsigt.csv").await.er(200).uden("Gemt visning");
    goer(&mut gk, "slet", "3", "Nyt").await.er(303);
    gk.get("/admin/serviceaftaler").await.uden(">Nyt</a>").har("Gem som visning");
}

#[tokio::test]
async fn views_are_of_lists_one_may_see() {
    let scene = Scene::ny().await;
    let (_, mut red) = scene.person("Rita", Modulrolle::Redaktoer).await;
    for liste in ["serviceaftaler", "findes-ikke", "..%2Fmig", "%00"] {
        red.get(&format!("/admin/visninger/{liste}")).await.er(404);
        red.post(&format!("/admin/visninger/{liste}"), &[("navn", "x")]).await.er(404);
    }
    let tilfaeldig = scene.app.new_uuid();
    red.post("/admin/visninger/opgaver/x", &[("handling", "slet")]).await.er(404);
    red.post(&format!("/admin/visninger/opgaver/{tilfaeldig}"), &[("handling", "slet")])
        .await
        .er(404)
        .har("A-404");
    red.raa("/admin/visninger/opgaver", &[("navn", "uden token")]).await.er(403).har("A-019");
    red.post("/admin/visninger/opgaver", &[("navn", "010190-1234")]).await.er(422).har("V-102");
    let stor = "x".repeat(5_000);
    red.post("/admin/visninger/opgaver", &[("navn", &stor)]).await.er(422).har("A-007");
    red.post("/admin/visninger/opgaver", &[("navn", "x"), ("rolle", &stor)]).await.er(422).har("V-103");
    for nr in 0..20 {
        red.post("/admin/visninger/opgaver", &[("navn", &format!("Visning {nr} {}", "æ".repeat(40)))])
            .await
            .er(303);
    }
    red.post("/admin/visninger/opgaver", &[("navn", "En til")]).await.er(422).har("V-101");
    let side = red.get("/admin/visninger/opgaver").await;
    side.er(200).har("som der er plads til").uden("Gem visning</button>");
    for sti in ["/admin/visninger/opgaver", "/admin/opgaver"] {
        let side = red.get(sti).await;
        assert!(side.tekst.len() < 50 * 1024, "{sti}: {} bytes", side.tekst.len());
    }
}

#[tokio::test]
async fn requests_for_the_same_are_approved_on_one_page() {
    let scene = Scene::ny().await;
    let la = scene.bruger("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let (a, b) = (sendt(&scene, &la, "Første").await, sendt(&scene, &la, "Anden <i>").await);
    let kald = scene.kald(&la);
    let mut vil = anmodning(&[KORSBAEK]);
    vil.services[0].roller.push(Service::organisation().rolle_med_navn("Rediger").unwrap().uri.clone());
    let c = styring::aftaler::gem_kladde(&scene.app, &kald, None, &vil).await.unwrap();
    styring::aftaler::send(&scene.app, &kald, c).await.unwrap();
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut laes) = scene.person("Lis", Modulrolle::Laeseadgang).await;
    laes.get("/admin/serviceaftaler").await.er(200).uden("Godkend valgte").uden("name=\"valgt\"");
    let liste = gk.get("/admin/serviceaftaler").await;
    liste.er(200).har("Godkend valgte").har(&format!("name=\"valgt\" value=\"{a}\" form=\"flere\""));
    assert_eq!(liste.tekst.matches("Samme ændring som 1 anden").count(), 2);
    let ens = liste
        .tekst
        .split_once("/admin/serviceaftaler/godkend?ens=")
        .unwrap()
        .1
        .split('"')
        .next()
        .unwrap()
        .to_owned();

    let godkend = "/admin/serviceaftaler/godkend";
    gk.get(godkend).await.er(422).har("A-006");
    gk.get(&format!("{godkend}?valgt={a}&valgt={c}")).await.er(422).har("G-218");
    gk.get(&format!("{godkend}?valgt={}", Uuid::from_u128(9))).await.er(422).har("G-210");
    gk.get(&format!("{godkend}?ens=%3Cscript%3E")).await.er(422).uden("<script>");
    gk.get(&format!("{godkend}?{}", "valgt=x&".repeat(100))).await.er(422);
    for sti in [format!("{godkend}?valgt={a}&valgt={b}&valgt={a}"), format!("{godkend}?ens={ens}")] {
        let side = gk.get(&sti).await;
        side.er(200)
            .har("Godkend 2 serviceaftaler")
            .har("Første")
            .har("Anden &#60;i&#62;")
            .har("KY får adgang til")
            .har("Lov om aktiv socialpolitik");
        assert!(scene.app.politik().aftale(a).unwrap().versioner[0].myndigheder[0].godkendt_af.is_none());
    }
    let side = gk.get(&format!("{godkend}?ens={ens}")).await;
    let vist = side.skjult(&format!("vist-{a}"));
    let (na, nb, va, vb) =
        (format!("nummer-{a}"), format!("nummer-{b}"), format!("vist-{a}"), format!("vist-{b}"));
    let (sa, sb) = (a.to_string(), b.to_string());
    let foerste = [
        ("valgt", sa.as_str()),
        (na.as_str(), "1"),
        (va.as_str(), vist.as_str()),
        ("valgt", sb.as_str()),
        (nb.as_str(), "1"),
        (vb.as_str(), "andet"),
    ];
    gk.post(godkend, &[]).await.er(422).har("A-006");
    gk.post(godkend, &foerste)
        .await
        .er(200)
        .har("1 anmodning er godkendt, 1 er ikke")
        .har("A-005")
        .har("Anden &#60;i&#62;");
    let vist_b = gk.get(&format!("{godkend}?valgt={b}")).await.skjult(&vb);
    let igen = [foerste.as_slice()[..5].to_vec(), vec![(vb.as_str(), vist_b.as_str())]].concat();
    gk.post(godkend, &igen).await.er(200).har("1 anmodning er godkendt, 1 er ikke").har("G-210");
    let foer = scene.aendringer().await;
    gk.post(godkend, &igen).await.er(200).har("0 anmodninger er godkendt, 2 er ikke");
    assert_eq!(scene.aendringer().await, foer, "sent once more, it changes nothing");
    laes.post(godkend, &igen).await.er(403).har("A-001");
    let liste = gk.get("/admin/serviceaftaler").await;
    liste.uden("Første").uden("Samme ændring som");
    let vc = gk.get(&format!("{godkend}?valgt={c}")).await.skjult(&format!("vist-{c}"));
    let svar = gk
        .post(
            godkend,
            &[("valgt", &c.to_string()), (&format!("nummer-{c}"), "1"), (&format!("vist-{c}"), &vc)],
        )
        .await;
    assert_eq!(svar.er(303).sted(), "/admin/serviceaftaler");
    gk.get("/admin/serviceaftaler").await.har("1 serviceaftale er godkendt.");
}

#[tokio::test]
async fn an_agreement_is_copied_by_whoever_may_ask() {
    let scene = Scene::ny().await;
    let uuid = scene.anmodning(&[KORSBAEK]).await;
    let sti = format!("/admin/serviceaftaler/{uuid}");
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Leif", Modulrolle::Leverandoeradministrator).await;
    gk.svar(&format!("{sti}/svar"), &[("svar", "afvis"), ("begrundelse", "Nej")]).await.er(303);
    gk.get(&sti).await.er(200).uden("Kopiér</button>");
    gk.post(&format!("{sti}/kopier"), &[]).await.er(404);
    la.get(&sti).await.er(200).har("Kopiér</button>");
    let ny = la.post(&format!("{sti}/kopier"), &[]).await.er(303).sted().to_owned();
    assert_ne!(ny, format!("{sti}/anmod/1"));
    la.get(&ny).await.er(200).har("Kopien er en kladde");
    la.get("/admin/serviceaftaler?fane=kladder").await.har("SA-2027-0002").har("KY læser organisation");
    la.post(&format!("/admin/serviceaftaler/{}/kopier", Uuid::from_u128(9)), &[]).await.er(404);
}

#[tokio::test]
async fn agreements_nobody_uses_are_marked_and_found() {
    let scene = Scene::ny().await;
    let la = scene.bruger("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let (a, b) = (sendt(&scene, &la, "Brugt").await, sendt(&scene, &la, "Ubrugt").await);
    let (gk, mut browser) = scene.person("Grete", Modulrolle::Godkender).await;
    for uuid in [a, b] {
        browser.svar(&format!("/admin/serviceaftaler/{uuid}/svar"), &[("svar", "godkend")]).await.er(303);
    }
    let kald = async |nr: u128| {
        let post = store::LogPost {
            tid: scene.nu(),
            transaktion: Uuid::from_u128(nr),
            system: Some(KY),
            myndighed: Some(cvr(KORSBAEK)),
            aftale: Some(a),
            operation: "laes",
            objekttype: "Bruger",
            udfald: store::LogPost::OK,
            regel: String::new(),
        };
        scene.app.store().log_nu(post).await.expect("stored");
        scene.app.store().forsegl(scene.nu()).await.expect("sealed");
    };
    kald(1).await;
    let alle = "/admin/serviceaftaler?fane=aktive";
    browser.get(alle).await.er(200).har(">Ubrugt</a>").uden("f-tag--warn\">Ikke brugt");
    scene.gaa(91 * 86_400);
    kald(2).await;
    let mut browser = scene.inde_i(&gk, administration::Miljoe::Test).await;
    let side = browser.get(alle).await;
    assert_eq!(side.er(200).har(">Brugt</a>").tekst.matches("f-tag--warn\">Ikke brugt i 90 dage").count(), 1);
    browser
        .get(&format!("{alle}&brug=ubrugt"))
        .await
        .er(200)
        .har(">Ubrugt</a>")
        .uden(">Brugt</a>")
        .har("1–1 af 1");
    browser.get(&format!("{alle}&brug=%3Cx%3E")).await.er(200).har(">Brugt</a>");
    browser
        .get("/admin/serviceaftaler.csv?fane=aktive&brug=ubrugt")
        .await
        .er(200)
        .har(";Ikke brugt i 90 dage;Prøve\r\n")
        .har(";Ja;Nej\r\n")
        .uden(";Brugt;");
}
