//! fremsoeg: what is found, what is shown with it, and how it is paged.

use crate::byg::{self, af_part, dokument, led, sag, side, ting};
use crate::scene::{Scene, fundne, koder, tekster};
use indeks::skema::Art;
use std::collections::BTreeSet;
use uuid::Uuid;

async fn find(scene: &Scene, udtryk: &str) -> BTreeSet<Uuid> {
    fundne(&scene.fag(&byg::soeg_sagdok(&[], udtryk, "")).await).into_iter().collect()
}

pub async fn cases_are_found_by_what_they_say(scene: Scene) {
    let mut sager: Vec<_> = (1..=6).map(sag).collect();
    sager[1].titel = "Boligstøtte i Korsbæk".to_owned();
    sager[2].kle = vec!["27.36.04".to_owned()];
    sager[3].part = "urn:oio:cpr-nr:0202020000".to_owned();
    sager[5].titel = format!("{} sidstnævnte", "et af mange ord ".repeat(5));
    assert_eq!(koder(&scene.fag(&byg::importer(&sager)).await), ["20"; 6]);
    let u = |numre: &[u32]| numre.iter().map(|n| byg::uuid(Art::Sag, *n)).collect::<BTreeSet<_>>();
    assert_eq!(find(&scene, &af_part(Art::Sag, "urn:oio:cpr-nr:0202020000")).await, u(&[4]));
    let titel = |t: &str| {
        led(Art::Sag, "", &format!("<sag:Egenskaber><sag:Titel>{t}</sag:Titel></sag:Egenskaber>"), "")
    };
    assert_eq!(find(&scene, &titel("korsb")).await, u(&[2]));
    assert_eq!(find(&scene, &titel("sidstn")).await, u(&[6]), "however many words come before");
    let nummer = |t: &str| {
        led(
            Art::Sag,
            "",
            &format!("<sag:Egenskaber><sag:Sagsnummer>{t}</sag:Sagsnummer></sag:Egenskaber>"),
            "",
        )
    };
    assert_eq!(find(&scene, &nummer(&sager[4].nummer)).await, u(&[5]));
    assert_eq!(find(&scene, &byg::af_emne("27.*", "")).await, u(&[3]));
    assert_eq!(find(&scene, &byg::af_emne("32.24.04", "")).await, u(&[1, 2, 4, 5, 6]));
    let begge = format!("{}<sdi:NOT>{}</sdi:NOT>", byg::af_emne("32.*", ""), titel("korsb"));
    assert_eq!(find(&scene, &begge).await, u(&[1, 4, 5, 6]));
    let enten =
        format!("<sdi:operation>OR</sdi:operation>{}{}", byg::af_emne("27.36.04", ""), titel("korsb"));
    assert_eq!(find(&scene, &enten).await, u(&[2, 3]));
    // Both a name and an expression: only what is both.
    let navne = [(Art::Sag, sager[0].uuid), (Art::Sag, sager[2].uuid)];
    let svar = scene.fag(&byg::soeg_sagdok(&navne, &byg::af_emne("27.*", ""), "")).await;
    assert_eq!(fundne(&svar), [sager[2].uuid]);
    // An empty filter counts and shows nothing.
    let svar = scene.fag(&byg::soeg_sagdok(&[], &byg::af_emne("32.*", ""), "<sdi:Filter/>")).await;
    assert_eq!((fundne(&svar).len(), tekster(&svar, "StatusKode")), (0, vec!["20"]));
    assert!(svar.contains("<sdi:Antal>5</sdi:Antal>"), "{svar}");
    let svar = scene.fag(&byg::soeg_sagdok(&[], &titel("findes ikke"), "")).await;
    assert_eq!(koder(&svar), ["44"]);
    assert!(!svar.contains("Antal"), "{svar}");
}

