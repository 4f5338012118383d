//! GraphQL over real HTTP: the same rights, the same fields and the same readings as REST; and everything that is refused.

use crate::scene::*;
use administration::Modulrolle;
use oio::Cvr;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;

async fn spoerg_med(scene: &Scene, noegle: &str, krop: &Value) -> Value {
    scene.post(noegle, "/graphql", krop).await.er(200).krop
}

async fn spoerg(scene: &Scene, noegle: &str, query: &str) -> Value {
    spoerg_med(scene, noegle, &json!({"query": query})).await
}

/// The data of a query nothing is wrong with.
#[track_caller]
fn data(svar: Value) -> Value {
    assert!(svar["errors"].is_null(), "{svar}");
    svar["data"].clone()
}

/// The codes of what was wrong, each told in Danish.
#[track_caller]
fn koder(svar: &Value) -> Vec<String> {
    let fejl = svar["errors"].as_array().expect("errors");
    let en = |f: &Value| {
        let tekst = f["message"].as_str().expect("a text");
        assert!(tekst.len() > 15 && tekst.ends_with('.'), "{f}");
        for engelsk in ["Unknown", "Invalid", "expected", "Query is", "not configured", "Failed"] {
            assert!(!tekst.contains(engelsk), "{f}");
        }
        f["extensions"]["kode"].as_str().expect("a code").to_owned()
    };
    fejl.iter().map(en).collect()
}

#[test]
fn the_schema_is_as_committed() {
    let nu = adminapi::graphql_sdl();
    if nu != include_str!("../../schema.graphql") {
        let sti = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schema.graphql");
        std::fs::write(&sti, nu).expect("written");
        panic!(
            "what can be asked has changed: compare {} with crates/adminapi/schema.graphql, and copy it",
            sti.display()
        );
    }
}

#[tokio::test]
async fn the_schema_is_open_and_the_questions_are_not() {
    let scene = Scene::ny().await;
    let sdl = scene.send(scene.kald(Method::GET, "/graphql.sdl")).await.er(200);
    assert_eq!(sdl.krop.as_str(), Some(adminapi::graphql_sdl().as_str()));
    let krop = json!({"query": "{ mig { navn } }"});
    scene.send(scene.kald(Method::POST, "/graphql").json(&krop)).await.problem(401, "N-810");
    let noegle = scene.med("Agnes", Modulrolle::Administrator).await;
    scene.get(&noegle, "/graphql").await.problem(405, "N-818");
    scene
        .send(scene.kald(Method::POST, "/graphql").bearer_auth(&noegle).body("{ mig }"))
        .await
        .problem(415, "N-817");
    scene.post(&noegle, "/graphql", &json!([krop])).await.problem(400, "N-815");
    scene.post(&noegle, "/graphql", &json!({"query": 1})).await.problem(400, "N-815");
    scene.post(&noegle, "/graphql", &json!({"query": "x".repeat(300_000)})).await.problem(413, "N-816");
}

/// Two agreements of KY with Korsbæk, one of them in force.
async fn aftaler(scene: &Scene) {
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let mut sendte = Vec::new();
    for nr in 0..2 {
        let mut felter = anmodning(KY, &[KORSBAEK]);
        felter["navn"] = json!(format!("Aftale {nr}"));
        let kladde = scene.post(&la, "/serviceaftaler", &felter).await.er(201).krop;
        let sti = format!("/serviceaftaler/{}", kladde["uuid"].as_str().expect("a UUID"));
        sendte.push((scene.post(&la, &format!("{sti}/send"), &Value::Null).await.er(200).krop, sti));
    }
    let (sendt, sti) = &sendte[0];
    let maerke = &sendt["versioner"][0]["indholdsmaerke"];
    let ja = json!({"svar": "GODKEND", "version": 1, "indholdsmaerke": maerke});
    scene.post(&gk, &format!("{sti}/svar"), &ja).await.er(200);
}

