//! Føderation: an Identity Provider from registration to a verified level, agreements from draft to end, and everything that
//! is refused.

use crate::jobfunktionsroller::scene;
use crate::scene::*;
use administration::{
    Certifikat, Endepunkt, Endepunktsart, Foederationstilstand as T, Modulrolle, Nsisniveau, Samlmetadata,
    Systemtilstand,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use styring::foederation::{self, Foederationsfelter, Foederationssoegning, Idpfelter, Svar};
use styring::systemer::maerke;
use styring::{Kald, Styringsfejl, adviser, opgaver};
use uuid::Uuid;

/// Metadata of an Identity Provider or of a system, with a certificate that runs out on 15-01-2028.
pub fn metadata(rolle: &str, id: &str) -> Vec<u8> {
    metadata_med(rolle, id, "/x")
}

/// The same with another endpoint.
pub fn metadata_med(rolle: &str, id: &str, sti: &str) -> Vec<u8> {
    let tjeneste = if rolle == "IDP" { "SingleSignOnService" } else { "AssertionConsumerService" };
    let certifikat = STANDARD.encode(certifikat("signering", KORSBAEK));
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
         entityID=\"{id}\"><md:{rolle}SSODescriptor><md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certifikat}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:{tjeneste} Binding=\"b\" Location=\"{id}{sti}\"/>\
         </md:{rolle}SSODescriptor></md:EntityDescriptor>"
    )
    .into_bytes()
}

pub fn idpfelter() -> Idpfelter {
    Idpfelter {
        navn: "Korsbæk AD".into(),
        praesentationsnavn: "Korsbæk Kommune".into(),
        email: "it@korsbaek.example".into(),
        nsis: Some(Nsisniveau::Betydelig),
        anmeldelse: "NSIS-17".into(),
        domaene: "korsbaek.example".into(),
        metadata: metadata("IDP", "https://idp.korsbaek.example"),
        ..Idpfelter::default()
    }
}

struct Sider {
    scene: Scene,
    jfa: Kald,
    gk: Kald,
    la: Kald,
    op: Kald,
    nanna: Kald,
}

