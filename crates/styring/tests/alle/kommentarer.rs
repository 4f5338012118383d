//! Comments on what waits for an answer: who writes, who sees, and who is asked.

use crate::scene::*;
use administration::{KOMMENTAR_MAX, Modulrolle as R};
use store::{Loglinjeslags, Logsoegning};
use styring::aftaler::{self, Svar};
use styring::{Kald, opgaver};
use uuid::Uuid;

struct Hvem {
    la: Kald,
    gk: Kald,
    dpo: Kald,
    nabo: Kald,
}

async fn scene() -> (Scene, Hvem, Uuid) {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let dpo = scene.person("Dorte", KORSBAEK, &[R::Dpo]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Godkender]).await;
    let begge = anmodning(&[KORSBAEK, NABOKOEBING]);
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &begge).await.expect("a draft");
    (scene, Hvem { la, gk, dpo, nabo }, uuid)
}

async fn tekster(scene: &Scene, kald: &Kald, uuid: Uuid) -> Vec<String> {
    let alle = aftaler::kommentarer(&scene.app, kald, uuid).await.expect("seen").alle;
    alle.into_iter().map(|k| format!("{} ({}): {}", k.af.1, k.rolle.navn(), k.tekst)).collect()
}

#[tokio::test]
async fn an_authoritys_comments_are_its_own_and_the_suppliers_are_for_all() {
    let (scene, Hvem { la, gk, dpo, nabo }, uuid) = scene().await;
    let app = &scene.app;
    assert_eq!(koder(aftaler::kommenter(app, &la, uuid, "For tidligt").await), ["G-210"], "a draft");
    assert_eq!(koder(aftaler::kommenter(app, &dpo, uuid, "Hvad?").await), ["A-404"], "not there yet");
    aftaler::send(app, &la, uuid).await.expect("sent");
    aftaler::kommenter(app, &dpo, uuid, "  <b>Hjemlen</b> er i orden; CPR 010203-1234\nmåske ikke ")
        .await
        .expect("said");
    scene.gaa(1);
    aftaler::kommenter(app, &nabo, uuid, "Vi venter på Korsbæk").await.expect("said");
    scene.gaa(1);
    aftaler::kommenter(app, &la, uuid, "DBA er underskrevet i går").await.expect("said");
    let dorte = "Dorte (Databeskyttelsesrådgiver): <b>Hjemlen</b> er i orden; CPR 010203-1234\nmåske ikke";
    let nanna = "Nanna (Godkender): Vi venter på Korsbæk";
    let laura = "Laura (Leverandøradministrator): DBA er underskrevet i går";
    assert_eq!(tekster(&scene, &gk, uuid).await, [dorte, laura]);
    assert_eq!(tekster(&scene, &nabo, uuid).await, [nanna, laura]);
    assert_eq!(tekster(&scene, &la, uuid).await, [laura], "the authorities' are not the supplier's business");
    let op = scene.person("Ole", "19435075", &[R::Driftsoperatoer]).await;
    assert_eq!(tekster(&scene, &op, uuid).await.len(), 3);
    let fremmed = scene.person("Frans", "55667788", &[R::Godkender]).await;
    assert_eq!(koder(aftaler::kommentarer(app, &fremmed, uuid).await), ["A-404"]);
    assert_eq!(koder(aftaler::kommenter(app, &fremmed, uuid, "Hej").await), ["A-404"]);
    // The log has who said what, without the number of a person; the history the supplier sees has nothing of it.
    let alle = Logsoegning { antal: 100, ..Logsoegning::default() };
    let linjer = app.store().aendringslog(&alle).await.expect("the log");
    let linje = linjer.iter().map(|l| &l.1).find(|l| l.navn == "Dorte").expect("a line");
    assert_eq!((linje.handling.as_str(), linje.part), ("kommentér serviceaftale", cvr(KORSBAEK)));
    assert_eq!(linje.begrundelse, "<b>Hjemlen</b> er i orden; CPR *** måske ikke");
    assert_eq!(linje.slags, Loglinjeslags::Aendret);
    let set = styring::log::om(app, &la, ("aftale", uuid), cvr(MATADOR), 100).await.expect("history");
    assert!(set.iter().all(|(_, l)| !l.handling.contains("komment")), "{set:?}");
    // Those who answer are told, and who wrote is not.
    let ventet =
        |hvem: &str| format!("{hvem} har kommenteret anmodningen om serviceaftalen KY læser organisation");
    let ulaeste = scene.ulaeste(&gk).await;
    for (hvem, fortalt) in [("Laura", true), ("Dorte", true), ("Nanna", false)] {
        assert_eq!(ulaeste.contains(&ventet(hvem)), fortalt, "{hvem}: {ulaeste:?}");
    }
    let ulaeste = scene.ulaeste(&nabo).await;
    assert!(ulaeste.contains(&ventet("Laura")) && !ulaeste.contains(&ventet("Nanna")), "{ulaeste:?}");
}

