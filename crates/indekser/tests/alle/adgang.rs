//! Who gets in, who sees what is not theirs, and what the access log has of it.

use crate::byg::{self, sag};
use crate::scene::{FAG, INGEN, KORSBAEK, LAESER, NABO, NABOS, Scene, fundne, id, kalder, koder};
use administration::Rolle;
use indeks::skema::Art;
use uuid::Uuid;

pub async fn nobody_without_an_agreement_gets_in(scene: Scene) {
    let import = byg::importer(&[sag(1)]);
    let svar = scene.udfoer(INGEN, KORSBAEK, &import).await;
    assert_eq!(koder(&svar), ["43"]);
    assert!(svar.contains("StandardRetur") && svar.contains("AFT-01"), "{svar}");
    // Who reads does not write, and the log has the rule under the transaction.
    let svar = scene.udfoer(LAESER, KORSBAEK, &import).await;
    assert!(svar.contains("AFT-05") && svar.contains("Rediger"), "{svar}");
    let log = scene.log(99).await;
    assert!(log.iter().any(|l| l.udfald == "afvist" && l.regel.starts_with("AFT-01")), "{log:?}");
    assert_eq!(koder(&scene.fag(&import).await), ["20"]);
}

pub async fn another_municipalitys_token_sees_and_changes_nothing(scene: Scene) {
    let s = sag(1);
    assert_eq!(koder(&scene.fag(&byg::importer(std::slice::from_ref(&s))).await), ["20"]);
    let soeg = byg::soeg_sagdok(&[(Art::Sag, s.uuid)], "", "");
    let nabo = |xml: String| {
        let scene = &scene;
        async move { koder(&scene.udfoer(NABOS, NABO, &xml).await).join(" ") }
    };
    assert_eq!(nabo(soeg.clone()).await, "44");
    assert_eq!(nabo(byg::soeg_sagdok(&[], &byg::af_part(Art::Sag, &s.part), "")).await, "44");
    assert_eq!(nabo(byg::ny_titel(&s, "Kapret", "2025-03-04T10:00:00+01:00")).await, "44");
    assert_eq!(nabo(byg::fjern(&[s.uuid], "")).await, "44");
    // What says it is another's is refused, and what takes a UUID in use is told nothing more.
    assert_eq!(nabo(byg::importer(&[sag(2)])).await, "43");
    let mut deres = sag(1);
    (deres.ejer, deres.system) = (NABO.to_owned(), NABOS.to_owned());
    assert_eq!(nabo(byg::importer(&[deres])).await, "49");
    let svar = scene.fag(&soeg).await;
    assert!(svar.contains(&s.titel) && !svar.contains("Kapret"), "{svar}");
}

pub async fn hidden_is_missing_byte_for_byte(scene: Scene) {
    let mut hemmelig = sag(1);
    hemmelig.niveau = "VIP_SAGER";
    let mut andet_emne = sag(2);
    andet_emne.kle = vec!["27.36.04".to_owned()];
    assert_eq!(
        koder(&scene.fag(&byg::importer(&[hemmelig.clone(), andet_emne.clone()])).await),
        ["20", "20"]
    );
    let afgraenset = "7a000000-0000-4000-8000-000000000010";
    let vej: &[(&str, &[&str])] = &[("KLE", &["32.*"]), ("Foelsomhed", &["FOELSOMME_PERSONOPLYSNINGER"])];
    scene.aftale(afgraenset, KORSBAEK, &[Rolle::Udstil, Rolle::Rediger], &[vej]).await;
    let findes_ikke = id("1a000000-0000-4000-8000-00000000ffff");
    let spoerg = |system: &'static str, myndighed: &'static str, uuid: Uuid| {
        let scene = &scene;
        async move {
            let svar = scene.udfoer(system, myndighed, &byg::soeg_sagdok(&[(Art::Sag, uuid)], "", "")).await;
            svar.replace(&uuid.to_string(), "UUID")
        }
    };
    let mangler = spoerg(FAG, KORSBAEK, findes_ikke).await;
    for uuid in [hemmelig.uuid, andet_emne.uuid] {
        assert!(spoerg(FAG, KORSBAEK, uuid).await.contains("UUID"), "the owner's system sees it");
        assert_eq!(spoerg(afgraenset, KORSBAEK, uuid).await, mangler);
        assert_eq!(spoerg(NABOS, NABO, uuid).await, mangler);
    }
    // Neither do changes and removals by another municipality tell.
    for xml in [byg::ny_titel(&hemmelig, "x", "2025-03-04T10:00:00+01:00"), byg::fjern(&[hemmelig.uuid], "")]
    {
        let deres = scene.udfoer(NABOS, NABO, &xml).await;
        let uuid = findes_ikke.to_string();
        let ingens = scene.udfoer(NABOS, NABO, &xml.replace(&hemmelig.uuid.to_string(), &uuid)).await;
        assert_eq!(deres.replace(&hemmelig.uuid.to_string(), &uuid), ingens);
    }
}

pub async fn what_was_shown_is_in_the_access_log(scene: Scene) {
    let s = sag(1);
    scene.fag(&byg::importer(std::slice::from_ref(&s))).await;
    let soeg = byg::soeg_sagdok(&[], &byg::af_part(Art::Sag, &s.part), "");
    let mut kalder = kalder(LAESER, KORSBAEK);
    for (nr, urn, fundet) in [(7, s.part.as_str(), 1), (8, "urn:oio:cpr-nr:0202020000", 0)] {
        kalder.transaktion = Uuid::from_u128(nr);
        let xml = soeg.replace(&s.part, urn);
        let svar = indekser::udfoer(&scene.app, &kalder, crate::scene::kald(&xml)).await;
        assert_eq!(fundne(&svar).len(), fundet);
    }
    let (fandt, intet) = (scene.log(7).await, scene.log(8).await);
    assert_eq!((fandt[0].operation.as_str(), fandt[0].objekter.len()), ("fremsoeg", 1));
    assert_eq!(fandt[0].objekter[0].0, s.uuid);
    assert_eq!((intet.len(), intet[0].objekter.len()), (1, 0));
    assert!(!format!("{fandt:?}{intet:?}").contains("0101010001"), "no CPR number");
}
