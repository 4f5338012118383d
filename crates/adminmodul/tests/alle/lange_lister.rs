//! Lists the store sorts: users, and jobfunktionsroller; in the pages and in their files.

use crate::browser::{Browser, Side};
use crate::jobfunktionsroller::ukendt;
use crate::scene::*;
use administration::Modulrolle;

/// The links of the heads of a list.
fn hoveder(side: &Side) -> Vec<String> {
    let links = side.tekst.split("class=\"f-sort\" href=\"").skip(1);
    links.map(|d| d.split('"').next().unwrap().replace("&#38;", "&")).collect()
}

/// In which order names stand in a page or a file.
#[track_caller]
fn orden<'n>(side: &Side, navne: &[&'n str]) -> Vec<&'n str> {
    let sted = |navn: &str| {
        let i_side = side.tekst.find(&format!(">{navn}</a>"));
        i_side
            .or_else(|| side.tekst.find(&format!("\n{navn};")))
            .unwrap_or_else(|| panic!("{navn} is missing"))
    };
    let mut ud = navne.to_vec();
    ud.sort_by_key(|n| sted(n));
    ud
}

async fn begge(b: &mut Browser, sti: &str, query: &str, ventet: &[&str]) {
    for sti in [format!("{sti}?{query}"), format!("{sti}.csv?{query}")] {
        let side = b.get(&sti).await;
        side.er(200);
        assert_eq!(orden(&side, ventet), ventet, "{sti}");
    }
}

#[tokio::test]
async fn users_are_sorted_by_their_heads_and_in_the_file() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Mogens", Modulrolle::Administrator).await;
    for navn in ["Østen", "Aase", "Zenia", "Ærna"] {
        scene.bruger(navn, KORSBAEK, &[Modulrolle::Redaktoer]).await;
    }
    scene.gaa(60);
    scene.person("Bente", Modulrolle::Godkender).await;
    let side = adm.get("/admin/brugere?tilstand=AKTIV&side=1&ved=2.x").await;
    let links = hoveder(&side);
    assert_eq!(links.len(), 4, "roles have a filter");
    assert!(links.iter().all(|l| l.contains("tilstand=AKTIV") && !l.contains("ved=")), "{links:?}");
    for link in links {
        for link in [link.clone(), link.replace("sorter=", "sorter=-")] {
            adm.get(&link).await.er(200).har("aria-sort=").har("<input type=\"hidden\" name=\"sorter\"");
        }
    }
    let navne = ["Bente", "Mogens", "Zenia", "Ærna", "Østen", "Aase"];
    for query in ["", "sorter=navn", "sorter=status", "sorter=part&q=1122", "q=11223344.ex&sorter=navn"] {
        begge(&mut adm, "/admin/brugere", query, &navne).await;
    }
    let mut vendt = navne;
    vendt.reverse();
    begge(&mut adm, "/admin/brugere", "sorter=-navn", &vendt).await;
    // The latest first; who was never here last, both ways.
    begge(&mut adm, "/admin/brugere", "sorter=login", &["Mogens", "Bente", "Zenia", "Ærna"]).await;
    begge(&mut adm, "/admin/brugere", "sorter=-login", &["Bente", "Mogens", "Aase", "Østen"]).await;
    for ond in
        ["sorter=%3Cscript%3E", "sorter=roller", "ved=1.1", "side=99999999&ved=-", "q=%25&sorter=login"]
    {
        for sti in ["/admin/brugere", "/admin/brugere.csv"] {
            adm.get(&format!("{sti}?{ond}")).await.er(200).uden("<script>");
        }
    }
    // An order is kept with a view.
    adm.post("/admin/visninger/brugere", &[("navn", "Sidst set"), ("sorter", "-login"), ("ved", "2.x")])
        .await
        .er(303);
    adm.get("/admin/brugere").await.har("href=\"/admin/brugere?sorter=-login\"");
    adm.get("/admin/visninger/brugere?sorter=-login").await.har("Sorteret efter: seneste login, faldende");
}

