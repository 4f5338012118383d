//! The certificates of a party's role catalogue: added beside each other, refused, revoked.

use crate::scene::*;
use administration::{Certifikatstatus, Modulrolle, hex};
use bitemporal::Instant;
use styring::{Kald, Styringsfejl, rollecertifikater};

async fn tilfoej(scene: &Scene, kald: &Kald, der: &[u8]) -> Result<(), Styringsfejl> {
    rollecertifikater::tilfoej(&scene.app, kald, der, None).await
}

#[track_caller]
fn kode(resultat: Result<(), Styringsfejl>, kode: &str) {
    let fejl = resultat.expect_err("refused");
    assert!(fejl.med_kode(kode).is_some(), "{kode}: {fejl}");
}

fn gaelder(scene: &Scene) -> Vec<bool> {
    let politik = scene.app.politik();
    let part = politik.part(cvr(KORSBAEK)).expect("Korsbæk");
    part.rollecertifikater.iter().map(|c| c.gaelder(scene.nu())).collect()
}

#[tokio::test]
async fn one_follows_another_without_a_gap() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let (gammelt, nyt) = (certifikat("Gammelt", KORSBAEK), certifikat("Nyt", KORSBAEK));
    kode(tilfoej(&scene, &jfa, &gammelt).await, "A-001");
    tilfoej(&scene, &adm, &gammelt).await.expect("added");
    // Who may change adds the one that follows.
    let fra = Instant::from_micros(scene.nu().micros() + 2 * DAG);
    rollecertifikater::tilfoej(&scene.app, &jfa, &nyt, Some(fra)).await.expect("added");
    assert_eq!(gaelder(&scene), [true, false]);
    scene.gaa(2);
    assert_eq!(gaelder(&scene), [true, true]);
    let aftryk = hex(&administration::tommelfinger(&gammelt));
    kode(rollecertifikater::tilbagekald(&scene.app, &jfa, &aftryk, "x").await, "A-001");
    kode(rollecertifikater::tilbagekald(&scene.app, &adm, &aftryk, " ").await, "A-006");
    rollecertifikater::tilbagekald(&scene.app, &adm, &aftryk, "Skiftet").await.expect("revoked");
    kode(rollecertifikater::tilbagekald(&scene.app, &adm, &aftryk, "Igen").await, "C-109");
    kode(rollecertifikater::tilbagekald(&scene.app, &adm, "00", "x").await, "A-404");
    assert_eq!(gaelder(&scene), [false, true]);
    // A revoked one does not come back, and does not let others add where there is none.
    kode(tilfoej(&scene, &adm, &gammelt).await, "C-107");
    let aftryk = hex(&administration::tommelfinger(&nyt));
    rollecertifikater::tilbagekald(&scene.app, &adm, &aftryk, "Slut").await.expect("revoked");
    kode(tilfoej(&scene, &jfa, &certifikat("Tredje", KORSBAEK)).await, "A-001");
    let log = scene.log().await;
    for linje in
        ["Agnes: tilføj certifikat til rollekataloget", "Agnes: tilbagekald rollekatalogets certifikat"]
    {
        assert!(log.contains(&linje.to_owned()), "{log:?}");
    }
}

#[tokio::test]
async fn what_is_no_certificate_of_the_party_is_refused() {
    let scene = Scene::ny().await;
    let adm = scene.person("Agnes", KORSBAEK, &[Modulrolle::Administrator]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Administrator]).await;
    let foer = scene.app.politik().version().to_owned();
    kode(tilfoej(&scene, &adm, b"hej").await, "C-102");
    let privat = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    kode(tilfoej(&scene, &adm, privat).await, "C-104");
    kode(tilfoej(&scene, &adm, &certifikat("Fremmed", MATADOR)).await, "C-105");
    let system = scene.app.politik().system(KY).expect("KY").certifikater[0].der.clone();
    kode(tilfoej(&scene, &adm, &system).await, "C-107");
    let bo = scene.person("Bo", KORSBAEK, &[Modulrolle::Redaktoer]).await;
    kode(tilfoej(&scene, &bo, &certifikat("Eget", KORSBAEK)).await, "A-001");
    assert!(rollecertifikater::list(&bo, &scene.app.politik()).is_err());
    let sent = Instant::from_micros(scene.nu().micros() + 4_000 * DAG);
    kode(
        rollecertifikater::tilfoej(&scene.app, &adm, &certifikat("Sent", KORSBAEK), Some(sent)).await,
        "C-101",
    );
    assert_eq!(scene.app.politik().version(), foer);
    // Operators' certificates will do, once: the neighbour needs one of its own.
    let drift = certifikat("Drift", &oio::Cvr::KOMBIT.to_string());
    tilfoej(&scene, &adm, &drift).await.expect("the operator's");
    kode(tilfoej(&scene, &nabo, &drift).await, "C-107");
    scene.gaa(600);
    kode(tilfoej(&scene, &adm, &certifikat("Udløbet", KORSBAEK)).await, "C-101");
    let politik = scene.app.politik();
    let alle = rollecertifikater::list(&adm, &politik).expect("listed");
    assert_eq!(alle.iter().map(|c| c.status).collect::<Vec<_>>(), [Certifikatstatus::Aktiv]);
    assert!(rollecertifikater::list(&nabo, &politik).expect("listed").is_empty());
}
