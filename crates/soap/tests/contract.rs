//! Our own descriptions against the official ones: every operation of every service, element by element.
//!
//! The official files are read from `$FUNDAMENT_CONTRACTS`, by default beside the repository; they are not ours to ship.

use soap::beskrivelse::{beskedfordeler, indeks, wsdl, xsd};
use soap::indekstjeneste::tabel as indekstjenester;
use soap::tabel::{TJENESTER, Tjeneste};
use std::path::{Path, PathBuf};
use testkit::xsd::Contract;

fn contracts() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts");
    std::env::var_os("FUNDAMENT_CONTRACTS").map_or(default, PathBuf::from)
}

fn official(tjeneste: &Tjeneste) -> Contract {
    let navn = tjeneste.navn;
    let file = match tjeneste.version {
        5 => format!("v5/{navn}/wsdl/token/{navn}Service.wsdl"),
        7 => format!("v7/{navn}/{navn}.wsdl"),
        _ => format!("v6/wsdl/{navn}.wsdl"),
    };
    of_files(&contracts().join("organisation-klassifikation").join(file))
}

fn of_files(path: &Path) -> Contract {
    let read = |path: &Path| {
        let path = path.canonicalize().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        (path.to_string_lossy().into_owned(), std::fs::read_to_string(&path).expect("readable"))
    };
    let (name, text) = read(path);
    Contract::load(&name, text, &|from, location| {
        if location.ends_with("xmldsig-core-schema.xsd") {
            // It begins with a DTD, and what is in a signature is not compared.
            return (location.to_owned(), "<schema xmlns=\"http://www.w3.org/2001/XMLSchema\"/>".to_owned());
        }
        read(&Path::new(from).parent().expect("a file lies in a folder").join(location))
    })
}

/// The distributor's own description.
fn distributor() -> Contract {
    let base = "https://localhost/service";
    Contract::load("wsdl", beskedfordeler::wsdl(base), &|_, location| {
        let name = location.split_once("?xsd=").expect("our schemas are asked for by name").1;
        if name == "xmldsig" {
            return (name.to_owned(), "<schema xmlns=\"http://www.w3.org/2001/XMLSchema\"/>".to_owned());
        }
        (name.to_owned(), beskedfordeler::xsd(name, base).unwrap_or_else(|| panic!("no schema {name}")))
    })
}

fn ours(tjeneste: &Tjeneste) -> Contract {
    let base = "https://localhost/service";
    Contract::load("wsdl", wsdl(tjeneste, base), &|_, location| {
        let name = location.split_once("?xsd=").expect("our schemas are asked for by name").1;
        (name.to_owned(), xsd(tjeneste, name, base).unwrap_or_else(|| panic!("no schema {name}")))
    })
}