#[tokio::test]
async fn a_register_is_counted_so_far_and_paged_beyond_it() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    for nr in 0..1_100 {
        scene.bruger(&format!("Bo {nr:04}"), KORSBAEK, &[Modulrolle::Redaktoer]).await;
    }
    let side = adm.get("/admin/brugere").await;
    side.er(200)
        .har("mere end 1.000 brugere")
        .har("Viser 1–40 af mere end 1.000")
        .har("aria-label=\"Side 3\"");
    adm.get("/admin/brugere?q=bo&sorter=-navn").await.har("mere end 1.000 brugere").har("Bo 1099");
    // From page to page to the last, whatever is added before it meanwhile.
    let naeste = |side: &Side| -> Option<String> {
        let (foer, _) = side.tekst.rsplit_once("\">Næste</a>")?;
        Some(foer.rsplit_once("href=\"")?.1.replace("&#38;", "&"))
    };
    let mut side = adm.get("/admin/brugere?sorter=navn&side=25").await;
    side.er(200).har("Viser 961–1000 af").har("Bo 0959");
    scene.bruger("Bo 0000 igen", KORSBAEK, &[Modulrolle::Redaktoer]).await;
    let mut nr = 25;
    while let Some(link) = naeste(&side) {
        assert!(link.contains("ved=") && link.contains("sorter=navn"), "{link}");
        side = adm.get(&format!("/admin/brugere{link}")).await;
        nr += 1;
        side.er(200).har(&format!("aria-current=\"page\" aria-label=\"Side {nr}\""));
        assert!(side.tekst.len() < 50 * 1024);
    }
    assert_eq!(nr, 28);
    side.har("Bo 1099");
    // Back by the links, and to the first.
    let tilbage = side.tekst.split("href=\"?").map(|d| d.split('"').next().unwrap().replace("&#38;", "&"));
    let tilbage: Vec<String> = tilbage.filter(|l| l.contains("side=27")).collect();
    adm.get(&format!("/admin/brugere?{}", tilbage[0])).await.er(200).har("Bo 1039").har("Bo 1078");
    adm.get("/admin/brugere?side=28").await.er(200).har("Side 26");
    let borte = format!("/admin/brugere?side=28&ved=28.{}", scene.app.new_uuid());
    adm.get(&borte).await.er(200).har("Viser 1–40");
    // The file has all of them.
    let fil = adm.get("/admin/brugere.csv?sorter=-navn").await;
    assert_eq!(fil.er(200).tekst.lines().count(), 1 + 1_102);
    assert!(fil.tekst.find("Bo 1099").unwrap() < fil.tekst.find("Bo 0000;").unwrap());
}

#[tokio::test]
async fn roles_are_sorted_by_their_heads_and_in_the_file() {
    let scene = Scene::ny().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    for navn in ["ørne", "Aalborg", "Zoo", "Æbler", "barn"] {
        ukendt(&scene, navn).await;
    }
    let sti = "/admin/jobfunktionsroller";
    // They were stored by an earlier program, and are sorted once this one has begun.
    styring::ajour::begynd(&scene.app, &|_| ()).await.expect("done");
    let links = hoveder(&jfa.get(sti).await);
    assert_eq!(links.len(), 3, "name, state, and when it was attested");
    for link in links {
        for link in [link.clone(), link.replace("sorter=", "sorter=-")] {
            jfa.get(&link).await.er(200).har("aria-sort=");
        }
    }
    let navne = ["barn", "Zoo", "Æbler", "ørne", "Aalborg"];
    for query in ["", "sorter=navn", "sorter=tilstand", "sorter=attest", "sorter=navn&attest=ikke"] {
        begge(&mut jfa, sti, query, &navne).await;
    }
    let mut vendt = navne;
    vendt.reverse();
    for query in ["sorter=-navn", "sorter=-tilstand", "sorter=-navn&attest=ikke"] {
        begge(&mut jfa, sti, query, &vendt).await;
    }
    // Who may not see attests has no such head.
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    gk.get(&format!("{sti}?sorter=attest")).await.er(200).uden("Sidst attesteret").uden("aria-sort");
}
