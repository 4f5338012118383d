//! What is read of calls, and every way in which input is refused.

use super::*;
use crate::testing::{IMPORT, NS, sag_import, soeg};

#[track_caller]
fn afvist(xml: &str, sti: &str, tekst: &str) {
    let fejl = Kald::laes_bytes(xml.as_bytes()).expect_err("refused");
    assert!(fejl.sti.contains(sti) && fejl.tekst.contains(tekst), "{fejl}");
}

#[test]
fn an_import_is_read_whole() {
    let Ok(Kald::Importer(Indeks::SagDokument, import)) = Kald::laes_bytes(IMPORT.as_bytes()) else {
        panic!("an import")
    };
    assert_eq!(import.len(), 2);
    let sag = &import[1].objekt;
    assert!(!import[1].uden_notifikation && sag.art == Art::Sag);
    let indhold = &sag.registreringer[0].indhold;
    assert_eq!(indhold.af("Egenskaber").next().and_then(|f| f.felt("Titel")), Some("Kontanthjælp"));
    let ejer = indhold.af("Sagsaktoer").next().expect("an actor");
    assert_eq!((ejer.cvr(), ejer.felt("FuldtNavn")), (Some("11111111"), Some("Eksempel Kommune")));
    assert_eq!(ejer.urn(), Some("urn:oio:cvr-nr:11111111"));
    assert_eq!(indhold.af("SagsitsystemRelation").count(), 2);
}

#[test]
fn what_is_not_as_the_schema_demands_is_refused_with_its_place() {
    let sag = |indhold: &str| sag_import(indhold);
    let titel = |t: &str| {
        sag(&format!(
            "<sag:AttributListe><sag:Egenskaber>{t}</sag:Egenskaber></sag:AttributListe><sag:TilstandListe/><sag:RelationListe/>"
        ))
    };
    afvist("<x/>", "/x", "ikke en besked");
    afvist("<sdi:", "/", "velformet");
    afvist(
        &titel("<sag:Ukendt/>"),
        "sag:Registrering[1]/sag:AttributListe/sag:Egenskaber[1]/sag:Ukendt",
        "ukendt",
    );
    afvist(&titel("<di:Titel>x</di:Titel>"), "/di:Titel", "navnerummet urn:oio:sts:sagdok:sag:6");
    afvist(
        &titel("<sag:Titel>x</sag:Titel><sag:Sagsnummer>1</sag:Sagsnummer>"),
        "sag:Sagsnummer",
        "forkert plads",
    );
    afvist(&titel("<sag:Titel>x</sag:Titel><sag:Titel>y</sag:Titel>"), "sag:Titel", "højst stå 1 gang");
    afvist(&titel(&format!("<sag:Titel>{}</sag:Titel>", "x".repeat(256))), "sag:Titel", "længere end 255");
    afvist(&titel("<sag:Titel/>"), "sag:Titel", "ikke være tom");
    afvist(
        &titel("<sag:AfleveretIndikator>måske</sag:AfleveretIndikator>"),
        "AfleveretIndikator",
        "true eller false",
    );
    afvist(&titel("<sag:Titel a='1'>x</sag:Titel>"), "sag:Titel", "attribut");
    afvist(&titel("tekst<sag:Titel>x</sag:Titel>"), "sag:Egenskaber[1]", "kun indeholde elementer");
    afvist(
        &sag("<sag:AttributListe/><sag:TilstandListe/>"),
        "sag:Registrering[1]",
        "mangler sag:RelationListe",
    );
    // T4, T5, T6: a UnikId is no text, and each section has its own spelling of CVR and of its namespaces.
    afvist(
        &format!(
            "<sdi:FjernSagDokumentIndeksInput{NS}><sdi:SagUuid>1a000000-0000-4000-8000-000000000010</sdi:SagUuid></sdi:FjernSagDokumentIndeksInput>"
        ),
        "SagUuid[1]",
        "kun indeholde elementer",
    );
    let aktoer = |felt: &str| {
        sag(&format!(
            "<sag:AttributListe/><sag:TilstandListe/><sag:RelationListe><sag:Sagsaktoer><gd:LokalUdvidelseListe><si:SagsaktoerLokalUdvidelse>{felt}</si:SagsaktoerLokalUdvidelse></gd:LokalUdvidelseListe></sag:Sagsaktoer></sag:RelationListe>"
        ))
    };
    assert!(Kald::laes_bytes(aktoer("<si:CVR-Nummer>11111111</si:CVR-Nummer>").as_bytes()).is_ok());
    afvist(&aktoer("<si:CVR-Nr>11111111</si:CVR-Nr>"), "si:CVR-Nr", "ukendt");
    afvist(&aktoer("<si:CVR-Nummer>1111111</si:CVR-Nummer>"), "si:CVR-Nummer", "otte cifre");
    // T7: a grant stands in two elements of one name.
    let ydelse = "<sd:UUIDIdentifikator>2b000000-0000-4000-8000-000000000010</sd:UUIDIdentifikator>";
    afvist(
        &format!(
            "<yi:ImporterYdelseIndeksInput{NS}><yi:BevillingIndeks>{ydelse}</yi:BevillingIndeks></yi:ImporterYdelseIndeksInput>"
        ),
        "yi:BevillingIndeks[1]/sd:UUIDIdentifikator",
        "ukendt",
    );
    // Not its name: what the sender wrote is not repeated.
    let fejl = Kald::laes_bytes(aktoer("<si:CVR-Nummer>0101011234</si:CVR-Nummer>").as_bytes())
        .expect_err("refused");
    assert!(fejl.skema && !fejl.to_string().contains("0101011234"));
}

