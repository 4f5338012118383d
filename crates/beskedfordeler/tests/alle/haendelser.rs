//! What happens in Organisation and Klassifikation, as messages.

use crate::scene::{
    KORSBAEK, KY, NABOKOEBING, SAPA, Scene, config, cvr_urn, graens, id, naeste, tekst, vent,
};
use administration::{Abonnement, Dueslag, KLASSIFIKATION, ORGANISATION};
use app::{App, Config};
use besked::Kuvert;
use beskedfordeler::{Aftager, Beskeddata, Fordeler, beskedtype};
use bitemporal::Period;
use imports::faste;
use oio::catalog::organisation::{organisationenhed, person};
use oio::catalog::{
    ADRESSE, BRUGERVENDT_NOEGLE, KLASSE, Navn, ORGANISATIONENHED, ObjektType, PERSON, RelationType,
};
use oio::model::{Egenskab, Indhold, Registrering, Relation, Tilstand, TilstandKode, Vaerdi, Virkning};
use oio::operation::{Aendring, SendtRegistrering};
use oio::{Cvr, Fejl, ObjektId};
use registers::{fysiskslet, importer, opret, passiver, ret};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use store::Tilstand as Koetilstand;
use uuid::{Uuid, uuid};

/// Writes what it is asked to write about.
struct Data;

impl Beskeddata for Data {
    fn skriv<'a>(
        &'a self,
        _: &'a App,
        typ: &'static ObjektType,
        objekt: ObjektId,
        registrering: &'a Registrering,
    ) -> Pin<Box<dyn Future<Output = Result<String, Fejl>> + Send + 'a>> {
        let (navn, livscyklus) = (typ.name, registrering.livscyklus.as_str());
        let tekst = format!("<t:Data xmlns:t=\"urn:test\">{navn} {} {livscyklus}</t:Data>", objekt.0);
        Box::pin(std::future::ready(Ok(tekst)))
    }
}

fn altid() -> Virkning {
    Virkning::of(Period::ALWAYS)
}

fn egenskab(noegle: &str, felter: &[(Navn, &str)]) -> Egenskab {
    let mut alle = vec![(BRUGERVENDT_NOEGLE.navn, Vaerdi::Tekst(noegle.into()))];
    alle.extend(felter.iter().map(|(navn, tekst)| (*navn, Vaerdi::Tekst((*tekst).into()))));
    Egenskab { virkning: altid(), felter: alle }
}

fn relation(typ: RelationType, til: Uuid) -> Relation {
    Relation {
        navn: typ.navn,
        virkning: altid(),
        reference: Some(til.into()),
        aktoer_type: None,
        dynamik: None,
    }
}

fn enhed(noegle: &str, relationer: Vec<Relation>) -> Indhold {
    Indhold {
        egenskaber: vec![egenskab(noegle, &[])],
        tilstande: vec![Tilstand { virkning: altid(), kode: TilstandKode::Aktiv }],
        relationer,
        ..Indhold::default()
    }
}

