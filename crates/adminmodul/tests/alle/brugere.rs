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
    let igen = send(&mut adm, rolle("7", "GK", "", "31-12-2030")).await;
    igen.er(409).har("Du har selv ændret Ida").har("value=\"31-12-2030\"").har("value=\"GK\" selected");
    assert_eq!(igen.skjult("version"), version);
    // A mistake does not hide that another was first.
    assert_eq!(send(&mut adm, rolle("7", "", "", "")).await.er(422).skjult("version"), "7");
    // The last day is one with the role.
    send(&mut adm, rolle(&version, "GK", "", "31-12-2030")).await.er(303);
    adm.get(&sti)
        .await
        .har("<strong>Godkender</strong>")
        .har("2027-1")
        .har("Rollen Godkender er tildelt")
        .har("<time datetime=\"2030-12-31\">");
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
async fn who_was_overtaken_sees_what_is_stored_beside_what_was_written() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    let (_, mut anden) = scene.person("Bente", Modulrolle::Brugeradministrator).await;
    let ida = scene.bruger("Ida", KORSBAEK, &[Modulrolle::Redaktoer]).await;
    let sti = format!("/admin/brugere/{}", ida.uuid);
    let ret = format!("{sti}/ret");
    let version = adm.get(&ret).await.er(200).skjult("version");
    let spaer = adm.get(&format!("{sti}/spaer")).await.er(200).skjult("version");
    scene.gaa(60);
    let felter = |navn: &'static str| [("version", version.as_str()), ("navn", navn), ("telefon", "")];
    anden.post(&ret, &felter("Ida Berg")).await.er(303);
    let side = adm.post(&ret, &felter("Ida Dal")).await;
    side.er(409)
        .har("En anden har ændret Ida Berg siden du åbnede den (Bente, kl. ")
        .har("<dt>Navn</dt><dd>Ida Berg</dd>")
        .har("value=\"Ida Dal\"");
    adm.post(&ret, &[("version", &side.skjult("version")), ("navn", "Ida Dal")]).await.er(303);
    let side = adm.post(&format!("{sti}/spaer"), &[("version", &spaer), ("aarsag", "Fratrådt")]).await;
    side.er(409).har("Du har selv ændret Ida Dal").har("value=\"Fratrådt\"");
    adm.post(&format!("{sti}/genaabn"), &[("version", "1")]).await.er(422).har("A-016");
    // Ended on a day, a role holds that day through.
    let rolle = ida.roller[0].id;
    let side = adm.get(&format!("{sti}/roller/{rolle}/afslut")).await;
    let felter = |slut: &'static str, version: String| [("slut", slut.to_owned()), ("version", version)];
    for (slut, status) in [("14-01-2027", 422), ("20-01-2027", 303)] {
        let felter = felter(slut, side.skjult("version"));
        let felter = felter.each_ref().map(|(n, v)| (*n, v.as_str()));
        adm.post(&format!("{sti}/roller/{rolle}/afslut"), &felter).await.er(status);
    }
    adm.get(&sti).await.har("<time datetime=\"2027-01-20\">20-01-2027");
    let gemt = styring::brugere::ved_login(&scene.app, ida.uuid).await.unwrap().unwrap();
    assert_eq!(
        oio::tid::zoned(gemt.roller[0].gyldig.to).unwrap().to_string(),
        "2027-01-21T00:00:00+01:00[Europe/Copenhagen]"
    );
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
    adm.get("/admin/rettigheder?roller=alle")
        .await
        .er(200)
        .har("Driftsoperatør <small>OP</small>")
        .har("godkende");
    let deres = [("navn", "Fremmed"), ("email", fremmed.email.as_str())];
    adm.post("/admin/brugere", &deres).await.er(422).har("A-014").har("Skriv en anden adresse");
}

#[tokio::test]
async fn many_users_come_in_pages() {
    let scene = Scene::ny().await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    for nr in 0..60 {
        scene.bruger(&format!("Person {nr:02}"), KORSBAEK, &[Modulrolle::Redaktoer]).await;
    }
    adm.get("/admin/brugere").await.er(200).har("Viser 1–40 af 61").har("Næste").uden("Person 58");
    adm.get("/admin/brugere?side=2&rolle=RED")
        .await
        .er(200)
        .har("Viser 41–60 af 60")
        .har("Person 58")
        .har("rolle=RED");
}
