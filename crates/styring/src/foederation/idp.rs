//! An authority's Identity Provider: registered and approved by the authority, its NSIS level verified by who runs the
//! installation.

use super::{Svar, entity_id_ledigt, myndigheden, opgave, underskriv};
use crate::fejl::Samling;
use crate::skriv::{self, Udkast, overhalet};
use crate::systemer::maerke;
use crate::{Kald, Styringsfejl};
use administration::{
    Emne, Handling, Idpprofil, ItSystem, Miljoe, Modulfejl, Modulrolle, Nsis, Nsisniveau, Partsart,
    Politikdata, Samlmetadata, Samlrolle, Systemhaendelse, Systemtilstand, Systemtype, laes_metadata,
};
use app::App;
use oio::Cvr;
use std::collections::BTreeSet;
use store::Loglinjeslags;
use uuid::Uuid;

/// Days who runs the installation has to verify a level.
const VERIFICER_DAGE: i64 = 2;
/// The kind of object a task or a notice is about.
pub(crate) const ART: &str = "idp";

/// What is said of an Identity Provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Idpfelter {
    /// Its name, unique with the authority.
    pub navn: String,
    /// The name people choose it by when they log in.
    pub praesentationsnavn: String,
    /// What it is.
    pub beskrivelse: String,
    /// The mailbox notices go to.
    pub email: String,
    /// Who answers technical questions.
    pub teknisk_kontakt: String,
    /// Where it runs.
    pub miljoe: Miljoe,
    /// Its level.
    pub nsis: Option<Nsisniveau>,
    /// The id of the level's notification.
    pub anmeldelse: String,
    /// The domain of the ids of roles it sends.
    pub domaene: String,
    /// Its metadata as it was sent; empty keeps what there is.
    pub metadata: Vec<u8>,
    /// Where its metadata is fetched from, of a new one whose metadata was not sent.
    pub metadata_url: String,
}

impl Idpfelter {
    /// What they are now.
    #[must_use]
    pub fn af(s: &ItSystem) -> Self {
        let profil = s.idp.as_deref().cloned().unwrap_or_default();
        Self {
            navn: s.navn.clone(),
            praesentationsnavn: profil.praesentationsnavn,
            beskrivelse: s.oplysninger.beskrivelse.clone(),
            email: s.oplysninger.email.clone(),
            teknisk_kontakt: s.oplysninger.teknisk_kontakt.clone(),
            miljoe: s.miljoe,
            nsis: profil.nsis.as_ref().map(|n| n.niveau),
            anmeldelse: profil.nsis.map_or_else(String::new, |n| n.anmeldelse),
            domaene: profil.domaene.unwrap_or_default(),
            metadata: Vec::new(),
            metadata_url: String::new(),
        }
    }
}

