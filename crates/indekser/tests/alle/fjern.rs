//! fjern: what goes, what stays, and that nothing is left.

use crate::byg::{self, af_part, dokument, led, sag, ting};
use crate::scene::{ANDET, KORSBAEK, NABO, NABOS, Scene, koder, tekster};
use indeks::skema::Art;

pub async fn a_case_goes_with_its_documents_and_all_its_history(scene: Scene) {
    let (faelles, egen, andens) = (dokument(1), dokument(2), {
        let mut d = dokument(3);
        d.system = ANDET.to_owned();
        d
    });
    let (mut en, mut to) = (sag(1), sag(2));
    en.peger = vec![faelles.uuid, egen.uuid, andens.uuid];
    to.peger = vec![faelles.uuid];
    scene.udfoer(ANDET, KORSBAEK, &byg::importer(std::slice::from_ref(&andens))).await;
    let alle = [faelles.clone(), egen.clone(), en.clone(), to.clone()];
    assert_eq!(koder(&scene.fag(&byg::importer(&alle)).await), ["20"; 4]);
    scene.fag(&byg::ny_titel(&en, "Ny", "2025-03-04T10:00:00+01:00")).await;
    let ukendt = byg::uuid(Art::Sag, 99);
    let svar = scene.fag(&byg::fjern(&[ukendt, en.uuid], "")).await;
    assert_eq!(koder(&svar), ["44", "20", "20"]);
    assert_eq!(tekster(&svar, "UUIDIdentifikator")[2], egen.uuid.to_string());
    let navne = alle.iter().chain([&andens]).map(|t| (t.art as i64, t.uuid)).collect::<Vec<_>>();
    let tilbage = scene.app.store().indeks_objekter(&navne).await.expect("stored");
    let tilbage: Vec<_> = tilbage.iter().map(|o| o.id).collect();
    assert_eq!(tilbage, [andens.uuid, faelles.uuid, to.uuid]);
    assert_eq!(koder(&scene.fag(&byg::soeg_sagdok(&[], &af_part(Art::Sag, &en.part), "")).await), ["44"]);
    // Another system's case stays; gone is gone, and may come again.
    assert_eq!(koder(&scene.udfoer(ANDET, KORSBAEK, &byg::fjern(&[to.uuid], "")).await), ["43"]);
    assert_eq!(koder(&scene.fag(&byg::fjern(&[en.uuid], "")).await), ["44"]);
    assert_eq!(koder(&scene.fag(&byg::importer(std::slice::from_ref(&en))).await), ["20"]);
    let efterlad = "<sdi:EfterladSagsloeseDokumenter>true</sdi:EfterladSagsloeseDokumenter>";
    assert_eq!(koder(&scene.fag(&byg::fjern(&[to.uuid], efterlad)).await), ["20"]);
}

pub async fn grants_and_payments_go_or_stay(scene: Scene) {
    let s = sag(1);
    let (mut b, mut e, mut fremmed) =
        (ting(Art::Bevilling, 1), ting(Art::Effektuering, 1), ting(Art::Effektuering, 2));
    b.peger = vec![s.uuid];
    e.peger = vec![b.uuid];
    (fremmed.peger, fremmed.system) = (vec![b.uuid], ANDET.to_owned());
    scene.fag(&byg::importer(std::slice::from_ref(&s))).await;
    assert_eq!(koder(&scene.fag(&byg::importer(&[b.clone(), e.clone()])).await), ["20", "20"]);
    scene.udfoer(ANDET, KORSBAEK, &byg::importer(std::slice::from_ref(&fremmed))).await;
    assert_eq!(koder(&scene.fag(&byg::fjern_ydelse(Art::Bevilling, b.uuid)).await), ["49"]);
    assert_eq!(koder(&scene.fag(&byg::fjern_ydelse(Art::Effektuering, fremmed.uuid)).await), ["43"]);
    let deres = scene.udfoer(ANDET, KORSBAEK, &byg::fjern_ydelse(Art::Effektuering, fremmed.uuid)).await;
    assert_eq!(koder(&deres), ["20"]);
    // With its case, when that is asked for.
    let ogsaa = "<sdi:FjernOgsaaYdelse>true</sdi:FjernOgsaaYdelse>";
    let svar = scene.fag(&byg::fjern(&[s.uuid], ogsaa)).await;
    assert_eq!(tekster(&svar, "Type"), ["SagIndeks", "BevillingIndeks", "OekonomiskEffektueringIndeks"]);
    assert_eq!(koder(&scene.fag(&byg::fjern_ydelse(Art::Bevilling, b.uuid)).await), ["44"]);
    let beviser = scene.app.store().indeks_sletninger(None, 10).await.expect("proofs");
    assert_eq!(beviser.len(), 4);
}

pub async fn an_expression_removes_ones_own_alone(scene: Scene) {
    let (en, to, mut andens) = (dokument(1), dokument(2), dokument(3));
    andens.system = ANDET.to_owned();
    scene.fag(&byg::importer(&[en.clone(), to.clone()])).await;
    scene.udfoer(ANDET, KORSBAEK, &byg::importer(std::slice::from_ref(&andens))).await;
    let af = |titel: &str| {
        let led = led(
            Art::Dokument,
            "",
            &format!("<di:Egenskaber><di:Titel>{titel}</di:Titel></di:Egenskaber>"),
            "",
        );
        byg::fjern(&[], &format!("<sdi:SoegUdtryk>{led}</sdi:SoegUdtryk>"))
    };
    let svar = scene.fag(&af("Ansøgning*")).await;
    assert_eq!(koder(&svar), ["40"]);
    assert!(svar.contains("StandardRetur") && svar.contains("anden Master"), "{svar}");
    let svar = scene.fag(&af(&to.titel)).await;
    assert_eq!(
        (koder(&svar), tekster(&svar, "UUIDIdentifikator")),
        (vec!["20"], vec![to.uuid.to_string().as_str()])
    );
    assert_eq!(koder(&scene.fag(&af("Findes ikke")).await), Vec::<&str>::new());
    // Another municipality's document is seen by one's own case, and stays.
    let (mut deres, mut vores) = (dokument(4), sag(4));
    (deres.ejer, deres.system, deres.titel) = (NABO.to_owned(), NABOS.to_owned(), "Deres".to_owned());
    vores.peger = vec![deres.uuid];
    scene.udfoer(NABOS, NABO, &byg::importer(std::slice::from_ref(&deres))).await;
    scene.fag(&byg::importer(std::slice::from_ref(&vores))).await;
    assert_eq!(koder(&scene.fag(&byg::soeg_sagdok(&[(Art::Dokument, deres.uuid)], "", "")).await), ["20"]);
    assert_eq!(koder(&scene.fag(&af("Deres")).await), ["40"]);
    assert_eq!(koder(&scene.fag(&byg::fjern(&[vores.uuid], "")).await), ["20"]);
    let navn = [(Art::Dokument as i64, deres.uuid)];
    assert_eq!(scene.app.store().indeks_objekter(&navn).await.expect("stored").len(), 1);
}
