//! The approver's card and the agreement's page: comments, approval beforehand, and a block of what notice was given of.

use crate::scene::*;
use administration::Modulrolle;

const ONDT: &str = "<script>alert(1)</script>\n=HYPERLINK(\"http://ond.example\")";

#[tokio::test]
async fn comments_stand_on_the_card_and_the_page_and_are_the_authoritys_own() {
    let scene = Scene::ny().await;
    let uuid = scene.anmodning(&[KORSBAEK, NABOKOEBING]).await;
    let sti = format!("/admin/serviceaftaler/{uuid}");
    let (kort, fane) = (format!("{sti}/svar"), format!("{sti}?fane=kommentarer"));
    let (_, mut gk) = scene.person("Gunnar", Modulrolle::Godkender).await;
    let (_, mut dpo) = scene.person("Dorte", Modulrolle::Dpo).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut red) = scene.person("Rikke", Modulrolle::Redaktoer).await;
    gk.get(&kort)
        .await
        .er(200)
        .har("Ingen har kommenteret anmodningen")
        .har("Bed DPO kommentere")
        .har("Andre myndigheder i samme anmodning: 1 har ikke svaret.")
        .uden("Nabokøbing");
    gk.post(&format!("{sti}/kommentar/bed"), &[("rolle", "DPO"), ("fra", "svar")]).await.er(303);
    gk.get(&kort).await.har("er bedt om at kommentere senest").uden("Bed DPO kommentere");
    gk.post(&format!("{sti}/kommentar/bed"), &[("rolle", "DPO"), ("fra", "svar")]).await.er(422).har("G-214");
    gk.post(&format!("{sti}/kommentar/bed"), &[("rolle", "SA"), ("fra", "svar")]).await.er(422).har("G-215");
    gk.post(&format!("{sti}/kommentar/bed"), &[("rolle", "ADM"), ("fra", "svar")]).await.er(422).har("A-006");
    dpo.get("/admin/opgaver").await.er(200).har("Kommentér anmodningen om serviceaftalen").har(&sti);
    dpo.get(&fane).await.er(200).har("Ny kommentar").uden("Bed DPO");
    dpo.post(&format!("{sti}/kommentar"), &[("kommentar", " ")]).await.er(422).har("A-006").har("Fejl: ");
    let lang = "<b>".repeat(1_000);
    let igen = dpo.post(&format!("{sti}/kommentar"), &[("kommentar", &lang)]).await;
    igen.er(422).har("A-007").uden("<b><b>");
    let svar = dpo.post(&format!("{sti}/kommentar"), &[("kommentar", ONDT)]).await;
    assert_eq!(svar.er(303).sted(), fane);
    for b in [&mut gk, &mut dpo] {
        b.get(&fane)
            .await
            .er(200)
            .har("Dorte, Databeskyttelsesrådgiver, Korsbæk Kommune")
            .har("Kun myndigheden ser den");
        b.get(&fane).await.har("alert(1)").uden("<script>alert").har("<br>=HYPERLINK");
    }
    gk.get(&kort).await.har("alert(1)").uden("<script>alert").uden("er bedt om at kommentere");
    la.get(&fane).await.er(200).uden("alert(1)").har("Ingen har kommenteret anmodningen");
    la.get(&sti).await.uden("alert(1)");
    la.get(&format!("{sti}?fane=historik")).await.er(200).uden("alert(1)").uden("Kommentér");
    la.post(&format!("{sti}/kommentar"), &[("kommentar", "DBA er underskrevet")]).await.er(303);
    gk.get(&kort).await.har("DBA er underskrevet").har("Leverandør og myndigheder ser den");
    red.get(&fane).await.er(403);
    la.post(&format!("{sti}/kommentar"), &[("kommentar", "Hej"), ("fra", "svar")]).await.er(303);
    let fremmed = scene.bruger("Frans", "33333333", &[Modulrolle::Godkender]).await;
    let mut fremmed = scene.inde(&fremmed).await;
    fremmed.get(&fane).await.er(404);
    fremmed.raa(&format!("{sti}/kommentar"), &[("csrf", "forkert"), ("kommentar", "Hej")]).await.er(403);
    // Answered without the DPO: the comments stay, and no more are written.
    gk.svar(&kort, &[("svar", "godkend")]).await.er(303);
    dpo.get(&fane).await.er(200).har("alert(1)").uden("Ny kommentar");
    dpo.post(&format!("{sti}/kommentar"), &[("kommentar", "For sent")]).await.har("G-210");
}

