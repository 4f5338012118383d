//! Our tables against the official schemas, element by element, and every example through reader and writer.
//!
//! The files lie in `$FUNDAMENT_CONTRACTS`, by default beside the repository; they are not ours to ship.

use indeks::Knude;
use indeks::kald::Kald;
use indeks::model::{registrering_af, registrering_knude};
use indeks::regler::{IntetOpslag, Niveau, Niveauer, Proeve, proev};
use indeks::roller::Rolleliste;
use indeks::skema::operationer::{ALLE, UDVIDELSER};
use indeks::skema::{Art, Element, Indhold, Ns};
use std::path::{Path, PathBuf};
use testkit::xsd::Contract;

fn contracts() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts");
    let root = std::env::var_os("FUNDAMENT_CONTRACTS").map_or(default, PathBuf::from);
    root.join("indekser")
}

/// A description that reaches these schemas, as no WSDL reaches those of the events.
fn official(mappe: &str, skemaer: &[&str]) -> Contract {
    let importer: String =
        skemaer.iter().map(|s| format!("<import namespace=\"x\" schemaLocation=\"{s}\"/>")).collect();
    let wsdl = format!(
        "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\"><types><schema \
         xmlns=\"http://www.w3.org/2001/XMLSchema\">{importer}</schema></types></definitions>"
    );
    let mappe = contracts().join(mappe).join("xsd/6.0.STS-0");
    let navn = mappe.join("wsdl").to_string_lossy().into_owned();
    Contract::load(&navn, wsdl, &|fra, sted| {
        let fil = Path::new(fra).parent().expect("a folder").join(sted);
        let fil = fil.canonicalize().unwrap_or_else(|e| panic!("{}: {e}", fil.display()));
        (fil.to_string_lossy().into_owned(), std::fs::read_to_string(&fil).expect("readable"))
    })
}

/// The table as the lines [`Contract::expand`] makes of a schema.
fn udfold(element: &'static Element, sti: &str, aabne: &mut Vec<*const Element>, ud: &mut Vec<String>) {
    let gange =
        |e: &Element| format!("{}..{}", e.mindst, e.hoejst.map_or("unbounded".to_owned(), |h| h.to_string()));
    if let Indhold::Valg(af) = element.indhold {
        let gange = Some(gange(element)).filter(|g| g != "1..1").map(|g| format!(" {g}"));
        ud.push(format!("{sti} choice begins{}", gange.unwrap_or_default()));
        af.iter().for_each(|e| udfold(e, sti, aabne, ud));
        ud.push(format!("{sti} choice ends"));
        return;
    }
    let sti = format!("{sti}/{{{}}}{}", element.ns.uri(), element.navn);
    match element.indhold {
        Indhold::Tekst(simpel) => ud.push(format!("{sti} {} {}", gange(element), simpel.xsd())),
        Indhold::Felter(felter) => {
            ud.push(format!("{sti} {} complex", gange(element)));
            if aabne.contains(&felter.as_ptr()) {
                return ud.push(format!("{sti} again"));
            }
            aabne.push(felter.as_ptr());
            felter.iter().for_each(|e| udfold(e, &sti, aabne, ud));
            aabne.pop();
        }
        Indhold::Udvidelse(_) => {
            ud.push(format!("{sti} {} complex", gange(element)));
            ud.push(format!("{sti}/* 0..unbounded ##other"));
            ud.push(format!("{sti}/{{{}}}SenestAendretTidspunkt 0..1 dateTime", Ns::Gd.uri()));
        }
        Indhold::Valg(_) => {}
    }
}

