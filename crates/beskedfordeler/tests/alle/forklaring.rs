//! What became of a message, and why it did not reach a dueslag.

use crate::scene::{
    AFSEND, Besked, KORSBAEK, NABOKOEBING, SAPA, Scene, TEST2, cvr_urn, graens, id, naeste, start,
};
use administration::Politikdata;
use besked::{Grund, Mangel};
use beskedfordeler::Skaebne;
use bitemporal::Instant;
use store::Tilstand;

const OBJEKT: &str = "Beskedkuvert.Filtreringsdata.ObjektRegistrering.ObjektId.URNIdentifikator";

/// Why the message does not reach the only dueslag, under this policy.
async fn grunde(besked: Besked, aendr: impl FnOnce(&mut Politikdata)) -> Vec<Grund> {
    let scene = Scene::ny().await;
    scene.dueslag(0xd1).await;
    scene.politik(aendr).await;
    scene.laeg(&besked).await;
    let forklaring = scene.fordeler.forklar(&id(1).to_string()).await.expect("the store").remove(0);
    assert!(forklaring.placeringer.is_empty());
    let mut udenom = forklaring.udenom.expect("it is kept");
    assert_eq!(udenom.len(), 1);
    let udenom = udenom.remove(0);
    assert!(udenom.dueslag.uuid == id(0xd1) && !udenom.ville_nu);
    assert!(udenom.grunde.iter().all(|(abonnement, _)| *abonnement == id(0x10d1)));
    udenom.grunde.into_iter().map(|(_, grund)| grund).collect()
}

/// Limits all that SAPA may receive.
fn saet(navn: &'static str, vaerdi: &'static str) -> impl FnOnce(&mut Politikdata) {
    move |p| p.aftaler.iter_mut().filter(|a| a.system == SAPA).for_each(|a| graens(a, navn, &[vaerdi]))
}

#[tokio::test]
async fn each_reason_is_told() {
    let kun_test2 = |p: &mut Politikdata| p.abonnementer[0].beskedtyper = vec![TEST2];
    assert_eq!(grunde(Besked::ny(1), kun_test2).await, [Grund::Beskedtype]);
    let ingen = |p: &mut Politikdata| p.aftaler.retain(|a| a.system != SAPA);
    assert_eq!(grunde(Besked::ny(1), ingen).await, [Grund::Aftale(Mangel::Ingen)]);
    for (navn, vaerdi, mangel) in [
        ("Beskedtype", "832d0676-d0a0-4522-8f57-ac126dc8270e", Mangel::Beskedtype),
        ("AfsendendeMyndighed", NABOKOEBING, Mangel::Afsender),
        ("Foelsomhed", "1d81c472-0808-44cc-963d-f5ef0170ae1d", Mangel::Foelsomhed),
        ("KommunaltForvaltningsomraade", "27.*", Mangel::Kle),
    ] {
        assert_eq!(grunde(Besked::ny(1), saet(navn, vaerdi)).await, [Grund::Aftale(mangel)], "{navn}");
    }
    let til_nabo = Besked { tilladte: vec![cvr_urn(NABOKOEBING)], ..Besked::ny(1) };
    let kun_korsbaek = |p: &mut Politikdata| p.aftaler.retain(|a| a.uuid != id(0x201));
    assert_eq!(grunde(til_nabo, kun_korsbaek).await, [Grund::TilladtModtager]);
    let andre =
        |p: &mut Politikdata| p.abonnementer[0].filter = format!("{OBJEKT} = 'urn:oio:cpr-nr:0101010009'");
    assert_eq!(grunde(Besked::ny(1), andre).await, [Grund::Filter]);
    let intet = |p: &mut Politikdata| p.abonnementer.clear();
    assert_eq!(grunde(Besked::ny(1), intet).await, [], "it subscribes to nothing");
}

#[tokio::test]
async fn a_subscription_that_came_later_is_told_of_as_such() {
    let senere = Instant::from_micros(start().micros() + 1);
    let aendr = move |p: &mut Politikdata| p.abonnementer[0].aktiveret = Some(senere);
    assert_eq!(grunde(Besked::ny(1), aendr).await, [Grund::IkkeAktiveret]);
}

#[tokio::test]
async fn what_became_of_it_is_told_and_what_would_now() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    let andet = scene.dueslag_med(0xd2, &format!("{OBJEKT} = 'urn:oio:cpr-nr:0101010009'")).await;
    scene.laeg(&Besked::ny(1)).await;
    let mut aftager = scene.fordeler.aabn(&scene.modtager().await, slag).expect("a consumer");
    let levering = naeste(&mut aftager).await;
    aftager.haandtag().kvitter(&[levering.nr]).await.expect("received");
    scene.politik(|p| p.abonnementer.iter_mut().for_each(|a| a.filter = String::new())).await;
    let forklaring =
        scene.fordeler.forklar(&id(1).to_string().to_uppercase()).await.expect("the store").remove(0);
    assert_eq!(forklaring.besked.nr, levering.nr);
    assert_eq!(forklaring.placeringer.len(), 1);
    assert_eq!(
        (forklaring.placeringer[0].dueslag, forklaring.placeringer[0].tilstand),
        (slag, Tilstand::Leveret)
    );
    let udenom = forklaring.udenom.expect("kept").remove(0);
    assert!(udenom.dueslag.uuid == andet && udenom.ville_nu && udenom.grunde.is_empty(), "{udenom:?}");
    assert!(scene.fordeler.forklar(&id(2).to_string()).await.expect("the store").is_empty());
}

#[tokio::test]
async fn a_sender_is_told_in_figures() {
    let scene = Scene::ny().await;
    let slag = scene.dueslag(0xd1).await;
    scene.dueslag(0xd2).await;
    scene.laeg(&Besked::ny(1)).await;
    let mut aftager = scene.fordeler.aabn(&scene.modtager().await, slag).expect("a consumer");
    let levering = naeste(&mut aftager).await;
    aftager.haandtag().kvitter(&[levering.nr]).await.expect("received");
    let ky = scene.afsender().await;
    let skaebne = scene.fordeler.skaebne(&ky, &id(1).to_string()).await.expect("the store");
    assert_eq!(skaebne, [Skaebne { modtaget: start(), dueslag: 2, leveret: 1 }]);
    // Only its own, for the same authority.
    let for_nabo = scene.afsender_for(NABOKOEBING).await;
    let sapa = scene.bevis(&crate::noegler::MODTAGER, AFSEND, KORSBAEK).await.afsender.expect("SAPA");
    for anden in [for_nabo, sapa] {
        assert!(scene.fordeler.skaebne(&anden, &id(1).to_string()).await.expect("the store").is_empty());
    }
}
