//! A trial, and an example of a jobfunktionsrolle, by programs alone.

use crate::scene::*;
use administration::{Modulrolle, Service};
use serde_json::{Value, json};

#[tokio::test]
async fn a_trial_is_begun_read_and_ended() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let sti = "/serviceaftaler/proevetilslutning";
    scene.get(&gk, sti).await.problem(403, "A-001");
    assert_eq!(scene.get(&la, sti).await.er(200).krop["myndigheder"], json!([]), "off until it is set");
    let mut data = scene.app.politik().data().clone();
    data.parter.iter_mut().filter(|p| p.cvr == cvr(KORSBAEK)).for_each(|p| p.testdata = true);
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let muligt = scene.get(&la, sti).await.er(200).krop;
    assert_eq!(muligt["myndigheder"], json!([{"cvr": KORSBAEK, "navn": "Korsbæk Kommune"}]));
    assert_eq!((&muligt["hoejstDage"], &muligt["iGang"]), (&json!(30), &json!(0)));
    let services: Vec<&Value> =
        muligt["services"].as_array().expect("a list").iter().map(|s| &s["navn"]).collect();
    assert_eq!(services, ["Organisation", "Klassifikation"]);
    let organisation = Service::organisation().uuid;
    let mut krop = json!({"system": muligt["systemer"][0]["uuid"], "service": organisation, "myndighed": KORSBAEK,
        "dage": 31, "vilkaarAccepteret": true});
    scene.post(&gk, sti, &krop).await.problem(403, "A-001");
    scene.post(&la, sti, &krop).await.problem(422, "G-223");
    krop["dage"] = json!(7);
    krop["myndighed"] = json!(NABOKOEBING);
    scene.post(&la, sti, &krop).await.problem(422, "G-221");
    krop["myndighed"] = json!(KORSBAEK);
    let foer = scene.aendringer().await;
    scene.post(&la, &format!("{sti}?proeve=true"), &krop).await.er(204);
    assert_eq!(scene.aendringer().await, foer, "tried by a program, nothing is begun");
    let begyndt = scene.post(&la, sti, &krop).await.er(201).krop;
    assert_eq!(begyndt["proevetilslutning"], true);
    assert_eq!(begyndt["myndigheder"][0]["tilstand"], "AKTIV");
    let uuid = begyndt["uuid"].as_str().expect("a UUID").to_owned();
    let system = krop["system"].as_str().and_then(|u| u.parse().ok()).expect("a UUID");
    let kan = || scene.app.politik().har_aftale(system, cvr(KORSBAEK), organisation, scene.app.now());
    assert!(kan(), "the effect is in the policy that decides calls");
    scene.post(&la, sti, &krop).await.problem(422, "G-204");
    let aftale = format!("/serviceaftaler/{uuid}");
    scene.post(&la, &format!("{aftale}/aendr"), &Value::Null).await.problem(409, "G-224");
    scene.post(&gk, &format!("{aftale}/genbekraeft"), &Value::Null).await.problem(409, "G-224");
    let liste = scene.get(&gk, "/serviceaftaler").await.er(200).krop;
    assert_eq!(liste["poster"][0]["proevetilslutning"], true);
    let slut = json!({"myndighed": KORSBAEK, "aarsag": "Prøvet", "dag": "2027-01-16"});
    scene.post(&la, &format!("{aftale}/opsig"), &slut).await.er(200);
    scene.gaa(2 * 86_400_000_000);
    assert!(!kan());
}

#[tokio::test]
async fn an_example_is_imported() {
    let scene = Scene::ny().await;
    scene.brugervendt().await;
    let mut data = scene.app.politik().data().clone();
    data.systemer.iter_mut().filter(|s| !s.brugersystemroller.is_empty()).for_each(|s| {
        s.navn = "SAPA".into();
        s.brugersystemroller[0].navn = "Se sag".into();
    });
    data.parter
        .iter_mut()
        .filter(|p| p.cvr == cvr(KORSBAEK))
        .for_each(|p| p.domaene = Some("korsbaek.example".into()));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let sti = "/jobfunktionsroller/eksempler";
    scene.get(&gk, sti).await.problem(403, "A-001");
    let alle = scene.get(&jfa, sti).await.er(200).krop;
    let et = alle
        .as_array()
        .expect("a list")
        .iter()
        .find(|e| e["noegle"] == "borgerservice")
        .expect("the example");
    assert_eq!(et["brugersystemroller"].as_array().map(Vec::len), Some(1), "{et}");
    assert!(et["giver"][0].as_str().expect("a sentence").contains("32.*"), "{et}");
    let importer = format!("{sti}/borgerservice");
    scene.post(&gk, &importer, &Value::Null).await.problem(403, "A-001");
    scene.post(&jfa, &format!("{sti}/findes-ikke"), &Value::Null).await.problem(404, "A-404");
    let foer = scene.aendringer().await;
    scene.post(&jfa, &format!("{importer}?proeve=true"), &Value::Null).await.er(204);
    assert_eq!(scene.aendringer().await, foer);
    let rolle = scene.post(&jfa, &importer, &Value::Null).await.er(201).krop;
    assert_eq!((&rolle["tilstand"], &rolle["myndighed"]), (&json!("KLADDE"), &json!(KORSBAEK)));
    assert_eq!(rolle["brugersystemroller"][0]["brugersystemrolleUuid"], et["brugersystemroller"][0]);
}
