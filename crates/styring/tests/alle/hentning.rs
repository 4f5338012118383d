//! Metadata fetched from where it is published: what is new is shown, what was shown is saved, and what is refused.

use crate::foederation::{idpfelter, metadata, metadata_med};
use crate::jobfunktionsroller::scene;
use crate::scene::*;
use administration::{Metadataforskel, Modulrolle};
use app::{Callbackproeve, Callbackproevet, Udgang, Udgangsfejl, Udgangssvar};
use std::sync::{Arc, Mutex};
use styring::foederation::{self, Idpfelter};
use styring::systemer::maerke;
use styring::{Kald, Styringsfejl, adviser};
use uuid::Uuid;

const URL: &str = "https://idp.korsbaek.example/metadata";

/// The world outside, with one document in it.
#[derive(Default)]
pub struct Verden(
    Mutex<Option<Result<Vec<u8>, Udgangsfejl>>>,
    Mutex<Vec<String>>,
    Mutex<Option<Callbackproeve>>,
);

impl Verden {
    pub fn i(scene: &Scene) -> Arc<Self> {
        let verden = Arc::new(Self::default());
        scene.app.saet_udgang(verden.clone());
        verden
    }

    pub fn har(&self, svar: Result<Vec<u8>, Udgangsfejl>) {
        *self.0.lock().expect("no panic") = Some(svar);
    }

    pub fn svarer(&self, svar: Callbackproeve) {
        *self.2.lock().expect("no panic") = Some(svar);
    }

    fn kaldt(&self) -> usize {
        self.1.lock().expect("no panic").len()
    }
}

impl Udgang for Verden {
    fn hent<'a>(&'a self, adresse: &'a str, _: usize) -> Udgangssvar<'a> {
        self.1.lock().expect("no panic").push(adresse.to_owned());
        let svar = self.0.lock().expect("no panic").clone().unwrap_or(Err(Udgangsfejl::Navn));
        Box::pin(std::future::ready(svar))
    }

    fn proev_callback(&self, _: Uuid) -> Callbackproevet<'_> {
        let svar = self.2.lock().expect("no panic").clone();
        Box::pin(std::future::ready(svar.ok_or(Udgangsfejl::Ingen)))
    }
}

struct Sider {
    scene: Scene,
    verden: Arc<Verden>,
    jfa: Kald,
    la: Kald,
    idp: Uuid,
}

impl Sider {
    async fn ny() -> Self {
        let scene = scene().await;
        let verden = Verden::i(&scene);
        let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
        let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
        let idp = foederation::tilslut_idp(&scene.app, &jfa, &idpfelter()).await.expect("registered");
        Self { scene, verden, jfa, la, idp }
    }

    fn maerke(&self, uuid: Uuid) -> String {
        self.scene.app.politik().system(uuid).map(maerke).unwrap_or_default()
    }

    async fn hent(&self, kald: &Kald, uuid: Uuid, url: &str) -> Result<foederation::Hentet, Styringsfejl> {
        foederation::hent_metadata(&self.scene.app, kald, uuid, url).await
    }

    async fn gem(&self, vist: &str, maerket: &str) -> Result<Option<foederation::Hentet>, Styringsfejl> {
        foederation::gem_hentet(&self.scene.app, &self.jfa, self.idp, URL, (maerket, vist)).await
    }
}

#[tokio::test]
async fn what_is_new_is_shown_and_what_was_shown_is_saved() {
    let s = Sider::ny().await;
    let linjer = s.scene.log().await.len();
    let id = "https://idp.korsbaek.example";
    s.verden.har(Ok(metadata("IDP", id)));
    let hentet = s.hent(&s.jfa, s.idp, &format!(" {URL} ")).await.expect("fetched");
    let kommer = |f: &[Metadataforskel]| f.iter().map(Metadataforskel::kommer).collect::<Vec<_>>();
    // The test makes another certificate each time, with the same endpoint.
    assert_eq!(kommer(&hentet.forskelle), [true, false]);
    assert!(matches!(
        &hentet.forskelle[..],
        [Metadataforskel::Certifikat(..), Metadataforskel::Certifikat(..)]
    ));
    let foer = s.maerke(s.idp);
    assert_eq!(s.scene.log().await.len(), linjer, "looking changes nothing");
    // Somebody publishes another certificate before it is saved: that is shown first.
    s.verden.har(Ok(metadata_med("IDP", id, "/y")));
    let andet = s.gem(&hentet.maerke, &foer).await.expect("fetched").expect("something else");
    assert_eq!(kommer(&andet.forskelle), [true, false, true, false]);
    assert_eq!(s.maerke(s.idp), foer, "nothing was saved");
    assert_eq!(koder(s.gem(&andet.maerke, "x").await), ["A-005"]);
    assert!(s.gem(&andet.maerke, &foer).await.expect("saved").is_none());
    let politik = s.scene.app.politik();
    let m = politik.system(s.idp).and_then(|s| s.metadata.clone()).expect("metadata");
    assert_eq!(
        (m.hentet_fra.as_deref(), m.endepunkter[0].url.as_str()),
        (Some(URL), "https://idp.korsbaek.example/y")
    );
    assert_eq!(s.scene.log().await[0], "Jens: hent metadata");
    let igen = s.hent(&s.jfa, s.idp, URL).await.expect("fetched");
    assert!(igen.forskelle.is_empty(), "nothing is new");
    assert_eq!(koder(s.gem(&andet.maerke, &foer).await), ["A-005"], "the same form again");
}