/// A scene where SAPA subscribes to everything that happens to objects of these types.
async fn abonnerer(typer: &[&'static ObjektType]) -> (Scene, Uuid) {
    abonnerer_med(config(), typer).await
}

async fn abonnerer_med(config: Config, typer: &[&'static ObjektType]) -> (Scene, Uuid) {
    let scene = Scene::med(config).await;
    let slag = abonner(&scene, typer).await;
    (scene, slag)
}

async fn abonner(scene: &Scene, typer: &[&'static ObjektType]) -> Uuid {
    abonner_paa(scene, typer.iter().map(|typ| beskedtype(&scene.app.config().besked, typ)).collect()).await
}

/// Lets SAPA subscribe to these beskedtyper.
pub async fn abonner_paa(scene: &Scene, uuider: Vec<Uuid>) -> Uuid {
    let navne: Vec<String> = uuider.iter().map(Uuid::to_string).collect();
    let slag = id(0xd1);
    scene
        .politik(|p| {
            let navne: Vec<&str> = navne.iter().map(String::as_str).collect();
            p.aftaler.iter_mut().filter(|a| a.system == SAPA).for_each(|a| graens(a, "Beskedtype", &navne));
            p.dueslag.push(Dueslag::ny(slag, "registre", SAPA));
            p.abonnementer.push(Abonnement::ny(id(0xa1), "registre", slag, uuider));
        })
        .await;
    slag
}

/// Empties the outbox.
pub async fn udsend(scene: &Scene) {
    udsend_fra(scene, &[&scene.fordeler]).await;
}

async fn udsend_fra(scene: &Scene, servere: &[&Fordeler]) {
    let opgaver: Vec<_> = servere.iter().map(|s| tokio::spawn((*s).clone().udsend(Data))).collect();
    vent("an empty outbox", async || {
        scene.app.store().haendelser(1).await.expect("the store").is_empty().then_some(())
    })
    .await;
    opgaver.iter().for_each(|o| o.abort());
}

pub async fn aabn(scene: &Scene, slag: Uuid) -> Aftager {
    scene.fordeler.aabn(&scene.modtager().await, slag).expect("a consumer")
}

/// The next message, read.
pub async fn besked(aftager: &mut Aftager) -> (Kuvert, String) {
    let levering = naeste(aftager).await;
    aftager.haandtag().kvitter(&[levering.nr]).await.expect("received");
    let krop = tekst(&levering.krop).to_owned();
    (Kuvert::laes(krop.as_bytes()).expect("it keeps the schema"), krop)
}

pub async fn antal(scene: &Scene, slag: Uuid) -> u64 {
    scene.app.store().dybde(slag).await.expect("the store")
}

#[tokio::test]
async fn a_new_unit_is_told_of_with_the_right_envelope() {
    let (scene, slag) = abonnerer(&[&ORGANISATIONENHED]).await;
    let ky = scene.i_registrene(KORSBAEK);
    let relationer = vec![
        relation(organisationenhed::TILHOERER, id(0x99)),
        relation(organisationenhed::OVERORDNET, id(0x98)),
    ];
    let ny = opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed("jobcenter", relationer))
        .await
        .expect("created");
    scene.gaar(1_000_000);
    udsend(&scene).await;
    let mut aftager = aabn(&scene, slag).await;
    let (kuvert, krop) = besked(&mut aftager).await;
    assert_eq!(kuvert.beskedtype_uuid(), Some(faste::uuid("organisation.OrganisationEnhed")));
    assert_eq!((kuvert.ansvarlig, kuvert.version.as_str()), (Some(ORGANISATION), "1.0"));
    assert_eq!((kuvert.tilladte, kuvert.myndigheder), (vec![cvr_urn(KORSBAEK)], vec![cvr_urn(KORSBAEK)]));
    assert_eq!(kuvert.foelsomhed.as_deref(), Some("1d81c472-0808-44cc-963d-f5ef0170ae1d"));
    assert!(kuvert.emner.is_empty());
    let klasse = |navn: &str| faste::uuid(navn).to_string();
    for (felt, vaerdi) in [
        ("RegistreringsAktoer", KY.to_string()),
        ("ObjektId", ny.0.to_string()),
        ("ObjektType", klasse("objekt.OrganisationEnhed")),
        ("ObjektHandling", klasse("handling.Opstaaet")),
        ("ObjektRegistreringId", kuvert.besked_id.clone()),
    ] {
        let del =
            format!("<besked:{felt}><sd:UUIDIdentifikator>{vaerdi}</sd:UUIDIdentifikator></besked:{felt}>");
        assert!(krop.contains(&del), "{del} in\n{krop}");
    }
    assert!(krop.contains("<besked:Registreringstidspunkt><sd:TidsstempelDatoTid>2030-03-02T"));
    for (relateret, typ) in [(0x99, "objekt.Organisation"), (0x98, "objekt.OrganisationEnhed")] {
        let del = format!(
            "<besked:RelateretObjekt><besked:ObjektId><sd:UUIDIdentifikator>{}</sd:UUIDIdentifikator></besked:ObjektId>\
             <besked:ObjektType><sd:UUIDIdentifikator>{}</sd:UUIDIdentifikator></besked:ObjektType>",
            id(relateret),
            klasse(typ)
        );
        assert!(krop.contains(&del), "{del} in\n{krop}");
    }
    let data = format!(
        "<besked:Beskeddata><t:Data xmlns:t=\"urn:test\">OrganisationEnhed {} Opstaaet</t:Data></besked:Beskeddata>",
        ny.0
    );
    assert!(krop.contains(&data), "{krop}");
    assert_eq!(antal(&scene, slag).await, 0, "one message");
}

#[tokio::test]
async fn the_uuids_of_the_installation_are_used_everywhere() {
    let mut config = config();
    let givne = ["organisation.OrganisationEnhed", "objekt.OrganisationEnhed", "handling.Opstaaet"];
    for (n, navn) in (0xe1..).zip(givne) {
        config.besked.egne_uuider.insert(navn.into(), id(n));
    }
    let (scene, slag) = abonnerer_med(config, &[&ORGANISATIONENHED]).await;
    let ky = scene.i_registrene(KORSBAEK);
    let over = vec![relation(organisationenhed::OVERORDNET, id(0x98))];
    opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed("a", over)).await.expect("created");
    udsend(&scene).await;
    let (kuvert, krop) = besked(&mut aabn(&scene, slag).await).await;
    assert_eq!(kuvert.beskedtype_uuid(), Some(id(0xe1)));
    assert_eq!(krop.matches(&id(0xe2).to_string()).count(), 2, "the object's and the related one's type");
    assert!(krop.contains(&format!("<sd:UUIDIdentifikator>{}<", id(0xe3))), "{krop}");
    for navn in givne {
        assert!(!krop.contains(&faste::uuid(navn).to_string()), "{navn}");
    }
}

#[tokio::test]
async fn what_happens_in_the_indexes_holds_nothing_up() {
    let (scene, slag) = abonnerer(&[&ORGANISATIONENHED]).await;
    let ky = scene.i_registrene(KORSBAEK);
    let adgang = scene.app.system_adgang(adgang::Aarsag::Seed, crate::scene::cvr(KORSBAEK));
    // More than are taken from the outbox at a time.
    for del in 0..3_u128 {
        let sag = |n: u128| store::Indeksskrivning {
            art: 0,
            id: id(1_000 * del + n),
            ejer: crate::scene::cvr(KORSBAEK),
            foer: None,
            tidspunkt: scene.app.now(),
            sts: scene.app.now(),
            krop: vec![1],
            tidligere: Vec::new(),
            noegler: Vec::new(),
            tidligere_noegler: Vec::new(),
            haendelse: Some(store::Indekshaendelse {
                objekttype: "SagIndeks",
                handling: "Importer",
                omslag: b"32.24.04".to_vec(),
            }),
        };
        let alle = (0..100).map(sag).collect();
        let skrevet = scene.app.store().indeks_skriv(&adgang, scene.app.now(), alle).await.expect("written");
        assert!(skrevet.iter().all(|s| *s));
    }
    opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed("a", Vec::new())).await.expect("created");
    udsend(&scene).await;
    let (kuvert, _) = besked(&mut aabn(&scene, slag).await).await;
    assert_eq!(kuvert.beskedtype_uuid(), Some(faste::uuid("organisation.OrganisationEnhed")));
    assert_eq!(antal(&scene, slag).await, 0, "and nothing of the cases");
}

