//! A system from its registration to the end of its agreement, by programs on both sides.

use crate::scene::*;
use administration::{Modulrolle, Service};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn a_system_is_registered_asks_is_answered_blocked_opened_and_given_notice_of() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let log = scene.med("Lone", Modulrolle::Logansvarlig).await;
    // The same UUID sent again is the same system.
    let uuid = Uuid::from_u128(0xb2);
    let mut felter = system("SAPA");
    felter["uuid"] = json!(uuid);
    scene.post(&la, "/it-systemer", &felter).await.er(201);
    let foer = scene.aendringer().await;
    let etag = scene.post(&la, "/it-systemer", &felter).await.er(200).etag();
    assert_eq!(scene.aendringer().await, foer);
    felter["beskrivelse"] = json!("Journal");
    scene.post(&la, "/it-systemer", &felter).await.problem(409, "A-013");
    let sti = format!("/it-systemer/{uuid}");
    scene.send(scene.kald(Method::PUT, &sti).bearer_auth(&la).json(&felter)).await.problem(428, "N-813");
    let ny = scene.fra(&la, Method::PUT, &sti, &etag, &felter).await.er(200);
    assert_eq!((ny.krop["beskrivelse"].as_str(), ny.etag() == etag), (Some("Journal"), false));
    felter["beskrivelse"] = json!("Andet");
    scene.fra(&la, Method::PUT, &sti, &etag, &felter).await.problem(409, "A-005");
    // Its certificate.
    let certifikat = json!({"certifikat": pem("SAPA", MATADOR)});
    let certifikater = format!("{sti}/certifikater");
    let svar = scene.post(&la, &certifikater, &certifikat).await.er(201).krop;
    assert_eq!((&svar["gaelder"], &svar["cvr"]), (&json!(true), &json!(MATADOR)));
    scene.post(&la, &certifikater, &certifikat).await.er(200);
    let fremmed = json!({"certifikat": pem("X", KORSBAEK)});
    scene.post(&la, &certifikater, &fremmed).await.problem(422, "C-105");
    let noegle = json!({"certifikat": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"});
    scene.post(&la, &certifikater, &noegle).await.problem(422, "C-104");
    // It asks.
    let mut mangelfuld = anmodning(uuid, &[KORSBAEK, NABOKOEBING]);
    mangelfuld["formaal"]["hjemmel"] = json!("");
    let aftale = Uuid::from_u128(0xc3);
    mangelfuld["uuid"] = json!(aftale);
    let sti = format!("/serviceaftaler/{aftale}");
    let kladde = scene.post(&la, "/serviceaftaler", &mangelfuld).await.er(201);
    assert!(kladde.krop["mangler"][0].as_str().expect("a text").contains("hjemmel"), "{}", kladde.krop);
    scene.post(&la, "/serviceaftaler", &mangelfuld).await.er(200);
    scene.get(&gk, &sti).await.problem(404, "A-404");
    scene.post(&la, &format!("{sti}/send"), &Value::Null).await.problem(422, "G-201");
    let mut hel = anmodning(uuid, &[KORSBAEK, NABOKOEBING]);
    scene.fra(&la, Method::PUT, &format!("{sti}/kladde"), &kladde.etag(), &hel).await.er(200);
    hel["navn"] = json!("Andet");
    scene.fra(&la, Method::PUT, &format!("{sti}/kladde"), &kladde.etag(), &hel).await.problem(409, "A-005");
    scene.post(&la, &format!("{sti}/send"), &Value::Null).await.er(200);
    scene.post(&la, "/serviceaftaler", &mangelfuld).await.problem(409, "A-013");
    // Grete sees the task and answers what she read.
    let opgaver = scene.get(&gk, "/opgaver").await.er(200).krop;
    assert_eq!(opgaver["poster"][0]["objekt"], json!(aftale));
    let til_svar = scene.get(&gk, "/serviceaftaler?tilSvar=true").await.er(200).krop;
    assert_eq!(til_svar["poster"].as_array().map(Vec::len), Some(1), "not the neighbour's");
    assert_eq!(til_svar["poster"][0]["tilSvar"], 1);
    let laest = scene.get(&gk, &sti).await.er(200).krop;
    let maerke = laest["versioner"][0]["indholdsmaerke"].clone();
    let svar = |ord: &str, maerke: &Value| json!({"svar": ord, "version": 1, "indholdsmaerke": maerke});
    scene.post(&la, &format!("{sti}/svar"), &svar("GODKEND", &maerke)).await.problem(403, "A-001");
    scene.post(&gk, &format!("{sti}/svar"), &svar("GODKEND", &json!("andet"))).await.problem(409, "A-005");
    scene.post(&gk, &format!("{sti}/svar"), &svar("AFVIS", &maerke)).await.problem(422, "G-206");
    scene.post(&gk, &format!("{sti}/svar"), &svar("MÅSKE", &maerke)).await.problem(422, "N-814");
    let nu = scene.post(&gk, &format!("{sti}/svar"), &svar("GODKEND", &maerke)).await.er(200).krop;
    assert_eq!(nu["myndigheder"][0]["tilstand"], "AKTIV");
    let kan = || {
        let organisation = Service::organisation().uuid;
        scene.app.politik().har_aftale(uuid, cvr(KORSBAEK), organisation, scene.app.now())
    };
    assert!(kan(), "the effect is in the policy that decides calls");
    assert_eq!(scene.get(&gk, "/opgaver").await.er(200).krop["poster"], json!([]));
    scene.post(&gk, &format!("{sti}/svar"), &svar("GODKEND", &maerke)).await.problem(409, "G-210");
    // In use.
    assert_eq!(scene.get(&la, &format!("/it-systemer/{uuid}")).await.er(200).krop["tilstand"], "TILSLUTTET");
    let forbrug = scene.get(&gk, &format!("{sti}/forbrug")).await.er(200).krop;
    assert_eq!((&forbrug["kald"], forbrug["dage"].as_array().map(Vec::len)), (&json!(0), Some(90)));
    scene.post(&gk, &format!("{sti}/spaer"), &json!({})).await.problem(422, "A-006");
    scene.post(&gk, &format!("{sti}/spaer"), &json!({"aarsag": "Mistanke"})).await.er(200);
    assert!(!kan());
    let ophaev = json!({"myndighed": KORSBAEK});
    scene.post(&la, &format!("{sti}/ophaev"), &ophaev).await.problem(409, "G-212");
    scene.post(&gk, &format!("{sti}/ophaev"), &json!({})).await.er(200);
    assert!(kan());
    scene.post(&gk, &format!("{sti}/genbekraeft"), &Value::Null).await.er(200);
    let opsig = json!({"aarsag": "Udbud tabt", "dag": "2027-01-20"});
    scene.post(&gk, &format!("{sti}/opsig"), &json!({"aarsag": "x"})).await.problem(422, "A-006");
    scene
        .post(&gk, &format!("{sti}/opsig"), &json!({"aarsag": "x", "dag": "i morgen"}))
        .await
        .problem(422, "N-814");
    let nu = scene.post(&gk, &format!("{sti}/opsig"), &opsig).await.er(200).krop;
    assert_eq!(
        (&nu["myndigheder"][0]["tilstand"], &nu["myndigheder"][0]["opsagtTil"]),
        (&json!("OPSAGT"), &json!("2027-01-20"))
    );
    // The neighbour has not answered: it is withdrawn.
    let nu = scene.post(&la, &format!("{sti}/traek-tilbage"), &Value::Null).await.er(200).krop;
    assert!(nu.to_string().contains("TRUKKET TILBAGE"), "{nu}");
    // All of it is in the log, as it would be from a page.
    let linjer = scene.get(&log, &format!("/log?q={aftale}")).await.er(200).krop;
    let handlinger: Vec<_> = linjer["poster"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|l| (l["handling"].as_str(), l["kilde"].as_str(), l["navn"].as_str()))
        .collect();
    assert!(
        handlinger.contains(&(Some("godkend serviceaftale"), Some("API"), Some("Grete"))),
        "{handlinger:?}"
    );
    assert!(
        handlinger.contains(&(Some("opsig serviceaftale"), Some("API"), Some("Grete"))),
        "{handlinger:?}"
    );
}

#[tokio::test]
async fn many_requests_are_answered_in_one_call_each_by_itself() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let mut svar = Vec::new();
    for nr in 0..3_u128 {
        let uuid = Uuid::from_u128(0xe0 + nr);
        let mut felter = system(&format!("System {nr}"));
        felter["uuid"] = json!(uuid);
        scene.post(&la, "/it-systemer", &felter).await.er(201);
        let certifikat = json!({"certifikat": pem(&format!("System {nr}"), MATADOR)});
        scene.post(&la, &format!("/it-systemer/{uuid}/certifikater"), &certifikat).await.er(201);
        let kladde = scene.post(&la, "/serviceaftaler", &anmodning(uuid, &[KORSBAEK])).await.er(201).krop;
        let sti = format!("/serviceaftaler/{}", kladde["uuid"].as_str().expect("a UUID"));
        let sendt = scene.post(&la, &format!("{sti}/send"), &Value::Null).await.er(200).krop;
        let maerke = &sendt["versioner"][0]["indholdsmaerke"];
        let et = json!({"svar": "GODKEND", "version": 1, "indholdsmaerke": maerke});
        svar.push(json!({"serviceaftale": kladde["uuid"], "svar": et}));
    }
    svar[1]["svar"]["indholdsmaerke"] = json!("gammelt");
    let foer = scene.aendringer().await;
    let ud = scene.post(&gk, "/serviceaftaler/svar?proeve=true", &json!(svar)).await.er(200).krop;
    let status = |ud: &Value| -> Vec<Value> {
        ud.as_array().expect("a list").iter().map(|u| u["status"].clone()).collect()
    };
    assert_eq!(status(&ud), [200, 409, 200]);
    assert_eq!(scene.aendringer().await, foer);
    let ud = scene.post(&gk, "/serviceaftaler/svar", &json!(svar)).await.er(200).krop;
    assert_eq!(
        (status(&ud), &ud[1]["fejl"][0]["kode"]),
        (vec![json!(200), json!(409), json!(200)], &json!("A-005"))
    );
    let venter = scene.get(&gk, "/serviceaftaler?tilSvar=true").await.er(200).krop;
    assert_eq!(venter["poster"].as_array().map(Vec::len), Some(1));
    scene.post(&gk, "/serviceaftaler/svar", &json!(vec![svar[0].clone(); 101])).await.problem(422, "N-814");
}