#[tokio::test]
async fn a_comment_is_written_while_an_answer_is_waited_for_and_within_limits() {
    let (scene, Hvem { la, gk, dpo, nabo }, uuid) = scene().await;
    let app = &scene.app;
    aftaler::send(app, &la, uuid).await.expect("sent");
    for (tekst, kode) in [
        ("", "A-006"),
        (" \n ", "A-006"),
        ("a\u{202e}b", "A-011"),
        ("a\u{0}b", "A-011"),
        (&"å".repeat(KOMMENTAR_MAX + 1), "A-007"),
    ] {
        assert_eq!(koder(aftaler::kommenter(app, &dpo, uuid, tekst).await), [kode]);
    }
    aftaler::kommenter(app, &dpo, uuid, &"å".repeat(KOMMENTAR_MAX)).await.expect("as long as may be");
    for rolle in [R::Laeseadgang, R::Jobfunktionsrolleadministrator, R::Logansvarlig, R::Administrator] {
        let kald = scene.person(&format!("Læser {}", rolle.kode()), KORSBAEK, &[rolle]).await;
        assert_eq!(koder(aftaler::kommenter(app, &kald, uuid, "Nej").await), ["A-001"], "{rolle}");
        assert_eq!(tekster(&scene, &kald, uuid).await.len(), 1, "{rolle} reads");
    }
    let op = scene.person("Ole", "19435075", &[R::Driftsoperatoer]).await;
    assert_eq!(koder(aftaler::kommenter(app, &op, uuid, "Nej").await), ["A-001"]);
    let redaktoer = scene.person("Rikke", KORSBAEK, &[R::Redaktoer]).await;
    assert_eq!(koder(aftaler::kommentarer(app, &redaktoer, uuid).await), ["A-001"]);
    // Returned, it still waits; answered, it does not, for who has answered.
    scene.svar(&gk, uuid, 1, &Svar::Returner("Hvorfor?".into())).await.expect("returned");
    aftaler::kommenter(app, &dpo, uuid, "Godt spurgt").await.expect("said");
    scene.svar(&nabo, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    assert_eq!(koder(aftaler::kommenter(app, &nabo, uuid, "For sent").await), ["G-210"]);
    aftaler::kommenter(app, &la, uuid, "Vi retter den").await.expect("somebody still waits");
    aftaler::traek_tilbage(app, &la, uuid).await.expect("withdrawn");
    assert_eq!(koder(aftaler::kommenter(app, &la, uuid, "For sent").await), ["G-210"]);
    assert_eq!(tekster(&scene, &gk, uuid).await.len(), 3, "what was said stays");
}

#[tokio::test]
async fn the_dpo_is_asked_has_five_days_and_nobody_waits() {
    let (scene, Hvem { la, gk, dpo, nabo }, uuid) = scene().await;
    let app = &scene.app;
    let bed = async |kald: &Kald, rolle| aftaler::bed_om_kommentar(app, kald, uuid, rolle).await;
    assert_eq!(koder(bed(&gk, R::Dpo).await), ["A-404"], "a draft is the supplier's");
    aftaler::send(app, &la, uuid).await.expect("sent");
    bed(&gk, R::Dpo).await.expect("asked");
    assert_eq!(koder(bed(&gk, R::Dpo).await), ["G-214"]);
    assert_eq!(koder(bed(&gk, R::Systemansvarlig).await), ["G-215"], "nobody has the role");
    assert_eq!(koder(bed(&nabo, R::Dpo).await), ["G-215"], "Dorte is Korsbæk's");
    assert_eq!(koder(bed(&gk, R::Administrator).await), ["A-006"]);
    for kald in [&dpo, &la] {
        assert_eq!(koder(bed(kald, R::Dpo).await), ["A-001"]);
    }
    let opgave = opgaver::mine(app, &dpo).await.expect("tasks").remove(0).post;
    assert_eq!(opgave.frist.map(|f| (f - scene.nu().micros()) / DAG), Some(5));
    assert_eq!(scene.ulaeste(&dpo).await.len(), 1, "told of the task");
    assert_eq!(aftaler::kommentarer(app, &gk, uuid).await.expect("seen").spurgt.len(), 1);
    assert!(
        aftaler::kommentarer(app, &la, uuid).await.expect("seen").spurgt.is_empty(),
        "not the supplier's"
    );
    aftaler::kommenter(app, &gk, uuid, "Jeg er i tvivl").await.expect("said");
    assert_eq!(
        opgaver::mine(app, &dpo).await.expect("tasks").len(),
        1,
        "somebody else's comment is not hers"
    );
    aftaler::kommenter(app, &dpo, uuid, "I orden").await.expect("said");
    assert!(opgaver::mine(app, &dpo).await.expect("tasks").is_empty());
    bed(&gk, R::Dpo).await.expect("asked again");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved without her");
    assert!(opgaver::mine(app, &dpo).await.expect("tasks").is_empty(), "nothing left to comment on");
    assert_eq!(koder(bed(&gk, R::Dpo).await), ["G-210"]);
}
