use super::{
    Foederationsaftale, Foederationshaendelse as H, Foederationstilstand as T, Idpprofil, Nsis, Nsisniveau,
    Samlrolle, Underskrift, foederationsovergang, laes_metadata,
};
use crate::system::{ItSystem, Systemtilstand, Systemtype};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

const NU: Instant = Instant::from_micros(1_800_000_000_000_000);

fn certifikat(slut: i32) -> String {
    let mut params = rcgen::CertificateParams::new(Vec::new()).expect("no names");
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(slut, 1, 1);
    let key = rcgen::KeyPair::generate().expect("a key");
    STANDARD.encode(params.self_signed(&key).expect("a certificate").der())
}

/// Metadata of an Identity Provider, one element a line.
fn metadata(certifikat: &str) -> String {
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"https://idp.korsbaek.example\">\n\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n\
         <md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data>\n\
         <ds:X509Certificate>{certifikat}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\n\
         <md:SingleLogoutService Binding=\"b\" Location=\"https://idp.korsbaek.example/slo\" \
         ResponseLocation=\"https://idp.korsbaek.example/svar\"/>\n\
         <md:SingleSignOnService Binding=\"b\" Location=\"https://idp.korsbaek.example/sso\"/>\n\
         </md:IDPSSODescriptor>\n</md:EntityDescriptor>"
    )
}

#[test]
fn metadata_is_read() {
    let laest = laes_metadata(metadata(&certifikat(2030)).as_bytes(), Samlrolle::IdentityProvider, NU);
    let m = laest.expect("read");
    assert_eq!(m.entity_id, "https://idp.korsbaek.example");
    assert_eq!((m.endepunkter.len(), m.certifikater.len(), m.gyldig_til), (2, 1, None));
    assert!(m.udloeber().is_some_and(|u| u > NU));
    let json = serde_json::to_string(&m).expect("written");
    assert_eq!(serde_json::from_str::<super::Samlmetadata>(&json).expect("read again"), m);
}

#[test]
fn what_is_wrong_with_metadata_is_named_by_line_and_reason() {
    let god = metadata(&certifikat(2030));
    let check = |tekst: &str, kode: &str, del: &str| {
        let fejl = laes_metadata(tekst.as_bytes(), Samlrolle::IdentityProvider, NU).expect_err(del);
        assert_eq!((fejl.kode, fejl.felt), (kode, Some("metadata")), "{fejl}");
        assert!(fejl.tekst.contains(del), "{fejl}");
    };
    check("", "A-006", "SAML-metadata skal udfyldes");
    check("hej", "M-101", "ikke velformet");
    check(&god.replace("</md:IDPSSODescriptor>", "</md:x>"), "M-101", "linje 7");
    check(&format!("<!DOCTYPE a>{god}"), "M-101", "DOCTYPE");
    check("<a/>", "M-101", "linje 1, det er ikke SAML 2.0-metadata");
    check(&god.replace("entityID=\"https://idp.korsbaek.example\"", ""), "M-101", "entityID mangler");
    check(&god.replace("IDPSSODescriptor", "SPSSODescriptor"), "M-101", "IDPSSODescriptor mangler");
    check(&god.replace("SingleSignOnService", "Andet"), "M-101", "linje 2, SingleSignOnService mangler");
    check(&god.replace(" use=\"signing\"", " use=\"encryption\""), "M-101", "intet certifikat til signering");
    check(&god.replace("Location=\"https://idp.korsbaek.example/sso\"", ""), "M-101", "linje 6");
    check(&metadata("AAAA"), "M-101", "linje 4");
    check(
        &god.replace("/slo\"", "/slo\" index=\"1\"")
            .replace("https://idp.korsbaek.example/sso", "http://x/sso"),
        "M-102",
        "http://x/sso",
    );
    check(&god.replace("https://idp.korsbaek.example/svar", "ftp://x"), "M-102", "ftp://x");
    check(&god.replace("entityID", "validUntil=\"2020-01-01T00:00:00Z\" entityID"), "M-101", "udløbet");
    check(&god.replace("entityID", "validUntil=\"snart\" entityID"), "M-101", "ikke et tidspunkt");
    check(&metadata(&certifikat(2021)), "C-101", "udløbet (");
    check(&format!("{god}<!-- PRIVATE KEY -->"), "C-104", "privat nøgle");
    let sp = laes_metadata(god.as_bytes(), Samlrolle::Tjeneste, NU).expect_err("an idp");
    assert!(sp.tekst.contains("SPSSODescriptor mangler"), "{sp}");
}

#[test]
fn every_state_by_every_event() {
    let ud = |fra, h| foederationsovergang(fra, h).ok();
    for fra in T::ALLE {
        for h in H::ALLE {
            let ventet = match (fra, h) {
                (T::Ophoert, _) => None,
                (_, H::Afslut | H::SlutNaaet) => Some(T::Ophoert),
                (T::Kladde, H::Ret) => Some(T::Kladde),
                (T::Kladde, H::Send) => Some(T::Anmodet),
                (T::Anmodet, H::Godkend) => Some(T::Godkendt),
                (T::Anmodet, H::Returner) => Some(T::Kladde),
                (T::Godkendt, H::BegyndelseNaaet) => Some(T::Aktiv),
                (T::Godkendt | T::Aktiv, H::Spaer) => Some(T::Spaerret),
                (T::Spaerret, H::Ophaev) => Some(T::Godkendt),
                _ => None,
            };
            assert_eq!(ud(fra, h), ventet, "{fra} {h:?}");
        }
    }
}