#[tokio::test]
async fn nobody_approves_his_own_by_a_program_either() {
    let scene = Scene::ny().await;
    let laest = scene.app.laes_politik().await.expect("the policy");
    let mut data = laest.data.clone();
    for part in data.parter.iter_mut().filter(|p| p.cvr == cvr(KORSBAEK)) {
        part.arter.insert(administration::Partsart::Leverandoer);
    }
    let der = styring::systemer::laes_certifikat(pem("Egen", KORSBAEK).as_bytes()).expect("a certificate");
    let eget = Uuid::from_u128(0xd4);
    data.systemer.push(administration::ItSystem::ny(eget, "Eget", cvr(KORSBAEK), vec![der]));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let roller = [Modulrolle::Godkender, Modulrolle::Leverandoeradministrator];
    let kald = scene.person("Selma", KORSBAEK, &roller).await;
    let selma = scene.noegle(&kald, false).await;
    let kladde = scene.post(&selma, "/serviceaftaler", &anmodning(eget, &[KORSBAEK])).await.er(201).krop;
    let sti = format!("/serviceaftaler/{}", kladde["uuid"].as_str().expect("a UUID"));
    let sendt = scene.post(&selma, &format!("{sti}/send"), &Value::Null).await.er(200).krop;
    let maerke = &sendt["versioner"][0]["indholdsmaerke"];
    let svar = json!({"svar": "GODKEND", "version": 1, "indholdsmaerke": maerke});
    scene.post(&selma, &format!("{sti}/svar"), &svar).await.problem(422, "G-205");
}

