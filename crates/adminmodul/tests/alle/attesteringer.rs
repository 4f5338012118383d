//! Attestering, from the start of a run to the report, as people click it.

use crate::browser::Browser;
use crate::jobfunktionsroller::scene as med_roller;
use crate::scene::*;
use administration::{
    Afgraensningsvaerdi, Bruger, Jobfunktionsrolle, Jobfunktionsrollestatus, Modulrolle, Tilknytning,
};
use bitemporal::Period;
use styring::jobfunktionsroller as jfr;
use uuid::Uuid;

const STI: &str = "/admin/attesteringer";
const JFA: Modulrolle = Modulrolle::Jobfunktionsrolleadministrator;
const KLE: &str = "http://sts.kombit.dk/constraints/KLE/1";

fn rolle(navn: &str, nr: u32) -> Jobfunktionsrolle {
    let vaerdi = Afgraensningsvaerdi {
        entity_id: KLE.into(),
        navn: String::new(),
        vaerdi: "32.*".into(),
        dynamisk: false,
    };
    Jobfunktionsrolle {
        uuid: Uuid::from_u128(0xd0 + u128::from(nr)),
        myndighed: cvr(KORSBAEK),
        navn: navn.into(),
        entity_id: format!("http://korsbaek.example/roles/jobrole/r{nr}/1"),
        beskrivelse: "Sager <i>".into(),
        tilknytninger: vec![Tilknytning { rolle: Uuid::from_u128(0xb1), vaerdier: vec![vaerdi] }],
        status: Jobfunktionsrollestatus::Aktiveret,
        gyldig: Period::ALWAYS,
        foelsom: false,
        delegeret_til: None,
    }
}

/// Two roles in use, who keeps them, and the address of a run.
async fn startet() -> (Scene, Bruger, Browser, String) {
    let scene = med_roller().await;
    let (jens, mut jfa) = scene.person("Jens", JFA).await;
    for (nr, navn) in [(1, "Barn <b>"), (2, "Ydelse")] {
        jfr::gem(&scene.app, &scene.kald(&jens), &rolle(navn, nr), None).await.expect("in use");
    }
    jfa.get(STI).await.er(200).har("Ingen attesteringer").har("Start attestering");
    let felter = [
        ("navn", "Forår <b>"),
        ("omfang", "systemer"),
        ("systemer", &*KY.to_string()),
        ("frist", "01-03-2027"),
    ];
    let sti = jfa.post(STI, &felter).await.er(303).sted().to_owned();
    (scene, jens, jfa, sti)
}

