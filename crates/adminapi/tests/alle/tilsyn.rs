//! Stikprøver, attesteringer, føderation, classes, and from test to production.

use crate::scene::*;
use administration::{Miljoe, Modulrolle};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_stikproeve_is_drawn_answered_ended_and_proved() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let log = scene.med("Lone", Modulrolle::Logansvarlig).await;
    let ny = |til: &str| {
        json!({"navn": "Januar", "fra": "2027-01-01", "til": til, "antal": 1, "frist": "2027-03-01",
            "laesere": "PERSONER"})
    };
    scene.post(&log, "/stikproever", &ny("2027-02-01")).await.problem(422, "T-104");
    scene.get(&adm, "/log").await.er(200);
    scene.gaa(1_000_000);
    scene.post(&log, "/stikproever", &ny("2026-01-01")).await.problem(422, "A-009");
    let mut forkert = ny("2027-02-01");
    forkert["laesere"] = json!("ALT");
    scene.post(&log, "/stikproever", &forkert).await.problem(422, "N-814");
    forkert["antal"] = json!(201);
    forkert["laesere"] = json!("ALLE");
    scene.post(&log, "/stikproever", &forkert).await.problem(422, "T-108");
    scene.post(&log, "/stikproever?proeve=true", &ny("2027-02-01")).await.er(204);
    assert_eq!(scene.get(&log, "/stikproever").await.er(200).krop["poster"], json!([]));
    let trukket = scene.post(&log, "/stikproever", &ny("2027-02-01")).await.er(201).krop;
    assert_eq!((&trukket["tilstand"], &trukket["ubesvarede"]), (&json!("ÅBEN"), &json!(1)));
    assert_eq!(trukket["laesninger"][0]["hvem"], "Agnes");
    let sti = format!("/stikproever/{}", trukket["uuid"].as_str().expect("a UUID"));
    scene.get(&log, &format!("{sti}/bevis.pdf")).await.problem(409, "T-109");
    let svar = json!({"svar": "JA", "spurgt": "Lis Leder"});
    scene
        .post(&log, &format!("{sti}/svar/1"), &json!({"svar": "MÅSKE", "spurgt": "x"}))
        .await
        .problem(422, "N-814");
    scene.post(&log, &format!("{sti}/svar/2"), &svar).await.problem(404, "A-404");
    scene.post(&log, &format!("{sti}/svar/x"), &svar).await.problem(404, "A-404");
    let nu = scene.post(&log, &format!("{sti}/svar/1"), &svar).await.er(200).krop;
    assert_eq!(nu["laesninger"][0]["svar"]["noteretAf"], "Lone");
    let slut = json!({"konklusion": "Arbejdsbetinget"});
    scene.post(&log, &format!("{sti}/afslut"), &slut).await.er(200);
    scene.post(&log, &format!("{sti}/svar/1"), &svar).await.problem(409, "T-101");
    let bevis = scene.get(&log, &format!("{sti}/bevis.pdf")).await.er(200);
    assert_eq!(bevis.hoveder["content-type"], "application/pdf");
    assert!(bevis.krop.as_str().is_some_and(|t| t.starts_with("%PDF")));
    let nabo = scene.person("Nils", NABOKOEBING, &[Modulrolle::Logansvarlig]).await;
    scene.get(&scene.noegle(&nabo, false).await, &sti).await.problem(404, "A-404");
}

