//! Jobfunktionsroller that need action: the state follows from what is registered, and who answers for them is told once.

use crate::klassifikation::{LEVENDE, NEDLAGT, afgraenset, enheder_hvor_en_lukker, kle, scene};
use crate::scene::*;
use administration::{
    Afgraensningsart, Afgraensningsvaerdi, Dataafgraensningstype, Jobfunktionsrolle, Jobfunktionsrollestatus,
    Jobfunktionsrolletilstand as T, Modulrolle as R, Rolleafgraensning, Valgmulighed,
};
use styring::jobfunktionsroller::{self, Rollesoegning};
use styring::{Kald, rollekrav, systemer};
use uuid::Uuid;

/// Looks twice, as two servers do.
async fn se_efter(scene: &Scene) {
    for _ in 0..2 {
        rollekrav::sig_til(&scene.app).await.expect("looked");
    }
}

async fn i_brug(scene: &Scene, jfa: &Kald, rolle: &Jobfunktionsrolle) {
    jobfunktionsroller::gem(&scene.app, jfa, rolle, None).await.expect("a draft");
    jobfunktionsroller::aktiver(&scene.app, jfa, rolle.uuid, 1, None).await.expect("in use");
}

async fn tilstand(scene: &Scene, kald: &Kald, rolle: Uuid) -> T {
    let rolle = jobfunktionsroller::hent(&scene.app, kald, rolle).await.expect("seen").post;
    rollekrav::tilstande(&scene.app, kald, &[&rolle]).await.expect("a state")[0]
}

/// The names of the roles that need action.
async fn kraever(scene: &Scene, kald: &Kald) -> Vec<String> {
    let s = Rollesoegning { kraever_handling: true, antal: 10, ..Rollesoegning::default() };
    let (roller, _) = jobfunktionsroller::list(&scene.app, kald, &s).await.expect("a list");
    roller.into_iter().map(|g| g.post.navn).collect()
}

async fn om(scene: &Scene, kald: &Kald, ord: &str) -> usize {
    scene.ulaeste(kald).await.iter().filter(|e| e.contains(ord)).count()
}

#[tokio::test]
async fn a_role_whose_unit_is_closed_needs_action_until_it_has_another() {
    let (scene, jfa) = scene().await;
    let sa = scene.person("Sofus", KORSBAEK, &[R::Systemansvarlig]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Jobfunktionsrolleadministrator]).await;
    kle(&scene).await;
    enheder_hvor_en_lukker(&scene, 10).await;
    let rolle = afgraenset(&scene, "Ydelse", "91.03.02", Some(NEDLAGT));
    i_brug(&scene, &jfa, &rolle).await;
    i_brug(&scene, &jfa, &afgraenset(&scene, "Anden", "91.03.02", Some(LEVENDE))).await;
    let krav = "Jobfunktionsrollen Ydelse kræver handling";
    se_efter(&scene).await;
    assert_eq!((tilstand(&scene, &jfa, rolle.uuid).await, om(&scene, &jfa, krav).await), (T::Aktiv, 0));
    scene.gaa(11);
    for _ in 0..3 {
        se_efter(&scene).await;
        scene.gaa(1);
    }
    assert_eq!((om(&scene, &jfa, krav).await, om(&scene, &sa, krav).await), (1, 1), "once");
    assert_eq!(om(&scene, &nabo, "kræver handling").await, 0);
    assert_eq!(tilstand(&scene, &jfa, rolle.uuid).await, T::KraeverHandling);
    assert_eq!(kraever(&scene, &jfa).await, ["Ydelse"]);
    let gem = async |enhed, foer| {
        let status = Jobfunktionsrollestatus::Aktiveret;
        let ny = afgraenset(&scene, "Ydelse", "91.03.02", Some(enhed));
        let ny = Jobfunktionsrolle { uuid: rolle.uuid, status, ..ny };
        jobfunktionsroller::gem_efterproevet(&scene.app, &jfa, &ny, Some(foer), true).await.expect("changed");
    };
    gem(LEVENDE, 2).await;
    assert_eq!(tilstand(&scene, &jfa, rolle.uuid).await, T::Aktiv, "mended");
    assert!(kraever(&scene, &jfa).await.is_empty());
    se_efter(&scene).await;
    gem(NEDLAGT, 3).await;
    se_efter(&scene).await;
    assert_eq!(om(&scene, &sa, krav).await, 2, "it came back");
}

#[tokio::test]
async fn what_suppliers_withdraw_and_classes_that_are_gone_are_told_together() {
    let (scene, jfa) = scene().await;
    let rolle = afgraenset(&scene, "Ydelse", "91.01.04", None);
    i_brug(&scene, &jfa, &rolle).await;
    let mut kladde = afgraenset(&scene, "Kladde", "91.01.04", None);
    kladde.entity_id = "http://korsbaek.example/roles/jobrole/kladde/1".into();
    jobfunktionsroller::gem(&scene.app, &jfa, &kladde, None).await.expect("a draft");
    se_efter(&scene).await;
    assert_eq!(om(&scene, &jfa, "kræver handling").await, 0, "nothing is registered, so nothing is gone");
    kle(&scene).await;
    let mut data = scene.app.politik().data().clone();
    let dag = scene.nu();
    data.systemer.iter_mut().flat_map(|s| &mut s.brugersystemroller).for_each(|b| b.udfases = Some(dag));
    scene.app.saet_politik(&data, false).await.expect("a policy");
    se_efter(&scene).await;
    assert_eq!(om(&scene, &jfa, "kræver handling").await, 1);
    let liste = styring::adviser::Advisliste { antal: 9, ..Default::default() };
    let (mine, _) = styring::adviser::mine(&scene.app, &jfa, liste).await.expect("mine");
    let tekst = &mine.iter().find(|(a, _)| a.emne.contains("kræver handling")).expect("told").0.tekst;
    assert!(tekst.contains("Se sag er udgået") && tekst.contains("KLE 91.01.04 er udgået"), "{tekst}");
}