/// What is wrong with the fields; gives the metadata, when some was sent.
fn kontroller(app: &App, f: &Idpfelter, ny: bool) -> Result<Option<Samlmetadata>, Styringsfejl> {
    let mut samling = Samling::default();
    samling.tekst("navn", "Navn", &f.navn, 100);
    samling.tekst("praesentationsnavn", "Præsentationsnavn", &f.praesentationsnavn, 100);
    samling.valgfri("beskrivelse", "Beskrivelse", &f.beskrivelse, 2_000);
    samling.email("email", &f.email);
    samling.valgfri("teknisk_kontakt", "Teknisk kontakt", &f.teknisk_kontakt, 500);
    if f.nsis.is_some() {
        samling.tekst("anmeldelse", "Anmeldelsens id", &f.anmeldelse, 100);
    }
    let domaene = f.domaene.trim();
    let led = |d: &str| {
        !d.is_empty() && !d.starts_with('-') && d.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if !domaene.is_empty() && (domaene.len() > 253 || !domaene.contains('.') || !domaene.split('.').all(led))
    {
        let tekst = "Domænet forstås ikke. Skriv det som korsbaek.dk.";
        samling.tilfoej(Modulfejl::felt("domaene", "F-309", tekst));
    }
    let mut metadata = None;
    if ny || !f.metadata.iter().all(u8::is_ascii_whitespace) {
        match laes_metadata(&f.metadata, Samlrolle::IdentityProvider, app.now()) {
            Ok(laest) => metadata = Some(laest),
            Err(fejl) => samling.tilfoej(fejl),
        }
    }
    samling.slut()?;
    Ok(metadata)
}

fn skriv_felter(s: &mut ItSystem, f: &Idpfelter, metadata: Option<Samlmetadata>, nu: bitemporal::Instant) {
    s.navn = f.navn.trim().to_owned();
    s.oplysninger.email = f.email.trim().to_lowercase();
    s.oplysninger.beskrivelse = f.beskrivelse.trim().to_owned();
    s.oplysninger.teknisk_kontakt = f.teknisk_kontakt.trim().to_owned();
    if let Some(metadata) = metadata {
        s.metadata = Some(Box::new(metadata));
    }
    let profil = s.idp.get_or_insert_default();
    profil.praesentationsnavn = f.praesentationsnavn.trim().to_owned();
    profil.domaene = Some(f.domaene.trim().to_lowercase()).filter(|d| !d.is_empty());
    let samme = |n: &Nsis| Some(n.niveau) == f.nsis && n.anmeldelse == f.anmeldelse.trim();
    if !profil.nsis.as_ref().is_some_and(samme) {
        // Another level, or another notification of it, is verified anew.
        profil.nsis = f.nsis.map(|niveau| Nsis {
            niveau,
            anmeldelse: f.anmeldelse.trim().to_owned(),
            registreret: Some(nu),
            verificeret: None,
        });
    }
}

fn navn_ledigt(data: &Politikdata, uuid: Uuid, part: Cvr, navn: &str) -> Result<(), Modulfejl> {
    let navn = navn.trim().to_lowercase();
    if data.systemer.iter().any(|s| s.uuid != uuid && s.leverandoer == part && s.navn.to_lowercase() == navn)
    {
        let tekst = "I har allerede et it-system med det navn. Vælg et andet navn.";
        return Err(Modulfejl::felt("navn", "S-106", tekst));
    }
    Ok(())
}

/// Registers an Identity Provider of the authority; its Godkender is asked.
///
/// # Errors
/// A-001; M-101 to M-103, C-101, C-104; what else is wrong with the fields.
pub async fn tilslut_idp(app: &App, kald: &Kald, felter: &Idpfelter) -> Result<Uuid, Styringsfejl> {
    let rolle = kald.kraev(Emne::Idp, Handling::Opret)?;
    let felter = &med_hentet(app, kald, felter).await?;
    let mut metadata = kontroller(app, felter, true)?;
    if let Some(m) = metadata.as_mut().filter(|_| !felter.metadata_url.is_empty()) {
        m.hentet_fra = Some(felter.metadata_url.clone());
    }
    let uuid = app.new_uuid();
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "tilslut Identity Provider".into();
        myndigheden(&udkast.data, kald.part())?;
        navn_ledigt(&udkast.data, uuid, kald.part(), &felter.navn)?;
        if let Some(m) = &metadata {
            entity_id_ledigt(kald, &udkast.data, uuid, &m.entity_id)?;
        }
        let mut system = ItSystem::ny(uuid, felter.navn.trim(), kald.part(), Vec::new());
        system.typer = BTreeSet::from([Systemtype::IdentityProvider]);
        (system.tilstand, system.miljoe) = (Systemtilstand::Kladde, felter.miljoe);
        skriv_felter(&mut system, felter, metadata.clone(), udkast.nu);
        system.idp.get_or_insert_default().underskrift.bedt_af.insert(kald.aktoer.bruger);
        til_godkender(app, udkast, &system);
        udkast.data.systemer.push(system);
        Ok(uuid)
    })
    .await
}

/// The fields with the metadata fetched, when an address was sent instead of it.
async fn med_hentet(app: &App, kald: &Kald, f: &Idpfelter) -> Result<Idpfelter, Styringsfejl> {
    let (mut ud, url) = (f.clone(), f.metadata_url.trim().to_owned());
    ud.metadata_url.clear();
    if !url.is_empty() && f.metadata.iter().all(u8::is_ascii_whitespace) {
        ud.metadata = super::hentning::fra_adressen(app, kald, "metadata_url", &url).await?;
        ud.metadata_url = url;
    }
    Ok(ud)
}

