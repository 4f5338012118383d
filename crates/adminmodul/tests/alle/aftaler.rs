//! Agreements: asked for in seven steps, answered, blocked, given notice of, changed.

use crate::browser::Browser;
use crate::scene::*;
use administration::{Modulrolle, Service};

#[tokio::test]
async fn what_is_used_stands_beside_what_is_given() {
    let scene = Scene::ny().await;
    let uuid = scene.anmodning(&[KORSBAEK, NABOKOEBING]).await;
    let (_, mut gk) = scene.person("Grethe", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut red) = scene.person("Rikke", Modulrolle::Redaktoer).await;
    let svar = format!("/admin/serviceaftaler/{uuid}/svar");
    gk.svar(&svar, &[("svar", "godkend")]).await.er(303);
    let side = format!("/admin/serviceaftaler/{uuid}?fane=forbrug");
    gk.get(&side).await.er(200).har("Aftalen er ikke brugt for Korsbæk Kommune").uden("Afviste kald fra");
    let post = |nr, aftale, udfald| store::LogPost {
        tid: scene.nu(),
        transaktion: uuid::Uuid::from_u128(nr),
        system: Some(KY),
        myndighed: KORSBAEK.parse().ok(),
        aftale,
        operation: "laes",
        objekttype: "Bruger",
        udfald,
        regel: String::new(),
    };
    for nr in 0..1_200 {
        scene.app.store().log_nu(post(nr, Some(uuid), store::LogPost::OK)).await.expect("stored");
    }
    scene.app.store().log_nu(post(7_777, None, store::LogPost::AFVIST)).await.expect("stored");
    assert_eq!(scene.app.store().forsegl(scene.nu()).await.expect("sealed"), 1_201);
    let forklar = format!("/admin/forklar?reference={}", uuid::Uuid::from_u128(7_777));
    gk.get(&side)
        .await
        .er(200)
        .har("Aftalen er brugt 1.200 gange for Korsbæk Kommune")
        .har("afvist 1 gang")
        .har(&forklar)
        .uden("giver mere, end der bruges")
        .uden("Nabokøbing");
    la.get(&side).await.har("Nabokøbing").har("brugt 1.200 gange");
    la.get(&format!("{side}&myndighed={NABOKOEBING}")).await.er(200).har("ikke brugt for Nabokøbing Kommune");
    red.get(&side).await.er(403).uden("1.200");
    // When it had all of the time to be used and was not, it says what can go.
    scene.gaa(91 * 86_400);
    let (_, mut gk) = scene.person("Gudrun", Modulrolle::Godkender).await;
    gk.get(&side).await.er(200).har("giver mere, end der bruges").har("Ikke brugt i 90 dage");
}

#[tokio::test]
async fn an_agreement_is_kept_as_a_document() {
    let scene = Scene::ny().await;
    let uuid = scene.anmodning(&[KORSBAEK, NABOKOEBING]).await;
    let sti = format!("/admin/serviceaftaler/{uuid}");
    for rolle in [Modulrolle::Godkender, Modulrolle::Leverandoeradministrator] {
        let (_, mut b) = scene.person("Grethe", rolle).await;
        b.get(&sti).await.er(200).har(&format!("{sti}/aftale.pdf"));
        let svar = b.get(&format!("{sti}/aftale.pdf")).await;
        svar.er(200);
        assert_eq!(svar.hoveder["content-type"], "application/pdf");
        assert_eq!(svar.hoveder["content-disposition"], "attachment; filename=\"SA-2027-0001.pdf\"");
        assert!(svar.tekst.starts_with("%PDF-"), "{}", &svar.tekst[..20]);
    }
    let fremmed = scene.bruger("Frans", "33333333", &[Modulrolle::Godkender]).await;
    scene.inde(&fremmed).await.get(&format!("{sti}/aftale.pdf")).await.er(404);
}

