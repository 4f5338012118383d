//! Stikprøver: what is drawn, who answers, and what the evidence says.

use crate::scene::*;
use adgang::{Caller, Hvordan, Operation};
use administration::{Arbejdsbetinget, Laesere, Modulrolle, Stikproevetilstand};
use bitemporal::Instant;
use oio::catalog::Register;
use oio::{ObjektId, UnikId};
use store::Logsoegning;
use styring::aftaler::{self, Svar as Aftalesvar};
use styring::stikproever::{self, Svar, Traek};
use styring::{Kald, Styringsfejl, log};
use uuid::Uuid;

fn om(nu: Instant, dage: i64) -> Option<Instant> {
    Some(Instant::from_micros(nu.micros() + dage * DAG))
}

pub fn traek(scene: &Scene, laesere: Laesere) -> Traek {
    let nu = scene.nu();
    Traek {
        navn: "Første halvår".into(),
        fra: om(nu, -100),
        til: om(nu, 1),
        antal: Some(25),
        frist: om(nu, 30),
        laesere,
    }
}

fn svar(svar: Arbejdsbetinget) -> Svar {
    Svar { svar: Some(svar), spurgt: "Maude Varnæs, leder".into(), bemaerkning: "Sag 12".into() }
}

fn kode<T: std::fmt::Debug>(svar: Result<T, Styringsfejl>) -> &'static str {
    match svar.expect_err("a refusal") {
        Styringsfejl::Afvist(fejl) => fejl[0].kode,
        Styringsfejl::Intern(fejl) => panic!("{fejl}"),
    }
}

