//! Jobfunktionsroller from draft to end.

use crate::scene::*;
use administration::{
    Afgraensningsvaerdi, Brugersystemrolle, Jobfunktionsrolle, Jobfunktionsrollestatus,
    Jobfunktionsrolletilstand, Modulrolle, Rolleafgraensning, Systemtype, Tilknytning,
};
use bitemporal::{Instant, Period};
use styring::jobfunktionsroller::{self, Rollesoegning};
use uuid::Uuid;

const SE_SAG: Uuid = Uuid::from_u128(0xb1);
const KLE: &str = "http://sts.kombit.dk/constraints/KLE/1";

pub async fn scene() -> Scene {
    let scene = Scene::ny().await;
    let mut data = scene.app.politik().data().clone();
    let ky = data.systemer.iter_mut().find(|s| s.uuid == KY).expect("KY");
    ky.typer.insert(Systemtype::BrugervendtSystem);
    ky.brugersystemroller.push(Brugersystemrolle {
        uuid: SE_SAG,
        navn: "Se sag".into(),
        beskrivelse: "Se sager".into(),
        entity_id: "http://ky.example/roles/usersystemrole/se_sag/1".into(),
        afgraensninger: vec![Rolleafgraensning { entity_id: KLE.into(), kraevet: true }],
        foelsom: false,
        udfases: None,
    });
    data.parter.iter_mut().for_each(|p| p.domaene = Some("korsbaek.example".into()));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    scene
}

pub fn rolle(scene: &Scene, navn: &str, kle: Option<&str>) -> Jobfunktionsrolle {
    let vaerdi = |v: &str| Afgraensningsvaerdi {
        entity_id: KLE.into(),
        navn: String::new(),
        vaerdi: v.into(),
        dynamisk: false,
    };
    Jobfunktionsrolle {
        uuid: scene.app.new_uuid(),
        myndighed: cvr(NABOKOEBING),
        navn: navn.into(),
        entity_id: format!("http://korsbaek.example/roles/jobrole/{}/1", navn.to_lowercase()),
        beskrivelse: String::new(),
        tilknytninger: vec![Tilknytning { rolle: SE_SAG, vaerdier: kle.map(vaerdi).into_iter().collect() }],
        status: Jobfunktionsrollestatus::Kladde,
        gyldig: Period::ALWAYS,
        foelsom: false,
        delegeret_til: None,
    }
}

