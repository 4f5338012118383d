use super::{Arbejdsbog, Raekkefejl, forslag, laes, skriv_xlsx};
use crate::byg::{dato, midnat, v5};
use crate::korsbaek::{Kommune, info};
use crate::{Forslag, faste};
use jiff::civil::Date;
use oio::catalog::organisation::{
    adresse, bruger, organisation, organisationenhed as enhed, organisationfunktion as funktion, person,
};
use oio::catalog::{BRUGERVENDT_NOEGLE as BVN, Navn};
use oio::model::{Indhold, Relation, TilstandKode};
use oio::validering::{Krav, normaliser, validate};
use oio::{ObjektId, catalog};
use std::collections::HashMap;
use uuid::Uuid;

const ENHEDER: &str = "enhed_id;navn;overordnet_id;enhedstype;gyldig_fra;gyldig_til;ean;udbetalende_enhed_id;niveau\n\
    1;Prøvekøbing Kommune;;Afdeling;2010-01-01;;;;1\n\
    2;Ydelse;1;Afdeling;2010-01-01;;5790000000005;3;2\n\
    3;Udbetaling;1;Team;01-02-2012;;;;2\n";
const BRUGERE: &str = "bruger_id;brugernavn;navn;cpr;email;robot\n\
    b1;abc;Agda Testrup;610190-1234;abc@prove.example;\n\
    b2;def;Balder Testrup;;;ja\n";
const ANSAT: &str = "ansættelse_id;bruger_id;enhed_id;stilling;primær\na1;b1;2;Sagsbehandler;ja\n";
const UDBETALENDE: &str =
    "funktion_id;navn;enhed_id;los_kaldenavn_kort;betjener_enhed_id\nu1;Udbetaling;3;UDB;2\n";

fn filer(dele: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    dele.iter().map(|(navn, text)| (format!("{navn}.csv"), text.as_bytes().to_vec())).collect()
}

fn bog(dele: &[(&str, &str)]) -> Arbejdsbog {
    laes(&filer(dele)).unwrap_or_else(|fejl| panic!("{}", fejl[0]))
}

fn hele() -> Vec<(&'static str, &'static str)> {
    vec![
        ("enheder", ENHEDER),
        ("brugere", BRUGERE),
        ("ansættelser", ANSAT),
        ("udbetalende_enheder", UDBETALENDE),
    ]
}

fn fejl(dele: &[(&str, &str)]) -> Vec<Raekkefejl> {
    laes(&filer(dele)).expect_err("a wrong workbook")
}

/// A register that takes what a workbook proposes.
#[derive(Default)]
struct Register(HashMap<ObjektId, Indhold>);

impl Register {
    /// Takes a workbook; gives how many objects changed.
    fn importer(&mut self, bog: &Arbejdsbog, dag: Date) -> usize {
        let forslag =
            forslag(bog, &info(Kommune::Korsbaek), dag).unwrap_or_else(|fejl| panic!("{}", fejl[0]));
        let mut aendrede = 0;
        for o in forslag.flet(&self.0, midnat(dag)).objekter {
            let indhold = normaliser(o.objekttype, o.indhold).expect("known relations");
            validate(o.objekttype, &indhold, Krav::Streng)
                .unwrap_or_else(|fejl| panic!("{} {fejl}: {indhold:#?}", o.objekttype.name));
            aendrede += usize::from(self.0.get(&o.objekt) != Some(&indhold));
            self.0.insert(o.objekt, indhold);
        }
        aendrede
    }

    fn se(&self, sti: &str) -> &Indhold {
        self.0.get(&ObjektId(id(sti))).unwrap_or_else(|| panic!("{sti} is not stored"))
    }
}

fn id(sti: &str) -> Uuid {
    v5(info(Kommune::Korsbaek).uuid, sti)
}

fn tekster(indhold: &Indhold, navn: Navn) -> Vec<&str> {
    indhold.egenskaber.iter().map(|e| e.tekst(navn).unwrap_or_default()).collect()
}

fn peger(indhold: &Indhold, navn: Navn) -> Vec<Uuid> {
    indhold.relationer(navn).filter_map(Relation::uuid).collect()
}

/// References of one kind in effect on a day.
fn nu(indhold: &Indhold, navn: Navn, dag: Date) -> Vec<Uuid> {
    let dag = midnat(dag);
    indhold.relationer(navn).filter(|r| r.virkning.period.contains(dag)).filter_map(Relation::uuid).collect()
}

