//! Who a token lets in.

use crate::noegler::{
    self, AFSENDER, ANDEN, ANDEN_STS, FREMMED, MODTAGER, Par, jwt, noegler_af, paastand, signer, signer_med,
};
use crate::scene::{
    AFSEND, Besked, KORSBAEK, KSD, KY, MODTAG, SAPA, Scene, config, cvr, id, naeste, nummer, stop,
};
use administration::{Certifikatstatus, Systemtilstand};
use app::PeerCertificate;
use beskedfordeler::{Bevis, DueslagFejl, Kald, Stop, TokenFejl};
use bitemporal::Period;
use identity::jwt::Claims;
use identity::saml::Paastand;
use identity::tid;
use std::time::Duration;
use uuid::Uuid;

const TIME: Duration = Duration::from_secs(3_600);

async fn scene() -> Scene {
    let scene = Scene::ny().await;
    scene.app.saet_noegler(noegler::noegler());
    scene
}

fn beviset(scene: &Scene) -> Paastand {
    let nu = scene.app.now();
    paastand(&AFSENDER, AFSEND, cvr(KORSBAEK), nu, tid::plus(nu, TIME))
}

async fn adgang(scene: &Scene, token: &[u8]) -> Result<Bevis, TokenFejl> {
    scene.fordeler.adgang(token, None, id(7)).await
}

/// The token is refused with this text, for this reason.
async fn afvist(scene: &Scene, token: &[u8], tekst: &str, kode: &str) {
    let fejl = adgang(scene, token).await.expect_err(kode);
    assert_eq!(fejl.tekst, tekst, "{}", fejl.grund);
    assert!(fejl.grund.starts_with(kode), "{kode}: {}", fejl.grund);
}

#[tokio::test]
async fn a_token_says_who_sends_and_who_receives() {
    let scene = scene().await;
    let bevis = adgang(&scene, &signer(&beviset(&scene))).await.expect("a sender");
    let afsender = bevis.afsender.expect("a sender");
    assert_eq!((afsender.system(), afsender.cvr()), (KY, cvr(KORSBAEK)));
    assert_eq!((bevis.system, bevis.modtager), (KY, None), "it is for sending alone");
    assert_eq!(bevis.udloeber, tid::plus(scene.app.now(), TIME));
    let bevis = adgang(&scene, &scene.token(&MODTAGER, MODTAG, KORSBAEK)).await.expect("a receiver");
    let modtager = bevis.modtager.expect("a receiver");
    assert_eq!((modtager.system(), modtager.cvr()), (SAPA, cvr(KORSBAEK)));
    assert_eq!(bevis.afsender, None, "it is for receiving alone");
}

#[tokio::test]
async fn the_addresses_of_the_old_distributor_still_count() {
    let scene = scene().await;
    for miljoe in ["eksterntest-", "test-", "", "udvikling-"] {
        let gammel =
            |sti: &str| format!("http://beskedfordeler.{miljoe}stoettesystemerne.dk/service/{sti}/1");
        let afsend =
            adgang(&scene, &scene.token(&AFSENDER, &gammel("afsend"), KORSBAEK)).await.expect(miljoe);
        assert!(afsend.afsender.is_some() && afsend.modtager.is_none());
        let hent = adgang(&scene, &scene.token(&MODTAGER, &gammel("afhent"), KORSBAEK)).await.expect(miljoe);
        assert!(hent.afsender.is_none() && hent.modtager.is_some());
    }
}

#[tokio::test]
async fn a_token_expires_a_minute_late_whether_it_is_remembered_or_not() {
    let scene = scene().await;
    let (kendt, ny) = (signer(&beviset(&scene)), signer(&Paastand { id: "_2".into(), ..beviset(&scene) }));
    adgang(&scene, &kendt).await.expect("it is new");
    scene.stil_uret(tid::plus(scene.app.now(), TIME + Duration::from_secs(59)));
    adgang(&scene, &kendt).await.expect("clocks may differ");
    adgang(&scene, &ny).await.expect("clocks may differ");
    scene.gaar(1_000_000);
    let aldrig_set = signer(&Paastand { id: "_3".into(), ..beviset_foer(&scene) });
    for token in [&kendt, &ny, &aldrig_set] {
        afvist(&scene, token, TokenFejl::UDLOEBET, "BFO-12").await;
    }
}

/// A token that expired a minute ago.
fn beviset_foer(scene: &Scene) -> Paastand {
    let til = tid::minus(scene.app.now(), Duration::from_secs(60));
    paastand(&AFSENDER, AFSEND, cvr(KORSBAEK), tid::minus(til, TIME), til)
}

