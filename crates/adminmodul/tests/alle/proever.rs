//! A trial begun on its page, and how it is marked wherever it is shown; an example imported.

use crate::jobfunktionsroller;
use crate::scene::*;
use administration::{Modulrolle, Service};

const STI: &str = "/admin/serviceaftaler/proevetilslutning";

async fn aaben(scene: &Scene) {
    let mut data = scene.app.politik().data().clone();
    data.parter.iter_mut().filter(|p| p.cvr == cvr(KORSBAEK)).for_each(|p| p.testdata = true);
    scene.app.saet_politik(&data, false).await.expect("a policy");
}

#[tokio::test]
async fn a_trial_is_begun_shown_as_one_and_ended() {
    let scene = Scene::ny().await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    la.get("/admin/serviceaftaler").await.er(200).har(STI);
    gk.get("/admin/serviceaftaler").await.er(200).uden(STI);
    gk.get(STI).await.er(403).har("A-001");
    la.get(STI).await.er(200).har("Her er ingen testdata at prøve på").uden("<form class=\"f-panel\"");
    aaben(&scene).await;
    let side = la.get(STI).await;
    side.er(200).har("SF1500 Organisation").har("Korsbæk Kommune").uden("Nabokøbing").uden("SF1461");
    let (ky, service) = (KY.to_string(), Service::organisation().uuid.to_string());
    let felter = |dage: &'static str| {
        vec![
            ("system", ky.clone()),
            ("service", service.clone()),
            ("myndighed", KORSBAEK.to_owned()),
            ("dage", dage.to_owned()),
            ("hvad", "Om <b>KY</b> finder en enhed".to_owned()),
        ]
    };
    fn laant<'a>(f: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
        f.iter().map(|(n, v)| (*n, v.as_str())).collect()
    }
    // What is wrong is shown where it is, with what was written.
    la.post(STI, &[("dage", "30")])
        .await
        .er(422)
        .har("A-006")
        .har("href=\"#system\"")
        .har("href=\"#service\"");
    la.post(STI, &laant(&felter("31"))).await.er(422).har("G-223").har("Om &#60;b&#62;KY");
    la.post(STI, &laant(&felter("mange"))).await.er(422).har("G-223");
    la.post(STI, &laant(&felter("7"))).await.er(422).har("G-201").har("Prøven kan ikke begynde");
    let mut hel = felter("7");
    hel.push(("vilkaar", "ja".to_owned()));
    gk.post(STI, &laant(&hel)).await.er(403);
    let sti = la.post(STI, &laant(&hel)).await.er(303).sted().to_owned();
    for browser in [&mut la, &mut gk] {
        let side = browser.get(&sti).await;
        side.er(200).har(">PRØVE</span>").har("Kun opdigtede data").har("21-01-2027").har("PT-2027-0001");
        side.uden("/aendr\"")
            .uden("/kopier\"")
            .uden("/genbekraeft\"")
            .uden("/standard\"")
            .har("Afslut prøven");
        let side = browser.get("/admin/serviceaftaler?fane=aktive").await;
        side.er(200).har("Prøve: Organisation").har(">PRØVE</span>").har("til og med");
        browser.get("/admin/serviceaftaler.csv?fane=aktive").await.er(200).har("Prøve: Organisation");
    }
    la.get(&format!("{sti}?fane=oplysninger"))
        .await
        .er(200)
        .har("Alle data er opdigtede".to_lowercase().as_str());
    la.post(STI, &laant(&hel)).await.er(422).har("G-204").har("PT-2027-0001");
    // It is not made into anything else, whoever asks.
    la.post(&format!("{sti}/kopier"), &[]).await.er(422).har("G-224");
    la.post(&format!("{sti}/aendr"), &[]).await.er(422).har("G-224");
    gk.post(&format!("{sti}/genbekraeft"), &[]).await.er(422).har("G-224");
    let opsig = format!("{sti}/opsig");
    let side = la.get(&format!("{opsig}?myndighed={KORSBAEK}")).await;
    side.er(200);
    let felter = [("myndighed", KORSBAEK), ("aarsag", "Prøvet"), ("dag", "15-01-2027"), ("bekraeft", "ja")];
    la.post(&opsig, &felter).await.er(303);
    la.get(&sti).await.er(200).har("Ophørt").har(">PRØVE</span>");
}

#[tokio::test]
async fn an_example_is_shown_as_one_would_get_it_and_imported() {
    let scene = jobfunktionsroller::scene().await;
    let mut data = scene.app.politik().data().clone();
    data.systemer.iter_mut().filter(|s| s.uuid == KY).for_each(|s| s.navn = "SAPA".into());
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let eksempler = "/admin/jobfunktionsroller/eksempler";
    jfa.get("/admin/jobfunktionsroller").await.er(200).har(eksempler).har("Importér eksempel");
    gk.get("/admin/jobfunktionsroller").await.er(200).uden(eksempler);
    gk.get(eksempler).await.er(403).har("A-001");
    let side = jfa.get(eksempler).await;
    side.er(200)
        .har("Medarbejder i borgerservice")
        .har("Hvad giver rollen adgang til")
        .har("Kommer ikke med");
    side.har("Intet it-system med navnet KY tilbyder jer roller her");
    let foer = scene.aendringer().await;
    gk.post(&format!("{eksempler}/borgerservice"), &[]).await.er(403);
    jfa.post(&format!("{eksempler}/findes-ikke"), &[]).await.er(404);
    assert_eq!(scene.aendringer().await, foer);
    let sti = jfa.post(&format!("{eksempler}/borgerservice"), &[]).await.er(303).sted().to_owned();
    jfa.get(&sti).await.er(200).har("Medarbejder i borgerservice").har("23.*, 32.*").har("efter eksemplet");
    assert_ne!(scene.aendringer().await, foer);
    jfa.get("/admin/jobfunktionsroller").await.er(200).har("Medarbejder i borgerservice").har("Kladde");
}
