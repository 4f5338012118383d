//! Values and patterns, as the server judges them. The front end judges the same list while one types, or says nothing.

use super::Kendte;
use super::valider::vaerdi;
use crate::brugersystemrolle::{Afgraensningsart, Dataafgraensningstype};
use crate::jobfunktionsrolle::Afgraensningsvaerdi;
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize)]
struct Moenster {
    udtryk: String,
    passer: Vec<String>,
    passer_ikke: Vec<String>,
}

#[test]
fn values_are_judged_by_their_pattern() {
    let alle: Vec<Moenster> = serde_json::from_str(include_str!("moenstre.json")).expect("the list");
    assert!(alle.len() > 30);
    let kendte = Kendte { systemer: &[], faelles: &[] };
    for m in alle {
        let typ = Dataafgraensningstype {
            uuid: Uuid::nil(),
            navn: "Nummer".into(),
            beskrivelse: String::new(),
            entity_id: "http://sapa.example/constraints/nummer/1".into(),
            art: Afgraensningsart::Text,
            regulaert_udtryk: Some(m.udtryk.clone()),
            vaerdier: Vec::new(),
        };
        let ventet = m.passer.iter().map(|v| (v, true)).chain(m.passer_ikke.iter().map(|v| (v, false)));
        for (tekst, passer) in ventet {
            let v = Afgraensningsvaerdi {
                entity_id: typ.entity_id.clone(),
                navn: String::new(),
                vaerdi: tekst.clone(),
                dynamisk: false,
            };
            let fejl = vaerdi(&v, &typ, &kendte);
            assert_eq!(fejl.is_none(), passer, "{tekst} by {}: {fejl:?}", m.udtryk);
            if let Some(fejl) = fejl {
                let ord = format!("Ugyldig dataafgrænsningsværdi: \"{tekst}\" passer ikke til {}.", m.udtryk);
                assert_eq!((fejl.kode, fejl.tekst), ("J-403", ord));
            }
        }
    }
}
