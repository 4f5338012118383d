//! It-systems and their certificates.

mod brugersystemroller;
mod certifikater;
mod graenser;
mod rollebrug;
mod sundhed;

use crate::aftaler::{self, Aftalesoegning};
use crate::fejl::Samling;
use crate::skriv::{self, Udkast, om_dage, overhalet};
use crate::{Kald, Styringsfejl};
use administration::{
    Aftaletilstand, Emne, Entitet, Handling, ItSystem, Miljoe, Modulfejl, Politik, Systemhaendelse,
    Systemoplysninger, Systemtilstand, Systemtype, hex, tommelfinger,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

pub(crate) use brugersystemroller::kontroller as kontroller_rolle;
pub use brugersystemroller::{Rollefelter, i_brug, opret_rolle, ret_rolle, rollemaerke, udfas_rolle};
pub(crate) use certifikater::tilfoej as tilfoej_i;
pub use certifikater::{
    Certifikatfrist, frister, laes_certifikat, tilbagekald_certifikat, tilfoej_certifikat,
};
pub use graenser::aendrede_graenser;
pub(crate) use rollebrug::forfaldne;

pub use sundhed::{
    Callback, SUNDHED_DAGE, Sidsteafvisning, Sundhed, Sundhedsdag, ser_sundhed, sundhed, test_callback,
};

/// How long an announced closing must lie ahead, in days.
pub const VARSEL_DAGE: i64 = 30;

/// What is said of an it-system when it is registered or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Systemfelter {
    /// Its name, unique with its supplier.
    pub navn: String,
    /// What it is used as.
    pub typer: BTreeSet<Systemtype>,
    /// Where it runs.
    pub miljoe: Miljoe,
    /// What people need to know.
    pub oplysninger: Systemoplysninger,
    /// The only authorities it may have agreements with; all when empty.
    pub myndighedsafgraensning: BTreeSet<Cvr>,
    /// Whether the terms are accepted.
    pub vilkaar: bool,
}

/// A mark of what an entity is now: a form that was filled from another one is told so.
#[must_use]
pub fn maerke<E: Entitet>(e: &E) -> String {
    hex(&tommelfinger(&serde_json::to_vec(e).unwrap_or_default())[..8])
}

/// Whether the person sees an it-system: its supplier does, who runs the installation, and the authorities it has
/// agreements with.
#[must_use]
pub fn ser(kald: &Kald, politik: &Politik, system: &ItSystem) -> bool {
    kald.ser(system.leverandoer)
        || politik.aftaler_af(system.uuid).any(|a| a.myndigheder().any(|cvr| cvr == kald.part()))
}

/// The it-systems the person sees, by name.
///
/// # Errors
///
pub fn list<'p>(kald: &Kald, politik: &'p Politik) -> Result<Vec<&'p ItSystem>, Styringsfejl> {
    kald.kraev(Emne::ItSystem, Handling::Se)?;
    let aftalte: BTreeSet<Uuid> = politik.aftaler_med(kald.part()).map(|a| a.system).collect();
    let alle = politik.data().systemer.iter();
    let mut synlige: Vec<_> = alle.filter(|s| kald.ser(s.leverandoer) || aftalte.contains(&s.uuid)).collect();
    synlige.sort_by_key(|s| (s.navn.to_lowercase(), s.uuid));
    Ok(synlige)
}

/// One it-system.
///
/// # Errors
/// A-001; A-404 when the person does not see it.
pub fn hent<'p>(kald: &Kald, politik: &'p Politik, uuid: Uuid) -> Result<&'p ItSystem, Styringsfejl> {
    kald.kraev(Emne::ItSystem, Handling::Se)?;
    let system = politik.system(uuid).filter(|s| ser(kald, politik, s));
    system.ok_or_else(|| Modulfejl::findes_ikke("It-systemet").into())
}

/// The state as people see it: REGISTRERET with an agreement in force is TILSLUTTET.
#[must_use]
pub fn tilstand(system: &ItSystem, aftaler: usize) -> Systemtilstand {
    if system.tilstand == Systemtilstand::Registreret && aftaler > 0 {
        Systemtilstand::Tilsluttet
    } else {
        system.tilstand
    }
}

/// How many agreements of a system that the person sees are in force.
#[must_use]
pub fn aftaler_i_kraft(kald: &Kald, politik: &Politik, system: Uuid, nu: Instant) -> usize {
    let soegning = Aftalesoegning { system: Some(system), ..Aftalesoegning::default() };
    let alle = aftaler::list(kald, politik, &soegning, nu).unwrap_or_default();
    alle.iter().filter(|v| matches!(v.tilstand, Aftaletilstand::Aktiv | Aftaletilstand::Opsagt)).count()
}