#[tokio::test]
async fn every_change_is_told_of_once_however_many_servers_empty_the_outbox() {
    let (scene, slag) = abonnerer(&[&ORGANISATIONENHED]).await;
    let ky = scene.i_registrene(KORSBAEK);
    for n in 0..30 {
        scene.gaar(1_000);
        opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed(&n.to_string(), Vec::new()))
            .await
            .expect("created");
    }
    let der = scene.anden_server().await;
    udsend_fra(&scene, &[&scene.fordeler, &scene.fordeler, &der]).await;
    assert_eq!(antal(&scene, slag).await, 30);
    // Nothing is left for whoever comes next.
    scene.gaar(60_000_000);
    udsend_fra(&scene, &[&der, &scene.fordeler]).await;
    assert_eq!(antal(&scene, slag).await, 30);
}

#[tokio::test]
async fn what_is_done_to_an_object_comes_in_its_order() {
    let (scene, slag) = abonnerer(&[&ORGANISATIONENHED]).await;
    let ky = scene.i_registrene(KORSBAEK);
    let objekt = ObjektId(id(0x55));
    let sendt = vec![SendtRegistrering { indhold: enhed("a", Vec::new()), ..SendtRegistrering::default() }];
    importer(&scene.app, &ky, &ORGANISATIONENHED, objekt, sendt).await.expect("imported");
    scene.gaar(1_000_000);
    let aendring = Aendring { egenskaber: Some(vec![egenskab("b", &[])]), ..Aendring::default() };
    ret(&scene.app, &ky, &ORGANISATIONENHED, objekt, None, aendring).await.expect("changed");
    scene.gaar(1_000_000);
    passiver(&scene.app, &ky, &ORGANISATIONENHED, objekt, None).await.expect("out of use");
    udsend(&scene).await;
    let mut aftager = aabn(&scene, slag).await;
    let mut ider = Vec::new();
    for livscyklus in ["Importeret", "Rettet", "Passiveret"] {
        let (kuvert, krop) = besked(&mut aftager).await;
        let handling = faste::uuid(&format!("handling.{livscyklus}")).to_string();
        assert!(krop.contains(&handling), "{livscyklus}: {krop}");
        ider.push(kuvert.besked_id);
    }
    ider.dedup();
    assert_eq!(ider.len(), 3);
}

