//! Every rule broken alone, and what comes of levels.

use super::*;
use crate::flet::opdateret;
use crate::kald::Opdatering;
use crate::model::{Registrering, Tid};
use crate::roller::{Rolleliste, find};
use crate::testing::{PERSON, hel, id, objekt, rel, udv, virkning};
use bitemporal::Instant;
use std::collections::BTreeSet;

/// Answers as a test wants.
#[derive(Default)]
struct Svar(&'static str);

impl Opslag for Svar {
    fn objekt(&self, _: Art, _: Uuid) -> Option<bool> {
        Some(self.0 != "objekt")
    }
    fn klasse(&self, _: Uuid) -> Option<bool> {
        Some(self.0 != "klasse")
    }
    fn kle(&self, _: &str) -> Option<bool> {
        Some(self.0 != "kle")
    }
    fn afgoerelsesklasse(&self, _: Uuid) -> Option<bool> {
        Some(self.0 != "afgørelse")
    }
    fn myndighed(&self, id: &UnikId) -> Option<bool> {
        // The authority is the one that is named by its number.
        Some(self.0 != "myndighed" && matches!(id, UnikId::Urn(_)))
    }
    fn noegle_optaget(&self, _: Art, _: &str, _: &str) -> Option<bool> {
        Some(self.0 == "nøgle")
    }
    fn bevilget_ydelse(&self, _: Uuid, _: &str) -> Option<bool> {
        Some(self.0 != "ydelse")
    }
}

fn nu() -> Instant {
    Tid::laes("2025-03-03T10:05:00+01:00").expect("a time").instant()
}

#[track_caller]
fn brudte(art: Art, xml: &str, svar: &'static str) -> Vec<Brud> {
    let objekt = objekt(art, xml);
    let roller = Rolleliste::default();
    proev(&Proeve::import(art, &objekt.registreringer[0], &roller, &Svar(svar), nu()), &Niveauer::default())
}

fn numre(brud: &[Brud]) -> BTreeSet<&'static str> {
    brud.iter().map(|b| b.regel.nr).collect()
}

#[test]
fn whole_objects_break_nothing() {
    for art in Art::ALLE {
        let brud = brudte(art, &hel(art), "");
        assert!(brud.is_empty(), "{art:?}: {brud:?}");
    }
}

type Bryd = fn(String) -> String;

/// Exchanges the first of one text, which must be there, for another.
fn byt(xml: &str, fra: &str, til: &str) -> String {
    assert!(xml.contains(fra), "{fra} is not in {xml}");
    xml.replacen(fra, til, 1)
}

/// Takes the element that begins with this mark and holds this text away.
fn uden(xml: &str, element: &str, med: &str) -> String {
    let (aaben, luk) = (format!("<{element}>"), format!("</{element}>"));
    let mut rest = xml;
    let mut sted = 0;
    while let Some(start) = rest.find(&aaben) {
        let slut = start + rest[start..].find(&luk).expect("it ends") + luk.len();
        if rest[start..slut].contains(med) {
            return format!("{}{}", &xml[..sted + start], &xml[sted + slut..]);
        }
        (sted, rest) = (sted + slut, &rest[slut..]);
    }
    panic!("no {element} with {med}");
}

/// Adds a relation before the journal posts.
fn med(xml: &str, foer: &str, ny: &str) -> String {
    byt(xml, foer, &format!("{ny}{foer}"))
}

const S: Art = Art::Sag;
const D: Art = Art::Dokument;
const B: Art = Art::Bevilling;
const E: Art = Art::Effektuering;
const UUID: &str = "1a000000-0000-4000-8000-0000000000aa";
const KLASSE: &str = "267235ea-526d-4a18-8001-f2a0e563eba1";
const ORG: &str = "bc6972cd-8f2b-4b9d-8d37-62916d6a71aa";

fn rolle(art: Art, afsnit: &str, navn: &str) -> String {
    id("gd", "Rolle", &find(art, afsnit, navn).expect("a role").uuid().to_string())
}

fn part(rolle: &str, indeks: &str, urn: &str) -> String {
    rel(
        S,
        "Sagspart",
        rolle,
        PERSON,
        indeks,
        urn,
        &udv("si:SagspartLokalUdvidelse", "<si:FuldtNavn>Test Borger</si:FuldtNavn>"),
    )
}

fn klasse(rolle: &str, indeks: &str, efter: &str) -> String {
    rel(S, "Sagsklasse", rolle, KLASSE, indeks, UUID, efter)
}

/// An open virkning cut off.
fn endt(xml: &str, ns: &str) -> String {
    byt(xml, &virkning(ns, "2025-02-01", ""), &virkning(ns, "2025-02-01", "2025-03-01"))
}

