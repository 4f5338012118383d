//! The classes that messages about our own registers name: those of the seed table, which has no official UUIDs for them,
//! so an installation may give them others.

use app::Beskedconfig;
use indeks::besked::Handling;
use indeks::skema::Art;
use oio::catalog::{self, ObjektType};
use uuid::{Uuid, uuid};

/// The facets of the seed table; a test holds them against it.
const BESKEDTYPER: Uuid = uuid!("2f76988f-7f2b-52dd-bc1a-63e92c22bf67");
const FORRETNINGSOBJEKTER: Uuid = uuid!("0a9a1c9b-4faf-5c96-942f-19ae36b4968f");
const HANDLINGER: Uuid = uuid!("547bea87-81a2-5fa3-ab4c-01a663b65908");
/// The business object Person, which has an official UUID.
const PERSON: Uuid = uuid!("ce7fcf97-a8a2-447a-8690-d38aa0f6e23c");

/// The beskedtype of what happens to objects of this type.
#[must_use]
pub fn beskedtype(config: &Beskedconfig, typ: &ObjektType) -> Uuid {
    klasse(config, BESKEDTYPER, &registernavn(typ))
}

/// The beskedtype of what happens to objects of an index; documents have none.
#[must_use]
pub fn indeks_beskedtype(config: &Beskedconfig, art: Art) -> Option<Uuid> {
    indeks_navne(art).map(|(navn, _)| klasse(config, BESKEDTYPER, navn))
}

/// The names of the beskedtype and the business object of what an index tells of.
const fn indeks_navne(art: Art) -> Option<(&'static str, &'static str)> {
    match art {
        Art::Sag => Some(("sagdokumentindeks.SagIndeks", "objekt.SagIndeks")),
        Art::Bevilling => Some(("ydelsesindeks.BevillingIndeks", "objekt.BevillingIndeks")),
        Art::Effektuering => {
            Some(("ydelsesindeks.OekonomiskEffektueringIndeks", "objekt.OekonomiskEffektueringIndeks"))
        }
        Art::Dokument => None,
    }
}

/// The beskedtyper of everything that happens here, with their names in the seed table.
#[must_use]
pub fn egne_beskedtyper(config: &Beskedconfig) -> Vec<(String, Uuid)> {
    let navne = catalog::ALLE.into_iter().map(registernavn);
    let indeks = Art::ALLE.into_iter().filter_map(indeks_navne).map(|(navn, _)| navn.to_owned());
    navne.chain(indeks).map(|navn| (navn.clone(), klasse(config, BESKEDTYPER, &navn))).collect()
}

fn registernavn(typ: &ObjektType) -> String {
    format!("{}.{}", typ.register.slug(), typ.name)
}

/// The class of a type of object, among the business objects.
pub(super) fn forretningsobjekt(config: &Beskedconfig, navn: &str) -> Uuid {
    match navn {
        "Person" => PERSON,
        _ => klasse(config, FORRETNINGSOBJEKTER, &format!("objekt.{navn}")),
    }
}

/// The class of a type of index object, among the business objects; documents have none.
pub(super) fn indeks_objekt(config: &Beskedconfig, art: Art) -> Option<Uuid> {
    indeks_navne(art).map(|(_, navn)| klasse(config, FORRETNINGSOBJEKTER, navn))
}

/// The class of what was done to an index object.
pub(super) fn indeks_handling(config: &Beskedconfig, handling: Handling) -> Uuid {
    let navn = match handling {
        Handling::Importeret => "handling.Importeret",
        Handling::FremdriftAendret => "handling.FremdriftAendret",
        Handling::Aendret => "handling.Aendret",
        Handling::Slettet => "handling.Slettet",
    };
    klasse(config, HANDLINGER, navn)
}

/// The class of what was done, as edition 1.1 of LivscyklusKode has it.
pub(super) fn handling(config: &Beskedconfig, livscyklus: &str) -> Uuid {
    klasse(config, HANDLINGER, &format!("handling.{livscyklus}"))
}

/// The role of a related object, by the relation's name: there is no official class for it, and none of ours.
pub(super) fn rolle(relation: &str) -> Uuid {
    navngivet(Uuid::NAMESPACE_URL, &format!("urn:oio:objektrolle:{relation}"))
}

/// The beskedtype of ours that had this UUID before the installation gave it another.
pub(crate) fn forladt(config: &Beskedconfig, beskedtype: Uuid) -> Option<&str> {
    let andre = config.egne_uuider.iter().filter(|(_, har)| **har != beskedtype);
    andre.map(|(navn, _)| navn.as_str()).find(|navn| navngivet(BESKEDTYPER, navn) == beskedtype)
}

