//! What a system does under an agreement, beside what the agreement gives.

use crate::scene::*;
use administration::{Modulrolle as R, Service};
use bitemporal::Instant;
use oio::Cvr;
use store::LogPost;
use styring::aftaler::{self, Svar};
use styring::forbrug;
use uuid::Uuid;

/// A line of the access log, as a call of KY leaves it.
fn kald(scene: &Scene, nr: u128, aftale: Option<Uuid>) -> LogPost {
    LogPost {
        tid: scene.nu(),
        transaktion: Uuid::from_u128(nr),
        system: Some(KY),
        myndighed: Some(cvr(KORSBAEK)),
        aftale,
        operation: "laes",
        objekttype: "Bruger",
        udfald: LogPost::OK,
        regel: String::new(),
    }
}

#[tokio::test]
async fn what_was_used_is_told_from_what_was_given() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[R::Godkender]).await;
    let tk = scene.person("Tage", KORSBAEK, &[R::Redaktoer]).await;
    let mut vil = anmodning(&[KORSBAEK]);
    let rediger = Service::organisation().rolle_med_navn("Rediger").expect("the role").uri.clone();
    vil.services[0].roller.push(rediger);
    let uuid = aftaler::gem_kladde(app, &la, None, &vil).await.expect("a draft");
    aftaler::send(app, &la, uuid).await.expect("sent");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    let se = async |hvem: &styring::Kald| forbrug::aftale(app, hvem, uuid, cvr(KORSBAEK)).await;
    let intet = se(&gk).await.expect("nothing yet");
    assert_eq!((intet.kald(), intet.afvist_i_alt(), intet.tokens, intet.sidst), (0, 0, 0, None));
    assert!(intet.services[0].er_ubrugt() && intet.afvist.is_empty() && !intet.hele);
    assert_eq!(intet.services[0].ubrugte_roller, ["Udstil", "Rediger"]);

    let log = async |post: LogPost| app.store().log_nu(post).await.expect("stored");
    log(kald(&scene, 1, Some(uuid))).await;
    log(kald(&scene, 2, Some(Uuid::from_u128(77)))).await;
    let naboens: Cvr = cvr(NABOKOEBING);
    log(LogPost { myndighed: Some(naboens), ..kald(&scene, 3, Some(uuid)) }).await;
    log(LogPost { operation: "issue", objekttype: "Token", ..kald(&scene, 4, None) }).await;
    scene.gaa(1);
    // Another system, on behalf of this one; and the same, refused, which is its own business.
    let sapa =
        LogPost { system: Some(Uuid::from_u128(88)), operation: "soeg", ..kald(&scene, 5, Some(uuid)) };
    log(sapa.clone()).await;
    log(LogPost { udfald: LogPost::AFVIST, aftale: None, ..sapa }).await;
    let nej = LogPost { udfald: LogPost::AFVIST, operation: "ret", ..kald(&scene, 6, None) };
    log(nej.clone()).await;
    app.store().forsegl(scene.nu()).await.expect("sealed");
    for hvem in [&la, &gk] {
        let f = se(hvem).await.expect("seen");
        assert_eq!((f.kald(), f.afvist_i_alt(), f.tokens, f.sidst), (2, 1, 1, Some(scene.nu())));
        let sidste: Vec<_> = f.dage.iter().rev().take(2).map(|d| (d.kald, d.afvist)).collect();
        assert_eq!((f.dage.len(), sidste), (90, vec![(1, 1), (1, 0)]));
        let s = &f.services[0];
        assert!(s.her && !s.er_ubrugt());
        assert_eq!((s.kald, s.ubrugte_roller.as_slice()), (2, ["Rediger".to_owned()].as_slice()));
        assert_eq!((f.afvist.len(), f.afvist[0].transaktion), (1, nej.transaktion));
    }
    assert_eq!(koder(se(&anden).await), ["A-404"], "another authority's");
    assert!(
        matches!(se(&tk).await, Err(styring::Styringsfejl::Afvist(_))),
        "a role that sees no consumption"
    );
    // What was used long ago is unused; a day is a day, also when the clocks change.
    scene.gaa(89);
    assert_eq!(se(&gk).await.expect("seen").kald(), 1);
    scene.gaa(1);
    let f = se(&gk).await.expect("seen");
    assert!(f.services[0].er_ubrugt() && f.dage.len() == 90 && f.hele, "there all the time, and unused");
    aftaler::spaer(app, &gk, uuid, cvr(KORSBAEK), "Mistanke").await.expect("blocked");
    assert!(!se(&gk).await.expect("seen").hele, "nobody could use it");
    let dage: Vec<Instant> = f.dage.iter().map(|d| d.dag).collect();
    assert!(dage.windows(2).all(|d| d[0] < d[1]));
}

