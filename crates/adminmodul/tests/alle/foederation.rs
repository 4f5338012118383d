//! Føderation as people do it: an Identity Provider from the form to a verified level, and an agreement on both sides.

use crate::browser::Browser;
use crate::jobfunktionsroller::scene;
use crate::scene::*;
use administration::Modulrolle;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const STI: &str = "/admin/foederation";
const AFTALER: &str = "/admin/foederationsaftaler";
const IDP: &str = "/admin/foederation/idp/ny";

pub fn metadata(rolle: &str, vaert: &str) -> String {
    let tjeneste = if rolle == "IDP" { "SingleSignOnService" } else { "AssertionConsumerService" };
    let certifikat = STANDARD.encode(certifikat("signering", KORSBAEK));
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{vaert}\">\n<md:{rolle}SSODescriptor>\
         <md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certifikat}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:{tjeneste} Binding=\"b\" Location=\"{vaert}/x\"/>\
         </md:{rolle}SSODescriptor></md:EntityDescriptor>"
    )
}

pub fn idp(metadata: &str) -> Vec<(&str, &str)> {
    vec![
        ("navn", "Korsbæk <login>"),
        ("praesentationsnavn", "Korsbæk Kommune"),
        ("email", "it@korsbaek.example"),
        ("nsis", "Betydelig"),
        ("anmeldelse", "NSIS-17"),
        ("domaene", "korsbaek.example"),
        ("metadata", metadata),
    ]
}

fn med<'a>(mut felter: Vec<(&'a str, &'a str)>, navn: &str, vaerdi: &'a str) -> Vec<(&'a str, &'a str)> {
    felter.iter_mut().filter(|(n, _)| *n == navn).for_each(|f| f.1 = vaerdi);
    felter
}

/// Answers yes to what a page shows.
pub async fn ja(b: &mut Browser, sti: &str) {
    let maerke = b.get(sti).await.er(200).skjult("maerke");
    b.post(sti, &[("maerke", &maerke), ("svar", "ja")]).await.er(303);
}

