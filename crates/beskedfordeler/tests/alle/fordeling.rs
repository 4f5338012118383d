//! Where a message is placed, and what each copy says.

use crate::scene::{
    Besked, FORDELINGSSYSTEM, KORSBAEK, KSD, KY, NABOKOEBING, SAPA, Scene, TEST1, TEST2, cvr, cvr_urn,
    graens, id, naeste, nummer, start, tekst,
};
use crate::vaerdilister::{indhold, kalder};
use administration::{Abonnement, Dueslag, Dueslagstilstand};
use besked::vaerdiliste::{Kald, Ret};
use bitemporal::Instant;
use store::Vaerdiliste;
use uuid::Uuid;

const OBJEKT: &str = "Beskedkuvert.Filtreringsdata.ObjektRegistrering.ObjektId.URNIdentifikator";

fn borger(n: u128, cpr: &str) -> Besked {
    Besked { objekt: format!("urn:oio:cpr-nr:{cpr}"), ..Besked::ny(n) }
}

async fn er_placeret(scene: &Scene, besked: u128, dueslag: Uuid) -> bool {
    scene.placering(besked, dueslag).await.is_some()
}

/// What a receiver gets of the only message in a dueslag.
async fn kopi(scene: &Scene, dueslag: Uuid) -> String {
    let mut aftager = scene.fordeler.aabn(&scene.modtager().await, dueslag).expect("a consumer");
    tekst(&naeste(&mut aftager).await.krop).to_owned()
}

#[tokio::test]
async fn a_message_is_placed_once_in_each_dueslag_that_wants_it() {
    let scene = Scene::ny().await;
    let (en, to) = (scene.dueslag(0xd1).await, scene.dueslag(0xd2).await);
    let tre = scene.dueslag(0xd3).await;
    scene
        .politik(|p| {
            for n in 0xa1..0xa4 {
                p.abonnementer.push(Abonnement::ny(id(n), format!("flere {n}"), en, vec![TEST1, TEST2]));
            }
            p.abonnementer.retain(|a| a.dueslag != tre);
        })
        .await;
    scene.laeg(&Besked::ny(1)).await;
    scene.laeg(&Besked { beskedtype: TEST2.to_string(), ..Besked::ny(2) }).await;
    let store = scene.app.store();
    for (slag, antal) in [(en, 2), (to, 1), (tre, 0)] {
        assert_eq!(store.dybde(slag).await.expect("the store"), antal);
    }
}

#[tokio::test]
async fn a_subscription_gets_nothing_from_before_it_was_activated() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let fra = Instant::from_micros(start().micros() + 5);
    scene.politik(|p| p.abonnementer[0].aktiveret = Some(fra)).await;
    for (n, mikrosekunder, ventet) in [(1, 0, false), (2, 4, false), (3, 1, true), (4, 1, true)] {
        scene.gaar(mikrosekunder);
        scene.laeg(&Besked::ny(n)).await;
        assert_eq!(er_placeret(&scene, n, slag).await, ventet, "{n}");
    }
}

#[tokio::test]
async fn a_copy_names_the_authorities_its_receiver_acts_for() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let ksds = id(0xd2);
    scene
        .politik(|p| {
            p.dueslag.push(Dueslag::ny(ksds, "KSD", KSD));
            p.abonnementer.push(Abonnement::ny(id(0xa2), "KSD", ksds, vec![TEST1]));
        })
        .await;
    scene.laeg(&Besked::ny(1)).await;
    let sapas = scene.placering(1, slag).await.expect("placed");
    assert_eq!((sapas.tilladte, sapas.aftale), (vec![cvr(KORSBAEK), cvr(NABOKOEBING)], id(0x200)));
    assert_eq!(scene.placering(1, ksds).await.expect("placed").tilladte, [cvr(KORSBAEK)]);
    let mut aftager = scene.fordeler.aabn(&scene.anden_modtager().await, ksds).expect("a consumer");
    let krop = naeste(&mut aftager).await.krop;
    assert!(!tekst(&krop).contains(NABOKOEBING));
    // A message for Nabokøbing alone does not reach KSD.
    scene.laeg(&Besked { tilladte: vec![cvr_urn(NABOKOEBING)], ..Besked::ny(2) }).await;
    assert!(er_placeret(&scene, 2, slag).await && !er_placeret(&scene, 2, ksds).await);
}

#[tokio::test]
async fn version_1_delivers_the_receivers_as_they_were() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene
        .politik(|p| {
            p.aftaler.retain(|a| a.uuid != id(0x201));
            let aftale = p.aftaler.iter_mut().find(|a| a.uuid == id(0x200)).expect("SAPA's");
            graens(aftale, "Version", &["1"]);
        })
        .await;
    scene.laeg(&Besked::ny(1)).await;
    assert!(kopi(&scene, slag).await.contains(NABOKOEBING));
    scene.laeg(&Besked { tilladte: vec![cvr_urn(NABOKOEBING)], ..Besked::ny(2) }).await;
    assert!(!er_placeret(&scene, 2, slag).await, "it concerns none of SAPA's");
}