#[tokio::test]
async fn an_attestering_is_started_answered_as_read_and_ended() {
    let scene = Scene::ny().await;
    scene.brugervendt().await;
    scene.kle().await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let sa = scene.med("Sanne", Modulrolle::Systemansvarlig).await;
    let start = json!({"navn": "Forår", "omfang": "ALLE", "frist": "2027-06-01"});
    scene.post(&jfa, "/attesteringer", &start).await.problem(422, "T-203");
    let rolle = json!({"navn": "Ydelse", "entityId": "http://korsbaek.example/roles/jobrole/ydelse/1",
        "brugersystemroller": [{"brugersystemrolleUuid": SE_SAG,
            "vaerdier": [{"dataafgraensningstypeEntityId": KLE, "vaerdi": "91.03.02"}]}]});
    let rolle = scene.post(&jfa, "/jobfunktionsroller", &rolle).await.er(201);
    let rollesti = format!("/jobfunktionsroller/{}", rolle.krop["uuid"].as_str().expect("a UUID"));
    scene.fra(&jfa, Method::POST, &format!("{rollesti}/aktiver"), &rolle.etag(), &json!({})).await.er(200);
    scene.post(&sa, "/attesteringer", &start).await.problem(403, "A-001");
    let mut forkert = start.clone();
    forkert["omfang"] = json!("NOGLE");
    scene.post(&jfa, "/attesteringer", &forkert).await.problem(422, "N-814");
    forkert["omfang"] = json!("SYSTEMER");
    scene.post(&jfa, "/attesteringer", &forkert).await.problem(422, "A-006");
    scene.post(&jfa, "/attesteringer?proeve=true", &start).await.er(204);
    let ny = scene.post(&jfa, "/attesteringer", &start).await.er(201).krop;
    assert_eq!((&ny["punkter"], &ny["faerdige"]), (&json!(1), &json!(0)));
    let sti = format!("/attesteringer/{}", ny["uuid"].as_str().expect("a UUID"));
    let systemer = scene.get(&sa, &format!("{sti}/systemer")).await.er(200).krop;
    assert_eq!(systemer["poster"][0]["ansvarlige"], json!(["Sanne"]));
    let venter = scene.get(&sa, &format!("{sti}/punkter?status=VENTER")).await.er(200).krop;
    assert_eq!(venter["poster"].as_array().map(Vec::len), Some(1));
    let punkt = format!("{sti}/punkter/1");
    let laest = scene.get(&sa, &punkt).await.er(200);
    assert!(laest.krop["ord"].to_string().contains("kan se sager"), "{}", laest.krop);
    assert_eq!(laest.krop["kanBesvares"], true);
    let svar = format!("{punkt}/svar");
    let ja = json!({"svar": "BEKRÆFTET"});
    scene.fra(&sa, Method::POST, &svar, "\"99\"", &ja).await.problem(409, "A-005");
    scene.fra(&jfa, Method::POST, &svar, &laest.etag(), &ja).await.problem(403, "A-001");
    let hvorfor = json!({"svar": "ÆNDRING ØNSKET"});
    scene.fra(&sa, Method::POST, &svar, &laest.etag(), &hvorfor).await.problem(422, "A-006");
    scene.post(&jfa, &format!("{sti}/afslut"), &Value::Null).await.problem(409, "T-204");
    let nu = scene.fra(&sa, Method::POST, &svar, &laest.etag(), &ja).await.er(200).krop;
    assert_eq!(
        (&nu["punkt"]["status"], &nu["punkt"]["svar"][0]["af"]),
        (&json!("BEKRÆFTET"), &json!("Sanne"))
    );
    let slut = scene.post(&jfa, &format!("{sti}/afslut"), &Value::Null).await.er(200).krop;
    assert_eq!((&slut["tilstand"], &slut["slut"]["bekraeftet"]), (&json!("AFSLUTTET"), &json!(1)));
    scene.fra(&sa, Method::POST, &svar, &laest.etag(), &ja).await.problem(409, "T-201");
    let rapport = scene.get(&sa, &format!("{sti}/rapport.pdf")).await.er(200);
    assert!(rapport.krop.as_str().is_some_and(|t| t.starts_with("%PDF")));
}

/// Metadata of an Identity Provider or of a system.
pub fn metadata(rolle: &str, id: &str) -> String {
    let tjeneste = if rolle == "IDP" { "SingleSignOnService" } else { "AssertionConsumerService" };
    let pem = pem("signering", KORSBAEK);
    let certifikat: String = pem.lines().filter(|l| !l.starts_with('-')).collect();
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
         entityID=\"{id}\"><md:{rolle}SSODescriptor><md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certifikat}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:{tjeneste} Binding=\"b\" Location=\"{id}/x\"/>\
         </md:{rolle}SSODescriptor></md:EntityDescriptor>"
    )
}