pub async fn documents_and_cases_belong_together(scene: Scene) {
    let dokumenter: Vec<_> = (1..=3).map(dokument).collect();
    let (mut en, mut to) = (sag(1), sag(2));
    en.peger = vec![dokumenter[0].uuid];
    to.peger = vec![dokumenter[1].uuid];
    let alle = [dokumenter.clone(), vec![en.clone(), to.clone()]].concat();
    assert_eq!(koder(&scene.fag(&byg::importer(&alle)).await), ["20"; 5]);
    let dok = |titel: &str| {
        led(Art::Dokument, "", &format!("<di:Egenskaber><di:Titel>{titel}</di:Titel></di:Egenskaber>"), "")
    };
    let begge = format!("{}{}", af_part(Art::Sag, &en.part), dok("Ansøgning*"));
    let forventet = BTreeSet::from([en.uuid, dokumenter[0].uuid]);
    assert_eq!(find(&scene, &begge).await, forventet);
    let svar = scene
        .fag(&byg::soeg_sagdok(&[], &format!("{}{}", af_part(Art::Sag, &en.part), dok("Andet")), ""))
        .await;
    assert_eq!(koder(&svar), ["44"]);
    let sagsloese = "<sdi:SoegSagsloeseDokumenter><di:AttributListe/><di:TilstandListe/><di:RelationListe/></sdi:SoegSagsloeseDokumenter>";
    assert_eq!(find(&scene, sagsloese).await, BTreeSet::from([dokumenter[2].uuid]));
}

pub async fn what_is_related_is_included(scene: Scene) {
    let (d, mut hoved, anden) = (dokument(1), sag(1), sag(2));
    hoved.peger = vec![d.uuid];
    hoved.relateret = vec![anden.uuid];
    let alle = [d.clone(), hoved.clone(), anden.clone()];
    assert_eq!(koder(&scene.fag(&byg::importer(&alle)).await), ["20"; 3]);
    let med = |hvad: &str| {
        let filter = format!(
            "<sdi:Filter><sdi:SagVis><sdi:Vis>egenskaber</sdi:Vis></sdi:SagVis><sdi:DokumentVis><sdi:Vis>egenskaber</sdi:Vis></sdi:DokumentVis>{hvad}</sdi:Filter>"
        );
        byg::soeg_sagdok(&[(Art::Sag, hoved.uuid)], "", &filter)
    };
    let svar = scene.fag(&med("<sdi:SagInkluder>journalpost</sdi:SagInkluder>")).await;
    assert_eq!(fundne(&svar).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([hoved.uuid, d.uuid]));
    let svar = scene.fag(&med("<sdi:SagInkluder>sagsrelation</sdi:SagInkluder>")).await;
    assert_eq!(fundne(&svar), [hoved.uuid, anden.uuid]);
    assert!(!svar.contains("FuldtNavn"), "only what was asked for is shown");
    assert_eq!(fundne(&scene.fag(&med("")).await), [hoved.uuid]);
}

pub async fn pages_are_stable_while_data_changes(scene: Scene) {
    let sager: Vec<_> = (1..=25).map(sag).collect();
    assert_eq!(koder(&scene.fag(&byg::importer(&sager)).await).len(), 25);
    let soeg = |foerste| byg::soeg_sagdok(&[], &byg::af_emne("32.24.04", &side(foerste, 10)), "");
    let mut set = fundne(&scene.fag(&soeg(0)).await);
    // New ones come last, and what is changed stays where it was.
    scene.fag(&byg::importer(&(26..=30).map(sag).collect::<Vec<_>>())).await;
    scene.fag(&byg::ny_titel(&sager[3], "Ny", "2025-03-04T10:00:00+01:00")).await;
    set.extend(fundne(&scene.fag(&soeg(10)).await));
    set.extend(fundne(&scene.fag(&soeg(20)).await));
    let forventet: Vec<Uuid> = (1..=30).map(|n| byg::uuid(Art::Sag, n)).collect();
    assert_eq!(set, forventet);
    // Sorted, and at last by UUID.
    let faldende = "<sdi:Sortering><sdi:SagSortering><sdi:Element>Foelsomhed</sdi:Element><sdi:Retning>Faldende</sdi:Retning><sdi:Prioritet>1</sdi:Prioritet></sdi:SagSortering></sdi:Sortering>";
    let mut sorteret = Vec::new();
    for foerste in [0, 10, 20] {
        let xml = byg::soeg_sagdok(&[], &byg::af_emne("32.24.04", &side(foerste, 10)), faldende);
        sorteret.extend(fundne(&scene.fag(&xml).await));
    }
    assert_eq!(sorteret, forventet);
}