#[tokio::test]
async fn a_role_is_drafted_activated_changed_and_ended() {
    let scene = scene().await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let anden = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let mut ny = rolle(&scene, "Ydelse", None);
    assert_eq!(koder(jobfunktionsroller::gem(&scene.app, &gk, &ny, None).await), ["A-001"]);
    assert_eq!(jobfunktionsroller::gem(&scene.app, &jfa, &ny, None).await.expect("a draft"), 1);
    let gemt = jobfunktionsroller::hent(&scene.app, &gk, ny.uuid).await.expect("seen");
    assert_eq!(gemt.post.myndighed, cvr(KORSBAEK), "the person's own authority, whatever was sent");
    assert_eq!(koder(jobfunktionsroller::hent(&scene.app, &anden, ny.uuid).await), ["A-404"]);
    assert_eq!(koder(jobfunktionsroller::aktiver(&scene.app, &jfa, ny.uuid, 1, None).await), ["J-402"]);
    let samme = rolle(&scene, "YDELSE", None);
    let samme = Jobfunktionsrolle { entity_id: "http://korsbaek.example/roles/jobrole/y/1".into(), ..samme };
    assert_eq!(koder(jobfunktionsroller::gem(&scene.app, &jfa, &samme, None).await), ["J-413"]);
    ny.tilknytninger = rolle(&scene, "x", Some("32.*")).tilknytninger;
    assert_eq!(jobfunktionsroller::gem(&scene.app, &jfa, &ny, Some(1)).await.expect("changed"), 2);
    assert_eq!(koder(jobfunktionsroller::gem(&scene.app, &jfa, &ny, Some(1)).await), ["A-005"]);
    let om_lidt = Instant::from_micros(scene.nu().micros() + DAG);
    jobfunktionsroller::aktiver(&scene.app, &jfa, ny.uuid, 2, Some(om_lidt)).await.expect("activated");
    let tilstand = async || {
        let gemt = jobfunktionsroller::hent(&scene.app, &jfa, ny.uuid).await.expect("seen");
        gemt.post.tilstand(scene.nu())
    };
    assert_eq!(tilstand().await, Jobfunktionsrolletilstand::Klar);
    scene.gaa(1);
    assert_eq!(tilstand().await, Jobfunktionsrolletilstand::Aktiv);
    let uden =
        Jobfunktionsrolle { status: Jobfunktionsrollestatus::Aktiveret, tilknytninger: vec![], ..ny.clone() };
    assert_eq!(
        koder(jobfunktionsroller::gem(&scene.app, &jfa, &uden, Some(3)).await),
        ["J-401"],
        "in use, so whole"
    );
    let ky =
        Rollesoegning { system: Some(KY), tekst: Some("ydel".into()), antal: 10, ..Rollesoegning::default() };
    assert_eq!(jobfunktionsroller::list(&scene.app, &jfa, &ky).await.expect("a list").1, 1);
    assert!(jobfunktionsroller::brugervendte(&jfa, &scene.app.politik()).expect("systems").len() == 1);
    let saetninger = jobfunktionsroller::i_saetninger(&scene.app.politik(), &ny, |_, _| None);
    assert_eq!(saetninger, ["Medarbejdere med rollen kan se sager i KY, når det handler om 32.*."]);
    let om = |dage: i64| Some(Instant::from_micros(scene.nu().micros() + dage * DAG));
    jobfunktionsroller::afslut(&scene.app, &jfa, ny.uuid, 3, om(9)).await.expect("ends");
    let senere = jobfunktionsroller::afslut(&scene.app, &jfa, ny.uuid, 4, om(10)).await;
    assert_eq!(koder(senere), ["A-009"], "ending does not lengthen");
    jobfunktionsroller::afslut(&scene.app, &jfa, ny.uuid, 4, None).await.expect("ended");
    assert_eq!(tilstand().await, Jobfunktionsrolletilstand::Ophoert);
    let aktiv = Jobfunktionsrolle { status: Jobfunktionsrollestatus::Aktiveret, ..ny.clone() };
    assert_eq!(koder(jobfunktionsroller::gem(&scene.app, &jfa, &aktiv, Some(5)).await), ["J-414"]);
    assert_eq!(koder(jobfunktionsroller::afslut(&scene.app, &jfa, ny.uuid, 5, om(1)).await), ["J-414"]);
    let log = scene.log().await;
    assert_eq!(koder(jobfunktionsroller::aktiver(&scene.app, &jfa, ny.uuid, 5, None).await), ["J-414"]);
    let slut = "Jens: afslut jobfunktionsrolle";
    assert_eq!(log[..3], [slut, slut, "Jens: aktivér jobfunktionsrolle"]);
}

#[tokio::test]
async fn a_role_that_has_ended_by_its_date_stands_in_nobodys_way() {
    let scene = scene().await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let gammel = rolle(&scene, "Ydelse", Some("32.*"));
    jobfunktionsroller::gem(&scene.app, &jfa, &gammel, None).await.expect("a draft");
    jobfunktionsroller::aktiver(&scene.app, &jfa, gammel.uuid, 1, None).await.expect("in use");
    let om = Instant::from_micros(scene.nu().micros() + 9 * DAG);
    jobfunktionsroller::afslut(&scene.app, &jfa, gammel.uuid, 2, Some(om)).await.expect("ends");
    let ny = Jobfunktionsrolle { uuid: scene.app.new_uuid(), ..rolle(&scene, "Ydelse", Some("33.*")) };
    let gem = async || jobfunktionsroller::gem(&scene.app, &jfa, &ny, None).await;
    assert_eq!(koder(gem().await), ["J-413"], "still there");
    scene.gaa(10);
    gem().await.expect("its name and its EntityId are free");
    let fundet = jobfunktionsroller::med_entity_id(&scene.app, &jfa, &ny.entity_id).await.expect("asked");
    assert_eq!(fundet.map(|g| g.post.uuid), Some(ny.uuid));
    let log = scene.log().await;
    assert_eq!(log[..2], ["Jens: opret jobfunktionsrolle", "Jens: afslut jobfunktionsrolle"]);
}

