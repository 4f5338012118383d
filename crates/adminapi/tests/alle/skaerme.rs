//! What the pages did alone before: users, brugersystemroller, settings, comments, what is approved beforehand, choices of mail.

use crate::scene::*;
use administration::Modulrolle;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_user_is_invited_without_a_link_and_corrected_by_version() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let ny = json!({"navn": "Bo Bruger", "email": "Bo@Korsbaek.Example", "telefon": "55 55 55 55"});
    let foer = scene.aendringer().await;
    scene.post(&adm, "/brugere?proeve=true", &ny).await.er(204);
    assert_eq!(scene.aendringer().await, foer);
    let svar = scene.post(&adm, "/brugere", &ny).await.er(201);
    assert_eq!(
        (&svar.krop["tilstand"], &svar.krop["email"], &svar.krop["roller"]),
        (&json!("INVITERET"), &json!("bo@korsbaek.example"), &json!([]))
    );
    // No way in is in the answer, or in the log, or made at all.
    let felter: Vec<&String> = svar.krop.as_object().expect("an object").keys().collect();
    let kendte =
        ["cvr", "email", "navn", "roller", "stedfortraeder", "telefon", "tilstand", "uuid", "version"];
    assert_eq!(felter, kendte);
    let linje = scene.log().await.into_iter().next().expect("a line");
    assert_eq!((linje.handling.as_str(), linje.kilde.as_str()), ("opret bruger", "API"));
    assert!(!format!("{linje:?}").contains("/admin/adgang"));
    let uuid = svar.krop["uuid"].as_str().expect("a UUID").parse().expect("a UUID");
    assert!(scene.login.konto(uuid).await.expect("read").is_none(), "nobody can come in yet");
    scene.post(&adm, "/brugere", &ny).await.problem(409, "A-014");

    let sti = format!("/brugere/{uuid}");
    let stamdata = json!({"navn": "Bo B.", "telefon": ""});
    scene.send(scene.kald(Method::PUT, &sti).bearer_auth(&adm).json(&stamdata)).await.problem(428, "N-813");
    let rettet = scene.fra(&adm, Method::PUT, &sti, &svar.etag(), &stamdata).await.er(200);
    assert_eq!((&rettet.krop["navn"], &rettet.krop["telefon"]), (&json!("Bo B."), &Value::Null));
    let andet = json!({"navn": "Bo C."});
    scene.fra(&adm, Method::PUT, &sti, &svar.etag(), &andet).await.problem(409, "A-005");
    let selv = json!({"navn": "Bo", "stedfortraeder": uuid});
    scene.fra(&adm, Method::PUT, &sti, &rettet.etag(), &selv).await.problem(422, "A-015");
    // He has a role before he has been in.
    let rolle = json!({"rolle": "RED"});
    scene.fra(&adm, Method::POST, &format!("{sti}/roller"), &rettet.etag(), &rolle).await.er(200);
    // Others' users are not there.
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let nanna = scene.noegle(&nabo, false).await;
    scene.fra(&nanna, Method::PUT, &sti, "\"1\"", &andet).await.problem(404, "A-404");
    scene.post(&nanna, "/brugere", &ny).await.problem(409, "A-014");
}

#[tokio::test]
async fn what_is_missing_too_long_or_hostile_is_told_by_field() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let foer = scene.aendringer().await;
    for (navn, email, kode, felt) in [
        ("", "bo@korsbaek.example", "A-006", "navn"),
        (&*"x".repeat(201), "bo@korsbaek.example", "A-007", "navn"),
        ("Bo\u{202e}oB", "bo@korsbaek.example", "A-011", "navn"),
        ("Bo\u{0}", "bo@korsbaek.example", "A-011", "navn"),
        ("Bo", "", "A-006", "email"),
        ("Bo", "<script>@x.dk", "A-012", "email"),
        ("Bo", "bo@korsbaek.example, eva@korsbaek.example", "A-012", "email"),
    ] {
        let ny = json!({"navn": navn, "email": email});
        let svar = scene.post(&adm, "/brugere", &ny).await.problem(422, kode);
        assert_eq!(svar.krop["fejl"][0]["felt"], felt, "{navn} {email}");
    }
    let mut med_link = json!({"navn": "Bo", "email": "bo@korsbaek.example"});
    med_link["link"] = json!("https://ond.example");
    scene.post(&adm, "/brugere", &med_link).await.problem(400, "N-815");
    assert_eq!(scene.aendringer().await, foer);
}