#[tokio::test]
async fn an_idp_and_an_agreement_go_from_first_to_last_by_programs() {
    let scene = Scene::ny().await;
    scene.brugervendt().await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let gk = scene.med("Gunnar", Modulrolle::Godkender).await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let op = scene.med("Ole", Modulrolle::Driftsoperatoer).await;
    // What KY demands.
    let ky = format!("/it-systemer/{KY}/foederation");
    let foer = scene.get(&la, &ky).await.er(200);
    let krav = json!({"nsis": "Betydelig", "metadata": metadata("SP", "https://ky.example")});
    let nu = scene.fra(&la, Method::PUT, &ky, &foer.etag(), &krav).await.er(200);
    assert_eq!(nu.krop["metadata"]["entityId"], "https://ky.example");
    scene.fra(&la, Method::PUT, &ky, &foer.etag(), &krav).await.problem(409, "A-005");
    scene.fra(&la, Method::PUT, &ky, &nu.etag(), &json!({"nsis": "Højest"})).await.problem(422, "N-814");
    scene.get(&jfa, &ky).await.problem(403, "A-001");
    // The Identity Provider.
    let mut idp = json!({"navn": "Korsbæk AD", "praesentationsnavn": "Korsbæk Kommune", "email": "it@korsbaek.example",
        "miljoe": "Test", "nsis": "Betydelig", "anmeldelse": "NSIS-17", "domaene": "korsbaek.example"});
    scene.post(&jfa, "/foederation/idp", &idp).await.problem(422, "A-006");
    idp["metadata"] = json!(metadata("IDP", "https://ky.example"));
    scene.post(&jfa, "/foederation/idp", &idp).await.problem(422, "M-103");
    idp["metadata"] = json!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>");
    let svar = scene.post(&jfa, "/foederation/idp", &idp).await.problem(422, "M-101");
    assert!(!svar.krop.to_string().contains("root:"));
    idp["metadata"] = json!(metadata("IDP", "https://idp.korsbaek.example"));
    scene.post(&jfa, "/foederation/idp?proeve=true", &idp).await.er(204);
    let ny = scene.post(&jfa, "/foederation/idp", &idp).await.er(201);
    let uuid = ny.krop["uuid"].clone();
    let sti = format!("/foederation/idp/{}", uuid.as_str().expect("a UUID"));
    let ja = json!({"svar": "JA"});
    let svar = format!("{sti}/svar");
    scene.fra(&gk, Method::POST, &svar, "\"andet\"", &ja).await.problem(409, "A-005");
    scene.fra(&jfa, Method::POST, &svar, &ny.etag(), &ja).await.problem(403, "A-001");
    let nu = scene.fra(&gk, Method::POST, &svar, &ny.etag(), &ja).await.er(200);
    scene.fra(&gk, Method::POST, &svar, &nu.etag(), &ja).await.problem(409, "F-310");
    let verificer = format!("{sti}/verificer");
    scene.fra(&gk, Method::POST, &verificer, &nu.etag(), &ja).await.problem(403, "A-001");
    let nu = scene.fra(&op, Method::POST, &verificer, &nu.etag(), &ja).await.er(200);
    assert!(nu.krop["nsisVerificeret"].is_string(), "{}", nu.krop);
    scene.get(&op, &sti).await.er(200);
    let set = scene.log().await.into_iter().next().expect("a line");
    assert_eq!((set.handling.as_str(), set.part), ("se", cvr(KORSBAEK)), "its owner is told who looked");
    scene.get(&la, &sti).await.problem(404, "A-404");
    // The agreement.
    let felter = json!({"system": KY, "idp": uuid, "attributter": ["cn"], "send": true});
    let ny = scene.post(&jfa, "/foederationsaftaler", &felter).await.er(201);
    assert_eq!(ny.krop["tilstand"], "ANMODET");
    scene.post(&jfa, "/foederationsaftaler", &felter).await.problem(409, "F-311");
    let sti = format!("/foederationsaftaler/{}", ny.krop["uuid"].as_str().expect("a UUID"));
    scene.get(&la, &sti).await.problem(404, "A-404");
    let svar = format!("{sti}/svar");
    scene.fra(&gk, Method::POST, &svar, &ny.etag(), &json!({"svar": "NEJ"})).await.problem(422, "A-006");
    let nu = scene.fra(&gk, Method::POST, &svar, &ny.etag(), &ja).await.er(200);
    let nu = scene.fra(&la, Method::POST, &svar, &nu.etag(), &ja).await.er(200);
    assert_eq!((&nu.krop["tilstand"], &nu.krop["leverandoerGodkendt"]), (&json!("AKTIV"), &json!(true)));
    let aarsag = json!({"aarsag": "Mistanke"});
    scene.post(&gk, &format!("{sti}/spaer"), &json!({"aarsag": ""})).await.problem(422, "A-006");
    scene.post(&gk, &format!("{sti}/spaer"), &aarsag).await.er(200);
    scene.post(&la, &format!("{sti}/ophaev"), &aarsag).await.problem(409, "G-212");
    scene.post(&gk, &format!("{sti}/ophaev"), &aarsag).await.er(200);
    let fundet = scene.get(&gk, "/foederationsaftaler?tilstand=AKTIV").await.er(200).krop;
    assert_eq!(fundet["poster"].as_array().map(Vec::len), Some(1));
    scene.post(&gk, &format!("{sti}/afslut"), &aarsag).await.er(200);
    scene.post(&gk, &format!("{sti}/spaer"), &aarsag).await.problem(409, "F-308");
    // A supplier invites.
    let inviter = json!({"system": KY, "myndighed": NABOKOEBING});
    let ny = scene.post(&la, "/foederationsaftaler", &inviter).await.er(201).krop;
    assert_eq!((&ny["myndighed"], &ny["tilstand"]), (&json!(NABOKOEBING), &json!("KLADDE")));
    scene.post(&gk, "/foederationsaftaler", &inviter).await.problem(403, "A-001");
}

