//! Webhooks by a program: made, changed, tried, taken up again, removed, and nothing by a trial.

use crate::scene::*;
use administration::Modulrolle;
use reqwest::Method;
use serde_json::{Value, json};

fn felter(adresse: &str) -> Value {
    json!({"navn": "Overvågning", "adresse": adresse, "grupper": ["aftaler", "opgaver"]})
}

#[tokio::test]
async fn a_webhook_is_made_changed_given_another_key_and_removed() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let god = felter("https://modtager.example/hemmeligt");
    scene.post(&gk, "/webhooks", &god).await.problem(403, "A-001");
    for (adresse, kode) in
        [("", "A-006"), ("http://modtager.example/", "N-832"), ("https://127.0.0.1/", "N-832")]
    {
        scene.post(&adm, "/webhooks", &felter(adresse)).await.problem(422, kode);
    }
    let ukendt = json!({"navn": "x", "adresse": "https://modtager.example/", "grupper": ["alt"]});
    scene.post(&adm, "/webhooks", &ukendt).await.problem(422, "N-814");
    let foer = scene.aendringer().await;
    scene.post(&adm, "/webhooks?proeve=true", &god).await.er(204);
    assert_eq!(
        (scene.aendringer().await, scene.get(&adm, "/webhooks").await.er(200).krop),
        (foer, json!([]))
    );
    let ny = scene.post(&adm, "/webhooks", &god).await.er(201);
    let foerste = ny.krop["noegle"].as_str().expect("a key").to_owned();
    assert!(foerste.starts_with("whsec_") && foerste.len() > 40);
    let sti = format!("/webhooks/{}", ny.krop["uuid"].as_str().expect("a UUID"));
    let vist = scene.get(&adm, &sti).await.er(200);
    assert_eq!((&vist.krop["tilstand"], &vist.krop["venter"]), (&json!("AKTIV"), &json!(0)));
    assert_eq!(vist.krop["adresse"], "https://modtager.example/hemmeligt");
    assert!(vist.krop.get("noegle").is_none(), "a key is shown once");
    assert!(!scene.get(&adm, "/webhooks").await.er(200).krop.to_string().contains("whsec_"));
    // Another key, by the version that was read.
    let noegle = format!("{sti}/noegle");
    scene.post(&adm, &noegle, &json!({})).await.problem(428, "N-813");
    scene.fra(&adm, Method::POST, &noegle, "\"9\"", &json!({})).await.problem(409, "A-005");
    let proeve = format!("{noegle}?proeve=true");
    scene.fra(&adm, Method::POST, &proeve, &vist.etag(), &json!({"straks": true})).await.er(204);
    let nu = scene.fra(&adm, Method::POST, &noegle, &vist.etag(), &json!({})).await.er(200);
    assert!(nu.krop["noegle"].as_str().is_some_and(|n| n.starts_with("whsec_") && n != foerste));
    assert!(nu.krop["gammelNoegleTil"].is_string(), "the one before signs a while");
    let nu = scene.fra(&adm, Method::POST, &noegle, &nu.etag(), &json!({"straks": true})).await.er(200);
    assert!(nu.krop.get("gammelNoegleTil").is_none());
    // Others of the party see the machine; other parties see nothing.
    let laes = scene.med("Lis", Modulrolle::Laeseadgang).await;
    assert_eq!(scene.get(&laes, &sti).await.er(200).krop["adresse"], "https://modtager.example/…");
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let nabo = scene.noegle(&nabo, false).await;
    for sti in [sti.clone(), format!("{sti}/leveringer")] {
        scene.get(&nabo, &sti).await.problem(404, "A-404");
    }
    let mut andet = god.clone();
    andet["navn"] = json!("Andet");
    scene.fra(&adm, Method::PUT, &sti, &vist.etag(), &andet).await.problem(409, "A-005");
    let nu = scene.fra(&adm, Method::PUT, &sti, &nu.etag(), &andet).await.er(200);
    assert_eq!(nu.krop["navn"], "Andet");
    let slet = async |proeve: &str, etag: &str| {
        let kald = scene.kald(Method::DELETE, &format!("{sti}{proeve}")).bearer_auth(&adm);
        scene.send(kald.header("If-Match", etag)).await
    };
    slet("?proeve=true", &nu.etag()).await.er(204);
    scene.get(&adm, &sti).await.er(200);
    slet("", &vist.etag()).await.problem(409, "A-005");
    slet("", &nu.etag()).await.er(204);
    scene.get(&adm, &sti).await.problem(404, "A-404");
    // The log has what was done, and no secret.
    let log = format!("{:?}", scene.log().await);
    assert!(!log.contains("whsec_") && !log.contains("/hemmeligt"));
    for nr in 0..10 {
        let mut en = god.clone();
        en["navn"] = json!(format!("Nr. {nr}"));
        scene.post(&adm, "/webhooks", &en).await.er(201);
    }
    scene.post(&adm, "/webhooks", &god).await.problem(409, "N-831");
}

