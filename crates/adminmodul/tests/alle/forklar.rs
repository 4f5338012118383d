//! Why a call was refused, as a page.

use crate::scene::*;
use administration::Modulrolle;
use bitemporal::Instant;
use store::{LogPost, Store};
use uuid::Uuid;

/// A refusal of KY for Korsbæk, written as the services write it.
async fn afvist(store: &Store, tid: Instant, transaktion: Uuid, regel: &str) {
    let post = LogPost {
        tid,
        transaktion,
        system: Some(KY),
        myndighed: Some(cvr(KORSBAEK)),
        aftale: None,
        operation: "laes",
        objekttype: "Bruger",
        udfald: LogPost::AFVIST,
        regel: regel.into(),
    };
    store.log_nu(post).await.expect("a line of the access log");
}

#[tokio::test]
async fn a_reference_is_explained_to_whom_it_concerns() {
    let scene = Scene::ny().await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let nanna = scene.bruger("Nanna", NABOKOEBING, &[Modulrolle::Godkender]).await;
    let mut anden = scene.inde(&nanna).await;
    let reference = scene.app.new_uuid();
    la.get("/admin/forklar").await.er(200).har("Her finder du referencen").har("MessageID");
    la.get("/admin/forklar?reference=findes-ikke")
        .await
        .er(404)
        .har("A-404")
        .har("aria-invalid")
        .har("findes-ikke");
    la.post(&format!("/admin/it-systemer/{KY}/spaer"), &[("aarsag", "Angreb <b>"), ("bekraeft", "ja")])
        .await
        .er(303);
    scene.gaa(1);
    afvist(scene.app.store(), scene.nu(), reference, "STS-5607: <script>alert(1)</script>").await;
    let sti = format!("/admin/forklar?reference={reference}");
    let foer = scene.aendringer().await;
    for b in [&mut la, &mut gk] {
        let side = b.get(&sti).await;
        for del in ["Afvist", "Laes Bruger", "STS-5607", "Sådan løses det", "Korsbæk Kommune", "Ændret før"]
        {
            side.er(200).har(del);
        }
        side.har("Angreb &#60;b&#62;").har("&#60;script&#62;alert").uden("<script>alert");
    }
    anden.get(&sti).await.er(404).har("A-404").uden("Angreb");
    assert_eq!(scene.aendringer().await, foer);
    gk.get("/admin").await.har("href=\"/admin/forklar\"");
    gk.get("/admin/soeg").await.er(200).har("href=\"/admin/forklar\"");
}
