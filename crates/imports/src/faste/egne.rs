//! The file by which an installation gives our own classes about messages other UUIDs: `navn;uuid`, one class a line.

use super::TABEL;
use crate::{Fund, tekst};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The facets whose classes may have other UUIDs: what kind of message it is, what it is about, and what was done.
const FACETTER: [&str; 3] = ["Beskedtyper", "Forretningsobjekter", "Handlinger"];

/// Reads the file: the UUID of each class it names, by its name in the table.
///
/// # Errors
/// The first line that cannot be used, and what to do about it.
pub fn egne_uuider(bytes: &[u8]) -> Result<BTreeMap<String, Uuid>, Fund> {
    let mut poster = tekst::poster(bytes)?.into_iter();
    let hoved = poster.next().map(|(_, celler)| celler).unwrap_or_default();
    if hoved != ["navn", "uuid"] {
        return Err(fund(1, "den første linje skal være navn;uuid".into()));
    }
    let mut egne = BTreeMap::new();
    let (mut linjer, mut brugt) = (HashMap::new(), HashMap::new());
    for (linje, celler) in poster {
        let [navn, uuid]: [String; 2] =
            celler.try_into().map_err(|_| fund(linje, "skriv navn;uuid".into()))?;
        kendt(&navn).map_err(|grund| fund(linje, grund))?;
        let id = Uuid::try_parse(&uuid).ok().filter(|id| !id.is_nil());
        let Some(id) = id else {
            let grund = format!("{uuid} er ikke et UUID; skriv {navn}'s UUID, eller slet linjen");
            return Err(fund(linje, grund));
        };
        if let Some(foer) = linjer.insert(navn.clone(), linje) {
            let grund = format!("{navn} står også i linje {foer}; behold én af dem");
            return Err(fund(linje, grund));
        }
        if let Some(anden) = brugt.insert(id, navn.clone()) {
            let grund = format!("{id} er også givet til {anden}; to klasser kan ikke have samme UUID");
            return Err(fund(linje, grund));
        }
        if let Some(anden) = i_tabellen(id).filter(|anden| *anden != navn) {
            let grund = format!("{id} er allerede UUID for {anden}; giv {navn} et andet");
            return Err(fund(linje, grund));
        }
        egne.insert(navn, id);
    }
    Ok(egne)
}

/// Whether a class may have another UUID.
fn kendt(navn: &str) -> Result<(), String> {
    let fundet = TABEL.raekker.iter().find(|r| r.bvn == navn && !navn.is_empty());
    match fundet {
        Some(r) if FACETTER.contains(&r.facet.as_str()) && r.uuid.is_none() => Ok(()),
        Some(_) => Err(format!("{navn} kan ikke få et andet UUID; slet linjen")),
        None => {
            let mulige = TABEL.raekker.iter().filter(|r| FACETTER.contains(&r.facet.as_str()));
            let mulige: Vec<&str> =
                mulige.filter(|r| !r.bvn.is_empty() && r.uuid.is_none()).map(|r| r.bvn.as_str()).collect();
            Err(format!("{navn} kendes ikke; vælg en af {}", mulige.join(", ")))
        }
    }
}

/// What has this UUID in the table.
fn i_tabellen(id: Uuid) -> Option<&'static str> {
    let (klassifikation, facet, bvn) = TABEL.ids.iter().find(|(_, har)| **har == id)?.0;
    [bvn, facet, klassifikation].into_iter().map(String::as_str).find(|navn| !navn.is_empty())
}

fn fund(linje: usize, grund: String) -> Fund {
    Fund { linje, sted: "faste klasser".into(), grund }
}

#[cfg(test)]
mod tests {
    use super::egne_uuider;
    use crate::faste::{LOKAL, faste_klasser, uuid};
    use uuid::Uuid;

    const GIVET: &str = "0c0ffee0-1111-4222-8333-444444444444";

    fn grund(fil: &str) -> String {
        egne_uuider(fil.as_bytes()).expect_err("refused").to_string()
    }

    #[test]
    fn what_is_named_gets_the_uuid_and_nothing_else_changes() {
        let egne = egne_uuider(format!("navn;uuid\norganisation.Bruger;{GIVET}\n").as_bytes()).expect("read");
        assert_eq!(egne.len(), 1);
        let (foer, efter) = (faste_klasser(&Default::default()), faste_klasser(&egne));
        assert_eq!(foer.len(), efter.len());
        for (foer, efter) in foer.iter().zip(&efter) {
            if foer.objekt.0 == uuid("organisation.Bruger") {
                assert_eq!(efter.objekt.0, GIVET.parse::<Uuid>().expect("a UUID"));
                assert_ne!(efter.note.as_deref(), Some(LOKAL));
                assert_eq!(foer.indhold, efter.indhold);
            } else {
                assert_eq!(foer, efter);
            }
        }
        // Commas and a byte order mark, as spreadsheets write them; the class's own UUID is no other one.
        let eget = uuid("handling.Rettet");
        let fil = format!("\u{feff}navn,uuid\nhandling.Rettet,{eget}\nobjekt.Klasse,{GIVET}\n");
        assert_eq!(egne_uuider(fil.as_bytes()).expect("read").len(), 2);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_to_do() {
        for (fil, ventet) in [
            (String::new(), "den første linje skal være navn;uuid"),
            (format!("organisation.Bruger;{GIVET}"), "den første linje skal være navn;uuid"),
            ("navn;uuid\norganisation.Bruger".into(), "linje 2"),
            (format!("navn;uuid\norganisation.Brugeren;{GIVET}"), "vælg en af organisation.Adresse, "),
            (format!("navn;uuid\nPerson;{GIVET}"), "Person kan ikke få et andet UUID"),
            (format!("navn;uuid\nTestbeskedType1;{GIVET}"), "kan ikke få et andet UUID"),
            (format!("navn;uuid\nSystemrolle;{GIVET}"), "kan ikke få et andet UUID"),
            (format!("navn;uuid\n;{GIVET}"), "kendes ikke"),
            ("navn;uuid\norganisation.Bruger;abc".into(), "abc er ikke et UUID"),
            (format!("navn;uuid\norganisation.Bruger;{}", Uuid::nil()), "er ikke et UUID"),
            (
                format!("navn;uuid\nobjekt.Bruger;{GIVET}\nobjekt.Bruger;{}", Uuid::from_u128(7)),
                "objekt.Bruger står også i linje 2",
            ),
            (
                format!("navn;uuid\nobjekt.Bruger;{GIVET}\nobjekt.Klasse;{}", GIVET.to_uppercase()),
                "er også givet til objekt.Bruger",
            ),
            (
                format!("navn;uuid\nobjekt.Bruger;{}", uuid("Person")),
                "er allerede UUID for Person; giv objekt.Bruger et andet",
            ),
        ] {
            let grund = grund(&fil);
            assert!(grund.contains(ventet), "{fil}: {grund}");
        }
    }
}
