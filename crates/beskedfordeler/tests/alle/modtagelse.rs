//! Accepting messages: the checks in their order, what is kept, and what is not.

use crate::noegler::AFSENDER;
use crate::scene::{
    AFSEND, Besked, DAG, FORTROLIG, IKKE_FORTROLIG, KORSBAEK, KY, MINUT, NABOKOEBING, SAPA, Scene, TEST2,
    TEST3, config, cvr, cvr_urn, graens, id, tekst,
};
use administration::{Politikdata, Serviceaftale};
use beskedfordeler::{Kald, Kvittering};
use bitemporal::Period;
use bytes::Bytes;
use oio::catalog::{BRUGERVENDT_NOEGLE, KLASSE};
use oio::model::{Egenskab, Indhold, Tilstand, TilstandKode, Vaerdi, Virkning};
use oio::operation::SendtRegistrering;
use oio::{Cvr, ObjektId};
use registers::importer;
use uuid::Uuid;

/// KY's agreement about sending.
fn aftalen(p: &mut Politikdata) -> &mut Serviceaftale {
    p.aftaler.iter_mut().find(|a| a.uuid == id(0x100)).expect("KY's agreement")
}

/// The message is refused with this code and text, nothing of it is kept, and the log says why.
async fn afvist(scene: &Scene, krop: impl Into<Bytes>, kode: u16, forventet: &str, regel: &str) {
    let reference = scene.app.new_uuid();
    let kald = Kald { transaktion: reference.to_string(), korrelation: String::new() };
    let svar = scene.fordeler.modtag(&scene.afsender().await, krop.into(), kald).await;
    assert_eq!(svar.kode, kode, "{svar:?}");
    assert!(svar.tekst.starts_with(forventet), "{svar:?}");
    assert_eq!(scene.app.store().sidste_besked().await.expect("the store"), None, "nothing is kept");
    let linjer = scene.log(reference).await;
    assert!(linjer.len() == 1 && linjer[0].starts_with(regel), "{linjer:?}");
}

/// What is kept of the last message.
async fn gemt(scene: &Scene) -> Bytes {
    let store = scene.app.store();
    let nr = store.sidste_besked().await.expect("the store").expect("a message");
    store.besked_krop(nr).await.expect("the store").expect("its bytes")
}

fn antal(krop: &[u8], del: &str) -> usize {
    tekst(krop).matches(del).count()
}

#[tokio::test]
async fn a_message_may_be_as_large_as_the_limit_and_no_larger() {
    let mut lille = config();
    lille.besked.besked_max_bytes = 4096;
    let scene = Scene::med(lille).await;
    let fyldt = |bytes: usize| {
        let mut besked = Besked::ny(1);
        let nu = besked.xml().len();
        besked.data.push_str(&format!("<!--{}-->", "x".repeat(bytes - nu - 7)));
        besked.xml()
    };
    afvist(&scene, fyldt(4097), 40, "Beskeden er for stor", "BFO-21").await;
    assert_eq!(scene.fordeler.for_stor(4097), Some(Kvittering::ny(40, "Beskeden er for stor")));
    assert_eq!(scene.fordeler.for_stor(4096), None);
    assert_eq!(scene.send_krop(fyldt(4096)).await, Kvittering::ok());
    let standard = Scene::ny().await;
    afvist(&standard, vec![b' '; 1024 * 1024 + 1], 40, "Beskeden er for stor", "BFO-21").await;
}

#[tokio::test]
async fn what_does_not_keep_the_schema_is_refused_with_the_line() {
    let scene = Scene::ny().await;
    let god = Besked::ny(1).xml();
    let uden = |del: &str| {
        let (fra, til) = (format!("<besked:{del}>"), format!("</besked:{del}>"));
        let (foer, rest) = god.split_once(&fra).expect(del);
        format!("{foer}{}", rest.split_once(&til).expect(del).1)
    };
    for krop in [
        String::new(),
        "ikke XML".into(),
        god.replace("</besked:Filtreringsdata>", ""),
        format!("<!DOCTYPE x [<!ENTITY y 'z'>]>{god}"),
        uden("BeskedId"),
        uden("Beskedtype"),
        uden("Leveranceinformation"),
        god.replace("urn:oio:besked:kuvert:1.0", "urn:besked:kuvert:1.0"),
        god.replace("<besked:Leveranceinformation>", "<besked:Ukendt/><besked:Leveranceinformation>"),
        format!(
            "<bf:AfsendBeskedInput xmlns:bf=\"urn:oio:sts:beskedfordeler:1.0.0\">{god}</bf:AfsendBeskedInput>"
        ),
    ] {
        afvist(&scene, krop, 40, "Beskeden overholder ikke skemaet: ", "BFO-23").await;
    }
    // The message tells where, and nothing of what stands there.
    let brudt =
        god.replace("<besked:Leveranceinformation>", "\n<besked:Hemmelig/><besked:Leveranceinformation>");
    let svar = scene.send_krop(brudt).await;
    assert!(svar.tekst.contains("linje 2"), "{}", svar.tekst);
}