#[tokio::test]
async fn a_dueslag_may_be_for_one_authority_alone() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.politik(|p| p.dueslag[0].myndighed = Some(cvr(NABOKOEBING))).await;
    scene.laeg(&Besked { tilladte: vec![cvr_urn(KORSBAEK)], ..Besked::ny(1) }).await;
    scene.laeg(&Besked::ny(2)).await;
    assert!(!er_placeret(&scene, 1, slag).await);
    assert_eq!(scene.placering(2, slag).await.expect("placed").tilladte, [cvr(NABOKOEBING)]);
    let krop = kopi(&scene, slag).await;
    let tilladt =
        |nr: &str| krop.contains(&format!("<besked:TilladtModtager><sd:URNIdentifikator>{}<", cvr_urn(nr)));
    assert!(tilladt(NABOKOEBING) && !tilladt(KORSBAEK), "{krop}");
}

#[tokio::test]
async fn a_closed_dueslag_gets_nothing_and_a_paused_one_everything() {
    let scene = Scene::ny().await;
    let (nedlagt, pauset) = (scene.dueslag(0xd1).await, scene.dueslag(0xd2).await);
    scene.tilstand(nedlagt, Dueslagstilstand::Nedlagt).await;
    scene.tilstand(pauset, Dueslagstilstand::Pauset).await;
    scene.laeg(&Besked::ny(1)).await;
    assert!(!er_placeret(&scene, 1, nedlagt).await && er_placeret(&scene, 1, pauset).await);
}

#[tokio::test]
async fn a_copy_tells_its_route_and_changes_nothing_else() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let sendt = Besked::ny(1);
    scene.laeg(&sendt).await;
    scene.gaar(1_500_000);
    let krop = kopi(&scene, slag).await;
    for del in [
        format!("<besked:Fordelingssystem><sd:UUIDIdentifikator>{FORDELINGSSYSTEM}<"),
        format!("<besked:ModtagetFraSystem><sd:UUIDIdentifikator>{KY}<"),
        format!("<besked:ErLeveretIHenholdTil><sd:UUIDIdentifikator>{}<", id(0x200)),
        "<besked:AntalLeveranceforsoeg>1<".to_owned(),
        "2030-03-02T09:00:00".to_owned(),
        "2030-03-02T09:00:01.5".to_owned(),
    ] {
        assert!(krop.contains(&del) || krop.contains(&del.replace("T09", "T08")), "{del} in\n{krop}");
    }
    let (foer, rest) = krop.split_once("<besked:Leveranceruter>").expect("a route");
    let (_, efter) = rest.split_once("</besked:Leveranceruter>").expect("a route");
    assert_eq!(format!("{foer}{efter}"), sendt.xml());
    besked::Kuvert::laes(krop.as_bytes()).expect("it keeps the schema");
}

#[tokio::test]
async fn a_filter_decides_and_a_change_of_it_counts_at_once() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag_med(0xd1, &format!("{OBJEKT} = 'urn:oio:cpr-nr:0101010001'")).await;
    scene.laeg(&borger(1, "0101010001")).await;
    scene.laeg(&borger(2, "0101010002")).await;
    assert!(er_placeret(&scene, 1, slag).await && !er_placeret(&scene, 2, slag).await);
    scene
        .politik(|p| p.abonnementer[0].filter = format!("NOT ({OBJEKT} = 'urn:oio:cpr-nr:0101010001')"))
        .await;
    scene.laeg(&borger(3, "0101010001")).await;
    scene.laeg(&borger(4, "0101010002")).await;
    assert!(!er_placeret(&scene, 3, slag).await && er_placeret(&scene, 4, slag).await);
    assert!(!er_placeret(&scene, 2, slag).await, "what came before stays where it is");
}

/// A list of a system's with these values.
async fn liste(scene: &Scene, system: Uuid, vaerdier: &[&str]) -> Uuid {
    let hvem = kalder(scene, system).await;
    let svar = scene.fordeler.betjen(&hvem, Kald::Opret(indhold("Borgere", vaerdier))).await;
    let Ok(Ret::Objekt(liste)) = svar else { panic!("{svar:?}") };
    liste.liste
}

#[tokio::test]
async fn a_filter_may_name_a_list_and_changes_of_it_count_at_once() {
    let scene = Scene::ny().await;
    let min = liste(&scene, SAPA, &["urn:oio:cpr-nr:0101010001"]).await;
    let slag = scene.dueslag_med(0xd1, &format!("{OBJEKT} IN VAERDILISTE '{min}'")).await;
    // The list is read when a filter names it.
    let forste = scene
        .pas_til("the list", async || {
            let n = scene.app.new_uuid().as_u128();
            scene.laeg(&borger(n, "0101010001")).await;
            scene.placering(n, slag).await
        })
        .await;
    assert_eq!(forste.dueslag, slag);
    let sapa = kalder(&scene, SAPA).await;
    let aendr = async |kald| {
        scene.gaar(1);
        scene.fordeler.betjen(&sapa, kald).await.expect("changed")
    };
    let dem = |cpr: &str| vec![format!("urn:oio:cpr-nr:{cpr}")];
    scene.laeg(&borger(2, "0101010002")).await;
    aendr(Kald::Tilfoej(min, dem("0101010002"))).await;
    scene.laeg(&borger(3, "0101010002")).await;
    aendr(Kald::Fjern(min, dem("0101010001"))).await;
    scene.laeg(&borger(4, "0101010001")).await;
    let fundet = [
        er_placeret(&scene, 2, slag).await,
        er_placeret(&scene, 3, slag).await,
        er_placeret(&scene, 4, slag).await,
    ];
    assert_eq!(fundet, [false, true, false]);
}

