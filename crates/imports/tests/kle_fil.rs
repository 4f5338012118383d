//! The KLE importer on a real edition of the Emneplan, which is KL's and therefore not in the repository.

use imports::kle::{EMNEPLAN, KleForslag, KleGemt, KleUdgave, forslag, udgave};
use oio::ObjektId;
use oio::model::{Indhold, TilstandKode};
use oio::validering::{Krav, normaliser, validate};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// A register that takes what the importer proposes.
#[derive(Default)]
struct Register(HashMap<&'static str, HashMap<ObjektId, Indhold>>);

impl Register {
    fn gemt(&self) -> KleGemt {
        let af = |navn| self.0.get(navn).cloned().unwrap_or_default();
        KleGemt::ny(af("Klasse"), af("Facet"), af("Klassifikation"))
    }

    fn importer(&mut self, udgave: &KleUdgave) -> KleForslag {
        let forslag = forslag(udgave, &self.gemt(), &HashMap::new(), false).expect("not outdated");
        for o in forslag.forslag.objekter.clone() {
            let indhold = normaliser(o.objekttype, o.indhold).expect("known relations");
            validate(o.objekttype, &indhold, Krav::Streng).expect("valid content");
            self.0.entry(o.objekttype.name).or_default().insert(o.objekt, indhold);
        }
        forslag
    }
}

fn fil() -> String {
    let rod = std::env::var("FUNDAMENT_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let sti = format!("{rod}/kle/KLE-Emneplan_Version2-0_2015-08-01.xml");
    std::fs::read_to_string(&sti).unwrap_or_else(|fejl| panic!("{sti}: {fejl}"))
}

fn laes(xml: &str) -> KleUdgave {
    udgave(xml.as_bytes()).unwrap_or_else(|fund| panic!("{}", fund[0]))
}

#[test]
#[ignore = "needs the KLE file in $FUNDAMENT_DATA (default ../shared/data)"]
fn it_is_read_whole_and_a_second_time_changes_nothing() {
    let begyndt = Instant::now();
    let udgave = laes(&fil());
    assert!(begyndt.elapsed() < Duration::from_secs(5), "{:?}", begyndt.elapsed());
    let mut register = Register::default();
    let foerste = register.importer(&udgave);
    assert_eq!(foerste.rapport.nye.len(), 4189);
    assert_eq!((foerste.rapport.udgaaede.len(), foerste.rapport.flyttede.len()), (1256, 281));
    assert_eq!(foerste.rapport.ukendte, ["16.00.15 afløst af 29.00.09"]);
    let ude = |i: &&Indhold| i.tilstande.last().is_some_and(|t| t.kode == TilstandKode::IkkePubliceret);
    assert_eq!(register.0["Klasse"].values().filter(ude).count(), 1537);
    let anden = register.importer(&udgave);
    assert_eq!((anden.forslag.objekter.len(), anden.rapport.uaendrede), (0, 4189));
}

#[test]
#[ignore = "needs the KLE file in $FUNDAMENT_DATA (default ../shared/data)"]
fn an_edited_edition_changes_only_what_differs() {
    let fil = fil();
    let mut register = Register::default();
    register.importer(&laes(&fil));
    let ny = fil.replace("<UdgivelsesDato>2015-08-01", "<UdgivelsesDato>2015-11-01").replacen(
        "<HovedgruppeTitel>Kommunens styrelse<",
        "<HovedgruppeTitel>Kommunens egen styrelse<",
        1,
    );
    let forslag = register.importer(&laes(&ny));
    assert_eq!(forslag.rapport.aendrede_titler.len(), 1);
    assert_eq!(forslag.forslag.objekter.len(), 2, "the class, and the edition on the facet");
    assert_eq!(register.gemt().udgave(EMNEPLAN).map(|d| d.to_string()).as_deref(), Some("2015-11-01"));
}
