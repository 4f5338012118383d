//! The calls a role catalogue makes, in its order, and what else a client may try.

use administration::{
    Bruger, Brugersystemrolle, Brugertilstand, Certifikat, Dataafgraensningstype, Entitet, Identiteter,
    ItSystem, Jobfunktionsrolle, Jobfunktionsrollestatus, Modulrolle, Omfang, Part, Partsart, Politikdata,
    Rolleafgraensning, Systemtype, Tildeling, tommelfinger,
};
use app::{App, Config, PeerCertificate, Silent};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use bitemporal::{Instant, Period};
use oio::Cvr;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Database, Logsoegning, Modulpost, Store};
use styring::Kald;
use styring::delegeringer::{self, Delegeringsfelter, Svar};
use tower::ServiceExt;
use uuid::Uuid;

const KLE: &str = "http://sts.kombit.dk/constraints/KLE/1";
const SE_SAG: &str = "00000000-0000-0000-0000-0000000000b1";

fn cvr(text: &str) -> Cvr {
    text.parse().expect("a CVR number of the test")
}

fn certifikat(navn: &str) -> Certifikat {
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.key_usages.push(rcgen::KeyUsagePurpose::DigitalSignature);
    params.distinguished_name.push(rcgen::DnType::CommonName, navn);
    let key = rcgen::KeyPair::generate().expect("a key");
    Certifikat::af_der(params.self_signed(&key).expect("a certificate").der().to_vec()).expect("read")
}

struct Scene {
    app: App,
    korsbaek: [u8; 32],
    naboen: [u8; 32],
}

impl Scene {
    async fn ny() -> Self {
        let store = Store::open(&Database::Memory).await.expect("a store in memory");
        let app = App::new(store, Config::default(), Arc::new(Silent)).await.expect("an app");
        let mut sapa = ItSystem::ny(Uuid::from_u128(0xa1), "SAPA", cvr("33445566"), vec![]);
        sapa.typer.insert(Systemtype::BrugervendtSystem);
        sapa.brugersystemroller.push(Brugersystemrolle {
            uuid: SE_SAG.parse().expect("a UUID"),
            navn: "Se sag".into(),
            beskrivelse: "Se sager".into(),
            entity_id: "http://sapa.example/roles/usersystemrole/se_sag/1".into(),
            afgraensninger: vec![Rolleafgraensning { entity_id: KLE.into(), kraevet: true }],
            foelsom: false,
            udfases: None,
        });
        let kommune = |nummer: &str, navn: &str| {
            let mut part = Part::ny(cvr(nummer), navn, Partsart::Myndighed);
            let sted = navn.split(' ').next().unwrap_or_default().to_lowercase().replace('æ', "ae");
            part.domaene = Some(format!("{}.example", sted.replace('ø', "oe")));
            part.rollecertifikater.push(certifikat(navn));
            part
        };
        let (korsbaek, naboen) =
            (kommune("11223344", "Korsbæk Kommune"), kommune("22334455", "Nabokøbing Kommune"));
        let aftryk = |p: &Part| tommelfinger(&p.rollecertifikater[0].der);
        let scene = Self { app: app.clone(), korsbaek: aftryk(&korsbaek), naboen: aftryk(&naboen) };
        let leverandoer = Part::ny(cvr("33445566"), "Matador Data A/S", Partsart::Leverandoer);
        let data = Politikdata {
            parter: vec![korsbaek, naboen, leverandoer],
            systemer: vec![sapa],
            ..Politikdata::default()
        };
        app.saet_politik(&data, false).await.expect("a policy");
        scene
    }

