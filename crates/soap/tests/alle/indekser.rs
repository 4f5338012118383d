//! The nine operations, signed; and what is let in, and what is not.

use crate::scene::{SDI, SOAP_11, SOAP_12, Scene, YDI, operation};
use axum::http::StatusCode;
use imports::sager::{Fil, Generator, Opsaetning, Ud};
use indeks::skema::Ns;
use soap::ns::{SOAP11, SOAP12};

const SAGER: u64 = 3;

/// Invented cases with all that belongs to them.
fn sager() -> Ud {
    let generator = Generator::ny(Opsaetning::korsbaek(SAGER, 7));
    let mut ud = Ud::default();
    (0..SAGER).for_each(|nr| generator.sag(nr, &mut ud));
    ud
}

/// The same, until some of them have grants that are paid, and payments that change.
fn med_ydelser() -> Ud {
    let generator = Generator::ny(Opsaetning::korsbaek(1_000, 7));
    let mut ud = Ud::default();
    let mut numre = 0..1_000;
    while ud.antal.bevillinger < 2 || ud.antal.effektueringer < 2 || ud.af(Fil::YdelseOpdater).is_empty() {
        generator.sag(numre.next().expect("cases with grants"), &mut ud);
    }
    ud
}

fn besked(ud: &Ud, fil: Fil) -> String {
    [&fil.hoved(), ud.af(fil), &fil.fod()].concat()
}

/// The UUIDs of objects of one kind, in order.
fn uuider<'u>(ud: &'u Ud, fil: Fil, element: &str) -> Vec<&'u str> {
    let start = format!("<{element}><sd:UUIDIdentifikator>");
    let dele = ud.af(fil).split(start.as_str()).skip(1);
    dele.map(|t| t.split_once('<').expect("an end").0).collect()
}

/// A message with one namespace for its root and `sd`.
fn kort(ns: Ns, navn: &str, indhold: &str) -> String {
    format!("<x:{navn} xmlns:x=\"{}\" xmlns:sd=\"{}\">{indhold}</x:{navn}>", ns.uri(), Ns::Sd.uri())
}

fn uuid(text: &str) -> String {
    format!("<sd:UUIDIdentifikator>{text}</sd:UUIDIdentifikator>")
}

fn konvolut(soap: &str, indhold: &str) -> String {
    let indhold = indhold.trim_start_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    format!("<s:Envelope xmlns:s=\"{soap}\"><s:Body>{indhold}</s:Body></s:Envelope>")
}

#[tokio::test]
async fn cases_and_documents_from_import_to_removal() {
    let (scene, ud) = (Scene::ny().await, sager());
    let token = scene.token(SDI).await;
    for fil in [Fil::SagDokument, Fil::SagDokumentOpdater] {
        let (_, svar) = scene.kald(&token, &besked(&ud, fil)).await;
        let koder = svar.koder();
        assert!(!koder.is_empty() && koder.iter().all(|k| *k == "20"), "{fil:?}: {}", svar.text);
    }
    let sager = uuider(&ud, Fil::SagDokument, "sdi:SagIndeks");
    assert_eq!(sager.len() as u64, SAGER);
    let navngivne: String = sager.iter().map(|s| format!("<x:SagUuid>{s}</x:SagUuid>")).collect();
    let soegning = kort(Ns::Sdi, "FremsoegSagDokumentIndeksInput", &navngivne);
    let (knude, _) = scene.kald(&token, &soegning).await;
    let fundet: Vec<&str> = knude
        .boern("SagFiltreretOejebliksbillede")
        .filter_map(|b| b.barn("ObjektType")?.tekst_af("UUIDIdentifikator"))
        .collect();
    let (mut fundet, mut ventet) = (fundet, sager.clone());
    fundet.sort_unstable();
    ventet.sort_unstable();
    assert_eq!(fundet, ventet);
    let vaek: String = sager.iter().map(|s| format!("<x:SagUuid>{}</x:SagUuid>", uuid(s))).collect();
    let (_, svar) = scene.kald(&token, &kort(Ns::Sdi, "FjernSagDokumentIndeksInput", &vaek)).await;
    assert!(svar.koder().iter().all(|k| *k == "20"), "{}", svar.text);
    let (knude, svar) = scene.kald(&token, &soegning).await;
    assert_eq!((svar.koder(), knude.boern("Antal").count()), (vec!["44"], 0));
}

#[tokio::test]
async fn grants_and_payments_from_import_to_removal() {
    let (scene, ud) = (Scene::ny().await, med_ydelser());
    let token = scene.token(YDI).await;
    for fil in [Fil::Ydelse, Fil::YdelseOpdater] {
        let (_, svar) = scene.kald(&token, &besked(&ud, fil)).await;
        let koder = svar.koder();
        assert!(!koder.is_empty() && koder.iter().all(|k| *k == "20"), "{fil:?}: {}", svar.text);
    }
    let bevilling = uuider(&ud, Fil::Ydelse, "bi:BevillingIndeks")[0];
    let navngivet = format!("<x:BevillingUuid>{bevilling}</x:BevillingUuid><x:SoegUdtryk/>");
    let soegning = kort(Ns::Yi, "FremsoegYdelseIndeksInput", &navngivet);
    let (knude, _) = scene.kald(&token, &soegning).await;
    assert_eq!(knude.boern("BevillingFiltreretOejebliksbillede").count(), 1);
    for effektuering in uuider(&ud, Fil::Ydelse, "oe:OekonomiskEffektueringIndeks") {
        let (_, svar) = scene.kald(&token, &kort(Ns::Oe, "FjernInput", &uuid(effektuering))).await;
        assert_eq!(svar.koder(), ["20"], "{}", svar.text);
    }
    let fjern = kort(Ns::Bi, "FjernInput", &uuid(bevilling));
    for kode in ["20", "44"] {
        let (_, svar) = scene.kald(&token, &fjern).await;
        assert_eq!(svar.koder(), [kode], "{}", svar.text);
    }
}

