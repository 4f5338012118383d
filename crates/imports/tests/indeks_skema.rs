//! Invented objects against the official schemas, element by element.
//!
//! The reader has the same tables, which `indeks` compares with the schemas; here the schemas are asked directly: every element
//! must be declared where it stands, in the order of its siblings and as often as they allow, and hold what its type allows.
//! The files lie in `$FUNDAMENT_CONTRACTS`, by default beside the repository; they are not ours to ship.

use imports::sager::{Fil, Generator, Opsaetning, Ud};
use indeks::besked::{Omslag, besked};
use indeks::kald::Kald;
use indeks::roller::Rolleliste;
use indeks::skema::Art;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use testkit::xsd::Contract;
use xml::Node;

const CASES: u64 = 300;

fn contracts() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts");
    let root = std::env::var_os("FUNDAMENT_CONTRACTS").map_or(default, PathBuf::from);
    root.join("indekser")
}

/// A description that reaches these schemas, as one set.
fn official(folder: &str, schemas: &[&str]) -> Contract {
    let imports: String =
        schemas.iter().map(|s| format!("<import namespace=\"x\" schemaLocation=\"{s}\"/>")).collect();
    let wsdl = format!(
        "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\"><types><schema \
         xmlns=\"http://www.w3.org/2001/XMLSchema\">{imports}</schema></types></definitions>"
    );
    let folder = contracts().join(folder).join("xsd/6.0.STS-0");
    let name = folder.join("wsdl").to_string_lossy().into_owned();
    Contract::load(&name, wsdl, &|from, place| {
        let file = Path::new(from).parent().expect("a folder").join(place);
        let file = file.canonicalize().unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        (file.to_string_lossy().into_owned(), std::fs::read_to_string(&file).expect("readable"))
    })
}

/// One declaration: its place among all, how often it may stand, and its type.
struct Declared {
    place: usize,
    least: usize,
    most: usize,
    typ: String,
}

/// What a global element may hold: by path, and the paths below a path.
struct Schema {
    declared: HashMap<String, Declared>,
    below: HashMap<String, Vec<String>>,
}

fn name(node: Node<'_, '_>) -> String {
    format!("{{{}}}{}", node.tag_name().namespace().unwrap_or(""), node.tag_name().name())
}

impl Schema {
    fn of(contract: &Contract, root: &(String, String)) -> Self {
        let (mut declared, mut below) = (HashMap::new(), HashMap::<String, Vec<String>>::new());
        let mut open = 0;
        for (place, line) in contract.expand(root).into_iter().enumerate() {
            let mut parts = line.splitn(3, ' ');
            let (path, occurs) = (parts.next().expect("a path").to_owned(), parts.next().unwrap_or(""));
            match occurs {
                "choice" if line.contains(" begins") => open += 1,
                "choice" => open -= 1,
                _ => {}
            }
            let Some((least, most)) = occurs.split_once("..") else { continue };
            // One of a choice need not stand.
            let least = if open > 0 { 0 } else { least.parse().expect("a number") };
            let most = most.parse().unwrap_or(usize::MAX);
            let parent = path.rsplit_once("/{").map_or("", |(p, _)| p).to_owned();
            below.entry(parent).or_default().push(path.clone());
            let typ = parts.next().unwrap_or("").to_owned();
            declared.insert(path, Declared { place, least, most, typ });
        }
        Self { declared, below }
    }

    /// Checks an element; gives how many it looked at. `mixed` where a choice may be made again and again.
    fn check(&self, contract: &Contract, node: Node<'_, '_>, path: &str, mixed: bool) -> usize {
        let here = self.declared.get(path).unwrap_or_else(|| panic!("{path} is not declared"));
        if here.typ != "complex" {
            simple(&here.typ, &xml::text_of(node), path);
            return 1;
        }
        let mut seen: HashMap<String, usize> = HashMap::new();
        let (mut last, mut count) = (0, 1);
        for child in node.children().filter(Node::is_element) {
            let below = format!("{path}/{}", name(child));
            if !self.declared.contains_key(&below) && path.ends_with("}LokalUdvidelseListe") {
                // Any element of another namespace, if it is declared, and then as declared.
                let global = (
                    child.tag_name().namespace().unwrap_or("").to_owned(),
                    child.tag_name().name().to_owned(),
                );
                let schema = Self::of(contract, &global);
                count += schema.check(contract, child, &format!("/{}", name(child)), false);
                continue;
            }
            count += self.check(contract, child, &below, false);
            *seen.entry(below.clone()).or_default() += 1;
            assert!(mixed || self.declared[&below].place >= last, "{below} is out of order");
            last = self.declared[&below].place;
        }
        for below in self.below.get(path).into_iter().flatten() {
            let (d, times) = (&self.declared[below], seen.get(below).copied().unwrap_or(0));
            assert!((d.least..=d.most).contains(&times), "{below} stands {times} times");
        }
        count
    }
}

