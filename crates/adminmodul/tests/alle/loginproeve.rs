//! Metadata fetched and a login tried, as people do it in the pages.

use crate::browser::Browser;
use crate::foederation::{idp, ja, metadata};
use crate::jobfunktionsroller::scene;
use crate::scene::*;
use administration::Modulrolle;
use app::{Callbackproevet, Udgang, Udgangsfejl, Udgangssvar};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::{Arc, Mutex};
use testkit::login::{Billet, Idp};
use uuid::Uuid;

const STI: &str = "/admin/foederation";
const AFTALER: &str = "/admin/foederationsaftaler";
const URL: &str = "https://idp.korsbaek.example/metadata";

/// The world outside, with one document in it.
struct Verden(Mutex<Result<Vec<u8>, Udgangsfejl>>);

impl Verden {
    fn har(&self, dokument: &str) {
        *self.0.lock().expect("no panic") = Ok(dokument.as_bytes().to_vec());
    }
}

impl Udgang for Verden {
    fn hent<'a>(&'a self, _: &'a str, _: usize) -> Udgangssvar<'a> {
        Box::pin(std::future::ready(self.0.lock().expect("no panic").clone()))
    }

    fn proev_callback(&self, _: Uuid) -> Callbackproevet<'_> {
        Box::pin(std::future::ready(Err(Udgangsfejl::Ingen)))
    }
}

fn verden(scene: &Scene) -> Arc<Verden> {
    let verden = Arc::new(Verden(Mutex::new(Err(Udgangsfejl::Svar(404)))));
    scene.app.saet_udgang(verden.clone());
    verden
}

/// What is wrong with a form that was sent to a page.
async fn afvist(b: &mut Browser, sti: &str, felter: &[(&str, &str)], kode: &str) {
    let side = b.post(sti, felter).await;
    side.er(422).har(kode).har("Intet er gemt.");
    assert!(side.tekst.len() < 50_000, "{}", side.tekst.len());
}