#[tokio::test]
async fn a_message_counts_where_it_is_sent_to_once_and_with_the_token_of_its_index() {
    let (scene, ud) = (Scene::ny().await, sager());
    let (token, anden) = (scene.token(SDI).await, scene.token(YDI).await);
    let import = besked(&ud, Fil::SagDokument);
    let (tjeneste, operation) = operation(&import);
    let [path, gammel] = tjeneste.paths else { panic!("two paths") };
    let afvist = |svar: crate::scene::Svar| {
        assert_eq!(svar.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", svar.text);
        assert!(svar.text.contains("The security token could not be validated"), "{}", svar.text);
    };
    let sendt = scene.underskriv(&token, path, operation.action, &import);
    afvist(scene.post(&format!("{path}/validering"), SOAP_12, sendt.clone()).await);
    let svar = scene.post("/ydelseindeks/6", SOAP_12, sendt.clone()).await;
    assert!(svar.text.contains("wsa:ActionNotSupported"), "{}", svar.text);
    let til_validering = scene.underskriv(&token, &format!("{path}/validering"), operation.action, &import);
    afvist(scene.post(path, SOAP_12, til_validering).await);
    afvist(scene.post(path, SOAP_12, scene.underskriv(&anden, path, operation.action, &import)).await);
    let organisation = scene.token("http://stoettesystemerne.dk/service/organisation/3").await;
    afvist(scene.post(path, SOAP_12, scene.underskriv(&organisation, path, operation.action, &import)).await);
    // Where it is sent to and where it arrives may be either name of the service.
    let svar = scene.post(gammel, SOAP_12, sendt.clone()).await;
    assert_eq!(svar.status, StatusCode::OK, "{}", svar.text);
    afvist(scene.post(path, SOAP_12, sendt).await);
}

#[tokio::test]
async fn anybody_may_have_a_message_judged_and_nothing_is_stored() {
    let (scene, ud) = (Scene::ny().await, sager());
    let token = scene.token(SDI).await;
    let import = besked(&ud, Fil::SagDokument);
    let (tjeneste, importer) = operation(&import);
    let path = format!("{}/validering", tjeneste.paths[0]);
    for (soap, kind) in [(SOAP11, SOAP_11), (SOAP12, SOAP_12)] {
        let svar = scene.post(&path, kind, konvolut(soap, &import)).await;
        assert_eq!((svar.status, svar.content_type.as_str()), (StatusCode::OK, kind), "{}", svar.text);
        assert!(svar.knude(importer).boern("UnikRetur").count() >= 3);
    }
    let signeret = scene.underskriv(&token, &path, importer.action, &import);
    let svar = scene.post(&path, SOAP_12, signeret).await;
    assert_eq!(svar.status, StatusCode::OK, "{}", svar.text);
    let sag = uuider(&ud, Fil::SagDokument, "sdi:SagIndeks")[0];
    let soegning = kort(Ns::Sdi, "FremsoegSagDokumentIndeksInput", &format!("<x:SagUuid>{sag}</x:SagUuid>"));
    let (_, svar) = scene.kald(&token, &soegning).await;
    assert_eq!(svar.koder(), ["44"]);
}

#[tokio::test]
async fn what_is_no_call_is_a_fault_and_names_the_place() {
    let (scene, ud) = (Scene::ny().await, sager());
    let token = scene.token(SDI).await;
    let forkert = besked(&ud, Fil::SagDokument).replacen("<sag:Titel>", "<sag:Overskrift/><sag:Titel>", 1);
    let (tjeneste, importer) = operation(&forkert);
    let path = tjeneste.paths[0];
    let signeret = scene.underskriv(&token, path, importer.action, &forkert);
    let svar = scene.post(path, SOAP_12, signeret).await;
    assert_eq!(svar.status, StatusCode::BAD_REQUEST);
    let sted = "/sdi:ImporterSagDokumentIndeksInput/sdi:SagIndeks[1]/sag:Registrering[1]/sag:AttributListe/";
    assert!(svar.text.contains(sted) && svar.text.contains("soap:Sender"), "{}", svar.text);
    // Without a caller too, where that is allowed; and SOAP 1.1 has no other status for a fault.
    let svar = scene.post(&format!("{path}/validering"), SOAP_12, konvolut(SOAP11, &forkert)).await;
    assert_eq!(svar.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(svar.content_type, SOAP_11);
    assert!(svar.text.contains(sted) && svar.text.contains("soap:Client"), "{}", svar.text);
    let andet = konvolut(SOAP12, &kort(Ns::Bi, "FjernInput", &uuid("1a000000-0000-4000-8000-000000000001")));
    let svar = scene.post(path, SOAP_12, andet.clone()).await;
    assert!(svar.text.contains("wsa:ActionNotSupported"), "{}", svar.text);
    let svar = scene.post(path, "text/plain", andet.clone()).await;
    assert_eq!(svar.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    // Nobody: neither token nor certificate.
    let svar = scene.post("/bevillingindeks/6", SOAP_12, andet).await;
    assert!(svar.text.contains("wsse:InvalidSecurity"), "{}", svar.text);
}