#[test]
fn the_patterns_of_sf1500() {
    let mut register = Register::default();
    register.importer(&bog(&hele()), dato(2024, 1, 1));
    let org = &register.0[&ObjektId(info(Kommune::Korsbaek).uuid)];
    assert_eq!(peger(org, organisation::OVERORDNET.navn), [id("enheder/1")]);
    assert_eq!(peger(org, organisation::VIRKSOMHED.navn), [info(Kommune::Korsbaek).virksomhed]);

    let ydelse = register.se("enheder/2");
    assert_eq!(tekster(ydelse, BVN.navn), ["Ydelse"]);
    assert_eq!(ydelse.egenskaber[0].virkning.note.as_deref(), Some("Niveau: 2"));
    assert_eq!(peger(ydelse, enhed::OVERORDNET.navn), [id("enheder/1")]);
    assert_eq!(peger(ydelse, enhed::TILHOERER.navn), [info(Kommune::Korsbaek).uuid]);
    assert_eq!(peger(ydelse, enhed::ENHEDSTYPE.navn), [faste::uuid("Afdeling")]);
    assert_eq!(peger(ydelse, enhed::TILKNYTTEDE_FUNKTIONER.navn), [id("udbetalende_enheder/u1")]);
    let ean = ydelse.relationer(enhed::ADRESSER.navn).next().expect("an address");
    let dynamik = ean.dynamik.as_ref().expect("a role");
    assert_eq!(dynamik.rolle, faste::uuid("EAN_enhed").into());
    assert_eq!(dynamik.objekttype, faste::uuid("OrgEnhedAdresse").into());
    let tekst = tekster(register.se("adresser/enhed/2/EAN_enhed"), adresse::ADRESSETEKST.navn);
    assert_eq!(tekst, ["5790000000005"]);

    let udbetaling = register.se("enheder/3");
    assert_eq!(udbetaling.tilstande[0].virkning.period.from, midnat(dato(2012, 2, 1)));
    assert_eq!(peger(udbetaling, enhed::ADRESSER.navn), [id("adresser/enhed/3/LOS_kaldenavn_kort")]);
    let funktionen = register.se("udbetalende_enheder/u1");
    assert_eq!(peger(funktionen, funktion::FUNKTIONSTYPE.navn), [faste::uuid("Udbetalende_enhed")]);
    assert_eq!(peger(funktionen, funktion::TILKNYTTEDE_ENHEDER.navn), [id("enheder/3")]);
    assert!(peger(funktionen, funktion::TILKNYTTEDE_BRUGERE.navn).is_empty());

    let personen = register.se("personer/b1");
    assert_eq!(tekster(personen, person::CPR_NUMMER.navn), ["6101901234"]);
    assert!(!tekster(personen, BVN.navn)[0].contains("610190"));
    assert_eq!(peger(register.se("brugere/b1"), bruger::TILKNYTTEDE_PERSONER.navn), [id("personer/b1")]);
    assert_eq!(
        peger(register.se("brugere/b2"), bruger::BRUGER_TYPER.navn),
        [faste::uuid("Non-Person Entity")]
    );
    let stilling = register.se("ansættelser/a1");
    assert_eq!(tekster(stilling, funktion::NAVN.navn), ["Sagsbehandler"]);
    assert_eq!(peger(stilling, funktion::TILKNYTTEDE_BRUGERE.navn), [id("brugere/b1")]);
    for indhold in register.0.values() {
        assert!(indhold.relationer.iter().all(|r| r.virkning.aktoer_ref.is_some()));
    }
}

#[test]
fn the_same_workbook_again_changes_nothing_even_later() {
    let mut register = Register::default();
    assert!(register.importer(&bog(&hele()), dato(2024, 1, 1)) > 10);
    assert_eq!(register.importer(&bog(&hele()), dato(2024, 1, 1)), 0);
    assert_eq!(register.importer(&bog(&hele()), dato(2025, 3, 1)), 0);
}

