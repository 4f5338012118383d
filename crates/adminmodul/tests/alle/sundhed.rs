//! How an it-system is doing, as its owner sees it.

use crate::scene::*;
use administration::{Dueslag, Dueslagstilstand, Leveringsmaade, Modulrolle};
use app::{Callbackproeve, Callbackproevet, Udgang, Udgangsfejl, Udgangssvar};
use std::sync::Arc;
use uuid::Uuid;

const SLAG: Uuid = Uuid::from_u128(0xd1);

/// A receiver nobody can reach.
struct Tavs;

impl Udgang for Tavs {
    fn hent<'a>(&'a self, _: &'a str, _: usize) -> Udgangssvar<'a> {
        Box::pin(std::future::ready(Err(Udgangsfejl::Ingen)))
    }

    fn proev_callback(&self, _: Uuid) -> Callbackproevet<'_> {
        let tekst = "der er ingen forbindelse; er modtageren startet?".to_owned();
        let svar =
            Callbackproeve { ok: false, tekst, http: None, millisekunder: 12, certifikat_udloeber: None };
        Box::pin(std::future::ready(Ok(svar)))
    }
}

#[tokio::test]
async fn health_is_shown_to_the_owner_and_a_callback_tried() {
    let scene = Scene::ny().await;
    scene.anmodning(&[KORSBAEK]).await;
    let mut data = scene.app.politik().data().clone();
    data.dueslag.push(Dueslag {
        uuid: SLAG,
        navn: "KY <modtager>".into(),
        system: KY,
        myndighed: None,
        maade: Leveringsmaade::Push,
        url: Some("https://ky.example/modtag?noegle=hemmelig".into()),
        opbevaring_dage: None,
        tilstand: Dueslagstilstand::Aktiv,
    });
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut tk) = scene.person("Tove", Modulrolle::TekniskKontakt).await;
    let (_, mut ll) = scene.person("Lars", Modulrolle::LeverandoerLaes).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let ky = format!("/admin/it-systemer/{KY}");
    let sundhed = format!("{ky}?fane=sundhed");
    let side = la.get(&sundhed).await;
    side.er(200).har("Kald pr. døgn").har("Ingen kald").har("ky.example").har("KY &#60;modtager&#62;");
    side.har("Test callback").har("udløber 15-01-2028").uden("hemmelig");
    assert!(side.tekst.len() < 50_000, "{}", side.tekst.len());
    ll.get(&sundhed).await.er(200).har("Kald pr. døgn").uden("Test callback");
    gk.get(&ky).await.er(200).uden("fane=sundhed");
    gk.get(&sundhed).await.er(200).uden("Kald pr. døgn");
    let test = format!("{ky}/dueslag/{SLAG}/test");
    gk.post(&test, &[]).await.er(403);
    ll.post(&test, &[]).await.er(403);
    la.post(&format!("{ky}/dueslag/{KY}/test"), &[]).await.er(404);
    la.post(&format!("{ky}/dueslag/%3Cscript%3E/test"), &[]).await.er(404);
    let foer = scene.aendringer().await;
    assert_eq!(la.post(&test, &[]).await.er(303).sted(), sundhed);
    la.get(&sundhed).await.har("Callback kunne ikke prøves");
    scene.app.saet_udgang(Arc::new(Tavs));
    tk.post(&test, &[]).await.er(303);
    tk.get(&sundhed)
        .await
        .har("Callback-endpoint svarede ikke (intet svar, 12 ms). Beskeder vil hobe sig op.")
        .har("K-101");
    assert_eq!(scene.aendringer().await, foer, "trying changes nothing");
}