/// Shows the first difference with what stands around it.
fn same(what: &str, official: &[String], ours: &[String]) {
    for (line, pair) in official.iter().zip(ours).enumerate() {
        assert_eq!(pair.0, pair.1, "{what}, line {line}: official and ours");
    }
    let longer = if official.len() > ours.len() { official } else { ours };
    assert_eq!(official.len(), ours.len(), "{what}: {:?}", &longer[official.len().min(ours.len())..]);
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn every_service_is_described_as_officially() {
    let mut operations = 0;
    for tjeneste in TJENESTER.iter() {
        let what = format!("{} {}", tjeneste.navn, tjeneste.version);
        let (official, ours) = (official(tjeneste), ours(tjeneste));
        assert_eq!(official.names(), ours.names(), "{what}: names");
        let (theirs, own) = (official.operations(), ours.operations());
        assert_eq!(theirs, own, "{what}: operations");
        for (name, operation) in theirs {
            for element in operation.input.iter().chain(&operation.output) {
                let what = format!("{what} {name} {}", element.1);
                same(&what, &official.expand(element), &ours.expand(element));
            }
            operations += 1;
        }
    }
    assert_eq!(operations, 110 + 8 + 26);
}

#[test]
fn every_description_is_whole() {
    for tjeneste in TJENESTER.iter() {
        let ours = ours(tjeneste);
        for operation in ours.operations().values() {
            for element in operation.input.iter().chain(&operation.output) {
                assert!(!ours.expand(element).is_empty(), "{} {element:?}", tjeneste.navn);
            }
        }
    }
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn the_distributor_is_described_as_officially() {
    let official = of_files(&contracts().join("beskedfordeler/wsdl/Beskedfordeler.wsdl"));
    let ours = distributor();
    assert_eq!(official.names(), ours.names());
    let (theirs, own) = (official.operations(), ours.operations());
    assert_eq!(theirs, own);
    assert_eq!(theirs.len(), 11);
    for (name, operation) in theirs {
        for element in operation.input.iter().chain(&operation.output) {
            same(&format!("{name} {}", element.1), &official.expand(element), &ours.expand(element));
        }
    }
}

#[test]
fn the_distributors_description_is_whole() {
    let ours = distributor();
    for operation in ours.operations().values() {
        for element in operation.input.iter().chain(&operation.output) {
            assert!(!ours.expand(element).is_empty(), "{element:?}");
        }
    }
    for (name, ..) in beskedfordeler::SKEMAER {
        let text = beskedfordeler::xsd(name, "https://localhost/service").expect("a schema");
        xml::parse(text.as_bytes(), &xml::Limits::of_size(text.len())).expect("well-formed");
    }
    assert_eq!(beskedfordeler::xsd("intet", "https://localhost/service"), None);
}

/// What a service of an index says of itself.
fn of_index(tjeneste: &indekstjenester::Tjeneste) -> Contract {
    let base = "https://localhost/service";
    Contract::load("wsdl", indeks::wsdl(tjeneste, base), &|_, location| {
        let name = location.split_once("?xsd=").expect("our schemas are asked for by name").1;
        (name.to_owned(), indeks::xsd(tjeneste, name, base).unwrap_or_else(|| panic!("no schema {name}")))
    })
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn the_indexes_are_described_as_officially() {
    let (mut operations, mut lines) = (0, 0);
    for tjeneste in &indekstjenester::TJENESTER {
        let navn = tjeneste.navn;
        let file = match navn {
            "SagDokumentIndeks" => "sagdokumentindeks-v6/SagDokumentIndeksService_6.wsdl".to_owned(),
            _ => format!("ydelsesindeks-v6/wsdl/{navn}.wsdl"),
        };
        let official = of_files(&contracts().join("indekser").join(file));
        let ours = of_index(tjeneste);
        assert_eq!(official.names(), ours.names(), "{navn}: names");
        let (theirs, own) = (official.operations(), ours.operations());
        assert_eq!(theirs, own, "{navn}: operations");
        for (name, operation) in theirs {
            for element in operation.input.iter().chain(&operation.output) {
                let official = official.expand(element);
                same(&format!("{navn} {name} {}", element.1), &official, &ours.expand(element));
                lines += official.len();
            }
            operations += 1;
        }
        for extension in indekses_udvidelser(tjeneste) {
            same(&format!("{navn} {}", extension.1), &official.expand(&extension), &ours.expand(&extension));
        }
    }
    assert_eq!(operations, 9);
    assert!(lines > 3_000, "{lines}");
}

/// The elements that stand where the schemas are open, in the namespaces a service describes.
fn indekses_udvidelser(tjeneste: &indekstjenester::Tjeneste) -> Vec<(String, String)> {
    fn find(
        e: &'static ::indeks::skema::Element,
        open: &mut Vec<*const u8>,
        out: &mut Vec<(String, String)>,
    ) {
        use ::indeks::skema::Indhold;
        if let Indhold::Felter(felter) = e.indhold {
            if open.contains(&felter.as_ptr().cast()) {
                return;
            }
            open.push(felter.as_ptr().cast());
        }
        if let Indhold::Udvidelse(af) = e.indhold {
            out.extend(af.iter().map(|u| (u.ns.uri().to_owned(), u.navn.to_owned())));
        }
        e.boern().for_each(|barn| find(barn, open, out));
        if matches!(e.indhold, Indhold::Felter(_)) {
            open.pop();
        }
    }
    let mut out = Vec::new();
    for operation in tjeneste.operationer {
        find(operation.input, &mut Vec::new(), &mut out);
        find(operation.output, &mut Vec::new(), &mut out);
    }
    out.sort();
    out.dedup();
    out
}