fn sammenlign(kontrakt: &Contract, element: &'static Element) -> usize {
    let official = kontrakt.expand(&(element.ns.uri().to_owned(), element.navn.to_owned()));
    let mut vores = Vec::new();
    // How often an extension stands is the list's business.
    udfold(element, "", &mut Vec::new(), &mut vores);
    for vores in vores.iter_mut().take(1) {
        *vores =
            vores.replace(" 0..unbounded complex", " 1..1 complex").replace(" 0..1 complex", " 1..1 complex");
    }
    for (linje, (a, b)) in official.iter().zip(&vores).enumerate() {
        assert_eq!(a, b, "{} line {linje}: official and ours", element.navn);
    }
    assert_eq!(official.len(), vores.len(), "{}", element.navn);
    official.len()
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn the_tables_are_the_official_schemas() {
    let sager = official("sagdokumentindeks-v6", &["SagDokumentIndeksOperationer.xsd", "SagBesked.xsd"]);
    let ydelser = official(
        "ydelsesindeks-v6",
        &[
            "YdelseIndeksOperationer.xsd",
            "BevillingIndeksBesked.xsd",
            "OekonomiskEffektueringIndeksBesked.xsd",
        ],
    );
    let mut linjer = 0;
    for element in ALLE.iter().chain(&UDVIDELSER) {
        let af_ydelse = matches!(element.ns, Ns::Yi | Ns::Bi | Ns::Oe);
        linjer += sammenlign(if af_ydelse { &ydelser } else { &sager }, element);
    }
    assert!(linjer > 3_000, "{linjer}");
}

/// A document by what it says: names with namespaces, text, and no layout between elements.
fn kanonisk(node: xml::Node<'_, '_>, ud: &mut String) {
    let navn = format!("{{{}}}{}", node.tag_name().namespace().unwrap_or(""), node.tag_name().name());
    ud.push_str(&format!("<{navn}>"));
    if node.children().any(|c| c.is_element()) {
        node.children().filter(xml::Node::is_element).for_each(|c| kanonisk(c, ud));
    } else {
        let tekst = xml::text_of(node);
        // An element that holds elements may stand empty with layout in it.
        ud.push_str(if tekst.trim().is_empty() { "" } else { &tekst });
    }
    ud.push_str(&format!("</{navn}>\n"));
}

fn kanonisk_af(bytes: &[u8]) -> String {
    let dokument = xml::parse(bytes, &xml::Limits::of_size(1 << 20)).expect("well-formed");
    let mut ud = String::new();
    kanonisk(dokument.root_element(), &mut ud);
    ud
}

/// Every registrering is the same through the model.
fn registreringer(knude: &Knude) {
    for art in Art::ALLE.into_iter().filter(|a| knude.navn() == "Registrering" && a.typ().ns == knude.ns()) {
        let r = registrering_af(art.typ(), knude);
        assert_eq!(&registrering_knude(&art.typ().registrering, &r), knude);
    }
    knude.alle().iter().for_each(registreringer);
}

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn every_example_is_read_and_written_as_it_was() {
    let mut laest = std::collections::BTreeSet::new();
    for fil in std::fs::read_dir(contracts().join("examples-own")).expect("the examples") {
        let fil = fil.expect("a file").path();
        let bytes = std::fs::read(&fil).expect("readable");
        let knude = indeks::laes_bytes(&ALLE, &bytes).unwrap_or_else(|e| panic!("{}: {e}", fil.display()));
        let skrevet = indeks::skriv(&knude);
        assert_eq!(kanonisk_af(&bytes), kanonisk_af(skrevet.as_bytes()), "{}", fil.display());
        // What we write is valid: the reader, which is as strict as the schema, takes it and finds the same.
        assert_eq!(indeks::laes_bytes(&ALLE, skrevet.as_bytes()).as_ref(), Ok(&knude), "{}", fil.display());
        registreringer(&knude);
        laest.insert(format!("{}:{}", knude.ns().praefiks(), knude.navn()));
    }
    assert!(laest.len() >= 18, "{laest:?}");
}

/// UUIDs that the examples use for roles whose UUID is not published.
const ROLLER: [(Art, &str, &str, u128); 6] = [
    (Art::Dokument, "Dokumentaktoer", "Ejer", 0x11),
    (Art::Dokument, "Dokumentaktoer", "Ansvarlig", 0x12),
    (Art::Dokument, "Dokumentklasse", "Primær klasse", 0x13),
    (Art::Sag, "Journalpost", "Tilakteret", 0x01),
    (Art::Sag, "Journalpost", "Journalnotat", 0x03),
    (Art::Sag, "Sagspart", "Sekundær part", 0x04),
];

#[test]
#[ignore = "needs the official contracts; cargo xtask test brings them"]
fn the_examples_are_let_through_by_the_default_levels() {
    let mut roller = Rolleliste::default();
    for (art, afsnit, navn, nr) in ROLLER {
        let uuid = uuid::Uuid::from_u128(0x8e00_0000_0000_4000_8000_0000_0000_0000 + nr);
        assert!(roller.tilfoej(art, afsnit, navn, uuid));
    }
    let mut proevet = 0;
    for fil in ["sdi_importer_input.xml", "yi_importer_input.xml"] {
        let bytes = std::fs::read(contracts().join("examples-own").join(fil)).expect("readable");
        let Ok(Kald::Importer(_, import)) = Kald::laes_bytes(&bytes) else { panic!("{fil}") };
        for objekt in import.into_iter().map(|i| i.objekt) {
            let r = &objekt.registreringer[0];
            let nu = r.tidspunkt.as_ref().expect("a time").instant();
            let p = Proeve::import(objekt.art, r, &roller, &IntetOpslag, nu);
            let brud = proev(&p, &Niveauer::default());
            assert!(brud.iter().all(|b| b.niveau < Niveau::Afvis), "{fil}: {brud:?}");
            proevet += 1;
        }
    }
    assert_eq!(proevet, 4);
}
