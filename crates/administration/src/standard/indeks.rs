//! The services of the Sags- og Dokumentindeks and of the Ydelsesindeks.

use super::DOMAENE;
use crate::service::{
    Parameterart, Parametertype, Rolle, SAGDOKUMENTINDEKS, Service, Servicesystemrolle, YDELSESINDEKS,
};
use oio::Cvr;
use std::collections::{BTreeMap, BTreeSet};
use uuid::{Uuid, uuid};

/// SF1470 Sags- og Dokumentindeks.
pub const SAGDOKUMENTINDEKSET: Uuid = uuid!("f0da3e27-1470-4c0e-8f6b-736167646f6b");
/// SF1490 Ydelsesindeks.
pub const YDELSESINDEKSET: Uuid = uuid!("f0da3e27-1490-4c0e-8f6b-7964656c7365");

/// The levels of sensitivity, rising: who may see one may see those below.
pub const FOELSOMHEDER: [&str; 4] =
    ["IKKE_FORTROLIGE_DATA", "FORTROLIGE_PERSONOPLYSNINGER", "FOELSOMME_PERSONOPLYSNINGER", "VIP_SAGER"];

impl Service {
    /// SF1470 Sags- og Dokumentindeks, as we answer it.
    #[must_use]
    pub fn sagdokumentindeks() -> Self {
        let navn = "Sags- og Dokumentindeks";
        let id = "http://entityid.kombit.dk/service/sdi/sagdokumentindeks/6";
        indeks(SAGDOKUMENTINDEKSET, "SF1470", navn, SAGDOKUMENTINDEKS, id)
    }

    /// SF1490 Ydelsesindeks, as we answer it.
    #[must_use]
    pub fn ydelsesindeks() -> Self {
        let id = "http://entityid.kombit.dk/service/ydi/ydelseindeks/6";
        indeks(YDELSESINDEKSET, "SF1490", "Ydelsesindeks", YDELSESINDEKS, id)
    }
}

/// Whether a type of limit is one of the indexes', whose values have a form.
pub(crate) fn er_indeksets(typ: &Parametertype) -> bool {
    [SAGDOKUMENTINDEKS, YDELSESINDEKS].iter().any(|i| typ.uri.contains(&format!("/constraints/{i}/")))
}

fn indeks(uuid: Uuid, nummer: &str, navn: &str, komponent: &str, identifikator: &str) -> Service {
    let rolle = |rolle: Rolle, operationer: &[&str]| Servicesystemrolle {
        uri: format!(
            "http://{DOMAENE}/roles/servicesystemrolle/{komponent}_{}/1",
            rolle.navn().to_lowercase()
        ),
        navn: rolle.navn().into(),
        operationer: operationer.iter().map(|o| (*o).to_owned()).collect(),
        parametre: Vec::new(),
    };
    let graense = |sti: &str, navn: &str, art: Parameterart, vaerdier: &[&str]| Parametertype {
        uri: format!("http://{DOMAENE}/constraints/{komponent}/{sti}/1"),
        navn: navn.into(),
        art,
        kraevet: false,
        vaerdier: vaerdier.iter().map(|v| (*v).to_owned()).collect(),
        beskrivelse: None,
    };
    Service {
        uuid,
        navn: navn.into(),
        nummer: nummer.into(),
        udbyder: Some(Cvr::KOMBIT),
        servicetype: None,
        status: crate::Servicestatus::IDrift,
        udfases: None,
        komponent: Some(komponent.into()),
        identifikatorer: BTreeSet::from([identifikator.to_owned()]),
        eksternt_id: None,
        metadata: BTreeMap::new(),
        roller: vec![
            rolle(Rolle::Udstil, &["fremsoeg"]),
            rolle(Rolle::Rediger, &["importer", "opdater", "fjern"]),
        ],
        parametre: vec![
            graense("itsystem", "Itsystem", Parameterart::ItSystem, &[]),
            graense("kle", "KLE", Parameterart::Kle, &[]),
            graense("foelsomhed", "Foelsomhed", Parameterart::Foelsomhed, &FOELSOMHEDER),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::er_indeksets;
    use crate::{Parameterart, Service};

    #[test]
    fn an_index_enforces_every_limit_it_offers_and_no_flag() {
        for service in [Service::sagdokumentindeks(), Service::ydelsesindeks()] {
            assert!(service.parametre.iter().all(|p| service.parameter(&p.uri).is_some() && er_indeksets(p)));
            assert!(!service.haandhaever(Parameterart::SeNavn));
            let rolle = |operation| service.rolle_til(operation).map(|r| r.navn.as_str());
            assert_eq!((rolle("fremsoeg"), rolle("fjern")), (Some("Udstil"), Some("Rediger")));
        }
        assert!(Service::organisation().parametre.iter().all(|p| !er_indeksets(p)));
    }
}
