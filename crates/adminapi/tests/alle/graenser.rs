//! Pages of lists, sizes of bodies, trials, and what cannot be read.

use crate::scene::*;
use administration::Modulrolle;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn every_object_comes_once_however_small_the_pages() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    for navn in ["Å", "a", "B", "Ø 1", "ø 2", "Zz"] {
        scene.post(&la, "/it-systemer", &system(navn)).await.er(201);
    }
    for antal in [1, 2, 3, 6, 7, 500] {
        let (mut sete, mut efter) = (Vec::new(), String::new());
        loop {
            let side =
                scene.get(&la, &format!("/it-systemer?antal={antal}&efter={efter}")).await.er(200).krop;
            let poster = side["poster"].as_array().expect("a list");
            assert!(poster.len() <= antal && !poster.is_empty());
            sete.extend(poster.iter().map(|p| p["navn"].as_str().expect("a name").to_owned()));
            match side["naeste"].as_str() {
                Some(naeste) => efter = naeste.to_owned(),
                None => break,
            }
        }
        assert_eq!(sete, ["a", "B", "KY", "Zz", "Å", "Ø 1", "ø 2"], "{antal}");
        scene.gaa(60_000_000);
    }
    // Those that the store counts.
    let adm = scene.med("Adam", Modulrolle::Administrator).await;
    for navn in ["Bo", "Cilla", "Dan", "Eva"] {
        scene.person(navn, KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    }
    let (mut sete, mut efter) = (Vec::new(), String::new());
    loop {
        let side = scene.get(&adm, &format!("/brugere?antal=2&efter={efter}")).await.er(200).krop;
        sete.extend(side["poster"].as_array().expect("a list").iter().map(|p| p["navn"].clone()));
        let Some(naeste) = side["naeste"].as_str() else { break };
        efter = naeste.to_owned();
    }
    assert_eq!(sete, ["Adam", "Bo", "Cilla", "Dan", "Eva"]);
    // What a page followed is not there for somebody else.
    let side = scene.get(&adm, "/brugere?antal=1").await.er(200).krop;
    let naboens = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let naboens = scene.noegle(&naboens, false).await;
    let efter = side["naeste"].as_str().expect("another page");
    scene.get(&naboens, &format!("/brugere?efter={efter}")).await.problem(422, "N-814");
    let (mut numre, mut efter) = (Vec::new(), String::new());
    loop {
        let side = scene.get(&adm, &format!("/log?antal=3&til=2027-01-16&efter={efter}")).await.er(200).krop;
        numre.extend(
            side["poster"].as_array().expect("a list").iter().map(|p| p["nr"].as_i64().expect("a number")),
        );
        let Some(naeste) = side["naeste"].as_str() else { break };
        efter = naeste.to_owned();
    }
    assert!(numre.len() > 4 && numre.is_sorted_by(|a, b| a > b), "{numre:?}");
    for forkert in ["antal=0", "antal=501", "antal=x", "efter=%C3%A6", "ukendt=1"] {
        scene.get(&la, &format!("/it-systemer?{forkert}")).await.problem(422, "N-814");
    }
    scene.get(&adm, "/brugere?efter=S1k").await.problem(422, "N-814");
    scene.get(&adm, "/log?efter=S1k").await.problem(422, "N-814");
}