#[test]
fn a_changed_workbook_makes_history() {
    let mut register = Register::default();
    register.importer(&bog(&hele()), dato(2024, 1, 1));
    let nye = ENHEDER.replace("Ydelse;1;Afdeling", "Ydelser og Pension;3;").replace("5790000000005", "#SLET");
    let mut dele = hele();
    dele[0].1 = &nye;
    let dag = dato(2025, 3, 1);
    assert_eq!(register.importer(&bog(&dele), dag), 1, "only the unit");
    let ydelse = register.se("enheder/2");
    assert_eq!(tekster(ydelse, enhed::NAVN.navn), ["Ydelse", "Ydelser og Pension"]);
    assert_eq!(ydelse.egenskaber[0].virkning.period.from, midnat(dato(2010, 1, 1)));
    assert_eq!(ydelse.egenskaber[1].virkning.period.from, midnat(dag));
    let foer = dato(2025, 2, 28);
    assert_eq!(nu(ydelse, enhed::OVERORDNET.navn, foer), [id("enheder/1")]);
    assert_eq!(nu(ydelse, enhed::OVERORDNET.navn, dag), [id("enheder/3")]);
    assert_eq!(
        nu(ydelse, enhed::ENHEDSTYPE.navn, dag),
        [faste::uuid("Afdeling")],
        "an empty cell is unknown"
    );
    assert_eq!(nu(ydelse, enhed::ADRESSER.navn, foer).len(), 1);
    assert!(nu(ydelse, enhed::ADRESSER.navn, dag).is_empty(), "#SLET removes");
    assert_eq!(register.importer(&bog(&dele), dag), 0);
}

#[test]
fn unknown_and_removed_values_of_a_person() {
    let mut register = Register::default();
    register.importer(&bog(&hele()), dato(2024, 1, 1));
    let mut dele = hele();
    let uden = BRUGERE.replace("Agda Testrup;610190-1234", "Agda Nynavn;");
    dele[1].1 = &uden;
    register.importer(&bog(&dele), dato(2025, 1, 1));
    assert_eq!(tekster(register.se("personer/b1"), person::CPR_NUMMER.navn), ["6101901234", "6101901234"]);
    assert_eq!(tekster(register.se("personer/b1"), person::NAVN.navn), ["Agda Testrup", "Agda Nynavn"]);
    let slettet = BRUGERE.replace("610190-1234", "#SLET");
    dele[1].1 = &slettet;
    register.importer(&bog(&dele), dato(2026, 1, 1));
    assert_eq!(tekster(register.se("personer/b1"), person::CPR_NUMMER.navn)[2], "");
}

#[test]
fn closing_and_reopening_a_unit() {
    let mut register = Register::default();
    register.importer(&bog(&hele()), dato(2024, 1, 1));
    let mut dele = hele();
    let lukket =
        ENHEDER.replace("2;Ydelse;1;Afdeling;2010-01-01;;", "2;Ydelse;1;Afdeling;2010-01-01;2024-06-30;");
    dele[0].1 = &lukket;
    register.importer(&bog(&dele), dato(2025, 1, 1));
    let ude = midnat(dato(2024, 7, 1));
    let sidste = register.se("enheder/2").tilstande.last().expect("a state");
    assert_eq!(
        (sidste.kode, sidste.virkning.period.from),
        (TilstandKode::Inaktiv, ude),
        "an end counts from its day"
    );
    for r in register.se("enheder/2").relationer.iter().filter(|r| r.navn != enhed::ENHEDSTYPE.navn) {
        assert!(r.virkning.period.to <= ude, "{r:?}");
    }
    let stilling = register.se("ansættelser/a1");
    assert_eq!(
        stilling.tilstande.last().map(|t| (t.kode, t.virkning.period.from)),
        Some((TilstandKode::Inaktiv, ude))
    );

    // The end is remembered while the file says nothing, and goes when the file says so.
    register.importer(&bog(&hele()), dato(2025, 2, 1));
    assert_eq!(register.se("enheder/2").tilstande.last().map(|t| t.kode), Some(TilstandKode::Inaktiv));
    let aabnet = lukket.replace("2024-06-30", "#SLET");
    dele[0].1 = &aabnet;
    let dag = dato(2025, 3, 1);
    register.importer(&bog(&dele), dag);
    let koder: Vec<_> = register.se("enheder/2").tilstande.iter().map(|t| t.kode).collect();
    assert_eq!(koder, [TilstandKode::Aktiv, TilstandKode::Inaktiv, TilstandKode::Aktiv]);
    assert_eq!(nu(register.se("enheder/2"), enhed::OVERORDNET.navn, dag), [id("enheder/1")]);
}

