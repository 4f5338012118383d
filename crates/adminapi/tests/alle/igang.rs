//! Kom i gang, and a login tried, by programs.

use crate::scene::*;
use crate::tilsyn::metadata;
use administration::Modulrolle;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::login::{Billet, Idp};

#[tokio::test]
async fn first_steps_are_read_and_somebody_undertakes_them() {
    let scene = Scene::ny().await;
    let agnes = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let adm = scene.noegle(&agnes, false).await;
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Laeseadgang]).await.aktoer.bruger;
    let nanna = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Laeseadgang]).await.aktoer.bruger;
    let foerst = scene.get(&adm, "/kom-i-gang").await.er(200);
    let forloeb = &foerst.krop["forloeb"][0];
    assert_eq!((&forloeb["som"], &forloeb["naaede"]), (&json!("MYNDIGHED"), &json!(1)), "{forloeb}");
    assert_eq!(forloeb["trin"].as_array().map(Vec::len), Some(8));
    assert_eq!(
        (&forloeb["trin"][0]["naaet"], &forloeb["naeste"]),
        (&json!(true), &json!("brugeradministrator"))
    );
    let sti = "/kom-i-gang/trin/godkender";
    let trin = scene.get(&adm, sti).await.er(200);
    assert_eq!((&trin.krop["rolle"], &trin.krop["ejer"]), (&json!("GK"), &Value::Null));
    scene.get(&adm, "/kom-i-gang/trin/it-system").await.problem(404, "A-404");
    let put = async |sti: &str, etag: &str, krop: &Value| scene.fra(&adm, Method::PUT, sti, etag, krop).await;
    let plan = |ejer, frist: &str| json!({"ejer": ejer, "frist": frist});
    put(sti, &trin.etag(), &plan(nanna, "2027-03-01")).await.problem(422, "I-902");
    put(sti, &trin.etag(), &plan(bo, "2026-03-01")).await.problem(422, "I-903");
    put(sti, &trin.etag(), &json!({"ejer": bo})).await.problem(422, "A-006");
    put(sti, &trin.etag(), &plan(bo, "i morgen")).await.problem(422, "N-814");
    put(&format!("{sti}?proeve=true"), &trin.etag(), &plan(bo, "2027-03-01")).await.er(204);
    let nu = put(sti, &trin.etag(), &plan(bo, "2027-03-01")).await.er(200);
    assert_eq!(nu.krop["ejer"], json!({"uuid": bo, "navn": "Bo"}));
    assert_eq!(nu.krop["frist"], "2027-03-01");
    put(sti, &trin.etag(), &plan(bo, "2027-04-01")).await.problem(409, "A-005");
    assert_eq!(put(sti, &nu.etag(), &json!({})).await.er(200).krop["ejer"], Value::Null, "nobody");
    put("/kom-i-gang/trin/administrator", &trin.etag(), &plan(bo, "2027-03-01")).await.problem(409, "I-901");
    // The day the first business system is put in use.
    let drift = "/kom-i-gang/foerste-fagsystem";
    put(drift, &foerst.etag(), &json!({"dag": "2026-01-01"})).await.problem(422, "I-903");
    put(drift, &foerst.etag(), &json!({"dag": "2027-06-01"})).await.er(204);
    put(drift, &foerst.etag(), &json!({"dag": "2027-07-01"})).await.problem(409, "A-005");
    let nu = scene.get(&adm, "/kom-i-gang").await.er(200);
    assert_eq!(nu.krop["foersteFagsystem"], "2027-06-01");
    put(drift, &nu.etag(), &json!({})).await.er(204);
    // A supplier has steps of its own, and no such day.
    let la = scene.med("Lone", Modulrolle::LeverandoerOrganisation).await;
    let deres = scene.get(&la, "/kom-i-gang").await.er(200);
    assert_eq!(deres.krop["forloeb"][0]["som"], "LEVERANDØR");
    scene
        .fra(&la, Method::PUT, drift, &deres.etag(), &json!({"dag": "2027-06-01"}))
        .await
        .problem(404, "A-404");
}

const ROLLE: &str = "http://korsbaek.example/roles/jobrole/ydelse/1";

fn billet() -> Billet {
    let a = |navn: &str, vaerdi: &str| (navn.to_owned(), vaerdi.to_owned());
    let roller = format!(
        "<bpp:PrivilegeList xmlns:bpp=\"http://digst.dk/oiosaml/basic_privilege_profile\"><PrivilegeGroup \
         Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:{KORSBAEK}\"><Privilege>{ROLLE}</Privilege></PrivilegeGroup>\
         </bpp:PrivilegeList>"
    );
    Billet {
        id: "_billet".into(),
        cvr: KORSBAEK.into(),
        audience: "https://saml.adgang.fundament.localhost/runtime".into(),
        fra: "2027-01-15T07:59:00Z".into(),
        til: "2027-01-15T08:05:00Z".into(),
        klasse: "https://data.gov.dk/concept/core/nsis/loa/Substantial".into(),
        attributter: vec![
            a("https://data.gov.dk/model/core/specVersion", "OIO-SAML-3.0"),
            a("https://data.gov.dk/concept/core/nsis/loa", "Substantial"),
            a("https://data.gov.dk/model/core/eid/professional/cvr", KORSBAEK),
            a("https://data.gov.dk/model/core/eid/cprNumber", "0101701234"),
            a("https://data.gov.dk/model/core/eid/privilegesIntermediate", &STANDARD.encode(roller)),
        ],
    }
}

