//! importer and opdater.

use crate::byg::{self, FRA, aendring, dokument, fremdrift, sag, sag_egenskaber};
use crate::scene::{ANDET, KORSBAEK, Scene, koder, tekster};
use indeks::skema::Art;

const SENERE: &str = "2025-03-04T10:00:00.000+01:00";

async fn vis(scene: &Scene, uuid: uuid::Uuid) -> String {
    scene.fag(&byg::soeg_sagdok(&[(Art::Sag, uuid)], "", "")).await
}

pub async fn documents_come_first_and_each_object_has_a_status(scene: Scene) {
    let (d, mut s, mut uden) = (dokument(1), sag(1), sag(2));
    s.peger = vec![d.uuid];
    uden.titel = String::new();
    // The case stands before its document, and one breaks a rule.
    let svar = scene
        .fag(&byg::importer(&[s.clone(), uden.clone(), d.clone()]).replace("<sag:Titel></sag:Titel>", ""))
        .await;
    assert_eq!(koder(&svar), ["20", "40", "20"]);
    let uuider: Vec<String> = [&s, &uden, &d].map(|t| t.uuid.to_string()).to_vec();
    assert_eq!(tekster(&svar, "UUIDIdentifikator"), uuider);
    assert_eq!(tekster(&svar, "Type"), ["SagIndeks", "SagIndeks", "DokumentIndeks"]);
    assert!(svar.contains("S-01"), "{svar}");
    // Numbers follow the order they are stored in.
    let navne = [(Art::Sag as i64, s.uuid), (Art::Dokument as i64, d.uuid)];
    let gemt = scene.app.store().indeks_objekter(&navne).await.expect("stored");
    assert!(gemt[0].id == d.uuid && gemt[1].id == s.uuid && gemt.len() == 2);
    assert_eq!(vis(&scene, s.uuid).await.matches("StsTidspunkt>2025-04-01T12:00:00.000+02:00").count(), 1);
}

pub async fn what_comes_again_is_as_good_as_stored(scene: Scene) {
    let s = sag(1);
    let import = byg::importer(&[s.clone(), s.clone()]);
    assert_eq!(koder(&scene.fag(&import).await), ["20", "20"]);
    scene.vent(60);
    assert_eq!(koder(&scene.fag(&import).await), ["20", "20"]);
    let mut anden = s.clone();
    anden.titel = "Noget andet".to_owned();
    assert_eq!(koder(&scene.fag(&byg::importer(&[anden])).await), ["49"]);
    assert!(vis(&scene, s.uuid).await.contains(&s.titel));
    // Once it has changed, the import is no longer the same.
    assert_eq!(koder(&scene.fag(&byg::ny_titel(&s, "Ny", SENERE)).await), ["20"]);
    assert_eq!(koder(&scene.fag(&byg::importer(&[s])).await), ["49"]);
}

pub async fn rules_and_rights_refuse_one_object_alone(scene: Scene) {
    let (god, mut fremmed, mut uden_ejer) = (sag(1), sag(2), sag(3));
    fremmed.system = "7a000000-0000-4000-8000-0000000000aa".to_owned();
    uden_ejer.ejer = "22222222".to_owned();
    let svar = scene.fag(&byg::importer(&[fremmed, god.clone(), uden_ejer])).await;
    assert_eq!(koder(&svar), ["43", "20", "43"]);
    // Another system of the same municipality is neither Master nor Afsender.
    let svar = scene.udfoer(ANDET, KORSBAEK, &byg::ny_titel(&god, "Ny", SENERE)).await;
    assert_eq!(koder(&svar), ["43"]);
    let aendringer = [
        aendring(byg::uuid(Art::Sag, 99), &sag_egenskaber("Ny", "1", FRA), "", "", SENERE),
        aendring(god.uuid, &sag_egenskaber("Ny", &god.nummer, FRA), "", "", SENERE),
        aendring(
            god.uuid,
            "",
            "",
            &byg::rel(
                Art::Sag,
                "Sagsaktoer",
                "Ejer",
                "bc6972cd-8f2b-4b9d-8d37-62916d6a71aa",
                "",
                "urn:oio:cvr-nr:22222222",
                "",
            ),
            "2025-03-05T10:00:00+01:00",
        ),
    ];
    let svar = scene.fag(&byg::opdater(&aendringer)).await;
    assert_eq!(koder(&svar), ["44", "20", "43"]);
    assert!(vis(&scene, god.uuid).await.contains("<sag:Titel>Ny</sag:Titel>"));
}