/// The simple types that occur, with their limits.
fn simple(typ: &str, text: &str, path: &str) {
    let mut facets = typ.split(' ');
    let base = facets.next().unwrap_or("");
    let values: Vec<&str> = typ.split(" enumeration=").skip(1).collect();
    assert!(values.is_empty() || values.contains(&text), "{path}: {text}");
    let length = text.chars().count();
    for facet in facets {
        match facet.split_once('=') {
            Some(("minLength", n)) => assert!(length >= n.parse().expect("a number"), "{path}: {text}"),
            Some(("maxLength", n)) => assert!(length <= n.parse().expect("a number"), "{path}: {text}"),
            Some(("fixed", value)) => assert_eq!(text, value, "{path}"),
            Some(("pattern", p)) if p.starts_with("[a-fA-F0-9]") => assert_eq!(length, 36, "{path}: {text}"),
            Some(("pattern", "[0-9]{8}")) => assert_eq!(length, 8, "{path}: {text}"),
            _ => {}
        }
    }
    let ok = match base {
        "dateTime" => text.len() == 29 && indeks::form::tid(text).is_some(),
        "date" => indeks::form::dato(text).is_some(),
        "boolean" => ["true", "false"].contains(&text),
        "integer" => text.parse::<i64>().is_ok(),
        "base64Binary" => indeks::form::base64_bytes(text).is_some(),
        _ => true,
    };
    assert!(ok, "{path}: {text} is no {base}");
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn invented_objects_are_as_the_official_schemas_have_them() {
    let generator = Generator::ny(Opsaetning::korsbaek(CASES, 9));
    let mut ud = Ud::default();
    (0..CASES).for_each(|nr| generator.sag(nr, &mut ud));
    let cases = official("sagdokumentindeks-v6", &["SagDokumentIndeksOperationer.xsd"]);
    let benefits = official("ydelsesindeks-v6", &["YdelseIndeksOperationer.xsd"]);
    for fil in Fil::ALLE {
        let text = [&fil.hoved(), ud.af(fil), &fil.fod()].concat();
        let document = xml::parse(text.as_bytes(), &xml::Limits::of_size(64 << 20)).expect("well-formed");
        let root = document.root_element();
        let contract = if fil.navn().starts_with("ydelse") { &benefits } else { &cases };
        let global =
            (root.tag_name().namespace().unwrap_or("").to_owned(), root.tag_name().name().to_owned());
        let schema = Schema::of(contract, &global);
        let elements = schema.check(contract, root, &format!("/{}", name(root)), true);
        assert!(elements > 1_000, "{fil:?}: {elements}");
    }
}

/// What is told of an object, and of its removal, is valid where the extensions of the index are known; a schema of the events alone
/// does not know them.
#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn what_is_told_of_invented_objects_is_as_the_official_schemas_have_it() {
    let generator = Generator::ny(Opsaetning::korsbaek(CASES, 9));
    let mut ud = Ud::default();
    // Few enough for one call.
    (0..CASES / 5).for_each(|nr| generator.sag(nr, &mut ud));
    let cases = official("sagdokumentindeks-v6", &["SagBesked.xsd", "SagDokumentIndeksOperationer.xsd"]);
    let benefits = [
        "BevillingIndeksBesked.xsd",
        "OekonomiskEffektueringIndeksBesked.xsd",
        "YdelseIndeksOperationer.xsd",
    ];
    let benefits = official("ydelsesindeks-v6", &benefits);
    let mut told: HashMap<Art, usize> = HashMap::new();
    for fil in Fil::ALLE {
        let text = [&fil.hoved(), ud.af(fil), &fil.fod()].concat();
        let Ok(Kald::Importer(_, imported)) = Kald::laes_bytes(text.as_bytes()) else { continue };
        for objekt in imported.into_iter().map(|i| i.objekt) {
            let omslag = Omslag::af(objekt.art, &objekt.registreringer[0], &Rolleliste::default());
            for registrering in [objekt.registreringer.first(), None] {
                let Some(text) = besked(objekt.art, objekt.uuid, registrering, &omslag) else { continue };
                let document =
                    xml::parse(text.as_bytes(), &xml::Limits::of_size(1 << 20)).expect("well-formed");
                let root = document.root_element();
                let contract = if objekt.art == Art::Sag { &cases } else { &benefits };
                let global =
                    (root.tag_name().namespace().unwrap_or("").to_owned(), root.tag_name().name().to_owned());
                assert_eq!(global.1, "RegistreringBesked");
                let schema = Schema::of(contract, &global);
                schema.check(contract, root, &format!("/{}", name(root)), false);
                *told.entry(objekt.art).or_default() += 1;
            }
        }
    }
    for art in [Art::Sag, Art::Bevilling, Art::Effektuering] {
        assert!(told.get(&art).is_some_and(|n| *n > 10), "{told:?}");
    }
    assert!(!told.contains_key(&Art::Dokument), "documents are not told of");
}