#[tokio::test]
async fn from_an_identity_provider_to_an_agreement_that_is_blocked_and_ended() {
    let scene = scene().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut op) = scene.person("Ole", Modulrolle::Driftsoperatoer).await;
    let nanna = scene.bruger("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let mut nanna = scene.inde(&nanna).await;
    jfa.get(STI).await.er(200).har("Ingen Identity Provider").har("Tilslut IdP</a>");
    gk.get(STI).await.er(200).uden("Tilslut IdP</a>").uden("Anmod om føderationsaftale</a>");
    // What is wrong is said, and what was written stands; a private key does not.
    let god = metadata("IDP", "https://idp.korsbaek.example");
    let http = metadata("IDP", "http://idp.korsbaek.example");
    let privat = format!("{god}<!-- -----BEGIN PRIVATE KEY----- -->");
    let foer = scene.aendringer().await;
    for (navn, vaerdi, kode) in [
        ("navn", "", "A-006"),
        ("anmeldelse", "", "A-006"),
        ("domaene", "korsbaek", "F-309"),
        ("metadata", "", "A-006"),
        ("metadata", "<a>\n<b></a>", "M-101"),
        ("metadata", http.as_str(), "M-102"),
        ("metadata", privat.as_str(), "C-104"),
    ] {
        let side = jfa.post(IDP, &med(idp(&god), navn, vaerdi)).await;
        side.er(422).har(kode).har("Intet er gemt.").uden("<login>").uden("BEGIN PRIVATE");
    }
    jfa.post(IDP, &med(idp(&god), "metadata", "<a>\n<b></a>")).await.har("linje 2");
    assert_eq!(scene.aendringer().await, foer);
    let svar = jfa.post(IDP, &idp(&god)).await;
    let sti = svar.er(303).sted().to_owned();
    jfa.get(&sti).await.er(200).har("Venter på Godkender").har("ikke verificeret endnu").har("NSIS-17");
    jfa.get(&format!("{sti}?fane=metadata"))
        .await
        .har("https://idp.korsbaek.example/x")
        .har("SingleSignOnService");
    nanna.get(&sti).await.er(404);
    jfa.get(&format!("{sti}/svar")).await.er(403);
    // The level is not verified before the Godkender has approved.
    op.get(&format!("{sti}/verificer")).await.er(422).har("F-310");
    gk.get(&format!("{sti}/svar")).await.har("bliver kendt som medarbejder i Korsbæk Kommune");
    gk.post(&format!("{sti}/svar"), &[("maerke", "x"), ("svar", "ja")]).await.er(409).har("A-005");
    gk.post(&format!("{sti}/svar"), &[("svar", "")]).await.er(422);
    ja(&mut gk, &format!("{sti}/svar")).await;
    ja(&mut op, &format!("{sti}/verificer")).await;
    gk.get(&sti).await.har("Betydelig, verificeret 15-01-2027").uden("Godkend</a>");
    jfa.get(STI).await.har("Korsbæk &#60;login&#62;").har("15-01-2028");
    // The supplier says what KY demands.
    let ky = format!("/admin/it-systemer/{KY}");
    la.get(&ky).await.har(&format!("href=\"{ky}/foederation\""));
    let maerke = la.get(&format!("{ky}/foederation")).await.er(200).skjult("maerke");
    let m = metadata("SP", "https://ky.example");
    let felter = [("maerke", maerke.as_str()), ("nsis", "Høj"), ("metadata", m.as_str())];
    la.post(&format!("{ky}/foederation"), &felter).await.er(303);
    la.post(&format!("{ky}/foederation"), &felter).await.er(409).har("A-005");
    // Too low a level, until KY demands less.
    let uuid = sti.rsplit('/').next().expect("a UUID").to_owned();
    let ky_uuid = KY.to_string();
    let ny = format!("{AFTALER}/ny");
    jfa.get(&ny).await.er(200).har("KY (kræver NSIS Høj)");
    let felter = [("system", ky_uuid.as_str()), ("idp", uuid.as_str()), ("maade", "alle"), ("knap", "send")];
    jfa.post(&ny, &felter)
        .await
        .er(422)
        .har("Systemet kræver NSIS Høj; jeres IdP er registreret som Betydelig.");
    jfa.post(&ny, &[("knap", "send"), ("fra", "i går"), ("maade", "alle")])
        .await
        .er(422)
        .har("A-018")
        .har("A-006");
    let maerke = la.get(&format!("{ky}/foederation")).await.skjult("maerke");
    la.post(&format!("{ky}/foederation"), &[("maerke", &maerke), ("nsis", "Betydelig"), ("metadata", "")])
        .await
        .er(303);
    let svar = jfa.post(&ny, &felter).await;
    let aftale = svar.er(303).sted().to_owned();
    nanna.get(&aftale).await.er(404);
    la.get(&aftale).await.er(404);
    jfa.get(&format!("{aftale}/ret")).await.er(422).har("F-308");
    gk.get(&format!("{aftale}/svar"))
        .await
        .er(200)
        .har("Medarbejdere i Korsbæk Kommune kan logge ind i KY med");
    ja(&mut gk, &format!("{aftale}/svar")).await;
    la.get(&aftale).await.er(200).har("Godkend</a>");
    let nej = format!("{aftale}/svar");
    let maerke = la.get(&nej).await.skjult("maerke");
    la.post(&nej, &[("maerke", &maerke), ("svar", "nej"), ("begrundelse", "")]).await.er(422).har("A-006");
    ja(&mut la, &nej).await;
    jfa.get(&aftale).await.har("f-tag--ok\">Aktiv");
    jfa.get(STI).await.har("Hvem kan logge ind hvor").har("Kræver NSIS Betydelig").har(&aftale);
    la.get(STI).await.har("Hvem kan logge ind hvor").har(&aftale).har(&sti);
    op.get(STI).await.er(200).har(&sti);
    jfa.get(&format!("{AFTALER}?q=ky&tilstand=AKTIV")).await.har(&aftale);
    jfa.get(&format!("{AFTALER}?tilstand=KLADDE")).await.uden(&aftale).har("Ingen føderationsaftaler");
    la.get(&format!("{AFTALER}.csv")).await.er(200).har("Mindste NSIS-niveau").har("KY;");
    jfa.get(&format!("{aftale}?fane=historik")).await.har("Anmod om føderationsaftale");
    // Blocked by one side and lifted by the same; ended by the other.
    let spaer = format!("{aftale}/spaer");
    gk.post(&spaer, &[("aarsag", "x")]).await.er(422).har("A-021");
    gk.post(&spaer, &[("aarsag", ""), ("bekraeft", "ja")]).await.er(422).har("A-006");
    gk.post(&spaer, &[("aarsag", "Angreb"), ("bekraeft", "ja")]).await.er(303);
    la.get(&aftale).await.har("Angreb").uden("Ophæv spærring</a>");
    la.get(&format!("{aftale}/ophaev")).await.er(422).har("F-308");
    gk.get(&format!("{aftale}/ophaev")).await.er(200);
    gk.post(&format!("{aftale}/ophaev"), &[("aarsag", "Forbi"), ("bekraeft", "ja")]).await.er(303);
    la.get(&format!("{aftale}/afslut")).await.er(200).har("kan ikke logge ind i KY fra nu");
    la.post(&format!("{aftale}/afslut"), &[("aarsag", "Slut"), ("bekraeft", "ja")]).await.er(303);
    jfa.get(&aftale).await.har("Ophørt").uden("Spær nu</a>");
    jfa.get(STI).await.har("Ingen føderationsaftaler endnu");
}