#[tokio::test]
async fn the_role_catalogues_certificate_is_kept_by_a_program_too() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let sti = "/rollekatalog/certifikater";
    let foerste = json!({"certifikat": pem("Rollekatalog", KORSBAEK)});
    scene.post(&jfa, sti, &foerste).await.problem(403, "A-001");
    let aftryk = scene.post(&adm, sti, &foerste).await.er(201).krop["aftryk"].clone();
    scene.post(&jfa, sti, &json!({"certifikat": pem("Nyt", KORSBAEK)})).await.er(201);
    let tilbagekald = format!("{sti}/{}/tilbagekald", aftryk.as_str().expect("a text"));
    scene.post(&jfa, &tilbagekald, &json!({"aarsag": "x"})).await.problem(403, "A-001");
    scene.post(&adm, &tilbagekald, &json!({"aarsag": "Skiftet"})).await.er(204);
    scene.post(&adm, &tilbagekald, &json!({"aarsag": "Skiftet"})).await.problem(409, "C-109");
    let alle = scene.get(&adm, sti).await.er(200).krop;
    let status: Vec<_> = alle.as_array().expect("a list").iter().map(|c| c["gaelder"].clone()).collect();
    assert!(status.contains(&json!(true)) && status.contains(&json!(false)), "{status:?}");
}