#[tokio::test]
async fn the_rule_is_given_on_the_card_or_the_page_and_withdrawn() {
    let scene = Scene::ny().await;
    let uuid = scene.anmodning(&[KORSBAEK]).await;
    let sti = format!("/admin/serviceaftaler/{uuid}");
    let (_, mut gk) = scene.person("Gunnar", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    gk.get(&sti).await.er(200).uden("Standardgodkendelse");
    gk.get(&format!("{sti}/svar")).await.har("name=\"standard\"");
    gk.svar(&format!("{sti}/svar"), &[("svar", "godkend"), ("standard", "ja")]).await.er(303);
    gk.get("/admin/serviceaftaler").await.har("godkendes uden et klik i 12 måneder");
    gk.get(&sti).await.har("Gunnar har den").har("end version 1").har("Træk standardgodkendelsen tilbage");
    la.get(&sti).await.er(200).uden("Standardgodkendelse");
    la.raa(&format!("{sti}/standard/traek"), &[]).await.er(403);
    // Asked for once more as it is: in force without a click.
    la.post(&format!("{sti}/aendr"), &[]).await.er(303);
    let maerke = la.get(&format!("{sti}/anmod/7")).await.er(200).skjult("maerke");
    let felter = [("maerke", maerke.as_str()), ("vilkaar", "ja"), ("send", "ja")];
    la.post(&format!("{sti}/anmod/7"), &felter).await.er(303);
    gk.get(&sti).await.har("version 2").har("Godkendt efter standardgodkendelse givet af Gunnar den");
    gk.get("/admin/serviceaftaler").await.har("Ingen anmodninger venter på svar");
    gk.get(&format!("{sti}?fane=historik")).await.har("Godkend serviceaftale efter standardgodkendelse");
    gk.post(&format!("{sti}/standard/traek"), &[]).await.er(303);
    gk.get(&sti).await.har("Giv standardgodkendelse").uden("Gunnar har den");
    gk.post(&format!("{sti}/standard/traek"), &[]).await.har("G-210");
    gk.post(&format!("{sti}/standard"), &[]).await.er(303);
    gk.get(&sti).await.har("end version 2").uden("Giv standardgodkendelse<");
}

#[tokio::test]
async fn what_notice_was_given_of_is_blocked_from_its_page() {
    let scene = Scene::ny().await;
    let uuid = scene.anmodning(&[KORSBAEK]).await;
    let sti = format!("/admin/serviceaftaler/{uuid}");
    let (_, mut gk) = scene.person("Gunnar", Modulrolle::Godkender).await;
    gk.svar(&format!("{sti}/svar"), &[("svar", "godkend")]).await.er(303);
    let opsig = [("aarsag", "Skifter system"), ("dag", "01-03-2027"), ("bekraeft", "ja")];
    gk.post(&format!("{sti}/opsig"), &opsig).await.er(303);
    gk.get(&sti).await.har("Opsagt").har("Spær nu").uden("/opsig?");
    gk.get(&format!("{sti}/spaer")).await.er(200).har("Sidste dag er 01-03-2027").har("mister adgang");
    gk.post(&format!("{sti}/spaer"), &[("aarsag", "Mistanke"), ("bekraeft", "ja")]).await.er(303);
    gk.get(&sti).await.har("Spærret").har("sidste dag").har("Ophæv spærring").uden("/opsig?");
    gk.get(&format!("{sti}/ophaev")).await.er(200).har("får adgang").har("Opsigelsen står ved magt");
    gk.post(&format!("{sti}/ophaev"), &[("bekraeft", "ja")]).await.er(303);
    gk.get(&sti).await.har("Opsagt").har("Skifter system").uden("Ophæv spærring");
}