fn til_godkender(app: &App, udkast: &mut Udkast, s: &ItSystem) {
    let titel = format!("Godkend Identity Provideren {}", s.navn);
    let hvem = (s.leverandoer, Modulrolle::Godkender);
    opgave(app, udkast, (ART, s.uuid), hvem, ("Godkend Identity Provider", titel, super::FRIST_DAGE));
}

/// Asks who runs the installation to verify the level, once it is approved.
fn til_verificering(app: &App, udkast: &mut Udkast, s: &ItSystem) {
    let venter = s.nsis().is_some_and(|n| n.verificeret.is_none());
    if !venter || s.tilstand == Systemtilstand::Kladde {
        return;
    }
    for part in operatoerer(udkast) {
        udkast.afslut(s.uuid, part, "afløst af en ny");
        let titel = format!("Verificér NSIS-niveauet for {}", s.navn);
        let hvem = (part, Modulrolle::Driftsoperatoer);
        opgave(app, udkast, (ART, s.uuid), hvem, ("Verificér NSIS-niveau", titel, VERIFICER_DAGE));
    }
}

fn operatoerer(udkast: &Udkast) -> Vec<Cvr> {
    udkast.data.parter.iter().filter(|p| p.er(Partsart::Operatoer)).map(|p| p.cvr).collect()
}

fn findes(systemer: &mut [ItSystem], uuid: Uuid, kald: &Kald) -> Result<usize, Modulfejl> {
    let plads = systemer.iter().position(|s| s.uuid == uuid && s.er_idp() && kald.ser(s.leverandoer));
    plads.ok_or_else(|| Modulfejl::findes_ikke("Identity Provideren"))
}

/// Changes what is said of one. Another NSIS level must be verified anew; one that was not approved is asked for anew.
///
/// # Errors
/// as [`tilslut_idp`].
pub async fn ret_idp(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    felter: &Idpfelter,
) -> Result<(), Styringsfejl> {
    let rolle = kald.kraev(Emne::Idp, Handling::Ret)?;
    let metadata = kontroller(app, felter, false)?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "ret Identity Provider".into();
        let nu = udkast.nu;
        let plads = findes(&mut udkast.data.systemer, uuid, kald)?;
        navn_ledigt(&udkast.data, uuid, kald.part(), &felter.navn)?;
        if let Some(m) = &metadata {
            entity_id_ledigt(kald, &udkast.data, uuid, &m.entity_id)?;
        }
        let system = &mut udkast.data.systemer[plads];
        if system.leverandoer != kald.part() {
            return Err(Modulfejl::ikke_ret(Emne::Idp, Handling::Ret).into());
        }
        if maerke(system) != maerket {
            return Err(overhalet().into());
        }
        let foer = system.nsis().cloned();
        skriv_felter(system, felter, metadata.clone(), nu);
        let kladde = system.tilstand == Systemtilstand::Kladde;
        let profil = system.idp.get_or_insert_default();
        let returneret = profil.aarsag.take().is_some();
        if kladde {
            // Whoever had approved it alone approves what it is now.
            profil.underskrift.godkendt_af = None;
            profil.underskrift.bedt_af.insert(kald.aktoer.bruger);
        }
        let system = system.clone();
        if returneret {
            udkast.afslut(uuid, kald.part(), "rettet");
            if kladde {
                til_godkender(app, udkast, &system);
            }
        }
        if returneret || system.nsis() != foer.as_ref() {
            til_verificering(app, udkast, &system);
        }
        Ok(())
    })
    .await
}

/// What came of an answer about an Identity Provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Udfald {
    Ja,
    Halvt,
    Nej,
}