#[tokio::test]
async fn a_login_is_tried_and_a_test_person_noted() {
    let scene = Scene::ny().await;
    scene.brugervendt().await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let gk = scene.med("Gunnar", Modulrolle::Godkender).await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let op = scene.med("Ole", Modulrolle::Driftsoperatoer).await;
    let ja = json!({"svar": "JA"});
    let ky = format!("/it-systemer/{KY}/foederation");
    let etag = scene.get(&la, &ky).await.er(200).etag();
    let krav = json!({"nsis": "Betydelig", "metadata": metadata("SP", "https://ky.example")});
    scene.fra(&la, Method::PUT, &ky, &etag, &krav).await.er(200);
    let idp = Idp::ny("https://idp.korsbaek.example");
    let felter = json!({"navn": "Korsbæk AD", "praesentationsnavn": "Korsbæk Kommune", "email": "it@korsbaek.example",
        "miljoe": "Test", "nsis": "Betydelig", "anmeldelse": "NSIS-17", "domaene": "korsbaek.example",
        "metadata": idp.metadata()});
    let ny = scene.post(&jfa, "/foederation/idp", &felter).await.er(201);
    let uuid = ny.krop["uuid"].clone();
    let sti = format!("/foederation/idp/{}", uuid.as_str().expect("a UUID"));
    let nu = scene.fra(&gk, Method::POST, &format!("{sti}/svar"), &ny.etag(), &ja).await.er(200);
    scene.fra(&op, Method::POST, &format!("{sti}/verificer"), &nu.etag(), &ja).await.er(200);
    let felter = json!({"system": KY, "idp": uuid, "send": true});
    let mut nu = scene.post(&jfa, "/foederationsaftaler", &felter).await.er(201);
    let sti = format!("/foederationsaftaler/{}", nu.krop["uuid"].as_str().expect("a UUID"));
    for noegle in [&gk, &la] {
        nu = scene.fra(noegle, Method::POST, &format!("{sti}/svar"), &nu.etag(), &ja).await.er(200);
    }
    let rolle = json!({"navn": "Ydelse", "entityId": ROLLE, "brugersystemroller": [{"brugersystemrolleUuid": SE_SAG,
        "vaerdier": [{"dataafgraensningstypeEntityId": KLE, "vaerdi": "91.03.02"}]}]});
    scene.kle().await;
    let ny = scene.post(&jfa, "/jobfunktionsroller", &rolle).await.er(201);
    let aktiver = format!("/jobfunktionsroller/{}/aktiver", ny.krop["uuid"].as_str().expect("a UUID"));
    scene.fra(&jfa, Method::POST, &aktiver, &ny.etag(), &json!({})).await.er(200);

    let proev = format!("{sti}/proev");
    let proeves = |tekst: &str| json!({"proeves": tekst});
    let svar = idp.svar(&idp.signeret(&billet()), "Success");
    let adm = scene.med("Anna", Modulrolle::Administrator).await;
    scene.post(&adm, &proev, &proeves(&svar)).await.problem(403, "A-001");
    scene.post(&jfa, &proev, &proeves("")).await.problem(422, "A-006");
    scene.post(&jfa, &proev, &proeves("hvad som helst")).await.problem(422, "F-314");
    let foer = scene.aendringer().await;
    scene.post(&jfa, &format!("{proev}?proeve=true"), &proeves(&svar)).await.er(204);
    assert_eq!(scene.aendringer().await, foer);
    let ud = scene.post(&jfa, &proev, &proeves(&svar)).await.er(200).krop;
    assert_eq!((&ud["form"], &ud["lykkedes"]), (&json!("LOGINSVAR"), &json!(true)), "{ud}");
    assert!(!ud.to_string().contains("0101701234"));
    let giver = &ud["roller"][0]["giver"][0];
    assert_eq!((&giver["navn"], &giver["scope"]), (&json!("Se sag"), &json!(KORSBAEK)));
    assert_eq!(giver["afgraensninger"][0]["vaerdi"], "91.03.02");
    assert!(ud["tjek"].as_array().is_some_and(|t| t.iter().any(|t| t["udfald"] == "IKKE PRØVET")));
    let intet = scene
        .post(&jfa, &proev, &proeves("http://korsbaek.example/roles/jobrole/andet/1"))
        .await
        .er(200)
        .krop;
    assert_eq!((&intet["form"], &intet["lykkedes"]), (&json!("ROLLEIDER"), &json!(false)));
    assert!(intet["roller"][0]["intet"][0]["goerSaadan"].as_str().is_some_and(|t| t.len() > 5));
    // It is noted with the agreement that was read, and only after a trial that went well.
    let testbruger = format!("{sti}/testbruger");
    let noter = async |etag: &str, reference: &Value| {
        scene.fra(&jfa, Method::POST, &testbruger, etag, &json!({"reference": reference})).await
    };
    noter(&nu.etag(), &intet["reference"]).await.problem(409, "F-315");
    noter("\"andet\"", &ud["reference"]).await.problem(409, "A-005");
    noter(&nu.etag(), &ud["reference"]).await.er(204);
    noter(&nu.etag(), &ud["reference"]).await.problem(409, "A-005");
}