#[tokio::test]
async fn a_supplier_invites_and_the_authority_answers_in_the_same_form() {
    let scene = scene().await;
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let god = metadata("IDP", "https://idp.korsbaek.example");
    let sti = jfa.post(IDP, &idp(&god)).await.er(303).sted().to_owned();
    ja(&mut gk, &format!("{sti}/svar")).await;
    let ny = format!("{AFTALER}/ny");
    la.get(&ny).await.er(200).har("Invitér en myndighed").har("Korsbæk Kommune</option>").uden("Gem kladde");
    let ky = KY.to_string();
    la.post(&ny, &[("system", &ky), ("myndighed", "12<b>"), ("maade", "alle")])
        .await
        .er(422)
        .har("A-008")
        .uden("12<b>");
    let svar = la.post(&ny, &[("system", &ky), ("myndighed", KORSBAEK), ("maade", "alle")]).await;
    let aftale = svar.er(303).sted().to_owned();
    la.get(&aftale).await.er(200).uden("Ret og send");
    jfa.get(&aftale).await.har("Svar på invitationen");
    let ret = format!("{aftale}/ret");
    let maerke = jfa.get(&ret).await.er(200).har("Se sag").skjult("maerke");
    let idp = sti.rsplit('/').next().expect("a UUID");
    let tom = [("maerke", maerke.as_str()), ("idp", ""), ("maade", "alle"), ("knap", "send")];
    jfa.post(&ret, &tom).await.er(422).har("Identity Provider skal udfyldes");
    let felter = [("maerke", maerke.as_str()), ("idp", idp), ("maade", "alle"), ("knap", "kladde")];
    jfa.post(&ret, &felter).await.er(303);
    jfa.post(&ret, &felter).await.er(409).har("A-005").har("Det, der er gemt nu");
    let maerke = jfa.get(&ret).await.skjult("maerke");
    let felter = [("maerke", maerke.as_str()), ("idp", idp), ("maade", "alle"), ("knap", "send")];
    jfa.post(&ret, &felter).await.er(303);
    ja(&mut gk, &format!("{aftale}/svar")).await;
    // Approved by both, and what it lacks is said.
    jfa.get(&aftale).await.har("Godkendt").har("KY har ingen SAML-metadata").har("F-307");
}