impl Sider {
    async fn ny() -> Self {
        let scene = scene().await;
        let jfa = scene.person("Jens", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
        let gk = scene.person("Gunnar", KORSBAEK, &[Modulrolle::Godkender]).await;
        let la = scene.person("Laura", MATADOR, &[Modulrolle::Leverandoeradministrator]).await;
        let op = scene.person("Ole", &Cvr::KOMBIT.to_string(), &[Modulrolle::Driftsoperatoer]).await;
        let nanna = scene.person("Nanna", NABOKOEBING, &[Modulrolle::Jobfunktionsrolleadministrator]).await;
        Self { scene, jfa, gk, la, op, nanna }
    }

    /// Where KY demands a level and has metadata, and the Identity Provider is approved and verified.
    async fn klar() -> (Self, Uuid) {
        let s = Self::ny().await;
        s.ky(Some(Nsisniveau::Betydelig)).await.expect("KY's metadata");
        let idp = foederation::tilslut_idp(&s.scene.app, &s.jfa, &idpfelter()).await.expect("registered");
        s.svar_idp(&s.gk, idp, Svar::Ja).await.expect("approved");
        s.verificer(&s.op, idp, Svar::Ja).await.expect("verified");
        (s, idp)
    }

    fn system(&self, uuid: Uuid) -> administration::ItSystem {
        self.scene.app.politik().system(uuid).expect("a system").clone()
    }

    async fn ky(&self, nsis: Option<Nsisniveau>) -> Result<(), Styringsfejl> {
        let m = metadata("SP", "https://ky.example");
        let vist = maerke(&self.system(KY));
        foederation::ret_brugervendt(&self.scene.app, &self.la, KY, &vist, nsis, &m).await
    }

    async fn svar_idp(&self, kald: &Kald, idp: Uuid, svar: Svar) -> Result<bool, Styringsfejl> {
        foederation::svar_idp(&self.scene.app, kald, idp, &maerke(&self.system(idp)), &svar).await
    }

    async fn verificer(&self, kald: &Kald, idp: Uuid, svar: Svar) -> Result<(), Styringsfejl> {
        foederation::verificer(&self.scene.app, kald, idp, &maerke(&self.system(idp)), &svar).await
    }

    async fn ret_idp(&self, idp: Uuid, felter: &Idpfelter) -> Result<(), Styringsfejl> {
        let vist = maerke(&self.system(idp));
        foederation::ret_idp(&self.scene.app, &self.jfa, idp, &vist, felter).await
    }

    async fn anmod(&self, felter: &Foederationsfelter) -> Result<Uuid, Styringsfejl> {
        foederation::anmod(&self.scene.app, &self.jfa, felter, true).await
    }

    async fn ret(&self, f: Uuid, felter: &Foederationsfelter, send: bool) -> Result<(), Styringsfejl> {
        foederation::ret(&self.scene.app, &self.jfa, f, &self.maerke(f), felter, send).await
    }

    fn maerke(&self, f: Uuid) -> String {
        self.scene.app.politik().foederationsaftale(f).map(maerke).unwrap_or_default()
    }

    async fn svar(&self, kald: &Kald, f: Uuid, svar: Svar) -> Result<T, Styringsfejl> {
        foederation::svar(&self.scene.app, kald, f, &self.maerke(f), &svar).await
    }

    #[track_caller]
    fn ser(&self, kald: &Kald, f: Uuid) -> Result<T, Vec<&'static str>> {
        let politik = self.scene.app.politik();
        let svar = foederation::hent(kald, &politik, f, self.scene.nu());
        svar.map(|v| v.tilstand).map_err(|f| koder::<()>(Err(f)))
    }

    async fn opgaver(&self, kald: &Kald) -> Vec<String> {
        let alle = opgaver::mine(&self.scene.app, kald).await.expect("tasks");
        alle.into_iter().map(|g| g.post.slags).collect()
    }

    async fn adviser(&self, kald: &Kald) -> Vec<String> {
        while adviser::fordel(&self.scene.app, false).await.expect("laid") > 0 {}
        let alle = adviser::Advisliste { antal: 30, ..adviser::Advisliste::default() };
        let (mine, _) = adviser::mine(&self.scene.app, kald, alle).await.expect("notices");
        mine.into_iter().map(|(a, _)| a.emne).collect()
    }
}

fn felter(idp: Uuid) -> Foederationsfelter {
    Foederationsfelter { system: Some(KY), idp: Some(idp), ..Foederationsfelter::default() }
}

