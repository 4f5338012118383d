//! The classes every installation has: roles, types and sensitivity levels, with the UUIDs clients have built in.
//!
//! The table is `seed/faste-klasser.csv`. A row without a class defines a facet, one without a facet a klassifikation.
//! A row without a UUID is something whose official UUID is not published: it gets a name-based one of ours and the
//! note [`LOKAL`]; an installation may give some of them another ([`egne_uuider`]).

mod egne;

pub use egne::egne_uuider;

use crate::byg::{Aktoer, dato, egenskab, midnat, relation, tilstand, v5};
use crate::{OensketObjekt, tekst};
use bitemporal::Period;
use jiff::civil::Date;
use oio::ObjektId;
use oio::catalog::klassifikation::{facet, klasse, klassifikation};
use oio::catalog::{BRUGERVENDT_NOEGLE as BVN, FACET, KLASSE, KLASSIFIKATION};
use oio::model::{Indhold, TilstandKode, Virkning};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;
use uuid::Uuid;

/// The Organisation KOMBIT, owner of what all share.
pub const KOMBIT: Uuid = Uuid::from_u128(0x2cc5_ef32_69a2_4694_95dd_c74e_d9eb_f111);
/// The Organisation KL, owner of KLE.
pub const KL: Uuid = Uuid::from_u128(0x0a42_4171_4dc1_4c1b_b59d_220a_c0d4_ce11);
/// What the note of an object begins with when its UUID is ours, not official.
pub const LOKAL: &str = "lokal: ingen officiel UUID er offentliggjort";
/// What the note of an object is when its UUID is the installation's.
const GIVET: &str = "lokal: UUID givet af installationen";
/// Since when the shared classes hold.
pub(crate) const FRA: Date = dato(1970, 1, 1);

/// A row of the table.
#[derive(Debug)]
struct Fast {
    klassifikation: String,
    facet: String,
    bvn: String,
    titel: String,
    uuid: Option<Uuid>,
}

struct Tabel {
    raekker: Vec<Fast>,
    ids: HashMap<(String, String, String), Uuid>,
    klasser: HashMap<String, Uuid>,
}

static TABEL: LazyLock<Tabel> = LazyLock::new(|| {
    let poster =
        tekst::poster(include_bytes!("../seed/faste-klasser.csv")).expect("the table is well-formed");
    let mut tabel = Tabel { raekker: Vec::new(), ids: HashMap::new(), klasser: HashMap::new() };
    for (_, celler) in poster.into_iter().skip(1) {
        let [klassifikation, facet, bvn, titel, uuid]: [String; 5] =
            celler.try_into().expect("every row has five columns");
        let uuid = (!uuid.is_empty()).then(|| Uuid::try_parse(&uuid).expect("a UUID"));
        let rum = match (facet.as_str(), bvn.as_str()) {
            ("", _) => KOMBIT,
            (_, "") => tabel.ids[&(klassifikation.clone(), String::new(), String::new())],
            _ => tabel.ids[&(klassifikation.clone(), facet.clone(), String::new())],
        };
        let navn = [&bvn, &facet, &klassifikation].into_iter().find(|n| !n.is_empty()).expect("a name");
        let id = uuid.unwrap_or_else(|| v5(rum, navn));
        tabel.ids.insert((klassifikation.clone(), facet.clone(), bvn.clone()), id);
        if !bvn.is_empty() {
            tabel.klasser.insert(bvn.clone(), id);
        }
        tabel.raekker.push(Fast { klassifikation, facet, bvn, titel, uuid });
    }
    tabel
});

/// The UUID of the shared class with this BrugervendtNoegle, such as `Postadresse` or `Enhedsrolle`.
///
/// # Panics
/// When the table has no such class.
#[must_use]
pub fn uuid(bvn: &str) -> Uuid {
    *TABEL.klasser.get(bvn).unwrap_or_else(|| panic!("seed/faste-klasser.csv has no class {bvn}"))
}

