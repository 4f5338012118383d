//! The policy in a store: put in force as a whole, seen by every node, changed by the provisioning API.

use administration::provisionering::{self, Anvendersystem};
use administration::{ItSystem, Part, Partsart, Politikdata, Service};
use app::{App, Config, PolitikFejl, Silent};
use bitemporal::Instant;
use oio::Cvr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{Database, Store};

async fn app(store: &Store, clock: &Arc<AtomicI64>) -> App {
    let hand = clock.clone();
    let tick = Box::new(move || Instant::from_micros(hand.load(Ordering::SeqCst)));
    App::with_clock(store.clone(), Config::default(), Arc::new(Silent), tick).await.expect("an app")
}

async fn two_nodes() -> (App, App, Arc<AtomicI64>) {
    let store = Store::open(&Database::Memory).await.expect("a store in memory");
    let clock = Arc::new(AtomicI64::new(1));
    (app(&store, &clock).await, app(&store, &clock).await, clock)
}

fn korsbaek() -> Part {
    Part::ny("11223344".parse().expect("a CVR number"), "Korsbæk", Partsart::Myndighed)
}

fn med(parter: Vec<Part>) -> Politikdata {
    Politikdata { parter, ..Politikdata::default() }
}

#[tokio::test]
async fn a_change_reaches_the_other_node_when_it_reads_again() {
    let (her, der, clock) = two_nodes().await;
    assert_eq!(her.politik().version(), der.politik().version());
    let mut indbyggede = Service::standard();
    indbyggede.sort_by_key(|service| service.uuid);
    assert_eq!(her.politik().data().services, indbyggede, "the built-in services are there");
    her.saet_politik(&med(vec![korsbaek()]), false).await.expect("a valid policy");
    assert!(her.politik().part(korsbaek().cvr).is_some(), "at once where it was changed");
    assert_ne!(her.politik().version(), der.politik().version());
    clock.store(30, Ordering::SeqCst);
    der.reload_politik().await.expect("the store answers");
    assert_eq!(her.politik().version(), der.politik().version());
    assert_eq!(
        (her.politik_laest(), der.politik_laest()),
        (Instant::from_micros(1), Instant::from_micros(30))
    );
}

#[tokio::test]
async fn nothing_is_removed_unless_asked_and_nothing_is_half_done() {
    let (her, der, _) = two_nodes().await;
    her.saet_politik(&med(vec![korsbaek()]), false).await.expect("a valid policy");
    let kombit = Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer);
    let plan = her.saet_politik(&med(vec![kombit.clone()]), false).await.expect("a valid policy");
    assert_eq!((plan.aendringer.len(), plan.beholdes.len()), (1, 1), "the other party stays");
    assert_eq!(her.politik().data().parter.len(), 2);
    let twice = Part { uuid: kombit.uuid, ..korsbaek() };
    let refused = her.saet_politik(&med(vec![kombit.clone(), twice]), true).await;
    assert!(matches!(refused, Err(PolitikFejl::Ugyldig(_))), "{refused:?}");
    assert_eq!(her.politik().data().parter.len(), 2, "nothing changed");
    // Decided from what somebody else has changed since.
    let laest = der.laes_politik().await.expect("the policy");
    let plan = laest.plan(&med(vec![]), true).expect("a plan");
    her.saet_politik(&med(vec![Part { navn: "KOMBIT A/S".into(), ..kombit }]), false)
        .await
        .expect("a change");
    assert!(matches!(der.anvend_politik(&laest, &plan).await, Err(PolitikFejl::Aendret)));
    assert_eq!(der.laes_politik().await.expect("the policy").data.parter.len(), 2, "nothing changed");
    her.saet_politik(&med(vec![]), true).await.expect("all is removed");
    assert!(
        her.politik().data().parter.is_empty()
            && her.politik().data().services.len() == Service::standard().len()
    );
    her.saet_politik(&med(vec![korsbaek()]), false).await.expect("what was removed can come again");
}

#[tokio::test]
async fn provisioning_is_stored_or_refused_as_a_whole() {
    let (her, der, _) = two_nodes().await;
    let json = r#"{"Id": "kombit caller", "Anvenderkontekster": [{"Cvr": "11223344"}],
        "RoleAssignments": [{"Id": "r1", "Anvenderkontekst": "11223344",
            "ServiceId": "http://stoettesystemerne.dk/service/organisation/3",
            "ServicesystemrolleId": "http://stoettesystemerne.dk/roles/servicesystemrolle/organisation_udstil/1"}]}"#;
    let sendt: Anvendersystem = serde_json::from_str(json).expect("the form of the API");
    let nu = her.now();
    // No party is registered for the operator that owns a system without a certificate.
    let refused = her.provisionering(|d| provisionering::opret_anvendersystem(d, &sendt, nu)).await;
    assert_eq!(refused.map_err(|f| f.code), Err(400));
    assert!(her.laes_politik().await.expect("the policy").data.systemer.is_empty());
    her.saet_politik(&med(vec![Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer)]), false)
        .await
        .expect("the operator");
    her.provisionering(|d| provisionering::opret_anvendersystem(d, &sendt, nu)).await.expect("a system");
    let read = der.provisionering_laes(|d| provisionering::anvendersystem(d, "kombit caller", nu)).await;
    let read = read.expect("it is stored");
    assert_eq!(read.role_assignments.len(), 1);
    assert_eq!(read.role_assignments[0].id, "r1");
    let mut wrong = sendt.clone();
    wrong.role_assignments[0].servicesystemrolle_id = "http://x".into();
    let refused =
        her.provisionering(|d| provisionering::ret_anvendersystem(d, "kombit caller", &wrong, nu)).await;
    let refused = refused.expect_err("an unknown role");
    assert!(refused.error_details[0].contains("har ikke rollen http://x"), "{refused:?}");
    her.provisionering(|d| provisionering::slet_anvendersystem(d, "kombit caller")).await.expect("it goes");
    assert!(der.laes_politik().await.expect("the policy").data.aftaler.is_empty());
}

#[tokio::test]
async fn registered_certificates_are_read_once_and_gone_with_the_policy() {
    let (her, _, _) = two_nodes().await;
    let pem = include_str!("../../identity/tests/fixtures/system.pem");
    let certifikat = identity::Certifikat::af_pem(pem).expect("a certificate");
    let registreret = administration::Certifikat::af_der(certifikat.der().to_vec()).expect("a certificate");
    let cvr = "33445566".parse().expect("a CVR number");
    let leverandoer = Part::ny(cvr, "Matador Data", Partsart::Leverandoer);
    let mut system = ItSystem::ny(uuid::Uuid::from_u128(7), "Fagsystem", cvr, vec![registreret]);
    let politik =
        |system: &ItSystem| Politikdata { systemer: vec![system.clone()], ..med(vec![leverandoer.clone()]) };
    assert!(her.kartotek().med_sha256(certifikat.sha256()).is_none());
    her.saet_politik(&politik(&system), false).await.expect("a valid policy");
    let foerst = her.kartotek().med_sha256(certifikat.sha256()).cloned().expect("registered");
    her.reload_politik().await.expect("the store answers");
    system.navn = "Andet navn".into();
    her.saet_politik(&politik(&system), false).await.expect("a valid policy");
    let igen = her.kartotek().med_sha256(certifikat.sha256()).cloned().expect("still registered");
    assert!(std::ptr::eq(foerst.der(), igen.der()), "not read again");
    system.certifikater.clear();
    her.saet_politik(&politik(&system), false).await.expect("a valid policy");
    assert!(her.kartotek().med_sha256(certifikat.sha256()).is_none(), "no longer registered");
}