#[test]
fn too_deep_and_too_much_is_refused() {
    let dybt = |n: usize| {
        format!(
            "{}{}{}",
            "<sdi:NOT>".repeat(n),
            "<sdi:SoegSag><sag:AttributListe/><sag:TilstandListe/><sag:RelationListe/></sdi:SoegSag>",
            "</sdi:NOT>".repeat(n)
        )
    };
    assert!(Kald::laes_bytes(soeg(&dybt(40)).as_bytes()).is_ok());
    afvist(&soeg(&dybt(70)), "sdi:NOT", "niveauer");
    afvist(&soeg(&dybt(200)), "/", "niveauer");
    let en = dybt(0);
    afvist(&soeg(&en.repeat(501)), "*[501]", "højst 500 betingelser");
    let fjern: String = (0..1001).map(|_| "<sdi:SagUuid><sd:UUIDIdentifikator>1a000000-0000-4000-8000-000000000010</sd:UUIDIdentifikator></sdi:SagUuid>").collect();
    afvist(
        &format!("<sdi:FjernSagDokumentIndeksInput{NS}>{fjern}</sdi:FjernSagDokumentIndeksInput>"),
        "Fjern",
        "højst 1000 sager",
    );
}

#[test]
fn searches_are_read() {
    let xml = soeg(
        "<sdi:operation>OR</sdi:operation><sdi:SoegSag><sd:FoersteResultatReference>5</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>5000</sd:MaksimalAntalKvantitet><sag:AttributListe><sag:Egenskaber><sag:Titel>Kont*</sag:Titel></sag:Egenskaber><gd:LokalUdvidelseListe><si:SoegEgenskaberLokalUdvidelse><si:OprettetTidspunktInterval><go:FraTidspunkt><sd:TidsstempelDatoTid>2025-01-01T00:00:00+01:00</sd:TidsstempelDatoTid></go:FraTidspunkt></si:OprettetTidspunktInterval></si:SoegEgenskaberLokalUdvidelse></gd:LokalUdvidelseListe></sag:AttributListe><sag:TilstandListe/><sag:RelationListe/></sdi:SoegSag><sdi:NOT><sdi:SoegSagsloeseDokumenter><di:AttributListe/><di:TilstandListe/><di:RelationListe/></sdi:SoegSagsloeseDokumenter></sdi:NOT>",
    );
    let Ok(Kald::Fremsoeg(f)) = Kald::laes_bytes(xml.as_bytes()) else { panic!("a search") };
    assert_eq!(f.side(Art::Sag), Side { foerste: 5, antal: SIDE_MAX });
    assert_eq!(f.side(Art::Dokument), Side::default());
    let udtryk = f.udtryk.expect("an expression");
    assert!(
        udtryk.en_er_nok && matches!(&udtryk.led[1], Led::Ikke(u) if matches!(u.led[0], Led::Sagsloese(_)))
    );
    let Led::Soeg(k) = &udtryk.led[0] else { panic!("a condition") };
    assert_eq!(k.kriterier[0].skabelon.felt("Titel"), Some("Kont*"));
    assert_eq!(k.kriterier[1].intervaller[0].felt, "OprettetTidspunkt");
    assert!(f.filter.is_none() && f.sortering.is_empty());
}

