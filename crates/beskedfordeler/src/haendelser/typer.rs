//! The classes that messages about our own registers name: those of the seed table, which has no official UUIDs for them.

use oio::catalog::ObjektType;
use uuid::{Uuid, uuid};

/// The facets of the seed table; a test holds them against it.
const BESKEDTYPER: Uuid = uuid!("2f76988f-7f2b-52dd-bc1a-63e92c22bf67");
const FORRETNINGSOBJEKTER: Uuid = uuid!("0a9a1c9b-4faf-5c96-942f-19ae36b4968f");
const HANDLINGER: Uuid = uuid!("547bea87-81a2-5fa3-ab4c-01a663b65908");
/// The business object Person, which has an official UUID.
const PERSON: Uuid = uuid!("ce7fcf97-a8a2-447a-8690-d38aa0f6e23c");

/// The beskedtype of what happens to objects of this type.
#[must_use]
pub fn beskedtype(typ: &ObjektType) -> Uuid {
    klasse(BESKEDTYPER, &format!("{}.{}", typ.register.slug(), typ.name))
}

/// The class of a type of object, among the business objects.
pub(super) fn forretningsobjekt(navn: &str) -> Uuid {
    match navn {
        "Person" => PERSON,
        _ => klasse(FORRETNINGSOBJEKTER, &format!("objekt.{navn}")),
    }
}

/// The class of what was done, as edition 1.1 of LivscyklusKode has it.
pub(super) fn handling(livscyklus: &str) -> Uuid {
    klasse(HANDLINGER, &format!("handling.{livscyklus}"))
}

/// The role of a related object, by the relation's name: there is no official class for it, and none of ours.
pub(super) fn rolle(relation: &str) -> Uuid {
    klasse(Uuid::NAMESPACE_URL, &format!("urn:oio:objektrolle:{relation}"))
}

fn klasse(facet: Uuid, navn: &str) -> Uuid {
    Uuid::new_v5(&facet, navn.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{beskedtype, forretningsobjekt, handling};
    use oio::catalog;

    #[test]
    fn the_classes_are_those_of_the_seed_table() {
        for typ in catalog::ALLE {
            let navn = format!("{}.{}", typ.register.slug(), typ.name);
            assert_eq!(beskedtype(typ), imports::faste::uuid(&navn));
            let objekt = if typ.name == "Person" { "Person".into() } else { format!("objekt.{}", typ.name) };
            assert_eq!(forretningsobjekt(typ.name), imports::faste::uuid(&objekt));
        }
        for livscyklus in ["Opstaaet", "Importeret", "Rettet", "Passiveret", "Slettet"] {
            assert_eq!(handling(livscyklus), imports::faste::uuid(&format!("handling.{livscyklus}")));
        }
    }
}