/// What is worth a thought, and no reason to refuse.
#[must_use]
pub fn advarsler(felter: &Systemfelter) -> Vec<Modulfejl> {
    let navn = felter.oplysninger.email.split('@').next().unwrap_or_default();
    let personlig =
        navn.split('.').filter(|d| d.len() > 1 && d.chars().all(char::is_alphabetic)).count() >= 2;
    let tekst = "E-mailadressen ser personlig ud. Brug en fælles postkasse, så beskeder ikke går tabt.";
    personlig.then(|| Modulfejl::felt("email", "S-103", tekst)).into_iter().collect()
}

/// What is wrong with what is said of an it-system.
pub(crate) fn kontroller(felter: &Systemfelter) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    let o = &felter.oplysninger;
    samling.tekst("navn", "Navn", &felter.navn, 100);
    samling.email("email", &o.email);
    samling.valgfri("beskrivelse", "Beskrivelse", &o.beskrivelse, 2_000);
    for (felt, navn, vaerdi) in [
        ("teknisk_kontakt", "Teknisk kontakt", &o.teknisk_kontakt),
        ("sikkerhedskontakt", "Sikkerhedskontakt", &o.sikkerhedskontakt),
        ("databehandleraftale", "Databehandleraftale", &o.databehandleraftale),
        ("hostingland", "Hostingland", &o.hostingland),
        ("underdatabehandlere", "Underdatabehandlere", &o.underdatabehandlere),
    ] {
        samling.valgfri(felt, navn, vaerdi, 500);
    }
    if felter.typer.is_empty() {
        samling.tilfoej(Modulfejl::mangler("typer", "Type"));
    }
    if !felter.vilkaar {
        let tekst = "Vilkår og betingelser skal accepteres, før it-systemet kan gemmes.";
        samling.tilfoej(Modulfejl::felt("vilkaar", "S-101", tekst));
    }
    samling.slut()
}

/// Another system of the supplier has the name.
fn navn_optaget(udkast: &Udkast, uuid: Uuid, leverandoer: Cvr, navn: &str) -> Result<(), Modulfejl> {
    let samme = |s: &ItSystem| {
        s.uuid != uuid && s.leverandoer == leverandoer && s.navn.to_lowercase() == navn.to_lowercase()
    };
    if udkast.data.systemer.iter().any(samme) {
        let tekst = format!("I har allerede et it-system med navnet {navn}. Vælg et andet navn.");
        return Err(Modulfejl::felt("navn", "S-106", tekst));
    }
    Ok(())
}

/// Registers an it-system of the party.
///
/// # Errors
/// A-001; S-101, S-106 and what else is wrong with the fields.
pub async fn opret(app: &App, kald: &Kald, felter: &Systemfelter) -> Result<Uuid, Styringsfejl> {
    opret_som(app, kald, app.new_uuid(), felter).await
}

/// The same with a UUID that was given, and is never changed.
///
/// # Errors
/// A-013 when something has it; as [`opret`].
pub async fn opret_som(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    felter: &Systemfelter,
) -> Result<Uuid, Styringsfejl> {
    let rolle = kald.kraev(Emne::ItSystem, Handling::Opret)?;
    kontroller(felter)?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "tilslut it-system".into();
        if udkast.data.systemer.iter().any(|s| s.uuid == uuid) {
            return Err(skriv::optaget().into());
        }
        navn_optaget(udkast, uuid, kald.part(), felter.navn.trim())?;
        let mut system = ItSystem::ny(uuid, felter.navn.trim(), kald.part(), Vec::new());
        skriv_felter(&mut system, felter, kald);
        udkast.data.systemer.push(system);
        Ok(uuid)
    })
    .await
}

fn skriv_felter(system: &mut ItSystem, felter: &Systemfelter, kald: &Kald) {
    let accepteret = system.oplysninger.vilkaar_accepteret_af.take();
    system.navn = felter.navn.trim().to_owned();
    system.typer.clone_from(&felter.typer);
    system.miljoe = felter.miljoe;
    system.myndighedsafgraensning.clone_from(&felter.myndighedsafgraensning);
    system.oplysninger = Systemoplysninger {
        email: felter.oplysninger.email.trim().to_lowercase(),
        vilkaar_accepteret_af: accepteret.or_else(|| Some(kald.aktoer.navn.clone())),
        ..felter.oplysninger.clone()
    };
}