#[tokio::test]
async fn without_a_confirmed_domain_a_role_is_drafted_and_not_used() {
    let scene = scene().await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let domaene = async |part: &str, domaene: Option<&str>| {
        let mut data = scene.app.politik().data().clone();
        data.parter.iter_mut().for_each(|p| p.domaene = None);
        data.parter
            .iter_mut()
            .filter(|p| p.cvr == cvr(part))
            .for_each(|p| p.domaene = domaene.map(Into::into));
        scene.app.saet_politik(&data, false).await.expect("a policy");
    };
    domaene(NABOKOEBING, Some("korsbaek.example")).await;
    let ny = rolle(&scene, "Ydelse", Some("32.*"));
    let gem =
        async |rolle: &Jobfunktionsrolle, foer| jobfunktionsroller::gem(&scene.app, &jfa, rolle, foer).await;
    assert_eq!(koder(gem(&ny, None).await), ["J-406"], "another's, even as a draft");
    domaene(NABOKOEBING, None).await;
    gem(&ny, None).await.expect("a draft");
    assert_eq!(koder(jobfunktionsroller::aktiver(&scene.app, &jfa, ny.uuid, 1, None).await), ["J-406"]);
    let aktiv = Jobfunktionsrolle { status: Jobfunktionsrollestatus::Aktiveret, ..ny.clone() };
    assert_eq!(koder(gem(&aktiv, Some(1)).await), ["J-406"], "nor that way");
    domaene(KORSBAEK, Some("korsbaek.example")).await;
    jobfunktionsroller::aktiver(&scene.app, &jfa, ny.uuid, 1, None).await.expect("confirmed");
}

#[tokio::test]
async fn a_role_is_made_of_what_the_authority_is_offered() {
    let scene = scene().await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let mut data = scene.app.politik().data().clone();
    let ky = data.systemer.iter_mut().find(|s| s.uuid == KY).expect("KY");
    ky.myndighedsafgraensning.insert(cvr(NABOKOEBING));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    assert!(jobfunktionsroller::brugervendte(&jfa, &scene.app.politik()).expect("systems").is_empty());
    for status in [Jobfunktionsrollestatus::Kladde, Jobfunktionsrollestatus::Aktiveret] {
        let ny = Jobfunktionsrolle { status, ..rolle(&scene, "Ydelse", Some("32.*")) };
        assert_eq!(koder(jobfunktionsroller::gem(&scene.app, &jfa, &ny, None).await), ["J-410"]);
    }
}

/// SAPA offers one authority what the other may not have.
async fn med_sapa(scene: &Scene) -> Uuid {
    let mut data = scene.app.politik().data().clone();
    let mut sapa = data.systemer[0].clone();
    sapa.uuid = scene.app.new_uuid();
    sapa.navn = "SAPA".into();
    sapa.certifikater.clear();
    sapa.myndighedsafgraensning = [cvr(KORSBAEK)].into();
    let rolle = |navn: &str, kle: bool| Brugersystemrolle {
        uuid: scene.app.new_uuid(),
        navn: navn.into(),
        beskrivelse: format!("{navn} i fagsystemet"),
        entity_id: format!("http://sapa.example/roles/usersystemrole/{}/1", navn.len()),
        afgraensninger: if kle {
            vec![Rolleafgraensning { entity_id: KLE.into(), kraevet: true }]
        } else {
            Vec::new()
        },
        foelsom: navn.contains("følsom"),
        udfases: None,
    };
    sapa.brugersystemroller =
        vec![rolle("Se sag", true), rolle("Se følsom sag", true), rolle("Rediger sag", false)];
    let se_sag = sapa.brugersystemroller[0].uuid;
    data.systemer.push(sapa);
    scene.app.saet_politik(&data, false).await.expect("a policy");
    se_sag
}