#[tokio::test]
async fn an_identity_provider_is_registered_approved_and_verified() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    for kald in [&s.gk, &s.la, &s.op] {
        assert_eq!(koder(foederation::tilslut_idp(app, kald, &idpfelter()).await), ["A-001"]);
    }
    let idp = foederation::tilslut_idp(app, &s.jfa, &idpfelter()).await.expect("registered");
    assert_eq!(s.system(idp).tilstand, Systemtilstand::Kladde);
    assert_eq!(s.opgaver(&s.gk).await, ["Godkend Identity Provider"]);
    assert_eq!(s.opgaver(&s.op).await, [""; 0], "nothing is verified before it is approved");
    let politik = app.politik();
    assert_eq!(koder(foederation::hent_idp(&s.nanna, &politik, idp).map(|i| i.uuid)), ["A-404"]);
    assert_eq!(koder(foederation::hent_idp(&s.la, &politik, idp).map(|i| i.uuid)), ["A-404"]);
    assert!(foederation::idper(&s.nanna, &politik).expect("a list").is_empty());
    assert_eq!(foederation::idper(&s.op, &politik).expect("a list").len(), 1, "who runs it sees all");
    // Sent back, corrected, and approved; nobody else answers.
    assert_eq!(koder(s.svar_idp(&s.jfa, idp, Svar::Ja).await), ["A-001"]);
    assert_eq!(koder(s.svar_idp(&s.op, idp, Svar::Ja).await), ["A-001"]);
    assert_eq!(koder(s.verificer(&s.op, idp, Svar::Ja).await), ["F-310"]);
    assert_eq!(koder(s.svar_idp(&s.gk, idp, Svar::Nej(" ".into())).await), ["A-006"]);
    assert!(!s.svar_idp(&s.gk, idp, Svar::Nej("Forkert postkasse".into())).await.expect("sent back"));
    assert_eq!(
        (s.opgaver(&s.gk).await.len(), s.opgaver(&s.jfa).await),
        (0, vec!["Ret Identity Provider".into()])
    );
    let rettet = Idpfelter { metadata: Vec::new(), email: "drift@korsbaek.example".into(), ..idpfelter() };
    let vist = maerke(&s.system(idp));
    s.ret_idp(idp, &rettet).await.expect("corrected");
    let gammel = foederation::ret_idp(app, &s.jfa, idp, &vist, &rettet).await;
    assert_eq!(koder(gammel), ["A-005"]);
    assert_eq!(koder(foederation::svar_idp(app, &s.gk, idp, &vist, &Svar::Ja).await), ["A-005"]);
    assert_eq!((s.opgaver(&s.gk).await.len(), s.opgaver(&s.jfa).await.len()), (1, 0));
    assert!(s.svar_idp(&s.gk, idp, Svar::Ja).await.expect("approved"));
    assert_eq!(koder(s.svar_idp(&s.gk, idp, Svar::Ja).await), ["F-310"]);
    // The level is verified, and once more when it changes; other changes leave it be.
    assert_eq!(s.opgaver(&s.op).await, ["Verificér NSIS-niveau"]);
    assert_eq!(koder(s.verificer(&s.gk, idp, Svar::Ja).await), ["A-001"]);
    s.verificer(&s.op, idp, Svar::Nej("Ikke fundet".into())).await.expect("refused");
    assert_eq!((s.opgaver(&s.op).await.len(), s.opgaver(&s.jfa).await.len()), (0, 1));
    s.ret_idp(idp, &Idpfelter { anmeldelse: "NSIS-18".into(), ..rettet.clone() }).await.expect("corrected");
    s.verificer(&s.op, idp, Svar::Ja).await.expect("verified");
    let nsis = |s: &Sider| s.system(idp).nsis().expect("a level").clone();
    assert!(nsis(&s).verificeret.is_some() && nsis(&s).registreret.is_some());
    let rettet = Idpfelter { anmeldelse: "NSIS-18".into(), teknisk_kontakt: "Birger".into(), ..rettet };
    s.ret_idp(idp, &rettet).await.expect("changed");
    assert!(nsis(&s).verificeret.is_some() && s.opgaver(&s.op).await.is_empty());
    s.ret_idp(idp, &Idpfelter { nsis: Some(Nsisniveau::Hoej), ..rettet }).await.expect("changed");
    assert!(nsis(&s).verificeret.is_none() && s.opgaver(&s.op).await.len() == 1);
    let fortalt = [s.adviser(&s.gk).await, s.adviser(&s.jfa).await].concat();
    for hvad in ["AD: godkendt", "sendt tilbage", "NSIS-niveauet er verificeret", "skal verificeres"] {
        assert!(fortalt.iter().any(|e| e.contains(hvad)), "{hvad}: {fortalt:?}");
    }
    let log = s.scene.log().await;
    assert!(log.contains(&"Ole: verificér NSIS-niveau Betydelig".to_owned()), "{log:?}");
}