fn parrene() -> (ItSystem, ItSystem, Foederationsaftale) {
    let mut sapa = ItSystem::ny(Uuid::from_u128(1), "SAPA", Cvr::KOMBIT, Vec::new());
    sapa.typer = BTreeSet::from([Systemtype::BrugervendtSystem]);
    sapa.nsis_kraevet = Some(Nsisniveau::Betydelig);
    let laest = laes_metadata(metadata(&certifikat(2030)).as_bytes(), Samlrolle::IdentityProvider, NU);
    let m = Box::new(laest.expect("read"));
    sapa.metadata = Some(m.clone());
    let mut idp = ItSystem::ny(Uuid::from_u128(2), "IdP", Cvr::KOMBIT, Vec::new());
    idp.typer = BTreeSet::from([Systemtype::IdentityProvider]);
    idp.metadata = Some(m);
    idp.idp = Some(Box::new(Idpprofil {
        godkendt: Some(NU),
        nsis: Some(Nsis {
            niveau: Nsisniveau::Betydelig,
            anmeldelse: "1".into(),
            registreret: Some(NU),
            verificeret: Some(NU),
        }),
        ..Idpprofil::default()
    }));
    let f = Foederationsaftale {
        uuid: Uuid::from_u128(3),
        navn: "SAPA for KOMBIT".into(),
        system: sapa.uuid,
        idp: Some(idp.uuid),
        myndighed: Cvr::KOMBIT,
        nsis: None,
        attributter: BTreeSet::new(),
        gyldig: Period::ALWAYS,
        roller: None,
        tilstand: T::Godkendt,
        oprettet: None,
        inviteret: false,
        sendt: true,
        leverandoer_ja: true,
        myndighed_ja: true,
        underskrift: Underskrift::default(),
        spaerret_af: None,
        aarsag: None,
        testbruger: None,
    };
    (sapa, idp, f)
}

#[track_caller]
fn ser_ud((sapa, idp, f): &(ItSystem, ItSystem, Foederationsaftale), tilstand: T, koder: &[&str]) {
    let mangler = f.mangler(Some(sapa), Some(idp), NU);
    assert_eq!(mangler.iter().map(|m| m.kode).collect::<Vec<_>>(), koder);
    assert_eq!(f.tilstand(Some(sapa), Some(idp), NU), tilstand);
}

#[test]
fn it_is_in_force_when_nothing_stands_in_its_way() {
    ser_ud(&parrene(), T::Aktiv, &[]);
    let med = |aendr: fn(&mut ItSystem, &mut ItSystem, &mut Foederationsaftale)| {
        let (mut s, mut i, mut f) = parrene();
        aendr(&mut s, &mut i, &mut f);
        (s, i, f)
    };
    ser_ud(&med(|s, _, _| s.nsis_kraevet = Some(Nsisniveau::Hoej)), T::Godkendt, &["F-301"]);
    ser_ud(&med(|_, _, f| f.nsis = Some(Nsisniveau::Hoej)), T::Godkendt, &["F-301"]);
    ser_ud(&med(|_, i, _| i.idp = None), T::Godkendt, &["F-304", "F-301"]);
    let uden = |i: &mut ItSystem| i.idp.as_mut().expect("a profile").nsis = None;
    let (mut s, mut i, f) = parrene();
    uden(&mut i);
    ser_ud(&(s.clone(), i.clone(), f.clone()), T::Godkendt, &["F-301"]);
    s.nsis_kraevet = None;
    ser_ud(&(s, i, f), T::Aktiv, &[]);
    ser_ud(&med(|_, i, _| i.tilstand = Systemtilstand::Spaerret), T::Godkendt, &["F-304"]);
    ser_ud(&med(|_, i, _| i.metadata = None), T::Godkendt, &["F-304"]);
    ser_ud(&med(|s, _, _| s.metadata = None), T::Godkendt, &["F-307"]);
    ser_ud(&med(|s, _, _| s.tilstand = Systemtilstand::Lukket), T::Godkendt, &["F-306"]);
    let andre = |s: &mut ItSystem, _: &mut ItSystem, _: &mut Foederationsaftale| {
        s.myndighedsafgraensning.insert("11223344".parse().expect("a CVR number"));
    };
    ser_ud(&med(andre), T::Godkendt, &["S-105"]);
    let uverificeret = |_: &mut ItSystem, i: &mut ItSystem, _: &mut Foederationsaftale| {
        let nsis = i.idp.as_mut().and_then(|p| p.nsis.as_mut());
        nsis.expect("a level").verificeret = None;
    };
    ser_ud(&med(uverificeret), T::Godkendt, &["F-305"]);
    let udloebet = |_: &mut ItSystem, i: &mut ItSystem, _: &mut Foederationsaftale| {
        let m = i.metadata.as_mut().expect("metadata");
        m.certifikater.iter_mut().for_each(|c| c.gyldig.to = NU);
    };
    ser_ud(&med(udloebet), T::Godkendt, &["F-302"]);
    ser_ud(&med(|_, _, f| f.gyldig.to = NU), T::Ophoert, &[]);
    ser_ud(&med(|_, _, f| f.gyldig.from = Instant::from_micros(NU.micros() + 1)), T::Godkendt, &[]);
    ser_ud(&med(|_, _, f| f.tilstand = T::Spaerret), T::Spaerret, &[]);
}