#[test]
fn searches_nothing_can_be_done_with_are_40() {
    let tom = format!("<sdi:FremsoegSagDokumentIndeksInput{NS}/>");
    let fejl = Kald::laes_bytes(tom.as_bytes()).expect_err("refused");
    assert!(!fejl.skema && fejl.tekst.contains("intet at søge efter"));
    let fjern = format!("<sdi:FjernSagDokumentIndeksInput{NS}/>");
    afvist(&fjern, "/sdi:Fjern", "intet at fjerne");
    afvist(&soeg("<sdi:SoegUdtryk/>"), "*[1]", "er tomt");
    afvist(
        &tom.replace("/>", "><sdi:SagUuid>x</sdi:SagUuid></sdi:FremsoegSagDokumentIndeksInput>"),
        "SagUuid",
        "ikke et UUID",
    );
    let side = |tal: &str| {
        soeg(&format!(
            "<sdi:SoegSag><sd:FoersteResultatReference>{tal}</sd:FoersteResultatReference><sag:AttributListe/><sag:TilstandListe/><sag:RelationListe/></sdi:SoegSag>"
        ))
    };
    afvist(&side("-1"), "FoersteResultatReference", "mindst 0");
    afvist(&side("99999999999"), "FoersteResultatReference", "højst");
}

#[test]
fn answers_are_valid_and_leave_out_counts_of_nothing() {
    let uuid = Uuid::from_u128(7);
    let unik = UnikRetur { retur: Retur::ny(49, "Objektet er allerede importeret"), art: Art::Sag, uuid };
    let svar = skriv_retur(&crate::skema::operationer::SDI_IMPORTER_SVAR, &[unik]);
    assert!(svar.contains("<sd:Type>SagIndeks</sd:Type>"), "{svar}");
    let antal = |element, antal| Antal { element, antal, side: Some(Side::default()) };
    let Ok(Kald::Importer(_, import)) = Kald::laes_bytes(IMPORT.as_bytes()) else { panic!("an import") };
    let fundet = Soegesvar {
        retur: Retur::ok(),
        antal: vec![antal("sager", 0), antal("dokumenter", 1)],
        objekter: vec![import[0].objekt.clone()],
    };
    let svar = skriv_soegesvar(Indeks::SagDokument, &fundet);
    assert!(!svar.contains("sager") && svar.contains("<sdi:Antal>1</sdi:Antal>"));
    assert!(crate::laes_bytes(&crate::skema::operationer::ALLE, svar.as_bytes()).is_ok());
    let intet = skriv_soegesvar(Indeks::Ydelse, &Soegesvar::intet());
    assert!(!intet.contains("Antal") && intet.contains("<sd:StatusKode>44</sd:StatusKode>"));
    let besked = skriv_besked(Art::Sag, uuid, &import[1].objekt.registreringer[0]).expect("an event");
    assert!(crate::laes_bytes(&crate::skema::operationer::ALLE, besked.as_bytes()).is_ok());
    assert_eq!(skriv_besked(Art::Dokument, uuid, &import[0].objekt.registreringer[0]), None);
    let Ok(Kald::Fjern { art: Art::Effektuering, .. }) = Kald::laes_bytes(
        format!("<oe:FjernInput{NS}><sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator></oe:FjernInput>")
            .as_bytes(),
    ) else {
        panic!("a removal")
    };
}
