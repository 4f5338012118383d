//! A key can no more than its person, and no longer.

use crate::scene::*;
use administration::Modulrolle;
use serde_json::json;
use styring::apinoegler;

#[tokio::test]
async fn a_key_tells_whom_it_acts_as() {
    let scene = Scene::ny().await;
    let noegle = scene.med("Agnes", Modulrolle::Administrator).await;
    let mig = scene.get(&noegle, "/mig").await.er(200).krop;
    assert_eq!(
        (&mig["navn"], &mig["part"], &mig["roller"]),
        (&json!("Agnes"), &json!(KORSBAEK), &json!(["ADM"]))
    );
    assert_eq!(mig["noegle"], "Agness program");
}

#[tokio::test]
async fn revoked_expired_disabled_or_without_a_role_it_stops_at_once() {
    let scene = Scene::ny().await;
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    for maade in 0..4 {
        let kald = scene.person(&format!("Bent{maade}"), KORSBAEK, &[Modulrolle::Godkender]).await;
        let noegle = scene.noegle(&kald, false).await;
        scene.get(&noegle, "/opgaver").await.er(200);
        let sti = format!("/brugere/{}", kald.aktoer.bruger);
        match maade {
            0 => {
                let alle = apinoegler::mine(&scene.app, &kald).await.expect("listed");
                apinoegler::tilbagekald(&scene.app, &kald, alle[0].post.uuid).await.expect("revoked");
            }
            1 => {
                let svar = scene.get(&adm, &sti).await.er(200);
                let (etag, krop) = (svar.etag(), json!({"aarsag": "Fratrådt"}));
                let spaer = format!("{sti}/spaer");
                scene.fra(&adm, reqwest::Method::POST, &spaer, &etag, &krop).await.er(200);
            }
            2 => {
                let svar = scene.get(&adm, &sti).await.er(200);
                let id = svar.krop["roller"][0]["id"].as_str().expect("an id");
                let slut = format!("{sti}/roller/{id}/afslut");
                scene.fra(&adm, reqwest::Method::POST, &slut, &svar.etag(), &json!({})).await.er(200);
            }
            _ => scene.gaa(301 * DAG),
        }
        scene.get(&noegle, "/opgaver").await.problem(401, "N-810");
    }
}

#[tokio::test]
async fn a_key_that_only_reads_changes_nothing() {
    let scene = Scene::ny().await;
    let kald = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let noegle = scene.noegle(&kald, true).await;
    let foer = scene.aendringer().await;
    scene.get(&noegle, "/it-systemer").await.er(200);
    scene.post(&noegle, "/it-systemer", &system("Nyt")).await.problem(403, "N-811");
    scene.post(&noegle, "/it-systemer?proeve=true", &system("Nyt")).await.problem(403, "N-811");
    assert_eq!(scene.aendringer().await, foer);
}

#[tokio::test]
async fn a_key_calls_only_so_often() {
    let scene = Scene::ny().await;
    let (noegle, anden) = (
        scene.med("Agnes", Modulrolle::Administrator).await,
        scene.med("Bo", Modulrolle::Administrator).await,
    );
    for _ in 0..100 {
        scene.get(&noegle, "/mig").await.er(200);
    }
    let svar = scene.get(&noegle, "/mig").await.problem(429, "N-812");
    assert_eq!(svar.hoveder["retry-after"], "1");
    scene.get(&anden, "/mig").await.er(200);
    scene.gaa(1_000_000);
    scene.get(&noegle, "/mig").await.er(200);
}

#[tokio::test]
async fn the_matrix_is_asked_and_others_things_are_not_there() {
    let scene = Scene::ny().await;
    let red = scene.med("Rie", Modulrolle::Redaktoer).await;
    let svar = scene.get(&red, "/it-systemer").await.problem(403, "A-001");
    assert!(svar.krop["detail"].as_str().expect("a text").contains("kræves. Kontakt"));
    let adm = scene.med("Agnes", Modulrolle::Administrator).await;
    scene.post(&adm, "/it-systemer", &system("Nyt")).await.problem(403, "A-001");
    scene.get(&adm, &format!("/it-systemer/{KY}")).await.problem(404, "A-404");
    assert_eq!(scene.get(&adm, "/it-systemer").await.er(200).krop["poster"], json!([]));
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    scene.get(&adm, &format!("/brugere/{}", nabo.aktoer.bruger)).await.problem(404, "A-404");
    let navne = scene.get(&adm, "/brugere").await.er(200).krop.to_string();
    assert!(navne.contains("Agnes") && !navne.contains("Nanna"));
}