#[tokio::test]
async fn what_is_wrong_with_an_identity_provider_is_said() {
    let s = Sider::ny().await;
    let app = &s.scene.app;
    let afvist = async |f: Idpfelter| koder(foederation::tilslut_idp(app, &s.jfa, &f).await);
    let tom = Idpfelter { metadata: b"<a/>".to_vec(), ..Idpfelter::default() };
    assert_eq!(afvist(tom).await, ["A-006", "A-006", "A-006", "M-101"]);
    assert_eq!(afvist(Idpfelter { anmeldelse: String::new(), ..idpfelter() }).await, ["A-006"]);
    assert_eq!(afvist(Idpfelter { domaene: "korsbaek".into(), ..idpfelter() }).await, ["F-309"]);
    let http = metadata("IDP", "http://idp.korsbaek.example");
    assert_eq!(afvist(Idpfelter { metadata: http, ..idpfelter() }).await, ["M-102"]);
    foederation::tilslut_idp(app, &s.jfa, &idpfelter()).await.expect("registered");
    assert_eq!(afvist(idpfelter()).await, ["S-106"]);
    assert_eq!(afvist(Idpfelter { navn: "En anden".into(), ..idpfelter() }).await, ["M-103"]);
    // Of another's only that it is taken is told.
    let andens = foederation::tilslut_idp(app, &s.nanna, &idpfelter()).await.expect_err("taken");
    let tekst = &andens.med_kode("M-103").expect("M-103").tekst;
    assert!(tekst.contains("et andet it-system") && !tekst.contains("Korsbæk AD"), "{tekst}");
    let vist = maerke(&s.system(KY));
    let m = metadata("SP", "https://idp.korsbaek.example");
    let sp = foederation::ret_brugervendt(app, &s.la, KY, &vist, None, &m).await;
    assert_eq!(koder(sp), ["M-103"]);
    assert_eq!(koder(foederation::ret_brugervendt(app, &s.jfa, KY, &vist, None, &m).await), ["A-001"]);
    s.ky(Some(Nsisniveau::Lav)).await.expect("saved");
    assert_eq!(koder(foederation::ret_brugervendt(app, &s.la, KY, &vist, None, b"").await), ["A-005"]);
}