#[test]
fn leaders_deputies_tasks_contact_places_and_links() {
    let mut dele = hele();
    dele.extend([
        ("ledere", "enhed_id;bruger_id;ledertype\n2;b1;\n3;;\n"),
        ("stedfortrædere", "leder_bruger_id;stedfortræder_bruger_id;enhed_id\nb1;b2;\n"),
        ("kle", "enhed_id;kle;aspekt;nedarves\n2;32.24;ansvarlig;ja\n2;32;indsigt;\n"),
        ("henvendelsessteder", "funktion_id;navn;enhed_id;kle;betjener_enhed_id\nh1;Info;1;32.24, 32.30;2|3\n"),
        ("it_systemer", "enhed_id;it_system_uuid\n2;4B590000-0000-4000-8000-000000000001\n"),
        ("organisationskobling", "fra_enhed_id;til_enhed_id;type\n2;3;MED\n"),
        ("adresser", "ejer_type;ejer_id;rolle;værdi;dar_uuid;synlighed\nenhed;2;AdressePost;;0a3f50a0-0000-4000-8000-000000000001;\nunit;2;phone;20202020;;intern\n"),
    ]);
    let mut register = Register::default();
    register.importer(&bog(&dele), dato(2024, 1, 1));
    assert_eq!(peger(register.se("ledere/2"), funktion::TILKNYTTEDE_BRUGERE.navn), [id("brugere/b1")]);
    assert!(!register.0.contains_key(&ObjektId(id("ledere/3"))), "a vacant post has no leader");
    let stedfortraeder = register.se("stedfortrædere/b1/b2");
    assert_eq!(peger(stedfortraeder, funktion::TILKNYTTEDE_ENHEDER.navn), [id("enheder/2")]);
    assert_eq!(tekster(stedfortraeder, funktion::NAVN.navn), ["Stedfortræder for abc"]);
    let sted = register.se("henvendelsessteder/h1");
    assert_eq!(peger(sted, funktion::TILKNYTTEDE_OPGAVER.navn).len(), 2);
    let ydelse = register.se("enheder/2");
    assert_eq!(peger(ydelse, enhed::OPGAVER.navn).len(), 2);
    assert_eq!(peger(ydelse, enhed::TILKNYTTEDE_ITSYSTEMER.navn).len(), 1);
    assert!(peger(ydelse, enhed::TILKNYTTEDE_FUNKTIONER.navn).contains(&id("henvendelsessteder/h1")));
    assert!(
        peger(ydelse, enhed::ADRESSER.navn)
            .contains(&"0a3f50a0-0000-4000-8000-000000000001".parse().expect("a UUID"))
    );
    assert_eq!(
        peger(register.se("organisationskobling/2/3/MED"), funktion::TILKNYTTEDE_ENHEDER.navn).len(),
        2
    );

    // The leader becomes vacant; a task, a contact place and a system are removed.
    let plads = dele.len() - 7;
    dele[plads].1 = "enhed_id;bruger_id;ledertype\n2;;\n";
    dele[plads + 1].1 = "leder_bruger_id;stedfortræder_bruger_id;enhed_id;gyldig_fra\nb1;b2;;#SLET\n";
    dele[plads + 2].1 = "enhed_id;kle;aspekt;nedarves\n2;32.24;ansvarlig;#SLET\n";
    dele[plads + 4].1 = "enhed_id;it_system_uuid;bemærkning\n2;4b590000-0000-4000-8000-000000000001;#SLET\n";
    let dag = dato(2025, 1, 1);
    register.importer(&bog(&dele), dag);
    for sti in ["ledere/2", "stedfortrædere/b1/b2"] {
        assert_eq!(register.se(sti).tilstande.last().map(|t| t.kode), Some(TilstandKode::Inaktiv), "{sti}");
        assert!(nu(register.se(sti), funktion::TILKNYTTEDE_BRUGERE.navn, dag).is_empty(), "{sti}");
    }
    let ydelse = register.se("enheder/2");
    assert_eq!(nu(ydelse, enhed::OPGAVER.navn, dag).len(), 1);
    assert!(nu(ydelse, enhed::TILKNYTTEDE_ITSYSTEMER.navn, dag).is_empty());
    assert_eq!(nu(ydelse, enhed::TILKNYTTEDE_ITSYSTEMER.navn, dato(2024, 12, 31)).len(), 1);

    // A new leader takes over the same post.
    dele[plads].1 = "enhed_id;bruger_id;ledertype\n2;b2;\n";
    register.importer(&bog(&dele), dato(2025, 6, 1));
    let leder = register.se("ledere/2");
    let koder: Vec<_> = leder.tilstande.iter().map(|t| t.kode).collect();
    assert_eq!(koder, [TilstandKode::Aktiv, TilstandKode::Inaktiv, TilstandKode::Aktiv]);
    assert_eq!(nu(leder, funktion::TILKNYTTEDE_BRUGERE.navn, dato(2025, 6, 1)), [id("brugere/b2")]);
}