#[tokio::test]
async fn brugersystemroller_are_offered_changed_and_withdrawn() {
    let scene = Scene::ny().await;
    scene.brugervendt().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let jfa = scene.med("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let sti = format!("/it-systemer/{KY}/roller");
    let rolle = |navn: &str| {
        json!({"navn": navn, "beskrivelse": "rette sager", "foelsom": true,
            "entityId": "http://ky.example/roles/usersystemrole/ret_sag/1",
            "afgraensninger": [{"entityId": KLE, "kraevet": true}]})
    };
    scene.post(&la, &format!("{sti}?proeve=true"), &rolle("Ret sag")).await.er(204);
    let ny = scene.post(&la, &sti, &rolle("Ret sag")).await.er(201);
    assert_eq!((&ny.krop["foelsom"], &ny.krop["afgraensninger"][0]["kraevet"]), (&json!(true), &json!(true)));
    scene.post(&la, &sti, &rolle("Ret sag")).await.problem(422, "S-109");
    let mut forkert = rolle("Andet");
    forkert["entityId"] = json!("ret_sag");
    scene.post(&la, &sti, &forkert).await.problem(422, "S-108");
    scene.post(&jfa, &sti, &rolle("Min")).await.problem(403, "A-001");
    let navne = scene.get(&la, &sti).await.er(200).krop;
    assert_eq!((&navne[0]["navn"], &navne[1]["navn"]), (&json!("Se sag"), &json!("Ret sag")));
    scene.get(&jfa, &sti).await.problem(404, "A-404");

    let sti = format!("{sti}/{}", ny.krop["uuid"].as_str().expect("a UUID"));
    let nu = scene.fra(&la, Method::PUT, &sti, &ny.etag(), &rolle("Ret en sag")).await.er(200);
    scene.fra(&la, Method::PUT, &sti, &ny.etag(), &rolle("X")).await.problem(409, "A-005");
    let udfas = format!("{sti}/udfas");
    let dag = |dag: &str| json!({"dag": dag});
    scene.fra(&la, Method::POST, &udfas, &nu.etag(), &dag("2026-01-01")).await.problem(422, "A-009");
    let nu = scene.fra(&la, Method::POST, &udfas, &nu.etag(), &dag("2027-03-01")).await.er(200);
    assert_eq!(nu.krop["udfases"], "2027-03-01");
    assert_eq!(scene.get(&la, &sti).await.er(200).etag(), nu.etag());
    scene.get(&la, &format!("/it-systemer/{KY}/roller/{KY}")).await.problem(404, "A-404");
    scene.get(&la, &format!("/it-systemer/{KY}/roller/x")).await.problem(404, "A-404");
}

#[tokio::test]
async fn settings_are_changed_by_version_and_rules_by_the_administrator() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let foerste = scene.get(&gk, "/indstillinger").await.er(200);
    let mut felter = json!({"navn": "Korsbæk Kommune", "email": "post@korsbaek.example",
        "egenGodkendelse": true, "administratorMaaGodkende": false, "brugeradministratorMaaAlt": false});
    let ret = async |noegle: &str, etag: &str, felter: &Value| {
        scene.fra(noegle, Method::PUT, "/indstillinger", etag, felter).await
    };
    ret(&gk, &foerste.etag(), &felter).await.problem(403, "A-001");
    let nu = ret(&adm, &foerste.etag(), &felter).await.er(200);
    assert_eq!((&nu.krop["egenGodkendelse"], &nu.krop["cvr"]), (&json!(true), &json!(KORSBAEK)));
    ret(&adm, &foerste.etag(), &felter).await.problem(409, "A-005");
    felter["email"] = json!("ikke en adresse");
    ret(&adm, &nu.etag(), &felter).await.problem(422, "A-012");
    // What is said of the party belongs to others than the rules do: somebody who may not change rules cannot slip one in.
    let ba = scene.med("Bente", Modulrolle::Brugeradministrator).await;
    felter["email"] = json!("post@korsbaek.example");
    felter["brugeradministratorMaaAlt"] = json!(true);
    ret(&ba, &nu.etag(), &felter).await.problem(403, "A-001");
}