/// Answers for the authority, the first time. Gives whether it is approved; else it was sent back, or another Godkender must
/// countersign.
///
/// # Errors
/// A-005 when it is another than was shown; A-006 for a no without a reason; F-310 when it is approved already;
/// G-205 (SOD-1).
pub async fn svar_idp(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    svar: &Svar,
) -> Result<bool, Styringsfejl> {
    let rolle = kald.aktoer.kraev_som(&[Partsart::Myndighed], Emne::Idp, Handling::Godkend, uuid)?;
    svar.begrundet()?;
    let udfald = skriv::politik(app, kald, rolle, |udkast| {
        udkast.slags = Loglinjeslags::Besluttet;
        let nu = udkast.nu;
        let plads = findes(&mut udkast.data.systemer, uuid, kald)?;
        let part = myndigheden(&udkast.data, kald.part())?;
        let system = &mut udkast.data.systemer[plads];
        if system.leverandoer != kald.part() {
            return Err(Modulfejl::ikke_ret(Emne::Idp, Handling::Godkend).into());
        }
        if system.tilstand != Systemtilstand::Kladde {
            return Err(Modulfejl::ny("F-310", "Identity Provideren er godkendt.").into());
        }
        if maerke(system) != maerket {
            return Err(overhalet().into());
        }
        let profil = system.idp.get_or_insert_default();
        if let Svar::Nej(hvorfor) = svar {
            udkast.handling = "returnér Identity Provider".into();
            profil.aarsag = Some(hvorfor.trim().to_owned());
            profil.underskrift.godkendt_af = None;
            let navn = system.navn.clone();
            udkast.begrundelse = hvorfor.trim().to_owned();
            udkast.afslut(uuid, kald.part(), "returneret");
            til_jfa(app, udkast, (uuid, kald.part()), format!("Ret Identity Provideren {navn}"));
            return Ok(Udfald::Nej);
        }
        let faerdig = underskriv(
            &part,
            &mut profil.underskrift,
            kald.aktoer.bruger,
            "registreret Identity Provideren",
        )?;
        udkast.handling = "godkend Identity Provider".into();
        if !faerdig {
            udkast.handling.push_str(", afventer medunderskrift");
            return Ok(Udfald::Halvt);
        }
        (profil.godkendt, profil.aarsag) = (Some(nu), None);
        system.haendelse(Systemhaendelse::Registrer).map_err(|hvorfor| Modulfejl::ny("S-107", hvorfor))?;
        let system = system.clone();
        udkast.afslut(uuid, kald.part(), "godkendt");
        til_verificering(app, udkast, &system);
        Ok(Udfald::Ja)
    });
    Ok(udfald.await? == Udfald::Ja)
}

fn til_jfa(app: &App, udkast: &mut Udkast, (uuid, part): (Uuid, Cvr), titel: String) {
    let hvem = (part, Modulrolle::Jobfunktionsrolleadministrator);
    opgave(app, udkast, (ART, uuid), hvem, ("Ret Identity Provider", titel, super::FRIST_DAGE));
}

/// Who runs the installation has looked the level up, and it is so or not.
///
/// # Errors
/// A-005 when it is another than was shown; A-006 for a no without a reason; F-310 when there is nothing to
/// verify.
pub async fn verificer(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    svar: &Svar,
) -> Result<(), Styringsfejl> {
    let rolle = kald.aktoer.kraev_som(&[Partsart::Operatoer], Emne::Idp, Handling::Godkend, uuid)?;
    svar.begrundet()?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.slags = Loglinjeslags::Besluttet;
        let nu = udkast.nu;
        let plads = findes(&mut udkast.data.systemer, uuid, kald)?;
        let system = &mut udkast.data.systemer[plads];
        let (part, navn) = (system.leverandoer, system.navn.clone());
        let (stemmer, kladde) = (maerke(system) == maerket, system.tilstand == Systemtilstand::Kladde);
        let profil: &mut Idpprofil = system.idp.get_or_insert_default();
        let Some(nsis) = profil.nsis.as_mut().filter(|n| n.verificeret.is_none() && !kladde) else {
            let tekst = "Der er intet NSIS-niveau at verificere: det er verificeret, eller Identity Provideren er ikke godkendt.";
            return Err(Modulfejl::ny("F-310", tekst).into());
        };
        if !stemmer {
            return Err(overhalet().into());
        }
        let udfald = if matches!(svar, Svar::Ja) { "verificeret" } else { "afvist" };
        if let Svar::Nej(hvorfor) = svar {
            udkast.handling = "afvis NSIS-niveau".into();
            profil.aarsag = Some(hvorfor.trim().to_owned());
            udkast.begrundelse = hvorfor.trim().to_owned();
            til_jfa(app, udkast, (uuid, part), format!("Ret NSIS-niveauet for {navn}"));
        } else {
            udkast.handling = format!("verificér NSIS-niveau {}", nsis.niveau);
            nsis.verificeret = Some(nu);
            profil.aarsag = None;
        }
        for operatoer in operatoerer(udkast) {
            udkast.afslut(uuid, operatoer, udfald);
        }
        Ok(())
    })
    .await
}