#[tokio::test]
async fn an_agreement_is_asked_for_approved_by_both_blocked_and_ended() {
    let (s, idp) = Sider::klar().await;
    let app = &s.scene.app;
    let f = s.anmod(&felter(idp)).await.expect("sent");
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Anmodet));
    assert_eq!(s.ser(&s.la, f), Err(vec!["A-404"]), "not sent to the supplier yet");
    assert_eq!(s.ser(&s.nanna, f), Err(vec!["A-404"]));
    assert_eq!(s.opgaver(&s.gk).await, ["Godkend føderationsaftale"]);
    assert_eq!(koder(s.svar(&s.jfa, f, Svar::Ja).await), ["A-001"]);
    assert_eq!(koder(s.svar(&s.la, f, Svar::Ja).await), ["A-404"]);
    assert_eq!(s.svar(&s.gk, f, Svar::Ja).await.expect("approved"), T::Anmodet);
    assert_eq!(koder(s.svar(&s.gk, f, Svar::Ja).await), ["A-005"], "it waits for the supplier");
    assert_eq!(s.opgaver(&s.la).await, ["Godkend føderationsaftale"]);
    // The supplier sends it back; it is corrected and goes round again.
    assert_eq!(koder(s.svar(&s.la, f, Svar::Nej(String::new())).await), ["A-006"]);
    s.svar(&s.la, f, Svar::Nej("Sæt en slutdato".into())).await.expect("sent back");
    assert_eq!((s.ser(&s.la, f), s.opgaver(&s.jfa).await.len()), (Ok(T::Kladde), 1));
    let til = Instant::from_micros(s.scene.nu().micros() + 90 * DAG);
    let med_slut =
        Foederationsfelter { gyldig: Period { from: Instant::NEG_INFINITY, to: til }, ..felter(idp) };
    let vist = s.maerke(f);
    s.ret(f, &med_slut, true).await.expect("corrected");
    assert_eq!(koder(foederation::ret(app, &s.jfa, f, &vist, &med_slut, true).await), ["F-308"]);
    assert_eq!(koder(foederation::svar(app, &s.gk, f, &vist, &Svar::Ja).await), ["A-005"]);
    s.svar(&s.gk, f, Svar::Ja).await.expect("approved");
    assert_eq!(s.svar(&s.la, f, Svar::Ja).await.expect("accepted"), T::Godkendt);
    for kald in [&s.jfa, &s.gk, &s.la, &s.op] {
        assert_eq!(s.ser(kald, f), Ok(T::Aktiv));
    }
    assert!(s.opgaver(&s.la).await.is_empty() && s.opgaver(&s.jfa).await.is_empty());
    assert_eq!(koder(s.anmod(&felter(idp)).await), ["F-311"]);
    // The supplier sees the Identity Provider now.
    assert!(foederation::hent_idp(&s.la, &app.politik(), idp).is_ok());
    // Blocked by the supplier, which alone lifts it.
    assert_eq!(koder(foederation::spaer(app, &s.la, f, " ").await), ["A-006"]);
    assert_eq!(koder(foederation::spaer(app, &s.op, f, "x").await), ["A-001"]);
    assert_eq!(koder(foederation::ophaev(app, &s.la, f, "x").await), ["F-308"]);
    foederation::spaer(app, &s.la, f, "Angreb").await.expect("blocked");
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Spaerret));
    assert_eq!(koder(foederation::spaer(app, &s.jfa, f, "x").await), ["F-308"]);
    assert_eq!(koder(foederation::ophaev(app, &s.jfa, f, "x").await), ["G-212"]);
    foederation::ophaev(app, &s.la, f, "Forbi").await.expect("lifted");
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Aktiv));
    foederation::afslut(app, &s.gk, f, "Vi skifter").await.expect("ended");
    assert_eq!(s.ser(&s.la, f), Ok(T::Ophoert));
    assert_eq!(koder(foederation::afslut(app, &s.la, f, "x").await), ["F-308"]);
    let fortalt = s.adviser(&s.la).await;
    for hvad in ["venter på leverandøren", "ophørt"] {
        assert!(fortalt.iter().any(|e| e.contains(hvad)), "{hvad}: {fortalt:?}");
    }
    let alle = Foederationssoegning { tilstand: Some(T::Ophoert), ..Foederationssoegning::default() };
    let politik = app.politik();
    let antal = |kald| foederation::list(kald, &politik, &alle, s.scene.nu()).expect("a list").len();
    assert_eq!((antal(&s.jfa), antal(&s.la), antal(&s.op), antal(&s.nanna)), (1, 1, 1, 0));
    s.anmod(&felter(idp)).await.expect("a new one");
}

#[tokio::test]
async fn who_is_on_the_whitelist_needs_no_answer_of_the_supplier() {
    let (s, idp) = Sider::klar().await;
    let mut data = s.scene.app.politik().data().clone();
    let liste = |data: &mut administration::Politikdata, alle: &[&str]| {
        let ky = data.systemer.iter_mut().find(|s| s.uuid == KY).expect("KY");
        ky.myndighedsafgraensning = alle.iter().map(|c| cvr(c)).collect();
    };
    liste(&mut data, &[KORSBAEK]);
    s.scene.app.saet_politik(&data, false).await.expect("a policy");
    let f = s.anmod(&felter(idp)).await.expect("sent");
    assert_eq!(s.svar(&s.gk, f, Svar::Ja).await.expect("approved"), T::Godkendt);
    assert_eq!(s.ser(&s.la, f), Ok(T::Aktiv));
    assert!(s.opgaver(&s.la).await.is_empty());
    // Off the list it is no longer in force, and may not be asked for.
    let mut data = s.scene.app.politik().data().clone();
    liste(&mut data, &[NABOKOEBING]);
    s.scene.app.saet_politik(&data, false).await.expect("a policy");
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Godkendt));
    let inviteret = Foederationsfelter { idp: None, myndighed: Some(cvr(KORSBAEK)), ..felter(idp) };
    foederation::afslut(&s.scene.app, &s.jfa, f, "Slut").await.expect("ended");
    assert_eq!(koder(foederation::inviter(&s.scene.app, &s.la, &inviteret).await), ["S-105"]);
    assert_eq!(
        koder(s.anmod(&felter(idp)).await),
        ["A-006"],
        "a system that is not for the authority is not there"
    );
}