/// Ends the instance of a section that holds this.
fn endt_i(xml: &str, element: &str, med: &str) -> String {
    let uden = uden(xml, element, med);
    let sted = uden.bytes().zip(xml.bytes()).position(|(a, b)| a != b).expect("a difference");
    let start = xml[..=sted].rfind(&format!("<{element}>")).expect("it begins");
    format!("{}{}", &xml[..start], endt(&xml[start..], "gd"))
}

const VIRK: &str = "<sd:AktoerTypeKode>ItSystem</sd:AktoerTypeKode>";

/// Number, object type, what it asks, and how the whole object is broken.
fn tilfaelde() -> Vec<(&'static str, Art, &'static str, Bryd)> {
    vec![
        ("G-01", S, "", |x| byt(&x, "<sd:Tidspunkt>2025-03-03T10:00:00.000+01:00</sd:Tidspunkt>", "")),
        ("G-02", S, "", |x| byt(&x, "Importeret", "Opstaaet")),
        ("G-03", S, "", |x| {
            let anden =
                rel(S, "SagsitsystemRelation", "Master", UUID, "", UUID, "<si:SystemNavn>Y</si:SystemNavn>");
            // Not at the same time, so that nothing but the change is wrong.
            let foerste = &endt_i(&x, "si:SagsitsystemRelation", &rolle(S, "SagsitsystemRelation", "Master"));
            let anden = byt(&anden, "2025-02-01T", "2025-03-01T");
            med(foerste, "</gd:LokalUdvidelseListe></sag:RelationListe>", &anden)
        }),
        ("G-04", E, "", |x| {
            med(&x, "<oe:OekonomiskEffektueringPart>", &rel(E, "ItSystem", "Afsender", UUID, "", UUID, ""))
        }),
        ("G-05", E, "", |x| byt(&x, &id("gd", "ReferenceID", "2b000000-0000-4000-8000-000000000051"), "")),
        ("G-06", S, "", |x| byt(&x, &id("gd", "Type", PERSON), &id("gd", "Type", "urn:oio:person"))),
        ("G-07", S, "", |x| byt(&x, "<gd:Indeks>1</gd:Indeks>", "")),
        ("G-07A", E, "", |x| {
            let anden = rel(
                E,
                "OekonomiskEffektueringPart",
                "Effektueringsmodtager",
                UUID,
                "1",
                "urn:oio:cvr-nr:22222222",
                "",
            );
            med(&x, "</oe:RelationListe>", &anden)
        }),
        ("G-08A", B, "", |x| {
            byt(
                &x,
                "<sd:FraTidspunkt><sd:TidsstempelDatoTid>2025-02-01T00:00:00.000+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt>",
                "",
            )
        }),
        ("G-08", B, "", |x| byt(&x, &virkning("gd", "2025-02-01", ""), "")),
        ("G-09", E, "", |x| {
            byt(&x, &virkning("gd", "2025-02-01", ""), &virkning("gd", "2025-02-01", "2025-01-01"))
        }),
        ("G-10", E, "", |x| byt(&x, VIRK, "<sd:AktoerTypeKode>Organisation</sd:AktoerTypeKode>")),
        ("G-11", D, "", |x| {
            byt(
                &x,
                &id("gd", "ReferenceID", "1a000000-0000-4000-8000-000000000041"),
                &id("gd", "ReferenceID", "urn:oio:kle:32.24.04"),
            )
        }),
        ("G-12", S, "", |x| byt(&x, "<sag:Titel>Kont", "<sag:Titel>Kont\n")),
        ("G-13", B, "", |x| byt(&x, "<bi:CVR-nr>11111111", "<bi:CVR-nr>22222222")),
        ("G-14A", D, "", |x| uden(&x, "di:Dokumentaktoer", &rolle(D, "Dokumentaktoer", "Ejer"))),
        ("G-14A", S, "", |x| endt_i(&x, "sag:Sagsklasse", &rolle(S, "Sagsklasse", "Primær klasse"))),
        ("G-14", S, "", |x| uden(&x, "sag:Sagsaktoer", &rolle(S, "Sagsaktoer", "Ansvarlig"))),
        ("G-15", S, "", |x| {
            med(&x, "<sag:Journalpost>", &part("Primær part", "", "urn:oio:cpr-nr:0101010001"))
        }),
        ("G-15", S, "", |x| {
            byt(
                &x,
                "</sag:Egenskaber>",
                &format!(
                    "</sag:Egenskaber><sag:Egenskaber>{}<sag:BrugervendtNoegle>1</sag:BrugervendtNoegle><sag:Sagsnummer>1</sag:Sagsnummer><sag:Titel>x</sag:Titel></sag:Egenskaber>",
                    virkning("sag", "2025-02-20", "")
                ),
            )
        }),
        ("G-16", S, "", |x| byt(&x, "2025-03-03T10:00:00.000", "2025-03-03T09:54:00.000")),
        ("AM-02", S, "", |x| {
            let behandler = rel(S, "Sagsaktoer", "Primær behandler", UUID, "", UUID, "");
            med(&x, "<sag:Sagsklasse>", &endt(&behandler, "gd"))
        }),
        ("S-01", S, "", |x| byt(&x, "<sag:Titel>Kontanthjælp</sag:Titel>", "")),
        ("S-02", S, "", |x| byt(&x, "<sag:Sagsnummer>2025-0042", "<sag:Sagsnummer>2025-0043")),
        ("S-03", S, "nøgle", |x| x),
        ("S-04", S, "", |x| byt(&x, "<si:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</si:Foelsomhed>", "")),
        ("S-05", S, "", |x| byt(&x, "<si:CVR-Nummer>11111111</si:CVR-Nummer>", "")),
        ("S-05", S, "", |x| byt(&x, "<si:FuldtNavn>Eksempel Kommune</si:FuldtNavn>", "")),
        ("D-05", D, "", |x| byt(&x, "<di:CVR-Nr>11111111</di:CVR-Nr>", "")),
        ("S-06", S, "myndighed", |x| x),
        ("S-07", S, "", |x| byt(&x, "c5fc3b3b-5197-49ee-92e6-ae6ba1957174", ORG)),
        ("S-08A", S, "", |x| byt(&x, ">32.24.04<", ">32.24<")),
        ("S-08", S, "kle", |x| x),
        ("S-09", S, "", |x| uden(&x, "sag:Sagsklasse", &rolle(S, "Sagsklasse", "Handlingsklasse"))),
        ("S-10A", S, "", |x| byt(&x, "<sag:FremdriftStatusKode>Opstaaet", "<sag:FremdriftStatusKode>Oplyst")),
        ("S-10", S, "", |x| {
            byt(&x, "<sag:FremdriftStatusKode>Opstaaet", "<sag:FremdriftStatusKode>Afgjort")
                .replace("Kode>Oplyst", "Kode>Opstaaet")
        }),
        ("S-10", S, "", |x| {
            byt(
                &x,
                &virkning("sag", "2025-02-01", "2025-03-01"),
                &virkning("sag", "2025-02-01", "2025-02-20"),
            )
        }),
        ("S-12", S, "", |x| byt(&x, "urn:oio:cpr-nr:0101010000", "urn:oio:cvr-nr:11111111")),
        ("S-13", S, "", |x| byt(&x, "<si:FuldtNavn>Test Borger</si:FuldtNavn>", "")),
        ("S-14", S, "", |x| {
            med(
                &x,
                "<sag:Sagsklasse>",
                &rel(S, "Sagsaktoer", "Bopælskommune", ORG, "", "urn:oio:cvr-nr:11111111", ""),
            )
        }),
        ("S-15", S, "objekt", |x| x),
        ("S-16", S, "", |x| byt(&x, "<sag:Titel>Telefonnotat</sag:Titel>", "")),
        ("S-17", S, "", |x| byt(&x, "Qm9yZ2Vy", &"QUJD".repeat(34_134))),
        ("S-18", S, "", |x| {
            let reference = id("gd", "ReferenceID", crate::testing::DOKUMENT);
            let halvt = "<sag:JournalpostEgenskaber><sag:JournalnotatEgenskaber><sag:Titel>x</sag:Titel></sag:JournalnotatEgenskaber></sag:JournalpostEgenskaber>";
            byt(&x, &reference, &format!("{reference}{halvt}"))
        }),
        ("S-19", S, "", |x| med(&x, "<sag:Sagspart>", &klasse("Afgørelsesklasse", "1", ""))),
        ("S-20", S, "", |x| {
            byt(
                &x,
                "<si:SystemNavn>Fagsystem X</si:SystemNavn>",
                "<si:SystemNavn>X</si:SystemNavn><si:SystemURI>x</si:SystemURI>",
            )
        }),
        ("S-21", S, "", |x| {
            med(
                &x,
                "</gd:LokalUdvidelseListe></sag:RelationListe>",
                &rel(S, "Sikkerhedsprofil", "Adgang", ORG, "1", UUID, ""),
            )
        }),
        ("S-22", S, "", |x| {
            byt(&x, "32.24.04</si:BrugervendtNoegle>", "32.24.04</si:BrugervendtNoegle><si:Soegeord/>")
        }),
        ("S-23", S, "", |x| uden(&x, "sag:Sagspart", "FuldtNavn")),
        ("D-01", D, "", |x| byt(&x, "<di:Dokumentnummer>2025-D-7</di:Dokumentnummer>", "")),
        ("D-02", D, "", |x| byt(&x, "Brev, indgaaende", "Brev")),
        ("D-03", D, "", |x| byt(&x, "<di:BrevDato>2025-02-01</di:BrevDato>", "")),
        ("D-04", D, "", |x| {
            byt(
                &x,
                "<di:Dokumentnummer>",
                "<di:VersionIdentifikator>1</di:VersionIdentifikator><di:Dokumentnummer>",
            )
        }),
        ("D-05", D, "", |x| byt(&x, "<di:FuldtNavn>Eksempel Kommune</di:FuldtNavn>", "")),
        ("D-05K", D, "", |x| byt(&x, ">32.24.04<", ">emne<")),
        ("D-06", D, "", |x| {
            let x = byt(&x, "c5fc3b3b-5197-49ee-92e6-ae6ba1957174", ORG);
            byt(
                &x,
                &id("gd", "ReferenceID", "1a000000-0000-4000-8000-000000000031"),
                &id("gd", "ReferenceID", "urn:oio:cvr-nr:22222222"),
            )
        }),
        ("D-09", D, "", |x| uden(&x, "di:Fremdrift", "Modtaget")),
        ("B-01", B, "", |x| byt(&x, "<bi:CVR-nr>11111111</bi:CVR-nr>", "")),
        ("B-01F", B, "", |x| byt(&x, "<bi:Foelsomhed>FORTROLIGE_PERSONOPLYSNINGER</bi:Foelsomhed>", "")),
        ("B-01S", B, "", |x| uden(&x, "bi:Bevillingssag", "FuldtNavn")),
        ("B-02", B, "", |x| byt(&x, "<bi:Id>YD-1</bi:Id>", "")),
        ("B-02", B, "", |x| {
            byt(
                &x,
                "</bi:AttributListe>",
                &format!(
                    "<bi:BevilgetYdelse>{}<bi:Id>YD-1</bi:Id></bi:BevilgetYdelse></bi:AttributListe>",
                    virkning("bi", "2025-04-01", "")
                ),
            )
        }),
        ("B-03", B, "", |x| byt(&x, ">32.24.04<", ">kontant<")),
        ("B-04", B, "", |x| {
            byt(&x, "<bi:Foelsomhed>", "<bi:Bevillingstartdato>2025</bi:Bevillingstartdato><bi:Foelsomhed>")
        }),
        ("B-05", B, "", |x| {
            byt(
                &x,
                "</bi:BevilgetYdelseStartdato>",
                "</bi:BevilgetYdelseStartdato><bi:BevilgetYdelseSlutdato>2025-03-01T00:00:00+01:00</bi:BevilgetYdelseSlutdato>",
            )
        }),
        ("E-01", E, "", |x| byt(&x, "<oe:Slutdato>2025-04-01T00:00:00+02:00</oe:Slutdato>", "")),
        ("E-01E", E, "", |x| byt(&x, "<oe:CVR-nr>11111111</oe:CVR-nr>", "")),
        ("E-02", E, "ydelse", |x| x),
        ("E-03", E, "", |x| {
            byt(&x, "<oe:Klassifikationsbeskrivelse>32.24.04", "<oe:Klassifikationsbeskrivelse>kontanthjælp")
        }),
        ("E-04", E, "", |x| byt(&x, "<oe:Ydelsesbeloeb>6789.50", "<oe:Ydelsesbeloeb>6789.00")),
    ]
}

