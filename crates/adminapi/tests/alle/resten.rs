//! Users, jobfunktionsroller, delegeringer, tasks, notices and the catalogue.

use crate::scene::*;
use administration::{Modulrolle, Service};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn roles_are_given_and_ended_by_version() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Laeseadgang]).await.aktoer.bruger;
    let sti = format!("/brugere/{bo}");
    let foerste = scene.get(&adm, &sti).await.er(200).etag();
    let roller = format!("{sti}/roller");
    let rolle = json!({"rolle": "RED", "gyldigTil": "2027-06-01", "sagsnummer": "26-1"});
    scene.post(&adm, &roller, &rolle).await.problem(428, "N-813");
    let nu = scene.fra(&adm, Method::POST, &roller, &foerste, &rolle).await.er(200);
    assert!(nu.krop["roller"].to_string().contains("\"RED\""));
    scene.fra(&adm, Method::POST, &roller, &foerste, &json!({"rolle": "KA"})).await.problem(409, "A-005");
    scene.fra(&adm, Method::POST, &roller, &nu.etag(), &json!({"rolle": "XX"})).await.problem(422, "N-814");
    scene.fra(&adm, Method::POST, &roller, &nu.etag(), &json!({"rolle": "LOG"})).await.problem(422, "A-004");
    let mig = scene.get(&adm, "/mig").await.krop["bruger"].as_str().expect("a UUID").to_owned();
    let egen = scene.get(&adm, &format!("/brugere/{mig}")).await.er(200).etag();
    let sti = format!("/brugere/{mig}/roller");
    scene.fra(&adm, Method::POST, &sti, &egen, &json!({"rolle": "GK"})).await.problem(403, "A-002");
    let find = scene.get(&adm, "/brugere?rolle=RED&tilstand=AKTIV&q=bo").await.er(200).krop;
    assert_eq!(find["poster"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_jobfunktionsrolle_is_drafted_changed_and_ended() {
    let scene = Scene::ny().await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let uuid = "00000000-0000-0000-0000-0000000000e5";
    let mut felter =
        json!({"uuid": uuid, "navn": "Ydelse", "entityId": "http://korsbaek.example/roles/jobrole/ydelse/1"});
    let sti = format!("/jobfunktionsroller/{uuid}");
    scene.post(&jfa, "/jobfunktionsroller?proeve=true", &felter).await.er(204);
    scene.get(&jfa, &sti).await.problem(404, "A-404");
    let etag = scene.post(&jfa, "/jobfunktionsroller", &felter).await.er(201).etag();
    scene.post(&jfa, "/jobfunktionsroller", &felter).await.er(200);
    felter["beskrivelse"] = json!("Ydelsescentret");
    scene.post(&jfa, "/jobfunktionsroller", &felter).await.problem(409, "A-013");
    let ny = scene.fra(&jfa, Method::PUT, &sti, &etag, &felter).await.er(200);
    scene.fra(&jfa, Method::PUT, &sti, &etag, &felter).await.problem(409, "A-005");
    let aktiver = format!("{sti}/aktiver");
    scene.fra(&jfa, Method::POST, &aktiver, &ny.etag(), &json!({})).await.problem(422, "J-401");
    assert_eq!(
        scene.get(&jfa, "/jobfunktionsroller?q=ydelse").await.er(200).krop["poster"][0]["tilstand"],
        "KLADDE"
    );
    scene.fra(&jfa, Method::POST, &format!("{sti}/afslut"), &ny.etag(), &json!({})).await.er(204);
    scene.get(&jfa, &sti).await.problem(404, "A-404");
}

#[tokio::test]
async fn what_a_role_points_to_is_looked_up_as_on_the_page() {
    let scene = Scene::ny().await;
    scene.brugervendt().await;
    scene.kle().await;

    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let rolle = |kle: &str| {
        json!({"navn": "Ydelse", "entityId": "http://korsbaek.example/roles/jobrole/ydelse/1",
            "brugersystemroller": [{"brugersystemrolleUuid": SE_SAG,
                "vaerdier": [{"dataafgraensningstypeEntityId": KLE, "vaerdi": kle}]}]})
    };
    let ny = scene.post(&jfa, "/jobfunktionsroller", &rolle("99.99")).await.er(201);
    let sti = format!("/jobfunktionsroller/{}", ny.krop["uuid"].as_str().expect("a UUID"));
    let aktiver = format!("{sti}/aktiver");
    let ja = json!({"bekraeftet": true});
    scene.fra(&jfa, Method::POST, &aktiver, &ny.etag(), &ja).await.problem(422, "L-701");
    let ret = async |etag: &str, krop: &Value| scene.fra(&jfa, Method::PUT, &sti, etag, krop).await;
    let rettet = ret(&ny.etag(), &rolle("91.01.06")).await.er(200);
    let foer = scene.aendringer().await;
    scene.fra(&jfa, Method::POST, &aktiver, &rettet.etag(), &json!({})).await.problem(422, "J-404");
    assert_eq!(scene.aendringer().await, foer);
    let i_brug = scene.fra(&jfa, Method::POST, &aktiver, &rettet.etag(), &ja).await.er(200);
    assert_eq!(i_brug.krop["tilstand"], "KRÆVER HANDLING", "meant, and withdrawn all the same");

    // A change of what is in use is judged as well.
    ret(&i_brug.etag(), &rolle("91.01.04")).await.problem(422, "J-404");
    let mut ment = rolle("91.01.04");
    ment["bekraeftet"] = json!(true);
    let nu = ret(&i_brug.etag(), &ment).await.er(200);
    let valg = ["udgaaetKle=true", "udgaaetKle=true&ikkeAttesteret=true", "kraeverHandling=true"];
    for (valgt, antal) in valg.map(|v| (v, 1)) {
        let fundet = scene.get(&jfa, &format!("/jobfunktionsroller?{valgt}")).await.er(200).krop;
        assert_eq!(fundet["poster"].as_array().map(Vec::len), Some(antal), "{valgt}");
    }
    let rettet = ret(&nu.etag(), &rolle("91.03.02")).await.er(200);
    assert_eq!(rettet.krop["tilstand"], "AKTIV");
    for valgt in ["udgaaetKle=true", "kraeverHandling=true"] {
        let fundet = scene.get(&jfa, &format!("/jobfunktionsroller?{valgt}")).await.er(200).krop;
        assert_eq!(fundet["poster"], json!([]), "{valgt}");
    }
}

#[tokio::test]
async fn delegeringer_are_listed_and_refused_as_on_the_page() {
    let scene = Scene::ny().await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    scene.med("Grete", Modulrolle::Godkender).await;
    let rolle = json!({"navn": "Ydelse", "entityId": "http://korsbaek.example/roles/jobrole/ydelse/1"});
    let rolle = scene.post(&jfa, "/jobfunktionsroller", &rolle).await.er(201).krop["uuid"].clone();
    let mut felter = json!({"rolle": rolle, "modtager": NABOKOEBING, "formaal": "Fælles center",
        "aftalegrundlag": "Driftsfællesskab", "gyldigFra": "2027-01-16", "gyldigTil": "2028-01-01"});
    scene.post(&jfa, "/delegeringer", &felter).await.problem(422, "D-505");
    felter["hoejst"] = json!(3);
    felter["identiteter"] = json!(["a"]);
    scene.post(&jfa, "/delegeringer", &felter).await.problem(422, "N-814");
    assert_eq!(
        scene.get(&jfa, "/delegeringer?modtaget=true&tilstand=AKTIV").await.er(200).krop["poster"],
        json!([])
    );
    let red = scene.med("Rie", Modulrolle::Redaktoer).await;
    scene.get(&red, "/delegeringer").await.problem(403, "A-001");
}

#[tokio::test]
async fn tasks_are_taken_notices_read_services_found_and_calls_explained() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let aftale =
        scene.post(&la, "/serviceaftaler", &anmodning(KY, &[KORSBAEK])).await.er(201).krop["uuid"].clone();
    let sti = format!("/serviceaftaler/{}", aftale.as_str().expect("a UUID"));
    scene.post(&la, &format!("{sti}/send"), &Value::Null).await.er(200);
    let opgave = scene.get(&gk, "/opgaver").await.er(200).krop["poster"][0]["uuid"].clone();
    let handling = format!("/opgaver/{}/handling", opgave.as_str().expect("a UUID"));
    scene.post(&gk, &handling, &json!({"handling": "GLEM"})).await.problem(422, "N-814");
    scene.post(&la, &handling, &json!({"handling": "OVERTAG"})).await.problem(404, "A-404");
    scene.post(&gk, &handling, &json!({"handling": "OVERTAG"})).await.er(204);
    assert_eq!(scene.get(&gk, "/opgaver").await.er(200).krop["poster"][0]["overtagetAf"], "Grete");
    styring::adviser::fordel(&scene.app, false).await.expect("laid with people");
    let adviser = scene.get(&gk, "/adviser?ulaeste=true").await.er(200).krop;
    let advis = adviser["poster"][0]["uuid"].as_str().expect("a notice").to_owned();
    scene.post(&gk, &format!("/adviser/{advis}/laest"), &Value::Null).await.er(204);
    let efter = scene.get(&gk, "/adviser?ulaeste=true").await.er(200).krop;
    assert!(!efter.to_string().contains(&advis));
    scene.get(&gk, "/adviser?gruppe=x").await.problem(422, "N-814");
    let organisation = Service::organisation();
    let fundet = scene.get(&gk, &format!("/services/{}", organisation.uuid)).await.er(200).krop;
    assert_eq!(fundet["navn"], organisation.navn.as_str());
    let navne = scene.get(&gk, "/services?q=organisation").await.er(200).krop;
    assert!(navne["poster"].as_array().is_some_and(|p| !p.is_empty()));
    scene.get(&gk, "/forklar/ukendt").await.problem(404, "A-404");
}