#[tokio::test]
async fn seven_steps_to_a_request_and_an_answer() {
    let scene = Scene::ny().await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    la.get("/admin/serviceaftaler/anmod").await.er(200).har("Serviceaftaletype");
    la.get("/admin/serviceaftaler/anmod?trin=2&navn=").await.er(422).har("A-006");
    la.get("/admin/serviceaftaler/anmod?trin=2&navn=KY+l%C3%A6ser&type=uden")
        .await
        .er(200)
        .har("value=\"KY læser\"")
        .har("KY");
    la.get("/admin/serviceaftaler/anmod?trin=2&navn=KY&type=med")
        .await
        .har("href=\"/admin/serviceaftaler/anmod?navn=KY&#38;type=med\">Tilbage");
    la.post("/admin/serviceaftaler/anmod", &[("navn", "KY læser"), ("type", "uden")])
        .await
        .er(422)
        .har("A-006");
    let svar = la
        .post(
            "/admin/serviceaftaler/anmod",
            &[("navn", "KY læser"), ("type", "uden"), ("system", &KY.to_string())],
        )
        .await;
    let sti = svar.er(303).sted().strip_suffix("/3").unwrap().to_owned();
    la.get("/admin/serviceaftaler?fane=kladder").await.er(200).har("KY læser").har("SA-2027-0001");
    let service = Service::organisation();
    let (id, rolle) = (service.uuid.to_string(), service.rolle_med_navn("Udstil").unwrap().uri.clone());
    let (rollefelt, flagfelt) = (format!("r-{id}"), format!("f-{id}"));
    let cpr = service
        .parametre
        .iter()
        .position(|p| p.art == administration::Parameterart::SeCpr)
        .unwrap()
        .to_string();
    la.get(&format!("{sti}/3"))
        .await
        .er(200)
        .har("Der mangler mindst én myndighed")
        .har("(myndigheder er ikke valgt)");
    let trin = async |b: &mut Browser, nr: u32, felter: &[(&str, &str)]| {
        let side = format!("{sti}/{nr}");
        let maerke = b.get(&side).await.er(200).skjult("maerke");
        let mut alle = vec![("maerke", maerke.as_str())];
        alle.extend(felter);
        b.post(&side, &alle).await
    };
    assert_eq!(
        trin(&mut la, 3, &[("myndigheder", KORSBAEK), ("myndigheder", NABOKOEBING)]).await.er(303).sted(),
        format!("{sti}/4")
    );
    trin(&mut la, 4, &[("services", &id)]).await.er(303);
    la.get(&format!("{sti}/5")).await.er(200).har("checked").har("Udstil");
    trin(&mut la, 5, &[(&rollefelt, &rolle), (&flagfelt, &cpr)]).await.er(303);
    la.get(&format!("{sti}/5")).await.har("læse").har("med CPR-numre").har("checked");
    let formaal = [
        ("begrundelse", "KY skal vise, hvilken enhed i kommunen der har ansvaret for en sag."),
        ("formaal", "Udbetaling af ydelser"),
        ("hjemmel", "Lov om aktiv socialpolitik"),
        ("databehandleraftale", "DBA-7"),
        ("driftskontakt", "drift@matador.example"),
        ("kategorier", "Almindelige, CPR-nummer"),
    ];
    trin(&mut la, 6, &[formaal.as_slice(), &[("fra", "01-05-2027"), ("til", "01-04-2027")]].concat())
        .await
        .er(422)
        .har("A-009")
        .har("value=\"01-05-2027\"");
    trin(&mut la, 6, &[formaal.as_slice(), &[("fra", "01-05-2027")]].concat()).await.er(303);
    let ikke_sendt = trin(&mut la, 7, &[]).await;
    ikke_sendt
        .er(422)
        .har("accept af vilkår")
        .har("Trinnet er gemt, men anmodningen er ikke sendt.")
        .har(&format!("<a href=\"{sti}/7\">"))
        .uden("Trinnet er ikke gemt");
    assert_eq!(ikke_sendt.skjult("maerke"), la.get(&format!("{sti}/7")).await.skjult("maerke"));
    la.post(&format!("{sti}/7"), &[("maerke", "gammelt"), ("vilkaar", "ja")])
        .await
        .er(409)
        .har("A-005")
        .har("value=\"ja\" checked");
    assert_eq!(
        trin(&mut la, 7, &[("vilkaar", "ja")]).await.er(303).sted(),
        sti.strip_suffix("/anmod").unwrap()
    );
    la.get(&format!("{sti}/4")).await.er(422).har("G-207");

    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    gk.get("/admin/servicekatalog").await.er(200).uden("Anmod om adgang");
    gk.get("/admin/serviceaftaler").await.er(200).uden("Anmod om serviceaftale");
    la.get("/admin/servicekatalog").await.er(200).har("Anmod om adgang");
    gk.get("/admin").await.har("Aftaler til godkendelse").har("KY anmoder om serviceaftale");
    gk.get("/admin/opgaver").await.er(200).har("Godkend serviceaftale").har("Overtag");
    let liste = gk.get("/admin/serviceaftaler").await;
    liste.er(200).har("Behandl").har("Korsbæk Kommune").uden("Nabokøbing Kommune</td>");
    let svar = format!("{}/svar", sti.strip_suffix("/anmod").unwrap());
    gk.get(&svar)
        .await
        .er(200)
        .har("Udbetaling af ydelser")
        .har("01-05-2027")
        .har("KY får adgang til")
        .har("se CPR-numre")
        .har("Sendt af Laura");
    gk.svar(&svar, &[("svar", "afvis"), ("begrundelse", "")]).await.er(422).har("G-206");
    gk.svar(&svar, &[("svar", "returner"), ("spoergsmaal", "")]).await.er(422).har("id=\"spoergsmaal-f\"");
    gk.post(&svar, &[("svar", "returner"), ("spoergsmaal", "Hvorfor?"), ("nummer", "9")])
        .await
        .er(409)
        .har("En anden har ændret KY læser siden du åbnede den (Laura, kl. ")
        .har(">Hvorfor?</textarea>");
    gk.post(&svar, &[("svar", "godkend"), ("nummer", "1"), ("vist", "andet")]).await.er(409).har("A-005");
    gk.svar(&svar, &[("svar", "returner"), ("spoergsmaal", "Hvorfor CPR?")]).await.er(303);
    gk.get(&svar).await.er(422).har("G-210");
    la.get("/admin/opgaver").await.har("har spørgsmål");
    la.get(&format!("{sti}/6")).await.er(200).har("Hvorfor CPR?");
    trin(&mut la, 7, &[("vilkaar", "ja")]).await.er(303);
    gk.svar(&svar, &[("svar", "godkend-dato"), ("dag", "01-06-2027")]).await.er(303);
    gk.get("/admin/serviceaftaler?fane=aktive").await.er(200).har("Godkendt").har("KY læser");
    gk.get("/admin/serviceaftaler.csv?fane=aktive")
        .await
        .er(200)
        .har("SA-2027-0001;KY læser;KY;Matador Data A/S;Korsbæk Kommune");
}