#[tokio::test]
async fn a_refused_call_that_named_nobody_is_told_where_its_agreement_is() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let uuid = aftaler::gem_kladde(app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    aftaler::send(app, &la, uuid).await.expect("sent");
    let kalder = adgang::Caller {
        system: KY,
        navn: "KY".into(),
        bruger_ref: oio::UnikId::Urn("urn:x".into()),
        myndighed: None,
        hvordan: adgang::Hvordan::Certifikat,
        paa_vegne_af: None,
        transaktion: Uuid::from_u128(5),
    };
    let svar = app.authorize(&kalder, adgang::Operation::Laes, &oio::catalog::BRUGER).await;
    assert!(svar.is_err(), "not answered yet");
    // The line is queued.
    while app.store().adgangslog_transaktion(kalder.transaktion).await.expect("the log").is_empty() {
        tokio::task::yield_now().await;
    }
    app.store().forsegl(scene.nu()).await.expect("sealed");
    for hvem in [&la, &gk] {
        let f = forbrug::aftale(app, hvem, uuid, cvr(KORSBAEK)).await.expect("seen");
        assert_eq!((f.afvist_i_alt(), f.afvist[0].transaktion), (1, kalder.transaktion));
    }
}

#[tokio::test]
async fn an_agreement_nobody_uses_is_told_of_and_its_first_call_too() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Godkender]).await;
    let uuid = aftaler::gem_kladde(app, &la, None, &anmodning(&[KORSBAEK])).await.expect("a draft");
    aftaler::send(app, &la, uuid).await.expect("sent");
    // Counting has begun: another authority's call, which is no use of this.
    let andens = LogPost { myndighed: Some(cvr(NABOKOEBING)), ..kald(&scene, 1, None) };
    app.store().log_nu(andens).await.expect("stored");
    app.store().forsegl(scene.nu()).await.expect("sealed");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    styring::adviser::frister(app).await.expect("begun");
    /// Looks every day, twice; gives the days on which each side was told of what.
    async fn dage(scene: &Scene, hvem: &[&styring::Kald], antal: i64) -> Vec<(i64, String)> {
        let mut ud = Vec::new();
        for dag in 1..=antal {
            scene.gaa(1);
            for _ in 0..2 {
                styring::adviser::frister(&scene.app).await.expect("looked");
            }
            let mut alle = Vec::new();
            for kald in hvem {
                let mut nye = scene.ulaeste(kald).await;
                styring::adviser::laes_alle(&scene.app, kald, None, scene.nu()).await.expect("read");
                nye.retain(|e| e.contains("brugt") || e.contains("Første kald"));
                alle.push(nye);
            }
            assert!(alle.iter().all(|a| *a == alle[0]), "both sides are told the same: {alle:?}");
            ud.extend(alle.remove(0).into_iter().map(|e| (dag, e)));
        }
        ud
    }
    let begge = [&gk, &la];
    let uden = "Serviceaftalen KY læser organisation er ikke brugt i 30 dage".to_owned();
    let ubrugt = "Serviceaftalen KY læser organisation er ikke brugt i 90 dage".to_owned();
    let set = dage(&scene, &begge, 125).await;
    assert_eq!(set, [(30, uden), (90, ubrugt.clone()), (120, ubrugt.clone())]);
    // A call, and it is quiet until three months after it, at most once a month.
    app.store().log_nu(kald(&scene, 2, Some(uuid))).await.expect("stored");
    app.store().forsegl(scene.nu()).await.expect("sealed");
    assert!(dage(&scene, &begge, 89).await.iter().all(|(_, e)| *e != ubrugt));
    assert_eq!(dage(&scene, &begge, 30).await.iter().filter(|(_, e)| *e == ubrugt).count(), 1);
    assert!(scene.ulaeste(&nabo).await.iter().all(|e| !e.contains("brugt")));
    // Somebody who begins at once.
    let andet = aftaler::gem_kladde(app, &la, None, &anmodning(&[NABOKOEBING])).await.expect("a draft");
    aftaler::send(app, &la, andet).await.expect("sent");
    scene.svar(&nabo, andet, 1, &Svar::Godkend(None)).await.expect("approved");
    let hendes = LogPost { myndighed: Some(cvr(NABOKOEBING)), ..kald(&scene, 3, Some(andet)) };
    app.store().log_nu(hendes).await.expect("stored");
    app.store().forsegl(scene.nu()).await.expect("sealed");
    let foerste = "Første kald efter serviceaftalen KY læser organisation er modtaget".to_owned();
    assert_eq!(dage(&scene, &[&nabo], 40).await, [(1, foerste)], "told once");
    let set = forbrug::aftale(app, &nabo, andet, cvr(NABOKOEBING)).await.expect("seen");
    assert!(set.foerste.is_some_and(|f| f <= scene.nu()));
}