fn klasse(config: &Beskedconfig, facet: Uuid, navn: &str) -> Uuid {
    config.egne_uuider.get(navn).copied().unwrap_or_else(|| navngivet(facet, navn))
}

fn navngivet(facet: Uuid, navn: &str) -> Uuid {
    Uuid::new_v5(&facet, navn.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{
        beskedtype, egne_beskedtyper, forladt, forretningsobjekt, handling, indeks_beskedtype,
        indeks_handling, indeks_objekt,
    };
    use app::Beskedconfig;
    use indeks::besked::Handling;
    use indeks::skema::Art;
    use oio::catalog;
    use uuid::Uuid;

    #[test]
    fn the_classes_are_those_of_the_seed_table() {
        let config = Beskedconfig::default();
        for typ in catalog::ALLE {
            let navn = format!("{}.{}", typ.register.slug(), typ.name);
            assert_eq!(beskedtype(&config, typ), imports::faste::uuid(&navn));
            let objekt = if typ.name == "Person" { "Person".into() } else { format!("objekt.{}", typ.name) };
            assert_eq!(forretningsobjekt(&config, typ.name), imports::faste::uuid(&objekt));
        }
        for livscyklus in ["Opstaaet", "Importeret", "Rettet", "Passiveret", "Slettet"] {
            assert_eq!(
                handling(&config, livscyklus),
                imports::faste::uuid(&format!("handling.{livscyklus}"))
            );
        }
    }

    #[test]
    fn so_are_those_of_the_indexes() {
        let config = Beskedconfig::default();
        for (art, beskedtype, objekt) in [
            (Art::Sag, "sagdokumentindeks.SagIndeks", "SagIndeks"),
            (Art::Bevilling, "ydelsesindeks.BevillingIndeks", "BevillingIndeks"),
            (Art::Effektuering, "ydelsesindeks.OekonomiskEffektueringIndeks", "OekonomiskEffektueringIndeks"),
        ] {
            assert_eq!(indeks_beskedtype(&config, art), Some(imports::faste::uuid(beskedtype)));
            assert_eq!(indeks_objekt(&config, art), Some(imports::faste::uuid(&format!("objekt.{objekt}"))));
        }
        assert_eq!(
            (indeks_beskedtype(&config, Art::Dokument), indeks_objekt(&config, Art::Dokument)),
            (None, None)
        );
        let navne = ["Importeret", "FremdriftAendret", "Aendret", "Slettet"];
        for (handling, navn) in Handling::ALLE.into_iter().zip(navne) {
            assert_eq!(indeks_handling(&config, handling), imports::faste::uuid(&format!("handling.{navn}")));
        }
    }

    #[test]
    fn everything_of_our_own_is_in_the_list() {
        let mut config = Beskedconfig::default();
        config.egne_uuider.insert("ydelsesindeks.BevillingIndeks".into(), Uuid::from_u128(7));
        let alle = egne_beskedtyper(&config);
        assert_eq!(alle.len(), catalog::ALLE.len() + 3);
        assert!(alle.contains(&("organisation.Bruger".into(), beskedtype(&config, &catalog::BRUGER))));
        assert!(alle.contains(&("ydelsesindeks.BevillingIndeks".into(), Uuid::from_u128(7))));
    }

    #[test]
    fn an_installation_may_give_them_others() {
        let mut config = Beskedconfig::default();
        let gammel = beskedtype(&config, &catalog::BRUGER);
        let navne = ["organisation.Bruger", "objekt.Bruger", "handling.Rettet"];
        for (n, navn) in (1..).zip(navne) {
            config.egne_uuider.insert(navn.into(), Uuid::from_u128(n));
        }
        assert_eq!(beskedtype(&config, &catalog::BRUGER), Uuid::from_u128(1));
        assert_eq!(forretningsobjekt(&config, "Bruger"), Uuid::from_u128(2));
        assert_eq!(handling(&config, "Rettet"), Uuid::from_u128(3));
        assert_eq!(handling(&config, "Slettet"), imports::faste::uuid("handling.Slettet"));
        assert_eq!(forladt(&config, gammel), Some("organisation.Bruger"));
        assert_eq!(forladt(&config, Uuid::from_u128(1)), None);
        assert_eq!(forladt(&config, imports::faste::uuid("organisation.Adresse")), None);
        config.egne_uuider.insert(navne[0].into(), gammel);
        assert_eq!(forladt(&config, gammel), None, "it was given its own");
    }
}