#[tokio::test]
async fn a_run_is_started_answered_ended_and_reported() {
    let (scene, jens, mut jfa, sti) = startet().await;
    let (_, mut sa) = scene.person("Grethe", Modulrolle::Systemansvarlig).await;
    let (_, mut laes) = scene.person("Lis", Modulrolle::Laeseadgang).await;

    // What is wrong is said, what was typed is kept, and nothing is stored.
    let foer = scene.aendringer().await;
    jfa.get(&format!("{STI}/ny")).await.er(200).har("Udvalgte it-systemer").har("KY");
    let forkert = [("navn", "<i>"), ("omfang", "systemer"), ("frist", "i går")];
    jfa.post(STI, &forkert).await.er(422).har("A-018").har("value=\"&#60;i&#62;\"");
    let forkert = [("navn", ""), ("omfang", "systemer"), ("frist", "01-01-2020")];
    jfa.post(STI, &forkert).await.er(422).har("A-006").har("T-207").har("href=\"#systemer\"");
    sa.post(STI, &[("navn", "x")]).await.er(403);
    assert_eq!(scene.aendringer().await, foer);

    // Until somebody answers for the it-system it says so.
    jfa.get(&sti)
        .await
        .er(200)
        .har("Forår &#60;b&#62;")
        .har("0 af 2 besvaret")
        .har("Grethe")
        .uden("Attestér<");
    sa.get(&sti).await.er(200).har("Attestér<").uden("Afslut attesteringen");
    laes.get(&sti).await.er(200).uden("Attestér<");
    sa.get("/admin/opgaver").await.har("Attestér 2 roller i KY: Forår").har(&sti);
    sa.get(&format!("{sti}?fane=roller&status=VENTER"))
        .await
        .er(200)
        .har("Barn &#60;b&#62;")
        .har("punkter/2");
    let punkt = format!("{sti}/punkter/1");
    sa.get(&punkt).await.er(200).har("Bekræft").har("kan se sager").har("Sager &#60;i&#62;").har("Jens");
    laes.get(&punkt).await.er(200).uden("Bed om ændring");
    laes.post(&punkt, &[("svar", "bekraeft"), ("version", "1")]).await.er(403);
    sa.get(&format!("{sti}/punkter/9")).await.er(404);

    let svar = |svar, hvorfor| [("svar", svar), ("version", "1"), ("begrundelse", hvorfor)];
    sa.post(&punkt, &svar("", "")).await.er(422).har("A-006");
    sa.post(&punkt, &svar("aendring", " ")).await.er(422).har("href=\"#begrundelse\"");
    sa.post(&punkt, &[("svar", "bekraeft"), ("version", "7")]).await.er(409).har("A-005");
    let naeste = sa.post(&punkt, &svar("bekraeft", "")).await.er(303).sted().to_owned();
    assert_eq!(naeste, format!("{sti}/punkter/2"), "on to the next");
    jfa.post(&format!("{sti}/afslut"), &[]).await.er(422).har("T-204");
    let hjem = sa.post(&naeste, &svar("aendring", "For bred <u>")).await.er(303).sted().to_owned();
    assert_eq!(hjem, sti);
    sa.get("/admin/opgaver").await.uden("Attestér 2 roller");
    jfa.get("/admin/opgaver").await.har("Ret Ydelse i KY: For bred &#60;u&#62;");
    jfa.get(&format!("{sti}?fane=historik")).await.er(200).har("Bed om ændring af jobfunktionsrolle");

    // What is attested shows where the role is; what is changed since shows as well.
    let roller = "/admin/jobfunktionsroller";
    laes.get(roller).await.har("Sidst attesteret").uden("Ændret siden");
    laes.get(&format!("{roller}?attest=ikke")).await.har("Ydelse").uden("Barn &#60;b&#62;");
    let barn = format!("{roller}/{}", rolle("", 1).uuid);
    laes.get(&barn).await.har("Attesteringer").har("Bekræftet").uden("Ændret siden");
    let mut ny = rolle("Barn <b>", 1);
    ny.tilknytninger[0].vaerdier[0].vaerdi = "*".into();
    laes.get(STI).await.har("<strong>50 %</strong>").har("1 af 2");
    jfr::gem(&scene.app, &scene.kald(&jens), &ny, Some(1)).await.expect("changed");
    laes.get(STI).await.har("<strong>0 %</strong>").har("0 af 2");
    for sted in [barn.as_str(), roller, &punkt, &format!("{sti}?fane=roller")] {
        laes.get(sted).await.er(200).har("Ændret siden");
    }
    laes.get(&format!("{roller}?attest=ikke")).await.har("Barn &#60;b&#62;");
    laes.get(&format!("{roller}.csv")).await.er(200).har("Sidst attesteret;Ændret siden");

    jfa.get(&format!("{sti}/afslut")).await.er(200).har("2 af 2 er besvaret");
    jfa.post(&format!("{sti}/afslut"), &[]).await.er(303);
    sa.post(&punkt, &[("svar", "bekraeft"), ("version", "2")]).await.er(422).har("T-201");
    laes.get(&sti).await.har("Afsluttet").har("Ændring ønsket");
    let pdf = laes.get(&format!("{sti}/rapport.pdf")).await;
    pdf.er(200);
    assert_eq!(pdf.hoveder["content-type"], "application/pdf");
    laes.get(&format!("{sti}/rapport.csv")).await.er(200).har("Barn <b>").har("For bred <u>").har("Grethe");
    laes.get(&format!("{sti}/rapport.csv?status=BEKR%C3%86FTET")).await.er(200).uden("For bred");
    let alle = [("navn", "Alle"), ("omfang", "alle"), ("frist", "01-03-2027")];
    jfa.post(STI, &alle).await.er(303);
    laes.get(STI)
        .await
        .har("Alle jobfunktionsroller bør attesteres igen senest")
        .har("2 af 2")
        .uden("Start attestering");
}

#[tokio::test]
async fn another_authority_has_no_part_in_it_and_nobody_confirms_his_own() {
    let (scene, jens, mut jfa, sti) = startet().await;
    jfa.get(&sti).await.er(200).har("Ingen").har("Bed jeres Administrator om at udpege en");
    jfa.get("/admin/opgaver").await.har("Udpeg en systemansvarlig for KY: Forår");
    let nabo = scene.bruger("Nanna", NABOKOEBING, &[JFA, Modulrolle::Systemansvarlig]).await;
    let mut nabo = scene.inde(&nabo).await;
    for sted in ["", "/punkter/1", "/afslut", "/rapport.pdf", "/rapport.csv"] {
        nabo.get(&format!("{sti}{sted}")).await.er(404);
    }
    nabo.post(&format!("{sti}/punkter/1"), &[("svar", "bekraeft"), ("version", "1")]).await.er(404);
    nabo.get(STI).await.uden("Forår");
    // Who keeps the roles and answers for the it-system as well.
    let bo = scene.bruger("Bo", KORSBAEK, &[JFA, Modulrolle::Systemansvarlig]).await;
    let mut ny = rolle("Ydelse", 2);
    ny.tilknytninger[0].vaerdier[0].vaerdi = "*".into();
    jfr::gem(&scene.app, &scene.kald(&bo), &ny, Some(1)).await.expect("changed");
    let mut bo = scene.inde(&bo).await;
    let punkt = format!("{sti}/punkter/2");
    bo.get(&punkt).await.er(200).har("Du har selv sammensat").uden(">Bekræft<").har("Bed om ændring");
    bo.post(&punkt, &[("svar", "bekraeft"), ("version", "2")]).await.er(422).har("T-202");
    let _ = jens;
}