#[tokio::test]
async fn a_supplier_invites_and_the_authority_answers() {
    let (s, idp) = Sider::klar().await;
    let app = &s.scene.app;
    let inviteret = Foederationsfelter { idp: None, myndighed: Some(cvr(KORSBAEK)), ..felter(idp) };
    assert_eq!(koder(foederation::inviter(app, &s.jfa, &inviteret).await), ["A-001"]);
    let ukendt = Foederationsfelter { myndighed: Some(cvr("87654321")), ..inviteret.clone() };
    assert_eq!(koder(foederation::inviter(app, &s.la, &ukendt).await), ["D-501"]);
    let ingen = Foederationsfelter { myndighed: None, ..inviteret.clone() };
    assert_eq!(koder(foederation::inviter(app, &s.la, &ingen).await), ["A-006"]);
    let f = foederation::inviter(app, &s.la, &inviteret).await.expect("invited");
    assert_eq!(
        (s.ser(&s.jfa, f), s.opgaver(&s.jfa).await),
        (Ok(T::Kladde), vec!["Svar på invitation".into()])
    );
    assert_eq!(koder(s.ret(f, &Foederationsfelter { idp: None, ..felter(idp) }, true).await), ["A-006"]);
    s.ret(f, &felter(idp), true).await.expect("answered");
    assert!(s.opgaver(&s.jfa).await.is_empty());
    assert_eq!(s.svar(&s.gk, f, Svar::Ja).await.expect("approved"), T::Godkendt, "the supplier has said yes");
    assert_eq!(s.ser(&s.la, f), Ok(T::Aktiv));
    // On other terms than it was invited to, the supplier is asked.
    foederation::afslut(app, &s.jfa, f, "Om igen").await.expect("ended");
    let f = foederation::inviter(app, &s.la, &inviteret).await.expect("invited");
    let andet = Foederationsfelter { attributter: BTreeSet::from(["mail".into()]), ..felter(idp) };
    s.ret(f, &andet, true).await.expect("answered");
    assert_eq!(s.svar(&s.gk, f, Svar::Ja).await.expect("approved"), T::Anmodet);
}

#[tokio::test]
async fn the_level_decides_when_it_is_sent_when_it_is_approved_and_afterwards() {
    let (s, idp) = Sider::klar().await;
    s.ky(Some(Nsisniveau::Hoej)).await.expect("KY demands more");
    let fejl = s.anmod(&felter(idp)).await.expect_err("too low");
    let f301 = fejl.med_kode("F-301").expect("F-301");
    assert_eq!(f301.tekst, "Systemet kræver NSIS Høj; jeres IdP er registreret som Betydelig.");
    s.ky(Some(Nsisniveau::Betydelig)).await.expect("KY demands less");
    let hoej = Foederationsfelter { nsis: Some(Nsisniveau::Hoej), ..felter(idp) };
    assert_eq!(koder(s.anmod(&hoej).await), ["F-301"]);
    let f = s.anmod(&felter(idp)).await.expect("sent");
    s.ky(Some(Nsisniveau::Hoej)).await.expect("KY demands more");
    assert_eq!(koder(s.svar(&s.gk, f, Svar::Ja).await), ["F-301"]);
    s.ky(None).await.expect("KY demands nothing");
    s.svar(&s.gk, f, Svar::Ja).await.expect("approved");
    s.svar(&s.la, f, Svar::Ja).await.expect("accepted");
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Aktiv));
    s.ky(Some(Nsisniveau::Betydelig)).await.expect("KY demands it again");
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Aktiv));
    // Changed, the level counts when it is verified.
    let ny = Idpfelter { nsis: Some(Nsisniveau::Hoej), metadata: Vec::new(), ..idpfelter() };
    s.ret_idp(idp, &ny).await.expect("changed");
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Godkendt));
    s.verificer(&s.op, idp, Svar::Ja).await.expect("verified");
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Aktiv));
    // And the certificate.
    s.scene.gaa(370);
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Godkendt));
    let politik = s.scene.app.politik();
    let v = foederation::hent(&s.jfa, &politik, f, s.scene.nu()).expect("seen");
    assert_eq!(v.mangler.iter().map(|m| m.kode).collect::<Vec<_>>(), ["F-302"]);
}

