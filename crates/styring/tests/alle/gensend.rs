//! `Gensend advis`: who may remind whom, and how often.

use crate::scene::*;
use administration::Modulrolle as R;
use styring::aftaler::{self, Svar};

const EMNE: &str = "Serviceaftalen KY læser organisation har ventet på svar i";

#[tokio::test]
async fn each_authority_that_has_not_answered_is_reminded_once_a_day() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    let nabo = scene.person("Nis", NABOKOEBING, &[R::Godkender]).await;
    let begge = anmodning(&[KORSBAEK, NABOKOEBING]);
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &begge).await.expect("a draft");
    let gensend = async || aftaler::gensend(&scene.app, &la, uuid).await;
    assert_eq!(koder(gensend().await), ["G-210"], "nobody is asked");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    assert_eq!(koder(gensend().await), ["G-220"], "they were told today");
    scene.gaa(1);
    let kan = async || {
        let gensendte = aftaler::gensendte(&scene.app, uuid).await.expect("a list");
        let politik = scene.app.politik();
        (aftaler::kan_gensende(politik.aftale(uuid).expect("there"), &gensendte, scene.nu()), gensendte.len())
    };
    assert_eq!(kan().await, (true, 0));
    assert_eq!(gensend().await.expect("reminded"), 2);
    assert_eq!(kan().await, (false, 2));
    assert_eq!(koder(gensend().await), ["G-220"]);
    for kald in [&gk, &nabo] {
        let hos = scene.ulaeste(kald).await;
        assert_eq!(hos[0], format!("{EMNE} 1 dag"), "{hos:?}");
        assert_eq!(hos.len(), 2);
    }
    scene.svar(&nabo, uuid, 1, &Svar::Afvis("Nej".into())).await.expect("refused");
    scene.gaa(1);
    assert_eq!(gensend().await.expect("reminded"), 1, "who has answered is left alone");
    assert!(scene.ulaeste(&gk).await.contains(&format!("{EMNE} 2 dage")));
    assert_eq!(scene.ulaeste(&nabo).await.len(), 2);
    let log = scene.log().await;
    assert_eq!(log.iter().filter(|l| *l == "Laura: gensend advis").count(), 2, "{log:?}");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    scene.gaa(1);
    assert_eq!(koder(gensend().await), ["G-210"]);
}

#[tokio::test]
async fn only_the_supplier_reminds_and_a_colleague_does_not_do_it_twice() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    scene.gaa(1);
    let tk = scene.person("Tove", MATADOR, &[R::TekniskKontakt]).await;
    let gk = scene.person("Grethe", KORSBAEK, &[R::Godkender]).await;
    let adm = scene.person("Agnes", KORSBAEK, &[R::Administrator]).await;
    for (kald, kode) in [(&tk, "A-001"), (&gk, "A-404"), (&adm, "A-001")] {
        assert_eq!(koder(aftaler::gensend(&scene.app, kald, uuid).await), [kode]);
    }
    assert_eq!(koder(aftaler::gensend(&scene.app, &la, KY).await), ["A-404"], "no agreement");
    let kollega = scene.person("Lars", MATADOR, &[R::Leverandoeradministrator]).await;
    let (a, b) =
        tokio::join!(aftaler::gensend(&scene.app, &la, uuid), aftaler::gensend(&scene.app, &kollega, uuid));
    assert_eq!(a.is_ok() as usize + b.is_ok() as usize, 1, "{a:?} {b:?}");
    let tabt = if a.is_ok() { koder(b) } else { koder(a) };
    assert!(tabt == ["A-005"] || tabt == ["G-220"], "{tabt:?}");
}
