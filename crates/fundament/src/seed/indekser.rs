//! The agreements of the demo about the two indexes: KY and KSD write and read their own, SAPA reads.

use super::{KORSBAEK, KSD, KY, NABOKOEBING, SAPA, kommunenavn, tal};
use administration::Parameterart::{Foelsomhed, ItSystem, Kle};
use administration::{Dataafgraensninger, Parameterart, Rolle, Service, Serviceaftale};
use serde_json::{Value, json};
use soap::indekstjeneste::tabel::TJENESTER;
use uuid::Uuid;

/// The topics of KSD.
const EMNER_KSD: &str = "32.24.*";
/// What SAPA may see of Nabokøbing.
const NABOENS: &str = "FORTROLIGE_PERSONOPLYSNINGER";

/// Every agreement: one for each service, as each has an entity id of its own.
pub(super) fn aftaler() -> Vec<Serviceaftale> {
    let alt = "VIP_SAGER";
    let skriver: &[Rolle] = &[Rolle::Udstil, Rolle::Rediger];
    let laeser: &[Rolle] = &[Rolle::Udstil];
    let mut ud = Vec::new();
    for service in [Service::sagdokumentindeks(), Service::ydelsesindeks()] {
        for (navn, system, cvr, roller, kle, foelsomhed) in [
            ("KY", KY, KORSBAEK, skriver, "*", alt),
            ("KSD", KSD, KORSBAEK, skriver, EMNER_KSD, alt),
            ("SAPA", SAPA, KORSBAEK, laeser, "*", alt),
            ("SAPA", SAPA, NABOKOEBING, laeser, "*", NABOENS),
        ] {
            let mut vaerdier = vec![(Kle, kle.to_owned()), (Foelsomhed, foelsomhed.to_owned())];
            if roller.contains(&Rolle::Rediger) {
                vaerdier.push((ItSystem, system.to_string()));
            }
            ud.push(aftale(&service, (navn, system), cvr, roller, &vaerdier));
        }
    }
    ud
}

fn aftale(
    service: &Service,
    (navn, system): (&str, Uuid),
    cvr: &str,
    roller: &[Rolle],
    vaerdier: &[(Parameterart, String)],
) -> Serviceaftale {
    let uuid = Uuid::new_v5(&system, format!("serviceaftale/{}/{cvr}", service.navn).as_bytes());
    let navn = format!("{navn}: {} for {}", service.navn, kommunenavn(tal(cvr)));
    let flag = Dataafgraensninger::default();
    let mut aftale = Serviceaftale::aktiv(uuid, navn, system, tal(cvr), service, roller, flag);
    for version in &mut aftale.versioner {
        version.begrundelse = "Borgerens sager og ydelser skal kunne ses samlet".to_owned();
        for om in &mut version.services {
            let parametre = vaerdier.iter().filter_map(|(art, vaerdi)| {
                Some((service.parameter_af(*art)?.uri.clone(), vec![vaerdi.clone()]))
            });
            om.parametre.extend(parametre);
        }
    }
    aftale
}

/// Where the services of the indexes answer, by name; messages are judged at `…/validering` beside each.
pub fn demo_json(mtls: &str) -> Value {
    let adresser = TJENESTER.iter().map(|t| (t.navn.to_owned(), json!(format!("{mtls}{}", t.paths[0]))));
    Value::Object(adresser.collect())
}

/// The entity ids of the indexes, by the name of their part of the installation.
pub fn entity_ids() -> [(&'static str, String); 2] {
    [
        (administration::SAGDOKUMENTINDEKS, Service::sagdokumentindeks().id()),
        (administration::YDELSESINDEKS, Service::ydelsesindeks().id()),
    ]
}

#[cfg(test)]
mod tests {
    use super::{aftaler, demo_json, entity_ids};
    use std::collections::BTreeSet;

    #[test]
    fn every_agreement_is_its_own_and_gives_what_its_service_has() {
        let alle = aftaler();
        let uuider: BTreeSet<_> = alle.iter().map(|a| a.uuid).collect();
        assert_eq!((alle.len(), uuider.len()), (8, 8));
        for om in alle.iter().flat_map(|a| &a.versioner).flat_map(|v| &v.services) {
            let skriver = om.roller.len() == 2;
            assert_eq!(om.parametre.len(), if skriver { 3 } else { 2 });
        }
    }

    #[test]
    fn a_client_is_told_where_to_call_and_for_whom_to_get_a_token() {
        let adresser = demo_json("https://localhost:1");
        assert_eq!(adresser["YdelseIndeks"], "https://localhost:1/ydelseindeks/6");
        assert_eq!(adresser.as_object().map(serde_json::Map::len), Some(4));
        assert_eq!(entity_ids()[1].1, "http://entityid.kombit.dk/service/ydi/ydelseindeks/6");
    }
}