#[tokio::test]
async fn identifiers_must_have_their_form() {
    let scene = Scene::ny().await;
    let en = |aendr: fn(&mut Besked)| {
        let mut besked = Besked::ny(1);
        aendr(&mut besked);
        besked.xml()
    };
    for (krop, felt) in [
        (en(|b| b.besked_id = "ikke et uuid".into()), "BeskedId"),
        (en(|b| b.beskedtype = "1234".into()), "Beskedtype"),
        (en(|b| b.ansvarlig = Some("KY".into())), "BeskedAnsvarligAktoer"),
        (en(|b| b.tilladte = vec!["urn:oio:cvr-nr:1122334".into()]), "TilladtModtager"),
        (en(|b| b.objekt = "urn:oio:cpr-nr:010101000".into()), "ObjektId"),
        (en(|b| b.emner = vec!["urn:oio:kle:3.1".into()]), "OpgaveEmne"),
        (en(|b| b.objekt = format!("urn:oio:{}", "x".repeat(300))), "ObjektId"),
    ] {
        let svar = scene.send_krop(krop.clone()).await;
        assert!(svar.kode == 40 && svar.tekst.contains(felt), "{felt}: {svar:?}");
        assert!(!svar.tekst.contains("010101000"), "never what stands there: {svar:?}");
        afvist(&scene, krop, 40, "", "BFO-23").await;
    }
}

#[tokio::test]
async fn other_versions_are_not_supported() {
    let scene = Scene::ny().await;
    let besked = Besked { version: "1.1", ..Besked::ny(1) };
    afvist(&scene, besked.xml(), 55, "Beskedversion understøttes ikke", "BFO-23").await;
}

/// Imports a class in Klassifikation.
async fn klasse(scene: &Scene, uuid: Uuid, kode: Option<TilstandKode>) {
    let altid = Virkning::of(Period::ALWAYS);
    let noegle = (BRUGERVENDT_NOEGLE.navn, Vaerdi::Tekst("besked".into()));
    let indhold = Indhold {
        egenskaber: vec![Egenskab { virkning: altid.clone(), felter: vec![noegle] }],
        tilstande: kode.map(|kode| Tilstand { virkning: altid.clone(), kode }).into_iter().collect(),
        ..Indhold::default()
    };
    let sendt = SendtRegistrering { indhold, ..SendtRegistrering::default() };
    let ky = scene.i_registrene(&Cvr::KOMBIT.to_string());
    importer(&scene.app, &ky, &KLASSE, ObjektId(uuid), vec![sendt]).await.expect("imported");
}

#[tokio::test]
async fn a_beskedtype_is_a_class_in_use() {
    let scene = Scene::ny().await;
    let (udgivet, uden, upubliceret) = (id(0xb1), id(0xb2), id(0xb3));
    scene
        .politik(|p| {
            let typer = [udgivet, uden, upubliceret, id(0xb4)].map(|t| t.to_string());
            graens(aftalen(p), "Beskedtype", &typer.each_ref().map(String::as_str));
        })
        .await;
    let besked = |n, typ: &str| Besked { beskedtype: typ.into(), ..Besked::ny(n) };
    klasse(&scene, upubliceret, Some(TilstandKode::IkkePubliceret)).await;
    for typ in [upubliceret.to_string(), id(0xb4).to_string(), "urn:oio:beskedtype:x".into()] {
        afvist(&scene, besked(1, &typ).xml(), 40, "Ukendt beskedtype", "BFO-26").await;
    }
    klasse(&scene, udgivet, Some(TilstandKode::Publiceret)).await;
    klasse(&scene, uden, None).await;
    scene.laeg(&besked(2, &udgivet.to_string())).await;
    scene.laeg(&besked(3, &uden.to_string().to_uppercase())).await;
    // What was not there is looked for again a minute later.
    klasse(&scene, id(0xb4), None).await;
    scene.gaar(MINUT);
    scene.laeg(&besked(4, &id(0xb4).to_string())).await;
}

