//! Users, their roles, their accounts.

use crate::scene::*;
use administration::Modulrolle;

#[tokio::test]
async fn an_administrator_makes_a_user_who_then_gets_in_and_a_role() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    adm.get("/admin/brugere/ny").await.er(200);
    let tom = adm.post("/admin/brugere", &[("navn", ""), ("email", "forkert"), ("telefon", "")]).await;
    tom.er(422).har("A-006").har("A-012").har("<title>Fejl: Opret bruger").har("value=\"forkert\"");
    let side =
        adm.post("/admin/brugere", &[("navn", "Ida <b>Ny</b>"), ("email", "Ida@korsbaek.example")]).await;
    side.er(200).har("Linket vises kun nu").har("Ida &#60;b&#62;Ny");
    let link = side
        .tekst
        .split_once("https://localhost:8443/admin/adgang/")
        .unwrap()
        .1
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    adm.post("/admin/brugere", &[("navn", "Ida"), ("email", "ida@korsbaek.example")])
        .await
        .er(422)
        .har("A-014");
    let liste = adm.get("/admin/brugere?q=ida").await;
    liste.er(200).har("1 bruger").har("Inviteret");
    let sti =
        liste.tekst.split_once("f-main-link\" href=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let version = adm.get(&sti).await.er(200).har("ida@korsbaek.example").skjult("version");
    let rolle = |version: &str, rolle: &str, fra: &str, til: &str| {
        [("version", version), ("rolle", rolle), ("fra", fra), ("til", til), ("sagsnummer", "2027-1")]
            .map(|(n, v)| (n, v.to_owned()))
    };
    let send = async |b: &mut crate::browser::Browser, felter: [(&'static str, String); 5]| {
        let felter: Vec<(&str, &str)> = felter.iter().map(|(n, v)| (*n, v.as_str())).collect();
        b.post(&format!("{sti}/roller"), &felter).await
    };
    send(&mut adm, rolle(&version, "", "", "")).await.er(422).har("A-006");
    send(&mut adm, rolle(&version, "GK", "i morgen", ""))
        .await
        .er(422)
        .har("A-018")
        .har("value=\"i morgen\"");
    send(&mut adm, rolle(&version, "LA", "", "")).await.er(422).har("A-010");
    send(&mut adm, rolle("7", "GK", "", "")).await.er(409).har("A-005");
    send(&mut adm, rolle(&version, "GK", "", "")).await.er(303);
    adm.get(&sti).await.har("<strong>Godkender</strong>").har("2027-1").har("Rollen Godkender er tildelt");
    adm.get(&format!("{sti}?fane=kan&med=RED")).await.er(200).har("(nyt)");
    adm.get(&format!("{sti}?fane=historik")).await.er(200).har("Tildel rolle");
    // She chooses a password, and is in.
    let mut ida = scene.browser();
    let adgang = format!("/admin/adgang/{link}");
    let csrf = ida.get(&adgang).await.skjult("csrf");
    ida.raa(&adgang, &[("csrf", &csrf), ("kode", KODE), ("igen", KODE)]).await.er(303);
    ida.get("/admin").await.er(200).har("Du er Godkender");
    // The role ends, and the user is disabled.
    let side = adm.get(&sti).await;
    let afslut =
        side.tekst.split_once(&format!("{sti}/roller/")).unwrap().1.split_once("\">Afslut").unwrap().0;
    assert!(afslut.contains("/afslut"), "{afslut}");
    let afslut = format!(
        "{sti}/roller/{}",
        side.tekst.split(&format!("{sti}/roller/")).nth(1).unwrap().split('"').next().unwrap()
    );
    let version = adm.get(&afslut).await.er(200).har("mister det").skjult("version");
    adm.post(&afslut, &[("version", &version), ("slut", "01-01-2020")]).await.er(422).har("A-009");
    adm.post(&afslut, &[("version", &version), ("slut", "")]).await.er(303);
    let version = adm.get(&format!("{sti}/spaer")).await.er(200).skjult("version");
    adm.post(&format!("{sti}/spaer"), &[("version", &version)]).await.er(422).har("A-006");
    adm.post(&format!("{sti}/spaer"), &[("version", &version), ("aarsag", "Fratrådt")]).await.er(303);
    ida.get("/admin").await.er(303);
    let side = adm.get(&sti).await;
    side.har("Spærret").har("Genåbn");
    adm.post(&format!("{sti}/genaabn"), &[("version", &side.skjult("version"))]).await.er(303);
    adm.post(&format!("{sti}/link"), &[]).await.er(200).har("Nyt login til Ida");
    adm.get("/admin/log?q=Ida").await.er(200).har("Tildel rolle").har("Spær bruger").har("Fratrådt");
}

#[tokio::test]
async fn nobody_changes_his_own_roles_and_lists_are_exported_safely() {
    let scene = Scene::ny().await;
    let (agnes, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    let sti = format!("/admin/brugere/{}", agnes.uuid);
    adm.get(&sti).await.er(200).uden("Tildel rolle").uden("Spær bruger");
    adm.post(&format!("{sti}/roller"), &[("version", "1"), ("rolle", "RED")]).await.er(403).har("A-002");
    adm.post(&format!("{sti}/link"), &[]).await.er(403).har("A-002");
    scene.bruger("=HYPERLINK(1);x", KORSBAEK, &[Modulrolle::Redaktoer]).await;
    let csv = adm.get("/admin/brugere.csv").await;
    csv.er(200).har("\u{feff}Navn;E-mail;Part;Roller;Seneste login;Status\r\n").har("\"'=HYPERLINK(1);x\"");
    assert!(csv.hoveder["content-disposition"].to_str().unwrap().contains("brugere.csv"));
    let fremmed = scene.bruger("Fremmed", NABOKOEBING, &[Modulrolle::Godkender]).await;
    adm.get(&format!("/admin/brugere/{}", fremmed.uuid)).await.er(404).har("A-404");
    adm.get("/admin/brugere").await.uden("Fremmed");
    adm.get("/admin/brugere/ikke-et-uuid").await.er(404);
    adm.get("/admin/rettigheder?roller=alle").await.er(200).har("Driftsoperatør").har("godkende");
}

#[tokio::test]
async fn many_users_come_in_pages() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    for nr in 0..60 {
        scene.bruger(&format!("Person {nr:02}"), KORSBAEK, &[Modulrolle::Redaktoer]).await;
    }
    adm.get("/admin/brugere").await.er(200).har("Viser 1–50 af 61").har("Næste").uden("Person 58");
    adm.get("/admin/brugere?side=2&rolle=RED")
        .await
        .er(200)
        .har("Viser 51–60 af 60")
        .har("Person 58")
        .har("rolle=RED");
}
