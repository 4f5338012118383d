//! The validation: every breach, and nothing stored.

use crate::byg::{self, dokument, sag};
use crate::scene::{ANDET, FAG, KORSBAEK, NABO, NABOS, Scene, kald, kalder, koder};
use indeks::skema::Art;

/// Two minutes before the scene begins.
const NU: &str = "2025-04-01T11:58:00.000+02:00";

pub async fn an_import_is_judged_by_every_rule_and_stored_nowhere(scene: Scene) {
    let (mut d, mut s) = (dokument(1), sag(1));
    // Told as soon as it happened.
    (d.tidspunkt, s.tidspunkt) = (NU.to_owned(), NU.to_owned());
    s.peger = vec![d.uuid];
    let god = byg::importer(&[s.clone(), d]);
    let fag = kalder(FAG, KORSBAEK);
    for caller in [None, Some(&fag)] {
        let svar = indekser::valider(&scene.app, caller, kald(&god)).await;
        assert_eq!(koder(&svar), ["20", "20"], "{svar}");
    }
    // What is a warning when it is stored is a breach here, each with its rule and place.
    let daarlig =
        god.replace("<sag:Sagsnummer>", "<sag:Sagsnummer>X").replace("<gd:Indeks>1</gd:Indeks>", "");
    let svar = indekser::valider(&scene.app, None, kald(&daarlig)).await;
    assert!(koder(&svar).iter().filter(|k| **k == "40").count() >= 2, "{svar}");
    assert!(
        svar.contains("S-02")
            && svar.contains("G-07")
            && svar.contains("sag:AttributListe/sag:Egenskaber[1]"),
        "{svar}"
    );
    // With a caller, rights are judged too, and what is referred to must be there.
    let mut fremmed = s.clone();
    (fremmed.system, fremmed.peger) = (ANDET.to_owned(), vec![byg::uuid(Art::Dokument, 99)]);
    let svar = indekser::valider(&scene.app, Some(&fag), kald(&byg::importer(&[fremmed]))).await;
    assert!(koder(&svar).contains(&"43") && svar.contains("S-15"), "{svar}");
    assert_eq!(koder(&scene.fag(&byg::soeg_sagdok(&[(Art::Sag, s.uuid)], "", "")).await), ["44"]);
    assert!(scene.app.store().haendelser(1).await.expect("the outbox").is_empty());
}

pub async fn nobody_is_told_what_keys_another_authority_has(scene: Scene) {
    let deres = byg::Ting { ejer: NABO.to_owned(), system: NABOS.to_owned(), ..sag(7) };
    let gemt = indekser::udfoer(
        &scene.app,
        &kalder(NABOS, NABO),
        kald(&byg::importer(std::slice::from_ref(&deres))),
    )
    .await;
    assert_eq!(koder(&gemt), ["20"], "{gemt}");
    // The same number under another UUID.
    let samme = |ting: &byg::Ting| byg::Ting { uuid: byg::uuid(Art::Sag, 8), ..ting.clone() };
    let spurgt = |system: &str, cvr: &str, ting: byg::Ting| {
        let (app, caller) = (scene.app.clone(), kalder(system, cvr));
        async move { indekser::valider(&app, Some(&caller), kald(&byg::importer(&[ting]))).await }
    };
    let selv = spurgt(NABOS, NABO, samme(&deres)).await;
    assert!(selv.contains("S-03"), "its own: {selv}");
    let fremmed = spurgt(FAG, KORSBAEK, samme(&deres)).await;
    assert!(koder(&fremmed).contains(&"43") && !fremmed.contains("S-03"), "{fremmed}");
    let ledig = byg::Ting { nummer: "ledig-1".to_owned(), ..samme(&deres) };
    assert_eq!(spurgt(FAG, KORSBAEK, ledig).await, fremmed, "a number in use is told from one that is not");
}

pub async fn an_update_is_judged_with_and_without_a_caller(scene: Scene) {
    let s = sag(1);
    scene.fag(&byg::importer(std::slice::from_ref(&s))).await;
    let ny = byg::ny_titel(&s, "Ny", NU);
    let fag = kalder(FAG, KORSBAEK);
    for caller in [None, Some(&fag)] {
        assert_eq!(koder(&indekser::valider(&scene.app, caller, kald(&ny)).await), ["20"]);
    }
    let uden_titel = ny.replace("<sag:Titel>Ny</sag:Titel>", "");
    for caller in [None, Some(&fag)] {
        let svar = indekser::valider(&scene.app, caller, kald(&uden_titel)).await;
        assert!(svar.contains("S-01"), "{svar}");
    }
    // Without a caller nobody is told what there is.
    let ukendt = ny.replace(&s.uuid.to_string(), &byg::uuid(Art::Sag, 99).to_string());
    assert_eq!(koder(&indekser::valider(&scene.app, None, kald(&ukendt)).await), ["20"]);
    assert_eq!(koder(&indekser::valider(&scene.app, Some(&fag), kald(&ukendt)).await), ["44"]);
    let fjern = kald(&byg::fjern(&[s.uuid], ""));
    assert_eq!(koder(&indekser::valider(&scene.app, Some(&fag), fjern).await), ["40"]);
}