#[tokio::test]
async fn the_message_must_be_the_callers_own() {
    let scene = Scene::ny().await;
    let svar = "BeskedAnsvarligAktoer svarer ikke til det kaldende anvendersystem";
    for ansvarlig in [None, Some(SAPA.to_string())] {
        afvist(&scene, Besked { ansvarlig, ..Besked::ny(1) }.xml(), 40, svar, "BFO-27").await;
    }
    scene.laeg(&Besked { ansvarlig: Some(KY.to_string().to_uppercase()), ..Besked::ny(1) }).await;
}

#[tokio::test]
async fn every_authority_that_answers_for_an_object_must_be_the_tokens() {
    let scene = Scene::ny().await;
    let svar = "Objektansvarlig myndighed svarer ikke til token";
    let en = Besked { myndighed: Some(cvr_urn(NABOKOEBING)), ..Besked::ny(1) };
    afvist(&scene, en.xml(), 43, svar, "BFO-28").await;
    // One of several.
    let to =
        Besked { emner: vec!["urn:oio:kle:32.01.01".into(), "urn:oio:kle:32.01.02".into()], ..Besked::ny(1) };
    let xml =
        to.xml().replacen(&cvr_urn(KORSBAEK), "X", 2).replacen(&cvr_urn(KORSBAEK), &cvr_urn(NABOKOEBING), 1);
    let xml = xml.replace('X', &cvr_urn(KORSBAEK));
    afvist(&scene, xml, 43, svar, "BFO-28").await;
    scene.laeg(&Besked { myndighed: None, ..Besked::ny(1) }).await;
    scene.laeg(&Besked { myndighed: Some(format!("urn:OIO:cvr-nr:{KORSBAEK}")), ..Besked::ny(2) }).await;
}

#[tokio::test]
async fn an_agreement_must_cover_the_message() {
    let scene = Scene::ny().await;
    let svar = "Ingen serviceaftale dækker beskeden";
    let typ = Besked { beskedtype: TEST3.to_string(), ..Besked::ny(1) };
    afvist(&scene, typ.xml(), 43, svar, "BFO-29").await;
    scene
        .politik(|p| {
            graens(aftalen(p), "Foelsomhed", &[&FORTROLIG.to_string()]);
            graens(aftalen(p), "KommunaltForvaltningsomraade", &["32.*", "27.36.04"]);
        })
        .await;
    for (besked, ok) in [
        (Besked { foelsomhed: Some(IKKE_FORTROLIG.to_string()), ..Besked::ny(1) }, false),
        (Besked { foelsomhed: None, ..Besked::ny(1) }, false),
        (Besked { emner: vec!["urn:oio:kle:33.01.01".into()], ..Besked::ny(1) }, false),
        (
            Besked {
                emner: vec!["urn:oio:kle:32.01.01".into(), "urn:oio:kle:27.36.05".into()],
                ..Besked::ny(1)
            },
            false,
        ),
        (Besked { emner: Vec::new(), ..Besked::ny(1) }, false),
        (
            Besked {
                emner: vec!["urn:oio:kle:32.01.01".into(), "urn:oio:kle:27.36.04".into()],
                ..Besked::ny(2)
            },
            true,
        ),
    ] {
        if ok {
            scene.laeg(&besked).await;
        } else {
            afvist(&scene, besked.xml(), 43, svar, "BFO-29").await;
        }
    }
}

#[tokio::test]
async fn an_agreement_is_with_one_authority_and_only_while_it_is_in_force() {
    let scene = Scene::ny().await;
    let nabo = scene.afsender_for(NABOKOEBING).await;
    let besked = Besked { myndighed: Some(cvr_urn(NABOKOEBING)), ..Besked::ny(1) };
    let svar = scene.fordeler.modtag(&nabo, besked.xml().into(), Kald::default()).await;
    assert_eq!(svar, Kvittering::ny(43, "Ingen serviceaftale dækker beskeden"));
    let nu = scene.app.now();
    let senere = identity::tid::plus(nu, std::time::Duration::from_secs(600));
    scene.politik(|p| aftalen(p).versioner[0].gyldig = Period { from: nu, to: senere }).await;
    scene.laeg(&Besked::ny(2)).await;
    scene.stil_uret(senere);
    assert_eq!(scene.send(&Besked::ny(3)).await.kode, 43);
}

