//! The description: whole, as committed, and of every route there is.

use crate::scene::*;
use reqwest::Method;
use serde_json::Value;
use std::path::Path;

fn beskrivelse() -> Value {
    serde_json::to_value(adminapi::openapi()).expect("JSON")
}

/// Every operation: method, address below the base, description.
pub fn operationer() -> Vec<(Method, String, Value)> {
    let b = beskrivelse();
    let mut ud = Vec::new();
    for (sti, metoder) in b["paths"].as_object().expect("paths") {
        let kort = sti.strip_prefix("/api/v1").expect("everything is below the base");
        for (metode, operation) in metoder.as_object().expect("methods") {
            let metode = metode.to_uppercase().parse().expect("a method");
            ud.push((metode, kort.to_owned(), operation.clone()));
        }
    }
    ud
}

/// An address with something in its places.
pub fn udfyldt(sti: &str) -> String {
    sti.replace("{uuid}", &KY.to_string()).replace("{del}", &KY.to_string())
}

#[test]
fn it_is_as_committed() {
    let nu = format!("{:#}\n", beskrivelse());
    if nu != include_str!("../../openapi.json") {
        let sti = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
        std::fs::write(&sti, nu).expect("written");
        panic!(
            "the interface has changed: compare {} with crates/adminapi/openapi.json, and copy it",
            sti.display()
        );
    }
}

#[test]
fn every_operation_tells_what_it_does_and_how_it_fails() {
    let alle = operationer();
    assert!(alle.len() > 100, "{}", alle.len());
    let mut navne = std::collections::BTreeSet::new();
    for (metode, sti, o) in &alle {
        let hvad = format!("{metode} {sti}");
        assert!(o["summary"].as_str().is_some_and(|s| s.len() > 5), "{hvad}");
        assert_eq!(o["tags"].as_array().map(Vec::len), Some(1), "{hvad}");
        let svar = o["responses"].as_object().expect("responses");
        for status in ["401", "403", "404", "422", "429", "503"] {
            let art = &svar[status]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(art, "#/components/schemas/Problem", "{hvad} {status}");
        }
        assert_eq!(svar.contains_key("409"), *metode != Method::GET, "{hvad}");
        assert!(svar.keys().any(|s| s.starts_with('2')), "{hvad}");
        for del in sti.split('/').filter_map(|d| d.strip_prefix('{')?.strip_suffix('}')) {
            let params = o["parameters"].as_array().expect("parameters");
            assert!(params.iter().any(|p| p["name"] == del && p["in"] == "path"), "{hvad} {del}");
        }
        for p in o["parameters"].as_array().into_iter().flatten() {
            assert!(p["description"].as_str().is_some_and(|d| !d.is_empty()), "{hvad} {p}");
        }
        for (status, svar) in svar {
            assert!(svar["description"].as_str().is_some_and(|d| !d.is_empty()), "{hvad} {status}");
        }
        navne.insert(o["operationId"].as_str().expect("a name").to_owned());
    }
    assert_eq!(navne.len(), alle.len(), "each has a name of its own");
    let b = beskrivelse();
    assert_eq!(b["security"][0]["noegle"], serde_json::json!([]));
    assert_eq!(b["info"]["license"]["name"], "MPL-2.0");
    // Nothing refers to what is not there.
    let tekst = b.to_string();
    for del in tekst.split("#/components/schemas/").skip(1) {
        let navn = del.split('"').next().expect("a name");
        assert!(b["components"]["schemas"].get(navn).is_some(), "{navn} is not described");
    }
}

/// The router is made of the described operations and of nothing else.
#[test]
fn every_route_is_described() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut beskrevne, mut ruter) = (0, 0);
    let mut mapper = vec![src];
    while let Some(mappe) = mapper.pop() {
        for post in std::fs::read_dir(mappe).expect("a folder") {
            let sti = post.expect("an entry").path();
            if sti.is_dir() {
                mapper.push(sti);
                continue;
            }
            let tekst = std::fs::read_to_string(&sti).expect("a file");
            beskrevne += tekst.matches("#[utoipa::path(").count();
            ruter += tekst.matches(".route(").count();
        }
    }
    assert_eq!(beskrevne, operationer().len(), "an operation is described and not there, or twice");
    assert_eq!(ruter, 3, "besides operations: the two descriptions, and what is nothing");
}

#[tokio::test]
async fn no_route_is_open_without_a_key_and_each_is_there_with_one() {
    let scene = Scene::ny().await;
    let noegle = scene.med("Agnes", administration::Modulrolle::Administrator).await;
    let aaben = scene.send(scene.kald(Method::GET, "/openapi.json")).await.er(200);
    assert_eq!(aaben.krop, beskrivelse());
    let foer = scene.aendringer().await;
    for (metode, sti, _) in operationer() {
        let sti = udfyldt(&sti);
        let uden = scene.send(scene.kald(metode.clone(), &sti)).await.problem(401, "N-810");
        assert!(uden.hoveder["www-authenticate"].to_str().expect("a text").starts_with("Bearer"));
        let forkert = format!("fundament_{}", "A".repeat(43));
        for forkert in [forkert.as_str(), "x", "", &noegle[..noegle.len() - 1]] {
            scene.send(scene.kald(metode.clone(), &sti).bearer_auth(forkert)).await.problem(401, "N-810");
        }
        let med = scene.send(scene.kald(metode.clone(), &sti).bearer_auth(&noegle)).await;
        assert!(
            med.status != 401 && med.status != 405 && med.status.as_u16() < 500,
            "{metode} {sti} {med:?}"
        );
        if !med.status.is_success() {
            assert_eq!(med.hoveder["content-type"], "application/problem+json", "{metode} {sti}");
        }
        assert_eq!(med.hoveder["cache-control"], "no-store");
        scene.gaa(1_000_000);
    }
    assert_eq!(scene.aendringer().await, foer, "a call without a body changes nothing");
    scene.send(scene.kald(Method::GET, "/findes-ikke")).await.problem(401, "N-810");
    scene.get(&noegle, "/findes-ikke").await.problem(404, "A-404");
    scene.post(&noegle, "/services", &Value::Null).await.problem(405, "N-818");
}