#[tokio::test]
async fn a_token_that_is_not_for_us_or_not_by_our_sts_is_refused() {
    let scene = scene().await;
    let ugyldigt = TokenFejl::UGYLDIGT;
    afvist(&scene, b"", ugyldigt, "BFO-11").await;
    afvist(&scene, b"<Assertion", ugyldigt, "BFO-11").await;
    afvist(&scene, b"<Assertion/>", ugyldigt, "BFO-12").await;
    for audience in [
        "http://stoettesystemerne.dk/service/organisation/3",
        "http://entityid.kombit.dk/service/bfo_afsend/3",
        "http://beskedfordeler.ond.dk-stoettesystemerne.dk/service/afsend/1",
        "http://beskedfordelerstoettesystemerne.dk/service/afsend/1",
    ] {
        afvist(&scene, &scene.token(&AFSENDER, audience, KORSBAEK), ugyldigt, "BFO-12").await;
    }
    afvist(&scene, &signer_med(&ANDEN_STS, &beviset(&scene)), ugyldigt, "BFO-12").await;
    let anden_udsteder = Paastand { udsteder: "https://saml.en-anden.test".into(), ..beviset(&scene) };
    afvist(&scene, &signer(&anden_udsteder), ugyldigt, "BFO-12").await;
    let mut rettet = String::from_utf8(signer(&beviset(&scene))).expect("UTF-8");
    rettet = rettet.replace(KORSBAEK, "22334455");
    afvist(&scene, rettet.as_bytes(), ugyldigt, "BFO-12").await;
    let (fra, til) = (tid::plus(scene.app.now(), Duration::from_secs(61)), tid::plus(scene.app.now(), TIME));
    afvist(&scene, &signer(&Paastand { fra, til, ..beviset(&scene) }), ugyldigt, "BFO-12").await;
    let lavt = Paastand { sikringsniveau: 2, ..beviset(&scene) };
    afvist(&scene, &signer(&lavt), ugyldigt, "BFO-13").await;
}

#[tokio::test]
async fn only_systems_that_are_registered_and_in_use_get_in() {
    let scene = scene().await;
    let ugyldigt = TokenFejl::UGYLDIGT;
    afvist(&scene, &scene.token(&FREMMED, AFSEND, KORSBAEK), ugyldigt, "BFO-17").await;
    let token = scene.token(&AFSENDER, AFSEND, KORSBAEK);
    adgang(&scene, &token).await.expect("KY");
    scene
        .politik(|p| {
            let ky = p.systemer.iter_mut().find(|s| s.uuid == KY).expect("KY");
            ky.certifikater[0].status = Certifikatstatus::Tilbagekaldt;
        })
        .await;
    afvist(&scene, &token, ugyldigt, "BFO-17").await;
}

#[tokio::test]
async fn a_token_belongs_to_the_certificate_of_its_connection() {
    let scene = scene().await;
    let token = scene.token(&AFSENDER, AFSEND, KORSBAEK);
    let peer = |par: &Par| Some(PeerCertificate(*par.certifikat.sha256()));
    let adgang = async |token: &[u8], peer| scene.fordeler.adgang(token, peer, id(7)).await;
    adgang(&token, peer(&AFSENDER)).await.expect("its own");
    adgang(&token, None).await.expect("none is enough, as it is set");
    let fejl = adgang(&token, peer(&MODTAGER)).await.expect_err("another's");
    assert!(fejl.tekst == TokenFejl::UGYLDIGT && fejl.grund.starts_with("BFO-16"), "{}", fejl.grund);

    let mut streng = config();
    streng.besked.kraev_klientcertifikat = true;
    let scene = Scene::med(streng).await;
    scene.app.saet_noegler(noegler::noegler());
    let fejl = scene.fordeler.adgang(&token, None, id(7)).await.expect_err("none");
    assert!(fejl.grund.starts_with("BFO-16"), "{}", fejl.grund);
    scene.fordeler.adgang(&token, peer(&AFSENDER), id(7)).await.expect("its own");
}