    async fn kald(
        &self,
        peer: Option<[u8; 32]>,
        metode: &str,
        sti: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder().method(metode).uri(format!("/stsadmin/xapi{sti}"));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
        let mut request = request.body(body).expect("a request");
        if let Some(peer) = peer {
            request.extensions_mut().insert(PeerCertificate(peer));
        }
        let svar = stsadmin::router(self.app.clone()).oneshot(request).await.expect("an answer");
        let status = svar.status();
        let bytes = to_bytes(svar.into_body(), 1 << 24).await.expect("a body");
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

#[tokio::test]
async fn however_many_there_are_all_are_listed() {
    let scene = Scene::ny().await;
    let nu = scene.app.now();
    let antal = 5_200_u128;
    let post = |n: u128| {
        let rolle = Jobfunktionsrolle {
            uuid: Uuid::from_u128(n + 1),
            myndighed: cvr("11223344"),
            navn: format!("Rolle {n:05}"),
            entity_id: format!("http://korsbaek.example/roles/jobrole/rolle{n}/1"),
            beskrivelse: String::new(),
            tilknytninger: Vec::new(),
            status: Jobfunktionsrollestatus::Aktiveret,
            // Of the first thousand only every tenth has not ended.
            gyldig: if n < 1_000 && !n.is_multiple_of(10) {
                Period { to: nu, ..Period::ALWAYS }
            } else {
                Period::ALWAYS
            },
            foelsom: false,
            delegeret_til: None,
        };
        Modulpost {
            art: Jobfunktionsrolle::ART,
            id: rolle.uuid,
            krop: serde_json::to_vec(&rolle).ok(),
            foer: 0,
            soeg: rolle.navn.clone(),
            unik: Some(rolle.entity_id.clone()),
            orden: rolle.navn.clone(),
            noegler: vec![("part", "11223344".into())],
            kolonner: Vec::new(),
        }
    };
    let poster: Vec<_> = (0..antal).map(post).collect();
    scene.app.store().modul_skriv(&[], &poster, &[]).await.expect("stored");
    let (status, alle) = scene.kald(Some(scene.korsbaek), "GET", "/jobfunktionsroller", None).await;
    let navne: std::collections::BTreeSet<_> =
        alle.as_array().expect("a list").iter().map(|r| r["navn"].as_str().expect("a name")).collect();
    assert_eq!((status, navne.len()), (StatusCode::OK, 4_300));
    assert!(navne.contains("Rolle 05199") && navne.contains("Rolle 00990") && !navne.contains("Rolle 00991"));
}

/// A role as a catalogue sends it the first time: no uuid and no version.
fn rolle(kle: &str) -> Value {
    json!({
        "navn": "Ydelse sagsbehandler",
        "entityId": "http://korsbaek.example/roles/jobrole/ydelse/1",
        "beskrivelse": "Behandler ydelser",
        "organisationCvr": "11223344",
        "brugersystemrolleDataafgraensninger": [{
            "brugersystemrolleUuid": SE_SAG,
            "dataafgraensningsVaerdier": [{
                "vaerdi": kle, "dynamisk": false,
                "dataafgraensningstypeEntityId": KLE, "dataafgraensningstypeNavn": "KLE",
            }],
        }],
    })
}

#[tokio::test]
async fn a_role_catalogue_reads_systems_and_keeps_its_roles() {
    let scene = Scene::ny().await;
    let mig = Some(scene.korsbaek);
    let (status, systemer) = scene.kald(mig, "GET", "/jobfunktionsroller/brugervendtesystemer", None).await;
    assert_eq!(status, StatusCode::OK);
    let en = &systemer[0];
    assert_eq!((&en["navn"], &en["organisationNavn"]), (&json!("SAPA"), &json!("Matador Data A/S")));
    assert_eq!(en["organisationCvr"], "33445566");
    let aendret = en["changedDate"].as_str().expect("a time");
    assert!(aendret.len() == 24 && aendret.ends_with('Z'), "{aendret}");
    let sti =
        format!("/jobfunktionsroller/brugervendtesystemer/{}/roller", en["uuid"].as_str().expect("a UUID"));
    let (_, roller) = scene.kald(mig, "GET", &sti, None).await;
    let kle = Dataafgraensningstype::faelles().remove(0);
    assert_eq!(
        roller,
        json!([{
            "navn": "Se sag", "uuid": SE_SAG, "beskrivelse": "Se sager",
            "entityId": "http://sapa.example/roles/usersystemrole/se_sag/1",
            "dataafgraensningstyper": [{"kraevet": "JA", "dataafgraensningstype": {
                "uuid": kle.uuid, "entityId": KLE, "navn": "KLE", "beskrivelse": kle.beskrivelse, "type": "TEXT",
                "regulaertUdtryk": null, "vaerdiListe": [], "isCommon": true,
            }}],
        }])
    );
    let (status, oprettet) = scene.kald(mig, "POST", "/jobfunktionsroller", Some(rolle("32.*"))).await;
    assert_eq!((status, &oprettet["version"]), (StatusCode::CREATED, &json!(1)));
    let (status, igen) = scene.kald(mig, "POST", "/jobfunktionsroller", Some(rolle("32.*"))).await;
    assert_eq!((status, &igen["uuid"]), (StatusCode::OK, &oprettet["uuid"]), "an answer that was lost");
    let sti = format!("/jobfunktionsroller/{}", oprettet["uuid"].as_str().expect("a UUID"));
    let (_, mut laest) = scene.kald(mig, "GET", &sti, None).await;
    assert_eq!(laest, oprettet);
    // What was read is written back with another content, version and all.
    laest["brugersystemrolleDataafgraensninger"][0]["dataafgraensningsVaerdier"][0]["vaerdi"] =
        json!("27.36.04");
    let (status, rettet) = scene.kald(mig, "PUT", &sti, Some(laest.clone())).await;
    assert_eq!((status, &rettet["version"]), (StatusCode::OK, &json!(2)));
    laest["navn"] = json!("Noget andet");
    let (status, problem) = scene.kald(mig, "PUT", &sti, Some(laest)).await;
    assert_eq!((status, &problem["kode"]), (StatusCode::CONFLICT, &json!("A-005")), "an old version");
    let (_, alle) = scene.kald(mig, "GET", "/jobfunktionsroller", None).await;
    assert_eq!(alle, json!([rettet]));
    assert_eq!(scene.kald(mig, "DELETE", &sti, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(scene.kald(mig, "GET", &sti, None).await.0, StatusCode::NOT_FOUND, "gone");
    assert_eq!(scene.kald(mig, "GET", "/jobfunktionsroller", None).await.1, json!([]));
    let (status, _) = scene.kald(mig, "POST", "/jobfunktionsroller", Some(rolle("32.*"))).await;
    assert_eq!(status, StatusCode::CREATED, "what has ended is not in the way");
    let alle = Logsoegning { antal: 10, ..Logsoegning::default() };
    let log = scene.app.store().aendringslog(&alle).await.expect("the log");
    let log: Vec<_> =
        log.iter().map(|(_, l)| (l.navn.as_str(), l.handling.as_str(), l.kilde.as_str())).collect();
    let (hvem, hvormed) = ("Korsbæk Kommunes rollekatalog", "rolle-snitflade");
    let gjort = [
        "opret jobfunktionsrolle",
        "afslut jobfunktionsrolle",
        "ret jobfunktionsrolle",
        "opret jobfunktionsrolle",
    ];
    assert_eq!(log, gjort.map(|h| (hvem, h, hvormed)));
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_reason() {
    let scene = Scene::ny().await;
    let mig = Some(scene.korsbaek);
    let post = async |body: Value| scene.kald(mig, "POST", "/jobfunktionsroller", Some(body)).await;
    let mut uden = rolle("32.*");
    uden["brugersystemrolleDataafgraensninger"] = json!([]);
    let mut fremmed = rolle("32.*");
    fremmed["organisationCvr"] = json!("22334455");
    let mut ukendt = rolle("32.*");
    ukendt["brugersystemrolleDataafgraensninger"][0]["brugersystemrolleUuid"] = json!("ikke et uuid");
    for (body, kode) in [(uden, "J-401"), (rolle("tredive"), "J-403"), (fremmed, "X-005"), (ukendt, "X-006")]
    {
        let (status, problem) = post(body).await;
        assert_eq!((status, &problem["kode"]), (StatusCode::NOT_ACCEPTABLE, &json!(kode)), "{problem}");
    }
    assert_eq!(post(json!("hej")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(scene.kald(mig, "GET", "/jobfunktionsroller", None).await.1, json!([]), "nothing was made");
}

#[tokio::test]
async fn who_has_no_certificate_or_another_authoritys_sees_nothing() {
    let scene = Scene::ny().await;
    let (_, min) = scene.kald(Some(scene.korsbaek), "POST", "/jobfunktionsroller", Some(rolle("32.*"))).await;
    let sti = format!("/jobfunktionsroller/{}", min["uuid"].as_str().expect("a UUID"));
    for peer in [None, Some([7; 32])] {
        for sti in ["/jobfunktionsroller", "/jobfunktionsroller/brugervendtesystemer", &sti] {
            assert_eq!(scene.kald(peer, "GET", sti, None).await.0, StatusCode::UNAUTHORIZED);
        }
    }
    let naboen = Some(scene.naboen);
    assert_eq!(scene.kald(naboen, "GET", "/jobfunktionsroller", None).await.1, json!([]));
    for metode in ["GET", "DELETE"] {
        assert_eq!(scene.kald(naboen, metode, &sti, None).await.0, StatusCode::NOT_FOUND);
    }
    let mut deres = rolle("32.*");
    deres["organisationCvr"] = json!("22334455");
    assert_eq!(scene.kald(naboen, "PUT", &sti, Some(deres.clone())).await.0, StatusCode::NOT_FOUND);
    let (status, problem) = scene.kald(naboen, "POST", "/jobfunktionsroller", Some(deres)).await;
    assert_eq!(
        (status, &problem["kode"]),
        (StatusCode::NOT_ACCEPTABLE, &json!("J-406")),
        "the EntityId is of another's domain"
    );
}

/// Somebody of an authority, who acts.
async fn person(app: &App, navn: &str, part: &str, rolle: Modulrolle) -> Kald {
    let tildeling = Tildeling {
        id: app.new_uuid(),
        rolle,
        part: cvr(part),
        omfang: Omfang::default(),
        gyldig: Period::ALWAYS,
        sagsnummer: None,
        tildelt_af: None,
    };
    let bruger = Bruger {
        uuid: app.new_uuid(),
        navn: navn.into(),
        email: format!("{navn}@{part}.example").to_lowercase(),
        cvr: cvr(part),
        telefon: None,
        tilstand: Brugertilstand::Aktiv,
        spaerret_af: None,
        foer_spaerring: None,
        stedfortraeder: None,
        roller: vec![tildeling],
    };
    styring::brugere::indsaet(app, &bruger, app.new_uuid()).await.expect("stored");
    let aktoer = bruger.handler_som(cvr(part), app.now()).expect("a role now");
    Kald { aktoer, adresse: String::new(), kilde: "test", korrelation: app.new_uuid() }
}

#[tokio::test]
async fn a_delegated_role_is_there_as_long_as_it_is_delegated() {
    let scene = Scene::ny().await;
    let app = &scene.app;
    let (mig, naboen) = (Some(scene.korsbaek), Some(scene.naboen));
    let (_, min) = scene.kald(mig, "POST", "/jobfunktionsroller", Some(rolle("32.*"))).await;
    let uuid = min["uuid"].as_str().expect("a UUID");
    let sti = format!("/jobfunktionsroller/{uuid}");
    let jfa = person(app, "Jens", "11223344", Modulrolle::Jobfunktionsrolleadministrator).await;
    let gk = person(app, "Gunnar", "11223344", Modulrolle::Godkender).await;
    let nanna = person(app, "Nanna", "22334455", Modulrolle::Jobfunktionsrolleadministrator).await;
    let fra = oio::tid::day_of(app.now());
    let felter = Delegeringsfelter {
        modtager: "22334455".into(),
        formaal: "Fælles ydelsescenter".into(),
        aftalegrundlag: "Driftsfællesskab".into(),
        gyldig: Period { from: fra, to: Instant::from_micros(fra.micros() + 30 * 86_400_000_000) },
        identiteter: Identiteter::Alle,
    };
    let ser = async || scene.kald(naboen, "GET", "/jobfunktionsroller", None).await.1;
    let svar = async |kald: &Kald, d| {
        let maerke = delegeringer::hent(app, kald, d).await.expect("seen").maerke();
        delegeringer::svar(app, kald, d, &maerke, &Svar::Ja).await.expect("answered")
    };
    let uuid = uuid.parse().expect("a UUID");
    let d = delegeringer::foreslaa(app, &jfa, uuid, &felter).await.expect("proposed");
    assert_eq!(ser().await, json!([]));
    svar(&gk, d).await;
    assert_eq!(ser().await, json!([]), "offered");
    svar(&nanna, d).await;
    // The giver's role, with the giver's number; changed by nobody else, whatever number is sent.
    let mut laant = min.clone();
    laant["delegeretTilCvr"] = json!("22334455");
    assert_eq!(ser().await, json!([laant]));
    assert_eq!(scene.kald(mig, "GET", &sti, None).await.1, laant, "the giver is told to whom");
    for cvr in [json!("11223344"), json!("22334455"), Value::Null] {
        let mut rettet = laant.clone();
        (rettet["organisationCvr"], rettet["navn"]) = (cvr, json!("Vores"));
        let (status, problem) = scene.kald(naboen, "PUT", &sti, Some(rettet)).await;
        assert_eq!((status, &problem["kode"]), (StatusCode::FORBIDDEN, &json!("J-408")));
        let tekst = problem["detail"].as_str().expect("a sentence");
        assert!(
            tekst.starts_with("Rollen er delegeret til jer og kan kun ændres af Korsbæk Kommune."),
            "{tekst}"
        );
    }
    let (status, problem) = scene.kald(naboen, "DELETE", &sti, None).await;
    assert_eq!((status, &problem["kode"]), (StatusCode::FORBIDDEN, &json!("J-408")));
    assert_eq!(scene.kald(mig, "GET", &sti, None).await.1, laant, "nothing changed");
    // The giver's own changes reach the receiver, and keep the delegation.
    laant["beskrivelse"] = json!("Behandler alle ydelser");
    let (_, rettet) = scene.kald(mig, "PUT", &sti, Some(laant)).await;
    assert_eq!((ser().await, &rettet["delegeretTilCvr"]), (json!([rettet]), &json!("22334455")));
    delegeringer::tilbagekald(app, &jfa, d, "Samarbejdet er slut").await.expect("recalled");
    assert_eq!(ser().await, json!([]));
    for metode in ["GET", "DELETE"] {
        assert_eq!(scene.kald(naboen, metode, &sti, None).await.0, StatusCode::NOT_FOUND, "gone");
    }
    assert_eq!(scene.kald(mig, "GET", &sti, None).await.1["delegeretTilCvr"], Value::Null);
}