pub async fn an_update_is_the_next_registrering(scene: Scene) {
    let s = sag(1);
    scene.fag(&byg::importer(std::slice::from_ref(&s))).await;
    scene.vent(3600);
    let aendret = byg::opdater(&[aendring(
        s.uuid,
        &sag_egenskaber("Ny titel", &s.nummer, "2025-03-01"),
        &fremdrift("2025-03-01", "", "Oplyst"),
        "",
        SENERE,
    )]);
    assert_eq!(koder(&scene.fag(&aendret).await), ["20"]);
    let svar = vis(&scene, s.uuid).await;
    let titler = tekster(&svar, "Titel");
    assert_eq!(titler, [s.titel.as_str(), "Ny titel"], "what held before still stands");
    assert_eq!(tekster(&svar, "FremdriftStatusKode"), ["Opstaaet", "Oplyst"]);
    assert_eq!(svar.matches("<sag:Registrering>").count(), 1);
    assert!(svar.contains("StsTidspunkt>2025-04-01T13:00:00.000+02:00"), "{svar}");
    assert!(svar.contains(&format!("SenestAendretTidspunkt>{SENERE}")));
    assert!(
        svar.contains("urn:oio:cpr-nr:") && svar.contains("Importeret"),
        "what was not sent is as it was"
    );
}

pub async fn an_update_that_comes_again_or_too_late(scene: Scene) {
    let s = sag(1);
    scene.fag(&byg::importer(std::slice::from_ref(&s))).await;
    let (en, to) = (byg::ny_titel(&s, "En", SENERE), byg::ny_titel(&s, "To", "2025-03-05T10:00:00+01:00"));
    assert_eq!(koder(&scene.fag(&en).await), ["20"]);
    assert_eq!(koder(&scene.fag(&en).await), ["20"], "the same again");
    assert_eq!(koder(&scene.fag(&byg::ny_titel(&s, "Andet", SENERE)).await), ["49"]);
    assert_eq!(koder(&scene.fag(&to).await), ["20"]);
    assert_eq!(koder(&scene.fag(&en).await), ["49"], "another came meanwhile");
    assert!(vis(&scene, s.uuid).await.contains(">To<"));
    // Two of one object in one call are made one after the other.
    let begge = [
        aendring(s.uuid, &sag_egenskaber("Tre", &s.nummer, FRA), "", "", "2025-03-06T10:00:00+01:00"),
        aendring(s.uuid, &sag_egenskaber("Fire", &s.nummer, FRA), "", "", "2025-03-07T10:00:00+01:00"),
    ];
    assert_eq!(koder(&scene.fag(&byg::opdater(&begge)).await), ["20", "20"]);
    assert!(vis(&scene, s.uuid).await.contains(">Fire<"));
}

pub async fn what_happened_is_in_the_outbox(scene: Scene) {
    let (s, mut stille, d) = (sag(1), sag(2), dokument(1));
    stille.uden_notifikation = true;
    scene.fag(&byg::importer(&[s.clone(), stille, d])).await;
    scene.fag(&byg::ny_titel(&s, "Ny", SENERE)).await;
    let trin = aendring(s.uuid, "", &fremdrift("2025-03-01", "", "Oplyst"), "", "2025-03-05T10:00:00+01:00");
    scene.fag(&byg::opdater(&[trin])).await;
    scene.fag(&byg::fjern(&[s.uuid], "")).await;
    let haendelser = scene.app.store().haendelser(10).await.expect("the outbox");
    let handlinger: Vec<&str> = haendelser.iter().map(|h| h.handling.as_str()).collect();
    assert_eq!(handlinger, ["importeret", "ændret", "fremdrift ændret", "slettet"]);
    assert!(haendelser.iter().all(|h| h.objekt.0 == s.uuid && h.objekttype == "SagIndeks"));
    let omslag = indeks::besked::Omslag::laes(&haendelser[3].omslag);
    assert_eq!(omslag.emner.into_iter().collect::<Vec<_>>(), ["32.24.04"]);
}