async fn aktiv(scene: &Scene, gk: &mut Browser) -> String {
    let sti = format!("/admin/serviceaftaler/{}", scene.anmodning(&[KORSBAEK]).await);
    gk.svar(&format!("{sti}/svar"), &[("svar", "godkend")]).await.er(303);
    sti
}

#[tokio::test]
async fn an_agreement_in_force_is_blocked_opened_confirmed_and_ended() {
    let scene = Scene::ny().await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let sti = aktiv(&scene, &mut gk).await;
    gk.get(&sti).await.er(200).har("Aktiv").har("Spær nu").har("Opsig");
    for fane in ["oplysninger", "versioner", "historik"] {
        gk.get(&format!("{sti}?fane={fane}")).await.er(200);
    }
    let spaer = format!("{sti}/spaer?myndighed={KORSBAEK}");
    gk.get(&spaer).await.er(200).har("KY mister adgang");
    let post = async |b: &mut Browser, led: &str, felter: &[(&str, &str)]| {
        b.post(&format!("{sti}/{led}"), &[&[("myndighed", KORSBAEK)], felter].concat()).await
    };
    post(&mut gk, "spaer", &[("aarsag", "Angreb")]).await.er(422).har("A-021");
    post(&mut gk, "spaer", &[("aarsag", ""), ("bekraeft", "ja")]).await.er(422).har("A-006");
    post(&mut gk, "spaer", &[("aarsag", "Angreb"), ("bekraeft", "ja")]).await.er(303);
    gk.get(&sti).await.har("Spærret").har("Angreb").har("Ophæv spærring");
    gk.get(&format!("{sti}/ophaev?myndighed={KORSBAEK}")).await.er(200).har("KY får adgang");
    post(&mut gk, "ophaev", &[("bekraeft", "ja")]).await.er(303);
    gk.post(&format!("{sti}/genbekraeft"), &[]).await.er(303);
    post(&mut gk, "opsig", &[("aarsag", "Slut"), ("dag", "01-01-2020"), ("bekraeft", "ja")])
        .await
        .er(422)
        .har("A-009");
    post(&mut gk, "opsig", &[("aarsag", "Slut"), ("dag", "01-12-2027"), ("bekraeft", "ja")]).await.er(303);
    gk.get(&sti).await.har("Opsagt").har("sidste dag <time datetime=\"2027-12-01\">01-12-2027");
    let (_, mut nabo) =
        (0, scene.inde(&scene.bruger("Nabo", NABOKOEBING, &[Modulrolle::Godkender]).await).await);
    nabo.get(&sti).await.er(404).har("A-404");
    nabo.get("/admin/serviceaftaler?fane=alle").await.uden("KY læser");
}