#[tokio::test]
async fn a_list_that_is_in_use_matches_from_the_start() {
    let scene = Scene::ny().await;
    let min = liste(&scene, SAPA, &["urn:oio:cpr-nr:0101010001"]).await;
    let slag = scene.dueslag_med(0xd1, &format!("{OBJEKT} IN VAERDILISTE '{min}'")).await;
    let igen = scene.genstart().await;
    let krop = borger(1, "0101010001").xml().into();
    let kald = beskedfordeler::Kald::default();
    assert_eq!(igen.modtag(&scene.afsender().await, krop, kald).await.kode, 20);
    assert!(er_placeret(&scene, 1, slag).await);
}

#[tokio::test]
async fn a_list_that_is_not_the_receivers_or_not_in_use_matches_nothing() {
    let scene = Scene::ny().await;
    let cpr = ["urn:oio:cpr-nr:0101010001"];
    let (fremmed, passiv, slettet) =
        (liste(&scene, KSD, &cpr).await, liste(&scene, SAPA, &cpr).await, liste(&scene, SAPA, &cpr).await);
    let sapa = kalder(&scene, SAPA).await;
    scene.fordeler.betjen(&sapa, Kald::Passiver(passiv, None)).await.expect("out of use");
    scene.fordeler.betjen(&sapa, Kald::Slet(slettet, None)).await.expect("deleted");
    let mut alle = Vec::new();
    for (n, liste) in [(0xd1, fremmed), (0xd2, passiv), (0xd3, slettet), (0xd4, id(0x999))] {
        alle.push(scene.dueslag_med(n, &format!("{OBJEKT} IN VAERDILISTE '{liste}'")).await);
        alle.push(scene.dueslag_med(n + 0x10, &format!("{OBJEKT} NOT IN VAERDILISTE '{liste}'")).await);
    }
    let igen = scene.genstart().await;
    let krop = borger(1, "0101010001").xml().into();
    igen.modtag(&scene.afsender().await, krop, beskedfordeler::Kald::default()).await;
    for (nr, slag) in alle.into_iter().enumerate() {
        assert_eq!(er_placeret(&scene, 1, slag).await, nr % 2 == 1, "{nr}");
    }
}

#[tokio::test]
async fn a_change_of_a_list_reaches_the_other_server_within_a_minute() {
    let scene = Scene::ny().await;
    let min = liste(&scene, SAPA, &[]).await;
    let slag = scene.dueslag_med(0xd1, &format!("{OBJEKT} IN VAERDILISTE '{min}'")).await;
    let der = scene.genstart().await;
    scene.gaar(1);
    let sapa = kalder(&scene, SAPA).await;
    let nye = vec!["urn:oio:cpr-nr:0101010001".to_owned()];
    scene.fordeler.betjen(&sapa, Kald::Tilfoej(min, nye)).await.expect("added");
    let liste: Vaerdiliste = scene.app.store().vaerdiliste(min).await.expect("the store").expect("a list");
    assert_eq!(liste.antal, 1);
    scene.gaar(1);
    let pasning = tokio::spawn(der.clone().pas());
    let afsender = scene.afsender().await;
    crate::scene::vent("the change", async || {
        let n = scene.app.new_uuid().as_u128();
        der.modtag(&afsender, borger(n, "0101010001").xml().into(), beskedfordeler::Kald::default()).await;
        scene.placering(n, slag).await
    })
    .await;
    pasning.abort();
}

#[tokio::test]
async fn places_follow_the_order_of_acceptance_in_every_dueslag() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let afsender = scene.afsender().await;
    let alle = (1..=50).map(|n| {
        let (fordeler, afsender) = (scene.fordeler.clone(), afsender.clone());
        async move {
            fordeler.modtag(&afsender, Besked::ny(n).xml().into(), beskedfordeler::Kald::default()).await.kode
        }
    });
    let mut opgaver = Vec::new();
    for kald in alle {
        opgaver.push(tokio::spawn(kald));
    }
    for opgave in opgaver {
        assert_eq!(opgave.await.expect("a task"), 20);
    }
    let mut aftager = scene.fordeler.aabn(&scene.modtager().await, slag).expect("a consumer");
    for n in 1..=50 {
        assert_eq!(
            nummer(&naeste(&mut aftager).await),
            n,
            "on one thread they come in the order of the calls"
        );
    }
}