#[tokio::test]
async fn what_cannot_be_trusted_or_reached_is_refused_and_nothing_is_asked_for_others() {
    let s = Sider::ny().await;
    let jfa2 = s.scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
    let gk = s.scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
    assert_eq!(koder(s.hent(&jfa2, s.idp, URL).await), ["A-404"]);
    assert_eq!(koder(s.hent(&gk, s.idp, URL).await), ["A-001"]);
    assert_eq!(koder(s.hent(&s.jfa, KY, URL).await), ["A-404"]);
    assert_eq!(koder(s.hent(&s.jfa, s.idp, "  ").await), ["A-006"]);
    assert_eq!(koder(s.hent(&s.jfa, s.idp, "HTTP://idp.korsbaek.example").await), ["M-102"]);
    assert_eq!(koder(s.hent(&s.jfa, s.idp, &"x".repeat(2_001)).await), ["A-007"]);
    assert_eq!(s.verden.kaldt(), 0, "nobody was called");
    for (svar, kode, del) in [
        (Err(Udgangsfejl::Intern), "M-101", "fører ikke ud på internettet"),
        (Err(Udgangsfejl::Svar(404)), "M-101", "svarede 404"),
        (Err(Udgangsfejl::Stoerrelse(9)), "M-101", "over 9 bytes"),
        (Ok(b"<html/>".to_vec()), "M-101", "ikke SAML 2.0-metadata"),
        (Ok(b"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_vec()), "M-101", "DOCTYPE"),
        (Ok(metadata("IDP", "http://idp.korsbaek.example")), "M-102", "skal bruge HTTPS"),
        (Ok(metadata("IDP", "https://anden.example")), "M-104", "EntityID https://anden.example"),
        (Ok(metadata("SP", "https://idp.korsbaek.example")), "M-101", "IDPSSODescriptor mangler"),
    ] {
        s.verden.har(svar);
        let fejl = s.hent(&s.jfa, s.idp, URL).await.expect_err(del);
        let fejl = fejl.med_kode(kode).unwrap_or_else(|| panic!("{kode}: {fejl}"));
        assert!(fejl.tekst.contains(del) && fejl.felt == Some("url"), "{fejl}");
    }
    // The supplier's system gets its first metadata, but not that of another (M-103).
    s.verden.har(Ok(metadata("SP", "https://idp.korsbaek.example")));
    assert_eq!(koder(s.hent(&s.la, KY, URL).await), ["M-103"]);
    s.verden.har(Ok(metadata("SP", "https://ky.example")));
    let tk = s.scene.person("Tove", MATADOR, &[Modulrolle::TekniskKontakt]).await;
    let hentet = s.hent(&tk, KY, URL).await.expect("fetched");
    assert_eq!(hentet.forskelle.len(), 2, "all of it is new");
    s.scene.app.saet_udgang(Arc::new(app::IngenUdgang));
    assert_eq!(koder(s.hent(&tk, KY, URL).await), ["M-101"]);
}

#[tokio::test]
async fn a_new_one_is_registered_from_an_address() {
    let s = Sider::ny().await;
    let fra =
        Idpfelter { navn: "Den anden".into(), metadata: Vec::new(), metadata_url: URL.into(), ..idpfelter() };
    let tilslut = async || foederation::tilslut_idp(&s.scene.app, &s.jfa, &fra).await;
    let fejl = tilslut().await.expect_err("nothing there");
    assert_eq!(fejl.med_kode("M-101").and_then(|f| f.felt), Some("metadata_url"));
    s.verden.har(Ok(metadata("IDP", "https://anden.korsbaek.example")));
    let uuid = tilslut().await.expect("registered");
    let politik = s.scene.app.politik();
    let m = politik.system(uuid).and_then(|s| s.metadata.as_deref()).expect("metadata");
    assert_eq!(
        (m.entity_id.as_str(), m.hentet_fra.as_deref()),
        ("https://anden.korsbaek.example", Some(URL))
    );
    // What is pasted goes before an address.
    let begge = Idpfelter { navn: "Den tredje".into(), metadata_url: URL.into(), ..idpfelter() };
    assert_eq!(koder(foederation::tilslut_idp(&s.scene.app, &s.jfa, &begge).await), ["M-103"]);
}

#[tokio::test]
async fn a_supplier_is_told_before_the_certificate_in_the_metadata_runs_out() {
    let s = Sider::ny().await;
    let tk = s.scene.person("Tove", MATADOR, &[Modulrolle::TekniskKontakt]).await;
    s.verden.har(Ok(metadata("SP", "https://ky.example")));
    let vist = s.hent(&tk, KY, URL).await.expect("fetched").maerke;
    let maerket = s.maerke(KY);
    let gemt = foederation::gem_hentet(&s.scene.app, &tk, KY, URL, (&maerket, &vist)).await;
    assert!(gemt.expect("saved").is_none());
    let emner = async || {
        while adviser::fordel(&s.scene.app, false).await.expect("laid") > 0 {}
        let alle = adviser::Advisliste { antal: 30, ..adviser::Advisliste::default() };
        let (mine, _) = adviser::mine(&s.scene.app, &tk, alle).await.expect("notices");
        mine.into_iter().map(|(a, _)| a.emne).collect::<Vec<_>>()
    };
    adviser::frister(&s.scene.app).await.expect("looked");
    let ventet = |e: &&String| e.starts_with("Signeringscertifikatet i metadata for KY udløber");
    assert_eq!(emner().await.iter().filter(ventet).count(), 0);
    // From 15-01-2027 to thirty days before.
    s.scene.gaa(336);
    adviser::frister(&s.scene.app).await.expect("looked");
    assert_eq!(emner().await.iter().filter(ventet).count(), 1);
}
