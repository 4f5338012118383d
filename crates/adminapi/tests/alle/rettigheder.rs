//! The table of operations: all of them, as the pages demand it, and every role × every operation as the matrix says.

use crate::beskrivelse::{operationer, udfyldt};
use crate::scene::*;
use administration::{Emne, Handling, Modulrolle, maa};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

const TABEL: &str = include_str!("operationer.txt");
const RUTER: &str = include_str!("../../../adminmodul/src/ruter.rs");
const ANTAGELSER: &str = include_str!("../../../../docs/antagelser.md");

/// A line of the table.
#[derive(Debug)]
struct Linje {
    /// Method and address; `None` for what is on the pages alone.
    operation: Option<(Method, String)>,
    /// One of these; nothing for everybody.
    krav: Vec<(Emne, Handling)>,
    /// The right alone is not enough.
    ikke_nok: bool,
    /// The pages that do it.
    sider: Vec<String>,
}

fn ret(tekst: &str) -> (Emne, Handling) {
    let (emne, handling) = tekst.trim().split_once(' ').expect("a subject and an act");
    let emne = Emne::ALLE.iter().find(|e| format!("{e:?}") == emne);
    let handling = Handling::ALLE.into_iter().find(|h| format!("{h:?}") == handling);
    (*emne.expect(tekst), handling.expect(tekst))
}

fn tabel() -> Vec<Linje> {
    let linjer = TABEL.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    let en = |linje: &str| {
        let dele: Vec<&str> = linje.split('|').map(str::trim).collect();
        let [hvad, krav, sider] = dele[..] else { panic!("three columns: {linje}") };
        let operation = (hvad != "kun på siden").then(|| {
            let (metode, sti) = hvad.split_once(' ').expect("a method and an address");
            (metode.parse().expect("a method"), sti.to_owned())
        });
        let ikke_nok = krav.ends_with('~');
        let krav = krav.trim_end_matches('~').trim();
        let alle =
            if krav.is_empty() || krav == "Enhver" { Vec::new() } else { krav.split('/').map(ret).collect() };
        Linje {
            operation,
            krav: alle,
            ikke_nok,
            sider: sider.split_whitespace().map(str::to_owned).collect(),
        }
    };
    linjer.map(en).collect()
}

/// Every POST route of the pages, with what it takes as it is written there.
fn ruter() -> BTreeMap<String, String> {
    let post = RUTER.lines().filter_map(|l| l.trim().strip_prefix("Post \""));
    let en = |l: &str| {
        let (sti, rest) = l.split_once("\", ").expect("an address");
        let (krav, _) = rest.split_once(", inde(").or_else(|| rest.split_once(", aaben(")).expect("a page");
        (sti.to_owned(), krav.to_owned())
    };
    post.map(en).collect()
}

#[test]
fn every_operation_is_in_the_table_once() {
    let beskrevne: Vec<_> = operationer().into_iter().map(|(m, s, _)| format!("{m} {s}")).collect();
    let mut i_tabellen: Vec<_> =
        tabel().iter().filter_map(|l| l.operation.as_ref()).map(|(m, s)| format!("{m} {s}")).collect();
    let antal = i_tabellen.len();
    i_tabellen.sort();
    i_tabellen.dedup();
    assert_eq!(i_tabellen.len(), antal, "an operation stands twice");
    let beskrevne: BTreeSet<_> = beskrevne.into_iter().collect();
    assert_eq!(i_tabellen.into_iter().collect::<BTreeSet<_>>(), beskrevne);
}

