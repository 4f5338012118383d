//! What a brugervendt system offers its users: offered, changed, withdrawn.

use super::rollebrug::{Om, brugere_af};
use super::{VARSEL_DAGE, eget};
use crate::adviser::Haendelse;
use crate::fejl::Samling;
use crate::skriv::{self, Udkast, overhalet};
use crate::{Kald, Styringsfejl};
use administration::{
    Brugersystemrolle, Emne, Entitet, Handling, ItSystem, Jobfunktionsrolle, Modulfejl, Rolleafgraensning,
    Systemtype, hex, tommelfinger,
};
use app::App;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeMap;
use store::Modulsoegning;
use uuid::Uuid;

/// What is said of a role when it is offered or changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollefelter {
    /// Its name, unique in the system.
    pub navn: String,
    /// What it lets a user do.
    pub beskrivelse: String,
    /// The URI by which a token names it.
    pub entity_id: String,
    /// The limits it can have.
    pub afgraensninger: Vec<Rolleafgraensning>,
    /// Whether it opens sensitive information.
    pub foelsom: bool,
}

/// A mark of what a role is now: a form that was filled from another one is told so.
#[must_use]
pub fn rollemaerke(rolle: &Brugersystemrolle) -> String {
    hex(&tommelfinger(&serde_json::to_vec(rolle).unwrap_or_default())[..8])
}

/// Offers a role.
///
/// # Errors
/// S-108 to S-110 and what else is wrong with the fields.
pub async fn opret_rolle(
    app: &App,
    kald: &Kald,
    system: Uuid,
    felter: &Rollefelter,
) -> Result<Uuid, Styringsfejl> {
    let som = kald.aktoer.kraev_system(Emne::Brugersystemrolle, Handling::Opret, system)?;
    kontroller(felter)?;
    let uuid = app.new_uuid();
    skriv::politik(app, kald, som, |udkast| {
        udkast.handling = "opret brugersystemrolle".into();
        let s = brugervendt(udkast, kald, system)?;
        optaget(s, uuid, felter)?;
        s.brugersystemroller.push(af(uuid, felter, None));
        Ok(uuid)
    })
    .await
}

/// Changes a role.
///
/// # Errors
/// S-108 to S-110 and what else is wrong with the fields.
pub async fn ret_rolle(
    app: &App,
    kald: &Kald,
    (system, rolle): (Uuid, Uuid),
    maerket: &str,
    felter: &Rollefelter,
) -> Result<(), Styringsfejl> {
    let som = kald.aktoer.kraev_system(Emne::Brugersystemrolle, Handling::Ret, system)?;
    kontroller(felter)?;
    let brugere = brugere_af(app, rolle).await?;
    skriv::politik(app, kald, som, |udkast| {
        udkast.handling = "ret brugersystemrolle".into();
        let s = brugervendt(udkast, kald, system)?;
        optaget(s, rolle, felter)?;
        let b = find(s, rolle, maerket)?;
        let ny = af(rolle, felter, b.udfases);
        let aendret = ny != *b;
        *b = ny;
        if aendret {
            fortael(app, udkast, kald, (system, rolle), (Haendelse::BrugersystemrolleAendret, &brugere));
        }
        Ok(())
    })
    .await
}

/// Withdraws a role on a day; at once when none is named. What authorities use takes a notice.
///
/// # Errors
/// A-009 for a day in the past; S-111 when it is in use and the day is too near.
pub async fn udfas_rolle(
    app: &App,
    kald: &Kald,
    (system, rolle): (Uuid, Uuid),
    maerket: &str,
    dag: Option<Instant>,
) -> Result<(), Styringsfejl> {
    let som = kald.aktoer.kraev_system(Emne::Brugersystemrolle, Handling::Afslut, system)?;
    let brug = i_brug(app, rolle).await?;
    let brugere = brugere_af(app, rolle).await?;
    skriv::politik(app, kald, som, |udkast| {
        udkast.handling = "udfas brugersystemrolle".into();
        let nu = udkast.nu;
        let slut = dag.unwrap_or(nu);
        if slut < nu {
            let tekst = "Datoen ligger før i dag. Vælg i dag eller senere.";
            return Err(Modulfejl::felt("dag", "A-009", tekst).into());
        }
        let tidligst = skriv::om_dage(nu, VARSEL_DAGE);
        let s = brugervendt(udkast, kald, system)?;
        let b = find(s, rolle, maerket)?;
        if brug > 0 && slut < tidligst {
            let tekst = format!(
                "Rollen bruges i {brug} jobfunktionsroller. Angiv en dato mindst {VARSEL_DAGE} dage frem, så \
                 myndighederne kan nå at rette dem."
            );
            return Err(Modulfejl::felt("dag", "S-111", tekst).into());
        }
        b.udfases = Some(slut);
        fortael(app, udkast, kald, (system, rolle), (Haendelse::BrugersystemrolleUdfases, &brugere));
        Ok(())
    })
    .await
}