#[tokio::test]
async fn deliveries_are_read_and_taken_up_again_and_a_trial_calls_nobody() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let ny = scene.post(&adm, "/webhooks", &felter("https://modtager.invalid/")).await.er(201).krop;
    let sti = format!("/webhooks/{}", ny["uuid"].as_str().expect("a UUID"));
    scene.gaa(1_000_000);
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    for _ in 0..3 {
        let kladde = scene.post(&la, "/serviceaftaler", &anmodning(KY, &[KORSBAEK])).await.er(201).krop;
        let send = format!("/serviceaftaler/{}/send", kladde["uuid"].as_str().expect("a UUID"));
        scene.post(&la, &send, &Value::Null).await.er(200);
    }
    while styring::adviser::fordel(&scene.app, false).await.expect("laid") > 0 {}
    let leveringer = format!("{sti}/leveringer");
    let alle = scene.get(&adm, &leveringer).await.er(200).krop;
    let antal = alle["poster"].as_array().expect("a list").len();
    assert!(antal >= 3, "{alle}");
    assert_eq!(
        (&alle["poster"][0]["tilstand"], &alle["poster"][0]["forsoeg"]),
        (&json!("VENTER"), &json!(0))
    );
    let (mut sete, mut efter) = (0, String::new());
    loop {
        let side = scene.get(&adm, &format!("{leveringer}?antal=1&efter={efter}")).await.er(200).krop;
        sete += side["poster"].as_array().expect("a list").len();
        let Some(naeste) = side["naeste"].as_str() else { break };
        efter = naeste.to_owned();
    }
    assert_eq!(sete, antal);
    let vist = scene.get(&adm, &sti).await.er(200);
    assert_eq!(vist.krop["venter"], antal);
    // A trial calls nobody, notes nothing, and takes nothing up or away.
    let foer = scene.aendringer().await;
    scene.post(&adm, &format!("{sti}/proeve?proeve=true"), &Value::Null).await.er(204);
    scene.post(&adm, &format!("{sti}/igen?proeve=true"), &Value::Null).await.er(204);
    let slet = scene.kald(Method::DELETE, &format!("{sti}?proeve=true")).bearer_auth(&adm);
    scene.send(slet.header("If-Match", vist.etag())).await.er(204);
    assert_eq!(
        (scene.aendringer().await, scene.get(&adm, &sti).await.krop["venter"].clone()),
        (foer, json!(antal))
    );
    // A try of it that does not come through says why; another must wait.
    let svar = scene.post(&adm, &format!("{sti}/proeve"), &Value::Null).await.er(200).krop;
    assert_eq!(svar["leveret"], false);
    assert!(svar["fejl"].as_str().is_some_and(|f| f.len() > 5), "{svar}");
    scene.post(&adm, &format!("{sti}/proeve"), &Value::Null).await.problem(409, "N-833");
    let igen = scene.post(&adm, &format!("{sti}/igen"), &Value::Null).await.er(200).krop;
    assert_eq!(igen["antal"], antal);
}