/// Every plain field of an object of REST is one of GraphQL, with the same value.
#[track_caller]
fn plukket(rest: &Value) -> String {
    let enkel = |v: &Value| match v {
        Value::Array(alle) => alle.iter().all(|v| !v.is_object()) && !alle.is_empty(),
        v => !v.is_object(),
    };
    let felter = rest.as_object().expect("an object").iter().filter(|(_, v)| enkel(v));
    felter.map(|(k, _)| k.as_str()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn what_is_seen_is_what_rest_shows() {
    let scene = Scene::ny().await;
    scene.brugervendt().await;
    scene.kle().await;
    aftaler(&scene).await;
    let gk = scene.med("Gunnar", Modulrolle::Godkender).await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let rolle = json!({"navn": "Ydelse", "entityId": "http://korsbaek.example/roles/jobrole/ydelse/1",
        "brugersystemroller": [{"brugersystemrolleUuid": SE_SAG,
            "vaerdier": [{"dataafgraensningstypeEntityId": KLE, "vaerdi": "91.03.02"}]}]});
    let ny = scene.post(&jfa, "/jobfunktionsroller", &rolle).await.er(201);
    let sti = format!("/jobfunktionsroller/{}/aktiver", ny.krop["uuid"].as_str().expect("a UUID"));
    scene.fra(&jfa, Method::POST, &sti, &ny.etag(), &json!({})).await.er(200);
    let delegering = json!({"rolle": ny.krop["uuid"], "modtager": NABOKOEBING, "formaal": "Fælles center",
        "aftalegrundlag": "Driftsfællesskab", "gyldigFra": "2027-01-16", "gyldigTil": "2028-01-01"});
    scene.post(&jfa, "/delegeringer", &delegering).await.er(201);
    scene.post(&jfa, "/foederationsaftaler", &json!({"system": KY})).await.er(201);
    styring::adviser::fordel(&scene.app, false).await.expect("laid with people");
    for (sti, felt) in [
        ("/it-systemer", "itSystemer"),
        ("/serviceaftaler", "serviceaftaler"),
        ("/jobfunktionsroller", "jobfunktionsroller"),
        ("/delegeringer", "delegeringer"),
        ("/foederationsaftaler", "foederationsaftaler"),
        ("/opgaver", "opgaver"),
        ("/adviser", "adviser"),
        ("/brugere", "brugere"),
    ] {
        let rest = scene.get(&gk, sti).await.er(200).krop["poster"].clone();
        let felter = plukket(&rest[0]);
        assert!(felter.split(' ').count() > 4, "{sti}: {felter}");
        let svar =
            data(spoerg(&scene, &gk, &format!("{{ {felt} {{ poster {{ {felter} }} naeste }} }}")).await);
        let her = &svar[felt]["poster"];
        assert_eq!(her.as_array().map(Vec::len), rest.as_array().map(Vec::len), "{felt}");
        for navn in felter.split(' ') {
            assert_eq!(her[0][navn], rest[0][navn], "{felt} {navn}");
        }
    }
    let part = scene.get(&gk, "/indstillinger").await.er(200).krop;
    let svar = data(spoerg(&scene, &gk, &format!("{{ part {{ {} }} }}", plukket(&part))).await);
    assert_eq!(svar["part"], part);
    // What one points to, in the same question.
    let svar = data(
        spoerg(
            &scene,
            &gk,
            "query { serviceaftaler(tilstand: \"AKTIV\") { poster { navn itSystem { navn certifikater { gaelder } \
             brugersystemroller { navn } } aftale { versioner { services { roller parametre } formaal { hjemmel } } } } } }",
        )
        .await,
    );
    let en = &svar["serviceaftaler"]["poster"][0];
    assert_eq!(en["itSystem"]["certifikater"], json!([{"gaelder": true}]));
    assert_eq!(en["itSystem"]["brugersystemroller"][0]["navn"], "Se sag");
    assert!(en["aftale"]["versioner"][0]["formaal"]["hjemmel"].is_string(), "{en}");
    let svar = data(
        spoerg(
            &scene,
            &jfa,
            "{ jobfunktionsroller { poster { navn brugersystemroller { vaerdier { vaerdi } } delegeringer { modtager \
             jobfunktionsrolle { navn } } } } }",
        )
        .await,
    );
    let en = &svar["jobfunktionsroller"]["poster"][0];
    assert_eq!(en["brugersystemroller"][0]["vaerdier"][0]["vaerdi"], "91.03.02");
    assert_eq!(
        en["delegeringer"],
        json!([{"modtager": NABOKOEBING, "jobfunktionsrolle": {"navn": "Ydelse"}}])
    );
    // Fields that somebody may not see are not there, here as there.
    let felt = "{ itSystemer { poster { myndighedsafgraensning } } }";
    assert_eq!(
        data(spoerg(&scene, &gk, felt).await)["itSystemer"]["poster"][0]["myndighedsafgraensning"],
        json!([])
    );
    let uden = data(spoerg(&scene, &jfa, felt).await);
    assert_eq!(uden["itSystemer"]["poster"], json!([{"myndighedsafgraensning": null}]));
}

#[tokio::test]
async fn rights_are_asked_field_by_field_and_others_things_are_not_there() {
    let scene = Scene::ny().await;
    let red = scene.med("Rie", Modulrolle::Redaktoer).await;
    let svar =
        spoerg(&scene, &red, "{ mig { navn } itSystemer { poster { navn } } log: delegeringer { naeste } }")
            .await;
    assert_eq!(svar["data"], json!({"mig": {"navn": "Rie"}, "itSystemer": null, "log": null}));
    assert_eq!(koder(&svar), ["A-001", "A-001"]);
    assert_eq!(
        (&svar["errors"][0]["extensions"]["status"], &svar["errors"][0]["path"][0]),
        (&json!(403), &json!("itSystemer"))
    );
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let svar = spoerg(
        &scene,
        &adm,
        &format!("{{ itSystem(uuid: \"{KY}\") {{ navn }} itSystemer {{ poster {{ navn }} }} }}"),
    )
    .await;
    assert_eq!(data(svar), json!({"itSystem": null, "itSystemer": {"poster": []}}));
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let nanna = nabo.aktoer.bruger;
    let svar = spoerg(&scene, &adm, &format!("{{ bruger(uuid: \"{nanna}\") {{ navn email }} }}")).await;
    assert_eq!((koder(&svar), &svar["data"]["bruger"]), (vec!["A-404".to_owned()], &Value::Null));
    let alle = data(spoerg(&scene, &adm, "{ brugere { poster { navn } } }").await).to_string();
    assert!(alle.contains("Agnes") && !alle.contains("Nanna"));
    let ukendt = format!("{{ serviceaftale(uuid: \"{KY}\") {{ navn }} }}");
    assert_eq!(koder(&spoerg(&scene, &adm, &ukendt).await), ["A-404"]);
    // Filters are judged as there.
    let svar = spoerg(&scene, &adm, "{ brugere(tilstand: \"X\") { naeste } }").await;
    assert_eq!(
        (koder(&svar), &svar["errors"][0]["extensions"]["felt"]),
        (vec!["N-814".to_owned()], &json!("tilstand"))
    );
    assert_eq!(koder(&spoerg(&scene, &adm, "{ brugere(antal: 501) { naeste } }").await), ["N-814"]);
    // A key that only reads is enough.
    let kald = scene.person("Lars", KORSBAEK, &[Modulrolle::Laeseadgang]).await;
    let laeser = scene.noegle(&kald, true).await;
    assert_eq!(data(spoerg(&scene, &laeser, "{ mig { kunLaesning } }").await)["mig"]["kunLaesning"], true);
}

#[tokio::test]
async fn readings_are_written_down_once_for_each_object() {
    let scene = Scene::ny().await;
    aftaler(&scene).await;
    let op = scene.med("Ole", Modulrolle::Driftsoperatoer).await;
    let foer = scene.log().await.len();
    let svar = data(spoerg(&scene, &op, "{ serviceaftaler { poster { navn itSystem { navn } } } }").await);
    assert_eq!(svar["serviceaftaler"]["poster"].as_array().map(Vec::len), Some(2));
    let linjer = scene.log().await;
    let set: Vec<_> = linjer[..linjer.len() - foer].iter().filter(|l| l.handling == "se").collect();
    assert_eq!(set.len(), 1, "KY was looked up once, however many agreements it has: {set:?}");
    assert_eq!((set[0].part, set[0].kilde.as_str(), set[0].objekt), (cvr(MATADOR), "API", Some(KY)));
    assert_ne!(cvr(MATADOR), Cvr::KOMBIT);
    // Nothing is changed by asking.
    assert!(linjer[..linjer.len() - foer].iter().all(|l| l.slags == store::Loglinjeslags::Laest));
}

#[tokio::test]
async fn every_question_at_the_top_counts_as_a_call() {
    let scene = Scene::ny().await;
    let noegle = scene.med("Agnes", Modulrolle::Administrator).await;
    let mange: String = (0..101).map(|n| format!("a{n}: mig {{ navn }} ")).collect();
    let svar = spoerg(&scene, &noegle, &format!("{{ {mange} }}")).await;
    assert_eq!(koder(&svar), ["N-812"], "a hundred are answered");
    scene.get(&noegle, "/mig").await.problem(429, "N-812");
    scene.post(&noegle, "/graphql", &json!({"query": "{ mig { navn } }"})).await.problem(429, "N-812");
}

#[tokio::test]
async fn bombs_rings_and_what_is_not_in_the_schema_are_refused_before_anything_is_read() {
    let scene = Scene::ny().await;
    let noegle = scene.med("Agnes", Modulrolle::Administrator).await;
    let foer = scene.log().await.len();
    let dyb = "jobfunktionsroller { poster { delegeringer { jobfunktionsrolle { delegeringer { jobfunktionsrolle { \
               delegeringer { jobfunktionsrolle { navn } } } } } } } }";
    let alias: String =
        (0..30).map(|n| format!("a{n}: brugere(antal: 200) {{ poster {{ navn email cvr }} }} ")).collect();
    let bred = "{ itSystemer(antal: 500) { poster { serviceaftaler { itSystem { certifikater { aftryk emne } } } } } }";
    let mut dobbelt = String::from("{ ...f0 }");
    for n in 0..40 {
        dobbelt
            .push_str(&format!(" fragment f{n} on Query {{ ...f{m} a: mig {{ navn }} ...f{m} }}", m = n + 1));
    }
    dobbelt.push_str(" fragment f40 on Query { mig { navn } }");
    let klammer = format!("{}mig{}", "{ mig ".repeat(1_000), "}".repeat(1_000));
    for (query, kode) in [
        (format!("{{ {dyb} }}"), "N-821"),
        (klammer, "N-821"),
        (format!("{{ {alias} }}"), "N-822"),
        (bred.to_owned(), "N-822"),
        (dobbelt, "N-822"),
        (format!("{{ mig {{ navn }} }} # {}", "x".repeat(16_000)), "N-822"),
        (
            "{ ...a } fragment a on Query { ...b } fragment b on Query { mig { navn } ...a }".to_owned(),
            "N-824",
        ),
        ("mutation { opretBruger }".to_owned(), "N-825"),
        ("subscription { log }".to_owned(), "N-825"),
        ("{ mig { adgangskode } }".to_owned(), "N-823"),
        ("{ brugere(sql: \"' OR 1=1\") { naeste } }".to_owned(), "N-823"),
        ("{ itSystem(uuid: \"x\") { navn } }".to_owned(), "N-823"),
        ("{ itSystem { navn } }".to_owned(), "N-823"),
        ("query($a: Int!) { brugere(antal: $a) { naeste } }".to_owned(), "N-823"),
        (
            "{ a: brugere(antal: 2147483647) { naeste } b: brugere(antal: 2147483647) { naeste } }"
                .to_owned(),
            "N-814",
        ),
        ("{ mig }".to_owned(), "N-823"),
        ("{ ...ukendt }".to_owned(), "N-823"),
        ("{ mig { navn }".to_owned(), "N-820"),
        (String::new(), "N-820"),
        ("\u{0}".to_owned(), "N-820"),
    ] {
        let svar = spoerg(&scene, &noegle, &query).await;
        let kort: String = query.chars().take(60).collect();
        assert!(koder(&svar).iter().any(|k| k == kode), "{kort}: {svar}");
        let intet = |d: &Value| d.as_object().is_none_or(|d| d.values().all(Value::is_null));
        assert!(intet(&svar["data"]), "{kort}: {svar}");
        scene.gaa(1_000_000);
    }
    let svar = spoerg(&scene, &noegle, "{ mig {\n  navn ! } }").await;
    assert_eq!(svar["errors"][0]["locations"], json!([{"line": 2, "column": 8}]));
    // What describes itself is the schema, which is open; a query is not told of it.
    let svar = spoerg(&scene, &noegle, "{ __schema { types { name } } }").await;
    assert!(!svar.to_string().contains("ItSystem"), "{svar}");
    assert_eq!(scene.log().await.len(), foer, "nothing was read");
}

#[tokio::test]
async fn variables_names_and_pages_work_as_clients_send_them() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    for navn in ["A", "B", "C"] {
        scene.post(&la, "/it-systemer", &system(navn)).await.er(201);
    }
    let query = "query Alle($n: Int, $efter: String) { itSystemer(antal: $n, efter: $efter) { poster { navn } naeste } } \
                 query Mig { mig { navn } }";
    let (mut navne, mut efter) = (Vec::new(), Value::Null);
    loop {
        let krop = json!({"query": query, "operationName": "Alle", "variables": {"n": 2, "efter": efter}});
        let side = data(spoerg_med(&scene, &la, &krop).await)["itSystemer"].clone();
        navne.extend(side["poster"].as_array().expect("a list").iter().map(|p| p["navn"].clone()));
        efter = side["naeste"].clone();
        if efter.is_null() {
            break;
        }
    }
    assert_eq!(navne, ["A", "B", "C", "KY"]);
    let krop = json!({"query": query, "operationName": "Mig", "extensions": {"x": 1}});
    assert_eq!(data(spoerg_med(&scene, &la, &krop).await), json!({"mig": {"navn": "Laura"}}));
    let uden = spoerg_med(&scene, &la, &json!({"query": query})).await;
    assert_eq!(koder(&uden), ["N-823"], "which of them is not said");
    let krop = json!({"query": "query($u: UUID!) { itSystem(uuid: $u) { navn } }", "variables": {"u": KY}});
    assert_eq!(data(spoerg_med(&scene, &la, &krop).await)["itSystem"]["navn"], "KY");
    let krop =
        json!({"query": "query($u: UUID!) { itSystem(uuid: $u) { navn } }", "variables": {"u": {"x": [1]}}});
    assert_eq!(koder(&spoerg_med(&scene, &la, &krop).await), ["N-823"]);
}
