//! The policy in a store: put in force as a whole, seen by every node, changed by the provisioning API.

use administration::provisionering::{self, Anvendersystem};
use administration::{ItSystem, Part, Partsart, Politikdata, Service};
use app::{App, Config, PolitikFejl, Silent};
use bitemporal::Instant;
use oio::Cvr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::{Database, Modulskrevet, Store};
use tokio::time::timeout;

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
async fn two_changes_decided_from_the_same_policy_are_not_both_made() {
    let (her, der, _) = two_nodes().await;
    her.saet_politik(&med(vec![korsbaek()]), false).await.expect("a valid policy");
    let kombit = Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer);
    let naboen = Part::ny("22334455".parse().expect("a CVR number"), "Nabokøbing", Partsart::Myndighed);
    // They have nothing in common but the policy they were decided from.
    let (laest_her, laest_der) =
        (her.laes_politik().await.expect("it"), der.laes_politik().await.expect("it"));
    let plan_her = laest_her.plan(&med(vec![kombit.clone()]), false).expect("a plan");
    let plan_der = laest_der.plan(&med(vec![naboen.clone()]), false).expect("a plan");
    her.anvend_politik(&laest_her, &plan_her).await.expect("the first");
    assert!(matches!(der.anvend_politik(&laest_der, &plan_der).await, Err(PolitikFejl::Aendret)));
    let med_linje = der.anvend_med(&laest_der, &plan_der, &[], &[], &[]).await.expect("an answer");
    assert_eq!(med_linje, Modulskrevet::Overhalet);
    assert!(der.laes_politik().await.expect("it").data.parter.iter().all(|p| p.cvr != naboen.cvr));
    // What is put there without being decided from anything counts too.
    let laest = der.laes_politik().await.expect("it");
    her.put(&korsbaek()).await.expect("stored");
    let plan = laest.plan(&med(vec![naboen]), false).expect("a plan");
    assert!(matches!(der.anvend_politik(&laest, &plan).await, Err(PolitikFejl::Aendret)));
}

#[tokio::test]
async fn what_is_written_is_put_in_force_whoever_goes_away() {
    let (her, _, _) = two_nodes().await;
    let kombit = Part::ny(Cvr::KOMBIT, "KOMBIT", Partsart::Operatoer);
    for (part, med_linjer) in [(korsbaek(), false), (kombit, true)] {
        let laest = her.laes_politik().await.expect("it");
        let plan = laest.plan(&med(vec![part.clone()]), false).expect("a plan");
        // It is begun: asked once, and then nobody waits for it.
        if med_linjer {
            tokio::select! {
                biased;
                _ = her.anvend_med(&laest, &plan, &[], &[], &[]) => panic!("it was not to be done at once"),
                () = std::future::ready(()) => {}
            }
        } else {
            tokio::select! {
                biased;
                _ = her.anvend_politik(&laest, &plan) => panic!("it was not to be done at once"),
                () = std::future::ready(()) => {}
            }
        }
        let i_kraft = async {
            while her.politik().part(part.cvr).is_none() {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), i_kraft).await.expect("it is in force here");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_want_the_same_certificate_one_gets_it() {
    let (her, der, _) = two_nodes().await;
    let cvr = "33445566".parse().expect("a CVR number");
    her.saet_politik(&med(vec![Part::ny(cvr, "Matador Data", Partsart::Leverandoer)]), false)
        .await
        .expect("a valid policy");
    let pem = include_str!("../../identity/tests/fixtures/system.pem");
    let der_bytes = identity::Certifikat::af_pem(pem).expect("a certificate").der().to_vec();
    let registrer = |n: u128| {
        let app = if n.is_multiple_of(2) { her.clone() } else { der.clone() };
        let certifikat = administration::Certifikat::af_der(der_bytes.clone()).expect("a certificate");
        let system = ItSystem::ny(uuid::Uuid::from_u128(n + 1), format!("System {n}"), cvr, vec![certifikat]);
        tokio::spawn(async move {
            app.provisionering(|data| {
                data.systemer.push(system.clone());
                Ok(())
            })
            .await
        })
    };
    let mut gemt = 0;
    for svar in (0..8).map(registrer).collect::<Vec<_>>() {
        match svar.await.expect("no panic") {
            Ok(()) => gemt += 1,
            Err(fejl) => assert_eq!(fejl.code, 400, "{fejl:?}"),
        }
    }
    assert_eq!((gemt, her.laes_politik().await.expect("it").data.systemer.len()), (1, 1));
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
