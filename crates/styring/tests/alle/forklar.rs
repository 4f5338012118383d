//! Why a call was refused, and what was changed before.

use crate::scene::*;
use adgang::{Caller, Hvordan, Operation};
use administration::Modulrolle;
use oio::UnikId;
use oio::catalog::Register;
use store::LogPost;
use styring::aftaler::{self, Svar};
use styring::forklar;
use uuid::Uuid;

fn kalder(transaktion: u128) -> Caller {
    Caller {
        system: KY,
        navn: "KY".into(),
        bruger_ref: UnikId::Urn("urn:x".into()),
        myndighed: Some(cvr(KORSBAEK)),
        hvordan: Hvordan::Certifikat,
        paa_vegne_af: None,
        transaktion: Uuid::from_u128(transaktion),
    }
}

/// Whether KY may read users; a refusal stands in the access log when this returns.
async fn laes(scene: &Scene, transaktion: u128) -> bool {
    let (kalder, politik) = (kalder(transaktion), scene.app.politik());
    let Err(afvist) =
        adgang::decide(&politik, &kalder, Operation::Laes, Register::Organisation, "Bruger", scene.nu())
    else {
        return true;
    };
    let post = LogPost {
        tid: scene.nu(),
        transaktion: kalder.transaktion,
        system: Some(kalder.system),
        myndighed: kalder.myndighed,
        aftale: None,
        operation: Operation::Laes.as_str(),
        objekttype: "Bruger",
        udfald: LogPost::AFVIST,
        regel: format!("{}: {afvist}", afvist.kode()),
    };
    scene.app.store().log_nu(post).await.expect("stored");
    false
}

#[tokio::test]
async fn a_refusal_names_what_was_changed_before_it() {
    let scene = Scene::ny().await;
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Godkender]).await;
    assert!(!laes(&scene, 1).await, "no agreement yet");
    scene.gaa(1);
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    assert!(laes(&scene, 2).await);
    aftaler::spaer(&scene.app, &gk, uuid, cvr(KORSBAEK), "Mistanke om misbrug").await.expect("blocked");
    assert!(!laes(&scene, 3).await);
    let reference = Uuid::from_u128(3).to_string();
    let fundet = forklar::forklar(&scene.app, &la, &reference).await.expect("the call");
    let tekst = fundet[0].to_string();
    for del in [
        "AFVIST",
        "laes Bruger",
        "SPÆRRET",
        "Gør sådan",
        "spær serviceaftale (KY læser organisation) af Gunnar, Godkender: Mistanke om misbrug",
    ] {
        assert!(tekst.contains(del), "{del} in\n{tekst}");
    }
    assert!(forklar::forklar(&scene.app, &gk, &reference).await.is_ok(), "the authority sees it as well");
    assert_eq!(koder(forklar::forklar(&scene.app, &anden, &reference).await), ["A-404"], "nobody else");
    let foer = forklar::linjer(&scene.app, Uuid::from_u128(1)).await.expect("the log").remove(0);
    assert!(foer.aendringer.is_empty(), "what came after explains nothing");
}