#[tokio::test]
async fn lists_have_the_filters_of_the_pages() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let mut idp = system("Matadors IdP");
    idp["typer"] = json!(["Identity Provider"]);
    scene.post(&la, "/it-systemer", &idp).await.er(201);
    let navne = |svar: Svar| -> Vec<Value> {
        svar.krop["poster"].as_array().expect("a list").iter().map(|p| p["navn"].clone()).collect()
    };
    assert_eq!(navne(scene.get(&la, "/it-systemer?q=idp").await), ["Matadors IdP"]);
    assert_eq!(navne(scene.get(&la, "/it-systemer?type=Identity%20Provider").await), ["Matadors IdP"]);
    assert_eq!(navne(scene.get(&la, &format!("/it-systemer?q={KY}")).await), ["KY"]);
    scene.get(&la, "/serviceaftaler?tilstand=FORKERT").await.problem(422, "N-814");
    scene.get(&la, "/serviceaftaler?myndighed=123").await.problem(422, "A-008");
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_changes_nothing() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let foer = scene.aendringer().await;
    let kald = || scene.kald(Method::POST, "/it-systemer").bearer_auth(&la);
    scene.send(kald().body("{}")).await.problem(415, "N-817");
    let json = |krop: String| kald().header("content-type", "application/json").body(krop);
    scene.send(json("{".into())).await.problem(400, "N-815");
    scene.send(json("{\"navn\": 1}".into())).await.problem(400, "N-815");
    let mut ukendt = system("Nyt");
    ukendt["ukendt"] = json!(1);
    scene.post(&la, "/it-systemer", &ukendt).await.problem(400, "N-815");
    scene.send(json(format!("{{\"navn\": \"{}\"}}", "x".repeat(300_000)))).await.problem(413, "N-816");
    let mut fejl = system("");
    fejl["vilkaarAccepteret"] = json!(false);
    let svar = scene.post(&la, "/it-systemer", &fejl).await.problem(422, "A-006").krop;
    let koder: Vec<_> = svar["fejl"].as_array().expect("a list").iter().map(|f| f["kode"].clone()).collect();
    assert_eq!(koder, ["A-006", "S-101"], "everything that is wrong is told at once");
    assert_eq!(svar["fejl"][0]["felt"], "navn");
    scene.post(&la, "/it-systemer?proeve=ja", &system("Nyt")).await.problem(422, "N-814");
    scene.post(&la, "/it-systemer?proeve=true&proeve=false", &system("Nyt")).await.problem(422, "N-814");
    assert_eq!(scene.aendringer().await, foer);
}

#[tokio::test]
async fn a_trial_is_judged_in_full_and_writes_nothing() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let foer = scene.aendringer().await;
    scene.post(&la, "/it-systemer?proeve=true", &system("Nyt")).await.er(204);
    scene.post(&la, "/it-systemer?proeve=true", &system("KY")).await.problem(422, "S-106");
    scene.post(&la, "/serviceaftaler?proeve=true", &anmodning(KY, &[KORSBAEK])).await.er(204);
    assert_eq!(scene.aendringer().await, foer);
    let sti = scene.post(&la, "/serviceaftaler", &anmodning(KY, &[KORSBAEK])).await.er(201).krop;
    let sti = format!("/serviceaftaler/{}", sti["uuid"].as_str().expect("a UUID"));
    let foer = scene.aendringer().await;
    scene.post(&la, &format!("{sti}/send?proeve=true"), &Value::Null).await.er(204);
    assert_eq!(scene.aendringer().await, foer);
    assert_eq!(scene.get(&gk, "/opgaver").await.er(200).krop["poster"], json!([]));
    scene.post(&gk, &format!("{sti}/genbekraeft?proeve=true"), &Value::Null).await.problem(409, "G-210");
    // What is not in the policy is tried as well.
    let bruger = scene.person("Bo", KORSBAEK, &[Modulrolle::Laeseadgang]).await.aktoer.bruger;
    let sti = format!("/brugere/{bruger}");
    let etag = scene.get(&adm, &sti).await.er(200).etag();
    let foer = scene.aendringer().await;
    let spaer = format!("{sti}/spaer?proeve=true");
    scene.fra(&adm, Method::POST, &spaer, &etag, &json!({"aarsag": "Prøve"})).await.er(204);
    assert_eq!(scene.aendringer().await, foer);
    assert_eq!(scene.get(&adm, &sti).await.er(200).krop["tilstand"], "AKTIV");
}