#[tokio::test]
async fn what_is_asked_for_is_given_up_or_kept_when_another_was_first() {
    let scene = Scene::ny().await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut anden) = scene.person("Lene", Modulrolle::Leverandoeradministrator).await;
    let ky = KY.to_string();
    let ny = [("navn", "KY læser"), ("type", "uden"), ("system", ky.as_str())];
    let opret = async |b: &mut Browser| {
        b.post("/admin/serviceaftaler/anmod", &ny).await.er(303).sted().strip_suffix("/3").unwrap().to_owned()
    };
    // Without an authority, a draft has its wizard only.
    let sti = opret(&mut la).await;
    la.get(&format!("{sti}/2")).await.er(200).har("Slet kladden</button>").uden("Træk anmodningen");
    la.get(&format!("{sti}/7"))
        .await
        .er(200)
        .har("Ingen services er valgt")
        .har("Ingen myndigheder er valgt");
    let aftale = sti.strip_suffix("/anmod").unwrap().to_owned();
    la.post(&format!("{aftale}/slet"), &[]).await.er(303);
    la.get("/admin/serviceaftaler?fane=kladder").await.har("Ingen kladder");
    // Two people choose authorities: who came last keeps his choice, and sees the other's.
    let sti = opret(&mut la).await;
    let maerke = la.get(&format!("{sti}/3")).await.skjult("maerke");
    let felter = |cvr: &'static str| [("maerke", maerke.as_str()), ("myndigheder", cvr)];
    anden.post(&format!("{sti}/3"), &felter(NABOKOEBING)).await.er(303);
    let side = la.post(&format!("{sti}/3"), &felter(KORSBAEK)).await;
    side.er(409)
        .har("En anden har ændret KY læser siden du åbnede den (Lene, kl. ")
        .har("<dt>Myndigheder</dt><dd>Nabokøbing Kommune</dd>")
        .har("value=\"11223344\" checked")
        .uden("value=\"22334455\" checked");
    let maerke = side.skjult("maerke");
    la.post(&format!("{sti}/3"), &[("maerke", &maerke), ("myndigheder", KORSBAEK)]).await.er(303);
    // The last day is part of it; both days are kept as they are shown.
    let maerke = la.get(&format!("{sti}/6")).await.skjult("maerke");
    let dage = [("maerke", maerke.as_str()), ("fra", "01-05-2027"), ("til", "01-05-2027")];
    la.post(&format!("{sti}/6"), &dage).await.er(303);
    la.get(&format!("{sti}/6"))
        .await
        .har("til og med <time datetime=\"2027-05-01\">")
        .har("value=\"01-05-2027\"");
    let gyldig = scene.app.politik().data().aftaler[0].versioner[0].gyldig;
    assert_eq!(gyldig.to.micros() - gyldig.from.micros(), 86_400 * SEKUND);
}

#[tokio::test]
async fn what_came_back_is_withdrawn() {
    let scene = Scene::ny().await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let sti = format!("/admin/serviceaftaler/{}", scene.anmodning(&[KORSBAEK]).await);
    gk.svar(&format!("{sti}/svar"), &[("svar", "returner"), ("spoergsmaal", "Hvorfor?")]).await.er(303);
    la.get(&sti).await.er(200).har("Træk anmodningen tilbage");
    la.get(&format!("{sti}/anmod/1")).await.er(200).har("Træk anmodningen tilbage").uden("Slet kladden");
    la.post(&format!("{sti}/traek-tilbage"), &[]).await.er(303);
    la.get(&sti).await.er(200).har("Trukket tilbage").uden("Træk anmodningen tilbage");
}