#[tokio::test]
async fn what_is_sensitive_and_not_limited_is_told_when_it_becomes_so() {
    let (scene, jfa) = scene().await;
    let sa = scene.person("Sofus", KORSBAEK, &[R::Systemansvarlig]).await;
    i_brug(&scene, &jfa, &afgraenset(&scene, "Alt", "*", None)).await;
    i_brug(&scene, &jfa, &afgraenset(&scene, "Lidt", "32.*", None)).await;
    se_efter(&scene).await;
    assert_eq!(om(&scene, &sa, "uden afgrænsning").await, 0, "nothing is sensitive");
    let mut data = scene.app.politik().data().clone();
    data.systemer.iter_mut().flat_map(|s| &mut s.brugersystemroller).for_each(|b| b.foelsom = true);
    scene.app.saet_politik(&data, false).await.expect("a policy");
    for _ in 0..3 {
        se_efter(&scene).await;
        scene.gaa(1);
    }
    for kald in [&jfa, &sa] {
        assert_eq!(om(&scene, kald, "uden afgrænsning").await, 1);
        assert_eq!(om(&scene, kald, "Jobfunktionsrollen Alt er følsom").await, 1);
    }
    assert!(kraever(&scene, &jfa).await.is_empty(), "a warning, and no state");
}

/// Changes KY's own types of limits as a policy file does.
async fn graenser(scene: &Scene, aendr: impl Fn(&mut Vec<Dataafgraensningstype>)) {
    let mut data = scene.app.politik().data().clone();
    for system in data.systemer.iter_mut().filter(|s| s.uuid == KY) {
        aendr(&mut system.dataafgraensningstyper);
        let typer: Vec<String> = system.dataafgraensningstyper.iter().map(|t| t.entity_id.clone()).collect();
        for b in &mut system.brugersystemroller {
            b.afgraensninger.retain(|a| !a.entity_id.starts_with("http://ky.example/"));
            b.afgraensninger
                .extend(typer.iter().map(|t| Rolleafgraensning { entity_id: t.clone(), kraevet: false }));
        }
    }
    scene.app.saet_politik(&data, false).await.expect("a policy");
}

#[tokio::test]
async fn who_uses_a_limit_is_told_when_its_supplier_changes_or_withdraws_it() {
    const NIVEAU: &str = "http://ky.example/constraints/niveau/1";
    let (scene, jfa) = scene().await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[R::Jobfunktionsrolleadministrator]).await;
    let valg = |navn: &str, vaerdi: &str| Valgmulighed { navn: navn.into(), vaerdi: vaerdi.into() };
    let niveau = Dataafgraensningstype {
        uuid: Uuid::from_u128(0xc1),
        navn: "Niveau".into(),
        beskrivelse: String::new(),
        entity_id: NIVEAU.into(),
        art: Afgraensningsart::Single,
        regulaert_udtryk: None,
        vaerdier: vec![valg("Normal", "1"), valg("Fortrolig", "2")],
    };
    graenser(&scene, |typer| typer.push(niveau.clone())).await;
    let se_efter = async || {
        for _ in 0..2 {
            systemer::aendrede_graenser(&scene.app).await.expect("looked");
        }
    };
    let mut rolle = afgraenset(&scene, "Fortroligt", "32.*", None);
    rolle.tilknytninger[0].vaerdier.push(Afgraensningsvaerdi {
        entity_id: NIVEAU.into(),
        navn: String::new(),
        vaerdi: "2".into(),
        dynamisk: false,
    });
    i_brug(&scene, &jfa, &rolle).await;
    i_brug(&scene, &jfa, &afgraenset(&scene, "Anden", "32.*", None)).await;
    let om_ky = async |kald: &Kald| {
        let alle = scene.ulaeste(kald).await;
        alle.into_iter().filter(|e| e.contains("KY")).collect::<Vec<_>>()
    };
    se_efter().await;
    graenser(&scene, |typer| typer[0].vaerdier.push(valg("Hemmelig", "3"))).await;
    se_efter().await;
    graenser(&scene, |typer| typer[0].vaerdier[0].navn = "Almindelig".into()).await;
    se_efter().await;
    assert!(om_ky(&jfa).await.is_empty(), "nothing that is used is another");
    scene.gaa(1);
    graenser(&scene, |typer| typer[0].beskrivelse = "Hvor fortrolige sager".into()).await;
    se_efter().await;
    assert_eq!(om_ky(&jfa).await, ["Dataafgrænsningen Niveau i KY er ændret"]);
    scene.gaa(1);
    graenser(&scene, |typer| typer[0].vaerdier.retain(|v| v.vaerdi != "2")).await;
    se_efter().await;
    assert_eq!(om_ky(&jfa).await[0], "Udgået i KY: værdien Fortrolig af dataafgrænsningen Niveau");
    scene.gaa(1);
    graenser(&scene, Vec::clear).await;
    se_efter().await;
    assert_eq!(om_ky(&jfa).await[0], "Udgået i KY: dataafgrænsningen Niveau");
    assert_eq!(om_ky(&jfa).await.len(), 3, "each once");
    scene.gaa(1);
    graenser(&scene, |typer| typer.push(niveau.clone())).await;
    se_efter().await;
    graenser(&scene, Vec::clear).await;
    se_efter().await;
    assert_eq!(om_ky(&jfa).await.len(), 4, "withdrawn once more");
    assert!(scene.ulaeste(&nabo).await.is_empty(), "who does not use it is told nothing");
}