#[tokio::test]
async fn a_remembered_token_is_judged_again_when_keys_or_addresses_change() {
    let scene = scene().await;
    let egen = "http://korsbaek.test/afsend";
    let vores = |p: &mut administration::Politikdata, med: bool| {
        let service = p.services.iter_mut().find(|s| s.uuid == administration::BESKED_AFSEND).expect("ours");
        if med {
            service.identifikatorer.insert(egen.into())
        } else {
            service.identifikatorer.remove(egen)
        };
    };
    let token = scene.token(&AFSENDER, egen, KORSBAEK);
    afvist(&scene, &token, TokenFejl::UGYLDIGT, "BFO-12").await;
    scene.politik(|p| vores(p, true)).await;
    adgang(&scene, &token).await.expect("it is one of ours now");
    scene.politik(|p| vores(p, false)).await;
    afvist(&scene, &token, TokenFejl::UGYLDIGT, "BFO-12").await;
    let token = scene.token(&AFSENDER, AFSEND, KORSBAEK);
    adgang(&scene, &token).await.expect("KY");
    scene.app.saet_noegler(noegler_af(&ANDEN_STS));
    afvist(&scene, &token, TokenFejl::UGYLDIGT, "BFO-12").await;
}

#[tokio::test]
async fn a_refusal_stands_in_the_access_log() {
    let scene = scene().await;
    let token = scene.token(&FREMMED, AFSEND, KORSBAEK);
    scene.fordeler.adgang(&token, None, id(0xa1)).await.expect_err("a stranger");
    let linjer = scene.log(id(0xa1)).await;
    assert!(linjer.len() == 1 && linjer[0].starts_with("BFO-17: "), "{linjer:?}");
}

#[tokio::test]
async fn on_behalf_of_another_it_is_the_other_who_acts() {
    let scene = scene().await;
    let vegne = |emne: &str| Paastand {
        name_id: emne.into(),
        obo_kalder: Some(AFSENDER.certifikat.emne().into()),
        ..beviset(&scene)
    };
    let for_sapa = signer(&vegne(MODTAGER.certifikat.emne()));
    afvist(&scene, &for_sapa, TokenFejl::UGYLDIGT, "BFO-18: OBO-03").await;
    scene.impersonering(KY, SAPA).await;
    let bevis = adgang(&scene, &for_sapa).await.expect("SAPA by KY");
    assert_eq!(bevis.system, SAPA);
    afvist(&scene, &signer(&vegne(FREMMED.certifikat.emne())), TokenFejl::UGYLDIGT, "BFO-18").await;
}

/// A token by which KSD acts for another system.
fn ved_ksd(scene: &Scene, for_hvem: &Par, audience: &str) -> Vec<u8> {
    let nu = scene.app.now();
    signer(&Paastand {
        name_id: for_hvem.certifikat.emne().into(),
        obo_kalder: Some(ANDEN.certifikat.emne().into()),
        ..paastand(&ANDEN, audience, cvr(KORSBAEK), nu, tid::plus(nu, TIME))
    })
}

#[tokio::test]
async fn who_is_blocked_acts_for_nobody_and_is_stopped_at_once() {
    let scene = scene().await;
    let slag = scene.dueslag(1).await;
    scene.impersonering(KSD, SAPA).await;
    scene.impersonering(KSD, KY).await;
    let (for_ky, for_sapa) = (ved_ksd(&scene, &AFSENDER, AFSEND), ved_ksd(&scene, &MODTAGER, MODTAG));
    let afsender = adgang(&scene, &for_ky).await.expect("KY by KSD").afsender.expect("a sender");
    let modtager = adgang(&scene, &for_sapa).await.expect("SAPA by KSD").modtager.expect("a receiver");
    let send = async |n| scene.fordeler.modtag(&afsender, Besked::ny(n).xml().into(), Kald::default()).await;
    let mut aftager = scene.fordeler.aabn(&modtager, slag).expect("a consumer");
    assert_eq!(send(1).await.kode, 20);
    assert_eq!(nummer(&naeste(&mut aftager).await), 1);
    let nu = scene.app.now();
    for (tilstand, lukkes) in [
        (Systemtilstand::Spaerret, None),
        (Systemtilstand::UnderLukning, Some(nu)),
        (Systemtilstand::Lukket, None),
    ] {
        let saet = async |tilstand, lukkes| {
            scene
                .politik(|p| {
                    let ksd = p.systemer.iter_mut().find(|s| s.uuid == KSD).expect("KSD");
                    (ksd.tilstand, ksd.lukkes) = (tilstand, lukkes);
                })
                .await;
        };
        saet(tilstand, lukkes).await;
        for token in [&for_ky, &for_sapa] {
            afvist(&scene, token, TokenFejl::UGYLDIGT, "BFO-18: OBO-04").await;
        }
        assert_eq!(send(2).await.kode, 43, "{tilstand}: who is connected does not send on");
        assert_eq!(scene.fordeler.aabn(&modtager, slag).err(), Some(DueslagFejl::Ukendt), "{tilstand}");
        assert_eq!(stop(&mut aftager).await, Stop::Nedlagt, "{tilstand}");
        saet(Systemtilstand::Tilsluttet, None).await;
    }
    assert_eq!(send(2).await.kode, 20);
}