#[test]
fn every_error_is_reported() {
    let enheder = "enhed_id;navn;overordnet_id;ean;gyldig_fra;gyldig_til;uuid;p_nummer\n\
        1;Rod;;;;;;\n1;;2;5798000000008;2024-13-01;;x;123\n3;C;9;;2024-05-01;2024-04-01;;\n4;D;5;;;;;\n5;E;4;;;;;\n6;F;;;;;;\n";
    let brugere = "bruger_id;brugernavn;navn;cpr;email\nb1;abc;A;123;ikke-mail\nb2;ABC;B;;\n";
    let raa = fejl(&[("enheder", enheder), ("brugere", brugere)]);
    let steder: Vec<_> = raa.iter().map(|f| (f.ark.as_str(), f.raekke, f.kolonne.as_str())).collect();
    assert_eq!(
        steder,
        [
            ("enheder", 3, "uuid"),
            ("enheder", 3, "navn"),
            ("enheder", 3, "gyldig_fra"),
            ("enheder", 3, "p_nummer"),
            ("enheder", 3, "ean"),
            ("brugere", 2, "cpr"),
            ("brugere", 2, "email"),
        ]
    );
    assert!(
        raa.iter().filter(|f| f.kolonne == "cpr").all(|f| f.vaerdi.is_empty()),
        "a CPR number is never repeated"
    );

    let rigtige_celler = enheder.replace("1;;2;5798000000008;2024-13-01;;x;123", "1;To;2;;;;;");
    let sammen =
        fejl(&[("enheder", &rigtige_celler), ("brugere", "bruger_id;brugernavn;navn\nb1;abc;A\nb2;ABC;B\n")]);
    for (raekke, grund) in [
        (3, "rækken står to gange"),
        (3, "\"2\": findes ikke i enheder"),
        (4, "\"9\": findes ikke i enheder"),
        (4, "ligger før gyldig_fra"),
        (5, "overordnet sig selv"),
        (7, "kun én enhed må være øverst"),
        (3, "samme brugernavn"),
    ] {
        assert!(
            sammen.iter().any(|f| f.raekke == raekke && f.to_string().contains(grund)),
            "{grund}: {sammen:#?}"
        );
    }
}

#[test]
fn errors_of_other_tabs() {
    let check = |fane: &str, text: &str, grund: &str| {
        let mut dele = hele();
        dele.retain(|(navn, _)| *navn != fane);
        dele.push((fane, text));
        let alle = fejl(&dele);
        assert!(alle.iter().any(|f| f.to_string().contains(grund)), "{fane}: {grund}: {alle:#?}");
    };
    check("adresser", "ejer_type;ejer_id;rolle;værdi\nenhed;2;EAN;123\n", "EAN");
    check("adresser", "ejer_type;ejer_id;rolle;værdi\nenhed;2;Brevdue;x\n", "kendes ikke");
    check(
        "adresser",
        "ejer_type;ejer_id;rolle;værdi\nbruger;b1;EAN;5790000000005\n",
        "kan ikke bruges på en bruger",
    );
    check("adresser", "ejer_type;ejer_id;rolle;værdi\nbruger;b9;Telefon;1\n", "findes ikke i brugere");
    check("ansættelser", "bruger_id;enhed_id\nb1;2\n", "kolonnen stilling mangler");
    check("kle", "enhed_id;kle;aspekt\n2;1.2;ansvarlig\n", "KLE-nummer");
    check("kle", "enhed_id;kle;aspekt;farve\n2;12;ansvarlig;blå\n", "kolonnen farve kendes ikke");
    check("sjov", "a;b\n1;2\n", "hedder ikke som nogen fane");
    check(
        "udbetalende_enheder",
        "funktion_id;enhed_id;los_kaldenavn_kort;betjener_enhed_id\nu1;2;A;2\nu2;3;B;2\n",
        "har allerede en udbetalende enhed",
    );
    check(
        "henvendelsessteder",
        "funktion_id;enhed_id;kle;betjener_enhed_id\nh1;2;12;2\nh2;3;12;2\n",
        "har allerede et henvendelsessted",
    );
    check(
        "brugere",
        "bruger_id;brugernavn;navn\n0101901234;abc;A\n",
        "brugere række 2, bruger_id: et CPR-nummer",
    );
    let kun_enheder = "enhed_id;navn;overordnet_id;gyldig_til\n1;Rod;;2024-01-01\n2;A;1;\n";
    check("enheder", kun_enheder, "lukker 2024-01-01");
    assert!(fejl(&[("brugere", BRUGERE)])[0].to_string().contains("fanen mangler"));
}

