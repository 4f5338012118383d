//! Services.

use super::dto::{Fejlsvar, Service as Sendt, ServiceMetadata};
use super::{findes, ukendt};
use crate::data::Politikdata;
use crate::service::{Service, Servicestatus};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const HVAD: &str = "servicen";
/// The kind told of a service that was not made here.
const SERVICETYPE: &str = "SOAP";

/// The ids of all services.
#[must_use]
pub fn services(data: &Politikdata) -> Vec<String> {
    data.services.iter().map(Service::id).collect()
}

/// Where a service stands, by its id or any of its identifiers.
pub(super) fn find(data: &Politikdata, id: &str) -> Result<usize, Fejlsvar> {
    let egen = data.services.iter().position(|s| s.id() == id);
    let fundet = egen.or_else(|| data.services.iter().position(|s| s.identifikatorer.contains(id)));
    fundet.ok_or_else(|| ukendt(HVAD, id))
}

/// One service.
///
/// # Errors
/// 404.
pub fn service(data: &Politikdata, id: &str) -> Result<Sendt, Fejlsvar> {
    let service = &data.services[find(data, id)?];
    let navngivne: BTreeSet<&String> = service.metadata.values().collect();
    let givet = service.metadata.iter().map(|(id, i)| (id.clone(), i.clone()));
    let afledt = service.identifikatorer.iter().filter(|i| !navngivne.contains(i) && **i != service.id());
    let afledt = afledt.map(|i| (super::id_til_sti(i), i.clone()));
    Ok(Sendt {
        id: service.id(),
        service_type: service.servicetype.clone().unwrap_or_else(|| SERVICETYPE.into()),
        service_metadata: givet
            .chain(afledt)
            .map(|(id, identifier)| ServiceMetadata { id, identifier })
            .collect(),
    })
}

/// Registers a service.
///
/// # Errors
/// 409 when it exists, 400.
pub fn opret_service(data: &mut Politikdata, sendt: &Sendt) -> Result<(), Fejlsvar> {
    if sendt.id.trim().is_empty() {
        return Err(Fejlsvar::felt("Id", "mangler"));
    }
    if find(data, &sendt.id).is_ok() {
        return Err(findes(HVAD, &sendt.id));
    }
    data.services.push(Service {
        uuid: Uuid::new_v5(&Uuid::NAMESPACE_URL, sendt.id.as_bytes()),
        navn: sendt.id.clone(),
        nummer: String::new(),
        udbyder: None,
        servicetype: Some(sendt.service_type.clone()),
        status: Servicestatus::IDrift,
        udfases: None,
        komponent: None,
        identifikatorer: BTreeSet::from([sendt.id.clone()]),
        eksternt_id: Some(sendt.id.clone()),
        metadata: BTreeMap::new(),
        roller: Vec::new(),
        parametre: Vec::new(),
    });
    tilfoej_metadata(data, &sendt.id, &sendt.service_metadata)
}

/// Where a service stands that the API may change: one that answers elsewhere.
fn fremmed(data: &Politikdata, id: &str) -> Result<usize, Fejlsvar> {
    let i = find(data, id)?;
    if data.services[i].komponent.is_some() {
        return Err(Fejlsvar::ny(409, "servicen er Fundaments egen; ændr den med fundament policy apply"));
    }
    Ok(i)
}

/// Replaces a service.
///
/// # Errors
/// 404, 400; 409 for a service of our own.
pub fn ret_service(data: &mut Politikdata, id: &str, sendt: &Sendt) -> Result<(), Fejlsvar> {
    let i = fremmed(data, id)?;
    let service = &mut data.services[i];
    if sendt.id != service.id() {
        return Err(Fejlsvar::felt("Id", "skal være det samme som i adressen"));
    }
    service.servicetype = Some(sendt.service_type.clone());
    service.metadata.clear();
    service.identifikatorer = BTreeSet::from([sendt.id.clone()]);
    tilfoej_metadata(data, &sendt.id, &sendt.service_metadata)
}

/// Removes a service.
///
/// # Errors
/// 404; 409 for a service of our own, and while an agreement names it.
pub fn slet_service(data: &mut Politikdata, id: &str) -> Result<(), Fejlsvar> {
    let i = fremmed(data, id)?;
    let uuid = data.services[i].uuid;
    let brugt =
        |a: &crate::Serviceaftale| a.versioner.iter().any(|v| v.services.iter().any(|s| s.service == uuid));
    if data.aftaler.iter().any(brugt) {
        return Err(Fejlsvar::ny(409, "servicen indgår i serviceaftaler; fjern dem først"));
    }
    data.services.remove(i);
    Ok(())
}

/// Adds identifiers.
///
/// # Errors
/// 404; 400 when one belongs to another service; 409 for a service of our own.
pub fn tilfoej_metadata(data: &mut Politikdata, id: &str, sendt: &[ServiceMetadata]) -> Result<(), Fejlsvar> {
    let i = fremmed(data, id)?;
    for metadata in sendt {
        if metadata.id.trim().is_empty() || metadata.identifier.trim().is_empty() {
            return Err(Fejlsvar::felt("ServiceMetadata", "Id og Identifier skal udfyldes"));
        }
        let optaget = data.services.iter().position(|s| s.identifikatorer.contains(&metadata.identifier));
        if optaget.is_some_and(|j| j != i) {
            let fejl = format!("{} tilhører en anden service", metadata.identifier);
            return Err(Fejlsvar::felt("ServiceMetadata/Identifier", fejl));
        }
        let service = &mut data.services[i];
        if let Some(foer) = service.metadata.insert(metadata.id.clone(), metadata.identifier.clone()) {
            service.identifikatorer.remove(&foer);
        }
        service.identifikatorer.insert(metadata.identifier.clone());
    }
    Ok(())
}

/// Takes an identifier away.
///
/// # Errors
/// 404; 409 for a service of our own.
pub fn fjern_metadata(data: &mut Politikdata, id: &str, metadata: &str) -> Result<(), Fejlsvar> {
    let i = fremmed(data, id)?;
    let service = &mut data.services[i];
    let vaek = service.metadata.remove(metadata).ok_or_else(|| ukendt("ServiceMetadata", metadata))?;
    let egen = service.id();
    if vaek != egen && !service.metadata.values().any(|i| *i == vaek) {
        service.identifikatorer.remove(&vaek);
    }
    Ok(())
}
