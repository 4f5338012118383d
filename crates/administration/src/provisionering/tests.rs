//! The API as its clients use it.

use super::*;
use crate::{Politik, tid, valider};
use bitemporal::Instant;

const NU: Instant = Instant::from_micros(1_800_000_000_000_000);

pub(crate) fn der(cn: &str, cvr: &str) -> Vec<u8> {
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.distinguished_name.push(rcgen::DnType::CommonName, cn);
    let organisation = rcgen::DnType::CustomDnType(vec![2, 5, 4, 97]);
    params.distinguished_name.push(organisation, format!("NTRDK-{cvr}"));
    let key = rcgen::KeyPair::generate().expect("a key");
    params.self_signed(&key).expect("a certificate").der().to_vec()
}

fn base64_af(der: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(der)
}

fn grund() -> Politikdata {
    let mut data = Politikdata::default();
    data.med_standard();
    data
}

fn sendt(json: &str) -> Anvendersystem {
    serde_json::from_str(json).expect("the form of the API")
}

fn caller() -> Anvendersystem {
    let mut system = sendt(
        r#"{"Id": "kombit caller",
            "Anvenderkontekster": [{"Cvr": "01234567", "Aktiveringstidspunkt":
                {"Starttidspunkt": "2015-05-31T17:00:00Z", "Sluttidspunkt": "2035-06-30T17:00:00Z"}}],
            "RoleAssignments": [{"Id": "CEBB1A46", "Anvenderkontekst": "01234567",
                "Dataafgraensningsvaerdier": [{"DataafgraensningstypeId": "http://x/constraints/a", "Values": ["1", "2"]}],
                "ServiceId": "https://x/service", "ServicesystemrolleId": "http://x/roles/1",
                "IssuedAnvenderkontekst": null}],
            "ImpersonationAssignments": []}"#,
    );
    system.oces_certifikater = vec![base64_af(&der("caller", "33445566"))];
    system
}

fn med_service() -> Politikdata {
    let mut data = grund();
    let service: Service = serde_json::from_str(
        r#"{"Id": "https://x/service", "ServiceType": "KOMBITser",
            "ServiceMetadata": [{"Id": "Id1", "Identifier": "https://x/service1"}]}"#,
    )
    .expect("the form of the API");
    opret_service(&mut data, &service).expect("a service");
    let rolle: Servicesystemrolle = serde_json::from_str(
        r#"{"Id": "http://x/roles/1", "Dataafgraensningstyper":
            [{"Id": "http://x/constraints/a", "Description": "d", "PresentationName": "A"}]}"#,
    )
    .expect("the form of the API");
    opret_rolle(&mut data, &rolle).expect("a role");
    assert_eq!(super::rolle(&data, "http://x/roles/1"), Ok(rolle));
    assert_eq!(super::service(&data, "https://x/service"), Ok(service));
    data
}

#[test]
fn identifiers_in_paths() {
    for segment in ["aHR0cDovL3gvP8O4Pg==", "aHR0cDovL3gvP8O4Pg", "aHR0cDovL3gvP8O4Pg%3D"] {
        let read = id_af_sti(segment).map_err(|e| e.code);
        assert_eq!(read.as_deref(), if segment.contains('%') { Err(&400) } else { Ok("http://x/?ø>") });
    }
    assert_eq!(id_af_sti(&id_til_sti("http://x/~~~ÿÿ>")).expect("an id"), "http://x/~~~ÿÿ>");
    for id in ["a/../b", "..", "a\\b", "a\nb", " ", ""] {
        assert_eq!(id_af_sti(&id_til_sti(id)).map_err(|e| e.code), Err(400), "{id:?}");
    }
}

#[test]
fn a_system_is_provisioned_and_its_privileges_stand_in_the_token() {
    let mut data = med_service();
    opret_anvendersystem(&mut data, &caller(), NU).expect("a system");
    assert_eq!(valider(&data), []);
    let read = anvendersystem(&data, "kombit caller", NU).expect("it is there");
    assert_eq!((read.role_assignments, read.can_impersonate), (caller().role_assignments, Some(false)));
    let politik = Politik::new(data.clone());
    let service = politik.service_med("https://x/service1").expect("any identifier").uuid;
    let system = politik.data().systemer[0].uuid;
    let privilegier = politik.privilegier(system, "01234567".parse().expect("a CVR number"), service, NU);
    assert_eq!(privilegier.len(), 1);
    assert_eq!(privilegier[0].rolle, "http://x/roles/1");
    assert_eq!(privilegier[0].afgraensninger.len(), 2, "one per value");
    fjern_rolletildeling(&mut data, "kombit caller", "CEBB1A46", NU).expect("it goes");
    let politik = Politik::new(data.clone());
    assert!(politik.privilegier(system, "01234567".parse().expect("a CVR number"), service, NU).is_empty());
    assert_eq!(
        fjern_rolletildeling(&mut data, "kombit caller", "CEBB1A46", NU).map_err(|e| e.code),
        Err(404)
    );
    slet_anvendersystem(&mut data, "kombit caller").expect("nothing holds it");
    assert_eq!(tid::skriv(NU), "2027-01-15T08:00:00Z");
}

#[test]
fn can_impersonate_is_set_by_its_own_call_only() {
    let mut data = med_service();
    let mut sendt = Anvendersystem { can_impersonate: Some(true), ..caller() };
    let refused = opret_anvendersystem(&mut data, &sendt, NU).expect_err("mass assignment");
    assert_eq!((refused.code, refused.version), (400, "2.0"));
    assert!(refused.error_details[0].contains("CanImpersonate"));
    sendt.can_impersonate = None;
    opret_anvendersystem(&mut data, &sendt, NU).expect("a system");
    sendt.can_impersonate = Some(true);
    assert!(ret_anvendersystem(&mut data, "kombit caller", &sendt, NU).is_err());
    saet_can_impersonate(&mut data, "kombit caller", "true").expect("the right call");
    ret_anvendersystem(&mut data, "kombit caller", &sendt, NU).expect("as it stands");
    assert!(saet_can_impersonate(&mut data, "kombit caller", "ja").is_err());
}

#[test]
fn what_cannot_be_used_is_refused_by_field() {
    let mut data = med_service();
    opret_anvendersystem(&mut data, &caller(), NU).expect("a system");
    let twice = opret_anvendersystem(&mut data.clone(), &caller(), NU).map_err(|e| e.code);
    assert_eq!(twice, Err(409));
    let der = data.systemer[0].certifikater[0].der.clone();
    let mut anden = caller();
    anden.id = "anden".into();
    anden.oces_certifikater = vec![base64_af(&der)];
    let refused =
        opret_anvendersystem(&mut data.clone(), &anden, NU).expect_err("one certificate, two systems");
    assert!(refused.error_details[0].contains("et andet it-system"), "{refused:?}");
    anden.oces_certifikater = vec!["-----BEGIN PRIVATE KEY-----".into()];
    let refused = opret_anvendersystem(&mut data.clone(), &anden, NU).expect_err("a key");
    assert!(refused.error_details[0].contains("C-104"), "{refused:?}");
    anden.oces_certifikater.clear();
    anden.role_assignments[0].service_id = "https://y".into();
    let refused = opret_anvendersystem(&mut data.clone(), &anden, NU).expect_err("an unknown service");
    assert!(refused.error_details[0].contains("ServiceId"), "{refused:?}");
    assert_eq!(slet_service(&mut data, "https://x/service").map_err(|e| e.code), Err(409));
    let egen = "http://entityid.kombit.dk/service/organisation/7";
    assert_eq!(slet_service(&mut data, egen).map_err(|e| e.code), Err(409));
}