#[tokio::test]
async fn an_object_that_was_removed_is_told_of_as_deleted_without_content() {
    let (scene, slag) = abonnerer(&[&ORGANISATIONENHED]).await;
    let ky = scene.i_registrene(KORSBAEK);
    let tilhoerer = vec![relation(organisationenhed::TILHOERER, id(0x99))];
    let ny = opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed("a", tilhoerer)).await.expect("created");
    udsend(&scene).await;
    scene.gaar(1_000_000);
    fysiskslet(&scene.app, &ky, ObjektId(id(0x99)), ny).await.expect("removed");
    udsend(&scene).await;
    let mut aftager = aabn(&scene, slag).await;
    let (foerst, _) = besked(&mut aftager).await;
    let (kuvert, krop) = besked(&mut aftager).await;
    assert_ne!(foerst.besked_id, kuvert.besked_id);
    assert!(krop.contains(&faste::uuid("handling.Slettet").to_string()), "{krop}");
    assert!(krop.contains(&ny.0.to_string()) && !krop.contains("Beskeddata"), "{krop}");
    assert!(!krop.contains("RelateretObjekt") && !krop.contains("RegistreringsAktoer"), "{krop}");
}

#[tokio::test]
async fn a_person_is_told_of_without_what_it_says() {
    let (scene, slag) = abonnerer(&[&PERSON]).await;
    let ky = scene.i_registrene(KORSBAEK);
    let felter = [(person::CPR_NUMMER.navn, "0101700000"), (person::NAVN.navn, "Ida Eksempel")];
    let indhold = Indhold { egenskaber: vec![egenskab("ida", &felter)], ..Indhold::default() };
    let ny = opret(&scene.app, &ky, &PERSON, None, indhold).await.expect("created");
    udsend(&scene).await;
    let (kuvert, krop) = besked(&mut aabn(&scene, slag).await).await;
    assert!(!krop.contains("Beskeddata") && !krop.contains("0101700000") && !krop.contains("Ida"), "{krop}");
    assert!(krop.contains(&ny.0.to_string()));
    assert_eq!(kuvert.foelsomhed_uuid(), Some(uuid!("292e85a9-8ad4-46df-9e50-f97d6837ad74")), "confidential");
    assert!(krop.contains("ce7fcf97-a8a2-447a-8690-d38aa0f6e23c"), "the official class of persons");
}