#[tokio::test]
async fn nobody_approves_alone_what_he_asked_for() {
    let (s, idp) = Sider::klar().await;
    let roller = [Modulrolle::Jobfunktionsrolleadministrator, Modulrolle::Godkender];
    let begge = s.scene.person("Bodil", KORSBAEK, &roller).await;
    let f = foederation::anmod(&s.scene.app, &begge, &felter(idp), true).await.expect("sent");
    assert_eq!(koder(s.svar(&begge, f, Svar::Ja).await), ["G-205"]);
    let mut data = s.scene.app.politik().data().clone();
    let part = data.parter.iter_mut().find(|p| p.cvr == cvr(KORSBAEK)).expect("Korsbæk");
    part.egen_godkendelse = true;
    s.scene.app.saet_politik(&data, false).await.expect("a policy");
    s.svar(&begge, f, Svar::Ja).await.expect("the first of two");
    assert_eq!((s.ser(&s.jfa, f), s.opgaver(&s.gk).await.len()), (Ok(T::Anmodet), 1));
    s.svar(&s.gk, f, Svar::Ja).await.expect("countersigned");
    assert_eq!(s.opgaver(&s.la).await.len(), 1);
}

#[tokio::test]
async fn drafts_are_the_authoritys_own_and_fields_are_checked() {
    let (s, idp) = Sider::klar().await;
    let app = &s.scene.app;
    let tom = Foederationsfelter { idp: None, ..felter(idp) };
    let f = foederation::anmod(app, &s.jfa, &tom, false).await.expect("a draft");
    assert_eq!((s.ser(&s.jfa, f), s.ser(&s.la, f)), (Ok(T::Kladde), Err(vec!["A-404"])));
    assert_eq!(koder(foederation::ret(app, &s.gk, f, "", &tom, false).await), ["A-001"]);
    assert_eq!(koder(s.ret(f, &tom, true).await), ["A-006"]);
    let gaar = Instant::from_micros(s.scene.nu().micros() - 2 * DAG);
    let bagud =
        Foederationsfelter { gyldig: Period { from: gaar, to: Instant::POS_INFINITY }, ..felter(idp) };
    assert_eq!(koder(s.ret(f, &bagud, true).await), ["A-009"]);
    let forbi =
        Foederationsfelter { gyldig: Period { from: Instant::NEG_INFINITY, to: gaar }, ..felter(idp) };
    assert_eq!(koder(s.ret(f, &forbi, true).await), ["A-009"]);
    let fremmed = Foederationsfelter { roller: Some(BTreeSet::from([Uuid::nil()])), ..felter(idp) };
    assert_eq!(koder(s.ret(f, &fremmed, true).await), ["F-313"]);
    let ingen = Foederationsfelter { roller: Some(BTreeSet::new()), ..felter(idp) };
    assert_eq!(koder(s.ret(f, &ingen, true).await), ["F-313"]);
    let lang = Foederationsfelter { attributter: BTreeSet::from(["x".repeat(300)]), ..felter(idp) };
    assert_eq!(koder(s.ret(f, &lang, true).await), ["F-312"]);
    assert_eq!(koder(s.ret(f, &felter(KY), true).await), ["A-006"], "KY logs nobody in");
    s.ret(f, &felter(idp), true).await.expect("sent");
    foederation::afslut(app, &s.jfa, f, "Fortrudt").await.expect("taken back");
    assert!(s.opgaver(&s.gk).await.is_empty());
}