#[test]
fn at_most_a_thousand_errors() {
    let mange: String = std::iter::once("enhed_id;navn;overordnet_id\n".into())
        .chain((0..2_000).map(|n| format!("{n};;\n")))
        .collect();
    assert_eq!(fejl(&[("enheder", &mange)]).len(), super::FEJL_MAX);
}

#[test]
fn english_headers_other_encodings_and_excel() {
    let engelsk = "unit_id,name,parent_id,valid_from\n1,R\u{f8}d,,43831\n";
    let latin: Vec<u8> = engelsk.chars().map(|c| u8::try_from(u32::from(c)).expect("latin")).collect();
    let bog = laes(&[("units.csv".into(), latin)]).unwrap_or_else(|fejl| panic!("{}", fejl[0]));
    let r = bog.raekker("enheder").next().expect("a row");
    assert_eq!((r.tekst("navn"), r.tekst("gyldig_fra")), ("Rød", "2020-01-01"));

    let xlsx = skriv_xlsx(&bog);
    assert!(laes(&[("mappe/bog.xlsx".into(), xlsx)]) == Ok(bog));

    let mut med_datoer = rust_xlsxwriter::Workbook::new();
    let ark = med_datoer.add_worksheet().set_name("Enheder").expect("a name");
    for (k, hoved) in (0u16..).zip(["enhed_id", "navn", "overordnet_id", "gyldig_fra", "p_nummer"]) {
        ark.write(0, k, hoved).expect("a cell");
    }
    let format = rust_xlsxwriter::Format::new().set_num_format("dd-mm-yyyy");
    ark.write(1, 0, 1001).expect("a cell").write(1, 1, "Rod").expect("a cell");
    let dagen = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 12, 24).expect("a date");
    ark.write_with_format(1, 3, &dagen, &format).expect("a cell");
    ark.write(1, 4, 1_002_003_004).expect("a cell");
    let bytes = med_datoer.save_to_buffer().expect("a workbook");
    let bog = laes(&[("bog.xlsx".into(), bytes)]).unwrap_or_else(|fejl| panic!("{}", fejl[0]));
    let r = bog.raekker("enheder").next().expect("a row");
    assert_eq!(
        ["enhed_id", "gyldig_fra", "p_nummer"].map(|k| r.tekst(k)),
        ["1001", "2024-12-24", "1002003004"]
    );
    assert!(laes(&[("bog.xlsx".into(), b"PK\x03\x04 nonsense".to_vec())]).is_err());
}

#[test]
fn kle_numbers_are_looked_up_when_kle_is_known() {
    let mut dele = hele();
    dele.push(("kle", "enhed_id;kle;aspekt\n2;32.24;ansvarlig\n"));
    let mut info = info(Kommune::Korsbaek);
    info.kle = HashMap::from([("32.24".to_owned(), Uuid::from_u128(9))]);
    let Forslag { objekter, .. } = forslag(&bog(&dele), &info, dato(2024, 1, 1)).expect("known");
    let opgaver =
        objekter.iter().flat_map(|o| o.indhold.relationer(enhed::OPGAVER.navn)).filter_map(Relation::uuid);
    assert_eq!(opgaver.collect::<Vec<_>>(), [Uuid::from_u128(9)]);
    info.kle = HashMap::from([("00".to_owned(), Uuid::from_u128(9))]);
    let fejl = forslag(&bog(&dele), &info, dato(2024, 1, 1)).expect_err("unknown");
    assert!(fejl[0].to_string().contains("32.24 findes ikke i KLE"));
}

#[test]
fn ids_are_listed_by_type_for_fetching() {
    let forslag = forslag(&bog(&hele()), &info(Kommune::Korsbaek), dato(2024, 1, 1)).expect("right");
    let ids = forslag.ids();
    let antal: usize = ids.iter().map(|(_, ids)| ids.len()).sum();
    assert_eq!(antal, forslag.objekter.len());
    assert!(ids.iter().any(|(typ, ids)| *typ == &catalog::ORGANISATIONENHED && ids.len() == 3));
    let typer: Vec<_> = forslag.objekter.chunk_by(|a, b| a.objekttype == b.objekttype).collect();
    assert_eq!(typer.len(), ids.len(), "objects of one type stand together");
}
