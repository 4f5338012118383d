//! Servicesystemroller. The API does not say which service a role belongs to; a RoleAssignment does.

use super::dto::{Dataafgraensningstype, Fejlsvar, Servicesystemrolle as Sendt};
use super::{findes, ukendt};
use crate::data::Politikdata;
use crate::service::{Parameterart, Parametertype, Servicesystemrolle};
use std::collections::BTreeSet;

const HVAD: &str = "servicesystemrollen";

/// The ids of all roles.
#[must_use]
pub fn roller(data: &Politikdata) -> Vec<String> {
    let egne = data.services.iter().flat_map(|s| s.roller.iter().map(|r| r.uri.clone()));
    egne.chain(data.roller.iter().map(|r| r.uri.clone())).collect()
}

/// One role.
///
/// # Errors
/// 404.
pub fn rolle(data: &Politikdata, id: &str) -> Result<Sendt, Fejlsvar> {
    let typer = |typer: &[Parametertype]| typer.iter().map(til_dto).collect::<Vec<_>>();
    if let Some(rolle) = data.roller.iter().find(|r| r.uri == id) {
        return Ok(Sendt { id: id.into(), dataafgraensningstyper: typer(&rolle.parametre) });
    }
    let service = data.services.iter().find(|s| s.rolle(id).is_some()).ok_or_else(|| ukendt(HVAD, id))?;
    Ok(Sendt { id: id.into(), dataafgraensningstyper: typer(&service.parametre) })
}

/// Registers a role.
///
/// # Errors
/// 409 when it exists, 400.
pub fn opret_rolle(data: &mut Politikdata, sendt: &Sendt) -> Result<(), Fejlsvar> {
    if !(sendt.id.starts_with("http://") || sendt.id.starts_with("https://")) {
        return Err(Fejlsvar::felt("Id", "skal være en URI, der begynder med http"));
    }
    if rolle(data, &sendt.id).is_ok() {
        return Err(findes(HVAD, &sendt.id));
    }
    let parametre = typer(&sendt.dataafgraensningstyper)?;
    data.roller.push(Servicesystemrolle {
        uri: sendt.id.clone(),
        navn: sendt.id.clone(),
        operationer: BTreeSet::new(),
        parametre,
    });
    Ok(())
}

fn loes<'d>(data: &'d mut Politikdata, id: &str) -> Result<&'d mut Servicesystemrolle, Fejlsvar> {
    rolle(data, id)?;
    data.roller.iter_mut().find(|r| r.uri == id).ok_or_else(|| {
        Fejlsvar::ny(409, "rollen hører til en service i politikken; ændr den med fundament policy apply")
    })
}

/// Replaces a role.
///
/// # Errors
/// 404, 400; 409 for a role of a service in the policy.
pub fn ret_rolle(data: &mut Politikdata, id: &str, sendt: &Sendt) -> Result<(), Fejlsvar> {
    if sendt.id != id {
        return Err(Fejlsvar::felt("Id", "skal være det samme som i adressen"));
    }
    loes(data, id)?.parametre = typer(&sendt.dataafgraensningstyper)?;
    Ok(())
}

/// Removes a role.
///
/// # Errors
/// 404; 409 for a role of a service in the policy, and while an agreement gives it.
pub fn slet_rolle(data: &mut Politikdata, id: &str) -> Result<(), Fejlsvar> {
    loes(data, id)?;
    let brugt = data.aftaler.iter().flat_map(|a| &a.versioner).flat_map(|v| &v.services);
    if brugt.flat_map(|s| &s.roller).any(|r| r == id) {
        return Err(Fejlsvar::ny(409, "rollen er tildelt; fjern tildelingerne først"));
    }
    data.roller.retain(|r| r.uri != id);
    Ok(())
}

/// Adds a type of limit to a role.
///
/// # Errors
/// 404, 400, 409.
pub fn tilfoej_dataafgraensningstype(
    data: &mut Politikdata,
    id: &str,
    sendt: &[Dataafgraensningstype],
) -> Result<(), Fejlsvar> {
    let nye = typer(sendt)?;
    let rolle = loes(data, id)?;
    for ny in nye {
        rolle.parametre.retain(|p| p.uri != ny.uri);
        rolle.parametre.push(ny);
    }
    Ok(())
}

/// Takes a type of limit from a role.
///
/// # Errors
/// 404, 409.
pub fn fjern_dataafgraensningstype(data: &mut Politikdata, id: &str, typ: &str) -> Result<(), Fejlsvar> {
    let rolle = loes(data, id)?;
    let foer = rolle.parametre.len();
    rolle.parametre.retain(|p| p.uri != typ);
    if rolle.parametre.len() == foer {
        return Err(ukendt("dataafgrænsningstypen", typ));
    }
    Ok(())
}

fn typer(sendt: &[Dataafgraensningstype]) -> Result<Vec<Parametertype>, Fejlsvar> {
    sendt.iter().map(fra_dto).collect()
}

fn fra_dto(t: &Dataafgraensningstype) -> Result<Parametertype, Fejlsvar> {
    if t.id.trim().is_empty() {
        return Err(Fejlsvar::felt("Dataafgraensningstyper/Id", "mangler"));
    }
    Ok(Parametertype {
        uri: t.id.clone(),
        navn: t.presentation_name.clone().unwrap_or_else(|| t.id.clone()),
        art: Parameterart::Text,
        kraevet: false,
        vaerdier: Vec::new(),
        // What only the API's clients read is kept as they sent it.
        beskrivelse: serde_json::to_string(t).ok(),
    })
}

fn til_dto(p: &Parametertype) -> Dataafgraensningstype {
    let sendt = p.beskrivelse.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let udledt = || Dataafgraensningstype {
        id: p.uri.clone(),
        presentation_name: Some(p.navn.clone()),
        ..Dataafgraensningstype::default()
    };
    sendt.filter(|t: &Dataafgraensningstype| t.id == p.uri).unwrap_or_else(udledt)
}