#[tokio::test]
async fn an_example_becomes_a_draft_of_what_the_authority_is_offered() {
    let scene = scene().await;
    let se_sag = med_sapa(&scene).await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let (uuid, v) =
        jobfunktionsroller::importer(&scene.app, &jfa, "ydelse-sagsbehandler").await.expect("imported");
    let gemt = jobfunktionsroller::hent(&scene.app, &jfa, uuid).await.expect("seen").post;
    assert_eq!(gemt, v.rolle);
    assert_eq!((gemt.myndighed, gemt.status), (cvr(KORSBAEK), Jobfunktionsrollestatus::Kladde));
    assert_eq!(gemt.entity_id, "http://korsbaek.example/roles/jobrole/sagsbehandler_kontanthjaelp/1");
    let [t] = gemt.tilknytninger.as_slice() else { panic!("{:?}", gemt.tilknytninger) };
    assert_eq!((t.rolle, t.vaerdier[0].vaerdi.as_str()), (se_sag, "32.24.*"), "limited as the example says");
    let hvorfor = |rolle: &str| {
        let u = v.udeladt.iter().find(|u| u.rolle == rolle).expect("left out");
        u.hvorfor.clone()
    };
    assert_eq!(v.udeladt.len(), 2);
    assert!(hvorfor("Rediger sag").contains("kan ikke afgrænses med KLE"), "it would give more");
    assert!(hvorfor("Sagsbehandler").contains("KY har ingen rolle"), "the next step is said");
    // The log says what it was made of and what it lacks, once.
    let linjer = scene.app.store().aendringslog(&store::Logsoegning { antal: 1, ..Default::default() }).await;
    let linje = linjer.expect("the log").remove(0).1;
    assert_eq!((linje.handling.as_str(), linje.objekt), ("opret jobfunktionsrolle", Some(uuid)));
    assert!(linje.detaljer.starts_with("oprettet efter eksemplet Sagsbehandler, kontanthjælp\nikke med: "));
    // Once more is another draft.
    let (anden, v) =
        jobfunktionsroller::importer(&scene.app, &jfa, "ydelse-sagsbehandler").await.expect("imported");
    assert!(anden != uuid && v.rolle.navn == "Sagsbehandler, kontanthjælp (2)");
    let (_, v) = jobfunktionsroller::importer(&scene.app, &jfa, "boern-og-unge").await.expect("imported");
    assert!(v.rolle.foelsom, "what opens sensitive information says so");
    jobfunktionsroller::aktiver(&scene.app, &jfa, uuid, 1, None).await.expect("it was whole");
}

#[tokio::test]
async fn an_example_gives_nobody_more_than_by_hand() {
    let scene = scene().await;
    med_sapa(&scene).await;
    let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let importer = async |kald, noegle| {
        jobfunktionsroller::importer(&scene.app, kald, noegle).await.map(|(uuid, _)| uuid)
    };
    assert_eq!(koder(jobfunktionsroller::eksempler(&scene.app, &gk)), ["A-001"]);
    assert_eq!(koder(importer(&gk, "borgerservice").await), ["A-001"]);
    assert_eq!(koder(importer(&jfa, "findes-ikke").await), ["A-404"]);
    // SAPA is not for the neighbour, and is not told of.
    assert_eq!(koder(importer(&nabo, "borgerservice").await), ["J-415"]);
    let set = jobfunktionsroller::eksempler(&scene.app, &nabo).expect("seen");
    assert!(set.iter().all(|v| !v.kan_importeres()));
    assert!(
        set[0].udeladt[0].hvorfor.starts_with("Intet it-system med navnet SAPA tilbyder jer roller her.")
    );
    let set = jobfunktionsroller::eksempler(&scene.app, &jfa).expect("seen");
    assert_eq!(set.iter().filter(|v| v.kan_importeres()).count(), set.len());
    // A role that is out of use, and a name that two systems have.
    let mut data = scene.app.politik().data().clone();
    let sapa = data.systemer.iter_mut().find(|s| s.navn == "SAPA").expect("SAPA");
    sapa.brugersystemroller[0].udfases = Some(scene.nu());
    let mut anden = sapa.clone();
    (anden.uuid, anden.leverandoer) = (scene.app.new_uuid(), cvr(KORSBAEK));
    anden.brugersystemroller.retain(|b| b.navn == "Se følsom sag");
    anden.brugersystemroller[0].uuid = scene.app.new_uuid();
    data.systemer.push(anden);
    scene.app.saet_politik(&data, false).await.expect("a policy");
    let set = jobfunktionsroller::eksempler(&scene.app, &jfa).expect("seen");
    let boern = set.iter().find(|v| v.eksempel.noegle == "boern-og-unge").expect("the example");
    let hvorfor: Vec<&str> = boern.udeladt.iter().map(|u| u.hvorfor.as_str()).collect();
    assert!(
        hvorfor[0].contains("udgået") && hvorfor[1].contains("Flere it-systemer hedder SAPA"),
        "{hvorfor:?}"
    );
    // Without a domain there is no EntityId to give.
    data.parter.iter_mut().for_each(|p| p.domaene = None);
    data.systemer.retain(|s| s.leverandoer != cvr(KORSBAEK));
    data.systemer.iter_mut().flat_map(|s| &mut s.brugersystemroller).for_each(|b| b.udfases = None);
    scene.app.saet_politik(&data, true).await.expect("a policy");
    assert_eq!(koder(importer(&jfa, "borgerservice").await), ["J-406"]);
    let (_, i_alt) =
        jobfunktionsroller::list(&scene.app, &jfa, &Rollesoegning { antal: 10, ..Rollesoegning::default() })
            .await
            .expect("seen");
    assert_eq!(i_alt, 0, "nothing was written");
}