/// What somebody can do on a page, a program can do, by the same right; or it is said why not.
#[test]
fn every_form_of_the_pages_has_an_operation_or_a_reason() {
    let ruter = ruter();
    assert!(ruter.len() > 70, "{}", ruter.len());
    let tabel = tabel();
    let naevnt: BTreeSet<&String> = tabel.iter().flat_map(|l| &l.sider).collect();
    assert_eq!(naevnt, ruter.keys().collect::<BTreeSet<_>>());
    for linje in &tabel {
        for side in &linje.sider {
            if linje.operation.is_none() {
                let navn = format!("`{}`", side.trim_start_matches("/admin"));
                assert!(ANTAGELSER.contains(&navn), "docs/antagelser.md does not say why: {navn}");
                continue;
            }
            if let Some(krav) = ruter[side].strip_prefix("Ret(E::").and_then(|k| k.strip_suffix(')')) {
                let (emne, handling) = krav.split_once(", H::").expect("a subject and an act");
                let krav = ret(&format!("{emne} {handling}"));
                let alle = linje.krav.is_empty() || linje.krav.contains(&krav);
                assert!(alle, "{:?} and {side} take different rights", linje.operation);
            }
        }
    }
}

/// A body that lacks nothing: of examples where there are some, else of the smallest values.
fn krop(beskrivelse: &Value, skema: &Value) -> Value {
    if let Some(navn) = skema["$ref"].as_str() {
        let navn = navn.rsplit('/').next().expect("a name");
        return krop(beskrivelse, &beskrivelse["components"]["schemas"][navn]);
    }
    if !skema["example"].is_null() {
        return skema["example"].clone();
    }
    match skema["type"].as_str() {
        Some("object") => {
            let navne = skema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let felter = navne.map(|n| (n.to_owned(), krop(beskrivelse, &skema["properties"][n])));
            Value::Object(felter.collect::<Map<_, _>>())
        }
        Some("array") => json!([]),
        Some("integer") => json!(1),
        Some("boolean") => json!(true),
        Some("string") if skema["format"] == "uuid" => json!(KY),
        Some("string") => json!("x"),
        andet => panic!("a value of type {andet:?}: {skema}"),
    }
}

#[tokio::test]
async fn every_role_does_with_a_key_what_the_matrix_says() {
    let beskrivelse = serde_json::to_value(adminapi::openapi()).expect("JSON");
    let alle: BTreeMap<String, Value> =
        operationer().into_iter().map(|(m, s, o)| (format!("{m} {s}"), o)).collect();
    let scene = Scene::ny().await;
    let (mut lov, mut nej) = (0, 0);
    for rolle in Modulrolle::ALLE {
        let noegle = scene.med(rolle.kode(), rolle).await;
        let foer = scene.aendringer().await;
        for Linje { operation, krav, ikke_nok, .. } in tabel() {
            let Some((metode, sti)) = operation else { continue };
            let operation = &alle[&format!("{metode} {sti}")];
            let proeve = if metode == Method::GET { "" } else { "?proeve=true" };
            let facet = if sti == "/klassifikation/klasser" { "?q=27" } else { "" };
            let kald = scene.kald(metode.clone(), &format!("{}{proeve}{facet}", udfyldt(&sti)));
            let kald = kald.bearer_auth(&noegle).header("If-Match", "\"1\"");
            let skema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let kald = if skema.is_null() { kald } else { kald.json(&krop(&beskrivelse, skema)) };
            let svar = scene.send(kald).await;
            scene.gaa(1_000_000);
            let hvad = format!("{} {metode} {sti}: {} {}", rolle.kode(), svar.status, svar.krop);
            let kan = krav.is_empty() || krav.iter().any(|(e, h)| maa(rolle, *e, *h));
            let kode = svar.krop["kode"].as_str().unwrap_or_default();
            assert!(svar.status.as_u16() < 500, "{hvad}");
            assert!(!["N-814", "N-815", "N-813"].contains(&kode), "the examples can be read: {hvad}");
            if kan {
                assert!(ikke_nok || kode != "A-001", "{hvad}");
                lov += 1;
            } else {
                // What is not there for somebody is told as that; what needs nothing to be there is told as it is.
                let ukendt = sti.contains("{uuid}") && kode == "A-404";
                assert!(ukendt || kode == "A-001", "{hvad}");
                nej += 1;
            }
        }
        assert_eq!(scene.aendringer().await, foer, "a trial changes nothing");
    }
    assert!(lov > 800 && nej > 1_500, "{lov} {nej}");
}