#[tokio::test]
async fn the_dpo_is_asked_comments_and_coming_versions_are_approved_beforehand() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let kladde = scene.post(&la, "/serviceaftaler", &anmodning(KY, &[KORSBAEK])).await.er(201).krop;
    let sti = format!("/serviceaftaler/{}", kladde["uuid"].as_str().expect("a UUID"));
    let sendt = scene.post(&la, &format!("{sti}/send"), &Value::Null).await.er(200).krop;
    let bed = format!("{sti}/kommentarer/bed");
    scene.post(&gk, &bed, &json!({"rolle": "DPO"})).await.problem(422, "G-215");
    scene.post(&gk, &bed, &json!({"rolle": "LOG"})).await.problem(422, "N-814");
    let dpo = scene.med("Dorthe", Modulrolle::Dpo).await;
    let svar = scene.post(&gk, &bed, &json!({"rolle": "DPO"})).await.er(200).krop;
    assert_eq!(svar["spurgt"][0]["rolle"], "DPO");
    scene.post(&gk, &bed, &json!({"rolle": "DPO"})).await.problem(409, "G-214");
    let kommentarer = format!("{sti}/kommentarer");
    scene.post(&dpo, &kommentarer, &json!({"tekst": ""})).await.problem(422, "A-006");
    let sagt = json!({"tekst": "<b>Hjemlen</b> mangler underretninger."});
    let svar = scene.post(&dpo, &kommentarer, &sagt).await.er(201).krop;
    assert_eq!((&svar["kommentarer"][0]["tekst"], &svar["spurgt"]), (&sagt["tekst"], &json!([])));
    // It stays inside the authority.
    assert_eq!(scene.get(&la, &kommentarer).await.er(200).krop["kommentarer"], json!([]));
    scene.post(&la, &kommentarer, &json!({"tekst": "Vi har rettet det."})).await.er(201);
    let set = scene.get(&gk, &kommentarer).await.er(200).krop;
    assert_eq!(set["kommentarer"].as_array().map(Vec::len), Some(2));

    let standard = format!("{sti}/standardgodkendelse");
    scene.post(&gk, &standard, &Value::Null).await.problem(409, "G-210");
    let maerke = &sendt["versioner"][0]["indholdsmaerke"];
    let ja = json!({"svar": "GODKEND", "version": 1, "indholdsmaerke": maerke, "standardgodkendelse": true});
    scene.post(&gk, &format!("{sti}/svar"), &ja).await.er(200);
    let givet = scene.get(&gk, &standard).await.er(200).krop;
    assert_eq!((&givet[0]["version"], &givet[0]["givetAf"]), (&json!(1), &json!("Grete")));
    assert_eq!(scene.get(&la, &standard).await.er(200).krop, json!([]), "the supplier is not told");
    let slet = async |proeve: &str| {
        scene.send(scene.kald(Method::DELETE, &format!("{standard}{proeve}")).bearer_auth(&gk)).await
    };
    slet("?proeve=true").await.er(204);
    assert_eq!(slet("").await.er(200).krop, json!([]));
    slet("").await.problem(409, "G-210");
    scene.post(&gk, &standard, &Value::Null).await.er(200);
}

#[tokio::test]
async fn mail_is_chosen_and_notices_are_read_all_at_once() {
    let scene = Scene::ny().await;
    let la = scene.med("Laura", Modulrolle::Leverandoeradministrator).await;
    let gk = scene.med("Grete", Modulrolle::Godkender).await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    let gruppe = styring::adviser::Gruppe::ALLE[0].kode();
    let valg = json!({"valg": {gruppe: "ugentligt"}});
    for (noegle, sti) in [(&gk, "/adviser/valg"), (&adm, "/adviser/postkasse")] {
        let put = async |krop: &Value| {
            scene.send(scene.kald(Method::PUT, sti).bearer_auth(noegle).json(krop)).await
        };
        put(&json!({"valg": {gruppe: "altid"}})).await.problem(422, "N-814");
        put(&json!({"valg": {"alt": "straks"}})).await.problem(422, "N-814");
        put(&valg).await.er(204);
        assert_eq!(scene.get(noegle, sti).await.er(200).krop, valg);
    }
    assert_eq!(scene.get(&la, "/adviser/valg").await.er(200).krop["valg"], json!({}), "each has his own");
    let kladde = scene.post(&la, "/serviceaftaler", &anmodning(KY, &[KORSBAEK])).await.er(201).krop;
    let sti = format!("/serviceaftaler/{}/send", kladde["uuid"].as_str().expect("a UUID"));
    scene.post(&la, &sti, &Value::Null).await.er(200);
    styring::adviser::fordel(&scene.app, false).await.expect("laid with people");
    let ulaeste = async || scene.get(&gk, "/adviser?ulaeste=true").await.er(200).krop["poster"].clone();
    assert_ne!(ulaeste().await, json!([]));
    scene.post(&gk, "/adviser/laest", &json!({"til": "2020-01-01"})).await.er(204);
    scene.post(&gk, "/adviser/laest?proeve=true", &json!({"til": "2030-01-01"})).await.er(204);
    assert_ne!(ulaeste().await, json!([]), "what came later, and what was a trial, is not read");
    scene.post(&gk, "/adviser/laest", &json!({"til": "2030-01-01"})).await.er(204);
    assert_eq!(ulaeste().await, json!([]));
}
