//! RoleAssignments: what a system may do, one row each in the agreement of its authority.

use super::dto::{Fejlsvar, RoleAssignment};
use super::system::{anvendersystem, plads};
use super::{cvr, part, ukendt};
use crate::aftale::{Aftaleformaal, Aftalepart, Aftaleservice, Aftaletilstand, Aftaleversion, Serviceaftale};
use crate::data::Politikdata;
use crate::part::Partsart;
use bitemporal::{Instant, Period};
use oio::Cvr;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The agreement that holds what the API assigned to a system for an authority.
pub(super) fn aftale_uuid(system: Uuid, myndighed: Cvr) -> Uuid {
    Uuid::new_v5(&system, format!("provisionering/{myndighed}").as_bytes())
}

/// Adds roles.
///
/// # Errors
/// 404; 400 for an unknown service or authority; 409 when the id is taken.
pub fn tilfoej_rolletildelinger(
    data: &mut Politikdata,
    id: &str,
    sendt: &[RoleAssignment],
    nu: Instant,
) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    for tildeling in sendt {
        let nuvaerende = anvendersystem(data, id, nu)?.role_assignments;
        if let Some(findes) = nuvaerende.iter().find(|t| t.id == tildeling.id) {
            if ens(data, findes, tildeling) {
                continue;
            }
            return Err(Fejlsvar::ny(409, format!("RoleAssignment {} findes og er en anden", tildeling.id)));
        }
        tildel(data, i, tildeling)?;
    }
    Ok(())
}

/// Whether both mean the same, whichever identifier of the service they name.
fn ens(data: &Politikdata, a: &RoleAssignment, b: &RoleAssignment) -> bool {
    let uden = |t: &RoleAssignment| RoleAssignment { service_id: String::new(), ..t.clone() };
    let service = |t: &RoleAssignment| super::service::find(data, &t.service_id).ok();
    uden(a) == uden(b) && service(a) == service(b)
}

fn tildel(data: &mut Politikdata, i: usize, tildeling: &RoleAssignment) -> Result<(), Fejlsvar> {
    let sikker = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if tildeling.id.is_empty() || !tildeling.id.chars().all(sikker) {
        return Err(Fejlsvar::felt(
            "RoleAssignments/Id",
            "skal kunne stå i en adresse (bogstaver, cifre, -._~)",
        ));
    }
    let myndighed = cvr("RoleAssignments/Anvenderkontekst", &tildeling.anvenderkontekst)?;
    let udstedt = tildeling.issued_anvenderkontekst.as_deref();
    let udstedt = udstedt.map(|c| cvr("RoleAssignments/IssuedAnvenderkontekst", c)).transpose()?;
    let service = super::service::find(data, &tildeling.service_id).map_err(|_| {
        Fejlsvar::felt("RoleAssignments/ServiceId", format!("{} findes ikke", tildeling.service_id))
    })?;
    let system = &data.systemer[i];
    if !system.maa_for(myndighed) {
        return Err(Fejlsvar::felt(
            "RoleAssignments/Anvenderkontekst",
            format!("{myndighed} er ikke blandt systemets anvenderkontekster"),
        ));
    }
    let (uuid, navn) = (system.uuid, system.navn.clone());
    part(data, myndighed, Partsart::Myndighed);
    let valgt = Aftaleservice {
        service: data.services[service].uuid,
        id: Some(tildeling.id.clone()),
        udstedt_kontekst: udstedt.filter(|u| *u != myndighed),
        roller: vec![tildeling.servicesystemrolle_id.clone()],
        parametre: tildeling
            .dataafgraensningsvaerdier
            .iter()
            .map(|v| (v.dataafgraensningstype_id.clone(), v.values.clone()))
            .collect::<BTreeMap<_, _>>(),
    };
    let aftale = aftale_uuid(uuid, myndighed);
    match data.aftaler.iter_mut().find(|a| a.uuid == aftale).and_then(|a| a.versioner.last_mut()) {
        Some(version) => version.services.push(valgt),
        None => data.aftaler.push(Serviceaftale {
            uuid: aftale,
            navn: format!("{navn} for {myndighed} (provisioneret)"),
            nummer: None,
            system: uuid,
            provisioneret: true,
            proevetilslutning: false,
            standardgodkendelser: Vec::new(),
            versioner: vec![Aftaleversion {
                nummer: 1,
                begrundelse: String::new(),
                genbekraeftes: None,
                gyldig: Period::ALWAYS,
                myndigheder: vec![Aftalepart::ny(myndighed, Aftaletilstand::Aktiv)],
                services: vec![valgt],
                formaal: Aftaleformaal::default(),
            }],
        }),
    }
    Ok(())
}

/// Takes a role away.
///
/// # Errors
/// 404; 409 when an agreement gives it.
pub fn fjern_rolletildeling(
    data: &mut Politikdata,
    id: &str,
    tildeling: &str,
    nu: Instant,
) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    if !anvendersystem(data, id, nu)?.role_assignments.iter().any(|t| t.id == tildeling) {
        return Err(ukendt("RoleAssignment", tildeling));
    }
    let uuid = data.systemer[i].uuid;
    let mut fjernet = false;
    for aftale in data.aftaler.iter_mut().filter(|a| a.system == uuid && a.provisioneret) {
        for version in &mut aftale.versioner {
            let foer = version.services.len();
            version.services.retain(|s| s.id.as_deref() != Some(tildeling));
            fjernet |= version.services.len() < foer;
        }
    }
    data.aftaler.retain(|a| !a.provisioneret || a.versioner.iter().any(|v| !v.services.is_empty()));
    if fjernet {
        return Ok(());
    }
    Err(Fejlsvar::ny(
        409,
        "rollen hører til en godkendt serviceaftale; myndigheden kan opsige eller ændre den",
    ))
}