#[tokio::test]
async fn the_first_check_that_fails_decides() {
    let scene = Scene::ny().await;
    let mut besked = Besked {
        besked_id: "x".into(),
        version: "9",
        beskedtype: id(0xff).to_string(),
        ansvarlig: None,
        myndighed: Some(cvr_urn(NABOKOEBING)),
        foelsomhed: Some(id(0xfe).to_string()),
        ..Besked::ny(1)
    };
    let mut koder = Vec::new();
    let svar = scene.send_krop(besked.xml().replace("</besked:BeskedVersion>", "")).await;
    koder.push((svar.kode, svar.tekst.starts_with("Beskeden overholder ikke skemaet")));
    let naeste: [fn(&mut Besked); 7] = [
        |_| {},
        |b| b.besked_id = id(1).to_string(),
        |b| b.version = "1.0",
        |b| b.beskedtype = TEST2.to_string(),
        |b| b.ansvarlig = Some(KY.to_string()),
        |b| b.myndighed = None,
        |b| b.foelsomhed = None,
    ];
    let tekster =
        ["BeskedId", "Beskedversion", "Ukendt", "BeskedAnsvarlig", "Objektansvarlig", "Ingen", "OK"];
    for (aendr, del) in naeste.into_iter().zip(tekster) {
        aendr(&mut besked);
        let svar = scene.send(&besked).await;
        koder.push((svar.kode, svar.tekst.contains(del)));
    }
    assert_eq!(koder, [40, 40, 55, 40, 40, 43, 43, 20].map(|kode| (kode, true)));
}

#[tokio::test]
async fn receivers_outside_the_agreement_are_cut_away_and_in_version_1_refused() {
    let scene = Scene::ny().await;
    scene.politik(|p| graens(aftalen(p), "TilladteMyndigheder", &[KORSBAEK])).await;
    scene.laeg(&Besked::ny(1)).await;
    let krop = gemt(&scene).await;
    assert_eq!(antal(&krop, "<besked:TilladtModtager>"), 1);
    assert!(tekst(&krop).contains(&cvr_urn(KORSBAEK)) && !tekst(&krop).contains(NABOKOEBING));
    assert_eq!(
        tekst(&krop).split_once("Beskeddata").map(|d| d.1),
        Besked::ny(1).xml().split_once("Beskeddata").map(|d| d.1)
    );
    // Everybody cut away: accepted, and goes to nobody.
    let slag = scene.dueslag(0xd1).await;
    scene.laeg(&Besked { tilladte: vec![cvr_urn(NABOKOEBING)], ..Besked::ny(2) }).await;
    assert_eq!(antal(&gemt(&scene).await, "TilladtModtager"), 0);
    assert_eq!(scene.placering(2, slag).await, None);

    let scene = Scene::ny().await;
    scene
        .politik(|p| {
            graens(aftalen(p), "TilladteMyndigheder", &[KORSBAEK]);
            graens(aftalen(p), "Version", &["1"]);
        })
        .await;
    let svar = "Tilladt modtager uden for serviceaftalen";
    afvist(&scene, Besked::ny(1).xml(), 43, svar, "BFO-30").await;
    let ukendt = Besked { tilladte: vec![cvr_urn(KORSBAEK), id(5).to_string()], ..Besked::ny(1) };
    afvist(&scene, ukendt.xml(), 43, svar, "BFO-30").await;
    scene.laeg(&Besked { tilladte: vec![cvr_urn(KORSBAEK)], ..Besked::ny(1) }).await;
}

#[tokio::test]
async fn a_message_that_names_nobody_goes_to_all_of_the_agreements() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg(&Besked { tilladte: Vec::new(), ..Besked::ny(1) }).await;
    let krop = gemt(&scene).await;
    assert!(tekst(&krop).contains(&cvr_urn(KORSBAEK)) && tekst(&krop).contains(&cvr_urn(NABOKOEBING)));
    let placeret = scene.placering(1, slag).await.expect("placed");
    assert_eq!(placeret.tilladte, [cvr(KORSBAEK), cvr(NABOKOEBING)]);
}

