//! Anvendersystemer.
//!
//! What the API assigns to a system becomes one agreement per authority, marked as provisioned, with one row per
//! RoleAssignment. Agreements an authority approved otherwise are shown as RoleAssignments too, but cannot be changed
//! from here.

use super::dto::{Anvenderkontekst, Anvendersystem, Dataafgraensningsvaerdi, Fejlsvar, RoleAssignment};
use super::tildeling::{aftale_uuid, tilfoej_rolletildelinger};
use super::{cvr, findes, part, ukendt};
use crate::aftale::{Aftaleservice, Serviceaftale};
use crate::certifikat::{self, Certifikat};
use crate::data::Politikdata;
use crate::part::Partsart;
use crate::system::ItSystem;
use bitemporal::Instant;
use oio::Cvr;
use std::collections::BTreeSet;
use uuid::Uuid;

const HVAD: &str = "anvendersystemet";

/// The ids of all calling systems.
#[must_use]
pub fn anvendersystemer(data: &Politikdata) -> Vec<String> {
    data.systemer.iter().map(ItSystem::id).collect()
}

/// One calling system, as it stands now.
///
/// # Errors
/// 404.
pub fn anvendersystem(data: &Politikdata, id: &str, nu: Instant) -> Result<Anvendersystem, Fejlsvar> {
    let system = &data.systemer[plads(data, id)?];
    let mut tildelinger = Vec::new();
    for aftale in data.aftaler.iter().filter(|a| a.system == system.uuid) {
        for myndighed in aftale.myndigheder() {
            let Some(g) = aftale.gaeldende(myndighed, nu).filter(crate::Gaeldende::i_kraft) else { continue };
            for (i, valgt) in g.version.services.iter().enumerate() {
                for (j, rolle) in valgt.roller.iter().enumerate() {
                    let afledt = || format!("{}.{myndighed}.{i}.{j}", aftale.uuid);
                    tildelinger.push(RoleAssignment {
                        id: valgt.id.clone().unwrap_or_else(afledt),
                        anvenderkontekst: myndighed.to_string(),
                        dataafgraensningsvaerdier: vaerdier(valgt),
                        service_id: service_id(data, valgt.service),
                        servicesystemrolle_id: rolle.clone(),
                        issued_anvenderkontekst: valgt.udstedt_kontekst.map(|c| c.to_string()),
                    });
                }
            }
        }
    }
    let alle: BTreeSet<String> = tildelinger.iter().map(|t| t.anvenderkontekst.clone()).collect();
    let kontekster = match &system.kontekster {
        Some(kontekster) => kontekster.iter().map(ToString::to_string).collect(),
        None => alle,
    };
    let kontekst = |cvr| Anvenderkontekst { cvr, aktiveringstidspunkt: None };
    Ok(Anvendersystem {
        id: system.id(),
        anvenderkontekster: kontekster.into_iter().map(kontekst).collect(),
        oces_certifikater: system.certifikater.iter().map(|c| base64(&c.der)).collect(),
        role_assignments: tildelinger,
        can_impersonate: Some(system.can_impersonate),
    })
}

fn base64(der: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(der)
}

fn vaerdier(valgt: &Aftaleservice) -> Vec<Dataafgraensningsvaerdi> {
    let vaerdi = |(uri, values): (&String, &Vec<String>)| Dataafgraensningsvaerdi {
        dataafgraensningstype_id: uri.clone(),
        values: values.clone(),
    };
    valgt.parametre.iter().map(vaerdi).collect()
}

fn service_id(data: &Politikdata, uuid: Uuid) -> String {
    data.services.iter().find(|s| s.uuid == uuid).map_or_else(|| uuid.to_string(), crate::Service::id)
}

pub(super) fn plads(data: &Politikdata, id: &str) -> Result<usize, Fejlsvar> {
    data.systemer.iter().position(|s| s.id() == id).ok_or_else(|| ukendt(HVAD, id))
}

/// Registers a calling system.
///
/// # Errors
/// 409 when it exists; 400 for what cannot be used, and for `CanImpersonate`, which has a call of its own.
pub fn opret_anvendersystem(
    data: &mut Politikdata,
    sendt: &Anvendersystem,
    nu: Instant,
) -> Result<(), Fejlsvar> {
    if sendt.id.trim().is_empty() || sendt.id.chars().any(char::is_control) {
        return Err(Fejlsvar::felt("Id", "mangler"));
    }
    if plads(data, &sendt.id).is_ok() {
        return Err(findes(HVAD, &sendt.id));
    }
    if sendt.can_impersonate == Some(true) {
        return Err(masse());
    }
    let uuid = Uuid::try_parse(&sendt.id)
        .unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_URL, sendt.id.as_bytes()));
    let operatoer = data.parter.iter().find(|p| p.er(Partsart::Operatoer)).map_or(Cvr::KOMBIT, |p| p.cvr);
    let mut system = ItSystem::ny(uuid, sendt.id.clone(), operatoer, Vec::new());
    if uuid.to_string() != sendt.id {
        system.eksternt_id = Some(sendt.id.clone());
    }
    system.kontekster = Some(BTreeSet::new());
    data.systemer.push(system);
    udfyld(data, sendt, nu)
}

/// Replaces a calling system.
///
/// # Errors
/// 404; 400 as when it is registered; 409 for a RoleAssignment that an agreement gives.
pub fn ret_anvendersystem(
    data: &mut Politikdata,
    id: &str,
    sendt: &Anvendersystem,
    nu: Instant,
) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    if sendt.id != id {
        return Err(Fejlsvar::felt("Id", "skal være det samme som i adressen"));
    }
    let har = data.systemer[i].can_impersonate;
    if sendt.can_impersonate.is_some_and(|vil| vil != har) {
        return Err(masse());
    }
    let uuid = data.systemer[i].uuid;
    data.systemer[i].certifikater.clear();
    data.systemer[i].kontekster = Some(BTreeSet::new());
    data.aftaler.retain(|a| a.system != uuid || !a.provisioneret);
    udfyld(data, sendt, nu)
}