#[tokio::test]
async fn what_is_new_in_metadata_is_shown_before_it_is_saved() {
    let scene = scene().await;
    let verden = verden(&scene);
    let (_, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut tk) = scene.person("Tove", Modulrolle::TekniskKontakt).await;
    let id = "https://idp.korsbaek.example";
    // A new one from an address: what cannot be fetched is said at the field.
    let mut ny = idp("");
    ny.push(("metadata_url", URL));
    let side = jfa.post("/admin/foederation/idp/ny", &ny).await;
    side.er(422).har("svarede 404").har("href=\"#metadata_url\"").har(URL);
    verden.har(&metadata("IDP", id));
    let sti = jfa.post("/admin/foederation/idp/ny", &ny).await.er(303).sted().to_owned();
    jfa.get(&format!("{sti}?fane=metadata")).await.er(200).har(URL);
    jfa.get(&sti).await.har(&format!("href=\"{sti}/hent\""));
    gk.get(&sti).await.uden(&format!("{sti}/hent"));
    gk.get(&format!("{sti}/hent")).await.er(403);
    // It is fetched again: nothing is saved before what is new was seen.
    let hent = format!("{sti}/hent");
    let foer = scene.aendringer().await;
    let maerke = jfa.get(&hent).await.er(200).har(URL).skjult("maerke");
    let felter = |knap: &'static str, url: &'static str| {
        [("maerke", maerke.clone()), ("knap", knap.into()), ("url", url.into())]
    };
    for (url, kode) in
        [("", "A-006"), ("http://idp.korsbaek.example", "M-102"), ("\"><script>alert(1)</script>", "M-101")]
    {
        let f = felter("hent", url);
        let f: Vec<_> = f.iter().map(|(n, v)| (*n, v.as_str())).collect();
        if kode == "M-101" {
            verden.har("<html/>");
        }
        afvist(&mut jfa, &hent, &f, kode).await;
        jfa.post(&hent, &f).await.uden("<script>alert");
    }
    verden.har(&metadata("IDP", "https://ond.example"));
    let f = felter("hent", URL);
    let f: Vec<_> = f.iter().map(|(n, v)| (*n, v.as_str())).collect();
    afvist(&mut jfa, &hent, &f, "M-104").await;
    let nye = metadata("IDP", id);
    verden.har(&nye);
    let side = jfa.post(&hent, &f).await;
    side.er(200).har("Tilføjes").har("Fjernes").har("Signeringscertifikat").har("Gem ændringerne");
    let vist = side.skjult("vist");
    assert_eq!(scene.aendringer().await, foer, "looking changes nothing");
    let gem = |vist: &str| {
        vec![
            ("maerke", maerke.clone()),
            ("knap", "gem".to_owned()),
            ("url", URL.to_owned()),
            ("vist", vist.to_owned()),
        ]
    };
    let med = |v: &[(&'static str, String)]| v.to_vec();
    let send = async |b: &mut Browser, v: Vec<(&'static str, String)>| {
        let f: Vec<_> = v.iter().map(|(n, v)| (*n, v.as_str())).collect();
        b.post(&hent, &f).await
    };
    // Somebody publishes another one meanwhile.
    verden.har(&metadata("IDP", id));
    send(&mut jfa, gem(&vist)).await.er(422).har("M-105");
    verden.har(&nye);
    let mut gammel = med(&gem(&vist));
    gammel[0].1 = "x".into();
    send(&mut jfa, gammel).await.er(409).har("A-005").har("Registreret nu");
    assert_eq!(scene.aendringer().await, foer);
    assert_eq!(send(&mut jfa, gem(&vist)).await.er(303).sted(), sti);
    send(&mut jfa, gem(&vist)).await.er(409).har("Du har selv ændret");
    jfa.get(&format!("{sti}?fane=historik")).await.har("Hent metadata af Jens");
    // The supplier's own system, by its Teknisk kontakt; another kind of address leads nowhere.
    verden.har(&metadata("SP", "https://ky.example"));
    let ky = format!("/admin/it-systemer/{KY}/hent-metadata");
    let maerke = tk.get(&ky).await.er(200).skjult("maerke");
    let side = tk.post(&ky, &[("url", URL), ("knap", "hent"), ("maerke", &maerke)]).await;
    let vist = side.er(200).har("Det bliver registreret").skjult("vist");
    tk.post(&ky, &[("url", URL), ("knap", "gem"), ("maerke", &maerke), ("vist", &vist)]).await.er(303);
    let idp_uuid = sti.rsplit('/').next().expect("a UUID");
    tk.get(&format!("/admin/it-systemer/{idp_uuid}/hent-metadata")).await.er(404);
}

#[tokio::test]
async fn a_login_is_tried_and_a_test_person_noted() {
    let scene = scene().await;
    let verden = verden(&scene);
    let (jens, mut jfa) = scene.person("Jens", Modulrolle::Jobfunktionsrolleadministrator).await;
    let (_, mut gk) = scene.person("Grete", Modulrolle::Godkender).await;
    let (_, mut la) = scene.person("Laura", Modulrolle::Leverandoeradministrator).await;
    let (_, mut op) = scene.person("Ole", Modulrolle::Driftsoperatoer).await;
    let login = Idp::ny("https://idp.korsbaek.example");
    let sti = jfa.post("/admin/foederation/idp/ny", &idp(&login.metadata())).await.er(303).sted().to_owned();
    ja(&mut gk, &format!("{sti}/svar")).await;
    ja(&mut op, &format!("{sti}/verificer")).await;
    verden.har(&metadata("SP", "https://ky.example"));
    let ky = format!("/admin/it-systemer/{KY}/hent-metadata");
    let side = la.post(&ky, &[("url", URL), ("knap", "hent")]).await;
    let (maerke, vist) = (la.get(&ky).await.skjult("maerke"), side.er(200).skjult("vist"));
    la.post(&ky, &[("url", URL), ("knap", "gem"), ("maerke", &maerke), ("vist", &vist)]).await.er(303);
    let (uuid, ky_uuid) = (sti.rsplit('/').next().expect("a UUID").to_owned(), KY.to_string());
    let felter = [("system", ky_uuid.as_str()), ("idp", uuid.as_str()), ("maade", "alle"), ("knap", "send")];
    let aftale = jfa.post(&format!("{AFTALER}/ny"), &felter).await.er(303).sted().to_owned();
    ja(&mut gk, &format!("{aftale}/svar")).await;
    ja(&mut la, &format!("{aftale}/svar")).await;
    // Who may try it finds it, and nobody else.
    jfa.get(STI).await.har("/admin/foederation/proev");
    jfa.get("/admin/foederation/proev").await.er(200).har(&format!("{aftale}/proev"));
    gk.get(&aftale).await.har(&format!("{aftale}/proev"));
    la.get(&aftale).await.uden("Prøv login");
    la.get(&format!("{aftale}/proev")).await.er(403);
    let proev = format!("{aftale}/proev");
    jfa.get(&proev).await.er(200).har("Testbruger gennemført: nej").har("udstedes aldrig et token");
    // Hostile and unreadable input is refused, and never shown again.
    let bombe = format!("<!DOCTYPE a [<!ENTITY b \"{}\">]><a>&b;</a>", "0101701234".repeat(9));
    for (tekst, kode) in [
        ("", "A-006"),
        ("<script>alert(1)</script>", "F-314"),
        (bombe.as_str(), "DOCTYPE"),
        ("hej 010170-1234", "F-314"),
        ("A".repeat(400_000).as_str(), "F-314"),
    ] {
        let side = jfa.post(&proev, &[("proeves", tekst)]).await;
        side.er(422).har(kode).har("Intet er prøvet.").uden("<script>alert").uden("010170");
        assert!(side.tekst.len() < 50_000);
    }
    jfa.post(&proev, &[("proeves", &"A".repeat(600_000))]).await.er(413);
    // A login as it should be, with a role nobody has made.
    let liste = "<bpp:PrivilegeList xmlns:bpp=\"http://itst.dk/oiosaml/basic_privilege_profile\"><PrivilegeGroup \
                 Scope=\"urn:dk:gov:saml:cvrNumberIdentifier:11223344\"><Privilege>http://x.example/&lt;b&gt;/1</Privilege>\
                 </PrivilegeGroup></bpp:PrivilegeList>";
    let a = |navn: &str, vaerdi: &str| (format!("dk:gov:saml:attribute:{navn}"), vaerdi.to_owned());
    let billet = Billet {
        id: "_b".into(),
        cvr: KORSBAEK.into(),
        audience: "https://saml.adgang.fundament.localhost/runtime".into(),
        fra: "2027-01-15T07:59:00Z".into(),
        til: "2027-01-15T08:05:00Z".into(),
        klasse: "urn:oasis:names:tc:SAML:2.0:ac:classes:X509".into(),
        attributter: vec![
            a("SpecVer", "DK-SAML-2.0"),
            a("AssuranceLevel", "3"),
            a("CvrNumberIdentifier", KORSBAEK),
            a("CprNumberIdentifier", "0101701234"),
            a("Privileges_intermediate", &STANDARD.encode(liste)),
        ],
    };
    let side = jfa.post(&proev, &[("proeves", &login.signeret(&billet))]).await;
    side.er(200)
        .har("Loginet giver intet")
        .har("ingen jobfunktionsrolle med det rolle-id")
        .har("&#60;b&#62;");
    side.uden("0101701234").har("***").uden("Notér testbruger").har("Ikke prøvet");
    assert!(side.tekst.len() < 50_000, "{}", side.tekst.len());
    let falsk = login.signeret(&billet).replace("3</AttributeValue>", "4</AttributeValue>");
    jfa.post(&proev, &[("proeves", &falsk)])
        .await
        .er(200)
        .har("Loginet ville blive afvist")
        .har("Signaturen holder ikke");
    // With a role that is there it goes well, and is noted once somebody says so.
    let rolle = crate::jobfunktionsroller::aktiv_rolle(&scene, &jens).await;
    let liste = liste.replace("http://x.example/&lt;b&gt;/1", &rolle);
    let mut god = billet.clone();
    god.attributter[4].1 = STANDARD.encode(&liste);
    let side = jfa.post(&proev, &[("proeves", &login.signeret(&god))]).await;
    side.er(200).har("Loginet lykkes").har("Se sag");
    let (maerke, reference) = (side.skjult("maerke"), side.skjult("reference"));
    let testbruger = format!("{aftale}/testbruger");
    let felter = [("maerke", maerke.as_str()), ("reference", reference.as_str())];
    gk.post(&testbruger, &felter).await.er(403);
    jfa.post(&testbruger, &[("maerke", maerke.as_str()), ("reference", "x")]).await.er(422).har("F-315");
    jfa.post(&testbruger, &[("maerke", "x"), ("reference", reference.as_str())]).await.er(409).har("A-005");
    assert_eq!(jfa.post(&testbruger, &felter).await.er(303).sted(), aftale);
    jfa.get(&aftale).await.har("Testbruger gennemført").har("Ja, 15-01-2027");
    jfa.get(&format!("{aftale}?fane=historik")).await.har("Prøv login af Jens").uden("0101701234");
}