#[test]
fn every_rule_is_broken_alone() {
    let mut set = BTreeSet::new();
    for (nr, art, svar, bryd) in tilfaelde() {
        let brud = brudte(art, &bryd(hel(art)), svar);
        assert_eq!(numre(&brud), BTreeSet::from([nr]), "{nr}: {brud:?}");
        assert!(brud.iter().all(|b| !b.sti.is_empty() && b.niveau == b.regel.niveau), "{brud:?}");
        set.insert(nr);
    }
    let alle: BTreeSet<&str> = alle().map(|r| r.nr).collect();
    assert_eq!(alle.difference(&set).collect::<Vec<_>>(), Vec::<&&str>::new(), "rules that no test breaks");
}

#[test]
fn every_rule_has_a_number_of_its_own_and_says_what_to_do() {
    let mut set = BTreeSet::new();
    for regel in alle() {
        assert!(set.insert(regel.nr) && !regel.arter.is_empty() && regel.tekst.len() > 20, "{regel:?}");
    }
}

#[test]
fn levels_can_be_set_and_sharpened() {
    let uden_titel = byt(&hel(S), "<sag:Titel>Kontanthjælp</sag:Titel>", "");
    let xml = byt(&uden_titel, "<sag:Sagsnummer>2025-0042", "<sag:Sagsnummer>2025-0043");
    let registrering = objekt(S, &xml).registreringer.remove(0);
    let roller = Rolleliste::default();
    let af = |niveauer: &Niveauer| {
        let p = Proeve::import(S, &registrering, &roller, &IntetOpslag, nu());
        proev(&p, niveauer).iter().map(|b| (b.regel.nr, b.niveau)).collect::<Vec<_>>()
    };
    let mut niveauer = Niveauer::default();
    assert_eq!(af(&niveauer), [("S-01", Niveau::Afvis), ("S-02", Niveau::Advar)]);
    assert_eq!(af(&niveauer.clone().skaerpet()), [("S-01", Niveau::Afvis), ("S-02", Niveau::Afvis)]);
    assert!(niveauer.saet("S-01", Niveau::Fra) && niveauer.saet("S-02", Niveau::Afvis));
    assert!(!niveauer.saet("S-99", Niveau::Fra));
    assert_eq!(af(&niveauer), [("S-02", Niveau::Afvis)]);
    assert_eq!(
        ["afvis", "advar", "fra", "x"].map(Niveau::laes),
        [Some(Niveau::Afvis), Some(Niveau::Advar), Some(Niveau::Fra), None]
    );
    let p = Proeve::import(S, &registrering, &roller, &IntetOpslag, nu());
    let retur = proev(&p, &niveauer)[0].retur();
    assert_eq!((retur.kode, retur.tekst.as_str()), (40, "Ugyldigt input"));
    assert!(
        retur
            .detalje
            .is_some_and(|d| d.starts_with("S-02: ") && d.contains("sag:AttributListe/sag:Egenskaber[1]"))
    );
}

