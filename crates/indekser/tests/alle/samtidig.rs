//! Many at once.

use crate::byg::{self, FRA, aendring, sag, sag_egenskaber};
use crate::scene::{FAG, KORSBAEK, Scene, kald, kalder, koder, tekster};
use indeks::skema::Art;
use std::collections::BTreeSet;

/// Writers at once.
const SKRIVERE: u32 = 8;
/// How often they write.
const RUNDER: u32 = 5;

pub async fn of_those_who_update_one_wins_each_round_and_none_is_lost(scene: Scene) {
    let s = sag(1);
    scene.fag(&byg::importer(std::slice::from_ref(&s))).await;
    let mut godtaget = BTreeSet::new();
    for runde in 0..RUNDER {
        // All with the same Tidspunkt: whoever comes first has it.
        let tidspunkt = format!("2025-03-04T10:{runde:02}:00.000+01:00");
        let mut opgaver = Vec::new();
        for nr in 0..SKRIVERE {
            let (app, titel) = (scene.app.clone(), format!("Titel {runde}-{nr}"));
            let xml = byg::ny_titel(&s, &titel, &tidspunkt);
            opgaver.push(tokio::spawn(async move {
                (titel, indekser::udfoer(&app, &kalder(FAG, KORSBAEK), kald(&xml)).await)
            }));
        }
        let mut vandt = Vec::new();
        for opgave in opgaver {
            let (titel, svar) = opgave.await.expect("no panic");
            match koder(&svar).as_slice() {
                ["20"] => vandt.push(titel),
                ["49"] => {}
                andet => panic!("{andet:?}: {svar}"),
            }
        }
        assert_eq!(vandt.len(), 1, "{vandt:?}");
        godtaget.extend(vandt);
    }
    // What was answered 20 is there, each in a registrering of its own.
    let navn = [(Art::Sag as i64, s.uuid)];
    let nr = scene.app.store().indeks_objekter(&navn).await.expect("stored")[0].nr;
    assert_eq!(scene.app.store().indeks_historik(&[nr]).await.expect("history").len(), RUNDER as usize);
    let alle = "<sd:SoegRegistrering><sd:FraTidspunkt><sd:GraenseIndikator>true</sd:GraenseIndikator></sd:FraTidspunkt></sd:SoegRegistrering>";
    let svar = scene.fag(&byg::soeg_sagdok(&[], &byg::led(Art::Sag, alle, "", ""), "")).await;
    let titler: BTreeSet<String> = tekster(&svar, "Titel").into_iter().map(str::to_owned).collect();
    assert!(godtaget.is_subset(&titler), "{titler:?}");
    // With times of their own, each is made or told that it came too late.
    let mut opgaver = Vec::new();
    for nr in 0..SKRIVERE {
        let tidspunkt = format!("2025-03-05T10:{nr:02}:00.000+01:00");
        let en =
            aendring(s.uuid, &sag_egenskaber(&format!("Sidst {nr}"), &s.nummer, FRA), "", "", &tidspunkt);
        let (app, xml) = (scene.app.clone(), byg::opdater(&[en]));
        opgaver.push(tokio::spawn(async move {
            koder(&indekser::udfoer(&app, &kalder(FAG, KORSBAEK), kald(&xml)).await).concat()
        }));
    }
    let mut gjort = 0;
    for opgave in opgaver {
        gjort += usize::from(opgave.await.expect("no panic") == "20");
    }
    let historik = scene.app.store().indeks_historik(&[nr]).await.expect("history").len();
    assert_eq!(historik, RUNDER as usize + gjort);
    let svar = scene.fag(&byg::soeg_sagdok(&[(Art::Sag, s.uuid)], "", "")).await;
    assert!(svar.contains(&format!("Sidst {}", SKRIVERE - 1)), "the last of all: {svar}");
}

pub async fn of_those_who_import_one_is_first(scene: Scene) {
    let mut opgaver = Vec::new();
    for nr in 0..SKRIVERE {
        let mut s = sag(1);
        s.titel = format!("Titel {nr}");
        let (app, xml) = (scene.app.clone(), byg::importer(&[s]));
        opgaver.push(tokio::spawn(async move {
            koder(&indekser::udfoer(&app, &kalder(FAG, KORSBAEK), kald(&xml)).await).concat()
        }));
    }
    let mut svar = Vec::new();
    for opgave in opgaver {
        svar.push(opgave.await.expect("no panic"));
    }
    assert_eq!(svar.iter().filter(|s| *s == "20").count(), 1, "{svar:?}");
    assert_eq!(svar.iter().filter(|s| *s == "49").count(), SKRIVERE as usize - 1, "{svar:?}");
}