fn masse() -> Fejlsvar {
    Fejlsvar::felt("CanImpersonate", "sættes kun med PUT …/CanImpersonate/{true|false}")
}

fn udfyld(data: &mut Politikdata, sendt: &Anvendersystem, nu: Instant) -> Result<(), Fejlsvar> {
    tilfoej_certifikater(data, &sendt.id, &sendt.oces_certifikater)?;
    tilfoej_anvenderkontekster(data, &sendt.id, &sendt.anvenderkontekster)?;
    tilfoej_rolletildelinger(data, &sendt.id, &sendt.role_assignments, nu)
}

/// Removes a calling system with what the API assigned to it.
///
/// # Errors
/// 404; 409 while an agreement of another origin names it.
pub fn slet_anvendersystem(data: &mut Politikdata, id: &str) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    let uuid = data.systemer[i].uuid;
    if data.aftaler.iter().any(|a| a.system == uuid && !a.provisioneret) {
        return Err(Fejlsvar::ny(409, "it-systemet har serviceaftaler; luk det i stedet, eller opsig dem"));
    }
    if data.systemer.iter().any(|s| s.impersonering.iter().any(|i| i.system == uuid)) {
        return Err(Fejlsvar::ny(
            409,
            "et andet it-system må repræsentere dette; fjern først impersoneringen",
        ));
    }
    data.aftaler.retain(|a| a.system != uuid);
    data.systemer.remove(i);
    Ok(())
}

/// Adds authorities to act for.
///
/// # Errors
/// 404, 400.
pub fn tilfoej_anvenderkontekster(
    data: &mut Politikdata,
    id: &str,
    kontekster: &[Anvenderkontekst],
) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    for kontekst in kontekster {
        let cvr = cvr("Anvenderkontekster/Cvr", &kontekst.cvr)?;
        part(data, cvr, Partsart::Myndighed);
        if let Some(kontekster) = &mut data.systemer[i].kontekster {
            kontekster.insert(cvr);
        }
    }
    Ok(())
}

/// Takes away an authority to act for, at once and with what the API assigned for it.
///
/// # Errors
/// 404, 400.
pub fn fjern_anvenderkontekst(data: &mut Politikdata, id: &str, cvr_nr: &str) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    let vaek = cvr("cvr", cvr_nr)?;
    let uuid = data.systemer[i].uuid;
    let kendte: BTreeSet<Cvr> = match &data.systemer[i].kontekster {
        Some(kontekster) => kontekster.clone(),
        // Those of the agreements, until one of them is taken away.
        None => {
            data.aftaler.iter().filter(|a| a.system == uuid).flat_map(Serviceaftale::myndigheder).collect()
        }
    };
    if !kendte.contains(&vaek) {
        return Err(ukendt("anvenderkonteksten", cvr_nr));
    }
    data.systemer[i].kontekster = Some(kendte.into_iter().filter(|c| *c != vaek).collect());
    data.aftaler.retain(|a| a.uuid != aftale_uuid(uuid, vaek) || !a.provisioneret);
    Ok(())
}

/// Lets a system act for whoever sent it a token, or not.
///
/// # Errors
/// 404, 400.
pub fn saet_can_impersonate(data: &mut Politikdata, id: &str, vaerdi: &str) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    data.systemer[i].can_impersonate = match vaerdi {
        "true" => true,
        "false" => false,
        _ => return Err(Fejlsvar::felt("value", "skal være true eller false")),
    };
    Ok(())
}

/// Adds certificates.
///
/// # Errors
/// 404; 400 when one is none, has run out of form, or belongs to another system.
pub fn tilfoej_certifikater(data: &mut Politikdata, id: &str, sendt: &[String]) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    for text in sendt {
        let felt = |fejl: String| Fejlsvar::felt("OcesCertifikater", fejl);
        let der = certifikat::afkod(text).map_err(felt)?;
        let ejer = certifikat::laes(&der).map_err(felt)?.cvr;
        let nyt = Certifikat::af_der(der).map_err(felt)?;
        let brugt = data
            .systemer
            .iter()
            .position(|s| s.certifikater.iter().any(|c| c.tommelfinger == nyt.tommelfinger));
        match brugt {
            Some(j) if j == i => continue,
            Some(_) => return Err(felt("certifikatet er registreret på et andet it-system".into())),
            None => {}
        }
        // The supplier is whoever the first certificate was issued to.
        if let Some(cvr) = ejer.filter(|_| data.systemer[i].certifikater.is_empty()) {
            part(data, cvr, Partsart::Leverandoer);
            data.systemer[i].leverandoer = cvr;
        }
        data.systemer[i].certifikater.push(nyt);
    }
    Ok(())
}

/// Takes a certificate away.
///
/// # Errors
/// 404, 400.
pub fn fjern_certifikat(data: &mut Politikdata, id: &str, sendt: &str) -> Result<(), Fejlsvar> {
    let i = plads(data, id)?;
    let der = certifikat::afkod(sendt).map_err(|fejl| Fejlsvar::felt("OcesCertifikat", fejl))?;
    let foer = data.systemer[i].certifikater.len();
    data.systemer[i].certifikater.retain(|c| c.der != der);
    if data.systemer[i].certifikater.len() == foer {
        return Err(Fejlsvar::ny(404, "certifikatet er ikke registreret på it-systemet"));
    }
    Ok(())
}
