//! The examples of the contract, from import to removal. The files lie in `$FUNDAMENT_CONTRACTS`, by default beside the repository.

use crate::scene::{Scene, fundne, id, koder};
use app::Config;
use std::path::{Path, PathBuf};

const DOKUMENT: &str = "1a000000-0000-4000-8000-000000000020";
const SAG: &str = "1a000000-0000-4000-8000-000000000010";

fn eksempel(navn: &str) -> String {
    let her = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts");
    let rod = std::env::var_os("FUNDAMENT_CONTRACTS").map_or(her, PathBuf::from);
    let fil = rod.join("indekser/examples-own").join(navn);
    std::fs::read_to_string(&fil).unwrap_or_else(|fejl| panic!("{}: {fejl}", fil.display()))
}

pub async fn the_examples_are_imported_searched_and_removed(scene: Scene) {
    // The examples have roles for documents of an installation of its own.
    let mut config = Config::default();
    for (rolle, uuid) in [
        ("Dokumentaktoer/Ejer", "8e000000-0000-4000-8000-000000000011"),
        ("Dokumentaktoer/Ansvarlig", "8e000000-0000-4000-8000-000000000012"),
        ("Dokumentklasse/Primær klasse", "8e000000-0000-4000-8000-000000000013"),
        ("Journalpost/Tilakteret", "8e000000-0000-4000-8000-000000000001"),
        ("Journalpost/Journalnotat", "8e000000-0000-4000-8000-000000000003"),
    ] {
        config.indeks.roller.insert(rolle.to_owned(), id(uuid));
    }
    assert_eq!(indekser::kontroller(&config), Ok(()));
    let scene = scene.med(config).await;
    let fag = |navn: &'static str| {
        let scene = &scene;
        async move { scene.fag(&eksempel(navn)).await }
    };
    assert_eq!(koder(&fag("sdi_importer_input.xml").await), ["20", "20"]);
    assert_eq!(koder(&fag("sdi_importer_input.xml").await), ["20", "20"], "the same again");
    let svar = fag("yi_importer_input.xml").await;
    assert_eq!(koder(&svar), ["20", "20"], "{svar}");
    // Searched, changed and searched again.
    let svar = fag("sdi_fremsoeg_input.xml").await;
    assert!(koder(&svar) == ["20"] && fundne(&svar).contains(&id(SAG)), "{svar}");
    let svar = fag("yi_fremsoeg_input.xml").await;
    assert_eq!(koder(&svar), koder(&eksempel("yi_fremsoeg_output.xml")), "{svar}");
    assert_eq!(fundne(&svar)[0], fundne(&eksempel("yi_fremsoeg_output.xml"))[0]);
    for navn in ["sdi_opdater_input.xml", "sdi_opdater_relation_input.xml", "yi_opdater_input.xml"] {
        let svar = fag(navn).await;
        assert!(koder(&svar).iter().all(|k| *k == "20"), "{navn}: {svar}");
    }
    // Removed, and nothing is left.
    assert_eq!(koder(&fag("oe_fjern_input.xml").await), ["20"]);
    assert_eq!(koder(&fag("bi_fjern_input.xml").await), ["20"]);
    let svar = fag("sdi_fjern_input.xml").await;
    assert!(koder(&svar).contains(&"20"), "{svar}");
    let navne = [(indeks::skema::Art::Sag, id(SAG)), (indeks::skema::Art::Dokument, id(DOKUMENT))];
    let svar = scene.fag(&crate::byg::soeg_sagdok(&navne, "", "")).await;
    assert!(!fundne(&svar).contains(&id(SAG)), "{svar}");
}