pub async fn earlier_registreringer_are_searched(scene: Scene) {
    let s = sag(1);
    scene.fag(&byg::importer(std::slice::from_ref(&s))).await;
    scene.vent(3600);
    scene.fag(&byg::ny_titel(&s, "Helt ny", "2025-03-04T10:00:00+01:00")).await;
    let titel = |t: &str, foerst: &str| {
        led(Art::Sag, foerst, &format!("<sag:Egenskaber><sag:Titel>{t}</sag:Titel></sag:Egenskaber>"), "")
    };
    let foer = "<sd:SoegRegistrering><sd:FraTidspunkt><sd:TidsstempelDatoTid>2025-03-03T00:00:00+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt><sd:TilTidspunkt><sd:TidsstempelDatoTid>2025-03-04T00:00:00+01:00</sd:TidsstempelDatoTid></sd:TilTidspunkt></sd:SoegRegistrering>";
    assert_eq!(find(&scene, &titel(&s.titel, "")).await, BTreeSet::new());
    let svar = scene.fag(&byg::soeg_sagdok(&[], &titel(&s.titel, foer), "")).await;
    assert_eq!(fundne(&svar), [s.uuid]);
    assert!(svar.contains(&s.titel) && !svar.contains("Helt ny"), "what it was then is shown: {svar}");
    // What came to the index since.
    let siden = |t: &str| {
        format!(
            "<go:SoegStsFraTidspunkt><sd:TidsstempelDatoTid>{t}</sd:TidsstempelDatoTid></go:SoegStsFraTidspunkt>"
        )
    };
    assert_eq!(find(&scene, &led(Art::Sag, &siden("2025-04-01T12:30:00+02:00"), "", "")).await.len(), 1);
    assert_eq!(find(&scene, &led(Art::Sag, &siden("2025-04-01T13:30:00+02:00"), "", "")).await.len(), 0);
}

pub async fn grants_and_payments(scene: Scene) {
    let (mut b, mut e) = (ting(Art::Bevilling, 1), ting(Art::Effektuering, 1));
    b.kle = vec!["32.24.04".to_owned(), "27.36.04".to_owned()];
    e.peger = vec![b.uuid];
    // The payment stands first and is judged after its grant.
    assert_eq!(koder(&scene.fag(&byg::importer(&[e.clone(), b.clone()])).await), ["20", "20"]);
    let af = |art| byg::soeg_ydelse(&[], &af_part(art, &b.part), "");
    assert_eq!(fundne(&scene.fag(&af(Art::Bevilling)).await), [b.uuid]);
    assert_eq!(fundne(&scene.fag(&af(Art::Effektuering)).await), [e.uuid]);
    let med = "<yi:Filter><yi:BevillingVis><yi:Vis>egenskaber</yi:Vis></yi:BevillingVis><yi:OekonomiskEffektueringVis><yi:Vis>egenskaber</yi:Vis></yi:OekonomiskEffektueringVis><yi:BevillingInkluder>bevilgetydelse</yi:BevillingInkluder></yi:Filter>";
    let svar = scene.fag(&byg::soeg_ydelse(&[(Art::Bevilling, b.uuid)], "", med)).await;
    assert_eq!(fundne(&svar), [b.uuid, e.uuid]);
    let aendret = byg::soeg_ydelse(
        &[],
        &format!("{}{}", af_part(Art::Bevilling, &b.part), led(Art::Effektuering, "", "", "")),
        "",
    );
    assert_eq!(fundne(&scene.fag(&aendret).await).len(), 2, "both, as they belong together");
}