#[tokio::test]
async fn both_sides_are_told_before_it_ends_and_before_the_certificate_runs_out() {
    let (s, idp) = Sider::klar().await;
    let app = &s.scene.app;
    let til = Instant::from_micros(s.scene.nu().micros() + 40 * DAG);
    let slut = Foederationsfelter { gyldig: Period { from: Instant::NEG_INFINITY, to: til }, ..felter(idp) };
    let f = s.anmod(&slut).await.expect("sent");
    s.svar(&s.gk, f, Svar::Ja).await.expect("approved");
    s.svar(&s.la, f, Svar::Ja).await.expect("accepted");
    adviser::frister(app).await.expect("the first round");
    s.scene.gaa(11);
    adviser::frister(app).await.expect("told");
    assert!(s.adviser(&s.la).await.iter().any(|e| e.contains("KY for Korsbæk Kommune gælder til og med")));
    s.scene.gaa(350);
    assert_eq!(s.ser(&s.jfa, f), Ok(T::Ophoert));
    adviser::frister(app).await.expect("told");
    for kald in [&s.jfa, &s.la, &s.op] {
        let fortalt = s.adviser(kald).await;
        assert!(
            fortalt.iter().any(|e| e.starts_with("Signeringscertifikatet for Korsbæk AD")),
            "{fortalt:?}"
        );
    }
}

#[tokio::test]
async fn a_policy_file_knows_them_and_is_checked() {
    let (s, idp) = Sider::klar().await;
    let f = s.anmod(&felter(idp)).await.expect("sent");
    let data = s.scene.app.politik().data().clone();
    let tekst = administration::skriv(&data, administration::Format::Toml);
    let igen =
        administration::laes("politik.toml", &tekst, administration::Format::Toml).expect("read again");
    assert_eq!(igen.foederationsaftaler, data.foederationsaftaler);
    assert_eq!(igen.systemer, data.systemer);
    let fund = |aendr: &dyn Fn(&mut administration::Politikdata)| {
        let mut data = data.clone();
        aendr(&mut data);
        administration::valider(&data).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(fund(&|_| {}), "");
    assert!(fund(&|d| d.foederationsaftaler[0].system = idp).contains("brugervendt system"));
    assert!(fund(&|d| d.foederationsaftaler[0].idp = Some(KY)).contains("Identity Provider"));
    assert!(fund(&|d| d.foederationsaftaler[0].myndighed = cvr("87654321")).contains("kendt part"));
    assert!(fund(&|d| d.foederationsaftaler[0].roller = Some([f].into())).contains("brugersystemrolle"));
    let metadata = |url: &str| {
        Some(Box::new(Samlmetadata {
            entity_id: "https://ky.example".into(),
            gyldig_til: None,
            hentet_fra: None,
            endepunkter: vec![Endepunkt {
                art: Endepunktsart::SingleSignOnService,
                binding: "b".into(),
                url: url.into(),
                svar_url: None,
                indeks: None,
            }],
            certifikater: vec![Certifikat::af_der(certifikat("x", KORSBAEK)).expect("a certificate")],
        }))
    };
    let med = |url: &'static str| {
        fund(&move |d| {
            d.systemer.iter_mut().filter(|s| s.uuid == idp).for_each(|s| s.metadata = metadata(url))
        })
    };
    assert!(med("https://x").contains("M-103") && med("http://x").contains("M-102"));
}