#[tokio::test]
async fn a_change_is_a_new_version_that_is_compared_with_the_one_in_force() {
    let scene = Scene::ny().await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let sti = aktiv(&scene, &mut gk).await;
    la.get(&sti).await.er(200).har("Opret ændring");
    la.post(&format!("{sti}/aendr"), &[]).await.er(303);
    la.post(&format!("{sti}/aendr"), &[]).await.er(422).har("G-211");
    let service = Service::organisation();
    let maerke = la.get(&format!("{sti}/anmod/5")).await.er(200).har("version 2").skjult("maerke");
    let (felt, rolle) =
        (format!("r-{}", service.uuid), service.rolle_med_navn("Rediger").unwrap().uri.clone());
    la.post(&format!("{sti}/anmod/5"), &[("maerke", &maerke), (&felt, &rolle)]).await.er(303);
    let maerke = la.get(&format!("{sti}/anmod/7")).await.skjult("maerke");
    la.post(&format!("{sti}/anmod/7"), &[("maerke", &maerke), ("vilkaar", "ja")]).await.er(303);
    gk.get("/admin/serviceaftaler").await.har("Ændring til version 2: anmodet");
    gk.get(&format!("{sti}/svar"))
        .await
        .er(200)
        .har("Forskel på version 1 og 2")
        .har("læse og rette")
        .har("oprette (opret)");
    la.post(&format!("{sti}/traek-tilbage"), &[]).await.er(303);
    gk.get(&sti).await.har("Aktiv");
    la.post(&format!("{sti}/aendr"), &[]).await.er(303);
    la.post(&format!("{sti}/slet"), &[]).await.er(303);
    la.get(&sti).await.er(200).har("Opret ændring").uden("Slet kladden");
}

#[tokio::test]
async fn tasks_are_taken_given_back_and_dropped() {
    let scene = Scene::ny().await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut anden) = scene.person("Gunnar", Modulrolle::Godkender).await;
    scene.anmodning(&[KORSBAEK]).await;
    let side = gk.get("/admin/opgaver").await;
    let id = side.tekst.split_once("/admin/opgaver/").unwrap().1.split('/').next().unwrap().to_owned();
    gk.post(&format!("/admin/opgaver/{id}/overtag"), &[]).await.er(303);
    gk.get("/admin/opgaver?fane=mine").await.har("Giv tilbage").har("I gang");
    anden.get("/admin/opgaver").await.har("<td>Grete</td>");
    anden.post(&format!("/admin/opgaver/{id}/giv"), &[]).await.er(422).har("A-017");
    gk.post(&format!("/admin/opgaver/{id}/giv"), &[]).await.er(303);
    gk.get(&format!("/admin/opgaver/{id}/bortfald")).await.er(200);
    gk.post(&format!("/admin/opgaver/{id}/bortfald"), &[("begrundelse", "")]).await.er(422).har("A-006");
    gk.post(&format!("/admin/opgaver/{id}/bortfald"), &[("begrundelse", "Gjort på papir")]).await.er(303);
    gk.get("/admin/opgaver").await.har("Ingen opgaver");
}

#[tokio::test]
async fn the_supplier_reminds_who_has_not_answered() {
    let scene = Scene::ny().await;
    let aftale = scene.anmodning(&[KORSBAEK, NABOKOEBING]).await;
    let sti = format!("/admin/serviceaftaler/{aftale}");
    let (_, mut la) = scene.person("Lone", Modulrolle::Leverandoeradministrator).await;
    la.get(&sti).await.er(200).uden("Gensend advis");
    la.post(&format!("{sti}/gensend"), &[]).await.er(422).har("G-220").har("én gang om dagen");
    scene.gaa(86_400);
    let (_, mut la) = scene.person("Lise", Modulrolle::Leverandoeradministrator).await;
    la.get(&sti).await.er(200).har("Gensend advis");
    la.post(&format!("{sti}/gensend"), &[]).await.er(303);
    la.get(&sti)
        .await
        .er(200)
        .har("Godkenderne hos 2 myndigheder er mindet")
        .har("gensendt ")
        .uden("Gensend advis");
    let (_, mut gk) = scene.person("Gerda", Modulrolle::Godkender).await;
    gk.get(&sti).await.er(200).har("gensendt ").uden("Gensend advis");
}