/// Changes what is said of an it-system.
///
/// # Errors
/// S-102, S-106 and what else is wrong with the fields.
pub async fn ret(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    maerket: &str,
    felter: &Systemfelter,
) -> Result<(), Styringsfejl> {
    let rolle = kald.aktoer.kraev_system(Emne::ItSystem, Handling::Ret, uuid)?;
    kontroller(felter)?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "ret it-system".into();
        navn_optaget(udkast, uuid, kald.part(), felter.navn.trim())?;
        let system = eget(&mut udkast.data.systemer, kald, uuid)?;
        if maerke(system) != maerket {
            return Err(overhalet().into());
        }
        if !system.typer.is_subset(&felter.typer) {
            let tekst = "En valgt systemtype kan ikke fravælges igen. Du kan tilføje flere typer.";
            return Err(Modulfejl::felt("typer", "S-102", tekst).into());
        }
        skriv_felter(system, felter, kald);
        Ok(())
    })
    .await
}

/// An it-system of the party, to be changed; of any party by who runs the installation.
fn eget<'d>(systemer: &'d mut [ItSystem], kald: &Kald, uuid: Uuid) -> Result<&'d mut ItSystem, Modulfejl> {
    let system = systemer.iter_mut().find(|s| s.uuid == uuid && kald.ser(s.leverandoer));
    system.ok_or_else(|| Modulfejl::findes_ikke("It-systemet"))
}

/// Blocks an it-system at once, or lifts the block: whoever set it does.
///
/// # Errors
/// A-006 without a reason; S-107 when its state does not allow it; G-212 when somebody else set it.
pub async fn spaer(
    app: &App,
    kald: &Kald,
    uuid: Uuid,
    luk_op: bool,
    aarsag: &str,
) -> Result<(), Styringsfejl> {
    let rolle = kald.aktoer.kraev_system(Emne::SpaerItSystem, Handling::Ret, uuid)?;
    let mut samling = Samling::default();
    samling.tekst("aarsag", "Årsag", aarsag, 1_000);
    samling.slut()?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = if luk_op { "ophæv spærring af it-system" } else { "spær it-system" }.into();
        udkast.begrundelse = aarsag.trim().to_owned();
        let system = eget(&mut udkast.data.systemer, kald, uuid)?;
        if !luk_op {
            skift(system, Systemhaendelse::Spaer)?;
            system.spaerret_af = Some(kald.part());
            return Ok(());
        }
        let spaerret_af = system.spaerret_af.unwrap_or(system.leverandoer);
        skift(system, Systemhaendelse::Ophaev)?;
        system.spaerret_af = None;
        Ok(crate::aftaler::kun_den_selv(app, kald, spaerret_af)?)
    })
    .await
}

fn skift(system: &mut ItSystem, haendelse: Systemhaendelse) -> Result<(), Styringsfejl> {
    Ok(system.haendelse(haendelse).map_err(umuligt)?)
}

/// S-107: the state of the system does not allow it.
fn umuligt(hvorfor: &str) -> Modulfejl {
    Modulfejl::ny("S-107", format!("Det kan ikke lade sig gøre: {hvorfor}."))
}

/// Announces that an it-system closes, or closes it at once when nothing depends on it.
///
/// # Errors
/// S-104 when agreements are in force and the day is too near; S-107.
pub async fn luk(app: &App, kald: &Kald, uuid: Uuid, dag: Option<Instant>) -> Result<(), Styringsfejl> {
    let rolle = kald.aktoer.kraev_system(Emne::LukItSystem, Handling::Afslut, uuid)?;
    skriv::politik(app, kald, rolle, |udkast| {
        udkast.handling = "luk it-system".into();
        let nu = udkast.nu;
        let mut aktive = 0;
        for aftale in udkast.data.aftaler.iter().filter(|a| a.system == uuid) {
            let i_kraft = |cvr: &Cvr| aftale.gaeldende(*cvr, nu).is_some_and(|g| g.i_kraft());
            aktive += aftale.myndigheder().filter(i_kraft).count();
        }
        let system = eget(&mut udkast.data.systemer, kald, uuid)?;
        let tidligst = om_dage(nu, VARSEL_DAGE);
        match dag {
            None if aktive == 0 => skift(system, Systemhaendelse::Luk),
            Some(dag) if aktive == 0 || dag >= tidligst => Ok(system.varsl_lukning(dag, nu).map_err(umuligt)?),
            _ => {
                let tekst = format!(
                    "It-systemet kan ikke lukkes: {aktive} aktive aftaler. Angiv en lukkedato mindst {VARSEL_DAGE} \
                     dage frem, eller opsig dem først."
                );
                Err(Modulfejl::felt("dag", "S-104", tekst).into())
            }
        }
    })
    .await
}
