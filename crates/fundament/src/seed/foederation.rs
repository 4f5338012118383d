//! The føderation of the demo: Korsbæk's Identity Provider, and its agreement with SAPA.

use super::{DRIFTSSYSTEM, KORSBAEK, SAPA, Subjekt, tal};
use administration::{
    Certifikat, Endepunkt, Endepunktsart, Foederationsaftale, Foederationstilstand, Idpprofil, ItSystem,
    Nsis, Nsisniveau, Politikdata, Samlmetadata, Systemtype, Underskrift,
};
use bitemporal::{Instant, Period};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Korsbæk's Identity Provider, which signs with a certificate of its own.
pub fn idp() -> Subjekt {
    let navn = "idp-korsbaek";
    let uuid = Uuid::new_v5(&DRIFTSSYSTEM, navn.as_bytes());
    Subjekt { navn, uuid, firma: "Korsbæk Kommune", cvr: KORSBAEK }
}

fn metadata(art: Endepunktsart, vaert: &str, certifikater: Vec<Certifikat>) -> Option<Box<Samlmetadata>> {
    let endepunkt = Endepunkt {
        art,
        binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST".into(),
        url: format!("https://{vaert}/saml/login"),
        svar_url: None,
        indeks: None,
    };
    let entity_id = format!("https://{vaert}/saml");
    Some(Box::new(Samlmetadata {
        entity_id,
        gyldig_til: None,
        hentet_fra: None,
        endepunkter: vec![endepunkt],
        certifikater,
    }))
}

/// What SAPA demands of who logs in.
pub fn tjeneste(sapa: &mut ItSystem) {
    sapa.nsis_kraevet = Some(Nsisniveau::Betydelig);
    let certifikater = sapa.certifikater.clone();
    sapa.metadata = metadata(Endepunktsart::AssertionConsumerService, "sapa.example", certifikater);
}

/// Adds what is missing of the Identity Provider and its agreement.
pub fn seed(vil: &mut Politikdata, certifikat: Certifikat, nu: Instant) {
    let idp = idp();
    if !vil.systemer.iter().any(|s| s.uuid == idp.uuid) {
        let mut system = ItSystem::ny(idp.uuid, "Korsbæk login", tal(KORSBAEK), Vec::new());
        system.typer = BTreeSet::from([Systemtype::IdentityProvider]);
        system.oplysninger.email = "login@korsbaek.example".into();
        system.metadata =
            metadata(Endepunktsart::SingleSignOnService, "idp.korsbaek.example", vec![certifikat]);
        system.idp = Some(Box::new(Idpprofil {
            praesentationsnavn: "Korsbæk Kommune".into(),
            nsis: Some(Nsis {
                niveau: Nsisniveau::Betydelig,
                anmeldelse: "NSIS-2026-017".into(),
                registreret: Some(nu),
                verificeret: Some(nu),
            }),
            domaene: Some("korsbaek.example".into()),
            godkendt: Some(nu),
            ..Idpprofil::default()
        }));
        vil.systemer.push(system);
    }
    let uuid = Uuid::new_v5(&idp.uuid, b"foederationsaftale/sapa");
    if vil.foederationsaftaler.iter().any(|f| f.uuid == uuid) {
        return;
    }
    vil.foederationsaftaler.push(Foederationsaftale {
        uuid,
        navn: "SAPA for Korsbæk Kommune".into(),
        system: SAPA,
        idp: Some(idp.uuid),
        myndighed: tal(KORSBAEK),
        nsis: None,
        attributter: BTreeSet::from(["dk:gov:saml:attribute:CvrNumberIdentifier".into()]),
        gyldig: Period::ALWAYS,
        roller: None,
        tilstand: Foederationstilstand::Godkendt,
        oprettet: Some(nu),
        inviteret: false,
        sendt: true,
        leverandoer_ja: true,
        myndighed_ja: true,
        underskrift: Underskrift::default(),
        spaerret_af: None,
        aarsag: None,
        testbruger: None,
    });
}
