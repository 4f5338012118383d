//! What people have been told, and what they choose about mail.

use crate::scene::*;
use administration::Modulrolle as R;
use styring::adviser;

async fn fordel(scene: &Scene) {
    while adviser::fordel(&scene.app, true).await.expect("laid") > 0 {}
}

#[tokio::test]
async fn the_bell_counts_and_the_list_marks_as_read() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Grethe Lund", R::Godkender).await;
    b.get("/admin").await.er(200).har("Adviser: 0 ulæste");
    b.get("/admin/adviser").await.er(200).har("Ingen adviser");
    let aftale = scene.anmodning(&[KORSBAEK]).await;
    fordel(&scene).await;
    b.get("/admin").await.har("Adviser: 1 ulæst\"");
    let side = b.get("/admin/adviser").await;
    side.er(200).har("Matador Data A/S anmoder om").har(&format!("href=\"/admin/serviceaftaler/{aftale}\""));
    b.get("/admin/adviser?gruppe=brugere").await.er(200).har("Ingen adviser");
    let id =
        side.tekst.split("/admin/adviser/").find_map(|d| d.split_once("/laest").map(|(id, _)| id.to_owned()));
    let csrf = side.skjult("csrf");
    let id = id.filter(|id| id.len() == 36).expect("the form of a notice");
    // All of another group, and this one on its own; the list comes back as it was.
    let brugere = [("csrf", csrf.as_str()), ("gruppe", "brugere"), ("fane", "alle")];
    let svar = b.raa("/admin/adviser/laest", &brugere).await;
    assert_eq!(svar.er(303).sted(), "/admin/adviser?fane=alle&gruppe=brugere");
    b.get("/admin").await.har("Adviser: 1 ulæst\"");
    b.raa(&format!("/admin/adviser/{id}/laest"), &[("csrf", &csrf)]).await.er(303);
    b.get("/admin").await.har("Adviser: 0 ulæste");
    b.get("/admin/adviser").await.har("Ingen adviser");
    b.get("/admin/adviser?fane=alle").await.er(200).har("Læst").har("Matador Data A/S anmoder om");
}

#[tokio::test]
async fn what_came_after_the_page_is_not_read_with_the_rest() {
    let scene = Scene::ny().await;
    let (_, mut b) = scene.person("Grethe Lund", R::Godkender).await;
    scene.anmodning(&[KORSBAEK]).await;
    fordel(&scene).await;
    let side = b.get("/admin/adviser").await;
    let (csrf, vist) = (side.skjult("csrf"), side.skjult("vist"));
    scene.gaa(60);
    let anden = scene.bruger("Lise Anmoder", MATADOR, &[R::Leverandoeradministrator]).await;
    let kald = scene.kald(&anden);
    let uuid = scene.app.politik().data().aftaler[0].uuid;
    styring::aftaler::traek_tilbage(&scene.app, &kald, uuid).await.expect("withdrawn");
    fordel(&scene).await;
    b.get("/admin").await.har("Adviser: 2 ulæste");
    b.raa("/admin/adviser/laest", &[("csrf", &csrf), ("vist", &vist)]).await.er(303);
    b.get("/admin").await.har("Adviser: 1 ulæst\"");
}

#[tokio::test]
async fn nobody_reads_what_was_told_others() {
    let scene = Scene::ny().await;
    let (_, mut gk) = scene.person("Grethe Lund", R::Godkender).await;
    let (_, mut adm) = scene.person("Agnes Jensen", R::Administrator).await;
    scene.anmodning(&[KORSBAEK]).await;
    fordel(&scene).await;
    let side = gk.get("/admin/adviser").await;
    let id =
        side.tekst.split("/admin/adviser/").find_map(|d| d.split_once("/laest").map(|(id, _)| id.to_owned()));
    let id = id.expect("the form of a notice");
    adm.get("/admin/adviser?fane=alle").await.er(200).har("Ingen adviser");
    let csrf = adm.get("/admin/adviser/valg").await.skjult("csrf");
    adm.raa(&format!("/admin/adviser/{id}/laest"), &[("csrf", &csrf)]).await.er(303);
    gk.get("/admin").await.har("Adviser: 1 ulæst\"");
}

#[tokio::test]
async fn choices_are_kept_for_the_person_and_for_the_mailbox() {
    let scene = Scene::ny().await;
    let (bruger, mut b) = scene.person("Agnes Jensen", R::Administrator).await;
    let side = b.get("/admin/adviser/valg").await;
    side.er(200).har(&bruger.email).har("<option value=\"straks\" selected>Med det samme</option>");
    let csrf = side.skjult("csrf");
    b.raa("/admin/adviser/valg", &[("csrf", &csrf), ("aftaler", "kun-her"), ("brugere", "andet")])
        .await
        .er(303);
    b.get("/admin/adviser/valg").await.har("<option value=\"kun-her\" selected>Kun her</option>");
    b.get("/admin/adviser/postkasse").await.er(200).har("Der er ingen fælles postkasse");
    b.raa("/admin/adviser/postkasse", &[("csrf", &csrf), ("systemer", "ugentligt")]).await.er(303);
    b.get("/admin/adviser/postkasse")
        .await
        .har("<option value=\"ugentligt\" selected>Ugens overblik</option>");
    b.get("/admin/adviser/valg").await.har("<option value=\"kun-her\" selected>Kun her</option>");
    let (_, mut gk) = scene.person("Grethe Lund", R::Godkender).await;
    gk.get("/admin/adviser/postkasse").await.er(200).har("Ugens overblik").uden("kunne ikke leveres");
    b.get("/admin/adviser/postkasse").await.er(200).har("Al mail er leveret");
}