#[tokio::test]
async fn classes_are_read_level_by_level_found_and_shown_where_they_are_used() {
    let scene = Scene::ny().await;
    scene.kle().await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let alle = scene.get(&jfa, "/klassifikation").await.er(200).krop;
    let facetter = alle["poster"][0]["facetter"].as_array().expect("facets");
    let facet = facetter.iter().find(|f| f["klasser"].as_u64() > Some(3)).expect("one with classes");
    let facet = facet["uuid"].as_str().expect("a UUID");
    let hentet = scene.get(&jfa, &format!("/klassifikation/facetter/{facet}")).await.er(200).krop;
    assert_eq!(hentet["uuid"], facet);
    let oeverst = scene.get(&jfa, &format!("/klassifikation/klasser?facet={facet}")).await.er(200).krop;
    let foerste =
        oeverst["poster"].as_array().expect("a list").iter().find(|k| k["boern"].as_u64() > Some(0));
    let over = foerste.expect("one with others below")["uuid"].as_str().expect("a UUID").to_owned();
    let under = format!("/klassifikation/klasser?facet={facet}&over={over}");
    assert_eq!(scene.get(&jfa, &under).await.er(200).krop["poster"][0]["over"], over.as_str());
    let fundet = scene.get(&jfa, "/klassifikation/klasser?q=91.03.02").await.er(200).krop;
    let klasse = fundet["poster"][0].clone();
    assert_eq!(klasse["nr"], "91.03.02");
    let sti = format!("/klassifikation/klasser/{}", klasse["uuid"].as_str().expect("a UUID"));
    let hel = scene.get(&jfa, &sti).await.er(200).krop;
    assert_eq!((&hel["klasse"]["nr"], &hel["brug"]), (&json!("91.03.02"), &json!([])));
    assert!(hel["over"].as_array().is_some_and(|o| !o.is_empty()), "{hel}");
    scene.get(&jfa, "/klassifikation/klasser").await.problem(422, "N-814");
    scene.get(&jfa, &format!("/klassifikation/klasser?q=91&over={over}")).await.problem(422, "N-814");
    scene.get(&jfa, "/klassifikation?efter=S1k").await.problem(422, "N-814");
    scene.get(&jfa, &format!("/klassifikation/klasser/{KY}")).await.problem(404, "A-404");
    let red = scene.med("Rie", Modulrolle::Redaktoer).await;
    scene.get(&red, "/klassifikation/klasser?q=91").await.problem(403, "A-001");
}

