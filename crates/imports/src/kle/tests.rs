use super::{EMNEPLAN, HANDLINGSFACET, KLE, KleForslag, KleGemt, KleUdgave, forslag, klasse_uuid, udgave};
use crate::byg::{dato, midnat};
use crate::{Forslag, Fund};
use oio::ObjektId;
use oio::catalog::klassifikation::klasse;
use oio::catalog::{BRUGERVENDT_NOEGLE as BVN, FACET, KLASSE, KLASSIFIKATION, ObjektType};
use oio::model::{Indhold, Relation, TilstandKode};
use oio::validering::{Krav, normaliser, validate};
use std::collections::HashMap;
use uuid::Uuid;

const EKSEMPEL: &str = include_str!("../../samples/kle-eksempel.xml");

/// A register that takes what importers propose.
#[derive(Default)]
struct Register(HashMap<&'static str, HashMap<ObjektId, Indhold>>);

impl Register {
    fn gemt(&self) -> KleGemt {
        let af = |typ: &ObjektType| self.0.get(typ.name).cloned().unwrap_or_default();
        KleGemt::ny(af(&KLASSE), af(&FACET), af(&KLASSIFIKATION))
    }

    fn anvend(&mut self, forslag: Forslag) {
        for o in forslag.objekter {
            let indhold = normaliser(o.objekttype, o.indhold).expect("known relations");
            validate(o.objekttype, &indhold, Krav::Streng).expect("valid content");
            self.0.entry(o.objekttype.name).or_default().insert(o.objekt, indhold);
        }
    }

    fn importer(&mut self, udgave: &KleUdgave) -> KleForslag {
        let forslag = forslag(udgave, &self.gemt(), &HashMap::new(), false).expect("not outdated");
        self.anvend(forslag.forslag.clone());
        forslag
    }

    fn klasse(&self, nr: &str) -> &Indhold {
        &self.0["Klasse"][&ObjektId(klasse_uuid(EMNEPLAN, nr))]
    }
}

fn laes(xml: &str) -> KleUdgave {
    udgave(xml.as_bytes()).expect("a right file")
}

fn senere() -> String {
    EKSEMPEL.replace("<UdgivelsesDato>2013-02-01", "<UdgivelsesDato>2024-11-01")
}

fn tekst(indhold: &Indhold, felt: oio::Navn) -> &str {
    indhold.egenskaber.last().and_then(|e| e.tekst(felt)).expect("a text")
}

#[test]
fn the_first_import_maps_every_node() {
    let mut register = Register::default();
    let KleForslag { forslag, rapport } = register.importer(&laes(EKSEMPEL));
    assert_eq!(forslag.objekter.len(), 18 + 3, "classes, the klassifikation and two facets");
    assert_eq!(rapport.nye.len(), 18);
    assert_eq!((rapport.udgaaede.len(), rapport.flyttede.len()), (4, 1));
    assert!(register.0["Klassifikation"].contains_key(&ObjektId(KLE)));

    let drager = register.klasse("91.01.02");
    assert_eq!(tekst(drager, BVN.navn), "91.01.02");
    assert_eq!(tekst(drager, klasse::TITEL.navn), "Tilladelse til dragehold");
    assert_eq!(
        tekst(drager, klasse::BESKRIVELSE.navn),
        "Her journaliseres ansøgninger om dragehold.\n\nOmfatter:\n- huldrager\n- vanddrager"
    );
    assert_eq!(tekst(drager, klasse::RETSKILDE.navn), "Bekendtgørelse om prøvetekster / § 7 / X20240000105");
    assert_eq!(tekst(drager, klasse::AENDRINGSNOTAT.navn), "Bevaring: B");
    let virkning = &drager.egenskaber[0].virkning;
    assert_eq!(virkning.period.from, midnat(dato(1990, 1, 1)));
    assert_eq!(virkning.note.as_deref(), Some("Rettet: 2011-05-01"));
    let over = drager.relationer(klasse::OVERORDNET_KLASSE.navn).next().and_then(Relation::uuid);
    assert_eq!(over, Some(klasse_uuid(EMNEPLAN, "91.01")));
    assert_eq!(tekst(register.klasse("91.01.08"), klasse::TITEL.navn), "Varsling af nisser");
    assert_eq!(
        tekst(register.klasse("91.03.04"), klasse::AENDRINGSNOTAT.navn),
        "Bevaring: K5; Slettefrist: P1800D"
    );
}

#[test]
fn historic_classes() {
    let mut register = Register::default();
    register.importer(&laes(EKSEMPEL));
    let koder = |nr: &str| {
        let tilstande = &register.klasse(nr).tilstande;
        tilstande.iter().map(|t| (t.kode, t.virkning.period.from)).collect::<Vec<_>>()
    };
    let (ja, nej) = (TilstandKode::Publiceret, TilstandKode::IkkePubliceret);
    assert_eq!(koder("91.01.04"), [(ja, midnat(dato(1990, 1, 1))), (nej, midnat(dato(2009, 2, 1)))]);
    assert_eq!(koder("92.02.05"), [(nej, midnat(dato(1988, 1, 1)))], "retired on its first day");
    let erstatter: Vec<_> = register
        .klasse("91.03.02")
        .relationer(klasse::ERSTATTER.navn)
        .map(|r| (r.uuid(), r.virkning.period.from))
        .collect();
    assert_eq!(erstatter, [(Some(klasse_uuid(EMNEPLAN, "91.01.06")), midnat(dato(2012, 2, 1)))]);
}

#[test]
fn the_same_edition_again_changes_nothing() {
    let mut register = Register::default();
    register.importer(&laes(EKSEMPEL));
    let igen = register.importer(&laes(EKSEMPEL));
    assert_eq!(igen.forslag.objekter, []);
    assert_eq!(igen.rapport.uaendrede, 18);
}

#[test]
fn a_later_edition_changes_what_differs_and_keeps_history() {
    let mut register = Register::default();
    register.importer(&laes(EKSEMPEL));
    let xml = senere()
        .replace("Tilsyn med bjergtrolde", "Tilsyn med alle trolde")
        .replace("<li>vanddrager</li>", "<li>vanddrager</li><li>lindorme</li>")
        .replace(
            "<EmneTitel>Udlån af skyer</EmneTitel>\n        <EmneAdministrativInfo><OprettetDato>1988-01-01</OprettetDato>",
            "<EmneTitel>Udlån af skyer</EmneTitel>\n        <EmneAdministrativInfo><OprettetDato>1988-01-01</OprettetDato>\
             <Historisk><UdgaaetDato>2024-11-01</UdgaaetDato></Historisk>",
        )
        .replace("<Historisk><UdgaaetDato>2009-02-01</UdgaaetDato></Historisk>", "");
    let KleForslag { forslag, rapport } = register.importer(&laes(&xml));
    assert_eq!(rapport.aendrede_titler, ["91.03.04 Tilsyn med bjergtrolde → Tilsyn med alle trolde"]);
    assert_eq!(rapport.aendrede_tekster, ["91.01.02 Tilladelse til dragehold"]);
    assert_eq!(rapport.udgaaede, ["92.02.03 Udlån af skyer"]);
    assert_eq!(rapport.genopstaaede, ["91.01.04 Troldeværn [udgået]"]);
    assert_eq!(forslag.objekter.len(), 4 + 1, "four classes and the facet's edition");
    let trolde = register.klasse("91.03.04");
    let titler: Vec<_> = trolde.egenskaber.iter().filter_map(|e| e.tekst(klasse::TITEL.navn)).collect();
    assert_eq!(titler, ["Tilsyn med bjergtrolde", "Tilsyn med alle trolde"]);
    assert_eq!(trolde.egenskaber[1].virkning.period.from, midnat(dato(2024, 11, 1)));
    let genopstaaet: Vec<_> = register.klasse("91.01.04").tilstande.iter().map(|t| t.kode).collect();
    assert_eq!(
        genopstaaet,
        [TilstandKode::Publiceret, TilstandKode::IkkePubliceret, TilstandKode::Publiceret]
    );
    assert_eq!(register.importer(&laes(&xml)).forslag.objekter, []);
    let dansk = rapport.to_string();
    assert!(dansk.contains("1 ændrede titler") && dansk.contains("14 uændrede"), "{dansk}");
}

#[test]
fn a_reused_number_is_another_class() {
    let mut register = Register::default();
    register.importer(&laes(EKSEMPEL));
    let xml = senere().replace(
        "<EmneTitel>Varsling af nisser </EmneTitel>\n        <EmneAdministrativInfo><OprettetDato>2001-05-01",
        "<EmneTitel>Måling af nisser</EmneTitel>\n        <EmneAdministrativInfo><OprettetDato>2024-11-01",
    );
    let KleForslag { forslag, rapport } = register.importer(&laes(&xml));
    assert_eq!(rapport.nye, ["91.01.08 Måling af nisser"]);
    assert_eq!(rapport.forsvundne, ["91.01.08 Varsling af nisser"]);
    assert_eq!(tekst(register.klasse("91.01.08"), klasse::TITEL.navn), "Varsling af nisser");
    assert!(forslag.objekter.iter().any(|o| o.objekt.0 == klasse_uuid(EMNEPLAN, "91.01.08@2024-11-01")));
    assert_eq!(register.importer(&laes(&xml)).forslag.objekter, []);
}

#[test]
fn an_older_edition_is_refused_unless_forced() {
    let mut register = Register::default();
    register.importer(&laes(&senere()));
    let gammel = laes(EKSEMPEL);
    let nej = forslag(&gammel, &register.gemt(), &HashMap::new(), false).expect_err("older");
    assert_eq!((nej.udgave, nej.gemt), (dato(2013, 2, 1), dato(2024, 11, 1)));
    assert!(forslag(&gammel, &register.gemt(), &HashMap::new(), true).is_ok());
}

#[test]
fn uuids_of_the_file_and_the_official_list_come_first() {
    let officiel = Uuid::from_u128(7);
    let liste =
        HashMap::from([("91.01.02".to_owned(), officiel), ("91.01.04".to_owned(), Uuid::from_u128(8))]);
    let forslag = forslag(&laes(EKSEMPEL), &KleGemt::default(), &liste, false).expect("not outdated").forslag;
    let har = |id: Uuid| forslag.objekter.iter().any(|o| o.objekt.0 == id);
    assert!(har(officiel));
    assert!(!har(Uuid::from_u128(8)), "the list names classes in use");
    assert!(har(klasse_uuid(EMNEPLAN, "91.01.04")));
}

/// A minimal file of the REST variant.
fn rest(uuid: &str) -> String {
    let adm = |navn: &str| {
        format!("<{navn}AdministrativInfo><OprettetDato>2000-01-01</OprettetDato></{navn}AdministrativInfo>")
    };
    format!(
        "<KLE-Emneplan><UdgivelsesDato>2013-02-01</UdgivelsesDato><Hovedgruppe><HovedgruppeNr>91</HovedgruppeNr>\
         <HovedgruppeTitel>A</HovedgruppeTitel><HovedgruppeVejledning><VejledningTekst><p>x</p></VejledningTekst>\
         </HovedgruppeVejledning>{}<UUID>00000000-0000-4000-8000-000000000001</UUID>\
         <Gruppe><GruppeNr>91.01</GruppeNr><GruppeTitel>B</GruppeTitel>{}<UUID>00000000-0000-4000-8000-000000000002</UUID>\
         <Emne><EmneNr>91.01.01</EmneNr><EmneTitel>C</EmneTitel>{}<EmneStikord><Orden>1</Orden><Tekst>trold</Tekst></EmneStikord>\
         <EmneOgHandlingsfacetStikord><Orden>2</Orden><Tekst>{}</Tekst><HandlingsfacetNr>A21</HandlingsfacetNr>\
         </EmneOgHandlingsfacetStikord><UUID>{uuid}</UUID></Emne></Gruppe></Hovedgruppe></KLE-Emneplan>",
        adm("Hovedgruppe"),
        adm("Gruppe"),
        adm("Emne"),
        "langt ".repeat(10)
    )
}

#[test]
fn the_rest_variant_has_uuids_and_keywords() {
    let mut register = Register::default();
    register.importer(&laes(&rest("00000000-0000-4000-8000-000000000003")));
    let emne =
        &register.0["Klasse"][&ObjektId("00000000-0000-4000-8000-000000000003".parse().expect("a UUID"))];
    let Some(oio::model::Vaerdi::Grupper(ord)) = emne.egenskaber[0].get(klasse::SOEGEORD.navn) else {
        panic!("keywords");
    };
    assert_eq!(
        ord[0],
        [(klasse::SOEGEORD_ORD.navn, "trold".into()), (klasse::SOEGEORD_KATEGORI.navn, "1".into())]
    );
    assert_eq!(ord[1].len(), 3, "a long keyword has a description");
    let mapning = emne.relationer(klasse::MAPNINGER.navn).next().expect("a mapping");
    assert_eq!(mapning.uuid(), Some(klasse_uuid(HANDLINGSFACET, "A21")));

    for forkert in ["", "00000000-0000-4000-8000-00000000000G", "00000000-0000-4000-8000-000000000002"] {
        assert!(udgave(rest(forkert).as_bytes()).is_err(), "{forkert:?}");
    }
}

#[test]
fn handlingsfacetter_are_read_leniently() {
    let xml = "<KLE-Handlingsfacetter><UdgivelsesDato>2013-02-01</UdgivelsesDato><HandlingsfacetKategori>\
        <HandlingsfacetKategoriNr>A</HandlingsfacetKategoriNr><HandlingsfacetKategoriTitel>Administration</HandlingsfacetKategoriTitel>\
        <HandlingsfacetKategoriAdministrativInfo><OprettetDato>2000-01-01</OprettetDato></HandlingsfacetKategoriAdministrativInfo>\
        <Ukendt/><Handlingsfacet><HandlingsfacetNr>A21</HandlingsfacetNr><HandlingsfacetTitel>Prøvefacet</HandlingsfacetTitel>\
        <BevaringJaevnfoerArkivloven>K</BevaringJaevnfoerArkivloven><HandlingsfacetAdministrativInfo>\
        <OprettetDato>2000-01-01</OprettetDato></HandlingsfacetAdministrativInfo></Handlingsfacet></HandlingsfacetKategori></KLE-Handlingsfacetter>";
    let mut register = Register::default();
    register.importer(&laes(xml));
    let facet = &register.0["Klasse"][&ObjektId(klasse_uuid(HANDLINGSFACET, "A21"))];
    let over = facet.relationer(klasse::OVERORDNET_KLASSE.navn).next().and_then(Relation::uuid);
    assert_eq!(over, Some(klasse_uuid(HANDLINGSFACET, "A")));
    assert_eq!(register.gemt().udgave(HANDLINGSFACET), Some(dato(2013, 2, 1)));
    assert_eq!(register.gemt().udgave(EMNEPLAN), None);
}

#[test]
fn everything_wrong_is_reported_with_its_line() {
    let xml = EKSEMPEL
        .replace("<EmneNr>91.01.00</EmneNr>", "<EmneNr>91.1.0</EmneNr>")
        .replace("<BevaringJaevnfoerArkivloven>B<", "<BevaringJaevnfoerArkivloven>X<")
        .replace("<GruppeTitel>Skysamlinger</GruppeTitel>", "")
        .replace("<OprettetDato>2001-05-01", "<OprettetDato>2001-05-32")
        .replace("<EmneNr>92.02.03</EmneNr>", "<EmneNr>92.02.00</EmneNr>");
    let fund = udgave(xml.as_bytes()).expect_err("wrong");
    let har = |del: &str| {
        fund.iter().find(|f| f.to_string().contains(del)).unwrap_or_else(|| panic!("{del}: {fund:#?}"))
    };
    let linje = |f: &Fund| f.linje;
    assert!(linje(har("nn.nn.nn")) > 10);
    har("K, K5, K10, B eller tom");
    har("GruppeTitel mangler");
    har("dato åååå-mm-dd");
    har("92.02.00: nummeret står to gange");
    for forkert in ["<KLE-Emneplan>", "<!DOCTYPE a><a/>", "<andet/>", ""] {
        assert!(udgave(forkert.as_bytes()).is_err(), "{forkert:?}");
    }
}

#[test]
fn an_end_can_be_put_off_and_brought_forward() {
    let mut register = Register::default();
    register.importer(&laes(EKSEMPEL));
    let med_slut =
        |dato: &str| laes(&senere().replace("<UdgaaetDato>2009-02-01", &format!("<UdgaaetDato>{dato}")));
    for (text, dag) in [("2025-02-01", dato(2025, 2, 1)), ("2001-02-01", dato(2001, 2, 1))] {
        register.importer(&med_slut(text));
        let perioder: Vec<_> =
            register.klasse("91.01.04").tilstande.iter().map(|t| (t.kode, t.virkning.period.from)).collect();
        let begynder = (TilstandKode::Publiceret, midnat(dato(1990, 1, 1)));
        assert_eq!(perioder, [begynder, (TilstandKode::IkkePubliceret, midnat(dag))]);
    }
}