#[tokio::test]
async fn what_need_not_be_changed_is_kept_byte_for_byte() {
    let scene = Scene::ny().await;
    let krop = format!(
        "<?xml version=\"1.0\"?>\r\n<!-- af KY -->{}\n",
        Besked::ny(1).xml().replace("><besked:", ">\n  <besked:")
    );
    assert_eq!(scene.send_krop(krop.clone()).await, Kvittering::ok());
    assert_eq!(gemt(&scene).await, krop.as_bytes());
    let post = &scene.app.store().beskeder(0, 10).await.expect("the store")[0];
    assert_eq!((post.system, post.cvr, post.transaktion.as_str()), (KY, cvr(KORSBAEK), "transaktion"));
    assert_eq!((post.korrelation.as_str(), post.modtaget), ("korrelation", scene.app.now()));
}

#[tokio::test]
async fn a_secret_is_taken_out_before_anything_is_kept() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg(&Besked { akkreditiver: Some("kodeord123"), ..Besked::ny(1) }).await;
    let krop = gemt(&scene).await;
    assert!(!tekst(&krop).contains("kodeord123"), "{}", tekst(&krop));
    let mut aftager = scene.fordeler.aabn(&scene.modtager().await, slag).expect("a consumer");
    let levering = crate::scene::naeste(&mut aftager).await;
    assert!(!tekst(&levering.krop).contains("kodeord123"));
    // The sender's own bytes are what makes it the same when it comes again.
    scene.laeg(&Besked { akkreditiver: Some("kodeord123"), ..Besked::ny(1) }).await;
    assert_eq!(scene.send(&Besked { akkreditiver: Some("andet"), ..Besked::ny(1) }).await.kode, 49);
}

#[tokio::test]
async fn the_same_message_again_is_accepted_once() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg(&Besked::ny(1)).await;
    scene.laeg(&Besked::ny(1)).await;
    assert_eq!(scene.app.store().dybde(slag).await.expect("the store"), 1);
    let anden = Besked { objekt: "urn:oio:cpr-nr:0101010002".into(), ..Besked::ny(1) };
    assert_eq!(scene.send(&anden).await, Kvittering::ny(49, "BeskedId er allerede brugt"));
    // The same id in capitals is the same id.
    let stort = Besked { besked_id: id(0xabc).to_string(), ..Besked::ny(2) };
    scene.laeg(&stort).await;
    let versaler = Besked { besked_id: id(0xabc).to_string().to_uppercase(), ..Besked::ny(2) };
    assert_eq!(scene.send(&versaler).await.kode, 49);
    assert_eq!(scene.app.store().dybde(slag).await.expect("the store"), 2);
}

#[tokio::test]
async fn many_times_at_once_it_is_still_one() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let afsender = scene.afsender().await;
    let mut kald = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (fordeler, afsender) = (scene.fordeler.clone(), afsender.clone());
        kald.spawn(async move {
            fordeler.modtag(&afsender, Besked::ny(1).xml().into(), Kald::default()).await.kode
        });
    }
    assert!(kald.join_all().await.iter().all(|kode| *kode == 20));
    assert_eq!(scene.app.store().dybde(slag).await.expect("the store"), 1);
}

#[tokio::test]
async fn answers_are_counted() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.laeg_flere(1, 3).await;
    scene.send_krop("x").await;
    let tal = scene.fordeler.tal();
    assert_eq!(tal.svar.into_iter().collect::<Vec<_>>(), [(20, 3), (40, 1)]);
    assert_eq!(tal.dueslag[&slag].ind, 3);
}

#[tokio::test]
async fn a_token_that_was_read_is_not_enough_when_the_agreement_is_gone() {
    let scene = Scene::ny().await;
    let afsender = scene.bevis(&AFSENDER, AFSEND, KORSBAEK).await.afsender.expect("KY");
    scene.gaar(DAG);
    scene.politik(|p| p.aftaler.retain(|a| a.uuid != id(0x100))).await;
    let svar = scene.fordeler.modtag(&afsender, Besked::ny(1).xml().into(), Kald::default()).await;
    assert_eq!(svar.kode, 43);
}
