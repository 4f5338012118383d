use super::indstil::{laes_niveauer, laes_roller};
use super::valider;
use crate::cli::{GenerateIndeksArgs, ValiderArgs};
use crate::indeksfil;
use flate2::Compression;
use flate2::write::GzEncoder;
use indeks::regler::{Niveau, alle};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A folder with invented cases, gone when the test is over.
struct Mappe(PathBuf);

impl Drop for Mappe {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Mappe {
    fn ny(navn: &str) -> Self {
        let mappe = std::env::temp_dir().join(format!("fundament-valider-{navn}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&mappe);
        fs::create_dir_all(&mappe).expect("a folder");
        Self(mappe)
    }

    fn med_sager(navn: &str, gzip: bool) -> Self {
        let mappe = Self::ny(navn);
        indeksfil::generer(&generate(&mappe.0, gzip)).expect("written");
        mappe
    }

    fn fil(&self, navn: &str) -> PathBuf {
        self.0.join(navn)
    }

    /// Writes a file of the same kind with this in place of that.
    fn med(&self, fra: &str, til: &str, ret: &[(&str, &str)]) -> PathBuf {
        let mut tekst = fs::read_to_string(self.fil(fra)).expect("a file");
        for (gammel, ny) in ret {
            assert!(tekst.contains(gammel), "{gammel}");
            tekst = tekst.replacen(gammel, ny, 1);
        }
        fs::write(self.fil(til), tekst).expect("written");
        self.fil(til)
    }
}

fn generate(ud: &Path, gzip: bool) -> GenerateIndeksArgs {
    GenerateIndeksArgs {
        sager: 40,
        seed: 2,
        kommune: None,
        navn: None,
        system: None,
        systemnavn: None,
        ud: ud.to_owned(),
        gzip,
    }
}

fn args(filer: &[PathBuf]) -> ValiderArgs {
    ValiderArgs {
        filer: filer.to_vec(),
        niveauer: None,
        roller: None,
        json: false,
        hoejst: 1000,
        afviste: None,
        fra: None,
    }
}

fn fund(json: &Value) -> Vec<(&str, &str)> {
    json["fund"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|f| (f["regel"].as_str().expect("a rule"), f["sti"].as_str().expect("a path")))
        .collect()
}

const FILER: [&str; 4] = ["ydelse-opdater.xml", "sagdokument-opdater.xml", "ydelse.xml", "sagdokument.xml"];

#[test]
fn what_is_generated_has_no_findings_packed_or_not_in_whatever_order() {
    for gzip in [false, true] {
        let mappe = Mappe::med_sager(if gzip { "rent-gz" } else { "rent" }, gzip);
        let filer = FILER.map(|f| mappe.fil(&format!("{f}{}", if gzip { ".gz" } else { "" })));
        let rapport = valider(&args(&filer)).expect("tried");
        assert!(!rapport.fundet(), "{}", rapport.tekst());
        assert!(rapport.tekst().contains("Ingen anmærkninger."), "{}", rapport.tekst());
        assert_eq!(rapport.json()["opdateringer_alene"], 0);
    }
}

#[test]
fn a_file_alone_holds_cases_and_documents() {
    let mappe = Mappe::ny("alene");
    let fil = mappe.fil("sager.xml.gz");
    indeksfil::generer(&generate(&fil, false)).expect("written");
    let rapport = valider(&args(&[fil])).expect("tried");
    assert!(!rapport.fundet());
    assert!(rapport.json()["filer"][0]["objekter"].as_u64() > Some(80));
}

#[test]
fn the_schema_comes_before_the_rules_and_every_finding_says_where() {
    let mappe = Mappe::med_sager("fund", false);
    let fil = mappe.med(
        "sagdokument.xml",
        "forkert.xml",
        &[
            ("<si:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</si:Foelsomhed>", ""),
            ("<di:Type>Brev, indgaaende</di:Type>", "<di:Type>Postkort</di:Type>"),
            (
                "<sd:LivscyklusKode>Importeret</sd:LivscyklusKode>",
                "<sd:LivscyklusKode>Rettet</sd:LivscyklusKode>",
            ),
        ],
    );
    let mut args = args(&[fil]);
    args.afviste = Some(mappe.fil("afviste"));
    let rapport = valider(&args).expect("tried");
    let json = rapport.json();
    let fund = fund(&json);
    let foerste_regel = fund.iter().position(|(r, _)| *r != "SKEMA").expect("a rule");
    assert!(foerste_regel > 0 && fund[foerste_regel..].iter().all(|(r, _)| *r != "SKEMA"), "{fund:?}");
    assert!(fund.contains(&(
        "S-04",
        "sdi:SagIndeks/sag:Registrering[1]/sag:AttributListe/gd:LokalUdvidelseListe/si:SagIndeksEgenskaber[1]"
    )));
    let tekst = rapport.tekst();
    for ord in
        ["S-04 afvis: Foelsomhed", "afsnit: Anvisning for sager: SagIndeksEgenskaber", "SKEMA", ", byte "]
    {
        assert!(tekst.contains(ord), "{ord}: {tekst}");
    }
    // What was refused, put right, has nothing to be told.
    let afvist =
        fs::read_to_string(mappe.fil("afviste/forkert.afvist.xml")).expect("a file of what was refused");
    assert!(afvist.contains("\"regel\":\"S-04\"") && afvist.contains("Postkort"));
    let rettet = afvist
        .replace("Postkort", "Rapport")
        .replace("<sd:LivscyklusKode>Rettet", "<sd:LivscyklusKode>Importeret")
        .replace("<si:OprettetTidspunkt>", "<si:Foelsomhed>VIP_SAGER</si:Foelsomhed><si:OprettetTidspunkt>")
        .replacen("</si:Foelsomhed><si:Foelsomhed>VIP_SAGER", "", 100);
    fs::write(mappe.fil("rettet.xml"), rettet).expect("written");
    let igen = valider(&self::args(&[mappe.fil("rettet.xml")])).expect("tried");
    assert!(!igen.fundet(), "{}", igen.tekst());
}

#[test]
fn levels_and_roles_come_from_files() {
    let mappe = Mappe::med_sager("niveau", false);
    let fil = mappe.med(
        "sagdokument.xml",
        "forkert.xml",
        &[("<sd:LivscyklusKode>Importeret</sd:LivscyklusKode>", "")],
    );
    let mut args = args(&[fil]);
    assert!(valider(&args).expect("tried").fundet());
    args.niveauer = Some(mappe.fil("niveauer.toml"));
    fs::write(mappe.fil("niveauer.toml"), "\"G-02\" = \"fra\"\n").expect("written");
    assert!(!valider(&args).expect("tried").fundet());
    let niveauer = laes_niveauer("G-02 = \"afvis\"").expect("right");
    let g02 = alle().find(|r| r.nr == "G-02").expect("a rule");
    assert_eq!(niveauer.af(g02), Niveau::Afvis);
    assert!(laes_niveauer("X-1 = \"fra\"").is_err() && laes_niveauer("G-02 = \"ja\"").is_err());
    let linje = |rolle| {
        format!(
            "[[rolle]]\nobjekttype = \"DokumentIndeks\"\nrelation = \"Dokumentaktoer\"\nrolle = \"{rolle}\"\n\
             uuid = \"8e000000-0000-4000-8000-000000000011\"\n"
        )
    };
    assert!(laes_roller(&linje("Ejer")).is_ok() && laes_roller(&linje("Chef")).is_err());
}

#[test]
fn an_unknown_role_is_named() {
    let mappe = Mappe::med_sager("roller", false);
    let ejer =
        indeks::roller::find(indeks::skema::Art::Dokument, "Dokumentaktoer", "Ejer").expect("a role").uuid();
    let nyt = "8e000000-0000-4000-8000-000000000011";
    let tekst = fs::read_to_string(mappe.fil("sagdokument.xml")).expect("a file");
    let fil = mappe.fil("roller.xml");
    fs::write(&fil, tekst.replace(&ejer.to_string(), nyt)).expect("written");
    let mut args = args(&[fil]);
    let rapport = valider(&args).expect("tried");
    assert!(rapport.tekst().contains(&format!("Dokumentaktoer: {nyt}")), "{}", rapport.tekst());
    args.roller = Some(mappe.fil("roller.toml"));
    let linje = format!(
        "[[rolle]]\nobjekttype = \"DokumentIndeks\"\nrelation = \"Dokumentaktoer\"\nrolle = \"Ejer\"\nuuid = \"{nyt}\"\n"
    );
    fs::write(mappe.fil("roller.toml"), linje).expect("written");
    let rapport = valider(&args).expect("tried");
    assert!(!rapport.fundet() && !rapport.tekst().contains(nyt), "{}", rapport.tekst());
}

#[test]
fn an_update_is_judged_on_its_object_or_else_alone() {
    let mappe = Mappe::med_sager("opdater", false);
    let baglaens = mappe.med(
        "sagdokument-opdater.xml",
        "baglaens.xml",
        &[("<sag:FremdriftStatusKode>Afsluttet", "<sag:FremdriftStatusKode>Opstaaet")],
    );
    let alene = valider(&args(std::slice::from_ref(&baglaens))).expect("tried");
    assert!(!alene.fundet(), "{}", alene.tekst());
    assert!(alene.tekst().contains("kun det, de sender, er prøvet"), "{}", alene.tekst());
    let sammen = valider(&args(&[baglaens, mappe.fil("sagdokument.xml")])).expect("tried");
    let json = sammen.json();
    assert_eq!(fund(&json), [("S-10", "sdi:OpdaterSagIndeks/sag:TilstandListe/sag:Fremdrift")]);
}

#[test]
fn what_is_no_file_of_the_indexes_is_a_finding_and_what_is_not_there_is_not() {
    let mappe = Mappe::med_sager("filer", false);
    fs::write(mappe.fil("a.xml"), "<a/>").expect("written");
    fs::write(mappe.fil("bombe.xml"), "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").expect("written");
    let rapport = valider(&args(&[mappe.fil("a.xml"), mappe.fil("bombe.xml")])).expect("tried");
    assert!(rapport.fundet() && rapport.tekst().contains("DOCTYPE er ikke tilladt"), "{}", rapport.tekst());
    assert!(valider(&args(&[mappe.fil("findes-ikke.xml")])).is_err());
    let hel = fs::read(mappe.fil("sagdokument.xml")).expect("a file");
    fs::write(mappe.fil("halv.xml"), &hel[..hel.len() / 2]).expect("written");
    let rapport = valider(&args(&[mappe.fil("halv.xml")])).expect("tried");
    let json = rapport.json();
    assert!(json["filer"][0]["fejl"]["tekst"].as_str().expect("a text").contains("midt i objektet"));
    assert!(json["filer"][0]["objekter"].as_u64() > Some(40));
    let mut pakket = GzEncoder::new(Vec::new(), Compression::fast());
    pakket.write_all(&hel).expect("packed");
    let pakket = pakket.finish().expect("packed");
    fs::write(mappe.fil("halv.xml.gz"), &pakket[..pakket.len() / 2]).expect("written");
    let rapport = valider(&args(&[mappe.fil("halv.xml.gz")])).expect("tried");
    assert!(rapport.tekst().contains("kan ikke pakkes ud"), "{}", rapport.tekst());
}

#[test]
fn an_envelope_and_a_byte_to_begin_at() {
    let mappe = Mappe::med_sager("konvolut", false);
    let hel = fs::read_to_string(mappe.fil("sagdokument.xml")).expect("a file");
    let besked = hel.split_once('\n').expect("a declaration").1;
    let konvolut = format!(
        "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>{besked}</e:Body></e:Envelope>"
    );
    fs::write(mappe.fil("konvolut.xml"), konvolut).expect("written");
    let i_alt = |args: &ValiderArgs| {
        let rapport = valider(args).expect("tried");
        assert!(!rapport.fundet(), "{}", rapport.tekst());
        rapport.json()["filer"][0]["objekter"].as_u64().expect("a number")
    };
    let alle = i_alt(&args(&[mappe.fil("konvolut.xml")]));
    assert_eq!(alle, i_alt(&args(&[mappe.fil("sagdokument.xml")])));
    let byte = hel.match_indices("<sdi:SagIndeks>").nth(3).expect("a fourth case").0;
    let mut fra = args(&[mappe.fil("sagdokument.xml")]);
    fra.fra = Some(byte as u64);
    let resten = i_alt(&fra);
    assert!(resten < alle && resten > 20, "{resten} of {alle}");
    fra.fra = Some(byte as u64 + 1);
    assert!(valider(&fra).expect("tried").fundet());
    fra.filer.push(mappe.fil("konvolut.xml"));
    assert!(valider(&fra).is_err());
}

#[test]
fn many_findings_are_counted_and_few_are_shown() {
    let mappe = Mappe::med_sager("mange", false);
    let tekst = fs::read_to_string(mappe.fil("sagdokument.xml")).expect("a file");
    fs::write(mappe.fil("mange.xml"), tekst.replace("<sag:Titel>", "<sag:Titel>En\nto ")).expect("written");
    let mut args = args(&[mappe.fil("mange.xml")]);
    args.hoejst = 3;
    let rapport = valider(&args).expect("tried");
    let json = rapport.json();
    assert_eq!(fund(&json).len(), 3);
    assert!(json["antal"].as_u64() >= Some(40) && json["regler"][0]["regel"] == "G-12", "{json}");
    assert!(rapport.tekst().contains("anmærkninger mere"), "{}", rapport.tekst());
}