/// The shared classes with the facets and klassifikationer that hold them; `egne` are those with another UUID than the
/// table's. Owner: KOMBIT.
#[must_use]
pub fn faste_klasser(egne: &BTreeMap<String, Uuid>) -> Vec<OensketObjekt> {
    let mut objekter: Vec<OensketObjekt> = TABEL.raekker.iter().map(|fast| objekt(fast, egne)).collect();
    let orden = [&KLASSIFIKATION, &FACET, &KLASSE];
    objekter.sort_by_key(|o| orden.iter().position(|t| *t == o.objekttype));
    objekter
}

fn objekt(fast: &Fast, egne: &BTreeMap<String, Uuid>) -> OensketObjekt {
    let virkning = Aktoer(KOMBIT).virkning(Period::since(midnat(FRA)));
    let id = |facet: &str, bvn: &str| TABEL.ids[&(fast.klassifikation.clone(), facet.into(), bvn.into())];
    let eget = egne.get(&fast.bvn).copied();
    let note = match (fast.uuid, eget) {
        (None, None) => Some(LOKAL.to_owned()),
        (None, Some(_)) => Some(GIVET.to_owned()),
        (Some(_), _) => None,
    };
    let (objekttype, noegle, over) = match (fast.facet.as_str(), fast.bvn.as_str()) {
        ("", _) => (&KLASSIFIKATION, &fast.klassifikation, None),
        (_, "") => {
            (&FACET, &fast.facet, Some(relation(&facet::FACET_TILHOERER, id("", ""), virkning.clone())))
        }
        _ => (&KLASSE, &fast.bvn, Some(relation(&klasse::FACET, id(&fast.facet, ""), virkning.clone()))),
    };
    let mut indhold = publiceret(virkning.clone());
    indhold.egenskaber =
        vec![egenskab(virkning.clone(), &[(BVN, noegle), (klassifikation::TITEL, &fast.titel)])];
    indhold.relationer = vec![
        relation(&klassifikation::ANSVARLIG, KOMBIT, virkning.clone()),
        relation(&klassifikation::EJER, KOMBIT, virkning),
    ];
    indhold.relationer.extend(over);
    OensketObjekt {
        objekttype,
        objekt: ObjektId(eget.unwrap_or_else(|| id(&fast.facet, &fast.bvn))),
        indhold,
        note,
    }
}

/// Content that is published and holds nothing else.
pub(crate) fn publiceret(virkning: Virkning) -> Indhold {
    Indhold { tilstande: vec![tilstand(virkning, TilstandKode::Publiceret)], ..Indhold::default() }
}

#[cfg(test)]
mod tests {
    use super::{TABEL, faste_klasser, uuid};
    use oio::validering::{Krav, normaliser, validate};
    use std::collections::{BTreeMap, HashSet};

    #[test]
    fn the_table_makes_valid_objects_with_distinct_ids() {
        let objekter = faste_klasser(&BTreeMap::new());
        let ids: HashSet<_> = objekter.iter().map(|o| o.objekt).collect();
        assert_eq!(ids.len(), objekter.len());
        for o in objekter {
            let indhold = normaliser(o.objekttype, o.indhold).expect("known relations");
            validate(o.objekttype, &indhold, Krav::Streng).expect("valid");
        }
    }

    #[test]
    fn keys_are_unique_so_that_lookup_by_key_is_safe() {
        let klasser = TABEL.raekker.iter().filter(|r| !r.bvn.is_empty()).count();
        assert_eq!(klasser, TABEL.klasser.len());
    }

    #[test]
    fn known_and_local_uuids() {
        assert_eq!(uuid("Postadresse").to_string(), "80b610c6-314b-485a-a014-a9a1d7070bc4");
        assert_eq!(uuid("Lederrolle").to_string(), "46c73630-f7ad-4000-9624-c06131cde671");
        assert_eq!(uuid("Stedfortraeder").get_version_num(), 5);
        let lokale = faste_klasser(&BTreeMap::new()).into_iter().filter(|o| o.note.is_some()).count();
        assert_eq!(lokale, TABEL.raekker.iter().filter(|r| r.uuid.is_none()).count());
    }
}