/// What an update with this content breaks.
fn opdatering(sendt: &str) -> Vec<Brud> {
    let foer = objekt(S, &hel(S)).registreringer.remove(0);
    let sendt = crate::testing::registrering("sag", "", "", sendt);
    let o = Opdatering {
        art: S,
        uuid: Uuid::nil(),
        note: None,
        tidspunkt: Tid::laes("2025-03-03T10:01:00+01:00").expect("a time"),
        indhold: objekt(S, &sendt).registreringer.remove(0).indhold,
        uden_notifikation: false,
    };
    let efter: Registrering = opdateret(&foer, &o, nu());
    let roller = Rolleliste::default();
    proev(&Proeve::opdatering(&foer, &o, &efter, &roller, &Svar(""), nu()), &Niveauer::default())
}

#[test]
fn an_update_is_judged_by_what_it_sends_and_what_it_leads_to() {
    assert!(opdatering("").is_empty(), "what was sent before is not judged again");
    let ejer = |til: &str| {
        let e = rel(
            S,
            "Sagsaktoer",
            "Ejer",
            ORG,
            "",
            crate::testing::EJER,
            &udv(
                "si:SagsaktoerLokalUdvidelse",
                "<si:FuldtNavn>Eksempel Kommune</si:FuldtNavn><si:CVR-Nummer>11111111</si:CVR-Nummer>",
            ),
        );
        byt(&e, &virkning("gd", "2025-02-01", ""), &virkning("gd", "2025-03-01", til))
    };
    assert!(opdatering(&ejer("")).is_empty());
    // AM-02: what is mandatory is replaced, never ended.
    assert_eq!(numre(&opdatering(&ejer("2025-04-01"))), BTreeSet::from(["G-14A"]));
    assert!(
        opdatering(&format!("{}{}", ejer("2025-04-01"), byt(&ejer(""), "2025-03-01T", "2025-04-01T")))
            .is_empty()
    );
    // What is optional may end.
    assert!(opdatering(&endt(&part("Primær part", "", crate::testing::PERSON_URN), "gd")).is_empty());
    let master = rel(S, "SagsitsystemRelation", "Master", UUID, "", UUID, "<si:SystemNavn>Y</si:SystemNavn>");
    let brud = opdatering(&format!("<gd:LokalUdvidelseListe>{master}</gd:LokalUdvidelseListe>"));
    assert_eq!((numre(&brud), brud[0].retur().kode), (BTreeSet::from(["G-03"]), 43));
}