#[tokio::test]
async fn a_class_says_its_kle_number_and_what_all_share_goes_to_all() {
    let (scene, slag) = abonnerer(&[&KLASSE]).await;
    let klasse = |noegle: &str| Indhold { egenskaber: vec![egenskab(noegle, &[])], ..Indhold::default() };
    let kombit = scene.i_registrene(&Cvr::KOMBIT.to_string());
    opret(&scene.app, &kombit, &KLASSE, None, klasse("27.36.04")).await.expect("created");
    scene.gaar(1_000_000);
    let ky = scene.i_registrene(KORSBAEK);
    opret(&scene.app, &ky, &KLASSE, None, klasse("27.36.04-G01")).await.expect("created");
    udsend(&scene).await;
    let mut aftager = aabn(&scene, slag).await;
    let (faelles, krop) = besked(&mut aftager).await;
    assert_eq!(
        (faelles.ansvarlig, faelles.emner),
        (Some(KLASSIFIKATION), vec!["urn:oio:kle:27.36.04".to_owned()])
    );
    // SAPA acts for Korsbæk and Nabokøbing.
    assert_eq!(faelles.tilladte, [cvr_urn(KORSBAEK), cvr_urn(NABOKOEBING)], "{krop}");
    let (egen, _) = besked(&mut aftager).await;
    assert_eq!((egen.tilladte, egen.emner), (vec![cvr_urn(KORSBAEK)], Vec::new()));
}

#[tokio::test]
async fn what_nobody_subscribes_to_is_not_told_of_later() {
    let scene = Scene::ny().await;
    let ky = scene.i_registrene(KORSBAEK);
    opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed("a", Vec::new())).await.expect("created");
    udsend(&scene).await;
    let slag = abonner(&scene, &[&ORGANISATIONENHED]).await;
    scene.gaar(1_000_000);
    opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed("b", Vec::new())).await.expect("created");
    udsend(&scene).await;
    assert_eq!(antal(&scene, slag).await, 1);
    assert_eq!(scene.app.store().sidste_besked().await.expect("the store"), Some(1), "and not kept at all");
}

#[tokio::test]
async fn a_subscription_gets_what_happened_after_it_was_activated_although_it_is_sent_later() {
    let (scene, slag) = abonnerer(&[&ORGANISATIONENHED]).await;
    let ky = scene.i_registrene(KORSBAEK);
    let skabt = async |navn: &str| {
        opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed(navn, Vec::new())).await.expect("created")
    };
    skabt("før").await;
    scene.gaar(1_000_000);
    let fra = scene.app.now();
    scene.politik(|p| p.abonnementer[0].aktiveret = Some(fra)).await;
    scene.gaar(1_000_000);
    let efter = skabt("efter").await;
    udsend(&scene).await;
    let (_, krop) = besked(&mut aabn(&scene, slag).await).await;
    assert!(krop.contains(&efter.0.to_string()));
    assert_eq!(antal(&scene, slag).await, 0);
}

#[tokio::test]
async fn events_follow_agreements_like_other_messages() {
    let (scene, slag) = abonnerer(&[&ORGANISATIONENHED, &ADRESSE]).await;
    scene
        .politik(|p| {
            let mine = p.aftaler.iter_mut().filter(|a| a.system == SAPA);
            mine.for_each(|a| graens(a, "AfsendendeMyndighed", &[NABOKOEBING]));
        })
        .await;
    let ky = scene.i_registrene(KORSBAEK);
    opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed("a", Vec::new())).await.expect("created");
    udsend(&scene).await;
    assert_eq!(antal(&scene, slag).await, 0, "Korsbæk is no sender SAPA may hear");
}

#[tokio::test]
async fn the_outbox_is_emptied_by_the_next_when_a_server_goes_away() {
    let (scene, slag) = abonnerer(&[&ORGANISATIONENHED]).await;
    let ky = scene.i_registrene(KORSBAEK);
    udsend(&scene).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    opret(&scene.app, &ky, &ORGANISATIONENHED, None, enhed("a", Vec::new())).await.expect("created");
    let der = scene.anden_server().await;
    scene.gaar(31_000_000);
    udsend_fra(&scene, &[&der]).await;
    assert_eq!(antal(&scene, slag).await, 1);
    let mut aftager = aabn(&scene, slag).await;
    let levering = naeste(&mut aftager).await;
    aftager.haandtag().kvitter(&[levering.nr]).await.expect("received");
    let store = scene.app.store();
    assert_eq!(store.placeringer(levering.nr).await.expect("the store")[0].tilstand, Koetilstand::Leveret);
}