#[tokio::test]
async fn a_system_is_taken_out_of_test_compared_tried_and_put_in_production() {
    let test = Scene::i(Miljoe::Test).await;
    let la = test.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = test.med("Grete", Modulrolle::Godkender).await;
    let felter = json!({"navn": "KY", "typer": ["Anvendersystem"], "miljoe": "Test", "email": "ky@matador.example",
        "vilkaarAccepteret": true});
    let ky = format!("/it-systemer/{KY}");
    let etag = test.get(&la, &ky).await.er(200).etag();
    test.fra(&la, Method::PUT, &ky, &etag, &felter).await.er(200);
    test.post(&la, "/serviceaftaler", &anmodning(KY, &[KORSBAEK])).await.er(201);
    let hent = format!("{ky}/overfoersel.toml");
    test.get(&gk, &hent).await.problem(403, "A-001");
    let fil = test.get(&la, &hent).await.er(200);
    assert_eq!(fil.hoveder["content-type"], "application/toml; charset=utf-8");
    let fil = fil.krop.as_str().expect("a text").to_owned();
    assert!(fil.contains("KY læser organisation"), "{fil}");

    let produktion = Scene::i(Miljoe::Produktion).await;
    let mut data = produktion.app.politik().data().clone();
    data.systemer.clear();
    produktion.app.saet_politik(&data, true).await.expect("a policy");
    let la = produktion.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let foer = produktion.aendringer().await;
    produktion.post(&la, "/overfoersel/se", &json!({"fil": "<b> = ["})).await.problem(422, "T-200");
    produktion.post(&la, "/overfoersel/se", &json!({"fil": "#".repeat(300_000)})).await.problem(422, "T-200");
    produktion
        .post(&la, "/overfoersel/se", &json!({"fil": "#".repeat(1_100_000)}))
        .await
        .problem(413, "N-816");
    let set = produktion.post(&la, "/overfoersel/se", &json!({"fil": fil})).await.er(200);
    assert_eq!((&set.krop["nyt"], &set.krop["aftaler"][0]["foer"]), (&json!(true), &Value::Null));
    assert_eq!(set.krop["aftaler"][0]["efter"]["nummer"], 1);
    let ind =
        async |sti: &str, etag: &str, krop: &Value| produktion.fra(&la, Method::POST, sti, etag, krop).await;
    let mut ny = json!({"fil": fil, "certifikat": pem("KY produktion", MATADOR)});
    produktion.post(&la, "/overfoersel", &ny).await.problem(428, "N-813");
    ind("/overfoersel", &set.etag(), &ny).await.problem(422, "S-101");
    ny["vilkaarAccepteret"] = json!(true);
    ind("/overfoersel", "\"andet\"", &ny).await.problem(409, "A-005");
    let mut samme = ny.clone();
    samme["certifikat"] =
        json!(STANDARD.encode(&test.app.politik().system(KY).expect("KY").certifikater[0].der));
    ind("/overfoersel", &set.etag(), &samme).await.problem(422, "C-103");
    ind("/overfoersel?proeve=true", &set.etag(), &ny).await.er(204);
    assert_eq!(produktion.aendringer().await, foer, "what is refused and what is tried leaves nothing");
    let svar = ind("/overfoersel", &set.etag(), &ny).await.er(200).krop;
    assert_eq!(svar["system"], json!(KY));
    let ky = produktion.get(&la, &ky).await.er(200).krop;
    assert_eq!(ky["miljoe"], "Produktion");
    let igen = produktion.post(&la, "/overfoersel/se", &json!({"fil": fil})).await.er(200).krop;
    assert_eq!(igen["tom"], true);
}
