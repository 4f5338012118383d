//! The tabs of objects: what the log has about one, for who may read the log, and its history as a line of time.

use crate::jobfunktionsroller::{kladde, scene};
use crate::scene::*;
use administration::Modulrolle;

#[tokio::test]
async fn every_object_leads_to_its_history_and_to_its_lines_of_the_log() {
    let scene = scene().await;
    let (jens, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut adm) = scene.person("Agnes", Modulrolle::Administrator).await;
    let rolle = kladde(&mut jfa, "Ydelse").await;
    let aftale = format!("/admin/serviceaftaler/{}", scene.anmodning(&[KORSBAEK]).await);
    let bruger = format!("/admin/brugere/{}", jens.uuid);
    for sti in [rolle.as_str(), &aftale, &bruger, &format!("/admin/it-systemer/{KY}")] {
        let id = sti.rsplit('/').next().unwrap();
        let log = format!("/admin/log?q={id}");
        adm.get(sti).await.er(200).har(&format!("{sti}?fane=historik")).har(&format!("href=\"{log}\""));
        adm.get(&format!("{sti}?fane=historik")).await.er(200).har("<h2 id=\"hist");
        adm.get(&log).await.er(200).har("Linjer i loggen");
        // Who may not read the log is not led there.
        jfa.get(sti).await.er(200).har(&format!("{sti}?fane=historik")).uden(&log);
    }
    adm.get(&format!("/admin/log?q={}", rolle.rsplit('/').next().unwrap()))
        .await
        .har("Opret jobfunktionsrolle")
        .har("Jens");
}