#[tokio::test]
async fn an_agreement_that_gives_more_than_is_used_is_told_of_to_the_authority_every_month() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let la = scene.person("Laura", MATADOR, &[R::Leverandoeradministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[R::Godkender]).await;
    let mut vil = anmodning(&[KORSBAEK]);
    let rediger = Service::organisation().rolle_med_navn("Rediger").expect("the role").uri.clone();
    vil.services[0].roller.push(rediger);
    let uuid = aftaler::gem_kladde(app, &la, None, &vil).await.expect("a draft");
    aftaler::send(app, &la, uuid).await.expect("sent");
    let andens = LogPost { myndighed: Some(cvr(NABOKOEBING)), ..kald(&scene, 1, None) };
    app.store().log_nu(andens).await.expect("stored");
    app.store().forsegl(scene.nu()).await.expect("sealed");
    scene.svar(&gk, uuid, 1, &Svar::Godkend(None)).await.expect("approved");
    styring::adviser::frister(app).await.expect("begun");
    // It reads every week, and never writes until a day.
    let (mut gange, mut nr) = (Vec::new(), 10);
    for dag in 1..=160_i64 {
        scene.gaa(1);
        if dag % 7 == 0 {
            nr += 1;
            app.store().log_nu(kald(&scene, nr, Some(uuid))).await.expect("stored");
            if dag == 126 {
                let skriver = LogPost { operation: "ret", ..kald(&scene, 5, Some(uuid)) };
                app.store().log_nu(skriver).await.expect("stored");
            }
            app.store().forsegl(scene.nu()).await.expect("sealed");
        }
        styring::adviser::frister(app).await.expect("looked");
        let nye = scene.ulaeste(&gk).await;
        styring::adviser::laes_alle(app, &gk, None, scene.nu()).await.expect("read");
        gange.extend(nye.into_iter().filter(|e| e.contains("giver mere")).map(|e| (dag, e)));
        assert!(scene.ulaeste(&la).await.iter().all(|e| !e.contains("giver mere")), "not the supplier's");
    }
    let ventet = "Serviceaftalen KY læser organisation giver mere, end der bruges".to_owned();
    assert_eq!(gange, [(90, ventet.clone()), (120, ventet)], "not after it has written");
}