/// Tells those who use a role what was just done with it.
fn fortael(
    app: &App,
    udkast: &mut Udkast,
    kald: &Kald,
    (system, rolle): (Uuid, Uuid),
    (haendelse, brugere): (Haendelse, &BTreeMap<Cvr, usize>),
) {
    let s = udkast.data.systemer.iter().find(|s| s.uuid == system);
    let Some((s, rolle)) = s.and_then(|s| Some((s, s.brugersystemroller.iter().find(|b| b.uuid == rolle)?)))
    else {
        return;
    };
    let om = Om {
        politik: &app.politik(),
        leverandoer: s.leverandoer,
        system,
        systemnavn: &s.navn,
        rolle,
        nu: udkast.nu,
        noegle: udkast.nu.micros().to_string(),
    };
    let adviser = om.adviser(haendelse, brugere);
    udkast.adviser.extend(adviser.into_iter().map(|a| a.undtagen(Some(kald.aktoer.bruger))));
}

/// How many jobfunktionsroller a role is used in, whoever has them.
///
/// # Errors
/// [`Styringsfejl::Intern`].
pub async fn i_brug(app: &App, rolle: Uuid) -> Result<u64, Styringsfejl> {
    let soegning = Modulsoegning {
        art: Jobfunktionsrolle::ART,
        noegler: vec![("rolle", rolle.to_string())],
        antal: 1,
        ..Modulsoegning::default()
    };
    Ok(app.store().modul_find(&soegning).await?.1)
}

/// What is wrong with what is said of a role.
pub(crate) fn kontroller(felter: &Rollefelter) -> Result<(), Styringsfejl> {
    let mut samling = Samling::default();
    samling.tekst("navn", "Navn", &felter.navn, 256);
    samling.tekst("beskrivelse", "Beskrivelse", &felter.beskrivelse, 2_000);
    let dele: Vec<&str> = felter.entity_id.trim().split('/').collect();
    let navn = |n: &str| {
        !n.is_empty() && n.len() <= 200 && n.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let ok = match dele.as_slice() {
        ["http:" | "https:", "", vaert, "roles", "usersystemrole", rolle, version] => {
            navn(vaert) && navn(rolle) && version.parse::<u32>().is_ok()
        }
        _ => false,
    };
    if !ok {
        let tekst = "EntityId skal have formen http://firma.dk/roles/usersystemrole/navn/1.";
        samling.tilfoej(Modulfejl::felt("entity_id", "S-108", tekst));
    }
    samling.slut()
}

/// The system, which is about to offer something else than before.
fn brugervendt<'u>(udkast: &'u mut Udkast, kald: &Kald, system: Uuid) -> Result<&'u mut ItSystem, Modulfejl> {
    let nu = udkast.nu;
    let s = eget(&mut udkast.data.systemer, kald, system)?;
    if !s.typer.contains(&Systemtype::BrugervendtSystem) {
        let tekst = "Kun et brugervendt system har brugersystemroller. Tilføj først typen på it-systemet.";
        return Err(Modulfejl::ny("S-110", tekst));
    }
    s.roller_aendret = Some(nu);
    Ok(s)
}

/// Another role of the system has the name or the EntityId.
fn optaget(s: &ItSystem, uuid: Uuid, felter: &Rollefelter) -> Result<(), Modulfejl> {
    for b in s.brugersystemroller.iter().filter(|b| b.uuid != uuid) {
        let (felt, hvad) = if b.navn.to_lowercase() == felter.navn.trim().to_lowercase() {
            ("navn", "navnet")
        } else if b.entity_id == felter.entity_id.trim() {
            ("entity_id", "det EntityId")
        } else {
            continue;
        };
        let tekst = format!("It-systemet har allerede en brugersystemrolle med {hvad}. Vælg et andet.");
        return Err(Modulfejl::felt(felt, "S-109", tekst));
    }
    Ok(())
}

fn find<'s>(s: &'s mut ItSystem, rolle: Uuid, maerket: &str) -> Result<&'s mut Brugersystemrolle, Modulfejl> {
    let b = s.brugersystemroller.iter_mut().find(|b| b.uuid == rolle);
    let b = b.ok_or_else(|| Modulfejl::findes_ikke("Brugersystemrollen"))?;
    if rollemaerke(b) == maerket { Ok(b) } else { Err(overhalet()) }
}

fn af(uuid: Uuid, felter: &Rollefelter, udfases: Option<Instant>) -> Brugersystemrolle {
    Brugersystemrolle {
        uuid,
        navn: felter.navn.trim().to_owned(),
        beskrivelse: felter.beskrivelse.trim().to_owned(),
        entity_id: felter.entity_id.trim().to_owned(),
        afgraensninger: felter.afgraensninger.clone(),
        foelsom: felter.foelsom,
        udfases,
    }
}