#[tokio::test]
async fn who_may_act_for_another_no_more_is_stopped_at_once() {
    let scene = scene().await;
    let slag = scene.dueslag(1).await;
    let (for_ky, for_sapa) = (ved_ksd(&scene, &AFSENDER, AFSEND), ved_ksd(&scene, &MODTAGER, MODTAG));
    let mut nr = 0;
    // Taken away, and over by itself.
    for udloeber in [false, true] {
        scene.impersonering(KSD, SAPA).await;
        scene.impersonering(KSD, KY).await;
        let afsender = adgang(&scene, &for_ky).await.expect("KY by KSD").afsender.expect("a sender");
        let modtager = adgang(&scene, &for_sapa).await.expect("SAPA by KSD").modtager.expect("a receiver");
        let send =
            async |n| scene.fordeler.modtag(&afsender, Besked::ny(n).xml().into(), Kald::default()).await;
        let mut aftager = scene.fordeler.aabn(&modtager, slag).expect("a consumer");
        nr += 1;
        assert_eq!(send(nr).await.kode, 20);
        let levering = naeste(&mut aftager).await;
        assert_eq!(nummer(&levering), nr);
        aftager.haandtag().kvitter(&[levering.nr]).await.expect("settled");
        let nu = scene.app.now();
        let slut = tid::plus(nu, Duration::from_secs(60));
        let til_da = Period::new(nu, slut).expect("a minute");
        scene
            .politik(|p| {
                let ksd = p.systemer.iter_mut().find(|s| s.uuid == KSD).expect("KSD");
                match udloeber {
                    true => ksd.impersonering.iter_mut().for_each(|i| i.gyldig = til_da),
                    false => ksd.impersonering.clear(),
                }
            })
            .await;
        if udloeber {
            assert_eq!(send(100).await.kode, 20, "not over yet");
            scene.stil_uret(slut);
        }
        assert_eq!(send(nr + 1).await.kode, 43, "{udloeber}: who is connected does not send on");
        assert_eq!(scene.fordeler.aabn(&modtager, slag).err(), Some(DueslagFejl::Ukendt), "{udloeber}");
        assert_eq!(stop(&mut aftager).await, Stop::Nedlagt, "{udloeber}");
    }
}

#[tokio::test]
async fn a_jwt_needs_the_certificate_it_is_bound_to() {
    let scene = scene().await;
    let nu = scene.app.now();
    let claims = Claims {
        iss: "https://adgang.test/runtime/".into(),
        aud: AFSEND.into(),
        sub: KY.to_string(),
        client_id: None,
        cvr: cvr(KORSBAEK),
        bpp: None,
        certifikat: *AFSENDER.certifikat.sha256(),
        fra: nu,
        til: tid::plus(nu, TIME),
        jti: Uuid::from_u128(1).to_string(),
        act: None,
    };
    let peer = |par: &Par| Some(PeerCertificate(*par.certifikat.sha256()));
    let adgang = async |claims: &Claims, peer| scene.fordeler.adgang_jwt(&jwt(claims), peer, id(7)).await;
    let bevis = adgang(&claims, peer(&AFSENDER)).await.expect("KY");
    assert_eq!((bevis.system, bevis.modtager), (KY, None));
    assert_eq!(bevis.afsender.expect("a sender").cvr(), cvr(KORSBAEK));
    let grund = |svar: Result<Bevis, TokenFejl>| svar.expect_err("refused").grund;
    assert!(grund(adgang(&claims, None).await).starts_with("BFO-16"));
    assert!(grund(adgang(&claims, peer(&MODTAGER)).await).starts_with("BFO-12"));
    let fremmed = Claims { certifikat: *FREMMED.certifikat.sha256(), ..claims.clone() };
    assert!(grund(adgang(&fremmed, peer(&FREMMED)).await).starts_with("BFO-17"));
    let anden = Claims { aud: "http://stoettesystemerne.dk/service/organisation/3".into(), ..claims.clone() };
    assert!(grund(adgang(&anden, peer(&AFSENDER)).await).starts_with("BFO-12"));
    scene.stil_uret(tid::plus(nu, 2 * TIME));
    let fejl = adgang(&claims, peer(&AFSENDER)).await.expect_err("expired");
    assert_eq!(fejl.tekst, TokenFejl::UDLOEBET, "{}", fejl.grund);
}