/// KY reads as many objects of a type for an authority as are named, and it stands in the access log.
async fn ky_laeser(scene: &Scene, myndighed: &str, type_: &'static str, antal: u128) {
    let kalder = Caller {
        system: KY,
        navn: "KY".into(),
        bruger_ref: UnikId::Urn("urn:x".into()),
        myndighed: Some(cvr(myndighed)),
        hvordan: Hvordan::Certifikat,
        paa_vegne_af: None,
        transaktion: scene.app.new_uuid(),
    };
    let politik = scene.app.politik();
    let adgang =
        adgang::decide(&politik, &kalder, Operation::Laes, Register::Organisation, type_, scene.nu());
    let objekter: Vec<ObjektId> = (1..=antal).map(|n| ObjektId(Uuid::from_u128(n))).collect();
    scene.app.log(&adgang.expect("an agreement"), &objekter).await;
    let (fra, til) = (scene.nu(), Instant::from_micros(scene.nu().micros() + 1));
    loop {
        let linjer = scene.app.store().adgangslog(fra, til, 100).await.expect("the log");
        if linjer.iter().any(|l| l.transaktion == kalder.transaktion) {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn aftale(scene: &Scene, myndigheder: &[&str]) {
    let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
    let uuid = aftaler::gem_kladde(&scene.app, &la, None, &anmodning(myndigheder)).await.expect("a draft");
    aftaler::send(&scene.app, &la, uuid).await.expect("sent");
    for myndighed in myndigheder {
        let gk = scene.person("Gunnar", myndighed, &[Modulrolle::Godkender]).await;
        scene.svar(&gk, uuid, 1, &Aftalesvar::Godkend(None)).await.expect("approved");
    }
}

/// Reads the log so many times.
pub async fn laes_loggen(scene: &Scene, hvem: &Kald, gange: usize) {
    for _ in 0..gange {
        let alle = Logsoegning { antal: 10, ..Logsoegning::default() };
        log::find(&scene.app, hvem, &alle).await.expect("the log");
    }
}

#[tokio::test]
async fn what_was_read_is_drawn_answered_and_proved() {
    let scene = Scene::ny().await;
    aftale(&scene, &[KORSBAEK, NABOKOEBING]).await;
    let log = scene.person("Lauritz", KORSBAEK, &[Modulrolle::Logansvarlig]).await;
    let adm = scene.person("Maude", KORSBAEK, &[Modulrolle::Administrator]).await;
    let nabo = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Logansvarlig]).await;
    scene.gaa(1);
    laes_loggen(&scene, &adm, 2).await;
    laes_loggen(&scene, &nabo, 5).await;
    ky_laeser(&scene, KORSBAEK, "Bruger", 7).await;
    ky_laeser(&scene, KORSBAEK, "OrganisationEnhed", 1).await;
    ky_laeser(&scene, NABOKOEBING, "Bruger", 3).await;
    scene.gaa(1);

    let id = stikproever::traek(&scene.app, &log, &traek(&scene, Laesere::Alle)).await.expect("drawn");
    let s = stikproever::hent(&scene.app, &log, id).await.expect("there").post;
    assert_eq!((s.grundlag, s.proever.len()), ((4, 3), 4), "the neighbour's are not drawn");
    assert_eq!(s.proever.iter().map(|p| p.nr).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let kys = s.proever.iter().find(|p| p.hvad.contains("Bruger")).expect("KY's reading");
    assert!(kys.hvem == "KY" && kys.foelsom && kys.hvad.contains("laes 7"), "{kys:?}");
    assert!(kys.hvad.contains("KY læser organisation") && kys.hvad.ends_with('…'), "{kys:?}");
    assert!(s.proever.iter().any(|p| p.hvem == "Maude" && p.bruger == Some(adm.aktoer.bruger)));
    assert_eq!(kode(stikproever::hent(&scene.app, &nabo, id).await), "A-404");
    assert_eq!(kode(stikproever::bevis(&scene.app, &log, id).await), "T-109");

    // Whoever may look may not answer, and no answer is half given.
    assert_eq!(kode(stikproever::besvar(&scene.app, &adm, id, 1, &svar(Arbejdsbetinget::Ja)).await), "A-001");
    let uden = Svar { svar: None, ..svar(Arbejdsbetinget::Ja) };
    assert_eq!(kode(stikproever::besvar(&scene.app, &log, id, 1, &uden).await), "A-006");
    let svarene = [Arbejdsbetinget::Ja, Arbejdsbetinget::Nej, Arbejdsbetinget::VedIkke].map(svar);
    // At the same time.
    let (a, b, c) = tokio::join!(
        stikproever::besvar(&scene.app, &log, id, 1, &svarene[0]),
        stikproever::besvar(&scene.app, &log, id, 2, &svarene[1]),
        stikproever::besvar(&scene.app, &log, id, 3, &svarene[2]),
    );
    for svar in [a, b, c] {
        svar.expect("noted");
    }
    assert_eq!(kode(stikproever::afslut(&scene.app, &log, id, "Intet.").await), "T-103");
    assert_eq!(styring::opgaver::mine(&scene.app, &log).await.expect("tasks").len(), 1);
    scene.gaa(31);
    stikproever::afslut(&scene.app, &log, id, "Én læsning var ikke arbejdsbetinget.").await.expect("ended");
    assert!(styring::opgaver::mine(&scene.app, &log).await.expect("tasks").is_empty());
    let s = stikproever::hent(&scene.app, &adm, id).await.expect("there").post;
    assert_eq!(s.tilstand(scene.nu()), Stikproevetilstand::Afsluttet);
    assert_eq!(kode(stikproever::besvar(&scene.app, &log, id, 4, &svarene[0]).await), "T-101");

    // The chained log holds the sum of what is kept, to the last letter.
    let linjer = log::om(&scene.app, &adm, ("stikproeve", id), cvr(KORSBAEK), 1).await.expect("the log");
    let krop = serde_json::to_vec(&s).expect("JSON");
    let sum = administration::hex(&administration::tommelfinger(&krop));
    assert_eq!(linjer[0].1.detaljer, format!("kontrolsum {sum}"));

    let pdf = stikproever::bevis(&scene.app, &adm, id).await.expect("the evidence");
    assert!(pdf.starts_with(b"%PDF-"));
    let linjer = scene.log().await;
    for ventet in [
        "Maude: hent bevis for stikprøve",
        "Lauritz: afslut stikprøve",
        "Lauritz: notér svar på stikprøve",
        "Lauritz: træk stikprøve",
    ] {
        assert!(linjer.iter().any(|l| l == ventet), "{ventet} is not in {linjer:?}");
    }
    assert_eq!(scene.app.store().efterproev_aendringslog([]).await.expect("the chain").brud, None);
}

#[tokio::test]
async fn nobody_notes_an_answer_about_himself() {
    let scene = Scene::ny().await;
    let en = scene.person("Lauritz", KORSBAEK, &[Modulrolle::Logansvarlig]).await;
    let anden = scene.person("Ingeborg", KORSBAEK, &[Modulrolle::Logansvarlig]).await;
    laes_loggen(&scene, &en, 1).await;
    scene.gaa(1);
    let id = stikproever::traek(&scene.app, &en, &traek(&scene, Laesere::Personer)).await.expect("drawn");
    assert_eq!(kode(stikproever::besvar(&scene.app, &en, id, 1, &svar(Arbejdsbetinget::Ja)).await), "T-102");
    stikproever::besvar(&scene.app, &anden, id, 1, &svar(Arbejdsbetinget::Ja)).await.expect("noted");
}

#[tokio::test]
async fn what_cannot_be_drawn_is_refused_and_leaves_nothing() {
    let scene = Scene::ny().await;
    let log = scene.person("Lauritz", KORSBAEK, &[Modulrolle::Logansvarlig]).await;
    let adm = scene.person("Maude", KORSBAEK, &[Modulrolle::Administrator]).await;
    let hel = traek(&scene, Laesere::Alle);
    assert_eq!(kode(stikproever::traek(&scene.app, &adm, &hel).await), "A-001");
    assert_eq!(kode(stikproever::traek(&scene.app, &log, &hel).await), "T-104");
    let nu = scene.nu();
    for (gal, ventet) in [
        (Traek { navn: "\u{202e}x".into(), ..hel.clone() }, "A-011"),
        (Traek { fra: None, ..hel.clone() }, "A-006"),
        (Traek { fra: om(nu, 1), ..hel.clone() }, "A-009"),
        (Traek { fra: om(nu, -400), ..hel.clone() }, "T-106"),
        (Traek { frist: om(nu, 0), ..hel.clone() }, "T-107"),
        (Traek { antal: Some(201), ..hel.clone() }, "T-108"),
        (Traek { antal: Some(0), ..hel.clone() }, "T-108"),
        (Traek { antal: None, ..hel.clone() }, "T-108"),
    ] {
        assert_eq!(kode(stikproever::traek(&scene.app, &log, &gal).await), ventet, "{gal:?}");
    }
    assert_eq!(stikproever::list(&scene.app, &log, 0, 10).await.expect("a list").1, 0);
}
