//! More than anybody pages through.

use crate::byg::{self, sag, side};
use crate::scene::{Scene, fundne, koder};
use indeks::skema::Art;
use uuid::Uuid;

/// More than a search is made over.
const MANGE: u32 = 10_600;

/// The count in an answer: the `Antal` within the `Antal`.
fn talt_i(svar: &str) -> usize {
    let talt = svar.split("</sdi:Element><sdi:Antal>").nth(1).and_then(|rest| rest.split('<').next());
    talt.and_then(|tal| tal.parse().ok()).expect("a count")
}

async fn fyld(scene: &Scene) {
    let sager: Vec<_> = (1..=MANGE)
        .map(|nr| {
            let mut s = sag(nr);
            s.uden_notifikation = true;
            // Every tenth is more sensitive, and a few are of another topic.
            s.niveau = if nr % 10 == 0 { "VIP_SAGER" } else { "IKKE_FORTROLIGE_DATA" };
            if nr % 100 == 7 {
                s.kle = vec!["32.30.04".to_owned()];
            }
            s
        })
        .collect();
    for portion in sager.chunks(500) {
        let svar = scene.fag(&byg::importer(portion)).await;
        assert!(koder(&svar).iter().all(|k| *k == "20"), "{svar}");
    }
}

pub async fn a_whole_field_of_work_is_paged(scene: Scene) {
    fyld(&scene).await;
    let emne =
        |kle: &str, foerste, antal| byg::soeg_sagdok(&[], &byg::af_emne(kle, &side(foerste, antal)), "");
    // In the order they came, whatever their level: the pages of a naive walk.
    let alle: Vec<Uuid> = (1..=MANGE).filter(|nr| nr % 100 != 7).map(|nr| byg::uuid(Art::Sag, nr)).collect();
    for (foerste, antal) in [(0, 50), (50, 50), (990, 20), (9_000, 10)] {
        let svar = scene.fag(&emne("32.24.04", foerste, antal)).await;
        let (fra, til) = (foerste as usize, (foerste + antal) as usize);
        assert_eq!(fundne(&svar), alle[fra..til], "{foerste}");
        let talt = talt_i(&svar);
        assert!((10_000..=alle.len()).contains(&talt), "{talt}");
    }
    // A whole field, with other topics within it.
    let hele: Vec<Uuid> = (1..=MANGE).map(|nr| byg::uuid(Art::Sag, nr)).collect();
    let svar = scene.fag(&emne("32.*", 100, 40)).await;
    assert_eq!(fundne(&svar), hele[100..140]);
    // While new ones come, pages stay.
    scene.fag(&byg::importer(&[sag(MANGE + 1)])).await;
    assert_eq!(fundne(&scene.fag(&emne("32.*", 100, 40)).await), hele[100..140]);
    // What is rare within it is found among all of it.
    let svar = scene.fag(&emne("32.30.04", 0, 50)).await;
    assert_eq!(fundne(&svar).len(), 50);
    assert!(svar.contains("<sdi:Antal>106</sdi:Antal>"), "{svar}");
    for_meget_siges(&scene).await;
}

/// What is too much is told with what to do.
async fn for_meget_siges(scene: &Scene) {
    let emne = byg::af_emne("32.24.04", &side(0, 10));
    let sorteret = "<sdi:Sortering><sdi:SagSortering><sdi:Element>Titel</sdi:Element><sdi:Retning>Stigende</sdi:Retning><sdi:Prioritet>1</sdi:Prioritet></sdi:SagSortering></sdi:Sortering>";
    for xml in [
        byg::soeg_sagdok(&[], &emne, sorteret),
        byg::soeg_sagdok(&[], &byg::af_emne("32.24.04", &side(20_000, 10)), ""),
        byg::soeg_sagdok(
            &[],
            &format!("<sdi:operation>OR</sdi:operation>{emne}{}", byg::led(Art::Dokument, "", "", "")),
            "",
        ),
        byg::fjern(&[], &format!("<sdi:SoegUdtryk>{emne}</sdi:SoegUdtryk>")),
    ] {
        let svar = scene.fag(&xml).await;
        assert_eq!(koder(&svar), ["40"], "{svar}");
        assert!(svar.contains("indsnævr"), "{svar}");
    }
    // Narrower, it is answered, sorted as well.
    let snaever = format!(
        "{emne}{}",
        byg::led(Art::Sag, "", "<sag:Egenskaber><sag:Titel>Ansøgning 1234</sag:Titel></sag:Egenskaber>", "")
    );
    let svar = scene.fag(&byg::soeg_sagdok(&[], &snaever, sorteret)).await;
    assert_eq!(fundne(&svar), [byg::uuid(Art::Sag, 1234)]);
}
